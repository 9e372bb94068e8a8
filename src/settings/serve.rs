//! `[serve]`: how `steward serve` lets people in.

use super::reader::{Findings, Table};
use super::ssh_key::{PublicKey, read_key};

/// How people are let in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServeSettings {
    /// The authority whose certificates say who somebody is who comes over SSH.
    pub user_ca: Option<PublicKey>,
}

impl ServeSettings {
    pub(super) fn read(table: &Table<'_>, findings: &mut Findings) -> Self {
        table.only(&["user_ca"], findings);
        let said = table.text("user_ca", findings);
        let user_ca = said.and_then(|said| match read_key(said.text) {
            Ok(key) => Some(key),
            Err(why) => {
                findings.add(said.at, format!("`user_ca` {why}"));
                None
            }
        });
        Self { user_ca }
    }
}

#[cfg(test)]
mod tests {
    use crate::ssh_key::testing::ED25519;
    use crate::{parse, starter};

    #[test]
    fn the_authority_is_a_public_key_or_a_finding() {
        let read = |section: &str| parse(&format!("{}\n{section}", starter("acme", None)));
        assert_eq!(read("").unwrap().serve.user_ca, None);
        let section = format!("[serve]\nuser_ca = \"{ED25519} ca\"\n");
        assert_eq!(read(&section).unwrap().serve.user_ca.unwrap().kind, "ssh-ed25519");
        for (section, expected) in [
            ("[serve]\nuser_ca = \"ssh-ed25519 AAAA\"", "`user_ca` is cut short"),
            ("[serve]\nuser_ca = 1", "`user_ca` should be a text"),
            ("[serve]\nuserca = \"x\"", "did you mean `user_ca`?"),
        ] {
            let findings = read(section).unwrap_err();
            assert!(findings[0].message.contains(expected), "{}", findings[0].message);
        }
    }
}
