//! Who is left out and what would be enough to serve them, in the file's numbers and units.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::instance::Instance;
use crate::cli::console::Console;
use crate::domain::finding::Argument;
use crate::routing::problem::Problem;
use crate::routing::reasons::{LeftOut, Need, Relaxation, reasons};
use crate::routing::tours::Tours;

/// Orders that are told of; the rest is counted only.
const MOST: usize = 20;
/// No more than this is spent on telling, seconds: the search has had its time.
const SECONDS: u64 = 5;

/// Orders that must be served and are not: as many of them as can be told of in a few seconds.
pub(super) fn of(problem: &Problem, tours: &Tours) -> Vec<LeftOut> {
    let begun = Instant::now();
    let stop = || begun.elapsed() > Duration::from_secs(SECONDS);
    if tours.missing == 0 { Vec::new() } else { reasons(problem, tours, MOST, &stop) }
}

/// A line for each.
pub(super) fn print(instance: &Instance, left_out: &[LeftOut], console: &mut Console) {
    for order in left_out {
        let enough: Vec<String> =
            order.relaxations.iter().map(|relaxation| enough(instance, relaxation, console)).collect();
        let phrase = match (order.fits, enough.is_empty()) {
            (true, _) => "cli-routing-left-out-fits",
            (false, true) => "cli-routing-left-out-no-one-thing",
            (false, false) => "cli-routing-left-out",
        };
        let words = [("stops", numbers(instance, order).into()), ("enough", enough.join("; ").into())];
        console.result(&console.say(phrase, &words));
    }
}

/// The same as data.
pub(super) fn data(instance: &Instance, left_out: &[LeftOut]) -> Value {
    let relaxation = |relaxation: &Relaxation| {
        let (kind, subject) = kind(relaxation.need);
        let mut data = json!({
            "kind": kind,
            "amount": amount(instance, relaxation),
            "stop": instance.numbers[relaxation.job],
        });
        if let (Need::Vehicles(_) | Need::Room(_), Some(subject)) = (relaxation.need, subject) {
            data[if matches!(relaxation.need, Need::Room(_)) { "load" } else { "type" }] = (subject + 1).into();
        }
        data
    };
    let order = |order: &LeftOut| {
        json!({
            "stops": order.jobs.iter().map(|&job| instance.numbers[job]).collect::<Vec<_>>(),
            "fits": order.fits,
            "relaxations": order.relaxations.iter().map(relaxation).collect::<Vec<_>>(),
        })
    };
    left_out.iter().map(order).collect()
}

fn numbers(instance: &Instance, order: &LeftOut) -> String {
    order.jobs.iter().map(|&job| instance.numbers[job].to_string()).collect::<Vec<_>>().join(", ")
}

/// The name of a need, and what it is about where that is not a stop of the file.
fn kind(need: Need) -> (&'static str, Option<usize>) {
    match need {
        Need::Later(_) => ("later", None),
        Need::Earlier(_) => ("earlier", None),
        Need::Released(_) => ("released", None),
        Need::Room(load) => ("room", Some(load)),
        Need::Leave => ("leave", None),
        Need::Back => ("back", None),
        Need::Duration => ("duration", None),
        Need::Distance => ("distance", None),
        Need::Ride(_) => ("ride", None),
        Need::Vehicles(kind) => ("vehicles", Some(kind)),
    }
}

/// In the file's units: loads and vehicles are whole as they are.
fn amount(instance: &Instance, relaxation: &Relaxation) -> f64 {
    let units = f64::from(relaxation.amount);
    match relaxation.need {
        Need::Room(_) | Need::Vehicles(_) => units,
        _ => units / instance.rounding.scale() as f64,
    }
}

fn enough(instance: &Instance, relaxation: &Relaxation, console: &Console) -> String {
    let (kind, _) = kind(relaxation.need);
    let decimals = match relaxation.need {
        Need::Room(_) | Need::Vehicles(_) => 0,
        _ => instance.rounding.decimals(),
    };
    let amount = format!("{:.*}", decimals, amount(instance, relaxation));
    // The vehicle of the file that there should be more of: the first that is like it.
    let vehicle = match relaxation.need {
        Need::Vehicles(kind) => instance.vehicles.get(kind).and_then(|alike| alike.first()).copied().unwrap_or(1),
        _ => 1,
    };
    let words: [(&str, Argument); 3] = [
        ("amount", amount.into()),
        ("stop", instance.numbers[relaxation.job].to_string().into()),
        ("vehicle", vehicle.to_string().into()),
    ];
    console.say(&format!("cli-routing-need-{kind}"), &words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::phrases::{Language, has_phrase};

    #[test]
    fn everything_there_could_be_more_of_has_words() {
        let needs = [
            Need::Later(0),
            Need::Earlier(0),
            Need::Released(0),
            Need::Room(0),
            Need::Leave,
            Need::Back,
            Need::Duration,
            Need::Distance,
            Need::Ride(0),
            Need::Vehicles(0),
        ];
        for need in needs {
            for language in Language::ALL {
                assert!(has_phrase(language, &format!("cli-routing-need-{}", kind(need).0)), "{need:?} {language}");
            }
        }
    }
}
