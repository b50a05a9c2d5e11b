//! Are shares of a joint benefit Shapley's, do they hold, and is the subsidy the least?
//!
//! From the values of all coalitions (fen a mean day, at the index of the coalition's bits; nobody 0) each number is derived by another way than
//! the stage's: the value from Harsanyi's dividends (1963: each coalition's own contribution, shared equally by its members) instead
//! of marginal contributions, the closure by splits in two, objections one coalition at a time, a subsidy by the balanced weights that
//! the plan states. Limits: 12 players; that an alternative is the *nearest* is not judged, only that it sums up and nobody objects.

use crate::domain::units::Fen;

/// Most players, as in the plan.
const MOST: u32 = 12;
/// Least common multiple of 1 to 12: dividends in equal parts stay whole.
const PARTS: i128 = 27_720;

/// What a plan says of a joint benefit.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// By player, fen a day.
    pub shares: Vec<Fen>,
    /// No coalition does better alone (before rounding).
    pub in_core: bool,
    /// The coalition that loses most by `shares`, and how much.
    pub worst: Option<(u64, Fen)>,
    /// Another division of the same sum to which nobody objects.
    pub alternative: Option<Vec<Fen>>,
    /// Where no division holds: what is needed.
    pub subsidy: Option<Subsidy>,
}

/// Money from outside and its proof.
#[derive(Clone, Debug, Default)]
pub struct Subsidy {
    /// What each is given, fen a day.
    pub shares: Vec<Fen>,
    /// No fewer whole fen beyond what all are worth are enough.
    pub least: Fen,
    /// Coalitions and weights over `of`; each player's weigh `of` together.
    pub weights: Vec<(u64, u64)>,
    /// Above 0.
    pub of: u64,
}

/// What does not hold of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The values are no game of 1 to 12 players, or somebody's share is missing.
    Game,
    /// Not Shapley's value to the fen.
    Share {
        /// Player.
        player: usize,
        /// What it is.
        expected: Fen,
        /// What the plan says.
        found: Fen,
    },
    /// In the core, or not, other than said.
    InCore,
    /// Another coalition loses most, or another amount.
    Worst,
    /// Offered where shares hold, does not sum up, or somebody objects by a fen a member or more.
    Alternative,
    /// Not needed, not enough, or not proven to be the least.
    Subsidy,
    /// Neither offered nor shown to be impossible.
    Missing,
}

/// All that is wrong with a claim about the game of these values; empty: it holds.
#[must_use]
pub fn judge(values: &[Fen], claim: &Claim) -> Vec<Fault> {
    let Some(worth) = closure(values) else { return vec![Fault::Game] };
    let players = worth.len().trailing_zeros() as usize;
    if claim.shares.len() != players {
        return vec![Fault::Game];
    }
    let exact = by_dividends(&worth);
    let mut faults = Vec::new();
    for (player, (expected, &found)) in rounded(&exact).into_iter().zip(&claim.shares).enumerate() {
        if found != expected {
            faults.push(Fault::Share { player, expected, found });
        }
    }
    let all = worth.len() - 1;
    let short = |set: usize| worth[set] * PARTS - members(set).map(|player| exact[player]).sum::<i128>();
    let in_core = (1..all).all(|set| short(set) <= 0);
    if in_core != claim.in_core {
        faults.push(Fault::InCore);
    }
    let most = (1..all).map(|set| objection(&worth, &claim.shares, set)).max().unwrap_or(0);
    let says_so = match claim.worst {
        None => most <= 0,
        Some((set, fen)) => {
            let set = usize::try_from(set).unwrap_or(0);
            let proper = (1..all).contains(&set);
            most > 0 && proper && i128::from(fen.0) == most && objection(&worth, &claim.shares, set) == most
        }
    };
    if !says_so {
        faults.push(Fault::Worst);
    }
    if let Some(shares) = &claim.alternative {
        // Whole fen may leave less than a fen a member.
        let stays = |set: usize| objection(&worth, shares, set) < i128::from(set.count_ones());
        let sums = shares.len() == players && total(shares) == worth[all];
        if in_core || !sums || !(1..all).all(stays) {
            faults.push(Fault::Alternative);
        }
    }
    if let Some(subsidy) = &claim.subsidy
        && (in_core || claim.alternative.is_some() || !needed(&worth, subsidy))
    {
        faults.push(Fault::Subsidy);
    }
    if !in_core && claim.alternative.is_none() && claim.subsidy.is_none() {
        faults.push(Fault::Missing);
    }
    faults
}

