//! Rides on request: what is offered, with what, and what drawn days come to. Nothing of a drawn day itself.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::domain::units::Fen;
use crate::planning::plan::{Estimate, OnDemand};
use crate::publish::pages::words::Words;
use crate::publish::rides;

pub(super) fn rides(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-rides-offer", 26.0),
        ("workbook-item", 34.0),
        ("workbook-rides-what", 60.0),
        ("workbook-rides-number", 14.0),
        ("workbook-rides-low", 14.0),
        ("workbook-rides-high", 14.0),
    ];
    let mut page = Page::new(context, "workbook-rides", &columns)?;
    for offer in &context.plan.on_demand {
        if offer.vehicles.is_empty() {
            let why = rides::why_not(Words(context.language), context.plan, offer);
            page.row(row(
                context,
                offer,
                "workbook-rides-not",
                why.into(),
                [Cell::Nothing, Cell::Nothing, Cell::Nothing],
            ))?;
        } else {
            for cells in told(context, offer) {
                page.row(cells)?;
            }
        }
    }
    page.finish()
}

fn row(context: &Context<'_>, offer: &OnDemand, key: &str, what: Cell, [number, low, high]: [Cell; 3]) -> [Cell; 6] {
    let name = rides::name(Words(context.language), offer);
    [name.into(), super::sheet::both(context.language, key, " ").into(), what, number, low, high]
}

fn told(context: &Context<'_>, offer: &OnDemand) -> Vec<[Cell; 6]> {
    let (w, k) = (Words(context.language), f64::from(context.project.policy.k_anonymity));
    let none = || [Cell::Nothing, Cell::Nothing, Cell::Nothing];
    let text = |key: &str, what: String| row(context, offer, key, what.into(), none());
    let when = format!("{} {}", rides::days(w, context.plan, offer), rides::span((offer.from, offer.until)));
    let mut rows = vec![text("workbook-rides-days", when)];
    rows.extend(rides::promises(w, &offer.rules).into_iter().map(|promise| text("workbook-rides-promise", promise)));
    rows.extend(offer.stops.iter().map(|stop| text("workbook-rides-stop", w.stop(stop))));
    for vehicle in &offer.vehicles {
        let what = format!("{} {}", rides::vehicle(w, context.project, context.plan, vehicle), rides::stints(vehicle));
        let number = [Cell::Money(vehicle.fen), Cell::Nothing, Cell::Nothing];
        rows.push(row(context, offer, "workbook-rides-vehicle", what.into(), number));
    }
    let worth = &offer.worth;
    let figure = |key: &str, number: [Cell; 3]| row(context, offer, key, Cell::Nothing, number);
    let one = |cell: Cell| [cell, Cell::Nothing, Cell::Nothing];
    // Fewer than k people are told as such, their means and shares not at all.
    let people = |people: f64| {
        if people >= k { Cell::Decimal(people) } else { w.people(people, context.project.policy.k_anonymity).into() }
    };
    let three = |of: Estimate<f64>, cell: &dyn Fn(f64) -> Cell| [cell(of.mean), cell(of.low), cell(of.high)];
    let money = |of: Estimate<Fen>| [of.mean, of.low, of.high].map(Cell::Money);
    let few = context.project.policy.k_anonymity;
    let asked = rides::told_asked(w, worth, few).map_or_else(|| people(worth.asked), Cell::Text);
    rows.push(figure("workbook-rides-asked", one(asked)));
    rows.push(figure("workbook-rides-served", three(worth.served, &people)));
    if worth.asked.min(worth.served.mean) >= k {
        let minutes = |seconds: f64| Cell::Decimal(seconds / 60.0);
        rows.push(figure("workbook-rides-wait", three(worth.wait_s, &minutes)));
        rows.push(figure("workbook-rides-ride", three(worth.ride_s, &minutes)));
        rows.push(figure("workbook-rides-share", one(Cell::Percent(rides::told_share(worth, few)))));
        if !rides::few_left(worth, few) {
            rows.push(figure("workbook-rides-foresight", one(Cell::Percent(worth.foresight))));
        }
        rows.push(figure("workbook-rides-reached", one(Cell::Percent(rides::reached(worth)))));
    }
    rows.push(figure("workbook-rides-saving", money(worth.saving)));
    rows.push(figure("workbook-rides-running", one(Cell::Money(worth.running_fen))));
    rows.push(figure("workbook-rides-upkeep", one(Cell::Money(worth.upkeep_fen))));
    rows.push(figure("workbook-rides-net", money(rides::net(worth))));
    rows.push(figure("workbook-rides-most", one(Cell::Money(worth.at_most_fen))));
    rows
}
