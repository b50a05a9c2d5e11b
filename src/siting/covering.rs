//! Where should places be, so that most demand is within reach? Maximal covering (Church & ReVelle 1974).
//!
//! Greedy, then exchanges of one open place for a closed one while they gain (Teitz & Bart 1968). Bound: the Lagrangian of "a demand counts only where
//! an open place covers it", in whole numbers, so that it is true whatever the steps. What that leaves open is searched whole
//! (`siting::exact`) where it is small. O(places x cover) a pass; memory: the covers.

use super::ground::{Ground, units_up};
use super::locate::locate_within;
use super::{MOST_SITES, ProblemError, Way};
use crate::search::{Ended, Progress, Run, Solved};

/// Most entries of all covers together.
pub const MOST_COVERS: usize = 20_000_000;
const STEPS: usize = 400;
/// Most entries looked at in exchanges, and in steps of the bound.
const WORK: usize = 2_000_000_000;
/// From so many entries on the watcher is asked.
const LARGE: usize = 10_000;
/// Up to so many entries of all covers what is left open is searched whole.
const SMALL: usize = 200_000;
/// Entries looked at in that search: less than a second.
const FINISH_WORK: u64 = 100_000_000;
/// Multipliers are whole numbers of 1/1024.
const ONE: i64 = 1024;

/// Demands, sites that cover some of them, and how many may be opened. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    weights: Vec<u32>,
    covers: Vec<Vec<usize>>,
    places: usize,
}

impl Problem {
    /// `weights` of the demands, for each site the demands it covers (any order, doubles count once), places to open.
    ///
    /// # Errors
    /// An unknown demand, or too large.
    pub fn new(weights: Vec<u32>, mut covers: Vec<Vec<usize>>, places: usize) -> Result<Self, ProblemError> {
        if covers.len() > MOST_SITES || covers.iter().map(Vec::len).sum::<usize>() > MOST_COVERS {
            return Err(ProblemError::TooLarge);
        }
        for (site, cover) in covers.iter_mut().enumerate() {
            cover.sort_unstable();
            cover.dedup();
            if let Some(&demand) = cover.last().filter(|&&demand| demand >= weights.len()) {
                return Err(ProblemError::NoSuchDemand { site, demand, demands: weights.len() });
            }
        }
        let places = places.min(covers.len());
        Ok(Self { weights, covers, places })
    }

    /// By demand.
    #[must_use]
    pub fn weights(&self) -> &[u32] {
        &self.weights
    }

    /// Demands that a site covers, ascending, by site.
    #[must_use]
    pub fn covers(&self) -> &[Vec<usize>] {
        &self.covers
    }

    /// Most sites to open.
    #[must_use]
    pub fn places(&self) -> usize {
        self.places
    }
}

/// The sites to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Positions of the sites, ascending; fewer than asked where more would add nothing.
    pub sites: Vec<usize>,
    /// Weight covered.
    pub covered: u64,
}

/// Weight covered by these sites, from the problem alone.
#[must_use]
pub fn covered(problem: &Problem, sites: &[usize]) -> u64 {
    let mut reached = vec![false; problem.weights.len()];
    for &demand in sites.iter().filter_map(|&site| problem.covers.get(site)).flatten() {
        reached[demand] = true;
    }
    problem.weights.iter().zip(reached).filter(|(_, reached)| *reached).map(|(&weight, _)| u64::from(weight)).sum()
}

/// Is this answer allowed and its figure right?
#[must_use]
pub fn check(problem: &Problem, chosen: &Chosen) -> bool {
    chosen.sites.len() <= problem.places
        && chosen.sites.windows(2).all(|pair| pair[0] < pair[1])
        && chosen.sites.last().is_none_or(|&site| site < problem.covers.len())
        && chosen.covered == covered(problem, &chosen.sites)
}

