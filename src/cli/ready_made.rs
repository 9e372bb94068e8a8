//! Workspaces that steward makes itself, of made-up customers and in the folder for data: the demo and
//! the training. And the door to them, through which a word that teaches is put into what is answered.

use std::any::Any;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use etcetera::BaseStrategy;
use serde_json::json;

use super::code::Code;
use super::entry::Entry;
use super::invocation::{Invocation, absolute};
use super::output::Output;
use super::say::say;
use super::secrets;
use super::text::clean;
use desk::{Desk, DeskError, Environment, Workspace, forget_folder};
use domain::SourceName;
use door::operations::{Import, Match};
use door::{Asked, Door, DoorHandle, Reply, Streams, Told};
use ledger::keys::WrapKind;

/// A workspace that steward makes itself; it need not be there.
pub struct ReadyMade {
    folder: PathBuf,
}

impl ReadyMade {
    /// The one of that name.
    ///
    /// # Errors
    /// When there is no folder for data.
    pub fn called(name: &str) -> anyhow::Result<Self> {
        let xdg = etcetera::base_strategy::choose_base_strategy()
            .context("finding the data folder (is HOME set?)")?;
        Ok(Self { folder: xdg.data_dir().join("steward").join(name) })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Its folder, for messages.
    pub fn shown(&self) -> String {
        absolute(&self.folder)
    }

    /// Whether it is there, and whole.
    pub fn is_made(&self) -> bool {
        Workspace::at(&self.folder).exists()
    }

    /// Says what would become of it. It is not opened for that: whether somebody else has it open is
    /// seen when it is to go.
    ///
    /// # Errors
    /// When nobody reads the output any more.
    pub fn foresee(&self, what: &str, reset: bool, output: &Output) -> anyhow::Result<Code> {
        let removes = reset && self.folder.exists();
        let makes = removes || !self.is_made();
        let shown = self.shown();
        if output.json {
            output.object(&json!({
                "workspace": shown, "removed": removes, "made": makes, "dry_run": true,
            }))?;
            return Ok(Code::Done);
        }
        let shown = clean(&shown);
        if removes {
            output.line(&format!(
                "would remove {shown}, with every decision in it, and its key file"
            ))?;
        }
        output.line(&match makes {
            true => format!("would create {what} in {shown}"),
            false => format!("would open what is already in {shown}"),
        })?;
        say("nothing was written (--dry-run)");
        Ok(Code::Done)
    }

    /// Removes it, where it is there. Whoever has it open must not lose the ground under their feet.
    ///
    /// # Errors
    /// When somebody has it open, or it cannot be removed.
    pub fn remove(&self) -> anyhow::Result<()> {
        let folder = &self.folder;
        if !folder.exists() {
            return Ok(());
        }
        let key_file = self.close()?;
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
        if let Some(path) = key_file {
            // Of no use any more; what stays of it opens nothing.
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    /// Makes sure that nobody has it open; gives its key file, where that is its own.
    fn close(&self) -> anyhow::Result<Option<PathBuf>> {
        if !self.is_made() {
            return Ok(None);
        }
        let desk = match Invocation::at(&self.folder).open() {
            Ok(entry) => entry.into_desk(),
            // Without its key nobody has it open, and nothing in it is of use.
            Err(error) if matches!(error.downcast_ref(), Some(DeskError::Keys(_))) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        match desk.protection() {
            Some(WrapKind::KeyFile(path)) if !secrets::is_key_file_named() => Ok(Some(path)),
            _ => Ok(None),
        }
    }

    /// Makes it beside its place, has it filled there, and moves it to its place whole.
    ///
    /// # Errors
    /// When it cannot be written, or `fill` fails.
    pub fn make(
        &self,
        settings: &str,
        environment: &Environment,
        fill: impl FnOnce(&Path) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let making = self.folder.with_extension("making");
        if making.exists() {
            fs::remove_dir_all(&making)
                .with_context(|| format!("removing {}", making.display()))?;
        }
        let made = || -> anyhow::Result<()> {
            for parent in making.ancestors().skip(1).filter(|parent| !parent.exists()) {
                fs::create_dir_all(parent)?;
            }
            environment.files.create_folder(&making)?;
            fs::write(making.join("steward.toml"), settings)?;
            Ok(())
        };
        made().with_context(|| format!("making {}", making.display()))?;
        // The one before was made here as well, and moved away.
        forget_folder(&Workspace::at(&making), environment)?;
        fill(&making)?;
        fs::rename(&making, &self.folder)
            .with_context(|| format!("making {}", self.folder.display()))
    }
}

/// Imports files (source, name, content) and matches.
///
/// # Errors
/// When either fails.
pub fn import(desk: Desk, files: &[(&str, &str, Vec<u8>)]) -> anyhow::Result<Entry> {
    let entry = Entry::of(desk);
    for (source, file, content) in files {
        let request = Import::of(SourceName::new(source), *file);
        let streams = Streams::of_file(Cursor::new(content.clone()));
        entry.run(request, streams, &mut |_| true)?;
    }
    entry.run(Match::default(), Streams::default(), &mut |_| true)?;
    Ok(entry)
}

/// Whoever puts a word into what a desk answers.
pub trait Teacher: Send + Sync + 'static {
    /// Puts it in.
    fn put_in_a_word(&self, answer: &mut (dyn Any + Send));
}

/// The way to a desk with a teacher beside it.
pub struct Taught<T> {
    /// The way.
    pub desk: DoorHandle,
    /// There once the workspace is open.
    pub teacher: Arc<OnceLock<T>>,
}

impl<T: Teacher> Door for Taught<T> {
    fn send(&self, who: &door::Session, asked: Asked, streams: Streams, reply: Reply) {
        let teacher = Arc::clone(&self.teacher);
        let taught = move |mut told: Told| {
            if let (Some(teacher), Told::Here(answer)) = (teacher.get(), &mut told) {
                teacher.put_in_a_word(answer.as_mut());
            }
            reply(told);
        };
        self.desk.send(who, asked, streams, Box::new(taught));
    }
}
