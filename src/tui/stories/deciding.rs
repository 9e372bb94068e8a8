//! Decisions about duplicates: what is merged, put apart, taken from where, refused and why.

use crate::keys::Key;
use crate::message::Message;
use crate::model::Pacing;
use crate::story::Desk as _;
use crate::story::real::Sam;
use domain::{CustomerId, FieldName, RuleId, TaskId, Until};
use door::{Action, Pick};

/// Thomas and Tom: a plain pair (T32, of C281 and C289).
const PAIR: &str = "crm:demo-1";
/// A man twice, and his wife (T33).
const HOUSEHOLD: &str = "crm:demo-4";
/// A merge that a rule forbids (T34): customer since before birth.
const FORBIDDEN: &str = "crm:demo-6";

#[test]
fn a_plain_pair_takes_one_key_and_the_next_task_follows() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter");
    sam.sees("T32 duplicate").sees("m merge 1+2  n all differ");
    sam.presses("m").sees("2 records, into C281").sees("u: undo D2");
    sam.sees("T33 duplicate").presses("q").does_not_see("Oakhollow, Thomas").sees("> T33");
    sam.pauses().presses("q");
    assert!(sam.quit);
}

#[test]
fn what_contradicts_the_first_column_stays_out() {
    let mut sam = Sam::new();
    sam.opens(HOUSEHOLD).sees("3 C285 [ ]").sees("m merge 1+2").presses("m");
    let Action::Merge { groups, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert_eq!(groups, &[vec![CustomerId(284), CustomerId(290)]]);
    // What stayed out is asked about again: the others are two people by then, as far as is known.
    sam.sees("2 records, into C284");
}

#[test]
fn letters_make_groups_that_differ() {
    let mut sam = Sam::new();
    sam.opens(HOUSEHOLD).presses("l l s s").sees("3 C285 [B]").sees("m merge 1+2; not 3");
    sam.sees("n 1+2 / 3 differ").presses("n");
    let Action::NotAMatch { groups } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    let ids = |group: &[u32]| group.iter().copied().map(CustomerId).collect::<Vec<_>>();
    assert_eq!(groups, &[ids(&[284, 290]), ids(&[285])]);
}

#[test]
fn space_takes_a_column_out_and_m_says_why_it_does_nothing() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("Space").sees("1 C281 [ ]").presses("m");
    sam.sees("m: no letter is on two columns: mark with Space");
    assert!(sam.desk.decided().is_empty());
    sam.presses("Esc").sees("draft discarded").sees("1 C281 [A]");
}

#[test]
fn picking_the_street_picks_what_survives_with_it() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("2").sees("takes: picked").presses("jjjjj 2 m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    let fields: Vec<&str> = picks.keys().map(FieldName::as_str).collect();
    assert_eq!(fields, ["city", "country", "given_name", "postcode", "region", "street"]);
    assert_eq!(picks[&FieldName::new("city")], Pick::FromCustomer(CustomerId(289)));
    // The golden record is what was picked.
    sam.presses("g h").sees("1 record, into C281, Thomas Oakhollow");
}

#[test]
fn zero_gives_the_field_back_to_survivorship() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("2").sees("Tom  ").presses("0 m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    assert!(picks.is_empty());
}

#[test]
fn a_column_without_a_value_cannot_be_taken() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("jj 2").sees("column 2 has no birth_date");
    sam.presses("9").sees("there is no column 9");
}

#[test]
fn e_corrects_a_record_and_pins_a_golden_value() {
    let mut sam = Sam::new();
    sam.opens(PAIR).presses("e Ctrl-u").types("Tomas Lee").presses("Enter");
    let Action::Correct { record, values, .. } = &sam.asked().action else { panic!() };
    assert_eq!(record.to_string(), PAIR);
    assert_eq!(values[&FieldName::new("given_name")], "Tomas Lee");
    sam.sees("T32 duplicate").sees("Tomas Lee");
    sam.presses("ll e Ctrl-u").types("Thom").presses("Enter").sees("Thom ").presses("m");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!() };
    assert_eq!(picks[&FieldName::new("given_name")], Pick::Typed("Thom".into()));
    sam.sees("Oakhollow, 1 record, into C281");
}

