//! The command line: folders in, plan folders out. The only place that knows files, clocks, signals and the terminal.
//!
//! Exit codes (FORMATS): 0 done, 1 no sensible plan or a check that failed, 2 wrong use, 3 input unreadable.
//! What was asked for goes to standard output; findings, progress and remarks go to standard error.

mod backup;
mod baselines;
mod budget;
mod check;
mod compare;
mod console;
mod engine;
mod explain;
mod files;
mod findings;
mod frontier;
mod import;
mod interrupt;
mod output;
mod plan;
mod progress;
mod serve;
mod shares;
mod simulate;
mod sweep;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::publish::phrases::Language;
use console::Console;

const EXAMPLES: &str = "\
Examples:
  jiebo import survey answers.xlsx --sites my-park/sites.csv   look at a survey before anything else
  jiebo plan my-park                                            plan; writes ./my-park-plan
  jiebo plan my-park -o longer --seconds 60                     search longer, into another folder
  jiebo compare my-park-plan/plan.json longer/plan.json         what is better, what changed
  jiebo frontier my-park                                        what the best plans with few changes cost
  jiebo sweep my-park grid.toml                                 a grid of what-ifs: what the next vehicle or yuan is worth
  jiebo check my-park my-park-plan/plan.json                    an independent check of a plan
  jiebo simulate my-park my-park-plan/plan.json                 what random days make of its promises
  jiebo serve --open my-park                                    the service on this machine: surveys, plans, riders' pages

Exit codes: 0 done · 1 no sensible plan, errors in an input, or a failed check · 2 wrong use · 3 an input is missing or cannot be read

中文：jiebo plan 文件夹 —— 读入项目文件夹（project.toml、sites.csv、survey.xlsx 等），生成方案文件夹；
先打开其中的 report.html。加 --lang zh 以中文显示提示。";

/// 接驳: turns a commute survey into a shuttle service that runs
///
/// A project folder holds a survey, sites, roads, a fleet and a budget. Jiebo plans stops, lines, a timetable, vehicle and
/// driver duties and shared parking, and says what it costs whom, who is left out and why, and how much better any
/// plan could be at most.
#[derive(Debug, Parser)]
#[command(name = "jiebo", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    /// Language of what is printed [default: by the environment: LC_ALL, LC_MESSAGES, LANG]
    #[arg(long, global = true, value_enum, value_name = "zh|en")]
    lang: Option<Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Lang {
    Zh,
    En,
}

#[derive(Debug, Subcommand)]
enum Command {
    Plan(plan::Args),
    Check(check::Args),
    Compare(compare::Args),
    Engine(engine::Args),
    Simulate(simulate::Args),
    Frontier(frontier::Args),
    Sweep(sweep::Args),
    Baselines(baselines::Args),
    Explain(explain::Args),
    Import(import::Args),
    Serve(serve::Args),
    Worker(serve::WorkerArgs),
    Backup(backup::Args),
    Restore(backup::RestoreArgs),
}

/// How a command ended, if not by an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// 0
    Done,
    /// 1: no sensible plan, or a check that failed.
    Refused,
}

/// Why a command could not be done: an exit code and words for the user, in their language.
#[derive(Debug)]
struct Failure {
    code: u8,
    text: String,
}

impl Failure {
    /// 1: the program could not do it.
    fn failed(text: String) -> Self {
        Self { code: 1, text }
    }
    /// 2: asked for wrongly.
    fn misuse(text: String) -> Self {
        Self { code: 2, text }
    }
    /// 3: an input cannot be read.
    fn unreadable(text: String) -> Self {
        Self { code: 3, text }
    }
}

/// Runs the program with these arguments (the first is its name).
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; a reader who has gone away is none either.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let language = match cli.lang {
        Some(Lang::Zh) => Language::Zh,
        Some(Lang::En) => Language::En,
        None => language_of(["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok())),
    };
    let mut console = Console::new(language);
    let ended = match &cli.command {
        Command::Plan(args) => plan::run(args, &mut console),
        Command::Check(args) => check::run(args, &mut console),
        Command::Compare(args) => compare::run(args, &mut console),
        Command::Engine(args) => engine::run(args, &mut console),
        Command::Simulate(args) => simulate::run(args, &mut console),
        Command::Frontier(args) => frontier::run(args, &mut console),
        Command::Sweep(args) => sweep::run(args, &mut console),
        Command::Baselines(args) => baselines::run(args, &mut console),
        Command::Explain(args) => explain::run(args, &mut console),
        Command::Import(args) => import::run(args, &mut console),
        Command::Serve(args) => serve::run(args, &mut console),
        Command::Worker(args) => serve::worker(args, &mut console),
        Command::Backup(args) => backup::backup(args, &mut console),
        Command::Restore(args) => backup::restore(args, &mut console),
    };
    let code = match ended {
        Ok(Ending::Done) => 0,
        Ok(Ending::Refused) => 1,
        Err(failure) => {
            console.note(&failure.text);
            failure.code
        }
    };
    ExitCode::from(if code == 0 && console.failed() { 1 } else { code })
}

/// The first that is set decides: Chinese if it says so. None set (an office PC with Windows): Chinese there, English elsewhere.
fn language_of(set: [Option<String>; 3]) -> Language {
    match set.into_iter().flatten().find(|value| !value.is_empty()) {
        Some(value) if value.to_lowercase().starts_with("zh") => Language::Zh,
        None if cfg!(windows) => Language::Zh,
        _ => Language::En,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_environment_chooses_the_language() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(language_of([None, None, some("zh_CN.UTF-8")]), Language::Zh);
        assert_eq!(language_of([some("en_US.UTF-8"), None, some("zh_CN.UTF-8")]), Language::En);
        assert_eq!(language_of([some(""), None, some("zh_TW")]), Language::Zh);
        assert_eq!(language_of([None, None, some("C")]), Language::En);
    }
}
