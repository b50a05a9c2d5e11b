//! From where does one get everywhere? The largest strongly connected part of the arcs that are open (Tarjan 1972,
//! without recursion).

use std::cmp::Reverse;

use super::NONE;
use crate::network::roads::dense;

/// The arcs of the largest part; of equals, the one with the lowest arc. A lone arc is no part.
/// Arc a is followed by `to[starts[a]..starts[a + 1]]`.
pub(super) fn largest(starts: &[u32], to: &[u32], open: &[bool]) -> Vec<bool> {
    let count = open.len();
    let mut index = vec![NONE; count];
    let mut low = vec![0_u32; count];
    let mut part = vec![NONE; count];
    let mut stack = Vec::new();
    let mut calls: Vec<(u32, u32)> = Vec::new();
    let mut clock = 0;
    let mut sizes: Vec<(usize, Reverse<u32>)> = Vec::new();
    for first in 0..dense(count) {
        if index[first as usize] != NONE || !open[first as usize] {
            continue;
        }
        calls.push((first, 0));
        while let Some((arc, child)) = calls.pop() {
            let at = arc as usize;
            if child == 0 {
                index[at] = clock;
                low[at] = clock;
                clock += 1;
                stack.push(arc);
            }
            let after = &to[starts[at] as usize..starts[at + 1] as usize];
            if child > 0 {
                low[at] = low[at].min(low[after[child as usize - 1] as usize]);
            }
            let mut child = child as usize;
            let mut down = None;
            while child < after.len() {
                let to = after[child];
                child += 1;
                if !open[to as usize] {
                    continue;
                }
                if index[to as usize] == NONE {
                    down = Some(to);
                    break;
                }
                if part[to as usize] == NONE {
                    low[at] = low[at].min(index[to as usize]);
                }
            }
            if let Some(to) = down {
                calls.push((arc, dense(child)));
                calls.push((to, 0));
                continue;
            }
            if low[at] == index[at] {
                let number = dense(sizes.len());
                let (mut size, mut lowest) = (0, NONE);
                while let Some(member) = stack.pop() {
                    part[member as usize] = number;
                    size += 1;
                    lowest = lowest.min(member);
                    if member == arc {
                        break;
                    }
                }
                sizes.push((size, Reverse(lowest)));
            }
        }
    }
    let largest = (0..sizes.len()).max_by_key(|number| sizes[*number]).filter(|number| sizes[*number].0 > 1);
    part.iter().map(|number| largest.is_some_and(|largest| *number as usize == largest)).collect()
}
