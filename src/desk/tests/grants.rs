//! Merging that a person grants: a census, a sample of answers, the offer, the grant, and its end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::overview::verify;
use super::*;
use domain::CensusId;
use domain::grants::Maker;
use door::operations::{DecisionsOf, GiveGrant, Grants, History, ShowGrant, SuspendGrant};
use door::views::{GivenView, GrantDetail, StratumState, StratumView};

const ORGANISATIONS: &str = r#"
[workspace]
name = "test organisations"
region = "US"

[fields.company]
type = "organisation_name"
[fields.email]
type = "email"
[fields.phone]
type = "phone"
[fields.street]
type = "street"
[fields.city]
type = "city"

[sources.crm]
trust = 90
key = "id"
map = { company = "given", email = "email", phone = "phone", street = "street", city = "city" }

[matching.autonomy]
precision = 0.8
confidence = 0.9

[[rules]]
id = "email-format"
field = "email"
check = "format"
severity = "error"
"#;

/// Syllables of which names are made that are not alike.
const PARTS: [&str; 16] = [
    "Alder", "Brook", "Cinder", "Dover", "Ember", "Fallow", "Gorse", "Harrow", "Ivory", "Juniper",
    "Kestrel", "Linden", "Marlow", "Nettle", "Orchard", "Pewter",
];
const TRADES: [&str; 16] = [
    "Bakery", "Tools", "Freight", "Optics", "Textiles", "Glass", "Foods", "Paper", "Roofing",
    "Software", "Timber", "Marine", "Dental", "Print", "Motors", "Seeds",
];

/// A row of the organisation with that number: no two of them are alike.
pub(super) fn row(id: &str, number: usize) -> String {
    let mut dice = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut throw = |sides: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % sides
    };
    let part = |throw: usize| PARTS[throw];
    let made = format!("{}{}", part(throw(16)), part(throw(16)).to_lowercase());
    let name = format!("{made} {}", TRADES[throw(16)]);
    let phone = format!("212{:07}", 2_000_000 + throw(7_000_000));
    let street =
        format!("{} {}{} Street", 10 + throw(900), part(throw(16)), part(throw(16)).to_lowercase());
    let domain = format!("{}{number}", made.to_lowercase());
    let city = part(throw(16));
    format!("{id},{name},,info@{domain}.com,{phone},,{street},{city},,,\n")
}

/// So many organisations, each delivered twice alike, matched: the census was taken.
pub(super) fn organisations(count: usize) -> TestDesk {
    let mut test = TestDesk::new();
    std::fs::write(test.workspace().settings(), ORGANISATIONS).unwrap();
    let rows: String =
        (0..count).map(|at| row(&format!("a{at}"), at) + &row(&format!("b{at}"), at)).collect();
    test.import("crm", &rows);
    test.match_records();
    test
}

pub(super) fn strata(test: &mut TestDesk) -> Vec<StratumView> {
    test.ask(Grants {}).unwrap().strata
}

pub(super) fn shown(test: &mut TestDesk, census: CensusId) -> GrantDetail {
    test.ask(ShowGrant { census }).unwrap()
}

/// Answers the tasks that come next, until the stratum is offered; how many answers that took.
pub(super) fn answers_until_offered(test: &mut TestDesk, census: CensusId) -> usize {
    let mut answers = 0;
    loop {
        let detail = shown(test, census);
        if detail.stratum.state == StratumState::Offered {
            return answers;
        }
        let missing = detail.stratum.missing.unwrap() as usize;
        for task in detail.next.into_iter().take(missing) {
            super::second_looks::decides(test, task, true);
            answers += 1;
        }
    }
}

pub(super) fn give(census: CensusId, joins: u64) -> GiveGrant {
    GiveGrant { census, joins, reason: None, note: None, bulk: None, rehearse: false }
}

