//! Trains at stations: which days, which times; and the first one a rider can make.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::published::Station;
use crate::domain::calendar::{Days, Service, Week};
use crate::domain::units::ServiceTime;
use crate::planning::plan::ServiceDays;
use crate::planning::project::Project;

/// Trains of one line, direction and set of days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trains {
    /// Metro line, as written.
    pub line: String,
    /// Direction, as written.
    pub direction: String,
    /// Days, within the days of the plan's services and a day around them.
    pub days: ServiceDays,
    /// Times, ascending.
    pub times: Times,
}

/// Ascending times. Written as runs `[first, step, count]`, seconds: a headway of hours is a few numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<[u32; 3]>", into = "Vec<[u32; 3]>")]
pub struct Times(pub Vec<ServiceTime>);

/// More trains than seconds of two days is nonsense that must not fill the memory.
const MOST_TIMES: u32 = 2 * 86_400;

impl From<Vec<[u32; 3]>> for Times {
    fn from(runs: Vec<[u32; 3]>) -> Self {
        let mut times = Vec::new();
        for [first, step, count] in runs {
            let left = MOST_TIMES.saturating_sub(u32::try_from(times.len()).unwrap_or(MOST_TIMES));
            times.extend((0..count.min(left)).map(|n| ServiceTime(first.saturating_add(step.saturating_mul(n)))));
        }
        times.sort_unstable();
        Self(times)
    }
}

impl From<Times> for Vec<[u32; 3]> {
    fn from(times: Times) -> Self {
        let mut runs: Self = Vec::new();
        for ServiceTime(time) in times.0 {
            match runs.last_mut() {
                Some([first, step, count @ 1]) if time >= *first => {
                    *step = time - *first;
                    *count = 2;
                }
                Some([first, step, count]) if *count > 1 && time == *first + *step * *count => *count += 1,
                _ => runs.push([time, 0, 1]),
            }
        }
        runs
    }
}

/// The stations of a project that have trains.
pub(super) fn stations(project: &Project, services: &[ServiceDays]) -> Vec<Station> {
    let first = services.iter().map(|days| days.from).min();
    let last = services.iter().map(|days| days.until).max();
    let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
    // A trip of the last day may meet a train of the next, one of the first day a train that belongs to the day before.
    let (first, last) = (first.yesterday().unwrap_or(first), last.tomorrow().unwrap_or(last));
    let mut stations: BTreeMap<&str, BTreeMap<(&str, &str, String), Trains>> = BTreeMap::new();
    for row in &project.trains {
        let days = match &row.days {
            Days::Weekly(week) => week.to_string(),
            Days::Dates(dates) => dates.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
        };
        let trains =
            stations.entry(&row.station).or_default().entry((&row.line, &row.direction, days)).or_insert_with(|| {
                let service = Service::new("", &row.days, first, last, &project.holidays);
                Trains {
                    line: row.line.clone(),
                    direction: row.direction.clone(),
                    days: written(service),
                    times: Times::default(),
                }
            });
        trains.times.0.extend(&row.times);
    }
    stations
        .into_iter()
        .map(|(id, groups)| {
            let site = project.site(id);
            let mut trains: Vec<Trains> = groups.into_values().collect();
            for group in &mut trains {
                group.times.0.sort_unstable();
                group.times.0.dedup();
            }
            Station {
                id: id.to_owned(),
                name: site.map_or_else(|| id.to_owned(), |site| site.name.clone()),
                name_en: site.and_then(|site| site.name_en.clone()).unwrap_or_default(),
                trains,
            }
        })
        .collect()
}

fn written(service: Service) -> ServiceDays {
    ServiceDays {
        id: service.id,
        days: if service.week == Week::NONE { String::new() } else { service.week.to_string() },
        from: service.from,
        until: service.until,
        added: service.added,
        removed: service.removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_runs() {
        // Every 6 min from 5:30 to 5:42, then one at 6:00.
        let times = Times([19_800, 20_160, 20_520, 21_600].map(ServiceTime).to_vec());
        let text = serde_json::to_string(&times).unwrap();
        assert_eq!(text, "[[19800,360,3],[21600,0,1]]");
        assert_eq!(serde_json::from_str::<Times>(&text).unwrap(), times);
        let nonsense: Times = serde_json::from_str("[[0,4294967295,4294967295]]").unwrap();
        assert_eq!(nonsense.0.len(), 172_800);
    }
}
