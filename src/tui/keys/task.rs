//! The keys that decide a task: side by side, challenge, fix.

use super::{DIGITS, Kind, Row, c, on_task, place, row, says};
use crate::context::Context;
use crate::model::{Model, TaskScreen};
use crate::update::{decide, drafts, layers, navigate, reasoned, requests};
use domain::{TaskKind, TaskState};

const TASKS: &[Context] = &[Context::Compare, Context::Challenge, Context::Fix];
const COMPARE: &[Context] = &[Context::Compare];
const CHALLENGE: &[Context] = &[Context::Challenge];
const FIX: &[Context] = &[Context::Fix];

place! {
    ANSWER = row("answer", &[c('R')], TASKS,
        "answer the question asked; the task goes back to whoever asked", |model, _| decide::answer(model))
        .needs(&["decide"])
        .hint("answer").kind(Kind::DecidesTask).unless(nobody_asked);
    MERGE = row("merge", &[c('m')], COMPARE,
        "merge: each letter becomes one customer; different letters are not a match",
        |model, _| decide::merge(model)).needs(&["decide"])
        .hint("merge").label(merge_label).effect(merge_effect).kind(Kind::DecidesTask).unless(no_merge);
    NOT_A_MATCH = row("reject-match", &[c('n')], COMPARE,
        "not a match: different letters differ; with only A, all columns differ",
        |model, _| decide::not_a_match(model)).needs(&["decide"]).was(&["not-a-match"])
        .hint("not a match").label(apart_effect).effect(apart_effect).kind(Kind::DecidesTask).unless(single);
    MERGE_WHY = row("merge-why", &[c('M')], COMPARE, "merge, with a reason and a note",
        |model, _| reasoned::merge(model)).needs(&["decide"]).kind(Kind::DecidesTask).unless(no_merge);
    NOT_A_MATCH_WHY = row("reject-match-why", &[c('N')], COMPARE, "not a match, with a reason and a note",
        |model, _| reasoned::not_a_match(model)).needs(&["decide"]).kind(Kind::DecidesTask).unless(single);
    ACCEPT_NEW = row("accept", &[c('a')], CHALLENGE, "accept the new data", |model, _| decide::accept_all(model))
        .needs(&["decide"])
        .hint("accept the new").label(|model| if_vanished(model, "close the record").or_else(|| accepts(model)))
        .kind(Kind::DecidesTask).unless(fetching_it);
    KEEP = row("keep", &[c('r')], CHALLENGE, "keep the earlier decision", |model, _| decide::keep(model))
        .needs(&["decide"])
        .hint("keep the decision").label(|model| if_vanished(model, "keep it").or_else(|| keeps(model)))
        .kind(Kind::DecidesTask).unless(no_keep);
    ANOTHER = row("reject-match", &[c('n')], CHALLENGE, "not a match: the record is another customer's now",
        |model, _| decide::another(model)).needs(&["decide"])
        .hint("another customer").kind(Kind::DecidesTask).unless(not_overlaid);
    ACCEPT = row("accept", &[c('a')], FIX, "accept the suggested value",
        |model, _| decide::accept_suggestion(model)).needs(&["decide"])
        .hint("accept").kind(Kind::DecidesTask).unless(nothing_suggested_for_it);
    ACCEPT_ALL = row("accept-all", &[c('A')], FIX, "accept every suggested value",
        |model, _| decide::accept_all(model)).needs(&["decide"])
        .hint("accept all").kind(Kind::DecidesTask).unless(nothing_suggested);
    MARK = row("mark", &[c(' ')], COMPARE, "column in or out of the group", |model, _| drafts::mark(model))
        .needs(&["decide"])
        .hint("mark").unless(golden);
    LETTER = row("change-letter", &[c('s')], COMPARE, "next group letter for the column",
        |model, _| drafts::next_letter(model)).needs(&["decide"]).was(&["next-letter"]).unless(golden);
    TAKE = row("take", DIGITS, COMPARE, "take that column's value for the golden record", drafts::take)
        .needs(&["fix"])
        .hint("take").each(|model| model.at_hand().map_or(0, TaskScreen::column_count)).unless(nothing_to_take);
    TAKE_ALL = row("take-column", &[c('T')], COMPARE, "take every value of the column under the cursor",
        |model, _| drafts::take_column(model)).needs(&["fix"]).unless(golden);
    TAKE_LABELLED = row("take", DIGITS, FIX, "take the labelled value", decide::take_labelled).needs(&["fix"])
        .hint("take").each(choices).kind(Kind::DecidesTask).unless(nothing_to_take);
    SURVIVORSHIP = row("use-survivorship", &[c('0')], COMPARE, "back to the survivorship choice",
        |model, _| drafts::back_to_survivorship(model)).needs(&["fix"]).was(&["survivorship"]).unless(no_field);
    EDIT = row("edit", &[c('e')], &[Context::Compare, Context::Fix],
        "edit: correct a record, or pin the golden value", |model, _| decide::edit(model)).needs(&["fix"])
        .hint("edit").unless(no_field);
    CLEAR = row("remove-value", &[c('X')], COMPARE,
        "remove the value: what was delivered no longer counts", |model, _| decide::clear(model)).needs(&["fix"])
        .kind(Kind::DecidesTask).unless(nothing_to_remove);
    CLEAR_BROKEN = row("remove-value", &[c('X')], FIX,
        "remove the value: what was delivered no longer counts", |model, _| decide::clear(model)).needs(&["fix"])
        .hint("remove").kind(Kind::DecidesTask).unless(nothing_to_remove);
    ACCEPT_CELL = row("accept", &[c('a')], COMPARE, "accept the suggestion for the value under the cursor",
        |model, _| decide::accept_in_cell(model))
        .needs(&["fix"]).kind(Kind::DecidesTask).unless(nothing_suggested_here);
    WAIVE = row("waive", &[c('W')], COMPARE, "waive the rule it breaks, with a reason",
        |model, _| decide::waive_and_merge(model)).needs(&["decide"])
        .hint("waive").kind(Kind::DecidesTask).unless(nothing_broken);
    WAIVE_ERROR = row("waive", &[c('W')], FIX, "waive the rule it breaks, with a reason",
        |model, _| decide::waive(model)).needs(&["decide"]).hint("waive").kind(Kind::DecidesTask).unless(waived);
    HOLDERS = row("compare-holders", &[c('=')], FIX, "compare with the customers that hold the same value",
        |model, _| navigate::compare_holders(model)).hint("who else has it").unless(no_holders);
    QUARANTINE = row("quarantine", &[c('x')], FIX,
        "set the record aside, with a reason, until its source delivers it again",
        |model, _| decide::quarantine(model))
        .needs(&["decide"]).hint("quarantine").kind(Kind::DecidesTask).unless(fetching_it);
    WHY = row("explain", &[c('w')], TASKS, "why they are suspected; again: the next pair",
        |model, _| layers::why(model)).needs(&["explain"]).was(&["why"]).hint("why").unless(no_pair);
    DEFER = row("defer", &[c('d')], TASKS, "defer: tomorrow, a week, a date, until the data changes",
        |model, _| decide::defer(model)).needs(&["decide"]).hint("defer").kind(Kind::DecidesTask).unless(no_task);
    ESCALATE = row("escalate", &[c('E')], TASKS, "ask someone else", |model, _| decide::escalate(model))
        .needs(&["decide"])
        .kind(Kind::DecidesTask).unless(no_task);
    STEP = row("record-step", &[c('s')], CHALLENGE,
        "record a step of the request: verify, told, extend, note, refuse", |model, _| requests::step(model))
        .needs(&["request"]).hint("step").kind(Kind::DecidesTask).unless(requests::no_request);
    REPEAT = row("repeat", &[c('.')], TASKS, "repeat the last decision's verdict and reason; for a correction, its values too",
        |model, _| decide::repeat(model)).needs(&["decide", "fix"]).kind(Kind::DecidesTask).unless(not_repeatable);
}

