//! Answers worked by hand, the judge, and random problems against everything that can be worked slowly.

mod by_hand;
mod judge;
mod seats;
mod solving;
mod states;

use std::sync::Arc;

use super::plan::{Boarding, Tour};
use super::problem::{MOST, MOST_DWELL, MOST_MONEY, MOST_PRICE, MOST_STOPS, Parts, Riders, Stop, Vehicle};
use super::{Fault, Plan, Problem, check, solve};
use crate::routing::problem::Travel;
use crate::search::{Answer, Random, Run, Solved, cases};

/// The best within so many iterations; the judge must find nothing.
fn solved(problem: &Problem, iterations: u64, seed: u64) -> Solved<Plan> {
    let run = Run { seed, iterations: Some(iterations), chains: 1, watch: &|_| Answer::GO };
    let solved = solve(problem, &run);
    assert_eq!(check(problem, &solved.best), vec![], "seed {seed} {problem:?}");
    solved
}

/// Places on a line; a unit of length takes two units of time.
fn line(places: &[i32]) -> Travel {
    let way = |unit: i32| places.iter().flat_map(move |from| places.iter().map(move |to| unit * (from - to).abs()));
    Travel { distance: way(1).collect(), duration: way(2).collect() }
}

fn bus(count: usize, seats: u32) -> Vehicle {
    Vehicle { count, seats, fixed: 0, per_distance: 1, per_duration: 0, start: 0, travel: 0 }
}

fn riders(people: u32, stops: &[usize]) -> Riders {
    Riders { people, stops: stops.to_vec(), prize: None }
}

fn optional(people: u32, stops: &[usize], prize: i64) -> Riders {
    Riders { people, stops: stops.to_vec(), prize: Some(prize) }
}

/// The school at 0, a stop at each of the places.
fn on_line(places: &[i32], riders: Vec<Riders>, vehicles: Vec<Vehicle>) -> Parts {
    let all: Vec<i32> = std::iter::once(0).chain(places.iter().copied()).collect();
    Parts {
        places: all.len(),
        travel: vec![line(&all)],
        stops: (1..all.len()).map(|place| Stop { place, dwell: 0 }).collect(),
        riders,
        vehicles,
        destination: 0,
        boarding: 0,
        max_ride: MOST,
        most_stops: MOST_STOPS,
    }
}

/// What random problems are like.
#[derive(Clone, Copy, Debug)]
struct Taste {
    /// Most stops, riders, people of each, types of vehicles and vehicles of a type.
    stops: usize,
    riders: usize,
    people: usize,
    types: usize,
    vehicles: usize,
    /// Some may be left out.
    prizes: bool,
    /// No way round is shorter, and boarding costs the same on every vehicle: neither a stop where nobody boards nor another bus saves anything.
    plain: bool,
    /// Numbers from the ends of what is allowed.
    extreme: bool,
}

/// Draws a problem.
fn draw(seed: u64, taste: Taste) -> Problem {
    let mut random = Random::new(seed ^ 0x5b_0b05);
    let mut upto = |most: i64| {
        if taste.extreme && random.below(3) == 0 {
            return [0, 1, most / 2, most - 1, most][random.below(5)].clamp(0, most);
        }
        random.below(most.min(200) as usize + 1) as i64
    };
    let places = 1 + upto(taste.stops as i64 - 1).min(taste.stops as i64 - 1) as usize;
    let travels = 1 + upto(1) as usize;
    let mut matrix = || -> Arc<[i32]> {
        let mut cells: Vec<i32> = (0..places * places).map(|_| upto(i64::from(MOST)) as i32).collect();
        for (by, from) in (0..places).flat_map(|by| (0..places).map(move |from| (by, from))) {
            for to in 0..if taste.plain { places } else { 0 } {
                let round = cells[from * places + by] + cells[by * places + to];
                cells[from * places + to] = cells[from * places + to].min(round);
            }
        }
        cells.into()
    };
    let travel: Vec<Travel> = (0..travels).map(|_| Travel { distance: matrix(), duration: matrix() }).collect();
    let stops = upto(taste.stops as i64) as usize;
    let stop = |_| Stop { place: upto(places as i64 - 1) as usize, dwell: upto(i64::from(MOST_DWELL)) as i32 };
    let stops: Vec<Stop> = (0..stops).map(stop).collect();
    let riders = (0..upto(taste.riders as i64))
        .map(|_| {
            let near = if stops.is_empty() { 0 } else { upto(4) };
            Riders {
                people: upto(taste.people as i64) as u32,
                stops: (0..near).map(|_| upto(stops.len() as i64 - 1) as usize).collect(),
                prize: (taste.prizes && upto(1) == 1).then(|| upto(MOST_MONEY)),
            }
        })
        .collect();
    let price = upto(MOST_PRICE);
    let vehicles = (0..=upto(taste.types as i64 - 1))
        .map(|at| Vehicle {
            count: usize::from(at == 0).max(upto(taste.vehicles as i64) as usize),
            seats: upto(8) as u32,
            fixed: upto(MOST_MONEY),
            per_distance: upto(MOST_PRICE),
            per_duration: if taste.plain { price } else { upto(MOST_PRICE) },
            start: upto(places as i64 - 1) as usize,
            travel: upto(travels as i64 - 1) as usize,
        })
        .collect();
    let destination = upto(places as i64 - 1) as usize;
    let boarding = if upto(1) == 0 { 0 } else { upto(i64::from(MOST_DWELL)) as i32 };
    let max_ride = if upto(1) == 0 { MOST } else { 4 * upto(i64::from(MOST) / 4) as i32 };
    let most_stops = if upto(2) == 0 { upto(4) as usize } else { MOST_STOPS };
    Problem::new(Parts { places, travel, stops, riders, vehicles, destination, boarding, max_ride, most_stops })
        .unwrap()
}
