//! More parks than all coalitions can be searched for: shares from drawn orders, through plan, check, file, report and workbook.

#![expect(clippy::unwrap_used, reason = "what a test relies on may end it")]

use std::collections::BTreeSet;

use jiebo::domain::units::Fen;
use jiebo::planning::check::check;
use jiebo::planning::plan::{Joint, Plan};
use jiebo::planning::synthetic::{self, Size};
use jiebo::planning::{Parts, make_plan};
use jiebo::publish::{folder, report};
use jiebo::search::Run;

const SHUTTLE: Parts = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };

/// Changes what the plan says of coalitions.
type Change = fn(&mut Joint);

#[test]
fn eight_parks_divide_by_drawn_orders() {
    let size = Size { parks: 8, stations: 3, journeys: 480, people: 1_920, stops: 24, side_m: 3_600, vehicles: 8 };
    let mut project = synthetic::project(1, &size);
    // At a fraction of its price there is something to divide, whatever the project pays.
    for kind in &mut project.fleet {
        kind.cost_per_day.0 /= 10;
    }
    (project.upkeep.per_line, project.upkeep.per_stop) = (Fen::ZERO, Fen::ZERO);
    project.budget.per_day = None;
    let run = Run { iterations: Some(60), chains: 1, ..Run::quiet(3) };
    let plan = Plan::clone(&make_plan(&project, SHUTTLE, None, &run, &|_| ()).unwrap().best);
    assert!(!plan.trips.is_empty(), "nothing to divide");
    let joint = plan.costs.joint.as_ref().unwrap();
    let parks = joint.players.iter().flatten().count();
    assert!(parks > 6, "{parks} parks");

    // Drawn: six orders and their reverses, an error for each player, all alone looked at.
    let players = joint.players.len();
    assert_eq!((joint.orders.len(), joint.standard_error.len(), joint.gains.len()), (6, players, players));
    assert!(joint.standard_error.iter().any(|error| *error > Fen::ZERO), "{:?}", joint.standard_error);
    assert!((0..players).all(|player| joint.value(1 << player).is_some()));
    assert_eq!(joint.gains.iter().copied().sum::<Fen>(), joint.value((1 << players) - 1).unwrap());
    let paid: Fen = plan.costs.shares.iter().map(|share| share.fen).sum();
    assert_eq!(paid, plan.costs.total_fen);
    let methods: BTreeSet<&str> = plan.costs.shares.iter().map(|share| share.method.as_str()).collect();
    assert_eq!(methods, BTreeSet::from(["shapley-sampled"]));

    // The judge derives it again, also from the file.
    assert_eq!(check(&project, &plan), vec![]);
    let read = Plan::from_json(&plan.to_json()).unwrap();
    assert_eq!((check(&project, &read), &read), (vec![], &plan));
    for (what, change) in LIES {
        let mut changed = plan.clone();
        change(changed.costs.joint.as_mut().unwrap());
        let found: BTreeSet<String> = check(&project, &changed.sealed()).into_iter().map(|found| found.code).collect();
        assert!(found.contains("check-joint"), "{what}: {found:?}");
    }

    // The error is stated where people read what they pay.
    let page = report::html(&project, &plan);
    let most = joint.standard_error.iter().max().unwrap();
    assert!(page.contains("From 12 orders") && page.contains(&format!("¥{:.0} a day", most.yuan())), "{most}");
    let files = folder::files(&project, &plan).unwrap();
    assert!(files.iter().any(|(name, _)| name == "workbook.xlsx"));
}

const LIES: &[(&str, Change)] = &[
    ("a smaller error", |joint| {
        let at = (0..joint.standard_error.len()).max_by_key(|at| joint.standard_error[*at]).unwrap();
        joint.standard_error[at] = Fen(joint.standard_error[at].0 / 2);
    }),
    ("no error at all", |joint| joint.standard_error.clear()),
    ("an order left out", |joint| {
        joint.orders.pop();
    }),
    ("somebody comes twice", |joint| joint.orders[0][0] = joint.orders[0][1]),
    ("a gain moved to another park", |joint| {
        joint.gains[0].0 += 100;
        joint.gains[1].0 -= 100;
    }),
    ("a coalition worth more", |joint| joint.values[0].0 += 1_000_000),
    ("a coalition left out", |joint| {
        let first_two = 1 << joint.orders[0][0] | 1 << joint.orders[0][1];
        let at = joint.coalitions.iter().position(|set| *set == first_two).unwrap();
        joint.coalitions.remove(at);
        joint.values.remove(at);
    }),
    ("a proof nobody has", |joint| joint.in_core = Some(true)),
];
