//! Who pays what? The running cost of the mean day, divided in proportion to expected boardings.
//!
//! Rule, so that anybody can recompute a share to the fen. A riders row boards `people x days of the cohort's service`
//! (thousandths of a person). Each firm of the cohort has `floor(1,000,000 x its people / the cohort's people)` millionths of that (in order
//! of id, together at most a million), and the rest of the million is the site's: the park at the end of the journey (at its beginning,
//! if only that is one; a gate counts as its park), else the origin if it is a site, else the destination if it is, else nobody by name.
//! Weight is boarded x millionths. Shares are `total x weight / sum of weights` rounded down; the fen left over go one each to the
//! largest remainders (ties: first in order: firms by id, then sites by id). Who has no weight has no share.
//!
//! A firm's share names its park too. Where nobody rides but vehicles cost (a plan being cut down), parks pay by their expected people
//! (`by-people`), equally if none are known; without parks one share has no name. A total of 0 has no shares.
//!
//! Where several parks plan together, each pays by what it gains instead ([`joint`]; the rule is told at [`super::plan::Joint`]), and only
//! inside a park firms pay by boardings: who the players are ([`players`]), what coalitions are worth ([`coalitions`]), the game of these
//! values ([`game`]), its fair division ([`divide`]) by Shapley's value ([`shapley`]), whether that holds ([`core`]), and who pays what
//! ([`payments`]).

pub mod coalitions;
pub mod core;
pub mod divide;
pub mod game;
pub mod joint;
mod payments;
pub mod players;
pub mod shapley;

use std::collections::BTreeMap;

use super::plan::{Cohort, Rider, Share};
use super::project::{Firm, Project};
use crate::domain::site::SiteKind;
use crate::domain::units::Fen;

/// Shares by boardings.
pub const BY_BOARDINGS: &str = "by-boardings";
/// Shares by the people expected in a park: only where nobody rides.
pub const BY_PEOPLE: &str = "by-people";

const MILLION: u128 = 1_000_000;

/// Payers in the order of the rule: firms by id, then sites by id, then nobody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Payer {
    Firm(String),
    Site(String),
    Nobody,
}

/// Divides `total` (fen a mean day, not negative) by the rule at the top of this file; the shares sum to it exactly.
#[must_use]
pub fn by_boardings(total: Fen, riders: &[Rider], cohorts: &[Cohort], project: &Project) -> Vec<Share> {
    if total.0 <= 0 {
        return Vec::new();
    }
    let mut weights = boardings(riders, &cohorts.iter().collect::<Vec<_>>(), project);
    let mut method = BY_BOARDINGS;
    if weights.is_empty() {
        method = BY_PEOPLE;
        weights = parks(project);
    }
    let payers: Vec<(Payer, u128)> = weights.into_iter().collect();
    let parts =
        largest_remainders(total.0.unsigned_abs(), &payers.iter().map(|(_, weight)| *weight).collect::<Vec<_>>());
    let firms = project.firms_by_id();
    payers.into_iter().zip(parts).map(|((payer, _), part)| payer.share(part, method, &firms)).collect()
}

impl Payer {
    /// A row of the plan; a firm's names its park too.
    fn share(self, fen: u64, method: &str, firms: &BTreeMap<&str, &Firm>) -> Share {
        let (site, firm) = match self {
            Self::Firm(id) => (firms.get(id.as_str()).map(|firm| firm.site.clone()), Some(id)),
            Self::Site(id) => (Some(id), None),
            Self::Nobody => (None, None),
        };
        Share { site, firm, fen: Fen(i64::try_from(fen).unwrap_or(i64::MAX)), method: method.to_owned() }
    }
}

