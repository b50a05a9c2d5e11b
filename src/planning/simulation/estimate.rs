//! How sure is a mean over simulated days? Each interval holds the mean over 10,000 fresh days nine times in ten.
//!
//! Days are independent with variance v. Our mean m over N days and a fresh one f over M = 10,000 are independent: m - f has
//! mean 0 and variance v/N + v/M, and is nearly normal. So f lies in m ± z·sqrt(v·h), h = 1/N + 1/M, z = 1.645 (the 95 % point), with
//! v estimated from the N days. From some thirty days on; below, v itself is hardly known.

use crate::planning::plan::Estimate;

/// 95 % point of the normal.
const Z: f64 = 1.644_853_626_951_472_7;
/// Fresh days an interval speaks of.
const FRESH: f64 = 10_000.0;

/// h above.
fn thinness(days: usize) -> f64 {
    1.0 / (days.max(1) as f64) + 1.0 / FRESH
}

fn mean_of(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn variance(values: &[f64], mean: f64) -> f64 {
    values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / values.len().saturating_sub(1).max(1) as f64
}

/// Of a figure of each day.
pub(super) fn mean(values: &[f64]) -> Estimate<f64> {
    let mean = mean_of(values);
    let half = Z * (variance(values, mean) * thinness(values.len())).sqrt();
    Estimate { mean, low: mean - half, high: mean + half }
}

/// Of a quotient of two sums over all days (seconds of all riders over riders). The error of a/b is that of
/// (a - r·b)/mean(b), r the quotient (delta method; Cochran 1977, section 6.2): a mean again. 0 where there is no b.
pub(super) fn ratio(above: &[f64], below: &[f64]) -> Estimate<f64> {
    let base = mean_of(below);
    if base <= 0.0 {
        return Estimate::default();
    }
    let ratio = mean_of(above) / base;
    let errors: Vec<f64> = above.iter().zip(below).map(|(a, b)| (a - ratio * b) / base).collect();
    let half = Z * (variance(&errors, 0.0) * thinness(errors.len())).sqrt();
    Estimate { mean: ratio, low: ratio - half, high: ratio + half }
}

/// Of a count that may be rare. On days without any the variance looks like 0, which it is not: the variance is d·f, with the
/// dispersion d = v/m (1 where nothing was counted), and f solves (m - f)² = z²·d·f·h: Wilson's interval (1927) for counts.
pub(super) fn rare(values: &[f64]) -> Estimate<f64> {
    let mean = mean_of(values);
    let dispersion = if mean > 0.0 { variance(values, mean) / mean } else { 1.0 };
    let shift = Z * Z * dispersion * thinness(values.len()) / 2.0;
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
        // 0 and 2 in turns, 100 days: mean 1, variance 100/99; h = 0.0101. Half: 1.64485 * sqrt(0.010202) = 0.16614.
        let days: Vec<f64> = (0..100).map(|n| f64::from(n % 2 * 2)).collect();
        let known = mean(&days);
        assert_eq!(known.mean, 1.0);
        assert!((known.high - 1.166_14).abs() < 1e-5 && (known.low - 0.833_86).abs() < 1e-5, "{known:?}");
        // Seconds of 1000 a rider whatever the riders: nothing is unsure.
        let seconds: Vec<f64> = days.iter().map(|riders| riders * 1000.0).collect();
        assert_eq!(ratio(&seconds, &days), Estimate { mean: 1000.0, low: 1000.0, high: 1000.0 });
        assert_eq!(ratio(&seconds, &[0.0; 100]), Estimate::default());
        // Nobody in 400 days: at most z² (1/400 + 1/10,000) = 2.7055 * 0.0026 = 0.00703.
        let none = rare(&[0.0; 400]);
        assert_eq!((none.mean, none.low), (0.0, 0.0));
        assert!((none.high - 0.007_034).abs() < 1e-5, "{none:?}");
        // One every day is sure.
        assert_eq!(rare(&[1.0; 400]), Estimate { mean: 1.0, low: 1.0, high: 1.0 });
    }
}
