//! When does each line leave? For one line an exact dynamic programme over departures; lines one after the other, the best first.
//!
//! Who must arrive by a time takes the last departure that makes it, who leaves after a time the first one then: so the value of a
//! timetable is a sum over pairs of consecutive departures, and a longest path over them is exact (on the grid, without seats;
//! seats are counted as if all aboard shared one leg, which never flatters). Idea: Ceder 1984, even load instead of even headway.
//! O(departures x riders in reach + departures^2) a line.

use rayon::prelude::*;

use super::model::{Choice, Model};
use super::plan::TimeKind;
use super::trips::{Offer, times};
use crate::domain::ids::{LineId, ServiceId};
use crate::domain::units::{Fen, ServiceTime};

/// A departure of a line of the pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Departure {
    /// Minute of the service day.
    pub minute: u32,
    /// Position in the pool.
    pub line: LineId,
    /// What it saves its riders over what they had before it, fen.
    pub value: Fen,
}

/// What a line offers at each minute looked at.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Minutes, ascending.
    pub minutes: Vec<u32>,
    /// Choices at each.
    pub choices: Vec<Vec<Choice>>,
    /// Minutes a vehicle is busy with a departure, the way back counted half: others may use it.
    pub busy: Vec<f64>,
}

impl Grid {
    /// Looks at all allowed minutes.
    #[must_use]
    pub fn fine(model: &Model, offer: &Offer, service: ServiceId) -> Self {
        Self::of(model, offer, service, &model.minutes)
    }

    /// Looks only at the minutes that suit somebody best: a saving of a few yuan is gone within minutes of waiting, so that a
    /// regular grid would pass between them.
    #[must_use]
    pub fn wished(model: &Model, offer: &Offer, service: ServiceId) -> Self {
        let mut minutes = offer.ideal_minutes(model, service);
        minutes.retain(|minute| model.minutes.binary_search(minute).is_ok());
        Self::of(model, offer, service, &minutes)
    }

    fn of(model: &Model, offer: &Offer, service: ServiceId, minutes: &[u32]) -> Self {
        let mut grid = Self { minutes: Vec::new(), choices: Vec::new(), busy: Vec::new() };
        for &minute in minutes {
            let Some(trip) = times(model, &offer.pattern, ServiceTime(minute * 60)) else { continue };
            let choices = offer.choices(model, service, &trip);
            let back = match (offer.pattern.0.last(), offer.pattern.0.first()) {
                (Some(&last), Some(&first)) => model.leg(last, first, trip.arrive[trip.arrive.len() - 1]),
                _ => None,
            };
            let back = back.map_or(0.0, |(seconds, _)| f64::from(seconds.minutes_up()));
            let occupied = f64::from((trip.run() + model.policy.layover).minutes_up());
            grid.minutes.push(minute);
            grid.choices.push(choices);
            grid.busy.push(occupied + back / 2.0);
        }
        grid
    }
}

/// Prices a timetable is made with.
#[derive(Clone, Copy, Debug)]
pub struct Prices {
    /// Fen for a vehicle-minute.
    pub minute: f64,
    /// Seats planned with.
    pub seats: f64,
    /// A line more, fen a day of this service.
    pub line: Fen,
    /// Lines at most.
    pub max_lines: usize,
}

