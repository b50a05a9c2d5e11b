//! Are there times for a way, and which are the least? A system of differences of whole numbers, raised until nothing is broken (Bellman & Ford).
//! O(length) a pass, few passes; exact: no times that keep everything are less in any place.
//!
//! As `routing::schedule`, for one way that begins anywhere, and without the search around it.

/// A beginning: of leaving, of a call or of being back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) early: i64,
    pub(super) late: i64,
    /// From here to the next one, at least.
    pub(super) leg: i64,
    /// Who alights here: the step of boarding, and the most between the two beginnings.
    pub(super) ride: Option<(usize, i64)>,
}

/// Fills `times` with the least beginnings; are there any?
pub(super) fn least(steps: &[Step], times: &mut Vec<i64>) -> bool {
    times.clear();
    times.extend(steps.iter().map(|step| step.early));
    // Each pass settles a ride more, or it goes in circles.
    for _ in 0..=steps.len() {
        for at in 0..steps.len() {
            if at > 0 {
                times[at] = times[at].max(times[at - 1] + steps[at - 1].leg);
            }
            if times[at] > steps[at].late {
                return false;
            }
        }
        let mut raised = false;
        for (at, step) in steps.iter().enumerate().rev() {
            if let Some((first, most)) = step.ride
                && times[first] < times[at] - most
            {
                times[first] = times[at] - most;
                raised = true;
            }
        }
        if !raised {
            return true;
        }
    }
    false
}
