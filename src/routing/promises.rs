//! Who may ride when they ask? Rides on demand: a request is answered at once with a promise (a window for the pick-up, a latest set-down) or a refusal
//! with its reason; promises given are kept, whatever is asked afterwards.
//!
//! Read `service` (what there is to ride with, and the rules), `request`, then `desk`: `ask`, `accept`, `cancel`, `advance`. An answer is the best
//! insertion over all vehicles, stops and positions (Jaw et al. 1986), exact in its times (`times`); those on the way are never sent elsewhere.
//! `again` improves what is still open with the search of `routing` while nobody asks, and `Desk::take_over` takes only what keeps every promise and
//! costs less; `Desk::ask_again` seeks that way before it refuses. `check` judges, and shares nothing with the rest. Whole numbers and no clock: `now`
//! is an argument, and the same calls give the same answers.
//!
//! What is to be stored are tickets and sheets: a desk comes back from them (`Desk::restore`). Offers are not stored: what somebody was shown comes
//! back as words (`Desk::shown`).
//!
//! An answer costs O(vehicles x stop pairs x positions²) in the worst case; windows leave few positions. A refusal tries up to a thousand other times,
//! and costs as much more. Memory: a few hundred bytes a ticket, and
//! 50 a place that windows leave open while an answer is sought.

pub mod again;
pub mod check;
pub mod desk;
pub mod figures;
pub mod offer;
pub mod request;
pub mod service;
pub mod sheet;
pub mod trains;

mod insert;
mod refusal;
mod restore;
mod shown;
mod times;
mod way;

#[cfg(test)]
mod tests;

pub use again::{Again, Stale};
pub use check::{Fault, check};
pub use desk::{Desk, Ticket};
pub use figures::Figures;
pub use offer::{Answer, Offer, Promise, Reason, Refusal};
pub use request::{Request, Stop, Wish};
pub use service::{Dwell, Rules, Service, Vehicle};
pub use sheet::{Sheet, Visit, What};
