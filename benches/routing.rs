//! Vehicle routing: the first answer, and a thousand iterations of the search, on fixed random towns; one answer of a desk of rides on demand. Beside
//! other solvers on published instances: `benches/routing_peers.py`.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiebo::routing::problem::{Job, MOST, Parts, Problem, Travel, Vehicle};
use jiebo::routing::promises::{Answer as Reply, Desk, Dwell, Request, Rules, Service, Stop, Vehicle as Van, Wish};
use jiebo::routing::solve;
use jiebo::search::{Answer, Random, Run};

/// Jobs strewn over a square, loads of 1 to 30 and room for 200; with windows of an hour or two in a day of minutes, if asked.
#[expect(clippy::expect_used, reason = "a bench has nothing to answer to")]
fn town(jobs: usize, windows: bool) -> Problem {
    let mut random = Random::new(7);
    let places: Vec<(f64, f64)> = (0..=jobs).map(|_| (random.unit() * 100.0, random.unit() * 100.0)).collect();
    let far = |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0).hypot(a.1 - b.1)).ceil() as i32;
    let lengths: Vec<i32> = places.iter().flat_map(|&a| places.iter().map(move |&b| far(a, b))).collect();
    let matrix: std::sync::Arc<[i32]> = lengths.into();
    let travel = Travel { distance: matrix.clone(), duration: matrix };
    let jobs = (1..=jobs).map(|place| {
        let opens = random.below(900) as i32;
        let window = if windows { (opens, opens + 60 + random.below(60) as i32) } else { Job::at(place).window };
        Job { delivered: [1 + random.below(30) as i32, 0, 0, 0], window, service: 5, ..Job::at(place) }
    });
    let vehicle = Vehicle { capacity: [200, 0, 0, 0], shift: (0, 1440), ..Vehicle::at(0, places.len()) };
    let (places, travel) = (places.len(), vec![travel]);
    let parts = Parts { places, travel, jobs: jobs.collect(), vehicles: vec![vehicle], ..Parts::default() };
    Problem::new(parts).expect("a sane town")
}

fn run(iterations: u64) -> Run<'static> {
    Run { seed: 1, iterations: Some(iterations), chains: 1, watch: &|_| Answer::GO }
}

fn routing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("routing");
    group.sample_size(10);
    for (name, windows) in [("windows", true), ("loads", false)] {
        for jobs in [200, 1000] {
            let town = town(jobs, windows);
            let label = format!("{name}/{jobs}");
            group.bench_function(BenchmarkId::new("first answer", &label), |b| b.iter(|| solve(&town, None, &run(0))));
            group.bench_function(BenchmarkId::new("1000 iterations", &label), |b| {
                b.iter(|| solve(&town, None, &run(1000)));
            });
        }
    }
    group.finish();
}

/// 20 vehicles in a town of 200 stops, and as many of 600 calls for a day of 16 hours as can be promised; then the calls again.
#[expect(clippy::expect_used, reason = "a bench has nothing to answer to")]
fn desk() -> (Desk, Vec<Request>) {
    let mut random = Random::new(7);
    let places: Vec<(f64, f64)> = (0..200).map(|_| (random.unit() * 600.0, random.unit() * 600.0)).collect();
    let far = |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0).hypot(a.1 - b.1)).ceil() as i32;
    let lengths: Vec<i32> = places.iter().flat_map(|&a| places.iter().map(move |&b| far(a, b))).collect();
    let matrix: std::sync::Arc<[i32]> = lengths.into();
    let travel = Travel { distance: matrix.clone(), duration: matrix };
    let van = Van { capacity: [8, 1, 0, 0], shift: (0, 57_600), start: 0, end: 0, fixed: 0, per_distance: 1 };
    let rules = Rules {
        window: 300,
        max_wait: 900,
        ride_percent: 150,
        ride_slack: 300,
        max_ride: 2400,
        board: Dwell { stop: 20, person: 5 },
        alight: Dwell { stop: 20, person: 5 },
        per_second: 1,
        grid: 300,
        horizon: 3600,
    };
    let mut desk = Desk::new(Service::new(200, travel, vec![van; 20], rules).expect("a sane service"));
    let mut stops = |count: usize| {
        (0..count).map(|_| Stop { place: random.below(200), walk: random.below(300) as i32 }).collect::<Vec<Stop>>()
    };
    let ways: Vec<(Vec<Stop>, Vec<Stop>)> = (0..600).map(|_| (stops(3), stops(1))).collect();
    let request = |(pickups, setdowns)| {
        let (earliest, latest) = (1800 + random.below(50_000) as i32, MOST);
        let wish = Wish::DepartAfter;
        Request { pickups, setdowns, earliest, latest, wish, people: 1, load: [1, 0, 0, 0] }
    };
    let requests: Vec<Request> = ways.into_iter().map(request).collect();
    for request in &requests {
        if let Reply::Offer(offer) = desk.ask(request, 0).expect("a sane request") {
            desk.accept(&offer, 0).expect("nothing else happens");
        }
    }
    (desk, requests)
}

fn promises(criterion: &mut Criterion) {
    let (desk, requests) = desk();
    let mut group = criterion.benchmark_group("promises");
    let mut at = 0;
    group.bench_function("answer", |b| {
        let mut desk = desk.clone();
        b.iter(|| {
            at = (at + 1) % requests.len();
            desk.ask(&requests[at], 0)
        });
    });
    group.finish();
}

criterion_group!(benches, routing, promises);
criterion_main!(benches);
