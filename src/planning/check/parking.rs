//! Does every permit hold? Inside the owner's hours, no bay for two cars, within the walk and the price, the promise to owners kept.
//!
//! Time is minutes of the week and of the dates unlike it ([`times`](super::times)). Bays are counted so that it works out
//! whichever of them are accessible and have a charger: plain cars stand on neither.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::case::Case;
use super::ground::Ground;
use super::refusals;
use super::report::Report;
use super::times::{Counts, Hours, Moment, WEEK, moments};
use super::walks::Walks;
use crate::domain::calendar::{Days, Window, weekday_of};
use crate::domain::finding::Finding;
use crate::domain::units::ServiceTime;
use crate::planning::plan::{Occupancy, Permit};
use crate::planning::project::{Lot, ParkingRequest};

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Bays in use at each minute, by class.
#[derive(Clone, Debug, Default)]
pub(super) struct Use {
    all: Counts,
    plain: Counts,
    accessible: Counts,
    charging: Counts,
    both: Counts,
}

impl Use {
    /// Bays taken at a minute by cars that need the same kind of bay; of a minute of every week, on the fullest date too.
    pub(super) fn alike(&self, moment: Moment, request: &ParkingRequest) -> u32 {
        let alike = |moment: Moment| match (request.accessible, request.charging) {
            (false, false) => self.plain.at(moment),
            (true, false) => self.accessible.at(moment) - self.both.at(moment),
            (false, true) => self.charging.at(moment) - self.both.at(moment),
            (true, true) => self.both.at(moment),
        };
        self.all.cases(moment).map(alike).max().unwrap_or(0)
    }
}

pub(super) fn check(case: &Case<'_>, ground: &Ground<'_>, report: &mut Report) {
    let parking = &case.plan.parking;
    let answers = parking.permits.len() + parking.refused.len();
    let nothing = answers == 0 && parking.occupancy.is_empty() && parking.displacement.is_empty();
    if nothing && !case.plan.says_it_plans("parking") {
        return; // not asked for
    }
    let requests: BTreeMap<&str, &ParkingRequest> =
        case.project.requests.iter().map(|request| (request.id.as_str(), request)).collect();
    answered(case, report);
    let walks = Walks::new(case, ground);
    // Many lots lend at the same times.
    let mut alike: BTreeMap<&[Window], Hours> = BTreeMap::new();
    for lot in &case.project.lots {
        alike.entry(&lot.windows).or_insert_with(|| Hours::of(&lot.windows));
    }
    let hours: BTreeMap<&str, &Hours> =
        case.project.lots.iter().filter_map(|lot| Some((lot.id.as_str(), alike.get(&lot.windows[..])?))).collect();
    let lots: BTreeMap<&str, (&Lot, &Hours)> = case
        .project
        .lots
        .iter()
        .filter_map(|lot| Some((lot.id.as_str(), (lot, *hours.get(lot.id.as_str())?))))
        .collect();
    // Of lots in an exchange those of others too: the owner's own cars stand in nobody's way.
    let (mut used, mut others) = (BTreeMap::<&str, Use>::new(), BTreeMap::<&str, Use>::new());
    for permit in &parking.permits {
        let Some(&(lot, open)) = lots.get(permit.lot.as_str()) else { continue };
        let Some(request) = requests.get(permit.request.as_str()) else { continue };
        judge(&walks, permit, request, (lot, open), report);
        if let Some(window) = window_of(permit) {
            occupy(used.entry(lot.id.as_str()).or_default(), &window, request);
            if lot.exchange && !is_own(lot, request) {
                occupy(others.entry(lot.id.as_str()).or_default(), &window, request);
            }
        }
    }
    for (id, used) in &used {
        if let Some((lot, _)) = lots.get(id) {
            bays(lot, used, report);
        }
    }
    for row in &parking.occupancy {
        if let Some(&lot) = lots.get(row.lot.as_str()) {
            occupancy(row, lot, used.get(row.lot.as_str()), report);
        }
    }
    let mut told: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in &parking.occupancy {
        *told.entry((&row.lot, &row.day)).or_default() += 1;
    }
    for (id, used) in &used {
        let dates = lots.get(id).map_or_else(Vec::new, |&lot| unlike(lot, used));
        for day in DAYS.into_iter().map(str::to_owned).chain(dates) {
            let rows = told.get(&(*id, day.as_str())).copied().unwrap_or(0);
            if rows != 1 {
                report.add(
                    Finding::error("check-occupancy")
                        .arg("lot", *id)
                        .arg("at", day)
                        .arg("what", "rows")
                        .arg("expected", 1_u32)
                        .arg("found", rows),
                );
            }
        }
    }
    promises(case, &lots, (&used, &others), report);
    areas(case, report);
    parties(case, report);
    bound(case, report);
    refusals::check(case, &walks, &lots, &used, report);
}

