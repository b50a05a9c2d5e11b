//! One answer: what it may say, and the journeys it means. No name, no contact, no doorstep.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::Check;
use crate::api::problem::{Flaw, Problem};
use crate::domain::calendar::{Days, Week, parse_time};
use crate::domain::coordinates::Point;
use crate::domain::units::{Metres, People, Seconds, ServiceTime};
use crate::intake::choices::Choices;
use crate::planning::plan::TimeKind;
use crate::planning::project::{Journey, Place};
use crate::storage::StorageError;

const DAY: Seconds = Seconds(24 * 3600);

/// An answer: a way there, a way back, or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::api) struct Answer {
    /// Where they start: a place's id, or "lon lat" (WGS-84), of which only its cell of about 100 m is kept.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) origin: String,
    /// Where they go: the same.
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) destination: String,
    /// Their firm's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) firm: Option<String>,
    /// When they must be there, HH:MM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(in crate::api) arrive: Option<String>,
    /// When they leave for home, HH:MM; not after `arrive`: on the morning after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    pub(in crate::api) leave: Option<String>,
    /// On which days: `Mon-Fri`, `Mon,Wed`, `一三五`, `daily`, or dates. Missing: Monday to Friday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub(in crate::api) days: Option<String>,
    /// Would they ride?
    #[serde(rename = "use")]
    pub(in crate::api) usage: Usage,
    /// Only if there is a ride both ways.
    #[serde(default)]
    pub(in crate::api) both_ways: bool,
    /// They walk so far to a stop, metres; missing: as everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 50, maximum = 3000)]
    pub(in crate::api) max_walk_m: Option<u32>,
    /// They need a wheelchair place.
    #[serde(default)]
    pub(in crate::api) wheelchair: bool,
    /// How they travel today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::api) now: Option<Now>,
}

/// Would they ride?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum Usage {
    /// Yes: counted as 0.8.
    Yes,
    /// Maybe: 0.4.
    Maybe,
    /// No: 0.
    No,
}

impl Usage {
    /// All.
    pub(in crate::api) const ALL: [Self; 3] = [Self::Yes, Self::Maybe, Self::No];
    /// As it is written.
    pub(in crate::api) fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Maybe => "maybe",
            Self::No => "no",
        }
    }
    /// Probability of riding, thousandths (FORMATS).
    fn milli(self) -> u32 {
        match self {
            Self::Yes => 800,
            Self::Maybe => 400,
            Self::No => 0,
        }
    }
}

/// How they travel today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::api) enum Now {
    /// On foot.
    Walk,
    /// A shared or own bike.
    SharedBike,
    /// An e-bike.
    EBike,
    /// A city bus.
    CityBus,
    /// A car.
    Car,
    /// A taxi.
    Taxi,
    /// Otherwise.
    Other,
}

impl Now {
    /// All.
    pub(in crate::api) const ALL: [Self; 7] =
        [Self::Walk, Self::SharedBike, Self::EBike, Self::CityBus, Self::Car, Self::Taxi, Self::Other];
    /// As it is written.
    pub(in crate::api) fn name(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::SharedBike => "shared_bike",
            Self::EBike => "e_bike",
            Self::CityBus => "city_bus",
            Self::Car => "car",
            Self::Taxi => "taxi",
            Self::Other => "other",
        }
    }
}

/// A line of text of a length, without control characters: what the schema's pattern says.
pub(super) fn line_flaw(field: &str, text: &str, most: usize) -> Option<Flaw> {
    let flaw = |code| Some(Flaw::new(field, code).arg("least", 1).arg("most", most));
    if !(1..=most).contains(&text.chars().count()) {
        flaw("text-length")
    } else if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
        flaw("text-control")
    } else {
        None
    }
}

/// HH:MM, 00:00 to 23:59.
fn is_time(text: &str) -> bool {
    match text.as_bytes() {
        [h, i, b':', m, n] if [h, i, m, n].iter().all(|b| b.is_ascii_digit()) => {
            (*h < b'2' || (*h == b'2' && *i < b'4')) && *m < b'6'
        }
        _ => false,
    }
}

