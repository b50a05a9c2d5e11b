//! A sweep's table, and in sentences what the next vehicle or yuan is worth: for a terminal, as JSON, as a page. For planners: a
//! difference between two plans can be about a few people; sentences name riders only from `k_anonymity` on.

use serde_json::{Value, json};

use crate::domain::finding::Argument;
use crate::domain::units::Fen;
use crate::planning::sweep::grid::Grid;
use crate::planning::sweep::worth::{self, Step, What};
use crate::planning::sweep::{self, Cell, State};

use super::comparison::{columns, escape};
use super::pages::words::Words;
use super::phrases::{Language, phrase};

/// What is smaller is told as nothing: a yuan a day.
const NOTHING: Fen = Fen(100);

/// A sweep with all that is told of it.
#[derive(Debug)]
pub struct Told<'a> {
    grid: &'a Grid,
    cells: &'a [Cell],
    pareto: Vec<Option<bool>>,
    changes: Vec<Option<u32>>,
    steps: Vec<Step>,
}

impl<'a> Told<'a> {
    /// Weighs the cells against each other.
    #[must_use]
    pub fn new(grid: &'a Grid, cells: &'a [Cell]) -> Self {
        Self {
            grid,
            cells,
            pareto: sweep::pareto(cells),
            changes: sweep::changes(cells),
            steps: worth::steps(grid, cells),
        }
    }

