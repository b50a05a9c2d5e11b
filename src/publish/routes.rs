//! What riders call a line: the ways there and back are one route with one short name; and the days it runs.
//!
//! A line's name is "1路 延长路站 → 灵石媒体园": what stands before the names of its end stops is the short name. Lines
//! with the same short name and kind are one route. A line without a short name is a route of its own.

use std::collections::BTreeMap;

use crate::domain::calendar::{Days, Service, Week};
use crate::planning::plan::{Line, Mode, Plan, ServiceDays, Stop, Trip};

/// Lines riders see as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Id of its first line (in order of ids): stable as long as that line is.
    pub id: String,
    /// "1路", or empty.
    pub short: String,
    /// The English of it, or empty.
    pub short_en: String,
    /// "延长路站至灵石媒体园"; may be empty where `short` is not.
    pub long: String,
    /// The English of it.
    pub long_en: String,
    /// RRGGBB, dark enough for white letters.
    pub colour: &'static str,
    /// Ids of its lines, ascending.
    pub lines: Vec<String>,
}

/// Colours that stay apart for colour-blind readers and carry white letters (contrast at least 4.5, WCAG 2.1).
const COLOURS: [&str; 8] = ["0B5FA5", "B03A2E", "1E7B4F", "7D3C98", "9A5B00", "00707A", "8E2F5F", "4A5568"];

/// Stops by id.
#[must_use]
pub fn stops_by_id(plan: &Plan) -> BTreeMap<&str, &Stop> {
    plan.stops.iter().map(|stop| (stop.id.as_str(), stop)).collect()
}

/// Lines by id.
#[must_use]
pub fn lines_by_id(plan: &Plan) -> BTreeMap<&str, &Line> {
    plan.lines.iter().map(|line| (line.id.as_str(), line)).collect()
}

/// The service as domain calendars know it.
#[must_use]
pub fn service(days: &ServiceDays) -> Service {
    let week = match Days::parse(&days.days) {
        Some(Days::Weekly(week)) => week,
        Some(Days::Dates(_)) | None => Week::NONE,
    };
    Service {
        id: days.id.clone(),
        week,
        from: days.from,
        until: days.until,
        added: days.added.clone(),
        removed: days.removed.clone(),
    }
}

/// When the trip leaves its first stop, seconds of the service day; 0 for a trip without times.
#[must_use]
pub fn departure(trip: &Trip) -> u32 {
    trip.times.first().map_or(0, |time| time.depart.0)
}

/// The routes of a plan, in order of their ids.
#[must_use]
pub fn routes(plan: &Plan) -> Vec<Route> {
    let stops = stops_by_id(plan);
    let mut lines: Vec<&Line> = plan.lines.iter().collect();
    lines.sort_by(|a, b| a.id.cmp(&b.id));
    let mut groups: Vec<(String, Mode, Vec<&Line>)> = Vec::new();
    for line in lines {
        let short = short_name(line, &stops);
        match groups.iter_mut().find(|(name, mode, _)| !short.is_empty() && *name == short && *mode == line.mode) {
            Some((_, _, members)) => members.push(line),
            None => groups.push((short, line.mode, vec![line])),
        }
    }
    let mut routes: Vec<Route> = Vec::new();
    for (number, (short, _, members)) in groups.into_iter().enumerate() {
        let Some(first) = members.first() else { continue };
        let face = members.iter().find(|line| line.direction == 0).unwrap_or(first);
        let (mut long, mut long_en) = match ends(face, &stops) {
            Some((from, to)) => {
                (format!("{}至{}", from.name.trim(), to.name.trim()), format!("{} – {}", english(from), english(to)))
            }
            None => (face.name.trim().to_owned(), face.name_en.trim().to_owned()),
        };
        // Two routes between the same ends: the short name tells them apart, else the id does.
        if routes.iter().any(|other| other.long == long) {
            if short.is_empty() {
                long = format!("{long} ({})", first.id);
                long_en = format!("{long_en} ({})", first.id);
            } else {
                long.clear();
                long_en.clear();
            }
        }
        routes.push(Route {
            id: first.id.clone(),
            short_en: english_short(face, &stops).unwrap_or_else(|| short.clone()),
            short,
            long,
            long_en,
            colour: COLOURS[number % COLOURS.len()],
            lines: members.iter().map(|line| line.id.clone()).collect(),
        });
    }
    routes
}

/// The English name of a stop, the Chinese one where there is none.
#[must_use]
pub fn english(stop: &Stop) -> &str {
    let name = stop.name_en.trim();
    if name.is_empty() { stop.name.trim() } else { name }
}

fn ends<'a>(line: &Line, stops: &BTreeMap<&str, &'a Stop>) -> Option<(&'a Stop, &'a Stop)> {
    Some((stops.get(line.stops.first()?.as_str())?, stops.get(line.stops.last()?.as_str())?))
}

fn short_name(line: &Line, stops: &BTreeMap<&str, &Stop>) -> String {
    let name = line.name.trim();
    if let Some((from, _)) = ends(line, stops)
        && let Some(at) = name.find(from.name.trim()).filter(|_| !from.name.trim().is_empty())
    {
        return name[..at].trim().to_owned();
    }
    match name.split_once(char::is_whitespace) {
        Some((short, rest)) if rest.contains('→') && !short.contains('→') => short.to_owned(),
        _ => String::new(),
    }
}

fn english_short(line: &Line, stops: &BTreeMap<&str, &Stop>) -> Option<String> {
    let (from, _) = ends(line, stops)?;
    let at = line.name_en.find(from.name_en.trim()).filter(|_| !from.name_en.trim().is_empty())?;
    let short = line.name_en[..at].trim();
    (!short.is_empty()).then(|| short.to_owned())
}