/// Every request has one answer.
fn answered(case: &Case<'_>, report: &mut Report) {
    let mut answers: BTreeMap<&str, u32> = BTreeMap::new();
    for id in case.plan.parking.permits.iter().map(|permit| &permit.request) {
        *answers.entry(id).or_default() += 1;
    }
    for id in case.plan.parking.refused.iter().map(|refusal| &refusal.request) {
        *answers.entry(id).or_default() += 1;
    }
    for request in &case.project.requests {
        match answers.get(request.id.as_str()).copied().unwrap_or(0) {
            1 => {}
            0 => report.add(Finding::error("check-request-dropped").arg("request", request.id.as_str())),
            times => {
                report
                    .add(Finding::error("check-request-twice").arg("request", request.id.as_str()).arg("found", times));
            }
        }
    }
}

/// The permit's window; `None` of days nobody can read or more than a week long.
fn window_of(permit: &Permit) -> Option<Window> {
    let days = Days::parse(&permit.days)?;
    let sound = permit.from < permit.to && permit.to.0 <= 7 * 86_400;
    sound.then_some(Window { days, from: permit.from, to: permit.to })
}

fn occupy(used: &mut Use, window: &Window, request: &ParkingRequest) {
    for moment in moments(window) {
        let classes = [
            (&mut used.all, true),
            (&mut used.accessible, request.accessible),
            (&mut used.charging, request.charging),
            (&mut used.both, request.accessible && request.charging),
            (&mut used.plain, !request.accessible && !request.charging),
        ];
        classes.into_iter().filter(|(_, is_of)| *is_of).for_each(|(class, _)| class.add(moment));
    }
}

/// Is the lot one that the request's own party shares? It is theirs at any time.
pub(super) fn is_own(lot: &Lot, request: &ParkingRequest) -> bool {
    lot.exchange && request.party.as_deref() == Some(lot.owner.as_str())
}

fn judge(
    walks: &Walks<'_>,
    permit: &Permit,
    request: &ParkingRequest,
    (lot, open): (&Lot, &Hours),
    report: &mut Report,
) {
    let at = |code: &str| Finding::error(code).arg("request", permit.request.as_str()).arg("lot", permit.lot.as_str());
    let show = |days: &str, from: ServiceTime, to: ServiceTime| format!("{days} {}-{}", from.clock(), to.clock());
    let asked = show(&request.window.days.to_string(), request.window.from, request.window.to);
    let given = show(&permit.days, permit.from, permit.to);
    match window_of(permit) {
        Some(window) if window == request.window => {
            if !is_own(lot, request) && moments(&window).into_iter().any(|moment| !open.has(moment)) {
                report.add(at("check-permit-hours").arg("found", given));
            }
        }
        _ => report.add(at("check-permit-window").arg("expected", asked).arg("found", given)),
    }
    let walk = walks.of(&request.id, &lot.id);
    let said = permit.walk_m.0;
    if walk.is_none_or(|metres| metres.abs_diff(said) > 1) {
        report.add(
            at("check-permit-walk")
                .arg("expected", walk.map_or_else(|| "-".to_owned(), |metres| metres.to_string()))
                .arg("found", said),
        );
    }
    if said > request.max_walk.0 || walk.is_some_and(|metres| metres > request.max_walk.0) {
        report.add(
            at("check-permit-walk-limit")
                .arg("expected", request.max_walk.0)
                .arg("found", walk.unwrap_or(said).max(said)),
        );
    }
    if request.max_price.is_some_and(|most| lot.price > most) {
        let most = request.max_price.map_or_else(String::new, |most| most.to_string());
        report.add(at("check-permit-price").arg("expected", most).arg("found", lot.price.to_string()));
    }
}

/// At no minute are there more cars than bays, of all and of each kind.
fn bays(lot: &Lot, used: &Use, report: &mut Report) {
    let special = lot.accessible_bays.saturating_add(lot.charging_bays);
    for (class, used, bays) in [
        ("all", &used.all, lot.bays),
        ("plain", &used.plain, lot.bays.saturating_sub(special)),
        ("accessible", &used.accessible, lot.accessible_bays),
        ("charging", &used.charging, lot.charging_bays),
        ("both", &used.both, special.saturating_sub(lot.bays)),
    ] {
        if let Some((moment, most)) = used.each().find(|(_, used)| *used > bays) {
            report.add(
                Finding::error("check-bay-twice")
                    .arg("lot", lot.id.as_str())
                    .arg("class", class)
                    .arg("at", moment.text())
                    .arg("expected", bays)
                    .arg("found", most),
            );
        }
    }
}

