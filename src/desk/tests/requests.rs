//! Requests of persons over a real ledger: steps, last days, what is restricted, and exports for a purpose.

use super::governed::{DAY, GOVERNED, ask, customer, import, refused, retention};
use super::*;
use crate::export::Format;
use crate::jobs::Dataset;
use crate::testing::{Seen, TestDesk as Desk, destination, export, whole};
use domain::{
    MissingStep, QueueOrder, ReasonCode, RecordId, RequestKind, RequestStep, Requested, Sequence,
    TaskState, Urgency,
};
use door::operations::{
    AdoptSettings, Decide, Erase, ErasureRequest, Export, ForeseeErasure, HandOver,
    ProposeSettings, Queue, Requests, ShowCustomer, ShowTask, SubjectFile, UsedFor,
};
use door::views::{ExportOutcome, RequestView};

/// Two purposes beside that of [`GOVERNED`], and channels.
fn settings() -> String {
    GOVERNED.replace(
        "[fields.city]\ntype = \"city\"",
        "[purposes.billing]\nbasis = \"contract\"\n[fields.city]\ntype = \"city\"\n\
         purpose = [\"billing\", \"newsletter\"]",
    )
}

fn requested(kind: RequestKind) -> Requested {
    Requested {
        kind,
        received: "2026-03-01".parse().unwrap(),
        by: Some("email".to_owned()),
        purposes: Vec::new(),
        channels: Vec::new(),
        fields: Vec::new(),
    }
}

fn recorded(desk: &mut Desk, customer: CustomerId, requested: Requested) -> Receipt {
    let note = Some("Please, says Zyxgruber.".to_owned());
    desk.ask(Request { note, ..Request::new(Action::Record { customer, requested }) })
}

fn step(task: TaskId, step: RequestStep, text: &str) -> Request {
    let note = Some(text.to_owned()).filter(|text| !text.is_empty());
    Request { task: Some(task), note, ..Request::new(Action::Step { step }) }
}

fn not_done(desk: &mut Desk, request: Request) -> String {
    refused(ask(desk, Decide { request }))
}

fn view(desk: &mut Desk, task: TaskId) -> RequestView {
    ask(desk, Requests { task: Some(task), ..Requests::default() }).unwrap().remove(0)
}

fn told_all() -> RequestStep {
    RequestStep::Told { exports: Vec::new(), other: None }
}

fn exported(desk: &mut Desk, used_for: Option<UsedFor>) -> (Vec<String>, ExportOutcome) {
    let seen = Seen::default();
    let request = Export {
        used_for,
        destination: destination("out.csv"),
        ..whole(Dataset::Golden, Format::Csv)
    };
    let outcome = export(&mut desk.desk, &request, seen.clone()).unwrap();
    (seen.text().lines().map(str::to_owned).collect(), outcome)
}

fn purpose(name: &str) -> Option<UsedFor> {
    Some(UsedFor { purpose: name.to_owned(), channel: None })
}

/// Who is in an export for a purpose.
fn used_for(desk: &mut Desk, name: &str) -> Vec<String> {
    let (lines, _) = exported(desk, purpose(name));
    lines.iter().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

#[test]
fn what_is_handed_over_waits_for_who_asks_and_is_listed_by_name_size_and_hash() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Bonn,yes,2026-01-01,,\n2,Omaha,,,,\n");
    let (one, two) = (customer(&mut desk, "crm:1"), customer(&mut desk, "crm:2"));
    let receipt = recorded(&mut desk, one, requested(RequestKind::Access));
    let task = receipt.task.unwrap();
    assert_eq!(receipt.summary, format!("recorded a request of {one}: access"));
    let hand_over = |customer| {
        let destination = destination("answer.json");
        let reports = vec![SubjectFile { format: "json".to_owned(), destination }];
        HandOver { customer, reports, request: Some(task) }
    };
    let hand = |desk: &mut Desk, customer| {
        let seen = Seen::default();
        let streams = Streams::writing(Box::new(seen.clone()));
        let who = Session::local("kim", TimeZone::UTC);
        desk.desk.act(&who, hand_over(customer), streams).map(|_| seen.text())
    };
    let identity = format!("nobody has checked who asks: steward request verify {task} --how TEXT");
    assert_eq!(refused(hand(&mut desk, one)), identity);
    let done = step(task, RequestStep::Done, "");
    assert!(not_done(&mut desk, done.clone()).contains(&identity));
    assert!(not_done(&mut desk, step(task, RequestStep::Verified, " ")).contains("--how"));
    desk.ask(step(task, RequestStep::Verified, "called back the number on file"));
    let told = refused(hand(&mut desk, two));
    assert_eq!(told, format!("{task} was recorded of {one}, not of {two}"));
    let told = not_done(&mut desk, done.clone());
    assert!(told.contains(&format!("steward subject {one} --for {task}")), "{told}");
    let text = hand(&mut desk, one).unwrap();
    let shown = view(&mut desk, task);
    assert_eq!(shown.missing, []);
    let Some(RequestStep::Handed { files }) = &shown.steps.last().unwrap().step else {
        panic!("{shown:?}")
    };
    assert_eq!((files[0].name.as_str(), files[0].bytes), ("answer.json", text.len() as u64));
    assert_eq!(files[0].blake3, blake3::hash(text.as_bytes()).to_hex().to_string());
    desk.ask(done.clone());
    assert_eq!(view(&mut desk, task).state, "done");
    assert!(not_done(&mut desk, done).contains("already decided"));
    // What comes after is noted all the same.
    desk.ask(step(task, RequestStep::Noted, "they thanked us"));
    assert_eq!(ask(&mut desk, Requests::default()).unwrap(), []);
    let all = ask(&mut desk, Requests { closed: true, ..Requests::default() }).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].steps.len(), 5);
    assert_eq!(view(&mut desk, task).steps, all[0].steps);
}

