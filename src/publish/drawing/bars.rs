//! Small bars: a share in a table cell, and a few sums side by side.

use super::svg::{Svg, num};

/// A bar of this share (0 to 1) to fill a table cell; says nothing a number beside it does not say.
#[must_use]
pub fn bar(share: f64, colour: &str) -> String {
    let width = if share.is_finite() { share.clamp(0.0, 1.0) * 100.0 } else { 0.0 };
    format!(
        r##"<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="100" height="8" fill="#edf0f2"/><rect width="{}" height="8" fill="{colour}"/></svg>"##,
        num(width)
    )
}

/// One bar made of parts.
#[derive(Clone, Debug)]
pub struct Stack {
    /// What it is.
    pub label: String,
    /// Amounts with their colours, from the left; negative ones are not drawn.
    pub parts: Vec<(f64, &'static str)>,
    /// Written at its end.
    pub text: String,
}

/// Bars of one scale below each other.
#[must_use]
pub fn stacks(rows: &[Stack], label: &str) -> String {
    let (width, row, left, right) = (760.0, 34.0, 150.0, 110.0);
    let sum = |stack: &Stack| stack.parts.iter().map(|part| part.0.max(0.0)).sum::<f64>();
    let most = rows.iter().map(sum).fold(1e-9, f64::max);
    let mut svg = Svg::new(width, row * rows.len() as f64 + 4.0, label);
    for (i, stack) in rows.iter().enumerate() {
        let y = row * i as f64 + 4.0;
        svg.text((left - 12.0, y + 18.0), &stack.label, r##"font-size="13" text-anchor="end" fill="#1c2733""##);
        let mut x = left;
        for (amount, colour) in &stack.parts {
            let long = amount.max(0.0) / most * (width - left - right);
            svg.rect(x, y, long, row - 8.0, &format!(r#"fill="{colour}""#));
            x += long;
        }
        svg.text((x + 8.0, y + 18.0), &stack.text, r##"font-size="13" font-weight="600" fill="#1c2733""##);
    }
    svg.finish()
}
