use std::sync::Arc;

use super::*;
use crate::domain::calendar::{Days, Holidays, Service, Week};
use crate::domain::ids::{LineId, TypeId};
use crate::domain::units::{Metres, Seconds, ServiceTime};
use crate::network::Network;
use crate::planning::draft::DraftBlock;
use crate::planning::empty;
use crate::planning::lines;
use crate::planning::model::tiny::{self, arriving, row};
use crate::planning::plan::{Alternative, Cohort, Leg, Rider, StopTime, TimeKind};
use crate::planning::project::Project;
use crate::planning::trips::Offer;
use crate::search::{Random, Run};

fn stop(id: &str, lat: f64) -> Stop {
    Stop {
        id: id.to_owned(),
        name: id.to_owned(),
        name_en: id.to_owned(),
        lon: 121.45,
        lat,
        way: 1,
        between: [1, 2],
        offset_m: 0.0,
        side: crate::domain::site::Kerb::Right,
        site: None,
        step_free: true,
    }
}

/// A trip named after its first stop and minute, two minutes from stop to stop.
fn trip(stops: &str, minute: u32) -> Trip {
    let at = |(k, id): (usize, char)| {
        let depart = ServiceTime(60 * (minute + 2 * u32::try_from(k).unwrap()));
        StopTime { stop: id.to_string(), arrive: depart, depart }
    };
    Trip {
        id: format!("{stops}-{minute}"),
        service: "weekday".to_owned(),
        line: stops.to_owned(),
        block: String::new(),
        times: stops.chars().enumerate().map(at).collect(),
        load: Vec::new(),
    }
}

fn cohort(id: &str, people: u32) -> Cohort {
    Cohort {
        id: id.to_owned(),
        origin: "a".to_owned(),
        destination: "b".to_owned(),
        time: ServiceTime(0),
        time_kind: TimeKind::ArriveBy,
        service: "weekday".to_owned(),
        people: People::whole(people),
        firms: BTreeMap::new(),
        max_walk_m: Metres(500),
        max_wait_s: Seconds(1800),
        wheelchair: false,
        alternative: Alternative { mode: "walk".to_owned(), seconds: Seconds(0), wait_s: Seconds(0), fen: Fen(0) },
    }
}

fn rider(cohort: &str, trip: &str, people: u32) -> Rider {
    Rider {
        cohort: cohort.to_owned(),
        people: People::whole(people),
        legs: vec![Leg { trip: trip.to_owned(), board: "a".to_owned(), alight: "b".to_owned() }],
        walk_m: Metres(0),
        wait_s: Seconds(0),
        ride_s: Seconds(0),
        train: None,
    }
}

/// Stops a, b, c in use; 480 and 500 on a-b, ten and four people aboard, of one cohort.
fn old() -> Plan {
    let mut plan = empty(&Project::default(), None, &Run::quiet(1));
    plan.cohorts = vec![cohort("x", 20)];
    plan.stops = vec![stop("a", 31.0), stop("b", 31.01), stop("c", 31.02)];
    plan.trips = vec![trip("ab", 480), trip("ab", 500), trip("bc", 600)];
    plan.riders = vec![rider("x", "ab-480", 10), rider("x", "ab-500", 4)];
    plan
}

/// Stops, departures and minutes, thousandths of people.
fn sums(plan: &Plan) -> (u32, usize, u64, u64) {
    let changes = between(&old(), plan);
    (changes.stops(), changes.departures.len(), changes.minutes(), changes.people())
}

#[test]
fn nothing_changed_costs_nothing() {
    assert_eq!(between(&old(), &old()), Changes::default());
    // Other ids of lines and trips are no change: riders see stops and times.
    let mut plan = old();
    for trip in &mut plan.trips {
        trip.id.push('x');
        trip.line.push('x');
    }
    plan.riders.iter_mut().for_each(|row| row.legs[0].trip.push('x'));
    assert_eq!(between(&old(), &plan), Changes::default());
}

#[test]
fn stops_are_opened_closed_and_moved() {
    let mut plan = old();
    plan.stops = vec![stop("a", 31.0), stop("b", 31.011), stop("d", 31.03)];
    let changes = between(&old(), &plan);
    assert_eq!((changes.opened, changes.closed, changes.moved), (vec!["d".into()], vec!["c".into()], vec!["b".into()]));
    // 0.000004 degrees are 44 cm: no move.
    plan.stops = vec![stop("a", 31.000_004), stop("b", 31.01), stop("c", 31.02)];
    assert_eq!(sums(&plan), (0, 0, 0, 0));
}

