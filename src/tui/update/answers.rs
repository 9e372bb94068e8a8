//! What the desk answered.

use std::collections::BTreeMap;

use super::{
    approvals, bulk, comments, decide, drafts, finder, grants, imports, jobs, layers, masks,
    navigate, others, overview, people, places, policy, queue, values,
};
use crate::effect::{Effect, Ticket};
use crate::keys::records::UNDO_ENTRY;
use crate::model::{
    After, Confirm, Confirmed, Dependants, Intent, Last, Layer, Model, Screen, Scroll, Status,
    TaskScreen,
};
use crate::question::Answer;
use domain::{DecisionId, TaskId, TaskKind, Verdict};
use door::operations::{DecisionsOf, GRANT_UNDONE_TOGETHER, LastDecision, ShowTask};
use door::views::LastDecided;
use door::{Action as Asked, Dependant, DependantChoice, NotDone, Outcome, Receipt, Refusal};

/// Decisions of a bulk that are taken back in one commit: a frame of the ledger has its limit.
const TOGETHER: usize = 500;

/// Own decisions of which it is remembered when they were made.
const REMEMBERED: usize = 50;

/// Takes an answer in. One that came too late for its screen is dropped.
pub(super) fn take(model: &mut Model, ticket: Ticket, answer: Outcome<Answer>) -> Vec<Effect> {
    model.starting &= !matches!(ticket, Ticket::Job);
    if let Ticket::Unmask { serial, unmask } = ticket {
        model.unmasking = model.unmasking.filter(|asked| *asked != (serial, unmask));
    }
    match (ticket, answer) {
        (
            ticket @ (Ticket::Queue { .. }
            | Ticket::QueueChanges { .. }
            | Ticket::QueueRows
            | Ticket::Reasons(_)
            | Ticket::Prepare { .. }
            | Ticket::Groups(_)
            | Ticket::ViewCounts(_)
            | Ticket::Claim),
            answer,
        ) => queue::take(model, ticket, answer),
        (Ticket::Changes, answer) => others::changed(model, answer),
        (Ticket::Others(task), answer) => others::told(model, task, answer),
        (Ticket::Again(serial), Ok(answer)) => comments::shown(model, serial, answer),
        (Ticket::TakeUp, Ok(Answer::TakeUp(place))) => places::take_up(model, place),
        (Ticket::Policy, Ok(Answer::OwnChanges(view))) => policy::told(model, &view),
        // Whoever cannot be told now is told next time.
        (Ticket::Policy, _) => Vec::new(),
        (Ticket::Acknowledged, answer) => policy::acknowledged(model, answer),
        // It is shown as it was.
        (Ticket::Place, _) => {
            model.place_is_on_its_way = false;
            Vec::new()
        }
        (Ticket::Role, Ok(Answer::About(about))) => {
            model.role = about.role;
            Vec::new()
        }
        (Ticket::Again(_) | Ticket::Left | Ticket::TakeUp | Ticket::Role, _) => Vec::new(),
        (Ticket::Alike, Ok(Answer::TasksWhere(tasks))) => bulk::alike(model, tasks),
        (Ticket::People, Ok(Answer::Dashboard(view))) => {
            people::learn(model, view.people.into_iter().map(|person| person.actor));
            Vec::new()
        }
        (Ticket::People, Ok(Answer::About(about))) => {
            people::learn(model, about.owners);
            Vec::new()
        }
        // Names can be typed as well.
        (Ticket::People, _) => Vec::new(),
        (Ticket::Bulk(serial), answer) => bulk::take(model, serial, answer),
        (Ticket::Task(serial), answer) => task_answer(model, serial, answer),
        (Ticket::Ahead, _) | (Ticket::Kept, Ok(_)) => Vec::new(),
        (Ticket::Kept, Err(why)) => {
            model.kept = None;
            model.complain(format!("still masked: {why}"));
            Vec::new()
        }
        (Ticket::Preview(serial), Ok(Answer::Preview(preview))) => {
            if let Some(screen) = model.at_hand_mut()
                && screen.preview_serial == serial
            {
                screen.foresee(preview);
            }
            Vec::new()
        }
        (Ticket::Find(serial), Ok(Answer::Find(report))) => finder::found(model, serial, report),
        (Ticket::Find(serial), Err(why)) => {
            finder::not_found(model, serial, &why);
            Vec::new()
        }
        (Ticket::Fields, Ok(Answer::About(about))) => values::choose_field(model, &about.fields),
        (Ticket::Correct(serial), answer) => values::take(model, serial, answer),
        (Ticket::Grant { portion, before }, answer) => {
            grants::given(model, (*portion, before), answer)
        }
        (Ticket::Overview(serial), answer) => overview::answered(model, serial, answer),
        (Ticket::Job, Ok(Answer::Watch(job) | Answer::Cancel(job))) => jobs::told(model, job),
        (Ticket::Job | Ticket::StartImport(_), Ok(Answer::Import(job) | Answer::Match(job))) => {
            jobs::begun(model, job)
        }
        (Ticket::StartImport(path), Err(why)) => imports::not_started(model, &path, why),
        (Ticket::Customer(serial), answer) => customer_answer(model, serial, answer),
        (Ticket::History(serial), answer) => history_answer(model, serial, answer),
        (Ticket::Explain, Ok(Answer::Explain(view))) => {
            match model.layers.last_mut() {
                // The same in clear, or masked again.
                Some(Layer::Explained { pair, .. }) => **pair = view,
                _ => model.layers.push(Layer::Explained { pair: Box::new(view), top: 0 }),
            }
            Vec::new()
        }
        (Ticket::Unmask { serial, unmask }, Ok(answer)) => {
            masks::unmasked(model, (serial, unmask), answer)
        }
        (Ticket::Unmask { unmask: true, .. }, Err(why)) => {
            let why = why.to_string();
            let said = why.starts_with("still masked");
            model.complain(if said { why } else { format!("still masked: {why}") });
            Vec::new()
        }
        (Ticket::WouldUndo, Ok(Answer::LastDecision(last))) => {
            model.would_undo = last;
            Vec::new()
        }
        (ticket @ (Ticket::Undo | Ticket::Redo), Ok(Answer::LastDecision(Some(last)))) => {
            let decision = last.decision;
            match last.bulk.filter(|_| ticket == Ticket::Undo) {
                // The desk knows what stands of it, whichever session began it.
                Some(bulk) => {
                    let ticket = Ticket::UndoOfBulk { decision, bulk, of_grant: last.of_grant };
                    vec![Effect::ask(ticket, DecisionsOf { bulk })]
                }
                None => decide::send(model, decide::undo(decision)),
            }
        }
        (Ticket::UndoOfBulk { decision, bulk, of_grant }, Ok(Answer::DecisionsOf(decisions))) => {
            model.last_bulk = Some((bulk, decisions));
            if confirm_bulk(model, decision, of_grant) {
                return Vec::new();
            }
            decide::send(model, decide::undo(decision))
        }
        (Ticket::UndoOfBulk { .. }, answer) => {
            model.deciding = false;
            model.complain(said(&answer));
            Vec::new()
        }
        (ticket @ (Ticket::Undo | Ticket::Redo), answer) => {
            model.deciding = false;
            match answer {
                Ok(_) if ticket == Ticket::Redo => model.say("nothing to redo"),
                Ok(_) => model.say("nothing to undo"),
                Err(why) => model.complain(why.to_string()),
            }
            Vec::new()
        }
        (Ticket::Decide(intent), answer) => {
            model.deciding = false;
            match answer {
                Ok(Answer::Decide(receipt)) => done(model, &intent, &receipt),
                Err(NotDone::Refused(refusal)) => refused(model, *intent, refusal),
                other => {
                    forbid_repeat(model, "it failed");
                    model.complain(said(&other));
                    Vec::new()
                }
            }
        }
        (_, answer) => {
            model.complain(said(&answer));
            Vec::new()
        }
    }
}

