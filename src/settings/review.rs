//! `[review]`: how sure what people decide is, measured by asking again.

use super::nearest::hint;
use super::reader::{Findings, Table, integer, number};

/// The most pairs that are drawn.
const MOST_DRAWN: i64 = 1_000;

/// Who is asked again what somebody decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecondBy {
    /// Whoever decided it, a day later.
    Oneself,
    /// Somebody else of the people who may decide; whoever decided it where there is nobody else.
    #[default]
    Other,
    /// Both of them.
    Both,
}

/// As `second_by` names them.
const SECOND_BY: [(&str, SecondBy); 3] =
    [("self", SecondBy::Oneself), ("other", SecondBy::Other), ("both", SecondBy::Both)];

/// What is asked to measure how sure decisions are, and how much they found.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ReviewSettings {
    /// The share of decided duplicate tasks that are asked again, blind.
    pub second: f64,
    /// Who is asked then.
    pub second_by: SecondBy,
    /// How many pairs below the review threshold are drawn and asked about, and at most how many that no
    /// key brings together, to estimate what is missed.
    pub elusion: u32,
    /// Whether the review asks for a reason and a note with each merge and each not-a-match.
    pub ask_reason: bool,
    /// Whether people are asked to acknowledge what settings changed; none: where there are several.
    pub acknowledge: Option<bool>,
}

impl ReviewSettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        table.only(&["second", "second_by", "elusion", "ask_reason", "acknowledge"], findings);
        let second_by = read_second_by(table, findings);
        let ask_reason = table.boolean("ask_reason", findings).unwrap_or_default();
        let acknowledge = table.boolean("acknowledge", findings);
        let elusion = table
            .get("elusion")
            .and_then(|entry| integer(entry, 0..MOST_DRAWN + 1, findings))
            .and_then(|draws| u32::try_from(draws).ok())
            .unwrap_or_default();
        let Some(entry) = table.get("second") else {
            return Self { second_by, elusion, ask_reason, acknowledge, ..Self::default() };
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
        Self { second: sound.unwrap_or_default(), second_by, elusion, ask_reason, acknowledge }
    }
}

fn read_second_by(table: &Table<'_>, findings: &mut Findings) -> SecondBy {
    let Some(said) = table.text("second_by", findings) else { return SecondBy::default() };
    let found = SECOND_BY.iter().find(|(name, _)| *name == said.text);
    if found.is_none() {
        let hint = hint(said.text, SECOND_BY.iter().map(|(name, _)| *name));
        findings.add(said.at, format!("unknown `second_by` `{}`{hint}", said.text));
    }
    found.map(|(_, by)| *by).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::SecondBy;
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
    fn who_is_asked_again_is_one_of_three() {
        let text =
            |line: &str| format!("{}\n[review]\nsecond = 0.1\n{line}", starter("acme", None));
        for (line, by) in [
            ("", SecondBy::Other),
            ("second_by = \"self\"", SecondBy::Oneself),
            ("second_by = \"other\"", SecondBy::Other),
            ("second_by = \"both\"", SecondBy::Both),
        ] {
            assert_eq!(parse(&text(line)).unwrap().review.second_by, by, "{line}");
        }
        for (line, says) in [
            ("second_by = \"selv\"", "did you mean `self`?"),
            ("second_by = \"anybody\"", "known are self, other and both"),
            ("second_by = true", "`second_by` should be a text"),
        ] {
            let findings = parse(&text(line)).unwrap_err();
            assert!(findings.iter().any(|it| it.message.contains(says)), "{line}: {findings:?}");
        }
    }

    #[test]
    fn second_opinions_are_told_by_who_can_be_asked() {
        let people = |roles: &str, kim: &str, ada: &str| {
            format!(
                "{}\n[review]\nsecond = 0.05\n{roles}[people.kim]\n{kim}[people.ada]\n{ada}",
                starter("acme", None)
            )
        };
        let told = |text: String| explain(&parse(&text).unwrap());
        assert!(told(people("", "", "")).contains("5 % of decided duplicates go to somebody else"));
        let roles =
            "[roles.steward]\nmay = [\"decide\", \"show\"]\n[roles.viewer]\nmay = [\"show\"]\n";
        let may = |text: String| -> Vec<String> {
            parse(&text).unwrap().who_may_judge().map(|it| it.id.clone()).collect()
        };
        let (steward, viewer) = ("role = \"steward\"\n", "role = \"viewer\"\n");
        assert_eq!(may(people(roles, steward, viewer)), ["kim"]);
        assert_eq!(may(people(roles, steward, steward)), ["kim", "ada"]);
        assert_eq!(may(people(roles, steward, "")), ["kim"]);
        assert_eq!(may(people("", "", "")), ["kim", "ada"]);
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
