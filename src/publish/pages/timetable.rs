//! Timetables as report and board show them: one for each line and service, times to the minute as `ServiceTime::clock`
//! says them (departures; at the last stop the arrival).

use super::dates;
use super::words::Words;
use crate::planning::plan::{Plan, Stop, Trip};
use crate::publish::drawing::loads::trips_of;
use crate::publish::drawing::routes::Route;
use crate::publish::phrases::Language;

/// A stop in a timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Stop id.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name; empty where it is the same.
    pub en: String,
    /// Minutes from the start: "0", "+6", "+6–9".
    pub after: String,
}

/// The departures of a line on a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timetable {
    /// Number of its route.
    pub number: String,
    /// Colour of its route.
    pub colour: String,
    /// Position of the line in the plan.
    pub line: usize,
    /// Service id.
    pub service: String,
    /// Where it goes, in Chinese and in English.
    pub heading: [String; 2],
    /// On which days, in Chinese and in English.
    pub days: [String; 2],
    /// Stops in order.
    pub calls: Vec<Call>,
    /// A row a departure, a time a stop.
    pub rows: Vec<Vec<String>>,
    /// "×2" where two vehicles leave together, else "". One a row.
    pub marks: Vec<String>,
    /// Is the next departure more than two hours later? One a row.
    pub pause: Vec<bool>,
    /// Departures from the first stop: hour and minutes.
    pub hours: Vec<(String, Vec<String>)>,
}

/// All timetables, by route, service and direction; lines without trips on a service have none.
#[must_use]
pub fn all(plan: &Plan, routes: &[Route]) -> Vec<Timetable> {
    let mut tables = Vec::new();
    for route in routes {
        for service in &plan.services {
            for &index in &route.lines {
                let line = &plan.lines[index];
                let mut trips = trips_of(plan, &line.id, &service.id);
                if trips.is_empty() {
                    continue;
                }
                // Two vehicles at the same minutes are one departure to a reader.
                let mut marks: Vec<u32> = Vec::new();
                let mut last: Option<Vec<String>> = None;
                trips.retain(|trip| {
                    let now = clocks(trip);
                    let again = last.as_ref() == Some(&now);
                    match marks.last_mut().filter(|_| again) {
                        Some(count) => *count += 1,
                        None => marks.push(1),
                    }
                    last = Some(now);
                    !again
                });
                let marks: Vec<String> =
                    marks.iter().map(|&n| if n > 1 { format!("×{n}") } else { String::new() }).collect();
                let start = |trip: &Trip| trip.times[0].depart;
                let pause = (0..trips.len())
                    .map(|i| trips.get(i + 1).is_some_and(|next| start(next).since(start(trips[i])).0 > 7200))
                    .collect();
                let rows: Vec<Vec<String>> = trips.iter().map(|trip| clocks(trip)).collect();
                let heading = Language::ALL.map(|language| Words(language).heading(plan, line));
                tables.push(Timetable {
                    number: route.number.clone(),
                    colour: route.colour.clone(),
                    line: index,
                    service: service.id.clone(),
                    heading,
                    days: Language::ALL.map(|language| dates::days(language, service)),
                    calls: calls(plan, &line.stops, &trips),
                    hours: hours(&rows, &marks),
                    marks,
                    rows,
                    pause,
                });
            }
        }
    }
    tables
}

/// Departures, at the last stop the arrival.
fn clocks(trip: &Trip) -> Vec<String> {
    let last = trip.times.len() - 1;
    trip.times.iter().enumerate().map(|(i, t)| if i == last { t.arrive.clock() } else { t.depart.clock() }).collect()
}

fn calls(plan: &Plan, stops: &[String], trips: &[&Trip]) -> Vec<Call> {
    let find = |id: &String| plan.stops.iter().find(|stop| stop.id == *id);
    stops
        .iter()
        .enumerate()
        .map(|(i, id)| {
            let stop: Option<&Stop> = find(id);
            let zh = stop.map_or(id.as_str(), |stop| &stop.name).to_owned();
            let en = stop.map(|stop| stop.name_en.clone()).filter(|en| *en != zh).unwrap_or_default();
            let minutes = trips.iter().filter_map(|trip| {
                let time = trip.times.get(i)?;
                let at = if i + 1 == stops.len() { time.arrive } else { time.depart };
                Some(at.minute().saturating_sub(trip.times[0].depart.minute()))
            });
            let (least, most) = minutes.fold((u32::MAX, 0), |(a, b), m| (a.min(m), b.max(m)));
            let after = match (i, least == most) {
                (0, _) => "0".to_owned(),
                (_, true) => format!("+{least}"),
                (_, false) => format!("+{least}–{most}"),
            };
            Call { id: id.clone(), zh, en, after }
        })
        .collect()
}

/// "07" and its minutes, from the first column.
fn hours(rows: &[Vec<String>], marks: &[String]) -> Vec<(String, Vec<String>)> {
    let mut hours: Vec<(String, Vec<String>)> = Vec::new();
    for (clock, mark) in rows.iter().zip(marks).filter_map(|(row, mark)| Some((row.first()?, mark))) {
        let Some((hour, minute)) = clock.split_once(':') else { continue };
        match hours.last_mut() {
            // Two ways of one line may leave in the same minute.
            Some((last, minutes)) if last == hour => {
                if minutes.last().is_none_or(|before| before != minute) {
                    minutes.push(format!("{minute}{mark}"));
                }
            }
            _ => hours.push((hour.to_owned(), vec![format!("{minute}{mark}")])),
        }
    }
    hours
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::drawing::routes;
    use crate::publish::fixture;

    #[test]
    fn times_are_the_plans_own_to_the_minute() {
        let plan = fixture::plan();
        let tables = all(&plan, &routes::of(&plan));
        assert_eq!(tables.len(), 4);
        // 07:30 + 340 s + 25 s dwell = 07:36:05; + 700 s + 25 s = 07:42:05; + 860 s = 07:44:20.
        assert_eq!(tables[0].rows[0], ["07:30", "07:36", "07:42", "07:44"]);
        assert_eq!(tables[0].calls.iter().map(|c| c.after.as_str()).collect::<Vec<_>>(), ["0", "+6", "+12", "+14"]);
        assert_eq!(tables[0].heading, ["延长路站 → 媒体园西门", "Yanchang Rd Stn Exit 1 → Media Park West Gate"]);
        assert_eq!(tables[0].hours[0], ("07".to_owned(), vec!["30".to_owned()]));
        let shown: usize = tables.iter().flat_map(|t| &t.hours).map(|(_, minutes)| minutes.len()).sum();
        assert_eq!(shown, plan.trips.len());
    }

    #[test]
    fn two_vehicles_at_the_same_minutes_are_one_row() {
        let mut plan = fixture::plan();
        let mut second = plan.trips[0].clone();
        second.id = "t99".into();
        plan.trips.push(second);
        let tables = all(&plan, &routes::of(&plan));
        assert_eq!((tables[0].rows.len(), tables[0].hours[0].1.len()), (6, 1));
        assert_eq!((tables[0].marks[0].as_str(), tables[0].marks[1].as_str()), ("×2", ""));
        assert_eq!(tables[0].hours[0].1, ["30×2"]);
    }
}
