//! What riders call a line: the ways there and back are one route with one short name; and the days it runs.
//!
//! A line's name is "1路 延长路站 → 灵石媒体园": a short name with a number in it, where it starts, where it goes. Lines with
//! the same short name and kind are one route. A line named otherwise is a route of its own.

use std::collections::BTreeMap;

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
pub(crate) const COLOURS: [&str; 8] = ["0B5FA5", "B03A2E", "1E7B4F", "7D3C98", "9A5B00", "00707A", "8E2F5F", "4A5568"];

/// Rides on request: none of the colours above, and white letters on it can be read too.
pub(crate) const ON_REQUEST_COLOUR: &str = "6B3FA0";

/// `base/rides`: where rides are booked.
#[must_use]
pub fn booking_address(base_url: &str) -> String {
    format!("{}/rides", base_url.trim_end_matches('/'))
}

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

/// The services that have trips, in the plan's order: a day on which nothing runs is not announced.
#[must_use]
pub fn running(plan: &Plan) -> Vec<&ServiceDays> {
    plan.services.iter().filter(|service| plan.trips.iter().any(|trip| trip.service == service.id)).collect()
}

/// Was a shuttle asked for at all? A plan of parking alone knows no cohorts.
#[must_use]
pub fn planned(plan: &Plan) -> bool {
    !plan.cohorts.is_empty() || !plan.trips.is_empty()
}

/// When the trip leaves its first stop, seconds of the service day; 0 for a trip without times.
#[must_use]
pub fn departure(trip: &Trip) -> u32 {
    trip.times.first().map_or(0, |time| time.depart.0)
}

/// A line's name taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label<'a> {
    /// "1路", or empty.
    pub short: &'a str,
    /// Where it starts, or empty.
    pub from: &'a str,
    /// Where it goes, or empty.
    pub to: &'a str,
}

impl<'a> Label<'a> {
    /// "1路 延长路站 → 灵石媒体园", "Line 1 Yanchang Road → Media Park"; anything without an arrow has no parts. Where a line
    /// ends, the side of the road is of no interest.
    #[must_use]
    pub fn of(name: &'a str) -> Self {
        let Some((left, to)) = name.split_once('→') else { return Self { short: "", from: "", to: "" } };
        let left = left.trim();
        let numbered = |text: &str| text.chars().any(char::is_numeric);
        // "1路", or a word and a number: "Line 1".
        let spaces = left.match_indices(char::is_whitespace).map(|(at, _)| at).take(2);
        let end = spaces.map(|at| left[..at].trim()).find(|short| numbered(short)).map_or(0, str::len);
        Self { short: &left[..end], from: plain_name(&left[end..]).0, to: plain_name(to).0 }
    }
}

/// A stop's name without the side of the road in brackets at its end, and what stood in them: "延长路站（北行）".
#[must_use]
pub fn plain_name(name: &str) -> (&str, &str) {
    let name = name.trim();
    let Some(inside) = name.strip_suffix([')', '）']) else { return (name, "") };
    match inside.rfind(['(', '（']) {
        Some(at) if at > 0 => {
            let note = inside[at..].trim_start_matches(['(', '（']).trim();
            (inside[..at].trim(), note)
        }
        _ => (name, ""),
    }
}

/// The routes of a plan, in order of their ids.
#[must_use]
pub fn routes(plan: &Plan) -> Vec<Route> {
    of_lines(&plan.lines)
}

/// The routes these lines make, in order of their ids.
#[must_use]
pub fn of_lines(lines: &[Line]) -> Vec<Route> {
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by(|a, b| a.id.cmp(&b.id));
    let mut groups: Vec<(&str, Mode, Vec<&Line>)> = Vec::new();
    for line in lines {
        let short = Label::of(&line.name).short;
        match groups.iter_mut().find(|(name, mode, _)| !short.is_empty() && *name == short && *mode == line.mode) {
            Some((_, _, members)) => members.push(line),
            None => groups.push((short, line.mode, vec![line])),
        }
    }
    let mut routes: Vec<Route> = Vec::new();
    for (number, (short, _, members)) in groups.into_iter().enumerate() {
        let Some(first) = members.first() else { continue };
        let face = members.iter().find(|line| line.direction == 0).unwrap_or(first);
        let (zh, en) = (Label::of(&face.name), Label::of(&face.name_en));
        let joined = |label: Label<'_>, whole: &str, between: &str| {
            if label.to.is_empty() { whole.trim().to_owned() } else { format!("{}{between}{}", label.from, label.to) }
        };
        let mut long = joined(zh, &face.name, "至");
        let mut long_en = joined(en, &face.name_en, " – ");
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
            short: short.to_owned(),
            short_en: if en.short.is_empty() { short } else { en.short }.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_taken_apart() {
        let parts = |name| {
            let label = Label::of(name);
            [label.short, label.from, label.to]
        };
        assert_eq!(parts("1路 延长路 → 灵石媒体园"), ["1路", "延长路", "灵石媒体园"]);
        assert_eq!(parts("1 Yanchang Road → Media Park"), ["1", "Yanchang Road", "Media Park"]);
        assert_eq!(parts("Line 1 Yanchang Road → Media Park"), ["Line 1", "Yanchang Road", "Media Park"]);
        assert_eq!(parts("2路 食堂（东行） → 园区（西行）"), ["2路", "食堂", "园区"]);
        assert_eq!(parts("东门 → 西门"), ["", "东门", "西门"]);
        assert_eq!(parts("快线 东门 → 西门"), ["", "快线 东门", "西门"]);
        assert_eq!(parts("环线"), ["", "", ""]);
        assert_eq!(parts("→"), ["", "", ""]);
    }

    #[test]
    fn the_side_of_the_road_is_no_part_of_the_name() {
        assert_eq!(plain_name("延长路站（北行）"), ("延长路站", "北行"));
        assert_eq!(plain_name("Yanchang Road (northbound)"), ("Yanchang Road", "northbound"));
        assert_eq!(plain_name("（北行）"), ("（北行）", ""));
        assert_eq!(plain_name("东门（一）站"), ("东门（一）站", ""));
        assert_eq!(plain_name("东门）"), ("东门）", ""));
    }
}
