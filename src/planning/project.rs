//! The project: what intake made of a folder, checked once, in the planner's units.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::plan::{Plan, TimeKind};
use crate::domain::calendar::{Days, Holidays, Period, Service, Week, Window};
use crate::domain::coordinates::Point;
use crate::domain::finding::Finding;
use crate::domain::site::{Kerb, Site, SiteKind};
use crate::domain::units::{Fen, Metres, People, Seconds, ServiceTime};
use crate::network::Speeds;
use crate::network::profile::{Band, Rules, TurnCosts};
use crate::network::roads::Roads;

/// Everything a plan is made from.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// Short name, used for file names.
    pub name: String,
    /// Chinese name.
    pub name_zh: Option<String>,
    /// IANA name; times are local to it.
    pub timezone: String,
    /// SHA-256 (hex, 16 digits) over all the input files.
    pub inputs_hash: String,
    /// Sets of days; at least one where a shuttle is planned.
    pub services: Vec<Service>,
    /// Days off and swapped days.
    pub holidays: Holidays,
    /// When shuttles may run, ascending, not overlapping.
    pub periods: Vec<Period>,
    /// Limits and weights.
    pub policy: Policy,
    /// Seconds a bus loses at junctions.
    pub turns: TurnCosts,
    /// The bus the roads were read for.
    pub bus: Rules,
    /// Money.
    pub budget: Budget,
    /// What people do without us.
    pub alternatives: Vec<AlternativeMode>,
    /// Rides on request; looked at where the modes say so.
    pub on_demand: Vec<RideOffer>,
    /// Price of what has to be read and kept up.
    pub upkeep: Upkeep,
    /// Price of changes.
    pub changes: ChangePrices,
    /// At most so many changes against the plan in force; `None`: as many as pay.
    pub max_changes: Option<u32>,
    /// Permits of the plan in force stay where they are: cancellations and late requests are fitted in around them.
    pub keep_permits: bool,
    /// Where it is published.
    pub publication: Publication,
    /// How long to search.
    pub solve: SolveDefaults,
    /// Named places; ids unique, parents exist.
    pub sites: Vec<Site>,
    /// Employers.
    pub firms: Vec<Firm>,
    /// Candidate stops; empty: found along the roads.
    pub stops: Vec<CandidateStop>,
    /// Survey journeys that can be planned with.
    pub journeys: Vec<Journey>,
    /// Vehicle types.
    pub fleet: Vec<VehicleType>,
    /// Trains.
    pub trains: Vec<TrainTimes>,
    /// What was observed.
    pub boardings: Vec<Boarding>,
    /// Shared car parks.
    pub lots: Vec<Lot>,
    /// Who wants a bay.
    pub requests: Vec<ParkingRequest>,
    /// When cars really left.
    pub parking_history: Vec<Departure>,
    /// What was lent and asked for on dates that are over.
    pub past: Past,
    /// Rooms to share.
    pub rooms: Vec<Room>,
    /// Who wants a room.
    pub claims: Vec<Claim>,
    /// Couriers by place and hour.
    pub couriers: Vec<CourierCount>,
    /// Residential areas with outlines.
    pub areas: Vec<Area>,
    /// Roads and paths.
    pub roads: Arc<Roads>,
    /// The plan in force today.
    pub in_force: Option<Arc<Plan>>,
    /// What intake found doubtful.
    pub findings: Vec<Finding>,
}

/// Who decides who rides what?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seating {
    /// Each person takes the cheapest trip that still has a seat.
    #[default]
    Chosen,
    /// Seats are booked: people are given the seats with which all together fare best, never worse than their alternative.
    Assigned,
}

/// Which kinds of lines are planned; at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    /// Fixed lines between stations, parks and wherever people travel.
    pub shuttle: bool,
    /// Buses that collect people near their homes, bring them to a park, and take them home again.
    pub commute: bool,
    /// Rides on request, as `Project::on_demand` says.
    pub on_demand: bool,
}

impl Default for Modes {
    /// Shuttles.
    fn default() -> Self {
        Self { shuttle: true, commute: false, on_demand: false }
    }
}

