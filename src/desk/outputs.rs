//! Where a command may write what a person asked for: the one place that decides it.
//!
//! Nothing of a workspace, of the register or of the keys is an output, by whatever name or link it
//! is reached; nothing that is there and is no regular file; and a file that is there only when that
//! was asked for. A dry run is judged as the run is. Judged before anything is recorded or written.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use super::environment::Environment;
use super::error::DeskError;
use super::left_behind;
use super::not_an_output::NotAnOutput;
use super::workspace::{Workspace, file_error};
use ledger::backup::BACKUP_BEGINS;
use ledger::keys;
use ledger::ports::own;

/// What stands in `.steward`, and where a restore makes one.
const HIDDEN: [&str; 2] = [".steward", ".steward.restoring"];
const SETTINGS: &str = "steward.toml";
const IN_WORKSPACE: &str = "in the .steward folder of a workspace";
const OF_WORKSPACE: &str = "the steward.toml of this workspace";
const OF_REGISTER: &str = "part of steward's register of backups and erasures";
const OF_KEYS: &str = "a key file or in the folder of key files";
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
                "name another file, or leave -o out to write to standard output"
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
    let failed = |error| file_error("looking into", folder, error);
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
    let failed = |error| DeskError::File { what: "looking at standard output".to_owned(), error };
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
    let failed = |error| file_error("looking at", path, error);
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
                return Err(not_a_file("a link to nothing").into());
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

/// The path of a folder with links followed as far as it is there.
fn as_far_as_it_is_there(path: &Path) -> io::Result<PathBuf> {
    let absolute = std::path::absolute(path)?;
    let mut missing = Vec::new();
    for above in absolute.ancestors() {
        match fs::canonicalize(above) {
            Ok(mut place) => {
                for component in missing.into_iter().rev() {
                    match component {
                        Component::ParentDir => _ = place.pop(),
                        component => place.push(component),
                    }
                }
                return Ok(place);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                missing.extend(above.components().next_back());
            }
            Err(error) => return Err(error),
        }
    }
    Ok(absolute)
}

/// A file or folder, whatever its names.
type Identity = (u64, u64);

fn identity(about: &Metadata) -> Identity {
    (about.dev(), about.ino())
}

/// What is not to be written to.
struct Guard {
    /// Folders in which nothing is.
    folders: Vec<(PathBuf, &'static str)>,
    /// Files, there or not.
    files: Vec<(PathBuf, &'static str)>,
    /// The workspace's folder.
    workspace: Option<PathBuf>,
    /// Whether a backup is kept.
    keeps_backups: bool,
}

impl Guard {
    fn of(workspace: Option<&Workspace>, environment: &Environment) -> Guard {
        let inner = workspace.and_then(|it| as_far_as_it_is_there(it.folder()).ok());
        let (folders, files) = (Vec::new(), Vec::new());
        let mut guard = Guard { folders, files, workspace: inner, keeps_backups: true };
        if let Some(workspace) = workspace {
            guard.folders.push((workspace.hidden(), IN_WORKSPACE));
            guard.files.push((workspace.settings(), OF_WORKSPACE));
        }
        guard.folders.extend(environment.register.clone().map(|folder| (folder, OF_REGISTER)));
        guard.folders.extend(environment.secrets.key_folder().map(|folder| (folder, OF_KEYS)));
        // Whatever the workspace's id, a place that was named is the same.
        guard.files.extend(environment.secrets.key_file("").ok().map(|file| (file, OF_KEYS)));
        guard
    }

    /// What a file is that is not to be written to; `about` what is there.
    fn keeps(&self, place: &Path, about: Option<&Metadata>) -> io::Result<Option<&'static str>> {
        let folder = place.parent().unwrap_or(Path::new("/"));
        if place.file_name().is_some_and(is_hidden) {
            return Ok(Some(IN_WORKSPACE));
        }
        if let Some(what) = self.keeps_folder(folder) {
            return Ok(Some(what));
        }
        let is_settings = place.file_name().is_some_and(|name| name.eq_ignore_ascii_case(SETTINGS));
        if is_settings && folder.join(HIDDEN[0]).symlink_metadata().is_ok() {
            return Ok(Some("the steward.toml of a workspace"));
        }
        let leads = |file: &Path| as_far_as_it_is_there(file).is_ok_and(|file| file == place);
        if let Some((_, what)) = self.files.iter().find(|(file, _)| leads(file)) {
            return Ok(Some(what));
        }
        let Some(about) = about else { return Ok(None) };
        if let Some(what) = self.keeps_file(about) {
            return Ok(Some(what));
        }
        if let Some(what) = content_kept(place, self.keeps_backups)? {
            return Ok(Some(what));
        }
        if about.nlink() > 1 {
            return Ok(self.holds(identity(about)));
        }
        Ok(None)
    }

    /// Which of the kept files a file is.
    fn keeps_file(&self, about: &Metadata) -> Option<&'static str> {
        self.files.iter().find(|(file, _)| is_same(file, about)).map(|(_, what)| *what)
    }

