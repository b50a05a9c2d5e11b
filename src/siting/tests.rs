use super::*;
use crate::search::{Answer, Ended, Progress, Random, Run, cases};

fn way(site: u32, distance: u32) -> Way {
    Way { site, distance }
}

/// Points on a line, everybody reaches every point.
fn line(points: &[i32]) -> Vec<Vec<Way>> {
    let ways = |&from: &i32| points.iter().zip(0..).map(|(&to, site)| way(site, from.abs_diff(to))).collect();
    points.iter().map(ways).collect()
}

/// Points in a square of 1000, as a list of all pairs.
fn square(many: usize, random: &mut Random) -> Vec<Vec<Way>> {
    let points: Vec<[f64; 2]> = (0..many).map(|_| [random.unit() * 1000.0, random.unit() * 1000.0]).collect();
    let to = |a: &[f64; 2], (b, site): (&[f64; 2], u32)| way(site, (a[0] - b[0]).hypot(a[1] - b[1]) as u32);
    points.iter().map(|a| points.iter().zip(0..).map(|b| to(a, b)).collect()).collect()
}

/// Random lists: each pair with this probability in 8.
fn lists(customers: usize, sites: u32, of_8: usize, random: &mut Random) -> Vec<Vec<Way>> {
    let one = |random: &mut Random| {
        let mut ways = Vec::new();
        for site in 0..sites {
            if random.below(8) < of_8 {
                ways.push(way(site, random.below(40) as u32));
            }
        }
        ways
    };
    (0..customers).map(|_| one(random)).collect()
}

/// All sets of at most so many of these.
fn subsets(sites: usize, most: usize) -> impl Iterator<Item = Vec<usize>> {
    (0_u32..1 << sites)
        .filter(move |set| set.count_ones() as usize <= most)
        .map(move |set| (0..sites).filter(|site| set >> site & 1 == 1).collect())
}

fn shortest(ways: &[Way], open: &[usize]) -> Option<u64> {
    ways.iter().filter(|way| open.contains(&(way.site as usize))).map(|way| u64::from(way.distance)).min()
}

#[test]
fn two_places_on_a_line() {
    // 0, 1, 2 and 10, 11: the middles cost 1 + 0 + 1 and 0 + 1 = 3; the last weighs 5, so 11 is the better of the two: 1 + 1 + 1.
    let problem = p_median::Problem::new(vec![1, 1, 1, 1, 5], line(&[0, 1, 2, 10, 11]), 5, 2).unwrap();
    let solved = p_median::solve(&problem, &Run::quiet(1));
    let best = Placed { open: vec![1, 4], assigned: vec![Some(1), Some(1), Some(1), Some(4), Some(4)], cost: 3 };
    assert_eq!((solved.best, solved.bound, solved.ended), (best, Some(3.0), Ended::Complete));
}

#[test]
fn a_full_place_sends_the_next_one_far() {
    // Demands of 2, room for 4: one of the three on the left goes to 100 (98 away); centres 0 or 1 and 100 with the other: 1 + 98 = 99
    // from 0 and 1 at 0; better: 0 alone with 1, 2 with 100 at centre 100.
    let problem = capacitated::Problem::new(vec![1; 4], line(&[0, 1, 2, 100]), vec![2; 4], vec![4; 4], 2).unwrap();
    let solved = capacitated::solve(&problem, &Run { iterations: Some(3), ..Run::quiet(1) });
    assert_eq!(check::capacitated(&problem, &solved.best), vec![]);
    assert_eq!(solved.best.cost, 99);
    assert!(solved.bound.unwrap() <= 99.0);
}

