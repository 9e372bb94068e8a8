//! Invented tasks and customers for the tests of this folder.

mod approvals;
mod card;
mod grants;
mod journeys;
pub mod masking;
mod overview;
mod runs;
mod segments;

use std::collections::BTreeMap;

use jiff::Timestamp;

use domain::{
    CustomerId, DecisionId, Entrance, Evidence, FieldName, FieldType, Golden, GoldenValue, Origin,
    RecordAddress, RecordId, RuleId, Sequence, Severity, Shown, Subject, Task, TaskId, TaskKind,
    TaskReason, TaskState, Urgency, Verdict,
};
use door::views::{
    ApartView, Cell, Change, CoachLine, Column, Competing, CustomerView, Dispute, Disputed,
    EarlierDecision, ExplanationView, FieldView, FinderHit, FinderReport, FixView, HistoryEntry,
    LinkScore, Mark, MemberView, PatternCount, QueueCounts, QueueRow, QueueView, Revision,
    StepView, TaskSummary, TaskView, Unmerged, ViolationView, Words,
};
use door::{Scope, Search};

pub use approvals::{approval, approvals};
pub use card::card;
pub use grants::grants;
pub use journeys::{at_step, journeys};
pub use overview::{about, dashboard, failing, imports, quarantine, rules, values};
pub use runs::runs;
pub use segments::{segment, segments};

/// The moment at which the tests take place.
pub const NOW: &str = "2026-10-12T09:00:00Z";

const FIELDS: [(&str, FieldType); 12] = [
    ("given_name", FieldType::GivenName),
    ("family_name", FieldType::FamilyName),
    ("birth_date", FieldType::DateOfBirth),
    ("national_id", FieldType::NationalId),
    ("email", FieldType::Email),
    ("phone", FieldType::Phone),
    ("mobile", FieldType::Phone),
    ("street", FieldType::Street),
    ("city", FieldType::City),
    ("postcode", FieldType::Postcode),
    ("region", FieldType::Region),
    ("consent", FieldType::Consent),
];

pub const THOMAS: [&str; 12] = [
    "Thomas",
    "Pace",
    "1984-03-12",
    "123-45-4417",
    "thomas.pace@example.com",
    "+15550104477",
    "",
    "12 Rose Lane",
    "Springfield",
    "62704",
    "IL",
    "yes",
];
pub const TOM: [&str; 12] = [
    "Tom",
    "Pace",
    "1984-12-03",
    "",
    "t.pace@exmaple.com",
    "+15550104477",
    "+15550109912",
    "900 Hill Road",
    "Decatur",
    "62521",
    "IL",
    "no",
];
pub const THEO: [&str; 12] = [
    "Theo",
    "Pace",
    "2011-07-30",
    "",
    "",
    "+15550104477",
    "+15550190001",
    "12 Rose Lane",
    "Springfield",
    "62704",
    "IL",
    "yes",
];

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn fields() -> Vec<FieldView> {
    let address = ["street", "city", "postcode", "region"];
    let view = |(name, field_type): (&str, FieldType)| FieldView {
        name: FieldName::new(name),
        field_type,
        sensitive: name == "national_id",
        group: if address.contains(&name) { address.map(FieldName::new).to_vec() } else { vec![] },
        description: None,
        owner: None,
    };
    FIELDS.map(view).to_vec()
}

fn mark(text: &str, first: &str) -> Mark {
    match (text.is_empty(), first.is_empty()) {
        (true, true) => Mark::None,
        (true, false) => Mark::Missing,
        (false, true) => Mark::Added,
        _ if text == first => Mark::Equal,
        _ if text.chars().next() == first.chars().next() => Mark::Similar,
        _ => Mark::Different,
    }
}

/// As the desk says them of these values.
fn words(text: &str, first: &str) -> Words {
    let (level, values) = match (first, text) {
        ("Thomas", "Tom") => ("nickname", "nickname"),
        ("1984-03-12", "1984-12-03") => ("day/month swapped", "day/month"),
        ("1984-03-12", "1984-03-21") => ("two of three agree", "day"),
        ("1984-03-12", "2011-07-30") => ("differ", "27 years"),
        ("thomas.pace@example.com", "t.pace@exmaple.com") => ("differ", ""),
        ("62704", "62521") => ("differ", ""),
        _ if mark(text, first) == Mark::Different => ("differ", ""),
        _ if mark(text, first) == Mark::Similar => ("similar", ""),
        _ => return Words::default(),
    };
    Words { level: level.to_owned(), values: Some(values.to_owned()) }
}

