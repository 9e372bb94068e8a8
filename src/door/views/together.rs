//! What the others are doing.

use serde::{Deserialize, Serialize};

use domain::{CustomerId, DecisionId, FieldName, QueueOrder, Sequence, TaskId};
use jiff::Timestamp;

use crate::Pick;

/// That others have done something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changed {
    /// What the next [`Changes`](crate::operations::Changes) counts from.
    pub at: u64,
    /// The last commit.
    pub head: Sequence,
    /// How many people were erased since the workspace was opened: whoever sees that change shows anew what
    /// they show, and forgets what was typed.
    #[serde(default)]
    pub erased: u64,
}

/// Where a person is in their review: what they come back to when their line was cut.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The filter of the queue.
    pub filter: Option<String>,
    /// Its order.
    pub order: QueueOrder,
    /// The task under its cursor.
    pub cursor: Option<TaskId>,
    /// The task that is open.
    pub open: Option<TaskId>,
    /// What is marked and picked on it.
    pub draft: Option<Begun>,
}

/// What is marked and picked on a task, and not decided. No value is in it: what was typed is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The version of the task that was on the screen.
    pub version: Sequence,
    /// Each customer's letter; `None` means nothing is said about it.
    pub marks: Vec<(CustomerId, Option<char>)>,
    /// What is picked for the golden record, and who wins, as the screen writes it.
    pub picks: Vec<(FieldName, Pick, char)>,
}

/// What somebody said about a task or a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentView {
    /// The decision that it stands in: undone, it is withdrawn.
    pub decision: DecisionId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What; `None` means it was erased with a person.
    pub text: Option<String>,
    /// The task it was said about, if it was one.
    pub task: Option<TaskId>,
}

/// Who else is at a task, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OthersView {
    /// Who works on it, if somebody else does.
    pub claimed: Option<String>,
    /// The others who look at it.
    pub looking: Vec<String>,
    /// What happened since the version that was seen, a line each, with who did it.
    pub since: Vec<String>,
    /// Nothing is left to decide on it.
    pub ended: bool,
    /// How many comments there are.
    #[serde(default)]
    pub comments: usize,
}

impl OthersView {
    /// Who is there, in a sentence: `kim is working on it`; `None` means nobody.
    #[must_use]
    pub fn who(&self) -> Option<String> {
        match &self.claimed {
            Some(holder) => Some(format!("{holder} is working on it")),
            None => looking(&self.looking).map(|who| format!("{who} at it")),
        }
    }
}

/// That people look at something: `kim and sam are looking`; `None` means nobody does.
#[must_use]
pub fn looking(people: &[String]) -> Option<String> {
    match people {
        [] => None,
        [one] => Some(format!("{one} is looking")),
        [one, other] => Some(format!("{one} and {other} are looking")),
        [one, others @ ..] => Some(format!("{one} and {} others are looking", others.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_at_a_task_is_told_in_one_sentence() {
        let names = |names: &[&str]| names.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        for (claimed, looking, told) in [
            (None, &[][..], None),
            (None, &["kim"], Some("kim is looking at it")),
            (None, &["kim", "sam"], Some("kim and sam are looking at it")),
            (None, &["kim", "ada", "sam"], Some("kim and 2 others are looking at it")),
            (Some("ada"), &["kim"], Some("ada is working on it")),
        ] {
            let claimed = claimed.map(str::to_owned);
            let others = OthersView { claimed, looking: names(looking), ..OthersView::default() };
            assert_eq!(others.who().as_deref(), told);
        }
    }
}
