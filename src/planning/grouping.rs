//! Who belongs together: residential areas in four connected blocks of about equal population; parks in committees by walking nearness.
//!
//! Blocks are balanced first; then the way on foot of all who live there to the area in the middle of their block is least. Parks within
//! [`NEAR`] on foot, from gate to gate, are in one committee, and so is who is near to one of them (single linkage): small parks
//! find others this way. A park with none near is alone.

mod ground;
mod parts;

pub use ground::{Bridge, GAP_M, Ground, ground};

use super::plan::Group;
use super::project::{Place, Project};
use crate::districting::{self, Distances, Problem};
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::{Metres, People};
use crate::network::Network;
use crate::search::Run;
use parts::Parts;

/// Blocks of areas: the district's four.
pub const BLOCKS: usize = 4;
/// A block may have 5 % more or fewer people than the mean at no price; then compactness counts.
pub const TOLERANCE: f64 = 0.05;
/// Parks this near on foot share a committee: a quarter of an hour's walk.
pub const NEAR: Metres = Metres(1200);

/// More areas than these are compared in a straight line: a walk over the whole network for each takes too long.
const WALKED: usize = 128;
/// Iterations for so many areas; the demonstration's 26 are proven within it. Many have fewer: the shuttle's search waits.
const ITERATIONS: u64 = 2_000;
const LEAST_ITERATIONS: u64 = 20;
/// Areas times iterations.
const WORK: u64 = 100_000;

/// Blocks, then committees; and what is doubtful about them.
#[must_use]
pub fn group(project: &Project, network: &Network, run: &Run<'_>) -> (Vec<Group>, Vec<Finding>) {
    let (mut groups, findings) = blocks(project, network, run);
    groups.extend(committees(project, network));
    (groups, findings)
}

fn blocks(project: &Project, network: &Network, run: &Run<'_>) -> (Vec<Group>, Vec<Finding>) {
    let areas = &project.areas;
    let Some(ground) = ground(areas, run) else { return (Vec::new(), Vec::new()) };
    let weights = areas.iter().map(|area| u64::from(area.people.0)).collect();
    let distances = distances(project, network, &ground);
    let Ok(problem) = Problem::new(weights, distances, &ground.edges, BLOCKS.min(areas.len()), TOLERANCE) else {
        return (Vec::new(), vec![Finding::warning("groups-too-large").arg("areas", areas.len())]);
    };
    let enough = (WORK / areas.len() as u64).clamp(LEAST_ITERATIONS, ITERATIONS);
    let run = Run { iterations: Some(run.iterations.map_or(enough, |most| most.min(enough))), ..*run };
    let grouping = districting::solve(&problem, &run).best;
    let count = grouping.group.iter().max().map_or(0, |most| most + 1);
    let groups: Vec<Group> = (0..count)
        .map(|number| {
            let members = || areas.iter().zip(&grouping.group).filter(|(_, group)| **group == number);
            Group {
                id: format!("block-{}", number + 1),
                kind: "block".to_owned(),
                members: members().map(|(area, _)| area.id.clone()).collect(),
                people: members().map(|(area, _)| area.people).sum(),
            }
        })
        .collect();
    let mut findings = Vec::new();
    let mean = groups.iter().map(|group| group.people.as_f64()).sum::<f64>() / groups.len().max(1) as f64;
    let most = groups.iter().map(|group| group.people.as_f64()).fold(0.0, f64::max);
    if mean > 0.0 && most > mean * (1.0 + TOLERANCE) {
        let percent = (100.0 * (most / mean - 1.0) + 0.5).floor();
        findings.push(Finding::note("groups-unbalanced").arg("groups", groups.len()).arg("percent", percent));
    }
    (groups, findings)
}

