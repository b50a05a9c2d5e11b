use super::*;
use crate::domain::calendar::{Days, Week, date_of};
use crate::domain::units::ServiceTime;
use crate::search::{Random, cases};

fn window(days: &str, from: u32, to: u32) -> Window {
    Window { days: Days::parse(days).unwrap(), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
}

fn axis(lending: &[Window], asked: &[Window]) -> Axis {
    Axis::new(std::iter::once(lending), asked.iter())
}

#[test]
fn without_dates_it_is_the_week() {
    let night = window("daily", 18, 32);
    let axis = axis(std::slice::from_ref(&night), std::slice::from_ref(&night));
    assert_eq!(axis.end(), WEEK);
    assert_eq!(axis.occurrences(&night), week::occurrences(&night));
    assert_eq!(axis.lent(std::slice::from_ref(&night)), week::lent(std::slice::from_ref(&night)));
    // Sunday's night goes on on Monday.
    assert_eq!(axis.pieces(&[(9720, WEEK + 480)]), vec![(9720, WEEK), (0, 480)]);
}

#[test]
fn a_sunday_night_and_who_is_there_every_week() {
    // 2026-12-27 is a Sunday. Its night ends on Monday at eight: two days of the calendar.
    let lot = [window("daily", 18, 32)];
    let (date, weekly) = (window("2026-12-27", 19, 31), window("Sun,Mon", 19, 32));
    let axis = axis(&lot, &[date.clone(), weekly.clone()]);
    assert_eq!(axis.end(), SPELLS + 2 * 1440);
    let there = (SPELLS + 19 * 60, SPELLS + 31 * 60);
    assert_eq!(axis.occurrences(&date), vec![there]);
    // Sunday and Monday of the week; in the spell only the Sunday: Monday's night is as on every Monday.
    let sunday = (SPELLS + 19 * 60, SPELLS + 32 * 60);
    assert_eq!(axis.occurrences(&weekly), vec![(1140, 1920), (9780, WEEK + 480), sunday]);
    let stretches = axis.lent(&lot);
    // Seven nights of the week; of the spell that of Saturday, cut off, the Sunday's, and Monday's, cut off.
    assert_eq!(stretches.len(), 7 + 3);
    let of_spell: Vec<(u32, u32, bool)> =
        stretches[7..].iter().map(|s| (s.start - SPELLS, s.end - SPELLS, s.endless)).collect();
    assert_eq!(of_spell, vec![(0, 480, true), (1080, 1920, false), (2520, 2880, true)]);
    assert_eq!(week::within(&stretches, there.0, there.1), Some((8, 60)));
    assert_eq!(axis.pieces(&[(9780, WEEK + 480), there]), vec![(9780, WEEK), (0, 480), there]);
    // Both there from 19:00 to 07:00.
    let used = axis.present(axis.occurrences(&date).into_iter().chain(axis.occurrences(&weekly)));
    assert_eq!(axis.crowded(&used, 2), vec![there]);
    let steps = axis.steps(&stretches, 4);
    // The last of the week, then those of the spell.
    let of_spell = [(0, 4), (480, 0), (1080, 4), (1920, 0), (2520, 4)].map(|(minute, bays)| (SPELLS + minute, bays));
    assert_eq!(steps.iter().position(|step| *step == (9720, 4)), Some(steps.len() - 6));
    assert_eq!(steps[steps.len() - 5..], of_spell);
}

#[test]
fn a_date_lent_joins_the_nights_around_it() {
    // Lent Fridays and Sundays by night, and on Saturday 26 December by day and night: from Friday 18:00 to Monday 08:00 at one go.
    let lot = [window("Fri,Sun", 18, 32), window("2026-12-26", 8, 42)];
    let guest = window("Fri", 18, 32);
    let axis = axis(&lot, std::slice::from_ref(&guest));
    let stretches = axis.lent(&lot);
    let long = stretches.last().unwrap();
    assert_eq!((long.end - long.start, long.endless), (6 * 60 + 48 * 60 + 8 * 60, false));
    // Who leaves on Saturday at eight is there two days before the owners.
    let there = *axis.occurrences(&guest).last().unwrap();
    assert_eq!(week::within(&stretches, there.0, there.1), Some((stretches.len() - 1, 2 * 1440)));
}

/// Days of the week, or dates from 21 December 2026 (a Monday) on.
fn some_days(random: &mut Random, dated: bool) -> Days {
    let first = 7 * 1407;
    let mut week = Week::NONE;
    let mut dates = Vec::new();
    for _ in 0..1 + random.below(3) {
        let day = random.below(7);
        week = week.or(Week::span(day, day));
        dates.push(date_of(first + random.below(21) as i64));
    }
    dates.sort_unstable();
    dates.dedup();
    if dated { Days::Dates(dates) } else { Days::Weekly(week) }
}

fn some_window(random: &mut Random, dated: bool) -> Window {
    let from = random.below(24) as u32;
    let to = from + 1 + random.below(24) as u32;
    Window { days: some_days(random, dated), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
}

#[test]
fn the_axis_says_what_the_calendar_says() {
    let mut random = Random::new(5);
    let (mut inside, mut met) = (0, 0);
    for number in 0..cases(1200, 20_000) {
        let lot: Vec<Window> = (0..1 + random.below(3)).map(|n| some_window(&mut random, n > 0)).collect();
        let guests: Vec<Window> = (0..4).map(|n| some_window(&mut random, n % 2 > 0)).collect();
        let axis = axis(&lot, &guests);
        let stretches = axis.lent(&lot);
        // Hour by hour over twelve weeks around the dates.
        let first = 7 * 1440 * (1407 - 4);
        let stays = |window: &Window| -> Vec<Span> {
            let weekly = (0..12).flat_map(|week| {
                window
                    .minutes()
                    .map(move |(start, end)| (i64::from(start) + week * 10_080, i64::from(end) + week * 10_080))
            });
            weekly.chain(window.on_dates().map(|(start, end)| (start - first, end - first))).collect()
        };
        let mut open = vec![false; 13 * 168];
        for (start, end) in lot.iter().flat_map(stays) {
            (start / 60..end / 60).for_each(|hour| open[hour as usize] = true);
        }
        let ends = |end: i64| (end / 60..13 * 168).find(|&hour| !open[hour as usize]).unwrap_or(13 * 168) * 60;
        for dated in [&guests[1], &guests[3]] {
            for ((start, end), there) in stays(dated).into_iter().zip(axis.occurrences(dated)) {
                let lies = (start / 60..end / 60).all(|hour| open[hour as usize]);
                let found = week::within(&stretches, there.0, there.1);
                assert_eq!(found.is_some(), lies, "case {number}: {lot:?} {dated:?}");
                let Some((at, slack)) = found else { continue };
                inside += 1;
                assert!(!stretches[at].endless, "case {number}: {lot:?} {dated:?}");
                assert_eq!(i64::from(slack), ends(end) - end, "case {number}: {lot:?} {dated:?}");
                // Who else is there in that stretch.
                for other in &guests {
                    let said = axis
                        .occurrences(other)
                        .into_iter()
                        .any(|(start, end)| week::within(&stretches, start, end).is_some_and(|(other, _)| other == at));
                    let stands = |&(from, to): &Span| {
                        (from / 60..to / 60).all(|hour| open[hour as usize]) && ends(to) == ends(end)
                    };
                    assert_eq!(said, stays(other).iter().any(stands), "case {number}: {lot:?} {dated:?} {other:?}");
                    met += u32::from(said);
                }
            }
        }
    }
    println!("{inside} stays, {met} meetings");
    assert!(inside > 100 && met > 200);
}
