//! The axes of a sweep, and its cells in order: the last axis runs fastest.

use crate::planning::scenario::{Modification, Scenario};

/// Cells, at most: at the usual five seconds a plan a quarter of an hour.
pub const MOST_CELLS: usize = 200;
/// Axes, at most: more cannot be read in a table.
pub const MOST_AXES: usize = 6;

/// One alternative of an axis; without modifications it is the project as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What the table calls it.
    pub name: String,
    /// In order.
    pub modifications: Vec<Modification>,
}

/// Alternatives of which a cell has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What the table calls it.
    pub name: String,
    /// In order.
    pub choices: Vec<Choice>,
}

/// Why axes make no grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GridError {
    /// No axes, or more than [`MOST_AXES`].
    #[error("{0} axes; a grid has 1 to {MOST_AXES}")]
    Axes(usize),
    /// An axis without alternatives.
    #[error("axis {axis} has no choice; give it one or more")]
    Empty {
        /// From 0.
        axis: usize,
    },
    /// More cells than [`MOST_CELLS`].
    #[error("{0} cells; a sweep has at most {MOST_CELLS}")]
    Cells(usize),
}

/// A grid: at least one axis, each with at least one alternative, not too many cells.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    axes: Vec<Axis>,
}

impl Grid {
    /// Checks the axes.
    ///
    /// # Errors
    /// See [`GridError`].
    pub fn new(axes: Vec<Axis>) -> Result<Self, GridError> {
        if !(1..=MOST_AXES).contains(&axes.len()) {
            return Err(GridError::Axes(axes.len()));
        }
        if let Some(axis) = axes.iter().position(|axis| axis.choices.is_empty()) {
            return Err(GridError::Empty { axis });
        }
        let cells = axes.iter().fold(1_usize, |cells, axis| cells.saturating_mul(axis.choices.len()));
        if cells > MOST_CELLS { Err(GridError::Cells(cells)) } else { Ok(Self { axes }) }
    }

    /// In order.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How many cells.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a grid has at least one cell")]
    pub fn len(&self) -> usize {
        self.axes.iter().map(|axis| axis.choices.len()).product()
    }

    /// Cells from one alternative of an axis to the next.
    fn stride(&self, axis: usize) -> usize {
        self.axes[axis + 1..].iter().map(|axis| axis.choices.len()).product()
    }

    /// Which alternative of each axis a cell has.
    #[must_use]
    pub fn place(&self, cell: usize) -> Vec<usize> {
        (0..self.axes.len()).map(|axis| cell / self.stride(axis) % self.axes[axis].choices.len()).collect()
    }

    /// The cell with the next alternative of an axis and all else the same.
    #[must_use]
    pub fn next(&self, cell: usize, axis: usize) -> Option<usize> {
        (self.place(cell)[axis] + 1 < self.axes[axis].choices.len()).then(|| cell + self.stride(axis))
    }

    /// The neighbours one alternative earlier, by axis.
    #[must_use]
    pub fn before(&self, cell: usize) -> Vec<usize> {
        let place = self.place(cell);
        (0..self.axes.len()).filter(|&axis| place[axis] > 0).map(|axis| cell - self.stride(axis)).collect()
    }

    /// Cells in the order they are planned: those of a wave need only the waves before.
    #[must_use]
    pub fn waves(&self) -> Vec<Vec<usize>> {
        let depth = |cell: usize| self.place(cell).iter().sum::<usize>();
        let last = (0..self.len()).map(depth).max().unwrap_or(0);
        (0..=last).map(|wave| (0..self.len()).filter(|&cell| depth(cell) == wave).collect()).collect()
    }

    /// All modifications of a cell, axis by axis.
    #[must_use]
    pub fn scenario(&self, cell: usize) -> Scenario {
        let place = self.place(cell);
        let own = self.axes.iter().zip(place).flat_map(|(axis, choice)| axis.choices[choice].modifications.clone());
        Scenario { modification: own.collect() }
    }
}