/// On foot from area to area, from the middle of one to the middle of the other; in a straight line where there is no way, or
/// too many areas.
fn distances(project: &Project, network: &Network, ground: &Ground) -> Distances {
    let count = ground.centres.len();
    if count > WALKED {
        return Distances::Straight(ground.places.clone());
    }
    let mut footholds = Vec::new();
    // The position of an area among those with a foothold.
    let mut row = vec![None; count];
    for (area, &centre) in ground.centres.iter().enumerate() {
        if let Some(foothold) = network.foothold(centre, project.policy.max_foothold) {
            row[area] = Some(footholds.len());
            footholds.push(foothold);
        }
    }
    let walks = network.walk_metres(&footholds, &footholds, None);
    let metres = |from: usize, to: usize| {
        if from == to {
            // Not to the street and back.
            return 0;
        }
        let walk = row[from].zip(row[to]).and_then(|(from, to): (usize, usize)| walks[from][to]);
        walk.map_or_else(|| straight(ground.places[from], ground.places[to]), |walk| walk.0)
    };
    Distances::Given((0..count * count).map(|at| metres(at / count, at % count)).collect())
}

fn straight(from: [f64; 2], to: [f64; 2]) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative; saturates")]
    let metres = (libm::hypot(from[0] - to[0], from[1] - to[1]) + 0.5).floor() as u32;
    metres
}

