//! What a steward does, in the steward's words.

pub mod grants;
pub mod overview;
mod second;
mod sources;
pub mod values;

use super::effect::Ticket;
use super::keys::{Key, Keymap, Rebinding};
use super::message::Message;
use super::model::{Pacing, Screen};
use super::question::{Answer, Question};
use super::story::Steward;
use domain::{
    CustomerId, DecisionId, Dimension, FieldName, RuleId, Severity, Subject, TaskId, TaskState,
    Until, Verdict, Violation,
};
use door::{Action, Dependant, DependantChoice, Pick, Refusal};

fn breaks(rule: &str, field: &str) -> Refusal {
    Refusal::Breaks {
        violations: vec![Violation {
            rule: RuleId::new(rule),
            field: FieldName::new(field),
            severity: Severity::Error,
            dimension: Dimension::Consistency,
            message: "two birth dates".to_owned(),
            remedy: Some("unmark one".to_owned()),
            suggestion: None,
            alternatives: Vec::new(),
        }],
    }
}

#[test]
fn a_plain_pair_takes_one_key_and_the_next_task_follows() {
    let mut sam = Steward::new();
    sam.presses("2j Enter").sees("T15 duplicate").sees("m merge 1+2  n all differ");
    sam.presses("m").sees("D57 merged 2 records into C88").sees("u: undo D57");
    sam.sees("T31 invalid").presses("q").does_not_see("T15").sees("T50").presses("q");
    assert!(sam.quit);
}

