//! Postal codes.

use super::country_names::COUNTRIES;
use domain::postcode::with_lost_zeros;

/// Forms of a country's codes: `9` a digit, `A` a letter, `X` either, anything else as it stands. Of
/// several forms the first that fits is taken.
fn forms(country: &str) -> Option<&'static [&'static str]> {
    Some(match country {
        "US" | "PR" | "GU" | "VI" => &["99999", "99999-9999"],
        "CA" => &["A9A 9A9"],
        "GB" | "GG" | "IM" | "JE" => {
            &["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA", "AAA 9AA"]
        }
        "NL" => &["9999 AA"],
        "DE" | "FR" | "IT" | "ES" | "FI" | "HR" | "EE" | "MX" | "TR" | "UA" | "KR" | "TH"
        | "MY" | "ID" | "RS" | "MC" | "SA" => &["99999"],
        "AT" | "CH" | "LI" | "BE" | "DK" | "NO" | "LU" | "HU" | "AU" | "NZ" | "ZA" | "SI"
        | "BG" | "CY" | "PH" | "TN" => &["9999"],
        "SE" | "CZ" | "SK" | "GR" => &["999 99"],
        "PL" => &["99-999"],
        "PT" => &["9999-999", "9999"],
        "BR" => &["99999-999"],
        "JP" => &["999-9999"],
        "IN" | "CN" | "SG" | "RU" | "RO" | "KZ" | "BY" | "VN" | "CO" => &["999999"],
        "TW" => &["999", "99999", "999999"],
        "IE" => &["A99 XXXX", "A9A XXXX"],
        "IL" => &["9999999", "99999"],
        "LV" => &["LV-9999"],
        "LT" => &["LT-99999"],
        "IS" => &["999"],
        "MT" => &["AAA 9999"],
        "AR" => &["9999", "A9999AAA", "A9999"],
        "CL" => &["9999999"],
        _ => return None,
    })
}

/// Prefixes of international mail that are no part of the code: `D-10115`.
fn prefixes(country: &str) -> &'static [&'static str] {
    match country {
        "DE" => &["DE", "D"],
        "AT" => &["AT", "A"],
        "CH" => &["CH"],
        "LI" => &["LI", "FL"],
        "FR" => &["FR", "F"],
        "BE" => &["BE", "B"],
        "IT" => &["IT", "I"],
        "ES" => &["ES", "E"],
        "NL" => &["NL"],
        "LU" => &["LU", "L"],
        "SE" => &["SE", "S"],
        "DK" => &["DK"],
        "NO" => &["NO", "N"],
        "FI" => &["FI", "FIN"],
        "PL" => &["PL"],
        "CZ" => &["CZ"],
        "SK" => &["SK"],
        "PT" => &["PT", "P"],
        "HU" => &["HU", "H"],
        "HR" => &["HR"],
        "SI" => &["SI"],
        _ => &[],
    }
}

/// The longest code, separators included.
const LONGEST: usize = 12;

/// The standard form: the country's own. `country` is the record's, where it is known: a code
/// against its form is not read. Without, the `region` of the source or the workspace is tried, and a code
/// that does not fit stays, in capitals, where it is one of another country: one that is shorter than the
/// region's may have lost its zeros.
pub(super) fn standard(text: &str, country: Option<&str>, region: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'.');
    if text.len() > LONGEST + 4 || !text.bytes().all(is_plain) {
        return None;
    }
    let letters: String = text
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .map(|byte| char::from(byte.to_ascii_uppercase()))
        .collect();
    let plan = country.unwrap_or(region);
    if let Some(forms) = forms(plan) {
        // `1067-0` is no `10670`.
        let has_tail = text.rsplit_once(['-', '.']).is_some_and(|(code, tail)| {
            tail.len() < 3 && [code, tail].iter().all(|it| it.bytes().all(|b| b.is_ascii_digit()))
        });
        if has_tail && !forms.iter().any(|form| form.contains(['-', ' '])) {
            return None;
        }
        let read = fitted(&letters, forms).or_else(|| {
            let stripped = prefixes(plan).iter().find_map(|prefix| {
                letters.strip_prefix(prefix).and_then(|code| fitted(code, forms))
            });
            // The `LV-` and `LT-` of these codes is left out as often as it is written.
            stripped.or_else(|| fitted(&format!("{plan}{letters}"), forms))
        });
        if read.is_some() || country.is_some() || with_lost_zeros(&letters, plan).is_some() {
            return read;
        }
        let digits = |form: &&str| form.bytes().filter(|it| *it != b' ' && *it != b'-').count();
        let shortest = forms.iter().map(digits).min().unwrap_or_default();
        let is_number = letters.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && letters.len() < shortest || !is_elsewhere(text, &letters) {
            return None;
        }
    }
    let standard = text.to_ascii_uppercase();
    let has_digit = letters.bytes().any(|byte| byte.is_ascii_digit());
    (has_digit && standard.len() <= LONGEST).then_some(standard)
}

/// Forms of countries that have few letters sent to.
const OF_OTHERS: [&str; 11] = [
    "AA 99",
    "AA9999",
    "AA9-9999",
    "AA9 9999",
    "AAA9999",
    "AZ9999",
    "AD999",
    "MD9999",
    "99999-99999",
    "999 999",
    "AAAA 9AA",
];

