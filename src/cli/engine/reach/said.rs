//! What is reached, in words.

use std::path::Path;

use super::Reached;
use super::kerbs::Kerbside;
use super::travel::{FARTHEST_WALK, Limit, Places};
use crate::cli::console::Console;
use crate::cli::engine::roads;
use crate::domain::finding::Argument;
use crate::domain::site::Kerb;
use crate::network::profile::Band;
use crate::publish::phrases::Language;

/// What was asked for.
pub(super) struct Asked<'a> {
    pub(super) limit: Limit,
    pub(super) places: Option<&'a Places>,
    /// Nearest places to name.
    pub(super) nearest: usize,
    pub(super) kerbsides: bool,
}

/// A remark on places that no road leads to.
pub(super) fn far(places: &Places, path: &Path, console: &Console) {
    let Some((count, row)) = places.apart() else { return };
    let words = [
        ("path", path.display().to_string().into()),
        ("count", count.into()),
        ("row", row.to_string().into()),
        ("metres", roads::farthest().0.to_string().into()),
    ];
    console.note(&console.say("cli-reach-far-places", &words));
}

/// A title, then what there is to say of each point.
pub(super) fn all(reached: &[Reached], asked: &Asked<'_>, console: &mut Console) {
    console.result(&title(asked.limit, console));
    for reached in reached {
        let lines = point(reached, asked, console);
        console.result(&lines.join("\n"));
    }
}

fn title(limit: Limit, console: &Console) -> String {
    match limit {
        Limit::Foot { metres, step_free } => {
            let key = if step_free { "cli-reach-title-step-free" } else { "cli-reach-title-walk" };
            console.say(key, &[("limit", metres.to_string().into())])
        }
        Limit::Bus { minutes, band } => {
            let band = console.say(
                match band {
                    Band::Free => "cli-reach-free",
                    Band::Am => "cli-reach-am",
                    Band::Pm => "cli-reach-pm",
                },
                &[],
            );
            console.say("cli-reach-title-bus", &[("limit", minutes.to_string().into()), ("band", band.into())])
        }
    }
}

/// The point's line, and below it its places and roads.
fn point(reached: &Reached, asked: &Asked<'_>, console: &Console) -> Vec<String> {
    let indented = |line: String| format!("  {line}");
    let mut words: Vec<(&str, Argument)> = vec![
        ("row", reached.row.to_string().into()),
        ("joins", format!("{:.0}", reached.joins_m).into()),
        ("km2", format!("{:.3}", reached.square_metres / 1e6).into()),
        ("ha", format!("{:.1}", reached.square_metres / 1e4).into()),
        ("beside", format!("{:.0}", reached.beside_m).into()),
    ];
    // Whoever stands farther from the paths than they may walk comes nowhere.
    let nowhere = reached.square_metres <= 0.0;
    let key = match asked.places {
        _ if nowhere => "cli-reach-nowhere",
        None => "cli-reach-point",
        Some(places) => {
            words.push(("inside", reached.inside.to_string().into()));
            words.push(("places", places.all.len().to_string().into()));
            "cli-reach-point-places"
        }
    };
    let mut lines = vec![console.say(key, &words)];
    if reached.coarse {
        lines.push(indented(console.say("cli-reach-coarse", &words)));
    }
    if let Some(places) = asked.places {
        lines.extend(nearest(reached, asked, places, console).into_iter().map(indented));
    }
    if asked.kerbsides {
        lines.extend(reached.kerbsides.iter().map(|kerbside| indented(road(kerbside, console))));
        if reached.kerbsides.is_empty() {
            let words = [("metres", roads::farthest().0.to_string().into())];
            lines.push(indented(console.say("cli-reach-no-road", &words)));
        }
    }
    lines
}

fn nearest(reached: &Reached, asked: &Asked<'_>, places: &Places, console: &Console) -> Vec<String> {
    let line = |near: &super::Near| {
        let words = [
            ("row", places.all[near.place].0.to_string().into()),
            ("metres", near.metres.0.to_string().into()),
            ("minutes", format!("{:.1}", f64::from(near.seconds.0) / 60.0).into()),
        ];
        console.say("cli-reach-near", &words)
    };
    let mut lines: Vec<String> = reached.nearest.iter().map(line).collect();
    if lines.len() < asked.nearest.min(places.all.len()) {
        let key = match asked.limit {
            Limit::Foot { .. } => "cli-reach-no-more-walk",
            Limit::Bus { .. } => "cli-reach-no-more-bus",
        };
        lines.push(console.say(key, &[("km", (FARTHEST_WALK.0 / 1000).to_string().into())]));
    }
    lines
}

fn road(kerbside: &Kerbside, console: &Console) -> String {
    let Kerbside { stop, names: [name, name_en] } = kerbside;
    let name = if console.language() == Language::En && !name_en.is_empty() { name_en } else { name };
    let words = [
        ("way", stop.way.to_string().into()),
        ("name", name.as_str().into()),
        ("metres", format!("{:.1}", stop.snap_m).into()),
    ];
    // A road without a name is told by its number alone.
    let key = match (stop.side, name.is_empty()) {
        (Kerb::Right, false) => "cli-reach-road-right",
        (Kerb::Right, true) => "cli-reach-road-right-unnamed",
        (Kerb::Left, false) => "cli-reach-road-left",
        (Kerb::Left, true) => "cli-reach-road-left-unnamed",
        (Kerb::Either, false) => "cli-reach-road-either",
        (Kerb::Either, true) => "cli-reach-road-either-unnamed",
    };
    console.say(key, &words)
}
