//! Is a file in another coordinate system than project.toml says? A mix shifts one file by 300 to 1,300 m against the
//! others, all of it the same way.
//!
//! Hypotheses: the file as declared; the file in each of the other systems; the drawn roads in another one. Under each,
//! how near are its points to what they should be near: gates, exits, stations, stops and gates of lots to a path;
//! survey points and couriers to a site (people give a station's position, their compound's, their park's); homes of
//! parking requests to their own area? Nearness is scored as a log-likelihood ratio (near it, or anywhere). A
//! hypothesis must beat what is declared, and also stand out from the same shift in [`DECOYS`] other directions: so
//! neither dense streets nor points that are near nothing raise an alarm. Points of one spot count once; fewer than
//! [`LEAST`] spots say nothing.
//!
//! Limits: a file of homes only that are near no site is not found out, and couriers seldom are: a street is never far. Outside
//! China the systems are the same.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::places::Places;
use super::{Folder, columns, sites};
use crate::domain::coordinates::{CoordinateSystem, Local, Point};
use crate::domain::finding::Finding;
use crate::domain::site::{Site, SiteKind};
use crate::network::metres_to_paths;
use crate::planning::project::{Place, Project};

/// Points in one square of this side, metres, are one spot.
const SPOT_M: f64 = 150.0;
/// So few spots may be anywhere.
const LEAST: usize = 8;
/// Spots looked at in one file, spread evenly over it.
const MOST: usize = 250;
/// Sites that points are compared with.
const MOST_SITES: usize = 2_000;
/// Directions a shift is tried in for comparison.
const DECOYS: usize = 24;
/// A hypothesis must be so much likelier than what is declared (a thousand times) …
const BETTER: f64 = 7.0;
/// … than the best shift in another direction (twenty times) …
const BETTER_THAN_DECOY: f64 = 3.0;
/// … and so many standard deviations above all of them.
const SIGMAS: f64 = 4.0;
/// Two systems differ by more than this, or not at all.
const SHIFT_M: f64 = 50.0;

const SYSTEMS: [CoordinateSystem; 3] = [CoordinateSystem::Wgs84, CoordinateSystem::Gcj02, CoordinateSystem::Bd09];

/// What was really meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meant {
    /// The file is in this system.
    File(CoordinateSystem),
    /// The drawn roads are in this system, the file as declared.
    Roads(CoordinateSystem),
}

impl Meant {
    /// Where the point would be, seen from the roads as they were read.
    fn moved(self, point: Point, declared: CoordinateSystem) -> Point {
        match self {
            Self::File(system) => system.to_wgs84(declared.from_wgs84(point)),
            Self::Roads(system) => declared.to_wgs84(system.from_wgs84(point)),
        }
    }
}

/// What the points of a file should be near to.
#[derive(Clone, Copy)]
enum Near<'a> {
    Paths(&'a dyn Fn(&[Point]) -> Vec<f64>),
    /// Any of these.
    Sites(&'a [Point]),
    /// Each its own.
    Own(&'a [Point]),
}

impl Near<'_> {
    /// Usual distance, metres; four times as much is anywhere.
    fn scale(self) -> f64 {
        match self {
            Self::Paths(_) => 12.0,
            Self::Sites(_) => 50.0,
            Self::Own(_) => 120.0,
        }
    }
    /// Metres from each point; `lists` many lists one after the other.
    fn metres(self, points: &[Point]) -> Vec<f64> {
        match self {
            Self::Paths(ask) => ask(points),
            Self::Sites(sites) => {
                let local = Local::new(sites.first().copied().unwrap_or_default());
                let sites: Vec<[f64; 2]> = sites.iter().map(|site| local.project(*site)).collect();
                let least = |at: [f64; 2]| {
                    sites.iter().map(|site| (site[0] - at[0]).hypot(site[1] - at[1])).fold(f64::INFINITY, f64::min)
                };
                points.iter().map(|point| least(local.project(*point))).collect()
            }
            Self::Own(own) => points.iter().zip(own.iter().cycle()).map(|(point, own)| point.metres_to(*own)).collect(),
        }
    }
    /// How much likelier the distances are if the points belong there than if they are anywhere, as a logarithm.
    fn score(self, metres: &[f64]) -> f64 {
        let rate = 0.75 / self.scale();
        metres.iter().map(|metres| libm::log(0.15 + 0.85 * 4.0 * libm::exp(-metres * rate))).sum()
    }
}

/// The outcome for one file.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Verdict {
    meant: Meant,
    /// As declared the points lie so far aside, metres.
    metres: f64,
    /// Spots compared.
    spots: usize,
}

