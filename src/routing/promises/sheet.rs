//! What drivers are given: who boards and alights where and when, what of it has been driven.

/// Boarding or alighting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Somebody gets in.
    Board,
    /// Somebody gets out.
    Alight,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Whose.
    pub ticket: usize,
    /// What.
    pub what: What,
    /// Where.
    pub place: usize,
    /// When it begins or began, seconds. The vehicle leaves the place before so late that it is here then.
    pub begins: i32,
    /// It is done, or the vehicle is on its way to it: it cannot be changed any more.
    pub driven: bool,
}

/// A vehicle's day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// In order.
    pub visits: Vec<Visit>,
}
