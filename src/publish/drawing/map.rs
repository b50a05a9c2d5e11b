//! The map: roads by width with their names along them, areas, parks, stations, lines side by side, stops with names that do
//! not overlap, scale bar, north.
//!
//! Two layers. The ground (roads, areas, road names) is the same in every language and stands in a file once, as a symbol;
//! [`Ground::map`] draws lines and names over it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::frame::{Frame, simplify};
use super::labels::{Labels, Rect, is_wide};
use super::ribbons;
use super::routes::{self, Route};
use super::streets::{Street, Width};
use super::svg::{Svg, num, path_data};
use crate::domain::coordinates::Point;
use crate::domain::site::{Site, SiteKind};
use crate::planning::plan::{Plan, Stop};
use crate::planning::project::{Place, Project};
use crate::publish::rides;
use crate::publish::routes::{ON_REQUEST_COLOUR, plain_name};

/// Which names stand on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Chinese.
    Zh,
    /// English where there is one.
    En,
    /// Chinese, English below it.
    Both,
}

const WIDTH: f64 = 1000.0;
const LANE: f64 = 5.0;
/// Points of roads on a sheet, about 11 bytes each and for most roads twice (edge and surface): half a megabyte.
const MOST_POINTS: usize = 25_000;

/// The lower layer and all that the upper one needs to know of it.
#[derive(Clone, Debug)]
pub struct Ground {
    /// `<svg><symbol id="ground">…`: put it into the page once, before any map.
    pub symbol: String,
    frame: Frame,
    lines: Vec<Vec<(f64, f64)>>,
    taken: Vec<Rect>,
    places: Vec<Site>,
    /// Stops of rides on request, each once; those of lines among them.
    asked: Vec<Stop>,
}

