//! Being late for a price, overtime, and breaks: worked by hand, and against every hour at which everything could be.

use super::super::check::{Hours, hours};
use super::super::ground::Ground;
use super::super::problem::ProblemError;
use super::super::schedule::Schedule;
use super::*;

/// Jobs at 10 and 30 of a line, one vehicle at 0.
fn parts(change: impl FnOnce(&mut Vec<Job>, &mut Vehicle)) -> Parts {
    let (mut jobs, mut vehicle) = (vec![Job::at(1), Job::at(2)], Vehicle::at(0, 1));
    change(&mut jobs, &mut vehicle);
    Parts { places: 3, travel: vec![line(&[0, 10, 30])], jobs, vehicles: vec![vehicle], ..Parts::default() }
}

fn there_and_back(change: impl FnOnce(&mut Vec<Job>, &mut Vehicle)) -> Option<Hours> {
    hours(&Problem::new(parts(change)).unwrap(), &tour(0, &[0, 1]))
}

fn rest(from: i32, until: i32, duration: i32) -> Break {
    Break { window: (from, until), duration }
}

#[test]
fn being_late_costs_and_is_not_forbidden() {
    // At 30 when it is 30, due at 25: 5 late, at 4 each.
    let late = there_and_back(|jobs, _| (jobs[1].due, jobs[1].per_late) = (25, 4)).unwrap();
    assert_eq!(late, Hours { leaves: 0, begins: vec![10, 30], rests: vec![], back: 60, cost: 20 });
    // The other way round it is in time there, and 40 late at 10 m: 60 + 10 late there is dearer than 5 late here.
    let problem = Problem::new(parts(|jobs, _| {
        (jobs[1].due, jobs[1].per_late) = (25, 4);
        (jobs[0].due, jobs[0].per_late) = (10, 1);
    }))
    .unwrap();
    assert_eq!(hours(&problem, &tour(0, &[1, 0])).unwrap().cost, 20 + 40);
    let found = solved(&problem, 100, 1).best;
    assert_eq!((found.cost, &found.tours[0].jobs[..]), (60 + 20, &[0, 1][..]));
    // The window still holds.
    let shut = there_and_back(|jobs, _| (jobs[1].window.1, jobs[1].due, jobs[1].per_late) = (29, 25, 4));
    assert_eq!(shut, None);
}

#[test]
fn it_leaves_late_where_that_is_worth_being_late() {
    // The job at 10 opens at 100. Each unit away costs 3: who leaves at 0 is away for 160 - 0, who leaves at 90 for 70.
    let open = |price: i64| {
        there_and_back(move |jobs, vehicle| {
            jobs[1].window.0 = 100;
            // The first is due at 20: leaving after 10 is late, for this much a unit.
            (jobs[0].due, jobs[0].per_late) = (20, price);
            vehicle.per_duration = 3;
        })
        .unwrap()
    };
    // 2 is less than 3: it leaves at 70, is at 10 at 80, 60 late, at 30 at 100, back at 130.
    let patient = open(2);
    assert_eq!((patient.leaves, &patient.begins[..], patient.back, patient.cost), (70, &[80, 100][..], 130, 180 + 120));
    let strict = open(4);
    assert_eq!((strict.leaves, &strict.begins[..], strict.back, strict.cost), (10, &[20, 100][..], 130, 360));
}

#[test]
fn overtime_is_what_is_beyond_the_usual() {
    let away = |usual: i32| {
        let problem = Problem::new(parts(|_, vehicle| {
            (vehicle.per_distance, vehicle.per_duration) = (0, 2);
            (vehicle.usual_duration, vehicle.per_overtime) = (usual, 5);
        }));
        solved(&problem.unwrap(), 50, 1).best.cost
    };
    // Away for 60.
    assert_eq!(away(60), 120);
    assert_eq!(away(50), 120 + 50);
    assert_eq!(away(0), 120 + 300);
    assert_eq!(away(MOST), 120);
}

