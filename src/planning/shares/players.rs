//! Who plans together? Every park that somebody of the cohorts travels to or from, and all who travel to no park as one more.

use std::collections::BTreeSet;

use super::site_of;
use crate::domain::site::SiteKind;
use crate::planning::plan::Cohort;
use crate::planning::project::Project;

/// The players of the game and whose a cohort is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Players {
    /// Site ids of parks, ascending; `None` last, if somebody travels to no park.
    pub names: Vec<Option<String>>,
    /// Of each cohort, in their order, its player.
    pub of: Vec<usize>,
}

/// The players of these cohorts.
#[must_use]
pub fn players(cohorts: &[Cohort], project: &Project) -> Players {
    let parks: Vec<Option<String>> = cohorts.iter().map(|cohort| park_of(cohort, project)).collect();
    let known: BTreeSet<&String> = parks.iter().flatten().collect();
    let mut names: Vec<Option<String>> = known.into_iter().cloned().map(Some).collect();
    if parks.iter().any(Option::is_none) {
        names.push(None);
    }
    let of = parks.iter().map(|park| names.iter().position(|name| name == park).unwrap_or(0)).collect();
    Players { names, of }
}

/// The park that a cohort's people without a firm pay with.
fn park_of(cohort: &Cohort, project: &Project) -> Option<String> {
    let super::Payer::Site(id) = site_of(cohort, project) else { return None };
    project.site(&id).is_some_and(|site| site.kind == SiteKind::Park).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{cohort, project};
    use super::*;

    #[test]
    fn parks_by_id_then_all_others_as_one() {
        let cohorts = [
            cohort("a", "tech", "metro", "weekday", 5, &[]),
            cohort("b", "metro", "media-e", "weekday", 5, &[]),
            cohort("c", "121.4 31.2", "metro", "weekday", 5, &[]),
            cohort("d", "metro", "121.4 31.2", "weekday", 5, &[]),
        ];
        let players = players(&cohorts, &project());
        let names: Vec<Option<&str>> = players.names.iter().map(Option::as_deref).collect();
        assert_eq!((names, players.of), (vec![Some("media"), Some("tech"), None], vec![1, 0, 2, 2]));
        assert_eq!(super::players(&cohorts[..2], &project()).names.len(), 2);
    }
}
