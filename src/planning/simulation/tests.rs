//! One street, worked by hand: from the station by shuttle to the park in ten minutes, and back.

use jiff::civil::date;

use super::*;
use crate::domain::calendar::{Days, Holidays, Service, Week};
use crate::domain::coordinates::{Local, Point};
use crate::domain::site::{Kerb, Site, SiteKind};
use crate::domain::units::{Metres, People, Seconds, ServiceTime};
use crate::network::profile::{Access, Class};
use crate::network::roads::{Node, Roads, Way};
use crate::network::{Network, Speeds};
use crate::planning::plan::*;
use crate::planning::project::{AlternativeMode, Project, TrainTimes, VehicleType};

fn at(hour: u32, minute: u32, second: u32) -> ServiceTime {
    ServiceTime(hour * 3600 + minute * 60 + second)
}

fn site(id: &str, kind: SiteKind) -> Site {
    let point = Point { lon: 121.0, lat: 31.0 };
    Site { id: id.to_owned(), name: id.to_owned(), name_en: None, kind, point, parent: None, people: None }
}

/// Weekdays; buses of 19 seats; without us people walk at 1 m/s, weight 2; trains from 07:20 on every 6 minutes until 18:32.
fn project() -> Project {
    Project {
        services: vec![Service::new(
            "weekday",
            &Days::Weekly(Week::WORKING),
            date(2026, 12, 1),
            date(2026, 12, 31),
            &Holidays::default(),
        )],
        alternatives: vec![AlternativeMode {
            mode: "walk".to_owned(),
            mm_per_s: 1000,
            fixed: Seconds(0),
            price: Fen(0),
            max_m: None,
            weight: 2000,
            wheelchair: true,
        }],
        sites: vec![site("station", SiteKind::Station), site("park", SiteKind::Park), site("home", SiteKind::Park)],
        fleet: vec![VehicleType {
            id: "bus".to_owned(),
            name: "bus".to_owned(),
            seats: 19,
            wheelchair_places: 1,
            count: 2,
            cost_per_day: Fen(90_000),
            included: Seconds(8 * 3600),
            included_m: Metres(100_000),
            cost_per_extra_hour: Fen(0),
            cost_per_extra_km: Fen(0),
            depot: "yard".to_owned(),
            from: at(5, 0, 0),
            to: at(23, 0, 0),
            battery_kwh: None,
            kwh_per_km: None,
            charge_kw: None,
        }],
        trains: vec![TrainTimes {
            station: "station".to_owned(),
            line: "1".to_owned(),
            direction: "south".to_owned(),
            days: Days::Weekly(Week::DAILY),
            times: (0..113).map(|n| at(7, 20, 0) + Seconds(n * 360)).collect(),
            platform_walk: None,
        }],
        ..Project::default()
    }
}

/// 60 m from the station to s (50 s, and 180 s of stairs), 120 m from p to the park (100 s), 2 km between them.
fn walks() -> Walks {
    let mut walks = Walks::default();
    let pairs = [("station", "s", 60), ("park", "p", 120), ("home", "s", 60)];
    walks.ways[0]
        .to_stop
        .extend(pairs.map(|(place, stop, metres)| ((place.to_owned(), stop.to_owned()), Metres(metres))));
    let pairs = [("station", "park"), ("park", "station"), ("home", "park")];
    walks.ways[0].between.extend(pairs.map(|(from, to)| ((from.to_owned(), to.to_owned()), Metres(2000))));
    walks
}

fn cohort(id: &str, from: &str, to: &str, time: ServiceTime, time_kind: TimeKind, people: u32) -> Cohort {
    Cohort {
        id: id.to_owned(),
        origin: from.to_owned(),
        destination: to.to_owned(),
        time,
        time_kind,
        service: "weekday".to_owned(),
        people: People(people),
        firms: std::collections::BTreeMap::new(),
        max_walk_m: Metres(500),
        max_wait_s: Seconds(1800),
        wheelchair: false,
        alternative: Alternative { mode: "walk".to_owned(), seconds: Seconds(2000), wait_s: Seconds(0), fen: Fen(0) },
    }
}

