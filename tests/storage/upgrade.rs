use jiebo::storage::{Store, migrations, people, projects};
use jiff::Timestamp;

use crate::contract;
use crate::database::Database;
use crate::jobs::project;

/// From the first version on: what was there stays, step by step.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_every_earlier_version_is_brought_up_to_date() {
    let versions: Vec<i64> = migrations::versions().collect();
    assert!(versions.is_sorted() && versions[0] == 1);
    for old in versions {
        for database in Database::each().await {
            let store = migrations::at(&database.url, old).await.unwrap();
            let mut tx = store.write().await.unwrap();
            people::add(&mut tx, "lin", "林", Timestamp::now()).await.unwrap();
            projects::add(&mut tx, "p", "P", None, Timestamp::now()).await.unwrap();
            tx.commit().await.unwrap();
            store.close().await;
            let store = database.open().await;
            let mut conn = store.read().await.unwrap();
            assert!(people::by_login(&mut conn, "lin").await.unwrap().is_some());
            assert_eq!(projects::get(&mut conn, "p").await.unwrap().revision, 1);
            drop(conn);
            store.close().await;
            database.remove().await;
        }
    }
}

contract!(a_database_of_a_later_version_is_refused_and_left_alone, store, {
    project(&store, "p").await;
    let mut tx = store.write().await.unwrap();
    sqlx::query("UPDATE _sqlx_migrations SET version = version + 1000 WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)")
        .execute(&mut *tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(migrations::run(&store).await.is_err());
    assert!(projects::get(&mut store.read().await.unwrap(), "p").await.is_ok());
});

#[tokio::test]
async fn an_address_that_is_none_says_what_one_is() {
    let error = Store::open("jiebo.db").await.unwrap_err().to_string();
    assert!(error.contains("sqlite:FILE") && error.contains("postgres://"), "{error}");
}