#[test]
fn an_erasure_for_a_request_tells_recipients_first_and_leaves_that_it_was_answered() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Bonn,yes,2026-01-01,,\n2,Omaha,,,,\n");
    let one = customer(&mut desk, "crm:1");
    exported(&mut desk, None);
    exported(&mut desk, purpose("newsletter"));
    let task = recorded(&mut desk, one, requested(RequestKind::Erasure)).task.unwrap();
    let other = recorded(&mut desk, one, requested(RequestKind::Access)).task.unwrap();
    let request = ErasureRequest {
        customer: one,
        reason: Some(ReasonCode::new("request")),
        note: None,
        request: Some(task),
    };
    let erase = Erase { request: request.clone() };
    assert!(refused(ask(&mut desk, erase.clone())).contains("nobody has checked"));
    desk.ask(step(task, RequestStep::Unverified, "Zyxgruber stood before us"));
    let shown = view(&mut desk, task);
    let certain: Vec<bool> = shown.recipients.iter().map(|it| it.certain).collect();
    assert_eq!(certain, [true, false], "whom a purpose left out is not recorded");
    let told = refused(ask(&mut desk, ForeseeErasure { request: request.clone() }));
    assert!(told.contains("recipients of earlier exports are not told"), "{told}");
    let strange = RequestStep::Told { exports: vec![Sequence(1)], other: None };
    assert!(not_done(&mut desk, step(task, strange, "")).contains("no export #1"));
    let one_of_them =
        RequestStep::Told { exports: Vec::new(), other: Some("Zyxgruber's agency".to_owned()) };
    desk.ask(step(task, one_of_them, ""));
    desk.ask(step(task, told_all(), ""));
    assert_eq!(view(&mut desk, task).missing, [MissingStep::Erasure]);
    assert!(not_done(&mut desk, step(task, RequestStep::Done, "")).contains("has not been erased"));
    let wrong = ErasureRequest { request: Some(other), ..request.clone() };
    assert!(refused(ask(&mut desk, Erase { request: wrong })).contains("asks for access"));
    ask(&mut desk, erase).unwrap();
    for task in [task, other] {
        let shown = view(&mut desk, task);
        assert_eq!((shown.state.as_str(), shown.open), ("person erased", false));
        assert!(shown.steps.iter().all(|taken| taken.text.is_none()), "{shown:?}");
        let text = format!("{shown:?}");
        assert!(!text.contains("Zyxgruber") && text.contains("2026-03-01"), "{text}");
        ask(&mut desk, ShowTask { task, unmask: false }).unwrap();
    }
    let steps: Vec<String> = view(&mut desk, task).steps.iter().map(|it| it.words()).collect();
    assert_eq!(steps[..2], ["recorded", "identity not checked"]);
    assert!(
        steps[2].starts_with("a recipient told") && steps[3].starts_with("told #"),
        "{steps:?}"
    );
    // Nobody is left to be told, and nothing in words is noted any more.
    let noted = not_done(&mut desk, step(task, RequestStep::Noted, "the agency confirmed"));
    assert!(noted.contains("nothing more is noted"), "{noted}");
    assert_eq!(not_done(&mut desk, step(task, told_all(), "")), "nobody is left to be told");
    assert_eq!(view(&mut desk, task).steps.len(), 4);
}

