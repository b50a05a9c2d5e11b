//! Does everything that can be said have words in both languages? Codes are read from the source: findings, stages, reasons.

#![expect(clippy::unwrap_used, reason = "a test that cannot read the source has failed")]

use std::fs;
use std::path::{Path, PathBuf};

use jiebo::publish::phrases::{Language, has_phrase, phrase};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") && path.file_name().unwrap() != "tests.rs"
        {
            found.push(path);
        }
    }
}

/// The quoted text after each occurrence of `before`; unit tests (at the end of a file) left out.
fn quoted_after(text: &str, before: &str) -> Vec<String> {
    let shipped = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    shipped.split(before).skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

fn wordless(codes: &[String]) -> Vec<String> {
    let mut missing = Vec::new();
    for code in codes {
        for language in Language::ALL {
            if !has_phrase(language, code) {
                missing.push(format!("{code} ({language})"));
            }
        }
    }
    missing
}

#[test]
fn every_code_has_words_in_both_languages() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut codes = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        if file.ends_with("domain/finding.rs") || file.ends_with("publish/fixture.rs") {
            continue;
        }
        for before in ["Finding::note(\"", "Finding::warning(\"", "Finding::error(\"", "stage: \""] {
            codes.extend(quoted_after(&text, before));
        }
    }
    codes.sort();
    codes.dedup();
    assert!(codes.len() > 150, "only {} codes found: has the way they are made changed?", codes.len());
    assert_eq!(wordless(&codes), Vec::<String>::new());
}

#[test]
fn a_code_without_words_is_noticed() {
    assert_eq!(quoted_after("x(Finding::note(\"new-code\"))", "Finding::note(\""), ["new-code"]);
    assert_eq!(wordless(&["new-code".to_owned()]).len(), 2);
}

#[test]
fn what_is_not_there_is_called_by_its_name() {
    let mut files = Vec::new();
    for part in ["src/api", "src/storage"] {
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &mut files);
    }
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    let mut what: Vec<String> = texts.flat_map(|text| quoted_after(&text, "issing(\"")).collect();
    what.sort();
    what.dedup();
    assert!(what.len() > 20, "only {what:?} found: has the way they are made changed?");
    let said = |language, what: &str| phrase(language, "problem-missing", &[("what", what.into())]);
    what.retain(|what| said(Language::Zh, what).contains(|c: char| c.is_ascii_alphabetic()));
    assert_eq!(what, Vec::<String>::new());
    assert_eq!(said(Language::Zh, "timetable"), "这里没有这个时刻表。");
    assert_eq!(said(Language::En, "parking-request"), "There is no such parking request here.");
}
