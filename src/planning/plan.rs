//! The plan: the immutable document `plan.json`, and the rules it must keep.
//!
//! # Rules (what stages build, `check` re-derives; integers throughout)
//!
//! **Places.** A cohort's origin and destination is a site's id, or `"lon lat"` (a cell centre). Access points of a place:
//! the gates (exits) that name it as parent; where it has none, itself.
//!
//! A point joins the paths where they are nearest, at most `max_foothold` away (walked); a candidate stop joins the road at its
//! kerb, at most `max_snap` away; a depot joins the road at `Kerb::Either`, at most `max_foothold` away.
//!
//! **Walk.** From place to stop: the least walking distance over its access points, metres rounded up, at most the cohort's
//! `max_walk_m`. Wheelchair cohorts go where there are no steps, here and between the places (Alternative); where there is no such way
//! they do not go. Seconds: `ceil(metres / speed)`, speed `walk_m_per_s` (wheelchair cohorts: `slow_walk_m_per_s`), plus
//! `transfer` where the place is a station or an exit (the station's own `platform_walk` instead, where trains give one).
//!
//! **Times on a trip.** It departs its first stop on a whole minute in a period of the project. Leg k takes the bus time
//! between its stops in the band in which it departs stop k (`Policy::band_at`). Between: it stays `dwell` at every stop but the
//! first and the last (there arrive = depart).
//!
//! **Option** of a cohort on a trip: board at position i, alight at j > i, both within the walk limit; D = depart_i,
//! A = arrive_j + walk seconds at the end, w1 = walk seconds at the start, t the cohort's time.
//! - Wait before: people are at the stop some time before their shuttle leaves, to be sure of it: `change` from a train, else `ahead`.
//!   depart_after: D - w1 - t, in `ahead`..=`ahead` + max_wait. arrive_by from a place with trains: (D - w1) - (latest train <= D - w1 - `change`),
//!   no option if none. Otherwise `ahead`.
//! - Wait after. arrive_by: t - A, in 0..=max_wait. depart_after to a place with trains: (first train >= A) - A, no option if none.
//!   Otherwise 0. `train` in a rider's row is that train.
//! - Ride: arrive_j - D, at most `max_ride`.
//! - Cost of one person, in [`PersonCost`] units: `vot_fen_per_h * (weight_walk*walk_s + weight_wait*wait_s + weight_ride*ride_s)`
//!   with weights in thousandths, plus `3_600_000 * fare_fen`.
//! - The cohort's service must be the trip's. The option of a cohort on a trip is the (i, j) of least cost (ties: smaller i, then smaller j). It exists only if it
//!   costs less than the cohort's alternative. Wheelchair cohorts: both stops step-free, vehicle type with wheelchair places.
//!
//! **Choice.** Each person takes the cheapest trip that still has a seat, or the alternative: no row, and nobody unserved, has a
//! strictly cheaper option with a free seat on all its legs. Those aboard keep their seats, the next go to who boards first, then by
//! cohort id; a seat that comes free because somebody was turned away goes by cohort id. Seats: on each leg at most `seats` (wheelchair places for wheelchair
//! cohorts, who take no seat). Both in thousandths of a person.
//!
//! **Relaxations** of those who do not ride: with that change for this cohort alone (seats and departures: for the trip), all else as
//! it is, and everybody choosing again, all of the cohort ride; with one step less they do not. Precisely: [`super::explain`].
//!
//! **Alternative.** The cheapest of the project's alternatives (wheelchair cohorts: of those with `wheelchair`): walking metres between the places (least over access points), refused
//! beyond `max_m`; seconds `fixed + ceil(metres / m_per_s)` times the alternative's weight, plus `transfer` at either end (weight of
//! walking: platform and street are apart whoever comes), plus its price. It meets the same trains as the shuttle: seconds in all s, who must
//! arrive by t from a place with trains takes the latest train <= t - s and is early by the rest; who leaves after t for a place with
//! trains waits from t + s for the next one; both weigh as waiting. Where there is no such train the way does not reach. If none reaches,
//! or each is dearer, it is `policy.stranded` (a price). The first of the project's wins ties.
//!
//! **Vehicles**, whole minutes. A trip occupies m0 = departure/60 to m1 = m0 + ceil((run + layover)/60). Driving empty takes
//! ceil(bus seconds/60), in the band in which it starts. A vehicle type runs a line at most once a minute of a service. Items of a block are contiguous in time, `start` and `end` in seconds, from stop or depot to stop or depot;
//! pull_out, then trips, each followed by a layover of at least `layover` and perhaps a deadhead (or pull_in, time at the depot,
//! pull_out again), at last pull_in.
//! A `break` is standing of at least `break_length`; time at the depot counts as rest.
//! Block cost: `cost_per_day + max(0, hours - included) * per_hour + max(0, km - included) * per_km`, hours those away from the
//! depot, km of trips and empty drives; rounded half up once a block.
//!
//! Services that run on the same date share the fleet: on no date more vehicles of a type than it has.
//!
//! **Changes**, where there is a plan in force (counts and prices once, whatever the days: each is told and learnt once):
//! - Stops, by id: opened, closed, or moved by a metre or more (great circle, rounded half up). One change and one price each.
//! - Departures, service by service. A trip's line is its run of stops (ids say nothing). It continues the line in force with the
//!   largest share of stops in the same order, 2c / (n + m) where c of n and m are common; c at least 2, the share at least a half;
//!   of equals the run of stops that is first by its ids. Departures of a line in force and of what continues it stand in time order (at
//!   their first stop; then stops, then trip id) and are paired without crossing, for the least minutes, then the fewest changes, then
//!   so that from the last back one is paired rather than dropped, dropped rather than added. A pair counts the minutes between
//!   its departures (rounded up) from the first stop of the line in force that both serve, and 10 more if the stops are not the
//!   same; one dropped counts 30; one added none, as it obliges nobody. Each is a change unless it is a pair of no minutes.
//! - People, by cohort: of those who rode in force and still wish to (the smaller of them and the cohort's people today), those
//!   not on the same departures (paired, leg by leg), with another or none. They are priced by the person, not counted.
//! - Price: stops, minutes, people at `project.changes`, people rounded half up once. `max_changes` limits stops + departures.
//!   A plan without a shuttle (none was asked for) has none.
//!
//! **Objective** (fen a day): people + running + upkeep + changes; people and running are summed over services weighted by
//! their days in force / the days of all services, upkeep counts each line and stop in use once.
//! A row (riders or unserved) costs `round(people * PersonCost)`, half up.