/// Said where an answer is none to what was asked.
pub(super) const SOMETHING_ELSE: &str = "the desk gave an unexpected answer";

/// The sentence of a refusal or a failure.
pub(super) fn said(answer: &Outcome<Answer>) -> String {
    match answer {
        Err(why) => why.to_string(),
        Ok(_) => SOMETHING_ELSE.to_owned(),
    }
}

/// The task screen that waits for that answer.
fn waiting(model: &mut Model, serial: u64) -> Option<&mut TaskScreen> {
    let beside = model.queue.beside.as_deref_mut().filter(|screen| screen.serial == serial);
    if beside.is_some() {
        return beside;
    }
    model.screens.iter_mut().find_map(|screen| match screen {
        Screen::Task(screen) if screen.serial == serial => Some(screen.as_mut()),
        _ => None,
    })
}

fn task_answer(model: &mut Model, serial: u64, answer: Outcome<Answer>) -> Vec<Effect> {
    if let Some(masked) = masks::masked_instead(model, serial, &answer) {
        return vec![masked];
    }
    if waiting(model, serial).is_none() {
        return Vec::new();
    }
    let view = match answer {
        Ok(Answer::ShowTask(view) | Answer::Compare(view)) => view,
        other => {
            model.complain(said(&other));
            model.screens.retain(
                |screen| !matches!(screen, Screen::Task(screen) if screen.serial == serial),
            );
            return Vec::new();
        }
    };
    // What waits for approval has a screen of its own, however it was come to.
    let is_approval = view.task.as_ref().is_some_and(|task| task.kind == TaskKind::Approval);
    let is_last = model
        .screens
        .last()
        .is_some_and(|last| matches!(last, Screen::Task(screen) if screen.serial == serial));
    if let (true, true, Some(task)) = (is_approval, is_last, view.task.as_ref()) {
        let task = task.id;
        model.screens.pop();
        return approvals::open(model, task);
    }
    let Some(screen) = waiting(model, serial) else { return Vec::new() };
    let again = screen.view.is_some();
    let pending = view.task.as_ref().is_none_or(|task| task.state.is_pending());
    let id = screen.id();
    let doubted = view.task.as_ref().and_then(|task| task.second_look_at());
    screen.fill_again(view);
    others::seen(model, id);
    let told_again = doubted.and_then(|decision| untold(model, decision));
    let is_at_hand = model.at_hand().is_some_and(|screen| screen.serial == serial);
    if let (true, true, false, Some(task)) = (is_at_hand, again, pending, id) {
        return leave_decided(model, task);
    }
    let resumed = if is_at_hand { places::resume(model) } else { Vec::new() };
    let mut effects = match resumed.is_empty() && is_at_hand {
        true => drafts::preview(model),
        false => resumed,
    };
    effects.extend(ahead(model, id));
    effects.extend(told_again);
    effects
}

