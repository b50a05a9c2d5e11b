//! What it costs: by vehicle, by month, by park and firm. A firm of fewer than k people, or fewer than k riders, never stands
//! alone: the share of a few people could be worked back to them.

use std::collections::BTreeMap;

use super::figures::Figures;
use crate::domain::units::{Fen, People};
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::audience::{self, Part};
use crate::publish::drawing::bars;
use crate::publish::pages::dates;
use crate::publish::pages::words::{Words, grouped, tenth, yuan, yuan_exact};

/// A row of a table.
#[derive(Clone, Debug)]
pub struct Row {
    /// What.
    pub name: String,
    /// Further columns.
    pub cells: Vec<String>,
    /// Its share as a bar, or "".
    pub bar: String,
}

/// A park and its firms.
#[derive(Clone, Debug)]
pub struct Park {
    /// Name, or "other parks".
    pub name: String,
    /// Yuan a day.
    pub day: String,
    /// Yuan a mean month, or "–".
    pub month: String,
    /// Share of the whole.
    pub bar: String,
    /// Firms that may be told, and the others together.
    pub firms: Vec<Row>,
}

/// The section.
#[derive(Clone, Debug)]
pub struct Money {
    /// Vehicles: type, days, hours, km, yuan a day.
    pub vehicles: Vec<Row>,
    /// Mean day in all.
    pub total: String,
    /// Months: days, yuan.
    pub months: Vec<Row>,
    /// Sum of all months.
    pub months_total: String,
    /// Parks.
    pub parks: Vec<Park>,
    /// The shares are of too few people to be told.
    pub withheld: bool,
}

/// Tables of cost.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan, figures: &Figures) -> Money {
    let most = figures.months.iter().map(|month| month.fen.0).max().unwrap_or(1).max(1);
    let months: Vec<Row> = figures
        .months
        .iter()
        .map(|month| Row {
            name: dates::month(w.0, month.year, month.month),
            cells: vec![month.days.to_string(), yuan(month.fen)],
            bar: bars::bar(month.fen.0 as f64 / most as f64, "#0b5a61"),
        })
        .collect();
    let (parks, withheld) = parks(w, project, plan, figures);
    Money {
        vehicles: vehicles(w, project, plan),
        total: yuan_exact(plan.costs.total_fen),
        months,
        months_total: yuan(figures.months.iter().map(|month| month.fen).sum()),
        parks,
        withheld,
    }
}

fn vehicles(w: Words, project: &Project, plan: &Plan) -> Vec<Row> {
    plan.costs
        .by_block
        .iter()
        .enumerate()
        .map(|(i, cost)| {
            let block = plan.blocks.iter().find(|block| block.id == cost.block);
            let kind = block.map_or("", |block| block.vehicle_type.as_str());
            let name = project.fleet.iter().find(|f| f.id == kind).map_or(kind, |f| f.name.as_str());
            let days = block
                .and_then(|block| plan.services.iter().find(|s| s.id == block.service))
                .map_or_else(String::new, |s| dates::days(w.0, s));
            Row {
                name: w.with("report-vehicle", &[("n", &(i + 1).to_string()), ("type", name)]),
                cells: vec![days, tenth(cost.hours), tenth(cost.km), yuan_exact(cost.fen)],
                bar: String::new(),
            }
        })
        .collect()
}

fn parks(w: Words, project: &Project, plan: &Plan, figures: &Figures) -> (Vec<Park>, bool) {
    let firms = project.firms_by_id();
    let k = project.policy.k_anonymity;
    // Park -> firm -> fen. "" stands for what is no park's or no firm's.
    let mut shares: BTreeMap<String, BTreeMap<String, Fen>> = BTreeMap::new();
    for share in &plan.costs.shares {
        let firm = share.firm.clone().unwrap_or_default();
        let site = share.site.clone().or_else(|| firms.get(firm.as_str()).map(|f| f.site.clone())).unwrap_or_default();
        *shares.entry(site).or_default().entry(firm).or_default() += share.fen;
    }
    let people_of = |firm: &str| {
        let key = (!firm.is_empty()).then(|| firm.to_owned());
        figures.riders.get(&key).copied().unwrap_or_default()
    };
    let parts: Vec<Part<String>> = shares
        .iter()
        .map(|(site, firms)| Part {
            what: site.clone(),
            people: firms.keys().map(|firm| people_of(firm)).sum(),
            amount: firms.values().map(|fen| fen.0).sum(),
        })
        .collect();
    let total: i64 = parts.iter().map(|part| part.amount).sum();
    let told = audience::tell(parts, k);
    let month_mean = figures.month_mean();
    let month = |fen: i64| {
        month_mean.map_or_else(
            || "–".to_owned(),
            |all| {
                let part = i128::from(all.0) * i128::from(fen) / i128::from(total.max(1));
                yuan(Fen(i64::try_from(part).unwrap_or(i64::MAX)))
            },
        )
    };
    let share = |fen: i64| bars::bar(fen as f64 / total.max(1) as f64, "#0b5a61");
    let mut out: Vec<Park> = told
        .shown
        .into_iter()
        .map(|park| {
            let parts = shares[&park.what]
                .iter()
                .map(|(firm, fen)| Part { what: firm.clone(), people: people_of(firm), amount: fen.0 })
                .collect();
            let told = audience::tell(parts, k);
            let row = |name: String, people: People, fen: i64| Row {
                name,
                cells: vec![grouped(people.as_f64()), yuan_exact(Fen(fen)), month(fen)],
                bar: share(fen),
            };
            let mut rows: Vec<Row> = told
                .shown
                .into_iter()
                .map(|firm| {
                    let name = match firm.what.as_str() {
                        "" => w.t("report-no-firm"),
                        id => firms.get(id).map_or_else(|| id.to_owned(), |f| f.name.clone()),
                    };
                    row(name, firm.people, firm.amount)
                })
                .collect();
            // When all are one merged row, the park's own row says it.
            if let Some(rest) = told.rest.filter(|_| !rows.is_empty()) {
                let name = w.with("report-other-firms", &[("n", &rest.members.to_string())]);
                rows.push(row(name, rest.people, rest.amount));
            }
            let name = match park.what.as_str() {
                "" => w.t("report-no-park"),
                id => w.place(project, plan, id),
            };
            Park {
                name,
                day: yuan_exact(Fen(park.amount)),
                month: month(park.amount),
                bar: share(park.amount),
                firms: rows,
            }
        })
        .collect();
    if let Some(rest) = told.rest {
        out.push(Park {
            name: w.with("report-other-parks", &[("n", &rest.members.to_string())]),
            day: yuan_exact(Fen(rest.amount)),
            month: month(rest.amount),
            bar: share(rest.amount),
            firms: Vec::new(),
        });
    }
    (out, told.withheld)
}
