//! Solomon's form (1987), also Gehring & Homberger's (1999): alike vehicles at one depot, deliveries within time windows.
//!
//! A name; VEHICLE with NUMBER and CAPACITY; CUSTOMER with a row each of number, x, y, demand, ready time, due date and service time,
//! the depot first. Lengths are straight, and times.

use std::collections::BTreeSet;

use super::instance::{Instance, MOST_VEHICLES};
use super::rounding::Rounding;
use super::rows::{self, Row};
use crate::routing::Problem;
use crate::routing::problem::{DIMS, Job, MOST, MOST_JOBS, Parts, Travel, Vehicle};

/// Does it look like one?
pub(super) fn looks(text: &str) -> bool {
    let has = |word: &str| rows::lines(text).take(20).any(|(_, line)| line.eq_ignore_ascii_case(word));
    has("VEHICLE") && has("CUSTOMER")
}

/// A row of the file.
struct Customer {
    line: usize,
    number: u32,
    point: (f64, f64),
    demand: i32,
    window: (i32, i32),
    service: i32,
}

/// Reads the file; errors name the line.
pub(super) fn read(text: &str, rounding: Option<Rounding>) -> Result<Instance, String> {
    let rounding = rounding.unwrap_or(Rounding::Truncate10);
    let mut lines = rows::lines(text).skip_while(|(_, line)| !line.eq_ignore_ascii_case("VEHICLE")).skip(1);
    let titles = |(_, line): &Row<'_>| line.starts_with(|first: char| first.is_alphabetic());
    let fleet = lines.by_ref().find(|row| !titles(row));
    let fleet = fleet.ok_or("there is no line VEHICLE with the number of vehicles and their capacity below it")?;
    let (count, capacity) = match rows::numbers(fleet)?[..] {
        [count, capacity] => (
            rows::whole(fleet.0, "the number of vehicles", count, 1..=MOST_VEHICLES)?,
            rows::whole(fleet.0, "the capacity", capacity.min(f64::from(MOST)), 0..=MOST as u32)?,
        ),
        _ => return Err(rows::at(fleet.0, "write two numbers: how many vehicles, and their capacity")),
    };
    let lines = lines.skip_while(|(_, line)| !line.eq_ignore_ascii_case("CUSTOMER")).skip(1).skip_while(titles);
    let mut customers: Vec<Customer> = Vec::new();
    let mut seen = BTreeSet::new();
    for row in lines {
        let customer = customer(row, rounding)?;
        if !seen.insert(customer.number) {
            return Err(rows::at(row.0, format_args!("customer {} is there twice; keep one", customer.number)));
        }
        if customers.len() > MOST_JOBS {
            return Err(rows::at(row.0, format_args!("at most {MOST_JOBS} customers; split the problem")));
        }
        customers.push(customer);
    }
    let Some(depot) = customers.first() else {
        return Err("there is no line CUSTOMER with the depot and the customers below it".to_owned());
    };
    if depot.demand != 0 || depot.service != 0 {
        return Err(rows::at(depot.line, "the first is the depot and has no demand and no service time; write 0"));
    }
    let points: Vec<(f64, f64)> = customers.iter().map(|customer| customer.point).collect();
    let lengths = rounding.lengths(&points, |length| length).map_err(|(_, to)| {
        rows::at(customers[to].line, format_args!("customer {} is too far from others", customers[to].number))
    })?;
    let vehicle =
        Vehicle { capacity: first(capacity as i32, MOST), shift: depot.window, ..Vehicle::at(0, count as usize) };
    let job = |(place, customer): (usize, &Customer)| Job {
        delivered: first(customer.demand, 0),
        window: customer.window,
        service: customer.service,
        ..Job::at(place)
    };
    let jobs = customers.iter().enumerate().skip(1).map(job).collect();
    let travel = vec![Travel { distance: lengths.clone(), duration: lengths }];
    let parts = Parts { places: points.len(), travel, jobs, vehicles: vec![vehicle], ..Parts::default() };
    let problem = Problem::new(parts);
    Ok(Instance {
        problem: problem.map_err(|error| error.to_string())?,
        rounding,
        numbers: customers.iter().skip(1).map(|customer| customer.number).collect(),
        vehicles: vec![(1..=count).collect()],
        points: None,
        first: 0,
    })
}

