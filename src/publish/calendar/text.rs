//! Content lines of RFC 5545.

/// TEXT of RFC 5545, 3.3.11.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

#[derive(Default)]
pub(super) struct Text(pub(super) String);

impl Text {
    /// A content line, folded at 75 octets between characters (RFC 5545, 3.1).
    pub(super) fn line(&mut self, name: &str, value: &str) {
        let mut octets = 0;
        for c in name.chars().chain([':']).chain(value.chars()).filter(|c| !matches!(c, '\r' | '\n')) {
            if octets + c.len_utf8() > 75 {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(c);
            octets += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        let mut text = Text::default();
        text.line("SUMMARY", &"站".repeat(60));
        for line in text.0.split("\r\n") {
            assert!(line.len() <= 75, "{} octets", line.len());
        }
        assert_eq!(text.0.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", "站".repeat(60)));
    }
}
