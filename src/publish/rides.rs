//! Rides on request in words: what is offered, with what, what is promised, what it comes to; the same on every page.

use crate::domain::units::{Fen, ServiceTime};
use crate::planning::plan::{Estimate, OnDemand, Plan, RideRules, RideWorth, Standby, Stop};
use crate::planning::project::Project;
use crate::publish::pages::dates;
use crate::publish::pages::words::Words;

/// Those that are run: without a vehicle nothing is offered.
pub fn offered(plan: &Plan) -> impl Iterator<Item = &OnDemand> {
    plan.on_demand.iter().filter(|offer| !offer.vehicles.is_empty())
}

/// Their stops, each once, ascending by id.
#[must_use]
pub fn stops(plan: &Plan) -> Vec<&Stop> {
    let mut stops: Vec<&Stop> = offered(plan).flat_map(|offer| &offer.stops).collect();
    stops.sort_by(|a, b| a.id.cmp(&b.id));
    stops.dedup_by(|a, b| a.id == b.id);
    stops
}

/// What it is called; its id where it has no name.
#[must_use]
pub fn name(w: Words, offer: &OnDemand) -> String {
    let name = w.either(offer.name.trim(), offer.name_en.trim());
    if name.is_empty() { offer.id.clone() } else { name }
}

/// "09:30–16:30".
#[must_use]
pub fn span((from, until): (ServiceTime, ServiceTime)) -> String {
    format!("{}–{}", from.clock(), until.clock())
}

/// "09:30–13:00, 13:30–16:30".
#[must_use]
pub fn stints(vehicle: &Standby) -> String {
    vehicle.stints.iter().map(|&stint| span(stint)).collect::<Vec<_>>().join(", ")
}

/// Hours a vehicle stands by or drives.
#[must_use]
pub fn hours(vehicle: &Standby) -> f64 {
    vehicle.stints.iter().map(|(from, until)| f64::from(until.since(*from).0)).sum::<f64>() / 3600.0
}

/// On which days.
#[must_use]
pub fn days(w: Words, plan: &Plan, offer: &OnDemand) -> String {
    let service = plan.services.iter().find(|service| service.id == offer.service);
    service.map_or_else(|| offer.service.clone(), |service| dates::days(w.0, service))
}

/// "Vehicle 1, between its trips · 19-seat vehicle", "Hired for this · …".
#[must_use]
pub fn vehicle(w: Words, project: &Project, plan: &Plan, vehicle: &Standby) -> String {
    let kind = w.vehicle(project, &vehicle.vehicle_type);
    match (plan.number_of(vehicle), &vehicle.block) {
        (Some(n), _) => w.with("asked-vehicle-between", &[("n", &n.to_string()), ("type", &kind)]),
        (None, Some(block)) => w.with("asked-vehicle-between", &[("n", block), ("type", &kind)]),
        (None, None) => w.with("asked-vehicle-hired", &[("type", &kind)]),
    }
}

/// Whole minutes as a rider is told them: what is promised rounds up.
fn minutes(seconds: u32) -> String {
    seconds.div_ceil(60).to_string()
}

/// What is promised, a sentence each: when to ask, the window, the wait, the ride, a clear no.
#[must_use]
pub fn promises(w: Words, rules: &RideRules) -> Vec<String> {
    let ask = match rules.notice_s {
        0 => w.t("asked-promise-ask-any"),
        notice => w.with("asked-promise-ask", &[("minutes", &minutes(notice))]),
    };
    let times = format!("{:.2}", f64::from(rules.ride_percent) / 100.0);
    let times = times.trim_end_matches('0').trim_end_matches('.');
    vec![
        ask,
        w.with("asked-promise-window", &[("minutes", &minutes(rules.window_s))]),
        w.with("asked-promise-wait", &[("minutes", &minutes(rules.max_wait_s))]),
        w.with(
            "asked-promise-ride",
            &[("times", times), ("slack", &minutes(rules.ride_slack_s)), ("most", &minutes(rules.max_ride_s))],
        ),
        w.t("asked-promise-no"),
    ]
}

