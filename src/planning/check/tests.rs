//! A town small enough to work out by hand: one street, a station, a park 1.6 km away, one vehicle, two departures.
//!
//! The judge must accept it as it is, and name each of many changes by its code.

mod dates;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::domain::calendar::{Days, Holidays, Period, Service, Week, Window};
use crate::domain::coordinates::{Local, Point};
use crate::domain::site::{Kerb, Site, SiteKind};
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::network::profile::{Access, Band, Class};
use crate::network::roads::{Node, Roads, Way};
use crate::network::synthetic::{Grid, city};
use crate::network::{BusStop, Network, Speeds};
use crate::planning::plan::*;
use crate::planning::project::*;

/// When everybody wants to be at the park.
const WISH: ServiceTime = ServiceTime::hm(8, 21);

fn at(east: f64, north: f64) -> Point {
    Local::new(Grid::default().corner).unproject([east, north])
}

fn site(id: &str, kind: SiteKind, east: f64, north: f64, parent: Option<&str>) -> Site {
    Site {
        id: id.to_owned(),
        name: id.to_owned(),
        name_en: None,
        kind,
        point: at(east, north),
        parent: parent.map(str::to_owned),
        people: None,
    }
}

fn journey(weight: u32, use_milli: u32, wheelchair: bool) -> Journey {
    Journey {
        response: weight,
        firm: Some("acme".to_owned()),
        origin: Place::Site("station".to_owned()),
        destination: Place::Site("park".to_owned()),
        time: WISH,
        time_kind: TimeKind::ArriveBy,
        days: Days::Weekly(Week::WORKING),
        max_walk: None,
        max_wait: None,
        use_milli,
        both_ways: false,
        weight: People(weight),
        now: None,
        wheelchair,
    }
}

fn project() -> Project {
    let night = Window { days: Days::Weekly(Week::DAILY), from: ServiceTime::hm(18, 0), to: ServiceTime::hm(32, 0) };
    let request = |id: &str| ParkingRequest {
        id: id.to_owned(),
        home: Place::Site("station".to_owned()),
        area: None,
        party: None,
        window: night.clone(),
        max_walk: Metres(600),
        max_price: Some(Fen(1000)),
        accessible: false,
        charging: false,
        current_lot: None,
        since: None,
    };
    let stop = |id: &str, east: f64, step_free| CandidateStop {
        id: id.to_owned(),
        name: id.to_owned(),
        name_en: None,
        // The bus drives east on the southernmost street; its right is the south.
        point: at(east, -5.0),
        site: None,
        kerb: Kerb::Right,
        step_free,
    };
    Project {
        name: "mini".to_owned(),
        inputs_hash: "0123456789abcdef".to_owned(),
        services: vec![Service::new(
            "weekday",
            &Days::Weekly(Week::WORKING),
            date(2026, 12, 1),
            date(2026, 12, 31),
            &Holidays::default(),
        )],
        periods: vec![Period { name: "am".to_owned(), from: ServiceTime::hm(7, 0), to: ServiceTime::hm(10, 0) }],
        budget: Budget { per_day: Some(Fen(100_000)), per_month: Some(Fen(2_300_000)) },
        alternatives: vec![AlternativeMode {
            mode: "walk".to_owned(),
            mm_per_s: 1000,
            fixed: Seconds(0),
            price: Fen(0),
            max_m: Some(Metres(5000)),
            weight: 2000,
            wheelchair: true,
        }],
        sites: vec![
            site("station", SiteKind::Station, 50.0, 0.0, None),
            site("exit-1", SiteKind::Exit, 90.0, -10.0, Some("station")),
            site("park", SiteKind::Park, 1650.0, 0.0, None),
            site("yard", SiteKind::Depot, 100.0, 205.0, None),
        ],
        firms: vec![Firm {
            id: "acme".to_owned(),
            name: "Acme".to_owned(),
            site: "park".to_owned(),
            people: People::whole(100),
        }],
        stops: vec![stop("s", 110.0, true), stop("m", 900.0, false), stop("p", 1640.0, true)],
        journeys: vec![journey(20_000, 1000, false), journey(5_000, 800, false), journey(1_000, 1000, true)],
        fleet: vec![VehicleType {
            id: "bus".to_owned(),
            name: "bus".to_owned(),
            seats: 19,
            wheelchair_places: 1,
            count: 1,
            cost_per_day: Fen(90_000),
            included: Seconds(3600),
            included_m: Metres(3_000),
            cost_per_extra_hour: Fen(6000),
            cost_per_extra_km: Fen(600),
            depot: "yard".to_owned(),
            from: ServiceTime::hm(6, 0),
            to: ServiceTime::hm(22, 0),
            battery_kwh: None,
            kwh_per_km: None,
            charge_kw: None,
        }],
        trains: vec![TrainTimes {
            station: "station".to_owned(),
            line: "1".to_owned(),
            direction: "south".to_owned(),
            days: Days::Weekly(Week::DAILY),
            times: (0..40).map(|n| ServiceTime::hm(7, 0) + Seconds(n * 240)).collect(),
            platform_walk: Some(Seconds(120)),
        }],
        lots: vec![Lot {
            id: "coach".to_owned(),
            name: "coach".to_owned(),
            point: at(400.0, 0.0),
            gate: None,
            owner: "coach".to_owned(),
            bays: 1,
            accessible_bays: 0,
            charging_bays: 0,
            windows: vec![night.clone()],
            price: Fen(800),
            owner_return: Vec::new(),
            displace_max: 0.01,
            exchange: false,
        }],
        requests: vec![request("r1"), request("r2")],
        rooms: vec![Room {
            id: "reading".to_owned(),
            site: "park".to_owned(),
            kind: "reading".to_owned(),
            seats: 10,
            window: Window {
                days: Days::Weekly(Week::WORKING),
                from: ServiceTime::hm(9, 0),
                to: ServiceTime::hm(18, 0),
            },
            who: String::new(),
        }],
        claims: ["c1", "c2"]
            .map(|id| Claim {
                id: id.to_owned(),
                room: "reading".to_owned(),
                window: Window {
                    days: Days::Weekly(Week::span(0, 0)),
                    from: ServiceTime::hm(10, 0),
                    to: ServiceTime::hm(12, 0),
                },
                people: 8,
                group: id.to_owned(),
            })
            .to_vec(),
        roads: Arc::new(city(&Grid::default())),
        ..Project::default()
    }
}

