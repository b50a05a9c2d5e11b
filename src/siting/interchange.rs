//! Which site should open, close or take another's place? Gains of all exchanges, kept up to date (Resende & Werneck 2007).
//!
//! For a customer at d1 from its nearest open site r and d2 from the next: `gain[j]` saves d1 - d(j) where j is nearer, `loss[r]`
//! costs d2 - d1, and `caught[j][r]` is what j catches of that loss. Closing r and opening j saves gain[j] - loss[r] + caught[j][r].
//! An exchange changes only the customers around the two sites. Staying outside counts as a site that is always open.

use super::ground::{Ground, NONE};

/// Open sites with the saving of every move.
#[derive(Clone, Debug)]
pub(super) struct State<'a> {
    ground: &'a Ground,
    open: Vec<usize>,
    is_open: Vec<bool>,
    two: Vec<Two>,
    gain: Vec<i64>,
    loss: Vec<i64>,
    /// Where an open site stands in `open` and in `caught`.
    place: Vec<u32>,
    caught: Caught,
    cost: i64,
    /// List entries looked at: the measure of work.
    pub(super) work: u64,
    affected: Vec<bool>,
}

/// One change of the open sites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) open: Option<usize>,
    pub(super) close: Option<usize>,
}

/// The two nearest open sites of a customer.
#[derive(Clone, Copy, Debug)]
struct Two {
    first: u32,
    second: u32,
    to_first: i64,
    to_second: i64,
}

impl<'a> State<'a> {
    /// With these sites open, each once.
    pub(super) fn new(ground: &'a Ground, open: &[usize]) -> Self {
        let (customers, sites) = (ground.customers(), ground.sites());
        let nobody = Two { first: NONE, second: NONE, to_first: 0, to_second: 0 };
        let mut state = Self {
            ground,
            open: Vec::new(),
            is_open: vec![false; sites],
            two: vec![nobody; customers],
            gain: vec![0; sites],
            loss: vec![0; sites],
            place: vec![NONE; sites],
            caught: Caught::new(sites, ground.places),
            cost: 0,
            work: 0,
            affected: vec![false; customers],
        };
        state.begin(open);
        state
    }

    /// Forgets all; these sites are open.
    fn begin(&mut self, open: &[usize]) {
        let ground = self.ground;
        self.is_open.fill(false);
        self.gain.fill(0);
        self.loss.fill(0);
        self.caught.clear();
        self.open = open.to_vec();
        self.cost = 0;
        for (at, &site) in open.iter().enumerate() {
            self.is_open[site] = true;
            #[expect(clippy::cast_possible_truncation, reason = "fewer sites than 2^32: Problem::new")]
            let at = at as u32;
            self.place[site] = at;
            self.cost += ground.price[site];
        }
        for customer in 0..ground.customers() {
            self.two[customer] = self.look(customer);
            self.cost += self.two[customer].to_first;
            self.count::<1>(customer, self.two[customer]);
        }
    }

    pub(super) fn cost(&self) -> i64 {
        self.cost
    }
    pub(super) fn open(&self) -> &[usize] {
        &self.open
    }

    /// Finds the two nearest open sites.
    fn look(&mut self, customer: usize) -> Two {
        let ground = self.ground;
        let scale = ground.scale[customer];
        let mut nearest = ground.near(customer).iter().filter(|entry| self.is_open[entry.at as usize]);
        let outside = (NONE, ground.outside[customer]);
        let mut next = || nearest.next().map_or(outside, |entry| (entry.at, scale * i64::from(entry.distance)));
        let ((first, to_first), (second, to_second)) = (next(), next());
        self.work += 8;
        Two { first, second, to_first, to_second }
    }

    /// Adds (1) or takes away (-1) what a customer contributes to all savings.
    fn count<const SIGN: i64>(&mut self, customer: usize, two: Two) {
        let scale = self.ground.scale[customer];
        let Two { first, to_first, to_second, .. } = two;
        let place = if first == NONE { NONE } else { self.place[first as usize] };
        if first != NONE {
            self.loss[first as usize] += SIGN * (to_second - to_first);
        }
        for entry in self.ground.near(customer) {
            let cost = scale * i64::from(entry.distance);
            if cost >= to_second {
                break;
            }
            self.work += 1;
            let site = entry.at as usize;
            self.gain[site] += SIGN * (to_first - cost).max(0);
            if first != NONE {
                self.caught.add(site, place, SIGN * (to_second - cost.max(to_first)));
            }
        }
    }

