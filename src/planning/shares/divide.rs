//! Who gets what of that which all gain together? Shapley's value as the rule, the core as the test of whether all will stay.
//!
//! A game is closed first (a coalition may act in parts), but for everybody: what is divided is the plan that is run. Where some coalition would do better alone although a division exists to which
//! nobody objects, the nearest such division (least squares) is offered beside; where none exists, the least subsidy that makes one.

use super::core::{self, Complaint};
use super::game::{Coalition, Game, GameError};
use super::shapley;
use crate::domain::units::Fen;

/// Shapley's value, exact.
pub const SHAPLEY: &str = "shapley";
/// Shapley's value from drawn orders.
pub const SHAPLEY_SAMPLED: &str = "shapley-sampled";

/// What everybody gets, and whether it holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// By player, fen a day of the benefit (not of the cost): they sum exactly to what all gain. Below 0 for who costs the others more than it brings.
    pub fen: Vec<Fen>,
    /// [`SHAPLEY`] or [`SHAPLEY_SAMPLED`].
    pub method: &'static str,
    /// The parts in which all do best; more than one: they are not better off as one. Everybody, where it is sampled.
    pub parts: Vec<Coalition>,
    /// Does no coalition do better alone? Judged before rounding: in whole fen a coalition may be less than a fen a member short.
    /// `None`: not known (sampled, and nobody seen on the way objects).
    pub in_core: Option<bool>,
    /// Who loses most by `fen`, and how much; where it is sampled, of those seen.
    pub worst: Option<Complaint>,
    /// Where `fen` is not in the core, but another division is.
    pub alternative: Option<Alternative>,
    /// Where no division is.
    pub subsidy: Option<core::Subsidy>,
    /// Of `fen` by player, fen a day; 0 where it is exact.
    pub standard_error: Vec<f64>,
}

/// The division nearest to Shapley's to which nobody objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// By player, fen a day; the same sum.
    pub fen: Vec<Fen>,
    /// The largest difference for any player, fen a day.
    pub moved: Fen,
    /// Objections of a few fen where no rounding avoids them, else none.
    pub worst: Option<Complaint>,
}

/// Divides what all gain, exactly. 12 players: some seconds at most; 6: at once.
#[must_use]
pub fn divide(game: &Game) -> Shares {
    let closed = game.closed_below();
    let game = closed.game();
    let total = game.value(game.all());
    let exact = shapley::exact(game);
    let mut shares = Shares {
        fen: exact.whole(total),
        method: SHAPLEY,
        parts: closed.parts(game.all()),
        in_core: Some(core::holds(game, &exact)),
        worst: None,
        alternative: None,
        subsidy: None,
        standard_error: vec![0.0; game.players()],
    };
    shares.worst = core::worst(game, &shares.fen);
    if shares.in_core == Some(true) {
        return shares;
    }
    if let Some(near) = core::nearest(game, &exact) {
        let fen = core::settle(game, &near).unwrap_or_else(|| near.whole(total));
        let moved = fen.iter().zip(&shares.fen).map(|(new, old)| Fen((*new - *old).0.abs())).max();
        shares.alternative =
            Some(Alternative { worst: core::worst(game, &fen), moved: moved.unwrap_or_default(), fen });
    } else {
        shares.subsidy = Some(core::subsidy(game, &core::cover(game), &exact));
    }
    shares
}

/// Divides what up to [`shapley::MOST_SAMPLED`] players gain, from `pairs` of drawn orders; `value` as in [`shapley::sampled`].
///
/// # Errors
/// As [`shapley::sampled`].
pub fn divide_sampled(
    players: usize,
    value: &mut dyn FnMut(Coalition) -> Fen,
    pairs: u32,
    seed: u64,
) -> Result<Shares, GameError> {
    let drawn = shapley::sampled(players, value, pairs, seed)?;
    let all = Coalition::all(players);
    let fen = drawn.mean.whole(drawn.seen.get(&all).copied().unwrap_or_default());
    let given = |set: Coalition| set.players().map(|player| fen[player]).sum::<Fen>();
    let worst = drawn
        .seen
        .iter()
        .map(|(&coalition, &value)| Complaint { coalition, fen: value - given(coalition) })
        .filter(|complaint| complaint.fen > Fen::ZERO)
        .max_by_key(|c| (c.fen, std::cmp::Reverse((c.coalition.size(), c.coalition))));
    Ok(Shares {
        method: SHAPLEY_SAMPLED,
        parts: vec![all],
        in_core: worst.map(|_| false),
        worst,
        alternative: None,
        subsidy: None,
        standard_error: drawn.standard_error,
        fen,
    })
}

#[cfg(test)]
mod tests {
    use super::super::game::tests::{game, lively};
    use super::*;
    use crate::search::{Random, cases};

    fn fen(values: &[i64]) -> Vec<Fen> {
        values.iter().copied().map(Fen).collect()
    }

