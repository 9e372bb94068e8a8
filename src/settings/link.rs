//! `link` of a source: where its records stand in their own system.

use super::reader::{Findings, Table};
use super::source::Source;

/// What stands in the place of a record's key.
const KEY: &str = "{key}";

pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Option<String> {
    let link = table.text("link", findings)?;
    let is_web = ["https://", "http://"].iter().any(|scheme| link.text.starts_with(scheme));
    let is_plain = link.text.chars().all(|c| c.is_ascii_graphic());
    // A key decides no host: it comes from a file.
    let host = link.text.split("://").nth(1).and_then(|rest| rest.split('/').next());
    let is_host = host.is_some_and(|host| !host.is_empty() && !host.contains(KEY));
    if is_web && is_plain && is_host && link.text.contains(KEY) {
        return Some(link.text.to_owned());
    }
    findings.add(
        link.at,
        format!(
            "`link` of {} must be a web address with {KEY} in its path: \
             https://crm.example/contacts/{KEY}",
            table.title
        ),
    );
    None
}

impl Source {
    /// Where the record of that key stands in its own system; none where the settings do not say.
    #[must_use]
    pub fn link_of(&self, key: &str) -> Option<String> {
        let link = self.link.as_ref()?;
        Some(link.replace(KEY, &encoded(key)))
    }
}

/// A text in which nothing means anything in an address (RFC 3986): all but the unreserved is escaped.
fn encoded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use domain::SourceName;

    #[test]
    fn a_key_is_a_part_of_the_path_whatever_it_holds() {
        let link = Some("https://crm.example/contacts/{key}?tab=1".to_owned());
        let source = Source { link, ..Source::named(SourceName::new("crm")) };
        for (key, encoded) in [
            ("1042", "1042"),
            ("a b", "a%20b"),
            ("../admin", "..%2Fadmin"),
            ("1?x=2#y", "1%3Fx%3D2%23y"),
            ("\u{e9}", "%C3%A9"),
            ("\u{1b}]8;;", "%1B%5D8%3B%3B"),
        ] {
            let expected = format!("https://crm.example/contacts/{encoded}?tab=1");
            assert_eq!(source.link_of(key), Some(expected));
        }
    }

    #[test]
    fn what_is_no_address_with_a_key_is_a_finding() {
        let settings = |link: &str| {
            parse(&format!(
                "[workspace]\nname = \"a\"\n[fields.city]\ntype = \"city\"\n[sources.crm]\nkey = \"id\"\n\
                 link = \"{link}\"\nmap = {{ city = \"c\" }}\n"
            ))
        };
        assert!(settings("https://crm.example/{key}").is_ok());
        for link in [
            "crm.example/{key}",
            "https://crm.example/",
            "https://{key}.example/",
            "https:///{key}",
            "javascript:alert({key})",
            "file:///{key}",
            "https://crm.example/a b/{key}",
        ] {
            let findings = settings(link).unwrap_err();
            assert!(format!("{findings:?}").contains("a web address"), "{link}");
        }
    }
}
