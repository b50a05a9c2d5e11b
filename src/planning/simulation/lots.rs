//! How often does an owner who comes back find no bay? Nights of a plan's permits, car by car.
//!
//! **A night** is what one lending stretch of a lot, of every week or of a date that something is granted or lent on, leaves behind: the cars whose permits end in it, each with its slack (minutes between its
//! permit's end and the lot's). Each car leaves when the [`Law`] says; a car that is still there after the lot's end holds a bay. Of the B
//! owners' vehicles those of the *reserve* come back when the late cars are gone (they leave their bays free until then, as the plan asks); the
//! others come back one by one, each at a time drawn from `owner_return`, those before the lot's end at its end. Who comes when owners and late
//! cars hold all B bays is displaced, and the lot-day counts once. Nights of a lot that are alike are simulated once, nights that are not each
//! on so many days: what is told of a lot is its worst night.
//!
//! **How sure**: the one-sided 99 % limit of Clopper & Pearson (1934) on the share of such lot-days.
//!
//! A judge: permits, lots and windows are read from plan and project, nothing from what allotted them. Same seed, same days.
//! Time O(days x (cars + owners) x log owners) where more cars are late than bays in reserve, O(days x cars) elsewhere.
//!
//! Limits: any free bay does for an owner (accessible and charging ones too); a lot that lends all week has no owner who comes back.

mod dated;
mod lending;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::draw::{mix, name};
use crate::domain::calendar::{Days, Window, day_number, weekday_of};
use crate::planning::plan::{Parking, Permit};
use crate::planning::project::{Lot, Project};
use crate::search::Random;
use lending::Lending;

const DAY: usize = 1440;
const WEEK: usize = 7 * DAY;
/// Records from which like cars are drawn; with fewer also unlike ones.
const ENOUGH: usize = 30;
/// Without records: the chance to stay past the lot's end, and the minutes in which those who do are half as many.
const ASSUMED: (f64, f64) = (0.02, 30.0);

/// A car on the last of its nights before the owners come.
#[derive(Clone, Copy, Debug)]
pub struct Stay<'a> {
    /// Its permit.
    pub permit: &'a Permit,
    /// Where it stands.
    pub lot: &'a Lot,
    /// Minutes between its permit's end and the lot's.
    pub slack: u32,
    /// Which day, of this lot and night.
    pub day: u32,
}

/// Minutes after its permit's end at which a car leaves; 0 or less: in time.
pub type Law<'a> = dyn Fn(&Stay<'_>, &mut Random) -> f64 + 'a;

/// What simulated days say of a lot: of its worst night.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct LotDays {
    /// Lot id.
    pub lot: String,
    /// Cars that night.
    pub cars: u32,
    /// Bays owners leave free until the late cars are gone.
    pub reserve: u32,
    /// Lot-days simulated.
    pub days: u32,
    /// Of them with an owner displaced.
    pub displaced: u32,
    /// Their share.
    pub rate: f64,
    /// Its 99 % upper limit.
    pub upper_99: f64,
}

/// The reserves a plan asks owners for; none of a lot that is not named.
#[must_use]
pub fn reserves(parking: &Parking) -> BTreeMap<String, u32> {
    parking.displacement.iter().map(|promise| (promise.lot.clone(), promise.reserve)).collect()
}

/// Simulates so many days of each night of each lot with permits.
#[must_use]
pub fn simulate(
    project: &Project,
    parking: &Parking,
    reserves: &BTreeMap<String, u32>,
    law: &Law<'_>,
    days: u32,
    seed: u64,
) -> Vec<LotDays> {
    let mut permits: BTreeMap<&str, Vec<&Permit>> = BTreeMap::new();
    for permit in &parking.permits {
        permits.entry(&permit.lot).or_default().push(permit);
    }
    let parties = parties(project);
    project
        .lots
        .iter()
        .filter_map(|lot| Some((lot, permits.get(lot.id.as_str())?)))
        .map(|(lot, permits)| {
            let reserve = reserves.get(&lot.id).copied().unwrap_or(0);
            let guests: Vec<Permit> = permits
                .iter()
                .filter(|permit| !is_own(&parties, lot, permit))
                .map(|permit| (*permit).clone())
                .collect();
            let case = Case { lot, permits: &guests, reserve, law };
            let of_lot = mix(seed, name(&lot.id));
            let mut worst = LotDays {
                lot: lot.id.clone(),
                cars: 0,
                reserve,
                days,
                displaced: 0,
                rate: 0.0,
                upper_99: upper_limit(0, days),
            };
            for (number, night) in (0_u64..).zip(nights(lot, &guests)) {
                let displaced = night.displaced(&case, days, mix(of_lot, number));
                // Of nights that are as good the fullest.
                let cars = u32::try_from(night.cars.len()).unwrap_or(u32::MAX);
                if (displaced, cars) > (worst.displaced, worst.cars) {
                    worst.cars = cars;
                    worst.displaced = displaced;
                    worst.rate = f64::from(displaced) / f64::from(days.max(1));
                    worst.upper_99 = upper_limit(displaced, days);
                }
            }
            worst
        })
        .collect()
}

