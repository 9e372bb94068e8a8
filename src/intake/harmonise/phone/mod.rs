//! Telephone numbers, read with the numbering plans of `libphonenumber`.

mod american;
mod country_code;
mod extension;
mod foreign;
mod labels;
mod no_number;
mod plans;
mod vanity;

use domain::covered;
use rlibphonenumber::{
    PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat,
    enums::{NumberLengthType, Region},
};

/// The most digits of a number with its country code (E.164).
const MOST_DIGITS: usize = 15;

/// The longest number in characters, with what people write around its digits.
const LONGEST: usize = 40;

/// The standard form: E.164, an extension behind it as `;ext=` (RFC 3966).
///
/// `region` (ISO alpha-2) is where a number without country code belongs. Numbers whose length
/// is possible there are read, whether or not the range is in use; a number that lacks its area code
/// could be anybody's and is not read, nor is one with decimals, nor
/// one that lost its `+` and may be of another country. A cell with two numbers is not read: which one is meant nobody
/// knows.
pub(super) fn standard(text: &str, region: &str) -> Option<String> {
    american::plain(text, region).or_else(|| read_closely(text, region))
}

fn read_closely(text: &str, region: &str) -> Option<String> {
    if covered::telephone(text) {
        return None;
    }
    let plain = plain_signs(text);
    let text = without_decimals(labels::without(&plain));
    if has_decimals(text) {
        return None;
    }
    let (number, extension) = extension::split(text)?;
    if number.len() > LONGEST || labels::are_two(number) {
        return None;
    }
    let spelled = vanity::digits(number);
    let number = spelled.as_deref().unwrap_or(number);
    let is_sign = |byte| matches!(byte, b'+' | b'(' | b')' | b'-' | b'.' | b'/' | b' ');
    if !number.bytes().all(|byte| byte.is_ascii_digit() || is_sign(byte)) {
        return None;
    }
    if no_number::is_date(number) || no_number::is_too_short(number, region) {
        return None;
    }
    let number = international(number);
    let number = country_code::restored(&number, region)?;
    if labels::has_other_ending(&number) {
        return None;
    }
    let number = plans::without_old_prefixes(&number, region);
    if foreign::may_be(&number, region) {
        return None;
    }
    let region = Region::from_code(region).ok();
    let mut standard = e164(&number, region)?;
    // A number may still begin with a trunk prefix once one is stripped: read until it rests.
    let again = e164(&standard, region)?;
    if again != standard {
        standard = again;
        if e164(&standard, region)? != standard {
            return None;
        }
    }
    if let Some(extension) = extension {
        standard.push_str(";ext=");
        standard.push_str(extension);
    }
    Some(standard)
}

/// The number without the `.0` that a spreadsheet put behind it.
fn without_decimals(text: &str) -> &str {
    match text.split_once('.') {
        Some((number, zeros))
            if number.ends_with(|last: char| last.is_ascii_digit())
                && !zeros.is_empty()
                && zeros.bytes().all(|byte| byte == b'0') =>
        {
            number
        }
        _ => text,
    }
}

/// Whether it is a number that some program took for a decimal one: `+493012345.50`. What its digits
/// were nobody knows.
fn has_decimals(text: &str) -> bool {
    let Some((whole, fraction)) = text.split_once('.') else { return false };
    let run = whole.bytes().rev().take_while(u8::is_ascii_digit).count();
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    run > 4 && matches!(fraction.len(), 1 | 2) && are_digits(fraction)
}

/// Every kind of dash and dot as the keyboard's.
fn plain_signs(text: &str) -> std::borrow::Cow<'_, str> {
    if text.is_ascii() {
        return text.into();
    }
    let plain = |character| match character {
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{30fc}'
        | '\u{ff70}' => '-',
        '\u{b7}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{30fb}' => '.',
        '\u{2215}' | '\u{2044}' => '/',
        other => other,
    };
    text.chars().map(plain).collect::<String>().into()
}

/// `00` as `+`, whatever prefix the region itself dials, and no `(0)` behind a country code, where
/// nobody dials it. In Italy the zero is a part of the number.
fn international(number: &str) -> std::borrow::Cow<'_, str> {
    let start = number.trim_start_matches([' ', '(']);
    let mut read = std::borrow::Cow::Borrowed(number);
    if let Some(rest) = start.strip_prefix("00") {
        read = format!("+{}", rest.trim_start_matches([' ', '-'])).into();
    }
    if read.starts_with('+') && !read[1..].trim_start().starts_with("39") && read.contains("(0)") {
        read = read.replacen("(0)", " ", 1).into();
    }
    read
}

fn e164(number: &str, region: Option<Region>) -> Option<String> {
    let parsed = parsed(number, region)?;
    let is_whole = matches!(parsed.is_possible_with_reason(), Ok(NumberLengthType::IsPossible));
    if parsed.extension.is_some() || !is_whole {
        return None;
    }
    let standard = parsed.format_as(PhoneNumberFormat::E164);
    let is_e164 = (2..=MOST_DIGITS + 1).contains(&standard.len())
        && standard.starts_with('+')
        && standard[1..].bytes().all(|byte| byte.is_ascii_digit());
    (is_e164 && !is_one_digit(&standard) && plans::may_exist(&standard))
        .then(|| standard.into_owned())
}

fn parsed(number: &str, region: Option<Region>) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(number, region).ok()
}

/// Whether a number in E.164 is one digit over and over, as in 555-555-5555: nobody's.
fn is_one_digit(standard: &str) -> bool {
    let last = standard.bytes().next_back();
    standard.bytes().rev().take_while(|digit| Some(*digit) == last).count() > 8
}

#[cfg(test)]
mod tests;