    /// The nearest site stays, the next is another: only what is caught changes.
    fn recount(&mut self, customer: usize, old: Two, new: Two) {
        let Two { first, to_first, .. } = new;
        let place = self.place[first as usize];
        self.loss[first as usize] += new.to_second - old.to_second;
        let scale = self.ground.scale[customer];
        let most = old.to_second.max(new.to_second);
        for entry in self.ground.near(customer) {
            let cost = scale * i64::from(entry.distance);
            if cost >= most {
                break;
            }
            self.work += 1;
            let from = cost.max(to_first);
            self.caught.add(entry.at as usize, place, (new.to_second - from).max(0) - (old.to_second - from).max(0));
        }
    }

    /// Carries out a move.
    pub(super) fn apply(&mut self, step: Move) {
        let ground = self.ground;
        let mut changed: Vec<usize> = Vec::new();
        if let Some(site) = step.close {
            for entry in ground.reached(site) {
                let customer = entry.at as usize;
                if self.two[customer].first as usize == site || self.two[customer].second as usize == site {
                    self.affected[customer] = true;
                    changed.push(customer);
                }
            }
            self.work += ground.reached(site).len() as u64 / 4;
        }
        if let Some(site) = step.open {
            for entry in ground.reached(site) {
                let customer = entry.at as usize;
                let nearer = ground.scale[customer] * i64::from(entry.distance) < self.two[customer].to_second;
                if nearer && !self.affected[customer] {
                    changed.push(customer);
                }
            }
            self.work += ground.reached(site).len() as u64 / 4;
        }
        // The places in the table are still the old ones while what was is taken away.
        if let Some(site) = step.close {
            self.is_open[site] = false;
            self.cost -= ground.price[site];
        }
        if let Some(site) = step.open {
            self.is_open[site] = true;
            self.cost += ground.price[site];
        }
        let mut later = Vec::new();
        for &customer in &changed {
            self.affected[customer] = false;
            let (old, new) = (self.two[customer], self.look(customer));
            self.cost += new.to_first - old.to_first;
            self.two[customer] = new;
            if old.first == new.first && old.first != NONE {
                self.recount(customer, old, new);
            } else {
                self.count::<-1>(customer, old);
                later.push(customer);
            }
        }
        match (step.close, step.open) {
            (Some(close), Some(open)) => {
                let place = self.place[close];
                self.open[place as usize] = open;
                self.place[open] = place;
            }
            (None, Some(open)) => {
                #[expect(clippy::cast_possible_truncation, reason = "fewer sites than 2^32: Problem::new")]
                let place = self.open.len() as u32;
                self.place[open] = place;
                self.open.push(open);
            }
            (Some(close), None) => {
                let place = self.place[close];
                self.open.swap_remove(place as usize);
                if let Some(&moved) = self.open.get(place as usize) {
                    #[expect(clippy::cast_possible_truncation, reason = "fewer sites than 2^32: Problem::new")]
                    let last = self.open.len() as u32;
                    self.caught.rename(last, place);
                    self.place[moved] = place;
                }
            }
            (None, None) => {}
        }
        for customer in later {
            self.count::<1>(customer, self.two[customer]);
        }
    }

    /// The best exchange that opens this site: what it saves, and what closes.
    fn best_with(&self, site: usize, cheapest: Option<(i64, usize)>) -> Option<(i64, usize)> {
        let gain = self.gain[site] - self.ground.price[site];
        let saving = |close: usize, caught: i64| gain - self.loss[close] + caught + self.ground.price[close];
        let mut best = cheapest.map(|(_, close)| (saving(close, 0), close));
        self.caught.each(site, |place, caught| {
            let close = self.open[place];
            let found = saving(close, caught);
            if best.is_none_or(|(most, which)| (found, close) > (most, which)) {
                best = Some((found, close));
            }
        });
        best
    }

    /// The open site that costs least to close: (what that costs, site).
    fn cheapest(&self) -> Option<(i64, usize)> {
        self.open.iter().map(|&site| (self.loss[site] - self.ground.price[site], site)).min()
    }

    /// The site that saves most by opening in addition.
    pub(super) fn best_opening(&mut self) -> Option<(i64, usize)> {
        self.work += self.is_open.len() as u64;
        let closed = (0..self.is_open.len()).filter(|&site| !self.is_open[site]);
        closed
            .map(|site| (self.gain[site] - self.ground.price[site], site))
            .max_by_key(|&(saving, site)| (saving, std::cmp::Reverse(site)))
    }