/// Which party each request is of, where it is of one.
fn parties(project: &Project) -> BTreeSet<(&str, &str)> {
    let requests = project.requests.iter();
    requests.filter_map(|request| Some((request.id.as_str(), request.party.as_deref()?))).collect()
}

/// Is it a permit of the party whose lot this is, which it shares? Such a car is one of the owner's.
fn is_own(parties: &BTreeSet<(&str, &str)>, lot: &Lot, permit: &Permit) -> bool {
    lot.exchange && parties.contains(&(permit.request.as_str(), lot.owner.as_str()))
}

/// What nights of a lot have in common.
struct Case<'a> {
    lot: &'a Lot,
    permits: &'a [Permit],
    reserve: u32,
    law: &'a Law<'a>,
}

/// A night before the owners come back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Night {
    /// Minute of the day at which the lot's lending ends.
    end: usize,
    /// Permits and their slack, ascending.
    cars: Vec<(usize, u32)>,
}

/// The nights of a lot that differ; these permits are of it.
fn nights(lot: &Lot, permits: &[Permit]) -> Vec<Night> {
    let lending = Lending::new(lot.windows.iter());
    if lending.always {
        return Vec::new();
    }
    let weekly = |permit: &Permit| match Days::parse(&permit.days) {
        Some(days @ Days::Weekly(_)) => Some(Window { days, from: permit.from, to: permit.to }),
        _ => None,
    };
    // By the minute of the week at which lending ends: each car once, as it leaves last.
    let mut ends: BTreeMap<usize, BTreeMap<usize, u32>> = BTreeMap::new();
    for (at, permit) in permits.iter().enumerate() {
        let Some(window) = weekly(permit) else { continue };
        for (start, end) in window.minutes() {
            let Some(stop) = lending.stop_of_week(end as usize).filter(|_| start < end) else { continue };
            let slack = u32::try_from(stop).unwrap_or(u32::MAX) - end;
            let known = ends.entry(stop % WEEK).or_default().entry(at).or_insert(slack);
            *known = slack.min(*known);
        }
    }
    let mut nights: Vec<Night> =
        ends.into_iter().map(|(end, cars)| Night { end: end % DAY, cars: cars.into_iter().collect() }).collect();
    nights.extend(dated::nights(&lending, permits));
    nights.sort();
    nights.dedup();
    nights
}

impl Night {
    /// Of so many such days those with an owner displaced.
    fn displaced(&self, case: &Case<'_>, days: u32, seed: u64) -> u32 {
        // Each car has a stream of its own: it meets the same chance whatever the others and the law.
        let names: Vec<u64> = self.cars.iter().map(|&(at, _)| name(&case.permits[at].request)).collect();
        let owners = case.lot.bays.saturating_sub(case.reserve) as usize;
        let returns = Returns::new(case.lot, self.end);
        let (mut late, mut back) = (Vec::new(), Vec::new());
        let mut displaced = 0;
        for day in 0..days {
            let of_day = mix(seed, u64::from(day));
            late.clear();
            for (&(at, slack), name) in self.cars.iter().zip(&names) {
                let stay = Stay { permit: &case.permits[at], lot: case.lot, slack, day };
                let after = (case.law)(&stay, &mut Random::new(mix(of_day, *name))) - f64::from(slack);
                if after > 0.0 {
                    late.push(after);
                }
            }
            // A bay for everybody, whenever they come.
            if owners + late.len() <= case.lot.bays as usize {
                continue;
            }
            let mut random = Random::new(of_day);
            back.clear();
            back.extend((0..owners).map(|_| returns.draw(&mut random)));
            back.sort_by(f64::total_cmp);
            let full = |(parked, time): (usize, &f64)| {
                let still = late.iter().filter(|after| *after > time).count();
                parked + still >= case.lot.bays as usize
            };
            displaced += u32::from(back.iter().enumerate().any(full));
        }
        displaced
    }
}