    /// What a file is whose name is not known.
    fn keeps_number(&self, about: &Metadata) -> Option<&'static str> {
        self.keeps_file(about).or_else(|| self.holds(identity(about)))
    }

    /// What a folder is that nothing is to be written into.
    fn keeps_folder(&self, place: &Path) -> Option<&'static str> {
        for above in place.ancestors() {
            let about = fs::metadata(above).ok();
            let same = |folder: &Path| about.as_ref().is_some_and(|about| is_same(folder, about));
            // A disk may know the folder by other letters than those that were typed.
            let is_hidden = above.file_name().is_some_and(is_hidden)
                || above.parent().is_some_and(|folder| same(&folder.join(HIDDEN[0])));
            if is_hidden && !self.is_around(above) {
                return Some(IN_WORKSPACE);
            }
            let kept = self.folders.iter().find(|(folder, _)| above == folder || same(folder));
            if let Some((_, what)) = kept {
                return Some(what);
            }
        }
        None
    }

    /// Whether a folder is no workspace's `.steward` in spite of its name: this workspace is in it.
    fn is_around(&self, folder: &Path) -> bool {
        let inside = self.workspace.as_ref().is_some_and(|inner| inner.starts_with(folder));
        inside && folder.join("ledger").symlink_metadata().is_err()
    }

    /// Whether one of the kept folders holds that very file under another name.
    fn holds(&self, wanted: Identity) -> Option<&'static str> {
        self.folders.iter().find_map(|(folder, what)| {
            let mut folders = vec![folder.clone()];
            while let Some(folder) = folders.pop() {
                for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                    let Ok(about) = entry.metadata() else { continue };
                    if identity(&about) == wanted {
                        return Some(*what);
                    }
                    if about.is_dir() {
                        folders.push(entry.path());
                    }
                }
            }
            None
        })
    }
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    HIDDEN.iter().any(|hidden| name.eq_ignore_ascii_case(hidden))
}

fn is_same(path: &Path, about: &Metadata) -> bool {
    fs::metadata(path).is_ok_and(|other| identity(&other) == identity(about))
}

/// What a file is by its first bytes, wherever it stands: part of another workspace, its key or,
/// where that is asked, a backup.
fn content_kept(path: &Path, backups: bool) -> io::Result<Option<&'static str>> {
    let mut options = fs::OpenOptions::new();
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let opened = options.read(true).custom_flags(flags).open(path);
    let mut bytes = Vec::new();
    match opened {
        // What nobody may read can be replaced all the same, and holds nothing of ours.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        opened => opened?.take(keys::KEY_FILE_BEGINS.len() as u64).read_to_end(&mut bytes)?,
    };
    if bytes.starts_with(&ledger::SEGMENT_BEGINS) {
        return Ok(Some("a segment of a workspace's ledger"));
    }
    if backups && bytes.starts_with(&BACKUP_BEGINS) {
        return Ok(Some("a backup"));
    }
    Ok(bytes.starts_with(keys::KEY_FILE_BEGINS.as_bytes()).then_some("the key of a workspace"))
}

#[cfg(test)]
mod tests;
