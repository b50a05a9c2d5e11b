//! Findings as a list somebody reads to its end: worst first, by code, a few of each code, and how many more.

use std::path::Path;

use crate::domain::finding::{Finding, Severity};
use crate::publish::phrases::{self, Language, phrase};

/// So many of a code are written out.
const OF_A_CODE: usize = 5;

/// How many are written out, and where the others can be seen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Show<'a> {
    /// All of them.
    All,
    /// A few of each code.
    Few,
    /// A few of each code of this project folder's files; says how to see the others.
    FewOf(&'a Path),
}

/// One text line each.
pub(super) fn lines(findings: &[Finding], show: Show<'_>, language: Language) -> Vec<String> {
    let limit = if matches!(show, Show::All) { usize::MAX } else { OF_A_CODE };
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
            let shown = if same.len() == OF_A_CODE + 1 { same.len() } else { same.len().min(limit) };
            for finding in &same[..shown] {
                lines.push(format!("{label}{}", phrases::finding(language, finding)));
            }
            if same.len() > shown {
                lines.push(format!("    {}", more(&same[shown..], show, language)));
            }
        }
    }
    lines
}

/// How many more there are, and how to see them: a single file is looked at with `import`.
fn more(hidden: &[&Finding], show: Show<'_>, language: Language) -> String {
    let count = ("count", hidden.len().into());
    let Show::FewOf(folder) = show else { return phrase(language, "cli-more", &[count]) };
    let file = hidden.first().and_then(|finding| finding.file.as_deref()).unwrap_or_default();
    let kind = file.split('.').next().filter(|kind| ["survey", "sites", "roads"].contains(kind));
    match kind.filter(|_| hidden.iter().all(|finding| finding.file.as_deref() == Some(file))) {
        Some(kind) => {
            let path = |path: &Path| {
                let text = path.display().to_string();
                if text.contains(' ') { format!("\"{text}\"") } else { text }
            };
            let file = format!("{} --sites {}", path(&folder.join(file)), path(folder));
            phrase(language, "cli-more-import", &[count, ("kind", kind.into()), ("file", file.into())])
        }
        None => phrase(language, "cli-more-all", &[count]),
    }
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
        let few = lines(&findings, Show::Few, Language::En);
        assert_eq!(few[0], "error: aaa");
        assert_eq!(few.len(), 1 + OF_A_CODE + 1);
        assert_eq!(few[few.len() - 1], "    … and 23 more of this kind");
        assert_eq!(lines(&findings, Show::All, Language::En).len(), 1 + 28);
    }

    #[test]
    fn where_the_others_can_be_seen() {
        let of =
            |file: &str| -> Vec<Finding> { (2..30).map(|row| Finding::warning("zzz").file(file).row(row)).collect() };
        let last = |file: &str| lines(&of(file), Show::FewOf(Path::new("my park")), Language::En).pop().unwrap();
        assert_eq!(
            last("survey.xlsx"),
            "    … and 23 more of this kind (jiebo import survey \"my park/survey.xlsx\" --sites \"my park\" shows all)"
        );
        assert_eq!(last("lots.csv"), "    … and 23 more of this kind (--all-findings shows more)");
    }
}
