//! project.toml: every key has a default but `name`; unknown keys, wrong types and impossible values are findings with
//! the key and its line.

mod modes;
pub(super) mod on_demand;

use jiff::civil::{Date, date};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Folder;
use super::cells::{self, said};
use super::findings::Findings;
use super::places::{guess, nearest};
use super::text;
use crate::domain::calendar::{Days, Period, Service, Week, parse_time};
use crate::domain::coordinates::CoordinateSystem;
use crate::domain::finding::{Finding, Severity};
use crate::domain::units::{Fen, Metres, Seconds, ServiceTime};
use crate::network::profile::{Rules, TurnCosts};
use crate::planning::project::{
    AlternativeMode, Budget, ChangePrices, Modes, Policy, Project, Publication, Seating, SolveDefaults, Upkeep,
};

pub(super) const FILE: &str = "project.toml";
/// A project.toml is a page, not a book.
const MAX_BYTES: usize = 1 << 20;
/// Services, periods, alternatives: a committee keeps track of fewer.
const MOST: usize = 50;
/// Longest service, days: two years of dates are plenty for a plan and for GTFS.
const LONGEST: i32 = 1_100;
/// What makes the hard limit on money: a slip in one of these is never taken for "no budget".
const MONEY_LIMIT: [&str; 3] = ["budget", "per_day", "per_month"];

/// What project.toml says; services wait for the holidays.
#[derive(Debug, Default)]
pub(super) struct Settings {
    pub(super) project: Project,
    pub(super) coordinates: CoordinateSystem,
    /// The file is there and cannot be read.
    pub(super) unreadable: bool,
    services: Vec<RawService>,
}

#[derive(Debug)]
struct RawService {
    id: String,
    /// `None`: given, and not understood; said already.
    days: Option<Days>,
    from: Option<Date>,
    until: Option<Date>,
    row: u32,
}

pub(super) fn read(folder: &Folder<'_>, findings: &mut Findings) -> Settings {
    let mut settings = Settings::default();
    "project".clone_into(&mut settings.project.name);
    "Asia/Shanghai".clone_into(&mut settings.project.timezone);
    let Some(source) = folder.get(FILE) else {
        findings.unreadable(FILE, Finding::error("file-missing"));
        defaults(&mut settings.project);
        return settings;
    };
    if source.bytes.len() > MAX_BYTES {
        findings.unreadable(FILE, Finding::error("file-too-large").arg("limit", "1 MB"));
        settings.unreadable = true;
        return settings;
    }
    let Some(text) = text::decode(&source.bytes) else {
        findings.unreadable(FILE, Finding::error("text-unreadable"));
        settings.unreadable = true;
        return settings;
    };
    if let Some(line) = text.damaged {
        findings.push(Finding::warning("text-damaged").file(FILE).row(line));
    }
    let text = text.text.as_ref();
    let (root, errors) = DeTable::parse_recoverable(text);
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    // The first one causes the others.
    if let Some(error) = errors.iter().min_by_key(|error| start(error)) {
        let reason: String = error.message().chars().take(100).collect();
        let row = line_of(text, start(error));
        let line = text.lines().nth(row as usize - 1).unwrap_or_default();
        let finding = Finding::error("toml-unreadable").row(row).arg("slip", slip(&reason, line));
        findings.unreadable(FILE, finding.arg("reason", reason));
        settings.unreadable = true;
        return settings;
    }
    whole(Section::new("", Some(root.get_ref()), 1, text), &mut settings, findings);
    defaults(&mut settings.project);
    settings
}

/// What kind of slip the parser's words are about; the phrases have words of their own for these.
fn slip(reason: &str, line: &str) -> &'static str {
    let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if line.trim_end().ends_with('=') {
        "equals"
    } else if has(&["duplicate key"]) {
        "twice"
    } else if has(&["unquoted key"]) {
        "key"
    } else if has(&["string", "quote"]) {
        "quote"
    } else if has(&["unclosed", "opening", "comma"]) {
        "bracket"
    } else if has(&["no value", "missing value", "`=`", "assignment"]) {
        "equals"
    } else {
        "other"
    }
}

fn line_of(text: &str, at: usize) -> u32 {
    // The end of the text belongs to its last line.
    let at = at.min(text.trim_end().len());
    let before = text.as_bytes().get(..at).unwrap_or_default();
    u32::try_from(before.iter().filter(|byte| **byte == b'\n').count() + 1).unwrap_or(u32::MAX)
}

