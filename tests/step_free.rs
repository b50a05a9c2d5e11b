//! Where the short way has steps, is a wheelchair told the long one? A street, a hill beside it, and two ways up, worked by hand.
//!
//! ```text
//! (100,60) ------ door (280,61) -- (300,60)      (600,60) - cellar - (700,60)
//!    |                                #             #
//! (100,0) ------------------------ (300,0) A -- (600,0) ------------------ B mill (1700,4) -- (2000,0)
//! ```
//!
//! `#` are steps of 60 m. Metres, all rounded up at the end:
//! - door to stop A (310.4, -3.2): over the steps 1 + 20 + 60 + 10.4 + 3.2 = 95, round them 1 + 180 + 60 + 210.4 + 3.2 = 455;
//! - mill (1700.2, 4) to stop B (1690, -3.1): 4 + 10.2 + 3.1 = 18;
//! - door to mill: over the steps 1 + 20 + 60 + 1400.2 + 4 = 1486, round them 1 + 180 + 60 + 1600.2 + 4 = 1846;
//! - the cellar has no way out but the steps.
//!
//! And is a wheelchair, without us, offered a bike? 1846 m in 240 + 559.4 s for CNY 1.50 by bike, in 1538.3 s that weigh double on foot.

#![expect(clippy::unwrap_used, reason = "what a test relies on may end it")]

use std::collections::BTreeSet;
use std::sync::Arc;

use jiebo::domain::coordinates::{Local, Point};
use jiebo::domain::finding::{Argument, Finding};
use jiebo::domain::units::{Fen, Metres, Seconds};
use jiebo::intake::{Needs, Source, read_project};
use jiebo::network::Network;
use jiebo::network::roads::{Roads, Way};
use jiebo::planning::check::check;
use jiebo::planning::explain::{Confirmer, Ground, confirm};
use jiebo::planning::plan::{Alternative, Cohort, Plan, Relaxation, Rider, Unserved};
use jiebo::planning::project::Project;
use jiebo::planning::synthetic::{self, Size};
use jiebo::planning::{Parts, demand, make_plan, stops};
use jiebo::search::{Random, Run};

const PROJECT: &str = r#"
[project]
name = "hill"
[[services]]
id = "weekday"
days = "Mon-Fri"
from = "2026-12-01"
until = "2027-06-30"
[[periods]]
name = "am"
from = "08:00"
to = "09:30"
[[alternatives]]
mode = "walk"
"#;

/// Twenty who walk; in wheelchairs one who goes 500 m, one who goes 400 m, one in the cellar.
const SURVEY: &str = "\
response,origin,destination,time,time_kind,days,max_walk_m,use,weight,wheelchair
R1,hill,mill,09:00,arrive_by,Mon-Fri,500,yes,20,no
R2,hill,mill,09:00,arrive_by,Mon-Fri,500,yes,1,yes
R3,hill,mill,09:00,arrive_by,Mon-Fri,400,yes,1,yes
R4,cellar,mill,09:00,arrive_by,Mon-Fri,500,yes,1,yes
";

const FLEET: &str = "\
type,name,seats,wheelchair_places,count,cost_per_day,depot,from,to
minibus,minibus,29,3,1,10,depot,07:00,20:00
";

fn at(east: f64, north: f64) -> Point {
    Local::new(Point { lon: 121.44, lat: 31.26 }).unproject([east, north])
}

fn roads() -> String {
    let way = |kind: &str, points: &[(f64, f64)]| {
        let points: Vec<String> = points
            .iter()
            .map(|(east, north)| at(*east, *north))
            .map(|point| format!("[{:.7},{:.7}]", point.lon, point.lat))
            .collect();
        format!(
            r#"{{"type":"Feature","properties":{{"highway":"{kind}"}},"geometry":{{"type":"LineString","coordinates":[{}]}}}}"#,
            points.join(",")
        )
    };
    let ways = [
        way("tertiary", &[(0.0, 0.0), (100.0, 0.0), (300.0, 0.0), (600.0, 0.0), (2000.0, 0.0)]),
        way("footway", &[(100.0, 0.0), (100.0, 60.0), (300.0, 60.0)]),
        way("steps", &[(300.0, 60.0), (300.0, 0.0)]),
        way("footway", &[(600.0, 60.0), (700.0, 60.0)]),
        way("steps", &[(600.0, 60.0), (600.0, 0.0)]),
    ];
    format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, ways.join(","))
}

