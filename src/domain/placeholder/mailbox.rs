//! Addresses of mailboxes that nobody reads, or that many typed.

use super::{NO_VALUE, TAKEN_OUT, TYPED, UNKNOWN, is_for_nothing, is_one_of};
use crate::covered::is_one_letter;
use crate::words::{Words, is_same};

/// What stands before the @ for nobody, besides words for nothing: in small letters, without signs between.
static NOBODY: Words = Words::of(&[
    "anonymoususer",
    "anybody",
    "bezemailu",
    "bezmailu",
    "brakemail",
    "brakemaila",
    "brakmaila",
    "convidado",
    "declined",
    "deleteduser",
    "donotreply",
    "eiole",
    "eisahkopostia",
    "emailunknown",
    "erased",
    "gast",
    "geenemail",
    "geenmail",
    "gość",
    "guest",
    "hóst",
    "ingenemail",
    "ingenmail",
    "invalid",
    "invitado",
    "invité",
    "keinee",
    "keineemail",
    "keinemail",
    "na",
    "naotem",
    "nemaemail",
    "nemá",
    "netemail",
    "niemaemail",
    "nieposiada",
    "nil",
    "nincs",
    "nincsemail",
    "no",
    "noaddress",
    "nobody",
    "nocorreo",
    "noemail",
    "noemailaddress",
    "nomail",
    "nomailaddress",
    "noname",
    "none",
    "nonha",
    "noone",
    "noreply",
    "notapplicable",
    "notavailable",
    "notgiven",
    "notiene",
    "notienecorreo",
    "notknown",
    "notprovided",
    "null",
    "nãotem",
    "ohneemail",
    "ohnemail",
    "optout",
    "ospite",
    "pasdemail",
    "pasemail",
    "refused",
    "saknarmail",
    "saknas",
    "sanscourriel",
    "sansemail",
    "sansmail",
    "sememail",
    "semmail",
    "senzaemail",
    "senzamail",
    "sincorreo",
    "sinemail",
    "someone",
    "unknown",
    "userdeleted",
    "vieras",
    "walkin",
    "walkincustomer",
    "yok",
    "нет",
]);

/// What stands before the @ of many who tried something out, or speak for a role.
const TRIED: [&str; 16] = [
    "abc", "asd", "asdf", "client", "cliente", "customer", "dummy", "email", "fake", "kunde",
    "mail", "qwerty", "sample", "test", "tester", "testing",
];

/// Words typed on both sides of the @.
const BOTH_SIDES: [&str; 14] = [
    "test", "a", "x", "xx", "xxx", "abc", "asdf", "asd", "qwe", "email", "mail", "example", "xyz",
    "fake",
];

/// The longest of all these words.
const LONGEST: usize = 24;

/// Whether an address is nobody's.
pub(super) fn is_nobody_s(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let name = domain.split('.').next().unwrap_or_default();
    // A name that never resolves (RFC 2606).
    domain.rsplit('.').next().is_some_and(|last| is_same(last, "invalid"))
        || is_word_for_nobody(local)
        || is_word_for_nobody(name) && name.len() > 2
        || local.eq_ignore_ascii_case(name) && is_typed_twice(local)
}

/// Whether an address says nothing although it may be somebody's.
pub(super) fn is_typed_by_many(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    let is_tried = TRIED.iter().any(|word| is_same(local, word));
    let has_no_letter = !local.contains(char::is_alphabetic);
    is_tried
        || is_one_letter(local, 3)
        || has_no_letter
            && matches!(local, "0" | "00" | "1" | "12" | "123" | "1234" | "12345" | "123456")
}

fn is_word_for_nobody(word: &str) -> bool {
    if word.len() > LONGEST {
        return false;
    }
    let is_sign = |sign: char| matches!(sign, '.' | '-' | '_' | '+');
    if is_for_nobody(word) {
        return true;
    }
    if !word.contains(is_sign) && !word.ends_with(|last: char| last.is_ascii_digit()) {
        return false;
    }
    // `no.email`, `no-email-2`, `nicht_bekannt`, `deleted-user-17`.
    let plain = word.trim_end_matches(|sign: char| is_sign(sign) || sign.is_ascii_digit());
    let first = word.split(|sign: char| !sign.is_alphabetic()).next().unwrap_or_default();
    // `n.a` are somebody's initials.
    is_for_nobody(plain)
        || may_be_joined(plain, is_sign) && {
            let joined = plain.replace(is_sign, "");
            joined.len() > 2 && is_for_nobody(&joined)
                || is_for_nothing(&plain.replace(is_sign, " "))
        }
        || is_one_of(&TAKEN_OUT, first)
}

