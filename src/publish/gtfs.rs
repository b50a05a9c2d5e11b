//! GTFS Schedule (gtfs.org, revision of 2025): the timetable as every trip planner reads it. Public: no people in it.
//!
//! Times are exact seconds, one row a stop; `timepoint` is 1 everywhere. Ids are made printable ASCII (others are
//! percent-encoded), since readers stumble over the rest. Stops, lines and services nobody uses are left out. Names
//! are Chinese, `translations.txt` has the English. The same plan gives the same bytes: entries carry no clock.
//!
//! One feed may span publications that follow one another: each runs on the service days it is in force (its services are
//! cut to them), ids are those of [`FeedIds`], what is the same in two of them is written once.
//!
//! Rides on request are GTFS-Flex, part of the reference since March 2024 ([`flex`]); a feed without them has none of its files and columns.
//!
//! GTFS wants an `agency_url`; without `[publication] base_url` it is [`PLACEHOLDER_URL`], reserved by RFC 2606.

mod archive;
mod flex;
mod places;
mod rides;
mod words;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::error::PublishError;
use super::riding::{FeedIds, Period, Published, Ridden, Stop, Timetable};
use crate::planning::plan::{Line, Plan};
use crate::planning::project::Project;

pub use super::riding::ascii_id;
pub(super) use words::AGENCY_ID;

/// Stands for a base_url nobody gave.
pub const PLACEHOLDER_URL: &str = "https://example.org/";

/// One table: a file name and its rows, the header first.
struct Table {
    name: &'static str,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn new(name: &'static str, header: &[&str]) -> Self {
        Self { name, rows: vec![header.iter().map(|&field| field.to_owned()).collect()] }
    }
    fn push<const N: usize>(&mut self, row: [String; N]) {
        self.rows.push(row.into());
    }
    fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }
}

/// The feed of one plan, zipped.
///
/// # Errors
/// More than 4 GB, or a fault of the writers.
pub fn zip(project: &Project, plan: &Plan) -> Result<Vec<u8>, PublishError> {
    zip_spanning(project, &[(plan, Date::MIN, None)])
}

/// One feed over plans that follow one another, each with its first and last service day; a later one takes over on its
/// first day.
///
/// # Errors
/// More than 4 GB, or a fault of the writers.
pub fn zip_spanning(project: &Project, plans: &[(&Plan, Date, Option<Date>)]) -> Result<Vec<u8>, PublishError> {
    zip_of(&Timetable::spanning(project, plans))
}

/// One feed over all the publications of a timetable.
///
/// # Errors
/// More than 4 GB, or a fault of the writers.
pub fn zip_of(timetable: &Timetable) -> Result<Vec<u8>, PublishError> {
    let feed = Feed::new(timetable);
    let mut tables = vec![feed.agency(), feed.stops(), feed.routes(), feed.trips(), feed.stop_times()];
    // Optional files are left out when they have nothing to say: an empty one is a warning to validators.
    let optional = [
        feed.calendar(),
        feed.calendar_dates(),
        feed.shapes(),
        feed.location_groups(),
        feed.location_group_stops(),
        feed.booking_rules(),
        feed.feed_info(),
        feed.translations(),
    ];
    tables.extend(optional.into_iter().filter(|table| !table.is_empty()));
    archive::pack(&tables)
}

/// What all tables look up.
struct Feed<'a> {
    ids: &'a FeedIds,
    /// IANA name.
    zone: &'a str,
    /// The last publication tells who runs it.
    face: Option<&'a Published>,
    parts: Vec<Part<'a>>,
}

/// One publication.
struct Part<'a> {
    /// Position of its period.
    at: usize,
    published: &'a Published,
    /// What is used of it.
    ridden: Ridden<'a>,
    /// Lines in use, by id, with their shapes.
    lines: BTreeMap<&'a str, (&'a Line, Option<places::Shape>)>,
}

impl<'a> Feed<'a> {
    fn new(timetable: &'a Timetable) -> Self {
        let periods = timetable.periods();
        Self {
            ids: timetable.ids(),
            zone: timetable.zone_name(),
            face: periods.last().map(|period| &*period.published),
            parts: periods.iter().enumerate().map(|(at, period)| Part::new(at, period)).collect(),
        }
    }

    fn url(&self) -> &str {
        self.face.and_then(|face| face.base_url.as_deref()).unwrap_or(PLACEHOLDER_URL)
    }

    fn named(&self) -> String {
        name_or(self.face.map_or("", Published::title), words::AGENCY_ID)
    }
}

impl<'a> Part<'a> {
    fn new(at: usize, period: &'a Period) -> Self {
        let published = &*period.published;
        let ridden = Ridden::of(period);
        let lines = published
            .lines
            .iter()
            .filter(|line| ridden.lines.contains(line.id.as_str()))
            .map(|line| (line.id.as_str(), (line, places::Shape::of(line))))
            .collect();
        Self { at, published, ridden, lines }
    }

    /// Stops in use, by id.
    fn stops(&self) -> impl Iterator<Item = &Stop> {
        self.ridden.stops.values()
    }
}

/// A name without spaces around it or control characters in it; the id where nothing is left.
fn name_or(name: &str, id: &str) -> String {
    super::riding::printable(name, id)
}