/// When an owner's vehicle comes back: minutes after the lot's end, cumulated shares.
struct Returns(Vec<(f64, f64)>);

impl Returns {
    fn new(lot: &Lot, end: usize) -> Self {
        let mut sum = 0.0;
        let mut steps = Vec::new();
        for &(time, share) in &lot.owner_return {
            let after = (time.minute() as usize + DAY - end) % DAY;
            sum += share.max(0.0);
            // Up to half a day before the end: it waits for it.
            steps.push((if after > DAY / 2 { 0.0 } else { after as f64 }, sum));
        }
        Self(steps)
    }

    /// At the lot's end where nothing is known; what shares leave open comes with the last.
    fn draw(&self, random: &mut Random) -> f64 {
        let chance = random.unit();
        let step = self.0.iter().find(|(_, sum)| chance < *sum).or(self.0.last());
        step.map_or(0.0, |(after, _)| *after)
    }
}

/// Minutes between the end of this window, as of a date, and that of the lot's lending: of that date where the lot lends on dates of its own, for
/// then the weekday does not say it. `None`: it does not lend until then.
fn slack(lending: &Lending, window: &Window, date: Date) -> Option<u32> {
    let (from, to) = (window.from.minute(), window.to.0.div_ceil(60));
    if from >= to {
        return None;
    }
    if lending.has_dates() {
        let end = day_number(date) * DAY as i64 + i64::from(to);
        let (_, stop) = lending.around(end)?;
        return u32::try_from(stop - end).ok();
    }
    let end = weekday_of(date) * DAY + to as usize;
    lending.stop_of_week(end).and_then(|stop| u32::try_from(stop - end).ok())
}

/// A law of overstaying to take days from where no better one is known: the project's records drawn again, or without any the assumption
/// that two cars of a hundred stay past the lot's end, of those half for more than 30 minutes.
///
/// Records are minutes past the end of the lot that lent the bay. A car draws from those of its lot and of like slack (less than the
/// grace, or not) if there are 30; else from its lot's; else from all of like slack; else from all.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    grace: u32,
    /// Minutes past the end (0: in time), ascending; by lot ("" all), of slack below the grace, of the others, of both.
    records: BTreeMap<String, [Vec<f64>; 3]>,
}

impl Recorded {
    /// The project's records; those of unknown lots and requests left out.
    #[must_use]
    pub fn new(project: &Project) -> Self {
        let grace = project.policy.overstay_grace.0.div_ceil(60);
        let mut records: BTreeMap<String, [Vec<f64>; 3]> = BTreeMap::new();
        let lots = recorded(project);
        // When a car was to leave, dates that are over included; of ids that stand twice the first counts.
        let mut asked: BTreeMap<&str, &Window> = BTreeMap::new();
        for request in &project.requests {
            asked.entry(&request.id).or_insert(&request.window);
        }
        for (id, windows) in &project.past.asked {
            windows.iter().take(1).for_each(|window| {
                asked.entry(id).or_insert(window);
            });
        }
        for departure in &project.parking_history {
            let lending = lots.get(departure.lot.as_str()).filter(|lending| !lending.always);
            let Some((lending, window)) = lending.zip(asked.get(departure.request.as_str())) else { continue };
            let Some(slack) = slack(lending, window, departure.date) else { continue };
            // "07:40" of a night that began at 18:00 is 31:40.
            let left = f64::from(departure.left.0) / 60.0;
            let left = if left <= f64::from(window.from.minute()) { left + DAY as f64 } else { left };
            let past = (left - f64::from(window.to.0) / 60.0 - f64::from(slack)).max(0.0);
            for lot in [departure.lot.as_str(), ""] {
                for like in [usize::from(slack >= grace), 2] {
                    records.entry(lot.to_owned()).or_default()[like].push(past);
                }
            }
        }
        records.values_mut().flatten().for_each(|minutes| minutes.sort_by(f64::total_cmp));
        Self { grace, records }
    }

    /// Is nothing recorded, so that all is assumed?
    #[must_use]
    pub fn is_assumed(&self) -> bool {
        self.records.is_empty()
    }

