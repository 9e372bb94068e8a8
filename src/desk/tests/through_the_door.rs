//! The door: every operation in process and over bytes, and what the command line asks beside the
//! review.

use std::io::Cursor;
use std::path::Path;

use super::bulk::{pairs, pairs_of};
use super::grants::{answers_until_offered, largest, organisations};
use super::rematch::base;
use super::*;
use domain::{
    AccessChange, AccessNoted, BulkId, FieldName, ImportId, Lapse, QueueOrder, ReasonCode, RuleId,
    Sequence, Subject, Verdict,
};
use door::operations::*;
use door::{Asked, BulkStep, BulkVerdict, Keeper, NotDone, OPERATIONS, TaskListing, Told};

/// What an operation reads or writes beside what it says.
pub(super) fn streams(asked: &Asked) -> Streams {
    let file = match asked {
        Asked::Import(_) => format!("{HEADER}77,Zoe,Lund,zoe@example.com,,1990-01-02,,,,,\n"),
        Asked::Evaluate(_) => "id,cluster\ncrm:1,a\n".to_owned(),
        _ => return Streams::writing(Box::new(std::io::sink())),
    };
    Streams::of_file(Cursor::new(file.into_bytes()))
}

/// A model of these fields, as it is exported.
fn model() -> ModelText {
    let mut test = base(1);
    let out = testing::Seen::default();
    let streams = Streams::writing(Box::new(out.clone()));
    let who = test.desk().acting.clone();
    test.desk().act(&who, export_model(), streams).unwrap();
    ModelText { name: "m.json".to_owned(), text: out.text() }
}

fn export_model() -> ExportModel {
    ExportModel {
        kind: None,
        dialect: "spark".to_owned(),
        destination: Destination::standard_output(),
        dry_run: false,
    }
}

fn hand_over(customer: CustomerId, format: &str) -> HandOver {
    let destination = Destination::standard_output();
    let reports = vec![SubjectFile { format: format.to_owned(), destination }];
    HandOver { customer, reports, request: None }
}

fn erasure(customer: CustomerId) -> ErasureRequest {
    ErasureRequest { customer, reason: Some(ReasonCode::new("request")), note: None, request: None }
}

