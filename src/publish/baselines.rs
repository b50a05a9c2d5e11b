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
        insta::assert_snapshot!(table(&rows, Language::En), @r"
        Plan                   People  Trips  Vehicles  Minutes  Weighted  CNY a day  people  running  upkeep  Benefit            Simulated
        Nothing runs              0.0      0         0        –         –      10000   10000        0       0        0  10000 [9990, 10010]
        One line every 15 min   123.5   24.5         2     16.0      25.0       7900    7000      900       0     2100    7900 [7890, 7911]
        Together (jiebo plan)   123.5   24.5         2     16.0      25.0       7800    6000     1800       0     2200    7800 [7790, 7810]
        People, trips: on a mean day of all services. Minutes: of those who ride, door to door, by the clock and weighted. CNY a day: the objective, made of people (all of them, whether they ride or not), running and upkeep. Benefit: against running nothing. Simulated: the objective on 0 random days, with its 90 % interval.
        ");
        insta::assert_snapshot!(table(&rows, Language::Zh), @r"
        方案                    乘坐人数  班次  车辆  分钟  加权  元/日  其中出行  运营  维护  效益                 模拟
        不开行                       0.0     0     0     –     –  10000     10000     0     0     0  10000 [9990, 10010]
        一条线，每 15 分钟一班     123.5  24.5     2  16.0  25.0   7900      7000   900     0  2100    7900 [7890, 7911]
        联合规划（jiebo plan）     123.5  24.5     2  16.0  25.0   7800      6000  1800     0  2200    7800 [7790, 7810]
        乘坐人数、班次：各类日子的日均。分钟：乘车的人门到门，按钟表和按权重各一列。元/日：综合成本，由出行（所有人，乘不乘车都算）、运营和维护三部分组成。效益：与不开行相比。模拟：0 个随机日子的综合成本及其 90 % 区间。
        ");
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
        insta::assert_snapshot!(gap(&split, Language::En), @r"
        Gap 30.0 % = search -0.5 % + choice 20.5 % + readability 10.0 %
        In CNY a day: objective 2000.00 - bound 1000.00 = 1000.00 = search -16.50 + choice 683.25 + readability 333.25; possible: nothing 4333.34 - bound 1000.00 = 3333.34
        Search: not found, or not provable (seats booked, lines and stops free). Choice: people take their seats as they like, and some stay free. Readability: few lines, and the price of lines and stops. A part also holds what one search found and the next did not; it may be below zero.
        ");
        insta::assert_snapshot!(gap(&split, Language::Zh), @r"
        差距 30.0 % = 搜索 -0.5 % + 选择 20.5 % + 易读 10.0 %
        元/日：综合成本 2000.00 - 界限 1000.00 = 1000.00 = 搜索 -16.50 + 选择 683.25 + 易读 333.25；可能的效益：不开行 4333.34 - 界限 1000.00 = 3333.34
        搜索：没有找到，或无法证明（座位由系统分配，线路和站点不计费）。选择：人们自己选车，且留有空座。易读：线路要少，线路和站点要计费。各部分还含有前后两次搜索结果的出入，可能为负。
        ");
    }
}
