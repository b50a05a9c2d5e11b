//! What somebody who answers may choose from: the places people come from and go to, and the firms. Read from the few small files of
//! a project that say so; no roads, so that a form is there at once.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::places::{Places, pair};
use super::{Folder, Source, findings::Findings, firms, normal, sites};
use crate::domain::coordinates::CoordinateSystem;
use crate::domain::site::{Site, SiteKind};
use crate::planning::demand::coarse;
use crate::planning::project::{Firm, Place};

/// The files this is read from, as they are named in a folder.
pub const FILES: [&str; 6] = ["project.toml", "calendar.csv", "sites.csv", "sites.xlsx", "firms.csv", "firms.xlsx"];

/// What may be chosen.
#[derive(Debug)]
pub struct Choices {
    /// All sites.
    sites: Vec<Site>,
    /// Firms, in file order.
    pub firms: Vec<Firm>,
    timezone: String,
    places: Places,
}

/// Reads them; what cannot be read is not there to choose.
#[must_use]
pub fn choices(sources: &[Source]) -> Choices {
    let mut quiet = Findings::default();
    let folder = Folder::new(sources, &mut quiet);
    let settings = normal::system(&folder, &mut quiet);
    let (list, mut places) = sites::read(&folder, settings.coordinates, false, &mut quiet);
    let (firms, _) = firms::read(&folder, &mut places, &mut quiet);
    // Answers come from maps and phones of ours: WGS-84, whatever the files are in.
    places.locator.system = CoordinateSystem::Wgs84;
    Choices { sites: list, firms, timezone: settings.project.timezone, places }
}

impl Choices {
    /// Places people may choose: parks, their gates, stations, residential areas; in file order.
    pub fn places(&self) -> impl Iterator<Item = &Site> {
        self.sites.iter().filter(|site| is_offered(site.kind))
    }

    /// A site that may be chosen, by id, or "lon lat" within reach of the project: then the centre of its cell of about 100 m, never
    /// a doorstep.
    #[must_use]
    pub fn place(&self, text: &str) -> Option<Place> {
        let text = text.trim();
        if self.places().any(|site| site.id == text) {
            return Some(Place::Site(text.to_owned()));
        }
        let (lon, lat) = pair(text)?;
        // Without sites there is no middle to be near to: any point of the Earth would do.
        let point = self.places.locator.locate(lon, lat).ok()?;
        Some(coarse(&Place::Point(point)))
    }

    /// The same place, whichever gate or exit of it is meant?
    #[must_use]
    pub fn same(&self, a: &Place, b: &Place) -> bool {
        self.places.end(a) == self.places.end(b)
    }

    /// A site's names: Chinese (or the only one), and English.
    #[must_use]
    pub fn names(&self, id: &str) -> Option<(&str, Option<&str>)> {
        self.sites.iter().find(|site| site.id == id).map(|site| (site.name.as_str(), site.name_en.as_deref()))
    }

    /// The site a site belongs to: of a gate or exit its park or station, else itself.
    #[must_use]
    pub fn whole<'a>(&'a self, id: &'a str) -> &'a str {
        let site = self.sites.iter().find(|site| site.id == id);
        let part = site.filter(|site| matches!(site.kind, SiteKind::Gate | SiteKind::Exit));
        part.and_then(|site| site.parent.as_deref()).unwrap_or(id)
    }

    /// The park of a firm.
    #[must_use]
    pub fn park_of(&self, firm: &str) -> Option<&str> {
        self.firms.iter().find(|known| known.id == firm).map(|firm| self.whole(&firm.site))
    }

    /// The day it is in the project's zone.
    #[must_use]
    pub fn today(&self, now: Timestamp) -> Date {
        let zone = TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC);
        Zoned::new(now, zone).date()
    }
}

fn is_offered(kind: SiteKind) -> bool {
    matches!(kind, SiteKind::Park | SiteKind::Gate | SiteKind::Station | SiteKind::Area)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::coordinates::Point;

    /// A park with a gate, three stations, two firms; coordinates as declared.
    pub(crate) fn folder(system: &str) -> Vec<Source> {
        let source = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        vec![
            source(
                "project.toml",
                &format!(
                    "[project]\nname = \"x\"\ncoordinates = \"{system}\"\n[[services]]\nfrom = 2026-12-01\nuntil = 2026-12-31\n"
                ),
            ),
            source(
                "sites.csv",
                "id,name,name_en,kind,lon,lat,parent\np,园区,Park,park,121.45,31.27,\ng,西门,,gate,121.451,31.27,p\n\
                 s,延长路,Yanchang Road,station,121.45,31.28,\nt,汶水路,,station,121.45,31.29,\nd,车库,,depot,121.45,31.30,\n",
            ),
            source("firms.csv", "id,name,site,people\nf1,甲,g,100\nf2,乙,p,3\n"),
        ]
    }

    #[test]
    fn places_are_chosen_by_id_or_by_a_coarse_point() {
        let choices = choices(&folder("wgs84"));
        let ids: Vec<&str> = choices.places().map(|site| site.id.as_str()).collect();
        assert_eq!(ids, ["p", "g", "s", "t"]);
        assert_eq!(choices.place("s"), Some(Place::Site("s".to_owned())));
        // The cell from 121.455 to 121.456 and from 31.275 to 31.276: its centre.
        let cell = Place::Point(Point { lon: 121.4555, lat: 31.2755 });
        assert_eq!(choices.place("121.45512 31.27589"), Some(cell.clone()));
        assert_eq!(choices.place(&cell.to_string()), Some(cell));
        // A depot is nobody's way to work; 86 km away is no commute; a name is not an id.
        for wrong in ["d", "122.35 31.27", "延长路", "31.27 121.45", "", "1 2 3"] {
            assert_eq!(choices.place(wrong), None, "{wrong}");
        }
        let site = |id: &str| Place::Site(id.to_owned());
        assert!(choices.same(&site("p"), &site("g")) && !choices.same(&site("p"), &site("s")));
        assert_eq!((choices.park_of("f1"), choices.park_of("f3")), (Some("p"), None));
        // 16:30 in Greenwich is past midnight in Shanghai.
        let now = "2026-12-01T16:30:00Z".parse().unwrap();
        assert_eq!(choices.today(now), Date::constant(2026, 12, 2));
    }
}
