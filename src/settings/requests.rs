//! `[requests]`: until when requests of persons are answered. What the law demands is the law's to say: the lengths
//! here are those of Article 12(3) of the GDPR where nothing else is set.

use super::purpose::lapse;
use super::reader::{Findings, Table};
use domain::{Deadlines, Lapse};

/// When requests are due, and when they rise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestSettings {
    /// From receipt to the last day, and how much more there may be.
    pub deadlines: Deadlines,
    /// How long before the last day a request is due.
    pub warn: Lapse,
}

impl Default for RequestSettings {
    fn default() -> Self {
        Self {
            deadlines: Deadlines { due: Lapse::months(1), extend: Lapse::months(2) },
            warn: Lapse::days(7),
        }
    }
}

impl RequestSettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        table.only(&["due", "extend", "warn"], findings);
        let usual = Self::default();
        let due = lapse(table, "due", findings).unwrap_or(usual.deadlines.due);
        let extend = lapse(table, "extend", findings).unwrap_or(usual.deadlines.extend);
        let warn = lapse(table, "warn", findings).unwrap_or(usual.warn);
        Self { deadlines: Deadlines { due, extend }, warn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{explain, parse, starter};
    use jiff::civil::date;

    #[test]
    fn a_month_and_a_week_unless_it_says_otherwise() {
        let text = |section: &str| format!("{}\n{section}", starter("acme", None));
        let read = |section: &str| parse(&text(section)).unwrap().requests;
        assert_eq!(read(""), RequestSettings::default());
        assert_eq!(read("[requests]"), RequestSettings::default());
        let own = read("[requests]\ndue = \"45 days\"\nextend = '45 days'\nwarn = '2 weeks'");
        assert_eq!(own.deadlines.due(date(2026, 1, 1)), date(2026, 2, 15));
        assert_eq!(own.deadlines.extended(date(2026, 1, 1)), date(2026, 4, 1));
        assert_eq!(own.warn.before(date(2026, 2, 15)), date(2026, 2, 1));
        let told = explain(&parse(&text("[requests]\ndue = '45 days'")).unwrap());
        assert!(told.contains("due 45 days after they came"), "{told}");
        for wrong in ["due = 30", "due = 'soon'", "dued = '1 month'"] {
            assert!(parse(&text(&format!("[requests]\n{wrong}"))).is_err(), "{wrong}");
        }
    }
}
