//! The settings: as `steward.toml` has them, and as they were adopted, which is an event.

use std::io;
use std::sync::Arc;

use super::core::Desk;
use super::error::DeskError;
use super::facts::missing;
use super::revalidate;
use super::workspace::{Workspace, file_error};
use domain::event::SettingsAdopted;
use domain::{Event, Sequence};
use ledger::LedgerReader;
use ledger::ports::Files;
use ledger::ports::files::{Access, SystemFiles};
use settings::Settings;
use store::{Trees, View};

/// Reads and checks `steward.toml`.
///
/// # Errors
/// When it cannot be read or is wrong.
pub fn read_settings(workspace: &Workspace) -> Result<Settings, DeskError> {
    settings::parse(&settings_text(workspace)?).map_err(DeskError::Settings)
}

/// Who of `[people.*]` comes as a Unix user that `is_theirs` knows, as the ledger calls them; `None` where
/// nobody does, or the settings cannot be read.
#[must_use]
pub fn person_of(workspace: &Workspace, is_theirs: impl Fn(&str) -> bool) -> Option<String> {
    let text = settings_text(workspace).ok()?;
    // Few workspaces name people, and every command asks.
    if !text.contains("people") {
        return None;
    }
    let people = settings::parse(&text).ok()?.people;
    let mut theirs = people.into_iter().filter(|it| it.unix.as_deref().is_some_and(&is_theirs));
    // Two of them are nobody.
    theirs.next().filter(|_| theirs.next().is_none()).map(|person| person.id)
}

/// The text of `steward.toml`.
pub(super) fn settings_text(workspace: &Workspace) -> Result<String, DeskError> {
    let path = workspace.settings();
    let read = || {
        let file = SystemFiles.open(&path, Access::Read)?;
        let mut bytes = vec![0; usize::try_from(file.length()?).map_err(io::Error::other)?];
        let read = file.read_at(&mut bytes, 0)?;
        bytes.truncate(read);
        String::from_utf8(bytes)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8"))
    };
    read().map_err(|error| file_error("reading", &path, error))
}

/// The event that makes settings take effect.
pub(super) fn adopted(settings: &Settings, previous: Option<Sequence>) -> SettingsAdopted {
    SettingsAdopted {
        previous,
        text: settings.text.clone(),
        fingerprint: settings.fingerprint.clone(),
    }
}

/// The settings in force, as the ledger has them.
pub(super) fn adopted_settings(
    trees: &dyn Trees,
    reader: &LedgerReader,
) -> Result<Settings, DeskError> {
    let absent = || missing("the adopted settings");
    let place = View::over(trees).counters()?.settings.ok_or_else(absent)?;
    match reader.event(place.sequence, u32::from(place.index))? {
        Event::SettingsAdopted(adopted) => {
            settings::parse(&adopted.text).map_err(DeskError::Settings)
        }
        _ => Err(absent()),
    }
}

impl Desk {
    /// `steward.toml` as it stands in the folder, in effect or not yet.
    ///
    /// # Errors
    /// When the file is wrong.
    pub(super) fn settings_now(&self) -> Result<Settings, DeskError> {
        read_settings(&self.workspace)
    }

    /// The settings that what is written next will be judged by: those of the file, which take effect
    /// before it, unless long work goes on under those that it began with.
    ///
    /// # Errors
    /// When the file is wrong.
    pub(super) fn settings_of_next_write(&self) -> Result<Arc<Settings>, DeskError> {
        if self.is_working() { Ok(Arc::clone(&self.settings)) } else { self.settings_to_adopt() }
    }

    /// Those of the file, as long work takes them that begins.
    ///
    /// # Errors
    /// When the file is wrong.
    pub(super) fn settings_to_adopt(&self) -> Result<Arc<Settings>, DeskError> {
        let text = settings_text(&self.workspace)?;
        if text == self.settings.text {
            return Ok(Arc::clone(&self.settings));
        }
        settings::parse(&text).map(Arc::new).map_err(DeskError::Settings)
    }

    /// Does something that writes nothing as if other settings were in force: a rehearsal is judged as
    /// what it rehearses would be.
    pub(super) fn under<T>(
        &mut self,
        settings: Arc<Settings>,
        work: impl FnOnce(&mut Desk) -> T,
    ) -> T {
        let in_force = self.put_in_force(settings);
        let done = work(self);
        self.put_in_force(in_force);
        done
    }

    /// Makes a changed `steward.toml` take effect. Called before anything is written.
    ///
    /// # Errors
    /// When the file is wrong, or the ledger cannot be written.
    pub(super) fn adopt_settings(&mut self) -> Result<bool, DeskError> {
        // Long work goes on as it began; what changed meanwhile waits for its end.
        if self.is_working() { Ok(false) } else { self.adopt_now() }
    }

    /// As [`Desk::adopt_settings`], for long work that begins.
    ///
    /// # Errors
    /// As [`Desk::adopt_settings`].
    pub(super) fn adopt_now(&mut self) -> Result<bool, DeskError> {
        // Read before every decision, so that it must not be parsed for nothing.
        let text = settings_text(&self.workspace)?;
        if text == self.settings.text {
            return Ok(false);
        }
        self.adopt(settings::parse(&text).map_err(DeskError::Settings)?)
    }

    /// Makes these settings take effect, if they are others.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub(super) fn adopt(&mut self, settings: Settings) -> Result<bool, DeskError> {
        if settings.text == self.settings.text {
            return Ok(false);
        }
        // It judges everything, and the store is told on the way.
        self.leave_group()?;
        let previous = self.facts().view.counters()?.settings.map(|place| place.sequence);
        // Whatever ends this before its end, the next opening finds that something is left to do.
        self.note_judged(false);
        self.with_changes_held(|desk| {
            desk.commit(vec![adopted(&settings, previous).into()])?;
            desk.put_in_force(Arc::new(settings));
            desk.caches.forget_unique();
            revalidate::everything(desk)
        })?;
        self.note_judged(true);
        Ok(true)
    }

    /// Notes in the store whether all tasks are judged by the settings it knows. Where that cannot be
    /// written, neither can the settings: then the store misses them, which every opening notices.
    pub(super) fn note_judged(&self, judged: bool) {
        if let Err(error) = self.trees.below().set_unjudged(!judged) {
            tracing::warn!(%error, judged, "the store does not say whether all tasks have been judged");
        }
    }
}
