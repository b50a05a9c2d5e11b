//! Does the judge know when a pair is driven as it must be, to the unit of time?

use super::*;

/// On a line: pickups 0 and 1 at 10 and 20, their deliveries 2 and 3 at 30 and 40. Only time costs.
fn problem(change: impl FnOnce(&mut Parts)) -> Problem {
    let jobs = (1..5).map(|place| Job { collected: [i32::from(place < 3), 0, 0, 0], ..Job::at(place) }).collect();
    let pair = |pickup: usize| Pair { pickup, delivery: pickup + 2, max_ride: MOST, kind: pickup };
    let mut parts = Parts {
        places: 5,
        travel: vec![line(&[0, 10, 20, 30, 40])],
        jobs,
        pairs: vec![pair(0), pair(1)],
        vehicles: vec![Vehicle { per_distance: 0, per_duration: 1, ..Vehicle::at(0, 2) }],
        ..Parts::default()
    };
    change(&mut parts);
    Problem::new(parts).unwrap()
}

fn judged(problem: &Problem, tours: &[&[usize]], missing: usize, cost: i64) -> Vec<Fault> {
    let tours = tours.iter().map(|jobs| tour(0, jobs)).collect();
    check(problem, &Tours { tours, missing, cost })
}

#[test]
fn one_vehicle_does_both_the_pickup_first() {
    let plain = problem(|_| {});
    assert_eq!(judged(&plain, &[&[0, 1, 2, 3]], 0, 80), vec![]);
    // Back from 40 to 30.
    assert_eq!(judged(&plain, &[&[0, 1, 3, 2]], 0, 80), vec![]);
    let half = |tour, pair, job, other| Fault::Half { tour, pair, job, other };
    assert_eq!(judged(&plain, &[&[0, 1, 3]], 0, 80), vec![half(0, 0, 0, 2)]);
    assert_eq!(judged(&plain, &[&[0, 2, 3]], 1, 80), vec![half(0, 1, 3, 1)]);
    assert_eq!(judged(&plain, &[&[0, 1, 3], &[2]], 0, 140), vec![half(0, 0, 0, 2), half(1, 0, 2, 0)]);
    let order = Fault::Order { tour: 0, pair: 1, pickup: 1, delivery: 3 };
    // 10, 40, 20, 30.
    assert_eq!(judged(&plain, &[&[0, 3, 1, 2]], 0, 100), vec![order.clone()]);
    assert_eq!(order.to_string(), "tour 0 does job 3, the delivery of pair 1, before job 1, its pickup");
}

#[test]
fn a_pair_is_the_order_of_its_pickup() {
    // Prizes of 5 and 7; those of the deliveries are nobody's.
    let prizes = problem(|parts| {
        for (job, prize) in parts.jobs.iter_mut().zip([5, 7, 100, 200]) {
            job.prize = Some(prize);
        }
    });
    assert_eq!(judged(&prizes, &[&[0, 2]], 0, 67), vec![]);
    assert_eq!(judged(&prizes, &[], 0, 12), vec![]);
    assert_eq!(judged(&problem(|_| {}), &[], 2, 0), vec![]);
    // One of both pickups, or 9.
    let group = problem(|parts| parts.groups = vec![Group { jobs: vec![0, 1], prize: Some(9) }]);
    assert_eq!(judged(&group, &[&[1, 3]], 0, 80), vec![]);
    assert_eq!(judged(&group, &[], 0, 9), vec![]);
    assert_eq!(judged(&group, &[&[0, 1, 2, 3]], 0, 80), vec![Fault::Group { group: 0, jobs: 2 }]);
}

