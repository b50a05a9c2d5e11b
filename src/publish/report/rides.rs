//! Rides on request: what is offered and with what, what drawn days come to, how good the answers are, and one such day; or, in a sentence, why it is not run.
//!
//! Sums of money are of all who ride, as elsewhere; means over fewer than k people are not told, and a drawn day only as [`requests`] allows.

use crate::domain::units::Fen;
use crate::planning::plan::{Estimate, OnDemand, Plan};
use crate::planning::project::Project;
use crate::publish::drawing::requests;
use crate::publish::pages::words::{Words, tenth, yuan, yuan_exact};
use crate::publish::rides;

/// An offer that is run.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// When, where, with how many vehicles.
    pub lead: String,
    /// What is promised.
    pub promises: Vec<String>,
    /// Stops.
    pub stops: Vec<String>,
    /// Vehicles: which, stints, kilometres, yuan more a day.
    pub vehicles: Vec<[String; 4]>,
    /// Days that were drawn.
    pub drawn: String,
    /// What, mean, its interval.
    pub figures: Vec<[String; 3]>,
    /// Few people: what is kept back.
    pub few: Option<String>,
    /// How good the answers are, and what can be saved at most.
    pub good: String,
    /// A day: drawing and what it shows.
    pub day: Option<(String, String)>,
}

/// The section.
#[derive(Clone, Debug)]
pub struct Rides {
    /// What is run.
    pub offers: Vec<Offer>,
    /// What is not run, and why.
    pub not: Vec<String>,
    /// A sentence each of what is run, for the first page.
    pub brief: Vec<String>,
}

/// Writes it.
#[must_use]
pub fn of(w: Words, project: &Project, plan: &Plan) -> Rides {
    let not = plan.on_demand.iter().filter(|offer| offer.vehicles.is_empty());
    Rides {
        offers: rides::offered(plan).map(|offer| told(w, project, plan, offer)).collect(),
        not: not.map(|offer| rides::why_not(w, plan, offer)).collect(),
        brief: rides::offered(plan).map(|offer| brief(w, plan, offer, project.policy.k_anonymity)).collect(),
    }
}

fn brief(w: Words, plan: &Plan, offer: &OnDemand, k: u32) -> String {
    w.with(
        "asked-brief",
        &[
            ("name", &rides::name(w, offer)),
            ("days", &rides::days(w, plan, offer)),
            ("hours", &rides::span((offer.from, offer.until))),
            ("people", &w.people(offer.worth.served.mean, k)),
            ("cost", &yuan(rides::cost(&offer.worth))),
            ("net", &yuan(rides::net(&offer.worth).mean)),
        ],
    )
}

fn told(w: Words, project: &Project, plan: &Plan, offer: &OnDemand) -> Offer {
    let k = project.policy.k_anonymity;
    let worth = &offer.worth;
    let own = offer.vehicles.iter().filter(|vehicle| vehicle.block.is_some()).count();
    let lead = w.with(
        "asked-lead",
        &[
            ("days", &rides::days(w, plan, offer)),
            ("hours", &rides::span((offer.from, offer.until))),
            ("stops", &offer.stops.len().to_string()),
            ("vehicles", &offer.vehicles.len().to_string()),
            ("own", &own.to_string()),
            ("hired", &(offer.vehicles.len() - own).to_string()),
        ],
    );
    let vehicles = offer.vehicles.iter().map(|vehicle| {
        [rides::vehicle(w, project, plan, vehicle), rides::stints(vehicle), tenth(vehicle.km), yuan_exact(vehicle.fen)]
    });
    // Means over fewer people than may be told about are not told.
    let enough = worth.asked.min(worth.served.mean) >= f64::from(k);
    let share = format!("{:.0}", rides::told_share(worth, k) * 100.0);
    let foresight = format!("{:.0}", worth.foresight * 100.0);
    let won = if worth.at_most_fen > Fen::ZERO {
        (worth.saving.mean.0 as f64 / worth.at_most_fen.0 as f64).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let most =
        w.with("asked-most", &[("most", &yuan(worth.at_most_fen)), ("won", &format!("{:.0}", (won * 100.0).floor()))]);
    // Shares of a few people say how many they are.
    let good = if enough {
        let reached = format!("{:.0}", rides::reached(worth) * 100.0);
        let key = if rides::few_left(worth, k) { "asked-good-about" } else { "asked-good" };
        let slots = [("share", share.as_str()), ("foresight", &foresight), ("reached", &reached)];
        [w.with(key, &slots), most].join(between(w))
    } else {
        most
    };
    Offer {
        name: rides::name(w, offer),
        lead: [lead, w.t("asked-how")].join(between(w)),
        promises: rides::promises(w, &offer.rules),
        stops: offer.stops.iter().map(|stop| w.stop(stop)).collect(),
        vehicles: vehicles.collect(),
        drawn: w.with("asked-on-days", &[("days", &worth.days.to_string())]),
        figures: figures(w, k, offer, enough),
        few: (!enough).then(|| w.with("asked-few", &[("k", &k.to_string())])),
        good,
        day: day(w, plan, offer, k),
    }
}

/// Between two sentences.
fn between(w: Words) -> &'static str {
    if w.english() { " " } else { "" }
}

