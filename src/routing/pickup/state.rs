//! Where a search stands: the stops of each bus, who rides on it, who waits; and how to go back to where it stood before.
//!
//! A route is saved when it is first touched after `begin`; `undo` puts the saved ones back. That costs a copy of the few routes a change touches,
//! and needs no inverse of any change.

use super::ground::{Ground, NONE};

/// What one bus does.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) kind: u32,
    pub(super) stops: Vec<u32>,
    /// Cost of driving, with the fixed cost and the dwells, without the boarding.
    pub(super) cost: i64,
    /// Time from reaching the first stop to the destination, with the dwells, without the boarding.
    pub(super) ride: i64,
    /// People aboard, and most that may be: seats, or fewer where their boarding would make the ride too long.
    pub(super) load: u32,
    pub(super) room: u32,
    /// Groups aboard and how many of each.
    pub(super) aboard: Vec<(u32, u32)>,
    /// The stops as a set.
    pub(super) set: Vec<u64>,
    /// All stops that somebody aboard can walk to; not to be relied on while `stale`.
    pub(super) reach: Vec<u64>,
    pub(super) stale: bool,
}

impl Route {
    fn new(kind: u32, ground: &Ground<'_>) -> Self {
        let room = room(ground, kind, 0);
        let empty = || vec![0; ground.words];
        let (set, reach) = (empty(), empty());
        Self { kind, stops: Vec::new(), cost: 0, ride: 0, load: 0, room, aboard: Vec::new(), set, reach, stale: false }
    }
}

impl Clone for Route {
    fn clone(&self) -> Self {
        Self {
            kind: self.kind,
            stops: self.stops.clone(),
            cost: self.cost,
            ride: self.ride,
            load: self.load,
            room: self.room,
            aboard: self.aboard.clone(),
            set: self.set.clone(),
            reach: self.reach.clone(),
            stale: self.stale,
        }
    }

    /// Into memory that is there.
    fn clone_from(&mut self, from: &Self) {
        self.kind = from.kind;
        self.stops.clone_from(&from.stops);
        self.cost = from.cost;
        self.ride = from.ride;
        self.load = from.load;
        self.room = from.room;
        self.aboard.clone_from(&from.aboard);
        self.set.clone_from(&from.set);
        self.reach.clone_from(&from.reach);
        self.stale = from.stale;
    }
}

/// What a plan costs: people missing first.
pub(super) type Worth = (u64, i64);

/// Where a search stands.
#[derive(Clone, Debug)]
pub(super) struct State<'g> {
    pub(super) ground: &'g Ground<'g>,
    /// One for each vehicle that could be used.
    pub(super) routes: Vec<Route>,
    /// Of each stop, its route and its position there.
    pub(super) route_of: Vec<u32>,
    pub(super) at: Vec<u32>,
    /// All stops that are in routes.
    pub(super) open: Vec<u64>,
    /// Routes with stops, and of each kind those without.
    pub(super) used: Vec<u32>,
    pub(super) free: Vec<Vec<u32>>,
    /// People of each group without a seat; the groups with some; where a group stands among these.
    pub(super) waiting: Vec<u32>,
    pub(super) queue: Vec<u32>,
    queue_at: Vec<u32>,
    /// Of driving and boarding.
    pub(super) cost: i64,
    /// Prizes not won.
    pub(super) unwon: i64,
    /// People who must be carried and are not.
    pub(super) missing: u64,
    /// Memory of the moves.
    pub(super) tail: Vec<u32>,
    pub(super) added: Vec<u32>,
    journal: Journal,
    pub(super) search: Search,
}

/// How it was.
#[derive(Clone, Debug, Default)]
struct Journal {
    turn: u64,
    /// When a route was saved last.
    marks: Vec<u64>,
    slots: Vec<u32>,
    saved: Vec<Route>,
    /// Groups and how many of them waited.
    waited: Vec<(u32, u32)>,
    cost: i64,
    unwon: i64,
    missing: u64,
}

/// Memory of the search for seats (`seating`).
#[derive(Clone, Debug, Default)]
pub(super) struct Search {
    /// Stops of routes not yet found; and what they were.
    pub(super) unseen: Vec<u64>,
    pub(super) kept: Vec<u64>,
    /// Routes found, in order.
    pub(super) found: Vec<u32>,
    /// From which route each was found.
    pub(super) parent: Vec<u32>,
    /// Who goes on from the parent: a position aboard.
    pub(super) mover: Vec<u32>,
    pub(super) order: Vec<u32>,
}

