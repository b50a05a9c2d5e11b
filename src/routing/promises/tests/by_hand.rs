//! A day small enough to be worked on paper.

use super::super::desk::{CancelError, State};
use super::*;

/// Places at 0, 100, 200 and 300; one vehicle for two.
fn desk() -> Watched {
    Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vec![vehicle(2)], RULES).unwrap())
}

fn visits(desk: &Desk) -> Vec<(usize, What, i32)> {
    desk.sheets()[0].visits.iter().map(|visit| (visit.ticket, visit.what, visit.begins)).collect()
}

#[test]
fn a_promise_and_two_who_share_the_way() {
    let mut watched = desk();
    // A, from 100 to 300, sets out at 1000 and walks 50: could board from 1050 to 1350. The vehicle comes for him at once: boards 1050 to 1065, is at
    // 300 at 1265, alights until 1275, walks 20. There and back is 600.
    let mut asks = from_to(1, 3, 1000);
    asks.pickups[0].walk = 50;
    asks.setdowns[0].walk = 20;
    let a = offer(watched.desk.ask(&asks, 0).unwrap());
    let promise = *a.promise();
    assert_eq!((promise.window, a.planned(), a.cost()), ((1050, 1110), (1050, 1265), 600));
    // The longest ride is 1.5 x 200 + 30; boarding at 1110 he may be set down until 1110 + 15 + 330 = 1455.
    assert_eq!((promise.longest, promise.down.1, promise.by()), (330, 1455, 1465));
    // 1265 + 10 + 20 - 1000.
    assert_eq!((a.seconds(), a.rank()), (295, 895));
    assert!(watched.accept(&a, 0));
    watched.look("a");

    // B, from 200 to 300 from 1100 on: the vehicle passes at 1165. Boards until 1180, is set down first, at 1280; A after him at 1290, a ride of 225.
    // That costs nothing more.
    let b = offer(watched.desk.ask(&from_to(2, 3, 1100), 0).unwrap());
    assert_eq!((b.promise().window, b.planned(), b.cost(), b.rank()), ((1165, 1225), (1165, 1280), 0, 190));
    assert!(watched.accept(&b, 0));
    let (board, alight) = (What::Board, What::Alight);
    assert_eq!(visits(&watched.desk), [(0, board, 1050), (1, board, 1165), (1, alight, 1280), (0, alight, 1290)]);

    // C, from 100 to 200 from 1060 on. With A aboard until 300 and B from 200 on there is room as far as 200, if C is out before B is in: boards 1065
    // to 1080, out at 1180, B boards at 1190, within what B was promised.
    let c = offer(watched.desk.ask(&from_to(1, 2, 1060), 0).unwrap());
    assert_eq!((c.promise().window, c.planned(), c.cost()), ((1065, 1125), (1065, 1180), 0));
    assert!(watched.accept(&c, 0));
    watched.look("c");
    let expected =
        [(0, board, 1050), (2, board, 1065), (2, alight, 1180), (1, board, 1190), (1, alight, 1305), (0, alight, 1315)];
    assert_eq!(visits(&watched.desk), expected);

    // The vehicle leaves for A at 950. Until then nothing is driven; after that A cannot cancel any more. C can, until 1065: then it leaves A's stop,
    // which is his.
    watched.desk.advance(950);
    assert_eq!(watched.desk.tickets()[0].state(), State::Waiting);
    watched.desk.advance(951);
    watched.look("on the way");
    assert_eq!(watched.desk.tickets()[0].state(), State::Aboard);
    assert_eq!(watched.desk.cancel(0, 951), Err(CancelError::UnderWay { ticket: 0 }));
    assert_eq!(watched.desk.cancel(3, 951), Err(CancelError::NoSuch { ticket: 3, of: 3 }));
    assert!(watched.cancel(2, 1060));
    watched.look("c is gone");
    assert_eq!(watched.desk.cancel(2, 1060), Err(CancelError::Over { ticket: 2 }));
    assert_eq!(visits(&watched.desk), [(0, board, 1050), (1, board, 1165), (1, alight, 1280), (0, alight, 1290)]);

    // A waits 0 s and rides 225, B waits 65 and rides 100; direct rides are 200 and 100. Out from 950 until 1300 + 300.
    let figures = watched.desk.figures();
    assert_eq!((figures.served, figures.cancelled, figures.length, figures.out), (2, 1, 600, 650));
    assert_eq!((figures.wait, figures.ride, figures.detour), (32.5, 162.5, 325.0 / 300.0));
    watched.desk.advance(9_999);
    watched.look("evening");
    assert_eq!(watched.desk.figures().length, 600);
}