fn project() -> Project {
    project_of(PROJECT)
}

/// The same with a shared bike, which has these keys besides.
fn with_a_bike(keys: &str) -> Project {
    project_of(&format!("{PROJECT}[[alternatives]]\nmode = \"shared_bike\"\n{keys}"))
}

fn project_of(settings: &str) -> Project {
    let place = |east, north| {
        let point = at(east, north);
        format!("{:.7},{:.7}", point.lon, point.lat)
    };
    let sites = format!(
        "id,name,kind,lon,lat\nhill,Hill,park,{}\ncellar,Cellar,park,{}\nmill,Mill,park,{}\ndepot,Depot,depot,{}\n",
        place(280.0, 61.0),
        place(650.0, 61.0),
        place(1700.2, 4.0),
        place(50.0, 0.0)
    );
    let stops = format!(
        "id,name,lon,lat,kerb,step_free\na,A,{},right,yes\nb,B,{},right,yes\n",
        place(310.4, -3.2),
        place(1690.0, -3.1)
    );
    let files = [
        ("project.toml", settings.to_owned()),
        ("roads.geojson", roads()),
        ("sites.csv", sites),
        ("stops.csv", stops),
        ("survey.csv", SURVEY.to_owned()),
        ("fleet.csv", FLEET.to_owned()),
    ];
    let sources = files.map(|(name, text)| Source { name: name.to_owned(), bytes: text.into_bytes() });
    read_project(&sources, Needs::only(["shuttle"]).unwrap()).unwrap()
}

fn plan(project: &Project) -> Plan {
    let shuttle = Parts { shuttle: true, parking: false, rest: false, groups: false, rooms: false };
    let run = Run { iterations: Some(50), ..Run::quiet(1) };
    Plan::clone(&make_plan(project, shuttle, None, &run, &|_| ()).unwrap().best)
}

fn cohort<'a>(plan: &'a Plan, origin: &str, max_walk: u32, wheelchair: bool) -> &'a Cohort {
    let wanted = |cohort: &&Cohort| {
        cohort.origin == origin && cohort.max_walk_m == Metres(max_walk) && cohort.wheelchair == wheelchair
    };
    plan.cohorts.iter().find(wanted).unwrap()
}

fn riding<'a>(plan: &'a Plan, cohort: &Cohort) -> Option<&'a Rider> {
    plan.riders.iter().find(|rider| rider.cohort == cohort.id)
}

fn left_out<'a>(plan: &'a Plan, cohort: &Cohort) -> Option<&'a Unserved> {
    plan.unserved.iter().find(|row| row.cohort == cohort.id)
}

#[test]
fn wheelchairs_go_round_the_steps() {
    let project = project();
    let plan = plan(&project);
    assert_eq!(check(&project, &plan), vec![]);
    let [walkers, wheels] = [false, true].map(|wheelchair| cohort(&plan, "hill", 500, wheelchair));
    let walked = |cohort| riding(&plan, cohort).unwrap().walk_m;
    assert_eq!((walked(walkers), walked(wheels)), (Metres(95 + 18), Metres(455 + 18)));
    // Without us at 1.2 m/s: 1486 m in 1238.3 s, 1846 m in 1538.3 s.
    let without = |cohort: &Cohort| cohort.alternative.seconds;
    assert_eq!((without(walkers), without(wheels)), (Seconds(1239), Seconds(1539)));
}

