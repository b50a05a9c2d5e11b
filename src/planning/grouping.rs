//! Who belongs together: residential areas in four connected blocks of about equal population; parks in committees by walking nearness.
//!
//! Areas touch where their outlines are within [`GAP_M`] of each other (a road lies between); where that leaves parts, the
//! shortest gaps join them, so that the whole is connected. Parks within [`NEAR`] on foot, from gate to gate, are in
//! one committee, and so is who is near to one of them (single linkage): small parks find others this way. A park with none near is alone.

use std::collections::BTreeSet;

use geo::{BoundingRect, Centroid, Distance, Euclidean, MapCoords};

use super::plan::Group;
use super::project::{Area, Place, Project};
use crate::districting::{self, Problem};
use crate::domain::coordinates::{Local, Point};
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::{Metres, People};
use crate::network::Network;
use crate::search::{Progress, Run};

/// Blocks of areas: the district's four.
pub const BLOCKS: usize = 4;
/// A block may have 5 % more or fewer people than the mean at no price; then compactness counts.
pub const TOLERANCE: f64 = 0.05;
/// Outlines this close touch: the width of an urban trunk road with its edges, metres.
pub const GAP_M: f64 = 80.0;
/// Parks this near on foot share a committee: a quarter of an hour's walk.
pub const NEAR: Metres = Metres(1200);

/// From so many areas on the watcher is asked.
const MANY: usize = 100;
/// Areas between two looks at the watcher.
const LOOK: usize = 50;

/// Blocks, then committees; and what is doubtful about them.
#[must_use]
pub fn group(project: &Project, network: &Network, run: &Run<'_>) -> (Vec<Group>, Vec<Finding>) {
    let (mut groups, findings) = blocks(&project.areas, run);
    groups.extend(committees(project, network));
    (groups, findings)
}

