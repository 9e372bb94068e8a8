//! Verdicts: from a key to a request.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use super::drafts::{self, request};
use super::{layers, people, reasoned, weak};
use crate::effect::{Effect, Ticket};
use crate::keys::{Press, everywhere, task};
use crate::model::{
    After, Confirm, Confirmed, Draft, Face, Intent, Last, Layer, Menu, Model, Prompt, PromptKind,
    TaskScreen,
};
use domain::{DecisionId, FieldName, ReasonCode, RecordAddress, RuleId, Shown, Verdict};
use door::operations::{Decide, LastDecision};
use door::views::{LastDecided, ViolationView};
use door::{Action as Asked, Request};

/// Decides the task on screen, where that can be done.
fn decide(model: &mut Model, intent: fn(&TaskScreen) -> Option<Intent>) -> Vec<Effect> {
    let intent = model.task().and_then(intent);
    intent.map_or_else(Vec::new, |intent| send(model, intent))
}

pub(crate) fn merge(model: &mut Model) -> Vec<Effect> {
    if asks_reason(model) {
        return reasoned::merge_by(model, &task::MERGE);
    }
    if weak::asks_about_weak_link(model, &task::MERGE) {
        return Vec::new();
    }
    decide(model, merge_intent)
}

pub(crate) fn not_a_match(model: &mut Model) -> Vec<Effect> {
    if asks_reason(model) {
        return reasoned::not_a_match(model);
    }
    decide(model, apart_intent)
}

/// Whether `steward.toml` wants a reason and a note with each verdict on duplicates.
fn asks_reason(model: &Model) -> bool {
    let view = model.task().and_then(|screen| screen.view.as_ref());
    view.is_some_and(|view| view.asks_reason)
}

/// Accepts what is new, or everything that is suggested.
pub(crate) fn accept_all(model: &mut Model) -> Vec<Effect> {
    decide(model, accept_intent)
}

pub(crate) fn keep(model: &mut Model) -> Vec<Effect> {
    decide(model, keep_intent)
}

/// The record is another customer's now.
pub(crate) fn another(model: &mut Model) -> Vec<Effect> {
    decide(model, another_intent)
}

/// Accepts what is suggested for the violation under the cursor.
pub(crate) fn accept_suggestion(model: &mut Model) -> Vec<Effect> {
    decide(model, suggestion_intent)
}

/// Accepts what is suggested for the value under the cursor.
pub(crate) fn accept_in_cell(model: &mut Model) -> Vec<Effect> {
    decide(model, cell_intent)
}

/// Removes the value under the cursor.
pub(crate) fn clear(model: &mut Model) -> Vec<Effect> {
    decide(model, clear_intent)
}

/// Waives the violation under the cursor.
pub(crate) fn waive(model: &mut Model) -> Vec<Effect> {
    decide(model, waive_intent)
}

/// Corrects to one of the values that stand to be taken.
pub(crate) fn take_labelled(model: &mut Model, press: Press) -> Vec<Effect> {
    match model.task().map(|screen| labelled_intent(screen, press.place)) {
        Some(Ok(Some(intent))) => send(model, intent),
        Some(Err(why)) => {
            model.complain(why);
            Vec::new()
        }
        Some(Ok(None)) | None => Vec::new(),
    }
}

/// Asks until when.
pub(crate) fn defer(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Menu(Menu::of_deferrals()));
    Vec::new()
}

/// Asks whom to ask.
pub(crate) fn escalate(model: &mut Model) -> Vec<Effect> {
    layers::prompt(model, PromptKind::EscalateTo, "");
    people::ask()
}

/// Asks for the answer.
pub(crate) fn answer(model: &mut Model) -> Vec<Effect> {
    layers::prompt(model, PromptKind::Answer, "")
}

/// How a verdict is repeated on a task of that face; `None` means it does not answer it.
pub(crate) fn repeated(verdict: Verdict, face: Face) -> Option<fn(&TaskScreen) -> Option<Intent>> {
    match (verdict, face) {
        (Verdict::Merge, Face::Compare) => Some(merge_intent),
        (Verdict::NotAMatch, Face::Compare) => Some(apart_intent),
        (Verdict::Accept, Face::Challenge | Face::Fix) => Some(accept_intent),
        (Verdict::Keep, Face::Challenge) => Some(keep_intent),
        (Verdict::Unmerge, Face::Challenge) => Some(another_intent),
        (Verdict::Waive, Face::Fix) => Some(waive_intent),
        (Verdict::Quarantine, Face::Fix) => Some(quarantine_intent),
        _ => None,
    }
}

