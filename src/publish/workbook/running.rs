//! What runs: the timetable, lines with their stops, the vehicles' days.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::sheet::{Cell, Page};
use crate::planning::plan::{ItemKind, Trip};
use crate::publish::routes;

pub(super) fn timetable(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-service", 14.0),
        ("workbook-line", 34.0),
        ("workbook-trip", 20.0),
        ("workbook-block", 12.0),
        ("workbook-number", 8.0),
        ("workbook-stop", 28.0),
        ("workbook-arrive", 10.0),
        ("workbook-depart", 10.0),
    ];
    let mut page = Page::new(context, "workbook-timetable", &columns)?;
    let mut trips: Vec<&Trip> = context.plan.trips.iter().collect();
    trips.sort_by_key(|trip| (&trip.service, &trip.line, routes::departure(trip), &trip.id));
    for trip in trips {
        for (position, time) in trip.times.iter().enumerate() {
            page.row([
                trip.service.as_str().into(),
                context.line(&trip.line).into(),
                trip.id.as_str().into(),
                trip.block.as_str().into(),
                Cell::Whole((position + 1) as f64),
                context.stop(&time.stop).into(),
                Cell::Time(time.arrive),
                Cell::Time(time.depart),
            ])?;
        }
    }
    page.finish()
}

pub(super) fn lines(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-line", 34.0),
        ("workbook-km", 10.0),
        ("workbook-number", 8.0),
        ("workbook-stop-id", 18.0),
        ("workbook-stop", 28.0),
        ("workbook-stop-en", 28.0),
        ("workbook-lon", 12.0),
        ("workbook-lat", 12.0),
        ("workbook-step-free", 12.0),
    ];
    let mut page = Page::new(context, "workbook-lines", &columns)?;
    let stops = routes::stops_by_id(context.plan);
    for line in &context.plan.lines {
        for (position, id) in line.stops.iter().enumerate() {
            let Some(stop) = stops.get(id.as_str()) else { continue };
            let step_free = if stop.step_free { "workbook-yes" } else { "workbook-no" };
            page.row([
                context.line(&line.id).into(),
                Cell::Decimal(line.km),
                Cell::Whole((position + 1) as f64),
                id.as_str().into(),
                stop.name.as_str().into(),
                stop.name_en.as_str().into(),
                Cell::Degrees(stop.lon),
                Cell::Degrees(stop.lat),
                context.say(step_free).into(),
            ])?;
        }
    }
    page.finish()
}

pub(super) fn vehicles(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let columns = [
        ("workbook-service", 14.0),
        ("workbook-block", 12.0),
        ("workbook-kind", 16.0),
        ("workbook-from-place", 24.0),
        ("workbook-to-place", 24.0),
        ("workbook-start", 10.0),
        ("workbook-end", 10.0),
        ("workbook-km", 10.0),
        ("workbook-trip", 20.0),
    ];
    let mut page = Page::new(context, "workbook-vehicles", &columns)?;
    let place = |id: &str| match context.plan.stops.iter().any(|stop| stop.id == id) {
        true => context.stop(id),
        false => context.site(id),
    };
    for block in &context.plan.blocks {
        for item in &block.items {
            let kind = match item.kind {
                ItemKind::PullOut => "workbook-pull-out",
                ItemKind::Trip => "workbook-trip",
                ItemKind::Deadhead => "workbook-deadhead",
                ItemKind::Layover => "workbook-layover",
                ItemKind::Break => "workbook-break",
                ItemKind::Charge => "workbook-charge",
                ItemKind::PullIn => "workbook-pull-in",
            };
            page.row([
                block.service.as_str().into(),
                block.id.as_str().into(),
                context.say(kind).into(),
                place(&item.from).into(),
                place(&item.to).into(),
                Cell::Time(item.start),
                Cell::Time(item.end),
                Cell::Decimal(item.km),
                item.trip.as_deref().map_or(Cell::Nothing, Into::into),
            ])?;
        }
    }
    page.finish()
}