/// The station's exit lies on a hill: 60 m of steps lead down to the street, or a path that is 140 m longer.
fn with_steps() -> Project {
    let mut project = project();
    project.sites[1].point = at(70.0, -61.0);
    let mut nodes = project.roads.nodes().to_vec();
    let mut ways: Vec<Way> = project.roads.ways().iter().map(|way| Way::clone(way)).collect();
    let (foot, top, corner) = (1001, 1002, 1003);
    let places = [(foot, 100.0, 0.0), (top, 100.0, -60.0), (corner, 0.0, -60.0)];
    nodes.extend(places.map(|(id, east, north)| Node { id, point: at(east, north) }));
    ways[0].nodes.insert(1, foot);
    let path = |class, wheelchair, nodes: &[i64]| Way {
        id: nodes[0],
        class,
        access: Access { wheelchair, ..Access::open([false; 2], 5) },
        nodes: nodes.to_vec(),
        ..ways[0].clone()
    };
    let paths = [path(Class::Steps, false, &[foot, top]), path(Class::Footway, true, &[top, corner, 1])];
    ways.extend(paths);
    project.roads = Arc::new(Roads::new(nodes, ways, Vec::new()));
    project
}

struct Town {
    network: Network,
    stops: BTreeMap<String, BusStop>,
}

impl Town {
    fn new(project: &Project) -> Self {
        let network = Network::new(&project.roads, &Speeds::default());
        let mut stops: BTreeMap<String, BusStop> = project
            .stops
            .iter()
            .map(|stop| (stop.id.clone(), network.bus_stop(stop.point, stop.kerb, Metres(60)).unwrap()))
            .collect();
        let yard = project.site("yard").unwrap().point;
        stops.insert("yard".to_owned(), network.bus_stop(yard, Kerb::Either, Metres(500)).unwrap());
        Self { network, stops }
    }
    fn drive(&self, from: &str, to: &str, band: Band) -> (u32, u32) {
        let (seconds, metres) =
            self.network.bus_matrix(&[self.stops[from].clone(), self.stops[to].clone()], band).get(0, 1).unwrap();
        (seconds.0, metres.0)
    }
    fn walk(&self, from: &[Point], to: Point) -> u32 {
        self.metres(from, to, false)
    }
    fn metres(&self, from: &[Point], to: Point, wheelchair: bool) -> u32 {
        let foot = |point: &Point| self.network.foothold(*point, Metres(500)).unwrap();
        let from: Vec<_> = from.iter().map(foot).collect();
        let to = [foot(&to)];
        let table = if wheelchair {
            self.network.step_free_metres(&from, &to, None)
        } else {
            self.network.walk_metres(&from, &to, None)
        };
        table.iter().map(|row| row[0].unwrap().0).min().unwrap()
    }
}

