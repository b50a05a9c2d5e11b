//! What a node is to traffic beside a point on a road: lights, a place to turn round, a gate. A byte a node.

use std::ops::{BitOr, BitOrAssign};

/// Marks of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Marks(u8);

impl Marks {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// Traffic lights.
    pub const SIGNAL: Self = Self(1);
    /// A bus may turn round here (a turning circle or loop, a small roundabout).
    pub const TURN_ROUND: Self = Self(2);
    /// No vehicle passes; walkers do.
    pub const SHUT: Self = Self(4);
    /// No vehicle passes that is not let in; walkers do.
    pub const PRIVATE: Self = Self(8);

    /// Does it carry one of these?
    #[must_use]
    pub fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }
    /// Without these.
    #[must_use]
    pub fn without(self, these: Self) -> Self {
        Self(self.0 & !these.0)
    }
}

impl BitOr for Marks {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
