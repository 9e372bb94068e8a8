//! The desk in a temporary folder under simulated time and chance.

mod acknowledging;
mod activities;
mod adoption;
mod any_case;
mod approvals;
mod approvals_redone;
mod approvals_seen;
mod approvals_walk;
mod audit;
mod begun;
mod bulk;
mod bulk_limit;
mod by_hand;
mod came;
mod cleared;
mod comments;
mod crashes;
mod databases;
mod decisions;
mod deliveries;
mod elsewhere;
mod elusion;
mod endless;
mod erasure;
mod evidence;
mod fault_cases;
mod faults;
mod feed;
mod fifty;
mod golden_whole;
mod govern;
mod governed;
mod grants;
mod grants_later;
mod grants_told;
mod grants_undone;
mod grouping;
mod guessing;
mod held;
mod history;
mod imports;
mod jobs;
mod keys;
mod laws;
mod match_beside;
mod merges;
mod model;
mod overlays;
mod overlays_walk;
mod overview;
mod preferences;
mod quarantine;
mod questions;
mod queue_settings;
mod reach;
mod readings;
mod redo;
mod rehearsals;
mod rematch;
mod requests;
mod requests_reach;
mod reread;
mod returns;
mod role_masks;
mod roles;
mod runs;
mod second_looks;
mod second_opinions;
mod stewards;
mod taught;
mod telling;
mod through_the_door;
mod together;
mod torn;
mod typed_numbers;
mod unchanged;
mod undo;
mod undo_law;
mod unmasking;
mod values;
mod vanished;
mod walk;
mod withdrawn;
mod withheld;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::testing::{self, import_of};
use super::{Carry, Databases, Desk, Environment, Workspace};
use domain::{CustomerId, DecisionId, RecordAddress, SourceName, TaskId, TaskKind};
use door::operations::{Decide, Import, ListTasks, Match, ShowTask};
use door::views::{ImportOutcome, JobView, MatchOutcome, TaskView};
use door::{Action, NotDone, Outcome, Receipt, Refusal, Request, Session, Streams, TaskListing};
use ledger::ports::Files;
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SimulatedRandomness;
use ledger::ports::secrets::SimulatedSecrets;
use ledger::ports::simulated_files::SimulatedFiles;
use matching::Silent;

const SETTINGS: &str = r#"
[workspace]
name = "test customers"
region = "US"

