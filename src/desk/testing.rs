//! Small workspaces for tests of the desk: a real ledger in a temporary folder, the store in memory,
//! under a clock that moves only when told and chance that repeats itself.

use std::io::Write;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use tempfile::TempDir;

use super::error::Stop;
use super::jobs::Dataset;
use super::{Carry, Databases, Desk, Environment, Workspace};
use crate::export::Format;
use domain::SourceName;
use door::operations::{Destination, Export, Import, Match};
use door::views::{ExportOutcome, ImportOutcome, JobEnd, JobId, JobView, MatchOutcome};
use door::{Action, Failure, FailureClass, Job, NotDone, Outcome, Receipt, Request, Streams};
use ledger::ports::clock::SimulatedClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SimulatedRandomness;
use ledger::ports::secrets::SimulatedSecrets;

/// Does long work to its end, as the command line does it, unless `goes_on` says no: it is asked
/// after each step.
pub(super) fn run_while<O: Carry + Job>(
    desk: &mut Desk,
    operation: O,
    streams: Streams,
    goes_on: impl FnMut(&JobView) -> bool,
) -> Outcome<O::Report> {
    let who = desk.acting.clone();
    run_as(desk, &who, operation, streams, goes_on)
}

/// The same in the name of somebody.
pub(super) fn run_as<O: Carry + Job>(
    desk: &mut Desk,
    who: &door::Session,
    operation: O,
    streams: Streams,
    mut goes_on: impl FnMut(&JobView) -> bool,
) -> Outcome<O::Report> {
    let writes = operation.writes();
    let id = desk.act(who, operation, streams)?.id;
    desk.alone = true;
    let end = finish(desk, id, &mut goes_on);
    desk.alone = false;
    match end {
        JobEnd::Done(report) => Ok(O::report(report).unwrap()),
        JobEnd::Cancelled => Err(Failure::cancelled(writes).into()),
        JobEnd::Failed(failure) => Err(failure.into()),
    }
}

/// Does what is left of a job.
pub(super) fn finish(
    desk: &mut Desk,
    id: JobId,
    goes_on: &mut dyn FnMut(&JobView) -> bool,
) -> JobEnd {
    loop {
        let job = desk.job_view(Some(id)).unwrap();
        if let Some(end) = job.ended {
            return end;
        }
        if !goes_on(&job) {
            desk.cancel_job(Some(id));
        }
        std::thread::sleep(desk.work().min(std::time::Duration::from_millis(1)));
    }
}

/// Imports this content of a file.
pub(super) fn import(
    desk: &mut Desk,
    request: Import,
    content: impl Into<Vec<u8>>,
) -> Outcome<ImportOutcome> {
    let streams = Streams::of_file(std::io::Cursor::new(content.into()));
    run_while(desk, request, streams, |_| true).map(|outcome| *outcome)
}

/// An import of `SOURCE.csv`.
pub(super) fn import_of(source: &str) -> Import {
    Import::of(SourceName::new(source), format!("{source}.csv"))
}

/// Matches.
pub(super) fn match_records(desk: &mut Desk, request: Match) -> Outcome<MatchOutcome> {
    run_while(desk, request, Streams::default(), |_| true)
}

/// Writes a data set to `out`.
pub(super) fn export(
    desk: &mut Desk,
    request: &Export,
    out: impl Write + Send + 'static,
) -> Outcome<ExportOutcome> {
    let streams = Streams::writing(Box::new(out));
    run_while(desk, request.clone(), streams, |_| true)
}

/// An output that can be looked at.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Vec<u8>>>);

impl Seen {
    /// What was written.
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether that is said to make no sense, or to be about what is not there.
pub(super) fn is_usage<T>(outcome: &Outcome<T>) -> bool {
    matches!(outcome, Err(NotDone::Failed(failure))
        if matches!(failure.class, FailureClass::Usage | FailureClass::NotThere))
}

/// An export to a file of that name.
pub(super) fn destination(name: &str) -> Destination {
    Destination { name: name.to_owned(), folder: None }
}

impl Desk {
    /// Makes an edit of `steward.toml` take effect; whether there was one.
    pub(super) fn adopt_settings(&mut self) -> Result<bool, crate::DeskError> {
        let text = crate::adoption::settings_text(&self.workspace)?;
        self.adopt(settings::parse(&text).map_err(crate::DeskError::Settings)?)
    }
}

/// A desk whose folder goes with it.
pub(super) struct TestDesk {
    pub(super) desk: Desk,
    pub(super) clock: Arc<SimulatedClock>,
    _folder: TempDir,
}

impl TestDesk {
    /// A workspace under this `steward.toml`, on 2026-03-01.
    pub(super) fn new(settings: &str) -> TestDesk {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("steward.toml"), settings).unwrap();
        let start: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
        let clock = Arc::new(SimulatedClock::at(start));
        let environment = Environment {
            clock: Arc::clone(&clock) as _,
            randomness: Arc::new(SimulatedRandomness::seeded(7)),
            files: Arc::new(SystemFiles),
            secrets: Arc::new(SimulatedSecrets::in_folder(folder.path().join("secret keys"))),
            databases: Databases::InMemory,
            actor: "kim".to_owned(),
            register: Some(folder.path().join("register")),
            formats: crate::Formats::default(),
        };
        let desk = Desk::create(Workspace::at(folder.path()), environment).unwrap();
        TestDesk { desk, clock, _folder: folder }
    }

