//! Undo gives back what was, exactly.

use super::*;
use door::{DependantChoice, Pick};

const THREE: &str = "\
1,Thomas,Oakhollow,thomas@example.com,+12175550104,1984-03-12,12 Rose Lane,Springfield,2012-05-06,,2026-03-02\n\
2,Tom,Oakhollow,,,1984-03-12,12 Rose Lane,Springfield,,,2026-04-02\n\
3,Theo,Oakhollow,theo@example.com,,2011-07-30,12 Rose Lane,Springfield,,,2026-05-02\n";

fn three() -> (TestDesk, [CustomerId; 3]) {
    let mut test = TestDesk::new();
    test.import("crm", THREE);
    let customers = ["crm:1", "crm:2", "crm:3"].map(|address| test.customer(address));
    (test, customers)
}

#[test]
fn undo_of_a_merge_gives_back_members_ids_and_golden_values() {
    let (mut test, [one, two, _]) = three();
    let before = test.picture();
    let merged = test.does(merge_request(&[&[two, one]]));
    assert_eq!(test.customer("crm:2"), one, "the lowest id survives");
    assert!(test.picture().contains(&format!("{two} -> {one}")));
    let undone = test.undo(merged.decision);
    assert_eq!(test.picture(), before);
    // Redo is undoing the undo.
    test.undo(undone.decision);
    assert_eq!(test.customer("crm:2"), one);
}

#[test]
fn undo_of_a_partition_leaves_no_constraint() {
    let (mut test, [one, two, three]) = three();
    let before = test.picture();
    let done = test.does(merge_request(&[&[one, two], &[three]]));
    let refused = test.is_refused(merge_request(&[&[one, three]]));
    assert_eq!(refused, Refusal::NotAMatchStands { decisions: vec![done.decision] });
    test.undo(done.decision);
    assert_eq!(test.picture(), before);
    test.does(merge_request(&[&[one, three]]));
}

#[test]
fn undo_of_a_correction_and_of_a_pin_gives_back_the_golden_values() {
    let (mut test, [one, _, _]) = three();
    let before = test.picture();
    let corrected = test.does(fix_request("crm:1", "given_name", "Tomas"));
    assert!(test.picture()[0].contains("given_name=Tomas"));
    let pins = [("city".into(), Pick::Typed("Decatur".to_owned()))].into();
    let pinned = test.does(Request::new(Action::Pin { customer: one, picks: pins }));
    assert!(test.picture()[0].contains("city=Decatur"));
    test.undo(pinned.decision);
    test.undo(corrected.decision);
    assert_eq!(test.picture(), before);
}

#[test]
fn undo_names_what_builds_on_it_and_takes_it_back_when_told() {
    let (mut test, [one, two, three]) = three();
    let before = test.picture();
    let first = test.does(merge_request(&[&[one, two]]));
    let second = test.does(merge_request(&[&[one, three]]));
    match test.is_refused(undo_request(first.decision, false)) {
        Refusal::DependedOn { on, .. } => assert_eq!(on[0].decision, second.decision),
        other => unreachable!("{other:?}"),
    }
    let undone = test.does(undo_request(first.decision, true));
    let names = |text: &str| {
        let pieces =
            ["undid D2 (merged 3 records into C1: ", ") and D1 (merged 2 records into C1: "];
        pieces.iter().all(|piece| text.contains(piece))
    };
    assert!(names(&undone.summary), "whom it was about is named: {}", undone.summary);
    assert_eq!(test.picture(), before);
    test.undo(undone.decision);
    assert_eq!(test.customer("crm:3"), one);
}

#[test]
fn a_record_that_joined_by_machine_stays_with_the_survivor() {
    let (mut test, [one, two, _]) = three();
    let merged = test.does(merge_request(&[&[one, two]]));
    // The shop's record agrees with crm:1 in everything that identifies a person.
    test.import(
        "shop",
        "9,Thomas,Oakhollow,thomas@example.com,+12175550104,1984-03-12,12 Rose Lane,Springfield,,,2026-06-01\n",
    );
    let joined = test.customer("shop:9");
    let machine = test.does(merge_request(&[&[one, joined]]));
    test.undo(machine.decision);
    assert_eq!(test.customer("shop:9"), joined);
    test.undo(merged.decision);
    assert_eq!(test.customer("crm:2"), two);
}