pub fn violation(field: &str, suggestion: Option<&str>) -> ViolationView {
    let now = Some("t.pace@exmaple.com".into());
    ViolationView {
        rule: RuleId::new(format!("{field}-domain")),
        field: FieldName::new(field),
        severity: Severity::Error,
        delivered: Some("T.Pace@exmaple.com".into()),
        now,
        message: "unknown domain".to_owned(),
        remedy: Some("ask the customer, or take another source's".to_owned()),
        suggestion: suggestion.map(Shown::from),
        removes: false,
        choices: suggestion
            .map(|text| ("suggested".to_owned(), text.into()))
            .into_iter()
            .chain([("crm:1042".to_owned(), "thomas.pace@example.com".into())])
            .collect(),
        holders: Vec::new(),
        against: None,
        waived: None,
    }
}

fn cells(values: &[&str; 12], first: Option<&[&str; 12]>) -> Vec<Cell> {
    let cell = |(at, text): (usize, &&str)| Cell {
        field: FieldName::new(FIELDS[at].0),
        text: (!text.is_empty()).then(|| Shown::from(*text)),
        raw: (FIELDS[at].0 == "phone").then(|| "(555) 010-4477".into()),
        mark: first.map_or(Mark::None, |first| mark(text, first[at])),
        words: first.map_or_else(Words::default, |first| words(text, first[at])),
        violations: if text.contains("exmaple") {
            vec![violation("email", Some("t.pace@example.com"))]
        } else {
            vec![]
        },
        by_hand: false,
        uncounted: false,
    };
    values.iter().enumerate().map(cell).collect()
}

pub fn member(
    record: u32,
    address: &str,
    values: &[&str; 12],
    first: Option<&[&str; 12]>,
) -> MemberView {
    MemberView {
        link: None,
        record: RecordId(record),
        address: address.parse().unwrap(),
        quarantined: None,
        vanished: None,
        trust: 90 - u8::try_from(record % 3 * 25).unwrap(),
        updated: at("2026-03-02T00:00:00Z"),
        cells: cells(values, first),
    }
}

pub fn column(id: u32, address: &str, values: &[&str; 12], first: Option<&[&str; 12]>) -> Column {
    Column {
        customer: CustomerId(id),
        version: Sequence(7),
        members: vec![member(id, address, values, first)],
        cells: cells(values, first),
        golden: golden(&[(id, values)]),
        closed: false,
        contradicts: false,
        why_apart: None,
        activity: None,
    }
}

/// Of each field the first value there is; consent by the strictest.
pub fn golden(records: &[(u32, &[&str; 12])]) -> Golden<Shown> {
    let value = |(at, (field, _)): (usize, &(&str, FieldType))| {
        let strict = *field == "consent";
        let found = if strict {
            records.iter().max_by_key(|(_, values)| values[at] == "no")
        } else {
            records.iter().find(|(_, values)| !values[at].is_empty())
        };
        let (record, values) = found?;
        let strategy = if strict { "strictest" } else { "most_trusted" };
        (!values[at].is_empty()).then(|| GoldenValue {
            field: FieldName::new(*field),
            text: values[at].into(),
            readable: true,
            origin: Origin::Survived { record: RecordId(*record), strategy: strategy.to_owned() },
        })
    };
    Golden { values: FIELDS.iter().enumerate().filter_map(value).collect(), kept: Vec::new() }
}

