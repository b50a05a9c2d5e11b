//! Is every kind of tampering with a plan named by a code of its own? A real plan of the demonstration folder is changed in one
//! place (and sealed again, so that its id is right), and the judge has to find it. Unchanged it has to pass.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "what a test relies on may end it")]

mod demonstration;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use jiebo::domain::calendar::Days;
use jiebo::domain::finding::Finding;
use jiebo::domain::site::SiteKind;
use jiebo::domain::units::{Fen, Metres, Seconds, ServiceTime};
use jiebo::intake::{Needs, read_project};
use jiebo::planning::check::check;
use jiebo::planning::plan::{
    Group, ItemKind, Joint, Mode, Parking, Permit, Plan, Refusal, Relaxation, Rider, RoomChange, RoomRefusal,
    Simulated, TimeKind, Trip, TripRisk, Unserved,
};
use jiebo::planning::project::Project;
use jiebo::planning::{Parts, make_plan};
use jiebo::publish::phrases::{self, Language};
use jiebo::search::{Answer, Run};

/// The demonstration folder and a plan of it, made once.
fn demo() -> &'static (Project, Plan) {
    static DEMO: OnceLock<(Project, Plan)> = OnceLock::new();
    DEMO.get_or_init(|| {
        let sources = demonstration::sources("gonghexin");
        let mut project = read_project(&sources, Needs::default()).expect("the demonstration can be read");
        // At a tenth of its price a vehicle runs more often: there is more to tamper with, whatever the demonstration pays.
        for kind in &mut project.fleet {
            kind.cost_per_day.0 /= 10;
        }
        project.upkeep.per_line.0 /= 10;
        project.upkeep.per_stop.0 /= 10;
        project.budget.per_day = Some(Fen(60_000));
        let run = Run { seed: 7, iterations: Some(100), chains: 1, watch: &|_| Answer::GO };
        let plan = make_plan(&project, Parts::ALL, None, &run, &|_| ()).expect("a plan passes its own check").best;
        (project, Plan::clone(&plan))
    })
}

fn codes(findings: &[Finding]) -> BTreeSet<&str> {
    findings.iter().map(|finding| finding.code.as_str()).collect()
}

#[test]
fn the_plan_as_made_is_accepted() {
    let (project, plan) = demo();
    assert!(plan.trips.len() >= 10 && plan.riders.len() >= 20, "too little to tamper with");
    assert_eq!(check(project, plan), vec![]);
    // Also after it was written and read.
    let read = Plan::from_json(&plan.to_json()).unwrap();
    assert_eq!(check(project, &read), vec![]);
}

/// Changes the plan (or, where a limit is meant, the project).
type Change = fn(&mut Project, &mut Plan);

