//! The demonstration folder's shared places: parking, rooms, rest points, groups, and their words.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test: it may fail loudly, and its figures are to be read"
)]

mod demonstration;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use jiebo::domain::finding::Finding;
use jiebo::domain::units::People;
use jiebo::intake::{Needs, read_project};
use jiebo::network::Network;
use jiebo::planning::parking::by_hand;
use jiebo::planning::project::{ParkingRequest, Project};
use jiebo::planning::{grouping, parking, rest, rooms};
use jiebo::publish::phrases::{self, Language};
use jiebo::search::Run;

fn demo() -> Project {
    let sources = demonstration::sources("gonghexin");
    read_project(&sources, Needs::ANY).unwrap()
}

fn worded(findings: &[Finding]) {
    for finding in findings {
        for language in Language::ALL {
            assert!(phrases::has_phrase(language, &finding.code), "{}", finding.code);
            println!("{}", phrases::finding(language, finding));
        }
    }
}

#[test]
fn the_demo_shares_its_bays_and_keeps_its_promise() {
    let project = demo();
    let network = Network::new(&project.roads, &project.speeds());
    let begun = Instant::now();
    let (plan, findings) = parking::allot(&project, &network, &Run::quiet(1));
    println!("{} requests: {:?}", project.requests.len(), begun.elapsed());
    worded(&findings);
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    for refusal in &plan.refused {
        *reasons.entry(&refusal.reason).or_default() += 1;
        assert!(phrases::has_phrase(Language::Zh, &format!("reason-parking-{}", refusal.reason)));
        for relaxation in &refusal.relaxations {
            assert!(relaxation.amount > 0.0);
            assert!(phrases::has_phrase(Language::Zh, &format!("relaxation-parking-{}", relaxation.kind)));
        }
    }
    println!("{} permits, refused {reasons:?}", plan.permits.len());
    let mut by_lot: BTreeMap<&str, u32> = BTreeMap::new();
    plan.permits.iter().for_each(|permit| *by_lot.entry(&permit.lot).or_default() += 1);
    for row in &plan.displacement {
        let lot = project.lots.iter().find(|lot| lot.id == row.lot).unwrap();
        let permits = by_lot.get(row.lot.as_str()).copied().unwrap_or(0);
        println!(
            "{}: {permits} permits of {} bays, {:.5} (at most {:.5})",
            row.lot, lot.bays, row.probability, row.upper_99
        );
        assert!(row.upper_99 <= lot.displace_max);
    }
    assert_eq!(plan.permits.len() + plan.refused.len(), project.requests.len());
    assert!(plan.permits.len() >= 30);
    // An office park and the residents beside it: each has as many bays as it has itself, and the other's when they are lent.
    let shared = plan.exchange.iter().map(|row| (row.party.as_str(), row.requests, row.alone, row.together));
    assert_eq!(shared.collect::<Vec<_>>(), [("汶水东园", 15, 12, 15), ("汶水东路80弄小区", 14, 10, 14)]);
    // What an owner's page works out from the permits is what the plan says.
    for lot in &project.lots {
        let holds = |id: &str| plan.permits.iter().any(|permit| permit.lot == lot.id && permit.request == id);
        let holders: Vec<ParkingRequest> = project.requests.iter().filter(|r| holds(&r.id)).cloned().collect();
        let told = plan.occupancy.iter().filter(|row| row.lot == lot.id).map(|row| {
            let changes = row.changes.iter().map(|&(time, used, lent)| (time.0 / 60, used, lent)).collect();
            (row.day.clone(), changes)
        });
        assert_eq!(by_hand::occupancy(lot, &holders), told.collect::<Vec<(String, Vec<by_hand::Change>)>>());
    }
    // The same again.
    assert_eq!(parking::allot(&project, &network, &Run::quiet(1)).0, plan);
}

#[test]
fn five_thousand_requests() {
    // The demo's requests and lots seventeen times over: a district's worth of both, on the same streets.
    let demo = demo();
    let mut project = demo.clone();
    project.requests = (0..17)
        .flat_map(|copy| {
            demo.requests
                .iter()
                .map(move |request| ParkingRequest { id: format!("{}-{copy}", request.id), ..request.clone() })
        })
        .take(5000)
        .collect();
    for lot in &mut project.lots {
        lot.bays *= 17;
        lot.accessible_bays *= 17;
        lot.charging_bays *= 17;
    }
    let network = Network::new(&project.roads, &project.speeds());
    let begun = Instant::now();
    let (plan, _) = parking::allot(&project, &network, &Run::quiet(1));
    println!("{} requests, {} permits: {:?}", project.requests.len(), plan.permits.len(), begun.elapsed());
    assert!(!plan.permits.is_empty());
}

#[test]
fn rooms_rest_points_and_groups_of_the_demo() {
    let project = demo();
    let network = Network::new(&project.roads, &project.speeds());
    let run = Run::quiet(1);
    let rooms::Granted { uses, refusals, findings } = rooms::grant(&project, &run);
    worded(&findings);
    println!("{} claims: {} granted, {} refused", project.claims.len(), uses.len(), refusals.len());
    assert_eq!(uses.len() + refusals.len(), project.claims.len());
    for refusal in &refusals {
        println!("{refusal:?}");
        assert!(phrases::has_phrase(Language::Zh, &format!("reason-room-{}", refusal.reason)));
        for change in &refusal.relaxations {
            assert!(phrases::has_phrase(Language::Zh, &format!("relaxation-room-{}", change.kind)));
        }
    }
    let (points, doubts) = rest::choose(&project, &network, &run);
    // The same where nothing else is asked for: what a part needs is read.
    let alone = |part: &str| read_project(&demonstration::sources("gonghexin"), Needs::only([part]).unwrap()).unwrap();
    let only = alone("rest");
    assert_eq!(rest::choose(&only, &Network::new(&only.roads, &only.speeds()), &run).0, points);
    let only = alone("groups");
    let blocks = |project: &Project, network: &Network| {
        let groups = grouping::group(project, network, &run).0;
        groups.into_iter().filter(|group| group.kind == "block").collect::<Vec<_>>()
    };
    assert_eq!(blocks(&only, &Network::new(&only.roads, &only.speeds())), blocks(&project, &network));
    worded(&doubts);
    println!("{points:?}");
    assert_eq!(points.len(), 5);
    let (groups, doubts) = grouping::group(&project, &network, &run);
    worded(&doubts);
    for group in &groups {
        println!("{} {}: {} people, {}", group.kind, group.id, group.people.as_f64(), group.members.join(" "));
    }
    let blocks: Vec<_> = groups.iter().filter(|group| group.kind == "block").collect();
    assert_eq!(blocks.len(), 4);
    let members: BTreeSet<&String> = blocks.iter().flat_map(|group| &group.members).collect();
    assert_eq!(members.len(), project.areas.len());
    let people: People = project.areas.iter().map(|area| area.people).sum();
    assert!(blocks.iter().all(|block| (block.people.as_f64() / people.as_f64() - 0.25).abs() <= 0.0126));
}
