//! Every word a person reads, Chinese and English, from Fluent files (`phrases/zh`, `phrases/en`; same keys in both).
//!
//! A finding's code is a message: its value says what is wrong, its attribute `.do` says what to do.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::domain::finding::{Argument, Finding};
use crate::intake::header_zh;
use crate::publish::pages::dates;

/// Languages we speak; Chinese first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// 简体中文
    Zh,
    /// English
    En,
}

impl Language {
    /// Both, in order.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// BCP 47 tag for HTML and GTFS.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

macro_rules! files {
    ($lang:literal) => {
        [
            include_str!(concat!("phrases/", $lang, "/intake.ftl")),
            include_str!(concat!("phrases/", $lang, "/network.ftl")),
            include_str!(concat!("phrases/", $lang, "/planning.ftl")),
            include_str!(concat!("phrases/", $lang, "/check.ftl")),
            include_str!(concat!("phrases/", $lang, "/parking.ftl")),
            include_str!(concat!("phrases/", $lang, "/pages.ftl")),
            include_str!(concat!("phrases/", $lang, "/exports.ftl")),
            include_str!(concat!("phrases/", $lang, "/cli.ftl")),
            include_str!(concat!("phrases/", $lang, "/service.ftl")),
            include_str!(concat!("phrases/", $lang, "/survey.ftl")),
            include_str!(concat!("phrases/", $lang, "/rider.ftl")),
            include_str!(concat!("phrases/", $lang, "/places.ftl")),
            include_str!(concat!("phrases/", $lang, "/committee.ftl")),
            include_str!(concat!("phrases/", $lang, "/rides.ftl")),
        ]
    };
}

const ZH: [&str; 14] = files!("zh");
const EN: [&str; 14] = files!("en");

fn bundle(language: Language) -> &'static FluentBundle<FluentResource> {
    static BUNDLES: OnceLock<HashMap<Language, FluentBundle<FluentResource>>> = OnceLock::new();
    let bundles =
        BUNDLES.get_or_init(|| Language::ALL.into_iter().map(|language| (language, load(language))).collect());
    &bundles[&language]
}

fn load(language: Language) -> FluentBundle<FluentResource> {
    let (tag, sources) = match language {
        Language::Zh => (unic_langid::langid!("zh-CN"), ZH),
        Language::En => (unic_langid::langid!("en"), EN),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // No invisible isolation marks around arguments: they end up in CSV, GTFS and ICS.
    bundle.set_use_isolating(false);
    for source in sources {
        // Our own files: `tests` below hold them to be without error.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Arguments of a phrase.
pub type Arguments<'a> = [(&'a str, Argument)];

/// The phrase of a key; the key itself where there is none (a test sees to it that there is).
#[must_use]
pub fn phrase(language: Language, key: &str, args: &Arguments<'_>) -> String {
    format(language, key, None, args.iter().map(|(name, value)| (*name, value))).unwrap_or_else(|| key.to_owned())
}

/// The advice of a key (its attribute `.do`); "" where it has none.
#[must_use]
pub fn advice(language: Language, key: &str, args: &Arguments<'_>) -> String {
    format(language, key, Some("do"), args.iter().map(|(name, value)| (*name, value))).unwrap_or_default()
}

/// Does this key have words?
#[must_use]
pub fn has_phrase(language: Language, key: &str) -> bool {
    bundle(language).has_message(key)
}

fn format<'a>(
    language: Language,
    key: &str,
    attribute: Option<&str>,
    args: impl Iterator<Item = (&'a str, &'a Argument)>,
) -> Option<String> {
    let bundle = bundle(language);
    let message = bundle.get_message(key)?;
    let pattern = match attribute {
        None => message.value()?,
        Some(name) => message.get_attribute(name)?.value(),
    };
    let mut filled = FluentArgs::new();
    for (name, value) in args {
        match value {
            Argument::Number(number) => filled.set(name.to_owned(), FluentValue::from(*number)),
            Argument::Text(text) => filled.set(name.to_owned(), FluentValue::from(text.clone())),
        }
    }
    let mut errors = Vec::new();
    Some(bundle.format_pattern(pattern, Some(&filled), &mut errors).into_owned())
}