impl<'g> State<'g> {
    /// Nobody drives, everybody waits.
    pub(super) fn new(ground: &'g Ground<'g>) -> Self {
        let mut routes = Vec::new();
        let mut free = Vec::with_capacity(ground.kinds.len());
        for (kind, vehicle) in ground.problem.vehicles().iter().enumerate() {
            let first = routes.len() as u32;
            routes.extend((0..vehicle.count.min(ground.stops)).map(|_| Route::new(kind as u32, ground)));
            free.push((first..routes.len() as u32).rev().collect());
        }
        let groups = &ground.groups;
        let journal = Journal { marks: vec![0; routes.len()], ..Journal::default() };
        let search = Search { parent: vec![NONE; routes.len()], mover: vec![NONE; routes.len()], ..Search::default() };
        Self {
            ground,
            route_of: vec![NONE; ground.stops],
            at: vec![0; ground.stops],
            open: vec![0; ground.words],
            used: Vec::new(),
            free,
            waiting: groups.iter().map(|group| group.people).collect(),
            queue: (0..groups.len() as u32).collect(),
            queue_at: (0..groups.len() as u32).collect(),
            cost: 0,
            unwon: groups.iter().filter_map(|group| group.prize.map(|prize| prize * i64::from(group.people))).sum(),
            missing: groups.iter().filter(|group| group.prize.is_none()).map(|group| u64::from(group.people)).sum(),
            routes,
            tail: Vec::new(),
            added: Vec::new(),
            journal,
            search,
        }
    }

    /// What it costs.
    pub(super) fn worth(&self) -> Worth {
        (self.missing, self.cost + self.unwon)
    }

    /// From here on everything can be undone.
    pub(super) fn begin(&mut self) {
        let journal = &mut self.journal;
        journal.turn += 1;
        journal.slots.clear();
        journal.waited.clear();
        (journal.cost, journal.unwon, journal.missing) = (self.cost, self.unwon, self.missing);
    }

    /// Routes touched since `begin`.
    pub(super) fn touched(&self) -> &[u32] {
        &self.journal.slots
    }

    /// Saves a route before it is changed.
    #[inline]
    pub(super) fn touch(&mut self, slot: u32) {
        let journal = &mut self.journal;
        if journal.marks[slot as usize] == journal.turn {
            return;
        }
        journal.marks[slot as usize] = journal.turn;
        let (count, route) = (journal.slots.len(), &self.routes[slot as usize]);
        match journal.saved.get_mut(count) {
            Some(saved) => saved.clone_from(route),
            None => journal.saved.push(route.clone()),
        }
        journal.slots.push(slot);
    }

    /// Everything is as it was at `begin`.
    pub(super) fn undo(&mut self) {
        let mut journal = std::mem::take(&mut self.journal);
        for &slot in &journal.slots {
            for at in 0..self.routes[slot as usize].stops.len() {
                self.close(self.routes[slot as usize].stops[at], slot);
            }
        }
        for (&slot, saved) in journal.slots.iter().zip(&mut journal.saved) {
            let was_used = !self.routes[slot as usize].stops.is_empty();
            std::mem::swap(&mut self.routes[slot as usize], saved);
            self.place(slot);
            self.list(slot, was_used);
        }
        while let Some((group, count)) = journal.waited.pop() {
            self.set_waiting(group, count);
        }
        (self.cost, self.unwon, self.missing) = (journal.cost, journal.unwon, journal.missing);
        journal.slots.clear();
        journal.turn += 1;
        self.journal = journal;
    }

    /// A stop of a route is in no route.
    fn close(&mut self, stop: u32, slot: u32) {
        if self.route_of[stop as usize] == slot {
            self.route_of[stop as usize] = NONE;
            self.open[stop as usize / 64] &= !(1 << (stop % 64));
        }
    }

    /// The stops of a route know where they are.
    fn place(&mut self, slot: u32) {
        for (at, &stop) in self.routes[slot as usize].stops.iter().enumerate() {
            self.route_of[stop as usize] = slot;
            self.at[stop as usize] = at as u32;
            self.open[stop as usize / 64] |= 1 << (stop % 64);
        }
    }

