//! Numbers whose `+` was lost, so that their country code looks like the beginning of a national number:
//! `491755550104`, `049 175 5550104`, `49 (0) 89 1234567`.

use std::borrow::Cow;

use rlibphonenumber::{PHONE_NUMBER_UTIL, enums::Region};

use super::parsed;

/// The most digits of a national number anywhere; what is longer begins with a country code.
const LONGEST_NATIONAL: usize = 11;

/// The number with the `+` that it lost; `None` where two countries stand in it.
pub(super) fn restored<'a>(number: &'a str, region: &str) -> Option<Cow<'a, str>> {
    if let Some(rest) = number.strip_prefix('+') {
        return match rest.rsplit_once('+') {
            None => Some(number.into()),
            Some((first, second)) => {
                let (first, rest) = (digits(first), digits(second));
                let is_same = !first.is_empty() && rest.starts_with(&first);
                is_same.then(|| format!("+{second}").into())
            }
        };
    }
    Some(with_plus(number, region).map_or(number.into(), Cow::Owned))
}

fn with_plus(number: &str, region: &str) -> Option<String> {
    let region = Region::from_code(region).ok()?;
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region)?.to_string();
    // Of one digit, it is dialled in front at home as well.
    if code.len() < 2 {
        return None;
    }
    if let Some(rest) = behind_code(number, &code) {
        return Some(format!("+{code} {rest}"));
    }
    let all = digits(number);
    let without_zero = all.strip_prefix('0').unwrap_or(&all);
    let international = format!("+{code}{}", without_zero.strip_prefix(&code)?);
    let abroad = parsed(&international, None).filter(|abroad| abroad.is_valid())?;
    let at_home = parsed(number, Some(region));
    let is_apart = number
        .split(|sign: char| !sign.is_ascii_digit())
        .find(|group| !group.is_empty())
        .is_some_and(|group| group.trim_start_matches('0') == code);
    let is_national = at_home
        .is_some_and(|it| it == abroad || it.is_valid() && without_zero.len() <= LONGEST_NATIONAL);
    (is_apart || !is_national).then_some(international)
}

/// What stands behind a country code and the zero in brackets that nobody dials there. In Italy it is a part
/// of the number.
fn behind_code<'n>(number: &'n str, code: &str) -> Option<Cow<'n, str>> {
    let rest = number.trim_start_matches([' ', '(']).strip_prefix(code)?;
    let rest = rest.trim_start_matches([')', ' ', '-', '.', '/']).strip_prefix("(0)")?;
    Some(if code == "39" { format!("0{}", rest.trim_start()).into() } else { rest.into() })
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
