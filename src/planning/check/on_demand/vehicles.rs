//! Is the vehicle there when it stands by, may somebody drive it so long, and what does it cost more?

use super::{Case, Judge, Report, yuan};
use crate::domain::units::divide_half_up;
use crate::planning::plan::{Block, ItemKind, Standby};

pub(super) fn check(judge: &Judge<'_, '_>, report: &mut Report) {
    let (offer, case) = (judge.offer, judge.case);
    let policy = &case.project.policy;
    for vehicle in &offer.vehicles {
        let Some(kind) = case.fleet.get(vehicle.vehicle_type.as_str()) else {
            judge.says("vehicle_type", "known", &vehicle.vehicle_type, report);
            continue;
        };
        judge.same("seats", &kind.seats, &vehicle.seats, report);
        judge.same("wheelchair_places", &kind.wheelchair_places, &vehicle.wheelchair_places, report);
        judge.same("depot", &kind.depot, &vehicle.depot, report);
        if !offer.depots.contains(&vehicle.depot) {
            judge.says("depots", &vehicle.depot, "-", report);
        }
        if kind.battery_kwh.is_some() {
            judge.says("vehicle_type", "without a battery", &kind.id, report);
        }
        let hours = (offer.from.max(kind.from), offer.until.min(kind.to));
        let apart = vehicle
            .stints
            .windows(2)
            .all(|pair| pair[0].1 <= pair[1].0 && pair[1].0.since(pair[0].1) >= policy.break_length);
        let within = vehicle.stints.iter().all(|&(from, until)| {
            hours.0 <= from && from < until && until <= hours.1 && until.since(from) <= policy.max_driving
        });
        let all: u64 = vehicle.stints.iter().map(|(from, until)| u64::from(until.since(*from).0)).sum();
        if vehicle.stints.is_empty() || !apart || !within || all > policy.max_driving_day.0.into() {
            judge.says("stints", format!("{}-{}", hours.0, hours.1), format!("{:?}", vehicle.stints), report);
        }
        match vehicle.block.as_deref().map(|id| (id, case.blocks.get(id))) {
            None => {}
            Some((id, None)) => judge.says("block", "known", id, report),
            Some((id, Some(block))) => {
                let its = block.service == offer.service && block.vehicle_type == vehicle.vehicle_type;
                let away = block.items.iter().filter(|item| !home(block, item) || item.kind == ItemKind::Charge);
                let met = vehicle
                    .stints
                    .iter()
                    .any(|&(from, until)| away.clone().any(|item| item.start < until && from < item.end));
                if !its || met {
                    judge.says("block", "at its depot", id, report);
                }
            }
        }
        // A day of mean kilometres is beyond what is included by no more than the mean day, and that no more than it drives.
        let own = vehicle.block.as_deref().and_then(|id| case.blocks.get(id)).map_or(0, |block| driven(block));
        let least = metres(vehicle.km).saturating_sub(u64::from(kind.included_m.0).saturating_sub(own));
        let over = metres(vehicle.over_km);
        // Each is rounded up to a metre.
        if over + 1 < least || over > metres(vehicle.km) {
            judge.says("over_km", format!("{least}-{}", metres(vehicle.km)), over, report);
        }
        if let Some(fen) = fen(case, vehicle) {
            judge.same("vehicle cost", &yuan(fen), &yuan(vehicle.fen.0.into()), report);
        }
    }
}

fn home(block: &Block, item: &crate::planning::plan::Item) -> bool {
    let stands = matches!(item.kind, ItemKind::Layover | ItemKind::Break | ItemKind::Charge);
    stands && item.from == block.depot && item.to == block.depot
}

/// Fen a day more, with the kilometres it is said to be paid for.
pub(super) fn fen(case: &Case<'_>, vehicle: &Standby) -> Option<i128> {
    let kind = case.fleet.get(vehicle.vehicle_type.as_str())?;
    let price = |seconds: u64, over_m: u64| {
        let (over_s, over_m) = (i128::from(seconds.saturating_sub(kind.included.0.into())), i128::from(over_m));
        let extra = over_s * 1000 * i128::from(kind.cost_per_extra_hour.0)
            + over_m * 3600 * i128::from(kind.cost_per_extra_km.0);
        i128::from(kind.cost_per_day.0) + divide_half_up(extra, 3_600_000)
    };
    let out: u64 = vehicle.stints.iter().map(|(from, until)| u64::from(until.since(*from).0)).sum();
    let over = metres(vehicle.over_km);
    match &vehicle.block {
        None => Some(price(out, over)),
        Some(id) => {
            let block = case.blocks.get(id.as_str())?;
            let away = block.items.iter().filter(|item| !home(block, item));
            let seconds: u64 = away.map(|item| u64::from(item.end.since(item.start).0)).sum();
            let own = driven(block).saturating_sub(kind.included_m.0.into());
            Some(price(seconds + out, own + over) - price(seconds, own))
        }
    }
}

fn metres(km: f64) -> u64 {
    (km * 1000.0).round().clamp(0.0, 1e9) as u64
}

fn driven(block: &Block) -> u64 {
    block.items.iter().map(|item| metres(item.km)).sum()
}