fn plan(project: &Project) -> Plan {
    let town = Town::new(project);
    let am = Band::Am;
    let (s_m, m_p) = (town.drive("s", "m", am), town.drive("m", "p", am));
    let free = (town.drive("s", "m", Band::Free).1 + town.drive("m", "p", Band::Free).1, ());
    let run = s_m.0 + 25 + m_p.0;
    let km = f64::from(free.0) / 1000.0;
    let eight = ServiceTime::hm(8, 0);
    let minutes = |seconds: u32| Seconds(seconds.div_ceil(60) * 60);
    // Out of the yard to be at s at 8:00, run, three minutes' layover to the full minute, back to s, stand, run again, home.
    let (out, back, home) = (town.drive("yard", "s", am), town.drive("p", "s", am), town.drive("p", "yard", am));
    let free_1 = ServiceTime((eight.0 + run + 180).div_ceil(60) * 60);
    let there_1 = free_1 + minutes(back.0);
    let nine = there_1 + Seconds(60);
    let free_2 = ServiceTime((nine.0 + run + 180).div_ceil(60) * 60);
    let trip = |id: &str, start: ServiceTime, load: [u32; 3]| Trip {
        id: id.to_owned(),
        service: "weekday".to_owned(),
        line: "l".to_owned(),
        block: "b".to_owned(),
        times: [("s", 0, 0), ("m", s_m.0, s_m.0 + 25), ("p", run, run)]
            .map(|(stop, arrive, depart)| StopTime {
                stop: stop.to_owned(),
                arrive: start + Seconds(arrive),
                depart: start + Seconds(depart),
            })
            .to_vec(),
        load: load.map(People).to_vec(),
    };
    let item = |kind, from: &str, to: &str, start, end, metres: u32, trip: Option<&str>| Item {
        kind,
        from: from.to_owned(),
        to: to.to_owned(),
        start,
        end,
        km: f64::from(metres) / 1000.0,
        trip: trip.map(str::to_owned),
    };
    let leaves = ServiceTime(eight.0 - minutes(out.0).0);
    let items = vec![
        item(ItemKind::PullOut, "yard", "s", leaves, eight, out.1, None),
        item(ItemKind::Trip, "s", "p", eight, eight + Seconds(run), free.0, Some("t1")),
        item(ItemKind::Layover, "p", "p", eight + Seconds(run), free_1, 0, None),
        item(ItemKind::Deadhead, "p", "s", free_1, there_1, back.1, None),
        item(ItemKind::Layover, "s", "s", there_1, nine, 0, None),
        item(ItemKind::Trip, "s", "p", nine, nine + Seconds(run), free.0, Some("t2")),
        item(ItemKind::Layover, "p", "p", nine + Seconds(run), free_2, 0, None),
        item(ItemKind::PullIn, "p", "yard", free_2, free_2 + minutes(home.0), home.1, None),
    ];
    let seconds = items.last().unwrap().end.0 - leaves.0;
    let metres = out.1 + 2 * free.0 + back.1 + home.1;
    // An hour and 3 km are in the hire.
    let hire = 90_000 + (f64::from(metres.saturating_sub(3000)) * 0.6 + 0.5).floor() as i64;
    assert!(seconds < 3600 && metres > 3000);
    // 24 people (20 + 5 x 0.8) want 8:21: the second departure is the better, 19 sit there, 5 take the first. One in a wheelchair.
    let (from, to) = ([project.site("exit-1").unwrap().point], [at(1650.0, 0.0)]);
    let row = |cohort: &str, trip: &str, people: u32, start: ServiceTime, wheelchair: bool| {
        let mm_per_s = if wheelchair { 900 } else { 1200 };
        let walk = |from: &[Point], to| town.metres(from, to, wheelchair);
        let walks = (walk(&from, at(110.0, -5.0)), walk(&to, at(1640.0, -5.0)));
        let (before, after) = ((walks.0 * 1000).div_ceil(mm_per_s) + 120, (walks.1 * 1000).div_ceil(mm_per_s));
        let leave = start.0 - before;
        // A minute to change.
        let train = (0..40).map(|n| 25_200 + n * 240).filter(|train| *train + 60 <= leave).max().unwrap();
        let there = start.0 + run + after;
        assert!(there <= WISH.0 && there + 1800 >= WISH.0, "there at {}", ServiceTime(there));
        let wait = leave - train + WISH.0 - there;
        let cost = 4000 * (2000 * i64::from(before + after + wait) + 1000 * i64::from(run));
        let rider = Rider {
            cohort: cohort.to_owned(),
            people: People(people),
            legs: vec![Leg { trip: trip.to_owned(), board: "s".to_owned(), alight: "p".to_owned() }],
            walk_m: Metres(walks.0 + walks.1),
            wait_s: Seconds(wait),
            ride_s: Seconds(run),
            train: Some(ServiceTime(train)),
        };
        (rider, PersonCost(cost), 2 * (before + after + wait) + run)
    };
    let rows = [
        row("walkers", "t1", 5_000, eight, false),
        row("walkers", "t2", 19_000, nine, false),
        row("wheels", "t2", 1_000, nine, true),
    ];
    assert!(rows[1].1 < rows[0].1);
    let alternative = |wheelchair: bool| {
        let far = town.metres(&from, at(1650.0, 0.0), wheelchair);
        // Two minutes of stairs at the station, whoever comes.
        let without = (far * 1000).div_ceil(1000) + 120;
        // The last train from which one is in time on foot.
        let early = (0..40).filter_map(|n| WISH.0.checked_sub(25_200 + n * 240 + without)).min().unwrap();
        let cost = PersonCost(4000 * 2000 * i64::from(without + early));
        let alternative = Alternative {
            mode: "walk".to_owned(),
            seconds: Seconds(without),
            wait_s: Seconds(early),
            fen: cost.times(People::whole(1)),
        };
        (alternative, cost)
    };
    let [on_foot, rolling] = [false, true].map(|wheelchair| alternative(wheelchair).1);
    assert!(rows.iter().zip([on_foot, on_foot, rolling]).all(|(row, without)| row.1 < without));
    let cohort = |id: &str, people: u32, wheelchair| Cohort {
        id: id.to_owned(),
        origin: "station".to_owned(),
        destination: "park".to_owned(),
        time: WISH,
        time_kind: TimeKind::ArriveBy,
        service: "weekday".to_owned(),
        people: People(people),
        firms: BTreeMap::from([("acme".to_owned(), People(people))]),
        max_walk_m: Metres(500),
        max_wait_s: Seconds(1800),
        wheelchair,
        alternative: alternative(wheelchair).0,
    };
    let people: Fen = rows.iter().map(|(rider, cost, _)| cost.times(rider.people)).sum();
    let nothing = on_foot.times(People(24_000)) + rolling.times(People(1_000));
    let upkeep = Fen(4000 + 3 * 500);
    let objective = people + Fen(hire) + upkeep;
    let mean = |of: &dyn Fn(&(Rider, PersonCost, u32)) -> u32| {
        rows.iter().map(|row| row.0.people.as_f64() * f64::from(of(row))).sum::<f64>() / 25.0
    };
    let evaluation = Evaluation {
        served: 25.0,
        generalised_s_mean: mean(&|row| row.2),
        walk_m_mean: mean(&|row| row.0.walk_m.0),
        wait_s_mean: mean(&|row| row.0.wait_s.0),
        ride_s_mean: mean(&|row| row.0.ride_s.0),
        load_factor_mean: (5.0 / 19.0 + 20.0 / 19.0) / 2.0,
        worst_cohort: Some(rows.iter().max_by_key(|row| row.1).unwrap().0.cohort.clone()),
        terms: Terms { people_fen: people, running_fen: Fen(hire), upkeep_fen: upkeep, changes_fen: Fen(0) },
        objective,
        nothing,
    };
    let bound = Fen(objective.0.min(nothing.0) - 10_000);
    let stops = project
        .stops
        .iter()
        .map(|stop| {
            let on_road = &town.stops[&stop.id];
            Stop {
                id: stop.id.clone(),
                name: stop.name.clone(),
                name_en: stop.name.clone(),
                lon: stop.point.lon,
                lat: stop.point.lat,
                way: on_road.way,
                between: on_road.between,
                offset_m: on_road.offset_m,
                side: on_road.side,
                site: None,
                step_free: stop.step_free,
            }
        })
        .collect();
    let path = |from: &str, to: &str| {
        let path = town.network.bus_path(&town.stops[from], &town.stops[to], Band::Free).unwrap();
        path.points.iter().map(|point| [point.lon, point.lat]).collect::<Vec<_>>()
    };
    let mut geometry = path("s", "m");
    let middle = geometry.len() as u32 - 1;
    geometry.extend(path("m", "p").into_iter().skip(1));
    let night = |request: &str| Permit {
        request: request.to_owned(),
        lot: "coach".to_owned(),
        days: "daily".to_owned(),
        from: ServiceTime::hm(18, 0),
        to: ServiceTime::hm(32, 0),
        walk_m: Metres(town.walk(&from, at(400.0, 0.0))),
    };
    Plan {
        format: FORMAT.to_owned(),
        id: String::new(),
        parent: None,
        started_from: None,
        inputs_hash: project.inputs_hash.clone(),
        seed: 1,
        iterations: 1,
        chains: 1,
        services: vec![ServiceDays {
            id: "weekday".to_owned(),
            days: "Mon-Fri".to_owned(),
            from: date(2026, 12, 1),
            until: date(2026, 12, 31),
            added: Vec::new(),
            removed: Vec::new(),
        }],
        cohorts: vec![cohort("walkers", 24_000, false), cohort("wheels", 1_000, true)],
        stops,
        lines: vec![Line {
            id: "l".to_owned(),
            name: "1".to_owned(),
            name_en: String::new(),
            mode: Mode::Shuttle,
            direction: 0,
            stops: ["s", "m", "p"].map(str::to_owned).to_vec(),
            stop_positions: vec![0, middle, geometry.len() as u32 - 1],
            geometry,
            km,
        }],
        trips: vec![trip("t1", eight, [5_000, 5_000, 0]), trip("t2", nine, [20_000, 20_000, 0])],
        blocks: vec![Block {
            id: "b".to_owned(),
            service: "weekday".to_owned(),
            vehicle_type: "bus".to_owned(),
            depot: "yard".to_owned(),
            items: items.clone(),
        }],
        duties: vec![Duty { id: "d".to_owned(), service: "weekday".to_owned(), block: "b".to_owned(), items }],
        riders: rows.into_iter().map(|row| row.0).collect(),
        unserved: Vec::new(),
        parking: Parking {
            permits: vec![night("r1")],
            refused: vec![Refusal {
                request: "r2".to_owned(),
                reason: "full".to_owned(),
                rank: None,
                relaxations: Vec::new(),
            }],
            occupancy: DAYS
                .map(|day| Occupancy {
                    lot: "coach".to_owned(),
                    day: day.to_owned(),
                    changes: vec![
                        (ServiceTime(0), 1, 1),
                        (ServiceTime::hm(8, 0), 0, 0),
                        (ServiceTime::hm(18, 0), 1, 1),
                    ],
                })
                .to_vec(),
            displacement: vec![Displacement {
                lot: "coach".to_owned(),
                probability: 0.001,
                upper_99: 0.01,
                reserve: 0,
            }],
            ..Parking::default()
        },
        on_demand: Vec::new(),
        rest_points: Vec::new(),
        groups: Vec::new(),
        rooms: vec![RoomUse {
            room: "reading".to_owned(),
            claim: "c1".to_owned(),
            days: "Mon".to_owned(),
            from: ServiceTime::hm(10, 0),
            to: ServiceTime::hm(12, 0),
        }],
        // Open from 9 to 18 o'clock on working days, and taken from 10 to 12 on Mondays.
        parts: ["shuttle", "parking", "rest", "groups", "rooms"].map(str::to_owned).to_vec(),
        room_refusals: vec![RoomRefusal {
            claim: "c2".to_owned(),
            reason: "taken".to_owned(),
            relaxations: vec![room_change("minutes_later", 120, "Mon", 12), room_change("days", 1, "Tue", 10)],
        }],
        costs: Costs {
            total_fen: Fen(hire),
            by_block: vec![BlockCost {
                block: "b".to_owned(),
                fen: Fen(hire),
                hours: f64::from(seconds) / 3600.0,
                km: f64::from(metres) / 1000.0,
            }],
            shares: vec![Share {
                site: Some("park".to_owned()),
                firm: Some("acme".to_owned()),
                fen: Fen(hire),
                method: "by-boardings".to_owned(),
            }],
            joint: None,
        },
        evaluation,
        simulated: None,
        bound: Bound {
            objective: bound,
            gap: (objective - bound).0 as f64 / (nothing - bound).0 as f64,
            method: "best-conceivable-trip".to_owned(),
        },
        findings: Vec::new(),
    }
    .sealed()
}