#[test]
fn room_is_taken_until_the_delivery() {
    let small = |change: fn(&mut Parts)| {
        problem(|parts| {
            parts.vehicles[0].capacity[0] = 1;
            change(parts);
        })
    };
    let load = |done| vec![Fault::Load { tour: 0, kind: 0, done, aboard: 2, capacity: 1 }];
    assert_eq!(judged(&small(|_| {}), &[&[0, 1, 2, 3]], 0, 80), load(2));
    // One after the other: 10, 30, 20, 40.
    assert_eq!(judged(&small(|_| {}), &[&[0, 2, 1, 3]], 0, 100), vec![]);
    // Something else is delivered where the first gets in, something else collected before the second gets out.
    let more = |parts: &mut Parts| {
        parts.jobs.push(Job { delivered: [1, 0, 0, 0], ..Job::at(1) });
        parts.jobs.push(Job { collected: [1, 0, 0, 0], ..Job::at(4) });
    };
    assert_eq!(judged(&small(more), &[&[4, 0, 2, 1, 3, 5]], 0, 100), vec![]);
    assert_eq!(judged(&small(more), &[&[0, 4, 2, 1, 3, 5]], 0, 100), load(1));
    assert_eq!(judged(&small(more), &[&[4, 0, 2, 1, 5, 3]], 0, 100), load(5));
    // Who is never set down stays.
    assert!(judged(&small(|_| {}), &[&[0, 1, 3]], 0, 80).contains(&load(2)[0]));
}

#[test]
fn kinds_apart_are_not_aboard_together() {
    let apart = |kinds| problem(|parts| parts.apart = kinds);
    let fault = vec![Fault::Apart { tour: 0, pair: 1, with: 0 }];
    assert_eq!(judged(&apart(vec![(0, 1)]), &[&[0, 1, 2, 3]], 0, 80), fault);
    assert_eq!(judged(&apart(vec![(5, 5), (1, 0)]), &[&[0, 1, 2, 3]], 0, 80), fault);
    assert_eq!(judged(&apart(vec![(0, 0), (1, 1)]), &[&[0, 1, 2, 3]], 0, 80), vec![]);
    assert_eq!(judged(&apart(vec![(0, 1)]), &[&[0, 2, 1, 3]], 0, 100), vec![]);
    let alike = problem(|parts| {
        parts.pairs[1].kind = 0;
        parts.apart = vec![(0, 0)];
    });
    assert_eq!(judged(&alike, &[&[0, 1, 2, 3]], 0, 80), fault);
}

#[test]
fn a_ride_may_take_so_long() {
    // The first is set down from 100 on. Picked up at 80, 20 before; leaving at 70.
    let late = |until, longest, service| {
        problem(|parts| {
            parts.jobs[2].window.0 = 100;
            (parts.jobs[0].window.1, parts.jobs[0].service) = (until, service);
            parts.pairs[0].max_ride = longest;
        })
    };
    assert_eq!(judged(&late(MOST, 20, 0), &[&[0, 1, 2, 3]], 0, 80), vec![]);
    let ride = |takes, longest| Fault::Ride { tour: 0, pair: 0, takes, longest };
    assert_eq!(judged(&late(MOST, 19, 0), &[&[0, 1, 2, 3]], 0, 80), vec![ride(20, 19)]);
    // Picked up by 15: 85 before, or 80 from the end of the service; away from 5 to 150.
    assert_eq!(judged(&late(15, 85, 0), &[&[0, 1, 2, 3]], 0, 145), vec![]);
    assert_eq!(judged(&late(15, 84, 0), &[&[0, 1, 2, 3]], 0, 145), vec![ride(85, 84)]);
    assert_eq!(judged(&late(15, 79, 5), &[&[0, 1, 2, 3]], 0, 145), vec![ride(80, 79)]);
    assert_eq!(judged(&late(15, 80, 5), &[&[0, 1, 2, 3]], 0, 145), vec![]);
    assert_eq!(ride(41, 30).to_string(), "tour 0: the ride of pair 0 takes at least 41; at most 30");
    // The other is picked up by 30, so the first by 20; 100 and 110: 80 each, away from 10 to 150.
    let both = |first, second| {
        problem(|parts| {
            parts.jobs[2].window.0 = 100;
            parts.jobs[1].window.1 = 30;
            (parts.pairs[0].max_ride, parts.pairs[1].max_ride) = (first, second);
        })
    };
    let second = Fault::Ride { tour: 0, pair: 1, takes: 80, longest: 79 };
    assert_eq!(judged(&both(80, 80), &[&[0, 1, 2, 3]], 0, 140), vec![]);
    assert_eq!(judged(&both(79, 79), &[&[0, 1, 2, 3]], 0, 140), vec![ride(80, 79), second]);
}

