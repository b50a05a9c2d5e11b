//! What is doubtful: findings by severity and code, with counts and the first few. A finding that names a small firm or a
//! cohort, or counts a few people, is only counted here; the planner sees it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::finding::{Argument, Finding, Severity};
use crate::domain::units::People;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::pages::words::Words;
use crate::publish::phrases;

/// How many of a kind are quoted.
const QUOTED: usize = 3;

/// About single applicants, or how few of an area were served: nothing for a committee.
const PLANNERS: [&str; 2] = ["parking-permit-not-kept", "parking-area-below-floor"];

/// Findings of one code.
#[derive(Clone, Debug)]
pub struct Kind {
    /// "error", "warning" or "note".
    pub severity: &'static str,
    /// How many there are.
    pub count: usize,
    /// The first few, in words.
    pub examples: Vec<String>,
    /// What to do, of the first.
    pub remedy: String,
    /// How many more there are.
    pub more: usize,
}

/// The section.
#[derive(Clone, Debug)]
pub struct Findings {
    /// Worst first.
    pub kinds: Vec<Kind>,
    /// How many are about too few people to be told here.
    pub hidden: usize,
}

/// Findings of project and plan, each once.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan) -> Findings {
    let k = project.policy.k_anonymity;
    let mut groups: BTreeMap<(std::cmp::Reverse<Severity>, &str), Vec<&Finding>> = BTreeMap::new();
    let mut hidden = 0;
    let private = Private::new(project, plan);
    let intake = project.findings.iter().filter(|finding| !plan.findings.contains(finding));
    for finding in plan.findings.iter().chain(intake) {
        if private.is(finding, k) || interval_tells(project, plan, finding) {
            hidden += 1;
        } else {
            groups.entry((std::cmp::Reverse(finding.severity), &finding.code)).or_default().push(finding);
        }
    }
    let arrow = if w.english() { " -> " } else { " → " };
    let kinds = groups
        .into_iter()
        .map(|((severity, _), all)| {
            let mut remedy = String::new();
            let examples = all
                .iter()
                .take(QUOTED)
                .map(|finding| {
                    let text = phrases::finding(w.0, &named(project, masked(finding)));
                    match text.rsplit_once(arrow) {
                        Some((what, todo)) => {
                            if remedy.is_empty() {
                                remedy = todo.to_owned();
                            }
                            what.to_owned()
                        }
                        None => text,
                    }
                })
                .collect();
            Kind {
                severity: match severity.0 {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "note",
                },
                count: all.len(),
                examples,
                remedy,
                more: all.len().saturating_sub(QUOTED),
            }
        })
        .collect();
    Findings { kinds, hidden }
}

/// Files in which a row is one person's answer or request.
const PERSONAL: [&str; 5] = ["survey", "parking", "parking_history", "claims", "couriers"];

/// Words of ours in findings, by which phrases choose what to say.
const OURS: [&str; 4] = ["dropped", "empty", "arrive_by", "depart_after"];

/// What one person wrote is not quoted outside the planner: every text that a finding takes from a row of such a file becomes "…", and
/// no proposal is made from it. (Numbers of rows and columns stay: whoever holds the file can look it up.)
fn masked(finding: &Finding) -> Finding {
    let mut finding = finding.clone();
    let stem = finding.file.as_deref().and_then(|file| file.split('.').next());
    if finding.row.is_some_and(|row| row > 1) && stem.is_some_and(|stem| PERSONAL.contains(&stem)) {
        for (name, arg) in &mut finding.args {
            if let Argument::Text(text) = arg
                && !OURS.contains(&text.as_str())
            {
                (if name == "guess" { "no" } else { "…" }).clone_into(text);
            }
        }
    }
    finding
}

/// Lots by their names: an id says nothing to a committee.
fn named(project: &Project, mut finding: Finding) -> Finding {
    if let Some(Argument::Text(text)) = finding.args.get_mut("lot")
        && let Some(lot) = project.lots.iter().find(|lot| lot.id == *text)
    {
        lot.name.clone_into(text);
    }
    finding
}

/// The journeys expected on a service less those served are those left out: not told where either are a few.
#[must_use]
pub fn interval_tells(project: &Project, plan: &Plan, finding: &Finding) -> bool {
    if finding.code != "survey-ridership-interval" {
        return false;
    }
    let Some(Argument::Text(service)) = finding.args.get("service") else { return false };
    let of_service = |id: &str| plan.cohorts.iter().any(|cohort| cohort.id == id && cohort.service == *service);
    let served: People = plan.riders.iter().filter(|row| of_service(&row.cohort)).map(|row| row.people).sum();
    let left: People = plan.unserved.iter().filter(|row| of_service(&row.cohort)).map(|row| row.people).sum();
    crate::publish::audience::pair_tells(served, left, project.policy.k_anonymity)
}

