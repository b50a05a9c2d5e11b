//! What it costs: by vehicle, by month, by park and firm. A firm of fewer than k people, or fewer than k riders, never stands
//! alone: the share of a few people could be worked back to them.

use std::collections::BTreeMap;

use super::figures::{Figures, split};
use super::joint::{self, Why};
use crate::domain::units::Fen;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::publish::audience::{self, Part};
use crate::publish::drawing::bars;
use crate::publish::pages::dates;
use crate::publish::pages::words::{Words, tenth, yuan, yuan_exact};

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
    /// Boardings a day, the rows' sum.
    pub boardings: String,
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
    /// Do vehicles of rides on request cost something on top?
    pub with_rides: bool,
    /// Months: days, yuan; with rides on request those, and both together.
    pub months: Vec<Row>,
    /// Sums over all months, of the columns behind the days.
    pub months_total: Vec<String>,
    /// Parks.
    pub parks: Vec<Park>,
    /// Boardings, a day, a month of all parks.
    pub parks_total: [String; 3],
    /// The shares are of too few people to be told.
    pub withheld: bool,
    /// Parks whose share is told: site id, yuan a day.
    pub told: Vec<(String, String)>,
    /// How shares are divided, in a note.
    pub note: String,
    /// Why each park pays what it pays, where it is not by boardings.
    pub why: Why,
}

/// Tables of cost.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan, figures: &Figures) -> Money {
    let rides = figures.months.iter().any(|month| month.rides > Fen::ZERO);
    let money = |lines: Fen, asked: Fen| match rides {
        // Rounded and then added up, as on paper.
        true => [lines, asked, rounded(lines) + rounded(asked)].map(yuan).to_vec(),
        false => vec![yuan(lines)],
    };
    let most = figures.months.iter().map(|month| (month.fen + month.rides).0).max().unwrap_or(1).max(1);
    let months: Vec<Row> = figures
        .months
        .iter()
        .map(|month| Row {
            name: dates::month(w.0, month.year, month.month),
            cells: [vec![month.days.to_string()], money(month.fen, month.rides)].concat(),
            bar: bars::bar((month.fen + month.rides).0 as f64 / most as f64, "#0b5a61"),
        })
        .collect();
    let Parks { parks, total: parks_total, withheld, told } = parks(w, project, plan, figures);
    Money {
        why: joint::why(w, project, plan, &told),
        note: w.t(if plan.costs.joint.is_some() { "report-shares-note-joint" } else { "report-shares-note" }),
        told,
        with_rides: rides,
        vehicles: vehicles(w, project, plan),
        total: yuan_exact(figures.day_fen),
        parks_total,
        months,
        months_total: money(
            figures.months.iter().map(|month| month.fen).sum(),
            figures.months.iter().map(|month| month.rides).sum(),
        ),
        parks,
        withheld,
    }
}

/// To whole yuan, half up.
fn rounded(fen: Fen) -> Fen {
    Fen((fen.0 + 50).div_euclid(100) * 100)
}

fn vehicles(w: Words, project: &Project, plan: &Plan) -> Vec<Row> {
    plan.costs
        .by_block
        .iter()
        .enumerate()
        .map(|(i, cost)| {
            let block = plan.blocks.iter().find(|block| block.id == cost.block);
            let kind = block.map_or("", |block| block.vehicle_type.as_str());
            let name = w.vehicle(project, kind);
            let days = block
                .and_then(|block| plan.services.iter().find(|s| s.id == block.service))
                .map_or_else(String::new, |s| dates::days(w.0, s));
            Row {
                name: w.with("report-vehicle", &[("n", &(i + 1).to_string()), ("type", &name)]),
                cells: vec![days, tenth(cost.hours), tenth(cost.km), yuan_exact(cost.fen)],
                bar: String::new(),
            }
        })
        .collect()
}

/// A row before it is words: name, boardings in thousandths, fen a day.
struct Told {
    name: String,
    boardings: i64,
    fen: i64,
}

/// Table of parks.
struct Parks {
    parks: Vec<Park>,
    total: [String; 3],
    withheld: bool,
    told: Vec<(String, String)>,
}

