//! The ids of public feeds, the same in GTFS, GTFS Realtime and calendars: one feed over several publications.
//!
//! An id is the plan's own, in printable ASCII. Where two publications use one id for different things, the later gets
//! `~` and the first 8 digits of its plan's id after it (and a number, should even that be taken). Stops, routes and
//! shapes that are the same are one. Services, trips and blocks are of their publication: their days differ.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::published::Stop;
use super::ridden::Ridden;
use super::timetable::Period;
use crate::planning::plan::Line;

/// For each period the ids its feed uses.
#[derive(Debug, Default)]
pub struct FeedIds {
    periods: Vec<PeriodIds>,
}

/// From the plan's ids to the feed's.
#[derive(Debug, Default)]
struct PeriodIds {
    stops: BTreeMap<String, String>,
    /// By line.
    routes: BTreeMap<String, String>,
    /// By line.
    shapes: BTreeMap<String, String>,
    services: BTreeMap<String, String>,
    trips: BTreeMap<String, String>,
    blocks: BTreeMap<String, String>,
    /// By rides on request.
    offers: BTreeMap<String, OfferIds>,
}

/// The ids of rides on request, all made of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfferIds {
    /// `route_id`.
    pub route: String,
    /// `trip_id`.
    pub trip: String,
    /// `location_group_id`; stops and groups share one set of ids.
    pub group: String,
    /// `booking_rule_id`.
    pub rule: String,
}

/// What kind of thing an id is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Stop,
    Route,
    Shape,
    Service,
    Trip,
    Block,
}

impl FeedIds {
    /// Ids for these periods, which follow one another.
    pub(super) fn of(periods: &[Period]) -> Self {
        let mut stops: Kept<Vec<String>> = Kept::default();
        let mut rules: Kept<(u32, Option<String>)> = Kept::default();
        let mut shapes: Kept<Vec<[i64; 2]>> = Kept::default();
        let mut own = [(); 3].map(|()| Kept::<usize>::default());
        let mut routes = Routes::default();
        let periods = periods
            .iter()
            .enumerate()
            .map(|(number, period)| {
                let published = &*period.published;
                let ridden = Ridden::of(period);
                let suffix: String = published.plan.chars().take(8).collect();
                let [services, trips, blocks] = &mut own;
                let each = |kept: &mut Kept<usize>, id: &str| (id.to_owned(), kept.id(id, &suffix, number));
                let used_lines = published.lines.iter().filter(|line| ridden.lines.contains(line.id.as_str()));
                // Stops and trips of lines first: what is new gives way.
                let mut ids = PeriodIds {
                    services: ridden.services.keys().map(|id| each(services, id)).collect(),
                    blocks: ridden.trips.iter().map(|trip| each(blocks, &trip.block)).collect(),
                    trips: ridden.trips.iter().map(|trip| each(trips, &trip.id)).collect(),
                    stops: ridden.stops.values().map(|s| (s.id.clone(), stops.id(&s.id, &suffix, facts(s)))).collect(),
                    shapes: used_lines.map(|l| (l.id.clone(), shapes.id(&l.id, &suffix, way(l)))).collect(),
                    routes: routes.ids(&ridden, &suffix),
                    offers: BTreeMap::new(),
                };
                for offer in &ridden.offers {
                    let within: Vec<String> =
                        offer.stops.iter().filter_map(|stop| ids.stops.get(&stop.id).cloned()).collect();
                    let name = offer.name.clone();
                    let own = OfferIds {
                        route: routes.offer(&offer.id, &offer.name, &suffix),
                        // A trip of a line may bear the same id: this one is nobody's.
                        trip: trips.id(&offer.id, &suffix, OFFERED + number),
                        group: stops.id(&format!("{}-stops", offer.id), &suffix, [vec![name], within].concat()),
                        rule: rules.id(&offer.id, &suffix, (offer.rules.notice_s, published.base_url.clone())),
                    };
                    ids.offers.insert(offer.id.clone(), own);
                }
                ids
            })
            .collect();
        Self { periods }
    }

    /// `None` for what is not in the feed.
    fn known(&self, kind: Kind, period: usize, id: &str) -> Option<&str> {
        self.periods.get(period).and_then(|ids| {
            let ids = match kind {
                Kind::Stop => &ids.stops,
                Kind::Route => &ids.routes,
                Kind::Shape => &ids.shapes,
                Kind::Service => &ids.services,
                Kind::Trip => &ids.trips,
                Kind::Block => &ids.blocks,
            };
            ids.get(id).map(String::as_str)
        })
    }

    fn get(&self, kind: Kind, period: usize, id: &str) -> String {
        self.known(kind, period, id).map_or_else(|| ascii_id(id), str::to_owned)
    }

    /// Is this stop in the feed of the period at this position?
    #[must_use]
    pub fn known_stop(&self, period: usize, stop: &str) -> Option<&str> {
        self.known(Kind::Stop, period, stop)
    }

    /// Is this line in the feed of the period at this position? The `route_id` of it.
    #[must_use]
    pub fn known_route(&self, period: usize, line: &str) -> Option<&str> {
        self.known(Kind::Shape, period, line).and_then(|_| self.known(Kind::Route, period, line))
    }