/// Whoever is asked again is not told what they said: what was known of that decision when it was made is
/// forgotten, and the desk asked for what may be told of it now.
fn untold(model: &mut Model, decision: DecisionId) -> Option<Effect> {
    let tells = |status: &Status| status.text.starts_with(&format!("{decision} "));
    if model.status.as_ref().is_some_and(tells) {
        model.status = None;
    }
    let last = model.would_undo.take();
    let is_it = last.as_ref().is_some_and(|last| last.decision == decision);
    model.would_undo = last.filter(|_| !is_it);
    is_it.then(|| Effect::ask(Ticket::WouldUndo, LastDecision { undone: false }))
}

/// Has the desk read what comes after a task. Its answer is not kept: it may be outdated by then.
fn ahead(model: &Model, task: Option<TaskId>) -> Option<Effect> {
    if model.kept.is_some() {
        // It would be written down that somebody saw what nobody has.
        return None;
    }
    let place = model.queue.place_of(task?)?;
    let next = model.queue.next_open(place + 1, task)?;
    Some(Effect::ask(Ticket::Ahead, ShowTask { task: next, unmask: false }))
}

/// A key that would decide a task that somebody else has decided meanwhile decides nothing: it says who decided
/// what, and leads on. `None` means nobody has, as far as is known here.
pub(super) fn decided_by_others(model: &mut Model) -> Option<Vec<Effect>> {
    let task = model.at_hand().and_then(TaskScreen::id)?;
    let others = model.others.as_ref().filter(|it| it.task == task && it.view.ended)?;
    let what = match others.view.since.is_empty() {
        true => String::new(),
        false => format!(": {}", others.view.since.join("; ")),
    };
    forbid_repeat(model, "somebody else decided the next one");
    model.complain(format!("{task} was decided meanwhile; you decided nothing{what}"));
    let mut effects = leave_decided(model, task);
    effects.push(queue::ask_changes(model));
    Some(effects)
}