#[test]
fn a_stop_is_opened_when_it_is_worth_its_price() {
    // Three people 1 from stop 0 and lost at 10 each: 3 + price beats 30 while the price is below 27.
    let ask = |price| {
        let near = vec![vec![way(0, 1)]; 3];
        let problem = stop_choice::Problem::new(vec![1; 3], near, vec![10; 3], vec![price], usize::MAX).unwrap();
        let solved = stop_choice::solve(&problem, &Run::quiet(1));
        assert_eq!(check::stop_choice(&problem, &solved.best), vec![]);
        assert_eq!(solved.bound, Some(solved.best.cost as f64));
        (solved.best.open.len(), solved.best.cost)
    };
    assert_eq!((ask(26), ask(28)), ((1, 29), (0, 30)));
}

#[test]
fn out_of_reach_is_left_out_rather_than_served_dearly() {
    // One place: site 0 serves two at 50 each, site 1 one at 1.
    let near = vec![vec![way(0, 50)], vec![way(0, 50)], vec![way(1, 1)]];
    let problem = p_median::Problem::new(vec![1; 3], near, 2, 1).unwrap();
    let solved = p_median::solve(&problem, &Run::quiet(1));
    assert_eq!(solved.best, Placed { open: vec![0], assigned: vec![Some(0), Some(0), None], cost: 100 });
    assert_eq!(solved.bound, Some(100.0));
}

#[test]
fn p_medians_are_those_of_enumeration() {
    let mut random = Random::new(7);
    for case in 0..cases(60, 600) {
        let customers = 1 + random.below(9);
        let sites = 1 + random.below(8);
        let near = lists(customers, sites as u32, if case % 2 == 0 { 8 } else { 4 }, &mut random);
        let weights: Vec<u32> = (0..customers).map(|_| random.below(6) as u32).collect();
        let places = 1 + random.below(4);
        let problem = p_median::Problem::new(weights.clone(), near.clone(), sites, places).unwrap();
        let solved = p_median::solve(&problem, &Run::quiet(case));
        assert_eq!(check::p_median(&problem, &solved.best), vec![]);
        let best = subsets(sites, places).map(|open| {
            let ways = near.iter().zip(&weights).map(|(ways, &weight)| (shortest(ways, &open), u64::from(weight)));
            let cost: u64 = ways.clone().filter_map(|(way, weight)| Some(way? * weight)).sum();
            (ways.filter(|(way, _)| way.is_none()).count(), cost)
        });
        assert_eq!(Some((solved.best.left_out(), solved.best.cost)), best.min(), "case {case}");
        assert_eq!(solved.bound, Some(solved.best.cost as f64), "case {case}");
    }
}

#[test]
fn stops_are_those_of_enumeration() {
    let mut random = Random::new(8);
    for case in 0..cases(60, 600) {
        let (customers, sites) = (1 + random.below(10), 1 + random.below(8));
        let near = lists(customers, sites as u32, 4, &mut random);
        let weights: Vec<u32> = (0..customers).map(|_| random.below(6) as u32).collect();
        let losses: Vec<u64> = (0..customers).map(|_| random.below(150) as u64).collect();
        let prices: Vec<u64> = (0..sites).map(|_| random.below(120) as u64).collect();
        let most = if case % 2 == 0 { usize::MAX } else { random.below(4) };
        let problem =
            stop_choice::Problem::new(weights.clone(), near.clone(), losses.clone(), prices.clone(), most).unwrap();
        let solved = stop_choice::solve(&problem, &Run::quiet(case));
        assert_eq!(check::stop_choice(&problem, &solved.best), vec![]);
        let cost = |open: Vec<usize>| {
            let customers = near.iter().zip(&weights).zip(&losses);
            let served: u64 = customers
                .map(|((ways, &weight), &loss)| {
                    shortest(ways, &open).map_or(loss, |way| loss.min(way * u64::from(weight)))
                })
                .sum();
            served + open.iter().map(|&site| prices[site]).sum::<u64>()
        };
        assert_eq!(Some(solved.best.cost), subsets(sites, most).map(cost).min(), "case {case}");
        assert_eq!(solved.bound, Some(solved.best.cost as f64), "case {case}");
    }
}