#[test]
fn departures_are_paired_in_time_order() {
    let with = |trips: &[Trip]| {
        let mut plan = old();
        plan.trips = trips.to_vec();
        plan.riders.clear();
        plan.cohorts.clear();
        sums(&plan)
    };
    // 08:00 leaves 08:05.
    assert_eq!(with(&[trip("ab", 485), trip("ab", 500), trip("bc", 600)]), (0, 1, 5, 0));
    // 08:00 is dropped: 30; 08:20 stays. 08:10 is added: nothing.
    assert_eq!(with(&[trip("ab", 500), trip("bc", 600)]), (0, 1, 30, 0));
    assert_eq!(with(&[trip("ab", 480), trip("ab", 490), trip("ab", 500), trip("bc", 600)]), (0, 1, 0, 0));
    // 30 minutes are a shift, 31 one dropped and one added.
    assert_eq!(with(&[trip("ab", 480), trip("ab", 500), trip("bc", 630)]), (0, 1, 30, 0));
    assert_eq!(with(&[trip("ab", 480), trip("ab", 500), trip("bc", 631)]), (0, 2, 30, 0));
    // 08:00 and 08:20 both 15 minutes later: two shifts, not one over the other.
    assert_eq!(with(&[trip("ab", 495), trip("ab", 515), trip("bc", 600)]), (0, 2, 30, 0));
    // The other way is another line: dropped and added.
    assert_eq!(with(&[trip("ab", 480), trip("ab", 500), trip("cb", 600)]), (0, 2, 30, 0));
    // On another service too.
    let mut sunday = trip("bc", 600);
    sunday.service = "sunday".to_owned();
    assert_eq!(with(&[trip("ab", 480), trip("ab", 500), sunday]), (0, 2, 30, 0));
}

#[test]
fn a_detour_counts_ten_minutes() {
    let mut plan = old();
    plan.cohorts.clear();
    // b-d-c continues b-c (2 x 2 of 5 stops): the same time at b, other stops.
    plan.trips[2] = trip("bdc", 600);
    let changes = between(&old(), &plan);
    assert_eq!((changes.minutes(), changes.departures.len()), (10, 1));
    assert!(changes.departures[0].other_stops);
    // From d at 09:58 it is at b at 10:00, as before.
    plan.trips[2] = trip("dbc", 598);
    assert_eq!(between(&old(), &plan).minutes(), 10);
    // Of seven stops two are too few: 2 x 2 of 9.
    plan.trips[2] = trip("bdefghc", 600);
    assert_eq!((between(&old(), &plan).minutes(), between(&old(), &plan).departures.len()), (30, 2));
}

#[test]
fn people_on_another_departure_are_counted() {
    let of = |cohorts: u32, rows: &[(&str, u32)]| {
        let mut plan = old();
        plan.cohorts = vec![cohort("x", cohorts)];
        plan.trips[0] = trip("ab", 485);
        plan.riders = rows.iter().map(|(trip, people)| rider("x", trip, *people)).collect();
        between(&old(), &plan).reassigned
    };
    // The shifted departure is still theirs.
    assert_eq!(of(20, &[("ab-485", 10), ("ab-500", 4)]), []);
    // More ride than before: nobody has to.
    assert_eq!(of(20, &[("ab-485", 10), ("ab-500", 10)]), []);
    // Three change over; one more does not ride any more.
    let moved = |people: u32, to: &[(&str, u32)]| {
        let to = to.iter().map(|(trip, people)| ((*trip).to_owned(), People::whole(*people))).collect();
        vec![Reassigned { cohort: "x".to_owned(), people: People::whole(people), to }]
    };
    assert_eq!(of(20, &[("ab-485", 6), ("ab-500", 7)]), moved(4, &[("ab-500", 3)]));
    // Of fourteen who rode nine are left who wish to: all on their trips.
    assert_eq!(of(9, &[("ab-485", 5), ("ab-500", 4)]), []);
    assert_eq!(of(9, &[("ab-485", 0), ("ab-500", 9)]), moved(5, &[("ab-500", 5)]));
}

