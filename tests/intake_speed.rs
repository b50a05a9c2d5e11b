//! How fast is a large survey read? 200,000 rows, as CSV and as XLSX; run by hand, in release, each by itself:
//!
//!     cargo test --release --test intake_speed -- --ignored --nocapture csv
//!     cargo test --release --test intake_speed -- --ignored --nocapture workbook
//!
//! Wanted for the CSV: under 2 s and 500 MB. The first run writes the files; measure the second. Measured on two shared,
//! busy cores: CSV 0.98 s and 140 MB, XLSX 2.8 s and 134 MB.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of a measurement that prints its figures")]

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use jiebo::intake::{Need, Needs, Source, read_project};
use jiebo::search::Random;

const ROWS: usize = 200_000;

/// One row a journey: 100,000 people, way in and way back, 400 firms, 60 places, half of them by name.
fn rows() -> Vec<[String; 14]> {
    let mut random = Random::new(1);
    let mut rows = Vec::with_capacity(ROWS);
    for person in 0..ROWS / 2 {
        let (station, park) = (random.below(30), 30 + random.below(30));
        let name = |place: usize, by_name: bool| if by_name { format!("地点{place}") } else { format!("p{place}") };
        let usage = ["会", "可能", "不会", "0.3"][random.below(4)];
        let firm = format!("f{}", random.below(400));
        for way in 0..2 {
            let by_name = random.below(2) == 0;
            let (from, to) = if way == 0 { (station, park) } else { (park, station) };
            let time = format!("{:02}:{:02}", if way == 0 { 8 } else { 17 } + random.below(2), 5 * random.below(12));
            let kind = if way == 0 { "到达" } else { "depart_after" };
            let cells = [
                &format!("R{person:06}"),
                &firm,
                &name(from, by_name),
                &name(to, !by_name),
                &time,
                kind,
                "周一至周五",
                "500",
                "10",
                usage,
                "no",
                "",
                "步行",
                "no",
            ];
            rows.push(cells.map(str::to_owned));
        }
    }
    rows
}

const HEADERS: [&str; 14] = [
    "response",
    "firm",
    "origin",
    "destination",
    "time",
    "time_kind",
    "days",
    "max_walk_m",
    "max_wait_min",
    "use",
    "both_ways",
    "weight",
    "now",
    "wheelchair",
];

fn around() -> Vec<Source> {
    let mut sites = String::from("id,name,kind,lon,lat,parent,people\n");
    for place in 0..60 {
        let kind = if place < 30 { "station" } else { "park" };
        let _ = writeln!(sites, "p{place},地点{place},{kind},121.4{place:02},31.2{place:02},,");
    }
    let mut firms = String::from("id,name,site,people\n");
    for firm in 0..400 {
        let _ = writeln!(firms, "f{firm},单位{firm},p30,500");
    }
    let project = "[project]\nname = \"large\"\n[[services]]\nfrom = 2026-12-01\nuntil = 2027-06-30\n";
    [("project.toml", project.to_owned()), ("sites.csv", sites), ("firms.csv", firms)]
        .map(|(name, text)| Source { name: name.to_owned(), bytes: text.into_bytes() })
        .to_vec()
}

fn measure(name: &str, write: impl Fn() -> Vec<u8>) {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("large-{name}"));
    if !path.exists() {
        std::fs::write(&path, write()).unwrap();
        println!("written; run again to measure");
    }
    let mut sources = around();
    let bytes = std::fs::read(&path).unwrap();
    println!("{name}: {ROWS} rows, {:.1} MB", bytes.len() as f64 / 1e6);
    sources.push(Source { name: name.to_owned(), bytes });
    let start = Instant::now();
    let project = read_project(&sources, Needs { shuttle: Need::IfThere, ..Needs::NONE }).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(project.journeys.len(), ROWS);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("read in {seconds:.2} s, {} findings, {peak}", project.findings.len());
}

#[test]
#[ignore = "a measurement: by hand, in release"]
fn csv() {
    measure("survey.csv", || {
        let mut text = HEADERS.join(",") + "\n";
        for row in rows() {
            text.push_str(&row.join(","));
            text.push('\n');
        }
        text.into_bytes()
    });
}

#[test]
#[ignore = "a measurement: by hand, in release"]
fn workbook() {
    measure("survey.xlsx", || {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let time = rust_xlsxwriter::Format::new().set_num_format("hh:mm");
        for (column, header) in (0..).zip(HEADERS) {
            sheet.write(0, column, header).unwrap();
        }
        for (row, cells) in (1..).zip(rows()) {
            for (column, cell) in (0..).zip(cells) {
                if column == 4 {
                    let (hours, minutes) = cell.split_once(':').unwrap();
                    let day = hours.parse::<f64>().unwrap() / 24.0 + minutes.parse::<f64>().unwrap() / 1440.0;
                    sheet.write_with_format(row, column, day, &time).unwrap();
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write(row, column, number).unwrap();
                } else if !cell.is_empty() {
                    sheet.write(row, column, cell).unwrap();
                }
            }
        }
        book.save_to_buffer().unwrap()
    });
}
