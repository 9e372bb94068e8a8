//! Backups that are made again and again into one folder: how they are named, and which of them go
//! once enough newer ones stand there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::backup::is_there;
use super::environment::Environment;
use super::error::DeskError;
use super::register::Register;
use super::workspace::{Workspace, file_error};
use domain::Sequence;
use domain::hexadecimal::encode as hex;
use ledger::backup::{BackupFile, Snapshot};
use ledger::ports::Files;

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

/// Removes all but the `keep` newest backups that [`dated_backup`] named in a folder, and those that one
/// of the others builds on. Files that are no backups of this workspace are left alone, whatever their
/// name.
///
/// # Errors
/// When the folder or the register cannot be read, or a file cannot be removed; those before it are gone.
pub fn remove_old_backups(
    workspace: &Workspace,
    environment: &Environment,
    folder: &Path,
    keep: usize,
    dry_run: bool,
) -> Result<OldBackups, DeskError> {
    let files = &*environment.files;
    let of = Snapshot::workspace_of(files, &workspace.hidden())?;
    let here = backups_in(folder, &of, files)?;
    let register = Register::of(environment, &of);
    let notes = register.map(|it| it.backups()).transpose()?.map_or(Vec::new(), |it| it.notes);
    let builds = notes.into_iter().filter(|note| note.base.is_some() && is_there(files, note));
    let elsewhere = builds.filter(|note| Path::new(&note.path).parent() != Some(folder));
    let elsewhere: Vec<String> = elsewhere.filter_map(|note| note.base).collect();
    let going = going(&here, keep, &elsewhere);
    let too_many = here.len().saturating_sub(keep);
    let mut old = OldBackups::default();
    for backup in &here[..too_many] {
        match going.contains(&backup.id) {
            true => old.removed.push(backup.path.clone()),
            false => old.needed.push(backup.path.clone()),
        }
    }
    if dry_run || old.removed.is_empty() {
        return Ok(old);
    }
    for path in &old.removed {
        files.remove(path).map_err(|error| file_error("removing", path, error))?;
    }
    files.sync_folder(folder).map_err(|error| file_error("syncing", folder, error))?;
    Ok(old)
}

/// A backup that lies in the folder.
#[derive(Debug, Clone)]
struct Lying {
    path: PathBuf,
    id: String,
    base: Option<String>,
    /// How far it goes, and when it was made: the clock may have been set back.
    age: (Sequence, Timestamp),
}

/// The backups of that workspace which a folder holds under dated names, the oldest first.
fn backups_in(folder: &Path, of: &[u8; 16], files: &dyn Files) -> Result<Vec<Lying>, DeskError> {
    let failed = |error| file_error("reading", folder, error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let is_file = entry.file_type().map_err(failed)?.is_file();
        if !is_file || !entry.file_name().to_str().is_some_and(is_dated) {
            continue;
        }
        // One that cannot be read is nobody's to remove.
        let Ok(backup) = BackupFile::open(files, &entry.path()) else { continue };
        if backup.workspace() == *of {
            found.push(Lying {
                path: entry.path(),
                id: hex(&backup.id()),
                base: backup.base().map(|base| hex(&base)),
                age: (backup.head().sequence, backup.made()),
            });
        }
    }
    found.sort_by(|one, other| (one.age, &one.path).cmp(&(other.age, &other.path)));
    Ok(found)
}

/// Whether a name is one that [`dated_backup`] gives.
fn is_dated(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(EXTENSION) else { return false };
    let mut parts = stem.rsplit('-').peekable();
    let is_count = |part: &&str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    parts.next_if(is_count);
    let is_time = |part: &str| {
        let shape: Vec<bool> = part.bytes().map(|it| it.is_ascii_digit()).collect();
        part.len() == 16
            && part.ends_with('Z')
            && part.as_bytes()[8] == b'T'
            && shape.iter().filter(|it| **it).count() == 14
    };
    parts.next().is_some_and(is_time) && parts.next().is_some()
}

/// The ids of those that go: all but the last `keep`, and but those that one of the rest, or one that
/// lies elsewhere, builds on.
fn going(here: &[Lying], keep: usize, elsewhere: &[String]) -> BTreeSet<String> {
    let too_many = here.len().saturating_sub(keep);
    let mut going: BTreeSet<String> = here[..too_many].iter().map(|it| it.id.clone()).collect();
    loop {
        let staying = here.iter().filter(|it| !going.contains(&it.id));
        let bases = staying.filter_map(|it| it.base.as_ref()).chain(elsewhere);
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

    #[test]
    fn only_names_with_a_time_are_dated() {
        for (name, expected) in [
            ("customers-20261130T013000Z.stb", true),
            ("customers-20261130T013000Z-2.stb", true),
            ("a-b-20261130T013000Z-12.stb", true),
            ("customers-20261130T013000Z.stb.unfinished", false),
            ("customers-20261130T013000.stb", false),
            ("customers-2026113T0130000Z.stb", false),
            ("20261130T013000Z.stb", false),
            ("monday.stb", false),
            ("customers-1.stb", false),
            ("customers-20261130X013000Z.stb", false),
            (".stb", false),
            ("", false),
        ] {
            assert_eq!(is_dated(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_named_is_dated() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::at(PathBuf::from("/srv/customers"));
        let now: Timestamp = "2026-11-30T01:30:00.5Z".parse().unwrap();
        for expected in ["customers-20261130T013000Z.stb", "customers-20261130T013000Z-2.stb"] {
            let path = dated_backup(&workspace, folder.path(), now);
            assert_eq!(path, folder.path().join(expected));
            assert!(is_dated(expected));
            std::fs::write(&path, "").unwrap();
        }
    }

    fn lying(id: &str, base: Option<&str>) -> Lying {
        let age = (Sequence(1), Timestamp::UNIX_EPOCH);
        Lying { path: PathBuf::from(id), id: id.to_owned(), base: base.map(str::to_owned), age }
    }

    #[test]
    fn those_that_others_build_on_stay() {
        let chain = [lying("a", None), lying("b", Some("a")), lying("c", Some("b"))];
        let full = [lying("a", None), lying("b", None), lying("c", None), lying("d", None)];
        let mixed = [lying("a", None), lying("b", Some("a")), lying("c", None), lying("d", None)];
        for (here, keep, elsewhere, expected) in [
            (&full[..], 2, &[][..], &["a", "b"][..]),
            (&full, 4, &[], &[]),
            (&full, 9, &[], &[]),
            (&full, 0, &[], &["a", "b", "c", "d"]),
            (&full, 1, &["b"], &["a", "c"]),
            (&chain, 1, &[], &[]),
            (&chain, 0, &[], &["a", "b", "c"]),
            (&mixed, 2, &[], &["a", "b"]),
            (&mixed, 3, &[], &[]),
            (&mixed, 1, &["b"], &["c"]),
        ] {
            let elsewhere: Vec<String> = elsewhere.iter().map(|it| (*it).to_owned()).collect();
            let found: Vec<String> = going(here, keep, &elsewhere).into_iter().collect();
            assert_eq!(found, expected, "{keep} of {here:?}, {elsewhere:?}");
        }
    }
}
