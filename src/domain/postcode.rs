//! Postcodes that begin with zeros, which a program that takes them for numbers loses.

/// Countries with such codes: how many digits a code has, and how many zeros it may begin with.
const LEADING_ZEROS: [(&str, &[usize], usize); 27] = [
    ("US", &[5, 9], 2),
    ("PR", &[5, 9], 2),
    ("VI", &[5, 9], 2),
    ("DE", &[5], 1),
    ("FR", &[5], 1),
    ("IT", &[5], 2),
    ("ES", &[5], 1),
    ("FI", &[5], 2),
    ("MX", &[5], 1),
    ("TR", &[5], 1),
    ("UA", &[5], 1),
    ("KR", &[5], 1),
    ("MY", &[5], 1),
    ("PL", &[5], 2),
    ("SK", &[5], 1),
    ("LT", &[5], 1),
    ("NO", &[4], 1),
    ("AU", &[4], 1),
    ("NZ", &[4], 1),
    ("ZA", &[4], 1),
    ("BR", &[8], 1),
    ("JP", &[7], 2),
    ("CN", &[6], 1),
    ("RO", &[6], 1),
    ("SG", &[6], 1),
    ("KZ", &[6], 1),
    ("CO", &[6], 1),
];

/// The digits of a code of `country` with the zeros that it lost; `None` where it has all of them, or
/// the country's codes begin with none.
#[must_use]
pub fn with_lost_zeros(code: &str, country: &str) -> Option<String> {
    let digits: String = code.chars().filter(|it| !matches!(it, ' ' | '-')).collect();
    if digits.len() < 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (_, lengths, most) = LEADING_ZEROS.iter().find(|(of, ..)| *of == country)?;
    let mut lost = lengths.iter().filter_map(|length| length.checked_sub(digits.len()));
    let lost = lost.find(|lost| (1..=*most).contains(lost))?;
    (!lengths.contains(&digits.len()) && !digits.starts_with('0'))
        .then(|| format!("{}{digits}", "0".repeat(lost)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zeros_a_country_has_come_back() {
        for (code, country, expected) in [
            ("2138", "US", Some("02138")),
            ("501", "US", Some("00501")),
            ("21381234", "US", Some("021381234")),
            ("2138-1234", "US", Some("021381234")),
            ("1067", "DE", Some("01067")),
            ("106", "DE", None),
            ("600000", "JP", Some("0600000")),
            ("800", "AU", Some("0800")),
            ("150", "NO", Some("0150")),
            ("1310100", "BR", Some("01310100")),
            ("62704", "US", None),
            ("1010", "AT", None),
            ("12", "NO", None),
            ("21B8", "US", None),
            ("", "US", None),
        ] {
            assert_eq!(with_lost_zeros(code, country).as_deref(), expected, "{code} {country}");
        }
    }
}