#[test]
fn nobody_waits_aboard_where_that_is_not_allowed() {
    let stay = |until, may_wait| {
        problem(|parts| {
            parts.jobs[2].window.0 = 100;
            parts.jobs[0].window.1 = until;
            parts.vehicles[0].may_wait = may_wait;
        })
    };
    // Alone it waits as long as it likes.
    assert_eq!(judged(&stay(MOST, false), &[&[0, 1, 2, 3]], 0, 80), vec![]);
    assert_eq!(judged(&stay(15, true), &[&[0, 1, 2, 3]], 0, 145), vec![]);
    // At 15, 25 and 35, then 65 to wait.
    let waits = Fault::Waits { tour: 0, job: 2, waits: 65 };
    assert_eq!(judged(&stay(15, false), &[&[0, 1, 2, 3]], 0, 145), vec![waits.clone()]);
    assert_eq!(
        waits.to_string(),
        "tour 0 waits at least 65 for job 2 with somebody aboard; the vehicle may not wait then"
    );
    // Nobody is aboard between the two rides: at 10 by 15, 30 by 35, then from 100 on.
    let between = |may_wait| {
        problem(|parts| {
            (parts.jobs[1].window.0, parts.jobs[0].window.1) = (100, 15);
            parts.vehicles[0].may_wait = may_wait;
        })
    };
    // From 5 to 20 at 100, 40 at 120, back at 160.
    assert_eq!(judged(&between(false), &[&[0, 2, 1, 3]], 0, 155), vec![]);
    let waits = Fault::Waits { tour: 0, job: 1, waits: 75 };
    assert_eq!(judged(&between(false), &[&[0, 1, 2, 3]], 0, 155), vec![waits]);
}

#[test]
fn a_short_ride_moves_the_wait_and_the_duration_stays() {
    // At 20 by 20 and from 100 on at 40 with a short ride: waits at 10 before the pickup there.
    let wait = |longest, max_duration| {
        problem(|parts| {
            parts.jobs[1].window.1 = 20;
            parts.jobs[2].window.0 = 100;
            parts.pairs[0].max_ride = longest;
            parts.vehicles[0].max_duration = max_duration;
        })
    };
    // 20 at 20, 40 at 40, 10 at 80 by the limit (70 without), 30 at 100, 0 at 130; away from 0 on.
    assert_eq!(judged(&wait(20, MOST), &[&[1, 3, 0, 2]], 0, 130), vec![]);
    let long = Fault::Duration { tour: 0, duration: 130, longest: 129 };
    assert_eq!(judged(&wait(20, 129), &[&[1, 3, 0, 2]], 0, 130), vec![long]);
    assert_eq!(judged(&wait(20, 130), &[&[1, 3, 0, 2]], 0, 130), vec![]);
}

#[test]
fn pairs_with_numbers_at_their_ends_are_no_trouble() {
    let most: Arc<[i32]> = vec![MOST; 4].into();
    let travel = Travel { distance: Arc::clone(&most), duration: most };
    for (max_ride, may_wait) in [(MOST, true), (MOST - 1, true), (0, false), (MOST, false)] {
        let job = Job { service: MOST, window: (MOST - 1, MOST), ..Job::at(1) };
        let pair = |pickup| Pair { pickup, delivery: pickup + 1, max_ride, kind: 0 };
        let vehicle = Vehicle { per_duration: super::super::super::problem::MOST_PRICE, may_wait, ..Vehicle::at(0, 1) };
        let parts = Parts {
            places: 2,
            travel: vec![travel.clone()],
            jobs: vec![job; 40],
            pairs: (0..20).map(|half| pair(2 * half)).collect(),
            vehicles: vec![vehicle],
            ..Parts::default()
        };
        let problem = Problem::new(parts).unwrap();
        let jobs: Vec<usize> = (0..40).chain((0..10_000).map(|job| job % 40)).collect();
        let found = judged(&problem, &[&jobs], 0, i64::MAX);
        assert!(found.iter().all(|fault| matches!(
            fault,
            Fault::Twice { .. } | Fault::Ride { takes: 134_217_728, .. } | Fault::Cost { .. }
        )));
        assert_eq!(found.iter().any(|fault| matches!(fault, Fault::Ride { .. })), max_ride < MOST);
    }
}

