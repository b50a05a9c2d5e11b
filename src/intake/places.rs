//! Which place is meant? By id, by Chinese or English name, or by coordinates; and are the coordinates possible?
//!
//! A name is found when it is the same after trimming, in half width, whatever the case and blanks. A misspelt one is
//! not guessed: the finding names the nearest known one (edit distance up to half its length), and the row is left out.
//! Coordinates are turned into WGS-84 first; one beyond 20 km of the median of all sites is a slip.

use std::collections::HashMap;

use super::cells::{Flawed, Then, said};
use super::columns::half_width;
use super::findings::Findings;
use super::table::{Col, Entry};
use crate::domain::coordinates::{CoordinateSystem, Point};
use crate::domain::finding::Finding;
use crate::domain::site::{Site, SiteKind};
use crate::planning::project::Place;

/// Nothing of a district is farther from its middle.
const FAR_M: f64 = 20_000.0;

/// Ids and names of things, to find them by either.
#[derive(Debug, Default)]
pub(super) struct Names {
    ids: HashMap<String, usize>,
    /// `None`: several things have this name.
    names: HashMap<String, Option<usize>>,
    /// What to propose, in file order.
    known: Vec<String>,
    /// Proposals already worked out.
    near: HashMap<String, Option<String>>,
}

/// What a name led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    One(usize),
    Many,
    None,
}

fn key(text: &str) -> String {
    half_width(text).to_lowercase().split_whitespace().collect()
}

impl Names {
    /// Is this id taken? By which?
    pub(super) fn id(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }
    pub(super) fn add(&mut self, index: usize, id: &str, names: &[&str]) {
        self.ids.insert(id.to_owned(), index);
        self.known.push(id.to_owned());
        for name in names.iter().filter(|name| !name.is_empty()) {
            self.alias(index, name);
            self.known.push((*name).to_owned());
        }
        self.alias(index, id);
    }
    /// Another way to write it. The text itself is kept beside its key, so that most look-ups build no key.
    pub(super) fn alias(&mut self, index: usize, name: &str) {
        for text in [name.trim().to_owned(), key(name)] {
            let slot = self.names.entry(text).or_insert(Some(index));
            if *slot != Some(index) {
                *slot = None;
            }
        }
    }
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
    pub(super) fn find(&self, text: &str) -> Found {
        if let Some(index) = self.ids.get(text) {
            return Found::One(*index);
        }
        match self.names.get(text).or_else(|| self.names.get(&key(text))) {
            Some(Some(index)) => Found::One(*index),
            Some(None) => Found::Many,
            None => Found::None,
        }
    }
    /// The nearest known id or name, or "".
    pub(super) fn proposal(&mut self, text: &str) -> String {
        if let Some(near) = self.near.get(text) {
            return near.clone().unwrap_or_default();
        }
        let near = nearest(text, self.known.iter().map(String::as_str)).map(str::to_owned);
        // Somebody's thousand different typing errors need not be remembered.
        if self.near.len() < 10_000 {
            self.near.insert(text.to_owned(), near.clone());
        }
        near.unwrap_or_default()
    }
    /// Finds it, or makes the finding `code` (`code-many` where several go by that name).
    pub(super) fn find_or(
        &mut self,
        code: &str,
        entry: Entry<'_>,
        col: Col,
        then: Then,
        findings: &mut Findings,
    ) -> Result<Option<usize>, Flawed> {
        let text = entry.text(col);
        if text.is_empty() {
            return Ok(None);
        }
        match self.find(text) {
            Found::One(index) => Ok(Some(index)),
            Found::Many => {
                findings.push(entry.flaw("name-of-several", col, then));
                Err(Flawed)
            }
            Found::None => {
                let near = self.proposal(text);
                findings.push(guess(entry.flaw(code, col, then), &near));
                Err(Flawed)
            }
        }
    }
}

/// Adds the proposal to a finding; `guess` says whether there is one ("" cannot be asked for in a phrase).
pub(super) fn guess(finding: Finding, near: &str) -> Finding {
    finding.arg("near", near).arg("guess", if near.is_empty() { "no" } else { "yes" })
}

/// The candidate with the least edit distance, if that is at most half of the longer text; the first of equals.
pub(super) fn nearest<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let text: Vec<char> = key(text).chars().collect();
    if text.is_empty() || text.len() > 60 {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other: Vec<char> = key(candidate).chars().collect();
        let longer = text.len().max(other.len());
        if text.len().abs_diff(other.len()) * 2 > longer {
            continue;
        }
        let distance = edits(&text, &other);
        if distance * 2 <= longer && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Levenshtein distance.
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Where coordinates of this project can be.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Locator {
    pub(super) system: CoordinateSystem,
    /// Median of the sites; `None` with fewer than three.
    pub(super) centre: Option<Point>,
}

/// Why a pair of numbers is no place of this project.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Misplaced {
    /// No longitude and latitude, or one far away, but the other way round it would fit.
    Swapped,
    /// No longitude and latitude.
    OutOfRange,
    /// So many metres from the middle.
    Far(f64),
}

