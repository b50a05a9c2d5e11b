//! The rules of plain vehicles: the hire with what it includes, the cheaper way between two trips, no drivers.

use super::problem::Problem;
use super::state::Rules;

/// Rules that follow from the problem alone.
#[derive(Clone, Copy, Debug)]
pub struct Plain<'a>(pub &'a Problem);

impl Rules for Plain<'_> {
    fn block(&self, kind: usize, columns: &[u32]) -> Option<f64> {
        let problem = self.0;
        let kind = &problem.kinds[kind];
        let column = |number: &u32| &problem.columns[*number as usize];
        let (first, last) = (column(columns.first()?), column(columns.last()?));
        let (out, mut metres) = problem.empty.latest(kind.depot, first.first, first.minute, kind.out_from)?;
        let mut minutes = first.minute - out;
        for pair in columns.windows(2) {
            let (before, after) = (column(&pair[0]), column(&pair[1]));
            let gap = after.minute.checked_sub(before.free)?;
            let price = |(minutes, metres): (u16, u32)| {
                kind.per_minute * f64::from(minutes) + kind.per_metre * f64::from(metres)
            };
            let direct = problem
                .empty
                .latest(before.last, after.first, after.minute, before.free)
                .map(|(_, metres)| (gap, metres));
            let over = problem.empty.at(before.last, kind.depot, before.free).and_then(|(takes, there)| {
                let (leave, back) = problem.empty.latest(kind.depot, after.first, after.minute, before.free + takes)?;
                Some((takes + after.minute - leave, there + back))
            });
            let way = match (direct, over) {
                (Some(a), Some(b)) => Some(if price(b) < price(a) { b } else { a }),
                (a, b) => a.or(b),
            }?;
            minutes += way.0;
            metres += way.1;
        }
        for number in columns {
            minutes += column(number).free - column(number).minute;
            metres += column(number).metres;
        }
        let (home, length) = problem.empty.at(last.last, kind.depot, last.free)?;
        if last.free + home > kind.home_by {
            return None;
        }
        minutes += home;
        metres += length;
        Some(
            kind.hire
                + kind.per_minute * (f64::from(minutes) - kind.included_minutes).max(0.0)
                + kind.per_metre * (f64::from(metres) - kind.included_metres).max(0.0),
        )
    }

    fn excess(&self, running: &[f64], used: &[Vec<u32>]) -> Option<f64> {
        let vehicles = used.iter().all(|day| day.iter().zip(&self.0.kinds).all(|(used, kind)| *used <= kind.count));
        let over =
            |(cost, day): (&f64, &super::problem::Day)| day.budget.map_or(0.0, |budget| (cost - budget).max(0.0));
        vehicles.then(|| running.iter().zip(&self.0.days).map(over).sum())
    }
}
