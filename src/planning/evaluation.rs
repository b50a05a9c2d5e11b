//! Who rides what? Each person takes the cheapest trip that still has a seat, or the alternative.
//!
//! Deferred acceptance (Gale & Shapley 1962): people ask for their cheapest trip, a trip keeps those who board first (then by
//! cohort id) on each leg, the others ask on. Because a trip's seats are shared leg by leg, somebody turned away may later find
//! the seat free again; a last pass lets people move up until nobody has a cheaper option with a free seat. Every step is in
//! whole thousandths of a person, so it ends. O(options x log) where seats suffice.

use super::model::{Choice, Model};
use super::plan::PersonCost;
use crate::domain::ids::CohortId;
use crate::domain::units::People;

/// What a trip of one service offers.
#[derive(Clone, Debug)]
pub struct Ride<'a> {
    /// Legs of the line.
    pub legs: usize,
    /// Seats, thousandths of a person.
    pub seats: u32,
    /// Wheelchair places, thousandths.
    pub wheelchairs: u32,
    /// Ascending by cohort.
    pub choices: &'a [Choice],
}

/// People of a cohort on a trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Aboard {
    /// Who.
    pub cohort: CohortId,
    /// Number of the trip in the list given.
    pub trip: usize,
    /// How many.
    pub people: People,
    /// From position.
    pub board: u8,
    /// To position.
    pub alight: u8,
    /// Cost of one.
    pub cost: PersonCost,
}

/// A trip a cohort could take.
#[derive(Clone, Copy)]
struct Wish {
    cost: PersonCost,
    trip: u32,
    board: u8,
    alight: u8,
}

/// Free places on the legs of a trip: seats and wheelchair places apart.
struct Legs {
    free: Vec<u32>,
    wheel: Vec<u32>,
}

impl Legs {
    fn of(ride: &Ride<'_>) -> Self {
        Self { free: vec![ride.seats; ride.legs], wheel: vec![ride.wheelchairs; ride.legs] }
    }
    fn room(&self, wheelchair: bool, option: &Wish) -> u32 {
        let legs = if wheelchair { &self.wheel } else { &self.free };
        legs[usize::from(option.board)..usize::from(option.alight)].iter().copied().min().unwrap_or(0)
    }
    fn take(&mut self, wheelchair: bool, option: &Wish, people: u32) {
        let legs = if wheelchair { &mut self.wheel } else { &mut self.free };
        for leg in &mut legs[usize::from(option.board)..usize::from(option.alight)] {
            *leg -= people;
        }
    }
    fn give(&mut self, wheelchair: bool, option: &Wish, people: u32) {
        let legs = if wheelchair { &mut self.wheel } else { &mut self.free };
        for leg in &mut legs[usize::from(option.board)..usize::from(option.alight)] {
            *leg += people;
        }
    }
}

