//! Who may read what: outside the planner nothing is told about fewer than k people (policy.k_anonymity, 5), also not by
//! subtraction.
//!
//! Two ways, both old practice in official statistics (Hundepool et al., Statistical Disclosure Control, 2012): in a table
//! with a total, small rows are merged until the merged row hides at least two members and k people (primary and
//! complementary suppression, [`tell`]); in a chart or diary without a total, numbers are rounded to multiples of k
//! ([`about`]), so that a difference of two of them says nothing about a few.

use crate::domain::units::People;

/// One row of a table that adds up to a total everybody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<T> {
    /// What it is about.
    pub what: T,
    /// The people it is about; what counts for hiding.
    pub people: People,
    /// What is told of them (fen, people …); rows and rest sum to the same total.
    pub amount: i64,
}

/// Rows too small to be told alone, together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// How many rows: at least two.
    pub members: usize,
    /// Their people: at least k.
    pub people: People,
    /// Their amounts.
    pub amount: i64,
}

/// What may be told of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told<T> {
    /// Rows of at least k people, most people first.
    pub shown: Vec<Part<T>>,
    /// The others.
    pub rest: Option<Rest>,
    /// All rows together are fewer than k people: not even the total may be told.
    pub withheld: bool,
}

/// Enough people to be told about?
#[must_use]
pub fn enough(people: People, k: u32) -> bool {
    people >= People::whole(k.min(u32::MAX / 1000))
}

/// Merges what is too small: rows below k, then the smallest others until the merged row has k people and two members.
/// Rows without people and amount say nothing and are dropped.
#[must_use]
pub fn tell<T>(parts: Vec<Part<T>>, k: u32) -> Told<T> {
    let mut shown: Vec<Part<T>> =
        parts.into_iter().filter(|part| part.people != People::ZERO || part.amount != 0).collect();
    shown.sort_by_key(|part| std::cmp::Reverse(part.people)); // stable: ties stay in the given order
    let first_small = shown.iter().position(|part| !enough(part.people, k)).unwrap_or(shown.len());
    let mut small = shown.split_off(first_small);
    if small.is_empty() {
        return Told { shown, rest: None, withheld: false };
    }
    let total = |parts: &[Part<T>]| parts.iter().map(|part| u64::from(part.people.0)).sum::<u64>();
    while small.len() < 2 || total(&small) < u64::from(k) * 1000 {
        match shown.pop() {
            Some(part) => small.push(part),
            None => break,
        }
    }
    let people = total(&small);
    // One row that is large enough alone can only stand here when it was the only one: then it was not small.
    let withheld = people < u64::from(k) * 1000 || small.len() < 2;
    let rest = (!withheld).then(|| Rest {
        members: small.len(),
        people: People(u32::try_from(people).unwrap_or(u32::MAX)),
        amount: small.iter().map(|part| part.amount).sum(),
    });
    Told { shown, rest, withheld }
}

/// A number of people as it may be told where it stands among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// Nobody.
    Nobody,
    /// Fewer than k.
    Few,
    /// The nearest multiple of k, at least k.
    Around(u32),
}

/// Rounds to the nearest multiple of k (halves up); below k only "few".
#[must_use]
pub fn about(people: People, k: u32) -> About {
    let k = k.max(1);
    if people == People::ZERO {
        About::Nobody
    } else if !enough(people, k) {
        About::Few
    } else {
        let step = u64::from(k) * 1000;
        let steps = (u64::from(people.0) + step / 2) / step;
        About::Around(u32::try_from(steps.max(1) * u64::from(k)).unwrap_or(u32::MAX))
    }
}

/// Is a vehicle full to a reader: at least 97 of a hundred seats taken, or more once rounded than it has?
#[must_use]
pub fn fills(people: People, seats: u32, k: u32) -> bool {
    let most = |n: u32| seats > 0 && n > seats;
    enough(people, k)
        && seats > 0
        && (u64::from(people.0) * 100 >= u64::from(seats) * 97_000
            || matches!(about(people, k), About::Around(n) if most(n)))
}

/// May two numbers be told that add up to a known total? Not when one of them is of a few: the other would tell it.
#[must_use]
pub fn pair_tells(a: People, b: People, k: u32) -> bool {
    let few = |people: People| people > People::ZERO && !enough(people, k);
    few(a) || few(b)
}

