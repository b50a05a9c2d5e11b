//! Who belongs together: residential areas in four connected blocks of about equal population; parks in committees by walking nearness
//! and shared demand.
//!
//! Blocks are balanced first; then the way on foot of all who live there to the area in the middle of their block is least. Parks that are
//! near and whose people travel the same ways share a committee ([`committees`]).

mod committees;
mod demand;
mod ground;
mod parts;

pub use committees::{NEAR, committees};
pub use demand::SHARED;
pub use ground::{Bridge, GAP_M, Ground, ground};

use super::plan::Group;
use super::project::Project;
use crate::districting::{self, Distances, Problem};
use crate::domain::finding::Finding;
use crate::network::Network;
use crate::search::Run;

/// Blocks of areas: the district's four.
pub const BLOCKS: usize = 4;
/// A block may have 5 % more or fewer people than the mean at no price; then compactness counts.
pub const TOLERANCE: f64 = 0.05;
/// More areas than these are compared in a straight line: a walk over the whole network for each takes too long.
const WALKED: usize = 128;
/// Iterations for so many areas; the demonstration's 26 are proven within it. Many have fewer: the shuttle's search waits.
const ITERATIONS: u64 = 2_000;
const LEAST_ITERATIONS: u64 = 20;
/// Areas times iterations.
const WORK: u64 = 100_000;

/// Blocks, then committees (before anything is known of demand); and what is doubtful about them.
#[must_use]
pub fn group(project: &Project, network: &Network, run: &Run<'_>) -> (Vec<Group>, Vec<Finding>) {
    let (mut groups, findings) = blocks(project, network, run);
    groups.extend(committees(project, network, &[], None));
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
                saving_fen: None,
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::coordinates::Local;
    use crate::domain::units::People;
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