#[test]
fn a_key_pressed_before_the_task_was_seen_decides_nothing() {
    let mut sam = Sam::new();
    sam.takes(&[PAIR]).hurries("Enter m").sees("m ignored: T32 was not shown yet");
    assert!(sam.desk.decided().is_empty());
    sam.looks().presses("m").sees("2 records, into C281");
    // The task that follows is guarded as well.
    let mut kim = Sam::new();
    kim.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").hurries("m m");
    assert_eq!(kim.desk.decided().len(), 1);
    kim.sees("m ignored: T33 was not shown yet");
}

#[test]
fn over_a_slow_line_a_key_decides_once_the_terminal_has_shown_the_task() {
    let mut sam = Sam::new();
    sam.model.pacing = Pacing::of(true);
    sam.opens(PAIR).presses("m").sees("m ignored: T32 was not shown yet");
    let serial = sam.asked_for.take().unwrap();
    sam.tell(Message::Shown { serial, answered: true });
    sam.presses("m").sees("2 records, into C281");
}

#[test]
fn a_second_decision_waits_for_the_first() {
    let mut sam = Sam::new();
    sam.opens(PAIR);
    let press = Message::Key(Key::Char('m'), sam.moment());
    let asked = sam.unanswered(press);
    assert_eq!(asked.len(), 1);
    let press = Message::Key(Key::Char('n'), sam.moment());
    assert_eq!(sam.unanswered(press).len(), 0);
    sam.sees("n: the last decision is still being saved");
    let (ticket, question) = asked.into_iter().next().unwrap();
    let answer = Box::new(sam.desk.answer(question));
    sam.tell(Message::Answered(ticket, answer, sam.moment()));
    sam.sees("2 records, into C281");
}

#[test]
fn pasted_text_never_decides() {
    let mut sam = Sam::new();
    sam.opens(PAIR).tell(Message::Pasted("mmm".into()));
    sam.sees("pasted text is never read as keys").presses("e Ctrl-u");
    sam.tell(Message::Pasted("Ann\u{1b}e".into()));
    sam.sees("Anne");
    assert!(sam.desk.decided().is_empty());
}

#[test]
fn a_refusal_puts_the_cursor_on_its_field_and_w_waives_it() {
    let mut sam = Sam::new();
    sam.opens(FORBIDDEN).sees("m merge 1+2 (refused)").sees("m (W waives): refused by customer-");
    // Why is told whole, what the rule is about is marked, and the cursor is on it.
    sam.sees("(one of the two dates is wrong)").sees(">customer_since").sees("!2001-04-17");
    sam.presses("m").sees("refused by customer-after-birth").sees(">customer_s");
    sam.presses("W")
        .sees("merge, waiving customer-after-birth (customer since before birth): why?")
        .presses("Enter");
    assert_eq!(sam.asked().waive, [RuleId::new("customer-after-birth")]);
    let reason = sam.asked().reason.as_ref().map(|code| code.as_str());
    assert!(
        reason.is_some_and(|code| ["moved", "confirmed-by-customer"].contains(&code)),
        "{reason:?}"
    );
    sam.sees("2 records, into C286");
}

#[test]
fn a_rule_that_becomes_stricter_meanwhile_refuses_what_was_foretold() {
    let rule = |severity: &str| format!("other = \"birth_date\"\nseverity = \"{severity}\"");
    let mut sam = Sam::governed(&rule("error"), &rule("warn"));
    sam.opens(FORBIDDEN).sees("m merge 1+2").does_not_see("(refused)");
    sam.desk.governs(&rule("warn"), &rule("error"));
    sam.presses("m").sees("T34 duplicate").sees("refused by customer-after-birth");
}

#[test]
fn a_reason_is_asked_for_where_one_is_demanded() {
    let mut sam = Sam::governed("\"waive\", \"escalate\"", "\"not-a-match\"");
    let reason = |sam: &Sam| sam.asked().reason.as_ref().map(|code| code.to_string());
    sam.opens(PAIR).presses("n").sees("not-a-match: why?").presses("2").sees("D3 not a match");
    assert_eq!(reason(&sam).as_deref(), Some("twins"));
    // The last one used is offered first: Enter takes it.
    sam.opens(HOUSEHOLD).presses("n Enter").sees("D4 not a match");
    assert_eq!(reason(&sam).as_deref(), Some("twins"));
}

