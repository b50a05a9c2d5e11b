//! Where a request stands: what was decided by hand, else what the plan in force says.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::InForce;
use crate::api::ground::{clock, window};
use crate::domain::calendar::{Days, Window};
use crate::planning::plan::Permit;
use crate::planning::project::Lot;
use crate::publish::phrases::{Language, phrase};
use crate::storage::parking::{Request, State as Stored};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum RequestState {
    /// No plan in force has decided, or all fitting bays are given.
    Waiting,
    /// It has a bay.
    Granted,
    /// It has none.
    Refused,
    /// Taken back.
    Withdrawn,
    /// All its dates have gone by.
    Over,
}

/// A bay that was granted.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::api) struct Granted {
    /// Lot.
    pub(in crate::api) lot: String,
    /// What the lot is called.
    pub(in crate::api) name: String,
    /// Weekdays or dates on which it begins.
    pub(in crate::api) days: String,
    /// From, HH:MM.
    pub(in crate::api) from: String,
    /// To, HH:MM; not after `from`: the next day.
    pub(in crate::api) to: String,
    /// Walk from home to the bay, metres; missing where it was granted by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) walk_m: Option<u32>,
    /// Price of a night, fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) price: Option<i64>,
}

/// A request for a bay, as its applicant and the planner see it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ParkingRequest)]
pub(in crate::api) struct RequestShown {
    /// Id: as plans name it.
    pub(in crate::api) id: String,
    /// Where it stands.
    pub(in crate::api) state: RequestState,
    /// Was it decided by hand?
    pub(in crate::api) by_hand: bool,
    /// Home: a site's id, or the middle of a cell of about 100 m.
    pub(in crate::api) home: String,
    /// Residential area.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) area: Option<String>,
    /// Weekdays or dates asked for.
    pub(in crate::api) days: String,
    /// From.
    pub(in crate::api) from: String,
    /// To; not after `from`: the next day.
    pub(in crate::api) to: String,
    /// Farthest walk, metres.
    pub(in crate::api) max_walk_m: u32,
    /// Highest price of a night, fen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) max_price: Option<u32>,
    /// Needs an accessible bay.
    pub(in crate::api) accessible: bool,
    /// Needs a charger.
    pub(in crate::api) charging: bool,
    /// The bay it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) granted: Option<Granted>,
    /// Why it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) reason: Option<String>,
    /// Why it has none, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) reason_zh: Option<String>,
    /// The least changes that would get a bay.
    pub(in crate::api) relaxations: Vec<String>,
    /// The least changes that would get a bay, in Chinese.
    pub(in crate::api) relaxations_zh: Vec<String>,
    /// Place in the queue while it waits for a full lot, 1 first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::api) rank: Option<u32>,
    /// Goes up with every change; the ETag.
    pub(in crate::api) revision: i64,
    /// Since when.
    pub(in crate::api) created: String,
}

impl RequestShown {
    /// As it stands at a minute of the calendar. A plan decided about what was asked for then: where the times differ, it has not decided.
    pub(super) fn of(request: &Request, in_force: InForce<'_>, lots: &[Lot], now: i64) -> Self {
        let wish = &request.wish;
        let mut shown = Self {
            id: request.id.clone(),
            state: RequestState::Waiting,
            by_hand: matches!(request.state, Stored::Granted | Stored::Refused),
            home: wish.home.clone(),
            area: wish.area.clone(),
            days: wish.days.clone(),
            from: wish.from.clone(),
            to: wish.to.clone(),
            max_walk_m: wish.max_walk_m,
            max_price: wish.max_price,
            accessible: wish.accessible,
            charging: wish.charging,
            granted: None,
            reason: None,
            reason_zh: None,
            relaxations: Vec::new(),
            relaxations_zh: Vec::new(),
            rank: None,
            revision: request.revision,
            created: request.created.clone(),
        };
        match request.state {
            Stored::Withdrawn => shown.state = RequestState::Withdrawn,
            Stored::Granted => {
                shown.state = RequestState::Granted;
                let lot = request.lot.clone().unwrap_or_default();
                let (days, from, to) = (wish.days.clone(), wish.from.clone(), wish.to.clone());
                shown.granted = Some(granted(lots, lot, (days, from, to), None));
            }
            Stored::Refused => {
                shown.state = RequestState::Refused;
                shown.reason.clone_from(&request.reason);
                shown.reason_zh.clone_from(&request.reason);
            }
            Stored::Open => shown.planned(in_force, lots, now),
        }
        let over = window(&wish.days, &wish.from, &wish.to).is_ok_and(|asked| asked.is_over(now));
        if over && shown.state != RequestState::Withdrawn {
            // What became of it stays to be read; what would help now is nothing.
            shown.state = RequestState::Over;
            shown.relaxations.clear();
            shown.relaxations_zh.clear();
            shown.rank = None;
        }
        shown
    }

