//! Forms are found out, damaged files never make a reader panic, and published routes have their published costs.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::instance::Instance;
use super::*;
use crate::routing::tours::{Reload, Tour};
use crate::search::{Random, cases};

fn auto(text: &str) -> Result<Instance, String> {
    read(text.as_bytes(), Format::Auto, None)
}

#[test]
fn the_form_is_found_out() {
    assert!(auto(solomon::tests::SMALL).is_ok());
    assert!(auto(&format!("\u{feff}{}", vrplib::tests::RICH)).is_ok());
    assert!(auto(vrplib::tests::PLAIN).is_ok());
    assert_eq!(auto(li_lim::tests::SMALL).unwrap().problem.pairs().len(), 2);
    assert_eq!(auto(darp::tests::SMALL).unwrap().problem.pairs()[0].max_ride, 95_000);
    // A comment in another encoding.
    let latin = [b"COMMENT : Bekta\xfe\n", vrplib::tests::PLAIN.as_bytes()].concat();
    assert!(read(&latin, Format::Auto, None).is_ok());
    for other in ["", "\0\0", "25 200 1\n0 40 50 0 0 1236 0 0\n", "2 16 480 3\n 0 0.000 0.000 0 0 0 480\n"] {
        assert!(auto(other).unwrap_err().starts_with("it looks like no form"), "{other}");
        for format in [Format::Solomon, Format::Vrplib, Format::LiLim, Format::Darp] {
            assert!(read(other.as_bytes(), format, None).is_err(), "{other}");
        }
    }
}

/// One damaged copy.
fn damage(text: &str, random: &mut Random) -> Vec<u8> {
    const PIECES: [&str; 14] = [
        "-1",
        "0",
        "1e999",
        "nan",
        "-0",
        "99999999999",
        "2147483648",
        "1e9",
        ".5",
        "20000",
        "\n",
        "EOF",
        ":",
        "X_SECTION",
    ];
    let mut copy = text.as_bytes().to_vec();
    for _ in 0..=random.below(3) {
        if copy.is_empty() {
            return copy;
        }
        let at = random.below(copy.len());
        let to = (at + 1 + random.below(40)).min(copy.len());
        match random.below(6) {
            0 => copy[at] ^= 1 << random.below(8),
            1 => copy.truncate(at),
            2 => drop(copy.drain(at..to)),
            3 => {
                let piece = copy[at..to].to_vec();
                copy.splice(at..at, piece);
            }
            // A word is another.
            _ => {
                let blank = |byte: &u8| byte.is_ascii_whitespace();
                let from = copy[..at].iter().rposition(blank).map_or(0, |blank| blank + 1);
                let to = copy[at..].iter().position(blank).map_or(copy.len(), |blank| at + blank);
                copy.splice(from..to.max(from), PIECES[random.below(PIECES.len())].bytes());
            }
        }
    }
    copy
}

#[test]
fn damaged_files_are_read_or_refused() {
    let mut random = Random::new(1);
    let texts = [
        solomon::tests::SMALL,
        vrplib::tests::RICH,
        vrplib::tests::PLAIN,
        vrplib::tests::TRIPS,
        li_lim::tests::SMALL,
        darp::tests::SMALL,
    ];
    let (mut good, mut bad) = (0, 0);
    for _ in 0..cases(2_000, 20_000) {
        let copy = damage(texts[random.below(texts.len())], &mut random);
        for format in [Format::Auto, Format::Solomon, Format::Vrplib, Format::LiLim, Format::Darp] {
            let rounding = Rounding::value_variants();
            let rounding = [None, rounding.get(random.below(rounding.len())).copied()];
            match read(&copy, format, rounding[random.below(rounding.len())]) {
                Ok(instance) => {
                    // What is taken can also be solved.
                    let run = Run { iterations: Some(5), ..Run::quiet(1) };
                    let tours = routing::solve(&instance.problem, None, &run).best;
                    assert!(check::check(&instance.problem, &tours).is_empty(), "{}", String::from_utf8_lossy(&copy));
                    assert_eq!(instance.routes(&tours).len(), tours.tours.len());
                    good += 1;
                }
                Err(_) => bad += 1,
            }
        }
    }
    assert!(good > 100 && bad > 100, "{good} read, {bad} refused");
}

