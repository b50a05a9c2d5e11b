//! Days and dates in words: "周一至周五", "2026年12月1日至2027年6月30日", runs of dates.

use jiff::civil::Date;

use crate::domain::calendar::{Days, Week};
use crate::planning::plan::ServiceDays;
use crate::publish::phrases::Language;

const ZH: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
const EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Names of the weekdays, Monday first.
#[must_use]
pub fn weekdays(language: Language) -> [String; 7] {
    match language {
        Language::Zh => ZH.map(|day| format!("周{day}")),
        Language::En => EN.map(str::to_owned),
    }
}

/// A weekly pattern as FORMATS writes it, in words; or dates, with their years: they stand alone, without a season around them.
#[must_use]
pub fn pattern(language: Language, days: &str) -> String {
    let zh = language == Language::Zh;
    match Days::parse(days) {
        Some(Days::Weekly(Week::DAILY)) => if zh { "每天" } else { "daily" }.to_owned(),
        Some(Days::Weekly(week)) => {
            let names = weekdays(language);
            let mut parts = Vec::new();
            let mut day = 0;
            while day < 7 {
                let first = day;
                while day < 7 && week.has(day) {
                    day += 1;
                }
                match day - first {
                    0 => day += 1,
                    1 => parts.push(names[first].clone()),
                    2 => parts.extend([names[first].clone(), names[first + 1].clone()]),
                    _ if zh => parts.push(format!("{}至{}", names[first], names[day - 1])),
                    _ => parts.push(format!("{}–{}", names[first], names[day - 1])),
                }
            }
            parts.join(if zh { "、" } else { ", " })
        }
        Some(Days::Dates(dates)) => listed(language, &dates, true),
        None => days.to_owned(),
    }
}

/// Which days a service runs, in words.
#[must_use]
pub fn days(language: Language, service: &ServiceDays) -> String {
    if service.days.is_empty() { list(language, &service.added) } else { pattern(language, &service.days) }
}

/// A date with its year.
#[must_use]
pub fn full(language: Language, date: Date) -> String {
    match language {
        Language::Zh => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Language::En => format!("{} {} {}", date.day(), month_name(date), date.year()),
    }
}

/// "2026年12月1日至2027年6月30日".
#[must_use]
pub fn span(language: Language, from: Date, until: Date) -> String {
    match language {
        Language::Zh => format!("{}至{}", full(language, from), full(language, until)),
        Language::En => format!("{} to {}", full(language, from), full(language, until)),
    }
}

/// "2026年12月".
#[must_use]
pub fn month(language: Language, year: i16, month: i8) -> String {
    match language {
        Language::Zh => format!("{year}年{month}月"),
        Language::En => {
            format!("{} {year}", usize::try_from(month - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or(""))
        }
    }
}

/// Dates with runs joined: "1月1日至3日、1月9日".
#[must_use]
pub fn list(language: Language, dates: &[Date]) -> String {
    let several = dates.first().zip(dates.last()).is_some_and(|(first, last)| first.year() != last.year());
    listed(language, dates, several)
}

/// The dates a service is changed on, with their years where its days of a year could be mistaken for another's.
#[must_use]
pub fn list_of(language: Language, service: &ServiceDays, dates: &[Date]) -> String {
    let several = dates.first().zip(dates.last()).is_some_and(|(first, last)| first.year() != last.year());
    let long = service.from.checked_add(jiff::Span::new().years(1)).is_ok_and(|year| service.until >= year);
    listed(language, dates, several || long)
}

/// `years`: the first date of each year carries it; of a run over the end of a year both ends do.
fn listed(language: Language, dates: &[Date], years: bool) -> String {
    let zh = language == Language::Zh;
    let mut parts: Vec<String> = Vec::new();
    let mut i = 0;
    let mut year = None;
    while i < dates.len() {
        let first = dates[i];
        while i + 1 < dates.len() && dates[i].tomorrow().ok() == Some(dates[i + 1]) {
            i += 1;
        }
        let last = dates[i];
        i += 1;
        let named = years && year != Some(first.year());
        year = Some(last.year());
        let over = years && first.year() != last.year();
        let named_day = |date: Date, named: bool| match (named, zh) {
            (true, _) => full(language, date),
            (false, true) => format!("{}月{}日", date.month(), date.day()),
            (false, false) => format!("{} {}", date.day(), month_name(date)),
        };
        let same_month = (first.year(), first.month()) == (last.year(), last.month());
        parts.push(match (first == last, zh) {
            (true, _) => named_day(first, named),
            (false, true) if same_month => format!("{}至{}日", named_day(first, named), last.day()),
            (false, true) => format!("{}至{}", named_day(first, named), named_day(last, over)),
            // English names the year behind: that of both, where it is one.
            (false, false) if same_month => format!("{}–{}", first.day(), named_day(last, named)),
            (false, false) => format!("{}–{}", named_day(first, over), named_day(last, named || over)),
        });
    }
    parts.join(if zh { "、" } else { ", " })
}

fn month_name(date: Date) -> &'static str {
    usize::try_from(date.month() - 1).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn patterns_and_runs() {
        assert_eq!(pattern(Language::Zh, "Mon-Fri"), "周一至周五");
        assert_eq!(pattern(Language::En, "Mon,Wed,Sat,Sun"), "Mon, Wed, Sat, Sun");
        assert_eq!(pattern(Language::Zh, "daily"), "每天");
        assert_eq!(pattern(Language::Zh, "2026-12-24"), "2026年12月24日");
        assert_eq!(pattern(Language::En, "2026-12-24,2026-12-31,2027-01-01"), "24 Dec 2026, 31 Dec 2026–1 Jan 2027");
        // A run over the end of a year has two years to name.
        assert_eq!(pattern(Language::En, "2026-12-31,2027-01-01"), "31 Dec 2026–1 Jan 2027");
        assert_eq!(pattern(Language::Zh, "2026-12-31,2027-01-01"), "2026年12月31日至2027年1月1日");
        assert_eq!(
            pattern(Language::Zh, "2026-12-24,2026-12-31,2027-01-01,2027-01-09"),
            "2026年12月24日、12月31日至2027年1月1日、1月9日"
        );
        assert_eq!(list(Language::En, &[date(2026, 12, 31), date(2027, 1, 1)]), "31 Dec 2026–1 Jan 2027");
        let dates = [
            date(2027, 1, 1),
            date(2027, 1, 2),
            date(2027, 1, 3),
            date(2027, 1, 9),
            date(2027, 1, 31),
            date(2027, 2, 1),
        ];
        assert_eq!(list(Language::Zh, &dates), "1月1日至3日、1月9日、1月31日至2月1日");
        assert_eq!(list(Language::En, &dates), "1–3 Jan, 9 Jan, 31 Jan–1 Feb");
        let both = [date(2026, 12, 31), date(2027, 1, 9), date(2027, 2, 1)];
        assert_eq!(list(Language::Zh, &both), "2026年12月31日、2027年1月9日、2月1日");
        assert_eq!(list(Language::En, &both), "31 Dec 2026, 9 Jan 2027, 1 Feb");
        assert_eq!(span(Language::Zh, dates[0], dates[3]), "2027年1月1日至2027年1月9日");
    }
}