/// Nothing is left to decide on the task: the next one comes.
fn leave_decided(model: &mut Model, task: TaskId) -> Vec<Effect> {
    let place = model.queue.place_of(task).unwrap_or(model.queue.scroll.cursor);
    model.queue.remove(task);
    go_on(model, place, task)
}

/// The next task opens; where the queue has the keys, its cursor goes there.
fn go_on(model: &mut Model, place: usize, but: TaskId) -> Vec<Effect> {
    if bulk::decided_alone(model, but) {
        return Vec::new();
    }
    if let Some(effects) = navigate::back_to_list(model) {
        return effects;
    }
    if !model.screens.is_empty() {
        return navigate::open_next(model, place, Some(but));
    }
    let next = model.queue.next_open(place, Some(but));
    if let Some(place) = next.and_then(|next| model.queue.place_of(next)) {
        let length = model.queue.len();
        model.queue.scroll.to(place, length);
    }
    Vec::new()
}

fn customer_answer(model: &mut Model, serial: u64, answer: Outcome<Answer>) -> Vec<Effect> {
    if let Some(masked) = masks::masked_instead(model, serial, &answer) {
        return vec![masked];
    }
    let customers = model.screens.iter_mut().filter_map(|screen| match screen {
        Screen::Customer(screen) => Some(screen),
        _ => None,
    });
    let Some(screen) = customers.into_iter().find(|screen| screen.serial == serial) else {
        return Vec::new();
    };
    match answer {
        Ok(Answer::ShowCustomer(view)) => screen.fill(view),
        other => {
            // Who was erased is shown no longer.
            let is_gone = matches!(other, Err(NotDone::Refused(_)));
            if screen.view.is_none() || is_gone {
                model.screens.retain(
                    |screen| !matches!(screen, Screen::Customer(it) if it.serial == serial),
                );
            }
            model.complain(said(&other));
        }
    }
    Vec::new()
}

fn history_answer(model: &mut Model, serial: u64, answer: Outcome<Answer>) -> Vec<Effect> {
    if let Some(masked) = masks::masked_instead(model, serial, &answer) {
        return vec![masked];
    }
    let histories = model.screens.iter_mut().filter_map(|screen| match screen {
        Screen::History(screen) => Some(screen),
        _ => None,
    });
    let Some(screen) = histories.into_iter().find(|screen| screen.serial == serial) else {
        return Vec::new();
    };
    match answer {
        Ok(Answer::History(entries)) => screen.fill(entries),
        other => {
            let is_gone = matches!(other, Err(NotDone::Refused(_)));
            if screen.entries.is_none() || is_gone {
                model
                    .screens
                    .retain(|screen| !matches!(screen, Screen::History(it) if it.serial == serial));
            }
            model.complain(said(&other));
        }
    }
    Vec::new()
}

fn forbid_repeat(model: &mut Model, why: &'static str) {
    if let Some(last) = &mut model.last {
        last.refused = Some(why.into());
    }
}

