//! Shared parking, rest points, groups and rooms: what was granted, what was not and why, how full, what is promised to
//! owners.

use std::collections::BTreeMap;

use super::joint;
use crate::domain::units::People;
use crate::planning::plan::{Group, Plan, RoomChange, RoomRefusal};
use crate::planning::project::Project;
use crate::publish::audience::{self, Part};
use crate::publish::drawing::heat;
use crate::publish::pages::dates;
use crate::publish::pages::words::Words;

/// A row of a table.
pub type Row = Vec<String>;

/// The section; what is empty is not shown.
#[derive(Clone, Debug)]
pub struct Sharing {
    /// "29 of 38 requests have a bay."
    pub permits: String,
    /// Lots: name, bays, cars, promise, kept or not.
    pub lots: Vec<Row>,
    /// Whether every area has its floor; empty where no area asked.
    pub areas: String,
    /// Parties that share their own bays: name, requests, served alone, served together.
    pub parties: Vec<Row>,
    /// Refusals by reason.
    pub refused: Vec<Row>,
    /// Occupancy over the week.
    pub heat: Option<String>,
    /// Its scale.
    pub steps: [&'static str; 6],
    /// Rest points: name, courier-hours.
    pub rest: Vec<Row>,
    /// Groups: kind, members, people.
    pub groups: Vec<Row>,
    /// What committees gain from a joint shuttle, a sentence each.
    pub savings: Vec<String>,
    /// Rooms: name, day and time, who.
    pub rooms: Vec<Row>,
    /// Claims without one: id, what they asked for, days, time, people, why, what would help.
    pub no_room: Vec<Row>,
}

/// Collects it; `told` are the parks whose share of the cost is told.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan, told: &[(String, String)]) -> Sharing {
    let k = project.policy.k_anonymity;
    let (granted, refused) = (plan.parking.permits.len(), plan.parking.refused.len());
    let permits = if granted + refused == 0 { String::new() } else { permits_told(w, (granted, refused), k) };
    Sharing {
        permits,
        lots: lots(w, project, plan),
        areas: areas_told(w, project, plan),
        parties: parties(w, project, plan),
        refused: refusals(w, project, plan),
        heat: heat::svg(project, plan, &dates::weekdays(w.0), &w.t("report-occupancy")),
        steps: heat::STEPS,
        rest: plan
            .rest_points
            .iter()
            .map(|point| vec![w.place(project, plan, &point.site), w.people(point.people, k)])
            .collect(),
        groups: plan
            .groups
            .iter()
            .map(|group| {
                vec![w.code("report-group-", &group.kind), members(w, project, plan, group), w.persons(group.people, k)]
            })
            .collect(),
        savings: plan
            .groups
            .iter()
            .filter_map(|group| joint::committee(w, &members(w, project, plan, group), group, told))
            .collect(),
        rooms: rooms(w, project, plan),
        no_room: no_room(w, project, plan),
    }
}

/// "36 of 38" would tell of two refused: where either part is of a few, the other is not told.
fn permits_told(w: Words, (granted, refused): (usize, usize), k: u32) -> String {
    let people = |n: usize| People::whole(u32::try_from(n).unwrap_or(u32::MAX / 1000));
    let (yes, no) = (people(granted), people(refused));
    let all = w.persons(yes + no, k);
    if !audience::pair_tells(yes, no, k) {
        return w.with("report-permits", &[("granted", &w.persons(yes, k)), ("all", &all)]);
    }
    let all = audience::about(yes + no, k).text(k);
    let key = if audience::enough(yes, k) { "report-permits-most" } else { "report-permits-few" };
    w.with(key, &[("all", &all), ("few", &audience::About::Few.text(k))])
}

/// Whether each area has the share it is to have: no numbers of people.
fn areas_told(w: Words, project: &Project, plan: &Plan) -> String {
    let areas = plan.parking.areas.iter().filter(|area| area.floor > 0);
    let (count, below) =
        areas.fold((0_u32, 0_u32), |(all, below), area| (all + 1, below + u32::from(area.served < area.floor)));
    if count == 0 {
        return String::new();
    }
    let percent = format!("{}%", project.policy.area_floor / 10);
    let key = if below == 0 { "report-areas-kept" } else { "report-areas-below" };
    w.with(key, &[("areas", &count.to_string()), ("below", &below.to_string()), ("percent", &percent)])
}

/// What each party that shares its bays gains by it; rounded, so that nothing follows about a few.
fn parties(w: Words, project: &Project, plan: &Plan) -> Vec<Row> {
    let k = project.policy.k_anonymity;
    let about = |people: u32| audience::about(People::whole(people), k).text(k);
    // How far a few walk says where they live.
    let mean = |walk: u32, people: u32| match people {
        people if people < k.max(1) => "–".to_owned(),
        people => format!("{} m", (walk + people / 2) / people),
    };
    plan.parking
        .exchange
        .iter()
        .map(|row| {
            let gains = row.together > row.alone || row.together_walk_m < row.alone_walk_m;
            vec![
                row.party.clone(),
                about(row.requests),
                format!("{} ({})", about(row.alone), mean(row.alone_walk_m.0, row.alone)),
                format!("{} ({})", about(row.together), mean(row.together_walk_m.0, row.together)),
                w.t(if gains { "report-party-gains" } else { "report-party-same" }),
            ]
        })
        .collect()
}