/// Rides on request, as project.toml wants them offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RideOffer {
    /// Stable id.
    pub id: String,
    /// Chinese name.
    pub name: Option<String>,
    /// English name.
    pub name_en: Option<String>,
    /// Services; all where none is named.
    pub services: Vec<String>,
    /// Vehicles leave their depot from …
    pub from: ServiceTime,
    /// … and are back by.
    pub until: ServiceTime,
    /// Stops it may serve, by id; all where none is named.
    pub stops: Vec<String>,
    /// Most stops it serves.
    pub max_stops: u32,
    /// Type of vehicle; the cheapest that is free where none is named.
    pub vehicle_type: Option<String>,
    /// Most vehicles.
    pub vehicles: u32,
    /// Width of the pick-up window. 10 min: riders of on-demand feeders are told a quarter of an hour or less.
    pub window: Seconds,
    /// Longest wait; the policy's where nothing is said.
    pub max_wait: Seconds,
    /// Longest ride in percent of the direct one. 150 and 5 min more: the usual limit of dial-a-ride (Jaw et al. 1986 use such a line).
    pub ride_percent: u32,
    /// And so much more.
    pub ride_slack: Seconds,
    /// But no longer; the policy's where nothing is said.
    pub max_ride: Seconds,
    /// Asked so long before setting out at the latest.
    pub notice: Seconds,
}

impl RideOffer {
    /// The services it is offered on, by position, and the id it has on each: its own where it is one.
    #[must_use]
    pub fn on(&self, services: &[Service]) -> Vec<(usize, String)> {
        let named = |id: &String| self.services.is_empty() || self.services.contains(id);
        let on: Vec<usize> = (0..services.len()).filter(|&at| named(&services[at].id)).collect();
        let id = |at: usize| if on.len() == 1 { self.id.clone() } else { format!("{}-{}", self.id, services[at].id) };
        on.iter().map(|&at| (at, id(at))).collect()
    }

    /// The usual one, under a policy: between the peaks.
    #[must_use]
    pub fn usual(id: &str, policy: &Policy) -> Self {
        Self {
            id: id.to_owned(),
            name: None,
            name_en: None,
            services: Vec::new(),
            from: ServiceTime::hm(9, 30),
            until: ServiceTime::hm(16, 30),
            stops: Vec::new(),
            max_stops: 40,
            vehicle_type: None,
            vehicles: 2,
            window: Seconds(600),
            max_wait: policy.max_wait,
            ride_percent: 150,
            ride_slack: Seconds(300),
            max_ride: policy.max_ride,
            notice: Seconds(600),
        }
    }
}

/// Limits and weights; each default with its source.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// CNY 40/h in fen: about half of Shanghai's mean hourly wage of 2025, the usual share for commuting time.
    pub value_of_time_per_h: Fen,
    /// Walk limit, metres: 500 m, the usual catchment of a bus stop (GB 50220-95).
    pub max_walk: Metres,
    /// Metres a second x 1000: 1.2 m/s (Highway Capacity Manual).
    pub walk_mm_per_s: u32,
    /// Slow walkers and wheelchairs: 0.9 m/s.
    pub slow_walk_mm_per_s: u32,
    /// Weight of walking x 1000: 2 (Wardman 2004).
    pub weight_walk: u32,
    /// Weight of waiting x 1000: 2 (Wardman 2004).
    pub weight_wait: u32,
    /// Weight of riding x 1000: 1.
    pub weight_ride: u32,
    /// Longest wait at either end unless the answer says less: 30 min.
    pub max_wait: Seconds,
    /// Longest ride: 30 min.
    pub max_ride: Seconds,
    /// Platform to street, 3 min.
    pub transfer: Seconds,
    /// People are at a stop so long before their shuttle leaves, to be sure of it: 2 min, twice the deviation with which they come
    /// (who rides a service that keeps to its times comes ahead by about what they deviate: Bowman & Turnquist 1981).
    pub ahead: Seconds,
    /// The same of people who come from a train, which leaves them less room to deviate: 1 min.
    pub change: Seconds,
    /// At stops between: 25 s = 5 s + 2.75 s x 7 boardings (Levinson 1983), rounded up.
    pub dwell: Seconds,
    /// At the end of a trip: 3 min.
    pub layover: Seconds,
    /// Longest line in stops.
    pub max_stops: u32,
    /// Who decides who rides what.
    pub seating: Seating,
    /// Which kinds of lines are planned.
    pub modes: Modes,
    /// Share of the seats planned with, x 1000: 850.
    pub design_load: u32,
    /// Speed in the peaks / free flow, x 1000: 650.
    pub peak_speed: u32,
    /// Morning peak [from, to).
    pub am_peak: (ServiceTime, ServiceTime),
    /// Evening peak [from, to).
    pub pm_peak: (ServiceTime, ServiceTime),
    /// Driving without a rest, at most: 4 h.
    pub max_driving: Seconds,
    /// The rest then: 20 min.
    pub break_length: Seconds,
    /// Driving a day, at most: 8 h.
    pub max_driving_day: Seconds,
    /// Fare of a ride: 0.
    pub fare: Fen,
    /// Cost of a person whom nothing reaches: CNY 60, a taxi.
    pub stranded: Fen,
    /// Publish nothing about fewer people: 5.
    pub k_anonymity: u32,
    /// Parking: overstay grace, 30 min.
    pub overstay_grace: Seconds,
    /// Parking: share of an area's requests (of those any lot could take) that is served first, x 1000: 250.
    pub area_floor: u32,
    /// Farthest a stop may be from a road, metres: 60.
    pub max_snap: Metres,
    /// Farthest a place may be from a path (walked), a depot from a road, metres: 500, the middle of a large block.
    pub max_foothold: Metres,
}

