//! How long and how to search: the same arguments for every solving command.

use std::time::Duration;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Budget {
    /// Stop searching after so many seconds [default: [solve] seconds in project.toml; engines: 60]
    #[arg(long, value_name = "S", conflicts_with = "iterations", value_parser = seconds)]
    pub(super) seconds: Option<Duration>,
    /// Stop after so many iterations instead: the same plan on every run
    #[arg(long, value_name = "N")]
    pub(super) iterations: Option<u64>,
    /// Seed of everything random
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub(super) seed: u64,
    /// Independent searches that exchange what they find; part of the input [default: [solve] chains; engines: 1, allocation: 2]
    #[arg(long, value_name = "C", value_parser = clap::value_parser!(u32).range(1..=64))]
    pub(super) chains: Option<u32>,
    /// Threads to use; changes the speed, never the plan [default: all processors]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
}

/// Seconds of a search by `jiebo engine`, if nothing is said.
pub(super) const ENGINE_SECONDS: Duration = Duration::from_secs(60);

impl Budget {
    /// The time there is, if nothing is said `usual`; `None` where the iterations decide.
    pub(super) fn time(&self, usual: Duration) -> Option<Duration> {
        self.iterations.is_none().then(|| self.seconds.unwrap_or(usual))
    }

    /// From here on no more threads than asked for.
    pub(super) fn use_threads(&self) {
        use_threads(self.threads);
    }
}

/// From here on no more threads than these.
pub(super) fn use_threads(threads: Option<u16>) {
    if let Some(threads) = threads {
        // Fails only if a pool exists already; then that one is used.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
}

/// Seconds with a fraction, up to a week.
fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<f64>() {
        Ok(seconds) if (0.0..=604_800.0).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("a number of seconds from 0 to 604800 (a week)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_a_sane_number() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["-1", "nan", "inf", "1e9", "x", ""] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
