//! Who answers a question: the person it was asked of, or who stands in for them. A question to somebody whom
//! `[people.*]` does not name, such as a role, is anybody's to answer.

use super::core::Desk;
use super::error::Decided;
use domain::{Task, TaskState, nearest};
use door::{Action, Refusal, Request};
use settings::Person;

impl Desk {
    /// Refuses an answer to a question that was asked of somebody else.
    pub(super) fn may_answer(&self, request: &Request) -> Decided<()> {
        let (Action::Answer, Some(task)) = (&request.action, request.task) else { return Ok(()) };
        let Some(entry) = self.facts().view.task(task)? else { return Ok(()) };
        match self.not_theirs_to_answer(&entry.task) {
            Some(why) => Err(Refusal::DoesNotApply { why }.into()),
            None => Ok(()),
        }
    }

    /// Why the person the desk is working for may not answer the question about a task; `None` where they may, or
    /// where nobody was asked.
    pub(super) fn not_theirs_to_answer(&self, task: &Task) -> Option<String> {
        let TaskState::Escalated { to, .. } = &task.state else { return None };
        let task = task.id;
        let others = match whose(&self.settings().people, to) {
            Some(others) if to != self.actor() && !others.iter().any(|it| it == self.actor()) => {
                others
            }
            _ => return None,
        };
        Some(match others {
            [] => format!(
                "{task} was asked of {to}, so {to} answers it; to let others, list them in \
                 `stand_ins` of [people.{to}]"
            ),
            others => format!(
                "{task} was asked of {to}, so {to} answers it, or {} instead",
                others.join(", ")
            ),
        })
    }
}

/// That nobody is called so who is asked, where one of `[people.*]` may be meant; a role is nobody's name.
pub(super) fn doubted(people: &[Person], action: &Action) -> Option<String> {
    let (Action::Escalate { to } | Action::Ask { to, .. }) = action else { return None };
    let ids = || people.iter().map(|person| person.id.as_str());
    let to = to.trim();
    if ids().any(|id| id == to) {
        return None;
    }
    let lower = to.to_lowercase();
    let is_called = |person: &&Person| {
        person.name.to_lowercase() == lower || person.unix.as_deref() == Some(to)
    };
    let called = people.iter().find(is_called).map(|person| person.id.as_str());
    let meant = called.or_else(|| nearest::name(to, ids()))?;
    Some(format!("nobody in [people] is called {to}: did you mean {meant}?"))
}

/// Who may answer instead of somebody; `None` where everybody may.
fn whose<'s>(people: &'s [Person], asked: &str) -> Option<&'s [String]> {
    people.iter().find(|person| person.id == asked).map(|person| person.stand_ins.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_nearly_somebodys_is_doubted_and_a_role_is_not() {
        let person = |id: &str| Person {
            id: id.to_owned(),
            name: format!("{id} Novak"),
            unix: Some(format!("u-{id}")),
            keys: Vec::new(),
            second_factor: false,
            stand_ins: Vec::new(),
            role: None,
        };
        let people = ["kim", "samuel", "lee"].map(person);
        let doubted = |to: &str| doubted(&people, &Action::Escalate { to: to.to_owned() });
        for (to, meant) in [
            ("kim", None),
            (" kim ", None),
            ("kimm", Some("kim")),
            ("KIM", Some("kim")),
            ("sameul", Some("samuel")),
            ("Kim novak", Some("kim")),
            ("u-lee", Some("lee")),
            ("lead", None),
            ("compliance", None),
            ("", None),
        ] {
            let told = meant
                .map(|meant| format!("nobody in [people] is called {to}: did you mean {meant}?"));
            assert_eq!(doubted(to), told, "{to}");
        }
        assert_eq!(super::doubted(&[], &Action::Escalate { to: "kimm".to_owned() }), None);
        assert_eq!(super::doubted(&people, &Action::Answer), None);
    }
}