/// Gives a grant to its end, as the command line does.
pub(super) fn gives(test: &mut TestDesk, census: CensusId) -> GivenView {
    let joins = shown(test, census).stratum.waiting.joins;
    let mut request = give(census, joins);
    let mut made = 0;
    loop {
        test.clock.advance(60);
        let given = test.ask(request.clone()).unwrap();
        made += given.made;
        if given.to_go == 0 {
            return GivenView { made, ..given };
        }
        request.bulk = given.bulk;
    }
}

/// A workspace as it lies in its folder, to be copied.
struct Kept {
    files: Vec<(PathBuf, Vec<u8>)>,
    census: CensusId,
    now: jiff::Timestamp,
}

/// So many organisations, of which the largest stratum is offered. It takes a while, and the same again
/// each time: it is done once, and each test goes on with a copy.
pub(super) fn offered(count: usize) -> (TestDesk, CensusId) {
    static KEPT: Mutex<BTreeMap<usize, Arc<Kept>>> = Mutex::new(BTreeMap::new());
    let mut all = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = all.entry(count).or_insert_with(|| {
        let mut test = organisations(count);
        let census = largest(&mut test).census;
        answers_until_offered(&mut test, census);
        let now = test.desk().facts().now;
        test.desk = None;
        let mut files = Vec::new();
        files_in(test.folder.path(), Path::new(""), &mut files);
        Arc::new(Kept { files, census, now })
    });
    let kept = Arc::clone(kept);
    drop(all);
    let mut test = TestDesk::new();
    test.desk = None;
    let since = START.parse::<jiff::Timestamp>().unwrap().duration_until(kept.now).as_secs();
    test.clock.advance(since);
    std::fs::remove_dir_all(test.folder.path()).unwrap();
    for (path, bytes) in &kept.files {
        let path = test.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    test.reopen();
    (test, kept.census)
}

fn files_in(folder: &Path, under: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder.join(under)).unwrap() {
        let path = under.join(entry.unwrap().file_name());
        match folder.join(&path).is_dir() {
            true => files_in(folder, &path, files),
            false => files.push((path.clone(), std::fs::read(folder.join(&path)).unwrap())),
        }
    }
}

pub(super) fn refusal<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(NotDone::Refused(refusal)) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

/// The stratum with the most joins.
pub(super) fn largest(test: &mut TestDesk) -> StratumView {
    strata(test).into_iter().max_by_key(|it| it.joins).unwrap()
}

#[test]
fn a_sample_of_answers_lets_a_person_grant_the_rest_and_take_it_back_exactly() {
    let mut test = organisations(150);
    let stratum = largest(&mut test);
    assert!(stratum.joins >= 130, "{stratum:?}");
    assert_eq!((stratum.state, stratum.looked_at), (StratumState::Open, 0));
    let too_early = refusal(test.ask(give(stratum.census, stratum.waiting.joins)));
    assert!(too_early.contains("more error-free answers"), "{too_early}");

    let answers = answers_until_offered(&mut test, stratum.census);
    assert!((8..60).contains(&answers), "{answers}");
    let offered = shown(&mut test, stratum.census).stratum;
    let waiting = offered.waiting.joins;
    assert_eq!(waiting + answers as u64, stratum.joins);
    assert!(offered.waiting.right_at_least.unwrap() >= 75.0, "{offered:?}");
    let (picture, pending) = (test.picture(), test.pending_picture());

    let other = refusal(test.ask(give(stratum.census, waiting + 1)));
    assert!(other.contains(&format!("{waiting} joins are waiting now")), "{other}");
    let rehearsed =
        test.ask(GiveGrant { rehearse: true, ..give(stratum.census, waiting) }).unwrap();
    assert_eq!((rehearsed.decision, rehearsed.made, rehearsed.left), (None, waiting, 0));
    assert_eq!(test.picture(), picture, "a rehearsal writes nothing");

    let given = gives(&mut test, stratum.census);
    assert_eq!((given.made, given.left), (waiting, 0));
    let granted = shown(&mut test, stratum.census);
    let grant = granted.stratum.grant.unwrap();
    assert_eq!((granted.stratum.state, grant.made), (StratumState::Granted, waiting));
    assert_eq!(granted.merged.len() as u64, waiting);
    assert_eq!(test.ask(Grants {}).unwrap().promised.joins, waiting);
    let again = refusal(test.ask(give(stratum.census, waiting)));
    assert!(again.contains("no joins left"), "{again}");
    let told = test.ask(History { of: None, unmask: false }).unwrap();
    let line = format!("granted {}: {waiting} joins", stratum.census);
    assert!(told.iter().any(|entry| entry.what.contains(&line)), "{told:?}");
    verify(&mut test);
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump, "replay gives the same");

    let decisions = test.ask(DecisionsOf { bulk: given.bulk.unwrap() }).unwrap();
    assert_eq!(decisions, grant.decisions);
    let undone = test.does(Request::new(Action::Undo {
        decisions,
        with_dependents: false,
        choices: Default::default(),
    }));
    assert_eq!((test.picture(), test.pending_picture()), (picture, pending));
    assert_eq!(shown(&mut test, stratum.census).stratum.state, StratumState::Offered);
    verify(&mut test);
    test.undo(undone.decision);
    assert_eq!(shown(&mut test, stratum.census).stratum.grant.unwrap().made, waiting, "redone");
    verify(&mut test);
}

