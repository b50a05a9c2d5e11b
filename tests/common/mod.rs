//! A plan made by hand: two lines, four stops, a weekday service and one of two dates, twelve trips.

use std::collections::BTreeMap;

use jiebo::domain::calendar::{Days, Holidays, Period, Service, Week};
use jiebo::domain::coordinates::Point;
use jiebo::domain::finding::Finding;
use jiebo::domain::site::{Kerb, Site, SiteKind};
use jiebo::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use jiebo::planning::plan::{
    Alternative, Block, BlockCost, Bound, Cohort, Costs, Duty, Evaluation, FORMAT, Item, ItemKind, Leg, Line, Mode,
    Occupancy, Parking, Permit, Plan, Rider, ServiceDays, Share, Stop, StopTime, Terms, TimeKind, Trip, Unserved,
};
use jiebo::planning::project::{Firm, Lot, Project, Publication, VehicleType};
use jiff::civil::Date;

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn site(id: &str, name: &str, en: &str, kind: SiteKind, lon: f64, lat: f64, parent: Option<&str>) -> Site {
    Site {
        id: id.into(),
        name: name.into(),
        name_en: Some(en.into()),
        kind,
        point: Point { lon, lat },
        parent: parent.map(Into::into),
        people: None,
    }
}

/// The project the plan belongs to.
pub(crate) fn project() -> Project {
    let holidays = Holidays { holidays: vec![date("2027-01-01")], working: vec![date("2027-01-03")] };
    Project {
        name: "demo".into(),
        name_zh: Some("演示街区".into()),
        timezone: "Asia/Shanghai".into(),
        inputs_hash: "0123456789abcdef".into(),
        services: vec![
            Service::new("weekday", &Days::Weekly(Week::WORKING), date("2026-12-01"), date("2027-06-30"), &holidays),
            Service::new(
                "festival",
                &Days::Dates(vec![date("2026-12-12"), date("2026-12-19")]),
                date("2026-12-01"),
                date("2027-06-30"),
                &holidays,
            ),
        ],
        holidays,
        periods: vec![Period { name: "day".into(), from: ServiceTime::hm(6, 0), to: ServiceTime::hm(25, 0) }],
        publication: Publication { base_url: Some("https://example.org/demo".into()), agency: None },
        sites: vec![
            site("station", "延长路站", "Yanchang Road Station", SiteKind::Station, 121.4507, 31.2733, None),
            site("park", "灵石媒体园", "Lingshi Media Park", SiteKind::Park, 121.4330, 31.2760, None),
            site("gate", "媒体园东门", "East Gate", SiteKind::Gate, 121.4340, 31.2758, Some("park")),
            site("depot", "停车场", "Depot", SiteKind::Depot, 121.4520, 31.2700, None),
        ],
        firms: vec![
            Firm { id: "big".into(), name: "大公司".into(), site: "park".into(), people: People::whole(200) },
            Firm { id: "small".into(), name: "=小公司".into(), site: "park".into(), people: People::whole(3) },
            Firm { id: "mid".into(), name: "中公司".into(), site: "park".into(), people: People::whole(40) },
        ],
        fleet: vec![VehicleType {
            id: "mini".into(),
            name: "19座中巴".into(),
            seats: 19,
            wheelchair_places: 1,
            count: 2,
            cost_per_day: Fen(90_000),
            included: Seconds(8 * 3600),
            included_m: Metres(100_000),
            cost_per_extra_hour: Fen(6000),
            cost_per_extra_km: Fen(600),
            depot: "depot".into(),
            from: ServiceTime::hm(6, 0),
            to: ServiceTime::hm(25, 30),
            battery_kwh: None,
            kwh_per_km: None,
            charge_kw: None,
        }],
        lots: vec![Lot {
            id: "lot".into(),
            name: "汽车站停车场".into(),
            point: Point { lon: 121.4400, lat: 31.2700 },
            gate: None,
            owner: "汽车站".into(),
            bays: 40,
            accessible_bays: 1,
            charging_bays: 0,
            windows: Vec::new(),
            price: Fen(1000),
            owner_return: Vec::new(),
            displace_max: 0.01,
            exchange: false,
        }],
        ..Project::default()
    }
}

/// The stretch of road there; back it is driven the other way round, 0.0002 degrees to the north.
const ROAD: [[f64; 2]; 7] = [
    [121.4507, 31.2733],
    [121.4470, 31.2735],
    [121.4440, 31.2740],
    // A double point: must not become a distance of nothing.
    [121.4440, 31.2740],
    [121.4400, 31.2745],
    [121.4360, 31.2750],
    [121.4340, 31.2758],
];

fn stop(id: &str, name: &str, en: &str, at: [f64; 2], site: Option<&str>) -> Stop {
    Stop {
        id: id.into(),
        name: name.into(),
        name_en: en.into(),
        lon: at[0],
        lat: at[1],
        way: 1,
        between: [1, 2],
        offset_m: 10.0,
        side: Kerb::Right,
        site: site.map(Into::into),
        step_free: id != "mid",
    }
}