mod joint;
mod on_demand;
mod room_refusal;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::calendar::{Days, Service, Week};
use crate::domain::finding::Finding;
use crate::domain::site::Kerb;
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime, divide_half_up};

pub use joint::{Joint, Objection, Subsidy};
pub use on_demand::{Asks, NotTaken, OnDemand, Ride, RideDay, RideRules, RideWorth, Standby};
pub use room_refusal::{RoomChange, RoomRefusal};

/// Name of the format, in every plan.
pub const FORMAT: &str = "jiebo-plan/1";

/// The parts of a plan, as `--only` and [`Plan::parts`] name them.
pub const PARTS: [&str; 5] = ["shuttle", "parking", "rest", "groups", "rooms"];

/// Cost of one person in units of 1/3,600,000 fen (so that milli-weights x seconds x fen per hour stay whole).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonCost(pub i64);

impl PersonCost {
    /// Units in a fen.
    pub const PER_FEN: i64 = 3_600_000;

    /// What these people cost, in fen, rounded half up.
    #[must_use]
    pub fn times(self, people: People) -> Fen {
        let exact = i128::from(self.0) * i128::from(people.0);
        #[expect(clippy::cast_possible_truncation, reason = "a day's cost fits 63 bits of fen")]
        Fen(divide_half_up(exact, i128::from(Self::PER_FEN) * 1000) as i64)
    }
    /// In fen, to show and to weigh.
    #[must_use]
    pub fn fen(self) -> f64 {
        self.0 as f64 / Self::PER_FEN as f64
    }
}

