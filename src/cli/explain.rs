//! `jiebo explain FOLDER PLAN.json COHORT`: why do these people not ride, and what would change that?

use std::path::PathBuf;

use super::console::Console;
use super::{Ending, Failure, check, files};
use crate::domain::units::People;
use crate::planning::explain::{Confirmer, Ground, Seat};
use crate::planning::plan::{Cohort, PersonCost, Plan, Relaxation, TimeKind};
use crate::planning::project::Project;
use crate::publish::pages::words::Words;
use crate::publish::rides;

/// Trips shown, the best first.
const SHOWN: usize = 5;

const EXAMPLES: &str = "\
Example:
  jiebo explain my-park my-park-plan/plan.json c-0a1b2c3d4e    cohort ids stand in plan.json, under \"unserved\"";

/// Tell why a cohort does not ride and what would change that
///
/// Shows the best trips of the plan for these people beside what they do without a shuttle, which of them are full, the limit that
/// binds, and the least changes that would get all of them aboard. Each change was tried, with everybody choosing again.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The project folder the plan was made from
    folder: PathBuf,
    /// The plan: plan.json, or the folder it stands in
    plan: PathBuf,
    /// Id of the cohort
    cohort: String,
    /// The scenario the plan was made with
    #[arg(long, value_name = "FILE.toml")]
    scenario: Option<PathBuf>,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let plan = files::plan(&args.plan, console)?;
    let Some(cohort) = plan.cohorts.iter().find(|cohort| cohort.id == args.cohort) else {
        return Err(Failure::misuse(console.say("cli-explain-unknown", &[("cohort", args.cohort.as_str().into())])));
    };
    let project = check::project(&args.folder, args.scenario.as_deref(), &plan, console)?;
    if project.inputs_hash != plan.inputs_hash {
        console.note(&console.say("cli-explain-other-inputs", &[]));
    }
    let ground = Ground::of(&project);
    let judge = Confirmer::new(&project, &ground, &plan);
    for line in who(&project, &plan, cohort, console) {
        console.result(&line);
    }
    let seats = judge.seats(&cohort.id);
    if seats.is_empty() {
        console.result(&console.say("cli-explain-no-option", &[]));
    }
    let without = judge.alternative(&cohort.id).map_or(0.0, PersonCost::fen);
    for seat in seats.iter().take(SHOWN) {
        console.result(&option(&plan, seat, without, console));
    }
    let row = plan.unserved.iter().find(|row| row.cohort == cohort.id);
    let changes = row.map_or(&[][..], |row| &row.relaxations);
    if row.is_some() && changes.is_empty() {
        console.result(&console.say("cli-explain-no-change", &[]));
    }
    for change in changes {
        console.result(&told(&plan, cohort, change, &judge, console));
    }
    Ok(Ending::Done)
}

fn people(people: People) -> String {
    format!("{:.1}", people.as_f64())
}

fn yuan(fen: f64) -> String {
    format!("{:.2}", fen / 100.0)
}

/// Who they are, who of them rides what, and why the others do not.
fn who(project: &Project, plan: &Plan, cohort: &Cohort, console: &Console) -> Vec<String> {
    let w = Words(console.language());
    let wish = match cohort.time_kind {
        TimeKind::ArriveBy => "cli-explain-arrive-by",
        TimeKind::DepartAfter => "cli-explain-depart-after",
    };
    let mut lines = vec![console.say(
        wish,
        &[
            ("cohort", cohort.id.as_str().into()),
            ("people", people(cohort.people).into()),
            ("from", w.place(project, plan, &cohort.origin).into()),
            ("to", w.place(project, plan, &cohort.destination).into()),
            ("time", cohort.time.clock().into()),
            ("mode", w.code("survey-now-", &cohort.alternative.mode).into()),
            ("yuan", yuan(cohort.alternative.fen.0 as f64).into()),
        ],
    )];
    for rider in plan.riders.iter().filter(|rider| rider.cohort == cohort.id) {
        let trip = rider.legs.first().map_or_else(String::new, |leg| trip(w, plan, &leg.trip));
        let args = [("people", people(rider.people).into()), ("trip", trip.into())];
        lines.push(console.say("cli-explain-rides", &args));
    }
    for row in plan.unserved.iter().filter(|row| row.cohort == cohort.id) {
        let reason = console.say(&format!("reason-{}", row.reason), &[]);
        let args = [("people", people(row.people).into()), ("reason", reason.into())];
        lines.push(console.say("cli-explain-left", &args));
    }
    lines.extend(rides::explained(w, plan, &cohort.id));
    lines
}