#[test]
fn every_tampering_is_named() {
    let (project, plan) = demo();
    let mut missed = Vec::new();
    for (what, code, change) in TAMPERINGS {
        let (mut project, mut changed) = (project.clone(), plan.clone());
        change(&mut project, &mut changed);
        assert!(
            changed != *plan || project.policy != demo().0.policy || project.budget != demo().0.budget,
            "{what}: unchanged"
        );
        let findings = check(&project, &changed.sealed());
        if !codes(&findings).contains(code) {
            missed.push(format!("{what}: {code} is not among {:?}", codes(&findings)));
        }
        for finding in &findings {
            assert_words(finding);
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    let kinds: BTreeSet<&str> = TAMPERINGS.iter().map(|(_, code, _)| *code).collect();
    assert!(kinds.len() >= 40, "only {} codes are tried", kinds.len());
}

/// Every finding has words in both languages, all their slots filled.
fn assert_words(finding: &Finding) {
    for language in Language::ALL {
        assert!(phrases::has_phrase(language, &finding.code), "{} has no words in {language}", finding.code);
        let text = phrases::finding(language, finding);
        assert!(!text.contains("{$") && !text.contains("{ $"), "{}: a slot is empty: {text}", finding.code);
        assert!(text.contains(" → ") || text.contains(" -> "), "{} does not say what to do", finding.code);
    }
}

#[test]
fn a_changed_plan_with_its_old_id_is_named() {
    let (project, plan) = demo();
    let mut changed = plan.clone();
    changed.seed += 1;
    assert_eq!(codes(&check(project, &changed)), BTreeSet::from(["check-id"]));
}

#[test]
fn every_code_of_the_check_has_words() {
    let mut seen = 0;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/planning/check");
    let folders = [folder.clone(), folder.join("riders")];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    for path in entries.filter(|path| path.is_file()) {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap();
        for code in text
            .split('"')
            .filter(|part| part.starts_with("check-") && part.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        {
            seen += 1;
            for language in Language::ALL {
                assert!(phrases::has_phrase(language, code), "{code} has no words in {language}");
            }
        }
    }
    assert!(seen > 80, "only {seen} codes found");
}

const TAMPERINGS: &[(&str, &str, Change)] = &[
    // trips
    ("a trip arrives half a minute early", "check-trip-too-fast", |_, plan| last_time(plan).arrive.0 -= 30),
    ("a trip arrives two minutes late", "check-trip-too-slow", |_, plan| {
        let time = last_time(plan);
        time.arrive.0 += 120;
        time.depart.0 += 120;
    }),
    ("a trip stays longer at a stop between", "check-trip-dwell", |_, plan| {
        let trip = plan.trips.iter_mut().max_by_key(|trip| trip.times.len()).unwrap();
        trip.times[0].depart.0 += 30;
    }),
    ("a trip leaves on half a minute", "check-trip-minute", |_, plan| shift_trip(plan, 0, 30)),
    ("a trip leaves in the night", "check-trip-period", |_, plan| {
        let at = i64::from(plan.trips[0].times[0].depart.0);
        shift_trip(plan, 0, 3 * 3600 - at);
    }),
    ("a trip at the same minute", "check-trip-same-minute", |_, plan| {
        let trip = Trip { id: "again".to_owned(), ..plan.trips[0].clone() };
        plan.trips.push(trip);
    }),
    ("a trip leaves out a stop", "check-trip-stops", |_, plan| {
        plan.trips[0].times.pop();
    }),
    ("a trip nobody drives", "check-trip-undriven", |_, plan| {
        for block in &mut plan.blocks {
            block.items.retain(|item| item.kind != ItemKind::Trip || item.trip.as_ref() != Some(&plan.trips[0].id));
        }
    }),
    // loads
    ("more people than seats", "check-overfull", |_, plan| plan.riders[0].people.0 += 60_000),
    ("a load that is not the riders'", "check-load", |_, plan| plan.trips[0].load[0].0 += 1000),
    // vehicles
    ("a vehicle in two places", "check-two-places", |_, plan| {
        let item = plan.blocks[0].items.iter_mut().find(|item| item.kind == ItemKind::Trip).unwrap();
        item.start.0 -= 120;
    }),
    ("a vehicle that jumps", "check-block-jump", |_, plan| {
        for block in &mut plan.blocks {
            let jump = block.items.iter().rposition(|item| item.kind == ItemKind::PullIn).unwrap();
            let (from, to) = (block.items[jump].from.clone(), block.depot.clone());
            block.items[jump].kind = ItemKind::Layover;
            block.items[jump].from = from;
            block.items[jump].to = to;
        }
    }),
    ("a hole in a vehicle's day", "check-block-gap", |_, plan| {
        let items = &mut plan.blocks[0].items;
        let at = items.iter().position(|item| item.kind == ItemKind::Layover).unwrap();
        items.remove(at);
    }),
    ("an empty drive faster than the road allows", "check-deadhead-too-fast", |_, plan| {
        let item = &mut plan.blocks[0].items[0];
        item.start.0 = item.end.0 - 1;
    }),
    ("no time at the end of a trip", "check-layover", |_, plan| {
        let items = &mut plan.blocks[0].items;
        let at = items.iter().position(|item| item.kind == ItemKind::Trip).unwrap();
        let next =
            items.iter().skip(at + 1).position(|item| item.kind != ItemKind::Layover && item.kind != ItemKind::Break);
        let next = at + 1 + next.unwrap();
        items[next].start = items[at].end;
    }),
    ("kilometres that were not driven", "check-item-km", |_, plan| plan.blocks[0].items[0].km += 0.5),
    ("more vehicles than there are", "check-fleet", |_, plan| more_blocks(plan)),
    ("a vehicle that starts before it is there", "check-availability", |_, plan| {
        plan.blocks[0].items[0].start = ServiceTime(0);
    }),
    ("a vehicle from another depot", "check-block-depot", |_, plan| {
        plan.blocks[0].items.remove(0);
    }),
    ("a trip in the block that is not the trip", "check-item-trip", |_, plan| {
        plan.blocks[0].items.iter_mut().find(|item| item.kind == ItemKind::Trip).unwrap().trip = None;
    }),
    // drivers
    ("a drive without a driver", "check-duty-missing", |_, plan| {
        plan.duties.pop();
    }),
    ("the same drive in two duties", "check-duty-extra", |_, plan| {
        let mut duty = plan.duties[0].clone();
        duty.id.push('x');
        plan.duties.push(duty);
    }),
    ("a rest taken away", "check-driving-without-break", |project, plan| {
        // All standing is driving; the limit is what one trip needs.
        project.policy.max_driving = Seconds(1800);
        for duty in &mut plan.duties {
            for item in duty.items.iter_mut().filter(|item| item.kind == ItemKind::Break) {
                item.kind = ItemKind::Layover;
            }
        }
    }),
    ("too long a day at the wheel", "check-driving-day", |project, _| project.policy.max_driving_day = Seconds(1200)),
    // riders
    ("riders counted twice", "check-people-twice", |_, plan| {
        let row = plan.riders[0].clone();
        plan.riders.push(row);
    }),
    ("riders dropped", "check-people-dropped", |_, plan| {
        plan.riders.remove(0);
    }),
    ("people left out dropped", "check-people-dropped", |_, plan| {
        plan.unserved.pop().unwrap();
    }),
    ("a walk shorter than it is", "check-walk", |_, plan| plan.riders[0].walk_m.0 -= 1),
    ("a walk longer than it is", "check-walk", |_, plan| plan.riders[0].walk_m.0 += 50),
    ("a wait understated", "check-wait", |_, plan| {
        let row = plan.riders.iter_mut().find(|row| row.wait_s.0 > 0).unwrap();
        row.wait_s.0 -= 1;
    }),
    ("a ride understated", "check-ride", |_, plan| plan.riders[0].ride_s.0 -= 30),
    ("another train", "check-train", |_, plan| {
        let row = plan.riders.iter_mut().find(|row| row.train.is_some()).unwrap();
        row.train = row.train.map(|train| train + Seconds(60));
    }),
    ("people on a worse trip than there is", "check-better-trip", |_, plan| {
        let (row, trip) = worse_trip(plan).expect("somebody could take another trip of the line");
        plan.riders[row].legs[0].trip = trip;
    }),
    ("people left out though there are seats", "check-unserved-could-ride", |_, plan| {
        let row = plan.riders.remove(0);
        plan.unserved.push(left_out(&row, "full"));
    }),
    ("a reason that is none", "check-reason", |_, plan| {
        plan.unserved[0].reason = "because".to_owned();
    }),
    ("minutes that help nobody", "check-relaxation-untrue", |_, plan| relax(plan, "minutes_later", 1_200.0)),
    ("minutes earlier that help nobody", "check-relaxation-untrue", |_, plan| relax(plan, "minutes_earlier", 1_200.0)),
    ("a fen that helps nobody", "check-relaxation-untrue", |_, plan| relax(plan, "fen", 0.0)),
    ("a change nobody knows", "check-relaxation", |_, plan| relax(plan, "wishes", 3.0)),
    ("less than nothing", "check-relaxation", |_, plan| relax(plan, "walk_m", -3.0)),
    ("people who leave where they board", "check-rider-stops", |_, plan| {
        let leg = &mut plan.riders[0].legs[0];
        leg.alight = leg.board.clone();
    }),
    ("people on a trip of other hours", "check-rider-time", |_, plan| {
        let row = &plan.riders[0];
        let trip = plan.trips.iter().find(|trip| trip.id == row.legs[0].trip).unwrap();
        let (line, service) = (trip.line.clone(), trip.service.clone());
        let time = trip.times[0].depart;
        let other = plan.trips.iter().filter(|trip| trip.line == line && trip.service == service);
        let other = other.max_by_key(|trip| trip.times[0].depart.0.abs_diff(time.0)).unwrap().id.clone();
        plan.riders[0].legs[0].trip = other;
    }),
    ("a wheelchair at a stop with steps", "check-wheelchair", |project, plan| {
        let (cohort, stop) = (plan.riders[0].cohort.clone(), plan.riders[0].legs[0].board.clone());
        plan.cohorts.iter_mut().find(|c| c.id == cohort).unwrap().wheelchair = true;
        plan.stops.iter_mut().find(|s| s.id == stop).unwrap().step_free = false;
        project.policy.k_anonymity += 1;
    }),
    // cohorts
    ("more people than answered", "check-cohort-people", |_, plan| {
        let cohort = plan.cohorts.iter_mut().max_by_key(|cohort| cohort.people).unwrap();
        cohort.people.0 += cohort.people.0 / 10;
    }),
    ("a firm with more people", "check-cohort-firms", |_, plan| {
        let cohort = plan.cohorts.iter_mut().find(|cohort| !cohort.firms.is_empty()).unwrap();
        cohort.firms.values_mut().next().unwrap().0 += 500;
    }),
    ("a dearer alternative", "check-alternative", |_, plan| plan.cohorts[0].alternative.fen += Fen(100)),
    ("another wait without us", "check-alternative", |_, plan| plan.cohorts[0].alternative.wait_s += Seconds(60)),
    ("a saving left out", "check-simulated", |_, plan| simulated(plan).saving = None),
    ("another wished time", "check-cohort-people", |_, plan| plan.cohorts[0].time.0 += 60),
    // stops and lines
    ("a stop moved", "check-stop-moved", |_, plan| plan.stops[0].lat += 0.0003),
    ("a stop moved along its road", "check-stop-road", |_, plan| plan.stops[0].offset_m += 5.0),
    ("steps taken away", "check-stop-steps", |_, plan| plan.stops[0].step_free = !plan.stops[0].step_free),
    ("a stop nobody knows", "check-stop-unknown", |_, plan| plan.stops[0].id = "nowhere".to_owned()),
    ("a line shorter than it is", "check-line-km", |_, plan| plan.lines[0].km -= 0.1),
    ("a line drawn elsewhere", "check-line-geometry", |_, plan| plan.lines[0].geometry.reverse()),
    ("a line with too many stops", "check-line-length", |_, plan| {
        let stops: Vec<String> = plan.lines[0].stops.iter().cycle().take(30).cloned().collect();
        plan.lines[0].stops = stops;
    }),
    ("too many lines", "check-too-many-lines", |_, plan| {
        for n in 0..20 {
            let mut line = plan.lines[0].clone();
            line.id = format!("{}-{n}", line.id);
            plan.lines.push(line);
        }
    }),
    ("a line run on request", "check-line-mode", |_, plan| plan.lines[0].mode = Mode::OnDemand),
    ("a line in a third direction", "check-line-direction", |_, plan| plan.lines[0].direction = 2),
    ("a stop by another name", "check-stop-name", |_, plan| plan.stops[0].name.push('x')),
    ("a stop by another English name", "check-stop-name", |_, plan| plan.stops[0].name_en.push('x')),
    ("a stop of another site", "check-stop-name", |_, plan| plan.stops[0].site = None),
    ("found stops without steps", "check-stop-found", |project, plan| {
        project.stops.clear();
        plan.stops[0].step_free = true;
        plan.stops[0].site = None;
    }),
    ("a stop no line uses", "check-not-in-use", |_, plan| {
        let mut stop = plan.stops[0].clone();
        stop.id.push('x');
        plan.stops.push(stop);
    }),
    // money
    ("a cheaper block", "check-block-cost", |_, plan| plan.costs.by_block[0].fen.0 -= 1),
    ("a cheaper plan", "check-cost-total", |_, plan| plan.costs.total_fen.0 -= 10_000),
    ("a share moved to another", "check-joint-share", |_, plan| {
        plan.costs.shares[0].fen.0 -= 200;
        plan.costs.shares[1].fen.0 += 200;
    }),
    ("shares moved to another, said to be by boardings", "check-share", |_, plan| {
        plan.costs.joint = None;
        plan.costs.shares.iter_mut().for_each(|share| share.method = "by-boardings".to_owned());
        plan.costs.shares[0].fen.0 -= 20_000;
        plan.costs.shares[1].fen.0 += 20_000;
    }),
    ("everybody is worth more than the plan", "check-joint", |_, plan| {
        *joint(plan).values.last_mut().unwrap() += Fen(1);
    }),
    ("somebody is worth more alone", "check-joint", |_, plan| joint(plan).values[1].0 += 100),
    ("a gain moved to another", "check-joint", |_, plan| {
        joint(plan).gains[0].0 += 1;
        joint(plan).gains[1].0 -= 1;
    }),
    ("riders who save more", "check-joint", |_, plan| joint(plan).saved[0].0 += 1),
    ("a player less", "check-joint", |_, plan| drop(joint(plan).players.pop())),
    ("a core that is none, or is one", "check-joint", |_, plan| {
        joint(plan).in_core = joint(plan).in_core.map(|in_core| !in_core);
    }),
    ("parts that are not all", "check-joint", |_, plan| joint(plan).parts.clear()),
    ("a part less than its parts", "check-joint", |_, plan| joint(plan).values[3] = Fen(-1)),
    ("a committee that saves more", "check-group-saving", |_, plan| {
        let group = plan.groups.iter_mut().find(|group| group.kind == "committee").unwrap();
        group.saving_fen = Some(group.saving_fen.map_or(Fen(1), |fen| fen + Fen(1)));
    }),
    ("shares that do not add up", "check-shares-total", |_, plan| plan.costs.shares[0].fen.0 += 1),
    ("a share of a share", "check-share-who", |_, plan| {
        let share = plan.costs.shares[0].clone();
        plan.costs.shares.push(share);
    }),
    ("more than the budget", "check-budget-day", |_, plan| {
        for _ in 0..4 {
            more_blocks(plan);
        }
    }),
    // worth
    ("a better mean", "check-evaluation", |_, plan| plan.evaluation.wait_s_mean -= 1.0),
    ("a cheaper term", "check-term", |_, plan| plan.evaluation.terms.people_fen.0 -= 1),
    ("a better objective", "check-objective", |_, plan| plan.evaluation.objective.0 -= 1),
    ("a worse nothing", "check-nothing", |_, plan| plan.evaluation.nothing.0 += 100),
    ("somebody else worst off", "check-worst-cohort", |_, plan| plan.evaluation.worst_cohort = None),
    ("a bound above the objective", "check-bound-above-objective", |_, plan| {
        plan.bound.objective = plan.evaluation.objective + Fen(1);
    }),
    ("a smaller gap", "check-gap", |_, plan| plan.bound.gap /= 2.0),
    ("a bound nobody can prove", "check-bound-too-high", |_, plan| {
        plan.bound.objective = plan.evaluation.objective;
        plan.bound.gap = 0.0;
        plan.bound.method = "best-conceivable-trip".to_owned();
    }),
    // The judge cannot derive a proof by prices again: it finds a name that is not the proof's.
    ("a bound of one proof by the name of the other", "check-bound-too-high", |_, plan| {
        plan.bound.method = "best-conceivable-trip".to_owned();
    }),
    ("a proof of another kind", "check-bound-method", |_, plan| plan.bound.method = "exact".to_owned()),
    ("a price of changes", "check-changes", |_, plan| {
        plan.evaluation.terms.changes_fen += Fen(100);
        plan.evaluation.objective += Fen(100);
    }),
    ("simulated days nobody simulated", "check-simulated-days", |_, plan| simulated(plan).days = 0),
    ("other days than were simulated", "check-simulated", |_, plan| simulated(plan).seed += 1),
    ("fewer days than were simulated", "check-simulated", |_, plan| simulated(plan).days -= 1),
    ("more people in simulated days", "check-simulated", |_, plan| simulated(plan).served.mean += 0.001),
    ("fewer people left behind", "check-simulated", |_, plan| simulated(plan).left_behind.low /= 2.0),
    ("a simulated objective a fen better", "check-simulated", |_, plan| simulated(plan).objective.mean.0 -= 1),
    ("a narrower interval", "check-simulated", |_, plan| simulated(plan).generalised_s_mean.high -= 0.1),
    ("an interval upside down", "check-simulated-interval", |_, plan| {
        let served = &mut simulated(plan).served;
        std::mem::swap(&mut served.low, &mut served.high);
    }),
    ("a trip that goes wrong kept quiet", "check-simulated", |_, plan| {
        let risk = TripRisk { trip: plan.trips[0].id.clone(), full: 1.0, late: 0.0 };
        let trips = &mut simulated(plan).trips;
        if trips.pop().is_none() {
            trips.push(risk);
        }
    }),
    // parking
    ("a bay used twice", "check-bay-twice", |_, plan| {
        let lot = plan.parking.permits[0].lot.clone();
        for permit in &mut plan.parking.permits {
            permit.lot.clone_from(&lot);
        }
    }),
    ("a bay used twice on a date", "check-bay-twice", |project, plan| {
        let lot = plan.parking.permits[0].lot.clone();
        for permit in &mut plan.parking.permits {
            permit.lot.clone_from(&lot);
            on_date(project, permit, "2026-12-24");
        }
    }),
    ("a permit of a date on which the lot is closed", "check-permit-hours", |project, plan| {
        let permit = &mut plan.parking.permits[0];
        on_date(project, permit, "2026-12-24");
        let lot = project.lots.iter_mut().find(|lot| lot.id == permit.lot).unwrap();
        lot.windows.iter_mut().for_each(|window| window.days = Days::parse("2026-12-31").unwrap());
    }),
    ("a date kept quiet", "check-occupancy", |project, plan| {
        on_date(project, &mut plan.parking.permits[0], "2026-12-24");
    }),
    ("a permit for other hours", "check-permit-window", |_, plan| plan.parking.permits[0].from.0 -= 3600),
    ("a permit outside the lot's hours", "check-permit-hours", |project, plan| {
        let permit = &mut plan.parking.permits[0];
        let request = project.requests.iter_mut().find(|request| request.id == permit.request).unwrap();
        (permit.from, permit.to) = (ServiceTime::hm(0, 0), ServiceTime::hm(24, 0));
        (request.window.from, request.window.to) = (permit.from, permit.to);
        let lot = project.lots.iter_mut().find(|lot| lot.id == permit.lot).unwrap();
        lot.windows[0].from = ServiceTime::hm(18, 0);
        lot.windows.truncate(1);
    }),
    ("a shorter walk to the lot", "check-permit-walk", |_, plan| plan.parking.permits[0].walk_m = Metres(2)),
    ("a request without an answer", "check-request-dropped", |_, plan| {
        plan.parking.refused.pop().unwrap();
    }),
    ("a request answered twice", "check-request-twice", |_, plan| {
        let permit = plan.parking.permits[0].clone();
        plan.parking.permits.push(permit);
    }),
    ("a fuller lot than said", "check-occupancy", |_, plan| {
        let row = plan.parking.occupancy.iter_mut().find(|row| row.changes.iter().any(|change| change.1 > 0)).unwrap();
        row.changes.iter_mut().find(|change| change.1 > 0).unwrap().1 -= 1;
    }),
    ("a broken promise", "check-displacement", |_, plan| {
        let lot = plan.parking.permits[0].lot.clone();
        plan.parking.displacement.iter_mut().find(|row| row.lot == lot).unwrap().upper_99 = 0.5;
    }),
    ("a refusal for no reason known", "check-refusal-reason", |_, plan| {
        plan.parking.refused[0].reason = "because".to_owned();
    }),
    ("a lot in reach denied", "check-refusal-reason", |_, plan| withdraw(plan, "no-lot-in-reach")),
    ("a lot open then denied", "check-refusal-reason", |_, plan| withdraw(plan, "no-lot-at-that-time")),
    ("a price that is none", "check-refusal-reason", |_, plan| withdraw(plan, "too-dear")),
    ("an accessible bay denied", "check-refusal-reason", |_, plan| withdraw(plan, "no-accessible-bay")),
    ("a charger denied", "check-refusal-reason", |_, plan| withdraw(plan, "no-charging-bay")),
    ("full, though all is empty", "check-refusal-reason", |project, plan| {
        // All permits are withdrawn and their holders told that all is full.
        let permits = std::mem::take(&mut plan.parking.permits);
        let wide = |id: &str| project.lots.iter().any(|lot| lot.id == id && lot.bays >= 10);
        assert!(permits.iter().any(|permit| wide(&permit.lot)));
        plan.parking.refused.extend(permits.into_iter().map(|permit| Refusal {
            request: permit.request,
            reason: "full".to_owned(),
            rank: None,
            relaxations: Vec::new(),
        }));
    }),
    ("a reserve of bays that are taken", "check-displacement", |project, plan| {
        let used: Vec<_> = plan.parking.permits.iter().map(|permit| permit.lot.clone()).collect();
        let promise = plan.parking.displacement.iter_mut().find(|promise| used.contains(&promise.lot)).unwrap();
        promise.reserve = project.lots.iter().find(|lot| lot.id == promise.lot).unwrap().bays;
    }),
    ("one more served in an area than there are", "check-parking-area", |_, plan| plan.parking.areas[0].served += 1),
    ("fewer served at most than are served", "check-parking-bound", |_, plan| {
        plan.parking.bound.as_mut().unwrap().served = 1;
    }),
    ("a change of a bay nobody knows", "check-relaxation", |_, plan| {
        let wish = Relaxation::new("wishes", 1.0);
        plan.parking.refused[0].relaxations.push(wish);
    }),
    ("parking taken out but for its promises", "check-request-dropped", |_, plan| {
        let displacement = std::mem::take(&mut plan.parking.displacement);
        plan.parking = Parking { displacement, ..Parking::default() };
    }),
    // rest points, groups
    ("more couriers at a rest point", "check-rest-point", |_, plan| plan.rest_points[0].people += 1.0),
    ("a rest point at a firm's door", "check-rest-site", |project, plan| {
        let stop = |kind| !matches!(kind, SiteKind::Park | SiteKind::Gate | SiteKind::Station | SiteKind::Room);
        plan.rest_points[0].site = project.sites.iter().find(|site| stop(site.kind)).unwrap().id.clone();
    }),
    ("a rest point twice", "check-rest-site", |_, plan| plan.rest_points[1] = plan.rest_points[0].clone()),
    ("an area in no block", "check-group-member", |project, plan| {
        let block = plan.groups.iter_mut().find(|group| group.kind == "block" && group.members.len() > 1).unwrap();
        let left = block.members.pop().unwrap();
        block.people.0 -= project.areas.iter().find(|area| area.id == left).unwrap().people.0;
    }),
    ("all blocks taken out", "check-group-member", |_, plan| plan.groups.retain(|group| group.kind != "block")),
    ("all committees taken out", "check-group-member", |_, plan| plan.groups.retain(|group| group.kind == "block")),
    ("a park in two committees", "check-group-twice", |_, plan| {
        let committees: Vec<usize> = (0..plan.groups.len()).filter(|n| plan.groups[*n].kind == "committee").collect();
        let park = plan.groups[committees[0]].members[0].clone();
        plan.groups[committees[committees.len() - 1]].members.push(park);
    }),
    ("a committee in two", "check-group-far", |_, plan| {
        let large = plan.groups.iter_mut().find(|group| group.kind == "committee" && group.members.len() > 1).unwrap();
        let part = split(large);
        plan.groups.push(part);
    }),
    ("a group of another kind", "check-group-kind", |_, plan| plan.groups[0].kind = "club".to_owned()),
    ("a group with more people", "check-group-people", |_, plan| plan.groups[0].people.0 += 1),
    ("a committee with more people", "check-group-people", |_, plan| {
        plan.groups.iter_mut().find(|group| group.kind == "committee").unwrap().people.0 += 1;
    }),
    // rooms
    ("a room at another hour", "check-room-window", |_, plan| plan.rooms[0].to.0 -= 60),
    ("a claim without an answer", "check-claim-dropped", |_, plan| {
        plan.room_refusals.pop();
    }),
    ("no claim refused", "check-claim-dropped", |_, plan| plan.room_refusals.clear()),
    ("a room taken back in silence", "check-claim-dropped", |_, plan| {
        plan.rooms.remove(0);
    }),
    ("a room taken back", "check-claim-reason", |_, plan| {
        let claim = plan.rooms.remove(0).claim;
        plan.room_refusals.push(RoomRefusal { claim, reason: "taken".to_owned(), relaxations: Vec::new() });
    }),
    ("granted and refused", "check-claim-answers", |_, plan| {
        plan.room_refusals[0].claim = plan.rooms[0].claim.clone();
    }),
    ("refused twice", "check-claim-answers", |_, plan| plan.room_refusals.push(plan.room_refusals[0].clone())),
    ("a claim nobody made", "check-unknown-id", |_, plan| plan.room_refusals[0].claim = "nobody".to_owned()),
    ("taken, not closed", "check-claim-reason", |_, plan| refused(plan, "taken").reason = "closed".to_owned()),
    ("taken, not too small", "check-claim-reason", |_, plan| refused(plan, "taken").reason = "too-small".to_owned()),
    ("a reason nobody knows", "check-claim-reason", |_, plan| refused(plan, "taken").reason = "full".to_owned()),
    ("a minute less would do", "check-room-change", |_, plan| {
        let change = room_change(plan, "minutes_later");
        (change.amount, change.from.0, change.to.0) = (change.amount - 1, change.from.0 - 60, change.to.0 - 60);
    }),
    ("a minute more than the least", "check-room-change", |_, plan| {
        let change = room_change(plan, "minutes_later");
        (change.amount, change.from.0, change.to.0) = (change.amount + 1, change.from.0 + 60, change.to.0 + 60);
    }),
    ("later by another number", "check-room-change", |_, plan| room_change(plan, "minutes_later").amount += 1),
    ("earlier by a minute less", "check-room-change", |_, plan| {
        let change = room_change(plan, "minutes_earlier");
        (change.amount, change.from.0, change.to.0) = (change.amount - 1, change.from.0 + 60, change.to.0 + 60);
    }),
    ("shorter by a minute less", "check-room-change", |_, plan| {
        let change = room_change(plan, "minutes");
        (change.amount, change.to.0) = (change.amount - 1, change.to.0 + 60);
    }),
    ("longer than asked for", "check-room-change", |_, plan| room_change(plan, "minutes").to.0 += 7200),
    ("other days", "check-room-change", |_, plan| room_change(plan, "days").days = "daily".to_owned()),
    ("days nobody can read", "check-room-change", |_, plan| room_change(plan, "days").days = "someday".to_owned()),
    ("a room nobody has", "check-room-change", |_, plan| room_change(plan, "minutes").room = "attic".to_owned()),
    ("another change nobody knows", "check-room-change", |_, plan| {
        room_change(plan, "minutes").kind = "wishes".to_owned();
    }),
    ("a change is kept back", "check-room-change", |_, plan| {
        refused(plan, "taken").relaxations.pop();
    }),
    ("the same advice twice", "check-room-change", |_, plan| {
        let change = room_change(plan, "minutes").clone();
        refused(plan, "taken").relaxations.push(change);
    }),
    ("fewer people at the same time", "check-room-change", |_, plan| {
        let change = room_change(plan, "minutes_later").clone();
        let refusal = plan.room_refusals.iter_mut().find(|row| row.relaxations.contains(&change)).unwrap();
        refusal.relaxations.retain(|change| change.kind != "people");
        refusal.relaxations.push(RoomChange { kind: "people".to_owned(), amount: 1, ..change });
    }),
    // identity
    ("another format", "check-format", |_, plan| plan.format = "jiebo-plan/2".to_owned()),
    ("other inputs", "check-inputs", |_, plan| plan.inputs_hash = "0000000000000000".to_owned()),
    ("another parent", "check-parent", |_, plan| plan.parent = Some("ffffffffffffffff".to_owned())),
    ("another last day", "check-service", |_, plan| {
        plan.services[0].until = plan.services[0].until.yesterday().unwrap();
    }),
    ("a rider nobody knows", "check-unknown-id", |_, plan| plan.riders[0].cohort = "nobody".to_owned()),
    ("two trips of one id", "check-duplicate-id", |_, plan| plan.trips[1].id = plan.trips[0].id.clone()),
];

/// A claim without a room for this reason, who is told of changes.
fn refused<'a>(plan: &'a mut Plan, reason: &str) -> &'a mut RoomRefusal {
    let told = |row: &&mut RoomRefusal| row.reason == reason && !row.relaxations.is_empty();
    plan.room_refusals.iter_mut().find(told).unwrap()
}

/// The first change of this kind.
fn room_change<'a>(plan: &'a mut Plan, kind: &str) -> &'a mut RoomChange {
    let mut changes = plan.room_refusals.iter_mut().flat_map(|row| &mut row.relaxations);
    changes.find(|change| change.kind == kind).unwrap()
}

