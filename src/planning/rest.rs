//! Where couriers can rest: a few places that bring most courier-hours within 300 m on foot.
//!
//! Candidates: parks, gates, stations and shared rooms. Demand: couriers counted by place and hour. Maximal covering
//! ([`crate::siting::covering`]). A courier-hour counts at the nearest rest point within reach, so that the points' figures add up.

use super::plan::RestPoint;
use super::project::{Place, Project};
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::Metres;
use crate::network::Network;
use crate::search::{Progress, Run};
use crate::siting::covering::{self, Problem};

/// Rest points the district has money for: its five "tea shops".
pub const PLACES: usize = 5;
/// Farthest a courier walks from the bike: 300 m, as for elderly people (GB 50180-2018, five-minute circle).
pub const REACH: Metres = Metres(300);
/// Doors whose walks are looked up together.
const DOORS_AT_ONCE: usize = 32;
/// From so many counts on the watcher is asked.
const MANY: usize = 2000;

/// The rest points, and what one more would add.
#[must_use]
pub fn choose(project: &Project, network: &Network, run: &Run<'_>) -> (Vec<RestPoint>, Vec<Finding>) {
    if project.couriers.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let candidate = |kind| matches!(kind, SiteKind::Park | SiteKind::Gate | SiteKind::Station | SiteKind::Room);
    let sites: Vec<_> = project.sites.iter().filter(|site| candidate(site.kind)).collect();
    if sites.is_empty() {
        return (Vec::new(), vec![Finding::warning("rest-no-candidates").file("sites.csv")]);
    }
    let snap = project.policy.max_foothold;
    let mut counts = Vec::new();
    let mut points = Vec::new();
    for count in &project.couriers {
        if let Some(foothold) = network.foothold(count.point, snap) {
            counts.push(count.people);
            points.push(foothold);
        }
    }
    let mut doors = Vec::new();
    let mut door_of = Vec::new();
    for (at, site) in sites.iter().enumerate() {
        for point in project.access_points(&Place::Site(site.id.clone())) {
            if let Some(foothold) = network.foothold(point, snap) {
                doors.push(foothold);
                door_of.push(at);
            }
        }
    }
    // Some doors at a time: the whole table may be too large to be kept. (count, metres) by site.
    let mut near: Vec<Vec<(usize, Metres)>> = vec![Vec::new(); sites.len()];
    let (mut pairs, mut cut) = (0, false);
    for (doors, sites) in doors.chunks(DOORS_AT_ONCE).zip(door_of.chunks(DOORS_AT_ONCE)) {
        let progress = Progress { stage: "stage-allocation", iteration: 0, objective: None, bound: None };
        if points.len() > MANY && pairs > 0 && (run.watch)(&progress).stop {
            cut = true;
            break;
        }
        for (row, &site) in network.walk_metres(doors, &points, Some(REACH)).into_iter().zip(sites) {
            let found = row.into_iter().enumerate().filter_map(|(count, metres)| Some((count, metres?)));
            let before = near[site].len();
            near[site].extend(found);
            pairs += near[site].len() - before;
        }
        if pairs > covering::MOST_COVERS {
            cut = true;
            break;
        }
    }
    if pairs > covering::MOST_COVERS {
        // What is too much belongs to the last doors looked at.
        for near in near.iter_mut().rev() {
            if pairs <= covering::MOST_COVERS {
                break;
            }
            pairs -= near.len();
            near.clear();
        }
    }
    let mut findings = Vec::new();
    if cut {
        findings.push(Finding::warning("rest-too-many").file("couriers.csv").arg("counts", points.len()));
    }
    let covers = near.iter().map(|row| row.iter().map(|&(count, _)| count).collect()).collect();
    let Ok(problem) = Problem::new(counts.clone(), covers, PLACES) else {
        findings.push(Finding::warning("rest-too-many").file("couriers.csv").arg("counts", points.len()));
        return (Vec::new(), findings);
    };
    let chosen = covering::solve(&problem, run).best;
    let mut nearest: Vec<Option<(Metres, usize)>> = vec![None; counts.len()];
    for &site in &chosen.sites {
        for &(count, metres) in &near[site] {
            let best = nearest[count].get_or_insert((metres, site));
            *best = (*best).min((metres, site));
        }
    }
    let mut people = vec![0_u64; sites.len()];
    for (nearest, &couriers) in nearest.iter().zip(&counts) {
        if let Some((_, site)) = *nearest {
            people[site] += u64::from(couriers);
        }
    }
    let rest = chosen
        .sites
        .iter()
        .map(|&site| RestPoint { site: sites[site].id.clone(), people: people[site] as f64 })
        .collect();
    let total: u64 = project.couriers.iter().map(|count| u64::from(count.people)).sum();
    if let Some((site, more)) = covering::one_more(&problem, &chosen.sites).filter(|&(_, more)| more > 0) {
        findings.push(
            Finding::note("rest-sixth")
                .arg("places", chosen.sites.len())
                .arg("covered", chosen.covered as f64)
                .arg("total", total as f64)
                .arg("site", sites[site].name.as_str())
                .arg("more", more as f64),
        );
    }
    (rest, findings)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::coordinates::Local;
    use crate::domain::site::Site;
    use crate::network::synthetic::{Grid, city};
    use crate::planning::project::CourierCount;

    #[test]
    fn five_places_and_what_a_sixth_would_add() {
        // Seven rooms along a street, 600 m apart would need 4 km; use rows of the grid: junctions 200 m apart, rooms at every second.
        let grid = Grid::default();
        let local = Local::new(grid.corner);
        let at = |east: f64, north: f64| local.unproject([east, north]);
        let spots: Vec<[f64; 2]> = (0..7).map(|n| [f64::from(n % 3) * 800.0, f64::from(n / 3) * 800.0]).collect();
        let sites = spots.iter().enumerate().map(|(n, &[east, north])| Site {
            id: format!("room-{n}"),
            name: format!("Room {n}"),
            name_en: None,
            kind: SiteKind::Room,
            point: at(east, north),
            parent: None,
            people: None,
        });
        // 10 + n couriers 200 m east of room n; one courier nobody reaches.
        let mut couriers: Vec<CourierCount> = spots
            .iter()
            .zip(10..)
            .map(|(&[east, north], people)| CourierCount { point: at(east + 200.0, north), hour: 12, people })
            .collect();
        couriers.push(CourierCount { point: at(400.0, 400.0), hour: 12, people: 1 });
        let project = Project { roads: Arc::new(city(&grid)), sites: sites.collect(), couriers, ..Project::default() };
        let network = Network::new(&project.roads, &project.speeds());
        let (rest, findings) = choose(&project, &network, &Run::quiet(1));
        let rows: Vec<(&str, f64)> = rest.iter().map(|row| (row.site.as_str(), row.people)).collect();
        assert_eq!(
            rows,
            vec![("room-2", 12.0), ("room-3", 13.0), ("room-4", 14.0), ("room-5", 15.0), ("room-6", 16.0)]
        );
        assert_eq!(findings[0].args["more"], 11.0.into());
    }
}
