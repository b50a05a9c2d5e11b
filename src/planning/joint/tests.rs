//! Bounds against all plans there are, flows against all ways, seats against all seatings.

use super::bound::{Part, Relaxation};
use super::exact::{Proof, Prover, affordable};
use super::idle;
use super::instance::Instance;
use super::judge::{Fault, judge};
use super::neighbourhood::Kept;
use super::problem::{Choice, Cohort, Column, Day, Empty, Kind, Problem, Upkeep};
use super::rules::Plain;
use super::state::{Rules, State};
use super::{Answer, solve};
use crate::search::{Random, Run, cases};

/// A small random day: a few stops in a plane, a few departures, people who would take some of them.
fn tiny(seed: u64) -> Problem {
    let mut random = Random::new(seed);
    let stops = 4_usize;
    let mut below = |n: usize| random.below(n);
    let drives = (0..(stops + 1) * (stops + 1))
        .map(|cell| {
            let (a, b) = (cell / (stops + 1), cell % (stops + 1));
            let apart = a.abs_diff(b) as u16;
            Some((apart * 3, u32::from(apart) * 1500))
        })
        .collect();
    let depot = stops as u16;
    let included = if below(2) == 0 { 0.0 } else { 40.0 };
    let mut problem = Problem {
        days: vec![Day { weight: 1.0, budget: (below(4) == 0).then_some(60.0) }],
        kinds: (0..1 + below(2))
            .map(|k| Kind {
                seats: 2 + below(3) as u32,
                planned: 0,
                wheels: below(2) as u32,
                count: 1 + below(2) as u32,
                hire: 10.0 + 10.0 * k as f64,
                per_minute: 0.2,
                per_metre: 0.001,
                included_minutes: included,
                included_metres: included * 100.0,
                depot,
                out_from: 0,
                home_by: 1000,
            })
            .collect(),
        cohorts: (0..2 + below(4))
            .map(|_| Cohort {
                day: 0,
                people: 1 + below(3) as u32,
                wheelchair: below(6) == 0,
                alternative: 20.0 + below(10) as f64,
            })
            .collect(),
        empty: Empty { size: stops + 1, band: vec![0], drives: vec![drives] },
        upkeep: Upkeep::default(),
        ..Problem::default()
    };
    for kind in &mut problem.kinds {
        kind.planned = kind.seats;
    }
    let mut raw = Vec::new();
    for line in 0..3_u32 {
        let first = below(stops);
        let last = (first + 1 + below(stops - 1)) % stops;
        let middle = (0..stops).find(|stop| *stop != first && *stop != last).unwrap_or(0);
        let stops: Vec<u16> = if below(2) == 0 { vec![first, last] } else { vec![first, middle, last] }
            .iter()
            .map(|s| *s as u16)
            .collect();
        for _ in 0..1 + below(2) {
            let minute = 60 + below(40) as u16;
            let run = 4 + below(8) as u16;
            let legs = stops.len() - 1;
            let mut choices = Vec::new();
            for cohort in 0..problem.cohorts.len() as u32 {
                if below(3) > 0 {
                    let board = below(legs);
                    let alight = board + 1 + below(legs - board);
                    let saving = 1.0 + below(190) as f64 / 10.0;
                    choices.push(Choice { cohort, board: board as u8, alight: alight as u8, saving });
                }
            }
            let column = Column {
                day: 0,
                line,
                minute,
                free: minute + run + 2,
                driving: run,
                first: stops[0],
                last: stops[legs],
                legs: legs as u8,
                metres: 2000,
                fullest: 0,
                from: 0,
                to: 0,
            };
            raw.push((column, choices));
        }
        problem.lines.push(stops);
    }
    raw.sort_by_key(|(column, _)| (column.minute, column.first, column.line));
    for (column, choices) in raw {
        problem.push(column, choices);
    }
    problem
}

/// The cheapest of all plans: every way to give columns to vehicles, every way to seat people.
fn enumerate(problem: &Problem) -> f64 {
    cheapest(problem, problem.nothing_of(0))
}