#[test]
fn the_nearer_stop_is_not_the_better_one() {
    // Someone between 100 and 200 of the way can walk 10 to the one or 30 to the other. The vehicle comes for him alone: it would drive 200 more to
    // fetch him at 200, and he would ride 100 less.
    let mut watched = desk();
    let mut request = from_to(2, 0, 1000);
    request.pickups = vec![Stop { place: 2, walk: 10 }, Stop { place: 1, walk: 30 }];
    let found = offer(watched.desk.ask(&request, 0).unwrap());
    assert_eq!((found.pickup(), found.promise().pickup, found.cost()), (1, 1, 200));
    // Walks 30, boards 15, rides 100, alights 10.
    assert_eq!(found.seconds(), 155);
}

#[test]
fn who_wishes_to_arrive_is_there_in_time_and_not_too_soon() {
    // By 2000 at 300, with a walk of 40: out at 1960 at the latest, so alighting begins 1650 to 1950. A direct ride from 100 is 200, and 15 to board:
    // boarding at 1435 he is set down at 1650. (Boarding may begin as soon as 1650 - 330 - 15 = 1305, with others on the way; alone he would wait
    // aboard.) There and back is 600, and he is on the way for 2000 - 1435.
    let mut watched = desk();
    let mut request = Request { latest: 2000, wish: Wish::ArriveBy, ..from_to(1, 3, 0) };
    request.setdowns[0].walk = 40;
    let found = offer(watched.desk.ask(&request, 0).unwrap());
    let promise = found.promise();
    assert_eq!((promise.window, found.planned(), found.rank()), ((1435, 1495), (1435, 1650), 600 + 565));
    assert_eq!((promise.down, promise.by()), ((1650, 1495 + 15 + 330), 1850));
    assert!(watched.accept(&found, 0));
    watched.look("arrival");
}

#[test]
fn the_first_train_that_can_still_be_met() {
    // From 100 to the station at 300, set out at 1000: boards 1000 to 1015, there at 1215, out at 1225, 60 to change: 1285.
    let mut watched = desk();
    let request = from_to(1, 3, 1000);
    let trains = [600, 1284, 1300, 1600, 1900];
    let met = watched.desk.ask_for_train(&request, &trains, 60, 0).unwrap().unwrap();
    assert_eq!(met.train, 2);
    let found = offer(met.answer);
    assert!(found.promise().by() <= 1300 - 60);
    assert!(watched.accept(&found, 0));
    // Now two from 0 to 200 at the same time: with A aboard there is room for one. They take the next train back there.
    let two = Request { people: 2, load: seats(2), ..from_to(0, 2, 1000) };
    let met = watched.desk.ask_for_train(&two, &[1300, 1600, 1900], 60, 0).unwrap().unwrap();
    let found = offer(met.answer);
    assert!(met.train > 0 && found.promise().by() <= [1300, 1600, 1900][met.train] - 60);
    assert!(watched.accept(&found, 0));
    watched.look("trains");
    assert_eq!(watched.desk.ask_for_train(&request, &[600], 60, 0), Ok(None));
    let late = Request { latest: 1250, ..request };
    assert_eq!(watched.desk.ask_for_train(&late, &[1600], 60, 0), Ok(None));
}

#[test]
fn an_offer_stands_as_long_as_its_place_does() {
    let mut watched = Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vec![vehicle(1)], RULES).unwrap());
    let first = offer(watched.desk.ask(&from_to(1, 3, 1000), 0).unwrap());
    let second = offer(watched.desk.ask(&from_to(1, 3, 1000), 0).unwrap());
    assert!(watched.accept(&first, 0));
    // The only seat is taken: the promised window of the second has no room.
    assert!(!watched.accept(&second, 0));
    watched.look("second");
    // A window that has passed.
    let third = offer(watched.desk.ask(&from_to(1, 3, 5000), 0).unwrap());
    assert!(!watched.accept(&third, 5000 + 61));
    watched.look("third");
}

#[test]
fn an_offer_accepted_twice_is_one_seat() {
    let mut watched = Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vec![vehicle(2)], RULES).unwrap());
    let once = offer(watched.desk.ask(&from_to(1, 3, 1000), 0).unwrap());
    assert!(watched.accept(&once, 0));
    assert!(!watched.accept(&once, 0), "there is room for two, but they asked once");
    // Who asks again is somebody else.
    let again = offer(watched.desk.ask(&from_to(1, 3, 1000), 0).unwrap());
    assert!(watched.accept(&again, 0));
    watched.look("two");
}

