//! Small offers by hand: stops in a row, five minutes apart, people at each.

use super::*;
use crate::domain::calendar::{Days, Holidays, Service, Week};
use crate::domain::ids::{PlaceId, StopId};
use crate::domain::units::{People, Seconds, ServiceTime};
use crate::planning::model::{Rides, tiny};
use crate::planning::plan::{PersonCost, TimeKind, Unserved};
use crate::planning::project::{Budget, Upkeep};
use crate::search::Answer;

/// Ten people a day from the first stop to the last one, leaving at a time; CNY 60 each without us.
fn rides(at: (u32, u32)) -> Rides {
    Rides {
        origin: PlaceId(0),
        destination: PlaceId(3),
        time: ServiceTime::hm(at.0, at.1),
        kind: TimeKind::DepartAfter,
        service: ServiceId(0),
        people: People::whole(10),
        max_walk: Metres(500),
        max_wait: Seconds(900),
        wheelchair: false,
        alternative: PersonCost(6000 * PersonCost::PER_FEN),
        without: Vec::new(),
    }
}

/// The model, a project of two buses, and a plan in which nobody rides.
fn case(rides: Vec<Rides>) -> (Project, Model, Plan) {
    let model = tiny::row(4, 300, rides);
    let policy = model.policy.clone();
    let service = Service::new(
        "weekday",
        &Days::Weekly(Week::WORKING),
        "2026-12-01".parse().unwrap(),
        "2026-12-31".parse().unwrap(),
        &Holidays::default(),
    );
    let mut project = Project { fleet: vec![tiny::buses(2)], services: vec![service], ..Project::default() };
    project.on_demand = vec![RideOffer::usual("ride", &policy)];
    project.upkeep = Upkeep { per_line: Fen(100), per_stop: Fen(10), ..Upkeep::default() };
    project.policy = policy;
    let mut plan = super::super::empty(&project, None, &Run::quiet(1));
    let left = |cohort: &super::super::plan::Cohort| Unserved {
        cohort: cohort.id.clone(),
        people: cohort.people,
        reason: "no-line".to_owned(),
        relaxations: Vec::new(),
    };
    plan.unserved = model.cohorts.iter().map(left).collect();
    (project, model, plan)
}

#[test]
fn days_are_drawn_until_somebody_wants_an_end_whatever_the_clock_says() {
    let (project, model, plan) = case(vec![rides((10, 0)), rides((12, 0))]);
    let told = AtomicU64::new(0);
    let offered = |cancelled: &(dyn Fn(u64) -> bool + Sync)| {
        let watch = |progress: &Progress| {
            told.fetch_max(progress.iteration, Ordering::Relaxed);
            Answer { used: 1.0, stop: true, cancelled: cancelled(progress.iteration), snapshot: false }
        };
        offer(&project, &model, &plan, &Run { watch: &watch, ..Run::quiet(1) })
    };
    // The time of the search is always used up when days begin to be drawn.
    assert_eq!(offered(&|_| false), offer(&project, &model, &plan, &Run::quiet(1)));
    // Five days with one bus, five with two, 32 and 4 of the plan's own; the last one is not told of (nor what other threads end).
    let all = told.swap(0, Ordering::Relaxed);
    assert!((42..46).contains(&all), "{all}");
    let (offers, findings) = offered(&|days| days >= 12);
    assert_eq!(offers, vec![]);
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!(finding.code, "on-demand-broken-off");
    assert!((12..=42).contains(&told.into_inner()));
}

#[test]
fn where_luck_may_have_decided_it_is_said() {
    let (mut project, model, plan) = case(vec![rides((10, 0)), rides((12, 0))]);
    let worth = offer(&project, &model, &plan, &Run::quiet(1)).0[0].worth.clone();
    // A line may cost all but a fen of what is saved: that is within the interval. A fen more, and it does not pay.
    project.upkeep.per_line += worth.saving.mean - worth.running_fen - worth.upkeep_fen - Fen(1);
    let told = |project: &Project| {
        let (offers, findings) = offer(project, &model, &plan, &Run::quiet(1));
        (offers[0].vehicles.len(), findings.into_iter().map(|finding| finding.code).collect::<Vec<_>>())
    };
    assert_eq!(told(&project), (1, vec!["on-demand-may-not-pay".to_owned()]));
    project.upkeep.per_line += Fen(1);
    assert_eq!(told(&project), (0, vec!["on-demand-does-not-pay".to_owned()]));
}