    fn planned(&mut self, in_force: InForce<'_>, lots: &[Lot], now: i64) {
        let Some(parking) = in_force else { return };
        if let Some(permit) = parking.permits.iter().find(|permit| permit.request == self.id) {
            let asked = window(&self.days, &self.from, &self.to);
            let same = asked.is_ok_and(|asked| answers(permit, &asked, now));
            if same {
                self.state = RequestState::Granted;
                let times = (permit.days.clone(), clock(permit.from), clock(permit.to));
                self.granted = Some(granted(lots, permit.lot.clone(), times, Some(permit.walk_m.0)));
            }
            return;
        }
        let Some(refusal) = parking.refused.iter().find(|refusal| refusal.request == self.id) else { return };
        let code = refusal.reason.strip_prefix("parking-").unwrap_or(&refusal.reason);
        let key = format!("reason-parking-{code}");
        self.reason = Some(phrase(Language::En, &key, &[]));
        self.reason_zh = Some(phrase(Language::Zh, &key, &[]));
        self.rank = refusal.rank;
        for change in &refusal.relaxations {
            let key = format!("relaxation-parking-{}", change.kind);
            // Which lot, and from when to when where the stay is shortened.
            let lot = change.lot.as_deref().and_then(|id| lots.iter().find(|lot| lot.id == id));
            let times = change.from.zip(change.to).map(|(from, to)| format!("{}–{}", clock(from), clock(to)));
            let place: Vec<String> = lot.map(|lot| lot.name.clone()).into_iter().chain(times).collect();
            let place = place.iter().map(|part| format!(" · {part}")).collect::<String>();
            let said = |language| phrase(language, &key, &[("amount", change.amount.into())]) + &place;
            self.relaxations.push(said(Language::En));
            self.relaxations_zh.push(said(Language::Zh));
        }
        self.state = if self.rank.is_some() { RequestState::Waiting } else { RequestState::Refused };
    }

    /// The reason in a language.
    pub(in crate::api) fn why(&self, language: Language) -> &str {
        match language {
            Language::Zh => self.reason_zh.as_deref(),
            Language::En => self.reason.as_deref(),
        }
        .unwrap_or_default()
    }

    /// The relaxations in a language.
    pub(in crate::api) fn hints(&self, language: Language) -> &[String] {
        match language {
            Language::Zh => &self.relaxations_zh,
            Language::En => &self.relaxations,
        }
    }
}

/// Is the permit about what is asked for? Dates that were over when the plan was made are not in it.
fn answers(permit: &Permit, asked: &Window, now: i64) -> bool {
    let days = match (Days::parse(&permit.days), &asked.days) {
        (Some(Days::Dates(given)), Days::Dates(dates)) => {
            let left = asked.parted(now).1.map(|left| left.days);
            let to_come = |date: &Date| matches!(&left, Some(Days::Dates(left)) if left.contains(date));
            given.iter().all(|date| dates.contains(date))
                && dates.iter().all(|date| given.contains(date) || !to_come(date))
        }
        (given, days) => given.as_ref() == Some(days),
    };
    days && (asked.from, asked.to) == (permit.from, permit.to)
}

fn granted(lots: &[Lot], lot: String, (days, from, to): (String, String, String), walk_m: Option<u32>) -> Granted {
    let known = lots.iter().find(|known| known.id == lot);
    let name = known.map_or_else(|| lot.clone(), |lot| lot.name.clone());
    Granted { name, price: known.map(|lot| lot.price.0), lot, days, from, to, walk_m }
}
