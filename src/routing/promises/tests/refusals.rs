//! Is the reason of a refusal the true one, and would the nearest time be taken?

use super::*;

fn service(vehicles: Vec<Vehicle>) -> Service {
    Service::new(4, line(&[0, 100, 200, 300]), vehicles, RULES).unwrap()
}

#[test]
fn each_reason_by_hand() {
    let mut desk = Desk::new(service(vec![vehicle(2), Vehicle { capacity: [5, 0, 0, 0], ..vehicle(2) }]));
    let mut ask = |request: &Request, now: i32| refusal(desk.ask(request, now).unwrap());
    // A wheelchair, which no vehicle holds; six, where five is most.
    let chair = Request { load: [1, 1, 0, 0], ..from_to(1, 2, 0) };
    assert_eq!(ask(&chair, 0), Refusal { reason: Reason::Room { kind: 1, needs: 1, has: 0 }, nearest: None });
    let six = Request { load: seats(6), people: 6, ..from_to(1, 2, 0) };
    assert_eq!(ask(&six, 0).reason, Reason::Room { kind: 0, needs: 6, has: 5 });
    // From 100 to 300 is 200, and 25 to board and alight: from 1000 on that is 1225. On a grid of 5 minutes, 1500 is the first that does.
    let hasty = Request { latest: 1200, wish: Wish::ArriveBy, ..from_to(1, 3, 1000) };
    assert_eq!(
        ask(&hasty, 0),
        Refusal { reason: Reason::TooLate { soonest: 1225, latest: 1200 }, nearest: Some(1500) }
    );
    // Shifts end at 10,000: from 200 to 100 takes 125, and 100 back; he boards until 9775.
    let evening = ask(&from_to(2, 1, 10_000), 0);
    assert_eq!(evening, Refusal { reason: Reason::Shift, nearest: Some(9_700) });
    // Now is 1000, and the vehicle is 300 away: not there by 1250, even alone.
    let soon = Request { latest: 1260, ..from_to(3, 2, 1000) };
    assert_eq!(ask(&soon, 1000).reason, Reason::TooFar);
}

#[test]
fn promises_to_others_stand_in_the_way() {
    let mut watched = Watched::new(service(vec![vehicle(1)]));
    // A boards at 100 at 1000 to 1060 and must be at 300 345 later; then the only seat is free at 300 at 1225.
    let a = offer(watched.desk.ask(&from_to(1, 3, 1000), 0).unwrap());
    assert!(watched.accept(&a, 0));
    // B, at 0 from 900 on until 1200, to 300: before A he cannot be set down, and after A nobody is back at 0 until 1525. Times are tried 300 apart:
    // 1200 (until 1500) is too soon, 600 is not (there at 915, back at 100 at 1125, too late for A); 1500 would do, and 300 (there at 615) would as well.
    let b = refusal(watched.desk.ask(&from_to(0, 3, 900), 0).unwrap());
    assert_eq!(b.reason, Reason::Promised);
    assert_eq!(b.nearest, Some(1500));
}

#[test]
fn every_reason_is_true_and_every_nearest_time_is_taken() {
    let mut seen = [0_usize; 6];
    for seed in 0..cases(300, 6_000) {
        let mut draw = Draw { random: Random::new(seed), metric: seed % 2 == 0 };
        let places = 2 + draw.random.below(5);
        let vehicles = 1 + draw.random.below(2);
        let mut desk = Desk::new(draw.service(places, vehicles, 600));
        let mut now = 0;
        for _ in 0..12 {
            now += draw.below(30);
            let request = draw.request(places, now, 300);
            match desk.ask(&request, now).unwrap() {
                Answer::Offer(offer) => assert!(desk.accept(&offer, now).is_ok()),
                Answer::Refusal(Refusal { reason, nearest }) => {
                    let (alone, near) = (alone(&desk, &request), nearest);
                    match reason {
                        Reason::Room { kind, needs, has } => {
                            seen[0] += 1;
                            let rooms = desk.service().vehicles().iter().map(|vehicle| vehicle.capacity);
                            assert!(rooms.clone().all(|room| (0..DIMS).any(|kind| room[kind] < request.load[kind])));
                            assert!(needs > has && rooms.clone().any(|room| room[kind] == has));
                        }
                        Reason::TooLate { soonest, latest } => {
                            seen[1] += 1;
                            assert!(soonest > latest.into(), "seed {seed}");
                        }
                        Reason::Shift => seen[2] += 1,
                        Reason::TooFar => seen[3] += 1,
                        Reason::Promised => {
                            seen[4] += 1;
                            assert!(alone, "seed {seed}");
                        }
                    }
                    assert!(alone == (reason == Reason::Promised), "seed {seed} {reason:?}");
                    if let Some(near) = near {
                        seen[5] += 1;
                        let mut moved = request.clone();
                        match request.wish {
                            Wish::DepartAfter => moved.earliest = near,
                            Wish::ArriveBy => moved.latest = near,
                        }
                        let taken = offer(desk.ask(&moved, now).unwrap());
                        assert!(desk.clone().accept(&taken, now).is_ok(), "seed {seed}");
                    }
                }
            }
        }
    }
    assert!(seen.iter().all(|&seen| seen > 10), "{seen:?}");
}

/// Would a desk of the same vehicles, each where it is now and with nothing to do, take them?
fn alone(desk: &Desk, request: &Request) -> bool {
    let (service, now) = (desk.service(), desk.now());
    let vehicles: Vec<Vehicle> = service
        .vehicles()
        .iter()
        .zip(desk.sheets())
        .filter_map(|(vehicle, sheet)| {
            let (mut start, mut free) = (vehicle.start, vehicle.shift.0);
            for visit in sheet.visits.iter().filter(|visit| visit.driven) {
                let promise = desk.tickets()[visit.ticket].promise();
                start = visit.place;
                free = visit.begins + if visit.what == What::Board { promise.board } else { promise.alight };
            }
            let from = free.max(desk.now());
            (from <= vehicle.shift.1).then(|| Vehicle { start, shift: (from, vehicle.shift.1), ..vehicle.clone() })
        })
        .collect();
    if vehicles.is_empty() {
        return false;
    }
    let all = service.places();
    let matrix = |cell: &dyn Fn(usize, usize) -> i32| (0..all * all).map(|at| cell(at / all, at % all)).collect();
    let travel = Travel {
        distance: matrix(&|from, to| service.distance(from, to)),
        duration: matrix(&|from, to| service.duration(from, to)),
    };
    let mut desk = Desk::new(Service::new(all, travel, vehicles, *service.rules()).unwrap());
    matches!(desk.ask(request, now), Ok(Answer::Offer(_)))
}
