mod dates;
mod exchange;
mod relaxations;

use std::sync::Arc;

use super::*;
use crate::domain::calendar::{Days, Week, Window, date_of};
use crate::domain::coordinates::Local;
use crate::domain::units::{Fen, ServiceTime};
use crate::network::Network;
use crate::network::synthetic::{Grid, city};
use crate::planning::project::{Departure, Place};

/// Ten by ten streets 200 m apart; places by metres east and north of the corner.
fn project() -> Project {
    Project { roads: Arc::new(city(&Grid::default())), ..Project::default() }
}

fn at(east: f64, north: f64) -> crate::domain::coordinates::Point {
    Local::new(Grid::default().corner).unproject([east, north])
}

fn window(days: &str, from: (u32, u32), to: (u32, u32)) -> Window {
    let days = Days::parse(days).unwrap();
    Window { days, from: ServiceTime::hm(from.0, from.1), to: ServiceTime::hm(to.0, to.1) }
}

/// Lends its bays daily from 18:00 to 08:00; owners may be displaced (tests of the promise say otherwise).
fn lot(id: &str, east: f64, bays: u32) -> Lot {
    Lot {
        id: id.to_owned(),
        name: id.to_owned(),
        point: at(east, 0.0),
        gate: None,
        owner: String::new(),
        bays,
        accessible_bays: 0,
        charging_bays: 0,
        windows: vec![window("daily", (18, 0), (32, 0))],
        price: Fen(800),
        owner_return: Vec::new(),
        displace_max: 1.0,
        exchange: false,
    }
}

/// Lives at the corner, 18:30 to 07:30 daily, walks 500 m.
fn request(id: &str) -> ParkingRequest {
    ParkingRequest {
        id: id.to_owned(),
        home: Place::Point(at(0.0, 0.0)),
        area: None,
        party: None,
        window: window("daily", (18, 30), (31, 30)),
        max_walk: Metres(500),
        max_price: Some(Fen(1000)),
        accessible: false,
        charging: false,
        current_lot: None,
        since: None,
    }
}

/// Weeks of the season that dates of tests lie in, and its Monday, 2026-12-14; the first and the last week have none.
const SEASON: usize = 6;
const SEASON_FROM: i64 = 1406 * 10_080;

/// The minutes of a window through the season, what recurs in each week.
fn in_season(window: &Window) -> Vec<usize> {
    let weekly = (-1..SEASON as i64).flat_map(|week| {
        let on = move |minute: u32| i64::from(minute) + week * 10_080;
        window.minutes().map(move |(start, end)| (on(start), on(end)))
    });
    let dates = window.on_dates().map(|(start, end)| (start - SEASON_FROM, end - SEASON_FROM));
    let minutes = weekly.chain(dates).flat_map(|(start, end)| start..end);
    minutes.filter_map(|minute| usize::try_from(minute).ok()).filter(|&minute| minute < SEASON * 10_080).collect()
}

fn has_dates(project: &Project) -> bool {
    let lends = project.lots.iter().flat_map(|lot| &lot.windows);
    lends.chain(project.requests.iter().map(|request| &request.window)).any(|window| window.on_dates().next().is_some())
}

fn allotted(project: &Project) -> Parking {
    let network = Network::new(&project.roads, &project.speeds());
    let (parking, findings) = allot(project, &network, &Run::quiet(1));
    assert_eq!(parking.permits.len() + parking.refused.len(), project.requests.len());
    assert!(findings.iter().all(|finding| finding.code.starts_with("parking-")));
    keeps_the_rules(project, &parking);
    parking
}

