//! Which stations are reached on foot from a stop? By the rules of the plan: the least walk over the station's exits.

use super::published::{Near, Station, Stop};
use crate::domain::coordinates::Point;
use crate::domain::units::{Metres, Seconds};
use crate::network::{Foothold, Network};
use crate::planning::model::{Footing, walking};
use crate::planning::project::{Place, Project};

/// Walk over beeline where there are no paths to measure along: about what walkers in cities go (O'Sullivan & Morrall 1996: 1.2 to 1.4).
const DETOUR: f64 = 1.3;

/// Pairs within the project's walk limit, ascending by stop, the nearest station first.
pub(super) fn near(project: &Project, stops: &[Stop], stations: &[Station]) -> Vec<Near> {
    if stops.is_empty() || stations.is_empty() {
        return Vec::new();
    }
    let places: Vec<Place> = stations.iter().map(|station| Place::Site(station.id.clone())).collect();
    let points: Vec<Point> = stops.iter().map(|stop| Point { lon: stop.lon, lat: stop.lat }).collect();
    let metres = if project.roads.is_empty() {
        let doors: Vec<Vec<Point>> = places.iter().map(|place| project.access_points(place)).collect();
        beelines(&points, &doors)
    } else {
        paths(project, &points, &places)
    };
    let mut near = Vec::new();
    for (stop, row) in stops.iter().zip(metres) {
        let mut reached: Vec<Near> = stations
            .iter()
            .zip(&places)
            .zip(row)
            .filter_map(|((station, place), metres)| {
                let metres = metres.filter(|metres| *metres <= project.policy.max_walk)?;
                Some(Near {
                    stop: stop.id.clone(),
                    station: station.id.clone(),
                    walk: walking(metres, false, &project.policy),
                    transfer: project.transfer(place),
                })
            })
            .collect();
        reached.sort_by_key(|near| near.walk);
        near.extend(reached);
    }
    near
}

fn beelines(points: &[Point], doors: &[Vec<Point>]) -> Vec<Vec<Option<Metres>>> {
    let least = |point: Point, doors: &[Point]| {
        doors.iter().map(|door| point.metres_to(*door) * DETOUR).min_by(f64::total_cmp).map(|metres| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a length on Earth, not negative"
            )]
            Metres(metres.ceil() as u32)
        })
    };
    points.iter().map(|point| doors.iter().map(|doors| least(*point, doors)).collect()).collect()
}

/// A row a stop, a cell a place.
fn paths(project: &Project, points: &[Point], places: &[Place]) -> Vec<Vec<Option<Metres>>> {
    let network = Network::new(&project.roads, &project.speeds());
    let footing = Footing::of(project, &network, places);
    let (rows, feet): (Vec<usize>, Vec<Foothold>) = points
        .iter()
        .enumerate()
        .filter_map(|(row, point)| Some((row, network.foothold(*point, project.policy.max_foothold)?)))
        .unzip();
    let mut metres = vec![vec![None; places.len()]; points.len()];
    let walks = footing.metres_to(&network, places.len(), &feet, Some(project.policy.max_walk));
    for (place, walks) in walks.into_iter().enumerate() {
        for (row, walk) in rows.iter().zip(walks) {
            metres[*row][place] = walk;
        }
    }
    metres
}

impl Near {
    /// From the stop to the platform.
    #[must_use]
    pub fn seconds(&self) -> Seconds {
        self.walk + self.transfer
    }
}
