use super::grid::{Axis, Choice, GridError, MOST_CELLS};
use super::worth::{Hours, What};
use super::*;
use crate::domain::calendar::Period;
use crate::domain::units::{Fen, People, ServiceTime};
use crate::planning::costs::tests::minibus;
use crate::planning::plan::{Rider, Terms};
use crate::planning::scenario::Modification;
use crate::publish::fixture;

fn choice(name: &str, modifications: Vec<Modification>) -> Choice {
    Choice { name: name.to_owned(), modifications }
}

/// 1 to 3 minibuses times CNY 900 and 1,800 a day.
fn grid() -> Grid {
    let buses = |count| Modification::SetVehicles { vehicle: "minibus19".to_owned(), count };
    let money = |yuan| Modification::SetBudget { per_day: Some(yuan), per_month: None };
    Grid::new(vec![
        Axis {
            name: "buses".to_owned(),
            choices: (1..=3).map(|count| choice(&count.to_string(), vec![buses(count)])).collect(),
        },
        Axis {
            name: "budget".to_owned(),
            choices: vec![choice("900", vec![money(900.0)]), choice("1800", vec![money(1800.0)])],
        },
    ])
    .unwrap()
}

fn project() -> Project {
    Project { fleet: vec![minibus()], ..fixture::project() }
}

/// Cells whose plans have these objectives and bounds, CNY; nothing costs 2,000.
fn planned(figures: &[(i64, i64)]) -> Vec<Cell> {
    let mut cells = cells(&project(), &grid()).unwrap();
    for (cell, (objective, bound)) in cells.iter_mut().zip(figures) {
        let mut plan = fixture::plan();
        plan.evaluation.nothing = Fen(200_000);
        plan.evaluation.objective = Fen(100 * objective);
        plan.bound.objective = Fen(100 * bound);
        cell.state = State::Planned(Arc::new(plan));
    }
    cells
}

#[test]
fn the_last_axis_runs_fastest_and_waves_need_only_what_is_before() {
    let grid = grid();
    assert_eq!(
        (0..grid.len()).map(|cell| grid.place(cell)).collect::<Vec<_>>(),
        [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]]
    );
    assert_eq!(grid.before(3), [1, 2]);
    assert_eq!((grid.next(3, 0), grid.next(3, 1), grid.next(2, 1)), (Some(5), None, Some(3)));
    assert_eq!(grid.waves(), [vec![0], vec![1, 2], vec![3, 4], vec![5]]);
    let mut done = Vec::new();
    for wave in grid.waves() {
        assert!(wave.iter().all(|&cell| grid.before(cell).iter().all(|other| done.contains(other))));
        done.extend(wave);
    }
}

#[test]
fn grids_that_are_none() {
    let one = Axis { name: "a".to_owned(), choices: vec![choice("x", Vec::new())] };
    let many = |count: usize| Axis { name: "a".to_owned(), choices: vec![choice("x", Vec::new()); count] };
    assert_eq!(Grid::new(Vec::new()), Err(GridError::Axes(0)));
    assert_eq!(Grid::new(vec![one.clone(), many(0)]), Err(GridError::Empty { axis: 1 }));
    assert_eq!(Grid::new(vec![many(15), many(14)]), Err(GridError::Cells(210)));
    assert!(Grid::new(vec![many(MOST_CELLS), one]).is_ok());
    // No overflow on the way to saying no.
    assert_eq!(Grid::new(vec![many(1 << 13); 6]), Err(GridError::Cells(usize::MAX)));
}

#[test]
fn a_misfit_is_found_where_it_stands() {
    let mut axes = grid().axes().to_vec();
    axes[1].choices[1].modifications.push(Modification::CloseRoad { way: -77 });
    let misfit = cells(&project(), &Grid::new(axes).unwrap()).unwrap_err();
    assert_eq!((misfit.axis, misfit.choice, misfit.modification), (1, 1, 1));
    assert_eq!(misfit.error, ScenarioError::Unknown { what: "way", id: "-77".to_owned() });
}

#[test]
fn pareto_cells_are_those_nobody_beats() {
    let mut cells = planned(&[(0, 0); 6]);
    // Running and people's cost: the third is beaten by the second, the fourth by nobody, the fifth is the second again (neither
    // beats the other), the sixth has other people and is compared with nobody.
    for (cell, (running, people)) in
        [(100, 900), (200, 700), (250, 700), (300, 600), (200, 700)].into_iter().enumerate()
    {
        let State::Planned(plan) = &cells[cell].state else { continue };
        let mut plan = Plan::clone(plan);
        plan.evaluation.terms = Terms { running_fen: Fen(running), people_fen: Fen(people), ..Terms::default() };
        cells[cell].state = State::Planned(Arc::new(plan));
    }
    let State::Planned(plan) = &cells[5].state else { return };
    let mut other = Plan::clone(plan);
    other.evaluation.nothing = Fen(1);
    other.evaluation.terms = Terms { running_fen: Fen(999), people_fen: Fen(999), ..Terms::default() };
    cells[5].state = State::Planned(Arc::new(other));
    let marks = [true, true, false, true, true, true].map(Some).to_vec();
    assert_eq!(pareto(&cells), marks);
    cells[0].state = State::Open;
    assert_eq!(pareto(&cells)[0], None);
}