/// Ten minutes from stop to stop.
fn trip(id: &str, stops: [&str; 2], hour: u32, minute: u32) -> Trip {
    let time = |stop: &str, at| StopTime { stop: stop.to_owned(), arrive: at, depart: at };
    Trip {
        id: id.to_owned(),
        service: "weekday".to_owned(),
        line: stops.concat(),
        block: "b".to_owned(),
        times: vec![time(stops[0], at(hour, minute, 0)), time(stops[1], at(hour, minute + 10, 0))],
        load: Vec::new(),
    }
}

fn rider(cohort: &str, people: u32, trip: &Trip, train: Option<ServiceTime>) -> Rider {
    let [board, alight] = [0, 1].map(|k| trip.times[k].stop.clone());
    Rider {
        cohort: cohort.to_owned(),
        people: People(people),
        legs: vec![Leg { trip: trip.id.clone(), board, alight }],
        walk_m: Metres(0),
        wait_s: Seconds(0),
        ride_s: Seconds(0),
        train,
    }
}

/// All trips by one vehicle, in this order, a layover between them.
fn plan(cohorts: Vec<Cohort>, trips: Vec<Trip>, riders: Vec<Rider>, unserved: Vec<Unserved>) -> Plan {
    let stop = |id: &str| Stop {
        id: id.to_owned(),
        name: id.to_owned(),
        name_en: String::new(),
        lon: 121.0,
        lat: 31.0,
        way: 1,
        between: [1, 2],
        offset_m: 0.0,
        side: Kerb::Right,
        site: None,
        step_free: true,
    };
    let item = |trip: &Trip| Item {
        kind: ItemKind::Trip,
        from: trip.times[0].stop.clone(),
        to: trip.times[1].stop.clone(),
        start: trip.times[0].depart,
        end: trip.times[1].arrive,
        km: 2.0,
        trip: Some(trip.id.clone()),
    };
    let block = Block {
        id: "b".to_owned(),
        service: "weekday".to_owned(),
        vehicle_type: "bus".to_owned(),
        depot: "yard".to_owned(),
        items: trips.iter().map(item).collect(),
    };
    let terms = Terms { people_fen: Fen(0), running_fen: Fen(90_000), upkeep_fen: Fen(5000), changes_fen: Fen(0) };
    Plan {
        format: FORMAT.to_owned(),
        id: String::new(),
        parent: None,
        started_from: None,
        inputs_hash: String::new(),
        seed: 0,
        iterations: 0,
        chains: 1,
        services: Vec::new(),
        cohorts,
        stops: vec![stop("s"), stop("p")],
        lines: Vec::new(),
        trips,
        blocks: vec![block],
        duties: Vec::new(),
        riders,
        unserved,
        parking: Parking::default(),
        on_demand: Vec::new(),
        rest_points: Vec::new(),
        groups: Vec::new(),
        rooms: Vec::new(),
        room_refusals: Vec::new(),
        parts: Vec::new(),
        costs: Costs::default(),
        evaluation: Evaluation { terms, ..Evaluation::default() },
        simulated: None,
        bound: Bound::default(),
        findings: Vec::new(),
    }
}

fn left_out(cohort: &str, people: u32) -> Unserved {
    let (cohort, reason) = (cohort.to_owned(), "full".to_owned());
    Unserved { cohort, people: People(people), reason, relaxations: Vec::new() }
}

/// A day without chance.
fn promised(plan: &Plan, circumstances: &Circumstances) -> Day {
    Prepared::on(&project(), &walks(), plan, &Spreads::NONE).day(1, 0, circumstances)
}

const OUT: [&str; 2] = ["s", "p"];
const BACK: [&str; 2] = ["p", "s"];

/// A fen of a weighted second is 4000/3600.
fn fen(seconds: f64) -> f64 {
    seconds * 4000.0 / 3600.0
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-6, "{a}, not {b}");
}