/// One of each operation; sensitive values are wanted in clear in one of them.
pub(super) fn each(test: &mut TestDesk) -> Vec<Asked> {
    let tasks = test.pending(TaskKind::Duplicate);
    let (task, other) = (tasks[0], tasks[1]);
    let view = test.task(task);
    let customers: Vec<CustomerId> = view.columns.iter().map(|it| it.customer).collect();
    let record = view.columns[0].members[0].address.clone();
    let right = view.columns[1].members[0].address.clone();
    let apart = apart_request(&[&customers[..1], &customers[1..]]).for_task(task, view.version);
    let typed: std::collections::BTreeMap<FieldName, String> =
        [(FieldName::new("city"), "Springfield".to_owned())].into();
    let order = QueueOrder::default();
    let (filter, unmask, at) = (Some("kind = duplicate".to_owned()), false, None);
    let whole = TaskListing { whole: true, finished: true, ..TaskListing::default() };
    let step = BulkStep {
        verdict: BulkVerdict::NotAMatch,
        reason: None,
        note: None,
        tasks: vec![(other, None)],
        bulk: None,
        left: 0,
        rehearse: false,
        break_glass: None,
    };
    let putting_off = Request {
        task: Some(tasks[2]),
        ..Request::new(Action::Defer { until: domain::Until::DataChanges })
    };
    let (format, destination) = ("jsonl".to_owned(), Destination::standard_output());
    let begin_events = BeginEvents { format: format.clone(), destination: destination.clone() };
    let (begun, up_to) = (Sequence(1), Sequence(2));
    let feed = Feed {
        after: Sequence::ZERO,
        format: FeedFormat::Jsonl,
        values: true,
        begun: None,
        goes_on: true,
        destination: destination.clone(),
        dry_run: false,
    };
    // The first that is asked: it writes the next commit.
    let feed_begun = test.desk().reader.head().unwrap().sequence.next();
    let end_events = EndEvents { begun, rows: 3, up_to, format, destination };
    vec![
        feed.clone().into(),
        FeedOn { feed: Feed { begun: Some(feed_begun), ..feed } }.into(),
        EndFeed { begun: feed_begun, lines: 3, up_to }.into(),
        About {}.into(),
        PrepareQueue { filter: filter.clone(), order }.into(),
        Queue { filter: filter.clone(), order }.into(),
        QueueSince { filter: filter.clone(), order, since: 0 }.into(),
        QueueRows { tasks: tasks.clone() }.into(),
        TaskReasons { task, order }.into(),
        Patterns { filter }.into(),
        ListTasks { listing: whole, part: 0 }.into(),
        TasksWhere { filter: "kind = duplicate".to_owned() }.into(),
        CountWhere { filters: vec!["kind = duplicate".to_owned()] }.into(),
        ShowTask { task, unmask }.into(),
        Compare { customers: customers.clone(), unmask }.into(),
        KeepInClear { fields: Vec::new() }.into(),
        ShowRecord { record: record.clone(), at, unmask }.into(),
        ShowCustomer { customer: customers[0], at, unmask: true }.into(),
        Timeline { customer: customers[0], kinds: Vec::new(), before: None, limit: 9, unmask }
            .into(),
        Journeys { journey: None, segments: Vec::new() }.into(),
        AtStep {
            journey: "none".to_owned(),
            step: "none".to_owned(),
            current: true,
            segment: None,
            limit: 9,
        }
        .into(),
        Card { customer: customers[0], unmask }.into(),
        Consent { customer: customers[0], unmask }.into(),
        Measures { customer: customers[0] }.into(),
        Segments {}.into(),
        ShowSegment {
            segment: "cities".to_owned(),
            overlap: Some("families".to_owned()),
            limit: 9,
        }
        .into(),
        Holds {}.into(),
        Requests::default().into(),
        ForeseeRetention { warn: Lapse::days(30) }.into(),
        Retain { listed: Some(Vec::new()), reason: Some(ReasonCode::new("request")) }.into(),
        Follow { customer: customers[0] }.into(),
        FindRecord { record: record.clone() }.into(),
        FindPerson { record: record.clone() }.into(),
        Preview { request: apart.clone(), unmask }.into(),
        FitBulk { tasks: 2 }.into(),
        Approvals::default().into(),
        WholeTask { task, verdict: BulkVerdict::NotAMatch }.into(),
        Claim { task }.into(),
        Release { task: Some(other) }.into(),
        GiveUp { task }.into(),
        Changes { since: 0 }.into(),
        LookAt { task: Some(task), seen: None }.into(),
        KeepPlace { place: Some(door::views::Place::default()), erased: 0 }.into(),
        TakeUp {}.into(),
        NoteAccess { noted: AccessNoted { person: "kim".to_owned(), what: AccessChange::Reset } }
            .into(),
        Leave {}.into(),
        Decide { request: apart }.into(),
        DecideSome { step }.into(),
        DecideInBulk { request: putting_off, bulk: None, left: 0, rehearse: false }.into(),
        DecisionsOf { bulk: BulkId(1) }.into(),
        Standing { decisions: vec![DecisionId(1), DecisionId(2)] }.into(),
        LastDecision { undone: false }.into(),
        ShowDecision { decision: DecisionId(1), unmask }.into(),
        History { of: None, unmask }.into(),
        Dashboard {}.into(),
        Rules {}.into(),
        Failing { rule: RuleId::new("email-format"), limit: 5 }.into(),
        import_of("crm").into(),
        KnownIds { begin: "T".to_owned(), limit: 5 }.into(),
        Alike { values: typed.clone(), customers: customers.clone() }.into(),
        Create { source: "crm".into(), key: "by-hand".to_owned(), values: typed, dry_run: false }
            .into(),
        Watch::default().into(),
        Imports {}.into(),
        ShowImport { import: ImportId(1) }.into(),
        Quarantine { import: ImportId(1), limit: 5, unmask }.into(),
        Reread { source: None, undoes: None, dry_run: true }.into(),
        Match::default().into(),
        Cancel { job: None }.into(),
        AskEdit {}.into(),
        ProposeSettings { text: format!("{SETTINGS}# proposed\n"), note: None }.into(),
        SettingsProposals {}.into(),
        WithdrawProposal { proposal: domain::ProposalId(1), note: None }.into(),
        ReadSettings { at: SettingsAt::Proposal(domain::ProposalId(1)) }.into(),
        SettingsChanges {}.into(),
        OwnChanges { all: true }.into(),
        Acknowledge { adopted: Sequence(1) }.into(),
        DiffSettings { of: SettingsOf::Text(format!("{SETTINGS}# proposed\n")), examples: 2 }
            .into(),
        AdoptSettings::default().into(),
        ReadModel { model: model() }.into(),
        MatchStatus {}.into(),
        Grants {}.into(),
        CompareRuns { from: None, to: None, limit: 5 }.into(),
        ExportModel { dry_run: true, ..export_model() }.into(),
        testing::whole(crate::jobs::Dataset::Golden, crate::export::Format::Csv).into(),
        begin_events.into(),
        end_events.into(),
        Evaluate {}.into(),
        Audit::default().into(),
        CountValues { field: FieldName::new("city"), source: None, of: ValuesOf::Standard }.into(),
        Values { limit: 5, unmask }.into(),
        Holders { values: vec!["Springfield".to_owned()], unmask: true }.into(),
        CorrectSome {
            field: FieldName::new("city"),
            of: ValuesOf::Standard,
            from: vec!["Springfield".to_owned()],
            to: "Shelbyville".to_owned(),
            records: vec![record.clone()],
            reason: None,
            note: None,
            bulk: None,
            left: 0,
            rehearse: false,
        }
        .into(),
        CountCodes {}.into(),
        CodeLists { limit: 5 }.into(),
        // Once there is a model.
        Explain { left: record, right, unmask }.into(),
        ExplainGroup { of: Subject::Task(tasks[3]) }.into(),
        Keys {}.into(),
        ForeseeKeys { change: KeyChange::KeyFile }.into(),
        ChangeKeys { change: KeyChange::Rotate }.into(),
        Admitted { verb: "sessions".to_owned() }.into(),
        Access {}.into(),
        ForeseeRekey {}.into(),
        Rekey {}.into(),
        ForeseeHandOver { customer: customers[0] }.into(),
        hand_over(customers[0], "json").into(),
        ForeseeErasure { request: erasure(customers[0]) }.into(),
        Erase { request: erasure(customers[0]) }.into(),
    ]
}

