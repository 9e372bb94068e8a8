//! What a rule's remedy, which is written for people, says in so many words: that the value be removed, or
//! what it be set to.

use super::Rule;

/// A remedy that can be carried out as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy<'a> {
    /// `remove it`.
    Remove,
    /// `set it to no`.
    SetTo(&'a str),
}

/// How a remedy begins that has the value removed.
const REMOVE: [&str; 12] = [
    "remove it",
    "remove the value",
    "remove this value",
    "remove them",
    "delete it",
    "delete the value",
    "clear it",
    "clear the value",
    "empty it",
    "blank it",
    "leave it empty",
    "take it out",
];

/// What a value may be set to and is none.
const NOTHING: [&str; 4] = ["nothing", "empty", "blank", "none"];

impl Rule {
    /// What its remedy says that can be carried out; of several the first.
    #[must_use]
    pub fn remedy_said(&self) -> Option<Remedy<'_>> {
        said(self.remedy.as_deref()?)
    }
}

/// A sentence is a clause or several: `ask the customer, or remove it`.
fn said(remedy: &str) -> Option<Remedy<'_>> {
    remedy.split([',', ';', ':', '.', '(', ')']).find_map(|clause| {
        let clause = clause.trim();
        let parts = clause.split(" or ").chain(clause.strip_prefix("or "));
        parts.map(str::trim).find_map(of_clause)
    })
}

fn of_clause(clause: &str) -> Option<Remedy<'_>> {
    let clause = without(clause, "please ").unwrap_or(clause);
    let begins = |words: &&str| {
        without(clause, words).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if REMOVE.iter().any(begins) {
        return Some(Remedy::Remove);
    }
    let text = without(clause, "set it to ").or_else(|| without(clause, "change it to "))?;
    let text = text.trim_matches(['`', '"', '\'', ' ']);
    match text {
        "" => None,
        text if NOTHING.contains(&text) => Some(Remedy::Remove),
        // More than a word or two is advice: "set it to what the passport says".
        text if text.split_whitespace().count() > 2 => None,
        text => Some(Remedy::SetTo(text)),
    }
}

/// What follows some words, in whatever case they are written.
fn without<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let head = text.get(..words.len())?;
    head.eq_ignore_ascii_case(words).then(|| &text[words.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remedy_is_carried_out_where_it_says_how_in_so_many_words() {
        for remedy in [
            "remove it",
            "Remove it.",
            "ask the customer, or remove it",
            "ask the customer or remove it",
            "delete it; nobody has this number",
            "clear the value",
            "a stand-in: take it out",
            "please remove it",
            "leave it empty",
            "set it to nothing",
        ] {
            assert_eq!(said(remedy), Some(Remedy::Remove), "{remedy}");
        }
        for (remedy, text) in [
            ("treat it as a refusal: set it to no", "no"),
            ("set it to `no`", "no"),
            ("Set it to New York, where all of them are", "New York"),
            ("ask, or change it to unknown", "unknown"),
        ] {
            assert_eq!(said(remedy), Some(Remedy::SetTo(text)), "{remedy}");
        }
        for remedy in [
            "",
            "ask the customer",
            "do not remove it",
            "never delete it",
            "remove items that are double",
            "set it to what the passport says",
            "set it to ",
            "one of the two dates is wrong",
            "l\u{e4}schen",
        ] {
            assert_eq!(said(remedy), None, "{remedy}");
        }
    }
}
