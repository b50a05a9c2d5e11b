//! Dense ids of a solve: u32 indices that cannot be mixed up.

macro_rules! dense_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As a position in a slice.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
            /// From a position in a slice.
            #[must_use]
            pub fn at(index: usize) -> Self {
                #[expect(clippy::cast_possible_truncation, reason = "a solve has far fewer than 2^32 of anything")]
                Self(index as u32)
            }
        }
    )+};
}

dense_id! {
    /// A place people come from or go to.
    PlaceId,
    /// A stop of the solve.
    StopId,
    /// A cohort of the solve.
    CohortId,
    /// A line of the solve.
    LineId,
    /// A trip of the solve.
    TripId,
    /// A vehicle type of the solve.
    TypeId,
    /// A service (set of days) of the solve.
    ServiceId,
}
