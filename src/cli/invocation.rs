//! The composition root: the real clock, chance, disk and user meet the desk.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use etcetera::BaseStrategy;
use jiff::tz::TimeZone;

use super::attach;
use super::entry::Entry;
use super::failure;
use super::formats;
use super::global::Global;
use super::progress::Bar;
use super::say::{say, say_cleared};
use super::secrets::{QuietSecrets, UserSecrets};
use super::text::{clean, counted};
use super::train;
use desk::{
    ClockDoubt, Databases, Desk, DeskError, Environment, OpenReport, OutputFile, ReadingOnly,
    Unlocked, WayOut, Workspace, clear_up_private, judge_inbox, judge_output_folder,
    judge_standard_output, person_of,
};
use door::operations::{AskEdit, OwnChanges};
use door::views::{EditView, PolicyView};
use ledger::ports::clock::{SystemClock, TrustedClock};
use ledger::ports::files::{SystemFiles, keep_to_owner};
use ledger::ports::randomness::SystemRandomness;

/// A way of opening a workspace.
type Open =
    fn(Workspace, Environment, &mut dyn FnMut(u64, u64)) -> Result<(Desk, OpenReport), DeskError>;

/// Where a workspace was found.
enum Found {
    /// This process has opened it.
    Here(Box<Desk>),
    /// Another one serves it.
    There(Entry),
}

/// One run of the command line in one workspace.
pub struct Invocation {
    workspace: Workspace,
    /// One for the whole run, so that a passphrase is asked for once.
    secrets: Arc<UserSecrets>,
    trusts_clock: bool,
    /// Whether somebody can be asked, at a terminal and not for a program.
    asks: bool,
    /// In whose name, where it is not the system's user.
    actor: Option<String>,
    /// What whoever serves the workspace is told of why it is entered.
    doing: String,
    /// Whether it has been said that an edit of `steward.toml` waits, or is not to be said: once a command.
    edit_told: Arc<AtomicBool>,
}

impl Invocation {
    /// The invocation that the arguments describe.
    pub fn new(global: &Global, doing: &str) -> Self {
        let asks = !global.json && io::stdin().is_terminal() && io::stderr().is_terminal();
        let workspace = Workspace::at(absolute_path(global.folder()));
        let trusts_clock = global.trust_clock;
        let doing = doing.to_owned();
        let (secrets, edit_told) = (Arc::default(), Arc::default());
        Self { workspace, secrets, trusts_clock, asks, actor: None, doing, edit_told }
    }

    /// An invocation in another folder than the arguments name.
    pub fn at(folder: &Path) -> Self {
        let workspace = Workspace::at(folder);
        let (trusts_clock, asks, doing) = (false, false, String::new());
        let (secrets, edit_told) = (Arc::default(), Arc::default());
        Self { workspace, secrets, trusts_clock, asks, actor: None, doing, edit_told }
    }

    /// The same in another name than the system user's.
    pub fn named(&self, actor: &str) -> Self {
        Self {
            workspace: self.workspace.clone(),
            secrets: Arc::clone(&self.secrets),
            trusts_clock: self.trusts_clock,
            asks: self.asks,
            actor: Some(actor.to_owned()),
            doing: self.doing.clone(),
            edit_told: Arc::clone(&self.edit_told),
        }
    }

    /// The same for a command that says itself what has become of `steward.toml`.
    pub fn without_edit_note(&self) -> Self {
        let actor = self.actor.clone();
        Self {
            workspace: self.workspace.clone(),
            secrets: Arc::clone(&self.secrets),
            trusts_clock: self.trusts_clock,
            asks: self.asks,
            actor,
            doing: self.doing.clone(),
            edit_told: Arc::new(AtomicBool::new(true)),
        }
    }

    /// Says once that an edit of `steward.toml` waits, where one does, and that changes wait to be acknowledged. Whoever may not know is not told.
    fn tell_edit(&self, edit: impl FnOnce() -> (Option<EditView>, Option<PolicyView>)) {
        if self.edit_told.swap(true, Ordering::Relaxed) {
            return;
        }
        let (edit, policy) = edit();
        let notes = [edit.as_ref().and_then(EditView::note), policy.and_then(|it| it.note())];
        notes.into_iter().flatten().for_each(|note| say(&format!("note: {note}")));
    }

