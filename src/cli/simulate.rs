//! `jiebo simulate FOLDER PLAN.json`: what do the plan's promises come to on random days, also with more or fewer people, on slower roads?
//! And where bays are shared: how often does an owner who comes back find none, also if people overstay a fifth more than they did?

use std::path::PathBuf;

use serde::Serialize;

use super::console::Console;
use super::{Ending, Failure, check, files, output};
use crate::network::Network;
use crate::planning::plan::{Estimate, Plan, Simulated};
use crate::planning::project::Project;
use crate::planning::simulation::lots::{self, LotDays, Recorded};
use crate::planning::simulation::{self, Circumstances, Prepared};
use crate::publish::comparison;
use crate::publish::phrases::Language;
use crate::search::Random;

const EXAMPLES: &str = "\
Examples:
  jiebo simulate my-park my-park-plan                       as expected, with a tenth more and fewer people, on slower roads
  jiebo simulate my-park my-park-plan --days 10000 --seed 2 other days, and more of them
  jiebo simulate my-park my-park-plan --demand 1.3          if three people come for every two or so expected";

/// Simulate a plan's days: who comes, when, how long roads take
///
/// Prints what the plan promises beside the mean of random days and intervals that hold the means over 10,000 fresh days, all at once,
/// nine times in ten: people who ride, weighted minutes, people left behind, missed trains, the objective, what it saves. Of a plan that
/// shares bays also, for each lot, the share of lot-days on which an owner finds no bay, and its 99 % upper limit.
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

/// Times the chance to overstay, and times how long: as recorded, a fifth more of either.
const OVERSTAYS: [(f64, f64); 3] = [(1.0, 1.0), (1.2, 1.0), (1.0, 1.2)];

/// Lots under some circumstances, as JSON has them.
#[derive(Debug, Serialize)]
struct Overstaying {
    chance: f64,
    length: f64,
    lots: Vec<LotDays>,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let plan = files::plan(&args.plan, console)?;
    let project = check::project(&args.folder, args.scenario.as_deref(), &plan, console)?;
    // Days of a plan that is not what it says would say nothing.
    if check::refuses(&project, &plan, console) {
        return Ok(Ending::Refused);
    }
    if plan.cohorts.is_empty() && plan.parking.permits.is_empty() {
        return Err(Failure::failed(console.say("cli-simulate-nothing", &[])));
    }
    let seed = args.seed.unwrap_or(plan.seed);
    let under = if plan.cohorts.is_empty() { Vec::new() } else { days(args, &project, &plan, seed) };
    let recorded = Recorded::new(&project);
    let shared =
        if plan.parking.permits.is_empty() { Vec::new() } else { nights(args, &project, &plan, &recorded, seed) };
    if let Some(path) = &args.json {
        let whole =
            serde_json::json!({ "plan": plan.id, "promised": plan.evaluation, "simulated": under, "lots": shared });
        let mut bytes = serde_json::to_vec_pretty(&whole).unwrap_or_default();
        bytes.push(b'\n');
        output::file(path, &bytes, console)?;
    }
    let say = [("plan", plan.id.as_str().into()), ("days", args.days.into()), ("seed", seed.to_string().into())];
    if !under.is_empty() {
        console.result(&console.say("cli-simulate-title", &say));
        console.result(comparison::columns(&table(&plan, &under, console)).trim_end());
        console.result(&console.say("cli-simulate-note", &[]));
    }
    if !shared.is_empty() {
        console.result(&console.say("cli-simulate-lots-title", &say));
        console.result(comparison::columns(&lots_table(&plan, &shared, console)).trim_end());
        let law = if recorded.is_assumed() { "cli-simulate-lots-assumed" } else { "cli-simulate-lots-recorded" };
        console.result(&console.say(law, &[]));
    }
    Ok(Ending::Done)
}

/// Days of the shuttle.
fn days(args: &Args, project: &Project, plan: &Plan, seed: u64) -> Vec<Under> {
    let network = Network::new(&project.roads, &project.speeds());
    let prepared = Prepared::new(project, &network, plan);
    let usual = args.demand.is_none() && args.speed.is_none();
    let asked = if usual {
        vec![(1.0, 1.0), (1.1, 1.0), (0.9, 1.0), (1.0, 0.9)]
    } else {
        vec![(args.demand.unwrap_or(1.0), args.speed.unwrap_or(1.0))]
    };
    asked
        .into_iter()
        .map(|(demand, speed)| Under {
            demand,
            speed,
            simulated: simulation::simulate(&prepared, args.days, seed, &Circumstances { demand, speed }),
        })
        .collect()
}

/// Nights of the lots.
fn nights(args: &Args, project: &Project, plan: &Plan, recorded: &Recorded, seed: u64) -> Vec<Overstaying> {
    let reserves = lots::reserves(&plan.parking);
    OVERSTAYS
        .into_iter()
        .map(|(chance, length)| {
            let law = |stay: &lots::Stay<'_>, random: &mut Random| recorded.minutes(stay, chance, length, random);
            let lots = lots::simulate(project, &plan.parking, &reserves, &law, args.days, seed);
            Overstaying { chance, length, lots }
        })
        .collect()
}

/// A row a lot: cars, reserve, what the plan says, then a column for each way of overstaying.
fn lots_table(plan: &Plan, shared: &[Overstaying], console: &Console) -> Vec<Vec<String>> {
    let cell = |share: f64, upper: f64| format!("{:.2} % (≤ {:.2} %)", share * 100.0, upper * 100.0);
    let heads = ["lot", "cars", "reserve", "said", "as-recorded", "likelier", "longer"];
    let mut rows = vec![heads.map(|head| console.say(&format!("cli-simulate-lots-{head}"), &[])).to_vec()];
    let Some(expected) = shared.first() else { return rows };
    for (at, lot) in expected.lots.iter().enumerate() {
        let said = plan.parking.displacement.iter().find(|said| said.lot == lot.lot);
        let mut row = vec![lot.lot.clone(), lot.cars.to_string(), lot.reserve.to_string()];
        row.push(said.map_or_else(String::new, |said| cell(said.probability, said.upper_99)));
        row.extend(shared.iter().filter_map(|days| days.lots.get(at)).map(|days| cell(days.rate, days.upper_99)));
        rows.push(row);
    }
    rows
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
