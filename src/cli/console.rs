//! The terminal: results to standard output, remarks to standard error. A reader who has gone away (`| head`) is no error.

use std::io::{ErrorKind, Write};

use crate::domain::finding::Argument;
use crate::publish::phrases::{self, Language};

pub(super) struct Console {
    language: Language,
    failed: bool,
}

impl Console {
    pub(super) fn new(language: Language) -> Self {
        Self { language, failed: false }
    }

    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// A phrase in the user's language.
    pub(super) fn say(&self, key: &str, args: &[(&str, Argument)]) -> String {
        phrases::phrase(self.language, key, args)
    }

    /// Why the system refused, in the user's language as far as it is one of the common reasons.
    pub(super) fn reason(&self, error: &std::io::Error) -> String {
        let key = match error.kind() {
            ErrorKind::NotFound => "cli-io-not-found",
            ErrorKind::PermissionDenied => "cli-io-denied",
            ErrorKind::IsADirectory => "cli-io-directory",
            ErrorKind::NotADirectory => "cli-io-no-directory",
            _ => return error.to_string(),
        };
        self.say(key, &[])
    }

    /// A result.
    pub(super) fn result(&mut self, text: &str) {
        let mut out = std::io::stdout().lock();
        if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) {
            self.failed |= error.kind() != ErrorKind::BrokenPipe;
        }
    }

    /// A remark. Where standard error cannot be written, nobody can be told.
    pub(super) fn note(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Was a result lost (a full disk)?
    pub(super) fn failed(&self) -> bool {
        self.failed
    }
}