/// The least cost of assigning the rest within what is left, by trying all.
fn assign(problem: &capacitated::Problem, open: &[usize], customer: usize, left: &mut Vec<u32>) -> Option<u64> {
    let Some(ways) = problem.near().get(customer) else { return Some(0) };
    let demand = problem.demands()[customer];
    let mut best: Option<u64> = None;
    for way in ways {
        let Some(at) = open.iter().position(|&site| site == way.site as usize) else { continue };
        if left[at] < demand {
            continue;
        }
        left[at] -= demand;
        let cost = u64::from(problem.weights()[customer]) * u64::from(way.distance);
        let rest = assign(problem, open, customer + 1, left).map(|rest| rest + cost);
        left[at] += demand;
        best = [best, rest].into_iter().flatten().min();
    }
    best
}

#[test]
fn capacitated_medians_are_those_of_enumeration() {
    let mut random = Random::new(9);
    let (mut feasible, mut found) = (0, 0);
    for case in 0..cases(8, 60) {
        let customers = 2 + random.below(5);
        let sites = 2 + random.below(4);
        let near = lists(customers, sites as u32, 7, &mut random);
        let weights: Vec<u32> = (0..customers).map(|_| 1 + random.below(5) as u32).collect();
        let demands: Vec<u32> = (0..customers).map(|_| 1 + random.below(6) as u32).collect();
        let capacities: Vec<u32> = (0..sites).map(|_| 6 + random.below(9) as u32).collect();
        let places = 1 + random.below(3);
        let Ok(problem) = capacitated::Problem::new(weights, near, demands, capacities, places) else { continue };
        let solved = capacitated::solve(&problem, &Run { iterations: Some(cases(1, 6)), ..Run::quiet(case) });
        assert_eq!(check::capacitated(&problem, &solved.best), vec![]);
        let best = subsets(sites, places)
            .filter_map(|open| {
                let mut left: Vec<u32> = open.iter().map(|&site| problem.capacities()[site]).collect();
                assign(&problem, &open, 0, &mut left)
            })
            .min();
        if let Some(best) = best {
            feasible += 1;
            assert!(solved.bound.unwrap() <= best as f64, "case {case}: {:?} above {best}", solved.bound);
            found += u32::from(solved.best.left_out() == 0 && solved.best.cost == best);
        } else {
            assert!(solved.best.left_out() > 0, "case {case}");
        }
    }
    assert!(feasible > 3 && found == feasible, "{found} of {feasible}");
}

#[test]
fn the_same_on_every_run_whatever_the_threads() {
    let mut random = Random::new(3);
    let (many, rounds) = cases((30, 1), (120, 4));
    let near = square(many, &mut random);
    let median = p_median::Problem::new(vec![1; many], near.clone(), many, 4).unwrap();
    let demands: Vec<u32> = (0..many).map(|_| 1 + random.below(20) as u32).collect();
    let room = demands.iter().sum::<u32>() / 4 * 11 / 10;
    let full = capacitated::Problem::new(vec![1; many], near, demands, vec![room; many], 4).unwrap();
    let run = Run { iterations: Some(rounds), chains: 2, ..Run::quiet(5) };
    let ask = || {
        let (one, two) = (p_median::solve(&median, &run), capacitated::solve(&full, &run));
        (one.best, one.bound, two.best, two.bound)
    };
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let both = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    assert_eq!(alone.install(ask), both.install(ask));
}

#[test]
fn a_stop_keeps_the_best_so_far_and_a_true_bound() {
    let mut random = Random::new(4);
    let many = cases(60, 300);
    let near = square(many, &mut random);
    let median = p_median::Problem::new(vec![1; many], near.clone(), many, 6).unwrap();
    let full = capacitated::Problem::new(vec![1; many], near, vec![1; many], vec![many as u32; many], 6).unwrap();
    let whole = p_median::solve(&median, &Run::quiet(1));
    assert_eq!(whole.bound, Some(whole.best.cost as f64));
    let watch = |_: &Progress| Answer { stop: true, ..Answer::GO };
    let run = Run { watch: &watch, ..Run::quiet(1) };
    let cut = p_median::solve(&median, &run);
    assert_eq!((check::p_median(&median, &cut.best), cut.ended), (vec![], Ended::Stopped));
    assert!(cut.best.cost >= whole.best.cost && cut.bound.unwrap() <= whole.best.cost as f64);
    let cut = capacitated::solve(&full, &run);
    assert_eq!((check::capacitated(&full, &cut.best), cut.ended), (vec![], Ended::Stopped));
    // There is room for all at every site: nothing is cheaper than without capacities.
    assert!(cut.best.cost >= whole.best.cost && cut.bound.unwrap() <= whole.best.cost as f64);
}

