//! First come, first served: what a lot's gate would do. For comparison.
//!
//! In the order of the file each request takes the nearest lot within its walk and price that has a bay of its kind and whose owners
//! can bear one more car: the same acceptance as in the plan, without looking ahead.

use super::refusals::Left;
use super::{Case, walks};
use crate::planning::project::Project;
use crate::search::Run;

/// How many get a bay, with walks in straight lines as [`super::allot_straight`] takes them.
#[must_use]
pub fn straight(project: &Project, run: &Run<'_>) -> usize {
    let mut unheard = Vec::new();
    let walks = walks::straight(project, &mut unheard);
    let case = Case::new(project, walks, run, &mut unheard);
    let mut served = 0;
    let mut left = Left::new(&case, &vec![None; project.requests.len()]);
    let mut holders = vec![Vec::new(); project.lots.len()];
    for (request, asked) in project.requests.iter().enumerate() {
        let near = case.walks[request]
            .iter()
            .filter(|&&(lot, walk)| walk <= asked.max_walk && case.affordable(request, lot))
            .filter(|&&(lot, _)| left.has_room(request, &case.wanted[request], lot))
            .min_by_key(|&&(lot, walk)| (walk, lot));
        if let Some(&(lot, _)) = near {
            served += 1;
            holders[lot].push(request);
            left.look(lot, &holders[lot]);
        }
    }
    served
}
