//! Publications that follow one another, as one timetable: on any date at most one is in force.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::clock::{later, zone_of};
use super::ids::FeedIds;
use super::index::Index;
use super::published::{Published, Stop};
use crate::domain::calendar::Service;
use crate::planning::plan::{Line, Plan, ServiceDays};
use crate::planning::project::Project;

/// A publication and the days it is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Period {
    /// The publication's id.
    pub publication: String,
    /// What it says.
    pub published: Arc<Published>,
    /// First service day.
    pub from: Date,
    /// Last service day; `None`: until another takes over, or its services end.
    pub until: Option<Date>,
}

impl Period {
    /// Is it in force on this service day?
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        date >= self.from && self.until.is_none_or(|until| date <= until)
    }

    /// A service on the days the publication is in force.
    #[must_use]
    pub fn service(&self, days: &ServiceDays) -> Service {
        let mut service = days.calendar();
        service.from = service.from.max(self.from);
        service.until = self.until.map_or(service.until, |until| service.until.min(until));
        let within = |date: &Date| *date >= service.from && *date <= service.until;
        service.added.retain(within);
        service.removed.retain(within);
        service
    }
}

/// All that riders ask. Made once for a set of publications; every question is a few searches in sorted lists.
#[derive(Debug)]
pub struct Timetable {
    /// Ascending, not overlapping.
    periods: Vec<Period>,
    /// One a period.
    pub(super) indexes: Vec<Index>,
    pub(super) zone: TimeZone,
    zone_name: String,
    ids: FeedIds,
}

impl Timetable {
    /// From periods in any order. A later one takes over on its first day for good: what it replaced does not come back when
    /// it ends. Of two that start on the same day the one given later counts. The time zone and the name are those of
    /// the last period.
    #[must_use]
    pub fn new(periods: Vec<Period>) -> Self {
        Self::of(in_order(periods))
    }

    /// The same without what was over before this day: feeds of a service that runs name nothing that is past. With
    /// yesterday's date the trips that run past midnight stay. Ids are those of the periods that are left, so a live feed
    /// and its timetable have to come from the same one.
    #[must_use]
    pub fn since(first: Date, periods: Vec<Period>) -> Self {
        let mut periods = in_order(periods);
        periods.retain(|period| period.until.is_none_or(|until| until >= first));
        Self::of(periods)
    }

    fn of(periods: Vec<Period>) -> Self {
        let (zone_name, zone) = zone_of(periods.last().map_or("", |period| &period.published.timezone));
        let indexes = periods.iter().map(|period| Index::new(&period.published)).collect();
        let ids = FeedIds::of(&periods);
        Self { periods, indexes, zone, zone_name, ids }
    }

    /// Of plans, each with its first and last service day, for feeds: without stations and trains, whose walks take time
    /// to measure.
    #[must_use]
    pub fn spanning(project: &Project, plans: &[(&Plan, Date, Option<Date>)]) -> Self {
        let period = |&(plan, from, until): &(&Plan, Date, Option<Date>)| Period {
            publication: plan.id.clone(),
            published: Arc::new(Published::without_stations(project, plan)),
            from,
            until,
        };
        Self::new(plans.iter().map(period).collect())
    }

    /// The periods, ascending, cut where another takes over.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The ids all its feeds use.
    #[must_use]
    pub fn ids(&self) -> &FeedIds {
        &self.ids
    }

    /// The time zone of its clocks.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// What the time zone is called.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// The publication in force on a service day.
    #[must_use]
    pub fn period_on(&self, date: Date) -> Option<&Period> {
        self.periods.get(self.position_on(date)?)
    }

    /// The publication whose face is shown on a day: the one in force, else the next to come, else the last.
    #[must_use]
    pub fn period_near(&self, date: Date) -> Option<&Period> {
        let next = self.periods.partition_point(|period| period.from <= date);
        self.period_on(date).or_else(|| self.periods.get(next)).or_else(|| self.periods.last())
    }

    pub(super) fn position_on(&self, date: Date) -> Option<usize> {
        let at = self.periods.partition_point(|period| period.from <= date).checked_sub(1)?;
        self.periods.get(at)?.covers(date).then_some(at)
    }

    /// The stops of the publication shown on this day, ascending by id.
    #[must_use]
    pub fn stops(&self, date: Date) -> &[Stop] {
        self.period_near(date).map_or(&[], |period| &period.published.stops)
    }

    /// The lines of the publication shown on this day, ascending by id.
    #[must_use]
    pub fn lines(&self, date: Date) -> &[Line] {
        self.period_near(date).map_or(&[], |period| &period.published.lines)
    }

    /// A stop as it is on this day; one that is gone, or not there yet, as it was or will be last: its sign may still hang.
    #[must_use]
    pub fn stop(&self, id: &str, date: Date) -> Option<&Stop> {
        self.period_on(date)
            .and_then(|period| period.published.stop(id))
            .or_else(|| self.periods.iter().rev().find_map(|period| period.published.stop(id)))
    }

    /// The lines one can board at a stop on this day, ascending by id.
    pub fn lines_at<'a>(&'a self, stop: &'a str, date: Date) -> impl Iterator<Item = &'a Line> + 'a {
        self.lines(date).iter().filter(move |line| line.stops.iter().rev().skip(1).any(|id| id == stop))
    }
}

/// Ascending, each cut where the next takes over, without those that never are in force.
fn in_order(mut periods: Vec<Period>) -> Vec<Period> {
    periods.sort_by_key(|period| period.from);
    let takes_over: Vec<Option<Date>> = (1..=periods.len()).map(|next| periods.get(next).map(|p| p.from)).collect();
    for (period, next) in periods.iter_mut().zip(takes_over) {
        if let Some(last) = next.map(|next| later(next, -1)) {
            period.until = Some(period.until.map_or(last, |until| until.min(last)));
        }
    }
    periods.retain(|period| period.until.is_none_or(|until| until >= period.from));
    periods
}