/// The sites that cover most. `bound`: no choice covers more.
#[must_use]
pub fn solve(problem: &Problem, run: &Run<'_>) -> Solved<Chosen> {
    let mut cover = Cover::new(problem);
    while cover.open.len() < problem.places {
        match cover.best_gain() {
            Some((site, gain)) if gain > 0 => cover.open(site),
            _ => break,
        }
    }
    let mut passes = 0;
    let mut ended = Ended::Complete;
    let entries = problem.covers.iter().map(Vec::len).sum::<usize>().max(1);
    let stop = || {
        let progress = Progress { stage: "stage-allocation", iteration: 0, objective: None, bound: None };
        entries > LARGE && (run.watch)(&progress).stop
    };
    let most = (WORK / entries / problem.places.max(1)).max(1) as u64;
    while cover.exchange(&stop) {
        passes += 1;
        if stop() {
            ended = Ended::Stopped;
            break;
        }
        if passes >= most {
            ended = Ended::Budget;
            break;
        }
        if run.iterations.is_some_and(|most| passes >= most) {
            ended = Ended::Budget;
            break;
        }
    }
    let mut sites = cover.open.clone();
    sites.sort_unstable();
    let found = covered(problem, &sites);
    let mut bound = bound(problem, found, WORK / entries, &stop);
    let mut covered = found;
    if found < bound && entries <= SMALL && ended == Ended::Complete && !stop() {
        let (more, limit) = finish(problem, run);
        bound = bound.min(limit);
        let reached = self::covered(problem, &more);
        if reached > covered {
            (sites, covered) = (more, reached);
        }
    }
    Solved { best: Chosen { sites, covered }, bound: Some(bound as f64), ended, iterations: passes }
}

/// Searches whole what bounds leave open, as far as that is soon done: the sites, and a number no choice covers more than.
fn finish(problem: &Problem, run: &Run<'_>) -> (Vec<usize>, u64) {
    let mut near: Vec<Vec<Way>> = vec![Vec::new(); problem.weights.len()];
    for (site, cover) in problem.covers.iter().enumerate() {
        #[expect(clippy::cast_possible_truncation, reason = "at most MOST_SITES")]
        let way = Way { site: site as u32, distance: 0 };
        cover.iter().for_each(|&demand| near[demand].push(way));
    }
    // Reaching costs nothing, staying outside the weight: what is lost is least where most is covered.
    let losses: Vec<i64> = problem.weights.iter().map(|&weight| i64::from(weight)).collect();
    let ground = Ground::new(&problem.weights, &losses, &near, &vec![0; problem.covers.len()], problem.places);
    let unit = ground.unit;
    // Its own figures are weights that are lost: nobody else's business.
    let watch = |progress: &Progress| (run.watch)(&Progress { objective: None, bound: None, ..progress.clone() });
    let located = locate_within(ground, &Run { iterations: None, watch: &watch, ..*run }, FINISH_WORK);
    let lost = units_up(located.bound, unit).max(0);
    let most = (losses.iter().sum::<i64>() - lost).max(0);
    (located.open, most.unsigned_abs())
}

/// The site that would add most to these, and how much.
#[must_use]
pub fn one_more(problem: &Problem, sites: &[usize]) -> Option<(usize, u64)> {
    let mut cover = Cover::new(problem);
    sites.iter().filter(|&&site| site < problem.covers.len()).for_each(|&site| cover.open(site));
    cover.best_gain()
}

/// Open sites, and by how many of them each demand is covered.
struct Cover<'a> {
    problem: &'a Problem,
    open: Vec<usize>,
    times: Vec<u32>,
}

