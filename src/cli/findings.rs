//! Findings as a list somebody reads to its end: worst first, by code, a few of each code, and how many more.

use crate::domain::finding::{Finding, Severity};
use crate::publish::phrases::{self, Language, phrase};

/// So many of a code are written out.
const OF_A_CODE: usize = 5;

/// One text line each.
pub(super) fn lines(findings: &[Finding], language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let label = phrase(
            language,
            match severity {
                Severity::Error => "cli-error",
                Severity::Warning => "cli-warning",
                Severity::Note => "cli-note",
            },
            &[],
        );
        let mut codes: Vec<(&str, Vec<&Finding>)> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.severity == severity) {
            match codes.iter_mut().find(|(code, _)| *code == finding.code) {
                Some((_, same)) => same.push(finding),
                None => codes.push((&finding.code, vec![finding])),
            }
        }
        for (_, same) in codes {
            // One more than the limit is shorter written out than counted.
            let shown = if same.len() == OF_A_CODE + 1 { same.len() } else { same.len().min(OF_A_CODE) };
            for finding in &same[..shown] {
                lines.push(format!("{label}{}", phrases::finding(language, finding)));
            }
            if same.len() > shown {
                let more = phrase(language, "cli-more", &[("count", (same.len() - shown).into())]);
                lines.push(format!("    {more}"));
            }
        }
    }
    lines
}

/// "2 errors, 14 warnings, 3 notes"; `None` if there is nothing.
pub(super) fn count(findings: &[Finding], language: Language) -> Option<String> {
    let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    (!findings.is_empty()).then(|| {
        phrase(
            language,
            "cli-findings",
            &[
                ("errors", of(Severity::Error).into()),
                ("warnings", of(Severity::Warning).into()),
                ("notes", of(Severity::Note).into()),
            ],
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worst_first_and_not_too_many_of_one_kind() {
        let mut findings: Vec<Finding> = (2..30).map(|row| Finding::warning("zzz").row(row)).collect();
        findings.push(Finding::error("aaa"));
        let lines = lines(&findings, Language::En);
        assert_eq!(lines[0], "error: aaa");
        assert_eq!(lines.len(), 1 + OF_A_CODE + 1);
        assert_eq!(lines[lines.len() - 1], "    … and 23 more of this kind");
    }
}