/// Sends a decision off, first asking for a reason where one is demanded.
pub(super) fn send(model: &mut Model, intent: Intent) -> Vec<Effect> {
    if intent.request.reason.is_none()
        && let Some(view) = model.task().and_then(|screen| screen.view.as_ref())
        && view.reason_required.contains(&intent.verdict)
    {
        let offered = view.reason_codes.iter().find(|(verdict, _)| *verdict == intent.verdict);
        if let Some(codes) =
            offered.map(|(_, codes)| codes.clone()).filter(|codes| !codes.is_empty())
        {
            return layers::reasons(model, intent, &codes);
        }
    }
    model.deciding = true;
    let request = intent.request.clone();
    vec![Effect::ask(Ticket::Decide(Box::new(intent)), Decide { request })]
}

/// A decision of that age was just made: nobody has to be told which one is taken back.
const JUST: Duration = Duration::from_secs(10);

/// Takes the last decision back. On the queue one that was not just made is named, and waits for the key once
/// more: nothing is undone unseen.
pub(crate) fn undo_last(model: &mut Model) -> Vec<Effect> {
    if let Some(named) = to_be_named(model) {
        let (key, close) = (model.key_for(&everywhere::UNDO), model.key_for(&everywhere::CLOSE));
        let LastDecided { decision, line, .. } = &named;
        let line = line.strip_prefix(&format!("{decision} ")).unwrap_or(line).to_owned();
        model.say(format!("{key} again undoes {decision}, {close} leaves it: {line}"));
        model.named = Some((named.decision, model.pressed));
        return Vec::new();
    }
    model.named = None;
    ask_last(model, false)
}

/// What a single press would take back without its being told.
fn to_be_named(model: &Model) -> Option<LastDecided> {
    let last = model.would_undo.as_ref()?;
    let now = model.moment.as_ref()?.elapsed;
    let just = |(decision, at): &(DecisionId, Duration)| {
        *decision == last.decision && now.saturating_sub(*at) <= JUST
    };
    // Of a bulk it is asked anyway.
    // A screen about the workspace shows nothing of it either.
    let is_at_work = !model.screens.is_empty() && model.overview().is_none();
    let is_told = is_at_work
        || last.bulk.is_some()
        || model.just_named() == Some(last.decision)
        || model.decided.iter().any(just);
    (!is_told).then(|| last.clone())
}

/// Asks what the last decision was, to take it back or bring it back.
pub(crate) fn ask_last(model: &mut Model, undone: bool) -> Vec<Effect> {
    model.deciding = true;
    let ticket = if undone { Ticket::Redo } else { Ticket::Undo };
    vec![Effect::ask(ticket, LastDecision { undone })]
}

/// The undo of a decision.
pub(super) fn undo(decision: DecisionId) -> Intent {
    let action =
        Asked::Undo { decisions: vec![decision], with_dependents: false, choices: BTreeMap::new() };
    Intent::new(Request::new(action), Verdict::Undo).then(After::Reopened)
}

/// Undoes the entry under the cursor.
pub(crate) fn undo_entry(model: &mut Model) -> Vec<Effect> {
    let decision =
        model.history().and_then(|screen| screen.current()).and_then(|entry| entry.decision);
    decision.map_or_else(Vec::new, |decision| send(model, undo(decision)))
}

fn unrepeatable(screen: &TaskScreen) -> Option<Cow<'static, str>> {
    if !screen.draft.picks.is_empty() {
        Some("it took values specific to that task".into())
    } else if screen.draft.marks != Draft::of(screen.columns()).marks {
        Some("it had marks specific to that task".into())
    } else {
        None
    }
}

pub(super) fn merge_intent(screen: &TaskScreen) -> Option<Intent> {
    let mut intent = Intent::new(drafts::merge(screen)?, Verdict::Merge);
    intent.unrepeatable = unrepeatable(screen);
    Some(intent)
}

