//! The messages of gtfs-realtime.proto (package transit_realtime, version 2.0) that we write, with its field numbers.
//! What we never say is left out; readers know it as absent.

use prost::{Enumeration, Message};

#[derive(Clone, PartialEq, Message)]
pub(super) struct FeedMessage {
    #[prost(message, required, tag = "1")]
    pub(super) header: FeedHeader,
    #[prost(message, repeated, tag = "2")]
    pub(super) entity: Vec<FeedEntity>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct FeedHeader {
    #[prost(string, required, tag = "1")]
    pub(super) gtfs_realtime_version: String,
    /// 0 is FULL_DATASET.
    #[prost(int32, optional, tag = "2")]
    pub(super) incrementality: Option<i32>,
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "3")]
    pub(super) timestamp: Option<u64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct FeedEntity {
    #[prost(string, required, tag = "1")]
    pub(super) id: String,
    #[prost(message, optional, tag = "3")]
    pub(super) trip_update: Option<TripUpdate>,
    #[prost(message, optional, tag = "5")]
    pub(super) alert: Option<Alert>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TripUpdate {
    #[prost(message, required, tag = "1")]
    pub(super) trip: TripDescriptor,
    #[prost(message, repeated, tag = "2")]
    pub(super) stop_time_update: Vec<StopTimeUpdate>,
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "4")]
    pub(super) timestamp: Option<u64>,
    /// Seconds.
    #[prost(int32, optional, tag = "5")]
    pub(super) delay: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TripDescriptor {
    #[prost(string, optional, tag = "1")]
    pub(super) trip_id: Option<String>,
    /// "08:00:00", as in stop_times.txt.
    #[prost(string, optional, tag = "2")]
    pub(super) start_time: Option<String>,
    /// "20261201".
    #[prost(string, optional, tag = "3")]
    pub(super) start_date: Option<String>,
    #[prost(enumeration = "Relationship", optional, tag = "4")]
    pub(super) schedule_relationship: Option<i32>,
    #[prost(string, optional, tag = "5")]
    pub(super) route_id: Option<String>,
    #[prost(uint32, optional, tag = "6")]
    pub(super) direction_id: Option<u32>,
}

/// TripDescriptor.ScheduleRelationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum Relationship {
    Scheduled = 0,
    Canceled = 3,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StopTimeUpdate {
    #[prost(uint32, optional, tag = "1")]
    pub(super) stop_sequence: Option<u32>,
    #[prost(message, optional, tag = "2")]
    pub(super) arrival: Option<StopTimeEvent>,
    #[prost(message, optional, tag = "3")]
    pub(super) departure: Option<StopTimeEvent>,
    #[prost(string, optional, tag = "4")]
    pub(super) stop_id: Option<String>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct StopTimeEvent {
    /// Seconds.
    #[prost(int32, optional, tag = "1")]
    pub(super) delay: Option<i32>,
    /// POSIX seconds.
    #[prost(int64, optional, tag = "2")]
    pub(super) time: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Alert {
    #[prost(message, repeated, tag = "1")]
    pub(super) active_period: Vec<TimeRange>,
    #[prost(message, repeated, tag = "5")]
    pub(super) informed_entity: Vec<EntitySelector>,
    #[prost(enumeration = "Effect", optional, tag = "7")]
    pub(super) effect: Option<i32>,
    #[prost(message, optional, tag = "10")]
    pub(super) header_text: Option<TranslatedString>,
    #[prost(message, optional, tag = "11")]
    pub(super) description_text: Option<TranslatedString>,
}

/// Alert.Effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(super) enum Effect {
    NoService = 1,
    UnknownEffect = 8,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TimeRange {
    /// POSIX seconds.
    #[prost(uint64, optional, tag = "1")]
    pub(super) start: Option<u64>,
    /// POSIX seconds, not included.
    #[prost(uint64, optional, tag = "2")]
    pub(super) end: Option<u64>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct EntitySelector {
    #[prost(string, optional, tag = "1")]
    pub(super) agency_id: Option<String>,
    #[prost(string, optional, tag = "2")]
    pub(super) route_id: Option<String>,
    #[prost(message, optional, tag = "4")]
    pub(super) trip: Option<TripDescriptor>,
    #[prost(string, optional, tag = "5")]
    pub(super) stop_id: Option<String>,
    #[prost(uint32, optional, tag = "6")]
    pub(super) direction_id: Option<u32>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct TranslatedString {
    #[prost(message, repeated, tag = "1")]
    pub(super) translation: Vec<Translation>,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Translation {
    #[prost(string, required, tag = "1")]
    pub(super) text: String,
    #[prost(string, optional, tag = "2")]
    pub(super) language: Option<String>,
}