/// A tour of up to five jobs, small numbers, mostly limits.
fn small(random: &mut Random) -> (Parts, Vec<usize>) {
    let places = 1 + random.below(3);
    let duration: Arc<[i32]> = (0..places * places).map(|_| random.below(4) as i32).collect();
    let count = 2 + random.below(4);
    let mut vehicle = Vehicle { per_distance: 0, per_duration: 1, ..Vehicle::at(random.below(places), 1) };
    vehicle.may_wait = random.below(2) == 0;
    vehicle.shift = (random.below(4) as i32, if random.below(2) == 0 { MOST } else { 8 + random.below(16) as i32 });
    let mut job = || {
        let (from, width) = (random.below(14) as i32, random.below(6) as i32);
        let window = [(0, MOST), (0, MOST), (from, MOST), (0, 4 + from), (from, from + width)][random.below(5)];
        Job { window, service: random.below(3) as i32, ..Job::at(random.below(places)) }
    };
    let jobs: Vec<Job> = (0..count).map(|_| job()).collect();
    let mut order: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        order.swap(at, random.below(at + 1));
    }
    // The first with the second, the third with the fourth; or somewhere between.
    let mut free: Vec<usize> = (0..count).collect();
    let mut pairs = Vec::new();
    while free.len() > 1 && random.below(5) > 0 {
        let (from, to) = (free.remove(0), free.remove(random.below(free.len() - 1)));
        let max_ride = if random.below(4) == 0 { MOST } else { random.below(9) as i32 };
        pairs.push(Pair { pickup: order[from], delivery: order[to], max_ride, kind: random.below(3) });
    }
    let travel = vec![Travel { distance: Arc::clone(&duration), duration }];
    (Parts { places, travel, jobs, pairs, vehicles: vec![vehicle], ..Parts::default() }, order)
}

/// The least duration of all ways to choose whole times, whatever the longest duration.
fn every_time(problem: &Problem, order: &[usize]) -> Option<i32> {
    let (jobs, vehicle) = (problem.jobs(), &problem.vehicles()[0]);
    let sum: i32 = order.iter().map(|&job| jobs[job].service + 3).sum();
    // All that is later than anything asks for can be as much sooner.
    let horizon = 18 + sum + 3;
    let mut times = Vec::new();
    (vehicle.shift.0..=horizon).filter_map(|leaves| try_times(problem, order, horizon, leaves, &mut times)).min()
}

fn try_times(problem: &Problem, order: &[usize], horizon: i32, leaves: i32, times: &mut Vec<i32>) -> Option<i32> {
    let (jobs, vehicle) = (problem.jobs(), &problem.vehicles()[0]);
    let here = times.len().checked_sub(1).map(|last| &jobs[order[last]]);
    let ready = times.last().map_or(leaves, |begins| begins + jobs[order[times.len() - 1]].service);
    let from = here.map_or(vehicle.start, |job| job.place);
    let Some(&next) = order.get(times.len()) else {
        let back = ready + problem.duration(0, from, vehicle.end);
        return (back <= vehicle.shift.1).then_some(back - leaves);
    };
    let arrives = ready + problem.duration(0, from, jobs[next].place);
    let at = |job: usize| order.iter().position(|&other| other == job).unwrap();
    let aboard = problem.pairs().iter().any(|pair| at(pair.pickup) < times.len() && times.len() <= at(pair.delivery));
    let mut least: Option<i32> = None;
    for begins in arrives..=horizon {
        let waits = begins > arrives && aboard && !vehicle.may_wait;
        let closed = begins < jobs[next].window.0 || begins > jobs[next].window.1;
        let ride = problem.pairs().iter().find(|pair| pair.delivery == next);
        let long = ride.is_some_and(|pair| begins - times[at(pair.pickup)] - jobs[pair.pickup].service > pair.max_ride);
        if waits || closed || long {
            continue;
        }
        times.push(begins);
        let took = try_times(problem, order, horizon, leaves, times);
        times.pop();
        least = least.into_iter().chain(took).min();
    }
    least
}

