//! Permissions given or refused.

use super::clean::key;

/// The standard form: `yes` or `no`.
pub(super) fn standard(text: &str) -> Option<&'static str> {
    Some(match key(text).as_str() {
        "yes" | "y" | "true" | "t" | "1" | "on" | "ja" | "j" | "oui" | "o" | "si" | "s" | "sim"
        | "tak" | "da" | "optin" | "optedin" | "in" | "granted" | "given" | "accepted"
        | "agreed" | "allowed" | "subscribed" | "active" | "checked" | "x" => "yes",
        "no" | "n" | "false" | "f" | "0" | "off" | "nein" | "nee" | "non" | "nao" | "nie"
        | "nej" | "optout" | "optedout" | "out" | "refused" | "declined" | "denied" | "revoked"
        | "withdrawn" | "unsubscribed" | "inactive" | "unchecked" => "no",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consents() {
        let table = [
            ("TRUE", Some("yes")),
            ("1", Some("yes")),
            ("Opt-in", Some("yes")),
            ("Sí", Some("yes")),
            ("0", Some("no")),
            ("Nein", Some("no")),
            ("opted out", Some("no")),
            ("maybe", None),
            ("2", None),
        ];
        for (text, expected) in table {
            assert_eq!(standard(text), expected, "{text}");
        }
    }
}
