//! What is the most profit that fits? 0-1 knapsack in integers: dynamic programme by capacity, or its limit where that is large.

/// Largest capacity the programme is run for.
const MOST: usize = 20_000;

/// Profits and sizes; sorted by profit per size, best first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) profit: i64,
    pub(super) size: u32,
    pub(super) at: u32,
}

/// Memory that is used again.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    best: Vec<i64>,
    taken: Vec<u64>,
}

/// Best ratio first.
pub(super) fn sort(items: &mut [Item]) {
    items.sort_unstable_by(|a, b| {
        let (left, right) = (i128::from(a.profit) * i128::from(b.size), i128::from(b.profit) * i128::from(a.size));
        right.cmp(&left).then(a.at.cmp(&b.at))
    });
}

/// Sorted items: no choice has more profit (Dantzig 1957: all that fit and a part of the next).
pub(super) fn limit(items: &[Item], capacity: u32) -> i64 {
    let mut left = capacity;
    let mut total = 0;
    for item in items {
        if item.size <= left {
            left -= item.size;
            total += item.profit;
        } else {
            let part = i128::from(item.profit) * i128::from(left) / i128::from(item.size);
            #[expect(clippy::cast_possible_truncation, reason = "a part of an i64")]
            return total + part as i64 + i64::from(left > 0);
        }
    }
    total
}

/// The most profit, and which items make it (of a limit: about those). Items sorted, each fits alone.
pub(super) fn solve(items: &[Item], capacity: u32, scratch: &mut Scratch, chosen: &mut Vec<u32>) -> i64 {
    chosen.clear();
    let size: u64 = items.iter().map(|item| u64::from(item.size)).sum();
    if size <= u64::from(capacity) {
        chosen.extend(items.iter().map(|item| item.at));
        return items.iter().map(|item| item.profit).sum();
    }
    let room = capacity as usize;
    if room > MOST {
        let mut left = capacity;
        for item in items {
            if item.size <= left {
                left -= item.size;
                chosen.push(item.at);
            }
        }
        return limit(items, capacity);
    }
    let words = room / 64 + 1;
    scratch.best.clear();
    scratch.best.resize(room + 1, 0);
    scratch.taken.clear();
    scratch.taken.resize(words * items.len(), 0);
    for (row, item) in items.iter().enumerate() {
        let size = item.size as usize;
        let taken = &mut scratch.taken[row * words..(row + 1) * words];
        for at in (size..=room).rev() {
            let with = scratch.best[at - size] + item.profit;
            if with > scratch.best[at] {
                scratch.best[at] = with;
                taken[at / 64] |= 1 << (at % 64);
            }
        }
    }
    let mut at = room;
    for (row, item) in items.iter().enumerate().rev() {
        if scratch.taken[row * words + at / 64] >> (at % 64) & 1 == 1 {
            chosen.push(item.at);
            at -= item.size as usize;
        }
    }
    scratch.best[room]
}
