//! How far can the answers be trusted? The rows of one response together, then all of them.
//!
//! - Two rows of one response are one person's way in and way back. The same journey again is dropped, and so is a third
//!   on the same days, and a way back that leaves before the way in arrives.
//! - An answer stands for `weight` people; where none is given, for its firm's people over the firm's answers (distinct
//!   responses); without a firm for one. Both ways of a response carry the one weight of the person.
//! - Said aloud: the response rate of each firm (firms under five people only together), blocks of equal answers, and
//!   how many journeys to expect on a day, with the 90 % interval of a bootstrap over responses (Efron 1979; 1,000
//!   resamples; above 5,000 responses its normal limit, which by then differs by less than the rounding).

use std::collections::BTreeMap;

use super::findings::Findings;
use super::survey::{Answer, Context, overlap};
use crate::domain::calendar::Service;
use crate::domain::finding::Finding;
use crate::domain::units::People;
use crate::planning::plan::TimeKind;
use crate::planning::project::{Journey, service_week};
use crate::search::Random;

/// Firms below this are never shown alone (the same 5 as `k_anonymity`).
const SMALL_FIRM: People = People(5_000);
/// So many equal answers in a row, one firm's, are worth a look.
const BLOCK: usize = 10;
const RESAMPLES: usize = 1_000;
/// Above it the normal limit.
const RESAMPLED: usize = 5_000;
/// Fixed: the interval is part of what the inputs say, not of a search.
const SEED: u64 = 20_261_201;
/// 95 % quantile of the normal distribution.
const Z: f64 = 1.645;

/// The journeys a plan can be made with, weighted, in file order.
pub(super) fn journeys(
    answers: Vec<Answer>,
    file: &str,
    context: &Context<'_>,
    findings: &mut Findings,
) -> Vec<Journey> {
    equal_blocks(&answers, file, findings);
    let mut answers = one_person_each(answers, file, findings);
    weigh(&mut answers, file, context, findings);
    response_rates(&answers, file, context, findings);
    let journeys: Vec<Journey> = answers.into_iter().map(|answer| answer.journey).collect();
    if journeys.is_empty() {
        let finding = if context.must { Finding::error("nothing-left") } else { Finding::warning("nothing-left") };
        findings.push(finding.file(file));
    }
    for service in context.services {
        if let Some((low, mean, high)) = interval(&journeys, service) {
            findings.push(
                Finding::note("survey-ridership-interval")
                    .file(file)
                    .arg("service", service.id.as_str())
                    .arg("low", low.round().max(0.0))
                    .arg("mean", mean.round())
                    .arg("high", high.round()),
            );
        }
    }
    journeys
}

/// Positions of the rows of each response, by response, then in file order.
fn by_response(answers: &[Answer]) -> Vec<Vec<usize>> {
    let most = answers.iter().map(|answer| answer.journey.response as usize + 1).max().unwrap_or(0);
    let mut rows = vec![Vec::new(); most];
    for (at, answer) in answers.iter().enumerate() {
        rows[answer.journey.response as usize].push(at);
    }
    rows
}

fn one_person_each(mut answers: Vec<Answer>, file: &str, findings: &mut Findings) -> Vec<Answer> {
    let mut keep = vec![true; answers.len()];
    for rows in by_response(&answers) {
        // A "response" of thousands of rows is a wrong column: its later rows repeat or are thirds, found in order.
        let mut kept: Vec<usize> = Vec::new();
        for at in rows {
            let verdict = judge(&answers[at], kept.iter().map(|other| &answers[*other]));
            match verdict {
                None => kept.push(at),
                Some((code, column, other)) => {
                    keep[at] = false;
                    findings.push(
                        Finding::warning(code)
                            .file(file)
                            .row(answers[at].row)
                            .column(column)
                            .arg("first", other.row.to_string())
                            .arg("time", other.journey.time.clock()),
                    );
                }
            }
        }
        // "Only if both run" means nothing of one way.
        if let [only] = kept.as_slice()
            && answers[*only].journey.both_ways
        {
            let finding = Finding::note("survey-both-ways-alone").file(file).row(answers[*only].row);
            findings.push(finding.column("both_ways"));
            answers[*only].journey.both_ways = false;
        }
    }
    let mut at = 0;
    answers.retain(|_| {
        at += 1;
        keep[at - 1]
    });
    answers
}