struct Private<'a> {
    small: BTreeSet<&'a str>,
    firms: BTreeSet<&'a str>,
}

impl<'a> Private<'a> {
    fn new(project: &'a Project, plan: &'a Plan) -> Self {
        let k = People::whole(project.policy.k_anonymity);
        let names = |small: bool| {
            project
                .firms
                .iter()
                .filter(move |firm| !small || firm.people < k)
                .flat_map(|firm| [firm.id.as_str(), firm.name.as_str()])
        };
        let cohorts = plan.cohorts.iter().map(|cohort| cohort.id.as_str());
        Self { small: names(true).chain(cohorts).collect(), firms: names(false).collect() }
    }

    fn is(&self, finding: &Finding, k: u32) -> bool {
        let texts = || {
            finding.args.values().filter_map(|arg| match arg {
                Argument::Text(text) => Some(text.as_str()),
                Argument::Number(_) => None,
            })
        };
        let few = finding.args.values().any(|arg| {
            let number = match arg {
                Argument::Number(number) => Some(*number),
                Argument::Text(text) => text.parse().ok(),
            };
            number.is_some_and(|n| n >= 1.0 && n < f64::from(k) && n.fract() == 0.0)
        });
        let few_people = matches!(finding.args.get("people"), Some(Argument::Number(n)) if *n < f64::from(k));
        let of_a_firm = few && texts().any(|text| self.firms.contains(text));
        texts().any(|text| self.small.contains(text))
            || few_people
            || of_a_firm
            || PLANNERS.contains(&finding.code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn words_of_single_answers_are_not_quoted() {
        let said = |file: &str, row: u32| {
            let finding = Finding::warning("place-unknown").file(file).row(row).arg("said", "柳营路 1 号 某某");
            match &masked(&finding).args["said"] {
                Argument::Text(text) => text.clone(),
                Argument::Number(_) => String::new(),
            }
        };
        assert_eq!(said("survey.csv", 12), "…");
        assert_eq!(said("parking.xlsx", 2), "…");
        // What became of the row is ours to say; what it was taken for would tell what was written.
        let finding = Finding::warning("site-unknown").file("parking.csv").row(24);
        let finding = finding.arg("said", "某某家").arg("then", "dropped").arg("near", "某某园").arg("guess", "yes");
        let told = crate::publish::phrases::finding(Language::En, &masked(&finding));
        assert!(told.contains("The row was left out") && !told.contains("Did you mean"), "{told}");
        // The committee's own tables and the header row are no one person's.
        assert_eq!(said("firms.csv", 12), "柳营路 1 号 某某");
        assert_eq!(said("survey.csv", 1), "柳营路 1 号 某某");
    }

    #[test]
    fn expected_less_served_tells_no_few() {
        let (project, mut plan) = (fixture::project(), fixture::plan());
        plan.findings = vec![Finding::note("survey-ridership-interval").arg("service", "weekday").arg("mean", 250_u32)];
        plan.unserved.truncate(1);
        plan.unserved[0].people = People::whole(3);
        let shown =
            |plan: &Plan| of(Words(Language::Zh), &project, plan).kinds.iter().any(|kind| kind.severity == "note");
        assert!(!shown(&plan));
        plan.unserved[0].people = People::whole(9);
        assert!(shown(&plan));
    }

    #[test]
    fn a_few_people_are_only_counted_whoever_they_are() {
        let mut plan = fixture::plan();
        let left = |people: u32| Finding::warning("demand-wheelchairs-no-way").arg("people", people);
        plan.findings = vec![left(4), left(5)];
        let told = of(Words(Language::Zh), &fixture::project(), &plan);
        assert_eq!((told.hidden, told.kinds[0].count), (1, 1));
    }

    #[test]
    fn a_few_answers_of_a_firm_are_only_counted() {
        let mut plan = fixture::plan();
        let rate =
            |answers: u32| Finding::note("survey-response-rate").arg("firm", "灵石影视制作").arg("answers", answers);
        plan.findings = vec![rate(4), rate(12)];
        let told = of(Words(Language::Zh), &fixture::project(), &plan);
        assert_eq!((told.hidden, told.kinds[0].count), (1, 1));
    }
}
