//! Who gets which room, and whether what a refusal says would help, helps: judged minute by minute from the plan's rows.

use super::*;
use crate::domain::calendar::{Days, Week, Window, date_of, day_number};
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::plan::RoomChange;
use crate::planning::{Parts, make_plan};
use crate::search::{Random, cases};

const ROOMS: Parts = Parts { shuttle: false, parking: false, rest: false, groups: false, rooms: true };

fn window(days: &str, from: u32, to: u32) -> Window {
    let days = Days::parse(days).unwrap();
    Window { days, from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
}

fn room(id: &str, kind: &str, seats: u32) -> Room {
    let window = window("Mon-Fri", 9, 21);
    Room { id: id.into(), site: "s".into(), kind: kind.into(), seats, window, who: String::new() }
}

fn claim(id: &str, room: &str, days: &str, from: u32, to: u32, people: u32) -> Claim {
    Claim { id: id.into(), room: room.into(), window: window(days, from, to), people, group: String::new() }
}

#[test]
fn rooms_go_to_those_they_fit_and_the_others_are_told_why() {
    let project = Project {
        rooms: vec![room("big", "meeting", 40), room("small", "meeting", 10)],
        claims: vec![
            claim("any", "meeting", "Mon", 10, 12, 8),
            claim("fixed", "small", "Mon", 11, 13, 5),
            claim("later", "small", "Mon", 12, 14, 5),
            claim("crowd", "meeting", "Wed", 9, 10, 50),
            claim("night", "big", "Tue", 20, 22, 5),
            claim("none", "sauna", "Tue", 20, 21, 5),
            claim("weekly", "big", "Tue,Thu", 9, 11, 30),
        ],
        ..Project::default()
    };
    let Granted { uses, refusals, findings } = grant(&project, &Run::quiet(1));
    let rows: Vec<String> = uses.iter().map(|row| format!("{} {} {}", row.claim, row.room, row.days)).collect();
    // "any" goes to the big one so that "fixed" gets the small one; "later" overlaps it by an hour and stands after it.
    assert_eq!(rows, ["any big Mon", "fixed small Mon", "weekly big Tue,Thu"]);
    assert_eq!(
        told(&refusals),
        [
            "later taken",
            "other_room 1: big Mon 12:00-14:00",
            "minutes_later 60: small Mon 13:00-15:00",
            "minutes_earlier 180: small Mon 09:00-11:00",
            "minutes 60: small Mon 13:00-14:00",
            "days 1: small Tue 12:00-14:00",
            // 40 of 50; not on other days, when there are no more seats either.
            "crowd too-small",
            "people 10: big Wed 09:00-10:00",
            "night closed",
            "minutes_earlier 60: big Tue 19:00-21:00",
            "minutes 60: big Tue 20:00-21:00",
            // Open till 21 o'clock on all days.
            "none no-room",
            "other_room 1: small Tue 20:00-21:00",
        ]
    );
    let findings: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(findings, ["room-claims-refused"]);
}

/// Refusals as lines: claim and reason, then its changes.
fn told(refusals: &[RoomRefusal]) -> Vec<String> {
    let change = |change: &RoomChange| {
        let (from, to) = (change.from.clock(), change.to.clock());
        format!("{} {}: {} {} {from}-{to}", change.kind, change.amount, change.room, change.days)
    };
    let lines = |row: &RoomRefusal| {
        let claim = format!("{} {}", row.claim, row.reason);
        std::iter::once(claim).chain(row.relaxations.iter().map(change)).collect::<Vec<_>>()
    };
    refusals.iter().flat_map(lines).collect()
}

#[test]
fn a_room_on_a_date_is_taken_on_that_day_only() {
    // 2026-12-24 and 31 are Thursdays; one room, open from 9 to 21 o'clock on working days.
    let project = Project {
        rooms: vec![room("small", "meeting", 10)],
        claims: vec![
            claim("party", "small", "2026-12-24", 14, 18, 8),
            claim("same", "meeting", "2026-12-24", 17, 19, 8),
            claim("week-on", "small", "2026-12-31", 14, 18, 8),
            claim("weekly", "small", "Thu", 17, 19, 8),
            claim("evening", "small", "Thu", 18, 21, 8),
            claim("saturday", "small", "2026-12-26", 10, 12, 8),
        ],
        ..Project::default()
    };
    let Granted { uses, refusals, .. } = grant(&project, &Run::quiet(1));
    let rows: Vec<String> = uses.iter().map(|row| format!("{} {}", row.claim, row.days)).collect();
    assert_eq!(rows, ["party 2026-12-24", "week-on 2026-12-31", "evening Thu"]);
    assert_eq!(
        told(&refusals),
        [
            // After the party "evening" has it till it closes; before the party it is free. The next day is a Friday.
            "same taken",
            "minutes_earlier 300: small 2026-12-24 12:00-14:00",
            "days 1: small 2026-12-25 17:00-19:00",
            // Every Thursday is also the 24th, and each has its evening.
            "weekly taken",
            "minutes_earlier 300: small Thu 12:00-14:00",
            "days 1: small Fri 17:00-19:00",
            // Sunday is closed too; a day earlier is Friday the 25th.
            "saturday closed",
            "days 1: small 2026-12-25 10:00-12:00",
        ]
    );
}

#[test]
fn a_weekly_claim_is_refused_for_a_single_day_and_a_date_for_every_week() {
    // 2026-12-24 and 31 are Thursdays.
    let project = Project {
        rooms: vec![room("small", "meeting", 10)],
        claims: vec![
            claim("party", "small", "2026-12-24", 14, 16, 8),
            claim("supper", "small", "2026-12-25", 9, 21, 8),
            claim("tea", "small", "Wed", 15, 17, 8),
            claim("weekly", "small", "Thu", 15, 17, 8),
            claim("single", "small", "2026-12-23", 15, 17, 8),
            claim("free", "small", "2026-12-31", 15, 17, 8),
        ],
        ..Project::default()
    };
    let Granted { uses, refusals, .. } = grant(&project, &Run::quiet(1));
    let rows: Vec<String> = uses.iter().map(|row| format!("{} {}", row.claim, row.days)).collect();
    assert_eq!(rows, ["party 2026-12-24", "supper 2026-12-25", "tea Wed", "free 2026-12-31"]);
    assert_eq!(
        told(&refusals),
        [
            // Of some Thursday 14 to 16 o'clock are given out, of another 15 to 17. Friday has a supper once, Wednesday tea, Saturday is
            // closed: Tuesday.
            "weekly taken",
            "minutes_later 120: small Thu 17:00-19:00",
            "minutes_earlier 180: small Thu 12:00-14:00",
            "days 2: small Tue 15:00-17:00",
            // Wednesday has tea each week. Thursday the 24th has the party till 16 o'clock, Tuesday the 22nd nothing.
            "single taken",
            "minutes_later 120: small 2026-12-23 17:00-19:00",
            "minutes_earlier 120: small 2026-12-23 13:00-15:00",
            "days 1: small 2026-12-22 15:00-17:00",
        ]
    );
}

#[test]
fn five_thousand_rooms_and_claims_are_done_in_time() {
    let project = Project {
        rooms: (0..5000_u32).map(|n| room(&format!("r{n}"), "meeting", 10 + n % 50)).collect(),
        claims: (0..5000_u32).map(|n| claim(&format!("c{n}"), "meeting", "Mon", 9 + n % 9, 11 + n % 9, 8)).collect(),
        ..Project::default()
    };
    let start = std::time::Instant::now();
    let granted = grant(&project, &Run::quiet(1));
    println!("5,000 rooms and claims: {:?}", start.elapsed());
    assert_eq!((granted.uses.len(), granted.refusals.len()), (5000, 0));
    let codes: Vec<&str> = granted.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert_eq!(codes, ["room-some-only"]);
    assert!(start.elapsed().as_secs() < 20);
}

#[test]
fn too_many_claims_to_weigh_take_rooms_one_after_the_other() {
    let random = &mut Random::new(5);
    let (mut given, mut refused) = (0, 0);
    for case in 0..cases(60, 600) {
        let mut project = crowded(random, case % 2 == 1);
        // Like claims too, of which each goes on where the last one was.
        for n in 0..6 {
            let like = project.claims[random.below(12)].clone();
            project.claims.push(Claim { id: format!("d{n}"), ..like });
        }
        let by_hand = |project: &Project| {
            let mut uses: Vec<RoomUse> = Vec::new();
            for claim in &project.claims {
                let busy = busy(project, &uses);
                // Of equals `min_by_key` takes the first.
                if let Some(room) = suits(project, &busy, claim).min_by_key(|room| room.seats) {
                    let Window { days, from, to } = claim.window.clone();
                    let (room, claim) = (room.id.clone(), claim.id.clone());
                    uses.push(RoomUse { room, claim, days: days.to_string(), from, to });
                }
            }
            uses
        };
        let most = project.claims.len() - 1;
        let all = Allotment::of(&project, &Run::quiet(1), most);
        assert_eq!(all.uses(), by_hand(&project), "case {case}");
        assert_eq!(all.findings.iter().map(|told| told.code.as_str()).collect::<Vec<_>>(), ["room-too-large"]);
        // Everybody has an answer.
        assert_eq!(all.uses().len() + all.refusals().len(), project.claims.len());
        (given, refused) = (given + all.uses().len(), refused + all.refusals().len());
        // One claim less is weighed.
        project.claims.pop();
        assert!(Allotment::of(&project, &Run::quiet(1), most).findings.is_empty());
    }
    assert!(given > 100 && refused > 100, "{given} {refused}");
}

/// A Monday, before which and after which no date is.
const FIRST: i64 = 1400 * 7;
/// Weeks in which they are.
const DATED: i64 = 2;
/// Weeks looked at: those, with one before them and one behind, as a ring.
const WEEKS: i64 = DATED + 2;
const MINUTES: i64 = WEEKS * 10_080;

/// A few rooms and more claims than they can hold, at any minute of the week, or some of them on `dates`.
fn crowded(random: &mut Random, dates: bool) -> Project {
    const KINDS: [&str; 3] = ["hall", "meeting", "study"];
    let window = |random: &mut Random, longest: usize, dated: bool| {
        let count = 1 + random.below(4);
        let days = match dated {
            true => {
                let day = |random: &mut Random| date_of(FIRST + 3 + random.below(7 * DATED as usize - 6) as i64);
                let days: std::collections::BTreeSet<_> = (0..count).map(|_| day(random)).collect();
                Days::Dates(days.into_iter().collect())
            }
            false => {
                let days = (0..count).map(|_| random.below(7));
                Days::Weekly(days.fold(Week::NONE, |days, day| days.or(Week::span(day, day))))
            }
        };
        let from = ServiceTime(random.below(24 * 12) as u32 * 300 + random.below(2) as u32 * 60);
        Window { days, from, to: from + Seconds(60 * (1 + random.below(longest) as u32)) }
    };
    let rooms = 1 + random.below(4);
    let rooms: Vec<Room> = (0..rooms)
        .map(|n| {
            // Long enough that claims lie within, some beyond the end of the week.
            let open = window(random, 1500, false);
            let days = match dates && random.below(5) == 0 {
                true => Days::Dates(
                    (0..7 * DATED).filter(|_| random.below(4) > 0).map(|day| date_of(FIRST + day)).collect(),
                ),
                false => Days::Weekly(Week::DAILY),
            };
            Room {
                id: format!("r{n}"),
                site: format!("s{}", random.below(2)),
                kind: KINDS[random.below(3)].to_owned(),
                seats: 5 + random.below(20) as u32,
                window: Window { days, ..open },
                who: String::new(),
            }
        })
        .collect();
    let claims = (0..12)
        .map(|n| {
            let at = random.below(rooms.len() + 3);
            let room = rooms.get(at).map_or_else(|| KINDS[at - rooms.len()].to_owned(), |room| room.id.clone());
            let people = 1 + random.below(24) as u32;
            let dated = dates && random.below(2) == 0;
            Claim { id: format!("c{n}"), room, window: window(random, 300, dated), people, group: String::new() }
        })
        .collect();
    Project { rooms, claims, ..Project::default() }
}

/// Minutes of all the weeks looked at, each by itself.
fn each_minute(window: &Window) -> impl Iterator<Item = usize> + '_ {
    let every_week = |(start, end): (u32, u32)| {
        (0..WEEKS).map(move |week| (week * 10_080 + i64::from(start), week * 10_080 + i64::from(end)))
    };
    let origin = (FIRST - 7) * 1440;
    let on_dates = window.on_dates().map(move |(start, end)| (start - origin, end - origin));
    let stays = window.minutes().flat_map(every_week).chain(on_dates);
    stays.flat_map(|(start, end)| (start..end).map(|minute| minute.rem_euclid(MINUTES) as usize))
}