#[test]
fn a_dot_repeats_verdict_and_reason_only() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter .");
    sam.sees(".: there is no decision to repeat").presses("n").sees("T33").presses(".");
    assert!(matches!(sam.asked().action, Action::NotAMatch { .. }));
    assert_eq!((sam.desk.decided().len(), sam.asked().task), (2, Some(TaskId(33))));
    let mut kim = Sam::new();
    kim.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter 2 m .");
    kim.sees("the last merge cannot be repeated: it took values specific to that task");
    assert_eq!(kim.desk.decided().len(), 1);
}

#[test]
fn deferring_asks_until_when() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD, FORBIDDEN])
        .presses("Enter d")
        .sees("defer until")
        .presses("1");
    let until = |steward: &Sam| match &steward.asked().action {
        Action::Defer { until } => *until,
        other => panic!("{other:?}"),
    };
    let at = |day: &str| Until::Time(format!("{day}T00:00:00Z").parse().unwrap());
    assert_eq!(until(&sam), at("2026-11-02"));
    sam.sees("T33").presses("d c");
    assert_eq!(until(&sam), Until::DataChanges);
    sam.sees("T34").presses("d d").types("2026-02-30").presses("Enter");
    sam.sees("write a date as 2026-12-31").presses("Ctrl-u").types("2026-12-24").presses("Enter");
    assert_eq!(until(&sam), at("2026-12-24"));
    sam.presses("g q").sees("deferred until 2026-12-24").sees("deferred until 2026-11-02");
    sam.desk.passes(86_400);
    sam.presses("R").sees("due");
}

#[test]
fn a_question_is_asked_answered_and_told_on_the_task() {
    let mut sam = Sam::governed("\"waive\", \"escalate\"", "\"waive\"");
    sam.opens(PAIR).presses("R").sees("R: nobody was asked");
    sam.presses("E").types("kim").presses("Enter").sees("what to ask kim");
    sam.types("one person?").presses("Enter").sees("D3 ").sees("kim");
    assert_eq!(sam.asked().note.as_deref(), Some("one person?"));
    sam.takes(&[PAIR]).sees("escalated to kim").presses("Enter");
    sam.sees("sam asked kim (D3): one person?").sees("R answer");
    sam.presses("R Enter").sees("the answer is empty");
    sam.presses("R").sees("your answer").types("two people").presses("Enter").sees("D4 ");
    assert_eq!(sam.asked().note.as_deref(), Some("two people"));
    assert!(matches!(sam.asked().action, Action::Answer));
    sam.takes(&[PAIR]).sees("answered").presses("Enter").sees("two people");
    sam.presses("R").sees("R: nobody was asked");
}

#[test]
fn a_stale_decision_shows_the_task_as_it_is_now() {
    let mut sam = Sam::new();
    sam.opens(PAIR);
    sam.desk.corrects("kim", PAIR, "occupation", "Headmaster");
    sam.presses("m").sees("changed since you saw it").sees("corrected occupation of crm:demo-1");
    sam.sees("T32 duplicate").sees("Headmaster").presses("m").sees("D3 merged ");
}

#[test]
fn a_task_that_somebody_else_has_claimed_is_not_decided() {
    let mut sam = Sam::new();
    sam.desk.claims("kim", TaskId(32));
    sam.presses("R").takes(&[PAIR]).sees("claimed by kim").presses("Enter");
    sam.sees("kim is working on it").presses("m").sees("kim is working on it");
    sam.presses("q").sees("> T32");
}

#[test]
fn what_was_decided_is_still_said_when_somebody_works_on_the_next_task() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter").sees("T32 duplicate");
    sam.desk.claims("kim", TaskId(33));
    sam.presses("m").sees("D2 merged ").sees(" kim is working on it").sees("T33 duplicate");
}

