//! QR codes as one SVG path (ISO/IEC 18004, error level M: readable with a scratch), with the quiet zone of four modules.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// A drawing of the code, or `None` where the text is too long for one (about 2,300 bytes).
#[must_use]
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let width = code.width();
    let colours = code.to_colors();
    let mut data = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            if row[x] == Color::Light {
                x += 1;
                continue;
            }
            let start = x;
            while x < width && row[x] == Color::Dark {
                x += 1;
            }
            let _ = write!(data, "M{},{}h{}v1h-{}z", start + 4, y + 4, x - start, x - start);
        }
    }
    let side = width + 8;
    let label = super::svg::escape(label);
    Some(format!(
        r##"<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="{label}" shape-rendering="crispEdges"><rect width="{side}" height="{side}" fill="#fff"/><path d="{data}" fill="#000"/></svg>"##
    ))
}

/// `base/stops/id`: what a stop's code opens. Anything but letters, digits and `-_.~` is percent-encoded.
#[must_use]
pub fn stop_address(base_url: &str, stop: &str) -> String {
    let mut address = format!("{}/stops/", base_url.trim_end_matches('/'));
    for byte in stop.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_safe_and_codes_have_all_dark_modules() {
        let address = stop_address("https://example.org/gonghexin/", "门 1");
        assert_eq!(address, "https://example.org/gonghexin/stops/%E9%97%A8%201");
        let drawing = svg(&address, "门").unwrap();
        // The sum of the runs is the number of dark modules.
        let runs: usize = drawing.split('h').filter_map(|part| part.split('v').next()?.parse::<usize>().ok()).sum();
        let code = QrCode::with_error_correction_level(address.as_bytes(), EcLevel::M).unwrap();
        assert_eq!(runs, code.to_colors().iter().filter(|c| **c == Color::Dark).count());
        assert_eq!(svg(&"x".repeat(5000), ""), None);
    }
}
