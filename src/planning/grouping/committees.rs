//! Which parks should speak with one voice? Those within [`NEAR`] on foot, from gate to gate, whose people share their ways
//! ([`super::demand`]); and so with who belongs to one of them (single linkage): small parks find others this way. A park with nobody is alone.
//!
//! Where no demand is known (groups without a shuttle), nearness alone decides. What a committee's joint shuttle is worth comes from the
//! plan's shares.

use super::demand::{self, Ways};
use super::parts::Parts;
use crate::domain::site::SiteKind;
use crate::domain::units::{Metres, People};
use crate::network::Network;
use crate::planning::plan::{Cohort, Group, Joint};
use crate::planning::project::{Place, Project};

/// Parks this near on foot may share a committee: a quarter of an hour's walk.
pub const NEAR: Metres = Metres(1200);

/// All parks in committees, given who travels and what coalitions of parks are worth.
#[must_use]
pub fn committees(project: &Project, network: &Network, cohorts: &[Cohort], joint: Option<&Joint>) -> Vec<Group> {
    let parks: Vec<_> = project.sites_of(SiteKind::Park).collect();
    let mut doors = Vec::new();
    let mut door_of = Vec::new();
    for (park, site) in parks.iter().enumerate() {
        for point in project.access_points(&Place::Site(site.id.clone())) {
            if let Some(foothold) = network.foothold(point, project.policy.max_foothold) {
                doors.push(foothold);
                door_of.push(park);
            }
        }
    }
    let known = demand::ways(project, cohorts);
    let none = Ways::default();
    let ways: Vec<&Ways> = parks.iter().map(|site| known.get(&site.id).unwrap_or(&none)).collect();
    let mut parts = Parts::new(parks.len());
    for (from, row) in network.walk_metres(&doors, &doors, Some(NEAR)).into_iter().enumerate() {
        for (to, _) in row.into_iter().enumerate().filter(|(_, metres)| metres.is_some()) {
            let (one, other) = (door_of[from], door_of[to]);
            if one < other && ways[one].shared(ways[other]) {
                parts.join(one, other);
            }
        }
    }
    let people = |park: usize| {
        let firms = project.firms.iter().filter(|firm| firm.site == parks[park].id).map(|firm| firm.people);
        parks[park].people.unwrap_or_else(|| firms.sum())
    };
    let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
    for park in 0..parks.len() {
        let root = parts.root(park);
        match groups.iter_mut().find(|(other, _)| *other == root) {
            Some((_, members)) => members.push(park),
            None => groups.push((root, vec![park])),
        }
    }
    groups
        .into_iter()
        .zip(1..)
        .map(|((_, parks_of), number)| {
            let members: Vec<String> = parks_of.iter().map(|&park| parks[park].id.clone()).collect();
            let saving_fen = joint.filter(|_| members.len() > 1).and_then(|joint| joint.saving(&members));
            Group {
                id: format!("committee-{number}"),
                kind: "committee".to_owned(),
                people: parks_of.iter().map(|&park| people(park)).sum::<People>(),
                members,
                saving_fen,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::domain::coordinates::Local;
    use crate::domain::site::Site;
    use crate::domain::units::{Fen, Seconds, ServiceTime};
    use crate::network::synthetic::{Grid, city};
    use crate::planning::plan::{Alternative, TimeKind};

    /// Three parks on a street: one and two are 1,000 m apart, two and three 800 m.
    fn street() -> Project {
        let local = Local::new(Grid::default().corner);
        let park = |id: &str, east: f64, people: u32| Site {
            id: id.to_owned(),
            name: id.to_owned(),
            name_en: None,
            kind: SiteKind::Park,
            point: local.unproject([east, 0.0]),
            parent: None,
            people: Some(People::whole(people)),
        };
        let sites = vec![park("one", 0.0, 40), park("two", 1000.0, 50), park("three", 1800.0, 60)];
        Project { roads: Arc::new(city(&Grid::default())), sites, ..Project::default() }
    }

    fn from_metro(park: &str, minute: u32, people: u32) -> Cohort {
        Cohort {
            id: format!("{park}-{minute}"),
            origin: "metro".to_owned(),
            destination: park.to_owned(),
            time: ServiceTime::hm(8, minute),
            time_kind: TimeKind::ArriveBy,
            service: "weekday".to_owned(),
            people: People::whole(people),
            firms: BTreeMap::new(),
            max_walk_m: Metres(500),
            max_wait_s: Seconds(1800),
            wheelchair: false,
            alternative: Alternative { mode: "walk".to_owned(), seconds: Seconds(0), wait_s: Seconds(0), fen: Fen(0) },
        }
    }

    fn members(groups: &[Group]) -> Vec<Vec<&str>> {
        groups.iter().map(|group| group.members.iter().map(String::as_str).collect()).collect()
    }

    #[test]
    fn parks_near_one_another_share_a_committee() {
        let project = street();
        let network = Network::new(&project.roads, &project.speeds());
        // 1,800 m is near to 1,000 m and so to both. With 2,600 m of street none would be.
        let groups = committees(&project, &network, &[], None);
        assert_eq!((members(&groups), groups[0].people), (vec![vec!["one", "two", "three"]], People::whole(150)));
        // Without roads each is alone.
        let alone = Project { roads: Arc::default(), ..project };
        let network = Network::new(&alone.roads, &alone.speeds());
        assert_eq!(committees(&alone, &network, &[], None).len(), 3);
    }

    #[test]
    fn near_parks_whose_people_come_at_other_times_stay_apart() {
        let project = street();
        let network = Network::new(&project.roads, &project.speeds());
        // Two's people and three's are wished there between eight and half past, one's after it.
        let cohorts = [from_metro("one", 40, 9), from_metro("two", 10, 20), from_metro("three", 25, 6)];
        let name = |id: &str| Some(id.to_owned());
        // In the order of ids: one, three, two. Three and two together gain 90 fen more than apart.
        let values = [0, 5, 10, 15, 20, 25, 120, 130].map(Fen).to_vec();
        let joint = Joint { players: vec![name("one"), name("three"), name("two")], values, ..Joint::default() };
        let groups = committees(&project, &network, &cohorts, Some(&joint));
        assert_eq!(members(&groups), vec![vec!["one"], vec!["two", "three"]]);
        assert_eq!(groups.iter().map(|group| group.saving_fen).collect::<Vec<_>>(), [None, Some(Fen(90))]);
    }
}