/// The same of all plans that run anything; `idle` where there is none as cheap.
fn cheapest(problem: &Problem, idle: f64) -> f64 {
    let vehicles: Vec<usize> =
        problem.kinds.iter().enumerate().flat_map(|(k, kind)| vec![k; kind.count as usize]).collect();
    let mut best = idle;
    let choices = vehicles.len() + 1;
    let columns = problem.columns.len();
    // A column may be run by each kind once: what runs is, for each column and kind, one vehicle or none.
    let mut plan = vec![vec![0_usize; problem.kinds.len()]; columns];
    fn go(
        problem: &Problem,
        vehicles: &[usize],
        plan: &mut Vec<Vec<usize>>,
        at: usize,
        best: &mut f64,
        choices: usize,
    ) {
        let kinds = problem.kinds.len();
        if at == plan.len() * kinds {
            if let Some(cost) = cost(problem, vehicles, plan) {
                *best = best.min(cost);
            }
            return;
        }
        let (column, kind) = (at / kinds, at % kinds);
        for choice in 0..choices {
            if choice > 0 && vehicles[choice - 1] != kind {
                continue;
            }
            plan[column][kind] = choice;
            go(problem, vehicles, plan, at + 1, best, choices);
        }
        plan[column][kind] = 0;
    }
    fn cost(problem: &Problem, vehicles: &[usize], plan: &[Vec<usize>]) -> Option<f64> {
        let rules = Plain(problem);
        let mut running = 0.0;
        let mut trips = Vec::new();
        for (number, kind) in vehicles.iter().enumerate() {
            let columns: Vec<u32> =
                (0..plan.len()).filter(|c| plan[*c][*kind] == number + 1).map(|c| c as u32).collect();
            if !columns.is_empty() {
                running += rules.block(*kind, &columns)?;
                trips.extend(columns.iter().map(|column| (*column, *kind)));
            }
        }
        if trips.is_empty() {
            return None;
        }
        if problem.days[0].budget.is_some_and(|budget| running > budget + 1e-9) {
            return None;
        }
        Some(problem.nothing_of(0) + running - seat(problem, &trips, 0, &mut vec![[[0; 2]; 3]; trips.len()]))
    }
    /// The most that can be saved by the cohorts from this one on.
    fn seat(problem: &Problem, trips: &[(u32, usize)], cohort: usize, load: &mut Vec<[[u32; 2]; 3]>) -> f64 {
        let Some(of) = problem.cohorts.get(cohort) else { return 0.0 };
        fn units(
            problem: &Problem,
            trips: &[(u32, usize)],
            cohort: usize,
            left: u32,
            from: usize,
            load: &mut Vec<[[u32; 2]; 3]>,
        ) -> f64 {
            let of = &problem.cohorts[cohort];
            let mut best = seat(problem, trips, cohort + 1, load);
            if left == 0 {
                return best;
            }
            for trip in from..trips.len() {
                let (column, kind) = trips[trip];
                let kind = &problem.kinds[kind];
                let Some(choice) = problem.choices_of(column).iter().find(|choice| choice.cohort as usize == cohort)
                else {
                    continue;
                };
                let class = usize::from(of.wheelchair);
                let places = if of.wheelchair { kind.wheels } else { kind.seats };
                let legs = usize::from(choice.board)..usize::from(choice.alight);
                if load[trip][legs.clone()].iter().any(|leg| leg[class] >= places) {
                    continue;
                }
                for leg in &mut load[trip][legs.clone()] {
                    leg[class] += 1;
                }
                best = best.max(choice.saving + units(problem, trips, cohort, left - 1, trip, load));
                for leg in &mut load[trip][legs] {
                    leg[class] -= 1;
                }
            }
            best
        }
        units(problem, trips, cohort, of.people, 0, load)
    }
    go(problem, &vehicles, &mut plan, 0, &mut best, choices);
    best
}

fn solved(problem: &Problem, seed: u64) -> (Answer, f64) {
    let rules = Plain(problem);
    let run = Run { iterations: Some(300), ..Run::quiet(seed) };
    let solved = solve(problem, &rules, None, &run, &mut |_, _| ());
    (solved.best, solved.bound.unwrap())
}

