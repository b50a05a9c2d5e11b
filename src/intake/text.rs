//! In which encoding is this text? UTF-8, UTF-16 and GBK/GB18030, with or without a mark, found out from the bytes.
//!
//! Order: a byte-order mark; NUL bytes (text in Latin letters, digits and commas has one in every pair of UTF-16);
//! valid UTF-8; valid GB18030 (the superset of GBK) when `chardetng` (the detector of Firefox) does not object; then
//! whichever of UTF-8 and GB18030 is damaged in fewer places, if those are few. Anything else is no text.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

/// One place in this many characters may be damaged before we call it no text.
const DAMAGE: usize = 50;

/// Text, and the first line (from 1) with a character that could not be read.
#[derive(Debug)]
pub(super) struct Text<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) damaged: Option<u32>,
}

/// The text behind the bytes, without its mark; `None` when it is none.
pub(super) fn decode(bytes: &[u8]) -> Option<Text<'_>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return accept(encoding, &bytes[mark..]);
    }
    let zeros = |start: usize| bytes.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // A stray NUL (a flipped bit) does not make it UTF-16: there, half of an ASCII comma or line end is one.
    if (even + odd) * 20 > bytes.len() {
        return accept(if odd >= even { UTF_16LE } else { UTF_16BE }, bytes);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Text { text: Cow::Borrowed(text), damaged: None });
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(1 << 20)], bytes.len() <= 1 << 20);
    let guess = detector.guess(Some(b"cn"), Utf8Detection::Allow);
    if guess == GBK || guess == GB18030 {
        if let Some(text) = GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
            return Some(Text { text, damaged: None });
        }
    } else if guess == BIG5 {
        // Traditional characters from Taiwan or Hong Kong: not of the contract, but certain when it decodes.
        if let Some(text) = BIG5.decode_without_bom_handling_and_without_replacement(bytes) {
            return Some(Text { text, damaged: None });
        }
    }
    match (accept(UTF_8, bytes), accept(GB18030, bytes)) {
        (Some(utf8), Some(gb)) => Some(if holes(&utf8.text) <= holes(&gb.text) { utf8 } else { gb }),
        (utf8, gb) => utf8.or(gb),
    }
}

fn holes(text: &str) -> usize {
    text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count()
}

fn accept<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Option<Text<'a>> {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if !had_errors {
        return Some(Text { text, damaged: None });
    }
    // Of the characters beyond ASCII, most must be whole: a Latin letter is the same byte in any of these.
    let beyond = text.chars().filter(|c| !c.is_ascii()).count();
    let holes = holes(&text);
    if holes > 3 && holes * DAMAGE > beyond {
        return None;
    }
    let before = text.split(char::REPLACEMENT_CHARACTER).next().unwrap_or_default();
    let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
    Some(Text { text, damaged: Some(line) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = "出发地,目的地,时间\n延长路,灵石媒体园,08:30\n";

    #[test]
    fn every_encoding_of_the_contract_is_found_out() {
        let (gbk, _, _) = GBK.encode(SAMPLE);
        let utf16 = |big: bool| -> Vec<u8> {
            SAMPLE.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
        };
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            SAMPLE.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], SAMPLE.as_bytes()),
            gbk.to_vec(),
            utf16(false),
            utf16(true),
            marked(&[0xff, 0xfe], &utf16(false)),
            marked(&[0xfe, 0xff], &utf16(true)),
        ] {
            let read = decode(&bytes).unwrap();
            assert_eq!(read.text, SAMPLE);
            assert_eq!(read.damaged, None);
        }
    }

    #[test]
    fn a_character_only_gb18030_has() {
        let (bytes, _, _) = GB18030.encode("站名,𠮷里\n延长路,1\n");
        assert_eq!(decode(&bytes).unwrap().text, "站名,𠮷里\n延长路,1\n");
    }

    #[test]
    fn a_damaged_place_is_named_by_its_line_and_noise_is_no_text() {
        let mut bytes = SAMPLE.repeat(20).into_bytes();
        let second = SAMPLE.find('延').unwrap();
        bytes[second] = 0xff;
        assert_eq!(decode(&bytes).unwrap().damaged, Some(2));
        let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert!(decode(&noise).is_none());
    }
}
