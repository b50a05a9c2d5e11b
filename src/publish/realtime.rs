//! GTFS Realtime 2.0 (gtfs.org): what is different today, as trip planners read it. Public. Ids are those of the
//! `gtfs.zip` of the same timetable.
//!
//! A cancelled trip is an update and, where a reason was given, an alert. A delay counts at every stop of its trip. Trips
//! on time are not told: readers take the timetable. What was over an hour ago is left out.

mod messages;

use jiff::Timestamp;
use jiff::civil::Date;
use prost::Message;

use self::messages::{
    Alert, Effect, EntitySelector, FeedEntity, FeedHeader, FeedMessage, Relationship, StopTimeEvent, StopTimeUpdate,
    TimeRange, TranslatedString, Translation, TripDescriptor, TripUpdate,
};
use super::gtfs::AGENCY_ID;
use super::riding::{self, DayTrip, Period, Text, Timetable, Today, basic};

/// Chinese first: the language of the timetable's feed.
const LANGUAGES: [&str; 2] = ["zh", "en"];
/// So long, in seconds, a trip that has ended is still told.
const KEPT: i64 = 3600;

/// Trips that do not run or are late.
#[must_use]
pub fn trip_updates(timetable: &Timetable, today: &Today, now: Timestamp) -> Vec<u8> {
    message(updates(timetable, today, now), now)
}

/// What riders should know.
#[must_use]
pub fn alerts(timetable: &Timetable, today: &Today, now: Timestamp) -> Vec<u8> {
    message(told(timetable, today, now), now)
}

/// Both in one feed.
#[must_use]
pub fn feed(timetable: &Timetable, today: &Today, now: Timestamp) -> Vec<u8> {
    let mut entities = updates(timetable, today, now);
    entities.extend(told(timetable, today, now));
    message(entities, now)
}

fn message(entity: Vec<FeedEntity>, now: Timestamp) -> Vec<u8> {
    let header = FeedHeader {
        gtfs_realtime_version: "2.0".to_owned(),
        // 0: the whole of it.
        incrementality: Some(0),
        timestamp: Some(posix(now)),
    };
    FeedMessage { header, entity }.encode_to_vec()
}

fn updates(timetable: &Timetable, today: &Today, now: Timestamp) -> Vec<FeedEntity> {
    // A late trip that was cancelled is told once, as cancelled.
    let late = today.delays().iter().filter(|one| today.cancellation(one.date, &one.trip).is_none());
    let mut trips: Vec<(Date, &str, Timestamp)> = late
        .map(|one| (one.date, one.trip.as_str(), one.at.unwrap_or(now)))
        .chain(today.cancelled().iter().map(|one| (one.date, one.trip.as_str(), now)))
        .collect();
    trips.sort_unstable();
    trips
        .into_iter()
        .filter_map(|(date, id, at)| Some((timetable.trip(id, date, today).filter(|trip| current(trip, now))?, at)))
        .map(|(trip, at)| update(timetable, &trip, at))
        .collect()
}

fn update(timetable: &Timetable, trip: &DayTrip<'_>, at: Timestamp) -> FeedEntity {
    let delay = trip.delay;
    let event = |delay: i32, time: Timestamp| Some(StopTimeEvent { delay: Some(delay), time: Some(time.as_second()) });
    let calls = trip.calls.iter().enumerate().filter_map(|(sequence, call)| {
        let delay = delay?;
        Some(StopTimeUpdate {
            stop_sequence: u32::try_from(sequence).ok(),
            stop_id: Some(timetable.ids().stop(trip.position, &call.stop.id)),
            arrival: event(delay, call.arrives),
            departure: event(delay, call.departs),
        })
    });
    FeedEntity {
        id: format!("trip-{}-{}", basic(trip.date), timetable.ids().trip(trip.position, &trip.trip.id)),
        trip_update: Some(TripUpdate {
            trip: descriptor(timetable, trip),
            stop_time_update: calls.collect(),
            timestamp: Some(posix(at)),
            delay,
        }),
        alert: None,
    }
}

fn descriptor(timetable: &Timetable, trip: &DayTrip<'_>) -> TripDescriptor {
    let ids = timetable.ids();
    let relationship = if trip.cancelled { Relationship::Canceled } else { Relationship::Scheduled };
    TripDescriptor {
        trip_id: Some(ids.trip(trip.position, &trip.trip.id)),
        start_time: Some(trip.trip.departure().to_string()),
        start_date: Some(basic(trip.date)),
        schedule_relationship: Some(relationship.into()),
        route_id: Some(ids.route(trip.position, &trip.trip.line)),
        direction_id: Some(u32::from(trip.line.direction != 0)),
    }
}

