//! A plan being searched: vehicles' trips and who rides them, kept up to date trip by trip.
//!
//! Seats are assigned (as if booked) so that all together save most: each cohort keeps its options on the trips there are, best
//! first; whoever is worse off than at an option with a free seat moves there, or takes the seat of somebody who loses less by
//! giving it up. Only cohorts on touched trips are looked at again. A log takes back everything since a mark.

use super::problem::Problem;
use super::value::LEGS;

/// Savings closer than this are equal.
const EPS: f64 = 1e-9;

/// What vehicles may do and what it costs.
pub trait Rules: Sync {
    /// Cost of a vehicle's day with these columns in time order; `None` where it cannot be driven.
    fn block(&self, kind: usize, columns: &[u32]) -> Option<f64>;
    /// By how much the running cost of each day is above what there is (0: within it); `None` where there are not so many vehicles
    /// `[day][kind]`.
    fn excess(&self, running: &[f64], used: &[Vec<u32>]) -> Option<f64>;
}

/// One vehicle's day.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Day (service).
    pub day: u16,
    /// Kind of vehicle.
    pub kind: u16,
    /// Its trips (slots), in time order; never empty.
    pub trips: Vec<u32>,
    /// What it costs.
    pub cost: f64,
}

/// One trip that runs.
#[derive(Clone, Debug)]
struct Slot {
    column: u32,
    seats: u32,
    wheels: u32,
    load: [u32; LEGS],
    wheel_load: [u32; LEGS],
    /// Units riding, for each choice of the column.
    units: Vec<u32>,
    live: bool,
}

/// An option a cohort has: the trip and the number of the choice in its column.
#[derive(Clone, Copy, Debug)]
struct Option_ {
    slot: u32,
    choice: u32,
    saving: f64,
}

/// What can be taken back.
#[derive(Debug)]
enum Undo {
    Cohort(u32, Vec<Option_>, u32),
    Slot(u32, Box<Slot>),
    Blocks(Vec<Block>),
}

/// The plan being searched.
pub struct State<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// Vehicles.
    pub blocks: Vec<Block>,
    slots: Vec<Slot>,
    idle: Vec<u32>,
    options: Vec<Vec<Option_>>,
    /// Units of each cohort that do not ride.
    pub unserved: Vec<u32>,
    /// What riders save, days weighted.
    pub saved: f64,
    line_uses: Vec<u32>,
    stop_uses: Vec<u32>,
    lines_open: u32,
    stops_open: u32,
    log: Vec<Undo>,
    cohort_mark: Vec<u32>,
    slot_mark: Vec<u32>,
    mark: u32,
    saved_before: f64,
    open_before: (u32, u32),
    line_changes: Vec<(u32, bool)>,
    work: Vec<u32>,
    queued: Vec<bool>,
}

impl std::fmt::Debug for State<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").field("blocks", &self.blocks.len()).field("saved", &self.saved).finish_non_exhaustive()
    }
}

impl<'a> State<'a> {
    /// Nothing runs.
    #[must_use]
    pub fn new(problem: &'a Problem) -> Self {
        let stops = problem.lines.iter().flatten().copied().max().map_or(0, |stop| usize::from(stop) + 1);
        Self {
            problem,
            blocks: Vec::new(),
            slots: Vec::new(),
            idle: Vec::new(),
            options: vec![Vec::new(); problem.cohorts.len()],
            unserved: problem.cohorts.iter().map(|cohort| cohort.people).collect(),
            saved: 0.0,
            line_uses: vec![0; problem.lines.len()],
            stop_uses: vec![0; stops],
            lines_open: 0,
            stops_open: 0,
            log: Vec::new(),
            cohort_mark: vec![0; problem.cohorts.len()],
            slot_mark: Vec::new(),
            mark: 1,
            saved_before: 0.0,
            open_before: (0, 0),
            line_changes: Vec::new(),
            work: Vec::new(),
            queued: vec![false; problem.cohorts.len()],
        }
    }

