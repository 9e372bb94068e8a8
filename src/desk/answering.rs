//! Who answers a question: the person it was asked of, or who stands in for them. A question to somebody whom
//! `[people.*]` does not name, such as a role, is anybody's to answer.

use super::core::Desk;
use super::error::Decided;
use domain::TaskState;
use door::{Action, Refusal, Request};
use settings::Person;

impl Desk {
    /// Refuses an answer to a question that was asked of somebody else.
    pub(super) fn may_answer(&self, request: &Request) -> Decided<()> {
        let (Action::Answer, Some(task)) = (&request.action, request.task) else { return Ok(()) };
        let Some(entry) = self.facts().view.task(task)? else { return Ok(()) };
        let TaskState::Escalated { to, .. } = &entry.task.state else { return Ok(()) };
        let others = match whose(&self.settings().people, to) {
            Some(others) if to != self.actor() && !others.iter().any(|it| it == self.actor()) => {
                others
            }
            _ => return Ok(()),
        };
        let why = match others {
            [] => format!(
                "{task} was asked of {to}, so {to} answers it; to let others, list them in \
                 `stand_ins` of [people.{to}]"
            ),
            others => format!(
                "{task} was asked of {to}, so {to} answers it, or {} instead",
                others.join(", ")
            ),
        };
        Err(Refusal::DoesNotApply { why }.into())
    }
}

/// Who may answer instead of somebody; `None` where everybody may.
fn whose<'s>(people: &'s [Person], asked: &str) -> Option<&'s [String]> {
    people.iter().find(|person| person.id == asked).map(|person| person.stand_ins.as_slice())
}