/// Where its line goes and when it leaves; its id behind it, as in plan.json.
fn trip(w: Words, plan: &Plan, id: &str) -> String {
    let known = plan.trips.iter().find(|trip| trip.id == id);
    let line = known.and_then(|trip| plan.lines.iter().find(|line| line.id == trip.line));
    match (line, known.and_then(|trip| trip.times.first())) {
        (Some(line), Some(first)) => format!("{} {} ({id})", w.heading(plan, line), first.depart.clock()),
        _ => id.to_owned(),
    }
}

/// A trip they could take, beside what they do without it.
fn option(plan: &Plan, seat: &Seat, without: f64, console: &Console) -> String {
    let trip = plan.trips.iter().find(|trip| trip.id == seat.trip);
    let at = |position: usize| trip.and_then(|trip| trip.times.get(position));
    let w = Words(console.language());
    let name = |id: &str| plan.stops.iter().find(|stop| stop.id == id).map_or_else(|| id.to_owned(), |s| w.stop(s));
    let key = match (seat.cost.fen() < without, seat.free > 0) {
        (false, _) => "cli-explain-option-dearer",
        (true, false) => "cli-explain-option-full",
        (true, true) => "cli-explain-option-better",
    };
    console.say(
        key,
        &[
            ("trip", seat.trip.as_str().into()),
            ("depart", at(seat.board).map_or_else(String::new, |time| time.depart.clock()).into()),
            ("from", at(seat.board).map_or_else(String::new, |time| name(&time.stop)).into()),
            ("arrive", at(seat.alight).map_or_else(String::new, |time| time.arrive.clock()).into()),
            ("to", at(seat.alight).map_or_else(String::new, |time| name(&time.stop)).into()),
            ("yuan", yuan(seat.cost.fen()).into()),
            ("less", yuan((without - seat.cost.fen()).abs()).into()),
            ("free", people(People(seat.free)).into()),
        ],
    )
}

/// A change in words; of a seat the trip, of a departure the line and the time.
fn told(plan: &Plan, cohort: &Cohort, change: &Relaxation, judge: &Confirmer<'_>, console: &Console) -> String {
    let amount = if change.kind == "fen" { yuan(change.amount) } else { format!("{}", change.amount) };
    let mut args = vec![("amount", amount.into())];
    match change.kind.as_str() {
        // Some tens at most.
        "seat" => {
            let seat = judge.seat_on(&cohort.id, change.amount as u32);
            let trip = seat.map_or_else(|| "?".to_owned(), |id| trip(Words(console.language()), plan, id));
            args.push(("trip", trip.into()));
        }
        "trip" => {
            let found = judge.trip_for(&cohort.id);
            let line = found.and_then(|(line, _, _)| plan.lines.get(line)).map_or("?", |line| line.name.as_str());
            let minute = found.map_or(0, |(_, minute, _)| minute);
            args.push(("line", line.into()));
            args.push(("time", format!("{:02}:{:02}", minute / 60, minute % 60).into()));
        }
        _ => {}
    }
    console.say(&format!("cli-explain-{}", change.kind.replace('_', "-")), &args)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn places_lines_and_ways_have_names() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let said = |language| {
            let console = Console::new(language);
            let lines = who(&project, &plan, &plan.cohorts[0], &console);
            [&lines[0], &lines[1], &lines[lines.len() - 1]].map(String::as_str).join("\n")
        };
        insta::assert_snapshot!(said(Language::Zh), @"
        人群 c-y-m：每天 60.0 人，从 延长路站 到 灵石媒体园，09:00 前到。不坐接驳车：步行，时间和花费合 38.00 元。
        其中 6.4 人乘坐 延长路站 → 媒体园西门 07:30 (t01)。
        其中 14.3 人不乘车：现在的走法更快或更省。
        ");
        insta::assert_snapshot!(said(Language::En), @"
        Cohort c-y-m: 60.0 people a day from Yanchang Road to Lingshi Media Park, there by 09:00. Without a shuttle: On foot, CNY 38.00 in time and money.
        6.4 of them ride Yanchang Rd Stn Exit 1 → Media Park West Gate 07:30 (t01).
        14.3 of them do not ride: What they do today is quicker or cheaper.
        ");
    }
}