fn figures(w: Words, k: u32, offer: &OnDemand, enough: bool) -> Vec<[String; 3]> {
    let worth = &offer.worth;
    let row = |key: &str, value: String, interval: String| [w.t(key), value, interval];
    let between = |of: Estimate<f64>, told: &dyn Fn(f64) -> String| {
        let (low, high) = (told(of.low), told(of.high));
        if low == high { low } else { format!("{low} – {high}") }
    };
    // A tenth: a whole vehicle may be about a handful.
    let people = |x: f64| if x >= f64::from(k) { tenth(x) } else { w.people(x, k) };
    let minutes = |seconds: f64| tenth(seconds / 60.0);
    let money = |key: &str, of: Estimate<Fen>| row(key, yuan(of.mean), format!("{} – {}", yuan(of.low), yuan(of.high)));
    let mut rows = vec![
        // Beside those who ride it would tell how few do not.
        row("asked-asked", rides::told_asked(w, worth, k).unwrap_or_else(|| people(worth.asked)), String::new()),
        row("asked-served", people(worth.served.mean), between(worth.served, &people)),
    ];
    if enough {
        rows.push(row("asked-wait", minutes(worth.wait_s.mean), between(worth.wait_s, &minutes)));
        rows.push(row("asked-ride", minutes(worth.ride_s.mean), between(worth.ride_s, &minutes)));
    }
    rows.push(money("asked-saving", worth.saving));
    rows.push(row("asked-running", yuan(worth.running_fen), String::new()));
    rows.push(row("asked-upkeep", yuan(worth.upkeep_fen), String::new()));
    rows.push(money("asked-net", rides::net(worth)));
    rows
}

/// The drawn day as the committee may see it.
fn day(w: Words, plan: &Plan, offer: &OnDemand, k: u32) -> Option<(String, String)> {
    let label = w.with("asked-day-label", &[("name", &rides::name(w, offer))]);
    if requests::may_be_whole(offer, k) {
        return Some((requests::whole(offer, &rides::lanes(w, plan, offer), &label)?, w.t("asked-day-note")));
    }
    let note = w.with("asked-day-hours-note", &[("k", &k.to_string())]);
    Some((requests::hourly(plan, offer, k, &label)?, note))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::fixture;
    use crate::publish::phrases::Language;

    #[test]
    fn what_it_comes_to_on_a_mean_day() {
        let (project, plan) = (fixture::project(), fixture::with_rides());
        let section = of(Words(Language::En), &project, &plan);
        let offer = &section.offers[0];
        let lines: Vec<String> = offer.figures.iter().map(|row| row.join(" | ")).collect();
        insta::assert_snapshot!(lines.join("\n"), @"
        People who ask | ≈20 | 
        People who ride | 19.3 | 18.9 – 19.7
        Mean wait (minutes, being early included) | 4.8 | 4.7 – 4.9
        Mean ride (minutes) | 6.7 | 6.6 – 6.8
        Time and money saved for people | ¥648 | ¥629 – ¥667
        Vehicles | ¥514 | 
        Upkeep of line and stops | ¥55 | 
        Net saving | ¥79 | ¥60 – ¥98
        ");
        insta::assert_snapshot!(offer.good, @"Of those who ask about 90% ride, 95% of what could be done if all asked the evening before. However it is driven, no more than ¥813 a day can be saved (nobody waits, everybody rides straight); this saves 79% of that.");
        insta::assert_snapshot!(section.brief.join("\n"), @"Besides, “Midday rides on request” (Mon–Fri 09:30–16:30): about 19 people a day ride on request; it costs ¥569 and saves ¥79 beyond that.");
        insta::assert_snapshot!(offer.lead, @"Mon–Fri 09:30–16:30, between 4 stops whenever somebody asks. Vehicles standing by: 2, of which 1 between the trips of a line and 1 hired for this. No fixed departures: say from which stop to which, and when you leave or must be there; you are answered at once. Others may ride with you.");
        let vehicles: Vec<String> = offer.vehicles.iter().map(|row| row.join(" | ")).collect();
        insta::assert_snapshot!(vehicles.join("\n"), @"
        Vehicle 1, between its trips · 19-seat vehicle | 09:30–13:00, 13:30–16:30 | 38.4 | ¥54.00
        Hired for this · 19-seat vehicle | 10:00–14:00 | 21.1 | ¥460.00
        ");
    }

    #[test]
    fn a_handful_is_told_without_means_and_shares() {
        let (project, mut plan) = (fixture::project(), fixture::with_rides());
        let worth = &mut plan.on_demand[0].worth;
        worth.asked = 6.2;
        worth.served = Estimate { mean: 4.4, low: 4.1, high: 5.2 };
        let section = of(Words(Language::Zh), &project, &plan);
        let offer = &section.offers[0];
        assert_eq!(offer.figures[1], ["乘上的人次", "<5", "<5 – 5.2"]);
        assert_eq!(offer.figures.len(), 6);
        assert!(offer.few.is_some() && !offer.good.contains("94") && !offer.good.contains("乘上"));
    }

    #[test]
    fn where_it_does_not_pay_it_says_by_how_much() {
        let (project, plan) = (fixture::project(), fixture::that_do_not_pay());
        let section = of(Words(Language::Zh), &project, &plan);
        assert!(section.offers.is_empty());
        // 92 yuan saved, 569 spent.
        insta::assert_snapshot!(section.not.join("\n"), @"“日间预约乘车”（周一至周五 09:30–16:30）不合算，因此不开：平均每天省下相当于 ¥92.00 的时间和费用，却要花 ¥569.00，净亏 ¥477.00。");
    }
}
