//! Who rides what where seats are booked? So that all together fare best; nobody is given a trip that is worse than their alternative.
//!
//! The joint engine's own assignment ([`super::joint::state`]) over the trips of one service: single moves and exchanges until none
//! helps, then each trip in turn is emptied and filled again while that helps. Not proven to be the best of all.

use super::evaluation::{Aboard, Ride};
use super::joint::problem::{self, Cohort, Column, Day, Kind, Problem};
use super::joint::state::State;
use super::model::Model;
use super::plan::PersonCost;
use crate::domain::ids::CohortId;
use crate::domain::units::People;

/// Seats for everybody who is better off with one; rows ascending by cohort, then trip, as [`super::evaluation::choose`] gives them.
#[must_use]
pub fn assign(model: &Model, rides: &[Ride<'_>]) -> Vec<Aboard> {
    let (problem, kinds) = problem(model, rides);
    let mut state = State::new(&problem);
    state.begin();
    let slots: Vec<u32> = (0_u32..).zip(&kinds).map(|(column, kind)| state.open(column, *kind)).collect();
    state.settle();
    for (column, kind) in (0_u32..).zip(&kinds) {
        let before = state.saved;
        state.begin();
        // The slot that is closed is the one that is opened again.
        state.close(slots[column as usize]);
        state.settle();
        state.open(column, *kind);
        state.settle();
        if state.saved <= before + 1e-6 {
            state.rollback();
        }
    }
    let mut trip_of = vec![0_usize; slots.len()];
    for (trip, slot) in slots.iter().enumerate() {
        trip_of[*slot as usize] = trip;
    }
    let mut rows: Vec<Aboard> = state
        .riders()
        .into_iter()
        .filter_map(|(cohort, slot, units)| {
            let trip = trip_of[slot as usize];
            let at = rides[trip].choices.binary_search_by_key(&cohort, |choice| choice.cohort.0).ok()?;
            let choice = &rides[trip].choices[at];
            Some(Aboard {
                cohort: CohortId(cohort),
                trip,
                people: People(units),
                board: choice.board,
                alight: choice.alight,
                cost: choice.cost,
            })
        })
        .collect();
    rows.sort_unstable_by_key(|row| (row.cohort, row.trip));
    rows
}

/// The trips as columns, and the kind of vehicle of each.
fn problem(model: &Model, rides: &[Ride<'_>]) -> (Problem, Vec<usize>) {
    let mut problem = Problem {
        days: vec![Day { weight: 1.0, budget: None }],
        cohorts: model
            .rides
            .iter()
            .map(|ride| Cohort {
                day: 0,
                people: ride.people.0,
                wheelchair: ride.wheelchair,
                alternative: ride.alternative.fen() / 1000.0,
            })
            .collect(),
        lines: vec![Vec::new(); rides.len()],
        ..Problem::default()
    };
    let mut kinds = Vec::with_capacity(rides.len());
    for (line, ride) in (0_u32..).zip(rides) {
        let same = |kind: &Kind| kind.seats == ride.seats && kind.wheels == ride.wheelchairs;
        let kind = problem.kinds.iter().position(same).unwrap_or_else(|| {
            problem.kinds.push(vehicle(ride));
            problem.kinds.len() - 1
        });
        kinds.push(kind);
        let choices = ride.choices.iter().map(|choice| problem::Choice {
            cohort: choice.cohort.0,
            board: choice.board,
            alight: choice.alight,
            saving: PersonCost(model.rides[choice.cohort.index()].alternative.0 - choice.cost.0).fen() / 1000.0,
        });
        problem.push(trip(line, ride), choices);
    }
    (problem, kinds)
}

fn vehicle(ride: &Ride<'_>) -> Kind {
    Kind {
        seats: ride.seats,
        planned: ride.seats,
        wheels: ride.wheelchairs,
        count: 0,
        hire: 0.0,
        per_minute: 0.0,
        per_metre: 0.0,
        included_minutes: 0.0,
        included_metres: 0.0,
        depot: 0,
        out_from: 0,
        home_by: 0,
    }
}

fn trip(line: u32, ride: &Ride<'_>) -> Column {
    Column {
        day: 0,
        line,
        minute: 0,
        free: 0,
        driving: 0,
        first: 0,
        last: 0,
        legs: u8::try_from(ride.legs).unwrap_or(u8::MAX),
        metres: 0,
        fullest: 0,
        from: 0,
        to: 0,
    }
}
