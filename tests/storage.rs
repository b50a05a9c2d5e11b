//! What is kept stays kept, on SQLite and on PostgreSQL alike: one suite, run on both.
//!
//! PostgreSQL where `JIEBO_TEST_POSTGRES` names a server (`postgres://root@127.0.0.1/postgres`): every test makes a database of its
//! own there. Without it those halves are skipped and say so.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a test that cannot go on fails")]

#[path = "storage/backup.rs"]
mod backup;
#[path = "storage/database.rs"]
mod database;
#[path = "storage/jobs.rs"]
mod jobs;
#[path = "storage/people.rs"]
mod people;
#[path = "storage/projects.rs"]
mod projects;
#[path = "storage/rides.rs"]
mod rides;
#[path = "storage/upgrade.rs"]
mod upgrade;
