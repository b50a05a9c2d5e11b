//! The answers that came by link, joined to a project's survey file: one survey.csv that is read like any other.
//!
//! The file's rows stay as they were written and where they were, flaws and all: whatever is wrong with them is said of the joined
//! survey too, at the same row. An answer without a weight stands for its firm's people over all answers of the firm, so the file's
//! and the link's are weighed together when the survey is read. Who answered both ways counts twice (nobody is known by name).

use std::collections::HashMap;

use super::columns::SURVEY;
use super::findings::Findings;
use super::normal::{self, line};
use super::table::{Col, Entry, Table};
use super::{Folder, Source, table};
use crate::domain::coordinates::CoordinateSystem;
use crate::planning::project::Journey;

/// The name of the joined survey.
pub const NAME: &str = "survey.csv";
/// What answers by link are called in it: no survey numbers its rows so.
const LINK: &str = "link-";

/// One survey.csv of a project's survey file (if it has one) and of what came by link. `journeys` are in order of answering, those of one person
/// with the same `response`; their weights are not looked at. `None`: the survey file, or one it needs, cannot be read; then the
/// project's own files say so.
#[must_use]
pub fn survey(sources: &[Source], journeys: &[Journey]) -> Option<Vec<u8>> {
    let mut findings = Findings::default();
    let folder = Folder::new(sources, &mut findings);
    let settings = normal::system(&folder, &mut findings);
    let mut out = String::new();
    match ["survey.csv", "survey.xlsx"].iter().find_map(|name| folder.get(name)) {
        Some(source) => as_written(&table::read(source, &SURVEY, false, &mut findings)?, &mut out),
        None => line(&mut out, &normal::headers(&SURVEY)),
    }
    append(&mut out, LINK, journeys, settings.coordinates);
    findings.finish().1.is_empty().then(|| out.into_bytes())
}

/// Every row of a table at its own number, under the headers of FORMATS.
fn as_written(table: &Table, out: &mut String) {
    let columns: Vec<Col> = SURVEY.columns.iter().map(|column| table.col(column.name)).collect();
    let first = table.rows().next().map_or(2, Entry::row).max(2);
    (2..first).for_each(|_| out.push('\n'));
    line(out, &normal::headers(&SURVEY));
    let mut next = first;
    for row in table.rows() {
        (next..row.row()).for_each(|_| out.push('\n'));
        let cell = |column: &Col| match column.name {
            // Without such a column every row is a person of its own.
            "response" if !column.is_there() => format!("R{}", row.row()),
            _ => row.text(*column).to_owned(),
        };
        line(out, &columns.iter().map(cell).collect::<Vec<_>>());
        next = row.row() + 1;
    }
}

/// What came by link alone, as a survey.csv (WGS-84).
#[must_use]
pub fn export(journeys: &[Journey]) -> Vec<u8> {
    let mut out = String::new();
    line(&mut out, &normal::headers(&SURVEY));
    append(&mut out, "A", journeys, CoordinateSystem::Wgs84);
    out.into_bytes()
}

/// Answers are numbered as they stand, 1, 2 … after the prefix: no number says more of anybody than their place in the list.
fn append(out: &mut String, prefix: &str, journeys: &[Journey], system: CoordinateSystem) {
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    for journey in journeys {
        let next = numbers.len() + 1;
        let number = *numbers.entry(journey.response).or_insert(next);
        normal::survey_row(out, &format!("{prefix}{number}"), journey, None, system);
    }
}

#[cfg(test)]
mod tests {
    use super::super::choices::tests::folder;
    use super::super::{Need, Needs, read_project};
    use super::*;
    use crate::domain::calendar::{Days, Week};
    use crate::domain::coordinates::Point;
    use crate::domain::units::{People, ServiceTime};
    use crate::planning::demand::coarse;
    use crate::planning::plan::TimeKind;
    use crate::planning::project::{Place, Project};

    fn journey(response: u32, firm: Option<&str>, (from, to): (Place, Place), kind: TimeKind, hour: u32) -> Journey {
        Journey {
            response,
            firm: firm.map(str::to_owned),
            origin: from,
            destination: to,
            time: ServiceTime::hm(hour, 0),
            time_kind: kind,
            days: Days::Weekly(Week::WORKING),
            max_walk: None,
            max_wait: None,
            use_milli: 800,
            both_ways: false,
            weight: People::ZERO,
            now: Some("walk".to_owned()),
            wheelchair: false,
        }
    }

    fn site(id: &str) -> Place {
        Place::Site(id.to_owned())
    }

