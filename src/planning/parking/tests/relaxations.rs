//! What a refusal says would help, helps, and a step less does not: judged minute by minute from the plan's rows.

use super::*;
use crate::planning::plan::Plan;
use crate::search::cases;

/// Would this request, asked so, get a bay beside all permits of the plan? Everything but the probability of the promise is worked out anew.
fn fits(case: &Case<'_>, parking: &Parking, asked: &ParkingRequest) -> bool {
    let project = case.project;
    let one = project.requests.iter().position(|request| request.id == asked.id).unwrap();
    let dated = has_dates(project);
    let ring = |window: &Window| -> Vec<usize> {
        if dated {
            return in_season(window);
        }
        window.minutes().flat_map(|(start, end)| (start as usize..end as usize).map(|minute| minute % 10_080)).collect()
    };
    let minutes = if dated { SEASON * 10_080 } else { 10_080 };
    let wanted = ring(&asked.window);
    let alike = |other: &ParkingRequest| (other.accessible, other.charging) == (asked.accessible, asked.charging);
    project.lots.iter().enumerate().any(|(at, lot)| {
        let near = case.walk(one, at).is_some_and(|walk| walk <= asked.max_walk);
        if wanted.is_empty() || !near || asked.max_price.is_some_and(|most| lot.price > most) {
            return false;
        }
        let mut lent = vec![false; minutes];
        lot.windows.iter().flat_map(&ring).for_each(|minute| lent[minute] = true);
        let mut used = vec![0_u32; minutes];
        let mut held = vec![None; project.requests.len()];
        for permit in parking.permits.iter().filter(|permit| permit.lot == lot.id) {
            let holder = project.requests.iter().position(|request| request.id == permit.request).unwrap();
            held[holder] = Some(at);
            if alike(&project.requests[holder]) {
                ring(&project.requests[holder].window).into_iter().for_each(|minute| used[minute] += 1);
            }
        }
        let bays = Class::needed(asked).bays(lot);
        if wanted.iter().any(|&minute| !lent[minute] || used[minute] >= bays) {
            return false;
        }
        // The promise with one more car, as the plan judges it.
        let mut changed = project.clone();
        changed.requests[one] = asked.clone();
        let with = Case {
            project: &changed,
            axis: case.axis.clone(),
            wanted: changed.requests.iter().map(|r| case.axis.occurrences(&r.window)).collect(),
            lots: Vec::new(),
            walks: case.walks.clone(),
            standing: Vec::new(),
            rank: Vec::new(),
            kept: Vec::new(),
        };
        let mut crowd = case.crowd(at, &case.holders(&held)[at]);
        let mut tightest: BTreeMap<usize, Punctuality> = BTreeMap::new();
        let grace = project.policy.overstay_grace.minutes_up();
        for &(start, end) in &with.wanted[one] {
            let Some((stretch, slack)) = week::within(&case.lots[at].stretches, start, end) else { return false };
            let punctuality = if slack >= grace { Punctuality::Buffered } else { Punctuality::Tight };
            let known = tightest.entry(stretch).or_insert(punctuality);
            *known = (*known).min(punctuality);
        }
        tightest.into_iter().all(|(stretch, punctuality)| {
            crowd[stretch][punctuality.index()] += 1;
            case.keeps_promise(at, stretch, crowd[stretch])
        })
    })
}

/// Some of the requests for single days, and some lots lent on a day more.
fn with_dates(random: &mut Random, mut project: Project) -> Project {
    let dates = ["2026-12-24", "2026-12-27", "2026-12-31", "2026-12-24,2026-12-31", "2026-12-26,2026-12-27"];
    for request in &mut project.requests {
        if random.below(2) == 0 {
            request.window.days = Days::parse(dates[random.below(dates.len())]).unwrap();
        }
    }
    for lot in &mut project.lots {
        if random.below(3) == 0 {
            lot.windows.push(window(dates[random.below(dates.len())], (8, 0), (18, 0)));
        }
    }
    project
}

/// The request with one thing changed by so much; for minutes every way to share them between both ends.
fn changed(asked: &ParkingRequest, kind: &str, amount: u32) -> Vec<ParkingRequest> {
    match kind {
        "walk_m" => vec![ParkingRequest { max_walk: Metres(asked.max_walk.0 + amount), ..asked.clone() }],
        "fen" => vec![ParkingRequest {
            max_price: asked.max_price.map(|most| Fen(most.0 + i64::from(amount))),
            ..asked.clone()
        }],
        "minutes" => (0..=amount)
            .map(|later| {
                let mut shorter = asked.clone();
                shorter.window.from = ServiceTime(asked.window.from.0 + 60 * later);
                shorter.window.to = ServiceTime(asked.window.to.0 - 60 * (amount - later));
                shorter
            })
            .filter(|shorter| shorter.window.from < shorter.window.to)
            .collect(),
        other => panic!("{other}"),
    }
}

