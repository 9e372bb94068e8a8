//! E-mail addresses.

use std::borrow::Cow;

use domain::covered;
use email_address::{EmailAddress, Options};
use unicode_normalization::UnicodeNormalization;

/// The standard form: the bare address in small letters.
///
/// RFC 5321 lets a host tell `Thomas@` from `thomas@`; in practice none does, so the local part
/// is lower-cased, too. Quoted local parts and address literals are not read, nor mailboxes of which a part
/// is covered: `o***@example.com`.
pub(super) fn standard(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let bare = bare(&text);
    if bare.bytes().any(|byte| {
        matches!(
            byte,
            b' ' | b'"' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'\\' | b',' | b';' | b':'
        )
    }) {
        return None;
    }
    if !is_plain(bare) {
        parse(bare)?;
    }
    if bare.split('@').next().is_some_and(covered::mailbox) {
        return None;
    }
    if bare.len() == text.len() && is_lower_ascii(&text) {
        return Some(text);
    }
    if bare.is_ascii() {
        return Some(Cow::Owned(bare.to_ascii_lowercase()));
    }
    Some(Cow::Owned(bare.to_lowercase().nfkc().collect()))
}

fn parse(bare: &str) -> Option<EmailAddress> {
    let options = Options::default().with_required_tld().without_domain_literal();
    EmailAddress::parse_with_options(bare, options.without_display_text()).ok()
}

/// Whether it is an address as most are, which needs no closer look: letters, digits and `-` parted by
/// single dots, `_` and `+` in the local part alone.
fn is_plain(bare: &str) -> bool {
    let Some((local, domain)) = bare.split_once('@') else { return false };
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric();
    let is_atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|b| is_letter(b) || matches!(b, b'-' | b'_' | b'+'))
    };
    let is_label = |label: &str| {
        let bytes = label.as_bytes();
        let ends =
            bytes.first().is_some_and(|b| is_letter(*b)) && is_letter(bytes[bytes.len() - 1]);
        ends && bytes.len() <= 63 && bytes.iter().all(|b| is_letter(*b) || *b == b'-')
    };
    local.len() <= 64
        && domain.len() <= 254
        && local.split('.').all(is_atom)
        && domain.contains('.')
        && domain.split('.').all(is_label)
}

fn is_lower_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

/// The address within a display name, a link or quotes.
fn bare(text: &str) -> &str {
    let mut bare = text;
    if let Some(open) = bare.rfind('<')
        && let Some(length) = bare[open..].find('>')
    {
        bare = &bare[open + 1..open + length];
    }
    loop {
        let before = bare.len();
        // A dot in front is not known to be a slip: nobody's address begins with one.
        bare = bare.trim_matches([' ', '"', '\'', ',', ';']).trim_end_matches('.');
        if bare.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
            bare = &bare[7..];
            bare = bare.split_once('?').map_or(bare, |(address, _)| address);
        }
        if bare.len() == before {
            return bare;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_address_is_one_after_a_closer_look() {
        let long = "a".repeat(64);
        let locals = [
            "a",
            "a.b",
            "A-b_c+d",
            ".a",
            "a.",
            "a..b",
            "",
            "é",
            "a!b",
            &long,
            &(long.clone() + "b"),
        ];
        let domains = [
            "x.org",
            "x-y.Z.com",
            "x",
            "x..y",
            ".x.y",
            "x.y.",
            "-x.y",
            "x-.y",
            "x_y.z",
            "é.de",
            "1.2",
            "",
        ];
        let mut plain = 0;
        for address in
            locals.iter().flat_map(|local| domains.map(|domain| format!("{local}@{domain}")))
        {
            assert!(!is_plain(&address) || parse(&address).is_some(), "{address}");
            plain += usize::from(is_plain(&address));
        }
        assert_eq!((plain, is_plain("a@b@x.org"), is_plain("a.x.org")), (12, false, false));
    }

    #[test]
    fn addresses() {
        let table = [
            ("thomas.pace@example.com", Some("thomas.pace@example.com")),
            ("Thomas.Pace@EXAMPLE.com", Some("thomas.pace@example.com")),
            ("mailto:thomas@example.com?subject=hi", Some("thomas@example.com")),
            ("MAILTO:thomas@example.com", Some("thomas@example.com")),
            ("Thomas Pace <Thomas@Example.org>", Some("thomas@example.org")),
            ("<thomas@example.org>", Some("thomas@example.org")),
            ("'thomas@example.org'", Some("thomas@example.org")),
            ("thomas@example.org;", Some("thomas@example.org")),
            ("thomas+news@example.com", Some("thomas+news@example.com")),
            ("o'hara@example.com", Some("o'hara@example.com")),
            ("jörg@müller.example", Some("jörg@müller.example")),
            ("thomas@localhost", None),
            ("thomas.example.com", None),
            ("thomas@@example.com", None),
            ("thomas @example.com", None),
            ("thomas@example..com", None),
            ("a@example.com, b@example.com", None),
            ("@example.com", None),
            (".ann@example.com", None),
            ("<.ann@example.com>", None),
            ("mailto:.ann@example.com", None),
            ("ann.@example.com", None),
            ("ann@example.com.", Some("ann@example.com")),
            ("thomas@", None),
            ("o***@example.com", None),
            ("xxxxx@example.com", None),
            ("T•••s@example.com", None),
            ("Thomas <t**@example.com>", None),
            ("xxl@example.com", Some("xxl@example.com")),
        ];
        for (text, expected) in table {
            assert_eq!(standard(Cow::Borrowed(text)).as_deref(), expected, "{text}");
        }
    }
}
