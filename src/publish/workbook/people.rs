//! People in numbers a committee may see: those left out, by reason; the same rows as in the report. Claims of rooms are of groups, not of
//! people, and counted as they are.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::units::People;
use crate::publish::audience::{About, Part, about, tell};
use crate::publish::pages::words::Words;
use crate::publish::report::{figures, sharing};

/// A total of journeys that stands alone: as it is, or "<5".
pub(super) fn told_total(people: People, k: u32) -> Cell {
    match about(people, k) {
        About::Few => Cell::Text(About::Few.text(k)),
        About::Nobody | About::Around(_) => Cell::Decimal(people.as_f64()),
    }
}

/// Requests refused, as the report tells them.
fn requests(context: &Context<'_>, count: i64) -> Cell {
    let text = sharing::refused_told(context.plan, context.project.policy.k_anonymity, count);
    if text.chars().all(|c| c.is_ascii_digit()) { Cell::Whole(count as f64) } else { text.into() }
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
    // Where nothing runs no stop can be too far: one reason for all.
    let nothing = context.plan.trips.is_empty();
    for (kind, told) in [("workbook-shuttle", tell(left, k)), ("workbook-parking", tell(refused, k))] {
        let shuttle = kind == "workbook-shuttle";
        let kind = context.say(kind);
        let mut add = |reason: String, people: Cell| page.row([kind.as_str().into(), reason.into(), people]);
        if told.withheld {
            add(context.say("workbook-all-reasons"), About::Few.text(k).into())?;
        }
        let number = |amount: i64| match shuttle {
            true => Cell::Decimal(amount as f64 / 1000.0),
            false => requests(context, amount / 1000),
        };
        if shuttle && nothing {
            let sum = told.shown.iter().map(|part| part.amount).sum::<i64>() + told.rest.map_or(0, |rest| rest.amount);
            if sum > 0 {
                add(context.say("reason-nothing-runs"), number(sum))?;
            }
            continue;
        }
        for part in told.shown {
            let reason = if shuttle {
                context.code("reason-", part.what)
            } else {
                sharing::refusal(Words(context.language), part.what)
            };
            add(reason, number(part.amount))?;
        }
        if let Some(rest) = told.rest {
            add(context.say("workbook-other-reasons"), number(rest.amount))?;
        }
    }
    let mut claims: BTreeMap<&str, u32> = BTreeMap::new();
    for refusal in &context.plan.room_refusals {
        *claims.entry(&refusal.reason).or_default() += 1;
    }
    for (reason, count) in claims {
        let kind = context.say("workbook-rooms");
        page.row([kind.into(), context.code("reason-room-", reason).into(), Cell::Whole(f64::from(count))])?;
    }
    page.finish()
}
