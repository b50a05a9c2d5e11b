//! A small district for tests of pages: two routes, twenty trips, two vehicles, six firms, two lots. Places are real,
//! numbers invented; loads follow from the riders.

mod rides;

use std::collections::BTreeMap;

use geo::{LineString, MultiPolygon, Polygon};
use jiff::civil::{Date, date};

use super::drawing::streets::{Street, Width};
use crate::domain::calendar::{Days, Holidays, Period, Service, Week, Window};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;
use crate::domain::site::{Kerb, Site, SiteKind};
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::planning::plan::{
    Alternative, Block, BlockCost, Bound, Cohort, Costs, Displacement, Duty, Evaluation, FORMAT, Group, Item, ItemKind,
    Leg, Line, Mode, Occupancy, Parking, Permit, Plan, Refusal, RestPoint, Rider, RoomUse, ServiceDays, Share, Stop,
    StopTime, Terms, TimeKind, Trip, Unserved,
};
use crate::planning::project::{
    Area, Claim, Firm, Lot, ParkingRequest, Place, Project, Publication, Room, TrainTimes, VehicleType,
};

pub(crate) use rides::{that_do_not_pay, with_rides};

fn p(lon: f64, lat: f64) -> Point {
    Point { lon, lat }
}

fn site(id: &str, name: &str, en: &str, kind: SiteKind, at: Point, parent: Option<&str>) -> Site {
    Site {
        id: id.into(),
        name: name.into(),
        name_en: Some(en.into()),
        kind,
        point: at,
        parent: parent.map(Into::into),
        people: None,
    }
}

fn stop(id: &str, name: &str, en: &str, at: Point, of: Option<&str>) -> Stop {
    Stop {
        id: id.into(),
        name: name.into(),
        name_en: en.into(),
        lon: at.lon,
        lat: at.lat,
        way: 1,
        between: [1, 2],
        offset_m: 10.0,
        side: Kerb::Right,
        site: of.map(Into::into),
        step_free: true,
    }
}