    /// A route that has, or has lost, its first stops is listed where it belongs.
    fn list(&mut self, slot: u32, was_used: bool) {
        let route = &self.routes[slot as usize];
        let is_used = !route.stops.is_empty();
        let free = &mut self.free[route.kind as usize];
        if is_used && !was_used {
            if let Some(at) = free.iter().rposition(|&other| other == slot) {
                free.swap_remove(at);
            }
            self.used.push(slot);
        } else if was_used && !is_used {
            if let Some(at) = self.used.iter().rposition(|&other| other == slot) {
                self.used.swap_remove(at);
            }
            free.push(slot);
        }
    }

    /// Changes the stops of a route. Who finds none of theirs, or no room, waits. Other routes that had some of the stops lose them by a change of
    /// their own, before or after.
    pub(super) fn change(&mut self, slot: u32, edit: impl FnOnce(&mut Vec<u32>)) {
        self.touch(slot);
        let mut stops = std::mem::take(&mut self.routes[slot as usize].stops);
        let was_used = !stops.is_empty();
        for &stop in &stops {
            self.close(stop, slot);
        }
        edit(&mut stops);
        self.routes[slot as usize].stops = stops;
        self.place(slot);
        self.list(slot, was_used);
        self.settle(slot);
    }

    /// Two routes swap their stops and who is aboard; they may be of different kinds.
    pub(super) fn change_vehicles(&mut self, one: u32, other: u32) {
        for slot in [one, other] {
            self.touch(slot);
            let route = &self.routes[slot as usize];
            self.cost -= i64::from(route.load) * self.ground.kinds[route.kind as usize].per_person;
        }
        let (low, high) = self.routes.split_at_mut(one.max(other) as usize);
        let (a, b) = (&mut low[one.min(other) as usize], &mut high[0]);
        let was = (!a.stops.is_empty(), !b.stops.is_empty());
        std::mem::swap(&mut a.stops, &mut b.stops);
        std::mem::swap(&mut a.aboard, &mut b.aboard);
        std::mem::swap(&mut a.load, &mut b.load);
        for (slot, was_used) in [(one.min(other), was.0), (one.max(other), was.1)] {
            self.place(slot);
            self.list(slot, was_used);
            let route = &self.routes[slot as usize];
            self.cost += i64::from(route.load) * self.ground.kinds[route.kind as usize].per_person;
        }
        for slot in [one, other] {
            self.settle(slot);
        }
    }

    /// What follows from the stops of a route: its cost, its room, and who must get off.
    fn settle(&mut self, slot: u32) {
        let ground = self.ground;
        let route = &mut self.routes[slot as usize];
        let kind = route.kind;
        route.set.fill(0);
        let (mut cost, mut ride, mut here) = (0, 0, ground.stops as u32);
        for &stop in &route.stops {
            route.set[stop as usize / 64] |= 1 << (stop % 64);
            cost += ground.cost(kind, here, stop);
            ride += ground.time(kind, here, stop);
            here = stop;
        }
        if let Some(&first) = route.stops.first() {
            cost += ground.cost(kind, here, ground.stops as u32) + ground.kinds[kind as usize].fixed;
            ride += ground.time(kind, here, ground.stops as u32);
            // The dwell of the first stop counts, the way to it does not; the table has both in one.
            ride +=
                i64::from(ground.problem.stops()[first as usize].dwell) - ground.time(kind, ground.stops as u32, first);
        }
        self.cost += cost - route.cost;
        (route.cost, route.ride) = (cost, ride);
        let lawful = route.stops.len() <= ground.problem.most_stops();
        route.room = if lawful { room(ground, kind, ride) } else { 0 };
        route.stale = true;
        let mut at = route.aboard.len();
        while at > 0 {
            at -= 1;
            let (group, count) = self.routes[slot as usize].aboard[at];
            if !ground.meets(group, &self.routes[slot as usize].set) {
                self.get_off(slot, at, count);
                self.wait(group, count);
            }
        }
        while self.routes[slot as usize].load > self.routes[slot as usize].room {
            let route = &self.routes[slot as usize];
            let Some(at) = self.cheapest(slot) else { break };
            let (group, count) = route.aboard[at];
            let count = count.min(route.load - route.room);
            self.get_off(slot, at, count);
            self.wait(group, count);
        }
    }

