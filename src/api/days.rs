//! Days, moments and words in requests. What has not the form of one is a flaw (the schema says so too); what has it and is none
//! (2026-02-31) is in conflict with the calendar, which no schema can say.

use jiff::Timestamp;
use jiff::civil::Date;

use super::problem::{Flaw, Problem};

/// Does it look like a day (2026-12-01)?
pub(super) fn day_flaw(field: &str, text: &str) -> Option<Flaw> {
    (!like(text, "0000-00-00")).then(|| Flaw::new(field, "day-form"))
}

/// The day.
///
/// # Errors
/// 409: the calendar has no such day.
pub(super) fn day(text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| Problem::conflict("no-such-day").arg("day", text))
}

/// Does it look like a moment (2026-12-01T08:00:00+08:00)?
pub(super) fn moment_flaw(field: &str, text: &str) -> Option<Flaw> {
    const ENDS: [&str; 3] = ["Z", "+00:00", "-00:00"];
    let fits = ENDS.iter().any(|end| like(text, &format!("0000-00-00T00:00:00{end}")));
    (!fits).then(|| Flaw::new(field, "moment-form"))
}

/// The moment.
///
/// # Errors
/// 409: there is no such moment.
pub(super) fn moment(text: &str) -> Result<Timestamp, Problem> {
    text.parse().map_err(|_| Problem::conflict("no-such-day").arg("day", text))
}

/// One line of text, without control characters, its length in characters within a range.
pub(super) fn line_flaw(field: &str, text: &str, most: usize) -> Option<Flaw> {
    let flaw = |code| Some(Flaw::new(field, code).arg("least", 1).arg("most", most));
    if !(1..=most).contains(&text.chars().count()) {
        flaw("text-length")
    } else if text.chars().any(char::is_control) {
        flaw("text-control")
    } else {
        None
    }
}

/// Digits where the pattern has 0, else the same.
pub(super) fn like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(a, b)| if b == b'0' { a.is_ascii_digit() } else { a == b })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_days() {
        assert!(day_flaw("from", "2026-02-31").is_none() && day("2026-02-31").is_err());
        assert!(day("2026-02-28").is_ok());
        for wrong in ["2026-2-3", "26-02-03", "2026-02-03 ", "二", "2026/02/03"] {
            assert!(day_flaw("from", wrong).is_some(), "{wrong}");
        }
        for right in ["2026-12-01T08:00:00+08:00", "2026-12-01T00:00:00Z"] {
            assert!(moment_flaw("from", right).is_none() && moment(right).is_ok(), "{right}");
        }
        assert!(moment_flaw("from", "2026-12-01").is_some());
        assert!(moment("2026-13-01T00:00:00Z").is_err());
    }
}
