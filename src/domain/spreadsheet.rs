//! What spreadsheets, and programs that take every value for a number, leave of a value.
//!
//! Texts only, no field types: who reads a key, a field or a comparison asks the same questions here.

use std::borrow::Cow;

/// What a cell says once the marks are off that made a spreadsheet take it for text: `="00123"` is
/// `00123`, `'00123` is `00123`. With `keeps_elision` an apostrophe before a small letter belongs to
/// the word: `'t Hooft`, `'s-Gravenhage`, `'T HARDE`.
#[must_use]
pub fn unwrapped(text: &str, keeps_elision: bool) -> Cow<'_, str> {
    let mut rest = Cow::Borrowed(text);
    // One wrapped in the other is seen, too.
    while let Some(inner) = without_mark(&rest, keeps_elision) {
        rest = Cow::Owned(inner);
    }
    rest
}

fn without_mark(text: &str, keeps_elision: bool) -> Option<String> {
    if !matches!(text.as_bytes().first(), Some(b'=' | b'\'' | b'`' | 0x80..)) {
        return None;
    }
    if let Some(formula) = text.strip_prefix('=') {
        return constant(formula.trim());
    }
    let rest = text.strip_prefix(APOSTROPHES)?;
    let is_elision = keeps_elision && (rest.starts_with(char::is_lowercase) || is_dutch(rest));
    // `'Bob' Lee`: what another one ends is a quotation.
    let is_quotation = || {
        let ends = |at: usize| !rest[at..].starts_with(|next: char| next.is_alphanumeric());
        let mut others = rest.match_indices(APOSTROPHES).map(|(at, other)| (at, at + other.len()));
        others.any(|(at, end)| at > 0 && !rest[..at].ends_with(' ') && ends(end))
    };
    (!(is_elision || keeps_elision && is_quotation())).then(|| rest.trim_start().to_owned())
}

/// Whether one of the Dutch words begins that have lost all but a letter: `'T`, `'S`, `'N`, alone or before a
/// hyphen.
fn is_dutch(rest: &str) -> bool {
    let mut letters = rest.chars();
    let is_letter = letters.next().is_some_and(|first| matches!(first, 'T' | 'S' | 'N' | 'K'));
    is_letter && letters.next().is_some_and(|next| matches!(next, ' ' | '-'))
}

/// The text that a formula gives which refers to nothing: `"00123"`, `"00123"&""`, `T("00123")`,
/// `TEXT(123,"00000")`.
fn constant(formula: &str) -> Option<String> {
    if let Some((name, arguments)) = call(formula) {
        return match name {
            "T" => constant(arguments),
            // As the languages of spreadsheets call it.
            "TEXT" | "TEXTE" | "TEXTO" | "TESTO" | "TEKST" => formatted(arguments),
            _ => None,
        };
    }
    let (mut whole, mut rest) = quoted(formula)?;
    while let Some(next) = rest.strip_prefix('&') {
        let (text, behind) = quoted(next.trim_start())?;
        whole.push_str(&text);
        rest = behind;
    }
    rest.is_empty().then(|| whole.trim().to_owned())
}

/// The name of a function that is called, and its arguments: `T("1")`.
fn call(formula: &str) -> Option<(&str, &str)> {
    let (name, arguments) = formula.strip_suffix(')')?.split_once('(')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'.');
    is_name.then(|| (name, arguments.trim()))
}

/// A number, or a text, in a format that writes it as it is or fills it up with zeros.
fn formatted(arguments: &str) -> Option<String> {
    let (text, rest) = match quoted(arguments) {
        Some(first) => first,
        None => {
            let end = arguments.find([',', ';'])?;
            let digits = arguments[..end].trim();
            is_digits(digits).then(|| (digits.to_owned(), &arguments[end..]))?
        }
    };
    let (format, rest) = quoted(rest.strip_prefix([',', ';'])?.trim_start())?;
    let is_plain = format == "@" || format == "#";
    let fills_up = !format.is_empty() && format.bytes().all(|b| b == b'0') && is_digits(&text);
    match (rest.is_empty(), is_plain, fills_up) {
        (true, true, _) => Some(text),
        (true, _, true) => Some(format!("{text:0>width$}", width = format.len())),
        _ => None,
    }
}

/// The quoted text that begins here, and what follows it; a doubled quote is one of the text.
fn quoted(formula: &str) -> Option<(String, &str)> {
    let mut rest = formula.strip_prefix('"')?;
    let mut text = String::new();
    loop {
        let end = rest.find('"')?;
        text.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(more) => {
                text.push('"');
                rest = more;
            }
            None => return Some((text, rest.trim_start())),
        }
    }
}