fn whole(mut root: Section<'_>, settings: &mut Settings, findings: &mut Findings) {
    let project = &mut settings.project;
    let mut part = root.section("project", findings);
    match part.text("name", findings) {
        Some(name) => {
            // It becomes part of file names.
            let safe: String =
                name.trim().chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
            let safe: String = safe.trim_start_matches('.').chars().take(60).collect();
            if safe != name {
                findings.push(part.at("name", Finding::note("project-name-unsafe")).arg("used", safe.as_str()));
            }
            if !safe.is_empty() {
                project.name = safe;
            }
        }
        None => findings.push(part.at("name", Finding::error("project-name-missing"))),
    }
    project.name_zh = part.text("name_zh", findings);
    if let Some(zone) = part.text("timezone", findings) {
        if jiff::tz::TimeZone::get(&zone).is_ok() {
            project.timezone = zone;
        } else {
            findings.push(part.wrong("timezone", "Asia/Shanghai"));
        }
    }
    if let Some(system) = part.text("coordinates", findings) {
        match system.to_lowercase().replace(['-', ' '], "").as_str() {
            "wgs84" => settings.coordinates = CoordinateSystem::Wgs84,
            "gcj02" => settings.coordinates = CoordinateSystem::Gcj02,
            "bd09" => settings.coordinates = CoordinateSystem::Bd09,
            // A wrong system moves everything by half a kilometre: no guess.
            _ => findings.push(part.fatal("coordinates", "wgs84, gcj02, bd09")),
        }
    }
    let modes = modes::modes(&mut part, findings);
    part.finish(findings);
    settings.services = services(&mut root, findings);
    project.periods = periods(&mut root, findings);
    project.policy = policy(&mut root, modes, findings);
    peaks(&mut root, &mut project.policy, findings);
    project.alternatives = alternatives(&mut root, &project.policy, findings);
    project.on_demand = on_demand::on_demand(&mut root, &mut project.policy, findings);
    (project.turns, project.bus) = junctions_and_bus(&mut root, findings);

    let mut part = Section { strict: true, ..root.section("budget", findings) };
    project.budget = Budget { per_day: part.money("per_day", findings), per_month: part.money("per_month", findings) };
    part.finish(findings);
    let mut part = root.section("upkeep", findings);
    let default = Upkeep::default();
    project.upkeep = Upkeep {
        per_line: part.money("per_line", findings).unwrap_or(default.per_line),
        per_stop: part.money("per_stop", findings).unwrap_or(default.per_stop),
        max_lines: part.whole("max_lines", (1, 1000), findings).or(default.max_lines),
    };
    part.finish(findings);
    let mut part = root.section("changes", findings);
    let default = ChangePrices::default();
    project.changes = ChangePrices {
        per_stop_moved: part.money("per_stop_moved", findings).unwrap_or(default.per_stop_moved),
        per_minute_shifted: part.money("per_minute_shifted", findings).unwrap_or(default.per_minute_shifted),
        per_person_reassigned: part.money("per_person_reassigned", findings).unwrap_or(default.per_person_reassigned),
    };
    part.finish(findings);
    let mut part = root.section("publication", findings);
    let base_url = part.text("base_url", findings);
    if base_url.as_ref().is_some_and(|url| !(url.starts_with("https://") || url.starts_with("http://"))) {
        findings.push(part.wrong("base_url", "https://…"));
    }
    project.publication = Publication {
        base_url: base_url.filter(|url| url.starts_with("http")).map(|url| url.trim_end_matches('/').to_owned()),
        agency: part.text("agency", findings),
    };
    part.finish(findings);
    let mut part = root.section("solve", findings);
    let default = SolveDefaults::default();
    project.solve = SolveDefaults {
        seconds: part.whole("seconds", (0, 86_400), findings).unwrap_or(default.seconds),
        chains: part.whole("chains", (1, 256), findings).unwrap_or(default.chains),
    };
    part.finish(findings);
    root.finish(findings);
}

/// What stands where nothing was said.
fn defaults(project: &mut Project) {
    if project.periods.is_empty() {
        let period = |name: &str, from, to| Period { name: name.to_owned(), from, to };
        project.periods = vec![
            period("am", ServiceTime::hm(6, 45), ServiceTime::hm(10, 0)),
            period("pm", ServiceTime::hm(16, 30), ServiceTime::hm(20, 30)),
        ];
    }
    if project.alternatives.is_empty() {
        project.alternatives = ["walk", "shared_bike"].iter().filter_map(|mode| usual(mode, &project.policy)).collect();
    }
}

fn services(root: &mut Section<'_>, findings: &mut Findings) -> Vec<RawService> {
    let mut services: Vec<RawService> = Vec::new();
    for mut part in root.sections("services", findings) {
        let id = part.text("id", findings).unwrap_or_else(|| format!("service-{}", services.len() + 1));
        let id: String = id.split_whitespace().collect::<Vec<_>>().join("_");
        let days = match part.value("days").map(Spanned::get_ref) {
            None => Some(Days::Weekly(Week::WORKING)),
            Some(DeValue::String(text)) => Days::parse(text),
            Some(_) => None,
        };
        if days.is_none() {
            // Which days it runs is not to be guessed.
            findings.push(part.at("days", Finding::error("service-days-unknown")).arg("service", said(&id)));
        }
        let from = part.date("from", findings);
        let until = part.date("until", findings);
        if services.iter().any(|service| service.id == id) {
            findings.push(part.at("id", Finding::warning("toml-twice")).arg("id", said(&id)));
        } else {
            services.push(RawService { id, days, from, until, row: part.row });
        }
        part.finish(findings);
    }
    services
}