/// That nothing pays is said only where every plan that runs costs so much more, and mostly where it does.
#[test]
fn nothing_pays_where_every_plan_that_runs_is_dearer() {
    let (mut dearer, mut said) = (0, 0);
    let days = cases(40, 150);
    for seed in 0..days {
        let mut problem = tiny(seed);
        // People a quarter as keen: in about half of the days no vehicle pays.
        for choice in &mut problem.choices {
            choice.saving /= 4.0;
        }
        let nothing = problem.nothing_of(0);
        let running = cheapest(&problem, nothing + 1_000.0);
        for margin in [-2.0, 0.5, 3.0] {
            let proven = idle::nothing_pays(&problem, margin, &|| false);
            assert!(!proven || running >= nothing + margin - 1e-6, "{seed}: {running} beside {nothing}, {margin}");
            dearer += u32::from(running >= nothing + margin);
            said += u32::from(proven);
        }
    }
    // Of three margins a day.
    let asked = 3 * u32::try_from(days).unwrap();
    assert!(dearer * 9 > asked * 2 && dearer * 45 < asked * 44 && said * 10 >= dearer * 8, "{said} of {dearer}");
}

/// The bound is below the best of all plans and the plan is not; mostly they meet.
#[test]
fn on_tiny_days_the_bound_and_the_plan_hold_against_enumeration() {
    let (mut met, mut best_found, mut seen) = (0, 0, 0);
    let days = cases(50, 200);
    let mut seed = 0;
    while seen < days {
        seed += 1;
        let problem = tiny(seed);
        let vehicles: u32 = problem.kinds.iter().map(|kind| kind.count).sum();
        let units: u32 = problem.cohorts.iter().map(|cohort| cohort.people).sum();
        if vehicles > 2 && problem.columns.len() > 4 || units > 8 || problem.columns.len() > 5 {
            continue;
        }
        seen += 1;
        let least = enumerate(&problem);
        let (answer, bound) = solved(&problem, seed);
        assert!(bound <= least + 1e-6, "seed {seed}: bound {bound} above the best plan {least}");
        assert!(answer.objective >= least - 1e-6, "seed {seed}: plan {} below the best {least}", answer.objective);
        assert_eq!(judge(&problem, &answer.plan, answer.objective), Ok(()), "seed {seed}");
        met += u32::from(answer.objective - bound < 1e-4 * least);
        best_found += u32::from(answer.objective < least + 1e-6);
    }
    println!("{days} days: best plan found {best_found}, proven {met}");
    assert!(best_found * 20 >= days * 19, "the best plan was found {best_found} times of {days}");
    assert!(met * 4 >= days * 3, "the bound met the plan {met} times of {days}");
}

/// Parts lose no plan: with a target that many plans beat, the best stays above the bound to the end.
#[test]
fn split_parts_hold_the_best_plan() {
    let (mut split, mut lifted) = (0, 0);
    for seed in 1..cases(120, 400) {
        let problem = tiny(seed);
        let units: u32 = problem.cohorts.iter().map(|cohort| cohort.people).sum();
        if units > 8 || problem.columns.len() > 5 {
            continue;
        }
        let least = enumerate(&problem);
        let target = least + 0.5 * (problem.nothing_of(0) - least) + 1.0;
        let Some(whole) = affordable(&problem, 0, Part::whole(&problem, 0)) else { continue };
        let root = Relaxation::new(&problem, 0, &whole);
        let mut proof = Proof::new(&problem, 0, whole, &root.best.1, f64::NEG_INFINITY, 100);
        let mut parts = 0;
        while proof.advance(target) && parts < 60 {
            parts += 1;
            let bound = proof.bound(target);
            assert!(
                bound <= least + 1e-6,
                "seed {seed}: after {parts} parts the bound {bound} is above the best {least}"
            );
        }
        split += u32::from(parts > 2);
        lifted += u32::from(proof.bound(target) > least - 1e-3 * least.abs());
    }
    let enough = cases(8, 30);
    assert!(split > enough && lifted > enough, "split {split}, lifted {lifted}");
}

