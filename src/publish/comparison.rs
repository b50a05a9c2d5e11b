//! Plans side by side: as text for a terminal, as a page for a browser. Planner: plans are told apart down to small groups'
//! figures only as far as [`compare::diff`] tells them.

use crate::domain::units::People;
use crate::planning::changes;
use crate::planning::compare::{self, Better, Row, Value};
use crate::planning::plan::Plan;

use super::phrases::{Language, phrase};

/// A plan and what the reader calls it (its file).
pub type Named<'a> = (&'a str, &'a Plan);

/// Changes told of a pair of plans, at most.
const CHANGES: usize = 200;

/// One cell in words.
fn cell(value: &Value) -> String {
    match value {
        Value::Id(id) => id.clone().unwrap_or_else(|| "–".to_owned()),
        Value::Fen(fen) => fen.to_string(),
        Value::Count(count) => count.to_string(),
        Value::Number(number) => format!("{number:.1}"),
        Value::Share(share) => format!("{:.1} %", share * 100.0),
    }
}

/// The value to weigh against others; `None` for ids.
fn weight(value: &Value) -> Option<f64> {
    match value {
        Value::Id(_) => None,
        Value::Fen(fen) => Some(fen.0 as f64),
        Value::Count(count) => Some(*count as f64),
        Value::Number(number) | Value::Share(number) => Some(*number),
    }
}

/// Positions of the best values of a row; none where all are the same or nothing is better.
fn best(row: &Row) -> Vec<usize> {
    let weights: Vec<f64> = row.values.iter().filter_map(weight).collect();
    let pick = match row.better {
        Better::Neither => return Vec::new(),
        Better::Less => f64::min,
        Better::More => f64::max,
    };
    let Some(best) = weights.iter().copied().reduce(pick) else { return Vec::new() };
    if weights.len() != row.values.len() || weights.iter().all(|weight| *weight == best) {
        return Vec::new();
    }
    (0..weights.len()).filter(|&position| weights[position] == best).collect()
}

/// Columns a text takes on a terminal: Chinese characters take two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffe6}') { 2 } else { 1 }).sum()
}

pub(super) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// Rows in columns for a terminal, a line each.
#[must_use]
pub fn columns(table: &[Vec<String>]) -> String {
    let columns = table.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| table.iter().filter_map(|row| row.get(column)).map(|text| width(text)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in table {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(text, &to)| pad(text, to)).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// What changed from the first plan to each of the others, a line a change; the last says how many more there are.
fn changes(plans: &[Named<'_>], language: Language, k: u32) -> Vec<(String, Vec<String>)> {
    let Some(((first_name, first), others)) = plans.split_first() else { return Vec::new() };
    others
        .iter()
        .map(|(name, plan)| {
            let found = compare::diff(first, plan, People::whole(k));
            let mut lines: Vec<String> =
                found.iter().take(CHANGES).map(|change| phrase(language, change.key(), &change.args())).collect();
            if found.len() > CHANGES {
                lines.push(phrase(language, "cli-more", &[("count", (found.len() - CHANGES).into())]));
            }
            let all = changes::between(first, plan);
            if all.count() > 0 {
                let told = found.iter().map(|change| match change {
                    compare::Change::PeopleTake { people, .. } => people.as_f64(),
                    _ => 0.0,
                });
                let args = [
                    ("count", all.count().into()),
                    ("stops", all.stops().into()),
                    ("departures", all.departures.len().into()),
                    ("people", told.sum::<f64>().round().into()),
                ];
                lines.insert(0, phrase(language, "compare-count", &args));
            }
            if found.is_empty() {
                lines.push(phrase(language, "compare-no-change", &[]));
            }
            (format!("{first_name} → {name}"), lines)
        })
        .collect()
}

/// The table and what changed from the first plan to each other; `*` marks the best of a row. `k`: smallest group told alone.
#[must_use]
pub fn text(plans: &[Named<'_>], language: Language, k: u32) -> String {
    let bare: Vec<&Plan> = plans.iter().map(|(_, plan)| *plan).collect();
    let mut table = vec![vec![String::new()]];
    table[0].extend(plans.iter().map(|(name, _)| (*name).to_owned()));
    for row in compare::side_by_side(&bare) {
        let best = best(&row);
        let mut line = vec![phrase(language, row.figure, &[])];
        line.extend(row.values.iter().enumerate().map(|(position, value)| {
            let mark = if best.contains(&position) { " *" } else { "" };
            format!("{}{mark}", cell(value))
        }));
        table.push(line);
    }
    let mut out = columns(&table);
    for (title, lines) in changes(plans, language, k) {
        out.push_str(&format!("\n{title}\n"));
        for line in lines {
            out.push_str(&format!("  {line}\n"));
        }
    }
    out
}

/// The same as a page: self-contained, both languages one below the other.
#[must_use]
pub fn html(plans: &[Named<'_>], k: u32) -> String {
    let bare: Vec<&Plan> = plans.iter().map(|(_, plan)| *plan).collect();
    let rows = compare::side_by_side(&bare);
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>方案比较 Plans compared</title>\n\
         <style>body{font-family:system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;margin:2rem;color:#1a202c}\
         table{border-collapse:collapse}th,td{padding:.3rem .8rem;border-bottom:1px solid #cbd5e0;text-align:right;\
         font-variant-numeric:tabular-nums}th:first-child,td:first-child{text-align:left}td.best{font-weight:700;\
         background:#e6f4ea}li{margin:.2rem 0}</style>\n",
    );
    for language in Language::ALL {
        out.push_str(&format!("<section lang=\"{}\">\n", language.tag()));
        out.push_str(&format!("<h1>{}</h1>\n<table>\n<tr><th></th>", escape(&phrase(language, "compare-title", &[]))));
        for (name, _) in plans {
            out.push_str(&format!("<th>{}</th>", escape(name)));
        }
        out.push_str("</tr>\n");
        for row in &rows {
            let best = best(row);
            out.push_str(&format!("<tr><td>{}</td>", escape(&phrase(language, row.figure, &[]))));
            for (position, value) in row.values.iter().enumerate() {
                let class = if best.contains(&position) { " class=\"best\"" } else { "" };
                out.push_str(&format!("<td{class}>{}</td>", escape(&cell(value))));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</table>\n");
        for (title, lines) in changes(plans, language, k) {
            out.push_str(&format!("<h2>{}</h2>\n<ul>\n", escape(&title)));
            for line in lines {
                out.push_str(&format!("<li>{}</li>\n", escape(&line)));
            }
            out.push_str("</ul>\n");
        }
        out.push_str("</section>\n");
    }
    out.push_str("</html>\n");
    out
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::Fen;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(width("abc"), 3);
        assert_eq!(width("费用a"), 5);
        assert_eq!(pad("费", 4), "费  ");
    }

    #[test]
    fn the_best_of_a_row_is_marked_if_there_is_one() {
        let row = |better, values: &[i64]| Row {
            figure: "compare-objective",
            better,
            values: values.iter().map(|&fen| Value::Fen(Fen(fen))).collect(),
        };
        assert_eq!(best(&row(Better::Less, &[3, 1, 2])), vec![1]);
        assert_eq!(best(&row(Better::More, &[3, 1, 3])), vec![0, 2]);
        assert!(best(&row(Better::Less, &[2, 2])).is_empty());
        assert!(best(&row(Better::Neither, &[1, 2])).is_empty());
    }
}