/// A column as the reader's sheet calls it: findings carry the name of FORMATS.
fn header<'a>(language: Language, finding: &'a Finding, column: &'a str) -> &'a str {
    match (language, &finding.file) {
        (Language::Zh, Some(file)) => header_zh(file, column).unwrap_or(column),
        _ => column,
    }
}

/// The arguments of a finding with columns and days in the reader's language; all others as they are.
fn spoken(language: Language, finding: &Finding) -> BTreeMap<String, Argument> {
    let mut args = finding.args.clone();
    if language == Language::Zh {
        for (name, value) in &mut args {
            let Argument::Text(text) = value else { continue };
            match name.as_str() {
                "column" => *text = header(language, finding, text).to_owned(),
                "days" => *text = dates::pattern(language, text),
                _ => {}
            }
        }
    }
    args
}

/// "survey.csv, row 12, column time: … What to do: …"
#[must_use]
pub fn finding(language: Language, finding: &Finding) -> String {
    let spoken = spoken(language, finding);
    let args = || spoken.iter().map(|(name, value)| (name.as_str(), value));
    let what = format(language, &finding.code, None, args()).unwrap_or_else(|| finding.code.clone());
    let todo = format(language, &finding.code, Some("do"), args());
    let mut place = String::new();
    if let Some(file) = &finding.file {
        place.push_str(file);
    }
    if let Some(row) = finding.row {
        place.push_str(&match language {
            Language::Zh => format!(" 第 {row} 行"),
            Language::En => format!(" row {row}"),
        });
    }
    if let Some(column) = &finding.column {
        let column = header(language, finding, column);
        let key = finding.file.as_deref().is_some_and(|file| file.ends_with(".toml"));
        place.push_str(&match language {
            Language::Zh => format!(" [{column}] {}", if key { "键" } else { "列" }),
            Language::En => format!(" {} [{column}]", if key { "key" } else { "column" }),
        });
    }
    let mut text = String::new();
    if !place.is_empty() {
        text.push_str(&place);
        text.push_str(match language {
            Language::Zh => "：",
            Language::En => ": ",
        });
    }
    text.push_str(&what);
    if let Some(todo) = todo {
        text.push_str(match language {
            Language::Zh => " → ",
            Language::En => " -> ",
        });
        text.push_str(&todo);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(sources: [&str; 14]) -> BTreeSet<String> {
        let mut keys = BTreeSet::new();
        for source in sources {
            let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| errors).unwrap();
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(message) = entry {
                    assert!(keys.insert(message.id.name.to_owned()), "{} stands twice", message.id.name);
                    for attribute in &message.attributes {
                        keys.insert(format!("{}.{}", message.id.name, attribute.id.name));
                    }
                }
            }
        }
        keys
    }

    #[test]
    fn columns_and_days_are_named_in_the_readers_language() {
        let wrong = Finding::warning("cell-not-a-time").file("survey.xlsx").row(4).column("time").arg("said", "8点半");
        assert!(finding(Language::Zh, &wrong).starts_with("survey.xlsx 第 4 行 [时间] 列："));
        assert!(finding(Language::En, &wrong).starts_with("survey.xlsx row 4 column [time]: "));
        let absent = Finding::note("survey-column-absent").file("survey.csv").column("days");
        let absent = absent.arg("column", "days").arg("used", "days").arg("days", "Mon-Fri");
        let text = finding(Language::Zh, &absent);
        assert!(text.starts_with("survey.csv [星期] 列：问卷没有“星期”这一列；一律按周一至周五算。"), "{text}");
        assert!(finding(Language::En, &absent).contains("no column days; Mon-Fri is used throughout"));
        let kind = Finding::note("survey-time-kind-assumed").file("survey.csv").arg("used", "arrive_by");
        assert!(finding(Language::Zh, &kind).contains("按“到达”算。"), "{}", finding(Language::Zh, &kind));
    }

    #[test]
    fn both_languages_have_the_same_phrases_and_no_errors() {
        assert_eq!(keys(ZH), keys(EN));
    }
}
