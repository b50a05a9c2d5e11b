//! Small cases against complete enumeration, which shares nothing with the search but the problem: tables over all sets of units, then
//! every way to divide them.

use super::super::*;
use super::{cases, check, random};
use crate::search::Random;

/// Value and weight of every set that is connected.
fn table(problem: &Problem) -> Vec<Option<Value>> {
    let units = problem.units();
    let has = |set: usize, unit: usize| set >> unit & 1 == 1;
    let of = |set: usize| {
        let members: Vec<usize> = (0..units).filter(|&unit| has(set, unit)).collect();
        let mut reached = 1_usize << members.first()?;
        for _ in 0..units {
            for &unit in &members {
                if problem.neighbours(unit).iter().any(|&next| has(reached, next)) {
                    reached |= 1 << unit;
                }
            }
        }
        if reached != set {
            return None;
        }
        let weight: u64 = members.iter().map(|&unit| problem.weight(unit)).sum();
        let off = (weight as i64 * problem.groups() as i64 - problem.total() as i64).unsigned_abs();
        let to = |centre: usize| {
            members
                .iter()
                .map(|&unit| problem.weight(unit).max(1) * u64::from(problem.metres(unit, centre)))
                .sum::<u64>()
        };
        let way = members.iter().map(|&centre| to(centre)).min()?;
        Some(Value { excess: off.saturating_sub(problem.allowed()), way, largest: off })
    };
    (0..1_usize << units).map(of).collect()
}

/// The best of all divisions of `left` into so many connected groups.
fn best(table: &[Option<Value>], left: usize, groups: usize, so_far: Value, least: &mut Option<Value>) {
    if groups == 1 {
        if let Some(last) = table[left] {
            let value = plus(so_far, last);
            *least = Some(least.map_or(value, |least| least.min(value)));
        }
        return;
    }
    let first = left & left.wrapping_neg();
    let others = left ^ first;
    // All parts of the others, with the first; something must be left.
    let mut part = others;
    while part > 0 {
        part = (part - 1) & others;
        if let Some(value) = table[first | part] {
            best(table, others ^ part, groups - 1, plus(so_far, value), least);
        }
    }
}

fn plus(a: Value, b: Value) -> Value {
    Value { excess: a.excess + b.excess, way: a.way + b.way, largest: a.largest.max(b.largest) }
}

#[test]
fn a_thousand_small_cases_are_as_good_as_complete_enumeration() {
    let mut source = Random::new(2);
    let (mut local_best, count) = (0, cases(100, 1000));
    for case in 0..count {
        let units = 5 + source.below(8);
        let problem = random(&mut source, units, 2 + case % 3);
        let mut least = None;
        best(&table(&problem), (1 << units) - 1, problem.groups(), Value::default(), &mut least);
        let least = least.unwrap();
        let solved = solve(&problem, &Run::quiet(1));
        assert_eq!(check(&problem, &solved.best), vec![], "case {case}");
        assert_eq!(solved.best.value, least, "case {case}");
        assert_eq!((solved.best.proven, solved.best.least_excess), (true, least.excess), "case {case}");
        assert_eq!(solved.bound, Some(least.way as f64), "case {case}");
        // No limit is beaten, whatever it is worth.
        let run = Run::quiet(1);
        let mut meter = Meter::new(&run);
        assert!(bound::excess(&problem) <= least.excess, "case {case}");
        let limit = bound::way(&problem, problem.window(least.excess), least.way, &mut meter);
        assert!(limit.unwrap() <= least.way, "case {case}");
        // From the worst of starts too: the proof does not live on the local search.
        let poor = poor(&problem);
        let proof = exact::prove(&problem, poor.clone(), value::of(&problem, &poor), &mut meter);
        assert_eq!((value::of(&problem, &proof.group), proof.complete), (least, true), "case {case}");
        assert_eq!((proof.excess, proof.way), (least.excess, least.way), "case {case}");
        let found = local::search(&problem, 1, &mut meter);
        local_best += usize::from(value::of(&problem, &found) == least);
    }
    println!("local search alone: {local_best} of {count}");
    assert!(local_best * 100 >= count * 95, "local search alone: {local_best} of {count}");
}

/// A connected grouping that nobody wants: groups but the last are the units at the end of a walk, one by one.
fn poor(problem: &Problem) -> Vec<usize> {
    let mut order = vec![0];
    let mut at = 0;
    while at < order.len() {
        let next: Vec<usize> =
            problem.neighbours(order[at]).iter().copied().filter(|next| !order.contains(next)).collect();
        order.extend(next);
        at += 1;
    }
    let mut group = vec![problem.groups() - 1; problem.units()];
    for (number, &unit) in order.iter().rev().take(problem.groups() - 1).enumerate() {
        group[unit] = number;
    }
    group
}
