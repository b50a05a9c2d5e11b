//! How late do cars leave, and what does that mean for an owner who comes back?
//!
//! Learned from parking_history: minutes past the end of the lot's lending stretch at which a car really left, apart for permits that end
//! at least the grace before that end (*buffered*) and the others (*tight*). Two groups only: a finer
//! division needs more records than a first season has. A group with fewer than [`FEW`] records is read with the other.
//! Each lot by its own records: lots differ in how strict a gate is and who parks there, and what all lots show together breaks the promise
//! of the worst one. And each group by its tightest permits, [`TIGHTEST`] records of them or all (so few have a wide limit): who has half an hour to
//! spare is in an owner's way more often than who has two, and a lot may be full of the former. A lot with fewer than [`FEW`] records of its own is thought as bad as the worst of those that have them, and as all together.
//! Share of cars still there t minutes after the end: (x + 1/2) / (n + 1) (Jeffreys), upper limit by Clopper & Pearson (1934), one-sided 99 %.
//! Numbers of cars and owners are summed over their likely values only; what is left out (below 1e-12) is added to the upper limit.
//! Without any record the shares are assumed and a warning says so.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::axis::{self, Span};
use super::week::{self, Stretch};
use crate::domain::calendar::{Window, day_number};
use crate::domain::finding::Finding;
use crate::planning::project::{Lot, Project};

/// Records a group needs to stand alone.
const FEW: usize = 30;
/// Records from which a group is judged, those of the tightest permits first.
const TIGHTEST: usize = 200;
/// Days on which the promise is to be shown kept, with the same confidence.
const SHOWN_ON: f64 = 10_000.0;
/// The point of the normal that belongs to [`CONFIDENCE`].
const DEVIATIONS: f64 = 2.326_347_874;
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

/// A departure: minutes between the permit's end and the lot's, minutes past the latter.
type Record = (u32, u32);

impl Group {
    /// Of the tightest of these records.
    fn tightest(mut records: Vec<Record>) -> Self {
        records.sort_unstable();
        if let Some(&(last, _)) = records.get(TIGHTEST - 1) {
            let end = records.partition_point(|&(slack, _)| slack <= last);
            records.truncate(end);
        }
        let mut late: Vec<u32> = records.iter().map(|record| record.1).filter(|&late| late > 0).collect();
        late.sort_unstable();
        Self { total: records.len(), late }
    }

    /// Tight and buffered apart where there are enough of both.
    fn settled([tight, buffered]: [Vec<Record>; 2]) -> [Self; 2] {
        if tight.len().min(buffered.len()) < FEW {
            let all = Self::tightest([tight, buffered].concat());
            return [all.clone(), all];
        }
        [Self::tightest(tight), Self::tightest(buffered)]
    }

    /// Share of cars still there so many minutes after the end: estimate and upper limit.
    fn share(&self, minutes: u32, limits: &mut BTreeMap<(usize, usize), f64>) -> (f64, f64) {
        let still = self.late.len() - self.late.partition_point(|&late| late <= minutes);
        let mean = (still as f64 + 0.5) / (self.total as f64 + 1.0);
        let limit = || upper_limit(still, self.total, CONFIDENCE);
        (mean, *limits.entry((self.total, still)).or_insert_with(limit))
    }
}

/// What is known of overstays.
#[derive(Clone, Debug, Default)]
pub(super) struct Overstays {
    /// Tight, buffered, of all lots; `None`: nothing recorded at all.
    all: Option<[Group; 2]>,
    /// Of the lots with enough records of their own.
    own: BTreeMap<usize, [Group; 2]>,
}

