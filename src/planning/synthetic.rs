//! Whole invented projects, for tests and benchmarks: a grid city, parks some way from the metro, a survey, trains, a fleet.
//!
//! Every seed is another project: where parks and stations lie, how wide the streets are apart and which way they go, how many
//! people answered and what they wish, what there is to drive with and how much money. The numbers are of the order of the
//! demonstration project's; in most of them a shuttle pays. The same seed and size make the same project.

use std::sync::Arc;

use super::plan::TimeKind;
use super::project::{
    AlternativeMode, Budget, CandidateStop, Firm, Journey, Place, Policy, Project, TrainTimes, Upkeep, VehicleType,
};
use crate::domain::calendar::{Days, Holidays, Period, Service, Week};
use crate::domain::coordinates::{Local, Point};
use crate::domain::site::{Kerb, Site, SiteKind};
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::network::roads::{Roads, Way};
use crate::network::synthetic::{Grid, city};
use crate::search::Random;

/// South-west corner of every invented city.
const CORNER: Point = Point { lon: 121.44, lat: 31.26 };
/// Stops and gates stand so far from the middle of the street, metres.
const KERB_M: f64 = 6.0;
/// A park is at least so far from the stations its people come by: nearer ones walk.
const NEAREST_PARK_M: f64 = 1_500.0;
/// And no farther than this from the nearest.
const FARTHEST_PARK_M: f64 = 3_000.0;

/// How large the project is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Parks, each with one to three gates.
    pub parks: u32,
    /// Metro stations.
    pub stations: u32,
    /// Journeys in the survey; the way in and the way back are two.
    pub journeys: u32,
    /// People a day these stand for.
    pub people: u32,
    /// Candidate stops.
    pub stops: u32,
    /// The city is a square with sides of about so many metres.
    pub side_m: u32,
    /// At most so many vehicles, of one type or two.
    pub vehicles: u32,
}

impl Default for Size {
    /// About the demonstration project.
    fn default() -> Self {
        Self { parks: 3, stations: 2, journeys: 460, people: 460, stops: 14, side_m: 3_000, vehicles: 4 }
    }
}

impl Size {
    /// A district of so many parks, with all else in proportion.
    #[must_use]
    pub fn district(parks: u32) -> Self {
        let parks = parks.max(1);
        Self {
            parks,
            stations: parks.div_ceil(3).max(2),
            journeys: 120 * parks,
            people: 150 * parks,
            stops: 4 * parks,
            // 1.3 km x 1.3 km for a park: as dense as the small one.
            side_m: (f64::from(parks).sqrt() * 1_300.0).max(3_000.0) as u32,
            vehicles: parks.max(4),
        }
    }
}

/// The project of a seed: half of the small figures vary with it, none is above what the size says.
#[must_use]
pub fn project(seed: u64, size: &Size) -> Project {
    let mut random = Random::new(seed ^ 0x6a69_6562_6f00_0000);
    let spacing = 200.0 + 25.0 * random.below(5) as f64;
    let streets = (f64::from(size.side_m) / spacing).round().max(4.0) as u32 + 1;
    let grid = Grid {
        corner: CORNER,
        rows: streets,
        columns: streets,
        spacing_m: spacing,
        one_way: random.below(3) > 0,
        jitter: 0.25 * random.unit(),
        seed: random.next_u64(),
    };
    let town = Town { roads: city(&grid), local: Local::new(CORNER), streets };
    let (sites, homes) = places(&town, size, &mut random);
    let firms = firms(&sites, &mut random);
    let journeys = survey(&sites, &firms, &homes, &town, size, &mut random);
    let stops = stops(&town, &sites, size, &mut random);
    let trains = trains(&sites, &mut random);
    let fleet = fleet(size, &mut random);
    let hire: i64 = fleet.iter().map(|kind| kind.cost_per_day.0 * i64::from(kind.count)).sum();
    let per_day = (random.below(2) == 0).then(|| Fen(hire.max(120_000) * (70 + random.below(40) as i64) / 100));
    let holidays = Holidays::default();
    let (from, until) = (jiff::civil::date(2026, 11, 2), jiff::civil::date(2027, 10, 29));
    Project {
        name: format!("synthetic-{seed}"),
        name_zh: Some(format!("虚构项目{seed}")),
        timezone: "Asia/Shanghai".to_owned(),
        inputs_hash: format!("{:016x}", random.next_u64()),
        services: vec![Service::new("weekday", &Days::Weekly(Week::WORKING), from, until, &holidays)],
        holidays,
        periods: periods(),
        policy: Policy { peak_speed: 750 + 50 * random.below(5) as u32, ..Policy::default() },
        budget: Budget { per_day, per_month: None },
        alternatives: alternatives(),
        upkeep: Upkeep { max_lines: Some(6.max(2 * size.parks)), ..Upkeep::default() },
        sites,
        firms,
        stops,
        journeys,
        fleet,
        trains,
        roads: Arc::new(town.roads),
        ..Project::default()
    }
}

