//! The best few of many in so many units: 0-1 knapsacks by dynamic programme, of whole profits.
//!
//! Before it, what the relaxation (Dantzig 1957) shows to be in or out is put aside: mostly a few items are left.

/// An item worth taking: its number, units, profit (whole, positive, all together below 2^53).
pub(super) type Item = (u32, usize, f64);

/// Items on either side of the first that does not fit which are tried in exchanges.
const NEXT: usize = 12;

/// Room to work in, kept from one knapsack to the next.
#[derive(Default)]
pub(super) struct Knapsack {
    rows: Vec<f64>,
    core: Vec<Item>,
    greedy: Vec<u32>,
    taken: Vec<u32>,
}

impl Knapsack {
    /// Numbers of the items of the last [`Knapsack::best`].
    pub(super) fn taken(&self) -> &[u32] {
        &self.taken
    }

    /// The most profit in so many units; sorts the items.
    pub(super) fn best(&mut self, items: &mut [Item], capacity: usize) -> f64 {
        self.taken.clear();
        let all: usize = items.iter().map(|item| item.1).sum();
        if all <= capacity {
            self.taken.extend(items.iter().map(|item| item.0));
            return items.iter().map(|item| item.2).sum();
        }
        // By profit for each unit; then as they come while there is room.
        items.sort_unstable_by(|a, b| (b.2 * a.1 as f64).total_cmp(&(a.2 * b.1 as f64)).then(a.0.cmp(&b.0)));
        self.greedy.clear();
        let (mut room, mut greedy) = (capacity, 0.0);
        // Where the first does not fit: what would be earned if it could be cut, and at which profit a unit.
        let mut cut: Option<(usize, f64, f64)> = None;
        for (k, &(number, units, profit)) in items.iter().enumerate() {
            if units <= room {
                room -= units;
                greedy += profit;
                self.greedy.push(number);
            } else if cut.is_none() {
                let ratio = profit / units as f64;
                cut = Some((k, greedy + ratio * room as f64, ratio));
            }
        }
        let Some((first_out, relaxed, ratio)) = cut else { return greedy };
        let greedy = self.exchange(items, first_out, capacity, greedy);
        self.core.clear();
        let (mut sure, mut rest) = (0.0, capacity);
        for (k, item) in items.iter().enumerate() {
            // Deciding otherwise about this one loses at least so much; a better one earns at least one more.
            let loses = (item.2 - item.1 as f64 * ratio).abs();
            if relaxed - loses >= greedy + 1.0 - 1e-6 {
                self.core.push(*item);
            } else if k < first_out {
                sure += item.2;
                rest -= item.1;
                self.taken.push(item.0);
            }
        }
        let width = rest + 1;
        fill(&mut self.rows, &self.core, width);
        let value = sure + self.rows[self.core.len() * width + rest];
        if value <= greedy {
            std::mem::swap(&mut self.taken, &mut self.greedy);
            return greedy;
        }
        let mut place = rest;
        for (k, &(number, units, _)) in self.core.iter().enumerate().rev() {
            if self.rows[(k + 1) * width + place] != self.rows[k * width + place] {
                self.taken.push(number);
                place -= units;
            }
        }
        value
    }

    /// Better than the greedy ones, where one of the last that fit goes for one or two of the next: the better what is known, the
    /// fewer are left to decide about.
    fn exchange(&mut self, items: &[Item], first_out: usize, capacity: usize, greedy: f64) -> f64 {
        let before = &items[..first_out];
        let (units, profit) = before.iter().fold((0, 0.0), |(units, profit), item| (units + item.1, profit + item.2));
        let next = &items[first_out..items.len().min(first_out + NEXT)];
        let nothing = (u32::MAX, 0, 0.0);
        let mut best = (greedy, None);
        for &out in before.iter().rev().take(NEXT).chain([&nothing]) {
            let room = capacity - units + out.1;
            let without = profit - out.2;
            for (k, &one) in next.iter().enumerate() {
                if one.1 > room {
                    continue;
                }
                for &other in next[..k].iter().chain([&nothing]) {
                    let with = without + one.2 + other.2;
                    if with > best.0 && one.1 + other.1 <= room {
                        best = (with, Some([out.0, one.0, other.0]));
                    }
                }
            }
        }
        if let Some([out, one, other]) = best.1 {
            self.greedy.clear();
            self.greedy.extend(before.iter().map(|item| item.0).filter(|&number| number != out));
            self.greedy.extend([one, other].into_iter().filter(|&number| number != u32::MAX));
        }
        best.0
    }