/// The reading room for two hours.
fn room_change(kind: &str, amount: u32, days: &str, from: u32) -> RoomChange {
    RoomChange {
        kind: kind.to_owned(),
        amount,
        room: "reading".to_owned(),
        days: days.to_owned(),
        from: ServiceTime::hm(from, 0),
        to: ServiceTime::hm(from + 2, 0),
    }
}

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn codes(project: &Project, plan: &Plan) -> BTreeSet<String> {
    check(project, plan).into_iter().map(|finding| finding.code).collect()
}

#[test]
fn what_was_worked_out_by_hand_is_accepted() {
    let project = project();
    assert_eq!(check(&project, &plan(&project)), vec![]);
}

#[test]
fn a_wheelchair_goes_round_the_steps() {
    let project = with_steps();
    let honest = plan(&project);
    // From the exit over the steps 1 + 30 + 60 + 10 + 5, round them 1 + 70 + 60 + 110 + 5; at the park 5 + 10.
    let walked: Vec<u32> = honest.riders.iter().map(|rider| rider.walk_m.0).collect();
    for (walked, metres) in walked.into_iter().zip([121, 121, 261]) {
        // Each of two walks is rounded up.
        assert!((metres..=metres + 2).contains(&walked), "{walked} m for {metres}");
    }
    assert_eq!(check(&project, &honest), vec![]);
    let codes = |change: &dyn Fn(&mut Plan)| {
        let mut changed = honest.clone();
        change(&mut changed);
        codes(&project, &changed.sealed())
    };
    let steps = codes(&|plan| plan.riders[2].walk_m = plan.riders[0].walk_m);
    assert!(steps.contains("check-walk"), "{steps:?}");
    let without = codes(&|plan| plan.cohorts[1].alternative = plan.cohorts[0].alternative.clone());
    assert!(without.contains("check-alternative"), "{without:?}");
    // 246 m to s are more than 200, the steps' 106 would not be.
    let limit = codes(&|plan| plan.cohorts[1].max_walk_m = Metres(200));
    assert!(limit.contains("check-walk-limit"), "{limit:?}");
}

