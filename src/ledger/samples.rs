//! Events and small ledgers for the tests of this folder.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use super::append::{Ledger, LedgerOptions};
use super::body;
use super::chain::{Head, Witness};
use super::codec::replacement;
use super::error::LedgerError;
use super::frame::{FrameHeader, Logical, StewardVersion};
use super::instead::hash_text;
use super::open::Opening;
use super::reader::LedgerReader;
use super::verify::{VerifyReport, verify};
use crate::ports::Cipher;
use crate::ports::cipher::{SecretKey, XChaChaCipher};
use crate::ports::files::Files;
use crate::ports::randomness::SimulatedRandomness;
use crate::ports::simulated_files::SimulatedFiles;
use domain::event::{
    ActivitiesRecorded, ActivitiesWithdrawn, Cause, CensusTaken, CustomerChanged, DecisionMade,
    ErasureFinished, EventErased, ExportBegun, Exported, Figure, FiguresMeasured, ImportFinished,
    ImportStarted, JoinedUnits, MatchFinished, ModelFile, PersonErased, ProposalWithdrawn,
    RecordChanged, RecordRevised, RowQuarantined, SettingsAcknowledged, SettingsAdopted,
    SettingsProposed, TaskChanged, Unmasked, WorkspaceCreated,
};
use domain::grants::{Census, Cut, Maker, PatternPart, Seed, Stratum};
use domain::{
    AccessChange, AccessNoted, Activity, ActivityKind, ActivitySubject, Actor, CensusId,
    CustomerId, CustomerState, Decision, DecisionId, Entrance, Event, Evidence, FieldName,
    Fingerprint, ImportId, ImportReport, MatchRunId, ProposalId, QuarantineReason,
    QuarantinedPlace, QuarantinedRow, ReasonCode, RecordAddress, RecordBody, RecordId, RecordState,
    RefusedByRole, Sequence, SourceName, StreamName, Subject, Task, TaskId, TaskKind, TaskReason,
    TaskState, Value, Verdict,
};

/// Whoever may make a commit, each with the vocabulary that a reader must know.
pub(super) fn actors() -> [(Actor, u16); 4] {
    let came = |person: &str, door, session: &str, job, key: Option<&str>| Actor {
        person: person.to_owned(),
        came: Some(Evidence {
            door,
            session: Some(session.to_owned()),
            job,
            key: key.map(str::to_owned),
        }),
    };
    [
        ("kim".into(), 0),
        (Actor::local("kim"), 11),
        (came("sam", Entrance::Socket, "k7f3q-3", true, None), 11),
        (came("lee", Entrance::Ssh, "k7f3q-24", false, Some("SHA256:x")), 11),
    ]
}

pub(super) const WORKSPACE: [u8; 16] = *b"a test workspace";

pub(super) fn folder() -> &'static Path {
    Path::new("/workspace/.steward")
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

/// Segments of 4 KiB, to have several; encrypted with key 1.
pub(super) fn options() -> LedgerOptions {
    LedgerOptions { cipher: cipher(1), ..plain_options() }
}

/// The same without encryption.
pub(super) fn plain_options() -> LedgerOptions {
    LedgerOptions { segment_bytes: 4096, ..LedgerOptions::held_by("kim, process 7") }
}

/// The test workspace's cipher, which knows the keys 1 and 2 and seals with `current`.
pub(super) fn cipher(current: u32) -> Arc<XChaChaCipher> {
    Arc::new(cipher_of(WORKSPACE, &[1, 2], current))
}

pub(super) fn cipher_of(workspace: [u8; 16], keys: &[u8], current: u32) -> XChaChaCipher {
    let keys = keys.iter().map(|id| (u32::from(*id), SecretKey::new(&[*id; 32])));
    XChaChaCipher::new(workspace, keys.collect(), current)
}

pub(super) fn create(files: &SimulatedFiles) -> Result<Ledger, LedgerError> {
    create_with(files, &options())
}