/// The whole plan. Its `id` is the hash of all the rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// [`FORMAT`].
    pub format: String,
    /// Hash of the content, see [`Plan::content_id`].
    pub id: String,
    /// The plan in force it was made from, if any.
    pub parent: Option<String>,
    /// The plan the search was started from, if any.
    pub started_from: Option<String>,
    /// Hash of the inputs.
    pub inputs_hash: String,
    /// Seed of the search.
    pub seed: u64,
    /// Iterations done.
    pub iterations: u64,
    /// Chains of the search.
    pub chains: u32,
    /// What was asked for, as `--only` names it: shuttle, parking, rest, groups, rooms. None in plans of versions that did not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Days.
    pub services: Vec<ServiceDays>,
    /// Who wants to travel.
    pub cohorts: Vec<Cohort>,
    /// Stops in use.
    pub stops: Vec<Stop>,
    /// Lines in use.
    pub lines: Vec<Line>,
    /// Departures.
    pub trips: Vec<Trip>,
    /// Vehicles' days.
    pub blocks: Vec<Block>,
    /// Drivers' days.
    pub duties: Vec<Duty>,
    /// Who rides what.
    pub riders: Vec<Rider>,
    /// Who does not, and why.
    pub unserved: Vec<Unserved>,
    /// Rides on request; what they cost and save is theirs, not in `costs` and `evaluation`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_demand: Vec<OnDemand>,
    /// Shared parking.
    pub parking: Parking,
    /// Couriers' rest points.
    pub rest_points: Vec<RestPoint>,
    /// Areas grouped into blocks, parks into committees.
    pub groups: Vec<Group>,
    /// Rooms and who has them.
    pub rooms: Vec<RoomUse>,
    /// Claims that get no room, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub room_refusals: Vec<RoomRefusal>,
    /// What it costs whom.
    pub costs: Costs,
    /// What it is worth.
    pub evaluation: Evaluation,
    /// The same on simulated days; none in plans without a shuttle, or of versions that did not simulate.
    pub simulated: Option<Simulated>,
    /// The proven limit.
    pub bound: Bound,
    /// What is doubtful, in inputs and plan.
    pub findings: Vec<Finding>,
}

/// A service as the plan carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceDays {
    /// Stable id.
    pub id: String,
    /// Weekly pattern in the normal form, or "" when only dates.
    pub days: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Dates added.
    pub added: Vec<Date>,
    /// Dates removed.
    pub removed: Vec<Date>,
}

impl ServiceDays {
    /// The same as calendars know it.
    #[must_use]
    pub fn calendar(&self) -> Service {
        let Self { id, days, from, until, added, removed } = self.clone();
        let week = match Days::parse(&days) {
            Some(Days::Weekly(week)) => week,
            Some(Days::Dates(_)) | None => Week::NONE,
        };
        Service { id, week, from, until, added, removed }
    }
}

/// Is the wished time an arrival or a departure?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeKind {
    /// Be there by then.
    ArriveBy,
    /// Leave after then.
    DepartAfter,
}

/// People with the same origin, destination and wished time; never a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cohort {
    /// Stable: derived from what follows.
    pub id: String,
    /// Site id or "lon lat".
    pub origin: String,
    /// Site id or "lon lat".
    pub destination: String,
    /// Wished time.
    pub time: ServiceTime,
    /// Of arrival or departure.
    pub time_kind: TimeKind,
    /// Service they travel on.
    pub service: String,
    /// Expected people a day of that service.
    pub people: People,
    /// Their firms, expected people each.
    pub firms: BTreeMap<String, People>,
    /// Walk limit at either end.
    pub max_walk_m: Metres,
    /// Longest wait at either end.
    pub max_wait_s: Seconds,
    /// They need a wheelchair place, step-free stops and ways without steps to them.
    pub wheelchair: bool,
    /// What they do without us.
    pub alternative: Alternative,
}

