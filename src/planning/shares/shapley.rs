//! What is each player's fair part of what all gain together? Shapley's value (Shapley 1953): what a player adds to those before it,
//! averaged over all orders in which the players may come.
//!
//! Exact in whole numbers up to 12 players: each coalition weighs (s! (n - s - 1)!) / n!. Beyond, a fixed number of drawn orders
//! (Castro, Gómez & Tejada 2009), each with its reverse (antithetic: Hammersley & Morton 1956), so that who comes early once comes late
//! once; the standard error is that of the mean of the pairs. Either way parts in whole fen sum exactly to the value of all.

use std::collections::BTreeMap;

use super::game::{Coalition, Game, GameError, in_range};
use crate::domain::units::Fen;
use crate::search::Random;

/// Most players of a sampled game.
pub const MOST_SAMPLED: usize = 40;

/// Numbers with a common denominator, fen a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exact {
    /// By player.
    pub numerators: Vec<i128>,
    /// Above 0.
    pub denominator: i128,
}

impl Exact {
    /// Whole fen that sum to `total`: rounded down, the fen left over one each to the largest remainders (ties: the first player).
    /// Where the exact numbers sum to `total`, each is less than one fen off and whole ones stay as they are.
    #[must_use]
    pub fn whole(&self, total: Fen) -> Vec<Fen> {
        let (mut parts, order) = self.floors();
        let left = total.0 - parts.iter().sum::<i64>();
        for &player in order.iter().take(usize::try_from(left).unwrap_or(0)) {
            parts[player] += 1;
        }
        parts.into_iter().map(Fen).collect()
    }

    /// Rounded down, and the players by their remainders, largest first.
    pub(super) fn floors(&self) -> (Vec<i64>, Vec<usize>) {
        let floor = |n: &i128| i64::try_from(n.div_euclid(self.denominator)).unwrap_or(i64::MAX);
        let parts = self.numerators.iter().map(floor).collect();
        let mut order: Vec<usize> = (0..self.numerators.len()).collect();
        order.sort_by_key(|&player| std::cmp::Reverse(self.numerators[player].rem_euclid(self.denominator)));
        (parts, order)
    }
}

/// The exact value of each player, over n!. O(n 2^n).
#[must_use]
pub fn exact(game: &Game) -> Exact {
    let players = game.players();
    let mut factorial = vec![1_i128; players + 1];
    for n in 1..=players {
        factorial[n] = factorial[n - 1] * n as i128;
    }
    let mut numerators = vec![0; players];
    for before in (0..1 << players).map(Coalition) {
        if before == game.all() {
            continue;
        }
        let weight = factorial[before.size()] * factorial[players - before.size() - 1];
        for (player, sum) in numerators.iter_mut().enumerate().filter(|(player, _)| !before.has(*player)) {
            *sum += weight * i128::from(game.at(before.with(player)) - game.at(before));
        }
    }
    Exact { numerators, denominator: factorial[players] }
}

/// Shares from drawn orders.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled {
    /// Means over the orders, fen a day; they sum to the value of all.
    pub mean: Exact,
    /// Of each mean, fen a day.
    pub standard_error: Vec<f64>,
    /// All coalitions that were asked for, with their values; everybody is among them.
    pub seen: BTreeMap<Coalition, Fen>,
}

/// The orders that are drawn (Fisher & Yates), without their reverses.
#[must_use]
pub fn orders(players: usize, pairs: u32, seed: u64) -> Vec<Vec<usize>> {
    let random = &mut Random::new(seed);
    let mut order: Vec<usize> = (0..players).collect();
    let mut draw = |_| {
        for last in (1..players).rev() {
            order.swap(last, random.below(last + 1));
        }
        order.clone()
    };
    (0..pairs).map(&mut draw).collect()
}