#[test]
fn an_export_made_meanwhile_is_told() {
    let (mut test, [one, two, _]) = three();
    let merged = test.does(merge_request(&[&[one, two]]));
    let exported = domain::event::Exported {
        dataset: "golden".into(),
        format: "csv".into(),
        filter: String::new(),
        rows: 2,
        up_to: merged.sequence,
        destination: "newsletter.csv".into(),
        begun: None,
    };
    test.desk().commit(vec![exported.into()]).unwrap();
    let undone = test.undo(merged.decision);
    assert_eq!(undone.exported_meanwhile.len(), 1);
    assert!(undone.exported_meanwhile[0].contains("newsletter.csv"));
}

/// One and two merged, then three into them: undone, what the second brought stays or moves back.
fn undo_choosing(
    test: &mut TestDesk,
    first: DecisionId,
    choices: &[(DecisionId, DependantChoice)],
) -> Receipt {
    let choices = choices.iter().copied().collect();
    let action = Action::Undo { decisions: vec![first], with_dependents: false, choices };
    test.does(Request::new(action))
}

#[test]
fn what_a_later_merge_brought_stays_with_the_survivor_or_moves_back() {
    for (choice, home) in [(DependantChoice::Stay, 0), (DependantChoice::MoveBack, 1)] {
        let (mut test, customers) = three();
        let [one, two, three] = customers;
        let first = test.does(merge_request(&[&[one, two]]));
        let second = test.does(merge_request(&[&[one, three]]));
        let before = test.picture();
        let undone = undo_choosing(&mut test, first.decision, &[(second.decision, choice)]);
        let told = "undid D1 (merged 2 records into C1: ";
        assert!(undone.summary.starts_with(told), "the second stands: {}", undone.summary);
        assert_eq!(test.customer("crm:1"), one);
        assert_eq!(test.customer("crm:2"), two);
        assert_eq!(test.customer("crm:3"), customers[home], "{choice:?}");
        test.undo(undone.decision);
        assert_eq!(test.picture(), before, "redo gives back what was, {choice:?}");
    }
}

#[test]
fn undoing_the_later_one_too_is_a_choice_as_well() {
    let (mut test, [one, two, three]) = three();
    let before = test.picture();
    let first = test.does(merge_request(&[&[one, two]]));
    let second = test.does(merge_request(&[&[one, three]]));
    undo_choosing(&mut test, first.decision, &[(second.decision, DependantChoice::UndoToo)]);
    assert_eq!(test.picture(), before);
}

#[test]
fn a_pin_on_the_survivor_builds_on_the_merge() {
    for (choice, holder) in [(DependantChoice::Stay, "crm:1"), (DependantChoice::MoveBack, "crm:2")]
    {
        let (mut test, [one, two, _]) = three();
        let merged = test.does(merge_request(&[&[one, two]]));
        let picks = [("city".into(), Pick::Typed("Decatur".to_owned()))].into();
        let pinned = test.does(Request::new(Action::Pin { customer: one, picks }));
        match test.is_refused(undo_request(merged.decision, false)) {
            Refusal::DependedOn { on, exported } => {
                assert_eq!((on[0].decision, exported), (pinned.decision, Vec::new()));
            }
            other => unreachable!("{other:?}"),
        }
        undo_choosing(&mut test, merged.decision, &[(pinned.decision, choice)]);
        let customer = test.customer(holder);
        let line = test.picture().into_iter().find(|line| line.contains("city=Decatur"));
        assert!(line.unwrap().starts_with(&format!("{customer} ")), "{choice:?}");
    }
}

