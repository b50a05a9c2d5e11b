//! `jiebo import roads|survey|sites FILE`: looks at one file, says what is wrong with it, writes its normal form.

use std::path::PathBuf;

use clap::ValueEnum;

use super::console::Console;
use super::findings::Show;
use super::{Ending, Failure, files, findings, output};
use crate::intake::{self, IntakeError, Source};

const EXAMPLES: &str = "\
Examples:
  jiebo import survey answers.xlsx --sites my-park/sites.csv       only look: every flaw with its row and column
  jiebo import survey answers.xlsx --sites my-park -o survey.csv   and write it clean; a folder stands for all its files
  jiebo import roads my-park/roads.osm.pbf --sites my-park         what is odd about an extract, which is planned with as it is
  jiebo import roads shanghai.osm.pbf --sites my-park -o streets.geojson   its streets as lines, without lights and turn bans";

/// Look at a single file, report all that is wrong with it and write its normal form
///
/// Reads CSV or XLSX in UTF-8, UTF-16 or GBK, with English or Chinese headers. Contact columns are dropped unread.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// What it is
    #[arg(value_enum)]
    kind: Kind,
    /// The file
    file: PathBuf,
    /// Where its normal form goes; without it nothing is written
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// The sites its places are looked up in: sites.csv, or a project folder
    #[arg(long, value_name = "SITES")]
    sites: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// An OpenStreetMap extract or GeoJSON
    Roads,
    /// Survey answers
    Survey,
    /// Parks, gates, stations, exits …
    Sites,
}

pub(super) fn run(args: &Args, console: &mut Console) -> Result<Ending, Failure> {
    let file = files::single(&args.file, console)?;
    let around = match &args.sites {
        None => Vec::new(),
        Some(path) if path.is_dir() => files::folder(path, console)?,
        Some(path) => {
            let sites = files::single(path, console)?;
            let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
            // Under the name intake knows, whatever it is called here.
            vec![Source { name: format!("sites.{ending}"), bytes: sites.bytes }]
        }
    };
    let normal = match args.kind {
        Kind::Roads => intake::normal_form_roads(&file, &around),
        Kind::Survey => intake::normal_form_survey(&file, &around),
        Kind::Sites => intake::normal_form_sites(&file, &around),
    };
    let found = match &normal {
        Ok(normal) => &normal.findings[..],
        Err(error) => error.findings(),
    };
    for line in findings::lines(found, Show::All, console.language()) {
        console.result(&line);
    }
    let count = findings::count(found, console.language()).unwrap_or_else(|| console.say("cli-findings-none", &[]));
    console.result(&count);
    let normal = normal.map_err(|error| {
        let IntakeError::Unreadable { files, .. } = error;
        Failure::unreadable(console.say("cli-inputs-unreadable", &[("path", files.join(", ").into())]))
    })?;
    if intake::hopeless(&normal.findings) {
        if args.output.is_some() {
            let path = args.file.display().to_string();
            console.note(&console.say("cli-import-errors", &[("path", path.into())]));
        }
        return Ok(Ending::Refused);
    }
    if let Some(out) = &args.output {
        output::file(out, &normal.bytes, console)?;
        console.result(&console.say("cli-import-written", &[("path", out.display().to_string().into())]));
    }
    Ok(Ending::Done)
}
