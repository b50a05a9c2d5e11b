//! The grid of a sweep (TOML): axes, each a list of alternatives, each a list of modifications as in a scenario; and where each stands,
//! so that what is wrong with it can be told by its line.
//!
//! ```toml
//! [[axis]]
//! name = "minibuses"
//!   [[axis.choice]]
//!   name = "2"
//!     [[axis.choice.modification]]
//!     kind = "set_vehicles"
//!     type = "minibus19"
//!     count = 2
//!   [[axis.choice]]          # without modifications: as it is
//!   name = "as now"
//! ```

use std::collections::BTreeSet;
use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::cells::said;
use crate::domain::finding::Finding;
use crate::planning::scenario::{Modification, ScenarioError};
use crate::planning::sweep::Misfit;
use crate::planning::sweep::grid::{Axis, Choice, Grid, GridError, MOST_AXES, MOST_CELLS};

/// Longest name of an axis or an alternative: it heads a column.
const LONGEST: usize = 40;

/// A grid and the lines its modifications begin on.
#[derive(Clone, Debug)]
pub struct GridFile {
    /// What is swept over.
    pub grid: Grid,
    /// The file.
    name: String,
    /// By axis, alternative, modification.
    lines: Vec<Vec<Vec<u32>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    axis: Vec<Spanned<AxisRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AxisRow {
    name: Spanned<String>,
    #[serde(default)]
    choice: Vec<Spanned<ChoiceRow>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChoiceRow {
    name: Spanned<String>,
    #[serde(default)]
    modification: Vec<Spanned<Modification>>,
}

/// Reads a grid file.
///
/// # Errors
/// What is wrong with it, at its line.
pub fn read(name: &str, bytes: &[u8]) -> Result<GridFile, Finding> {
    let unreadable = |reason: &str| Finding::error("grid-unreadable").file(name).arg("reason", reason);
    let text = std::str::from_utf8(bytes).map_err(|error| unreadable(&error.to_string()))?;
    let text = text.trim_start_matches('\u{feff}');
    let line = |span: Range<usize>| line_of(text, span.start);
    let file: File = toml::from_str(text).map_err(|error| {
        let finding = unreadable(error.message());
        error.span().map_or(finding.clone(), |span| finding.row(line(span)))
    })?;
    names(name, file.axis.iter().map(|axis| &axis.get_ref().name), text)?;
    let mut lines = Vec::new();
    let mut axes = Vec::new();
    let rows: Vec<u32> = file.axis.iter().map(|axis| line(axis.span())).collect();
    for axis in file.axis.into_iter().map(Spanned::into_inner) {
        names(name, axis.choice.iter().map(|choice| &choice.get_ref().name), text)?;
        let choices = axis.choice.into_iter().map(Spanned::into_inner);
        let (choices, own): (Vec<Choice>, Vec<Vec<u32>>) = choices
            .map(|choice| {
                let lines = choice.modification.iter().map(|one| line(one.span())).collect();
                let modifications = choice.modification.into_iter().map(Spanned::into_inner).collect();
                (Choice { name: choice.name.into_inner().trim().to_owned(), modifications }, lines)
            })
            .unzip();
        axes.push(Axis { name: axis.name.into_inner().trim().to_owned(), choices });
        lines.push(own);
    }
    let grid = Grid::new(axes).map_err(|error| match error {
        GridError::Axes(count) => Finding::error("grid-axes").file(name).arg("count", count).arg("most", MOST_AXES),
        GridError::Empty { axis } => Finding::error("grid-axis-empty").file(name).row(rows[axis]),
        GridError::Cells(count) => {
            Finding::error("grid-too-large").file(name).arg("count", count.min(1_000_000)).arg("most", MOST_CELLS)
        }
    })?;
    Ok(GridFile { grid, name: name.to_owned(), lines })
}

impl GridFile {
    /// A modification that does not fit the project, as a finding at its line.
    #[must_use]
    pub fn misfit(&self, misfit: &Misfit) -> Finding {
        let finding = match &misfit.error {
            // Fluent selects by words without blanks.
            ScenarioError::Unknown { what, id } => {
                Finding::error("scenario-unknown").arg("what", what.replace(' ', "-")).arg("id", said(id))
            }
            ScenarioError::Taken { id } => Finding::error("scenario-taken").arg("id", said(id)),
            ScenarioError::Value { field, value, wanted } => {
                Finding::error("scenario-value").arg("field", *field).arg("value", said(value)).arg("wanted", *wanted)
            }
            ScenarioError::NothingInForce => Finding::error("scenario-nothing-in-force"),
        };
        let finding = finding.file(&self.name);
        let lines = self.lines.get(misfit.axis).and_then(|axis| axis.get(misfit.choice));
        match lines.and_then(|lines| lines.get(misfit.modification)) {
            Some(line) => finding.row(*line),
            None => finding,
        }
    }
}

/// Names head columns and rows: each is there, short, and its own.
fn names<'a>(file: &str, names: impl Iterator<Item = &'a Spanned<String>>, text: &str) -> Result<(), Finding> {
    let mut known = BTreeSet::new();
    for name in names {
        let own = name.get_ref().trim();
        let fault = if own.is_empty() || own.chars().count() > LONGEST || own.chars().any(char::is_control) {
            "grid-name"
        } else if !known.insert(own.to_owned()) {
            "grid-name-twice"
        } else {
            continue;
        };
        let finding = match fault {
            "grid-name" => Finding::error("grid-name").arg("most", LONGEST),
            _ => Finding::error("grid-name-twice"),
        };
        return Err(finding.file(file).row(line_of(text, name.span().start)).arg("said", said(own)));
    }
    Ok(())
}

/// The line a byte stands on, from 1.
fn line_of(text: &str, byte: usize) -> u32 {
    let before = text.as_bytes().iter().take(byte).filter(|byte| **byte == b'\n').count();
    u32::try_from(before + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::sweep;
    use crate::publish::fixture;
    use crate::publish::phrases::{self, Language};

    const GRID: &str = r#"
[[axis]]
name = "minibuses"
  [[axis.choice]]
  name = "as now"
  [[axis.choice]]
  name = "+1"
    [[axis.choice.modification]]
    kind = "add_vehicle"
    type = "zeppelin"

[[axis]]
name = "budget"
  [[axis.choice]]
  name = "2700"
  modification = [{ kind = "set_budget", per_day = 2700 }]
"#;

    fn told(text: &str) -> String {
        read("grid.toml", text.as_bytes())
            .map_or_else(|finding| phrases::finding(Language::En, &finding), |_| String::new())
    }

    #[test]
    fn a_grid_is_read_and_a_misfit_told_by_its_line() {
        let file = read("grid.toml", GRID.as_bytes()).unwrap();
        assert_eq!(file.grid.len(), 2);
        assert_eq!(file.grid.axes()[0].choices[0], Choice { name: "as now".to_owned(), modifications: Vec::new() });
        let misfit = sweep::cells(&fixture::project(), &file.grid).unwrap_err();
        let finding = file.misfit(&misfit);
        assert_eq!(finding.row, Some(8));
        assert_eq!(
            phrases::finding(Language::En, &finding),
            "grid.toml row 8: The project has no vehicle type \"zeppelin\". -> Give one of the project's own."
        );
        assert_eq!(
            phrases::finding(Language::Zh, &finding),
            "grid.toml 第 8 行：项目里没有车型“zeppelin”。 → 请写项目里有的编号。"
        );
    }

    #[test]
    fn what_is_no_grid_is_told_by_its_line() {
        assert!(told("[[axis]\nname = 3").starts_with("grid.toml row 1: "), "{}", told("[[axis]\nname = 3"));
        let kind = GRID.replace("add_vehicle", "fly");
        assert!(
            told(&kind).starts_with("grid.toml row 8") || told(&kind).starts_with("grid.toml row 9"),
            "{}",
            told(&kind)
        );
        assert!(
            told(&GRID.replace("as now", "+1")).starts_with("grid.toml row 7: "),
            "{}",
            told(&GRID.replace("as now", "+1"))
        );
        assert!(told(&GRID.replace("2700\"\n", "\"\n")).starts_with("grid.toml row 15: "));
        assert!(told(&format!("{GRID}[[axis]]\nname = 'x'\n")).starts_with("grid.toml row 17: "));
        assert!(told("").contains("1 to 6"), "{}", told(""));
        let choices: String = (0..15).map(|k| format!("[[axis.choice]]\nname = 'n{k}'\n")).collect();
        let large = format!("[[axis]]\nname = 'a'\n{choices}[[axis]]\nname = 'b'\n{choices}");
        assert!(told(&large).contains("225"), "{}", told(&large));
        assert!(told(&GRID.replace("name = \"budget\"", "name = \"budget\"\nsize = 3")).starts_with("grid.toml row "));
    }
}
