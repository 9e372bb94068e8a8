//! E-mail addresses.

use std::borrow::Cow;

use email_address::{EmailAddress, Options};
use unicode_normalization::UnicodeNormalization;

/// The standard form: the bare address in small letters.
///
/// RFC 5321 lets a host tell `Thomas@` from `thomas@`; in practice none does, so the local part
/// is lower-cased, too. Quoted local parts and address literals are not read.
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
    let options = Options::default().with_required_tld().without_domain_literal();
    EmailAddress::parse_with_options(bare, options.without_display_text()).ok()?;
    if bare.len() == text.len() && is_lower_ascii(&text) {
        return Some(text);
    }
    if bare.is_ascii() {
        return Some(Cow::Owned(bare.to_ascii_lowercase()));
    }
    Some(Cow::Owned(bare.to_lowercase().nfkc().collect()))
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
        bare = bare.trim_matches([' ', '"', '\'', ',', ';', '.']);
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
            ("thomas@", None),
        ];
        for (text, expected) in table {
            assert_eq!(standard(Cow::Borrowed(text)).as_deref(), expected, "{text}");
        }
    }
}
