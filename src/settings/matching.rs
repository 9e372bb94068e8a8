//! `[matching]`.

use domain::grants::Autonomy;

use super::reader::{Findings, Table, number};

/// Thresholds on match probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MatchingSettings {
    /// At or above: merged by the machine.
    pub auto: f64,
    /// At or above, and below `auto`: a task.
    pub review: f64,
    /// What is promised of the merges that people grant: `[matching.autonomy]`.
    pub autonomy: Autonomy,
}

impl Default for MatchingSettings {
    fn default() -> Self {
        Self { auto: 0.99, review: 0.50, autonomy: Autonomy::default() }
    }
}

impl MatchingSettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        table.only(&["auto", "review", "autonomy", "rules", "weights"], findings);
        let defaults = Self::default();
        let mut sound = true;
        let mut threshold = |key: &str, default: f64| {
            let Some(entry) = table.get(key) else { return default };
            let threshold = number(entry, findings);
            if threshold.is_some_and(|threshold| !(0.0..=1.0).contains(&threshold)) {
                findings.add(entry.at, format!("`{key}` is a probability: from 0 to 1"));
            }
            let threshold = threshold.filter(|threshold| (0.0..=1.0).contains(threshold));
            sound &= threshold.is_some();
            threshold.unwrap_or(default)
        };
        let auto = threshold("auto", defaults.auto);
        let review = threshold("review", defaults.review);
        if sound && review > auto {
            let at = table.get("review").or(table.get("auto")).map_or(table.at, |entry| entry.at);
            findings.add(
                at,
                format!(
                    "`review` ({review}) is above `auto` ({auto}): lower `review` or raise `auto`"
                ),
            );
        }
        let autonomy = table
            .get("autonomy")
            .and_then(|entry| Table::of(entry, "[matching.autonomy]".to_owned(), findings))
            .map(|table| promise(&table, findings))
            .unwrap_or_default();
        Self { auto, review, autonomy }
    }
}

/// `[matching.autonomy]`: two shares of which neither is all or nothing.
fn promise(table: &Table<'_>, findings: &mut Findings) -> Autonomy {
    table.only(&["precision", "confidence"], findings);
    let usual = Autonomy::default();
    let mut share = |key: &str, usual: f64| {
        let Some(entry) = table.get(key) else { return usual };
        let share = number(entry, findings);
        let is_sound = |share: &f64| Autonomy::new(*share, *share).is_some();
        if let Some(share) = share.filter(|share| !is_sound(share)) {
            let why = if (1.0..=1.0).contains(&share) {
                ": certainty cannot be promised".to_owned()
            } else if (1.0..100.0).contains(&share) {
                format!(": {share} % is {}", share / 100.0)
            } else {
                String::new()
            };
            findings.add(entry.at, format!("`{key}` is a share above 0 and below 1{why}"));
        }
        share.filter(is_sound).unwrap_or(usual)
    };
    let (precision, confidence) =
        (share("precision", usual.precision()), share("confidence", usual.confidence()));
    Autonomy::new(precision, confidence).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::{explain, parse, starter};

    fn with(section: &str) -> Result<(f64, f64), String> {
        let text = format!("{}\n{section}", starter("acme", None));
        let read = parse(&text).map_err(|findings| findings[0].message.clone())?;
        let autonomy = read.matching.autonomy;
        Ok((autonomy.precision(), autonomy.confidence()))
    }

    #[test]
    fn what_grants_promise_is_two_shares() {
        assert_eq!(with(""), Ok((0.95, 0.95)));
        assert_eq!(with("[matching.autonomy]\nprecision = 0.99"), Ok((0.99, 0.95)));
        assert_eq!(with("[matching.autonomy]\nconfidence = 0.9"), Ok((0.95, 0.9)));
        for (value, why) in [
            ("1", "`precision` is a share above 0 and below 1: certainty cannot be promised"),
            ("95", "`precision` is a share above 0 and below 1: 95 % is 0.95"),
            ("0", "`precision` is a share above 0 and below 1"),
            ("-0.5", "`precision` is a share above 0 and below 1"),
        ] {
            let said = with(&format!("[matching.autonomy]\nprecision = {value}"));
            assert_eq!(said, Err(why.to_owned()), "{value}");
        }
        let unknown = with("[matching.autonomy]\nprecison = 0.9").unwrap_err();
        assert!(unknown.contains("precison"), "{unknown}");
    }

    #[test]
    fn the_promise_is_told_in_plain_words() {
        let text = format!("{}\n[matching.autonomy]\nprecision = 0.98", starter("acme", None));
        let told = explain(&parse(&text).unwrap());
        assert!(told.contains("at least 98 % of the merges made under grants are right"), "{told}");
    }
}