pub(super) fn create_with(
    files: &SimulatedFiles,
    options: &LedgerOptions,
) -> Result<Ledger, LedgerError> {
    let files: Arc<dyn Files> = Arc::new(files.clone());
    let randomness = Arc::new(SimulatedRandomness::seeded(1));
    Ledger::create(files, folder(), randomness, WORKSPACE, options)
}

pub(super) fn open(
    files: &SimulatedFiles,
    witness: Option<Head>,
) -> Result<(Ledger, Opening), LedgerError> {
    open_with(files, witness, &options())
}

pub(super) fn open_with(
    files: &SimulatedFiles,
    witness: Option<Head>,
    options: &LedgerOptions,
) -> Result<(Ledger, Opening), LedgerError> {
    let files: Arc<dyn Files> = Arc::new(files.clone());
    let randomness = Arc::new(SimulatedRandomness::seeded(2));
    Ledger::open(files, folder(), randomness, || witness.map(Witness::from), options)
}

pub(super) fn verified(files: &SimulatedFiles) -> VerifyReport {
    verified_with(files, &*cipher(1))
}

pub(super) fn verified_with(files: &SimulatedFiles, cipher: &dyn Cipher) -> VerifyReport {
    verify(files, folder(), cipher, &mut |_, _| {}, None).unwrap()
}

/// A ledger of `commits` commits, commit n holding the n-th of [`events`].
pub(super) fn ledger_of(commits: u64) -> (SimulatedFiles, Ledger) {
    ledger_with(commits, &options())
}

pub(super) fn ledger_with(commits: u64, options: &LedgerOptions) -> (SimulatedFiles, Ledger) {
    let files = SimulatedFiles::new();
    let mut ledger = create_with(&files, options).unwrap();
    for number in 1..=commits {
        ledger.append(at(number as i64), "kim", &events(number)).unwrap();
    }
    (files, ledger)
}

/// The event that erases another, as the ledger has it now.
pub(super) fn erased(
    reader: &LedgerReader,
    sequence: u64,
    index: u32,
    instead: Option<&Event>,
) -> Event {
    let sequence = Sequence(sequence);
    let leaf = hash_text(&reader.leaf(sequence, index).unwrap());
    let instead = instead.map(|event| replacement(event).unwrap());
    EventErased { sequence, index, leaf, instead }.into()
}

/// Some events, other ones for each number: now one, now a dozen, now some that do not compress.
pub(super) fn events(number: u64) -> Vec<Event> {
    let count = [1, 2, 12][(number % 3) as usize];
    let mut events: Vec<Event> =
        (0..count).map(|index| record(number as u32 * 100 + index, number as u32)).collect();
    if number.is_multiple_of(4) {
        let noise = (0..30u64).map(|n| blake3::hash(&(number * n).to_le_bytes()).to_hex());
        events.push(settings(&noise.map(|hash| hash.to_string()).collect::<String>()));
    }
    events
}

pub(super) fn settings(text: &str) -> Event {
    let fingerprint = blake3::hash(text.as_bytes()).to_hex().to_string();
    SettingsAdopted {
        previous: None,
        text: text.to_owned(),
        fingerprint,
        proposal: None,
        note: None,
    }
    .into()
}

pub(super) fn record(id: u32, revision: u32) -> Event {
    let source = SourceName::new("crm");
    let values = [
        (FieldName::new("email"), Value::as_delivered(format!("person{id}@example.com"))),
        (FieldName::new("phone"), Value::standardised("(217) 555-0104", "+12175550104")),
        (FieldName::new("given_name"), Value::standardised("ADA", "Ada")),
    ];
    RecordRevised {
        record: RecordId(id),
        customer: CustomerId(id),
        revision,
        previous: None,
        import: ImportId(1),
        delivered: None,
        reread: None,
        merged: Vec::new(),
        body: RecordBody {
            address: RecordAddress::new(&source, id.to_string()),
            values: values.into_iter().collect(),
            unmapped: vec![("note".into(), "as it came".into())],
            absent: Vec::new(),
            decimals: Vec::new(),
            updated: Some(at(5)),
            line: u64::from(id) + 2,
        },
    }
    .into()
}

