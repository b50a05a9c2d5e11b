//! Flaws in inputs or plans as data: a code, its arguments, where it is. `publish::phrases` puts them into words.
//!
//! A finding never quotes a cell of an unknown or contact column. A dropped row is a warning; an error means that no
//! sensible plan could be made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How bad it is, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; nothing was lost.
    Note,
    /// Something was dropped, guessed or will not work as asked.
    Warning,
    /// No sensible plan could be made.
    Error,
}

/// An argument of a finding: fills a slot in its phrase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Argument {
    /// A count or measure.
    Number(f64),
    /// A name or id.
    Text(String),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<f64> for Argument {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}
impl From<i32> for Argument {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}
impl From<u32> for Argument {
    fn from(number: u32) -> Self {
        Self::Number(f64::from(number))
    }
}
impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}
impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number as f64)
    }
}

/// Something wrong or doubtful, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Kebab-case, a key of the phrase files, e.g. `survey-duplicate-answer`.
    pub code: String,
    /// Named slots of the phrase.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Argument>,
    /// How bad.
    pub severity: Severity,
    /// The file it stands in, relative to the project folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Row as a spreadsheet numbers it: the header is row 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column by its name in FORMATS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

impl Finding {
    /// Worth knowing.
    #[must_use]
    pub fn note(code: &str) -> Self {
        Self::new(Severity::Note, code)
    }
    /// Dropped, guessed, or not as asked.
    #[must_use]
    pub fn warning(code: &str) -> Self {
        Self::new(Severity::Warning, code)
    }
    /// No sensible plan can be made.
    #[must_use]
    pub fn error(code: &str) -> Self {
        Self::new(Severity::Error, code)
    }
    fn new(severity: Severity, code: &str) -> Self {
        Self { code: code.to_owned(), args: BTreeMap::new(), severity, file: None, row: None, column: None }
    }
    /// Fills a slot of the phrase.
    #[must_use]
    pub fn arg(mut self, name: &str, value: impl Into<Argument>) -> Self {
        self.args.insert(name.to_owned(), value.into());
        self
    }
    /// Names the file.
    #[must_use]
    pub fn file(mut self, file: &str) -> Self {
        self.file = Some(file.to_owned());
        self
    }
    /// Names the row (header is row 1).
    #[must_use]
    pub fn row(mut self, row: u32) -> Self {
        self.row = Some(row);
        self
    }
    /// Names the column.
    #[must_use]
    pub fn column(mut self, column: &str) -> Self {
        self.column = Some(column.to_owned());
        self
    }
}
