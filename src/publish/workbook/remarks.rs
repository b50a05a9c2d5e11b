//! Bays in use through the week, and what is doubtful in inputs and plan.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::units::People;
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
    for lot in &context.plan.parking.occupancy {
        let name = context.project.lots.iter().find(|known| known.id == lot.lot).map_or(&lot.lot, |known| &known.name);
        let day = context.code("day-", &lot.day);
        // A bay in use is somebody's car: rounded like people, and a change within a step is not told.
        let mut last: Option<(About, u32)> = None;
        for &(time, used, lent) in &lot.changes {
            let now = (about(People(used.saturating_mul(1000)), k), lent);
            if last == Some(now) {
                continue;
            }
            last = Some(now);
            let used = match now.0 {
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
