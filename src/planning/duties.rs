//! Who drives a block? One duty if the rules of driving allow, else the fewest that do.
//!
//! Rules (`Policy`): at most `max_driving` at the wheel without a rest of `break_length` (standing that long is rest), at
//! most `max_driving_day` in a duty. Drivers change where the vehicle stands: at its depot or at the end of a trip.
//! Shortest path over the places where they can change: fewest duties, then fewest changes away from the depot, then driving
//! divided most evenly. O(items^2).
//!
//! Limits: reliefs walk or ride to a change away from the depot on their own; spread and meals are not looked at.

use super::costs::at_depot;
use super::plan::{Block, Duty, Item, ItemKind};
use super::project::Policy;
use crate::domain::units::Seconds;

/// A block nobody may drive.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "block {block} has {} min of driving without a place to change drivers, {} are allowed; drop trip {trip:?}", driving.0 / 60, limit.0 / 60
)]
pub struct Violation {
    /// Block id.
    pub block: String,
    /// The longest trip in that stretch; `None` if it is empty driving alone.
    pub trip: Option<String>,
    /// Driving in that stretch.
    pub driving: Seconds,
    /// Allowed.
    pub limit: Seconds,
}

/// Is the vehicle driven in this item?
#[must_use]
pub fn drives(item: &Item) -> bool {
    matches!(item.kind, ItemKind::PullOut | ItemKind::Trip | ItemKind::Deadhead | ItemKind::PullIn)
}

/// Driving time of these items, and the longest of it without a rest.
#[must_use]
pub fn driving(items: &[Item], rest: Seconds) -> (Seconds, Seconds) {
    let (mut all, mut run, mut longest) = (0, 0, 0);
    for item in items {
        let length = item.end.since(item.start);
        if drives(item) {
            all += length.0;
            run += length.0;
            longest = longest.max(run);
        } else if length >= rest {
            run = 0;
        }
    }
    (Seconds(all), Seconds(longest))
}

/// May one driver drive these items?
#[must_use]
pub fn legal(items: &[Item], policy: &Policy) -> bool {
    let (all, longest) = driving(items, policy.break_length);
    all <= policy.max_driving_day && longest <= policy.max_driving
}

/// Duties, changes away from the depot, sum of squared driving: less is better.
type Value = (u32, u32, u128);

/// The duties of a block; ids `BLOCK-d1`, `BLOCK-d2`, … Together they have the block's items, each once, in order; a change of
/// drivers lies after an item of standing, which is the first driver's.
///
/// # Errors
/// A stretch without a place to change that is longer than a driver may drive.
pub fn cut(block: &Block, policy: &Policy) -> Result<Vec<Duty>, Violation> {
    let items = block.items.as_slice();
    // Places to change: before the first item, after each standing, after the last.
    let mut places = vec![0];
    places.extend((1..items.len()).filter(|&index| !drives(&items[index - 1])));
    places.push(items.len());
    // The best way to each place, and the place before.
    let mut best: Vec<Option<(Value, usize)>> = vec![None; places.len()];
    best[0] = Some(((0, 0, 0), 0));
    for to in 1..places.len() {
        for from in (0..to).rev() {
            let part = &items[places[from]..places[to]];
            if !legal(part, policy) {
                break;
            }
            let Some(((duties, outside, squares), _)) = best[from] else { continue };
            let away = from > 0 && !at_depot(&items[places[from] - 1], &block.depot);
            let driven = u128::from(driving(part, policy.break_length).0.0);
            let value = (duties + 1, outside + u32::from(away), squares + driven * driven);
            if best[to].is_none_or(|(old, _)| value < old) {
                best[to] = Some((value, from));
            }
        }
        if best[to].is_none() {
            return Err(violation(block, &items[places[to - 1]..places[to]], policy));
        }
    }
    let mut bounds = Vec::new();
    let mut place = places.len() - 1;
    while place > 0 {
        let from = best[place].map_or(0, |(_, from)| from);
        bounds.push((places[from], places[place]));
        place = from;
    }
    bounds.reverse();
    bounds.retain(|(from, to)| from < to);
    Ok(bounds
        .into_iter()
        .enumerate()
        .map(|(index, (from, to))| Duty {
            id: format!("{}-d{}", block.id, index + 1),
            service: block.service.clone(),
            block: block.id.clone(),
            items: items[from..to].to_vec(),
        })
        .collect())
}