#[test]
fn a_small_problem_is_solved_to_its_best() {
    // Room for 10 in each of two vehicles: 3 (of 6) goes with 2 (of 4, which opens at 10), or 1 (of 6) does.
    // 0-1-2-0 and 0-3-0: 5.0 + 1.0 + 5.8, and 1.4 + 1.4: 14.6. The other way 5.0 + 5.0 and 1.4 + 4.4 + 5.8 are 21.6.
    // All alone would need three vehicles.
    let instance = auto(solomon::tests::SMALL).unwrap();
    let solved = routing::solve(&instance.problem, None, &Run { iterations: Some(200), ..Run::quiet(1) });
    assert_eq!(solved.best.missing, 0);
    assert!((instance.cost(solved.best.cost as f64) - 14.6).abs() < 1e-9, "{}", solved.best.cost);
    let mut stops: Vec<Vec<u32>> = instance.routes(&solved.best).into_iter().map(|route| route.stops).collect();
    for stops in &mut stops {
        stops.sort_unstable();
    }
    stops.sort();
    assert_eq!(stops, [vec![1, 2], vec![3]]);
}

#[test]
fn hours_are_told_where_times_have_a_price() {
    // Leaving at 0 it is at 10 at 10, rests for 7 until 22 at the soonest, is at 30 at 37, 12 late, back at 67: 48 + 67 + 34 + the way, 60. Leaving
    // after the break, at 22, it is 27 late at 52 and back at 82: 108 + 60 + 20 + 60, more.
    let instance = auto(vrplib::tests::PRICED).unwrap();
    let solved = routing::solve(&instance.problem, None, &Run { iterations: Some(200), ..Run::quiet(1) });
    assert!((instance.stated(&solved.best) - 209.0).abs() < 1e-9, "{}", instance.stated(&solved.best));
    let told = hours(&instance, &solved.best.tours[0]);
    assert_eq!(told, json!({"leaves": 0.0, "begins": [10.0, 37.0], "breaks": [15.0], "back": 67.0}));
    assert!(instance.tells_hours() && !auto(solomon::tests::SMALL).unwrap().tells_hours());
}

#[test]
fn a_reload_is_the_depot_s_number_within_a_route() {
    // The second vehicle loads 3 of 3 at each of its trips: 5, back at 2, then 4, back at 1, then 3.
    let instance = auto(vrplib::tests::TRIPS).unwrap();
    let reloads = vec![Reload { before: 1, place: 0 }, Reload { before: 2, place: 1 }];
    let tours = Tours { tours: vec![Tour { vehicle: 1, jobs: vec![2, 1, 0], reloads }], missing: 0, cost: 0 };
    let faults = check::check(&instance.problem, &tours);
    assert!(matches!(faults[..], [check::Fault::Cost { .. }]), "{faults:?}");
    assert_eq!(instance.routes(&tours)[0], instance::Route { vehicle: 2, stops: vec![5, 2, 4, 1, 3] });
}

/// The file's own numbers, with the vehicles as they come.
fn by_hand(instance: &Instance, routes: &[&[u32]]) -> (Tours, Vec<String>) {
    let job = |number: &u32| instance.numbers.iter().position(|other| other == number).unwrap();
    let tours: Vec<Tour> = routes
        .iter()
        .map(|route| Tour { vehicle: 0, jobs: route.iter().map(job).collect(), reloads: vec![] })
        .collect();
    let mut tours = Tours { tours, missing: 0, cost: 0 };
    let cost = |fault: &check::Fault| if let check::Fault::Cost { found, .. } = fault { Some(*found) } else { None };
    tours.cost = check::check(&instance.problem, &tours).iter().find_map(cost).unwrap_or(0);
    let faults = check::check(&instance.problem, &tours).iter().map(ToString::to_string).collect();
    (tours, faults)
}

