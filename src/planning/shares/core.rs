//! Would any coalition do better alone? The core (Gillies 1959): divisions of what all gain that give each coalition at least what it is
//! worth.
//!
//! Whether there is one, and how much money from outside would make one, is a linear programme over balanced covers (Bondareva 1963,
//! Shapley 1967; the least subsidy is what Bachrach et al. 2009 call the cost of stability). It is solved in whole numbers and leaves with
//! both sides of its proof: a division that is enough, and weights on coalitions that nothing less can satisfy. Exact up to
//! [`super::game::MOST`] players; coalitions are taken as they are, so close a game first.

mod nearest;
mod simplex;

use super::game::{Coalition, Game};
use super::shapley::Exact;
use crate::domain::units::Fen;
use simplex::{Optimum, Row, minimise};

/// A coalition that would do better alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Not everybody.
    pub coalition: Coalition,
    /// What it is worth beyond what it is given, fen a day, above 0.
    pub fen: Fen,
}

/// The coalition that loses most by a division in whole fen; of equals the smallest, then the first. `None`: nobody loses.
#[must_use]
pub fn worst(game: &Game, shares: &[Fen]) -> Option<Complaint> {
    let given = |set: Coalition| set.players().filter_map(|player| shares.get(player)).copied().sum::<Fen>();
    proper(game)
        .map(|coalition| Complaint { coalition, fen: game.value(coalition) - given(coalition) })
        .filter(|complaint| complaint.fen > Fen::ZERO)
        .max_by_key(|c| (c.fen, std::cmp::Reverse((c.coalition.size(), c.coalition))))
}

/// Does an exact division of everybody's value give each coalition what it is worth?
#[must_use]
pub fn holds(game: &Game, shares: &Exact) -> bool {
    allows(game, shares, game.at(game.all()))
}

/// As [`holds`], for a total of `total` fen.
fn allows(game: &Game, shares: &Exact, total: i64) -> bool {
    let given = |set: Coalition| set.players().map(|player| shares.numerators[player]).sum::<i128>();
    given(game.all()) == i128::from(total) * shares.denominator
        && proper(game).all(|set| given(set) >= i128::from(game.at(set)) * shares.denominator)
}

/// What would satisfy every coalition, and why nothing less would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// A division that gives each coalition, everybody too, at least what it is worth; no other has a smaller sum.
    pub shares: Exact,
    /// Coalitions and weights above 0, over the denominator of `shares`. Each player's coalitions weigh 1 together, so that any such
    /// division has at least the weighted sum of their values: what `shares` sums to.
    pub weights: Vec<(Coalition, i128)>,
}

impl Cover {
    /// The sum, over the denominator, and as the least whole fen that are no less.
    fn total(&self) -> (i128, i64) {
        let sum: i128 = self.shares.numerators.iter().sum();
        let up = -(-sum).div_euclid(self.shares.denominator);
        (sum, i64::try_from(up).unwrap_or(i64::MAX))
    }
    /// Can everybody's value be divided so that nobody objects?
    #[must_use]
    pub fn has_core(&self, game: &Game) -> bool {
        self.total().0 == i128::from(game.at(game.all())) * self.shares.denominator
    }
}

/// The least that satisfies every coalition, with its proof.
#[must_use]
pub fn cover(game: &Game) -> Cover {
    let rows: Vec<Row> = game.coalitions().map(|set| row(game, set, &[])).collect();
    let players: Vec<usize> = (0..game.players()).collect();
    // Everybody alone is a balanced cover. The row of a coalition stands one before its bits.
    let alone: Vec<usize> = players.iter().map(|player| (1 << player) - 1).collect();
    // There is always a division, and an optimum that is proven. Should it ever be otherwise: each player gets what the dearest coalition
    // is worth, which satisfies all, and nothing is proven.
    minimise(&rows, &vec![1; players.len()], &alone).map_or_else(
        || {
            let most = game.coalitions().map(|set| game.at(set)).max().unwrap_or(0).max(0);
            Cover {
                shares: Exact { numerators: vec![i128::from(most); players.len()], denominator: 1 },
                weights: Vec::new(),
            }
        },
        |Optimum { x, weights, denominator }| Cover {
            shares: Exact { numerators: x, denominator },
            weights: weights.into_iter().map(|(row, weight)| (Coalition(row as u64 + 1), weight)).collect(),
        },
    )
}

/// The division of everybody's value nearest to `wished` (least squares) to which nobody objects; `None` where there is none.
#[must_use]
pub fn nearest(game: &Game, wished: &Exact) -> Option<Exact> {
    nearest::nearest(game, wished, game.at(game.all()))
}