#[test]
fn each_change_is_named_by_its_code() {
    let whole = project();
    let honest = plan(&whole);
    type Change = fn(&mut Project, &mut Plan);
    let changes: &[(&str, Change)] = &[
        ("check-overfull", |_, plan| {
            plan.riders[0].people = People(4_000);
            plan.riders[1].people = People(20_000);
        }),
        ("check-better-trip", |_, plan| {
            plan.riders[0].people = People(6_000);
            plan.riders[1].people = People(18_000);
        }),
        ("check-unserved-could-ride", |_, plan| {
            plan.riders[0].people = People(4_000);
            plan.unserved.push(Unserved {
                cohort: "walkers".to_owned(),
                people: People(1_000),
                reason: "alternative-is-better".to_owned(),
                relaxations: Vec::new(),
            });
        }),
        ("check-reason", |_, plan| {
            plan.riders[0].people = People(4_000);
            plan.unserved.push(Unserved {
                cohort: "walkers".to_owned(),
                people: People(1_000),
                reason: "no-stop-in-reach".to_owned(),
                relaxations: Vec::new(),
            });
        }),
        ("check-wheelchair", |project, plan| {
            project.stops[0].step_free = false;
            plan.stops[0].step_free = false;
        }),
        ("check-overfull-wheelchair", |project, plan| {
            project.fleet[0].wheelchair_places = 1;
            plan.riders[2].people = People(2_000);
        }),
        ("check-better-stops", |_, plan| {
            // From s to m would be a long walk; to be cheaper p must be farther: say so by boarding where it is dearer.
            plan.riders[0].legs[0].alight = "m".to_owned();
            plan.cohorts[0].max_walk_m = Metres(2_000);
        }),
        ("check-walk-limit", |_, plan| plan.riders[0].legs[0].alight = "m".to_owned()),
        ("check-driving-without-break", |project, _| project.policy.max_driving = Seconds(600)),
        ("check-driving-day", |project, _| project.policy.max_driving_day = Seconds(900)),
        ("check-break-short", |_, plan| {
            plan.blocks[0].items[4].kind = ItemKind::Break;
            plan.duties[0].items[4].kind = ItemKind::Break;
        }),
        ("check-budget-day", |project, _| project.budget.per_day = Some(Fen(90_000))),
        ("check-budget-month", |project, _| project.budget.per_month = Some(Fen(2_000_000))),
        ("check-ride-limit", |project, _| project.policy.max_ride = Seconds(60)),
        ("check-availability", |project, _| project.fleet[0].from = ServiceTime::hm(8, 0)),
        ("check-fleet", |project, _| project.fleet[0].count = 0),
        ("check-bay-twice", |_, plan| {
            let mut second = plan.parking.permits[0].clone();
            second.request = "r2".to_owned();
            plan.parking.permits.push(second);
            plan.parking.refused.clear();
        }),
        ("check-permit-hours", |project, _| project.lots[0].windows[0].to = ServiceTime::hm(31, 0)),
        ("check-permit-price", |project, _| project.lots[0].price = Fen(1001)),
        ("check-displacement", |_, plan| plan.parking.displacement[0].upper_99 = 0.02),
        ("check-displacement", |_, plan| plan.parking.displacement[0].reserve = 1),
        ("check-displacement", |project, plan| {
            // Of a lot in an exchange what is to be left free cannot be taken by others either.
            project.lots[0].exchange = true;
            plan.parking.displacement[0].reserve = 1;
        }),
        ("check-party-told", |project, _| {
            // A party that shares its lot and is not told what that brings.
            project.lots[0].exchange = true;
            let owner = project.lots[0].owner.clone();
            project.requests[0].party = Some(owner);
        }),
        ("check-occupancy", |_, plan| plan.parking.occupancy[6].changes[2].1 = 0),
        ("check-parking-area", |project, plan| {
            project.requests.iter_mut().for_each(|request| request.area = Some("a".to_owned()));
            plan.parking.areas = vec![AreaParking { area: "a".to_owned(), requests: 2, served: 2, floor: 0 }];
        }),
        ("check-parking-area", |project, plan| {
            // A floor missed in silence.
            project.requests.iter_mut().for_each(|request| request.area = Some("a".to_owned()));
            project.policy.area_floor = 1000;
            plan.parking.areas = vec![AreaParking { area: "a".to_owned(), requests: 2, served: 1, floor: 2 }];
        }),
        ("check-parking-party", |project, plan| {
            project.requests.iter_mut().for_each(|request| request.party = Some("p".to_owned()));
            let walk = plan.parking.permits[0].walk_m;
            plan.parking.exchange = vec![PartyParking {
                party: "p".to_owned(),
                requests: 2,
                alone: 2,
                alone_walk_m: walk,
                together: 1,
                together_walk_m: walk,
            }];
        }),
        ("check-parking-bound", |_, plan| {
            plan.parking.bound = Some(ParkingBound { served: 0, walk_m: Metres(0) });
        }),
        ("check-room-twice", |_, plan| {
            let mut second = plan.rooms[0].clone();
            second.claim = "c2".to_owned();
            plan.rooms.push(second);
        }),
        ("check-room-unfit", |project, _| project.claims[0].people = 11),
        ("check-claim-dropped", |_, plan| plan.room_refusals.clear()),
        ("check-claim-answers", |_, plan| plan.room_refusals[0].claim = "c1".to_owned()),
        ("check-claim-answers", |_, plan| plan.room_refusals.push(plan.room_refusals[0].clone())),
        ("check-unknown-id", |_, plan| plan.room_refusals[0].claim = "c3".to_owned()),
        // It is open, has the seats, and would have been free.
        ("check-claim-reason", |_, plan| plan.room_refusals[0].reason = "closed".to_owned()),
        ("check-claim-reason", |_, plan| plan.room_refusals[0].reason = "too-small".to_owned()),
        ("check-claim-reason", |project, plan| {
            plan.rooms.clear();
            project.claims.remove(0);
        }),
        ("check-room-change", |_, plan| {
            plan.room_refusals[0].relaxations[0] = room_change("minutes_later", 119, "Mon", 12);
        }),
        ("check-room-change", |_, plan| {
            plan.room_refusals[0].relaxations[0] = room_change("minutes_later", 180, "Mon", 13);
        }),
        ("check-room-change", |_, plan| plan.room_refusals[0].relaxations[0].from = ServiceTime::hm(11, 59)),
        ("check-room-change", |_, plan| plan.room_refusals[0].relaxations[0].room = "attic".to_owned()),
        ("check-room-change", |_, plan| plan.room_refusals[0].relaxations[0].kind = "wishes".to_owned()),
        ("check-room-change", |_, plan| plan.room_refusals[0].relaxations[1] = room_change("days", 2, "Wed", 10)),
        ("check-room-change", |_, plan| plan.room_refusals[0].relaxations[1].days = "Sun".to_owned()),
        // Nobody is told less than there is, or the same twice.
        ("check-room-change", |_, plan| plan.room_refusals[0].relaxations.truncate(1)),
        ("check-room-change", |_, plan| {
            let again = plan.room_refusals[0].relaxations[0].clone();
            plan.room_refusals[0].relaxations.push(again);
        }),
        // Half the time is not left, and the room has the seats.
        ("check-room-change", |_, plan| {
            plan.room_refusals[0].relaxations.push(room_change("people", 1, "Mon", 10));
        }),
        ("check-room-change", |_, plan| {
            plan.room_refusals[0].relaxations.push(room_change("other_room", 1, "Mon", 10));
        }),
        ("check-battery", |project, _| {
            project.fleet[0].battery_kwh = Some(2.0);
            project.fleet[0].kwh_per_km = Some(0.9);
        }),
        ("check-cohort-firms", |_, plan| {
            plan.cohorts[0].firms.insert("acme".to_owned(), People(20_000));
        }),
        ("check-parent", |_, plan| plan.parent = Some("somebody".to_owned())),
    ];
    for (code, change) in changes {
        let mut project = whole.clone();
        let mut changed = honest.clone();
        change(&mut project, &mut changed);
        let found = codes(&project, &changed.sealed());
        assert!(found.contains(*code), "{code} not among {found:?}");
    }
}