/// Whether a code is of some country's form, and parted as it is there if it is parted by a stroke.
fn is_elsewhere(text: &str, letters: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let fits = |form: &&str, upper: &str, letters: &str| {
        let read = fit(letters, form);
        read.is_some_and(|read| !upper.contains('-') || read == upper)
    };
    if OF_OTHERS.iter().any(|form| fits(form, &upper, letters)) {
        return true;
    }
    COUNTRIES.iter().any(|(country, _, _)| {
        let forms = forms(country).unwrap_or_default();
        // Both kinds of code begin with it: `D-10115`, `LV-1010`.
        let bare = prefixes(country).iter().chain([country]).find_map(|prefix| {
            let rest = upper.strip_prefix(prefix)?;
            rest.strip_prefix(['-', ' '])
        });
        forms.iter().any(|form| {
            fits(form, &upper, letters)
                || bare.is_some_and(|bare| {
                    let plain: String = bare.chars().filter(char::is_ascii_alphanumeric).collect();
                    fits(form, bare, &plain)
                })
        })
    })
}

fn fitted(letters: &str, forms: &[&str]) -> Option<String> {
    forms.iter().find_map(|form| fit(letters, form))
}

fn fit(letters: &str, form: &str) -> Option<String> {
    let mut letters = letters.bytes();
    let mut out = String::with_capacity(form.len());
    for wanted in form.bytes() {
        if matches!(wanted, b' ' | b'-') {
            out.push(char::from(wanted));
            continue;
        }
        let letter = letters.next()?;
        let fits = match wanted {
            b'9' => letter.is_ascii_digit(),
            b'A' => letter.is_ascii_uppercase(),
            b'X' => true,
            literal => letter == literal,
        };
        if !fits {
            return None;
        }
        out.push(char::from(letter));
    }
    letters.next().is_none().then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_where_the_country_has_none_makes_no_other_code() {
        for (text, country) in [
            ("1067-0", "DE"),
            ("1010-1", "AT"),
            ("8001-2", "CH"),
            ("7500-1", "FR"),
            ("1067.0", "DE"),
            ("123-4", "DK"),
            ("1234-56", "IN"),
        ] {
            assert_eq!(standard(text, Some(country), ""), None, "{text} {country}");
        }
        for (text, country, expected) in [
            ("D-10115", "DE", "10115"),
            ("10 115", "DE", "10115"),
            ("00-950", "PL", "00-950"),
            ("123-45", "SE", "123 45"),
            ("62701-0001", "US", "62701-0001"),
        ] {
            assert_eq!(standard(text, Some(country), "").as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn codes() {
        let table = [
            ("62704", Some("US"), Some("62704")),
            ("627041234", Some("US"), Some("62704-1234")),
            ("62704 - 1234", Some("US"), Some("62704-1234")),
            ("6270", Some("US"), None),
            ("sw1a1aa", Some("GB"), Some("SW1A 1AA")),
            ("M1 1AE", Some("GB"), Some("M1 1AE")),
            ("k1a0b1", Some("CA"), Some("K1A 0B1")),
            ("1234ab", Some("NL"), Some("1234 AB")),
            ("D-10115", Some("DE"), Some("10115")),
            ("10115", Some("DE"), Some("10115")),
            ("1011", Some("DE"), None),
            ("A-1010", Some("AT"), Some("1010")),
            ("2000", Some("AU"), Some("2000")),
            ("12345", Some("SE"), Some("123 45")),
            ("00950", Some("PL"), Some("00-950")),
            ("1000001", Some("JP"), Some("100-0001")),
            ("1010", Some("LV"), Some("LV-1010")),
            ("d02x285", Some("IE"), Some("D02 X285")),
            ("D6W XY00", Some("IE"), Some("D6W XY00")),
            ("ab 12", Some("ZW"), Some("AB 12")),
            ("sw1a 1aa", None, Some("SW1A 1AA")),
            ("62704", None, Some("62704")),
            ("2138", None, None),
            ("21381234", None, None),
            ("1010", Some("AT"), Some("1010")),
            ("B1638", Some("AR"), Some("B1638")),
            ("c1425dkf", Some("AR"), Some("C1425DKF")),
            ("1638", Some("AR"), Some("1638")),
            ("16388", Some("AR"), None),
            ("150", Some("NO"), None),
            ("unknown", None, None),
        ];
        for (text, country, expected) in table {
            assert_eq!(standard(text, country, "US").as_deref(), expected, "{text} in {country:?}");
        }
    }

    #[test]
    fn a_code_of_no_country_is_none() {
        for (text, region) in [
            ("101", "DE"),
            ("10115 Berlin", "DE"),
            ("1", "ZA"),
            ("800", "DK"),
            ("0X1 2JD", "GB"),
            ("SW1A IAA", "GB"),
            ("62704-0", "US"),
            ("627XX", "US"),
            ("6270A", "US"),
            ("1067", "DE"),
            ("62704-12", "US"),
            ("12", "NO"),
        ] {
            assert_eq!(standard(text, None, region), None, "{text} {region}");
        }
        for (text, region, expected) in [
            ("SW1A 1AA", "US", "SW1A 1AA"),
            ("D-10115", "US", "D-10115"),
            ("1234 AB", "DE", "1234 AB"),
            ("10115", "AT", "10115"),
            ("K1A 0B1", "US", "K1A 0B1"),
            ("100-0001", "DE", "100-0001"),
            ("HM 12", "US", "HM 12"),
            ("LV-1010", "DE", "LV-1010"),
            ("123 45", "US", "12345"),
            ("01310-100", "US", "01310-100"),
            ("ab 12", "XX", "AB 12"),
        ] {
            assert_eq!(standard(text, None, region).as_deref(), Some(expected), "{text} {region}");
        }
    }
}
