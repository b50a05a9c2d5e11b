//! How much days differ: who comes, when, how long roads take. Each figure with its source; none was fitted to this project.
//!
//! **Who comes.** A cohort's people are expected persons. A day's number is Poisson around them, times a factor that all cohorts
//! of the day share ([`Spreads::demand_day`]). Were it known how many people stand behind a cohort and how often each comes, the
//! number would be binomial, with a smaller variance; a plan does not hold that (answers can be purged). Poisson is the limit from
//! above: it errs towards people left behind.
//!
//! **When.** People keep to the timetable. Who must arrive by a time comes to the stop so long before the shuttle as the project says
//! (`ahead`), and from a train takes one that leaves time to spare (`change`). Who leaves after a time goes straight to the stop. How
//! long people take to get away is an assumption, and the one that matters most: a timetable that leaves on the second loses half of
//! them, one with two minutes to spare a tenth. Who goes without us sets out as they do (from a train as late as it, from work when
//! they get away) and then takes exactly as long as expected; the train they meant to reach may be gone.
//!
//! **Roads.** A leg's time is the plan's (speeds of its band are in it) times a factor of the day times one of the leg, both
//! lognormal with mean 1: simulated roads are as fast as planned on the mean.

/// The spreads of random days; relative ones as coefficients of variation, times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spreads {
    /// Whole persons, as many as chance has it; otherwise exactly the expected people, fractions and all.
    pub chance: bool,
    /// Of the day's factor on all demand: 0.10. Weather alone moves bus ridership by several per cent (Stover & McCormack
    /// 2012), seasons and events by as much again.
    pub demand_day: f64,
    /// Of the day's factor on all driving: 0.08.
    pub road_day: f64,
    /// Of each leg's factor: 0.15. Bus times between stops are lognormal with a variation of 0.1 to 0.2 in all (Kieu, Bhaskar & Chung
    /// 2015); day and leg together are 0.17.
    pub road_leg: f64,
    /// Deviation of coming from work or home after a wished time: 1.5 min, of those who know that a shuttle goes.
    pub ready_s: f64,
    /// Deviation of coming to the stop: 1 min.
    pub coming_s: f64,
    /// Deviation of coming from the platform, the train's lateness in it: 30 s.
    pub changing_s: f64,
}

impl Default for Spreads {
    fn default() -> Self {
        Self {
            chance: true,
            demand_day: 0.10,
            road_day: 0.08,
            road_leg: 0.15,
            ready_s: 90.0,
            coming_s: 60.0,
            changing_s: 30.0,
        }
    }
}

impl Spreads {
    /// Every day is the promised one.
    pub const NONE: Self = Self {
        chance: false,
        demand_day: 0.0,
        road_day: 0.0,
        road_leg: 0.0,
        ready_s: 0.0,
        coming_s: 0.0,
        changing_s: 0.0,
    };
}

/// Opening and closing of doors, and each person on or off: 5 s + 2.75 s (Levinson 1983). Milliseconds.
pub(super) const DOORS_MS: i64 = 5_000;
/// See [`DOORS_MS`].
pub(super) const PASSENGER_MS: i64 = 2_750;
/// A trip that ends later is late: 5 min, the limit transit agencies judge by (TCRP Report 165, 2013).
pub(super) const LATE_MS: i64 = 300_000;
/// Nobody deviates by more than three deviations: the tails of people are shorter than a normal's.
pub(super) const FARTHEST: f64 = 3.0;
