//! Where a command may write what a person asked for: the one place that decides it.
//!
//! Nothing of a workspace, of the register or of the keys is an output, by whatever name or link it
//! is reached; nothing that is there and is no regular file; and a file that is there only when that
//! was asked for. A dry run is judged as the run is. Judged before anything is recorded or written.

use std::fs::{self, Metadata};
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

mod guard;

use super::environment::Environment;
use super::error::DeskError;
use super::left_behind;
use super::not_an_output::NotAnOutput;
use super::workspace::{Workspace, file_error};
use guard::{Guard, IN_WORKSPACE, as_far_as_it_is_there, identity, is_same};
use ledger::ports::own;

const A_BASE: &str = "the older backup that the new one builds on";

/// How a person can go on where a file cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOut {
    /// The command also writes to standard output.
    StandardOutput,
    /// Only to another file.
    AnotherFile,
    /// Only to another folder.
    AnotherFolder,
    /// It was the shell that named it.
    Redirection,
}

impl WayOut {
    fn words(self) -> &'static str {
        match self {
            WayOut::StandardOutput => {
                "name another file, or leave out -o to write to standard output"
            }
            WayOut::AnotherFile => "name another file",
            WayOut::AnotherFolder => "name another folder",
            WayOut::Redirection => "redirect it to another file",
        }
    }
}

/// A file that may be written: judged, and where it really stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    path: PathBuf,
    unfinished: PathBuf,
    replace: bool,
}

impl OutputFile {
    /// Judges a file that a person named. `replace`: what is there may be replaced.
    ///
    /// # Errors
    /// [`NotAnOutput`], or when the folder is not there or cannot be read.
    pub fn judge(
        path: &Path,
        replace: bool,
        way_out: WayOut,
        guarded: (Option<&Workspace>, &Environment),
    ) -> Result<OutputFile, DeskError> {
        OutputFile::judge_as(path, replace, way_out, Guard::of(guarded.0, guarded.1), guarded.1)
    }

    /// Judges the file of a backup, which alone may replace a backup.
    ///
    /// # Errors
    /// As [`OutputFile::judge`].
    pub(super) fn judge_backup(
        path: &Path,
        replace: bool,
        (workspace, environment): (&Workspace, &Environment),
    ) -> Result<OutputFile, DeskError> {
        let guard = Guard { keeps_backups: false, ..Guard::of(Some(workspace), environment) };
        OutputFile::judge_as(path, replace, WayOut::AnotherFile, guard, environment)
    }

    fn judge_as(
        path: &Path,
        replace: bool,
        way_out: WayOut,
        guard: Guard,
        environment: &Environment,
    ) -> Result<OutputFile, DeskError> {
        let failed = |error| file_error("writing", path, error);
        let (place, about) = really(path, way_out)?;
        if let Some(what) = guard.keeps(&place, about.as_ref()).map_err(failed)? {
            return Err(kept(path, &place, what, way_out));
        }
        if about.is_some() && !replace {
            return Err(NotAnOutput::Exists { path: shown(path) }.into());
        }
        Ok(OutputFile::at(place, replace, environment))
    }

    /// The `steward.toml` of a workspace that is being made, and has none.
    #[must_use]
    pub fn settings_of(workspace: &Workspace, environment: &Environment) -> OutputFile {
        OutputFile::at(workspace.settings(), false, environment)
    }

    /// The `steward.toml` of a workspace, to which something is added: it is replaced as a whole.
    #[must_use]
    pub fn settings_added_to(workspace: &Workspace, environment: &Environment) -> OutputFile {
        OutputFile::at(workspace.settings(), true, environment)
    }

    fn at(path: PathBuf, replace: bool, environment: &Environment) -> OutputFile {
        let unfinished = left_behind::unfinished_export(&path, &*environment.randomness);
        OutputFile { path, unfinished, replace }
    }

    /// Where it stands: an absolute path without links.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it is written before it is whole.
    #[must_use]
    pub fn unfinished(&self) -> &Path {
        &self.unfinished
    }

    /// The file's name, for the record.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The folder it stands in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("/"))
    }

    /// Looks once more, just before the file gets its name: somebody may have come in between.
    ///
    /// # Errors
    /// As [`OutputFile::judge`] of what is there now.
    pub fn look_again(&self) -> Result<(), DeskError> {
        let path = shown(&self.path);
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(file_error("writing", &self.path, error)),
            Ok(about) if about.is_file() && self.replace => Ok(()),
            Ok(about) if about.is_file() => Err(NotAnOutput::Exists { path }.into()),
            Ok(about) => {
                let kind = own::kind(about.file_type());
                let way_out = WayOut::AnotherFile.words();
                Err(NotAnOutput::NotAFile { path, kind, way_out }.into())
            }
        }
    }
}

/// Judges a folder that a command is to fill, whether it is there or not.
///
/// # Errors
/// [`NotAnOutput`], or when a folder cannot be read.
pub fn judge_output_folder(
    path: &Path,
    workspace: Option<&Workspace>,
    environment: &Environment,
) -> Result<(), DeskError> {
    let failed = |error| file_error("writing", path, error);
    let place = as_far_as_it_is_there(path).map_err(failed)?;
    match fs::metadata(&place) {
        Ok(about) if !about.is_dir() => {
            let kind = own::kind(about.file_type());
            return Err(NotAnOutput::NotAFolder { path: shown(path), kind }.into());
        }
        _ => {}
    }
    match Guard::of(workspace, environment).keeps_folder(&place) {
        Some(what) => Err(kept(path, &place, what, WayOut::AnotherFolder)),
        None => Ok(()),
    }
}