#[test]
fn without_chance_a_day_is_the_promise() {
    // 08:00 less 230 s of walk and stairs is 07:56:10; the 07:56 train leaves them 10 s, the 07:50 370 s; there 08:10 and 100 s, 200 s
    // before 08:15.
    let out = trip("out", OUT, 8, 0);
    let riders = vec![rider("a", 7_600, &out, None)];
    let a = cohort("a", "station", "park", at(8, 15, 0), TimeKind::ArriveBy, 10_000);
    let plan = plan(vec![a], vec![out], riders, vec![left_out("a", 2_400)]);
    let day = promised(&plan, &Circumstances::EXPECTED);
    let each = 2.0 * (230.0 + 100.0) + 2.0 * (370.0 + 200.0) + 600.0;
    close(day.served, 7.6);
    close(day.weighted_s, 7.6 * each);
    // Walking 2,000 s and 180 s of stairs, weight 2, from the 07:38: 40 s early.
    close(day.objective_fen, 7.6 * fen(each) + 2.4 * fen(2.0 * (2180.0 + 40.0)) + 95_000.0);
    assert_eq!((day.left_behind, day.missed_trains), (0.0, 0.0));
    let simulated =
        simulate(&Prepared::on(&project(), &walks(), &plan, &Spreads::NONE), 50, 1, &Circumstances::EXPECTED);
    close(simulated.generalised_s_mean.mean, each);
    assert_eq!(simulated.objective.low, simulated.objective.high - Fen(1), "sure to the fen");
}

#[test]
fn twenty_certain_people_for_nineteen_seats_leave_one_behind() {
    let out = trip("out", OUT, 8, 0);
    let riders = vec![rider("a", 20_000, &out, None)];
    let a = cohort("a", "home", "park", at(8, 11, 40), TimeKind::ArriveBy, 20_000);
    let alone = plan(vec![a.clone()], vec![out.clone()], riders.clone(), Vec::new());
    let day = promised(&alone, &Circumstances::EXPECTED);
    assert_eq!((day.served, day.left_behind), (19.0, 1.0));
    // 19 walk 50 + 100 s, are at the stop 120 s ahead and ride 600 s, on time to the second. One has walked 50 s and waited, then
    // walks 2,000 s from 08:00 on, weight 2,
    // and is there at 08:33:20, 1,300 s late.
    let last = 2.0 * 50.0 + 2.0 * 120.0 + 2.0 * 2000.0 + 2.0 * 1300.0;
    close(day.objective_fen, 19.0 * fen(2.0 * 150.0 + 2.0 * 120.0 + 600.0) + fen(last) + 95_000.0);
    // With another trip at 08:15 they wait 900 s and are 900 s late: 3,600 + 2 x 100 + 600 weigh less than 6,600 on foot.
    let later = trip("later", OUT, 8, 15);
    let both = plan(vec![a], vec![out, later], riders, Vec::new());
    let day = promised(&both, &Circumstances::EXPECTED);
    assert_eq!((day.served, day.left_behind), (20.0, 1.0));
    close(day.weighted_s, 19.0 * 1140.0 + 2.0 * 150.0 + 2.0 * (120.0 + 900.0 + 900.0) + 600.0);
}

#[test]
fn a_late_bus_misses_the_train() {
    // 18:00 and 100 s to p, 20 s before 18:02; s 18:12; 230 s: 18:15:50. Trains at 18:14, 18:20, 18:26 …: 250 s.
    let back = trip("back", BACK, 18, 2);
    let riders = vec![rider("b", 3_000, &back, Some(at(18, 20, 0)))];
    let b = cohort("b", "park", "station", at(18, 0, 0), TimeKind::DepartAfter, 3_000);
    let plan = plan(vec![b], vec![back], riders, Vec::new());
    let day = promised(&plan, &Circumstances::EXPECTED);
    close(day.weighted_s, 3.0 * (2.0 * 330.0 + 2.0 * (20.0 + 250.0) + 600.0));
    assert_eq!(day.missed_trains, 0.0);
    // At half the speed: s 18:22, platform 18:25:50, the 18:26: 10 s.
    let slow = promised(&plan, &Circumstances { demand: 1.0, speed: 0.5 });
    assert_eq!((slow.served, slow.missed_trains), (3.0, 3.0));
    close(slow.weighted_s, 3.0 * (2.0 * 330.0 + 2.0 * (20.0 + 10.0) + 1200.0));
    // At a hundredth: after the last train (18:32); a taxi for CNY 60 besides.
    let slowest = promised(&plan, &Circumstances { demand: 1.0, speed: 0.01 });
    close(slowest.objective_fen, 3.0 * (fen(2.0 * 330.0 + 2.0 * 20.0 + 60_000.0) + 6000.0) + 95_000.0);
    assert_eq!(slowest.missed_trains, 3.0);
}