fn done(model: &mut Model, intent: &Intent, receipt: &Receipt) -> Vec<Effect> {
    let mut line = format!("{} {}", receipt.decision, receipt.summary);
    if !receipt.exported_meanwhile.is_empty() {
        line += &format!("; already exported: {}", receipt.exported_meanwhile.join(", "));
    }
    if let Some(brought) = receipt.brought() {
        line += &format!("; {brought}");
    }
    model.say_done(line);
    if let Some(reason) = &intent.request.reason {
        model.last_reasons.insert(layers::reason_verdict(intent), reason.clone());
    }
    if intent.verdict == Verdict::Undo {
        return undone(model, intent, receipt);
    }
    model.would_undo = Some(LastDecided {
        decision: receipt.decision,
        line: receipt.summary.clone(),
        bulk: receipt.bulk,
        of_grant: false,
    });
    if intent.verdict == Verdict::Comment {
        return comments::said(model);
    }
    model.last = Some(Last {
        verdict: intent.verdict,
        reason: intent.request.reason.clone(),
        refused: intent.unrepeatable.clone(),
        like_it: receipt.like_it.clone(),
        correction: decide::typed_correction(&intent.request.action),
    });
    if let Some(moment) = &model.moment {
        model.decided.push((receipt.decision, moment.elapsed));
        let older = model.decided.len().saturating_sub(REMEMBERED);
        model.decided.drain(..older);
    }
    let mut effects = match intent.after {
        After::Next => next(model, intent),
        After::Same | After::Reopened => navigate::reload(model),
        After::Listed => navigate::back_from_page(model),
    };
    effects.push(queue::ask_changes(model));
    effects
}

/// The next task opens. The row of the one decided goes, unless the decision leaves something of it.
fn next(model: &mut Model, intent: &Intent) -> Vec<Effect> {
    let Some(task) = intent.request.task else {
        // Customers compared without a task were compared for the sake of the screen below.
        if let Some(Screen::Task(screen)) = model.screens.last()
            && screen.id().is_none()
        {
            model.screens.pop();
        }
        return navigate::reload(model);
    };
    // Decided from a screen the steward has left since: what is shown stays.
    if model.at_hand().and_then(TaskScreen::id) != Some(task) {
        return Vec::new();
    }
    let rest = model.at_hand().is_some_and(|screen| screen.draft.marks.contains(&None));
    let stays = match intent.verdict {
        Verdict::Defer | Verdict::Escalate | Verdict::Answer => true,
        Verdict::Merge | Verdict::NotAMatch => rest,
        _ => false,
    };
    let place = model.queue.place_of(task).unwrap_or(model.queue.scroll.cursor);
    if stays {
        return go_on(model, place + 1, task);
    }
    model.queue.remove(task);
    go_on(model, place, task)
}

/// After an undo the task it reopened is shown, and the status line learns what is next to undo.
fn undone(model: &mut Model, intent: &Intent, receipt: &Receipt) -> Vec<Effect> {
    forbid_repeat(model, "it was undone");
    model.queue.wanted = receipt.task;
    let mut effects = match (model.screens.last(), receipt.task) {
        (Some(Screen::Task(_)), Some(task)) => navigate::open(model, task),
        _ => navigate::reload(model),
    };
    effects.push(queue::ask_changes(model));
    effects.push(Effect::ask(Ticket::WouldUndo, LastDecision { undone: false }));
    effects.extend(rest_of_bulk(model, intent));
    effects
}

/// A large bulk is taken back in several commits: the next one follows by itself.
fn rest_of_bulk(model: &mut Model, intent: &Intent) -> Vec<Effect> {
    let Asked::Undo { decisions, .. } = &intent.request.action else { return Vec::new() };
    let Some((bulk, mut left)) = model.last_bulk.take() else { return Vec::new() };
    let before = left.len();
    left.retain(|id| !decisions.contains(id));
    if left.is_empty() {
        return Vec::new();
    }
    // Of a grant fewer go at once; less than that is what a person chose.
    let together = decisions.len();
    let goes_on = left.len() < before && [TOGETHER, GRANT_UNDONE_TOGETHER].contains(&together);
    let next = goes_on.then(|| undo_last(&left, together));
    model.last_bulk = Some((bulk, left));
    next.map_or_else(Vec::new, |intent| decide::send(model, intent))
}

