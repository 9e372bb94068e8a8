//! Numbers.

mod currency;

use super::customs;
use domain::NumberStyle;

/// The most digits that are read.
const MOST_DIGITS: usize = 40;

/// What point and comma may mean: two styles in which both do, and two in which one is an error.
/// Where none of several meanings is given, they are tried in this order.
const MEANINGS: [Meaning; 4] = [
    Meaning { thousands: Some(','), decimal: '.' },
    Meaning { thousands: Some('.'), decimal: ',' },
    Meaning { thousands: None, decimal: '.' },
    Meaning { thousands: None, decimal: ',' },
];

/// A style of each meaning: the others read every text as one of these does.
const TOLD_APART: [NumberStyle; 4] =
    [NumberStyle::CommaPoint, NumberStyle::PointComma, NumberStyle::Comma, NumberStyle::Point];

/// What point and comma mean. Blanks and apostrophes part thousands under each.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Meaning {
    thousands: Option<char>,
    decimal: char,
}

impl Meaning {
    fn of(style: NumberStyle) -> Meaning {
        Meaning { thousands: style.thousands(), decimal: style.decimal() }
    }
}

/// The standard form: plain decimal, `-1234.5`; no sign `+`, no needless zeros, exact.
///
/// Read in the style that is given, and in no other. Without one in that of `region`, and where that
/// does not fit, in any other if all that fit give the same number. Currencies are dropped,
/// parentheses and a stroke behind are a minus. Exponents are not read.
pub(super) fn standard(
    text: &str,
    style: Option<NumberStyle>,
    region: Option<&str>,
) -> Option<String> {
    let signed = Signed::of(text)?;
    if let Some(style) = style {
        return signed.standard(Meaning::of(style));
    }
    let custom = customs::number_style(region).map(Meaning::of);
    custom.and_then(|custom| signed.standard(custom)).or_else(|| {
        let mut readings = MEANINGS.into_iter().filter_map(|meaning| signed.standard(meaning));
        let first = readings.next()?;
        readings.all(|other| other == first).then_some(first)
    })
}

/// The standard form of a number that a program wrote with an exponent: `1500` of `1.5e3`. None where it has
/// none, or too many digits.
pub(super) fn without_exponent(text: &str) -> Option<String> {
    let (number, exponent) = text.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let most = i32::try_from(MOST_DIGITS).ok()?;
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    if point.abs() > most {
        return None;
    }
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or_default());
    let length = i32::try_from(digits.len()).ok()?;
    let digits = format!("{}{digits}{}", zeros(-point), zeros(point - length));
    let at = usize::try_from(point).unwrap_or_default();
    let plain = format!("{sign}{}.{}", &digits[..at], &digits[at..]);
    standard(&plain, Some(NumberStyle::Point), None)
}

/// The styles in which the text is a number; none where it has neither point nor comma, or is no
/// number in any.
pub(super) fn styles(text: &str) -> impl Iterator<Item = NumberStyle> {
    let signed = Signed::of(text).filter(|signed| signed.text.contains(['.', ',']));
    let fits = move |style: &NumberStyle| {
        signed.as_ref().is_some_and(|signed| signed.parts(Meaning::of(*style)).is_some())
    };
    TOLD_APART.into_iter().filter(fits)
}

/// A number without its sign and currency.
struct Signed<'t> {
    negative: bool,
    text: &'t str,
}

impl<'t> Signed<'t> {
    fn of(text: &'t str) -> Option<Signed<'t>> {
        let text = currency::without(text);
        let (negative, text) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
            Some(inner) => (true, inner),
            None => (false, text),
        };
        let text = currency::without(text);
        let (negative, text) = match text.strip_prefix(['-', '−']) {
            Some(rest) if !negative => (true, rest),
            Some(_) => return None,
            None => (negative, text.strip_prefix('+').unwrap_or(text)),
        };
        let text = without_strokes(currency::without(text));
        // Book-keeping programs write the minus behind.
        let (negative, text) = match text.strip_suffix(['-', '−']) {
            Some(rest) if !negative && rest.ends_with(|last: char| last.is_ascii_digit()) => {
                (true, rest)
            }
            Some(_) => return None,
            None => (negative, text),
        };
        Some(Signed { negative, text: currency::without(text) })
    }

