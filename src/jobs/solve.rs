//! One job: files and modifications to a project, the project to a plan, progress and best-so-far on the way.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::machine::Machine;
use crate::intake::{self, Needs, Source};
use crate::planning::plan::Plan;
use crate::planning::project::Project;
use crate::planning::{self, Parts, scenario};
use crate::search::{self, Answer};
use crate::storage::runs::{Hold, Progress, Run, State};
use crate::storage::{Result, StorageError, Store, plans, projects, runs};

/// A job says that it is alive this often.
const BEAT: Duration = Duration::from_secs(2);
/// The best so far is saved this often.
const SAVE: Duration = Duration::from_secs(10);
/// A search without a budget of its own may not last longer.
const LONGEST: Duration = Duration::from_secs(6 * 3600);

/// What the solving thread and its heartbeat share.
struct Desk {
    progress: Mutex<Progress>,
    stop: AtomicBool,
    /// Milliseconds searched, those of earlier attempts included.
    used_ms: std::sync::atomic::AtomicI64,
}

/// Solves a claimed job to its end and says how it ended.
pub(super) async fn solve(
    store: &Store,
    machine: &Arc<Machine>,
    run: &Run,
    hold: &Hold,
    leave: &watch::Receiver<bool>,
) -> Result<&'static str> {
    let desk = Arc::new(Desk {
        progress: Mutex::new(run.progress.clone().unwrap_or_default()),
        stop: AtomicBool::new(run.cancel),
        used_ms: std::sync::atomic::AtomicI64::new(run.used_ms),
    });
    let (bests, mut saved) = mpsc::unbounded_channel::<Arc<Plan>>();
    let sources = sources(store, run).await?;
    let start = match &run.best {
        Some(id) => Plan::from_json(&plans::json(&mut *store.read().await?, &run.project, id).await?).ok(),
        None => None,
    };
    let task = {
        let (desk, run) = (Arc::clone(&desk), run.clone());
        move || attempt(&sources, start.as_ref(), &run, &desk, &bests)
    };
    let solving = {
        let machine = Arc::clone(machine);
        tokio::task::spawn_blocking(move || machine.run(task))
    };
    let mine = accompany(store, run, hold, &desk, &mut saved, leave, || solving.is_finished()).await;
    // A panic is a fault of ours: the job ends with it, and the server goes on.
    let solved = solving.await.unwrap_or_else(|_| Err(Failure::new("run-panicked")));
    if !mine {
        return Ok("taken over");
    }
    let leaving = *leave.borrow();
    end(store, run, hold, solved, &desk, leaving).await
}

/// Why a job has no plan: a key of the phrases.
struct Failure {
    reason: &'static str,
}

impl Failure {
    fn new(reason: &'static str) -> Self {
        Self { reason }
    }
}

async fn sources(store: &Store, run: &Run) -> Result<Vec<Source>> {
    let mut conn = store.read().await?;
    let mut sources = Vec::new();
    for file in &run.origin.inputs {
        sources.push(Source { name: file.name.clone(), bytes: projects::bytes(&mut conn, &file.sha).await? });
    }
    Ok(sources)
}

