//! Names of organisations: by their words, with the legal form set apart.

use super::super::columns::Columns;
use super::super::layout::Aspect;
use super::super::text::{is_close, jaro_winkler, same_letters, tokens};
use super::{Level, level};

/// Level numbers, from 0.
pub(crate) const SAME: u8 = 0;

pub(crate) const LEVELS: [Level; 6] = [
    level("same name", [0.62, 0.02, 0.93, 2e-5]),
    level("same but for the legal form", [0.15, 0.02, 0.05, 1e-5]),
    level("name differs by a slip", [0.10, 0.01, 0.01, 2e-5]),
    level("one name is contained in the other", [0.07, 0.05, 0.005, 2e-4]),
    level("names share words", [0.04, 0.20, 0.003, 0.02]),
    level("names differ", [0.02, 0.70, 0.002, 0.98]),
];

/// Legal forms and words of the same little meaning, folded.
const FORMS: [&str; 44] = [
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "gbr",
    "ug",
    "ev",
    "eg",
    "co",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "plc",
    "corp",
    "corporation",
    "company",
    "sa",
    "sarl",
    "sas",
    "srl",
    "spa",
    "bv",
    "nv",
    "oy",
    "ab",
    "as",
    "aps",
    "pty",
    "pte",
    "kk",
    "the",
    "and",
    "und",
    "et",
    "e",
    "k",
    "v",
    "se",
];

pub(crate) fn grade(columns: &Columns, a: u32, b: u32) -> u8 {
    let (left, right) =
        (columns.value(Aspect::Organisation, a), columns.value(Aspect::Organisation, b));
    if left == 0 || right == 0 {
        return 0;
    }
    let text = |id| columns.text(Aspect::Organisation, id);
    1 + if left == right { SAME } else { compare(text(left), text(right)) }
}

/// The words that tell one organisation from another; all words when none are left.
pub(crate) fn core(name: &str) -> Vec<&str> {
    let core: Vec<&str> = tokens(name).filter(|token| !FORMS.contains(token)).collect();
    if core.is_empty() { tokens(name).collect() } else { core }
}

fn compare(a: &str, b: &str) -> u8 {
    let (mut left, mut right) = (core(a), core(b));
    let (joined_a, joined_b) = (left.join(" "), right.join(" "));
    if same_letters(&joined_a, &joined_b) {
        return 1;
    }
    left.sort_unstable();
    right.sort_unstable();
    if left == right {
        return 1;
    }
    if is_close(&joined_a, &joined_b)
        || joined_a.len().min(joined_b.len()) >= 6 && jaro_winkler(&joined_a, &joined_b) >= 0.95
    {
        return 2;
    }
    let shared = left.iter().filter(|token| right.contains(token)).count();
    let shorter = left.len().min(right.len());
    if shared > 0 && shared == shorter {
        3
    } else if shared * 2 >= shorter && shared > 0 {
        4
    } else {
        5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (a, b, expected) in [
            ("acme gmbh", "acme gmbh und co kg", 1),
            ("acme tools inc", "tools acme", 1),
            ("northwind traders", "northwnd traders", 2),
            ("universal exports", "universal exports singapore", 3),
            ("acme tools", "acme paints", 4),
            ("acme", "globex", 5),
        ] {
            assert_eq!(compare(a, b), expected, "{a} {b}");
            assert_eq!(compare(b, a), expected, "{b} {a}");
        }
    }
}
