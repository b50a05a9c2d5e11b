//! What a lot's owner is promised: the smallest reserve that keeps the promise, and how likely somebody is displaced with it.

use std::collections::BTreeMap;

use super::{Case, overstay};
use crate::domain::finding::Finding;
use crate::planning::plan::Displacement;

/// For each lot the smallest reserve that keeps the promise on its worst day, and the probability with it.
pub(super) fn promises(case: &Case<'_>, held: &[Option<usize>], findings: &mut Vec<Finding>) -> Vec<Displacement> {
    let mut rows = Vec::with_capacity(case.lots.len());
    let holders = case.holders(held);
    for (lot, ground) in case.lots.iter().enumerate() {
        let crowd = case.crowd(lot, &holders[lot]);
        // Nights that end alike with as many cars are one.
        let mut nights: BTreeMap<(u32, bool, [u32; 2]), usize> = BTreeMap::new();
        for (at, (stretch, &cars)) in ground.stretches.iter().zip(&crowd).enumerate() {
            nights.entry((stretch.end % 1440, stretch.endless, cars)).or_insert(at);
        }
        let worst = |reserve: u32| {
            nights.values().fold((0.0, 0.0), |(mean, upper), &stretch| {
                let (m, u) = case.displacement(lot, stretch, crowd[stretch], reserve);
                (f64::max(mean, m), f64::max(upper, u))
            })
        };
        let fullest = crowd.iter().map(|cars| cars[0] + cars[1]).max().unwrap_or(0);
        let kept = |promise: (f64, f64)| overstay::keeps(promise, ground.lot.displace_max);
        let (mut reserve, mut promise) = (0, worst(0));
        if !kept(promise) {
            // More left free, less risk: halve. With a bay left free for each car nobody is displaced.
            let mut bad = 0;
            reserve = ground.lot.bays.min(fullest);
            promise = worst(reserve);
            while reserve - bad > 1 {
                let middle = bad + (reserve - bad) / 2;
                let found = worst(middle);
                if kept(found) {
                    (reserve, promise) = (middle, found);
                } else {
                    bad = middle;
                }
            }
        }
        if reserve > 0 {
            let finding = Finding::note("parking-reserve").file("lots.csv").arg("lot", ground.lot.id.as_str());
            findings.push(finding.arg("bays", ground.lot.bays).arg("permits", fullest).arg("reserve", reserve));
        }
        rows.push(Displacement { lot: ground.lot.id.clone(), probability: promise.0, upper_99: promise.1, reserve });
    }
    rows
}
