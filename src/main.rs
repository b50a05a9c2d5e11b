//! The program: see `jiebo --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    jiebo::cli::run(std::env::args_os())
}