#[test]
fn days_with_many_kilometres_are_not_paid_by_days_with_few() {
    let (project, model, plan) = case(vec![rides((10, 0)), rides((12, 0))]);
    let mut offer = offer(&project, &model, &plan, &Run::quiet(1)).0.remove(0);
    // 100 km are included, CNY 6 for each beyond: 60 and 140 km are 40 beyond on one of two days, CNY 120 a day; 100 and 100 are none.
    let mut kind = tiny::buses(2);
    (kind.included_m, kind.cost_per_extra_km) = (Metres(100_000), Fen(600));
    let candidates = [Candidate { kind: &kind, depot: 0, block: None, free: offer.vehicles[0].stints[0] }];
    let mut of = |days: [u32; 2]| {
        let days = days.map(|km| Day { metres: vec![Metres(km * 1000)], ..Day::default() });
        let fen = price(&mut offer, &candidates, &days);
        (offer.vehicles[0].km, offer.vehicles[0].over_km, fen)
    };
    let (even, uneven) = (of([100, 100]), of([60, 140]));
    assert_eq!((even.0, even.1), (100.0, 0.0));
    assert_eq!((uneven.0, uneven.1, uneven.2 - even.2), (100.0, 20.0, Fen(12_000)));
}

#[test]
fn rides_that_pay_are_offered_and_what_they_save_has_a_limit() {
    let (project, model, plan) = case(vec![rides((10, 0)), rides((12, 0)), rides((18, 0))]);
    let (offers, findings) = offer(&project, &model, &plan, &Run::quiet(1));
    let [offer] = &offers[..] else { panic!("{findings:?}") };
    assert_eq!(findings, vec![]);
    // The two in the hours, between the ends of the row. The third travels when nobody stands by.
    assert_eq!(offer.asks.iter().map(|asks| asks.cohort.as_str()).collect::<Vec<_>>(), ["c-000", "c-001"]);
    assert_eq!(offer.stops.len(), 2);
    // Fifteen minutes and twice 8 s of standing: 916 s at CNY 40/h are 1,017.8 fen. Twenty people save the rest of 6,000.
    assert_eq!(offer.worth.at_most_fen, Fen(99_645));
    assert_eq!((offer.worth.asked, offer.worth.upkeep_fen), (20.0, Fen(120)));
    let worth = &offer.worth;
    assert!(worth.saving.mean > worth.running_fen + worth.upkeep_fen);
    // Days differ, so that one may save more than the limit of the mean day; the mean of 32 hardly does.
    assert!(worth.saving.mean.0 < 110_000 && worth.served.mean > 15.0, "{worth:?}");
    // One bus of 19 is enough for ten at a time; a second would cost CNY 30 and bring nothing.
    assert_eq!((offer.vehicles.len(), offer.vehicles[0].fen), (1, Fen(3000)));
    // Seven hours of standing by would be too long without a rest.
    assert_eq!(offer.vehicles[0].stints.len(), 2);
    // Ten minutes before they set out at the latest, an hour more at the soonest.
    let wished = |cohort: &str| if cohort == "c-000" { ServiceTime::hm(10, 0) } else { ServiceTime::hm(12, 0) };
    for ride in &offer.day.rides {
        let ahead = wished(&ride.cohort).since(ride.asked);
        assert!((600..=4200).contains(&ahead.0), "{ride:?}");
    }
    let again = super::offer(&project, &model, &plan, &Run::quiet(1)).0;
    assert_eq!(offers, again, "the same seed, the same days");
}

#[test]
fn who_rides_a_line_does_not_ask() {
    let (project, model, mut plan) = case(vec![rides((10, 0)), rides((12, 0))]);
    // One of the two groups rides, and of the other nearly half.
    plan.unserved.remove(0);
    plan.unserved[0].people = People(5_500);
    let (offers, _) = offer(&project, &model, &plan, &Run::quiet(1));
    assert_eq!(offers[0].asks.iter().map(|asks| asks.people).collect::<Vec<_>>(), [People(5_500)]);
}