    /// Who gets off first where there is no room.
    fn cheapest(&self, slot: u32) -> Option<usize> {
        let aboard = &self.routes[slot as usize].aboard;
        if !self.ground.optional {
            return aboard.len().checked_sub(1);
        }
        (0..aboard.len()).min_by_key(|&at| self.ground.groups[aboard[at].0 as usize].prize.unwrap_or(i64::MAX))
    }

    /// Some of those who wait get a seat.
    #[inline]
    pub(super) fn get_on(&mut self, slot: u32, group: u32, count: u32) {
        self.touch(slot);
        let ground = self.ground;
        let route = &mut self.routes[slot as usize];
        match route.aboard.iter_mut().find(|(other, _)| *other == group) {
            Some((_, aboard)) => *aboard += count,
            None => {
                route.aboard.push((group, count));
                for &(word, bits) in ground.spots(group) {
                    route.reach[word as usize] |= bits;
                }
            }
        }
        route.load += count;
        self.cost += i64::from(count) * ground.kinds[route.kind as usize].per_person;
    }

    /// Some of those aboard lose their seat.
    #[inline]
    pub(super) fn get_off(&mut self, slot: u32, at: usize, count: u32) {
        self.touch(slot);
        let route = &mut self.routes[slot as usize];
        route.aboard[at].1 -= count;
        if route.aboard[at].1 == 0 {
            route.aboard.swap_remove(at);
            route.stale = true;
        }
        route.load -= count;
        self.cost -= i64::from(count) * self.ground.kinds[route.kind as usize].per_person;
    }

    /// More of a group wait.
    pub(super) fn wait(&mut self, group: u32, count: u32) {
        let waiting = self.waiting[group as usize];
        self.journal.waited.push((group, waiting));
        self.set_waiting(group, waiting + count);
        match self.ground.groups[group as usize].prize {
            Some(prize) => self.unwon += prize * i64::from(count),
            None => self.missing += u64::from(count),
        }
    }

    /// Fewer of a group wait.
    pub(super) fn go(&mut self, group: u32, count: u32) {
        let waiting = self.waiting[group as usize];
        self.journal.waited.push((group, waiting));
        self.set_waiting(group, waiting - count);
        match self.ground.groups[group as usize].prize {
            Some(prize) => self.unwon -= prize * i64::from(count),
            None => self.missing -= u64::from(count),
        }
    }

    fn set_waiting(&mut self, group: u32, count: u32) {
        let before = std::mem::replace(&mut self.waiting[group as usize], count);
        if before == 0 && count > 0 {
            self.queue_at[group as usize] = self.queue.len() as u32;
            self.queue.push(group);
        } else if before > 0 && count == 0 {
            let at = self.queue_at[group as usize] as usize;
            self.queue.swap_remove(at);
            if let Some(&moved) = self.queue.get(at) {
                self.queue_at[moved as usize] = at as u32;
            }
        }
    }

    /// The stop before a stop of a route; the start's number where it is the first.
    #[inline]
    pub(super) fn before(&self, stop: u32) -> u32 {
        let at = self.at[stop as usize] as usize;
        if at == 0 {
            self.ground.stops as u32
        } else {
            self.routes[self.route_of[stop as usize] as usize].stops[at - 1]
        }
    }

    /// The stop behind a stop of a route; the destination's number where it is the last.
    #[inline]
    pub(super) fn behind(&self, stop: u32) -> u32 {
        let stops = &self.routes[self.route_of[stop as usize] as usize].stops;
        stops.get(self.at[stop as usize] as usize + 1).copied().unwrap_or(self.ground.stops as u32)
    }

    /// Is it in a route?
    #[inline]
    pub(super) fn is_open(&self, stop: u32) -> bool {
        self.route_of[stop as usize] != NONE
    }
}

/// Most people of a route of a kind with such a ride.
#[inline]
pub(super) fn room(ground: &Ground<'_>, kind: u32, ride: i64) -> u32 {
    let seats = ground.kinds[kind as usize].seats;
    let Some(most) = ground.problem.max_ride() else { return seats };
    let left = i64::from(most) - ride;
    if left < 0 {
        return 0;
    }
    match i64::from(ground.problem.boarding()) {
        0 => seats,
        boarding => u32::try_from(left / boarding).unwrap_or(u32::MAX).min(seats),
    }
}