/// The streets, with what is needed to stand beside one.
struct Town {
    roads: Roads,
    local: Local,
    /// In either direction.
    streets: u32,
}

impl Town {
    /// Metres east and north of a crossing.
    fn crossing(&self, row: u32, column: u32) -> [f64; 2] {
        let id = 1 + i64::from(row) * i64::from(self.streets) + i64::from(column);
        self.roads.node(id).map_or([0.0; 2], |node| self.local.project(node.point))
    }

    /// A spot at the kerb of some street within a block of these metres; on the right of the way vehicles drive there.
    fn kerb(&self, near: [f64; 2], random: &mut Random) -> [f64; 2] {
        let mut best: Option<(f64, [f64; 2])> = None;
        for way in self.roads.ways() {
            for pair in way.nodes.windows(2) {
                let [Some(a), Some(b)] = [pair[0], pair[1]].map(|id| self.roads.node(id)) else { continue };
                let (a, b) = (self.local.project(a.point), self.local.project(b.point));
                let middle = [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])];
                // A little noise, so that not every gate is at the same street of its block.
                let off = apart(middle, near) * (1.0 + 0.5 * random.unit());
                if best.is_none_or(|(least, _)| off < least) {
                    let share = 0.25 + 0.5 * random.unit();
                    best = Some((off, beside(way, a, b, share, random)));
                }
            }
        }
        best.map_or(near, |(_, spot)| spot)
    }

    /// Somewhere in the city.
    fn anywhere(&self, random: &mut Random) -> [f64; 2] {
        let inner = |random: &mut Random| 1 + random.below(self.streets as usize - 2) as u32;
        let (row, column) = (inner(random), inner(random));
        self.crossing(row, column)
    }

    fn point(&self, at: [f64; 2]) -> Point {
        // As a file would give it.
        let point = self.local.unproject(at);
        let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
        Point { lon: rounded(point.lon), lat: rounded(point.lat) }
    }
}

/// At the right kerb of a stretch of road, in a direction it may be driven.
fn beside(way: &Way, a: [f64; 2], b: [f64; 2], share: f64, random: &mut Random) -> [f64; 2] {
    let [along, against] = way.bus();
    let (a, b) = if !along || (against && random.below(2) == 0) { (b, a) } else { (a, b) };
    let length = apart(a, b).max(1.0);
    let (east, north) = ((b[0] - a[0]) / length, (b[1] - a[1]) / length);
    [a[0] + share * (b[0] - a[0]) + KERB_M * north, a[1] + share * (b[1] - a[1]) - KERB_M * east]
}

fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// Stations with exits, parks with gates, a depot; and the middles of some residential streets.
fn places(town: &Town, size: &Size, random: &mut Random) -> (Vec<Site>, Vec<Point>) {
    let mut sites = Vec::new();
    let mut stations: Vec<[f64; 2]> = Vec::new();
    let count = if size.stations == 2 { 1 + random.below(2) as u32 } else { size.stations.max(1) };
    for number in 1..=count {
        // Of a few spots the one farthest from the other stations.
        let spots: Vec<[f64; 2]> = (0..6).map(|_| town.anywhere(random)).collect();
        let least = |spot: &[f64; 2]| stations.iter().map(|other| apart(*spot, *other)).fold(f64::INFINITY, f64::min);
        let Some(spot) = spots.iter().copied().max_by(|a, b| least(a).total_cmp(&least(b))) else { continue };
        let id = format!("metro-{number}");
        sites.push(site(&id, &format!("地铁{number}站"), SiteKind::Station, town.point(spot), None));
        for exit in 1..=1 + random.below(3) {
            let at = town.kerb([spot[0] + 60.0 * exit as f64, spot[1] - 40.0 * exit as f64], random);
            let name = format!("地铁{number}站{exit}号口");
            sites.push(site(&format!("{id}-exit-{exit}"), &name, SiteKind::Exit, town.point(at), Some(&id)));
        }
        stations.push(spot);
    }
    let count = if size.parks == 3 { 2 + random.below(2) as u32 } else { size.parks.max(1) };
    for number in 1..=count {
        let id = format!("park-{number}");
        let spot = park_spot(town, &stations, random);
        sites.push(site(&id, &format!("{number}号园区"), SiteKind::Park, town.point(spot), None));
        for gate in 1..=1 + random.below(3) {
            let around = [spot[0] + 150.0 * (random.unit() - 0.5), spot[1] + 150.0 * (random.unit() - 0.5)];
            let at = town.kerb(around, random);
            let name = format!("{number}号园区{gate}号门");
            sites.push(site(&format!("{id}-gate-{gate}"), &name, SiteKind::Gate, town.point(at), Some(&id)));
        }
    }
    let depot = town.kerb(town.anywhere(random), random);
    sites.push(site("depot", "停车场", SiteKind::Depot, town.point(depot), None));
    let homes = (0..4 + 2 * count).map(|_| town.kerb(town.anywhere(random), random)).map(|at| town.point(at)).collect();
    (sites, homes)
}

