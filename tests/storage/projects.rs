use jiebo::planning::scenario::{Modification, Scenario};
use jiebo::storage::projects::{self, Packed};
use jiebo::storage::{StorageError, idempotency, publications, scenarios};
use jiff::{SignedDuration, Timestamp};

use crate::contract;
use crate::jobs::{a_plan, origin, project};

contract!(files_are_kept_by_hash_and_replaced_by_name, store, {
    let now = Timestamp::now();
    let mut tx = store.write().await.unwrap();
    let made = projects::add(&mut tx, "p", "P", Some("园区"), now).await.unwrap();
    assert_eq!((made.revision, made.name_zh.as_deref()), (1, Some("园区")));
    for (name, text) in [("a.csv", "one"), ("b.csv", "one"), ("a.csv", "two")] {
        projects::put_file(&mut tx, "p", name, &Packed::new(text.as_bytes()), now).await.unwrap();
    }
    assert_eq!(projects::touch(&mut tx, "p", now).await.unwrap().revision, 2);
    tx.commit().await.unwrap();
    let mut conn = store.read().await.unwrap();
    let files = projects::files(&mut conn, "p").await.unwrap();
    assert_eq!(files.iter().map(|f| (f.name.as_str(), f.size)).collect::<Vec<_>>(), [("a.csv", 3), ("b.csv", 3)]);
    assert_eq!(projects::bytes(&mut conn, &files[0].sha).await.unwrap(), b"two");
    assert_eq!(projects::bytes(&mut conn, &files[1].sha).await.unwrap(), b"one");
    drop(conn);
    let mut tx = store.write().await.unwrap();
    projects::remove_file(&mut tx, "p", "a.csv").await.unwrap();
    assert!(matches!(projects::remove_file(&mut tx, "p", "a.csv").await, Err(StorageError::Missing("file"))));
    assert!(projects::add(&mut tx, "p", "P", None, now).await.is_err());
});

contract!(projects_are_listed_by_id_in_pages, store, {
    for id in ["c", "a", "b"] {
        project(&store, id).await;
    }
    let mut conn = store.read().await.unwrap();
    let ids = |rows: Vec<projects::Project>| rows.into_iter().map(|p| p.id).collect::<Vec<_>>();
    assert_eq!(ids(projects::list(&mut conn, "", 2).await.unwrap()), ["a", "b"]);
    assert_eq!(ids(projects::list(&mut conn, "b", 2).await.unwrap()), ["c"]);
});

contract!(scenarios_are_what_was_written, store, {
    project(&store, "p").await;
    let now = Timestamp::now();
    let what = Scenario { modification: vec![Modification::CloseRoad { way: -7 }] };
    let mut tx = store.write().await.unwrap();
    let made = scenarios::add(&mut tx, "p", "closed", &what, now).await.unwrap();
    assert_eq!((made.revision, &made.modifications), (1, &what));
    let changed = scenarios::change(&mut tx, "p", &made.id, "open", &Scenario::default(), now).await.unwrap();
    assert_eq!((changed.revision, changed.name.as_str()), (2, "open"));
    assert!(matches!(scenarios::get(&mut tx, "other", &made.id).await, Err(StorageError::Missing(_))));
    scenarios::remove(&mut tx, "p", &made.id).await.unwrap();
    assert!(scenarios::list(&mut tx, "p", "", 9).await.unwrap().is_empty());
});

contract!(publications_count_until_they_are_withdrawn, store, {
    project(&store, "p").await;
    let plan = a_plan(&store, "p", "one").await;
    let now = Timestamp::now();
    let day = |text: &str| text.parse().unwrap();
    let mut tx = store.write().await.unwrap();
    let later = publications::add(&mut tx, "p", &plan, (day("2026-12-10"), None), b"later", now).await.unwrap();
    let first = publications::add(&mut tx, "p", &plan, (day("2026-12-01"), Some(day("2026-12-31"))), b"first", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    let force = publications::in_force(&mut tx, "p").await.unwrap();
    assert_eq!(
        force.iter().map(|(p, bytes)| (p.id.as_str(), bytes.as_slice())).collect::<Vec<_>>(),
        [(first.id.as_str(), b"first".as_slice()), (later.id.as_str(), b"later".as_slice())]
    );
    let mark = projects::get(&mut tx, "p").await.unwrap().mark;
    let gone = publications::withdraw(&mut tx, "p", &first.id, now).await.unwrap();
    assert!(gone.withdrawn.is_some() && gone.revision == 2);
    assert_eq!(publications::withdraw(&mut tx, "p", &first.id, now).await.unwrap().revision, 2);
    assert_eq!(publications::in_force(&mut tx, "p").await.unwrap().len(), 1);
    assert!(projects::get(&mut tx, "p").await.unwrap().mark > mark);
    assert_eq!(projects::marks(&mut tx).await.unwrap().len(), 1);
    // A plan that is not there cannot be published.
    assert!(publications::add(&mut tx, "p", "none", (day("2026-12-01"), None), b"", now).await.is_err());
});

contract!(a_project_goes_with_all_that_is_its_own, store, {
    project(&store, "p").await;
    let plan = a_plan(&store, "p", "one").await;
    let now = Timestamp::now();
    let mut tx = store.write().await.unwrap();
    publications::add(&mut tx, "p", &plan, ("2026-12-01".parse().unwrap(), None), b"x", now).await.unwrap();
    jiebo::storage::runs::add(&mut tx, "p", None, "r", &origin(), &crate::jobs::ask(), now).await.unwrap();
    projects::remove(&mut tx, "p").await.unwrap();
    assert!(jiebo::storage::runs::list(&mut tx, "p", "", 9).await.unwrap().is_empty());
    assert!(projects::remove(&mut tx, "p").await.is_err());
});

contract!(an_answer_is_kept_with_its_write_and_forgotten_in_time, store, {
    let now = Timestamp::now();
    let answered = idempotency::Answered { fingerprint: "f".to_owned(), reply: "{}".to_owned() };
    let mut tx = store.write().await.unwrap();
    idempotency::keep(&mut tx, "me", "k", &answered, now).await.unwrap();
    idempotency::keep(&mut tx, "you", "k", &answered, now).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = store.write().await.unwrap();
    assert!(idempotency::keep(&mut tx, "me", "k", &answered, now).await.is_err());
    drop(tx);
    let mut tx = store.write().await.unwrap();
    let found = idempotency::find(&mut tx, "me", "k").await.unwrap().unwrap();
    assert_eq!(found.fingerprint, "f");
    idempotency::forget(&mut tx, now.checked_add(SignedDuration::from_hours(47)).unwrap()).await.unwrap();
    assert!(idempotency::find(&mut tx, "me", "k").await.unwrap().is_some());
    idempotency::forget(&mut tx, now.checked_add(SignedDuration::from_hours(49)).unwrap()).await.unwrap();
    assert!(idempotency::find(&mut tx, "me", "k").await.unwrap().is_none());
});