#[test]
fn a_choice_about_what_does_not_build_on_it_is_refused() {
    let (mut test, [one, two, three]) = three();
    let apart = test.does(apart_request(&[&[two], &[three]]));
    let merged = test.does(merge_request(&[&[one, two]]));
    let action = Action::Undo {
        decisions: vec![merged.decision],
        with_dependents: false,
        choices: [(apart.decision, DependantChoice::Stay)].into(),
    };
    let refused = test.is_refused(Request::new(action)).to_string();
    assert_eq!(refused, format!("{} does not build on it", apart.decision));
}

fn five() -> (TestDesk, [CustomerId; 5]) {
    let mut test = TestDesk::new();
    let rows: String =
        (1..=5).map(|n| format!("{n},Given{n},Family{n},g{n}@example.com,,,,,,,\n")).collect();
    test.import("crm", &rows);
    let customers = [1, 2, 3, 4, 5].map(|n| test.customer(&format!("crm:{n}")));
    (test, customers)
}

fn merge_into(test: &mut TestDesk, one: CustomerId, into: CustomerId) -> DecisionId {
    let groups = vec![vec![one, into]];
    let picks = std::collections::BTreeMap::new();
    let rest = door::Rest::Stay;
    test.does(Request::new(Action::Merge { groups, into: Some(into), picks, rest })).decision
}

#[test]
fn undoing_what_stayed_does_not_bring_back_what_was_undone() {
    for choice in [DependantChoice::Stay, DependantChoice::MoveBack] {
        let (mut test, [one, two, three, ..]) = five();
        let before = test.picture();
        let first = merge_into(&mut test, one, two);
        let second = merge_into(&mut test, two, three);
        undo_choosing(&mut test, first, &[(second, choice)]);
        assert_eq!(test.customer("crm:1"), one);
        test.undo(second);
        assert_eq!(test.picture(), before, "{choice:?}");
    }
}

#[test]
fn a_chain_of_merges_comes_apart_in_any_order() {
    use DependantChoice::{MoveBack, Stay};
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (choice, order) in [Stay, MoveBack].into_iter().flat_map(|it| orders.map(|o| (it, o))) {
        let (mut test, [one, two, three, four, _]) = five();
        let before = test.picture();
        let merges = [(one, two), (two, three), (three, four)]
            .map(|(one, into)| merge_into(&mut test, one, into));
        for at in order {
            let mut choices = std::collections::BTreeMap::new();
            loop {
                let decisions = vec![merges[at]];
                let asked = choices.clone();
                let action = Action::Undo { decisions, with_dependents: false, choices: asked };
                match test.decide(Request::new(action)) {
                    Ok(_) => break,
                    Err(NotDone::Refused(Refusal::DependedOn { on, .. })) => {
                        choices.extend(on.into_iter().map(|it| (it.decision, choice)));
                    }
                    // With nobody coming back nothing moves back.
                    Err(NotDone::Refused(_)) => choices.values_mut().for_each(|it| *it = Stay),
                    other => unreachable!("{other:?}"),
                }
            }
        }
        assert_eq!(test.picture(), before, "{choice:?} {order:?}");
    }
}

#[test]
fn a_record_that_an_unmerge_took_out_does_not_return_to_a_merge_that_was_undone() {
    let (mut test, [one, two, three, ..]) = five();
    let before = test.picture();
    let merged = test.does(merge_request(&[&[one, two, three]])).decision;
    let records = vec!["crm:3".parse().unwrap()];
    let parted = test.does(Request::new(Action::Unmerge { customer: one, records })).decision;
    undo_choosing(&mut test, merged, &[(parted, DependantChoice::Stay)]);
    test.undo(parted);
    assert_eq!(test.picture(), before);
}

#[test]
fn an_id_that_an_unmerge_made_leads_to_where_its_record_went() {
    let (mut test, [one, two, ..]) = five();
    test.does(merge_request(&[&[one, two]]));
    let records = vec!["crm:1".parse().unwrap()];
    let parted = test.does(Request::new(Action::Unmerge { customer: one, records }));
    let made = test.customer("crm:1");
    assert_ne!(made, one);
    test.undo(parted.decision);
    assert_eq!(test.desk().facts().view.follow(made).unwrap(), Some(one));
}
