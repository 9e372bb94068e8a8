//! `[policy]`: what happens to a delivery that makes somebody else of a record.

use super::reader::{Findings, Table};

/// What is done with deliveries that need a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PolicySettings {
    /// A delivery that makes somebody else of a record.
    pub overlay: OverlayPolicy,
}

/// What is done with a delivery that makes somebody else of a record.
///
/// A workspace that says nothing takes it, as every workspace did before there was a choice; `steward init` writes
/// `hold`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverlayPolicy {
    /// The former values stay in force until a person has decided.
    Hold,
    /// The delivered values are in force, and a person is asked.
    Ask,
    /// The delivered values are in force.
    #[default]
    Off,
}

impl PolicySettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        table.only(&["overlay"], findings);
        let Some(policy) = table.text("overlay", findings) else { return Self::default() };
        let overlay = match policy.text {
            "hold" => OverlayPolicy::Hold,
            "ask" => OverlayPolicy::Ask,
            "off" => OverlayPolicy::Off,
            other => {
                let message =
                    format!("`overlay` must be \"hold\", \"ask\" or \"off\", not `{other}`");
                findings.add(policy.at, message);
                OverlayPolicy::default()
            }
        };
        Self { overlay }
    }
}

/// Only where something is judged at all: most of what is said of imports holds anyway.
pub(super) fn write(text: &mut String, policy: &PolicySettings) -> std::fmt::Result {
    use std::fmt::Write;
    let said = match policy.overlay {
        OverlayPolicy::Off => return Ok(()),
        OverlayPolicy::Hold => "the former values stay in force until a person has decided",
        OverlayPolicy::Ask => "the delivered values are in force, and a person is asked",
    };
    writeln!(text, "\nDeliveries that make another customer of a record\n  {said}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{explain, parse, starter};

    #[test]
    fn a_new_workspace_holds_and_one_that_says_nothing_takes_what_comes() {
        let new = starter("acme", None);
        assert_eq!(parse(&new).unwrap().policy.overlay, OverlayPolicy::Hold);
        let silent = new.replace("[policy]\noverlay = \"hold\"", "");
        assert_ne!(silent, new);
        assert_eq!(parse(&silent).unwrap().policy, PolicySettings::default());
        for (said, expected, told) in [
            ("hold", OverlayPolicy::Hold, Some("former values stay in force")),
            ("ask", OverlayPolicy::Ask, Some("a person is asked")),
            ("off", OverlayPolicy::Off, None),
        ] {
            let settings = parse(&format!("{silent}\n[policy]\noverlay = '{said}'")).unwrap();
            assert_eq!(settings.policy.overlay, expected, "{said}");
            let text = explain(&settings);
            assert_eq!(told.is_some_and(|told| text.contains(told)), told.is_some(), "{said}");
        }
        for wrong in ["overlay = 'keep'", "overlay = true", "overlays = 'hold'"] {
            assert!(parse(&format!("{silent}\n[policy]\n{wrong}")).is_err(), "{wrong}");
        }
    }
}
