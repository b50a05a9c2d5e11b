use proptest::prelude::*;

use super::*;

/// Arcs as (from, to, lower, capacity, cost).
type Plain = (usize, usize, i64, i64, i64);

fn problem(nodes: usize, arcs: &[Plain]) -> Problem {
    let mut problem = Problem::new(nodes);
    for &(from, to, lower, capacity, cost) in arcs {
        problem.add_bounded(from, to, lower, capacity, cost);
    }
    problem
}

/// Every flow there is, one by one: (amount, cost) of the cheapest for each amount. Capacities up to 2, few arcs.
fn enumerate(nodes: usize, arcs: &[Plain], source: usize, sink: usize) -> std::collections::BTreeMap<i64, i64> {
    let mut best = std::collections::BTreeMap::new();
    let mut flow: Vec<i64> = arcs.iter().map(|arc| arc.2).collect();
    loop {
        let mut balance = vec![0; nodes];
        for (arc, &units) in arcs.iter().zip(&flow) {
            balance[arc.0] += units;
            balance[arc.1] -= units;
        }
        if (0..nodes).all(|node| node == source || node == sink || balance[node] == 0) && balance[source] >= 0 {
            let cost = arcs.iter().zip(&flow).map(|(arc, units)| arc.4 * units).sum::<i64>();
            best.entry(balance[source]).and_modify(|old: &mut i64| *old = cost.min(*old)).or_insert(cost);
        }
        let Some(index) = (0..arcs.len()).find(|&index| flow[index] < arcs[index].3) else { return best };
        flow[index] += 1;
        for index in 0..index {
            flow[index] = arcs[index].2;
        }
    }
}

/// Another way to the optimum: any flow of the amount, then negative residual cycles are cancelled (Klein 1967).
fn cycle_cancelling(nodes: usize, arcs: &[Plain], source: usize, sink: usize, most: i64) -> (i64, i64) {
    let mut flow = vec![0; arcs.len()];
    let residual = |flow: &[i64]| {
        let mut list = Vec::new();
        for (index, arc) in arcs.iter().enumerate() {
            if flow[index] < arc.3 {
                list.push((arc.0, arc.1, arc.4, index, 1));
            }
            if flow[index] > 0 {
                list.push((arc.1, arc.0, -arc.4, index, -1));
            }
        }
        list
    };
    let mut amount = 0;
    while amount < most {
        let list = residual(&flow);
        let mut into = vec![None; nodes];
        let mut queue = vec![source];
        while let Some(node) = queue.pop() {
            for arc in &list {
                if arc.0 == node && arc.1 != source && into[arc.1].is_none() {
                    into[arc.1] = Some(*arc);
                    queue.push(arc.1);
                }
            }
        }
        if into[sink].is_none() {
            break;
        }
        let mut node = sink;
        while node != source {
            let arc = into[node].unwrap();
            flow[arc.3] += arc.4;
            node = arc.0;
        }
        amount += 1;
    }
    'again: loop {
        let list = residual(&flow);
        let mut distance = vec![0; nodes];
        let mut into = vec![None; nodes];
        for _ in 0..nodes {
            for arc in &list {
                if distance[arc.0] + arc.2 < distance[arc.1] {
                    distance[arc.1] = distance[arc.0] + arc.2;
                    into[arc.1] = Some(*arc);
                }
            }
        }
        for arc in &list {
            if distance[arc.0] + arc.2 < distance[arc.1] {
                let mut node = arc.0;
                into[arc.1] = Some(*arc);
                for _ in 0..nodes {
                    node = into[node].unwrap().0;
                }
                let on_cycle = node;
                loop {
                    let arc = into[node].unwrap();
                    flow[arc.3] += arc.4;
                    node = arc.0;
                    if node == on_cycle {
                        continue 'again;
                    }
                }
            }
        }
        return (amount, arcs.iter().zip(&flow).map(|(arc, units)| arc.4 * units).sum());
    }
}

