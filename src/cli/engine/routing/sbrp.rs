//! The form of Schittekat et al. (2013): school buses with stop selection. Its answers are plans, not tours, so that it is read, solved and told apart
//! from the other forms.
//!
//! A line "81 stops, 800 students, 5.000 maximum walk, 25 capacity"; then a row each of number, x and y: the stops, the first of which is the school
//! where buses start and end and nobody boards, then the students. Lengths are straight and as exact as numbers are; there are as many buses as
//! anybody wants. Who stands right at the maximum walk from a stop can walk there.

use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::rounding::{Rounding, length};
use super::rows::{self, Row};
use super::{Args, Trace, note};
use crate::cli::budget::ENGINE_SECONDS;
use crate::cli::console::Console;
use crate::cli::progress::Watcher;
use crate::cli::{Ending, Failure, interrupt, output};
use crate::routing::pickup::problem::{MOST, MOST_CHOICES, MOST_PEOPLE, MOST_STOPS, Parts, Riders, Stop, Vehicle};
use crate::routing::pickup::{self, Plan, Problem};
use crate::routing::problem::Travel;
use crate::search::{Ended, Progress, Run, Solved};

/// Whole units in one unit of the file, where lengths are not rounded as asked: fewer if they would not fit.
const SCALE: f64 = 10_000.0;

/// A problem, and how to speak of it.
#[derive(Debug)]
struct Instance {
    problem: Problem,
    /// The school first.
    points: Vec<(f64, f64)>,
    /// Of each stop, its number in the file.
    numbers: Vec<u32>,
    rounding: Option<Rounding>,
    scale: f64,
}

/// Does it look like one?
pub(super) fn looks(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]);
    rows::lines(text.trim_start_matches('\u{feff}')).next().is_some_and(|(_, line)| {
        let line = line.to_lowercase();
        ["stops", "students", "walk", "capacity"].iter().all(|word| line.contains(word))
    })
}

/// Reads, solves, checks and tells.
pub(super) fn run(args: &Args, bytes: &[u8], console: &mut Console) -> Result<Ending, Failure> {
    let instance = read(bytes, args.round).map_err(|reason| {
        let words = [("path", args.file.display().to_string().into()), ("reason", reason.into())];
        Failure::unreadable(console.say("cli-engine-unreadable", &words))
    })?;
    interrupt::install(console.say("cli-stopping", &[]));
    let search = &args.search;
    let watcher = Watcher::new(console.language(), search.time(ENGINE_SECONDS), search.iterations, true);
    let trace = Mutex::new(Trace::new());
    let watch = |progress: &Progress| {
        let cost = progress.objective.map(|cost| cost / instance.scale);
        note(&mut trace.lock().unwrap_or_else(PoisonError::into_inner), watcher.elapsed().as_secs_f64(), cost);
        // The bar speaks of yuan a day; these are units of the file.
        watcher.watch(&Progress { objective: None, ..progress.clone() })
    };
    let run =
        Run { seed: search.seed, iterations: search.iterations, chains: search.chains.unwrap_or(1), watch: &watch };
    let solved = pickup::solve(&instance.problem, &run);
    watcher.finish();
    let seconds = watcher.elapsed().as_secs_f64();
    if solved.ended == Ended::Stopped && interrupt::asked() {
        console.note(&console.say("cli-stopped", &[]));
    }
    if let Some(fault) = pickup::check(&instance.problem, &solved.best).first() {
        return Err(Failure::failed(console.say("cli-engine-wrong", &[("reason", fault.to_string().into())])));
    }
    let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner).clone();
    note(&mut trace, seconds, (solved.best.missing == 0).then(|| instance.cost(&solved.best)));
    if let Some(path) = &args.json {
        let text = format!("{:#}\n", data(&instance, &run, &solved, seconds, &trace));
        output::file(path, text.as_bytes(), console)?;
    }
    Ok(print(&instance, &solved.best, seconds, console))
}

impl Instance {
    /// Cost in the unit of the file: the lengths themselves, unless they were to be rounded.
    fn cost(&self, plan: &Plan) -> f64 {
        if self.rounding.is_some() {
            return plan.cost as f64 / self.scale;
        }
        let school = self.points[0];
        let way = |stops: &[usize]| {
            let (mut here, mut sum) = (school, 0.0);
            for &stop in stops {
                sum += length(here, self.points[stop + 1]);
                here = self.points[stop + 1];
            }
            sum + length(here, school)
        };
        plan.tours.iter().map(|tour| way(&tour.stops)).sum::<f64>() + 0.0
    }