/// The project.
pub(crate) fn project() -> Project {
    let holidays =
        Holidays { holidays: (0..3).map(|d| date(2027, 1, 1 + d)).collect(), working: vec![date(2027, 1, 9)] };
    let weekday =
        Service::new("weekday", &Days::Weekly(Week::WORKING), date(2026, 12, 1), date(2027, 6, 30), &holidays);
    let firm = |id: &str, name: &str, site: &str, people| Firm {
        id: id.into(),
        name: name.into(),
        site: site.into(),
        people: People::whole(people),
    };
    let lot = |id: &str, name: &str, at: Point, bays| Lot {
        id: id.into(),
        name: name.into(),
        point: at,
        gate: None,
        owner: "上海长途客运".into(),
        bays,
        accessible_bays: 1,
        charging_bays: 4,
        windows: vec![Window {
            days: Days::Weekly(Week::DAILY),
            from: ServiceTime::hm(18, 0),
            to: ServiceTime::hm(32, 0),
        }],
        price: Fen(1000),
        owner_return: vec![(ServiceTime::hm(31, 30), 1.0)],
        displace_max: 0.01,
        exchange: false,
    };
    let trains = |station: &str, first: u32| TrainTimes {
        station: station.into(),
        line: "1号线".into(),
        direction: "富锦路".into(),
        days: Days::Weekly(Week::WORKING),
        times: (0..200).map(|n| ServiceTime(first + n * 300)).collect(),
        platform_walk: None,
    };
    Project {
        name: "gonghexin".into(),
        name_zh: Some("共和新路街区".into()),
        timezone: "Asia/Shanghai".into(),
        inputs_hash: "0123456789abcdef".into(),
        services: vec![weekday],
        holidays,
        periods: vec![
            Period { name: "am".into(), from: ServiceTime::hm(6, 45), to: ServiceTime::hm(10, 0) },
            Period { name: "pm".into(), from: ServiceTime::hm(16, 30), to: ServiceTime::hm(20, 0) },
        ],
        publication: Publication {
            base_url: Some("https://example.org/gonghexin".into()),
            agency: Some("共和新路园区联合会".into()),
        },
        sites: vec![
            site("yanchang", "延长路站", "Yanchang Road", SiteKind::Station, p(121.4507, 31.2733), None),
            site("maxicheng", "上海马戏城站", "Shanghai Circus World", SiteKind::Station, p(121.4473, 31.2813), None),
            site("media", "灵石媒体园", "Lingshi Media Park", SiteKind::Park, p(121.4322, 31.2829), None),
            site(
                "media-e",
                "灵石媒体园东门",
                "Media Park East Gate",
                SiteKind::Gate,
                p(121.4335, 31.2828),
                Some("media"),
            ),
            site("daning", "大宁德必易园", "Daning Dobe Park", SiteKind::Park, p(121.4400, 31.2773), None),
            site("depot", "沪太路停车场", "Hutai Road Depot", SiteKind::Depot, p(121.4290, 31.2700), None),
            site("room1", "园区阅览室", "Reading Room", SiteKind::Room, p(121.4322, 31.2829), Some("media")),
            site("rest1", "柳营路茶铺", "Liuying Road Tea Shop", SiteKind::Area, p(121.4550, 31.2680), None),
        ],
        firms: vec![
            firm("f-film", "灵石影视制作", "media", 80),
            firm("f-sound", "青禾录音棚", "media", 26),
            firm("f-tiny", "三人行工作室", "media", 3),
            firm("f-small", "小鹿动画", "media", 12),
            firm("f-game", "大宁游戏", "daning", 60),
            firm("f-duo", "两仪设计", "daning", 2),
        ],
        fleet: vec![VehicleType {
            id: "mini19".into(),
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
            to: ServiceTime::hm(21, 0),
            battery_kwh: None,
            kwh_per_km: None,
            charge_kw: None,
        }],
        trains: vec![trains("yanchang", 5 * 3600 + 60), trains("maxicheng", 5 * 3600 + 240)],
        lots: vec![
            lot("l-coach", "长途客运站停车场", p(121.4440, 31.2600), 40),
            lot("l-park", "媒体园地下车库", p(121.4322, 31.2829), 24),
        ],
        requests: (0..38)
            .map(|n| ParkingRequest {
                id: format!("r{n}"),
                home: Place::Site("rest1".into()),
                area: None,
                party: None,
                window: Window {
                    days: Days::Weekly(Week::DAILY),
                    from: ServiceTime::hm(19, 0),
                    to: ServiceTime::hm(31, 0),
                },
                max_walk: Metres(500),
                max_price: None,
                accessible: false,
                charging: false,
                current_lot: None,
                since: None,
            })
            .collect(),
        rooms: vec![Room {
            id: "room1".into(),
            site: "room1".into(),
            kind: "reading".into(),
            seats: 30,
            window: Window {
                days: Days::Weekly(Week::WORKING),
                from: ServiceTime::hm(18, 0),
                to: ServiceTime::hm(21, 0),
            },
            who: "居民".into(),
        }],
        claims: vec![claim("c1", 12, "社区读书会"), claim("c2", 2, "两人棋社")],
        areas: vec![Area {
            id: "a1".into(),
            name: "延长中路小区".into(),
            people: People::whole(3200),
            households: 1200,
            outline: MultiPolygon(vec![Polygon::new(
                LineString::from(vec![
                    (121.4515, 31.2741),
                    (121.4560, 31.2748),
                    (121.4556, 31.2775),
                    (121.4510, 31.2768),
                ]),
                vec![],
            )]),
        }],
        ..Project::default()
    }
}

fn claim(id: &str, people: u32, group: &str) -> Claim {
    Claim {
        id: id.into(),
        room: "room1".into(),
        window: Window {
            days: Days::Weekly(Week::span(1, 1)),
            from: ServiceTime::hm(18, 30),
            to: ServiceTime::hm(20, 0),
        },
        people,
        group: group.into(),
    }
}

