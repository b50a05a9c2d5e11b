//! Who rides on which bus: a flow from groups to buses, kept as large as it can be by augmenting paths. Somebody without a seat takes that of
//! somebody who can take one on another bus, and so on, until one is free.
//!
//! A bus is left for all buses that stop where somebody aboard can walk to; these stops are kept as a set, so that one step of the search looks at words
//! of bits, not at people. Who pays more than another displaces them where no seat can be found (the people who can be seated together are a matroid:
//! one exchange after the other leads to the best).

use super::ground::NONE;
use super::state::State;

impl State<'_> {
    /// Seats all who can be seated with the stops as they are, most valuable first.
    pub(super) fn seat_all(&mut self) {
        if self.queue.is_empty() {
            return;
        }
        if self.ground.optional {
            return self.seat_best();
        }
        self.see_all();
        let mut at = 0;
        while let Some(&group) = self.queue.get(at) {
            let Some(end) = self.find_seat(group) else {
                // Full, and nobody aboard can go elsewhere: that stays so, these buses are not looked at again.
                at += 1;
                continue;
            };
            self.augment(group, end);
            self.see_found();
        }
    }

    /// With prizes: exchanges are possible, so that no bus is done with.
    fn seat_best(&mut self) {
        let ground = self.ground;
        let mut order = std::mem::take(&mut self.search.order);
        loop {
            let mut exchanged = false;
            order.clear();
            order.extend_from_slice(&self.queue);
            order.sort_unstable_by_key(|&group| {
                (std::cmp::Reverse(ground.groups[group as usize].prize.unwrap_or(i64::MAX)), group)
            });
            for &group in &order {
                while self.waiting[group as usize] > 0 {
                    self.see_all();
                    if let Some(end) = self.find_seat(group) {
                        self.augment(group, end);
                    } else if self.displace(group) {
                        exchanged = true;
                    } else {
                        break;
                    }
                }
            }
            if !exchanged {
                break;
            }
        }
        self.search.order = order;
    }

    /// All buses can be found.
    fn see_all(&mut self) {
        self.search.unseen.clone_from(&self.open);
        self.search.found.clear();
    }

    /// What the last search found can be found again.
    fn see_found(&mut self) {
        for &slot in &self.search.found {
            for (unseen, set) in self.search.unseen.iter_mut().zip(&self.routes[slot as usize].set) {
                *unseen |= set;
            }
        }
    }

    /// The bus with a free seat at the end of a shortest path of exchanges; the buses on the way are in `search`.
    fn find_seat(&mut self, group: u32) -> Option<u32> {
        let ground = self.ground;
        self.search.found.clear();
        for &(word, bits) in ground.spots(group) {
            while let Some(slot) = self.next_unseen(word as usize, bits) {
                if self.discover(slot, NONE) {
                    return Some(slot);
                }
            }
        }
        self.go_on(0)
    }

    /// Searches on from the routes found from this position on.
    fn go_on(&mut self, mut at: usize) -> Option<u32> {
        while let Some(&slot) = self.search.found.get(at) {
            at += 1;
            self.refresh(slot);
            for word in 0..self.ground.words {
                let bits = self.routes[slot as usize].reach[word];
                while let Some(next) = self.next_unseen(word, bits) {
                    if self.discover(next, slot) {
                        return Some(next);
                    }
                }
            }
        }
        None
    }

    #[inline]
    fn next_unseen(&self, word: usize, bits: u64) -> Option<u32> {
        let bits = bits & self.search.unseen[word];
        (bits != 0).then(|| self.route_of[word * 64 + bits.trailing_zeros() as usize])
    }

    /// Says whether it has a free seat.
    #[inline]
    fn discover(&mut self, slot: u32, parent: u32) -> bool {
        let route = &self.routes[slot as usize];
        for (unseen, set) in self.search.unseen.iter_mut().zip(&route.set) {
            *unseen &= !set;
        }
        self.search.parent[slot as usize] = parent;
        self.search.found.push(slot);
        route.load < route.room
    }

    /// Works out anew where those aboard can walk to, if somebody has got off.
    #[inline]
    fn refresh(&mut self, slot: u32) {
        let ground = self.ground;
        let route = &mut self.routes[slot as usize];
        if !route.stale {
            return;
        }
        route.stale = false;
        route.reach.fill(0);
        for &(group, _) in &route.aboard {
            for &(word, bits) in ground.spots(group) {
                route.reach[word as usize] |= bits;
            }
        }
    }

    /// Who of a route goes on to the next on a path: the largest such group.
    fn mover(&self, from: u32, to: u32) -> Option<usize> {
        let set = &self.routes[to as usize].set;
        let aboard = &self.routes[from as usize].aboard;
        let goes = |&at: &usize| self.ground.meets(aboard[at].0, set);
        (0..aboard.len()).filter(goes).max_by_key(|&at| aboard[at].1)
    }

    /// Along the path to `end` everybody moves up by as many as can.
    fn augment(&mut self, group: u32, end: u32) {
        let free = self.routes[end as usize].room - self.routes[end as usize].load;
        self.shift(group, end, free);
    }

    fn shift(&mut self, group: u32, end: u32, most: u32) {
        let mut count = most.min(self.waiting[group as usize]);
        let mut slot = end;
        while self.search.parent[slot as usize] != NONE {
            let parent = self.search.parent[slot as usize];
            // It was found because there is somebody.
            let Some(mover) = self.mover(parent, slot) else { return };
            self.search.mover[slot as usize] = mover as u32;
            count = count.min(self.routes[parent as usize].aboard[mover].1);
            slot = parent;
        }
        slot = end;
        while self.search.parent[slot as usize] != NONE {
            let parent = self.search.parent[slot as usize];
            let mover = self.search.mover[slot as usize] as usize;
            let (moved, _) = self.routes[parent as usize].aboard[mover];
            self.get_off(parent, mover, count);
            self.get_on(slot, moved, count);
            slot = parent;
        }
        self.get_on(slot, group, count);
        self.go(group, count);
    }

    /// After a search in vain: somebody who pays less, on one of the buses found, loses the seat.
    fn displace(&mut self, group: u32) -> bool {
        let worth = |group: u32| self.ground.groups[group as usize].prize.unwrap_or(i64::MAX);
        let mut least: Option<(i64, u32, usize)> = None;
        for &slot in &self.search.found {
            for (at, &(other, _)) in self.routes[slot as usize].aboard.iter().enumerate() {
                let prize = worth(other);
                if prize < worth(group) && least.is_none_or(|least| prize < least.0) {
                    least = Some((prize, slot, at));
                }
            }
        }
        let Some((_, slot, at)) = least else { return false };
        // One at a time: others on the path may be fewer.
        let (other, _) = self.routes[slot as usize].aboard[at];
        self.get_off(slot, at, 1);
        self.wait(other, 1);
        self.shift(group, slot, 1);
        true
    }

    /// After a search in vain: is this route one of those found, full, and of no help to the group?
    #[inline]
    pub(super) fn is_stuck(&self, slot: u32) -> bool {
        // All stops of a route are unseen, or none is.
        let route = &self.routes[slot as usize];
        route.set.iter().zip(&self.search.unseen).all(|(set, unseen)| set & unseen == 0)
    }

    /// Searches a seat for a group, knowing that there is none: the buses found are those from which there is no way.
    pub(super) fn find_stuck(&mut self, group: u32) {
        self.see_all();
        let seat = self.find_seat(group);
        debug_assert!(seat.is_none(), "everybody was seated before");
    }

    /// Would more people on this route find seats: on itself, or by others going elsewhere? For a route that is not stuck.
    pub(super) fn has_way_out(&mut self, slot: u32) -> bool {
        let route = &self.routes[slot as usize];
        if route.load < route.room {
            return true;
        }
        // The stuck ones stay out of sight: there is no way from them.
        let search = &mut self.search;
        search.kept.clone_from(&search.unseen);
        let stuck = search.found.len();
        let seat = self.discover(slot, NONE) || self.go_on(stuck).is_some();
        let search = &mut self.search;
        search.found.truncate(stuck);
        std::mem::swap(&mut search.unseen, &mut search.kept);
        seat
    }
}