impl Settings {
    /// The services, with the holidays read by now.
    pub(super) fn services(&mut self, findings: &mut Findings) {
        if self.services.is_empty() {
            let days = Some(Days::Weekly(Week::WORKING));
            self.services.push(RawService { id: "weekday".to_owned(), days, from: None, until: None, row: 1 });
        }
        for raw in self.services.drain(..) {
            let later = |date: Date, days: i32| date.checked_add(jiff::Span::new().days(days)).unwrap_or(date);
            let dates = match &raw.days {
                Some(Days::Dates(dates)) => dates.first().copied().zip(dates.last().copied()),
                Some(Days::Weekly(_)) | None => None,
            };
            let (from, until) = match (raw.from.or(dates.map(|d| d.0)), raw.until.or(dates.map(|d| d.1))) {
                (Some(from), Some(until)) => (from, until),
                (from, until) => {
                    // No clock here: a year from what is known, or the year 2027.
                    let from = from.or(until.map(|day| later(day, -364))).unwrap_or(date(2027, 1, 1));
                    let until = until.unwrap_or(later(from, 364));
                    findings.push(
                        Finding::warning("service-dates-assumed")
                            .file(FILE)
                            .row(raw.row)
                            .arg("service", raw.id.as_str())
                            .arg("from", from.to_string())
                            .arg("until", until.to_string()),
                    );
                    (from, until)
                }
            };
            let finding = |code: &str| Finding::warning(code).file(FILE).row(raw.row).arg("service", raw.id.as_str());
            let last = later(from, LONGEST);
            if until > last {
                findings.push(finding("service-too-long").arg("until", last.to_string()));
            }
            // Days not understood: no plan is made; working days for whatever else is looked at.
            let days = raw.days.unwrap_or(Days::Weekly(Week::WORKING));
            let service = Service::new(&raw.id, &days, from, until.min(last), &self.project.holidays);
            if service.dates().next().is_none() {
                findings.push(finding("service-without-days"));
            } else {
                self.project.services.push(service);
            }
        }
        if self.project.services.is_empty() {
            findings.push(Finding::error("services-none").file(FILE));
        }
    }
}

fn periods(root: &mut Section<'_>, findings: &mut Findings) -> Vec<Period> {
    let mut periods: Vec<(Period, u32)> = Vec::new();
    for mut part in root.sections("periods", findings) {
        let name = part.text("name", findings);
        let (from, to) = (part.time("from", findings), part.time("to", findings));
        match (from, to) {
            (Some(from), Some(to)) if from < to => {
                let name = name.unwrap_or_else(|| from.clock());
                periods.push((Period { name, from, to }, part.row));
            }
            (Some(_), Some(_)) => findings.push(part.at("to", Finding::warning("period-backwards"))),
            _ => findings.push(part.at("from", Finding::warning("period-incomplete"))),
        }
        part.finish(findings);
    }
    periods.sort_by_key(|(period, _)| (period.from, period.to));
    let mut apart: Vec<Period> = Vec::new();
    for (period, row) in periods {
        match apart.last_mut() {
            Some(last) if period.from < last.to => {
                findings.push(Finding::warning("periods-overlap").file(FILE).row(row).arg("name", said(&period.name)));
                last.to = last.to.max(period.to);
            }
            _ => apart.push(period),
        }
    }
    apart
}

fn policy(root: &mut Section<'_>, modes: Modes, findings: &mut Findings) -> Policy {
    let mut part = root.section("policy", findings);
    let d = Policy::default();
    let mut milli = |key, range, default| part.milli(key, range, findings).unwrap_or(default);
    let walk_mm_per_s = milli("walk_m_per_s", (0.3, 3.0), d.walk_mm_per_s);
    let slow_walk_mm_per_s = milli("slow_walk_m_per_s", (0.2, 3.0), d.slow_walk_mm_per_s);
    let weight_walk = milli("weight_walk", (0.0, 20.0), d.weight_walk);
    let weight_wait = milli("weight_wait", (0.0, 20.0), d.weight_wait);
    let weight_ride = milli("weight_ride", (0.1, 20.0), d.weight_ride);
    let area_floor = milli("area_floor", (0.0, 1.0), d.area_floor);
    let design_load = milli("design_load", (0.1, 1.0), d.design_load);
    // Two names for one: the demonstration and the policy itself say peak_speed.
    let peak_speed = milli("peak_speed", (0.1, 1.0), d.peak_speed);
    let peak_speed = milli("peak_speed_factor", (0.1, 1.0), peak_speed);
    let mut span = |key, unit, range, default| part.seconds(key, unit, range, findings).unwrap_or(default);
    let max_wait = span("max_wait_min", 60.0, (0.0, 240.0), d.max_wait);
    let max_ride = span("max_ride_min", 60.0, (1.0, 240.0), d.max_ride);
    let transfer = span("transfer_min", 60.0, (0.0, 60.0), d.transfer);
    let ahead = span("ahead_min", 60.0, (0.0, 30.0), d.ahead);
    let change = span("change_min", 60.0, (0.0, 30.0), d.change);
    let dwell = span("dwell_s", 1.0, (0.0, 600.0), d.dwell);
    let layover = span("layover_min", 60.0, (0.0, 120.0), d.layover);
    let max_driving = span("max_driving_h", 3600.0, (0.5, 24.0), d.max_driving);
    let break_length = span("break_min", 60.0, (1.0, 240.0), d.break_length);
    let max_driving_day = span("max_driving_day_h", 3600.0, (0.5, 24.0), d.max_driving_day);
    let overstay_grace = span("overstay_grace_min", 60.0, (0.0, 600.0), d.overstay_grace);
    let seating = match part.text("seats", findings).as_deref() {
        None | Some("chosen") => Seating::Chosen,
        Some("assigned") => Seating::Assigned,
        Some(_) => {
            findings.push(part.wrong("seats", "chosen, assigned"));
            d.seating
        }
    };
    let policy = Policy {
        seating,
        modes,
        value_of_time_per_h: part.money("value_of_time_per_h", findings).unwrap_or(d.value_of_time_per_h),
        max_walk: Metres(part.whole("max_walk_m", (0, 10_000), findings).unwrap_or(d.max_walk.0)),
        max_stops: part.whole("max_stops", (2, 100), findings).unwrap_or(d.max_stops),
        fare: part.money("fare", findings).unwrap_or(d.fare),
        stranded: part.money("stranded", findings).unwrap_or(d.stranded),
        k_anonymity: part.whole("k_anonymity", (1, 1000), findings).unwrap_or(d.k_anonymity),
        max_snap: Metres(part.whole("max_snap_m", (1, 2_000), findings).unwrap_or(d.max_snap.0)),
        max_foothold: Metres(part.whole("max_foothold_m", (1, 5_000), findings).unwrap_or(d.max_foothold.0)),
        am_peak: part.span("am_peak", findings).unwrap_or(d.am_peak),
        pm_peak: part.span("pm_peak", findings).unwrap_or(d.pm_peak),
        walk_mm_per_s,
        slow_walk_mm_per_s,
        weight_walk,
        weight_wait,
        weight_ride,
        design_load,
        peak_speed,
        max_wait,
        max_ride,
        transfer,
        ahead,
        change,
        dwell,
        layover,
        max_driving,
        break_length,
        max_driving_day,
        overstay_grace,
        area_floor,
    };
    part.finish(findings);
    policy
}

