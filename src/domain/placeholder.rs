//! Values that somebody wrote because a value was asked for: words that say there is none, identifiers
//! nobody was given, mailboxes nobody reads.
//!
//! One place for all who ask: an identifier that is none is not read, a placeholder is no evidence that
//! two records are one person, and the check `not_default` counts them. What a *source* writes for
//! nothing is declared or found out; what stands for nothing everywhere (`n/a`) is absent.

mod issued;
mod mailbox;

use super::words::{Words, is_same};
use super::{FieldType, covered};
pub use issued::is_never_issued;

/// Words that say of any field that its value is not known, in small letters and in order.
static UNKNOWN: Words = Words::of(&[
    "desconhecida",
    "desconhecido",
    "desconocida",
    "desconocido",
    "ej känd",
    "inconnu",
    "inconnue",
    "keine angabe",
    "neznámé",
    "neznámý",
    "nicht angegeben",
    "nicht bekannt",
    "nicht vorhanden",
    "nicht zutreffend",
    "niet bekend",
    "nieznane",
    "nieznany",
    "no name",
    "non applicable",
    "non communiqué",
    "non disponible",
    "non renseigné",
    "none given",
    "not applicable",
    "not available",
    "not given",
    "not known",
    "not provided",
    "not specified",
    "not stated",
    "não informado",
    "okänd",
    "onbekend",
    "sconosciuta",
    "sconosciuto",
    "tbd",
    "to be determined",
    "tuntematon",
    "ukendt",
    "ukjent",
    "unbekannt",
    "undisclosed",
    "unknown",
    "неизвестно",
    "不明",
    "未知",
]);

/// Words that say the same outside of names and of lists of words, where they may be a value: `Pending`
/// is a state, `Blank` a family. In small letters and in order.
static NO_VALUE: Words = Words::of(&[
    "a definir",
    "applied for",
    "aucun",
    "aucune",
    "beantragt",
    "blank",
    "brak",
    "confidential",
    "empty",
    "entfällt",
    "exempt",
    "folgt",
    "geen",
    "ingen",
    "k.a.",
    "keine",
    "keiner",
    "liegt nicht vor",
    "missing",
    "n.v.",
    "n.v.t.",
    "na",
    "nenhum",
    "nessuno",
    "nicht pflichtig",
    "nicht-pflichtig",
    "nie dotyczy",
    "niet van toepassing",
    "nil",
    "ninguna",
    "ninguno",
    "no aplica",
    "no data",
    "no disponible",
    "nobody",
    "non disponibile",
    "none",
    "not on file",
    "null",
    "néant",
    "on file",
    "pendente",
    "pendiente",
    "pending",
    "sans objet",
    "see file",
    "siehe akte",
    "sin datos",
    "tba",
    "to be advised",
    "undefined",
    "wird nachgereicht",
    "withheld",
]);

/// What is typed to get past a form, in small letters and in order.
static TYPED: Words = Words::of(&[
    "-", "--", ".", "?", "???", "asdf", "dummy", "n.a.", "n/a", "noname", "qwerty", "test",
    "tester", "testing", "xx", "xxx",
]);

/// Identifiers that a state gives out for people who have none: Mexico's for customers unnamed and from
/// abroad.
const FOR_ANYBODY: [&str; 2] = ["XAXX010101000", "XEXX010101000"];

/// Words for what was taken out of a data set on purpose, in small letters and in order.
static TAKEN_OUT: Words = Words::of(&[
    "anonim",
    "anonimizado",
    "anonimizzato",
    "anonimo",
    "anonimowy",
    "anonym",
    "anonyme",
    "anonymised",
    "anonymisiert",
    "anonymisé",
    "anonymized",
    "anonymous",
    "anonyymi",
    "anónimo",
    "anônimo",
    "borrado",
    "cancellato",
    "deleted",
    "effacé",
    "eliminado",
    "eliminato",
    "erased",
    "excluído",
    "gdpr",
    "geanonimiseerd",
    "gelöscht",
    "hidden",
    "masked",
    "poistettu",
    "private",
    "raderad",
    "redacted",
    "removed",
    "scrubbed",
    "slettet",
    "smazáno",
    "supprimé",
    "usunięto",
    "verwijderd",
    "удалено",
]);

/// First and last days of calendars, epochs of computers, keys held down.
const DATES: [&str; 11] = [
    "0001-01-01",
    "1111-11-11",
    "1753-01-01",
    "1899-12-30",
    "1899-12-31",
    "1900-01-01",
    "1901-01-01",
    "1904-01-01",
    "1970-01-01",
    "2999-12-31",
    "9999-12-31",
];

const DIGIT_RUNS: [&str; 4] = ["1234567890", "0123456789", "9876543210", "123456789"];

/// Postcodes nobody lives in.
const POSTCODES: [&str; 4] = ["00000", "99999", "0000", "000000"];

/// Whether a text is a well-known placeholder where a field of that type is asked for.
#[must_use]
pub fn is_well_known(text: &str, field_type: FieldType) -> bool {
    if is_word(text, field_type) || is_one_of(&TYPED, text) || is_letters_held(text) {
        return true;
    }
    match field_type {
        FieldType::Date | FieldType::DateOfBirth => DATES.contains(&text),
        FieldType::Email => mailbox::is_nobody_s(text),
        FieldType::Phone => is_phone(text),
        FieldType::Postcode => POSTCODES.contains(&text),
        FieldType::NationalId => is_no_identifier(text) || is_remnant(text),
        FieldType::Identifier => is_no_identifier(text),
        _ => false,
    }
}