#[test]
fn recipients_are_told_after_an_erasure_as_well_by_number_and_nothing_in_words_is_kept() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Bonn,yes,2026-01-01,,\n2,Omaha,,,,\n");
    let (one, two) = (customer(&mut desk, "crm:1"), customer(&mut desk, "crm:2"));
    let asked =
        Requested { received: desk.desk.facts().today(), ..requested(RequestKind::Erasure) };
    let task = recorded(&mut desk, two, asked.clone()).task.unwrap();
    desk.ask(merge_request(&[&[one, two]]));
    exported(&mut desk, None);
    exported(&mut desk, None);
    let first = view(&mut desk, task).recipients[0].export;
    let meant = recorded(&mut desk, one, asked);
    desk.ask(undo_request(meant.decision, false));
    let comment = Action::Comment { customers: vec![one] };
    let note = Some("Zyxgruber rang".to_owned());
    let comment = desk.ask(Request { note: note.clone(), ..Request::new(comment) }).decision;
    let check = desk.ask(step(task, RequestStep::Verified, "seen")).decision;
    let request = ErasureRequest {
        customer: one,
        reason: Some(ReasonCode::new("request")),
        note: None,
        request: None,
    };
    ask(&mut desk, Erase { request }).unwrap();
    // Not of concern: it was made when nobody was there any more.
    exported(&mut desk, None);
    let shown = view(&mut desk, task);
    assert_eq!((shown.state.as_str(), shown.open), ("person erased", false));
    assert_eq!(
        (shown.missing.as_slice(), shown.recipients.len()),
        (&[MissingStep::Recipients][..], 2)
    );
    assert_eq!(
        ask(&mut desk, Requests::default()).unwrap(),
        std::slice::from_ref(&shown),
        "nothing due is unseen"
    );
    assert_eq!(view(&mut desk, meant.task.unwrap()).state, "undone");
    desk.clock.advance(40 * DAY);
    let due = ask(&mut desk, Requests { due: true, ..Requests::default() }).unwrap();
    assert!(due.len() == 1 && due[0].last_day().starts_with("OVERDUE"), "{due:?}");
    assert!(desk.desk.requests_due().is_some_and(|due| due.contains("1 OVERDUE")));
    let other = || RequestStep::Told { exports: Vec::new(), other: Some("Zyx & Sons".to_owned()) };
    let by_number = || RequestStep::Told { exports: vec![first], other: None };
    let undo =
        |id, note: &Option<String>| Request { note: note.clone(), ..undo_request(id, false) };
    for request in [
        step(task, RequestStep::Noted, "Zyxgruber"),
        step(task, other(), ""),
        step(task, by_number(), "Zyxgruber"),
        step(task, told_all(), "Zyxgruber"),
        Request { reason: Some(ReasonCode::new("Zyxgruber")), ..step(task, told_all(), "") },
        Request { break_glass: note.clone(), ..step(task, told_all(), "") },
        Request {
            task: Some(task),
            note: note.clone(),
            ..Request::new(Action::Comment { customers: vec![] })
        },
        undo(comment, &note),
        undo(check, &None),
    ] {
        let told = not_done(&mut desk, request.clone());
        assert!(!told.is_empty(), "{request:?}");
    }
    let told = desk.ask(step(task, by_number(), "")).decision;
    assert_eq!(view(&mut desk, task).missing, [MissingStep::Recipients]);
    // By the name of its file as well, which the export's own record holds.
    let named = RequestStep::Told { exports: Vec::new(), other: Some("out.csv".to_owned()) };
    desk.ask(step(task, named, ""));
    let shown = view(&mut desk, task);
    assert!(shown.missing.is_empty() && shown.recipients.iter().all(|it| it.told.is_some()));
    assert_eq!(ask(&mut desk, Requests::default()).unwrap(), []);
    assert_eq!(desk.desk.requests_due(), None);
    // What was told by mistake is undone, without a word.
    assert!(not_done(&mut desk, undo(told, &note)).contains("leave the text out"));
    desk.ask(undo(told, &None));
    assert_eq!(view(&mut desk, task).state, "person erased");
}

