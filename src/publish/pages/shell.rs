//! The page around a body: style, language switch, both languages.

use askama::Template;

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    title: &'a str,
    class: &'a str,
    style: &'a str,
    symbol: &'a str,
    zh: &'a str,
    en: &'a str,
}

/// A whole page from two rendered bodies. `class` names the page in its own `style`; `symbol` is the ground of its maps, or "".
#[must_use]
pub fn page(title: &str, (class, style): (&str, &str), symbol: &str, [zh, en]: [&str; 2]) -> String {
    render(&Page { title, class, style, symbol, zh, en })
}

/// A template as text. Rendering into memory fails only where a filter of ours does, and we have none; the reason would stand
/// on the page.
#[must_use]
pub fn render(template: &impl Template) -> String {
    template.render().unwrap_or_else(|error| crate::publish::drawing::svg::escape(&error.to_string()))
}
