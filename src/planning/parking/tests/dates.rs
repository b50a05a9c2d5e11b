//! Single days: what is asked for or lent on a date is of that day only, and of every week what recurs.

use super::*;
use crate::search::cases;

/// Two bays that lend on Thursdays by night, to one car: 2 of 100 cars are assumed to be late, and with two there one more is one too many.
fn cautious() -> Lot {
    Lot { displace_max: 0.01, windows: vec![window("Thu", (18, 0), (32, 0))], ..lot("near", 200.0, 2) }
}

fn on(id: &str, days: &str, from: (u32, u32), to: (u32, u32)) -> ParkingRequest {
    ParkingRequest { window: window(days, from, to), ..request(id) }
}

fn days_of<'a>(parking: &'a Parking, request: &str) -> Option<&'a str> {
    parking.permits.iter().find(|permit| permit.request == request).map(|permit| permit.days.as_str())
}

#[test]
fn two_thursdays_share_a_bay_and_one_does_not() {
    // 2026-12-24 and 31 are Thursdays; one bay.
    let mut project = project();
    project.lots = vec![lot("near", 200.0, 1)];
    project.requests = vec![
        on("christmas", "2026-12-24", (18, 30), (31, 30)),
        on("new-year", "2026-12-31", (18, 30), (31, 30)),
        ParkingRequest { since: None, ..on("late", "2026-12-24", (22, 0), (30, 0)) },
        on("friday", "Fri", (18, 30), (31, 30)),
    ];
    project.requests[0].since = Some("2026-10-01".parse().unwrap());
    let parking = allotted(&project);
    assert_eq!(days_of(&parking, "christmas"), Some("2026-12-24"));
    assert_eq!(days_of(&parking, "new-year"), Some("2026-12-31"));
    assert_eq!(days_of(&parking, "friday"), Some("Fri"));
    // The other is gone at 07:30 only: it would have to be shortened by all its night.
    assert_eq!(refusal(&parking, "late"), ("full".to_owned(), vec![]));
    assert_eq!(parking.refused[0].rank, Some(1));
    assert_eq!(parking.bound.unwrap().served, 3);
    // The Thursday of every week is empty; that of the 24th and the Friday it reaches are not.
    let told: Vec<&str> = parking.occupancy.iter().map(|row| row.day.as_str()).collect();
    assert_eq!(told[7..], ["2026-12-24", "2026-12-25", "2026-12-31", "2027-01-01"]);
    let at = ServiceTime::hm;
    let row = |day: &str| parking.occupancy.iter().find(|row| row.day == day).unwrap().changes.clone();
    assert_eq!(row("Thu"), vec![(at(0, 0), 0, 1), (at(8, 0), 0, 0), (at(18, 0), 0, 1)]);
    assert_eq!(row("2026-12-24"), vec![(at(0, 0), 0, 1), (at(8, 0), 0, 0), (at(18, 0), 0, 1), (at(18, 30), 1, 1)]);
    // Until 07:30 the guest of the night, from 18:30 on who has every Friday.
    let friday = vec![(at(0, 0), 1, 1), (at(7, 30), 0, 1), (at(8, 0), 0, 0), (at(18, 0), 0, 1), (at(18, 30), 1, 1)];
    assert_eq!(row("2026-12-25"), friday);
}

#[test]
fn every_thursday_is_that_one_too() {
    // One bay. Who has it on Thursdays until 23:00 leaves it to a date from then on; who wants it from 22:00 comes an hour too early.
    let mut project = project();
    project.lots = vec![lot("near", 200.0, 1)];
    project.requests = vec![
        ParkingRequest { since: Some("2026-10-01".parse().unwrap()), ..on("weekly", "Thu", (18, 30), (23, 0)) },
        on("early", "2026-12-24", (22, 0), (30, 0)),
        on("after", "2026-12-31", (23, 0), (30, 0)),
        on("wednesday", "2026-12-23", (18, 30), (31, 30)),
    ];
    let parking = allotted(&project);
    assert_eq!(parking.permits.len(), 3);
    assert_eq!(refusal(&parking, "early"), ("full".to_owned(), only("minutes", 60.0)));
    // And the other way round: who asks for every Thursday is held against the dates given before.
    project.requests[0].since = None;
    for request in &mut project.requests[1..] {
        request.since = Some("2026-10-01".parse().unwrap());
    }
    project.requests[0].window.from = ServiceTime::hm(20, 0);
    let parking = allotted(&project);
    // As many are served; those who waited longest stay. 20:00 to 23:00 loses the hour from 22:00 on.
    assert_eq!(parking.permits.len(), 3);
    assert_eq!(refusal(&parking, "weekly"), ("full".to_owned(), only("minutes", 60.0)));
}

