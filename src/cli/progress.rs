//! What the search says while it runs, the deadline and Ctrl-C: the one watcher of a run.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::interrupt;
use crate::domain::units::Fen;
use crate::publish::phrases::{self, Language};
use crate::search::{Answer, Progress};

/// Watches a run: draws, counts the time, asks to stop.
pub(super) struct Watcher {
    language: Language,
    start: Instant,
    /// Budget of time; `None`: the iterations decide.
    budget: Option<Duration>,
    iterations: Option<u64>,
    bar: ProgressBar,
}

const STEPS: u64 = 1000;

impl Watcher {
    /// `shown`: draw on the terminal (it is drawn nowhere else).
    pub(super) fn new(language: Language, budget: Option<Duration>, iterations: Option<u64>, shown: bool) -> Self {
        let bar = if shown && std::io::IsTerminal::is_terminal(&std::io::stderr()) {
            ProgressBar::new(STEPS)
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:30} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        Self { language, start: Instant::now(), budget, iterations, bar }
    }

    /// The one callback of a run.
    pub(super) fn watch(&self, progress: &Progress) -> Answer {
        let used = self.budget.map_or(0.0, |budget| {
            if budget.is_zero() { 1.0 } else { (self.start.elapsed().as_secs_f64() / budget.as_secs_f64()).min(1.0) }
        });
        self.draw(progress, used);
        let cancelled = interrupt::asked();
        Answer { used, stop: used >= 1.0 || cancelled, cancelled, snapshot: false }
    }

    fn draw(&self, progress: &Progress, used: f64) {
        if self.bar.is_hidden() {
            return;
        }
        let stage = if phrases::has_phrase(self.language, progress.stage) {
            phrases::phrase(self.language, progress.stage, &[])
        } else {
            progress.stage.to_owned()
        };
        let mut text = stage;
        if let Some(objective) = progress.objective.filter(|objective| objective.is_finite()) {
            #[expect(clippy::cast_possible_truncation, reason = "a day's costs are far below 2^53 fen")]
            let yuan = Fen(objective as i64).yuan().round();
            text.push_str(&phrases::phrase(self.language, "cli-progress", &[("yuan", yuan.into())]));
        }
        self.bar.set_message(text);
        let share = match (self.budget, self.iterations) {
            (Some(_), _) => used,
            (None, Some(all)) if all > 0 => (progress.iteration as f64 / all as f64).min(1.0),
            (None, _) => 0.0,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=1000")]
        self.bar.set_position((share * STEPS as f64) as u64);
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