    /// The table and the sentences.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut table = vec![self.heads(language)];
        table.extend((0..self.cells.len()).map(|cell| self.row(cell, language)));
        let mut out = columns(&table);
        for (heading, sentences) in self.sentences(language) {
            out.push('\n');
            if !heading.is_empty() {
                out.push_str(&heading);
                out.push('\n');
            }
            for sentence in sentences {
                out.push_str(&sentence);
                out.push('\n');
            }
        }
        out
    }

    fn heads(&self, language: Language) -> Vec<String> {
        let say = |key: &str| phrase(language, key, &[]);
        let in_force = self.cells.first().is_some_and(|cell| cell.project.in_force.is_some());
        let mut heads = vec![say("sweep-number")];
        heads.extend(self.grid.axes().iter().map(|axis| axis.name.clone()));
        heads.extend(
            ["sweep-served", "sweep-objective", "sweep-people", "sweep-running", "sweep-benefit", "sweep-bound"]
                .map(say),
        );
        heads.push(say("sweep-gap"));
        heads.push(say(if in_force { "sweep-changes-in-force" } else { "sweep-changes" }));
        heads.push(say("sweep-pareto"));
        heads
    }

    fn row(&self, cell: usize, language: Language) -> Vec<String> {
        let mut row = vec![(cell + 1).to_string()];
        row.extend(self.choices(cell).map(|(_, choice)| choice.to_owned()));
        let Some(plan) = self.cells[cell].plan() else {
            row.push(phrase(language, missing(&self.cells[cell].state), &[]));
            return row;
        };
        let worth = &plan.evaluation;
        row.push(format!("{:.1}", worth.served));
        let money = [worth.objective, worth.terms.people_fen, worth.terms.running_fen, worth.nothing - worth.objective];
        row.extend(money.map(|fen| fen.to_string()));
        row.push(plan.bound.objective.to_string());
        row.push(format!("{:.1} %", 100.0 * plan.bound.gap));
        row.push(self.changes[cell].map_or_else(String::new, |count| count.to_string()));
        row.push(if self.pareto[cell] == Some(true) { "✓".to_owned() } else { String::new() });
        row
    }

    /// The alternatives of a cell: axis and choice.
    fn choices(&self, cell: usize) -> impl Iterator<Item = (&'a str, &'a str)> {
        choices(self.grid, cell)
    }

    /// By axis and the alternatives of all others (the heading; empty where there are none): a sentence a step.
    #[must_use]
    pub fn sentences(&self, language: Language) -> Vec<(String, Vec<String>)> {
        let mut groups: Vec<((usize, String), Vec<String>)> = Vec::new();
        for step in &self.steps {
            let others = self.choices(step.from).enumerate().filter(|(axis, _)| *axis != step.axis);
            let others: Vec<String> = others.map(|(_, (axis, choice))| format!("{axis} {choice}")).collect();
            let heading = if others.is_empty() {
                String::new()
            } else {
                let others = others.join(if language == Language::Zh { "，" } else { ", " });
                phrase(language, "sweep-with", &[("others", others.into())])
            };
            let key = (step.axis, heading);
            let sentence = self.sentence(step, language);
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, sentences)) => sentences.push(sentence),
                None => groups.push((key, vec![sentence])),
            }
        }
        groups.into_iter().map(|((_, heading), sentences)| (heading, sentences)).collect()
    }

    fn sentence(&self, step: &Step, language: Language) -> String {
        let say = |key: &str, args: &[(&str, Argument)]| phrase(language, key, args);
        let zh = language == Language::Zh;
        let what = self.what(step, language);
        let verdict = if step.about >= NOTHING {
            say("sweep-saves", &[("about", yuan(step.about).into())])
        } else if step.about <= -NOTHING {
            say("sweep-costs", &[("about", yuan(-step.about).into())])
        } else {
            say("sweep-saves-nothing", &[])
        };
        let args = [("least", yuan(step.least).into()), ("most", yuan(step.most).into())];
        let range = match (step.least, step.most) {
            (least, most) if least >= NOTHING => {
                say(if most > least { "sweep-at-least" } else { "sweep-at-most" }, &args)
            }
            (least, most) if least > -NOTHING && most < NOTHING => say("sweep-cannot", &[]),
            (least, _) if least > -NOTHING => say("sweep-at-most", &args),
            _ => say("sweep-between", &args),
        };
        let mut parts =
            vec![if zh { format!("{what}{verdict}（{range}）") } else { format!("{what} {verdict} ({range})") }];
        let few = f64::from(self.cells[step.to].project.policy.k_anonymity);
        if step.served.abs() >= few {
            let key = if step.served > 0.0 { "sweep-riders" } else { "sweep-fewer-riders" };
            parts.push(say(key, &[("people", people(step.served.abs()).into())]));
        }
        for hours in &step.hours {
            let args = [
                ("people", people(hours.people).into()),
                ("from", hours.from.clock().into()),
                ("to", hours.to.clock().into()),
            ];
            parts.push(say("sweep-hours", &args));
        }
        let mut sentence = parts.join(if zh { "，" } else { ", " });
        sentence.push(if zh { '。' } else { '.' });
        sentence
    }

    /// The step's subject.
    fn what(&self, step: &Step, language: Language) -> String {
        let say = |key: &str, args: &[(&str, Argument)]| phrase(language, key, args);
        match &step.what {
            What::Vehicles { vehicle, from, to } => {
                let kind = Words(language).vehicle(&self.cells[step.to].project, vehicle);
                if *to == from + 1 {
                    say("sweep-step-vehicle", &[("n", (*to).into()), ("type", kind.into())])
                } else {
                    say("sweep-step-vehicles", &[("from", (*from).into()), ("to", (*to).into()), ("type", kind.into())])
                }
            }
            What::Budget { from, to } => {
                let key = if to > from { "sweep-step-money" } else { "sweep-step-less-money" };
                let more = Fen((*to - *from).0.abs());
                say(key, &[("more", yuan(more).into()), ("from", yuan(*from).into()), ("to", yuan(*to).into())])
            }
            What::Other => {
                let axis = &self.grid.axes()[step.axis];
                let name = |cell: usize| axis.choices[self.grid.place(cell)[step.axis]].name.as_str();
                let args = [
                    ("axis", axis.name.as_str().into()),
                    ("from", name(step.from).into()),
                    ("to", name(step.to).into()),
                ];
                say("sweep-step-other", &args)
            }
        }
    }

    /// The same for programs: fen and people a day; cells without a plan have nulls and say why in `state`.
    #[must_use]
    pub fn json(&self) -> Vec<u8> {
        let axes = self.grid.axes().iter().map(|axis| {
            json!({ "name": axis.name, "choices": axis.choices.iter().map(|choice| &choice.name).collect::<Vec<_>>() })
        });
        let cells = (0..self.cells.len()).map(|cell| self.cell_json(cell));
        let steps = self.steps.iter().map(|step| {
            let hours =
                step.hours.iter().map(|hours| json!({ "from": hours.from, "to": hours.to, "people": hours.people }));
            json!({
                "axis": step.axis,
                "from": step.from,
                "to": step.to,
                "saves": { "about": step.about, "least": step.least, "most": step.most },
                "served": step.served,
                "hours": hours.collect::<Vec<_>>(),
                "en": self.sentence(step, Language::En),
                "zh": self.sentence(step, Language::Zh),
            })
        });
        let all = json!({
            "axes": axes.collect::<Vec<_>>(),
            "cells": cells.collect::<Vec<_>>(),
            "steps": steps.collect::<Vec<_>>(),
        });
        let mut bytes = serde_json::to_vec_pretty(&all).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    fn cell_json(&self, cell: usize) -> Value {
        let own = &self.cells[cell];
        let plan = own.plan();
        let worth = plan.map(|plan| &plan.evaluation);
        json!({
            "choices": self.choices(cell).map(|(_, choice)| choice).collect::<Vec<_>>(),
            "state": match own.state { State::Open => "not_planned", State::Planned(_) => "planned", State::Refused => "refused" },
            "plan": plan.map(|plan| plan.id.as_str()),
            "file": plan.map(|_| file(cell)),
            "served": worth.map(|worth| worth.served),
            "objective": worth.map(|worth| worth.objective),
            "terms": worth.map(|worth| worth.terms),
            "nothing": worth.map(|worth| worth.nothing),
            "benefit": worth.map(|worth| worth.nothing - worth.objective),
            "bound": plan.map(|plan| &plan.bound),
            "changes": self.changes[cell],
            "pareto": self.pareto[cell],
        })
    }

    /// The same as a page: self-contained, both languages one below the other.
    #[must_use]
    pub fn html(&self) -> String {
        let mut out = String::from(
            "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>批量试算 What if, side by side</title>\n\
             <style>body{font-family:system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;margin:2rem;color:#1a202c;\
             max-width:80rem}table{border-collapse:collapse;margin-top:1rem}th,td{padding:.3rem .8rem;\
             border-bottom:1px solid #cbd5e0;text-align:right;font-variant-numeric:tabular-nums}\
             tr.best{background:#ebf8ff}div{overflow-x:auto}</style>\n",
        );
        for language in Language::ALL {
            let say = |key: &str| escape(&phrase(language, key, &[]));
            out.push_str(&format!("<section lang=\"{}\">\n<h1>{}</h1>\n", language.tag(), say("sweep-title")));
            out.push_str(&format!("<p>{}</p>\n<div><table>\n<tr>", say("sweep-lead")));
            for head in self.heads(language) {
                out.push_str(&format!("<th>{}</th>", escape(&head)));
            }
            out.push_str("</tr>\n");
            for cell in 0..self.cells.len() {
                let best = if self.pareto[cell] == Some(true) { " class=\"best\"" } else { "" };
                out.push_str(&format!("<tr{best}>"));
                for text in self.row(cell, language) {
                    out.push_str(&format!("<td>{}</td>", escape(&text)));
                }
                out.push_str("</tr>\n");
            }
            out.push_str("</table></div>\n");
            if !self.steps.is_empty() {
                out.push_str(&format!("<h2>{}</h2>\n<p>{}</p>\n", say("sweep-worth"), say("sweep-worth-lead")));
            }
            for (heading, sentences) in self.sentences(language) {
                if !heading.is_empty() {
                    out.push_str(&format!("<p>{}</p>\n", escape(&heading)));
                }
                out.push_str("<ul>\n");
                for sentence in sentences {
                    out.push_str(&format!("<li>{}</li>\n", escape(&sentence)));
                }
                out.push_str("</ul>\n");
            }
            out.push_str("</section>\n");
        }
        out.push_str("</html>\n");
        out
    }
}