    /// Minutes after its permit's end at which a car leaves: late with so many times the recorded chance, for so many times as long.
    pub fn minutes(&self, stay: &Stay<'_>, chance: f64, length: f64, random: &mut Random) -> f64 {
        let draw = random.unit() / chance;
        let like = usize::from(stay.slack >= self.grace);
        let enough = |records: &&Vec<f64>| records.len() >= ENOUGH;
        let of_lot = self.records.get(&stay.lot.id);
        let of_all = self.records.get("");
        let records = of_lot
            .map(|of| &of[like])
            .filter(enough)
            .or_else(|| of_lot.map(|of| &of[2]).filter(enough))
            .or_else(|| of_all.map(|of| &of[like]).filter(enough))
            .or_else(|| of_all.map(|of| &of[2]));
        let past = match records {
            // From the latest on: the first share of chances is for those who are late.
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number of records")]
            Some(records) => {
                let place = (draw * records.len() as f64) as usize;
                records.iter().rev().nth(place).copied().unwrap_or(0.0)
            }
            None if draw < ASSUMED.0 => -libm::log2(1.0 - random.unit()) * ASSUMED.1,
            None => 0.0,
        };
        f64::from(stay.slack) + if past > 0.0 { past * length } else { -1.0 }
    }
}

/// When lots that have records lend, dates that are over included; of ids that stand twice the first counts. A week of minutes each, so of no
/// others: a district has ten thousand lots.
fn recorded(project: &Project) -> BTreeMap<&str, Lending> {
    let named: BTreeSet<&str> = project.parking_history.iter().map(|departure| departure.lot.as_str()).collect();
    let mut lots: BTreeMap<&str, Lending> = BTreeMap::new();
    for lot in project.lots.iter().filter(|lot| named.contains(lot.id.as_str())) {
        let past = project.past.lent.get(&lot.id).into_iter().flatten();
        lots.entry(&lot.id).or_insert_with(|| Lending::new(lot.windows.iter().chain(past)));
    }
    lots
}

