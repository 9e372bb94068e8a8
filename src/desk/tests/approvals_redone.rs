//! Approvals that are undone and redone: whoever brings something back answers for it, under every name they had.

use std::collections::BTreeMap;

use super::approvals::*;
use super::*;
use domain::{BrokenGlass, FieldName};
use door::operations::ShowApproval;

const MAY_UNDO: &str = "can undo it";

fn break_glass(test: &mut TestDesk, name: &str) -> (DecisionId, BrokenGlass) {
    let (_, request) = duplicate(test, 0);
    let request = Request { break_glass: Some("urgent".to_owned()), ..request };
    let made = does_as(test, name, request).decision;
    (made, *decision(test, made).broken_glass.unwrap())
}

#[test]
fn whoever_may_not_approve_brings_no_answer_back() {
    let mut test = world();
    let (made, glass) = break_glass(&mut test, "sam");
    let answered = does_as(&mut test, "lee", approve(glass.task)).decision;
    // What was approved is undone as anything that was approved.
    let undo = does_as(&mut test, "kim", undo_request(made, false));
    assert!(undo.proposed.is_some(), "{}", undo.summary);
    does_as(&mut test, "kim", undo_request(undo.decision, false));
    for name in ["sam", "kim"] {
        refused_as(&mut test, &over_ssh(name), undo_request(answered, false));
    }
    let undone = does_as(&mut test, "lee", undo_request(answered, false)).decision;
    assert!(state(&mut test, glass.task).is_pending());
    let why = refused_as(&mut test, &over_ssh("sam"), undo_request(undone, false));
    assert!(why.contains("you proposed it"), "{why}");
    let why = refused_as(&mut test, &over_ssh("kim"), undo_request(undone, false));
    assert!(why.contains("it is for lead to approve"), "{why}");
    does_as(&mut test, "ada", undo_request(undone, false));
    assert!(!state(&mut test, glass.task).is_pending());

    let (_, request) = duplicate(&mut test, 0);
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    let rejected = does_as(&mut test, "lee", reject(asks)).decision;
    for name in ["sam", "kim"] {
        refused_as(&mut test, &over_ssh(name), undo_request(rejected, false));
    }
    let again = does_as(&mut test, "lee", undo_request(rejected, false)).decision;
    assert!(state(&mut test, asks).is_pending());
    refused_as(&mut test, &over_ssh("kim"), undo_request(again, false));
    does_as(&mut test, "ada", undo_request(again, false));
    assert!(!state(&mut test, asks).is_pending());
}

#[test]
fn whoever_brings_a_proposal_back_has_proposed_it() {
    let mut test = world();
    let (task, request) = duplicate(&mut test, 0);
    let proposed = does_as(&mut test, "sam", request.clone());
    let asks = proposed.proposed.unwrap();
    let why = refused_as(&mut test, &over_ssh("kim"), undo_request(proposed.decision, false));
    assert!(why.contains(MAY_UNDO), "{why}");
    let withdrawn = does_as(&mut test, "sam", undo_request(proposed.decision, false)).decision;
    does_as(&mut test, "lee", undo_request(withdrawn, false));
    for name in ["lee", "sam"] {
        let why = refused_as(&mut test, &over_ssh(name), approve(asks));
        assert!(why.contains("you proposed it"), "{name}: {why}");
    }
    assert_eq!(listed(&mut test, "kim", false)[0].may, ["ada"]);
    // What takes its place has all of them behind it.
    let note = Some("edited".to_owned());
    let edited = does_as(&mut test, "kim", Request { note, ..request }).proposed.unwrap();
    assert_eq!(listed(&mut test, "kim", false)[0].may, ["ada"]);
    refused_as(&mut test, &over_ssh("lee"), approve(edited));
    does_as(&mut test, "ada", approve(edited));
    assert!(!state(&mut test, task).is_pending());
}

#[test]
fn a_person_is_the_same_after_changing_user_and_name_one_after_the_other() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let people = PEOPLE.replace("\"steward\"\nunix = \"u-sam\"", "\"lead\"\nunix = \"u-sam\"");
    test.adopts(&format!("{SETTINGS}{people}{RULES}"));
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    let moved = people.replace("u-sam", "u-max");
    test.adopts(&format!("{SETTINGS}{moved}{RULES}"));
    let renamed = moved.replace("[people.sam]", "[people.ann]");
    test.adopts(&format!("{SETTINGS}{renamed}{RULES}"));
    for who in [over_ssh("ann"), Session::local("u-max", TimeZone::UTC)] {
        let why = refused_as(&mut test, &who, approve(asks));
        assert!(why.contains("Unix user"), "{why}");
    }
    assert_eq!(listed(&mut test, "kim", false)[0].may, ["ada", "lee"]);
    does_as(&mut test, "lee", approve(asks));
}

#[test]
fn a_unix_user_is_the_same_by_name_and_by_number() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let people = PEOPLE.replace("\"u-sam\"", "\"root\"");
    test.adopts(&format!("{SETTINGS}{people}{RULES}"));
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    let renamed = people
        .replace("[people.sam]\nrole = \"steward\"", "[people.ann]\nrole = \"lead\"")
        .replace("\"root\"", "\"0\"");
    test.adopts(&format!("{SETTINGS}{renamed}{RULES}"));
    let why = refused_as(&mut test, &over_ssh("ann"), approve(asks));
    assert!(why.contains("somebody else has to approve it"), "{why}");
    assert_eq!(listed(&mut test, "kim", false)[0].may, ["ada", "lee"]);
}

