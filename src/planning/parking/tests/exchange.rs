//! Parties that share their bays, areas with floors, permits that stay.

use super::*;
use crate::planning::plan::Plan;
use crate::search::cases;

fn shared(id: &str, owner: &str, east: f64, bays: u32, lent: Window) -> Lot {
    Lot { owner: owner.to_owned(), exchange: true, windows: vec![lent], ..lot(id, east, bays) }
}

fn of(party: &str, id: &str, window: Window) -> ParkingRequest {
    ParkingRequest { party: Some(party.to_owned()), window, max_price: None, max_walk: Metres(1500), ..request(id) }
}

#[test]
fn an_office_lends_by_night_and_residents_by_day() {
    // Two bays each. Three employees by day, three residents by night: alone two each, together all six.
    let (day, night) = (window("Mon-Fri", (8, 0), (18, 0)), window("Mon-Fri", (19, 0), (31, 0)));
    let mut project = project();
    project.lots =
        vec![shared("office", "office", 200.0, 2, night.clone()), shared("yard", "yard", 400.0, 2, day.clone())];
    project.requests = (0..3)
        .flat_map(|n| [of("office", &format!("o{n}"), day.clone()), of("yard", &format!("y{n}"), night.clone())])
        .collect();
    let network = Network::new(&project.roads, &project.speeds());
    let (parking, _) = allot(&project, &network, &Run::quiet(1));
    assert_eq!(parking.permits.len(), 6);
    let rows: Vec<String> = parking
        .exchange
        .iter()
        .map(|row| format!("{} {} {} -> {}", row.party, row.requests, row.alone, row.together))
        .collect();
    assert_eq!(rows, ["office 3 2 -> 3", "yard 3 2 -> 3"]);
    // No bay is lent twice.
    assert!(parking.occupancy.iter().all(|row| row.changes.iter().all(|change| change.1 <= 2)));
    // All day the bays are there for their own.
    assert!(
        parking
            .occupancy
            .iter()
            .filter(|row| row.lot == "office")
            .all(|row| row.changes.iter().all(|change| change.2 == 2))
    );
}

#[test]
fn nobody_fares_worse_than_alone() {
    let mut random = Random::new(3);
    let mut gains = 0;
    for number in 0..cases(25, 200) {
        let mut project = project();
        let windows = [window("daily", (8, 0), (18, 0)), window("daily", (19, 0), (31, 0))];
        project.lots = (0..3)
            .map(|n| {
                let lent = windows[random.below(2)].clone();
                shared(
                    &format!("l{n}"),
                    &format!("p{n}"),
                    200.0 * random.below(6) as f64,
                    1 + random.below(4) as u32,
                    lent,
                )
            })
            .collect();
        project.requests = (0..10 + random.below(10))
            .map(|n| ParkingRequest {
                home: Place::Point(at(200.0 * random.below(6) as f64, 0.0)),
                max_walk: Metres(300 + 100 * random.below(8) as u32),
                ..of(&format!("p{}", random.below(3)), &format!("r{n}"), windows[random.below(2)].clone())
            })
            .collect();
        let network = Network::new(&project.roads, &project.speeds());
        let (parking, _) = allot(&project, &network, &Run::quiet(number));
        assert_eq!(parking.exchange.len(), 3);
        for row in &parking.exchange {
            // Alone, by hand: only its own lot and its own requests.
            let mut own = project.clone();
            own.lots.retain(|lot| lot.owner == row.party);
            own.requests.retain(|request| request.party.as_ref() == Some(&row.party));
            own.lots
                .iter_mut()
                .for_each(|lot| (lot.exchange, lot.windows) = (false, vec![window("daily", (0, 0), (24, 0))]));
            let (alone, _) = allot(&own, &network, &Run::quiet(number));
            assert_eq!(alone.permits.len(), row.alone as usize, "case {number}");
            assert!(row.together >= row.alone, "case {number}: {row:?}");
            assert!(row.together > row.alone || row.together_walk_m <= row.alone_walk_m, "case {number}: {row:?}");
            gains += row.together - row.alone;
        }
    }
    assert!(gains > 20, "{gains}");
}

#[test]
fn an_area_far_away_has_its_floor() {
    // Eight bays; sixteen live next to them and four in an area 600 m away: one in four of these has a bay, the nearest have the rest.
    let mut project = project();
    project.lots = vec![lot("near", 0.0, 8)];
    let lives = |id: String, area: &str, east: f64| ParkingRequest {
        home: Place::Point(at(east, 0.0)),
        area: Some(area.to_owned()),
        max_walk: Metres(800),
        ..request(&id)
    };
    project.requests = (0..16).map(|n| lives(format!("n{n}"), "near-by", 0.0)).collect();
    project.requests.extend((0..4).map(|n| lives(format!("f{n}"), "far-off", 600.0)));
    let told = |project: &Project| -> Vec<(String, u32, u32)> {
        allotted(project).areas.iter().map(|row| (row.area.clone(), row.served, row.floor)).collect()
    };
    assert_eq!(told(&project), [("far-off".into(), 1, 1), ("near-by".into(), 7, 4)]);
    project.policy.area_floor = 0;
    assert_eq!(told(&project), [("far-off".into(), 0, 0), ("near-by".into(), 8, 0)]);
    // Half of each: two and eight do not go together in eight bays; it is said which stays below.
    project.policy.area_floor = 500;
    let network = Network::new(&project.roads, &project.speeds());
    let (parking, findings) = allot(&project, &network, &Run::quiet(1));
    assert_eq!(parking.permits.len(), 8);
    assert!(findings.iter().any(|finding| finding.code == "parking-area-below-floor"));
}

#[test]
fn who_has_a_permit_keeps_it_and_what_is_given_back_goes_to_the_waiting() {
    let mut project = project();
    project.lots = vec![lot("near", 0.0, 2), lot("far", 400.0, 1)];
    project.requests = ["a", "b", "c", "d"].map(request).to_vec();
    let before = allotted(&project);
    assert_eq!(before.permits.len(), 3);
    let waiting = before.refused[0].request.clone();
    let gone = before.permits.iter().find(|permit| permit.lot == "near").unwrap().request.clone();
    let far = before.permits.iter().find(|permit| permit.lot == "far").unwrap().request.clone();
    // One gives its bay back; somebody new asks who would come before all others. The one in the far lot is not moved nearer.
    project.requests.retain(|request| request.id != gone);
    project.requests.push(ParkingRequest { since: Some("2020-01-01".parse().unwrap()), ..request("late") });
    let plan = Plan { parking: before.clone(), ..crate::planning::empty(&project, None, &Run::quiet(1)) };
    (project.in_force, project.keep_permits) = (Some(Arc::new(plan)), true);
    let after = allotted(&project);
    assert_eq!(lot_of(&after, "late"), Some("near"));
    assert_eq!(lot_of(&after, &far), Some("far"));
    assert_eq!(lot_of(&after, &waiting), None);
    // Without it all are weighed anew, and the far one is somebody else's to walk to or not: as many are served.
    project.keep_permits = false;
    assert_eq!(allotted(&project).permits.len(), 3);
    // A lot that is gone keeps nobody; it is said so, and the bay is sought elsewhere.
    project.keep_permits = true;
    project.lots.retain(|lot| lot.id == "near");
    let network = Network::new(&project.roads, &project.speeds());
    let (_, findings) = allot(&project, &network, &Run::quiet(1));
    let lost: Vec<_> = findings.iter().filter(|finding| finding.code == "parking-permit-not-kept").collect();
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].args["request"], far.as_str().into());
}
