//! survey.csv: what people said, one journey a row. Here each row by itself; [`super::honesty`] looks at them together.

use std::collections::HashMap;

use super::cells::{Flawed, Then};
use super::columns::half_width;
use super::findings::Findings;
use super::parking::probability;
use super::places::{Names, Places};
use super::sites::thousandths;
use super::table::{Col, Entry, Table};
use crate::domain::calendar::{Days, Service, Week};
use crate::domain::finding::Finding;
use crate::domain::site::SiteKind;
use crate::domain::units::{Metres, Seconds};
use crate::planning::plan::TimeKind;
use crate::planning::project::{Firm, Journey, Place, service_week};

/// Nobody's answer stands for more people than this.
const MOST_WEIGHT: f64 = 10_000.0;
/// yes, maybe, no as probabilities, thousandths (FORMATS).
const YES: u32 = 800;
const MAYBE: u32 = 400;
const NO: u32 = 0;

/// What answers are read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) services: &'a [Service],
    pub(super) firms: &'a [Firm],
    /// Nothing can be planned without journeys.
    pub(super) must: bool,
}

/// A row that can be read.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) row: u32,
    /// The journey; its weight is still to be set.
    pub(super) journey: Journey,
    /// Position in the list of firms.
    pub(super) firm: Option<usize>,
    /// Weight as given, thousandths.
    pub(super) weight: Option<u32>,
    /// Origin and destination as wholes (a gate is its park).
    pub(super) ends: (Place, Place),
    /// Of the row as written without the response, to find blocks of equal answers.
    pub(super) print: u64,
}

pub(super) fn read(
    table: &Table,
    context: &Context<'_>,
    places: &mut Places,
    firms: &mut Names,
    findings: &mut Findings,
) -> Vec<Answer> {
    let columns = Columns::of(table);
    let first = context.services.first().map_or(Week::WORKING, service_week);
    for (col, default) in [(columns.response, "person"), (columns.days, "days"), (columns.usage, "0.4")] {
        if !col.is_there() {
            let finding = Finding::note("survey-column-absent").file(&table.file).column(col.name);
            let finding = finding.arg("column", col.name).arg("used", default);
            findings.push(if default == "days" { finding.arg("days", first.to_string()) } else { finding });
        }
    }
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut next = 0;
    let mut answers = Vec::with_capacity(table.len());
    for entry in table.rows() {
        let id = entry.text(columns.response);
        let response = match numbers.get(id) {
            Some(number) if !id.is_empty() => *number,
            _ => {
                next += 1;
                if id.is_empty() {
                    if columns.response.is_there() {
                        findings.push(entry.place(Finding::note("survey-no-response")).column("response"));
                    }
                } else {
                    numbers.insert(id, next - 1);
                }
                next - 1
            }
        };
        let Some(answer) = row(entry, &columns, response, first, places, firms, findings) else { continue };
        answers.push(answer);
    }
    answers
}

struct Columns {
    response: Col,
    firm: Col,
    origin: Col,
    destination: Col,
    time: Col,
    time_kind: Col,
    days: Col,
    max_walk_m: Col,
    max_wait_min: Col,
    usage: Col,
    both_ways: Col,
    weight: Col,
    now: Col,
    wheelchair: Col,
}

impl Columns {
    fn of(table: &Table) -> Self {
        Self {
            response: table.col("response"),
            firm: table.col("firm"),
            origin: table.col("origin"),
            destination: table.col("destination"),
            time: table.col("time"),
            time_kind: table.col("time_kind"),
            days: table.col("days"),
            max_walk_m: table.col("max_walk_m"),
            max_wait_min: table.col("max_wait_min"),
            usage: table.col("use"),
            both_ways: table.col("both_ways"),
            weight: table.col("weight"),
            now: table.col("now"),
            wheelchair: table.col("wheelchair"),
        }
    }
}

fn row(
    entry: Entry<'_>,
    c: &Columns,
    response: u32,
    first: Week,
    places: &mut Places,
    firms: &mut Names,
    findings: &mut Findings,
) -> Option<Answer> {
    // All that can drop the row is looked at, so that one reading names all its flaws.
    let origin = places.place(entry, c.origin, findings);
    let origin = entry.must(c.origin, origin, findings);
    let destination = places.place(entry, c.destination, findings);
    let destination = entry.must(c.destination, destination, findings);
    let time = entry.time(c.time, Then::Dropped, findings);
    let time = entry.must(c.time, time, findings);
    let said_kind = time_kind(entry, c.time_kind, findings);
    let usage = usage(entry, c.usage, findings);
    let weight = entry.number(c.weight, (0.001, MOST_WEIGHT), Then::Dropped, findings);
    let (origin, destination, time) = (origin?, destination?, time?);
    let (Ok(said_kind), Ok(usage), Ok(weight)) = (said_kind, usage, weight) else { return None };
    let ends = (places.end(&origin), places.end(&destination));
    if ends.0 == ends.1 {
        findings.push(entry.flaw("survey-same-place", c.destination, Then::Dropped));
        return None;
    }
    let time_kind = match said_kind {
        Some(kind) => kind,
        None => guess_kind(entry, c.time_kind, places, &ends, findings)?,
    };
    let days = match entry.days(c.days, Then::Empty, findings) {
        Ok(Some(days)) => days,
        Ok(None) | Err(Flawed) => {
            if c.days.is_there() {
                let finding = entry.place(Finding::note("survey-days-assumed")).column("days");
                findings.push(finding.arg("days", first.to_string()));
            }
            Days::Weekly(first)
        }
    };
    // Without a list of firms, every name is one; it only cannot be weighed.
    let (firm, firm_name) = if firms.is_empty() {
        (None, entry.some_text(c.firm))
    } else {
        (firms.find_or("firm-unknown", entry, c.firm, Then::Empty, findings).ok().flatten(), None)
    };
    let max_walk = entry.whole(c.max_walk_m, (0, 10_000), Then::Empty, findings).ok().flatten();
    let max_wait = entry.number(c.max_wait_min, (0.0, 240.0), Then::Empty, findings).ok().flatten();
    let both_ways = entry.yes_no(c.both_ways, Then::Empty, findings).ok().flatten().unwrap_or(false);
    let wheelchair = entry.yes_no(c.wheelchair, Then::Empty, findings).ok().flatten().unwrap_or(false);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 240 minutes")]
    let max_wait = max_wait.map(|minutes| Seconds((minutes * 60.0).round() as u32));
    let journey = Journey {
        response,
        firm: firm_name,
        origin,
        destination,
        time,
        time_kind,
        days,
        max_walk: max_walk.map(Metres),
        max_wait,
        use_milli: usage,
        both_ways,
        weight: crate::domain::units::People::ZERO,
        now: entry.some_text(c.now).map(usual_word),
        wheelchair,
    };
    let print = fingerprint(entry, c.response);
    Some(Answer { row: entry.row(), journey, firm, weight: weight.map(|w| thousandths(w).0), ends, print })
}

