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
    assert_eq!(project.lots.len(), 14);
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
    project.findings.extend(read_project(&odd, Needs::default()).unwrap_err().findings().iter().cloned());
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

/// Findings of one kind about a folder of small files: file, row, column, words in Chinese and in English.
fn found(files: &[(&str, &str)], code: &str) -> Vec<(Finding, String, String)> {
    let sources: Vec<Source> =
        files.iter().map(|(name, text)| Source { name: (*name).to_owned(), bytes: text.as_bytes().to_vec() }).collect();
    let findings = match read_project(&sources, Needs::default()) {
        Ok(project) => project.findings,
        Err(error) => error.findings().to_vec(),
    };
    let of = findings.into_iter().filter(|finding| finding.code == code);
    let words = |language, finding: &Finding| phrases::finding(language, finding);
    of.map(|f| (f.clone(), words(phrases::Language::Zh, &f), words(phrases::Language::En, &f))).collect()
}

const PROJECT: (&str, &str) = ("project.toml", "[project]\nname = \"x\"\n");
const SITES: (&str, &str) = (
    "sites.csv",
    "编号,名称,类型,经度,纬度\na,甲,园区,121.4,31.2\nb,乙,停车场站,121.41,31.2\nc,丙,停车场,121.42,31.2\n",
);

#[test]
fn a_vehicle_without_a_price_is_said_aloud() {
    let column =
        found(&[PROJECT, SITES, ("fleet.csv", "车型,座位,数量\nx,19,1\ny,33,1\n")], "fleet-price-column-missing");
    let [(finding, zh, en)] = column.as_slice() else { panic!("{column:?}") };
    assert_eq!((finding.severity, finding.column.as_deref()), (Severity::Warning, Some("cost_per_day")));
    assert!(zh.contains("900 元") && zh.contains("表头写“每天费用”或 cost_per_day"), "{zh}");
    assert!(en.contains("CNY 900 a day") && en.contains("cost_per_day or 每天费用"), "{en}");
    let fleet = "车型,座位,数量,每天多少钱\nx,19,1,800\ny,33,1,\nz,33,1,面议\nu,19,1,1200元/天\n";
    let rows: Vec<_> = found(&[PROJECT, SITES, ("fleet.csv", fleet)], "fleet-price-assumed");
    assert_eq!(rows.iter().map(|(finding, ..)| finding.row.unwrap()).collect::<Vec<_>>(), vec![3, 4]);
    assert!(rows[0].1.starts_with("fleet.csv 第 3 行 [每天费用] 列："), "{}", rows[0].1);
}

#[test]
fn a_missing_column_is_not_called_an_empty_cell() {
    // No depot among the sites, and no column that names one: said once.
    let sites = ("sites.csv", "编号,名称,类型,经度,纬度\na,甲,园区,121.4,31.2\n");
    let files = [PROJECT, sites, ("fleet.csv", "车型,座位,日租金\nx,19,800\ny,33,900\n")];
    let missing = found(&files, "column-missing");
    let [(finding, zh, en)] = missing.as_slice() else { panic!("{missing:?}") };
    assert_eq!((finding.row, finding.column.as_deref()), (None, Some("depot")));
    assert!(zh.contains("缺少“车场”这一列") && zh.contains("表头写“车场”或 depot"), "{zh}");
    assert!(en.contains("This column is missing") && en.contains("header depot or 车场"), "{en}");
    assert_eq!(found(&files, "cell-missing"), vec![]);
    // A kind for the sites; and a column without which a table cannot be read.
    let untyped = found(&[PROJECT, ("sites.csv", "编号,经度,纬度\na,121.4,31.2\nb,121.4,31.3\n")], "column-missing");
    assert_eq!(untyped.iter().map(|(f, ..)| f.column.as_deref().unwrap()).collect::<Vec<_>>(), vec!["kind"]);
    let unread = found(&[PROJECT, ("sites.csv", "编号,类型,经度\na,园区,121.4\n")], "table-column-missing");
    assert!(unread[0].1.contains("表头写“纬度”或 lat"), "{}", unread[0].1);
    assert!(unread[0].2.contains("header lat or 纬度"), "{}", unread[0].2);
    // A depot by the words of the README; a car park by itself is a lot, and the vehicles stand at the only depot.
    let fleet = ("fleet.csv", "车型,座位,日租金\nx,19,800\n");
    assert_eq!(found(&[PROJECT, SITES, fleet], "column-missing"), vec![]);
    assert_eq!(found(&[PROJECT, SITES, fleet], "site-kind-unknown"), vec![]);
    let garage = ("fleet.csv", "车型,座位,每天价格,停在哪里\nx,19,800,乙\n");
    assert_eq!(found(&[PROJECT, SITES, garage], "table-unknown-column"), vec![]);
}

#[test]
fn chinese_words_name_chinese_columns_and_days() {
    let mut project = read_project(&folder(), Needs::default()).unwrap();
    let bare = [PROJECT, SITES, ("survey.csv", "出发地,目的地,时间\na,b,8点半\nb,a,9:00\n")];
    project.findings.extend(found(&bare, "survey-column-absent").into_iter().map(|(finding, ..)| finding));
    for finding in &project.findings {
        let zh = phrases::finding(phrases::Language::Zh, finding);
        assert!(!zh.contains("Mon-Fri"), "{zh}");
        for column in ["[time]", "[days]", "[origin]", "[depot]", "[bays]", "[max_walk_m]", "[use]"] {
            assert!(!zh.contains(column), "{zh}");
        }
    }
}