#[test]
fn a_night_of_a_sunday_ends_on_monday() {
    // 2026-12-27 is a Sunday; that night's guest is there on Monday 28 until 07:30, as who has every Monday from midnight on sees.
    let mut project = project();
    project.lots = vec![lot("near", 200.0, 1)];
    project.requests = vec![
        ParkingRequest { since: Some("2026-10-01".parse().unwrap()), ..on("sunday", "2026-12-27", (18, 30), (31, 30)) },
        on("monday", "Mon", (6, 0), (8, 0)),
        on("that-monday", "2026-12-28", (7, 30), (8, 0)),
        on("next-monday", "2027-01-04", (6, 0), (8, 0)),
    ];
    let parking = allotted(&project);
    let served: Vec<&str> = parking.permits.iter().map(|permit| permit.request.as_str()).collect();
    assert_eq!(served, ["sunday", "that-monday", "next-monday"]);
    // Two hours, of which an hour and a half are the other's, then half an hour of somebody else, and the last week's all: nothing helps.
    assert_eq!(refusal(&parking, "monday"), ("full".to_owned(), vec![]));
}

#[test]
fn the_owners_promise_counts_all_cars_of_that_night() {
    // Early and late in the evening, one after the other in the same bay: yet the lot bears one car a night.
    let mut project = project();
    project.lots = vec![cautious()];
    project.requests = vec![on("weekly", "Thu", (18, 30), (20, 0)), on("date", "2026-12-24", (21, 0), (31, 0))];
    project.requests[0].since = Some("2026-10-01".parse().unwrap());
    let parking = allotted(&project);
    assert_eq!((days_of(&parking, "weekly"), days_of(&parking, "date")), (Some("Thu"), None));
    assert_eq!(refusal(&parking, "date").0, "full");
    // Two Thursdays are two nights.
    project.requests[0].window = window("2026-12-31", (18, 30), (20, 0));
    assert_eq!(allotted(&project).permits.len(), 2);
    // Lent through Christmas, that night ends on Saturday: who comes on Christmas is one car more in it.
    project.lots[0].windows.push(window("2026-12-25", (8, 0), (32, 0)));
    project.requests = vec![
        ParkingRequest { since: Some("2026-10-01".parse().unwrap()), ..on("night", "Thu", (18, 30), (31, 0)) },
        on("christmas", "2026-12-25", (9, 0), (17, 0)),
        on("boxing-day", "2026-12-26", (1, 0), (7, 0)),
    ];
    let parking = allotted(&project);
    assert_eq!((parking.permits.len(), days_of(&parking, "night")), (1, Some("Thu")));
}

#[test]
fn a_lot_lent_on_a_date_is_lent_then_only() {
    let mut project = project();
    project.lots =
        vec![Lot { windows: vec![window("2026-12-24,2026-12-31", (8, 0), (20, 0))], ..lot("near", 200.0, 2) }];
    project.requests = vec![
        on("thursdays", "Thu", (9, 0), (17, 0)),
        on("both", "2026-12-24,2026-12-31", (9, 0), (17, 0)),
        on("other", "2027-01-07", (9, 0), (17, 0)),
        on("long", "2026-12-24", (19, 0), (21, 0)),
    ];
    let parking = allotted(&project);
    assert_eq!(days_of(&parking, "both"), Some("2026-12-24,2026-12-31"));
    assert_eq!(refusal(&parking, "thursdays"), ("no-lot-at-that-time".to_owned(), vec![]));
    assert_eq!(refusal(&parking, "other"), ("no-lot-at-that-time".to_owned(), vec![]));
    assert_eq!(refusal(&parking, "long"), ("no-lot-at-that-time".to_owned(), only("minutes", 60.0)));
}

/// The most from the request `at` on, each in one of the lots or in none.
fn best(at: usize, of: usize, held: &mut [Vec<usize>], fits: &dyn Fn(usize, &[usize]) -> bool) -> usize {
    if at == of {
        return 0;
    }
    let mut most = best(at + 1, of, held, fits);
    for lot in 0..held.len() {
        held[lot].push(at);
        if fits(lot, &held[lot]) {
            most = most.max(1 + best(at + 1, of, held, fits));
        }
        held[lot].pop();
    }
    most
}

