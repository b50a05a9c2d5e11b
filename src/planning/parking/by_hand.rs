//! May a lot take one more, decided by hand? Only if a bay of the kind is left at every moment of its week.
//!
//! Limit: the promise to the owner (late cars) is not worked out anew; whoever decides by hand answers for it until the next plan.

use super::occupancy::on_the_ring;
use super::{Class, week};
use crate::planning::project::{Lot, ParkingRequest};

/// Why it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The lot does not lend bays at all these times.
    Closed,
    /// It has no bay of the kind.
    NoSuchBay,
    /// They are all taken at some of these times.
    Full,
}

/// Is a bay left for `request` in `lot`, whose bays `holders` have?
///
/// # Errors
/// Why not.
pub fn room(lot: &Lot, holders: &[ParkingRequest], request: &ParkingRequest) -> Result<(), Obstacle> {
    let wanted = week::occurrences(&request.window);
    let open = week::lent(&lot.windows);
    if wanted.is_empty() || wanted.iter().any(|&(start, end)| week::within(&open, start, end).is_none()) {
        return Err(Obstacle::Closed);
    }
    let class = Class::needed(request);
    let bays = class.bays(lot);
    if bays == 0 {
        return Err(Obstacle::NoSuchBay);
    }
    let alike = holders.iter().filter(|holder| Class::needed(holder) == class);
    let used = on_the_ring(alike.flat_map(|holder| week::occurrences(&holder.window)));
    let mut asked = wanted.iter().flat_map(|&(start, end)| start..end);
    if asked.any(|minute| used[minute as usize % used.len()] >= bays) { Err(Obstacle::Full) } else { Ok(()) }
}

/// Bays used and lent of a lot through the week, as a plan tells it: weekday 0 Monday, changes `(minute of the day, used, lent)`.
#[must_use]
pub fn occupancy(lot: &Lot, holders: &[ParkingRequest]) -> Vec<Vec<(u32, u32, u32)>> {
    let used = on_the_ring(holders.iter().flat_map(|holder| week::occurrences(&holder.window)));
    let mut lent = vec![0_u32; used.len()];
    for stretch in week::lent(&lot.windows) {
        let minutes = lent.len();
        (stretch.start..stretch.end).for_each(|minute| lent[minute as usize % minutes] = lot.bays);
    }
    used.chunks(1440)
        .zip(lent.chunks(1440))
        .map(|(used, lent)| {
            let mut changes: Vec<(u32, u32, u32)> = Vec::new();
            for (minute, (&used, &lent)) in (0_u32..).zip(used.iter().zip(lent)) {
                if changes.last().is_none_or(|last| (last.1, last.2) != (used, lent)) {
                    changes.push((minute, used, lent));
                }
            }
            changes
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Days, Window};
    use crate::domain::coordinates::Point;
    use crate::domain::units::{Fen, Metres, ServiceTime};
    use crate::planning::project::Place;

    fn window(days: &str, from: u32, to: u32) -> Window {
        Window { days: Days::parse(days).unwrap().week(), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
    }

    fn request(days: &str, from: u32, to: u32) -> ParkingRequest {
        ParkingRequest {
            id: "r".to_owned(),
            home: Place::Site("s".to_owned()),
            area: None,
            party: None,
            window: window(days, from, to),
            max_walk: Metres(500),
            max_price: None,
            accessible: false,
            charging: false,
            current_lot: None,
            since: None,
        }
    }

    #[test]
    fn a_bay_must_be_left_all_the_time() {
        let lot = Lot {
            id: "l".to_owned(),
            name: "L".to_owned(),
            point: Point { lon: 121.4, lat: 31.2 },
            gate: None,
            owner: String::new(),
            bays: 2,
            accessible_bays: 0,
            charging_bays: 1,
            windows: vec![window("daily", 18, 32)],
            price: Fen::ZERO,
            owner_return: Vec::new(),
            displace_max: 0.01,
            exchange: false,
        };
        // Two bays, one of them with a charger: one plain bay, taken on Mondays from 20:00 to 06:00.
        let taken = [request("Mon", 20, 30)];
        assert_eq!(room(&lot, &taken, &request("Tue", 18, 32)), Ok(()));
        assert_eq!(room(&lot, &taken, &request("Mon", 18, 20)), Ok(()));
        assert_eq!(room(&lot, &taken, &request("daily", 18, 32)), Err(Obstacle::Full));
        assert_eq!(room(&lot, &taken, &request("Mon", 17, 20)), Err(Obstacle::Closed));
        let charging = ParkingRequest { charging: true, ..request("Mon", 18, 32) };
        assert_eq!(room(&lot, &taken, &charging), Ok(()));
        let accessible = ParkingRequest { accessible: true, ..request("Mon", 18, 32) };
        assert_eq!(room(&lot, &taken, &accessible), Err(Obstacle::NoSuchBay));
        // Monday: Sunday's night lends until 08:00, then nothing until 18:00; the car comes at 20:00.
        let week = occupancy(&lot, &taken);
        assert_eq!(week[0], vec![(0, 0, 2), (480, 0, 0), (1080, 0, 2), (1200, 1, 2)]);
        assert_eq!(week[1], vec![(0, 1, 2), (360, 0, 2), (480, 0, 0), (1080, 0, 2)]);
    }
}
