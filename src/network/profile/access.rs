//! Words of access: who says what, and which word counts.
//!
//! wiki.openstreetmap.org/wiki/Key:access, the hierarchy of motor vehicles: access, vehicle, motor_vehicle, psv, bus; the last that
//! says something decides. `…:conditional` counts where it forbids: a road that is closed at times is not planned on. What
//! it allows at times is not counted on.

use super::Rules;
use super::measures::{Limit, centimetres, kilograms};

/// Reads a tag.
pub(in crate::network) type Tags<'t, 'a> = &'t dyn Fn(&str) -> Option<&'a str>;

/// What a key says to a shuttle; the later, the stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Word {
    Yes,
    /// Only those whom the owner lets in.
    Private,
    No,
}

impl Word {
    /// Of a value; `None` where it says nothing.
    pub(super) fn of(value: &str) -> Option<Self> {
        Some(match value {
            "yes" | "designated" | "permissive" | "official" | "destination" | "true" | "1" => Self::Yes,
            "private" | "permit" | "residents" | "employees" | "customers" => Self::Private,
            "unknown" | "" => return None,
            _ => Self::No,
        })
    }
}

/// A key, and the same for some hours.
pub(super) type Key = [&'static str; 2];

macro_rules! keys {
    ($name:literal) => {
        [
            [$name, concat!($name, ":conditional")],
            [concat!($name, ":forward"), concat!($name, ":forward:conditional")],
            [concat!($name, ":backward"), concat!($name, ":backward:conditional")],
        ]
    };
}

/// What is said of buses themselves, the most specific first: both ways, along, against.
pub(super) const OWN: [[Key; 3]; 2] = [keys!("bus"), keys!("psv")];
/// What is said of vehicles in general.
pub(super) const GENERAL: [[Key; 3]; 3] = [keys!("motor_vehicle"), keys!("vehicle"), keys!("access")];

/// The word of the first of these keys that says something; `place`: 0 both ways, 1 along, 2 against.
pub(super) fn first<const N: usize>(
    keys: &[[Key; 3]; N],
    place: usize,
    tag: Tags<'_, '_>,
    rules: &Rules,
) -> Option<Word> {
    keys.iter().find_map(|key| word(key[place], tag, rules))
}

fn word([key, conditional]: Key, tag: Tags<'_, '_>, rules: &Rules) -> Option<Word> {
    let always = tag(key).and_then(Word::of);
    let at_times = tag(conditional).and_then(|text| forbidden_at_times(text, rules));
    always.max(at_times)
}

/// The strictest word for some hours, if it forbids: "no @ (Mo-Fr 07:00-09:00); yes @ (Su)".
fn forbidden_at_times(text: &str, rules: &Rules) -> Option<Word> {
    let strict = |(value, condition): (&str, &str)| {
        Word::of(value).filter(|word| *word != Word::Yes && concerns(condition, Some(rules)))
    };
    clauses(text).filter_map(strict).max()
}

/// "value @ (condition)", separated by semicolons outside of brackets.
pub(in crate::network) fn clauses(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut depth = 0_u32;
    let split = text.split(move |c: char| {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ';' && depth == 0
    });
    split.filter_map(|clause| {
        let (value, condition) = clause.split_once('@')?;
        Some((value.trim(), condition.trim().trim_start_matches('(').trim_end_matches(')').trim()))
    })
}

/// May this condition hold for our bus? Hours and days may; measures hold if the bus has them (without `rules`: never); other
/// vehicles do not concern us.
pub(in crate::network) fn concerns(condition: &str, rules: Option<&Rules>) -> bool {
    condition.replace(" and ", " AND ").split(" AND ").all(|part| {
        let part = part.trim();
        let Some(at) = part.find(['<', '>', '=']) else {
            return !matches!(
                part,
                "hgv"
                    | "goods"
                    | "trailer"
                    | "caravan"
                    | "bicycle"
                    | "motorcycle"
                    | "moped"
                    | "horse"
                    | "agricultural"
                    | "hazmat"
                    | "snow"
                    | "winter"
            );
        };
        let (key, rest) = part.split_at(at);
        let bound = rest.trim_start_matches(['<', '>', '=']);
        let measured = rules.and_then(|rules| match key.trim() {
            "weight" | "weightrating" | "maxweight" | "maxweightrating" => Some((rules.weight_kg, kilograms(bound))),
            "height" | "maxheight" => Some((rules.height_cm, centimetres(bound))),
            "width" | "maxwidth" => Some((rules.width_cm, centimetres(bound))),
            _ => None,
        });
        let Some((ours, Limit::Is(bound))) = measured else { return false };
        (rest.starts_with('>') && ours > bound)
            || (rest.starts_with('<') && ours < bound)
            || (rest.contains('=') && ours == bound)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_at_times() {
        let rules = Rules::default();
        let strict = |text: &str| forbidden_at_times(text, &rules);
        assert_eq!(strict("no @ (Mo-Fr 07:00-09:00)"), Some(Word::No));
        assert_eq!(strict("no @ (Mo-Fr 07:00-09:00; Sa 10:00-12:00)"), Some(Word::No));
        assert_eq!(strict("yes @ (Su); private @ (22:00-06:00)"), Some(Word::Private));
        assert_eq!(strict("destination @ (22:00-06:00)"), None);
        assert_eq!(strict("yes @ (06:00-22:00)"), None);
        // The bus weighs 14 t and is 3.4 m high.
        assert_eq!(strict("no @ (weight>7.5)"), Some(Word::No));
        assert_eq!(strict("no @ (weight > 18 t)"), None);
        assert_eq!(strict("no @ (weight>7.5 AND 22:00-06:00)"), Some(Word::No));
        assert_eq!(strict("no @ (height>3.4)"), None);
        assert_eq!(strict("no @ (height>=3.4)"), Some(Word::No));
        assert_eq!(strict("no @ (length>14)"), None);
        assert_eq!(strict("no @ (hgv AND 22:00-06:00)"), None);
        assert_eq!(strict("no"), None);
        assert_eq!(strict("no @ 07:00-09:00;;@;@@"), Some(Word::No));
        assert!(!concerns("weight>3.5", None) && concerns("07:00-09:00", None));
    }
}
