//! Erasing a person: nothing of them is left, everything else is as it was.

use super::*;
use crate::Stop;
use domain::event::PersonErased;
use domain::{ReasonCode, Sequence, Subject};
use door::Pick;
use door::operations::{
    Compare, ErasureRequest, History, Preview, ShowCustomer, ShowDecision, ShowRecord, ShowTask,
};
use door::views::Erased;
use ledger::LedgerReader;

/// Zyx is in both sources and stands once in quarantine; Theo and Mia are others, Mia at Zyx's
/// address with Zyx's telephone.
const CRM: &str = "\
zq77a,Zyxwanda,Vexborough,zyx@example.com,+12175550177,1971-03-04,88 Plugh Lane,Salem,,M-771,2026-01-01\n\
3,Theo,Oakhollow,theo@example.com,,2011-07-30,12 Rose Lane,Springfield,,,2026-05-02\n\
4,Mia,Vexborough,mia@example.org,+12175550177,1999-02-03,88 Plugh Lane,Salem,,,2026-05-02\n";
const SHOP: &str = "zq77b,Zyxwanda,Vexborough,zyx@example.com,,1971-03-04,,Salem,,,2026-01-01\n";
const RAGGED: &str = "zq77c,Zyxwanda,Vexborough,zyx@example.com,,,,,,,,x\n5,Mia,Vexborough,mia@example.org,,,,,,,,x\n";

/// What nobody but Zyx has.
const MARKS: [&str; 9] = [
    "zq77a",
    "zq77b",
    "zq77c",
    "Zyxwanda",
    "zyx@example.com",
    "1971-03-04",
    "M-771",
    "Frobville",
    "XyzzyNote",
];
/// What is of others, too, or of others alone.
const KEPT: [&str; 6] = [
    "Vexborough",
    "mia@example.org",
    "theo@example.com",
    "88 Plugh Lane",
    "12175550177",
    "TheoNote",
];

fn noted(request: Request, note: &str) -> Request {
    Request { note: Some(note.to_owned()), ..request }
}

/// The workspace before the erasure, and Zyx's customer.
fn world() -> (TestDesk, CustomerId) {
    let mut test = TestDesk::new();
    test.import("crm", CRM);
    test.import("shop", &format!("{SHOP}{RAGGED}"));
    test.match_records();
    let [zyx, shop, theo, mia] =
        ["crm:zq77a", "shop:zq77b", "crm:3", "crm:4"].map(|address| test.customer(address));
    if zyx != shop {
        test.does(noted(merge_request(&[&[zyx, shop]]), "XyzzyNote"));
    }
    test.does(noted(apart_request(&[&[zyx], &[mia]]), "XyzzyNote"));
    test.does(noted(fix_request("crm:zq77a", "city", "Frobville"), "XyzzyNote"));
    let pins = [("street".into(), Pick::Typed("99 Frobville Way".to_owned()))].into();
    test.does(Request::new(Action::Pin { customer: zyx, picks: pins }));
    test.does(noted(clear_request("crm:zq77a", "email"), "XyzzyNote"));
    test.does(noted(fix_request("crm:3", "city", "Decatur"), "TheoNote"));
    test.does(noted(apart_request(&[&[theo], &[mia]]), "TheoNote"));
    (test, zyx)
}

pub(super) fn request(customer: CustomerId) -> ErasureRequest {
    let reason = Some(ReasonCode::new("request"));
    ErasureRequest { customer, reason, note: Some("by letter".to_owned()), request: None }
}

impl TestDesk {
    pub(crate) fn erase(&mut self, customer: CustomerId) -> Erased {
        self.clock.advance(60);
        match self.desk().erase(&request(customer), &mut |_, _| {}) {
            Ok(erased) => erased,
            Err(Stop::Refused(refusal)) => unreachable!("{refusal}"),
            Err(Stop::Failed(error)) => unreachable!("{error}"),
        }
    }