fn fetching_it(model: &Model) -> Option<String> {
    on_task(model, |_| None)
}

fn nobody_asked(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let task = screen.view.as_ref().and_then(|view| view.task.as_ref());
        let asked = task.is_some_and(|task| matches!(task.state, TaskState::Escalated { .. }));
        says(!asked, "nobody was asked").or_else(|| {
            // A key of theirs would keep those who may from answering.
            screen.view.as_ref().and_then(|view| view.not_yours_to_answer.clone())
        })
    })
}

fn no_task(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let task = screen.view.as_ref().and_then(|view| view.task.as_ref());
        says(task.is_none(), "no task is about these customers")
    })
}

/// A refusal the desk foretells keeps nobody from pressing the key: it says the whole sentence then.
fn no_merge(model: &Model) -> Option<String> {
    let reason = on_task(model, |screen| {
        says(screen.columns().len() < 2, "there is nothing to merge it with")
    });
    reason.or_else(|| {
        let screen = model.at_hand()?;
        let none = screen.draft.merge_groups(screen.columns()).is_none();
        none.then(|| format!("no letter is on two columns: mark with {}", model.key_for(&MARK)))
    })
}

fn merge_label(model: &Model) -> Option<String> {
    let screen = model.at_hand()?;
    let effect = screen.draft.merge_effect(&screen.labels());
    let refused = screen.refusal().is_some();
    (effect.is_some() || refused).then(|| {
        let effect = effect.unwrap_or_else(|| MERGE.hint.to_owned());
        if refused { format!("{effect} (refused)") } else { effect }
    })
}

fn merge_effect(model: &Model) -> Option<String> {
    let screen = model.at_hand()?;
    match &screen.preview {
        Some(preview) => Some(preview.effect.clone()),
        None => screen.draft.merge_effect(&screen.labels()),
    }
}

fn single(model: &Model) -> Option<String> {
    on_task(model, |screen| says(screen.columns().len() < 2, "there is nothing to compare it with"))
}

fn apart_effect(model: &Model) -> Option<String> {
    let screen = model.at_hand()?;
    screen.draft.apart_effect(&screen.labels())
}