    /// The move that saves most, with its saving; at most `places` sites stay open.
    pub(super) fn best_move(&mut self) -> Option<(i64, Move)> {
        let cheapest = self.cheapest();
        let mut best: Option<(i64, Move)> = None;
        let mut offer = |saving: i64, step: Move| {
            if best.is_none_or(|(most, _)| saving > most) {
                best = Some((saving, step));
            }
        };
        let room = self.open.len() < self.ground.places;
        for site in (0..self.is_open.len()).filter(|&site| !self.is_open[site]) {
            if self.gain[site] == 0 && self.ground.reached(site).is_empty() {
                continue;
            }
            if room {
                offer(self.gain[site] - self.ground.price[site], Move { open: Some(site), close: None });
            }
            if let Some((saving, close)) = self.best_with(site, cheapest) {
                offer(saving, Move { open: Some(site), close: Some(close) });
            }
        }
        if let Some((cost, site)) = cheapest {
            offer(-cost, Move { open: None, close: Some(site) });
        }
        self.work += self.is_open.len() as u64 * 2;
        best
    }

    /// Opens a site, closing the one that is missed least where all places are taken.
    pub(super) fn force(&mut self, site: usize) -> Option<usize> {
        if self.is_open[site] {
            return None;
        }
        let full = self.open.len() >= self.ground.places;
        let close = if full { self.best_with(site, self.cheapest()).map(|(_, close)| close) } else { None };
        self.apply(Move { open: Some(site), close });
        close
    }

    /// Moves until none saves.
    pub(super) fn descend(&mut self) {
        while let Some((saving, step)) = self.best_move()
            && saving > 0
        {
            self.apply(step);
        }
    }

    /// Opens what is open there and closes the rest; at most `places`.
    pub(super) fn become_like(&mut self, open: &[usize]) {
        let mut wanted = vec![false; self.is_open.len()];
        open.iter().for_each(|&site| wanted[site] = true);
        let mut close: Vec<usize> = self.open.iter().copied().filter(|&site| !wanted[site]).collect();
        if close.len() > FEW {
            self.begin(open);
            return;
        }
        for &site in open {
            if !self.is_open[site] {
                let close = close.pop();
                self.apply(Move { open: Some(site), close });
            }
        }
        for site in close {
            self.apply(Move { open: None, close: Some(site) });
        }
    }
}

/// More changes than these at once, and all is counted anew.
const FEW: usize = 3;
/// Up to so many places what is caught is a table, beyond it is lists of what is not 0.
const TABLE: usize = 128;

/// What a site that opens catches of the loss of one that closes.
#[derive(Clone, Debug)]
struct Caught {
    width: usize,
    table: Vec<i64>,
    lists: Vec<Vec<(u32, i64)>>,
}

impl Caught {
    fn new(sites: usize, places: usize) -> Self {
        if places <= TABLE {
            Self { width: places, table: vec![0; sites * places], lists: Vec::new() }
        } else {
            Self { width: 0, table: Vec::new(), lists: vec![Vec::new(); sites] }
        }
    }

    fn clear(&mut self) {
        self.table.fill(0);
        self.lists.iter_mut().for_each(Vec::clear);
    }

    fn add(&mut self, site: usize, place: u32, by: i64) {
        if self.lists.is_empty() {
            self.table[site * self.width + place as usize] += by;
            return;
        }
        if by == 0 {
            return;
        }
        let list = &mut self.lists[site];
        match list.iter().position(|&(other, _)| other == place) {
            Some(at) => {
                list[at].1 += by;
                if list[at].1 == 0 {
                    list.swap_remove(at);
                }
            }
            None => list.push((place, by)),
        }
    }

    /// What stood at one place stands at another, which is empty.
    fn rename(&mut self, from: u32, to: u32) {
        for row in self.table.chunks_exact_mut(self.width.max(1)) {
            row[to as usize] = std::mem::take(&mut row[from as usize]);
        }
        for entry in self.lists.iter_mut().flatten().filter(|entry| entry.0 == from) {
            entry.0 = to;
        }
    }

    fn each(&self, site: usize, mut see: impl FnMut(usize, i64)) {
        if self.lists.is_empty() {
            let row = &self.table[site * self.width..(site + 1) * self.width];
            row.iter().enumerate().filter(|&(_, &caught)| caught != 0).for_each(|(place, &caught)| see(place, caught));
        } else {
            self.lists[site].iter().for_each(|&(place, caught)| see(place as usize, caught));
        }
    }
}
