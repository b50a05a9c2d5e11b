//! What each park pays and why: a line for each.

use std::collections::BTreeMap;

use super::console::Console;
use crate::domain::units::Fen;
use crate::planning::plan::{Joint, Plan};
use crate::planning::project::Project;
use crate::publish::pages::words::Words;

/// The lines, in the order of the plan's shares; who pays without a park is not among them.
pub(super) fn lines(project: &Project, plan: &Plan, console: &Console) -> Vec<String> {
    let mut pays: BTreeMap<&str, Fen> = BTreeMap::new();
    let mut order: Vec<&str> = Vec::new();
    for share in &plan.costs.shares {
        let Some(site) = share.site.as_deref() else { continue };
        let sum = pays.entry(site).or_insert_with(|| {
            order.push(site);
            Fen::ZERO
        });
        *sum += share.fen;
    }
    order.into_iter().map(|site| line(project, plan, site, pays[site], console)).collect()
}

fn line(project: &Project, plan: &Plan, site: &str, pays: Fen, console: &Console) -> String {
    let park = Words(console.language()).place(project, plan, site);
    let known = plan.costs.joint.as_ref().and_then(|joint| Some((joint, why(joint, site)?)));
    let Some((joint, why)) = known else {
        return console.say("cli-share-boardings", &[("park", park.into()), ("pays", pays.to_string().into())]);
    };
    // What two searches for the same parks differ by, or two drawings of the orders, says nothing.
    let noise = joint.noise_fen.max(why.error.unwrap_or_default());
    let key = match (why.alone, why.alone > why.gain + noise) {
        (_, true) => "cli-share-less",
        (Fen::ZERO, _) => "cli-share-none",
        _ => "cli-share",
    };
    let error = why.error.filter(|_| !joint.orders.is_empty());
    let args = [
        ("park", park.into()),
        ("pays", pays.to_string().into()),
        ("saved", why.saved.to_string().into()),
        ("gain", why.gain.to_string().into()),
        ("alone", why.alone.to_string().into()),
        ("drawn", if error.is_some() { "yes" } else { "no" }.into()),
        ("error", error.unwrap_or_default().to_string().into()),
    ];
    console.say(key, &args)
}

/// Fen a mean day.
struct Why {
    saved: Fen,
    gain: Fen,
    alone: Fen,
    /// Of the gain, where orders were drawn.
    error: Option<Fen>,
}

fn why(joint: &Joint, site: &str) -> Option<Why> {
    let at = joint.players.iter().position(|player| player.as_deref() == Some(site))?;
    Some(Why {
        saved: *joint.saved.get(at)?,
        gain: *joint.gains.get(at)?,
        alone: joint.value(1 << at)?,
        error: joint.standard_error.get(at).copied(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn a_line_for_each_park() {
        let (project, mut plan) = (fixture::project(), fixture::plan());
        let said = |plan: &Plan, language| lines(&project, plan, &Console::new(language)).join("\n");
        insta::assert_snapshot!(said(&plan, Language::En), @r"
        Lingshi Media Park pays 1460.00 CNY a day, by the boardings of its people.
        Daning Dobe Park pays 400.00 CNY a day, by the boardings of its people.
        ");
        let name = |id: &str| Some(id.to_owned());
        plan.costs.joint = Some(Joint {
            players: vec![name("daning"), name("media")],
            saved: vec![Fen(80_000), Fen(300_000)],
            values: [0, 0, 100_000, 160_000].map(Fen).to_vec(),
            gains: vec![Fen(30_000), Fen(130_000)],
            ..Joint::default()
        });
        insta::assert_snapshot!(said(&plan, Language::En), @r"
        Lingshi Media Park pays 1460.00 CNY a day: its riders save the worth of 3000.00, 1300.00 of it stays with them after all costs; by itself it would keep 1000.00.
        Daning Dobe Park pays 400.00 CNY a day: its riders save the worth of 800.00, 300.00 of it stays with them after all costs; for it alone no shuttle pays.
        ");
        insta::assert_snapshot!(said(&plan, Language::Zh), @r"
        灵石媒体园每天承担 1460.00 元：其乘客节省价值 3000.00 元，扣除全部成本后净得 1300.00 元；单独开行可净得 1000.00 元。
        大宁德必易园每天承担 400.00 元：其乘客节省价值 800.00 元，扣除全部成本后净得 300.00 元；单独开行不划算。
        ");
        let joint = plan.costs.joint.as_mut().unwrap();
        joint.coalitions = vec![1, 2, 3];
        joint.values = [0, 140_000, 160_000].map(Fen).to_vec();
        joint.orders = vec![vec![0, 1], vec![0, 1]];
        joint.standard_error = vec![Fen(1_200), Fen(1_200)];
        insta::assert_snapshot!(said(&plan, Language::En), @r"
        Lingshi Media Park pays 1460.00 CNY a day: its riders save the worth of 3000.00, 1300.00 (standard error 12.00) of it stays with them after all costs, less than the 1400.00 of a shuttle of its own.
        Daning Dobe Park pays 400.00 CNY a day: its riders save the worth of 800.00, 300.00 (standard error 12.00) of it stays with them after all costs; for it alone no shuttle pays.
        ");
        insta::assert_snapshot!(said(&plan, Language::Zh), @r"
        灵石媒体园每天承担 1460.00 元：其乘客节省价值 3000.00 元，扣除全部成本后净得 1300.00 元（标准误差 12.00），少于单独开行的 1400.00 元。
        大宁德必易园每天承担 400.00 元：其乘客节省价值 800.00 元，扣除全部成本后净得 300.00 元（标准误差 12.00）；单独开行不划算。
        ");
    }
}
