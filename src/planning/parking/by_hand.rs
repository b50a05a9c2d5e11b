//! May a lot take one more, decided by hand? Only if a bay of the kind is left at every moment of its week or its dates.
//!
//! Limit: the promise to the owner (late cars) is not worked out anew; whoever decides by hand answers for it until the next plan.

use super::axis::Axis;
use super::{Class, occupancy, week};
use crate::planning::project::{Lot, ParkingRequest};

/// Minute of the day from which on so many bays are used and lent.
pub type Change = (u32, u32, u32);

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
    let windows = holders.iter().chain([request]).map(|holder| &holder.window);
    let axis = Axis::new([lot.windows.as_slice()].into_iter(), windows);
    let wanted = axis.occurrences(&request.window);
    let open = axis.lent(&lot.windows);
    if wanted.is_empty() || wanted.iter().any(|&(start, end)| week::within(&open, start, end).is_none()) {
        return Err(Obstacle::Closed);
    }
    let class = Class::needed(request);
    let bays = class.bays(lot);
    if bays == 0 {
        return Err(Obstacle::NoSuchBay);
    }
    let alike = holders.iter().filter(|holder| Class::needed(holder) == class);
    let used = axis.present(alike.flat_map(|holder| axis.occurrences(&holder.window)));
    let mut asked = axis.pieces(&wanted).into_iter().flat_map(|(start, end)| start..end);
    if asked.any(|minute| used[minute as usize] >= bays) { Err(Obstacle::Full) } else { Ok(()) }
}

/// Bays used and lent of a lot, as a plan tells it: the weekdays from Monday on, then the dates unlike their weekday.
#[must_use]
pub fn occupancy(lot: &Lot, holders: &[ParkingRequest]) -> Vec<(String, Vec<Change>)> {
    occupancy::days(lot, holders.iter().map(|holder| &holder.window))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Days, Window};
    use crate::domain::coordinates::Point;
    use crate::domain::units::{Fen, Metres, ServiceTime};
    use crate::planning::project::Place;

    fn window(days: &str, from: u32, to: u32) -> Window {
        Window { days: Days::parse(days).unwrap(), from: ServiceTime::hm(from, 0), to: ServiceTime::hm(to, 0) }
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
        assert_eq!((week[0].0.as_str(), week.len()), ("Mon", 7));
        assert_eq!(week[0].1, vec![(0, 0, 2), (480, 0, 0), (1080, 0, 2), (1200, 1, 2)]);
        assert_eq!(week[1].1, vec![(0, 1, 2), (360, 0, 2), (480, 0, 0), (1080, 0, 2)]);
        // In an exchange its own people may be there at any time.
        let exchange = occupancy(&Lot { exchange: true, ..lot.clone() }, &taken);
        assert_eq!(exchange[0].1, vec![(0, 0, 2), (1200, 1, 2)]);
        // 2026-12-28 is a Monday: not then, nor on every Monday; on the Tuesday, whose night is over when Wednesday's begins, it is free.
        assert_eq!(room(&lot, &taken, &request("2026-12-28", 18, 32)), Err(Obstacle::Full));
        assert_eq!(room(&lot, &taken, &request("2026-12-29,2026-12-30", 18, 32)), Ok(()));
        let dated = [request("2026-12-29", 20, 30)];
        assert_eq!(room(&lot, &dated, &request("Tue", 18, 32)), Err(Obstacle::Full));
        assert_eq!(room(&lot, &dated, &request("2027-01-05", 18, 32)), Ok(()));
        assert_eq!(room(&lot, &dated, &request("2026-12-29", 18, 32)), Err(Obstacle::Full));
        // Its Tuesday and the Wednesday it reaches are unlike others.
        let week = occupancy(&lot, &dated);
        assert_eq!(week[1].1, vec![(0, 0, 2), (480, 0, 0), (1080, 0, 2)]);
        let told: Vec<&str> = week[7..].iter().map(|(day, _)| day.as_str()).collect();
        assert_eq!(told, ["2026-12-29", "2026-12-30"]);
        assert_eq!(week[7].1, vec![(0, 0, 2), (480, 0, 0), (1080, 0, 2), (1200, 1, 2)]);
    }
}