#[test]
fn fewer_vehicles_come_first_and_the_real_way_is_the_cost() {
    // 1 to 3 and 4 to 2, one vehicle: 4, 2, 1, 3: sqrt(2), sqrt(17), sqrt(10), 5, 10. It arrives at 2 at 6.5 and waits until 10.
    let instance = auto(li_lim::tests::SMALL).unwrap();
    let (one, faults) = by_hand(&instance, &[&[4, 2, 1, 3]]);
    assert_eq!(faults, Vec::<String>::new());
    let way = 2.0_f64.sqrt() + 17.0_f64.sqrt() + 10.0_f64.sqrt() + 15.0;
    assert!((instance.stated(&one) - way).abs() < 1e-9);
    // Rounded up three times.
    assert!((instance.cost(one.cost as f64) - way - 1.5e-4).abs() < 1.5e-4);
    // With two: 20, and sqrt(2) + sqrt(17) + 5; shorter or not, it is dearer.
    let (two, faults) = by_hand(&instance, &[&[1, 3], &[4, 2]]);
    assert_eq!(faults, Vec::<String>::new());
    assert!(two.cost > one.cost && (instance.stated(&two) - 25.0 - 2.0_f64.sqrt() - 17.0_f64.sqrt()).abs() < 1e-9);
    // Told by the vehicles first: dearer, then a vehicle fewer.
    let solved = Solved { best: one.clone(), bound: None, ended: Ended::Budget, iterations: 5 };
    let mut trace = Trace::new();
    for (seconds, tours) in [(1.0, &two), (2.0, &one), (3.0, &two)] {
        note(&mut trace, seconds, Some(tours.cost as f64));
    }
    let data = data(&instance, &Run::quiet(1), &solved, &[], 1.0, &trace);
    assert_eq!(data["routes"], json!([[4, 2, 1, 3]]));
    assert_eq!(data["cost"].as_f64(), Some(instance.stated(&one)));
    let told: Vec<f64> = data["trace"].as_array().unwrap().iter().map(|step| step[1].as_f64().unwrap()).collect();
    assert_eq!(told, [instance.cost(two.cost as f64), instance.cost(one.cost as f64)]);
    assert_eq!(by_hand(&instance, &[&[4, 1, 2, 3]]).1, Vec::<String>::new());
    assert_eq!(by_hand(&instance, &[&[2, 4, 1, 3]]).1.len(), 1);
}

#[test]
fn people_are_aboard_as_long_as_they_may() {
    // From 1 straight to 3: 5, at most 9.5.
    let instance = auto(darp::tests::SMALL).unwrap();
    let (direct, faults) = by_hand(&instance, &[&[1, 3], &[2, 4]]);
    assert_eq!(faults, Vec::<String>::new());
    assert!((instance.stated(&direct) - 25.0 - 2.0_f64.sqrt() - 17.0_f64.sqrt()).abs() < 1e-9);
    // 1 to 2 is sqrt(13), 2 to 3 sqrt(74), and a stop of 1: 13.2…. From 2 it is sqrt(74), a stop of 2 and sqrt(45): 17.3….
    let (_, faults) = by_hand(&instance, &[&[1, 2, 3, 4]]);
    let told = |pair: u32, takes: u32| format!("tour 0: the ride of pair {pair} takes at least {takes}; at most 95000");
    assert_eq!(faults, [told(0, 36_056 + 10_000 + 86_024), told(1, 86_024 + 20_000 + 67_083)]);
    // 2, 1, 3 and 4: sqrt(13), 1, 5, 2, sqrt(45) from 2; straight from 1.
    let (_, faults) = by_hand(&instance, &[&[2, 1, 3, 4]]);
    assert_eq!(faults, [told(1, 36_056 + 10_000 + 50_000 + 20_000 + 67_083)]);
}

