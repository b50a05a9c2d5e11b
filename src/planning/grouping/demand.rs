//! How much do two parks' people travel the same ways?
//!
//! A way is the other end of the journey (a station with its exits, a site, a cell), towards the park or away from it, the service, and the half-hour of
//! the wished time. Two parks share, of each way, as many people as the one with fewer has; over the people of the smaller park that is the share
//! of them who could board a shuttle together with the other's (the overlap coefficient, Szymkiewicz 1934 and Simpson 1943).

use std::collections::BTreeMap;

use crate::domain::site::SiteKind;
use crate::planning::plan::Cohort;
use crate::planning::project::{Place, Project};

/// Parks that share so much of the smaller one's demand belong together, in thousandths: a quarter fills a minibus where a whole does.
pub const SHARED: u64 = 250;
/// Seconds that count as the same time.
const SPAN: u32 = 1800;

/// The other end, towards the park or not, service, which half-hour.
type Way = (String, bool, String, u32);

/// Thousandths of people a day on each way of a park.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ways(BTreeMap<Way, u64>);

impl Ways {
    /// Do enough people share their ways? Where nothing is known of one of them, nothing speaks against it.
    #[must_use]
    pub(super) fn shared(&self, other: &Self) -> bool {
        let people = |ways: &Self| ways.0.values().sum::<u64>();
        let smaller = people(self).min(people(other));
        let common: u64 = self.0.iter().filter_map(|(way, own)| Some(*own.min(other.0.get(way)?))).sum();
        smaller == 0 || common * 1000 >= SHARED * smaller
    }
}

/// The ways of each park that somebody of the cohorts travels to or from, by its id.
#[must_use]
pub(super) fn ways(project: &Project, cohorts: &[Cohort]) -> BTreeMap<String, Ways> {
    let mut ways: BTreeMap<String, Ways> = BTreeMap::new();
    for cohort in cohorts {
        let (to, from) = (park(project, &cohort.destination), park(project, &cohort.origin));
        let (park, other, towards) = match (to, from) {
            (Some(park), _) => (park, &cohort.origin, true),
            (None, Some(park)) => (park, &cohort.destination, false),
            (None, None) => continue,
        };
        let station = project.station_of(&Place::Site(other.clone()));
        let other = station.map_or_else(|| other.clone(), |station| station.id.clone());
        let way = (other, towards, cohort.service.clone(), cohort.time.0 / SPAN);
        *ways.entry(park).or_default().0.entry(way).or_default() += u64::from(cohort.people.0);
    }
    ways
}

fn park(project: &Project, id: &str) -> Option<String> {
    let site = project.site(id)?;
    let site = if site.kind == SiteKind::Gate { project.site(site.parent.as_deref()?)? } else { site };
    (site.kind == SiteKind::Park).then(|| site.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(rows: &[(&str, u32, u64)]) -> Ways {
        Ways(
            rows.iter()
                .map(|&(place, at, people)| ((place.to_owned(), true, "weekday".to_owned(), at), people))
                .collect(),
        )
    }

    #[test]
    fn a_quarter_of_the_smaller_parks_people_is_enough() {
        let large = ways(&[("metro", 17, 50_000), ("metro", 18, 90_000), ("east", 18, 10_000)]);
        // 4 of 16 come from the metro at half past eight, 12 at noon.
        assert!(large.shared(&ways(&[("metro", 17, 4_000), ("metro", 24, 12_000)])));
        assert!(!large.shared(&ways(&[("metro", 17, 4_000), ("metro", 24, 12_001)])));
        // Of 40 from the east no more than 10 find company.
        assert!(large.shared(&ways(&[("east", 18, 40_000)])) && !large.shared(&ways(&[("east", 18, 41_000)])));
        assert!(!large.shared(&ways(&[("west", 18, 41_000)])));
        assert!(large.shared(&Ways::default()));
    }
}