/// A quick look, for most mailboxes are `given.family`: whether a word may be for nobody once its signs are
/// taken out, or blanks. Never wrongly no.
fn may_be_joined(word: &str, is_sign: impl Fn(char) -> bool) -> bool {
    if !word.is_ascii() {
        return true;
    }
    let Some(first) = word.bytes().next() else { return false };
    let signs = word.bytes().filter(|byte| is_sign(char::from(*byte))).count();
    let lists = [&NOBODY, &UNKNOWN, &NO_VALUE, &TYPED, &TAKEN_OUT];
    is_sign(char::from(first))
        || lists.into_iter().any(|list| {
            list.may_have_of(first, word.len()) || list.may_have_of(first, word.len() - signs)
        })
}

fn is_for_nobody(word: &str) -> bool {
    is_one_of(&NOBODY, word) || is_for_nothing(word) && !is_tried_out(word)
}

/// Words for nothing that are mailboxes as well: whoever tests has one.
fn is_tried_out(word: &str) -> bool {
    TRIED.iter().chain(&["xx", "xxx", "private", "blank"]).any(|tried| is_same(word, tried))
}

/// What somebody wrote twice to get past a form.
fn is_typed_twice(word: &str) -> bool {
    BOTH_SIDES.iter().any(|it| is_same(word, it))
        || word.chars().count() < 3
        || is_one_letter(word, 3)
        || !word.contains(char::is_alphabetic)
        || is_for_nothing(word)
}

#[cfg(test)]
mod tests {
    use super::super::{is_no_evidence, is_well_known};
    use super::*;
    use crate::FieldType;

    #[test]
    fn nobody_has_these_addresses() {
        assert!(NOBODY.is_sorted() && NOBODY.iter().all(|word| word.len() <= 20));
        for address in [
            "no@no.com",
            "null@null.com",
            "guest@guest.com",
            "1@1.com",
            "deleted@deleted.com",
            "removed@gdpr.invalid",
            "anonymized@example.com",
            "na@example.com",
            "noemail@example.com",
            "no-email@example.com",
            "no.email2@example.com",
            "keine@example.de",
            "keine-email@gmx.de",
            "unbekannt@web.de",
            "inconnu@example.fr",
            "sans.email@example.fr",
            "ninguno@example.es",
            "nessuno@example.it",
            "geen@example.nl",
            "brak@example.pl",
            "supprimé@example.fr",
            "gelöscht@example.de",
            "nicht.bekannt@example.de",
            "deleted-user-17@shop.example",
            "anonymous@example.com",
            "x@noemail.com",
            "ada@nomail.com",
            "none@example.org",
            "aa@aa.com",
            "123@123.com",
            "test@test.com",
            "NULL@NULL.COM",
            "ada@x.invalid",
            "notprovided@example.com",
            "guest1@example.com",
            "gast@example.de",
            "xyz@xyz.com",
            "not-provided@example.com",
        ] {
            assert!(is_well_known(address, FieldType::Email), "{address}");
            assert!(is_no_evidence(address, FieldType::Email), "{address}");
        }
    }

    #[test]
    fn many_typed_these() {
        for address in [
            "customer@store.com",
            "test@gmail.com",
            "asdf@gmail.com",
            "aaa@gmail.com",
            "123@gmail.com",
            "www@example.com",
            "email@example.com",
            "cliente@example.es",
            "kunde@example.de",
            "fake@gmail.com",
        ] {
            assert!(is_no_evidence(address, FieldType::Email), "{address}");
        }
        for address in [
            "ada@example.com",
            "acme@acme.example",
            "info@acme.example",
            "n.a@example.com",
            "nora@example.com",
            "x@y.example",
            "no.ra@example.com",
            "max@example.com",
            "guestrow@example.com",
            "anna@anna.example",
            "bmw@bmw.example",
            "testa@example.com",
            "a.null@example.com",
            "nikolai@no.example",
            "123456789@qq.com",
            "private@example.com",
            "u.nown@example.com",
        ] {
            assert!(!is_no_evidence(address, FieldType::Email), "{address}");
        }
    }
}