/// Bounds, balance and the optimality proof of an answer.
fn check(nodes: usize, arcs: &[Plain], source: usize, sink: usize, flow: &Flow) {
    let mut balance = vec![0; nodes];
    for (arc, &units) in arcs.iter().zip(&flow.arcs) {
        assert!((arc.2..=arc.3).contains(&units));
        balance[arc.0] += units;
        balance[arc.1] -= units;
        let reduced = arc.4 + flow.potentials[arc.0] - flow.potentials[arc.1];
        if arc.2 == 0 {
            assert!(units == arc.3 || reduced >= 0, "an arc below capacity costs less than nothing");
            assert!(units == 0 || reduced <= 0, "an arc in use costs more than it should");
        }
    }
    for (node, &balance) in balance.iter().enumerate() {
        let wanted = match node {
            n if n == source => flow.amount,
            n if n == sink => -flow.amount,
            _ => 0,
        };
        assert_eq!(balance, wanted);
    }
}

#[test]
fn the_second_unit_sends_the_first_another_way() {
    // 0 -> 1 -> 3 costs 1 + 1, 0 -> 2 -> 3 costs 4 + 4, and 1 -> 2 costs 0. One unit: 2. Two units: both ways, 2 + 8 = 10.
    let arcs = [(0, 1, 0, 1, 1), (0, 2, 0, 1, 4), (1, 2, 0, 1, 0), (1, 3, 0, 1, 1), (2, 3, 0, 1, 4)];
    let one = problem(4, &arcs).solve(0, 3, Limit::AtMost(1)).unwrap();
    assert_eq!((one.amount, one.cost), (1, 2));
    let all = problem(4, &arcs).solve(0, 3, Limit::AtMost(UNLIMITED)).unwrap();
    assert_eq!((all.amount, all.cost), (2, 10));
    assert_eq!(all.arcs, vec![1, 1, 0, 1, 1]);
}

#[test]
fn prizes_are_taken_while_they_pay() {
    // Two routes of cost -5 and -1 and one of +2: two units pay.
    let arcs = [(0, 1, 0, 1, -5), (0, 1, 0, 1, -1), (0, 1, 0, 1, 2)];
    let flow = problem(2, &arcs).solve(0, 1, Limit::WhileProfitable(UNLIMITED)).unwrap();
    assert_eq!((flow.amount, flow.cost), (2, -6));
    let none = problem(2, &[(0, 1, 0, 1, 0)]).solve(0, 1, Limit::WhileProfitable(9)).unwrap();
    assert_eq!((none.amount, none.cost), (0, 0), "what gains nothing is left");
}

#[test]
fn a_lower_bound_is_kept_although_it_costs() {
    let arcs = [(0, 1, 1, 1, 50), (0, 1, 0, 1, 1)];
    let flow = problem(2, &arcs).solve(0, 1, Limit::AtMost(1)).unwrap();
    assert_eq!((flow.arcs.as_slice(), flow.cost), ([1, 0].as_slice(), 50));
    // Two arcs in parallel that both must be used, one unit: impossible.
    let both = problem(2, &[(0, 1, 1, 1, 5), (0, 1, 1, 1, 1)]).solve(0, 1, Limit::AtMost(1));
    assert!(matches!(both, Err(FlowError::LowerBound { .. })));
}

#[test]
fn what_is_wrong_is_said() {
    let err = |arcs: &[Plain]| problem(2, arcs).solve(0, 1, Limit::AtMost(1)).unwrap_err();
    assert_eq!(err(&[(0, 7, 0, 1, 1)]), FlowError::Node { arc: 0, node: 7, nodes: 2 });
    assert_eq!(err(&[(0, 1, 0, -1, 1)]), FlowError::Bounds { arc: 0, lower: 0, capacity: -1 });
    assert_eq!(err(&[(0, 1, 0, 1, i64::MAX)]), FlowError::TooLarge);
    assert_eq!(err(&[(0, 1, 0, 1, -2), (1, 0, 0, 1, 1)]), FlowError::NegativeCycle);
    assert_eq!(
        problem(0, &[]).solve(0, 0, Limit::AtMost(1)).unwrap_err(),
        FlowError::Node { arc: 0, node: 0, nodes: 0 }
    );
}

