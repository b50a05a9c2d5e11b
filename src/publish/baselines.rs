//! What joint planning is worth: as a table for a terminal, as JSON. Planner: sums over all riders only.

use serde_json::json;

use crate::domain::finding::Argument;
use crate::domain::units::Fen;
use crate::planning::baselines::split::Split;
use crate::planning::baselines::{Row, Way};
use crate::planning::compare;

use super::comparison::width;
use super::phrases::{Language, phrase};

/// Column heads, keys of the phrase files.
const HEADS: [&str; 12] = [
    "baselines-way",
    "baselines-served",
    "baselines-trips",
    "baselines-vehicles",
    "baselines-minutes",
    "baselines-weighted",
    "baselines-objective",
    "baselines-people",
    "baselines-running",
    "baselines-upkeep",
    "baselines-benefit",
    "baselines-simulated",
];

/// Parts of the gap, keys of the phrase files.
const PARTS: [&str; 3] = ["baselines-search", "baselines-choice", "baselines-readability"];

fn name(row: &Row, language: Language) -> String {
    let key = match row.way {
        Way::Nothing => "baselines-nothing",
        Way::Even => "baselines-even",
        Way::Staged => "baselines-staged",
        Way::Searched => "baselines-searched",
        Way::Joint => "baselines-joint",
    };
    match row.headway {
        Some(minutes) => phrase(language, "baselines-even-every", &[("minutes", minutes.into())]),
        None => phrase(language, key, &[]),
    }
}

/// Whole yuan, half up: the table is to be read; the JSON has the fen.
fn yuan(fen: Fen) -> String {
    (fen.0 + 50).div_euclid(100).to_string()
}

fn cells(row: &Row, language: Language) -> Vec<String> {
    let worth = &row.plan.evaluation;
    let none = || "–".to_owned();
    let minutes = |figure: Option<f64>| figure.map_or_else(none, |figure| format!("{figure:.1}"));
    let whole = row.trips.fract() == 0.0;
    let mut cells = vec![
        name(row, language),
        format!("{:.1}", worth.served),
        if whole { format!("{:.0}", row.trips) } else { format!("{:.1}", row.trips) },
        compare::vehicles(&row.plan).to_string(),
        minutes(row.minutes.map(|minutes| minutes.plain)),
        minutes(row.minutes.map(|minutes| minutes.weighted)),
    ];
    let terms = worth.terms;
    let money =
        [worth.objective, terms.people_fen, terms.running_fen, terms.upkeep_fen, worth.nothing - worth.objective];
    cells.extend(money.map(yuan));
    cells.push(row.plan.simulated.as_ref().map_or_else(none, |simulated| {
        let [mean, low, high] = [simulated.objective.mean, simulated.objective.low, simulated.objective.high].map(yuan);
        format!("{mean} [{low}, {high}]")
    }));
    cells
}