/// Of a refusal's code, the reason: with or without the part's name before it.
#[must_use]
pub fn refusal(w: Words, code: &str) -> String {
    w.code("reason-parking-", code.strip_prefix("parking-").unwrap_or(code))
}

/// Numbers of requests refused as they may be told beside the granted: exact, or to the next five where the granted are few.
#[must_use]
pub fn refused_told(plan: &Plan, k: u32, refused: i64) -> String {
    let people = |n: usize| People::whole(u32::try_from(n).unwrap_or(u32::MAX / 1000));
    if audience::pair_tells(people(plan.parking.permits.len()), people(plan.parking.refused.len()), k) {
        audience::about(people(usize::try_from(refused).unwrap_or(0)), k).text(k)
    } else {
        refused.to_string()
    }
}

fn members(w: Words, project: &Project, plan: &Plan, group: &Group) -> String {
    let names: Vec<String> = group.members.iter().map(|id| member(w, project, plan, id)).collect();
    names.join(if w.english() { ", " } else { "、" })
}

fn member(w: Words, project: &Project, plan: &Plan, id: &str) -> String {
    project.areas.iter().find(|area| area.id == id).map_or_else(|| w.place(project, plan, id), |area| area.name.clone())
}

fn lots(w: Words, project: &Project, plan: &Plan) -> Vec<Row> {
    let k = project.policy.k_anonymity;
    let mut cars: BTreeMap<&str, u32> = BTreeMap::new();
    for permit in &plan.parking.permits {
        *cars.entry(&permit.lot).or_default() += 1;
    }
    project
        .lots
        .iter()
        .map(|lot| {
            let used = cars.get(lot.id.as_str()).copied().unwrap_or(0);
            let promise = plan.parking.displacement.iter().find(|d| d.lot == lot.id);
            let percent = |p: f64| match p {
                p if p > 0.0 && p < 0.001 => "<0.1%".to_owned(),
                p => format!("{:.1}%", p * 100.0),
            };
            vec![
                lot.name.clone(),
                lot.bays.to_string(),
                audience::about(People::whole(used), k).text(k),
                percent(lot.displace_max),
                promise.map_or_else(|| "–".to_owned(), |d| percent(d.upper_99)),
                match promise {
                    None => "–".to_owned(),
                    Some(d) if d.upper_99 <= lot.displace_max => w.t("report-promise-kept"),
                    Some(_) => w.t("report-promise-open"),
                },
            ]
        })
        .collect()
}

fn refusals(w: Words, project: &Project, plan: &Plan) -> Vec<Row> {
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    for refusal in &plan.parking.refused {
        let reason = refusal.reason.strip_prefix("parking-").unwrap_or(&refusal.reason);
        *reasons.entry(reason).or_default() += 1;
    }
    let parts = reasons
        .into_iter()
        .map(|(reason, count)| Part { what: reason, people: People::whole(count), amount: i64::from(count) })
        .collect();
    let told = audience::tell(parts, project.policy.k_anonymity);
    let told_of = |n: i64| refused_told(plan, project.policy.k_anonymity, n);
    let mut rows: Vec<Row> = told.shown.iter().map(|part| vec![refusal(w, part.what), told_of(part.amount)]).collect();
    if let Some(rest) = told.rest {
        rows.push(vec![w.t("report-other-reasons"), told_of(rest.amount)]);
    }
    rows
}

fn rooms(w: Words, project: &Project, plan: &Plan) -> Vec<Row> {
    let k = project.policy.k_anonymity;
    plan.rooms
        .iter()
        .map(|granted| {
            let name = room_name(w, project, plan, &granted.room);
            // Who a handful of people are is nobody else's business.
            let group = project
                .claims
                .iter()
                .find(|claim| claim.id == granted.claim && claim.people >= k)
                .map_or_else(|| w.t("report-room-taken"), |claim| claim.group.clone());
            vec![
                name,
                dates::pattern(w.0, &granted.days),
                format!("{}–{}", granted.from.clock(), granted.to.clock()),
                group,
            ]
        })
        .collect()
}

/// A room: where, what, and its id.
fn room_name(w: Words, project: &Project, plan: &Plan, id: &str) -> String {
    project.rooms.iter().find(|room| room.id == id).map_or_else(
        || id.to_owned(),
        |room| {
            let (site, kind) = (w.place(project, plan, &room.site), w.code("room-kind-", &room.kind));
            format!("{site} · {kind} ({})", room.id)
        },
    )
}