#[test]
fn who_goes_less_far_is_told_how_much_farther() {
    let project = project();
    let plan = plan(&project);
    let near = cohort(&plan, "hill", 400, true);
    assert!(riding(&plan, near).is_none(), "455 m are more than 400");
    let row = left_out(&plan, near).unwrap();
    assert_eq!(row.reason, "no-stop-in-reach");
    let walk = |amount| Relaxation::new("walk_m", amount);
    assert!(row.relaxations.contains(&walk(55.0)), "{:?}", row.relaxations);
    assert!(confirm(&project, &plan, &near.id, &walk(55.0)) && !confirm(&project, &plan, &near.id, &walk(54.0)));
}

#[test]
fn where_there_are_only_steps_nobody_is_promised_a_way() {
    let project = project();
    let plan = plan(&project);
    let cellar = cohort(&plan, "cellar", 500, true);
    let row = left_out(&plan, cellar).unwrap();
    assert_eq!((row.reason.as_str(), cellar.alternative.mode.as_str()), ("no-stop-in-reach", "stranded"));
    assert!(row.relaxations.iter().all(|change| change.kind != "walk_m"), "{:?}", row.relaxations);
}

#[test]
fn without_us_wheelchairs_ride_no_bike() {
    let project = with_a_bike("");
    let plan = plan(&project);
    assert_eq!(check(&project, &plan), vec![]);
    let [walkers, wheels] = [false, true].map(|wheelchair| cohort(&plan, "hill", 500, wheelchair));
    let without = |cohort: &Cohort| {
        let Alternative { mode, seconds, fen, .. } = cohort.alternative.clone();
        (mode, seconds, fen)
    };
    // 1486 m in 450.3 s and 240: 691 s at 40 CNY/h and 1.50 CNY; 1539 s x 2 on foot.
    assert_eq!(without(walkers), ("shared_bike".to_owned(), Seconds(691), Fen(918)));
    assert_eq!(without(wheels), ("walk".to_owned(), Seconds(1539), Fen(3420)));
    // A bike they can ride is theirs, too.
    let project = with_a_bike("wheelchair = true\n");
    let plan = self::plan(&project);
    assert_eq!(check(&project, &plan), vec![]);
    assert_eq!(without(cohort(&plan, "hill", 500, true)), ("shared_bike".to_owned(), Seconds(800), Fen(1039)));
}

#[test]
fn a_wheelchair_on_a_bike_is_found_out() {
    // What is planned as if bikes took wheelchairs is no plan of a project whose bikes do not: the ids and inputs are the same.
    let project = with_a_bike("");
    let mut generous = project.clone();
    generous.alternatives[1].wheelchair = true;
    let plan = plan(&generous);
    assert_eq!(check(&generous, &plan), vec![]);
    let findings = check(&project, &plan);
    let named = |code: &str| findings.iter().filter(|finding| finding.code == code).count();
    assert_eq!(named("check-alternative"), 2, "two cohorts could ride a bike, the cellar has no way: {findings:?}");
    assert!(named("check-nothing") + named("check-simulated") > 0, "{findings:?}");
}

#[test]
fn wheelchairs_without_a_way_are_told_of() {
    let told = |project: &Project| {
        let findings = plan(project).findings;
        let people = |finding: &Finding| finding.args.get("people").cloned();
        findings.iter().find(|finding| finding.code == "demand-wheelchairs-no-way").and_then(people)
    };
    // The one in the cellar, of whom 0.8 are expected.
    assert_eq!(told(&project()), Some(Argument::Number(1.0)));
    let mut only_bikes = with_a_bike("");
    only_bikes.alternatives.remove(0);
    let plan = plan(&only_bikes);
    assert_eq!(check(&only_bikes, &plan), vec![]);
    // Three times 0.8.
    assert_eq!(told(&only_bikes), Some(Argument::Number(2.0)));
    // A taxi, for CNY 60; what is on foot for others is no way for them.
    let wheels = &cohort(&plan, "hill", 500, true).alternative;
    assert_eq!((wheels.mode.as_str(), wheels.fen), ("stranded", Fen(6000)));
    assert_eq!(cohort(&plan, "hill", 500, false).alternative.mode, "shared_bike");
    only_bikes.journeys.retain(|journey| !journey.wheelchair);
    assert_eq!(told(&only_bikes), None);
}