/// What a person of a cohort does without us.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// "walk", "shared_bike", "city_bus" …, or "stranded" where nothing reaches.
    pub mode: String,
    /// Seconds on the way (not weighted).
    pub seconds: Seconds,
    /// Seconds at the end of it: too early, or until the train.
    #[serde(default)]
    pub wait_s: Seconds,
    /// Generalised cost of one person, fen, rounded half up. (The exact figure follows from the rules.)
    pub fen: Fen,
}

/// A stop in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// Stable id: its QR hangs at the kerb for years.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// WGS-84, where people stand.
    pub lon: f64,
    /// WGS-84.
    pub lat: f64,
    /// Way it lies on (the source's id).
    pub way: i64,
    /// Ends of the stretch of road (the source's node ids), in the direction the bus drives past.
    pub between: [i64; 2],
    /// Metres from the first of them.
    pub offset_m: f64,
    /// Kerb.
    pub side: Kerb,
    /// Site it belongs to.
    pub site: Option<String>,
    /// Without steps.
    pub step_free: bool,
}

/// How a line is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Fixed stops and times.
    Shuttle,
    /// Homes to park and back.
    Commute,
    /// On request.
    OnDemand,
}

/// An ordered run of stops in one direction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Stable id.
    pub id: String,
    /// Chinese name, e.g. "1路 延长路站 → 灵石媒体园".
    pub name: String,
    /// English name.
    #[serde(default)]
    pub name_en: String,
    /// Kind.
    pub mode: Mode,
    /// 0 out, 1 back, as in GTFS.
    pub direction: u8,
    /// Stop ids in order.
    pub stops: Vec<String>,
    /// The road it takes: [lon, lat], 6 decimals.
    pub geometry: Vec<[f64; 2]>,
    /// Positions in `geometry` at which the stops lie, one a stop, not descending.
    #[serde(default)]
    pub stop_positions: Vec<u32>,
    /// Length, km, 3 decimals: the sum of its legs' whole metres.
    pub km: f64,
}

/// One departure of a line on a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trip {
    /// Stable id.
    pub id: String,
    /// Service.
    pub service: String,
    /// Line.
    pub line: String,
    /// Block that runs it.
    pub block: String,
    /// One entry a stop of the line, in order.
    pub times: Vec<StopTime>,
    /// People aboard on leaving each stop (0 at the last), thousandths, wheelchair users included.
    pub load: Vec<People>,
}

/// When a trip is at a stop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopTime {
    /// Stop id.
    pub stop: String,
    /// Arrival.
    pub arrive: ServiceTime,
    /// Departure.
    pub depart: ServiceTime,
}

/// What a vehicle or driver does for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// From the depot to the first stop.
    PullOut,
    /// With passengers.
    Trip,
    /// Empty from stop to stop.
    Deadhead,
    /// Standing between trips.
    Layover,
    /// Driver's rest.
    Break,
    /// Charging.
    Charge,
    /// To the depot.
    PullIn,
}

/// A stretch of a block or duty; items follow one another without a gap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// What.
    pub kind: ItemKind,
    /// Stop id, or the depot's site id.
    pub from: String,
    /// Stop id, or the depot's site id.
    pub to: String,
    /// Start.
    pub start: ServiceTime,
    /// End. A trip's item ends when it arrives at its last stop.
    pub end: ServiceTime,
    /// Kilometres driven, 3 decimals.
    pub km: f64,
    /// Trip id, for a trip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trip: Option<String>,
}

/// One vehicle's day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Stable id.
    pub id: String,
    /// Service.
    pub service: String,
    /// Vehicle type id.
    pub vehicle_type: String,
    /// Depot's site id.
    pub depot: String,
    /// Its day.
    pub items: Vec<Item>,
}

/// One driver's day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// Stable id.
    pub id: String,
    /// Service.
    pub service: String,
    /// Block driven.
    #[serde(default)]
    pub block: String,
    /// The driver's day.
    pub items: Vec<Item>,
}

/// A leg of a rider's way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Trip id.
    pub trip: String,
    /// Stop id.
    pub board: String,
    /// Stop id.
    pub alight: String,
}

