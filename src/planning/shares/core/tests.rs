//! By hand, and against all balanced covers one by one.

use super::super::game::tests::{game, lively, random};
use super::super::shapley::exact;
use super::*;
use crate::search::{Random, cases};

fn fen(values: &[i64]) -> Vec<Fen> {
    values.iter().copied().map(Fen).collect()
}

#[test]
fn gloves_have_one_division_in_the_core() {
    let gloves = game(&[0, 0, 0, 600, 0, 600, 0, 600]);
    // The left glove and one right glove are worth 600 without the other, and get 500.
    let complaint = Complaint { coalition: Coalition(0b011), fen: Fen(100) };
    assert_eq!(worst(&gloves, &fen(&[400, 100, 100])), Some(complaint));
    assert!(!holds(&gloves, &exact(&gloves)));
    assert!(cover(&gloves).has_core(&gloves));
    let near = nearest(&gloves, &exact(&gloves)).unwrap();
    assert_eq!(settle(&gloves, &near), Some(fen(&[600, 0, 0])));
    assert_eq!(least_core(&gloves).map(|(n, d)| n / d), Some(0));
}

#[test]
fn pairs_that_are_worth_as_much_as_all_need_money_from_outside() {
    let pairs = game(&[0, 0, 0, 600, 0, 600, 600, 600]);
    let cover = cover(&pairs);
    assert!(!cover.has_core(&pairs));
    // Half of each pair covers all: 3/2 x 600 = 900, 300 more than there is.
    let half = cover.shares.denominator / 2;
    let mut weights = cover.weights.clone();
    weights.sort();
    assert_eq!(weights, [0b011, 0b101, 0b110].map(|set| (Coalition(set), half)));
    let given = subsidy(&pairs, &cover, &exact(&pairs));
    assert_eq!((given.fen, given.least, given.shares), (Fen(300), Fen(300), fen(&[300, 300, 300])));
    assert_eq!((given.weights, given.of), (cover.weights, cover.shares.denominator));
    // Shares of 200 leave each pair 200 short; no others do better.
    assert_eq!(least_core(&pairs).map(|(n, d)| (n / d, n % d)), Some((200, 0)));
}

#[test]
fn whole_fen_may_need_one_more() {
    // Each pair of three is worth 1: halves would do and cost 1.5, whole fen cost 2.
    let pairs = game(&[0, 0, 0, 1, 0, 1, 1, 1]);
    let cover = cover(&pairs);
    assert!(!cover.has_core(&pairs));
    let given = subsidy(&pairs, &cover, &exact(&pairs));
    assert_eq!((given.fen, given.least, worst(&pairs, &given.shares)), (Fen(1), Fen(1), None));
}

#[test]
fn a_core_may_lie_between_whole_fen() {
    // Two threes of whom each pair is worth 1, and 3 for all: only halves satisfy everybody, whole fen would need 4.
    let pairs = |set: u64| i64::from(set.count_ones() >= 2);
    let game =
        game(&(0..64).map(|set| if set == 63 { 3 } else { pairs(set & 7) + pairs(set >> 3) }).collect::<Vec<_>>());
    let halves = Exact { numerators: vec![1; 6], denominator: 2 };
    assert!(holds(&game, &halves) && cover(&game).has_core(&game));
    assert_eq!(nearest(&game, &halves), Some(halves.clone()));
    assert_eq!(settle(&game, &halves), None);
}

#[test]
fn buses_for_three_parks_hold_together() {
    // As in `shapley`: neighbours save 900 together, with park 2 one saves 300, all 1,200.
    let game = game(&[0, 0, 0, 900, 0, 300, 300, 1200]);
    assert!(holds(&game, &exact(&game)));
    // 0 and 1 are given 1,000, 100 more than alone; 2 with one of them 700, 400 more; 2 alone 200, 1 alone 500 more.
    // At best the least of these, for {0,1} and {2} which share 300 beyond their 900, is 150.
    assert_eq!(least_core(&game).map(|(n, d)| (n / d, n % d)), Some((-150, 0)));
}

#[test]
fn of_equal_complaints_the_smallest_coalition_speaks() {
    let game = game(&[0, 5, 0, 5, 0, 5, 0, 0]);
    assert_eq!(worst(&game, &fen(&[0, 0, 0])), Some(Complaint { coalition: Coalition(0b001), fen: Fen(5) }));
}

/// Every basis of balanced weights for so many players: weights times the determinant, and the determinant.
fn balanced(players: usize) -> Vec<(Vec<(Coalition, i128)>, i128)> {
    let mut all = Vec::new();
    choose(players, 1, &mut Vec::new(), &mut all);
    all
}

fn choose(players: usize, from: u64, chosen: &mut Vec<u64>, all: &mut Vec<(Vec<(Coalition, i128)>, i128)>) {
    if chosen.len() == players {
        let determinant = determinant(players, |line, column| i128::from(chosen[column] >> line & 1));
        let sign = determinant.signum();
        // Cramer's rule.
        let weight = |own: usize| {
            let entry = |line, column: usize| if column == own { 1 } else { i128::from(chosen[column] >> line & 1) };
            self::determinant(players, entry) * sign
        };
        if determinant == 0 {
            return;
        }
        let weights: Vec<(Coalition, i128)> =
            chosen.iter().enumerate().map(|(own, &set)| (Coalition(set), weight(own))).collect();
        if weights.iter().all(|(_, weight)| *weight >= 0) {
            all.push((weights, determinant * sign));
        }
        return;
    }
    for set in from..1 << players {
        chosen.push(set);
        choose(players, set + 1, chosen, all);
        chosen.pop();
    }
}