fn world(random: &mut Random) -> Project {
    let mut project = project();
    let windows = [
        window("daily", (18, 0), (32, 0)),
        window("Mon-Fri", (19, 0), (31, 0)),
        window("Sat,Sun", (8, 0), (33, 0)),
        window("daily", (21, 30), (30, 30)),
    ];
    project.lots = (0..2 + random.below(4))
        .map(|n| Lot {
            windows: vec![windows[random.below(windows.len())].clone()],
            price: Fen(600 + 200 * random.below(5) as i64),
            charging_bays: random.below(2) as u32,
            accessible_bays: random.below(2) as u32,
            displace_max: [1.0, 0.2, 0.05][random.below(3)],
            ..lot(&format!("l{n}"), 200.0 * random.below(8) as f64, 2 + random.below(6) as u32)
        })
        .collect();
    let wishes = [
        window("daily", (18, 0), (32, 0)),
        window("Mon-Fri", (18, 45), (31, 0)),
        window("Sat,Sun", (20, 0), (33, 0)),
        window("Mon,Wed", (19, 5), (30, 20)),
        window("Fri", (17, 50), (31, 50)),
    ];
    project.requests = (0..12 + random.below(24))
        .map(|n| ParkingRequest {
            home: Place::Point(at(200.0 * random.below(6) as f64, 200.0 * random.below(4) as f64)),
            window: wishes[random.below(wishes.len())].clone(),
            max_walk: Metres(200 + 100 * random.below(8) as u32),
            max_price: (random.below(3) > 0).then(|| Fen(700 + 100 * random.below(6) as i64)),
            accessible: random.below(8) == 0,
            charging: random.below(8) == 0,
            ..request(&format!("r{n}"))
        })
        .collect();
    project
}

#[test]
fn every_relaxation_helps_and_a_step_less_does_not() {
    let mut random = Random::new(17);
    let mut tried: BTreeMap<String, u32> = BTreeMap::new();
    for number in 0..cases(15, 200) {
        let mut project = world(&mut random);
        if number % 5 > 2 {
            project = with_dates(&mut random, project);
        }
        let network = Network::new(&project.roads, &project.speeds());
        let parking = allotted(&project);
        let walks = walks::on_foot(&project, &network, &mut Vec::new());
        let case = Case::new(&project, walks, &Run::quiet(1), &mut Vec::new());
        for refusal in &parking.refused {
            let asked = project.requests.iter().find(|request| request.id == refusal.request).unwrap();
            assert!(!fits(&case, &parking, asked), "case {number}: {} could have had a bay", asked.id);
            for relaxation in &refusal.relaxations {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole amounts")]
                let amount = relaxation.amount as u32;
                let help =
                    |amount| changed(asked, &relaxation.kind, amount).iter().any(|asked| fits(&case, &parking, asked));
                assert!(help(amount), "case {number}: {refusal:?}");
                assert!(amount > 0 && !help(amount - 1), "case {number}: less than {refusal:?} is enough");
                if let (Some(from), Some(to)) = (relaxation.from, relaxation.to) {
                    let mut said = asked.clone();
                    (said.window.from, said.window.to) = (from, to);
                    assert!(fits(&case, &parking, &said), "case {number}: {relaxation:?}");
                }
                *tried.entry(relaxation.kind.clone()).or_default() += 1;
            }
        }
    }
    println!("{tried:?}");
    assert!(
        ["walk_m", "fen", "minutes"].iter().all(|kind| tried.get(*kind).is_some_and(|count| *count >= 10)),
        "{tried:?}"
    );
}

#[test]
fn what_was_relaxed_gets_its_bay_and_nobody_moves() {
    // The way a planner would do it: the plan in force, its permits kept, one request changed as its refusal says.
    let mut random = Random::new(29);
    let mut tried = 0;
    for number in 0..cases(8, 60) {
        let mut project = world(&mut random);
        if number % 3 > 1 {
            project = with_dates(&mut random, project);
        }
        let parking = allotted(&project);
        for refusal in &parking.refused {
            for relaxation in &refusal.relaxations {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole amounts")]
                let amount = relaxation.amount as u32;
                let mut later = project.clone();
                let plan = Plan { parking: parking.clone(), ..crate::planning::empty(&project, None, &Run::quiet(1)) };
                (later.in_force, later.keep_permits) = (Some(Arc::new(plan)), true);
                let asked = later.requests.iter_mut().find(|request| request.id == refusal.request).unwrap();
                if let (Some(from), Some(to)) = (relaxation.from, relaxation.to) {
                    (asked.window.from, asked.window.to) = (from, to);
                } else {
                    *asked = changed(asked, &relaxation.kind, amount).remove(0);
                }
                let now = allotted(&later);
                for permit in &parking.permits {
                    assert_eq!(lot_of(&now, &permit.request), Some(permit.lot.as_str()), "case {number}");
                }
                assert_eq!(
                    lot_of(&now, &refusal.request),
                    relaxation.lot.as_deref().or(lot_of(&now, &refusal.request)),
                    "case {number}"
                );
                assert!(lot_of(&now, &refusal.request).is_some(), "case {number}: {refusal:?}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 30, "{tried}");
}
