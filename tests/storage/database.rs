//! A database for one test, of either kind, gone afterwards.

use jiebo::storage::{Store, new_id};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

/// A fresh database.
pub(crate) struct Database {
    /// Its address.
    pub(crate) url: String,
    folder: Option<tempfile::TempDir>,
    server: Option<(String, String)>,
}

impl Database {
    /// A file in a folder of its own.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("jiebo.db").display());
        Self { url, folder: Some(folder), server: None }
    }

    /// A database of its own on the server; `None` where none is configured.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("JIEBO_TEST_POSTGRES") else {
            println!("skipped on PostgreSQL: JIEBO_TEST_POSTGRES is not set");
            return None;
        };
        sqlx::any::install_default_drivers();
        let name = format!("jiebo_test_{}", new_id());
        let mut conn = AnyConnection::connect(&server).await.expect("JIEBO_TEST_POSTGRES cannot be reached");
        conn.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
        let (front, _) = server.rsplit_once('/').unwrap();
        Some(Self { url: format!("{front}/{name}"), folder: None, server: Some((server, name)) })
    }

    /// Both kinds, those that there are.
    pub(crate) async fn each() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres().await].into_iter().flatten().collect()
    }

    /// Its tables made.
    pub(crate) async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }

    /// Gone.
    pub(crate) async fn remove(self) {
        if let Some((server, name)) = &self.server {
            let mut conn = AnyConnection::connect(server).await.unwrap();
            conn.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
        }
        drop(self.folder);
    }
}

/// Runs a contract on a fresh database of each kind.
#[macro_export]
macro_rules! contract {
    ($name:ident, $store:ident, $body:block) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            for database in $crate::database::Database::each().await {
                let $store = database.open().await;
                $body
                $store.close().await;
                database.remove().await;
            }
        }
    };
}
