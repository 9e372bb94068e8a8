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
    BY_NAME.get(&key(text)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_whole() {
        assert_eq!(COUNTRIES.len(), 249);
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
            ("Atlantis", None),
        ];
        for (text, expected) in table {
            assert_eq!(standard(text), expected, "{text}");
        }
    }
}
