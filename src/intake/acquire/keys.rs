//! Keys as sources mean them: what a program wrote around one goes, and what says that there is none,
//! or what a spreadsheet made of one, is none.

use std::borrow::Cow;

use compact_str::CompactString;

use domain::{digits, spreadsheet};
use settings::KeyForm;
use unicode_normalization::UnicodeNormalization;

/// What a cell of the key column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// A key.
    Sound(CompactString),
    /// Nothing, or a word for it.
    Absent,
    /// What is left of a key: why it is none.
    Lost(&'static str),
}

/// Why a number in scientific notation is none.
pub(super) const SCIENTIFIC: &str = "scientific notation may have cost it digits";

/// Words that say that there is no key, in small letters.
const ABSENT: [&str; 18] = [
    "n/a",
    "n.a.",
    "n.a",
    "#n/a",
    "na",
    "nan",
    "nil",
    "null",
    "(null)",
    "<null>",
    "[null]",
    "\\n",
    "none",
    "(none)",
    "(blank)",
    "(empty)",
    "undefined",
    "k.a.",
];

/// What spreadsheets write where a formula failed, in capitals.
const ERRORS: [&str; 9] =
    ["#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#ERROR!"];

/// An id of Salesforce with the three characters behind it that say in which case the others are, so that
/// nothing is lost where case is. Any other key stays as it is.
pub(super) fn with_its_case(key: CompactString) -> CompactString {
    const SIGNS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
    if key.len() != 15 || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return key;
    }
    let sign = |five: &[u8]| {
        let capitals = five.iter().enumerate().filter(|(_, byte)| byte.is_ascii_uppercase());
        char::from(SIGNS[capitals.fold(0, |bits, (at, _)| bits | 1 << at)])
    };
    let signs: String = key.as_bytes().chunks(5).map(sign).collect();
    let mut whole = key;
    whole.push_str(&signs);
    whole
}

/// A number of so many digits, with zeros in front where it has fewer and without those it has too many
/// of. Any other key stays as it is.
fn with_its_zeros(key: CompactString, digits: usize) -> CompactString {
    let number = key.trim_start_matches('0');
    if key.is_empty() || number.len() > digits || !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return key;
    }
    format!("{number:0>digits$}").into()
}

/// Zeros in front that a spreadsheet may have dropped, at most.
const MOST_ZEROS: usize = 8;

/// The keys of digits that differ from one in nothing but zeros in front: what it may have been before a
/// spreadsheet took it for a number, or after.
pub fn with_other_zeros(key: &str) -> impl Iterator<Item = CompactString> + '_ {
    let number = key.trim_start_matches('0');
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let zeros = 0..=if is_number { MOST_ZEROS } else { 0 };
    let keys =
        zeros.map(move |zeros| CompactString::from(format!("{}{number}", "0".repeat(zeros))));
    keys.filter(move |other| is_number && other != key)
}

/// The key of digits that a text was before a spreadsheet or a report grouped it or marked it: `1,001`,
/// `1.002,00`, `#1003`, `1003*`, `“1003”`; none where it is digits already, or no such key.
#[must_use]
pub fn without_signs(key: &str) -> Option<CompactString> {
    let marks = |c: char| {
        c.is_whitespace()
            || matches!(c, '#' | '*' | '"' | '\'' | '“' | '”' | '„' | '‘' | '’' | '«' | '»')
    };
    let bare = key.trim_matches(marks);
    let is_separator = |c: char| matches!(c, ',' | '.' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}');
    // Two zeros behind the last sign are decimals.
    let whole = bare
        .strip_suffix("00")
        .filter(|it| it.ends_with([',', '.']))
        .map_or(bare, |it| &it[..it.len() - 1]);
    let mut groups = whole.split(is_separator);
    let first = groups.next().unwrap_or_default();
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_grouped =
        is_digits(first) && groups.clone().all(|group| group.len() == 3 && is_digits(group));
    let fits = whole == first || first.len() < 4;
    let digits: CompactString = whole.chars().filter(char::is_ascii_digit).collect();
    (is_grouped && fits && digits != key).then_some(digits)
}

/// The key that a cell says, in the one form that its record has; none where it says none.
#[must_use]
pub fn one_key(cell: &str, form: Option<KeyForm>) -> Option<CompactString> {
    match read(cell) {
        Key::Sound(key) if form == Some(KeyForm::Email) => match of_address(&key) {
            Key::Sound(key) => Some(key),
            Key::Absent | Key::Lost(_) => None,
        },
        Key::Sound(key) => Some(one_form(form, key)),
        Key::Absent | Key::Lost(_) => None,
    }
}

