//! What is asked: units with weights, how far they are from each other, who touches whom, how many groups. Checked once.

/// Most units.
pub const MOST_UNITS: usize = 20_000;
/// Up to so many units straight distances are worked out once and kept: 4 bytes a pair, 64 MB.
const KEPT: usize = 4_000;
/// Sums of weight x metres, and of weight x groups, stay below this.
const LARGEST: u64 = 1 << 60;
/// Tolerances are whole millionths, so that "within" is a matter of whole numbers.
const MILLION: u64 = 1_000_000;
/// A tolerance this large allows anything; larger ones are no different.
const ANYTHING: f64 = 1e9;

/// How far it is from each unit to each other.
#[derive(Clone, Debug)]
pub enum Distances {
    /// In a straight line between places, metres, rounded to whole ones.
    Straight(Vec<[f64; 2]>),
    /// Whole metres by road or on foot, row by row: entry `unit * units + centre` is the way from a unit to a centre. Need not
    /// be the same both ways.
    Given(Vec<u32>),
}

/// Units with weights and distances, who touches whom, how many groups. Checked.
#[derive(Clone, Debug)]
pub struct Problem {
    weights: Vec<u64>,
    distances: Distances,
    neighbours: Vec<Vec<usize>>,
    groups: usize,
    total: u64,
    allowed: u64,
}

/// What is wrong with a problem.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum ProblemError {
    /// More groups than units, or none.
    #[error("{groups} groups of {units} units; ask for 1 to {units}")]
    Groups {
        /// As given.
        groups: usize,
        /// As given.
        units: usize,
    },
    /// An edge of no unit, or a length that differs.
    #[error("edges and distances must fit the {units} units, and places be finite; check the lists")]
    Lists {
        /// Units.
        units: usize,
    },
    /// The units are not connected.
    #[error(
        "the units fall into {parts} parts that do not touch; add edges (over a river, a railway) or solve each part"
    )]
    Apart {
        /// How many parts.
        parts: usize,
    },
    /// Too large to be solved here.
    #[error("too large: at most {MOST_UNITS} units")]
    TooLarge,
    /// Sums would not fit.
    #[error("weights or distances are too large to be summed exactly; count in larger units")]
    TooHeavy,
}

impl Problem {
    /// `edges` between units that touch, any order; a group may deviate from the mean weight by `tolerance` (0.05: 5 %;
    /// to the millionth) at no price.
    ///
    /// # Errors
    /// Groups out of range, lists that do not fit, units that are not connected, or too large.
    pub fn new(
        weights: Vec<u64>,
        distances: Distances,
        edges: &[(usize, usize)],
        groups: usize,
        tolerance: f64,
    ) -> Result<Self, ProblemError> {
        let units = weights.len();
        if units > MOST_UNITS {
            return Err(ProblemError::TooLarge);
        }
        if groups == 0 || groups > units {
            return Err(ProblemError::Groups { groups, units });
        }
        let fits = match &distances {
            Distances::Straight(places) => places.len() == units && places.iter().flatten().all(|x| x.is_finite()),
            Distances::Given(metres) => metres.len() == units * units,
        };
        if !fits || edges.iter().any(|&(a, b)| a >= units || b >= units) {
            return Err(ProblemError::Lists { units });
        }
        let mut neighbours = vec![Vec::new(); units];
        for &(a, b) in edges.iter().filter(|(a, b)| a != b) {
            neighbours[a].push(b);
            neighbours[b].push(a);
        }
        for list in &mut neighbours {
            list.sort_unstable();
            list.dedup();
        }
        let parts = parts(&neighbours);
        if parts > 1 {
            return Err(ProblemError::Apart { parts });
        }
        let sum = |of: &dyn Fn(u64) -> u64| weights.iter().try_fold(0_u64, |sum, &weight| sum.checked_add(of(weight)));
        let (Some(total), Some(mass)) = (sum(&|weight| weight), sum(&|weight| weight.max(1))) else {
            return Err(ProblemError::TooHeavy);
        };
        let farthest = farthest(&distances).ok_or(ProblemError::TooHeavy)?;
        let heavy = |factor: u64| mass.checked_mul(factor).is_none_or(|product| product > LARGEST);
        if heavy(u64::from(farthest).max(1)) || heavy(groups as u64) {
            return Err(ProblemError::TooHeavy);
        }
        Ok(Self { weights, distances: kept(distances), neighbours, groups, total, allowed: share(total, tolerance) })
    }

