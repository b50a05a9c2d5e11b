//! A second district, on a real OpenStreetMap extract and with nothing of the demonstration's: sites in GBK with Chinese
//! headers, no list of stops, no trains, one site that the roads do not reach. Skipped where the extract is not there.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure is to be seen at once")]
#![expect(clippy::print_stdout, reason = "says why it was skipped")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use encoding_rs::GBK;
use jiebo::domain::coordinates::Point;
use jiebo::domain::finding::{Argument, Severity};
use jiebo::intake::{self, Needs, Source};
use jiebo::planning::plan::{Plan, Stop};
use jiebo::planning::project::Project;
use jiebo::planning::{self, Parts, check};
use jiebo::publish::phrases::{self, Language};
use jiebo::search::{Random, Run};

const EXTRACT: &str = "shared/osm/shanghai_center.osm.pbf";

const PROJECT: &str = r#"
[project]
name = "zhabei"
name_zh = "闸北南片"
[[services]]
id = "weekday"
days = "Mon-Fri"
from = "2026-12-01"
until = "2027-06-30"
[[periods]]
name = "am"
from = "07:00"
to = "09:45"
[[periods]]
name = "pm"
from = "17:00"
to = "19:30"
[budget]
per_day = 2400
[[alternatives]]
mode = "walk"
[[alternatives]]
mode = "city_bus"
m_per_s = 4.0
fixed_min = 14
price = 2.0
[publication]
base_url = "https://example.org/zhabei"
agency = "闸北接驳"
"#;

/// The seventh site, row 8, lies 6 km north of the extract.
const SITES: &str = "\
编号,名称,类型,经度,纬度,所属
yanchang,延长路站,地铁站,121.4507,31.2733,
zhongshan,中山北路站,地铁站,121.4547,31.2607,
xinke,新客文创园,园区,121.4385,31.2662,
xinke-s,新客文创园南门,门,121.4388,31.2648,xinke
jiaotong,交通路数码港,园区,121.4352,31.2535,
zhongxing,中兴产业园,园区,121.4655,31.2522,
outside,城外生态园,园区,121.4410,31.3350,
depot,沪太路车场,车场,121.4420,31.2580,
";

const FLEET: &str = "\
type,name,seats,count,cost_per_day,depot,from,to
minibus,19座中巴,19,4,400,depot,06:30,20:30
";

/// 76 people there and back, of whom the first two work outside.
fn survey() -> String {
    let mut random = Random::new(7);
    let mut text = "答卷,出发地,目的地,时间,时间类型,星期,是否乘坐,权重\n".to_owned();
    for answer in 0..76 {
        let mut one = |of: &[&'static str]| of[random.below(of.len())];
        let station = one(&["延长路站", "中山北路站"]);
        let park = one(&["新客文创园", "新客文创园", "交通路数码港", "交通路数码港", "中兴产业园"]);
        let park = if answer < 2 { "城外生态园" } else { park };
        let usage = one(&["会", "会", "可能"]);
        let [begin, end] = [one(&["08:30", "08:45", "09:00", "09:15"]), one(&["17:30", "18:00", "18:15", "18:30"])];
        writeln!(text, "R{answer:02},{station},{park},{begin},到达,一二三四五,{usage},6").unwrap();
        writeln!(text, "R{answer:02},{park},{station},{end},出发,一二三四五,{usage},6").unwrap();
    }
    text
}

/// Writes the folder; `None`, with a notice, where the extract is not there.
fn folder(home: &Path) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(extract) = ["..", "../.."].iter().map(|up| root.join(up).join(EXTRACT)).find(|path| path.is_file()) else {
        println!("skipped: no {EXTRACT} beside the checkout");
        return None;
    };
    let folder = home.join("zhabei");
    fs::create_dir(&folder).unwrap();
    fs::copy(extract, folder.join("roads.osm.pbf")).unwrap();
    fs::write(folder.join("project.toml"), PROJECT).unwrap();
    let (sites, _, lost) = GBK.encode(SITES);
    assert!(!lost);
    fs::write(folder.join("sites.csv"), sites).unwrap();
    fs::write(folder.join("survey.csv"), survey()).unwrap();
    fs::write(folder.join("fleet.csv"), FLEET).unwrap();
    Some(folder)
}

fn read(folder: &Path) -> Project {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        sources.push(Source { name: entry.file_name().into_string().unwrap(), bytes: fs::read(entry.path()).unwrap() });
    }
    intake::read_project(&sources, Needs::default()).unwrap()
}

fn plan(project: &Project, seed: u64) -> Plan {
    let run = Run { iterations: Some(200), ..Run::quiet(seed) };
    Plan::clone(&planning::make_plan(project, Parts::ALL, None, &run, &|_| ()).unwrap().best)
}

fn point(stop: &Stop) -> Point {
    Point { lon: stop.lon, lat: stop.lat }
}

#[test]
fn the_site_beyond_the_roads_is_named_with_its_row() {
    let home = tempfile::tempdir().unwrap();
    let Some(folder) = folder(home.path()) else { return };
    let project = read(&folder);
    let doubts: Vec<_> = project.findings.iter().filter(|finding| finding.severity > Severity::Note).collect();
    let [finding] = doubts.as_slice() else { panic!("{doubts:#?}") };
    assert_eq!((finding.code.as_str(), finding.row), ("site-off-paths", Some(8)));
    assert_eq!(finding.file.as_deref(), Some("sites.csv"));
    assert_eq!(finding.args.get("site"), Some(&Argument::Text("城外生态园".to_owned())));
    for language in Language::ALL {
        let words = phrases::finding(language, finding);
        // 31.335 is 6.3 km north of the northernmost road, at 31.2785; no road there runs that far.
        assert!(words.contains("城外生态园") && words.contains("6."), "{words}");
        assert!(words.contains(" → ") || words.contains(" -> "), "it says what to do: {words}");
    }
}