#[test]
fn who_is_not_there_in_time_takes_the_next_and_layover_absorbs() {
    // p at 18:01:40, 100 s after the 18:00 has gone; the 18:20 comes of the same vehicle by the 18:10:
    // it is at p 18:20 again after 10 min. (Trips back to back, no layover.)
    let trips = vec![trip("one", BACK, 18, 0), trip("two", OUT, 18, 10), trip("three", BACK, 18, 20)];
    let b = cohort("b", "park", "home", at(18, 0, 0), TimeKind::DepartAfter, 1_000);
    let riders = vec![rider("b", 1_000, &trips[0], None)];
    let plan = plan(vec![b], trips, riders, Vec::new());
    let mut walks = walks();
    walks.ways[0].between.insert(("park".to_owned(), "home".to_owned()), Metres(9000));
    let prepared = Prepared::on(&project(), &walks, &plan, &Spreads::NONE);
    // Waits from 18:01:40 to 18:20: 1,100 s, and 7.75 s for the doors and getting on: the bus has just come. Home is 50 s from s.
    let day = prepared.day(1, 0, &Circumstances::EXPECTED);
    close(day.weighted_s, 2.0 * 150.0 + 2.0 * 1107.75 + 600.0);
    assert_eq!((day.served, day.left_behind), (1.0, 0.0), "nobody was left behind: they were late themselves");
    // At 5/6 of the speed each trip takes 12 min: 18:12 at s, 18:24 at p, 4 min late.
    let slow = prepared.day(1, 0, &Circumstances { demand: 1.0, speed: 5.0 / 6.0 });
    close(slow.weighted_s, 2.0 * 150.0 + 2.0 * (1107.75 + 240.0) + 720.0);
}

/// Down 50 m of steps to a street, or round by a path at their top and the street.
#[test]
fn wheelchairs_go_round_the_steps() {
    let at = |east, north| Local::new(Point { lon: 121.0, lat: 31.0 }).unproject([east, north]);
    let nodes = [(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 100.0, 50.0), (4, 0.0, 50.0)];
    let nodes = nodes.map(|(id, east, north)| Node { id, point: at(east, north) });
    let way = |id, class, wheelchair, nodes: &[i64]| Way {
        id,
        name: String::new(),
        name_en: String::new(),
        class,
        access: Access { wheelchair, ..Access::open([class == Class::Residential; 2], 20) },
        lanes: None,
        layer: 0,
        closed: false,
        nodes: nodes.to_vec(),
    };
    let ways = [
        way(1, Class::Residential, true, &[1, 2]),
        way(2, Class::Steps, false, &[2, 3]),
        way(3, Class::Footway, true, &[3, 4, 1]),
    ];
    let mut project = project();
    (project.sites[1].point, project.sites[2].point) = (at(80.0, -1.0), at(60.5, 52.0));
    let roads = Roads::new(nodes.to_vec(), ways.to_vec(), Vec::new());
    let walker = cohort("a", "home", "park", ServiceTime::hm(8, 15), TimeKind::ArriveBy, 1_000);
    let wheels = Cohort { id: "b".to_owned(), wheelchair: true, ..walker.clone() };
    let mut plan = plan(vec![walker.clone(), wheels.clone()], Vec::new(), Vec::new(), Vec::new());
    let stop = at(90.0, -3.0);
    (plan.stops[0].lon, plan.stops[0].lat) = (stop.lon, stop.lat);
    let walks = Walks::new(&project, &Network::new(&roads, &Speeds::default()), &plan);
    // To the stop 2 + 39.5 + 50 + 10 + 3 or 2 + 60.5 + 50 + 90 + 3, to the park 2 + 39.5 + 50 + 20 + 1 or 2 + 60.5 + 50 + 80 + 1.
    let metres = |cohort| (walks.of(cohort).stop("home", "s"), walks.of(cohort).way("home", "park"));
    assert_eq!(metres(&walker), (Some(Metres(105)), Some(Metres(113))));
    assert_eq!(metres(&wheels), (Some(Metres(206)), Some(Metres(194))));
}

