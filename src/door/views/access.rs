//! Who may do what: the access review.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Acknowledged;
use domain::FieldName;

/// Who may do what now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessView {
    /// Whether there are roles; without any, whoever comes in may do everything.
    pub has_roles: bool,
    /// The people of `[people.*]`, in the order of the file.
    pub people: Vec<PersonAccess>,
    /// Roles that nobody has.
    pub unused: Vec<String>,
    /// Since when unmaskings, exports and refusals are counted.
    pub since: Timestamp,
}

/// One person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonAccess {
    /// As the ledger calls them.
    pub person: String,
    /// As people call them.
    pub name: String,
    /// Their role; none where they have none.
    pub role: Option<String>,
    /// The Unix user they come as.
    pub unix: Option<String>,
    /// The fingerprints of the keys they come with.
    pub keys: Vec<String>,
    /// Whether they type a one-time code as well.
    pub second_factor: bool,
    /// The verbs they may use; all of them where there are no roles.
    pub may: Vec<String>,
    /// The fields they see masked, each with how.
    pub masked: Vec<(FieldName, String)>,
    /// The fields of these that they may unmask.
    pub unmask: Vec<FieldName>,
    /// When they last changed or recorded anything; none: never.
    pub last_seen: Option<Timestamp>,
    /// How often they have unmasked something since.
    pub unmasked: u64,
    /// How often they have exported something since.
    pub exported: u64,
    /// How often their role has refused them something since.
    pub refused: u64,
    /// Which settings they have acknowledged; none where nobody is asked.
    pub acknowledged: Option<Acknowledged>,
}
