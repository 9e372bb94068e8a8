//! Merges that were made in a source: they are asked about.

use super::*;
use domain::{Event, TaskReason, TaskState};

/// A desk whose `crm` says what it merged.
fn desk() -> TestDesk {
    let test = TestDesk::new();
    let lines = "[sources.crm]\nkey_form = \"salesforce\"\nmerged_into = \"master\"\nmerged_from = \"gone\"\n";
    let text = SETTINGS.replacen("[sources.crm]\n", lines, 1);
    std::fs::write(test.workspace().settings(), text).unwrap();
    test
}

/// A row: key, the one it went into, those that went into it.
type Merged<'r> = (&'r str, &'r str, &'r str);

fn rows(rows: &[Merged<'_>]) -> String {
    let row = |(key, into, from): &Merged<'_>| {
        format!("{key},Given{key},Family{key},g{key}@example.com,{into},{from}\n")
    };
    "id,given,family,email,master,gone\n".to_owned() + &rows.iter().map(row).collect::<String>()
}

impl TestDesk {
    fn merges(&mut self, of: &[Merged<'_>]) -> ImportOutcome {
        self.clock.advance(60);
        testing::import(self.desk(), import_of("crm"), rows(of)).unwrap()
    }

    /// Pending duplicate tasks, each by the keys of its customers' first records.
    fn asked(&mut self) -> Vec<String> {
        let facts = self.desk().facts();
        let tasks = facts.view.pending_tasks().unwrap().into_iter().map(|entry| entry.task);
        let tasks = tasks.filter(|task| task.kind == TaskKind::Duplicate);
        let keys = |task: domain::Task| {
            let key = |id: &CustomerId| {
                let members = facts.view.customer(*id).unwrap().unwrap().members;
                facts.body(members[0]).unwrap().address.key.to_string()
            };
            task.customers.iter().map(key).collect::<Vec<_>>().join(" ")
        };
        tasks.map(keys).collect()
    }

    fn only_task(&mut self) -> TaskId {
        let [task] = self.pending(TaskKind::Duplicate)[..] else { unreachable!("one task") };
        task
    }
}

/// Pairs asked about, pairs with a record that never came, tasks.
fn counts(outcome: &ImportOutcome) -> [u64; 3] {
    [outcome.report.merged, outcome.report.merged_unknown, outcome.merged_tasks]
}

#[test]
fn a_merge_is_asked_about_in_whatever_order_its_records_come() {
    let (a, b): (Merged<'_>, Merged<'_>) = (("1", "2", ""), ("2", "", ""));
    for together in
        [[a, b], [b, a], [("1", "", ""), ("2", "", "1")], [("2", "", "1"), ("1", "", "")]]
    {
        let mut test = desk();
        assert_eq!(counts(&test.merges(&together)), [1, 0, 1], "{together:?}");
        let asked = test.asked();
        let task = test.only_task();
        let told = test.task(task).reasons;
        assert_eq!(told, ["crm:1 was merged into crm:2 in crm"], "{together:?}");
        test.rebuild();
        assert_eq!(test.asked(), asked);

        let mut test = desk();
        let first = test.merges(&together[..1]);
        let is_said = !together[0].1.is_empty() || !together[0].2.is_empty();
        assert_eq!(counts(&first), [0, u64::from(is_said), 0]);
        assert!(test.asked().is_empty());
        test.reopen();
        assert_eq!(counts(&test.merges(&together[1..])), [1, 0, 1], "{together:?}");
        assert_eq!(test.asked().len(), 1, "{together:?}");
        assert_eq!(counts(&test.merges(&together)), [0, 0, 0], "the same again says nothing new");
        assert_eq!(test.asked().len(), 1);
    }
}

#[test]
fn a_chain_and_a_list_are_one_question() {
    let mut test = desk();
    let outcome = test.merges(&[
        ("1", "2", ""),
        ("2", "3", ""),
        ("3", "", "4;5"),
        ("4", "", ""),
        ("5", "", ""),
    ]);
    assert_eq!(counts(&outcome), [4, 0, 1]);
    assert_eq!(test.asked(), ["1 2 3 4 5"]);
    let outcome = test.merges(&[("6", "5", "")]);
    assert_eq!(counts(&outcome), [1, 0, 0]);
    assert_eq!(test.asked(), ["1 2 3 4 5 6"], "it is asked with them");
    // Salesforce's ids of 15 and of 18 characters are one.
    test.merges(&[("001A0000006Vm9rIAC", "", "")]);
    test.merges(&[("7", "001A0000006Vm9r", "")]);
    assert_eq!(test.asked()[1], "001A0000006Vm9rIAC 7");
}

#[test]
fn what_is_decided_is_not_asked_again_unless_the_source_says_something_new() {
    let pair = [("1", "2", ""), ("2", "", "")];
    for merges in [true, false] {
        let mut test = desk();
        test.merges(&pair);
        let task = test.only_task();
        let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
        let request = match merges {
            true => merge_request(&[&[one, two]]),
            false => apart_request(&[&[one], &[two]]),
        };
        let version = test.task(task).version;
        let receipt = test.does(request.for_task(task, version));
        assert!(test.asked().is_empty());
        let state = test.desk().facts().view.task(task).unwrap().unwrap().task.state;
        assert_eq!(state, TaskState::Decided { decision: receipt.decision });
        // Other content, the same merge.
        let again = rows(&pair).replace("g1@", "one@");
        let outcome = testing::import(test.desk(), import_of("crm"), again).unwrap();
        assert_eq!((outcome.report.changed, counts(&outcome)), (1, [0, 0, 0]));
        test.match_records();
        assert!(test.asked().is_empty());
        // It was merged into another one.
        let outcome = test.merges(&[("1", "3", ""), ("3", "", "")]);
        assert_eq!(counts(&outcome), [1, 0, 1]);
        assert_eq!(test.asked().len(), 1);
        test.rebuild();
        assert_eq!(test.asked().len(), 1);
    }
}

#[test]
fn an_undo_asks_again_and_once() {
    let mut test = desk();
    test.merges(&[("1", "2", ""), ("2", "", "")]);
    let before = test.dump().len();
    let task = test.only_task();
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    let version = test.task(task).version;
    let merged = test.does(merge_request(&[&[one, two]]).for_task(task, version));
    test.undo(merged.decision);
    assert_eq!(test.pending(TaskKind::Duplicate), [task]);
    // Decided beside the task.
    let apart = test.does(apart_request(&[&[one], &[two]]));
    assert!(test.asked().is_empty());
    test.undo(apart.decision);
    assert_eq!(test.asked(), ["1 2"]);
    test.rebuild();
    assert_eq!(test.asked(), ["1 2"]);
    assert!(test.dump().len() >= before);
}

#[test]
fn a_source_that_takes_it_back_asks_no_more() {
    let mut test = desk();
    test.merges(&[("1", "2", ""), ("2", "", "")]);
    let task = test.only_task();
    test.merges(&[("1", "", "")]);
    assert!(test.asked().is_empty());
    let state = test.desk().facts().view.task(task).unwrap().unwrap().task.state;
    assert_eq!(state, TaskState::Settled);
}

#[test]
fn a_match_neither_drops_the_task_nor_doubles_it() {
    let mut test = desk();
    // 1 and 2 share nothing; 3 looks like 2.
    let mut text = rows(&[("1", "2", ""), ("2", "", "")]);
    text += "3,Given2,Family2,g2@example.net,,\n";
    let crowd: Vec<String> = (10..80).map(|id| id.to_string()).collect();
    let crowd: Vec<Merged<'_>> = crowd.iter().map(|id| (id.as_str(), "", "")).collect();
    text += rows(&crowd).split_once('\n').unwrap().1;
    testing::import(test.desk(), import_of("crm"), text).unwrap();
    assert_eq!(test.asked(), ["1 2"]);
    for _ in 0..2 {
        test.match_records();
        let asked = test.asked();
        let with = asked.iter().filter(|keys| keys.split(' ').any(|key| key == "1"));
        assert_eq!(with.count(), 1, "{asked:?}");
        assert!(asked.contains(&"1 2".to_owned()), "who looks alike does not come in: {asked:?}");
        let task = test.pending(TaskKind::Duplicate)[0];
        let reasons = test.task(task).reasons;
        assert_eq!(reasons[0], "crm:1 was merged into crm:2 in crm", "{asked:?}");
    }
    // Of the next run, a small one.
    test.merges(&[("1", "2", ""), ("90", "", "")]);
    test.match_records();
    assert_eq!(test.asked().iter().filter(|keys| keys.starts_with("1 2")).count(), 1);
}

#[test]
fn a_dry_run_counts_the_same_and_writes_nothing() {
    let mut test = desk();
    test.merges(&[("9", "", "")]);
    let head = test.desk().facts().view.head().unwrap();
    let file = [("1", "2", ""), ("2", "", ""), ("3", "99", ""), ("4", "9", "")];
    let request = Import { dry_run: true, ..import_of("crm") };
    let outcome = testing::import(test.desk(), request, rows(&file)).unwrap();
    assert_eq!(counts(&outcome)[..2], [2, 1]);
    assert_eq!(test.desk().facts().view.head().unwrap(), head);
    assert_eq!(counts(&test.merges(&file)), [2, 1, 2]);
}

#[test]
fn columns_named_later_are_read_from_the_same_file() {
    let mut test = TestDesk::new();
    let file = rows(&[("1", "2", ""), ("2", "", "")]);
    testing::import(test.desk(), import_of("crm"), file.as_str()).unwrap();
    assert!(test.asked().is_empty());
    let text = SETTINGS.replacen("[sources.crm]\n", "[sources.crm]\nmerged_into = \"master\"\n", 1);
    std::fs::write(test.workspace().settings(), text).unwrap();
    test.desk().adopt_settings().unwrap();
    let reread = door::operations::Reread { source: None, undoes: None, dry_run: false };
    let reread = testing::run_while(test.desk(), reread, Streams::default(), |_| true).unwrap();
    assert_eq!(reread.changed(), 1, "a reread finds them as well");
    assert_eq!(test.asked(), ["1 2"]);
    let undoes = reread.sources[0].import;
    let undo = door::operations::Reread { source: None, undoes, dry_run: false };
    testing::run_while(test.desk(), undo, Streams::default(), |_| true).unwrap();
    assert!(test.asked().is_empty());
    testing::import(test.desk(), import_of("crm"), file.as_str()).unwrap();
    assert_eq!(test.asked(), ["1 2"]);
    test.rebuild();
    assert_eq!(test.asked(), ["1 2"]);
}

#[test]
fn an_erased_record_asks_nothing_and_leaves_nothing_of_what_it_said() {
    let mut test = desk();
    test.merges(&[("1", "2", "8"), ("2", "", ""), ("3", "1", "")]);
    assert_eq!(test.asked(), ["1 2 3"]);
    let customer = test.customer("crm:1");
    test.erase(customer);
    assert!(test.asked().is_empty());
    let facts = test.desk().facts();
    let mut said = Vec::new();
    facts
        .view
        .each_merged(&mut |address| {
            said.push(address);
            true
        })
        .unwrap();
    assert_eq!(said.len(), 1, "what crm:3 says");
    let dump = test.dump();
    test.rebuild();
    assert_eq!(test.dump(), dump);
    let facts = test.desk().facts();
    let row = facts.view.record(domain::RecordId(0)).unwrap();
    let Event::RecordRevised(revised) = facts.event(row.body).unwrap() else { unreachable!() };
    assert!(revised.merged.is_empty());
    let reason = TaskReason::Merged { source: SourceName::new("crm") };
    assert!(facts.view.all_tasks().unwrap().iter().all(|entry| entry.task.reason == reason));
}

#[test]
fn who_only_looks_alike_is_asked_about_beside_what_the_source_merged() {
    let mut test = desk();
    let unsaid = ["1", "2", "3", "4", "5", "6"].map(|key| (key, "", ""));
    test.merges(&unsaid);
    let ids = |test: &mut TestDesk, keys: &[&str]| -> Vec<CustomerId> {
        keys.iter().map(|key| test.customer(&format!("crm:{key}"))).collect()
    };
    // Matching's tasks: one of more than the source will say, one of the same.
    for keys in [&["1", "2", "3"][..], &["5", "6"]] {
        let customers = ids(&mut test, keys);
        super::bulk::open_task(test.desk(), &customers);
    }
    test.merges(&[("1", "2", ""), ("5", "6", "")]);
    assert_eq!(test.asked(), ["1 2 3", "5 6", "1 2"]);
    let tasks = test.pending(TaskKind::Duplicate);
    assert_eq!(test.task(tasks[1]).reasons, ["crm:5 was merged into crm:6 in crm"]);
    // The answer to one is the answer to that part of the other.
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    let version = test.task(tasks[2]).version;
    let merged = test.does(merge_request(&[&[one, two]]).for_task(tasks[2], version));
    assert_eq!(test.asked(), ["1 3", "5 6"]);
    test.undo(merged.decision);
    assert_eq!(test.asked().last().unwrap(), "1 2");
    // What was grown before is the source's pair again with the next run.
    let grown = test.pending(TaskKind::Duplicate)[1];
    let more = ids(&mut test, &["4", "5", "6"]);
    let plan = |desk: &Desk| {
        let mut draft = crate::draft::Draft::new(
            desk.facts(),
            domain::event::Cause::Match(domain::MatchRunId(1)),
        )?;
        let task = desk.facts().view.task(grown)?.unwrap().task;
        draft.set_task(domain::Task { customers: more.clone(), ..task })?;
        draft.events()
    };
    test.desk().commit_draft(plan).unwrap();
    test.match_records();
    let asked = test.asked();
    assert!(asked.contains(&"5 6".to_owned()) && asked.contains(&"1 2".to_owned()), "{asked:?}");
}

#[test]
fn what_the_source_has_merged_is_left_to_a_person_however_sure_a_match_is() {
    let mut test = desk();
    let pair = "1,Ada,Fernsby,ada@example.com,2,\n2,Ada,Fernsby,ada@example.com,,\n";
    let alike = "3,Bo,Quillfeather,bo@example.com,,\n4,Bo,Quillfeather,bo@example.com,,\n";
    let crowd: Vec<String> = (10..80).map(|id| id.to_string()).collect();
    let crowd: Vec<Merged<'_>> = crowd.iter().map(|id| (id.as_str(), "", "")).collect();
    let text = rows(&crowd) + pair + alike;
    testing::import(test.desk(), import_of("crm"), text).unwrap();
    let task = test.only_task();
    let state =
        |test: &mut TestDesk| test.desk().facts().view.task(task).unwrap().unwrap().task.state;
    for _ in 0..2 {
        let outcome = test.match_records();
        assert_eq!(state(&mut test), TaskState::Open, "{outcome:?}");
        assert_ne!(test.customer("crm:1"), test.customer("crm:2"));
    }
    assert_eq!(test.customer("crm:3"), test.customer("crm:4"), "others are merged as ever");
    assert!(test.task(task).task.unwrap().score.is_some(), "it says how sure matching is");
    let (one, two) = (test.customer("crm:1"), test.customer("crm:2"));
    let version = test.task(task).version;
    test.does(merge_request(&[&[one, two]]).for_task(task, version));
    assert_eq!(test.customer("crm:1"), test.customer("crm:2"));
}