/// Parks with their firms, the totals of the columns, and whether nothing may be told. Every column is rounded row by row and
/// then added up, so that it adds up on paper too.
fn parks(w: Words, project: &Project, plan: &Plan, figures: &Figures) -> Parks {
    let known = project.firms_by_id();
    let k = project.policy.k_anonymity;
    // Park -> firm -> fen. "" stands for what is no park's or no firm's.
    let mut shares: BTreeMap<String, BTreeMap<String, Fen>> = BTreeMap::new();
    for share in figures.shares(plan) {
        let firm = share.firm.unwrap_or_default();
        let site = share.site.or_else(|| known.get(firm.as_str()).map(|f| f.site.clone())).unwrap_or_default();
        *shares.entry(site).or_default().entry(firm).or_default() += share.fen;
    }
    let key = |firm: &str| (!firm.is_empty()).then(|| firm.to_owned());
    let people_of = |firm: &str| figures.riders.get(&key(firm)).copied().unwrap_or_default();
    let boardings_of = |firm: &str| figures.boardings.get(&key(firm)).copied().unwrap_or_default();
    let parts: Vec<Part<String>> = shares
        .iter()
        .map(|(site, firms)| Part {
            what: site.clone(),
            people: firms.keys().map(|firm| people_of(firm)).sum(),
            amount: firms.values().map(|fen| fen.0).sum(),
        })
        .collect();
    let sites: Vec<String> = parts.iter().map(|part| part.what.clone()).collect();
    let told = audience::tell(parts, k);
    let shown: Vec<String> = told.shown.iter().map(|park| park.what.clone()).collect();
    // Each park with its rows; a park whose firms stand together has one row, itself.
    let mut blocks: Vec<(Told, Vec<Told>)> = Vec::new();
    for park in told.shown {
        let firms = &shares[&park.what];
        let parts: Vec<Part<String>> = firms
            .iter()
            .map(|(firm, fen)| Part { what: firm.clone(), people: people_of(firm), amount: fen.0 })
            .collect();
        let large = parts.iter().filter(|part| audience::enough(part.people, k)).count();
        let all: i64 = firms.keys().map(|firm| boardings_of(firm)).sum();
        let told = audience::tell(parts, k);
        let mut rows: Vec<Told> = told
            .shown
            .into_iter()
            .map(|firm| Told {
                name: match firm.what.as_str() {
                    "" => w.t("report-no-firm"),
                    id => known.get(id).map_or_else(|| id.to_owned(), |f| f.name.clone()),
                },
                boardings: boardings_of(&firm.what),
                fen: firm.amount,
            })
            .collect();
        // When all are one merged row, the park's own row says it.
        if let Some(rest) = told.rest.filter(|_| !rows.is_empty()) {
            let key = if large > rows.len() { "report-other-firms-protected" } else { "report-other-firms" };
            rows.push(Told {
                name: w.with(key, &[("n", &rest.members.to_string())]),
                boardings: all - rows.iter().map(|row| row.boardings).sum::<i64>(),
                fen: rest.amount,
            });
        }
        let name = match park.what.as_str() {
            "" => w.t("report-no-park"),
            id => w.place(project, plan, id),
        };
        blocks.push((Told { name, boardings: all, fen: park.amount }, rows));
    }
    if let Some(rest) = told.rest {
        let others = sites.iter().filter(|site| !shown.contains(site));
        let boardings = others.flat_map(|site| shares[site].keys()).map(|firm| boardings_of(firm)).sum();
        let name = w.with("report-other-parks", &[("n", &rest.members.to_string())]);
        blocks.push((Told { name, boardings, fen: rest.amount }, Vec::new()));
    }
    let (parks, total) = add_up(w, k, figures, &blocks);
    // The parks told alone come first, in this order.
    let days = parks.iter().map(|park: &Park| park.day.clone());
    let told_of = shown.into_iter().zip(days).filter(|(site, _)| !site.is_empty()).collect();
    Parks { parks, total, withheld: told.withheld, told: told_of }
}

fn add_up(w: Words, k: u32, figures: &Figures, blocks: &[(Told, Vec<Told>)]) -> (Vec<Park>, [String; 3]) {
    let all = |block: &'_ (Told, Vec<Told>)| {
        if block.1.is_empty() { vec![block.0.fen] } else { block.1.iter().map(|row| row.fen).collect() }
    };
    let leaves: Vec<i64> = blocks.iter().flat_map(all).collect();
    let total: i64 = leaves.iter().sum();
    let mean = figures.month_mean();
    // Whole yuan; without a whole month there is no mean of one.
    let yuan_a_month = mean.map(|fen| crate::domain::units::divide_half_up(i128::from(fen.0), 100));
    let mut months = split(i64::try_from(yuan_a_month.unwrap_or(0)).unwrap_or(0), &leaves).into_iter();
    let month = |sum: i64| if mean.is_some() { yuan(Fen(sum.saturating_mul(100))) } else { "–".to_owned() };
    let people = |thousandths: i64| (thousandths.max(0) + 500) / 1000;
    let count = |n: i64| w.people(n as f64, k);
    let share = |fen: i64| bars::bar(fen as f64 / total.max(1) as f64, "#0b5a61");
    let (mut all_people, mut all_months) = (0, 0);
    let parks = blocks
        .iter()
        .map(|(park, rows)| {
            let (mut riders, mut cost) = (0, 0);
            let firms: Vec<Row> = rows
                .iter()
                .map(|row| {
                    let (n, m) = (people(row.boardings), months.next().unwrap_or_default());
                    riders += n;
                    cost += m;
                    Row {
                        name: row.name.clone(),
                        cells: vec![count(n), yuan_exact(Fen(row.fen)), month(m)],
                        bar: share(row.fen),
                    }
                })
                .collect();
            if rows.is_empty() {
                (riders, cost) = (people(park.boardings), months.next().unwrap_or_default());
            }
            all_people += riders;
            all_months += cost;
            Park {
                name: park.name.clone(),
                boardings: count(riders),
                day: yuan_exact(Fen(park.fen)),
                month: month(cost),
                bar: share(park.fen),
                firms,
            }
        })
        .collect();
    (parks, [count(all_people), yuan_exact(Fen(total)), month(all_months)])
}