impl Policy {
    /// Share of the seats planned with, thousandths: [`Policy::design_load`] where people come as they like, all where seats are booked.
    #[must_use]
    pub fn planned_load(&self) -> u32 {
        match self.seating {
            Seating::Chosen => self.design_load.min(1000),
            Seating::Assigned => 1000,
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            value_of_time_per_h: Fen(4000),
            max_walk: Metres(500),
            walk_mm_per_s: 1200,
            slow_walk_mm_per_s: 900,
            weight_walk: 2000,
            weight_wait: 2000,
            weight_ride: 1000,
            max_wait: Seconds(1800),
            max_ride: Seconds(1800),
            transfer: Seconds(180),
            ahead: Seconds(120),
            change: Seconds(60),
            dwell: Seconds(25),
            layover: Seconds(180),
            max_stops: 5,
            seating: Seating::Chosen,
            modes: Modes::default(),
            design_load: 850,
            peak_speed: 650,
            am_peak: (ServiceTime::hm(7, 0), ServiceTime::hm(9, 30)),
            pm_peak: (ServiceTime::hm(17, 0), ServiceTime::hm(19, 30)),
            max_driving: Seconds(4 * 3600),
            break_length: Seconds(20 * 60),
            max_driving_day: Seconds(8 * 3600),
            fare: Fen(0),
            stranded: Fen(6000),
            k_anonymity: 5,
            overstay_grace: Seconds(1800),
            area_floor: 250,
            max_snap: Metres(60),
            max_foothold: Metres(500),
        }
    }
}

/// Hard limits on running cost; `None`: no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Running cost of each service's day.
    pub per_day: Option<Fen>,
    /// Running cost of each calendar month.
    pub per_month: Option<Fen>,
}

/// A way to travel without us.
#[derive(Clone, Debug, PartialEq)]
pub struct AlternativeMode {
    /// "walk", "shared_bike", "city_bus" …
    pub mode: String,
    /// Speed x 1000, metres a second.
    pub mm_per_s: u32,
    /// Seconds before and after.
    pub fixed: Seconds,
    /// Fare.
    pub price: Fen,
    /// No farther than this.
    pub max_m: Option<Metres>,
    /// Weight of its seconds x 1000 (walking: the weight of walking; others 1000 unless given).
    pub weight: u32,
    /// Does it take people in wheelchairs? Those it does not take go another way.
    pub wheelchair: bool,
}

/// Price of each line and stop in use, fen a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upkeep {
    /// A line (one direction).
    pub per_line: Fen,
    /// A stop.
    pub per_stop: Fen,
    /// At most so many lines.
    pub max_lines: Option<u32>,
}

impl Default for Upkeep {
    /// CNY 40 a line, 5 a stop, six lines: signs and their care, and a board that can be read.
    fn default() -> Self {
        Self { per_line: Fen(4000), per_stop: Fen(500), max_lines: Some(6) }
    }
}

