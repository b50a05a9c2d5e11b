//! The workbook as a spreadsheet program reads it: nothing about a few people, no formulas, the same bytes twice.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]

mod common;

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use jiebo::publish::phrases::Language;
use jiebo::publish::workbook;

fn rows(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).unwrap();
    range
        .rows()
        .map(|row| {
            row.iter()
                .map(|cell| match cell {
                    Data::Float(number) => format!("{number:.2}"),
                    other => other.to_string(),
                })
                .collect()
        })
        .collect()
}

fn open(language: Language) -> Xlsx<Cursor<Vec<u8>>> {
    let bytes = workbook::xlsx(&common::project(), &common::plan(), language).unwrap();
    std::fs::write(std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("workbook-{language}.xlsx")), &bytes)
        .unwrap();
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

#[test]
fn sheets_are_named_in_both_languages() {
    let names = |language| open(language).sheet_names().clone();
    assert_eq!(names(Language::Zh)[..2], ["汇总 Summary", "时刻表 Timetable"]);
    assert_eq!(names(Language::En)[..2], ["Summary 汇总", "Timetable 时刻表"]);
    assert_eq!(names(Language::Zh).len(), 11);
}

#[test]
fn a_small_firms_share_cannot_be_worked_out() {
    // 20, 8 and 2 riders: the firm of two takes the firm of eight with it, else it were the total less the others.
    let mut book = open(Language::Zh);
    let firms = rows(&mut book, "费用-按单位 Cost by firm");
    let shown: Vec<&str> = firms[1..].iter().map(|row| row[1].as_str()).collect();
    assert_eq!(shown, ["大公司", "其他单位合计（为保护人数少的单位，合并显示）"]);
    // (237.33 + 59.33) of 890, as a part of the 900 a running day costs.
    assert_eq!(firms[2][2], "300.00");
    for name in book.sheet_names().clone() {
        let text = format!("{:?}", rows(&mut book, &name));
        assert!(!text.contains("小公司") && !text.contains("中公司"), "{name}: {text}");
    }
}

#[test]
fn a_name_that_looks_like_a_formula_is_text() {
    let mut project = common::project();
    project.firms[0].name = "=HYPERLINK(\"http://x\")".into();
    let bytes = workbook::xlsx(&project, &common::plan(), Language::Zh).unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = "费用-按单位 Cost by firm";
    assert_eq!(rows(&mut book, sheet)[1][1], "=HYPERLINK(\"http://x\")");
    for name in book.sheet_names().clone() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name} has formulas");
    }
}

#[test]
fn reasons_and_bays_are_told_in_numbers_of_five() {
    let mut book = open(Language::Zh);
    // 7 and 2.5 people: told together.
    let left = rows(&mut book, "未能服务 Left out");
    assert_eq!(left.len(), 2);
    assert_eq!(left[1][1], "其他原因合计");
    // 3 cars, then 12.
    let bays: Vec<String> = rows(&mut book, "停车占用 Parking")[1..].iter().map(|row| row[3].clone()).collect();
    assert_eq!(bays, ["0.00", "<5", "≈10"]);
}

#[test]
fn months_add_up() {
    // December 2026 has 23 weekdays and both festival days; a day costs 900.
    let mut book = open(Language::Zh);
    let months = rows(&mut book, "费用-按月 Cost by month");
    assert_eq!(months[1], ["2026-12", "festival", "2.00", "900.00", "1800.00"]);
    assert_eq!(months[2], ["2026-12", "weekday", "23.00", "900.00", "20700.00"]);
}

#[test]
fn the_same_plan_gives_the_same_bytes() {
    let write = || workbook::xlsx(&common::project(), &common::plan(), Language::En).unwrap();
    let first = write();
    // ZIP keeps times in steps of two seconds; the writer must not read the clock at all.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    assert_eq!(first, write());
}
