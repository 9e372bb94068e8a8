//! What national numbering plans say that `libphonenumber` leaves open: prefixes that are not
//! dialled any more, and numbers that cannot exist.

use std::borrow::Cow;

/// The number without a prefix that its country has given up.
///
/// Mexico dialled `1` behind its country code for mobile phones and `044`, `045` or `01` before
/// national numbers until 2019; address books keep them.
pub(super) fn without_old_prefixes<'a>(number: &'a str, region: &str) -> Cow<'a, str> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let national = if number.starts_with('+') {
        digits.strip_prefix("521")
    } else if region == "MX" {
        ["521", "044", "045", "01"].iter().find_map(|prefix| digits.strip_prefix(prefix))
    } else if region == "PL" && digits.len() == 10 {
        // Poland dialled a zero before the area until 2009.
        let area = digits.strip_prefix('0');
        return area.map_or(number.into(), |national| format!("+48{national}").into());
    } else {
        None
    };
    match national {
        Some(national) if national.len() == 10 => format!("+52{national}").into(),
        _ => number.into(),
    }
}

/// Whether a number in E.164 may exist: its plan has no area like that.
pub(super) fn may_exist(e164: &str) -> bool {
    let area = |code: &str, length: usize| {
        e164.strip_prefix(code).filter(|national| national.len() == length)
    };
    if e164.trim_start_matches('+').bytes().skip(1).all(|digit| digit == b'0') {
        return false;
    }
    // Areas in North America begin with 2 to 9, in Argentina with 11, 2 or 3 (6 and 8 are
    // services, 9 is before mobile phones).
    let american = area("+1", 10).is_none_or(|national| !national.starts_with(['0', '1']));
    let argentine = area("+54", 10)
        .is_none_or(|national| !national.starts_with('1') || national.starts_with("11"));
    american && argentine && has_area(e164)
}

/// Whether a number has what leads to its town, where a plan tells that from a subscriber's number alone.
fn has_area(e164: &str) -> bool {
    if let Some(german) = e164.strip_prefix("+49") {
        return german.len() > 5;
    }
    if let Some(brazilian) = e164.strip_prefix("+55") {
        // Eight digits are dialled in the whole country where they begin so.
        return brazilian.len() > 9 || brazilian.starts_with("400") || brazilian.starts_with("300");
    }
    // Towns of Italy begin with the zero that spreadsheets lose.
    e164.strip_prefix("+39").is_none_or(|italian| {
        !italian.starts_with(['2', '4', '6', '7', '9'])
            && (!italian.starts_with('8')
                || ["80", "84", "89"].iter().any(|it| italian.starts_with(it)))
    })
}
