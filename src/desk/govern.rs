//! Changes of the settings: an edit waits, is shown for what it would do, and is adopted.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::adoption::{Adopting, Edit, settings_text};
use super::core::Desk;
use super::error::{Decided, DeskError};
use super::jobs::foretell::Shifts;
use super::outputs::OutputFile;
use super::proposals::{Proposal, changes_access};
use super::workspace::file_error;
use domain::{Event, Sequence};
use door::Refusal;
use door::operations::{AdoptSettings, SettingsOf};
use door::views::{AdoptedView, EditView};
use ledger::ports::Files;
use ledger::ports::files::{Access, SystemFiles};
use settings::Settings;

impl Desk {
    /// What has become of `steward.toml` beside the settings in force, as people are told it.
    #[must_use]
    pub fn edit_view(&self) -> EditView {
        match self.edit() {
            Edit::None => EditView::None,
            Edit::Waits(edited, changes) => {
                EditView::Waits { changes, fingerprint: edited.fingerprint }
            }
            Edit::Wrong(findings) => EditView::Wrong { findings: findings.len() },
            Edit::Unreadable => EditView::Unreadable,
        }
    }

    /// The settings that are meant.
    ///
    /// # Errors
    /// When they are wrong.
    pub(crate) fn settings_meant(&self, of: &SettingsOf) -> Decided<Arc<Settings>> {
        let text = match of {
            SettingsOf::File => settings_text(&self.workspace)?,
            SettingsOf::Text(text) => text.clone(),
            SettingsOf::Proposal(id) => self.proposal(*id)?.text,
        };
        if text == self.settings.text {
            return Ok(Arc::clone(&self.settings));
        }
        Ok(settings::parse(&text).map(Arc::new).map_err(DeskError::Settings)?)
    }

    /// Makes the settings of `steward.toml` take effect.
    ///
    /// # Errors
    /// When they are wrong; the refusal while long work is under way, where the text is not the one that was
    /// expected, or where it takes somebody else.
    pub(crate) fn adopt_edit(&mut self, asked: AdoptSettings) -> Decided<AdoptedView> {
        self.ledger.must_be_for_writing()?;
        self.must_be_up()?;
        let proposed = asked.proposal.map(|id| self.open_proposal(id)).transpose()?;
        let of = asked.proposal.map_or(SettingsOf::File, SettingsOf::Proposal);
        let edited = self.settings_meant(&of)?;
        if let Some(expected) = &asked.expect
            && (expected.len() < SHORTEST || !edited.fingerprint.starts_with(expected.as_str()))
        {
            let why = format!(
                "the settings have fingerprint {}, not {expected}: look at steward govern diff again",
                edited.fingerprint
            );
            return Err(Refusal::DoesNotApply { why }.into());
        }
        let told = settings::told(&self.settings.text, &edited.text);
        let changes = told.len();
        if edited.text == self.settings.text {
            let fingerprint = edited.fingerprint.clone();
            let (sequence, opened, closed) = (None, 0, 0);
            return Ok(AdoptedView { sequence, fingerprint, changes, opened, closed });
        }
        if changes_access(&told) {
            let proposed_by = proposed.as_ref().map(|it| &it.actor);
            let known = self.everybody_named()?;
            self.allowed(govern::may_adopt(&self.settings, &self.acting, proposed_by, &known))?;
        }
        // Long work goes on under the settings that it began with.
        self.must_be_idle()?;
        if let Some(Proposal { view, text, .. }) = &proposed {
            if view.is_outdated && asked.expect.is_none() {
                let id = view.proposal;
                let why = format!(
                    "{id} was made over settings that have changed since: look at steward govern diff {id}, then \
                     pass the fingerprint it shows with --expect"
                );
                return Err(Refusal::DoesNotApply { why }.into());
            }
            self.put_in_place(text)?;
        }
        let before = self.reader.head().map(|head| head.sequence).unwrap_or_default();
        let fingerprint = edited.fingerprint.clone();
        let settings = Arc::unwrap_or_clone(edited);
        self.adopt_as(settings, Adopting { proposal: asked.proposal, note: asked.note })?;
        let (opened, closed) = self.tasks_since(before)?;
        self.try_to_measure_figures();
        let sequence = Some(before.next());
        Ok(AdoptedView { sequence, fingerprint, changes, opened, closed })
    }

    /// Makes a proposal's text that of `steward.toml`, before it is adopted: whatever ends this in between, the
    /// file has an edit that waits.
    fn put_in_place(&self, text: &str) -> Decided<()> {
        let file = settings_text(&self.workspace)?;
        if file == text {
            return Ok(());
        }
        if file != self.settings.text {
            let why = match settings::parse(&file) {
                Ok(_) => {
                    "steward.toml has another edit: adopt that first (steward govern adopt), or put the settings in \
                     force back (steward govern show prints them)"
                }
                Err(_) => {
                    "steward.toml has errors, and would be replaced: correct it first (steward check names the \
                     lines), or put the settings in force back (steward govern show prints them)"
                }
            };
            return Err(Refusal::DoesNotApply { why: why.to_owned() }.into());
        }
        let place = OutputFile::settings_added_to(&self.workspace, &self.environment);
        let written = (|| {
            let file = SystemFiles.open(place.unfinished(), Access::CreateHeld)?;
            file.write_at(text.as_bytes(), 0)?;
            file.sync()?;
            keep_mode(place.path(), place.unfinished())?;
            SystemFiles.rename(place.unfinished(), place.path())?;
            SystemFiles.sync_folder(place.folder())
        })();
        written.map_err(|error| {
            let _ = SystemFiles.remove(place.unfinished());
            file_error("writing", place.path(), error).into()
        })
    }

    /// How many tasks opened and how many closed after a commit.
    fn tasks_since(&self, before: Sequence) -> Result<(u64, u64), DeskError> {
        let head = self.reader.head().map(|head| head.sequence).unwrap_or_default();
        let mut shifts = Shifts::default();
        let mut sequence = before.next();
        while sequence <= head {
            let commit = self.facts().commit_where(sequence, |kind, _| kind == "task_changed")?;
            for event in commit.events {
                if let Event::TaskChanged(changed) = event {
                    shifts.take_in(changed);
                }
            }
            sequence = sequence.next();
        }
        Ok((shifts.opened(), shifts.closed()))
    }
}

/// Lets whoever may read a file read the one that takes its place.
fn keep_mode(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::set_permissions(to, std::fs::metadata(from)?.permissions())
}

/// How much of a fingerprint tells a text from others.
const SHORTEST: usize = 8;
