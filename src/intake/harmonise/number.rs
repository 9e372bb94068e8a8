//! Numbers.

/// Regions that write a dot before the decimals; elsewhere a comma.
const DOT_REGIONS: [&str; 28] = [
    "AU", "BD", "CA", "CN", "EG", "GB", "GH", "HK", "IE", "IL", "IN", "JP", "KE", "KR", "LK", "MX",
    "MY", "NG", "NP", "NZ", "PH", "PK", "SG", "TH", "TW", "US", "ZA", "ZW",
];

/// The most digits that are read.
const MOST_DIGITS: usize = 40;

/// The standard form: plain decimal, `-1234.5`; no sign `+`, no needless zeros, exact.
///
/// A single dot is always the decimal point. A single comma before exactly three digits parts
/// thousands where `region` writes decimals with a dot, else it is the decimal comma. Currency
/// signs are dropped, parentheses are a minus. Exponents are not read.
pub(super) fn standard(text: &str, region: &str) -> Option<String> {
    let (negative, text) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (true, inner),
        None => (false, text),
    };
    let is_edge = |c: char| matches!(c, ' ' | '$' | '€' | '£' | '¥' | '₹');
    let text = text.trim_matches(is_edge);
    let (negative, text) = match text.strip_prefix(['-', '−']) {
        Some(rest) if !negative => (true, rest),
        Some(_) => return None,
        None => (negative, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = text.trim_matches(is_edge);
    let decimal = decimal_at(text, region);
    let (whole, fraction) = match decimal {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(fraction) || !is_grouped(whole) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    if whole.len() + fraction.len() > MOST_DIGITS {
        return None;
    }
    let sign = if negative && !(whole.is_empty() && fraction.is_empty()) { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

/// Where the decimals are parted off, as a byte offset.
fn decimal_at(text: &str, region: &str) -> Option<usize> {
    let dots = text.matches('.').count();
    let commas = text.matches(',').count();
    match (dots, commas) {
        (1, 0) => text.find('.'),
        (0, 1) => {
            let at = text.find(',')?;
            let thousands = text.len() - at - 1 == 3 && at > 0 && DOT_REGIONS.contains(&region);
            (!thousands).then_some(at)
        }
        (0, _) | (_, 0) => None,
        // Both: the one that comes last, if it comes once.
        _ => {
            let at = text.rfind(['.', ','])?;
            let count = if text[at..].starts_with('.') { dots } else { commas };
            (count == 1).then_some(at)
        }
    }
}

/// Digits, in groups of three where one separator parts them (of two also in India's lakhs).
fn is_grouped(whole: &str) -> bool {
    let Some(separator) = whole.chars().find(|character| !character.is_ascii_digit()) else {
        return true;
    };
    let mut groups = whole.split(separator).peekable();
    let mut first = true;
    matches!(separator, '.' | ',' | ' ' | '\'' | '’')
        && std::iter::from_fn(|| groups.next().map(|group| (group, groups.peek().is_none()))).all(
            |(group, last)| {
                let length = match (std::mem::take(&mut first), last) {
                    (true, _) => (1..=3).contains(&group.len()),
                    (_, true) => group.len() == 3,
                    _ => matches!(group.len(), 2 | 3),
                };
                length && group.bytes().all(|byte| byte.is_ascii_digit())
            },
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let table = [
            ("1234", "US", Some("1234")),
            ("1,234", "US", Some("1234")),
            ("1,234", "DE", Some("1.234")),
            ("1,234.50", "US", Some("1234.5")),
            ("1.234,50", "DE", Some("1234.5")),
            ("1.234,50", "US", Some("1234.5")),
            ("1.234.567", "DE", Some("1234567")),
            ("12,34,567", "IN", Some("1234567")),
            ("1 234,5", "FR", Some("1234.5")),
            ("1'234.5", "CH", Some("1234.5")),
            ("$ 9,200", "US", Some("9200")),
            ("12,50 €", "DE", Some("12.5")),
            ("(5.00)", "US", Some("-5")),
            ("-0", "US", Some("0")),
            ("+007", "US", Some("7")),
            (".5", "US", Some("0.5")),
            ("1e5", "US", None),
            ("12 apples", "US", None),
            ("1,2,3", "US", None),
            (".", "US", None),
        ];
        for (text, region, expected) in table {
            assert_eq!(standard(text, region).as_deref(), expected, "{text} in {region}");
        }
    }
}