fn activity() -> Activity {
    Activity {
        key: "10027".into(),
        kind: ActivityKind::new("purchase").unwrap(),
        at: "2026-03-01T09:30:00+01:00".parse().unwrap(),
        money: Some("59.90 EUR".parse().unwrap()),
        properties: vec![("channel".into(), "web".into())],
        line: 2,
    }
}

/// One event of every kind that can be written, in the order of the table of kinds.
pub(super) fn every_kind() -> Vec<Event> {
    let state = CustomerState::single(RecordId(3));
    let cause = Cause::Match(MatchRunId(1));
    vec![
        WorkspaceCreated {
            workspace: "00ff".to_owned(),
            fingerprint_key: "aa".to_owned(),
            steward: "0.1.0".to_owned(),
        }
        .into(),
        settings("[workspace]"),
        ImportStarted {
            import: ImportId(1),
            source: SourceName::new("crm"),
            file: "crm.csv".to_owned(),
            format: "csv, UTF-8, comma".to_owned(),
            day: Some(jiff::civil::date(2026, 11, 28)),
            reading: None,
            reread: None,
            stream: None,
            content: Some(Fingerprint(7)),
        }
        .into(),
        record(3, 1),
        RowQuarantined { import: ImportId(1), row: quarantined(), key: None, subject: None }.into(),
        ImportFinished {
            import: ImportId(1),
            report: ImportReport::default(),
            quality: Vec::new(),
            released: Some(vec![QuarantinedPlace { import: ImportId(1), line: 7 }]),
        }
        .into(),
        MatchFinished {
            run: MatchRunId(1),
            previous: Some(Sequence(4)),
            model: serde_json::json!({"prior": 0.001, "fields": ["email"]}),
            model_of: Some(Sequence(4)),
            records: 10,
            pairs: 4,
            merged: 1,
            tasks: 2,
            settings: Some("aa".to_owned()),
            read_up_to: Some(Sequence(4)),
            model_file: Some(ModelFile { name: "model.json".to_owned(), hash: "bb".to_owned() }),
            scores: None,
            elusion: None,
        }
        .into(),
        CustomerChanged {
            customer: CustomerId(3),
            previous: None,
            before: None,
            after: state,
            cause,
        }
        .into(),
        RecordChanged {
            record: RecordId(3),
            previous: Sequence(2),
            before: RecordState::default(),
            after: RecordState::default(),
            cause,
        }
        .into(),
        TaskChanged { task: TaskId(9), previous: None, before: None, after: task() }.into(),
        DecisionMade {
            decision: decision(),
            role: "steward".to_owned(),
            settings: "ab".to_owned(),
        }
        .into(),
        Exported {
            dataset: "golden".to_owned(),
            format: "csv".to_owned(),
            filter: String::new(),
            rows: 7,
            up_to: Sequence(11),
            destination: "golden.csv".to_owned(),
            begun: Some(Sequence(12)),
        }
        .into(),
        PersonErased {
            customer: CustomerId(3),
            previous: Some(Sequence(7)),
            records: vec![RecordId(3)],
            reason: ReasonCode::new("request"),
            request: None,
            note: Some("by letter".to_owned()),
            suppressed: vec![Fingerprint(7)],
        }
        .into(),
        EventErased {
            sequence: Sequence(4),
            index: 2,
            leaf: blake3::hash(b"x").to_hex().to_string(),
            instead: None,
        }
        .into(),
        ErasureFinished { of: Sequence(12) }.into(),
        Unmasked {
            subjects: vec![Subject::Customer(CustomerId(3))],
            quarantine: Some(ImportId(1)),
            fields: vec!["birth_date".into()],
        }
        .into(),
        ExportBegun {
            dataset: "golden".to_owned(),
            format: "csv".to_owned(),
            filter: String::new(),
            up_to: Sequence(11),
            destination: "golden.csv".to_owned(),
            folder: Some("/exports".to_owned()),
        }
        .into(),
        census(),
        AccessNoted { person: "sam".to_owned(), what: AccessChange::LockedOut { seconds: 30 } }
            .into(),
        SettingsProposed {
            proposal: ProposalId(1),
            previous: None,
            over: Some(Sequence(1)),
            text: "[workspace]\nname = \"x\"\n".to_owned(),
            fingerprint: "f1".to_owned(),
            note: Some("a stricter rule".to_owned()),
        }
        .into(),
        ProposalWithdrawn { proposal: ProposalId(1), previous: Some(Sequence(3)), note: None }
            .into(),
        RefusedByRole { verb: "erase".to_owned(), role: Some("viewer".to_owned()) }.into(),
        SettingsAcknowledged { previous: None, adopted: Sequence(1) }.into(),
        ActivitiesRecorded {
            previous: Some(Sequence(3)),
            import: ImportId(2),
            stream: StreamName::new("orders"),
            subject: ActivitySubject { key: None, handles: vec![Fingerprint(9)] },
            activities: vec![activity()],
        }
        .into(),
        ActivitiesWithdrawn {
            previous: Some(Sequence(9)),
            import: ImportId(2),
            by: ImportId(3),
            keys: Vec::new(),
        }
        .into(),
        FiguresMeasured {
            previous: Some(Sequence(2)),
            day: jiff::civil::date(2026, 12, 1),
            of: vec![Figure {
                what: Figure::SEGMENT.to_owned(),
                name: "lapsed_best".to_owned(),
                count: 12,
                all: 1_040,
            }],
        }
        .into(),
    ]
}

