//! Bays in use through the week, and what is doubtful in inputs and plan.

use jiff::civil::Date;
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::calendar::{Week, weekday_of};
use crate::domain::units::{People, ServiceTime};
use crate::planning::plan::Occupancy;
use crate::publish::audience::{About, about};
use crate::publish::pages::words::Words;
use crate::publish::report::findings;

pub(super) fn parking(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-lot", 30.0),
        ("workbook-day", 10.0),
        ("workbook-start", 10.0),
        ("workbook-bays-used", 14.0),
        ("workbook-bays-lent", 14.0),
    ];
    let mut page = Page::new(context, "workbook-occupancy", &columns)?;
    let k = context.project.policy.k_anonymity;
    let rows = &context.plan.parking.occupancy;
    for lot in rows {
        let name = context.project.lots.iter().find(|known| known.id == lot.lot).map_or(&lot.lot, |known| &known.name);
        let day = context.code("day-", &lot.day);
        let changes = told(lot, k);
        // A date that is told as its weekday is says no more than that somebody has a bay then.
        let weekday =
            lot.day.parse::<Date>().ok().map(|date| Week::span(weekday_of(date), weekday_of(date)).to_string());
        if weekday
            .is_some_and(|day| rows.iter().any(|row| row.lot == lot.lot && row.day == day && told(row, k) == changes))
        {
            continue;
        }
        for (time, used, lent) in changes {
            let used = match used {
                About::Nobody => Cell::Whole(0.0),
                told => told.text(k).into(),
            };
            page.row([
                name.as_str().into(),
                day.as_str().into(),
                Cell::Time(time),
                used,
                Cell::Whole(f64::from(lent)),
            ])?;
        }
    }
    page.finish()
}

/// From when on about how many bays are used, and how many lent. A bay in use is somebody's car: rounded like people, and a change within a
/// step is not told.
fn told(row: &Occupancy, k: u32) -> Vec<(ServiceTime, About, u32)> {
    let mut told: Vec<(ServiceTime, About, u32)> = Vec::new();
    for &(time, used, lent) in &row.changes {
        let used = about(People(used.saturating_mul(1000)), k);
        if told.last().is_none_or(|last| (last.1, last.2) != (used, lent)) {
            told.push((time, used, lent));
        }
    }
    told
}

/// The report's choice: what names small firms or counts a few people is only counted.
pub(super) fn findings(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns =
        [("workbook-severity", 12.0), ("workbook-count", 10.0), ("workbook-finding", 90.0), ("workbook-remedy", 60.0)];
    let mut page = Page::new(context, "workbook-findings", &columns)?;
    let told = findings::of(Words(context.language), context.project, context.plan);
    for kind in told.kinds {
        let severity = context.code("workbook-severity-", kind.severity);
        let mut text = kind.examples.join("\n");
        if kind.more > 0 {
            text.push_str("\n…");
        }
        page.row([severity.into(), Cell::Whole(kind.count as f64), text.into(), kind.remedy.into()])?;
    }
    if told.hidden > 0 {
        let text = context.say("workbook-findings-hidden");
        page.row([Cell::Nothing, Cell::Whole(told.hidden as f64), text.into(), Cell::Nothing])?;
    }
    page.finish()
}
