//! Which days: the grammar of FORMATS ("Mon-Fri", "一三五", "周一至周五", "daily", dates), services, periods, holidays.
//!
//! A public holiday runs like a Sunday; a swapped working day runs what runs from Monday to Friday. (GTFS has no such
//! rule: we write both as dates added and removed, General Office of the State Council's yearly notice.)

use std::fmt;

use jiff::civil::{Date, DateTime, Weekday};
use serde::{Deserialize, Serialize};

use super::units::{Seconds, ServiceTime};

/// A set of weekdays; bit 0 is Monday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(u8);

const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

impl Week {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Every day.
    pub const DAILY: Self = Self(0x7f);
    /// Monday to Friday.
    pub const WORKING: Self = Self(0x1f);

    /// The days from one to another, over the weekend if need be.
    #[must_use]
    pub fn span(from: usize, to: usize) -> Self {
        let mut bits = 0;
        let mut day = from % 7;
        loop {
            bits |= 1 << day;
            if day == to % 7 {
                return Self(bits);
            }
            day = (day + 1) % 7;
        }
    }
    /// Is this weekday (0 Monday .. 6 Sunday) in?
    #[must_use]
    pub fn has(self, day: usize) -> bool {
        self.0 >> (day % 7) & 1 == 1
    }
    /// All of `other` is in.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
    /// Days in both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
    /// Days in either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// How many days.
    #[must_use]
    pub fn count(self) -> u32 {
        self.0.count_ones()
    }
    /// The days, 0 Monday .. 6 Sunday.
    pub fn days(self) -> impl Iterator<Item = usize> {
        (0..7).filter(move |&d| self.has(d))
    }
}

/// "Mon-Fri", "Mon,Wed", "daily": the normal form.
impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::DAILY {
            return f.write_str("daily");
        }
        let mut parts = Vec::new();
        let mut day = 0;
        while day < 7 {
            if !self.has(day) {
                day += 1;
                continue;
            }
            let first = day;
            while day + 1 < 7 && self.has(day + 1) {
                day += 1;
            }
            match day - first {
                0 => parts.push(NAMES[first].to_owned()),
                1 => parts.push(format!("{},{}", NAMES[first], NAMES[day])),
                _ => parts.push(format!("{}-{}", NAMES[first], NAMES[day])),
            }
            day += 1;
        }
        f.write_str(&parts.join(","))
    }
}

/// Days as somebody writes them: weekdays, or a list of dates.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Days {
    /// The same days each week.
    Weekly(Week),
    /// These dates only, ascending.
    Dates(Vec<Date>),
}

impl Days {
    /// Reads the one grammar of FORMATS; `None` when it is not of it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        if text.starts_with("20") {
            let mut dates = text
                .split([',', '，', '、', ';', '；', ' '])
                .filter(|part| !part.is_empty() && !is_midnight(part))
                .map(date)
                .collect::<Option<Vec<Date>>>()?;
            dates.sort_unstable();
            dates.dedup();
            return Some(Self::Dates(dates));
        }
        let text = text.replace(['，', '、', ';', '；', '/'], ",").replace(['–', '—', '~', '～', '至', '到'], "-");
        if text.is_empty() {
            return None;
        }
        match text.as_str() {
            "daily" | "每天" | "每日" | "天天" | "everyday" | "every day" => {
                return Some(Self::Weekly(Week::DAILY));
            }
            "工作日" | "weekdays" | "workdays" => return Some(Self::Weekly(Week::WORKING)),
            "周末" | "weekend" | "weekends" | "双休日" => return Some(Self::Weekly(Week::span(5, 6))),
            _ => {}
        }
        let mut week = Week::NONE;
        for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
            week = week.or(match part.split_once('-') {
                Some((from, to)) => Week::span(weekday(from)?, weekday(to)?),
                None => match weekday(part) {
                    Some(day) => Week::span(day, day),
                    None => run_of_days(part)?,
                },
            });
        }
        (week != Week::NONE).then_some(Self::Weekly(week))
    }

    /// The weekdays of a weekly pattern; of dates, the weekdays they fall on.
    #[must_use]
    pub fn week(&self) -> Week {
        match self {
            Self::Weekly(week) => *week,
            Self::Dates(dates) => dates.iter().fold(Week::NONE, |week, date| {
                let day = weekday_of(*date);
                week.or(Week::span(day, day))
            }),
        }
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Weekly(week) => week.fmt(f),
            Self::Dates(dates) => f.write_str(&dates.iter().map(Date::to_string).collect::<Vec<_>>().join(",")),
        }
    }
}