    /// The most profit for each number of units up to the capacity; and for each item what is lost if it must be taken.
    pub(super) fn losses(&mut self, items: &[Item], capacity: usize) -> (Vec<f64>, Vec<(u32, f64)>) {
        let width = capacity + 1;
        fill(&mut self.rows, items, width);
        let best = self.rows[items.len() * width..(items.len() + 1) * width].to_vec();
        // From behind: what the items after k can still bring.
        let mut behind = vec![0.0_f64; width];
        let mut losses = Vec::with_capacity(items.len());
        for (k, &(number, units, profit)) in items.iter().enumerate().rev() {
            if units > capacity {
                losses.push((number, f64::INFINITY));
                continue;
            }
            let before = &self.rows[k * width..k * width + width - units];
            let with = before.iter().zip(behind[..width - units].iter().rev()).map(|(a, b)| a + b);
            losses.push((number, best[capacity] - profit - with.fold(0.0, f64::max)));
            for place in (units..width).rev() {
                behind[place] = behind[place].max(behind[place - units] + profit);
            }
        }
        (best, losses)
    }
}

/// `rows[k * width + c]`: the most that the items from k on (units, profit) earn in c units.
pub(super) fn suffix<T>(items: &[(usize, f64, T)], capacity: usize) -> Vec<f64> {
    let width = capacity + 1;
    let mut rows = vec![0.0; (items.len() + 1) * width];
    for (k, &(units, profit, _)) in items.iter().enumerate().rev() {
        for c in 0..width {
            let stay = rows[(k + 1) * width + c];
            let with = if units <= c { rows[(k + 1) * width + c - units] + profit } else { stay };
            rows[k * width + c] = stay.max(with);
        }
    }
    rows
}

/// `rows[k * width + c]`: the best of the first k items in c units.
fn fill(rows: &mut Vec<f64>, items: &[Item], width: usize) {
    let size = (items.len() + 1) * width;
    if rows.len() < size {
        rows.resize(size, 0.0);
    }
    rows[..width].fill(0.0);
    for (k, &(_, units, profit)) in items.iter().enumerate() {
        let (done, new) = rows.split_at_mut((k + 1) * width);
        let last = &done[k * width..];
        let new = &mut new[..width];
        let same = units.min(width);
        new[..same].copy_from_slice(&last[..same]);
        for ((new, &stay), &before) in new[same..].iter_mut().zip(&last[same..]).zip(last) {
            let with = before + profit;
            *new = if with > stay { with } else { stay };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Random, cases};

    fn everything(items: &[Item], capacity: usize, must: Option<u32>) -> f64 {
        (0..1_u32 << items.len())
            .filter_map(|set| {
                let taken = items.iter().enumerate().filter(|(k, _)| set >> k & 1 == 1).map(|(_, item)| item);
                let units: usize = taken.clone().map(|item| item.1).sum();
                let holds = must.is_none_or(|must| taken.clone().any(|item| item.0 == must));
                (units <= capacity && holds).then(|| taken.map(|item| item.2).sum::<f64>())
            })
            .fold(f64::NEG_INFINITY, f64::max)
    }

    #[test]
    fn as_good_as_trying_everything() {
        let mut random = Random::new(3);
        let mut knapsack = Knapsack::default();
        for case in 0..cases(300, 5000) {
            let mut items: Vec<Item> = (0..random.below(9))
                .map(|k| (k as u32, random.below(9), 1.0 + random.below(if case % 2 == 0 { 5 } else { 60 }) as f64))
                .collect();
            let capacity = random.below(25);
            let (by_units, losses) = knapsack.losses(&items, capacity);
            let most = everything(&items, capacity, None);
            assert_eq!(by_units[capacity], most);
            for (number, loss) in losses {
                assert_eq!(most - loss, everything(&items, capacity, Some(number)), "{items:?} {capacity} {number}");
            }
            assert_eq!(knapsack.best(&mut items, capacity), most, "{items:?} {capacity}");
            let taken: Vec<&Item> = items.iter().filter(|item| knapsack.taken().contains(&item.0)).collect();
            assert_eq!(taken.len(), knapsack.taken().len());
            assert_eq!(taken.iter().map(|item| item.2).sum::<f64>(), most);
            assert!(taken.iter().map(|item| item.1).sum::<usize>() <= capacity);
        }
    }
}
