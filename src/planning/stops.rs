//! Where could a shuttle stop? For each place the candidates within the walk limit, the nearest first.
//!
//! Candidates come from stops.csv: all of them in reach of somebody are kept, so that the bound holds over them all. Without it
//! they are found along the roads, and for each place the `PER_PLACE` nearest make the pool (the nearest stops take nearly all
//! riders: El-Geneidy et al. 2014); of too many, those worth most walks ([`spread`]). Time O(places x candidates).

mod spread;

use std::collections::BTreeSet;

use super::demand::Demand;
use super::model::{Footing, Model, StopPlace, wheelchair_places};
use super::project::{CandidateStop, Place, Project};
use crate::domain::finding::Finding;
use crate::domain::site::{Kerb, SiteKind};
use crate::domain::units::Metres;
use crate::network::profile::Band;
use crate::network::{BusStop, Candidate, Crossing, Foothold, Matrix, Network};

/// Nearest found candidates kept for each place (both kerbs of two or three spots).
const PER_PLACE: usize = 6;
/// Between found candidates on the same road and kerb, metres.
const SPACING: Metres = Metres(150);
/// Nearer than this to a crossing, a stop is at it, metres.
const AT_CROSSING_M: f64 = 40.0;
/// And up to here beside it, without a figure.
const BESIDE_CROSSING_M: f64 = 100.0;

/// Puts the candidates on the roads, keeps those in reach of somebody, and measures all walks and drives.
#[must_use]
pub fn choose(project: &Project, network: &Network, demand: Demand) -> (Model, Vec<Finding>) {
    let mut findings = Vec::new();
    let footing = Footing::of(project, network, &demand.places);
    let candidates = candidates(project, network, &demand);
    let mut stops = Vec::new();
    let mut footholds: Vec<Foothold> = Vec::new();
    for (candidate, found) in candidates {
        // A found one is on its road already: looked for again, it might be found on a parallel one.
        let on_road = found.or_else(|| network.bus_stop(candidate.point, candidate.kerb, project.policy.max_snap));
        let foothold = network.foothold(candidate.point, project.policy.max_foothold);
        match (on_road, foothold) {
            (Some(on_road), Some(foothold)) => {
                stops.push(StopPlace { candidate, on_road });
                footholds.push(foothold);
            }
            _ => findings.push(
                Finding::warning("stop-off-road")
                    .file("stops.csv")
                    .arg("stop", candidate.id.as_str())
                    .arg("metres", project.policy.max_snap.0),
            ),
        }
    }
    let farthest = demand.rides.iter().map(|ride| ride.max_walk).max().unwrap_or(Metres::ZERO);
    let wheelchairs = wheelchair_places(&demand.rides);
    let walk = footing.walks_to(network, demand.places.len(), &footholds, Some(farthest), &wheelchairs);
    let per_place = if project.stops.is_empty() { PER_PLACE } else { usize::MAX };
    // Who takes no steps may come to a stop that is too far for who does: they join the paths elsewhere.
    let mut keep = nearest(&walk.any, stops.len(), per_place);
    keep.extend(nearest(&walk.step_free, stops.len(), per_place));
    keep.sort_unstable();
    keep.dedup();
    if project.stops.is_empty() && project.policy.modes.commute && keep.len() > spread::MOST {
        let found = keep.len();
        keep = thinned(project, &demand, &stops, &walk.any, &keep);
        findings.push(Finding::note("stops-thinned").arg("found", found).arg("kept", keep.len()));
    }
    let stops: Vec<StopPlace> = keep.iter().map(|&s| stops[s].clone()).collect();
    let walk = walk.map(|rows| rows.iter().map(|row| keep.iter().map(|&s| row[s]).collect()).collect());
    let (drive, depot) = drives(project, network, &stops, &mut findings);
    let trains = project
        .services
        .iter()
        .map(|service| demand.places.iter().map(|place| project.trains_at(place, service)).collect())
        .collect();
    let minutes =
        project.periods.iter().flat_map(|period| period.from.0.div_ceil(60)..period.to.0.div_ceil(60)).collect();
    let model = Model {
        policy: project.policy.clone(),
        transfer: demand.places.iter().map(|place| project.transfer(place)).collect(),
        cohorts: demand.cohorts,
        rides: demand.rides,
        places: demand.places,
        stops,
        walk,
        trains,
        drive,
        depot,
        service_days: project.service_days(),
        minutes,
    };
    (model, findings)
}