/// Claims without a room, by their ids: groups of people, and how many they are only where they are not a few.
fn no_room(w: Words, project: &Project, plan: &Plan) -> Vec<Row> {
    let k = project.policy.k_anonymity;
    let row = |row: &RoomRefusal| {
        let mut cells = vec![row.claim.clone()];
        let claim = project.claims.iter().find(|claim| claim.id == row.claim);
        match claim {
            Some(claim) => {
                let named = project.rooms.iter().any(|room| room.id == claim.room);
                let asked = match named {
                    true => room_name(w, project, plan, &claim.room),
                    false => w.code("room-kind-", &claim.room),
                };
                let days = dates::pattern(w.0, &claim.window.days.to_string());
                let time = format!("{}–{}", claim.window.from.clock(), claim.window.to.clock());
                let people = match claim.people {
                    people if people < k => audience::About::Few.text(k),
                    people => people.to_string(),
                };
                cells.extend([asked, days, time, people]);
            }
            None => cells.extend(std::iter::repeat_n("–".to_owned(), 4)),
        }
        let named = claim.map(|claim| claim.room.as_str());
        // By how many a few are too many for a room of so many seats would tell how many they are.
        let few = claim.is_some_and(|claim| claim.people < k);
        let shown = row.relaxations.iter().filter(|change| !few || change.kind != "people");
        let told = shown.map(|change| room_change(w, project, plan, named, change));
        let helps: Vec<String> = told.collect();
        cells.extend([w.code("reason-room-", &row.reason), helps.join(if w.english() { "; " } else { "；" })]);
        cells
    };
    plan.room_refusals.iter().map(row).collect()
}

/// One change in words; the room by its id, where the claim did not name it.
fn room_change(w: Words, project: &Project, plan: &Plan, asked: Option<&str>, change: &RoomChange) -> String {
    let place = match asked {
        Some(room) if room == change.room => String::new(),
        _ if w.english() => format!(" ({})", change.room),
        _ => format!("（{}）", change.room),
    };
    let slots = [
        ("amount", change.amount.to_string()),
        ("room", room_name(w, project, plan, &change.room)),
        ("where", place),
        ("days", dates::pattern(w.0, &change.days)),
        ("from", change.from.clock()),
        ("to", change.to.clock()),
    ];
    let slots: Vec<(&str, &str)> = slots.iter().map(|(name, text)| (*name, text.as_str())).collect();
    w.with(&format!("relaxation-room-{}", change.kind), &slots)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::{Metres, ServiceTime};
    use crate::planning::plan::PartyParking;
    use crate::publish::phrases::Language;

    #[test]
    fn how_far_a_few_of_a_party_walk_is_not_told() {
        let (project, mut plan) = (crate::publish::fixture::project(), crate::publish::fixture::plan());
        plan.parking.exchange = vec![PartyParking {
            party: "院落".to_owned(),
            requests: 12,
            alone: 3,
            alone_walk_m: Metres(913),
            together: 10,
            together_walk_m: Metres(2500),
        }];
        let rows = parties(Words(Language::En), &project, &plan);
        assert_eq!(rows, [["院落", "≈10", "<5 (–)", "≈10 (250 m)", "gains"]]);
    }

    #[test]
    fn claims_without_a_room_are_told_what_would_help() {
        let (mut project, mut plan) = (crate::publish::fixture::project(), crate::publish::fixture::plan());
        project.claims[1].room = "reading".to_owned();
        let change = |kind: &str, amount, days: &str, from| RoomChange {
            kind: kind.to_owned(),
            amount,
            room: "room1".to_owned(),
            days: days.to_owned(),
            from,
            to: ServiceTime::hm(20, 0),
        };
        plan.room_refusals = ["c1", "c2"]
            .map(|claim| RoomRefusal {
                claim: claim.to_owned(),
                reason: "taken".to_owned(),
                relaxations: vec![
                    change("minutes", 30, "Tue", ServiceTime::hm(19, 0)),
                    change("days", 1, "Wed", ServiceTime::hm(18, 30)),
                ],
            })
            .to_vec();
        let told = |w| no_room(Words(w), &project, &plan).into_iter().map(|row| row.join(" | ")).collect::<Vec<_>>();
        insta::assert_snapshot!(told(Language::En).join("\n"), @r"
        c1 | Reading Room · reading room (room1) | Tue | 18:30–20:00 | 12 | Taken at that time | only 19:00–20:00; Wed at the same time
        c2 | reading room | Tue | 18:30–20:00 | <5 | Taken at that time | only 19:00–20:00 (room1); Wed at the same time (room1)
        ");
        insta::assert_snapshot!(told(Language::Zh)[1], @"c2 | 阅览室 | 周二 | 18:30–20:00 | <5 | 该时段已被占用 | 缩短为 19:00–20:00（room1）；改到周三同一时段（room1）");
        let page = crate::publish::report::html(&project, &plan);
        assert!(page.contains("Claims without a room") && page.contains("未获批准的场地申请"));
    }

    #[test]
    fn a_few_refused_do_not_follow_from_the_granted() {
        let told = |granted, refused| permits_told(Words(Language::En), (granted, refused), 5);
        assert_eq!(told(30, 8), "30 of 38 requests have a bay.");
        assert!(!told(36, 2).contains("36") && !told(36, 2).contains("38"), "{}", told(36, 2));
        assert!(!told(2, 36).contains("36") && !told(2, 36).contains("38"), "{}", told(2, 36));
        assert_eq!(told(38, 0), "38 of 38 requests have a bay.");
    }
}