/// A date as it is written or as a spreadsheet saves it: 2026-12-24, 2026/12/24, 2026.12.24, 2026年12月24日.
fn date(text: &str) -> Option<Date> {
    let mut parts = text.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    parts.next().is_none().then(|| Date::new(year, month, day).ok())?
}

/// What spreadsheets write after a date.
fn is_midnight(text: &str) -> bool {
    matches!(text, "00:00" | "00:00:00" | "0:00" | "0:00:00")
}

fn weekday(text: &str) -> Option<usize> {
    let text = text
        .trim()
        .trim_start_matches("星期")
        .trim_start_matches("礼拜")
        .trim_start_matches('周')
        .trim_start_matches('週');
    match text {
        "mon" | "monday" | "一" | "1" => Some(0),
        "tue" | "tues" | "tuesday" | "二" | "2" => Some(1),
        "wed" | "wednesday" | "三" | "3" => Some(2),
        "thu" | "thur" | "thurs" | "thursday" | "四" | "4" => Some(3),
        "fri" | "friday" | "五" | "5" => Some(4),
        "sat" | "saturday" | "六" | "6" => Some(5),
        "sun" | "sunday" | "日" | "天" | "7" => Some(6),
        _ => None,
    }
}

/// "一三五", "周一三五", "135".
fn run_of_days(text: &str) -> Option<Week> {
    let mut week = Week::NONE;
    for c in text.chars().filter(|c| !"周週星期礼拜".contains(*c)) {
        let day = weekday(c.encode_utf8(&mut [0; 4]))?;
        week = week.or(Week::span(day, day));
    }
    (week != Week::NONE).then_some(week)
}

/// 0 Monday .. 6 Sunday.
#[must_use]
pub fn weekday_of(date: Date) -> usize {
    match date.weekday() {
        Weekday::Monday => 0,
        Weekday::Tuesday => 1,
        Weekday::Wednesday => 2,
        Weekday::Thursday => 3,
        Weekday::Friday => 4,
        Weekday::Saturday => 5,
        Weekday::Sunday => 6,
    }
}

/// Public holidays and swapped working days, each ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays {
    /// Days off.
    pub holidays: Vec<Date>,
    /// Weekend days that are worked.
    pub working: Vec<Date>,
}

/// A set of days on which things run, as in GTFS calendars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// Stable id.
    pub id: String,
    /// Weekly pattern, or [`Week::NONE`] when only dates.
    pub week: Week,
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub until: Date,
    /// Dates it runs although its pattern says no, ascending.
    pub added: Vec<Date>,
    /// Dates it does not run although its pattern says yes, ascending.
    pub removed: Vec<Date>,
}