#[test]
fn a_step_that_is_undone_under_a_closed_request_names_what_closed_it() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Bonn,yes,2026-01-01,,\n2,Omaha,,,,\n");
    let one = customer(&mut desk, "crm:1");
    exported(&mut desk, None);
    let names = |desk: &mut Desk, undone: DecisionId, closing: DecisionId| {
        let told = not_done(desk, undo_request(undone, false));
        assert!(told.contains(&closing.to_string()), "{undone} under {closing}: {told}");
        let stays = [(closing, door::DependantChoice::Stay)].into();
        let stay = Action::Undo { decisions: vec![undone], with_dependents: false, choices: stays };
        let told = not_done(desk, Request::new(stay));
        assert!(told.contains(&format!("or undo {closing} too")), "{told}");
    };
    // Restriction: recipients were told.
    let opened = recorded(&mut desk, one, requested(RequestKind::Restriction));
    let task = opened.task.unwrap();
    let told = desk.ask(step(task, told_all(), "")).decision;
    let noted = desk.ask(step(task, RequestStep::Noted, "by letter")).decision;
    let done = desk.ask(step(task, RequestStep::Done, "")).decision;
    names(&mut desk, told, done);
    names(&mut desk, opened.decision, done);
    // A note carries nothing.
    desk.ask(undo_request(noted, false));
    assert_eq!(view(&mut desk, task).state, "done");
    let undone = desk.ask(undo_request(done, false)).decision;
    desk.ask(undo_request(told, false));
    // Redone, it would be done while nobody was told.
    let told = not_done(&mut desk, undo_request(undone, false));
    assert!(told.contains("is not done: recipients"), "{told}");
    assert!(view(&mut desk, task).open);
    // Rectification: a record was corrected.
    let opened = recorded(&mut desk, one, requested(RequestKind::Rectification));
    let task = opened.task.unwrap();
    let correct = Action::Correct {
        record: "crm:1".parse().unwrap(),
        values: [("city".into(), "Kiel".to_owned())].into(),
        chosen: Default::default(),
        cleared: Vec::new(),
    };
    let corrected = desk.ask(Request { task: Some(task), ..Request::new(correct) }).decision;
    desk.ask(step(task, told_all(), ""));
    let done = desk.ask(step(task, RequestStep::Done, "")).decision;
    names(&mut desk, corrected, done);
    // Both at once: the request waits again.
    desk.ask(undo_request(corrected, true));
    let shown = view(&mut desk, task);
    assert_eq!((shown.open, shown.missing.as_slice()), (true, &[MissingStep::Correction][..]));
    // A refusal asks for no step; that it was asked for it does.
    let check = desk.ask(step(task, RequestStep::Verified, "seen")).decision;
    let refusal = desk.ask(step(task, RequestStep::Refused, "not theirs")).decision;
    desk.ask(undo_request(check, false));
    names(&mut desk, opened.decision, refusal);
}

#[test]
fn what_is_restricted_follows_its_records_and_ends_by_word_refusal_or_undo() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Omaha,yes,2026-01-01,,\n2,Omaha,yes,2026-01-01,,\n");
    import(&mut desk, "shop", "3,Omaha,yes,2026-01-01,,\n");
    let ids = ["crm:1", "crm:2", "shop:3"].map(|key| customer(&mut desk, key));
    let [one, two, three] = ids;
    let all = |desk: &mut Desk| (used_for(desk, "newsletter"), used_for(desk, "billing"));
    let named = |ids: &[CustomerId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(all(&mut desk), (named(&ids), named(&ids)));
    let objects =
        Requested { purposes: vec!["newsletter".to_owned()], ..requested(RequestKind::Objection) };
    let objected = recorded(&mut desk, two, objects);
    assert_eq!(all(&mut desk), (named(&[one, three]), named(&ids)));
    let restricted = recorded(&mut desk, three, requested(RequestKind::Restriction));
    assert_eq!(all(&mut desk), (named(&[one]), named(&[one, two])));
    let shown = ask(&mut desk, ShowCustomer { customer: three, at: None, unmask: false }).unwrap();
    assert_eq!((shown.restrictions[0].what.as_str(), shown.tasks.len()), ("restricted", 1));
    // Merged, one objects for both; unmerged, each is as it was.
    let merged = desk.ask(merge_request(&[&[one, two]]));
    assert_eq!(all(&mut desk), (named(&[]), named(&[one])));
    assert_eq!(view(&mut desk, objected.task.unwrap()).missing, []);
    desk.ask(undo_request(merged.decision, false));
    assert_eq!(all(&mut desk), (named(&[one]), named(&[one, two])));
    // Who asked for restriction is not erased by retention; a person may still erase.
    desk.clock.advance(700 * DAY);
    let due = retention(&mut desk);
    assert_eq!(due.held.iter().map(|it| it.customer).collect::<Vec<_>>(), [three]);
    assert_eq!(due.erased.len(), 2);
    // A refusal ends it, and its undo brings it back.
    let task = restricted.task.unwrap();
    assert!(not_done(&mut desk, step(task, RequestStep::Refused, "")).contains("with its reason"));
    let refusal = desk.ask(step(task, RequestStep::Refused, "not theirs"));
    assert_eq!(used_for(&mut desk, "billing"), named(&ids));
    desk.ask(undo_request(refusal.decision, false));
    assert_eq!(used_for(&mut desk, "billing"), named(&[one, two]));
    assert!(view(&mut desk, task).open);
    // A recorded request that was not meant is undone with what it restricted; redone, both are back.
    let undone = desk.ask(undo_request(restricted.decision, false));
    assert_eq!(used_for(&mut desk, "billing"), named(&ids));
    assert_eq!(view(&mut desk, task).state, "undone");
    desk.ask(undo_request(undone.decision, false));
    assert_eq!(used_for(&mut desk, "billing"), named(&[one, two]));
    assert!(view(&mut desk, task).open);
    desk.ask(step(task, told_all(), "by letter"));
    // Done, it stays in force until somebody says why it ends.
    desk.ask(step(task, RequestStep::Done, ""));
    assert_eq!(view(&mut desk, task).in_force, Some(true));
    assert!(not_done(&mut desk, step(task, RequestStep::Lifted, "")).contains("say why"));
    desk.ask(step(task, RequestStep::Lifted, "settled; they were told"));
    assert_eq!(used_for(&mut desk, "billing"), named(&ids));
    assert!(
        not_done(&mut desk, step(task, RequestStep::Lifted, "again")).contains("restricts nothing")
    );
    assert_eq!(view(&mut desk, task).in_force, Some(false));
}