#[test]
fn a_break_is_taken_on_the_way_or_at_home() {
    // From 15 to 20, for 7: behind the first job, or on the road to the second.
    let on_the_way = there_and_back(|_, vehicle| {
        vehicle.breaks = vec![rest(15, 20, 7)];
        vehicle.shift.1 = 67;
    })
    .unwrap();
    assert_eq!((&on_the_way.rests[..], on_the_way.back), (&[15][..], 67));
    // A unit less, and there is no time: then it is said of which break.
    let problem = Problem::new(parts(|_, vehicle| {
        vehicle.breaks = vec![rest(0, 0, 1), rest(15, 20, 7)];
        vehicle.shift = (1, 66);
    }));
    let mut faults = Vec::new();
    super::super::check::drive(&problem.unwrap(), 0, &tour(0, &[0, 1]), &mut faults);
    assert_eq!(faults, vec![Fault::Break { tour: 0, rest: 1, from: 15, until: 20 }]);
    assert!(faults[0].to_string().contains("no time for break 1"));
    // Time away costs: it leaves after the break at 22, or is back before it must begin.
    let priced = |until: i32| {
        there_and_back(move |_, vehicle| {
            vehicle.breaks = vec![rest(15, until, 7)];
            vehicle.per_duration = 1;
        })
        .unwrap()
    };
    let before = priced(20);
    assert_eq!((before.leaves, before.back, before.cost), (22, 82, 60));
    let after = there_and_back(|_, vehicle| {
        vehicle.breaks = vec![rest(15, 60, 7)];
        (vehicle.per_duration, vehicle.shift.1) = (1, 60);
    });
    let after = after.unwrap();
    assert_eq!((after.leaves, &after.rests[..], after.back, after.cost), (0, &[60][..], 60, 60));
}

#[test]
fn nobody_rests_with_somebody_aboard() {
    let ride = |from: i32| {
        let mut parts = parts(|_, vehicle| {
            vehicle.breaks = vec![rest(from, from + 5, 4)];
            vehicle.shift = (0, 70);
        });
        parts.pairs = vec![Pair { pickup: 0, delivery: 1, max_ride: MOST, kind: 0 }];
        Problem::new(parts).unwrap()
    };
    let rests = |problem: &Problem| hours(problem, &tour(0, &[0, 1])).map(|hours| hours.rests);
    // From 10 to 30 somebody is aboard. Between 5 and 10 it rests on the way there. From 12 to 17 too: at 12, and at 16 somebody gets in.
    assert_eq!(rests(&ride(5)), Some(vec![5]));
    let late = hours(&ride(12), &tour(0, &[0, 1])).unwrap();
    assert_eq!((&late.rests[..], &late.begins[..], late.back), (&[12][..], &[16, 36][..], 66));
    // From 22 to 27: on the way there it would be back at 76 at the soonest, and who is set down first is at 30 at the soonest.
    assert_eq!(rests(&ride(22)), None);
    assert_eq!(solved(&ride(22), 50, 1).best.missing, 1);
    // From 27 to 32 it rests when he is set down.
    assert_eq!(rests(&ride(27)), Some(vec![30]));
    assert_eq!(solved(&ride(27), 50, 1).best.missing, 0);
}

#[test]
fn who_leaves_later_may_have_to_rest_sooner() {
    // The second job opens at 100, back at 130. The first is begun by 31. Who rests behind it must be there by 20 and leaves by 10: 120 in all. On the
    // way to it: he leaves by 14, 116. Before leaving: not before 22, too late.
    let priced = |jobs: &mut Vec<Job>, vehicle: &mut Vehicle| {
        (jobs[0].window.1, jobs[1].window.0) = (31, 100);
        (vehicle.breaks, vehicle.per_distance, vehicle.per_duration) = (vec![rest(15, 20, 7)], 0, 1);
    };
    let best = there_and_back(priced).unwrap();
    assert_eq!((best.leaves, &best.rests[..], &best.begins[..], best.cost), (14, &[15][..], &[31, 100][..], 116));
    assert_eq!(solved(&Problem::new(parts(priced)).unwrap(), 20, 1).best.cost, 116);
}