/// Minute by minute from the plan's rows, without the stage's own means.
fn keeps_the_rules(project: &Project, parking: &Parking) {
    for lot in &project.lots {
        let mut lent = vec![false; 10_080];
        for (start, end) in lot.windows.iter().flat_map(Window::minutes) {
            (start..end).for_each(|minute| lent[minute as usize % 10_080] = true);
        }
        let mut used = [vec![0_u32; 10_080], vec![0_u32; 10_080], vec![0_u32; 10_080]];
        for permit in parking.permits.iter().filter(|permit| permit.lot == lot.id) {
            let request = project.requests.iter().find(|request| request.id == permit.request).unwrap();
            assert!(permit.walk_m <= request.max_walk);
            assert!(request.max_price.is_none_or(|most| lot.price <= most));
            for (start, end) in request.window.minutes() {
                for minute in start..end {
                    assert!(lent[minute as usize % 10_080]);
                    used[0][minute as usize % 10_080] += 1;
                    used[1][minute as usize % 10_080] += u32::from(request.accessible);
                    used[2][minute as usize % 10_080] += u32::from(request.charging);
                }
            }
        }
        assert!(used[0].iter().all(|&used| used <= lot.bays));
        assert!(used[1].iter().all(|&used| used <= lot.accessible_bays));
        assert!(used[2].iter().all(|&used| used <= lot.charging_bays));
        let promise = parking.displacement.iter().find(|row| row.lot == lot.id).unwrap();
        assert!(promise.upper_99 <= lot.displace_max && promise.probability <= promise.upper_99);
        for day in 0..7 {
            let name = Week::span(day, day).to_string();
            let row = parking.occupancy.iter().find(|row| row.lot == lot.id && row.day == name).unwrap();
            for minute in 0..1440 {
                let change = row.changes.iter().rev().find(|change| change.0.minute() <= minute).unwrap();
                let here = day * 1440 + minute as usize;
                assert_eq!((change.1, change.2 > 0), (used[0][here], lent[here]));
            }
        }
        if has_dates(project) {
            every_day_keeps_the_rules(project, parking, lot);
        }
    }
}

/// The same of each day of the season: what its row says or, where it has none, its weekday's.
fn every_day_keeps_the_rules(project: &Project, parking: &Parking, lot: &Lot) {
    let mut lent = vec![false; SEASON * 10_080];
    lot.windows.iter().flat_map(in_season).for_each(|minute| lent[minute] = true);
    let mut used = vec![0_u32; SEASON * 10_080];
    for permit in parking.permits.iter().filter(|permit| permit.lot == lot.id) {
        let request = project.requests.iter().find(|request| request.id == permit.request).unwrap();
        assert_eq!(permit.days, request.window.days.to_string());
        for minute in in_season(&request.window) {
            assert!(lent[minute] || lot.exchange, "{request:?}");
            used[minute] += 1;
        }
    }
    for day in 0..SEASON * 7 {
        let date = date_of(SEASON_FROM / 1440 + day as i64).to_string();
        let of = |name: &str| parking.occupancy.iter().find(|row| row.lot == lot.id && row.day == name);
        let weekday = of(&Week::span(day % 7, day % 7).to_string()).unwrap();
        assert!(of(&date).is_none_or(|row| row.changes != weekday.changes), "{date} is as its weekday");
        let row = of(&date).unwrap_or(weekday);
        for minute in 0..1440 {
            let change = row.changes.iter().rev().find(|change| change.0.minute() as usize <= minute).unwrap();
            let here = day * 1440 + minute;
            assert!(used[here] <= lot.bays, "{date} {minute}");
            assert_eq!((change.1, change.2 > 0), (used[here], lent[here] || lot.exchange), "{date} {minute}");
        }
    }
}

fn lot_of<'a>(parking: &'a Parking, request: &str) -> Option<&'a str> {
    parking.permits.iter().find(|permit| permit.request == request).map(|permit| permit.lot.as_str())
}

fn refusal(parking: &Parking, request: &str) -> (String, Vec<(String, f64)>) {
    let row = parking.refused.iter().find(|row| row.request == request).unwrap();
    let relaxations = row.relaxations.iter().map(|relaxation| (relaxation.kind.clone(), relaxation.amount)).collect();
    (row.reason.clone(), relaxations)
}

fn only(kind: &str, amount: f64) -> Vec<(String, f64)> {
    vec![(kind.to_owned(), amount)]
}

