use jiebo::storage::projects::{self, Packed};
use jiebo::storage::{Kind, Store, backup, people, scenarios};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Row};

use crate::contract;
use crate::database::Database;
use crate::jobs::{a_plan, project};

async fn fill(store: &Store) -> String {
    project(store, "p").await;
    let plan = a_plan(store, "p", "one").await;
    let now = Timestamp::now();
    let mut tx = store.write().await.unwrap();
    let user = people::add(&mut tx, "lin", "林", now).await.unwrap();
    people::give(&mut tx, &user.id, "viewer", Some("p"), None, now).await.unwrap();
    projects::put_file(&mut tx, "p", "a.csv", &Packed::new(&[0, 255, 7, 10]), now).await.unwrap();
    scenarios::add(&mut tx, "p", "行", &Default::default(), now).await.unwrap();
    tx.commit().await.unwrap();
    plan
}

async fn count(store: &Store, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut *store.read().await.unwrap()).await.unwrap().try_get(0).unwrap()
}

contract!(every_table_is_backed_up, store, {
    let sql = match store.kind() {
        Kind::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
        Kind::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    let rows = sqlx::query(sql).fetch_all(&mut *store.read().await.unwrap()).await.unwrap();
    let mut there: Vec<String> =
        rows.iter().map(|row| row.try_get(0).unwrap()).filter(|t| t != "_sqlx_migrations").collect();
    let mut backed: Vec<&str> = backup::TABLES.to_vec();
    there.sort();
    backed.sort_unstable();
    assert_eq!(there, backed);
});

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_of_either_kind_is_restored_into_either() {
    for from in Database::each().await {
        let store = from.open().await;
        let plan = fill(&store).await;
        let mut file = Vec::new();
        let written = backup::write(&store, &mut file).await.unwrap();
        for into in Database::each().await {
            let other = into.open().await;
            project(&other, "to-be-replaced").await;
            let read = backup::restore(&other, file.as_slice()).await.unwrap();
            assert_eq!(read, written);
            for table in backup::TABLES {
                assert_eq!(count(&other, table).await, count(&store, table).await, "{table}");
            }
            let mut conn = other.read().await.unwrap();
            assert!(projects::get(&mut conn, "to-be-replaced").await.is_err());
            let files = projects::files(&mut conn, "p").await.unwrap();
            assert_eq!(projects::bytes(&mut conn, &files[0].sha).await.unwrap(), [0, 255, 7, 10]);
            assert_eq!(
                jiebo::storage::plans::json(&mut conn, "p", &plan).await.unwrap(),
                jiebo::storage::plans::json(&mut store.read().await.unwrap(), "p", &plan).await.unwrap()
            );
            drop(conn);
            other.close().await;
            into.remove().await;
        }
        store.close().await;
        from.remove().await;
    }
}

contract!(a_backup_that_is_cut_off_or_none_changes_nothing, store, {
    fill(&store).await;
    let mut file = Vec::new();
    backup::write(&store, &mut file).await.unwrap();
    for damaged in [&file[..file.len() / 2], &file[..10], b"no backup".as_slice(), b""] {
        assert!(backup::restore(&store, damaged).await.is_err());
        assert_eq!(count(&store, "projects").await, 1);
        assert_eq!(count(&store, "users").await, 1);
    }
});

contract!(a_backup_taken_while_others_write_is_of_one_moment, store, {
    // Each write adds a project with one scenario: no backup may hold one without the other.
    let (going, writer) = (std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true)), store.clone());
    let flag = going.clone();
    let writing = tokio::spawn(async move {
        let mut n = 0;
        while flag.load(std::sync::atomic::Ordering::Relaxed) {
            let mut tx = writer.write().await.unwrap();
            let id = format!("p{n}");
            projects::add(&mut tx, &id, &id, None, Timestamp::now()).await.unwrap();
            scenarios::add(&mut tx, &id, "s", &Default::default(), Timestamp::now()).await.unwrap();
            tx.commit().await.unwrap();
            n += 1;
        }
    });
    for _ in 0..5 {
        let mut file = Vec::new();
        backup::write(&store, &mut file).await.unwrap();
        let fresh = Database::sqlite();
        let other = fresh.open().await;
        backup::restore(&other, file.as_slice()).await.unwrap();
        assert_eq!(count(&other, "projects").await, count(&other, "scenarios").await);
        other.close().await;
    }
    going.store(false, std::sync::atomic::Ordering::Relaxed);
    writing.await.unwrap();
});
