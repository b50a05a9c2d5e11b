//! A drawn day of rides on request. Whole: a row a ride under its vehicle, the window promised as a light bar, boarding as a dot, the ride as a line. Where a
//! cohort is so small that its ride would tell of a few people: by the hour only, how many wished to ride and how many did.

use std::collections::BTreeMap;

use super::labels::text_width;
use super::stringline::{shorten, time_grid};
use super::svg::Svg;
use crate::domain::units::{People, ServiceTime};
use crate::planning::plan::{OnDemand, Plan, Ride, Standby};
use crate::publish::audience::{self, About};

const WIDTH: f64 = 960.0;
const TOP: f64 = 12.0;
const ROW: f64 = 15.0;
const LANE: f64 = 12.0;
const RIGHT: f64 = 20.0;

const GROUND: &str = "#eef1f3";
const LIGHT: &str = "#cdbfe3";
const DARK: &str = "#6b3fa0";

/// May each ride of the drawn day be shown? Only where every cohort in it has k people or more: a ride's time is the wish of its cohort.
#[must_use]
pub fn may_be_whole(offer: &OnDemand, k: u32) -> bool {
    let enough = |cohort: &str| {
        offer.asks.iter().find(|asks| asks.cohort == cohort).is_some_and(|asks| audience::enough(asks.people, k))
    };
    offer.day.rides.iter().all(|ride| enough(&ride.cohort)) && offer.day.refused.iter().all(|no| enough(&no.cohort))
}

