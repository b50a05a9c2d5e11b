//! Limits as people write them on OpenStreetMap: heights, widths, weights, speeds (wiki.openstreetmap.org/wiki/Map_features/Units).

/// A limit read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// In the unit asked for.
    Is(u32),
    /// Said to be none, or what the law says anyway.
    None,
    /// Not understood.
    Unclear,
}

/// Values that say: no sign here.
fn says_nothing(text: &str) -> bool {
    matches!(
        text,
        "" | "none"
            | "no"
            | "default"
            | "below_default"
            | "no_sign"
            | "no_indications"
            | "unsigned"
            | "unknown"
            | "unlimited"
            | "unposted"
            | "implicit"
            | "signals"
            | "variable"
    )
}

/// The least of several ("3.5;4.2").
fn least(text: &str, one: fn(&str) -> Limit) -> Limit {
    let mut least = Limit::None;
    for part in text.split([';', '|']) {
        least = match (least, one(part.trim())) {
            (_, Limit::Unclear) => return Limit::Unclear,
            (Limit::Is(a), Limit::Is(b)) => Limit::Is(a.min(b)),
            (Limit::None | Limit::Unclear, limit) => limit,
            (limit, Limit::None) => limit,
        };
    }
    least
}

/// A height or width: "3.5", "3.5 m", "350 cm", `11'6"`, "11 ft 6 in" in whole centimetres, rounded down.
pub(super) fn centimetres(text: &str) -> Limit {
    least(text, |text| {
        let text = plain(text);
        if says_nothing(&text) {
            return Limit::None;
        }
        let Some(parts) = parts(&text) else { return Limit::Unclear };
        let feet = |unit: &str| matches!(unit, "'" | "ft" | "feet" | "foot");
        let inches = |unit: &str| matches!(unit, "\"" | "in" | "inch" | "inches");
        let cm = match parts.as_slice() {
            [(n, "" | "m" | "metre" | "metres" | "meter" | "meters" | "米")] => n * 100.0,
            [(n, "cm")] => *n,
            [(n, "mm")] => n / 10.0,
            [(n, unit)] if feet(unit) => n * 30.48,
            [(n, unit)] if inches(unit) => n * 2.54,
            [(n, first), (m, second)] if feet(first) && *m < 12.0 && (second.is_empty() || inches(second)) => {
                n * 30.48 + m * 2.54
            }
            _ => return Limit::Unclear,
        };
        within(cm, 50.0, 2_000.0)
    })
}

/// A weight: "7.5", "7.5 t", "7500 kg", "20000 lbs", "10 st" (short tons) in whole kilograms, rounded down.
pub(super) fn kilograms(text: &str) -> Limit {
    least(text, |text| {
        let text = plain(text);
        if says_nothing(&text) {
            return Limit::None;
        }
        let kg = match parts(&text).as_deref() {
            Some([(n, "" | "t" | "to" | "ton" | "tons" | "tonne" | "tonnes" | "吨")]) => n * 1_000.0,
            Some([(n, "kg" | "kgs")]) => *n,
            Some([(n, "lb" | "lbs" | "pound" | "pounds")]) => n * 0.453_592_37,
            Some([(n, "st")]) => n * 907.184_74,
            _ => return Limit::Unclear,
        };
        within(kg, 100.0, 200_000.0)
    })
}

/// A speed: "50", "50 km/h", "30 mph", "walk", "CN:urban", "DE:zone:30" in whole km/h.
pub(super) fn kmh(text: &str) -> Limit {
    least(text, |text| {
        let text = plain(text);
        if says_nothing(&text) {
            return Limit::None;
        }
        let (country, word) = text.split_once(':').map_or(("", text.as_str()), |(c, w)| (c, w));
        let word = if country == "zone" { text.as_str() } else { word };
        match word {
            "walk" | "walking" => return Limit::Is(5),
            // Road Traffic Safety Law of the PRC, implementing regulation, article 45: with one lane each way, 50 km/h in
            // towns and 70 outside.
            "urban" if country == "ru" => return Limit::Is(60),
            "urban" => return Limit::Is(50),
            "rural" if country == "cn" => return Limit::Is(70),
            "rural" => return Limit::Is(80),
            "living_street" => return Limit::Is(20),
            "bicycle_road" => return Limit::Is(30),
            // Beyond what a bus drives on them by its class.
            "motorway" | "trunk" | "express" | "expressway" | "nsl_single" | "nsl_dual" => return Limit::None,
            "nsl_restricted" => return Limit::Is(48),
            _ => {}
        }
        let zone = word.strip_prefix("zone").map(|rest| rest.trim_start_matches([':', ' ', '_']));
        let kmh = match parts(zone.unwrap_or(word)).as_deref() {
            Some([(n, "" | "km/h" | "kmh" | "kph" | "公里/小时")]) => *n,
            Some([(n, "mph")]) => n * 1.609_344,
            _ => return Limit::Unclear,
        };
        within(kmh.round(), 1.0, 200.0)
    })
}