impl Locator {
    /// With the middle of these points as the middle of the project.
    pub(super) fn with_centre(self, points: &[Point]) -> Self {
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied()
        };
        if points.len() < 3 {
            return Self { centre: None, ..self };
        }
        let lon = median(points.iter().map(|p| p.lon).collect());
        let lat = median(points.iter().map(|p| p.lat).collect());
        Self { centre: lon.zip(lat).map(|(lon, lat)| Point { lon, lat }), ..self }
    }

    /// The WGS-84 point of two numbers as given.
    pub(super) fn locate(&self, lon: f64, lat: f64) -> Result<Point, Misplaced> {
        let there = |lon: f64, lat: f64| {
            ((-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat))
                .then(|| self.system.to_wgs84(Point { lon, lat }))
        };
        let fits = |point: &Point| self.centre.is_none_or(|centre| centre.metres_to(*point) <= FAR_M);
        match there(lon, lat) {
            Some(point) if fits(&point) => Ok(point),
            // Without a middle to compare with, a swap shows only by a latitude beyond 90.
            _ if there(lat, lon).is_some_and(|point| fits(&point)) => Err(Misplaced::Swapped),
            Some(point) => Err(Misplaced::Far(self.centre.map_or(0.0, |centre| centre.metres_to(point)))),
            None => Err(Misplaced::OutOfRange),
        }
    }
}

impl Misplaced {
    fn finding(self, entry: Entry<'_>, col: Col) -> Finding {
        let finding = entry.place(Finding::warning(match self {
            Self::Swapped => "point-swapped",
            Self::OutOfRange => "point-out-of-range",
            Self::Far(_) => "point-far",
        }));
        let finding = finding.column(col.name).arg("said", said(entry.text(col)));
        match self {
            Self::Far(metres) => finding.arg("km", (metres / 1000.0).round()),
            _ => finding,
        }
    }
}

/// A point in two columns; `None` after a finding. Both empty: `Ok(None)`.
pub(super) fn point(
    entry: Entry<'_>,
    (lon, lat): (Col, Col),
    locator: &Locator,
    findings: &mut Findings,
) -> Result<Option<Point>, Flawed> {
    if entry.text(lon).is_empty() && entry.text(lat).is_empty() {
        return Ok(None);
    }
    let x = entry.number(lon, (-1e9, 1e9), Then::Dropped, findings);
    let y = entry.number(lat, (-1e9, 1e9), Then::Dropped, findings);
    let (Some(x), Some(y)) = (entry.must(lon, x, findings), entry.must(lat, y, findings)) else {
        return Err(Flawed);
    };
    locator.locate(x, y).map(Some).map_err(|wrong| {
        findings.push(wrong.finding(entry, lon));
        Flawed
    })
}

/// The sites by id and name, and what coordinates are possible.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) names: Names,
    pub(super) locator: Locator,
    /// Of each site: id, kind, index of its parent.
    pub(super) sites: Vec<(String, SiteKind, Option<usize>)>,
    /// The file they stand in, and the row of each.
    pub(super) file: String,
    pub(super) rows: Vec<u32>,
    /// Those that let the shuttle in: index and where they are.
    pub(super) enter: Vec<(usize, Point)>,
    /// There is no list of sites: names are taken as they are.
    pub(super) open: bool,
}

impl Places {
    pub(super) fn new(sites: &[Site], names: Names, locator: Locator) -> Self {
        let parent = |site: &Site| site.parent.as_deref().and_then(|id| names.id(id));
        let sites = sites.iter().map(|site| (site.id.clone(), site.kind, parent(site))).collect();
        Self { names, locator, sites, ..Self::default() }
    }

    /// A site by id or name.
    pub(super) fn site(
        &mut self,
        entry: Entry<'_>,
        col: Col,
        then: Then,
        findings: &mut Findings,
    ) -> Result<Option<usize>, Flawed> {
        self.names.find_or("site-unknown", entry, col, then, findings)
    }

    /// The id of a site by id or name; as written where no sites are known at all.
    pub(super) fn site_id(
        &mut self,
        entry: Entry<'_>,
        col: Col,
        then: Then,
        findings: &mut Findings,
    ) -> Result<Option<String>, Flawed> {
        if self.open {
            return Ok(entry.some_text(col));
        }
        Ok(self.site(entry, col, then, findings)?.map(|index| self.sites[index].0.clone()))
    }