    /// Whether somebody can be asked, at a terminal and not for a program.
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// The workspace, which need not exist.
    pub fn workspace(&self) -> Workspace {
        self.workspace.clone()
    }

    /// The workspace's folder for messages.
    pub fn folder(&self) -> String {
        self.workspace.folder().display().to_string()
    }

    /// The outside world.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn environment(&self) -> anyhow::Result<Environment> {
        keep_to_owner();
        Ok(Environment {
            clock: if self.trusts_clock { Arc::new(TrustedClock) } else { Arc::new(SystemClock) },
            randomness: Arc::new(SystemRandomness::new()?),
            files: Arc::new(SystemFiles),
            secrets: Arc::clone(&self.secrets) as _,
            databases: Databases::default(),
            actor: self.actor.clone().unwrap_or_else(|| actor_in(self.workspace.folder())),
            register: register(),
            formats: formats::of_this_build(),
        })
    }

    /// Judges a file that is to be written: nothing of this or another workspace, and nothing that
    /// is there unless `replace` says so.
    ///
    /// # Errors
    /// As [`OutputFile::judge`].
    pub fn output_file(
        &self,
        path: &Path,
        replace: bool,
        way_out: WayOut,
    ) -> anyhow::Result<OutputFile> {
        let environment = self.environment()?;
        Ok(OutputFile::judge(path, replace, way_out, (Some(&self.workspace), &environment))?)
    }

    /// Judges where the shell sends standard output: never into a file of a workspace.
    ///
    /// # Errors
    /// As [`judge_standard_output`].
    pub fn judge_standard_output(&self) -> anyhow::Result<()> {
        Ok(judge_standard_output(Some(&self.workspace), &self.environment()?)?)
    }

    /// Judges a folder that is to be filled.
    ///
    /// # Errors
    /// As [`judge_output_folder`].
    pub fn judge_output_folder(&self, folder: &Path) -> anyhow::Result<()> {
        Ok(judge_output_folder(folder, Some(&self.workspace), &self.environment()?)?)
    }

    /// Judges a folder out of which files are to be taken: nothing of steward's own is in it.
    ///
    /// # Errors
    /// As [`judge_inbox`].
    pub fn judge_inbox(&self, folder: &Path) -> anyhow::Result<()> {
        Ok(judge_inbox(folder, &self.workspace, &self.environment()?)?)
    }

    /// The way in to whoever serves the workspace; none where nobody does.
    ///
    /// # Errors
    /// When they let us not in.
    pub fn attached(&self) -> anyhow::Result<Option<Entry>> {
        Ok(attach::attach(&self.workspace, &self.doing, attach::told)?.map(Entry::attached))
    }

    /// Opens the workspace, and says what had to be mended. Who holds it is waited for a little; whoever
    /// serves it is gone to, here and wherever a workspace is opened below.
    ///
    /// # Errors
    /// When there is none, another holds it, or it is damaged.
    pub fn open(&self) -> anyhow::Result<Entry> {
        let mut desk = match self.find(Desk::open)? {
            Found::There(entry) => return Ok(entry),
            Found::Here(desk) => desk,
        };
        self.check_clock(&mut desk)?;
        Ok(Entry::of(*desk))
    }

    /// Before something is written: says how far the clock is ahead, and asks where nobody can
    /// believe it. Without anyone to ask, the first commit is refused.
    fn check_clock(&self, desk: &mut Desk) -> anyhow::Result<()> {
        match desk.clock_doubt() {
            Some(doubt @ ClockDoubt::Ahead { .. }) => say(&format!("note: {doubt}")),
            Some(doubt @ ClockDoubt::FarAhead { now, .. }) if !self.trusts_clock && self.asks => {
                say(&format!("warning: {doubt}"));
                let year = now.to_zoned(TimeZone::system()).year().to_string();
                let mut err = io::stderr();
                let _ = write!(err, "If it really is {year}, type the year to continue: ");
                let _ = err.flush();
                let mut typed = String::new();
                io::stdin().lock().read_line(&mut typed)?;
                if typed.trim() != year {
                    return Err(DeskError::Clock(doubt).into());
                }
                desk.trust_clock();
            }
            _ => {}
        }
        Ok(())
    }

    /// Gets the workspace's keys, asking for a passphrase where one protects them: opening it asks
    /// for nothing more.
    ///
    /// # Errors
    /// When there is none, or its keys cannot be had.
    pub fn unlock(&self) -> anyhow::Result<Unlocked> {
        Ok(Desk::unlock(self.workspace(), self.environment()?)?)
    }

    /// Opens the workspace for a command that only reads: where another is writing it, or it cannot
    /// be written, as it is at this moment.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn open_to_read(&self) -> anyhow::Result<Entry> {
        let desk = match self.find(Desk::open_to_read)? {
            Found::There(entry) => return Ok(entry),
            Found::Here(desk) => desk,
        };
        if desk.is_reading_only() {
            say_cleared(&clear_up_private());
        }
        Ok(Entry::of(*desk))
    }

    /// Opens the workspace only to be read, without a word and without asking anybody for anything.
    ///
    /// # Errors
    /// When there is none, it is damaged, or a passphrase protects it.
    pub fn open_quietly(&self) -> anyhow::Result<Entry> {
        if let Some(attached) = attach::attach(&self.workspace, &self.doing, |_| {})? {
            return Ok(Entry::attached(attached));
        }
        let secrets = Arc::new(QuietSecrets::default());
        let environment = Environment { secrets, ..self.environment()? };
        let (desk, _) = Desk::open_to_read(self.workspace(), environment, &mut |_, _| {})?;
        Ok(Entry::of(desk))
    }

    /// Opens the workspace to show something of it: looking at sensitive values is written down.
    ///
    /// # Errors
    /// As [`Invocation::open`] or [`Invocation::open_to_read`].
    pub fn open_to_show(&self, unmask: bool) -> anyhow::Result<Entry> {
        if unmask { self.open() } else { self.open_to_read() }
    }

    /// Opens the workspace for what leaves it, which is recorded unless it is a dry run: who holds it
    /// is waited for. A workspace that cannot be written at all is read all the same: the desk refuses
    /// what must be recorded.
    ///
    /// # Errors
    /// When there is none, another holds what is to be recorded in, or it is damaged.
    pub fn open_to_export(&self, dry_run: bool) -> anyhow::Result<Entry> {
        if dry_run {
            return self.open_to_read();
        }
        let mut desk = match self.find(Desk::open_to_record)? {
            Found::There(entry) => return Ok(entry),
            Found::Here(desk) => desk,
        };
        if !desk.is_reading_only() {
            self.check_clock(&mut desk)?;
        }
        Ok(Entry::of(*desk))
    }

    /// Opens the workspace for a command that only reads where it is a dry run.
    ///
    /// # Errors
    /// As [`Invocation::open`] or [`Invocation::open_to_read`].
    pub fn open_for(&self, dry_run: bool) -> anyhow::Result<Entry> {
        if dry_run { self.open_to_read() } else { self.open() }
    }

    /// Finds the workspace: where somebody serves it, else here. Whoever holds it may just have begun to
    /// serve it.
    fn find(&self, open: Open) -> anyhow::Result<Found> {
        let found = self.find_it(open)?;
        self.tell_edit(|| match &found {
            Found::Here(desk) => (Some(desk.edit_view()), desk.policy_view().ok()),
            Found::There(entry) => {
                (entry.ask(AskEdit {}).ok(), entry.ask(OwnChanges { all: false }).ok())
            }
        });
        Ok(found)
    }

    fn find_it(&self, open: Open) -> anyhow::Result<Found> {
        if let Some(entry) = self.attached()? {
            return Ok(Found::There(entry));
        }
        match self.open_with(open) {
            Err(error) if failure::is_held(&error) => {
                self.attached()?.map(Found::There).ok_or(error)
            }
            opened => Ok(Found::Here(Box::new(opened?))),
        }
    }

    fn open_with(&self, open: Open) -> anyhow::Result<Desk> {
        desk::begin_pool()?;
        let bar = Bar::new();
        let (desk, report) = open(self.workspace(), self.environment()?, &mut |done, total| {
            bar.at("catching up with the ledger", done, total);
        })?;
        bar.clear();
        notes(&report).iter().for_each(|note| say(note));
        if let Some(doubt @ ClockDoubt::Behind { .. }) = desk.clock_doubt() {
            say(&format!("warning: {doubt}"));
        }
        Ok(desk)
    }
}