fn committees(project: &Project, network: &Network) -> Vec<Group> {
    let parks: Vec<_> = project.sites_of(SiteKind::Park).collect();
    let mut doors = Vec::new();
    let mut door_of = Vec::new();
    for (park, site) in parks.iter().enumerate() {
        for point in project.access_points(&Place::Site(site.id.clone())) {
            if let Some(foothold) = network.foothold(point, project.policy.max_foothold) {
                doors.push(foothold);
                door_of.push(park);
            }
        }
    }
    let mut parts = Parts::new(parks.len());
    for (from, row) in network.walk_metres(&doors, &doors, Some(NEAR)).into_iter().enumerate() {
        for (to, metres) in row.into_iter().enumerate() {
            if metres.is_some() {
                parts.join(door_of[from], door_of[to]);
            }
        }
    }
    let people = |park: usize| {
        let firms = project.firms.iter().filter(|firm| firm.site == parks[park].id).map(|firm| firm.people);
        parks[park].people.unwrap_or_else(|| firms.sum())
    };
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    for park in 0..parks.len() {
        let root = parts.root(park);
        match groups.iter_mut().find(|(other, _)| *other == root) {
            Some((_, members)) => members.push(park),
            None => groups.push((root, vec![park])),
        }
    }
    groups
        .into_iter()
        .zip(1..)
        .map(|((_, members), number)| Group {
            id: format!("committee-{number}"),
            kind: "committee".to_owned(),
            members: members.iter().map(|&park| parks[park].id.clone()).collect(),
            people: members.iter().map(|&park| people(park)).sum::<People>(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::coordinates::Local;
    use crate::domain::site::Site;
    use crate::network::synthetic::{Grid, city};
    use crate::planning::project::Area;
    use crate::search::Progress;

    /// A square of 300 m, from so many metres east and north of the corner.
    fn area(id: &str, east: f64, north: f64, people: u32) -> Area {
        let local = Local::new(Grid::default().corner);
        let at = |x: f64, y: f64| {
            let point = local.unproject([east + x, north + y]);
            (point.lon, point.lat)
        };
        let ring = vec![at(0.0, 0.0), at(300.0, 0.0), at(300.0, 300.0), at(0.0, 300.0), at(0.0, 0.0)];
        Area {
            id: id.to_owned(),
            name: id.to_owned(),
            people: People::whole(people),
            households: people / 3,
            outline: geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])]),
        }
    }

    #[test]
    fn areas_across_roads_and_a_river_fall_into_four_blocks() {
        // Two rows of four, 50 m of road between; the last two columns are 500 m farther, over a river.
        let areas: Vec<Area> = (0..8)
            .map(|n: u32| {
                let (row, column) = (n / 4, n % 4);
                let river = if column >= 2 { 500.0 } else { 0.0 };
                area(&format!("a{n}"), f64::from(column) * 350.0 + river, f64::from(row) * 350.0, 1000)
            })
            .collect();
        let project = Project { areas, ..Project::default() };
        let network = Network::new(&project.roads, &project.speeds());
        let (groups, findings) = group(&project, &network, &Run::quiet(1));
        assert_eq!(groups.len(), 4);
        assert!(groups.iter().all(|group| group.people == People::whole(2000) && group.kind == "block"));
        // Nobody is grouped over the river.
        for group in &groups {
            let side = |id: &String| id[1..].parse::<u32>().unwrap() % 4 >= 2;
            assert!(group.members.iter().all(|id| side(id) == side(&group.members[0])));
        }
        assert_eq!(findings, vec![]);
    }

    #[test]
    fn blocks_are_compact_on_foot_not_as_the_crow_flies() {
        // Squares of 300 m, 330 m from middle to middle.
        let areas = vec![area("west", 0.0, 0.0, 10), area("east", 330.0, 0.0, 10)];
        let project = Project { areas, roads: Arc::new(city(&Grid::default())), ..Project::default() };
        let network = Network::new(&project.roads, &project.speeds());
        let ground = ground(&project.areas, &Run::quiet(1)).unwrap();
        let Distances::Given(metres) = distances(&project, &network, &ground) else { panic!("no walks") };
        // Along streets it is farther than the 330 m from centre to centre.
        assert!(metres[1] > 330 && metres[1] < 1_500, "{metres:?}");
        assert_eq!((metres[0], metres[1], metres[3]), (0, metres[2], 0));
        let nowhere = Project { roads: Arc::default(), ..project };
        let network = Network::new(&nowhere.roads, &nowhere.speeds());
        let Distances::Given(straight) = distances(&nowhere, &network, &ground) else { panic!("no ways") };
        assert_eq!(straight, vec![0, 330, 330, 0]);
    }

    #[test]
    fn parks_near_one_another_share_a_committee() {
        let local = Local::new(Grid::default().corner);
        let park = |id: &str, east: f64, people: u32| Site {
            id: id.to_owned(),
            name: id.to_owned(),
            name_en: None,
            kind: SiteKind::Park,
            point: local.unproject([east, 0.0]),
            parent: None,
            people: Some(People::whole(people)),
        };
        // Corner streets are 1,800 m long: 0 and 1,000 m are near; 1,800 m is near to 1,000 m and so to both. With 2,600 m of street none would be.
        let sites = vec![park("one", 0.0, 40), park("two", 1000.0, 50), park("three", 1800.0, 60)];
        let project = Project { roads: Arc::new(city(&Grid::default())), sites, ..Project::default() };
        let network = Network::new(&project.roads, &project.speeds());
        let (groups, _) = group(&project, &network, &Run::quiet(1));
        assert_eq!(groups.len(), 1);
        assert_eq!((groups[0].members.len(), groups[0].people), (3, People::whole(150)));
        // Without roads each is alone.
        let alone = Project { roads: Arc::default(), ..project };
        let network = Network::new(&alone.roads, &alone.speeds());
        assert_eq!(group(&alone, &network, &Run::quiet(1)).0.len(), 3);
    }

    #[test]
    fn five_thousand_areas_are_done_in_time_and_a_stop_leaves_blocks() {
        use crate::search::Answer;
        let count = crate::search::cases(1_500, 5_000);
        let areas: Vec<Area> = (0..count)
            .map(|n| area(&format!("a{n}"), f64::from(n % 71) * 500.0, f64::from(n / 71) * 500.0, 100 + n % 37))
            .collect();
        let stop = |_: &Progress| Answer { used: 1.0, stop: true, ..Answer::GO };
        let start = std::time::Instant::now();
        let project = Project { areas, ..Project::default() };
        let network = Network::new(&project.roads, &project.speeds());
        let (groups, _) = blocks(&project, &network, &Run { watch: &stop, ..Run::quiet(1) });
        println!("{count} areas, stopped: {:?}", start.elapsed());
        assert!(start.elapsed().as_secs() < 20);
        assert_eq!(groups.len(), 4);
        assert_eq!(groups.iter().map(|group| group.members.len()).sum::<usize>(), count as usize);
    }
}
