//! Does a group stay in one part when a unit leaves it? A walk from one of its neighbours that ends as soon as all are met.
//!
//! A group that was connected falls apart only between the neighbours of who leaves. With one of them nothing is
//! walked; with more, mostly a few steps: O(group) at worst.

use super::problem::Problem;

/// Memory for walks; one serves many.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    seen: Vec<u32>,
    round: u32,
    front: Vec<usize>,
}

impl Walk {
    pub(super) fn new(units: usize) -> Self {
        Self { seen: vec![0; units], round: 0, front: Vec::new() }
    }

    /// Is the connected group of `leaves` in one part, and not empty, without it (and with `comes`)?
    pub(super) fn holds(&mut self, problem: &Problem, group: &[usize], leaves: usize, comes: Option<usize>) -> bool {
        let number = group[leaves];
        let stays = |unit: usize| unit != leaves && group[unit] == number;
        let mut missing = problem.neighbours(leaves).iter().filter(|&&unit| stays(unit)).count();
        let Some(&first) = problem.neighbours(leaves).iter().find(|&&unit| stays(unit)) else {
            // It was alone: who comes is alone too.
            return comes.is_some();
        };
        if comes.is_some_and(|comes| !problem.neighbours(comes).iter().any(|&unit| stays(unit))) {
            return false;
        }
        missing -= 1;
        if missing == 0 {
            return true;
        }
        self.round = if self.round == u32::MAX {
            self.seen.fill(0);
            1
        } else {
            self.round + 1
        };
        self.front.clear();
        self.front.push(first);
        self.seen[first] = self.round;
        while let Some(unit) = self.front.pop() {
            for &next in problem.neighbours(unit) {
                if self.seen[next] == self.round || !(stays(next) || Some(next) == comes) {
                    continue;
                }
                self.seen[next] = self.round;
                if problem.neighbours(leaves).binary_search(&next).is_ok() && Some(next) != comes {
                    missing -= 1;
                    if missing == 0 {
                        return true;
                    }
                }
                self.front.push(next);
            }
        }
        false
    }
}
