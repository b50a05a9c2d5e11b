//! Does the judge see every kind of fault, and do its reasons agree with its judgement?

mod pairs;

use super::super::check::drive;
use super::super::{Reason, impossible};
use super::*;

/// Jobs at 10, 20 and 30 of a line and a group of two at 40 and 50; the last alone has a prize. Right answer: 0, 1 and 2 together, 3 for the group.
fn problem(change: impl FnOnce(&mut Vec<Job>, &mut Vec<Vehicle>)) -> Problem {
    let places = [0, 10, 20, 30, 40, 50];
    let mut jobs: Vec<Job> = (1..6).map(Job::at).chain([Job { prize: Some(7), ..Job::at(5) }]).collect();
    let mut vehicles = vec![Vehicle { fixed: 100, per_duration: 2, ..Vehicle::at(0, 2) }, Vehicle::at(0, 0)];
    change(&mut jobs, &mut vehicles);
    let groups = vec![Group { jobs: vec![3, 4], prize: None }];
    let travel = vec![line(&places)];
    Problem::new(Parts { places: 6, travel, jobs, groups, vehicles, ..Parts::default() }).unwrap()
}

/// 100 + 60 + 2 * 60, 100 + 80 + 2 * 80, and 7.
fn right() -> Tours {
    Tours { tours: vec![tour(0, &[0, 1, 2]), tour(0, &[3])], missing: 0, cost: 627 }
}

fn faults(problem: &Problem, change: impl FnOnce(&mut Tours)) -> Vec<Fault> {
    let mut tours = right();
    change(&mut tours);
    check(problem, &tours)
}

#[test]
fn the_right_answer_has_no_fault() {
    assert_eq!(check(&problem(|_, _| {}), &right()), vec![]);
}

#[test]
fn positions_that_are_not_there() {
    let plain = problem(|_, _| {});
    let found = faults(&plain, |tours| tours.tours[1].vehicle = 2);
    assert_eq!(found, vec![Fault::NoSuchVehicle { tour: 1, vehicle: 2, of: 2 }]);
    let found = faults(&plain, |tours| tours.tours[1].jobs.push(usize::MAX));
    assert_eq!(found, vec![Fault::NoSuchJob { tour: 1, job: usize::MAX, of: 6 }]);
    assert_eq!(found[0].to_string(), format!("tour 1 names job {}, but there are only 6", usize::MAX));
}

#[test]
fn tours_of_nothing_and_of_nobody() {
    let plain = problem(|_, _| {});
    let found = faults(&plain, |tours| tours.tours.push(tour(1, &[])));
    assert_eq!(found, vec![Fault::Empty { tour: 2 }, Fault::TooMany { vehicle: 1, used: 1, count: 0 }]);
    let one = problem(|_, vehicles| vehicles[0].count = 1);
    assert_eq!(faults(&one, |_| {}), vec![Fault::TooMany { vehicle: 0, used: 2, count: 1 }]);
}

#[test]
fn more_than_once() {
    let plain = problem(|_, _| {});
    // The second time costs nothing: it is where the vehicle is.
    let found = faults(&plain, |tours| tours.tours[0].jobs.push(2));
    assert_eq!(found, vec![Fault::Twice { job: 2, times: 2 }]);
    let found = faults(&plain, |tours| {
        tours.tours[1].jobs.push(4);
        tours.cost += 60;
    });
    assert_eq!(found, vec![Fault::Group { group: 0, jobs: 2 }]);
}

#[test]
fn too_much_aboard() {
    let loaded = |capacity| {
        problem(move |jobs, vehicles| {
            jobs[0].delivered[1] = 3;
            jobs[1].collected[1] = 4;
            jobs[2].delivered[1] = 2;
            vehicles[0].capacity[1] = capacity;
        })
    };
    // 5 at the start, 2 after the first job, 6 after the second, 4 after the third.
    assert_eq!(faults(&loaded(6), |_| {}), vec![]);
    let fault = |done, aboard, capacity| vec![Fault::Load { tour: 0, kind: 1, done, aboard, capacity }];
    assert_eq!(faults(&loaded(5), |_| {}), fault(2, 6, 5));
    assert_eq!(faults(&loaded(4), |_| {}), fault(0, 5, 4));
}

#[test]
fn too_late() {
    let late = problem(|jobs, _| jobs[1].window = (0, 19));
    assert_eq!(faults(&late, |_| {}), vec![Fault::Late { tour: 0, job: 1, begins: 20, latest: 19 }]);
    let back = problem(|_, vehicles| vehicles[0].shift = (1, 61));
    assert_eq!(faults(&back, |_| {}), vec![Fault::Back { tour: 1, back: 81, latest: 61 }]);
}

#[test]
fn too_long() {
    let slow = problem(|_, vehicles| vehicles[0].max_duration = 79);
    assert_eq!(faults(&slow, |_| {}), vec![Fault::Duration { tour: 1, duration: 80, longest: 79 }]);
    let far = problem(|_, vehicles| vehicles[0].max_distance = 79);
    assert_eq!(faults(&far, |_| {}), vec![Fault::Distance { tour: 1, distance: 80, longest: 79 }]);
}

#[test]
fn wrong_sums() {
    let plain = problem(|_, _| {});
    let found = faults(&plain, |tours| (tours.missing, tours.cost) = (1, 626));
    assert_eq!(found, vec![Fault::Missing { stated: 1, found: 0 }, Fault::Cost { stated: 626, found: 627 }]);
    // Without the second tour the group is missing.
    let found = faults(&plain, |tours| tours.tours.truncate(1));
    assert_eq!(found, vec![Fault::Missing { stated: 0, found: 1 }, Fault::Cost { stated: 627, found: 287 }]);
}

