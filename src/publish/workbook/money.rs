//! What it costs: by vehicle, by month, by park, by firm.
//!
//! Shares are told park by park: parks with too few riders together, and inside a park firms with too few riders together,
//! so that no difference of two figures is a small firm's share.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::units::Fen;
use crate::publish::audience::{Part, Told, tell};
use crate::publish::report::figures;
use crate::publish::routes;

pub(super) fn by_vehicle(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-service", 14.0),
        ("workbook-block", 12.0),
        ("workbook-type", 20.0),
        ("workbook-seats", 8.0),
        ("workbook-depot", 24.0),
        ("workbook-trips", 10.0),
        ("workbook-hours", 10.0),
        ("workbook-km", 10.0),
        ("workbook-cost-day", 14.0),
    ];
    let mut page = Page::new(context, "workbook-costs-vehicle", &columns)?;
    for cost in &context.plan.costs.by_block {
        let block = context.plan.blocks.iter().find(|block| block.id == cost.block);
        let kind = block.and_then(|b| context.project.fleet.iter().find(|kind| kind.id == b.vehicle_type));
        let trips = context.plan.trips.iter().filter(|trip| trip.block == cost.block).count();
        page.row([
            block.map_or(Cell::Nothing, |block| block.service.as_str().into()),
            cost.block.as_str().into(),
            block.map_or(Cell::Nothing, |block| context.vehicle(&block.vehicle_type).into()),
            kind.map_or(Cell::Nothing, |kind| Cell::Whole(f64::from(kind.seats))),
            block.map_or(Cell::Nothing, |block| context.site(&block.depot).into()),
            Cell::Whole(trips as f64),
            Cell::Decimal(cost.hours),
            Cell::Decimal(cost.km),
            Cell::Money(cost.fen),
        ])?;
    }
    page.finish()
}

pub(super) fn by_month(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-month", 12.0),
        ("workbook-service", 14.0),
        ("workbook-service-days", 10.0),
        ("workbook-cost-day", 14.0),
        ("workbook-cost-month", 16.0),
    ];
    let mut page = Page::new(context, "workbook-costs-month", &columns)?;
    // (year, month, service) -> days
    let mut days: BTreeMap<(i16, i8, &str), i64> = BTreeMap::new();
    for service in routes::running(context.plan) {
        for date in service.calendar().dates() {
            *days.entry((date.year(), date.month(), &service.id)).or_default() += 1;
        }
    }
    for ((year, month, service), days) in days {
        let day = cost_of_day(context, service);
        page.row([
            format!("{year}-{month:02}").into(),
            service.into(),
            Cell::Whole(days as f64),
            Cell::Money(day),
            Cell::Money(Fen(day.0.saturating_mul(days))),
        ])?;
    }
    page.finish()
}

/// What the vehicles of a service cost on a day it runs.
fn cost_of_day(context: &Context<'_>, service: &str) -> Fen {
    let of_service = |id: &str| context.plan.blocks.iter().any(|block| block.id == id && block.service == service);
    context.plan.costs.by_block.iter().filter(|cost| of_service(&cost.block)).map(|cost| cost.fen).sum()
}

/// A park's share and its firms'; "": not one's own.
struct Park<'a> {
    site: &'a str,
    firms: Vec<Part<&'a str>>,
}

/// The same parts as the report's: two groupings of the same people would tell by their difference what each hides.
fn told_parks<'a>(context: &Context<'a>) -> (Told<Park<'a>>, Fen) {
    let figures = figures::of(context.project, context.plan);
    let riders = &figures.riders;
    let firms = context.project.firms_by_id();
    let mut parks: BTreeMap<&str, BTreeMap<&str, i64>> = BTreeMap::new();
    let fen = figures.shares(context.plan);
    for (share, own) in context.plan.costs.shares.iter().zip(fen) {
        let firm = share.firm.as_deref().unwrap_or_default();
        let site = share.site.as_deref().or_else(|| firms.get(firm).map(|firm| firm.site.as_str()));
        *parks.entry(site.unwrap_or_default()).or_default().entry(firm).or_default() += own.fen.0;
    }
    let parts = parks
        .into_iter()
        .map(|(site, firms)| {
            let firms: Vec<Part<&str>> = firms
                .into_iter()
                .map(|(firm, amount)| {
                    let key = (!firm.is_empty()).then(|| firm.to_owned());
                    Part { what: firm, people: riders.get(&key).copied().unwrap_or_default(), amount }
                })
                .collect();
            let people = firms.iter().map(|firm| firm.people).sum();
            let amount = firms.iter().map(|firm| firm.amount).sum();
            Part { what: Park { site, firms }, people, amount }
        })
        .collect();
    (tell(parts, context.project.policy.k_anonymity), figures.day_fen)
}

pub(super) fn by_park(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [("workbook-park", 30.0), ("workbook-cost-running-day", 18.0), ("workbook-share", 12.0)];
    let mut page = Page::new(context, "workbook-costs-park", &columns)?;
    let (told, total) = told_parks(context);
    let mut add = |name: String, fen: i64| {
        let share = if total.0 == 0 { Cell::Nothing } else { Cell::Percent(fen as f64 / total.0 as f64) };
        page.row([name.into(), Cell::Money(Fen(fen)), share])
    };
    for part in told.shown {
        let name = park_name(context, part.what.site);
        add(name, part.amount)?;
    }
    if let Some(rest) = told.rest {
        add(context.say("workbook-other-parks"), rest.amount)?;
    }
    add(context.say("workbook-total"), total.0)?;
    page.finish()
}

fn park_name(context: &Context<'_>, site: &str) -> String {
    if site.is_empty() { context.say("workbook-no-park") } else { context.site(site) }
}

pub(super) fn by_firm(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-park", 30.0),
        ("workbook-firm", 36.0),
        ("workbook-cost-running-day", 18.0),
        ("workbook-share", 12.0),
        ("workbook-method", 30.0),
    ];
    let mut page = Page::new(context, "workbook-costs-firm", &columns)?;
    let (told, total) = told_parks(context);
    let method = context.plan.costs.shares.first().map_or("", |share| share.method.as_str());
    for park in told.shown {
        let park = park.what;
        let name = park_name(context, park.site);
        let mut add = |firm: String, fen: i64| {
            let share = if total.0 == 0 { Cell::Nothing } else { Cell::Percent(fen as f64 / total.0 as f64) };
            let method = context.code("method-", method);
            page.row([name.clone().into(), firm.into(), Cell::Money(Fen(fen)), share, method.into()])
        };
        let told = tell(park.firms, context.project.policy.k_anonymity);
        for part in told.shown {
            let firm = if part.what.is_empty() { context.say("workbook-no-firm") } else { context.firm(part.what) };
            add(firm, part.amount)?;
        }
        if let Some(rest) = told.rest {
            add(context.say("workbook-other-firms"), rest.amount)?;
        }
    }
    page.finish()
}