/// Each vehicle over the day with its rides, `names` being what the vehicles are called; `None` on a day without rides.
#[must_use]
pub fn whole(offer: &OnDemand, names: &[String], label: &str) -> Option<String> {
    if offer.day.rides.is_empty() {
        return None;
    }
    let (start, end) = (offer.from.0 / 1800 * 1800, offer.until.0.div_ceil(1800) * 1800);
    let names: Vec<String> = names.iter().map(|name| shorten(name, 12.0, 190.0)).collect();
    let left = names.iter().map(|name| text_width(name, 12.0)).fold(40.0, f64::max) + 14.0;
    let span = f64::from(end.saturating_sub(start).max(600));
    let x = |time: ServiceTime| left + (f64::from(time.0) - f64::from(start)) / span * (WIDTH - left - RIGHT);
    let lanes: Vec<(&Standby, Vec<Vec<&Ride>>)> =
        offer.vehicles.iter().map(|vehicle| (vehicle, rows(offer, &vehicle.id))).collect();
    let high = |rows: usize| rows.max(1) as f64 * ROW + 8.0;
    let height: f64 = lanes.iter().map(|(_, rows)| high(rows.len()) + LANE).sum::<f64>() - LANE;
    let mut svg = Svg::new(WIDTH, TOP + height + 28.0, label);
    time_grid(&mut svg, (start, end), |time| x(ServiceTime(time)), TOP, TOP + height);
    let mut y = TOP;
    for (nth, (vehicle, rows)) in lanes.iter().enumerate() {
        let tall = high(rows.len());
        for &(from, until) in &vehicle.stints {
            svg.rect(x(from), y, x(until) - x(from), tall, &format!(r#"rx="3" fill="{GROUND}""#));
        }
        let name = names.get(nth).map_or(vehicle.id.as_str(), String::as_str);
        svg.text((left - 8.0, y + tall / 2.0 + 4.0), name, r##"font-size="12" text-anchor="end" fill="#1c2733""##);
        for (row, rides) in rows.iter().enumerate() {
            let middle = y + 4.0 + ROW * (row as f64 + 0.5);
            for ride in rides {
                // Never narrower than can be seen.
                let wide = (x(ride.window.1) - x(ride.window.0)).max(3.0);
                svg.rect(x(ride.window.0), middle - 5.0, wide, 10.0, &format!(r#"rx="2" fill="{LIGHT}""#));
                let (on, off) = ((x(ride.boards), middle), (x(ride.alights), middle));
                svg.line(on, off, &format!(r#"stroke="{DARK}" stroke-width="2.6""#));
                svg.circle(on, 3.6, &format!(r#"fill="{DARK}""#));
            }
        }
        y += tall + LANE;
    }
    Some(svg.finish())
}

/// A vehicle's rides in as few rows as there are at once; in order of their windows.
fn rows<'a>(offer: &'a OnDemand, vehicle: &str) -> Vec<Vec<&'a Ride>> {
    let mut rides: Vec<&Ride> = offer.day.rides.iter().filter(|ride| ride.vehicle == vehicle).collect();
    rides.sort_by_key(|ride| (ride.window.0, ride.boards, ride.alights));
    let first = |ride: &Ride| ride.window.0.min(ride.boards);
    let last = |ride: &Ride| ride.window.1.max(ride.alights);
    let mut rows: Vec<Vec<&Ride>> = Vec::new();
    for ride in rides {
        match rows.iter_mut().find(|row| row.last().is_none_or(|before| last(before) < first(ride))) {
            Some(row) => row.push(ride),
            None => rows.push(vec![ride]),
        }
    }
    rows
}

/// By the hour of the wish: (wished to ride, rode).
fn by_hour(plan: &Plan, offer: &OnDemand) -> BTreeMap<u32, (u32, u32)> {
    let wished = |cohort: &str, else_: ServiceTime| {
        plan.cohorts.iter().find(|known| known.id == cohort).map_or(else_, |known| known.time)
    };
    let mut hours: BTreeMap<u32, (u32, u32)> =
        (offer.from.0 / 3600..offer.until.0.div_ceil(3600)).map(|hour| (hour, (0, 0))).collect();
    for ride in &offer.day.rides {
        let hour = hours.entry(wished(&ride.cohort, ride.window.0).0 / 3600).or_default();
        hour.0 += 1;
        hour.1 += 1;
    }
    for refused in &offer.day.refused {
        hours.entry(wished(&refused.cohort, refused.asked).0 / 3600).or_default().0 += 1;
    }
    hours
}

/// How many wished to ride and did, by the hour, rounded by [`audience::about`]; `None` on a day on which fewer than k asked.
#[must_use]
pub fn hourly(plan: &Plan, offer: &OnDemand, k: u32, label: &str) -> Option<String> {
    let hours = by_hour(plan, offer);
    let all: u32 = hours.values().map(|(asked, _)| asked).sum();
    if !audience::enough(People::whole(all), k) {
        return None;
    }
    let about = |n: u32| audience::about(People::whole(n), k);
    let highest = hours.values().map(|&(asked, _)| about(asked).height(k)).fold(f64::from(k), f64::max);
    let (left, top, base, height) = (40.0, 24.0, 130.0, 160.0);
    let step = (WIDTH - left - RIGHT) / hours.len().max(1) as f64;
    let wide = (step * 0.3).min(34.0);
    let mut svg = Svg::new(WIDTH, height, label);
    for (nth, (hour, &(asked, rode))) in hours.iter().enumerate() {
        let middle = left + step * (nth as f64 + 0.5);
        for (count, colour, at) in [(asked, LIGHT, middle - wide - 1.0), (rode, DARK, middle + 1.0)] {
            let told = about(count);
            let tall = told.height(k) / highest * (base - top);
            svg.rect(at, base - tall, wide, tall, &format!(r#"fill="{colour}""#));
            if told != About::Nobody {
                svg.text(
                    (at + wide / 2.0, base - tall - 6.0),
                    &told.text(k),
                    r##"font-size="11.5" text-anchor="middle" fill="#1c2733""##,
                );
            }
        }
        svg.text(
            (middle, base + 19.0),
            &format!("{hour:02}:00–{:02}:00", hour + 1),
            r##"font-size="11" text-anchor="middle" fill="#5a6570""##,
        );
    }
    svg.line((left, base), (WIDTH - RIGHT, base), r##"stroke="#1c2733" stroke-width="1.5""##);
    Some(svg.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn rides_at_once_stand_below_each_other() {
        let plan = fixture::with_rides();
        let offer = &plan.on_demand[0];
        // Two people board in one window at 09:41: two rows; 12:03 and 14:22 come after the first of them.
        let counted: Vec<usize> = rows(offer, "midday-1").iter().map(Vec::len).collect();
        assert_eq!(counted, [3, 1]);
        let names = ["甲".to_owned(), "乙".to_owned()];
        let drawing = whole(offer, &names, "").unwrap();
        assert_eq!(drawing.matches("<circle").count(), 6);
        assert_eq!(drawing.matches(LIGHT).count(), 6);
        // Two stints and one.
        assert_eq!(drawing.matches(GROUND).count() - drawing.matches(r##"stroke="#eef1f3""##).count(), 3);
    }

    #[test]
    fn a_boarding_is_drawn_within_its_window() {
        let plan = fixture::with_rides();
        let drawing = whole(&plan.on_demand[0], &[], "").unwrap();
        let number = |text: &str, name: &str| -> f64 {
            text.split(&format!(r#"{name}=""#)).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
        };
        let bars = drawing.split("<rect ").filter(|part| part.contains(LIGHT));
        let dots = drawing.split("<circle ").skip(1);
        for (bar, dot) in bars.zip(dots) {
            let (from, wide, at) = (number(bar, "x"), number(bar, "width"), number(dot, "cx"));
            assert!(at >= from && at <= from + wide, "{from} {at} {wide}");
        }
    }

    #[test]
    fn a_cohort_of_a_few_is_not_drawn() {
        let plan = fixture::with_rides();
        let mut offer = plan.on_demand[0].clone();
        // 1.9 people of one cohort.
        assert!(!may_be_whole(&offer, 5) && may_be_whole(&offer, 1));
        offer.day.rides.retain(|ride| ride.cohort != "c-r-few");
        assert!(may_be_whole(&offer, 5));
        // Seven asked in all: two at ten, one at eleven, three at twelve, one at two: each hour is a few.
        let drawing = hourly(&plan, &plan.on_demand[0], 5, "").unwrap();
        assert_eq!(drawing.matches("&lt;5").count(), 8);
        assert_eq!(by_hour(&plan, &plan.on_demand[0])[&12], (3, 2));
        offer.day.rides.truncate(2);
        offer.day.refused.clear();
        assert_eq!(hourly(&plan, &offer, 5, ""), None);
    }
}
