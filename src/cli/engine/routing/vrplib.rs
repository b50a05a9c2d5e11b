//! VRPLIB files with PyVRP's extensions: several depots, a mixed fleet, several trips with release times, time windows, prizes, groups of which one is
//! served.
//!
//! Beyond those: prices for time away, overtime and being late, and drivers' breaks.
//!
//! The TYPE says how numbers are rounded, as results are published: CVRP and GVRP to the nearest whole number, VRPTW, PCVRPTW and MTVRPTWR
//! cut off after one decimal, HFVRP and MDVRPTW to three decimals. Lengths are times too. What says more than can be planned is refused.

mod fleet;
mod sections;
mod weights;

use super::instance::Instance;
use super::rounding::Rounding;
use super::rows;
use crate::routing::Problem;
use crate::routing::problem::{DIMS, Group, Job, Load, MOST, MOST_JOBS, MOST_PRICE, Parts, Travel};
use sections::{File, Numbers};

/// Types of files, and how their numbers are rounded.
const TYPES: [(&str, Rounding); 10] = [
    ("CVRP", Rounding::Nearest),
    ("ACVRP", Rounding::Nearest),
    ("DCVRP", Rounding::Nearest),
    ("GVRP", Rounding::Nearest),
    ("VRPTW", Rounding::Truncate10),
    ("PCVRPTW", Rounding::Truncate10),
    ("MTVRPTWR", Rounding::Truncate10),
    ("HFVRP", Rounding::Exact),
    ("MDVRP", Rounding::Exact),
    ("MDVRPTW", Rounding::Exact),
];

const HEADS: [&str; 25] = [
    "NAME",
    "COMMENT",
    "TYPE",
    "BEST_KNOWN",
    "DISPLAY_DATA_TYPE",
    "NODE_COORD_TYPE",
    "DIMENSION",
    "VEHICLES",
    "CAPACITY",
    "DISTANCE",
    "SERVICE_TIME",
    "RELEASE_TIME",
    "EDGE_WEIGHT_TYPE",
    "EDGE_WEIGHT_FORMAT",
    "VEHICLES_DEPOT",
    "VEHICLES_MAX_DURATION",
    "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_RELOADS",
    "VEHICLES_FIXED_COST",
    "VEHICLES_UNIT_DISTANCE_COST",
    "VEHICLES_UNIT_DURATION_COST",
    "VEHICLES_USUAL_DURATION",
    "VEHICLES_UNIT_OVERTIME_COST",
    "DUE_TIME",
    "LATE_COST",
];

const SECTIONS: [&str; 26] = [
    "NODE_COORD_SECTION",
    "DISPLAY_DATA_SECTION",
    "EDGE_WEIGHT_SECTION",
    "DEMAND_SECTION",
    "LINEHAUL_SECTION",
    "BACKHAUL_SECTION",
    "TIME_WINDOW_SECTION",
    "SERVICE_TIME_SECTION",
    "RELEASE_TIME_SECTION",
    "PRIZE_SECTION",
    "DEPOT_SECTION",
    "MUTUALLY_EXCLUSIVE_GROUP_SECTION",
    "CAPACITY_SECTION",
    "VEHICLES_DEPOT_SECTION",
    "VEHICLES_RELOAD_DEPOT_SECTION",
    "VEHICLES_MAX_DURATION_SECTION",
    "VEHICLES_MAX_DISTANCE_SECTION",
    "VEHICLES_MAX_RELOADS_SECTION",
    "VEHICLES_FIXED_COST_SECTION",
    "VEHICLES_UNIT_DISTANCE_COST_SECTION",
    "VEHICLES_UNIT_DURATION_COST_SECTION",
    "VEHICLES_USUAL_DURATION_SECTION",
    "VEHICLES_UNIT_OVERTIME_COST_SECTION",
    "VEHICLES_BREAK_SECTION",
    "DUE_TIME_SECTION",
    "LATE_COST_SECTION",
];

/// Does it look like one?
pub(super) fn looks(text: &str) -> bool {
    let is = |line: &str| line.starts_with("DIMENSION") || line.starts_with("NODE_COORD_SECTION");
    rows::lines(text).take(200).any(|(_, line)| is(line))
}