#[test]
fn wheelchairs_left_out_ride_no_bike() {
    // Everybody stays: from home to the park at 08:15 over 2 km, without a train, so without chance.
    let cost = |wheelchair, bike_takes_wheelchairs| {
        let mut project = project();
        let mode = |mode: &str, price, wheelchair| AlternativeMode {
            mode: mode.to_owned(),
            mm_per_s: 4000,
            price: Fen(price),
            weight: 1000,
            wheelchair,
            ..project.alternatives[0].clone()
        };
        let bike = mode("bike", 100, bike_takes_wheelchairs);
        project.alternatives.push(bike);
        let who = cohort("a", "home", "park", ServiceTime::hm(8, 15), TimeKind::ArriveBy, 1_000);
        let plan = plan(vec![Cohort { wheelchair, ..who }], Vec::new(), Vec::new(), vec![left_out("a", 1_000)]);
        let mut walks = walks();
        walks.ways[1] = walks.ways[0].clone();
        let prepared = Prepared::on(&project, &walks, &plan, &Spreads::NONE);
        prepared.day(1, 0, &Circumstances::EXPECTED).objective_fen - 95_000.0
    };
    // 2,000 s on foot weigh double; 500 s by bike and 1 CNY.
    close(cost(false, false), fen(500.0) + 100.0);
    close(cost(true, false), fen(4000.0));
    close(cost(true, true), fen(500.0) + 100.0);
}

#[test]
fn half_more_people_are_half_more() {
    let out = trip("out", OUT, 8, 0);
    let riders = vec![rider("a", 4_000, &out, None)];
    let a = cohort("a", "home", "park", at(8, 15, 0), TimeKind::ArriveBy, 5_000);
    let plan = plan(vec![a], vec![out], riders, vec![left_out("a", 1_000)]);
    let more = promised(&plan, &Circumstances { demand: 1.5, speed: 1.0 });
    close(more.served, 6.0);
    let spread = Prepared::on(&project(), &walks(), &plan, &Spreads { demand_day: 0.0, ..Spreads::default() });
    let served = |demand| simulate(&spread, 2000, 3, &Circumstances { demand, speed: 1.0 }).served.mean;
    // Poisson with mean 4 and 6, five standard errors; hardly anybody is late at the stop for good.
    assert!((served(1.0) - 4.0).abs() < 5.0 * (4.0_f64 / 2000.0).sqrt() + 0.15, "{}", served(1.0));
    assert!((served(1.5) - 6.0).abs() < 5.0 * (6.0_f64 / 2000.0).sqrt() + 0.2, "{}", served(1.5));
}

/// A day with all that can happen: three cohorts in, two back, 37 people for 38 seats in, one vehicle.
fn town() -> Plan {
    let trips = vec![trip("o1", OUT, 8, 0), trip("o2", OUT, 8, 24), trip("b1", BACK, 18, 4), trip("b2", BACK, 18, 26)];
    let cohorts = vec![
        cohort("a", "station", "park", at(8, 15, 0), TimeKind::ArriveBy, 11_500),
        cohort("c", "home", "park", at(8, 13, 0), TimeKind::ArriveBy, 7_000),
        cohort("d", "home", "park", at(8, 40, 0), TimeKind::ArriveBy, 18_500),
        cohort("b", "park", "station", at(18, 0, 0), TimeKind::DepartAfter, 16_000),
        cohort("e", "park", "station", at(18, 20, 0), TimeKind::DepartAfter, 12_000),
    ];
    let riders = vec![
        rider("a", 11_500, &trips[0], None),
        rider("c", 6_500, &trips[0], None),
        rider("d", 18_500, &trips[1], None),
        rider("b", 16_000, &trips[2], Some(at(18, 20, 0))),
        rider("e", 11_000, &trips[3], Some(at(18, 32, 0))),
    ];
    plan(cohorts, trips, riders, vec![left_out("c", 500), left_out("e", 1_000)])
}

