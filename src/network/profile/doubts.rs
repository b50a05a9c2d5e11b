//! What was odd about the tags of an import, counted: said in a few findings, not one a way.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::domain::finding::Finding;

/// Different values and names remembered; beyond them only the count goes on.
const MOST: usize = 1_000;
/// Examples named in a finding.
const EXAMPLES: usize = 3;

/// Counts of what is odd, by what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::network) struct Doubts {
    /// "maxheight=3m50": a limit that was not understood and does not hold.
    unclear: Tally,
    /// Names of main roads the bus does not fit through.
    low: Tally,
    /// Names of main roads nobody may use.
    nobody: Tally,
    /// Turn restrictions that were not understood, by what is odd about them.
    turns: Tally,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    all: u64,
    of: BTreeMap<String, u64>,
}

impl Tally {
    fn add(&mut self, what: &str, count: u64) {
        self.all += count;
        let what: String = what.chars().filter(|c| !c.is_control()).take(40).collect();
        if !what.is_empty() && (self.of.len() < MOST || self.of.contains_key(&what)) {
            *self.of.entry(what).or_default() += count;
        }
    }
    fn merge(&mut self, other: &Self) {
        let named: u64 = other.of.values().sum();
        self.all += other.all - named;
        for (what, count) in &other.of {
            self.add(what, *count);
        }
    }
    /// The finding, if there is anything to say: how many, and the most frequent.
    fn said(&self, finding: Finding) -> Option<Finding> {
        if self.all == 0 {
            return None;
        }
        let mut list: Vec<(&str, u64)> = self.of.iter().map(|(what, count)| (what.as_str(), *count)).collect();
        list.sort_by_key(|(what, count)| (Reverse(*count), *what));
        let list: Vec<&str> = list.into_iter().take(EXAMPLES).map(|(what, _)| what).collect();
        let examples = if list.is_empty() { "-".to_owned() } else { list.join(", ") };
        Some(finding.arg("count", self.all.to_string()).arg("examples", examples))
    }
}

impl Doubts {
    pub(in crate::network) fn unclear(&mut self, key: &str, value: &str) {
        self.unclear.add(&format!("{key}={value}"), 1);
    }
    pub(super) fn low(&mut self, name: &str) {
        self.low.add(name, 1);
    }
    pub(super) fn nobody(&mut self, name: &str) {
        self.nobody.add(name, 1);
    }
    pub(in crate::network) fn turn(&mut self, what: &str) {
        self.turns.add(what, 1);
    }

    /// Adds those of the next piece of the file.
    pub(in crate::network) fn merge(&mut self, next: &Self) {
        self.unclear.merge(&next.unclear);
        self.low.merge(&next.low);
        self.nobody.merge(&next.nobody);
        self.turns.merge(&next.turns);
    }

    /// What is said of them.
    pub(in crate::network) fn findings(&self, file: &str) -> Vec<Finding> {
        let all = [
            self.unclear.said(Finding::note("roads-limit-unclear")),
            self.low.said(Finding::note("roads-bus-too-large")),
            self.nobody.said(Finding::note("roads-for-nobody")),
            self.turns.said(Finding::note("roads-turns-unclear")),
        ];
        all.into_iter().flatten().map(|finding| finding.file(file)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_are_named_whatever_the_pieces() {
        let mut whole = Doubts::default();
        let mut pieces = [Doubts::default(), Doubts::default()];
        for (at, value) in ["x", "y", "x", "z", "w", "y", "x"].iter().enumerate() {
            whole.unclear("maxheight", value);
            pieces[at / 4].unclear("maxheight", value);
        }
        let mut joined = Doubts::default();
        pieces.iter().for_each(|piece| joined.merge(piece));
        assert_eq!(joined, whole);
        let [only] = whole.findings("f").try_into().unwrap();
        assert_eq!((only.code.as_str(), &only.args["count"]), ("roads-limit-unclear", &"7".into()));
        assert_eq!(only.args["examples"], "maxheight=x, maxheight=y, maxheight=w".into());
        // Names one too many are counted all the same.
        (0..2_000).for_each(|at| whole.turn(&at.to_string()));
        let mut twice = Doubts::default();
        twice.merge(&whole);
        assert_eq!(twice, whole);
        assert_eq!((twice.turns.all, twice.turns.of.len()), (2_000, MOST));
        assert_eq!(Doubts::default().findings("f"), []);
    }
}