/// People of one cohort who ride the same way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rider {
    /// Cohort id.
    pub cohort: String,
    /// How many.
    pub people: People,
    /// One leg, or two with a transfer.
    pub legs: Vec<Leg>,
    /// Both ends.
    pub walk_m: Metres,
    /// Both ends.
    pub wait_s: Seconds,
    /// Aboard.
    pub ride_s: Seconds,
    /// The train it meets, if one.
    pub train: Option<ServiceTime>,
}

/// A least change that would serve somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Relaxation {
    /// `walk_m`, `wait_min`, `minutes_earlier`, `minutes_later`, `seat`, `trip`, `fen` …
    pub kind: String,
    /// How much of it.
    pub amount: f64,
    /// The lot that has room then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The time that is left where it is shortened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ServiceTime>,
    /// Its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<ServiceTime>,
}

impl Relaxation {
    /// So much of a kind.
    #[must_use]
    pub fn new(kind: &str, amount: f64) -> Self {
        Self { kind: kind.to_owned(), amount, lot: None, from: None, to: None }
    }
}

/// People of one cohort who do not ride.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unserved {
    /// Cohort id.
    pub cohort: String,
    /// How many.
    pub people: People,
    /// Code, a key of the phrase files `reason-…`: `no-stop-in-reach`, `alternative-is-better`, `no-trip-at-that-time`, `full`,
    /// `no-wheelchair-place`, `no-line`, `no-train`, `ride-too-long`.
    pub reason: String,
    /// What would change it.
    pub relaxations: Vec<Relaxation>,
}

/// Shared parking.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Parking {
    /// Granted.
    pub permits: Vec<Permit>,
    /// Not granted.
    pub refused: Vec<Refusal>,
    /// Bays used through the week, lot by lot from Monday on, then on dates unlike their weekday.
    pub occupancy: Vec<Occupancy>,
    /// The promise to owners.
    pub displacement: Vec<Displacement>,
    /// How each area fares; areas ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<AreaParking>,
    /// What parties that share their own bays gain by it; names ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exchange: Vec<PartyParking>,
    /// Proven limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<ParkingBound>,
}

/// No allotment with which the owners' promise and the floors are kept is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParkingBound {
    /// Most that can be served.
    pub served: u32,
    /// Least walking of all, where as many are served as here.
    pub walk_m: Metres,
}

/// Bays for an area's requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaParking {
    /// Area id.
    pub area: String,
    /// Requests.
    pub requests: u32,
    /// Of them with a bay.
    pub served: u32,
    /// So many were to be served before anything else but the owners counts.
    pub floor: u32,
}

/// Bays for a party's requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyParking {
    /// The party: owner of lots marked for exchange.
    pub party: String,
    /// Its requests.
    pub requests: u32,
    /// Served with its own bays alone.
    pub alone: u32,
    /// Their walks in all.
    pub alone_walk_m: Metres,
    /// Served with everybody's.
    pub together: u32,
    /// Their walks in all.
    pub together_walk_m: Metres,
}

/// A bay for somebody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Permit {
    /// Request id.
    pub request: String,
    /// Lot id.
    pub lot: String,
    /// Days it starts, normal form.
    pub days: String,
    /// From.
    pub from: ServiceTime,
    /// To; past 24:00 when it ends the next day.
    pub to: ServiceTime,
    /// From home to the bay.
    pub walk_m: Metres,
}

/// No bay, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refusal {
    /// Request id.
    pub request: String,
    /// Code, key of the phrase files `reason-parking-…`.
    pub reason: String,
    /// Place in the queue for a lot that would do but is full, 1 first; the best among its lots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// What would change it: each alone, and the least of it.
    pub relaxations: Vec<Relaxation>,
}

/// Use of a lot on a weekday or a date.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Occupancy {
    /// Lot id.
    pub lot: String,
    /// "Mon" … of the typical week, without what single dates bring; "2026-12-24": a date unlike its weekday, all that is there then.
    pub day: String,
    /// [time of day in seconds, bays used from then, bays released to us from then].
    pub changes: Vec<(ServiceTime, u32, u32)>,
}