/// The table: names to the left, figures to the right of their columns.
#[must_use]
pub fn table(rows: &[Row], language: Language) -> String {
    let mut table = vec![HEADS.map(|head| phrase(language, head, &[])).to_vec()];
    table.extend(rows.iter().map(|row| cells(row, language)));
    let widths: Vec<usize> = (0..HEADS.len())
        .map(|column| table.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in &table {
        for (column, (cell, to)) in row.iter().zip(&widths).enumerate() {
            let room = " ".repeat(to - width(cell));
            out.push_str(&if column == 0 { format!("{cell}{room}") } else { format!("  {room}{cell}") });
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    let days = rows.iter().find_map(|row| row.plan.simulated.as_ref()).map_or(0, |simulated| simulated.days);
    out.push_str(&phrase(language, "baselines-note", &[("days", days.into())]));
    out.push('\n');
    out
}

/// The gap in its parts: shares, then what they are made of, in yuan. Shares are rounded so that they add up as shown.
#[must_use]
pub fn gap(split: &Split, language: Language) -> String {
    let mut sum = 0.0;
    let mut told = 0;
    let parts: Vec<i64> = split.shares()[1..]
        .iter()
        .map(|share| {
            sum += share;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "tenths of a per cent of a plan that is no worse than many"
            )]
            let tenths = (sum * 1000.0).round() as i64;
            let part = tenths - told;
            told = tenths;
            part
        })
        .collect();
    let percent = |tenths: i64| {
        let sign = if tenths < 0 { "-" } else { "" };
        format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
    };
    let named = |values: [String; 3]| -> String {
        let parts = PARTS.iter().zip(values);
        let said = parts.map(|(key, value)| phrase(language, key, &[("value", Argument::from(value))]));
        said.collect::<Vec<_>>().join(" + ")
    };
    let shares = [parts[0], parts[1], parts[2]].map(|part| format!("{} %", percent(part)));
    let terms = [split.search, split.choice, split.readability].map(|fen| fen.to_string());
    let first = [("gap", Argument::from(percent(told))), ("parts", named(shares).into())];
    let second = [
        ("objective", split.objective.to_string().into()),
        ("bound", split.bound.to_string().into()),
        ("nothing", split.nothing.to_string().into()),
        ("missed", split.missed().to_string().into()),
        ("possible", (split.nothing - split.bound).to_string().into()),
        ("parts", named(terms).into()),
    ];
    format!(
        "{}\n{}\n{}\n",
        phrase(language, "baselines-gap", &first),
        phrase(language, "baselines-gap-terms", &second),
        phrase(language, "baselines-gap-note", &[])
    )
}

/// The same for programs: fen a day, people a day, minutes.
#[must_use]
pub fn json(rows: &[Row], split: Option<&Split>) -> Vec<u8> {
    let row = |row: &Row| {
        let worth = &row.plan.evaluation;
        json!({
            "way": match row.way {
                Way::Nothing => "nothing",
                Way::Even => "even",
                Way::Staged => "staged",
                Way::Searched => "searched",
                Way::Joint => "joint",
            },
            "plan": row.plan.id,
            "headway_min": row.headway,
            "served": worth.served,
            "trips": row.trips,
            "vehicles": compare::vehicles(&row.plan),
            "minutes": row.minutes.map(|minutes| minutes.plain),
            "weighted_minutes": row.minutes.map(|minutes| minutes.weighted),
            "objective": worth.objective,
            "terms": worth.terms,
            "benefit": worth.nothing - worth.objective,
            "simulated": row.plan.simulated.as_ref().map(|simulated| simulated.objective),
        })
    };
    let split = split.map(|split| {
        json!({
            "nothing": split.nothing,
            "objective": split.objective,
            "bound": split.bound,
            "gap": split.shares()[0],
            "missed": split.missed(),
            "search": split.search,
            "choice": split.choice,
            "readability": split.readability,
        })
    });
    let all = json!({ "rows": rows.iter().map(row).collect::<Vec<_>>(), "gap": split });
    let mut bytes = serde_json::to_vec_pretty(&all).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::planning::baselines::Minutes;
    use crate::planning::plan::{Estimate, Evaluation, Simulated, Terms};

    fn row(way: Way, people: i64, running: i64) -> Row {
        let mut plan = crate::publish::fixture::plan();
        let terms = Terms { people_fen: Fen(people), running_fen: Fen(running), ..Terms::default() };
        let (objective, nothing) = (Fen(people + running), Fen(1_000_000));
        let served = if running > 0 { 123.45 } else { 0.0 };
        plan.evaluation = Evaluation { served, terms, objective, nothing, ..Evaluation::default() };
        let estimate = Estimate { mean: objective, low: objective - Fen(1_000), high: objective + Fen(1_049) };
        plan.simulated = Some(Simulated { objective: estimate, ..Simulated::default() });
        if running == 0 {
            plan.blocks.clear();
        }
        let minutes = (running > 0).then_some(Minutes { plain: 16.04, weighted: 25.0 });
        let headway = (way == Way::Even).then_some(15);
        Row { way, plan: Arc::new(plan), headway, minutes, trips: if running > 0 { 24.5 } else { 0.0 } }
    }

    #[test]
    fn the_table_stands_in_columns_in_both_languages() {
        let rows =
            [row(Way::Nothing, 1_000_000, 0), row(Way::Even, 700_049, 90_000), row(Way::Joint, 600_000, 180_000)];
        insta::assert_snapshot!(table(&rows, Language::En), @"");
        insta::assert_snapshot!(table(&rows, Language::Zh), @"");
    }

    #[test]
    fn the_gap_is_told_in_parts_that_add_up_as_shown() {
        // 3,333.34 possible, missed 1,000.00: 30.0 %. A third of it each would be 10.0 + 10.0 + 10.0 and is; with thirds of
        // 29.95 % (rounded up) 10.0 + 10.0 + 9.9 would not do.
        let split = Split {
            nothing: Fen(433_334),
            objective: Fen(200_000),
            bound: Fen(100_000),
            search: Fen(-1_650),
            choice: Fen(68_325),
            readability: Fen(33_325),
        };
        insta::assert_snapshot!(gap(&split, Language::En), @"");
        insta::assert_snapshot!(gap(&split, Language::Zh), @"");
    }
}
