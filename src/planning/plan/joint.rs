//! What parks are worth together and apart, in the plan: the game behind the shares, so that anybody can divide again.
//!
//! Rules (what [`crate::planning::shares`] makes and `check` re-derives; fen of a mean day, whole):
//! - **Players**: the parks somebody of the plan's cohorts travels to or from, by id; after them, if there is anybody, those who travel to
//!   no park, as one player (`null`). A cohort is of the park at its destination, else at its origin; a gate is its park.
//! - **Coalition**: a number whose bit `i` says that player `i` is in it.
//! - **Value**: what the best plan that was found for these players alone saves over doing nothing, all costs taken off (people's time and
//!   fares, vehicles, upkeep; the price of changes is not among them). Each coalition may use the whole fleet and the whole budget: what
//!   they could do without the others, not what part of the money is theirs. No coalition but everybody is worth less than the best it can do in
//!   parts. **Everybody's value is the plan's own**: nothing - objective + changes.
//! - **Gain**: Shapley's value, in whole fen that sum to everybody's value.
//! - **Saved**: what the riders of a player save over their alternatives in the plan, no costs taken off.
//! - **Burden** of a player: saved - gain, what it takes on of running cost and upkeep together. Below 0 (it brings the others more than
//!   its own people save): nothing. What it **pays** is the running cost in proportion to burdens, to the fen (largest remainders, of equals the
//!   first); its firms and people without one pay that in proportion to their boardings.

use serde::{Deserialize, Serialize};

use crate::domain::units::Fen;

/// Division of what all gain together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Joint {
    /// Site ids of parks, ascending; `None` at the end: who travels to no park.
    pub players: Vec<Option<String>>,
    /// What the players' riders save in the plan before any cost, fen a day.
    pub saved: Vec<Fen>,
    /// Which coalitions the values are of. Empty: all of them, from nobody (0) to everybody, so that a value stands at its coalition.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coalitions: Vec<u64>,
    /// Their values, fen a day.
    pub values: Vec<Fen>,
    /// Where not all coalitions were worked out: orders in which the players come, each of which counts backwards too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<Vec<u8>>,
    /// Shapley's value by player, fen a day: they sum to the value of everybody.
    pub gains: Vec<Fen>,
    /// Of the gains where they are from drawn orders, fen a day; else empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standard_error: Vec<Fen>,
    /// The parts in which all are worth most: one, unless they are worth more apart.
    pub parts: Vec<u64>,
    /// Does no coalition do better alone? `None`: not known (drawn orders, and of the coalitions on the way none does).
    pub in_core: Option<bool>,
    /// The coalition that would be better off apart by most.
    pub worst: Option<Objection>,
    /// Where the gains are not in the core but others are: the nearest of those, fen a day.
    pub alternative: Option<Vec<Fen>>,
    /// Where no division is in the core: the least money from outside that makes one.
    pub subsidy: Option<Subsidy>,
    /// How far two searches for the same coalition are apart: root mean square over all of them, fen a day. Differences below it say nothing.
    pub noise_fen: Fen,
}

/// A coalition and what it would gain apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Objection {
    /// Who.
    pub coalition: u64,
    /// How much better apart, fen a day; above 0.
    pub fen: Fen,
}

/// Money from outside that keeps everybody together, with its proof.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subsidy {
    /// Enough, fen a day.
    pub fen: Fen,
    /// No fewer whole fen are enough.
    pub least: Fen,
    /// Gains with it, by player, fen a day: no coalition does better alone.
    pub gains: Vec<Fen>,
    /// Coalitions and weights over `of` that prove `least`: each player's weigh `of` together.
    pub weights: Vec<(u64, u64)>,
    /// Above 0.
    pub of: u64,
}

impl Joint {
    /// What a coalition is worth, if it was worked out.
    #[must_use]
    pub fn value(&self, coalition: u64) -> Option<Fen> {
        if coalition == 0 {
            return Some(Fen::ZERO);
        }
        let at = if self.coalitions.is_empty() {
            usize::try_from(coalition).ok()?
        } else {
            self.coalitions.iter().position(|other| *other == coalition)?
        };
        self.values.get(at).copied()
    }

    /// What parks are worth together beyond what each is worth alone, fen a day; who is no player is worth nothing. `None` where it was not
    /// worked out.
    #[must_use]
    pub fn saving(&self, parks: &[String]) -> Option<Fen> {
        let plays = |player: &Option<String>| player.as_ref().is_some_and(|site| parks.contains(site));
        let members: Vec<usize> = (0..self.players.len().min(63)).filter(|&at| plays(&self.players[at])).collect();
        let together = self.value(members.iter().map(|at| 1_u64 << at).sum())?;
        let apart = members.iter().map(|at| self.value(1 << at)).sum::<Option<Fen>>()?;
        Some(together - apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn together_less_each_alone() {
        let fen = |values: &[i64]| values.iter().copied().map(Fen).collect();
        let name = |id: &str| Some(id.to_owned());
        let mut joint = Joint {
            players: vec![name("a"), name("b"), None],
            values: fen(&[0, 100, 20, 300, 7, 107, 27, 350]),
            ..Joint::default()
        };
        let saving =
            |joint: &Joint, parks: &[&str]| joint.saving(&parks.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        // 300 - 100 - 20; c has nobody who travels.
        assert_eq!(saving(&joint, &["a", "b"]), Some(Fen(180)));
        assert_eq!(saving(&joint, &["a", "c"]), Some(Fen(0)));
        (joint.coalitions, joint.values) = (vec![1, 3, 7], fen(&[100, 300, 350]));
        assert_eq!(saving(&joint, &["a", "b"]), None);
    }
}