    /// `stop_id` of a stop of the period at this position.
    #[must_use]
    pub fn stop(&self, period: usize, stop: &str) -> String {
        self.get(Kind::Stop, period, stop)
    }
    /// `route_id` of a line.
    #[must_use]
    pub fn route(&self, period: usize, line: &str) -> String {
        self.get(Kind::Route, period, line)
    }
    /// `shape_id` of a line.
    #[must_use]
    pub fn shape(&self, period: usize, line: &str) -> String {
        self.get(Kind::Shape, period, line)
    }
    /// `service_id`.
    #[must_use]
    pub fn service(&self, period: usize, service: &str) -> String {
        self.get(Kind::Service, period, service)
    }
    /// `trip_id`.
    #[must_use]
    pub fn trip(&self, period: usize, trip: &str) -> String {
        self.get(Kind::Trip, period, trip)
    }
    /// The ids of rides on request.
    #[must_use]
    pub fn offer(&self, period: usize, offer: &str) -> OfferIds {
        self.periods.get(period).and_then(|ids| ids.offers.get(offer)).cloned().unwrap_or_default()
    }
    /// `block_id`.
    #[must_use]
    pub fn block(&self, period: usize, block: &str) -> String {
        self.get(Kind::Block, period, block)
    }
}

/// Above the number of any period: the trips of rides on request are other things than those of lines.
const OFFERED: usize = usize::MAX / 2;

/// Ids given so far and what they are of.
struct Kept<T>(BTreeMap<String, T>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: PartialEq> Kept<T> {
    /// The id for this content: the plain one, unless it is of something else.
    fn id(&mut self, id: &str, suffix: &str, content: T) -> String {
        let plain = ascii_id(id);
        let others =
            (0_u32..).map(|n| if n == 0 { format!("{plain}~{suffix}") } else { format!("{plain}~{suffix}-{n}") });
        for candidate in std::iter::once(plain.clone()).chain(others) {
            match self.0.get(&candidate) {
                Some(known) if *known != content => {}
                Some(_) => return candidate,
                None => {
                    self.0.insert(candidate.clone(), content);
                    return candidate;
                }
            }
        }
        plain
    }
}

/// Routes are what riders see: two of the same name and kind are one, whatever lines they are made of.
#[derive(Default)]
struct Routes {
    kept: Kept<[String; 2]>,
    by_name: BTreeMap<[String; 2], String>,
}

impl Routes {
    fn ids(&mut self, ridden: &Ridden<'_>, suffix: &str) -> BTreeMap<String, String> {
        let mut ids = BTreeMap::new();
        for route in &ridden.routes {
            // Two without any name have nothing in common.
            let unnamed = route.short.is_empty() && route.long.trim().is_empty();
            let name = [route.short.clone(), if unnamed { route.id.clone() } else { route.long.clone() }];
            let id = match self.by_name.get(&name) {
                Some(id) => id.clone(),
                None => self.kept.id(&route.id, suffix, name.clone()),
            };
            self.by_name.insert(name, id.clone());
            ids.extend(route.lines.iter().map(|line| (line.clone(), id.clone())));
        }
        ids
    }

    /// Of rides on request: those of the same name are one.
    fn offer(&mut self, id: &str, name: &str, suffix: &str) -> String {
        // No line's name begins so.
        self.kept.id(id, suffix, [String::new(), format!("\u{0}{name}")])
    }
}

/// What makes two stops the same.
fn facts(stop: &Stop) -> Vec<String> {
    vec![
        stop.name.clone(),
        stop.name_en.clone(),
        format!("{:.6} {:.6}", stop.lon, stop.lat),
        stop.step_free.to_string(),
    ]
}

/// What makes two shapes the same: the points to 6 decimals and where the stops lie.
fn way(line: &Line) -> Vec<[i64; 2]> {
    #[expect(clippy::cast_possible_truncation, reason = "degrees are small")]
    let micro = |degrees: f64| (degrees * 1e6).round() as i64;
    let points = line.geometry.iter().map(|&[lon, lat]| [micro(lon), micro(lat)]);
    points.chain(line.stop_positions.iter().map(|&at| [i64::MAX, i64::from(at)])).collect()
}

/// Printable ASCII as it is, anything else (and `%`) percent-encoded: different ids stay different.
#[must_use]
pub fn ascii_id(id: &str) -> String {
    let mut ascii = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            ascii.push(char::from(byte));
        } else {
            ascii.push_str(&format!("%{byte:02X}"));
        }
    }
    ascii
}

/// GTFS dates: 20261201.
#[must_use]
pub(in crate::publish) fn basic(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_become_ascii_and_stay_different() {
        assert_eq!(ascii_id("stop-1"), "stop-1");
        assert_eq!(ascii_id("站"), "%E7%AB%99");
        assert_eq!(ascii_id("%E7%AB%99"), "%25E7%25AB%2599");
        assert_eq!(ascii_id("a b"), "a%20b");
    }

    #[test]
    fn an_id_used_for_something_else_gets_a_suffix() {
        let mut kept = Kept::default();
        assert_eq!(kept.id("s", "0123abcd", "gate"), "s");
        assert_eq!(kept.id("s", "4567cdef", "gate"), "s");
        assert_eq!(kept.id("s", "4567cdef", "gate moved"), "s~4567cdef");
        assert_eq!(kept.id("s", "4567cdef", "moved again"), "s~4567cdef-1");
    }
}
