//! Of the stops found near hundreds of homes, which are worth planning with? Spots, both kerbs of a road together, that shorten the walks of most
//! people, one after the other (greedy for the p-median: Cornuejols, Fisher & Nemhauser 1977). O(spots chosen x walks in reach).

use crate::domain::coordinates::Point;
use crate::domain::units::Metres;

/// Most stops a search is given to choose from: with more, it does not come to look at them all.
pub(super) const MOST: usize = 190;
/// Stops nearer to each other than this are one spot, metres: the two kerbs of a wide road.
const SPOT_M: f64 = 45.0;

/// Positions in `points` to be kept, ascending: the wanted ones, half of [`MOST`] at most, and, until there are [`MOST`], those of the best spots. `walk` has a row a place and a
/// column a point, `people` how many come from each place or go there.
pub(super) fn choose(points: &[Point], walk: &[Vec<Option<Metres>>], people: &[f64], wanted: Vec<usize>) -> Vec<usize> {
    let spots = spots(points);
    // Of each spot: places in reach and the walk to the nearer kerb.
    let near: Vec<Vec<(usize, f64)>> = spots
        .iter()
        .map(|spot| {
            let least = |row: &Vec<Option<Metres>>| spot.iter().filter_map(|&stop| row[stop]).min();
            let rows = walk.iter().enumerate();
            rows.filter_map(|(place, row)| least(row).map(|metres| (place, f64::from(metres.0)))).collect()
        })
        .collect();
    // Who has no stop walks farther than anybody who has one.
    let farthest = walk.iter().flatten().flatten().map(|metres| metres.0).max().unwrap_or_default();
    let mut now = vec![2.0 * f64::from(farthest); walk.len()];
    let mut kept = vec![false; points.len()];
    let mut count = 0;
    let mut keep = |stop: usize, count: &mut usize| {
        *count += usize::from(!std::mem::replace(&mut kept[stop], true));
    };
    for stop in wanted.into_iter().take(MOST / 2) {
        keep(stop, &mut count);
        for (row, now) in walk.iter().zip(&mut now) {
            if let Some(metres) = row[stop] {
                *now = now.min(f64::from(metres.0));
            }
        }
    }
    while count < MOST {
        let gain = |spot: &usize| -> f64 {
            near[*spot].iter().map(|&(place, metres)| people[place] * (now[place] - metres).max(0.0)).sum()
        };
        let gains: Vec<f64> = (0..spots.len()).map(|spot| gain(&spot)).collect();
        let best = (0..spots.len()).max_by(|a, b| gains[*a].total_cmp(&gains[*b]).then(b.cmp(a)));
        let Some(best) = best.filter(|best| gains[*best] > 0.0) else { break };
        for &stop in &spots[best] {
            keep(stop, &mut count);
        }
        for &(place, metres) in &near[best] {
            now[place] = now[place].min(metres);
        }
    }
    (0..points.len()).filter(|stop| kept[*stop]).collect()
}

/// Stops together that are one spot, in order of the first.
fn spots(points: &[Point]) -> Vec<Vec<usize>> {
    let mut spots: Vec<Vec<usize>> = Vec::new();
    for (stop, point) in points.iter().enumerate() {
        match spots.iter_mut().find(|spot| points[spot[0]].metres_to(*point) < SPOT_M) {
            Some(spot) => spot.push(stop),
            None => spots.push(vec![stop]),
        }
    }
    spots
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A point so many metres north of another.
    fn at(metres: f64) -> Point {
        Point { lon: 121.0, lat: 31.0 + metres / 110_900.0 }
    }

    #[test]
    fn both_kerbs_of_the_spots_where_most_people_walk_least() {
        // Three spots with two kerbs each; twenty people live at the first, one at the second, fifteen at the third.
        let points: Vec<Point> = [0.0, 20.0, 400.0, 420.0, 900.0, 915.0].into_iter().map(at).collect();
        let walk: Vec<Vec<Option<Metres>>> = [0.0, 400.0, 900.0]
            .iter()
            .map(|home| {
                let metres = points.iter().map(|point| at(*home).metres_to(*point).round() as u32);
                metres.map(|metres| (metres <= 500).then_some(Metres(metres))).collect()
            })
            .collect();
        assert_eq!(spots(&points), [[0, 1], [2, 3], [4, 5]]);
        // All are kept where there is room; what is wanted is kept though nobody lives there.
        assert_eq!(choose(&points, &walk, &[20.0, 1.0, 15.0], Vec::new()), [0, 1, 2, 3, 4, 5]);
        assert_eq!(choose(&points, &walk, &[20.0, 0.0, 0.0], vec![5]), [0, 1, 5]);
        assert_eq!(choose(&points, &walk, &[0.0, 0.0, 0.0], Vec::new()), [0_usize; 0]);
    }

    #[test]
    fn no_more_than_can_be_looked_at() {
        // A home every 100 m, a stop at each; every second is dropped where too many are.
        let points: Vec<Point> = (0..2 * MOST).map(|k| at(100.0 * k as f64)).collect();
        let walk: Vec<Vec<Option<Metres>>> = (0..points.len())
            .map(|home| {
                let metres = |stop: usize| 100 * home.abs_diff(stop) as u32;
                (0..points.len()).map(|stop| (metres(stop) <= 500).then_some(Metres(metres(stop)))).collect()
            })
            .collect();
        let people = vec![1.0; points.len()];
        let kept = choose(&points, &walk, &people, Vec::new());
        assert_eq!(kept.len(), MOST);
        let longest = kept.windows(2).map(|pair| pair[1] - pair[0]).max();
        assert!(longest <= Some(5), "somebody walks {longest:?} times 50 m");
    }
}