/// A spot whose nearest station is neither next door nor out of the question.
fn park_spot(town: &Town, stations: &[[f64; 2]], random: &mut Random) -> [f64; 2] {
    let mut spot = town.anywhere(random);
    for _ in 0..200 {
        let nearest = stations.iter().map(|station| apart(*station, spot)).fold(f64::INFINITY, f64::min);
        if (NEAREST_PARK_M..=FARTHEST_PARK_M).contains(&nearest) {
            break;
        }
        spot = town.anywhere(random);
    }
    spot
}

fn site(id: &str, name: &str, kind: SiteKind, point: Point, parent: Option<&str>) -> Site {
    Site {
        id: id.to_owned(),
        name: name.to_owned(),
        name_en: Some(id.to_owned()),
        kind,
        point,
        parent: parent.map(str::to_owned),
        people: None,
    }
}

fn firms(sites: &[Site], random: &mut Random) -> Vec<Firm> {
    let mut firms = Vec::new();
    for park in sites.iter().filter(|site| site.kind == SiteKind::Park) {
        for number in 1..=3 + random.below(6) {
            firms.push(Firm {
                id: format!("{}-firm-{number}", park.id),
                name: format!("{}{number}号公司", park.name),
                site: park.id.clone(),
                people: People::whole(20 + random.below(80) as u32),
            });
        }
    }
    firms
}

/// One of a list; the first of an empty one is nobody's.
fn pick<'a, T>(list: &'a [T], random: &mut Random) -> Option<&'a T> {
    if list.is_empty() { None } else { list.get(random.below(list.len())) }
}

fn survey(
    sites: &[Site],
    firms: &[Firm],
    homes: &[Point],
    town: &Town,
    size: &Size,
    random: &mut Random,
) -> Vec<Journey> {
    let parks: Vec<&Site> = sites.iter().filter(|site| site.kind == SiteKind::Park).collect();
    let stations: Vec<&Site> = sites.iter().filter(|site| site.kind == SiteKind::Station).collect();
    // Half to all of what the size says.
    let answers = (u64::from(size.journeys) * (65 + random.below(70) as u64) / 200).max(2);
    let people = u64::from(size.people) * (75 + random.below(55) as u64) / 100;
    let mut journeys = Vec::new();
    for response in (0_u32..).take(usize::try_from(answers).unwrap_or(usize::MAX)) {
        let Some(park) = pick(&parks, random) else { break };
        let own: Vec<&Firm> = firms.iter().filter(|firm| firm.site == park.id).collect();
        let firm = pick(&own, random).map(|firm| firm.id.clone());
        let place = town.local.project(park.point);
        let nearest = stations
            .iter()
            .copied()
            .min_by(|a, b| {
                let far = |site: &Site| apart(town.local.project(site.point), place);
                far(a).total_cmp(&far(b))
            })
            .filter(|_| random.below(10) < 8);
        // Most come by the nearest station, some by another, some from home.
        let origin = match nearest.or_else(|| pick(&stations, random).copied()) {
            Some(station) if random.below(100) < 88 => Place::Site(station.id.clone()),
            _ => match pick(homes, random) {
                Some(home) => Place::Point(*home),
                None => break,
            },
        };
        let destination = Place::Site(park.id.clone());
        let days = match random.below(5) {
            0 => Week::span(random.below(3), 2 + random.below(3)),
            _ => Week::WORKING,
        };
        let journey = Journey {
            response,
            firm,
            origin: origin.clone(),
            destination: destination.clone(),
            time: ServiceTime::hm(8, 0) + Seconds(1800 * wish(4, random)),
            time_kind: TimeKind::ArriveBy,
            days: Days::Weekly(days),
            max_walk: [None, None, None, None, Some(Metres(300)), Some(Metres(800))][random.below(6)],
            max_wait: [None, None, None, None, None, Some(Seconds(600))][random.below(6)],
            use_milli: [1000, 800, 500][random.below(3)],
            both_ways: false,
            weight: People(0),
            now: None,
            wheelchair: random.below(60) == 0,
        };
        let back = Journey {
            origin: destination,
            destination: origin,
            time: ServiceTime::hm(17, 0) + Seconds(1800 * wish(5, random)),
            time_kind: TimeKind::DepartAfter,
            ..journey.clone()
        };
        journeys.push(journey);
        if random.below(10) < 9 {
            journeys.push(back);
        }
    }
    // All answers weigh the same; together they stand for the people.
    let expected = |journey: &Journey| {
        let Days::Weekly(week) = &journey.days else { return 0 };
        u64::from(journey.use_milli) * u64::from(week.count())
    };
    let sum: u64 = journeys.iter().map(expected).sum();
    let weight = (people * 1000 * 1000 * 5 / sum.max(1)).clamp(1, 1_000_000);
    for journey in &mut journeys {
        journey.weight = People(u32::try_from(weight).unwrap_or(u32::MAX));
    }
    journeys
}