impl About {
    /// For the height of a bar: few people are drawn as half of k, whatever they are.
    #[must_use]
    pub fn height(self, k: u32) -> f64 {
        match self {
            Self::Nobody => 0.0,
            Self::Few => f64::from(k) / 2.0,
            Self::Around(n) => f64::from(n),
        }
    }
    /// "–", "<5", "≈10": the same in all languages.
    #[must_use]
    pub fn text(self, k: u32) -> String {
        match self {
            Self::Nobody => "–".to_owned(),
            Self::Few => format!("<{k}"),
            Self::Around(n) => format!("≈{n}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(what: &'static str, people: u32, amount: i64) -> Part<&'static str> {
        Part { what, people: People::whole(people), amount }
    }

    #[test]
    fn a_small_row_takes_the_next_smallest_with_it() {
        // 3 alone would follow from the total; with the row of 6 it is 9 people and two members.
        let told = tell(vec![part("a", 20, 200), part("b", 3, 30), part("c", 6, 60)], 5);
        assert_eq!(told.shown, vec![part("a", 20, 200)]);
        assert_eq!(told.rest, Some(Rest { members: 2, people: People::whole(9), amount: 90 }));
    }

    #[test]
    fn small_rows_that_are_enough_together_stand_together() {
        let told = tell(vec![part("a", 20, 200), part("b", 3, 30), part("c", 2, 20)], 5);
        assert_eq!(told.shown, vec![part("a", 20, 200)]);
        assert_eq!(told.rest, Some(Rest { members: 2, people: People::whole(5), amount: 50 }));
    }

    #[test]
    fn too_few_in_all_are_withheld() {
        assert!(tell(vec![part("a", 2, 1), part("b", 2, 1)], 5).withheld);
        assert!(tell(vec![part("a", 4, 1)], 5).withheld);
        assert!(!tell(vec![part("a", 5, 1)], 5).withheld);
        assert!(!tell(Vec::<Part<&str>>::new(), 5).withheld);
    }

    #[test]
    fn rounding_to_fives() {
        let text = |thousandths| about(People(thousandths), 5).text(5);
        assert_eq!(text(0), "–");
        assert_eq!(text(1), "<5");
        assert_eq!(text(4_999), "<5");
        assert_eq!(text(5_000), "≈5");
        assert_eq!(text(7_499), "≈5");
        assert_eq!(text(7_500), "≈10");
    }

    #[test]
    fn full_from_97_of_a_hundred_and_never_more_than_the_seats() {
        assert!(fills(People::whole(33), 33, 5) && fills(People(32_010), 33, 5));
        assert!(!fills(People(31_900), 33, 5), "about 30");
        // 18 of 19 would round to 20.
        assert!(fills(People::whole(18), 19, 5) && !fills(People::whole(17), 19, 5));
        assert!(!fills(People::whole(9), 0, 5), "a vehicle nobody knows");
        // 33 of 33 is nothing about a few; 4 of 4 would be.
        assert!(!fills(People::whole(4), 4, 5));
    }

    #[test]
    fn a_pair_tells_by_its_difference() {
        assert!(pair_tells(People::whole(36), People::whole(2), 5));
        assert!(pair_tells(People(400), People::whole(36), 5));
        assert!(!pair_tells(People::whole(38), People::ZERO, 5));
        assert!(!pair_tells(People::whole(33), People::whole(5), 5));
    }

    proptest! {
        /// Whatever comes in: what is told is about k people or more, the rest too, and the sums are kept.
        #[test]
        fn nothing_about_fewer_than_k(rows in prop::collection::vec((0_u32..12_000, 0_i64..1000), 0..12), k in 1_u32..8) {
            let parts: Vec<Part<usize>> =
                rows.iter().enumerate().map(|(i, &(p, a))| Part { what: i, people: People(p), amount: a }).collect();
            let told = tell(parts, k);
            prop_assert!(told.shown.iter().all(|part| part.people.0 >= k * 1000));
            if let Some(rest) = &told.rest {
                prop_assert!(rest.members >= 2 && rest.people.0 >= k * 1000);
            }
            if told.withheld {
                prop_assert!(told.shown.is_empty());
            } else {
                let sum: i64 = told.shown.iter().map(|p| p.amount).sum::<i64>() + told.rest.map_or(0, |r| r.amount);
                prop_assert_eq!(sum, rows.iter().map(|r| r.1).sum::<i64>());
            }
        }
    }
}