/// Reads the file; errors name the line.
pub(super) fn read(text: &str, rounding: Option<Rounding>) -> Result<Instance, String> {
    let file = File::read(text)?;
    let usual = kind(&file)?;
    let rounding = rounding.unwrap_or(usual);
    file.knows(&HEADS, &SECTIONS)?;
    let most = MOST_JOBS as u32;
    let nodes = file.whole("DIMENSION", 2, most)?.ok_or("there is no DIMENSION: the number of nodes")? as usize;
    let depots = depots(&file, nodes)?;
    let loads = loads(&file, nodes, depots)?;
    let windows = windows(&file, nodes, rounding)?;
    let services = times(&file, "SERVICE_TIME", "service time", (nodes, depots), rounding)?;
    let releases = times(&file, "RELEASE_TIME", "release time", (nodes, depots), rounding)?;
    let dues = dues(&file, nodes, depots, rounding)?;
    let mut prizes = prizes(&file, nodes, depots, rounding)?;
    let groups = groups(&file, nodes, depots, &prizes)?;
    let ground = fleet::Ground { shifts: &windows[..depots], clients: nodes - depots, kinds: loads.kinds };
    let (vehicles, members) = fleet::read(&file, &ground, rounding)?;
    let job = |node: usize| Job {
        delivered: loads.delivered[node],
        collected: loads.collected[node],
        window: windows[node],
        due: dues[node].0,
        per_late: dues[node].1,
        service: services[node],
        release: releases[node],
        prize: prizes[node].take(),
        ..Job::at(node)
    };
    let jobs = (depots..nodes).map(job).collect();
    let lengths = weights::lengths(&file, nodes, rounding)?;
    let travel = Travel { distance: lengths.clone(), duration: lengths };
    let parts = Parts { places: nodes, travel: vec![travel], jobs, groups, vehicles, ..Parts::default() };
    if let Some(section) = file.section("VEHICLES_BREAK").or(file.section("LATE_COST"))
        && (parts.jobs.iter().any(|job| job.release > 0) || parts.vehicles.iter().any(|kind| !kind.reloads.is_empty()))
    {
        let what = "breaks and costs of being late go with one trip a vehicle; leave out VEHICLES_RELOAD_DEPOT and RELEASE_TIME, or these";
        return Err(rows::at(section.line, what));
    }
    let problem = Problem::new(parts).map_err(|error| error.to_string())?;
    let numbers = (depots + 1..=nodes).map(|number| number as u32).collect();
    Ok(Instance { problem, rounding, numbers, vehicles: members, points: None, first: 0 })
}

fn kind(file: &File<'_>) -> Result<Rounding, String> {
    let (line, kind) = file.head("TYPE").ok_or("there is no TYPE, such as CVRP")?;
    let known = TYPES.iter().find(|(name, _)| *name == kind);
    known.map(|(_, rounding)| *rounding).ok_or_else(|| {
        let names = TYPES.map(|(name, _)| name).join(", ");
        rows::at(line, format_args!("TYPE {kind} cannot be planned; these can: {names}"))
    })
}

/// How many depots there are: they are the first nodes.
fn depots(file: &File<'_>, nodes: usize) -> Result<usize, String> {
    let Some(section) = file.section("DEPOT") else { return Ok(1) };
    let mut depots = 0;
    for &row in &section.rows {
        // The list ends with -1.
        for number in rows::numbers(row)?.into_iter().filter(|number| *number != -1.0) {
            depots += 1;
            if number != depots as f64 {
                let what = format!("the depots are the first nodes: {depots} is next, not {number}");
                return Err(rows::at(row.0, what));
            }
        }
    }
    if depots == 0 || depots >= nodes {
        let what = format!("{depots} of {nodes} nodes are depots; there must be one at least, and another node");
        return Err(rows::at(section.line, what));
    }
    Ok(depots)
}

/// What is brought and taken at each node.
struct Loads {
    /// Kinds of load.
    kinds: usize,
    delivered: Vec<Load>,
    collected: Vec<Load>,
}

