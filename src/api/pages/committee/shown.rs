//! How things look on the pages: money in yuan, people whole, moments and days in words, plans and jobs in rows.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::frame::Visitor;
use crate::api::caller::Right;
use crate::domain::units::Fen;
use crate::planning::scenario::Modification;
use crate::publish::pages::dates;
use crate::publish::pages::words::{Words, tenth, yuan};
use crate::storage::plans::{Figures, Summary};
use crate::storage::projects::Project;
use crate::storage::runs::{Run, State};

/// Fewer people than this are said as "<5": lists are read by more than planners.
const FEW: u32 = 5;
/// Where the service runs: times of its own pages are told so.
const ZONE: &str = "Asia/Shanghai";

/// Words in the visitor's language.
pub(super) fn words(visitor: &Visitor) -> Words {
    Words(visitor.language)
}

/// May the visitor do that in all of the project?
pub(super) fn may(visitor: &Visitor, right: Right, project: &str) -> bool {
    visitor.caller.may_whole(right, project).is_ok()
}

/// Its name in the visitor's language.
pub(super) fn name(w: Words, project: &Project) -> String {
    match &project.name_zh {
        Some(zh) if !w.english() => zh.clone(),
        _ => project.name.clone(),
    }
}

/// A phrase with its slots filled.
pub(super) fn with(w: Words, key: &str, slots: &[(&str, &str)]) -> String {
    w.with(key, slots)
}

/// What a plan or job is called; one without a name is the project as it is.
pub(super) fn label(w: Words, label: &str) -> String {
    if label == "–" { w.t("committee-as-it-is") } else { label.to_owned() }
}

fn zone() -> TimeZone {
    TimeZone::get(ZONE).unwrap_or(TimeZone::UTC)
}

/// Today.
pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(zone()).date()
}

/// A kept moment: "2026年11月26日 22:10".
pub(super) fn moment(w: Words, kept: &str) -> String {
    let Ok(at) = kept.parse::<Timestamp>() else { return kept.to_owned() };
    let at = at.to_zoned(zone());
    format!("{} {:02}:{:02}", dates::full(w.0, at.date()), at.hour(), at.minute())
}

/// Bytes as a file manager says them.
pub(super) fn size(bytes: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "files are some megabytes")]
    let bytes = bytes as f64;
    if bytes < 1e3 {
        format!("{bytes:.0} B")
    } else if bytes < 1e6 {
        format!("{:.0} kB", bytes / 1e3)
    } else {
        format!("{:.1} MB", bytes / 1e6)
    }
}

/// People a day.
pub(super) fn people(w: Words, people: f64) -> String {
    w.people(people, FEW)
}

/// Money of a mean day.
pub(super) fn money(fen: i64) -> String {
    yuan(Fen(fen))
}

/// "At most 3.2 % of the possible benefit is missed."
pub(super) fn gap(w: Words, figures: &Figures) -> String {
    if figures.nothing - figures.bound <= 0 {
        return w.t("committee-gap-nothing-pays");
    }
    with(w, "committee-gap", &[("percent", &tenth(figures.gap * 100.0))])
}

/// A plan in a list.
#[derive(Clone, Debug)]
pub(super) struct PlanRow {
    pub(super) id: String,
    pub(super) short: String,
    pub(super) label: String,
    pub(super) made: String,
    pub(super) riders: String,
    pub(super) cost: String,
    pub(super) gap: String,
    pub(super) lines: usize,
    pub(super) trips: usize,
    pub(super) vehicles: usize,
}

impl PlanRow {
    pub(super) fn of(w: Words, plan: &Summary) -> Self {
        Self {
            id: plan.id.clone(),
            short: plan.id.chars().take(8).collect(),
            label: label(w, &plan.label),
            made: moment(w, &plan.created),
            riders: people(w, plan.figures.served),
            cost: money(plan.figures.cost),
            gap: gap(w, &plan.figures),
            lines: plan.figures.lines,
            trips: plan.figures.trips,
            vehicles: plan.figures.vehicles,
        }
    }
}

/// A job in a list or on its page.
#[derive(Clone, Debug)]
pub(super) struct RunRow {
    pub(super) id: String,
    pub(super) label: String,
    pub(super) asked: String,
    pub(super) state: String,
    pub(super) class: &'static str,
    /// Stage, or why there is no plan.
    pub(super) said: String,
    /// 0 to 100.
    pub(super) percent: String,
    pub(super) open: bool,
    pub(super) stopping: bool,
    pub(super) best: String,
    pub(super) bound: String,
    pub(super) plan: Option<String>,
}

