//! Bays in use through the week, and what is doubtful in inputs and plan.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::finding::{Argument, Finding, Severity};
use crate::domain::units::People;
use crate::publish::audience::{About, about};
use crate::publish::phrases;

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

/// Files with a row a person.
const PERSONAL: [&str; 4] = ["survey", "parking", "claims", "boardings"];

fn personal(finding: &Finding) -> bool {
    let name = finding.file.as_deref().unwrap_or_default();
    finding.row.is_some() && PERSONAL.iter().any(|start| name.starts_with(start))
}

pub(super) fn findings(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns =
        [("workbook-severity", 12.0), ("workbook-finding", 110.0), ("workbook-count", 10.0), ("workbook-code", 30.0)];
    let mut page = Page::new(context, "workbook-findings", &columns)?;
    let severity = |severity: Severity| match severity {
        Severity::Error => "workbook-severity-error",
        Severity::Warning => "workbook-severity-warning",
        Severity::Note => "workbook-severity-note",
    };
    let k = context.project.policy.k_anonymity;
    let mut sorted: Vec<&Finding> = context.plan.findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity)); // stable: else in the plan's order
    // A row of the survey is a person: such findings are told by kind, without row and without what was written.
    let mut grouped: BTreeMap<(std::cmp::Reverse<Severity>, &str, &str), (Finding, u32)> = BTreeMap::new();
    for finding in &sorted {
        if personal(finding) {
            let file = finding.file.as_deref().unwrap_or_default();
            let key = (std::cmp::Reverse(finding.severity), file, finding.code.as_str());
            grouped.entry(key).or_insert_with(|| (anonymous(finding), 0)).1 += 1;
        }
    }
    for finding in sorted.into_iter().filter(|finding| !personal(finding)) {
        page.row([
            context.say(severity(finding.severity)).into(),
            phrases::finding(context.language, finding).into(),
            Cell::Whole(1.0),
            finding.code.as_str().into(),
        ])?;
    }
    for (finding, count) in grouped.into_values() {
        let count = match about(People(count.saturating_mul(1000)), k) {
            About::Few => About::Few.text(k).into(),
            About::Nobody | About::Around(_) => Cell::Whole(f64::from(count)),
        };
        page.row([
            context.say(severity(finding.severity)).into(),
            phrases::finding(context.language, &finding).into(),
            count,
            finding.code.as_str().into(),
        ])?;
    }
    page.finish()
}

fn anonymous(finding: &Finding) -> Finding {
    let mut bare = finding.clone();
    bare.row = None;
    for value in bare.args.values_mut() {
        *value = Argument::Text("…".to_owned());
    }
    bare
}