#[test]
fn a_night_is_lent_and_the_occupancy_says_so() {
    let mut project = project();
    project.lots = vec![lot("near", 200.0, 2)];
    project.requests = vec![request("a"), ParkingRequest { window: window("Sat", (20, 0), (30, 0)), ..request("b") }];
    let parking = allotted(&project);
    assert_eq!((lot_of(&parking, "a"), lot_of(&parking, "b")), (Some("near"), Some("near")));
    assert_eq!(parking.permits[0].days, "daily");
    assert_eq!(parking.permits[0].walk_m, Metres(200));
    // Sunday: both from Saturday night until 06:00, one until 07:30, lent until 08:00 and again from 18:00.
    let sunday = parking.occupancy.iter().find(|row| row.day == "Sun").unwrap();
    let at = ServiceTime::hm;
    assert_eq!(
        sunday.changes,
        vec![
            (at(0, 0), 2, 2),
            (at(6, 0), 1, 2),
            (at(7, 30), 0, 2),
            (at(8, 0), 0, 0),
            (at(18, 0), 0, 2),
            (at(18, 30), 1, 2)
        ]
    );
}

#[test]
fn of_lots_that_want_the_same_change_the_nearest_is_named() {
    let mut project = project();
    // Two of 8 yuan, 400 and 200 m away; 7 yuan is too little for either, 17:45 too early for both: the same change opens either.
    project.lots = vec![lot("farther", 400.0, 3), lot("nearer", 200.0, 3)];
    project.requests = vec![
        ParkingRequest { max_price: Some(Fen(700)), ..request("poor") },
        ParkingRequest { window: window("daily", (17, 45), (31, 0)), ..request("early") },
    ];
    let parking = allotted(&project);
    for (refused, kind, amount) in [("poor", "fen", 100.0), ("early", "minutes", 15.0)] {
        let refusal = parking.refused.iter().find(|refusal| refusal.request == refused).unwrap();
        let [relaxation] = &refusal.relaxations[..] else { panic!("{refusal:?}") };
        assert_eq!((relaxation.kind.as_str(), relaxation.amount), (kind, amount));
        assert_eq!(relaxation.lot.as_deref(), Some("nearer"));
    }
}

#[test]
fn each_refusal_has_its_reason_and_the_change_that_would_help() {
    let mut project = project();
    project.lots = vec![
        Lot { charging_bays: 1, ..lot("near", 200.0, 3) },
        Lot { price: Fen(1200), ..lot("dear", 400.0, 5) },
        Lot { accessible_bays: 1, ..lot("far", 800.0, 5) },
    ];
    project.requests = vec![
        ParkingRequest { max_walk: Metres(150), max_price: None, ..request("short-walk") },
        ParkingRequest { window: window("daily", (17, 45), (31, 0)), max_price: Some(Fen(900)), ..request("early") },
        ParkingRequest { max_price: Some(Fen(700)), ..request("poor") },
        ParkingRequest { accessible: true, ..request("accessible") },
        ParkingRequest { charging: true, max_walk: Metres(300), ..request("charging-1") },
        ParkingRequest { accessible: true, charging: true, max_walk: Metres(300), ..request("both") },
    ];
    let parking = allotted(&project);
    assert_eq!(refusal(&parking, "short-walk"), ("no-lot-in-reach".into(), only("walk_m", 50.0)));
    // Fifteen minutes later is within the lending window.
    assert_eq!(refusal(&parking, "early"), ("no-lot-at-that-time".into(), only("minutes", 15.0)));
    // One yuan more for the near lot.
    assert_eq!(refusal(&parking, "poor"), ("too-dear".into(), only("fen", 100.0)));
    // The accessible bay is 800 m away, 300 m beyond the limit.
    assert_eq!(refusal(&parking, "accessible"), ("no-accessible-bay".into(), only("walk_m", 300.0)));
    assert_eq!(lot_of(&parking, "charging-1"), Some("near"));
    // No lot proves a bay that is both: nothing is promised.
    assert_eq!(refusal(&parking, "both"), ("no-accessible-bay".into(), vec![]));
}