pub fn pair(left: &str, right: &str, probability: f64) -> ExplanationView {
    let step =
        |label: &str, left: &str, right: &str, level: &str, weight, note: Option<&str>| StepView {
            label: label.to_owned(),
            fields: vec![label.to_owned()],
            left: left.into(),
            right: right.into(),
            level: level.to_owned(),
            weight,
            note: note.map(str::to_owned),
            sensitive: label == "id",
            counts: true,
        };
    ExplanationView {
        left: left.parse().unwrap(),
        right: right.parse().unwrap(),
        probability,
        match_weight: 5.6,
        prior: -11.0,
        steps: vec![
            step("phone", "+15550104477", "+15550104477", "same", 6.4, Some("3 records hold it")),
            step("family", "Pace", "Pace", "same", 5.2, Some("1 in 310")),
            step("birth", "1984-03-12", "1984-12-03", "day and month swapped", 3.1, None),
            step("given", "Thomas", "Tom", "nickname", 2.0, None),
            step("id", "123-45-4417", "", "one is missing", 0.0, None),
            step("city", "Springfield", "Decatur", "different", -1.9, None),
        ],
        classes: vec![
            ("the same customer".to_owned(), 0.98),
            ("the same household".to_owned(), 0.02),
        ],
        blocking: Some("phone".to_owned()),
        blocking_notes: Vec::new(),
        unearned: Vec::new(),
        never: None,
        pattern: Some("different city, same phone, same family name".to_owned()),
        unmerged: Unmerged {
            lacks: vec!["no personal identifier agrees".to_owned()],
            below_auto: Some((probability, 0.99)),
            ..Unmerged::default()
        },
        competing: Some(Competing { class: "household".to_owned(), probability: 0.13 }),
    }
}

fn task(id: u32, kind: TaskKind, customers: &[u32], reason: TaskReason) -> Task {
    Task {
        id: TaskId(id),
        kind,
        state: TaskState::Open,
        customers: customers.iter().copied().map(CustomerId).collect(),
        record: None,
        reason,
        score: None,
        weakest: None,
        opened: at("2026-10-11T08:00:00Z"),
    }
}

pub fn task_view(task: Task, columns: Vec<Column>, golden: Golden<Shown>) -> TaskView {
    TaskView {
        version: Sequence(u64::from(task.id.0)),
        task: Some(task),
        fields: fields(),
        columns,
        golden,
        origins: Default::default(),
        pairs: vec![],
        links: vec![],
        apart: vec![],
        review: 0.5,
        summary: None,
        dispute: None,
        fix: None,
        reasons: vec![],
        asked: vec![],
        comments: vec![],
        earlier: vec![],
        reason_codes: vec![
            (Verdict::NotAMatch, vec!["household".into(), "twins".into()]),
            (Verdict::Waive, vec!["confirmed".into(), "customer-wish".into()]),
        ],
        reason_required: vec![Verdict::Waive],
        asks_reason: false,
        not_yours_to_answer: None,
        coach: None,
    }
}

/// T12 of INTERFACE: a father, his second account, and a child of the same household.
pub fn household() -> TaskView {
    let mut wanted = task(12, TaskKind::Duplicate, &[17, 341, 902], TaskReason::Similar);
    (wanted.score, wanted.weakest) = (Some(0.98), Some(0.71));
    let mut theo = column(902, "support:771", &THEO, Some(&THOMAS));
    theo.contradicts = true;
    theo.why_apart = Some("date of birth contradicts".to_owned());
    let columns = vec![
        column(17, "crm:1042", &THOMAS, None),
        column(341, "webshop:88120", &TOM, Some(&THOMAS)),
        theo,
    ];
    let survived = golden(&[(17, &THOMAS), (341, &TOM), (902, &THEO)]);
    let mut view = task_view(wanted, columns, survived);
    view.pairs =
        vec![pair("crm:1042", "webshop:88120", 0.98), pair("crm:1042", "support:771", 0.71)];
    view.apart = vec![ApartView { left: 0, right: 2, why: "date of birth contradicts".to_owned() }];
    view.earlier = vec![EarlierDecision {
        decision: DecisionId(56),
        line: "D56 not a match: C40, C77 (household)".to_owned(),
    }];
    view
}

/// T15: a plain pair.
pub fn plain_pair() -> TaskView {
    let mut wanted = task(15, TaskKind::Duplicate, &[88, 93], TaskReason::Similar);
    wanted.score = Some(0.97);
    let columns = vec![
        column(88, "crm:2001", &THOMAS, None),
        column(93, "webshop:4711", &TOM, Some(&THOMAS)),
    ];
    let mut view = task_view(wanted, columns, golden(&[(88, &THOMAS), (93, &TOM)]));
    view.pairs = vec![pair("crm:2001", "webshop:4711", 0.97)];
    view.coach = Some(CoachLine(
        "Two records, one person: {merge} merges them, {undo} takes it back.".into(),
    ));
    view
}

