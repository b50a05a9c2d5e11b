//! What does driving cost, straight from the rules? Dijkstra's algorithm over arcs, written apart from the code it judges:
//! it knows the roads as imported ([`Roads`]) and nothing of chains, shortcuts or orders. Forbidden turns over ways are kept
//! by what a bus has begun: each arc comes once for every set of such turns it may be driven with.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use jiebo::domain::site::Kerb;
use jiebo::domain::units::{Metres, Seconds};
use jiebo::network::profile::{Band, TurnCosts};
use jiebo::network::roads::{Roads, TurnBan};
use jiebo::network::{BusStop, Speeds};

/// Milliseconds, then centimetres.
pub(crate) type Cost = (u64, u64);

const NEVER: Cost = (u64::MAX, u64::MAX);
/// At a node where so many roads meet a turn has a price.
const CROSSING: usize = 3;

/// A segment in a direction that buses have, open or closed.
pub(crate) struct Arc {
    pub(crate) way: i64,
    pub(crate) ends: [usize; 2],
    pub(crate) cm: u64,
    ms: [u64; 3],
    /// The other direction of the same segment.
    reverse: Option<usize>,
    pub(crate) closed: bool,
    pub(crate) two_way: bool,
}

/// An arc, and the turns over ways that have begun: (ban, position in its `via`).
type Begun = Vec<(usize, usize)>;

struct State {
    arc: usize,
    /// State and junction, in milliseconds.
    next: Vec<(usize, u64)>,
}

/// The roads with these speeds, made ready.
pub(crate) struct Oracle {
    ids: Vec<i64>,
    pub(crate) arcs: Vec<Arc>,
    states: Vec<State>,
    /// States a bus that leaves a stop on an arc may be in: it may have come any way, so with nothing begun.
    starts: Vec<Vec<usize>>,
    /// All states of an arc.
    of_arc: Vec<Vec<usize>>,
    /// Part of the largest strongly connected part.
    pub(crate) used: Vec<bool>,
    named: BTreeMap<(i64, [i64; 2]), Vec<usize>>,
}

/// Where a bus stands: arc and centimetres from its tail.
type Standing = (usize, u64);

impl Oracle {
    pub(crate) fn new(roads: &Roads, speeds: &Speeds) -> Self {
        let mut arcs = Vec::new();
        for segment in roads.segments() {
            let way = &roads.ways()[segment.way as usize];
            let [a, b] = segment.ends.map(|end| end as usize);
            let cm = u64::from(segment.cm);
            let two_way = way.access.bus == [true; 2];
            for (back, ends) in [[a, b], [b, a]].into_iter().enumerate() {
                if way.access.bus[back] {
                    let ms = speeds.factor.map(|factor| {
                        let per = u64::from(way.access.kmh) * u64::from(factor);
                        (cm * 36_000).div_ceil(per).max(cm.div_ceil(4))
                    });
                    let reverse = two_way.then(|| if back == 0 { arcs.len() + 1 } else { arcs.len() - 1 });
                    arcs.push(Arc { way: way.id, ends, cm, ms, reverse, closed: way.closed, two_way });
                }
            }
        }
        let ids: Vec<i64> = roads.nodes().iter().map(|node| node.id).collect();
        let mut named: BTreeMap<(i64, [i64; 2]), Vec<usize>> = BTreeMap::new();
        for (number, arc) in arcs.iter().enumerate() {
            named.entry((arc.way, arc.ends.map(|end| ids[end]))).or_default().push(number);
        }
        let turns = Turns::new(roads, &arcs, &speeds.turns);
        let next: Vec<Vec<(usize, u64)>> = (0..arcs.len()).map(|arc| turns.after(arc)).collect();
        let (states, plain, of_arc) = expand(roads, &arcs, &next);
        let inside = largest_part(&states, &arcs);
        let mut used = vec![false; arcs.len()];
        let mut within = vec![false; states.len()];
        for state in inside {
            within[state] = true;
            used[states[state].arc] = true;
        }
        let start = |arc: usize| match plain[arc] {
            Some(state) => vec![state],
            None => of_arc[arc].iter().copied().filter(|state| within[*state]).collect(),
        };
        let starts = (0..arcs.len()).map(start).collect();
        Self { ids, arcs, states, starts, of_arc, used, named }
    }

    pub(crate) fn open_arcs(&self) -> usize {
        self.arcs.iter().filter(|arc| !arc.closed).count()
    }