#[test]
fn who_waits_anyway_rests() {
    // The job at 1 opens at 6; 1 from 5 or 6 on. Behind the job he is back at 8, at its door at 7: leaves by 4, rests from 5 to 6.
    let one = |until: i32| {
        let jobs = vec![Job { window: (6, MOST), ..Job::at(1) }];
        let vehicle = Vehicle { shift: (0, until), breaks: vec![rest(5, 6, 1)], per_distance: 0, ..Vehicle::at(0, 1) };
        Problem::new(Parts {
            places: 2,
            travel: vec![line(&[0, 1])],
            jobs,
            vehicles: vec![vehicle],
            ..Parts::default()
        })
        .unwrap()
    };
    let found = hours(&one(7), &tour(0, &[0])).unwrap();
    assert_eq!((&found.begins[..], &found.rests[..], found.back), (&[6][..], &[5][..], 7));
    assert_eq!(solved(&one(7), 20, 1).best.missing, 0);
    assert_eq!(hours(&one(6), &tour(0, &[0])), None);
    assert_eq!(solved(&one(6), 20, 1).best.missing, 1);
    // The next one, 1 farther, is due at 7: who rests at the first door is in time.
    let jobs = vec![Job { window: (6, MOST), ..Job::at(1) }, Job { due: 7, per_late: 1, ..Job::at(2) }];
    let vehicle = Vehicle { shift: (0, 17), breaks: vec![rest(5, 6, 1)], per_distance: 0, ..Vehicle::at(0, 1) };
    let travel = vec![line(&[0, 1, 2])];
    let parts = Parts { places: 3, travel, jobs, vehicles: vec![vehicle], ..Parts::default() };
    let problem = Problem::new(parts).unwrap();
    assert_eq!(hours(&problem, &tour(0, &[0, 1])).map(|hours| hours.cost), Some(0));
    assert_eq!(solved(&problem, 50, 1).best.cost, 0);
}

/// Longer tours: what the search measures, and the judge by trying each way to place the breaks.
#[test]
fn the_judge_finds_no_cheaper_hours() {
    let (mut driven, mut never, mut waited) = (0, 0, 0);
    for seed in 0..cases(400, 20_000) {
        let mut random = Random::new(seed);
        let mut upto = |most: usize| random.below(most + 1) as i32;
        let places = 4;
        let cells: Arc<[i32]> = (0..places * places).map(|_| 1 + upto(9)).collect();
        let count = 3 + upto(6) as usize;
        let mut clock = 0;
        let jobs: Vec<Job> = (0..count)
            .map(|_| {
                clock += upto(16);
                let window = (clock, if upto(2) == 0 { clock + 10 + upto(30) } else { MOST });
                let place = upto(3) as usize;
                Job { window, service: upto(4), due: clock + upto(20), per_late: upto(2).into(), ..Job::at(place) }
            })
            .collect();
        let mut vehicle = Vehicle::at(0, 1);
        vehicle.per_distance = 0;
        vehicle.per_duration = upto(2).into();
        (vehicle.usual_duration, vehicle.per_overtime) = (upto(90), upto(2).into());
        vehicle.shift = (upto(10), 60 + upto(80));
        vehicle.max_duration = if upto(1) == 0 { MOST } else { 40 + upto(60) };
        for _ in 0..1 + upto(2) {
            let from = upto(80);
            vehicle.breaks.push(rest(from, from + upto(40), 1 + upto(9)));
        }
        let mut pairs = Vec::new();
        if upto(2) == 0 {
            let max_ride = if upto(1) == 0 { MOST } else { upto(60) };
            pairs.push(Pair { pickup: 1, delivery: 2, max_ride, kind: 0 });
        }
        let travel = vec![Travel { distance: Arc::clone(&cells), duration: cells }];
        let parts = Parts { places, travel, jobs, pairs, vehicles: vec![vehicle], ..Parts::default() };
        let problem = Problem::new(parts).unwrap();
        let found = hours(&problem, &tour(0, &(0..count).collect::<Vec<usize>>()));
        let ground = Ground::new(&problem);
        let measured = Schedule::default().measure(&ground, 0, 0..count as u32, &mut Vec::new());
        assert_eq!(measured, found.as_ref().map(|hours| hours.cost), "seed {seed} {problem:?}");
        match found {
            Some(hours) => {
                driven += 1;
                let ends = hours
                    .rests
                    .iter()
                    .zip(&problem.vehicles()[0].breaks)
                    .map(|(rest, of)| rest + i64::from(of.duration));
                let opens =
                    |end: i64| {
                        hours.begins.iter().zip(problem.jobs()).any(|(&begins, job)| {
                            begins == i64::from(job.window.0) && end <= begins && end + 10 > begins
                        })
                    };
                waited += usize::from(ends.into_iter().any(opens));
            }
            None => never += 1,
        }
    }
    let enough = [driven, never].into_iter().all(|some| some >= cases(20, 1_000)) && waited >= cases(3, 150);
    assert!(enough, "{driven} {never} {waited}");
}