impl RunRow {
    pub(super) fn of(w: Words, run: &Run) -> Self {
        let open = !run.state.ended();
        let progress = run.progress.as_ref();
        let said = match (&run.reason, progress) {
            (Some(reason), _) => w.t(reason),
            (None, Some(progress)) if run.state == State::Running => w.t(&progress.stage),
            _ => String::new(),
        };
        let used = if run.state == State::Done { 1.0 } else { progress.map_or(0.0, |progress| progress.used) };
        let day = |fen: Option<f64>| fen.map_or_else(|| "–".to_owned(), |fen| yuan(Fen::from_yuan(fen / 100.0)));
        Self {
            id: run.id.clone(),
            label: label(w, &run.label),
            asked: moment(w, &run.created),
            state: w.t(&format!("committee-run-{}", run.state.name())),
            class: match run.state {
                State::Done => "good",
                State::Failed => "bad",
                State::Queued | State::Running | State::Cancelled => "note",
            },
            said,
            percent: format!("{:.0}", used.clamp(0.0, 1.0) * 100.0),
            open,
            stopping: run.cancel && open,
            best: day(progress.and_then(|progress| progress.objective)),
            bound: day(progress.and_then(|progress| progress.bound)),
            plan: if open { None } else { run.plan.clone() },
        }
    }
}

/// What a modification does, in words.
pub(super) fn modification(w: Words, modification: &Modification) -> String {
    let t = |key: &str, slots: &[(&str, &str)]| with(w, key, slots);
    match modification {
        Modification::AddVehicle { vehicle, count } => {
            t("committee-what-add-vehicle", &[("type", vehicle), ("count", &count.to_string())])
        }
        Modification::SetVehicles { vehicle, count } => {
            t("committee-what-set-vehicles", &[("type", vehicle), ("count", &count.to_string())])
        }
        Modification::CloseRoad { way } => t("committee-what-close-road", &[("way", &way.to_string())]),
        Modification::ScaleDemand { factor, site: None } => {
            t("committee-what-scale-demand", &[("percent", &format!("{:.0}", factor * 100.0))])
        }
        Modification::ScaleDemand { factor, site: Some(site) } => {
            t("committee-what-scale-demand-at", &[("percent", &format!("{:.0}", factor * 100.0)), ("site", site)])
        }
        Modification::MoveStop { stop, lon, lat } => t(
            "committee-what-move-stop",
            &[("stop", stop), ("lon", &format!("{lon:.5}")), ("lat", &format!("{lat:.5}"))],
        ),
        Modification::AddStation { id, name, from, to, headway_min, .. } => t(
            "committee-what-add-station",
            &[("id", id), ("name", name), ("from", from), ("to", to), ("minutes", &headway_min.to_string())],
        ),
        Modification::LaterLastTrain { station, until } => {
            t("committee-what-later-last-train", &[("station", station), ("until", until)])
        }
        Modification::SetBudget { per_day, per_month } => {
            let day = per_day.map(|cny| t("committee-what-budget-day", &[("money", &yuan(Fen::from_yuan(cny)))]));
            let month = per_month.map(|cny| t("committee-what-budget-month", &[("money", &yuan(Fen::from_yuan(cny)))]));
            day.into_iter().chain(month).collect::<Vec<_>>().join(if w.english() { "; " } else { "；" })
        }
        Modification::KeepTimetable { .. } => w.t("committee-what-keep-timetable"),
        Modification::KeepPermits {} => w.t("committee-what-keep-permits"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::phrases::Language;

    #[test]
    fn gap_is_a_sentence_and_money_is_yuan() {
        let figures = Figures { nothing: 1_000, bound: 500, gap: 0.0321, ..Figures::default() };
        assert!(gap(Words(Language::En), &figures).contains("3.2"), "{}", gap(Words(Language::En), &figures));
        let pays_not = Figures { nothing: 500, bound: 500, ..figures };
        assert_ne!(gap(Words(Language::Zh), &figures), gap(Words(Language::Zh), &pays_not));
        assert_eq!(money(186_000), "¥1,860");
        assert_eq!(people(Words(Language::Zh), 12.4), "12");
    }

    #[test]
    fn moments_are_told_in_local_time() {
        assert_eq!(moment(Words(Language::En), "2026-11-26T16:10:00.000Z"), "27 Nov 2026 00:10");
        assert_eq!(size(900), "900 B");
        assert_eq!(size(2_340_000), "2.3 MB");
    }
}