/// Against the rows of the same response already kept: what is wrong, in which column, with which row.
fn judge<'a>(
    answer: &Answer,
    mut others: impl Iterator<Item = &'a Answer> + Clone,
) -> Option<(&'static str, &'static str, &'a Answer)> {
    let same_days = |other: &&Answer| overlap(&other.journey.days, &answer.journey.days);
    let there = |other: &&Answer| other.ends == answer.ends && other.journey.time_kind == answer.journey.time_kind;
    if let Some(other) = others.clone().filter(there).find(same_days) {
        let equal = other.journey.time == answer.journey.time;
        let code = if equal { "survey-duplicate-answer" } else { "survey-journey-twice" };
        return Some((code, "response", other));
    }
    // In file order: a way out at noon (depart after 11:45) and back (arrive by 13:30) is possible, and so is a commute
    // whose way back stands first; to arrive by 09:00 and then to depart after 08:00 is not.
    let back = |other: &&Answer| {
        (&other.ends.0, &other.ends.1) == (&answer.ends.1, &answer.ends.0)
            && other.journey.time_kind == TimeKind::ArriveBy
            && answer.journey.time_kind == TimeKind::DepartAfter
            && answer.journey.time < other.journey.time
    };
    if let Some(other) = others.clone().filter(same_days).find(back) {
        return Some(("survey-back-before-in", "time", other));
    }
    let mut with = others.clone().filter(same_days);
    if with.next().is_some() && with.next().is_some() {
        return others.find(same_days).map(|other| ("survey-third-journey", "response", other));
    }
    None
}

fn weigh(answers: &mut [Answer], file: &str, context: &Context<'_>, findings: &mut Findings) {
    let responses = by_response(answers);
    // Answers of each firm: distinct responses.
    let mut count = vec![0_u32; context.firms.len()];
    for rows in &responses {
        if let Some(firm) = rows.iter().find_map(|at| answers[*at].firm) {
            count[firm] += 1;
        }
    }
    for rows in &responses {
        // One person, one weight, one firm: of the first row that says.
        let given = rows.iter().find_map(|at| answers[*at].weight);
        let firm = rows.iter().find_map(|at| answers[*at].firm);
        for at in rows {
            if let (Some(weight), Some(first)) = (answers[*at].weight, given)
                && weight != first
            {
                let finding = Finding::note("survey-two-weights").file(file).row(answers[*at].row).column("weight");
                findings.push(finding.arg("used", format!("{}", f64::from(first) / 1000.0)));
            }
        }
        let weight = match (given, firm) {
            (Some(given), _) => People(given),
            (None, Some(firm)) if context.firms[firm].people > People::ZERO => {
                let answers = count[firm].max(1);
                People((context.firms[firm].people.0 + answers / 2) / answers)
            }
            _ => People::whole(1),
        };
        for at in rows {
            answers[*at].journey.weight = weight;
            if let Some(firm) = firm {
                answers[*at].journey.firm = Some(context.firms[firm].id.clone());
            }
        }
    }
}

fn response_rates(answers: &[Answer], file: &str, context: &Context<'_>, findings: &mut Findings) {
    let mut responses: Vec<(usize, u32)> =
        answers.iter().filter_map(|answer| Some((answer.firm?, answer.journey.response))).collect();
    responses.sort_unstable();
    responses.dedup();
    let mut count: BTreeMap<usize, u32> = BTreeMap::new();
    for (firm, _) in responses {
        *count.entry(firm).or_default() += 1;
    }
    let (mut small_firms, mut small_answers, mut small_people) = (0_usize, 0_u32, People::ZERO);
    let mut silent = 0_usize;
    for (index, firm) in context.firms.iter().enumerate() {
        let answers = count.get(&index).copied().unwrap_or(0);
        if firm.people == People::ZERO {
            continue;
        }
        if firm.people < SMALL_FIRM {
            small_firms += 1;
            small_answers += answers;
            small_people += firm.people;
            continue;
        }
        if answers == 0 {
            silent += 1;
            continue;
        }
        let people = firm.people.as_f64();
        let percent = (100.0 * f64::from(answers) / people).round();
        let finding = if f64::from(answers) > people {
            Finding::warning("survey-more-answers-than-people")
        } else {
            Finding::note("survey-response-rate")
        };
        findings.push(
            finding
                .file(file)
                .arg("firm", firm.name.as_str())
                .arg("answers", answers)
                .arg("people", people)
                .arg("percent", percent),
        );
    }
    // Together only when that, too, is at least five people.
    if small_firms > 1 && small_people >= SMALL_FIRM {
        findings.push(
            Finding::note("survey-response-rate-small")
                .file(file)
                .arg("firms", small_firms)
                .arg("answers", small_answers)
                .arg("people", small_people.as_f64()),
        );
    }
    if silent > 0 {
        findings.push(Finding::note("survey-silent-firms").file(file).arg("firms", silent));
    }
}