/// Most that can be served, hour by hour through the season, whoever takes what.
fn most(project: &Project) -> usize {
    let hours = |window: &Window| -> Vec<usize> {
        let mut hours: Vec<usize> = in_season(window).into_iter().map(|minute| minute / 60).collect();
        hours.dedup();
        hours
    };
    let asked: Vec<Vec<usize>> = project.requests.iter().map(|request| hours(&request.window)).collect();
    // Of each lot the number of the lending stretch at each hour, 0 where it is closed.
    let stretches: Vec<Vec<usize>> = project
        .lots
        .iter()
        .map(|lot| {
            let mut open = vec![0; SEASON * 168 + 1];
            lot.windows.iter().flat_map(hours).for_each(|hour| open[hour + 1] = 1);
            let mut number = 0;
            for hour in 1..open.len() {
                number += usize::from(open[hour] > 0 && open[hour - 1] == 0);
                open[hour] *= number;
            }
            open.remove(0);
            open
        })
        .collect();
    let fits = |lot: usize, holders: &[usize]| {
        let mut used = vec![0; SEASON * 168];
        let mut cars: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for &holder in holders {
            for &hour in &asked[holder] {
                used[hour] += 1;
                cars.entry(stretches[lot][hour]).or_default().insert(holder);
            }
        }
        let bays = project.lots[lot].bays;
        let bears = |cars: &BTreeSet<usize>| project.lots[lot].displace_max >= 1.0 || cars.len() <= 1;
        !cars.contains_key(&0) && used.iter().all(|used| *used <= bays) && cars.values().all(bears)
    };
    best(0, asked.len(), &mut vec![Vec::new(); project.lots.len()], &fits)
}

#[test]
fn as_many_as_the_calendar_allows() {
    let days =
        ["Thu", "Thu,Sun", "daily", "2026-12-24", "2026-12-27", "2026-12-24,2026-12-31", "2026-12-31", "Sun,Mon"];
    let mut random = Random::new(11);
    let (mut served, mut refused) = (0, 0);
    for number in 0..cases(40, 600) {
        let mut project = project();
        project.lots = (0..1 + random.below(2))
            .map(|n| Lot {
                windows: vec![window(["daily", "Thu,Sun", "Mon-Fri"][random.below(3)], (18, 0), (32, 0))],
                displace_max: [1.0, 0.01][random.below(2)],
                ..lot(&format!("l{n}"), 200.0 * (1 + n) as f64, 2)
            })
            .collect();
        if random.below(2) == 0 {
            let more = window(["2026-12-25", "2026-12-27,2026-12-28"][random.below(2)], (8, 0), (18, 0));
            project.lots[0].windows.push(more);
        }
        project.requests = (0..3 + random.below(4))
            .map(|n| {
                let from = [18, 19, 22, 9][random.below(4)];
                let to = if from == 9 { 17 } else { 26 + random.below(7) as u32 };
                on(&format!("r{n}"), days[random.below(days.len())], (from, 0), (to, 0))
            })
            .collect();
        let parking = allotted(&project);
        let most = most(&project);
        assert_eq!(parking.permits.len(), most, "case {number}: {:?} {:?}", project.lots, project.requests);
        assert!(parking.bound.unwrap().served as usize >= most, "case {number}");
        served += parking.permits.len();
        refused += parking.refused.len();
    }
    println!("{served} served, {refused} refused");
    assert!(served > 60 && refused > 30);
}

