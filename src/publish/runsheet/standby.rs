//! The sheet of a vehicle that stands by for rides on request: from when until when and where, and that the rest is on the day's page. Nothing of any drawn
//! day: what people ask is known only when they do.

use crate::domain::units::ServiceTime;
use crate::planning::plan::{OnDemand, Plan, Standby};
use crate::planning::project::Project;
use crate::publish::pages::dates;
use crate::publish::pages::words::{Words, tenth};
use crate::publish::rides;

/// A row: from, until, how long, what to do; "wait" between stints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// "09:30".
    pub from: String,
    /// "13:00".
    pub until: String,
    /// Hours, one decimal.
    pub long: String,
    /// What to do.
    pub what: String,
    /// "trip" or "other", as on other sheets.
    pub kind: &'static str,
}

/// A vehicle's page.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The vehicle's number, as in the hire specification.
    pub number: usize,
    /// What is offered.
    pub name: String,
    /// Id.
    pub id: String,
    /// Whose vehicle it is, and its type.
    pub vehicle: String,
    /// Depot.
    pub depot: String,
    /// On which days.
    pub days: String,
    /// Dates in words.
    pub span: String,
    /// From the first stint's beginning to the last one's end.
    pub hours: String,
    /// Hours of all stints.
    pub long: String,
    /// Stints.
    pub stints: usize,
    /// Stops served: where to find them is on the map.
    pub stops: Vec<String>,
    /// The day.
    pub rows: Vec<Row>,
}

/// Sheets of all vehicles that stand by.
#[must_use]
pub fn all(w: Words, project: &Project, plan: &Plan) -> Vec<Sheet> {
    let numbers = plan.standby_numbers();
    let number = |vehicle: &Standby| numbers.get(vehicle.id.as_str()).copied().unwrap_or(0);
    rides::offered(plan)
        .flat_map(|offer| offer.vehicles.iter().map(move |vehicle| (offer, vehicle)))
        .map(|(offer, vehicle)| sheet(w, project, plan, number(vehicle), offer, vehicle))
        .collect()
}

fn sheet(w: Words, project: &Project, plan: &Plan, number: usize, offer: &OnDemand, vehicle: &Standby) -> Sheet {
    let service = plan.services.iter().find(|service| service.id == offer.service);
    let depot = w.place(project, plan, &vehicle.depot);
    let mut rows: Vec<Row> = Vec::new();
    let mut before = None;
    for &(from, until) in &vehicle.stints {
        let row = |from: ServiceTime, until: ServiceTime, what, kind| Row {
            from: from.clock(),
            until: until.clock(),
            long: tenth(f64::from(until.since(from).0) / 3600.0),
            what,
            kind,
        };
        if let Some(ended) = before.filter(|ended| *ended < from) {
            rows.push(row(ended, from, w.t("runsheet-standby-rest"), "other"));
        }
        rows.push(row(from, until, w.with("runsheet-standby-stand", &[("depot", &depot)]), "trip"));
        before = Some(until);
    }
    let ends = vehicle.stints.first().zip(vehicle.stints.last());
    Sheet {
        number,
        name: rides::name(w, offer),
        id: vehicle.id.clone(),
        vehicle: rides::vehicle(w, project, plan, vehicle),
        depot,
        days: rides::days(w, plan, offer),
        span: service.map_or_else(String::new, |service| dates::span(w.0, service.from, service.until)),
        hours: ends.map_or_else(String::new, |(first, last)| rides::span((first.0, last.1))),
        long: tenth(rides::hours(vehicle)),
        stints: vehicle.stints.len(),
        stops: offer.stops.iter().map(|stop| w.stop(stop)).collect(),
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn a_driver_reads_when_and_where() {
        let sheets = all(Words(Language::Zh), &fixture::project(), &fixture::with_rides());
        // Vehicle 1 stands by between its trips; there are two for the lines, so who is hired for this is the third.
        assert_eq!(sheets.iter().map(|sheet| sheet.number).collect::<Vec<_>>(), [1, 3]);
        let text = |row: &Row| format!("{} {} {} {}", row.from, row.until, row.long, row.what);
        let day: Vec<String> = sheets[0].rows.iter().map(text).collect();
        insta::assert_snapshot!(day.join("\n"), @"
        09:30 13:00 3.5 待命：首个任务前在沪太路停车场，之后在最后停靠的站附近；到点前回到沪太路停车场
        13:00 13:30 0.5 休息
        13:30 16:30 3.0 待命：首个任务前在沪太路停车场，之后在最后停靠的站附近；到点前回到沪太路停车场
        ");
        assert_eq!((sheets[0].hours.as_str(), sheets[0].long.as_str(), sheets[0].stints), ("09:30–16:30", "6.5", 2));
        assert_eq!(sheets[1].vehicle, "专为此租用 · 19座中巴");
        assert!(all(Words(Language::Zh), &fixture::project(), &fixture::that_do_not_pay()).is_empty());
    }
}