/// What has no answer.
fn refused_and_failed() -> Vec<Asked> {
    let bad = || Some("no such column = 1".to_owned());
    let listing = TaskListing { filter: bad(), ..TaskListing::default() };
    let unmask = false;
    vec![
        ShowTask { task: TaskId(999), unmask }.into(),
        ShowCustomer { customer: CustomerId(999), at: None, unmask: true }.into(),
        FindRecord { record: "crm:nobody".parse().unwrap() }.into(),
        DecisionsOf { bulk: BulkId(99) }.into(),
        FitBulk { tasks: usize::MAX / 2 }.into(),
        Queue { filter: bad(), order: QueueOrder::default() }.into(),
        ListTasks { listing, part: 0 }.into(),
        Decide { request: undo_request(DecisionId(99), false) }.into(),
        // Without the file it reads.
        import_of("crm").into(),
        // Without the output it writes.
        hand_over(CustomerId(3), "json").into(),
        ForeseeErasure { request: ErasureRequest { reason: None, ..erasure(CustomerId(3)) } }
            .into(),
        Erase { request: erasure(CustomerId(999)) }.into(),
        ForeseeHandOver { customer: CustomerId(999) }.into(),
        // Nobody can be asked for a passphrase.
        ChangeKeys { change: KeyChange::Passphrase }.into(),
    ]
}