/// T50: five customers.
pub fn five() -> TaskView {
    let mut wanted = task(50, TaskKind::Duplicate, &[1, 2, 3, 4, 5], TaskReason::Similar);
    (wanted.score, wanted.weakest) = (Some(0.91), Some(0.52));
    let values = [THOMAS, TOM, THEO, TOM, THOMAS];
    let column_of = |(at, values): (usize, &[&str; 12])| {
        let id = u32::try_from(at).unwrap() + 1;
        column(id, &format!("crm:{id}"), values, (at > 0).then_some(&THOMAS))
    };
    let columns = values.iter().enumerate().map(column_of).collect();
    let mut view = task_view(wanted, columns, golden(&[(1, &THOMAS), (2, &TOM)]));
    view.pairs = (2..=5).map(|id| pair("crm:1", &format!("crm:{id}"), 0.9)).collect();
    let link = |left: usize, right: usize| {
        let least = if (left, right) == (2, 4) { 0.23 } else { 0.9 };
        LinkScore { left, right, least }
    };
    view.links = (0..5).flat_map(|at| (at + 1..5).map(move |to| link(at, to))).collect();
    view
}

/// T7: a pinned birth date that the source contradicts.
pub fn challenge() -> TaskView {
    let reason = TaskReason::ValueContradicted {
        decision: DecisionId(31),
        field: FieldName::new("birth_date"),
    };
    let mut customer = column(88, "crm:1042", &THOMAS, None);
    let mut values = TOM;
    values[2] = "1984-03-21";
    customer.members.push(member(341, "webshop:88120", &values, Some(&THOMAS)));
    let wanted = task(7, TaskKind::Challenge, &[88], reason);
    let mut view = task_view(wanted, vec![customer], golden(&[(88, &THOMAS)]));
    view.reasons = vec![
        "birth_date of C88 is pinned to 1984-03-12 (D31, kim, 2026-05-04: passport seen)".into(),
        "crm:1042 now delivers 1984-03-21; it was 1984-12-03 when kim decided".into(),
    ];
    view.dispute = Some(Dispute {
        values: vec![Disputed {
            field: FieldName::new("birth_date"),
            record: "crm:1042".parse().unwrap(),
            old: Some("1984-03-12".into()),
            new: Some("1984-03-21".into()),
        }],
        accept: "takes the new birth_date".to_owned(),
        keep: "keeps the birth_date that D31 set".to_owned(),
        apart: None,
    });
    view
}

/// T31: an invalid record with two violations.
pub fn invalid() -> TaskView {
    let reason = TaskReason::Breaks { rules: vec![RuleId::new("email-domain")] };
    let mut wanted = task(31, TaskKind::Invalid, &[902], reason);
    wanted.record = Some(RecordId(902));
    let columns = vec![column(902, "webshop:88120", &TOM, None)];
    let mut view = task_view(wanted, columns, golden(&[(902, &TOM)]));
    let mut identity = violation("national_id", None);
    identity.message = "a national id is required".to_owned();
    identity.severity = Severity::Warn;
    (identity.delivered, identity.now) = (None, None);
    identity.choices = vec![("crm:1042".to_owned(), "123-45-4417".into())];
    view.fix = Some(FixView {
        record: "webshop:88120".parse::<RecordAddress>().unwrap(),
        customer: CustomerId(902),
        violations: vec![violation("email", Some("t.pace@example.com")), identity],
    });
    view
}

pub fn tasks() -> BTreeMap<TaskId, TaskView> {
    let views = [challenge(), household(), plain_pair(), invalid(), five()];
    views.into_iter().map(|view| (view.task.as_ref().unwrap().id, view)).collect()
}

fn row(
    id: u32,
    kind: TaskKind,
    count: usize,
    score: Option<f64>,
    subject: &str,
    state: &str,
) -> QueueRow {
    let urgency = match state.split([' ', ':']).next() {
        Some("back") => Urgency::Returned,
        Some("due") => Urgency::Due,
        Some("escalated") => Urgency::Escalated,
        Some("deferred") => Urgency::Deferred,
        _ => Urgency::Open,
    };
    QueueRow {
        task: TaskId(id),
        kind,
        urgency,
        count,
        score,
        stake: None,
        opened: at("2026-10-11T08:00:00Z"),
        summary: None,
        subject: subject.to_owned(),
        state: state.to_owned(),
        claimed: state.strip_prefix("claimed by ").map(str::to_owned),
        looking: Vec::new(),
        given: false,
        version: Sequence(u64::from(id)),
    }
}