/// Judges a folder out of which a command is to take files: it is none of steward's, and no file or folder
/// of steward's own lies in it.
///
/// # Errors
/// [`NotAnOutput::NotTaken`], or when it cannot be read.
pub fn judge_inbox(
    folder: &Path,
    workspace: &Workspace,
    environment: &Environment,
) -> Result<(), DeskError> {
    let failed = |error| file_error("reading", folder, error);
    let place = fs::canonicalize(folder).map_err(failed)?;
    let guard = Guard::of(Some(workspace), environment);
    if let Some(what) = guard.keeps_folder(&place) {
        return Err(not_taken(folder, what));
    }
    for entry in fs::read_dir(&place).map_err(failed)? {
        let inner = entry.map_err(failed)?.path();
        let what = match fs::metadata(&inner) {
            // A link that leads nowhere, or a file that is gone by now.
            Err(_) => None,
            Ok(about) if about.is_dir() => guard.keeps_folder(&inner),
            Ok(about) => guard.keeps(&inner, Some(&about)).map_err(failed)?,
        };
        if let Some(what) = what {
            return Err(not_taken(&inner, what));
        }
    }
    Ok(())
}

fn not_taken(path: &Path, what: &'static str) -> DeskError {
    NotAnOutput::NotTaken { path: shown(path), what }.into()
}

/// Judges where standard output goes, before the first byte: the shell may have opened a file of the
/// workspace for it.
///
/// # Errors
/// [`NotAnOutput::Kept`], or when the file cannot be looked at.
pub fn judge_standard_output(
    workspace: Option<&Workspace>,
    environment: &Environment,
) -> Result<(), DeskError> {
    // One that is closed goes nowhere.
    let Ok(open) = io::stdout().as_fd().try_clone_to_owned() else { return Ok(()) };
    let failed = |error| DeskError::File { what: "checking standard output".to_owned(), error };
    let about = fs::File::from(open).metadata().map_err(failed)?;
    if !about.is_file() {
        return Ok(());
    }
    let guard = Guard::of(workspace, environment);
    // Where the system does not tell its name, or that is another file's by now, its number does.
    let place = fs::read_link("/proc/self/fd/1").ok().filter(|place| is_same(place, &about));
    let kept = match &place {
        Some(place) => guard.keeps(place, Some(&about)).map_err(failed)?,
        None => guard.keeps_number(&about),
    };
    let Some(what) = kept else { return Ok(()) };
    let path = match place {
        Some(place) => format!("standard output ({})", shown(&place)),
        None => "standard output".to_owned(),
    };
    Err(NotAnOutput::Kept { path, what, way_out: WayOut::Redirection.words() }.into())
}

/// Judges where a key file is, or is to be: never in a `.steward`.
///
/// # Errors
/// [`NotAnOutput::KeyInside`], or when a folder cannot be read.
pub(super) fn judge_key_file(path: &Path, workspace: &Workspace) -> Result<(), DeskError> {
    let failed = |error| file_error("checking", path, error);
    let guard = Guard {
        folders: vec![(workspace.hidden(), IN_WORKSPACE)],
        files: Vec::new(),
        workspace: as_far_as_it_is_there(workspace.folder()).ok(),
        keeps_backups: false,
    };
    let named = std::path::absolute(path).map_err(failed)?;
    for place in [as_far_as_it_is_there(path).map_err(failed)?, named] {
        if guard.keeps_folder(&place).is_some() {
            return Err(NotAnOutput::KeyInside { path: shown(path) }.into());
        }
    }
    Ok(())
}

/// Refuses a backup in the place of the one that it builds on.
///
/// # Errors
/// [`NotAnOutput::Kept`].
pub(super) fn must_not_be_base(file: &OutputFile, base: &Path) -> Result<(), DeskError> {
    let both = (fs::metadata(file.path()), fs::metadata(base));
    match both {
        (Ok(file_about), Ok(base_about)) if identity(&file_about) == identity(&base_about) => {
            Err(kept(file.path(), file.path(), A_BASE, WayOut::AnotherFile))
        }
        _ => Ok(()),
    }
}

/// What is kept, named as the person did and, where that leads elsewhere, as what it is.
fn kept(path: &Path, place: &Path, what: &'static str, way_out: WayOut) -> DeskError {
    let named = std::path::absolute(path).unwrap_or_default();
    let path = match named == place {
        true => shown(path),
        false => format!("{} ({})", shown(path), shown(place)),
    };
    NotAnOutput::Kept { path, what, way_out: way_out.words() }.into()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// Where a file stands or would stand, links followed, and what is there.
fn really(path: &Path, way_out: WayOut) -> Result<(PathBuf, Option<Metadata>), DeskError> {
    let failed = |error| file_error("writing", path, error);
    let not_a_file =
        |kind| NotAnOutput::NotAFile { path: shown(path), kind, way_out: way_out.words() };
    let absolute = std::path::absolute(path).map_err(failed)?;
    let Some(name) = absolute.file_name() else { return Err(not_a_file("a folder").into()) };
    match fs::symlink_metadata(&absolute) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = absolute.parent().unwrap_or(Path::new("/"));
            Ok((fs::canonicalize(folder).map_err(failed)?.join(name), None))
        }
        Err(error) => Err(failed(error)),
        Ok(_) => {
            let Ok(about) = fs::metadata(&absolute) else {
                return Err(not_a_file("a broken link").into());
            };
            if !about.is_file() {
                return Err(not_a_file(own::kind(about.file_type())).into());
            }
            // What such a link of the system leads to may have no name.
            let place = fs::canonicalize(&absolute).map_err(failed)?;
            Ok((place, Some(about)))
        }
    }
}

#[cfg(test)]
mod tests;
