//! What is not to be written to, by whatever name or link it is reached.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Component, Path, PathBuf};

use crate::environment::Environment;
use crate::workspace::Workspace;
use ledger::backup::BACKUP_BEGINS;
use ledger::keys;

/// What stands in `.steward`, and where a restore makes one.
const HIDDEN: [&str; 2] = [".steward", ".steward.restoring"];
const SETTINGS: &str = "steward.toml";
pub(super) const IN_WORKSPACE: &str = "in the .steward folder of a workspace";
const OF_WORKSPACE: &str = "the steward.toml of this workspace";
const OF_REGISTER: &str = "part of steward's register of backups and erasures";
const OF_KEYS: &str = "a key file or in the folder of key files";

/// The path of a folder with links followed as far as it is there.
pub(super) fn as_far_as_it_is_there(path: &Path) -> io::Result<PathBuf> {
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
pub(super) type Identity = (u64, u64);

pub(super) fn identity(about: &Metadata) -> Identity {
    (about.dev(), about.ino())
}

/// What is not to be written to.
pub(super) struct Guard {
    /// Folders in which nothing is.
    pub(super) folders: Vec<(PathBuf, &'static str)>,
    /// Files, there or not.
    pub(super) files: Vec<(PathBuf, &'static str)>,
    /// The workspace's folder.
    pub(super) workspace: Option<PathBuf>,
    /// Whether a backup is kept.
    pub(super) keeps_backups: bool,
}

impl Guard {
    pub(super) fn of(workspace: Option<&Workspace>, environment: &Environment) -> Guard {
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
    pub(super) fn keeps(
        &self,
        place: &Path,
        about: Option<&Metadata>,
    ) -> io::Result<Option<&'static str>> {
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
    pub(super) fn keeps_file(&self, about: &Metadata) -> Option<&'static str> {
        self.files.iter().find(|(file, _)| is_same(file, about)).map(|(_, what)| *what)
    }

    /// What a file is whose name is not known.
    pub(super) fn keeps_number(&self, about: &Metadata) -> Option<&'static str> {
        self.keeps_file(about).or_else(|| self.holds(identity(about)))
    }

    /// What a folder is that nothing is to be written into.
    pub(super) fn keeps_folder(&self, place: &Path) -> Option<&'static str> {
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

pub(super) fn is_same(path: &Path, about: &Metadata) -> bool {
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