fn item(kind: ItemKind, from: &str, to: &str, start: u32, end: u32, trip: Option<&str>) -> Item {
    Item {
        kind,
        from: from.into(),
        to: to.into(),
        start: ServiceTime(start),
        end: ServiceTime(end),
        km: if matches!(kind, ItemKind::Trip) { 1.8 } else { 0.0 },
        trip: trip.map(Into::into),
    }
}

/// Leaves its first stop at `at`; 4 min 10 s to the second, 25 s there, 5 min to the third.
fn trip(id: &str, service: &str, line: &Line, block: &str, at: ServiceTime, people: u32) -> Trip {
    let second = at.0 + 250;
    let third = second + 25 + 300;
    let call = |stop: &str, arrive, depart| StopTime {
        stop: stop.into(),
        arrive: ServiceTime(arrive),
        depart: ServiceTime(depart),
    };
    Trip {
        id: id.into(),
        service: service.into(),
        line: line.id.clone(),
        block: block.into(),
        times: vec![
            call(&line.stops[0], at.0, at.0),
            call(&line.stops[1], second, second + 25),
            call(&line.stops[2], third, third),
        ],
        load: vec![People(people), People(people / 2), People(0)],
    }
}

/// Service, block, departures (hour, minute).
type Day<'a> = (&'a str, &'a str, &'a [(u32, u32)]);