#[test]
fn vehicles_are_named_as_in_the_file() {
    // One of 4, 5 and 6, and 7 or its prize of 2.5. Vehicles 1 and 3 (fixed 7, 2 a unit), 2 from node 2 (fixed 0.25, 3 a unit; room for 9).
    // Vehicle 2 alone with 3 and 6: 2-6 2.5, 6-3 sqrt(49 + 42.25) = 9.552, 3-2 sqrt(49 + 16) = 8.062: 3 x 20.114 + 0.25 + 2.5 = 63.092.
    // Vehicle 1 with 3 and 7 (5 + 3.905 + 1.5, times 2, + 7 = 27.810) and vehicle 2 with 6 (3 x 5 + 0.25 = 15.25): 43.060;
    // without 7: 20 + 7 + 15.25 + 2.5 = 44.75. Vehicle 2 with 6 and 1 with 3 and 7 it is.
    let instance = auto(vrplib::tests::RICH).unwrap();
    let solved = routing::solve(&instance.problem, None, &Run { iterations: Some(500), ..Run::quiet(1) });
    let mut routes = instance.routes(&solved.best);
    routes.iter_mut().for_each(|route| route.stops.sort_unstable());
    let route = |vehicle, stops: &[u32]| instance::Route { vehicle, stops: stops.to_vec() };
    assert_eq!(routes, [route(1, &[3, 7]), route(2, &[6])]);
    // 3-7 is sqrt(9 + 6.25) = 3.90512…: 3,905; 5,000 + 3,905 + 1,500 = 10,405.
    assert_eq!(solved.best.cost, 10_405 * 2 + 7_000 + 5_000 * 3 + 250);
    let run = Run { iterations: Some(500), ..Run::quiet(1) };
    let data = data(&instance, &run, &solved, &[], 1.0, &vec![(0.5, 43_060.0)]);
    assert_eq!((&data["feasible"], &data["cost"]), (&json!(true), &json!(43.06)));
    assert_eq!((&data["vehicles"], &data["trace"]), (&json!([1, 2]), &json!([[0.5, 43.06]])));
}