    #[test]
    fn a_division_that_holds_needs_nothing_beside() {
        let shares = divide(&game(&[0, 0, 0, 90_000, 0, 30_000, 30_000, 120_000]));
        assert_eq!((shares.fen, shares.in_core), (fen(&[50_000, 50_000, 20_000]), Some(true)));
        assert_eq!((shares.worst, shares.alternative, shares.subsidy), (None, None, None));
    }

    #[test]
    fn another_division_is_offered_where_it_holds() {
        let shares = divide(&game(&[0, 0, 0, 600, 0, 600, 0, 600]));
        assert_eq!((shares.fen, shares.in_core), (fen(&[400, 100, 100]), Some(false)));
        assert_eq!(shares.worst, Some(Complaint { coalition: Coalition(0b011), fen: Fen(100) }));
        assert_eq!(shares.alternative, Some(Alternative { fen: fen(&[600, 0, 0]), moved: Fen(200), worst: None }));
        assert_eq!(shares.subsidy, None);
    }

    #[test]
    fn a_fen_that_no_rounding_saves_is_told() {
        // Two threes of whom each pair is worth 1, and 3 for all: only halves hold.
        let pairs = |set: u64| i64::from(set.count_ones() >= 2);
        let value = |set: u64| if set == 63 { 3 } else { pairs(set & 7) + pairs(set >> 3) };
        let mut values: Vec<i64> = (0..64).map(value).collect();
        // One more pair moves Shapley's value off the halves, not the core.
        values[0b001_001] = 1;
        let shares = divide(&game(&values));
        let other = shares.alternative.unwrap();
        assert_eq!((other.fen.iter().copied().sum::<Fen>(), other.worst.unwrap().fen), (Fen(3), Fen(1)));
    }

    #[test]
    fn fen_are_rounded_so_that_nobody_objects_wherever_that_can_be() {
        let draw = &mut Random::new(14);
        let (mut helped, mut objects) = (0, 0);
        for case in 0..cases(2000, 20_000) {
            let players = 3 + case % 3;
            let some = lively(players, draw);
            // Few fen, so that one more or less matters.
            let few: Vec<i64> = (0..1 << players).map(|set| some.value(Coalition(set)).0 / 150).collect();
            let closed = game(&few).closed_below();
            let game = closed.game();
            let Some(other) = divide(game).alternative else { continue };
            let near = core::nearest(game, &shapley::exact(game)).unwrap();
            let total = game.value(game.all());
            let (down, _) = near.floors();
            let stays = |up: &u64| {
                let fen: Vec<Fen> = (0..players).map(|at| Fen(down[at] + i64::from(Coalition(*up).has(at)))).collect();
                fen.iter().copied().sum::<Fen>() == total && core::worst(game, &fen).is_none()
            };
            assert_eq!(other.worst.is_none(), (0..1 << players).any(|up| stays(&up)));
            helped += u32::from(other.worst.is_none() && other.fen != near.whole(total));
            objects += u32::from(other.worst.is_some());
        }
        assert!(helped > 0, "{helped} {objects}");
    }

    #[test]
    fn a_subsidy_is_told_where_none_holds() {
        let shares = divide(&game(&[0, 0, 0, 600, 0, 600, 600, 600]));
        assert_eq!((shares.in_core, shares.alternative), (Some(false), None));
        let subsidy = shares.subsidy.unwrap();
        assert_eq!((subsidy.fen, subsidy.shares), (Fen(300), fen(&[300, 300, 300])));
    }

    #[test]
    fn who_is_better_apart_is_told_and_what_would_keep_all() {
        let shares = divide(&game(&[0, 100, 120, 500, 40, 90, 150, 300]));
        assert_eq!(shares.parts, [Coalition(0b011), Coalition(0b100)]);
        // Player 2 brings 40 in four orders of six and takes 200 as the last in two: -40. Player 0: 100, 100, 100, 380, and twice 300 - 160.
        assert_eq!((shares.fen, shares.in_core), (fen(&[160, 180, -40]), Some(false)));
        // Apart they have 540.
        assert_eq!(shares.subsidy.unwrap().fen, Fen(240));
    }

    #[test]
    fn samples_know_an_objection_only_if_they_see_it() {
        let gloves = game(&[0, 0, 0, 600, 0, 600, 0, 600]);
        let shares = divide_sampled(3, &mut |set| gloves.value(set), 100, 1).unwrap();
        assert_eq!((shares.in_core, shares.fen.iter().copied().sum::<Fen>()), (Some(false), Fen(600)));
        assert!(shares.worst.is_some() && shares.standard_error[0] > 0.0);
        let alone = divide_sampled(3, &mut |set| Fen(set.size() as i64), 2, 1).unwrap();
        assert_eq!((alone.in_core, alone.worst, alone.fen), (None, None, fen(&[1, 1, 1])));
    }
}
