//! E-mail addresses: slips in either part, the same mailbox name at another provider.
//!
//! Most mailboxes are made of their owner's name, and of the year of birth. That two of them are
//! alike follows from the names (and dates) being alike, which other comparisons have counted
//! already: `ann.lee@` and `annlee@` are no slip of one another.

use domain::FieldType;

use super::super::columns::Columns;
use super::super::layout::{Aspect, Layout};
use super::super::portrait::Kind;
use super::super::splink::Dialect;
use super::super::splink::levels as sql;
use super::super::text::{is_close, jaro_winkler, mailbox_and_domain, tokens, within_edits};
use super::{
    Agreement, Cache, Comparison, ComparisonSpec, Crowd, Learning, Level, Says, best_crosswise,
    level,
};
use domain::naming::nicknames;

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;

pub(crate) static SPEC: ComparisonSpec = ComparisonSpec {
    aspects: &[Aspect::Email],
    counted: &[Aspect::Email],
    learning: [Learning::Free, Learning::Free, Learning::Believed],
    follows_from_names: &[MADE_OF_NAME],
    fetch: |columns, row| columns.facts().mailbox_length(columns.value(Aspect::Email, row)),
    agrees: |level| Agreement::at_home(level == SAME, Aspect::Email),
    // What follows from the names is no agreement of its own.
    agrees_more: |better, worse| better < worse && better != MADE_OF_NAME,
    says: |kind, level| Says {
        identified: u8::from(kind == Kind::Person && level == SAME),
        one_mailbox: level == SAME,
        ..Says::default()
    },
    tells_relatives_apart: true,
    crowd: Crowd::UnlikeNames,
    judges: &[FieldType::Email],
    words: |_, level| match level {
        1 => "domain slip",
        2 => "mailbox slip",
        3 => "other domain",
        4 => "both fit the name",
        _ => "",
    },
    ..ComparisonSpec::usual("email", "e-mail", || &LEVELS, grade, carried)
};

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
/// See [`ComparisonSpec::follows_from_names`].
const MADE_OF_NAME: u8 = 4;
const ALIKE: u8 = 5;
const DIFFERENT: u8 = 6;

fn grade(columns: &Columns, _: u8, a: u32, b: u32, _: &mut Cache) -> u8 {
    let text = |id| columns.text(Aspect::Email, id);
    let best = best_crosswise(columns, Aspect::Email, a, b, |left, right| {
        if !columns.facts().mailboxes_may_be_alike(left, right) {
            return DIFFERENT;
        }
        match compare(text(left), text(right)) {
            SLIP | SAME_MAILBOX | ALIKE
                if Owners::of(columns, [a, b]).explain(
                    mailbox_and_domain(text(left)).0,
                    mailbox_and_domain(text(right)).0,
                ) =>
            {
                MADE_OF_NAME
            }
            level => level,
        }
    });
    best.map_or(0, |level| level + 1)
}

/// Words of one name looked at.
const WORDS_OF_A_NAME: usize = 4;
/// Words of two given and two family names.
const MOST_WORDS: usize = 4 * WORDS_OF_A_NAME;

