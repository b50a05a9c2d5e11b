//! What did they bring? The bytes of a project folder become a [`Project`], and every flaw in them a finding.
//!
//! Pure: the shell reads the files. In this order, each of the files below by the module of its name:
//!
//! | step                      | modules                                                                 |
//! |---------------------------|-------------------------------------------------------------------------|
//! | bytes to text to tables   | `text`, `table`, `xlsx`, `columns` (all headers), `cells`               |
//! | what is wrong             | `findings` (gathered, capped, in order)                                 |
//! | the project's own words   | `settings` (project.toml), `calendar`                                   |
//! | where things are          | `places` (ids, names, coordinates), `sites`, `firms`, `stops`, `roads`  |
//! | who travels, on what      | `survey`, `honesty`, `fleet`, `trains`, `boardings`                     |
//! | what else is shared       | `parking`, `rooms`, `couriers`, `areas`                                 |
//! | do they fit together      | `systems` (coordinates in another system than declared)                 |
//! | back to a file            | `normal`, `joined` (with what was answered by link), `parking_register` |
//! | what may be answered      | `choices`                                                               |
//! | what is swept over        | `grid` (not of the folder: a file of its own)                           |
//! | what is measured between  | `points` (not of the folder either)                                     |
//!
//! A row with a flaw is left out (a warning) or a value of it counts as empty; a file that cannot be read at all is an
//! [`IntakeError`]; what keeps any sensible plan from being made is a finding of severity *error*. Files in
//! folders below are not read.

pub mod areas;
mod boardings;
mod calendar;
mod cells;
pub mod choices;
mod columns;
mod couriers;
mod dates;
mod findings;
mod firms;
mod fleet;
pub mod grid;
mod honesty;
pub mod joined;
mod normal;
mod parking;
pub mod parking_register;
mod places;
pub mod points;
mod roads;
mod rooms;
mod settings;
mod sites;
mod stops;
mod survey;
mod systems;
mod table;
mod text;
mod trains;
mod xlsx;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::domain::finding::{Finding, Severity};
use crate::planning::observed;
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use columns::Sheet;
use findings::Findings;
use table::Table;

pub use columns::header_zh;
pub use dates::AS_OF;
pub use normal::{NormalForm, normal_form_roads, normal_form_sites, normal_form_survey};

/// A file of the project folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the folder, '/' separated.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Is a part of the plan asked for?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Need {
    /// Its files are not even opened.
    #[default]
    No,
    /// If its files are there.
    IfThere,
    /// A missing file is an error.
    Must,
}

impl Need {
    fn wanted(self) -> bool {
        self != Self::No
    }
    fn must(self) -> bool {
        self == Self::Must
    }
}

/// What will be planned; a file is needed only for what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Shuttle lines: project.toml, roads, sites, survey, fleet; and firms, stops, trains, boardings, plan.json if there.
    pub shuttle: Need,
    /// Shared parking: project.toml, roads, lots, parking; and sites, parking_history.
    pub parking: Need,
    /// Couriers' rest points: project.toml, roads, sites, couriers.
    pub rest: Need,
    /// Groups of areas and parks: project.toml, areas.geojson or sites; and roads if there.
    pub groups: Need,
    /// Shared rooms: project.toml, rooms, claims.
    pub rooms: Need,
}

impl Default for Needs {
    /// The shuttle, and whatever else the folder has files for.
    fn default() -> Self {
        let rest = Need::IfThere;
        Self { shuttle: Need::Must, parking: rest, rest, groups: rest, rooms: rest }
    }
}

impl Needs {
    /// Nothing; to set single parts.
    pub const NONE: Self =
        Self { shuttle: Need::No, parking: Need::No, rest: Need::No, groups: Need::No, rooms: Need::No };

    /// Whatever is there; nothing must be.
    pub const ANY: Self = Self {
        shuttle: Need::IfThere,
        parking: Need::IfThere,
        rest: Need::IfThere,
        groups: Need::IfThere,
        rooms: Need::IfThere,
    };

