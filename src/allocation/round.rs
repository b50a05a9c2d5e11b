//! From the linear relaxation to whole claimants, and what its prices prove.
//!
//! First as many as possible alone: its prices are the bound on how many can be served. Then walking is added as a small share, which
//! settles nearly all ties: few claimants are still split, and made whole ([`super::unsplit`]) they are a placing that is nearly best in
//! both. Then the least cost of as many as were served: a cheaper placing, and a bound where it is asked for.

use super::Pulse;
use super::needs::Needs;
use super::relaxed::{self, Aim, PARTS, Point, Relaxed};
use super::state::State;
use super::unsplit::unsplit;

/// Most steps of each relaxation, and most needs looked at in one.
const STEPS: usize = 2_000;
const WORK: usize = 2_400_000_000;
/// What the dearest option costs against being served.
const SMALL: f64 = 0.1;
/// The same for the least cost, which is approached more slowly; but half the steps above at least.
const STEPS_OF_COST: usize = 4_000;
const WORK_OF_COST: usize = 250_000_000;
/// Most needs for a second placing, by cost alone.
const TELLING: usize = 500_000;
/// Of the steps so large a part is enough for shares that are to be made whole.
const PART: usize = 4;
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

    /// As many as possible, and of all such placings a cheap one: (claimant, choice).
    pub(super) fn rounded(&mut self, known: usize, pulse: &mut Pulse<'_>) -> Vec<(usize, usize)> {
        let scale = self.scale();
        let cost: Vec<f64> = self.needs.cost.iter().map(|&cost| f64::from(cost) * scale - 1.0).collect();
        // The shares of before lie amid all that are as good; from none they come to one of them.
        if let Some(point) = &mut self.point {
            point.share.fill(0.0);
        }
        let found = self.solve(&cost, known, self.steps / PART, pulse, &|_| false);
        let order = self.whole(&cost, found.point.clone(), known, pulse);
        self.point = Some(found.point);
        order
    }

    /// The cheapest of so many served: (claimant, choice). `None`: all cost nothing, or too large: the steps there is
    /// time for say too little.
    pub(super) fn cheapest(&mut self, served: usize, pulse: &mut Pulse<'_>) -> Option<Vec<(usize, usize)>> {
        if self.needs.size() > TELLING || self.dearest == 0.0 {
            return None;
        }
        Some(self.with_served(served, |relaxation, cost| {
            let found = relaxation.solve(cost, served, relaxation.steps / PART, pulse, &|_| false);
            relaxation.whole(cost, found.point, served, pulse)
        }))
    }

    fn whole(&self, cost: &[f64], point: Point, known: usize, pulse: &mut Pulse<'_>) -> Vec<(usize, usize)> {
        let aim = Aim { cost, floors: &self.floors };
        let work = self.steps * self.needs.size();
        let placed = unsplit(&self.needs, &aim, point, work, &mut |size| size <= LARGE || pulse.ask(known));
        let (claimants, choices) = (&self.needs.claimants, &self.needs.choice);
        placed.into_iter().map(|(claimant, option)| (claimants[claimant], choices[option] as usize)).collect()
    }

    /// What a unit of cost is in the measure of the relaxations: little against being served.
    fn scale(&self) -> f64 {
        if self.dearest > 0.0 { SMALL / self.dearest } else { 0.0 }
    }

    /// Where so many are to be served and only the cost counts, in the measure of the first relaxation, so that its prices are a good
    /// beginning; one more of all is worth what it was there.
    fn with_served<T>(&mut self, served: usize, act: impl FnOnce(&Self, &[f64]) -> T) -> T {
        let scale = self.scale();
        let cost: Vec<f64> = self.needs.cost.iter().map(|&cost| f64::from(cost) * scale).collect();
        let kept = self.floors.len();
        self.floors.push(((0..self.needs.len() as u32).collect(), served));
        if let Some(point) = &mut self.point {
            point.premium.push(1.0);
        }
        let answer = act(self, &cost);
        self.floors.truncate(kept);
        if let Some(point) = &mut self.point {
            point.premium.truncate(kept);
        }
        answer
    }

    /// What so many served cost at least.
    pub(super) fn least_cost(&mut self, served: usize, pulse: &mut Pulse<'_>) -> u64 {
        let scale = self.scale();
        if scale == 0.0 {
            return 0;
        }
        let value = self.with_served(served, |relaxation, cost| {
            let steps = STEPS_OF_COST.min(WORK_OF_COST / relaxation.needs.size().max(1)).max(relaxation.steps / 2);
            let mut found = relaxation.solve(cost, served, steps, pulse, &|_| false);
            found.price.iter_mut().chain(&mut found.premium).for_each(|price| *price /= scale);
            let of = |option: usize| i64::from(relaxation.needs.cost[option]);
            relaxed::proven(&relaxation.needs, &relaxation.floors, &of, &found)
        });
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
