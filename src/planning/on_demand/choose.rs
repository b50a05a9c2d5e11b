//! Which stops are worth keeping for rides on request? Everybody's best pair is opened, then stops are given up one by one while what people lose by
//! it is less than the stop's upkeep (drop, Feldman, Lehrer & Ray 1966), or as long as there are too many.
//!
//! What a pair is worth is the most it could save: straight there, without a wait. O(rounds x stops x people in reach x pairs).

use std::collections::{BTreeMap, BTreeSet};

use super::asks::Ask;
use super::times::Times;
use crate::domain::ids::StopId;
use crate::domain::units::Seconds;
use crate::planning::model::Model;
use crate::planning::trips;

/// The most each ask can save with stops, fen a day; and where.
pub(super) struct Ideal<'a> {
    model: &'a Model,
    times: &'a Times<'a>,
    asks: &'a [Ask],
    /// Standing while somebody boards or alights.
    dwell: Seconds,
}

type Pair = (StopId, StopId);

impl<'a> Ideal<'a> {
    pub(super) fn new(model: &'a Model, times: &'a Times<'a>, asks: &'a [Ask], dwell: Seconds) -> Self {
        Self { model, times, asks, dwell }
    }

    /// Fen a day of all people of an ask on their best pair of stops that are kept, if any saves something.
    fn best(&self, ask: &Ask, kept: &dyn Fn(StopId) -> bool) -> Option<(f64, Pair)> {
        let ride = &self.model.rides[ask.cohort.index()];
        let mut best: Option<(f64, Pair)> = None;
        for &(board, before) in ask.boards.iter().filter(|(stop, _)| kept(*stop)) {
            for &(alight, after) in ask.alights.iter().filter(|(stop, _)| *stop != board && kept(*stop)) {
                let Some(direct) = self.times.stops(board, alight) else { continue };
                // Who boards stands, and who alights: twice.
                let riding = direct + self.dwell + self.dwell;
                let price = self.model.person_cost(before + after, trips::least_wait(self.model, ride), riding);
                let saves = (ride.alternative.fen() - price.fen()) * ask.people.as_f64();
                if saves > 0.0 && best.is_none_or(|(most, _)| saves > most) {
                    best = Some((saves, (board, alight)));
                }
            }
        }
        best
    }

    /// What could be saved at most, fen a day.
    pub(super) fn most(&self) -> f64 {
        self.asks.iter().filter_map(|ask| self.best(ask, &|_| true)).map(|(saves, _)| saves).sum()
    }

    /// The stops to keep, ascending. `free`: stops that are kept up anyway; of the others each costs `upkeep`, fen a day.
    pub(super) fn stops(&self, free: &BTreeSet<StopId>, upkeep: f64, most: usize) -> Vec<StopId> {
        let best = self.asks.iter().filter_map(|ask| self.best(ask, &|_| true));
        let mut kept: BTreeSet<StopId> = best.flat_map(|(_, (board, alight))| [board, alight]).collect();
        let mut stakes: Vec<Stake> = self.asks.iter().map(|ask| self.stake(ask, &kept)).collect();
        loop {
            let mut loss: BTreeMap<StopId, f64> =
                kept.iter().map(|&stop| (stop, if free.contains(&stop) { 0.0 } else { -upkeep })).collect();
            for &(stop, lost) in stakes.iter().flatten() {
                if let Some(loss) = loss.get_mut(&stop) {
                    *loss += lost;
                }
            }
            let least = loss.into_iter().min_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            let Some((gone, _)) = least.filter(|(_, loss)| *loss < 0.0 || kept.len() > most) else { break };
            kept.remove(&gone);
            for (ask, stake) in self.asks.iter().zip(&mut stakes) {
                if ask.boards.iter().chain(&ask.alights).any(|(stop, _)| *stop == gone) {
                    *stake = self.stake(ask, &kept);
                }
            }
        }
        // One that costs nothing is not given up: it is left out where nobody's best pair needs it.
        kept.into_iter().filter(|&stop| stakes.iter().flatten().any(|(needed, _)| *needed == stop)).collect()
    }

    /// The stops of an ask's best pair, and what is lost without each, fen a day.
    fn stake(&self, ask: &Ask, kept: &BTreeSet<StopId>) -> Stake {
        let Some((saves, (board, alight))) = self.best(ask, &|stop| kept.contains(&stop)) else { return Vec::new() };
        let lost = |gone: StopId| {
            let without = self.best(ask, &|stop| stop != gone && kept.contains(&stop));
            (gone, saves - without.map_or(0.0, |(saves, _)| saves))
        };
        vec![lost(board), lost(alight)]
    }
}

/// What an ask has to lose.
type Stake = Vec<(StopId, f64)>;
