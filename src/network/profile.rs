//! Who may use a road, and how fast, by band of the day.

use serde::{Deserialize, Serialize};

/// Travel-time bands of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Free flow.
    Free,
    /// Morning peak.
    Am,
    /// Evening peak.
    Pm,
}

impl Band {
    /// All bands, in order.
    pub const ALL: [Self; 3] = [Self::Free, Self::Am, Self::Pm];
}