/// Whether it is a formula that was delivered in place of its value.
fn is_formula(text: &str) -> bool {
    text.strip_prefix('=').is_some_and(|formula| call(formula).is_some())
}

/// Whether a text that should be a key or an identifier is a formula in place of its result, once the marks
/// of text are off: `=A1`, `=1+1`, `=02138`, `="00123` that nothing closes. Neither begins with an equals sign.
#[must_use]
pub fn stands_for_its_result(text: &str) -> bool {
    let formula = text.strip_prefix(['=', '＝']).map(str::trim_start);
    formula.is_some_and(|formula| formula.contains(char::is_alphanumeric))
}

/// The one a spreadsheet writes, and those that programs make of it.
const APOSTROPHES: [char; 5] = ['\'', '’', '‘', '`', '´'];

/// Whether the value is lost: an error of a formula, a formula in place of what it gives, `#####` of a
/// column too narrow, a number that is none. What was there cannot be told, so it is neither a value nor absent.
///
/// `is_code` says that the text should be a number, a date or a code: there a number in scientific
/// notation has lost its digits, and `nan` or `INF` is no word.
#[must_use]
pub fn is_lost(text: &str, is_code: bool) -> bool {
    let Some(first) = text.bytes().next().filter(|_| text.len() <= LONGEST) else { return false };
    match first {
        b'#' => is_error(text, is_code) || (text.len() > 1 && text.bytes().all(|b| b == b'#')),
        b'E' | b'e' => is_numbered_error(text),
        b'N' | b'n' | b'I' | b'i' => text.len() <= LONGEST_WORD && is_no_number(text, is_code),
        // Without a letter it is no word, and has no exponent.
        b'0'..=b'9' | b'+' | b'-' | b'.' if !text.bytes().any(|b| b.is_ascii_alphabetic()) => false,
        b'0'..=b'9' | b'+' | b'-' | b'.' => {
            is_no_number(text, is_code) || (is_code && is_scientific(text))
        }
        b'=' => is_code && is_formula(text),
        _ => matches!(text, "∞"),
    }
}

/// The longest text that can be one of these.
const LONGEST: usize = 40;

/// The longest word for a number that is none.
const LONGEST_WORD: usize = 9;

/// `4.9151E+11`, `1,23E+05`, `1e+21`, `4.9E11`. Without a sign or a decimal mark it may be a code:
/// `12E5`, `3E-12`.
#[must_use]
pub fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let mantissa = mantissa.trim_start_matches(['+', '-']);
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let has_mark = !fraction.is_empty();
    let power = exponent.trim_start_matches(['+', '-']);
    is_digits(whole)
        && (!has_mark || is_digits(fraction))
        && (has_mark || exponent.starts_with('+'))
        && (1..=3).contains(&power.len())
        && is_digits(power)
}

/// All digits of a whole number in scientific notation, where it still says them all: `123456789` of
/// `1.23456789E+8`. They may have been rounded all the same.
#[must_use]
pub fn in_full(text: &str) -> Option<String> {
    if !is_scientific(text) {
        return None;
    }
    let (mantissa, exponent) = text.split_once(['E', 'e'])?;
    let (whole, fraction) = mantissa.split_once(['.', ','])?;
    let power: usize = exponent.trim_start_matches('+').parse().ok()?;
    let is_whole = fraction.len() == power && !whole.starts_with('-');
    is_whole.then(|| format!("{}{fraction}", whole.trim_start_matches('+')))
}