#[test]
fn who_needs_no_other_ways_pays_for_none() {
    let mut project = project();
    project.journeys.retain(|journey| !journey.wheelchair);
    let network = Network::new(&project.roads, &project.speeds());
    let (model, _) = stops::choose(&project, &network, demand::estimate(&project, &network));
    assert!(!model.walk.any.is_empty() && model.walk.step_free.is_empty());
}

#[test]
fn a_walk_over_the_steps_is_found_out() {
    let project = project();
    let plan = plan(&project);
    let codes = |change: &dyn Fn(&mut Plan, &str)| -> BTreeSet<String> {
        let mut changed = plan.clone();
        change(&mut changed, &cohort(&plan, "hill", 500, true).id);
        check(&project, &changed.sealed()).into_iter().map(|finding| finding.code).collect()
    };
    let walk = codes(&|plan, wheels| {
        plan.riders.iter_mut().find(|rider| rider.cohort == wheels).unwrap().walk_m = Metres(95 + 18);
    });
    assert!(walk.contains("check-walk"), "{walk:?}");
    let without = codes(&|plan, wheels| {
        let seconds = &mut plan.cohorts.iter_mut().find(|cohort| cohort.id == wheels).unwrap().alternative.seconds;
        *seconds = Seconds(1239);
    });
    assert!(without.contains("check-alternative"), "{without:?}");
    // Somebody who goes 400 m at most is put on the shuttle beside the other wheelchair.
    let aboard = codes(&|changed, wheels| {
        let near = &cohort(&plan, "hill", 400, true).id;
        changed.unserved.retain(|row| row.cohort != *near);
        let row = changed.riders.iter().find(|rider| rider.cohort == wheels).unwrap();
        let row = Rider { cohort: near.clone(), ..row.clone() };
        changed.riders.push(row);
    });
    assert!(aboard.contains("check-walk-limit"), "{aboard:?}");
}

#[test]
fn planner_and_judge_agree_where_every_third_way_has_steps() {
    let mut told = [0, 0];
    for seed in 1..=4 {
        let mut project = synthetic::project(seed, &Size::default());
        let mut random = Random::new(seed);
        let mut ways: Vec<Way> = project.roads.ways().iter().map(|way| Way::clone(way)).collect();
        ways.iter_mut().for_each(|way| way.access.wheelchair &= random.below(3) > 0);
        project.roads = Arc::new(Roads::with(project.roads.nodes().to_vec(), ways, project.roads.traffic()));
        project.journeys.iter_mut().for_each(|journey| journey.wheelchair = random.below(3) == 0);
        project.fleet.iter_mut().for_each(|kind| kind.wheelchair_places = 4);
        let plan = plan(&project);
        assert_eq!(check(&project, &plan), vec![], "seed {seed}");
        let wheels: BTreeSet<&str> =
            plan.cohorts.iter().filter(|cohort| cohort.wheelchair).map(|cohort| cohort.id.as_str()).collect();
        told[0] += plan.riders.iter().filter(|rider| wheels.contains(rider.cohort.as_str())).count();
        told[1] += plan.unserved.iter().filter(|row| wheels.contains(row.cohort.as_str())).count();
        let ground = Ground::of(&project);
        let judge = Confirmer::new(&project, &ground, &plan);
        for row in plan.unserved.iter().filter(|row| wheels.contains(row.cohort.as_str())) {
            for change in &row.relaxations {
                assert!(judge.confirm(&row.cohort, change), "seed {seed}: {} {change:?}", row.cohort);
            }
        }
    }
    assert!(told.iter().all(|rows| *rows > 10), "too few in wheelchairs to say anything: {told:?}");
}
