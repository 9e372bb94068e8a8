//! Second looks in words: before the answer nothing of the first verdict, afterwards both.

use crate::describe;
use crate::error::DeskError;
use crate::facts::Facts;
use domain::{Commit, Decision, Event};

/// What a commit that is not made yet would do. Of a second look nobody is told beforehand whether it says
/// what the first verdict says.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn foreseen(facts: Facts<'_>, commit: &Commit) -> Result<String, DeskError> {
    let look = commit.events.iter().find_map(|event| match event {
        Event::DecisionMade(made) => {
            Some((&made.decision.subjects, made.decision.second.as_ref()?))
        }
        _ => None,
    });
    match look {
        Some((subjects, look)) => {
            let said = look.second.name();
            Ok(format!(
                "answers again for {}: {said}; changes no customer",
                describe::list(subjects)
            ))
        }
        None => describe::outcome(facts, commit),
    }
}

/// `answered again for C17, C902: merge, as D4 says`.
pub(crate) fn said_again(decision: &Decision, subjects: &str) -> String {
    let Some(look) = &decision.second else { return format!("answered again for {subjects}") };
    let (first, second) = (look.first.name(), look.second.name());
    let told = match (look.agrees, look.first == look.second) {
        (true, _) => format!("as {} says", look.of),
        (false, true) => format!("with other customers than {} says", look.of),
        (false, false) => format!("where {} says {first}", look.of),
    };
    format!("answered again for {subjects}: {second}, {told}")
}