fn driven(problem: &Problem, order: &[usize]) -> (Vec<Fault>, Option<i64>) {
    let mut faults = Vec::new();
    let cost = drive(problem, 0, &tour(0, order), &mut faults);
    (faults, cost)
}

#[test]
fn times_are_found_where_there_are_any_and_the_tour_is_as_short_as_can_be() {
    let mut random = Random::new(3);
    let (mut good, mut late, mut waits, mut rides) = (0, 0, 0, 0);
    for case in 0..cases(1_500, 30_000) {
        let (parts, order) = small(&mut random);
        let problem = Problem::new(parts.clone()).unwrap();
        let least = every_time(&problem, &order).map(i64::from);
        let (faults, cost) = driven(&problem, &order);
        assert_eq!((cost, faults.is_empty()), (least, least.is_some()), "case {case}: {faults:?} {parts:?} {order:?}");
        // Without the limits of pairs?
        let mut free = parts.clone();
        free.pairs.iter_mut().for_each(|pair| pair.max_ride = MOST);
        free.vehicles[0].may_wait = true;
        let walked = driven(&Problem::new(free.clone()).unwrap(), &order);
        // Worked as if there were some.
        free.pairs.iter_mut().for_each(|pair| pair.max_ride = MOST - 1);
        assert_eq!(driven(&Problem::new(free).unwrap(), &order), walked, "case {case}");
        if let Some(least) = least {
            good += 1;
            // Only windows make a tour longer: before somebody gets in it can wait as well as while they are aboard.
            assert_eq!(walked.1, Some(least), "case {case}");
            let longest = |longest: i64| {
                let mut parts = parts.clone();
                parts.vehicles[0].max_duration = longest as i32;
                driven(&Problem::new(parts).unwrap(), &order).0
            };
            assert_eq!(longest(least), vec![]);
            if least > 0 {
                let fault = Fault::Duration { tour: 0, duration: least, longest: least - 1 };
                assert_eq!(longest(least - 1), vec![fault]);
            }
        }
        // The first limit that cannot be kept: so much, and no less, where those behind it are none.
        let position = |job: usize| order.iter().position(|&other| other == job).unwrap();
        match faults.first() {
            Some(&Fault::Ride { pair, takes, longest, .. }) => {
                rides += 1;
                let from = position(parts.pairs[pair].pickup);
                let with = |max_ride: i64| {
                    let mut parts = parts.clone();
                    for other in &mut parts.pairs {
                        if position(other.pickup) > from {
                            other.max_ride = MOST;
                        }
                    }
                    parts.pairs[pair].max_ride = max_ride as i32;
                    every_time(&Problem::new(parts).unwrap(), &order)
                };
                assert!(takes > longest && with(takes).is_some() && with(takes - 1).is_none(), "case {case}");
            }
            Some(Fault::Waits { .. }) => {
                waits += 1;
                assert!(!parts.vehicles[0].may_wait);
            }
            Some(_) => {
                late += 1;
                assert_eq!(walked.1, None);
            }
            None => {}
        }
    }
    let all = [good, late, waits, rides];
    assert!(all.iter().all(|&some| some > 5), "{all:?}");
}

