//! `[review]`: how sure what people decide is, measured by asking again.

use super::reader::{Findings, Table, integer, number};

/// The most pairs that are drawn.
const MOST_DRAWN: i64 = 1_000;

/// What is asked to measure how sure decisions are, and how much they found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReviewSettings {
    /// The share of decided duplicate tasks that come back, blind, to whoever decided them.
    pub second: f64,
    /// How many pairs below the review threshold are drawn and asked about, and at most how many that no
    /// key brings together, to estimate what is missed.
    pub elusion: u32,
    /// Whether the review asks for a reason and a note with each merge and each not-a-match.
    pub ask_reason: bool,
}

impl ReviewSettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        table.only(&["second", "elusion", "ask_reason"], findings);
        let ask_reason = table.boolean("ask_reason", findings).unwrap_or_default();
        let elusion = table
            .get("elusion")
            .and_then(|entry| integer(entry, 0..MOST_DRAWN + 1, findings))
            .and_then(|draws| u32::try_from(draws).ok())
            .unwrap_or_default();
        let Some(entry) = table.get("second") else {
            return Self { elusion, ask_reason, ..Self::default() };
        };
        let share = number(entry, findings);
        let sound = share.filter(|share| (0.0..=1.0).contains(share));
        if let Some(share) = share.filter(|_| sound.is_none()) {
            let meant = if (1.0..=100.0).contains(&share) {
                format!(": {share} % is {}", share / 100.0)
            } else {
                String::new()
            };
            findings.add(entry.at, format!("`second` is a share: from 0 to 1{meant}"));
        }
        Self { second: sound.unwrap_or_default(), elusion, ask_reason }
    }
}

#[cfg(test)]
mod tests {
    use crate::{explain, parse, starter};

    fn second(section: &str) -> f64 {
        parse(&format!("{}\n{section}", starter("acme", None))).unwrap().review.second
    }

    #[test]
    fn nothing_is_asked_again_unless_it_is_said() {
        for (section, share) in [
            ("", 0.0),
            ("[review]", 0.0),
            ("[review]\nsecond = 0", 0.0),
            ("[review]\nsecond = 0.05", 0.05),
            ("[review]\nsecond = 1", 1.0),
        ] {
            assert!((second(section) - share).abs() < f64::EPSILON, "{section}");
        }
    }

    #[test]
    fn pairs_are_drawn_below_review_where_that_is_said() {
        let text = |line: &str| format!("{}\n[review]\n{line}", starter("acme", None));
        let settings = parse(&text("elusion = 100")).unwrap();
        assert_eq!(settings.review.elusion, 100);
        assert!(explain(&settings).contains("100 pairs below review, and up to 100 that"));
        assert_eq!(parse(&text("second = 0.1")).unwrap().review.elusion, 0);
        assert!(parse(&text("elusion = 1001")).is_err());
        assert!(parse(&text("elusion = 0.5")).is_err());
    }

    #[test]
    fn reasons_are_asked_for_where_that_is_said() {
        let text = |line: &str| format!("{}\n[review]\n{line}", starter("acme", None));
        for (line, asks) in [
            ("", false),
            ("ask_reason = false", false),
            ("ask_reason = true", true),
            ("second = 0.1\nask_reason = true", true),
        ] {
            let settings = parse(&text(line)).unwrap();
            assert_eq!(settings.review.ask_reason, asks, "{line}");
            let told = explain(&settings).contains("asks for a reason and a note");
            assert_eq!(told, asks, "{line}");
        }
        assert!(parse(&text("ask_reason = 1")).is_err());
    }

    #[test]
    fn the_share_is_told_in_plain_words() {
        let text = |share: &str| format!("{}\n[review]\nsecond = {share}", starter("acme", None));
        let told = |share: &str| explain(&parse(&text(share)).unwrap());
        assert!(told("0.05").contains("5 % of decided duplicates come back a day later"));
        assert!(told("0.005").contains("0.5 % of decided"));
        assert!(!told("0").contains("come back a day later"));
    }
}