    /// The column a trip runs.
    #[must_use]
    pub fn column(&self, slot: u32) -> u32 {
        self.slots[slot as usize].column
    }

    /// Columns of a block.
    #[must_use]
    pub fn columns(&self, block: &Block) -> Vec<u32> {
        block.trips.iter().map(|slot| self.column(*slot)).collect()
    }

    /// Does a line run?
    #[must_use]
    pub fn line_runs(&self, line: u32) -> bool {
        self.line_uses[line as usize] > 0
    }

    /// Lines that run.
    #[must_use]
    pub fn lines_open(&self) -> u32 {
        self.lines_open
    }

    /// Upkeep of what is in use.
    #[must_use]
    pub fn upkeep(&self) -> f64 {
        let prices = &self.problem.upkeep;
        prices.per_line * f64::from(self.lines_open) + prices.per_stop * f64::from(self.stops_open)
    }

    /// Running cost of each day.
    #[must_use]
    pub fn running(&self) -> Vec<f64> {
        let mut sum = vec![0.0; self.problem.days.len()];
        for block in &self.blocks {
            sum[usize::from(block.day)] += block.cost;
        }
        sum
    }

    /// Vehicles of each kind on each day.
    #[must_use]
    pub fn used(&self) -> Vec<Vec<u32>> {
        let mut used = vec![vec![0; self.problem.kinds.len()]; self.problem.days.len()];
        for block in &self.blocks {
            used[usize::from(block.day)][usize::from(block.kind)] += 1;
        }
        used
    }

    /// Sums the riders' savings afresh.
    pub fn recount(&mut self) {
        self.saved = self.saved_by_day().iter().zip(&self.problem.days).map(|(saved, day)| saved * day.weight).sum();
    }

    /// What riders save on each day, not weighted.
    #[must_use]
    pub fn saved_by_day(&self) -> Vec<f64> {
        let mut saved = vec![0.0; self.problem.days.len()];
        for (cohort, slot, units) in self.riders() {
            let choices = self.problem.choices_of(self.column(slot));
            if let Ok(at) = choices.binary_search_by_key(&cohort, |choice| choice.cohort) {
                saved[usize::from(self.problem.cohorts[cohort as usize].day)] += choices[at].saving * f64::from(units);
            }
        }
        saved
    }

    /// Everything it costs beyond everybody at the alternative, days weighted; lower is better.
    #[must_use]
    pub fn worth(&self) -> f64 {
        let running: f64 =
            self.blocks.iter().map(|block| block.cost * self.problem.days[usize::from(block.day)].weight).sum();
        running + self.upkeep() - self.saved
    }

    /// Saving of the worst-off unit that rides, or 0 where somebody does not ride.
    #[must_use]
    pub fn worst(&self, cohort: u32) -> f64 {
        if self.unserved[cohort as usize] > 0 {
            return 0.0;
        }
        let rides = |option: &&Option_| self.slots[option.slot as usize].units[option.choice as usize] > 0;
        self.options[cohort as usize].iter().rev().find(rides).map_or(0.0, |option| option.saving)
    }

    /// Who rides what: cohort, slot, units.
    #[must_use]
    pub fn riders(&self) -> Vec<(u32, u32, u32)> {
        let mut rows = Vec::new();
        for (cohort, options) in (0_u32..).zip(&self.options) {
            for option in options {
                let units = self.slots[option.slot as usize].units[option.choice as usize];
                if units > 0 {
                    rows.push((cohort, option.slot, units));
                }
            }
        }
        rows
    }

    /// From here on everything can be taken back.
    pub fn begin(&mut self) {
        self.log.clear();
        self.line_changes.clear();
        self.mark += 1;
        self.saved_before = self.saved;
        self.open_before = (self.lines_open, self.stops_open);
        self.log.push(Undo::Blocks(self.blocks.clone()));
    }