    /// Everything that stands in the ledger's files, opened and unpacked, as text: not what is
    /// read in the place of something.
    pub(super) fn stored(&mut self) -> String {
        let ledger = self.desk().facts().ledger;
        let head = ledger.head().unwrap().sequence.0;
        let stored = |number| ledger.stored(Sequence(number)).unwrap();
        (1..=head).map(|number| String::from_utf8_lossy(&stored(number)).into_owned()).collect()
    }

    /// Everything the ledger's reader gives, as text.
    fn told(&mut self) -> String {
        let commits = self.desk().facts().ledger.commits_from(Sequence(1));
        commits.map(|commit| format!("{:?}\n", commit.unwrap())).collect()
    }
}

fn chains(ledger: &LedgerReader) -> Vec<[u8; 32]> {
    let head = ledger.head().unwrap().sequence.0;
    (1..=head).map(|number| ledger.chain_at(Sequence(number)).unwrap()).collect()
}

#[test]
fn nothing_of_a_person_is_left_and_everything_else_is() {
    let (mut test, zyx) = world();
    for before in [test.told(), test.stored()] {
        assert!(MARKS.iter().chain(&KEPT).all(|mark| before.contains(mark)), "{before}");
    }
    let chain = chains(test.desk().facts().ledger);
    let others: Vec<String> =
        test.picture().into_iter().filter(|line| !line.starts_with(&format!("{zyx} "))).collect();
    let erased = test.erase(zyx);

    let after = test.told();
    let stored = test.stored();
    for mark in MARKS {
        assert!(!after.contains(mark), "{mark} is left: {after}");
        assert!(!stored.contains(mark), "{mark} is left in the files: {stored}");
    }
    assert!(KEPT.iter().all(|mark| after.contains(mark) && stored.contains(mark)), "{after}");
    assert_eq!(chains(test.desk().facts().ledger)[..chain.len()], chain);
    assert_eq!(test.picture(), others);
    let reach = &erased.reach;
    assert_eq!((reach.records.len(), reach.revisions), (2, 2));
    assert_eq!(reach.quarantined.len(), 1, "Mia's row is not Zyx's: {reach:?}");
    assert!(!reach.decisions.is_empty() && !reach.segments.is_empty());
    // No fingerprint of a value of Zyx is left in the store: it equals one made from the ledger.
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
}

#[test]
fn the_fact_is_told_with_its_reason_and_nothing_brings_the_person_back() {
    let (mut test, zyx) = world();
    let merged = test.desk().facts().view.counters().unwrap().decisions;
    let task = test.pending(TaskKind::Duplicate);
    test.erase(zyx);
    fn is_told<A: std::fmt::Debug>(answer: Outcome<A>) {
        let told = matches!(&answer, Err(NotDone::Refused(Refusal::Erased { reason, .. }))
            if reason.as_str() == "request");
        assert!(told, "{answer:?}");
    }
    let unmask = false;
    is_told(test.ask(ShowCustomer { customer: zyx, at: None, unmask }));
    let at = Some("2026-11-01T08:10:00Z".parse().unwrap());
    is_told(test.ask(ShowCustomer { customer: zyx, at, unmask }));
    is_told(test.ask(ShowRecord { record: "crm:zq77a".parse().unwrap(), at: None, unmask }));
    let of = Some(Subject::Record("shop:zq77b".parse().unwrap()));
    is_told(test.ask(History { of, unmask }));
    is_told(test.ask(Compare { customers: vec![zyx], unmask }));
    let of = Some(Subject::Customer(zyx));
    let entries = test.ask(History { of, unmask }).unwrap();
    assert!(entries[0].what.contains("erased (request): by letter"), "{entries:?}");
    let latest = test.ask(History { of: None, unmask }).unwrap();
    assert!(latest[0].what.contains("erased (request): by letter"), "{latest:?}");
    assert_eq!(latest[0].sequence, entries[0].sequence);
    assert!(entries.len() > 2, "{entries:?}");
    for number in 1..=merged {
        let id = DecisionId(number);
        let about_theo = [merged - 1, merged].contains(&number);
        let answer = test.ask(Preview { request: undo_request(id, true), unmask });
        let is_refused = format!("{answer:?}").contains("Erased");
        assert_eq!(is_refused, !about_theo, "{id}: {answer:?}");
        test.ask(ShowDecision { decision: id, unmask }).unwrap();
    }
    for task in task {
        test.ask(ShowTask { task, unmask }).unwrap();
    }
    let theo = test.customer("crm:3");
    for refused in [merge_request(&[&[zyx, theo]]), fix_request("crm:zq77a", "city", "Ulm")] {
        assert!(matches!(test.is_refused(refused), Refusal::Erased { .. }));
    }
}