fn loads(file: &File<'_>, nodes: usize, depots: usize) -> Result<Loads, String> {
    let table = |name: &str| file.table(name, nodes, 1..=DIMS);
    let delivered = match (table("DEMAND")?, table("LINEHAUL")?) {
        (Some(table), Some(_)) => {
            return Err(rows::at(table[0].0, "DEMAND_SECTION and LINEHAUL_SECTION say the same; keep one"));
        }
        (demand, linehaul) => demand.or(linehaul),
    };
    let collected = table("BACKHAUL")?;
    let kinds = |table: &Option<Vec<Numbers>>| table.as_ref().map(|table| table[0].1.len());
    let (brought, taken) = (kinds(&delivered), kinds(&collected));
    if let (Some(brought), Some(taken), Some(section)) = (brought, taken, file.section("BACKHAUL"))
        && brought != taken
    {
        let what = format!("{taken} kinds of load are taken, but {brought} brought; write a column for each kind");
        return Err(rows::at(section.line, what));
    }
    let whole = |table: Option<Vec<Numbers>>| match table {
        None => Ok(vec![[0; DIMS]; nodes]),
        Some(table) => {
            let node = |(node, (line, numbers)): (usize, Numbers)| {
                let load = load(line, &numbers)?;
                if node < depots && load != [0; DIMS] {
                    return Err(rows::at(line, "a depot has no demand; write 0"));
                }
                Ok(load)
            };
            table.into_iter().enumerate().map(node).collect()
        }
    };
    Ok(Loads { kinds: brought.or(taken).unwrap_or(1), delivered: whole(delivered)?, collected: whole(collected)? })
}

fn load(line: usize, numbers: &[f64]) -> Result<Load, String> {
    let mut load = [0; DIMS];
    for (amount, &number) in load.iter_mut().zip(numbers) {
        *amount = rows::whole(line, "the load", number, 0..=MOST as u32)? as i32;
    }
    Ok(load)
}

fn windows(file: &File<'_>, nodes: usize, rounding: Rounding) -> Result<Vec<(i32, i32)>, String> {
    let Some(table) = file.table("TIME_WINDOW", nodes, 2..=2)? else { return Ok(vec![(0, MOST); nodes]) };
    let window = |(line, ends): Numbers| {
        let window = (
            rounding.units(line, "the begin of the window", ends[0])?,
            rounding.limit(line, "the end of the window", ends[1])?,
        );
        let right = window.0 <= window.1;
        right.then_some(window).ok_or_else(|| rows::at(line, "the window ends before it begins; swap its ends"))
    };
    table.into_iter().map(window).collect()
}

/// A time of each node that is none of the depots: how long it takes, or when what it needs is there.
fn times(
    file: &File<'_>,
    name: &str,
    what: &str,
    (nodes, depots): (usize, usize),
    rounding: Rounding,
) -> Result<Vec<i32>, String> {
    let Some(each) = file.each(name, nodes)? else { return Ok(vec![0; nodes]) };
    let time = |(node, (line, time)): (usize, (usize, f64))| {
        let time = rounding.units(line, &format!("the {what}"), time)?;
        if node >= depots {
            Ok(time)
        } else if time > 0 && file.section(name).is_some() {
            Err(rows::at(line, format_args!("a depot has no {what}; write 0")))
        } else {
            // One for all means all but the depots.
            Ok(0)
        }
    };
    each.into_iter().enumerate().map(time).collect()
}

/// From when on being late costs, and what a unit of it does; nothing where it is not said.
fn dues(file: &File<'_>, nodes: usize, depots: usize, rounding: Rounding) -> Result<Vec<(i32, i64)>, String> {
    let (dues, prices) = (file.each("DUE_TIME", nodes)?, file.each("LATE_COST", nodes)?);
    fleet::both(&dues, &prices, ["DUE_TIME", "LATE_COST"])?;
    let (Some(dues), Some(prices)) = (dues, prices) else { return Ok(vec![(MOST, 0); nodes]) };
    let due = |node: usize| {
        let ((line, due), (at, price)) = (dues[node], prices[node]);
        if node < depots && price > 0.0 && file.section("LATE_COST").is_some() {
            return Err(rows::at(at, "being back late costs nothing, there is the shift's end; write 0"));
        }
        let price = rows::whole(at, "the cost of a unit of being late", price, 0..=MOST_PRICE as u32)?;
        Ok((rounding.limit(line, "the due time", due)?, price.into()))
    };
    (0..nodes).map(due).collect()
}