#[test]
fn a_network_can_be_solved_again_with_other_costs() {
    let mut net = Network::new(&problem(2, &[(0, 1, 0, 1, 3), (0, 1, 0, 1, 5)])).unwrap();
    assert_eq!(net.solve(0, 1, Limit::AtMost(1)).unwrap().cost, 3);
    net.set_cost(ArcId(0), 9);
    assert_eq!(net.solve(0, 1, Limit::AtMost(1)).unwrap().cost, 5);
    net.set_capacity(ArcId(1), 0);
    assert_eq!(net.solve(0, 1, Limit::AtMost(2)).unwrap().cost, 9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Acyclic, any costs: the cheapest of all flows, for every amount, and where the profit ends.
    #[test]
    fn acyclic_networks_agree_with_enumeration(
        arcs in prop::collection::vec((0_usize..4, 1_usize..5, 0_i64..3, -9_i64..10), 1..8),
    ) {
        let arcs: Vec<Plain> = arcs.into_iter().filter(|a| a.0 < a.1).map(|a| (a.0, a.1, 0, a.2, a.3)).collect();
        let best = enumerate(5, &arcs, 0, 4);
        for (&amount, &cost) in &best {
            let flow = problem(5, &arcs).solve(0, 4, Limit::AtMost(amount)).unwrap();
            prop_assert_eq!((flow.amount, flow.cost), (amount, i128::from(cost)));
            check(5, &arcs, 0, 4, &flow);
        }
        let most = *best.keys().max().unwrap();
        prop_assert_eq!(problem(5, &arcs).solve(0, 4, Limit::AtMost(UNLIMITED)).unwrap().amount, most);
        let profitable = problem(5, &arcs).solve(0, 4, Limit::WhileProfitable(UNLIMITED)).unwrap();
        prop_assert_eq!(profitable.cost, i128::from(*best.values().min().unwrap()));
        check(5, &arcs, 0, 4, &profitable);
    }

    /// Lower bounds on acyclic networks.
    #[test]
    fn lower_bounds_agree_with_enumeration(
        arcs in prop::collection::vec((0_usize..3, 1_usize..4, 0_i64..2, 0_i64..2, -5_i64..6), 1..7),
    ) {
        let arcs: Vec<Plain> = arcs.into_iter().filter(|a| a.0 < a.1).map(|a| (a.0, a.1, a.2, a.2 + a.3, a.4)).collect();
        let best = enumerate(4, &arcs, 0, 3);
        for amount in 0..6 {
            let flow = problem(4, &arcs).solve(0, 3, Limit::AtMost(amount));
            match (best.get(&amount), flow) {
                (Some(&cost), Ok(flow)) => {
                    prop_assert_eq!((flow.amount, flow.cost), (amount, i128::from(cost)));
                    check(4, &arcs, 0, 3, &flow);
                }
                (Some(_), Err(e)) => prop_assert!(false, "refused what can be done: {e}"),
                (None, Ok(flow)) => prop_assert!(flow.amount < amount),
                (None, Err(_)) => {}
            }
        }
    }

    /// With cycles, costs not negative: the same as cycle cancelling, on larger networks.
    #[test]
    fn cyclic_networks_agree_with_cycle_cancelling(
        arcs in prop::collection::vec((0_usize..8, 0_usize..8, 0_i64..6, 0_i64..20), 1..40),
        most in 1_i64..12,
    ) {
        let arcs: Vec<Plain> = arcs.into_iter().map(|a| (a.0, a.1, 0, a.2, a.3)).collect();
        let flow = problem(8, &arcs).solve(0, 7, Limit::AtMost(most)).unwrap();
        let (amount, cost) = cycle_cancelling(8, &arcs, 0, 7, most);
        prop_assert_eq!((flow.amount, flow.cost), (amount, i128::from(cost)));
        check(8, &arcs, 0, 7, &flow);
    }
}