    pub(crate) fn used_arcs(&self) -> usize {
        self.used.iter().filter(|used| **used).count()
    }

    /// Arcs that come with more than one set of turns begun.
    pub(crate) fn doubled(&self) -> usize {
        self.of_arc.iter().filter(|states| states.len() > 1).count()
    }

    /// The name of an arc: way and nodes, as in the source.
    pub(crate) fn name(&self, arc: usize) -> (i64, [i64; 2]) {
        (self.arcs[arc].way, self.arcs[arc].ends.map(|end| self.ids[end]))
    }

    fn standings(&self, stop: &BusStop) -> Vec<Standing> {
        let Some(arcs) = self.named.get(&(stop.way, stop.between)) else { return Vec::new() };
        let Some(arc) = arcs.iter().copied().find(|arc| self.used[*arc]) else { return Vec::new() };
        let cm = (stop.offset_m * 100.0).round() as u64;
        let mut all = vec![(arc, cm)];
        if stop.side == Kerb::Either
            && let Some(reverse) = self.arcs[arc].reverse
            && self.used[reverse]
        {
            all.push((reverse, self.arcs[arc].cm - cm));
        }
        all
    }

    /// May a bus stop there at all?
    pub(crate) fn stands(&self, stop: &BusStop) -> bool {
        !self.standings(stop).is_empty()
    }

    /// From one stop to all: seconds and metres, as a matrix has them.
    pub(crate) fn row(&self, from: &BusStop, to: &[BusStop], band: Band) -> Vec<Option<(Seconds, Metres)>> {
        let part = |(arc, cm): Standing| -> Cost {
            let arc = &self.arcs[arc];
            ((arc.ms[band.index()] * cm).checked_div(arc.cm).unwrap_or(0), cm)
        };
        let whole = |arc: usize| -> Cost { (self.arcs[arc].ms[band.index()], self.arcs[arc].cm) };
        let starts = self.standings(from);
        // Costs at the tail of each state's arc.
        let mut label = vec![NEVER; self.states.len()];
        let mut queue = BinaryHeap::new();
        for start in &starts {
            let (done, all) = (part(*start), whole(start.0));
            let after = self.starts[start.0].iter().flat_map(|state| &self.states[*state].next);
            for (next, junction) in after {
                let cost = (all.0 - done.0 + junction, all.1 - done.1);
                if cost < label[*next] {
                    label[*next] = cost;
                    queue.push(Reverse((cost, *next)));
                }
            }
        }
        while let Some(Reverse((cost, at))) = queue.pop() {
            if cost > label[at] {
                continue;
            }
            let all = whole(self.states[at].arc);
            for (next, junction) in &self.states[at].next {
                let cost = (cost.0 + all.0 + junction, cost.1 + all.1);
                if cost < label[*next] {
                    label[*next] = cost;
                    queue.push(Reverse((cost, *next)));
                }
            }
        }
        let to_one = |to: &BusStop| {
            let mut best = NEVER;
            for end in self.standings(to) {
                let there = part(end);
                for start in starts.iter().filter(|start| start.0 == end.0 && start.1 <= end.1) {
                    let here = part(*start);
                    best = best.min((there.0 - here.0, there.1 - here.1));
                }
                for state in &self.of_arc[end.0] {
                    if label[*state] != NEVER {
                        best = best.min((label[*state].0 + there.0, label[*state].1 + there.1));
                    }
                }
            }
            (best != NEVER).then(|| {
                let [seconds, metres] = [best.0.div_ceil(1000), (best.1 + 50) / 100].map(|x| u32::try_from(x).unwrap());
                (Seconds(seconds), Metres(metres))
            })
        };
        let at_home = |to: &BusStop| (to == from && !starts.is_empty()).then_some((Seconds(0), Metres(0)));
        to.iter().map(|to| at_home(to).or_else(|| to_one(to))).collect()
    }
}

/// What may follow what at a node, and its price.
struct Turns<'a> {
    roads: &'a Roads,
    arcs: &'a [Arc],
    costs: &'a TurnCosts,
    leaving: Vec<Vec<usize>>,
    bans: BTreeMap<(i64, usize), Vec<&'a TurnBan>>,
    /// Other ends of roads for buses at a node, each once.
    roads_at: Vec<usize>,
}