/// What leaving a node out costs; a prize of 0 says that it must be served.
fn prizes(file: &File<'_>, nodes: usize, depots: usize, rounding: Rounding) -> Result<Vec<Option<i64>>, String> {
    let Some(table) = file.table("PRIZE", nodes, 1..=1)? else { return Ok(vec![None; nodes]) };
    let prize = |(node, (line, numbers)): (usize, Numbers)| {
        let prize = rounding.money(line, "the prize", numbers[0])?;
        if node < depots && prize > 0 {
            return Err(rows::at(line, "a depot has no prize; write 0"));
        }
        // One that is rounded to nothing is one still.
        Ok((numbers[0] != 0.0).then_some(prize))
    };
    table.into_iter().enumerate().map(prize).collect()
}

/// Groups of several nodes; a node alone in its group is one that must be served.
fn groups(file: &File<'_>, nodes: usize, depots: usize, prizes: &[Option<i64>]) -> Result<Vec<Group>, String> {
    let Some(section) = file.section("MUTUALLY_EXCLUSIVE_GROUP") else { return Ok(Vec::new()) };
    let mut first = vec![None; nodes];
    let mut groups = Vec::new();
    for &row in &section.rows {
        let line = row.0;
        let mut jobs = Vec::new();
        // The first is the group's own number.
        for number in rows::numbers(row)?.into_iter().skip(1) {
            let node = rows::whole(line, "the node", number, depots as u32 + 1..=nodes as u32)? as usize - 1;
            if prizes[node].is_some() {
                let what = format!("node {number} has a prize, but one of its group must be served; write 0");
                return Err(rows::at(line, what));
            }
            if let Some(other) = first[node].replace(line) {
                let what = format!("node {number} stands in the group of line {other} already; keep one");
                return Err(rows::at(line, what));
            }
            jobs.push(node - depots);
        }
        if jobs.len() > 1 {
            groups.push(Group { jobs, prize: None });
        }
    }
    Ok(groups)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::routing::problem::{Break, Vehicle};

    /// Two depots, three vehicles of two kinds, windows, a prize, a group.
    pub(in crate::cli::engine::routing) const RICH: &str = "\
NAME : rich
TYPE : MDVRPTW
DIMENSION : 7
VEHICLES : 3
EDGE_WEIGHT_TYPE : EUC_2D
VEHICLES_MAX_DURATION : 60
NODE_COORD_SECTION
1 0 0
2 10 0
3 3 4
4 6 8
5 10 5
6 10 -2.5
7 0 1.5
DEMAND_SECTION
1 0
2 0
3 2
4 3
5 4
6 4
7 1
TIME_WINDOW_SECTION
1 0 100
2 5 90
3 0 100
4 12.5 20
5 0 1e9
6 0 100
7 0 100
SERVICE_TIME_SECTION
1 0
2 0
3 1
4 1
5 1
6 1
7 0.5
PRIZE_SECTION
1 0
2 0
3 0
4 0
5 0
6 0
7 2.5
MUTUALLY_EXCLUSIVE_GROUP_SECTION
1 3
2 6 5 4
CAPACITY_SECTION
1 5
2 9
3 5
VEHICLES_DEPOT_SECTION
1 1
2 2
3 1
VEHICLES_FIXED_COST_SECTION
1 7
2 0.25
3 7
VEHICLES_UNIT_DISTANCE_COST_SECTION
1 2
2 3
3 2
DEPOT_SECTION
1
2
-1
EOF
";

    #[test]
    fn a_rich_file_is_read() {
        let instance = read(RICH, None).unwrap();
        let problem = &instance.problem;
        assert_eq!(instance.rounding, Rounding::Exact);
        assert_eq!((instance.numbers, instance.vehicles), (vec![3, 4, 5, 6, 7], vec![vec![1, 3], vec![2]]));
        assert_eq!(problem.travel()[0].distance[..7], [0, 10_000, 5_000, 10_000, 11_180, 10_308, 1_500]);
        let job = |number: usize| &problem.jobs()[number - 3];
        assert_eq!((job(4).window, job(4).service, job(4).delivered[0]), ((12_500, 20_000), 1_000, 3));
        assert_eq!((job(5).window, job(7).prize, job(3).prize), ((0, MOST), Some(2_500), None));
        assert_eq!(problem.groups(), [Group { jobs: vec![3, 2, 1], prize: None }]);
        let first = Vehicle {
            capacity: [5, MOST, MOST, MOST],
            fixed: 7_000,
            per_distance: 2,
            shift: (0, 100_000),
            max_duration: 60_000,
            ..Vehicle::at(0, 2)
        };
        let second = Vehicle {
            capacity: [9, MOST, MOST, MOST],
            fixed: 250,
            per_distance: 3,
            shift: (5_000, 90_000),
            max_duration: 60_000,
            ..Vehicle::at(1, 1)
        };
        assert_eq!(problem.vehicles(), [first, second]);
        // Another convention: the window of node 4 is from 12 (halves to even), and the fixed cost of 0.25 is nothing.
        let nearest = read(RICH, Some(Rounding::Nearest)).unwrap().problem;
        assert_eq!((nearest.jobs()[1].window, nearest.vehicles()[1].fixed), ((12, 20), 0));
    }

    /// A depot and two nodes, nothing else; lengths stand there.
    pub(in crate::cli::engine::routing) const PLAIN: &str = "\
TYPE: CVRP
DIMENSION: 3
EDGE_WEIGHT_TYPE: EXPLICIT
EDGE_WEIGHT_FORMAT: LOWER_ROW
EDGE_WEIGHT_SECTION
1 2
3
";

    #[test]
    fn what_is_not_said_is_no_limit() {
        let instance = read(PLAIN, None).unwrap();
        let problem = &instance.problem;
        assert_eq!(problem.vehicles(), [Vehicle::at(0, 2)]);
        assert_eq!(problem.jobs(), [Job::at(1), Job::at(2)]);
        assert_eq!(instance.numbers, [2, 3]);
        let more = format!(
            "{PLAIN}DISTANCE: 9\nSERVICE_TIME: 2\nBACKHAUL_SECTION\n1 0 0\n2 1 0\n3 0 2\nCAPACITY_SECTION\n1 1 3\n2 1 3"
        );
        let problem = read(&more, None).unwrap().problem;
        assert_eq!((problem.jobs()[0].service, problem.vehicles()[0].max_duration), (2, 9));
        assert_eq!((problem.jobs()[1].collected, problem.vehicles()[0].capacity), ([0, 2, 0, 0], [1, 3, MOST, MOST]));
    }

    /// Two trips, the second of which waits for what it delivers.
    pub(in crate::cli::engine::routing) const TRIPS: &str = "\
TYPE : MTVRPTWR
DIMENSION : 5
VEHICLES : 2
CAPACITY : 3
SERVICE_TIME : 1
VEHICLES_MAX_RELOADS : 4
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 10 0
3 3 4
4 6 8
5 10 5
DEMAND_SECTION
1 0
2 0
3 2
4 3
5 3
RELEASE_TIME_SECTION
1 0
2 0
3 0
4 12.34
5 30
VEHICLES_RELOAD_DEPOT_SECTION
2 2 1
1 1
DEPOT_SECTION
1
2
-1
EOF
";

    #[test]
    fn reloads_and_releases_are_read() {
        let instance = read(TRIPS, None).unwrap();
        let problem = &instance.problem;
        let releases: Vec<i32> = problem.jobs().iter().map(|job| job.release).collect();
        assert_eq!((instance.rounding, releases), (Rounding::Truncate10, vec![0, 123, 300]));
        let vehicle = |reloads: &[usize]| Vehicle {
            capacity: [3, MOST, MOST, MOST],
            reloads: reloads.to_vec(),
            max_reloads: 4,
            ..Vehicle::at(0, 1)
        };
        assert_eq!(problem.vehicles(), [vehicle(&[0]), vehicle(&[1, 0])]);
    }

    /// One vehicle; nodes at 10 and 30 of a line, due at 12 and 25; a break, and overtime after 50.
    pub(in crate::cli::engine::routing) const PRICED: &str = "\
TYPE : HFVRP
DIMENSION : 3
VEHICLES : 1
VEHICLES_UNIT_DURATION_COST : 1
VEHICLES_USUAL_DURATION : 50
VEHICLES_UNIT_OVERTIME_COST : 2
LATE_COST : 4
EDGE_WEIGHT_TYPE : EUC_2D
NODE_COORD_SECTION
1 0 0
2 10 0
3 30 0
DUE_TIME_SECTION
1 1e9
2 12
3 25
VEHICLES_BREAK_SECTION
1 15 20.5 7
EOF
";

    #[test]
    fn prices_of_times_and_breaks_are_read() {
        let problem = read(PRICED, None).unwrap().problem;
        let dues: Vec<(i32, i64)> = problem.jobs().iter().map(|job| (job.due, job.per_late)).collect();
        assert_eq!(dues, [(12_000, 4), (25_000, 4)]);
        let vehicle = &problem.vehicles()[0];
        assert_eq!((vehicle.per_duration, vehicle.usual_duration, vehicle.per_overtime), (1, 50_000, 2));
        assert_eq!(vehicle.breaks, [Break { window: (15_000, 20_500), duration: 7000 }]);
        let with = |from: &str, to: &str| read(&PRICED.replace(from, to), None).unwrap_err();
        assert!(with("LATE_COST : 4\n", "").starts_with("line 13: DUE_TIME says nothing without LATE_COST"));
        assert!(with("1 15 20.5 7", "1 15 20.5").starts_with("line 18: write four numbers"));
        assert!(with("1 15 20.5 7", "1 15 14 7").ends_with("swap its ends"));
        assert!(with("1 15 20.5 7", "1 15 20.5 0").starts_with("line 18: a break takes some time"));
        assert!(
            with("1 15 20.5 7", "1 15 20.5 7\n1 14 90 7")
                .starts_with("line 19: the breaks of vehicle 1 stand in the order")
        );
        assert!(
            with("VEHICLES_UNIT_OVERTIME_COST : 2\n", "").starts_with("line 5: VEHICLES_USUAL_DURATION says nothing")
        );
        assert!(
            with("EOF", "VEHICLES_RELOAD_DEPOT_SECTION\n1 1\nEOF")
                .starts_with("line 17: breaks and costs of being late")
        );
        let short = read(&PRICED.replace("1 15 20.5 7", "1 15 20.5 0.0001"), None).unwrap().problem;
        assert_eq!(short.vehicles()[0].breaks[0].duration, 1);
        assert!(with("1 15 20.5 7", "2 15 20 7").starts_with("line 18: the vehicle is 2"));
        assert!(
            with("1 15 20.5 7", "1 1 2 3\n1 1 2 3\n1 1 2 3\n1 1 2 3").starts_with("line 21: vehicle 1 has more than 3")
        );
        assert!(
            with("OVERTIME_COST : 2", "OVERTIME_COST : 1048576").starts_with("line 6: the cost of a unit of overtime")
        );
    }

    #[test]
    fn what_cannot_be_planned_is_refused() {
        let with = |more: &str| read(&format!("{PLAIN}{more}"), None).unwrap_err();
        let refused =
            "says something that cannot be planned yet, or is unknown; take it out only if it does not matter";
        for section in ["VEHICLES_ALLOWED_CLIENTS", "PICKUP_AND_DELIVERY"] {
            let section = format!("{section}_SECTION");
            assert_eq!(with(&format!("{section}\n1 1")), format!("line 8: {section} {refused}"));
        }
        assert_eq!(with("VEHICLES_SPEED: 2"), format!("line 8: VEHICLES_SPEED {refused}"));
        for kind in ["VRPB", "TSP"] {
            let error = read(&PLAIN.replace("CVRP", kind), Some(Rounding::Exact)).unwrap_err();
            assert!(error.starts_with(&format!("line 1: TYPE {kind} cannot be planned; these can: CVRP,")), "{error}");
        }
        assert_eq!(read("", None).unwrap_err(), "there is no TYPE, such as CVRP");
        assert_eq!(with("DEPOT_SECTION\n2\n-1"), "line 9: the depots are the first nodes: 1 is next, not 2");
        assert_eq!(
            with("DEPOT_SECTION\n-1"),
            "line 8: 0 of 3 nodes are depots; there must be one at least, and another node"
        );
        assert_eq!(with("DEMAND_SECTION\n1 1\n2 1\n3 1"), "line 9: a depot has no demand; write 0");
        assert!(with("DEMAND_SECTION\n1 0\n2 1.5\n3 1").starts_with("line 10: the load is 1.5; write a whole number"));
        assert_eq!(
            with("TIME_WINDOW_SECTION\n1 0 9\n2 5 4\n3 0 9"),
            "line 10: the window ends before it begins; swap its ends"
        );
        assert_eq!(with("SERVICE_TIME_SECTION\n1 1\n2 1\n3 1"), "line 9: a depot has no service time; write 0");
        assert_eq!(with("RELEASE_TIME_SECTION\n1 1\n2 1\n3 1"), "line 9: a depot has no release time; write 0");
        let reloads = "VEHICLES: 2\nVEHICLES_RELOAD_DEPOT_SECTION\n1 1";
        assert_eq!(with(reloads), "line 9: section VEHICLES_RELOAD_DEPOT_SECTION has 1 rows; 2 are needed");
        assert_eq!(
            with(&format!("{reloads}\n2 2")),
            "line 11: the depot to reload at is 2; write a whole number from 1 to 1"
        );
        assert_eq!(with(&format!("{reloads}\n1 1")), "line 11: vehicle 1 stands in line 10 already; keep one");
        assert_eq!(with("PRIZE_SECTION\n1 1\n2 1\n3 1"), "line 9: a depot has no prize; write 0");
        let group = "MUTUALLY_EXCLUSIVE_GROUP_SECTION\n1 2 3";
        assert_eq!(with(&format!("{group}\n2 2")), "line 10: node 2 stands in the group of line 9 already; keep one");
        assert_eq!(
            with(&format!("{group}\nPRIZE_SECTION\n1 0\n2 1\n3 0")),
            "line 9: node 2 has a prize, but one of its group must be served; write 0"
        );
        assert_eq!(
            with("VEHICLES: 1\nVEHICLES_DEPOT_SECTION\n1 2"),
            "line 10: the vehicle's depot is 2; write a whole number from 1 to 1"
        );
        assert!(with("VEHICLES_UNIT_DISTANCE_COST: 1.5").starts_with("line 8: the cost of a unit of length is 1.5"));
        assert_eq!(
            with("DISTANCE: 9\nVEHICLES_MAX_DURATION: 9"),
            "line 8: DISTANCE and VEHICLES_MAX_DURATION both limit a route; keep one"
        );
        assert!(with("VEHICLES: 1e9").starts_with("line 8: VEHICLES is 1000000000; write a whole number"));
        assert_eq!(
            with("CAPACITY: 5\nDEMAND_SECTION\n1 0 0\n2 1 1\n3 1 1"),
            "line 8: loads are of several kinds; write a CAPACITY_SECTION with all of them"
        );
        let large = PLAIN.replace("DIMENSION: 3", "DIMENSION: 20001");
        assert!(read(&large, None).unwrap_err().starts_with("line 2: DIMENSION is 20001; write a whole number"));
        let empty = PLAIN.replace("DIMENSION: 3", "DIMENSION: 20000");
        assert_eq!(
            read(&empty, None).unwrap_err(),
            "line 5: EDGE_WEIGHT_SECTION has too few numbers; 199990000 are needed"
        );
    }
}
