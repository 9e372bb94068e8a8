//! The settings: as `steward.toml` has them, and as they were adopted, which is an event.

use std::io;
use std::sync::Arc;

use super::core::Desk;
use super::error::DeskError;
use super::facts::missing;
use super::revalidate;
use super::workspace::{Workspace, file_error};
use domain::event::SettingsAdopted;
use domain::{Event, ProposalId, Sequence};
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
pub(super) fn adopted(
    settings: &Settings,
    previous: Option<Sequence>,
    how: Adopting,
) -> SettingsAdopted {
    SettingsAdopted {
        previous,
        text: settings.text.clone(),
        fingerprint: settings.fingerprint.clone(),
        proposal: how.proposal,
        note: how.note,
    }
}

/// What is written down beside the settings that take effect.
#[derive(Debug, Clone, Default)]
pub(super) struct Adopting {
    /// The proposal they come from.
    pub(super) proposal: Option<ProposalId>,
    /// What whoever adopted them noted.
    pub(super) note: Option<String>,
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

/// An edit of `steward.toml`, which waits until somebody adopts it.
pub(super) enum Edit {
    /// Nothing is said differently.
    None,
    /// So many changes are told.
    Waits(Box<Settings>, usize),
    /// It is wrong, so that it cannot be adopted.
    Wrong(Vec<settings::Finding>),
    /// The file cannot be read.
    Unreadable,
}

impl Desk {
    /// What a file or a row that somebody types is read with: the settings in force. Until a first record is
    /// there, those of the file: nothing has been judged yet that they could judge otherwise.
    ///
    /// # Errors
    /// When the file is wrong that is to take effect.
    pub(super) fn settings_to_read_with(&self) -> Result<Arc<Settings>, DeskError> {
        if self.has_records()? {
            return Ok(Arc::clone(&self.settings));
        }
        let text = settings_text(&self.workspace)?;
        if text == self.settings.text {
            return Ok(Arc::clone(&self.settings));
        }
        settings::parse(&text).map(Arc::new).map_err(DeskError::Settings)
    }

    /// Whether any record ever was here.
    pub(super) fn has_records(&self) -> Result<bool, DeskError> {
        Ok(self.facts().view.counters()?.records > 0)
    }

    /// What has become of `steward.toml` beside the settings in force.
    pub(super) fn edit(&self) -> Edit {
        match settings_text(&self.workspace) {
            // What takes effect by itself does not wait.
            _ if !self.has_records().unwrap_or(true) => Edit::None,
            Err(_) => Edit::Unreadable,
            Ok(text) if text == self.settings.text => Edit::None,
            Ok(text) => match settings::parse(&text) {
                Err(findings) => Edit::Wrong(findings),
                Ok(edited) => match settings::told(&self.settings.text, &text).len() {
                    0 => Edit::None,
                    changes => Edit::Waits(Box::new(edited), changes),
                },
            },
        }
    }

    /// Does something that writes nothing as if other settings were in force: what a match would do under
    /// an edit that waits.
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

    /// Makes these settings take effect, if they are others.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub(super) fn adopt(&mut self, settings: Settings) -> Result<bool, DeskError> {
        self.adopt_as(settings, Adopting::default())
    }

    /// The same, with what is written down beside them.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub(super) fn adopt_as(
        &mut self,
        settings: Settings,
        how: Adopting,
    ) -> Result<bool, DeskError> {
        if settings.text == self.settings.text {
            return Ok(false);
        }
        // It judges everything, and the store is told on the way.
        self.leave_group()?;
        let previous = self.facts().view.counters()?.settings.map(|place| place.sequence);
        // Whatever ends this before its end, the next opening finds that something is left to do.
        self.note_judged(false);
        self.with_changes_held(|desk| {
            desk.commit(vec![adopted(&settings, previous, how).into()])?;
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