/// When each room cannot be had.
fn busy(project: &Project, uses: &[RoomUse]) -> Vec<Vec<bool>> {
    let of = |room: &Room| {
        let mut busy = vec![true; MINUTES as usize];
        each_minute(&room.window).for_each(|minute| busy[minute] = false);
        for granted in uses.iter().filter(|granted| granted.room == room.id) {
            let claim = project.claims.iter().find(|claim| claim.id == granted.claim).unwrap();
            each_minute(&claim.window).for_each(|minute| busy[minute] = true);
        }
        busy
    };
    project.rooms.iter().map(of).collect()
}

/// Rooms this claim could have beside all that is granted.
fn suits<'a>(project: &'a Project, busy: &'a [Vec<bool>], claim: &'a Claim) -> impl Iterator<Item = &'a Room> {
    let free = |busy: &[bool]| each_minute(&claim.window).all(|minute| !busy[minute]);
    project
        .rooms
        .iter()
        .zip(busy)
        .filter(move |(room, busy)| {
            (room.id == claim.room || room.kind == claim.room) && room.seats >= claim.people && free(busy)
        })
        .map(|(room, _)| room)
}

/// The claim with so much of one thing changed, in all the ways there are.
fn changed(project: &Project, claim: &Claim, kind: &str, amount: u32) -> Vec<Claim> {
    let window = &claim.window;
    let to = |window: Window| Claim { window, ..claim.clone() };
    let on = |ahead: i64| {
        let days = match &window.days {
            Days::Weekly(week) => {
                let ahead = (7 + ahead) as usize;
                let days = week.days().map(|day| Week::span(day + ahead, day + ahead));
                Days::Weekly(days.fold(Week::NONE, Week::or))
            }
            Days::Dates(dates) => Days::Dates(dates.iter().map(|date| date_of(day_number(*date) + ahead)).collect()),
        };
        to(Window { days, ..window.clone() })
    };
    let by = 60 * amount;
    match kind {
        "other_room" => {
            let others = project.rooms.iter().filter(|room| claim.room != room.id && claim.room != room.kind);
            others.map(|room| Claim { room: room.id.clone(), ..claim.clone() }).collect()
        }
        "minutes_later" => {
            vec![to(Window { from: window.from + Seconds(by), to: window.to + Seconds(by), ..window.clone() })]
        }
        "minutes_earlier" => {
            vec![to(Window {
                from: ServiceTime(window.from.0 - by),
                to: ServiceTime(window.to.0 - by),
                ..window.clone()
            })]
        }
        "minutes" => (0..=amount)
            .map(|late| {
                let end = ServiceTime(window.to.0 - 60 * (amount - late));
                to(Window { from: window.from + Seconds(60 * late), to: end, ..window.clone() })
            })
            .collect(),
        "days" => [i64::from(amount), -i64::from(amount)].map(on).to_vec(),
        "people" => vec![Claim { people: claim.people - amount, ..claim.clone() }],
        _ => panic!("{kind}"),
    }
}

