//! `jiebo plan FOLDER`: read, say what is wrong, plan, write the plan folder, say what came out.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::budget::Budget;
use super::console::Console;
use super::findings::Show;
use super::output::Place;
use super::progress::Watcher;
use super::{Ending, Failure, files, findings, interrupt, shares};
use crate::intake::{self, IntakeError, Needs};
use crate::planning::plan::{OnDemand, Plan};
use crate::planning::project::Project;
use crate::planning::{self, Parts, PlanningError};
use crate::publish::pages::words::Words;
use crate::publish::{folder, rides};
use crate::search::{Ended, Run};

const EXAMPLES: &str = "\
Examples:
  jiebo plan data/gonghexin                     as the folder says ([solve] in project.toml), into ./gonghexin-plan
  jiebo plan my-park --seconds 60 -o longer     search for a minute, into another folder
  jiebo plan my-park --iterations 2000 --seed 7 the same plan byte for byte, on any machine of this kind
  jiebo plan my-park --scenario third-bus.toml  what if? (jiebo check takes the same --scenario)
  jiebo plan my-park --max-changes 4            change at most four stops and departures of the plan in force
  jiebo plan my-park --only parking             share bays only; needs no survey and no fleet

Ctrl-C ends the search and writes the best plan so far; a second Ctrl-C quits and writes nothing.
The output folder is replaced whole; a folder with anything else in it is left alone.";

/// Make a plan of a project folder
///
/// Reads the folder's files, reports every flaw found in them (which file, row and column, and what to do), plans, and
/// writes a folder with the report, the board to print, run sheets, GTFS, a workbook, a map and a calendar.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The project folder: project.toml, sites.csv, survey.csv or .xlsx, fleet.csv, roads …
    folder: PathBuf,
    /// Where the plan folder goes [default: ./NAME-plan]
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Plan these parts only: shuttle, parking, rest, groups, rooms
    #[arg(long, value_delimiter = ',', value_name = "PARTS")]
    only: Vec<String>,
    /// At most so many changes against the plan in force (plan.json in the folder); 0 keeps it
    #[arg(long, value_name = "K")]
    max_changes: Option<u32>,
    /// What if: a file of [[modification]] entries, made to the project before it is planned
    #[arg(long, value_name = "FILE.toml")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    search: Budget,
    /// Print neither findings nor progress, only what came out
    #[arg(short, long)]
    quiet: bool,
    /// Print all findings (up to 300 of a kind and file), not a few of each kind
    #[arg(long, conflicts_with = "quiet")]
    all_findings: bool,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let (needs, parts) = asked(&args.only, console)?;
    args.search.use_threads();
    let show = if args.all_findings { Show::All } else { Show::FewOf(&args.folder) };
    let project = read(&args.folder, needs, args.quiet, show, console)?;
    if intake::hopeless(&project.findings) {
        return Err(Failure::failed(console.say("cli-hopeless", &[])));
    }
    let mut project = files::scenario(project, args.scenario.as_deref(), console)?;
    if args.max_changes.is_some() && project.in_force.is_none() {
        return Err(Failure::misuse(console.say("cli-nothing-in-force", &[])));
    }
    project.max_changes = args.max_changes;
    let out = args.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}-plan", safe(&project.name))));
    let place = Place::new(&out, &args.folder, console)?;

    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let budget = search.time(Duration::from_secs(u64::from(project.solve.seconds)));
    let watcher = Watcher::new(console.language(), budget, search.iterations, !args.quiet);
    let watch = |progress: &crate::search::Progress| watcher.watch(progress);
    let run = Run {
        seed: search.seed,
        iterations: search.iterations,
        chains: search.chains.unwrap_or(project.solve.chains).max(1),
        watch: &watch,
    };
    // Nobody takes an unfinished plan from here: the watcher asks for none.
    let solved = planning::make_plan(&project, parts, None, &run, &|_| ());
    watcher.finish();
    let solved = solved.map_err(|error| refused(&error, show, console))?;
    let plan = &solved.best;

    if !args.quiet {
        // Those of the inputs stand above already.
        let new: Vec<_> = plan.findings.iter().filter(|finding| !project.findings.contains(finding)).cloned().collect();
        for line in findings::lines(&new, show, console.language()) {
            console.note(&line);
        }
        if solved.ended == Ended::Stopped && interrupt::asked() {
            console.note(&console.say("cli-stopped", &[]));
        }
    }
    if intake::hopeless(&plan.findings) {
        return Err(Failure::failed(console.say("cli-hopeless", &[])));
    }
    let files = folder::files(&project, plan).map_err(|error| Failure::failed(error.to_string()))?;
    place.write(&files, console)?;
    let modes = project.policy.modes;
    let lines = modes.shuttle || modes.commute;
    for line in summary(&project, plan, lines, (place.path(), watcher.elapsed()), console) {
        console.result(&line);
    }
    if let Some(in_force) = project.in_force.as_deref().filter(|_| parts.shuttle) {
        console.result(&changed(in_force, plan, console));
    }
    Ok(Ending::Done)
}

