//! How late do cars leave, and what does that mean for an owner who comes back?
//!
//! Learned from parking_history: minutes past the end of the lot's lending stretch at which a car really left, pooled over lots,
//! apart for permits that end at least the grace before that end (*buffered*) and the others (*tight*). Two groups only: a finer
//! division needs more records than a first season has. A group with fewer than [`FEW`] records is read with the other.
//! Share of cars still there t minutes after the end: (x + 1/2) / (n + 1) (Jeffreys), upper limit by Clopper & Pearson (1934), one-sided 99 %.
//! Without any record the shares are assumed and a warning says so.

use super::week::{self, Stretch};
use crate::allocation::WEEK;
use crate::domain::calendar::weekday_of;
use crate::domain::finding::Finding;
use crate::planning::project::{Lot, Project};

/// Records a group needs to stand alone.
const FEW: usize = 30;
/// Without records: share of cars that stay past the end (estimate, upper limit); our own assumption, to be replaced by records.
const ASSUMED: (f64, f64) = (0.02, 0.06);
/// Without records: minutes in which that share halves.
const ASSUMED_HALVING: f64 = 30.0;
const CONFIDENCE: f64 = 0.99;

/// How far before the end of the lending stretch a permit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Punctuality {
    /// Less than the grace.
    Tight,
    /// The grace or more.
    Buffered,
}

impl Punctuality {
    pub(super) fn index(self) -> usize {
        self as usize
    }
}

/// Cars of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Group {
    /// Departures recorded.
    total: usize,
    /// Minutes past the end of those that were late, ascending.
    late: Vec<u32>,
}

/// What is known of overstays.
#[derive(Clone, Debug, Default)]
pub(super) struct Overstays {
    /// Tight, buffered; `None`: nothing recorded at all.
    groups: Option<[Group; 2]>,
}

impl Overstays {
    /// Reads the history; `stretches` are those of the project's lots, in order.
    pub(super) fn learn(project: &Project, stretches: &[Vec<Stretch>], findings: &mut Vec<Finding>) -> Self {
        let lots: std::collections::BTreeMap<&str, usize> =
            project.lots.iter().enumerate().map(|(at, lot)| (lot.id.as_str(), at)).collect();
        let requests: std::collections::BTreeMap<&str, usize> =
            project.requests.iter().enumerate().map(|(at, request)| (request.id.as_str(), at)).collect();
        let grace = project.policy.overstay_grace.minutes_up();
        let mut groups = [Group::default(), Group::default()];
        let mut skipped = 0_usize;
        for record in &project.parking_history {
            let (Some(&lot), Some(&request)) = (lots.get(record.lot.as_str()), requests.get(record.request.as_str()))
            else {
                skipped += 1;
                continue;
            };
            let window = &project.requests[request].window;
            let midnight = u32::try_from(weekday_of(record.date) * 1440).unwrap_or(0);
            let from = midnight + window.from.minute();
            let length = window.length().minutes_up();
            let Some((stretch, slack)) = week::within(&stretches[lot], from % WEEK, from % WEEK + length) else {
                skipped += 1;
                continue;
            };
            if stretches[lot][stretch].endless {
                continue;
            }
            // "07:40" of a night that began at 18:00 is 31:40.
            let left = record.left.0.div_ceil(60);
            let left = if left <= window.from.minute() { left + 1440 } else { left };
            let group = &mut groups[usize::from(slack >= grace)];
            group.total += 1;
            let late = left.saturating_sub(window.to.0.div_ceil(60) + slack);
            if late > 0 {
                group.late.push(late);
            }
        }
        if skipped > 0 {
            let finding = Finding::note("parking-history-skipped").file("parking_history.csv");
            findings.push(finding.arg("count", skipped).arg("of", project.parking_history.len()));
        }
        if groups.iter().all(|group| group.total == 0) {
            if !project.lots.is_empty() {
                findings.push(Finding::warning("parking-history-missing").file("parking_history.csv"));
            }
            return Self { groups: None };
        }
        if groups.iter().any(|group| group.total < FEW) {
            let [mut tight, buffered] = groups;
            tight.total += buffered.total;
            tight.late.extend(buffered.late);
            groups = [tight.clone(), tight];
        }
        for group in &mut groups {
            group.late.sort_unstable();
        }
        Self { groups: Some(groups) }
    }