/// The most that is tried of each kind of change.
fn most(claim: &Claim, kind: &str) -> u32 {
    let midnight = claim.window.from.minute() % 1440;
    match kind {
        "minutes_later" => 1439 - midnight,
        "minutes_earlier" => midnight,
        "minutes" => claim.window.length().0 / 60 / 2,
        "days" => 3,
        "people" => claim.people / 2,
        _ => 1,
    }
}

#[test]
fn what_would_help_helps_and_a_step_less_does_not() {
    let random = &mut Random::new(11);
    probe(random, cases(60, 600), false);
}

#[test]
fn so_it_is_where_some_are_of_dates() {
    let random = &mut Random::new(12);
    probe(random, cases(60, 600), true);
}

/// Each change stated is the least there is, by trying all of them.
fn probe(random: &mut Random, many: usize, dates: bool) {
    let (mut told, mut reasons) = (BTreeMap::new(), BTreeMap::new());
    for number in 0..many {
        let project = crowded(random, dates);
        let granted = grant(&project, &Run::quiet(1));
        assert_eq!(uses(&project, &Run::quiet(1)), granted.uses, "case {number}");
        // The judge of plans, before whom each comes, finds the same.
        let plan = make_plan(&project, ROOMS, None, &Run::quiet(1), &|_| ());
        assert_eq!(plan.map(|solved| solved.best.room_refusals.clone()).unwrap(), granted.refusals, "case {number}");
        let busy = busy(&project, &granted.uses);
        assert_eq!(granted.uses.len() + granted.refusals.len(), project.claims.len());
        for row in &granted.refusals {
            let claim = project.claims.iter().find(|claim| claim.id == row.claim).unwrap();
            assert_eq!(suits(&project, &busy, claim).count(), 0, "case {number}: {row:?} could have a room");
            *reasons.entry(row.reason.clone()).or_insert(0) += 1;
            for kind in ["other_room", "minutes_later", "minutes_earlier", "minutes", "days", "people"] {
                let stated: Vec<&RoomChange> = row.relaxations.iter().filter(|change| change.kind == kind).collect();
                assert!(stated.len() <= 1);
                let helps = |amount: u32| {
                    let changed = changed(&project, claim, kind, amount);
                    let with = |claim: &Claim| suits(&project, &busy, claim).map(|room| room.id.clone()).next();
                    changed.into_iter().find(|claim| with(claim).is_some())
                };
                let least = (1..=most(claim, kind)).find(|&amount| helps(amount).is_some());
                let amount = stated.first().map(|change| change.amount);
                assert_eq!(amount, least, "case {number}: {kind} of {row:?}");
                let Some(change) = stated.first() else { continue };
                *told.entry(kind).or_insert(0) += 1;
                // The room it names is one of those that suit the claim so changed, at the time it names.
                let with = changed(&project, claim, kind, change.amount).into_iter().find(|with| {
                    let time = (with.window.days.to_string(), with.window.from, with.window.to);
                    let suits = suits(&project, &busy, with).any(|room| room.id == change.room);
                    time == (change.days.clone(), change.from, change.to) && suits
                });
                assert!(with.is_some(), "case {number}: {change:?} of {claim:?}");
            }
        }
    }
    println!("{reasons:?}, {told:?}");
    assert!(told.len() == 6 && told.values().all(|&count| count >= 5), "{told:?}");
    assert!(reasons.len() == 4, "{reasons:?}");
}

#[test]
fn many_refusals_are_told_the_reason_only() {
    let project = Project {
        rooms: (0..2000).map(|n| room(&format!("r{n}"), "meeting", 10)).collect(),
        claims: (0..300_u32).map(|n| claim(&format!("c{n}"), "r7", "Mon", 9, 11, 8)).collect(),
        ..Project::default()
    };
    let granted = grant(&project, &Run::quiet(1));
    let told: Vec<bool> = granted.refusals.iter().map(|row| !row.relaxations.is_empty()).collect();
    assert_eq!(told, (0..299).map(|n| n < 100).collect::<Vec<bool>>());
    assert!(granted.refusals.iter().all(|row| row.reason == "taken"));
}