#[test]
fn breaks_follow_one_another() {
    // On the way from 10 to 30, which takes 20: 5 from 12 on, so that 6 more begin no later than at 18.
    let two = |_: &mut Vec<Job>, vehicle: &mut Vehicle| {
        vehicle.breaks = vec![rest(12, 60, 5), rest(0, 18, 6)];
        vehicle.shift = (0, 71);
    };
    let found = there_and_back(two).map(|hours| (hours.rests, hours.begins, hours.back));
    assert_eq!(found, Some((vec![12, 17], vec![10, 41], 71)));
    assert_eq!(solved(&Problem::new(parts(two)).unwrap(), 20, 1).best.missing, 0);
    // One before leaving, one at home again.
    let home = there_and_back(|_, vehicle| {
        vehicle.breaks = vec![rest(0, 9, 8), rest(20, 70, 5), rest(74, 80, 9)];
        vehicle.per_duration = 1;
    });
    assert_eq!(home.map(|hours| (hours.leaves, hours.rests, hours.cost)), Some((8, vec![0, 68, 74], 60)));
}

#[test]
fn what_goes_between_may_be_what_is_waited_for() {
    // Nobody waits aboard: the first is picked up at 40, to be at 30 at 60, due at 10: 30 late. Whoever is to be picked up between from 60 on ...
    let jobs = vec![
        Job { due: 10, per_late: 1, ..Job::at(1) },
        Job { window: (60, MOST), ..Job::at(2) },
        Job { window: (40, MOST), ..Job::at(1) },
    ];
    let vehicle = Vehicle { per_distance: 0, may_wait: false, ..Vehicle::at(0, 1) };
    let pairs = vec![Pair { pickup: 0, delivery: 1, max_ride: MOST, kind: 0 }];
    let travel = vec![line(&[0, 10, 30])];
    let parts = Parts { places: 3, travel, jobs, pairs, vehicles: vec![vehicle], ..Parts::default() };
    let problem = Problem::new(parts).unwrap();
    assert_eq!(hours(&problem, &tour(0, &[0, 1])).map(|hours| hours.cost), Some(30));
    assert_eq!(solved(&problem, 100, 1).best.cost, 30);
}

#[test]
fn it_waits_for_what_is_released() {
    let late = there_and_back(|jobs, vehicle| (jobs[1].release, vehicle.per_duration) = (100, 1)).unwrap();
    assert_eq!((late.leaves, &late.begins[..], late.back, late.cost), (100, &[110, 130][..], 160, 60));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let refused = |change: &dyn Fn(&mut Vec<Job>, &mut Vehicle)| {
        Problem::new(parts(|jobs, vehicle| change(jobs, vehicle))).map(|_| ()).unwrap_err()
    };
    assert_eq!(refused(&|_, vehicle| vehicle.breaks = vec![rest(3, 9, 0)]), ProblemError::NoBreak { vehicle: 0 });
    let window = ProblemError::Window { what: "break of vehicle", at: 0 };
    assert_eq!(refused(&|_, vehicle| vehicle.breaks = vec![rest(9, 3, 1)]), window);
    assert_eq!(refused(&|_, vehicle| vehicle.breaks = vec![rest(3, 9, 1); 4]), ProblemError::TooLarge);
    let trips = |jobs: &mut Vec<Job>, vehicle: &mut Vehicle| {
        (jobs[0].due, jobs[0].per_late) = (5, 1);
        vehicle.reloads = vec![0];
    };
    assert_eq!(refused(&trips), ProblemError::LateTrips);
    assert!(matches!(refused(&|jobs, _| jobs[1].per_late = -1), ProblemError::Range { value: -1, .. }));
    let dear = |_: &mut Vec<Job>, vehicle: &mut Vehicle| (vehicle.per_duration, vehicle.per_overtime) = (1 << 20, 1);
    assert!(matches!(refused(&dear), ProblemError::Range { value: 1, most: 0, .. }));
}

