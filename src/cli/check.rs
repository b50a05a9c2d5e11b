//! `jiebo check FOLDER PLAN.json`: is the plan what it says it is? Exit 1 and findings if anything is wrong.

use std::path::{Path, PathBuf};

use super::console::Console;
use super::findings::Show;
use super::{Ending, Failure, files, findings};
use crate::domain::finding::{Finding, Severity};
use crate::intake::{self, IntakeError, Need, Needs};
use crate::planning::check;
use crate::planning::plan::Plan;
use crate::planning::project::Project;

const EXAMPLES: &str = "\
Example:
  jiebo check my-park my-park-plan/plan.json    exit code 0 and one line if all is well, 1 and what is wrong if not";

/// Check a plan against its project; shares no code with the planner
///
/// Derives every time, walk, seat, cost, share, permit and bound of the plan again from the project's files, and names
/// what is not as the plan says.
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
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let plan = files::plan(&args.plan, console)?;
    let (project, unjudged) = read(&args.folder, args.scenario.as_deref(), &plan, console)?;
    for line in findings::lines(&unjudged, Show::All, console.language()) {
        console.note(&line);
    }
    if refuses(&project, &plan, console) {
        return Ok(Ending::Refused);
    }
    console.result(&console.say("cli-check-passed", &[("plan", plan.id.as_str().into()), ("count", 0.into())]));
    Ok(Ending::Done)
}

/// Says what is wrong with a plan; is anything?
pub(super) fn refuses(project: &Project, plan: &Plan, console: &mut Console) -> bool {
    let found = check::check(project, plan);
    for line in findings::lines(&found, Show::Few, console.language()) {
        console.result(&line);
    }
    let wrong = found.iter().filter(|finding| finding.severity > Severity::Note).count();
    if wrong > 0 {
        let args = [("plan", plan.id.as_str().into()), ("count", wrong.into())];
        console.result(&console.say("cli-check-failed", &args));
    }
    wrong > 0
}

/// The project of a folder as a plan saw it.
pub(super) fn project(
    folder: &Path,
    scenario: Option<&Path>,
    plan: &Plan,
    console: &Console,
) -> Result<Project, Failure> {
    read(folder, scenario, plan, console).map(|(project, _)| project)
}

/// The same, and notes on what else the folder has that the plan is not held to.
fn read(
    folder: &Path,
    scenario: Option<&Path>,
    plan: &Plan,
    console: &Console,
) -> Result<(Project, Vec<Finding>), Failure> {
    let sources = files::folder(folder, console)?;
    // The plan's hash is over the files it was made from; which these are depends on the parts that were planned. What is not judged
    // is told by the reading that saw most: the one the plan was made from may have left it out.
    let (mut project, mut unjudged) = (None, Vec::new());
    for needs in [Needs::default(), Needs::ANY, of(plan)] {
        let read = match intake::read_project(&sources, needs) {
            Ok(read) => Ok(files::scenario(read, scenario, console)?),
            Err(error) => Err(error),
        };
        if let Ok(read) = &read {
            let told = check::unjudged(read, plan);
            unjudged = if told.len() > unjudged.len() { told } else { unjudged };
        }
        match read {
            Ok(read) if read.inputs_hash == plan.inputs_hash => {
                project = Some(read);
                break;
            }
            Ok(read) => project = project.or(Some(read)),
            // Files of parts that were not planned may be missing, or beyond reading.
            Err(IntakeError::Unreadable { files, findings: found }) if needs == of(plan) => {
                for line in findings::lines(&found, Show::All, console.language()) {
                    console.note(&line);
                }
                let args = [("path", files.join(", ").into())];
                return Err(Failure::unreadable(console.say("cli-inputs-unreadable", &args)));
            }
            Err(IntakeError::Unreadable { .. }) => {}
        }
    }
    let project =
        project.ok_or_else(|| Failure::unreadable(console.say("cli-inputs-unreadable", &[("path", "?".into())])))?;
    Ok((project, unjudged))
}

/// What of the project a plan is judged by: of each part it has rows of, and, where they are there, of each it says was asked for.
fn of(plan: &Plan) -> Needs {
    let need = |part: &str| match (plan.holds(part), plan.says_it_plans(part)) {
        (true, _) => Need::Must,
        (false, true) => Need::IfThere,
        (false, false) => Need::No,
    };
    Needs {
        shuttle: need("shuttle"),
        parking: need("parking"),
        rest: need("rest"),
        groups: need("groups"),
        rooms: need("rooms"),
    }
}