#[test]
fn a_request_rises_before_its_last_day_whatever_it_waits_for_and_has_more_time_once() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Omaha,,,,\n");
    let one = customer(&mut desk, "crm:1");
    let today = desk.desk.facts().today();
    let ask_of = Requested { received: today, ..requested(RequestKind::Access) };
    let task = recorded(&mut desk, one, ask_of.clone()).task.unwrap();
    let first = view(&mut desk, task);
    assert!(first.due > today && !first.is_due);
    let row = |desk: &mut Desk| {
        let queue = ask(desk, Queue { filter: None, order: QueueOrder::default() }).unwrap();
        let row = queue.rows.iter().find(|row| row.task == task).unwrap();
        (row.urgency, row.state.clone(), queue.counts.due)
    };
    assert_eq!(row(&mut desk), (Urgency::Open, format!("due {}, access", first.due), 0));
    // Put off or asked of somebody, it comes all the same.
    let to = "lea".to_owned();
    desk.ask(Request { task: Some(task), ..Request::new(Action::Escalate { to }) });
    assert_eq!(row(&mut desk).0, Urgency::Escalated);
    let extend = RequestStep::Extended { until: jiff::civil::Date::ZERO };
    assert!(not_done(&mut desk, step(task, extend.clone(), "")).contains("with its reason"));
    let more = desk.ask(step(task, extend.clone(), "many records"));
    let later = view(&mut desk, task);
    assert_eq!((later.due > first.due, later.extended), (true, true));
    assert!(not_done(&mut desk, step(task, extend.clone(), "more")).contains("already extended"));
    // Undone after another step, the first day counts again, in the queue as well.
    desk.ask(step(task, RequestStep::Noted, "on it"));
    desk.ask(undo_request(more.decision, false));
    assert_eq!(view(&mut desk, task).due, first.due);
    assert!(row(&mut desk).1.contains(&first.due.to_string()), "{:?}", row(&mut desk));
    desk.clock.advance((first.days_left - 6) * DAY);
    let shown = row(&mut desk);
    assert_eq!((shown.0, shown.2), (Urgency::Due, 1), "{shown:?}");
    let due = ask(&mut desk, Requests { due: true, ..Requests::default() }).unwrap();
    assert_eq!(due.len(), 1);
    desk.clock.advance(8 * DAY);
    assert!(row(&mut desk).1.starts_with("OVERDUE "), "{:?}", row(&mut desk));
    assert!(view(&mut desk, task).days_left < 0);
    assert!(not_done(&mut desk, step(task, extend, "too late")).contains("was due"));
}

#[test]
fn what_makes_no_sense_is_not_recorded() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Omaha,,,,\n");
    let one = customer(&mut desk, "crm:1");
    let of = |kind| requested(kind);
    let named = |text: &str| vec![text.to_owned()];
    let today = desk.desk.facts().today();
    let later = today.checked_add(jiff::ToSpan::days(2)).unwrap();
    for (asked, expected) in [
        (Requested { received: later, ..of(RequestKind::Access) }, "still to come"),
        (
            Requested { purposes: named("news"), ..of(RequestKind::Objection) },
            "no purpose `news`; it has newsletter, billing",
        ),
        (
            Requested { purposes: named("billing"), ..of(RequestKind::Access) },
            "not about a purpose",
        ),
        (
            Requested { channels: named("email"), ..of(RequestKind::Objection) },
            "not about a channel",
        ),
        (Requested { fields: vec!["city".into()], ..of(RequestKind::Access) }, "not about a field"),
        (Requested { fields: vec!["town".into()], ..of(RequestKind::Rectification) }, "town"),
        (Requested { by: Some("a\nb".to_owned()), ..of(RequestKind::Access) }, "one line"),
        (Requested { by: Some("x".repeat(300)), ..of(RequestKind::Access) }, "at most"),
    ] {
        let request = Request::new(Action::Record { customer: one, requested: asked });
        let told = not_done(&mut desk, request);
        assert!(told.contains(expected), "{told}");
    }
    let task = recorded(&mut desk, one, of(RequestKind::Access)).task.unwrap();
    let merge = Request { task: Some(task), ..merge_request(&[&[one]]) };
    assert!(not_done(&mut desk, merge).contains("is a request of a person"));
    let keep = Request { task: Some(task), ..Request::new(Action::Keep) };
    assert!(not_done(&mut desk, keep).contains("with its reason"));
    assert!(not_done(&mut desk, step(TaskId(99), RequestStep::Noted, "a")).contains("T99"));
    assert_eq!(view(&mut desk, task).steps.len(), 1);
}