fn simulated(plan: &mut Plan) -> &mut Simulated {
    plan.simulated.as_mut().unwrap()
}

fn last_time(plan: &mut Plan) -> &mut jiebo::planning::plan::StopTime {
    plan.trips[0].times.last_mut().unwrap()
}

fn shift_trip(plan: &mut Plan, trip: usize, seconds: i64) {
    for time in &mut plan.trips[trip].times {
        for at in [&mut time.arrive, &mut time.depart] {
            at.0 = u32::try_from(i64::from(at.0) + seconds).unwrap();
        }
    }
}

/// The first people left out are told of one change.
fn relax(plan: &mut Plan, kind: &str, amount: f64) {
    plan.unserved[0].relaxations = vec![Relaxation::new(kind, amount)];
}

/// A permit, and what was asked for, of a date.
fn on_date(project: &mut Project, permit: &mut Permit, date: &str) {
    let request = project.requests.iter_mut().find(|request| request.id == permit.request).unwrap();
    request.window.days = Days::parse(date).unwrap();
    permit.days = date.to_owned();
}

/// The first permit is taken back, for this reason.
fn withdraw(plan: &mut Plan, reason: &str) {
    let request = plan.parking.permits.remove(0).request;
    plan.parking.refused.push(Refusal { request, reason: reason.to_owned(), rank: None, relaxations: Vec::new() });
}