/// Why there is no plan, said aloud.
pub(super) fn refused(error: &PlanningError, show: Show<'_>, console: &Console) -> Failure {
    match error {
        PlanningError::Refused(against) => {
            tell(against, show, console);
            Failure::failed(error.to_string())
        }
        PlanningError::TooFewChanges(against) => {
            tell(against, show, console);
            Failure::failed(console.say("cli-too-few-changes", &[]))
        }
        PlanningError::Tangled => Failure::failed(console.say("run-roads-tangled", &[])),
    }
}

/// What `--only` asks for.
fn asked(only: &[String], console: &Console) -> Result<(Needs, Parts), Failure> {
    if only.is_empty() {
        return Ok((Needs::default(), Parts::ALL));
    }
    let needs = Needs::only(only.iter().map(String::as_str))
        .map_err(|word| Failure::misuse(console.say("cli-only-unknown", &[("word", word.into())])))?;
    let named = |part: &str| only.iter().any(|word| word.trim() == part);
    let parts = Parts {
        shuttle: named("shuttle"),
        parking: named("parking"),
        rest: named("rest"),
        groups: named("groups"),
        rooms: named("rooms"),
    };
    Ok((needs, parts))
}

/// Reads a project folder of which only the shuttle is planned; refuses what no sensible plan can be made of.
pub(super) fn read_shuttle(path: &Path, quiet: bool, show: Show<'_>, console: &Console) -> Result<Project, Failure> {
    let needs = Needs::only(["shuttle"])
        .map_err(|word| Failure::misuse(console.say("cli-only-unknown", &[("word", word.into())])))?;
    let project = read(path, needs, quiet, show, console)?;
    if intake::hopeless(&project.findings) {
        return Err(Failure::failed(console.say("cli-hopeless", &[])));
    }
    Ok(project)
}

/// Reads a project folder and prints what was found.
pub(super) fn read(
    path: &Path,
    needs: Needs,
    quiet: bool,
    show: Show<'_>,
    console: &Console,
) -> Result<Project, Failure> {
    let sources = files::folder(path, console)?;
    match intake::read_project(&sources, needs) {
        Ok(project) => {
            if !quiet || intake::hopeless(&project.findings) {
                tell(&project.findings, show, console);
            }
            Ok(project)
        }
        Err(error) => {
            tell(error.findings(), show, console);
            let IntakeError::Unreadable { files, .. } = error;
            let args = [("path", files.join(", ").into())];
            Err(Failure::unreadable(console.say("cli-inputs-unreadable", &args)))
        }
    }
}

fn tell(found: &[crate::domain::finding::Finding], show: Show<'_>, console: &Console) {
    for line in findings::lines(found, show, console.language()) {
        console.note(&line);
    }
    if let Some(count) = findings::count(found, console.language()) {
        console.note(&count);
    }
}

/// A name that is one folder's name on every system.
pub(super) fn safe(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_alphanumeric() || "-_".contains(c) { c } else { '-' }).collect();
    let safe = safe.trim_matches('-');
    if safe.is_empty() { "project".to_owned() } else { safe.to_owned() }
}

/// `wanted`: were lines asked for?
fn summary(
    project: &Project,
    plan: &Plan,
    wanted: bool,
    (out, took): (&Path, Duration),
    console: &Console,
) -> Vec<String> {
    let evaluation = &plan.evaluation;
    let asked: f64 = plan.cohorts.iter().map(|cohort| cohort.people.as_f64()).sum();
    let mut lines = Vec::new();
    if !plan.trips.is_empty() {
        let args = [
            ("served", format!("{:.1}", evaluation.served).into()),
            ("lines", plan.lines.len().into()),
            ("stops", plan.stops.len().into()),
            ("trips", plan.trips.len().into()),
            ("vehicles", planning::compare::vehicles(plan).into()),
        ];
        lines.push(console.say("cli-summary", &args));
    } else if asked > 0.0 && wanted {
        lines.push(console.say("cli-summary-nothing", &[]));
    }
    if asked > 0.0 {
        let args = [
            ("cost", plan.costs.total_fen.to_string().into()),
            ("objective", evaluation.objective.to_string().into()),
            ("nothing", evaluation.nothing.to_string().into()),
            ("bound", plan.bound.objective.to_string().into()),
            ("gap", format!("{:.1}", plan.bound.gap * 100.0).into()),
        ];
        lines.push(console.say("cli-summary-cost", &args));
    }
    if let Some(days) = plan.simulated.as_ref().filter(|_| !plan.trips.is_empty())
        && let Some(saving) = days.saving
    {
        let args = [
            ("days", days.days.into()),
            ("objective", days.objective.mean.to_string().into()),
            ("low", days.objective.low.to_string().into()),
            ("high", days.objective.high.to_string().into()),
            ("nothing", (days.objective.mean + saving.mean).to_string().into()),
            ("saving", saving.mean.to_string().into()),
            ("saving_low", saving.low.to_string().into()),
            ("saving_high", saving.high.to_string().into()),
        ];
        lines.push(console.say("cli-summary-real", &args));
    }
    lines.extend(shares::lines(project, plan, console));
    lines.extend(plan.on_demand.iter().flat_map(|offer| asked_for(plan, offer, console)));
    let parking = &plan.parking;
    if !parking.permits.is_empty() || !parking.refused.is_empty() {
        let args = [("permits", parking.permits.len().into()), ("refused", parking.refused.len().into())];
        lines.push(console.say("cli-summary-parking", &args));
    }
    let args = [
        ("path", shortest(out).into()),
        ("plan", plan.id.as_str().into()),
        ("seconds", format!("{:.1}", took.as_secs_f64()).into()),
    ];
    lines.push(console.say("cli-summary-written", &args));
    lines
}

