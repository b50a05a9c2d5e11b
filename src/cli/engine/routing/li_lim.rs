//! Li & Lim's form (2001): pickups and deliveries within time windows, alike vehicles at one depot; fewer vehicles come first, then the way.
//!
//! A row of number of vehicles, capacity and speed; then rows of task, x, y, demand, ready time, due date, service time and the numbers of its
//! pickup and its delivery (0 for itself), the depot first. Lengths are straight, and times. Published results are in double precision: times are
//! worked a little too long here, so that what is promised holds.

use std::collections::BTreeMap;

use super::instance::{Instance, MOST_VEHICLES};
use super::requests::{self, Node, Requests};
use super::rounding::Rounding;
use super::rows::{self, Row};
use crate::routing::problem::{DIMS, MOST, MOST_JOBS, Vehicle};

/// Does it look like one?
pub(super) fn looks(text: &str) -> bool {
    let mut widths = rows::lines(text).take(2).map(|row| rows::numbers(row).map(|numbers| numbers.len()));
    widths.next() == Some(Ok(3)) && widths.next() == Some(Ok(9))
}

/// A row of the file, with the numbers of its pickup and its delivery.
type Task = (Node, u32, u32);

/// Reads the file; errors name the line.
pub(super) fn read(text: &str, rounding: Option<Rounding>) -> Result<Instance, String> {
    let rounding = rounding.unwrap_or(Rounding::Strict);
    let mut lines = rows::lines(text);
    let head = lines.next().ok_or("there is no row with the number of vehicles, their capacity and speed")?;
    let [count, capacity, speed] = rows::numbers(head)?[..] else {
        return Err(rows::at(head.0, "write three numbers: how many vehicles, their capacity and their speed"));
    };
    let count = rows::whole(head.0, "the number of vehicles", count, 1..=MOST_VEHICLES)?;
    let capacity = rows::whole(head.0, "the capacity", capacity.min(f64::from(MOST)), 0..=MOST as u32)?;
    // Some published files say 0 and mean 1.
    if speed != 1.0 && speed != 0.0 {
        return Err(rows::at(
            head.0,
            format_args!("the speed is {speed}; only 1 is read: a unit of length takes a unit of time"),
        ));
    }
    let mut tasks: Vec<Task> = Vec::new();
    let mut places: BTreeMap<u32, usize> = BTreeMap::new();
    for row in lines {
        let task = task(row, rounding)?;
        if places.insert(task.0.number, tasks.len()).is_some() {
            return Err(rows::at(row.0, format_args!("task {} is there twice; keep one", task.0.number)));
        }
        if tasks.len() > MOST_JOBS {
            return Err(rows::at(row.0, format_args!("at most {MOST_JOBS} tasks; split the problem")));
        }
        tasks.push(task);
    }
    let Some((depot, 0, 0)) = tasks.first() else {
        return Err(tasks.first().map_or_else(
            || "there are no rows of tasks, the depot first".to_owned(),
            |(node, ..)| rows::at(node.line, "the first is the depot and has no pickup and no delivery; write 0"),
        ));
    };
    if depot.load != 0 || depot.service != 0 {
        return Err(rows::at(depot.line, "the first is the depot and has no demand and no service time; write 0"));
    }
    let mut capacities = [MOST; DIMS];
    capacities[0] = capacity as i32;
    let vehicle = Vehicle { capacity: capacities, shift: depot.window, ..Vehicle::at(0, count as usize) };
    let pairs = pairs(&tasks, &places)?;
    let nodes = tasks.into_iter().map(|(node, ..)| node).collect();
    Requests { nodes, depots: vec![0], pairs, max_ride: MOST, vehicle, vehicles_first: true }.instance(rounding)
}

fn task(row: Row<'_>, rounding: Rounding) -> Result<Task, String> {
    let line = row.0;
    let [number, x, y, demand, ready, due, service, pickup, delivery] = rows::numbers(row)?[..] else {
        let what =
            "write nine numbers: task, x, y, demand, ready time, due date, service time, its pickup, its delivery";
        return Err(rows::at(line, what));
    };
    let node = Node {
        line,
        number: rows::whole(line, "the task's number", number, 0..=u32::MAX)?,
        point: (x, y),
        load: requests::load(line, "the demand", demand)?,
        window: requests::window(rounding, line, ready, due)?,
        service: rounding.units(line, "the service time", service)?,
    };
    let sibling = |what: &str, value: f64| rows::whole(line, what, value, 0..=u32::MAX);
    Ok((node, sibling("the number of its pickup", pickup)?, sibling("the number of its delivery", delivery)?))
}

