//! Lines of a file with their numbers, and the numbers that stand in them.

use std::fmt::Display;
use std::ops::RangeInclusive;

/// Line in the file, from 1, and what stands in it, without blanks at its ends.
pub(super) type Row<'a> = (usize, &'a str);

/// All lines with something in them.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Row<'_>> {
    text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())).filter(|(_, line)| !line.is_empty())
}

/// What is wrong, and where.
pub(super) fn at(line: usize, what: impl Display) -> String {
    format!("line {line}: {what}")
}

/// A number that can be calculated with.
pub(super) fn number(line: usize, text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number.ok_or_else(|| at(line, format_args!("“{text}” is no number")))
}

/// All numbers of a line.
pub(super) fn numbers((line, text): Row<'_>) -> Result<Vec<f64>, String> {
    text.split_whitespace().map(|word| number(line, word)).collect()
}

/// A whole number within a range.
pub(super) fn whole(line: usize, what: &str, value: f64, range: RangeInclusive<u32>) -> Result<u32, String> {
    let (from, most) = (*range.start(), *range.end());
    if value.fract() == 0.0 && (f64::from(from)..=f64::from(most)).contains(&value) {
        Ok(value as u32)
    } else {
        Err(at(line, format_args!("{what} is {value}; write a whole number from {from} to {most}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_finite_and_whole_where_they_must_be() {
        assert_eq!(lines("\na b \r\n\n c").collect::<Vec<_>>(), [(2, "a b"), (4, "c")]);
        assert_eq!(numbers((1, "1 -2.5\t1e3")), Ok(vec![1.0, -2.5, 1000.0]));
        for wrong in ["nan", "inf", "1e999", "x", "1,5", "0x1"] {
            assert_eq!(number(7, wrong), Err(format!("line 7: “{wrong}” is no number")));
        }
        assert_eq!(whole(1, "it", 5.0, 0..=5), Ok(5));
        for wrong in [-1.0, 5.5, 6.0, f64::NAN, 1e300] {
            assert!(whole(1, "it", wrong, 0..=5).is_err(), "{wrong}");
        }
    }
}