/// Also at any prices, and in any part of the plans, the bound holds.
#[test]
fn the_bound_holds_at_random_prices() {
    for seed in 1..60 {
        let problem = tiny(seed);
        if problem.columns.len() > 4 || problem.cohorts.iter().map(|cohort| cohort.people).sum::<u32>() > 8 {
            continue;
        }
        let least = enumerate(&problem);
        let mut random = Random::new(seed);
        // As many trips for everybody as there are columns: all plans have that.
        let columns = u32::try_from(problem.columns.len()).unwrap();
        let calls = (0..u32::try_from(problem.cohorts.len()).unwrap()).map(|cohort| (cohort, 0, columns)).collect();
        let mut relaxation = Relaxation::new(&problem, 0, &Part { calls, ..Part::whole(&problem, 0) });
        for _ in 0..20 {
            for price in &mut relaxation.prices.calls {
                *price = (random.unit() - 0.5) * 20.0;
            }
            for price in &mut relaxation.prices.people {
                *price = random.unit() * 20.0;
            }
            for share in relaxation.prices.extra.iter_mut().flatten() {
                *share = random.unit();
            }
            relaxation.prices.budget = random.unit();
            let bound = relaxation.value();
            assert!(bound <= least + 1e-6, "seed {seed}: {bound} above {least}");
        }
    }
}

#[test]
fn taking_back_leaves_everything_as_it_was() {
    for seed in 1..80 {
        let problem = tiny(seed);
        let mut state = State::new(&problem);
        let mut random = Random::new(seed);
        let mut open: Vec<u32> = Vec::new();
        for _ in 0..40 {
            let before = (state.saved, state.riders(), state.unserved.clone(), state.lines_open(), state.upkeep());
            state.begin();
            let mut now = open.clone();
            for _ in 0..1 + random.below(3) {
                if now.is_empty() || random.below(2) == 0 {
                    now.push(state.open(random.below(problem.columns.len()) as u32, 0));
                } else {
                    state.close(now.swap_remove(random.below(now.len())));
                }
                if random.below(2) == 0 {
                    state.settle();
                }
            }
            state.settle();
            let riding: f64 = state.saved_by_day().iter().sum();
            assert!((riding - state.saved).abs() < 1e-6, "seed {seed}: {riding} saved, {} counted", state.saved);
            if random.below(2) == 0 {
                state.rollback();
                let after = (state.saved, state.riders(), state.unserved.clone(), state.lines_open(), state.upkeep());
                assert_eq!(before, after, "seed {seed}");
            } else {
                open = now;
            }
        }
    }
}

#[test]
fn the_judge_finds_what_is_planted() {
    let (problem, answer) = (1..)
        .map(|seed| {
            let problem = tiny(seed);
            let answer = solved(&problem, seed).0;
            (problem, answer)
        })
        .find(|(_, answer)| answer.plan.riders.len() > 1 && answer.plan.blocks[0].2.len() > 1)
        .unwrap();
    let said = answer.objective;
    let judged = |change: &dyn Fn(&mut Kept)| {
        let mut plan = answer.plan.clone();
        change(&mut plan);
        judge(&problem, &plan, said)
    };
    assert_eq!(judged(&|_| ()), Ok(()));
    assert!(matches!(judge(&problem, &answer.plan, said + 0.01), Err(Fault::Cost { .. })));
    assert!(matches!(judged(&|plan| plan.blocks[0].2.clear()), Err(Fault::Vehicle(0))));
    assert!(matches!(judged(&|plan| plan.blocks[0].2.reverse()), Err(Fault::Late { .. })));
    assert!(matches!(judged(&|plan| plan.riders[0].3 += 100), Err(Fault::Overfull { .. })));
    assert!(matches!(judged(&|plan| plan.riders[0].2 = 99), Err(Fault::Row(0))));
    assert!(matches!(judged(&|plan| plan.riders.clear()), Err(Fault::Cost { .. })));
    let fleet = |plan: &mut Kept| {
        let block = plan.blocks[0].clone();
        plan.blocks.extend(vec![block; 5]);
    };
    assert!(matches!(judged(&fleet), Err(Fault::Fleet { .. })));
}