impl<'a> Cover<'a> {
    fn new(problem: &'a Problem) -> Self {
        Self { problem, open: Vec::new(), times: vec![0; problem.weights.len()] }
    }
    fn open(&mut self, site: usize) {
        self.problem.covers[site].iter().for_each(|&demand| self.times[demand] += 1);
        self.open.push(site);
    }
    fn close(&mut self, position: usize) -> usize {
        let site = self.open.swap_remove(position);
        self.problem.covers[site].iter().for_each(|&demand| self.times[demand] -= 1);
        site
    }
    fn gain(&self, site: usize) -> u64 {
        let new = self.problem.covers[site].iter().filter(|&&demand| self.times[demand] == 0);
        new.map(|&demand| u64::from(self.problem.weights[demand])).sum()
    }
    /// The largest gain; the first site where equal.
    fn best_gain(&self) -> Option<(usize, u64)> {
        (0..self.problem.covers.len())
            .filter(|site| !self.open.contains(site))
            .map(|site| (site, self.gain(site)))
            .max_by_key(|&(site, gain)| (gain, std::cmp::Reverse(site)))
    }
    /// The best exchange of one open site, if any gains.
    fn exchange(&mut self, stop: &dyn Fn() -> bool) -> bool {
        let mut best: Option<(u64, usize, usize)> = None;
        for position in 0..self.open.len() {
            if stop() {
                break;
            }
            let mut others = Cover { problem: self.problem, open: self.open.clone(), times: self.times.clone() };
            let site = others.close(position);
            let loss = others.gain(site);
            if let Some((other, gain)) = others.best_gain()
                && gain > loss
                && best.is_none_or(|(most, ..)| gain - loss > most)
            {
                best = Some((gain - loss, position, other));
            }
        }
        let Some((_, position, other)) = best else { return false };
        self.close(position);
        self.open(other);
        true
    }
}

