//! What a role may: the closed list of verbs.
//!
//! One place for the settings, which know which verbs there are, and for the door, which says what each
//! operation needs.

/// One verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verb {
    /// As `may` of a role names it.
    pub name: &'static str,
    /// What whoever has it may do, in a sentence.
    pub does: &'static str,
}

const fn verb(name: &'static str, does: &'static str) -> Verb {
    Verb { name, does }
}

/// Shows sensitive fields in clear, all of them or, as `unmask:FIELD`, one.
pub const UNMASK: &str = "unmask";

/// Every verb, in the order of the documentation.
pub const VERBS: [Verb; 39] = [
    verb("tasks", "See the queue and list tasks."),
    verb("find", "Search customers and records."),
    verb("show", "See a task, customer, record or decision whole."),
    verb("history", "See what happened, and who did it."),
    verb("explain", "See why two records are thought to be one customer."),
    verb("values", "See the values of a field with their counts."),
    verb("dashboard", "See the state of the workspace in numbers."),
    verb("rules", "See the rules, and which records break them."),
    verb("imports", "See imports and the rows in quarantine."),
    verb("check", "See what code lists leave open."),
    verb(
        "decide",
        "Give verdicts on tasks that `show` shows: merge, not a match, accept, keep and the like.",
    ),
    verb("fix", "Correct records and pin golden values."),
    verb("comment", "Comment on customers."),
    verb("undo", "Undo and redo decisions and imports."),
    verb("grant", "See, give and suspend grants of merging."),
    verb("approve", "Approve and reject what others propose."),
    verb(
        "break-glass",
        "Decide at once what needs approval, with a reason; somebody else reviews it afterwards.",
    ),
    verb("import", "Import files, and see what is next."),
    verb("create", "Create records by hand, and see who is like them."),
    verb("reread", "Read delivered values again under present settings."),
    verb("match", "Run matching and see its runs."),
    verb("evaluate", "Measure matching against known answers."),
    verb("export", "Export data sets and the model."),
    verb("feed", "Follow what happens to customers as a feed."),
    verb("subject", "Hand over everything held on one person."),
    verb("erase", "Erase a person."),
    verb("request", "Record requests of persons, and what is done for them."),
    verb("hold", "Keep customers from being erased, and lift that."),
    verb("retain", "Erase customers that are due by the rules of retention."),
    verb("cancel", "Cancel the jobs of others."),
    verb("sessions", "End the sessions of others, and send everyone a message."),
    verb("otp", "Reset the second factors of others."),
    verb("keys", "See and change the keys of the workspace."),
    verb("rekey", "Encrypt everything with new keys."),
    verb("propose", "Propose settings, and see what they would do."),
    verb("govern", "Adopt settings, and whatever `propose` allows."),
    verb("access", "See who may do what."),
    verb("audit", "See what an audit asks: what happened, and who did it."),
    verb(UNMASK, "See sensitive values unmasked; the ledger records it."),
];

/// The names of every verb.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    VERBS.iter().map(|verb| verb.name)
}

/// Whether there is a verb of that name.
#[must_use]
pub fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

/// What whoever has that verb may do; `None` where there is no such verb.
#[must_use]
pub fn does(name: &str) -> Option<&'static str> {
    VERBS.iter().find(|verb| verb.name == name).map(|verb| verb.does)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_listed_once_and_told_in_a_sentence() {
        for (at, verb) in VERBS.iter().enumerate() {
            assert!(VERBS[..at].iter().all(|other| other.name != verb.name), "{}", verb.name);
            assert!(verb.does.ends_with('.') && !verb.does.contains(". "), "{}", verb.does);
            assert!(!verb.name.contains(':') && does(verb.name) == Some(verb.does));
        }
        assert!(is_known("erase") && !is_known("delete") && does("delete").is_none());
    }
}