impl Service {
    /// A service whose added and removed dates follow the holidays (rule at the top of this file).
    #[must_use]
    pub fn new(id: &str, days: &Days, from: Date, until: Date, holidays: &Holidays) -> Self {
        let inside = |date: &Date| *date >= from && *date <= until;
        match days {
            Days::Dates(dates) => {
                let added = dates.iter().copied().filter(inside).collect();
                Self { id: id.to_owned(), week: Week::NONE, from, until, added, removed: Vec::new() }
            }
            Days::Weekly(week) => {
                let runs = |date: Date| week.has(weekday_of(date));
                let sunday = week.has(6);
                let working = week.contains(Week::WORKING);
                let off = holidays.holidays.iter().copied().filter(inside);
                let worked = holidays.working.iter().copied().filter(inside);
                let mut added: Vec<Date> = off
                    .clone()
                    .filter(|&d| sunday && !runs(d))
                    .chain(worked.clone().filter(|&d| working && !runs(d)))
                    .collect();
                let mut removed: Vec<Date> =
                    off.filter(|&d| !sunday && runs(d)).chain(worked.filter(|&d| !working && runs(d))).collect();
                added.sort_unstable();
                added.dedup();
                removed.sort_unstable();
                removed.dedup();
                Self { id: id.to_owned(), week: *week, from, until, added, removed }
            }
        }
    }

    /// Does it run on this date?
    #[must_use]
    pub fn runs_on(&self, date: Date) -> bool {
        if date < self.from || date > self.until {
            return false;
        }
        self.added.binary_search(&date).is_ok()
            || (self.week.has(weekday_of(date)) && self.removed.binary_search(&date).is_err())
    }

    /// All the dates it runs, ascending.
    pub fn dates(&self) -> impl Iterator<Item = Date> + '_ {
        let days = days_between(self.from, self.until);
        (0..=days)
            .filter_map(|n| self.from.checked_add(jiff::Span::new().days(n)).ok())
            .filter(|&date| self.runs_on(date))
    }
}

/// A Monday; minutes of the calendar are counted from its midnight.
const EPOCH: Date = Date::constant(2000, 1, 3);

/// Days from a Monday, the same for all dates, to this one; negative before it.
#[must_use]
pub fn day_number(date: Date) -> i64 {
    EPOCH.until(date).map_or(0, |span| i64::from(span.get_days()))
}

/// The date of a [`day_number`]; the last there is where it is beyond.
#[must_use]
pub fn date_of(number: i64) -> Date {
    // A span takes no more days than there are dates.
    EPOCH.saturating_add(jiff::Span::new().days(number.clamp(-4_000_000, 4_000_000)))
}

/// The minute of the calendar, counted as [`Window::on_dates`] does, of a moment on a local clock.
#[must_use]
pub fn minute_of(moment: DateTime) -> i64 {
    day_number(moment.date()) * 1440 + i64::from(moment.hour()) * 60 + i64::from(moment.minute())
}

/// Days from one date to a later one (0 for the same; never negative).
#[must_use]
pub fn days_between(from: Date, until: Date) -> i64 {
    from.until(until).map_or(0, |span| i64::from(span.get_days())).max(0)
}

/// A part of the day in which shuttles may run: from <= departure < to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// "am", "noon", "pm" …
    pub name: String,
    /// First departure allowed.
    pub from: ServiceTime,
    /// No departure at or after this.
    pub to: ServiceTime,
}

/// A stretch of time on certain days, weekly or on dates; `to` may pass 24:00 (18:00-08:00 is 18:00-32:00).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// Days on which it starts.
    pub days: Days,
    /// Start.
    pub from: ServiceTime,
    /// End; always after `from`.
    pub to: ServiceTime,
}

