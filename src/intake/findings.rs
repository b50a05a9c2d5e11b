//! Where findings gather while files are read: capped for each kind and file, so that a wrong file of a million rows
//! stays a page to read, and in the order of files and rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::finding::{Finding, Severity};

/// Findings of one code in one file that are listed; the rest are counted.
const LISTED: usize = 300;
/// The same where a single file is looked at: what nobody reads to its end, yet fits the memory.
const LISTED_ALONE: usize = 50_000;

#[derive(Debug)]
pub(super) struct Findings {
    list: Vec<Finding>,
    /// (file, code) -> how many.
    counts: BTreeMap<(String, String), (usize, Severity)>,
    /// Order in which files were first named.
    files: BTreeMap<String, usize>,
    /// Files that could not be read at all.
    unreadable: Vec<String>,
    /// (file, column) whose absence has been named.
    absent: BTreeSet<(String, &'static str)>,
    /// Findings of one code in one file that are listed.
    listed: usize,
}

impl Default for Findings {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            counts: BTreeMap::new(),
            files: BTreeMap::new(),
            unreadable: Vec::new(),
            absent: BTreeSet::new(),
            listed: LISTED,
        }
    }
}

impl Findings {
    /// For a single file that is looked at: (almost) everything is listed.
    pub(super) fn alone() -> Self {
        Self { listed: LISTED_ALONE, ..Self::default() }
    }

    /// A column that is needed is not in the file at all: said once, not of every row.
    pub(super) fn absent(&mut self, file: &str, column: &'static str, finding: Finding) {
        if self.absent.insert((file.to_owned(), column)) {
            self.push(finding.file(file).column(column));
        }
    }

    /// Findings of this file come before those of files first named later.
    pub(super) fn reserve(&mut self, file: &str) {
        let place = self.files.len();
        self.files.entry(file.to_owned()).or_insert(place);
    }

    pub(super) fn push(&mut self, finding: Finding) {
        let file = finding.file.clone().unwrap_or_default();
        self.reserve(&file);
        let (count, _) = self.counts.entry((file, finding.code.clone())).or_insert((0, finding.severity));
        *count += 1;
        if *count <= self.listed {
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
            if *count > self.listed {
                let mut more = match severity {
                    Severity::Note => Finding::note("more-of-the-same"),
                    Severity::Warning => Finding::warning("more-of-the-same"),
                    Severity::Error => Finding::error("more-of-the-same"),
                };
                more = more.arg("count", *count - self.listed).arg("kind", code.as_str());
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