pub(super) fn apart_intent(screen: &TaskScreen) -> Option<Intent> {
    let groups = screen.draft.apart_groups(screen.columns())?;
    let mut intent = Intent::new(request(screen, Asked::NotAMatch { groups }), Verdict::NotAMatch);
    intent.unrepeatable = unrepeatable(screen);
    Some(intent)
}

/// Of a record that is delivered as somebody else's: it is theirs now.
fn another_intent(screen: &TaskScreen) -> Option<Intent> {
    screen.view.as_ref()?.dispute.as_ref()?.apart.as_ref()?;
    let asked = Asked::NotAMatch { groups: Vec::new() };
    Some(Intent::new(request(screen, asked), Verdict::Unmerge))
}

/// A correction. It answers the task only where the task is about the record's values.
pub(super) fn correct(
    screen: &TaskScreen,
    record: RecordAddress,
    values: BTreeMap<FieldName, String>,
    chosen: BTreeMap<FieldName, String>,
) -> Intent {
    corrected(screen, Asked::Correct { record, values, chosen, cleared: Vec::new() })
}

/// The removal of a value.
pub(super) fn cleared(screen: &TaskScreen, record: RecordAddress, field: FieldName) -> Intent {
    let (values, chosen) = (BTreeMap::new(), BTreeMap::new());
    corrected(screen, Asked::Correct { record, values, chosen, cleared: vec![field] })
}

fn corrected(screen: &TaskScreen, action: Asked) -> Intent {
    let request = match screen.face() {
        Face::Fix => request(screen, action),
        // The task is not answered; what was seen is what is corrected.
        _ => Request { task: None, ..request(screen, action) },
    };
    let again = typed_correction(&request.action).is_some();
    let mut intent = Intent::new(request, Verdict::Correct).then(After::Same);
    // A value of another record is none to be put into a third.
    intent.unrepeatable = (!again).then(|| "it took another record's value".into());
    intent
}

/// A correction to a value that is offered. A masked one is named by its label: the desk knows it.
fn take_offered(
    screen: &TaskScreen,
    record: RecordAddress,
    field: &FieldName,
    (label, value): (&str, &Shown),
) -> Intent {
    let of_field = |text: &str| BTreeMap::from([(field.clone(), text.to_owned())]);
    match value.clear() {
        _ if label == ViolationView::REMOVED => cleared(screen, record, field.clone()),
        Some(text) => correct(screen, record, of_field(text), BTreeMap::new()),
        None => correct(screen, record, BTreeMap::new(), of_field(label)),
    }
}

fn accept_intent(screen: &TaskScreen) -> Option<Intent> {
    Some(Intent::new(request(screen, Asked::Accept), Verdict::Accept))
}

fn keep_intent(screen: &TaskScreen) -> Option<Intent> {
    Some(Intent::new(request(screen, Asked::Keep), Verdict::Keep))
}

fn cell_intent(screen: &TaskScreen) -> Option<Intent> {
    let cell = screen.current_cell()?;
    let (row, _) = screen.current_field()?;
    let record = screen.current_column()?.member_of(row)?.address.clone();
    let suggestion = cell.violations.iter().find_map(|found| found.suggestion.as_ref());
    match suggestion {
        Some(suggestion) => {
            let offered = (ViolationView::SUGGESTED, suggestion);
            Some(take_offered(screen, record, &cell.field, offered))
        }
        None => {
            let removes = cell.violations.iter().any(|found| found.removes);
            removes.then(|| cleared(screen, record, cell.field.clone()))
        }
    }
}

fn suggestion_intent(screen: &TaskScreen) -> Option<Intent> {
    let violation = screen.current_violation()?;
    let record = screen.view.as_ref()?.fix.as_ref()?.record.clone();
    if violation.suggestion.is_none() && violation.removes {
        return Some(cleared(screen, record, violation.field.clone()));
    }
    let offered = (ViolationView::SUGGESTED, violation.suggestion.as_ref()?);
    Some(take_offered(screen, record, &violation.field, offered))
}