    /// From the words of `--only` ("shuttle", "parking", "rest", "groups", "rooms"); the first unknown word as error.
    ///
    /// # Errors
    /// A word that names no part.
    pub fn only<'a>(parts: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        let mut needs = Self::NONE;
        for part in parts {
            match part.trim() {
                "shuttle" => needs.shuttle = Need::Must,
                "parking" => needs.parking = Need::Must,
                "rest" => needs.rest = Need::Must,
                "groups" => needs.groups = Need::Must,
                "rooms" => needs.rooms = Need::Must,
                _ => return Err(part),
            }
        }
        Ok(needs)
    }
}

/// A folder that cannot be read (exit code 3).
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Some file that is needed is missing, or one is no text, no table, no workbook, no TOML, no JSON, or too large.
    #[error("missing or unreadable: {}; the findings say why and what to do", files.join(", "))]
    Unreadable {
        /// The files, in the order they were tried.
        files: Vec<String>,
        /// Everything found, in these and in the other files.
        findings: Vec<Finding>,
    },
}

impl IntakeError {
    /// Everything that was found before reading stopped.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        let Self::Unreadable { findings, .. } = self;
        findings
    }
}

/// Does any finding say that no sensible plan can be made (exit code 1)?
#[must_use]
pub fn hopeless(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}

/// Reads a project folder's files; `needs` says what will be planned.
///
/// # Errors
/// A file that is needed, or there and asked for, cannot be read at all.
pub fn read_project(sources: &[Source], needs: Needs) -> Result<Project, IntakeError> {
    let mut findings = Findings::default();
    let folder = Folder::new(sources, &mut findings);
    let mut project = read(&folder, needs, &mut findings);
    project.inputs_hash = folder.hash();
    let (mut list, unreadable) = findings.finish();
    if folder.has(settings::FILE) && unreadable.iter().any(|file| file == settings::FILE) {
        // What was read without its settings would only look wrong.
        list.retain(|finding| finding.file.as_deref() == Some(settings::FILE));
    }
    if unreadable.is_empty() {
        project.findings = list;
        Ok(project)
    } else {
        Err(IntakeError::Unreadable { files: unreadable, findings: list })
    }
}

/// The plan whose changes are priced, or whose permits are kept.
fn in_force(folder: &Folder<'_>, findings: &mut Findings) -> Option<Arc<Plan>> {
    let source = folder.get("plan.json")?;
    match Plan::from_json(&source.bytes) {
        Ok(plan) => Some(Arc::new(plan)),
        Err(error) => {
            let reason = error.to_string();
            findings.unreadable("plan.json", Finding::error("plan-unreadable").arg("reason", reason));
            None
        }
    }
}

fn read(folder: &Folder<'_>, needs: Needs, findings: &mut Findings) -> Project {
    let mut settings = settings::read(folder, findings);
    if settings.unreadable {
        return settings.project;
    }
    settings.project.holidays = calendar::read(folder, findings);
    settings.services(findings);
    let settings::Settings { mut project, coordinates, .. } = settings;

    let sites_must = needs.shuttle.must() || needs.rest.must() || (needs.groups.must() && !folder.has("areas.geojson"));
    let (list, mut places) = sites::read(folder, coordinates, sites_must, findings);
    project.sites = list;
    // All but rooms go on foot; groups do without roads where there are none.
    if [needs.shuttle, needs.parking, needs.rest, needs.groups].into_iter().any(Need::wanted) {
        let must = needs.shuttle.must() || needs.parking.must() || needs.rest.must();
        let mut read = roads::read(folder, &project.sites, must, coordinates, &project.bus, findings);
        sites::let_in(&project.sites, &places, &mut read, findings);
        project.roads = Arc::new(read);
        // What `systems` will find in it comes before what is found in the files below.
        if !places.file.is_empty() {
            findings.reserve(&places.file);
        }
    }
    if needs.shuttle.wanted() {
        let must = needs.shuttle.must();
        let (firms, mut names) = firms::read(folder, &mut places, findings);
        project.firms = firms;
        project.stops = stops::read(folder, &mut places, findings);
        project.fleet = fleet::read(folder, &mut places, must, findings);
        project.trains = trains::read(folder, &mut places, findings);
        if let Some(table) = folder.table(&columns::SURVEY, must, findings) {
            let context = survey::Context { services: &project.services, firms: &project.firms, must };
            let answers = survey::read(&table, &context, &mut places, &mut names, findings);
            project.journeys = honesty::journeys(answers, &table.file, &context, findings);
        }
        project.in_force = in_force(folder, findings);
        project.boardings = boardings::read(folder, &project.stops, project.in_force.as_deref(), findings);
        for finding in observed::update(&mut project) {
            findings.push(finding);
        }
        settings::on_demand::known(&mut project, findings);
    }
    if needs.parking.wanted() {
        if !needs.shuttle.wanted() {
            project.in_force = in_force(folder, findings);
        }
        parking::read(folder, &mut project, &mut places, needs.parking.must(), findings);
    }
    if needs.rest.wanted() {
        project.couriers = couriers::read(folder, &places, needs.rest.must(), findings);
    }
    if needs.groups.wanted() {
        let must = needs.groups.must() && project.sites.is_empty();
        project.areas = areas::read(folder, &places, must, findings);
    }
    if needs.rooms.wanted() {
        rooms::read(folder, &mut project, &mut places, needs.rooms.must(), findings);
    }
    systems::check(folder, &project, &places, coordinates, findings);
    project
}

