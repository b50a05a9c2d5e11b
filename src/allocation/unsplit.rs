//! From shares to whole claimants: who is hardly split is placed, what is left is relaxed again with what is left for it, until nobody is
//! split (diving, as in Sadykov et al. 2019; the relaxation is [`super::relaxed`]).
//!
//! One relaxation rounded at once leaves those who were split in each other's way; most are not split, so that all but the first are small.

use super::needs::Needs;
use super::relaxed::{self, Aim, Floors, Point};

/// From which share on somebody is placed; and the part of those left who are placed at least, from the largest share, down to a least one.
const SURE: f64 = 0.98;
const BULK: f64 = 0.1;
const LEAST: f64 = 0.05;
/// Who has less of everything together gets nothing, but for the first time: prices are coarse then.
const NOTHING: f64 = 0.01;
/// Most relaxations; the part of the work that each may take, and its steps at least and at most. All together take no more than all of it.
const TURNS: usize = 40;
const EACH: f64 = 0.1;
const STEPS: (usize, usize) = (100, 4000);

/// Places claimants by their shares at `point`; (claimant, option) as counted in the needs, as they were placed. `work`: steps times what a
/// step looks at, of all relaxations together at most; `go_on` is asked now and then, told what a step looks at, and between relaxations,
/// told of the largest step there is.
pub(super) fn unsplit(
    needs: &Needs,
    aim: &Aim<'_>,
    mut point: Point,
    work: usize,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Vec<(usize, usize)> {
    let mut left = needs.capacity.clone();
    let mut order = Vec::new();
    let mut placed = vec![false; needs.len()];
    let mut spent = 0;
    // Those still split; where each of them and of their options stands among all.
    let mut part: Option<Needs> = None;
    let mut who: Vec<usize> = (0..needs.len()).collect();
    let mut options: Vec<u32> = (0..needs.cost.len() as u32).collect();
    for turn in 0..TURNS {
        let now = part.as_ref().unwrap_or(needs);
        let mut likely: Vec<(f64, usize, usize)> = Vec::with_capacity(who.len());
        for (at, &claimant) in who.iter().enumerate() {
            let largest = now.options(at).max_by(|&a, &b| point.share[a].total_cmp(&point.share[b]));
            likely.extend(largest.map(|k| (point.share[k], claimant, options[k] as usize)));
        }
        likely.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let least = likely.get((likely.len() as f64 * BULK) as usize).map_or(LEAST, |at| at.0.max(LEAST));
        let before = order.len();
        for &(_, claimant, option) in likely.iter().take_while(|at| at.0 >= SURE.min(least)) {
            if needs.fits(option, &left) {
                needs.of(option).iter().for_each(|&(resource, units)| left[resource as usize] -= i64::from(units));
                placed[claimant] = true;
                order.push((claimant, option));
            }
        }
        let something = |at: usize| turn == 0 || now.options(at).map(|k| point.share[k]).sum::<f64>() >= NOTHING;
        let next: Vec<usize> =
            (0..who.len()).filter(|&at| !placed[who[at]] && something(at)).map(|at| who[at]).collect();
        if next.is_empty() || order.len() == before {
            break;
        }
        let (rest, kept) = needs.rest(&next, left.clone());
        let steps = (work as f64 * EACH / rest.size().max(1) as f64) as usize;
        let steps = steps.clamp(STEPS.0, STEPS.1);
        spent += steps * rest.size();
        if spent > work || !go_on(usize::MAX) {
            break;
        }
        point = relaxed_again(needs, aim, (&next, &placed), (&rest, &kept), (&options, point), steps, go_on);
        (part, who, options) = (Some(rest), next, kept);
    }
    order
}

/// The relaxation of the rest, from where that of more of them led.
fn relaxed_again(
    needs: &Needs,
    aim: &Aim<'_>,
    (next, placed): (&[usize], &[bool]),
    (rest, kept): (&Needs, &[u32]),
    (options, point): (&[u32], Point),
    steps: usize,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Point {
    let mut was = vec![0.0; needs.cost.len()];
    options.iter().zip(&point.share).for_each(|(&option, &share)| was[option as usize] = share);
    let mut number = vec![u32::MAX; needs.len()];
    next.iter().enumerate().for_each(|(at, &claimant)| number[claimant] = at as u32);
    let of_rest = |(members, floor): &(Vec<u32>, usize)| {
        let has = members.iter().filter(|&&member| placed[member as usize]).count();
        let members = members.iter().map(|&member| number[member as usize]).filter(|&at| at != u32::MAX).collect();
        (members, floor.saturating_sub(has))
    };
    let floors: Vec<(Vec<u32>, usize)> = aim.floors.iter().map(of_rest).collect();
    let cost: Vec<f64> = kept.iter().map(|&option| aim.cost[option as usize]).collect();
    let from = Point { share: kept.iter().map(|&option| was[option as usize]).collect(), ..point };
    let (floors, cost): (&Floors, &[f64]) = (&floors, &cost);
    relaxed::solve(rest, &Aim { cost, floors }, Some(&from), steps, &mut |_| go_on(rest.size())).point
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allocation::ground::Ground;
    use crate::allocation::state::State;
    use crate::allocation::{Choice, Claimant, Effort, Pool, Problem, prove, solve};
    use crate::search::{Random, Run, cases};

    /// Cars for the night, every night, on weekdays or on one or two, at lots within a walk; bays for about two thirds.
    fn nights(random: &mut Random) -> Problem {
        let mut place = || (random.below(1_800) as f64, random.below(1_800) as f64);
        let lots: Vec<(f64, f64)> = (0..20).map(|_| place()).collect();
        let homes: Vec<(f64, f64)> = (0..400).map(|_| place()).collect();
        let claimants = homes.into_iter().enumerate().map(|(rank, home)| {
            let nights: Vec<u32> = match random.below(6) {
                0..3 => (0..7).collect(),
                3..5 => (0..5).collect(),
                _ => {
                    let first = random.below(6) as u32;
                    vec![first, first + 1]
                }
            };
            let (from, to) = (1080 + 15 * random.below(20) as u32, 1800 + 15 * random.below(9) as u32);
            let most = 300.0 + 100.0 * random.below(6) as f64;
            let away = |lot: &(f64, f64)| 1.3 * libm::hypot(lot.0 - home.0, lot.1 - home.1);
            let near = lots.iter().enumerate().filter(|(_, lot)| away(lot) <= most);
            Claimant {
                intervals: nights.into_iter().map(|night| (night * 1440 + from, night * 1440 + to)).collect(),
                standing: 0,
                rank: rank as u32,
                choices: near.map(|(pool, lot)| Choice { pool, cost: away(lot) as u32, draws: Vec::new() }).collect(),
            }
        });
        let claimants = claimants.collect();
        let pools = lots.iter().map(|_| Pool { steps: vec![(0, 14)] }).collect();
        Problem::new(pools, Vec::new(), claimants).unwrap()
    }

    #[test]
    fn whole_claimants_fit_and_nobody_comes_twice() {
        let mut random = Random::new(5);
        for _ in 0..cases(3, 40) {
            let problem = nights(&mut random);
            let ground = Ground::new(&problem);
            let open: Vec<usize> = (0..problem.claimants().len()).filter(|&at| !ground.open[at].is_empty()).collect();
            let needs = Needs::new(&ground, open).unwrap();
            let cost: Vec<f64> = needs.cost.iter().map(|&cost| f64::from(cost) / 8_000.0 - 1.0).collect();
            let aim = Aim { cost: &cost, floors: &[] };
            // Shares of any quality, from none to good ones.
            let point = relaxed::solve(&needs, &aim, None, 1 + random.below(400), &mut |_| true).point;
            let placed = unsplit(&needs, &aim, point, 2_000 * needs.size(), &mut |_| true);
            let mut state = State::new(&ground);
            let placings = placed.iter().map(|&(at, option)| (needs.claimants[at], needs.choice[option] as usize));
            state.add(&placings.collect::<Vec<_>>());
            assert_eq!(state.served(), placed.len());
        }
    }

    #[test]
    fn nearly_the_most_are_served_and_walk_hardly_more_than_they_must() {
        let mut random = Random::new(6);
        let mut longer = Vec::new();
        for _ in 0..cases(3, 40) {
            let problem = nights(&mut random);
            let solved = solve(&problem, &Run::quiet(1), Effort::Usual);
            let served = solved.best.served() as f64;
            let most = solved.bound.unwrap();
            let (_, least) = prove(&problem, &solved.best.choice, Some(most as usize), &Run::quiet(1));
            let walk = solved.best.cost(&problem) as f64;
            println!("served {served} of {most}, walk {walk} of {least}");
            assert!(served >= most - 1.0 && walk >= least as f64);
            assert!(served < problem.claimants().len() as f64 - 20.0, "not all fit, or there is nothing to see");
            longer.push(walk / least as f64 - 1.0);
        }
        let mean = longer.iter().sum::<f64>() / longer.len() as f64;
        assert!(mean < 0.003 && longer.iter().all(|&longer| longer < 0.01), "{longer:?}");
    }
}