#[test]
fn a_challenge_is_accepted_or_the_decision_kept() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-8").sees("T36 challenge").sees("kim, 2026-11-01: father and son");
    sam.sees("a merges C288 and C292  r keeps C288 and C292 apart")
        .presses("m")
        .sees("m does nothing here")
        .presses("r");
    assert_eq!(sam.asked().action, Action::Keep);
    sam.sees("D2 kept").presses("u").sees("D3 undid").sees("T36");
    sam.opens("crm:demo-8").presses("a");
    assert_eq!(sam.asked().action, Action::Accept);
    sam.sees("D4 ");
}

#[test]
fn what_nobody_pressed_makes_a_task_wait_to_be_seen_again() {
    let mut sam = Sam::new();
    sam.opens(PAIR).tell(Message::Broken);
    sam.hurries("m").sees("m ignored: T32 was not shown yet").looks().presses("m");
    sam.sees("D2 merged Thomas Oakhollow, 2 records, into C281");
}

#[test]
fn a_disk_that_is_full_decides_nothing_and_says_so() {
    let mut sam = Sam::new();
    sam.opens(PAIR);
    sam.desk.fills_its_disk();
    sam.presses("m").sees("cannot write").does_not_see("2 records, into");
    sam.presses("g q").sees("T32");
}

#[test]
fn a_reason_and_a_note_are_given_by_whoever_wants_to() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("N").sees("not-a-match: why?").sees("no reason, only a note");
    sam.presses("Enter").sees("a note, empty for none").types("two brothers").presses("Enter");
    let asked = sam.asked();
    assert!(asked.reason.is_some());
    assert_eq!(asked.note.as_deref(), Some("two brothers"));
    let given = asked.reason.clone();
    // The last one comes first; without a reason there may be a note alone.
    sam.opens("crm:demo-4").presses("N Enter Enter");
    assert_eq!((&sam.asked().reason, &sam.asked().note), (&given, &None));
    sam.presses("u").opens("crm:demo-4").presses("M");
    if sam.screen().contains("why?") {
        sam.presses("-");
    }
    sam.types("one person").presses("Enter").sees("merged");
    assert_eq!((&sam.asked().reason, sam.asked().note.as_deref()), (&None, Some("one person")));
    // Whoever wants none presses no key more.
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("n").sees("not a match");
    assert_eq!(sam.asked().note, None);
}

#[test]
fn whoever_is_asked_is_completed_from_those_who_are_known() {
    let mut sam = Sam::new();
    sam.desk.corrects("kim", "crm:demo-3", "occupation", "Chef");
    sam.opens("crm:demo-1").presses("E").sees("completes: crm team, kim, ");
    sam.types("k")
        .sees("completes: kim")
        .presses("Tab Enter")
        .sees("what to ask kim")
        .presses("Esc");
    sam.presses("E").types("CRM").presses("Tab Enter").sees("what to ask crm team").presses("Esc");
    sam.presses("E").types("zed").presses("Tab").sees("any name can be typed").presses("Enter");
    sam.sees("what to ask zed");
}

#[test]
fn a_whole_column_is_taken_by_one_key() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("l T").sees("of column 2 taken").presses("m").sees("merged");
    let Action::Merge { picks, .. } = &sam.asked().action else { panic!("{:?}", sam.asked()) };
    let from = |pick: &Pick| matches!(pick, Pick::FromCustomer(_));
    assert!(picks.len() > 3 && picks.values().all(from), "{picks:?}");
}

#[test]
fn a_correction_is_repeated_on_another_record() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-7").presses("X").sees("removed email of crm:demo-7");
    let invalid = |id: u32| format!("{id},Ada{id},Oakhollow{id},no-address-{id}\n");
    let rows: String = (7001..7003).map(invalid).collect();
    sam.desk.receives("crm", &format!("customer_id,first_name,last_name,email\n{rows}"));
    sam.opens("crm:7001").presses(".").sees("removed email of crm:7001");
    sam.opens("crm:7002").presses("e Ctrl-u").types("ada@example.com").presses("Enter");
    sam.sees("corrected email of crm:7002");
}
