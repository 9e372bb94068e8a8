//! What the settings changed, shown at the next session of each of the people, until they say that they have read it.

use crate::effect::{Effect, Ticket};
use crate::model::{Confirm, Confirmed, Layer, Model};
use crate::question::Answer;
use crate::text::wrapped;
use domain::Sequence;
use door::Outcome;
use door::operations::{Acknowledge, OwnChanges};
use door::views::PolicyView;

/// Lines that the box shows.
const MOST: usize = 12;
/// Columns of the box that are not its text, and rows of the screen that are not the box's.
const BESIDE: u16 = 12;
const AROUND: u16 = 8;

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
    let lines = view.lines();
    let (columns, rows) = model.size;
    let room = usize::from(columns.saturating_sub(BESIDE)).max(8);
    let needed: usize = lines.iter().map(|line| wrapped(line, room).len()).sum();
    if needed > MOST.min(usize::from(rows.saturating_sub(AROUND))) {
        // Nobody says that they have read what they were not shown.
        let key = "steward govern changes";
        model.say(format!("{counted}, more than fit here: {key} shows them, steward govern acknowledge says they are read"));
        return Vec::new();
    }
    let question = format!("{counted}: have you read what changed?");
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
