//! What the settings changed, shown at the next session of each of the people, until they say that they have read it.

use crate::effect::{Effect, Ticket};
use crate::model::{Confirm, Confirmed, Layer, Model};
use crate::question::Answer;
use domain::Sequence;
use door::Outcome;
use door::operations::{Acknowledge, OwnChanges};
use door::views::PolicyView;

/// Asks what waits.
pub(super) fn ask() -> Effect {
    Effect::ask(Ticket::Policy, OwnChanges { all: false })
}

/// Shows what waits. It comes over whatever is there, and is asked again next time unless it is answered.
pub(super) fn told(model: &mut Model, view: &PolicyView) -> Vec<Effect> {
    // Whoever has begun something is not interrupted.
    if !view.waits || !model.layers.is_empty() {
        return Vec::new();
    }
    let counted = view.counted();
    let question = format!("{counted}: have you read what changed?");
    // A yes counts once all of them were shown.
    let lines = view.lines();
    let then = Confirmed::Acknowledge(view.in_force);
    model.layers.push(Layer::Confirm(Confirm { question, lines, then }));
    Vec::new()
}

/// Says that it was read.
pub(super) fn acknowledge(adopted: Sequence) -> Vec<Effect> {
    vec![Effect::ask(Ticket::Acknowledged, Acknowledge { adopted })]
}

/// What came of that.
pub(super) fn acknowledged(model: &mut Model, answer: Outcome<Answer>) -> Vec<Effect> {
    match answer {
        Ok(_) => model.say("acknowledged; steward govern changes --all shows it again"),
        Err(why) => model.complain(format!("not acknowledged: {why}")),
    }
    Vec::new()
}