    /// Share of cars still there so many minutes after the end: estimate and upper limit.
    fn share(&self, group: usize, minutes: u32) -> (f64, f64) {
        match &self.groups {
            None => {
                let left = libm::exp2(-f64::from(minutes) / ASSUMED_HALVING);
                (ASSUMED.0 * left, ASSUMED.1 * left)
            }
            Some(groups) => {
                let Group { total, late } = &groups[group];
                let still = late.len() - late.partition_point(|&late| late <= minutes);
                let mean = (still as f64 + 0.5) / (*total as f64 + 1.0);
                (mean, upper_limit(still, *total, CONFIDENCE))
            }
        }
    }

    /// Probability that one of so many owners finds no bay when so many cars (tight, buffered) were there: estimate, and with upper limits.
    pub(super) fn displaced(&self, bays: u32, owners: u32, cars: [u32; 2], returns: &[(u32, f64)]) -> (f64, f64) {
        let (mut mean, mut upper) = (0.0, 0.0);
        // Even if all were late and all owners back at once, there is a bay for each.
        if owners + cars[0] + cars[1] <= bays {
            return (mean, upper);
        }
        for &(minutes, back) in returns {
            let shares = [self.share(0, minutes), self.share(1, minutes)];
            mean += crowded(bays, owners, cars, [shares[0].0, shares[1].0], back);
            upper += crowded(bays, owners, cars, [shares[0].1, shares[1].1], back);
        }
        (mean.min(1.0), upper.min(1.0))
    }

    /// Most cars, if all were tight and if all were buffered, with the promise kept to the owners of as many bays: the others are the reserve.
    pub(super) fn most(&self, bays: u32, returns: &[(u32, f64)], limit: f64) -> [u32; 2] {
        [0, 1].map(|group| {
            let kept = |count: u32| {
                let mut cars = [0; 2];
                cars[group] = count;
                self.displaced(bays, count, cars, returns).1 <= limit
            };
            // More cars, more risk: halve.
            let (mut good, mut bad) = (0, bays + 1);
            while bad - good > 1 {
                let middle = good + (bad - good) / 2;
                if kept(middle) {
                    good = middle;
                } else {
                    bad = middle;
                }
            }
            good
        })
    }
}

/// When owners are back after a stretch: (minutes after its end, share back by then), ascending. Who comes before the end waits for it.
pub(super) fn returns(lot: &Lot, stretch: &Stretch) -> Vec<(u32, f64)> {
    let day = 1440;
    let end = stretch.end % day;
    let mut moments: Vec<(u32, f64)> = lot
        .owner_return
        .iter()
        .map(|&(time, share)| {
            let after = (time.minute() % day + day - end) % day;
            // More than half a day after the end is rather before it.
            (if after > day / 2 { 0 } else { after }, share)
        })
        .collect();
    moments.sort_by_key(|&(after, _)| after);
    let mut back = 0.0;
    let mut steps: Vec<(u32, f64)> = Vec::new();
    for (after, share) in moments {
        back += share.max(0.0);
        match steps.last_mut() {
            Some(last) if last.0 == after => last.1 = back,
            _ => steps.push((after, back)),
        }
    }
    match steps.last_mut() {
        Some(last) => last.1 = 1.0,
        None => steps.push((0, 1.0)),
    }
    steps.iter_mut().for_each(|step| step.1 = step.1.min(1.0));
    steps
}

/// P(N + M > bays): N of the owners are back, each with probability `back`; M cars are still there.
fn crowded(bays: u32, owners: u32, cars: [u32; 2], still: [f64; 2], back: f64) -> f64 {
    let there = convolve(&binomial(cars[0], still[0]), &binomial(cars[1], still[1]));
    let owners = binomial(owners, back);
    let bays = bays as usize;
    let mut probability = 0.0;
    for (late, p) in there.iter().enumerate() {
        let room = bays.saturating_sub(late);
        probability += p * owners.iter().skip(room + 1).sum::<f64>();
    }
    probability.clamp(0.0, 1.0)
}

