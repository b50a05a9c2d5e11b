//! Random numbers of a day. Streams are named, not shared: the same cohort meets the same chance in two plans, so that their
//! difference is not drowned in noise (common random numbers). `exp`, `ln` and `cos` are `libm`'s: the same everywhere.

use std::f64::consts::TAU;

use super::spreads::FARTHEST;
use crate::search::Random;

/// A seed for a thing of a thing. Seeds are hashed: streams of SplitMix64 whose seeds differ by its step would overlap.
pub fn mix(a: u64, b: u64) -> u64 {
    let first = Random::new(a).next_u64();
    Random::new(first ^ b).next_u64()
}

/// A name as a number (FNV-1a).
pub fn name(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Standard normal (Box & Muller 1958).
pub fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * libm::log(1.0 - random.unit())).sqrt();
    radius * libm::cos(TAU * random.unit())
}

/// Standard normal, cut at [`FARTHEST`].
pub fn deviation(random: &mut Random) -> f64 {
    normal(random).clamp(-FARTHEST, FARTHEST)
}

/// Lognormal with mean 1 and this coefficient of variation; 1 where it is 0 (a draw is made all the same).
pub fn factor(random: &mut Random, variation: f64) -> f64 {
    let variance = libm::log1p(variation * variation);
    libm::exp(variance.sqrt() * normal(random) - variance / 2.0)
}

/// Largest mean that is inverted at once: exp(-mean) stays far from underflow.
const AT_ONCE: f64 = 64.0;

/// Poisson by inversion: grows with the mean for the same chance, so that more demand is the same people and some more.
pub fn poisson(random: &mut Random, mean: f64) -> u32 {
    let mut left = mean;
    let mut count = 0;
    while left > 0.0 {
        let part = left.min(AT_ONCE);
        left -= part;
        let chance = random.unit();
        let mut probability = libm::exp(-part);
        let mut sum = probability;
        let mut k = 0_u32;
        // Rounding may keep the sum below the last chance: ten deviations above is the end.
        while chance >= sum && f64::from(k) < part + 10.0 * part.sqrt() + 20.0 {
            k += 1;
            probability *= part / f64::from(k);
            sum += probability;
        }
        count += k;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of many draws.
    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..40_000).map(|_| draw()).collect();
        let mean = draws.iter().sum::<f64>() / 40_000.0;
        (mean, draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 40_000.0)
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut random = Random::new(5);
        let near = |(mean, variance): (f64, f64), m: f64, v: f64| {
            // Five standard errors of the mean; a tenth of the variance.
            assert!((mean - m).abs() < 5.0 * (v / 40_000.0).sqrt(), "mean {mean}, not {m}");
            assert!((variance - v).abs() < 0.1 * v, "variance {variance}, not {v}");
        };
        near(moments(|| normal(&mut random)), 0.0, 1.0);
        near(moments(|| factor(&mut random, 0.15)), 1.0, 0.0225);
        near(moments(|| f64::from(poisson(&mut random, 0.4))), 0.4, 0.4);
        near(moments(|| f64::from(poisson(&mut random, 7.5))), 7.5, 7.5);
        near(moments(|| f64::from(poisson(&mut random, 150.0))), 150.0, 150.0);
        assert_eq!(poisson(&mut random, 0.0), 0);
        assert!((factor(&mut random, 0.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn named_streams_have_nothing_in_common() {
        // Neighbouring days and names start anywhere.
        let mut seen: Vec<u64> = (0..1000).flat_map(|day| [mix(7, day), mix(day, 7)]).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 1999, "mix(7, 7) alone stands twice");
        assert_ne!(name("a"), name("b"));
    }
}