fn violation(block: &Block, part: &[Item], policy: &Policy) -> Violation {
    let trip = part
        .iter()
        .filter(|item| item.trip.is_some())
        .max_by_key(|item| (item.end.since(item.start), std::cmp::Reverse(item.start)))
        .and_then(|item| item.trip.clone());
    Violation {
        block: block.id.clone(),
        trip,
        driving: driving(part, policy.break_length).1,
        limit: policy.max_driving.min(policy.max_driving_day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::ServiceTime;

    /// Items of so many minutes from 6:00; D: driven trips, s: standing at a stop, h: standing at home.
    fn block(parts: &[(char, u32)]) -> Block {
        let mut now = 360;
        let items = parts
            .iter()
            .enumerate()
            .map(|(index, &(what, minutes))| {
                let start = ServiceTime(now * 60);
                now += minutes;
                let place = if what == 'h' { "yard" } else { "stop" };
                let kind = match what {
                    'D' => ItemKind::Trip,
                    _ if minutes >= 20 => ItemKind::Break,
                    _ => ItemKind::Layover,
                };
                Item {
                    kind,
                    from: place.to_owned(),
                    to: place.to_owned(),
                    start,
                    end: ServiceTime(now * 60),
                    km: 0.0,
                    trip: (what == 'D').then(|| format!("t{index}")),
                }
            })
            .collect();
        Block {
            id: "weekday-bus-1".to_owned(),
            service: "weekday".to_owned(),
            vehicle_type: "bus".to_owned(),
            depot: "yard".to_owned(),
            items,
        }
    }

    fn lengths(parts: &[(char, u32)]) -> Vec<usize> {
        let block = block(parts);
        let duties = cut(&block, &Policy::default()).unwrap();
        let items: Vec<Item> = duties.iter().flat_map(|duty| duty.items.clone()).collect();
        assert_eq!(items, block.items, "every item once, in order");
        assert!(duties.iter().all(|duty| legal(&duty.items, &Policy::default())));
        duties.iter().map(|duty| duty.items.len()).collect()
    }

    #[test]
    fn four_hours_then_a_rest() {
        assert_eq!(lengths(&[('D', 240)]), [1]);
        assert_eq!(lengths(&[('D', 120), ('s', 20), ('D', 240)]), [3], "20 min are a rest");
        // 19 min are none: 6 h in a row need two drivers, who change where the bus stands.
        assert_eq!(lengths(&[('D', 120), ('s', 19), ('D', 240)]), [2, 1]);
    }

    #[test]
    fn eight_hours_a_day() {
        assert_eq!(lengths(&[('D', 240), ('s', 30), ('D', 240)]), [3]);
        assert_eq!(lengths(&[('D', 240), ('s', 30), ('D', 200), ('s', 30), ('D', 41)]), [2, 3]);
    }

    #[test]
    fn drivers_change_at_home_if_they_can() {
        // 9 h of driving in three parts: at home after 3 h or at a stop after 6 h; both give two duties of 3 and 6 h.
        assert_eq!(lengths(&[('D', 180), ('h', 60), ('D', 180), ('s', 60), ('D', 180)]), [2, 3]);
        assert_eq!(lengths(&[('D', 180), ('s', 60), ('D', 180), ('h', 60), ('D', 180)]), [4, 1]);
        // All alike: as even as can be. 2 + 4 + 4 h: 6 | 4 rather than 2 | 8.
        assert_eq!(lengths(&[('D', 120), ('s', 60), ('D', 240), ('s', 60), ('D', 240)]), [4, 1]);
    }

    #[test]
    fn what_nobody_may_drive_is_named() {
        let long = block(&[('D', 60), ('s', 30), ('D', 241)]);
        let violation = cut(&long, &Policy::default()).unwrap_err();
        assert_eq!(violation.trip.as_deref(), Some("t2"));
        assert_eq!((violation.driving, violation.limit), (Seconds(241 * 60), Seconds(240 * 60)));
        assert_eq!(cut(&block(&[]), &Policy::default()).unwrap(), vec![]);
    }
}
