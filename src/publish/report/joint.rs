//! Why does each park pay that? A sentence each, whether anybody would do better apart, and what committees save together.
//!
//! Told of parks whose share stands alone in the table only; whoever is merged there is not told of here either, so that no difference of two
//! figures is about fewer than k people: what is left of the sums are at least two parks and k people, as in the table.

use crate::domain::units::Fen;
use crate::planning::plan::{Group, Joint, Plan};
use crate::planning::project::Project;
use crate::publish::pages::words::{Words, yuan};

/// The sentences; all empty where shares are by boardings.
#[derive(Clone, Debug, Default)]
pub struct Why {
    /// The rule, in a sentence or two.
    pub rule: String,
    /// One for each park.
    pub parks: Vec<String>,
    /// Does anybody do better apart?
    pub core: String,
    /// How sure all that is.
    pub noise: String,
}

/// Sentences of these parks, with what each pays a day as the table has it.
#[must_use]
pub fn why(w: Words, project: &Project, plan: &Plan, shown: &[(String, String)]) -> Why {
    let Some(joint) = &plan.costs.joint else { return Why::default() };
    let told = shown.iter().filter_map(|(site, pays)| park(w, project, plan, joint, site, pays));
    let parks = told.chain(idle(w, project, plan, joint)).collect();
    let noise = if joint.orders.is_empty() {
        w.with("report-joint-noise", &[("noise", &yuan(joint.noise_fen))])
    } else {
        let error = joint.standard_error.iter().copied().max().unwrap_or_default();
        let orders = (2 * joint.orders.len()).to_string();
        w.with("report-joint-drawn", &[("noise", &yuan(joint.noise_fen)), ("orders", &orders), ("error", &yuan(error))])
    };
    Why { rule: w.t("report-joint-rule"), parks, core: core(w, project, plan, joint, shown), noise }
}

fn park(w: Words, project: &Project, plan: &Plan, joint: &Joint, site: &str, pays: &str) -> Option<String> {
    let at = joint.players.iter().position(|player| player.as_deref() == Some(site))?;
    let (gain, saved) = (*joint.gains.get(at)?, *joint.saved.get(at)?);
    let alone = joint.value(1 << at)?;
    let more = gain - alone;
    let name = w.place(project, plan, site);
    let slots = [
        ("park", name.as_str()),
        ("pays", pays),
        ("saved", &yuan(saved)),
        ("gain", &yuan(gain)),
        ("alone", &yuan(alone)),
        ("more", &yuan(Fen(more.0.abs()))),
    ];
    let key = match (alone, more) {
        (_, less) if less < Fen::ZERO => "report-joint-park-less",
        (Fen::ZERO, _) => "report-joint-park-none",
        _ => "report-joint-park",
    };
    Some(w.with(key, &slots))
}

/// Parks of which nobody rides and that gain nothing.
fn idle(w: Words, project: &Project, plan: &Plan, joint: &Joint) -> Option<String> {
    let nothing = |at: usize| joint.saved[at] == Fen::ZERO && joint.value(1 << at) == Some(Fen::ZERO);
    let players = joint.players.iter().take(joint.saved.len()).enumerate().filter(|(at, _)| nothing(*at));
    let names: Vec<String> =
        players.filter_map(|(_, player)| Some(w.place(project, plan, player.as_deref()?))).collect();
    let names = names.join(if w.english() { ", " } else { "、" });
    (!names.is_empty()).then(|| w.with("report-joint-idle", &[("parks", &names)]))
}

fn core(w: Words, project: &Project, plan: &Plan, joint: &Joint, shown: &[(String, String)]) -> String {
    let Some(worst) = &joint.worst else {
        return w.t(if joint.in_core == Some(true) { "report-joint-core" } else { "report-joint-core-unknown" });
    };
    let fen = yuan(worst.fen);
    // Less than a yuan comes of rounding rows.
    if worst.fen < Fen(100) {
        return w.t("report-joint-core");
    }
    if worst.fen <= joint.noise_fen {
        return w.with("report-joint-core-noise", &[("fen", &fen)]);
    }
    let who = names(w, project, plan, joint, worst.coalition, shown);
    let slots = [("who", who.as_str()), ("fen", &fen)];
    let objection = w.with("report-joint-core-no", &slots);
    let way_out = match (&joint.subsidy, &joint.alternative) {
        (Some(subsidy), _) => w.with("report-joint-subsidy", &[("fen", &yuan(subsidy.fen))]),
        (None, Some(other)) => {
            let moved = joint.gains.iter().zip(other).map(|(one, other)| Fen((*one - *other).0.abs())).max();
            w.with("report-joint-alternative", &[("fen", &yuan(moved.unwrap_or_default()))])
        }
        (None, None) => return objection,
    };
    [objection, way_out].join(if w.english() { " " } else { "" })
}

