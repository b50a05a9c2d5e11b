use super::*;
use crate::domain::site::Kerb;
use crate::domain::units::Metres;
use crate::planning::plan::ServiceDays;
use crate::planning::plan::{
    Alternative, Block, Bound, Cohort, Costs, Estimate, Evaluation, FORMAT, Leg, Line, Mode, OnDemand, Parking,
    RideDay, RideRules, RideWorth, Rider, Standby, StopTime, TimeKind,
};

fn stop(id: &str, lat: f64) -> Stop {
    Stop {
        id: id.to_owned(),
        name: format!("{id}站"),
        name_en: String::new(),
        lon: 121.45,
        lat,
        way: 1,
        between: [1, 2],
        offset_m: 0.0,
        side: Kerb::Right,
        site: None,
        step_free: true,
    }
}

fn line(id: &str, stops: &[&str]) -> Line {
    Line {
        id: id.to_owned(),
        name: format!("{id}路"),
        name_en: format!("Line {id}"),
        mode: Mode::Shuttle,
        direction: 0,
        stops: stops.iter().map(|&stop| stop.to_owned()).collect(),
        geometry: Vec::new(),
        stop_positions: Vec::new(),
        km: 1.0,
    }
}

fn trip(id: &str, line: &str, hours: u32, minutes: u32) -> Trip {
    let at = ServiceTime::hm(hours, minutes);
    Trip {
        id: id.to_owned(),
        service: "weekday".to_owned(),
        line: line.to_owned(),
        block: "b".to_owned(),
        times: vec![StopTime { stop: "a".to_owned(), arrive: at, depart: at }],
        load: Vec::new(),
    }
}

