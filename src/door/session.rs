//! Who asks: the person behind an operation, and the door they came through.

use jiff::tz::TimeZone;

/// Tells sessions of one desk apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// The door a session came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// The process that has the workspace open.
    Local,
    /// A socket of this machine.
    Socket,
    /// SSH.
    Ssh,
    /// Work that goes on after whoever began it has left.
    Job,
}

/// One person at one door. Made where they are known for sure, never read from what they send.
#[derive(Debug, Clone)]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// The steward.
    pub person: String,
    /// How they came.
    pub entrance: Entrance,
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
            zone,
            address: None,
            key_fingerprint: None,
        }
    }
}
