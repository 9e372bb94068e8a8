//! Misspelt well-known e-mail domains.

use rapidfuzz::distance::damerau_levenshtein::distance;

/// Domains that so many people have that a domain one typing error away is an error. Short names
/// are left out: too many real domains lie beside them. The ones reserved for examples
/// (RFC 2606) are in, so that sample data behave like real ones.
const WELL_KNOWN: [&str; 14] = [
    "gmail.com",
    "googlemail.com",
    "yahoo.com",
    "yahoo.co.uk",
    "hotmail.com",
    "hotmail.co.uk",
    "outlook.com",
    "icloud.com",
    "protonmail.com",
    "comcast.net",
    "verizon.net",
    "t-online.de",
    "example.com",
    "example.org",
];

/// Real domains that happen to lie one error away from a well-known one.
const REAL_NEIGHBOURS: [&str; 9] = [
    "mail.com",
    "email.com",
    "ymail.com",
    "zmail.com",
    "fmail.com",
    "cloud.com",
    "iclouds.com",
    "example.net",
    "samples.com",
];

/// Endings that do not exist, and what they were meant to be. (`.co` and `.cm` exist.)
const ENDINGS: [(&str, &str); 15] = [
    ("con", "com"),
    ("cmo", "com"),
    ("ocm", "com"),
    ("vom", "com"),
    ("xom", "com"),
    ("cpm", "com"),
    ("dom", "com"),
    ("comm", "com"),
    ("coom", "com"),
    ("ccom", "com"),
    ("nte", "net"),
    ("ner", "net"),
    ("nett", "net"),
    ("ogr", "org"),
    ("orgg", "org"),
];

/// The domain that was meant, if this one (in lower case) is misspelt.
pub(super) fn corrected(domain: &str) -> Option<String> {
    let ending = with_real_ending(domain);
    let domain = ending.as_deref().unwrap_or(domain);
    neighbour(domain).map(str::to_owned).or(ending)
}

fn with_real_ending(domain: &str) -> Option<String> {
    let (name, ending) = domain.rsplit_once('.')?;
    let (_, meant) = ENDINGS.iter().find(|(wrong, _)| *wrong == ending)?;
    Some(format!("{name}.{meant}"))
}

/// The well-known domain one error away.
fn neighbour(domain: &str) -> Option<&'static str> {
    if WELL_KNOWN.contains(&domain) || REAL_NEIGHBOURS.contains(&domain) {
        return None;
    }
    WELL_KNOWN
        .into_iter()
        .filter(|known| domain.len().abs_diff(known.len()) <= 1)
        .filter(|known| !is_national_sister(domain, known))
        .find(|known| distance(domain.chars(), known.chars()) == 1)
}

/// `hotmail.co.jp` and the like are the same provider elsewhere, no error.
fn is_national_sister(domain: &str, known: &str) -> bool {
    let name = |domain: &str| domain.split('.').next().map(str::to_owned);
    let ending = domain.rsplit('.').next().unwrap_or_default();
    name(domain) == name(known) && ending.len() == 2 && !["co", "cm", "om"].contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_error_beside_a_well_known_domain() {
        for (domain, expected) in [
            ("gmial.com", Some("gmail.com")),
            ("gmail.co", Some("gmail.com")),
            ("gmail.con", Some("gmail.com")),
            ("gmial.con", Some("gmail.com")),
            ("hotmial.com", Some("hotmail.com")),
            ("yaho.com", Some("yahoo.com")),
            ("exmaple.com", Some("example.com")),
            ("acme-tools.con", Some("acme-tools.com")),
            ("gmail.com", None),
            ("mail.com", None),
            ("ymail.com", None),
            ("hotmail.co.jp", None),
            ("hotmail.de", None),
            ("example.net", None),
            ("acme.example", None),
            ("wew.de", None),
        ] {
            assert_eq!(corrected(domain).as_deref(), expected, "{domain}");
        }
    }

    #[test]
    fn what_was_meant_is_never_itself_misspelt() {
        for known in WELL_KNOWN {
            assert_eq!(corrected(known), None);
        }
        for (_, meant) in ENDINGS {
            assert!(ENDINGS.iter().all(|(wrong, _)| *wrong != meant));
        }
    }
}