fn cohort(id: &str, people: u32) -> Cohort {
    Cohort {
        id: id.to_owned(),
        origin: "metro".to_owned(),
        destination: "park".to_owned(),
        time: ServiceTime::hm(9, 0),
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

fn rider(cohort: &str, people: u32) -> Rider {
    Rider {
        cohort: cohort.to_owned(),
        people: People::whole(people),
        legs: Vec::new(),
        walk_m: Metres(0),
        wait_s: Seconds(0),
        ride_s: Seconds(0),
        train: None,
    }
}

fn plan() -> Plan {
    Plan {
        format: FORMAT.to_owned(),
        id: "p".to_owned(),
        parent: None,
        started_from: None,
        inputs_hash: String::new(),
        seed: 1,
        iterations: 0,
        chains: 1,
        services: Vec::new(),
        cohorts: vec![cohort("big", 20), cohort("small", 4), cohort("tiny", 3)],
        stops: vec![stop("a", 31.27), stop("b", 31.28), stop("c", 31.29)],
        lines: vec![line("1", &["a", "b"]), line("2", &["b", "a"])],
        trips: vec![trip("t1", "1", 8, 0), trip("t2", "1", 8, 20), trip("t3", "2", 18, 0)],
        blocks: Vec::new(),
        duties: Vec::new(),
        riders: vec![rider("big", 12)],
        unserved: Vec::new(),
        parking: Parking::default(),
        on_demand: Vec::new(),
        rest_points: Vec::new(),
        groups: Vec::new(),
        rooms: Vec::new(),
        room_refusals: Vec::new(),
        parts: Vec::new(),
        costs: Costs::default(),
        evaluation: Evaluation::default(),
        simulated: None,
        bound: Bound::default(),
        findings: Vec::new(),
    }
}

/// Changes as "key arg=value …", the Chinese names left out.
fn text(old: &Plan, new: &Plan) -> Vec<String> {
    diff(old, new, People::whole(5))
        .iter()
        .map(|change| {
            let args: Vec<String> = change
                .args()
                .into_iter()
                .map(|(name, value)| match value {
                    Argument::Number(number) => format!("{name}={number}"),
                    Argument::Text(text) => format!("{name}={text}"),
                })
                .collect();
            format!("{} {}", change.key(), args.join(" "))
        })
        .collect()
}

#[test]
fn the_same_plan_has_no_changes() {
    assert_eq!(diff(&plan(), &plan(), People::whole(5)), vec![]);
}

#[test]
fn stops_and_lines() {
    let mut new = plan();
    // 0.0009 degrees of latitude are 100 m. Line 2 has another id but the same stops; line 1 goes on to d.
    new.stops = vec![stop("a", 31.2709), stop("b", 31.28), stop("d", 31.3)];
    new.lines = vec![line("1", &["a", "d"]), line("9", &["b", "a"]), line("3", &["d", "a"])];
    new.trips[2].line = "9".to_owned();
    assert_eq!(
        text(&plan(), &new),
        [
            "change-stop-moved stop=a站 stop_en=a站 metres=100",
            "change-stop-added stop=d站 stop_en=d站",
            "change-stop-removed stop=c站 stop_en=c站",
            "change-line-changed line=1路 line_en=Line 1 added=d站 added_en=d站 removed=b站 removed_en=b站",
            "change-line-added line=3路 line_en=Line 3",
        ]
    );
    let mut fewer = plan();
    fewer.lines.pop();
    fewer.trips.pop();
    assert_eq!(
        text(&plan(), &fewer),
        [
            "change-line-removed line=2路 line_en=Line 2",
            "change-trip-removed line=2路 line_en=Line 2 service=weekday time=18:00",
        ]
    );
}

#[test]
fn departures_are_matched_by_id_then_by_time() {
    let mut new = plan();
    // t1 keeps its id; t2 has become x (8:20 -> 8:15); y is new; t3 is 40 min later: another departure.
    new.trips = vec![trip("t1", "1", 8, 3), trip("x", "1", 8, 15), trip("y", "1", 9, 0), trip("t3", "2", 18, 40)];
    assert_eq!(
        text(&plan(), &new),
        [
            "change-trip-later line=1路 line_en=Line 1 start=a站 start_en=a站 service=weekday from=08:00 to=08:03 minutes=3",
            "change-trip-earlier line=1路 line_en=Line 1 start=a站 start_en=a站 service=weekday from=08:20 to=08:15 minutes=5",
            "change-trip-added line=1路 line_en=Line 1 service=weekday time=09:00",
            "change-trip-removed line=2路 line_en=Line 2 service=weekday time=18:00",
            "change-trip-added line=2路 line_en=Line 2 service=weekday time=18:40",
        ]
    );
    // Without ids: 8:00, 8:20 against 8:05, 8:25 are two shifts of 5 min, not 8:20 kept near 8:25 and 8:00 dropped.
    new.trips = vec![trip("u", "1", 8, 5), trip("v", "1", 8, 25), trip("t3", "2", 18, 0)];
    assert_eq!(text(&plan(), &new).len(), 2);
}

#[test]
fn small_groups_are_told_only_together() {
    let mut new = plan();
    new.riders = vec![rider("big", 4), rider("big", 1), rider("small", 4), rider("tiny", 3)];
    assert_eq!(
        text(&plan(), &new),
        [
            "change-people-lost cohort=big service=weekday origin=metro destination=park time=09:00 people=7",
            "change-others-gained people=7",
        ]
    );
    new.riders = vec![rider("big", 12), rider("small", 4)];
    assert_eq!(diff(&plan(), &new, People::whole(5)), vec![], "four people are nobody's business");
}

#[test]
fn who_takes_another_departure_is_told_of_enough_people() {
    let on = |trips: &[(&str, u32)]| {
        let mut plan = plan();
        for trip in &mut plan.trips {
            let from = trip.times[0].clone();
            trip.times.push(StopTime { stop: "b".to_owned(), ..from });
        }
        let legs = |trip: &str| vec![Leg { trip: trip.to_owned(), board: "a".to_owned(), alight: "b".to_owned() }];
        plan.riders = trips.iter().map(|(trip, people)| Rider { legs: legs(trip), ..rider("big", *people) }).collect();
        plan
    };
    // Seven of twelve change to the 08:20; two more that did not ride before do not count.
    assert_eq!(
        text(&on(&[("t1", 12)]), &on(&[("t1", 5), ("t2", 9)])),
        ["change-people-take line=1路 line_en=Line 1 start=a站 start_en=a站 service=weekday time=08:20 people=7"]
    );
    assert_eq!(text(&on(&[("t1", 12)]), &on(&[("t1", 8), ("t2", 4)])), [""; 0], "four are told to nobody");
}

#[test]
fn figures_stand_side_by_side() {
    let (one, mut two) = (plan(), plan());
    let block = |id: &str, service: &str| Block {
        id: id.to_owned(),
        service: service.to_owned(),
        vehicle_type: "bus".to_owned(),
        depot: "yard".to_owned(),
        items: Vec::new(),
    };
    two.blocks = vec![block("1", "weekday"), block("2", "weekday"), block("3", "weekend")];
    let rows = side_by_side(&[&one, &two]);
    let row = |figure: &str| rows.iter().find(|row| row.figure == figure).unwrap().values.clone();
    assert_eq!(row("compare-vehicles"), [Value::Count(0), Value::Count(2)]);
    assert_eq!(row("compare-trips"), [Value::Count(3), Value::Count(3)]);
    assert!(rows.iter().all(|row| row.values.len() == 2));
}

#[test]
fn rides_on_request_are_weighted_by_the_days_they_are_offered() {
    let (one, mut two) = (plan(), plan());
    assert!(side_by_side(&[&one]).iter().all(|row| !row.figure.starts_with("compare-rides")));
    let day = |day| jiff::civil::date(2026, 12, day);
    let weekday = ServiceDays {
        id: "weekday".to_owned(),
        days: "Mon-Fri".to_owned(),
        from: day(1),
        until: day(31),
        added: vec![],
        removed: vec![],
    };
    two.services = vec![weekday.clone()];
    two.on_demand = vec![OnDemand {
        id: "midday".to_owned(),
        name: String::new(),
        name_en: String::new(),
        service: "weekday".to_owned(),
        from: ServiceTime::hm(9, 30),
        until: ServiceTime::hm(16, 30),
        stops: vec![],
        vehicles: vec![Standby {
            id: "midday-1".to_owned(),
            vehicle_type: "bus".to_owned(),
            seats: 19,
            wheelchair_places: 0,
            depot: "yard".to_owned(),
            block: None,
            stints: vec![],
            km: 20.0,
            over_km: 0.0,
            fen: Fen(40_000),
        }],
        rules: RideRules::default(),
        depots: vec![],
        seconds: vec![],
        metres: vec![],
        asks: vec![],
        worth: RideWorth {
            served: Estimate { mean: 12.0, low: 11.0, high: 13.0 },
            running_fen: Fen(40_000),
            upkeep_fen: Fen(6_000),
            ..RideWorth::default()
        },
        day: RideDay::default(),
    }];
    let rows = side_by_side(&[&one, &two]);
    let row = |figure: &str| rows.iter().find(|row| row.figure == figure).unwrap().values.clone();
    assert_eq!(row("compare-rides-served"), [Value::Number(0.0), Value::Number(12.0)]);
    assert_eq!(row("compare-rides-cost"), [Value::Fen(Fen(0)), Value::Fen(Fen(46_000))]);
    // As many days again of another service: half as much on a mean day.
    two.services.push(ServiceDays { id: "again".to_owned(), ..weekday });
    let rows = side_by_side(&[&two]);
    let row = |figure: &str| rows.iter().find(|row| row.figure == figure).unwrap().values.clone();
    assert_eq!(
        (row("compare-rides-served"), row("compare-rides-cost")),
        (vec![Value::Number(6.0)], vec![Value::Fen(Fen(23_000))])
    );
    two.on_demand[0].vehicles.clear();
    let rows = side_by_side(&[&two]);
    assert_eq!(rows.iter().find(|row| row.figure == "compare-rides-served").unwrap().values, [Value::Number(0.0)]);
}