fn within(number: f64, min: f64, max: f64) -> Limit {
    if !(min..=max).contains(&number) {
        return Limit::Unclear;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held between the bounds above")]
    // A limit of 11'6" is 350.52 cm; the millionth is for sums such as 3.5 m x 100.
    let whole = (number + 1e-6) as u32;
    Limit::Is(whole)
}

/// Lower case, points for commas, one kind of quotes.
fn plain(text: &str) -> String {
    let text: String = text.trim().chars().take(40).flat_map(char::to_lowercase).collect();
    text.replace(',', ".").replace(['’', '′'], "'").replace(['”', '″', '“'], "\"").replace("''", "\"")
}

/// Numbers with their units: "11 ft 6 in" is `[(11, "ft"), (6, "in")]`; `None` if it is anything else.
fn parts(text: &str) -> Option<Vec<(f64, &str)>> {
    let mut rest = text.trim();
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, tail) = rest.split_at(digits);
        let tail = tail.trim_start();
        let letters = tail.find(|c: char| c.is_ascii_digit() || c == ' ').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        parts.push((number.parse().ok()?, unit.trim_end_matches('.')));
        rest = tail.trim_start_matches([' ', '-']);
        if parts.len() > 2 {
            return None;
        }
    }
    (!parts.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_in_all_their_notations() {
        for (text, cm) in [
            ("3.5", 350),
            ("3.5 m", 350),
            ("3.5m", 350),
            ("3,5 m", 350),
            ("4", 400),
            ("350 cm", 350),
            ("2900mm", 290),
            // 11 x 30.48 + 6 x 2.54 = 350.52
            ("11'6\"", 350),
            ("11' 6\"", 350),
            ("11’6”", 350),
            ("11'6''", 350),
            ("11 ft 6 in", 350),
            ("11ft", 335),
            ("11'", 335),
            ("138 in", 350),
            ("4.2;3.1", 310),
            ("none;3.1", 310),
            ("3.5米", 350),
        ] {
            assert_eq!(centimetres(text), Limit::Is(cm), "{text}");
        }
        for text in ["none", "default", "no_sign", " ", "below_default", "unsigned"] {
            assert_eq!(centimetres(text), Limit::None, "{text}");
        }
        for text in
            ["low", "3m50", "350", "0", "-3", "3.5.5", "11'13\"", "3.5 t", "1 2 3", "3.5;low", "NaN", "inf", "∞"]
        {
            assert_eq!(centimetres(text), Limit::Unclear, "{text}");
        }
    }

    #[test]
    fn weights_in_all_their_notations() {
        for (text, kg) in [
            ("7.5", 7_500),
            ("7.5 t", 7_500),
            ("7,5t", 7_500),
            ("7500 kg", 7_500),
            // 20,000 x 0.45359237 = 9,071.8
            ("20000 lbs", 9_071),
            ("10 st", 9_071),
            ("15吨", 15_000),
        ] {
            assert_eq!(kilograms(text), Limit::Is(kg), "{text}");
        }
        assert_eq!(kilograms("none"), Limit::None);
        for text in ["7500", "heavy", "3.5 m", "0"] {
            assert_eq!(kilograms(text), Limit::Unclear, "{text}");
        }
    }

    #[test]
    fn speeds_in_all_their_notations() {
        for (text, limit) in [
            ("50", 50),
            ("50 km/h", 50),
            ("50km/h", 50),
            ("30 mph", 48),
            ("30mph", 48),
            ("walk", 5),
            ("DE:walk", 5),
            ("CN:urban", 50),
            ("CN:rural", 70),
            ("FR:rural", 80),
            ("DE:zone:30", 30),
            ("FR:zone30", 30),
            ("IT:30", 30),
            ("zone:20", 20),
            ("60;40", 40),
        ] {
            assert_eq!(kmh(text), Limit::Is(limit), "{text}");
        }
        for text in ["none", "signals", "variable", "DE:motorway"] {
            assert_eq!(kmh(text), Limit::None, "{text}");
        }
        for text in ["fast", "50 knots", "0", "500", "CN:", "CN:town", "-20", "5 0"] {
            assert_ne!(kmh(text), Limit::Is(50), "{text}");
        }
        assert_eq!(kmh("fast"), Limit::Unclear);
    }
}