/// The coalitions that come up on the way through these orders, forwards and backwards: each once, ascending; nobody is not among them.
#[must_use]
pub fn on_the_way(orders: &[Vec<usize>]) -> Vec<Coalition> {
    let mut seen = std::collections::BTreeSet::new();
    for order in orders {
        let (mut forwards, mut backwards) = (Coalition(0), Coalition(0));
        for (first, last) in order.iter().zip(order.iter().rev()) {
            (forwards, backwards) = (forwards.with(*first), backwards.with(*last));
            seen.extend([forwards, backwards]);
        }
    }
    seen.into_iter().collect()
}

/// From `pairs` drawn orders and their reverses. `value` is asked once for each coalition on the way: at most
/// 2 (players - 1) pairs + 1 times, in an order that depends on the seed alone. Not closed: a value must be attainable in parts too.
///
/// # Errors
/// No players or more than [`MOST_SAMPLED`], fewer than 2 pairs, a value beyond what is counted exactly.
pub fn sampled(
    players: usize,
    value: &mut dyn FnMut(Coalition) -> Fen,
    pairs: u32,
    seed: u64,
) -> Result<Sampled, GameError> {
    if !(1..=MOST_SAMPLED).contains(&players) {
        return Err(GameError::Players { players, most: MOST_SAMPLED });
    }
    if pairs < 2 {
        return Err(GameError::Pairs { pairs });
    }
    let mut seen = BTreeMap::from([(Coalition(0), Fen::ZERO)]);
    let mut sums = vec![0_i128; players];
    // Running mean and sum of squared differences (Welford 1962).
    let mut spread = vec![(0_f64, 0_f64); players];
    let mut pair = vec![0_i64; players];
    for (drawn, mut order) in (1_u32..).zip(orders(players, pairs, seed)) {
        pair.fill(0);
        for _ in 0..2 {
            let (mut before, mut had) = (Coalition(0), Fen::ZERO);
            for &player in &order {
                before = before.with(player);
                let has = *seen.entry(before).or_insert_with(|| value(before));
                in_range(before, has)?;
                pair[player] += (has - had).0;
                had = has;
            }
            order.reverse();
        }
        for ((sum, (mean, squares)), &two) in sums.iter_mut().zip(&mut spread).zip(&pair) {
            *sum += i128::from(two);
            let off = two as f64 / 2.0 - *mean;
            *mean += off / f64::from(drawn);
            *squares += off * (two as f64 / 2.0 - *mean);
        }
    }
    seen.remove(&Coalition(0));
    let count = f64::from(pairs);
    let standard_error = spread.iter().map(|(_, squares)| (squares / (count * (count - 1.0))).sqrt()).collect();
    Ok(Sampled { mean: Exact { numerators: sums, denominator: 2 * i128::from(pairs) }, standard_error, seen })
}

#[cfg(test)]
mod tests {
    use super::super::game::tests::{game, random};
    use super::*;
    use crate::search::cases;

    fn fen(game: &Game) -> Vec<i64> {
        exact(game).whole(game.value(game.all())).iter().map(|fen| fen.0).collect()
    }

    #[test]
    fn gloves() {
        // Player 0 has a left glove, 1 and 2 a right one; a pair is worth 600. Orders: 0 completes a pair unless it comes first: 4 of 6;
        // 1 does only in the order 0 1 2: 1 of 6, and 2 likewise.
        assert_eq!(fen(&game(&[0, 0, 0, 600, 0, 600, 0, 600])), [400, 100, 100]);
    }

    #[test]
    fn three_parks_share_minibuses() {
        // Each park alone hires a minibus for 900 yuan. 0 and 1 are neighbours: one minibus does for both. 2 is farther: with it,
        // the day is longer and costs 1,500, with one neighbour or with both.
        let costs = [0, 900, 900, 900, 900, 1500, 1500, 1500].map(|yuan| Fen(yuan * 100));
        let game = Game::from_costs(3, &costs).unwrap();
        // Together they save 1,200. Park 2 saves 300 if it joins one neighbour (as the second: 1/6 + 1/6) or both (as the third: 1/3):
        // 300 x 2/3 = 200. The neighbours have the other 1,000, alike: 500.
        assert_eq!(fen(&game), [50_000, 50_000, 20_000]);
        // "Together you pay 1,500 yuan a day instead of 2,700: neighbours 400 each, park 2 pays 700, all instead of 900."
        let pay: Vec<i64> = fen(&game).iter().map(|saved| 90_000 - saved).collect();
        assert_eq!((pay.iter().sum::<i64>(), pay), (150_000, vec![40_000, 40_000, 70_000]));
    }