/// Published files beside the checkout (or beside the folder of checkouts) that have routes with them, by name; empty where they are not there.
fn published(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["..", "../.."].map(|up| root.join(up).join("shared/bench").join(folder));
    let Some(entries) = folders.iter().find_map(|folder| std::fs::read_dir(folder).ok()) else {
        println!("skipped: no {folder}");
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    let known =
        |path: &PathBuf| path.extension().is_some_and(|end| end != "sol") && path.with_extension("sol").exists();
    paths.retain(known);
    paths.sort();
    assert!(!paths.is_empty(), "{folder} has no routes");
    paths
}

/// Routes by the vehicle's number, with places from 0, and the cost stated.
fn known(path: &Path) -> (Vec<(u32, Vec<u32>)>, String) {
    let text = std::fs::read_to_string(path.with_extension("sol")).unwrap();
    let mut routes = Vec::new();
    let mut cost = String::new();
    for line in text.lines() {
        if let Some(route) = line.strip_prefix("Route #") {
            let (number, stops) = route.split_once(':').unwrap();
            let stops: Vec<u32> = stops.split_whitespace().map(|stop| stop.parse().unwrap()).collect();
            routes.push((number.trim().parse().unwrap(), stops));
        } else if line.to_lowercase().starts_with("cost") {
            line.split_whitespace().last().unwrap().clone_into(&mut cost);
        }
    }
    routes.retain(|(_, stops)| !stops.is_empty());
    (routes, cost)
}

/// Published routes as tours, which must be right, with their cost.
fn tours(instance: &Instance, routes: &[(u32, Vec<u32>)]) -> Tours {
    let problem = &instance.problem;
    let job = |&place: &u32| problem.jobs().iter().position(|job| job.place == place as usize).unwrap();
    let is_depot = |place: &&u32| problem.jobs().iter().all(|job| job.place != **place as usize);
    let kind = |number: u32| match instance.vehicles.len() {
        1 => 0,
        _ => instance.vehicles.iter().position(|numbers| numbers.binary_search(&number).is_ok()).unwrap(),
    };
    let place = |vehicle: usize, depot: u32| {
        problem.vehicles()[vehicle].reloads.iter().position(|&place| place == depot as usize).unwrap()
    };
    let mut tours: Vec<Tour> = routes
        .iter()
        .map(|(number, stops)| {
            let jobs = stops.iter().filter(|stop| !is_depot(stop)).map(job).collect();
            let before = |at: usize| stops[..at].iter().filter(|stop| !is_depot(stop)).count();
            let reload = |(at, &stop): (usize, &u32)| Reload { before: before(at), place: place(kind(*number), stop) };
            let mut reloads: Vec<Reload> =
                stops.iter().enumerate().filter(|(_, stop)| is_depot(stop)).map(reload).collect();
            // A trip of nothing, with which one published route begins, costs nothing and is none.
            reloads.retain(|reload| (1..stops.len()).contains(&reload.before));
            Tour { vehicle: kind(*number), jobs, reloads }
        })
        .collect();
    tours.sort_by_key(|tour| (tour.vehicle, tour.jobs[0]));
    let mut left_out = vec![true; problem.jobs().len()];
    let mut cost = 0;
    for tour in &tours {
        let vehicle = &problem.vehicles()[tour.vehicle];
        let mut way: Vec<usize> = tour.jobs.iter().map(|&job| problem.jobs()[job].place).collect();
        for reload in tour.reloads.iter().rev() {
            way.insert(reload.before, vehicle.reloads[reload.place]);
        }
        way.insert(0, vehicle.start);
        way.push(vehicle.end);
        let length: i64 = way.windows(2).map(|arc| i64::from(problem.distance(tour.vehicle, arc[0], arc[1]))).sum();
        cost += vehicle.fixed + vehicle.per_distance * length;
        tour.jobs.iter().for_each(|&job| left_out[job] = false);
    }
    cost += problem.jobs().iter().zip(&left_out).filter_map(|(job, &left)| job.prize.filter(|_| left)).sum::<i64>();
    Tours { tours, missing: 0, cost }
}

/// Every file of a folder; the stated cost has these decimals in the problem's units.
fn costs_are_as_published(folder: &str, stated_scale: f64) {
    for path in published(folder) {
        let instance = read(&std::fs::read(&path).unwrap(), Format::Auto, None).unwrap();
        let (routes, stated) = known(&path);
        let tours = tours(&instance, &routes);
        let faults: Vec<String> = check::check(&instance.problem, &tours).iter().map(ToString::to_string).collect();
        assert_eq!(faults, Vec::<String>::new(), "{}", path.display());
        let name = path.display();
        if folder.ends_with("HFVRP") && stated.contains('.') {
            // Literature values: lengths not rounded, two decimals, and before the unit costs were multiplied by 100.
            let arcs = routes.iter().map(|(_, stops)| stops.len() + 1).sum::<usize>() as f64;
            let dearest = instance.problem.vehicles().iter().map(|vehicle| vehicle.per_distance).max().unwrap() as f64;
            let off = (instance.cost(tours.cost as f64) - stated.parse::<f64>().unwrap() * 100.0).abs();
            assert!(off < 0.5 + arcs * dearest * 0.0005, "{name}: {off} from {stated}");
        } else {
            let stated: f64 = stated.parse().unwrap();
            assert_eq!(tours.cost as f64, (stated * stated_scale).round(), "{name}");
        }
    }
}

#[test]
fn published_routes_have_their_published_costs() {
    costs_are_as_published("solomon", 10.0);
    costs_are_as_published("x", 1.0);
    for folder in ["pyvrp/HFVRP", "pyvrp/MDVRPTW", "pyvrp/GVRP", "pyvrp/PCVRPTW", "pyvrp/MTVRPTWR"] {
        costs_are_as_published(folder, 1.0);
    }
}

/// Files of a folder beside the checkout.
fn beside(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["..", "../.."].map(|up| root.join(up).join("shared/bench").join(folder));
    let Some(entries) = folders.iter().find_map(|folder| std::fs::read_dir(folder).ok()) else {
        println!("skipped: no {folder}");
        return Vec::new();
    };
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn published_pickups_and_deliveries_are_read_and_each_can_be_driven() {
    for (folder, rides) in [("li_lim", false), ("darp", true)] {
        for path in beside(folder) {
            let instance = read(&std::fs::read(&path).unwrap(), Format::Auto, None).unwrap();
            let problem = &instance.problem;
            assert_eq!(instance.numbers, (1..=problem.jobs().len() as u32).collect::<Vec<u32>>(), "{}", path.display());
            assert_eq!(problem.pairs().len() * 2, problem.jobs().len());
            assert!(problem.pairs().iter().all(|pair| (pair.max_ride < routing::problem::MOST) == rides));
            assert_eq!(routing::impossible(problem), vec![], "{}", path.display());
        }
    }
}

#[test]
fn homberger_files_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = |name: &str| ["..", "../.."].map(|up| root.join(up).join("shared/bench").join(name));
    let files = |name: &str| folder(name).iter().find_map(|folder| std::fs::read_dir(folder).ok());
    let Some(homberger) = files("homberger") else {
        println!("skipped: no homberger");
        return;
    };
    for entry in homberger {
        let path = entry.unwrap().path();
        let instance = read(&std::fs::read(&path).unwrap(), Format::Auto, None).unwrap();
        assert_eq!(instance.numbers, (1..=200).collect::<Vec<u32>>(), "{}", path.display());
    }
}