impl Overstays {
    /// Reads the history. A record counts where its lot lent all the time its car was allowed to stay: on that weekday, or on that date where the lot lends
    /// on dates too, be they over. Others are counted and said.
    pub(super) fn learn(project: &Project, findings: &mut Vec<Finding>) -> Self {
        let lots: BTreeMap<&str, usize> =
            project.lots.iter().enumerate().map(|(at, lot)| (lot.id.as_str(), at)).collect();
        let windows = asked(project);
        let grace = project.policy.overstay_grace.minutes_up();
        let mut of_lots: BTreeMap<usize, [Vec<Record>; 2]> = BTreeMap::new();
        let mut lending: BTreeMap<usize, Hours> = BTreeMap::new();
        let mut skipped = 0_usize;
        for record in &project.parking_history {
            let known = lots.get(record.lot.as_str()).zip(windows.get(record.request.as_str()));
            let Some((&lot, window)) = known else {
                skipped += 1;
                continue;
            };
            let lending = lending.entry(lot).or_insert_with(|| Hours::of(project, &project.lots[lot]));
            if lending.always() {
                continue;
            }
            let Some(slack) = lending.slack(window, record.date) else {
                skipped += 1;
                continue;
            };
            // "07:40" of a night that began at 18:00 is 31:40.
            let left = record.left.0.div_ceil(60);
            let left = if left <= window.from.minute() { left + 1440 } else { left };
            let late = left.saturating_sub(window.to.0.div_ceil(60) + slack);
            of_lots.entry(lot).or_default()[usize::from(slack >= grace)].push((slack, late));
        }
        if skipped > 0 {
            let finding = Finding::note("parking-history-skipped").file("parking_history.csv");
            findings.push(finding.arg("count", skipped).arg("of", project.parking_history.len()));
        }
        if of_lots.is_empty() {
            if !project.lots.is_empty() {
                findings.push(Finding::warning("parking-history-missing").file("parking_history.csv"));
            }
            return Self::default();
        }
        let all = [0, 1].map(|group| of_lots.values().flat_map(|records| records[group].iter().copied()).collect());
        let own = of_lots.into_iter().filter(|(_, records)| records[0].len() + records[1].len() >= FEW);
        Self { own: own.map(|(lot, records)| (lot, Group::settled(records))).collect(), all: Some(Group::settled(all)) }
    }

    /// Share of a lot's cars still there so many minutes after the end: estimate and upper limit.
    fn share(&self, lot: usize, group: usize, minutes: u32, limits: &mut Limits) -> (f64, f64) {
        let Some(all) = &self.all else {
            let left = libm::exp2(-f64::from(minutes) / ASSUMED_HALVING);
            return (ASSUMED.0 * left, ASSUMED.1 * left);
        };
        if let Some(own) = self.own.get(&lot) {
            return own[group].share(minutes, &mut limits.by_count);
        }
        let Limits { by_count, worst } = limits;
        *worst.entry((group, minutes)).or_insert_with(|| {
            let shares = self.own.values().map(|own| own[group].share(minutes, by_count)).collect::<Vec<_>>();
            let pooled = all[group].share(minutes, by_count);
            shares.into_iter().fold(pooled, |worst, share| (worst.0.max(share.0), worst.1.max(share.1)))
        })
    }

    /// What is known of each moment at which a lot's owners come back.
    pub(super) fn moments(&self, lot: usize, returns: &[(u32, f64)], limits: &mut Limits) -> Vec<Moment> {
        let known = |&(minutes, back): &(u32, f64)| Moment {
            back,
            shares: [0, 1].map(|group| self.share(lot, group, minutes, limits)),
        };
        returns.iter().map(known).collect()
    }