    fn routes(&self, plan: &Plan) -> Vec<Vec<u32>> {
        plan.tours.iter().map(|tour| tour.stops.iter().map(|&stop| self.numbers[stop]).collect()).collect()
    }

    /// Where each student boards; nowhere for those left out.
    fn assigned(&self, plan: &Plan) -> Vec<Option<u32>> {
        let mut assigned = vec![None; self.problem.riders().len()];
        for boarding in plan.tours.iter().flat_map(|tour| &tour.boardings) {
            assigned[boarding.riders] = Some(self.numbers[boarding.stop]);
        }
        assigned
    }
}

fn print(instance: &Instance, plan: &Plan, seconds: f64, console: &mut Console) -> Ending {
    let stops: usize = plan.tours.iter().map(|tour| tour.stops.len()).sum();
    let decimals = instance.rounding.map_or(2, Rounding::decimals);
    let words = [
        ("vehicles", plan.tours.len().to_string().into()),
        ("stops", stops.to_string().into()),
        ("cost", format!("{:.decimals$}", instance.cost(plan)).into()),
        ("seconds", format!("{seconds:.1}").into()),
    ];
    console.result(&console.say("cli-routing-summary", &words));
    for (number, route) in (1..).zip(instance.routes(plan)) {
        let stops: Vec<String> = route.iter().map(u32::to_string).collect();
        let words = [("vehicle", i32::to_string(&number).into()), ("stops", stops.join(" ").into())];
        console.result(&console.say("cli-routing-route", &words));
    }
    if plan.missing == 0 {
        return Ending::Done;
    }
    console.result(&console.say("cli-routing-missing", &[("missing", plan.missing.to_string().into())]));
    Ending::Refused
}

fn data(instance: &Instance, run: &Run<'_>, solved: &Solved<Plan>, seconds: f64, trace: &Trace) -> Value {
    let plan = &solved.best;
    json!({
        "feasible": plan.missing == 0,
        "cost": instance.cost(plan),
        "routes": instance.routes(plan),
        "assigned": instance.assigned(plan),
        "missing": plan.missing,
        "seconds": seconds,
        "iterations": solved.iterations,
        "seed": run.seed,
        "chains": run.chains,
        "trace": trace,
    })
}

/// What the first line says.
#[derive(Debug, PartialEq)]
struct Heading {
    stops: usize,
    students: usize,
    walk: f64,
    capacity: u32,
}

/// The file as a problem; what is wrong with it in words, with the line.
fn read(bytes: &[u8], rounding: Option<Rounding>) -> Result<Instance, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = rows::lines(text.trim_start_matches('\u{feff}'));
    let first = lines
        .next()
        .ok_or("it is empty; begin with a line like “81 stops, 800 students, 5 maximum walk, 25 capacity”")?;
    let heading = heading(first)?;
    let (mut numbers, mut points) = (Vec::new(), Vec::new());
    for row in lines {
        if points.len() == heading.stops + heading.students {
            return Err(rows::at(row.0, "there are more rows than stops and students; correct the first line"));
        }
        let (number, point) = point(row)?;
        if points.len() < heading.stops {
            if numbers.contains(&number) {
                return Err(rows::at(row.0, format_args!("stop {number} is there twice; give it another number")));
            }
            numbers.push(number);
        }
        points.push(point);
    }
    if points.len() < heading.stops + heading.students {
        let (is, should) = (points.len(), heading.stops + heading.students);
        return Err(rows::at(first.0, format_args!("it promises {should} stops and students; there are {is} rows")));
    }
    let homes = points.split_off(heading.stops);
    let (lengths, scale) = match rounding {
        Some(rounding) => {
            let lengths = rounding.lengths(&points, |length| length);
            (lengths.map_err(|(from, to)| too_far(&numbers, from, to))?, rounding.scale() as f64)
        }
        None => {
            let far =
                points.iter().flat_map(|&from| points.iter().map(move |&to| length(from, to))).fold(0.0, f64::max);
            let fits = |scale: &f64| far * scale < f64::from(MOST);
            let scale = [SCALE, 1000.0, 100.0, 10.0, 1.0].into_iter().find(fits);
            let scale = scale.ok_or_else(|| format!("stops are {far} apart; use a larger unit"))?;
            let whole = |from: (f64, f64), to: (f64, f64)| (length(from, to) * scale).round() as i32;
            (points.iter().flat_map(|&from| points.iter().map(move |&to| whole(from, to))).collect(), scale)
        }
    };
    let mut choices = 0;
    let mut riders = |&home: &(f64, f64)| {
        let mut near: Vec<(f64, usize)> =
            points[1..].iter().enumerate().map(|(stop, &point)| (length(home, point), stop)).collect();
        near.retain(|&(far, _)| far <= heading.walk);
        near.sort_by(|one, other| one.0.total_cmp(&other.0));
        choices += near.len();
        if choices > MOST_CHOICES {
            return Err(format!(
                "students have more than {MOST_CHOICES} choices of a stop; shorten the walk or split the problem"
            ));
        }
        Ok(Riders { people: 1, stops: near.iter().map(|&(_, stop)| stop).collect(), prize: None })
    };
    let riders = homes.iter().map(&mut riders).collect::<Result<Vec<Riders>, String>>()?;
    let bus = Vehicle {
        count: heading.stops,
        seats: heading.capacity,
        fixed: 0,
        per_distance: 1,
        per_duration: 0,
        start: 0,
        travel: 0,
    };
    let problem = Problem::new(Parts {
        places: points.len(),
        travel: vec![Travel { distance: lengths.clone(), duration: lengths }],
        stops: (1..points.len()).map(|place| Stop { place, dwell: 0 }).collect(),
        riders,
        vehicles: vec![bus],
        destination: 0,
        boarding: 0,
        max_ride: MOST,
        most_stops: MOST_STOPS,
    });
    let problem = problem.map_err(|error| error.to_string())?;
    numbers.remove(0);
    Ok(Instance { problem, points, numbers, rounding, scale })
}