impl Window {
    /// Of a weekly pattern: minutes of the week, Monday 00:00 is 0, a week is 10,080: `[start, end)` of each occurrence, end may exceed a week.
    /// None of dates.
    pub fn minutes(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let week = match self.days {
            Days::Weekly(week) => week,
            Days::Dates(_) => Week::NONE,
        };
        week.days().map(|day| {
            #[expect(clippy::cast_possible_truncation, reason = "a weekday is below 7")]
            let midnight = day as u32 * 1440;
            (midnight + self.from.minute(), midnight + self.to.0.div_ceil(60))
        })
    }
    /// Of dates: minutes of the calendar, counted from the midnight of a Monday ([`day_number`]): `[start, end)` of each. None of a weekly
    /// pattern.
    pub fn on_dates(&self) -> impl Iterator<Item = (i64, i64)> + '_ {
        let dates = match &self.days {
            Days::Weekly(_) => &[][..],
            Days::Dates(dates) => dates,
        };
        dates.iter().map(|&date| {
            let midnight = day_number(date) * 1440;
            (midnight + i64::from(self.from.minute()), midnight + i64::from(self.to.0.div_ceil(60)))
        })
    }
    /// What of it has ended by a minute of the calendar ([`minute_of`]), and what has not: each where there is any. A weekly one goes on.
    #[must_use]
    pub fn parted(&self, now: i64) -> (Option<Self>, Option<Self>) {
        let Days::Dates(dates) = &self.days else { return (None, Some(self.clone())) };
        let ended = |date: &Date| day_number(*date) * 1440 + i64::from(self.to.0.div_ceil(60)) <= now;
        let (past, left): (Vec<Date>, Vec<Date>) = dates.iter().partition(|date| ended(date));
        let of = |dates: Vec<Date>| (!dates.is_empty()).then(|| Self { days: Days::Dates(dates), ..self.clone() });
        (of(past), of(left))
    }
    /// Nothing of it is left ([`Window::parted`]).
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.parted(now).1.is_none()
    }
    /// How long it is.
    #[must_use]
    pub fn length(&self) -> Seconds {
        self.to.since(self.from)
    }
}

