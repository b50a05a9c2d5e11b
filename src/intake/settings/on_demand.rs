//! `[[on_demand]]`: rides on request, one table an offer. Names of services, stops and vehicles are looked up when all files are read.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::super::cells::said;
use super::{FILE, Findings, Section, as_text};
use crate::domain::finding::Finding;
use crate::domain::units::{Seconds, ServiceTime};
use crate::planning::project::{Policy, Project, RideOffer};

const DAY: Seconds = Seconds(24 * 3600);
/// A service day is over at 48:00.
const LAST: ServiceTime = ServiceTime::hm(48, 0);
/// Names in a list.
const MOST_NAMES: usize = 500;

/// The offers; a usual one where the mode asks for rides and nothing more is said. Tables without the mode count too: nobody writes one to have none.
pub(super) fn on_demand(root: &mut Section<'_>, policy: &mut Policy, findings: &mut Findings) -> Vec<RideOffer> {
    let mut offers: Vec<RideOffer> = Vec::new();
    let parts = root.sections("on_demand", findings);
    let tables = !parts.is_empty();
    for mut part in parts {
        let id = part.text("id", findings).unwrap_or_else(|| format!("ride-{}", offers.len() + 1));
        let id: String = id.split_whitespace().collect::<Vec<_>>().join("_");
        let usual = RideOffer::usual(&id, policy);
        let (from, until) = (part.time("from", findings), part.time("until", findings));
        let (from, mut until) = (from.unwrap_or(usual.from), until.unwrap_or(usual.until));
        if until <= from {
            // It ends the next day.
            until = until + DAY;
        }
        let mut span = |key, range, usual| part.seconds(key, 60.0, range, findings).unwrap_or(usual);
        let window = span("window_min", (1.0, 60.0), usual.window);
        let max_wait = span("max_wait_min", (1.0, 240.0), usual.max_wait);
        let ride_slack = span("ride_slack_min", (0.0, 120.0), usual.ride_slack);
        let max_ride = span("max_ride_min", (1.0, 240.0), usual.max_ride);
        let notice = span("notice_min", (0.0, 1_440.0), usual.notice);
        let offer = RideOffer {
            name: part.text("name", findings),
            name_en: part.text("name_en", findings),
            services: names(&mut part, "services", findings),
            from,
            until,
            stops: names(&mut part, "stops", findings),
            max_stops: part.whole("max_stops", (2, 200), findings).unwrap_or(usual.max_stops),
            vehicle_type: part.text("vehicle_type", findings),
            vehicles: part.whole("vehicles", (1, 20), findings).unwrap_or(usual.vehicles),
            window,
            max_wait,
            ride_percent: part.whole("ride_percent", (100, 1_000), findings).unwrap_or(usual.ride_percent),
            ride_slack,
            max_ride,
            notice,
            ..usual
        };
        if offer.until > LAST {
            findings.push(part.at("until", Finding::warning("period-backwards")));
        } else if offers.iter().any(|other| other.id == offer.id) {
            findings.push(part.at("id", Finding::warning("toml-twice")).arg("id", said(&offer.id)));
        } else {
            offers.push(offer);
        }
        part.finish(findings);
    }
    if policy.modes.on_demand && !tables {
        offers.push(RideOffer::usual("ride", policy));
    }
    policy.modes.on_demand = !offers.is_empty();
    offers
}

/// One name or several.
fn names(part: &mut Section<'_>, key: &'static str, findings: &mut Findings) -> Vec<String> {
    let Some(value) = part.value(key) else { return Vec::new() };
    let names: Option<Vec<String>> = match value.get_ref() {
        DeValue::Array(array) => array.iter().map(|item| as_text(item.get_ref())).collect(),
        one => as_text(one).map(|name| vec![name]),
    };
    names.filter(|names| names.len() <= MOST_NAMES).unwrap_or_else(|| {
        findings.push(part.wrong(key, "[\"…\", \"…\"]"));
        Vec::new()
    })
}