    /// A person of firm f1 both ways, and one without a firm from a point.
    fn answers() -> Vec<Journey> {
        let point = coarse(&Place::Point(Point { lon: 121.4551, lat: 31.2751 }));
        vec![
            journey(0, Some("f1"), (site("s"), site("p")), TimeKind::ArriveBy, 9),
            journey(0, Some("f1"), (site("p"), site("s")), TimeKind::DepartAfter, 30),
            journey(7, None, (point, site("p")), TimeKind::ArriveBy, 9),
        ]
    }

    fn read(mut sources: Vec<Source>, survey: Vec<u8>) -> Project {
        sources.retain(|source| !source.name.starts_with("survey"));
        sources.push(Source { name: NAME.to_owned(), bytes: survey });
        read_project(&sources, Needs { shuttle: Need::IfThere, ..Needs::NONE }).unwrap()
    }

    #[test]
    fn file_and_link_are_weighed_together() {
        let mut sources = folder("wgs84");
        let text = "response,firm,origin,destination,time,use,weight,电话\nx,甲,汶水路,园区,8:30,会,,138\ny,f2,s,p,08:30,yes,2,\n";
        sources.push(Source { name: "survey.csv".to_owned(), bytes: text.as_bytes().to_vec() });
        let joined = survey(&sources, &answers()).unwrap();
        assert!(!String::from_utf8(joined.clone()).unwrap().contains("138"));
        let project = read(sources, joined);
        // f1 has 100 people and two answers, one of each: 50 people each. y says 2; who has no firm is one.
        let weights: Vec<(u32, u32)> = project.journeys.iter().map(|j| (j.response, j.weight.0)).collect();
        assert_eq!(weights, [(0, 50_000), (1, 2_000), (2, 50_000), (2, 50_000), (3, 1_000)]);
        // 30:00, six in the morning of the next day, is kept.
        assert_eq!(project.journeys[3].time, ServiceTime::hm(30, 0));
        assert!(project.findings.iter().all(|finding| finding.severity != crate::domain::finding::Severity::Error));
    }

    #[test]
    fn what_is_wrong_with_the_file_is_said_at_the_same_row() {
        let text =
            "问卷\n\nresponse,origin,destination,time,use\nx,s,p,8:30,yes\n\ny,s,nowhere,9:00,yes\nz,s,p,early,yes\n";
        let mut sources = folder("wgs84");
        sources.push(Source { name: "survey.csv".to_owned(), bytes: text.as_bytes().to_vec() });
        let told = |project: &Project| -> Vec<(String, Option<u32>)> {
            // What is said of a title and of columns that are not there stands above the fifth row; the joined survey has all columns.
            let survey = project.findings.iter().filter(|f| f.file.as_deref() == Some("survey.csv") && f.row > Some(4));
            survey.map(|finding| (finding.code.clone(), finding.row)).collect()
        };
        let alone = read_project(&sources, Needs { shuttle: Need::IfThere, ..Needs::NONE }).unwrap();
        let joined = survey(&sources, &answers()).unwrap();
        let project = read(sources, joined);
        assert_eq!(told(&alone).iter().map(|told| told.1).collect::<Vec<_>>(), [Some(6), Some(7)]);
        assert_eq!(told(&project), told(&alone));
        assert_eq!(project.journeys.len(), 1 + 3);
    }

    #[test]
    fn without_a_file_the_answers_alone_are_the_survey_and_points_stay_where_they_are() {
        for system in ["wgs84", "gcj02", "bd09"] {
            let joined = survey(&folder(system), &answers()).unwrap();
            let project = read(folder(system), joined);
            assert_eq!(project.journeys.len(), 3, "{system}");
            // Written in the project's system and read from it again: the same cell.
            assert_eq!(coarse(&project.journeys[2].origin), answers()[2].origin, "{system}");
        }
    }

    #[test]
    fn a_survey_that_cannot_be_read_is_left_alone() {
        let mut sources = folder("wgs84");
        sources.push(Source { name: "survey.xlsx".to_owned(), bytes: b"no workbook".to_vec() });
        assert_eq!(survey(&sources, &answers()), None);
    }

    #[test]
    fn what_begins_like_a_formula_is_made_harmless() {
        let mut answers = answers();
        answers[0].firm = Some("=HYPERLINK(1)".to_owned());
        let text = String::from_utf8(export(&answers)).unwrap();
        assert!(text.contains("A1,'=HYPERLINK(1),s,p,09:00,arrive_by,Mon-Fri,"), "{text}");
        assert!(text.contains("\nA2,,121.455500 31.275500,p,"), "{text}");
    }
}