/// Judges points as read; `None`: as declared, or nothing can be said. `first` are their distances under the
/// hypotheses, list by list, where they are known already.
fn judge(
    points: &[Point],
    declared: CoordinateSystem,
    others: &[Meant],
    near: Near<'_>,
    first: Option<&[f64]>,
) -> Option<Verdict> {
    if points.len() < LEAST || others.is_empty() {
        return None;
    }
    let asked;
    let metres = match first {
        Some(first) => first,
        None => {
            asked = near.metres(&hypotheses(points, declared, others));
            asked.as_slice()
        }
    };
    let mut scores = metres.chunks(points.len()).map(|list| near.score(list));
    let as_declared = scores.next()?;
    let (meant, score) =
        others.iter().zip(scores).fold(None, |best: Option<(Meant, f64)>, (meant, score)| match best {
            Some((_, least)) if score <= least => best,
            _ => Some((*meant, score)),
        })?;
    if score < as_declared + BETTER {
        return None;
    }
    let mut shifts: Vec<f64> = points.iter().map(|point| point.metres_to(meant.moved(*point, declared))).collect();
    shifts.sort_by(f64::total_cmp);
    let shift = shifts[shifts.len() / 2];
    if shift < SHIFT_M {
        return None;
    }
    let mut turned = Vec::with_capacity(points.len() * DECOYS);
    for decoy in 1..=DECOYS {
        let angle = std::f64::consts::TAU * decoy as f64 / (DECOYS + 1) as f64;
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        turned.extend(points.iter().map(|point| {
            let local = Local::new(*point);
            let [x, y] = local.project(meant.moved(*point, declared));
            local.unproject([cos * x - sin * y, sin * x + cos * y])
        }));
    }
    let decoys: Vec<f64> = near.metres(&turned).chunks(points.len()).map(|list| near.score(list)).collect();
    let mean = decoys.iter().sum::<f64>() / DECOYS as f64;
    let variance = decoys.iter().map(|decoy| (decoy - mean) * (decoy - mean)).sum::<f64>() / DECOYS as f64;
    let best = decoys.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let stands_out = score >= best + BETTER_THAN_DECOY && score >= mean + SIGMAS * variance.sqrt();
    stands_out.then_some(Verdict { meant, metres: shift, spots: points.len() })
}

/// The points as declared, then under each hypothesis.
fn hypotheses(points: &[Point], declared: CoordinateSystem, others: &[Meant]) -> Vec<Point> {
    let moved = others.iter().flat_map(|meant| points.iter().map(|point| meant.moved(*point, declared)));
    points.iter().copied().chain(moved).collect()
}

/// One point a spot, at most [`MOST`]; and with each what goes with it.
fn spots<T: Clone>(points: impl Iterator<Item = (Point, T)>) -> Vec<(Point, T)> {
    let mut local = None;
    let mut taken = BTreeSet::new();
    let mut kept: Vec<(Point, T)> = Vec::new();
    for (point, with) in points {
        let at = local.get_or_insert_with(|| Local::new(point)).project(point);
        #[expect(clippy::cast_possible_truncation, reason = "a float saturates when cast")]
        let cell = at.map(|metres| (metres / SPOT_M).floor() as i32);
        if taken.insert(cell) {
            kept.push((point, with));
        }
    }
    thinned(&kept, MOST)
}

/// At most so many, spread evenly.
fn thinned<T: Clone>(all: &[T], most: usize) -> Vec<T> {
    if all.len() <= most {
        return all.to_vec();
    }
    (0..most).map(|at| all[at * all.len() / most].clone()).collect()
}