/// Lets everybody choose among the trips of one service; rows ascending by cohort, then trip. Who is in no row does not ride.
#[must_use]
pub fn choose(model: &Model, rides: &[Ride<'_>]) -> Vec<Aboard> {
    let options = ordered_options(model, rides);
    // held[c][k]: people of cohort c on its k-th option; asked[c]: the option the last of them asks for next.
    let mut held: Vec<Vec<u32>> = options.iter().map(|list| vec![0; list.len()]).collect();
    let mut holders: Vec<Vec<(u8, u32, u32)>> = vec![Vec::new(); rides.len()];
    let mut asking: Vec<(u32, u32, u32)> = Vec::new();
    for (c, list) in options.iter().enumerate() {
        if !list.is_empty() {
            asking.push((CohortId::at(c).0, 0, model.rides[c].people.0));
        }
    }
    while !asking.is_empty() {
        let mut touched: Vec<u32> = Vec::with_capacity(asking.len());
        for &(c, k, people) in &asking {
            let option = &options[c as usize][k as usize];
            let amount = &mut held[c as usize][k as usize];
            if *amount == 0 {
                holders[option.trip as usize].push((option.board, c, k));
            }
            *amount += people;
            touched.push(option.trip);
        }
        asking.clear();
        touched.sort_unstable();
        touched.dedup();
        for trip in touched {
            turn_away(model, &rides[trip as usize], &mut holders[trip as usize], &options, &mut held, &mut asking);
        }
        // Whoever was turned away at option k asks for k + 1; the same step may be asked for from one place only.
        asking.retain_mut(|(c, k, _)| {
            *k += 1;
            (*k as usize) < options[*c as usize].len()
        });
    }
    move_up(model, rides, &options, &mut held);
    let mut rows = Vec::new();
    for (c, list) in options.iter().enumerate() {
        for (option, &people) in list.iter().zip(&held[c]) {
            if people > 0 {
                rows.push(Aboard {
                    cohort: CohortId::at(c),
                    trip: option.trip as usize,
                    people: People(people),
                    board: option.board,
                    alight: option.alight,
                    cost: option.cost,
                });
            }
        }
    }
    rows.sort_unstable_by_key(|row| (row.cohort, row.trip));
    rows
}

/// Each cohort's options, cheapest first (ties: earlier trip of the list).
fn ordered_options(model: &Model, rides: &[Ride<'_>]) -> Vec<Vec<Wish>> {
    let mut options: Vec<Vec<Wish>> = vec![Vec::new(); model.rides.len()];
    for (trip, ride) in (0_u32..).zip(rides) {
        for choice in ride.choices {
            if model.rides[choice.cohort.index()].wheelchair && ride.wheelchairs == 0 {
                continue;
            }
            let option = Wish { cost: choice.cost, trip, board: choice.board, alight: choice.alight };
            options[choice.cohort.index()].push(option);
        }
    }
    for list in &mut options {
        list.sort_by_key(|option| (option.cost, option.trip));
    }
    options
}

/// A trip keeps those who board first, then by cohort id; the others are put on `asking` with the option that refused them.
fn turn_away(
    model: &Model,
    ride: &Ride<'_>,
    holders: &mut Vec<(u8, u32, u32)>,
    options: &[Vec<Wish>],
    held: &mut [Vec<u32>],
    asking: &mut Vec<(u32, u32, u32)>,
) {
    holders.sort_unstable();
    let mut legs = Legs::of(ride);
    holders.retain(|&(_, c, k)| {
        let option = &options[c as usize][k as usize];
        let amount = &mut held[c as usize][k as usize];
        let wheelchair = model.rides[c as usize].wheelchair;
        let kept = legs.room(wheelchair, option).min(*amount);
        legs.take(wheelchair, option, kept);
        if kept < *amount {
            asking.push((c, k, *amount - kept));
            *amount = kept;
        }
        kept > 0
    });
}

/// Until nobody has a cheaper option with a free seat: move them there.
fn move_up(model: &Model, rides: &[Ride<'_>], options: &[Vec<Wish>], held: &mut [Vec<u32>]) {
    let mut legs: Vec<Legs> = rides.iter().map(Legs::of).collect();
    for (c, list) in options.iter().enumerate() {
        for (option, &people) in list.iter().zip(&held[c]) {
            legs[option.trip as usize].take(model.rides[c].wheelchair, option, people);
        }
    }
    let mut moved = true;
    while moved {
        moved = false;
        for (c, list) in options.iter().enumerate() {
            let wheelchair = model.rides[c].wheelchair;
            let total: u32 = held[c].iter().sum();
            let mut at_alternative = model.rides[c].people.0 - total;
            for k in 0..list.len() {
                let mut worse: u32 = held[c][k + 1..].iter().sum::<u32>() + at_alternative;
                if worse == 0 {
                    break;
                }
                // A worse option on the same legs' trip frees nothing here: trips differ.
                let mut room = legs[list[k].trip as usize].room(wheelchair, &list[k]).min(worse);
                if room == 0 {
                    continue;
                }
                moved = true;
                // From the worst first: those without any ride, then the dearest.
                let from_alternative = room.min(at_alternative);
                at_alternative -= from_alternative;
                held[c][k] += from_alternative;
                legs[list[k].trip as usize].take(wheelchair, &list[k], from_alternative);
                room -= from_alternative;
                for w in (k + 1..list.len()).rev() {
                    let people = room.min(held[c][w]);
                    if people > 0 {
                        held[c][w] -= people;
                        legs[list[w].trip as usize].give(wheelchair, &list[w], people);
                        held[c][k] += people;
                        legs[list[k].trip as usize].take(wheelchair, &list[k], people);
                        room -= people;
                    }
                }
                worse = room;
                debug_assert_eq!(worse, 0, "room was at most the people who are worse off");
            }
        }
    }
}
