//! Tables of places that an engine is given. None may be left out: they are rows of the answer.

use std::path::Path;

use crate::cli::console::Console;
use crate::cli::findings::{self, Show};
use crate::cli::{Failure, files};
use crate::domain::finding::Severity;
use crate::domain::units::Metres;
use crate::intake::{IntakeError, points};

/// The places of a file, each with its row; at least one. `nodes`: of a plain graph.
pub(super) fn given(path: &Path, nodes: bool, console: &Console) -> Result<points::Spots, Failure> {
    let file = files::single(path, console)?;
    let read = points::read(&file, nodes);
    let found = match &read {
        Ok((_, found)) => &found[..],
        Err(error) => error.findings(),
    };
    for line in findings::lines(found, Show::Few, console.language()) {
        console.note(&line);
    }
    let (spots, found) = read.map_err(|error| {
        let IntakeError::Unreadable { files, .. } = error;
        Failure::unreadable(console.say("cli-inputs-unreadable", &[("path", files.join(", ").into())]))
    })?;
    if found.iter().any(|finding| finding.severity != Severity::Note) || spots.is_empty() {
        return Err(Failure::failed(console.say("cli-engine-points", &[("path", path.display().to_string().into())])));
    }
    Ok(spots)
}

/// What is said of a place that is farther than this from all roads.
pub(super) fn far(path: &Path, row: u32, max: Metres, console: &Console) -> Failure {
    let words = [
        ("path", path.display().to_string().into()),
        ("row", row.to_string().into()),
        ("metres", max.0.to_string().into()),
    ];
    Failure::failed(console.say("cli-engine-far", &words))
}