fn joint(plan: &mut Plan) -> &mut Joint {
    plan.costs.joint.as_mut().unwrap()
}

/// The last member of a group as a group of its own.
fn split(group: &mut Group) -> Group {
    let members = vec![group.members.pop().unwrap()];
    Group {
        id: format!("{}-split", group.id),
        kind: group.kind.clone(),
        members,
        people: group.people,
        saving_fen: None,
    }
}

/// Every block again, under another name.
fn more_blocks(plan: &mut Plan) {
    for mut block in plan.blocks.clone() {
        block.id.push_str(&format!("-{}", plan.blocks.len()));
        plan.blocks.push(block);
    }
}

fn left_out(row: &Rider, reason: &str) -> Unserved {
    Unserved { cohort: row.cohort.clone(), people: row.people, reason: reason.to_owned(), relaxations: Vec::new() }
}

/// A row, and a trip of its line at most a quarter of an hour farther from its wish than its own, with seats even in the
/// smallest bus.
fn worse_trip(plan: &Plan) -> Option<(usize, String)> {
    for (n, row) in plan.riders.iter().enumerate() {
        let cohort = plan.cohorts.iter().find(|cohort| cohort.id == row.cohort).unwrap();
        let own = plan.trips.iter().find(|trip| trip.id == row.legs[0].trip).unwrap();
        let alike = plan.trips.iter().filter(|trip| trip.line == own.line && trip.service == own.service);
        let at = i64::from(own.times[0].depart.0);
        let later = |trip: &&jiebo::planning::plan::Trip| {
            let by = i64::from(trip.times[0].depart.0) - at;
            if cohort.time_kind == TimeKind::DepartAfter { by } else { -by }
        };
        let slack = 1800.min(i64::from(cohort.max_wait_s.0)) - i64::from(row.wait_s.0);
        let most = |trip: &&jiebo::planning::plan::Trip| trip.load.iter().map(|people| people.0).max().unwrap_or(0);
        let seats = |trip: &&jiebo::planning::plan::Trip| most(trip) + row.people.0 <= 19_000;
        let fits = alike.filter(|trip| later(trip) > 0 && later(trip) < slack && seats(trip));
        if let Some(trip) = fits.min_by_key(|trip| later(trip)) {
            return Some((n, trip.id.clone()));
        }
    }
    None
}