/// Those of the stops found near homes that are worth it: the nearest to parks and stations, where all come together, and the best spots for the others.
fn thinned(
    project: &Project,
    demand: &Demand,
    stops: &[StopPlace],
    walk: &[Vec<Option<Metres>>],
    keep: &[usize],
) -> Vec<usize> {
    let points: Vec<_> = keep.iter().map(|&stop| stops[stop].candidate.point).collect();
    let columns = |row: &Vec<Option<Metres>>| keep.iter().map(|&stop| row[stop]).collect();
    let walk: Vec<Vec<Option<Metres>>> = walk.iter().map(columns).collect();
    let mut people = vec![0.0; demand.places.len()];
    for ride in &demand.rides {
        for place in [ride.origin, ride.destination] {
            people[place.index()] += ride.people.as_f64();
        }
    }
    let meeting = |place: &Place| match place {
        Place::Site(id) => project.site(id).is_some_and(|site| !matches!(site.kind, SiteKind::Area)),
        Place::Point(_) => false,
    };
    let shared = demand.places.iter().zip(&walk).filter(|(place, _)| meeting(place)).map(|(_, row)| row.clone());
    let wanted = nearest(&shared.collect::<Vec<_>>(), keep.len(), PER_PLACE);
    spread::choose(&points, &walk, &people, wanted).into_iter().map(|at| keep[at]).collect()
}

/// What is offered or found; of what is found, also where it is on the road.
fn candidates(project: &Project, network: &Network, demand: &Demand) -> Vec<(CandidateStop, Option<BusStop>)> {
    if !project.stops.is_empty() {
        return project.stops.iter().map(|stop| (stop.clone(), None)).collect();
    }
    let mut near = Vec::new();
    let mut names = Vec::new();
    for place in &demand.places {
        for point in project.access_points(place) {
            near.push(point);
            names.push(place_name(project, place));
        }
    }
    network
        .candidates_near(&near, project.policy.max_walk, SPACING)
        .into_iter()
        .map(|found| {
            let (name, name_en) = stop_name(&found, names[found.nearest].as_ref());
            let stop = CandidateStop {
                id: found_id(project, &found.stop),
                name,
                name_en: Some(name_en),
                point: found.point,
                site: None,
                kerb: Kerb::Right,
                // Unknown kerbs are not promised to wheelchairs.
                step_free: false,
            };
            (stop, Some(found.stop))
        })
        .collect()
}

/// Made of where it is, so that it is the same stop in the next plan. From one crossing buses go both ways along a road: against the way's own direction
/// is another stop.
fn found_id(project: &Project, stop: &BusStop) -> String {
    let ways = project.roads.ways();
    let way = ways.binary_search_by_key(&stop.way, |way| way.id).ok().map(|at| &ways[at]);
    let along = way.is_none_or(|way| way.nodes.windows(2).any(|pair| pair == stop.between));
    let against = if along { "" } else { "r" };
    format!("w{}-{}-{}{against}", stop.way, stop.between[0], stop.offset_m.round())
}

/// Chinese and English name of a found stop: the site people know, and in brackets the spot, as an address says it
/// ("洛川路骊山路口"). Near no site, the spot alone.
fn stop_name(found: &Candidate, site: Option<&(String, String)>) -> (String, String) {
    let (zh, en) = spot(found);
    let name = match site {
        Some((name, _)) if zh.is_empty() => format!("{name}附近"),
        Some((name, _)) => format!("{name}（{zh}）"),
        None if zh.is_empty() => "居民点附近".to_owned(),
        None => zh,
    };
    let name_en = match site {
        Some((_, name)) if en.is_empty() => format!("near {name}"),
        Some((_, name)) => format!("{name} ({en})"),
        None if en.is_empty() => "near homes".to_owned(),
        None => en,
    };
    (name, name_en)
}

/// Where on which road; "" where the road has no name.
fn spot(found: &Candidate) -> (String, String) {
    let side = found.crossing.as_ref().map(|crossing| (crossing, side(crossing)));
    let zh = match &side {
        Some((crossing, side)) if !found.road.is_empty() => format!("{}{}{}", found.road, crossing.road, side.0),
        _ => found.road.clone(),
    };
    let en = match &side {
        Some((crossing, side)) if !found.road_en.is_empty() && !crossing.road_en.is_empty() => {
            format!("{}, {} {}", found.road_en, side.1, crossing.road_en)
        }
        _ => found.road_en.clone(),
    };
    (zh, en)
}

/// On which side of a crossing a stop lies, in the words of addresses; how far, where that is more than a few steps.
fn side(crossing: &Crossing) -> (String, String) {
    let (east, north) = (crossing.east, crossing.north);
    let metres = east.hypot(north);
    if metres <= AT_CROSSING_M {
        return ("口".to_owned(), "at".to_owned());
    }
    let (zh, en) = match (east.abs() >= north.abs(), east > 0.0, north > 0.0) {
        (true, true, _) => ("以东", "east of"),
        (true, false, _) => ("以西", "west of"),
        (false, _, true) => ("以北", "north of"),
        (false, _, false) => ("以南", "south of"),
    };
    if metres <= BESIDE_CROSSING_M {
        return (zh.to_owned(), en.to_owned());
    }
    // To 50 m, a third of the spacing: no two stops of one road and direction have one name.
    let metres = (metres / 50.0).round() * 50.0;
    (format!("{zh}{metres}米"), format!("{metres} m {en}"))
}

/// What a place is called in the name of a stop nearby; a doorstep has no name.
fn place_name(project: &Project, place: &Place) -> Option<(String, String)> {
    let Place::Site(id) = place else { return None };
    let site = project.site(id)?;
    Some((site.name.clone(), site.name_en.clone().unwrap_or_else(|| site.name.clone())))
}

