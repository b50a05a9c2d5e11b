//! What is each group of parks worth together? A game in characteristic form (von Neumann & Morgenstern 1944).
//!
//! The value of a coalition is its **benefit in fen a mean day**: what the best plan that its members make without the others saves
//! over doing nothing, after all running cost. A game of costs enters as what a coalition saves over its members apart
//! ([`Game::from_costs`]). Nobody is worth 0. Limits: [`MOST`] players, values up to [`LARGEST`] fen either way, so that all sums in
//! here stay exact in 128 bits.

use std::fmt;

use crate::domain::units::Fen;

/// Most players of a game whose coalitions are all listed (4,096 values).
pub const MOST: usize = 12;
/// Largest value of a coalition, fen a day (a thousand million yuan).
pub const LARGEST: Fen = Fen(100_000_000_000);

/// Some of the players: bit `i` is player `i`, in the order in which the game names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coalition(pub u64);

impl Coalition {
    /// Players 0 to `players` - 1; at most 63.
    #[must_use]
    pub const fn all(players: usize) -> Self {
        Self((1 << players) - 1)
    }
    /// One player alone.
    #[must_use]
    pub const fn of(player: usize) -> Self {
        Self(1 << player)
    }
    /// Is this player in it?
    #[must_use]
    pub const fn has(self, player: usize) -> bool {
        self.0 >> player & 1 == 1
    }
    /// With this player too.
    #[must_use]
    pub const fn with(self, player: usize) -> Self {
        Self(self.0 | 1 << player)
    }
    /// How many players.
    #[must_use]
    pub const fn size(self) -> usize {
        self.0.count_ones() as usize
    }
    /// Who is in it, ascending.
    pub fn players(self) -> impl Iterator<Item = usize> {
        (0..64).filter(move |&player| self.has(player))
    }
}

/// `{0,2}`.
impl fmt::Display for Coalition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.players().map(|player| player.to_string()).collect();
        write!(f, "{{{}}}", names.join(","))
    }
}

/// What is wrong with a game.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum GameError {
    /// Too few or too many.
    #[error("a game has 1 to {most} players, not {players}; join small parks first")]
    Players { players: usize, most: usize },
    /// A table that is too long or too short.
    #[error("{players} players have {expected} coalitions, but {found} values are given")]
    Values { players: usize, expected: usize, found: usize },
    /// Nobody is worth something.
    #[error("the value of nobody is {found} yuan; it must be 0")]
    Nobody { found: Fen },
    /// Beyond what is counted exactly.
    #[error("coalition {coalition} is worth {found} yuan; at most {LARGEST} is counted exactly")]
    Large { coalition: Coalition, found: Fen },
    /// Nothing to average over.
    #[error("a sampled share needs at least 2 pairs of orders, not {pairs}")]
    Pairs { pairs: u32 },
}

/// All coalitions of 1 to [`MOST`] players and what each is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Game {
    players: usize,
    /// By bits of the coalition; the first is nobody's, 0.
    values: Vec<i64>,
}

impl Game {
    /// `values` in fen a day, at the index of the coalition's bits: 2^players of them.
    ///
    /// # Errors
    /// Too many players, a table of another length, a value for nobody, or one beyond [`LARGEST`].
    pub fn new(players: usize, values: &[Fen]) -> Result<Self, GameError> {
        if !(1..=MOST).contains(&players) {
            return Err(GameError::Players { players, most: MOST });
        }
        let expected = 1 << players;
        if values.len() != expected {
            return Err(GameError::Values { players, expected, found: values.len() });
        }
        if values[0] != Fen::ZERO {
            return Err(GameError::Nobody { found: values[0] });
        }
        for (coalition, &found) in (0..).map(Coalition).zip(values) {
            in_range(coalition, found)?;
        }
        Ok(Self { players, values: values.iter().map(|value| value.0).collect() })
    }

    /// From what each coalition would pay, fen a day: a coalition is worth what it saves over its members apart. A player pays
    /// its cost alone less its share of this game.
    ///
    /// # Errors
    /// As [`Game::new`].
    pub fn from_costs(players: usize, costs: &[Fen]) -> Result<Self, GameError> {
        // Checked first, so that sums of costs cannot overflow.
        Self::new(players, costs)?;
        let saved = (0..).map(Coalition).zip(costs).map(|(coalition, &cost)| {
            let apart: Fen = coalition.players().map(|player| costs[1 << player]).sum();
            apart - cost
        });
        Self::new(players, &saved.collect::<Vec<_>>())
    }

