//! Parties that both lend and need: what each gains by sharing its bays, and that none loses (Lai, Cai & Hu 2021, on sharing among sites with
//! spaces of their own).
//!
//! A lot marked for exchange is its owner's at all times and others' while it is lent. **Alone**, a party's requests have its own bays and
//! nothing else. **Together** all lots are open to all; of each party at least as many are served as alone, and where just as many, they do not
//! walk more in all: else that party stays with its own bays, and the others are allotted anew. So nobody is worse off than alone, whatever the
//! search does. Limit: what counts is the party, not each of its people.

use std::collections::BTreeMap;

use super::Case;
use super::settle::{self, Settled, Wishes};
use crate::domain::finding::Finding;
use crate::domain::units::Metres;
use crate::planning::plan::PartyParking;
use crate::search::Run;

/// A party, its requests, and what its own bays do for them.
struct Party<'a> {
    name: &'a str,
    requests: Vec<usize>,
    alone: Vec<Option<usize>>,
}

impl Party<'_> {
    /// How many of its requests are served and how far they walk.
    fn fares(&self, case: &Case<'_>, held: &[Option<usize>]) -> (u32, u32) {
        let walks = self.requests.iter().filter_map(|&request| case.walk(request, held[request]?));
        walks.fold((0, 0), |(served, metres), walk| (served + 1, metres + walk.0))
    }
}

/// The allotment of everybody, and what each party gains by it.
pub(super) fn settle(case: &Case<'_>, run: &Run<'_>, findings: &mut Vec<Finding>) -> (Settled, Vec<PartyParking>) {
    let parties = parties(case, run);
    let mut wishes = Wishes {
        may: &|_, _| true,
        fixed: case.kept.clone(),
        start: vec![None; case.wanted.len()],
        least: Vec::new(),
        prove: true,
    };
    for party in &parties {
        for &request in &party.requests {
            wishes.start[request] = party.alone[request];
        }
        wishes.least.push((party.requests.clone(), party.fares(case, &party.alone).0 as usize));
    }
    let mut pinned = vec![false; parties.len()];
    let settled = loop {
        let settled = settle::settle(case, &wishes, run, findings);
        let worse = (0..parties.len()).find(|&at| {
            let (alone, together) =
                (parties[at].fares(case, &parties[at].alone), parties[at].fares(case, &settled.held));
            !pinned[at] && (together.0 < alone.0 || (together.0 == alone.0 && together.1 > alone.1))
        });
        let Some(at) = worse else { break settled };
        // It keeps what it has alone; so many rounds at most as there are parties.
        pinned[at] = true;
        for &request in &parties[at].requests {
            wishes.fixed[request] = wishes.fixed[request].or(parties[at].alone[request]);
        }
    };
    let told = parties
        .iter()
        .map(|party| {
            let (alone, together) = (party.fares(case, &party.alone), party.fares(case, &settled.held));
            PartyParking {
                party: party.name.to_owned(),
                requests: u32::try_from(party.requests.len()).unwrap_or(u32::MAX),
                alone: alone.0,
                alone_walk_m: Metres(alone.1),
                together: together.0,
                together_walk_m: Metres(together.1),
            }
        })
        .collect();
    (settled, told)
}

/// The parties that share bays, and what each could do with its own.
fn parties<'a>(case: &'a Case<'_>, run: &Run<'_>) -> Vec<Party<'a>> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for lot in case.project.lots.iter().filter(|lot| lot.exchange) {
        members.entry(&lot.owner).or_default();
    }
    for (at, request) in case.project.requests.iter().enumerate() {
        if let Some(requests) = request.party.as_deref().and_then(|party| members.get_mut(party)) {
            requests.push(at);
        }
    }
    if members.is_empty() {
        return Vec::new();
    }
    // Each on its own ground: one allotment for all of them.
    let wishes = Wishes {
        may: &|request, lot| case.is_own(request, lot),
        fixed: vec![None; case.wanted.len()],
        start: vec![None; case.wanted.len()],
        least: Vec::new(),
        prove: false,
    };
    let alone = settle::settle(case, &wishes, run, &mut Vec::new()).held;
    members.into_iter().map(|(name, requests)| Party { name, requests, alone: alone.clone() }).collect()
}
