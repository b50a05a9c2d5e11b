//! How sure is a mean over simulated days? The intervals of a plan hold the means over 10,000 fresh days, all of them at once, nine times
//! in ten.
//!
//! Days are independent with variance v. Our mean m over N days and a fresh one f over M = 10,000 are independent: m - f has
//! mean 0 and variance v/N + v/M, and is nearly normal. So f lies in m ± t·sqrt(v·h), h = 1/N + 1/M, with v estimated from the N
//! days and t of Student's distribution with N - 1 degrees. The figures of a plan come from the same days and err together in ways nobody
//! knows; whatever these are, all six hold at once nine times in ten if each does 59 times in 60 (Bonferroni; Dunn 1961).
//! From some thirty days on; below, v itself is hardly known.

use crate::planning::plan::Estimate;

/// The 99.17 % point of the normal: each of six figures (served, seconds, left behind, missed trains, objective, saving) lies above or below
/// once in sixty times.
const Z: f64 = 2.393_979_799_818_51;
/// Fresh days an interval speaks of.
const FRESH: f64 = 10_000.0;

/// h above.
fn thinness(days: usize) -> f64 {
    1.0 / (days.max(1) as f64) + 1.0 / FRESH
}

/// The point of Student's distribution that belongs to [`Z`] of the normal (Cornish & Fisher 1937, two terms: four digits from thirty days on).
fn student(days: usize) -> f64 {
    let degrees = days.saturating_sub(1).max(1) as f64;
    let (z3, z5) = (Z.powi(3), Z.powi(5));
    Z + (z3 + Z) / (4.0 * degrees) + (5.0 * z5 + 16.0 * z3 + 3.0 * Z) / (96.0 * degrees * degrees)
}

fn mean_of(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn variance(values: &[f64], mean: f64) -> f64 {
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len().saturating_sub(1).max(1) as f64
}

/// Of a figure of each day.
pub fn mean(values: &[f64]) -> Estimate<f64> {
    let mean = mean_of(values);
    let half = student(values.len()) * (variance(values, mean) * thinness(values.len())).sqrt();
    Estimate { mean, low: mean - half, high: mean + half }
}

/// Of a quotient of two sums over all days (seconds of all riders over riders). The error of a/b is that of
/// (a - r·b)/mean(b), r the quotient (delta method; Cochran 1977, section 6.2): a mean again. 0 where there is no b.
pub fn ratio(above: &[f64], below: &[f64]) -> Estimate<f64> {
    let base = mean_of(below);
    if base <= 0.0 {
        return Estimate::default();
    }
    let ratio = mean_of(above) / base;
    let errors: Vec<f64> = above.iter().zip(below).map(|(a, b)| (a - ratio * b) / base).collect();
    let half = student(errors.len()) * (variance(&errors, 0.0) * thinness(errors.len())).sqrt();
    Estimate { mean: ratio, low: ratio - half, high: ratio + half }
}

/// Of a count that may be rare. On days without any the variance looks like 0, which it is not: the variance is d·f, with the
/// dispersion d, and f solves (m - f)² = t²·d·f·h: Wilson's interval (1927) for counts. d is v/m with one more day counted as bad as the worst
/// seen (of one person where nothing was seen): who comes in groups is missed in groups, and few bad days tell little of how bad they are.
pub fn rare(values: &[f64]) -> Estimate<f64> {
    let mean = mean_of(values);
    let worst = values.iter().copied().fold(0.0, f64::max);
    let worst = if worst > 0.0 { worst } else { 1.0 };
    let squares: f64 = variance(values, mean) * values.len().saturating_sub(1) as f64;
    let dispersion = (squares + worst * worst) / (mean * values.len() as f64 + worst);
    let shift = student(values.len()).powi(2) * dispersion * thinness(values.len()) / 2.0;
    let middle = mean + shift;
    // (m + s)² - m², without the cancellation.
    let half = (shift * (2.0 * mean + shift)).sqrt();
    Estimate { mean, low: (middle - half).max(0.0), high: middle + half }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_by_hand() {
        // Student's 99.17 % points for 99 and 399 degrees: 2.4353, 2.4041.
        assert!((student(100) - 2.435_3).abs() < 1e-4 && (student(400) - 2.404_1).abs() < 1e-4, "{}", student(400));
        // 0 and 2 in turns, 100 days: mean 1, variance 100/99; h = 0.0101. Half: 2.4353 * sqrt(0.010202) = 0.24598.
        let days: Vec<f64> = (0..100).map(|n| f64::from(n % 2 * 2)).collect();
        let known = mean(&days);
        assert_eq!(known.mean, 1.0);
        assert!((known.high - 1.245_98).abs() < 1e-4 && (known.low - 0.754_02).abs() < 1e-4, "{known:?}");
        // Seconds of 1000 a rider whatever the riders: nothing is unsure.
        let seconds: Vec<f64> = days.iter().map(|riders| riders * 1000.0).collect();
        assert_eq!(ratio(&seconds, &days), Estimate { mean: 1000.0, low: 1000.0, high: 1000.0 });
        assert_eq!(ratio(&seconds, &[0.0; 100]), Estimate::default());
        // Nobody in 400 days: at most t² (1/400 + 1/10,000) = 5.7797 * 0.0026 = 0.01503.
        let none = rare(&[0.0; 400]);
        assert_eq!((none.mean, none.low), (0.0, 0.0));
        assert!((none.high - 0.015_03).abs() < 1e-5, "{none:?}");
        // Ten who miss a train together once in 400 days: it might be ten of ten again, d = (99.75 + 100) / (10 + 10): 9.99.
        let mut once = [0.0; 400];
        once[7] = 10.0;
        let group = rare(&once);
        assert!((group.high - 0.197).abs() < 1e-3 && group.low > 0.0 && group.low < 0.01, "{group:?}");
    }
}