/// Names that nothing in the project has are told and left out; an offer of which nothing is left is too.
pub(in crate::intake) fn known(project: &mut Project, findings: &mut Findings) {
    let mut offers = std::mem::take(&mut project.on_demand);
    offers.retain_mut(|offer| {
        let id = offer.id.clone();
        let mut unknown = |key: &str, name: &str| {
            let finding = Finding::warning("on-demand-unknown").file(FILE).arg("offer", said(&id)).arg("key", key);
            findings.push(finding.arg("name", said(name)));
        };
        let mut keep = |key: &str, names: &mut Vec<String>, is_known: &dyn Fn(&str) -> bool| {
            let any = names.is_empty();
            names.retain(|name| {
                let known = is_known(name);
                if !known {
                    unknown(key, name);
                }
                known
            });
            any || !names.is_empty()
        };
        let services = keep("services", &mut offer.services, &|name| project.services.iter().any(|it| it.id == name));
        // Stops found along roads have ids that nobody knows beforehand: without a list of stops there is nothing to compare with.
        let listed = |name: &str| project.stops.is_empty() || project.stops.iter().any(|stop| stop.id == name);
        let stops = keep("stops", &mut offer.stops, &listed);
        let mut kinds: Vec<String> = offer.vehicle_type.iter().cloned().collect();
        let kinds = keep("vehicle_type", &mut kinds, &|name| project.fleet.iter().any(|kind| kind.id == name));
        services && stops && kinds
    });
    // On several services an offer has an id of its own on each, which must not be another's.
    let mut ids = BTreeSet::new();
    offers.retain(|offer| {
        let own = offer.on(&project.services);
        let taken = own.iter().find(|(_, id)| ids.contains(id)).map(|(_, id)| id.clone());
        if let Some(id) = &taken {
            findings.push(Finding::warning("toml-twice").file(FILE).arg("key", "on_demand.id").arg("id", said(id)));
        } else {
            ids.extend(own.into_iter().map(|(_, id)| id));
        }
        taken.is_none()
    });
    project.policy.modes.on_demand &= !offers.is_empty();
    project.on_demand = offers;
}

#[cfg(test)]
mod tests {
    use super::super::tests::settings;
    use super::*;

    fn codes(text: &str) -> (Vec<RideOffer>, Vec<String>) {
        let (settings, findings) = settings(&format!("[project]\nname = \"p\"\n{text}\n"));
        let told = |finding: &Finding| finding.code.starts_with("toml") || finding.code.starts_with("period");
        let codes = findings.iter().filter(|finding| told(finding)).map(|finding| finding.code.clone()).collect();
        (settings.project.on_demand, codes)
    }

    #[test]
    fn the_mode_is_enough_and_so_is_a_table() {
        assert_eq!(codes("").0, []);
        let (usual, found) = codes("mode = \"on_demand\"");
        assert_eq!((usual[0].id.as_str(), usual[0].from, found.len()), ("ride", ServiceTime::hm(9, 30), 0));
        let text = "[[on_demand]]\nid = \"noon\"\nfrom = \"11:00\"\nuntil = \"14:30\"\nwindow_min = 8\nservices = \"weekday\"\nvehicles = 3";
        let (offers, found) = codes(text);
        assert_eq!((offers[0].until, offers[0].window, offers[0].vehicles), (ServiceTime::hm(14, 30), Seconds(480), 3));
        assert_eq!((offers[0].services.as_slice(), found.len()), (["weekday".to_owned()].as_slice(), 0));
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        let (offers, found) = codes("mode = \"on_demand\"\n[[on_demand]]\nfrom = \"30:00\"\nuntil = \"29:00\"");
        assert_eq!((offers.len(), found), (0, vec!["period-backwards".to_owned()]), "and no usual one in its place");
        let (offers, found) = codes("[[on_demand]]\nfrom = \"21:00\"\nuntil = \"00:30\"");
        assert_eq!((offers[0].until, found.len()), (ServiceTime::hm(24, 30), 0), "until the next day");
        let (offers, found) = codes("[[on_demand]]\nvehicles = 0\nstops = 3.5\ncolour = \"red\"");
        assert_eq!((offers.len(), offers[0].vehicles, found.len()), (1, 2, 3), "{found:?}");
        let (offers, found) = codes("[[on_demand]]\nid = \"a\"\n[[on_demand]]\nid = \"a\"");
        assert_eq!((offers.len(), found), (1, vec!["toml-twice".to_owned()]));
    }

    #[test]
    fn names_nobody_has_are_left_out_and_never_become_all() {
        let mut project =
            Project { on_demand: codes("[[on_demand]]\nservices = [\"sunday\"]").0, ..Project::default() };
        let mut findings = Findings::default();
        known(&mut project, &mut findings);
        assert_eq!((project.on_demand.len(), project.policy.modes.on_demand), (0, false));
    }

    #[test]
    fn two_offers_never_have_one_id() {
        let text = "[[services]]\nid = \"weekday\"\n[[services]]\nid = \"weekend\"\ndays = \"Sat,Sun\"\n[[on_demand]]\nid = \"ride\"\n\
                    [[on_demand]]\nid = \"ride-weekend\"\nservices = [\"weekend\"]";
        let (mut settings, _) = settings(&format!("[project]\nname = \"p\"\n{text}\n"));
        let mut findings = Findings::default();
        settings.services(&mut findings);
        let mut project = settings.project;
        known(&mut project, &mut findings);
        assert_eq!(project.on_demand.iter().map(|offer| offer.id.as_str()).collect::<Vec<_>>(), ["ride"]);
    }
}