/// "8:30", "08:30:15", "24:30", full-width digits and colons too; `None` if it is no time up to 48:00.
#[must_use]
pub fn parse_time(text: &str) -> Option<ServiceTime> {
    let plain: String = text
        .trim()
        .chars()
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            '：' | '∶' => ':',
            c => c,
        })
        .collect();
    let mut parts = plain.split(':');
    let number = |part: Option<&str>| {
        let part = part?;
        (!part.is_empty() && part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let hours = number(parts.next())?;
    let minutes = number(parts.next())?;
    let seconds = match parts.next() {
        Some(part) => number(Some(part))?,
        None => 0,
    };
    if parts.next().is_some() || minutes > 59 || seconds > 59 {
        return None;
    }
    let total = hours * 3600 + minutes * 60 + seconds;
    (total <= 48 * 3600).then_some(ServiceTime(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_over_when_its_window_has_ended() {
        let at = |moment: &str| minute_of(moment.parse().unwrap());
        let days = |window: Option<Window>| window.map(|window| window.days.to_string());
        let nights = Window {
            days: Days::parse("2026-12-24,2026-12-26").unwrap(),
            from: ServiceTime::hm(18, 0),
            to: ServiceTime::hm(32, 0),
        };
        // The night of the 24th ends on the 25th at 08:00.
        let (past, left) = nights.parted(at("2026-12-25T07:59"));
        assert_eq!((days(past), days(left).as_deref()), (None, Some("2026-12-24,2026-12-26")));
        let (past, left) = nights.parted(at("2026-12-25T08:00"));
        assert_eq!((days(past).as_deref(), days(left).as_deref()), (Some("2026-12-24"), Some("2026-12-26")));
        assert!(!nights.is_over(at("2026-12-27T07:59")) && nights.is_over(at("2026-12-27T08:00")));
        let weekly = Window { days: Days::Weekly(Week::DAILY), ..nights };
        assert!(!weekly.is_over(at("2099-01-01T00:00")));
    }

    #[test]
    fn one_grammar_for_days() {
        let weekly = |text| Days::parse(text).map(|d| d.to_string());
        // As spreadsheets save dates, and as people write several.
        for said in
            ["2026/12/24", "2026.12.24", "2026年12月24日", "2026-12-24 00:00", "2026-12-24 0:00:00", "2026-12-24"]
        {
            assert_eq!(weekly(said).as_deref(), Some("2026-12-24"), "{said}");
        }
        assert_eq!(weekly("2026/12/31、2026/12/24").as_deref(), Some("2026-12-24,2026-12-31"));
        assert_eq!(weekly("2026-13-01"), None);
        assert_eq!(weekly("2026-12"), None);
        assert_eq!(weekly("Mon-Fri").as_deref(), Some("Mon-Fri"));
        assert_eq!(weekly("周一至周五").as_deref(), Some("Mon-Fri"));
        assert_eq!(weekly("一三五").as_deref(), Some("Mon,Wed,Fri"));
        assert_eq!(weekly("周一三五").as_deref(), Some("Mon,Wed,Fri"));
        assert_eq!(weekly("Mon, Wed").as_deref(), Some("Mon,Wed"));
        assert_eq!(weekly("星期六、星期日").as_deref(), Some("Sat,Sun"));
        assert_eq!(weekly("Fri-Mon").as_deref(), Some("Mon,Fri-Sun"));
        assert_eq!(weekly("daily").as_deref(), Some("daily"));
        assert_eq!(weekly("2026-12-25, 2026-12-24").as_deref(), Some("2026-12-24,2026-12-25"));
        assert_eq!(weekly("sometimes"), None);
        assert_eq!(weekly(""), None);
    }

    #[test]
    fn holidays_run_like_sundays_and_swapped_days_like_weekdays() {
        let d = |text: &str| text.parse::<Date>().unwrap();
        // 2027-01-01 is a Friday off, 2027-01-03 a Sunday that is worked.
        let holidays = Holidays { holidays: vec![d("2027-01-01")], working: vec![d("2027-01-03")] };
        let weekday =
            Service::new("weekday", &Days::Weekly(Week::WORKING), d("2026-12-28"), d("2027-01-08"), &holidays);
        assert_eq!(weekday.removed, vec![d("2027-01-01")]);
        assert_eq!(weekday.added, vec![d("2027-01-03")]);
        // 28-31 December, 3 January, 4-8 January.
        assert_eq!(weekday.dates().count(), 4 + 1 + 5);
        let sunday =
            Service::new("sunday", &Days::Weekly(Week::span(6, 6)), d("2026-12-28"), d("2027-01-08"), &holidays);
        assert_eq!(sunday.dates().collect::<Vec<_>>(), vec![d("2027-01-01")]);
    }

    #[test]
    fn a_night_belongs_to_the_day_it_starts() {
        let night = |days| Window {
            days: Days::parse(days).unwrap(),
            from: ServiceTime::hm(18, 0),
            to: ServiceTime::hm(32, 0),
        };
        // Sunday 18:00 is minute 6*1440+1080 = 9720; Monday 08:00 is 480 minutes into the next week.
        assert_eq!(night("Sun").minutes().collect::<Vec<_>>(), vec![(9720, 10_080 + 480)]);
        assert_eq!(night("Sun").on_dates().count(), 0);
        // 2026-12-27 is a Sunday: the same minutes, so many whole weeks later.
        let date = night("2026-12-27");
        assert_eq!(date.minutes().count(), 0);
        let (start, end) = date.on_dates().next().unwrap();
        assert_eq!((start.rem_euclid(10_080), end - start), (9720, 840));
        assert_eq!(date_of(start / 1440).to_string(), "2026-12-27");
        assert_eq!(weekday_of(date_of(0)), 0);
    }

    #[test]
    fn times_as_people_write_them() {
        assert_eq!(parse_time("8:30"), Some(ServiceTime::hm(8, 30)));
        assert_eq!(parse_time(" ０８：３０ "), Some(ServiceTime::hm(8, 30)));
        assert_eq!(parse_time("24:30:15"), Some(ServiceTime(88_215)));
        assert_eq!(parse_time("25:99"), None);
        assert_eq!(parse_time("8"), None);
        assert_eq!(parse_time("49:00"), None);
    }
}
