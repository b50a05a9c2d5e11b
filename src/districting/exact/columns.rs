//! All connected groups that could be in a good grouping, each once.
//!
//! A group grows from a unit by one neighbour after the other; each is in or out for good, so that no set is met twice. It is given up
//! when what can still be reached makes it too light, or when the cheapest rest (a fractional knapsack on prices) makes
//! it too dear.

use super::super::bound::{self, Prices};
use super::super::meter::Meter;
use super::super::value::{Value, excess};
use super::{Ground, MOST, Set, units};

/// Most groups that are kept: 64 bytes each.
const MOST_COLUMNS: usize = 1_000_000;
/// Most sets that are looked at.
const NODES: u64 = 30_000_000;
/// Sets between two looks at the meter.
const LOOK: u64 = 10_000;

/// A connected group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) set: Set,
    /// The way to its centre.
    pub(super) way: u64,
    pub(super) centre: usize,
    pub(super) weight: u64,
    pub(super) excess: u64,
}

pub(super) type Columns = Vec<Column>;

/// Every connected group with at most this excess; `None`: too many.
pub(super) fn within_weight(ground: &Ground<'_>, most: u64, meter: &mut Meter<'_>) -> Option<Columns> {
    let problem = ground.problem;
    let window = problem.window(most);
    let mut growth = Growth::new(ground, window);
    for root in 0..problem.units() {
        growth.order = units(ground.all & !(Set::MAX >> (MOST - 1 - root))).collect();
        growth.costs = vec![0; problem.units()];
        growth.most = i64::MAX;
        growth.centre = None;
        let lower = (1 << root) - 1;
        growth.grow(1 << root, lower, problem.weight(root), 0, meter)?;
    }
    Some(growth.found)
}

/// Every connected group in a grouping as good as known, and some more; `None`: too many.
pub(super) fn within_price(
    ground: &Ground<'_>,
    known: Value,
    prices: &Prices,
    meter: &mut Meter<'_>,
) -> Option<Columns> {
    let problem = ground.problem;
    let window = problem.window(known.excess);
    let way = i64::try_from(known.way).unwrap_or(i64::MAX / 4);
    let spare = way - prices.unit.iter().sum::<i64>();
    let mut growth = Growth::new(ground, window);
    for centre in 0..problem.units() {
        let Some(others) = prices.cheapest(problem.groups() - 1, Some(centre)) else { continue };
        let most = spare - others;
        if prices.centre[centre].is_none_or(|least| least > most) {
            continue;
        }
        growth.costs = bound::costs(problem, &prices.unit, centre);
        growth.order = bound::by_ratio(problem, &growth.costs, centre);
        growth.most = most;
        growth.centre = Some(centre);
        growth.grow(1 << centre, 0, problem.weight(centre), growth.costs[centre], meter)?;
    }
    Some(growth.found)
}

/// One root's growth; `found` gathers.
struct Growth<'a> {
    ground: &'a Ground<'a>,
    window: (u64, u64),
    /// Other units, the most welcome first.
    order: Vec<usize>,
    /// What each costs.
    costs: Vec<i64>,
    /// Dearer groups are of no use.
    most: i64,
    /// Only groups with this centre are wanted.
    centre: Option<usize>,
    found: Columns,
    nodes: u64,
}

impl<'a> Growth<'a> {
    fn new(ground: &'a Ground<'a>, window: (u64, u64)) -> Self {
        Self {
            ground,
            window,
            order: Vec::new(),
            costs: Vec::new(),
            most: 0,
            centre: None,
            found: Vec::new(),
            nodes: 0,
        }
    }

    /// All connected groups that have `set` and nothing of `out`. `None`: too many.
    fn grow(&mut self, set: Set, mut out: Set, weight: u64, cost: i64, meter: &mut Meter<'_>) -> Option<()> {
        self.nodes += 1;
        if self.nodes >= NODES || self.nodes.is_multiple_of(LOOK) && !meter.tick() {
            return None;
        }
        if weight > self.window.1 {
            return Some(());
        }
        if weight >= self.window.0 && cost <= self.most {
            self.keep(set, weight)?;
        }
        loop {
            let open = self.ground.flood(set, self.ground.all & !out);
            let available = open & !set;
            let free = self.order.iter().filter(|&&unit| available >> unit & 1 == 1);
            let items = free.map(|&unit| (self.costs[unit], self.ground.problem.weight(unit)));
            // From here on the group has at least one more; without, it has been kept above.
            if bound::rest(items, weight, self.window).is_none_or(|more| cost.saturating_add(more) > self.most) {
                return Some(());
            }
            let border = units(set).fold(0, |border, unit| border | self.ground.beside[unit]) & available;
            let Some(&next) = self.order.iter().find(|&&unit| border >> unit & 1 == 1) else { return Some(()) };
            let heavier = weight + self.ground.problem.weight(next);
            self.grow(set | 1 << next, out, heavier, cost + self.costs[next], meter)?;
            out |= 1 << next;
        }
    }

    /// Keeps a group if it is wanted. `None`: too many.
    fn keep(&mut self, set: Set, weight: u64) -> Option<()> {
        let problem = self.ground.problem;
        let way_to = |centre| units(set).map(|unit| problem.way(unit, centre)).sum::<u64>();
        let Some((way, centre)) = units(set).map(|centre| (way_to(centre), centre)).min() else { return Some(()) };
        // The same group grows from other centres too; one of them is the best.
        if self.centre.is_some_and(|wanted| wanted != centre) {
            return Some(());
        }
        if self.found.len() >= MOST_COLUMNS {
            return None;
        }
        self.found.push(Column { set, way, centre, weight, excess: excess(problem, weight) });
        Some(())
    }
}