/// `[roads]`: what junctions cost, and the bus that must fit through.
fn junctions_and_bus(root: &mut Section<'_>, findings: &mut Findings) -> (TurnCosts, Rules) {
    let mut part = root.section("roads", findings);
    let (turns, bus) = (TurnCosts::default(), Rules::default());
    // Ten minutes at one junction is a slip; so is a bus no road of GB 1589-2016 is built for (4 m, 2.55 m, and articulated 28 t).
    let mut seconds = |key, usual| part.whole(key, (0, 600), findings).unwrap_or(usual);
    let turns = TurnCosts {
        signal_s: seconds("signal_s", turns.signal_s),
        left_s: seconds("left_turn_s", turns.left_s),
        right_s: seconds("right_turn_s", turns.right_s),
        u_turn_s: seconds("u_turn_s", turns.u_turn_s),
    };
    // Thousandths of a metre to centimetres; thousandths of a tonne are kilograms.
    let mut milli = |key, range| part.milli(key, range, findings);
    let bus = Rules {
        height_cm: milli("bus_height_m", (1.5, 4.5)).map_or(bus.height_cm, |mm| mm.div_ceil(10)),
        width_cm: milli("bus_width_m", (1.0, 3.0)).map_or(bus.width_cm, |mm| mm.div_ceil(10)),
        weight_kg: milli("bus_weight_t", (0.5, 40.0)).unwrap_or(bus.weight_kg),
        living_streets: part.truth("living_streets", findings).unwrap_or(bus.living_streets),
    };
    part.finish(findings);
    (turns, bus)
}

/// `[[peaks]]`: the same as `am_peak`, `pm_peak` and `peak_speed_factor` of the policy, written as periods.
fn peaks(root: &mut Section<'_>, policy: &mut Policy, findings: &mut Findings) {
    let mut factor: Option<u32> = None;
    for mut part in root.sections("peaks", findings) {
        let name = part.text("name", findings);
        let (from, to) = (part.time("from", findings), part.time("to", findings));
        let slow = part.milli("speed_factor", (0.1, 1.0), findings);
        match (name.as_deref(), from, to) {
            (Some("am"), Some(from), Some(to)) if from < to => policy.am_peak = (from, to),
            (Some("pm"), Some(from), Some(to)) if from < to => policy.pm_peak = (from, to),
            (Some("am" | "pm"), Some(_), Some(_)) => findings.push(part.at("to", Finding::warning("period-backwards"))),
            (Some("am" | "pm") | None, _, _) => findings.push(part.at("from", Finding::warning("period-incomplete"))),
            _ => findings.push(part.wrong("name", "am, pm")),
        }
        if slow.is_some() && factor.is_some() && slow != factor {
            // One factor for both: the slower, so that no timetable is too fast.
            findings.push(part.at("speed_factor", Finding::note("peaks-differ")));
        }
        factor = factor.into_iter().chain(slow).min();
        part.finish(findings);
    }
    policy.peak_speed = factor.unwrap_or(policy.peak_speed);
}

/// The usual figures of a way to travel without us: shared bike and city bus as in Shanghai.
fn usual(mode: &str, policy: &Policy) -> Option<AlternativeMode> {
    let (mm_per_s, fixed, price, max_m, weight) = match mode {
        "walk" => (policy.walk_mm_per_s, 0, 0, None, policy.weight_walk),
        "shared_bike" => (3_300, 240, 150, Some(Metres(5_000)), 1_000),
        "e_bike" => (4_500, 180, 0, Some(Metres(12_000)), 1_000),
        "city_bus" => (4_000, 840, 200, None, 1_000),
        "taxi" => (6_000, 300, 1_600, None, 1_000),
        _ => return None,
    };
    Some(AlternativeMode {
        mode: mode.to_owned(),
        mm_per_s,
        fixed: Seconds(fixed),
        price: Fen(price),
        max_m,
        weight,
        wheelchair: !is_cycle(mode),
    })
}

