//! What can go wrong with what is kept.

/// An error of storage.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such thing.
    #[error("no such {0}")]
    Missing(&'static str),
    /// It exists already, or something else still needs it.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// The disk is full; what was there can still be read.
    #[error("the disk of the database is full")]
    Full,
    /// It cannot be reached, or is too busy just now; trying again may help.
    #[error("the database cannot be reached just now")]
    Unavailable(#[source] sqlx::Error),
    /// What is stored cannot be understood.
    #[error("a stored {0} cannot be read")]
    Damaged(&'static str),
    /// An address that names no database.
    #[error("\"{0}\" is no database: write sqlite:FILE or postgres://USER@HOST/NAME")]
    Address(String),
    /// The tables cannot be brought up to date.
    #[error("the tables cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The tables are there in another version, or not at all.
    #[error("this database holds no tables of this version of the program; use the version that serves it")]
    OtherVersion,
    /// A file to back up into or restore from.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// A fault of ours.
    #[error("database: {0}")]
    Other(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::Missing("row"),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error)
            }
            sqlx::Error::Database(inner) => {
                let code = inner.code().unwrap_or_default().into_owned();
                // SQLite: primary code in the low byte (13 full, 10 I/O, 5 busy, 6 locked); 778 and 4874 are failed writes of
                // file and map. PostgreSQL: 53100 disk full, classes 08 and 57P connection and shutdown, 53 resources.
                match code.as_str() {
                    "13" | "778" | "4874" | "53100" => Self::Full,
                    "5" | "6" | "261" | "517" | "10" => Self::Unavailable(error),
                    "40001" | "40P01" | "55P03" => Self::Unavailable(error),
                    pg if pg.len() == 5 && (pg.starts_with("08") || pg.starts_with("57P") || pg.starts_with("53")) => {
                        Self::Unavailable(error)
                    }
                    _ if inner.is_unique_violation() => Self::Conflict("exists already"),
                    _ if inner.is_foreign_key_violation() => Self::Conflict("still needed, or refers to nothing"),
                    _ => Self::Other(error),
                }
            }
            _ => Self::Other(error),
        }
    }
}
