//! What can go wrong at the desk. Refusals are answers and live elsewhere.

use std::io::ErrorKind;

use indicatif::HumanCount;

use super::clock::ClockDoubt;
use super::not_an_output::NotAnOutput;
use domain::{FieldName, ImportId, ImportReport};
use door::{
    CANCELLED, Failure, FailureClass, FilePart, FindingView, NotDone, Refusal, UndecidedColumn,
    UndecidedView, UnnamedPart,
};
use intake::acquire::AcquireError;
use intake::harmonise::{Doubt, Undecided};
use ledger::backup::BackupError;
use ledger::keys::KeysError;
use ledger::ports::own::NotOwn;
use ledger::{DamageKind, LedgerError};
use matching::splink::UnusableModel;
use settings::Finding;
use store::StoreError;

/// A failure: nothing was changed, unless it says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The workspace's keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// There are no keys to be changed.
    #[error(
        "this workspace is not encrypted: it was made before steward could encrypt; export it and import \
         it into a new one"
    )]
    NotEncrypted,
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A place that nothing may be written to.
    #[error(transparent)]
    NotAnOutput(#[from] NotAnOutput),
    /// Which backups there are is known nowhere.
    #[error(
        "--keep needs the list of backups, and without a home folder none is kept: set HOME or \
         XDG_DATA_HOME"
    )]
    NoRegister,
    /// A file or folder.
    #[error("{what}: {error}")]
    File {
        /// The file and what was done with it.
        what: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// What stands where the workspace or the register has a file or folder of its own.
    #[error("{path} {reason}")]
    NotOwn {
        /// The path.
        path: String,
        /// What it is instead, and the way out.
        reason: NotOwn,
    },
    /// There is no workspace here.
    #[error("{folder} is not a workspace; `steward init {folder}` makes one")]
    NoWorkspace {
        /// The folder.
        folder: String,
    },
    /// There was a workspace here, and its ledger is not there any more.
    #[error(
        "the ledger of the workspace in {folder} is gone ({left}); {known}; restore a backup: \
         steward restore FILE FOLDER{on_purpose}"
    )]
    LedgerGone {
        /// The folder.
        folder: String,
        /// What is left of it there.
        left: &'static str,
        /// What the register knows of it.
        known: String,
        /// How to go on where nothing is missed.
        on_purpose: String,
    },
    /// A backup of a ledger that has lost commits must not take the place of one that may hold them.
    #[error("{what}; {file} may hold what is missing: name a file that does not exist yet")]
    BackupLacks {
        /// What the ledger does not hold.
        what: DamageKind,
        /// The file that is there.
        file: String,
    },
    /// There is one already.
    #[error("{folder} is already a workspace")]
    WorkspaceExists {
        /// The folder.
        folder: String,
    },
    /// There is something in the folder that a workspace is to be restored into.
    #[error("{folder} is not empty (it contains {found}); restore into a new folder")]
    FolderNotEmpty {
        /// The folder.
        folder: String,
        /// A file or folder in it.
        found: String,
    },
    /// What was restored is not the ledger that was backed up.
    #[error("the ledger in the backup is not sound: {what}; restore an older backup")]
    RestoredUnsound {
        /// What is wrong.
        what: String,
    },
    /// Another process holds it.
    #[error("the workspace is in use by {holder}; close that first")]
    Held {
        /// Who, as far as known.
        holder: String,
    },
    /// `steward.toml` is wrong.
    #[error("steward.toml is not valid:\n{}", findings(.0))]
    Settings(Vec<Finding>),
    /// Something the ledger must hold is not there.
    #[error("the ledger is incomplete, missing {what}; `steward verify` shows more")]
    Incomplete {
        /// What is missing.
        what: String,
    },
    /// A line of the register, see [`super::Register`], is not what was noted.
    #[error("line {line} of {file} is damaged ({reason}): remove that line to go on")]
    Register {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// Why, without any value.
        reason: String,
    },
    /// A person is erased, but not all bytes of them are gone yet.
    #[error(
        "the person is erased (commit {sequence}), but some of the data is still on the disk: \
         {reason}; the next command in this workspace completes it"
    )]
    ErasureUnfinished {
        /// The commit of the erasure.
        sequence: domain::Sequence,
        /// What went wrong.
        reason: String,
    },
    /// The input cannot be read.
    #[error(transparent)]
    Input(#[from] AcquireError),
    /// A model from elsewhere cannot be used.
    #[error(transparent)]
    Model(#[from] UnusableModel),
    /// An import that had begun could not be brought to its end.
    #[error(transparent)]
    ImportStopped(Box<ImportStopped>),
    /// So many rows make another customer of a record that the file seems to number its rows anew.
    #[error(
        "{overlaid} of {changed} changed rows make another customer of a record, so the file seems to number its \
         rows anew: none of them was imported; check the key column, or pass --accept-rekeyed"
    )]
    Rekeyed {
        /// Such rows.
        overlaid: u64,
        /// Rows that change a record.
        changed: u64,
    },
    /// The clock is too far ahead to be believed; nothing was written.
    #[error(transparent)]
    Clock(ClockDoubt),
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] std::io::Error),
    /// A person stopped it.
    #[error("{CANCELLED}")]
    Cancelled,
    /// That somebody looks cannot be recorded, so that they see nothing.
    #[error("still masked: {}; unmasking must be recorded first", told(.0))]
    StaysMasked(Box<DeskError>),
    /// That it leaves cannot be recorded, so that nothing does.
    #[error(
        "nothing was exported: {}; an export must be recorded first: make the workspace writable, \
         or restore a backup of it where there is room and export there", told(.0)
    )]
    StaysInside(Box<DeskError>),
    /// A thread of ours panicked, which told itself what it could.
    #[error("part of steward failed; what was committed stays")]
    Fault,
    /// A part of steward failed before, and the desk has not been able to go on since.
    #[error(
        "part of steward failed, and the workspace could not be reopened: {reason}; the next \
         request tries again"
    )]
    NotReopened {
        /// What went wrong.
        reason: String,
    },
    /// Nothing tells how columns of a file are to be read.
    #[error("{} was not imported: {undecided}", named(file))]
    Undecided {
        /// The file.
        file: String,
        /// The columns.
        undecided: Undecided,
    },
    /// A question that makes no sense.
    #[error("{0}")]
    Usage(String),
    /// What was asked about is not there.
    #[error("{0}")]
    NotThere(String),
}