#[test]
fn the_background_finds_who_should_ride_together() {
    // Two vehicles at 0. A and B from 100 and 200 to 300; C from 300 to 0 later. Asked one by one the first comes alone, as B is asked first for a time
    // at which the way by 100 does not fit; when A is cancelled and asks anew it may. Here: vehicle 1 is dearer, and gets nothing in the end.
    let vehicles = vec![vehicle(2), Vehicle { per_distance: 3, ..vehicle(2) }];
    let rules = Rules { max_wait: 400, per_second: 0, ..RULES };
    let mut watched = Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vehicles, rules).unwrap());
    // One who fills vehicle 0 all the time, so that the others go to vehicle 1; then he cancels.
    let two = Request { people: 2, load: seats(2), ..from_to(0, 3, 1000) };
    let filler = offer(watched.desk.ask(&two, 0).unwrap());
    assert!(watched.accept(&filler, 0));
    for place in [1, 2] {
        let next = offer(watched.desk.ask(&from_to(place, 3, 1000), 0).unwrap());
        assert!(watched.accept(&next, 0));
    }
    assert!(watched.cancel(0, 0));
    watched.look("before");
    let before = watched.desk.cost();
    let again = watched.desk.again(&run(1, 200), 0);
    let saved = watched.desk.take_over(&again.best, 10).unwrap();
    watched.look("after");
    // All in the cheap vehicle: 100, 200, 300 and back is 600, the least there can be.
    assert_eq!(watched.desk.cost(), 600);
    assert_eq!(saved, before - 600);
    assert!(saved > 0);
    // Once more finds nothing.
    assert_eq!(watched.desk.take_over(&again.best, 20), Ok(0));
}

#[test]
fn whose_shift_is_over_does_not_keep_others_from_doing_better() {
    // Two vehicles at 0; the first is back by 1000 and has not left. A rides from 100 to 300 from 3000 on, with the second.
    let early = Vehicle { shift: (0, 1_000), ..vehicle(1) };
    let mut watched = Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vec![early, vehicle(1)], RULES).unwrap());
    let a = offer(watched.desk.ask(&from_to(1, 3, 3_000), 0).unwrap());
    assert!(watched.accept(&a, 0));
    for now in [1_000, 1_001, 2_000] {
        watched.desk.advance(now);
        let again = watched.desk.again(&run(1, 10), 30).best;
        assert_eq!(watched.desk.take_over(&again, now), Ok(0), "{now}");
    }
    watched.look("evening");
}

#[test]
fn what_was_found_fits_who_came_since_or_is_refused() {
    let mut watched = Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vec![vehicle(2); 2], RULES).unwrap());
    let a = offer(watched.desk.ask(&from_to(1, 3, 1000), 0).unwrap());
    assert!(watched.accept(&a, 0));
    let again = watched.desk.again(&run(1, 10), 0).best;
    let b = offer(watched.desk.ask(&from_to(2, 3, 1000), 0).unwrap());
    assert!(watched.accept(&b, 0));
    // B is put in where he is already.
    assert_eq!(watched.desk.take_over(&again, 0), Ok(0));
    // Of another desk, where the other vehicle goes: it has not left.
    let mut other = watched.desk.clone();
    (other.ways[0].open, other.ways[1].open) = (other.ways[1].open.clone(), other.ways[0].open.clone());
    (other.ways[0].times, other.ways[1].times) = (other.ways[1].times.clone(), other.ways[0].times.clone());
    let swapped = other.again(&run(1, 0), 0).best;
    assert_eq!(watched.desk.take_over(&swapped, 1100), Err(Stale::Left { vehicle: 0 }));
    watched.look("stale");
}

#[test]
fn others_make_room_within_what_they_were_promised() {
    // A vehicle for two and one for one. A comes first and gets the first; B are two, at the same time and place, and do not fit in: A must change.
    let vehicles = vec![vehicle(2), vehicle(1)];
    let mut watched = Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vehicles, RULES).unwrap());
    let a = offer(watched.desk.ask(&from_to(1, 3, 1000), 0).unwrap());
    assert_eq!(a.vehicle(), 0);
    assert!(watched.accept(&a, 0));
    let two = Request { people: 2, load: seats(2), ..from_to(1, 3, 1000) };
    assert_eq!(refusal(watched.desk.ask(&two, 0).unwrap()).reason, Reason::Promised);
    let b = offer(watched.desk.ask_again(&two, 0, 10, &run(1, 500)).unwrap());
    // A and B each in a vehicle of their own: 600 more.
    assert_eq!((b.moves_others(), b.vehicle(), b.cost()), (true, 0, 600));
    // Nothing has changed as long as B do not accept; and somebody else may come before they do, and go where he fits.
    watched.look("offered");
    let c = offer(watched.desk.ask(&from_to(2, 0, 5000), 0).unwrap());
    assert!(watched.accept(&c, 5));
    assert!(watched.accept(&b, 10));
    watched.look("accepted");
    let boards =
        |vehicle: usize| watched.desk.sheets()[vehicle].visits.iter().map(|visit| visit.ticket).collect::<Vec<_>>();
    assert_eq!((&boards(0)[..2], &boards(1)[..2]), (&[2, 2][..], &[0, 0][..]));
    // One request was refused, asked anew it was not.
    assert_eq!(watched.desk.figures().refused, 1);
}
