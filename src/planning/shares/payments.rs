//! From gains to what each pays: a player pays the running cost in proportion to its burden ([`super::super::plan::Joint`]), its firms and
//! people without one that by their boardings.

use std::collections::BTreeMap;

use super::players::Players;
use super::{Payer, boardings, largest_remainders};
use crate::domain::units::Fen;
use crate::planning::plan::{Cohort, Rider, Share};
use crate::planning::project::Project;

/// What each player takes on: saved - gain, at least 0.
pub(super) fn burdens(saved: &[Fen], gains: &[Fen]) -> Vec<u128> {
    saved.iter().zip(gains).map(|(saved, gain)| u128::try_from(saved.0.saturating_sub(gain.0)).unwrap_or(0)).collect()
}

/// Divides `total` (fen a mean day) by the burdens, then by boardings; the shares sum to it exactly. `None` where nobody has a burden.
pub(super) fn pay(
    total: Fen,
    burdens: &[u128],
    method: &str,
    (players, cohorts): (&Players, &[Cohort]),
    riders: &[Rider],
    project: &Project,
) -> Option<Vec<Share>> {
    if total <= Fen::ZERO || burdens.iter().all(|burden| *burden == 0) {
        return None;
    }
    let mut sums: BTreeMap<Payer, u64> = BTreeMap::new();
    for (player, part) in largest_remainders(total.0.unsigned_abs(), burdens).into_iter().enumerate() {
        let own: Vec<&Cohort> =
            cohorts.iter().zip(&players.of).filter(|(_, of)| **of == player).map(|(cohort, _)| cohort).collect();
        let mut weights = boardings(riders, &own, project);
        if weights.is_empty() && part > 0 {
            // Nobody of it rides: it pays itself.
            weights.insert(players.names[player].clone().map_or(Payer::Nobody, Payer::Site), 1);
        }
        let parts = largest_remainders(part, &weights.values().copied().collect::<Vec<_>>());
        for (payer, part) in weights.into_keys().zip(parts) {
            *sums.entry(payer).or_default() += part;
        }
    }
    let firms = project.firms_by_id();
    Some(sums.into_iter().map(|(payer, part)| payer.share(part, method, &firms)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::players::players;
    use super::super::tests::{cohort, project, rider};
    use super::*;

    fn text(shares: &[Share]) -> Vec<(Option<&str>, Option<&str>, i64)> {
        shares.iter().map(|share| (share.site.as_deref(), share.firm.as_deref(), share.fen.0)).collect()
    }

    #[test]
    fn parks_by_what_they_take_on_and_firms_by_boardings() {
        let cohorts = [
            cohort("a", "metro", "media-e", "weekday", 10, &[("acme", 4)]),
            cohort("b", "metro", "tech", "weekday", 5, &[]),
            cohort("c", "metro", "121.4 31.2", "weekday", 5, &[]),
        ];
        let riders = [rider("a", 5), rider("b", 5)];
        let (project, players) = (project(), players(&cohorts, &project()));
        // Media saves 900 and gains 300, tech saves 500 and gains 200, the others bring the rest 50: 600 to 300 to 0.
        let burdens = burdens(&[Fen(900), Fen(500), Fen(0)], &[Fen(300), Fen(200), Fen(50)]);
        assert_eq!(burdens, [600, 300, 0]);
        // 1,000 fen: 667 and 333. Of media's riders 2 in 5 are Acme's: 266.8 and 400.2.
        let shares = pay(Fen(1000), &burdens, "shapley", (&players, &cohorts), &riders, &project).unwrap();
        assert_eq!(
            text(&shares),
            [(Some("media"), Some("acme"), 267), (Some("media"), None, 400), (Some("tech"), None, 333)]
        );
        assert!(shares.iter().all(|share| share.method == "shapley"));
        assert_eq!(pay(Fen(1000), &[0, 0, 0], "shapley", (&players, &cohorts), &riders, &project), None);
    }

    #[test]
    fn a_park_of_which_nobody_rides_pays_itself() {
        let cohorts =
            [cohort("a", "metro", "media", "weekday", 10, &[]), cohort("b", "metro", "tech", "weekday", 5, &[])];
        let (project, players) = (project(), players(&cohorts, &project()));
        let shares = pay(Fen(9), &[2, 1], "shapley", (&players, &cohorts), &[rider("a", 5)], &project).unwrap();
        assert_eq!(text(&shares), [(Some("media"), None, 6), (Some("tech"), None, 3)]);
    }
}