/// Leaves, begins, rests and comes back at every time there is, one thing after the other: the least that costs.
struct Everything<'a> {
    problem: &'a Problem,
    tour: &'a Tour,
    end: i64,
    best: Option<i64>,
}

impl Everything<'_> {
    /// It has left, begun so many jobs and rested so often; the last thing took place somewhere and ends now, and `driven` of the way is behind it.
    fn go(&mut self, left: i64, jobs: usize, rests: usize, now: i64, driven: i64, begun: &mut Vec<i64>, late: i64) {
        let (problem, vehicle) = (self.problem, &self.problem.vehicles()[self.tour.vehicle]);
        let place = |at: usize| problem.jobs()[self.tour.jobs[at]].place;
        let from = if jobs == 0 { vehicle.start } else { place(jobs - 1) };
        let to = if jobs == self.tour.jobs.len() { vehicle.end } else { place(jobs) };
        let way = i64::from(problem.duration(self.tour.vehicle, from, to));
        if let Some(rest) = vehicle.breaks.get(rests).filter(|_| self.may_rest(jobs)) {
            // On the way, at any time from now on, some of the way being driven before.
            for begins in now.max(rest.window.0.into())..=self.end.min(rest.window.1.into()) {
                let driven = way.min(driven + begins - now);
                self.go(left, jobs, rests + 1, begins + i64::from(rest.duration), driven, begun, late);
            }
        }
        let soonest = now + way - driven;
        if jobs == self.tour.jobs.len() {
            for back in soonest..=self.end.min(vehicle.shift.1.into()) {
                if back - left <= i64::from(vehicle.max_duration) && self.rests_at_home(rests, back) {
                    let over = (back - left - i64::from(vehicle.usual_duration)).max(0);
                    let cost = late + (back - left) * vehicle.per_duration + over * vehicle.per_overtime;
                    self.best = Some(self.best.map_or(cost, |best| best.min(cost)));
                }
            }
            return;
        }
        let job = &problem.jobs()[self.tour.jobs[jobs]];
        let latest = if vehicle.may_wait || self.may_rest(jobs) { self.end } else { soonest };
        for begins in soonest.max(job.window.0.into())..=latest.min(job.window.1.into()) {
            if !self.rides_in_time(jobs, begins, begun) {
                continue;
            }
            begun.push(begins);
            let more = (begins - i64::from(job.due)).max(0) * job.per_late;
            self.go(left, jobs + 1, rests, begins + i64::from(job.service), 0, begun, late + more);
            begun.pop();
        }
    }

    /// Is nobody aboard on the way to a job?
    fn may_rest(&self, jobs: usize) -> bool {
        let done = &self.tour.jobs[..jobs];
        let aboard = |pair: &Pair| done.contains(&pair.pickup) && !done.contains(&pair.delivery);
        !self.problem.pairs().iter().any(aboard)
    }

    fn rides_in_time(&self, jobs: usize, begins: i64, begun: &[i64]) -> bool {
        let job = self.tour.jobs[jobs];
        let ends = self.problem.pairs().iter().find(|pair| pair.delivery == job);
        ends.is_none_or(|pair| {
            let at = self.tour.jobs.iter().position(|&job| job == pair.pickup).unwrap();
            begins - begun[at] - i64::from(self.problem.jobs()[pair.pickup].service) <= i64::from(pair.max_ride)
        })
    }

    /// Breaks from one on begin when it is back, one after the other.
    fn rests_at_home(&self, rests: usize, back: i64) -> bool {
        let mut now = back;
        self.problem.vehicles()[self.tour.vehicle].breaks[rests..].iter().all(|rest| {
            let begins = now.max(rest.window.0.into());
            now = begins + i64::from(rest.duration);
            begins <= i64::from(rest.window.1)
        })
    }

    fn all(problem: &Problem, tour: &Tour, end: i64) -> Option<i64> {
        let vehicle = &problem.vehicles()[tour.vehicle];
        let mut everything = Everything { problem, tour, end, best: None };
        // The first few breaks are over when it leaves.
        let mut over = i64::from(vehicle.shift.0);
        for rests in 0..=vehicle.breaks.len() {
            for leaves in over..=end.min(vehicle.shift.1.into()) {
                everything.go(leaves, 0, rests, leaves, 0, &mut Vec::new(), 0);
            }
            let Some(rest) = vehicle.breaks.get(rests) else { break };
            let before = if rests == 0 { 0 } else { over_after(vehicle, rests) };
            if before.max(rest.window.0.into()) > i64::from(rest.window.1) {
                break;
            }
            over = over.max(over_after(vehicle, rests + 1));
        }
        everything.best
    }
}

