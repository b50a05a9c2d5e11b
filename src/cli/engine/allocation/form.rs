//! OR-Library's form of generalised assignment (Chu & Beasley 1997), also used by Yagiura, Ibaraki & Glover (2006).

use crate::allocation::{Choice, Claimant, Pool, Problem, ProblemError};
use crate::intake::Source;

/// Most agents times jobs.
const MOST_PAIRS: u64 = 4_000_000;

/// Why there is no problem.
pub(super) enum FormError {
    /// The text is not of this form.
    Unreadable(String),
    /// The engine refuses it.
    Impossible(ProblemError),
}

/// `agents jobs`, then agent by agent the costs of the jobs, agent by agent what they take, and the agents' capacities.
pub(super) fn gap(source: &Source) -> Result<Problem, FormError> {
    let text = String::from_utf8_lossy(&source.bytes);
    let mut words = text.split_whitespace().enumerate();
    let mut next = |what: &str| {
        let (at, word) = words.next().ok_or_else(|| FormError::Unreadable(format!("it ends before {what}")))?;
        let number = word.parse::<u32>().ok();
        number.ok_or_else(|| {
            let least = format!("word {}: “{word}” is no whole number from 0 to {} ({what})", at + 1, u32::MAX);
            FormError::Unreadable(least)
        })
    };
    let agents = next("the number of agents")?;
    let jobs = next("the number of jobs")?;
    if agents == 0 || jobs == 0 || u64::from(agents) * u64::from(jobs) > MOST_PAIRS {
        let reason = format!("{agents} agents and {jobs} jobs; at least one each, at most {MOST_PAIRS} pairs");
        return Err(FormError::Unreadable(reason));
    }
    let mut table = |what: &str| {
        (1..=agents)
            .map(|agent| (1..=jobs).map(|job| next(&format!("{what} of job {job} at agent {agent}"))).collect())
            .collect::<Result<Vec<Vec<u32>>, _>>()
    };
    let costs = table("the cost")?;
    let units = table("what is taken")?;
    let capacities = (1..=agents)
        .map(|agent| next(&format!("the capacity of agent {agent}")).map(u64::from))
        .collect::<Result<_, _>>()?;
    if words.next().is_some() {
        return Err(FormError::Unreadable("there is more after the capacities; one problem a file".to_owned()));
    }
    let pools = (0..agents).map(|_| Pool { steps: vec![(0, jobs)] }).collect();
    let claimants = (0..jobs)
        .map(|job| {
            let at = job as usize;
            let choices = costs.iter().zip(&units).enumerate();
            let choices = choices
                .map(|(agent, (cost, units))| Choice { pool: agent, cost: cost[at], draws: vec![(agent, units[at])] })
                .collect();
            Claimant { intervals: Vec::new(), standing: 0, rank: job, choices }
        })
        .collect();
    Problem::new(pools, capacities, claimants).map_err(FormError::Impossible)
}