#[test]
fn the_check_finds_what_is_planted() {
    use check::Violation::*;
    let problem = p_median::Problem::new(vec![1; 3], line(&[0, 5, 9]), 3, 2).unwrap();
    let good = Placed { open: vec![0, 2], assigned: vec![Some(0), Some(2), Some(2)], cost: 4 };
    assert_eq!(check::p_median(&problem, &good), vec![]);
    let lie = |change: &dyn Fn(&mut Placed)| {
        let mut placed = good.clone();
        change(&mut placed);
        check::p_median(&problem, &placed)
    };
    assert_eq!(lie(&|placed| placed.cost = 3), vec![Cost { given: 3, real: 4 }]);
    assert_eq!(lie(&|placed| placed.assigned[1] = Some(1))[0], Closed { customer: 1, site: 1 });
    assert_eq!(lie(&|placed| placed.assigned[1] = Some(0))[0], NotNearest { customer: 1, site: 2 });
    assert_eq!(lie(&|placed| placed.assigned[0] = None)[0], LeftOut { customer: 0 });
    assert_eq!(lie(&|placed| placed.open = vec![0, 1, 2])[0], Places { found: 3, places: 2 });
    assert_eq!(lie(&|placed| placed.open = vec![2, 0])[0], Open { site: 0 });
    assert_eq!(lie(&|placed| placed.open = vec![0, 7])[0], Open { site: 7 });
    assert_eq!(lie(&|placed| placed.assigned.truncate(1))[0], Length { found: 1, customers: 3 });
    let full = capacitated::Problem::new(vec![1; 3], line(&[0, 5, 9]), vec![2; 3], vec![4, 4, 2], 2).unwrap();
    let found = check::capacitated(&full, &good);
    assert_eq!(found, vec![Full { site: 2, load: 4, capacity: 2 }]);
    let stops = stop_choice::Problem::new(vec![1], vec![vec![way(0, 3)]], vec![9], vec![2, 2], 1).unwrap();
    let far = Placed { open: vec![1], assigned: vec![Some(1)], cost: 5 };
    assert_eq!(check::stop_choice(&stops, &far)[0], OutOfReach { customer: 0, site: 1 });
    let covers = covering::Problem::new(vec![5, 4], vec![vec![0], vec![1]], 1).unwrap();
    let chosen = |sites, covered| covering::Chosen { sites, covered };
    assert_eq!(check::covering(&covers, &chosen(vec![0], 5)), vec![]);
    assert_eq!(check::covering(&covers, &chosen(vec![0], 9)), vec![Cost { given: 9, real: 5 }]);
    assert_eq!(check::covering(&covers, &chosen(vec![0, 1], 9)), vec![Places { found: 2, places: 1 }]);
}

