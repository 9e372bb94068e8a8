//! Numbers of other countries that lost their `+`, in a country whose own would look like them: `447911123456` in
//! Germany, where numbers have no length of their own.

use rlibphonenumber::{PHONE_NUMBER_UTIL, enums::Region};

use super::parsed;

/// Countries whose plan has numbers of nearly any length, so that all but the shortest fit.
const OF_ANY_LENGTH: [&str; 5] = ["AT", "DE", "FI", "LU", "LI"];

/// The fewest digits of a number with its country code that is told by its length.
const LEAST_DIGITS: usize = 10;

/// From this many digits on, a whole number of another country is seldom one of this.
const LONG: usize = 11;

/// Whether a number that says no country is as likely one of another country, so that nobody knows.
pub(super) fn may_be(number: &str, region: &str) -> bool {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    // A zero in front is dialled at home alone.
    if number.starts_with('+') || digits.starts_with('0') || digits.len() < LEAST_DIGITS {
        return false;
    }
    let Ok(home) = Region::from_code(region) else { return false };
    let Some(code) = PHONE_NUMBER_UTIL.get_country_code_for_region(home) else { return false };
    let code = code.to_string();
    // In North America all numbers have ten digits, and no other length is read.
    if code == "1" || digits.starts_with(&code) {
        return false;
    }
    let is_valid_abroad =
        |digits: &str| parsed(&format!("+{digits}"), None).is_some_and(|it| it.is_valid());
    let is_free = OF_ANY_LENGTH.contains(&region);
    let is_own = parsed(number, Some(home)).is_some_and(|it| it.is_valid());
    if is_american(number) && (is_free || !is_own) {
        return is_valid_abroad(&format!("1{}", &digits[digits.len() - 10..]));
    }
    // Mobile phones of Italy have ten digits, and a few had eleven.
    let is_free = is_free || region == "IT";
    (!is_own || is_free && digits.len() >= LONG) && is_valid_abroad(&digits)
}

/// Whether a number is grouped as North America does: `(217) 555-0104`, `1-217-555-0104`.
pub(super) fn is_american(number: &str) -> bool {
    let groups = number.split(|sign: char| !sign.is_ascii_digit());
    let lengths: Vec<usize> = groups.map(str::len).filter(|length| *length > 0).collect();
    let is_one = number.trim_start_matches(['(', ' ']).starts_with('1');
    match lengths.as_slice() {
        [3, 3, 4] => true,
        [1, 3, 3, 4] => is_one,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::standard;

    #[test]
    fn a_number_of_another_country_is_none_of_this() {
        for (text, region) in [
            ("447911123456", "DE"),
            ("447911123456", "AT"),
            ("447911123456", "SE"),
            ("447911123456", "CH"),
            ("44 7911 123456", "DE"),
            ("33612345678", "DE"),
            ("33612345678", "AT"),
            ("33612345678", "NL"),
            ("12175550104", "DE"),
            ("12175550104", "IT"),
            ("33612345678", "IT"),
            ("12175550104", "NL"),
            ("1-217-555-0104", "DE"),
            ("1 (217) 555-0104", "AT"),
            ("(217) 555-0104", "DE"),
            ("(217) 555-0104", "AT"),
            ("217-555-0104", "NL"),
            ("217.555.0104", "SE"),
            ("(217) 555-0104", "GB"),
            ("41795550104", "DE"),
            ("919812345678", "GB"),
            ("5511955550104", "DE"),
        ] {
            assert_eq!(standard(text, region), None, "{text} in {region}");
        }
        for (text, region, expected) in [
            ("1755550104", "DE", "+491755550104"),
            ("175 5550104", "DE", "+491755550104"),
            ("305550104", "DE", "+49305550104"),
            ("0217 5550104", "DE", "+492175550104"),
            ("447911123456", "GB", "+447911123456"),
            ("347-123-4567", "IT", "+393471234567"),
            ("981-234-5678", "IN", "+919812345678"),
            ("55 5555 0104", "MX", "+525555550104"),
            ("664 1234567", "AT", "+436641234567"),
            ("612345678", "NL", "+31612345678"),
        ] {
            assert_eq!(standard(text, region).as_deref(), Some(expected), "{text} in {region}");
        }
    }
}
