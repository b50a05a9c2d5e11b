//! Does the judge see every kind of fault?

use super::*;

/// Places at 0, 100, 200 and 300; two in the one vehicle: boards 1050 and 1165, alights 1280 and 1290. It leaves for the first at 950.
fn right(now: i32) -> (Service, Vec<Booking>, Vec<Sheet>) {
    let mut watched = Watched::new(Service::new(4, line(&[0, 100, 200, 300]), vec![vehicle(2)], RULES).unwrap());
    for request in [from_to(1, 3, 1050), from_to(2, 3, 1100)] {
        let found = offer(watched.desk.ask(&request, 0).unwrap());
        assert!(watched.accept(&found, 0));
    }
    watched.desk.advance(now);
    (watched.desk.service().clone(), watched.bookings, watched.desk.sheets())
}

fn faults(now: i32, change: impl FnOnce(&mut Vec<Booking>, &mut Vec<Sheet>)) -> Vec<Fault> {
    let (service, mut bookings, mut sheets) = right(now);
    change(&mut bookings, &mut sheets);
    check(&service, &bookings, &sheets, now)
}

#[test]
fn the_right_sheet_has_no_fault() {
    assert_eq!(faults(0, |_, _| {}), vec![]);
    assert_eq!(faults(1100, |_, _| {}), vec![]);
}

#[test]
fn who_is_not_served() {
    let found = faults(0, |_, sheets| sheets[0].visits.retain(|visit| visit.begins != 1280));
    assert_eq!(found, vec![Fault::Served { ticket: 1, boards: 1, alights: 0 }]);
    let found = faults(0, |bookings, _| bookings.truncate(1));
    assert_eq!(found, vec![Fault::NoSuch { vehicle: 0, ticket: 1 }]);
    let found = faults(0, |_, sheets| sheets[0].visits.clear());
    assert_eq!(found.len(), 2);
    let cancelled = faults(0, |bookings, sheets| {
        sheets[0].visits.clear();
        bookings.iter_mut().for_each(|booking| booking.cancelled = true);
    });
    assert_eq!(cancelled, vec![]);
    assert_eq!(faults(0, |_, sheets| sheets.clear()), vec![Fault::Sheets { sheets: 0, vehicles: 1 }]);
}

#[test]
fn what_was_promised_otherwise() {
    // The promised window was 1165 to 1225.
    let found = faults(0, |bookings, _| bookings[1].promise.window = (1166, 1226));
    let window = Fault::Window { ticket: 1, what: What::Board, begins: 1165, from: 1166, to: 1226 };
    assert_eq!(found, vec![window]);
    let found = faults(0, |bookings, _| bookings[1].promise.down.1 = 1279);
    assert_eq!(found, vec![Fault::Window { ticket: 1, what: What::Alight, begins: 1280, from: 0, to: 1279 }]);
    let found = faults(0, |bookings, _| bookings[0].promise.pickup = 2);
    assert!(found.contains(&Fault::Place { vehicle: 0, ticket: 0, place: 1, promised: 2 }));
    let found = faults(0, |bookings, _| bookings[0].promise.window.1 += 1);
    assert_eq!(found, vec![Fault::Rules { ticket: 0, what: "the width of the window" }]);
    let found = faults(0, |bookings, _| bookings[0].promise.longest += 1);
    assert_eq!(found, vec![Fault::Rules { ticket: 0, what: "the longest ride" }]);
}

#[test]
fn what_was_stored_and_spoilt_is_not_gone_on_from() {
    let (service, bookings, sheets) = right(1100);
    let restore = |change: fn(&mut Promise)| {
        let ticket = |booking: &Booking| Ticket::stored(booking.promise, Wish::DepartAfter, 1050, false);
        let mut tickets: Vec<Ticket> = bookings.iter().map(ticket).collect();
        change(&mut tickets[1].promise);
        Desk::restore(service.clone(), tickets, &sheets, 1100).map(|desk| desk.sheets())
    };
    assert_eq!(restore(|_| {}), Ok(sheets.clone()));
    let range = |what| Err(vec![Fault::Range { ticket: 1, what }]);
    assert_eq!(restore(|promise| promise.pickup = 4), range("a place"));
    assert_eq!(restore(|promise| promise.down.1 = i32::MAX), range("a time"));
    assert_eq!(restore(|promise| promise.people = 0), range("the number of people"));
    assert_eq!(restore(|promise| promise.load = [-1; DIMS]), range("the room"));
    let late = Fault::Window { ticket: 1, what: What::Board, begins: 1165, from: 1166, to: 1226 };
    assert_eq!(restore(|promise| promise.window = (1166, 1226)), Err(vec![late]));
}

#[test]
fn what_cannot_be_driven() {
    let found = faults(0, |_, sheets| sheets[0].visits.swap(1, 2));
    assert!(found.contains(&Fault::NotAboard { vehicle: 0, ticket: 1 }), "{found:?}");
    let found = faults(0, |_, sheets| sheets[0].visits[3].begins = 1289);
    assert_eq!(found, vec![Fault::TooFast { vehicle: 0, visit: 3, begins: 1289, soonest: 1290 }]);
    // 1165 + 15 + 100 * 1.5 + 30 is 1360.
    let found = faults(0, |_, sheets| {
        sheets[0].visits[2].begins = 1361;
        sheets[0].visits[3].begins = 1371;
    });
    assert_eq!(found, vec![Fault::Ride { ticket: 1, takes: 181, longest: 180 }]);
    let found = faults(0, |bookings, _| bookings[1].promise.load[0] = 2);
    assert_eq!(found, vec![Fault::Load { vehicle: 0, visit: 1, kind: 0, aboard: 3, capacity: 2 }]);
    let (service, bookings, sheets) = right(0);
    let short = Vehicle { shift: (0, 1599), ..service.vehicles()[0].clone() };
    let service = Service::new(4, line(&[0, 100, 200, 300]), vec![short], RULES).unwrap();
    assert_eq!(check(&service, &bookings, &sheets, 0), vec![Fault::Back { vehicle: 0, back: 1600, latest: 1599 }]);
}

#[test]
fn what_was_driven_is_driven() {
    let found = faults(951, |_, sheets| sheets[0].visits[0].driven = false);
    assert_eq!(found, vec![Fault::Driven { vehicle: 0, visit: 0, leaves: 950, driven: false, now: 951 }]);
    let found = faults(950, |_, sheets| sheets[0].visits[0].driven = true);
    assert_eq!(found, vec![Fault::Driven { vehicle: 0, visit: 0, leaves: 950, driven: true, now: 950 }]);
    let (_, _, before) = right(1100);
    let mut after = before.clone();
    assert_eq!(history(&before, &after), vec![]);
    after[0].visits[0].begins += 1;
    assert_eq!(history(&before, &after), vec![Fault::Changed { vehicle: 0, visit: 0 }]);
    after[0].visits.clear();
    assert_eq!(history(&before, &after).len(), 2);
}