/// That division in whole fen that sum to its total: the one with the largest remainders rounded up among those that nobody objects to.
/// `None` where rounding always leaves somebody a few fen short.
#[must_use]
pub fn settle(game: &Game, shares: &Exact) -> Option<Vec<Fen>> {
    let total = shares.numerators.iter().sum::<i128>() / shares.denominator;
    let (mut fen, mut order) = shares.floors();
    let left = usize::try_from(total - fen.iter().copied().map(i128::from).sum::<i128>()).ok()?;
    order.retain(|&player| shares.numerators[player].rem_euclid(shares.denominator) > 0);
    if left > order.len() {
        return None;
    }
    // Choices of `left` of the order in turn: at most 924 for 12 players.
    let mut chosen: Vec<usize> = (0..left).collect();
    loop {
        chosen.iter().for_each(|&at| fen[order[at]] += 1);
        let shares: Vec<Fen> = fen.iter().copied().map(Fen).collect();
        if worst(game, &shares).is_none() {
            return Some(shares);
        }
        chosen.iter().for_each(|&at| fen[order[at]] -= 1);
        let at = (0..left).rev().find(|&at| chosen[at] + left < order.len() + at)?;
        let next = chosen[at] + 1;
        chosen.iter_mut().skip(at).zip(next..).for_each(|(at, next)| *at = next);
    }
}

/// Money from outside that makes everybody stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subsidy {
    /// Enough, fen a day: what `shares` sum to beyond everybody's value.
    pub fen: Fen,
    /// Proven by the weights: no smaller number of whole fen is enough. Less than a fen a player below `fen`, mostly the same.
    pub least: Fen,
    /// What each is given, nearest to what was wished: nobody objects.
    pub shares: Vec<Fen>,
    /// [`Cover::weights`], over `of`.
    pub weights: Vec<(Coalition, i128)>,
    /// Above 0.
    pub of: i128,
}

/// The least subsidy, given the cover of a game without a core, and the division nearest to `wished` that it allows.
#[must_use]
pub fn subsidy(game: &Game, cover: &Cover, wished: &Exact) -> Subsidy {
    let (value, (_, least)) = (game.value(game.all()), cover.total());
    let up = |n: &i128| Fen(i64::try_from(-(-n).div_euclid(cover.shares.denominator)).unwrap_or(i64::MAX));
    // Rounded up all are satisfied; less may be enough.
    let enough: Vec<Fen> = cover.shares.numerators.iter().map(up).collect();
    let most = enough.iter().copied().sum::<Fen>();
    let nearer = |total| settle(game, &nearest::nearest(game, wished, total)?);
    let shares = (least..=most.0).find_map(nearer).unwrap_or(enough);
    Subsidy {
        fen: shares.iter().copied().sum::<Fen>() - value,
        least: Fen(least) - value,
        shares,
        weights: cover.weights.clone(),
        of: cover.shares.denominator,
    }
}

/// How firmly do all hold together at best? The least that the worst-off coalition must miss, fen a day over a denominator above 0
/// (the least core, Maschler, Peleg & Shapley 1979): above 0 without a core; below 0, each coalition can be better off by that much
/// than alone. 0 for one player.
#[must_use]
pub fn least_core(game: &Game) -> Option<(i128, i128)> {
    if game.players() == 1 {
        return Some((0, 1));
    }
    let mut rows: Vec<Row> = proper(game).map(|set| row(game, set, &[1])).collect();
    let mut whole = row(game, game.all(), &[0]);
    rows.push(row(game, game.all(), &[0]));
    whole.least = -whole.least;
    whole.coefficients.iter_mut().for_each(|coefficient| *coefficient = -*coefficient);
    rows.push(whole);
    // Each alone weighs 1 / n, everybody's other side too.
    let start: Vec<usize> = (0..game.players()).map(|player| (1 << player) - 1).chain([rows.len() - 1]).collect();
    let cost: Vec<i128> = (0..=game.players()).map(|at| i128::from(at == game.players())).collect();
    let optimum = minimise(&rows, &cost, &start)?;
    Some((optimum.x[game.players()], optimum.denominator))
}

fn proper(game: &Game) -> impl Iterator<Item = Coalition> + use<> {
    let all = game.all();
    game.coalitions().filter(move |set| *set != all)
}

/// What a coalition's members get is at least its value; `more` coefficients of numbers beside the players' shares.
fn row(game: &Game, set: Coalition, more: &[i128]) -> Row {
    let members = (0..game.players()).map(|player| i128::from(set.has(player)));
    Row { coefficients: members.chain(more.iter().copied()).collect(), least: i128::from(game.at(set)) }
}

#[cfg(test)]
mod tests;