/// Departures for one service: lines are opened while that pays.
///
/// `open` are lines in use already (they cost no upkeep); grids of wished minutes choose the line, a fine one its departures.
#[must_use]
pub fn plan(
    model: &Model,
    offers: &[Offer],
    wished: &[Grid],
    service: ServiceId,
    open: &[LineId],
    prices: Prices,
) -> Vec<Departure> {
    // What a person of each cohort costs so far, fen.
    let mut current: Vec<f64> = model.rides.iter().map(|ride| ride.alternative.fen()).collect();
    let mut used: Vec<LineId> = open.to_vec();
    let mut done: Vec<LineId> = Vec::new();
    let mut departures = Vec::new();
    loop {
        let best = (0..offers.len())
            .into_par_iter()
            .map(LineId::at)
            .filter(|line| !done.contains(line) && (used.contains(line) || used.len() < prices.max_lines))
            .map(|line| {
                let upkeep = if used.contains(&line) { 0.0 } else { prices.line.0 as f64 };
                (best_departures(model, &wished[line.index()], &current, prices).0 - upkeep, line)
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((value, line)) = best.filter(|(value, _)| *value > 0.0) else { break };
        debug_assert!(value > 0.0);
        let fine = Grid::fine(model, &offers[line.index()], service);
        let (_, chosen) = best_departures(model, &fine, &current, prices);
        done.push(line);
        if chosen.is_empty() {
            continue;
        }
        if !used.contains(&line) {
            used.push(line);
        }
        for &at in &chosen {
            // The seats go to whom they save most; cohorts are continuous here, the evaluation counts heads.
            let mut choices: Vec<&Choice> = fine.choices[at].iter().collect();
            let saving = |choice: &Choice| current[choice.cohort.index()] - choice.cost.fen();
            choices.sort_by(|a, b| saving(b).total_cmp(&saving(a)).then(a.cohort.cmp(&b.cohort)));
            let mut free = prices.seats;
            let mut lowered = Vec::new();
            for choice in choices {
                let people = model.rides[choice.cohort.index()].people.as_f64();
                let share = (free / people).clamp(0.0, 1.0);
                let better = saving(choice);
                if better <= 0.0 || share <= 0.0 {
                    break;
                }
                lowered.push((choice.cohort, better * share));
                free -= people * share;
            }
            let mut value = 0.0;
            for (cohort, by) in lowered {
                current[cohort.index()] -= by;
                value += by * model.rides[cohort.index()].people.as_f64();
            }
            #[expect(clippy::cast_possible_truncation, reason = "a trip saves far less than 2^53 fen")]
            departures.push(Departure { minute: fine.minutes[at], line, value: Fen(value as i64) });
        }
    }
    departures.sort_unstable();
    departures
}

/// The best set of departures of one line and its value, fen a day of the service. Exact as said above.
#[must_use]
pub fn best_departures(model: &Model, grid: &Grid, current: &[f64], prices: Prices) -> (f64, Vec<usize>) {
    let n = grid.minutes.len();
    // riders[x]: (saving a person, people, first or last departure that serves them, arrives by).
    let mut last = vec![0_usize; current.len()];
    let mut first = vec![usize::MAX; current.len()];
    let saving = |choice: &Choice| current[choice.cohort.index()] - choice.cost.fen();
    for (x, choices) in grid.choices.iter().enumerate() {
        for choice in choices.iter().filter(|choice| saving(choice) > 0.0) {
            let c = choice.cohort.index();
            last[c] = x;
            first[c] = first[c].min(x);
        }
    }
    let of_kind = |x: usize, kind: TimeKind| {
        grid.choices[x]
            .iter()
            .filter(move |choice| model.rides[choice.cohort.index()].kind == kind)
            .map(|choice| (saving(choice), model.rides[choice.cohort.index()].people.as_f64(), choice.cohort.index()))
            .filter(|(saving, _, _)| *saving > 0.0)
    };
    // later[x][y]: who arrives by a time and takes x because y, the next, is too late. earlier[x][y]: who leaves after a time
    // and takes y because x, the one before, is too early (x = 0 stands for none before; departures are 1-based there).
    let mut value = vec![f64::NEG_INFINITY; n + 2];
    let mut from = vec![0_usize; n + 2];
    value[0] = 0.0;
    let later: Vec<Vec<f64>> = (0..n)
        .map(|x| {
            let mut riders: Vec<_> = of_kind(x, TimeKind::ArriveBy).map(|(s, p, c)| (last[c], s, p)).collect();
            riders.sort_by_key(|rider| rider.0);
            let mut aboard = Aboard::new(prices.seats);
            let mut next = riders.into_iter().peekable();
            let mut row = vec![0.0; n + 1];
            for (y, cell) in row.iter_mut().enumerate().skip(x + 1) {
                while let Some((_, s, p)) = next.next_if(|rider| rider.0 < y) {
                    aboard.add(s, p);
                }
                *cell = aboard.value;
            }
            row
        })
        .collect();
    for y in 1..=n {
        let mut riders: Vec<_> = of_kind(y - 1, TimeKind::DepartAfter).map(|(s, p, c)| (first[c] + 1, s, p)).collect();
        riders.sort_by_key(|rider| std::cmp::Reverse(rider.0));
        let mut aboard = Aboard::new(prices.seats);
        let mut next = riders.into_iter().peekable();
        let cost = prices.minute * grid.busy[y - 1];
        for x in (0..y).rev() {
            while let Some((_, s, p)) = next.next_if(|rider| rider.0 > x) {
                aboard.add(s, p);
            }
            let before = if x == 0 { 0.0 } else { later[x - 1][y - 1] };
            let total = value[x] + before + aboard.value - cost;
            if total > value[y] {
                value[y] = total;
                from[y] = x;
            }
        }
    }
    let mut best = (0.0, 0);
    for y in 1..=n {
        let total = value[y] + later[y - 1][n];
        if total > best.0 {
            best = (total, y);
        }
    }
    let mut chosen = Vec::new();
    let mut at = best.1;
    while at > 0 {
        chosen.push(at - 1);
        at = from[at];
    }
    chosen.reverse();
    (best.0, chosen)
}

/// The most valuable riders a vehicle can hold, kept while riders are added.
struct Aboard {
    seats: f64,
    riders: Vec<(f64, f64)>,
    value: f64,
}

impl Aboard {
    fn new(seats: f64) -> Self {
        Self { seats, riders: Vec::new(), value: 0.0 }
    }
    fn add(&mut self, saving: f64, people: f64) {
        let at = self.riders.partition_point(|rider| rider.0 >= saving);
        self.riders.insert(at, (saving, people));
        let mut free = self.seats;
        self.value = 0.0;
        for &(saving, people) in &self.riders {
            let take = people.min(free);
            self.value += saving * take;
            free -= take;
            if free <= 0.0 {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::StopId;
    use crate::planning::model::Pattern;
    use crate::planning::model::tiny::{arriving, row};
    use crate::search::Random;

    /// What a set of departures is worth when everybody takes the best of them and seats do not matter.
    fn worth(model: &Model, grid: &Grid, set: &[usize], minute: f64) -> f64 {
        let mut best = vec![0.0_f64; model.rides.len()];
        for &at in set {
            for choice in &grid.choices[at] {
                let c = choice.cohort.index();
                best[c] = best[c].max(model.rides[c].alternative.fen() - choice.cost.fen());
            }
        }
        let people: f64 = best.iter().zip(&model.rides).map(|(saving, ride)| saving * ride.people.as_f64()).sum();
        people - set.iter().map(|&at| minute * grid.busy[at]).sum::<f64>()
    }

    #[test]
    fn the_programme_finds_what_enumeration_finds() {
        let mut random = Random::new(3);
        for _ in 0..200 {
            let rides = (0..6)
                .map(|_| {
                    let time = ServiceTime((7 * 60 + random.below(60) as u32) * 60);
                    let mut ride = arriving(0, 1, time, 1000 + random.below(5000) as u32, 8 + random.below(10) as i64);
                    if random.below(2) == 0 {
                        ride.kind = TimeKind::DepartAfter;
                    }
                    ride
                })
                .collect();
            let mut model = row(2, 400, rides);
            model.minutes = (0..10).map(|k| 7 * 60 + k * 7).collect();
            let offer = Offer::new(&model, Pattern(vec![StopId(0), StopId(1)]));
            let grid = Grid::fine(&model, &offer, ServiceId(0));
            let minute = 20.0 + random.unit() * 300.0;
            let prices = Prices { minute, seats: 1e9, line: Fen(0), max_lines: 9 };
            let current: Vec<f64> = model.rides.iter().map(|ride| ride.alternative.fen()).collect();
            let (value, set) = best_departures(&model, &grid, &current, prices);
            let n = grid.minutes.len();
            let most = (0..1_usize << n)
                .map(|bits| worth(&model, &grid, &(0..n).filter(|k| bits >> k & 1 == 1).collect::<Vec<_>>(), minute))
                .fold(f64::NEG_INFINITY, f64::max);
            assert!((value - most.max(0.0)).abs() < 1e-6, "programme {value}, enumeration {most}");
            assert!((worth(&model, &grid, &set, minute) - value).abs() < 1e-6);
        }
    }

    #[test]
    fn seats_limit_what_a_departure_is_worth() {
        // Ten people at 20 yuan each ride 400 s for 4.44: 15.56 saved a person, but only five seats.
        let model = row(2, 400, vec![arriving(0, 1, ServiceTime::hm(8, 0), 10_000, 20)]);
        let offer = Offer::new(&model, Pattern(vec![StopId(0), StopId(1)]));
        let grid = Grid::fine(&model, &offer, ServiceId(0));
        let current = vec![2000.0];
        let prices = Prices { minute: 0.0, seats: 5.0, line: Fen(0), max_lines: 9 };
        let (value, _) = best_departures(&model, &grid, &current, prices);
        // The last departure that makes it leaves 07:53: there 07:59:40, 20 s early: 2 x 20 + 400 = 440 s = 4.889 yuan.
        let one = 5.0 * (2000.0 - 440.0 * 4000.0 / 3600.0);
        // Those left over are not carried to an earlier departure (so the programme never flatters).
        assert!((value - one).abs() < 1e-6, "{value} against {one}");
    }
}
