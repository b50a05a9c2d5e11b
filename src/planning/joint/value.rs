//! What is a column worth when each ride has a price? At most: everybody whose saving beats the prices of the ride and of the seat on
//! each leg, and the seats at theirs.
//!
//! The riders of one trip are an interval packing, whose linear dual is a price for a seat on each leg. Any such prices give an upper
//! limit; they are found leg by leg, the fullest first, each by the fractional knapsack of those who cross it, until no leg is too
//! full for its price (coordinate descent; where one leg is critical the first step is exact). O(choices) where all find seats.

use super::problem::{Choice, Cohort, Column};

/// Most legs of a line.
pub const LEGS: usize = 16;
/// Prices set for each leg, at most; each keeps the limit true, few matter.
const SWEEPS: usize = 4;

/// Who there is and what each ride costs.
#[derive(Clone, Copy, Debug)]
pub struct Crowd<'a> {
    /// Cohorts.
    pub cohorts: &'a [Cohort],
    /// Units of each that could ride.
    pub people: &'a [u32],
    /// Price of a unit's ride.
    pub price: &'a [f64],
}

/// Work space: the riders of one column and the prices of its legs.
#[derive(Debug, Default)]
pub struct Scales {
    /// Net saving, units, board, alight, cohort.
    riders: Vec<(f64, u32, u8, u8, u32)>,
    crossing: Vec<(f64, u32)>,
    seat: [f64; LEGS],
}

impl Scales {
    /// The most a column can be worth at these prices of a unit of each cohort.
    pub fn weigh(&mut self, column: &Column, choices: &[Choice], crowd: &Crowd<'_>, seats: u32, wheels: u32) -> f64 {
        let Crowd { cohorts, people, price } = *crowd;
        let legs = usize::from(column.legs);
        self.seat[..legs].fill(0.0);
        if column.fullest <= seats {
            return Self::everybody(choices, crowd, wheels);
        }
        self.riders.clear();
        let mut load = [0_u32; LEGS];
        let mut wheel = 0.0;
        let mut seated = 0.0;
        for choice in choices {
            let net = choice.saving - price[choice.cohort as usize];
            if net <= 0.0 {
                continue;
            }
            let people = people[choice.cohort as usize];
            if cohorts[choice.cohort as usize].wheelchair {
                wheel += net * f64::from(people.min(wheels));
                continue;
            }
            let people = people.min(seats);
            seated += net * f64::from(people);
            self.riders.push((net, people, choice.board, choice.alight, choice.cohort));
            for leg in &mut load[usize::from(choice.board)..usize::from(choice.alight)] {
                *leg += people;
            }
        }
        let Some(fullest) = (0..legs).filter(|leg| load[*leg] > seats).max_by_key(|leg| load[*leg]) else {
            return wheel + seated;
        };
        let mut value = seated;
        let mut leg = fullest;
        for _ in 0..SWEEPS * legs {
            value -= self.lower(leg, seats);
            match self.overfull(legs, seats) {
                Some(next) => leg = next,
                None => break,
            }
        }
        wheel + value
    }

    /// The leg with most units too many among those whose ride is worth all its prices, if one has.
    fn overfull(&self, legs: usize, seats: u32) -> Option<usize> {
        let mut load = [0_u32; LEGS];
        for &(net, people, board, alight, _) in &self.riders {
            let span = usize::from(board)..usize::from(alight);
            if net > self.seat[span.clone()].iter().sum::<f64>() + 1e-9 {
                for leg in &mut load[span] {
                    *leg += people;
                }
            }
        }
        (0..legs).filter(|leg| load[*leg] > seats).max_by_key(|leg| load[*leg])
    }

    /// There are seats for all who would ride.
    fn everybody(choices: &[Choice], crowd: &Crowd<'_>, wheels: u32) -> f64 {
        let mut value = 0.0;
        for choice in choices {
            let cohort = choice.cohort as usize;
            let net = choice.saving - crowd.price[cohort];
            if net > 0.0 {
                let people = crowd.people[cohort];
                let most = if crowd.cohorts[cohort].wheelchair { wheels } else { u32::MAX };
                value += net * f64::from(people.min(most));
            }
        }
        value
    }

    /// Sets the price of a leg to what clears it, the others given; by how much the limit falls.
    fn lower(&mut self, leg: usize, seats: u32) -> f64 {
        let old = self.seat[leg];
        self.crossing.clear();
        let mut value_old = old * f64::from(seats);
        for &(net, people, board, alight, _) in &self.riders {
            if usize::from(board) > leg || usize::from(alight) <= leg {
                continue;
            }
            let others: f64 = self.seat[usize::from(board)..usize::from(alight)].iter().sum::<f64>() - old;
            let rest = net - others;
            if rest > 0.0 {
                self.crossing.push((rest, people));
                value_old += (rest - old).max(0.0) * f64::from(people);
            }
        }
        // Savings are finite and not negative, so their bits are in their order.
        self.crossing.sort_unstable_by_key(|(rest, _)| std::cmp::Reverse(rest.to_bits()));
        let (mut room, mut value, mut threshold) = (seats, 0.0, 0.0);
        for &(rest, people) in &self.crossing {
            let units = people.min(room);
            value += rest * f64::from(units);
            room -= units;
            if units < people {
                threshold = rest;
                break;
            }
        }
        self.seat[leg] = threshold;
        (value_old - value).max(0.0)
    }

    /// Who rides in the answer just weighed, into `take(cohort, units)`; fractions fill what is left at the margin.
    pub fn riders(
        &mut self,
        column: &Column,
        choices: &[Choice],
        crowd: &Crowd<'_>,
        seats: u32,
        wheels: u32,
        mut take: impl FnMut(u32, f64),
    ) {
        self.weigh(column, choices, crowd, seats, wheels);
        if column.fullest <= seats {
            for choice in choices {
                let cohort = choice.cohort as usize;
                let most = if crowd.cohorts[cohort].wheelchair { wheels } else { u32::MAX };
                let units = crowd.people[cohort].min(most);
                if units > 0 && choice.saving > crowd.price[cohort] {
                    take(choice.cohort, f64::from(units));
                }
            }
            return;
        }
        for choice in choices {
            let cohort = choice.cohort as usize;
            if crowd.cohorts[cohort].wheelchair && choice.saving > crowd.price[cohort] {
                take(choice.cohort, f64::from(crowd.people[cohort].min(wheels)));
            }
        }
        let seat = self.seat;
        for rider in &mut self.riders {
            rider.0 -= seat[usize::from(rider.2)..usize::from(rider.3)].iter().sum::<f64>();
        }
        self.riders.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut room = [seats; LEGS];
        for &(rest, people, board, alight, cohort) in &self.riders {
            let legs = usize::from(board)..usize::from(alight);
            if rest < -1e-9 {
                break;
            }
            // Strictly worth it: aboard, whether or not the prices are quite right. At the margin: who fits.
            let units =
                if rest > 1e-9 { people } else { room[legs.clone()].iter().copied().min().unwrap_or(0).min(people) };
            for leg in &mut room[legs] {
                *leg = leg.saturating_sub(units);
            }
            if units > 0 {
                take(cohort, f64::from(units));
            }
        }
    }
}