/// max over x of sum min(w, ...) <= sum max(0, w - l) + the `places` largest sums of l over a site's cover, for any l >= 0.
fn bound(problem: &Problem, known: u64, steps: usize, stop: &dyn Fn() -> bool) -> u64 {
    let coverable: Vec<usize> = {
        let mut reached = vec![false; problem.weights.len()];
        problem.covers.iter().flatten().for_each(|&demand| reached[demand] = true);
        (0..reached.len()).filter(|&demand| reached[demand]).collect()
    };
    let mut best: u64 = coverable.iter().map(|&demand| u64::from(problem.weights[demand])).sum();
    // Each demand at first at its full worth: the sum of the largest sites.
    let mut prices: Vec<i64> = problem.weights.iter().map(|&weight| i64::from(weight) * ONE).collect();
    let mut theta = 1.0;
    let (mut lowest, mut stale) = (i128::MAX, 0);
    for _ in 0..STEPS.min(steps) {
        if best <= known || stop() {
            break;
        }
        let mut worth: Vec<(i128, usize)> = problem
            .covers
            .iter()
            .enumerate()
            .map(|(site, cover)| (cover.iter().map(|&demand| i128::from(prices[demand])).sum(), site))
            .collect();
        worth.sort_by_key(|&(worth, site)| (std::cmp::Reverse(worth), site));
        worth.truncate(problem.places);
        let mut slack = vec![0_i64; prices.len()];
        let mut total: i128 = worth.iter().map(|&(worth, _)| worth).sum();
        for &(_, site) in &worth {
            problem.covers[site].iter().for_each(|&demand| slack[demand] += 1);
        }
        for &demand in &coverable {
            let rest = i64::from(problem.weights[demand]) * ONE - prices[demand];
            if rest > 0 {
                total += i128::from(rest);
                slack[demand] -= 1;
            }
        }
        best = best.min(u64::try_from(total.div_euclid(i128::from(ONE))).unwrap_or(u64::MAX)).max(known);
        if total < lowest {
            (lowest, stale) = (total, 0);
        } else {
            stale += 1;
            if stale >= 10 {
                (theta, stale) = (theta * 0.6, 0);
            }
        }
        let norm: i64 = slack.iter().map(|slack| slack * slack).sum();
        if norm == 0 || theta < 1e-4 {
            break;
        }
        let step = theta * (total as f64 - known as f64 * ONE as f64).max(ONE as f64 / 4.0) / norm as f64;
        for &demand in &coverable {
            let price = prices[demand] as f64 - step * slack[demand] as f64;
            // Above its worth a demand only costs.
            let most = f64::from(problem.weights[demand]) * ONE as f64;
            #[expect(clippy::cast_possible_truncation, reason = "clamped to 2^42")]
            let whole = (price.clamp(0.0, most) + 0.5).floor() as i64;
            prices[demand] = whole;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Random;

    #[test]
    fn greed_alone_would_miss_it() {
        // Greedy takes site 0 (6), then 5 is left to either other; sites 1 and 2 together cover all 10.
        let problem = Problem::new(vec![3, 2, 3, 2], vec![vec![0, 2], vec![0, 1], vec![2, 3]], 2).unwrap();
        let answer = solve(&problem, &Run::quiet(1));
        assert_eq!(answer.best, Chosen { sites: vec![1, 2], covered: 10 });
        assert_eq!(answer.bound, Some(10.0));
    }

    #[test]
    fn near_enumeration_and_never_above_the_bound() {
        let mut random = Random::new(4);
        let (mut found, mut possible, mut proven) = (0, 0, 0);
        for _ in 0..200 {
            let weights: Vec<u32> = (0..14).map(|_| random.below(9) as u32).collect();
            let covers: Vec<Vec<usize>> = (0..9).map(|_| (0..14).filter(|_| random.below(4) == 0).collect()).collect();
            let problem = Problem::new(weights, covers, 3).unwrap();
            let mut best = 0;
            for a in 0..9 {
                for b in a..9 {
                    for c in b..9 {
                        best = best.max(covered(&problem, &[a, b, c]));
                    }
                }
            }
            let answer = solve(&problem, &Run::quiet(1));
            assert!(check(&problem, &answer.best));
            assert!(answer.best.covered <= best && answer.bound.unwrap() >= best as f64);
            found += answer.best.covered;
            possible += best;
            proven += u32::from(answer.bound == Some(best as f64));
        }
        assert!(found == possible, "{found} of {possible}");
        assert!(proven == 200, "{proven} of 200 proven");
    }

    #[test]
    fn nothing_to_cover_and_nothing_to_open() {
        let problem = Problem::new(vec![], vec![vec![], vec![]], 5).unwrap();
        assert_eq!(solve(&problem, &Run::quiet(1)).best, Chosen::default());
        let problem = Problem::new(vec![1], vec![], 5).unwrap();
        assert_eq!(solve(&problem, &Run::quiet(1)).best, Chosen::default());
        let wrong = Problem::new(vec![1], vec![vec![1]], 1).unwrap_err();
        assert_eq!(wrong, ProblemError::NoSuchDemand { site: 0, demand: 1, demands: 1 });
    }

    #[test]
    fn a_stop_leaves_the_greedy_choice() {
        use crate::search::Answer;
        let mut random = Random::new(9);
        let covers: Vec<Vec<usize>> = (0..1000).map(|_| (0..400).map(|_| random.below(20_000)).collect()).collect();
        let problem = Problem::new(vec![1; 20_000], covers, 5).unwrap();
        let asked = std::sync::atomic::AtomicU32::new(0);
        let watch = |_: &Progress| {
            asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Answer { stop: true, ..Answer::GO }
        };
        let answer = solve(&problem, &Run { watch: &watch, ..Run::quiet(1) });
        assert!(check(&problem, &answer.best) && answer.best.sites.len() == 5);
        assert!(answer.bound.unwrap() >= answer.best.covered as f64);
        assert!((1..4).contains(&asked.into_inner()));
    }

    #[test]
    fn what_one_more_would_add() {
        let problem = Problem::new(vec![5, 4, 3], vec![vec![0], vec![1], vec![1, 2]], 1).unwrap();
        assert_eq!(one_more(&problem, &[2]), Some((0, 5)));
        assert_eq!(one_more(&problem, &[0, 2]), Some((1, 0)));
    }
}
