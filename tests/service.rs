//! The service over HTTP, without a network: who may do what, writes that come again, a plan from upload to report.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[path = "service/client.rs"]
mod client;
#[path = "service/people.rs"]
mod people;
#[path = "service/planning.rs"]
mod planning;
#[path = "service/running.rs"]
mod running;
#[path = "service/writes.rs"]
mod writes;
