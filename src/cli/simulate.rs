//! `jiebo simulate FOLDER PLAN.json`: what do the plan's promises come to on random days, also with more or fewer people, on slower roads?

use std::path::PathBuf;

use serde::Serialize;

use super::console::Console;
use super::{Ending, Failure, check, files, output};
use crate::network::Network;
use crate::planning::plan::{Estimate, Plan, Simulated};
use crate::planning::simulation::{self, Circumstances, Prepared};
use crate::publish::comparison;
use crate::publish::phrases::Language;

const EXAMPLES: &str = "\
Examples:
  jiebo simulate my-park my-park-plan                       as expected, with a tenth more and fewer people, on slower roads
  jiebo simulate my-park my-park-plan --days 10000 --seed 2 other days, and more of them
  jiebo simulate my-park my-park-plan --demand 1.3          if three people come for every two or so expected";

/// Simulate a plan's days: who comes, when, how long roads take
///
/// Prints what the plan promises beside the mean of random days and intervals that hold the means over 10,000 fresh days, all at once,
/// nine times in ten: people who ride, weighted minutes, people left behind, missed trains, the objective, what it saves.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The project folder the plan was made from
    folder: PathBuf,
    /// The plan: plan.json, or the folder it stands in
    plan: PathBuf,
    /// The scenario the plan was made with
    #[arg(long, value_name = "FILE.toml")]
    scenario: Option<PathBuf>,
    /// Days to simulate
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(30..=1_000_000))]
    days: u32,
    /// Seed of the days [default: the plan's own]
    #[arg(long, value_name = "K")]
    seed: Option<u64>,
    /// Times the expected people, 0.1 to 5, instead of the usual circumstances
    #[arg(long, value_name = "F", value_parser = factor)]
    demand: Option<f64>,
    /// Times the speed on the road, 0.1 to 5, instead of the usual circumstances
    #[arg(long, value_name = "F", value_parser = factor)]
    speed: Option<f64>,
    /// Write the figures as JSON too
    #[arg(long, value_name = "OUT")]
    json: Option<PathBuf>,
}

/// A factor somebody may mean.
fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if (0.1..=5.0).contains(&factor) => Ok(factor),
        _ => Err("a number from 0.1 to 5".to_owned()),
    }
}

/// Days under some circumstances, as JSON has them.
#[derive(Debug, Serialize)]
struct Under {
    demand: f64,
    speed: f64,
    #[serde(flatten)]
    simulated: Simulated,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let plan = files::plan(&args.plan, console)?;
    let project = check::project(&args.folder, args.scenario.as_deref(), &plan, console)?;
    // Days of a plan that is not what it says would say nothing.
    if check::refuses(&project, &plan, console) {
        return Ok(Ending::Refused);
    }
    if plan.cohorts.is_empty() {
        return Err(Failure::failed(console.say("cli-simulate-nothing", &[])));
    }
    let network = Network::new(&project.roads, &project.speeds());
    let prepared = Prepared::new(&project, &network, &plan);
    let seed = args.seed.unwrap_or(plan.seed);
    let usual = args.demand.is_none() && args.speed.is_none();
    let asked = if usual {
        vec![(1.0, 1.0), (1.1, 1.0), (0.9, 1.0), (1.0, 0.9)]
    } else {
        vec![(args.demand.unwrap_or(1.0), args.speed.unwrap_or(1.0))]
    };
    let under: Vec<Under> = asked
        .into_iter()
        .map(|(demand, speed)| Under {
            demand,
            speed,
            simulated: simulation::simulate(&prepared, args.days, seed, &Circumstances { demand, speed }),
        })
        .collect();
    if let Some(path) = &args.json {
        let whole = serde_json::json!({ "plan": plan.id, "promised": plan.evaluation, "simulated": under });
        let mut bytes = serde_json::to_vec_pretty(&whole).unwrap_or_default();
        bytes.push(b'\n');
        output::file(path, &bytes, console)?;
    }
    let say = [("plan", plan.id.as_str().into()), ("days", args.days.into()), ("seed", seed.to_string().into())];
    console.result(&console.say("cli-simulate-title", &say));
    console.result(comparison::columns(&table(&plan, &under, console)).trim_end());
    console.result(&console.say("cli-simulate-note", &[]));
    Ok(Ending::Done)
}

/// Promised, then a column for each circumstances: mean and interval.
fn table(plan: &Plan, under: &[Under], console: &Console) -> Vec<Vec<String>> {
    let said = &plan.evaluation;
    let tenths = |x: f64| format!("{x:.1}");
    let minutes = |x: f64| format!("{:.1}", x / 60.0);
    let hundredths = |x: f64| format!("{x:.2}");
    let cell = |of: Estimate<f64>, told: &dyn Fn(f64) -> String| {
        format!("{} ({} – {})", told(of.mean), told(of.low), told(of.high))
    };
    let row = |key: &str, promised: String, of: &dyn Fn(&Simulated) -> String| {
        let mut row = vec![console.say(key, &[]), promised];
        row.extend(under.iter().map(|days| of(&days.simulated)));
        row
    };
    let mut head = vec![String::new(), console.say("cli-simulate-promised", &[])];
    head.extend(under.iter().map(|days| circumstances(days, console)));
    vec![
        head,
        row("cli-simulate-served", tenths(said.served), &|days| cell(days.served, &tenths)),
        row("cli-simulate-minutes", minutes(said.generalised_s_mean), &|days| cell(days.generalised_s_mean, &minutes)),
        row("cli-simulate-left", hundredths(0.0), &|days| cell(days.left_behind, &hundredths)),
        row("cli-simulate-missed", hundredths(0.0), &|days| cell(days.missed_trains, &hundredths)),
        row("cli-simulate-objective", said.objective.to_string(), &|days| {
            let fen = days.objective;
            format!("{} ({} – {})", fen.mean, fen.low, fen.high)
        }),
        row("cli-simulate-saving", (said.nothing - said.objective).to_string(), &|days| {
            days.saving.map_or_else(String::new, |fen| format!("{} ({} – {})", fen.mean, fen.low, fen.high))
        }),
    ]
}

/// "people +10 %", "as expected".
fn circumstances(under: &Under, console: &Console) -> String {
    let percent = |factor: f64| format!("{:+.0} %", (factor - 1.0) * 100.0);
    let mut parts = Vec::new();
    if under.demand != 1.0 {
        parts.push(console.say("cli-simulate-demand", &[("percent", percent(under.demand).into())]));
    }
    if under.speed != 1.0 {
        parts.push(console.say("cli-simulate-speed", &[("percent", percent(under.speed).into())]));
    }
    let and = if console.language() == Language::Zh { "，" } else { ", " };
    if parts.is_empty() { console.say("cli-simulate-expected", &[]) } else { parts.join(and) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_are_sane_numbers() {
        assert_eq!(factor("1.1"), Ok(1.1));
        for wrong in ["0", "-1", "nan", "inf", "6", "x", ""] {
            assert!(factor(wrong).is_err(), "{wrong}");
        }
    }
}