fn blocks(areas: &[Area], run: &Run<'_>) -> (Vec<Group>, Vec<Finding>) {
    let Some((places, edges)) = ground(areas, run) else { return (Vec::new(), Vec::new()) };
    let weights = areas.iter().map(|area| u64::from(area.people.0)).collect();
    let Ok(problem) = Problem::new(weights, places, &edges, BLOCKS.min(areas.len()), TOLERANCE) else {
        return (Vec::new(), vec![Finding::warning("groups-too-large").arg("areas", areas.len())]);
    };
    let grouping = districting::solve(&problem, run).best;
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

/// Centres in metres, and which areas touch. `None` where there are none.
#[expect(clippy::type_complexity, reason = "one caller, two lists")]
fn ground(areas: &[Area], run: &Run<'_>) -> Option<(Vec<[f64; 2]>, Vec<(usize, usize)>)> {
    let centre = areas.iter().find_map(|area| area.outline.centroid())?;
    let local = Local::new(Point { lon: centre.x(), lat: centre.y() });
    let outlines: Vec<geo::MultiPolygon<f64>> = areas
        .iter()
        .map(|area| {
            area.outline.map_coords(|at| {
                let [x, y] = local.project(Point { lon: at.x, lat: at.y });
                geo::Coord { x, y }
            })
        })
        .collect();
    let places = outlines
        .iter()
        .map(|outline| outline.centroid().map_or([0.0, 0.0], |centre| [centre.x(), centre.y()]))
        .collect();
    Some((places, touching(&outlines, run)))
}

/// Pairs of areas within [`GAP_M`], and the shortest gaps that make all one (Borůvka 1926: each part takes its shortest). The
/// rectangles around two areas are no farther apart than these, so most pairs are never measured. When the watcher says stop,
/// rectangles are measured instead.
fn touching(outlines: &[geo::MultiPolygon<f64>], run: &Run<'_>) -> Vec<(usize, usize)> {
    let boxes: Vec<Option<geo::Rect<f64>>> = outlines.iter().map(BoundingRect::bounding_rect).collect();
    let edge = |at: usize| boxes[at].map_or((f64::INFINITY, f64::INFINITY), |rect| (rect.min().x, rect.max().x));
    let least = |a: usize, b: usize| match (boxes[a], boxes[b]) {
        (Some(a), Some(b)) => {
            let x = (b.min().x - a.max().x).max(a.min().x - b.max().x).max(0.0);
            let y = (b.min().y - a.max().y).max(a.min().y - b.max().y).max(0.0);
            libm::hypot(x, y)
        }
        _ => f64::INFINITY,
    };
    let mut hurry = false;
    let gap = |hurry: bool, a: usize, b: usize| {
        if hurry || boxes[a].is_none() || boxes[b].is_none() {
            least(a, b)
        } else {
            Euclidean.distance(&outlines[a], &outlines[b])
        }
    };
    let stop = || {
        let progress = Progress { stage: "stage-districting", iteration: 0, objective: None, bound: None };
        outlines.len() > MANY && (run.watch)(&progress).stop
    };
    // From west to east.
    let mut order: Vec<usize> = (0..outlines.len()).collect();
    order.sort_by(|&a, &b| edge(a).0.total_cmp(&edge(b).0).then(a.cmp(&b)));
    let mut edges = BTreeSet::new();
    let mut parts = Parts::new(outlines.len());
    for (at, &a) in order.iter().enumerate() {
        hurry = hurry || (at % LOOK == 0 && stop());
        for &b in order[at + 1..].iter().take_while(|&&b| edge(b).0 <= edge(a).1 + GAP_M) {
            if least(a, b) <= GAP_M && gap(hurry, a, b) <= GAP_M {
                edges.insert((a.min(b), a.max(b)));
                parts.join(a, b);
            }
        }
    }
    loop {
        let roots: Vec<usize> = (0..outlines.len()).map(|at| parts.root(at)).collect();
        if roots.iter().all(|root| *root == 0) {
            return edges.into_iter().collect();
        }
        let mut shortest: Vec<Option<(f64, usize, usize)>> = vec![None; outlines.len()];
        for (at, &a) in order.iter().enumerate() {
            hurry = hurry || (at % LOOK == 0 && stop());
            for &b in &order[at + 1..] {
                if roots[a] == roots[b] {
                    continue;
                }
                let known = |root: usize| shortest[root].map_or(f64::INFINITY, |best| best.0);
                let worth = known(roots[a]).max(known(roots[b]));
                if least(a, b) > worth {
                    continue;
                }
                let found = (gap(hurry, a, b), a.min(b), a.max(b));
                for root in [roots[a], roots[b]] {
                    let best = shortest[root].get_or_insert(found);
                    if found.0.total_cmp(&best.0).then((found.1, found.2).cmp(&(best.1, best.2))).is_lt() {
                        *best = found;
                    }
                }
            }
        }
        for &(_, a, b) in shortest.iter().flatten() {
            if parts.join(a, b) {
                edges.insert((a, b));
            }
        }
    }
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

/// Disjoint sets; the smaller number is the root.
struct Parts(Vec<usize>);

impl Parts {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }
    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }
    /// Joins; false where they were one already.
    fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
        a != b
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::site::Site;
    use crate::network::synthetic::{Grid, city};

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
    fn the_shortest_gaps_are_those_of_all_pairs() {
        let mut random = crate::search::Random::new(5);
        for count in [1, 2, 9, 40, 90] {
            let square = |x: f64, y: f64, side: f64| {
                let ring = vec![(x, y), (x + side, y + side / 3.0), (x + side, y + side), (x, y)];
                geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])])
            };
            let outlines: Vec<_> = (0..count)
                .map(|_| square(random.unit() * 4000.0, random.unit() * 4000.0, 50.0 + random.unit() * 300.0))
                .collect();
            let mut gaps = Vec::new();
            for a in 0..count {
                gaps.extend((a + 1..count).map(|b| (Euclidean.distance(&outlines[a], &outlines[b]), a, b)));
            }
            gaps.sort_by(|one, other| one.0.total_cmp(&other.0));
            let mut parts = Parts::new(count);
            let mut slow: Vec<(usize, usize)> = gaps
                .into_iter()
                .filter(|&(gap, a, b)| parts.join(a, b) || gap <= GAP_M)
                .map(|(_, a, b)| (a, b))
                .collect();
            slow.sort_unstable();
            assert_eq!(touching(&outlines, &Run::quiet(1)), slow);
        }
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
        let (groups, _) = blocks(&areas, &Run { watch: &stop, ..Run::quiet(1) });
        println!("{count} areas, stopped: {:?}", start.elapsed());
        assert!(start.elapsed().as_secs() < 20);
        assert_eq!(groups.len(), 4);
        assert_eq!(groups.iter().map(|group| group.members.len()).sum::<usize>(), count as usize);
    }
}
