//! What a damaged ledger could make endless: redirects in a circle, a decision that takes back itself,
//! a commit that names itself as the one before. Each is answered with damage that is named.

use super::*;
use crate::DeskError;
use crate::export::Format;
use crate::jobs::Dataset;
use crate::past::Past;
use crate::turned::Turned;
use domain::event::{Cause, CustomerChanged, SettingsAdopted};
use domain::{CustomerState, Event, ImportId};
use door::operations::{Export, ShowCustomer};

const ROWS: &str = "1,Ada,Fernsby,ada@example.com,,1980-01-02,,Salem,,M1,\n\
    2,Ben,Tarn,ben@example.com,,,,Omaha,,M2,\n\
    3,Cora,Quill,cora@example.com,,,,Decatur,,M3,\n";

/// Customers 1 and 2 lead to each other.
fn in_a_circle() -> TestDesk {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    let leads = |(from, into): (u32, u32)| {
        Event::CustomerChanged(CustomerChanged {
            customer: CustomerId(from),
            previous: None,
            before: None,
            after: CustomerState::merged(CustomerId(into)),
            cause: Cause::Import(ImportId(1)),
        })
    };
    test.desk().commit([(1, 2), (2, 1)].map(leads).into()).unwrap();
    test
}

fn is_named<T: std::fmt::Debug>(found: Result<T, impl ToString>) {
    let said = found.map_err(|error| error.to_string()).unwrap_err();
    assert!(said.contains("customers redirect in a circle: C"), "{said}");
    assert!(said.contains("C1") && said.contains("C2") && !said.contains("C3"), "{said}");
}

#[test]
fn redirects_in_a_circle_are_named_by_whoever_follows_them() {
    let mut test = in_a_circle();
    let facts = test.desk().facts();
    let head = facts.ledger.head().unwrap().sequence;
    for id in [CustomerId(1), CustomerId(2)] {
        is_named(facts.view.follow(id));
        is_named(facts.view.erased_in(id));
        is_named(Past::after(facts, head).follow(id).map(|_| ()));
    }
    assert_eq!(facts.view.follow(CustomerId(3)).unwrap(), Some(CustomerId(3)));
    let show = ShowCustomer { customer: CustomerId(1), at: None, unmask: false };
    match test.ask(show) {
        Err(NotDone::Failed(why)) => is_named::<()>(Err(why)),
        other => panic!("{other:?}"),
    }
    let since = Some("2026-11-01T08:00:00Z".parse().unwrap());
    let request = Export { since, ..testing::whole(Dataset::Xref, Format::Csv) };
    is_named(testing::export(test.desk(), &request, std::io::sink()));
}

#[test]
fn a_circle_is_answered_after_it_was_built_again_from_the_ledger() {
    let mut test = in_a_circle();
    test.rebuild();
    is_named(test.desk().facts().view.follow(CustomerId(2)));
}

#[test]
fn a_decision_that_takes_back_itself_is_damage() {
    let mut test = TestDesk::new();
    test.import("crm", ROWS);
    let fixed = test.does(fix_request("crm:1", "city", "Boulder")).decision;
    let facts = test.desk().facts();
    let place = facts.view.decision(fixed).unwrap().unwrap().place;
    let Event::DecisionMade(mut made) = facts.event(place).unwrap() else { panic!("{place:?}") };
    made.decision.reverses = vec![fixed];
    test.desk().commit(vec![Event::DecisionMade(made)]).unwrap();
    let view = test.desk().facts().view;
    assert_eq!(view.decision(fixed).unwrap().unwrap().reverses, [fixed]);
    let said = Turned::by(view, [fixed]).unwrap_err().to_string();
    assert!(said.contains("decision D1 takes back D1"), "{said}");
}

#[test]
fn settings_that_name_their_own_commit_as_the_one_before_are_damage() {
    let mut test = TestDesk::new();
    let settings = test.desk().settings().clone();
    let head = test.desk().facts().ledger.head().unwrap().sequence;
    let adopted = SettingsAdopted {
        proposal: None,
        note: None,
        previous: Some(head.next()),
        text: settings.text.clone(),
        fingerprint: settings.fingerprint.clone(),
    };
    test.clock.advance(60);
    test.desk().commit(vec![adopted.into()]).unwrap();
    let long_ago = "2026-01-01T00:00:00Z".parse().unwrap();
    let said = match test.desk().facts().settings_at(long_ago) {
        Err(error @ DeskError::Incomplete { .. }) => error.to_string(),
        other => panic!("{:?}", other.map(|_| ())),
    };
    let named = head.next();
    assert!(said.contains(&format!("before commit {named}, which names commit {named}")), "{said}");
}