#[test]
fn who_is_aboard_is_known_after_every_job() {
    let mut random = Random::new(4);
    let mut some = [0, 0, 0];
    for case in 0..cases(3_000, 50_000) {
        let (mut parts, order) = small(&mut random);
        for (at, job) in parts.jobs.iter_mut().enumerate() {
            let paired = |pair: &Pair| pair.pickup == at || pair.delivery == at;
            let amount = |random: &mut Random| random.below(4) as i32;
            if !parts.pairs.iter().any(paired) {
                (job.delivered[2], job.collected[2]) = (amount(&mut random), amount(&mut random));
            } else if parts.pairs.iter().any(|pair| pair.pickup == at) {
                job.collected[2] = amount(&mut random);
            }
        }
        parts.vehicles[0].capacity[2] = random.below(8) as i32;
        parts.apart = vec![(random.below(3), random.below(3))];
        let problem = Problem::new(parts.clone()).unwrap();
        let position = |job: usize| order.iter().position(|&other| other == job).unwrap();
        let aboard = |done: usize| -> i32 {
            let of = |(at, job): (usize, &Job)| {
                let pair = parts.pairs.iter().find(|pair| pair.pickup == at);
                let until = pair.map_or(usize::MAX, |pair| position(pair.delivery));
                let collected = if position(at) < done && done <= until { job.collected[2] } else { 0 };
                collected + if done <= position(at) { job.delivered[2] } else { 0 }
            };
            parts.jobs.iter().enumerate().map(of).sum()
        };
        let capacity = parts.vehicles[0].capacity[2];
        let over = (0..=order.len()).find(|&done| aboard(done) > capacity);
        let (faults, _) = driven(&problem, &order);
        let found = faults.iter().find_map(|fault| match *fault {
            Fault::Load { kind: 2, done, aboard, .. } => Some((done, aboard)),
            _ => None,
        });
        assert_eq!(found, over.map(|done| (done, aboard(done).into())), "case {case}: {parts:?} {order:?}");
        let mut clash = false;
        for one in &parts.pairs {
            for other in parts.pairs.iter().filter(|other| position(other.pickup) > position(one.pickup)) {
                let together = position(other.pickup) < position(one.delivery);
                let kinds = [(one.kind, other.kind), (other.kind, one.kind)];
                clash |= together && kinds.contains(&parts.apart[0]);
            }
        }
        assert_eq!(clash, faults.iter().any(|fault| matches!(fault, Fault::Apart { .. })), "case {case}");
        some[0] += usize::from(over.is_some());
        some[1] += usize::from(clash);
        some[2] += usize::from(over.is_none() && !clash);
    }
    assert!(some.iter().all(|&some| some > 50), "{some:?}");
}

/// One pair and a vehicle: why not?
fn why(change: impl FnOnce(&mut Parts)) -> Option<Reason> {
    let problem = problem(|parts| {
        parts.jobs[0].window = (30, 50);
        parts.jobs[2].window = (100, 110);
        parts.jobs[0].service = 4;
        parts.vehicles[0].capacity[0] = 1;
        change(parts);
    });
    let found = impossible(&problem);
    assert!(found.iter().all(|&(job, _)| job == 0), "{found:?}");
    found.first().map(|&(_, reason)| reason)
}

#[test]
fn reasons_why_a_pair_cannot_be_driven_alone() {
    // At 10 by 50 until 54, at 30 at 74, from 100 on: 26 to wait, 46 aboard; back at 130, away since 40.
    let exact = |parts: &mut Parts| {
        parts.pairs[0].max_ride = 46;
        parts.vehicles[0].shift = (0, 130);
        (parts.vehicles[0].max_duration, parts.vehicles[0].max_distance) = (90, 80);
    };
    assert_eq!(why(exact), None);
    let load = why(|parts| parts.jobs[0].collected[0] = 2);
    assert_eq!(load, Some(Reason::Load { kind: 0, needs: 2, has: 1 }));
    let window = why(|parts| parts.vehicles[0].shift.0 = 41);
    assert_eq!(window, Some(Reason::Window { soonest: 51, latest: 50 }));
    let late = why(|parts| parts.jobs[2].window = (0, 53));
    assert_eq!(late, Some(Reason::SetDown { soonest: 54, latest: 53 }));
    let back = why(|parts| parts.vehicles[0].shift.1 = 129);
    assert_eq!(back, Some(Reason::Back { soonest: 130, latest: 129 }));
    assert_eq!(why(|parts| parts.vehicles[0].may_wait = false), Some(Reason::Waits { waits: 26 }));
    assert_eq!(why(|parts| parts.pairs[0].max_ride = 45), Some(Reason::Ride { takes: 46, longest: 45 }));
    let long = why(|parts| parts.vehicles[0].max_duration = 89);
    assert_eq!(long, Some(Reason::Duration { takes: 90, longest: 89 }));
    let far = why(|parts| {
        parts.pairs.pop();
        (parts.jobs[1], parts.jobs[3]) = (Job::at(1), Job::at(1));
        parts.vehicles[0].max_distance = 59;
    });
    assert_eq!(far, Some(Reason::Distance { length: 60, longest: 59 }));
}