#[test]
fn a_correction_for_a_request_is_its_step_and_of_the_person_alone() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Omaha,,,,\n2,Lima,,,,\n");
    let one = customer(&mut desk, "crm:1");
    let task = recorded(&mut desk, one, requested(RequestKind::Rectification)).task.unwrap();
    let correct = |record: &str| Request {
        task: Some(task),
        ..Request::new(Action::Correct {
            record: record.parse().unwrap(),
            values: [("city".into(), "Bonn".to_owned())].into(),
            chosen: Default::default(),
            cleared: Vec::new(),
        })
    };
    assert!(not_done(&mut desk, correct("crm:2")).contains("is another's"));
    assert!(
        not_done(&mut desk, step(task, RequestStep::Done, "")).contains("nothing was corrected")
    );
    desk.ask(correct("crm:1"));
    assert_eq!(view(&mut desk, task).steps.last().unwrap().words(), "corrected city");
    let state = desk.desk.facts().view.task(task).unwrap().unwrap().task.state;
    assert_eq!(state, TaskState::Open);
    // The key of the review closes it as well.
    desk.ask(Request { task: Some(task), ..Request::new(Action::Accept) });
    assert_eq!(view(&mut desk, task).state, "done");
}

#[test]
fn an_export_for_a_purpose_holds_what_is_used_for_it_and_says_what_it_leaves_out() {
    let mut desk = Desk::new(&settings());
    import(
        &mut desk,
        "shop",
        "1,Bonn,yes,2026-01-01,f,\n2,Bonn,no,2026-01-01,,\n3,Bonn,,,,\n4,Bonn,yes,2021-01-01,,\n",
    );
    let (lines, outcome) = exported(&mut desk, purpose("newsletter"));
    assert_eq!(lines[0], "customer,city,news,news_at,form");
    assert_eq!(lines.len(), 2, "refused, unknown and expired are left out: {lines:?}");
    let told = outcome.used_for.unwrap();
    assert_eq!((told.without_consent, told.restricted, told.fields_left_out.len()), (3, 0, 0));
    let (lines, outcome) = exported(&mut desk, purpose("billing"));
    assert_eq!((lines[0].as_str(), lines.len()), ("customer,city", 5));
    assert_eq!(outcome.used_for.unwrap().fields_left_out.len(), 3);
    for (dataset, used_for) in
        [(Dataset::Records, purpose("billing")), (Dataset::Golden, purpose("ads"))]
    {
        let request = Export { used_for, ..whole(dataset, Format::Csv) };
        let refused = export(&mut desk.desk, &request, std::io::sink());
        assert!(crate::testing::is_usage(&refused), "{refused:?}");
    }
}

