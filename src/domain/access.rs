//! What became of what people log in with.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::counted;

/// Something became of what a person logs in with. It names stewards and counts: no code, no secret, no address, and
/// nothing of a customer, so that no erasure changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessNoted {
    /// Whose it is, as in `[people.*]`.
    pub person: String,
    /// What.
    pub what: AccessChange,
}

/// Somebody's role refused them something, for the first time in a session. It names no value and nothing that
/// was asked about, so that no erasure changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedByRole {
    /// The verb they lack.
    pub verb: String,
    /// Their role; none where they have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// In a line.
impl RefusedByRole {
    /// What stands for a verb where somebody tried to adopt alone what takes two people.
    pub const ALONE: &'static str = "adopt own settings";
    /// The same where they tried to approve or reject what somebody else has to judge.
    pub const NOT_THEIRS: &'static str = "judge a proposal";
}

impl fmt::Display for RefusedByRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RefusedByRole { verb, role } = self;
        match role {
            _ if verb == Self::ALONE => {
                f.write_str("was refused to adopt own settings: it takes two people")
            }
            _ if verb == Self::NOT_THEIRS => {
                f.write_str("was refused to judge a proposal: it is for somebody else to approve")
            }
            Some(role) => write!(f, "was refused {verb}: the role {role} may not"),
            None => write!(f, "was refused {verb}: they have no role"),
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessChange {
    /// A second factor is in force, with new recovery codes.
    Enrolled {
        /// How many.
        recovery_codes: u32,
    },
    /// Their second factor was removed, with its recovery codes.
    Reset,
    /// They came in with a recovery code.
    RecoveryCodeUsed {
        /// How many are left.
        left: u32,
    },
    /// Too many wrong codes were typed by whoever had proved a key of theirs.
    LockedOut {
        /// How long no code of theirs is looked at.
        seconds: u64,
    },
}

impl AccessChange {
    /// Whether it happens to whoever logs in, and is nobody else's to say.
    #[must_use]
    pub fn is_own(self) -> bool {
        match self {
            AccessChange::Enrolled { .. } | AccessChange::Reset => false,
            AccessChange::RecoveryCodeUsed { .. } | AccessChange::LockedOut { .. } => true,
        }
    }
}

/// In a line.
impl fmt::Display for AccessNoted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AccessNoted { person, what } = self;
        let codes = |count: u32| counted(u64::from(count), "recovery code", "recovery codes");
        match *what {
            AccessChange::Enrolled { recovery_codes } => {
                write!(f, "enrolled a second factor for {person}, with {}", codes(recovery_codes))
            }
            AccessChange::Reset => write!(f, "removed the second factor of {person}"),
            AccessChange::RecoveryCodeUsed { left } => {
                write!(f, "{person} logged in with a recovery code; {} left", codes(left))
            }
            AccessChange::LockedOut { seconds } => {
                write!(f, "{person} is locked out for {seconds} s: too many wrong codes")
            }
        }
    }
}