    /// How many units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.weights.len()
    }
    /// How many groups.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.groups
    }
    /// The weight of a unit.
    #[must_use]
    pub fn weight(&self, unit: usize) -> u64 {
        self.weights[unit]
    }
    /// The weight of all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }
    /// Who touches a unit, in order.
    #[must_use]
    pub fn neighbours(&self, unit: usize) -> &[usize] {
        &self.neighbours[unit]
    }
    /// Whole metres from a unit to a centre; 0 to itself.
    #[must_use]
    pub fn metres(&self, unit: usize, centre: usize) -> u32 {
        if unit == centre {
            return 0;
        }
        match &self.distances {
            Distances::Given(metres) => metres[unit * self.weights.len() + centre],
            Distances::Straight(places) => straight(places[unit], places[centre]),
        }
    }
    /// What a unit adds to the way of its group with this centre: weight x metres. Units without weight count as 1: they have a place.
    #[must_use]
    pub fn way(&self, unit: usize, centre: usize) -> u64 {
        self.weights[unit].max(1) * u64::from(self.metres(unit, centre))
    }
    /// How far a group of this weight is from the mean, times the number of groups: a whole number.
    #[must_use]
    pub fn deviation(&self, weight: u64) -> u64 {
        (weight * self.groups as u64).abs_diff(self.total)
    }
    /// Deviation that costs nothing, in the unit of [`Self::deviation`].
    #[must_use]
    pub fn allowed(&self) -> u64 {
        self.allowed
    }
    /// Least and largest weight of a group that deviates by no more than allowed and this beyond.
    pub(super) fn window(&self, excess: u64) -> (u64, u64) {
        let groups = self.groups as u64;
        let free = self.allowed.saturating_add(excess);
        (self.total.saturating_sub(free).div_ceil(groups), self.total.saturating_add(free) / groups)
    }
}

/// Whole metres; up to [`u32::MAX`], which `new` has seen to.
fn straight(from: [f64; 2], to: [f64; 2]) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative; saturates")]
    let metres = (libm::hypot(from[0] - to[0], from[1] - to[1]) + 0.5).floor() as u32;
    metres
}

/// No distance is longer; `None`: longer than whole metres can say.
fn farthest(distances: &Distances) -> Option<u32> {
    match distances {
        Distances::Given(metres) => Some(metres.iter().copied().max().unwrap_or(0)),
        Distances::Straight(places) => {
            let mut low = places.first().copied().unwrap_or_default();
            let mut high = low;
            for place in places {
                for axis in 0..2 {
                    low[axis] = low[axis].min(place[axis]);
                    high[axis] = high[axis].max(place[axis]);
                }
            }
            let metres = libm::hypot(high[0] - low[0], high[1] - low[1]) + 1.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, not negative")]
            (metres < f64::from(u32::MAX)).then_some(metres as u32)
        }
    }
}

/// Distances that are asked for often are worked out once.
fn kept(distances: Distances) -> Distances {
    match distances {
        Distances::Straight(places) if places.len() <= KEPT => {
            Distances::Given(places.iter().flat_map(|&a| places.iter().map(move |&b| straight(a, b))).collect())
        }
        other => other,
    }
}

/// That share of the total, in whole numbers, rounded down.
fn share(total: u64, tolerance: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 10^15; not a number is 0")]
    let millionths = (tolerance.clamp(0.0, ANYTHING) * MILLION as f64 + 0.5).floor() as u64;
    let share = u128::from(total) * u128::from(millionths) / u128::from(MILLION);
    u64::try_from(share).unwrap_or(u64::MAX).min(LARGEST)
}

fn parts(neighbours: &[Vec<usize>]) -> usize {
    let mut seen = vec![false; neighbours.len()];
    let mut count = 0;
    for start in 0..neighbours.len() {
        if seen[start] {
            continue;
        }
        count += 1;
        let mut stack = vec![start];
        seen[start] = true;
        while let Some(unit) = stack.pop() {
            for &next in &neighbours[unit] {
                if !seen[next] {
                    seen[next] = true;
                    stack.push(next);
                }
            }
        }
    }
    count
}
