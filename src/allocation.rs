//! Scarce places to claimants over a recurring week: bays, rooms.
//!
//! Time is whole minutes of the week (Monday 00:00 is 0; a week is 10,080 and closes on itself), or of a longer span ([`Problem::over`]). A *pool* is a set of equal places whose
//! number may change over the week. A claimant wants one place of one of its acceptable pools during all its intervals.
//! Places of a pool are equal and a claimant comes and goes at every occurrence, so a set of claimants fits a pool exactly when
//! at no minute more of them are present than there are places (intervals on a line are coloured greedily by their start).
//! *Meters* are further limits that choices draw upon in units of their own, over the whole week (a risk budget of a car park, for instance).
//!
//! *Groups* of claimants may have a floor: so many of them are to be served.
//!
//! Aim, in this order: the fewest missing to the floors; as many served as possible; nobody refused whose place is held by somebody of
//! worse standing and could simply be handed over without a floor being missed; the least total cost of those served; among equals the better rank.
//!
//! Method: insertion by fewest and shortest needs; where that refuses anybody, the linear relaxation ([`relaxed`]), whose prices are the
//! bound and whose shares are made whole, once for the most served and once for the least cost of as many; on the best ejection chains (a placed claimant moves so that
//! another comes in), one-for-two exchanges, where a floor is missed those who can be spared ([`floors`]), hand-overs, then shifts and swaps for cost.
//! Small cases are searched whole, all others torn out and filled anew piece by piece ([`polish`]). Limits: [`MOST_CLAIMANTS`], [`MOST_CELLS`]. Deterministic; nothing random.

mod anneal;
mod branch;
pub mod check;
mod everybody;
mod exact;
mod floors;
mod generalised;
mod ground;
mod needs;
mod neighbourhood;
mod polish;
mod prices;
mod relaxed;
mod round;
mod search;
mod state;
mod unsplit;

use crate::search::{Ended, Progress, Run, Solved};
use ground::Ground;
use state::State;

pub use check::{Violation, check};

/// Minutes of a week.
pub const WEEK: u32 = 7 * 1440;
/// Most claimants of one problem.
pub const MOST_CLAIMANTS: usize = 200_000;
/// Most choices of all claimants together.
pub const MOST_CHOICES: usize = 4_000_000;
/// Most steps of a search (slots and members looked at): some seconds. Beyond, the best so far is the answer.
pub const MOST_WORK: u64 = 2_000_000_000;
/// Steps between two looks at the watcher.
const LOOK: u64 = 10_000_000;
/// Most pools times changes in time: memory is 8 bytes each.
pub const MOST_CELLS: usize = 32_000_000;

/// Equal places whose number changes over the week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    /// (minute, places from then on): ascending, the first at minute 0.
    pub steps: Vec<(u32, u32)>,
}

/// A pool a claimant accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Position of the pool.
    pub pool: usize,
    /// Cost of being placed there, any unit (metres on foot).
    pub cost: u32,
    /// (meter, units drawn from it while placed there).
    pub draws: Vec<(usize, u32)>,
}

/// Somebody who wants a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimant {
    /// `[start, end)` in minutes: `start` below [`WEEK`], `end` at most a week later (it may pass the end of the week). May overlap.
    /// Of a longer span the same.
    pub intervals: Vec<(u32, u32)>,
    /// Who comes first, whatever it costs: lower is better.
    pub standing: u32,
    /// Who comes first among those of equal standing and cost: lower is better.
    pub rank: u32,
    /// Acceptable pools, each once.
    pub choices: Vec<Choice>,
}

/// A problem that has been checked.
#[derive(Clone, Debug)]
pub struct Problem {
    pools: Vec<Pool>,
    meters: Vec<u64>,
    claimants: Vec<Claimant>,
    groups: Vec<Group>,
    /// The groups each claimant is of.
    of: Vec<Vec<usize>>,
    /// Minutes there are.
    span: u32,
}

/// Claimants of whom so many are to be served before anything else counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Positions, each once.
    pub members: Vec<usize>,
    /// How many of them are to be served.
    pub floor: usize,
}

