//! What of a publication belongs into a public feed: what is used on the days it is in force.

use std::collections::{BTreeMap, BTreeSet};

use super::published::{Stop, Trip};
use super::timetable::Period;
use crate::domain::calendar::Service;
use crate::planning::plan::OnDemand;
use crate::publish::routes::{self, Route};

/// Services with a day in force, their trips and rides on request, and the lines, stops and routes of those.
pub(in crate::publish) struct Ridden<'a> {
    /// Cut to the days in force, by id.
    pub(in crate::publish) services: BTreeMap<&'a str, Service>,
    /// By line, service, departure and id.
    pub(in crate::publish) trips: Vec<&'a Trip>,
    /// Rides on request, ascending by id.
    pub(in crate::publish) offers: Vec<&'a OnDemand>,
    pub(in crate::publish) lines: BTreeSet<&'a str>,
    /// Of lines and of rides on request, by id.
    pub(in crate::publish) stops: BTreeMap<&'a str, Stop>,
    /// In order of their ids.
    pub(in crate::publish) routes: Vec<Route>,
}

impl<'a> Ridden<'a> {
    pub(in crate::publish) fn of(period: &'a Period) -> Self {
        let published = &*period.published;
        let mut services: BTreeMap<&str, Service> = published
            .services
            .iter()
            .map(|days| (days.id.as_str(), period.service(days)))
            .filter(|(_, service)| service.dates().next().is_some())
            .collect();
        let trips: Vec<&Trip> =
            published.trips.iter().filter(|trip| services.contains_key(trip.service.as_str())).collect();
        let mut offers: Vec<&OnDemand> =
            published.on_demand.iter().filter(|offer| services.contains_key(offer.service.as_str())).collect();
        offers.sort_by(|a, b| a.id.cmp(&b.id));
        let mut used: BTreeSet<&str> = trips.iter().map(|trip| trip.service.as_str()).collect();
        used.extend(offers.iter().map(|offer| offer.service.as_str()));
        services.retain(|id, _| used.contains(id));
        let lines: BTreeSet<&str> = trips.iter().map(|trip| trip.line.as_str()).collect();
        // A stop that lines use too is told as theirs.
        let mut stops: BTreeMap<&str, Stop> =
            offers.iter().flat_map(|offer| offer.stops.iter().map(|stop| (stop.id.as_str(), Stop::of(stop)))).collect();
        let called = lines.iter().filter_map(|id| published.line(id)).flat_map(|line| &line.stops);
        stops.extend(called.filter_map(|id| published.stop(id)).map(|stop| (stop.id.as_str(), stop.clone())));
        let mut routes = routes::of_lines(&published.lines);
        routes.retain(|route| route.lines.iter().any(|line| lines.contains(line.as_str())));
        Self { services, trips, offers, lines, stops, routes }
    }
}