/// The files in the folder's root, by name in lower case; remembers which were read.
struct Folder<'s> {
    files: BTreeMap<String, &'s Source>,
    read: RefCell<BTreeMap<String, &'s Source>>,
    /// The latest moment at which a date in the files was over: all there is to tell one reading of them from another.
    over: Cell<Option<i64>>,
}

impl<'s> Folder<'s> {
    fn new(sources: &'s [Source], findings: &mut Findings) -> Self {
        let mut files = BTreeMap::new();
        for source in sources.iter().filter(|source| !source.name.contains(['/', '\\'])) {
            let name = source.name.to_lowercase();
            let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
            // "~$survey.xlsx" is what Excel leaves while a file is open.
            if matches!(ending, "csv" | "xlsx" | "xls" | "et")
                && !name.starts_with(['~', '.'])
                && !columns::ALL.iter().any(|sheet| sheet.name == stem && ending != "xls" && ending != "et")
            {
                let near = places::nearest(stem, columns::ALL.iter().map(|sheet| sheet.name));
                let finding = Finding::note("file-unknown").file(&source.name);
                let near = near.map(|near| format!("{near}.csv")).unwrap_or_default();
                findings.push(places::guess(finding, &near));
            }
            files.insert(name, source);
        }
        Self { files, read: RefCell::default(), over: Cell::default() }
    }

    fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The file a sheet is read from, as it is written.
    fn named(&self, sheet: &Sheet) -> String {
        let names = [format!("{}.csv", sheet.name), format!("{}.xlsx", sheet.name)];
        names.iter().find_map(|name| self.files.get(name)).map(|source| source.name.clone()).unwrap_or_default()
    }

    /// A file of the folder's root.
    fn get(&self, name: &str) -> Option<&'s Source> {
        let source = *self.files.get(name)?;
        self.read.borrow_mut().insert(source.name.clone(), source);
        Some(source)
    }

    /// The table of a sheet: its CSV, or else its workbook. `must`: it is an error if there is none.
    fn table(&self, sheet: &'static Sheet, must: bool, findings: &mut Findings) -> Option<Table> {
        let names = [format!("{}.csv", sheet.name), format!("{}.xlsx", sheet.name)];
        if names.iter().all(|name| self.has(name)) {
            findings.push(Finding::note("file-twice").file(&names[1]).arg("used", names[0].as_str()));
        }
        let Some(source) = names.iter().find(|name| self.has(name)).and_then(|name| self.get(name)) else {
            if must {
                findings.unreadable(&names[0], Finding::error("file-missing"));
            }
            return None;
        };
        table::read(source, sheet, must, findings)
    }

    /// SHA-256 over names and bytes of the files read, by name; the first 16 hex digits.
    fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (name, source) in self.read.borrow().iter() {
            // With their lengths: no two folders share a text of names and bytes.
            for part in [name.as_bytes(), &source.bytes] {
                hash.update((part.len() as u64).to_le_bytes());
                hash.update(part);
            }
        }
        if let Some(over) = self.over.get() {
            hash.update(over.to_le_bytes());
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}