/// When the first breaks are over at the soonest, taken one after the other.
fn over_after(vehicle: &Vehicle, rests: usize) -> i64 {
    let after = |now: i64, rest: &Break| now.max(rest.window.0.into()) + i64::from(rest.duration);
    vehicle.breaks[..rests].iter().fold(0, after)
}

#[test]
fn no_hours_at_all_are_cheaper() {
    let (mut driven, mut never, mut rested, mut late, mut paired) = (0, 0, 0, 0, 0);
    for seed in 0..cases(500, 6_000) {
        let mut random = Random::new(seed);
        let mut upto = |most: usize| random.below(most + 1) as i32;
        let places = 3;
        let cells: Arc<[i32]> = (0..places * places).map(|_| upto(3)).collect();
        let count = 1 + upto(2) as usize;
        let jobs: Vec<Job> = (0..count)
            .map(|_| {
                let from = upto(6);
                let window = (from, if upto(1) == 0 { MOST } else { from + upto(5) });
                Job { window, service: upto(2), due: upto(9), per_late: upto(3).into(), ..Job::at(upto(2) as usize) }
            })
            .collect();
        let mut vehicle = Vehicle::at(0, 1);
        vehicle.per_distance = 0;
        vehicle.per_duration = upto(2).into();
        (vehicle.usual_duration, vehicle.per_overtime) = (upto(8), upto(2).into());
        vehicle.shift = (upto(3), 8 + upto(9));
        vehicle.max_duration = if upto(1) == 0 { MOST } else { 4 + upto(8) };
        vehicle.may_wait = upto(1) == 0;
        for _ in 0..[0, 1, 1, 2, 3][upto(4) as usize] {
            let from = upto(9);
            vehicle.breaks.push(rest(from, from + upto(4), 1 + upto(2)));
        }
        let mut pairs = Vec::new();
        if count > 1 && upto(1) == 0 {
            pairs.push(Pair {
                pickup: 0,
                delivery: count - 1,
                max_ride: if upto(1) == 0 { MOST } else { upto(6) },
                kind: 0,
            });
        }
        let travel = vec![Travel { distance: Arc::clone(&cells), duration: cells }];
        let paired_here = !pairs.is_empty();
        let parts = Parts { places, travel, jobs, pairs, vehicles: vec![vehicle], ..Parts::default() };
        let problem = Problem::new(parts).unwrap();
        let way = tour(0, &(0..count).collect::<Vec<usize>>());
        let found = hours(&problem, &way);
        let slow = Everything::all(&problem, &way, 26);
        assert_eq!(found.as_ref().map(|hours| hours.cost), slow, "seed {seed} {problem:?}");
        match found {
            Some(hours) => {
                driven += 1;
                rested += usize::from(hours.rests.iter().any(|&rest| rest > hours.leaves && rest < hours.back));
                late +=
                    usize::from(hours.begins.iter().zip(problem.jobs()).any(|(begins, job)| *begins > job.due.into()));
                paired += usize::from(paired_here);
            }
            None => never += 1,
        }
        // And the search says the same.
        let ground = Ground::new(&problem);
        let jobs = (0..count as u32).collect::<Vec<u32>>();
        let measured = Schedule::default().measure(&ground, 0, jobs.into_iter(), &mut Vec::new());
        assert!(!ground.priced || measured == slow, "seed {seed} {measured:?} {slow:?} {problem:?}");
    }
    let enough = [driven, never, rested, late, paired].into_iter().all(|some| some >= cases(10, 150));
    assert!(enough, "{driven} {never} {rested} {late} {paired}");
}