/// Weights of payers, by the rule at the top of this file, from those of the riders who are of these cohorts.
fn boardings(riders: &[Rider], cohorts: &[&Cohort], project: &Project) -> BTreeMap<Payer, u128> {
    let by_id: BTreeMap<&str, &Cohort> = cohorts.iter().map(|cohort| (cohort.id.as_str(), *cohort)).collect();
    let (days, _) = project.service_days();
    let mut weights: BTreeMap<Payer, u128> = BTreeMap::new();
    for rider in riders {
        let Some(cohort) = by_id.get(rider.cohort.as_str()) else { continue };
        let days = project.services.iter().position(|service| service.id == cohort.service).map_or(0, |s| days[s]);
        let boarded = u128::from(rider.people.0) * u128::from(days);
        let mut left = MILLION;
        for (firm, people) in &cohort.firms {
            // Firms together never get more than boarded, whatever the file says.
            let part = (MILLION * u128::from(people.0)).checked_div(u128::from(cohort.people.0)).unwrap_or(0).min(left);
            left -= part;
            *weights.entry(Payer::Firm(firm.clone())).or_default() += boarded * part;
        }
        *weights.entry(site_of(cohort, project)).or_default() += boarded * left;
    }
    weights.retain(|_, weight| *weight > 0);
    weights
}

/// The site that pays for people without a firm.
fn site_of(cohort: &Cohort, project: &Project) -> Payer {
    let park = |id: &str| {
        let site = project.site(id)?;
        let park = match site.kind {
            SiteKind::Gate => project.site(site.parent.as_deref()?)?,
            _ => site,
        };
        (park.kind == SiteKind::Park).then(|| park.id.clone())
    };
    let known = |id: &str| project.site(id).map(|site| site.id.clone());
    park(&cohort.destination)
        .or_else(|| park(&cohort.origin))
        .or_else(|| known(&cohort.origin))
        .or_else(|| known(&cohort.destination))
        .map_or(Payer::Nobody, Payer::Site)
}

/// Parks by the people expected there; all alike where none are known; nobody where there is no park.
fn parks(project: &Project) -> BTreeMap<Payer, u128> {
    let known: BTreeMap<Payer, u128> = project
        .sites_of(SiteKind::Park)
        .map(|site| (Payer::Site(site.id.clone()), site.people.map_or(0, |people| u128::from(people.0))))
        .collect();
    if known.is_empty() {
        return BTreeMap::from([(Payer::Nobody, 1)]);
    }
    if known.values().all(|&people| people == 0) {
        return known.into_keys().map(|payer| (payer, 1)).collect();
    }
    known.into_iter().filter(|(_, people)| *people > 0).collect()
}

