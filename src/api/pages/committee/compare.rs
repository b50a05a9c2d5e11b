//! Step 4: plans side by side, the better values marked, and what changes for riders in words.

use askama::Template;
use axum::Json;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use axum::routing::get;
use serde_json::Value;

use super::super::frame::{Refusal, Visitor};
use super::shown::{label, moment, money, name, with, words};
use crate::api::app::App;
use crate::api::body::{At, Params};
use crate::api::caller::Right;
use crate::api::plans::{self as api, Compared};
use crate::api::problem::Problem;
use crate::publish::pages::shell;
use crate::publish::pages::words::{Words, grouped, tenth};
use crate::storage::projects;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/projects/{project}/compare", get(show))
}

struct Head {
    id: String,
    label: String,
    made: String,
}

struct Row {
    title: String,
    /// Text, and whether it is the best of the row.
    cells: Vec<(String, bool)>,
}

struct Changes {
    title: String,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "committee_compare.html")]
struct Page {
    w: Words,
    project: String,
    name: String,
    heads: Vec<Head>,
    rows: Vec<Row>,
    changes: Vec<Changes>,
}

/// `plans=a&plans=b` as ticked boxes send it, or `plans=a,b`.
fn ids(query: &str) -> String {
    let values = query.split('&').filter_map(|pair| pair.strip_prefix("plans="));
    values.map(|value| value.replace("%2C", ",").replace("%2c", ",")).collect::<Vec<_>>().join(",")
}

async fn show(
    State(app): State<App>,
    visitor: Visitor,
    At(project): At<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    visitor.signed_in()?;
    visitor.caller.may(Right::Read, &project)?;
    let w = words(&visitor);
    let name = name(w, &projects::get(&mut *app.store().read().await?, &project).await?);
    let plans = ids(&query.unwrap_or_default());
    if !(2..=6).contains(&plans.split(',').filter(|id| !id.is_empty()).count()) {
        return Err(Problem::conflict("tick-plans").into());
    }
    let asked = Params(Compared { plans });
    let Json(found) = api::comparison(State(app), visitor.caller.clone(), At(project.clone()), asked).await?;
    let title = |id: &str| {
        let plan = found.plans.iter().find(|plan| plan.id == id);
        plan.map_or_else(|| id.to_owned(), |plan| label(w, &plan.label))
    };
    let changes = found.changes.iter().map(|change| Changes {
        title: with(w, "committee-compare-from-to", &[("from", &title(&change.from)), ("to", &title(&change.to))]),
        lines: if w.english() { change.text.clone() } else { change.text_zh.clone() },
    });
    let heads = found.plans.iter().map(|plan| Head {
        id: plan.id.clone(),
        label: label(w, &plan.label),
        made: moment(w, &plan.created),
    });
    // Ids stand in the head already.
    let rows = found.rows.iter().filter(|row| !matches!(row.figure.as_str(), "compare-plan" | "compare-parent"));
    let rows = rows.map(|row| {
        let best = best(&row.better, &row.values);
        let cell = |(at, value): (usize, &Value)| (cell(value), best.contains(&at));
        Row {
            title: if w.english() { row.title.clone() } else { row.title_zh.clone() },
            cells: row.values.iter().enumerate().map(cell).collect(),
        }
    });
    let page = Page {
        w,
        heads: heads.collect(),
        rows: rows.collect(),
        changes: changes.collect(),
        project,
        name: name.clone(),
    };
    Ok(visitor.page(&format!("{} · {name}", w.t("committee-step-compare")), &shell::render(&page)))
}

/// A figure in words: the API's `{"fen": 12300}`, `{"share": 0.1}` …
fn cell(value: &Value) -> String {
    let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else { return "–".to_owned() };
    match (kind.as_str(), value) {
        ("fen", value) => value.as_i64().map_or_else(|| "–".to_owned(), money),
        ("share", value) => {
            value.as_f64().map_or_else(|| "–".to_owned(), |share| format!("{} %", tenth(share * 100.0)))
        }
        ("count" | "number", value) => value.as_f64().map_or_else(|| "–".to_owned(), grouped),
        (_, value) => value.as_str().unwrap_or("–").to_owned(),
    }
}

/// Positions of the best values; none where all are the same or nothing is better.
fn best(better: &str, values: &[Value]) -> Vec<usize> {
    let weight = |value: &Value| value.as_object()?.values().next()?.as_f64();
    let Some(weights) = values.iter().map(weight).collect::<Option<Vec<f64>>>() else { return Vec::new() };
    let pick = match better {
        "less" => f64::min,
        "more" => f64::max,
        _ => return Vec::new(),
    };
    let Some(best) = weights.iter().copied().reduce(pick) else { return Vec::new() };
    // Values that look alike are alike.
    let same = |weight: f64| (weight - best).abs() < 1e-9;
    if weights.iter().all(|weight| same(*weight)) {
        return Vec::new();
    }
    (0..weights.len()).filter(|&at| same(weights[at])).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn boxes_and_commas_say_the_same() {
        assert_eq!(ids("plans=a&lang=en&plans=b"), "a,b");
        assert_eq!(ids("plans=a%2Cb"), "a,b");
        assert_eq!(ids(""), "");
    }

    #[test]
    fn the_better_value_is_marked() {
        let values = [json!({"fen": 300}), json!({"fen": 200})];
        assert_eq!(best("less", &values), [1]);
        assert_eq!(best("more", &values), [0]);
        assert!(best("neither", &values).is_empty());
        assert!(best("less", &[json!({"fen": 2}), json!({"fen": 2})]).is_empty());
        assert!(best("less", &[json!({"id": null}), json!({"id": "a"})]).is_empty());
        assert_eq!(cell(&json!({"fen": 186_000})), "¥1,860");
        assert_eq!(cell(&json!({"share": 0.0321})), "3.2 %");
        assert_eq!(cell(&json!({"id": null})), "–");
    }
}