/// Some streets of the district.
pub(crate) fn streets() -> Vec<Street> {
    let street = |name: &str, width, points: &[(f64, f64)]| Street {
        name: name.into(),
        width,
        closed: false,
        points: points.iter().map(|&(lon, lat)| p(lon, lat)).collect(),
    };
    let mut streets = vec![
        street(
            "共和新路",
            Width::Main,
            &[(121.4553, 31.2600), (121.4510, 31.2733), (121.4477, 31.2813), (121.4452, 31.2950)],
        ),
        street(
            "中山北路",
            Width::Main,
            &[(121.4250, 31.2580), (121.4400, 31.2600), (121.4553, 31.2607), (121.4650, 31.2620)],
        ),
        street(
            "广中西路",
            Width::Middle,
            &[(121.4250, 31.2745), (121.4400, 31.2775), (121.4492, 31.2778), (121.4600, 31.2790)],
        ),
        street(
            "灵石路",
            Width::Middle,
            &[(121.4230, 31.2810), (121.4335, 31.2838), (121.4467, 31.2846), (121.4600, 31.2860)],
        ),
        street(
            "延长路",
            Width::Middle,
            &[(121.4330, 31.2700), (121.4420, 31.2722), (121.4507, 31.2736), (121.4620, 31.2760)],
        ),
        street("万荣路", Width::Middle, &[(121.4420, 31.2650), (121.4392, 31.2760), (121.4360, 31.2900)]),
        street("平型关路", Width::Minor, &[(121.4560, 31.2650), (121.4535, 31.2770), (121.4510, 31.2900)]),
        street("沪太路", Width::Main, &[(121.4390, 31.2560), (121.4290, 31.2720), (121.4240, 31.2900)]),
    ];
    for n in 0..14 {
        let lon = 121.426 + 0.0026 * f64::from(n);
        streets.push(street("", Width::Minor, &[(lon, 31.268 + 0.0005 * f64::from(n % 5)), (lon - 0.002, 31.288)]));
    }
    streets
}

const OUT1: [(&str, u32); 4] = [("s-yc", 0), ("s-wr", 340), ("s-me", 700), ("s-mw", 860)];
const BACK1: [(&str, u32); 4] = [("s-mw", 0), ("s-me", 150), ("s-wr2", 520), ("s-yc", 900)];
const OUT2: [(&str, u32); 3] = [("s-mx", 0), ("s-dn", 330), ("s-me", 640)];
const BACK2: [(&str, u32); 3] = [("s-me", 0), ("s-dn2", 300), ("s-mx", 650)];

