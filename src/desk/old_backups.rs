//! Backups that are made again and again into one folder: how they are named, and which of them go
//! once enough newer ones stand there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::backup::is_there;
use super::environment::Environment;
use super::error::DeskError;
use super::register::{BackupNote, Register};
use super::workspace::{Workspace, file_error};
use ledger::backup::Snapshot;

/// What names of backups end with.
const EXTENSION: &str = ".stb";
/// How the time stands in a name: in UTC, and in the order of time where names are sorted.
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// What was removed of a folder's old backups, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OldBackups {
    /// Those that went, the oldest first.
    pub removed: Vec<PathBuf>,
    /// Those that are one too many and stay: others that are kept cannot be restored without them.
    pub needed: Vec<PathBuf>,
}

/// Where the next backup of a workspace goes in a folder: a name of the workspace's folder and the time,
/// which nothing there has yet.
#[must_use]
pub fn dated_backup(workspace: &Workspace, folder: &Path, now: Timestamp) -> PathBuf {
    let named = workspace.folder().file_name().and_then(|name| name.to_str());
    // A backup of the root of a disk is called after the program.
    let named = named.unwrap_or("steward");
    let time = now.to_zoned(TimeZone::UTC).strftime(TIME).to_string();
    let names = (1u32..).map(|count| match count {
        1 => format!("{named}-{time}{EXTENSION}"),
        count => format!("{named}-{time}-{count}{EXTENSION}"),
    });
    let mut paths = names.map(|name| folder.join(name));
    paths.find(|path| path.symlink_metadata().is_err()).unwrap_or_else(|| folder.join(named))
}

/// Removes the old ones of the backups that stand in a folder in a row, as the register knows them: all but
/// `made`, the one just made, and the newest beside it, `keep` in all, and but those that one of the others
/// builds on. In a dry run nothing is made, and the one that would be counts.
///
/// Age is the order in which they were made: neither the clock nor the number of their last commit tells,
/// since one can be set back and a workspace can be restored.
///
/// # Errors
/// When the register cannot be read or there is none, or a file cannot be removed; those before it are
/// gone.
pub fn remove_old_backups(
    workspace: &Workspace,
    environment: &Environment,
    folder: &Path,
    made: Option<&str>,
    keep: usize,
) -> Result<OldBackups, DeskError> {
    let files = &*environment.files;
    let of = Snapshot::workspace_of(files, &workspace.hidden())?;
    let Some(register) = Register::of(environment, &of) else { return Err(DeskError::NoRegister) };
    let there = register.backups()?.notes.into_iter().filter(|note| is_there(files, note));
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        there.partition(|note| note.in_row && Path::new(&note.path).parent() == Some(folder));
    let bases: Vec<String> = elsewhere.into_iter().filter_map(|note| note.base).collect();
    let too_many = too_many(&here, made, keep);
    let going = going(&here, &too_many, &bases);
    let mut old = OldBackups::default();
    for note in here.iter().filter(|note| too_many.contains(&note.id)) {
        match going.contains(&note.id) {
            true => old.removed.push(PathBuf::from(&note.path)),
            false => old.needed.push(PathBuf::from(&note.path)),
        }
    }
    if made.is_none() || old.removed.is_empty() {
        return Ok(old);
    }
    for path in &old.removed {
        files.remove(path).map_err(|error| file_error("removing", path, error))?;
    }
    files.sync_folder(folder).map_err(|error| file_error("syncing", folder, error))?;
    Ok(old)
}

/// The ids of those beyond the newest `keep`, of which the one just made is one.
fn too_many(here: &[BackupNote], made: Option<&str>, keep: usize) -> BTreeSet<String> {
    let others = here.iter().rev().filter(|note| Some(note.id.as_str()) != made);
    others.skip(keep.saturating_sub(1)).map(|note| note.id.clone()).collect()
}

/// Those of the ones that are too many that go: not those that one of the rest, or one that lies elsewhere,
/// builds on.
fn going(
    here: &[BackupNote],
    too_many: &BTreeSet<String>,
    elsewhere: &[String],
) -> BTreeSet<String> {
    let mut going = too_many.clone();
    loop {
        let staying = here.iter().filter(|note| !going.contains(&note.id));
        let bases = staying.filter_map(|note| note.base.as_ref()).chain(elsewhere);
        let needed: Vec<String> = bases.filter(|base| going.contains(*base)).cloned().collect();
        if needed.is_empty() {
            return going;
        }
        going.retain(|id| !needed.contains(id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Sequence;

    #[test]
    fn what_is_named_is_dated() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(PathBuf::from("/srv/customers"));
        let now: Timestamp = "2026-11-30T01:30:00.5Z".parse().unwrap();
        for expected in ["customers-20261130T013000Z.stb", "customers-20261130T013000Z-2.stb"] {
            let path = dated_backup(&workspace, folder.path(), now);
            assert_eq!(path, folder.path().join(expected));
            std::fs::write(&path, "").unwrap();
        }
    }

    fn note(id: &str, base: Option<&str>) -> BackupNote {
        BackupNote {
            id: id.to_owned(),
            path: format!("/backups/{id}.stb"),
            at: Timestamp::UNIX_EPOCH,
            by: "sam".to_owned(),
            up_to: Sequence(1),
            hash: String::new(),
            base: base.map(str::to_owned),
            bytes: 1,
            in_row: true,
        }
    }

    #[test]
    fn the_one_just_made_stays_and_those_that_others_build_on() {
        let chain = [note("a", None), note("b", Some("a")), note("c", Some("b"))];
        let full = [note("a", None), note("b", None), note("c", None), note("d", None)];
        let mixed = [note("a", None), note("b", Some("a")), note("c", None), note("d", None)];
        for (here, made, keep, elsewhere, expected) in [
            (&full[..], Some("d"), 2, &[][..], &["a", "b"][..]),
            (&full, Some("d"), 4, &[], &[]),
            (&full, Some("d"), 9, &[], &[]),
            (&full, Some("d"), 1, &[], &["a", "b", "c"]),
            // Another was made at the same time.
            (&full, Some("c"), 1, &[], &["a", "b", "d"]),
            (&full, Some("c"), 2, &[], &["a", "b"]),
            // A dry run: one more would be there.
            (&full, None, 1, &[], &["a", "b", "c", "d"]),
            (&full, None, 3, &[], &["a", "b"]),
            (&full, Some("d"), 1, &["b"], &["a", "c"]),
            (&chain, Some("c"), 1, &[], &[]),
            (&chain, None, 1, &[], &["a", "b", "c"]),
            (&mixed, Some("d"), 2, &[], &["a", "b"]),
            (&mixed, Some("d"), 3, &[], &[]),
            (&mixed, Some("d"), 1, &["b"], &["c"]),
        ] {
            let elsewhere: Vec<String> = elsewhere.iter().map(|it| (*it).to_owned()).collect();
            let too_many = too_many(here, made, keep);
            let found: Vec<String> =
                super::going(here, &too_many, &elsewhere).into_iter().collect();
            assert_eq!(found, expected, "{made:?}, {keep} of {here:?}, {elsewhere:?}");
        }
    }
}
