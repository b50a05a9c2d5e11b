//! What is doubtful: findings by severity and code, with counts and the first few. A finding that names a small firm or a
//! cohort, or counts a few people of a firm, is only counted here; the planner sees it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::finding::{Argument, Finding, Severity};
use crate::domain::units::People;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::pages::words::Words;
use crate::publish::phrases;

/// How many of a kind are quoted.
const QUOTED: usize = 3;

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
        if private.is(finding, k) {
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
                    let text = phrases::finding(w.0, &masked(finding));
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

/// Where one person lives or parks is not quoted: a point given in an answer becomes "…".
fn masked(finding: &Finding) -> Finding {
    let mut finding = finding.clone();
    for arg in finding.args.values_mut() {
        let Argument::Text(text) = arg else { continue };
        let numbers = text.split([' ', ',', '，']).filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let is_degree =
            |part: &&str| part.contains('.') && part.parse::<f64>().is_ok_and(|x| (3.0..=180.0).contains(&x));
        if !numbers.is_empty() && numbers.len() <= 2 && numbers.iter().all(is_degree) {
            *arg = Argument::Text("…".to_owned());
        }
    }
    finding
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
        texts().any(|text| self.small.contains(text)) || (few && texts().any(|text| self.firms.contains(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn points_of_single_answers_are_not_quoted() {
        let said = |text: &str| match &masked(&Finding::warning("point-far").arg("said", text)).args["said"] {
            Argument::Text(text) => text.clone(),
            Argument::Number(_) => String::new(),
        };
        assert_eq!(said("121.45070 31.27330"), "…");
        assert_eq!(said("121.4507，31.2733"), "…");
        assert_eq!(said("延常路"), "延常路");
        assert_eq!(said("25:99"), "25:99");
        assert_eq!(said("2"), "2");
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