    /// The digits before the decimals, thousands still parted, and the decimals.
    fn parts(&self, meaning: Meaning) -> Option<(&'t str, &'t str)> {
        let (whole, fraction) = self.text.split_once(meaning.decimal).unwrap_or((self.text, ""));
        let is_sound = fraction.bytes().all(|byte| byte.is_ascii_digit())
            && is_grouped(whole, meaning.thousands)
            && !(whole.is_empty() && fraction.is_empty());
        is_sound.then_some((whole, fraction))
    }

    fn standard(&self, meaning: Meaning) -> Option<String> {
        let (whole, fraction) = self.parts(meaning)?;
        let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() + fraction.len() > MOST_DIGITS {
            return None;
        }
        let is_zero = whole.is_empty() && fraction.is_empty();
        let sign = if self.negative && !is_zero { "-" } else { "" };
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Some(format!("{sign}{whole}{point}{fraction}"))
    }
}

/// Without the strokes in the place of decimals that are none: `5.000,-`, `5.--`.
fn without_strokes(text: &str) -> &str {
    let bare = text.trim_end_matches(['-', '–', '—']);
    if bare.len() < text.len() && bare.ends_with([',', '.']) { bare } else { text }
}

/// Digits, in groups of three where one separator parts them (of two also in India's lakhs). Nobody
/// groups a number that begins with a zero: `0.500` is a half.
fn is_grouped(whole: &str, thousands: Option<char>) -> bool {
    let Some(separator) = whole.chars().find(|character| !character.is_ascii_digit()) else {
        return true;
    };
    if !matches!(separator, ' ' | '\'' | '’') && thousands != Some(separator) {
        return false;
    }
    let mut groups = whole.split(separator).peekable();
    let mut first = true;
    !whole.starts_with('0')
        && std::iter::from_fn(|| groups.next().map(|group| (group, groups.peek().is_none()))).all(
            |(group, last)| {
                let length = match (std::mem::take(&mut first), last) {
                    (true, _) => (1..=3).contains(&group.len()),
                    (_, true) => group.len() == 3,
                    _ => group.len() == 3 || separator == ',' && group.len() == 2,
                };
                length && group.bytes().all(|byte| byte.is_ascii_digit())
            },
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_with_an_exponent_is_written_out() {
        for (text, plain) in [
            ("1.5e3", Some("1500")),
            ("1e20", Some("100000000000000000000")),
            ("1.5E-3", Some("0.0015")),
            ("-2.50e+1", Some("-25")),
            ("0.1e1", Some("1")),
            ("0e0", Some("0")),
            ("123.456e1", Some("1234.56")),
            ("12e-2", Some("0.12")),
            ("1e300", None),
            ("1e-300", None),
            ("e5", None),
            ("1e", None),
            ("1.5", None),
            ("1.2.3e1", None),
            ("1e99999999999", None),
        ] {
            assert_eq!(without_exponent(text).as_deref(), plain, "{text}");
        }
    }

    #[test]
    fn numbers_by_the_custom_of_a_region() {
        let table = [
            ("1234", "US", Some("1234")),
            ("1,234", "US", Some("1234")),
            ("1.500", "US", Some("1.5")),
            ("1,234", "DE", Some("1.234")),
            ("1.500", "DE", Some("1500")),
            ("12.000", "DE", Some("12000")),
            ("1.5", "DE", Some("1.5")),
            ("0.500", "DE", Some("0.5")),
            ("1,5", "US", Some("1.5")),
            ("1,234.50", "US", Some("1234.5")),
            ("1,234.50", "DE", Some("1234.5")),
            ("1.234,50", "DE", Some("1234.5")),
            ("1.234,50", "US", Some("1234.5")),
            ("1.234.567", "DE", Some("1234567")),
            ("1.234.567", "US", Some("1234567")),
            ("12,34,567", "IN", Some("1234567")),
            ("1 234,5", "FR", Some("1234.5")),
            ("1,500", "FR", Some("1.5")),
            ("1.500", "FR", None),
            ("1'234.5", "CH", Some("1234.5")),
            ("1.500", "CH", Some("1.5")),
            ("1,500", "CH", None),
            ("$ 9,200", "US", Some("9200")),
            ("12,50 €", "DE", Some("12.5")),
            ("(5.00)", "US", Some("-5")),
            ("(5,00) €", "DE", Some("-5")),
            ("-0", "US", Some("0")),
            ("+007", "US", Some("7")),
            (".5", "US", Some("0.5")),
            ("1e5", "US", None),
            ("12 apples", "US", None),
            ("1,2,3", "US", None),
            ("1.2.3", "DE", None),
            (".", "US", None),
        ];
        for (text, region, expected) in table {
            let read = standard(text, None, Some(region));
            assert_eq!(read.as_deref(), expected, "{text} in {region}");
        }
        assert_eq!(standard("1.500", None, None), None);
        assert_eq!(standard("1.50", None, None).as_deref(), Some("1.5"));
        assert_eq!(standard("1 500", None, None).as_deref(), Some("1500"));
    }

    #[test]
    fn a_style_that_is_given_is_the_only_one() {
        use NumberStyle::{ApostrophePoint, CommaPoint, Point, PointComma, SpaceComma};
        let table = [
            ("1.500", PointComma, Some("1500")),
            ("1,500", PointComma, Some("1.5")),
            ("1.5", PointComma, None),
            ("1,234.50", PointComma, None),
            ("1 234,50", PointComma, Some("1234.5")),
            ("1.500", CommaPoint, Some("1.5")),
            ("1,500", CommaPoint, Some("1500")),
            ("1,5", CommaPoint, None),
            ("1.500", Point, Some("1.5")),
            ("1,500", Point, None),
            ("1'500", Point, Some("1500")),
            ("1.500", SpaceComma, None),
            ("1 500", SpaceComma, Some("1500")),
            ("1’500.5", ApostrophePoint, Some("1500.5")),
        ];
        for (text, style, expected) in table {
            assert_eq!(
                standard(text, Some(style), Some("DE")).as_deref(),
                expected,
                "{text} {style}"
            );
        }
    }

    #[test]
    fn what_a_number_allows() {
        let decimals = |text: &str| {
            let mut found: Vec<char> = styles(text).map(NumberStyle::decimal).collect();
            found.sort_unstable();
            found.dedup();
            found.into_iter().collect::<String>()
        };
        for (text, expected) in [
            ("1.500", ",."),
            ("1,500", ",."),
            ("1.5", "."),
            ("1,5", ","),
            ("1.000.000", ","),
            ("1.500,00", ","),
            ("0.500", "."),
            ("1500.000", "."),
            ("1500", ""),
            ("1 500", ""),
            ("n/a", ""),
            ("1.2.3", ""),
        ] {
            assert_eq!(decimals(text), expected, "{text}");
        }
    }

    #[test]
    fn currencies_and_strokes_are_no_part_of_a_number() {
        for (text, region, expected) in [
            ("EUR 5", "DE", Some("5")),
            ("5 USD", "US", Some("5")),
            ("5usd", "US", Some("5")),
            ("US$ 5", "US", Some("5")),
            ("R$ 5,00", "BR", Some("5")),
            ("5 kr", "SE", Some("5")),
            ("5,50 kr.", "DK", Some("5.5")),
            ("500円", "JP", Some("500")),
            ("12 zł", "PL", Some("12")),
            ("1 234,50 Kč", "CZ", Some("1234.5")),
            ("CHF 1'234.50", "CH", Some("1234.5")),
            ("1500-", "DE", Some("-1500")),
            ("1.234,50-", "DE", Some("-1234.5")),
            ("5.000,-", "DE", Some("5000")),
            ("5.000,--", "DE", Some("5000")),
            ("-EUR 5", "DE", Some("-5")),
            ("EUR -5", "DE", Some("-5")),
            ("(5 EUR)", "DE", Some("-5")),
            ("12.34.567", "FR", None),
            ("12.34.567", "DE", None),
            ("12,34,567", "IN", Some("1234567")),
            ("-5-", "US", None),
            ("5 apples", "US", None),
            ("USD", "US", None),
            ("--5", "US", None),
        ] {
            assert_eq!(
                standard(text, None, Some(region)).as_deref(),
                expected,
                "{text} in {region}"
            );
        }
    }
}