/// The whole number that a program wrote as one with decimals: `1001` of `1001.0`, `1001,00`. A
/// comma before three zeros parts thousands.
#[must_use]
pub fn whole_number(text: &str) -> Option<&str> {
    let at = text.bytes().rposition(|byte| matches!(byte, b'.' | b','))?;
    let (whole, zeros) = (&text[..at], &text[at + 1..]);
    let is_thousands = text.as_bytes()[at] == b',' && zeros.len() > 2;
    let is_whole = is_digits(whole.strip_prefix(['+', '-']).unwrap_or(whole))
        && !zeros.is_empty()
        && zeros.bytes().all(|byte| byte == b'0')
        && !is_thousands;
    is_whole.then_some(whole)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Errors of formulas, as spreadsheets in English, German, French, Spanish, Italian, Portuguese,
/// Dutch, Polish and Russian show them. Other languages have others, of the same form.
const ERRORS: [&str; 45] = [
    "#N/A",
    "#NV",
    "#N/B",
    "#N/D",
    "#ND",
    "#REF!",
    "#VALUE!",
    "#NAME?",
    "#DIV/0!",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#ERROR!",
    "#FIELD!",
    "#BLOCKED!",
    "#CONNECT!",
    "#BUSY!",
    "#UNKNOWN!",
    "#GETTING_DATA",
    "#BEZUG!",
    "#WERT!",
    "#ZAHL!",
    "#VALEUR!",
    "#NOM?",
    "#NOMBRE!",
    "#NUL!",
    "#¡VALOR!",
    "#¡REF!",
    "#¿NOMBRE?",
    "#¡NUM!",
    "#¡DIV/0!",
    "#VALORE!",
    "#RIF!",
    "#NOME?",
    "#VALOR!",
    "#WAARDE!",
    "#VERW!",
    "#NAAM?",
    "#GETAL!",
    "#ARG!",
    "#ADR!",
    "#ССЫЛКА!",
    "#ЗНАЧ!",
    "#Н/Д",
];

fn is_error(text: &str, is_code: bool) -> bool {
    let is_known = || ERRORS.iter().any(|error| error.eq_ignore_ascii_case(text));
    let inside = text.strip_prefix('#').and_then(|rest| rest.strip_suffix(['!', '?']));
    let has_form = |inside: &str| {
        inside.chars().any(char::is_uppercase)
            && inside.chars().all(|it| it.is_uppercase() || "/0_¡¿ ".contains(it))
    };
    (is_code && inside.is_some_and(has_form)) || is_known()
}

/// `Err:502`, as LibreOffice numbers them.
fn is_numbered_error(text: &str) -> bool {
    let number = text.get(..4).filter(|start| start.eq_ignore_ascii_case("err:"));
    number.is_some_and(|_| text.len() == 7 && is_digits(&text[4..]))
}

/// Numbers that are none, as programming languages write them. `Nan` and `Nat` are names, too.
fn is_no_number(text: &str, is_code: bool) -> bool {
    const ANYWHERE: [&str; 12] = [
        "NaN",
        "NaT",
        "-NaN",
        "inf",
        "+inf",
        "-inf",
        "-Infinity",
        "1.#INF",
        "-1.#INF",
        "1.#IND",
        "-1.#IND",
        "1.#QNAN",
    ];
    const IN_CODES: [&str; 4] = ["Infinity", "+Infinity", "Inf", "-Inf"];
    let is_nan = || text.trim_start_matches(['+', '-']).eq_ignore_ascii_case("nan");
    ANYWHERE.contains(&text) || (is_code && (is_nan() || IN_CODES.contains(&text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_told_from_keys() {
        for text in [
            "=A1",
            "=$A$1",
            "=Sheet2!B7",
            "=1+1",
            "=-5",
            "=02138",
            "=0",
            "=\"00123",
            "=00123\"",
            "=“00123”",
            "='00123'",
            "= A1",
            "=A1&B1",
            "=R[-1]C",
            "＝A1",
            "=HYPERLINK(\"https://example.com/customers/of/a/long/address\",\"7\")",
        ] {
            assert!(stands_for_its_result(text), "{text}");
        }
        for text in ["", "=", "==", "A1", "1+1", "02138", "A=1", "YW5u=", "+1", "-1", "'=A1", "<=5"]
        {
            assert!(!stands_for_its_result(text), "{text}");
        }
    }

    #[test]
    fn marks_of_text_are_taken_off() {
        for (text, expected) in [
            ("=\"00123\"", "00123"),
            ("=\"\"", ""),
            ("=\" 00123 \"", "00123"),
            ("=\"say \"\"so\"\"\"", "say \"so\""),
            ("'00123", "00123"),
            ("''00123", "00123"),
            ("'=\"00123\"", "00123"),
            ("=\"'00123\"", "00123"),
            ("'+49 30 1234", "+49 30 1234"),
            ("'=1+1", "=1+1"),
            ("'Miller", "Miller"),
            ("’00123", "00123"),
            ("'", ""),
            ("='00123'", "='00123'"),
            ("=\"a\"&\"b\"", "ab"),
            ("=\"00123\"&\"\"", "00123"),
            ("=\"00123\" & \"\"", "00123"),
            ("=\"00123\"&A1", "=\"00123\"&A1"),
            ("=T(\"00123\")", "00123"),
            ("= T( \"00123\" )", "00123"),
            ("=TEXT(123,\"00000\")", "00123"),
            ("=TEXT(\"00123\";\"@\")", "00123"),
            ("=TEXTE(123;\"00000\")", "00123"),
            ("=TEXT(A1,\"0\")", "=TEXT(A1,\"0\")"),
            ("=TEXT(1.5,\"0\")", "=TEXT(1.5,\"0\")"),
            ("=SUM(1,2)", "=SUM(1,2)"),
            ("=00123", "=00123"),
            ("=\"", "=\""),
            ("\"00123\"", "\"00123\""),
            ("O'Brien", "O'Brien"),
            ("", ""),
        ] {
            assert_eq!(unwrapped(text, false), expected, "{text}");
        }
        for (text, kept, else_where) in [
            ("'t Hooft", "'t Hooft", "t Hooft"),
            ("'s-Gravenhage", "'s-Gravenhage", "s-Gravenhage"),
            ("'Bob' Lee", "'Bob' Lee", "Bob' Lee"),
            ("‘Bob’ Lee", "‘Bob’ Lee", "Bob’ Lee"),
            ("'O'Brien", "O'Brien", "O'Brien"),
        ] {
            assert_eq!(unwrapped(text, true), kept);
            assert_eq!(unwrapped(text, false), else_where);
        }
    }

    #[test]
    fn what_is_lost_is_told_from_words() {
        for text in [
            "#REF!",
            "#VALUE!",
            "#N/A",
            "#n/a",
            "#NAME?",
            "#DIV/0!",
            "#NUM!",
            "#NULL!",
            "#SPILL!",
            "#BEZUG!",
            "#WERT!",
            "#NV",
            "#VALEUR!",
            "#¡VALOR!",
            "#ЗНАЧ!",
            "Err:502",
            "##",
            "#####",
            "##########",
            "NaN",
            "NaT",
            "-inf",
            "inf",
            "1.#INF",
            "∞",
        ] {
            assert!(is_lost(text, true) && is_lost(text, false), "{text}");
        }
        for text in [
            "Nan",
            "nan",
            "NAN",
            "-nan",
            "Infinity",
            "Inf",
            "4.9151E+11",
            "1,23E+05",
            "1E+10",
            "1e+21",
            "4.9E11",
            "-1.5E-05",
            "+4.47912e+11",
            "#OGILTIGT!",
            "=TEXT(A1,\"0\")",
            "=SUM(A1:A9)",
            "=VLOOKUP(A1;B:C;2)",
        ] {
            assert!(is_lost(text, true) && !is_lost(text, false), "{text}");
        }
        for text in [
            "",
            "#",
            "#4",
            "# 12",
            "#12B",
            "#a",
            "#-#",
            "Nat",
            "Infinite",
            "Information",
            "12E5",
            "3E-12",
            "E12",
            "1E",
            "1.2E+1234",
            "A1E+10",
            "1.2.3E+4",
            "Err:5",
            "Eve",
            "Erro: 502",
            "REF!",
            "12.5",
            "-",
            "NA",
        ] {
            assert!(!is_lost(text, true) && !is_lost(text, false), "{text}");
        }
    }

    #[test]
    fn only_what_still_says_all_digits_is_written_in_full() {
        for (text, expected) in [
            ("1.23456789E+8", Some("123456789")),
            ("4.91512345678E11", Some("491512345678")),
            ("1,2345E+04", Some("12345")),
            ("4.47912E+11", None),
            ("1.25E+01", None),
            ("-1.5E+01", None),
            ("1.5E-01", None),
            ("1E+10", None),
            ("12345", None),
        ] {
            assert_eq!(in_full(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn whole_numbers_lose_their_decimals_and_gain_no_digit() {
        for (text, expected) in [
            ("1001.0", Some("1001")),
            ("+493012345.0", Some("+493012345")),
            ("-7.00", Some("-7")),
            ("00123.0", Some("00123")),
            ("62704,0", Some("62704")),
            ("62704,00", Some("62704")),
            ("1.000", Some("1")),
            ("1,000", None),
            ("1001", None),
            ("1001.", None),
            (".0", None),
            ("1001.05", None),
            ("1.001.0", None),
            ("10 01.0", None),
            ("v1.0", None),
            ("", None),
        ] {
            assert_eq!(whole_number(text), expected, "{text}");
        }
    }
}
