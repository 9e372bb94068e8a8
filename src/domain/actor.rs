//! Who made a commit, and what the ledger keeps of how they came.
//!
//! It stands in an entry that no erasure reaches, so it holds nothing of a customer, and of a steward only
//! what says later that it was they: no address of a network, which proves little and is somebody's.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The door a session came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    /// The process that has the workspace open.
    Local,
    /// A socket of this machine.
    Socket,
    /// SSH.
    Ssh,
}

/// How somebody came who made a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The door.
    pub door: Entrance,
    /// The session's name; none of a command that had the workspace to itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// Whether work did it that goes on after whoever began it has left: the rest is of whoever began it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub job: bool,
    /// The fingerprint of the key that was proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Who made a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person, or `steward` for what the machine does by itself.
    pub person: String,
    /// How they came; none in commits from before that was kept.
    pub came: Option<Evidence>,
}

impl Evidence {
    /// Of somebody at the machine itself, in no session that has a name.
    pub const LOCAL: Evidence =
        Evidence { door: Entrance::Local, session: None, job: false, key: None };
}

impl Actor {
    /// Somebody at the machine itself.
    #[must_use]
    pub fn local(person: impl Into<String>) -> Actor {
        Actor { person: person.into(), came: Some(Evidence::LOCAL) }
    }

    /// Who, and the door if it leads to elsewhere: `kim over SSH`.
    #[must_use]
    pub fn told(&self) -> String {
        told(&self.person, self.came.as_ref())
    }
}

/// Who, and the door if it leads to elsewhere: `kim over SSH`.
#[must_use]
pub fn told(person: &str, came: Option<&Evidence>) -> String {
    match came.map(|it| it.door) {
        Some(door @ Entrance::Ssh) => format!("{person} {door}"),
        _ => person.to_owned(),
    }
}

/// Somebody of whom nothing is known but who they are.
impl From<&str> for Actor {
    fn from(person: &str) -> Actor {
        Actor { person: person.to_owned(), came: None }
    }
}

impl From<&Actor> for Actor {
    fn from(actor: &Actor) -> Actor {
        actor.clone()
    }
}

impl fmt::Display for Entrance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Entrance::Local => "at the machine itself",
            Entrance::Socket => "over the socket",
            Entrance::Ssh => "over SSH",
        })
    }
}

/// All of it in one line: `over SSH, session k7f3q-24, key SHA256:…`.
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Evidence { door, session, job, key } = self;
        write!(f, "{door}")?;
        if let Some(session) = session {
            write!(f, ", session {session}")?;
        }
        if *job {
            f.write_str(", as a job")?;
        }
        key.as_ref().map_or(Ok(()), |key| write!(f, ", key {key}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_somebody_came_is_told_in_full_and_in_brief() {
        let ssh = Evidence {
            door: Entrance::Ssh,
            session: Some("k7f3q-24".to_owned()),
            job: true,
            key: Some("SHA256:abc".to_owned()),
        };
        assert_eq!(ssh.to_string(), "over SSH, session k7f3q-24, as a job, key SHA256:abc");
        assert_eq!(Evidence::LOCAL.to_string(), "at the machine itself");
        assert_eq!(Actor { person: "kim".to_owned(), came: Some(ssh) }.told(), "kim over SSH");
        assert_eq!(
            (Actor::local("kim").told(), Actor::from("kim").told()),
            ("kim".into(), "kim".into())
        );
    }
}