/// Of so many steps after the first time one, those in the middle the likeliest.
fn wish(steps: usize, random: &mut Random) -> u32 {
    ((random.below(steps + 1) + random.below(steps + 1)).div_ceil(2)) as u32
}

/// Beside every gate and exit, then along other streets until there are enough.
fn stops(town: &Town, sites: &[Site], size: &Size, random: &mut Random) -> Vec<CandidateStop> {
    let doors: Vec<&Site> = sites.iter().filter(|site| matches!(site.kind, SiteKind::Gate | SiteKind::Exit)).collect();
    let count = (size.stops as usize).max(4);
    let count = count - random.below(count / 4 + 1);
    let mut stops = Vec::new();
    // Round and round the doors, each time a little farther away: both kerbs come about by chance.
    let mut round = 0;
    while stops.len() < count && round < 8 {
        for door in &doors {
            let at = town.local.project(door.point);
            let around = |random: &mut Random| 120.0 * f64::from(round) * (random.unit() - 0.5);
            let spot = if round > 0 && random.below(5) == 0 {
                town.anywhere(random)
            } else {
                [at[0] + around(random), at[1] + around(random)]
            };
            if stops.len() >= count {
                break;
            }
            let number = stops.len() + 1;
            stops.push(CandidateStop {
                id: format!("stop-{number}"),
                name: format!("{}站（{number}）", door.name),
                name_en: Some(format!("{} ({number})", door.id)),
                point: town.point(town.kerb(spot, random)),
                site: (round == 0).then(|| door.id.clone()),
                kerb: if random.below(4) == 0 { Kerb::Either } else { Kerb::Right },
                step_free: random.below(4) > 0,
            });
        }
        round += 1;
    }
    stops
}

fn trains(sites: &[Site], random: &mut Random) -> Vec<TrainTimes> {
    let mut trains = Vec::new();
    for station in sites.iter().filter(|site| site.kind == SiteKind::Station) {
        let platform_walk = [None, Some(Seconds(150)), Some(Seconds(240))][random.below(3)];
        for direction in 0..1 + random.below(2) {
            let headways = [6, 3 + random.below(4), 8, 3 + random.below(4), 7];
            let bands = [5 * 60 + 30, 7 * 60, 9 * 60 + 30, 16 * 60 + 30, 19 * 60 + 30, 22 * 60 + 30];
            let mut times = Vec::new();
            let mut minute = bands[0] + random.below(6);
            for (band, headway) in headways.into_iter().enumerate() {
                while minute < bands[band + 1] {
                    times.push(ServiceTime(60 * minute as u32));
                    minute += headway;
                }
            }
            trains.push(TrainTimes {
                station: station.id.clone(),
                line: "1号线".to_owned(),
                direction: ["北", "南"][direction % 2].to_owned(),
                days: Days::Weekly(Week::DAILY),
                times,
                platform_walk,
            });
        }
    }
    trains
}

