//! People in numbers a committee may see: those left out, by reason; the same rows as in the report.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::units::People;
use crate::publish::audience::{About, Part, about, tell};
use crate::publish::report::figures;

/// A total of journeys that stands alone: as it is, or "<5".
pub(super) fn told_total(people: People, k: u32) -> Cell {
    match about(people, k) {
        About::Few => Cell::Text(About::Few.text(k)),
        About::Nobody | About::Around(_) => Cell::Decimal(people.as_f64()),
    }
}

pub(super) fn left_out(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [("workbook-service-kind", 16.0), ("workbook-reason", 60.0), ("workbook-people-day", 16.0)];
    let mut page = Page::new(context, "workbook-left-out", &columns)?;
    let k = context.project.policy.k_anonymity;
    let mut refused: BTreeMap<&str, u32> = BTreeMap::new();
    for refusal in &context.plan.parking.refused {
        *refused.entry(&refusal.reason).or_default() += 1;
    }
    let refused = refused
        .into_iter()
        .map(|(what, count)| Part { what, people: People::whole(count), amount: i64::from(count) * 1000 })
        .collect();
    let left = figures::of(context.project, context.plan).left_out;
    let left = left
        .iter()
        .map(|(what, missed)| Part { what: what.as_str(), people: missed.people, amount: i64::from(missed.journeys.0) })
        .collect();
    for (kind, told) in [("workbook-shuttle", tell(left, k)), ("workbook-parking", tell(refused, k))] {
        let kind = context.say(kind);
        let mut add = |reason: String, people: Cell| page.row([kind.as_str().into(), reason.into(), people]);
        if told.withheld {
            add(context.say("workbook-all-reasons"), About::Few.text(k).into())?;
        }
        for part in told.shown {
            add(context.code("reason-", part.what), Cell::Decimal(part.amount as f64 / 1000.0))?;
        }
        if let Some(rest) = told.rest {
            add(context.say("workbook-other-reasons"), Cell::Decimal(rest.amount as f64 / 1000.0))?;
        }
    }
    page.finish()
}