[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"
[fields.email]
type = "email"
[fields.phone]
type = "phone"
[fields.birth_date]
type = "date_of_birth"
sensitive = true
[fields.street]
type = "street"
[fields.city]
type = "city"
[fields.customer_since]
type = "date"
[fields.member_number]
type = "identifier"

[sources.crm]
trust = 90
key = "id"
updated = "updated"
map = { given_name = "given", family_name = "family", email = "email", phone = "phone", birth_date = "birth", street = "street", city = "city", customer_since = "since", member_number = "member" }

[sources.shop]
trust = 50
key = "id"
updated = "updated"
map = { given_name = "given", family_name = "family", email = "email", phone = "phone", birth_date = "birth", street = "street", city = "city", customer_since = "since", member_number = "member" }

[[rules]]
id = "email-format"
field = "email"
check = "format"
severity = "error"

[[rules]]
id = "since-after-birth"
field = "customer_since"
check = "compare"
comparison = ">"
other = "birth_date"
severity = "error"

[[rules]]
id = "member-unique"
field = "member_number"
check = "unique"
severity = "error"

[decisions]
reason_required = ["waive"]
[[decisions.reasons]]
code = "household"
for = ["not-a-match"]
[[decisions.reasons]]
code = "checked"
"#;

pub(super) const HEADER: &str =
    "id,given,family,email,phone,birth,street,city,since,member,updated\n";

/// What the clock of a new desk says.
const START: &str = "2026-11-01T08:00:00Z";

/// A desk with a clock that moves only when told.
pub(super) struct TestDesk {
    pub(super) folder: tempfile::TempDir,
    pub(super) desk: Option<Desk>,
    pub(super) clock: Arc<SimulatedClock>,
    databases: Databases,
    files: Arc<dyn Files>,
    seed: u64,
}

impl TestDesk {
    pub(super) fn new() -> Self {
        Self::seeded(1)
    }

    /// A workspace of another id for each seed.
    pub(super) fn seeded(seed: u64) -> Self {
        Self::over(Databases::default(), seed)
    }

    /// As [`TestDesk::seeded`], with its store in such a database.
    pub(super) fn over(databases: Databases, seed: u64) -> Self {
        Self::governed(databases, seed, "")
    }

    /// The same with more at the end of its settings.
    pub(super) fn governed(databases: Databases, seed: u64, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let settings = format!("{SETTINGS}{more}");
        std::fs::write(folder.path().join("steward.toml"), settings).unwrap();
        let start: Timestamp = START.parse().unwrap();
        let clock = Arc::new(SimulatedClock::at(start));
        let files = Arc::new(SystemFiles);
        let mut test = Self { folder, desk: None, clock, databases, files, seed };
        let desk = Desk::create(test.workspace(), test.environment()).unwrap();
        test.desk = Some(desk);
        test
    }

    /// Not opened yet, its ledger on such a disk and its store in memory.
    pub(super) fn on_disk(disk: &SimulatedFiles, settings: &str, seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("steward.toml"), settings).unwrap();
        let start: Timestamp = START.parse().unwrap();
        let clock = Arc::new(SimulatedClock::at(start));
        let files = Arc::new(disk.clone());
        Self { folder, desk: None, clock, databases: Databases::InMemory, files, seed }
    }

    /// What the clock says.
    pub(super) fn clock_now(&self) -> Timestamp {
        ledger::ports::Clock::now(&*self.clock)
    }

    pub(super) fn workspace(&self) -> Workspace {
        Workspace::at(self.folder.path())
    }

    pub(super) fn environment(&mut self) -> Environment {
        self.seed += 1;
        Environment {
            clock: self.clock.clone(),
            randomness: Arc::new(SimulatedRandomness::seeded(self.seed)),
            files: Arc::clone(&self.files),
            secrets: Arc::new(SimulatedSecrets::in_folder(self.folder.path().join("secret keys"))),
            databases: self.databases.clone(),
            actor: "sam".to_owned(),
            register: Some(self.folder.path().join("register")),
            formats: crate::Formats::default(),
        }
    }

    pub(super) fn desk(&mut self) -> &mut Desk {
        self.desk.as_mut().unwrap()
    }

    /// Closes the workspace and opens it again.
    pub(super) fn reopen(&mut self) {
        self.desk = None;
        let (desk, _) = Desk::open(self.workspace(), self.environment(), &mut |_, _| {}).unwrap();
        self.desk = Some(desk);
    }

    /// Closes the workspace and rebuilds its store.
    pub(super) fn rebuild(&mut self) {
        self.desk = None;
        let desk =
            Desk::open_rebuilt(self.workspace(), self.environment(), &mut |_, _| {}).unwrap();
        self.desk = Some(desk);
    }

    /// Edits `steward.toml` and adopts it.
    pub(super) fn adopts(&mut self, settings: &str) -> door::views::AdoptedView {
        self.edits(settings);
        self.ask(door::operations::AdoptSettings::default()).unwrap()
    }

    /// Edits `steward.toml`, which waits from then on.
    pub(super) fn edits(&mut self, settings: &str) {
        std::fs::write(self.workspace().settings(), settings).unwrap();
    }

    pub(super) fn import(&mut self, source: &str, rows: &str) -> ImportOutcome {
        self.clock.advance(60);
        testing::import(self.desk(), import_of(source), format!("{HEADER}{rows}")).unwrap()
    }

    pub(super) fn match_records(&mut self) -> MatchOutcome {
        self.clock.advance(60);
        testing::match_records(self.desk(), Match::default()).unwrap()
    }

    /// Asks as sam, whose terminal this is.
    pub(super) fn ask<O: Carry>(&mut self, operation: O) -> Outcome<O::Answer> {
        self.hand_in(operation, Streams::default())
    }

    pub(super) fn hand_in<O: Carry>(
        &mut self,
        operation: O,
        streams: Streams,
    ) -> Outcome<O::Answer> {
        let person = self.desk().environment.actor.clone();
        let who = Session::local(person, TimeZone::UTC);
        self.desk().act(&who, operation, streams)
    }

    /// Starts an import of that file beside everything else.
    pub(super) fn starts(&mut self, file: &str, rows: &str) -> Outcome<JobView> {
        let rows = std::io::Cursor::new(format!("{HEADER}{rows}"));
        let import = Import::of(SourceName::new("crm"), file);
        self.hand_in(import, Streams::of_file(rows))
    }

    pub(super) fn decide(&mut self, request: Request) -> Outcome<Receipt> {
        self.ask(Decide { request })
    }

    /// The pending tasks as programs are told of them.
    pub(super) fn listed(&mut self) -> Vec<TaskId> {
        let mut tasks = Vec::new();
        for part in 0.. {
            let page = self.ask(ListTasks { listing: TaskListing::default(), part }).unwrap();
            tasks.extend(page.lines.into_iter().map(|line| line.id));
            if !page.more {
                break;
            }
        }
        tasks
    }

    pub(super) fn does(&mut self, request: Request) -> Receipt {
        self.clock.advance(60);
        self.decide(request).unwrap()
    }

    pub(super) fn is_refused(&mut self, request: Request) -> Refusal {
        match self.decide(request) {
            Err(NotDone::Refused(refusal)) => refusal,
            other => unreachable!("{other:?}"),
        }
    }

    pub(super) fn undo(&mut self, decision: DecisionId) -> Receipt {
        self.does(undo_request(decision, false))
    }

    pub(super) fn task(&mut self, task: TaskId) -> TaskView {
        self.ask(ShowTask { task, unmask: false }).unwrap()
    }

    /// The customer of a record.
    pub(super) fn customer(&mut self, address: &str) -> CustomerId {
        let address: RecordAddress = address.parse().unwrap();
        let facts = self.desk().facts();
        let record = facts.find(&address).unwrap().unwrap();
        facts.view.record(record).unwrap().customer
    }

    /// The pending tasks of a kind, by id.
    pub(super) fn pending(&mut self, kind: TaskKind) -> Vec<TaskId> {
        let entries = self.desk().facts().view.pending_tasks().unwrap();
        entries.iter().filter(|entry| entry.task.kind == kind).map(|entry| entry.task.id).collect()
    }

    /// Everything people see of customers: members, redirects and golden values.
    pub(super) fn picture(&mut self) -> Vec<String> {
        let facts = self.desk().facts();
        let mut lines = Vec::new();
        let mut customers = Vec::new();
        facts
            .view
            .each_customer(&mut |id, state| {
                customers.push((id, state));
                Ok(true)
            })
            .unwrap();
        for (id, state) in customers {
            let members = facts.members(&state).unwrap();
            let golden = facts.golden(&state, &members).unwrap();
            let values: Vec<String> = golden
                .values
                .iter()
                .map(|value| format!("{}={}", value.field, value.text))
                .collect();
            lines.push(format!("{id} {:?} {}", state.members, values.join(" ")));
        }
        facts
            .view
            .each_redirect(&mut |id, into| {
                lines.push(format!("{id} -> {into}"));
                Ok(true)
            })
            .unwrap();
        lines
    }

    /// Every pending task as a person would list it.
    pub(super) fn pending_picture(&mut self) -> Vec<String> {
        let entries = self.desk().facts().view.pending_tasks().unwrap();
        let lines = entries.into_iter().map(|entry| {
            let task = entry.task;
            format!("{} {:?} {:?} {:?}", task.id, task.state, task.customers, task.reason)
        });
        lines.collect()
    }

    /// Every byte of the store's content.
    pub(super) fn dump(&mut self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let mut entries = Vec::new();
        self.desk()
            .facts()
            .view
            .trees()
            .scan(&[], &[1], &mut |key, value| {
                entries.push((key.to_vec(), value.to_vec()));
                Ok(true)
            })
            .unwrap();
        entries
    }
}

pub(super) fn undo_request(decision: DecisionId, with_dependents: bool) -> Request {
    let choices = std::collections::BTreeMap::new();
    Request::new(Action::Undo { decisions: vec![decision], with_dependents, choices })
}

pub(super) fn merge_request(groups: &[&[CustomerId]]) -> Request {
    Request::new(Action::Merge {
        groups: groups.iter().map(|group| group.to_vec()).collect(),
        into: None,
        picks: std::collections::BTreeMap::new(),
        rest: door::Rest::Stay,
    })
}

pub(super) fn apart_request(groups: &[&[CustomerId]]) -> Request {
    Request::new(Action::NotAMatch { groups: groups.iter().map(|group| group.to_vec()).collect() })
}

pub(super) fn clear_request(record: &str, field: &str) -> Request {
    Request::new(Action::Correct {
        record: record.parse().unwrap(),
        values: [].into(),
        chosen: [].into(),
        cleared: vec![field.into()],
    })
}

pub(super) fn fix_request(record: &str, field: &str, value: &str) -> Request {
    Request::new(Action::Correct {
        record: record.parse().unwrap(),
        values: [(field.into(), value.to_owned())].into(),
        chosen: [].into(),
        cleared: Vec::new(),
    })
}
