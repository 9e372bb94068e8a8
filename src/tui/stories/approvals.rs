//! What somebody else proposed is looked at, approved or rejected.

use crate::story::Steward;
use crate::story::real::Sam;
use domain::TaskId;
use door::Action;

#[test]
fn what_is_shown_is_what_is_approved() {
    let mut sam = Steward::at(100, 40);
    sam.presses("g a").sees("3 verdicts wait for an approval, 1 of them for yours");
    sam.sees("T90 kim proposes: merge C4 and C9").sees("note: same birth date, moved in May");
    sam.sees("asks lead, because verdict = merge and stake >= 10000 (ada, sam)");
    // Nothing is approved that was not looked at.
    sam.presses("a");
    assert!(sam.desk.asked.is_empty());
    sam.presses("Enter")
        .sees("It would come to something else now")
        .sees("golden record of C4 then");
    sam.sees("crm:4 delivered with another city").does_not_see("123-45-4417");
    sam.presses("*").sees("123-45-4417").presses("a");
    // It is something else by now: that is asked, and not done by a key pressed once.
    assert!(sam.desk.asked.is_empty());
    sam.sees("approve it as it is now?").presses("y");
    let Action::Approve { expect } = &sam.asked().action else { panic!() };
    assert_eq!(expect.as_deref(), Some("5f1c0d3a"));
    assert_eq!(sam.asked().task, Some(TaskId(90)));
    sam.sees("verdicts wait for an approval");
}

#[test]
fn who_rejects_says_why_and_nobody_judges_their_own() {
    let mut sam = Steward::at(100, 40);
    sam.presses("g a Enter x").sees("why is T90 rejected").types("two brothers").presses("Enter");
    assert_eq!(sam.asked().action, Action::Reject);
    assert_eq!(sam.asked().note.as_deref(), Some("two brothers"));
    let asked = sam.desk.asked.len();
    sam.presses("g a 4j Enter").sees("T91 sam proposes: correct city of crm:17");
    sam.presses("a").sees("a: you proposed it").presses("x").sees("x: you proposed it");
    assert_eq!(sam.desk.asked.len(), asked);
}

const RULES: &str = "[roles.lead]\nmay = [\"tasks\", \"show\", \"find\", \"history\", \"decide\", \"approve\", \"undo\"]\n\
    [people.sam]\nrole = \"lead\"\n[people.kim]\nrole = \"lead\"\n\
    [[approvals]]\nwhen = \"verdict = merge\"\nby = \"lead\"\n[matching]";

#[test]
fn the_list_and_an_open_approval_follow_what_others_do() {
    let mut sam = Sam::governed("[matching]", RULES);
    sam.presses("g a").sees("Nothing waits for an approval.");
    let made = sam.desk.merges("kim", &["crm:demo-1", "crm:demo-4"]);
    let asks = made.proposed.expect("it is proposed");
    sam.hears_of_others().sees(&format!("{asks} kim proposes: merge"));
    sam.presses("Enter").sees("what it would do now");
    sam.desk.decides("kim", undo(made.decision));
    sam.hears_of_others().sees("nobody is asked any more");
    sam.presses("a").sees("a: nobody is asked any more");
}

fn undo(decision: domain::DecisionId) -> door::Request {
    let (decisions, with_dependents) = (vec![decision], false);
    door::Request::new(Action::Undo { decisions, with_dependents, choices: Default::default() })
}
