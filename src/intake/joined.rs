//! The answers that came by link, joined to a project's survey file: one survey.csv that is read like any other.
//!
//! Weights stay as they were written: an answer without one stands for its firm's people over all answers of the firm, so the file's
//! and the link's are weighed together when the survey is read. Answers of the file keep their places and flaws of rows are left out
//! as always; who answered both ways counts twice (nobody is known by name).

use std::collections::HashMap;

use super::columns::SURVEY;
use super::findings::Findings;
use super::normal::{self, line};
use super::{Folder, Source, firms, sites, survey, table};
use crate::domain::coordinates::CoordinateSystem;
use crate::domain::units::People;
use crate::planning::project::Journey;

/// The name of the joined survey.
pub const NAME: &str = "survey.csv";

/// One survey.csv of a project's survey file (if it has one) and of what came by link. `journeys` are in order of answering, those of one person
/// with the same `response`; their weights are not looked at. `None`: the survey file, or one it needs, cannot be read; then the
/// project's own files say so.
#[must_use]
pub fn survey(sources: &[Source], journeys: &[Journey]) -> Option<Vec<u8>> {
    let mut findings = Findings::default();
    let folder = Folder::new(sources, &mut findings);
    let settings = normal::system(&folder, &mut findings);
    let (_, mut places) = sites::read(&folder, settings.coordinates, false, &mut findings);
    let (firms, mut names) = firms::read(&folder, &mut places, &mut findings);
    let mut out = String::new();
    line(&mut out, &normal::headers(&SURVEY));
    if let Some(source) = ["survey.csv", "survey.xlsx"].iter().find_map(|name| folder.get(name)) {
        let table = table::read(source, &SURVEY, false, &mut findings)?;
        let context = survey::Context { services: &settings.project.services, firms: &firms, must: false };
        for answer in survey::read(&table, &context, &mut places, &mut names, &mut findings) {
            let mut journey = answer.journey;
            if let Some(firm) = answer.firm {
                journey.firm = Some(firms[firm].id.clone());
            }
            let response = format!("R{}", journey.response + 1);
            normal::survey_row(&mut out, &response, &journey, answer.weight.map(People), settings.coordinates);
        }
    }
    append(&mut out, journeys, settings.coordinates);
    findings.finish().1.is_empty().then(|| out.into_bytes())
}

/// What came by link alone, as a survey.csv (WGS-84).
#[must_use]
pub fn export(journeys: &[Journey]) -> Vec<u8> {
    let mut out = String::new();
    line(&mut out, &normal::headers(&SURVEY));
    append(&mut out, journeys, CoordinateSystem::Wgs84);
    out.into_bytes()
}

/// Answers are numbered as they stand, A1, A2 …: no number says more of anybody than their place in the list.
fn append(out: &mut String, journeys: &[Journey], system: CoordinateSystem) {
    let mut numbers: HashMap<u32, usize> = HashMap::new();
    for journey in journeys {
        let next = numbers.len() + 1;
        let number = *numbers.entry(journey.response).or_insert(next);
        normal::survey_row(out, &format!("A{number}"), journey, None, system);
    }
}

#[cfg(test)]
mod tests {
    use super::super::choices::tests::folder;
    use super::super::{Need, Needs, read_project};
    use super::*;
    use crate::domain::calendar::{Days, Week};
    use crate::domain::coordinates::Point;
    use crate::domain::units::ServiceTime;
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