fn heading((line, text): Row<'_>) -> Result<Heading, String> {
    let value = |word: &str| {
        let piece = text.split(',').find(|piece| piece.to_lowercase().contains(word));
        let words = piece.ok_or_else(|| rows::at(line, format_args!("it does not say “{word}”")))?;
        rows::number(line, words.split_whitespace().next().unwrap_or_default())
    };
    let whole = |word: &str, least: u32, most: u32| rows::whole(line, word, value(word)?, least..=most);
    let walk = value("walk")?;
    if walk < 0.0 {
        return Err(rows::at(line, format_args!("the maximum walk is {walk}; write 0 or more")));
    }
    Ok(Heading {
        stops: whole("stops", 1, MOST_STOPS as u32 + 1)? as usize,
        students: whole("students", 0, MOST_PEOPLE as u32)? as usize,
        walk,
        capacity: whole("capacity", 0, u32::MAX)?,
    })
}

fn point(row: Row<'_>) -> Result<(u32, (f64, f64)), String> {
    let [number, x, y] = rows::numbers(row)?[..] else {
        return Err(rows::at(row.0, "write three numbers: the number, x and y"));
    };
    Ok((rows::whole(row.0, "the number", number, 0..=u32::MAX)?, (x, y)))
}

fn too_far(numbers: &[u32], from: usize, to: usize) -> String {
    format!("stops {} and {} are too far apart; use a larger unit", numbers[from], numbers[to])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Random, cases};

    /// Three buses' worth of stops on two streets. Students 1 and 2 reach 11 and 12, student 3 reaches 12 alone, 4 and 5 reach 20 and 30.
    const SMALL: &str = "\
5 stops, 5 students, 1.500 maximum walk, 3 capacity

10	0.000	0.000
11	3.000	4.000
12	3.000	6.000
20	-6.000	8.000
30	-7.000	8.000


