//! Is an assignment allowed? Minute by minute from the problem alone; shares nothing with the search.

use super::{Assignment, Problem};

/// What an assignment breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// Not one entry a claimant.
    Length {
        /// Entries.
        found: usize,
        /// Claimants.
        claimants: usize,
    },
    /// A choice the claimant does not have.
    NoSuchChoice {
        /// Claimant.
        claimant: usize,
    },
    /// More present than places; the first such minute of the pool.
    TooMany {
        /// Pool.
        pool: usize,
        /// Minute of the week or span.
        minute: u32,
        /// Present.
        present: u32,
        /// Places.
        places: u32,
    },
    /// More drawn than a meter has.
    Overdrawn {
        /// Meter.
        meter: usize,
        /// Units drawn.
        drawn: u64,
        /// Units there are.
        units: u64,
    },
}

/// Everything that is wrong; empty when nothing is.
#[must_use]
pub fn check(problem: &Problem, assignment: &Assignment) -> Vec<Violation> {
    let mut violations = Vec::new();
    if assignment.choice.len() != problem.claimants().len() {
        let (found, claimants) = (assignment.choice.len(), problem.claimants().len());
        return vec![Violation::Length { found, claimants }];
    }
    let mut drawn = vec![0_u64; problem.meters().len()];
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); problem.pools().len()];
    for (claimant, choice) in assignment.choice.iter().enumerate() {
        let Some(choice) = *choice else { continue };
        let Some(choice) = problem.claimants()[claimant].choices.get(choice) else {
            violations.push(Violation::NoSuchChoice { claimant });
            continue;
        };
        members[choice.pool].push(claimant);
        for &(meter, units) in &choice.draws {
            drawn[meter] = drawn[meter].saturating_add(u64::from(units));
        }
    }
    for (pool, members) in members.iter().enumerate() {
        let span = problem.span();
        let mut present = vec![0_u32; span as usize];
        for &claimant in members {
            let mut there = vec![false; span as usize];
            for &(start, end) in &problem.claimants()[claimant].intervals {
                for minute in start..end {
                    there[(minute % span) as usize] = true;
                }
            }
            for (count, there) in present.iter_mut().zip(there) {
                *count += u32::from(there);
            }
        }
        let places_at = |minute: u32| {
            let steps = &problem.pools()[pool].steps;
            steps.iter().take_while(|step| step.0 <= minute).last().map_or(0, |step| step.1)
        };
        let over = (0..span).zip(&present).find(|&(minute, &present)| present > places_at(minute));
        if let Some((minute, &present)) = over {
            violations.push(Violation::TooMany { pool, minute, present, places: places_at(minute) });
        }
    }
    for (meter, (&drawn, &units)) in drawn.iter().zip(problem.meters()).enumerate() {
        if drawn > units {
            violations.push(Violation::Overdrawn { meter, drawn, units });
        }
    }
    violations
}