#[test]
fn a_suspended_grant_merges_no_more_and_a_merge_is_taken_back_by_itself() {
    let mut test = organisations(80);
    let census = largest(&mut test).census;
    assert_eq!(
        refusal(test.ask(SuspendGrant { census, reason: None, note: None })),
        format!("{census} is not granted: there is nothing to suspend")
    );
    answers_until_offered(&mut test, census);
    gives(&mut test, census);
    let merged = shown(&mut test, census).merged;
    let customer = merged[3];
    let facts = test.desk().facts();
    let member = facts.view.customer(customer).unwrap().unwrap().members[1];
    let records = vec![facts.body(member).unwrap().address];
    test.does(Request::new(Action::Unmerge { customer, records }));
    assert_eq!(shown(&mut test, census).merged.len(), merged.len() - 1);

    test.ask(SuspendGrant { census, reason: None, note: None }).unwrap();
    let stratum = shown(&mut test, census).stratum;
    assert_eq!(stratum.state, StratumState::Suspended);
    let joins = stratum.grant.unwrap().granted.joins;
    let refused = refusal(test.ask(give(census, joins)));
    assert!(refused.contains("only a new census can be granted"), "{refused}");
    let twice = refusal(test.ask(SuspendGrant { census, reason: None, note: None }));
    assert!(twice.contains("already"), "{twice}");
    verify(&mut test);
}

#[test]
fn a_no_is_asked_again_with_a_yes_before_it_counts() {
    let mut test = organisations(60);
    let census = largest(&mut test).census;
    let next = shown(&mut test, census).next;
    for task in &next[..5] {
        super::second_looks::decides(&mut test, *task, true);
    }
    assert_eq!(test.pending(TaskKind::Second), []);
    super::second_looks::decides(&mut test, next[5], false);
    let second = test.pending(TaskKind::Second);
    assert_eq!(second.len(), 2, "the no, and a yes beside it");
    let stratum = shown(&mut test, census).stratum;
    assert_eq!((stratum.wrong, stratum.right, stratum.again), (0, 4, 2));
    let looks = stratum.second;
    assert_eq!((looks.now, looks.later, looks.unasked), (0, 2, 0));
    let told = stratum.asked_again().unwrap();
    assert!(
        told.starts_with("2 questions are asked again before their answers count (from 20"),
        "{told}"
    );
    let needs = stratum.needs().unwrap();
    assert!(
        needs.contains("more error-free answers needed, 2 of them second looks from 20"),
        "{needs}"
    );
    test.clock.advance(super::second_looks::DAY);
    let due = shown(&mut test, census);
    assert_eq!((due.stratum.second.now, due.stratum.second.later), (2, 0));
    assert_eq!(due.next[..2], second[..], "they come first");
    for task in second {
        let facts = test.desk().facts();
        let first = facts.view.task(task).unwrap().unwrap().task.second_look_at().unwrap();
        let merged = facts.view.decision(first).unwrap().unwrap().verdict == domain::Verdict::Merge;
        super::second_looks::decides(&mut test, task, merged);
    }
    let stratum = shown(&mut test, census).stratum;
    assert_eq!((stratum.wrong, stratum.right, stratum.again), (1, 5, 0));
    assert_eq!(stratum.asked_again(), None);
    verify(&mut test);
}