/// What is used and lent at the minutes of a weekday, or of a date with what is of every week.
fn truth<'a>(
    (lot, open): (&'a Lot, &'a Hours),
    used: Option<&'a Use>,
    weekday: usize,
    date: Option<Date>,
) -> impl Fn(usize) -> (u32, u32) + 'a {
    let (open, used) = (open.day(weekday, date), used.map(|used| used.all.day(weekday, date)));
    move |minute| {
        let lent = if lot.exchange || open.at(minute) > 0 { lot.bays } else { 0 };
        (used.map_or(0, |used| used.at(minute)), lent)
    }
}

/// The dates on which a lot in use is not as on their weekday.
fn unlike(lot: (&Lot, &Hours), used: &Use) -> Vec<String> {
    let dates: BTreeSet<Date> = used.all.dates().chain(lot.1.dates()).collect();
    let differs = |date: &Date| {
        let day = weekday_of(*date);
        let [then, usually] = [Some(*date), None].map(|date| truth(lot, Some(used), day, date));
        (0..1440).any(|minute| then(minute) != usually(minute))
    };
    dates.into_iter().filter(differs).map(|date| date.to_string()).collect()
}

/// What the row says of each minute of its day: what was said last.
fn occupancy(row: &Occupancy, lot: (&Lot, &Hours), used: Option<&Use>, report: &mut Report) {
    let wrong = |at: String, what: &str, expected: u32, found: u32| {
        Finding::error("check-occupancy")
            .arg("lot", row.lot.as_str())
            .arg("at", at)
            .arg("what", what)
            .arg("expected", expected)
            .arg("found", found)
    };
    let date = row.day.parse::<Date>().ok();
    let Some(day) = date.map(weekday_of).or_else(|| DAYS.iter().position(|day| *day == row.day)) else {
        report.add(wrong(Moment { minute: WEEK, date: None }.text(), "day", 0, 0));
        return;
    };
    let ordered = row.changes.windows(2).all(|pair| pair[0].0 < pair[1].0);
    if !ordered {
        report.add(wrong(Moment { minute: day * 1440, date }.text(), "order", 0, 0));
    }
    let truth = truth(lot, used, day, date);
    let mut changes = row.changes.iter().peekable();
    let (mut said, mut released) = (0, 0);
    for minute in 0..1440 {
        let moment = Moment { minute: day * 1440 + minute, date };
        while let Some((_, used, lent)) = changes.next_if(|change| change.0.0 as usize <= minute * 60) {
            (said, released) = (*used, *lent);
        }
        let (expected, most) = truth(minute);
        if said != expected {
            report.add(wrong(moment.text(), "used", expected, said));
            return;
        }
        if released != most {
            report.add(wrong(moment.text(), "released", most, released));
            return;
        }
    }
}

/// What is said of each area is what its requests have; and it says so where that is less than the floor.
fn areas(case: &Case<'_>, report: &mut Report) {
    let parking = &case.plan.parking;
    let served: BTreeSet<&str> = parking.permits.iter().map(|permit| permit.request.as_str()).collect();
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for request in &case.project.requests {
        if let Some(area) = request.area.as_deref() {
            let count = counts.entry(area).or_default();
            count.0 += 1;
            count.1 += u32::from(served.contains(request.id.as_str()));
        }
    }
    let wrong = |area: &str, expected: String, found: String| {
        Finding::error("check-parking-area").arg("area", area).arg("expected", expected).arg("found", found)
    };
    let show = |(requests, served): (u32, u32)| format!("{served}/{requests}");
    for row in &parking.areas {
        let truth = counts.remove(row.area.as_str()).unwrap_or_default();
        if truth != (row.requests, row.served) {
            report.add(wrong(&row.area, show(truth), show((row.requests, row.served))));
        }
        // More than a share of all its requests is never asked for.
        let most = u64::from(truth.0) * u64::from(case.project.policy.area_floor) / 1000;
        if u64::from(row.floor) > most {
            report.add(wrong(&row.area, most.to_string(), row.floor.to_string()));
        }
        let below = case.plan.findings.iter().any(|finding| {
            finding.code == "parking-area-below-floor" && finding.args.get("area") == Some(&row.area.as_str().into())
        });
        if (row.served < row.floor) != below {
            report.add(wrong(&row.area, row.floor.to_string(), row.served.to_string()));
        }
    }
    // An older plan says nothing of areas.
    if !parking.areas.is_empty() {
        for (area, truth) in counts {
            report.add(wrong(area, show(truth), "-".to_owned()));
        }
    }
}