fn fleet(size: &Size, random: &mut Random) -> Vec<VehicleType> {
    let most = size.vehicles.max(1) as usize;
    let (small, large) = match random.below(3) {
        0 => (1 + random.below(most), 0),
        1 => (1 + random.below(most.div_ceil(2)), 1 + random.below((most / 2).max(1))),
        _ => (most.div_ceil(2), most / 2),
    };
    let kind = |id: &str, name: &str, seats, wheelchair_places, count: usize, yuan: i64| VehicleType {
        id: id.to_owned(),
        name: name.to_owned(),
        seats,
        wheelchair_places,
        count: count as u32,
        cost_per_day: Fen(100 * yuan),
        included: Seconds(8 * 3600),
        included_m: Metres(100_000),
        cost_per_extra_hour: Fen(6_000),
        cost_per_extra_km: Fen(600),
        depot: "depot".to_owned(),
        from: ServiceTime::hm(6, 30),
        to: ServiceTime::hm(20, 30),
        battery_kwh: None,
        kwh_per_km: None,
        charge_kw: None,
    };
    let places = random.below(2) as u32;
    let mut fleet = vec![kind("minibus19", "19座小巴", 19, places, small, 900)];
    if large > 0 {
        fleet.push(kind("midibus33", "33座中巴", 33, 1, large, 1_200));
    }
    fleet
}

/// As the demonstration project has them.
fn periods() -> Vec<Period> {
    [("am", (6, 45), (10, 0)), ("noon", (11, 30), (13, 30)), ("pm", (16, 30), (20, 30))]
        .map(|(name, (h, m), (until_h, until_m))| Period {
            name: name.to_owned(),
            from: ServiceTime::hm(h, m),
            to: ServiceTime::hm(until_h, until_m),
        })
        .into()
}

/// As the demonstration project has them.
fn alternatives() -> Vec<AlternativeMode> {
    let mode = |mode: &str, mm_per_s, minutes: u32, price, max_m, weight| AlternativeMode {
        mode: mode.to_owned(),
        mm_per_s,
        fixed: Seconds(60 * minutes),
        price: Fen(price),
        max_m,
        weight,
        wheelchair: mode != "shared_bike",
    };
    vec![
        mode("walk", 1_200, 0, 0, None, 2_000),
        mode("shared_bike", 3_300, 4, 150, Some(Metres(5_000)), 1_500),
        mode("city_bus", 4_000, 14, 200, None, 1_000),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::{Parts, make_plan};
    use crate::search::Run;

    #[test]
    fn a_seed_is_a_project() {
        let small = Size::default();
        assert_eq!(format!("{:?}", project(3, &small)), format!("{:?}", project(3, &small)));
        assert_ne!(format!("{:?}", project(3, &small)), format!("{:?}", project(4, &small)));
    }

    #[test]
    fn the_figures_are_of_the_order_of_the_demonstration() {
        for seed in 1..20 {
            let project = project(seed, &Size::default());
            assert!((270..=640).contains(&project.journeys.len()), "{seed}: {}", project.journeys.len());
            assert!((10..=16).contains(&project.stops.len()), "{seed}: {}", project.stops.len());
            let vehicles: u32 = project.fleet.iter().map(|kind| kind.count).sum();
            assert!((1..=4).contains(&vehicles), "{seed}: {vehicles}");
            let people: f64 = project
                .journeys
                .iter()
                .map(|journey| journey.weight.as_f64() * f64::from(journey.use_milli) / 1000.0)
                .sum();
            assert!((190.0..=700.0).contains(&people), "{seed}: {people}");
        }
    }

    #[test]
    fn a_district_grows_with_its_parks() {
        let project = project(1, &Size::district(10));
        assert_eq!(project.sites_of(SiteKind::Park).count(), 10);
        assert!(project.stops.len() >= 30 && project.journeys.len() >= 390);
    }

    #[test]
    fn plans_can_be_made_and_most_run_something() {
        let mut running = 0;
        for seed in 1..=5 {
            let project = project(seed, &Size::default());
            let run = Run { iterations: Some(200), ..Run::quiet(seed) };
            // It comes only if its check found nothing.
            let plan = make_plan(&project, Parts::ALL, None, &run, &|_| {}).unwrap().best;
            assert!(!plan.cohorts.is_empty());
            running += usize::from(!plan.trips.is_empty());
            println!(
                "{seed}: {} cohorts, {} trips, {:.0} served of {}, gap {:.3}",
                plan.cohorts.len(),
                plan.trips.len(),
                plan.evaluation.served,
                plan.cohorts.iter().map(|cohort| cohort.people.as_f64()).sum::<f64>(),
                plan.bound.gap
            );
        }
        assert!(running >= 3, "only {running} of 5 run anything");
    }
}