/// Parks of a coalition; "some parks" where one of them is not told of.
fn names(
    w: Words,
    project: &Project,
    plan: &Plan,
    joint: &Joint,
    coalition: u64,
    shown: &[(String, String)],
) -> String {
    let members = joint.players.iter().enumerate().filter(|(at, _)| coalition >> at & 1 == 1);
    let named = |player: &Option<String>| {
        let site = player.as_ref()?;
        shown.iter().any(|(known, _)| known == site).then(|| w.place(project, plan, site))
    };
    let names: Option<Vec<String>> = members.map(|(_, player)| named(player)).collect();
    names.map_or_else(|| w.t("report-joint-some"), |names| names.join(if w.english() { ", " } else { "、" }))
}

/// What a committee's joint shuttle is worth, where all its parks are told of.
#[must_use]
pub fn committee(w: Words, names: &str, group: &Group, shown: &[(String, String)]) -> Option<String> {
    let saving = group.saving_fen?;
    let told = group.members.iter().all(|member| shown.iter().any(|(site, _)| site == member));
    let key = if saving > Fen::ZERO { "report-committee-saves" } else { "report-committee-saves-nothing" };
    told.then(|| w.with(key, &[("parks", names), ("fen", &yuan(saving))]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::plan::{Objection, Subsidy};
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    /// Media gains 1,000 alone, Daning nothing; together 1,600.
    fn plan() -> Plan {
        let mut plan = fixture::plan();
        let name = |id: &str| Some(id.to_owned());
        plan.costs.joint = Some(Joint {
            players: vec![name("daning"), name("media")],
            saved: vec![Fen(80_000), Fen(300_000)],
            values: [0, 0, 100_000, 160_000].map(Fen).to_vec(),
            gains: vec![Fen(30_000), Fen(130_000)],
            parts: vec![0b11],
            in_core: Some(true),
            noise_fen: Fen(4_000),
            ..Joint::default()
        });
        plan.groups[0].saving_fen = Some(Fen(60_000));
        plan
    }

    fn shown() -> Vec<(String, String)> {
        [("daning", "¥400.00"), ("media", "¥1,460.00")].map(|(site, pays)| (site.to_owned(), pays.to_owned())).to_vec()
    }

    #[test]
    fn a_sentence_for_each_park() {
        let why = why(Words(Language::En), &fixture::project(), &plan(), &shown());
        insta::assert_snapshot!(why.parks.join("\n"), @r"
        Daning Dobe Park pays ¥400.00 a day: its riders save the worth of ¥800, and after all costs ¥300 of it stay with them. For it alone no shuttle was found that is worth running.
        Lingshi Media Park pays ¥1,460.00 a day: its riders save the worth of ¥3,000, and after all costs ¥1,300 of it stay with them. With a shuttle of its own ¥1,000 would; planning together is worth ¥300 a day to it.
        ");
        assert_eq!(why.core, "No park and no group of parks would do better apart.");
        // A park that is merged with others has none.
        let (project, plan) = (fixture::project(), plan());
        assert_eq!(super::why(Words(Language::Zh), &project, &plan, &shown()[1..]).parks.len(), 1);
        assert!(super::why(Words(Language::Zh), &project, &fixture::plan(), &shown()).rule.is_empty());
    }

    #[test]
    fn who_would_rather_go_and_what_would_keep_them() {
        let mut plan = plan();
        let joint = plan.costs.joint.as_mut().unwrap();
        joint.worst = Some(Objection { coalition: 0b10, fen: Fen(9_000) });
        joint.in_core = Some(false);
        joint.alternative = Some(vec![Fen(21_000), Fen(139_000)]);
        let text =
            |plan: &Plan, shown: &[(String, String)]| why(Words(Language::En), &fixture::project(), plan, shown).core;
        insta::assert_snapshot!(text(&plan, &shown()), @"Lingshi Media Park would do better apart, by ¥90 a day. There is another division under which nobody would; it differs from this one by at most ¥90 a day for any park (see costs.joint in plan.json).");
        // Daning alone is told of: media's name is not.
        assert!(!text(&plan, &shown()[..1]).contains("Lingshi"));
        let joint = plan.costs.joint.as_mut().unwrap();
        joint.alternative = None;
        joint.subsidy = Some(Subsidy { fen: Fen(12_000), ..Subsidy::default() });
        insta::assert_snapshot!(text(&plan, &shown()), @"Lingshi Media Park would do better apart, by ¥90 a day. No division of the gains keeps everybody together; ¥120 a day from outside would, and no less.");
        // 40 yuan is what two searches differ by.
        plan.costs.joint.as_mut().unwrap().worst = Some(Objection { coalition: 0b10, fen: Fen(3_000) });
        insta::assert_snapshot!(text(&plan, &shown()), @"By these figures somebody would do better apart by ¥30 a day, which is no more than two searches for the same parks differ by: it says nothing.");
    }

    #[test]
    fn a_committee_is_told_of_with_all_its_parks_only() {
        let plan = plan();
        let tell = |shown: &[(String, String)]| committee(Words(Language::En), "Media, Daning", &plan.groups[0], shown);
        insta::assert_snapshot!(tell(&shown()).unwrap(), @"Media, Daning: one shuttle for all of them is worth ¥600 a day more than one for each, and none of them is worse off for it.");
        assert_eq!(tell(&shown()[1..]), None);
    }
}