    /// Takes back everything since [`State::begin`].
    pub fn rollback(&mut self) {
        while let Some(undo) = self.log.pop() {
            match undo {
                Undo::Cohort(cohort, options, unserved) => {
                    self.options[cohort as usize] = options;
                    self.unserved[cohort as usize] = unserved;
                }
                Undo::Slot(slot, before) => {
                    let now = self.slots[slot as usize].live;
                    if now != before.live {
                        if before.live {
                            self.idle.retain(|idle| *idle != slot);
                        } else {
                            self.idle.push(slot);
                        }
                    }
                    self.slots[slot as usize] = *before;
                }
                Undo::Blocks(blocks) => self.blocks = blocks,
            }
        }
        for (line, opened) in std::mem::take(&mut self.line_changes).into_iter().rev() {
            self.count(line, !opened);
        }
        self.saved = self.saved_before;
        (self.lines_open, self.stops_open) = self.open_before;
    }

    fn touch_cohort(&mut self, cohort: u32) {
        let at = cohort as usize;
        if self.cohort_mark[at] != self.mark {
            self.cohort_mark[at] = self.mark;
            self.log.push(Undo::Cohort(cohort, self.options[at].clone(), self.unserved[at]));
        }
    }

    fn touch_slot(&mut self, slot: u32) {
        let at = slot as usize;
        if self.slot_mark[at] != self.mark {
            self.slot_mark[at] = self.mark;
            self.log.push(Undo::Slot(slot, Box::new(self.slots[at].clone())));
        }
    }

    fn count(&mut self, line: u32, more: bool) {
        let uses = &mut self.line_uses[line as usize];
        let changed = if more {
            *uses += 1;
            *uses == 1
        } else {
            *uses -= 1;
            *uses == 0
        };
        if !changed {
            return;
        }
        self.lines_open = if more { self.lines_open + 1 } else { self.lines_open - 1 };
        for stop in &self.problem.lines[line as usize] {
            let uses = &mut self.stop_uses[usize::from(*stop)];
            if more {
                *uses += 1;
                self.stops_open += u32::from(*uses == 1);
            } else {
                *uses -= 1;
                self.stops_open -= u32::from(*uses == 0);
            }
        }
    }

    /// A trip with nobody aboard.
    pub fn open(&mut self, column: u32, kind: usize) -> u32 {
        let problem = self.problem;
        let c = &problem.columns[column as usize];
        let kind = &problem.kinds[kind];
        let fresh = Slot {
            column,
            seats: kind.planned,
            wheels: kind.wheels,
            load: [0; LEGS],
            wheel_load: [0; LEGS],
            units: vec![0; (c.to - c.from) as usize],
            live: true,
        };
        let slot = if let Some(slot) = self.idle.pop() {
            self.touch_slot(slot);
            self.slots[slot as usize] = fresh;
            slot
        } else {
            let slot = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
            self.slots.push(Slot { live: false, units: Vec::new(), ..fresh.clone() });
            self.slot_mark.push(0);
            self.touch_slot(slot);
            self.slots[slot as usize] = fresh;
            slot
        };
        self.count(c.line, true);
        self.line_changes.push((c.line, true));
        for (number, choice) in (0_u32..).zip(problem.choices_of(column)) {
            if problem.cohorts[choice.cohort as usize].wheelchair && kind.wheels == 0 {
                continue;
            }
            self.touch_cohort(choice.cohort);
            let options = &mut self.options[choice.cohort as usize];
            let at = options.partition_point(|option| option.saving >= choice.saving);
            options.insert(at, Option_ { slot, choice: number, saving: choice.saving });
            self.queue(choice.cohort);
        }
        slot
    }

    /// A trip runs no more; its riders are at their alternatives until [`State::settle`].
    pub fn close(&mut self, slot: u32) {
        let problem = self.problem;
        self.touch_slot(slot);
        let column = self.slots[slot as usize].column;
        let line = problem.columns[column as usize].line;
        self.count(line, false);
        self.line_changes.push((line, false));
        for (number, choice) in problem.choices_of(column).iter().enumerate() {
            let cohort = choice.cohort as usize;
            self.touch_cohort(choice.cohort);
            self.options[cohort].retain(|option| option.slot != slot);
            let units = self.slots[slot as usize].units[number];
            if units > 0 {
                self.unserved[cohort] += units;
                self.saved -= self.gain(choice.cohort, choice.saving) * f64::from(units);
                self.queue(choice.cohort);
            }
        }
        self.slots[slot as usize].live = false;
        self.idle.push(slot);
    }