/// The plan of it.
pub(crate) fn plan() -> Plan {
    let d = |y: i16, m: i8, day: i8| -> Date { date(y, m, day) };
    let stops = vec![
        stop("s-yc", "延长路站1号口", "Yanchang Rd Stn Exit 1", p(121.4504, 31.2737), Some("yanchang")),
        stop("s-wr", "万荣路广中西路", "Wanrong Rd & Guangzhong W Rd", p(121.4394, 31.2757), None),
        stop("s-wr2", "万荣路广中西路", "Wanrong Rd & Guangzhong W Rd", p(121.4391, 31.2760), None),
        stop("s-me", "媒体园东门", "Media Park East Gate", p(121.4335, 31.2837), Some("media")),
        stop("s-mw", "媒体园西门", "Media Park West Gate", p(121.4300, 31.2826), Some("media")),
        stop("s-mx", "马戏城站3号口", "Circus World Exit 3", p(121.4479, 31.2810), Some("maxicheng")),
        stop("s-dn", "大宁德必易园", "Daning Dobe Park", p(121.4402, 31.2775), Some("daning")),
        stop("s-dn2", "大宁德必易园", "Daning Dobe Park", p(121.4400, 31.2776), Some("daning")),
    ];
    let lines = vec![
        line(
            "L1-out",
            "1路 延长路站 → 媒体园西门",
            0,
            &OUT1,
            &[
                (121.4504, 31.2737),
                (121.4507, 31.2736),
                (121.4420, 31.2722),
                (121.4394, 31.2757),
                (121.4380, 31.2815),
                (121.4376, 31.2841),
                (121.4335, 31.2838),
                (121.4300, 31.2828),
            ],
            &[0, 3, 6, 7],
        ),
        line(
            "L1-back",
            "1路 媒体园西门 → 延长路站",
            1,
            &BACK1,
            &[
                (121.4300, 31.2828),
                (121.4335, 31.2838),
                (121.4376, 31.2841),
                (121.4380, 31.2815),
                (121.4391, 31.2760),
                (121.4420, 31.2722),
                (121.4507, 31.2736),
                (121.4504, 31.2737),
            ],
            &[0, 1, 4, 7],
        ),
        line(
            "L2-out",
            "2路 上海马戏城站 → 媒体园东门",
            0,
            &OUT2,
            &[
                (121.4479, 31.2810),
                (121.4492, 31.2778),
                (121.4402, 31.2775),
                (121.4388, 31.2773),
                (121.4380, 31.2815),
                (121.4376, 31.2841),
                (121.4335, 31.2838),
            ],
            &[0, 2, 6],
        ),
        line(
            "L2-back",
            "2路 媒体园东门 → 上海马戏城站",
            1,
            &BACK2,
            &[
                (121.4335, 31.2838),
                (121.4376, 31.2841),
                (121.4380, 31.2815),
                (121.4388, 31.2773),
                (121.4400, 31.2775),
                (121.4492, 31.2778),
                (121.4479, 31.2810),
            ],
            &[0, 4, 6],
        ),
    ];
    // Vehicle 1 runs route 1, vehicle 2 route 2; out and back by turns, mornings and evenings.
    let mut trips = Vec::new();
    for (block, out, back, out_stops, back_stops, cycle) in [
        ("b1", "L1-out", "L1-back", &OUT1[..], &BACK1[..], 2280),
        ("b2", "L2-out", "L2-back", &OUT2[..], &BACK2[..], 1800),
    ] {
        for start in [ServiceTime::hm(7, 30), ServiceTime::hm(17, 10)] {
            for n in 0..5_u32 {
                let (line, shape) = if n % 2 == 0 { (out, out_stops) } else { (back, back_stops) };
                let depart = start + Seconds((n / 2 * cycle + n % 2 * (cycle / 2)) / 60 * 60);
                trips.push(trip(trips.len() + 1, block, line, shape, depart));
            }
        }
    }
    let cohorts = cohorts();
    let mut riders = Vec::new();
    for (i, trip) in trips.iter().enumerate() {
        let morning = trip.times[0].depart < ServiceTime::hm(12, 0);
        let cohort = &cohorts[usize::from(!morning) * 2 + usize::from(trip.block == "b2")];
        let (first, last) = (&trip.times[0], &trip.times[trip.times.len() - 1]);
        riders.push(rider(&cohort.id, 6_400 + 900 * u32::try_from(i % 7).unwrap(), trip, &first.stop, &last.stop));
        let middle = &trip.times[trip.times.len() - 2];
        riders.push(rider(&cohort.id, 2_300 + 700 * u32::try_from(i % 4).unwrap(), trip, &first.stop, &middle.stop));
    }
    for trip in &mut trips {
        let at = |id: &str| trip.times.iter().position(|t| t.stop == *id).unwrap();
        let mut load = vec![People::ZERO; trip.times.len()];
        for rider in riders.iter().filter(|rider| rider.legs[0].trip == trip.id) {
            for leg in &mut load[at(&rider.legs[0].board)..at(&rider.legs[0].alight)] {
                *leg += rider.people;
            }
        }
        trip.load = load;
    }
    let blocks: Vec<Block> = ["b1", "b2"].iter().map(|id| block(id, &trips)).collect();
    let duties = blocks
        .iter()
        .map(|block| Duty {
            id: block.id.replace('b', "d"),
            service: block.service.clone(),
            block: block.id.clone(),
            items: block.items.clone(),
        })
        .collect();
    let served: f64 = riders.iter().map(|r| r.people.as_f64()).sum();
    let share = |site: &str, firm: &str, fen| Share {
        site: Some(site.into()),
        firm: Some(firm.into()),
        fen: Fen(fen),
        method: "by-boardings".into(),
    };
    Plan {
        format: FORMAT.into(),
        id: String::new(),
        parent: None,
        started_from: None,
        inputs_hash: "0123456789abcdef".into(),
        seed: 1,
        iterations: 2000,
        chains: 2,
        services: vec![ServiceDays {
            id: "weekday".into(),
            days: "Mon-Fri".into(),
            from: d(2026, 12, 1),
            until: d(2027, 6, 30),
            added: vec![d(2027, 1, 9)],
            removed: vec![d(2027, 1, 1)],
        }],
        cohorts,
        stops,
        lines,
        trips,
        blocks,
        duties,
        riders,
        unserved: vec![
            unserved("c-y-m", 14_300, "alternative-is-better"),
            unserved("c-x-m", 7_800, "no-trip-at-that-time"),
            unserved("c-m-y", 2_100, "full"),
            unserved("c-m-x", 1_200, "no-stop-in-reach"),
        ],
        parking: parking(),
        on_demand: vec![],
        rest_points: vec![RestPoint { site: "rest1".into(), people: 46.5 }],
        groups: vec![Group {
            id: "g1".into(),
            kind: "committee".into(),
            members: vec!["media".into(), "daning".into()],
            people: People::whole(183),
            saving_fen: None,
        }],
        rooms: vec![room_use("c1"), room_use("c2")],
        room_refusals: Vec::new(),
        parts: Vec::new(),
        costs: Costs {
            total_fen: Fen(186_000),
            by_block: vec![
                BlockCost { block: "b1".into(), fen: Fen(96_000), hours: 8.9, km: 71.4 },
                BlockCost { block: "b2".into(), fen: Fen(90_000), hours: 7.6, km: 58.2 },
            ],
            shares: vec![
                share("media", "f-film", 96_000),
                share("media", "f-sound", 31_000),
                share("media", "f-tiny", 4_321),
                share("media", "f-small", 14_679),
                share("daning", "f-game", 38_766),
                share("daning", "f-duo", 1_234),
            ],
            joint: None,
        },
        evaluation: Evaluation {
            served,
            generalised_s_mean: 1640.0,
            walk_m_mean: 212.0,
            wait_s_mean: 252.0,
            ride_s_mean: 690.0,
            load_factor_mean: 0.61,
            worst_cohort: Some("c-x-m".into()),
            terms: Terms {
                people_fen: Fen(512_000),
                running_fen: Fen(186_000),
                upkeep_fen: Fen(20_000),
                changes_fen: Fen(0),
            },
            objective: Fen(718_000),
            nothing: Fen(934_000),
        },
        simulated: None,
        bound: Bound { objective: Fen(655_000), gap: 0.226, method: "best-conceivable-trip".into() },
        findings: vec![
            Finding::warning("survey-time-unreadable").file("survey.csv").row(12).column("time"),
            Finding::warning("survey-time-unreadable").file("survey.csv").row(87).column("time"),
            Finding::note("survey-response-rate").arg("firm", "三人行工作室").arg("answers", 2_u32),
        ],
    }
    .sealed()
}