#[test]
fn the_next_import_of_the_person_is_left_out_and_counted() {
    let (mut test, zyx) = world();
    test.erase(zyx);
    let outcome = test.import("crm", CRM);
    let report = outcome.report;
    assert_eq!((report.read, report.new, report.suppressed, report.unchanged), (3, 0, 1, 2));
    test.reopen();
    let report = test.import("shop", SHOP).report;
    assert_eq!((report.new, report.suppressed), (0, 1));
    assert!(!test.told().contains("Zyxwanda"));
    let matched = test.match_records();
    assert_eq!(matched.records, 2);
    assert!(test.pending_picture().iter().all(|task| !task.contains(&format!("{zyx:?}"))));
}

#[test]
fn rows_in_quarantine_of_the_person_do_not_come_back_with_their_file() {
    let (mut test, zyx) = world();
    // Without a key; with two, one of which is Zyx's; ragged: none of them becomes a record.
    let keyless =
        ",Zyxwanda,Vexborough,zyx@example.com,,,,,,,\n,Mia,Vexborough,mia@example.org,,,,,,,\n";
    let first = test.import("crm", &format!("{CRM}{keyless}"));
    assert_eq!(first.report.quarantined, 2);
    let erased = test.erase(zyx);
    assert_eq!(erased.reach.quarantined.len(), 2);
    for again in [format!("{CRM}{keyless}"), format!("{keyless}{CRM}")] {
        let report = test.import("crm", &again).report;
        assert_eq!((report.read, report.suppressed, report.quarantined), (5, 2, 1), "{again}");
        assert!(!test.stored().contains("Zyxwanda"));
        test.rebuild();
    }
    let report = test.import("shop", &format!("{SHOP}{RAGGED}")).report;
    assert_eq!((report.suppressed, report.quarantined), (2, 1));
    // A row whose key is known to be Zyx's is left out, whatever else is wrong with it.
    let twice = "zq77a,Zyxwanda,V,,,,,,,,\nzq77a,Zyxwanda,W,,,,,,,,\n";
    let report = test.import("crm", twice).report;
    assert_eq!((report.suppressed, report.quarantined), (2, 0));
    assert!(!test.stored().contains("Zyxwanda"));
    let request = Import { dry_run: true, ..import_of("crm") };
    let outcome = testing::import(test.desk(), request, format!("{HEADER}{keyless}")).unwrap();
    assert_eq!(outcome.report.suppressed, 1);
}

#[test]
fn one_erased_after_the_other_leaves_nothing_of_either() {
    let (mut test, zyx) = world();
    let mia = test.customer("crm:4");
    test.erase(zyx);
    // What stands in the place of Zyx's and Mia's decision still spoke of Mia.
    test.erase(mia);
    let after = test.told();
    let stored = test.stored();
    for mark in MARKS.iter().chain(&["mia@example.org", "88 Plugh Lane", "12175550177"]) {
        assert!(!after.contains(mark), "{mark} is left: {after}");
        assert!(!stored.contains(mark), "{mark} is left in the files: {stored}");
    }
    assert!(after.contains("theo@example.com"));
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
}

