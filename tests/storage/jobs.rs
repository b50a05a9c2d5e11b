use jiebo::planning::scenario::Scenario;
use jiebo::storage::plans::{self, Origin, Packed};
use jiebo::storage::projects;
use jiebo::storage::runs::{self, Ask, Hold, Progress, State};
use jiebo::storage::{Store, moment};
use jiff::{SignedDuration, Timestamp};

use crate::contract;

/// A project without files.
pub(crate) async fn project(store: &Store, id: &str) {
    let mut tx = store.write().await.unwrap();
    projects::add(&mut tx, id, id, None, Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// From nothing.
pub(crate) fn origin() -> Origin {
    Origin { inputs: Vec::new(), modifications: Scenario::default() }
}

/// A second of search.
pub(crate) fn ask() -> Ask {
    Ask { seed: u64::from(u32::MAX), seconds: Some(1), iterations: None, chains: None, only: Vec::new() }
}

/// An empty plan told apart by its label; its id.
pub(crate) async fn a_plan(store: &Store, project: &str, label: &str) -> String {
    let plan = empty(label);
    let packed = Packed::new(&plan);
    let mut tx = store.write().await.unwrap();
    plans::keep(&mut tx, project, None, label, &origin(), &packed, Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
    plan.id
}

fn empty(label: &str) -> jiebo::planning::plan::Plan {
    let text = r#"{"format":"jiebo-plan/1","id":"","parent":null,"started_from":null,"inputs_hash":"LABEL","seed":1,"iterations":0,
        "chains":1,"services":[],"cohorts":[],"stops":[],"lines":[],"trips":[],"blocks":[],"duties":[],"riders":[],"unserved":[],
        "rest_points":[],"groups":[],"rooms":[],"simulated":null,"findings":[]}"#;
    let mut value: serde_json::Value = serde_json::from_str(&text.replace("LABEL", label)).unwrap();
    let of = |value: serde_json::Result<serde_json::Value>| value.unwrap();
    value["parking"] = of(serde_json::to_value(jiebo::planning::plan::Parking::default()));
    value["costs"] = of(serde_json::to_value(jiebo::planning::plan::Costs::default()));
    value["evaluation"] = of(serde_json::to_value(jiebo::planning::plan::Evaluation::default()));
    value["bound"] = of(serde_json::to_value(jiebo::planning::plan::Bound::default()));
    serde_json::from_value::<jiebo::planning::plan::Plan>(value).unwrap().sealed()
}

async fn queue(store: &Store, label: &str) -> String {
    let mut tx = store.write().await.unwrap();
    let run = runs::add(&mut tx, "p", None, label, &origin(), &ask(), Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((run.state, run.attempt, &run.ask), (State::Queued, 0, &ask()));
    run.id
}

async fn state(store: &Store, id: &str) -> runs::Run {
    runs::get(&mut store.read().await.unwrap(), id).await.unwrap()
}

/// As if its worker had not been heard of for a while.
async fn lose(store: &Store, id: &str) {
    let long_ago = Timestamp::now().checked_sub(runs::LEASE * 2).unwrap();
    let mut tx = store.write().await.unwrap();
    sqlx::query("UPDATE runs SET heartbeat = $2 WHERE id = $1")
        .bind(id)
        .bind(moment(long_ago))
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn beat(store: &Store, hold: &Hold) -> Option<bool> {
    let mut tx = store.write().await.unwrap();
    let now = store.now(&mut tx).await.unwrap();
    let answer =
        runs::beat(&mut tx, hold, &Progress { stage: "stage-first".to_owned(), ..Progress::default() }, now).await;
    tx.commit().await.unwrap();
    answer.unwrap()
}

async fn finish(store: &Store, hold: &Hold, plan: &str) -> bool {
    let mut tx = store.write().await.unwrap();
    let done = runs::finish(&mut tx, hold, State::Done, Some(plan), None, Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
    done
}

contract!(jobs_are_claimed_oldest_first_and_each_once, store, {
    project(&store, "p").await;
    let (a, b) = (queue(&store, "a").await, queue(&store, "b").await);
    // Four workers at once: two jobs, each claimed by one.
    let claims = futures_util::future::join_all((0..4).map(|n| {
        let store = store.clone();
        async move { runs::claim(&store, &format!("w{n}")).await.unwrap().map(|(run, _)| run.id) }
    }));
    let mut claimed: Vec<String> = claims.await.into_iter().flatten().collect();
    while let Some((run, _)) = runs::claim(&store, "late").await.unwrap() {
        claimed.push(run.id);
    }
    claimed.sort();
    let mut both = [a, b];
    both.sort();
    assert_eq!(claimed, both);
});

contract!(a_lost_job_is_taken_over_and_its_old_worker_changes_nothing_more, store, {
    project(&store, "p").await;
    let id = queue(&store, "a").await;
    let plan = a_plan(&store, "p", "best").await;
    let (_, first) = runs::claim(&store, "w1").await.unwrap().unwrap();
    assert_eq!(beat(&store, &first).await, Some(false));
    let mut tx = store.write().await.unwrap();
    assert!(runs::save_best(&mut tx, &first, &plan, 1234).await.unwrap());
    tx.commit().await.unwrap();
    assert!(runs::claim(&store, "w2").await.unwrap().is_none(), "its worker is alive");
    lose(&store, &id).await;
    let (run, second) = runs::claim(&store, "w2").await.unwrap().unwrap();
    assert_eq!((run.attempt, run.best.as_deref(), run.used_ms), (2, Some(plan.as_str()), 1234));
    assert_eq!(beat(&store, &first).await, None);
    let other = a_plan(&store, "p", "stale").await;
    assert!(!finish(&store, &first, &other).await);
    assert!(finish(&store, &second, &plan).await);
    assert!(!finish(&store, &second, &other).await, "ended once");
    let ended = state(&store, &id).await;
    assert_eq!((ended.state, ended.plan.as_deref()), (State::Done, Some(plan.as_str())));
});

contract!(after_three_tries_a_job_is_stopped_with_the_reason, store, {
    project(&store, "p").await;
    let id = queue(&store, "a").await;
    for attempt in 1..=runs::MOST_ATTEMPTS {
        let (run, _) = runs::claim(&store, "w").await.unwrap().unwrap();
        assert_eq!(run.attempt, attempt);
        lose(&store, &id).await;
    }
    assert!(runs::claim(&store, "w").await.unwrap().is_none());
    let ended = state(&store, &id).await;
    assert_eq!((ended.state, ended.reason.as_deref()), (State::Failed, Some("run-lost-too-often")));
    assert!(ended.ended.is_some());
});

contract!(cancelling_ends_a_waiting_job_at_once_and_tells_a_running_one, store, {
    project(&store, "p").await;
    let (running, waiting) = (queue(&store, "a").await, queue(&store, "b").await);
    let (_, hold) = runs::claim(&store, "w").await.unwrap().unwrap();
    for id in [&running, &waiting] {
        let mut tx = store.write().await.unwrap();
        runs::cancel(&mut tx, id, Timestamp::now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(state(&store, &waiting).await.state, State::Cancelled);
    assert_eq!(state(&store, &running).await.state, State::Running);
    assert_eq!(beat(&store, &hold).await, Some(true));
    // Its worker is lost before it could end it: whoever looks next ends it, with the best there was.
    let plan = a_plan(&store, "p", "best").await;
    let mut tx = store.write().await.unwrap();
    runs::save_best(&mut tx, &hold, &plan, 1).await.unwrap();
    tx.commit().await.unwrap();
    lose(&store, &running).await;
    assert!(runs::claim(&store, "w").await.unwrap().is_none());
    let ended = state(&store, &running).await;
    assert_eq!((ended.state, ended.plan.as_deref()), (State::Cancelled, Some(plan.as_str())));
});

contract!(who_was_told_that_a_job_will_be_cancelled_finds_it_cancelled, store, {
    project(&store, "p").await;
    let id = queue(&store, "a").await;
    let plan = a_plan(&store, "p", "last").await;
    let (_, hold) = runs::claim(&store, "w").await.unwrap().unwrap();
    // Asked in the moment in which its worker, who knows nothing of it, ends it.
    let mut tx = store.write().await.unwrap();
    runs::cancel(&mut tx, &id, Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(finish(&store, &hold, &plan).await);
    let ended = state(&store, &id).await;
    assert_eq!((ended.state, ended.plan.as_deref()), (State::Cancelled, Some(plan.as_str())));
});

contract!(a_job_that_cannot_be_read_does_not_stop_the_others, store, {
    project(&store, "p").await;
    let (later, good) = (queue(&store, "of a later version").await, queue(&store, "a").await);
    let mut tx = store.write().await.unwrap();
    sqlx::query("UPDATE runs SET ask = 'not yet known' WHERE id = $1").bind(&later).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    let (run, _) = runs::claim(&store, "w").await.unwrap().unwrap();
    assert_eq!(run.id, good);
});

contract!(a_job_put_back_does_not_use_up_a_try, store, {
    project(&store, "p").await;
    let id = queue(&store, "a").await;
    let (_, hold) = runs::claim(&store, "w").await.unwrap().unwrap();
    let mut tx = store.write().await.unwrap();
    runs::put_back(&mut tx, &hold).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((state(&store, &id).await.state, state(&store, &id).await.attempt), (State::Queued, 0));
    let (run, _) = runs::claim(&store, "w").await.unwrap().unwrap();
    assert_eq!(run.attempt, 1);
});

contract!(plans_are_kept_once_byte_for_byte_and_listed_newest_first, store, {
    project(&store, "p").await;
    let one = a_plan(&store, "p", "one").await;
    std::thread::sleep(std::time::Duration::from_millis(3));
    let two = a_plan(&store, "p", "two").await;
    assert_eq!(a_plan(&store, "p", "one").await, one, "again");
    let mut conn = store.read().await.unwrap();
    let list = plans::list(&mut conn, "p", ("", ""), 9).await.unwrap();
    assert_eq!(list.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), [two.as_str(), one.as_str()]);
    let older = plans::list(&mut conn, "p", (&list[0].created, &list[0].id), 9).await.unwrap();
    assert_eq!(older, list[1..]);
    assert_eq!(plans::json(&mut conn, "p", &one).await.unwrap(), empty("one").to_json());
    assert_eq!(plans::origin(&mut conn, "p", &one).await.unwrap(), origin());
});

contract!(a_best_so_far_is_not_listed_and_goes_when_the_job_has_its_plan, store, {
    project(&store, "p").await;
    let id = queue(&store, "a").await;
    let (_, hold) = runs::claim(&store, "w").await.unwrap().unwrap();
    let keep = async |label: &str| {
        let mut tx = store.write().await.unwrap();
        let packed = Packed::new(&empty(label));
        plans::keep(&mut tx, "p", Some(&id), label, &origin(), &packed, Timestamp::now()).await.unwrap();
        runs::save_best(&mut tx, &hold, packed.id(), 1).await.unwrap();
        tx.commit().await.unwrap();
        packed.id().to_owned()
    };
    let (early, last) = (keep("early").await, keep("last").await);
    assert!(plans::list(&mut store.read().await.unwrap(), "p", ("", ""), 9).await.unwrap().is_empty());
    assert!(finish(&store, &hold, &last).await);
    let list = plans::list(&mut store.read().await.unwrap(), "p", ("", ""), 9).await.unwrap();
    assert_eq!(list.iter().map(|plan| plan.id.as_str()).collect::<Vec<_>>(), [last.as_str()]);
    assert!(plans::get(&mut store.read().await.unwrap(), "p", &early).await.is_err());
});

contract!(the_clock_is_the_databases_own, store, {
    let now = store.now(&mut store.read().await.unwrap()).await.unwrap();
    assert!(now.duration_since(Timestamp::now()).abs() < SignedDuration::from_secs(5));
});