/// By the first line, over and over.
fn determinant(size: usize, entry: impl Fn(usize, usize) -> i128) -> i128 {
    fn minor(line: usize, columns: &[usize], entry: &dyn Fn(usize, usize) -> i128) -> i128 {
        let Some(_) = columns.first() else { return 1 };
        let term = |(at, &column): (usize, &usize)| {
            let factor = entry(line, column);
            if factor == 0 {
                return 0;
            }
            let others: Vec<usize> = columns.iter().copied().filter(|other| *other != column).collect();
            let sign = if at % 2 == 0 { 1 } else { -1 };
            sign * factor * minor(line + 1, &others, entry)
        };
        columns.iter().enumerate().map(term).sum()
    }
    minor(0, &(0..size).collect::<Vec<_>>(), &entry)
}

#[test]
fn agrees_with_all_balanced_covers() {
    let draw = &mut Random::new(8);
    // The covers of five players take a while to list.
    let most = cases(4, 5);
    let covers: Vec<_> = (3..=most).map(balanced).collect();
    let (mut with, mut without) = (0, 0);
    for case in 0..cases(100, 1000) {
        let at = case % covers.len();
        let players = at + 3;
        let any = if case / 3 % 4 == 0 { random(players, 1000, draw) } else { lively(players, draw) };
        let game = any.closed().game().clone();
        let cover = cover(&game);
        let sum: i128 = cover.shares.numerators.iter().sum();
        let scaled = |(weights, determinant): &(Vec<(Coalition, i128)>, i128)| {
            (weights.iter().map(|(set, weight)| weight * i128::from(game.at(*set))).sum::<i128>(), *determinant)
        };
        let best = covers[at].iter().map(scaled).max_by(|(a, b), (c, d)| (a * d).cmp(&(c * b))).unwrap();
        assert_eq!(sum * best.1, best.0 * cover.shares.denominator);
        assert!(!cover.weights.is_empty());
        let wished = exact(&game);
        let near = nearest(&game, &wished);
        assert_eq!(near.is_some(), cover.has_core(&game));
        assert_eq!(least_core(&game).unwrap().0 <= 0, cover.has_core(&game));
        match near {
            Some(near) => {
                assert!(holds(&game, &near));
                // It stays where it is only if nobody objects to that.
                let same = near
                    .numerators
                    .iter()
                    .zip(&wished.numerators)
                    .all(|(n, w)| n * wished.denominator == w * near.denominator);
                assert_eq!(same, holds(&game, &wished));
                if let Some(settled) = settle(&game, &near) {
                    assert_eq!(
                        (settled.iter().copied().sum::<Fen>(), worst(&game, &settled)),
                        (game.value(game.all()), None)
                    );
                }
                with += 1;
            }
            None => {
                let given = subsidy(&game, &cover, &wished);
                assert_eq!(given.shares.iter().copied().sum::<Fen>(), game.value(game.all()) + given.fen);
                assert_eq!(worst(&game, &given.shares), None);
                assert!(given.least > Fen::ZERO && given.least <= given.fen);
                assert!(given.fen.0 < given.least.0 + players as i64);
                without += 1;
            }
        }
    }
    assert!(with > cases(8, 200) && without > cases(8, 200), "{with} {without}");
}

#[test]
fn the_nearest_is_found_wherever_there_is_a_core() {
    let draw = &mut Random::new(13);
    let mut with = 0;
    for case in 0..cases(60, 1000) {
        // More for all than `lively` has, so that many coalitions press and few do in the end.
        let some = lively(6 + case % 3, draw);
        let mut values: Vec<i64> = (0..=some.all().0).map(|set| some.at(Coalition(set))).collect();
        *values.last_mut().unwrap() += 1000;
        let game = game(&values).closed().game().clone();
        let near = nearest(&game, &exact(&game));
        assert_eq!(near.is_some(), cover(&game).has_core(&game));
        with += usize::from(near.is_some_and(|near| near != exact(&game)));
    }
    assert!(with > cases(20, 300), "{with}");
}

#[test]
fn the_largest_games_are_solved_exactly() {
    let draw = &mut Random::new(11);
    for players in [8, cases(9, 12)] {
        // More than half of the players are worth nearly all there can be: no core.
        let largest = super::super::game::LARGEST.0;
        let mut value = |set: usize| match set.count_ones() as usize {
            size if size == players => largest,
            size if 2 * size > players => largest - i64::try_from(draw.below(10_000_000_000)).unwrap(),
            _ => 0,
        };
        let game = game(&(0..1 << players).map(&mut value).collect::<Vec<_>>()).closed().game().clone();
        let cover = cover(&game);
        assert!(!cover.weights.is_empty() && !cover.has_core(&game));
        let given = subsidy(&game, &cover, &exact(&game));
        assert_eq!(worst(&game, &given.shares), None);
        assert!(given.fen.0 < given.least.0 + players as i64);
        assert!(least_core(&game).unwrap().0 > 0);
    }
}
