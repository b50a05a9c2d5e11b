//! What a rider asks: when is my next shuttle, will it make my train, when must I leave. Public: no people in it.
//!
//! A plan in force is reduced to what riders may know ([`Published`]); publications that follow one another become one
//! [`Timetable`], indexed once and asked thousands of times a second; what went wrong today lies over it ([`Today`]).
//!
//! **Days.** A trip belongs to the service day it starts on: 25:10 of Friday is Saturday 01:10, runs if Friday runs, by
//! the publication that is in force on Friday. Times are what a clock on the wall shows; where clocks change, a time
//! that does not exist is an hour later and of one that comes twice the first is meant (RFC 5545, 3.3.5).
//!
//! Pure: `now` always comes in from outside.

mod clock;
mod connection;
mod departures;
mod ids;
mod index;
mod printed;
mod published;
mod requests;
mod ridden;
mod timetable;
mod today;
mod trains;
mod walks;

pub use clock::{instant, zone_of};
pub use connection::{Connection, WantedTrain};
pub use departures::{Departure, TrainMade};
pub(super) use ids::basic;
pub use ids::{FeedIds, OfferIds, ascii_id};
pub use printed::{Call, DayTrip, LineDay};
pub(super) use published::printable;
pub(super) use ridden::Ridden;

pub use published::{Face, Near, Published, StandsBy, Station, Stop, Trip};
pub use timetable::{Period, Timetable};
pub use today::{Alert, Cancelled, Delay, Text, Today};
pub use trains::{Times, Trains};

#[cfg(test)]
mod tests;