/// The plan.
pub(crate) fn plan() -> Plan {
    let project = project();
    let back: Vec<[f64; 2]> = ROAD.iter().rev().map(|&[lon, lat]| [lon, lat + 0.0002]).collect();
    let stops = vec![
        stop("延长路站", "延长路站", "Yanchang Road Station", ROAD[0], Some("station")),
        stop("mid", "洛川路口", "Luochuan Road", ROAD[4], None),
        stop("gate", "灵石媒体园", "Lingshi Media Park", ROAD[6], Some("gate")),
        stop("mid-n", "洛川路口（北侧）", "Luochuan Road (north side)", back[2], None),
    ];
    let line = |id: &str, name: &str, en: &str, direction, stops: [&str; 3], geometry: Vec<[f64; 2]>, positions| Line {
        id: id.into(),
        name: name.into(),
        name_en: en.into(),
        mode: Mode::Shuttle,
        direction,
        stops: stops.map(Into::into).into(),
        geometry,
        stop_positions: positions,
        km: 1.8,
    };
    let lines = vec![
        line(
            "L1-out",
            "1路 延长路站 → 灵石媒体园",
            "Line 1 Yanchang Road Station → Lingshi Media Park",
            0,
            ["延长路站", "mid", "gate"],
            ROAD.to_vec(),
            vec![0, 4, 6],
        ),
        line(
            "L1-back",
            "1路 灵石媒体园 → 延长路站",
            "Line 1 Lingshi Media Park → Yanchang Road Station",
            1,
            ["gate", "mid-n", "延长路站"],
            back,
            vec![0, 2, 6],
        ),
    ];
    // Out on the hour, back a quarter of an hour later.
    let departures: [Day<'_>; 2] =
        [("weekday", "B1", &[(7, 30), (8, 0), (17, 30), (24, 10)]), ("festival", "B2", &[(9, 0), (10, 0)])];
    let mut trips = Vec::new();
    let mut blocks = Vec::new();
    for (service, block, times) in departures {
        let mut items = Vec::new();
        for &(hour, minute) in times {
            let out = ServiceTime::hm(hour, minute);
            let home = ServiceTime(out.0 + 900);
            let there = trip(&format!("{service}-{}-o", out.clock()), service, &lines[0], block, out, 12_400);
            let again = trip(&format!("{service}-{}-b", home.clock()), service, &lines[1], block, home, 6_000);
            let depot = |kind, from: &str, to: &str, start, end| item(kind, from, to, start, end, None);
            items.push(depot(ItemKind::PullOut, "depot", "延长路站", out.0 - 300, out.0));
            items.push(item(ItemKind::Trip, "延长路站", "gate", out.0, there.times[2].arrive.0, Some(&there.id)));
            items.push(depot(ItemKind::Layover, "gate", "gate", there.times[2].arrive.0, home.0));
            items.push(item(ItemKind::Trip, "gate", "延长路站", home.0, again.times[2].arrive.0, Some(&again.id)));
            let end = again.times[2].arrive.0;
            items.push(depot(ItemKind::Layover, "延长路站", "延长路站", end, end + 205));
            items.push(depot(ItemKind::PullIn, "延长路站", "depot", end + 205, end + 505));
            trips.extend([there, again]);
        }
        blocks.push(Block {
            id: block.into(),
            service: service.into(),
            vehicle_type: "mini".into(),
            depot: "depot".into(),
            items,
        });
    }
    let duties = blocks
        .iter()
        .map(|block| Duty {
            id: format!("D-{}", block.id),
            service: block.service.clone(),
            block: block.id.clone(),
            items: block.items.clone(),
        })
        .collect();
    let cohort = |id: &str, people: u32, firms: &[(&str, u32)]| Cohort {
        id: id.into(),
        origin: "station".into(),
        destination: "park".into(),
        time: ServiceTime::hm(8, 30),
        time_kind: TimeKind::ArriveBy,
        service: "weekday".into(),
        people: People(people),
        firms: firms.iter().map(|&(firm, people)| (firm.to_owned(), People(people))).collect::<BTreeMap<_, _>>(),
        max_walk_m: Metres(500),
        max_wait_s: Seconds(1800),
        wheelchair: false,
        alternative: Alternative { mode: "walk".into(), seconds: Seconds(1500), wait_s: Seconds(0), fen: Fen(3333) },
    };
    let rider = |cohort: &str, people: u32| Rider {
        cohort: cohort.into(),
        people: People(people),
        legs: vec![Leg { trip: "weekday-08:00-o".into(), board: "延长路站".into(), alight: "gate".into() }],
        walk_m: Metres(120),
        wait_s: Seconds(300),
        ride_s: Seconds(575),
        train: None,
    };
    let unserved = |cohort: &str, people: u32, reason: &str| Unserved {
        cohort: cohort.into(),
        people: People(people),
        reason: reason.into(),
        relaxations: Vec::new(),
    };
    Plan {
        format: FORMAT.into(),
        id: String::new(),
        parent: None,
        started_from: None,
        inputs_hash: project.inputs_hash.clone(),
        seed: 1,
        iterations: 10,
        chains: 1,
        services: project
            .services
            .iter()
            .map(|service| ServiceDays {
                id: service.id.clone(),
                days: if service.week == Week::NONE { String::new() } else { service.week.to_string() },
                from: service.from,
                until: service.until,
                added: service.added.clone(),
                removed: service.removed.clone(),
            })
            .collect(),
        cohorts: vec![
            cohort("c1", 30_000, &[("big", 20_000), ("mid", 8_000), ("small", 2_000)]),
            cohort("c2", 9_500, &[("big", 9_500)]),
        ],
        stops,
        lines,
        trips,
        blocks,
        duties,
        riders: vec![rider("c1", 30_000)],
        unserved: vec![unserved("c2", 7_000, "alternative-is-better"), unserved("c2", 2_500, "full")],
        parking: Parking {
            permits: vec![Permit {
                request: "r1".into(),
                lot: "lot".into(),
                days: "daily".into(),
                from: ServiceTime::hm(18, 0),
                to: ServiceTime::hm(32, 0),
                walk_m: Metres(200),
            }],
            refused: Vec::new(),
            occupancy: vec![Occupancy {
                lot: "lot".into(),
                day: "Mon".into(),
                changes: vec![
                    (ServiceTime::hm(0, 0), 0, 0),
                    (ServiceTime::hm(18, 0), 3, 40),
                    (ServiceTime::hm(19, 0), 12, 40),
                ],
            }],
            displacement: Vec::new(),
            ..Parking::default()
        },
        on_demand: Vec::new(),
        rest_points: Vec::new(),
        groups: Vec::new(),
        rooms: Vec::new(),
        room_refusals: Vec::new(),
        parts: Vec::new(),
        costs: Costs {
            total_fen: Fen(89_000),
            by_block: vec![
                BlockCost { block: "B1".into(), fen: Fen(90_000), hours: 4.5, km: 22.0 },
                BlockCost { block: "B2".into(), fen: Fen(90_000), hours: 2.0, km: 11.0 },
            ],
            shares: [("big", 59_334), ("mid", 23_733), ("small", 5_933)]
                .into_iter()
                .map(|(firm, fen)| Share {
                    site: Some("park".into()),
                    firm: Some(firm.into()),
                    fen: Fen(fen),
                    method: "by-boardings".into(),
                })
                .collect(),
            joint: None,
        },
        evaluation: Evaluation {
            served: 29.6,
            generalised_s_mean: 1375.0,
            walk_m_mean: 120.0,
            wait_s_mean: 300.0,
            ride_s_mean: 575.0,
            load_factor_mean: 0.65,
            worst_cohort: Some("c1".into()),
            terms: Terms {
                people_fen: Fen(60_000),
                running_fen: Fen(89_000),
                upkeep_fen: Fen(10_000),
                changes_fen: Fen(0),
            },
            objective: Fen(159_000),
            nothing: Fen(200_000),
        },
        simulated: None,
        bound: Bound { objective: Fen(120_000), gap: 0.4875, method: "best-conceivable-trip".into() },
        findings: vec![Finding::warning("survey-duplicate-answer").file("survey.csv").row(12).arg("first", 3_u32)],
    }
    .sealed()
}