impl<'a> Turns<'a> {
    fn new(roads: &'a Roads, arcs: &'a [Arc], costs: &'a TurnCosts) -> Self {
        let mut leaving = vec![Vec::new(); roads.nodes().len()];
        let mut others = vec![Vec::new(); roads.nodes().len()];
        for (number, arc) in arcs.iter().enumerate() {
            let [a, b] = arc.ends;
            leaving[a].push(number);
            others[a].push(b);
            others[b].push(a);
        }
        let mut bans: BTreeMap<(i64, usize), Vec<&TurnBan>> = BTreeMap::new();
        for ban in roads.bans() {
            if let Ok(node) = roads.nodes().binary_search_by_key(&ban.via, |node| node.id) {
                bans.entry((ban.from, node)).or_default().push(ban);
            }
        }
        let count = |mut others: Vec<usize>| {
            others.sort_unstable();
            others.dedup();
            others.len()
        };
        let roads_at = others.into_iter().map(count).collect();
        Self { roads, arcs, costs, leaving, bans, roads_at }
    }

    /// All that may follow an arc, closed ones left out, and what the junction costs.
    fn after(&self, arc: usize) -> Vec<(usize, u64)> {
        let a = &self.arcs[arc];
        let [tail, head] = a.ends;
        let node = u32::try_from(head).unwrap();
        let bans = self.bans.get(&(a.way, head)).map_or(&[][..], Vec::as_slice);
        // The one turn allowed binds buses only where they can take it.
        let leads = |ban: &&&TurnBan| self.leaving[head].iter().any(|next| self.arcs[*next].way == ban.to);
        let onlys: Vec<i64> = bans.iter().filter(|ban| ban.only).filter(leads).map(|ban| ban.to).collect();
        let (back, on): (Vec<usize>, Vec<usize>) =
            self.leaving[head].iter().partition(|next| self.arcs[**next].ends[1] == tail);
        let allowed = |next: &usize, round: bool| {
            let way = self.arcs[*next].way;
            // From a way to itself: only turning round is meant.
            let banned = |ban: &&TurnBan| !ban.only && ban.to == way && (round || ban.to != ban.from);
            !bans.iter().any(banned) && (onlys.is_empty() || onlys.contains(&way))
        };
        let on: Vec<usize> = if self.roads.shut(node) {
            Vec::new()
        } else {
            on.into_iter().filter(|next| allowed(next, false)).collect()
        };
        let round = if on.is_empty() {
            back
        } else if self.roads.may_turn_round(node) {
            back.into_iter().filter(|next| allowed(next, true)).collect()
        } else {
            Vec::new()
        };
        let light = if self.roads.is_signal(node) { self.costs.signal_s } else { 0 };
        let on = on.into_iter().map(|next| (next, self.turn_s(a, &self.arcs[next])));
        let round = round.into_iter().map(|next| (next, self.costs.u_turn_s));
        on.chain(round)
            .filter(|(next, _)| !self.arcs[*next].closed)
            .map(|(next, seconds)| (next, u64::from(light + seconds) * 1000))
            .collect()
    }

    /// Seconds for a bend of more than 45 degrees at a crossing.
    fn turn_s(&self, a: &Arc, b: &Arc) -> u32 {
        if self.roads_at[a.ends[1]] < CROSSING {
            return 0;
        }
        let [from, at, to] = [a.ends[0], a.ends[1], b.ends[1]].map(|node| self.roads.nodes()[node].point);
        let narrow = at.lat.to_radians().cos();
        let ahead = [(at.lon - from.lon) * narrow, at.lat - from.lat];
        let then = [(to.lon - at.lon) * narrow, to.lat - at.lat];
        let left = ahead[0] * then[1] - ahead[1] * then[0];
        let straight = ahead[0] * then[0] + ahead[1] * then[1];
        match left {
            _ if left.abs() <= straight => 0,
            _ if left > 0.0 => self.costs.left_s,
            _ => self.costs.right_s,
        }
    }
}