#[test]
fn records_of_dates_teach_as_others_do() {
    // Twenty bays lent on two Thursdays; every fiftieth car of the last one was there until 08:40.
    let mut project = project();
    let thursdays = || window("2026-12-24,2026-12-31", (18, 0), (32, 0));
    project.lots = vec![Lot { displace_max: 0.01, windows: vec![thursdays()], ..lot("near", 200.0, 20) }];
    project.requests = (0..20).map(|n| on(&format!("r{n}"), "2026-12-31", (18, 30), (31, 30))).collect();
    let network = Network::new(&project.roads, &project.speeds());
    let planned = |project: &Project| {
        let (parking, findings) = allot(project, &network, &Run::quiet(1));
        let told = |code: &str| findings.iter().find(|finding| finding.code == code).cloned();
        (parking.permits.len(), told("parking-history-skipped"), told("parking-history-missing"))
    };
    let recorded = |project: &mut Project, date: &str| {
        let left = |n: u32| if n.is_multiple_of(50) { ServiceTime::hm(32, 40) } else { ServiceTime::hm(7, 20) };
        let of = |n: u32| Departure {
            lot: "near".to_owned(),
            date: date.parse().unwrap(),
            request: "r0".to_owned(),
            left: left(n),
        };
        project.parking_history = (0..20_000).map(of).collect();
    };
    // As if it were lent every week: 18, worked out where that is tested.
    recorded(&mut project, "2026-12-24");
    assert_eq!(planned(&project), (18, None, None));
    // A Thursday on which nothing was lent tells nothing, and that is said.
    recorded(&mut project, "2026-12-17");
    let (_, skipped, missing) = planned(&project);
    assert_eq!(skipped.map(|finding| finding.args["count"].clone()), Some(20_000_u32.into()));
    assert!(missing.is_some());
    // Where the date is over for planning, the lot and who asked are still known.
    recorded(&mut project, "2026-12-24");
    project.lots[0].windows = vec![window("2026-12-31", (18, 0), (32, 0))];
    project.past.lent.insert("near".to_owned(), vec![window("2026-12-24", (18, 0), (32, 0))]);
    project.past.asked.insert("old".to_owned(), vec![window("2026-12-24", (18, 30), (31, 30))]);
    project.parking_history.iter_mut().for_each(|record| record.request = "old".to_owned());
    assert_eq!(planned(&project), (18, None, None));
    // A lot of every week that lends on a date too: the date's stretch is the day's, 18:00 to 10:00, and 08:40 in time.
    let weekly = |days: &str, to: u32| window(days, (18, 0), (to, 0));
    project.lots[0].windows = vec![weekly("Thu", 32), weekly("2026-12-24,2026-12-31", 34)];
    let (longer, skipped, _) = planned(&project);
    assert_eq!((longer, skipped), (20, None));
}

#[test]
fn a_stop_is_heeded_within_one_persons_refusal() {
    // Forty lots that lend by night, and by day on sixty dates; three hundred who come an hour too early and stay an hour too long.
    let mut project = project();
    let first: jiff::civil::Date = "2026-12-01".parse().unwrap();
    let dates: Vec<String> = (0..60).map(|n| first.saturating_add(jiff::Span::new().days(2 * n)).to_string()).collect();
    let windows = || vec![window("daily", (18, 0), (32, 0)), window(&dates.join(","), (9, 0), (16, 30))];
    project.lots = (0..40_u32)
        .map(|n| Lot { windows: windows(), ..lot(&format!("l{n}"), 50.0 + 10.0 * f64::from(n), 5) })
        .collect();
    project.requests = (0..300)
        .map(|n| ParkingRequest { window: window("daily", (17, 0), (33, 0)), ..request(&format!("r{n}")) })
        .collect();
    let network = Network::new(&project.roads, &project.speeds());
    let run = Run::quiet(1);
    let walks = walks::on_foot(&project, &network, &mut Vec::new());
    let case = Case::new(&project, walks, &run, &mut Vec::new());
    let held = vec![None; project.requests.len()];
    // Asked for the third time it says so.
    let asked = Cell::new(0_u32);
    let look = || {
        asked.set(asked.get() + 1);
        asked.get() >= 3
    };
    let refusals = refusals::explain(&case, &held, &look);
    look();
    assert_eq!(refusals.len(), 300);
    assert_eq!(asked.get(), 4, "once it is told to stop it does not ask again");
    // Who was looked at before is told all, who comes after the reason only.
    let told = refusals.iter().filter(|refusal| !refusal.relaxations.is_empty()).count();
    // By work, not by the clock: a look comes after what two or three people need, of three hundred.
    assert!((1..=9).contains(&told), "{told}");
    assert!(refusals.iter().all(|refusal| refusal.reason == "no-lot-at-that-time"));
    // Nobody stops it: everybody is told.
    project.requests.truncate(3);
    let walks = walks::on_foot(&project, &network, &mut Vec::new());
    let case = Case::new(&project, walks, &run, &mut Vec::new());
    asked.set(0);
    let never = || {
        asked.set(asked.get() + 1);
        false
    };
    let refusals = refusals::explain(&case, &held[..3], &never);
    assert!(asked.get() >= 1, "three people are more than one look");
    assert!(refusals.iter().all(|refusal| !refusal.relaxations.is_empty()));
}
