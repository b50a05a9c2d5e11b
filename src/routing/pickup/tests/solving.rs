//! Random problems solved: never a panic, never a fault; the best where all plans can be tried; the same on every machine.

use super::*;

#[test]
fn whatever_the_problem_the_judge_finds_nothing() {
    let (mut carried, mut complete, mut left) = (0, 0, 0);
    for seed in 0..cases(300, 10_000) {
        let taste = Taste {
            stops: 14,
            riders: 20,
            people: if seed % 7 == 0 { 3000 } else { 4 },
            types: 3,
            vehicles: 5,
            prizes: seed % 2 == 0,
            plain: false,
            extreme: seed % 3 == 0,
        };
        let plan = solved(&draw(seed, taste), 48, seed).best;
        carried += plan.tours.iter().map(|tour| tour.boardings.len()).sum::<usize>();
        complete += usize::from(plan.missing == 0);
        left += usize::from(plan.missing > 0);
    }
    assert!(carried > 500 && complete > 50 && left > 50, "{carried} {complete} {left}");
}

/// Least missing, then least cost, of all plans.
struct Everything<'a> {
    problem: &'a Problem,
    tours: Vec<Tour>,
    used: Vec<bool>,
    best: (u64, i64),
}

impl Everything<'_> {
    fn new(problem: &Problem) -> Everything<'_> {
        let kinds = problem.vehicles().iter().enumerate();
        let slots = kinds.flat_map(|(vehicle, kind)| vec![Tour { vehicle, ..Tour::default() }; kind.count.min(2)]);
        let used = vec![false; problem.stops().len()];
        Everything { problem, tours: slots.collect(), used, best: (u64::MAX, i64::MAX) }
    }

    /// All ways to add stops to this and the following tours.
    fn drive(&mut self, slot: usize) {
        if slot == self.tours.len() {
            let left: Vec<u32> = self.problem.riders().iter().map(|riders| riders.people).collect();
            return self.board(0, 0, &left);
        }
        self.drive(slot + 1);
        for stop in 0..self.used.len() {
            if !self.used[stop] {
                self.used[stop] = true;
                self.tours[slot].stops.push(stop);
                self.drive(slot);
                self.tours[slot].stops.pop();
                self.used[stop] = false;
            }
        }
    }

    /// All ways to seat these riders and the following on this tour and the following.
    fn board(&mut self, riders: usize, slot: usize, left: &[u32]) {
        let Some(who) = self.problem.riders().get(riders) else { return self.judge() };
        if slot == self.tours.len() {
            return self.board(riders + 1, 0, left);
        }
        let stop = who.stops.iter().copied().find(|stop| self.tours[slot].stops.contains(stop));
        let most = if stop.is_some() { left[riders] } else { 0 };
        for people in 0..=most {
            let mut rest = left.to_vec();
            rest[riders] -= people;
            let boards = people > 0;
            if let Some(stop) = stop.filter(|_| boards) {
                self.tours[slot].boardings.push(Boarding { riders, stop, people });
            }
            self.board(riders, slot + 1, &rest);
            if boards {
                self.tours[slot].boardings.pop();
            }
        }
    }

    /// What the judge says it costs, if it finds no other fault.
    fn judge(&mut self) {
        let tours = self.tours.iter().filter(|tour| !tour.stops.is_empty()).cloned().collect();
        let plan = Plan { tours, missing: u64::MAX, cost: i64::MIN };
        if let [Fault::Missing { found: missing, .. }, Fault::Cost { found: cost, .. }] = check(self.problem, &plan)[..]
        {
            self.best = self.best.min((missing, cost));
        }
    }
}

#[test]
fn no_plan_is_better_where_all_can_be_tried() {
    let (mut complete, mut won) = (0, 0);
    for seed in 0..cases(60, 1_500) {
        let taste = Taste {
            stops: 4,
            riders: 3,
            people: 2,
            types: 2,
            vehicles: 2,
            prizes: seed % 2 == 0,
            plain: true,
            extreme: false,
        };
        let problem = draw(seed, taste);
        let slots: usize = problem.vehicles().iter().map(|vehicle| vehicle.count.min(2)).sum();
        if slots > 3
            || (slots == 3 && problem.stops().len() > 3)
            || problem.vehicles().iter().any(|kind| kind.count > 2)
        {
            continue;
        }
        let mut all = Everything::new(&problem);
        all.drive(0);
        let plan = solved(&problem, 400, seed).best;
        assert_eq!((plan.missing, plan.cost), all.best, "seed {seed} {problem:?}");
        complete += u32::from(plan.missing == 0);
        won += u32::from(!plan.tours.is_empty());
    }
    assert!(complete > 5 && won > 10, "{complete} {won}");
}

/// Stops and riders strewn over a square, as in the published instances.
fn strewn(stops: usize, people: usize, walk: f64, seats: u32, seed: u64) -> Problem {
    let mut random = Random::new(seed);
    let mut points = vec![(50.0, 50.0)];
    points.extend((0..stops).map(|_| (100.0 * random.unit(), 100.0 * random.unit())));
    let far = |a: (f64, f64), b: (f64, f64)| ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt();
    let mut home = || {
        let near = points[1 + random.below(stops)];
        (near.0 + walk * (random.unit() - 0.5), near.1 + walk * (random.unit() - 0.5))
    };
    let homes: Vec<(f64, f64)> = (0..people).map(|_| home()).collect();
    let lengths: Arc<[i32]> =
        points.iter().flat_map(|&a| points.iter().map(move |&b| (far(a, b) * 100.0) as i32)).collect();
    let riders = homes.iter().map(|&home| {
        let stops = (0..stops).filter(|&stop| far(home, points[stop + 1]) <= walk).collect();
        Riders { people: 1, stops, prize: None }
    });
    let mut parts = on_line(&vec![0; stops], riders.collect(), vec![bus(stops, seats)]);
    parts.travel = vec![Travel { distance: Arc::clone(&lengths), duration: lengths }];
    Problem::new(parts).unwrap()
}

#[test]
fn the_same_bytes_on_one_thread_and_on_two() {
    let problem = strewn(40, 200, 8.0, 20, 3);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let run = Run { seed: 5, iterations: Some(2_500), chains: 3, watch: &|_| Answer::GO };
        let solved = pool.install(|| solve(&problem, &run));
        assert_eq!(check(&problem, &solved.best), vec![]);
        assert_eq!((solved.iterations, solved.best.missing), (7_500, 0));
        format!("{:?}", solved.best)
    };
    let one = with(1);
    assert_eq!(one, with(2));
    assert_eq!(one, with(1));
}

#[test]
fn searching_longer_is_no_worse_than_one_stop_for_everybody() {
    // Each rider at the nearest stop, each stop a bus: any plan of the search must be far below.
    let problem = strewn(60, 300, 10.0, 25, 4);
    let plan = solved(&problem, 1_000, 1).best;
    let alone: i64 = (0..60).map(|stop| 2 * i64::from(problem.distance(0, 0, stop + 1))).sum();
    assert!(plan.missing == 0 && plan.cost * 2 < alone, "{} {alone}", plan.cost);
}

#[test]
fn a_watcher_ends_it() {
    let problem = strewn(30, 100, 8.0, 20, 3);
    let run = Run { watch: &|progress| Answer { stop: progress.iteration >= 100, ..Answer::GO }, ..Run::quiet(1) };
    let solved = solve(&problem, &run);
    assert_eq!(solved.ended, crate::search::Ended::Stopped);
    assert!(solved.iterations < 1_000);
    assert_eq!(check(&problem, &solved.best), vec![]);
}