/// A folder for messages: absolute where that can be told.
pub fn absolute(folder: &Path) -> String {
    absolute_path(folder).display().to_string()
}

fn absolute_path(folder: &Path) -> PathBuf {
    let path = std::fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
    path.unwrap_or_else(|_| folder.to_owned())
}

/// The folder of the registers, in the XDG data folder; none where there is no home.
fn register() -> Option<PathBuf> {
    let folder = etcetera::base_strategy::choose_base_strategy().ok()?.data_dir();
    Some(folder.join("steward").join("register"))
}

/// Whoever the system's user is in `[people.*]`, so that they are the same whichever way they come; else
/// that user. In a training nobody by name, whichever command opens it.
fn actor_in(folder: &Path) -> String {
    if train::is_training(folder) {
        return train::TRAINEE.to_owned();
    }
    let (user, number) = (actor(), serve::own_user().to_string());
    person_of(&Workspace::at(folder), |unix| unix == user || unix == number).unwrap_or(user)
}

fn actor() -> String {
    let named = || ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    let name = whoami::username().ok().filter(|name| !name.trim().is_empty()).or_else(named);
    name.unwrap_or_else(|| "unknown".to_owned())
}

/// What opening had to do, a line each.
pub fn notes(report: &OpenReport) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(cut) = &report.cut {
        notes.push(format!("note: cut {cut}"));
        notes.push(knowledge(report));
    }
    if report.keys_mended {
        notes.push(
            "note: one of the two copies of the keys was missing, damaged or out of date; it was \
             replaced from the other"
                .to_owned(),
        );
    }
    match &report.reading_only {
        Some(ReadingOnly::Unwritable { reason }) => {
            notes.push(format!("note: {}", clean(reason)));
            notes.push(
                "  reading from a private copy of the view; nothing can be decided".to_owned(),
            );
        }
        Some(ReadingOnly::Beside { holder, as_of }) => notes.push(format!(
            "note: the workspace is open in {}; reading as of commit {as_of}",
            if holder.is_empty() { "another process".to_owned() } else { clean(holder) }
        )),
        None => {}
    }
    if let Some(tail) = &report.unfinished {
        notes.push(format!("note: {tail}; left as they are"));
        notes.push(knowledge(report));
    }
    if report.replayed > 0 {
        let commits = counted(report.replayed, "commit", "commits");
        notes.push(format!("note: brought the view up to the ledger: {commits}"));
    }
    for erasure in &report.erasures {
        notes.push(format!("note: completed the interrupted erasure of commit {erasure}"));
    }
    if let Some(reason) = &report.erasure_unfinished {
        notes.push(format!(
            "warning: an erasure is not complete; the next command will try again: {}",
            clean(reason)
        ));
    }
    if let Some(reason) = &report.rebuilt {
        let done = match report.reading_only {
            None => "has been rebuilt",
            Some(_) => "was rebuilt for this command only",
        };
        notes.push(format!("note: the view was {} and {done}", clean(reason)));
        // A view that could tell how far the ledger went has been asked.
        if report.known.view.is_none() {
            notes.push(knowledge(report));
        }
    }
    if let Some(unread) = &report.known.unreadable {
        let renewed = if report.note_renewed { "; steward has written a new one" } else { "" };
        notes.push(format!("note: {}{renewed}", clean(&unread.to_string())));
    }
    notes
}

/// What can be told of commits that are not in the ledger, and what cannot.
fn knowledge(report: &OpenReport) -> String {
    format!(
        "  the ledger ends at commit {}: {}; whether there was a later one is unknown",
        report.up_to, report.known
    )
}