    fn gain(&self, cohort: u32, saving: f64) -> f64 {
        saving * self.problem.days[usize::from(self.problem.cohorts[cohort as usize].day)].weight
    }

    fn queue(&mut self, cohort: u32) {
        if !self.queued[cohort as usize] {
            self.queued[cohort as usize] = true;
            self.work.push(cohort);
        }
    }

    fn span(&self, option: &Option_) -> std::ops::Range<usize> {
        let column = self.slots[option.slot as usize].column;
        let choice = &self.problem.choices_of(column)[option.choice as usize];
        usize::from(choice.board)..usize::from(choice.alight)
    }

    fn room(&self, cohort: u32, option: &Option_) -> u32 {
        let slot = &self.slots[option.slot as usize];
        let (load, seats) = if self.problem.cohorts[cohort as usize].wheelchair {
            (&slot.wheel_load, slot.wheels)
        } else {
            (&slot.load, slot.seats)
        };
        let fullest = load[self.span(option)].iter().copied().max().unwrap_or(0);
        seats.saturating_sub(fullest)
    }

    /// Puts units of a cohort on (or off) an option.
    fn put(&mut self, cohort: u32, option: &Option_, units: u32, on: bool) {
        self.touch_slot(option.slot);
        let span = self.span(option);
        let wheelchair = self.problem.cohorts[cohort as usize].wheelchair;
        let slot = &mut self.slots[option.slot as usize];
        let load = if wheelchair { &mut slot.wheel_load } else { &mut slot.load };
        let held = &mut slot.units[option.choice as usize];
        if on {
            *held += units;
            load[span].iter_mut().for_each(|leg| *leg += units);
        } else {
            *held -= units;
            load[span].iter_mut().for_each(|leg| *leg -= units);
        }
        let gain = self.gain(cohort, option.saving) * f64::from(units);
        self.saved += if on { gain } else { -gain };
    }

    /// Everybody who was touched finds the place where all together save most (as far as single moves and exchanges go).
    pub fn settle(&mut self) {
        let mut guard = 0;
        while let Some(cohort) = self.work.pop() {
            self.queued[cohort as usize] = false;
            self.improve(cohort);
            guard += 1;
            if guard > 200_000 {
                break;
            }
        }
        while let Some(cohort) = self.work.pop() {
            self.queued[cohort as usize] = false;
        }
    }

    /// Units of a cohort worse off than at its k-th option.
    fn wanting(&self, cohort: u32, k: usize) -> u32 {
        let worse = self.options[cohort as usize][k + 1..]
            .iter()
            .map(|option| self.slots[option.slot as usize].units[option.choice as usize])
            .sum::<u32>();
        worse + self.unserved[cohort as usize]
    }

    fn improve(&mut self, cohort: u32) {
        let mut k = 0;
        while k < self.options[cohort as usize].len() {
            let mut wanting = self.wanting(cohort, k);
            if wanting == 0 {
                return;
            }
            let option = self.options[cohort as usize][k];
            let room = self.room(cohort, &option).min(wanting);
            if room > 0 {
                self.move_up(cohort, k, room);
                wanting -= room;
            }
            if wanting > 0 {
                // Somebody who loses less may give up the seat; whoever does is looked at again.
                while self.exchange(cohort, k) {
                    if self.wanting(cohort, k) == 0 {
                        break;
                    }
                }
            }
            k += 1;
        }
    }

