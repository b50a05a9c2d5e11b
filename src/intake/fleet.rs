//! fleet.csv: kinds of vehicles, how many, what they cost. Defaults: the usual hire of a minibus (DESIGN section 5).

use super::Folder;
use super::cells::{Flawed, Then, end_after};
use super::columns::FLEET;
use super::findings::Findings;
use super::places::{Names, Places};
use super::sites::new_id;
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::{Fen, Metres, Seconds, ServiceTime};
use crate::planning::project::VehicleType;

/// Hire of a minibus for a day where no price is given, fen (DESIGN section 5).
const USUAL_HIRE: Fen = Fen(90_000);

pub(super) fn read(folder: &Folder<'_>, places: &mut Places, must: bool, findings: &mut Findings) -> Vec<VehicleType> {
    let (mut fleet, mut names, mut rows) = (Vec::new(), Names::default(), Vec::new());
    let Some(table) = folder.table(&FLEET, must, findings) else { return fleet };
    let col = |name| table.col(name);
    let depots: Vec<usize> =
        (0..places.sites.len()).filter(|index| places.sites[*index].1 == SiteKind::Depot).collect();
    for entry in table.rows() {
        let Some((id, _)) = new_id(entry, col("type"), &names, |at| rows[at], findings) else { continue };
        let seats = entry.whole(col("seats"), (1, 200), Then::Dropped, findings);
        let Some(seats) = entry.must(col("seats"), seats, findings) else { continue };
        let Ok(count) = entry.whole(col("count"), (0, 1000), Then::Dropped, findings) else { continue };
        if count.is_none() {
            findings.push(entry.place(Finding::note("fleet-count-assumed")).column("count"));
        }
        let depot = match places.site_id(entry, col("depot"), Then::Dropped, findings) {
            Ok(Some(depot)) => depot,
            Ok(None) => match depots.as_slice() {
                // The only depot there is: no guess.
                [only] => places.sites[*only].0.clone(),
                _ => {
                    entry.missing(col("depot"), findings);
                    continue;
                }
            },
            Err(Flawed) => continue,
        };
        let cost_per_day = match entry.money(col("cost_per_day"), Then::Empty, findings) {
            Ok(Some(cost)) => cost,
            // Who forgot the price must not take the plan's costs for their own.
            Ok(None) | Err(Flawed) => {
                let used = (USUAL_HIRE.0 / 100).to_string();
                if col("cost_per_day").is_there() {
                    let finding = entry.place(Finding::warning("fleet-price-assumed")).column("cost_per_day");
                    findings.push(finding.arg("used", used));
                } else {
                    let finding = Finding::warning("fleet-price-column-missing").arg("used", used);
                    findings.absent(&table.file, "cost_per_day", finding);
                }
                USUAL_HIRE
            }
        };
        let mut money =
            |name, default| entry.money(col(name), Then::Empty, findings).ok().flatten().unwrap_or(Fen(default));
        let cost_per_extra_hour = money("cost_per_extra_hour", 6_000);
        let cost_per_extra_km = money("cost_per_extra_km", 600);
        let mut number = |name, max| entry.number(col(name), (0.0, max), Then::Empty, findings).ok().flatten();
        let included = number("included_hours", 24.0).unwrap_or(8.0);
        let included_km = number("included_km", 2_000.0).unwrap_or(100.0);
        let (battery_kwh, kwh_per_km, charge_kw) =
            (number("battery_kwh", 2_000.0), number("kwh_per_km", 20.0), number("charge_kw", 2_000.0));
        let Ok(from) = entry.time(col("from"), Then::Dropped, findings) else { continue };
        let Ok(to) = entry.time(col("to"), Then::Dropped, findings) else { continue };
        let from = from.unwrap_or(ServiceTime::hm(6, 0));
        let to = to.unwrap_or(ServiceTime::hm(22, 0));
        let Some(to) = end_after(from, to) else {
            findings.push(entry.flaw("window-too-long", col("to"), Then::Dropped));
            continue;
        };
        names.add(fleet.len(), &id, &[]);
        let label = entry.text(col("name"));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "limited to 24 h and 2,000 km above"
        )]
        fleet.push(VehicleType {
            name: if label.is_empty() { id.clone() } else { label.to_owned() },
            id,
            seats,
            wheelchair_places: entry
                .whole(col("wheelchair_places"), (0, 50), Then::Empty, findings)
                .ok()
                .flatten()
                .unwrap_or(0),
            count: count.unwrap_or(1),
            cost_per_day,
            included: Seconds((included * 3600.0).round() as u32),
            included_m: Metres((included_km * 1000.0).round() as u32),
            cost_per_extra_hour,
            cost_per_extra_km,
            depot,
            from,
            to,
            battery_kwh,
            kwh_per_km,
            charge_kw,
        });
        rows.push(entry.row());
    }
    if must && fleet.iter().all(|vehicle| vehicle.count == 0) {
        findings.push(Finding::error("nothing-left").file(&table.file));
    }
    fleet
}