#[test]
fn a_reason_must_be_on_the_list_and_a_person_there() {
    let (mut test, zyx) = world();
    for reason in [None, Some("household")] {
        let request = ErasureRequest { reason: reason.map(ReasonCode::new), ..request(zyx) };
        let refused = test.desk().foresee_erasure(&request);
        assert!(matches!(refused, Err(Stop::Refused(Refusal::ErasureReason { .. }))));
    }
    let refused = test.desk().foresee_erasure(&request(CustomerId(9_999)));
    assert!(matches!(refused, Err(Stop::Refused(Refusal::Unknown { .. }))));
    let head = test.desk().facts().ledger.head();
    assert!(test.desk().foresee_erasure(&request(zyx)).is_ok());
    assert_eq!(test.desk().facts().ledger.head(), head, "foreseeing writes nothing");
    test.erase(zyx);
    let refused = test.desk().foresee_erasure(&request(zyx));
    assert!(matches!(refused, Err(Stop::Refused(Refusal::Erased { .. }))));
}

#[test]
fn an_erasure_is_noted_outside_and_repeated_in_a_workspace_set_back() {
    let (mut test, zyx) = world();
    test.desk = None;
    let kept = copied(&test.folder.path().join(".steward"));
    test.reopen();
    test.erase(zyx);
    let register = test.desk().register().unwrap();
    let notes = register.erasures::<PersonErased>().unwrap().notes;
    assert_eq!(notes.len(), 1);
    let repeated = test.desk().reapply_erasures(&notes, &mut |_, _| {}).unwrap();
    assert_eq!(repeated, 0, "it is there");
    test.desk = None;

    put_back(&test.folder.path().join(".steward"), &kept);
    // As a restore does: what was seen in this folder is no witness of what is put there.
    register.forget_witness(&test.workspace()).unwrap();
    test.reopen();
    assert!(test.told().contains("Zyxwanda"));
    assert_eq!(test.desk().reapply_erasures(&notes, &mut |_, _| {}).unwrap(), 1);
    let after = test.told();
    assert!(MARKS.iter().all(|mark| !after.contains(mark)), "{after}");
    assert_eq!(test.import("crm", CRM).report.suppressed, 1);
}

type Files = Vec<(std::path::PathBuf, Vec<u8>)>;

fn copied(folder: &std::path::Path) -> Files {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), std::fs::read(&path).unwrap()));
            }
        }
    }
    files
}

fn put_back(folder: &std::path::Path, files: &Files) {
    std::fs::remove_dir_all(folder).unwrap();
    for (path, bytes) in files {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// Where the register cannot be written the erasure is not acknowledged; nobody reads the person
/// any more all the same, and the store in use knows as much as a rebuilt one.
#[test]
fn an_erasure_that_cannot_be_noted_is_completed_later() {
    let (mut test, zyx) = world();
    let blocked = test.desk().register().unwrap().folder().join("erasures.jsonl");
    std::fs::create_dir_all(&blocked).unwrap();
    let stopped = test.desk().erase(&request(zyx), &mut |_, _| {});
    let Err(Stop::Failed(error)) = stopped else { unreachable!("noted in a folder") };
    assert!(error.to_string().contains("the next command"), "{error}");
    test.desk = None;

    let environment = test.environment();
    let (desk, report) = Desk::open(test.workspace(), environment, &mut |_, _| {}).unwrap();
    assert!(report.erasure_unfinished.is_some() && report.erasures.is_empty(), "{report:?}");
    test.desk = Some(desk);
    let after = test.told();
    assert!(MARKS.iter().all(|mark| !after.contains(mark)), "{after}");
    // The head moves with every commit, and the digest over all entries with it.
    let without_head = |dump: Vec<(Vec<u8>, Vec<u8>)>| -> Vec<(Vec<u8>, Vec<u8>)> {
        dump.into_iter().filter(|(key, _)| key != b"h" && !key.starts_with(b"\0")).collect()
    };
    let folded = without_head(test.dump());

    test.desk = None;
    std::fs::remove_dir(&blocked).unwrap();
    let environment = test.environment();
    let (desk, report) = Desk::open(test.workspace(), environment, &mut |_, _| {}).unwrap();
    assert_eq!((report.erasures.len(), report.erasure_unfinished), (1, None));
    test.desk = Some(desk);
    assert_eq!(without_head(test.dump()), folded);
    let register = test.desk().register().unwrap();
    assert_eq!(register.erasures::<PersonErased>().unwrap().notes.len(), 1);
}
