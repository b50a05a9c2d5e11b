use super::*;
use crate::domain::calendar::{Days, Holidays, Period, Service, Week};
use crate::domain::ids::StopId;
use crate::domain::units::{Fen, ServiceTime};
use crate::planning::model::Pattern;
use crate::planning::model::tiny::{self, arriving, row as town};
use crate::planning::project::Upkeep;
use crate::search::Random;

/// A weekday service from seven to eight and so many buses at CNY 30; lines and stops cost nothing.
fn project(buses: u32) -> Project {
    let date = |text: &str| text.parse().unwrap();
    let days = Days::Weekly(Week::WORKING);
    let service = Service::new("weekday", &days, date("2026-12-01"), date("2026-12-31"), &Holidays::default());
    let period = Period { name: "am".to_owned(), from: ServiceTime::hm(7, 0), to: ServiceTime::hm(8, 0) };
    let upkeep = Upkeep { per_line: Fen(0), per_stop: Fen(0), max_lines: None };
    Project {
        fleet: vec![tiny::buses(buses)],
        services: vec![service],
        periods: vec![period],
        upkeep,
        ..Project::default()
    }
}

/// Ten people each want to be at the second of two stops by 07:20, 07:40 and 08:00; a taxi is CNY 20.
fn three_groups() -> Model {
    let rides = [(7, 20), (7, 40), (8, 0)].map(|(h, m)| arriving(0, 1, ServiceTime::hm(h, m), 10_000, 20));
    town(2, 400, rides.into())
}

fn even(project: &Project, model: &Model) -> Option<(u32, Vec<u32>, usize)> {
    let there = Offer::new(model, Pattern(vec![StopId(0), StopId(1)]));
    let shop = Shop { project, model, offers: vec![there] };
    let found = headway::best(&shop, &Desk::new(&shop), &Run::quiet(1))?;
    let mut minutes: Vec<u32> =
        found.draft.services[0].iter().flat_map(|block| block.trips.iter().map(|trip| trip.minute)).collect();
    minutes.sort_unstable();
    Some((found.headway, minutes, found.draft.services[0].len()))
}

#[test]
fn one_bus_takes_three_groups_twenty_minutes_apart() {
    // There 6:40, layover 3 min: free after 10 min, back empty in 7. So one bus leaves every 17 minutes at the earliest: 20 is the
    // least headway it can run. The last minute that is there by 07:20 is 07:13; then 07:33 and 07:53 are the others'.
    assert_eq!(even(&project(1), &three_groups()), Some((20, vec![7 * 60 + 13, 7 * 60 + 33, 7 * 60 + 53], 1)));
}

#[test]
fn where_a_bus_costs_more_than_it_saves_no_line_is_drawn() {
    // Saved: 30 x (20.00 - 4.89) = CNY 453. At 454 the bus does not pay.
    let mut dear = project(1);
    dear.fleet[0].cost_per_day = Fen(45_400);
    assert_eq!(even(&dear, &three_groups()), None);
    dear.fleet[0].cost_per_day = Fen(45_300);
    assert!(even(&dear, &three_groups()).is_some());
    assert_eq!(even(&project(0), &three_groups()), None);
}

#[test]
fn minutes_are_the_clocks_and_the_weighted_ones() {
    let project = project(1);
    let mut plan = empty(&project, None, &Run::quiet(1));
    assert_eq!(minutes(&project.policy, &plan), None);
    // 3 min of walking, 2 of waiting, 10 of riding: 15; weighted 2 x 3 + 2 x 2 + 10 = 20.
    plan.evaluation.served = 1.0;
    plan.evaluation.generalised_s_mean = 1200.0;
    (plan.evaluation.wait_s_mean, plan.evaluation.ride_s_mean) = (120.0, 600.0);
    let found = minutes(&project.policy, &plan).unwrap();
    assert!((found.plain - 15.0).abs() < 1e-9 && (found.weighted - 20.0).abs() < 1e-9, "{found:?}");
}

/// A plan of which only the sums matter.
fn sums(objective: i64, bound: i64, nothing: i64) -> Plan {
    let mut plan = empty(&Project::default(), None, &Run::quiet(1));
    (plan.evaluation.objective, plan.evaluation.nothing) = (Fen(objective), Fen(nothing));
    plan.bound.objective = Fen(bound);
    plan
}

#[test]
fn the_parts_of_the_gap_by_hand() {
    let upkeep = Upkeep { per_line: Fen(4000), per_stop: Fen(500), max_lines: Some(6) };
    let project = Project { upkeep, ..Project::default() };
    // A line and two stops are 50.00 at least. The best bound: 300.00 proven with seats booked, and those 50.00, less a fen that
    // rounding may cost (no rows here).
    let split = split::Split::of(
        &project,
        &sums(60_000, 33_000, 100_000),
        &sums(50_000, 20_000, 100_000),
        &sums(32_000, 30_000, 100_000),
    );
    assert_eq!(split.bound, Fen(34_999));
    // 320.00 against 299.99; then 500.00 against 320.00; then 600.00 - 50.00 against 500.00.
    assert_eq!((split.search, split.choice, split.readability), (Fen(2_001), Fen(18_000), Fen(5_000)));
    assert_eq!(split.missed(), Fen(25_001));
}

#[test]
fn the_parts_are_the_gap_whatever_the_searches_found() {
    let mut random = Random::new(5);
    for _ in 0..500 {
        let mut fen = |most: usize| i64::try_from(random.below(most)).unwrap();
        let upkeep = Upkeep { per_line: Fen(fen(5000)), per_stop: Fen(fen(900)), max_lines: None };
        let project = Project { upkeep, ..Project::default() };
        let nothing = 100_000 + fen(100_000);
        let mut plan = || sums(fen(200_000).min(nothing), fen(200_000).min(nothing), nothing);
        let (joint, chosen, assigned) = (plan(), plan(), plan());
        let split = split::Split::of(&project, &joint, &chosen, &assigned);
        assert_eq!(split.search + split.choice + split.readability, split.missed());
        assert!(split.bound >= joint.bound.objective && split.bound <= split.nothing);
        let [gap, parts @ ..] = split.shares();
        assert!((parts.iter().sum::<f64>() - gap).abs() < 1e-9);
    }
}
