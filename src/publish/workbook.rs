//! The plan as a spreadsheet for a park committee: what runs, when, what it costs whom, who is left out.
//!
//! Committee: people appear only as [`super::audience`] allows (nobody can be made out who is one of fewer than
//! `policy.k_anonymity`, also not by subtraction). Headers are in both languages, the reader's first. Every text is stored as
//! text, so that a name beginning with `=` is no formula; the creation date is the first day of the services.

mod money;
mod people;
mod remarks;
mod rides;
mod running;
mod sheet;
mod summary;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::PublishError;
use super::phrases::Language;
use crate::planning::plan::Plan;
use crate::planning::project::Project;

/// The workbook as bytes of `workbook.xlsx`; the same plan and language give the same bytes.
///
/// # Errors
/// More rows than a sheet can hold, or a fault of the writer.
pub fn xlsx(project: &Project, plan: &Plan, language: Language) -> Result<Vec<u8>, PublishError> {
    build(project, plan, language).map_err(|error| PublishError::Workbook { reason: error.to_string() })
}

/// Makes a sheet.
type Make = fn(&Context<'_>) -> Result<Worksheet, XlsxError>;

fn build(project: &Project, plan: &Plan, language: Language) -> Result<Vec<u8>, XlsxError> {
    let styles = sheet::Styles::new();
    // Sheets of the parts that were planned: an empty one would say that nothing came of it.
    let shuttle: [Make; 7] = [
        running::timetable,
        running::lines,
        running::vehicles,
        money::by_vehicle,
        money::by_month,
        money::by_park,
        money::by_firm,
    ];
    let parking = &plan.parking;
    let parked = !(parking.permits.is_empty() && parking.refused.is_empty() && parking.occupancy.is_empty());
    let mut sheets: Vec<Make> = vec![summary::summary];
    if super::routes::planned(plan) {
        sheets.extend(shuttle);
    }
    if !plan.on_demand.is_empty() {
        sheets.push(rides::rides);
    }
    if super::routes::planned(plan) || parked || !plan.room_refusals.is_empty() {
        sheets.push(people::left_out);
    }
    if parked {
        sheets.push(remarks::parking);
    }
    sheets.push(remarks::findings);
    let context = Context { project, plan, language, styles: &styles };
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new().set_title(&project.name).set_comment(&plan.id);
    let first = plan.services.iter().map(|days| days.from).min();
    let created = first.unwrap_or(jiff::civil::date(2026, 1, 1));
    let number = |n: i16| u16::try_from(n).unwrap_or(1);
    let day = |n: i8| u8::try_from(n).unwrap_or(1);
    properties = properties.set_creation_datetime(&ExcelDateTime::from_ymd(
        number(created.year()).max(1900),
        day(created.month()),
        day(created.day()),
    )?);
    workbook.set_properties(&properties);
    for sheet in sheets {
        workbook.push_worksheet(sheet(&context)?);
    }
    workbook.save_to_buffer()
}

/// What every sheet needs.
struct Context<'a> {
    project: &'a Project,
    plan: &'a Plan,
    language: Language,
    styles: &'a sheet::Styles,
}

impl Context<'_> {
    /// A site's name in the reader's language; its id if the project does not know it.
    fn site(&self, id: &str) -> String {
        self.project.site(id).map_or_else(
            || id.to_owned(),
            |site| match (self.language, &site.name_en) {
                (Language::En, Some(name)) => name.clone(),
                _ => site.name.clone(),
            },
        )
    }
    /// A type of vehicle's name.
    fn vehicle(&self, id: &str) -> String {
        super::pages::words::Words(self.language).vehicle(self.project, id)
    }
    /// A firm's name; its id if the project does not know it.
    fn firm(&self, id: &str) -> String {
        self.project.firms.iter().find(|firm| firm.id == id).map_or_else(|| id.to_owned(), |firm| firm.name.clone())
    }
    /// A stop's name in the reader's language.
    fn stop(&self, id: &str) -> String {
        self.plan.stops.iter().find(|stop| stop.id == id).map_or_else(
            || id.to_owned(),
            |stop| match self.language {
                Language::En => super::routes::english(stop).to_owned(),
                Language::Zh => stop.name.clone(),
            },
        )
    }
    /// A line's name in the reader's language.
    fn line(&self, id: &str) -> String {
        self.plan.lines.iter().find(|line| line.id == id).map_or_else(
            || id.to_owned(),
            |line| match self.language {
                Language::En if !line.name_en.is_empty() => line.name_en.clone(),
                _ => line.name.clone(),
            },
        )
    }
    /// A phrase in the reader's language.
    fn say(&self, key: &str) -> String {
        super::phrases::phrase(self.language, key, &[])
    }
    /// A phrase for a code of the plan, or the code where there is none.
    fn code(&self, prefix: &str, code: &str) -> String {
        let key = format!("{prefix}{code}");
        if super::phrases::has_phrase(self.language, &key) { self.say(&key) } else { code.to_owned() }
    }
}
