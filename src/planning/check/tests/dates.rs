//! Single days: what is planted on a date is found there.

use super::*;
use crate::planning::{Parts, make_plan};
use crate::search::{Answer, Progress, Run};

/// One bay: r1 has it in the night of Thursday 2026-12-24, r2 in that of the 31st. One room: c1 has it on Monday 28, c2 a week later.
fn dated() -> (Project, Plan) {
    let mut whole = project();
    let mut plan = plan(&whole);
    let days = |text: &str| Days::parse(text).unwrap();
    whole.requests[0].window.days = days("2026-12-24");
    whole.requests[1].window.days = days("2026-12-31");
    let second = Permit { request: "r2".to_owned(), ..plan.parking.permits[0].clone() };
    plan.parking.permits.push(second);
    for (permit, request) in plan.parking.permits.iter_mut().zip(&whole.requests) {
        permit.days = request.window.days.to_string();
    }
    plan.parking.refused.clear();
    plan.parking.bound = None;
    let row = |day: &str, before: u32, after: u32| Occupancy {
        lot: "coach".to_owned(),
        day: day.to_owned(),
        changes: vec![(ServiceTime(0), before, 1), (ServiceTime::hm(8, 0), 0, 0), (ServiceTime::hm(18, 0), after, 1)],
    };
    plan.parking.occupancy = DAYS.iter().map(|day| row(day, 0, 0)).collect();
    let dates = [("2026-12-24", 0, 1), ("2026-12-25", 1, 0), ("2026-12-31", 0, 1), ("2027-01-01", 1, 0)];
    plan.parking.occupancy.extend(dates.map(|(day, before, after)| row(day, before, after)));
    whole.claims[0].window.days = days("2026-12-28");
    whole.claims[1].window.days = days("2027-01-04");
    let first = plan.rooms[0].clone();
    plan.rooms = whole
        .claims
        .iter()
        .map(|claim| RoomUse { claim: claim.id.clone(), days: claim.window.days.to_string(), ..first.clone() })
        .collect();
    plan.room_refusals.clear();
    (whole, plan)
}

/// The second request and its permit, or the second claim and its use, for other days.
fn move_to(days: &str, project: &mut Project, plan: &mut Plan) {
    project.requests[1].window.days = Days::parse(days).unwrap();
    plan.parking.permits[1].days = days.to_owned();
}

fn claim_on(days: &str, project: &mut Project, plan: &mut Plan) {
    project.claims[1].window.days = Days::parse(days).unwrap();
    plan.rooms[1].days = days.to_owned();
}

#[test]
fn dates_are_judged_day_by_day() {
    let (whole, honest) = dated();
    assert_eq!(codes(&whole, &honest.clone().sealed()), codes(&project(), &plan(&project()).sealed()));
    type Change = fn(&mut Project, &mut Plan);
    let changes: &[(&str, Change)] = &[
        ("check-bay-twice", |project, plan| move_to("2026-12-24", project, plan)),
        ("check-bay-twice", |project, plan| move_to("Thu", project, plan)),
        // The nights of one and the other meet where one lasts into the next day.
        ("check-bay-twice", |project, plan| {
            move_to("2026-12-25", project, plan);
            project.requests[1].window.from = ServiceTime::hm(7, 0);
            plan.parking.permits[1].from = ServiceTime::hm(7, 0);
        }),
        ("check-permit-hours", |project, _| project.lots[0].windows[0].days = Days::parse("2026-12-24").unwrap()),
        ("check-permit-window", |_, plan| plan.parking.permits[1].days = "Thu".to_owned()),
        ("check-permit-window", |_, plan| plan.parking.permits[1].days = "2027-01-07".to_owned()),
        ("check-occupancy", |_, plan| {
            plan.parking.occupancy.pop().unwrap();
        }),
        ("check-occupancy", |_, plan| plan.parking.occupancy[7].changes[2].1 = 0),
        // Every Thursday is said to be what two of them are.
        ("check-occupancy", |_, plan| plan.parking.occupancy[3].changes[2].1 = 1),
        // What is to be left free is taken on a date.
        ("check-displacement", |_, plan| plan.parking.displacement[0].reserve = 1),
        ("check-room-twice", |project, plan| claim_on("2026-12-28", project, plan)),
        ("check-room-twice", |project, plan| claim_on("Mon", project, plan)),
        ("check-room-window", |project, plan| claim_on("2027-01-03", project, plan)),
    ];
    for (number, (code, change)) in changes.iter().enumerate() {
        let (mut project, mut changed) = (whole.clone(), honest.clone());
        change(&mut project, &mut changed);
        let found = codes(&project, &changed.sealed());
        assert!(found.contains(*code), "{number}: {code} not among {found:?}");
    }
}

