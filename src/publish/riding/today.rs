//! What is different today: trips that do not run, trips that are late, and what riders should know.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Words in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Chinese.
    #[serde(default)]
    pub zh: String,
    /// English.
    #[serde(default)]
    pub en: String,
}

/// A trip that does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// The service day it belongs to.
    pub date: Date,
    /// Trip id, as in the plan.
    pub trip: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// A trip that is late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delay {
    /// The service day it belongs to.
    pub date: Date,
    /// Trip id, as in the plan.
    pub trip: String,
    /// How late, seconds; negative: early. At most a day either way.
    pub seconds: i32,
    /// When it was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

/// Something riders should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Stable id.
    pub id: String,
    /// In a sentence.
    pub text: Text,
    /// At length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Text>,
    /// Shown from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// No longer shown at or after this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Lines it is about.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Stops it is about. Neither lines nor stops: it is about everything.
    #[serde(default)]
    pub stops: Vec<String>,
}

/// The overlay of the running day. Of a trip that is told twice, the last word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Told")]
pub struct Today {
    /// Ascending by date and trip.
    cancelled: Vec<Cancelled>,
    /// Ascending by date and trip.
    delays: Vec<Delay>,
    alerts: Vec<Alert>,
}

/// As written, in any order.
#[derive(Deserialize)]
struct Told {
    #[serde(default)]
    cancelled: Vec<Cancelled>,
    #[serde(default)]
    delays: Vec<Delay>,
    #[serde(default)]
    alerts: Vec<Alert>,
}

impl From<Told> for Today {
    fn from(told: Told) -> Self {
        Self::new(told.cancelled, told.delays, told.alerts)
    }
}

/// Delays are cut to this: a trip a day late is another trip.
const MOST_DELAY: i32 = 86_400;

impl Today {
    /// In any order.
    #[must_use]
    pub fn new(mut cancelled: Vec<Cancelled>, mut delays: Vec<Delay>, alerts: Vec<Alert>) -> Self {
        // The last of equals first, so that it is the one that stays.
        cancelled.reverse();
        cancelled.sort_by(|a, b| (a.date, &a.trip).cmp(&(b.date, &b.trip)));
        cancelled.dedup_by(|a, b| (a.date, &a.trip) == (b.date, &b.trip));
        delays.reverse();
        delays.sort_by(|a, b| (a.date, &a.trip).cmp(&(b.date, &b.trip)));
        delays.dedup_by(|a, b| (a.date, &a.trip) == (b.date, &b.trip));
        for delay in &mut delays {
            delay.seconds = delay.seconds.clamp(-MOST_DELAY, MOST_DELAY);
        }
        Self { cancelled, delays, alerts }
    }

    /// Nothing is different.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cancelled.is_empty() && self.delays.is_empty() && self.alerts.is_empty()
    }

    /// All that do not run, ascending by date and trip.
    #[must_use]
    pub fn cancelled(&self) -> &[Cancelled] {
        &self.cancelled
    }

    /// All that are late, ascending by date and trip.
    #[must_use]
    pub fn delays(&self) -> &[Delay] {
        &self.delays
    }

    /// All alerts, as given.
    #[must_use]
    pub fn alerts(&self) -> &[Alert] {
        &self.alerts
    }

    /// Does this trip not run?
    #[must_use]
    pub fn cancellation(&self, date: Date, trip: &str) -> Option<&Cancelled> {
        let at = self.cancelled.binary_search_by(|one| (one.date, one.trip.as_str()).cmp(&(date, trip))).ok()?;
        self.cancelled.get(at)
    }

    /// How late is this trip, if anybody said?
    #[must_use]
    pub fn delay(&self, date: Date, trip: &str) -> Option<&Delay> {
        let at = self.delays.binary_search_by(|one| (one.date, one.trip.as_str()).cmp(&(date, trip))).ok()?;
        self.delays.get(at)
    }

    /// The least (at most 0) and the greatest delay (at least 0) of a service day, seconds.
    pub(super) fn delays_on(&self, date: Date) -> (i64, i64) {
        let from = self.delays.partition_point(|delay| delay.date < date);
        self.delays
            .iter()
            .skip(from)
            .take_while(|delay| delay.date == date)
            .fold((0, 0), |(least, most), delay| (least.min(delay.seconds.into()), most.max(delay.seconds.into())))
    }

    /// Alerts to show now, of this line or stop (either may be left out) or of everything.
    pub fn alerts_now<'a>(
        &'a self,
        now: Timestamp,
        line: Option<&'a str>,
        stop: Option<&'a str>,
    ) -> impl Iterator<Item = &'a Alert> {
        let named = |ids: &[String], id: Option<&str>| id.is_some_and(|id| ids.iter().any(|own| own == id));
        self.alerts.iter().filter(move |alert| {
            alert.shown(now) && (alert.of_everything() || named(&alert.lines, line) || named(&alert.stops, stop))
        })
    }
}

impl Alert {
    /// Is it shown at this moment?
    #[must_use]
    pub fn shown(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && self.until.is_none_or(|until| now < until)
    }
    /// Is it about everything?
    #[must_use]
    pub fn of_everything(&self) -> bool {
        self.lines.is_empty() && self.stops.is_empty()
    }
}