/// Runs of equal answers of one firm, whatever their response: typed once and copied?
fn equal_blocks(answers: &[Answer], file: &str, findings: &mut Findings) {
    let mut start = 0;
    for at in 1..=answers.len() {
        if at < answers.len() && answers[at].print == answers[start].print && answers[at].firm == answers[start].firm {
            continue;
        }
        let responses =
            answers[start..at].windows(2).filter(|w| w[0].journey.response != w[1].journey.response).count();
        if responses + 1 >= BLOCK {
            findings.push(
                Finding::note("survey-equal-block")
                    .file(file)
                    .row(answers[start].row)
                    .arg("last", answers[at - 1].row.to_string())
                    .arg("count", at - start),
            );
        }
        start = at;
    }
}

/// Expected journeys on a day of the service: 5 %, mean, 95 %. `None` without any.
pub(super) fn interval(journeys: &[Journey], service: &Service) -> Option<(f64, f64, f64)> {
    let week = service_week(service);
    let mut values: BTreeMap<u32, f64> = BTreeMap::new();
    for journey in journeys {
        let share = f64::from(journey.days.week().and(week).count()) / f64::from(week.count().max(1));
        let expected = journey.weight.as_f64() * f64::from(journey.use_milli) / 1000.0 * share;
        *values.entry(journey.response).or_default() += expected;
    }
    let values: Vec<f64> = values.into_values().collect();
    let sum: f64 = values.iter().sum();
    if sum <= 0.0 {
        return None;
    }
    let n = values.len();
    if n > RESAMPLED {
        let mean = sum / n as f64;
        let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        let half = Z * variance.sqrt();
        return Some((sum - half, sum, sum + half));
    }
    let mut random = Random::new(SEED);
    let mut sums: Vec<f64> = (0..RESAMPLES).map(|_| (0..n).map(|_| values[random.below(n)]).sum()).collect();
    sums.sort_by(f64::total_cmp);
    Some((sums[RESAMPLES / 20 - 1], sum, sums[RESAMPLES - RESAMPLES / 20]))
}

#[cfg(test)]
mod tests {
    use super::super::{Needs, Source, read_project};
    use super::*;

    /// A small project with this survey; the findings of the survey as (code, row), and the journeys.
    fn survey(rows: &str) -> (Vec<(String, u32)>, Vec<Journey>) {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let sources = [
            source("project.toml", "[project]\nname = \"x\"\n[[services]]\nfrom = 2026-12-01\nuntil = 2026-12-31\n"),
            source(
                "sites.csv",
                "id,name,kind,lon,lat,parent\np,园区,park,121.45,31.27,\ng,西门,gate,121.451,31.27,p\ns,延长路,station,121.45,31.28,\nt,汶水路,station,121.45,31.29,\n",
            ),
            source("firms.csv", "id,name,site,people\nf1,甲,p,100\nf2,乙,p,3\n"),
            source(
                "survey.csv",
                &format!("response,firm,origin,destination,time,time_kind,days,use,both_ways,weight\n{rows}"),
            ),
        ];
        let project = read_project(&sources, Needs { shuttle: super::super::Need::IfThere, ..Needs::NONE }).unwrap();
        let codes = project
            .findings
            .iter()
            .filter(|f| f.file.as_deref() == Some("survey.csv") && f.row.is_some())
            .map(|f| (f.code.clone(), f.row.unwrap_or(0)))
            .collect();
        (codes, project.journeys)
    }

    fn codes(list: &[(&str, u32)]) -> Vec<(String, u32)> {
        list.iter().map(|(code, row)| ((*code).to_owned(), *row)).collect()
    }

