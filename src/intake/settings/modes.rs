//! `mode` under `[project]`: which kinds of lines are planned, one or several.

use toml::de::DeValue;

use super::{Findings, Section};
use crate::planning::project::Modes;

/// As project.toml writes them.
const KNOWN: &str = "\"shuttle\", \"commute\", \"on_demand\", [\"shuttle\", \"on_demand\"]";
const NONE: Modes = Modes { shuttle: false, commute: false, on_demand: false };

/// The modes; the default where nothing, or nothing known, is said.
pub(super) fn modes(part: &mut Section<'_>, findings: &mut Findings) -> Modes {
    let Some(value) = part.value("mode") else { return Modes::default() };
    let words: Option<Vec<&str>> = match value.get_ref() {
        DeValue::String(word) => Some(vec![word.as_ref()]),
        DeValue::Array(words) => words.iter().map(|word| word.get_ref().as_str()).collect(),
        _ => None,
    };
    let mut modes = NONE;
    let mut known = true;
    for word in words.iter().flatten() {
        match word.trim() {
            "shuttle" => modes.shuttle = true,
            "commute" => modes.commute = true,
            "on_demand" => modes.on_demand = true,
            _ => known = false,
        }
    }
    if modes == NONE || !known {
        // A line more or less is not to be guessed.
        findings.push(part.fatal("mode", KNOWN));
        return Modes::default();
    }
    modes
}

#[cfg(test)]
mod tests {
    use super::super::tests::settings;
    use super::NONE;
    use crate::planning::project::Modes;

    #[test]
    fn one_mode_or_several() {
        let modes = |line: &str| {
            let (settings, findings) = settings(&format!("[project]\nname = \"p\"\n{line}\n"));
            (settings.project.policy.modes, findings.iter().any(|finding| finding.code == "toml-value"))
        };
        let both = Modes { shuttle: true, commute: true, ..NONE };
        assert_eq!(modes(""), (Modes { shuttle: true, ..NONE }, false));
        assert_eq!(modes("mode = \"commute\""), (Modes { commute: true, ..NONE }, false));
        assert_eq!(modes("mode = \"on_demand\""), (Modes { on_demand: true, ..NONE }, false));
        assert_eq!(modes("mode = [\"commute\", \"shuttle\"]"), (both, false));
        for wrong in ["mode = \"bus\"", "mode = [\"commute\", \"bus\"]", "mode = 3", "mode = []", "mode = [3]"] {
            assert_eq!(modes(wrong), (Modes::default(), true), "{wrong}");
        }
    }
}