    #[test]
    fn airport() {
        // Littlechild & Owen 1973: whoever needs the runway's stretch shares it equally. Player k alone costs c_k, a coalition its largest.
        let random = &mut Random::new(7);
        for _ in 0..cases(30, 300) {
            let players = 1 + random.below(9);
            let mut alone: Vec<i64> = (0..players).map(|_| i64::try_from(random.below(1_000_000)).unwrap()).collect();
            alone.sort_unstable();
            let cost = |set: Coalition| Fen(set.players().map(|player| alone[player]).max().unwrap_or(0));
            let costs: Vec<Fen> = (0..1 << players).map(|set| cost(Coalition(set))).collect();
            let exact = exact(&Game::from_costs(players, &costs).unwrap());
            let (mut pays, mut below) = (0, 0);
            for (player, &own) in alone.iter().enumerate() {
                let users = (players - player) as i128;
                assert_eq!(exact.denominator % users, 0);
                pays += i128::from(own - below) * (exact.denominator / users);
                below = own;
                assert_eq!(i128::from(own) * exact.denominator - exact.numerators[player], pays);
            }
        }
    }

    /// The average over all orders, one by one.
    fn all_orders(game: &Game) -> (Vec<i128>, i128) {
        fn visit(game: &Game, before: Coalition, sums: &mut [i128]) -> i128 {
            let mut orders = i128::from(before == game.all());
            for player in (0..game.players()).filter(|player| !before.has(*player)) {
                let with = before.with(player);
                let after = visit(game, with, sums);
                sums[player] += after * i128::from(game.at(with) - game.at(before));
                orders += after;
            }
            orders
        }
        let mut sums = vec![0; game.players()];
        let orders = visit(game, Coalition(0), &mut sums);
        (sums, orders)
    }

    #[test]
    fn agrees_with_all_orders_and_keeps_the_axioms() {
        let draw = &mut Random::new(2);
        for case in 0..cases(100, 1000) {
            let players = 1 + case % 6;
            let game = random(players, 100_000, draw);
            let value = exact(&game);
            assert_eq!((value.numerators.clone(), value.denominator), all_orders(&game));
            // Efficiency, exactly and in fen.
            assert_eq!(value.numerators.iter().sum::<i128>(), i128::from(game.at(game.all())) * value.denominator);
            let whole = value.whole(game.value(game.all()));
            assert_eq!(whole.iter().copied().sum::<Fen>(), game.value(game.all()));
            for (part, exact) in whole.iter().zip(&value.numerators) {
                assert!((i128::from(part.0) * value.denominator - exact).abs() < value.denominator);
            }
            // Additivity.
            let other = random(players, 100_000, draw);
            let sum: Vec<i64> =
                (0..1 << players).map(|set| game.at(Coalition(set)) + other.at(Coalition(set))).collect();
            let both = exact(&self::game(&sum));
            let added: Vec<i128> = value.numerators.iter().zip(&exact(&other).numerators).map(|(a, b)| a + b).collect();
            assert_eq!(both.numerators, added);
        }
    }

    #[test]
    fn equal_players_get_the_same_and_dummies_what_they_have() {
        let draw = &mut Random::new(3);
        for case in 0..cases(100, 1000) {
            let players = 2 + case % 5;
            let base = random(players, 1000, draw);
            // Players 0 and 1 made equal: a coalition with one of them is worth what it is with 0.
            let same = |set: u64| if set & 0b11 == 0b10 { set ^ 0b11 } else { set };
            let symmetric = game(&(0..1 << players).map(|set| base.at(Coalition(same(set)))).collect::<Vec<_>>());
            let value = exact(&symmetric);
            assert_eq!(value.numerators[0], value.numerators[1]);
            let whole = fen(&symmetric);
            assert!((whole[0] - whole[1]).abs() <= 1);
            // The last player brings 17 wherever it comes.
            let last = Coalition::of(players - 1).0;
            let dummy = |set: u64| base.at(Coalition(set & !last)) + if set & last > 0 { 17 } else { 0 };
            assert_eq!(fen(&game(&(0..1 << players).map(dummy).collect::<Vec<_>>()))[players - 1], 17);
        }
    }

