//! A small writer of SVG: escapes text, rounds numbers to one decimal, closes what it opens.

use std::fmt::Write as _;

/// One decimal, no needless zero; what is not finite is 0.
#[must_use]
pub fn num(x: f64) -> String {
    if !x.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{x:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text for element content and attributes.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not allowed in XML at all.
            c if c.is_control() && c != '\n' && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// "M1,2L3,4…" of points.
#[must_use]
pub fn path_data(points: &[(f64, f64)]) -> String {
    let mut data = String::with_capacity(points.len() * 12);
    let mut last = (String::new(), String::new());
    for (i, &(x, y)) in points.iter().enumerate() {
        let now = (num(x), num(y));
        if i > 0 && now == last {
            continue;
        }
        let _ = write!(data, "{}{},{}", if i == 0 { 'M' } else { 'L' }, now.0, now.1);
        last = now;
    }
    data
}

/// A drawing being written. `attributes` are always literals of ours, never data.
#[derive(Debug)]
pub struct Svg {
    out: String,
    open: u32,
}

impl Svg {
    /// An empty drawing of this size, with the words a screen reader says.
    #[must_use]
    pub fn new(width: f64, height: f64, label: &str) -> Self {
        let (w, h, label) = (num(width), num(height), escape(label));
        Self { out: format!(r#"<svg viewBox="0 0 {w} {h}" role="img" aria-label="{label}">"#), open: 0 }
    }
    /// The inner part of a drawing, to be put into another.
    #[must_use]
    pub fn fragment() -> Self {
        Self { out: String::new(), open: 0 }
    }
    /// Opens a group.
    pub fn group(&mut self, attributes: &str) {
        let _ = write!(self.out, "<g {attributes}>");
        self.open += 1;
    }
    /// Closes the last group.
    pub fn end(&mut self) {
        if self.open > 0 {
            self.out.push_str("</g>");
            self.open -= 1;
        }
    }
    /// A line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), attributes: &str) {
        let _ = write!(
            self.out,
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}" {attributes}/>"#,
            num(from.0),
            num(from.1),
            num(to.0),
            num(to.1)
        );
    }
    /// A rectangle; nothing where it has no extent.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, attributes: &str) {
        if width > 0.0 && height > 0.0 {
            let _ = write!(
                self.out,
                r#"<rect x="{}" y="{}" width="{}" height="{}" {attributes}/>"#,
                num(x),
                num(y),
                num(width),
                num(height)
            );
        }
    }
    /// A circle.
    pub fn circle(&mut self, at: (f64, f64), radius: f64, attributes: &str) {
        let _ = write!(self.out, r#"<circle cx="{}" cy="{}" r="{}" {attributes}/>"#, num(at.0), num(at.1), num(radius));
    }
    /// A path from ready data (see [`path_data`]).
    pub fn path(&mut self, data: &str, attributes: &str) {
        if !data.is_empty() {
            let _ = write!(self.out, r#"<path d="{data}" {attributes}/>"#);
        }
    }
    /// Text; `at` is on its base line.
    pub fn text(&mut self, at: (f64, f64), text: &str, attributes: &str) {
        let _ = write!(self.out, r#"<text x="{}" y="{}" {attributes}>{}</text>"#, num(at.0), num(at.1), escape(text));
    }
    /// Each character at its own place (road names).
    pub fn glyphs(&mut self, places: &[(f64, f64)], text: &str, attributes: &str) {
        let list =
            |pick: fn(&(f64, f64)) -> f64| places.iter().map(|place| num(pick(place))).collect::<Vec<_>>().join(" ");
        let _ = write!(
            self.out,
            r#"<text x="{}" y="{}" {attributes}>{}</text>"#,
            list(|p| p.0),
            list(|p| p.1),
            escape(text)
        );
    }
    /// Ready SVG, e.g. another fragment.
    pub fn raw(&mut self, svg: &str) {
        self.out.push_str(svg);
    }
    /// What a pointer resting on the group sees.
    pub fn title(&mut self, text: &str) {
        let _ = write!(self.out, "<title>{}</title>", escape(text));
    }
    /// The finished drawing.
    #[must_use]
    pub fn finish(mut self) -> String {
        while self.open > 0 {
            self.end();
        }
        if self.out.starts_with("<svg") {
            self.out.push_str("</svg>");
        }
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_always_numbers() {
        assert_eq!(num(1.0), "1");
        assert_eq!(num(-0.04), "0");
        assert_eq!(num(2.25), "2.2");
        assert_eq!(num(f64::NAN), "0");
        assert_eq!(path_data(&[(0.0, 0.0), (0.01, 0.0), (1.5, 2.0)]), "M0,0L1.5,2");
    }

    #[test]
    fn text_cannot_break_out() {
        let mut svg = Svg::new(10.0, 10.0, "\"><script>");
        svg.group("fill=\"red\"");
        svg.text((0.0, 0.0), "a<b&\u{7}c", "");
        insta::assert_snapshot!(svg.finish(), @r#"<svg viewBox="0 0 10 10" role="img" aria-label="&quot;&gt;&lt;script&gt;"><g fill="red"><text x="0" y="0" >a&lt;b&amp;c</text></g></svg>"#);
    }
}