#[test]
fn a_real_extract_is_planned() {
    let home = tempfile::tempdir().unwrap();
    let Some(folder) = folder(home.path()) else { return };
    let project = read(&folder);
    let (plan, other) = (plan(&project, 1), plan(&project, 2));
    assert_eq!(check::check(&project, &plan), []);
    assert!(plan.trips.len() >= 4 && plan.evaluation.served > 50.0, "{:?}", plan.evaluation);
    assert!(plan.evaluation.objective < plan.evaluation.nothing);

    stops_are_sane(&project, &plan);
    lines_are_sane(&plan);
    times_are_sane(&project, &plan);
    nobody_rides_to_the_site_outside(&plan);

    // The same place is the same stop in every plan.
    let mut known = BTreeMap::new();
    for stop in plan.stops.iter().chain(&other.stops) {
        let place = (stop.way, stop.between, stop.offset_m.to_bits());
        let named = (&stop.id, &stop.name, &stop.name_en);
        assert_eq!(*known.entry(place).or_insert(named), named);
    }
}

fn stops_are_sane(project: &Project, plan: &Plan) {
    let ids: BTreeSet<_> = plan.stops.iter().map(|stop| &stop.id).collect();
    assert_eq!(ids.len(), plan.stops.len());
    for stop in &plan.stops {
        assert!(stop.id.starts_with(&format!("w{}-{}-", stop.way, stop.between[0])), "{stop:?}");
        assert!(!stop.name.contains(char::is_whitespace) && stop.name.chars().count() <= 30, "{}", stop.name);
        assert!(!stop.name_en.trim().is_empty());
        // Named after a site that is near, with the road in brackets.
        let site = project.sites.iter().find(|site| stop.name.starts_with(&format!("{}（", site.name))).unwrap();
        assert!(site.point.metres_to(point(stop)) < 600.0, "{stop:?}");
        assert!(stop.name.contains('路') && stop.name.ends_with('）'), "{}", stop.name);
    }
}

fn lines_are_sane(plan: &Plan) {
    for line in &plan.lines {
        let stops: Vec<&Stop> =
            line.stops.iter().map(|id| plan.stops.iter().find(|stop| stop.id == *id).unwrap()).collect();
        assert!((2..=5).contains(&stops.len()));
        let names: BTreeSet<_> = stops.iter().map(|stop| &stop.name).collect();
        assert_eq!(names.len(), stops.len(), "two stops of one name: {}", line.name);
        assert!(!line.geometry.windows(3).any(|at| at[0] == at[2]), "it turns in the road: {}", line.name);
        let straight: f64 = stops.windows(2).map(|pair| point(pair[0]).metres_to(point(pair[1]))).sum();
        let metres = line.km * 1000.0;
        assert!(metres >= straight - 20.0 && metres < 3.0 * straight + 1500.0, "{}: {metres}, {straight}", line.name);
    }
}

fn times_are_sane(project: &Project, plan: &Plan) {
    for trip in &plan.trips {
        let start = trip.times[0].depart;
        assert!(project.periods.iter().any(|period| period.from <= start && start < period.to), "{}", trip.id);
        for pair in trip.times.windows(2) {
            let at = |id: &str| plan.stops.iter().find(|stop| stop.id == id).map(point).unwrap();
            let metres = at(&pair[0].stop).metres_to(at(&pair[1].stop));
            let seconds = f64::from(pair[1].arrive.0 - pair[0].depart.0);
            // As the crow flies: no faster than 60 km/h, and no stretch takes a quarter of an hour.
            assert!(metres / seconds < 60.0 / 3.6 && seconds < 900.0, "{}: {metres} m in {seconds} s", trip.id);
        }
    }
}

fn nobody_rides_to_the_site_outside(plan: &Plan) {
    let outside: Vec<_> = plan
        .cohorts
        .iter()
        .filter(|cohort| [&cohort.origin, &cohort.destination].contains(&&"outside".to_owned()))
        .map(|cohort| &cohort.id)
        .collect();
    assert!(!outside.is_empty());
    assert!(plan.riders.iter().all(|rider| !outside.contains(&&rider.cohort)));
    for id in outside {
        assert!(plan.unserved.iter().any(|left| left.cohort == *id && left.reason == "no-stop-in-reach"));
    }
}

fn jiebo(here: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jiebo"));
    command.args(args).current_dir(here).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_US.UTF-8");
    command.output().unwrap()
}

#[test]
fn the_program_does_the_same() {
    let home = tempfile::tempdir().unwrap();
    let Some(folder) = folder(home.path()) else { return };
    let options = ["--iterations", "200", "--seed", "1", "--chains", "1", "-o", "out"];
    let planned = jiebo(home.path(), &[&["plan", "zhabei"], options.as_slice()].concat());
    let said = String::from_utf8(planned.stderr).unwrap();
    assert_eq!(planned.status.code(), Some(0), "{said}");
    assert!(said.contains("warning: sites.csv row 8 column [lon]: \"城外生态园\" is 6."), "{said}");
    let checked = jiebo(home.path(), &["check", "zhabei", "out"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8(checked.stdout).unwrap());

    let read_out = |name: &str| fs::read(home.path().join("out").join(name)).unwrap();
    assert_eq!(Plan::from_json(&read_out("plan.json")).unwrap().id, plan(&read(&folder), 1).id);
    for page in ["report.html", "board.html"] {
        let bytes = read_out(page);
        assert!(bytes.len() < 1_500_000, "{page}: {} bytes", bytes.len());
    }
    assert!(String::from_utf8(read_out("report.html")).unwrap().contains("城外生态园"));
}
