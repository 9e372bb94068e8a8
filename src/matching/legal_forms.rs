//! What of an organisation's name says which one it is.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::text::{fold, tokens, without_remarks};

/// How a form of several words begins in the data file.
const TOGETHER: &str = "+ ";

/// Legal forms and words of the same little meaning, folded.
static FORMS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let words = data().filter(|line| !line.starts_with(TOGETHER));
    words.flat_map(tokens).collect()
});

/// Forms of several words, which are one where a name ends; the longest first.
static ENDINGS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let together = data().filter_map(|line| line.strip_prefix(TOGETHER));
    let mut endings: Vec<Vec<&str>> = together.map(|line| tokens(line).collect()).collect();
    endings.sort_by_key(|words| std::cmp::Reverse(words.len()));
    endings
});

fn data() -> impl Iterator<Item = &'static str> {
    without_remarks(include_str!("data/legal_forms.txt"))
}

/// The words that tell one organisation from another; all words when none are left.
pub(crate) fn core(name: &str) -> Vec<&str> {
    let all: Vec<&str> = tokens(name).collect();
    let mut rest = all.as_slice();
    // `Hora sp. z o.o. sp. k.` ends in two.
    while let Some(before) = ENDINGS.iter().find_map(|ending| rest.strip_suffix(ending.as_slice()))
    {
        rest = before;
    }
    let core: Vec<&str> = rest.iter().copied().filter(|token| !FORMS.contains(token)).collect();
    if core.is_empty() { all } else { core }
}

/// Words of little meaning that are not a form.
const LINKING: [&str; 4] = ["the", "and", "und", "et"];

/// From so many letters on a form is written out: `limited`, `incorporated`.
const WRITTEN_OUT: usize = 6;

/// Whether two names say two legal forms: B.V. and Inc. are two companies' however alike their names are. Nothing
/// is said of a name without one, and a form is no other one because it is written out.
#[must_use]
pub fn have_other_legal_forms(a: &str, b: &str) -> bool {
    let (one, other) = (form(&fold(a)), form(&fold(b)));
    !one.is_empty() && !other.is_empty() && !are_one_form(&one, &other)
}

/// The letters of a folded name's legal form.
fn form(name: &str) -> String {
    let core = core(name);
    let words = tokens(name).filter(|word| !core.contains(word) && !LINKING.contains(word));
    words.collect()
}

fn are_one_form(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut letters = long.chars();
    let begins_alike = long.chars().next() == short.chars().next();
    let is_short_for = begins_alike && short.chars().all(|it| letters.any(|letter| letter == it));
    long.starts_with(short) || long.len() >= WRITTEN_OUT && is_short_for
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_forms_are_told_from_one_that_is_written_otherwise() {
        for (a, b, differ) in [
            ("Valmont CCatering B.V.", "Valmont Catering Inc", true),
            ("Acme GmbH", "Acme AG", true),
            ("Acme Ltd", "Acme LLC", true),
            ("Rossi S.p.A.", "Rossi S.r.l.", true),
            ("Acme B.V.", "Acme BV", false),
            ("Acme Inc.", "Acme Incorporated", false),
            ("Acme Ltd", "ACME Limited", false),
            ("Acme Corp", "Acme Corporation", false),
            ("Acme GmbH", "Acme GmbH & Co. KG", false),
            ("Acme Inc", "Acme", false),
            ("The Acme Company", "Acme Co", false),
        ] {
            assert_eq!(have_other_legal_forms(a, b), differ, "{a} {b}");
            assert_eq!(have_other_legal_forms(b, a), differ, "{b} {a}");
        }
    }

    #[test]
    fn one_organisation_has_one_core_however_its_form_is_written() {
        for (core_of, names) in [
            (
                "hora",
                &["Hora s.r.o.", "Hora, spol. s r.o.", "HORA SRO", "Hora s. r. o.", "Hora a.s."][..],
            ),
            ("zupan", &["Župan d.o.o.", "Zupan doo", "Župan j.d.o.o."]),
            (
                "kowal",
                &["Kowal sp. z o.o.", "Kowal Sp. z oo", "KOWAL SPZOO", "Kowal sp. z o.o. sp. k."],
            ),
            ("nagy", &["Nagy Kft.", "Nagy Zrt", "Nagy Nyrt.", "Nagy Bt."]),
            ("tamm", &["Tamm OÜ", "OÜ Tamm", "TAMM OU"]),
            ("berzs", &["SIA Bērzs", "Bērzs, SIA"]),
            ("azuolas", &["UAB Ąžuolas", "Ąžuolas UAB"]),
            ("rossi", &["Rossi S.p.A.", "Rossi SpA", "Rossi s.r.l.", "Rossi SRL", "Rossi S.n.c."]),
            ("garcia", &["García S.L.", "Garcia SLU", "García S.A. de C.V."]),
            ("muller", &["Müller GmbH & Co. KG", "Müller G.m.b.H.", "Müller e.K."]),
        ] {
            for name in names {
                assert_eq!(core(&fold(name)).join(" "), core_of, "{name}");
            }
        }
    }

    #[test]
    fn letters_are_a_form_only_where_a_name_ends() {
        for (name, expected) in [
            ("A S Roma", "a s roma"),
            ("S R O Records", "s r o records"),
            ("D.D. Smith Ltd", "d d smith"),
            ("S.A.", "s a"),
            ("s.r.o.", "s r o"),
            ("The Company", "the company"),
        ] {
            assert_eq!(core(&fold(name)).join(" "), expected, "{name}");
        }
    }
}