    /// How many players, 1 to [`MOST`].
    #[must_use]
    pub fn players(&self) -> usize {
        self.players
    }
    /// Everybody.
    #[must_use]
    pub fn all(&self) -> Coalition {
        Coalition::all(self.players)
    }
    /// What a coalition of this game's players is worth, fen a day.
    #[must_use]
    pub fn value(&self, coalition: Coalition) -> Fen {
        Fen(self.at(coalition))
    }
    /// Coalitions that are somebody, by their bits; everybody last.
    pub fn coalitions(&self) -> impl Iterator<Item = Coalition> + use<> {
        (1..1 << self.players).map(Coalition)
    }

    pub(super) fn at(&self, coalition: Coalition) -> i64 {
        self.values[coalition.0 as usize]
    }

    /// The game in which a coalition may also act in parts, each planning alone (superadditive cover): O(3^n), 0.5 million steps for
    /// 12 players. Where a search found less for a coalition than for its parts, this sets it right.
    #[must_use]
    pub fn closed(&self) -> Closed {
        let count = self.values.len();
        let mut values = vec![0_i64; count];
        let mut first = vec![Coalition(0); count];
        let mut parts = vec![0_u32; count];
        for whole in 1..count {
            let lowest = whole & whole.wrapping_neg();
            let others = whole ^ lowest;
            let (mut best, mut block) = ((self.values[whole], std::cmp::Reverse(1)), whole);
            // The part with the lowest player decides the partition; the rest is closed already.
            let mut taken = others;
            while taken > 0 {
                taken = (taken - 1) & others;
                let rest = others ^ taken;
                let offer = (self.values[taken | lowest] + values[rest], std::cmp::Reverse(parts[rest] + 1));
                // Of equals the one in fewest parts, then the one with more beside the lowest player.
                if offer > best {
                    (best, block) = (offer, taken | lowest);
                }
            }
            values[whole] = best.0;
            parts[whole] = best.1.0;
            first[whole] = Coalition(block as u64);
        }
        Closed { game: Self { players: self.players, values }, first }
    }

    /// As [`Self::closed`], but everybody together are worth what they were given: the plan that is divided is the one that is run, though
    /// its parts may be worth more.
    #[must_use]
    pub fn closed_below(&self) -> Closed {
        let mut closed = self.closed();
        if let (Some(all), Some(own)) = (closed.game.values.last_mut(), self.values.last()) {
            *all = *own;
        }
        closed
    }
}

pub(super) fn in_range(coalition: Coalition, found: Fen) -> Result<(), GameError> {
    if found.0.unsigned_abs() > LARGEST.0.unsigned_abs() {
        return Err(GameError::Large { coalition, found });
    }
    Ok(())
}

/// A superadditive game and how each coalition comes to its value.
#[derive(Clone, Debug)]
pub struct Closed {
    game: Game,
    /// The part with the lowest player, by coalition.
    first: Vec<Coalition>,
}