/// What is wrong with a problem.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// A pool's steps are not in order.
    #[error("pool {pool}: steps must start at minute 0 and ascend below the end of time ({WEEK} in a week); sort them")]
    Steps {
        /// Position.
        pool: usize,
    },
    /// An interval that is none.
    #[error(
        "claimant {claimant}: [{start}, {end}) is no stretch of time; with {span} minutes start < {span}, start < end <= start + {span}"
    )]
    Interval {
        /// Position.
        claimant: usize,
        /// As given.
        start: u32,
        /// As given.
        end: u32,
        /// Minutes there are.
        span: u32,
    },
    /// A choice of no pool or meter, or of the same pool twice.
    #[error("claimant {claimant}: choice {choice} names an unknown or repeated pool or meter")]
    Choice {
        /// Position.
        claimant: usize,
        /// Position among its choices.
        choice: usize,
    },
    /// A group of a claimant there is not, or of one twice.
    #[error("group {group}: its members must be known claimants, each once")]
    Group {
        /// Position.
        group: usize,
    },
    /// Too large to be solved here.
    #[error(
        "too large: at most {MOST_CLAIMANTS} claimants, {MOST_CHOICES} choices, {MOST_CELLS} pools x changes in time; split it"
    )]
    TooLarge,
}

impl Problem {
    /// Checks and keeps: places and claimants of a week.
    ///
    /// # Errors
    /// Steps or intervals out of order, unknown pools or meters, or too large.
    pub fn new(pools: Vec<Pool>, meters: Vec<u64>, claimants: Vec<Claimant>) -> Result<Self, ProblemError> {
        Self::over(WEEK, pools, meters, claimants)
    }
    /// The same of so many minutes, at least one, which close on themselves too.
    ///
    /// # Errors
    /// As above.
    pub fn over(span: u32, pools: Vec<Pool>, meters: Vec<u64>, claimants: Vec<Claimant>) -> Result<Self, ProblemError> {
        let choices: usize = claimants.iter().map(|claimant| claimant.choices.len()).sum();
        if claimants.len() > MOST_CLAIMANTS || choices > MOST_CHOICES {
            return Err(ProblemError::TooLarge);
        }
        for (pool, Pool { steps }) in pools.iter().enumerate() {
            let ascending = steps.windows(2).all(|pair| pair[0].0 < pair[1].0);
            if !ascending
                || steps.first().is_none_or(|step| step.0 != 0)
                || steps.last().is_none_or(|step| step.0 >= span)
            {
                return Err(ProblemError::Steps { pool });
            }
        }
        // The last claimant seen at each pool.
        let mut seen = vec![usize::MAX; pools.len()];
        for (at, claimant) in claimants.iter().enumerate() {
            for &(start, end) in &claimant.intervals {
                if start >= span || end <= start || end - start > span {
                    return Err(ProblemError::Interval { claimant: at, start, end, span });
                }
            }
            for (position, choice) in claimant.choices.iter().enumerate() {
                let repeated = seen.get_mut(choice.pool).is_some_and(|seen| std::mem::replace(seen, at) == at);
                let meters_known = choice.draws.iter().enumerate().all(|(k, &(meter, _))| {
                    meter < meters.len() && choice.draws[..k].iter().all(|&(other, _)| other != meter)
                });
                if choice.pool >= pools.len() || repeated || !meters_known {
                    return Err(ProblemError::Choice { claimant: at, choice: position });
                }
            }
        }
        let of = vec![Vec::new(); claimants.len()];
        let problem = Self { pools, meters, claimants, groups: Vec::new(), of, span };
        if ground::cells(&problem) > MOST_CELLS {
            return Err(ProblemError::TooLarge);
        }
        Ok(problem)
    }
    /// The same with floors. A claimant may be of several groups.
    ///
    /// # Errors
    /// Members that are no claimants, or twice in a group.
    pub fn with_floors(mut self, groups: Vec<Group>) -> Result<Self, ProblemError> {
        let mut of = vec![Vec::new(); self.claimants.len()];
        for (at, group) in groups.iter().enumerate() {
            for &member in &group.members {
                let of: &mut Vec<usize> = of.get_mut(member).ok_or(ProblemError::Group { group: at })?;
                if of.last() == Some(&at) {
                    return Err(ProblemError::Group { group: at });
                }
                of.push(at);
            }
        }
        (self.groups, self.of) = (groups, of);
        Ok(self)
    }
    /// The same with so many units of the meters; as many meters as before (what is missing has none).
    #[must_use]
    pub fn with_meters(mut self, mut meters: Vec<u64>) -> Self {
        meters.resize(self.meters.len(), 0);
        self.meters = meters;
        self
    }
    /// Groups, in the order given.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }
    /// Minutes there are: a week's, or a longer span's.
    #[must_use]
    pub fn span(&self) -> u32 {
        self.span
    }
    /// Pools, in the order given.
    #[must_use]
    pub fn pools(&self) -> &[Pool] {
        &self.pools
    }
    /// Units each meter has.
    #[must_use]
    pub fn meters(&self) -> &[u64] {
        &self.meters
    }
    /// Claimants, in the order given.
    #[must_use]
    pub fn claimants(&self) -> &[Claimant] {
        &self.claimants
    }
}