/// Looks at every file with points, once all are read; and at sites that are off the paths, as both ask the roads.
pub(super) fn check(
    folder: &Folder<'_>,
    project: &Project,
    places: &Places,
    declared: CoordinateSystem,
    findings: &mut Findings,
) {
    let mut others: Vec<Meant> = SYSTEMS.into_iter().filter(|s| *s != declared).map(Meant::File).collect();
    let drawn = folder.has("roads.geojson") && !folder.has("roads.osm.pbf");
    let files = others.len();
    if drawn {
        others.extend(SYSTEMS.into_iter().filter(|system| *system != declared).map(Meant::Roads));
    }

    let on_paths = [
        (places.file.clone(), on_the_road(&project.sites)),
        (folder.named(&columns::STOPS), plain(project.stops.iter().map(|stop| stop.point))),
        (folder.named(&columns::LOTS), plain(project.lots.iter().filter_map(|lot| lot.gate))),
    ];
    let mut verdicts: Vec<(String, Option<Verdict>)> = Vec::new();
    if !project.roads.is_empty() {
        // One question for all: to make the paths ready takes longer than to ask.
        let mut asked: Vec<Point> = project.sites.iter().map(|site| site.point).collect();
        let mut starts = Vec::new();
        for (_, points) in &on_paths {
            starts.push(asked.len());
            asked.extend(if points.len() < LEAST { Vec::new() } else { hypotheses(points, declared, &others) });
        }
        let metres = metres_to_paths(&project.roads, &asked);
        sites::off_the_paths(&project.sites, places, &metres, project.policy.max_foothold, findings);
        let known: Vec<f64> = metres.iter().map(|metres| metres.unwrap_or(f64::INFINITY)).collect();
        let ask = |points: &[Point]| -> Vec<f64> {
            metres_to_paths(&project.roads, points).into_iter().map(|m| m.unwrap_or(f64::INFINITY)).collect()
        };
        for ((file, points), start) in on_paths.iter().zip(&starts) {
            let end = start + points.len() * (others.len() + 1);
            let verdict = known
                .get(*start..end)
                .and_then(|known| judge(points, declared, &others, Near::Paths(&ask), Some(known)));
            if points.len() >= LEAST {
                verdicts.push((file.clone(), verdict));
            }
        }
    }

    // Sites that were found out are put right before others are compared with them.
    let of_sites = verdicts.iter().find(|(file, _)| *file == places.file).and_then(|(_, verdict)| *verdict);
    let right = |point: Point| match of_sites {
        Some(Verdict { meant: meant @ Meant::File(_), .. }) => meant.moved(point, declared),
        _ => point,
    };
    let sites: Vec<Point> = project.sites.iter().map(|site| right(site.point)).collect();
    let reference = thinned(&sites, MOST_SITES);
    let ends = project.journeys.iter().flat_map(|journey| [&journey.origin, &journey.destination]);
    let survey = plain(ends.filter_map(|place| match place {
        Place::Point(point) => Some(*point),
        Place::Site(_) => None,
    }));
    let couriers = plain(project.couriers.iter().map(|count| count.point));
    for (sheet, points) in [(&columns::SURVEY, survey), (&columns::COURIERS, couriers)] {
        if points.len() >= LEAST && reference.len() >= 3 {
            let verdict = judge(&points, declared, &others[..files], Near::Sites(&reference), None);
            verdicts.push((folder.named(sheet), verdict));
        }
    }
    let homes = project.requests.iter().filter_map(|request| match &request.home {
        Place::Point(point) => {
            let area = places.names.id(request.area.as_deref()?)?;
            Some((*point, *sites.get(area)?))
        }
        Place::Site(_) => None,
    });
    let (homes, areas): (Vec<Point>, Vec<Point>) = spots(homes).into_iter().unzip();
    if homes.len() >= LEAST {
        let verdict = judge(&homes, declared, &others[..files], Near::Own(&areas), None);
        verdicts.push((folder.named(&columns::PARKING), verdict));
    }
    say(&verdicts, declared, drawn, findings);
}

/// One finding a file; the drawn roads are named once.
fn say(verdicts: &[(String, Option<Verdict>)], declared: CoordinateSystem, drawn: bool, findings: &mut Findings) {
    let agreed = |one: Meant| verdicts.iter().all(|(_, verdict)| verdict.is_some_and(|verdict| verdict.meant == one));
    let mut roads_named = false;
    for (file, verdict) in verdicts {
        let Some(Verdict { meant, metres, spots }) = *verdict else { continue };
        let (system, finding) = match meant {
            Meant::File(system) => (system, Finding::warning("coordinates-mixed").file(file)),
            Meant::Roads(_) if roads_named => continue,
            Meant::Roads(system) => {
                roads_named = true;
                (system, Finding::warning("coordinates-mixed-roads").file("roads.geojson"))
            }
        };
        // Drawn roads follow the declared system too: to declare another would move them as well.
        let fix = if agreed(meant) && !drawn { "declare" } else { "convert" };
        let finding = finding.arg("system", word(system)).arg("declared", word(declared)).arg("fix", fix);
        findings.push(finding.arg("metres", (metres / 10.0).round() * 10.0).arg("points", spots));
    }
}

/// As project.toml has it.
fn word(system: CoordinateSystem) -> &'static str {
    match system {
        CoordinateSystem::Wgs84 => "wgs84",
        CoordinateSystem::Gcj02 => "gcj02",
        CoordinateSystem::Bd09 => "bd09",
    }
}

fn plain(points: impl Iterator<Item = Point>) -> Vec<Point> {
    spots(points.map(|point| (point, ()))).into_iter().map(|(point, ())| point).collect()
}

/// Of the sites, those that are on a road or path.
fn on_the_road(sites: &[Site]) -> Vec<Point> {
    let kinds = [SiteKind::Gate, SiteKind::Exit, SiteKind::Station];
    plain(sites.iter().filter(|site| kinds.contains(&site.kind)).map(|site| site.point))
}
