//! What a steward does, in the steward's words.

use super::keys::Key;
use super::message::Message;
use super::story::Steward;
use crate::desk::{Action, Answer, Dependant, Pick, Refusal};
use crate::domain::{
    CustomerId, DecisionId, Dimension, FieldName, RuleId, Severity, TaskId, Until, Verdict,
    Violation,
};

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
    let Action::Correct { record, values } = &sam.asked().action else { panic!() };
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
    let Action::Correct { record, values } = &sam.asked().action else { panic!() };
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
    sam.desk.next.push_back(Answer::Refused(breaks("one-birth-date", "birth_date")));
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
    sam.desk.next.push_back(Answer::Refused(Refusal::ReasonRequired {
        verdict: Verdict::NotAMatch,
        offered: vec!["household".into(), "twins".into()],
    }));
    sam.presses("2j Enter n").sees("not-a-match: why?").presses("2").sees("not a match");
    assert_eq!(sam.asked().reason.as_ref().map(|code| code.as_str()), Some("twins"));
    // The last one used is offered first: Enter takes it.
    sam.desk.next.push_back(Answer::Refused(Refusal::ReasonRequired {
        verdict: Verdict::NotAMatch,
        offered: vec!["household".into(), "twins".into()],
    }));
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
fn an_undo_that_others_build_on_asks_first() {
    let mut sam = Steward::new();
    sam.presses("2j Enter m g h");
    let on = vec![Dependant { decision: DecisionId(60), summary: "merged C88 into C3".into() }];
    sam.desk.next.push_back(Answer::Refused(Refusal::DependedOn { on }));
    sam.presses("j U").sees("undo D55 and what builds on it?").sees("D60 merged C88 into C3");
    sam.presses("y");
    assert!(matches!(&sam.asked().action, Action::Undo { with_dependents: true, .. }));
    sam.presses("k U").sees("U: D56 is undone already");
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
fn an_invalid_record_is_mended_value_by_value() {
    let mut sam = Steward::new();
    sam.presses("3j Enter").sees("unknown domain").sees("1 suggested").presses("a");
    let Action::Correct { values, .. } = &sam.asked().action else { panic!() };
    assert_eq!(values[&FieldName::new("email")], "t.pace@example.com");
    assert_eq!(sam.asked().task, Some(TaskId(31)));
    sam.sees("T31 invalid").presses("j a").sees("a: nothing is suggested for it: e edits");
    sam.sees("***-**-4417").presses("1");
    let Action::Correct { values, .. } = &sam.asked().action else { panic!() };
    assert_eq!(values[&FieldName::new("national_id")], "123-45-4417");
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
    sam.presses("/").types("invalid").sees("T31 invalid").does_not_see("Pace, Thomas crm");
    sam.presses("Enter").sees("T31 invalid  C902");
    sam.presses("/").types("zzz").sees("No task resembles that.").presses("Enter Esc").sees("T31");
}

#[test]
fn the_queue_is_filtered_and_sorted() {
    let mut sam = Steward::new();
    sam.presses("f").types("kind = invalid").presses("Enter").sees("filter: kind = invalid");
    sam.does_not_see("T12")
        .presses("f Ctrl-u")
        .types("(")
        .presses("Enter")
        .sees("a `)` is missing");
    sam.presses("Ctrl-u")
        .types("kind = approval")
        .presses("Enter")
        .sees("No task matches the filter");
    sam.presses("f Ctrl-u Enter")
        .sees("filter: none")
        .sees("T12")
        .presses("o")
        .sees("order: score");
    sam.sees("> T12").presses("5j").sees("5 of 5").presses("g g").sees("1 of 5");
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
    sam.presses("j").sees("T12 duplicate  3 customers").sees(">T12").presses("m");
    assert!(sam.desk.asked.is_empty(), "the queue has the keys");
    sam.presses("Tab m").sees("merged 2 records").sees("T15 duplicate  2 customers");
    sam.presses("Tab").presses("j").sees("T31 invalid  C902");
}

#[test]
fn a_stale_decision_shows_the_task_as_it_is_now() {
    let mut sam = Steward::new();
    sam.desk.next.push_back(Answer::Refused(Refusal::Stale {
        subject: "T15".into(),
        since: vec!["kim corrected email".into()],
    }));
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