    #[test]
    fn two_rows_are_one_person_and_weights_come_from_the_firm() {
        let (found, journeys) = survey(
            "a,f1,s,p,08:30,arrive_by,Mon-Fri,yes,no,\na,f1,p,s,18:00,depart_after,Mon-Fri,yes,no,\nb,甲,t,p,09:00,到达,Mon-Fri,0.5,no,\nc,,t,g,09:00,到达,Mon-Fri,80%,no,\nd,f1,t,p,09:00,到达,Mon-Fri,不会,no,7\n",
        );
        assert_eq!(found, vec![]);
        // f1: 100 people over three answers (a, b, d): 33.333 each, where no weight is given.
        let weights: Vec<(u32, u32, u32)> = journeys.iter().map(|j| (j.response, j.weight.0, j.use_milli)).collect();
        assert_eq!(weights, vec![(0, 33_333, 800), (0, 33_333, 800), (1, 33_333, 500), (2, 1000, 800), (3, 7000, 0)]);
    }

    #[test]
    fn what_cannot_be_is_named_and_left_out() {
        let (found, journeys) = survey(
            "a,f1,s,p,08:30,arrive_by,Mon-Fri,yes,no,\n\
             a,f1,s,p,08:30,arrive_by,Mon-Fri,yes,no,\n\
             a,f1,s,p,09:30,arrive_by,Mon-Fri,yes,no,\n\
             a,f1,p,s,07:00,depart_after,Mon-Fri,yes,no,\n\
             b,f1,s,p,08:30,arrive_by,\"Mon,Wed\",yes,no,\n\
             b,f1,s,p,09:30,arrive_by,Tue,yes,no,\n\
             c,f1,p,g,08:30,arrive_by,Mon-Fri,yes,no,\n\
             d,f1,s,p,08:30,arrive_by,Mon-Fri,1.5,no,\n\
             e,f1,s,p,08:30,arrive_by,Mon-Fri,yes,yes,\n",
        );
        assert_eq!(
            found,
            codes(&[
                ("survey-duplicate-answer", 3),
                ("survey-journey-twice", 4),
                ("survey-back-before-in", 5),
                ("survey-same-place", 8),
                ("survey-use-unknown", 9),
                ("survey-both-ways-alone", 10),
            ])
        );
        assert_eq!(journeys.len(), 4);
        assert!(!journeys[3].both_ways);
    }

    #[test]
    fn a_lunch_away_and_a_way_back_that_stands_first_are_no_flaws() {
        let (found, journeys) = survey(
            "a,,p,s,11:45,depart_after,Mon-Fri,yes,no,\na,,s,p,13:30,arrive_by,Mon-Fri,yes,no,\n\
             b,,p,s,18:00,depart_after,Mon-Fri,yes,no,\nb,,s,p,09:00,arrive_by,Mon-Fri,yes,no,\n",
        );
        assert_eq!(found, vec![]);
        assert_eq!(journeys.len(), 4);
    }

    #[test]
    fn equal_answers_have_no_spread_and_different_ones_have() {
        let row = |id: usize, usage: &str| format!("r{id},,s,p,08:30,arrive_by,Mon-Fri,{usage},no,\n");
        let service = |journeys: &[Journey]| {
            let d = |text: &str| text.parse().unwrap();
            let days = crate::domain::calendar::Days::parse("Mon-Fri").unwrap();
            let service = Service::new("x", &days, d("2026-12-01"), d("2026-12-31"), &Default::default());
            interval(journeys, &service).unwrap()
        };
        // Nine equal answers of 0.5: 4.5 whatever is drawn.
        let (_, equal) = survey(&(0..9).map(|id| row(id, "0.5")).collect::<String>());
        assert_eq!(service(&equal), (4.5, 4.5, 4.5));
        // 400 answers, half 0 and half 1: mean 200, standard deviation sqrt(400 * 0.25) = 10, 90 % is 200 +- 16.4.
        let rows: String = (0..400).map(|id| row(id, if id % 2 == 0 { "0" } else { "1" })).collect();
        let (_, mixed) = survey(&rows);
        let (low, mean, high) = service(&mixed);
        assert_eq!(mean, 200.0);
        assert!((low - 183.6).abs() < 2.0 && (high - 216.4).abs() < 2.0, "{low} {high}");
    }

    #[test]
    fn a_block_of_copies_is_pointed_at() {
        let rows: String = (0..12).map(|id| format!("r{id},f1,s,p,08:30,arrive_by,Mon-Fri,yes,no,\n")).collect();
        assert_eq!(survey(&rows).0, codes(&[("survey-equal-block", 2)]));
    }
}
