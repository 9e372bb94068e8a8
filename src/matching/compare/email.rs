//! E-mail addresses: slips in either part, the same mailbox name at another provider.
//!
//! Most mailboxes are made of their owner's name, and of the year of birth. That two of them are
//! alike follows from the names (and dates) being alike, which other comparisons have counted
//! already: `ann.lee@` and `annlee@` are no slip of one another.

use super::super::columns::Columns;
use super::super::layout::Aspect;
use super::super::nicknames;
use super::super::text::{is_close, jaro_winkler, tokens, within_edits};
use super::{Level, best_crosswise, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;

pub(crate) const LEVELS: [Level; 7] = [
    level("same address", [0.68, 0.04, 1e-5, 1e-6]),
    level("domain differs by a slip", [0.03, 0.002, 1e-5, 1e-6]),
    level("mailbox differs by a slip", [0.05, 0.004, 5e-3, 2e-6]),
    level("same mailbox, another domain", [0.03, 0.002, 5e-3, 2e-6]),
    level("mailboxes made of the name, different addresses", [0.04, 0.02, 0.25, 2e-5]),
    level("mailboxes alike", [0.02, 0.02, 0.05, 2e-4]),
    level("addresses differ", [0.15, 0.93, 0.69, 0.9998]),
];

const SLIP: u8 = 2;
const SAME_MAILBOX: u8 = 3;
/// See [`Subject::follows_from_names`](super::Subject::follows_from_names).
pub(crate) const MADE_OF_NAME: u8 = 4;
const ALIKE: u8 = 5;
const DIFFERENT: u8 = 6;

pub(crate) fn grade(columns: &Columns, a: u32, b: u32) -> u8 {
    let text = |id| columns.text(Aspect::Email, id);
    let best = best_crosswise(columns, Aspect::Email, a, b, |left, right| {
        if !columns.facts().mailboxes_may_be_alike(left, right) {
            return DIFFERENT;
        }
        match compare(text(left), text(right)) {
            SLIP | SAME_MAILBOX | ALIKE
                if Owners::of(columns, [a, b])
                    .explain(parts(text(left)).0, parts(text(right)).0) =>
            {
                MADE_OF_NAME
            }
            level => level,
        }
    });
    best.map_or(0, |level| level + 1)
}

/// What two records say about who they are, as far as mailboxes are made of it.
struct Owners<'a> {
    /// Words of all names, the longest first.
    words: Vec<&'a str>,
    /// Years of birth.
    years: Vec<&'a str>,
}

impl<'a> Owners<'a> {
    fn of(columns: &'a Columns, rows: [u32; 2]) -> Self {
        let texts = |aspect| {
            let values = rows.map(|row| columns.value(aspect, row));
            values.map(|value| columns.text(aspect, value))
        };
        let names = [texts(Aspect::Given), texts(Aspect::Family)].concat();
        let births = rows.into_iter().flat_map(|row| columns.values(Aspect::Birth, row));
        let years = births.filter_map(|value| columns.text(Aspect::Birth, value).get(..4));
        Self::new(names.into_iter().flat_map(tokens).collect(), years.collect())
    }

    fn new(mut words: Vec<&'a str>, years: Vec<&'a str>) -> Self {
        words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        words.dedup();
        Self { words, years }
    }

    /// Whether both mailboxes are made of the names, and share no number that the years of birth
    /// do not explain.
    fn explain(&self, a: &str, b: &str) -> bool {
        self.spell(a) && self.spell(b) && {
            let (left, right) = (number(a), number(b));
            left != right || left.len() < 2 || self.years.iter().any(|year| year.ends_with(&left))
        }
    }

    /// Whether the letters of a mailbox are a name, short forms and initials: no more.
    fn spell(&self, mailbox: &str) -> bool {
        let mut rest: String = mailbox
            .chars()
            .map(|letter| if letter.is_ascii_alphabetic() { letter } else { ' ' })
            .collect();
        let mut named = false;
        for word in self.words.iter().filter(|word| word.len() > 1) {
            if let Some(at) = rest.find(word) {
                rest.replace_range(at..at + word.len(), " ");
                named = true;
            }
        }
        named
            && tokens(&rest).all(|left| {
                left.len() == 1
                    || self
                        .words
                        .iter()
                        .any(|word| word.starts_with(left) || nicknames::related(left, word))
            })
    }
}

/// The digits of a mailbox.
fn number(mailbox: &str) -> String {
    mailbox.chars().filter(char::is_ascii_digit).collect()
}

/// Mailbox and domain.
pub(crate) fn parts(address: &str) -> (&str, &str) {
    address.rsplit_once('@').unwrap_or((address, ""))
}

/// Two different addresses.
fn compare(a: &str, b: &str) -> u8 {
    let ((local_a, domain_a), (local_b, domain_b)) = (parts(a), parts(b));
    let domains_close = domain_a == domain_b || within_edits(domain_a, domain_b, 2);
    if local_a == local_b {
        return if domains_close {
            1
        } else if local_a.len() >= 4 {
            SAME_MAILBOX
        } else {
            DIFFERENT
        };
    }
    let digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    if domains_close && local_a.len().min(local_b.len()) >= 4 && is_close(local_a, local_b) {
        return SLIP;
    }
    let alike = jaro_winkler(local_a, local_b);
    if alike >= 0.92 || alike >= 0.88 && !digits(local_a) && !digits(local_b) {
        ALIKE
    } else {
        DIFFERENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (a, b, expected) in [
            ("ann.lee@example.com", "ann.lee@exmaple.com", 1),
            ("ann.lee@example.com", "an.lee@example.com", 2),
            ("ann.lee@example.com", "ann.lee@other.org", 3),
            ("ann.lee@example.com", "ann.lee1987@other.org", 5),
            ("ann.lee@example.com", "bob.ray@example.com", 6),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn names_explain_mailboxes() {
        let (ann, joe) = (["ann", "lee", "lee"], ["joseph", "downs", "cruyskens"]);
        for (words, years, a, b, expected) in [
            (ann, vec![], "ann.lee", "annlee", true),
            (ann, vec![], "ann.lee", "lee.a", true),
            (ann, vec![], "ann.lee83", "ann.lee", true),
            (ann, vec![], "ann.lee83", "ann.lee83", false),
            (ann, vec!["1983"], "ann.lee83", "ann.lee83", true),
            (ann, vec![], "ann.lee", "ann.leee", false),
            (ann, vec![], "moonbeam", "moonbeem", false),
            (joe, vec!["1964"], "joseph64c", "joseph64d", true),
            (joe, vec![], "joe.downs", "joseph.downs", true),
            (joe, vec![], "jos.downs", "j.downs", true),
            (joe, vec![], "thedownss", "thedowns", false),
        ] {
            let owners = Owners::new(words.to_vec(), years);
            assert_eq!(owners.explain(a, b), expected, "{a} {b}");
            assert_eq!(owners.explain(b, a), expected, "{b} {a}");
        }
    }
}