fn line(id: &str, name: &str, direction: u8, stops: &[(&str, u32)], way: &[(f64, f64)], at: &[u32]) -> Line {
    Line {
        id: id.into(),
        name: name.into(),
        name_en: String::new(),
        mode: Mode::Shuttle,
        direction,
        stops: stops.iter().map(|(id, _)| (*id).into()).collect(),
        geometry: way.iter().map(|&(lon, lat)| [lon, lat]).collect(),
        stop_positions: at.to_vec(),
        km: 2.6,
    }
}

fn trip(n: usize, block: &str, line: &str, shape: &[(&str, u32)], depart: ServiceTime) -> Trip {
    let last = shape.len() - 1;
    let times = shape
        .iter()
        .enumerate()
        .map(|(i, (stop, after))| {
            let arrive = depart + Seconds(*after);
            let dwell = if i == 0 || i == last { 0 } else { 25 };
            StopTime { stop: (*stop).into(), arrive, depart: arrive + Seconds(dwell) }
        })
        .collect();
    Trip {
        id: format!("t{n:02}"),
        service: "weekday".into(),
        line: line.into(),
        block: block.into(),
        times,
        load: Vec::new(),
    }
}

fn cohorts() -> Vec<Cohort> {
    let one = |id: &str, from: &str, to: &str, time, kind, firms: &[(&str, u32)]| Cohort {
        id: id.into(),
        origin: from.into(),
        destination: to.into(),
        time,
        time_kind: kind,
        service: "weekday".into(),
        people: People(60_000),
        firms: firms.iter().map(|(firm, people)| ((*firm).into(), People(*people))).collect::<BTreeMap<_, _>>(),
        max_walk_m: Metres(500),
        max_wait_s: Seconds(1800),
        wheelchair: false,
        alternative: Alternative { mode: "walk".into(), seconds: Seconds(1700), wait_s: Seconds(0), fen: Fen(3800) },
    };
    let media: &[(&str, u32)] = &[("f-film", 38_000), ("f-sound", 12_000), ("f-tiny", 2_500), ("f-small", 7_500)];
    let daning: &[(&str, u32)] = &[("f-game", 58_200), ("f-duo", 1_800)];
    let (am, pm) = (ServiceTime::hm(9, 0), ServiceTime::hm(17, 30));
    vec![
        one("c-y-m", "yanchang", "media", am, TimeKind::ArriveBy, media),
        one("c-x-m", "maxicheng", "daning", am, TimeKind::ArriveBy, daning),
        one("c-m-y", "media", "yanchang", pm, TimeKind::DepartAfter, media),
        one("c-m-x", "daning", "maxicheng", pm, TimeKind::DepartAfter, daning),
    ]
}

fn rider(cohort: &str, people: u32, trip: &Trip, board: &str, alight: &str) -> Rider {
    Rider {
        cohort: cohort.into(),
        people: People(people),
        legs: vec![Leg { trip: trip.id.clone(), board: board.into(), alight: alight.into() }],
        walk_m: Metres(210),
        wait_s: Seconds(250),
        ride_s: Seconds(700),
        train: None,
    }
}