/// Is it ridden on two wheels? Nobody in a wheelchair is taken to do that unless the project says so.
fn is_cycle(mode: &str) -> bool {
    const WORDS: [&str; 10] =
        ["bike", "cycle", "scooter", "moped", "单车", "自行车", "骑", "电动车", "电瓶车", "助动车"];
    let mode = mode.to_lowercase();
    WORDS.iter().any(|word| mode.contains(word))
}

fn alternatives(root: &mut Section<'_>, policy: &Policy, findings: &mut Findings) -> Vec<AlternativeMode> {
    let mut alternatives: Vec<AlternativeMode> = Vec::new();
    for mut part in root.sections("alternatives", findings) {
        let mode = part.text("mode", findings);
        let mm_per_s = part.milli("m_per_s", (0.3, 40.0), findings);
        let fixed = part.seconds("fixed_min", 60.0, (0.0, 240.0), findings);
        let price = part.money("price", findings);
        let max_m = part.whole("max_m", (1, 200_000), findings).map(Metres);
        let weight = part.milli("weight", (0.1, 20.0), findings);
        let wheelchair = part.truth("wheelchair", findings);
        match mode {
            None => findings.push(part.at("mode", Finding::warning("alternative-incomplete"))),
            Some(mode) if alternatives.iter().any(|other| other.mode == mode) => {
                findings.push(part.at("mode", Finding::warning("toml-twice")).arg("id", said(&mode)));
            }
            Some(mode) => {
                let known = usual(&mode, policy);
                match (mm_per_s, &known) {
                    (None, None) => findings.push(part.at("m_per_s", Finding::warning("alternative-incomplete"))),
                    _ => {
                        let known = known.unwrap_or_else(|| AlternativeMode {
                            wheelchair: !is_cycle(&mode),
                            mode,
                            mm_per_s: 0,
                            fixed: Seconds::ZERO,
                            price: Fen::ZERO,
                            max_m: None,
                            weight: 1_000,
                        });
                        alternatives.push(AlternativeMode {
                            mm_per_s: mm_per_s.unwrap_or(known.mm_per_s),
                            fixed: fixed.unwrap_or(known.fixed),
                            price: price.unwrap_or(known.price),
                            max_m: max_m.or(known.max_m),
                            weight: weight.unwrap_or(known.weight),
                            wheelchair: wheelchair.unwrap_or(known.wheelchair),
                            mode: known.mode,
                        });
                    }
                }
            }
        }
        part.finish(findings);
    }
    alternatives
}

/// A table of the file; remembers which keys were asked for, the others are unknown.
struct Section<'t> {
    name: &'static str,
    table: Option<&'t DeTable<'t>>,
    row: u32,
    text: &'t str,
    asked: Vec<&'static str>,
    /// A slip in it is an error: nothing is assumed instead.
    strict: bool,
}

impl<'t> Section<'t> {
    fn new(name: &'static str, table: Option<&'t DeTable<'t>>, row: u32, text: &'t str) -> Self {
        Self { name, table, row, text, asked: Vec::new(), strict: false }
    }

    fn value(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.asked.push(key);
        self.table.and_then(|table| table.get(key))
    }

    fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Places a finding at a key (at the table, if the key is not there).
    fn at(&self, key: &str, finding: Finding) -> Finding {
        let value = self.table.and_then(|table| table.get(key));
        let row = value.map_or(self.row, |value| line_of(self.text, value.span().start));
        finding.file(FILE).row(row).column(&self.path(key))
    }

    /// The value is not what it must be.
    fn wrong(&self, key: &str, expected: &str) -> Finding {
        if self.strict || MONEY_LIMIT.contains(&key) {
            return self.fatal(key, expected);
        }
        self.at(key, Finding::warning("toml-value")).arg("expected", expected).arg("then", "empty")
    }

    /// The value is not what it must be, and nothing can be assumed instead.
    fn fatal(&self, key: &str, expected: &str) -> Finding {
        self.at(key, Finding::error("toml-value")).arg("expected", expected).arg("then", "stop")
    }