#[test]
fn what_is_wrong_is_said_before_anything_is_solved() {
    let median = |weights, near, sites, places| p_median::Problem::new(weights, near, sites, places).unwrap_err();
    let error = median(vec![1], vec![vec![way(3, 1)]], 2, 1);
    assert_eq!(error, ProblemError::NoSuchSite { customer: 0, site: 3, sites: 2 });
    assert_eq!(error.to_string(), "customer 0 lists site 3, but there are only 2; check the lists");
    let twice = median(vec![1], vec![vec![way(1, 1), way(1, 2)]], 2, 1);
    assert_eq!(twice, ProblemError::Twice { customer: 0, site: 1 });
    assert_eq!(median(vec![1], vec![vec![way(0, 1)]], 1, 0), ProblemError::NoPlace { places: 0, sites: 1 });
    assert!(matches!(median(vec![], vec![vec![]], 1, 1), ProblemError::Length { what: "weights", .. }));
    assert_eq!(median(vec![u32::MAX], vec![vec![way(0, u32::MAX)]], 1, 1), ProblemError::TooDear);
    assert_eq!(median(vec![], vec![], MOST_SITES + 1, 1), ProblemError::TooLarge);
    let full = |demands, capacities, places| {
        capacitated::Problem::new(vec![1; 2], line(&[0, 1]), demands, capacities, places).unwrap_err()
    };
    assert_eq!(full(vec![3, 9], vec![8, 8], 2), ProblemError::FitsNowhere { customer: 1, demand: 9 });
    assert_eq!(full(vec![5, 5], vec![8, 7], 1), ProblemError::NoRoom { demand: 10, places: 1, room: 8 });
    assert!(matches!(full(vec![5], vec![8, 7], 1), ProblemError::Length { what: "demands", .. }));
    let stops = stop_choice::Problem::new(vec![1], vec![vec![]], vec![], vec![], 1).unwrap_err();
    assert!(matches!(stops, ProblemError::Length { what: "losses", .. }));
}

#[test]
fn nobody_to_serve() {
    let median = p_median::Problem::new(vec![], vec![], 3, 2).unwrap();
    let solved = p_median::solve(&median, &Run::quiet(1));
    assert_eq!((solved.best.open, solved.best.cost, solved.bound), (vec![0, 1], 0, Some(0.0)));
    let full = capacitated::Problem::new(vec![], vec![], vec![], vec![1; 3], 2).unwrap();
    let solved = capacitated::solve(&full, &Run::quiet(1));
    assert_eq!((solved.best.open.len(), solved.best.cost, solved.bound), (2, 0, Some(0.0)));
    let stops = stop_choice::Problem::new(vec![], vec![], vec![], vec![], 2).unwrap();
    assert_eq!(stop_choice::solve(&stops, &Run::quiet(1)).best, Placed::default());
}

/// OR-Library's instances (Osman & Christofides 1994), if they are at hand: `number best` / `customers places capacity` / `id x y demand`.
#[test]
fn published_instances_have_their_published_costs() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/bench/pmedcap");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("{} is not there: the published instances are not tried", folder.display());
        return;
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    for path in paths.iter().take(cases(1, usize::MAX)) {
        let text = std::fs::read_to_string(path).unwrap();
        let numbers: Vec<u32> = text.split_whitespace().map(|word| word.parse().unwrap()).collect();
        let [published, places, capacity] = [1, 3, 4].map(|at| numbers[at]);
        let rows: Vec<&[u32]> = numbers[5..].chunks(4).collect();
        let distance =
            |a: &[u32], b: &[u32]| f64::from(a[1].abs_diff(b[1])).hypot(f64::from(a[2].abs_diff(b[2]))) as u32;
        let near = rows.iter().map(|a| rows.iter().zip(0..).map(|(b, site)| way(site, distance(a, b))).collect());
        let demands = rows.iter().map(|row| row[3]).collect();
        let problem = capacitated::Problem::new(
            vec![1; rows.len()],
            near.collect(),
            demands,
            vec![capacity; rows.len()],
            places as usize,
        )
        .unwrap();
        let solved = capacitated::solve(&problem, &Run { iterations: Some(cases(1, 6)), ..Run::quiet(1) });
        assert_eq!(check::capacitated(&problem, &solved.best), vec![]);
        assert!(solved.bound.unwrap() <= f64::from(published), "{}", path.display());
        // Nearly all: a few iterations are no proof.
        let most = u64::from(published) * cases(1020, 1002) / 1000;
        assert!(solved.best.cost <= most, "{}: {}, published {published}", path.display(), solved.best.cost);
    }
}