#[test]
fn a_plan_of_an_older_version_told_of_refused_claims_in_findings() {
    let project = project();
    let told = |reason: &str| {
        let mut plan = plan(&project);
        plan.room_refusals.clear();
        plan.parts.clear();
        let told = Finding::warning("room-claim-refused").file("claims.csv").arg("claim", "c2").arg("reason", reason);
        plan.findings.push(told);
        codes(&project, &plan.sealed())
    };
    assert_eq!(told("taken"), BTreeSet::new());
    assert_eq!(told("closed"), BTreeSet::from(["check-claim-reason".to_owned()]));
}

#[test]
fn whoever_asks_for_a_room_or_a_bay_is_answered_where_the_plan_says_so() {
    let project = project();
    let dropped = |found: &BTreeSet<String>, code: &str| found.contains(code);
    // No room rows at all, but a finding of a refused claim, as older versions had.
    let mut without = plan(&project);
    without.rooms.clear();
    without.room_refusals.clear();
    let told = Finding::warning("room-claim-refused").file("claims.csv").arg("claim", "c2").arg("reason", "taken");
    without.findings.push(told);
    let found = check(&project, &without.clone().sealed());
    let claims: Vec<_> = found.iter().filter(|f| f.code == "check-claim-dropped").map(|f| &f.args["claim"]).collect();
    assert_eq!(claims.len(), project.claims.len(), "{found:?}");
    // Rooms were not asked for: nothing is missed.
    without.findings.clear();
    without.parts.retain(|part| part != "rooms");
    assert_eq!(codes(&project, &without.sealed()), BTreeSet::new());
    // Bays likewise.
    let mut without = plan(&project);
    without.parking = crate::planning::plan::Parking::default();
    assert!(dropped(&codes(&project, &without.clone().sealed()), "check-request-dropped"));
    without.parts.retain(|part| part != "parking");
    assert!(!dropped(&codes(&project, &without.sealed()), "check-request-dropped"));
}