fn census() -> Event {
    let census = Census {
        id: CensusId(1),
        taking: 1,
        stratum: Stratum {
            kind: domain::Kind::Organisation,
            maker: Maker::Nobody,
            two_people: false,
            cut: Cut::Pattern(vec![1, 0]),
        },
        model: MatchRunId(1),
        read_up_to: Sequence(4),
        seed: Seed([7; 32]),
        risk: 0.025,
        joins: vec![Fingerprint(11)],
    };
    let units = vec![JoinedUnits { left: vec![RecordId(3)], right: vec![RecordId(4)] }];
    let part = |comparison: &str, level: Option<&str>| PatternPart {
        comparison: comparison.to_owned(),
        level: level.map(str::to_owned),
        agrees: level.is_some(),
    };
    let pattern = vec![part("name", Some("same name")), part("e-mail", None)];
    CensusTaken { census, units, pattern }.into()
}

fn quarantined() -> QuarantinedRow {
    QuarantinedRow {
        named: None,
        line: 7,
        reason: QuarantineReason::Ragged { expected: 3, found: 2 },
        text: "a,b".to_owned(),
        bytes: None,
        length: None,
        key: None,
    }
}

fn task() -> Task {
    Task {
        id: TaskId(9),
        kind: TaskKind::Duplicate,
        state: TaskState::Open,
        customers: vec![CustomerId(3), CustomerId(4)],
        record: None,
        reason: TaskReason::Similar,
        score: Some(0.1 + 0.2),
        weakest: Some(0.712_345_678_901_234_5),
        opened: at(3),
    }
}

fn decision() -> Decision {
    Decision {
        id: DecisionId(31),
        verdict: Verdict::Merge,
        task: Some(TaskId(9)),
        subjects: vec![Subject::Customer(CustomerId(3))],
        groups: Vec::new(),
        key: Vec::new(),
        values: [(FieldName::new("email"), Value::as_delivered("a@example.com"))]
            .into_iter()
            .collect(),
        cleared: Vec::new(),
        withdrawn: Vec::new(),
        rules: Vec::new(),
        reason: None,
        note: Some("same person".to_owned()),
        score: Some(0.98),
        until: None,
        to: None,
        bulk: None,
        bulk_left: None,
        reverses: Vec::new(),
        second: None,
        grant: None,
        suspends: None,
        run: None,
        proposal: None,
        approves: None,
        broken_glass: None,
        request: None,
    }
}

pub(super) fn header() -> FrameHeader {
    FrameHeader {
        physical: body::physical(body::CODEC_RAW, &[]),
        chain: [0; 32],
        logical: Logical {
            vocabulary: 1,
            speaks: false,
            steward: StewardVersion::CURRENT,
            events: 1,
            place: 0,
            sequence: Sequence(1),
            at: 0,
            previous: [0; 32],
        },
    }
}
