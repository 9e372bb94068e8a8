//! The seal of a store's folder: a note that it was closed well, and what its files were like.
//!
//! While it matches, the store need not be looked through at opening. It never says that a store
//! is sound: a copied folder, a changed file, a process that was killed or a machine that was
//! restarted (sled's writes may not have reached the disk) only mean that somebody looks.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

const NAME: &str = "sealed";

fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Whether the folder was closed well and is as it was then.
pub(super) fn is_whole(folder: &Path) -> bool {
    match (fs::read_to_string(path(folder)), describe(folder)) {
        (Ok(sealed), Ok(now)) => sealed == now,
        _ => false,
    }
}

/// Breaks the seal: from now on only closing well says that all is well.
///
/// # Errors
/// When the folder cannot be written.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_file(path(folder)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Seals a folder that was just closed. A seal that cannot be set is none.
pub(super) fn set(folder: &Path) {
    let written = describe(folder).and_then(|text| {
        let mut options = OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path(folder))?;
        file.write_all(text.as_bytes())
    });
    if written.is_err() {
        // Half a seal matches nothing, and nothing is lost with it.
        let _ = remove(folder);
    }
}

/// One line for the machine's start and each file: name, length, time of the last change.
fn describe(folder: &Path) -> io::Result<String> {
    let mut lines = vec![fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned()];
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(&inner)? {
            let path = entry?.path();
            let about = fs::symlink_metadata(&path)?;
            if about.is_dir() {
                folders.push(path);
            } else if path != self::path(folder) {
                let name = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
                let (length, second, part) = (about.len(), about.mtime(), about.mtime_nsec());
                lines.push(format!("{name} {length} {second}.{part:09}"));
            }
        }
    }
    lines[1..].sort_unstable();
    Ok(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_until_something_changes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let file = inner.join("file");
        for change in [
            &|| fs::write(&file, "longer").unwrap(),
            &|| fs::write(inner.join("more"), "").unwrap(),
            &|| fs::rename(&file, inner.join("other")).unwrap(),
            &|| remove(folder.path()).unwrap(),
        ] as [&dyn Fn(); 4]
        {
            fs::write(&file, "text").unwrap();
            assert!(!is_whole(folder.path()));
            set(folder.path());
            assert!(is_whole(folder.path()));
            change();
            assert!(!is_whole(folder.path()));
            remove(folder.path()).unwrap();
        }
    }
}