#[test]
fn among_equals_who_waited_longer_then_who_has_a_lot_then_the_lottery() {
    let mut project = project();
    project.lots = vec![lot("near", 200.0, 1), lot("next", 400.0, 1)];
    let since = |day: &str| Some(day.parse().unwrap());
    project.requests = vec![
        request("new"),
        ParkingRequest { since: since("2026-05-01"), ..request("may") },
        ParkingRequest { since: since("2026-03-01"), ..request("march") },
        ParkingRequest { since: since("2026-05-01"), current_lot: Some("near".into()), ..request("may-holder") },
    ];
    let parking = allotted(&project);
    assert_eq!(lot_of(&parking, "march"), Some("next"));
    // At equal walks in sum the holder keeps its lot.
    assert_eq!(lot_of(&parking, "may-holder"), Some("near"));
    assert_eq!(refusal(&parking, "may"), ("full".into(), vec![]));
    let rank = |id: &str| parking.refused.iter().find(|row| row.request == id).unwrap().rank;
    assert_eq!((rank("may"), rank("new")), (Some(1), Some(2)));
    // The lottery: whatever the order of the file, the same winner.
    project.requests = vec![request("x"), request("y"), request("z")];
    let first = allotted(&project);
    project.requests.reverse();
    let again = allotted(&project);
    for id in ["x", "y", "z"] {
        assert_eq!(lot_of(&first, id).is_some(), lot_of(&again, id).is_some());
    }
}

fn history(project: &mut Project, departures: usize, late_every: usize) {
    // 2026-11-02 is a Monday; the lot lends until 08:00: 07:20 is in time, 08:40 is 40 minutes late.
    project.parking_history = (0..departures)
        .map(|n| Departure {
            lot: "near".to_owned(),
            date: "2026-11-02".parse().unwrap(),
            request: project.requests[0].id.clone(),
            left: if n % late_every == 0 { ServiceTime::hm(32, 40) } else { ServiceTime::hm(7, 20) },
        })
        .collect();
}

#[test]
fn a_reserve_keeps_the_promise_and_records_make_it_smaller() {
    let mut project = project();
    project.lots = vec![Lot { displace_max: 0.01, ..lot("near", 200.0, 20) }];
    project.requests = (0..20).map(|n| request(&format!("r{n}"))).collect();
    let granted = |project: &Project| allotted(project).permits.len();
    // One car in 50 stays until 08:40.
    history(&mut project, 400, 50);
    let few = granted(&project);
    history(&mut project, 20_000, 50);
    let many = granted(&project);
    // With q = 2 %: of k cars more than 20 - k late at most 1 %: Bin(18, 0.02) > 2 is 0.5 %, Bin(19, 0.02) > 1 is 5.5 %.
    assert_eq!(many, 18);
    assert!((10..many).contains(&few), "{few}");
    // Owners who come back after 08:40 meet no late car at all.
    project.lots[0].owner_return = vec![(ServiceTime::hm(8, 45), 0.5), (ServiceTime::hm(9, 0), 0.5)];
    assert_eq!(granted(&project), 20);
}

#[test]
fn without_records_the_promise_is_an_assumption_and_said_to_be() {
    let mut project = project();
    project.lots = vec![Lot { displace_max: 0.01, ..lot("near", 200.0, 20) }];
    project.requests = vec![request("a")];
    let network = Network::new(&project.roads, &project.speeds());
    let (parking, findings) = allot(&project, &network, &Run::quiet(1));
    assert_eq!(parking.permits.len(), 1);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    // One car that may be late, and all owners back at eight: one bay is to be left free.
    assert_eq!(codes, vec!["parking-history-missing", "parking-reserve"]);
    assert_eq!(findings[1].args["reserve"], 1_u32.into());
}

#[test]
fn nothing_in_nothing_out_and_no_roads_no_walk() {
    let empty = Project::default();
    let network = Network::new(&empty.roads, &empty.speeds());
    assert_eq!(allot(&empty, &network, &Run::quiet(1)), (Parking::default(), vec![]));
    let project = Project { lots: vec![lot("near", 0.0, 3)], requests: vec![request("a")], ..Project::default() };
    let (parking, findings) = allot(&project, &network, &Run::quiet(1));
    assert_eq!(parking.refused[0].reason, "no-lot-in-reach");
    assert!(parking.refused[0].relaxations.is_empty());
    assert!(findings.iter().any(|finding| finding.code == "parking-home-off-network"));
}