/// An amount of the first kind; the others are as given.
fn first(amount: i32, others: i32) -> [i32; DIMS] {
    let mut load = [others; DIMS];
    load[0] = amount;
    load
}

fn customer(row: Row<'_>, rounding: Rounding) -> Result<Customer, String> {
    let line = row.0;
    let [number, x, y, demand, ready, due, service] = rows::numbers(row)?[..] else {
        let what = "write seven numbers: customer, x, y, demand, ready time, due date, service time";
        return Err(rows::at(line, what));
    };
    let window = (rounding.units(line, "the ready time", ready)?, rounding.limit(line, "the due date", due)?);
    if window.0 > window.1 {
        return Err(rows::at(line, "the due date is before the ready time; swap them"));
    }
    Ok(Customer {
        line,
        number: rows::whole(line, "the customer's number", number, 0..=u32::MAX)?,
        point: (x, y),
        demand: rows::whole(line, "the demand", demand, 0..=MOST as u32)? as i32,
        window,
        service: rounding.units(line, "the service time", service)?,
    })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::cli::engine::routing) const SMALL: &str = "\
three

VEHICLE
NUMBER     CAPACITY
  2         10

CUSTOMER
CUST NO.  XCOORD.   YCOORD.    DEMAND   READY TIME  DUE DATE   SERVICE   TIME

    0      0          0          0          0       100          0
    1      3          4          6          0       100          1
    2      3          5          4         10        20          1
    3      1          1          6          0        50          2.55
";

    #[test]
    fn a_small_file_is_read() {
        let instance = read(SMALL, None).unwrap();
        let problem = &instance.problem;
        assert_eq!(instance.numbers, [1, 2, 3]);
        assert_eq!(instance.vehicles, [[1, 2]]);
        // sqrt(34) = 5.830…, sqrt(2) = 1.414…, sqrt(13) = 3.605…, sqrt(20) = 4.472…
        assert_eq!(problem.travel()[0].distance[..], [0, 50, 58, 14, 50, 0, 10, 36, 58, 10, 0, 44, 14, 36, 44, 0]);
        assert_eq!(problem.jobs()[1].window, (100, 200));
        assert_eq!((problem.jobs()[2].service, problem.jobs()[2].delivered), (25, [6, 0, 0, 0]));
        let vehicle = &problem.vehicles()[0];
        assert_eq!((vehicle.count, vehicle.capacity[0], vehicle.shift), (2, 10, (0, 1000)));
        // Other ends of lines, small letters; another convention.
        let other = read(&SMALL.replace('\n', "\r\n").replace("VEHICLE", "Vehicle"), Some(Rounding::Exact)).unwrap();
        assert_eq!(other.problem.travel()[0].distance[2], 5831);
    }

    #[test]
    fn errors_name_the_line() {
        let wrong = |from: &str, to: &str| read(&SMALL.replace(from, to), None).unwrap_err();
        assert_eq!(
            wrong("VEHICLE", "CAR"),
            "there is no line VEHICLE with the number of vehicles and their capacity below it"
        );
        assert_eq!(wrong("CUSTOMER", "PEOPLE"), "there is no line CUSTOMER with the depot and the customers below it");
        assert_eq!(wrong("  2         10", "2"), "line 5: write two numbers: how many vehicles, and their capacity");
        assert!(
            wrong("  2         10", "-2 10").starts_with("line 5: the number of vehicles is -2; write a whole number")
        );
        assert_eq!(wrong("10        20", "21 20"), "line 12: the due date is before the ready time; swap them");
        assert_eq!(wrong("    3      1 ", "2 1"), "line 13: customer 2 is there twice; keep one");
        assert_eq!(wrong("2.55", "x"), "line 13: “x” is no number");
        assert_eq!(
            wrong("2.55", ""),
            "line 13: write seven numbers: customer, x, y, demand, ready time, due date, service time"
        );
        assert_eq!(wrong("    3      1 ", "3 1e300 "), "line 13: customer 3 is too far from others");
        assert!(wrong("2.55", "2e9").starts_with("line 13: the service time is 2000000000; write a number from 0 to"));
    }
}
