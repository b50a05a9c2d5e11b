//! What a cell says: numbers, times, days, dates, yes and no; and the finding when it does not.
//!
//! A reader gives `Ok(None)` for an empty cell, `Err(Flawed)` when the finding has already been made.

use jiff::civil::Date;

use super::columns::half_width;
use super::findings::Findings;
use super::table::{Col, Entry};
use crate::domain::calendar::{Days, Week, Window, parse_time};
use crate::domain::finding::Finding;
use crate::domain::units::{Fen, ServiceTime};

/// What becomes of a row with a flaw; the phrases say so (`$then`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// The row is left out.
    Dropped,
    /// The cell counts as empty.
    Empty,
}

/// The finding has been made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flawed;

pub(super) type Cell<T> = Result<Option<T>, Flawed>;

/// What a cell says, short enough for a sentence.
pub(super) fn said(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if plain.chars().count() <= 30 { plain } else { plain.chars().take(29).chain(['…']).collect() }
}

impl<'t> Entry<'t> {
    /// A finding about a cell.
    pub(super) fn flaw(self, code: &str, col: Col, then: Then) -> Finding {
        let then = match then {
            Then::Dropped => "dropped",
            Then::Empty => "empty",
        };
        self.place(Finding::warning(code)).column(col.name).arg("then", then).arg("said", said(self.text(col)))
    }

    /// A cell that must be there is empty; or there is no such column, which is said once.
    pub(super) fn missing(self, col: Col, findings: &mut Findings) {
        if col.is_there() {
            findings.push(self.place(Finding::warning("cell-missing")).column(col.name));
        } else {
            let finding = Finding::warning("column-missing").arg("en", col.name).arg("zh", self.header_zh(col.name));
            findings.absent(&self.table.file, col.name, finding);
        }
    }

    /// The value of a cell that must be there.
    pub(super) fn must<T>(self, col: Col, value: Cell<T>, findings: &mut Findings) -> Option<T> {
        match value {
            Ok(Some(value)) => Some(value),
            Ok(None) => {
                self.missing(col, findings);
                None
            }
            Err(Flawed) => None,
        }
    }

