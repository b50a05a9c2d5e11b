//! The first sheet: what a committee asks first.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Context;
use super::people::told_total;
use super::sheet::{Cell, Page, both};
use crate::domain::units::{Fen, People};
use crate::publish::audience::enough;
use crate::publish::report::figures;
use crate::publish::routes;

pub(super) fn summary(context: &Context<'_>) -> Result<Worksheet, XlsxError> {
    let (project, plan) = (context.project, context.plan);
    let columns = [("workbook-item", 34.0), ("workbook-value", 30.0), ("workbook-remark", 60.0)];
    let mut page = Page::new(context, "workbook-summary", &columns)?;
    let mut add = |key: &str, value: Cell| {
        // A remark is a phrase of the same name with "-remark"; not every figure needs one.
        let remark = context.code(&format!("{key}-"), "remark");
        let remark = if remark == "remark" { Cell::Nothing } else { remark.into() };
        page.row([both(context.language, key, " ").into(), value, remark])
    };
    let name = project.name_zh.as_ref().unwrap_or(&project.name);
    add("workbook-project", name.as_str().into())?;
    add("workbook-plan", plan.id.as_str().into())?;
    if !routes::planned(plan) {
        return page.finish();
    }
    let running = routes::running(plan);
    if let Some(from) = running.iter().map(|days| days.from).min() {
        add("workbook-from", Cell::Date(from))?;
    }
    if let Some(until) = running.iter().map(|days| days.until).max() {
        add("workbook-until", Cell::Date(until))?;
    }
    let figures = figures::of(project, plan);
    let k = project.policy.k_anonymity;
    for days in running {
        let count = days.calendar().dates().count();
        let text = if days.days.is_empty() { days.id.clone() } else { format!("{} ({})", days.id, days.days) };
        add("workbook-service", text.into())?;
        add("workbook-service-days", Cell::Whole(count as f64))?;
        let trips = plan.trips.iter().filter(|trip| trip.service == days.id).count();
        add("workbook-trips", Cell::Whole(trips as f64))?;
        let vehicles = plan.blocks.iter().filter(|block| block.service == days.id).count();
        add("workbook-vehicles-used", Cell::Whole(vehicles as f64))?;
        let served = figures.served.get(&days.id).copied().unwrap_or_default();
        let cost = figures.service_fen.get(&days.id).copied().unwrap_or_default();
        add("workbook-served", told_total(served, k))?;
        add("workbook-cost-day", Cell::Money(cost))?;
        if enough(served, k) {
            add("workbook-cost-person", Cell::Money(Fen::from_yuan(cost.yuan() / served.as_f64())))?;
        }
    }
    if let Some(month) = figures.month_mean() {
        add("workbook-cost-mean-month", Cell::Money(month))?;
    }
    add("workbook-lines-used", Cell::Whole(plan.lines.len() as f64))?;
    add("workbook-stops-used", Cell::Whole(plan.stops.len() as f64))?;
    let evaluation = &plan.evaluation;
    // Means over fewer people than may be told about are not told either.
    if figures.served.values().copied().max().is_some_and(|most| enough(most, k)) {
        add("workbook-walk", Cell::Decimal(evaluation.walk_m_mean))?;
        add("workbook-wait", Cell::Decimal(evaluation.wait_s_mean / 60.0))?;
        add("workbook-ride", Cell::Decimal(evaluation.ride_s_mean / 60.0))?;
        add("workbook-load", Cell::Percent(evaluation.load_factor_mean))?;
    }
    if let Some(budget) = project.budget.per_day {
        add("workbook-budget-day", Cell::Money(budget))?;
    }
    if let Some(budget) = project.budget.per_month {
        add("workbook-budget-month", Cell::Money(budget))?;
    }
    add("workbook-objective", Cell::Money(evaluation.objective))?;
    if let Some(days) = &plan.simulated {
        let served = People(thousandths(days.served.mean));
        add("workbook-simulated-objective", Cell::Money(days.objective.mean))?;
        add("workbook-simulated-served", told_total(served, k))?;
    }
    add("workbook-nothing", Cell::Money(evaluation.nothing))?;
    add("workbook-bound", Cell::Money(plan.bound.objective))?;
    add("workbook-gap", Cell::Percent(plan.bound.gap))?;
    page.finish()
}

/// People as the rest counts them.
fn thousandths(people: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "f64 to u32 saturates, NaN gives 0")]
    let thousandths = (people * 1000.0).round() as u32;
    thousandths
}
