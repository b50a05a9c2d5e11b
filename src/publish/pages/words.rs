//! Words, names and numbers in one language.

use crate::domain::finding::Argument;
use crate::domain::units::{Fen, People};
use crate::planning::plan::{Line, Plan, Stop};
use crate::planning::project::Project;
use crate::publish::audience;
use crate::publish::phrases::{Language, has_phrase, phrase};
use crate::publish::routes::Label;

/// A language to write in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub Language);

impl Words {
    /// Is it English?
    #[must_use]
    pub fn english(self) -> bool {
        self.0 == Language::En
    }
    /// The phrase of a key.
    #[must_use]
    pub fn t(self, key: &str) -> String {
        phrase(self.0, key, &[])
    }
    /// The phrase of a key with its slots filled. Numbers come as text, so that they look the same everywhere.
    #[must_use]
    pub fn with(self, key: &str, slots: &[(&str, &str)]) -> String {
        let args: Vec<(&str, Argument)> =
            slots.iter().map(|(name, text)| (*name, Argument::Text((*text).to_owned()))).collect();
        phrase(self.0, key, &args)
    }
    /// The phrase of `prefix` + code, or the code itself where it has none.
    #[must_use]
    pub fn code(self, prefix: &str, code: &str) -> String {
        let key = format!("{prefix}{code}");
        if has_phrase(self.0, &key) { self.t(&key) } else { code.to_owned() }
    }
    /// Chinese, or English where there is one.
    #[must_use]
    pub fn either(self, zh: &str, en: &str) -> String {
        if self.english() && !en.is_empty() { en.to_owned() } else { zh.to_owned() }
    }
    /// Name of a stop.
    #[must_use]
    pub fn stop(self, stop: &Stop) -> String {
        let name = self.either(&stop.name, &stop.name_en);
        if name.is_empty() { stop.id.clone() } else { name }
    }
    /// Name of a stop of the plan or a site of the project by id; the id where neither knows it.
    #[must_use]
    pub fn place(self, project: &Project, plan: &Plan, id: &str) -> String {
        if let Some(stop) = plan.stops.iter().find(|stop| stop.id == id) {
            return self.stop(stop);
        }
        project
            .site(id)
            .map_or_else(|| id.to_owned(), |site| self.either(&site.name, site.name_en.as_deref().unwrap_or("")))
    }
    /// "延长路站 → 媒体园西门": where a line goes, without its number.
    #[must_use]
    pub fn heading(self, plan: &Plan, line: &Line) -> String {
        // Without an English name the stops' English names say it.
        let whole = if self.english() { line.name_en.clone() } else { line.name.clone() };
        let label = Label::of(&whole);
        if !label.to.is_empty() {
            return format!("{} → {}", label.from, label.to);
        }
        if !whole.is_empty() {
            return whole;
        }
        let name = |id: Option<&String>| {
            id.and_then(|id| plan.stops.iter().find(|stop| stop.id == *id))
                .map(|stop| self.stop(stop))
                .unwrap_or_default()
        };
        format!("{} → {}", name(line.stops.first()), name(line.stops.last()))
    }
    /// Name of a type of vehicle. A fleet has one name for each; in English a Chinese one is said by its seats.
    #[must_use]
    pub fn vehicle(self, project: &Project, id: &str) -> String {
        project.fleet.iter().find(|kind| kind.id == id).map_or_else(
            || id.to_owned(),
            |kind| {
                if self.english() && !kind.name.is_ascii() {
                    self.with("vehicle-seats", &[("seats", &kind.seats.to_string())])
                } else {
                    kind.name.clone()
                }
            },
        )
    }
    /// Name of the project.
    #[must_use]
    pub fn project(self, project: &Project) -> String {
        match &project.name_zh {
            Some(zh) if !self.english() => zh.clone(),
            Some(zh) if project.name.is_empty() => zh.clone(),
            _ => project.name.clone(),
        }
    }
    /// People, rounded; "<5" where fewer than k.
    #[must_use]
    pub fn people(self, people: f64, k: u32) -> String {
        let rounded = people.max(0.0).round();
        if people <= 0.0 {
            "0".to_owned()
        } else if people < f64::from(k) {
            audience::About::Few.text(k)
        } else {
            grouped(rounded)
        }
    }
    /// As [`Self::people`].
    #[must_use]
    pub fn persons(self, people: People, k: u32) -> String {
        self.people(people.as_f64(), k)
    }
}

/// "12,345": whole, in threes.
#[must_use]
pub fn grouped(x: f64) -> String {
    let digits = format!("{:.0}", x.abs());
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if x < 0.0 && digits != "0" { format!("-{out}") } else { out }
}

/// "¥1,860": whole yuan.
#[must_use]
pub fn yuan(fen: Fen) -> String {
    format!("¥{}", grouped(fen.yuan()))
}

/// "¥1,860.50": to the fen.
#[must_use]
pub fn yuan_exact(fen: Fen) -> String {
    let sign = if fen.0 < 0 { "-" } else { "" };
    let abs = fen.0.unsigned_abs();
    format!("¥{sign}{}.{:02}", grouped((abs / 100) as f64), abs % 100)
}

/// "8.9": one decimal.
#[must_use]
pub fn tenth(x: f64) -> String {
    format!("{:.1}", if x.is_finite() { x } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_people_read_them() {
        assert_eq!(grouped(1_234_567.4), "1,234,567");
        assert_eq!(grouped(-0.3), "0");
        assert_eq!(grouped(999.0), "999");
        assert_eq!(yuan(Fen(186_050)), "¥1,860"); // half to even in formatting; cents are told elsewhere
        assert_eq!(yuan_exact(Fen(123_456_789)), "¥1,234,567.89");
    }
}
