//! The seal of a store's folder: a note that it was closed well, and what its files were like.
//!
//! While it matches, the store need not be looked through at opening. It never says that a store
//! is sound: a copied folder, a changed file, a process that was killed or a machine that was
//! restarted (sled's writes may not have reached the disk) only mean that somebody looks.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::Sequence;
use domain::hexadecimal::{decode_array, encode as hex};
use ledger::ports::own;

const NAME: &str = "sealed";
/// What the line of the head begins with.
const HEAD: &str = "head ";

fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

/// Whether the folder was closed well and is as it was then.
pub(super) fn is_whole(folder: &Path) -> bool {
    match (fs::read_to_string(path(folder)), describe(folder)) {
        (Ok(sealed), Ok(now)) => split(&sealed).1 == now,
        _ => false,
    }
}

/// The last commit that was folded into the store when it was closed, as its seal says, whether or not
/// that still matches: nothing is opened for it. None where it is in use, or was not closed well.
#[must_use]
pub fn sealed_head(folder: &Path) -> Option<(Sequence, [u8; 32])> {
    let path = path(folder);
    own::file(&fs::symlink_metadata(&path).ok()?).ok()?;
    let sealed = fs::read_to_string(path).ok()?;
    let (said, sum) = split(&sealed).0?.rsplit_once(' ')?;
    (checksum(said) == sum).then_some(())?;
    let (number, chain) = said.strip_prefix(HEAD)?.split_once(' ')?;
    Some((Sequence(number.parse().ok()?), decode_array(chain)?))
}

/// A seal's line of the head, which older ones do not have, and the description of the files.
fn split(sealed: &str) -> (Option<&str>, &str) {
    match sealed.split_once('\n') {
        Some((head, files)) if head.starts_with(HEAD) => (Some(head), files),
        _ => (None, sealed),
    }
}

fn checksum(said: &str) -> String {
    hex(&blake3::hash(said.as_bytes()).as_bytes()[..8])
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

/// Seals a folder that was just closed, with the last commit it has seen. A seal that cannot be set is
/// none.
pub(super) fn set(folder: &Path, head: Option<(Sequence, [u8; 32])>) {
    let head = head.map_or(String::new(), |(sequence, chain)| {
        let said = format!("{HEAD}{sequence} {}", hex(&chain));
        format!("{said} {}\n", checksum(&said))
    });
    let written = describe(folder).and_then(|text| {
        let text = head + &text;
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
            set(folder.path(), None);
            assert!(is_whole(folder.path()));
            change();
            assert!(!is_whole(folder.path()));
            remove(folder.path()).unwrap();
        }
    }

    #[test]
    fn a_seal_tells_the_head_until_a_bit_of_that_is_flipped() {
        let folder = tempfile::tempdir().unwrap();
        let head = Some((Sequence(17), [7; 32]));
        assert_eq!(sealed_head(folder.path()), None);
        set(folder.path(), head);
        assert!(is_whole(folder.path()));
        fs::write(folder.path().join("more"), "").unwrap();
        assert_eq!((is_whole(folder.path()), sealed_head(folder.path())), (false, head));
        let whole = fs::read(path(folder.path())).unwrap();
        let line = whole.iter().position(|byte| *byte == b'\n').unwrap();
        for bit in 0..line * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(path(folder.path()), flipped).unwrap();
            assert_eq!(sealed_head(folder.path()), None, "bit {bit}");
        }
        remove(folder.path()).unwrap();
        set(folder.path(), None);
        assert_eq!((is_whole(folder.path()), sealed_head(folder.path())), (true, None));
    }
}
