//! Postcodes with letters for digits (and the other way round), or a lost leading zero.

use super::confusion::{digit_for, letter_for};
use domain::postcode::with_lost_zeros;

/// The shapes of a country's postcodes: `9` a digit, `A` a letter, the rest as it is.
const SHAPES: [(&str, &[&str]); 35] = [
    ("US", &["99999", "99999-9999"]),
    ("PR", &["99999", "99999-9999"]),
    ("VI", &["99999", "99999-9999"]),
    ("TR", &["99999"]),
    ("UA", &["99999"]),
    ("KR", &["99999"]),
    ("MY", &["99999"]),
    ("SK", &["999 99"]),
    ("LT", &["LT-99999"]),
    ("ZA", &["9999"]),
    ("JP", &["999-9999"]),
    ("CN", &["999999"]),
    ("RO", &["999999"]),
    ("SG", &["999999"]),
    ("KZ", &["999999"]),
    ("CO", &["999999"]),
    ("DE", &["99999"]),
    ("FR", &["99999"]),
    ("IT", &["99999"]),
    ("ES", &["99999"]),
    ("FI", &["99999"]),
    ("MX", &["99999"]),
    ("AT", &["9999"]),
    ("CH", &["9999"]),
    ("BE", &["9999"]),
    ("DK", &["9999"]),
    ("NO", &["9999"]),
    ("AU", &["9999"]),
    ("NZ", &["9999"]),
    ("NL", &["9999 AA"]),
    ("PL", &["99-999"]),
    ("SE", &["999 99"]),
    ("CA", &["A9A 9A9"]),
    ("BR", &["99999-999"]),
    ("GB", &["A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA"]),
];

/// The postcodes of `country` that may be meant, fewest changes first.
pub(super) fn candidates(text: &str, country: &str) -> Vec<String> {
    let Some((_, shapes)) = SHAPES.iter().find(|(of, _)| *of == country) else {
        return Vec::new();
    };
    let letters: String = text.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let mut found: Vec<(usize, String)> =
        shapes.iter().filter_map(|shape| fitted(&letters, shape)).collect();
    if found.is_empty()
        && let Some(whole) = with_lost_zeros(&letters, country)
    {
        found.extend(shapes.iter().filter_map(|shape| fitted(&whole, shape)));
    }
    found.sort();
    found.into_iter().map(|(_, postcode)| postcode).collect()
}

/// The text in this shape, and how many characters had to be read as another one.
fn fitted(letters: &str, shape: &str) -> Option<(usize, String)> {
    let mut rest = letters.chars();
    let mut changes = 0;
    let mut fitted = String::with_capacity(shape.len());
    for place in shape.chars() {
        if place != '9' && place != 'A' {
            fitted.push(place);
            continue;
        }
        let given = rest.next()?;
        let read = match place {
            '9' if !given.is_ascii_digit() => digit_for(given)?,
            'A' if given.is_ascii_digit() => letter_for(given)?,
            _ => given,
        };
        changes += usize::from(read != given);
        fitted.push(read);
    }
    rest.next().is_none().then_some((changes, fitted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_and_lost_zeros() {
        for (text, country, expected) in [
            ("627O4", "US", "62704"),
            ("2134", "US", "02134"),
            ("501", "US", "00501"),
            ("21341214", "US", "02134-1214"),
            ("1067", "DE", "01067"),
            ("8O01", "ES", ""),
            ("4001", "SK", "040 01"),
            ("1100", "LT", "LT-01100"),
            ("600000", "JP", "060-0000"),
            ("1310100", "BR", "01310-100"),
            ("950", "PL", "00-950"),
            ("150", "NO", "0150"),
            ("800", "AU", "0800"),
            ("62704 12l4", "US", "62704-1214"),
            ("KIA OBI", "CA", "K1A 0B1"),
            ("SWIA 1AA", "GB", "SW1A 1AA"),
            ("1O12 ab", "NL", "1012 AB"),
            ("627X4", "US", ""),
            ("1234", "AT", "1234"),
            ("1234", "XX", ""),
        ] {
            let found = candidates(text, country).into_iter().next().unwrap_or_default();
            assert_eq!(found, expected, "{text}");
        }
    }
}
