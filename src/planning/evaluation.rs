//! Who rides what? Each person takes the cheapest trip that still has a seat, or the alternative.
//!
//! Deferred acceptance (Gale & Shapley 1962): people ask for their cheapest trip, a trip keeps those who board first (then by
//! cohort id) on each leg, the others ask on. Because a trip's seats are shared leg by leg, somebody turned away may later find
//! the seat free again; a last pass lets people move up until nobody has a cheaper option with a free seat. Every step is in
//! whole thousandths of a person, so it ends. O(options x log) where seats suffice.

use super::model::{Choice, Model, Rides};
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
    choose_among(&model.rides, rides)
}

/// The same among these cohorts alone, numbered as they stand in the list.
#[must_use]
pub fn choose_among(cohorts: &[Rides], rides: &[Ride<'_>]) -> Vec<Aboard> {
    let options = ordered_options(cohorts, rides);
    // held[c][k]: people of cohort c on its k-th option; asked[c]: the option the last of them asks for next.
    let mut held: Vec<Vec<u32>> = options.iter().map(|list| vec![0; list.len()]).collect();
    let mut holders: Vec<Vec<(u8, u32, u32)>> = vec![Vec::new(); rides.len()];
    let mut asking: Vec<(u32, u32, u32)> = Vec::new();
    for (c, list) in options.iter().enumerate() {
        if !list.is_empty() {
            asking.push((CohortId::at(c).0, 0, cohorts[c].people.0));
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
            turn_away(cohorts, &rides[trip as usize], &mut holders[trip as usize], &options, &mut held, &mut asking);
        }
        // Whoever was turned away at option k asks for k + 1; the same step may be asked for from one place only.
        asking.retain_mut(|(c, k, _)| {
            *k += 1;
            (*k as usize) < options[*c as usize].len()
        });
    }
    move_up(cohorts, rides, &options, &mut held);
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
fn ordered_options(cohorts: &[Rides], rides: &[Ride<'_>]) -> Vec<Vec<Wish>> {
    let mut options: Vec<Vec<Wish>> = vec![Vec::new(); cohorts.len()];
    for (trip, ride) in (0_u32..).zip(rides) {
        for choice in ride.choices {
            if cohorts[choice.cohort.index()].wheelchair && ride.wheelchairs == 0 {
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
    cohorts: &[Rides],
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
        let wheelchair = cohorts[c as usize].wheelchair;
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
fn move_up(cohorts: &[Rides], rides: &[Ride<'_>], options: &[Vec<Wish>], held: &mut [Vec<u32>]) {
    let mut legs: Vec<Legs> = rides.iter().map(Legs::of).collect();
    for (c, list) in options.iter().enumerate() {
        for (option, &people) in list.iter().zip(&held[c]) {
            legs[option.trip as usize].take(cohorts[c].wheelchair, option, people);
        }
    }
    let mut moved = true;
    while moved {
        moved = false;
        for (c, list) in options.iter().enumerate() {
            let wheelchair = cohorts[c].wheelchair;
            let total: u32 = held[c].iter().sum();
            let mut at_alternative = cohorts[c].people.0 - total;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::ServiceTime;
    use crate::planning::model::tiny::{arriving, row};
    use crate::search::Random;

    fn choice(cohort: u32, board: u8, alight: u8, fen: i64) -> Choice {
        Choice { cohort: CohortId(cohort), board, alight, cost: PersonCost(fen * PersonCost::PER_FEN) }
    }

    #[test]
    fn who_boards_first_keeps_the_seat_and_the_next_takes_another_trip() {
        let nine = ServiceTime::hm(9, 0);
        // Two people each at stops 0 and 1 want the same trip with three seats; the second trip costs them 1 yuan more.
        let model = row(3, 300, vec![arriving(1, 2, nine, 2000, 20), arriving(0, 2, nine, 2000, 20)]);
        let first = [choice(0, 1, 2, 500), choice(1, 0, 2, 600)];
        let second = [choice(0, 1, 2, 600), choice(1, 0, 2, 700)];
        let ride = |choices| Ride { legs: 2, seats: 3000, wheelchairs: 0, choices };
        let rows = choose(&model, &[ride(&first), ride(&second)]);
        let brief: Vec<_> = rows.iter().map(|row| (row.cohort.0, row.trip, row.people.0)).collect();
        // Cohort 1 boards at stop 0 and keeps both seats; of cohort 0 one stays, one takes the second trip.
        assert_eq!(brief, vec![(0, 0, 1000), (0, 1, 1000), (1, 0, 2000)]);
    }

    #[test]
    fn a_wheelchair_needs_its_own_place() {
        let nine = ServiceTime::hm(9, 0);
        let mut rides = vec![arriving(0, 1, nine, 2000, 20), arriving(0, 1, nine, 1000, 20)];
        rides[0].wheelchair = true;
        let model = row(2, 300, rides);
        let choices = [choice(0, 0, 1, 500), choice(1, 0, 1, 500)];
        let rows = choose(&model, &[Ride { legs: 1, seats: 19_000, wheelchairs: 1000, choices: &choices }]);
        assert_eq!(rows.iter().map(|row| row.people.0).collect::<Vec<_>>(), vec![1000, 1000]);
        let none = choose(&model, &[Ride { legs: 1, seats: 19_000, wheelchairs: 0, choices: &choices }]);
        assert_eq!(none.iter().map(|row| row.cohort.0).collect::<Vec<_>>(), vec![1]);
    }

    /// On random worlds: no seat is sold twice, nobody is counted twice, nobody has a cheaper option with a free seat.
    #[test]
    fn nobody_passes_by_a_cheaper_free_seat() {
        let mut random = Random::new(7);
        for _ in 0..500 {
            let legs = 1 + random.below(3);
            let cohorts = 1 + random.below(8);
            let rides = (0..cohorts)
                .map(|_| arriving(0, 1, ServiceTime::hm(9, 0), 1 + random.below(4000) as u32, 100))
                .collect();
            let model = row(legs + 1, 300, rides);
            let offers: Vec<Vec<Choice>> = (0..1 + random.below(5))
                .map(|_| {
                    let mut choices = Vec::new();
                    for cohort in 0..cohorts as u32 {
                        if random.below(3) > 0 {
                            let board = random.below(legs) as u8;
                            let alight = board + 1 + random.below(legs - usize::from(board)) as u8;
                            choices.push(choice(cohort, board, alight, 1 + random.below(20) as i64));
                        }
                    }
                    choices
                })
                .collect();
            let rides: Vec<Ride<'_>> = offers
                .iter()
                .map(|choices| Ride { legs, seats: 1000 * random.below(6) as u32, wheelchairs: 0, choices })
                .collect();
            let rows = choose(&model, &rides);
            let mut legs_free: Vec<Vec<i64>> = rides.iter().map(|ride| vec![i64::from(ride.seats); legs]).collect();
            let mut left: Vec<i64> = model.rides.iter().map(|ride| i64::from(ride.people.0)).collect();
            for row in &rows {
                left[row.cohort.index()] -= i64::from(row.people.0);
                for free in &mut legs_free[row.trip][usize::from(row.board)..usize::from(row.alight)] {
                    *free -= i64::from(row.people.0);
                }
            }
            assert!(legs_free.iter().flatten().all(|free| *free >= 0), "a seat was sold twice");
            assert!(left.iter().all(|left| *left >= 0), "somebody was counted twice");
            for (trip, ride) in rides.iter().enumerate() {
                for option in ride.choices {
                    let free =
                        (option.board..option.alight).map(|leg| legs_free[trip][usize::from(leg)]).min().unwrap();
                    let c = option.cohort.index();
                    let worse =
                        left[c] > 0 || rows.iter().any(|row| row.cohort == option.cohort && row.cost > option.cost);
                    assert!(free == 0 || !worse, "{option:?} has {free} free");
                }
            }
        }
    }
}