/// Whether a text that two records share says nothing about whose they are.
///
/// Wider than [`is_well_known`] for identifiers, where `7` or `999` may be somebody's and is typed by
/// many, and for mailboxes; narrower where placeholders are people's values, too: Tester is a family.
/// Thousands were born on the first day of 1970, and far more have it from a computer.
#[must_use]
pub fn is_no_evidence(text: &str, field_type: FieldType) -> bool {
    if covered::by_signs(text) {
        return true;
    }
    match field_type {
        FieldType::NationalId => {
            is_no_identifier(text) || identifies_nobody(text) || is_remnant(text)
        }
        FieldType::Identifier => is_no_identifier(text) || identifies_nobody(text),
        FieldType::Email => is_well_known(text, field_type) || mailbox::is_typed_by_many(text),
        FieldType::Date | FieldType::DateOfBirth => DATES.contains(&text),
        FieldType::Postcode => {
            POSTCODES.contains(&text) || !text.bytes().any(|byte| byte.is_ascii_digit())
        }
        _ if field_type.is_person_name() => is_one_of(&UNKNOWN, text),
        _ => is_well_known(text, field_type),
    }
}

/// Whether no issuer gave a text as an identifier: nothing in it is a digit, all it is are zeros, one
/// digit again and again, or digits in their order, or a part of it is covered.
#[must_use]
pub fn is_no_identifier(text: &str) -> bool {
    let Some(signs) = Signs::of(text) else { return true };
    signs.are_zeros
        || !signs.has_letters && (signs.are_same(4) || signs.are_run(8))
        || covered::identifier(text)
        || FOR_ANYBODY.contains(&text)
}

/// The fewest digits of what a state numbers people by.
const LEAST_OF_A_STATE: usize = 5;

/// Whether a text is what is left of a person's number, whose last four digits many forms ask for: `6789`,
/// `000006789`. A letter checks the few low numbers that are whole.
#[must_use]
pub fn is_remnant(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit);
    !text.contains(char::is_alphabetic)
        && digits.skip_while(|digit| *digit == b'0').count() < LEAST_OF_A_STATE
}

/// Whether a word stands for no value, or for one that was taken out.
#[must_use]
pub fn is_for_nothing(word: &str) -> bool {
    [&UNKNOWN, &NO_VALUE, &TYPED, &TAKEN_OUT].into_iter().any(|words| is_one_of(words, word))
}

/// Whether an identifier is one that many make up: too short, or with nothing behind its country but
/// one digit again and again.
fn identifies_nobody(text: &str) -> bool {
    let Some(signs) = Signs::of(text) else { return true };
    signs.count < 3
        || if signs.has_letters {
            signs.are_same(5) || signs.are_run(8)
        } else {
            signs.are_same(3) || signs.are_run(3)
        }
}

/// What the letters and digits of an identifier are like.
struct Signs {
    count: usize,
    digits: usize,
    has_letters: bool,
    /// How far each digit is above the one before, where it is as far for all.
    step: Option<i8>,
    are_zeros: bool,
}

impl Signs {
    /// None without a digit.
    fn of(text: &str) -> Option<Signs> {
        let (mut count, mut digits, mut last) = (0, 0, None);
        let (mut are_even, mut step, mut are_zeros) = (true, None, true);
        for sign in text.chars().filter(|sign| sign.is_alphanumeric()) {
            count += 1;
            let Some(digit) = sign.to_digit(10) else {
                // A digit of another script is one.
                digits += usize::from(sign.is_numeric());
                are_even &= !sign.is_numeric();
                are_zeros &= !sign.is_numeric();
                continue;
            };
            digits += 1;
            are_zeros &= digit == 0;
            let digit = digit as i8;
            if let Some(last) = last.replace(digit) {
                // Nought comes behind nine.
                let above = match (last, digit) {
                    (9, 0) => 1,
                    (0, 9) => -1,
                    _ => digit - last,
                };
                are_even &= *step.get_or_insert(above) == above;
            }
        }
        let step = step.filter(|_| are_even);
        (digits > 0).then_some(Signs {
            count,
            digits,
            has_letters: count > digits,
            step,
            are_zeros,
        })
    }

    fn are_same(&self, least: usize) -> bool {
        self.digits >= least && self.step == Some(0)
    }

    fn are_run(&self, least: usize) -> bool {
        self.digits >= least && matches!(self.step, Some(1 | -1))
    }
}

/// Whether a text is a word that says there is no value.
fn is_word(text: &str, field_type: FieldType) -> bool {
    // In lists of words, and in words of their own, such a word may be the value.
    let is_value = matches!(
        field_type,
        FieldType::Category | FieldType::Occupation | FieldType::Gender | FieldType::Consent
    );
    // Some families are called Null, or Blank.
    is_one_of(&UNKNOWN, text)
        || !field_type.is_person_name() && !is_value && is_one_of(&NO_VALUE, text)
        || is_value && ["null", "nil", "na", "none", "nobody"].iter().any(|it| is_same(text, it))
}

fn is_one_of(words: &Words, text: &str) -> bool {
    text.len() <= LONGEST && words.have_small(text)
}

/// The longest word.
const LONGEST: usize = 20;

/// `xxxx`.
fn is_letters_held(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.eq_ignore_ascii_case(&b'x'))
}

/// The last seven digits are one digit repeated, or the number ends in a row of the keypad.
fn is_phone(text: &str) -> bool {
    let has_extension = text.contains(';');
    let number = if has_extension { text.split(";ext=").next().unwrap_or_default() } else { text };
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    let Some(last_seven) = digits.last_chunk::<7>() else { return false };
    last_seven.iter().all(|digit| *digit == last_seven[0])
        || last_seven == b"1234567"
        || DIGIT_RUNS.iter().any(|run| digits.ends_with(run.as_bytes()))
}

#[cfg(test)]
mod tests;
