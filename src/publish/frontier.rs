//! Cost against changes: as a table for a terminal, as JSON, as a page with a picture. Planner: sums over all riders only.

use serde_json::json;

use crate::planning::frontier::Step;
use crate::planning::plan::Plan;

use super::comparison::{escape, pad, width};
use super::phrases::{Language, phrase};

/// Column heads, keys of the phrase files.
const HEADS: [&str; 7] = [
    "frontier-allowed",
    "frontier-changes",
    "frontier-objective",
    "frontier-price",
    "frontier-running",
    "frontier-served",
    "frontier-reassigned",
];

fn allowed(step: &Step, language: Language) -> String {
    step.allowed.map_or_else(|| phrase(language, "frontier-unlimited", &[]), |most| most.to_string())
}

/// The cells of a step.
fn cells(step: &Step, language: Language) -> Vec<String> {
    let mut cells = vec![allowed(step, language)];
    match &step.plan {
        None => cells.push(phrase(language, "frontier-none", &[])),
        Some(plan) => {
            let worth = &plan.evaluation;
            cells.push(step.changes.count().to_string());
            cells
                .extend([worth.objective, worth.terms.changes_fen, worth.terms.running_fen].map(|fen| fen.to_string()));
            cells.push(format!("{:.1}", worth.served));
            cells.push(format!("{:.0}", step.changes.people() as f64 / 1000.0));
        }
    }
    cells
}