    /// Text that must be there.
    pub(super) fn must_text(self, col: Col, findings: &mut Findings) -> Option<&'t str> {
        let text = self.text(col);
        self.must(col, Ok((!text.is_empty()).then_some(text)), findings)
    }

    /// Text, or nothing.
    pub(super) fn some_text(self, col: Col) -> Option<String> {
        let text = self.text(col);
        (!text.is_empty()).then(|| text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
    }

    /// A number within limits.
    pub(super) fn number(self, col: Col, (min, max): (f64, f64), then: Then, findings: &mut Findings) -> Cell<f64> {
        let text = self.text(col);
        if text.is_empty() {
            return Ok(None);
        }
        let (number, unit) = match number(text) {
            Some(number) => (Some(number), false),
            None => (without_unit(text, col.name).and_then(|text| self::number(&text)), true),
        };
        match number {
            Some(number) if number >= min && number <= max => {
                if unit {
                    findings.push(self.place(Finding::note("cell-unit")).column(col.name).arg("said", said(text)));
                }
                Ok(Some(number))
            }
            Some(_) => {
                let finding = self.flaw("cell-out-of-range", col, then);
                findings.push(finding.arg("min", format!("{min}")).arg("max", format!("{max}")));
                Err(Flawed)
            }
            None => {
                findings.push(self.flaw("cell-not-a-number", col, then));
                Err(Flawed)
            }
        }
    }

    /// A whole number within limits.
    pub(super) fn whole(self, col: Col, (min, max): (u32, u32), then: Then, findings: &mut Findings) -> Cell<u32> {
        let Some(number) = self.number(col, (f64::from(min), f64::from(max)), then, findings)? else {
            return Ok(None);
        };
        if number.fract() != 0.0 {
            findings.push(self.flaw("cell-not-whole", col, then));
            return Err(Flawed);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, within min and max")]
        Ok(Some(number as u32))
    }

    /// An amount of money in CNY, up to a million.
    pub(super) fn money(self, col: Col, then: Then, findings: &mut Findings) -> Cell<Fen> {
        Ok(self.number(col, (0.0, 1e6), then, findings)?.map(Fen::from_yuan))
    }

    /// A time of the service day.
    pub(super) fn time(self, col: Col, then: Then, findings: &mut Findings) -> Cell<ServiceTime> {
        let text = self.text(col);
        if text.is_empty() {
            return Ok(None);
        }
        parse_time(text).map(Some).ok_or_else(|| {
            findings.push(self.flaw("cell-not-a-time", col, then));
            Flawed
        })
    }

    /// Days in the one grammar.
    pub(super) fn days(self, col: Col, then: Then, findings: &mut Findings) -> Cell<Days> {
        let text = self.text(col);
        if text.is_empty() {
            return Ok(None);
        }
        Days::parse(&half_width(text)).map(Some).ok_or_else(|| {
            findings.push(self.flaw("cell-not-days", col, then));
            Flawed
        })
    }

    /// A date.
    pub(super) fn date(self, col: Col, then: Then, findings: &mut Findings) -> Cell<Date> {
        let text = self.text(col);
        if text.is_empty() {
            return Ok(None);
        }
        date(text).map(Some).ok_or_else(|| {
            findings.push(self.flaw("cell-not-a-date", col, then));
            Flawed
        })
    }

    /// Yes or no.
    pub(super) fn yes_no(self, col: Col, then: Then, findings: &mut Findings) -> Cell<bool> {
        let text = self.text(col);
        if text.is_empty() {
            return Ok(None);
        }
        yes_no(text).map(Some).ok_or_else(|| {
            findings.push(self.flaw("cell-not-yes-no", col, then));
            Flawed
        })
    }

    /// A window, weekly or of dates; empty cells take the default, one that does not end after it starts ends the next day.
    pub(super) fn window(
        self,
        (days, from, to): (Col, Col, Col),
        default: (Week, ServiceTime, ServiceTime),
        findings: &mut Findings,
    ) -> Option<Window> {
        let on = match self.days(days, Then::Dropped, findings) {
            Ok(said) => said.unwrap_or(Days::Weekly(default.0)),
            Err(Flawed) => return None,
        };
        let start = self.time(from, Then::Dropped, findings).ok()?.unwrap_or(default.1);
        let end = self.time(to, Then::Dropped, findings).ok()?.unwrap_or(default.2);
        let Some(end) = end_after(start, end).filter(|end| end.0 - start.0 <= DAY) else {
            findings.push(self.flaw("window-too-long", to, Then::Dropped));
            return None;
        };
        Some(Window { days: on, from: start, to: end })
    }
}

const DAY: u32 = 86_400;

/// The end of what begins at `start`: the next day where it is not after it; `None` beyond 48:00.
pub(super) fn end_after(start: ServiceTime, end: ServiceTime) -> Option<ServiceTime> {
    let end = if end > start { end } else { ServiceTime(end.0 + DAY) };
    (end > start && end.0 <= 2 * DAY).then_some(end)
}

/// A plain number: full-width digits and thousands separators too; no "inf", no "nan".
pub(super) fn number(text: &str) -> Option<f64> {
    let fast = |text: &str| {
        (text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E')))
            .then(|| text.parse::<f64>().ok())
            .flatten()
            .filter(|number| number.is_finite())
    };
    if let Some(number) = fast(text) {
        return Some(number);
    }
    let text = half_width(text);
    let text = text.trim();
    if text.contains(',') {
        let mut groups = text.trim_start_matches('-').split('.').next().unwrap_or_default().split(',');
        let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
        if !first || !groups.all(|group| group.len() == 3) {
            return None;
        }
        return fast(&text.replace(',', ""));
    }
    fast(text)
}

/// "500米" in a column of metres, "10分钟" in one of minutes, "¥8" in one of money: the number alone.
fn without_unit(text: &str, column: &str) -> Option<String> {
    let units: &[&str] = if column.ends_with("_m") {
        &["米", "m"]
    } else if column.ends_with("_min") {
        &["分钟", "分", "minutes", "min"]
    } else if column.contains("price") || column.contains("cost") {
        &["元/天", "元/日", "元一天", "元每天", "元", "块", "cny", "rmb", "¥"]
    } else if matches!(column, "people" | "weight" | "on" | "off") {
        &["人", "名"]
    } else {
        &[]
    };
    let text = half_width(text).to_lowercase().replace('￥', "¥");
    let text = text.trim();
    units.iter().find_map(|unit| text.strip_suffix(unit).or(text.strip_prefix("¥"))).map(|rest| rest.trim().to_owned())
}

/// "2026-12-01", "2026/12/1", "2026.12.1", "2026年12月1日", with or without a time after it.
pub(super) fn date(text: &str) -> Option<Date> {
    let text = half_width(text);
    let day = text.trim().split([' ', 'T']).next()?;
    let mut parts = day.trim_end_matches('日').split(['-', '/', '.', '年', '月']);
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    if parts.next().is_some() || !(1900..=2200).contains(&year) {
        return None;
    }
    Date::new(year, month, day).ok()
}

/// Yes or no, as people tick it.
pub(super) fn yes_no(text: &str) -> Option<bool> {
    let text = half_width(text).to_lowercase();
    match text.trim() {
        "yes" | "y" | "true" | "1" | "是" | "有" | "要" | "需要" | "对" | "√" | "✓" => Some(true),
        "no" | "n" | "false" | "0" | "否" | "无" | "不" | "不要" | "不需要" | "没有" | "×" | "✗" => {
            Some(false)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(number("1,200.5"), Some(1200.5));
        assert_eq!(number("１２"), Some(12.0));
        assert_eq!(number("1,2"), None);
        assert_eq!(number("nan"), None);
        assert_eq!(number("1e999"), None);
        assert_eq!(number("近一点"), None);
        assert_eq!(without_unit("500 米", "max_walk_m").as_deref(), Some("500"));
        assert_eq!(without_unit("￥8", "max_price").as_deref(), Some("8"));
        assert_eq!(without_unit("8", "max_price"), None);
    }

    #[test]
    fn dates_as_people_write_them() {
        let d = Date::constant(2026, 12, 1);
        for text in ["2026-12-01", "2026/12/1", "2026.12.1", "2026年12月1日", "2026-12-01 00:00:00", "２０２６-12-01"]
        {
            assert_eq!(date(text), Some(d), "{text}");
        }
        assert_eq!(date("2026-13-01"), None);
        assert_eq!(date("12-01"), None);
    }
}
