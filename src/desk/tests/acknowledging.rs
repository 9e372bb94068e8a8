//! Acknowledging settings: each of the people is told what changed since they last said that they had read it.

use super::roles::person;
use super::*;
use crate::Databases;
use domain::{Entrance, Sequence};
use door::operations::{Access, Acknowledge, Audit, OwnChanges, SettingsChanges};
use door::views::{AuditSection, PolicyView};

const PEOPLE: &str = "[roles.lead]\nmay = [\"govern\", \"access\"]\n[roles.viewer]\nmay = [\"show\"]\n\
    [people.lee]\nrole = \"lead\"\n[people.kim]\nrole = \"viewer\"\n[people.ada]\nrole = \"viewer\"\n";

fn workspace(more: &str) -> TestDesk {
    let mut test = TestDesk::governed(Databases::default(), 1, more);
    test.import("crm", "1,Tom,Ashgrove,,,,,,,,\n");
    test
}

/// Somebody adopts these settings.
fn adopts(test: &mut TestDesk, who: &str, more: &str) -> Sequence {
    std::fs::write(test.workspace().settings(), format!("{SETTINGS}{more}")).unwrap();
    let who = person(who, Entrance::Local);
    test.clock.advance(60);
    let asked = door::operations::AdoptSettings::default();
    test.desk().act(&who, asked, Streams::default()).unwrap().sequence.unwrap()
}

fn told(test: &mut TestDesk, name: &str, all: bool) -> PolicyView {
    let who = person(name, Entrance::Socket);
    test.desk().act(&who, OwnChanges { all }, Streams::default()).unwrap()
}

fn acknowledges(test: &mut TestDesk, name: &str, adopted: Sequence) -> Outcome<PolicyView> {
    let who = person(name, Entrance::Socket);
    test.desk().act(&who, Acknowledge { adopted }, Streams::default())
}

fn sentences(view: &PolicyView) -> Vec<&str> {
    view.changes.iter().flat_map(|change| &change.sentences).map(String::as_str).collect()
}

#[test]
fn each_is_told_what_changed_until_they_have_read_it() {
    let mut test = workspace(PEOPLE);
    assert!(!told(&mut test, "kim", false).waits, "nothing has changed yet");
    let changed = format!("{PEOPLE}[matching]\nauto = 0.97\n");
    let first = adopts(&mut test, "lee", &changed);
    for name in ["kim", "ada"] {
        let view = told(&mut test, name, false);
        assert!(view.waits, "{name}");
        assert_eq!(sentences(&view), ["matching.auto is set to 0.97"]);
        assert_eq!((view.changes[0].by.as_str(), view.in_force), ("lee", first));
    }
    assert!(!told(&mut test, "lee", false).waits, "whoever adopted them knows them");
    let again = told(&mut test, "lee", true);
    assert_eq!((again.changes.len(), again.waits), (1, false), "and may look again");
    // Of nobody whom nobody asks is anything recorded.
    let head = test.desk().reader.head().unwrap().sequence;
    let stranger = acknowledges(&mut test, "sam", first).unwrap();
    assert_eq!((stranger.asked, test.desk().reader.head().unwrap().sequence), (false, head));
    acknowledges(&mut test, "kim", first).unwrap();
    assert!(!told(&mut test, "kim", false).waits && told(&mut test, "ada", false).waits);
    let again = acknowledges(&mut test, "kim", first).unwrap_err().to_string();
    assert!(again.contains("already acknowledged"), "{again}");
    // Two more changes: kim is told of those alone, ada of all three.
    adopts(&mut test, "lee", &format!("{changed}[review]\nsecond = 0.1\n"));
    let last = adopts(&mut test, "lee", &format!("{changed}[review]\nsecond = 0.2\n"));
    assert_eq!(sentences(&told(&mut test, "kim", false)).len(), 2);
    assert_eq!(sentences(&told(&mut test, "ada", false)).len(), 3);
    assert_eq!(sentences(&told(&mut test, "kim", true)).len(), 3);
    let stale = acknowledges(&mut test, "kim", first).unwrap_err().to_string();
    assert!(stale.contains(&format!("adopted since (commit {last})")), "{stale}");
    // The access review and the audit say so.
    let review = test.ask(Access {}).unwrap();
    let of = |name: &str| review.people.iter().find(|it| it.person == name).unwrap();
    let behind = |name: &str| of(name).acknowledged.map(|it| (it.adopted, it.behind));
    assert_eq!(behind("kim"), Some((Some(first), 2)));
    assert_eq!(behind("ada"), Some((None, 3)));
    assert_eq!(behind("lee"), Some((None, 0)));
    let audit = testing::run_while(test.desk(), Audit::default(), Streams::default(), |_| true);
    let entries = audit.unwrap().entries;
    let is_told = |it: &door::views::AuditEntry| {
        it.about == AuditSection::Rules && it.by == "kim" && it.what.contains("acknowledged")
    };
    assert_eq!(entries.iter().filter(|it| is_told(it)).count(), 1);
    let log = test.ask(SettingsChanges {}).unwrap();
    let of_first = log.iter().find(|it| it.commit == first).unwrap();
    assert_eq!(of_first.acknowledged, ["kim"]);
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump, "replay gives the same");
    assert_eq!(sentences(&told(&mut test, "kim", false)).len(), 2);
}

#[test]
fn whoever_may_not_read_the_settings_is_told_what_concerns_them_only() {
    let mut test = workspace(PEOPLE);
    let others = PEOPLE.replace("[people.ada]\n", "[people.ada]\nunix = \"ada\"\n");
    adopts(&mut test, "lee", &others);
    assert!(!told(&mut test, "kim", false).waits, "it is about ada alone");
    assert_eq!(sentences(&told(&mut test, "ada", false)), ["ada comes in as the Unix user ada"]);
    adopts(&mut test, "sam", &format!("{PEOPLE}[matching]\nauto = 0.97\n"));
    let view = told(&mut test, "kim", false);
    assert_eq!(sentences(&view), ["matching.auto is set to 0.97"]);
    assert_eq!(view.changes[0].untold, 1, "that there is more is said: {view:?}");
    assert_eq!(sentences(&told(&mut test, "lee", false)).len(), 2, "a lead is told all of it");
}

#[test]
fn people_begin_with_the_settings_that_named_them_and_few_are_asked_nothing() {
    let mut test = workspace("[people.kim]\n");
    adopts(&mut test, "sam", "[people.kim]\n[matching]\nauto = 0.97\n");
    assert!(!told(&mut test, "kim", false).waits, "one person alone is asked nothing");
    let two = "[people.kim]\n[people.ada]\n[matching]\n";
    adopts(&mut test, "sam", &format!("{two}auto = 0.97\n"));
    let last = adopts(&mut test, "sam", &format!("{two}auto = 0.96\n"));
    assert_eq!(sentences(&told(&mut test, "ada", false)).len(), 1);
    assert_eq!(sentences(&told(&mut test, "kim", false)).len(), 2, "how ada came is no setting");
    acknowledges(&mut test, "ada", last).unwrap();
    adopts(&mut test, "sam", &format!("{two}auto = 0.95\n[review]\nacknowledge = false\n"));
    assert!(!told(&mut test, "kim", false).asked && !told(&mut test, "ada", false).waits);
    let one = "[people.kim]\n[review]\nacknowledge = true\n";
    adopts(&mut test, "sam", one);
    assert!(told(&mut test, "kim", false).waits);
    assert!(!told(&mut test, "ada", false).asked, "she is gone");
}