/// One cell for those who wait: its alternatives and what it came to.
#[must_use]
pub fn line(grid: &Grid, cells: &[Cell], cell: usize, language: Language) -> (String, String) {
    let choices: Vec<String> = choices(grid, cell).map(|(axis, choice)| format!("{axis} {choice}")).collect();
    let result = match cells[cell].plan() {
        Some(plan) => plan.evaluation.objective.to_string(),
        None => phrase(language, missing(&cells[cell].state), &[]),
    };
    (choices.join(if language == Language::Zh { "，" } else { ", " }), result)
}

fn choices(grid: &Grid, cell: usize) -> impl Iterator<Item = (&str, &str)> {
    let axes = grid.axes().iter().zip(grid.place(cell));
    axes.map(|(axis, choice)| (axis.name.as_str(), axis.choices[choice].name.as_str()))
}

/// Name of the file a cell's plan is written to, numbered as in the table.
#[must_use]
pub fn file(cell: usize) -> String {
    format!("plan-{:03}.json", cell + 1)
}

/// Why there is no plan.
fn missing(state: &State) -> &'static str {
    match state {
        State::Open | State::Planned(_) => "sweep-open",
        State::Refused => "sweep-refused",
    }
}

/// Whole yuan: what is about needs no fen.
fn yuan(fen: Fen) -> String {
    // No "-0".
    format!("{:.0}", fen.yuan().round() + 0.0)
}

