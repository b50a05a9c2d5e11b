//! Passengers of a feeder service to a station, published by Ma, Fang, Connors, Viti & Nakao (2023), asked for one by one as if they had called.
//!
//! The files, as the program that wrote them says (`data_convert_github.jl` beside the data): passengers, stops, stations, types of vehicles, longest
//! walk (km), time for each who boards (min), speed of vehicles and of walking (km/min); for each type how many, seats, and three numbers of its
//! battery; chargers and their power; then the depot, the passengers, each with the row of the timetable of the train they want, the stops, the
//! stations and the chargers, each with kilometres east and north. A row of the timetable is a time in minutes from which and until which one may be
//! set down for a train. Straight lines at the given speed.
//!
//! Assumed, as the files do not say: nobody's battery runs low (the whole day is 4 hours); alighting takes no time; the longest ride is half as long
//! again as the direct one and 10 minutes; the window promised is 5 minutes; vehicles are out from 0 until an hour after the last train; everybody
//! asks 60 to 90 minutes before their train.

use std::path::Path;
use std::time::Instant;

use super::*;
use crate::routing::problem::{Group, Job, Pair, Parts, Problem, Vehicle as Kind};

/// What is read of one file, in metres and seconds.
struct Town {
    service: Service,
    requests: Vec<(i32, Request)>,
    /// By passenger who can walk to a stop: until when they must be set down.
    latest: Vec<i32>,
    walkless: usize,
}

fn numbers(line: &str) -> Vec<f64> {
    line.split([' ', ',']).filter(|word| !word.is_empty()).map(|word| word.trim().parse().unwrap()).collect()
}

fn town(folder: &Path, stops: &str, fleet: usize) -> Option<Town> {
    let text = std::fs::read_to_string(folder.join(format!("c-600-{stops}.txt"))).ok()?;
    let table = std::fs::read_to_string(folder.join("Timetable.csv")).ok()?;
    let trains: Vec<Vec<f64>> = table.lines().skip(1).map(numbers).collect();
    let rows: Vec<Vec<f64>> = text.lines().map(numbers).collect();
    let (head, kind) = (&rows[0], &rows[1]);
    let (passengers, stations, chargers) = (head[0] as usize, head[2] as usize, rows[2][0] as usize);
    assert_eq!((head[3], stations), (1.0, 1));
    let points = &rows[3..];
    let ends = points.len() - stations - chargers;
    // The station, then the stops; the depot is at the station in all of them, and has a place of its own all the same.
    let mut places = vec![&points[0], &points[ends]];
    places.extend(&points[passengers + 1..ends]);
    let far = |a: &[f64], b: &[f64]| (a[1] - b[1]).hypot(a[2] - b[2]);
    let cells: Vec<f64> = places.iter().flat_map(|a| places.iter().map(|b| far(a, b))).collect();
    let whole = |scale: f64| cells.iter().map(|cell| (cell * scale).ceil() as i32).collect();
    let travel = Travel { distance: whole(1000.0), duration: whole(60.0 / head[6]) };
    let end = (trains.last()?[2] as i32 + 60) * 60;
    let vehicle = Vehicle {
        capacity: seats(kind[1] as i32),
        shift: (0, end),
        start: 0,
        end: 0,
        fixed: 0,
        // Tenths of a fen: CNY 9 a kilometre (900 a day for 100), and 40 an hour of a person's time.
        per_distance: 9,
    };
    let wait = ((trains[0][2] - trains[0][1]) * 60.0) as i32;
    let rules = Rules {
        window: 300,
        max_wait: wait,
        ride_percent: 150,
        ride_slack: 600,
        max_ride: MOST,
        board: Dwell { stop: 0, person: (head[5] * 60.0) as i32 },
        alight: Dwell::default(),
        per_second: 11,
        grid: 300,
        horizon: 1800,
    };
    let service = Service::new(places.len(), travel, vec![vehicle; fleet.min(kind[0] as usize)], rules).unwrap();
    let mut random = Random::new(3);
    let (mut requests, mut walkless) = (Vec::new(), 0);
    for passenger in &points[1..=passengers] {
        let latest = (trains[passenger[3] as usize - 1][2] * 60.0) as i32;
        let near = places.iter().enumerate().skip(2).filter(|(_, stop)| far(passenger, stop) <= head[4]);
        let walk = |stop: &[f64]| (far(passenger, stop) / head[7] * 60.0).ceil() as i32;
        let pickups: Vec<Stop> = near.map(|(place, stop)| Stop { place, walk: walk(stop) }).collect();
        if pickups.is_empty() {
            walkless += 1;
            continue;
        }
        let asks = (latest - 3600 - random.below(1800) as i32).max(0);
        let setdowns = vec![Stop { place: 1, walk: 0 }];
        let wish = Wish::ArriveBy;
        requests.push((asks, Request { pickups, setdowns, earliest: 0, latest, wish, people: 1, load: seats(1) }));
    }
    requests.sort_by_key(|(asks, _)| *asks);
    if cfg!(debug_assertions) {
        // A small part of them where the build is slow.
        requests.truncate(100);
    }
    let latest = requests.iter().map(|(_, request)| request.latest).collect();
    Some(Town { service, requests, latest, walkless })
}