/// The value under the cursor is removed: of the record that a fix is about, or of the column's.
fn clear_intent(screen: &TaskScreen) -> Option<Intent> {
    let (row, field) = screen.current_field()?;
    let record = match screen.current_violation() {
        Some(_) => screen.view.as_ref()?.fix.as_ref()?.record.clone(),
        None => screen.current_column()?.member_of(row)?.address.clone(),
    };
    Some(cleared(screen, record, field.name.clone()))
}

fn labelled_intent(screen: &TaskScreen, place: usize) -> Result<Option<Intent>, String> {
    let Some(violation) = screen.current_violation() else { return Ok(None) };
    let Some((label, value)) = violation.choices.get(place) else {
        return Err(format!("there is no value {}", place + 1));
    };
    let record = screen.view.as_ref().and_then(|view| view.fix.as_ref()).map(|fix| &fix.record);
    let take = |record: &RecordAddress| {
        take_offered(screen, record.clone(), &violation.field, (label, value))
    };
    Ok(record.map(take))
}

fn waive_intent(screen: &TaskScreen) -> Option<Intent> {
    let rules = vec![screen.current_violation()?.rule.clone()];
    let record = screen.view.as_ref()?.fix.as_ref()?.record.clone();
    let intent = Intent::new(request(screen, Asked::Waive { record, rules }), Verdict::Waive);
    Some(intent.then(After::Same))
}

fn quarantine_intent(screen: &TaskScreen) -> Option<Intent> {
    let record = screen.view.as_ref()?.fix.as_ref()?.record.clone();
    Some(Intent::new(request(screen, Asked::Quarantine { record }), Verdict::Quarantine))
}

/// Asks why, from the list where there is one, else in words; then sets the record aside.
pub(crate) fn quarantine(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.task() else { return Vec::new() };
    let Some(intent) = quarantine_intent(screen) else { return Vec::new() };
    let codes = screen.view.as_ref().and_then(|view| {
        let offered = view.reason_codes.iter().find(|(of, _)| *of == Verdict::Quarantine);
        offered.map(|(_, codes)| codes.clone())
    });
    match (codes.filter(|codes| !codes.is_empty()), &intent.request.action) {
        (Some(codes), _) => layers::reasons(model, intent, &codes),
        (None, Asked::Quarantine { record }) => {
            let kind = PromptKind::QuarantineNote { record: record.clone() };
            layers::prompt(model, kind, "")
        }
        _ => Vec::new(),
    }
}

/// Sets a record aside, the reason in words.
pub(super) fn quarantine_noted(
    model: &mut Model,
    record: RecordAddress,
    note: &str,
) -> Vec<Effect> {
    if note.is_empty() {
        model.complain("setting a record aside needs a reason");
        return layers::prompt(model, PromptKind::QuarantineNote { record }, "");
    }
    let Some(mut intent) = model.task().and_then(quarantine_intent) else { return Vec::new() };
    intent.request.note = Some(note.to_owned());
    intent.unrepeatable = Some(format!("{} asks why", model.key_for(&task::QUARANTINE)).into());
    send(model, intent)
}

/// Asks for the reason, then merges with those rules waived.
pub(crate) fn waive_and_merge(model: &mut Model) -> Vec<Effect> {
    if weak::asks_about_weak_link(model, &task::WAIVE) {
        return Vec::new();
    }
    let Some(screen) = model.task() else { return Vec::new() };
    let rules: Vec<RuleId> = screen.broken_rules();
    let Some(mut intent) = merge_intent(screen) else { return Vec::new() };
    intent.request.waive = rules;
    intent.unrepeatable = Some("it waived a rule".into());
    let codes = screen.view.as_ref().and_then(|view| {
        let offered = view.reason_codes.iter().find(|(verdict, _)| *verdict == Verdict::Waive);
        offered.map(|(_, codes)| codes.clone())
    });
    match codes.filter(|codes| !codes.is_empty()) {
        Some(codes) => layers::reasons(model, intent, &codes),
        None => send(model, intent),
    }
}

/// What a correction says that can be said of another record, too: what was typed, or that there is nothing.
pub(super) fn typed_correction(
    action: &Asked,
) -> Option<(BTreeMap<FieldName, String>, Vec<FieldName>)> {
    match action {
        Asked::Correct { values, chosen, cleared, .. } if chosen.is_empty() => {
            Some((values.clone(), cleared.clone()))
        }
        _ => None,
    }
}