/// A queue of these rows.
pub fn queue_of(rows: Vec<QueueRow>, generation: u64) -> QueueView {
    QueueView {
        workspace: "acme customers".to_owned(),
        actor: "sam".to_owned(),
        counts: QueueCounts {
            open: 5,
            mine: 0,
            due: 1,
            answered: 0,
            back: 1,
            deferred: 0,
            escalated: 1,
            proposed: 0,
            approvals: 0,
            decided_today: 12,
        },
        listed: rows.iter().map(|row| row.listed("sam")).collect(),
        rows,
        generation,
        preparing: None,
        views: vec![
            ("twins".to_owned(), "kind = duplicate and score >= 0.97".to_owned()),
            ("records".to_owned(), "kind = invalid".to_owned()),
        ],
        has_stake: false,
        bulk_max: 10_000,
    }
}

pub fn queue() -> QueueView {
    let duplicate = TaskKind::Duplicate;
    let rows = vec![
        row(7, TaskKind::Challenge, 1, None, "Ito, Kenji", "back: birth_date changed"),
        row(12, duplicate, 3, Some(0.98), "Pace, Thomas", "open"),
        row(15, duplicate, 2, Some(0.97), "Okafor, Ada", "due"),
        row(31, TaskKind::Invalid, 2, None, "webshop:88120", "open"),
        row(50, duplicate, 5, Some(0.91), "東京 商事", "open"),
    ];
    let mut queue = queue_of(rows, 0);
    let names = ["Pace, Thomas", "Pace, Tom", "Pace, Theo"].map(str::to_owned).to_vec();
    queue.rows[1].state.clear();
    queue.rows[1].summary = Some(TaskSummary {
        names,
        pattern: Some("different date of birth, same phone, same family name".to_owned()),
        not_merged: Some("date of birth contradicts".to_owned()),
        competing: Some(Competing { class: "household".to_owned(), probability: 0.13 }),
        weakest: Some(0.71),
        ..TaskSummary::default()
    });
    queue
}

/// Tasks in every state, with something at stake.
pub fn every_state() -> QueueView {
    let duplicate = TaskKind::Duplicate;
    let mut rows = vec![
        row(7, TaskKind::Challenge, 1, None, "Ito, Kenji", "back: birth_date changed"),
        row(15, duplicate, 2, Some(0.97), "Okafor, Ada", "due today"),
        row(12, duplicate, 3, Some(0.98), "Pace, Thomas", ""),
        row(16, duplicate, 2, Some(0.97), "Nordwind GmbH", "claimed by kim"),
        row(31, TaskKind::Invalid, 3, None, "webshop:88120", "breaks email-domain"),
        row(44, duplicate, 2, Some(0.93), "Lindgren, Maj", "escalated to kim"),
        row(50, duplicate, 5, Some(0.91), "東京 商事", "deferred until 2026-11-02"),
    ];
    let stakes = [Some(9_200.0), Some(6_400.0), Some(7_100.0), None, Some(1_250_000.0)];
    for (row, stake) in rows.iter_mut().zip(stakes) {
        row.stake = stake;
    }
    QueueView { has_stake: true, ..queue_of(rows, 0) }
}

/// Why each task is here.
pub fn reasons() -> BTreeMap<TaskId, Vec<String>> {
    let sentences = |id: u32, sentence: &str| (TaskId(id), vec![sentence.to_owned()]);
    BTreeMap::from([
        (TaskId(7), challenge().reasons),
        sentences(12, "crm:1042 and webshop:88120 share a phone."),
        sentences(15, "Deferred by kim until today."),
        sentences(31, "email: unknown domain."),
        sentences(50, "Five records of one name."),
    ])
}

