//! Random problems solved: never a panic, never a fault; the best where all answers can be tried; the same on every machine.

use super::super::check::drive;
use super::*;

#[test]
fn whatever_the_problem_the_judge_finds_nothing() {
    let (mut served, mut complete, mut left) = (0, 0, 0);
    for seed in 0..cases(400, 10_000) {
        let taste = Taste {
            jobs: 12,
            types: 3,
            vehicles: 4,
            metric: seed % 2 == 0,
            extreme: seed % 3 == 0,
            mild: seed % 5 < 2,
            pairs: true,
            trips: true,
            priced: true,
        };
        let problem = Draw::new(seed, taste).problem();
        let tours = solved(&problem, 256, seed).best;
        served += tours.tours.iter().map(|tour| tour.jobs.len()).sum::<usize>();
        complete += usize::from(tours.missing == 0);
        left += usize::from(tours.missing > 0);
    }
    assert!(served > 300 && complete > 100 && left > 100, "{served} {complete} {left}");
}

/// Least missing, then least cost, of all answers.
fn enumerate(problem: &Problem) -> (usize, i64) {
    let slots: Vec<usize> =
        problem.vehicles().iter().enumerate().flat_map(|(kind, vehicle)| vec![kind; vehicle.count]).collect();
    let mut all = Everything { problem, slots, used: vec![false; problem.jobs().len()], best: (usize::MAX, i64::MAX) };
    all.go(0, &mut Vec::new(), 0);
    all.best
}

/// The costs and tours of these jobs in this order, reloading wherever that may be done.
pub(super) fn all_trips(problem: &Problem, vehicle: usize, jobs: &[usize]) -> Vec<(i64, Tour)> {
    let places = problem.vehicles()[vehicle].reloads.len();
    let mut ways = vec![tour(vehicle, jobs)];
    for before in 1..jobs.len() {
        for at in 0..ways.len() {
            for place in 0..places {
                let mut way = ways[at].clone();
                way.reloads.push(Reload { before, place });
                ways.push(way);
            }
        }
    }
    let cost = |way: Tour| {
        let mut faults = Vec::new();
        let cost = drive(problem, 0, &way, &mut faults)?;
        faults.is_empty().then_some((cost, way))
    };
    ways.into_iter().filter_map(cost).collect()
}

struct Everything<'a> {
    problem: &'a Problem,
    slots: Vec<usize>,
    used: Vec<bool>,
    best: (usize, i64),
}

impl Everything<'_> {
    /// The vehicle of this slot has done these jobs; those before cost this.
    fn go(&mut self, slot: usize, jobs: &mut Vec<usize>, cost: i64) {
        let Some(&vehicle) = self.slots.get(slot) else {
            let (missing, prizes) = self.left();
            self.best = self.best.min((missing, cost + prizes));
            return;
        };
        let done = if jobs.is_empty() {
            Some(0)
        } else {
            all_trips(self.problem, vehicle, jobs).into_iter().map(|(cost, _)| cost).min()
        };
        if let Some(more) = done {
            self.go(slot + 1, &mut Vec::new(), cost + more);
        }
        for job in 0..self.used.len() {
            let siblings = self.problem.groups().iter().find(|group| group.jobs.contains(&job));
            if self.used[job] || siblings.is_some_and(|group| group.jobs.iter().any(|&other| self.used[other])) {
                continue;
            }
            self.used[job] = true;
            jobs.push(job);
            self.go(slot, jobs, cost);
            jobs.pop();
            self.used[job] = false;
        }
    }

    fn left(&self) -> (usize, i64) {
        // Who is set down was picked up before: one order.
        let second = |job: &usize| self.problem.pairs().iter().any(|pair| pair.delivery == *job);
        let alone = (0..self.used.len())
            .filter(|job| self.problem.groups().iter().all(|group| !group.jobs.contains(job)) && !second(job));
        let jobs = alone.map(|job| (vec![job], self.problem.jobs()[job].prize));
        let groups = self.problem.groups().iter().map(|group| (group.jobs.clone(), group.prize));
        let mut sum = (0, 0);
        for (_, prize) in jobs.chain(groups).filter(|(jobs, _)| jobs.iter().all(|&job| !self.used[job])) {
            match prize {
                Some(prize) => sum.1 += prize,
                None => sum.0 += 1,
            }
        }
        sum
    }
}

#[test]
fn tiny_problems_are_solved_to_the_best_of_all_answers() {
    let (mut total, mut worse) = (0, Vec::new());
    for seed in 0..cases(40, 300) {
        let taste = Taste {
            jobs: 6,
            types: 2,
            vehicles: 1,
            metric: true,
            extreme: false,
            mild: true,
            pairs: true,
            trips: true,
            priced: true,
        };
        let problem = Draw::new(seed, taste).problem();
        let tours = solved(&problem, 3000, 1).best;
        let best = enumerate(&problem);
        assert!(best <= (tours.missing, tours.cost), "seed {seed}: the judge lets pass what is too good");
        total += 1;
        if best != (tours.missing, tours.cost) {
            worse.push((seed, best, (tours.missing, tours.cost)));
        }
    }
    assert!(worse.is_empty(), "{} of {total}: {worse:?}", worse.len());
}

#[test]
fn the_same_on_one_thread_and_on_two() {
    for seed in 0..cases(2, 6) {
        let taste = Taste {
            jobs: 60,
            types: 3,
            vehicles: 9,
            metric: true,
            extreme: false,
            mild: true,
            pairs: true,
            trips: true,
            priced: true,
        };
        let problem = Draw::new(seed, taste).problem();
        for chains in [1, 3] {
            let run = Run { seed, iterations: Some(4096), chains, watch: &|_| Answer::GO };
            let on = |threads| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                pool.install(|| solve(&problem, None, &run))
            };
            let (one, two) = (on(1), on(2));
            assert_eq!(one.best, two.best, "seed {seed}");
            assert_eq!(one.iterations, two.iterations);
            assert_eq!(check(&problem, &one.best), vec![]);
        }
    }
}