/// An import that stopped at its file: what it had committed by then stays.
#[derive(Debug, thiserror::Error)]
#[error("{error}; {}", kept(*import, report))]
pub struct ImportStopped {
    /// What is wrong with the file.
    #[source]
    pub error: AcquireError,
    /// The import; none for a dry run.
    pub import: Option<ImportId>,
    /// The counts up to there.
    pub report: ImportReport,
}

/// What stays of an import that stopped, and what to do next.
fn kept(import: Option<ImportId>, report: &ImportReport) -> String {
    let Some(import) = import else { return "nothing was written (--dry-run)".to_owned() };
    let unchanged = match report.unchanged {
        0 => String::new(),
        unchanged => format!("{} unchanged, ", HumanCount(unchanged)),
    };
    format!(
        "{import} kept: {} new, {} changed, {unchanged}{} quarantined; next: see what is wrong \
         (`steward export quarantine`), fix the file and import it again under the same name \
         to complete {import}",
        HumanCount(report.new),
        HumanCount(report.changed),
        HumanCount(report.quarantined),
    )
}

/// What a sentence calls a file: `-` is standard input.
fn named(file: &str) -> &str {
    if file == "-" { "standard input" } else { file }
}

fn findings(findings: &[Finding]) -> String {
    let lines =
        findings.iter().map(|finding| format!("  line {}: {}", finding.line, finding.message));
    lines.collect::<Vec<_>>().join("\n")
}

/// Why a command gives no result.
#[derive(Debug)]
pub enum Stop {
    /// It is refused.
    Refused(Refusal),
    /// Something failed.
    Failed(DeskError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

impl<E: Into<DeskError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::Failed(error.into())
    }
}

/// What a command gives.
pub type Decided<T> = Result<T, Stop>;

/// What a question or a request about a thing that is not there gets.
pub(super) fn unknown(subject: &impl ToString) -> Stop {
    Refusal::Unknown { subject: subject.to_string() }.into()
}

impl From<Stop> for NotDone {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Refused(refusal) => NotDone::Refused(refusal),
            Stop::Failed(error) => NotDone::Failed(Failure::from(&error)),
        }
    }
}