/// Prices of changes against the plan in force, fen a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePrices {
    /// A stop moved, opened or closed.
    pub per_stop_moved: Fen,
    /// A minute a departure shifts.
    pub per_minute_shifted: Fen,
    /// A person who takes another trip than today, or none.
    pub per_person_reassigned: Fen,
}

impl Default for ChangePrices {
    fn default() -> Self {
        Self { per_stop_moved: Fen(20_000), per_minute_shifted: Fen(200), per_person_reassigned: Fen(500) }
    }
}

/// Where and by whom it is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// Where the pages are; QR codes need it.
    pub base_url: Option<String>,
    /// Who runs it.
    pub agency: Option<String>,
}

/// How long to search when the command line does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SolveDefaults {
    /// Seconds.
    pub seconds: u32,
    /// Chains.
    pub chains: u32,
}

impl Default for SolveDefaults {
    fn default() -> Self {
        Self { seconds: 5, chains: 2 }
    }
}

/// An employer.
#[derive(Clone, Debug, PartialEq)]
pub struct Firm {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its park's site id.
    pub site: String,
    /// People who work there.
    pub people: People,
}

/// A place where a shuttle could stop.
#[derive(Clone, Debug, PartialEq)]
pub struct CandidateStop {
    /// Stable id.
    pub id: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: Option<String>,
    /// Where people stand.
    pub point: Point,
    /// Site it belongs to.
    pub site: Option<String>,
    /// Which kerb.
    pub kerb: Kerb,
    /// Without steps.
    pub step_free: bool,
}

/// One surveyed journey, after honesty checks. The person is gone; `response` only ties the way in to the way back.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// Number of the answer (dense, not the file's id).
    pub response: u32,
    /// Firm id.
    pub firm: Option<String>,
    /// Where from.
    pub origin: Place,
    /// Where to.
    pub destination: Place,
    /// Wished time.
    pub time: ServiceTime,
    /// Of arrival or departure.
    pub time_kind: TimeKind,
    /// On which days.
    pub days: Days,
    /// Own walk limit.
    pub max_walk: Option<Metres>,
    /// Own wait limit.
    pub max_wait: Option<Seconds>,
    /// Probability of riding, thousandths.
    pub use_milli: u32,
    /// Rides only if both ways run.
    pub both_ways: bool,
    /// People this answer stands for, thousandths.
    pub weight: People,
    /// How they travel today.
    pub now: Option<String>,
    /// Needs a wheelchair place.
    pub wheelchair: bool,
}

/// A site, or a point.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// Site id.
    Site(String),
    /// Anywhere.
    Point(Point),
}

/// A kind of vehicle and how many there are.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleType {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Seats.
    pub seats: u32,
    /// Wheelchair places.
    pub wheelchair_places: u32,
    /// How many.
    pub count: u32,
    /// Hire of a used vehicle.
    pub cost_per_day: Fen,
    /// Hours in the hire.
    pub included: Seconds,
    /// Metres in the hire.
    pub included_m: Metres,
    /// Beyond them.
    pub cost_per_extra_hour: Fen,
    /// Beyond them.
    pub cost_per_extra_km: Fen,
    /// Depot's site id.
    pub depot: String,
    /// Leaves the depot no earlier.
    pub from: ServiceTime,
    /// Back no later.
    pub to: ServiceTime,
    /// Battery, kWh, if electric.
    pub battery_kwh: Option<f64>,
    /// Use.
    pub kwh_per_km: Option<f64>,
    /// Charging power.
    pub charge_kw: Option<f64>,
}

/// Trains of one line and direction at a station.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainTimes {
    /// Station's site id.
    pub station: String,
    /// Metro line.
    pub line: String,
    /// Direction, as written.
    pub direction: String,
    /// Days.
    pub days: Days,
    /// Times, ascending (headways already expanded: from, from + headway, … up to and including `to`).
    pub times: Vec<ServiceTime>,
    /// Platform to street instead of the policy's transfer.
    pub platform_walk: Option<Seconds>,
}

/// Observed boardings.
#[derive(Clone, Debug, PartialEq)]
pub struct Boarding {
    /// Date.
    pub date: jiff::civil::Date,
    /// Trip id, if given.
    pub trip: Option<String>,
    /// Line id and departure, if given instead.
    pub departure: Option<(String, ServiceTime)>,
    /// Stop id.
    pub stop: String,
    /// Got on.
    pub on: u32,
    /// Got off.
    pub off: u32,
}