/// The table.
#[must_use]
pub fn text(steps: &[Step], language: Language) -> String {
    let mut table = vec![HEADS.map(|head| phrase(language, head, &[])).to_vec()];
    table.extend(steps.iter().map(|step| cells(step, language)));
    let widths: Vec<usize> = (0..HEADS.len())
        .map(|column| table.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in &table {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, to)| pad(cell, *to)).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// The same for programs: fen a day, people a day; `allowed` null: any number.
#[must_use]
pub fn json(steps: &[Step]) -> Vec<u8> {
    let row = |step: &Step| {
        let worth = step.plan.as_ref().map(|plan| &plan.evaluation);
        json!({
            "allowed": step.allowed,
            "plan": step.plan.as_ref().map(|plan| plan.id.as_str()),
            "changes": {
                "count": step.changes.count(),
                "stops_opened": step.changes.opened,
                "stops_closed": step.changes.closed,
                "stops_moved": step.changes.moved,
                "departures": step.changes.departures.len(),
                "minutes": step.changes.minutes(),
                "people": step.changes.people() as f64 / 1000.0,
            },
            "objective": worth.map(|worth| worth.objective),
            "terms": worth.map(|worth| worth.terms),
            "served": worth.map(|worth| worth.served),
        })
    };
    let mut bytes = serde_json::to_vec_pretty(&steps.iter().map(row).collect::<Vec<_>>()).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The same as a page: self-contained, both languages one below the other.
#[must_use]
pub fn html(steps: &[Step]) -> String {
    let mut out = String::from(
        "<!doctype html>\n<html lang=\"zh-CN\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>成本与变动 Cost against changes</title>\n\
         <style>body{font-family:system-ui,\"Noto Sans CJK SC\",\"Microsoft YaHei\",sans-serif;margin:2rem;color:#1a202c;\
         max-width:60rem}table{border-collapse:collapse;margin-top:1rem}th,td{padding:.3rem .8rem;\
         border-bottom:1px solid #cbd5e0;text-align:right;font-variant-numeric:tabular-nums}\
         svg{max-width:100%;height:auto}</style>\n",
    );
    for language in Language::ALL {
        let say = |key: &str| escape(&phrase(language, key, &[]));
        out.push_str(&format!("<section lang=\"{}\">\n<h1>{}</h1>\n", language.tag(), say("frontier-title")));
        out.push_str(&format!("<p>{}</p>\n{}<table>\n<tr>", say("frontier-lead"), picture(steps, language)));
        for head in HEADS {
            out.push_str(&format!("<th>{}</th>", say(head)));
        }
        out.push_str("</tr>\n");
        for step in steps {
            out.push_str("<tr>");
            for cell in cells(step, language) {
                out.push_str(&format!("<td>{}</td>", escape(&cell)));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</table>\n</section>\n");
    }
    out.push_str("</html>\n");
    out
}

/// A step down for every limit: the limits stand evenly, as what matters first is what the first few changes bring.
fn picture(steps: &[Step], language: Language) -> String {
    let (wide, high, left, top) = (640.0, 260.0, 90.0, 30.0);
    let found: Vec<(usize, &Plan)> =
        steps.iter().enumerate().filter_map(|(at, step)| Some((at, step.plan.as_deref()?))).collect();
    let yuan = |plan: &Plan| plan.evaluation.objective.yuan();
    let least = found.iter().map(|(_, plan)| yuan(plan)).fold(f64::INFINITY, f64::min);
    let most = found.iter().map(|(_, plan)| yuan(plan)).fold(f64::NEG_INFINITY, f64::max);
    if !(least.is_finite() && most.is_finite()) {
        return String::new();
    }
    // All alike: a line in the middle.
    let (low, span) = if most - least < 1.0 { (least - 0.5, 1.0) } else { (least, most - least) };
    let each = wide / steps.len().max(1) as f64;
    let x = |at: usize| left + each * (at as f64 + 0.5);
    let y = |value: f64| top + high * (1.0 - (value - low) / span);
    let mut out = format!(
        "<svg viewBox=\"0 0 {:.0} {:.0}\" width=\"{:.0}\" role=\"img\" aria-label=\"{title}\" font-size=\"13\">\n<title>{title}</title>\n",
        left + wide + 10.0,
        top + high + 60.0,
        left + wide + 10.0,
        title = escape(&phrase(language, "frontier-picture", &[])),
    );
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let value = low + span * share;
        out.push_str(&format!(
            "<line x1=\"{left:.0}\" x2=\"{:.0}\" y1=\"{at:.1}\" y2=\"{at:.1}\" stroke=\"#e2e8f0\"/>\
             <text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#4a5568\">{value:.0}</text>\n",
            left + wide,
            left - 8.0,
            y(value) + 4.0,
            at = y(value),
        ));
    }
    let points: Vec<String> = found.iter().map(|(at, plan)| format!("{:.1},{:.1}", x(*at), y(yuan(plan)))).collect();
    out.push_str(&format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#2b6cb0\" stroke-width=\"2\"/>\n",
        points.join(" ")
    ));
    for (at, plan) in &found {
        out.push_str(&format!(
            "<circle cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"4\" fill=\"#2b6cb0\"/>\
             <text x=\"{cx:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#1a202c\">{}</text>\n",
            y(yuan(plan)) - 10.0,
            steps[*at].changes.count(),
            cx = x(*at),
            cy = y(yuan(plan)),
        ));
    }
    for (at, step) in steps.iter().enumerate() {
        out.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#4a5568\">{}</text>\n",
            x(at),
            top + high + 22.0,
            escape(&allowed(step, language)),
        ));
    }
    out.push_str(&format!(
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#4a5568\">{}</text>\n\
         <text x=\"{left:.0}\" y=\"14\" fill=\"#4a5568\">{}</text>\n</svg>\n",
        left + wide / 2.0,
        top + high + 46.0,
        escape(&phrase(language, "frontier-allowed", &[])),
        escape(&phrase(language, "frontier-objective", &[])),
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::Fen;
    use crate::planning::changes::Changes;
    use std::sync::Arc;

    fn step(allowed: Option<u32>, yuan: Option<i64>) -> Step {
        let plan = yuan.map(|yuan| {
            let mut plan = crate::publish::fixture::plan();
            plan.evaluation.objective = Fen(100 * yuan);
            Arc::new(plan)
        });
        Step { allowed, plan, changes: Changes { closed: vec!["x".to_owned()], ..Changes::default() } }
    }

    #[test]
    fn steps_are_told_and_drawn() {
        let steps = [step(Some(0), None), step(Some(1), Some(300)), step(None, Some(200))];
        let table = text(&steps, Language::En);
        assert_eq!(table.lines().count(), 4);
        assert!(table.contains("no plan with so few") && table.contains("300.00"), "{table}");
        let page = html(&steps);
        // One circle a plan and language; the dearer plan stands at the top, the cheaper at the bottom.
        assert_eq!(page.matches("<circle").count(), 4);
        assert!(page.contains("cy=\"30.0\"") && page.contains("cy=\"290.0\""), "{page}");
        let rows: serde_json::Value = serde_json::from_slice(&json(&steps)).unwrap_or_default();
        assert_eq!(rows[0]["plan"], serde_json::Value::Null);
        assert_eq!(
            (rows[2]["allowed"].clone(), rows[2]["objective"].as_i64()),
            (serde_json::Value::Null, Some(20_000))
        );
    }
}