/// What a verdict comes to where it is about records that their source no longer holds.
fn if_vanished(model: &Model, what: &str) -> Option<String> {
    let task = model.at_hand()?.view.as_ref()?.task.as_ref()?;
    says(task.kind == TaskKind::Vanished, what)
}

/// What accepting does to the dispute.
fn accepts(model: &Model) -> Option<String> {
    Some(model.at_hand()?.view.as_ref()?.dispute.as_ref()?.accept.clone())
}

/// What keeping does.
fn keeps(model: &Model) -> Option<String> {
    Some(model.at_hand()?.view.as_ref()?.dispute.as_ref()?.keep.clone())
}

/// Only of a record that is delivered as somebody else's is that an answer.
fn not_overlaid(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let dispute = screen.view.as_ref().and_then(|view| view.dispute.as_ref());
        let is_asked = dispute.is_some_and(|dispute| dispute.apart.is_some());
        says(!is_asked, "the task does not ask whose a record is")
    })
}

/// The refusal of a request needs words, which are typed at the command line.
fn no_keep(model: &Model) -> Option<String> {
    fetching_it(model).or_else(|| {
        let task = model.at_hand()?.view.as_ref()?.task.as_ref()?;
        let is_request = task.kind == TaskKind::Request;
        is_request
            .then(|| format!("to refuse it, press {} and choose refuse", model.key_for(&STEP)))
    })
}

fn nothing_suggested_for_it(model: &Model) -> Option<String> {
    fetching_it(model).or_else(|| {
        let found = model.at_hand()?.current_violation();
        let none = found.is_none_or(|found| !found.is_suggested());
        none.then(|| format!("no suggestion for it: {} edits", model.key_for(&EDIT)))
    })
}

fn nothing_suggested(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let fix = screen.view.as_ref().and_then(|view| view.fix.as_ref());
        let none = |found: &door::views::ViolationView| !found.is_suggested();
        says(fix.is_none_or(|fix| fix.violations.iter().all(none)), "no suggestions")
    })
}

fn nothing_suggested_here(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let suggested = screen.current_cell().is_some_and(|cell| {
            cell.violations.iter().any(door::views::ViolationView::is_suggested)
        });
        says(!suggested, "no suggestion for the value under the cursor")
    })
}

fn golden(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        says(screen.current_column().is_none(), "the golden column has no letter")
    })
}

fn choices(model: &Model) -> usize {
    let found = model.at_hand().and_then(TaskScreen::current_violation);
    found.map_or(0, |found| found.choices.len())
}

fn nothing_to_take(model: &Model) -> Option<String> {
    let reason = on_task(model, |screen| {
        let found = screen.current_violation();
        let none = found.is_some_and(|violation| violation.choices.is_empty());
        says(none, "no other column has a value to take")
    });
    reason.or_else(|| no_field(model))
}

fn no_field(model: &Model) -> Option<String> {
    on_task(model, |screen| says(screen.current_field().is_none(), "there is no field"))
}

fn nothing_to_remove(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let Some((row, field)) = screen.current_field() else {
            return Some("there is no field".to_owned());
        };
        if let Some(violation) = screen.current_violation() {
            return says(violation.now.is_none(), &format!("{} has no value", field.name));
        }
        let Some(column) = screen.current_column() else {
            return Some("golden values come from records: remove it there".to_owned());
        };
        let cell = column.member_of(row).and_then(|member| member.cells.get(row));
        says(cell.is_none_or(|cell| cell.text.is_none()), &format!("{} has no value", field.name))
    })
}

fn nothing_broken(model: &Model) -> Option<String> {
    on_task(model, |screen| says(screen.broken_rules().is_empty(), "it breaks no rule"))
}

fn waived(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let found = screen.current_violation();
        says(found.is_none_or(|found| found.waived.is_some()), "it is already waived")
    })
}

fn no_holders(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let found = screen.current_violation();
        let none = found.is_none_or(|violation| violation.holders.is_empty());
        says(none, "no other customer is known to have the value")
    })
}

pub(super) fn no_pair(model: &Model) -> Option<String> {
    on_task(model, |screen| {
        let view = screen.view.as_ref().filter(|view| view.pairs.is_empty())?;
        Some(match view.is_merged_in_source() {
            true => format!("matching compared no pair: {}", view.reasons.join("; ")),
            false => "there is no pair to explain".to_owned(),
        })
    })
}

fn not_repeatable(model: &Model) -> Option<String> {
    fetching_it(model).or_else(|| {
        let screen = model.at_hand()?;
        let Some(last) = &model.last else {
            return Some("there is no decision to repeat".to_owned());
        };
        let name = last.verdict.name();
        if let Some(why) = &last.refused {
            return Some(format!("the last {name} cannot be repeated: {why}"));
        }
        if screen.is_drafted() {
            return Some("this task has a draft: decide it with its own key".to_owned());
        }
        let answers = last.correction.is_some() && screen.current_column_or_fix()
            || decide::repeated(last.verdict, screen.face()).is_some();
        (!answers).then(|| format!("{name} is not a verdict for this kind of task"))
    })
}