/// How likely a returning owner finds no bay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Displacement {
    /// Lot id.
    pub lot: String,
    /// Estimate, 0 to 1, per lot-day.
    pub probability: f64,
    /// Its 99 % upper limit.
    pub upper_99: f64,
    /// Bays that owners leave free until the late cars are gone; without them the promise does not hold.
    #[serde(default)]
    pub reserve: u32,
}

/// A place where couriers can rest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestPoint {
    /// Site id.
    pub site: String,
    /// Courier-hours a day within reach.
    pub people: f64,
}

/// Areas or parks that belong together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Stable id.
    pub id: String,
    /// "block" of areas or "committee" of parks.
    pub kind: String,
    /// Ids.
    pub members: Vec<String>,
    /// Sum of their people.
    pub people: People,
    /// What a joint shuttle of a committee's parks is worth beyond each one's own, fen a day, by [`Joint::saving`]; `None` where it was not
    /// worked out, of one park alone and of blocks.
    #[serde(default)]
    pub saving_fen: Option<Fen>,
}

/// A room granted to a claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoomUse {
    /// Room id.
    pub room: String,
    /// Claim id.
    pub claim: String,
    /// Days, normal form.
    pub days: String,
    /// From.
    pub from: ServiceTime,
    /// To.
    pub to: ServiceTime,
}

/// What it costs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// Running cost of a mean day (services weighted), = `evaluation.terms.running_fen`.
    pub total_fen: Fen,
    /// By block, on a day it runs.
    pub by_block: Vec<BlockCost>,
    /// Who pays what of `total_fen`; they sum to it exactly.
    pub shares: Vec<Share>,
    /// What the shares are made of where several parks pay: what each gains together and apart. `None`: shares are by boardings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joint: Option<Joint>,
}

/// Cost of a vehicle's day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockCost {
    /// Block id.
    pub block: String,
    /// Fen on a day it runs.
    pub fen: Fen,
    /// Hours away from the depot.
    pub hours: f64,
    /// Kilometres, loaded and empty.
    pub km: f64,
}

/// Somebody's part of the cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Park (site id), if it is one's.
    pub site: Option<String>,
    /// Firm, if it is one's.
    pub firm: Option<String>,
    /// Fen on a mean day.
    pub fen: Fen,
    /// `by-boardings`: in proportion to expected boardings, largest remainders. `shapley`, `shapley-sampled`: by what each gains together
    /// ([`Joint`]), in a park by boardings.
    pub method: String,
}

/// What it is worth, on a mean day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// People who ride, services weighted.
    pub served: f64,
    /// Means over those who ride: weighted seconds.
    pub generalised_s_mean: f64,
    /// Walk, metres.
    pub walk_m_mean: f64,
    /// Wait, seconds.
    pub wait_s_mean: f64,
    /// Ride, seconds.
    pub ride_s_mean: f64,
    /// Mean over trips of (largest load / seats).
    pub load_factor_mean: f64,
    /// Id of the cohort with the highest cost a person among those who ride.
    pub worst_cohort: Option<String>,
    /// The objective's parts.
    pub terms: Terms,
    /// Their sum.
    pub objective: Fen,
    /// Objective of doing nothing: everybody at the alternative.
    pub nothing: Fen,
}

/// Parts of the objective, fen a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Generalised cost of all people, riding or not.
    pub people_fen: Fen,
    /// Vehicles.
    pub running_fen: Fen,
    /// Lines and stops in use.
    pub upkeep_fen: Fen,
    /// Price of changes against the plan in force.
    pub changes_fen: Fen,
}