fn people(people: f64) -> String {
    format!("{people:.0}")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::planning::costs::tests::minibus;
    use crate::planning::project::Project;
    use crate::planning::scenario::Modification;
    use crate::planning::sweep::grid::{Axis, Choice};
    use crate::publish::fixture;

    fn grid() -> Grid {
        let buses = |count| Modification::SetVehicles { vehicle: "minibus19".to_owned(), count };
        let choices = [1, 2, 3, 4].map(|count| Choice { name: count.to_string(), modifications: vec![buses(count)] });
        Grid::new(vec![Axis { name: "buses".to_owned(), choices: choices.into() }]).unwrap()
    }

    /// Objectives and bounds, CNY; the last cell is not planned.
    fn cells(grid: &Grid) -> Vec<Cell> {
        let project = Project { fleet: vec![minibus()], ..fixture::project() };
        let mut cells = sweep::cells(&project, grid).unwrap();
        let figures = [(1500, 1400, 40.0), (1200, 1000, 52.0), (1200, 950, 53.0)];
        for (cell, (objective, bound, served)) in cells.iter_mut().zip(figures) {
            let mut plan = fixture::plan();
            plan.evaluation.nothing = Fen(200_000);
            plan.evaluation.objective = Fen(100 * objective);
            plan.evaluation.served = served;
            plan.bound.objective = Fen(100 * bound);
            cell.state = State::Planned(Arc::new(plan));
        }
        cells
    }

    #[test]
    fn the_next_vehicle_is_told_in_sentences() {
        let (grid, cells) = (grid(), cells(&grid()));
        let told = Told::new(&grid, &cells);
        // At least 1400 - 1200, at most 1500 - 1000; a third: at most 1200 - 950.
        insta::assert_snapshot!(told.sentences(Language::En)[0].1.join("\n"), @r"
        A second 19-seat vehicle saves about CNY 300 a day (at least 200, at most 500), 12 more people ride.
        A third 19-seat vehicle saves nothing (at most 250).
        ");
        insta::assert_snapshot!(told.sentences(Language::Zh)[0].1.join("\n"), @r"
        第 2 辆中巴每天约省 300 元（至少 200 元，最多 500 元），多 12 人乘坐。
        第 3 辆中巴没有省下什么（最多 250 元）。
        ");
    }

    #[test]
    fn a_cell_that_was_not_planned_says_so_and_has_no_figures() {
        let (grid, cells) = (grid(), cells(&grid()));
        let told = Told::new(&grid, &cells);
        let text = told.text(Language::En);
        let last = text.lines().nth(4).unwrap();
        assert!(last.starts_with('4') && last.ends_with("not planned"), "{text}");
        let json: Value = serde_json::from_slice(&told.json()).unwrap();
        assert_eq!(json["cells"][3]["state"], "not_planned");
        assert!(["plan", "objective", "bound", "pareto", "file"].iter().all(|key| json["cells"][3][key].is_null()));
        assert_eq!(json["steps"].as_array().unwrap().len(), 2);
        assert_eq!(json["steps"][0]["saves"]["about"], 30_000);
        let page = told.html();
        assert_eq!(page.matches("<tr").count(), 2 * 5);
        assert!(page.contains("没有计算") && page.contains("第 2 辆"), "{page}");
    }
}