#[test]
fn only_what_brings_a_grant_nearer_is_named_next() {
    let mut test = organisations(80);
    let census = largest(&mut test).census;
    loop {
        let detail = shown(&mut test, census);
        let missing = detail.stratum.missing.unwrap();
        assert!(detail.next.len() as u64 <= missing.min(20), "{detail:?}");
        let Some(task) = detail.next.first() else { break };
        super::second_looks::decides(&mut test, *task, true);
    }
    let offered = shown(&mut test, census).stratum;
    assert_eq!((offered.state, offered.needs()), (StratumState::Offered, None));
}

#[test]
fn what_is_put_off_or_edited_is_not_made_and_a_new_census_gives_the_old_one_up() {
    let mut test = organisations(60);
    let census = largest(&mut test).census;
    let waiting = shown(&mut test, census).stratum.waiting.joins;
    let task = test.pending(TaskKind::Duplicate)[0];
    let view = test.task(task);
    let until = domain::Until::DataChanges;
    let deferred =
        test.does(Request::new(Action::Defer { until }).for_task(task, view.version)).decision;
    assert_eq!(shown(&mut test, census).stratum.waiting.joins, waiting - 1);
    test.undo(deferred);
    assert_eq!(shown(&mut test, census).stratum.waiting.joins, waiting);
    let mut changed = row("a7", 7).replace("info@", "office@");
    changed.push_str(&row("c9", 900));
    test.import("crm", &changed);
    assert_eq!(shown(&mut test, census).stratum.waiting.joins, waiting - 1);

    test.clock.advance(60);
    let request = Match { census: true, ..Match::default() };
    let taken = testing::match_records(test.desk(), request).unwrap().census;
    assert!(!taken.is_empty());
    let told = strata(&mut test);
    assert!(told.iter().all(|it| it.census != census), "{told:?}");
    let joins = shown(&mut test, census).stratum.waiting.joins;
    let given_up = refusal(test.ask(give(census, joins)));
    assert!(given_up.contains("was given up"), "{given_up}");
    let entries = test.desk().facts().view.censuses().unwrap();
    assert!(entries.iter().all(|(_, entry)| entry.maker == Maker::Nobody));
    assert_eq!(entries.iter().map(|(_, entry)| entry.taking).max(), Some(2));
}

#[test]
fn erasing_somebody_leaves_the_census_and_their_join_is_never_made() {
    let mut test = organisations(120);
    let census = largest(&mut test).census;
    let read = |test: &mut TestDesk| {
        let facts = test.desk().facts();
        let place = facts.view.census(census).unwrap().unwrap().place;
        facts.event(place).unwrap()
    };
    let (before, waiting) = (read(&mut test), shown(&mut test, census).stratum.waiting.joins);
    let gone = test.customer("crm:a5");
    test.erase(gone);
    assert_eq!(read(&mut test), before, "ids and fingerprints of ids only");
    assert_eq!(shown(&mut test, census).stratum.waiting.joins, waiting - 1);
    answers_until_offered(&mut test, census);
    gives(&mut test, census);
    let other = test.customer("crm:b5");
    assert!(!shown(&mut test, census).merged.contains(&other));
    let merged = shown(&mut test, census).merged;
    test.erase(merged[0]);
    assert_eq!(shown(&mut test, census).merged.len(), merged.len() - 1);
    verify(&mut test);
}