/// What two records say about who they are, as far as mailboxes are made of it.
struct Owners<'a> {
    /// Words of all names, the longest first; the rest is empty.
    words: [&'a str; MOST_WORDS],
    /// Years of birth, where they are known.
    years: [&'a str; 2],
}

impl<'a> Owners<'a> {
    fn of(columns: &'a Columns, rows: [u32; 2]) -> Self {
        let text = |aspect, row| columns.text(aspect, columns.value(aspect, row));
        let names = [Aspect::Given, Aspect::Family].into_iter();
        let names = names.flat_map(|aspect| rows.map(|row| text(aspect, row)));
        let years = rows.map(|row| text(Aspect::Birth, row).get(..4).unwrap_or_default());
        Self::new(names.flat_map(|name| tokens(name).take(WORDS_OF_A_NAME)), years)
    }

    fn new(names: impl Iterator<Item = &'a str>, years: [&'a str; 2]) -> Self {
        let mut words = [""; MOST_WORDS];
        for (place, word) in words.iter_mut().zip(names) {
            *place = word;
        }
        words.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
        Self { words, years }
    }

    /// Whether both mailboxes are made of the names, and share no number that the years of birth
    /// do not explain.
    fn explain(&self, a: &str, b: &str) -> bool {
        self.spell(a) && self.spell(b) && {
            let number = number(a);
            let shared = !number.is_empty() && number == self::number(b);
            !shared || number.len() == 1 || self.years.iter().any(|year| year.ends_with(number))
        }
    }

    /// Whether the letters of a mailbox are a name, short forms and initials: no more.
    fn spell(&self, mailbox: &str) -> bool {
        if mailbox.len() > 64 {
            return false;
        }
        // One bit a byte that a name explains.
        let mut explained = 0_u64;
        for word in self.words.iter().filter(|word| word.len() > 1) {
            let bits = u64::MAX >> (64 - word.len().min(64));
            let mut places = mailbox.match_indices(word).map(|(at, _)| bits << at);
            if let Some(place) = places.find(|place| explained & place == 0) {
                explained |= place;
            }
        }
        let letter =
            |at: usize| explained >> at & 1 == 0 && mailbox.as_bytes()[at].is_ascii_alphabetic();
        let mut at = 0;
        while at < mailbox.len() {
            let length = (at..mailbox.len()).take_while(|at| letter(*at)).count();
            let left = mailbox.get(at..at + length).unwrap_or_default();
            let short_form = |word: &&str| word.starts_with(left) || nicknames::related(left, word);
            if length > 1 && !self.words.iter().any(short_form) {
                return false;
            }
            at += length.max(1);
        }
        explained != 0
    }
}

/// The first run of digits in a mailbox.
fn number(mailbox: &str) -> &str {
    let digits = mailbox.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    digits.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default()
}

/// Two different addresses.
fn compare(a: &str, b: &str) -> u8 {
    let ((local_a, domain_a), (local_b, domain_b)) = (mailbox_and_domain(a), mailbox_and_domain(b));
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

fn carried(comparison: &Comparison, _: &Layout, dialect: Dialect) -> sql::CarriedTable {
    let columns = sql::Columns::of(comparison, dialect);
    let mailbox = |address: &str| dialect.split(address, "@", 1);
    let same_mailbox = |l: &str, r: &str| format!("{} = {}", mailbox(l), mailbox(r));
    let slip = |l: &str, r: &str| format!("{} and {}", same_mailbox(l, r), dialect.edits(l, r, 2));
    let alike = |l: &str, r: &str| dialect.alike(&mailbox(l), &mailbox(r), 0.92);
    sql::CarriedTable {
        null: columns.missing(),
        levels: vec![
            sql::frequent(sql::level("same address", columns.equal(), &[0]), columns),
            sql::level("domain differs by a slip", columns.any(slip), &[1]),
            sql::level(
                "mailbox differs by a slip",
                columns.any(|l, r| dialect.edits(l, r, 2)),
                &[2],
            ),
            sql::level("same mailbox, another domain", columns.any(same_mailbox), &[3]),
            sql::level("mailboxes alike", columns.any(alike), &[4, 5]),
            sql::otherwise("addresses differ", &[6]),
        ],
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
        let ann = ["ann", "lee", "lee"];
        let joe = ["joseph", "downs", "cruyskens"];
        for (words, years, a, b, expected) in [
            (ann, ["", ""], "ann.lee", "annlee", true),
            (ann, ["", ""], "ann.lee", "lee.a", true),
            (ann, ["", ""], "ann.lee83", "ann.lee", true),
            (ann, ["", ""], "ann.lee83", "ann.lee83", false),
            (ann, ["1983", ""], "ann.lee83", "ann.lee83", true),
            (ann, ["", ""], "ann.lee", "anm.lee", false),
            (ann, ["", ""], "moonbeam", "moonbeem", false),
            (joe, ["1964", "1964"], "joseph64c", "joseph64d", true),
            (joe, ["", ""], "joe.downs", "joseph.downs", true),
            (joe, ["", ""], "jos.downs", "j.downs", true),
            (joe, ["", ""], "thedownss", "thedowns", false),
        ] {
            let owners = Owners::new(words.into_iter(), years);
            assert_eq!(owners.explain(a, b), expected, "{a} {b}");
            assert_eq!(owners.explain(b, a), expected, "{b} {a}");
        }
    }
}
