//! What a way costs one person, in exact units (1 / 3,600,000 fen), and what people do without us.

use crate::domain::units::{ServiceTime, divide_half_up};
use crate::planning::plan::TimeKind;
use crate::planning::project::Project;

/// Exact units in a fen: 1000 (weights are thousandths) x 3600 (seconds in an hour).
pub(super) const PER_FEN: i128 = 3_600_000;

/// A way without us.
#[derive(Clone, Debug)]
pub(super) struct Without<'a> {
    pub(super) mode: &'a str,
    pub(super) seconds: u64,
    /// Too early at the end, or until the train.
    pub(super) wait: u64,
    /// Exact units.
    pub(super) cost: i128,
}

/// The trains somebody comes from or goes to without us, by the rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meets<'t> {
    pub(super) kind: TimeKind,
    pub(super) wished: i64,
    pub(super) trains: &'t [ServiceTime],
}

impl Meets<'_> {
    /// Seconds too early, or until the train, of a way that takes so long.
    fn wait(&self, seconds: u64) -> Option<u64> {
        if self.trains.is_empty() {
            return Some(0);
        }
        let seconds = i64::try_from(seconds).ok()?;
        let waits = self.trains.iter().map(|train| match self.kind {
            TimeKind::ArriveBy => self.wished - (i64::from(train.0) + seconds),
            TimeKind::DepartAfter => i64::from(train.0) - (self.wished + seconds),
        });
        waits.filter_map(|wait| u64::try_from(wait).ok()).min()
    }
}

/// The cheapest ways without us over these metres, for who is, or is not, in a wheelchair, `platform` seconds of stairs at either end added (several if they cost the same); the taxi where nothing reaches.
pub(super) fn alternatives<'p>(
    project: &'p Project,
    wheelchair: bool,
    metres: Option<u32>,
    platform: u64,
    meets: &Meets<'_>,
) -> Vec<Without<'p>> {
    let value = i128::from(project.policy.value_of_time_per_h.0);
    let ways: Vec<Without<'p>> = project
        .alternatives
        .iter()
        .filter_map(|mode| {
            if wheelchair && !mode.wheelchair {
                return None;
            }
            let metres = metres.filter(|metres| mode.max_m.is_none_or(|max| *metres <= max.0))?;
            let moving = (u64::from(metres) * 1000).div_ceil(u64::from(mode.mm_per_s.max(1)));
            let seconds = u64::from(mode.fixed.0) + moving;
            let wait = meets.wait(seconds + platform)?;
            let weighted = i128::from(mode.weight) * i128::from(seconds)
                + i128::from(project.policy.weight_walk) * i128::from(platform)
                + i128::from(project.policy.weight_wait) * i128::from(wait);
            let cost = value.saturating_mul(weighted).saturating_add(i128::from(mode.price.0) * PER_FEN);
            Some(Without { mode: &mode.mode, seconds: seconds + platform, wait, cost })
        })
        .collect();
    let taxi = i128::from(project.policy.stranded.0) * PER_FEN;
    match ways.iter().map(|way| way.cost).min().filter(|least| *least <= taxi) {
        Some(least) => ways.into_iter().filter(|way| way.cost == least).collect(),
        None => {
            vec![Without { mode: "stranded", seconds: 0, wait: 0, cost: taxi }]
        }
    }
}

/// Exact cost of a ride for one person.
pub(super) fn ride_cost(project: &Project, walk_s: u64, wait_s: u64, ride_s: u64) -> i128 {
    let policy = &project.policy;
    i128::from(policy.value_of_time_per_h.0)
        .saturating_mul(weighted(project, walk_s, wait_s, ride_s))
        .saturating_add(i128::from(policy.fare.0) * PER_FEN)
}

/// Weighted seconds x 1000.
pub(super) fn weighted(project: &Project, walk_s: u64, wait_s: u64, ride_s: u64) -> i128 {
    let policy = &project.policy;
    i128::from(policy.weight_walk) * i128::from(walk_s)
        + i128::from(policy.weight_wait) * i128::from(wait_s)
        + i128::from(policy.weight_ride) * i128::from(ride_s)
}

/// What one person's cost is in fen, half up.
pub(super) fn fen(cost: i128) -> i128 {
    row_fen(cost, 1000)
}

/// What a row of so many thousandths of people costs, in fen, half up.
pub(super) fn row_fen(cost: i128, thousandths: u32) -> i128 {
    divide_half_up(clamp(cost).saturating_mul(i128::from(thousandths)), PER_FEN * 1000)
}

/// Keeps what follows from overflowing on absurd inputs: 1e28 units are 1e21 fen.
fn clamp(cost: i128) -> i128 {
    cost.clamp(-10_i128.pow(28), 10_i128.pow(28))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::{Fen, Metres, Seconds};
    use crate::planning::project::AlternativeMode;

    #[test]
    fn a_long_walk_is_dearer_than_a_bike_and_beyond_its_reach_there_is_a_taxi() {
        let mode = |mode: &str, mm_per_s, fixed, price, max_m, weight| AlternativeMode {
            mode: mode.to_owned(),
            mm_per_s,
            fixed: Seconds(fixed),
            price: Fen(price),
            max_m: Some(Metres(max_m)),
            weight,
            wheelchair: mode != "shared_bike",
        };
        let project = Project {
            alternatives: vec![mode("walk", 1200, 0, 0, 3000, 2000), mode("shared_bike", 3300, 240, 150, 5000, 1000)],
            ..Project::default()
        };
        let none = Meets { kind: TimeKind::ArriveBy, wished: 0, trains: &[] };
        let going = |project, wheelchair, metres| alternatives(project, wheelchair, metres, 0, &none);
        let alternatives = |project, metres, platform| alternatives(project, false, metres, platform, &none);
        // 1,000 m: walk ceil(833.3) = 834 s x 2 x 4000/3600 fen = 1853.3; bike (240 + ceil(303.03) = 544) x 1.11 + 150 = 754.4.
        let best = alternatives(&project, Some(1000), 0);
        assert_eq!((best.len(), best[0].mode, best[0].seconds, fen(best[0].cost)), (1, "shared_bike", 544, 754));
        // 100 m: walk 84 s x 2 x 1.111 = 186.7; bike (240 + 31) x 1.111 + 150 = 451.1.
        assert_eq!(
            (alternatives(&project, Some(100), 0)[0].mode, fen(alternatives(&project, Some(100), 0)[0].cost)),
            ("walk", 187)
        );
        assert_eq!(alternatives(&project, Some(5001), 0)[0].mode, "stranded");
        assert_eq!(fen(alternatives(&project, None, 0)[0].cost), 6000);
        // In a wheelchair it is the walk, 18.53 CNY, as far as that goes.
        let wheels = |metres| going(&project, true, Some(metres))[0].clone();
        assert_eq!((wheels(1000).mode, wheels(1000).seconds, fen(wheels(1000).cost)), ("walk", 834, 1853));
        assert_eq!((wheels(3001).mode, going(&project, false, Some(3001))[0].mode), ("stranded", "shared_bike"));
    }

    #[test]
    fn walks_and_waits_weigh_double() {
        // (2 x 60 + 2 x 30 + 1 x 120) s = 300 s at CNY 40/h = 3.333 CNY; of 1.5 people 5.00 CNY.
        let cost = ride_cost(&Project::default(), 60, 30, 120);
        assert_eq!((fen(cost), row_fen(cost, 1500)), (333, 500));
        assert!(row_fen(i128::MAX, u32::MAX) > 0);
    }
}