#[test]
fn same_seed_and_iterations_same_plan() {
    let problem = tiny(3);
    let chains = |chains| Run { iterations: Some(200), chains, ..Run::quiet(5) };
    let plan = |run: &Run<'_>| solve(&problem, &Plain(&problem), None, run, &mut |_, _| ()).best.plan;
    assert_eq!(plan(&chains(2)), plan(&chains(2)));
}

/// Published instances: the best plans known are met and the bound is below them.
#[test]
fn published_instances_are_solved_and_proven() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/shuttle");
    if !folder.exists() {
        println!("skipped: no ../shared/bench/shuttle here");
        return;
    }
    for (name, best) in [("tiny1", 3623.8686), ("tiny2", 3777.4144), ("demo1", 14698.8992)] {
        let instance = Instance::read(&std::fs::read(folder.join(format!("{name}.json"))).unwrap()).unwrap();
        let laid = instance.problem();
        let run = Run { iterations: Some(6000), ..Run::quiet(1) };
        let solved = solve(&laid.problem, &Plain(&laid.problem), None, &run, &mut |_, _| ());
        let (objective, bound) = (solved.best.objective, solved.bound.unwrap());
        assert!(objective < best + 1e-3 && objective > best - 1e-3, "{name}: {objective}");
        assert!(bound > best * 0.9999 && bound <= best + 1e-3, "{name}: bound {bound}");
        assert_eq!(judge(&laid.problem, &solved.best.plan, objective), Ok(()), "{name}");
    }
}

#[test]
fn a_broken_instance_is_named() {
    let read = |text: &str| Instance::read(text.as_bytes()).unwrap_err().to_string();
    assert!(read("{").starts_with("line 1"), "{}", read("{"));
    let good = r#"{"name":"x","step_s":60,"bands_s":[[0,60]],"params":{"vot_cny_h":1,"w_walk":1,"w_wait":1,"w_ride":1,
        "max_dev_s":1,"dwell_s":1,"layover_s":1},"stops":[{"kind":"stop"},{"kind":"stop"}],"depot":1,"bus_s":[[0,1],[1,0]],
        "bus_m":[[0,1],[1,0]],"places":[],"walk":[],"trains":[],"cohorts":[],
        "fleet":[{"seats":1,"count":1,"day":1,"hour":1,"km":1}],"lines":[[0,1]]}"#;
    assert!(Instance::read(good.as_bytes()).is_ok());
    let wrong = [
        (r#""depot":1"#, r#""depot":7"#, "depot[0]"),
        (r#""lines":[[0,1]]"#, r#""lines":[[0,1],[0,5]]"#, "lines[1]"),
        (r#""lines":[[0,1]]"#, r#""lines":[[0,0]]"#, "lines[0]"),
        (r#""bands_s":[[0,60]]"#, r#""bands_s":[[60,0]]"#, "bands_s[0]"),
        (r#""step_s":60"#, r#""step_s":0"#, "step_s[0]"),
        (r#""bus_s":[[0,1],[1,0]]"#, r#""bus_s":[[0,1],[1]]"#, "bus_s[1]"),
    ];
    for (from, to, place) in wrong {
        let text = read(&good.replace(from, to));
        assert!(text.starts_with(place), "{text}");
    }
}

/// The root's bound only ever rises, and the parts keep it below the plan.
#[test]
fn turns_only_lift_the_bound() {
    let problem = tiny(7);
    let target = problem.nothing_of(0);
    let mut prover = Prover::new(&problem, 0);
    let mut before = f64::NEG_INFINITY;
    for _ in 0..50 {
        prover.turn(target);
        let bound = prover.bound(target);
        assert!(bound >= before - 1e-9 && bound <= target, "{bound} after {before}, target {target}");
        before = bound;
    }
}