/// A simple generator: the same worlds in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// In random worlds of consents, merges, requests, steps and undos: an export for a purpose holds nobody who did not
/// consent, and nobody of whose records one is restricted; a merge and its undo change neither.
#[test]
fn exports_for_a_purpose_hold_nobody_who_may_not_be_used_in_random_worlds() {
    use std::collections::BTreeMap;
    let mut left_out = 0;
    for world in 0..6 {
        let mut dice = Dice(world * 7_919 + 3);
        let mut desk = Desk::new(&settings());
        let said = ["yes,2026-01-01", "no,2026-01-02", ",", "yes,2020-01-01"];
        let row =
            |dice: &mut Dice, key: u64| format!("{key},Omaha,{},,\n", said[dice.below(4) as usize]);
        let rows: String = (0..8).map(|key| row(&mut dice, key)).collect();
        import(&mut desk, "crm", &rows);
        // What each request restricts, by the records it was recorded of.
        let mut restricted: BTreeMap<DecisionId, (Vec<RecordId>, Vec<String>)> = BTreeMap::new();
        let (mut merges, mut requests) = (Vec::new(), Vec::new());
        for _ in 0..14 {
            let live: Vec<CustomerId> = (1..=8)
                .map(CustomerId)
                .filter(|id| desk.desk.facts().view.follow(*id).unwrap() == Some(*id))
                .collect();
            let some = |dice: &mut Dice| live[dice.below(live.len() as u64) as usize];
            match dice.below(6) {
                0 => {
                    let row = row(&mut dice, 3);
                    import(&mut desk, "crm", &row);
                }
                1 if live.len() > 3 => {
                    let (one, two) = (some(&mut dice), some(&mut dice));
                    if one != two {
                        merges.push(desk.ask(merge_request(&[&[one, two]])).decision);
                    }
                }
                2 => {
                    if let Some(merge) = merges.pop() {
                        desk.ask(undo_request(merge, true));
                        // What was recorded of the merged customer is undone along.
                        restricted.retain(|id, _| {
                            desk.desk.facts().view.decision(*id).unwrap().unwrap().stands()
                        });
                    }
                }
                3 | 4 => {
                    let customer = some(&mut dice);
                    let members =
                        desk.desk.facts().view.customer(customer).unwrap().unwrap().members;
                    let (kind, purposes) = match dice.below(3) {
                        0 => (RequestKind::Restriction, Vec::new()),
                        1 => (RequestKind::Objection, vec!["newsletter".to_owned()]),
                        _ => (RequestKind::OptOut, vec!["billing".to_owned()]),
                    };
                    let asked = Requested { purposes: purposes.clone(), ..requested(kind) };
                    let receipt = recorded(&mut desk, customer, asked);
                    restricted.insert(receipt.decision, (members, purposes));
                    requests.push((receipt.task.unwrap(), receipt.decision));
                }
                _ => {
                    if let Some((task, decision)) = requests.pop()
                        && restricted.contains_key(&decision)
                    {
                        if dice.below(2) == 0 {
                            desk.ask(step(task, RequestStep::Refused, "not theirs"));
                        } else {
                            desk.ask(step(task, RequestStep::Lifted, "settled"));
                        }
                        restricted.remove(&decision);
                    }
                }
            }
            for name in ["newsletter", "billing"] {
                let used = used_for(&mut desk, name);
                for id in (1..=8).map(CustomerId) {
                    if desk.desk.facts().view.follow(id).unwrap() != Some(id) {
                        continue;
                    }
                    let members = desk.desk.facts().view.customer(id).unwrap().unwrap().members;
                    let keeps_out = restricted.values().any(|(records, purposes)| {
                        (purposes.is_empty() || purposes.iter().any(|it| it == name))
                            && records.iter().any(|record| members.contains(record))
                    });
                    let consent = super::governed::consent(&mut desk, id);
                    let permits = name == "billing" || &*consent.rows[0].state == "granted";
                    let expected = permits && !keeps_out;
                    left_out += u32::from(keeps_out);
                    assert_eq!(
                        used.contains(&id.to_string()),
                        expected,
                        "world {world}, {name} {id}"
                    );
                }
            }
        }
    }
    assert!(left_out > 50, "the worlds restrict somebody: {left_out}");
}

#[test]
fn what_is_named_is_corrected_field_by_field_and_keeping_with_a_note_refuses() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Omaha,,,,\n");
    let one = customer(&mut desk, "crm:1");
    let asked = Requested {
        fields: vec!["city".into(), "form".into()],
        ..requested(RequestKind::Rectification)
    };
    let task = recorded(&mut desk, one, asked).task.unwrap();
    let correct = |field: &str, value: &str| Request {
        task: Some(task),
        ..Request::new(Action::Correct {
            record: "crm:1".parse().unwrap(),
            values: [(field.into(), value.to_owned())].into(),
            chosen: Default::default(),
            cleared: Vec::new(),
        })
    };
    desk.ask(correct("city", "Bonn"));
    let told = not_done(&mut desk, step(task, RequestStep::Done, ""));
    assert!(told.contains("not corrected yet: form"), "{told}");
    assert_eq!(view(&mut desk, task).steps.last().unwrap().words(), "corrected city");
    desk.ask(correct("form", "paper"));
    assert_eq!(view(&mut desk, task).missing, []);
    let keep = Request { note: Some("not theirs".to_owned()), ..Request::new(Action::Keep) };
    desk.ask(Request { task: Some(task), ..keep });
    assert_eq!(view(&mut desk, task).state, "refused");
}