/// P(0), …, P(n) of Bin(n, p).
fn binomial(n: u32, p: f64) -> Vec<f64> {
    let size = n as usize;
    if p <= 0.0 || p >= 1.0 {
        let mut certain = vec![0.0; size + 1];
        certain[if p >= 1.0 { size } else { 0 }] = 1.0;
        return certain;
    }
    let whole = libm::lgamma(f64::from(n) + 1.0);
    (0..=n)
        .map(|k| {
            let (k, rest) = (f64::from(k), f64::from(n - k));
            libm::exp(
                whole - libm::lgamma(k + 1.0) - libm::lgamma(rest + 1.0) + k * libm::log(p) + rest * libm::log1p(-p),
            )
        })
        .collect()
}

fn convolve(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            sums[i + j] += x * y;
        }
    }
    sums
}

/// Clopper & Pearson (1934): the p at which `hits` or fewer of `trials` have probability 1 - confidence; 1 where all hit.
fn upper_limit(hits: usize, trials: usize, confidence: f64) -> f64 {
    if hits >= trials {
        return 1.0;
    }
    let (a, b) = (hits as f64 + 1.0, (trials - hits) as f64);
    // P(X <= hits) = 1 - I_p(hits + 1, trials - hits): the confidence quantile of that beta.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if incomplete_beta(a, b, middle) < confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// Regularised incomplete beta I_x(a, b) by Lentz's continued fraction (Abramowitz & Stegun 26.5.8).
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast on this side; the other by symmetry.
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front =
        libm::exp(libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b) + a * libm::log(x) + b * libm::log1p(-x));
    let tiny = 1e-300;
    let safe = |value: f64| if value.abs() < tiny { tiny } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / safe(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / safe(1.0 + even * d);
        c = safe(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / safe(1.0 + odd * d);
        c = safe(1.0 + odd / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-14 {
            break;
        }
    }
    front * fraction / a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_as_in_the_tables() {
        // None of 100: 1 - 0.01^(1/100). One of 1: 1. 5 of 50 at 97.5 %: 0.21814 (Clopper & Pearson's two-sided 95 %).
        assert!((upper_limit(0, 100, 0.99) - (1.0 - 0.01_f64.powf(0.01))).abs() < 1e-9);
        assert_eq!(upper_limit(1, 1, 0.99), 1.0);
        assert!((upper_limit(5, 50, 0.975) - 0.218_14).abs() < 1e-4);
        // By its definition, summed up the slow way.
        let p = upper_limit(3, 40, 0.99);
        let below: f64 = binomial(40, p).iter().take(4).sum();
        assert!((below - 0.01).abs() < 1e-9);
    }

    #[test]
    fn one_late_car_more_than_the_reserve() {
        // 3 bays, 2 cars, all owners back: displaced when both are late, 0.1^2.
        assert!((crowded(3, 2, [2, 0], [0.1, 0.0], 1.0) - 0.01).abs() < 1e-12);
        // One tight, one buffered: 0.1 x 0.2.
        assert!((crowded(3, 2, [1, 1], [0.1, 0.2], 1.0) - 0.02).abs() < 1e-12);
        // 2 bays, 2 cars, half the owners back on average: N=2 (1/4) and a late one (0.19), N=1 (1/2) and both late (0.01).
        let expected = 0.25 * 0.19 + 0.5 * 0.01;
        assert!((crowded(2, 2, [2, 0], [0.1, 0.0], 0.5) - expected).abs() < 1e-12);
    }

    #[test]
    fn more_records_allow_more_permits() {
        let with =
            |total: usize| Overstays { groups: Some([Group { total, late: vec![] }, Group { total, late: vec![] }]) };
        let most = |total| with(total).most(30, &[(0, 1.0)], 0.01)[0];
        assert!(most(50) < most(500));
        assert!(most(500) < most(100_000));
        // Never fewer than half: then even all late cars leave a bay for each owner.
        assert!(most(1) >= 15);
    }
}