    #[test]
    fn fen_left_over_go_to_the_largest_remainders() {
        let thirds = Exact { numerators: vec![10, -4, 3], denominator: 3 };
        // 3 1/3, -1 1/3 (down to -2, remainder 2/3), 1.
        assert_eq!(thirds.whole(Fen(3)), [Fen(3), Fen(-1), Fen(1)]);
        let equal = Exact { numerators: vec![1, 1, 1], denominator: 3 };
        assert_eq!(equal.whole(Fen(1)), [Fen(1), Fen(0), Fen(0)]);
    }

    #[test]
    fn largest_games_are_counted_exactly() {
        let largest = super::super::game::LARGEST.0;
        let game = game(&(0_u64..1 << 12).map(|set| if set == 0xfff { largest } else { 0 }).collect::<Vec<_>>());
        let shares = fen(&game);
        assert_eq!((shares.iter().sum::<i64>(), shares[0] - shares[11]), (largest, 1));
    }

    #[test]
    fn samples_are_near_exact_sum_and_know_their_error() {
        let draw = &mut Random::new(4);
        let (mut inside, mut all) = (0, 0);
        for case in 0..cases(40, 400) {
            let players = 2 + case % 7;
            let game = random(players, 10_000, draw);
            let value = exact(&game);
            let mut asked = 0;
            let mut ask = |set| {
                asked += 1;
                game.value(set)
            };
            let drawn = sampled(players, &mut ask, 200, case as u64).unwrap();
            assert_eq!(asked, drawn.seen.len());
            let way = on_the_way(&orders(players, 200, case as u64));
            assert_eq!(way, drawn.seen.keys().copied().collect::<Vec<_>>());
            let whole = drawn.mean.whole(game.value(game.all()));
            assert_eq!(whole.iter().copied().sum::<Fen>(), game.value(game.all()));
            for player in 0..players {
                let exact = value.numerators[player] as f64 / value.denominator as f64;
                let mean = drawn.mean.numerators[player] as f64 / drawn.mean.denominator as f64;
                let error = drawn.standard_error[player];
                assert!((mean - exact).abs() <= 5.0 * error + 1e-6, "{mean} {exact} {error}");
                inside += u32::from((mean - exact).abs() <= 1.96 * error + 1e-6);
                all += 1;
            }
        }
        // 95 of 100 are meant.
        assert!((0.92..=0.99).contains(&(f64::from(inside) / f64::from(all))), "{inside} of {all}");
    }

    #[test]
    fn forty_players_are_sampled_and_repeat() {
        // A player's own worth, and 100 for each pair of neighbours in a ring: Shapley splits each hundred in halves.
        let own = |player: usize| 1000 * player as i64;
        let mut value = |set: Coalition| {
            let pairs = set.players().filter(|&player| set.has((player + 1) % 40)).count() as i64;
            Fen(set.players().map(own).sum::<i64>() + 100 * pairs)
        };
        let drawn = sampled(40, &mut value, 50, 9).unwrap();
        assert_eq!(drawn, sampled(40, &mut value, 50, 9).unwrap());
        // In an order and its reverse each neighbour is once before: exactly a half, without any error.
        let whole = drawn.mean.whole(value(Coalition::all(40)));
        assert!(whole.iter().enumerate().all(|(player, fen)| fen.0 == own(player) + 100));
        assert!(drawn.standard_error.iter().all(|&error| error < 1e-6));
        assert_eq!(sampled(41, &mut value, 50, 9), Err(GameError::Players { players: 41, most: 40 }));
        assert_eq!(sampled(40, &mut value, 1, 9), Err(GameError::Pairs { pairs: 1 }));
    }
}
