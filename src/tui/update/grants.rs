//! A stratum is granted: the number is typed, and its joins are merged a portion at a time.

use super::{navigate, queue};
use crate::effect::{Effect, Ticket};
use crate::model::Model;
use crate::question::Answer;
use domain::{CensusId, counted};
use door::Outcome;
use door::operations::{GiveGrant, LastDecision};

/// A number was typed.
pub(super) fn typed(
    model: &mut Model,
    (census, joins): (CensusId, u64),
    text: &str,
) -> Vec<Effect> {
    if text.parse() != Ok(joins) {
        let waiting = counted(joins, "join waits", "joins wait");
        model.complain(format!("{waiting}: nothing was merged"));
        return Vec::new();
    }
    give(GiveGrant { census, joins, reason: None, note: None, bulk: None, rehearse: false }, 0)
}

fn give(portion: GiveGrant, before: u64) -> Vec<Effect> {
    vec![Effect::ask(Ticket::Grant { portion: Box::new(portion.clone()), before }, portion)]
}

/// A portion was merged, or refused.
pub(super) fn given(
    model: &mut Model,
    (portion, before): (GiveGrant, u64),
    answer: Outcome<Answer>,
) -> Vec<Effect> {
    match answer {
        Ok(Answer::GiveGrant(given)) => {
            let made = before + given.made;
            if given.to_go > 0 {
                return give(GiveGrant { bulk: given.bulk, ..portion }, made);
            }
            let merged = counted(made, "customer", "customers");
            let left = match given.left {
                0 => String::new(),
                left => format!(", {} left to people", counted(left, "join", "joins")),
            };
            model.say_done(format!("{} granted: {merged} merged away{left}", portion.census));
        }
        other => {
            let why = super::answers::said(&other);
            model.complain(match before {
                0 => why,
                merged => format!("{merged} merged away, then: {why}"),
            });
        }
    }
    let mut effects = Vec::new();
    if model.overview().is_some() {
        effects = navigate::reload(model);
    }
    effects.push(queue::ask_changes(model));
    effects.push(Effect::ask(Ticket::WouldUndo, LastDecision { undone: false }));
    effects
}
