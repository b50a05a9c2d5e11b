//! Which division that no coalition objects to is nearest to a wished one? Least squares: it is unique, and treats equals alike.
//!
//! Dual active sets (Goldfarb & Idnani 1983) with the identity as matrix, in whole numbers over the determinant of the active
//! coalitions' common sizes: nothing is rounded, and what comes out satisfies all conditions with multipliers of 0 or more, which
//! proves that nothing is nearer. Limits: for [`super::super::game::MOST`] players and values up to
//! [`super::super::game::LARGEST`] the largest product stays below 6·10^37 (128 bits hold 1.7·10^38).

use std::cmp::Ordering;

use super::super::game::{Coalition, Game};
use super::super::shapley::Exact;

/// Far beyond what was ever needed (some tens).
const STEPS: u32 = 10_000;

/// The nearest to `wished` among divisions of `total` fen that give each coalition but everybody what it is worth or more. `None`: there is
/// none.
pub(super) fn nearest(game: &Game, wished: &Exact, total: i64) -> Option<Exact> {
    let worth = |set: Coalition| {
        let fen = if set == game.all() { total } else { game.at(set) };
        i128::from(fen) * wished.denominator
    };
    let wish = |set: Coalition| sum(&wished.numerators, set);
    // Everybody's total holds always; its multiplier may have any sign.
    let mut active = vec![game.all()];
    for _ in 0..STEPS {
        let missing: Vec<i128> = active.iter().map(|&set| worth(set) - wish(set)).collect();
        let (determinant, [multipliers]) = solve(&active, &[missing])?;
        let mut x: Vec<i128> = wished.numerators.iter().map(|wish| wish * determinant).collect();
        for (set, multiplier) in active.iter().zip(&multipliers) {
            for player in set.players() {
                x[player] += multiplier;
            }
        }
        let objection = |set: Coalition| worth(set) * determinant - sum(&x, set);
        let proper = game.coalitions().filter(|set| *set != game.all());
        let worst = proper.map(|set| (objection(set), std::cmp::Reverse(set))).max();
        let Some((_, std::cmp::Reverse(entering))) = worst.filter(|(objection, _)| *objection > 0) else {
            let proven = multipliers.iter().skip(1).all(|multiplier| *multiplier >= 0);
            return proven.then(|| reduced(&x, determinant * wished.denominator));
        };
        make_room(&mut active, entering, &worth, &wish)?;
        active.push(entering);
    }
    None
}

/// Drops active coalitions, in the order in which their multipliers fall to 0 as the entering one's rises, until it is satisfied.
/// `None`: it cannot be.
fn make_room(
    active: &mut Vec<Coalition>,
    entering: Coalition,
    worth: &impl Fn(Coalition) -> i128,
    wish: &impl Fn(Coalition) -> i128,
) -> Option<()> {
    loop {
        let missing = active.iter().map(|&set| worth(set) - wish(set)).collect();
        let common: Vec<i128> = active.iter().map(|&set| overlap(set, entering)).collect();
        let (determinant, [multipliers, falls]) = solve(active, &[missing, common.clone()])?;
        // Both over the determinant: what the entering coalition still misses, and what it gains for each unit of its multiplier.
        let misses = (worth(entering) - wish(entering)) * determinant - dot(&multipliers, &common);
        let gains = entering.size() as i128 * determinant - dot(&falls, &common);
        let mut first: Option<usize> = None;
        for at in (1..active.len()).filter(|&at| falls[at] > 0) {
            if first.is_none_or(|than| compare(multipliers[at], falls[at], multipliers[than], falls[than]).is_lt()) {
                first = Some(at);
            }
        }
        match first {
            Some(at) if gains == 0 || compare(multipliers[at], falls[at], misses, gains).is_lt() => {
                active.remove(at);
            }
            None if gains == 0 => return None,
            _ => return Some(()),
        }
    }
}

/// Solves for the matrix of common sizes of the active coalitions, fraction-free (Bareiss 1968): its determinant, above 0, and the
/// solutions times it. `None`: the coalitions depend on each other.
fn solve<const N: usize>(active: &[Coalition], rights: &[Vec<i128>; N]) -> Option<(i128, [Vec<i128>; N])> {
    let size = active.len();
    let mut lines: Vec<Vec<i128>> = active
        .iter()
        .enumerate()
        .map(|(at, &set)| {
            let sizes = active.iter().map(|&other| overlap(set, other));
            sizes.chain(rights.iter().map(|right| right[at])).collect()
        })
        .collect();
    let mut determinant = 1;
    // Positive definite: pivots on the diagonal are above 0.
    for at in 0..size {
        let pivot = lines[at].clone();
        if pivot[at] <= 0 {
            return None;
        }
        for (_, line) in lines.iter_mut().enumerate().filter(|(other, _)| *other != at) {
            let factor = line[at];
            for (entry, from) in line.iter_mut().zip(&pivot) {
                *entry = (pivot[at] * *entry - factor * from) / determinant;
            }
        }
        determinant = pivot[at];
    }
    Some((determinant, std::array::from_fn(|right| lines.iter().map(|line| line[size + right]).collect())))
}