    /// Most cars, if all were tight and if all were buffered, with the promise kept to the owners of as many bays: the others are the reserve.
    /// When `stop` says so the most proven so far: half the bays at least, for then all late cars leave a bay for each owner.
    pub(super) fn most(bays: u32, moments: &[Moment], limit: f64, stop: &dyn Fn() -> bool) -> [u32; 2] {
        [0, 1].map(|group| {
            let kept = |count: u32| {
                let mut cars = [0; 2];
                cars[group] = count;
                keeps(displaced(bays, count, cars, moments), limit)
            };
            // More cars, more risk: halve.
            let (mut good, mut bad) = (bays / 2, bays + 1);
            while bad - good > 1 && !stop() {
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

/// The times each request asks for, or asked for on dates that are over: a record takes only the time of day from them.
fn asked(project: &Project) -> BTreeMap<&str, &Window> {
    let past = project.past.asked.iter().filter_map(|(id, windows)| Some((id.as_str(), windows.first()?)));
    past.chain(project.requests.iter().map(|request| (request.id.as_str(), &request.window))).collect()
}

/// When a lot lends, its dates that are over included.
struct Hours {
    windows: Vec<Window>,
    weekly: Vec<Stretch>,
    /// What has been looked up, by minutes of the calendar, or of the week where there are no dates: many records are of the same night.
    known: BTreeMap<Span, Option<u32>>,
}

impl Hours {
    fn of(project: &Project, lot: &Lot) -> Self {
        let past = project.past.lent.get(&lot.id).into_iter().flatten();
        let windows: Vec<Window> = lot.windows.iter().chain(past).cloned().collect();
        Self { weekly: week::lent(&windows), windows, known: BTreeMap::new() }
    }

    /// It has no end at which somebody could be late.
    fn always(&self) -> bool {
        self.weekly.iter().any(|stretch| stretch.endless)
    }

    /// Minutes between the end of this window, as of a date, and that of the stretch around it; `None`: not lent all the while.
    fn slack(&mut self, window: &Window, date: Date) -> Option<u32> {
        let day = if self.windows.iter().any(|window| window.on_dates().next().is_some()) {
            day_number(date)
        } else {
            day_number(date).rem_euclid(7)
        };
        let from = day * 1440 + i64::from(window.from.minute());
        let stay = (from, from + i64::from(window.length().minutes_up()));
        *self.known.entry(stay).or_insert_with(|| axis::slack(&self.windows, &self.weekly, stay))
    }
}

/// What has been worked out so far: a limit takes thousands of steps.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// Upper limits by cars and cars still there.
    by_count: BTreeMap<(usize, usize), f64>,
    /// Shares of a lot without records of its own, by group and minutes.
    worst: BTreeMap<(usize, u32), (f64, f64)>,
}

/// A moment at which owners come back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    /// Share of the owners that are back.
    pub(super) back: f64,
    /// Share of tight and of buffered cars that are still there: estimate and upper limit.
    shares: [(f64, f64); 2],
}

/// Probability that one of so many owners finds no bay when so many cars (tight, buffered) were there: estimate, and with upper limits.
pub(super) fn displaced(bays: u32, owners: u32, cars: [u32; 2], moments: &[Moment]) -> (f64, f64) {
    let (mut mean, mut upper) = (0.0, 0.0);
    // Even if all were late and all owners back at once, there is a bay for each.
    if owners + cars[0] + cars[1] <= bays {
        return (mean, upper);
    }
    for Moment { back, shares } in moments {
        mean += crowded(bays, owners, cars, shares.map(|share| share.0), *back).0;
        let (found, left_out) = crowded(bays, owners, cars, shares.map(|share| share.1), *back);
        upper += found + left_out;
        // Nothing more can be learnt.
        if mean >= 1.0 {
            break;
        }
    }
    let mean = mean.min(1.0);
    (mean, upper.clamp(mean, 1.0))
}

/// Does a lot-day's probability (estimate, upper limit) keep the promise? Its upper limit does, and days would show it: the share
/// [`SHOWN_ON`] days count errs, and has a limit of its own above it; together with what the estimate is off (in squares) that must not
/// pass the lot's limit. A lot whose owners bear anything is promised nothing.
pub(super) fn keeps((mean, upper): (f64, f64), limit: f64) -> bool {
    if upper > limit || limit >= 1.0 {
        return upper <= limit;
    }
    let counted = DEVIATIONS * (mean * (1.0 - mean) / SHOWN_ON).sqrt();
    mean + libm::hypot(2.0 * counted, upper - mean) <= limit
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

/// P(N + M > bays): N of the owners are back, each with probability `back`; M cars are still there. And how much it may be short,
/// because improbable numbers are left out. O(root of the numbers) with one group of cars.
fn crowded(bays: u32, owners: u32, cars: [u32; 2], still: [f64; 2], back: f64) -> (f64, f64) {
    let tight = Likely::binomial(cars[0], still[0]);
    let buffered = Likely::binomial(cars[1], still[1]);
    let owners = Likely::binomial(owners, back);
    let left_out = tight.beyond + buffered.beyond + owners.beyond;
    // above[k]: the probability of at least `owners.from + k`.
    let mut above = vec![0.0; owners.mass.len() + 1];
    for (at, mass) in owners.mass.iter().enumerate().rev() {
        above[at] = above[at + 1] + mass;
    }
    let bays = bays as usize;
    // Fewer late cars than this crowd nobody out.
    let least = (bays + 1).saturating_sub(owners.from + owners.mass.len() - 1);
    let mut probability = 0.0;
    for (first, p) in tight.mass.iter().enumerate() {
        let first = tight.from + first;
        for second in least.saturating_sub(first).max(buffered.from)..buffered.from + buffered.mass.len() {
            let needed = (bays.saturating_sub(first + second) + 1).saturating_sub(owners.from);
            probability += p * buffered.mass[second - buffered.from] * above[needed];
        }
    }
    (probability.clamp(0.0, 1.0), left_out)
}

/// What may be left out at either end of a distribution.
const NEGLIGIBLE: f64 = 1e-14;

/// The likely values of a number, so that "more than x" is never less probable than it says, but for `beyond`.
struct Likely {
    /// First value.
    from: usize,
    /// Probabilities of `from`, `from + 1`, …; they sum to 1, so that what is left out below counts as more.
    mass: Vec<f64>,
    /// At least the probability of all greater values.
    beyond: f64,
}

impl Likely {
    /// Bin(n, p). From the mode outwards by ratios, which fall: what is left out at an end is at most a geometric series.
    fn binomial(n: u32, p: f64) -> Self {
        if n == 0 || p <= 0.0 || p >= 1.0 {
            return Self { from: if p >= 1.0 { n as usize } else { 0 }, mass: vec![1.0], beyond: 0.0 };
        }
        let odds = p / (1.0 - p);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to n + 1, then n at most")]
        let mode = (((f64::from(n) + 1.0) * p).floor() as u32).min(n);
        let mut mass = Vec::new();
        let (mut weight, mut k) = (1.0, mode);
        while k > 0 {
            let ratio = f64::from(k) / (f64::from(n - k + 1) * odds);
            if ratio < 1.0 && weight * ratio / (1.0 - ratio) < NEGLIGIBLE {
                break;
            }
            weight *= ratio;
            mass.push(weight);
            k -= 1;
        }
        mass.reverse();
        let from = k as usize;
        mass.push(1.0);
        let mut beyond = 0.0;
        (weight, k) = (1.0, mode);
        while k < n {
            let ratio = f64::from(n - k) / f64::from(k + 1) * odds;
            if ratio < 1.0 {
                let rest = weight * ratio / (1.0 - ratio);
                if rest < NEGLIGIBLE {
                    beyond = rest;
                    break;
                }
            }
            weight *= ratio;
            mass.push(weight);
            k += 1;
        }
        let sum: f64 = mass.iter().sum();
        mass.iter_mut().for_each(|mass| *mass /= sum);
        Self { from, mass, beyond: beyond / sum }
    }
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

    /// P(0), …, P(n) of Bin(n, p), each from its formula.
    fn binomial(n: u32, p: f64) -> Vec<f64> {
        let size = n as usize;
        if p <= 0.0 || p >= 1.0 {
            let mut certain = vec![0.0; size + 1];
            certain[if p >= 1.0 { size } else { 0 }] = 1.0;
            return certain;
        }
        let whole = libm::lgamma(f64::from(n) + 1.0);
        let log = |k: f64, rest: f64| {
            whole - libm::lgamma(k + 1.0) - libm::lgamma(rest + 1.0) + k * libm::log(p) + rest * libm::log1p(-p)
        };
        (0..=n).map(|k| libm::exp(log(f64::from(k), f64::from(n - k)))).collect()
    }

    /// The same the slow way: every number of every group.
    fn crowded_slowly(bays: u32, owners: u32, cars: [u32; 2], still: [f64; 2], back: f64) -> f64 {
        let (tight, buffered, owners) =
            (binomial(cars[0], still[0]), binomial(cars[1], still[1]), binomial(owners, back));
        let mut probability = 0.0;
        for (i, p) in tight.iter().enumerate() {
            for (j, q) in buffered.iter().enumerate() {
                let room = (bays as usize).saturating_sub(i + j);
                probability += p * q * owners.iter().skip(room + 1).sum::<f64>();
            }
        }
        probability
    }

    #[test]
    fn fast_is_slow_and_never_below_it() {
        let mut random = crate::search::Random::new(7);
        let shares = [0.0, 1e-9, 0.003, 0.06, 0.3, 0.5, 0.9, 0.999_999, 1.0];
        let mut between = 0;
        for round in 0..400 {
            let bays = random.below(if round < 360 { 40 } else { 400 }) as u32;
            let owners = random.below(bays as usize + 1) as u32;
            let cars = [0, 1].map(|_| random.below(bays as usize / 2 + 2) as u32);
            let [a, b, back] = [0, 1, 2].map(|_| shares[random.below(shares.len())]);
            let slow = crowded_slowly(bays, owners, cars, [a, b], back);
            let (fast, left_out) = crowded(bays, owners, cars, [a, b], back);
            assert!((fast - slow).abs() < 1e-11, "{bays} {owners} {cars:?} {a} {b} {back}: {fast} {slow}");
            assert!(fast + left_out >= slow * (1.0 - 1e-11), "{bays} {owners} {cars:?} {a} {b} {back}: {fast} {slow}");
            assert!(left_out < 1e-12);
            between += u32::from(slow > 1e-9 && slow < 0.999);
        }
        assert!(between > 50, "{between}");
    }

    #[test]
    fn what_is_left_out_is_bounded() {
        for (n, p) in [(20_000, 0.06), (20_000, 0.5), (3, 0.2), (500, 0.999)] {
            let (likely, all) = (Likely::binomial(n, p), binomial(n, p));
            let end = likely.from + likely.mass.len();
            assert!(all[end..].iter().sum::<f64>() <= likely.beyond * (1.0 + 1e-9));
            assert!(likely.mass.len() < 1200 && (likely.mass.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            for (mass, exact) in likely.mass.iter().zip(&all[likely.from..]) {
                assert!((mass - exact).abs() < 1e-9 * exact + 1e-14);
            }
        }
    }

    #[test]
    fn a_stop_leaves_what_is_proven() {
        let known = Overstays::default();
        let moments = known.moments(0, &[(0, 0.5), (30, 1.0)], &mut Limits::default());
        assert_eq!(Overstays::most(20_000, &moments, 0.01, &|| true), [10_000; 2]);
        let all = Overstays::most(20_000, &moments, 0.01, &|| false)[0];
        // 6 % of the cars at the first moment, all owners 30 minutes later with 3 %: a reserve of some hundred bays.
        assert!((18_000..20_000).contains(&all), "{all}");
        assert!(displaced(20_000, all, [all, 0], &moments).1 <= 0.01);
        assert!(displaced(20_000, all + 1, [all + 1, 0], &moments).1 > 0.01);
    }

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
        assert!((crowded(3, 2, [2, 0], [0.1, 0.0], 1.0).0 - 0.01).abs() < 1e-12);
        // One tight, one buffered: 0.1 x 0.2.
        assert!((crowded(3, 2, [1, 1], [0.1, 0.2], 1.0).0 - 0.02).abs() < 1e-12);
        // 2 bays, 2 cars, half the owners back on average: N=2 (1/4) and a late one (0.19), N=1 (1/2) and both late (0.01).
        let expected = 0.25 * 0.19 + 0.5 * 0.01;
        assert!((crowded(2, 2, [2, 0], [0.1, 0.0], 0.5).0 - expected).abs() < 1e-12);
    }

    #[test]
    fn a_lot_is_known_by_its_own_records_and_without_them_like_the_worst() {
        let group = |total: usize, late: usize| Group { total, late: vec![20; late] };
        let of = |total, late| [group(total, late), group(total, late)];
        let known =
            Overstays { all: Some(of(3000, 150)), own: BTreeMap::from([(0, of(1000, 10)), (1, of(1000, 100))]) };
        let mut limits = Limits::default();
        let mut share = |lot| known.share(lot, 0, 10, &mut limits);
        let near = |(mean, upper): (f64, f64), expected: f64| {
            assert!(
                (mean - expected).abs() < 0.001 && upper > mean && upper < 1.25 * expected + 0.01,
                "{mean} {upper}"
            );
        };
        // One in a hundred, one in ten; all together one in twenty.
        near(share(0), 0.01);
        near(share(1), 0.1);
        assert_eq!(share(2), share(1));
        // Nobody stays for more than 20 minutes anywhere: the fewest records tell the least.
        let late = known.share(2, 0, 20, &mut Limits::default());
        assert_eq!(late, known.share(0, 0, 20, &mut Limits::default()));
    }

    #[test]
    fn a_group_is_as_bad_as_its_tightest_permits() {
        // 300 permits end 30 minutes before the lot, one in ten is late; 3000 end two hours before, none is.
        let mut records: Vec<Record> = (0..300).map(|n| (30, if n % 10 == 0 { 15 } else { 0 })).collect();
        records.extend((0..3000).map(|_| (120, 0)));
        let group = Group::tightest(records.clone());
        assert_eq!((group.total, group.late.len()), (300, 30));
        // Fewer than are wanted: all count.
        assert_eq!(Group::tightest(records.split_off(3200)).total, 100);
        // Tight ones apart, where there are enough.
        let few = Group::settled([vec![(0, 40); FEW - 1], vec![(30, 0); 10]]);
        assert_eq!((few[0].total, few[0].late.len(), few[1].total), (FEW + 9, FEW - 1, FEW + 9));
        let apart = Group::settled([vec![(0, 40); FEW], vec![(30, 0); FEW]]);
        assert_eq!((apart[0].late.len(), apart[1].late.len()), (FEW, 0));
    }

    #[test]
    fn a_promise_is_kept_where_days_would_show_it() {
        // 0.5 %, known exactly: 10,000 days count at most 0.5 + 0.164 %, their limit is 0.164 % above: 0.83 %.
        assert!(keeps((0.005, 0.005), 0.01));
        // 0.8 %: 0.8 + 2 x 0.207 = 1.21 %, though it is below.
        assert!(!keeps((0.008, 0.008), 0.01));
        // Unsure of itself: the limit alone decides.
        assert!(keeps((0.0001, 0.0095), 0.01) && !keeps((0.0001, 0.0101), 0.01));
        assert!(keeps((1.0, 1.0), 1.0) && keeps((0.0, 0.0), 0.0));
    }

    #[test]
    fn more_records_allow_more_permits() {
        let with = |total: usize| Overstays {
            all: Some([Group { total, late: vec![] }, Group { total, late: vec![] }]),
            own: BTreeMap::new(),
        };
        let moments = |total| with(total).moments(0, &[(0, 1.0)], &mut Limits::default());
        let most = |total| Overstays::most(30, &moments(total), 0.01, &|| false)[0];
        assert!(most(50) < most(500));
        assert!(most(500) < most(100_000));
        // Never fewer than half: then even all late cars leave a bay for each owner.
        assert!(most(1) >= 15);
    }
}
