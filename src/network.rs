//! Roads and paths: import, profiles, snapping, travel times.

pub mod roads;