    fn section(&mut self, name: &'static str, findings: &mut Findings) -> Section<'t> {
        let value = self.value(name);
        let table = value.and_then(|value| value.get_ref().as_table());
        if value.is_some() && table.is_none() {
            findings.push(self.wrong(name, &format!("[{name}]")));
        }
        let row = value.map_or(1, |value| line_of(self.text, value.span().start));
        Section::new(name, table, row, self.text)
    }

    fn sections(&mut self, name: &'static str, findings: &mut Findings) -> Vec<Section<'t>> {
        let text = self.text;
        let Some(value) = self.value(name) else { return Vec::new() };
        let one = |value: &'t Spanned<DeValue<'t>>| {
            let table = value.get_ref().as_table()?;
            Some(Section::new(name, Some(table), line_of(text, value.span().start), text))
        };
        let list: Option<Vec<Section<'t>>> = match value.get_ref() {
            DeValue::Array(array) => array.iter().map(one).collect(),
            // [services] instead of [[services]]: what is meant is clear.
            DeValue::Table(_) => one(value).map(|section| vec![section]),
            _ => None,
        };
        let Some(mut list) = list else {
            findings.push(self.wrong(name, &format!("[[{name}]]")));
            return Vec::new();
        };
        if list.len() > MOST {
            findings.push(self.at(name, Finding::warning("rows-beyond-limit")).arg("limit", MOST));
            list.truncate(MOST);
        }
        list
    }

    fn text(&mut self, key: &'static str, findings: &mut Findings) -> Option<String> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text.trim().chars().take(500).collect()),
            DeValue::String(_) => None,
            _ => {
                findings.push(self.wrong(key, "\"…\""));
                None
            }
        }
    }

    fn number(&mut self, key: &'static str, (min, max): (f64, f64), findings: &mut Findings) -> Option<f64> {
        let value = self.value(key)?;
        let number = match value.get_ref() {
            DeValue::Integer(number) => {
                i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok().map(|n| n as f64)
            }
            DeValue::Float(number) => number.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        let number = number.filter(|number: &f64| *number >= min && *number <= max);
        if number.is_none() {
            findings.push(self.wrong(key, &format!("{min} … {max}")));
        }
        number
    }

    fn whole(&mut self, key: &'static str, (min, max): (u32, u32), findings: &mut Findings) -> Option<u32> {
        let number = self.number(key, (f64::from(min), f64::from(max)), findings)?;
        if number.fract() != 0.0 {
            findings.push(self.wrong(key, &format!("{min}, {} … {max}", min + 1)));
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, within min and max")]
        Some(number as u32)
    }

    /// A factor or speed as thousandths.
    fn milli(&mut self, key: &'static str, range: (f64, f64), findings: &mut Findings) -> Option<u32> {
        let number = self.number(key, range, findings)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "all ranges lie in 0 to 1,000")]
        Some((number * 1000.0).round() as u32)
    }

    fn seconds(&mut self, key: &'static str, unit: f64, range: (f64, f64), findings: &mut Findings) -> Option<Seconds> {
        let number = self.number(key, range, findings)?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a day")]
        Some(Seconds((number * unit).round() as u32))
    }

    fn truth(&mut self, key: &'static str, findings: &mut Findings) -> Option<bool> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::Boolean(truth) => Some(*truth),
            _ => {
                findings.push(self.wrong(key, "true, false"));
                None
            }
        }
    }

    fn money(&mut self, key: &'static str, findings: &mut Findings) -> Option<Fen> {
        self.number(key, (0.0, 1e9), findings).map(Fen::from_yuan)
    }

    /// A time as text ("07:00") or as TOML's own (07:00:00).
    fn time(&mut self, key: &'static str, findings: &mut Findings) -> Option<ServiceTime> {
        let value = self.value(key)?;
        let time = as_text(value.get_ref()).and_then(|text| parse_time(&text));
        if time.is_none() {
            findings.push(self.wrong(key, "\"07:30\""));
        }
        time
    }

    /// Two times.
    fn span(&mut self, key: &'static str, findings: &mut Findings) -> Option<(ServiceTime, ServiceTime)> {
        let value = self.value(key)?;
        let times: Option<Vec<ServiceTime>> = value.get_ref().as_array().and_then(|array| {
            array.iter().map(|item| as_text(item.get_ref()).and_then(|text| parse_time(&text))).collect()
        });
        match times.as_deref() {
            Some([from, to]) if from < to => Some((*from, *to)),
            _ => {
                findings.push(self.wrong(key, "[\"07:00\", \"09:30\"]"));
                None
            }
        }
    }

    /// A date as text or as TOML's own.
    fn date(&mut self, key: &'static str, findings: &mut Findings) -> Option<Date> {
        let value = self.value(key)?;
        let date = as_text(value.get_ref()).and_then(|text| cells::date(&text));
        if date.is_none() {
            findings.push(self.wrong(key, "\"2026-12-01\""));
        }
        date
    }

    /// Whatever was not asked for is unknown.
    fn finish(self, findings: &mut Findings) {
        let Some(table) = self.table else { return };
        for (key, _) in table {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let near = nearest(name, self.asked.iter().copied());
            // Money limits written elsewhere, too: [budgets], or per_day under [project].
            let limit = match near {
                Some(near) => MONEY_LIMIT.contains(&near),
                None => self.strict || nearest(name, MONEY_LIMIT.into_iter()).is_some(),
            };
            let near = match near {
                None if self.strict => self.asked.join(" / "),
                None if limit => "[budget] per_day".to_owned(),
                near => near.unwrap_or_default().to_owned(),
            };
            let row = line_of(self.text, key.span().start);
            let finding = Finding::warning("toml-unknown-key").arg("then", if limit { "stop" } else { "empty" });
            let finding = finding.file(FILE).row(row).column(&self.path(&said(name)));
            let severity = if limit { Severity::Error } else { Severity::Warning };
            findings.push(guess(Finding { severity, ..finding }, &near));
        }
    }
}