#[test]
fn the_worth_of_a_step_is_a_range() {
    // (buses, budget): 1: 1500, 1500; 2: 1500, 1200; 3: 1500, 1190.
    let cells = planned(&[(1500, 1000), (1500, 1400), (1500, 1000), (1200, 1000), (1500, 1000), (1190, 1100)]);
    let steps = worth::steps(&grid(), &cells);
    // Four along the buses, three along the budget.
    assert_eq!(steps.len(), 7);
    let step = |from, to| steps.iter().find(|step| (step.from, step.to) == (from, to)).unwrap();
    // A second minibus at 1800: found 300; the first cell costs 1400 at least, so the best plans differ by 1400 - 1200 at least. The second
    // cell's plans are plans of the third bus's cell, whose bound is 1100: at most 1500 - 1100.
    let second = step(1, 3);
    assert_eq!(second.what, What::Vehicles { vehicle: "minibus19".to_owned(), from: 1, to: 2 });
    assert_eq!((second.about, second.least, second.most), (Fen(30_000), Fen(20_000), Fen(40_000)));
    // A third: 10 found, nothing at least (1100 - 1190 is less), 1200 - 1100 at most.
    let third = step(3, 5);
    assert_eq!((third.about, third.least, third.most), (Fen(1_000), Fen(0), Fen(10_000)));
    // Money for one minibus: worth nothing found.
    let money = step(0, 1);
    assert_eq!(money.what, What::Budget { from: Fen(90_000), to: Fen(180_000) });
    assert_eq!(money.about, Fen(0));
}

#[test]
fn bounds_of_other_worlds_say_nothing() {
    let mut axes = grid().axes().to_vec();
    axes[0].choices[2].modifications.push(Modification::KeepTimetable { price_per_minute: Some(1.0) });
    let grid = Grid::new(axes).unwrap();
    let cells = planned(&[(1500, 1000), (1500, 1400), (1500, 1000), (1200, 1000), (1500, 1000), (1190, 1100)]);
    let steps = worth::steps(&grid, &cells);
    let last = steps.iter().find(|step| (step.from, step.to) == (3, 5)).unwrap();
    assert_eq!(last.what, What::Other);
    // Not nested: 1000 - 1190 at least, and the cell's bound stays its own.
    assert_eq!((last.least, last.most), (Fen(-19_000), Fen(10_000)));
}

#[test]
fn who_gains_is_told_by_the_hour_and_never_of_a_few() {
    let plan = fixture::plan();
    let Some(row) = plan.riders.first().cloned() else { return };
    let cohort = plan.cohorts.iter().find(|cohort| cohort.id == row.cohort).cloned().unwrap();
    let with = |wishes: &[(u32, u32, u32)]| {
        // (hour, minute, people)
        let mut plan = plan.clone();
        plan.cohorts.clear();
        plan.riders.clear();
        for (number, (hour, minute, people)) in wishes.iter().enumerate() {
            let id = format!("c{number}");
            let time = ServiceTime::hm(*hour, *minute);
            plan.cohorts.push(crate::planning::plan::Cohort { id: id.clone(), time, ..cohort.clone() });
            plan.riders.push(Rider { cohort: id, people: People::whole(*people), ..row.clone() });
        }
        State::Planned(Arc::new(plan))
    };
    let mut cells = planned(&[(1500, 1000); 6]);
    for cell in &mut cells {
        let period = |name: &str, from, to| Period { name: name.to_owned(), from, to };
        let noon = ServiceTime::hm(12, 0);
        cell.project.periods =
            vec![period("am", ServiceTime::hm(6, 0), noon), period("pm", noon, ServiceTime::hm(20, 0))];
        cell.project.services.retain(|service| service.id == cohort.service);
    }
    cells[0].state = with(&[(7, 0, 10), (8, 0, 10), (9, 10, 10), (18, 0, 10)]);
    cells[2].state = with(&[(7, 0, 9), (8, 0, 30), (9, 10, 20), (18, 0, 14)]);
    let steps = worth::steps(&grid(), &cells);
    let step = steps.iter().find(|step| (step.from, step.to) == (0, 2)).unwrap();
    // 20 at eight and 10 at ten past nine gain, one at seven loses; the four in the evening are too few to be told.
    assert_eq!(step.hours, [Hours { from: ServiceTime::hm(8, 0), to: ServiceTime::hm(9, 10), people: 29.0 }]);
}