#[test]
fn the_latest_departure_counts() {
    // At 20 from 50 on; leaving at 30 all is kept: 60 in all. If 10 must be done by 15, it leaves at 5 and waits 25.
    let wait = problem(|jobs, _| jobs[1].window.0 = 50);
    assert_eq!(faults(&wait, |_| {}), vec![]);
    let early = problem(|jobs, _| {
        jobs[1].window.0 = 50;
        jobs[0].window.1 = 15;
    });
    assert_eq!(faults(&early, |tours| tours.cost += 2 * 25), vec![]);
}

#[test]
fn numbers_at_their_ends_are_no_trouble() {
    let most: Arc<[i32]> = vec![MOST; 4].into();
    let travel = Travel { distance: Arc::clone(&most), duration: most };
    let job = Job { service: MOST, delivered: [MOST; DIMS], collected: [MOST; DIMS], ..Job::at(1) };
    let money = super::super::problem::MOST_MONEY;
    let price = super::super::problem::MOST_PRICE;
    let vehicle = Vehicle { fixed: money, per_distance: price, per_duration: price, ..Vehicle::at(0, 1) };
    let parts = Parts { places: 2, travel: vec![travel], jobs: vec![job], vehicles: vec![vehicle], ..Parts::default() };
    let problem = Problem::new(parts).unwrap();
    let tours = Tours { tours: vec![tour(0, &[0; 100_000])], missing: 0, cost: i64::MAX };
    let found = check(&problem, &tours);
    assert!(found.contains(&Fault::Twice { job: 0, times: 100_000 }));
    assert!(found.iter().all(|fault| matches!(fault, Fault::Twice { .. } | Fault::Load { .. })), "{found:?}");
}

/// A job at 10 of a line and one vehicle: why not?
fn why(change: impl FnOnce(&mut Job, &mut Vehicle)) -> Option<Reason> {
    let (mut job, mut vehicle) = (Job::at(1), Vehicle::at(0, 1));
    change(&mut job, &mut vehicle);
    let vehicles = vec![Vehicle { capacity: [0; DIMS], max_distance: 0, ..Vehicle::at(0, 1) }, vehicle];
    job.delivered[0] += 1;
    let travel = vec![line(&[0, 10])];
    let problem = Problem::new(Parts { places: 2, travel, jobs: vec![job], vehicles, ..Parts::default() }).unwrap();
    impossible(&problem).first().map(|&(_, reason)| reason)
}

#[test]
fn reasons_are_those_of_the_vehicle_that_comes_closest() {
    assert_eq!(why(|_, _| {}), None);
    // Both lack room for something: the other vehicle 1 of the first kind, this one 2 of the last, then 1.
    assert_eq!(
        why(|job, vehicle| (job.collected[3], vehicle.capacity[3]) = (3, 1)),
        Some(Reason::Load { kind: 0, needs: 1, has: 0 })
    );
    assert_eq!(
        why(|job, vehicle| (job.delivered[0], job.collected[3], vehicle.capacity[3]) = (4, 9, 8)),
        Some(Reason::Load { kind: 3, needs: 9, has: 8 })
    );
    assert_eq!(
        why(|job, vehicle| (job.window, vehicle.shift.0) = ((0, 14), 5)),
        Some(Reason::Window { soonest: 15, latest: 14 })
    );
    assert_eq!(
        why(|job, vehicle| (job.window.0, vehicle.shift.1) = (30, 39)),
        Some(Reason::Back { soonest: 40, latest: 39 })
    );
    assert_eq!(
        why(|job, vehicle| (job.service, vehicle.max_duration) = (3, 22)),
        Some(Reason::Duration { takes: 23, longest: 22 })
    );
    let far = why(|_, vehicle| vehicle.max_distance = 19);
    assert_eq!(far, Some(Reason::Distance { length: 20, longest: 19 }));
    assert_eq!(far.unwrap().to_string(), "there and back are 20; the vehicle may go 19");
}

#[test]
fn impossible_is_what_no_tour_of_one_job_can_do() {
    let (mut some, mut paired) = ([0, 0], [0, 0]);
    for seed in 0..cases(500, 20_000) {
        let taste = Taste {
            jobs: 8,
            types: 3,
            vehicles: 2,
            metric: seed % 2 == 0,
            extreme: seed % 3 == 0,
            mild: false,
            pairs: true,
            trips: true,
            priced: true,
        };
        let problem = Draw::new(seed, taste).problem();
        let found = impossible(&problem);
        for job in 0..problem.jobs().len() {
            let pair = problem.pair_of(job).map(|pair| &problem.pairs()[pair]);
            if pair.is_some_and(|pair| pair.delivery == job) {
                assert!(found.iter().all(|&(other, _)| other != job), "seed {seed} job {job}");
                continue;
            }
            let jobs: Vec<usize> = [job].into_iter().chain(pair.map(|pair| pair.delivery)).collect();
            let possible =
                (0..problem.vehicles().len()).filter(|&kind| problem.vehicles()[kind].count > 0).any(|kind| {
                    let mut faults = Vec::new();
                    drive(&problem, 0, &tour(kind, &jobs), &mut faults);
                    faults.is_empty()
                });
            assert_eq!(possible, found.iter().all(|&(other, _)| other != job), "seed {seed} job {job}");
            some[usize::from(possible)] += 1;
            paired[usize::from(possible)] += usize::from(pair.is_some());
        }
    }
    let enough = some.iter().all(|&some| some > 100) && paired.iter().all(|&some| some > 30);
    assert!(enough, "{some:?} {paired:?}");
}