#[test]
fn more_time_is_never_less_whatever_the_settings_say_since() {
    for (due, extend) in [("5 days", "10 days"), ("20 days", "2 months"), ("1 month", "2 months")] {
        let mut desk = Desk::new(&settings());
        import(&mut desk, "crm", "1,Omaha,,,,\n");
        let one = customer(&mut desk, "crm:1");
        let received = desk.desk.facts().today();
        let asked = Requested { received, ..requested(RequestKind::Access) };
        let task = recorded(&mut desk, one, asked).task.unwrap();
        let first = view(&mut desk, task).due;
        let new = format!("{}\n[requests]\ndue = \"{due}\"\nextend = \"{extend}\"\n", settings());
        let proposed = ProposeSettings { text: new, note: None };
        let proposal = Some(ask(&mut desk, proposed).unwrap().proposal);
        ask(&mut desk, AdoptSettings { proposal, ..AdoptSettings::default() }).unwrap();
        let extend = RequestStep::Extended { until: jiff::civil::Date::ZERO };
        desk.ask(step(task, extend, "many records"));
        let last = view(&mut desk, task).due;
        assert!(last > first, "{due}: {first} to {last}");
    }
}

#[test]
fn whoever_waits_for_a_copy_or_a_correction_is_not_erased_by_retention() {
    for (kind, is_kept) in [
        (RequestKind::Access, true),
        (RequestKind::Portability, true),
        (RequestKind::Rectification, true),
        (RequestKind::Restriction, true),
        (RequestKind::Erasure, false),
        (RequestKind::Objection, false),
    ] {
        let mut desk = Desk::new(&settings());
        import(&mut desk, "crm", "1,Omaha,,,,\n");
        let one = customer(&mut desk, "crm:1");
        let task = recorded(&mut desk, one, requested(kind)).task.unwrap();
        desk.clock.advance(700 * DAY);
        let due = retention(&mut desk);
        assert_eq!(
            (due.held.len(), due.erased.len()),
            (usize::from(is_kept), usize::from(!is_kept)),
            "{kind}"
        );
        if kind == RequestKind::Access {
            desk.ask(step(task, RequestStep::Refused, "not theirs"));
            assert_eq!(retention(&mut desk).erased.len(), 1);
        }
    }
}

#[test]
fn an_objection_to_a_purpose_that_was_renamed_keeps_from_every_one_and_is_in_the_report() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Omaha,yes,2026-01-01,,\n2,Omaha,yes,2026-01-01,,\n");
    let two = customer(&mut desk, "crm:2");
    let objects =
        Requested { purposes: vec!["newsletter".to_owned()], ..requested(RequestKind::Objection) };
    let task = recorded(&mut desk, two, objects).task.unwrap();
    let told = RequestStep::Told { exports: Vec::new(), other: Some("Zyxbureau".to_owned()) };
    desk.ask(step(task, told, ""));
    assert_eq!(used_for(&mut desk, "billing").len(), 2);
    let report = desk.desk.subject(two).unwrap();
    assert_eq!(report.restrictions[0].what, "objected to newsletter");
    let json = serde_json::to_string(&report).unwrap();
    for held in ["2026-03-01", "email", "newsletter", "Zyxbureau", "objection"] {
        assert!(json.contains(held), "{held}: {json}");
    }
    let new = settings().replace("newsletter", "mailing");
    let proposed = ProposeSettings { text: new, note: None };
    let proposal = Some(ask(&mut desk, proposed).unwrap().proposal);
    ask(&mut desk, AdoptSettings { proposal, ..AdoptSettings::default() }).unwrap();
    for purpose in ["mailing", "billing"] {
        assert_eq!(used_for(&mut desk, purpose).len(), 1, "{purpose}");
    }
    let shown = ask(&mut desk, ShowCustomer { customer: two, at: None, unmask: false }).unwrap();
    assert!(shown.restrictions[0].what.contains("no longer in steward.toml"), "{shown:?}");
    // Lifted, it is over.
    desk.ask(step(task, RequestStep::Lifted, "they said so"));
    assert_eq!(used_for(&mut desk, "mailing").len(), 2);
}

#[test]
fn a_request_to_take_data_elsewhere_needs_a_file_that_a_machine_reads() {
    let mut desk = Desk::new(&settings());
    import(&mut desk, "crm", "1,Omaha,,,,\n");
    let one = customer(&mut desk, "crm:1");
    let task = recorded(&mut desk, one, requested(RequestKind::Portability)).task.unwrap();
    desk.ask(step(task, RequestStep::Verified, "seen"));
    let hand = |desk: &mut Desk, format: &str| {
        let destination = destination("answer");
        let reports = vec![SubjectFile { format: format.to_owned(), destination }];
        let streams = Streams::writing(Box::new(Seen::default()));
        let who = Session::local("kim", TimeZone::UTC);
        let operation = HandOver { customer: one, reports, request: Some(task) };
        desk.desk.act(&who, operation, streams).map(|_| ())
    };
    assert!(refused(hand(&mut desk, "html")).contains("-o FILE.json"));
    hand(&mut desk, "json").unwrap();
    assert_eq!(view(&mut desk, task).missing, []);
}
