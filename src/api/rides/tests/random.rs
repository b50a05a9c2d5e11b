//! A day of asking, accepting and cancelling at random, with restarts: every promise in the rows is the one that was told, and is kept.

use std::collections::BTreeMap;

use super::*;
use crate::api::rides::again;
use crate::api::rides::own::{call_off, own};
use crate::api::rides::shown::{RideState, Window};
use crate::routing::promises::check::history;
use crate::search::Random;

/// What somebody was told.
struct Told {
    token: String,
    window: Window,
    by: i32,
    cancelled: bool,
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_asked_every_promise_in_the_rows_is_kept() {
    for seed in 1..=3 {
        let mut town = town(vec![offer("mini", 2, 3)]).await;
        let mut random = Random::new(seed);
        let mut now = at(7, 45);
        let mut told: BTreeMap<String, Told> = BTreeMap::new();
        let (mut refused, mut changed, mut better) = (0, 0, 0);
        // Offers that were shown and not yet accepted.
        let mut shown: Vec<(RideWish, RideOffer)> = Vec::new();
        let mut before: Option<Standing> = None;
        for _ in 0..200 {
            now = later(now, i64::try_from(random.below(120)).unwrap());
            match random.below(10) {
                0..=4 => {
                    let (from, to) =
                        [("a", "b"), ("a", "c"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "b")][random.below(6)];
                    let clock = zone_of("Asia/Shanghai").1.to_datetime(now);
                    let minutes = i64::from(clock.hour()) * 60 + i64::from(clock.minute());
                    let minutes = minutes + 20 + i64::try_from(random.below(100)).unwrap();
                    let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
                    let mut asked = wish(from, to, &time);
                    asked.people = u32::try_from(1 + random.below(2)).unwrap();
                    if random.below(3) == 0 {
                        asked.time_kind = TimeKind::ArriveBy;
                    }
                    match town.ask(&asked, now).await.unwrap() {
                        RideAnswer { offer: Some(offer), .. } => shown.push((asked, offer)),
                        RideAnswer { refusal: Some(refusal), .. } => {
                            refused += 1;
                            // What is named instead can be had.
                            if let Some(nearest) = refusal.nearest {
                                let instead = RideWish { time: nearest, ..asked };
                                let answer = town.ask(&instead, now).await.unwrap();
                                shown.push((instead, offered(answer)));
                            }
                        }
                        neither => panic!("{neither:?}"),
                    }
                }
                5..=7 if !shown.is_empty() => {
                    // Mostly what was shown last, sometimes what was shown long ago.
                    let at = if random.below(4) > 0 { shown.len() - 1 } else { random.below(shown.len()) };
                    let (asked, offer) = shown.swap_remove(at);
                    match town.accept(&asked, &offer, now).await.unwrap() {
                        Outcome::Promised(ride) => {
                            // What was told lies within what was shown.
                            assert!(offer.window.from <= ride.window.from && ride.window.until <= offer.window.until);
                            assert!(ride.by <= offer.by);
                            let (window, by) = (ride.window.clone(), ride.by);
                            told.insert(ride.code.clone(), Told { token: offer.token, window, by, cancelled: false });
                        }
                        Outcome::Otherwise(_) => changed += 1,
                    }
                }
                8 if !told.is_empty() => {
                    let at = random.below(told.len());
                    let told = told.values_mut().nth(at).unwrap();
                    match call_off(&town.app, &told.token, now).await {
                        Ok(()) => told.cancelled = true,
                        Err(problem) => assert!(["ride-under-way", "ride-over"].contains(&problem.code)),
                    }
                }
                _ => {
                    better += again::once(&town.app, now).await.unwrap();
                }
            }
            if random.below(4) == 0 {
                town.restart();
            }
            if !told.is_empty() {
                let after = town.judged(&key("mini")).await;
                if let Some(before) = &before {
                    // What was driven stays as it was.
                    let sheets = |standing: &Standing| standing.day.as_ref().unwrap().sheets.clone();
                    assert_eq!(history(&sheets(before), &sheets(&after)), Vec::new());
                }
                before = Some(after);
            }
        }
        // The rows hold what was told, and nothing else.
        let standing = town.judged(&key("mini")).await;
        assert_eq!(standing.rides.len(), told.len());
        for ride in &standing.rides {
            let told = &told[&ride.code];
            assert_eq!((ride.promise.window, ride.promise.by()), ((told.window.from, told.window.until), told.by));
            assert_eq!(ride.cancelled, told.cancelled);
            let seen = own(&town.app, &told.token, at(20, 0)).await.unwrap();
            assert_eq!(seen.state == RideState::Cancelled, told.cancelled);
            if let Some(planned) = seen.planned {
                assert!((told.window.from..=told.window.until).contains(&planned.boards));
                assert!(planned.alights <= told.by);
            }
        }
        println!(
            "seed {seed}: {} promised, {refused} refused, {changed} changed meanwhile, {better} driven better",
            told.len()
        );
        assert!(told.len() > 20 && refused > 10 && changed > 0, "{} {refused} {changed}", told.len());
    }
}