/// The undo of the latest decisions of a bulk, as many as one commit takes back.
fn undo_last(decisions: &[DecisionId], together: usize) -> Intent {
    let last = decisions.iter().rev().take(together).copied().collect();
    let choices = BTreeMap::new();
    let action = Asked::Undo { decisions: last, with_dependents: false, choices };
    Intent::new(door::Request::new(action), Verdict::Undo).then(After::Reopened)
}

fn refused(model: &mut Model, intent: Intent, refusal: Refusal) -> Vec<Effect> {
    forbid_repeat(model, "the next one was refused");
    // Its sentence names the ways out that a command line has; here they are asked for.
    match &refusal {
        Refusal::DependedOn { .. } => {}
        Refusal::ClaimedBy { .. } => model.complain(format!("{refusal}: you decided nothing")),
        _ => model.complain(refusal.to_string()),
    }
    if let (Some(field), Some(screen)) = (refusal.field().cloned(), model.at_hand_mut()) {
        screen.go_to(&field);
    }
    match refusal {
        // Another role may be theirs by now.
        Refusal::NotAllowed { .. } => vec![places::ask_role()],
        Refusal::ReasonRequired { offered, .. } | Refusal::UnknownReason { offered, .. }
            if !offered.is_empty() =>
        {
            let codes: Vec<String> = offered.iter().map(ToString::to_string).collect();
            let mut intent = intent;
            intent.request.reason = None;
            layers::reasons(model, intent, &codes)
        }
        Refusal::DependedOn { on, exported } => {
            ask_about_dependants(model, intent, on, exported);
            Vec::new()
        }
        Refusal::Breaks { violations } => {
            if let Some(screen) = model.at_hand_mut() {
                screen.broken = violations.into_iter().map(|found| found.rule).collect();
            }
            Vec::new()
        }
        Refusal::Stale { .. } => {
            let mut effects = navigate::reload(model);
            effects.push(queue::ask_changes(model));
            effects
        }
        _ => Vec::new(),
    }
}

/// What belongs to a bulk is taken back as a whole, once the steward says so.
fn confirm_bulk(model: &mut Model, decision: DecisionId, of_grant: bool) -> bool {
    let Some((bulk, decisions)) = model.last_bulk.clone() else { return false };
    if !decisions.contains(&decision) {
        return false;
    }
    model.deciding = false;
    let question = match decisions.len() {
        _ if of_grant => {
            format!("undo {bulk}: the whole grant, and what later runs merged under it?")
        }
        1 => format!("undo {bulk}: the one decision left of it?"),
        several => format!("undo {bulk}: all {several} decisions?"),
    };
    let key = model.key_for(&UNDO_ENTRY);
    let (lines, together) = match of_grant {
        true => (
            vec!["a grant is undone whole; merges people have decided about since stay".to_owned()],
            GRANT_UNDONE_TOGETHER,
        ),
        false => (vec![format!("to undo only {decision}, press {key} in the history")], TOGETHER),
    };
    let intent = undo_last(&decisions, together);
    model.layers.push(Layer::Confirm(Confirm {
        question,
        lines,
        then: Confirmed::Decide(Box::new(intent)),
    }));
    true
}

/// Asks of each decision that builds on the ones to be undone what becomes of it.
fn ask_about_dependants(
    model: &mut Model,
    intent: Intent,
    on: Vec<Dependant>,
    exported: Vec<String>,
) {
    let Asked::Undo { decisions, .. } = &intent.request.action else { return };
    let dependants = Dependants {
        decisions: decisions.clone(),
        rows: on.into_iter().map(|dependant| (dependant, DependantChoice::UndoToo)).collect(),
        exported,
        intent: Box::new(intent),
        scroll: Scroll::default(),
    };
    model.layers.push(Layer::Dependants(dependants));
}