/// What a day costs: vehicles, the line it is, its stops.
#[must_use]
pub fn cost(worth: &RideWorth) -> Fen {
    worth.running_fen + worth.upkeep_fen
}

/// What a day saves beyond what it costs.
#[must_use]
pub fn net(worth: &RideWorth) -> Estimate<Fen> {
    let less = |fen: Fen| fen - cost(worth);
    Estimate { mean: less(worth.saving.mean), low: less(worth.saving.low), high: less(worth.saving.high) }
}

/// Of those who ask, the share that rides.
#[must_use]
pub fn share(worth: &RideWorth) -> f64 {
    if worth.asked > 0.0 { (worth.served.mean / worth.asked).clamp(0.0, 1.0) } else { 0.0 }
}

/// Are those who ask and do not ride so few that it must not follow from two figures how many they are?
#[must_use]
pub fn few_left(worth: &RideWorth, k: u32) -> bool {
    let left = worth.asked - worth.served.mean;
    left > 0.0 && left < f64::from(k)
}

/// People who ask, rounded, where the exact figure would tell of the few who do not ride.
#[must_use]
pub fn told_asked(w: Words, worth: &RideWorth, k: u32) -> Option<String> {
    (few_left(worth, k) && worth.asked >= f64::from(k)).then(|| {
        let steps = (worth.asked / f64::from(k)).round();
        format!("≈{}", w.people(steps * f64::from(k), k))
    })
}

/// Of those who ask, the share that rides: in tenths where it would tell of the few who do not.
#[must_use]
pub fn told_share(worth: &RideWorth, k: u32) -> f64 {
    let parts = if few_left(worth, k) { 10.0 } else { 100.0 };
    (share(worth) * parts).round() / parts
}

/// How much of what foresight could do is done: how good the answers are. Tells of nobody.
#[must_use]
pub fn reached(worth: &RideWorth) -> f64 {
    if worth.foresight > 0.0 { (share(worth) / worth.foresight).clamp(0.0, 1.0) } else { 1.0 }
}

/// What the vehicles are called beside a picture.
#[must_use]
pub fn lanes(w: Words, plan: &Plan, offer: &OnDemand) -> Vec<String> {
    let mut hired = 0;
    let name = |vehicle: &Standby| match (plan.number_of(vehicle), &vehicle.block) {
        (Some(n), _) => w.with("asked-lane-between", &[("n", &n.to_string())]),
        (None, Some(block)) => w.with("asked-lane-between", &[("n", block)]),
        (None, None) => {
            hired += 1;
            w.with("asked-lane-hired", &[("n", &hired.to_string())])
        }
    };
    offer.vehicles.iter().map(name).collect()
}

/// Why it is not run, in a sentence.
#[must_use]
pub fn why_not(w: Words, plan: &Plan, offer: &OnDemand) -> String {
    let net = net(&offer.worth).mean;
    let (name, days, hours) = (name(w, offer), days(w, plan, offer), span((offer.from, offer.until)));
    let yuan = |fen: Fen| crate::publish::pages::words::yuan_exact(fen);
    let slots = [
        ("name", name.as_str()),
        ("days", &days),
        ("hours", &hours),
        ("saving", &yuan(offer.worth.saving.mean)),
        ("cost", &yuan(cost(&offer.worth))),
        ("loss", &yuan(Fen::ZERO - net)),
    ];
    // Nobody asks, or there is no vehicle: nothing was drawn.
    w.with(if net < Fen::ZERO { "asked-not-paying" } else { "asked-not-run" }, &slots)
}

