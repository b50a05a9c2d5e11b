//! What was shown comes back as words, to a desk that never made the offer.

use super::*;

/// Places 0, 100 and 200 along a line; the vehicle stands at 0.
fn desk() -> Desk {
    Desk::new(Service::new(3, line(&[0, 100, 200]), vec![vehicle(1)], RULES).unwrap())
}

#[test]
fn what_was_shown_is_promised_by_a_desk_that_did_not_show_it() {
    let request = from_to(1, 2, 1000);
    let made = offer(desk().ask(&request, 0).unwrap());
    let (window, by) = (made.promise().window, made.promise().by());
    assert_eq!(window, (1000, 1060));
    let mut other = desk();
    let shown = other.shown(&request, window, by).unwrap().unwrap();
    assert_eq!(shown.promise(), made.promise());
    assert_eq!(other.accept(&shown, 10), Ok(0));
    assert_eq!(other.tickets()[0].promise(), made.promise());
    // One seat: to be back at 100 after the ride takes until 1000 + 15 + 100 + 10 + 100 = 1225. The best window is gone …
    let again = other.shown(&request, window, by).unwrap().unwrap();
    assert_eq!(other.accept(&again, 20), Err(super::super::desk::Gone));
    // … a later one that the longest wait allows is not, though nobody asked for it in so many words.
    let later = other.shown(&request, (1230, 1290), 2000).unwrap().unwrap();
    // Later than the rules allow is what they allow: 1290 + 15 + 180 to ride, and 10 to alight.
    assert_eq!(later.promise().by(), 1290 + 15 + 180 + 10);
    assert_eq!(other.accept(&later, 30), Ok(1));
}

#[test]
fn what_the_rules_do_not_allow_was_never_shown() {
    let request = from_to(1, 2, 1000);
    let shown = |window, by| desk().shown(&request, window, by).unwrap();
    assert!(shown((1000, 1060), 1500).is_some());
    assert_eq!(shown((1000, 1060), 1265).map(|offer| offer.promise().by()), Some(1265));
    // The longest wait cuts it short.
    assert!(shown((1290, 1300), 1505).is_some());
    for (window, by) in [
        // Before they are there, wider than a window is, past the longest wait, backwards, down before they are up.
        ((999, 1050), 1500),
        ((1000, 1061), 1500),
        ((1290, 1301), 1500),
        // Narrower than a window is, though nothing cuts it short; out sooner than 1060 + 15 + 180 + 10.
        ((1000, 1000), 2000),
        ((1000, 1059), 2000),
        ((1290, 1299), 2000),
        ((1000, 1060), 1264),
        ((1060, 1000), 1500),
        ((1000, 1060), 5),
        ((i32::MIN, i32::MAX), i32::MAX),
    ] {
        let none = shown(window, by).is_none_or(|offer| desk().accept(&offer, 0).is_err());
        assert!(none, "{window:?} {by}");
    }
}

#[test]
fn the_nearest_time_is_none_that_is_too_soon() {
    let desk = desk();
    let request = from_to(1, 2, 700);
    // 700 itself is tried; nothing before what comes first.
    for (first, nearest) in [(0, 700), (700, 700), (701, 701), (1500, 1500)] {
        assert_eq!(desk.nearest_from(&request, first).unwrap(), Some(nearest), "{first}");
    }
    // After the shift there is nothing.
    assert_eq!(desk.nearest_from(&from_to(1, 2, 20_000), 20_000).unwrap(), None);
}