/// The share at which so few hits in so many trials have a chance of 1 % (Clopper & Pearson 1934, one-sided).
#[must_use]
pub fn upper_limit(hits: u32, trials: u32) -> f64 {
    if hits >= trials {
        return 1.0;
    }
    let (n, x) = (f64::from(trials), f64::from(hits));
    let choose = libm::lgamma(n + 1.0) - libm::lgamma(x + 1.0) - libm::lgamma(n - x + 1.0);
    let (mut low, mut high) = (x / n, 1.0);
    for _ in 0..60 {
        let p = f64::midpoint(low, high);
        // P(X <= hits), from the last term down; above x / n they fall.
        let mut term = libm::exp(choose + x * libm::log(p) + (n - x) * libm::log1p(-p));
        let (mut sum, mut k) = (term, x);
        while k > 0.0 && term > sum * 1e-15 {
            term *= k * (1.0 - p) / ((n - k + 1.0) * p);
            sum += term;
            k -= 1.0;
        }
        if sum > 0.01 {
            low = p;
        } else {
            high = p;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::coordinates::Point;
    use crate::domain::units::{Fen, Metres, ServiceTime};
    use crate::planning::project::{Departure, ParkingRequest, Place};

    fn window(days: &str, from: u32, to: u32) -> Window {
        Window { days: Days::parse(days).unwrap(), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
    }

    fn lot(bays: u32, owner_return: &[(u32, f64)]) -> Lot {
        Lot {
            id: "l".to_owned(),
            name: "L".to_owned(),
            point: Point { lon: 121.4, lat: 31.2 },
            gate: None,
            owner: String::new(),
            bays,
            accessible_bays: 0,
            charging_bays: 0,
            windows: vec![window("daily", 18, 32)],
            price: Fen::ZERO,
            owner_return: owner_return.iter().map(|&(minute, share)| (ServiceTime::hm(0, minute), share)).collect(),
            displace_max: 0.01,
            exchange: false,
        }
    }

    fn permit(request: &str, days: &str, to: u32) -> Permit {
        let (request, lot, days) = (request.to_owned(), "l".to_owned(), days.to_owned());
        Permit { request, lot, days, from: ServiceTime::hm(19, 0), to: ServiceTime::hm(to, 0), walk_m: Metres(1) }
    }

    fn simulated(lot: Lot, permits: Vec<Permit>, reserve: u32, law: &Law<'_>) -> LotDays {
        let project = Project { lots: vec![lot], ..Project::default() };
        let parking = Parking { permits, ..Parking::default() };
        simulate(&project, &parking, &BTreeMap::from([("l".to_owned(), reserve)]), law, 20_000, 3).remove(0)
    }

    #[test]
    fn nights_that_differ_are_told_apart() {
        let permits = [permit("a", "daily", 32), permit("b", "Mon-Fri", 31), permit("c", "Sat", 30)];
        // Weekdays a and b; Sunday a; Saturday a and c.
        let of = |cars: &[(usize, u32)]| Night { end: 480, cars: cars.to_vec() };
        assert_eq!(
            nights(&lot(3, &[]), &permits),
            vec![of(&[(0, 0)]), of(&[(0, 0), (1, 60)]), of(&[(0, 0), (2, 120)])]
        );
        // A lot that lends through the weekend ends on Monday: of three nights the last counts.
        let weekend = Lot { windows: vec![window("Fri", 18, 80)], ..lot(3, &[]) };
        assert_eq!(nights(&weekend, &[permit("a", "Fri,Sat", 32)]), vec![of(&[(0, 1440)])]);
        // 2026-12-26 is a Saturday: that night a and d, who goes an hour before the end.
        let dated = [permit("a", "daily", 32), permit("d", "2026-12-26", 31)];
        assert_eq!(nights(&lot(3, &[]), &dated), vec![of(&[(0, 0)]), of(&[(0, 0), (1, 60)])]);
        // And on that weekend's Monday with who has every Sunday; other weekends have the latter alone.
        let dated = [permit("s", "Sun", 32), permit("d", "2026-12-26", 32)];
        assert_eq!(nights(&weekend, &dated), vec![of(&[(0, 0)]), of(&[(0, 0), (1, 1440)])]);
        // A lot that lends on a date only, until ten.
        let once = Lot { windows: vec![window("2026-12-26", 18, 34)], ..lot(3, &[]) };
        let night = Night { end: 600, cars: vec![(1, 120)] };
        assert_eq!(nights(&once, &dated), vec![night]);
    }

    #[test]
    fn displaced_as_often_as_worked_out_by_hand() {
        let near = |found: &LotDays, expected: f64| {
            let error = (expected * (1.0 - expected) / 20_000.0).sqrt();
            assert!((found.rate - expected).abs() < 4.0 * error + 1e-12, "{found:?}, not {expected}");
            assert!(found.upper_99 >= found.rate);
        };
        let one_in_ten = |_: &Stay<'_>, random: &mut Random| if random.unit() < 0.1 { 20.0 } else { 0.0 };
        let two = || vec![permit("a", "daily", 32), permit("b", "daily", 32)];
        // Three bays, all owners back at once: displaced when one is late; with a bay left free when both are.
        near(&simulated(lot(3, &[]), two(), 0, &one_in_ten), 0.19);
        near(&simulated(lot(3, &[]), two(), 1, &one_in_ten), 0.01);
        near(&simulated(lot(3, &[]), two(), 2, &one_in_ten), 0.0);
        // They come at 08:30 when all have left, or half of them at 08:00: two bays, both owners (1/4) and a late car, or one (1/2) and two.
        near(&simulated(lot(2, &[(510, 1.0)]), two(), 0, &one_in_ten), 0.0);
        near(&simulated(lot(2, &[(480, 0.5), (510, 0.5)]), two(), 0, &one_in_ten), 0.25 * 0.19 + 0.5 * 0.01);
        // Who comes before eight waits for it.
        near(&simulated(lot(2, &[(420, 0.5), (510, 0.5)]), two(), 0, &one_in_ten), 0.25 * 0.19 + 0.5 * 0.01);
        // Permits that end an hour before: gone by eight.
        let early = vec![permit("a", "daily", 31), permit("b", "daily", 31)];
        near(&simulated(lot(2, &[]), early, 0, &one_in_ten), 0.0);
    }

    #[test]
    fn limits_as_in_the_tables() {
        // None of 100: 1 - 0.01^(1/100). 3 of 40: at that share three or fewer have a chance of 1 %.
        assert!((upper_limit(0, 100) - (1.0 - 0.01_f64.powf(0.01))).abs() < 1e-12);
        assert_eq!((upper_limit(1, 1), upper_limit(0, 0)), (1.0, 1.0));
        let p = upper_limit(3, 40);
        let terms = [1.0, 40.0, 780.0, 9880.0];
        let sum: f64 = terms.iter().zip(0_i32..).map(|(ways, k)| ways * p.powi(k) * (1.0 - p).powi(40 - k)).sum();
        assert!((sum - 0.01).abs() < 1e-9, "{sum}");
        // Ten thousand days: nearly normal, 0.01 + 2.326 sqrt(0.0099 / 10,000) and a bit.
        assert!((upper_limit(100, 10_000) - 0.0125).abs() < 1e-4, "{}", upper_limit(100, 10_000));
    }

    /// Three hundred lots of twenty bays that lend by night and, by day, on sixty dates; twenty permits each, of every week and of dates; ten thousand
    /// records, one in forty of a car that was half an hour late.
    fn district() -> (Project, Parking) {
        let first: jiff::civil::Date = "2026-12-01".parse().unwrap();
        let date = |n: u32| first.saturating_add(jiff::Span::new().days(2 * (n % 60)));
        let dates: Vec<String> = (0..60).map(|n| date(n).to_string()).collect();
        let (mut project, mut parking) = (Project::default(), Parking::default());
        for n in 0..300_u32 {
            let windows = vec![window("daily", 18, 32), window(&dates.join(","), 9, 17)];
            project.lots.push(Lot { id: format!("l{n}"), windows, ..lot(20, &[(480, 1.0)]) });
            for k in 0..20_u32 {
                let (id, of_date) = (format!("r{n}-{k}"), k % 2 == 1);
                let asked = if of_date { window(&date(n + 7 * k).to_string(), 9, 16) } else { window("daily", 19, 31) };
                parking.permits.push(Permit {
                    request: id.clone(),
                    lot: format!("l{n}"),
                    days: asked.days.to_string(),
                    from: asked.from,
                    to: asked.to,
                    walk_m: Metres(1),
                });
                project.requests.push(ParkingRequest {
                    id,
                    home: Place::Site(String::new()),
                    area: None,
                    party: None,
                    window: asked,
                    max_walk: Metres(500),
                    max_price: None,
                    accessible: false,
                    charging: false,
                    current_lot: None,
                    since: None,
                });
            }
        }
        for n in 0..10_000_u32 {
            let (of_lot, k) = (n % 300, n / 300 % 20);
            project.parking_history.push(Departure {
                lot: format!("l{of_lot}"),
                date: date(of_lot + 7 * k),
                request: format!("r{of_lot}-{k}"),
                left: ServiceTime::hm(if k % 2 == 1 { 16 } else { 31 }, if n.is_multiple_of(40) { 90 } else { 0 }),
            });
        }
        (project, parking)
    }

    #[test]
    fn lots_without_records_are_not_laid_out() {
        let (mut project, _) = district();
        assert_eq!(recorded(&project).len(), 300);
        project.parking_history.retain(|departure| ["l3", "l17"].contains(&departure.lot.as_str()));
        // Of an id that stands twice the first counts; a record of a lot that is in no file has no hours.
        project.lots.push(Lot { windows: Vec::new(), ..project.lots[3].clone() });
        let mut unknown = project.parking_history[0].clone();
        unknown.lot = "gone".to_owned();
        project.parking_history.push(unknown);
        let lots = recorded(&project);
        assert_eq!(lots.keys().copied().collect::<Vec<_>>(), ["l17", "l3"]);
        assert!(lots["l3"].stop_of_week(480).is_some() && lots["l3"].has_dates());
        project.parking_history.clear();
        assert!(recorded(&project).is_empty() && Recorded::new(&project).is_assumed());
    }

    #[test]
    fn a_district_with_many_dates_and_records_is_simulated() {
        let (project, parking) = district();
        let recorded = Recorded::new(&project);
        // Who is late left half an hour after the lot's end: by day at 17:30, by night at 08:30.
        let all = &recorded.records[""][2];
        let late = all.iter().filter(|past| **past > 0.0).count();
        assert_eq!((all.len(), late), (10_000, 250));
        let drawn = std::cell::Cell::new(0_u64);
        let law = |stay: &Stay<'_>, random: &mut Random| {
            drawn.set(drawn.get() + 1);
            recorded.minutes(stay, 1.0, 1.0, random)
        };
        let days = simulate(&project, &parking, &BTreeMap::new(), &law, 10, 7);
        let told = |at: usize| (days[at].cars, days[at].displaced);
        assert_eq!((days.len(), told(0), told(299)), (300, (10, 10), (10, 0)));
        // The work: nights that are alike are simulated once. A lot has one of ten cars of every week, and at most ten of a car of a date.
        assert!((300 * 10 * 10..=300 * 10 * 20).contains(&drawn.get()), "{}", drawn.get());
    }
}
