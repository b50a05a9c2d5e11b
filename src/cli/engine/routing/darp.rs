//! Cordeau's form of dial-a-ride (2006; Cordeau & Laporte 2003): people picked up and set down, none aboard for too long, alike vehicles.
//!
//! A row of vehicles, nodes (or requests), longest duration of a route, capacity and longest ride; then rows of node, x, y, service time, load,
//! earliest and latest beginning: the depot 0, the pickups, their deliveries in the same order, and perhaps where vehicles end. Lengths are straight,
//! and times; a ride lasts from the end of the service at the pickup to the beginning at the delivery. Published results are in double precision:
//! times are worked a little too long here, so that what is promised holds.

use super::instance::{Instance, MOST_VEHICLES};
use super::requests::{self, Node, Requests};
use super::rounding::Rounding;
use super::rows::{self, Row};
use crate::routing::problem::{DIMS, MOST, MOST_JOBS, Vehicle};

/// Does it look like one?
pub(super) fn looks(text: &str) -> bool {
    let mut widths = rows::lines(text).take(2).map(|row| rows::numbers(row).map(|numbers| numbers.len()));
    widths.next() == Some(Ok(5)) && widths.next() == Some(Ok(7))
}

/// Reads the file; errors name the line.
pub(super) fn read(text: &str, rounding: Option<Rounding>) -> Result<Instance, String> {
    let rounding = rounding.unwrap_or(Rounding::Strict);
    let mut lines = rows::lines(text);
    let head =
        lines.next().ok_or("there is no row with vehicles, nodes, longest duration, capacity and longest ride")?;
    let [count, stated, duration, capacity, ride] = rows::numbers(head)?[..] else {
        return Err(rows::at(
            head.0,
            "write five numbers: vehicles, nodes, longest duration of a route, capacity, longest ride",
        ));
    };
    let count = rows::whole(head.0, "the number of vehicles", count, 1..=MOST_VEHICLES)?;
    let stated = rows::whole(head.0, "the number of nodes", stated, 1..=MOST_JOBS as u32)? as usize;
    let capacity = rows::whole(head.0, "the capacity", capacity.min(f64::from(MOST)), 0..=MOST as u32)?;
    let max_duration = rounding.limit(head.0, "the longest duration", duration)?;
    let max_ride = rounding.limit(head.0, "the longest ride", ride)?;
    let mut nodes: Vec<Node> = Vec::new();
    for row in lines {
        if nodes.len() > MOST_JOBS + 1 {
            return Err(rows::at(row.0, format_args!("at most {MOST_JOBS} nodes; split the problem")));
        }
        nodes.push(node(row, nodes.len(), rounding)?);
    }
    let Some(depot) = nodes.first() else { return Err("there are no rows of nodes, the depot first".to_owned()) };
    // Some files count the nodes, some the requests.
    let requests = [stated / 2, stated].into_iter().find(|&requests| {
        let halves = stated.is_multiple_of(2) || requests == stated;
        halves && [2 * requests + 1, 2 * requests + 2].contains(&nodes.len())
    });
    let Some(requests) = requests else {
        return Err(rows::at(
            head.0,
            format_args!(
                "{stated} nodes are announced and {} rows are there; write the depot, pickups, as many deliveries, and perhaps the depot again",
                nodes.len()
            ),
        ));
    };
    let end = if nodes.len() > 2 * requests + 1 { nodes.len() - 1 } else { 0 };
    for depot in [depot, &nodes[end]] {
        if depot.load != 0 || depot.service != 0 {
            return Err(rows::at(depot.line, "here is the depot; it has no load and no service time: write 0"));
        }
    }
    let pairs: Vec<(usize, usize)> = (1..=requests).map(|pickup| (pickup, pickup + requests)).collect();
    for &(pickup, delivery) in &pairs {
        let (from, to) = (&nodes[pickup], &nodes[delivery]);
        if from.load < 0 || i64::from(to.load) != -i64::from(from.load) {
            let (aboard, out) = (from.load, to.load);
            let what = format_args!(
                "{out} is the load where {} is set down, {aboard} where it is picked up; write the same, and a minus here",
                from.number
            );
            return Err(rows::at(to.line, what));
        }
    }
    // From the first opening to the last closing; that vehicles must leave before, or be back only after, some time is not planned for.
    let (opens, closes) = (depot.window, nodes[end].window);
    if closes.0 > opens.0 || opens.1 < closes.1 {
        let what = "the depot opens later here than in its first row, or is shut there earlier; write its times so that neither is";
        return Err(rows::at(nodes[end].line, what));
    }
    let shift = (opens.0, closes.1);
    if shift.0 > shift.1 {
        return Err(rows::at(nodes[end].line, "vehicles must be back before they may leave; write later"));
    }
    let mut capacities = [MOST; DIMS];
    capacities[0] = capacity as i32;
    let vehicle = Vehicle { capacity: capacities, shift, max_duration, end, ..Vehicle::at(0, count as usize) };
    let depots = if end == 0 { vec![0] } else { vec![0, end] };
    Requests { nodes, depots, pairs, max_ride, vehicle, vehicles_first: false }.instance(rounding)
}