    /// Imports a CSV text as `SOURCE.csv`.
    pub(super) fn import(&mut self, source: &str, text: &str) -> ImportOutcome {
        import(&mut self.desk, import_of(source), text).unwrap()
    }

    /// Matches everything.
    pub(super) fn match_all(&mut self) -> MatchOutcome {
        match_records(&mut self.desk, Match::default()).unwrap()
    }

    /// Carries out an action, a minute after what was before it.
    pub(super) fn act(&mut self, action: Action) -> Receipt {
        self.ask(Request::new(action))
    }

    /// Carries out a request, a minute after what was before it.
    pub(super) fn ask(&mut self, request: Request) -> Receipt {
        self.clock.advance(60);
        match self.desk.carry_out(&request) {
            Ok(receipt) => receipt,
            Err(Stop::Refused(refusal)) => panic!("refused: {refusal:?}"),
            Err(Stop::Failed(error)) => panic!("failed: {error}"),
        }
    }

    /// A data set as text, with what the export says of itself.
    pub(super) fn export(&mut self, request: &Export) -> (String, ExportOutcome) {
        let out = Seen::default();
        let outcome = export(&mut self.desk, request, out.clone()).unwrap();
        (out.text(), outcome)
    }

    /// A whole data set as text.
    pub(super) fn text(&mut self, dataset: Dataset, format: Format) -> String {
        self.export(&whole(dataset, format)).0
    }

    /// A whole data set, row by row.
    pub(super) fn rows(&mut self, dataset: Dataset) -> Vec<serde_json::Value> {
        let text = self.text(dataset, Format::JsonLines);
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A data set without a filter, to standard output.
pub(super) fn whole(dataset: Dataset, format: Format) -> Export {
    Export {
        dataset: dataset.name().to_owned(),
        format: format.name().to_owned(),
        since: None,
        at: None,
        filter: None,
        with_golden: false,
        used_for: None,
        csv: door::operations::CsvForm::default(),
        destination: Destination::standard_output(),
        dry_run: false,
    }
}

/// A workspace of a CRM and a web shop, with a rule for each export to show.
pub(super) const TWO_SOURCES: &str = r#"
[workspace]
name = "test"
region = "US"

[fields.given_name]
type = "given_name"
[fields.family_name]
type = "family_name"
[fields.date_of_birth]
type = "date_of_birth"
[fields.email]
type = "email"
[fields.phone]
type = "phone"

[sources.crm]
trust = 90
owner = "crm team"
key = "id"
updated = "modified"
map = { given_name = "first", family_name = "last", date_of_birth = "born", email = "mail", phone = "tel" }

[sources.shop]
trust = 50
key = "id"
map = { given_name = "first", family_name = "last", date_of_birth = "born", email = "mail", phone = "tel" }

[[rules]]
id = "email-syntax"
field = "email"
check = "format"
severity = "error"

[[rules]]
id = "phone-fresh"
field = "phone"
check = "fresh"
days = 365
severity = "warn"

[decisions]
reason_required = []
[[decisions.reasons]]
code = "household"
for = ["not-a-match", "waive", "correct"]
"#;

/// Two records of the CRM, one of them with a broken e-mail address.
pub(super) const CRM: &str = "id,first,last,born,mail,tel,modified,segment\n\
    1,Tomas,PACEK,03/12/1984,t.pacek@example.com,(555) 010-4477,2026-02-01,gold\n\
    2,Ada,Okafo,1990-01-02,ada.at.example.com,,2023-02-01,\n";

/// Two records of the shop, the first the same person as the CRM's first.
pub(super) const SHOP: &str = "id,first,last,born,mail,tel\n\
    a,Tom,Pacek,1984-03-12,t.pacek@example.com,555-010-4477\n\
    b,Berta,=Nord,1971-05-06,berta@example.org,\n";
