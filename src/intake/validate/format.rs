//! `format`: the value is of its field type's form.
//!
//! Reading it is the harmoniser's work, so a value holds if that could read it; on top an e-mail
//! address must not end in a misspelt well-known domain: the syntax is fine, the mail never arrives.
//! And no letter of a text may have been lost on its way (`JosÃ©`), whatever type it is of; in a name or an
//! address no dump may have left what it wrote for a line break or a quote (`Har\nker`, `O\'Brien`).

use super::email_domain;
use domain::{FieldType, Value};

/// Whether the value is readable and plausible.
pub(super) fn holds(value: &Value, field_type: FieldType) -> bool {
    let Some(standard) = value.standard() else { return false };
    if super::is_garbled(value) {
        return false;
    }
    match field_type {
        FieldType::Email => standard
            .rsplit_once('@')
            .is_some_and(|(_, domain)| email_domain::corrected(domain).is_none()),
        name if name.is_proper_name() => !has_escape(standard) && without_tags(standard).is_none(),
        _ => true,
    }
}

/// Whether a backslash stands before a letter for a sign that nobody sees, or before a quote.
fn has_escape(text: &str) -> bool {
    let mut pairs = text.as_bytes().windows(2);
    pairs.any(|pair| pair[0] == b'\\' && b"ntr0bZ\\\"'".contains(&pair[1]))
}

/// What a web page's tags leave of a text: `<b>Smith</b>`, `Smith<br/>`; none where it has none.
pub(super) fn without_tags(text: &str) -> Option<String> {
    const TAGS: [&str; 18] = [
        "a", "b", "br", "div", "em", "font", "h1", "h2", "h3", "i", "li", "p", "s", "small",
        "span", "strong", "td", "u",
    ];
    let (mut plain, mut rest) = (String::new(), text);
    while let Some((before, behind)) = rest.split_once('<') {
        let (tag, after) = behind.split_once('>')?;
        let name =
            tag.trim_matches('/').split(' ').next().unwrap_or_default().trim_end_matches('/');
        if !TAGS.contains(&name.to_ascii_lowercase().as_str()) {
            return None;
        }
        plain.push_str(before);
        plain.push(' ');
        rest = after;
    }
    plain.push_str(rest);
    let words: Vec<&str> = plain.split_whitespace().collect();
    (rest.len() < text.len() && !words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_a_page_are_no_part_of_a_name() {
        for (text, plain) in [
            ("<b>Smith</b>", Some("Smith")),
            ("Smith<br/>", Some("Smith")),
            ("Smith<br />Lee", Some("Smith Lee")),
            ("<p>Ann</p>", Some("Ann")),
            ("<span class=\"x\">Ann</span> Lee", Some("Ann Lee")),
            ("<A HREF=x>Ann</A>", Some("Ann")),
            ("Smith <jr>", None),
            ("Ann <ann@example.com>", None),
            ("a < b > c", None),
            ("<b>", None),
            ("<", None),
            ("Smith", None),
        ] {
            assert_eq!(without_tags(text).as_deref(), plain, "{text}");
        }
        assert!(!holds(&Value::as_delivered("<i>Ann</i>"), FieldType::GivenName));
    }

    #[test]
    fn what_a_dump_left_of_a_sign_is_no_part_of_a_name() {
        let holds = |text: &str, field_type| holds(&Value::as_delivered(text), field_type);
        for text in
            ["Har\\nker", "Har\\tker", "Ann\\r", "O\\'Brien", "A \\\"B\\\"", "a\\\\b", "x\\0"]
        {
            for field_type in [FieldType::FamilyName, FieldType::Street, FieldType::City] {
                assert!(!holds(text, field_type), "{text}");
            }
            assert!(holds(text, FieldType::Text), "{text}");
        }
        for text in ["Harker", "Har\\ker", "n\\", "A/B"] {
            assert!(holds(text, FieldType::FamilyName), "{text}");
        }
    }
}
