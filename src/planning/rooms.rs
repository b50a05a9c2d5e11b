//! Shared rooms to those who claim them: one claim at a time in a room, within its opening window, with enough seats.
//!
//! A claim names a room, or a kind and takes any of it. As many claims as possible; among equals who stands earlier in the file; then
//! the room with the fewest seats to spare. Who gets none is told why, and what would change it ([`refusals`]). Limit: `who` (who may use a
//! room) is shown to people, not judged here.

mod busy;
pub mod first_come;
mod refusals;
#[cfg(test)]
mod tests;
mod times;

use std::collections::BTreeMap;

use super::parking::axis::Axis;
use super::parking::week;
use super::plan::{RoomRefusal, RoomUse};
use super::project::{Claim, Project, Room};
use crate::allocation::{self, Choice, Claimant, Effort, MOST_CLAIMANTS, Pool, Problem};
use crate::domain::calendar::Window;
use crate::domain::finding::Finding;
use crate::search::Run;
use refusals::Left;

/// Claims times rooms that are weighed; beyond, each claim only has some of the rooms it could use.
const MOST_PAIRS: usize = 2_000_000;
/// The fewest it has so.
const LEAST_ROOMS: usize = 20;

/// Rooms looked at for the changes refused claims are told of: a second's work. Claims beyond are told the reason only.
const MOST_LOOKS: usize = 200_000;
/// So many claims are told of changes however many rooms there are.
const LEAST_TOLD: usize = 20;

/// Who has which room, who has none, and what is doubtful.
#[derive(Clone, Debug, Default)]
pub struct Granted {
    /// Rooms given out, in the order of the claims.
    pub uses: Vec<RoomUse>,
    /// All other claims.
    pub refusals: Vec<RoomRefusal>,
    /// What a planner should know.
    pub findings: Vec<Finding>,
}

/// A room, or the reason why not, for each claim.
#[must_use]
pub fn grant(project: &Project, run: &Run<'_>) -> Granted {
    let allotment = Allotment::of(project, run, MOST_CLAIMANTS);
    let uses = allotment.uses();
    let (refusals, mut findings) = (allotment.refusals(), allotment.findings);
    if !refusals.is_empty() {
        let told = Finding::warning("room-claims-refused").file("claims.csv");
        findings.push(told.arg("count", refusals.len()).arg("of", project.claims.len()));
    }
    Granted { uses, refusals, findings }
}

/// Who has which room: what [`grant`] answers, without the work of telling the others why.
#[must_use]
pub fn uses(project: &Project, run: &Run<'_>) -> Vec<RoomUse> {
    Allotment::of(project, run, MOST_CLAIMANTS).uses()
}

/// Rooms by id and by kind, the smallest first.
struct Named<'a>(BTreeMap<&'a str, Vec<usize>>);

impl<'a> Named<'a> {
    fn new(project: &'a Project) -> Self {
        let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, room) in project.rooms.iter().enumerate() {
            named.entry(&room.id).or_default().push(at);
            if room.kind != room.id {
                named.entry(&room.kind).or_default().push(at);
            }
        }
        named.values_mut().for_each(|rooms| rooms.sort_by_key(|&room| (project.rooms[room].seats, room)));
        Self(named)
    }

    /// Those a claim names.
    fn by(&self, claim: &Claim) -> &[usize] {
        self.0.get(claim.room.as_str()).map_or(&[][..], Vec::as_slice)
    }

    /// Those of them with the seats.
    fn large(&self, project: &Project, claim: &Claim) -> &[usize] {
        let rooms = self.by(claim);
        &rooms[rooms.partition_point(|&room| project.rooms[room].seats < claim.people)..]
    }

    /// Nobody is refused while a room is free, also where not all rooms were weighed: in the order of the file, the smallest that is.
    ///
    /// That is no search: it cannot be stopped before its end, or claims would be refused for which there is a room. Like claims go on
    /// where the last one was, for what is given out stays so: O(unlike claims x rooms).
    fn fill(&self, project: &'a Project, held: &mut [Option<usize>], left: &mut Left<'a>) {
        let mut passed: BTreeMap<(&str, u32, &Window), usize> = BTreeMap::new();
        for (held, claim) in held.iter_mut().zip(&project.claims).filter(|(held, _)| held.is_none()) {
            let large = self.large(project, claim);
            let passed = passed.entry((&claim.room, claim.people, &claim.window)).or_default();
            let free = left.first_free(&large[*passed..], &claim.window);
            *passed = free.map_or(large.len(), |ahead| *passed + ahead);
            if let Some(&room) = large.get(*passed) {
                left.give(room, &claim.window);
                *held = Some(room);
            }
        }
    }
}

/// The rooms given out.
struct Allotment<'a> {
    project: &'a Project,
    axis: Axis,
    /// When each room is open.
    open: Vec<Vec<week::Stretch>>,
    named: Named<'a>,
    /// The room of each claim.
    held: Vec<Option<usize>>,
    left: Left<'a>,
    findings: Vec<Finding>,
}