#[test]
fn what_does_not_pay_is_said_and_not_offered() {
    let (mut project, model, plan) = case(vec![rides((10, 0))]);
    project.fleet[0].cost_per_day = Fen(100_000);
    let (offers, findings) = offer(&project, &model, &plan, &Run::quiet(1));
    assert_eq!((offers[0].vehicles.len(), offers[0].day.rides.len()), (0, 0));
    assert_eq!(findings.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["on-demand-does-not-pay"]);
    // Not for CNY 1,000, and not where there are only CNY 20.
    project.budget = Budget { per_day: Some(Fen(2_000)), per_month: None };
    let (offers, findings) = offer(&project, &model, &plan, &Run::quiet(1));
    assert_eq!((offers.len(), findings[0].code.as_str()), (0, "on-demand-over-budget"));
    project.fleet[0].count = 0;
    let (offers, findings) = offer(&project, &model, &plan, &Run::quiet(1));
    assert_eq!((offers.len(), findings[0].code.as_str()), (0, "on-demand-no-vehicle"));
    let (project, model, plan) = case(vec![rides((19, 0))]);
    assert_eq!(offer(&project, &model, &plan, &Run::quiet(1)).1[0].code, "on-demand-nobody");
}

#[test]
fn a_stop_is_kept_as_long_as_it_is_worth_its_upkeep() {
    // From the first stop or the one beside it, five minutes nearer: both walks are none.
    let near = Rides { origin: PlaceId(1), people: People::whole(1), ..rides((10, 0)) };
    let (project, model, plan) = case(vec![rides((10, 0)), near]);
    let times = Times::new(&model, (ServiceTime::hm(9, 30), ServiceTime::hm(16, 30)));
    let hours = (ServiceTime::hm(9, 0), ServiceTime::hm(17, 0));
    let asks = asks::of(&model, &plan, ServiceId(0), hours, &[], &|_| true);
    let ideal = Ideal::new(&model, &times, &asks, Seconds(8));
    let all: Vec<StopId> = vec![StopId(0), StopId(1), StopId(3)];
    assert_eq!(ideal.stops(&BTreeSet::new(), 10.0, 40), all);
    // One person saves CNY 50 by it, and nobody else's stop is in their reach.
    assert_eq!(ideal.stops(&BTreeSet::new(), 4_000.0, 40), all);
    assert_eq!(ideal.stops(&BTreeSet::new(), 6_000.0, 40), [StopId(0), StopId(3)]);
    assert_eq!(ideal.stops(&BTreeSet::from([StopId(1)]), 6_000.0, 40), all, "kept up anyway");
    assert_eq!(ideal.stops(&BTreeSet::new(), 10.0, 2), [StopId(0), StopId(3)], "no more than two");
    drop(project);
}

#[test]
fn nobody_asks_twice() {
    let (mut project, model, plan) = case(vec![rides((10, 0)), rides((12, 0))]);
    let south = RideOffer { id: "south".to_owned(), from: ServiceTime::hm(11, 0), ..project.on_demand[0].clone() };
    project.on_demand.push(south);
    let (offers, findings) = offer(&project, &model, &plan, &Run::quiet(1));
    // All of them are in reach of the first, which runs; nobody is left for the second.
    assert_eq!((offers.len(), findings[0].code.as_str()), (1, "on-demand-nobody"));
    project.on_demand[0].until = ServiceTime::hm(11, 0);
    let (offers, _) = offer(&project, &model, &plan, &Run::quiet(1));
    let asks = |at: usize| offers[at].asks.iter().map(|asks| asks.cohort.as_str()).collect::<Vec<_>>();
    assert_eq!((asks(0), asks(1)), (vec!["c-000"], vec!["c-001"]));
}

#[test]
fn who_must_ask_the_evening_before_rides_in_the_morning() {
    let (mut project, model, plan) = case(vec![rides((10, 0))]);
    project.on_demand[0].notice = Seconds(12 * 3600);
    let (offers, findings) = offer(&project, &model, &plan, &Run::quiet(1));
    assert_eq!(findings, vec![]);
    let worth = &offers[0].worth;
    assert!(worth.served.mean > 0.9 * worth.asked, "{worth:?}");
}