impl Closed {
    /// The game: two coalitions without a common player are together worth at least what they are apart.
    #[must_use]
    pub fn game(&self) -> &Game {
        &self.game
    }
    /// The parts in which a coalition does best, by their lowest players: one where it acts as a whole.
    #[must_use]
    pub fn parts(&self, coalition: Coalition) -> Vec<Coalition> {
        let mut left = coalition.0;
        let mut parts = Vec::new();
        while left > 0 {
            let part = self.first[left as usize];
            parts.push(part);
            left &= !part.0;
        }
        parts
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::search::{Random, cases};

    /// Values in fen, nobody first.
    pub(crate) fn game(values: &[i64]) -> Game {
        let players = values.len().trailing_zeros() as usize;
        Game::new(players, &values.iter().copied().map(Fen).collect::<Vec<_>>()).unwrap()
    }

    /// Any values within ±`most`.
    pub(crate) fn random(players: usize, most: usize, random: &mut Random) -> Game {
        let values = (0..1 << players).map(|set| if set == 0 { 0 } else { signed(most, random) });
        game(&values.collect::<Vec<_>>())
    }

    /// Players who have little alone and more together: with a core, with one that Shapley's value misses, or without.
    pub(crate) fn lively(players: usize, random: &mut Random) -> Game {
        let all = (1_usize << players) - 1;
        let mut value = |set: usize| match set.count_ones() {
            0 => 0,
            1 => random.below(100),
            _ if set == all => 300 + random.below(1500),
            _ => random.below(1000),
        };
        game(&(0..=all).map(|set| i64::try_from(value(set)).unwrap()).collect::<Vec<_>>())
    }

    fn signed(most: usize, random: &mut Random) -> i64 {
        i64::try_from(random.below(2 * most + 1)).unwrap() - i64::try_from(most).unwrap()
    }

    #[test]
    fn a_coalition_does_what_its_best_parts_do() {
        // 0 and 1 share a bus (worth 500); 2 fits neither, alone it gains 40. A bad plan for all three found 300.
        let closed = game(&[0, 100, 120, 500, 40, 90, 150, 300]).closed();
        assert_eq!(closed.game().value(Coalition(0b111)), Fen(540));
        assert_eq!(closed.parts(Coalition(0b111)), [Coalition(0b011), Coalition(0b100)]);
        // 100 + 40 beats 90.
        assert_eq!(closed.parts(Coalition(0b101)), [Coalition(0b001), Coalition(0b100)]);
        // 160 apart beats 150.
        assert_eq!(closed.game().value(Coalition(0b110)), Fen(160));
        assert_eq!(closed.parts(Coalition(0b011)), [Coalition(0b011)]);
    }

    #[test]
    fn below_everybody_all_are_closed() {
        let closed = game(&[0, 100, 120, 500, 40, 90, 150, 300]).closed_below();
        assert_eq!(
            [0b101, 0b110, 0b111].map(|set| closed.game().value(Coalition(set))),
            [Fen(140), Fen(160), Fen(300)]
        );
        assert_eq!(closed.parts(Coalition(0b111)), [Coalition(0b011), Coalition(0b100)]);
    }

    #[test]
    fn of_equals_the_fewest_parts() {
        let closed = game(&[0, 1, 1, 2, 1, 2, 2, 3]).closed();
        assert_eq!(closed.parts(Coalition(0b111)), [Coalition(0b111)]);
    }

    #[test]
    fn closed_games_are_superadditive_attained_and_closed() {
        let random = &mut Random::new(1);
        for case in 0..cases(100, 1000) {
            let game = self::random(1 + case % 6, 50, random);
            let closed = game.closed();
            for whole in game.coalitions() {
                let parts = closed.parts(whole);
                assert_eq!(parts.iter().map(|part| game.at(*part)).sum::<i64>(), closed.game().at(whole));
                assert_eq!(parts.iter().map(|part| part.0).sum::<u64>(), whole.0);
                for part in game.coalitions().filter(|part| part.0 & whole.0 == part.0 && *part != whole) {
                    let rest = Coalition(whole.0 ^ part.0);
                    assert!(closed.game().at(part) + closed.game().at(rest) <= closed.game().at(whole));
                }
            }
            assert_eq!(closed.game().closed().game(), closed.game());
        }
    }

    #[test]
    fn what_is_no_game_is_refused() {
        let fen = |values: &[i64]| values.iter().copied().map(Fen).collect::<Vec<_>>();
        assert_eq!(Game::new(0, &fen(&[0])), Err(GameError::Players { players: 0, most: 12 }));
        assert_eq!(Game::new(13, &[]), Err(GameError::Players { players: 13, most: 12 }));
        assert_eq!(Game::new(2, &fen(&[0, 1])), Err(GameError::Values { players: 2, expected: 4, found: 2 }));
        assert_eq!(Game::new(1, &fen(&[5, 1])), Err(GameError::Nobody { found: Fen(5) }));
        let large = Fen(LARGEST.0 + 1);
        assert_eq!(Game::new(1, &[Fen::ZERO, large]), Err(GameError::Large { coalition: Coalition(1), found: large }));
        assert!(Game::from_costs(1, &[Fen::ZERO, Fen(i64::MIN)]).is_err());
        assert_eq!(Coalition(0b101).to_string(), "{0,2}");
    }
}
