//! Vehicle routing: the first answer, and a thousand iterations of the search, on fixed random towns. Beside other solvers on published instances:
//! `benches/routing_peers.py`.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use jiebo::routing::problem::{Job, Parts, Problem, Travel, Vehicle};
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

criterion_group!(benches, routing);
criterion_main!(benches);