/// How a cohort fares with rides on request: whether it may ask, how often it was taken, and the drawn day. Planner.
#[must_use]
pub fn explained(w: Words, plan: &Plan, cohort: &str) -> Vec<String> {
    let (mut said, numbers) = (Vec::new(), plan.standby_numbers());
    for offer in &plan.on_demand {
        let Some(asks) = offer.asks.iter().find(|asks| asks.cohort == cohort) else { continue };
        let name = name(w, offer);
        let hours = span((offer.from, offer.until));
        let notice = minutes(offer.rules.notice_s);
        let slots = [("name", name.as_str()), ("hours", &hours), ("minutes", &notice)];
        if offer.vehicles.is_empty() {
            said.push(w.with("explain-asks-not-run", &slots));
            continue;
        }
        said.push(w.with("explain-asks", &slots));
        let days = offer.worth.days.to_string();
        said.push(if asks.taken > 0.0 {
            let percent = format!("{:.0}", asks.taken * 100.0);
            w.with("explain-asks-taken", &[("days", &days), ("percent", &percent)])
        } else {
            // Of the other days it is not kept whether they asked.
            let asked = offer.day.refused.iter().any(|refused| refused.cohort == cohort);
            w.with(if asked { "explain-asks-in-vain" } else { "explain-asks-never" }, &[("days", &days)])
        });
        let number = (offer.day.number + 1).to_string();
        let vehicle = |id: &str| numbers.get(id).map_or_else(|| id.to_owned(), ToString::to_string);
        let stop =
            |id: &str| offer.stops.iter().find(|stop| stop.id == id).map_or_else(|| id.to_owned(), |s| w.stop(s));
        for ride in offer.day.rides.iter().filter(|ride| ride.cohort == cohort) {
            said.push(w.with(
                "explain-asks-ride",
                &[
                    ("day", number.as_str()),
                    ("asked", &ride.asked.clock()),
                    ("window", &span(ride.window)),
                    ("from", &stop(&ride.board)),
                    ("boards", &ride.boards.clock()),
                    ("to", &stop(&ride.alight)),
                    ("alights", &ride.alights.clock()),
                    ("vehicle", &vehicle(&ride.vehicle)),
                ],
            ));
        }
        for refused in offer.day.refused.iter().filter(|refused| refused.cohort == cohort) {
            let reason = w.code("reason-ride-", &refused.reason);
            let slots = [("day", number.as_str()), ("asked", &refused.asked.clock()), ("reason", &reason)];
            said.push(w.with("explain-asks-refused", &slots));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::{Language, has_phrase};

    #[test]
    fn what_is_promised_in_plain_words() {
        let plan = fixture::with_rides();
        let rules = &plan.on_demand[0].rules;
        insta::assert_snapshot!(promises(Words(Language::Zh), rules).join("\n"), @"
        出发前至少 30 分钟预约。
        约好时告诉您一个最长 10 分钟的上车时段，车在这段时间内来；以后别人再约，也不会比答应您的更晚。
        最多等 15 分钟（从您能到站的时候算起）；要按时到达的，最多早到 15 分钟。
        乘车时间最多为直达的 1.5 倍再加 5 分钟，并且不超过 30 分钟（直达就要更久的除外）。
        接不了的当场说明，不会让您空等。
        ");
        insta::assert_snapshot!(promises(Words(Language::En), rules).join("\n"), @"
        Ask at least 30 minutes before you set out.
        You are told a pick-up window of at most 10 minutes and the vehicle comes within it; whoever asks after you, it is never later than promised.
        You wait at most 15 minutes from when you can be at the stop; who has to be somewhere by a time is there at most 15 minutes early.
        The ride takes at most 1.5 times the direct one and 5 minutes more, and no longer than 30 minutes (unless the direct one does).
        If it cannot be done you are told so at once; nobody waits in vain.
        ");
        let at_once = RideRules { notice_s: 0, ride_percent: 125, ..*rules };
        let said = promises(Words(Language::En), &at_once);
        assert!(said[0].starts_with("Ask at any time") && said[3].contains("1.25 times"), "{said:?}");
    }

    #[test]
    fn a_cohort_hears_when_it_may_ask_and_why_it_was_refused() {
        let plan = fixture::with_rides();
        insta::assert_snapshot!(explained(Words(Language::Zh), &plan, "c-r-lunch").join("\n"), @"
        可以预约“日间预约乘车”：09:30–16:30，出发前至少 30 分钟。
        抽出的 200 天里，他们来约时有 88% 乘上。
        抽出的第 18 天：11:20 预约，答应 12:03–12:13 在灵石公园南门上车；12:06 上 1 号车，12:09 到马戏城北广场。
        抽出的第 18 天：11:28 预约，答应 12:05–12:15 在灵石公园南门上车；12:12 上 3 号车，12:16 到马戏城北广场。
        抽出的第 18 天：11:34 预约，没有接：接了就会违背已经答应别人的时间。
        ");
        insta::assert_snapshot!(explained(Words(Language::En), &plan, "c-r-lunch").join("\n"), @"
        May ask for “Midday rides on request”: 09:30–16:30, at least 30 minutes before setting out.
        On 200 drawn days they were taken and rode 88% of the times they asked.
        On drawn day 18: asked at 11:20, promised 12:03–12:13 at Lingshi Park South Gate; boarded vehicle 1 at 12:06, at Circus World North Square by 12:09.
        On drawn day 18: asked at 11:28, promised 12:05–12:15 at Lingshi Park South Gate; boarded vehicle 3 at 12:12, at Circus World North Square by 12:16.
        On drawn day 18: asked at 11:34 and was refused: taking them would break what others were promised.
        ");
        assert_eq!(explained(Words(Language::Zh), &plan, "c-y-m"), Vec::<String>::new());
        // Never taken: the drawn day may tell that they asked.
        let mut never = plan.clone();
        never.on_demand[0].asks.iter_mut().for_each(|asks| asks.taken = 0.0);
        never.on_demand[0].day.rides.clear();
        assert_eq!(
            explained(Words(Language::En), &never, "c-r-lunch")[1],
            "On 200 drawn days they asked and were never taken."
        );
        never.on_demand[0].day.refused.clear();
        assert_eq!(
            explained(Words(Language::En), &never, "c-r-lunch")[1],
            "On 200 drawn days they did not ask, or were never taken."
        );
        let not = fixture::that_do_not_pay();
        assert_eq!(explained(Words(Language::En), &not, "c-r-few").len(), 1);
        // 92 yuan saved, 514 and 55 spent.
        insta::assert_snapshot!(why_not(Words(Language::En), &not, &not.on_demand[0]), @"“Midday rides on request” (Mon–Fri 09:30–16:30) does not pay and is not run: on a mean day it would save the worth of ¥92.00 in time and money and cost ¥569.00, a loss of ¥477.00.");
    }

    #[test]
    fn net_is_what_is_left_of_the_saving() {
        let worth = &fixture::with_rides().on_demand[0].worth;
        // 648 yuan saved; 514 for vehicles and 55 for line and stops.
        assert_eq!(net(worth), Estimate { mean: Fen(7_900), low: Fen(6_000), high: Fen(9_800) });
        assert!((share(worth) - 19.3 / 21.6).abs() < 1e-9);
        assert_eq!(share(&RideWorth::default()), 0.0);
    }

    #[test]
    fn two_figures_do_not_tell_of_the_few_who_do_not_ride() {
        let mut worth = fixture::with_rides().on_demand[0].worth.clone();
        let w = Words(Language::Zh);
        // 2.3 of 21.6 do not ride.
        assert_eq!(told_asked(w, &worth, 5).as_deref(), Some("≈20"));
        assert!((told_share(&worth, 5) - 0.9).abs() < 1e-9);
        // 0.894 of 0.94.
        assert!((reached(&worth) - 0.9505).abs() < 1e-3);
        worth.asked = 27.4;
        assert_eq!(told_asked(w, &worth, 5), None);
        assert!((told_share(&worth, 5) - 0.7).abs() < 1e-9);
        worth.asked = worth.served.mean;
        assert_eq!(told_asked(w, &worth, 5), None, "everybody rides");
    }

    #[test]
    fn every_refusal_has_words() {
        for code in ["too-late", "shift", "too-far", "promised", "room", "alternative-is-better"] {
            for language in Language::ALL {
                assert!(has_phrase(language, &format!("reason-ride-{code}")), "{code}");
            }
        }
    }

    #[test]
    fn each_stop_is_named_once() {
        let mut plan = fixture::with_rides();
        plan.on_demand.push(plan.on_demand[0].clone());
        let ids: Vec<&str> = stops(&plan).iter().map(|stop| stop.id.as_str()).collect();
        assert_eq!(ids, ["r-clinic", "r-mx", "r-park", "s-dn"]);
        assert_eq!(stops(&fixture::that_do_not_pay()), Vec::<&Stop>::new());
    }
}
