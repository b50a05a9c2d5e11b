//! `jiebo engine …`: one solver on its own, on problems in the forms of its benchmarks. One file an engine.

mod allocation;
mod districting;
mod matrix;
mod points;
mod reach;
mod roads;
mod routing;
mod shuttle;
mod siting;
mod transit;

use super::console::Console;
use super::{Ending, Failure};

/// Run one solver on its own, on a benchmark's files
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    engine: Engine,
}

#[derive(Debug, clap::Subcommand)]
enum Engine {
    Allocation(allocation::Args),
    Districting(districting::Args),
    Matrix(matrix::Args),
    Reach(reach::Args),
    Routing(routing::Args),
    Shuttle(shuttle::Args),
    Siting(siting::Args),
    Transit(transit::Args),
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    match &args.engine {
        Engine::Allocation(args) => allocation::run(args, console),
        Engine::Districting(args) => districting::run(args, console),
        Engine::Matrix(args) => matrix::run(args, console),
        Engine::Reach(args) => reach::run(args, console),
        Engine::Routing(args) => routing::run(args, console),
        Engine::Shuttle(args) => shuttle::run(args, console),
        Engine::Siting(args) => siting::run(args, console),
        Engine::Transit(args) => transit::run(args, console),
    }
}