pub fn patterns() -> Vec<PatternCount> {
    let pattern =
        |count, kind, pattern: &str| PatternCount { pattern: pattern.to_owned(), kind, count };
    let duplicate = TaskKind::Duplicate;
    vec![
        pattern(214, duplicate, "different family name, same e-mail"),
        pattern(31, duplicate, "different e-mail, same given name, same street"),
        pattern(9, TaskKind::Invalid, "breaks email-domain"),
    ]
}

pub fn history() -> Vec<HistoryEntry> {
    let entry = |sequence, decision: Option<u32>, stands, what: &str| HistoryEntry {
        sequence: Sequence(sequence),
        at: at("2026-10-11T14:03:00Z"),
        actor: "kim".to_owned(),
        evidence: Some(Evidence::LOCAL),
        decision: decision.map(DecisionId),
        stands,
        what: what.to_owned(),
        changes: vec![],
    };
    let mut correction = entry(411, Some(55), true, "D55 corrected email of crm:1042");
    correction.evidence = Some(Evidence {
        door: Entrance::Ssh,
        session: Some("k7f3q-24".to_owned()),
        job: false,
        key: Some("SHA256:ZWQ0YzUyMTkzN2E4ZmI2Zg".to_owned()),
    });
    correction.changes = vec![
        Change {
            field: "email".into(),
            of: None,
            before: Some("t.pace@exmaple.com".into()),
            after: Some("t.pace@example.com".into()),
            sensitive: false,
        },
        Change {
            field: "national_id".into(),
            of: None,
            before: None,
            after: Some("123-45-4417".into()),
            sensitive: true,
        },
    ];
    vec![
        entry(412, Some(56), false, "D56 not a match: C40, C77 (household)"),
        correction,
        entry(400, None, true, "I3 imported crm.csv: 2 new, 1 changed"),
    ]
}

pub fn customer(at_time: Option<Timestamp>) -> CustomerView {
    let mut column = column(17, "crm:1042", &THOMAS, None);
    column.members.push(member(341, "webshop:88120", &TOM, Some(&THOMAS)));
    column.golden = golden(&[(17, &THOMAS), (341, &TOM)]);
    let revision = |time: &str, what: &str| Revision { at: at(time), what: what.to_owned() };
    CustomerView {
        customer: CustomerId(17),
        redirected_from: None,
        at: at_time,
        fields: fields(),
        column,
        origins: Default::default(),
        violations: vec![],
        consent: Default::default(),
        holds: Vec::new(),
        restrictions: Vec::new(),
        measures: Vec::new(),
        segments: Vec::new(),
        tasks: vec![TaskId(12)],
        retired: vec![CustomerId(341)],
        history: history(),
        revisions: vec![
            revision("2026-09-01T10:00:00Z", "crm:1042 imported"),
            revision("2026-09-20T10:00:00Z", "D40 merged C341 into it"),
            revision("2026-10-01T10:00:00Z", "crm:1042 changed"),
        ],
    }
}

/// What the finder finds: of each scope a few lines, those that hold the text.
pub fn report(search: &Search) -> FinderReport {
    let hit = |subject: Subject, customer, line: &str, positions: &[usize]| FinderHit {
        subject,
        customer: Some(CustomerId(customer)),
        line: line.to_owned(),
        positions: positions.to_vec(),
        closed: false,
        settled: None,
    };
    let record = |address: &str| Subject::Record(address.parse().unwrap());
    let mut hits = match search.scope {
        Scope::Tasks => vec![
            hit(
                Subject::Task(TaskId(12)),
                17,
                "T12 duplicate Pace, Thomas  crm:1042",
                &[14, 15, 16],
            ),
            hit(Subject::Task(TaskId(31)), 902, "T31 invalid webshop:88120", &[]),
        ],
        Scope::Customers => {
            vec![hit(Subject::Customer(CustomerId(17)), 17, "C17  Pace, Thomas  crm:1042", &[5, 6])]
        }
        Scope::Records => vec![
            hit(record("crm:1042"), 17, "Pace, Thomas  crm:1042", &[]),
            hit(record("support:771"), 902, "Pace, Theo  support:771", &[]),
        ],
    };
    let text = search.text.to_lowercase();
    hits.retain(|hit| hit.line.to_lowercase().contains(&text));
    FinderReport { searched: 5, of: 5, read: (9, 9), finished: true, hits }
}
