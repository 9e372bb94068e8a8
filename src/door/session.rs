//! Who asks: the person behind an operation, and the door they came through.

use domain::{Actor, Entrance, Evidence};
use jiff::tz::TimeZone;

/// Tells sessions of one desk apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// One person at one door. Made where they are known for sure, never read from what they send.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// The steward.
    pub person: String,
    /// How they came.
    pub entrance: Entrance,
    /// What the ledger calls it: a name that no other session of the workspace has, whichever process it
    /// belonged to. None for a command that has the workspace to itself.
    pub name: Option<String>,
    /// Whether they own the workspace's files and are nobody in `[people.*]`: no role binds them.
    pub owns_files: bool,
    /// Whether it is work that goes on after whoever began it has left.
    pub job: bool,
    /// Where their days begin.
    pub zone: TimeZone,
    /// Where they came from; `None` means this machine.
    pub address: Option<String>,
    /// The fingerprint of the key they proved.
    pub key_fingerprint: Option<String>,
}

impl Session {
    /// The session of whoever runs this process.
    #[must_use]
    pub fn local(person: impl Into<String>, zone: TimeZone) -> Self {
        Self {
            id: SessionId(0),
            person: person.into(),
            entrance: Entrance::Local,
            name: None,
            owns_files: false,
            job: false,
            zone,
            address: None,
            key_fingerprint: None,
        }
    }

    /// Whether `[roles.*]` binds them: whoever is at the machine itself has the files, and could do anything.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.entrance != Entrance::Local && !self.owns_files
    }

    /// Its person and how they came, as the ledger keeps it. The address is not in it: `SECURITY.md` says why.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let came = Evidence {
            door: self.entrance,
            session: self.name.clone(),
            job: self.job,
            key: self.key_fingerprint.clone(),
        };
        Actor { person: self.person.clone(), came: Some(came) }
    }
}