/// Who gets what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// For each claimant the position of its choice, or `None` when it is refused.
    pub choice: Vec<Option<usize>>,
    /// Proven: no assignment that serves as many costs less. 0 where nothing is known.
    pub least_cost: u64,
}

impl Assignment {
    /// How many are served.
    #[must_use]
    pub fn served(&self) -> usize {
        self.choice.iter().flatten().count()
    }
    /// Cost of those served.
    #[must_use]
    pub fn cost(&self, problem: &Problem) -> u64 {
        self.choice
            .iter()
            .zip(&problem.claimants)
            .filter_map(|(choice, claimant)| claimant.choices.get((*choice)?))
            .map(|choice| u64::from(choice.cost))
            .sum()
    }
}

impl Assignment {
    /// Those missing to the floors of all groups together.
    #[must_use]
    pub fn missing(&self, problem: &Problem) -> usize {
        let served = |group: &Group| group.members.iter().filter(|&&member| self.choice[member].is_some()).count();
        problem.groups.iter().map(|group| group.floor.saturating_sub(served(group))).sum()
    }
}

/// How long to search for less cost once nobody more comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// As long as it usually pays: the same answer on every machine, whatever the time left.
    Usual,
    /// Until the run's time or iterations are used, or nothing better exists.
    All,
}

/// Serves as many as it can, fairly, at the least cost. `bound` is the most that can be served, whatever the method, with no more missing
/// to any floor.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>, effort: Effort) -> Solved<Assignment> {
    solve_from(problem, &[], run, effort)
}

/// The same, beginning with a choice for each claimant as far as these fit, in their order. What is missing to a floor does not grow
/// beyond what is missing there at the beginning.
#[must_use]
pub fn solve_from(problem: &Problem, start: &[Option<usize>], run: &Run<'_>, effort: Effort) -> Solved<Assignment> {
    let ground = Ground::new(problem);
    let mut pulse = Pulse { run, passes: 0, asked: 0, ended: Ended::Complete };
    if let Some(solved) = everybody::place(&ground, run, effort) {
        return solved;
    }
    let mut state = State::new(&ground);
    state.adopt(start);
    complete(&mut state, &mut pulse);
    let conceivable = ground.open.iter().filter(|open| !open.is_empty()).count();
    let mut most = conceivable;
    // Where all are served only the cost is left: not worth it among very many options.
    let options: usize = ground.open.iter().map(Vec::len).sum();
    let worth_it = state.served() < conceivable || options <= everybody::USUAL_OPTIONS || effort == Effort::All;
    let mut relaxation = if worth_it { round::Relaxation::new(&state) } else { None };
    if let Some(relaxation) = &mut relaxation {
        if state.served() < conceivable {
            most = relaxation.most(state.served(), &mut pulse);
        }
        let mut other = State::new(&ground);
        other.adopt_fixed(start);
        other.add(&relaxation.rounded(state.served(), &mut pulse));
        complete(&mut other, &mut pulse);
        if other.worth() < state.worth() {
            state = other;
        }
    }
    if state.served() < most {
        search::serve_more(&mut state, &mut pulse);
    }
    let served = state.served();
    let going = pulse.ended == Ended::Complete;
    let cheapest = relaxation.as_mut().filter(|_| going).and_then(|relaxation| relaxation.cheapest(served, &mut pulse));
    if let Some(cheapest) = cheapest {
        let mut other = State::new(&ground);
        other.adopt_fixed(start);
        other.add(&cheapest);
        complete(&mut other, &mut pulse);
        if other.served() < served {
            search::serve_more(&mut other, &mut pulse);
        }
        if other.worth() < state.worth() {
            state = other;
        }
    }
    let open = state.served() < most || state.missing() > 0;
    let small = open && ground.claimants() <= exact::FEW;
    if let Some(best) = small.then(|| exact::serve_most(&ground, &state)).flatten() {
        state.adopt(&best.choice);
        if best.proven {
            most = state.served();
        }
    }
    polish::polish(&mut state, run.seed, &mut pulse);
    settle(&mut state, &mut pulse);
    // It takes as long as the search: only where all the time is for it.
    let least_cost = match &mut relaxation {
        Some(relaxation) if effort == Effort::All => relaxation.least_cost(state.served(), &mut pulse),
        _ => 0,
    };
    Solved {
        best: Assignment { choice: state.choices(), least_cost },
        bound: Some(most as f64),
        ended: pulse.ended,
        iterations: pulse.passes,
    }
}