fn unserved(cohort: &str, people: u32, reason: &str) -> Unserved {
    Unserved { cohort: cohort.into(), people: People(people), reason: reason.into(), relaxations: Vec::new() }
}

fn block(id: &str, trips: &[Trip]) -> Block {
    let mut own: Vec<&Trip> = trips.iter().filter(|trip| trip.block == id).collect();
    own.sort_by_key(|trip| trip.times[0].depart);
    let mut items: Vec<Item> = Vec::new();
    let item = |kind, from: &str, to: &str, start, end, km| Item {
        kind,
        from: from.into(),
        to: to.into(),
        start,
        end,
        km,
        trip: None,
    };
    for trip in own {
        let (first, last) = (&trip.times[0], &trip.times[trip.times.len() - 1]);
        match items.last().cloned() {
            None => {
                let start = ServiceTime(first.depart.0 - 720);
                items.push(item(ItemKind::PullOut, "depot", &first.stop, start, first.depart, 2.9));
            }
            Some(before) if first.depart.since(before.end).0 > 3600 => {
                let home = before.end + Seconds(900);
                let away = ServiceTime(first.depart.0 - 720);
                items.push(item(ItemKind::Layover, &before.to, &before.to, before.end, before.end + Seconds(180), 0.0));
                items.push(item(ItemKind::PullIn, &before.to, "depot", before.end + Seconds(180), home, 2.4));
                items.push(item(ItemKind::Break, "depot", "depot", home, away, 0.0));
                items.push(item(ItemKind::PullOut, "depot", &first.stop, away, first.depart, 2.9));
            }
            Some(before) => {
                items.push(item(ItemKind::Layover, &before.to, &first.stop, before.end, first.depart, 0.0));
            }
        }
        let mut ride = item(ItemKind::Trip, &first.stop, &last.stop, first.depart, last.arrive, 2.6);
        ride.trip = Some(trip.id.clone());
        items.push(ride);
    }
    let end = items.last().map(|item| (item.to.clone(), item.end)).unwrap();
    items.push(item(ItemKind::Layover, &end.0, &end.0, end.1, end.1 + Seconds(180), 0.0));
    items.push(item(ItemKind::PullIn, &end.0, "depot", end.1 + Seconds(180), end.1 + Seconds(960), 2.4));
    Block { id: id.into(), service: "weekday".into(), vehicle_type: "mini19".into(), depot: "depot".into(), items }
}

fn parking() -> Parking {
    let permit = |n: u32, lot: &str| Permit {
        request: format!("r{n}"),
        lot: lot.into(),
        days: "daily".into(),
        from: ServiceTime::hm(19, 0),
        to: ServiceTime::hm(31, 0),
        walk_m: Metres(320),
    };
    let refusal = |n: u32, reason: &str| Refusal {
        request: format!("r{n}"),
        reason: reason.into(),
        rank: None,
        relaxations: Vec::new(),
    };
    let mut occupancy = Vec::new();
    for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] {
        for (lot, cars, bays) in [("l-coach", 26, 40), ("l-park", 3, 24)] {
            occupancy.push(Occupancy {
                lot: lot.into(),
                day: day.into(),
                changes: vec![
                    (ServiceTime::hm(0, 0), cars, bays),
                    (ServiceTime::hm(7, 0), cars / 3, bays),
                    (ServiceTime::hm(8, 0), 0, 0),
                    (ServiceTime::hm(18, 0), 0, bays),
                    (ServiceTime::hm(19, 0), cars, bays),
                ],
            });
        }
    }
    Parking {
        permits: (0..26).map(|n| permit(n, "l-coach")).chain((26..29).map(|n| permit(n, "l-park"))).collect(),
        refused: (29..35)
            .map(|n| refusal(n, "parking-no-lot-in-reach"))
            .chain((35..38).map(|n| refusal(n, "parking-full")))
            .collect(),
        occupancy,
        displacement: vec![
            Displacement { lot: "l-coach".into(), probability: 0.004, upper_99: 0.008, reserve: 0 },
            Displacement { lot: "l-park".into(), probability: 0.009, upper_99: 0.021, reserve: 0 },
        ],
        ..Parking::default()
    }
}

fn room_use(claim: &str) -> RoomUse {
    RoomUse {
        room: "room1".into(),
        claim: claim.into(),
        days: "Tue".into(),
        from: ServiceTime::hm(18, 30),
        to: ServiceTime::hm(20, 0),
    }
}