/// The bytes with one folder's name, as it stands in a key file's path, in the place of another's: they
/// are of one length.
fn elsewhere(bytes: &[u8], from: &Path, to: &Path) -> Vec<u8> {
    let [from, to] = [from, to].map(|path| path.as_os_str().as_encoded_bytes());
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

/// Asks one desk in process and its twin over bytes; what comes of it, as bytes.
fn both_ways<O: Carry + Clone>(
    (here, there): (&mut TestDesk, &mut TestDesk),
    operation: O,
    streams: fn(&Asked) -> Streams,
) -> Option<NotDone> {
    let asked: Asked = operation.into();
    let (mine, other) = (streams(&asked), streams(&asked));
    let name = format!("{asked:?}");
    let sent = door::to_bytes(&asked).unwrap();
    let who = here.desk().acting.clone();
    let Told::Here(told) = here.desk().here(&who, asked, mine) else { unreachable!() };
    let told = *told.downcast::<Outcome<O::Answer>>().unwrap();
    let came = there.desk().bytes(&who, &sent, other).unwrap();
    let mine = door::to_bytes(&told).unwrap();
    assert_eq!(elsewhere(&mine, here.folder.path(), there.folder.path()), came, "{name}");
    let read: Outcome<O::Answer> = door::from_bytes(&came).unwrap();
    assert_eq!(door::to_bytes(&read).unwrap(), came, "{name}: nothing is lost on the way");
    for test in [here, there] {
        while Keeper::is_working(test.desk()) {
            std::thread::sleep(Keeper::work(test.desk()));
        }
    }
    told.err()
}

/// A stream, and what is told of it.
const INSIGHT: &str = r#"
[streams.visits]
source = "crm"
kind = { column = "what" }
key = "visit"
at = "at"
subject = "customer"
[segments.families]
where = "family_name = Ashgrove"
[segments.cities]
where = "city is not empty"
[[journeys]]
id = "none"
steps = ["look", "none"]
"#;

#[test]
fn every_operation_is_answered_alike_in_process_and_over_bytes() {
    let desk = || {
        let mut test = TestDesk::governed(Databases::default(), 1, INSIGHT);
        pairs_of(&mut test);
        test
    };
    let (mut here, mut there) = (desk(), desk());
    let asked = each(&mut here);
    assert_eq!(asked, each(&mut there), "the two desks are twins");
    let name = |asked: &Asked| format!("{asked:?}").split('(').next().unwrap().to_owned();
    let mut named: Vec<String> = asked.iter().map(name).collect();
    named.sort_unstable();
    // What a search has found by now depends on how far its threads are; grants are asked of a census below.
    let elsewhere = ["Find", "ShowApproval", "ShowGrant", "GiveGrant", "SuspendGrant"];
    let others = OPERATIONS.iter().map(|(name, ..)| *name).filter(|name| !elsewhere.contains(name));
    let mut all: Vec<&str> = others.collect();
    all.sort_unstable();
    assert_eq!(named, all, "one of each");
    for asked in asked {
        let named = name(&asked);
        let desks = (&mut here, &mut there);
        let not_done = door::carry!(asked, operation => both_ways(desks, operation, streams));
        assert_eq!(not_done, None, "{named}");
    }
    for asked in refused_and_failed() {
        let (named, desks) = (name(&asked), (&mut here, &mut there));
        let not_done =
            door::carry!(asked, operation => both_ways(desks, operation, |_| Streams::default()));
        assert!(not_done.is_some(), "{named}");
    }
    assert_eq!(here.dump(), there.dump(), "they did the same");
}

#[test]
fn grants_are_answered_alike_in_process_and_over_bytes() {
    let desk = || {
        let mut test = organisations(45);
        let census = largest(&mut test).census;
        answers_until_offered(&mut test, census);
        (test, census)
    };
    let ((mut here, census), (mut there, _)) = (desk(), desk());
    let joins = here.ask(ShowGrant { census }).unwrap().stratum.waiting.joins;
    let give = GiveGrant { census, joins, reason: None, note: None, bulk: None, rehearse: false };
    let suspend = SuspendGrant { census, reason: None, note: None };
    let asked: [Asked; 4] =
        [ShowGrant { census }.into(), give.into(), suspend.into(), Grants {}.into()];
    for asked in asked {
        let name = format!("{asked:?}");
        let desks = (&mut here, &mut there);
        let not_done = door::carry!(asked, operation => both_ways(desks, operation, streams));
        assert_eq!(not_done, None, "{name}");
    }
    assert_eq!(here.dump(), there.dump(), "they did the same");
}

#[test]
fn a_sensitive_value_crosses_the_door_masked_and_in_clear_only_once_that_is_recorded() {
    let (mut here, mut there) = (pairs(), pairs());
    let customer = here.customer("crm:1");
    for unmask in [false, true] {
        let asked: Asked = ShowCustomer { customer, at: None, unmask }.into();
        let who = there.desk().acting.clone();
        let before = there.ask(About {}).unwrap().head;
        let sent = door::to_bytes(&asked).unwrap();
        let came = there.desk().bytes(&who, &sent, Streams::default()).unwrap();
        let text = String::from_utf8_lossy(&came).into_owned();
        let clear = here.ask(ShowCustomer { customer, at: None, unmask: true }).unwrap();
        let clear = clear.column.golden.text("birth_date").unwrap().to_owned();
        assert_eq!(text.contains(&clear), unmask, "{clear}");
        let recorded = there.ask(About {}).unwrap().head > before;
        assert_eq!(recorded, unmask);
    }
}

#[test]
fn bytes_that_are_no_operation_fail_as_usage() {
    let mut test = TestDesk::new();
    let who = test.desk().acting.clone();
    for bytes in [&b""[..], b"\xff\xff", &door::to_bytes(&"birthday").unwrap()] {
        let came = test.desk().bytes(&who, bytes, Streams::default()).unwrap();
        let outcome: Outcome<()> = door::from_bytes(&came).unwrap();
        let Err(NotDone::Failed(failure)) = outcome else { unreachable!() };
        assert_eq!(failure.class, door::FailureClass::Usage);
    }
}

#[test]
fn a_listing_is_read_in_parts_and_made_again_once_something_was_committed() {
    let mut test = pairs();
    let whole = test.listed();
    assert!(whole.len() > 4, "more than one part: {whole:?}");
    let page = |test: &mut TestDesk, part| {
        let page = test.ask(ListTasks { listing: TaskListing::default(), part }).unwrap();
        page.lines.into_iter().map(|line| line.id).collect::<Vec<_>>()
    };
    let first = page(&mut test, 0);
    assert_eq!(first, whole[..first.len()]);
    // Any part can be asked for at any time.
    let second = page(&mut test, 1);
    assert_eq!(page(&mut test, 1), second);
    assert_eq!(first.len() + second.len(), whole.len().min(8));
    assert!(page(&mut test, 99).is_empty());
    // What is decided meanwhile is not told as if it waited.
    page(&mut test, 0);
    let last = *whole.last().unwrap();
    let customers: Vec<_> = test.task(last).columns.iter().map(|it| it.customer).collect();
    test.does(apart_request(&[&customers[..1], &customers[1..]]));
    assert!(!page(&mut test, 1).contains(&last));
    test.listed();
    let of = test.desk().acting.id;
    assert!(test.desk().sessions.listing(of).is_none(), "it goes once it is read");
}

#[test]
fn a_retired_customer_and_a_record_are_found_by_name() {
    let mut test = pairs();
    let (one, other) = (test.customer("crm:1"), test.customer("shop:1"));
    let found = test.ask(FindRecord { record: "shop:1".parse().unwrap() }).unwrap();
    assert_eq!(found.customer, other);
    test.does(merge_request(&[&[one, other]]));
    let (lower, higher) = (one.min(other), one.max(other));
    assert_eq!(test.ask(Follow { customer: higher }), Ok(Some(lower)));
    assert_eq!(test.ask(Follow { customer: CustomerId(999) }), Ok(None));
    let about = test.ask(About {}).unwrap();
    assert_eq!(about.sources, [SourceName::new("crm"), SourceName::new("shop")]);
    assert!(!about.is_reading_only && about.auto > about.review);
}

#[test]
fn a_view_names_the_records_that_its_golden_values_came_from() {
    let mut test = pairs();
    let (one, other) = (test.customer("crm:1"), test.customer("shop:1"));
    let [kept, picked] = ["crm:1", "shop:1"].map(|text| text.parse::<RecordAddress>().unwrap());
    let survivor = one.min(other);
    test.does(merge_request(&[&[one, other]]));
    let record = test.ask(FindRecord { record: picked.clone() }).unwrap().record;
    let picks = [("given_name".into(), door::Pick::From(record))].into();
    test.does(Request::new(Action::Pin { customer: survivor, picks }));
    let view = test.ask(ShowCustomer { customer: survivor, at: None, unmask: false }).unwrap();
    let address = |field| {
        let origin = &view.column.golden.get(field).unwrap().origin;
        view.origins.get(&origin.record().unwrap())
    };
    assert_eq!((address("given_name"), address("family_name")), (Some(&picked), Some(&kept)));
    let task = test.pending(TaskKind::Duplicate)[1];
    let view = test.task(task);
    let came_from = view.golden.values.iter().filter_map(|value| value.origin.record());
    assert!(came_from.clone().count() > 0);
    assert!(came_from.into_iter().all(|record| view.origins.contains_key(&record)));
}

#[test]
fn a_bulk_of_requests_is_undone_by_what_still_stands_of_it() {
    let mut test = pairs();
    let tasks = test.pending(TaskKind::Duplicate);
    let mut bulk = None;
    for task in &tasks[..2] {
        let verdict = BulkVerdict::NotAMatch;
        let request = test.ask(WholeTask { task: *task, verdict }).unwrap();
        assert_eq!((request.task, request.bulk), (Some(*task), None));
        let rehearsed = DecideInBulk { request: request.clone(), bulk, left: 0, rehearse: true };
        let judged = test.ask(rehearsed).unwrap();
        assert_eq!((judged.bulk, judged.results[0].decision), (bulk, None));
        let done = test.ask(DecideInBulk { request, bulk, left: 0, rehearse: false }).unwrap();
        bulk = done.bulk;
    }
    let bulk = bulk.unwrap();
    let decisions = test.ask(DecisionsOf { bulk }).unwrap();
    assert_eq!(decisions.len(), 2);
    test.undo(decisions[0]);
    let standing = test.ask(Standing { decisions: decisions.clone() }).unwrap();
    assert_eq!(standing, [decisions[1]]);
    assert_eq!(test.ask(DecisionsOf { bulk }).unwrap(), standing);
    test.undo(decisions[1]);
    let why = test.ask(DecisionsOf { bulk }).unwrap_err().to_string();
    assert_eq!(why, "everything in B1 has already been undone");
    let why = test.ask(DecisionsOf { bulk: BulkId(9) }).unwrap_err().to_string();
    assert_eq!(why, "there is no B9");
    let decided = test.ask(WholeTask { task: TaskId(999), verdict: BulkVerdict::Keep });
    assert_eq!(decided.unwrap_err().to_string(), "there is no T999");
    let view = test.ask(ShowDecision { decision: decisions[0], unmask: false }).unwrap();
    assert_eq!(view.verdict, Verdict::NotAMatch);
}

#[test]
fn reports_on_a_person_are_written_one_to_each_output_and_recorded_together() {
    let mut test = pairs();
    let customer = test.customer("crm:1");
    let head = test.ask(About {}).unwrap().head;
    let (json, html) = (testing::Seen::default(), testing::Seen::default());
    let streams = |outs: [&testing::Seen; 2]| Streams {
        input: None,
        outputs: outs.map(|out| Box::new(out.clone()) as _).into(),
    };
    let mut both = hand_over(customer, "json");
    both.reports.extend(hand_over(customer, "html").reports);
    let told = test.hand_in(both.clone(), streams([&json, &html])).unwrap();
    assert_eq!(test.ask(ForeseeHandOver { customer }).unwrap().records, told.records);
    assert!(json.text().starts_with('{') && html.text().starts_with("<!"), "{}", html.text());
    assert_eq!(test.ask(About {}).unwrap().head.0, head.0 + 2, "its beginning and its end");
    let unknown = hand_over(customer, "pdf");
    let (other, sink) = (testing::Seen::default(), testing::Seen::default());
    let refused = [
        test.hand_in(unknown, Streams::writing(Box::new(other.clone()))),
        test.hand_in(hand_over(customer, "json"), streams([&other, &sink])),
        test.hand_in(HandOver { customer, reports: Vec::new(), request: None }, Streams::default()),
    ];
    for outcome in refused {
        let Err(NotDone::Failed(failure)) = outcome else { unreachable!() };
        assert_eq!(failure.class, door::FailureClass::Usage);
    }
    assert_eq!(other.text(), "");
    assert_eq!(test.ask(About {}).unwrap().head.0, head.0 + 2, "nothing more");
}