/// `total` in proportion to the weights, rounded down, the rest to the largest remainders (Hamilton's method); sums exactly unless
/// all weights are 0.
#[must_use]
pub fn largest_remainders(total: u64, weights: &[u128]) -> Vec<u64> {
    let sum: u128 = weights.iter().sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    // A district's weights stay far below 2^80; larger ones lose low bits rather than overflow.
    let shift = (128 - sum.leading_zeros()).saturating_sub(64);
    let weights: Vec<u128> = weights.iter().map(|weight| weight >> shift).collect();
    let sum: u128 = weights.iter().sum::<u128>().max(1);
    let mut parts = Vec::with_capacity(weights.len());
    let mut remainders = Vec::with_capacity(weights.len());
    for (index, weight) in weights.iter().enumerate() {
        let exact = u128::from(total) * weight;
        parts.push(u64::try_from(exact / sum).unwrap_or(u64::MAX));
        remainders.push((std::cmp::Reverse(exact % sum), index));
    }
    remainders.sort_unstable();
    let left = total.saturating_sub(parts.iter().sum());
    for &(_, index) in remainders.iter().take(usize::try_from(left).unwrap_or(usize::MAX)) {
        parts[index] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::calendar::{Days, Holidays, Service, Week};
    use crate::domain::coordinates::Point;
    use crate::domain::site::Site;
    use crate::domain::units::{Metres, People, Seconds, ServiceTime};
    use crate::planning::plan::{Alternative, TimeKind};

    pub(super) fn project() -> Project {
        let site = |id: &str, kind, parent: Option<&str>, people: u32| Site {
            id: id.to_owned(),
            name: id.to_owned(),
            name_en: None,
            kind,
            point: Point::default(),
            parent: parent.map(str::to_owned),
            people: Some(People::whole(people)),
        };
        let service = |id, week, until: &str| {
            let date = |text: &str| text.parse().unwrap();
            Service::new(id, &Days::Weekly(week), date("2026-12-07"), date(until), &Holidays::default())
        };
        Project {
            sites: vec![
                site("media", SiteKind::Park, None, 300),
                site("media-e", SiteKind::Gate, Some("media"), 0),
                site("tech", SiteKind::Park, None, 100),
                site("metro", SiteKind::Station, None, 0),
            ],
            firms: vec![Firm {
                id: "acme".to_owned(),
                name: "Acme".to_owned(),
                site: "media".to_owned(),
                people: People::whole(50),
            }],
            // One week: 5 days and 2.
            services: vec![
                service("weekday", Week::WORKING, "2026-12-13"),
                service("weekend", Week::span(5, 6), "2026-12-13"),
            ],
            ..Project::default()
        }
    }

    pub(super) fn cohort(
        id: &str,
        origin: &str,
        destination: &str,
        service: &str,
        people: u32,
        firms: &[(&str, u32)],
    ) -> Cohort {
        Cohort {
            id: id.to_owned(),
            origin: origin.to_owned(),
            destination: destination.to_owned(),
            time: ServiceTime::hm(9, 0),
            time_kind: TimeKind::ArriveBy,
            service: service.to_owned(),
            people: People::whole(people),
            firms: firms.iter().map(|(firm, people)| ((*firm).to_owned(), People::whole(*people))).collect(),
            max_walk_m: Metres(500),
            max_wait_s: Seconds(1800),
            wheelchair: false,
            alternative: Alternative { mode: "walk".to_owned(), seconds: Seconds(0), wait_s: Seconds(0), fen: Fen(0) },
        }
    }

    pub(super) fn rider(cohort: &str, people: u32) -> Rider {
        Rider {
            cohort: cohort.to_owned(),
            people: People::whole(people),
            legs: Vec::new(),
            walk_m: Metres(0),
            wait_s: Seconds(0),
            ride_s: Seconds(0),
            train: None,
        }
    }

    #[test]
    fn firms_pay_for_their_people_and_parks_for_the_rest() {
        let cohorts = [
            cohort("a", "metro", "media-e", "weekday", 10, &[("acme", 4)]),
            cohort("b", "tech", "metro", "weekend", 5, &[]),
        ];
        // a: 5 of 10 ride on 5 days = 25 boardings, 2/5 of them Acme's: 10 and 15. b: 5 on 2 days = 10. In all 35.
        let shares = by_boardings(Fen(1000), &[rider("a", 5), rider("b", 5)], &cohorts, &project());
        let text: Vec<(Option<&str>, Option<&str>, i64)> =
            shares.iter().map(|share| (share.site.as_deref(), share.firm.as_deref(), share.fen.0)).collect();
        // 285.71, 428.57, 285.71: 998 given out; the two largest remainders are Acme's and tech's.
        assert_eq!(text, [(Some("media"), Some("acme"), 286), (Some("media"), None, 428), (Some("tech"), None, 286)]);
    }

    #[test]
    fn without_riders_parks_pay_by_their_people() {
        let shares = by_boardings(Fen(1001), &[], &[], &project());
        let text: Vec<(Option<&str>, i64)> = shares.iter().map(|s| (s.site.as_deref(), s.fen.0)).collect();
        // 3 to 1: 750.75 and 250.25.
        assert_eq!(text, [(Some("media"), 751), (Some("tech"), 250)]);
        assert!(shares.iter().all(|share| share.method == BY_PEOPLE));
        assert_eq!(by_boardings(Fen::ZERO, &[], &[], &project()), vec![]);
        let nobody = by_boardings(Fen(7), &[], &[], &Project::default());
        assert_eq!((nobody.len(), nobody[0].fen, &nobody[0].site), (1, Fen(7), &None));
    }

    proptest! {
        #[test]
        fn parts_sum_exactly_and_are_near_their_quota(
            total in 0_u64..1_000_000_000,
            weights in prop::collection::vec(prop_oneof![0_u128..1000, 0_u128..(1 << 100)], 1..20),
        ) {
            let parts = largest_remainders(total, &weights);
            let sum: u128 = weights.iter().sum();
            if sum > 0 {
                prop_assert_eq!(parts.iter().sum::<u64>(), total);
                for (part, weight) in parts.iter().zip(&weights) {
                    let quota = total as f64 * (*weight as f64 / sum as f64);
                    prop_assert!((*part as f64 - quota).abs() < 1.001);
                }
            }
        }
    }
}