/// Arcs with the turns over ways that have begun on them.
fn expand(
    roads: &Roads,
    arcs: &[Arc],
    next: &[Vec<(usize, u64)>],
) -> (Vec<State>, Vec<Option<usize>>, Vec<Vec<usize>>) {
    let bans = roads.way_bans();
    let mut by_from: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (number, ban) in bans.iter().enumerate().filter(|(_, ban)| !ban.via.is_empty()) {
        by_from.entry(ban.from).or_default().push(number);
    }
    let mut known: BTreeMap<(usize, Begun), usize> = BTreeMap::new();
    let mut list: Vec<(usize, Begun)> = Vec::new();
    let mut plain = vec![None; arcs.len()];
    for arc in (0..arcs.len()).filter(|arc| !arcs[*arc].closed) {
        plain[arc] = Some(list.len());
        known.insert((arc, Vec::new()), list.len());
        list.push((arc, Vec::new()));
    }
    let mut leaving = vec![Vec::new(); roads.nodes().len()];
    for (number, arc) in arcs.iter().enumerate() {
        leaving[arc.ends[0]].push(number);
    }
    let mut states = Vec::new();
    while states.len() < list.len() {
        let (arc, begun) = list[states.len()].clone();
        let own = arcs[arc].way;
        // On the last way before the end of the turn, at a node where the way it is about begins.
        let head = arcs[arc].ends[1];
        let meets = |way: i64| leaving[head].iter().any(|next| arcs[*next].way == way);
        let last = || {
            let at_end = begun.iter().filter(|(ban, at)| at + 1 == bans[*ban].via.len());
            at_end.map(|(ban, _)| &bans[*ban]).filter(|ban| meets(ban.to))
        };
        let onlys: Vec<i64> = last().filter(|ban| ban.only).map(|ban| ban.to).collect();
        let mut follow = Vec::new();
        for (to, junction) in &next[arc] {
            let way = arcs[*to].way;
            if last().any(|ban| !ban.only && ban.to == way) || !(onlys.is_empty() || onlys.contains(&way)) {
                continue;
            }
            // Who turns round begins anew.
            let round = arcs[*to].ends == [head, arcs[arc].ends[0]];
            let mut then: Begun = Vec::new();
            for (ban, at) in begun.iter().filter(|_| !round) {
                let via = &bans[*ban].via;
                if via[*at] == way {
                    then.push((*ban, *at));
                }
                if via.get(at + 1) == Some(&way) {
                    then.push((*ban, at + 1));
                }
            }
            for ban in by_from.get(&own).into_iter().flatten() {
                if bans[*ban].via[0] == way {
                    then.push((*ban, 0));
                }
            }
            then.sort_unstable();
            then.dedup();
            let number = *known.entry((*to, then.clone())).or_insert_with(|| {
                list.push((*to, then));
                list.len() - 1
            });
            follow.push((number, *junction));
        }
        states.push(State { arc, next: follow });
    }
    let mut of_arc = vec![Vec::new(); arcs.len()];
    for (number, state) in states.iter().enumerate() {
        of_arc[state.arc].push(number);
    }
    (states, plain, of_arc)
}

/// The strongly connected part with the most arcs (Kosaraju 1978: forwards for the order, then backwards).
fn largest_part(states: &[State], arcs: &[Arc]) -> Vec<usize> {
    let mut into = vec![Vec::new(); states.len()];
    for (number, state) in states.iter().enumerate() {
        for (next, _) in &state.next {
            into[*next].push(number);
        }
    }
    let mut seen = vec![false; states.len()];
    let mut left = Vec::new();
    for root in 0..states.len() {
        if seen[root] {
            continue;
        }
        seen[root] = true;
        let mut stack = vec![(root, 0)];
        while let Some((at, tried)) = stack.pop() {
            match states[at].next.get(tried) {
                None => left.push(at),
                Some((next, _)) => {
                    stack.push((at, tried + 1));
                    if !seen[*next] {
                        seen[*next] = true;
                        stack.push((*next, 0));
                    }
                }
            }
        }
    }
    let mut best = (0, Vec::new());
    let mut counted = vec![usize::MAX; arcs.len()];
    for root in left.into_iter().rev() {
        if !seen[root] {
            continue;
        }
        // From here on `seen` means "of no part yet".
        seen[root] = false;
        let (mut part, mut done, mut count) = (vec![root], 0, 0);
        while let Some(at) = part.get(done).copied() {
            done += 1;
            let arc = states[at].arc;
            if counted[arc] != root {
                counted[arc] = root;
                count += 1;
            }
            for from in &into[at] {
                if seen[*from] {
                    seen[*from] = false;
                    part.push(*from);
                }
            }
        }
        if count > best.0 {
            best = (count, part);
        }
    }
    best.1
}