/// FNV-1a over the row as written, its response left out.
fn fingerprint(entry: Entry<'_>, response: Col) -> u64 {
    let id = entry.text(response);
    let whole = entry.written();
    let rest = whole.strip_prefix(id).unwrap_or(whole);
    rest.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn time_kind(entry: Entry<'_>, col: Col, findings: &mut Findings) -> Result<Option<TimeKind>, Flawed> {
    let text = entry.text(col);
    // The common ones without building a text.
    match text {
        "" => return Ok(None),
        "arrive_by" | "到达" => return Ok(Some(TimeKind::ArriveBy)),
        "depart_after" | "出发" => return Ok(Some(TimeKind::DepartAfter)),
        _ => {}
    }
    match half_width(text).to_lowercase().replace(['_', '-', ' '], "").as_str() {
        "arriveby" | "arrive" | "arrival" | "到" | "抵达" | "最晚到达" | "到达时间" => {
            Ok(Some(TimeKind::ArriveBy))
        }
        "departafter" | "depart" | "departure" | "leave" | "离开" | "最早出发" | "出发时间" => {
            Ok(Some(TimeKind::DepartAfter))
        }
        _ => {
            findings.push(entry.flaw("survey-time-kind-unknown", col, Then::Dropped));
            Err(Flawed)
        }
    }
}

/// Not said: to a park one arrives by, from a park one departs after. Anything else stays unknown.
fn guess_kind(
    entry: Entry<'_>,
    col: Col,
    places: &Places,
    ends: &(Place, Place),
    findings: &mut Findings,
) -> Option<TimeKind> {
    let park = |place: &Place| places.kind(place) == Some(SiteKind::Park);
    let kind = match (park(&ends.0), park(&ends.1)) {
        (false, true) => TimeKind::ArriveBy,
        (true, false) => TimeKind::DepartAfter,
        _ => {
            entry.missing(col, findings);
            return None;
        }
    };
    let used = if kind == TimeKind::ArriveBy { "arrive_by" } else { "depart_after" };
    findings.push(entry.place(Finding::note("survey-time-kind-assumed")).column(col.name).arg("used", used));
    Some(kind)
}

/// The common ways to travel by the names project.toml has for them; others as written.
fn usual_word(text: String) -> String {
    let word = match text.as_str() {
        "步行" | "走路" => "walk",
        "共享单车" | "单车" | "自行车" | "骑车" => "shared_bike",
        "电动车" | "电瓶车" | "助动车" => "e_bike",
        "公交" | "公交车" | "公共汽车" => "city_bus",
        "开车" | "自驾" | "私家车" | "小汽车" => "car",
        "出租车" | "打车" | "网约车" => "taxi",
        _ => return text,
    };
    word.to_owned()
}

/// Probability of riding, thousandths.
fn usage(entry: Entry<'_>, col: Col, findings: &mut Findings) -> Result<u32, Flawed> {
    let text = entry.text(col);
    match text {
        "yes" | "会" => return Ok(YES),
        "maybe" | "可能" => return Ok(MAYBE),
        "no" | "不会" => return Ok(NO),
        "" => {
            if col.is_there() {
                findings.push(entry.place(Finding::note("survey-use-assumed")).column(col.name));
            }
            return Ok(MAYBE);
        }
        _ => {}
    }
    match half_width(text).to_lowercase().trim() {
        "yes" | "y" | "是" | "愿意" | "会的" | "一定会" => return Ok(YES),
        "maybe" | "也许" | "可能会" | "不一定" | "不确定" => return Ok(MAYBE),
        "no" | "n" | "否" | "不愿意" | "不" => return Ok(NO),
        _ => {}
    }
    match probability(text) {
        Some(number) => Ok(thousandths(number).0),
        None => {
            findings.push(entry.flaw("survey-use-unknown", col, Then::Dropped));
            Err(Flawed)
        }
    }
}

/// Do two sets of days have a day in common?
pub(super) fn overlap(a: &Days, b: &Days) -> bool {
    match (a, b) {
        (Days::Dates(a), Days::Dates(b)) => a.iter().any(|date| b.contains(date)),
        _ => a.week().and(b.week()) != Week::NONE,
    }
}