/// Draws the ground of a plan, or nothing where the plan has no stops.
#[must_use]
pub fn ground(project: &Project, plan: &Plan, streets: &[Street]) -> Option<Ground> {
    let places = places(project, plan);
    let asked: Vec<Stop> = rides::stops(plan).into_iter().cloned().collect();
    let mut points: Vec<Point> = plan.stops.iter().chain(&asked).map(routes::point).collect();
    if points.is_empty() {
        return None;
    }
    points.extend(plan.lines.iter().flat_map(|line| line.geometry.iter().map(|p| Point { lon: p[0], lat: p[1] })));
    // A place far from all stops (a mistyped survey answer) must not shrink the map to a dot.
    let near =
        |site: &Site| plan.stops.iter().chain(&asked).any(|stop| routes::point(stop).metres_to(site.point) < 1500.0);
    let places: Vec<Site> = places.into_iter().filter(near).collect();
    points.extend(places.iter().map(|site| site.point));
    let frame = Frame::around(&points, WIDTH, (520.0, 880.0), 0.06)?;

    let raw: Vec<Vec<(f64, f64)>> = plan
        .lines
        .iter()
        .map(|line| line.geometry.iter().map(|p| frame.at(Point { lon: p[0], lat: p[1] })).collect())
        .collect();
    let lines = ribbons::spread(&raw, LANE);

    let mut labels = Labels::new(frame.width, frame.height);
    for stop in plan.stops.iter().chain(&asked) {
        labels.take(Rect::around(frame.at(routes::point(stop)), 12.0, 12.0));
    }
    for site in &places {
        labels.take(Rect::around(frame.at(site.point), 14.0, 14.0));
    }
    for line in &lines {
        for point in walk(line, 6.0) {
            labels.take(Rect::around(point, 2.0, 2.0));
        }
    }
    let mut svg = Svg::fragment();
    svg.rect(0.0, 0.0, frame.width, frame.height, r##"fill="#f4f2ec""##);
    areas(&mut svg, project, &frame);
    let drawn = roads(&mut svg, streets, &frame);
    let taken = road_names(&mut svg, &drawn, &mut labels);
    let symbol = format!(
        r#"<svg class="defs" width="0" height="0" aria-hidden="true"><symbol id="ground" viewBox="0 0 {} {}">{}</symbol></svg>"#,
        num(frame.width),
        num(frame.height),
        svg.finish()
    );
    Some(Ground { symbol, frame, lines, taken, places, asked })
}

/// Stations and parks the plan is about: named by a stop or a cohort, with a stop near.
fn places(project: &Project, plan: &Plan) -> Vec<Site> {
    let mut named: BTreeMap<&str, ()> = BTreeMap::new();
    for stop in &plan.stops {
        if let Some(site) = &stop.site {
            named.insert(site, ());
        }
    }
    for cohort in &plan.cohorts {
        for end in [&cohort.origin, &cohort.destination] {
            if let Some(Place::Site(id)) = Place::parse(end, project)
                && let Some(site) = project.site(&id)
            {
                named.insert(&site.id, ());
            }
        }
    }
    let parent = |site: &Site| match (&site.parent, site.kind) {
        (Some(parent), SiteKind::Gate | SiteKind::Exit) => project.site(parent).map(|p| p.id.as_str()),
        _ => None,
    };
    let parents: Vec<&str> = named.keys().filter_map(|id| project.site(id)).filter_map(parent).collect();
    for id in parents {
        named.insert(id, ());
    }
    project
        .sites
        .iter()
        .filter(|site| matches!(site.kind, SiteKind::Park | SiteKind::Station) && named.contains_key(site.id.as_str()))
        .cloned()
        .collect()
}

fn areas(svg: &mut Svg, project: &Project, frame: &Frame) {
    let mut data = String::new();
    for polygon in project.areas.iter().flat_map(|area| area.outline.0.iter()) {
        let ring: Vec<(f64, f64)> =
            polygon.exterior().coords().map(|c| frame.at(Point { lon: c.x, lat: c.y })).collect();
        if ring.len() > 2 && frame.sees(&ring) {
            data.push_str(&path_data(&simplify(&ring, 0.8)));
            data.push('Z');
        }
    }
    svg.path(&data, r##"fill="#ebe7dc" stroke="#dfd9ca" stroke-width="0.8""##);
}

struct Drawn<'a> {
    name: &'a str,
    width: Width,
    points: Vec<(f64, f64)>,
}

fn roads<'a>(svg: &mut Svg, streets: &'a [Street], frame: &Frame) -> Vec<Drawn<'a>> {
    let mut drawn: Vec<(Drawn<'a>, bool)> = streets
        .iter()
        .map(|street| {
            let points: Vec<(f64, f64)> = street.points.iter().map(|p| frame.at(*p)).collect();
            (Drawn { name: &street.name, width: street.width, points }, street.closed)
        })
        .filter(|(street, _)| street.points.len() > 1 && frame.sees(&street.points))
        .map(|(street, closed)| (Drawn { points: simplify(&street.points, 0.4), ..street }, closed))
        .collect();
    let least = narrowest(&drawn);
    drawn.retain(|(street, _)| street.width >= least);
    let data = |width: Width, shut: bool| {
        drawn.iter().filter(|(street, closed)| street.width == width && *closed == shut).fold(
            String::new(),
            |mut data, (street, _)| {
                data.push_str(&path_data(&street.points));
                data
            },
        )
    };
    svg.group(r#"fill="none" stroke-linecap="round" stroke-linejoin="round""#);
    for width in Width::ALL {
        let (road, edge) = width.units();
        if edge > 0.0 {
            svg.path(&data(width, false), &format!(r##"stroke="#d3cec2" stroke-width="{}""##, num(road + edge)));
        }
    }
    for width in Width::ALL {
        let (road, edge) = width.units();
        let colour = if edge > 0.0 { "#ffffff" } else { "#d8d3c7" };
        svg.path(&data(width, false), &format!(r#"stroke="{colour}" stroke-width="{}""#, num(road)));
        svg.path(&data(width, true), r##"stroke="#b9b2a3" stroke-width="1.2" stroke-dasharray="2 3""##);
    }
    svg.end();
    drawn.into_iter().map(|(street, _)| street).collect()
}

/// The narrowest roads that can be drawn without the sheet growing beyond [`MOST_POINTS`]; main roads always are.
fn narrowest(drawn: &[(Drawn<'_>, bool)]) -> Width {
    let mut least = Width::Main;
    let mut points = 0;
    for width in Width::ALL.into_iter().rev() {
        points += drawn.iter().filter(|(s, _)| s.width == width).map(|(s, _)| s.points.len()).sum::<usize>();
        if points > MOST_POINTS {
            break;
        }
        least = width;
    }
    least
}

/// Names along the main and middle roads, characters upright, each name at most twice and far apart.
fn road_names(svg: &mut Svg, drawn: &[Drawn<'_>], labels: &mut Labels) -> Vec<Rect> {
    let mut by_name: BTreeMap<(std::cmp::Reverse<Width>, &str), Vec<&Drawn<'_>>> = BTreeMap::new();
    for street in drawn.iter().filter(|street| street.width >= Width::Middle && !street.name.is_empty()) {
        by_name.entry((std::cmp::Reverse(street.width), street.name)).or_default().push(street);
    }
    let mut taken = Vec::new();
    let mut written: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    svg.group(
        r##"font-size="12" fill="#8b8474" stroke="#fff" stroke-width="2.6" stroke-linejoin="round" paint-order="stroke" text-anchor="middle""##,
    );
    for ((_, name), mut parts) in by_name {
        parts.sort_by(|a, b| length(&b.points).total_cmp(&length(&a.points)));
        for street in parts.into_iter().take(40) {
            let steps: Vec<(f64, f64)> = walk(&street.points, 13.5).collect();
            let count = name.chars().count();
            if !name.chars().all(is_wide) || steps.len() < count + 1 {
                continue;
            }
            let places = written.entry(name).or_default();
            if places.len() >= 2 {
                break;
            }
            // From the middle of the road outwards.
            let middle = (steps.len() - count) / 2;
            let starts = (0..=middle).flat_map(|d| [middle + d, middle - d]);
            for start in starts.filter(|start| start + count <= steps.len()) {
                let mut at = steps[start..start + count].to_vec();
                let centre = at[count / 2];
                let far = places.iter().all(|p| (p.0 - centre.0).hypot(p.1 - centre.1) > 330.0);
                let boxes: Vec<Rect> = at.iter().map(|p| Rect::around(*p, 6.5, 6.5)).collect();
                if !far || !boxes.iter().all(|area| labels.is_free(area)) {
                    continue;
                }
                // Read from left to right, or from top to bottom.
                let (first, last) = (at[0], at[count - 1]);
                let level = (last.0 - first.0).abs() >= (last.1 - first.1).abs();
                if (level && last.0 < first.0) || (!level && last.1 < first.1) {
                    at.reverse();
                }
                let glyphs: Vec<(f64, f64)> = at.iter().map(|p| (p.0, p.1 + 4.3)).collect();
                svg.glyphs(&glyphs, name, "");
                for area in boxes {
                    labels.take(area);
                    taken.push(area);
                }
                places.push(centre);
                break;
            }
        }
    }
    svg.end();
    taken
}

fn length(points: &[(f64, f64)]) -> f64 {
    points.windows(2).map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1)).sum()
}

/// Points along a line at equal steps.
fn walk(points: &[(f64, f64)], step: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
    let mut due = 0.0;
    points.windows(2).flat_map(move |pair| {
        let (a, b) = (pair[0], pair[1]);
        let long = (b.0 - a.0).hypot(b.1 - a.1);
        let mut out = Vec::new();
        // A line of a million units would be an error in the data; the sheet has a thousand.
        while due <= long && out.len() < 10_000 {
            let t = if long > 0.0 { due / long } else { 0.0 };
            out.push((a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t));
            due += step;
        }
        due = (due - long).max(0.0);
        out
    })
}

impl Ground {
    /// Lines, stops, stations and parks with their names, over the ground's symbol. `size` enlarges the names: 1 on a screen,
    /// more for a sheet read from afar.
    #[must_use]
    pub fn map(&self, plan: &Plan, routes: &[Route], names: Names, size: f64, label: &str) -> String {
        let frame = &self.frame;
        let mut svg = Svg::new(frame.width, frame.height, label);
        svg.raw(&format!(r##"<use href="#ground" width="{}" height="{}"/>"##, num(frame.width), num(frame.height)));
        let mut labels = Labels::new(frame.width, frame.height);
        for area in &self.taken {
            labels.take(*area);
        }
        self.furniture(&mut svg, &mut labels);
        self.draw_lines(&mut svg, routes, &mut labels);
        let stops: Vec<(f64, f64)> = plan.stops.iter().map(|stop| frame.at(routes::point(stop))).collect();
        for stop in &stops {
            labels.take(Rect::around(*stop, 7.0, 7.0));
        }
        for stop in &self.asked {
            labels.take(Rect::around(frame.at(routes::point(stop)), 9.0, 9.0));
        }
        for site in &self.places {
            labels.take(Rect::around(frame.at(site.point), 11.0, 11.0));
        }
        self.diamonds(&mut svg, plan);
        svg.group(r##"fill="#fff" stroke="#1c2733" stroke-width="2.4""##);
        for stop in &stops {
            svg.circle(*stop, 5.0, "");
        }
        svg.end();
        for site in &self.places {
            marker(&mut svg, frame.at(site.point), site.kind);
        }
        self.write_names(&mut svg, plan, names, size, &mut labels);
        svg.finish()
    }

    /// Stops of rides on request, below the circles of lines: one that is both is larger, so that it shows around them.
    fn diamonds(&self, svg: &mut Svg, plan: &Plan) {
        if self.asked.is_empty() {
            return;
        }
        svg.group(&format!(r##"fill="#{ON_REQUEST_COLOUR}" stroke="#fff" stroke-width="1.5""##));
        for stop in &self.asked {
            let (x, y) = self.frame.at(routes::point(stop));
            let r = if plan.stops.iter().any(|known| known.id == stop.id) { 13.0 } else { 9.0 };
            let corners = [(x, y - r), (x + r, y), (x, y + r), (x - r, y)];
            svg.path(&format!("{}Z", path_data(&corners)), "");
        }
        svg.end();
    }

    fn draw_lines(&self, svg: &mut Svg, routes: &[Route], labels: &mut Labels) {
        svg.group(r#"fill="none" stroke-linecap="round" stroke-linejoin="round""#);
        for line in &self.lines {
            svg.path(&path_data(line), r##"stroke="#fff" stroke-width="6.4""##);
            for point in walk(line, 7.0) {
                labels.avoid(point);
            }
        }
        for route in routes {
            for line in route.lines.iter().filter_map(|&line| self.lines.get(line)) {
                svg.path(&path_data(line), &format!(r#"stroke="{}" stroke-width="4""#, route.colour));
            }
        }
        svg.end();
        // Chevrons say which way.
        let mut chevrons = String::new();
        for line in &self.lines {
            let points: Vec<(f64, f64)> = walk(line, 4.0).collect();
            for i in (14..points.len().saturating_sub(4)).step_by(32) {
                let (a, b) = (points[i - 1], points[i + 1]);
                let long = (b.0 - a.0).hypot(b.1 - a.1);
                if long < 6.0 {
                    continue;
                }
                let (dx, dy) = ((b.0 - a.0) / long, (b.1 - a.1) / long);
                let p = points[i];
                let wing = |side: f64| (p.0 - 1.7 * dx - side * 1.7 * dy, p.1 - 1.7 * dy + side * 1.7 * dx);
                chevrons.push_str(&path_data(&[wing(1.0), (p.0 + 1.7 * dx, p.1 + 1.7 * dy), wing(-1.0)]));
            }
        }
        svg.path(
            &chevrons,
            r##"fill="none" stroke="#fff" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round""##,
        );
    }

    fn furniture(&self, svg: &mut Svg, labels: &mut Labels) {
        let (w, h) = (self.frame.width, self.frame.height);
        let (metres, long) = self.frame.scale_bar();
        let text = if metres >= 1000 { format!("{} km", metres / 1000) } else { format!("{metres} m") };
        let (x, y) = (w - 24.0 - long, h - 22.0);
        svg.rect(x - 10.0, y - 22.0, long + 20.0, 32.0, r##"fill="#fff" fill-opacity="0.85" rx="4""##);
        svg.path(
            &path_data(&[(x, y - 5.0), (x, y), (x + long, y), (x + long, y - 5.0)]),
            r##"fill="none" stroke="#1c2733" stroke-width="1.5""##,
        );
        svg.text((x + long / 2.0, y - 6.0), &text, r##"font-size="12" text-anchor="middle" fill="#1c2733""##);
        labels.take(Rect { x0: x - 12.0, y0: y - 24.0, x1: w, y1: h });
        let north = (w - 32.0, 36.0);
        svg.circle(north, 18.0, r##"fill="#fff" fill-opacity="0.85""##);
        svg.path(
            &format!(
                "{}Z",
                path_data(&[(north.0, 21.0), (north.0 - 5.5, 37.0), (north.0, 33.5), (north.0 + 5.5, 37.0)])
            ),
            r##"fill="#1c2733""##,
        );
        svg.text((north.0, 49.0), "N", r##"font-size="11" font-weight="700" text-anchor="middle" fill="#1c2733""##);
        labels.take(Rect::around(north, 20.0, 20.0));
    }

    fn write_names(&self, svg: &mut Svg, plan: &Plan, names: Names, scale: f64, labels: &mut Labels) {
        let mut written: Vec<(String, (f64, f64))> = Vec::new();
        let sites = self.places.iter().map(|site| {
            let en = site.name_en.as_deref().unwrap_or("");
            (self.frame.at(site.point), 10.0, true, site.name.as_str(), en)
        });
        let stops = plan.stops.iter().map(|stop| {
            (self.frame.at(routes::point(stop)), 6.0, false, plain_name(&stop.name).0, plain_name(&stop.name_en).0)
        });
        let alone = self.asked.iter().filter(|stop| plan.stops.iter().all(|known| known.id != stop.id)).map(|stop| {
            (self.frame.at(routes::point(stop)), 9.0, false, plain_name(&stop.name).0, plain_name(&stop.name_en).0)
        });
        let mut all = String::new();
        for (at, radius, is_site, zh, en) in sites.chain(stops).chain(alone) {
            let size = if is_site { 15.0 } else { 13.5 } * scale;
            let small = size - 3.0 * scale;
            let lines: Vec<(&str, f64)> = match names {
                Names::Zh => vec![(zh, size)],
                Names::En => vec![(if en.is_empty() { zh } else { en }, small + scale)],
                Names::Both if en.is_empty() || en == zh => vec![(zh, size)],
                Names::Both => vec![(zh, size), (en, small)],
            };
            // The two kerbs of one stop bear one name: written once.
            let name = lines[0].0.to_owned();
            if name.is_empty() || written.iter().any(|(n, p)| *n == name && (p.0 - at.0).hypot(p.1 - at.1) < 70.0) {
                continue;
            }
            let Some(placed) = labels.place(at, radius, &lines) else { continue };
            if let Some(end) = placed.leader {
                svg.line(at, end, r##"stroke="#1c2733" stroke-width="0.8""##);
            }
            let weight = if is_site { r#" font-weight="700""# } else { "" };
            for ((text, size), y) in lines.iter().zip(&placed.baselines) {
                let mut one = Svg::fragment();
                one.text(
                    (placed.x, *y),
                    text,
                    &format!(r#"font-size="{}" text-anchor="{}"{weight}"#, num(*size), placed.anchor),
                );
                let _ = write!(all, "{}", one.finish());
            }
            written.push((name, at));
        }
        svg.group(r##"fill="#1c2733" stroke="#fff" stroke-width="3.4" stroke-linejoin="round" paint-order="stroke""##);
        svg.raw(&all);
        svg.end();
    }
}

/// A station: a dark disc with a train; a park: a dark square with a house front.
fn marker(svg: &mut Svg, (x, y): (f64, f64), kind: SiteKind) {
    if kind == SiteKind::Station {
        svg.circle((x, y), 9.5, r##"fill="#1c2733" stroke="#fff" stroke-width="1.5""##);
        svg.text(
            (x, y + 4.2),
            "M",
            r##"font-size="12" font-weight="700" text-anchor="middle" fill="#fff" font-family="Arial,sans-serif""##,
        );
    } else {
        svg.rect(x - 8.5, y - 8.5, 17.0, 17.0, r##"rx="3" fill="#5b6b4a" stroke="#fff" stroke-width="1.5""##);
        for (i, j) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let (dx, dy) = (f64::from(i) * 5.0, f64::from(j) * 5.0);
            svg.rect(x - 4.0 + dx, y - 4.5 + dy, 3.0, 3.4, r##"fill="#fff""##);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn every_line_and_stop_name_is_drawn_once() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let ground = ground(&project, &plan, &fixture::streets()).unwrap();
        let routes = routes::of(&plan);
        assert_eq!(routes.iter().map(|r| (r.number.as_str(), r.lines.len())).collect::<Vec<_>>(), [("1", 2), ("2", 2)]);
        let map = ground.map(&plan, &routes, Names::Zh, 1.0, "线路图");
        for name in ["延长路站1号口", "媒体园东门", "万荣路广中西路", "灵石媒体园"] {
            assert_eq!(map.matches(&format!(">{name}<")).count(), 1, "{name}");
        }
        assert_eq!(map.matches(r#"stroke-width="4""#).count(), 4);
        assert!(ground.symbol.contains("共和新路"));
        assert_eq!(map, ground.map(&plan, &routes, Names::Zh, 1.0, "线路图"));
    }

    #[test]
    fn a_city_of_paths_stays_a_light_page() {
        let (project, plan) = (fixture::project(), fixture::plan());
        let mut streets = fixture::streets();
        let bare = ground(&project, &plan, &streets).unwrap().symbol.len();
        let centre = routes::point(&plan.stops[0]);
        let zigzag = |k: u32, width| Street {
            name: String::new(),
            width,
            closed: false,
            points: (0..10)
                .map(|j| Point {
                    lon: centre.lon + f64::from(k % 100) * 1e-5 + f64::from(j % 2) * 1e-4,
                    lat: centre.lat + f64::from(k / 100) * 1e-5 + f64::from(j) * 1e-4,
                })
                .collect(),
        };
        streets.extend((0..2_000).map(|k| zigzag(k, Width::Minor)));
        let some = ground(&project, &plan, &streets).unwrap().symbol.len();
        assert!(some > bare + 200_000, "{some}");
        // 100,000 points more are too many; what is wider stays.
        streets.extend((0..10_000).map(|k| zigzag(k, Width::Path)));
        assert_eq!(ground(&project, &plan, &streets).unwrap().symbol.len(), some);
        streets.extend((0..10_000).map(|k| zigzag(k, Width::Minor)));
        let symbol = ground(&project, &plan, &streets).unwrap().symbol;
        assert!(symbol.len() < bare && symbol.contains("共和新路"));
    }

    #[test]
    fn stops_of_rides_on_request_are_diamonds() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let ground = ground(&project, &plan, &fixture::streets()).unwrap();
        let map = ground.map(&plan, &routes::of(&plan), Names::Zh, 1.0, "");
        assert_eq!(map.matches("Z\" />").count(), 4);
        for name in ["延长中路社区医院", "灵石公园南门", "大宁德必易园"] {
            assert_eq!(map.matches(&format!(">{name}<")).count(), 1, "{name}");
        }
        // A plan of rides on request alone has a map too.
        let alone = Plan { stops: vec![], lines: vec![], trips: vec![], ..plan };
        let ground = super::ground(&project, &alone, &[]).unwrap();
        assert!(ground.map(&alone, &[], Names::En, 1.0, "").contains("Yanchang Clinic"));
    }

    #[test]
    fn no_stops_no_map() {
        let plan = Plan { stops: Vec::new(), ..fixture::plan() };
        assert!(super::ground(&fixture::project(), &plan, &[]).is_none());
    }
}
