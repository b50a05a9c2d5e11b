//! As the day goes on: notice, vehicles under way, restarts, several servers, another plan.

use super::*;
use crate::api::rides::own::{call_off, own};
use crate::api::rides::shown::RideState;
use crate::api::rides::{again, day_meant, sheets_of};
use crate::api::running::WhichDay;

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_late_is_told_the_next_time_that_works() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let now = at(9, 0);
    // 30 min of notice and two minutes to read: 09:31 is too soon, 09:32 is not.
    for (time, taken) in [("09:20", false), ("09:31", false), ("09:32", true)] {
        let answer = town.ask(&wish("b", "c", time), now).await.unwrap();
        assert_eq!(answer.offer.is_some(), taken, "{time}");
        if let Some(refusal) = answer.refusal {
            assert_eq!((refusal.reason.as_str(), refusal.nearest.as_deref()), ("notice", Some("09:34")));
            assert!(refusal.text.contains("30 minutes"), "{}", refusal.text);
            assert!(town.ask(&wish("b", "c", "09:34"), later(now, 60)).await.unwrap().offer.is_some());
        }
    }
    // What was shown in time may be accepted while it still is in time, and not later.
    let asked = wish("b", "c", "09:32");
    let offer = offered(town.ask(&asked, now).await.unwrap());
    assert!(matches!(town.accept(&asked, &offer, later(now, 121)).await.unwrap(), Outcome::Otherwise(_)));
    assert_eq!(promised(town.accept(&asked, &offer, later(now, 120)).await.unwrap()).window, offer.window);
    // Who wishes to arrive by 09:40 sets out in time too, or is refused.
    let arrive = |time: &str| RideWish { time_kind: TimeKind::ArriveBy, ..wish("b", "c", time) };
    let refusal = town.ask(&arrive("09:36"), now).await.unwrap().refusal.unwrap();
    assert_eq!(refusal.reason, "too-late");
    let offer = offered(town.ask(&arrive("09:50"), now).await.unwrap());
    assert!(offer.window.from >= 9 * 3600 + 32 * 60 && offer.by <= 9 * 3600 + 50 * 60, "{offer:?}");
    promised(town.accept(&arrive("09:50"), &offer, later(now, 90)).await.unwrap());
    // The day is over for who asks after its end.
    assert_eq!(town.ask(&wish("b", "c", "19:00"), at(20, 0)).await.unwrap_err().code, "ride-none");
    town.judged(&key("mini")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ride_is_followed_to_its_end_over_restarts() {
    let mut town = town(vec![offer("mini", 1, 4)]).await;
    let asked = wish("b", "c", "10:00");
    let offer = offered(town.ask(&asked, at(9, 0)).await.unwrap());
    town.restart();
    let ride = promised(town.accept(&asked, &offer, at(9, 1)).await.unwrap());
    assert_eq!((ride.window.from, ride.state), (36_000, RideState::Waiting));
    // The vehicle leaves the depot at 09:55.
    for (hour, minute, state) in
        [(9, 54, RideState::Waiting), (9, 56, RideState::Coming), (10, 1, RideState::Aboard), (10, 10, RideState::Done)]
    {
        town.restart();
        assert_eq!(own(&town.app, &offer.token, at(hour, minute)).await.unwrap().state, state, "{hour}:{minute}");
    }
    assert_eq!(call_off(&town.app, &offer.token, at(9, 56)).await.unwrap_err().code, "ride-under-way");
    assert_eq!(call_off(&town.app, &offer.token, at(10, 10)).await.unwrap_err().code, "ride-over");
    call_off(&town.app, &offer.token, at(9, 54)).await.unwrap();
    assert_eq!(own(&town.app, &offer.token, at(10, 1)).await.unwrap().state, RideState::Cancelled);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_servers_promise_each_seat_once() {
    each_seat_once(&town(vec![offer("mini", 1, 3)]).await).await;
    // SQLite has one writer; PostgreSQL lets them meet half-way.
    if let Some((url, gone)) = postgres().await {
        let town = town_on(tempfile::tempdir().unwrap(), &url, vec![offer("mini", 1, 3)]).await;
        each_seat_once(&town).await;
        town.app.store().close().await;
        drop_database(gone).await;
    }
}

async fn each_seat_once(town: &Town) {
    let asked = wish("b", "c", "10:00");
    let (now, mut offers) = (at(9, 0), Vec::new());
    for _ in 0..8 {
        offers.push(offered(town.ask(&asked, now).await.unwrap()));
    }
    let (other, _) = server(town.app.store().clone());
    // Each acceptance is sent to both servers at once: one seat.
    let sent = offers.iter().flat_map(|offer| [(town.app.clone(), offer.clone()), (other.clone(), offer.clone())]);
    let sent: Vec<_> = sent
        .map(|(app, offer)| {
            let asked = asked.clone();
            tokio::spawn(async move {
                match accepted(&app, &asked, &offer, now).await {
                    Ok(Outcome::Promised(ride)) => Some(ride.code),
                    Ok(Outcome::Otherwise(_)) => None,
                    // Told to come again: nothing was promised by this one.
                    Err(problem) => {
                        assert_eq!(problem.code, "ride-busy");
                        None
                    }
                }
            })
        })
        .collect();
    let mut codes = Vec::new();
    for task in sent {
        codes.extend(task.await.unwrap());
    }
    codes.sort();
    codes.dedup();
    let standing = town.judged(&key("mini")).await;
    assert_eq!((codes.len(), standing.rides.len()), (3, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_goes_on_with_its_plan_and_the_others_with_the_new_one() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let asked = wish("b", "c", "10:00");
    let now = at(7, 0);
    let made = offered(town.ask(&asked, now).await.unwrap());
    promised(town.accept(&asked, &made, now).await.unwrap());
    let first = town.judged(&key("mini")).await.offered.plan().to_owned();
    let shown = offered(town.ask(&wish("a", "c", "11:00"), now).await.unwrap());
    // The new plan knows no stop c any more, and has another offer besides.
    let mut smaller = offer("mini", 2, 4);
    smaller.stops[2] = stop("d", true);
    let mut late = offer("late", 1, 4);
    late.stops[2] = stop("d", true);
    let second = town.publish("p", vec![smaller, late], today()).await;
    assert_ne!(first, second);
    // The day goes on under the first: what was promised stands, nothing more is.
    let again = wish("a", "c", "11:00");
    assert_eq!(town.ask(&again, now).await.unwrap_err().code, "ride-plan-before");
    assert_eq!(town.accept(&again, &shown, now).await.unwrap_err().code, "ride-plan-before");
    assert_eq!(promised(town.accept(&asked, &made, now).await.unwrap()).window, made.window);
    let (_, there) = town.json("", "GET", "/v1/public/p/rides", None).await;
    let dates = |id: &str| {
        let of: Vec<&Value> =
            there["offers"].as_array().unwrap().iter().filter(|offer| offer["id"] == id).map(|o| &o["dates"]).collect();
        of.iter().any(|dates| dates.as_array().unwrap().contains(&Value::from(tomorrow().to_string())))
    };
    assert!(!dates("mini") && dates("late"), "{there}");
    let standing = town.judged(&key("mini")).await;
    assert_eq!((standing.offered.plan(), standing.rides.len()), (first.as_str(), 1));
    call_off(&town.app, &made.token, now).await.unwrap();
    // Nobody rides any more: the day begins anew under the new plan, and who cancelled still reads what it was.
    let anew = wish("a", "d", "11:00");
    for count in [1, 2] {
        let made = offered(town.ask(&anew, now).await.unwrap());
        promised(town.accept(&anew, &made, now).await.unwrap());
        let standing = town.judged(&key("mini")).await;
        assert_eq!((standing.offered.plan(), standing.rides.len()), (second.as_str(), count));
    }
    call_off(&town.app, &made.token, now).await.unwrap();
    let before = own(&town.app, &made.token, now).await.unwrap();
    assert_eq!((before.state, before.to.id.as_str(), before.planned), (RideState::Cancelled, "c", None));
    assert_eq!(sheets_of(&town.app, "p", tomorrow(), now).await.unwrap().offers[0].rides, 2);
    // On the day after the new one holds.
    let next = RideWish { date: tomorrow().saturating_add(1.days()).to_string(), ..wish("a", "d", "11:00") };
    let made = offered(town.ask(&next, now).await.unwrap());
    promised(town.accept(&next, &made, now).await.unwrap());
    let next = town.judged(&Key { date: tomorrow().saturating_add(1.days()), ..key("mini") }).await;
    assert_eq!(next.offered.plan(), second);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_is_driven_better_while_nobody_asks() {
    let town = town(vec![offer("mini", 2, 2)]).await;
    let (now, asked) = (at(8, 0), wish("b", "c", "10:00"));
    // Two fill a vehicle, the third has one of their own; when the first does not come, two drive where one would do.
    let mut tokens = Vec::new();
    for _ in 0..3 {
        let offer = offered(town.ask(&asked, now).await.unwrap());
        promised(town.accept(&asked, &offer, now).await.unwrap());
        tokens.push(offer.token);
    }
    call_off(&town.app, &tokens[0], now).await.unwrap();
    let before = town.judged(&key("mini")).await;
    // Before the day begins there is nothing to look at; what cannot be made better any more is left as it is.
    assert_eq!(again::once(&town.app, at(-3, 0)).await.unwrap(), 0);
    assert_eq!(again::once(&town.app, now).await.unwrap(), 1);
    assert_eq!(again::once(&town.app, now).await.unwrap(), 0);
    let after = town.judged(&key("mini")).await;
    assert_eq!(after.day.as_ref().unwrap().revision, before.day.as_ref().unwrap().revision + 1);
    assert!(desk(&after).cost() < desk(&before).cost());
    let (one, other) = (own(&town.app, &tokens[1], now).await.unwrap(), own(&town.app, &tokens[2], now).await.unwrap());
    assert_eq!((one.vehicle.is_some(), &one.vehicle), (true, &other.vehicle));
    assert_eq!(again::once(&town.app, at(13, 0)).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_found_for_a_day_that_was_written_since_is_dropped() {
    let town = town(vec![offer("mini", 2, 2)]).await;
    let (now, asked) = (at(8, 0), wish("b", "c", "10:00"));
    let first = offered(town.ask(&asked, now).await.unwrap());
    promised(town.accept(&asked, &first, now).await.unwrap());
    let old = town.judged(&key("mini")).await;
    let second = offered(town.ask(&asked, now).await.unwrap());
    promised(town.accept(&asked, &second, now).await.unwrap());
    let mut tx = town.app.store().write().await.unwrap();
    assert!(!old.write(&mut tx, &rides::Written::of(&desk(&old)), now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(town.judged(&key("mini")).await.rides.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_midnight_the_day_is_still_yesterday_while_it_is_driven() {
    let mut late = offer("late", 1, 4);
    (late.from, late.until) = (ServiceTime::hm(18, 0), ServiceTime::hm(26, 0));
    late.vehicles[0].stints = vec![(late.from, late.until)];
    let town = town(vec![late]).await;
    let next = tomorrow().saturating_add(1.days());
    for (hour, minute, date) in [(23, 0, tomorrow()), (24, 30, tomorrow()), (26, 1, next), (42, 0, next)] {
        let meant = day_meant(&town.app, "p", &WhichDay { date: None }, at(hour, minute)).await.unwrap();
        assert_eq!(meant, date, "{hour}:{minute}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_vehicle_is_on_its_way_to_is_not_done() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let asked = wish("b", "c", "10:00");
    let made = offered(town.ask(&asked, at(9, 0)).await.unwrap());
    promised(town.accept(&asked, &made, at(9, 0)).await.unwrap());
    // It leaves the depot at 09:55.
    for (hour, minute, driven, done) in [(9, 54, false, false), (9, 56, true, false), (10, 0, true, true)] {
        let sheets = sheets_of(&town.app, "p", tomorrow(), at(hour, minute)).await.unwrap();
        let first = &sheets.offers[0].vehicles[0].stops[0];
        assert_eq!((first.driven, first.done), (driven, done), "{hour}:{minute}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_too_many_ask_they_are_told_to_come_again_and_rides_are_still_seen() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let asked = wish("b", "c", "10:00");
    let made = offered(town.ask(&asked, at(9, 0)).await.unwrap());
    promised(town.accept(&asked, &made, at(9, 0)).await.unwrap());
    let _all = town.app.ride_turns().all().await;
    assert_eq!(own(&town.app, &made.token, at(9, 0)).await.unwrap().state, RideState::Waiting);
    assert_eq!(sheets_of(&town.app, "p", tomorrow(), at(9, 0)).await.unwrap().offers.len(), 1);
    let form = format!("from=b&to=c&date={}&time=10:00&time_kind=depart_after&people=1", tomorrow());
    let page = Request::post("/rides/p").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let page = town.router.clone().oneshot(page.body(Body::from(form)).unwrap());
    let held = key("other");
    let _turn = town.app.ride_turns().at(&held).await.unwrap();
    let turn = town.app.ride_turns();
    let (answer, page, turn) = tokio::join!(town.ask(&asked, at(9, 0)), page, turn.at(&held));
    assert_eq!(turn.unwrap_err().code, "ride-busy");
    let page = page.unwrap();
    assert_eq!((page.status().as_u16(), page.headers().get(header::RETRY_AFTER).unwrap().as_bytes()), (503, &b"5"[..]));
    let problem = answer.unwrap_err();
    assert_eq!((problem.code, problem.status.as_u16(), problem.retry_after), ("ride-busy", 503, Some(5)));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waited_for_their_turn_is_late_by_so_much() {
    let town = town(vec![offer("mini", 1, 4)]).await;
    let asked = wish("b", "c", "09:32");
    let shown = offered(town.ask(&asked, at(9, 0)).await.unwrap());
    // At 09:02:00 it is in time, half an hour before 09:32; a second later it is not.
    let turn = town.app.ride_turns().at(&key("mini")).await.unwrap();
    let waits = async {
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        drop(turn);
    };
    let (outcome, ()) = tokio::join!(town.accept(&asked, &shown, at(9, 2)), waits);
    assert!(matches!(outcome.unwrap(), Outcome::Otherwise(_)));
}
