//! The best grouping, proven, for tens of units: all connected groups that could be in it, then the best way to choose among them.
//!
//! As Garfinkel & Nemhauser (1970) did for electoral districts: first the groups one by one (`columns`), then a partition
//! of the units into groups (`partition`), depth first. Between them prices (`prices`; Lagrangian of the set partitioning, as in
//! Mehrotra, Johnson & Nemhauser 1998) throw out groups that are in no grouping as good as the best known. Two rounds:
//! has any grouping less excess; then, with that excess, the least way and the smallest largest deviation.
//! Sets of units are bits of one number: at most [`MOST`] units. Ends without proof when there are too many groups or nodes.

mod columns;
mod partition;
mod prices;

use super::bound;
use super::local;
use super::meter::Meter;
use super::problem::Problem;
use super::value::{self, Value};
use columns::Columns;

/// Most units: bits of a set.
pub(super) const MOST: usize = 128;

/// Units, one bit each.
type Set = u128;

/// What was proven.
pub(super) struct Proof {
    /// The best grouping known.
    pub(super) group: Vec<usize>,
    /// No grouping has less excess.
    pub(super) excess: u64,
    /// No grouping with as little excess as `group` has a smaller way.
    pub(super) way: u64,
    /// There is no better grouping at all.
    pub(super) complete: bool,
}

/// Proves `known`, a grouping of this value, or finds a better one.
pub(super) fn prove(problem: &Problem, known: Vec<usize>, value: Value, meter: &mut Meter<'_>) -> Proof {
    let ground = Ground::new(problem);
    let mut proof = Proof {
        group: known,
        excess: bound::excess(problem),
        way: bound::nearest(problem).unwrap_or(0),
        complete: false,
    };
    let mut value = value;
    if value.excess > proof.excess
        && let Some(found) = less_excess(&ground, value, meter)
    {
        if let Some(group) = found.group {
            proof.group = local::improved(problem, group, meter);
            value = value::of(problem, &proof.group);
        }
        if found.complete {
            proof.excess = value.excess;
        }
    }
    let balanced = proof.excess == value.excess;
    meter.best = Some(value);
    let window = problem.window(value.excess);
    let prices = bound::prices(problem, window, value.way, meter);
    let limit =
        |prices: &bound::Prices| prices.bound(problem.groups()).map_or(0, |bound| u64::try_from(bound).unwrap_or(0));
    proof.way = proof.way.max(limit(&prices)).min(value.way);
    meter.bound = Some(proof.way);
    let Some(mut columns) = columns::within_price(&ground, value, &prices, meter) else { return proof };
    let prices = prices::improve(&ground, &mut columns, &prices, value, meter);
    proof.way = proof.way.max(limit(&prices).min(value.way));
    meter.bound = Some(proof.way);
    let goal = partition::Goal::Way { prices: &prices };
    let found = partition::search(&ground, &columns, value, &goal, meter);
    if let Some(group) = found.group {
        proof.group = group;
        value = value::of(problem, &proof.group);
    }
    if found.complete {
        proof.way = value.way;
        proof.complete = balanced;
    }
    proof
}

/// The least excess there is, if it is less than known.
fn less_excess(ground: &Ground<'_>, known: Value, meter: &mut Meter<'_>) -> Option<partition::Found> {
    let columns: Columns = columns::within_weight(ground, known.excess - 1, meter)?;
    Some(partition::search(ground, &columns, known, &partition::Goal::Excess, meter))
}

/// The problem in bits.
struct Ground<'a> {
    problem: &'a Problem,
    /// All units.
    all: Set,
    /// Who touches each unit.
    beside: Vec<Set>,
}

impl<'a> Ground<'a> {
    fn new(problem: &'a Problem) -> Self {
        let bit = |unit: &usize| 1 << unit;
        let beside = |unit| problem.neighbours(unit).iter().map(bit).fold(0, |set: Set, bit: Set| set | bit);
        let units = problem.units();
        Self { problem, all: Set::MAX >> (MOST - units), beside: (0..units).map(beside).collect() }
    }

    /// What can be reached from these without leaving `within`.
    fn flood(&self, from: Set, within: Set) -> Set {
        let mut reached = from & within;
        let mut front = reached;
        while front != 0 {
            let unit = front.trailing_zeros() as usize;
            front &= front - 1;
            let new = self.beside[unit] & within & !reached;
            reached |= new;
            front |= new;
        }
        reached
    }
}

/// The units of a set, in order.
fn units(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let unit = set.trailing_zeros() as usize;
        (set != 0).then(|| {
            set &= set - 1;
            unit
        })
    })
}