/// For each place the nearest stops, ascending by number.
fn nearest(walk: &[Vec<Option<Metres>>], stops: usize, per_place: usize) -> Vec<usize> {
    let mut keep = BTreeSet::new();
    for row in walk {
        let mut near: Vec<(Metres, usize)> = (0..stops).filter_map(|s| row[s].map(|metres| (metres, s))).collect();
        near.sort_unstable();
        keep.extend(near.into_iter().take(per_place).map(|(_, s)| s));
    }
    keep.into_iter().collect()
}

/// Matrices between the stops and, after them, the depots; and where each vehicle type's depot stands in them.
fn drives(
    project: &Project,
    network: &Network,
    stops: &[StopPlace],
    findings: &mut Vec<Finding>,
) -> ([Matrix; 3], Vec<Option<usize>>) {
    let mut on_road: Vec<_> = stops.iter().map(|stop| stop.on_road.clone()).collect();
    let mut known: Vec<(String, Option<usize>)> = Vec::new();
    let mut depot = Vec::new();
    for kind in &project.fleet {
        if let Some((_, position)) = known.iter().find(|(id, _)| *id == kind.depot) {
            depot.push(*position);
            continue;
        }
        let site = project.site(&kind.depot);
        let placed = site.and_then(|site| network.bus_stop(site.point, Kerb::Either, project.policy.max_foothold));
        let position = placed.map(|stop| {
            on_road.push(stop);
            on_road.len() - 1
        });
        if position.is_none() {
            findings.push(
                Finding::warning("depot-off-road").file("fleet.csv").column("depot").arg("depot", kind.depot.as_str()),
            );
        }
        known.push((kind.depot.clone(), position));
        depot.push(position);
    }
    (Band::ALL.map(|band| network.bus_matrix(&on_road, band)), depot)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coordinates::Point;

    fn found(road: [&str; 2], crossing: Option<([&str; 2], f64, f64)>) -> Candidate {
        Candidate {
            stop: BusStop { way: 1, between: [1, 2], offset_m: 0.0, side: Kerb::Right, snap_m: 0.0 },
            point: Point::default(),
            walk: Metres(10),
            nearest: 0,
            road: road[0].to_owned(),
            road_en: road[1].to_owned(),
            crossing: crossing.map(|([road, road_en], east, north)| Crossing {
                road: road.to_owned(),
                road_en: road_en.to_owned(),
                east,
                north,
            }),
        }
    }

    #[test]
    fn both_ways_from_a_crossing_are_two_stops() {
        use crate::network::synthetic::{Grid, city};
        // Way 1 is the southernmost street, driven through the crossings 1, 2, 3 …
        let project = Project { roads: city(&Grid::default()).into(), ..Project::default() };
        let id = |to| {
            let stop = BusStop { way: 1, between: [2, to], offset_m: 11.2, side: Kerb::Right, snap_m: 0.0 };
            found_id(&project, &stop)
        };
        assert_eq!([id(3), id(1)], ["w1-2-11", "w1-2-11r"]);
    }

    #[test]
    fn found_stops_are_named_as_people_would() {
        let park = ("灵石园".to_owned(), "Lingshi Park".to_owned());
        let (luochuan, lishan) = (["洛川路", "Luochuan Road"], ["骊山路", "Lishan Road"]);
        let name = |found: Candidate, site| {
            let (zh, en) = stop_name(&found, site);
            format!("{zh} | {en}")
        };
        let corner = || found(luochuan, Some((lishan, 20.0, -10.0)));
        assert_eq!(
            name(corner(), Some(&park)),
            "灵石园（洛川路骊山路口） | Lingshi Park (Luochuan Road, at Lishan Road)"
        );
        assert_eq!(name(corner(), None), "洛川路骊山路口 | Luochuan Road, at Lishan Road");
        let east = found(luochuan, Some((lishan, 90.0, -40.0)));
        assert_eq!(name(east, None), "洛川路骊山路以东 | Luochuan Road, east of Lishan Road");
        let farther = found(luochuan, Some((lishan, -160.0, 60.0)));
        assert_eq!(name(farther, None), "洛川路骊山路以西150米 | Luochuan Road, 150 m west of Lishan Road");
        let north = found(luochuan, Some((lishan, -30.0, 60.0)));
        assert_eq!(name(north, None), "洛川路骊山路以北 | Luochuan Road, north of Lishan Road");
        assert_eq!(name(found(luochuan, None), Some(&park)), "灵石园（洛川路） | Lingshi Park (Luochuan Road)");
        assert_eq!(name(found(["", ""], None), Some(&park)), "灵石园附近 | near Lingshi Park");
        assert_eq!(name(found(["", ""], None), None), "居民点附近 | near homes");
        // Half of the English names is no English name.
        assert_eq!(name(found(luochuan, Some((["骊山路", ""], 0.0, 0.0))), None), "洛川路骊山路口 | Luochuan Road");
    }
}