/// A day of calls; with so many iterations of `again` every five minutes, and so many before somebody is refused. Sorted milliseconds of the answers
/// are given back too.
fn day(town: &Town, iterations: u64, harder: u64) -> (Watched, Vec<f64>, i64) {
    let mut watched = Watched::new(town.service.clone());
    let (mut answers, mut saved, mut passenger_of) = (Vec::new(), 0, Vec::new());
    let mut thought = 0;
    for (at, (asks, request)) in town.requests.iter().enumerate() {
        while iterations > 0 && thought + 300 <= *asks {
            thought += 300;
            watched.desk.advance(thought);
            // It takes 20 seconds, and the clock goes on.
            let again = watched.desk.again(&run(1, iterations), 30).best;
            saved += watched.desk.take_over(&again, thought + 20).unwrap();
        }
        let asks = (*asks).max(watched.desk.now());
        let started = Instant::now();
        let answer = match harder {
            0 => watched.desk.ask(request, asks).unwrap(),
            _ => watched.desk.ask_again(request, asks, 10, &run(1, harder)).unwrap(),
        };
        if let Answer::Offer(offer) = &answer {
            assert!(watched.accept(offer, asks));
            passenger_of.push(at);
        }
        answers.push(started.elapsed().as_secs_f64() * 1000.0);
        if at % 20 == 0 || at + 1 == town.requests.len() {
            watched.look(&format!("passenger {at}"));
        }
    }
    let last = watched.desk.now() + 3600;
    while iterations > 0 && thought < last {
        thought += 300;
        watched.desk.advance(thought);
        let again = watched.desk.again(&run(1, iterations), 30).best;
        saved += watched.desk.take_over(&again, thought + 20).unwrap();
    }
    watched.desk.advance(MOST);
    watched.look("evening");
    for (ticket, &passenger) in passenger_of.iter().enumerate() {
        let (_, alights) = watched.desk.planned(ticket).unwrap();
        assert!(alights <= town.latest[passenger], "the train of passenger {passenger} is missed");
        assert!(alights >= town.latest[passenger] - town.service.rules().max_wait);
    }
    answers.sort_by(f64::total_cmp);
    (watched, answers, saved)
}

/// What somebody reaches who knows all calls beforehand: people served, and the length.
fn all_knowing(town: &Town, iterations: u64) -> (usize, i64) {
    let service = &town.service;
    let mut parts = Parts { places: service.places(), ..Parts::default() };
    let all = parts.places;
    let matrix = |cell: &dyn Fn(usize, usize) -> i32| (0..all * all).map(|at| cell(at / all, at % all)).collect();
    parts.travel.push(Travel {
        distance: matrix(&|from, to| service.distance(from, to)),
        duration: matrix(&|from, to| service.duration(from, to)),
    });
    let vehicle = &service.vehicles()[0];
    let count = service.vehicles().len();
    parts.vehicles.push(Kind { capacity: vehicle.capacity, shift: vehicle.shift, ..Kind::at(vehicle.start, count) });
    for (_, request) in &town.requests {
        let mut jobs = Vec::new();
        let mut widest: Vec<Promise> = Vec::new();
        for choice in request.choices(service, 0) {
            // The last of a stop is the widest.
            match widest.last_mut().filter(|last| last.pickup == choice.promise.pickup) {
                Some(last) => *last = choice.promise,
                None => widest.push(choice.promise),
            }
        }
        for promise in widest {
            let pickup = parts.jobs.len();
            jobs.push(pickup);
            let board = Job { window: promise.window, service: promise.board, ..Job::at(promise.pickup) };
            parts.jobs.push(Job { collected: promise.load, ..board });
            parts.jobs.push(Job { window: promise.down, service: promise.alight, ..Job::at(promise.setdown) });
            parts.pairs.push(Pair { pickup, delivery: pickup + 1, max_ride: promise.longest, kind: 0 });
        }
        parts.groups.push(Group { jobs, prize: Some(1_000_000) });
    }
    let problem = Problem::new(parts).unwrap();
    let best = crate::routing::solve(&problem, None, &run(1, iterations)).best;
    assert_eq!(crate::routing::check(&problem, &best), vec![]);
    let served = best.tours.iter().map(|tour| tour.jobs.len() / 2).sum();
    (served, best.cost - 1_000_000 * (town.requests.len() - served) as i64)
}

#[test]
fn passengers_of_published_feeder_data_keep_their_trains() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/feeder");
    for dataset in cases(&["dataset1"][..], &["dataset1", "dataset2", "dataset3"][..]) {
        for (stops, fleet) in cases(&[("d900", 3)][..], &[("d1000", 30), ("d1000", 20)][..]) {
            let Some(town) = town(&root.join(dataset), stops, *fleet) else {
                println!("skipped: no ../shared/bench/feeder/{dataset} here");
                continue;
            };
            let tell = |name: &str, (watched, answers, saved): (Watched, Vec<f64>, i64)| {
                let Figures { served, share, wait, ride, detour, length, .. } = watched.desk.figures();
                let quantile = |share: f64| answers[((answers.len() - 1) as f64 * share) as usize];
                println!(
                    "  {name:<12} served {served} ({:.1} %), {:.1} km, wait {wait:.0} s, ride {ride:.0} s, detour {detour:.2}, saved {saved}, \
                     answers {:.2} ms (half), {:.2} ms (99 %), {:.2} ms (all)",
                    share * 100.0,
                    length as f64 / 1000.0,
                    quantile(0.5),
                    quantile(0.99),
                    quantile(1.0),
                );
            };
            let asked = town.requests.len();
            println!(
                "{dataset} {stops}, {fleet} vehicles: {asked} passengers; {} more have no stop near",
                town.walkless
            );
            tell("asked", day(&town, 0, 0));
            tell("and again", day(&town, cases(20, 1_000), 0));
            tell("asked again", day(&town, 0, cases(20, 500)));
            tell("both", day(&town, cases(20, 1_000), cases(20, 500)));
            let (served, length) = all_knowing(&town, cases(0, 4_000));
            println!(
                "  all-knowing  served {served} ({:.1} %), {:.1} km",
                100.0 * served as f64 / asked as f64,
                length as f64 / 1000.0
            );
        }
    }
}