#[test]
fn what_a_refusal_says_of_dates_is_judged_by_the_date() {
    // One room, from 9 to 18 o'clock on working days; c1 has it from 10 to 12, c2 asked for the same. 2026-12-28 is a Monday.
    let answers = |first: &str, second: &str, changes: &[RoomChange]| {
        let mut project = project();
        let mut plan = plan(&project);
        project.claims[0].window.days = Days::parse(first).unwrap();
        plan.rooms[0].days = first.to_owned();
        project.claims[1].window.days = Days::parse(second).unwrap();
        plan.room_refusals[0].relaxations = changes.to_vec();
        codes(&project, &plan.sealed())
    };
    let later = |day: &str| room_change("minutes_later", 120, day, 12);
    let on = |day: &str| room_change("days", 1, day, 10);
    let honest = codes(&project(), &plan(&project()).sealed());
    for (first, second, next) in
        [("Mon", "2026-12-28", "2026-12-29"), ("2026-12-28", "2026-12-28", "2026-12-29"), ("2026-12-28", "Mon", "Tue")]
    {
        assert_eq!(answers(first, second, &[later(second), on(next)]), honest, "{first} {second}");
        // Sundays are closed; a date is not every such weekday, nor the same of another week; nothing is left out.
        let lies =
            [on("2026-12-27"), on("Sun"), on(if next == "Tue" { "2026-12-29" } else { "Tue" }), on("2027-01-05")];
        for lie in lies {
            let found = answers(first, second, &[later(second), lie]);
            assert!(found.contains("check-room-change"), "{first} {second}: {found:?}");
        }
        assert!(answers(first, second, &[later(second)]).contains("check-room-change"));
    }
    // A week later it is free.
    assert!(answers("2026-12-28", "2027-01-04", &[]).contains("check-claim-reason"));
}

#[test]
fn a_district_with_many_dates_is_judged_in_time() {
    // A hundred lots and rooms that are lent by night and on sixty dates; a thousand who ask, a third of them on dates.
    let mut project = Project { roads: std::sync::Arc::new(city(&Grid::default())), ..Project::default() };
    let first: jiff::civil::Date = "2026-12-01".parse().unwrap();
    let date = |n: u32| first.saturating_add(jiff::Span::new().days(2 * i64::from(n % 60))).to_string();
    let dates = (0..60).map(date).collect::<Vec<_>>().join(",");
    let window = |days: &str, from: u32, to: u32| Window {
        days: Days::parse(days).unwrap(),
        from: ServiceTime::hm(from, 0),
        to: ServiceTime::hm(to, 0),
    };
    let place = |n: u32| {
        Local::new(Grid::default().corner).unproject([f64::from(n % 50) * 36.0, f64::from(n / 50 % 50) * 36.0])
    };
    for n in 0..100_u32 {
        project.lots.push(Lot {
            id: format!("l{n}"),
            name: format!("l{n}"),
            point: place(n * 23),
            gate: None,
            owner: String::new(),
            bays: 10,
            accessible_bays: 0,
            charging_bays: 0,
            windows: vec![window("daily", 18, 32), window(&dates, 9, 17)],
            price: Fen::ZERO,
            owner_return: Vec::new(),
            displace_max: 1.0,
            exchange: false,
        });
        project.rooms.push(Room {
            id: format!("m{n}"),
            site: String::new(),
            kind: format!("k{}", n % 30),
            seats: 10,
            window: if n.is_multiple_of(3) { window(&dates, 9, 21) } else { window("daily", 9, 21) },
            who: String::new(),
        });
    }
    for n in 0..1000_u32 {
        let asked = |from: u32| {
            if n.is_multiple_of(3) {
                window(&date(n / 3), from, from + 4)
            } else {
                window("daily", from + 9, from + 13)
            }
        };
        project.requests.push(ParkingRequest {
            id: format!("r{n}"),
            home: Place::Point(place(n * 3)),
            area: None,
            party: None,
            window: asked(10),
            max_walk: Metres(500),
            max_price: None,
            accessible: false,
            charging: false,
            current_lot: None,
            since: None,
        });
        let hours = if n.is_multiple_of(3) {
            window(&date(n / 3), 9 + n % 8, 11 + n % 8)
        } else {
            window("Mon,Thu", 9 + n % 8, 11 + n % 8)
        };
        project.claims.push(Claim {
            id: format!("c{n}"),
            room: format!("k{}", n % 30),
            window: hours,
            people: 5,
            group: String::new(),
        });
    }
    let parts = Parts { shuttle: false, parking: true, rest: false, groups: false, rooms: true };
    let begun = std::time::Instant::now();
    let watch = |_: &Progress| Answer { stop: true, ..Answer::GO };
    let run = Run { watch: &watch, ..Run::quiet(1) };
    let plan = make_plan(&project, parts, None, &run, &|_| ()).unwrap().best;
    let made = begun.elapsed().as_secs_f64();
    println!("made {made:.1} s: {} permits, {} rooms", plan.parking.permits.len(), plan.rooms.len());
    let begun = std::time::Instant::now();
    let (mut report, case) = (Report::default(), Case::new(&project, &plan));
    let ground = Ground::new(&case);
    parking::check(&case, &ground, &mut report);
    let bays = begun.elapsed();
    rooms::check(&case, &mut report);
    let rooms = begun.elapsed() - bays;
    room_refusals::check(&case, &mut report);
    let refusals = begun.elapsed() - bays - rooms;
    println!("bays {bays:?}, rooms {rooms:?}, refusals of rooms {refusals:?}");
    assert!(report.finish().is_empty());
    // It was six parts of seven of the making, which has itself judged; now two of five. (A share: other work of the machine slows both.)
    let judged = begun.elapsed().as_secs_f64();
    assert!(judged < 0.65 * made, "{judged} s of {made} s");
}
