//! `--format parking`: lots and requests as rows of lots.csv and parking.csv, in one file of JSON.
//!
//! Read by the intake as if they were those tables, so that every column, default and finding is the same; walks are straight lines times 1.3.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::cli::console::Console;
use crate::intake::{self, Need, Needs, Source};
use crate::planning::plan::Parking;
use crate::planning::project::Project;
use crate::search::Run;

/// Rows of the tables, and the policy of project.toml.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    lots: Vec<Map<String, Value>>,
    requests: Vec<Map<String, Value>>,
    #[serde(default)]
    history: Vec<Map<String, Value>>,
    #[serde(default)]
    policy: Map<String, Value>,
}

/// The project of a file.
pub(super) fn read(source: &Source) -> Result<Project, String> {
    let form: Form = serde_json::from_slice(&source.bytes).map_err(|error| error.to_string())?;
    let policy: toml::Table = toml::Value::try_from(&form.policy)
        .ok()
        .and_then(|policy| policy.as_table().cloned())
        .ok_or_else(|| "policy: only numbers, texts and truths".to_owned())?;
    let settings = toml::Table::from_iter([
        ("project".to_owned(), toml::Table::from_iter([("name".to_owned(), "parking".into())]).into()),
        ("policy".to_owned(), policy.into()),
    ]);
    let sources = [
        Source { name: "project.toml".to_owned(), bytes: settings.to_string().into_bytes() },
        Source { name: "lots.csv".to_owned(), bytes: table(&form.lots)? },
        Source { name: "parking.csv".to_owned(), bytes: table(&form.requests)? },
        Source { name: "parking_history.csv".to_owned(), bytes: table(&form.history)? },
    ];
    let there = &sources[..if form.history.is_empty() { 3 } else { 4 }];
    let needs = Needs { parking: Need::IfThere, ..Needs::NONE };
    intake::read_project(there, needs).map_err(|error| error.to_string())
}

/// CSV of rows whose keys are columns.
fn table(rows: &[Map<String, Value>]) -> Result<Vec<u8>, String> {
    let columns: BTreeSet<&str> = rows.iter().flat_map(Map::keys).map(String::as_str).collect();
    let mut out = csv::Writer::from_writer(Vec::new());
    let wrong = |error: csv::Error| error.to_string();
    out.write_record(&columns).map_err(wrong)?;
    for row in rows {
        let cell = |column: &&str| match row.get(*column) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Bool(truth)) => Ok(if *truth { "yes" } else { "no" }.to_owned()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            Some(_) => Err(format!("{column}: a list or an object where a cell is wanted")),
        };
        let cells: Result<Vec<String>, String> = columns.iter().map(cell).collect();
        out.write_record(cells?).map_err(wrong)?;
    }
    out.into_inner().map_err(|error| error.to_string())
}

/// What came out, in a line.
pub(super) fn summary(project: &Project, parking: &Parking, first: usize, seconds: f64, console: &Console) -> String {
    let walk = walk(parking);
    let bound = parking.bound;
    let words = [
        ("served", parking.permits.len().to_string().into()),
        ("requests", project.requests.len().to_string().into()),
        ("most", bound.map_or(0, |bound| bound.served).to_string().into()),
        ("walk", walk.to_string().into()),
        ("least", bound.map_or(0, |bound| bound.walk_m.0).to_string().into()),
        ("first", first.to_string().into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.say("cli-parking-summary", &words)
}

/// Metres of all permits.
fn walk(parking: &Parking) -> u64 {
    parking.permits.iter().map(|permit| u64::from(permit.walk_m.0)).sum()
}

/// What `--json` writes.
pub(super) fn data(project: &Project, parking: &Parking, first: usize, run: &Run<'_>, seconds: f64) -> Value {
    let lots: BTreeMap<&str, usize> = project.lots.iter().enumerate().map(|(at, lot)| (lot.id.as_str(), at)).collect();
    let granted: BTreeMap<&str, usize> = parking
        .permits
        .iter()
        .filter_map(|permit| Some((permit.request.as_str(), *lots.get(permit.lot.as_str())?)))
        .collect();
    let assigned: Vec<Option<usize>> =
        project.requests.iter().map(|request| granted.get(request.id.as_str()).copied()).collect();
    let open: BTreeSet<usize> = assigned.iter().copied().flatten().collect();
    json!({
        "cost": walk(parking),
        "bound": parking.bound.map_or(0, |bound| bound.walk_m.0),
        "served": parking.permits.len(),
        "most": parking.bound.map_or(0, |bound| bound.served),
        "first_come": first,
        "open": open,
        "assigned": assigned,
        "refused": parking.refused,
        "displacement": parking.displacement,
        "areas": parking.areas,
        "exchange": parking.exchange,
        "seconds": seconds,
        "seed": run.seed,
    })
}