#[test]
fn twenty_thousand_bays_in_one_lot() {
    let mut project = project();
    let returns = vec![(ServiceTime::hm(6, 0), 0.1), (ServiceTime::hm(7, 0), 0.3), (ServiceTime::hm(8, 0), 0.6)];
    project.lots = vec![Lot { displace_max: 0.01, owner_return: returns, ..lot("near", 200.0, 20_000) }];
    project.requests = (0..300).map(|n| request(&format!("r{n}"))).collect();
    let start = std::time::Instant::now();
    let parking = allotted(&project);
    assert_eq!(parking.permits.len(), 300);
    // It was half a minute once; a second of it is the machine's.
    assert!(start.elapsed().as_secs_f64() < 2.0, "{:?}", start.elapsed());
}

#[test]
fn a_stop_ends_with_permits_that_keep_the_promise() {
    use crate::search::{Answer, Progress};
    let mut project = project();
    project.lots = vec![Lot { displace_max: 0.01, ..lot("near", 200.0, 20) }, lot("next", 400.0, 10)];
    project.requests = (0..60).map(|n| request(&format!("r{n}"))).collect();
    let network = Network::new(&project.roads, &project.speeds());
    for after in [0, 1, 3, 10] {
        let asked = std::sync::atomic::AtomicU32::new(0);
        let watch = |_: &Progress| {
            let stop = asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) >= after;
            Answer { stop, ..Answer::GO }
        };
        let (parking, _) = allot(&project, &network, &Run { watch: &watch, ..Run::quiet(1) });
        keeps_the_rules(&project, &parking);
        assert_eq!(parking.permits.len() + parking.refused.len(), 60);
        assert!(parking.permits.len() >= 20, "{}", parking.permits.len());
        for said in &parking.displacement {
            let lot = project.lots.iter().find(|lot| lot.id == said.lot).unwrap();
            assert!(said.probability <= said.upper_99 && said.upper_99 <= lot.displace_max);
        }
    }
}

#[test]
fn many_requests_and_lots_are_done_in_time() {
    let mut project = project();
    project.lots = (0..100_u32)
        .map(|n| Lot {
            displace_max: 0.01,
            point: at(f64::from(n % 20) * 90.0, f64::from(n / 20) * 180.0),
            ..lot(&format!("l{n}"), 0.0, 10)
        })
        .collect();
    project.requests = (0..2500_u32)
        .map(|n| ParkingRequest {
            home: Place::Point(at(f64::from(n % 50) * 36.0, f64::from(n / 50 % 50) * 36.0)),
            window: window("daily", (18 + n % 5, n * 7 % 60), (30 + n % 2, 0)),
            ..request(&format!("r{n}"))
        })
        .collect();
    let network = Network::new(&project.roads, &project.speeds());
    // The longest time between two looks at the watcher.
    let last = std::sync::Mutex::new((std::time::Instant::now(), 0.0_f64));
    let watch = |_: &crate::search::Progress| {
        let mut last = last.lock().unwrap();
        *last = (std::time::Instant::now(), last.1.max(last.0.elapsed().as_secs_f64()));
        crate::search::Answer::GO
    };
    let start = std::time::Instant::now();
    let (parking, _) = allot(&project, &network, &Run { watch: &watch, ..Run::quiet(1) });
    watch(&crate::search::Progress { stage: "", iteration: 0, objective: None, bound: None });
    let unwatched = last.into_inner().unwrap().1;
    println!("{:?}, unwatched {unwatched:.2} s, {} permits", start.elapsed(), parking.permits.len());
    assert_eq!(parking.permits.len() + parking.refused.len(), 2500);
    assert!(parking.permits.len() > 700);
    assert!(unwatched < 5.0, "{unwatched}");
}