impl Check for Answer {
    fn flaws(&self) -> Vec<Flaw> {
        let mut flaws = Vec::new();
        let lines = [
            ("origin", Some(&self.origin), 100),
            ("destination", Some(&self.destination), 100),
            ("firm", self.firm.as_ref(), 100),
            ("days", self.days.as_ref(), 200),
        ];
        flaws.extend(lines.into_iter().filter_map(|(field, text, most)| line_flaw(field, text?, most)));
        for (field, time) in [("arrive", &self.arrive), ("leave", &self.leave)] {
            if time.as_deref().is_some_and(|time| !is_time(time)) {
                flaws.push(Flaw::new(field, "survey-time"));
            }
        }
        if self.max_walk_m.is_some_and(|metres| !(50..=3000).contains(&metres)) {
            flaws.push(Flaw::new("max_walk_m", "number-range").arg("least", 50).arg("most", 3000));
        }
        flaws
    }
}

impl Answer {
    /// As it is kept: places and firm known, points coarse, days in the normal form.
    ///
    /// # Errors
    /// 409 with what does not fit the project.
    pub(super) fn settled(mut self, choices: &Choices) -> Result<Self, Problem> {
        let place = |text: &str, field| {
            choices.place(text).ok_or_else(|| Problem::conflict("survey-place-unknown").arg("field", field))
        };
        let (origin, destination) = (place(&self.origin, "origin")?, place(&self.destination, "destination")?);
        if choices.same(&origin, &destination) {
            return Err(Problem::conflict("survey-same-place"));
        }
        if let Some(firm) = &self.firm
            && !choices.firms.iter().any(|known| known.id == *firm)
        {
            return Err(Problem::conflict("survey-firm-unknown"));
        }
        if self.arrive.is_none() && self.leave.is_none() {
            return Err(Problem::conflict("survey-no-time"));
        }
        if let Some(days) = &self.days {
            self.days = Some(Days::parse(days).ok_or_else(|| Problem::conflict("survey-days"))?.to_string());
        }
        (self.origin, self.destination) = (origin.to_string(), destination.to_string());
        Ok(self)
    }

    /// The way there and the way back; `number` ties them together.
    pub(super) fn journeys(&self, number: u32) -> Vec<Journey> {
        let time = |text: &Option<String>| text.as_deref().and_then(parse_time);
        let (arrive, leave) = (time(&self.arrive), time(&self.leave));
        let (origin, destination) = (place(&self.origin), place(&self.destination));
        let days = self.days.as_deref().and_then(Days::parse).unwrap_or(Days::Weekly(Week::WORKING));
        let journey = |origin: &Place, destination: &Place, time: ServiceTime, time_kind| Journey {
            response: number,
            firm: self.firm.clone(),
            origin: origin.clone(),
            destination: destination.clone(),
            time,
            time_kind,
            days: days.clone(),
            max_walk: self.max_walk_m.map(Metres),
            max_wait: None,
            use_milli: self.usage.milli(),
            both_ways: self.both_ways && arrive.is_some() && leave.is_some(),
            weight: People::whole(1),
            now: self.now.map(|now| now.name().to_owned()),
            wheelchair: self.wheelchair,
        };
        let there = arrive.map(|time| journey(&origin, &destination, time, TimeKind::ArriveBy));
        // A night shift ends on the morning after: past midnight it still belongs to the day on which it began.
        let next = |leave: ServiceTime| if arrive.is_some_and(|arrive| leave <= arrive) { leave + DAY } else { leave };
        let back = leave.map(|time| journey(&destination, &origin, next(time), TimeKind::DepartAfter));
        there.into_iter().chain(back).collect()
    }

    /// As it is kept in the database.
    pub(super) fn text(&self) -> Result<String, StorageError> {
        serde_json::to_string(self).map_err(|_| StorageError::Damaged("answer"))
    }

    /// From the database.
    pub(super) fn read(text: &str) -> Result<Self, StorageError> {
        serde_json::from_str(text).map_err(|_| StorageError::Damaged("answer"))
    }
}

/// What [`Place`]'s Display writes: ids hold no blanks.
fn place(text: &str) -> Place {
    let point =
        text.split_once(' ').and_then(|(lon, lat)| Some(Point { lon: lon.parse().ok()?, lat: lat.parse().ok()? }));
    point.map_or_else(|| Place::Site(text.to_owned()), Place::Point)
}
