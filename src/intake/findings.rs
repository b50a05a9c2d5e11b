//! Where findings gather while files are read: capped for each kind and file, so that a wrong file of a million rows
//! stays a page to read, and in the order of files and rows.

use std::collections::BTreeMap;

use crate::domain::finding::{Finding, Severity};

/// Findings of one code in one file that are listed; the rest are counted.
const LISTED: usize = 300;

#[derive(Debug, Default)]
pub(super) struct Findings {
    list: Vec<Finding>,
    /// (file, code) -> how many.
    counts: BTreeMap<(String, String), (usize, Severity)>,
    /// Order in which files were first named.
    files: BTreeMap<String, usize>,
    /// Files that could not be read at all.
    unreadable: Vec<String>,
}

impl Findings {
    pub(super) fn push(&mut self, finding: Finding) {
        let file = finding.file.clone().unwrap_or_default();
        let place = self.files.len();
        self.files.entry(file.clone()).or_insert(place);
        let (count, _) = self.counts.entry((file, finding.code.clone())).or_insert((0, finding.severity));
        *count += 1;
        if *count <= LISTED {
            self.list.push(finding);
        }
    }

    /// The file as a whole cannot be read: exit code 3.
    pub(super) fn unreadable(&mut self, file: &str, finding: Finding) {
        if !self.unreadable.iter().any(|name| name == file) {
            self.unreadable.push(file.to_owned());
        }
        self.push(finding.file(file));
    }

    /// The findings, by file, row and column; and the files that could not be read.
    pub(super) fn finish(mut self) -> (Vec<Finding>, Vec<String>) {
        for ((file, code), (count, severity)) in &self.counts {
            if *count > LISTED {
                let mut more = match severity {
                    Severity::Note => Finding::note("more-of-the-same"),
                    Severity::Warning => Finding::warning("more-of-the-same"),
                    Severity::Error => Finding::error("more-of-the-same"),
                };
                more = more.arg("count", *count - LISTED).arg("kind", code.as_str());
                self.list.push(if file.is_empty() { more } else { more.file(file) });
            }
        }
        let files = self.files;
        self.list.sort_by_key(|finding| {
            let file = files.get(finding.file.as_deref().unwrap_or_default()).copied().unwrap_or(usize::MAX);
            (file, finding.row.unwrap_or(u32::MAX))
        });
        (self.list, self.unreadable)
    }
}