impl From<&DeskError> for Failure {
    fn from(error: &DeskError) -> Self {
        let mut failure = Failure::new(error.class(), told(error));
        match error {
            DeskError::Settings(findings) => {
                failure.findings = findings.iter().map(shown).collect()
            }
            DeskError::Input(AcquireError::UnsureEncoding { readings, .. }) => {
                let readings = readings.iter();
                let shown = readings.map(|it| (it.encoding.to_owned(), it.words.clone()));
                failure.readings = shown.collect();
            }
            DeskError::Input(error) => failure.part = unnamed_part(error).map(Box::new),
            DeskError::ImportStopped(stopped) => {
                failure.import = Some(Box::new((stopped.import, stopped.report)));
            }
            DeskError::Undecided { undecided, .. } => {
                let columns = undecided.columns.iter().map(undecided_column).collect();
                failure.undecided = Some(Box::new(UndecidedView { columns }));
            }
            _ => {}
        }
        failure
    }
}

/// What has to be named before such a file can be read.
fn unnamed_part(error: &AcquireError) -> Option<UnnamedPart> {
    let (kind, names) = match error {
        AcquireError::NoSheet { sheets, .. } => (FilePart::Sheet, sheets.clone()),
        AcquireError::RecordsWithin { paths, .. } => (FilePart::Records, paths.clone()),
        AcquireError::NoRecords { found, .. } => (FilePart::Records, found.clone()),
        _ => return None,
    };
    Some(UnnamedPart { kind, names })
}

fn undecided_column((field, doubt): &(FieldName, Doubt)) -> UndecidedColumn {
    UndecidedColumn {
        field: field.clone(),
        key: doubt.key().to_owned(),
        choices: doubt.choices().into_iter().map(str::to_owned).collect(),
    }
}

fn shown(finding: &Finding) -> FindingView {
    FindingView { line: finding.line, message: finding.message.clone() }
}

/// The sentence of an error, with every cause that it does not say already.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = next.source();
    }
    text
}

/// Whether a file can never be read, whoever tries: the system has not just refused it.
fn is_about_file(error: &AcquireError) -> bool {
    match error {
        AcquireError::Unreadable { cause, .. } => {
            matches!(cause.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
        }
        _ => true,
    }
}

impl DeskError {
    /// Whether the ledger is not what was written: what can still be read of it may leave unrecorded.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        use LedgerError::{
            AcknowledgedLost, Damaged, NoSuchCommit, NoSuchEvent, OtherHistory, UnreadableEvent,
        };
        match self {
            DeskError::Ledger(error) => matches!(
                error,
                Damaged(_)
                    | AcknowledgedLost { .. }
                    | OtherHistory { .. }
                    | NoSuchCommit(_)
                    | NoSuchEvent { .. }
                    | UnreadableEvent { .. }
            ),
            DeskError::Incomplete { .. } | DeskError::Store(StoreError::Damaged { .. }) => true,
            _ => false,
        }
    }

    /// What a program does about it.
    fn class(&self) -> FailureClass {
        match self {
            DeskError::Held { .. } | DeskError::Ledger(LedgerError::Held { .. }) => {
                FailureClass::Held
            }
            DeskError::Clock(_) => FailureClass::Clock,
            DeskError::Usage(_) => FailureClass::Usage,
            DeskError::NotThere(_) => FailureClass::NotThere,
            DeskError::Undecided { .. } | DeskError::Input(AcquireError::UnsureEncoding { .. }) => {
                FailureClass::Undecided
            }
            DeskError::NotAnOutput(_) => FailureClass::NotAnOutput,
            DeskError::Model(_) => FailureClass::Unusable,
            DeskError::Input(error) if is_about_file(error) => FailureClass::Unusable,
            DeskError::ImportStopped(stopped) if is_about_file(&stopped.error) => {
                FailureClass::Unusable
            }
            DeskError::NoWorkspace { .. }
            | DeskError::LedgerGone { .. }
            | DeskError::WorkspaceExists { .. } => FailureClass::NoWorkspace,
            DeskError::Cancelled => FailureClass::Cancelled,
            DeskError::Fault => FailureClass::Fault,
            DeskError::Output(error) | DeskError::File { error, .. }
                if error.kind() == ErrorKind::BrokenPipe =>
            {
                FailureClass::OutputClosed
            }
            DeskError::Output(_) => FailureClass::Output,
            _ => FailureClass::Failed,
        }
    }
}