    /// Moves units to the k-th option from the worst: those who do not ride, then the last options.
    fn move_up(&mut self, cohort: u32, k: usize, mut units: u32) {
        self.touch_cohort(cohort);
        let to = self.options[cohort as usize][k];
        let idle = self.unserved[cohort as usize].min(units);
        if idle > 0 {
            self.unserved[cohort as usize] -= idle;
            self.put(cohort, &to, idle, true);
            units -= idle;
        }
        let mut from = self.options[cohort as usize].len();
        while units > 0 && from > k + 1 {
            from -= 1;
            let option = self.options[cohort as usize][from];
            let held = self.slots[option.slot as usize].units[option.choice as usize].min(units);
            if held > 0 {
                self.put(cohort, &option, held, false);
                self.put(cohort, &to, held, true);
                units -= held;
                self.freed(option.slot);
            }
        }
    }

    /// Seats came free on a trip: those who would like them look again.
    fn freed(&mut self, slot: u32) {
        let problem = self.problem;
        let column = self.slots[slot as usize].column;
        for choice in problem.choices_of(column) {
            if self.worst(choice.cohort) < choice.saving - EPS {
                self.queue(choice.cohort);
            }
        }
    }

    /// A seat on the k-th option from somebody who loses less than is gained; was there one?
    fn exchange(&mut self, cohort: u32, k: usize) -> bool {
        let problem = self.problem;
        let option = self.options[cohort as usize][k];
        let now = self.worst(cohort);
        let win = self.gain(cohort, option.saving - now);
        if win <= EPS {
            return false;
        }
        let wheelchair = problem.cohorts[cohort as usize].wheelchair;
        let span = self.span(&option);
        let slot = &self.slots[option.slot as usize];
        let (load, seats) = if wheelchair { (&slot.wheel_load, slot.wheels) } else { (&slot.load, slot.seats) };
        let full = |leg: &usize| load[*leg] >= seats;
        let Some(first) = span.clone().find(full) else { return false };
        let last = span.clone().rev().find(full).unwrap_or(first);
        let mut best: Option<(f64, u32, Option<Option_>, u32)> = None;
        for (number, choice) in (0_u32..).zip(problem.choices_of(slot.column)) {
            let held = slot.units[number as usize];
            if held == 0
                || choice.cohort == cohort
                || usize::from(choice.board) > first
                || usize::from(choice.alight) <= last
                || problem.cohorts[choice.cohort as usize].wheelchair != wheelchair
            {
                continue;
            }
            // Where they would go: the best option with room, or the alternative.
            let other = self.options[choice.cohort as usize]
                .iter()
                .filter(|other| other.slot != option.slot)
                .find(|other| self.room(choice.cohort, other) > 0);
            let loss = self.gain(choice.cohort, choice.saving - other.map_or(0.0, |other| other.saving));
            if best.as_ref().is_none_or(|(least, ..)| loss < *least) {
                best = Some((loss, number, other.copied(), held));
            }
        }
        let Some((loss, number, other, held)) = best else { return false };
        if loss >= win - EPS {
            return false;
        }
        // As many as stand where the gain was reckoned from, as ride, as have room.
        let mine = if self.unserved[cohort as usize] > 0 {
            self.unserved[cohort as usize]
        } else {
            let rides = |option: &&Option_| self.slots[option.slot as usize].units[option.choice as usize] > 0;
            self.options[cohort as usize]
                .iter()
                .rev()
                .find(rides)
                .map_or(0, |option| self.slots[option.slot as usize].units[option.choice as usize])
        };
        let out = problem.choices_of(slot.column)[number as usize].cohort;
        let units = mine.min(held).min(other.as_ref().map_or(u32::MAX, |other| self.room(out, other)));
        if units == 0 {
            return false;
        }
        self.touch_cohort(out);
        let leaving = Option_ {
            slot: option.slot,
            choice: number,
            saving: problem.choices_of(self.slots[option.slot as usize].column)[number as usize].saving,
        };
        self.put(out, &leaving, units, false);
        match other {
            Some(other) => self.put(out, &other, units, true),
            None => self.unserved[out as usize] += units,
        }
        let room = self.room(cohort, &option).min(units);
        self.move_up(cohort, k, room);
        self.queue(out);
        self.freed(option.slot);
        true
    }
}