/// A car park that lends bays.
#[derive(Clone, Debug, PartialEq)]
pub struct Lot {
    /// Stable id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Where.
    pub point: Point,
    /// Gate for cars and walkers, if apart.
    pub gate: Option<Point>,
    /// Owner.
    pub owner: String,
    /// Bays lent, all kinds.
    pub bays: u32,
    /// Of them accessible.
    pub accessible_bays: u32,
    /// Of them with a charger.
    pub charging_bays: u32,
    /// When they are lent.
    pub windows: Vec<Window>,
    /// Price of a night, fen.
    pub price: Fen,
    /// When owners come back: time of day and share (sums to 1), ascending; may be empty.
    pub owner_return: Vec<(ServiceTime, f64)>,
    /// Probability a lot-day may displace an owner, 0 to 1: 0.01.
    pub displace_max: f64,
    /// Its owner's requests may use it at any time, others while it is lent.
    pub exchange: bool,
}

/// Somebody wants a bay.
#[derive(Clone, Debug, PartialEq)]
pub struct ParkingRequest {
    /// Request id.
    pub id: String,
    /// Home.
    pub home: Place,
    /// Residential area.
    pub area: Option<String>,
    /// Who asks: the owner of lots marked for exchange, where it is one of theirs.
    pub party: Option<String>,
    /// When.
    pub window: Window,
    /// Farthest walk.
    pub max_walk: Metres,
    /// Highest price of a night.
    pub max_price: Option<Fen>,
    /// Needs an accessible bay.
    pub accessible: bool,
    /// Needs a charger.
    pub charging: bool,
    /// Lot held now.
    pub current_lot: Option<String>,
    /// Since when waiting.
    pub since: Option<jiff::civil::Date>,
}

/// When a car really left.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// Lot id.
    pub lot: String,
    /// Day it was parked.
    pub date: jiff::civil::Date,
    /// Request id.
    pub request: String,
    /// When it left, service time of that day.
    pub left: ServiceTime,
}

/// What dates that are over have been lent and asked for. Nothing is planned for them; records of departures are read by them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Windows of dates in which bays were lent, by lot.
    pub lent: BTreeMap<String, Vec<Window>>,
    /// Windows of dates for which a bay was asked for, by request.
    pub asked: BTreeMap<String, Vec<Window>>,
}

/// A room to share.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// Stable id.
    pub id: String,
    /// Where.
    pub site: String,
    /// "reading", "nursing", "meeting" …
    pub kind: String,
    /// Seats.
    pub seats: u32,
    /// Open.
    pub window: Window,
    /// Who may; as written.
    pub who: String,
}

/// Somebody wants a room.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Stable id.
    pub id: String,
    /// Room id, or a kind.
    pub room: String,
    /// When.
    pub window: Window,
    /// How many.
    pub people: u32,
    /// Group.
    pub group: String,
}

/// Couriers counted at a place in an hour.
#[derive(Clone, Debug, PartialEq)]
pub struct CourierCount {
    /// Where.
    pub point: Point,
    /// Hour of the day, 0..=23.
    pub hour: u32,
    /// How many.
    pub people: u32,
}

/// A residential area.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Site id or own id.
    pub id: String,
    /// Name.
    pub name: String,
    /// People.
    pub people: People,
    /// Households.
    pub households: u32,
    /// Outline, WGS-84.
    pub outline: geo::MultiPolygon<f64>,
}

impl Project {
    /// What the network is frozen for: free flow, the peaks' share of it, and junctions.
    #[must_use]
    pub fn speeds(&self) -> Speeds {
        Speeds { factor: [1000, self.policy.peak_speed, self.policy.peak_speed], turns: self.turns }
    }