/// Is the subsidy enough, and do the weights show that `least` is the least?
fn needed(worth: &[i128], subsidy: &Subsidy) -> bool {
    let all = worth.len() - 1;
    let players = worth.len().trailing_zeros() as usize;
    let of = i128::from(subsidy.of);
    let mut weight = vec![0_i128; players];
    let mut limit = 0_i128;
    for &(set, own) in &subsidy.weights {
        let Some(set) = usize::try_from(set).ok().filter(|set| (1..=all).contains(set)) else { return false };
        members(set).for_each(|player| weight[player] += i128::from(own));
        // Weights beyond `of` cannot be balanced.
        if own > subsidy.of {
            return false;
        }
        let Some(product) = i128::from(own).checked_mul(worth[set]) else { return false };
        let Some(sum) = limit.checked_add(product) else { return false };
        limit = sum;
    }
    let Some(value) = of.checked_mul(worth[all]) else { return false };
    let balanced = of > 0 && weight.iter().all(|sum| *sum == of);
    let more = limit.saturating_sub(value);
    let least = more.div_euclid(of.max(1)) + i128::from(more.rem_euclid(of.max(1)) > 0);
    let given = total(&subsidy.shares) - worth[all];
    balanced
        && more > 0
        && i128::from(subsidy.least.0) == least
        && subsidy.shares.len() == players
        && (least..least + players as i128).contains(&given)
        && (1..all).all(|set| objection(worth, &subsidy.shares, set) <= 0)
}

/// What coalitions but everybody are worth when they may act in two parts, and those in two again. `None`: no game.
fn closure(values: &[Fen]) -> Option<Vec<i128>> {
    let players = values.len().checked_ilog2()?;
    if !values.len().is_power_of_two() || !(1..=MOST).contains(&players) || values[0] != Fen::ZERO {
        return None;
    }
    let mut worth: Vec<i128> = values.iter().map(|value| i128::from(value.0)).collect();
    // Everybody is worth what the plan is, though its parts may be worth more.
    for set in 1..worth.len() - 1 {
        let mut part = (set - 1) & set;
        while part > 0 {
            worth[set] = worth[set].max(worth[part] + worth[set & !part]);
            part = (part - 1) & set;
        }
    }
    Some(worth)
}

/// The value of each player, in [`PARTS`] of a fen.
fn by_dividends(worth: &[i128]) -> Vec<i128> {
    let players = worth.len().trailing_zeros() as usize;
    // Möbius inversion: what a coalition brings that no smaller one in it does.
    let mut dividends = worth.to_vec();
    for player in 0..players {
        for set in (0..worth.len()).filter(|set| set >> player & 1 == 1) {
            dividends[set] -= dividends[set & !(1 << player)];
        }
    }
    let mut exact = vec![0; players];
    for (set, dividend) in dividends.iter().enumerate().skip(1) {
        let part = dividend * (PARTS / i128::from(set.count_ones()));
        members(set).for_each(|player| exact[player] += part);
    }
    exact
}

/// Whole fen: down, and one more for the largest rests, of equals the first.
fn rounded(exact: &[i128]) -> Vec<Fen> {
    rounded_over(exact, PARTS)
}

/// The same of parts of a fen, so many to one.
pub(super) fn rounded_over(exact: &[i128], of: i128) -> Vec<Fen> {
    let rest = |player: usize| exact[player].rem_euclid(of);
    let left: i128 = (0..exact.len()).map(rest).sum::<i128>() / of;
    let share = |player: usize| {
        let own = rest(player);
        let before = (0..exact.len()).filter(|&other| rest(other) > own || rest(other) == own && other < player);
        let more = i128::from((before.count() as i128) < left);
        Fen(i64::try_from(exact[player].div_euclid(of) + more).unwrap_or(i64::MAX))
    };
    (0..exact.len()).map(share).collect()
}

