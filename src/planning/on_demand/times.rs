//! How long and how far from place to place while rides are offered: the longest of the bands their hours touch, so that what is promised
//! can be kept at any of them.

use std::collections::BTreeSet;

use crate::domain::ids::StopId;
use crate::domain::units::{Metres, Seconds, ServiceTime};
use crate::network::Matrix;
use crate::network::profile::Band;
use crate::planning::model::Model;
use crate::planning::project::Policy;

/// Where there is no way: nobody is taken so far (a week).
pub(super) const NO_WAY_S: u32 = 7 * 24 * 3600;
/// The same in metres.
pub(super) const NO_WAY_M: u32 = 10_000_000;

/// Times and lengths of some hours.
pub(super) struct Times<'m>(Vec<&'m Matrix>);

impl<'m> Times<'m> {
    pub(super) fn new(model: &'m Model, hours: (ServiceTime, ServiceTime)) -> Self {
        Self(bands(&model.policy, hours).into_iter().map(|band| model.matrix(band)).collect())
    }

    /// Seconds and metres between two rows of the model's matrices, each the longest; `None`: no way.
    pub(super) fn between(&self, from: usize, to: usize) -> Option<(Seconds, Metres)> {
        let cells = self.0.iter().map(|matrix| matrix.get(from, to));
        let cells = cells.collect::<Option<Vec<_>>>()?;
        let seconds = cells.iter().map(|cell| cell.0).max()?;
        Some((seconds, cells.iter().map(|cell| cell.1).max()?))
    }

    /// Seconds from stop to stop.
    pub(super) fn stops(&self, from: StopId, to: StopId) -> Option<Seconds> {
        self.between(from.index(), to.index()).map(|(seconds, _)| seconds)
    }
}

/// The bands that the hours touch, in order.
fn bands(policy: &Policy, (from, until): (ServiceTime, ServiceTime)) -> Vec<Band> {
    let mut found = BTreeSet::new();
    let mut at = Some(from);
    while let Some(time) = at.filter(|time| *time <= until) {
        found.insert(policy.band_at(time) as usize);
        at = policy.band_change_after(time);
    }
    Band::ALL.into_iter().filter(|band| found.contains(&(*band as usize))).collect()
}