fn node(row: Row<'_>, expected: usize, rounding: Rounding) -> Result<Node, String> {
    let line = row.0;
    let [number, x, y, service, load, ready, due] = rows::numbers(row)?[..] else {
        return Err(rows::at(line, "write seven numbers: node, x, y, service time, load, earliest, latest"));
    };
    let number = rows::whole(line, "the node's number", number, 0..=u32::MAX)?;
    if number as usize != expected {
        return Err(rows::at(line, format_args!("this is node {number}; number them from 0, here {expected}")));
    }
    Ok(Node {
        line,
        number,
        point: (x, y),
        load: requests::load(line, "the load", load)?,
        window: requests::window(rounding, line, ready, due)?,
        service: rounding.units(line, "the service time", service)?,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::cli::engine::routing) const SMALL: &str = "\
2 4 48 3 9.5
  0   0.000   0.000   0   0   0  48
  1   3.000   4.000   1   2   0  40
  2   1.000   1.000   1   1  10  20
  3   6.000   8.000   2  -2   0  40
  4   0.000   5.000   1  -1   0  40
  5   0.000   0.000   0   0   0  48
";

    #[test]
    fn a_small_file_is_read() {
        for text in [
            SMALL.to_owned(),
            SMALL.replacen("2 4", "2 2", 1).replace('\n', "\r\n"),
            SMALL.lines().take(6).collect::<Vec<_>>().join("\n"),
        ] {
            let instance = read(&text, None).unwrap();
            let problem = &instance.problem;
            assert_eq!((&instance.numbers[..], &instance.vehicles[..]), (&[1, 2, 3, 4][..], &[vec![1, 2]][..]));
            let pairs: Vec<(usize, usize, i32)> =
                problem.pairs().iter().map(|pair| (pair.pickup, pair.delivery, pair.max_ride)).collect();
            assert_eq!(pairs, [(0, 2, 95_000), (1, 3, 95_000)]);
            assert_eq!(problem.travel()[0].distance[..5], [0, 50_000, 14_143, 100_000, 50_000]);
            let job = &problem.jobs()[1];
            assert_eq!((job.collected, job.window, job.service), ([1, 0, 0, 0], (100_000, 200_000), 10_000));
            assert_eq!(problem.jobs()[2].collected, [0; DIMS]);
            let vehicle = &problem.vehicles()[0];
            assert_eq!((vehicle.count, vehicle.capacity[0], vehicle.shift), (2, 3, (0, 480_000)));
            assert_eq!((vehicle.max_duration, vehicle.fixed, vehicle.may_wait), (480_000, 0, true));
            assert_eq!(vehicle.end, problem.places() / 6 * 5);
        }
        // Elsewhere, and until then.
        let apart = read(&SMALL.replace("  5   0.000   0.000   0   0   0  48", "5 3 4 0 0 0 47"), None).unwrap();
        assert_eq!((apart.problem.distance(0, 0, 5), apart.problem.vehicles()[0].shift.1), (50_000, 470_000));
    }

    #[test]
    fn errors_name_the_line() {
        let wrong = |from: &str, to: &str| {
            assert!(SMALL.contains(from), "{from}");
            read(&SMALL.replacen(from, to, 1), None).unwrap_err()
        };
        let none = "there is no row with vehicles, nodes, longest duration, capacity and longest ride";
        assert_eq!(read(" \n", None).unwrap_err(), none);
        assert_eq!(read("2 4 48 3 9", None).unwrap_err(), "there are no rows of nodes, the depot first");
        assert_eq!(
            wrong("3 9.5", "3"),
            "line 1: write five numbers: vehicles, nodes, longest duration of a route, capacity, longest ride"
        );
        assert!(
            wrong("2 4 48", "2 4.5 48").starts_with("line 1: the number of nodes is 4.5; write a whole number from 1")
        );
        assert!(wrong("9.5", "-1").starts_with("line 1: the longest ride is -1; write a number from 0"));
        let rows = |stated: u32| {
            format!(
                "line 1: {stated} nodes are announced and 6 rows are there; write the depot, pickups, as many deliveries, and perhaps the depot again"
            )
        };
        assert_eq!(wrong("2 4 48", "2 5 48"), rows(5));
        assert_eq!(wrong("2 4 48", "2 6 48"), rows(6));
        assert_eq!(
            wrong("40\n  2", "\n  2"),
            "line 3: write seven numbers: node, x, y, service time, load, earliest, latest"
        );
        assert_eq!(wrong("\n  2", "\n  7"), "line 4: this is node 7; number them from 0, here 2");
        assert_eq!(wrong("10  20", "21  20"), "line 4: the due date is before the ready time; swap them");
        let times = "line 7: the depot opens later here than in its first row, or is shut there earlier; write its times so that neither is";
        assert_eq!(wrong("  5   0.000   0.000   0   0   0  48", "5 0 0 0 0 0 49"), times);
        assert_eq!(wrong("  5   0.000   0.000   0   0   0  48", "5 0 0 0 0 1 48"), times);
        let depot = "here is the depot; it has no load and no service time: write 0";
        assert_eq!(wrong("0   0   0  48", "0   1   0  48"), format!("line 2: {depot}"));
        assert_eq!(wrong("  5   0.000   0.000   0", "  5   0.000   0.000   1"), format!("line 7: {depot}"));
        assert_eq!(
            wrong("-2", "-3"),
            "line 5: -3 is the load where 1 is set down, 2 where it is picked up; write the same, and a minus here"
        );
        assert_eq!(wrong("8.000", "x"), "line 5: “x” is no number");
        assert_eq!(wrong("8.000", "1e300"), "line 5: node 3 is too far from others");
    }
}