/// The most that can be served and the least cost of as many as are, whatever the assignment; of those in which no fewer of any group are
/// served than here, up to its floor. The first is not sought where it is `known`.
#[must_use]
pub fn prove(problem: &Problem, choices: &[Option<usize>], known: Option<usize>, run: &Run<'_>) -> (usize, u64) {
    let ground = Ground::new(problem);
    let mut pulse = Pulse { run, passes: 0, asked: 0, ended: Ended::Complete };
    let mut state = State::new(&ground);
    state.adopt(choices);
    let conceivable = ground.open.iter().filter(|open| !open.is_empty()).count();
    let served = state.served();
    let Some(mut relaxation) = round::Relaxation::new(&state) else { return (conceivable, 0) };
    let most = match known {
        _ if served == conceivable => conceivable,
        Some(most) => most,
        None => relaxation.most(served, &mut pulse),
    };
    (most, relaxation.least_cost(served, &mut pulse))
}

/// Hand-overs and moves for less cost. Each round serves more, or better standing, or costs less, or better ranks: it ends.
fn settle(state: &mut State<'_>, pulse: &mut Pulse<'_>) {
    let mut tests = search::HAND_OVERS;
    while search::hand_over(state, pulse, &mut tests) | search::cheapen(state, pulse) {}
}

/// Adds who fits, those wanted first; where somebody is missing to a floor all the same, others make room.
fn complete(state: &mut State<'_>, pulse: &mut Pulse<'_>) {
    floors::insert_wanted(state);
    search::insert_all(state);
    floors::raise(state, pulse);
    search::insert_all(state);
}

/// Asks the watcher between passes.
struct Pulse<'a> {
    run: &'a Run<'a>,
    passes: u64,
    /// Steps made when the watcher was last asked.
    asked: u64,
    ended: Ended,
}

impl Pulse<'_> {
    /// May another pass begin?
    fn go_on(&mut self, state: &State<'_>) -> bool {
        if self.ended != Ended::Complete {
            return false;
        }
        if self.run.iterations.is_some_and(|most| self.passes >= most) {
            self.ended = Ended::Budget;
            return false;
        }
        self.passes += 1;
        self.ask(state.served())
    }

    /// May the pass go on? Cheap: the watcher is only asked now and then.
    fn alive(&mut self, state: &State<'_>) -> bool {
        if self.ended != Ended::Complete {
            return false;
        }
        if state.work() >= MOST_WORK {
            self.ended = Ended::Budget;
            return false;
        }
        // Of several states in turn each has its own count.
        if state.work().abs_diff(self.asked) < LOOK {
            return true;
        }
        self.asked = state.work();
        self.ask(state.served())
    }

    fn ask(&mut self, served: usize) -> bool {
        let answer = (self.run.watch)(&Progress {
            stage: "stage-allocation",
            iteration: self.passes,
            objective: Some(served as f64),
            bound: None,
        });
        if answer.stop || answer.used >= 1.0 {
            self.ended = if answer.stop { Ended::Stopped } else { Ended::Budget };
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests;