#[test]
fn what_contradicts_the_first_column_stays_out() {
    let mut sam = Steward::new();
    sam.presses("j Enter").sees("3 C902 [ ]").sees("m merge 1+2").presses("m");
    let Action::Merge { groups, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(groups, &[vec![CustomerId(17), CustomerId(341)]]);
    assert_eq!(sam.asked().task, Some(TaskId(12)));
    // C902 is left in the task: its row stays until the desk says otherwise.
    sam.sees("T15 duplicate");
}

#[test]
fn letters_make_groups_that_differ() {
    let mut sam = Steward::new();
    sam.presses("j Enter ll s s").sees("3 C902 [B]").sees("m merge 1+2; not 3");
    sam.sees("n 1+2 / 3 differ").presses("n");
    let Action::NotAMatch { groups } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    let ids = |group: &[u32]| group.iter().copied().map(CustomerId).collect::<Vec<_>>();
    assert_eq!(groups, &[ids(&[17, 341]), ids(&[902])]);
}

#[test]
fn space_takes_a_column_out_and_m_says_why_it_does_nothing() {
    let mut sam = Steward::new();
    sam.presses("2j Enter Space").sees("1 C88  [ ]").presses("m");
    sam.sees("m: no letter holds two columns: mark with Space");
    assert!(sam.desk.asked.is_empty());
    sam.presses("Esc").sees("the draft is dropped").sees("1 C88  [A]");
}

#[test]
fn picking_the_street_picks_what_survives_with_it() {
    let mut sam = Steward::new();
    sam.presses("2j Enter 2").sees("takes: picked").presses("jjjjjjj 2 m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    let fields: Vec<&str> = picks.keys().map(FieldName::as_str).collect();
    assert_eq!(fields, ["city", "given_name", "postcode", "region", "street"]);
    assert_eq!(picks[&FieldName::new("city")], Pick::FromCustomer(CustomerId(93)));
}

#[test]
fn zero_gives_the_field_back_to_survivorship() {
    let mut sam = Steward::new();
    sam.presses("2j Enter 2 0 m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert!(picks.is_empty());
}

#[test]
fn a_column_without_a_value_cannot_be_taken() {
    let mut sam = Steward::new();
    sam.presses("2j Enter jjj 2").sees("column 2 has no national_id");
    sam.presses("9").sees("there is no column 9");
}

#[test]
fn e_corrects_a_record_and_pins_a_golden_value() {
    let mut sam = Steward::new();
    sam.presses("2j Enter e Ctrl-u").types("Tomas Lee").presses("Enter");
    let Action::Correct { record, values, .. } = &sam.asked().action else { panic!() };
    assert_eq!(record.to_string(), "crm:2001");
    assert_eq!(values[&FieldName::new("given_name")], "Tomas Lee");
    sam.sees("T15 duplicate").presses("ll e Ctrl-u").types("Thom").presses("Enter").sees("Thom ");
    sam.presses("m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!() };
    assert_eq!(picks[&FieldName::new("given_name")], Pick::Typed("Thom".into()));
}

#[test]
fn a_suggestion_is_accepted_where_the_value_stands() {
    let mut sam = Steward::new();
    sam.presses("2j Enter a").sees("a: nothing is suggested for the value under the cursor");
    sam.presses("l jjjj").sees("unknown domain, a takes t.pace@example.com").presses("a");
    let Action::Correct { record, values, .. } = &sam.asked().action else { panic!() };
    assert_eq!(record.to_string(), "webshop:4711");
    assert_eq!(values[&FieldName::new("email")], "t.pace@example.com");
}

#[test]
fn a_key_pressed_before_the_task_was_seen_decides_nothing() {
    let mut sam = Steward::new();
    sam.presses("2j").hurries("Enter m").sees("m dropped: T15 was not on screen yet");
    assert!(sam.desk.asked.is_empty());
    sam.looks().presses("m").sees("merged 2 records into C88");
    // The task that follows is guarded as well.
    let mut kim = Steward::new();
    kim.presses("j Enter").hurries("m m");
    assert_eq!(kim.desk.asked.len(), 1);
    kim.sees("m dropped: T15 was not on screen yet");
}

#[test]
fn over_a_slow_line_a_key_decides_once_the_terminal_has_shown_the_task() {
    let mut sam = Steward::new();
    sam.model.pacing = Pacing::of(true);
    sam.presses("2j Enter m").sees("m dropped: T15 was not on screen yet");
    let serial = sam.asked_for.take().unwrap();
    sam.tell(Message::Shown { serial, answered: true });
    sam.presses("m").sees("merged 2 records into C88");
    assert!(sam.asked_for.is_some_and(|next| next != serial), "it is asked for each task");
}

#[test]
fn a_second_decision_waits_for_the_first() {
    let mut sam = Steward::new();
    sam.presses("2j Enter");
    let press = Message::Key(Key::Char('m'), sam.moment());
    assert_eq!(sam.unanswered(press).len(), 1);
    let press = Message::Key(Key::Char('n'), sam.moment());
    assert_eq!(sam.unanswered(press).len(), 0);
    sam.sees("n: the last decision is still on its way");
}

#[test]
fn pasted_text_never_decides() {
    let mut sam = Steward::new();
    sam.presses("2j Enter");
    sam.tell(Message::Pasted("mmm".into()));
    sam.sees("pasted text is never read as keys").presses("e Ctrl-u");
    sam.tell(Message::Pasted("Ann\u{1b}e".into()));
    sam.sees("Anne");
    assert!(sam.desk.asked.is_empty());
}

#[test]
fn a_small_terminal_shows_no_task_to_decide() {
    let mut sam = Steward::new();
    sam.tell(Message::Resized(60, 20));
    sam.looks().presses("2j Enter m");
    assert!(sam.desk.asked.is_empty());
}

#[test]
fn a_refusal_puts_the_cursor_on_its_field_and_w_waives_it() {
    let mut sam = Steward::new();
    sam.desk.refuses(breaks("one-birth-date", "birth_date"));
    sam.presses("2j Enter m").sees("refused by one-birth-date").sees(">birth_date");
    sam.presses("W").sees("merge, waiving one-birth-date: why?").presses("c");
    assert_eq!(sam.asked().waive, [RuleId::new("one-birth-date")]);
    assert_eq!(sam.asked().reason.as_ref().map(|code| code.as_str()), Some("confirmed"));
    sam.sees("merged 2 records into C88");
}

#[test]
fn a_refusal_is_foretold() {
    let mut sam = Steward::new();
    sam.desk.forbids = Some(breaks("one-birth-date", "birth_date"));
    sam.presses("2j Enter")
        .sees("m merge 1+2 (refused)")
        .sees("m (W waives): refused by one-birth-date");
    sam.presses("W").sees("waiving one-birth-date");
}

#[test]
fn a_reason_is_asked_for_where_one_is_demanded() {
    let mut sam = Steward::new();
    sam.desk.refuses(Refusal::ReasonRequired {
        verdict: Verdict::NotAMatch,
        offered: vec!["household".into(), "twins".into()],
    });
    sam.presses("2j Enter n").sees("not-a-match: why?").presses("2").sees("not a match");
    assert_eq!(sam.asked().reason.as_ref().map(|code| code.as_str()), Some("twins"));
    // The last one used is offered first: Enter takes it.
    sam.desk.refuses(Refusal::ReasonRequired {
        verdict: Verdict::NotAMatch,
        offered: vec!["household".into(), "twins".into()],
    });
    sam.presses("q k Enter n Enter");
    assert_eq!(sam.asked().reason.as_ref().map(|code| code.as_str()), Some("twins"));
}

#[test]
fn a_dot_repeats_verdict_and_reason_only() {
    let mut sam = Steward::new();
    sam.presses("j Enter .").sees(".: there is no decision to repeat");
    sam.presses("n").sees("T15").presses(".");
    assert!(matches!(sam.asked().action, Action::NotAMatch { .. }));
    assert_eq!(sam.desk.asked.len(), 2);
    let mut kim = Steward::new();
    kim.presses("j Enter 2 m .")
        .sees("the last merge cannot be repeated: it took values of its own");
    assert_eq!(kim.desk.asked.len(), 1);
}

#[test]
fn undo_brings_the_task_back_and_redo_decides_it_again() {
    let mut sam = Steward::new();
    sam.presses("2j Enter m").sees("T31 invalid").presses("u");
    sam.sees("D58 undid merged 2 records into C88").sees("T15 duplicate");
    sam.presses("q").sees("> T15").presses("Ctrl-r").sees("undid merged").does_not_see("T15 ");
}

#[test]
fn an_undo_that_others_build_on_asks_what_becomes_of_each() {
    let mut sam = Steward::new();
    sam.presses("2j Enter m g h");
    let dependant = |id: u32, summary: &str| Dependant {
        decision: DecisionId(id),
        summary: summary.to_owned(),
    };
    let on = vec![dependant(62, "merged 3 records into C3"), dependant(60, "pinned city of C3")];
    let exported = vec!["golden (csv) to mail.csv at 2026-10-11T15:00:00Z by kim".to_owned()];
    sam.desk.refuses(Refusal::DependedOn { on, exported });
    sam.presses("j U").sees("undo D55: what becomes of what builds on it");
    sam.sees("> undone too            D62 merged 3 records into C3")
        .sees("exported meanwhile: golden");
    sam.presses("s b").sees("stays with survivor   D62").sees("moves back            D60");
    sam.presses("k t j Enter");
    let Action::Undo { choices, with_dependents, .. } = &sam.asked().action else { panic!() };
    let expected =
        [(DecisionId(60), DependantChoice::MoveBack), (DecisionId(62), DependantChoice::UndoToo)];
    assert_eq!((choices, *with_dependents), (&expected.into(), false));
    sam.presses("k U").sees("U: D56 is undone already");
}

#[test]
fn what_builds_on_an_undo_is_left_alone_when_the_question_is_closed() {
    let mut sam = Steward::new();
    let on = vec![Dependant { decision: DecisionId(60), summary: "merged".into() }];
    sam.presses("g h j");
    let refusal = Refusal::DependedOn { on, exported: Vec::new() };
    sam.desk.refuses(refusal);
    sam.presses("U").sees("what becomes of").presses("Esc").does_not_see("what becomes of");
    assert_eq!(sam.desk.asked.len(), 1);
}

#[test]
fn deferring_asks_until_when() {
    let mut sam = Steward::new();
    sam.presses("2j Enter d").sees("defer until").presses("1");
    let until = |steward: &Steward| match &steward.asked().action {
        Action::Defer { until } => *until,
        other => panic!("{other:?}"),
    };
    assert_eq!(until(&sam), Until::Time(super::fixtures::at("2026-10-13T00:00:00Z")));
    sam.sees("T31").presses("d c");
    assert_eq!(until(&sam), Until::DataChanges);
    sam.presses("d d").types("2026-02-30").presses("Enter").sees("a date is written 2026-12-31");
    sam.presses("Ctrl-u").types("2026-12-24").presses("Enter");
    assert_eq!(until(&sam), Until::Time(super::fixtures::at("2026-12-24T00:00:00Z")));
}

#[test]
fn escalating_asks_whom_and_what() {
    let mut sam = Steward::new();
    sam.presses("2j Enter E").types("kim").presses("Enter").sees("what to ask kim");
    sam.types("one person?").presses("Enter").sees("asked kim");
    assert_eq!(sam.asked().note.as_deref(), Some("one person?"));
}

#[test]
fn what_was_asked_is_answered_from_the_task_and_the_answer_is_shown() {
    let mut sam = Steward::new();
    sam.presses("2j Enter R").sees("R: nobody was asked").presses("q");
    let asked = TaskState::Escalated { to: "sam".into(), decision: DecisionId(40) };
    for (state, told) in [
        (asked, vec!["kim asked sam (D40): one person?".to_owned()]),
        (
            TaskState::Answered {
                asker: "sam".into(),
                to: "kim".into(),
                question: DecisionId(40),
                decision: DecisionId(41),
            },
            vec!["sam asked kim (D40): one person?".into(), "kim answered sam (D41): no".into()],
        ),
    ] {
        for task in [15, 31] {
            let view = sam.desk.tasks.get_mut(&TaskId(task)).unwrap();
            view.task.as_mut().unwrap().state = state.clone();
            view.asked.clone_from(&told);
        }
        for keys in ["g q gg 2j Enter", "g q gg 3j Enter"] {
            sam.presses(keys).sees(state.name());
            told.iter().for_each(|line| {
                sam.sees(line);
            });
        }
        if state.name() == "answered" {
            sam.presses("R").sees("R: nobody was asked");
        }
    }
    let view = sam.desk.tasks.get_mut(&TaskId(15)).unwrap();
    view.task.as_mut().unwrap().state =
        TaskState::Escalated { to: "sam".into(), decision: DecisionId(40) };
    sam.presses("g q gg 2j Enter").sees("R answer").presses("R Enter").sees("nothing was answered");
    sam.presses("R").sees("your answer").types("two people").presses("Enter").sees("answered kim");
    assert_eq!(sam.asked().note.as_deref(), Some("two people"));
    assert!(matches!(sam.asked().action, Action::Answer));
}

#[test]
fn an_invalid_record_is_mended_value_by_value() {
    let mut sam = Steward::new();
    sam.presses("3j Enter").sees("unknown domain").sees("1 suggested").presses("a");
    let Action::Correct { values, .. } = &sam.asked().action else { panic!() };
    assert_eq!(values[&FieldName::new("email")], "t.pace@example.com");
    assert_eq!(sam.asked().task, Some(TaskId(31)));
    sam.sees("T31 invalid").presses("j a").sees("a: nothing is suggested for it: e edits");
    sam.sees("***-**-4417").presses("1");
    let Action::Correct { values, chosen, .. } = &sam.asked().action else { panic!() };
    assert_eq!((values.len(), &*chosen[&FieldName::new("national_id")]), (0, "crm:1042"));
    sam.presses("W").sees("waive: why?").presses("Enter");
    assert!(matches!(sam.asked().action, Action::Waive { .. }));
    sam.presses("A").sees("T50 duplicate");
    assert_eq!(sam.asked().action, Action::Accept);
}

#[test]
fn a_challenge_is_accepted_or_the_decision_kept() {
    let mut sam = Steward::new();
    sam.presses("Enter")
        .sees("T7 challenge")
        .sees("kim, 2026-05-04: passport")
        .sees("r keep what was decided");
    sam.presses("m").sees("m does nothing here").presses("r");
    assert_eq!(sam.asked().action, Action::Keep);
    sam.sees("T12 duplicate");
}

#[test]
fn sensitive_values_stay_masked_until_unmasked() {
    let mut sam = Steward::new();
    sam.presses("j Enter").sees("***-**-4417").does_not_see("123-45-4417");
    sam.presses("w").does_not_see("123-45-4417").presses("Esc jjj Enter").does_not_see("123-45");
    sam.presses("Esc e").does_not_see("123-45-4417").presses("Esc *").sees("123-45-4417");
    let mut kim = Steward::new();
    kim.presses("g h j").sees("***-**-****").presses("*").sees("123-45-4417");
}

#[test]
fn where_nothing_is_masked_nobody_is_said_to_have_looked() {
    for entries in [0, 1] {
        let mut sam = Steward::new();
        sam.presses("g h");
        let Some(Screen::History(screen)) = sam.model.screens.last_mut() else { panic!() };
        let shown = screen.entries.as_mut().unwrap();
        shown.truncate(entries);
        shown.iter_mut().for_each(|entry| entry.changes.clear());
        let (serial, answer) = (screen.serial, Answer::History(shown.clone()));
        let ticket = Ticket::Unmask { serial, unmask: true };
        sam.tell(Message::Answered(ticket, Box::new(Ok(answer)), sam.moment()));
        sam.sees("nothing here is masked").does_not_see("in clear;");
    }
}

#[test]
fn an_unmasking_is_written_down_before_anything_is_seen() {
    let mut sam = Steward::new();
    sam.presses("2j Enter");
    let press = Message::Key(Key::Char('*'), sam.moment());
    assert_eq!(sam.unanswered(press).len(), 1);
    sam.does_not_see("123-45-4417").presses("*").sees("123-45-4417").sees("is in the ledger");
    let whose = [Subject::Task(TaskId(15)), Subject::Customer(CustomerId(88))];
    assert_eq!(sam.desk.unmasked[0][..2], whose);
    sam.presses("*").sees("masked").does_not_see("123-45-4417");
    assert_eq!(sam.desk.unmasked.len(), 1, "masking again needs no record");
    sam.desk.cannot_write = true;
    sam.presses("*").sees("123-45-4417").sees("is in the ledger");
    sam.presses("K").does_not_see("123-45-4417").presses("*");
    sam.sees("still masked: the disk is full").does_not_see("123-45-4417");
}

#[test]
fn a_cause_that_a_line_is_too_short_for_is_said_on_two() {
    let mut sam = Steward::new();
    sam.presses("2j Enter m").sees("u: undo D57");
    let why = "writing /home/sam/customers/.steward/ledger/00000001.seg: No space left on device \
               (os error 28)";
    for said in ["still masked", "the import stopped", "reading the queue failed", "not exported"] {
        sam.model.complain(format!("{said}: {why}"));
        let screen = sam.screen().replace('\n', " ");
        assert!(screen.contains(&format!("{said}: writing /home/sam")), "{screen}");
        assert!(screen.contains("(os error 28)") && screen.contains("space left"), "{screen}");
    }
    // What fits only without the undo beside it takes its place.
    sam.model.complain(format!("{} the disk is full", "word".repeat(14)));
    sam.sees("the disk is full").sees("? all").does_not_see("u: undo D57");
    // What no two lines hold takes as many as it needs, up to half of the window.
    sam.model.complain(format!("{}: the disk is full", "word ".repeat(60)));
    sam.sees("word word").sees("the disk is full");
    assert_eq!(sam.screen().matches("word").count(), 60, "{}", sam.screen());
    // What is longer than that is cut in the middle: the cause is at the end.
    sam.model.complain(format!("{}: the disk is full", "word ".repeat(900)));
    sam.sees("word word").sees("the disk is full").sees("T31 invalid");
    // What fits leaves the hints where they are.
    sam.model.complain("short");
    sam.sees("short").sees("? all").sees("u: undo D57");
}

#[test]
fn values_are_said_to_be_in_clear_only_where_they_are() {
    for away in ["J", "K", "q", "c", "g h", "g d", "g q", "j J"] {
        let mut sam = Steward::new();
        sam.presses("2j Enter *").sees("in clear;").presses(away);
        sam.does_not_see("in clear;").does_not_see("123-45-4417");
    }
    // A draft, a layer and what is decided later change nothing of that.
    let mut sam = Steward::new();
    sam.presses("2j Enter * jjj 1").sees("in clear;").presses("? Esc").sees("in clear;");
    let mut wide = Steward::at(160, 40);
    wide.presses("2j Enter *").sees("in clear;").presses("Tab").sees("123-45-4417");
    wide.presses("j").does_not_see("in clear;").does_not_see("123-45-4417");
}

#[test]
fn a_screen_in_clear_stays_so_only_as_long_as_that_can_be_written_down() {
    let mut sam = Steward::new();
    sam.presses("g i j Enter *").sees(",Ada,Okafor").presses("R").sees(",Ada,Okafor");
    sam.desk.cannot_write = true;
    sam.presses("R").sees("the disk is full").sees(",***,******").does_not_see("Okafor");
    let mut kim = Steward::new();
    kim.presses("3j Enter j *").sees("123-45-4417");
    // As for somebody else, who has not looked before.
    kim.desk.unmasked.clear();
    kim.desk.cannot_write = true;
    kim.presses("1").sees("T31 invalid").does_not_see("123-45-4417");
    let Action::Correct { values, .. } = &kim.asked().action else { panic!() };
    assert_eq!(values[&FieldName::new("national_id")], "123-45-4417", "it was in clear");
}

#[test]
fn a_draft_stays_while_its_values_are_masked_or_shown() {
    let mut sam = Steward::new();
    sam.presses("2j Enter jjj 1").sees("takes: picked").does_not_see("123-45-4417");
    sam.presses("*").sees("takes: picked").sees("123-45-4417");
    sam.presses("*").sees("takes: picked").does_not_see("123-45-4417");
    sam.presses("* ll e Ctrl-u").types("987-65-4320").presses("Enter").sees("987-65-4320");
    sam.presses("*").does_not_see("987-65-4320").presses("m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!() };
    assert_eq!(picks[&FieldName::new("national_id")], Pick::Typed("987-65-4320".into()));
}

#[test]
fn what_explains_two_records_is_masked_with_the_screen_below() {
    let mut sam = Steward::new();
    sam.presses("j Enter c h w Tab").types("support").presses("Enter").sees("match probability");
    sam.presses("j").does_not_see("123-45-4417").presses("*").sees("123-45-4417");
    sam.presses("*").sees("match probability").does_not_see("123-45-4417");
}

#[test]
fn values_are_shown_as_read_or_as_delivered() {
    let mut sam = Steward::new();
    sam.presses("2j Enter").sees("+15550104477").presses("t").sees("(555) 010-4477");
    sam.presses("=").sees("all values").presses("=").sees("differing rows").does_not_see("region");
}

#[test]
fn a_customer_is_seen_as_it_was_and_a_member_leaves() {
    let mut sam = Steward::new();
    sam.presses("j Enter c").sees("C17 customer").sees("as it stands now");
    sam.presses("]")
        .sees("]: this is how it stands now")
        .presses("[")
        .sees("D40 merged C341 into it");
    sam.presses("[").sees("crm:1042 imported").presses("[").sees("[: this is its beginning");
    sam.presses("x").sees("x: this is how it was").presses("]]").sees("as it stands now");
    sam.presses("l x").sees("webshop:88120 leaves C17: they differ?").presses("Esc x y");
    assert!(matches!(&sam.asked().action, Action::Unmerge { customer: CustomerId(17), .. }));
    sam.sees("C17 customer").presses("q").sees("T12 duplicate");
}

#[test]
fn the_finder_opens_what_was_typed() {
    let mut sam = Steward::new();
    sam.presses("/").types("invalid").sees("T31 invalid").does_not_see("Pace, Thomas  crm");
    sam.presses("Enter").sees("T31 invalid  C902");
    sam.presses("/").types("zzz").sees("No task resembles that; Tab searches customers.");
    sam.presses("Enter Esc").sees("T31");
}

#[test]
fn the_finder_searches_customers_and_records_as_well() {
    let mut sam = Steward::new();
    sam.presses("/").types("pace").sees("[tasks]").presses("Tab").sees("[customers]");
    sam.sees("C17  Pace, Thomas  crm:1042")
        .sees("5 searched")
        .presses("Enter")
        .sees("C17 customer");
    sam.presses("/ Tab Tab").types("support").sees("support:771").presses("Enter");
    sam.sees("C17 customer").presses("q").sees("filter: none");
}

#[test]
fn why_two_records_are_not_the_same_is_asked_of_a_member_and_a_record_found() {
    let mut sam = Steward::new();
    sam.presses("j Enter c").presses("ll w").sees("w: move to a member with h").presses("h w");
    sam.sees("why is webshop:88120 (not) the same as").presses("Tab").types("support");
    sam.presses("Enter").sees("webshop:88120 and support:771").sees("match probability 0.0200");
    sam.presses("w").sees("w: it explains no pair");
}

#[test]
fn what_is_read_is_copied_as_text_and_masked_as_it_is_shown() {
    let mut sam = Steward::new();
    sam.presses("j Enter w y").sees("sent to the terminal's clipboard");
    let copied = sam.copied.clone().unwrap();
    assert!(
        copied.starts_with("crm:1042 and webshop:88120  match probability 0.9800\n"),
        "{copied}"
    );
    assert!(copied.contains("***-**-****") && !copied.contains("123-45-4417"), "{copied}");
}

#[test]
fn the_palette_finds_what_can_be_done_and_says_what_cannot() {
    let mut sam = Steward::new();
    sam.presses("2j Enter :").types("wai").sees("waive  not now: no rule stands");
    sam.presses("Enter").sees("waive: no rule stands against it");
    sam.presses("Ctrl-p").types("not a match").presses("Enter").sees("not a match: 2 customers");
    sam.presses("q :").types("zzzz").sees("Nothing here is called that.").presses("Esc");
    sam.presses(":").types("go hist").sees("gh").presses("Enter").sees("history of everything");
}

#[test]
fn the_palette_decides_nothing_that_was_not_on_screen() {
    let mut sam = Steward::new();
    sam.presses("2j").hurries("Enter : m e r g e Enter").sees("merge dropped: T15");
    assert!(sam.desk.asked.is_empty());
}

#[test]
fn an_invalid_record_is_set_aside_with_a_reason() {
    let mut sam = Steward::new();
    sam.presses("3j Enter x").sees("why is webshop:88120 set aside").presses("Enter");
    sam.sees("not set aside without saying why").types("test data").presses("Enter");
    assert!(
        matches!(&sam.asked().action, Action::Quarantine { record } if record.to_string() == "webshop:88120")
    );
    assert_eq!(
        (sam.asked().note.as_deref(), sam.asked().task),
        (Some("test data"), Some(TaskId(31)))
    );
    sam.sees("T50 duplicate");
    let mut kim = Steward::new();
    let view = kim.desk.tasks.get_mut(&TaskId(31)).unwrap();
    view.reason_codes.push((Verdict::Quarantine, vec!["test-record".into()]));
    kim.presses("3j Enter x").sees("quarantine: why?").presses("Enter");
    assert_eq!(kim.asked().reason.as_ref().map(|code| code.as_str()), Some("test-record"));
}

#[test]
fn own_keys_are_in_effect_wherever_keys_are_told() {
    let wanted = |action: &str, keys: &[&str]| Rebinding {
        line: 1,
        context: None,
        action: action.to_owned(),
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
    };
    let (keys, findings) = Keymap::rebound(&[
        wanted("merge", &["M"]),
        wanted("undo", &["Ctrl-x"]),
        wanted("go-queue", &["Z q"]),
        wanted("repeat", &[]),
    ]);
    assert_eq!(findings, []);
    let mut sam = Steward::new();
    sam.model.keys = keys.into();
    sam.presses("2j Enter m").sees("m does nothing here").sees("M merge 1+2");
    sam.presses("?").sees("M              merge").does_not_see("repeat the verdict").presses("Esc");
    sam.presses(":").types("repeat").sees("(no key)").presses("Esc");
    sam.presses("M").sees("Ctrl-x: undo D57").presses("Ctrl-x").sees("undid merged");
    sam.presses("Z").sees("go to the queue").presses("q").sees("filter: none");
}

#[test]
fn the_queue_is_filtered_and_sorted() {
    let mut sam = Steward::new();
    sam.presses("f").types("kind = invalid").presses("Enter").sees("filter: kind = invalid");
    sam.does_not_see("T12").presses("f Ctrl-u").types("(").presses("Enter").sees("expected a name");
    sam.presses("Ctrl-u")
        .types("kind = approval")
        .presses("Enter")
        .sees("No task matches the filter");
    let counts = std::mem::take(&mut sam.model.queue.counts);
    sam.sees("Nothing is left to decide").does_not_see("No task matches");
    sam.model.queue.counts = counts;
    sam.presses("f Ctrl-u Enter")
        .sees("filter: none")
        .sees("T12")
        .presses("o s")
        .sees("order: score");
    // The task under the cursor is kept where it can be; another list is begun at its top.
    sam.presses("gg f")
        .types("kind = invalid or kind = challenge")
        .presses("Enter j")
        .sees("2 of 2");
    sam.presses("f Ctrl-u").types("kind = duplicate").presses("Enter").sees("1 of 3");
    sam.presses("j f Ctrl-u Enter").sees("> T15");
    sam.presses("o s").sees("order: score, reversed").sees("> T50");
    sam.presses("o b").sees("> T7").presses("5j").sees("5 of 5").presses("g g").sees("1 of 5");
}

#[test]
fn an_empty_queue_names_the_next_command() {
    let mut sam = Steward::new();
    sam.desk.queue.rows.clear();
    sam.presses("R")
        .sees("Nothing is left to decide.")
        .sees("steward match")
        .sees("steward import");
    sam.presses("Enter").sees("Enter: the queue is empty");
}

#[test]
fn the_last_task_decided_leads_back_to_the_queue() {
    let mut sam = Steward::new();
    sam.desk.queue.rows.retain(|row| row.task == TaskId(15));
    sam.presses("R Enter m").sees("Nothing is left to decide.").sees("D57 merged");
}

#[test]
fn help_says_why_a_key_does_nothing() {
    let mut sam = Steward::new();
    sam.presses("2j Enter Space ?").sees("no letter holds two columns").sees("compare");
    sam.presses("Esc g").sees("go to the queue").presses("q").sees("filter: none");
}

#[test]
fn on_a_wide_terminal_the_comparison_stands_beside_the_queue() {
    let mut sam = Steward::at(120, 40);
    sam.presses("j").sees("T12 duplicate  3 customers").sees(">T12").presses("Tab m");
    sam.sees("merged 2 records").sees("T15 duplicate  2 customers");
    sam.presses("Tab").presses("j").sees("T31 invalid  C902");
}

#[test]
fn what_stands_beside_the_queue_is_decided_from_the_queue() {
    let mut sam = Steward::at(100, 30);
    sam.presses("j").sees("T12 duplicate  3 customers").sees("m merge 1+2").does_not_see("page");
    sam.presses("m").sees("merged 2 records").sees("T15 duplicate  2 customers").sees(">T15");
    // What a key still asks for is asked; given up, the queue has the keys as before.
    sam.presses("d").sees("tomorrow").presses("Esc k").sees(">T7").presses("j d w");
    sam.sees("deferred").sees("T31 invalid  C902").presses("a").sees("corrected");
    assert!(sam.model.screens.is_empty() && !sam.model.lent, "the queue has the keys throughout");
    assert_eq!(sam.desk.asked.len(), 3);
    // Its own keys come first, and help tells of both.
    sam.presses("?").sees("the task beside the queue").presses("Esc 2j").sees("4 of 4");
}

#[test]
fn beside_the_queue_a_key_decides_only_what_was_seen_under_the_cursor() {
    let mut sam = Steward::at(120, 40);
    sam.presses("j").hurries("j m").sees("m dropped: T15 was not on screen yet");
    sam.looks().presses("m").sees("merged 2 records");
    assert_eq!(sam.desk.asked.len(), 1);
    // At 80 columns there is no comparison to decide on.
    let mut sam = Steward::new();
    sam.presses("2j m").sees("m does nothing here");
    assert!(sam.desk.asked.is_empty());
}

#[test]
fn a_key_that_decides_before_the_task_is_there_says_so() {
    let mut sam = Steward::at(120, 40);
    sam.model.queue.beside = None;
    sam.hurries("n").sees("n came before the task was on screen; press it again");
    sam.hurries("y").sees("y does nothing here");
    assert!(sam.desk.asked.is_empty());
}

#[test]
fn beside_marked_tasks_none_is_decided_by_itself() {
    let mut sam = Steward::at(120, 40);
    sam.presses("Space m").sees("m: 1 task is marked: b decides it, Space unmarks");
    sam.presses("Space n").sees("n: 2 tasks are marked: b decides them, Space unmarks");
    sam.presses("Esc k v j m").sees("m: a range is marked: b decides it, Esc drops it");
    assert!(sam.desk.asked.is_empty());
    // Opened, a task is decided by itself.
    sam.presses("Esc Space k Enter m").sees("merged 2 records");
    assert_eq!(sam.desk.asked.len(), 1);
}

#[test]
fn where_nothing_can_be_shown_keys_do_nothing_but_quit() {
    let mut sam = Steward::new();
    sam.presses("j").tell(Message::Resized(60, 20));
    sam.presses("Enter m y b 2 g").tell(Message::Resized(80, 24));
    sam.sees("> T12").sees("Enter open").presses("j").sees("> T15");
    assert!(sam.model.screens.is_empty() && sam.desk.asked.is_empty());
}

#[test]
fn what_may_be_the_rest_of_a_paste_shows_at_most_something() {
    let mut sam = Steward::new();
    let doubted = |sam: &mut Steward, key| {
        let moment = sam.model.moment.clone().expect("a moment");
        sam.tell(Message::Doubted(key, moment));
    };
    sam.presses("2j Enter").tell(Message::Rest(Key::Char('m')));
    sam.sees("the paste never ended; press the key again").looks();
    for key in ['m', 'n', 'd', 'u', 'y', 't', 'E', '1', ' '] {
        doubted(&mut sam, Key::Char(key));
        sam.sees("the paste never ended");
    }
    assert!(sam.desk.asked.is_empty() && sam.model.layers.is_empty());
    doubted(&mut sam, Key::Char('?'));
    assert!(!sam.model.layers.is_empty(), "help may be shown");
    doubted(&mut sam, Key::Enter);
    assert!(!sam.model.layers.is_empty() && sam.desk.asked.is_empty());
    // Text goes where text is typed; a prompt is not sent off.
    sam.presses("Esc g q f").tell(Message::Rest(Key::Char('k')));
    sam.tell(Message::Rest(Key::Enter));
    assert!(!sam.model.layers.is_empty());
}

#[test]
fn a_refusal_in_the_queue_says_why_and_leaves_the_task_there() {
    let mut sam = Steward::at(120, 40);
    sam.desk.refuses(Refusal::Stale {
        subject: "T15".into(),
        since: vec!["kim corrected email".into()],
    });
    sam.presses("2j m").sees("T15 changed since you saw it: kim corrected email");
    sam.sees("T15 duplicate").presses("m").sees("merged 2 records");
}

#[test]
fn what_nobody_pressed_makes_a_task_wait_to_be_seen_again() {
    let mut sam = Steward::new();
    sam.presses("2j Enter").tell(Message::Broken);
    sam.hurries("m").sees("m dropped: T15 was not on screen yet").looks().presses("m");
    sam.sees("merged 2 records");
}

#[test]
fn a_stale_decision_shows_the_task_as_it_is_now() {
    let mut sam = Steward::new();
    sam.desk.refuses(Refusal::Stale {
        subject: "T15".into(),
        since: vec!["kim corrected email".into()],
    });
    sam.presses("2j Enter m").sees("T15 changed since you saw it: kim corrected email");
    sam.sees("T15 duplicate").presses("m").sees("merged 2 records");
}

#[test]
fn suspending_and_leaving_are_told_to_the_session() {
    let mut sam = Steward::new();
    sam.presses("Ctrl-z");
    assert!(sam.suspended && !sam.quit);
    sam.presses("Esc Ctrl-c").sees("q quits");
    assert!(!sam.quit);
}

#[test]
fn the_mouse_puts_the_cursor_and_decides_nothing() {
    let mut sam = Steward::new();
    sam.tell(Message::Clicked(10, 4));
    sam.sees("2 of 5").tell(Message::Clicked(10, 4));
    sam.sees("T12 duplicate  3 customers");
    // The third row of the second column; then the golden column.
    sam.tell(Message::Clicked(35, 6));
    let cursor = |steward: &Steward| {
        let screen = steward.model.task().unwrap();
        (screen.scroll.cursor, screen.column)
    };
    assert_eq!(cursor(&sam), (2, 1));
    sam.tell(Message::Clicked(75, 7));
    assert_eq!(cursor(&sam), (3, 3));
    sam.tell(Message::Wheel { down: false });
    assert_eq!(cursor(&sam), (0, 3));
    sam.presses("?").tell(Message::Wheel { down: true });
    sam.tell(Message::Clicked(5, 5));
    assert_eq!(cursor(&sam), (0, 3), "a layer is left by keys");
    assert!(sam.desk.asked.is_empty());
}

#[test]
fn a_history_is_filtered_by_words_of_who_what_and_when() {
    let mut sam = Steward::new();
    sam.presses("g h f").types("kim 2026-10 email").presses("Enter").sees("1 entry");
    sam.sees("filter: kim 2026-10 email").sees("D55 corrected").does_not_see("D56 not a match:");
    sam.presses("U");
    let Action::Undo { decisions, .. } = &sam.asked().action else { panic!() };
    assert_eq!(decisions, &[DecisionId(55)]);
    sam.presses("f Ctrl-u").types("nobody").presses("Enter");
    sam.sees("Nothing holds all these words; f changes them.").presses("f Ctrl-u Enter");
    sam.sees("3 entries");
}

#[test]
fn every_state_of_a_task_looks_different_and_a_returned_one_says_why() {
    let mut sam = Steward::new();
    sam.desk.queue = super::fixtures::every_state();
    sam.presses("R").sees("back: birth_date changed").sees("birth_date of C88 is pinned");
    sam.sees("due today").sees("claimed by kim").sees("escalated to kim");
    sam.sees("deferred until 2026-11-02").sees("9,200").sees("1.2M");
}

#[test]
fn only_rows_around_the_cursor_are_fetched() {
    let mut sam = Steward::new();
    let row = sam.desk.queue.rows[1].clone();
    sam.desk.queue.rows =
        (1..=500).map(|id| door::views::QueueRow { task: TaskId(id), ..row.clone() }).collect();
    sam.presses("R g g").sees("1 of 500").sees("> T1 ");
    // The desk sends more than a screen at first; beyond that, rows come as they are needed.
    sam.model.queue.known.clear();
    sam.presses("j");
    assert!(sam.model.queue.known.len() < 60, "{}", sam.model.queue.known.len());
    sam.presses("G").sees("> T500   duplicate").sees("500 of 500");
    assert!(sam.model.queue.known.len() < 120);
}

#[test]
fn a_filter_that_is_none_is_told_with_its_place_and_names_are_completed() {
    let mut sam = Steward::new();
    sam.presses("f").sees("Tab completes: id, kind").types("kind = duplicate and colour = red");
    sam.sees("column 22: tasks have no `colour`");
    sam.presses("Enter").sees("tasks have no `colour`");
    // The cursor stands where it goes wrong: what is before it is deleted in one go.
    sam.presses("Ctrl-u").sees("colour = red").does_not_see("duplicate and");
    sam.presses("Esc f").types("ki").presses("Tab").types("= invalid");
    sam.presses("Enter").sees("filter: kind = invalid").sees("T31").does_not_see("T12");
    sam.presses("f Ctrl-u").types("s").presses("Tab");
    sam.sees("state, score, stake, subject, source");
}

#[test]
fn a_saved_view_is_two_keys_and_a_letter_away() {
    let mut sam = Steward::new();
    sam.presses("2j Enter g v").sees("twins: kind = duplicate and score >= 0.97").presses("r");
    sam.sees("filter: kind = invalid").sees("T31").presses("g v 0").sees("filter: none");
}

#[test]
fn tasks_are_grouped_by_pattern_and_a_pattern_becomes_the_filter() {
    let mut sam = Steward::new();
    sam.presses("p").sees("214").sees("same e-mail, different family name");
    sam.presses("j j Enter");
    sam.sees("filter: kind = invalid and pattern = ").sees("T31").does_not_see("T12");
    let filter = sam.model.queue.filter.as_deref();
    assert_eq!(filter, Some("kind = invalid and pattern = \"breaks email-domain\""));
}

#[test]
fn a_column_that_must_be_read_first_is_read_in_slices() {
    let mut sam = Steward::new();
    sam.desk.unread = 3;
    sam.presses("o i").sees("order: subject").does_not_see("reading");
    assert_eq!(sam.desk.unread, 0);
    sam.desk.unread = 2;
    let press = |key| Message::Key(key, super::story::Steward::new().moment());
    sam.presses("o");
    let asked = sam.unanswered(press(Key::Char('s')));
    assert_eq!(asked.len(), 1, "the queue is asked for and nobody waits");
}

#[test]
fn a_task_is_claimed_by_key_and_by_opening_it() {
    let mut sam = Steward::new();
    sam.presses("2j C").sees("T15 claimed").presses("C").sees("T15 released");
    sam.presses("Enter");
    let claimed = |sam: &Steward| {
        let rows = sam.desk.queue.rows.iter().filter(|row| row.claimed.is_some());
        rows.map(|row| row.task.0).collect::<Vec<_>>()
    };
    assert_eq!(claimed(&sam), [15]);
    sam.presses("J");
    assert_eq!(claimed(&sam), [31], "leaving gives it back");
    sam.presses("q");
    assert!(claimed(&sam).is_empty());
    sam.desk.queue.rows[0].claimed = Some("kim".into());
    sam.presses("g g Enter").sees("kim is working on it");
}

#[test]
fn marked_tasks_are_judged_counted_decided_and_taken_back_as_a_whole() {
    let mut sam = Steward::new();
    sam.desk.queue = super::fixtures::every_state();
    sam.presses("R").presses("b").sees("b: mark tasks with Space or v, or filter");
    sam.presses("j v 4j").sees("*T12").presses("Space").sees("5 marked").presses("b");
    sam.sees("one verdict on 5 tasks").presses("m");
    sam.sees("4 would be decided").sees("T15 decided T15").sees("1 would be refused");
    sam.sees("T44: T44 is asked of someone").sees("type 4 and Enter");
    sam.types("5").presses("Enter").sees("type 4, the number of tasks it decides");
    assert!(sam.desk.steps.iter().all(|step| step.rehearse), "nothing was decided");
    sam.presses("Backspace").types("4").presses("Enter");
    sam.sees("B1 merge: 5 tasks").sees("4 decided").sees("1 skipped");
    let versions: Vec<_> =
        sam.desk.steps.iter().filter(|step| !step.rehearse).flat_map(|it| &it.tasks).collect();
    assert!(versions.iter().all(|(task, seen)| seen.map(|it| it.0) == Some(task.0.into())));
    sam.presses("Esc").sees("B1 merge: 4 decided, 1 skipped").does_not_see("T15");
    sam.presses("u").sees("undo B1: all 4 decisions?").presses("y");
    let Action::Undo { decisions, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(decisions.len(), 4);
}

#[test]
fn a_bulk_of_an_earlier_session_is_taken_back_as_a_whole() {
    let mut sam = Steward::new();
    sam.desk.queue = super::fixtures::every_state();
    sam.presses("R j v 4j Space b m").types("4").presses("Enter Esc").sees("u: undo B1");
    // What this session knows of the bulk another one does not know.
    sam.model.last_bulk = None;
    sam.presses("u").sees("undo B1: all 4 decisions?").sees("to undo D60 alone, press U in the");
    sam.presses("Esc").sees("u: undo B1");
    assert!(sam.desk.asked.is_empty(), "nothing was undone unasked");
    sam.model.last_bulk = None;
    sam.presses("u y");
    let Action::Undo { decisions, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(decisions.len(), 4);
}

#[test]
fn a_grant_is_taken_back_whole_or_not_at_all() {
    let mut sam = Steward::new();
    sam.desk.queue = super::fixtures::every_state();
    sam.desk.of_grant = true;
    sam.presses("R j v 4j Space b m").types("4").presses("Enter Esc").sees("u: undo B1");
    sam.presses("u").sees("undo B1: the whole grant").sees("a grant is taken back whole");
    sam.does_not_see("alone");
    sam.presses("y");
    let Action::Undo { decisions, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(decisions.len(), 4);
}

#[test]
fn a_filter_and_a_verdict_are_a_bulk_and_esc_stops_it() {
    let mut sam = Steward::new();
    sam.presses("f").types("kind = duplicate").presses("Enter b d").sees("defer 3 tasks until");
    sam.presses("w").sees("3 would be decided").presses("Esc").sees("filter: kind = duplicate");
    assert!(sam.desk.steps.iter().all(|step| step.rehearse));
    sam.presses("b n").types("3");
    let asked = sam.unanswered(Message::Key(Key::Enter, sam.moment()));
    let Question::DecideSome(step) = asked[0].1.clone() else { panic!("{asked:?}") };
    sam.presses("Esc").sees("stopped; what was decided stays");
    // What was on its way when it was stopped is counted.
    let outcome = sam.desk.answer(Question::DecideSome(step));
    sam.tell(Message::Answered(asked[0].0.clone(), Box::new(outcome), sam.moment()));
    sam.sees("3 decided").presses("Esc").sees("No task matches the filter");
}

#[test]
fn a_bulk_of_more_than_the_settings_allow_is_not_begun() {
    let mut sam = Steward::new();
    sam.desk.queue.bulk_max = 2;
    sam.presses("R Space Space Space b");
    sam.sees("3 tasks are too many for one bulk: at most 2, unmark some");
    let mut kim = Steward::new();
    kim.desk.queue.bulk_max = 2;
    kim.presses("R f").types("kind = duplicate").presses("Enter b");
    kim.sees("3 tasks are too many for one bulk: at most 2, filter further");
}

#[test]
fn a_bulk_asks_for_the_reason_that_is_demanded() {
    let mut sam = Steward::new();
    sam.presses("f").types("kind = duplicate").presses("Enter");
    sam.desk.demands = vec!["household".into(), "twins".into()];
    sam.presses("b n").sees("not-a-match: why?").presses("t").sees("not-a-match (twins): 3 tasks");
    assert_eq!(sam.desk.steps.last().unwrap().reason.as_ref().unwrap().as_str(), "twins");
}

#[test]
fn a_value_only_one_may_hold_leads_to_the_other_holder() {
    let mut sam = Steward::new();
    sam.presses("3j Enter =").sees("no other customer is known to hold the value");
    let mut kim = Steward::new();
    let view = kim.desk.tasks.get_mut(&TaskId(31)).unwrap();
    let violation = &mut view.fix.as_mut().unwrap().violations[0];
    violation.holders = vec![domain::CustomerId(902)];
    violation.against = Some((FieldName::new("city"), Some("Decatur".into())));
    kim.presses("3j Enter").sees("held by    C902  =: side by side").sees("city       Decatur");
    kim.presses("=");
    let compared = kim.desk.compared.last().cloned().unwrap_or_default();
    assert_eq!(compared.last(), Some(&domain::CustomerId(902)));
    kim.presses("q").sees("T31 invalid");
}