/// What random days come to (`planning::simulation`), services weighted by their days in force.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// Days simulated.
    pub days: u32,
    /// Seed of the days.
    pub seed: u64,
    /// People who really rode, a day.
    pub served: Estimate<f64>,
    /// Weighted seconds of one who rode, lateness included.
    pub generalised_s_mean: Estimate<f64>,
    /// People who stood at a stop when a full vehicle left, a day; each counted once.
    pub left_behind: Estimate<f64>,
    /// People brought to their station after the train they were promised, a day.
    pub missed_trains: Estimate<f64>,
    /// Fen a day.
    pub objective: Estimate<Fen>,
    /// What doing nothing costs on the same days, less the objective, fen a day: below 0 where the plan costs more than it brings. `None` in
    /// plans of an older version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saving: Option<Estimate<Fen>>,
    /// Trips on which it often goes wrong, in the plan's order.
    #[serde(default)]
    pub trips: Vec<TripRisk>,
}

/// A mean over simulated days, and limits: the means over 10,000 fresh days lie between all of a plan's limits at once nine times in ten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate<T> {
    /// Best estimate.
    pub mean: T,
    /// Lower limit.
    pub low: T,
    /// Upper limit.
    pub high: T,
}

/// How often a trip is too full or late.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TripRisk {
    /// Trip id.
    pub trip: String,
    /// Share of its days on which somebody was left behind.
    pub full: f64,
    /// Share of its days on which it reached its last stop more than five minutes late.
    pub late: f64,
}

/// A limit no plan can beat.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// Fen a day.
    pub objective: Fen,
    /// (objective - bound) / (nothing - bound): share of the possible benefit that is missed; 0 when nothing pays.
    pub gap: f64,
    /// How it was proven, e.g. `best-conceivable-trip`.
    pub method: String,
}

impl Plan {
    /// The id this content has: the first 16 hex digits of SHA-256 over the JSON without `id`.
    #[must_use]
    pub fn content_id(&self) -> String {
        let mut bare = self.clone();
        bare.id = String::new();
        let bytes = serde_json::to_vec(&bare).unwrap_or_default();
        Sha256::digest(&bytes).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Does it say that this part, as `--only` names it, was asked for? Plans of older versions say nothing.
    #[must_use]
    pub fn says_it_plans(&self, part: &str) -> bool {
        self.parts.iter().any(|asked| asked == part)
    }

    /// Has it rows of this part?
    #[must_use]
    pub fn holds(&self, part: &str) -> bool {
        let parking = &self.parking;
        match part {
            "shuttle" => {
                !(self.cohorts.is_empty()
                    && self.stops.is_empty()
                    && self.lines.is_empty()
                    && self.trips.is_empty()
                    && self.blocks.is_empty()
                    && self.duties.is_empty()
                    && self.riders.is_empty()
                    && self.unserved.is_empty()
                    && self.on_demand.is_empty())
            }
            "parking" => {
                !(parking.permits.is_empty()
                    && parking.refused.is_empty()
                    && parking.occupancy.is_empty()
                    && parking.displacement.is_empty())
            }
            "rest" => !self.rest_points.is_empty(),
            "groups" => !self.groups.is_empty(),
            "rooms" => !(self.rooms.is_empty() && self.room_refusals.is_empty()),
            _ => false,
        }
    }

    /// The same plan with its id set from its content.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.id = self.content_id();
        self
    }

    /// `plan.json`: readable, the same bytes for the same plan.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads `plan.json`.
    ///
    /// # Errors
    /// Not JSON, or not of this format.
    pub fn from_json(bytes: &[u8]) -> Result<Self, PlanError> {
        let plan: Self = serde_json::from_slice(bytes).map_err(|e| PlanError::Unreadable {
            line: e.line(),
            column: e.column(),
            reason: e.to_string(),
        })?;
        if plan.format != FORMAT {
            return Err(PlanError::Format { found: plan.format });
        }
        Ok(plan)
    }
}

/// Why a plan could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Not JSON of this shape.
    #[error(
        "plan.json cannot be read at line {line}, column {column}: {reason}; make the plan again or use the file as `plan` wrote it"
    )]
    Unreadable {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What the parser says.
        reason: String,
    },
    /// Another format.
    #[error("this plan is of format {found:?}, this program reads {FORMAT:?}")]
    Format {
        /// What it says it is.
        found: String,
    },
}
