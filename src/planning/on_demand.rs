//! Where no line pays, would rides on request? Who asks, from which stops, with how many vehicles, and what drawn days come to.
//!
//! The rules stand at the top of `plan/on_demand.rs`. Requests are answered by `routing::promises`, in planning as on the day itself: [`desk::service`] is
//! what both ride with.

pub mod desk;
