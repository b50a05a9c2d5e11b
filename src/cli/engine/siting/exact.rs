//! Lengths and amounts as the whole numbers that engines count in, as fine as they can be.

use crate::siting::{MOST_COST, MOST_PAIRS, ProblemError, Way};

/// What all points can reach, in whole fine units.
pub(super) struct Reach {
    pub(super) near: Vec<Vec<Way>>,
    /// Fine units of one unit of length: a power of two, 1 where lengths are whole.
    pub(super) scale: f64,
}

/// Length between two points.
pub(super) fn length(a: [f64; 2], b: [f64; 2], whole: bool) -> f64 {
    let length = (a[0] - b[0]).hypot(a[1] - b[1]);
    if whole { length.floor() } else { length }
}

/// Ways to all points within a radius. `weights`: for the scale, which leaves room for sums.
pub(super) fn reach(at: &[[f64; 2]], whole: bool, radius: Option<f64>, weights: &[u32]) -> Result<Reach, ProblemError> {
    let most = radius.unwrap_or(f64::INFINITY);
    let mut order: Vec<usize> = (0..at.len()).collect();
    order.sort_by(|&a, &b| at[a][0].total_cmp(&at[b][0]).then(a.cmp(&b)));
    let mut lengths: Vec<Vec<(usize, f64)>> = vec![Vec::new(); at.len()];
    let mut pairs = 0;
    let (mut from, mut farthest) = (0, 0.0_f64);
    for &a in &order {
        // Only those in a strip around it; a length cut to whole may be one longer before.
        while at[order[from]][0] < at[a][0] - most - 1.0 {
            from += 1;
        }
        for &b in order[from..].iter().take_while(|&&b| at[b][0] <= at[a][0] + most + 1.0) {
            let length = length(at[a], at[b], whole);
            if length <= most {
                lengths[a].push((b, length));
                farthest = farthest.max(length);
            }
        }
        pairs += lengths[a].len();
        if pairs > MOST_PAIRS {
            return Err(ProblemError::TooLarge);
        }
    }
    let total: f64 = weights.iter().map(|&weight| f64::from(weight)).sum::<f64>().max(1.0) * farthest.max(1e-9);
    // Where somebody may be out of reach all ways count once for each: see `siting::MOST_COST`.
    let room = MOST_COST as f64 / 16.0 / if radius.is_some() { at.len() as f64 } else { 8.0 };
    let mut scale = 1.0;
    while !whole && scale < 1e9 && farthest * scale * 2.0 < f64::from(1_u32 << 31) && total * scale * 2.0 < room {
        scale *= 2.0;
    }
    if farthest * scale >= f64::from(u32::MAX) {
        return Err(ProblemError::TooDear);
    }
    let way = |(site, length): (usize, f64)| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked above; fewer than 2^32 sites"
        )]
        let (site, distance) = (site as u32, (length * scale).round() as u32);
        Way { site, distance }
    };
    let row = |mut row: Vec<(usize, f64)>| {
        row.sort_unstable_by_key(|&(site, _)| site);
        row.into_iter().map(way).collect()
    };
    Ok(Reach { near: lengths.into_iter().map(row).collect(), scale })
}

/// Amounts with at most three decimals as whole numbers of one common fraction, and how many of them are 1.
pub(super) fn whole(lists: &[&[f64]], what: &str) -> Result<(Vec<Vec<u32>>, f64), String> {
    for factor in [1.0, 10.0, 100.0, 1000.0] {
        let fits = |&value: &f64| {
            let fine = value * factor;
            (fine - fine.round()).abs() < 1e-6 && fine < f64::from(u32::MAX)
        };
        if lists.iter().all(|list| list.iter().all(fits)) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked just now; not negative"
            )]
            let fine = |list: &&[f64]| list.iter().map(|value| (value * factor).round() as u32).collect();
            return Ok((lists.iter().map(fine).collect(), factor));
        }
    }
    Err(format!("column “{what}”: at most three decimals and values below 4 million are possible; round them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_radius_keeps_what_lies_within() {
        let at = [[0.0, 0.0], [3.0, 4.0], [10.0, 0.0]];
        let Reach { near, scale } = reach(&at, false, Some(5.0), &[1; 3]).unwrap();
        let lists: Vec<Vec<u32>> = near.iter().map(|ways| ways.iter().map(|way| way.site).collect()).collect();
        assert_eq!(lists, vec![vec![0, 1], vec![0, 1], vec![2]]);
        assert_eq!(f64::from(near[0][1].distance) / scale, 5.0);
        assert!(scale > 1e6);
        assert_eq!(reach(&at, true, None, &[1; 3]).unwrap().near[1][2].distance, 8);
    }

    #[test]
    fn decimals_become_whole_numbers() {
        assert_eq!(whole(&[&[1.5, 2.0], &[0.25]], "weight"), Ok((vec![vec![150, 200], vec![25]], 100.0)));
        assert!(whole(&[&[0.12345]], "weight").is_err());
    }
}
