//! Moments and the time zone they are in.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp};

use super::text::Text;
use crate::domain::units::ServiceTime;
use crate::publish::riding::{basic, instant};

pub(super) struct Zone {
    pub(super) name: String,
    pub(super) zone: TimeZone,
}

impl Zone {
    /// A moment of a service day, in UTC.
    pub(super) fn utc(&self, day: Date, time: ServiceTime) -> String {
        instant(&self.zone, day, i64::from(time.0)).strftime("%Y%m%dT%H%M%SZ").to_string()
    }

    /// The offset at the start and every change of it until two days after the end.
    pub(super) fn write(&self, out: &mut Text, first: Date, last: Date) {
        let instant = |day: Date| day.to_zoned(self.zone.clone()).map_or(Timestamp::UNIX_EPOCH, |z| z.timestamp());
        let start = instant(first);
        let end = instant(last.saturating_add(Span::new().days(2)));
        let info = self.zone.to_offset_info(start);
        let mut offset = info.offset();
        out.line("BEGIN", "VTIMEZONE");
        out.line("TZID", &self.name);
        observance(out, info.dst().is_dst(), "19700101T000000", offset, offset, info.abbreviation());
        for change in self.zone.following(start).take_while(|change| change.timestamp() < end) {
            let local = offset.to_datetime(change.timestamp()).strftime("%Y%m%dT%H%M%S").to_string();
            observance(out, change.dst().is_dst(), &local, offset, change.offset(), change.abbreviation());
            offset = change.offset();
        }
        out.line("END", "VTIMEZONE");
    }
}

fn observance(out: &mut Text, summer: bool, start: &str, from: Offset, to: Offset, name: &str) {
    let kind = if summer { "DAYLIGHT" } else { "STANDARD" };
    out.line("BEGIN", kind);
    out.line("DTSTART", start);
    out.line("TZOFFSETFROM", &offset_text(from));
    out.line("TZOFFSETTO", &offset_text(to));
    out.line("TZNAME", name);
    out.line("END", kind);
}

fn offset_text(offset: Offset) -> String {
    let sign = if offset.seconds() < 0 { '-' } else { '+' };
    let minutes = offset.seconds().abs() / 60;
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// The calendar day of a moment of a service day.
fn date_of(day: Date, time: ServiceTime) -> Date {
    day.saturating_add(Span::new().days(i64::from(time.0 / 86_400)))
}

/// Local date and time of a moment of a service day.
pub(super) fn moment(day: Date, time: ServiceTime) -> String {
    let clock = time.0 % 86_400;
    format!("{}T{:02}{:02}{:02}", basic(date_of(day, time)), clock / 3600, clock / 60 % 60, clock % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn after_midnight_is_the_next_day() {
        assert_eq!(moment(date("2026-12-31"), ServiceTime::hm(24, 30)), "20270101T003000");
    }

    #[test]
    fn a_zone_with_summer_time_lists_its_changes() {
        let zone = Zone { name: "Europe/Berlin".to_owned(), zone: TimeZone::get("Europe/Berlin").unwrap() };
        let mut text = Text::default();
        zone.write(&mut text, date("2026-12-01"), date("2027-06-30"));
        // 28 March 2027, 02:00 local, clocks go to 03:00.
        assert!(text.0.contains(
            "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST"
        ));
        // 1 April 2027, 08:00 in summer time is 06:00 UTC.
        assert_eq!(zone.utc(date("2027-04-01"), ServiceTime::hm(8, 0)), "20270401T060000Z");
    }
}