/// The key that an e-mail address is. Of several, none is: which of them stands first may be another one
/// tomorrow.
pub(super) fn of_address(text: &str) -> Key {
    let parts = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '/' | ':'));
    // Exchange names its own people so, and no others.
    let is_of_exchange = || text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("/o="));
    match parts.filter(|part| part.contains('@')).count() {
        0 if !is_of_exchange() => {
            Key::Lost("it is not an e-mail address, as the keys of this source are")
        }
        0 | 1 => Key::Sound(text.to_lowercase().into()),
        _ => Key::Lost("it has several e-mail addresses, and a key is just one: leave one of them"),
    }
}

/// A key in the one form that its record has in a source with such keys, whichever it was written in.
#[must_use]
pub fn one_form(form: Option<KeyForm>, key: CompactString) -> CompactString {
    match form {
        Some(KeyForm::Salesforce) => with_its_case(key),
        Some(KeyForm::Email) => key.to_lowercase(),
        Some(KeyForm::Digits(digits)) => with_its_zeros(key, usize::from(digits)),
        None => key,
    }
}

/// Reads a key.
pub(super) fn read(text: &str) -> Key {
    if is_plain(text) {
        return Key::Sound(CompactString::new(text));
    }
    let text = unwrapped(&plain(text));
    let text = text.as_str();
    if is_absent(text) {
        return Key::Absent;
    }
    let is_error = |error: &&str| error.eq_ignore_ascii_case(text);
    if ERRORS.iter().any(is_error) || text.bytes().all(|byte| byte == b'#') {
        return Key::Lost("a spreadsheet's formula failed");
    }
    if spreadsheet::stands_for_its_result(text) {
        return Key::Lost("it has a formula instead of its result");
    }
    if is_scientific(text) {
        return Key::Lost(SCIENTIFIC);
    }
    if text.contains(char::REPLACEMENT_CHARACTER) {
        return Key::Lost("one of its letters was lost");
    }
    Key::Sound(CompactString::new(whole_number(text).unwrap_or(text)))
}

/// Whether the text is a key as most are: letters and digits, and nothing of what is looked for in others.
fn is_plain(text: &str) -> bool {
    let is_sign = |b: u8| b.is_ascii_alphanumeric() && !matches!(b, b'e' | b'E') || b == b'-';
    text.bytes().all(is_sign) && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The spelling under which earlier versions kept the key of a cell.
pub(super) fn as_delivered(text: &str) -> &str {
    text.trim()
}

/// The text without what nobody sees around it.
fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
    })
}

/// The text in the keyboard's digits, and letters of full width as the keyboard's, without control
/// characters.
fn plain(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| c.is_control() && !c.is_whitespace();
    if text.contains(is_control) {
        return Cow::Owned(plain(&text.replace(is_control, "")).into_owned());
    }
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    // One letter may be written in two ways, whole or with its mark beside it.
    Cow::Owned(text.chars().map(digits::plain_sign).nfc().collect())
}

/// Spreadsheets keep a number from being one by an apostrophe before it, or by a formula; others put it
/// between two.
fn unwrapped(text: &str) -> String {
    let mut text = bare(text).to_owned();
    loop {
        let inner = text.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\''));
        let inner = inner.map_or_else(|| spreadsheet::unwrapped(&text, false), Cow::Borrowed);
        let inner = bare(&inner).to_owned();
        if inner == text {
            return text;
        }
        text = inner;
    }
}

fn is_absent(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '.' | '_' | '?' | '/' | '*' | ' '))
        || ABSENT.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Every spelling but its own under which earlier versions kept a key that is delivered so: with what
/// was written around it, or as the number a program had made of it.
pub fn old_spellings(key: &str) -> impl Iterator<Item = String> + '_ {
    let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
    let of_numbers = [".0", ",0", ".00", ",00", "."].into_iter().filter(move |_| is_number);
    let around = [("=\"", "\""), ("'", ""), ("'", "'"), ("=", "")];
    let around = around.into_iter().map(move |(before, after)| format!("{before}{key}{after}"));
    let full_width = key.bytes().filter_map(|byte| char::from_u32(0xfee0 + u32::from(byte)));
    let full_width = is_number.then(|| full_width.collect());
    let apart: Option<String> = (!key.is_ascii()).then(|| key.nfd().collect());
    let apart = apart.filter(|apart| apart != key);
    of_numbers
        .map(move |after| format!("{key}{after}"))
        .chain(around)
        .chain(full_width)
        .chain(apart)
}