#[test]
fn the_same_days_whatever_the_threads() {
    let prepared = Prepared::on(&project(), &walks(), &town(), &Spreads::default());
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| (simulate(&prepared, 90, 5, &Circumstances::EXPECTED), objective(&prepared, 90, 5)))
    };
    let (simulated, mean) = on(1);
    assert_eq!((simulated.clone(), mean), on(3));
    assert_ne!(simulated.objective, simulate(&prepared, 90, 6, &Circumstances::EXPECTED).objective);
    assert!((simulated.objective.mean.0 as f64 - mean).abs() < 1.0);
    // A day alone is that day, whatever was simulated before it.
    let mut world = World::new(&prepared, &Circumstances::EXPECTED);
    let third = (0..4).map(|n| world.day(5, n)).nth(3).unwrap();
    assert_eq!(third, prepared.day(5, 3, &Circumstances::EXPECTED));
    // Everything happens: full vehicles, missed trains; and more of it on slow roads and with more people.
    let worse = simulate(&prepared, 90, 5, &Circumstances { demand: 1.2, speed: 0.8 });
    assert!(simulated.left_behind.mean > 0.1 && simulated.missed_trains.mean > 0.1, "{simulated:?}");
    assert!(
        worse.left_behind.mean > simulated.left_behind.mean && worse.missed_trains.mean > simulated.missed_trains.mean
    );
    assert!(simulated.trips.iter().any(|risk| risk.trip == "o1" && risk.full > 0.2), "{:?}", simulated.trips);
}

#[test]
fn plans_are_compared_on_the_same_days() {
    // A trip that nobody is promised changes nothing but for those left behind; days are the same to the person.
    let mut more = town();
    more.trips.push(trip("idle", OUT, 12, 0));
    let of = |plan: &Plan| Prepared::on(&project(), &walks(), plan, &Spreads::default());
    close(objective(&of(&town()), 60, 9), objective(&of(&more), 60, 9));
}

#[test]
fn intervals_hold_fresh_means_nine_times_in_ten() {
    let prepared = Prepared::on(&project(), &walks(), &town(), &Spreads::default());
    let days = |count, seed| simulate(&prepared, count, seed, &Circumstances::EXPECTED);
    let mut held = [0; 5];
    for seed in 0..40 {
        let known = days(200, 100 + seed);
        let fresh = days(2000, 9000 + seed);
        let within =
            |of: fn(&Simulated) -> Estimate<f64>| (of(&known).low..=of(&known).high).contains(&of(&fresh).mean);
        let objective = |simulated: &Simulated| {
            let fen = simulated.objective;
            Estimate { mean: fen.mean.0 as f64, low: fen.low.0 as f64, high: fen.high.0 as f64 }
        };
        let held_now = [
            within(|s| s.served),
            within(|s| s.generalised_s_mean),
            within(|s| s.left_behind),
            within(|s| s.missed_trains),
            within(objective),
        ];
        for (count, held) in held.iter_mut().zip(held_now) {
            *count += u32::from(held);
        }
    }
    // 200 days against 2,000 rather than 10,000: 1.645 x sqrt((1/200 + 1/10,000) / (1/200 + 1/2,000)) = 1.58: 89 %, 35 of 40.
    // (In 200 repetitions 85 to 91 % were counted.)
    assert!(held.iter().all(|held| *held >= 30), "{held:?} of 40");
}