/// The pure part, on the solver's threads.
fn attempt(
    sources: &[Source],
    start: Option<&Plan>,
    run: &Run,
    desk: &Desk,
    bests: &mpsc::UnboundedSender<Arc<Plan>>,
) -> std::result::Result<Arc<Plan>, Failure> {
    let (needs, parts) = parts(&run.ask.only);
    let project = project(sources, needs, &run.origin.modifications)?;
    let before = Duration::from_millis(u64::try_from(run.used_ms).unwrap_or(0));
    let begun = Instant::now();
    let budget = match (run.ask.iterations, run.ask.seconds) {
        (Some(_), _) => None,
        (None, seconds) => Some(Duration::from_secs(u64::from(seconds.unwrap_or(project.solve.seconds)))),
    };
    let last_saved = Mutex::new(begun);
    let watch = |progress: &search::Progress| {
        let spent = before + begun.elapsed();
        let used = budget.map_or(0.0, |budget| {
            if budget.is_zero() { 1.0 } else { (spent.as_secs_f64() / budget.as_secs_f64()).min(1.0) }
        });
        desk.used_ms.store(i64::try_from(spent.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
        if let Ok(mut shown) = desk.progress.lock() {
            *shown = Progress {
                stage: progress.stage.to_owned(),
                iteration: progress.iteration,
                objective: progress.objective.filter(|number| number.is_finite()),
                bound: progress.bound.filter(|number| number.is_finite()),
                used: match run.ask.iterations {
                    Some(all) if all > 0 => (progress.iteration as f64 / all as f64).min(1.0),
                    _ => used,
                },
            };
        }
        let snapshot = last_saved.lock().is_ok_and(|mut last| {
            let due = last.elapsed() >= SAVE;
            if due {
                *last = Instant::now();
            }
            due
        });
        let cancelled = spent >= LONGEST || desk.stop.load(Ordering::Relaxed);
        Answer { used, stop: used >= 1.0 || cancelled, cancelled, snapshot }
    };
    let asked = search::Run {
        seed: run.ask.seed,
        iterations: run.ask.iterations,
        chains: run.ask.chains.unwrap_or(project.solve.chains).max(1),
        watch: &watch,
    };
    // Nobody listens any more when another worker has the job.
    let hand_out = |plan| {
        let _ = bests.send(plan);
    };
    match planning::make_plan(&project, parts, start, &asked, &hand_out) {
        // What was saved before is not given up for less.
        Ok(solved) => Ok(match start {
            Some(start) if start.evaluation.objective < solved.best.evaluation.objective => Arc::new(start.clone()),
            _ => solved.best,
        }),
        Err(planning::PlanningError::Tangled) => Err(Failure::new("run-roads-tangled")),
        Err(planning::PlanningError::Refused(_)) => Err(Failure::new("run-plan-refused")),
        // Runs of the service set no limit; the words of the one are right for the other.
        Err(planning::PlanningError::TooFewChanges(_)) => Err(Failure::new("run-plan-refused")),
    }
}

/// What `--only` asks for; no words: all there are files for.
fn parts(only: &[String]) -> (Needs, Parts) {
    if only.is_empty() {
        return (Needs::default(), Parts::ALL);
    }
    let named = |part: &str| only.iter().any(|word| word == part);
    let parts = Parts {
        shuttle: named("shuttle"),
        parking: named("parking"),
        rest: named("rest"),
        groups: named("groups"),
        rooms: named("rooms"),
    };
    // Unknown words were refused when the job was asked for.
    (Needs::only(only.iter().map(String::as_str)).unwrap_or(Needs::NONE), parts)
}

fn project(
    sources: &[Source],
    needs: Needs,
    modifications: &scenario::Scenario,
) -> std::result::Result<Project, Failure> {
    let project = intake::read_project(sources, needs).map_err(|_| Failure::new("run-inputs-unreadable"))?;
    if intake::hopeless(&project.findings) {
        return Err(Failure::new("run-inputs-hopeless"));
    }
    scenario::apply(&project, modifications).map_err(|_| Failure::new("run-scenario-fits-not"))
}

/// Beats, saves, listens, until the solver is done. False: another worker has the job now.
async fn accompany(
    store: &Store,
    run: &Run,
    hold: &Hold,
    desk: &Desk,
    saved: &mut mpsc::UnboundedReceiver<Arc<Plan>>,
    leave: &watch::Receiver<bool>,
    finished: impl Fn() -> bool,
) -> bool {
    let mut mine = true;
    let mut heard = Instant::now();
    let mut beaten: Option<Instant> = None;
    while !finished() {
        if *leave.borrow() {
            desk.stop.store(true, Ordering::Relaxed);
        }
        let mut newest = None;
        while let Ok(plan) = saved.try_recv() {
            newest = Some(plan);
        }
        if let Some(plan) = newest
            && mine
            && let Err(error) = save(store, run, hold, &plan, desk.used_ms.load(Ordering::Relaxed)).await
        {
            tracing::warn!(run = %run.id, %error, "the best so far could not be saved");
        }
        if mine && beaten.is_none_or(|at| at.elapsed() >= BEAT) {
            beaten = Some(Instant::now());
            match beat(store, hold, desk).await {
                Ok(Some(cancel)) => {
                    heard = Instant::now();
                    if cancel {
                        desk.stop.store(true, Ordering::Relaxed);
                    }
                }
                Ok(None) => {
                    mine = false;
                    desk.stop.store(true, Ordering::Relaxed);
                }
                // The database is away for a moment: the solver goes on, and says so when it is back.
                Err(error) => tracing::warn!(run = %run.id, %error, away = ?heard.elapsed(), "no heartbeat"),
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    mine
}

async fn beat(store: &Store, hold: &Hold, desk: &Desk) -> Result<Option<bool>> {
    let progress = desk.progress.lock().map(|progress| progress.clone()).unwrap_or_default();
    let mut tx = store.write().await?;
    let now = store.now(&mut tx).await?;
    let answer = runs::beat(&mut tx, hold, &progress, now).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Packed aside: a large plan takes a while, and others are waiting for this thread.
async fn packed(plan: &Arc<Plan>) -> Result<plans::Packed> {
    let plan = Arc::clone(plan);
    tokio::task::spawn_blocking(move || plans::Packed::new(&plan)).await.map_err(|_| StorageError::Damaged("plan"))
}

async fn save(store: &Store, run: &Run, hold: &Hold, plan: &Arc<Plan>, used_ms: i64) -> Result<()> {
    let packed = packed(plan).await?;
    let mut tx = store.write().await?;
    let now = store.now(&mut tx).await?;
    plans::keep(&mut tx, &run.project, Some(&run.id), &run.label, &run.origin, &packed, now).await?;
    if runs::save_best(&mut tx, hold, packed.id(), used_ms).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// Writes the end, in one transaction with the plan; tried again while the database is away, as long as the job may be ours.
async fn end(
    store: &Store,
    run: &Run,
    hold: &Hold,
    solved: std::result::Result<Arc<Plan>, Failure>,
    desk: &Desk,
    leaving: bool,
) -> Result<&'static str> {
    let packed = match &solved {
        Ok(plan) => Some(packed(plan).await?),
        Err(_) => None,
    };
    let reason = solved.as_ref().err().map(|failure| failure.reason);
    let mut tries = 0;
    loop {
        match end_once(store, run, hold, packed.as_ref(), reason, desk, leaving).await {
            Err(StorageError::Unavailable(_) | StorageError::Full) if tries < 60 => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            ended => return ended,
        }
    }
}

async fn end_once(
    store: &Store,
    run: &Run,
    hold: &Hold,
    packed: Option<&plans::Packed>,
    reason: Option<&str>,
    desk: &Desk,
    leaving: bool,
) -> Result<&'static str> {
    let mut tx = store.write().await?;
    let now: Timestamp = store.now(&mut tx).await?;
    let cancelled = runs::get(&mut tx, &run.id).await?.cancel;
    if let Some(plan) = packed {
        plans::keep(&mut tx, &run.project, Some(&run.id), &run.label, &run.origin, plan, now).await?;
    }
    if leaving && !cancelled {
        if let Some(plan) = packed {
            runs::save_best(&mut tx, hold, plan.id(), desk.used_ms.load(Ordering::Relaxed)).await?;
        }
        runs::put_back(&mut tx, hold).await?;
        tx.commit().await?;
        return Ok("put back");
    }
    let (state, name) = match (packed.is_some(), cancelled) {
        (_, true) => (State::Cancelled, "cancelled"),
        (true, false) => (State::Done, "done"),
        (false, false) => (State::Failed, "failed"),
    };
    if !runs::finish(&mut tx, hold, state, packed.map(plans::Packed::id), reason, now).await? {
        return Ok("taken over"); // Rolled back: the plan of the one who took over counts.
    }
    tx.commit().await?;
    Ok(name)
}