impl<'a> Allotment<'a> {
    /// So many claims at most are weighed against each other; more take a room one after the other.
    fn of(project: &'a Project, run: &Run<'_>, most_weighed: usize) -> Self {
        // Many rooms are open at the same times.
        let axis = Axis::new(
            project.rooms.iter().map(|room| std::slice::from_ref(&room.window)),
            project.claims.iter().map(|claim| &claim.window),
        );
        let mut known: BTreeMap<&Window, Vec<week::Stretch>> = BTreeMap::new();
        let open: Vec<Vec<week::Stretch>> = project
            .rooms
            .iter()
            .map(|Room { window, .. }| {
                known.entry(window).or_insert_with(|| axis.lent(std::slice::from_ref(window))).clone()
            })
            .collect();
        let pools: Vec<Pool> = open.iter().map(|stretches| Pool { steps: axis.steps(stretches, 1) }).collect();
        let named = Named::new(project);
        let most = (MOST_PAIRS / project.claims.len().max(1)).max(LEAST_ROOMS);
        let mut cut = 0_usize;
        let claimants: Vec<Claimant> = project
            .claims
            .iter()
            .enumerate()
            .map(|(at, claim)| {
                let intervals = axis.occurrences(&claim.window);
                let large = named.large(project, claim);
                // Where there are too many, each claim begins elsewhere, so that not all look at the same few.
                let first = if large.len() > most { at * most % large.len() } else { 0 };
                cut += usize::from(large.len() > most);
                let mut rooms: Vec<usize> = large[first..]
                    .iter()
                    .chain(&large[..first])
                    .copied()
                    .take(most)
                    .filter(|&room| obstacle(claim, &project.rooms[room], &open[room], &intervals).is_none())
                    .collect();
                rooms.sort_unstable();
                let choices = rooms
                    .into_iter()
                    .map(|pool| Choice {
                        pool,
                        cost: project.rooms[pool].seats.saturating_sub(claim.people),
                        draws: Vec::new(),
                    })
                    .collect();
                // Who stands earlier in the file comes first, whatever the seats to spare.
                let standing = u32::try_from(at).unwrap_or(u32::MAX);
                Claimant { intervals: axis.pieces(&intervals), standing, rank: standing, choices }
            })
            .collect();
        let mut findings = Vec::new();
        let problem = (claimants.len() <= most_weighed)
            .then(|| Problem::over(axis.end(), pools, Vec::new(), claimants))
            .and_then(Result::ok);
        let mut held: Vec<Option<usize>> = if let Some(problem) = problem {
            if cut > 0 {
                let told = Finding::note("room-some-only").file("rooms.csv");
                findings.push(told.arg("claims", cut).arg("rooms", most));
            }
            let choices = allocation::solve(&problem, run, Effort::Usual).best.choice;
            let pool = |(claimant, choice): (&Claimant, Option<usize>)| Some(claimant.choices[choice?].pool);
            problem.claimants().iter().zip(choices).map(pool).collect()
        } else {
            // Then one after the other, below: each looks at all its rooms.
            let told = Finding::warning("room-too-large").file("claims.csv");
            findings.push(told.arg("claims", project.claims.len()));
            vec![None; project.claims.len()]
        };
        let mut left = Left::new(project);
        for (room, claim) in held.iter().zip(&project.claims) {
            if let Some(room) = *room {
                left.give(room, &claim.window);
            }
        }
        named.fill(project, &mut held, &mut left);
        Self { project, axis, open, named, held, left, findings }
    }

    /// In the order of the claims.
    fn uses(&self) -> Vec<RoomUse> {
        let given = |(room, claim): (&Option<usize>, &Claim)| {
            Some(RoomUse {
                room: self.project.rooms[(*room)?].id.clone(),
                claim: claim.id.clone(),
                days: claim.window.days.to_string(),
                from: claim.window.from,
                to: claim.window.to,
            })
        };
        self.held.iter().zip(&self.project.claims).filter_map(given).collect()
    }

    fn refusals(&self) -> Vec<RoomRefusal> {
        let told = (MOST_LOOKS / self.project.rooms.len().max(1)).max(LEAST_TOLD);
        let without = self.held.iter().zip(&self.project.claims).filter(|(room, _)| room.is_none());
        let refusal = |(at, (_, claim)): (usize, (_, &Claim))| {
            // What comes closest: the obstacle of the room that gets furthest.
            let (wanted, named) = (self.axis.occurrences(&claim.window), self.named.by(claim));
            let met = |&room: &usize| obstacle(claim, &self.project.rooms[room], &self.open[room], &wanted);
            let furthest = named.iter().map(|room| met(room).unwrap_or(Obstacle::Taken)).max();
            self.left.refusal(claim, named, furthest.unwrap_or(Obstacle::NoRoom), at < told)
        };
        without.enumerate().map(refusal).collect()
    }
}

/// Why a claim cannot have a room, from the first thing looked at to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Obstacle {
    NoRoom,
    TooSmall,
    Closed,
    Taken,
}

impl Obstacle {
    /// As the plan and the phrase files name it.
    fn code(self) -> &'static str {
        match self {
            Self::NoRoom => "no-room",
            Self::TooSmall => "too-small",
            Self::Closed => "closed",
            Self::Taken => "taken",
        }
    }
}

fn obstacle(claim: &Claim, room: &Room, open: &[week::Stretch], wanted: &[(u32, u32)]) -> Option<Obstacle> {
    if claim.room != room.id && claim.room != room.kind {
        Some(Obstacle::NoRoom)
    } else if room.seats < claim.people {
        Some(Obstacle::TooSmall)
    } else if wanted.is_empty() || wanted.iter().any(|&(start, end)| week::within(open, start, end).is_none()) {
        Some(Obstacle::Closed)
    } else {
        None
    }
}
