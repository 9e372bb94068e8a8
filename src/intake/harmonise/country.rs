//! Countries.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::clean::key;
use super::country_names::COUNTRIES;

static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = HashMap::with_capacity(COUNTRIES.len() * 4);
    for (alpha_2, alpha_3, list) in COUNTRIES {
        names.insert(key(alpha_3), alpha_2);
        for name in list.split('|') {
            names.entry(key(name)).or_insert(alpha_2);
        }
    }
    names
});

/// The standard form: ISO 3166-1 alpha-2, from either code or a name in one of several languages.
pub(super) fn standard(text: &str) -> Option<&'static str> {
    if let [first, second] = *text.as_bytes()
        && text.is_ascii()
    {
        let code = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
        let found = COUNTRIES.binary_search_by(|(alpha_2, _, _)| alpha_2.as_bytes().cmp(&code));
        if let Ok(at) = found {
            return Some(COUNTRIES[at].0);
        }
    }
    if text.len() > 80 {
        return None;
    }
    BY_NAME.get(&key(text)).copied().or_else(|| on_vehicles(text))
}

/// What stands on vehicles for a country and nowhere else: the sign that letters abroad once had before the
/// postcode, in capitals.
const ON_VEHICLES: [(&str, &str); 15] = [
    ("A", "AT"),
    ("B", "BE"),
    ("D", "DE"),
    ("E", "ES"),
    ("F", "FR"),
    ("FL", "LI"),
    ("H", "HU"),
    ("I", "IT"),
    ("J", "JP"),
    ("L", "LU"),
    ("N", "NO"),
    ("P", "PT"),
    ("S", "SE"),
    ("SLO", "SI"),
    ("BIH", "BA"),
];

fn on_vehicles(text: &str) -> Option<&'static str> {
    let sign = text.trim().trim_end_matches('.');
    ON_VEHICLES.iter().find(|(known, _)| *known == sign).map(|(_, country)| *country)
}

/// Whether two letters are a country's code.
pub(super) fn is_code(text: &str) -> bool {
    COUNTRIES.iter().any(|(alpha_2, _, _)| alpha_2.eq_ignore_ascii_case(text))
}

/// Whether a delivered text may be a country or something else: `NA` is oftener `not available` than
/// Namibia, and there are two countries called Congo.
pub(super) fn is_ambiguous(text: &str) -> bool {
    text.eq_ignore_ascii_case("na") || key(text) == "congo"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_whole() {
        assert_eq!(COUNTRIES.len(), 250);
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (alpha_2, alpha_3, names) in COUNTRIES {
            for name in names.split('|').chain([alpha_2, alpha_3]) {
                assert_eq!(standard(name), Some(alpha_2), "{name}");
            }
        }
    }

    #[test]
    fn countries() {
        let table = [
            ("us", Some("US")),
            ("U.S.A.", Some("US")),
            ("united states of america", Some("US")),
            ("DEUTSCHLAND", Some("DE")),
            ("Österreich", Some("AT")),
            ("Oesterreich", Some("AT")),
            ("cote d'ivoire", Some("CI")),
            ("UK", Some("GB")),
            ("日本", Some("JP")),
            ("XX", None),
            ("D", Some("DE")),
            ("A", Some("AT")),
            ("F", Some("FR")),
            ("I", Some("IT")),
            ("B", Some("BE")),
            ("L", Some("LU")),
            ("CH", Some("CH")),
            ("NL", Some("NL")),
            ("FL", Some("LI")),
            ("SLO", Some("SI")),
            ("d", None),
            ("X", None),
            ("M", None),
            ("xk", Some("XK")),
            ("Kosovo", Some("XK")),
            ("Atlantis", None),
        ];
        for (text, expected) in table {
            assert_eq!(standard(text), expected, "{text}");
        }
    }
}