#[test]
fn the_parts_a_plan_names_are_those_it_has() {
    let project = project();
    let whole = plan(&project);
    let found = |change: &dyn Fn(&mut Plan)| {
        let mut changed = whole.clone();
        change(&mut changed);
        codes(&project, &changed.sealed())
    };
    let [none, unknown, twice, unnamed] =
        [None, Some("check-part-unknown"), Some("check-part-twice"), Some("check-part-unnamed")]
            .map(|code| code.map(str::to_owned).into_iter().collect::<BTreeSet<_>>());
    assert_eq!(found(&|_| ()), none);
    assert_eq!(found(&|plan| plan.parts.push("bays".to_owned())), unknown);
    assert_eq!(found(&|plan| plan.parts.push("rooms".to_owned())), twice);
    for part in ["shuttle", "parking", "rooms"] {
        assert_eq!(found(&|plan| plan.parts.retain(|named| named != part)), unnamed, "{part}");
    }
    // One row of a part is enough, whichever it is.
    let refusals_only = |plan: &mut Plan| {
        plan.rooms.clear();
        plan.parts.retain(|named| named != "rooms");
    };
    assert!(found(&refusals_only).contains("check-part-unnamed"));
    let refused_only = |plan: &mut Plan| {
        plan.parking = Parking { refused: plan.parking.refused.clone(), ..Parking::default() };
        plan.parts.retain(|named| named != "parking");
    };
    assert!(found(&refused_only).contains("check-part-unnamed"));
    // Versions that named none are held to none.
    assert_eq!(found(&|plan| plan.parts.clear()), none);
    // The shuttle was asked for: those of the survey travel.
    let mut empty = crate::planning::empty(&project, None, &crate::search::Run::quiet(1));
    empty.parts = vec!["shuttle".to_owned()];
    assert!(codes(&project, &empty.clone().sealed()).contains("check-cohort-people"));
    empty.parts = vec!["rooms".to_owned()];
    assert!(!codes(&project, &empty.sealed()).contains("check-cohort-people"));
}

