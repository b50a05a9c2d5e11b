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
        let mut data = json!({
            "kind": kind(relaxation.need),
            "amount": amount(instance, relaxation),
            "stop": instance.numbers[relaxation.job],
        });
        match relaxation.need {
            Need::Room(load) => data["load"] = (load + 1).into(),
            Need::Vehicles(kind) => data["vehicle"] = vehicle(instance, kind).into(),
            _ => {}
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

/// The name of a need.
fn kind(need: Need) -> &'static str {
    match need {
        Need::Later(_) => "later",
        Need::Earlier(_) => "earlier",
        Need::Released(_) => "released",
        Need::Room(_) => "room",
        Need::Leave => "leave",
        Need::Back => "back",
        Need::Duration => "duration",
        Need::Distance => "distance",
        Need::Ride(_) => "ride",
        Need::Rest => "rest",
        Need::Vehicles(_) => "vehicles",
    }
}

/// The first vehicle of the file that is of a type.
fn vehicle(instance: &Instance, kind: usize) -> u32 {
    instance.vehicles.get(kind).and_then(|alike| alike.first()).copied().unwrap_or(1)
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
    let decimals = match relaxation.need {
        Need::Room(_) | Need::Vehicles(_) => 0,
        _ => instance.rounding.decimals(),
    };
    let amount = format!("{:.*}", decimals, amount(instance, relaxation));
    // Where it is no vehicle that is asked for, the words name none.
    let like = if let Need::Vehicles(kind) = relaxation.need { vehicle(instance, kind) } else { 1 };
    let words: [(&str, Argument); 3] = [
        ("amount", amount.into()),
        ("stop", instance.numbers[relaxation.job].to_string().into()),
        ("vehicle", like.to_string().into()),
    ];
    console.say(&format!("cli-routing-need-{}", kind(relaxation.need)), &words)
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
            Need::Rest,
            Need::Vehicles(0),
        ];
        for need in needs {
            for language in Language::ALL {
                assert!(has_phrase(language, &format!("cli-routing-need-{}", kind(need))), "{need:?} {language}");
            }
        }
    }
}