/// The last correction, of the record under the cursor.
fn correction_again(
    screen: &TaskScreen,
    (values, cleared): (BTreeMap<FieldName, String>, Vec<FieldName>),
) -> Option<Intent> {
    let record = match screen.view.as_ref().and_then(|view| view.fix.as_ref()) {
        Some(fix) => fix.record.clone(),
        None => {
            let (row, _) = screen.current_field()?;
            screen.current_column()?.member_of(row)?.address.clone()
        }
    };
    let chosen = BTreeMap::new();
    Some(corrected(screen, Asked::Correct { record, values, chosen, cleared }))
}

/// Repeats the last verdict with its reason; a correction with its values.
pub(crate) fn repeat(model: &mut Model) -> Vec<Effect> {
    if let (Some(Last { reason, correction: Some(again), .. }), Some(screen)) =
        (model.last.clone(), model.task())
        && let Some(mut intent) = correction_again(screen, again)
    {
        intent.request.reason = reason;
        return send(model, intent);
    }
    let (Some(last), Some(screen)) = (model.last.clone(), model.task()) else { return Vec::new() };
    let again = repeated(last.verdict, screen.face());
    let merges = last.verdict == Verdict::Merge && again.is_some();
    if merges && weak::asks_about_weak_link(model, &task::REPEAT) {
        return Vec::new();
    }
    let Some(screen) = model.task() else { return Vec::new() };
    let intent = again.and_then(|intent| intent(screen));
    let Some(mut intent) = intent else {
        model.complain("there is nothing here to repeat it on");
        return Vec::new();
    };
    intent.request.reason = last.reason;
    send(model, intent)
}

/// Opens the prompt for the value under the cursor: a correction on a record, a pin on the golden
/// column. A masked value is not written out: the prompt starts empty, and untouched it changes nothing.
pub(crate) fn edit(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.task() else { return Vec::new() };
    let Some((row, field)) = screen.current_field() else { return Vec::new() };
    let name = field.name.clone();
    let (kind, text) = if let Some(violation) = screen.current_violation() {
        let Some(fix) = screen.view.as_ref().and_then(|view| view.fix.as_ref()) else {
            return Vec::new();
        };
        let text = violation.now.as_ref().or(violation.delivered.as_ref());
        (PromptKind::Correct { record: fix.record.clone(), field: name }, text)
    } else if let Some(member) = screen.current_column().and_then(|shown| shown.member_of(row)) {
        let text = member.cells.get(row).and_then(|cell| cell.text.as_ref());
        (PromptKind::Correct { record: member.address.clone(), field: name }, text)
    } else {
        let golden = screen.golden().and_then(|golden| golden.get(name.as_str()));
        let text = golden.map(|value| &value.text);
        (PromptKind::Golden { field: name }, text)
    };
    let prompt = match text.map(|text| text.clear()) {
        Some(None) => Prompt::of_masked(kind),
        clear => Prompt::new(kind, clear.flatten().unwrap_or_default()),
    };
    model.layers.push(Layer::Prompt(prompt));
    Vec::new()
}

/// Asks whether the member under the cursor is to leave.
pub(crate) fn confirm_unmerge(model: &mut Model) -> Vec<Effect> {
    let Some(screen) = model.customer() else { return Vec::new() };
    let (Some(view), Some(member)) = (&screen.view, screen.member()) else { return Vec::new() };
    let action = Asked::Unmerge { customer: view.customer, records: vec![member.address.clone()] };
    let mut request = Request::new(action);
    request.seen = Some(view.column.version);
    let confirm = Confirm {
        question: format!("unmerge {} from {}?", member.address, view.customer),
        lines: vec![
            "it becomes its own customer and is not a match with those that stay".to_owned(),
        ],
        then: Confirmed::Decide(Box::new(
            Intent::new(request, Verdict::Unmerge).then(After::Reopened),
        )),
    };
    model.layers.push(Layer::Confirm(confirm));
    Vec::new()
}

/// The same decision with a reason.
pub(super) fn with_reason(mut intent: Intent, code: &str) -> Intent {
    intent.request.reason = Some(ReasonCode::new(code));
    intent
}