/// Has it not been over for an hour?
fn current(trip: &DayTrip<'_>, now: Timestamp) -> bool {
    trip.calls.last().is_some_and(|call| call.arrives.as_second() + KEPT >= now.as_second())
}

fn told(timetable: &Timetable, today: &Today, now: Timestamp) -> Vec<FeedEntity> {
    let entity = |id: String, alert| FeedEntity { id, trip_update: None, alert: Some(alert) };
    let mut entities = Vec::new();
    for alert in today.alerts().iter().filter(|alert| alert.until.is_none_or(|until| now < until)) {
        let informed_entity = informed(timetable, alert);
        let Some(header_text) = translated(&alert.text).filter(|_| !informed_entity.is_empty()) else { continue };
        let range = TimeRange { start: alert.from.map(posix), end: alert.until.map(posix) };
        entities.push(entity(
            format!("alert-{}", riding::ascii_id(&alert.id)),
            Alert {
                active_period: if alert.from.is_some() || alert.until.is_some() { vec![range] } else { Vec::new() },
                informed_entity,
                effect: Some(Effect::UnknownEffect.into()),
                header_text: Some(header_text),
                description_text: alert.detail.as_ref().and_then(translated),
            },
        ));
    }
    for cancelled in today.cancelled() {
        let trip = timetable.trip(&cancelled.trip, cancelled.date, today).filter(|trip| current(trip, now));
        let (Some(trip), Some(header_text)) = (trip, cancelled.reason.as_ref().and_then(translated)) else { continue };
        let trip = descriptor(timetable, &trip);
        entities.push(entity(
            format!("cancelled-{}-{}", basic(cancelled.date), trip.trip_id.as_deref().unwrap_or_default()),
            Alert {
                active_period: Vec::new(),
                informed_entity: vec![EntitySelector { trip: Some(trip), ..EntitySelector::default() }],
                effect: Some(Effect::NoService.into()),
                header_text: Some(header_text),
                description_text: None,
            },
        ));
    }
    entities
}

/// Whom an alert is for. Empty where what it is about is in no feed: nobody would understand it.
fn informed(timetable: &Timetable, alert: &riding::Alert) -> Vec<EntitySelector> {
    if alert.of_everything() {
        return vec![EntitySelector { agency_id: Some(AGENCY_ID.to_owned()), ..EntitySelector::default() }];
    }
    let mut selectors: Vec<EntitySelector> = Vec::new();
    let ids = timetable.ids();
    for (at, period) in timetable.periods().iter().enumerate().filter(|(_, period)| meets(timetable, period, alert)) {
        for line in &alert.lines {
            if let (Some(route), Some(line)) = (ids.known_route(at, line), period.published.line(line)) {
                selectors.push(EntitySelector {
                    route_id: Some(route.to_owned()),
                    direction_id: Some(u32::from(line.direction != 0)),
                    ..EntitySelector::default()
                });
            }
        }
        selectors.extend(
            alert
                .stops
                .iter()
                .filter_map(|stop| ids.known_stop(at, stop))
                .map(|stop| EntitySelector { stop_id: Some(stop.to_owned()), ..EntitySelector::default() }),
        );
    }
    let mut unique: Vec<EntitySelector> = Vec::new();
    for selector in selectors {
        if !unique.contains(&selector) {
            unique.push(selector);
        }
    }
    unique
}

/// Is a publication in force while an alert is shown? Its last trips run past midnight.
fn meets(timetable: &Timetable, period: &Period, alert: &riding::Alert) -> bool {
    let day = |moment: Timestamp| timetable.zone().to_datetime(moment).date();
    let over = |from: Timestamp, until: Date| until.tomorrow().is_ok_and(|after| after < day(from));
    let ended = alert.from.zip(period.until).is_some_and(|(from, until)| over(from, until));
    !ended && alert.until.is_none_or(|until| period.from <= day(until))
}

/// `None` where there are no words in any language.
fn translated(text: &Text) -> Option<TranslatedString> {
    let translation: Vec<Translation> = LANGUAGES
        .into_iter()
        .zip([&text.zh, &text.en])
        .filter(|(_, words)| !words.trim().is_empty())
        .map(|(language, words)| Translation { text: words.trim().to_owned(), language: Some(language.to_owned()) })
        .collect();
    (!translation.is_empty()).then_some(TranslatedString { translation })
}

/// Seconds since 1970, 0 before.
fn posix(moment: Timestamp) -> u64 {
    u64::try_from(moment.as_second()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