/// What a coalition is worth beyond what it is given.
fn objection(worth: &[i128], shares: &[Fen], set: usize) -> i128 {
    worth[set] - members(set).filter_map(|player| shares.get(player)).map(|fen| i128::from(fen.0)).sum::<i128>()
}

fn total(shares: &[Fen]) -> i128 {
    shares.iter().map(|share| i128::from(share.0)).sum()
}

fn members(set: usize) -> impl Iterator<Item = usize> {
    (0..MOST as usize).filter(move |player| set >> player & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::shares::divide::divide;
    use crate::planning::shares::game::{Coalition, Game, tests::lively};
    use crate::search::{Random, cases};

    fn fen(values: &[i64]) -> Vec<Fen> {
        values.iter().copied().map(Fen).collect()
    }

    fn gloves() -> (Vec<Fen>, Claim) {
        let claim = Claim {
            shares: fen(&[400, 100, 100]),
            worst: Some((0b011, Fen(100))),
            alternative: Some(fen(&[600, 0, 0])),
            ..Claim::default()
        };
        (fen(&[0, 0, 0, 600, 0, 600, 0, 600]), claim)
    }

    fn pairs() -> (Vec<Fen>, Claim) {
        let subsidy = Subsidy {
            shares: fen(&[300, 300, 300]),
            least: Fen(300),
            weights: vec![(0b011, 1), (0b101, 1), (0b110, 1)],
            of: 2,
        };
        let claim = Claim {
            shares: fen(&[200, 200, 200]),
            worst: Some((0b011, Fen(200))),
            subsidy: Some(subsidy),
            ..Claim::default()
        };
        (fen(&[0, 0, 0, 600, 0, 600, 600, 600]), claim)
    }

    #[test]
    fn what_is_true_is_not_held_against_anybody() {
        for (values, claim) in [gloves(), pairs()] {
            assert_eq!(judge(&values, &claim), []);
        }
        let buses = Claim { shares: fen(&[500, 500, 200]), in_core: true, ..Claim::default() };
        assert_eq!(judge(&fen(&[0, 0, 0, 900, 0, 300, 300, 1200]), &buses), []);
    }

    #[test]
    fn lies_are_found() {
        let lie = |(values, mut claim): (Vec<Fen>, Claim), tell: &dyn Fn(&mut Claim)| {
            tell(&mut claim);
            judge(&values, &claim)
        };
        let share = |player, expected, found| Fault::Share { player, expected: Fen(expected), found: Fen(found) };
        let a_fen_moved = lie(gloves(), &|claim| claim.shares = fen(&[401, 99, 100]));
        // {0,2} now lose 99, {0,1} still 100.
        assert_eq!(a_fen_moved, [share(0, 400, 401), share(1, 100, 99)]);
        assert_eq!(lie(gloves(), &|claim| claim.in_core = true), [Fault::InCore]);
        assert_eq!(lie(gloves(), &|claim| claim.worst = None), [Fault::Worst]);
        assert_eq!(lie(gloves(), &|claim| claim.worst = Some((0b011, Fen(99)))), [Fault::Worst]);
        assert_eq!(lie(gloves(), &|claim| claim.worst = Some((0b110, Fen(100)))), [Fault::Worst]);
        assert_eq!(lie(gloves(), &|claim| claim.worst = Some((1 << 40, Fen(100)))), [Fault::Worst]);
        // As much to both is enough, 2 of {0,1}'s 600 are not there.
        assert_eq!(lie(gloves(), &|claim| claim.alternative = Some(fen(&[598, 0, 2]))), [Fault::Alternative]);
        assert_eq!(lie(gloves(), &|claim| claim.alternative = Some(fen(&[601, 0, 0]))), [Fault::Alternative]);
        assert_eq!(lie(gloves(), &|claim| claim.alternative = Some(fen(&[600]))), [Fault::Alternative]);
        assert_eq!(lie(gloves(), &|claim| claim.alternative = None), [Fault::Missing]);
        assert_eq!(lie(gloves(), &|claim| claim.shares = fen(&[600])), [Fault::Game]);

        let subsidy = |tell: &dyn Fn(&mut Subsidy)| lie(pairs(), &|claim| claim.subsidy.iter_mut().for_each(tell));
        assert_eq!(subsidy(&|subsidy| subsidy.least = Fen(299)), [Fault::Subsidy]);
        assert_eq!(subsidy(&|subsidy| subsidy.shares = fen(&[301, 300, 299])), [Fault::Subsidy]);
        assert_eq!(subsidy(&|subsidy| subsidy.shares = fen(&[303, 300, 300])), [Fault::Subsidy]);
        assert_eq!(subsidy(&|subsidy| subsidy.weights[0].1 = 2), [Fault::Subsidy]);
        assert_eq!(subsidy(&|subsidy| subsidy.weights[0].0 = 1 << 50), [Fault::Subsidy]);
        assert_eq!(subsidy(&|subsidy| subsidy.of = 0), [Fault::Subsidy]);
        assert_eq!(lie(gloves(), &|claim| claim.subsidy = pairs().1.subsidy), [Fault::Subsidy]);
    }

    #[test]
    fn nothing_breaks_on_any_numbers() {
        assert_eq!(judge(&[], &Claim::default()), [Fault::Game]);
        assert_eq!(judge(&fen(&[0, 1, 2]), &Claim::default()), [Fault::Game]);
        assert_eq!(judge(&fen(&[1, 1]), &Claim::default()), [Fault::Game]);
        let wild: Vec<Fen> = (0..1 << 12)
            .map(|set| {
                Fen(if set == 0 {
                    0
                } else if set % 2 == 0 {
                    i64::MAX
                } else {
                    i64::MIN
                })
            })
            .collect();
        let subsidy = Subsidy {
            shares: vec![Fen(i64::MAX); 12],
            weights: vec![(2, u64::MAX); 12],
            of: u64::MAX,
            ..Subsidy::default()
        };
        let claim = Claim { shares: vec![Fen(i64::MIN); 12], subsidy: Some(subsidy), ..Claim::default() };
        assert!(judge(&wild, &claim).len() > 12);
    }

    /// What the stage says of a game, as a plan would.
    fn claim(game: &Game) -> Claim {
        let shares = divide(game);
        Claim {
            shares: shares.fen,
            in_core: shares.in_core == Some(true),
            worst: shares.worst.map(|worst| (worst.coalition.0, worst.fen)),
            alternative: shares.alternative.map(|other| other.fen),
            subsidy: shares.subsidy.map(|subsidy| Subsidy {
                shares: subsidy.shares,
                least: subsidy.least,
                weights: subsidy.weights.iter().map(|(set, own)| (set.0, u64::try_from(*own).unwrap())).collect(),
                of: u64::try_from(subsidy.of).unwrap(),
            }),
        }
    }

    #[test]
    fn agrees_with_the_stage_on_random_games() {
        let draw = &mut Random::new(12);
        let mut kinds = [0; 3];
        for case in 0..cases(200, 2000) {
            let players = 1 + case % 7;
            let game = lively(players, draw);
            let values: Vec<Fen> = (0..1 << players).map(|set| game.value(Coalition(set))).collect();
            let claim = claim(&game);
            assert_eq!(judge(&values, &claim), [], "{values:?}");
            kinds[usize::from(claim.alternative.is_some()) + 2 * usize::from(claim.subsidy.is_some())] += 1;
            // One fen from one to another is always found.
            if players > 1 {
                let mut lie = claim;
                lie.shares[0] += Fen(1);
                lie.shares[players - 1] -= Fen(1);
                assert!(judge(&values, &lie).len() >= 2);
            }
        }
        // Not closed, all together are mostly worth more than their parts, or less: that another division holds is rare.
        assert!(kinds.iter().all(|&kind| kind > cases(3, 20)), "{kinds:?}");
    }
}