/// `1.23457E+11`, `1e3`: digits with a point, a signed exponent, or one digit before a short one. `12E5` may be
/// a key as it is, and so may what has more digits behind the letter than any number: `7e10234567` is
/// hexadecimal.
fn is_scientific(text: &str) -> bool {
    let Some((number, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = exponent.strip_prefix(['+', '-']);
    let number = number.strip_prefix(['+', '-']).unwrap_or(number);
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = match number.split_once(['.', ',']) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    is_number(whole)
        && fraction.is_none_or(is_number)
        && is_number(digits.unwrap_or(exponent))
        && (fraction.is_some() || digits.is_some() || whole.len() == 1 && exponent.len() < 3)
}

/// The whole number that `1001.0`, `1001,0` and `1001.` are. `1.000` may be a thousand, and stays as it is.
fn whole_number(text: &str) -> Option<&str> {
    let (whole, zeros) = text.split_once(['.', ','])?;
    let is_whole = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
    let are_zeros = zeros.bytes().all(|byte| byte == b'0');
    let may_be_thousands = whole.len() <= 3 && zeros.len() == 3 && !whole.starts_with('0');
    (is_whole && are_zeros && !may_be_thousands).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_in_front_are_added_and_dropped_to_so_many_digits() {
        for (key, expected) in [
            ("12", "0012"),
            ("0012", "0012"),
            ("000012", "0012"),
            ("0", "0000"),
            ("12345", "12345"),
            ("x12", "x12"),
            ("", ""),
            ("1-2", "1-2"),
        ] {
            assert_eq!(with_its_zeros(key.into(), 4), expected, "{key}");
        }
        let others: Vec<_> = with_other_zeros("012").take(3).collect();
        assert_eq!(others, ["12", "0012", "00012"]);
        for key in ["", "0", "000", "x12", "1.2"] {
            assert_eq!(with_other_zeros(key).count(), 0, "{key}");
        }
    }

    #[test]
    fn keys_are_known_without_what_a_report_put_between_their_digits() {
        for (key, expected) in [
            ("1,001", "1001"),
            ("1,002.00", "1002"),
            ("1.001", "1001"),
            ("1.002,00", "1002"),
            ("1 003", "1003"),
            ("1\u{a0}003", "1003"),
            ("1'003", "1003"),
            ("#1003", "1003"),
            ("1003*", "1003"),
            ("“1003”", "1003"),
            ("12,345,678", "12345678"),
            ("1003.00", "1003"),
        ] {
            assert_eq!(without_signs(key).as_deref(), Some(expected), "{key}");
        }
        for key in [
            "", "1003", "#", "A-1", "1-003", "1,2", "10,01", "1234,567", "x*", "1,0001", "1.2.3",
            "#x1",
        ] {
            assert_eq!(without_signs(key), None, "{key}");
        }
    }

    #[test]
    fn an_id_of_salesforce_gets_the_signs_of_its_case() {
        for (short, long) in [
            ("001A0000006Vm9r", "001A0000006Vm9rIAC"),
            ("0015000000Gv7qJ", "0015000000Gv7qJAAR"),
            ("001a0000006vm9r", "001a0000006vm9rAAA"),
            ("1001", "1001"),
            ("001A0000006Vm9rIAC", "001A0000006Vm9rIAC"),
        ] {
            assert_eq!(with_its_case(CompactString::new(short)), long);
        }
    }

    #[test]
    fn a_letter_is_one_however_it_is_composed() {
        assert_eq!(read("KD-9e\u{301}"), Key::Sound("KD-9\u{e9}".into()));
        assert_eq!(read("KD-9\u{e9}"), Key::Sound("KD-9\u{e9}".into()));
        assert!(old_spellings("KD-9\u{e9}").any(|old| old == "KD-9e\u{301}"));
    }

    #[test]
    fn what_was_written_around_a_key_goes() {
        for (text, key) in [
            ("1001", "1001"),
            (" 8 ", "8"),
            ("9\n", "9"),
            ("\u{a0}10\u{200b}", "10"),
            ("\u{feff}11", "11"),
            ("1001.0", "1001"),
            ("1001.00", "1001"),
            ("1001.000", "1001"),
            ("1.000", "1.000"),
            ("0.0", "0"),
            ("007.0", "007"),
            ("1001.5", "1001.5"),
            ("1001,0", "1001"),
            ("1001,00", "1001"),
            ("1,000", "1,000"),
            ("1001,5", "1001,5"),
            ("1003.", "1003"),
            ("A.", "A."),
            ("1.0.0", "1.0.0"),
            ("=\"1001\"", "1001"),
            ("=\"00123\"", "00123"),
            ("'1001", "1001"),
            ("'1001'", "1001"),
            ("O'Brien", "O'Brien"),
            ("007", "007"),
            ("0", "0"),
            ("001A0000012abcD", "001A0000012abcD"),
            ("12E5", "12E5"),
            ("7e10234567", "7e10234567"),
            ("1E123", "1E123"),
            ("0e81234567", "0e81234567"),
            ("E+11", "E+11"),
            ("1-2", "1-2"),
            ("a.b", "a.b"),
            ("１２３", "123"),
            ("Ｋ－１２", "K-12"),
            ("١٢٣", "123"),
            ("१२३", "123"),
            ("１００１．０", "1001"),
            ("Šimek", "Šimek"),
            ("=T(\"00123\")", "00123"),
            ("=TEXT(123,\"00000\")", "00123"),
            ("=\"00123\"&\"\"", "00123"),
            ("’00123", "00123"),
            ("A=1", "A=1"),
            ("YW5u=", "YW5u="),
        ] {
            assert_eq!(read(text), Key::Sound(key.into()), "{text:?}");
        }
    }

    #[test]
    fn what_says_that_there_is_none_is_none() {
        for text in [
            "", " ", "-", "--", "–", ".", "?", "N/A", "n/a", "NULL", "null", "None", "(null)",
            "#N/A", "\\N", "NaN", "'", "=\"\"", "=\"N/A\"", "(blank)", "_",
        ] {
            assert_eq!(read(text), Key::Absent, "{text:?}");
        }
    }

    #[test]
    fn what_a_spreadsheet_made_of_one_is_none() {
        for text in [
            "1.23457E+11",
            "1,23457E+11",
            "1E+11",
            "4.5e-7",
            "1e3",
            "2E5",
            "-1.5E+3",
            "#REF!",
            "#VALUE!",
            "#name?",
            "#DIV/0!",
            "########",
            "=TEXT(A2,\"00000\")",
            "=ROW()",
            "=A1",
            "=1+1",
            "=02138",
            "=\"00123",
            "=“00123”",
            "'=A1",
            "=VLOOKUP(A2,Customers!A:D,4,FALSE)&Customers!E17",
            "Jos\u{fffd}",
        ] {
            assert!(matches!(read(text), Key::Lost(_)), "{text:?}");
        }
    }

    #[test]
    fn an_address_is_a_key_and_several_are_none() {
        for text in ["Ann@Example.com", "ann@example.com", "ANN@EXAMPLE.COM"] {
            assert_eq!(of_address(text), Key::Sound("ann@example.com".into()), "{text}");
        }
        for text in ["/o=Exchange/cn=Ann", "Ann <ann@example.com>", "\"a@b\"@example.com"] {
            assert_eq!(of_address(text), Key::Sound(text.to_lowercase().into()), "{text}");
        }
        for text in [
            "Total",
            "3 customers",
            "3",
            "cat at x.example",
            "{\"ImportId\":\"QID2\"}",
            "E-mail address",
            "ann",
            "mailto:",
            "x.example",
            "+49 30 123456",
        ] {
            assert!(matches!(of_address(text), Key::Lost(_)), "{text}");
        }
        for between in [" ::: ", ";", "; ", ",", ", ", " ", "\n", " | ", "/", " / "] {
            for (one, other) in [("ann@example.com", "a@b.de"), ("a@b.de", "ann@example.com")] {
                let text = format!("{one}{between}{other}");
                assert!(matches!(of_address(&text), Key::Lost(_)), "{text}");
            }
        }
    }

    #[test]
    fn a_plain_key_is_what_a_closer_look_makes_of_it() {
        for text in ["C0000003", "7", "0", "-1", "1-2", "a-b7", "007", "E7", "N-A", "--", "", "x"] {
            let plain = is_plain(text).then(|| Key::Sound(text.into()));
            assert!(plain.is_none_or(|plain| plain == read(&format!(" {text}"))), "{text}");
        }
    }

    #[test]
    fn what_was_kept_under_an_old_spelling_is_the_key_when_it_is_read() {
        for key in ["1001", "007", "C-17", "a b"] {
            let spellings: Vec<String> = old_spellings(key).collect();
            for spelling in &spellings {
                // A formula in place of its result was a key once.
                let is_formula = spelling.starts_with('=') && !spelling.contains('"');
                let read = read(spelling);
                assert_eq!(matches!(read, Key::Lost(_)), is_formula, "{spelling}");
                assert!(is_formula || read == Key::Sound(key.into()), "{spelling}");
            }
            assert_eq!(spellings.len(), if key.parse::<u64>().is_ok() { 10 } else { 4 });
        }
    }

    #[test]
    fn a_key_read_again_stays_as_it_is() {
        for text in ["1001.0", "=\"1001\"", "'7", " x ", "=\"'8\"", "1.0"] {
            let Key::Sound(once) = read(text) else { panic!("{text}") };
            assert_eq!(read(&once), Key::Sound(once.clone()), "{text}");
        }
    }
}