/// Positions of pickups with their deliveries, in the order of the pickups.
fn pairs(tasks: &[Task], places: &BTreeMap<u32, usize>) -> Result<Vec<(usize, usize)>, String> {
    let mut pairs = Vec::new();
    for (place, (node, pickup, delivery)) in tasks.iter().enumerate().skip(1) {
        let (line, number) = (node.line, node.number);
        let other = match (pickup, delivery) {
            (0, other) | (other, 0) if *other != 0 => *other,
            _ => {
                return Err(rows::at(
                    line,
                    "either the number of its pickup or that of its delivery is 0: a task is one of both",
                ));
            }
        };
        let Some(&at) = places.get(&other) else {
            return Err(rows::at(line, format_args!("task {number} names {other}, which is not there")));
        };
        let (sibling, from, to) = &tasks[at];
        let back = if *pickup == 0 { (*from, *to) == (number, 0) } else { (*from, *to) == (0, number) };
        if !back {
            return Err(rows::at(
                line,
                format_args!("task {number} names {other}, but {other} does not name it; name each other"),
            ));
        }
        if *pickup != 0 {
            continue;
        }
        if node.load < 0 || i64::from(sibling.load) != -i64::from(node.load) {
            return Err(rows::at(
                line,
                format_args!(
                    "{} is picked up and {} set down; write the same number, and a minus at the delivery",
                    node.load, sibling.load
                ),
            ));
        }
        pairs.push((place, at));
    }
    Ok(pairs)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::cli::engine::routing) const SMALL: &str = "\
2\t10\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t4\t6\t0\t100\t1\t0\t3
2\t0\t5\t-4\t10\t20\t1\t4\t0
3\t6\t8\t-6\t0\t50\t2.55\t1\t0
4\t1\t1\t4\t0\t100\t1\t0\t2
";

    #[test]
    fn a_small_file_is_read() {
        let instance = read(SMALL, None).unwrap();
        let problem = &instance.problem;
        assert_eq!((&instance.numbers[..], &instance.vehicles[..]), (&[1, 2, 3, 4][..], &[vec![1, 2]][..]));
        let pairs: Vec<(usize, usize, i32)> =
            problem.pairs().iter().map(|pair| (pair.pickup, pair.delivery, pair.max_ride)).collect();
        assert_eq!(pairs, [(0, 2, MOST), (3, 1, MOST)]);
        // sqrt(2) = 1.41421…, upwards.
        assert_eq!(problem.travel()[0].distance[..5], [0, 50_000, 50_000, 100_000, 14_143]);
        let job = &problem.jobs()[2];
        assert_eq!((job.collected, job.window, job.service), ([0; DIMS], (0, 500_000), 25_500));
        assert_eq!(problem.jobs()[3].collected, [4, 0, 0, 0]);
        let vehicle = &problem.vehicles()[0];
        assert_eq!((vehicle.count, vehicle.capacity[0], vehicle.shift), (2, 10, (0, 1_000_000)));
        // The longest from each: to 3 from the depot (twice) 10, from 2 sqrt(36 + 9) = 6.7083, from 4 sqrt(25 + 49) = 8.6023 and from 1 5; from 3
        // the depot, 10.
        assert_eq!(vehicle.fixed, 1 + 2 * 100_000 + 50_000 + 67_083 + 86_024 + 100_000);
        assert_eq!(instance.cost((2 * vehicle.fixed + 35_000) as f64), 3.5);
        assert!(read(&SMALL.replacen("10\t1", "10\t0", 1).replace('\n', "\r\n"), None).is_ok());
    }

    #[test]
    fn errors_name_the_line() {
        let wrong = |from: &str, to: &str| read(&SMALL.replacen(from, to, 1), None).unwrap_err();
        assert_eq!(
            read("", None).unwrap_err(),
            "there is no row with the number of vehicles, their capacity and speed"
        );
        assert_eq!(read("2 10 1", None).unwrap_err(), "there are no rows of tasks, the depot first");
        assert_eq!(
            wrong("10\t1", "10"),
            "line 1: write three numbers: how many vehicles, their capacity and their speed"
        );
        assert_eq!(
            wrong("10\t1", "10\t2"),
            "line 1: the speed is 2; only 1 is read: a unit of length takes a unit of time"
        );
        assert!(
            wrong("2\t10", "0\t10").starts_with("line 1: the number of vehicles is 0; write a whole number from 1")
        );
        assert_eq!(
            wrong("0\t3\n", "3\n"),
            "line 3: write nine numbers: task, x, y, demand, ready time, due date, service time, its pickup, its delivery"
        );
        assert_eq!(wrong("4\t1\t1", "3\t1\t1"), "line 6: task 3 is there twice; keep one");
        assert_eq!(wrong("10\t20", "21\t20"), "line 4: the due date is before the ready time; swap them");
        assert_eq!(
            wrong("100\t0\t0\t0", "100\t0\t0\t1"),
            "line 2: the first is the depot and has no pickup and no delivery; write 0"
        );
        assert_eq!(
            wrong("100\t0\t0\t0", "100\t5\t0\t0"),
            "line 2: the first is the depot and has no demand and no service time; write 0"
        );
        let neither = "line 3: either the number of its pickup or that of its delivery is 0: a task is one of both";
        assert_eq!(wrong("1\t0\t3", "1\t0\t0"), neither);
        assert_eq!(wrong("1\t0\t3", "1\t3\t3"), neither);
        assert_eq!(wrong("1\t0\t3", "1\t0\t9"), "line 3: task 1 names 9, which is not there");
        let other = "line 3: task 1 names 2, but 2 does not name it; name each other";
        assert_eq!(wrong("1\t0\t3", "1\t0\t2"), other);
        // Itself.
        assert_eq!(wrong("1\t0\t3", "1\t0\t1"), "line 3: task 1 names 1, but 1 does not name it; name each other");
        assert_eq!(
            wrong("-6", "-5"),
            "line 3: 6 is picked up and -5 set down; write the same number, and a minus at the delivery"
        );
        assert!(wrong("4\t6\t0", "4\t-6\t0").starts_with("line 3: -6 is picked up and -6 set down"));
        assert_eq!(
            wrong("\t-6", "\t-1.5"),
            "line 5: the demand is -1.5; write a whole number from -134217728 to 134217728"
        );
        assert_eq!(wrong("2.55", "x"), "line 5: “x” is no number");
        assert_eq!(wrong("6\t8", "6\t1e300"), "line 5: node 3 is too far from others");
        assert!(wrong("2.55", "2e9").starts_with("line 5: the service time is 2000000000; write a number from 0 to"));
    }
}
