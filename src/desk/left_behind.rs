//! What a killed process left beside the files it was to write: found by its name, told from what a
//! living process is writing by its lock, and removed by the next command that writes there.
//!
//! Exports are written as `.NAME.HEX.unfinished`, in the clear; backups as `NAME.HEX.unfinished`.

use std::io;
use std::path::{Path, PathBuf};

use domain::hexadecimal::encode as hex;
use ledger::backup::{UNFINISHED, is_unfinished_backup};
use ledger::ports::{Files, Randomness};

/// Digits that keep two commands from writing into each other.
const DIGITS: usize = 8;
/// How the name of an unfinished export ended up to steward 0.1.
const OLDER: &str = ".tmp";

/// Where an export to `path` is written before it is whole.
pub(super) fn unfinished_export(path: &Path, randomness: &dyn Randomness) -> PathBuf {
    let mut digits = [0; DIGITS / 2];
    randomness.fill(&mut digits);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}{UNFINISHED}", hex(&digits)))
}

/// Removes what killed exports and backups left in a folder; gives what was removed. `name`: also
/// what an earlier steward left of an export to that name, which says less about itself.
///
/// What cannot be removed stays, and is no reason not to go on.
pub fn clear_up(files: &dyn Files, folder: &Path, name: Option<&str>) -> Vec<PathBuf> {
    let names = files.list(folder).unwrap_or_default();
    let paths = names.into_iter().filter_map(|found| {
        let path = folder.join(&found);
        is_left(files, &path, &found, name).then_some(path)
    });
    let removed: Vec<PathBuf> =
        paths.filter(|path| matches!(files.remove_left(path), Ok(true))).collect();
    if !removed.is_empty() {
        // Gone from the folder even if the power goes.
        let synced: io::Result<()> = files.sync_folder(folder);
        if let Err(error) = synced {
            tracing::warn!(kind = ?error.kind(), "a folder could not be synced");
        }
    }
    removed
}

/// Whether a file has the name of an unfinished export or backup, and looks like one.
fn is_left(files: &dyn Files, path: &Path, found: &str, name: Option<&str>) -> bool {
    if name.is_some_and(|name| is_older(found, name)) {
        return true;
    }
    match (is_unfinished(found), found.starts_with('.')) {
        (false, _) => false,
        (true, true) => true,
        (true, false) => is_unfinished_backup(files, path),
    }
}

/// `ANYTHING.HEX.unfinished`.
fn is_unfinished(found: &str) -> bool {
    let digits = found
        .strip_suffix(UNFINISHED)
        .and_then(|rest| rest.rsplit_once('.'))
        .filter(|(name, _)| !name.is_empty() && *name != ".")
        .map(|(_, digits)| digits);
    let is_digit = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.bytes().all(is_digit))
}

/// `.NAME.PID.tmp`.
fn is_older(found: &str, name: &str) -> bool {
    let process = found
        .strip_prefix('.')
        .and_then(|rest| rest.strip_prefix(name))
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| rest.strip_suffix(OLDER));
    process.is_some_and(|process| {
        !process.is_empty() && process.bytes().all(|digit| digit.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use ledger::ports::files::{Access, SystemFiles};
    use ledger::ports::randomness::SimulatedRandomness;

    #[test]
    fn only_what_a_dead_steward_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let write = |name: &str, content: &[u8]| {
            fs::write(at(name), content).unwrap();
            fs::set_permissions(at(name), fs::Permissions::from_mode(0o600)).unwrap();
        };
        let left = [".g.csv.00ff00ff.unfinished", ".g.csv.4711.tmp", "b.stb.00ff00ff.unfinished"];
        for name in left {
            write(name, b"");
        }
        let others = [
            "b.stb.11111111.unfinished",
            ".other.csv.4711.tmp",
            ".g.csv.tmp",
            ".g.csv.xyz.tmp",
            ".g.csv.00FF00FF.unfinished",
            ".unfinished",
            ".00ff00ff.unfinished",
            "notes.unfinished",
            "g.csv",
        ];
        for name in others {
            write(name, b"mine");
        }
        write(".shared.00ff00ff.unfinished", b"");
        fs::set_permissions(at(".shared.00ff00ff.unfinished"), fs::Permissions::from_mode(0o644))
            .unwrap();
        std::os::unix::fs::symlink(at("g.csv"), at(".l.00ff00ff.unfinished")).unwrap();
        let living = unfinished_export(&at("g.csv"), &SimulatedRandomness::seeded(1));
        let held = SystemFiles.open(&living, Access::CreateHeld).unwrap();

        let mut removed = clear_up(&SystemFiles, folder.path(), Some("g.csv"));
        removed.sort();
        assert_eq!(removed, left.map(at));
        assert!(living.exists(), "somebody is writing it");
        for name in others.iter().chain(&[".shared.00ff00ff.unfinished", ".l.00ff00ff.unfinished"])
        {
            assert!(at(name).symlink_metadata().is_ok(), "{name}");
        }
        drop(held);
        assert_eq!(clear_up(&SystemFiles, folder.path(), None), [living]);
    }
}