#[test]
fn prices_are_added_up_and_rounded_once() {
    let prices =
        ChangePrices { per_stop_moved: Fen(20_000), per_minute_shifted: Fen(200), per_person_reassigned: Fen(501) };
    let mut plan = old();
    plan.stops[0] = stop("d", 31.0);
    plan.trips[0] = trip("ab", 485);
    plan.riders = vec![rider("x", "ab-485", 10)];
    plan.riders[0].people = People(10_500);
    let changes = between(&old(), &plan);
    // Two stops, five minutes, 14 - 10 people.
    assert_eq!((changes.count(), changes.price(&prices)), (3, Fen(40_000 + 1000 + 4 * 501)));
    plan.riders[0].people = People(9_500);
    // 4.5 people: 2254.5, half up.
    assert_eq!(between(&old(), &plan).price(&prices), Fen(41_000 + 2255));
}

/// Four stops in a row, two minutes apart, people on all sides; three buses.
fn town() -> (Project, crate::planning::model::Model) {
    let by = |minute: u32| ServiceTime::hm(7, 0) + Seconds(60 * minute);
    let wishes = [(0, 3, 10, 9_500), (1, 3, 12, 20_000), (0, 2, 40, 30_000), (1, 2, 45, 6_000), (2, 3, 70, 4_250)];
    let model = row(4, 120, wishes.map(|(from, to, at, people)| arriving(from, to, by(at), people, 40)).into());
    let date = |text: &str| text.parse().unwrap();
    let service = Service::new(
        "weekday",
        &Days::Weekly(Week::WORKING),
        date("2026-12-01"),
        date("2026-12-31"),
        &Holidays::default(),
    );
    (Project { fleet: vec![tiny::buses(3)], services: vec![service], ..Project::default() }, model)
}

/// Up to seven departures of any line, each on a vehicle of its own: the ledger does not ask who drives.
fn random_draft(shop: &Shop<'_>, random: &mut Random) -> Draft {
    let trips = (0..random.below(8)).filter_map(|_| {
        let line = LineId::at(random.below(shop.offers.len()));
        let minute = 420 + u32::try_from(random.below(75)).ok()?;
        shop.trip(ServiceId::at(0), line, minute)
    });
    let block = |trip| DraftBlock { kind: TypeId(0), trips: vec![trip] };
    Draft { services: vec![trips.map(block).collect()] }
}

#[test]
fn the_ledger_agrees_with_the_plans() {
    let (project, model) = town();
    let offers = lines::pool(&model, &Run::quiet(1)).into_iter().map(|line| Offer::new(&model, line));
    let shop = Shop { project: &project, model: &model, offers: offers.filter(|offer| !offer.is_empty()).collect() };
    assert!(shop.offers.len() >= 4);
    let network = Network::new(&Arc::default(), &project.speeds());
    let write = |draft: &Draft| {
        let mut plan = empty(&project, None, &Run::quiet(1));
        plan.cohorts.clone_from(&model.cohorts);
        let shuttle = crate::planning::assemble::shuttle(&shop, &network, draft);
        (plan.stops, plan.trips, plan.lines, plan.riders) =
            (shuttle.stops, shuttle.trips, shuttle.lines, shuttle.riders);
        plan
    };
    let mut random = Random::new(7);
    let (mut people, mut alike) = (0, 0);
    for _ in 0..40 {
        let before = random_draft(&shop, &mut random);
        let mut in_force = write(&before);
        // Some of its world is gone since.
        if random.below(4) == 0 {
            in_force.trips.iter_mut().take(1).for_each(|trip| trip.service = "sunday".to_owned());
            in_force.stops.iter_mut().take(1).for_each(|stop| stop.lat += 0.001);
        }
        let ledger = Ledger::new(&shop, &in_force);
        for _ in 0..10 {
            // A neighbour or another altogether.
            let after = if random.below(2) == 0 { random_draft(&shop, &mut random) } else { before.clone() };
            let told = between(&in_force, &write(&after));
            let (fen, count) = ledger.weigh(&after);
            assert_eq!(count, told.count());
            let price = told.price(&project.changes).0 as f64;
            assert!((fen - price).abs() <= 0.5, "{fen} against {price}");
            people += usize::from(told.people() > 0);
            alike += usize::from(count == 0);
        }
    }
    assert!(people > 50 && alike > 50, "{people} {alike}");
}