    /// A site, or "lon lat".
    pub(super) fn place(
        &mut self,
        entry: Entry<'_>,
        col: Col,
        findings: &mut Findings,
    ) -> Result<Option<Place>, Flawed> {
        let text = entry.text(col);
        if text.is_empty() {
            return Ok(None);
        }
        if text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || ('０'..='９').contains(&c))
            && let Some((lon, lat)) = pair(text)
            && self.names.find(text) == Found::None
        {
            return match self.locator.locate(lon, lat) {
                Ok(point) => Ok(Some(Place::Point(point))),
                Err(wrong) => {
                    findings.push(wrong.finding(entry, col));
                    Err(Flawed)
                }
            };
        }
        Ok(self.site_id(entry, col, Then::Dropped, findings)?.map(Place::Site))
    }

    /// The place as a whole: of a gate or exit, its park or station.
    pub(super) fn root(&self, place: &Place) -> Option<usize> {
        let Place::Site(id) = place else { return None };
        let index = self.names.id(id)?;
        let (_, kind, parent) = self.sites.get(index)?;
        match kind {
            SiteKind::Gate | SiteKind::Exit => Some(parent.unwrap_or(index)),
            _ => Some(index),
        }
    }

    /// The place as a whole, to compare: a gate is its park, an exit its station.
    pub(super) fn end(&self, place: &Place) -> Place {
        match self.root(place) {
            Some(index) => Place::Site(self.sites[index].0.clone()),
            None => place.clone(),
        }
    }

    pub(super) fn kind(&self, place: &Place) -> Option<SiteKind> {
        let Place::Site(id) = place else { return None };
        self.names.id(id).and_then(|index| self.sites.get(index)).map(|(_, kind, _)| *kind)
    }
}

/// "121.45 31.27", "121.45,31.27".
pub(super) fn pair(text: &str) -> Option<(f64, f64)> {
    let text = half_width(text);
    let mut parts = text.split([' ', ',', ';', '\t', '、']).filter(|part| !part.is_empty());
    let lon = super::cells::number(parts.next()?)?;
    let lat = super::cells::number(parts.next()?)?;
    parts.next().is_none().then_some((lon, lat))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_proposed_not_taken() {
        let known = ["延长路", "汶水路", "lingshi-media", "Yanchang Road"];
        let near = |text| nearest(text, known.iter().copied());
        assert_eq!(near("延常路"), Some("延长路"));
        assert_eq!(near("lingshi-meda"), Some("lingshi-media"));
        assert_eq!(near("Yanchng Road"), Some("Yanchang Road"));
        assert_eq!(near("张江高科"), None);
        // Two characters of three differ: that is another place.
        assert_eq!(near("地铁口"), None);
        let mut names = Names::default();
        names.add(0, "yanchang-rd", &["延长路", "Yanchang Road"]);
        names.add(1, "east", &["门"]);
        names.add(2, "west", &["门"]);
        assert_eq!(names.find("延常路"), Found::None);
        assert_eq!(names.find(" yanchang  ROAD"), Found::One(0));
        assert_eq!(names.find("门"), Found::Many);
        assert_eq!(names.find("west"), Found::One(2));
    }

    #[test]
    fn edit_distances_by_hand() {
        let edits = |a: &str, b: &str| edits(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("abc", "abc"), 0);
    }

    #[test]
    fn swapped_far_and_impossible_coordinates() {
        let at = |lon, lat| Point { lon, lat };
        let sites = [at(121.45, 31.26), at(121.45, 31.27), at(121.44, 31.28)];
        let locator = Locator::default().with_centre(&sites);
        assert_eq!(locator.locate(121.455, 31.275), Ok(at(121.455, 31.275)));
        assert_eq!(locator.locate(31.27, 121.45), Err(Misplaced::Swapped));
        assert_eq!(locator.locate(1000.0, 1.0), Err(Misplaced::OutOfRange));
        // 0.9 degrees of longitude at 31 degrees north: about 86 km.
        assert!(matches!(locator.locate(122.35, 31.27), Err(Misplaced::Far(m)) if (85e3..87e3).contains(&m)));
    }

    #[test]
    fn pairs() {
        assert_eq!(pair("121.45 31.27"), Some((121.45, 31.27)));
        assert_eq!(pair("121.45，31.27"), Some((121.45, 31.27)));
        assert_eq!(pair("121.45"), None);
        assert_eq!(pair("1号 门"), None);
    }
}