1	3.000	5.000
2	2.500	5.000
3	3.000	7.500
4	-6.500	8.000
5	-6.500	8.500
";

    fn wrong(from: &str, to: &str) -> String {
        read(SMALL.replacen(from, to, 1).as_bytes(), None).unwrap_err()
    }

    #[test]
    fn a_small_file_is_read_and_solved() {
        let bytes = SMALL.replace('\n', "\r\n").into_bytes();
        assert!(looks(&bytes) && !looks(b"VEHICLE\n"));
        let instance = read(&bytes, None).unwrap();
        let stops: Vec<&[usize]> = instance.problem.riders().iter().map(|riders| &riders.stops[..]).collect();
        assert_eq!(stops, [&[0, 1][..], &[0, 1], &[1], &[2, 3], &[2, 3]]);
        assert_eq!((instance.problem.vehicles()[0].count, instance.problem.vehicles()[0].seats), (5, 3));
        let run = Run { iterations: Some(200), ..Run::quiet(1) };
        let solved = pickup::solve(&instance.problem, &run);
        assert_eq!(pickup::check(&instance.problem, &solved.best), vec![]);
        // All of the first three board at 12: 2 sqrt(45); the others at 20: 2 x 10.
        assert_eq!(instance.routes(&solved.best), [[12], [20]]);
        let data = data(&instance, &run, &solved, 1.5, &vec![(0.5, 33.5)]);
        assert_eq!(data["assigned"], json!([12, 12, 12, 20, 20]));
        assert!((data["cost"].as_f64().unwrap() - (2.0 * 45.0_f64.sqrt() + 20.0)).abs() < 1e-12);
        assert_eq!((&data["feasible"], &data["trace"]), (&json!(true), &json!([[0.5, 33.5]])));
        // Rounded as asked: 7 and 10, there and back.
        let instance = read(&bytes, Some(Rounding::Nearest)).unwrap();
        let solved = pickup::solve(&instance.problem, &run);
        assert!((instance.cost(&solved.best) - 34.0).abs() < 1e-12);
    }

    #[test]
    fn who_reaches_no_stop_is_missing() {
        let text = SMALL.replace("3.000	7.500", "3.000	7.501");
        let instance = read(text.as_bytes(), None).unwrap();
        let plan = pickup::solve(&instance.problem, &Run { iterations: Some(50), ..Run::quiet(1) }).best;
        assert_eq!((plan.missing, instance.assigned(&plan)[2]), (1, None));
    }

    #[test]
    fn errors_name_the_line() {
        assert_eq!(wrong(" students", " pupils"), "line 1: it does not say “students”");
        assert_eq!(wrong("1.500", "-1"), "line 1: the maximum walk is -1; write 0 or more");
        assert!(wrong("5 stops", "0 stops").starts_with("line 1: stops is 0; write a whole number from 1 to"));
        assert_eq!(wrong("5 stops", "x stops"), "line 1: “x” is no number");
        assert_eq!(wrong("11	3.000	4.000", "11	3.000"), "line 4: write three numbers: the number, x and y");
        assert_eq!(wrong("12	3", "11	3"), "line 5: stop 11 is there twice; give it another number");
        assert_eq!(
            wrong("5 students", "4 students"),
            "line 14: there are more rows than stops and students; correct the first line"
        );
        assert_eq!(wrong("5 students", "6 students"), "line 1: it promises 11 stops and students; there are 10 rows");
        assert_eq!(wrong("-6.000", "1e9"), "stops are 1000000007 apart; use a larger unit");
        assert!(read(b"", None).unwrap_err().starts_with("it is empty"));
        let far = SMALL.replacen("-6.000", "1e9", 1);
        let far = read(far.as_bytes(), Some(Rounding::Exact)).unwrap_err();
        assert_eq!(far, "stops 10 and 20 are too far apart; use a larger unit");
    }

    #[test]
    fn damaged_files_are_read_or_refused() {
        let (mut random, mut good, mut bad) = (Random::new(1), 0, 0);
        for _ in 0..cases(500, 5_000) {
            let mut bytes = SMALL.as_bytes().to_vec();
            for _ in 0..=random.below(3) {
                let at = random.below(bytes.len());
                match random.below(4) {
                    0 => bytes[at] ^= 1 << random.below(8),
                    1 => bytes[at] = b"0123456789-e.\n, "[random.below(16)],
                    2 => drop(bytes.drain(at..(at + 1 + random.below(9)).min(bytes.len()))),
                    _ => bytes.truncate(at.max(1)),
                }
                if bytes.is_empty() {
                    bytes.push(b'5');
                }
            }
            match read(&bytes, [None, Some(Rounding::Truncate10)][random.below(2)]) {
                Ok(instance) => {
                    let plan = pickup::solve(&instance.problem, &Run { iterations: Some(3), ..Run::quiet(1) }).best;
                    assert_eq!(pickup::check(&instance.problem, &plan), vec![]);
                    assert!(instance.cost(&plan).is_finite());
                    good += 1;
                }
                Err(_) => bad += 1,
            }
        }
        assert!(good > 30 && bad > 100, "{good} read, {bad} refused");
    }
}