#[test]
fn an_approved_hold_is_not_lifted_by_one_person() {
    let mut test =
        world_under("[[approvals]]\nwhen = \"verdict in (hold, correct)\"\nby = \"lead\"\n");
    let customer = test.customer("crm:1");
    let reason = Some(domain::ReasonCode::new("checked"));
    let hold =
        Request { reason: reason.clone(), ..Request::new(Action::Hold { customer, until: None }) };
    let asks = does_as(&mut test, "sam", hold).proposed.unwrap();
    does_as(&mut test, "lee", approve(asks));
    let lift = Request { reason, ..Request::new(Action::Lift { customer }) };
    let asks = does_as(&mut test, "sam", lift).proposed.unwrap();
    does_as(&mut test, "lee", approve(asks));
}

#[test]
fn a_rule_about_tasks_binds_whoever_decides_without_naming_the_task() {
    for when in ["kind = duplicate and verdict = merge", "verdict = merge and score > 0.1"] {
        let mut test = world_under(&format!("[[approvals]]\nwhen = \"{when}\"\nby = \"lead\"\n"));
        let (_, request) = duplicate(&mut test, 0);
        let done = does_as(&mut test, "sam", Request { task: None, ..request });
        assert!(done.proposed.is_some(), "{when}: {}", done.summary);
    }
}

#[test]
fn whoever_approves_is_shown_what_each_value_was_and_becomes() {
    let mut test = world();
    let request = fix_request("crm:1", "email", "new.one@example.com");
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    let record = crate::facts::Facts::find(&test.desk().facts(), &"crm:1".parse().unwrap());
    let record = record.unwrap().unwrap();
    let old = test.desk().facts().values(record).unwrap().standard("email").map(str::to_owned);
    let shown = ask_as(&mut test, &over_ssh("lee"), ShowApproval { task: asks, unmask: true });
    let shown = shown.unwrap();
    let row = shown.values.iter().find(|it| it.record.is_some()).unwrap();
    assert_eq!((row.field.as_str(), row.named), ("email", true));
    assert_eq!(row.was.as_ref().map(|it| it.as_str()), old.as_deref());
    let old = old.unwrap_or_else(|| "(no value)".to_owned());
    assert_eq!(row.becomes.as_ref().map(|it| it.as_str()), Some("new.one@example.com"));
    assert_eq!(row.then, None);
    // Somebody corrects it meanwhile, without a rule that asks: what is replaced is another value.
    test.adopts(&format!("{SETTINGS}{PEOPLE}"));
    does_as(&mut test, "kim", fix_request("crm:1", "email", "between@example.com"));
    let shown = ask_as(&mut test, &over_ssh("lee"), ShowApproval { task: asks, unmask: true });
    let shown = shown.unwrap();
    assert!(shown.differs);
    let row = shown.values.iter().find(|it| it.record.is_some()).unwrap();
    let line = row.line();
    let now = "email of crm:1: between@example.com -> new.one@example.com";
    assert_eq!(line, format!("{now}; when proposed: {old} -> new.one@example.com"));
    refused_as(&mut test, &over_ssh("lee"), approve(asks));
}

#[test]
fn a_pin_that_another_took_the_place_of_is_not_approved_unseen() {
    let mut test = world_under("[[approvals]]\nwhen = \"verdict = pin\"\nby = \"lead\"\n");
    let customer = test.customer("crm:1");
    let pin = |city: &str| {
        let picks = BTreeMap::from([(FieldName::new("city"), door::Pick::Typed(city.to_owned()))]);
        Request::new(Action::Pin { customer, picks })
    };
    let first = does_as(&mut test, "sam", pin("Northtown")).proposed.unwrap();
    let second = does_as(&mut test, "kim", pin("Southtown")).proposed.unwrap();
    does_as(&mut test, "lee", approve(first));
    let shown = view(&mut test, "lee", second);
    assert!(shown.differs);
    let row = shown.values.iter().find(|it| it.field.as_str() == "city").unwrap();
    assert!(
        row.line().contains("golden: Northtown -> Southtown; when proposed: "),
        "{}",
        row.line()
    );
    refused_as(&mut test, &over_ssh("lee"), approve(second));
    let digest = shown.digest.unwrap();
    does_as(&mut test, "lee", approve_as_it_is(second, &digest));
}

#[test]
fn a_merge_shows_what_changes_of_whom_and_hides_what_is_masked() {
    let mut test = world();
    let (_, request) = duplicate(&mut test, 0);
    let asks = does_as(&mut test, "sam", request).proposed.unwrap();
    let shown = view(&mut test, "lee", asks);
    assert!(shown.values.iter().all(|it| it.record.is_none() && it.then.is_none()), "{shown:?}");
    let masked = format!("{SETTINGS}{PEOPLE}{RULES}")
        .replace("[roles.lead]\n", "[roles.lead]\nmask = { email = \"hide\", phone = \"hide\" }\n");
    test.adopts(&masked);
    does_as(&mut test, "kim", fix_request("crm:1", "phone", "+14025550198"));
    let shown = view(&mut test, "lee", asks);
    let hidden = |it: &door::views::ProposedValue| matches!(it.field.as_str(), "email" | "phone");
    assert!(!shown.values.iter().any(hidden), "{:?}", shown.values);
}
