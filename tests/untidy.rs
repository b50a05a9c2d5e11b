//! The demonstration folder's planted flaws (data/gonghexin-flaws.csv): each is reported at its row and column, and no
//! clean row is.

#![expect(clippy::unwrap_used, reason = "helpers of a test: a failure is to be seen at once")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiebo::domain::finding::{Finding, Severity};
use jiebo::intake::{Needs, Source, normal_form_survey, read_project};
use jiebo::publish::phrases;

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

fn folder() -> Vec<Source> {
    let mut sources: Vec<Source> = std::fs::read_dir(data().join("gonghexin"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| Source {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            bytes: std::fs::read(&path).unwrap(),
        })
        .collect();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

/// Row, column, what of each planted flaw, by file.
fn planted() -> BTreeMap<String, Vec<(u32, String, String)>> {
    let mut planted: BTreeMap<String, Vec<(u32, String, String)>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(data().join("gonghexin-flaws.csv")).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let flaw = (record[1].parse().unwrap(), record[2].to_owned(), record[3].to_owned());
        planted.entry(record[0].to_owned()).or_default().push(flaw);
    }
    planted
}

/// What is missing and what is too much, in words.
fn compare(file: &str, planted: &[(u32, String, String)], findings: &[Finding]) -> Vec<String> {
    let of_file: Vec<&Finding> = findings.iter().filter(|f| f.file.as_deref() == Some(file)).collect();
    let mut wrong = Vec::new();
    for (row, column, what) in planted {
        let there = of_file
            .iter()
            .any(|f| f.row == Some(*row) && (column.is_empty() || f.column.as_deref() == Some(column.as_str())));
        if !there {
            let at_row: Vec<_> = of_file.iter().filter(|f| f.row == Some(*row)).collect();
            wrong.push(format!("{file} row {row} [{column}] {what}: not reported; at that row: {at_row:?}"));
        }
    }
    let rows: BTreeSet<u32> = planted.iter().map(|(row, _, _)| *row).collect();
    for finding in &of_file {
        if finding.severity > Severity::Note && finding.row.is_none_or(|row| !rows.contains(&row)) {
            wrong.push(format!("{file}: a clean row is reported: {finding:?}"));
        }
    }
    wrong
}

#[test]
fn each_planted_flaw_is_reported_at_its_row_and_no_clean_row_is() {
    let project = read_project(&folder(), Needs::default()).unwrap();
    let planted = planted();
    let mut wrong = Vec::new();
    for (file, flaws) in &planted {
        wrong.extend(compare(file, flaws, &project.findings));
    }
    // The other files have no flaw at all.
    for finding in &project.findings {
        let file = finding.file.clone().unwrap_or_default();
        if finding.severity > Severity::Note && !planted.contains_key(&file) {
            wrong.push(format!("{file} is clean: {finding:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(project.journeys.len() > 580, "{}", project.journeys.len());
    assert_eq!(project.lots.len(), 12);
    assert_eq!(project.areas.len(), 26);
    assert!(project.findings.iter().any(|f| f.code == "survey-ridership-interval"));
}

#[test]
fn the_workbook_says_the_same_as_the_csv() {
    let folder = folder();
    let bytes = std::fs::read(data().join("gonghexin/xlsx/survey.xlsx")).unwrap();
    let workbook = Source { name: "survey.xlsx".to_owned(), bytes };
    let csv = folder.iter().find(|source| source.name == "survey.csv").unwrap();
    let from_csv = normal_form_survey(csv, &folder).unwrap();
    let from_xlsx = normal_form_survey(&workbook, &folder).unwrap();
    let (a, b) = (String::from_utf8(from_csv.bytes).unwrap(), String::from_utf8(from_xlsx.bytes).unwrap());
    for (line, (a, b)) in (1..).zip(a.lines().zip(b.lines())) {
        assert_eq!(a, b, "line {line}");
    }
    assert_eq!(a.len(), b.len());
    let mut flaws = planted()["survey.csv"].clone();
    // The workbook's headers are Chinese: the unknown column has another name there.
    flaws.retain(|(row, _, what)| *row > 1 || what.starts_with("contact"));
    let missing: Vec<String> = compare("survey.xlsx", &flaws, &from_xlsx.findings)
        .into_iter()
        .filter(|line| !line.contains("row has one cell too many"))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_finding_has_words_in_both_languages_and_quotes_no_contact() {
    let mut project = read_project(&folder(), Needs::default()).unwrap();
    let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    let odd = [
        source("project.toml", "[project]\nname = \"x\"\ncolour = 1\nzzz = 1\n[policy]\nfare = \"no\"\n"),
        source("survay.csv", "a\n"),
        source("survey.csv", "origin,destination,time\na,b,8:30\n"),
        source("sites.csv", "id,name,kind,lon,lat\na b,甲,park,121.4,31.2\nb,乙,gate,121.4,31.2\nc,丙,spaceport,1,2\n"),
    ];
    project.findings.extend(read_project(&odd, Needs::default()).unwrap().findings);
    for finding in &project.findings {
        for language in phrases::Language::ALL {
            assert!(phrases::has_phrase(language, &finding.code), "{} has no words", finding.code);
            let text = phrases::finding(language, finding);
            assert!(!text.contains('$') && !text.contains('{'), "{}: {text}", finding.code);
            assert!(!text.contains("13800000000") && !text.contains("13900000000"), "{text}");
        }
    }
    if std::env::var_os("SHOW_FINDINGS").is_some() {
        for finding in &project.findings {
            println!("{}", phrases::finding(phrases::Language::Zh, finding));
            println!("    {}", phrases::finding(phrases::Language::En, finding));
        }
    }
}

#[test]
fn the_hash_follows_the_bytes_that_were_read() {
    let mut sources = folder();
    let hash = |sources: &[Source]| read_project(sources, Needs::default()).unwrap().inputs_hash;
    let first = hash(&sources);
    assert_eq!(first.len(), 16);
    sources.reverse();
    assert_eq!(hash(&sources), first);
    sources.push(Source { name: "notes.txt".to_owned(), bytes: b"not read".to_vec() });
    assert_eq!(hash(&sources), first);
    let fleet = sources.iter_mut().find(|source| source.name == "fleet.csv").unwrap();
    fleet.bytes.push(b'\n');
    assert_ne!(hash(&sources), first);
}
