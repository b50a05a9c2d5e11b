//! Collects findings, with a limit for each code so that one flood does not hide the rest.

use std::collections::BTreeMap;

use crate::domain::finding::Finding;
use crate::planning::plan::Relaxation;

/// Findings named in all.
pub(super) const LIMIT: usize = 1_000;
/// Findings named of one code.
const LIMIT_OF_A_CODE: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
    of_code: BTreeMap<String, usize>,
    unnamed: usize,
}

impl Report {
    pub(super) fn add(&mut self, finding: Finding) {
        let count = self.of_code.entry(finding.code.clone()).or_default();
        *count += 1;
        if *count <= LIMIT_OF_A_CODE && self.findings.len() < LIMIT {
            self.findings.push(finding);
        } else {
            self.unnamed += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    pub(super) fn finish(mut self) -> Vec<Finding> {
        if self.unnamed > 0 {
            self.findings.push(Finding::error("check-more").arg("count", self.unnamed));
        }
        self.findings
    }
}

/// Equal to a millionth of the larger; never true of what is no number.
pub(super) fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

/// Equal kilometres or hours, which are written with three decimals.
pub(super) fn close_to_three_decimals(a: f64, b: f64) -> bool {
    (a - b).abs() <= 0.000_501
}

/// A change somebody is told of: of a kind that is known, by an amount that is one.
pub(super) fn change_is_sound(change: &Relaxation, kinds: &[&str]) -> bool {
    // More than this of anything is no advice (and seconds of it still fit).
    kinds.contains(&change.kind.as_str()) && change.amount >= 0.0 && change.amount <= 1e9
}

/// Three decimals, to show.
pub(super) fn three(x: f64) -> String {
    format!("{x:.3}")
}

/// People in thousandths, to show.
pub(super) fn people(thousandths: u64) -> String {
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// Fen as yuan, of sums that may be wider than [`crate::domain::units::Fen`].
pub(super) fn yuan(fen: i128) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let abs = fen.unsigned_abs();
    format!("{sign}{}.{:02}", abs / 100, abs % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_one_code_does_not_hide_another() {
        let mut report = Report::default();
        for _ in 0..5_000 {
            report.add(Finding::error("check-a"));
        }
        report.add(Finding::error("check-b"));
        let findings = report.finish();
        assert_eq!(findings.len(), 102);
        assert_eq!(findings[100].code, "check-b");
        assert_eq!(findings[101], Finding::error("check-more").arg("count", 4_900_usize));
    }

    #[test]
    fn what_is_no_number_is_close_to_nothing() {
        assert!(close(1e9, 1e9 + 1.0) && !close(1.0, 1.001));
        assert!(!close(f64::NAN, f64::NAN) && !close(f64::INFINITY, f64::INFINITY));
        assert_eq!((yuan(-1205), people(1400)), ("-12.05".to_owned(), "1.400".to_owned()));
    }
}