fn as_text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Datetime(moment) => Some(moment.to_string()),
        _ => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::Source;
    use super::*;

    pub(super) fn settings(text: &str) -> (Settings, Vec<Finding>) {
        let sources = vec![Source { name: FILE.to_owned(), bytes: text.as_bytes().to_vec() }];
        let mut findings = Findings::default();
        let folder = Folder::new(&sources, &mut findings);
        let mut settings = read(&folder, &mut findings);
        settings.services(&mut findings);
        (settings, findings.finish().0)
    }

    #[test]
    fn only_the_name_is_needed() {
        let (settings, findings) =
            settings("[project]\nname = \"x\"\n[[services]]\nfrom = 2026-12-01\nuntil = 2026-12-31\n");
        assert_eq!(findings, vec![]);
        assert_eq!(settings.project.policy, Policy::default());
        assert_eq!(settings.project.periods.len(), 2);
        let modes: Vec<_> =
            settings.project.alternatives.iter().map(|a| (a.mode.as_str(), a.mm_per_s, a.weight)).collect();
        assert_eq!(modes, vec![("walk", 1200, 2000), ("shared_bike", 3300, 1000)]);
        assert_eq!(settings.project.services[0].dates().count(), 23);
    }

    #[test]
    fn nobody_in_a_wheelchair_rides_a_bike_unless_it_is_said() {
        let read = |alternatives: &str| {
            let (settings, findings) = settings(&format!(
                "[project]\nname = \"x\"\n[[services]]\nfrom = 2026-12-01\nuntil = 2026-12-31\n{alternatives}"
            ));
            let takes = settings.project.alternatives.into_iter().map(|mode| (mode.mode, mode.wheelchair));
            let codes = findings.into_iter().map(|finding| (finding.code, finding.column.unwrap_or_default()));
            (takes.collect::<Vec<_>>(), codes.collect::<Vec<_>>())
        };
        let takes = |list: &[(&str, bool)]| list.iter().map(|(mode, takes)| ((*mode).to_owned(), *takes)).collect();
        assert_eq!(read("").0, takes(&[("walk", true), ("shared_bike", false)]));
        let default = |mode: &str| read(&format!("[[alternatives]]\nmode = \"{mode}\"\nm_per_s = 4\n"));
        for cycle in ["shared_bike", "e_bike", "bike", "E-Bike", "bicycle", "电动车", "自行车", "共享单车"] {
            assert_eq!(default(cycle), (takes(&[(cycle, false)]), vec![]));
        }
        for other in ["walk", "city_bus", "taxi", "car", "ferry", "公交"] {
            assert_eq!(default(other), (takes(&[(other, true)]), vec![]));
        }
        let said = read(
            "[[alternatives]]\nmode = \"shared_bike\"\nwheelchair = true\n[[alternatives]]\nmode = \"taxi\"\nwheelchair = false\n",
        );
        assert_eq!(said, (takes(&[("shared_bike", true), ("taxi", false)]), vec![]));
        let (slip, findings) = read("[[alternatives]]\nmode = \"taxi\"\nwheelchair = \"yes\"\n");
        assert_eq!(slip, takes(&[("taxi", true)]));
        assert_eq!(findings, vec![("toml-value".to_owned(), "alternatives.wheelchair".to_owned())]);
    }

    #[test]
    fn flaws_name_the_key_and_its_line() {
        let (settings, findings) = settings(
            "[project]\nname = \"a b\"\n[policy]\nmax_walk = 300\nmax_ride_min = \"long\"\nam_peak = [\"07:30\", \"09:00\"]\nfare = -1\n[[services]]\ndays = \"sometimes\"\n",
        );
        let list: Vec<_> =
            findings.iter().map(|f| (f.code.as_str(), f.row.unwrap(), f.column.as_deref().unwrap_or(""))).collect();
        assert_eq!(
            list,
            vec![
                ("project-name-unsafe", 2, "project.name"),
                ("toml-unknown-key", 4, "policy.max_walk"),
                ("toml-value", 5, "policy.max_ride_min"),
                ("toml-value", 7, "policy.fare"),
                ("service-dates-assumed", 8, ""),
                ("service-days-unknown", 9, "services.days"),
            ]
        );
        assert_eq!(findings[1].args["near"], "max_walk_m".into());
        assert_eq!(settings.project.policy.am_peak, (ServiceTime::hm(7, 30), ServiceTime::hm(9, 0)));
    }

    #[test]
    fn junctions_and_the_bus_are_held_to_what_can_be() {
        let (none, _) = settings("[project]\nname = \"x\"\n");
        assert_eq!((none.project.turns, none.project.bus), (TurnCosts::default(), Rules::default()));
        let (right, findings) = settings(&format!(
            "{HEAD}[roads]\nsignal_s = 12\nleft_turn_s = 3\nright_turn_s = 1\nu_turn_s = 0\nbus_height_m = 2.85\n\
             bus_width_m = 2.08\nbus_weight_t = 5.5\nliving_streets = false\n"
        ));
        assert_eq!(findings, vec![]);
        let turns = TurnCosts { signal_s: 12, left_s: 3, right_s: 1, u_turn_s: 0 };
        let bus = Rules { height_cm: 285, width_cm: 208, weight_kg: 5_500, living_streets: false };
        assert_eq!((right.project.turns, right.project.bus), (turns, bus));
        assert_eq!(right.project.speeds().turns, turns);
        let (wrong, findings) = settings(&format!(
            "{HEAD}[roads]\nsignal_s = -1\nleft_turn_s = 1.5\nbus_height_m = \"3 m\"\nbus_width_m = 25.5\nliving_streets = \"no\"\nlights = 3\n"
        ));
        let list: Vec<_> =
            findings.iter().map(|f| (f.code.as_str(), f.row.unwrap(), f.column.as_deref().unwrap_or(""))).collect();
        assert_eq!(
            list,
            vec![
                ("toml-value", 8, "roads.signal_s"),
                ("toml-value", 9, "roads.left_turn_s"),
                ("toml-value", 10, "roads.bus_height_m"),
                ("toml-value", 11, "roads.bus_width_m"),
                ("toml-value", 12, "roads.living_streets"),
                ("toml-unknown-key", 13, "roads.lights"),
            ]
        );
        assert_eq!((wrong.project.turns, wrong.project.bus), (TurnCosts::default(), Rules::default()));
    }

    /// Errors as (code, row, column).
    fn errors(text: &str) -> Vec<(String, u32, String)> {
        let found = settings(text).1;
        let errors = found.into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|f| (f.code, f.row.unwrap(), f.column.unwrap_or_default())).collect()
    }

    const HEAD: &str =
        "[project]\nname = \"x\"\n[[services]]\ndays = \"Mon-Fri\"\nfrom = 2026-12-01\nuntil = 2026-12-31\n";

    #[test]
    fn a_broken_budget_is_never_no_budget() {
        let error = |code: &str, row, column: &str| vec![(code.to_owned(), row, column.to_owned())];
        for value in ["-5", "\"2700\"", "nan", "true", "[2700]"] {
            let text = format!("{HEAD}[budget]\nper_day = {value}\n");
            assert_eq!(errors(&text), error("toml-value", 8, "budget.per_day"), "{value}");
        }
        for key in ["per_dya", "perday", "monthly", "money"] {
            let text = format!("{HEAD}[budget]\n{key} = 2700\n");
            assert_eq!(errors(&text), error("toml-unknown-key", 8, &format!("budget.{key}")), "{key}");
        }
        let near = |text: &str| settings(text).1.remove(0).args["near"].clone();
        assert_eq!(near(&format!("{HEAD}[budget]\nper_dya = 2700\n")), "per_day".into());
        assert_eq!(near(&format!("{HEAD}[budget]\nmoney = 2700\n")), "per_day / per_month".into());
        // The section itself misspelt, or no section; the limit under another section.
        assert_eq!(errors(&format!("{HEAD}[budgte]\nper_day = 2700\n")), error("toml-unknown-key", 7, "budgte"));
        assert_eq!(errors(&format!("budget = 2700\n{HEAD}")), error("toml-value", 1, "budget"));
        let elsewhere = format!("{HEAD}[policy]\nper_day = 2700\n");
        assert_eq!(errors(&elsewhere), error("toml-unknown-key", 8, "policy.per_day"));
        // Elsewhere a slip is a warning, as it was.
        assert_eq!(errors(&format!("{HEAD}[policy]\nmax_walk = 300\nfare = -1\n[upkep]\nper_line = 1\n")), vec![]);
        let (right, findings) = settings(&format!("{HEAD}[budget]\nper_day = 2700\n"));
        assert_eq!((right.project.budget.per_day, findings), (Some(Fen(270_000)), vec![]));
    }

    #[test]
    fn days_not_understood_keep_the_dates_and_stop_the_plan() {
        for days in ["\"Blah\"", "5", "\"\""] {
            let text = HEAD.replace("\"Mon-Fri\"", days);
            let (settings, findings) = settings(&text);
            let [only] = findings.as_slice() else { panic!("{findings:?}") };
            assert_eq!((only.code.as_str(), only.severity), ("service-days-unknown", Severity::Error));
            assert_eq!((only.row, only.column.as_deref()), (Some(4), Some("services.days")));
            let service = &settings.project.services[0];
            assert_eq!((service.from, service.until), (date(2026, 12, 1), date(2026, 12, 31)));
        }
    }

    #[test]
    fn a_syntax_error_is_the_only_finding_and_names_its_line() {
        for (wrong, line, slip) in [
            ("name = \"x", 8, "quote"),
            ("name = x\"", 8, "quote"),
            ("name", 8, "equals"),
            ("name =", 8, "equals"),
            ("[policy", 8, "bracket"),
            ("[project]", 8, "twice"),
            ("a = 1\na = 2", 9, "twice"),
            ("a = “b”", 8, "quote"),
        ] {
            for after in ["", "\n", "\n[solve]\nseconds = 5\n"] {
                let text = format!("{HEAD}[publication]\n{wrong}{after}");
                let sources = vec![Source { name: FILE.to_owned(), bytes: text.clone().into_bytes() }];
                let found = super::super::read_project(&sources, super::super::Needs::default());
                let found = found.unwrap_err().findings().to_vec();
                let list: Vec<_> = found.iter().map(|f| (f.code.as_str(), f.row, f.args["slip"].clone())).collect();
                assert_eq!(list, vec![("toml-unreadable", Some(line), slip.into())], "{wrong}{after}");
            }
        }
    }
}