/// What is said of a party is what its requests have, and no party fares worse than alone.
fn parties(case: &Case<'_>, report: &mut Report) {
    let permits: BTreeMap<&str, u32> =
        case.plan.parking.permits.iter().map(|permit| (permit.request.as_str(), permit.walk_m.0)).collect();
    let shares = |party: &str| case.project.lots.iter().any(|lot| lot.exchange && lot.owner == party);
    let sharing: BTreeSet<&str> =
        case.project.requests.iter().filter_map(|request| request.party.as_deref()).filter(|it| shares(it)).collect();
    for party in sharing {
        let rows = case.plan.parking.exchange.iter().filter(|row| row.party == party).count();
        if rows != 1 {
            report.add(
                Finding::error("check-party-told")
                    .arg("party", party)
                    .arg("found", u32::try_from(rows).unwrap_or(u32::MAX)),
            );
        }
    }
    for row in &case.plan.parking.exchange {
        let of_party = case.project.requests.iter().filter(|request| request.party.as_deref() == Some(&row.party));
        let (mut requests, mut served, mut walk) = (0_u32, 0_u32, 0_u32);
        for request in of_party {
            requests += 1;
            if let Some(metres) = permits.get(request.id.as_str()) {
                served += 1;
                walk = walk.saturating_add(*metres);
            }
        }
        let said = (row.requests, row.together, row.together_walk_m.0);
        let worse = served < row.alone || (served == row.alone && walk > row.alone_walk_m.0);
        if said != (requests, served, walk) || worse {
            report.add(
                Finding::error("check-parking-party")
                    .arg("party", row.party.as_str())
                    .arg("expected", format!("{served}/{requests}, {walk} m"))
                    .arg(
                        "found",
                        format!("{}/{}, {} m (alone {}, {} m)", said.1, said.0, said.2, row.alone, row.alone_walk_m.0),
                    ),
            );
        }
    }
}

/// Nothing is better than what is said to be impossible.
fn bound(case: &Case<'_>, report: &mut Report) {
    let parking = &case.plan.parking;
    let served = u32::try_from(parking.permits.len()).unwrap_or(u32::MAX);
    let walk: u64 = parking.permits.iter().map(|permit| u64::from(permit.walk_m.0)).sum();
    let Some(bound) = parking.bound else { return };
    if bound.served < served || u64::from(bound.walk_m.0) > walk || bound.served as usize > case.project.requests.len()
    {
        report.add(
            Finding::error("check-parking-bound")
                .arg("expected", format!("{served}, {walk} m"))
                .arg("found", format!("{}, {} m", bound.served, bound.walk_m.0)),
        );
    }
}

/// Each lot in use promises its owner that a bay is there, and keeps to the limit.
fn promises(
    case: &Case<'_>,
    lots: &BTreeMap<&str, (&Lot, &Hours)>,
    (used, others): (&BTreeMap<&str, Use>, &BTreeMap<&str, Use>),
    report: &mut Report,
) {
    for (id, (lot, _)) in lots {
        let said = case.plan.parking.displacement.iter().find(|said| said.lot == **id);
        let Some(said) = said else {
            if used.contains_key(id) && !lot.owner_return.is_empty() {
                report.add(
                    Finding::error("check-displacement")
                        .arg("lot", *id)
                        .arg("expected", lot.displace_max)
                        .arg("found", "-"),
                );
            }
            continue;
        };
        let sound = said.probability >= 0.0 && said.probability <= said.upper_99 && said.upper_99 <= 1.0;
        // What is to be left free cannot be taken.
        let who = if lot.exchange { others.get(id) } else { used.get(id) };
        let fullest = who.and_then(|who| who.all.each().map(|(_, cars)| cars).max()).unwrap_or(0);
        let fits = who.is_none() || fullest.saturating_add(said.reserve) <= lot.bays;
        // A lot nobody uses displaces nobody, whatever little its history proves.
        let kept = said.upper_99 <= lot.displace_max || !used.contains_key(id);
        if !sound || !kept || !fits {
            report.add(
                Finding::error("check-displacement")
                    .arg("lot", *id)
                    .arg("expected", lot.displace_max)
                    .arg("found", format!("{:.4} ({:.4})", said.upper_99, said.probability)),
            );
        }
    }
}
