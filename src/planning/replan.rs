//! Does it pay to replan? With counts of who rides (`observed`), a new plan beside the one in force, kept as it is while people choose
//! again on its trips: what the new one saves a day in travel, running and upkeep, and what its changes cost riders at the project's
//! prices. Both are plans found under the same demand, so what is saved is what these two differ by.

use super::plan::Plan;
use crate::domain::finding::Finding;
use crate::domain::units::Fen;

/// Less a day is not worth anybody's attention: a yuan.
const WORTH: Fen = Fen(100);

/// What is told: `kept` is the objective of the plan in force under today's demand, `of_it` the price of changes in it (people who
/// choose another trip by themselves).
#[must_use]
pub fn finding(kept: Fen, of_it: Fen, plan: &Plan) -> Finding {
    let worth = &plan.evaluation;
    let net = kept - worth.objective;
    let price = worth.terms.changes_fen - of_it;
    if net < WORTH {
        return Finding::note("replan-keep");
    }
    Finding::note("replan-pays")
        .arg("saves", (net + price).yuan().round())
        .arg("price", price.yuan().round())
        .arg("net", net.yuan().round())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;

    #[test]
    fn changes_are_paid_for_before_anything_is_saved() {
        let mut plan = fixture::plan();
        // Kept: 1,000 yuan, 20 of them people who choose another trip. New: 900, 120 of them changes: 200 saved for 100 more of changes.
        plan.evaluation.objective = Fen(90_000);
        plan.evaluation.terms.changes_fen = Fen(12_000);
        let told = finding(Fen(100_000), Fen(2_000), &plan);
        let pays = Finding::note("replan-pays").arg("saves", 200).arg("price", 100).arg("net", 100);
        assert_eq!(told, pays);
        assert_eq!(finding(Fen(90_050), Fen(0), &plan).code, "replan-keep");
        assert_eq!(finding(Fen(80_000), Fen(0), &plan).code, "replan-keep");
    }
}