    /// A site by its id.
    #[must_use]
    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.iter().find(|site| site.id == id)
    }

    /// Where a place is entered on foot: its gates or exits, or itself (see the rules in [`super::plan`]).
    #[must_use]
    pub fn access_points(&self, place: &Place) -> Vec<Point> {
        match place {
            Place::Point(point) => vec![*point],
            Place::Site(id) => {
                let children: Vec<Point> = self
                    .sites
                    .iter()
                    .filter(|site| {
                        site.parent.as_ref() == Some(id) && matches!(site.kind, SiteKind::Gate | SiteKind::Exit)
                    })
                    .map(|site| site.point)
                    .collect();
                if children.is_empty() { self.site(id).map(|site| site.point).into_iter().collect() } else { children }
            }
        }
    }

    /// The station a place is (or is an exit of).
    #[must_use]
    pub fn station_of(&self, place: &Place) -> Option<&Site> {
        let Place::Site(id) = place else { return None };
        let site = self.site(id)?;
        match site.kind {
            SiteKind::Station => Some(site),
            SiteKind::Exit => site.parent.as_deref().and_then(|parent| self.site(parent)),
            _ => None,
        }
    }

    /// Platform to street at a place; zero where there is no train.
    #[must_use]
    pub fn transfer(&self, place: &Place) -> Seconds {
        self.station_of(place).map_or(Seconds::ZERO, |station| {
            self.trains
                .iter()
                .filter(|trains| trains.station == station.id)
                .find_map(|trains| trains.platform_walk)
                .unwrap_or(self.policy.transfer)
        })
    }

    /// Trains at a place that go on every day of a service's week, ascending, without doubles; empty where there are none.
    #[must_use]
    pub fn trains_at(&self, place: &Place, service: &Service) -> Vec<ServiceTime> {
        let Some(station) = self.station_of(place) else { return Vec::new() };
        let days = service_week(service);
        let mut runs: BTreeMap<ServiceTime, Week> = BTreeMap::new();
        for trains in self.trains.iter().filter(|trains| trains.station == station.id) {
            let week = trains.days.week();
            for time in &trains.times {
                let known = runs.entry(*time).or_default();
                *known = known.or(week);
            }
        }
        runs.into_iter().filter(|(_, week)| week.contains(days)).map(|(time, _)| time).collect()
    }

    /// Days in force of each service and their sum: the weights of the objective.
    #[must_use]
    pub fn service_days(&self) -> (Vec<u32>, u32) {
        let days: Vec<u32> =
            self.services.iter().map(|service| u32::try_from(service.dates().count()).unwrap_or(u32::MAX)).collect();
        let sum = days.iter().sum();
        (days, sum)
    }

    /// Children of a site by kind, e.g. the parks; in file order.
    pub fn sites_of(&self, kind: SiteKind) -> impl Iterator<Item = &Site> {
        self.sites.iter().filter(move |site| site.kind == kind)
    }

    /// Firms by id.
    #[must_use]
    pub fn firms_by_id(&self) -> BTreeMap<&str, &Firm> {
        self.firms.iter().map(|firm| (firm.id.as_str(), firm)).collect()
    }
}

/// The weekdays a service runs on; of one with dates only, those they fall on.
#[must_use]
pub fn service_week(service: &Service) -> Week {
    if service.week == Week::NONE { Days::Dates(service.added.clone()).week() } else { service.week }
}

impl std::fmt::Display for Place {
    /// As cohorts write it: the site's id, or "lon lat" with 4 decimals.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Site(id) => f.write_str(id),
            Self::Point(point) => write!(f, "{:.4} {:.4}", point.lon, point.lat),
        }
    }
}

impl Place {
    /// Reads what [`Place`]'s Display writes: a known site's id, or "lon lat".
    #[must_use]
    pub fn parse(text: &str, project: &Project) -> Option<Self> {
        if project.site(text).is_some() {
            return Some(Self::Site(text.to_owned()));
        }
        let (lon, lat) = text.split_once(' ')?;
        Some(Self::Point(Point { lon: lon.parse().ok()?, lat: lat.parse().ok()? }))
    }
}

impl Policy {
    /// The band of a moment.
    #[must_use]
    pub fn band_at(&self, time: ServiceTime) -> Band {
        let within = |(from, to): (ServiceTime, ServiceTime)| time >= from && time < to;
        if within(self.am_peak) {
            Band::Am
        } else if within(self.pm_peak) {
            Band::Pm
        } else {
            Band::Free
        }
    }

    /// The next moment after this one at which the band may be another.
    #[must_use]
    pub fn band_change_after(&self, time: ServiceTime) -> Option<ServiceTime> {
        let ends = [self.am_peak.0, self.am_peak.1, self.pm_peak.0, self.pm_peak.1];
        ends.into_iter().filter(|end| *end > time).min()
    }
}