/// Rides on request: what is offered and how many ride, what that saves and costs; or why not, in one line.
fn asked_for(plan: &Plan, offer: &OnDemand, console: &Console) -> Vec<String> {
    let w = Words(console.language());
    if offer.vehicles.is_empty() {
        return vec![rides::why_not(w, plan, offer)];
    }
    let worth = &offer.worth;
    let (net, share) = (rides::net(worth), |share: f64| format!("{:.0}", share * 100.0));
    let people = |people: f64| format!("{people:.1}");
    let offered = [
        ("name", rides::name(w, offer).into()),
        ("hours", rides::span((offer.from, offer.until)).into()),
        ("stops", offer.stops.len().into()),
        ("vehicles", offer.vehicles.len().into()),
        ("days", worth.days.into()),
        ("asked", people(worth.asked).into()),
        ("served", people(worth.served.mean).into()),
        ("low", people(worth.served.low).into()),
        ("high", people(worth.served.high).into()),
    ];
    let money = [
        ("saving", worth.saving.mean.to_string().into()),
        ("cost", rides::cost(worth).to_string().into()),
        ("net", net.mean.to_string().into()),
        ("low", net.low.to_string().into()),
        ("high", net.high.to_string().into()),
        ("share", share(rides::share(worth)).into()),
        ("foresight", share(worth.foresight).into()),
    ];
    vec![console.say("cli-summary-rides", &offered), console.say("cli-summary-rides-money", &money)]
}

/// What changes against the plan in force.
fn changed(in_force: &Plan, plan: &Plan, console: &Console) -> String {
    let changes = planning::changes::between(in_force, plan);
    let args = [
        ("count", changes.count().into()),
        ("stops", changes.stops().into()),
        ("departures", changes.departures.len().into()),
        ("people", (changes.people() as f64 / 1000.0).round().into()),
        ("price", plan.evaluation.terms.changes_fen.to_string().into()),
    ];
    console.say("cli-changes", &args)
}

/// The path as short as it is from here.
pub(super) fn shortest(path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).ok();
    match here.as_deref().and_then(|here| path.strip_prefix(here).ok()) {
        Some(relative) if !relative.as_os_str().is_empty() => relative.display().to_string(),
        _ => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_folder_names() {
        assert_eq!(safe("gonghexin"), "gonghexin");
        assert_eq!(safe("共和新路"), "共和新路");
        assert_eq!(safe("../../etc"), "etc");
        assert_eq!(safe("a b:c"), "a-b-c");
        assert_eq!(safe(".."), "project");
    }
    #[test]
    fn rides_on_request_take_two_lines() {
        use crate::publish::fixture;
        use crate::publish::phrases::Language;
        let plan = fixture::with_rides();
        let said = |plan: &Plan, language| asked_for(plan, &plan.on_demand[0], &Console::new(language)).join("\n");
        insta::assert_snapshot!(said(&plan, Language::Zh), @"
        预约乘车“日间预约乘车”09:30–16:30：4 个站、2 辆车；抽样 200 天，平均每天 21.6 人来约，19.3 人乘上（18.9 – 19.7）。
        每天为他们省 648.00 元，花 569.00 元，净省 79.00 元（60.00 – 98.00）；来约的 89 % 乘上，若都在前一晚约好可做到 94 %。
        ");
        insta::assert_snapshot!(said(&plan, Language::En), @r#"
        Rides on request "Midday rides on request" 09:30–16:30: stops 4, vehicles 2; on 200 drawn days 21.6 people ask a day and 19.3 ride (18.9 – 19.7).
        That saves them 648.00 CNY a day and costs 569.00: net 79.00 (60.00 – 98.00); 89 % of those who ask ride, 94 % if all asked the evening before.
        "#);
        let not = fixture::that_do_not_pay();
        assert_eq!(said(&not, Language::En).lines().count(), 1);
    }
}