fn overlap(a: Coalition, b: Coalition) -> i128 {
    i128::from((a.0 & b.0).count_ones())
}

fn sum(numbers: &[i128], set: Coalition) -> i128 {
    set.players().map(|player| numbers[player]).sum()
}

fn dot(a: &[i128], b: &[i128]) -> i128 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// a / b against c / d, for b and d above 0, by continued fractions: products could be too large.
fn compare(a: i128, b: i128, c: i128, d: i128) -> Ordering {
    let whole = a.div_euclid(b).cmp(&c.div_euclid(d));
    match (a.rem_euclid(b), c.rem_euclid(d)) {
        _ if whole.is_ne() => whole,
        (0, 0) => Ordering::Equal,
        (0, _) => Ordering::Less,
        (_, 0) => Ordering::Greater,
        (a, c) => compare(d, c, b, a),
    }
}

fn reduced(numerators: &[i128], denominator: i128) -> Exact {
    let divisor = numerators.iter().fold(denominator, |a, &b| common(a, b));
    Exact { numerators: numerators.iter().map(|n| n / divisor).collect(), denominator: denominator / divisor }
}

/// Greatest common divisor, above 0 where `a` is.
fn common(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.abs(), b.abs());
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::super::super::game::tests::{game, random};
    use super::super::super::shapley::exact;
    use super::*;
    use crate::search::{Random, cases};

    #[test]
    fn fractions_compare_as_they_are() {
        let draw = &mut Random::new(5);
        for _ in 0..cases(1000, 100_000) {
            let mut any = || i128::try_from(draw.below(41)).unwrap();
            let (a, b, c, d) = (any() - 20, any() + 1, any() - 20, any() + 1);
            assert_eq!(compare(a, b, c, d), (a * d).cmp(&(c * b)));
        }
    }

    /// Projection onto one condition after the other, with memory (Hildreth 1957).
    fn slow(game: &Game, wished: &Exact, total: i64) -> Vec<f64> {
        let mut x: Vec<f64> = wished.numerators.iter().map(|&n| n as f64 / wished.denominator as f64).collect();
        let mut multipliers = vec![0.0; 1 << game.players()];
        for _ in 0..20_000 {
            let mut moved = 0.0_f64;
            for set in game.coalitions() {
                let whole = set == game.all();
                let worth = if whole { total } else { game.at(set) } as f64;
                let has: f64 = set.players().map(|player| x[player]).sum();
                let own = &mut multipliers[set.0 as usize];
                let step = (worth - has) / set.size() as f64;
                let step = if whole { step } else { step.max(-*own) };
                *own += step;
                moved = moved.max(step.abs());
                set.players().for_each(|player| x[player] += step);
            }
            if moved < 1e-9 {
                break;
            }
        }
        x
    }

    #[test]
    fn as_near_as_slow_projection() {
        let draw = &mut Random::new(6);
        let mut moved = 0;
        for case in 0..cases(100, 1000) {
            let players = 2 + case % 4;
            let any = random(players, 1000, draw);
            // Enough for everybody, so that there is an answer: a fen more or less of what is needed most of the time.
            let total = super::super::cover(&any).total().1 + i64::try_from(draw.below(50)).unwrap();
            let wished = exact(&any);
            let near = nearest(&any, &wished, total).unwrap();
            for (exact, slow) in near.numerators.iter().zip(slow(&any, &wished, total)) {
                assert!((*exact as f64 / near.denominator as f64 - slow).abs() < 1e-3, "{near:?}");
            }
            assert!(super::super::allows(&any, &near, total));
            moved += usize::from(near.numerators.iter().ne(&wished.numerators));
        }
        assert!(moved > cases(50, 500));
    }

    #[test]
    fn equals_are_moved_alike_and_nothing_is_nearer_than_what_is_there() {
        // Gloves: only (600, 0, 0) leaves nobody better off alone.
        let gloves = game(&[0, 0, 0, 600, 0, 600, 0, 600]);
        let near = nearest(&gloves, &exact(&gloves), 600).unwrap();
        assert_eq!((near.numerators, near.denominator), (vec![600, 0, 0], 1));
        // Two want 600 of 900 together, all three are equal otherwise: 300 each is enough.
        let fine = game(&[0, 0, 0, 600, 0, 0, 0, 900]);
        let equal = Exact { numerators: vec![300; 3], denominator: 1 };
        assert_eq!(nearest(&fine, &equal, 900), Some(equal));
        // Nothing gives each pair 600 of 600.
        assert_eq!(nearest(&game(&[0, 0, 0, 600, 0, 600, 600, 600]), &exact(&fine), 600), None);
    }
}
