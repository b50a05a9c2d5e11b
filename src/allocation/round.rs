//! From the linear relaxation to whole claimants, and what its prices prove.
//!
//! First as many as possible alone: its prices are the bound on how many can be served. Then walking is added as a small share, which
//! settles nearly all ties: few claimants are still split, and the largest shares first are a placing that is nearly best in both. Then,
//! where it is asked for, the least cost of as many as were served.

use super::Pulse;
use super::needs::Needs;
use super::relaxed::{self, Aim, PARTS, Point, Relaxed};
use super::state::State;

/// Most steps of each relaxation, and most needs looked at in one.
const STEPS: usize = 2_000;
const WORK: usize = 2_400_000_000;
/// What the dearest option costs against being served.
const SMALL: f64 = 0.1;
/// Smaller shares are nobody's.
const LEAST: f64 = 0.05;
/// From this size on the watcher is asked while the steps go on.
const LARGE: usize = 100_000;

/// The relaxation of a problem, whose floors are those a state keeps.
pub(super) struct Relaxation {
    needs: Needs,
    floors: Vec<(Vec<u32>, usize)>,
    point: Option<Point>,
    steps: usize,
    dearest: f64,
}

impl Relaxation {
    /// `None`: nobody has a choice, or there are too many.
    pub(super) fn new(state: &State<'_>) -> Option<Self> {
        let ground = state.ground;
        let open: Vec<usize> = (0..ground.claimants()).filter(|&claimant| !ground.open[claimant].is_empty()).collect();
        if open.is_empty() {
            return None;
        }
        let mut number = vec![u32::MAX; ground.claimants()];
        for (at, &claimant) in open.iter().enumerate() {
            number[claimant] = u32::try_from(at).ok()?;
        }
        let floors = ground
            .problem
            .groups()
            .iter()
            .enumerate()
            .map(|(at, group)| {
                let members = group.members.iter().map(|&member| number[member]).filter(|&member| member != u32::MAX);
                // More than are served now may be impossible.
                (members.collect(), group.floor.min(state.served_of(at)))
            })
            .filter(|(_, floor)| *floor > 0)
            .collect();
        let needs = Needs::new(ground, open)?;
        let steps = STEPS.min(WORK / needs.size().max(1));
        let dearest = needs.cost.iter().copied().max().map_or(0.0, f64::from);
        Some(Self { needs, floors, point: None, steps, dearest })
    }

    /// A number that no answer's served exceeds, at least `known`.
    pub(super) fn most(&mut self, known: usize, pulse: &mut Pulse<'_>) -> usize {
        let cost = vec![-1.0; self.needs.cost.len()];
        let enough = known as f64 + 0.999;
        let found = self.solve(&cost, known, self.steps, pulse, &|bound| -bound < enough);
        let value = -relaxed::proven(&self.needs, &self.floors, &|_| -1, &found);
        let most = usize::try_from(value.div_euclid(PARTS)).unwrap_or(0).min(self.needs.len());
        self.point = Some(found.point);
        most.max(known)
    }

    /// (claimant, choice) from the largest share to the least.
    pub(super) fn rounded(&mut self, known: usize, pulse: &mut Pulse<'_>) -> Vec<(usize, usize)> {
        let scale = if self.dearest > 0.0 { SMALL / self.dearest } else { 0.0 };
        let cost: Vec<f64> = self.needs.cost.iter().map(|&cost| f64::from(cost) * scale - 1.0).collect();
        // The shares of before lie amid all that are as good; from none they come to one of them.
        if let Some(point) = &mut self.point {
            point.share.fill(0.0);
        }
        let found = self.solve(&cost, known, self.steps / 2, pulse, &|_| false);
        let order = self.order(&found.point.share);
        self.point = Some(found.point);
        order
    }

    fn order(&self, shares: &[f64]) -> Vec<(usize, usize)> {
        let mut order: Vec<(f64, usize, usize)> = Vec::new();
        for claimant in 0..self.needs.len() {
            let split = self.needs.options(claimant).filter(|&option| shares[option] >= LEAST);
            order.extend(split.map(|option| (shares[option], claimant, option)));
        }
        order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let (claimants, choices) = (&self.needs.claimants, &self.needs.choice);
        order.into_iter().map(|(_, claimant, option)| (claimants[claimant], choices[option] as usize)).collect()
    }

    /// What so many served cost at least.
    pub(super) fn least_cost(&mut self, served: usize, pulse: &mut Pulse<'_>) -> u64 {
        // In the measure of the last relaxation, so that its prices are a good beginning; one more of all is worth what it was there.
        let scale = if self.dearest > 0.0 { SMALL / self.dearest } else { return 0 };
        let cost: Vec<f64> = self.needs.cost.iter().map(|&cost| f64::from(cost) * scale).collect();
        let kept = self.floors.len();
        self.floors.push(((0..self.needs.len() as u32).collect(), served));
        if let Some(point) = &mut self.point {
            point.premium.push(1.0);
        }
        let mut found = self.solve(&cost, served, self.steps / 2, pulse, &|_| false);
        found.price.iter_mut().chain(&mut found.premium).for_each(|price| *price /= scale);
        let value = relaxed::proven(&self.needs, &self.floors, &|option| i64::from(self.needs.cost[option]), &found);
        self.floors.truncate(kept);
        u64::try_from((value + PARTS - 1).div_euclid(PARTS)).unwrap_or(0)
    }

    fn solve(
        &self,
        cost: &[f64],
        known: usize,
        steps: usize,
        pulse: &mut Pulse<'_>,
        enough: &dyn Fn(f64) -> bool,
    ) -> Relaxed {
        let aim = Aim { cost, floors: &self.floors };
        let large = self.needs.size() > LARGE;
        relaxed::solve(&self.needs, &aim, self.point.as_ref(), steps, &mut |bound| {
            !enough(bound) && (!large || pulse.ask(known))
        })
    }
}