#[test]
fn what_is_not_judged_is_told_where_the_project_has_inputs_of_it() {
    let project = project();
    let told = |plan: &Plan| {
        let parts = unjudged(&project, plan);
        parts.iter().map(|note| (note.severity, note.args["part"].clone())).collect::<Vec<_>>()
    };
    let whole = plan(&project);
    assert_eq!(told(&whole), []);
    let mut shuttle = Plan { parking: Parking::default(), parts: vec!["shuttle".to_owned()], ..whole };
    (shuttle.rooms, shuttle.room_refusals) = (Vec::new(), Vec::new());
    let note = |part: &str| (crate::domain::finding::Severity::Note, part.into());
    assert_eq!(codes(&project, &shuttle.clone().sealed()), BTreeSet::new());
    assert_eq!(told(&shuttle), [note("parking"), note("rooms")]);
    // A version that named none: what it has nothing of was passed over too.
    shuttle.parts.clear();
    assert_eq!(told(&shuttle), [note("parking"), note("rooms")]);
}

#[test]
fn absurd_numbers_are_judged_not_feared() {
    let project = project();
    let mut plan = plan(&project);
    plan.trips[0].times[0].depart = ServiceTime(u32::MAX);
    plan.trips[1].times.clear();
    plan.blocks[0].items[1].end = ServiceTime(u32::MAX);
    plan.blocks[0].items[2].km = f64::MAX;
    plan.riders[0].people = People(u32::MAX);
    plan.riders[1].people = People(u32::MAX);
    plan.cohorts[0].people = People(u32::MAX);
    plan.cohorts[0].origin = "1e300 -1e300".to_owned();
    plan.cohorts[0].max_walk_m = Metres(u32::MAX);
    plan.stops[0].lon = f64::MAX;
    plan.stops[1].offset_m = -1e300;
    plan.lines[0].geometry[0] = [f64::MIN, 7.0];
    plan.lines[0].stop_positions = vec![u32::MAX; 3];
    plan.parking.permits[0].to = ServiceTime(u32::MAX);
    plan.parking.occupancy[0].changes[0] = (ServiceTime(u32::MAX), u32::MAX, u32::MAX);
    plan.rooms[0].from = ServiceTime(u32::MAX);
    plan.room_refusals[0].relaxations[0].amount = u32::MAX;
    plan.room_refusals[0].relaxations[1].to = ServiceTime(u32::MAX);
    plan.costs.total_fen = Fen(i64::MIN);
    plan.costs.shares[0].fen = Fen(i64::MAX);
    plan.evaluation.objective = Fen(i64::MIN);
    plan.evaluation.nothing = Fen(i64::MAX);
    plan.bound.objective = Fen(i64::MIN);
    plan.bound.gap = f64::NAN;
    assert!(check(&project, &plan.sealed()).len() > 10);
}

#[test]
fn a_plan_of_nothing_for_an_empty_project_is_no_panic() {
    let project = Project::default();
    let mut plan = plan(&self::project());
    plan.inputs_hash = String::new();
    assert!(!check(&project, &plan.sealed()).is_empty());
}

#[test]
fn the_bound_is_worked_out_by_hand_to_the_fen() {
    for project in [project(), with_steps()] {
        bound_of(project);
    }
}

fn bound_of(mut project: Project) {
    let mut plan = plan(&project);
    project.fleet[0].cost_per_day = Fen(10_000);
    let town = Town::new(&project);
    // Only s is in reach of the station and only p of the park; by night the bus is fastest, straight or over m.
    let straight = town.drive("s", "p", Band::Free).0;
    let ride = straight.min(town.drive("s", "m", Band::Free).0 + town.drive("m", "p", Band::Free).0);
    let exit = project.site("exit-1").unwrap().point;
    let of = |mm_per_s: u32, wheelchair: bool| {
        let seconds = |from, to| (town.metres(&[from], to, wheelchair) * 1000).div_ceil(mm_per_s);
        let walk = seconds(exit, at(110.0, -5.0)) + 120 + seconds(at(1650.0, 0.0), at(1640.0, -5.0));
        // A minute to change from the train, which nobody is spared.
        f64::from(2 * (walk + 60) + ride) * 4000.0 / 3600.0
    };
    // 24 walk, one rolls; hire, a line, two stops; three rows may each be rounded by half a fen, and one fen more.
    let exact = 24.0 * of(1200, false) + of(900, true) + 10_000.0 + 4_000.0 + 2.0 * 500.0 - 2.5;
    assert!(exact < plan.evaluation.nothing.0 as f64);
    for (more, refused) in [(-500, false), (0, false), (2, true), (500, true)] {
        plan.bound.objective = Fen(exact.floor() as i64 + more);
        assert_eq!(codes(&project, &plan.clone().sealed()).contains("check-bound-too-high"), refused, "{more}");
    }
    // Where the planner found its own stops nothing is derived.
    project.stops.clear();
    assert!(!codes(&project, &plan.sealed()).contains("check-bound-too-high"));
}
