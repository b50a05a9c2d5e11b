use jiebo::storage::people;
use jiebo::storage::{StorageError, Store};
use jiff::{SignedDuration, Timestamp};

use crate::contract;

async fn somebody(store: &Store, login: &str) -> people::User {
    let mut tx = store.write().await.unwrap();
    let user = people::add(&mut tx, login, "Somebody", Timestamp::now()).await.unwrap();
    tx.commit().await.unwrap();
    user
}

contract!(a_login_is_taken_once, store, {
    let user = somebody(&store, "lin").await;
    let mut tx = store.write().await.unwrap();
    let again = people::add(&mut tx, "lin", "Other", Timestamp::now()).await;
    assert!(matches!(again, Err(StorageError::Conflict(_))), "{again:?}");
    drop(tx);
    assert_eq!(people::get(&mut store.read().await.unwrap(), &user.id).await.unwrap(), user);
});

contract!(what_is_not_committed_is_not_there, store, {
    let mut tx = store.write().await.unwrap();
    people::add(&mut tx, "ghost", "Ghost", Timestamp::now()).await.unwrap();
    drop(tx);
    assert!(people::by_login(&mut store.read().await.unwrap(), "ghost").await.unwrap().is_none());
    assert!(!people::anybody(&mut store.read().await.unwrap()).await.unwrap());
});

contract!(a_session_ends_by_time_by_sign_out_and_when_its_user_is_kept_out, store, {
    let user = somebody(&store, "lin").await;
    let now = Timestamp::now();
    let later = now.checked_add(SignedDuration::from_hours(1)).unwrap();
    let mut tx = store.write().await.unwrap();
    for token in ["a", "b", "c"] {
        people::open_session(&mut tx, token, &user.id, now, later).await.unwrap();
    }
    people::close_session(&mut tx, "b").await.unwrap();
    tx.commit().await.unwrap();
    let mut conn = store.read().await.unwrap();
    assert_eq!(people::of_session(&mut conn, "a", now).await.unwrap().unwrap().id, user.id);
    assert!(people::of_session(&mut conn, "a", later).await.unwrap().is_none());
    assert!(people::of_session(&mut conn, "b", now).await.unwrap().is_none());
    drop(conn);
    let mut tx = store.write().await.unwrap();
    people::set_disabled(&mut tx, &user.id, true).await.unwrap();
    people::set_disabled(&mut tx, &user.id, false).await.unwrap();
    tx.commit().await.unwrap();
    assert!(people::of_session(&mut store.read().await.unwrap(), "c", now).await.unwrap().is_none());
});

contract!(roles_are_given_once_and_taken, store, {
    let user = somebody(&store, "lin").await;
    let now = Timestamp::now();
    let mut tx = store.write().await.unwrap();
    for _ in 0..2 {
        people::give(&mut tx, &user.id, "planner", None, None, now).await.unwrap();
        people::give(&mut tx, &user.id, "viewer", Some("p"), Some("park"), now).await.unwrap();
    }
    let grants = people::grants(&mut tx, &user.id).await.unwrap();
    assert_eq!(grants.len(), 2);
    assert_eq!((grants[1].project.as_deref(), grants[1].park.as_deref()), (Some("p"), Some("park")));
    people::take(&mut tx, &user.id, &grants[0].id).await.unwrap();
    assert_eq!(people::grants(&mut tx, &user.id).await.unwrap(), grants[1..]);
    assert!(matches!(people::take(&mut tx, &user.id, "none").await, Err(StorageError::Missing(_))));
    tx.commit().await.unwrap();
});

contract!(an_invitation_is_used_once_and_a_new_one_voids_the_old, store, {
    let user = somebody(&store, "lin").await;
    let now = Timestamp::now();
    let later = now.checked_add(SignedDuration::from_hours(1)).unwrap();
    let mut tx = store.write().await.unwrap();
    people::invite(&mut tx, &user.id, "old", later).await.unwrap();
    people::invite(&mut tx, &user.id, "new", later).await.unwrap();
    assert!(people::of_invitation(&mut tx, "old", now).await.unwrap().is_none());
    assert!(people::of_invitation(&mut tx, "new", later).await.unwrap().is_none());
    assert_eq!(people::of_invitation(&mut tx, "new", now).await.unwrap().unwrap().id, user.id);
    people::use_invitation(&mut tx, "new").await.unwrap();
    assert!(people::use_invitation(&mut tx, "new").await.is_err());
    tx.commit().await.unwrap();
});

contract!(a_key_works_until_it_ends_or_is_taken, store, {
    let user = somebody(&store, "bot").await;
    let now = Timestamp::now();
    let later = now.checked_add(SignedDuration::from_hours(1)).unwrap();
    let mut tx = store.write().await.unwrap();
    let ends = people::add_key(&mut tx, &user.id, "ends", "h1", now, Some(later)).await.unwrap();
    people::add_key(&mut tx, &user.id, "stays", "h2", now, None).await.unwrap();
    assert!(people::of_key(&mut tx, "h1", now).await.unwrap().is_some());
    assert!(people::of_key(&mut tx, "h1", later).await.unwrap().is_none());
    assert!(people::of_key(&mut tx, "h2", later).await.unwrap().is_some());
    people::remove_key(&mut tx, &user.id, &ends.id).await.unwrap();
    assert_eq!(people::keys(&mut tx, &user.id).await.unwrap().len(), 1);
    tx.commit().await.unwrap();
});
