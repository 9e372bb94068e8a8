//! The file `keys` and its copy: what they hold, and how one of them is always whole.
//!
//! Each is written under a temporary name, synced and renamed, one after the other: whatever is
//! interrupted, one of them is sound. The one with the higher generation counts.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use serde::{Deserialize, Serialize};

use super::error::KeysError;
use crate::ports::files::{Access, Files};
use domain::hexadecimal;

/// The names of the file and its copy in a workspace's `.steward`.
pub const FILE_NAMES: [&str; 2] = ["keys", "keys.copy"];

/// Version of the format that FORMAT.md describes.
pub(super) const FORMAT: u32 = 1;

const CHECKSUM_CONTEXT: &[u8] = b"steward keys 1";
/// Far more than any number of keys takes; nothing larger is read.
const MAX_LENGTH: usize = 1024 * 1024;

/// What the file holds. No secret is readable in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeysFile {
    pub(super) format: u32,
    /// The workspace's id in hexadecimal.
    pub(super) workspace: String,
    /// One more each time it is written.
    pub(super) generation: u64,
    /// The key new data is encrypted with.
    pub(super) current: u32,
    /// All data is being re-encrypted with the current key; then the others go.
    pub(super) rekeying: bool,
    pub(super) wrap: Wrap,
    pub(super) keys: Vec<Slot>,
}

/// Where the wrapping key comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(super) enum Wrap {
    /// From a key file outside the workspace.
    KeyFile,
    /// From a passphrase, by Argon2id version 1.3 (RFC 9106).
    Passphrase {
        /// Memory in KiB.
        memory: u32,
        /// Passes over the memory.
        passes: u32,
        /// Lanes.
        lanes: u32,
        /// 16 bytes in hexadecimal.
        salt: String,
    },
}

/// One data key, wrapped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slot {
    /// Its id, from 1.
    pub(super) id: u32,
    /// Nonce, encrypted key and tag in hexadecimal.
    pub(super) sealed: String,
}

/// The file as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) content: KeysFile,
    /// Those that are to be replaced from the other, and why.
    pub(super) to_mend: Vec<(PathBuf, CopyFault)>,
}

/// What is wrong with one of the two files while the other is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyFault {
    /// It is not there.
    Missing,
    /// It cannot be read.
    Damaged,
    /// It is of an earlier generation.
    OutOfDate,
}

impl fmt::Display for CopyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CopyFault::Missing => "missing",
            CopyFault::Damaged => "damaged",
            CopyFault::OutOfDate => "out of date",
        })
    }
}

impl KeysFile {
    fn encode(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        bytes.extend_from_slice(hexadecimal::encode(&checksum(&bytes)).as_bytes());
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// The content of a file; none where it is damaged, a format where it is newer.
    fn decode(bytes: &[u8]) -> Result<Option<KeysFile>, KeysError> {
        let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return Ok(None) };
        let (line, rest) = bytes.split_at(end + 1);
        if rest.trim_ascii_end() != hexadecimal::encode(&checksum(line)).as_bytes() {
            return Ok(None);
        }
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        match serde_json::from_slice::<Version>(line) {
            Ok(Version { format }) if format > FORMAT => Err(KeysError::Newer { found: format }),
            _ => Ok(serde_json::from_slice(line).ok()),
        }
    }
}

fn checksum(line: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(CHECKSUM_CONTEXT).update(line);
    let mut sum = [0; 16];
    sum.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    sum
}

/// The newest sound one of the two files in `folder`; none where neither is there.
///
/// # Errors
/// When one is there and neither can be used, or the disk refuses.
pub(super) fn read(files: &dyn Files, folder: &Path) -> Result<Option<Found>, KeysError> {
    let mut contents = Vec::new();
    let mut any = false;
    for name in FILE_NAMES {
        let path = folder.join(name);
        let bytes = read_bytes(files, &path)?;
        any |= bytes.is_some();
        let content = match bytes {
            None => Err(CopyFault::Missing),
            Some(bytes) => KeysFile::decode(&bytes)?.ok_or(CopyFault::Damaged),
        };
        contents.push((path, content));
    }
    let newest = contents.iter().filter_map(|(_, content)| content.clone().ok());
    let Some(newest) = newest.max_by_key(|content| content.generation) else {
        let path = folder.join(FILE_NAMES[0]);
        return if any { Err(KeysError::Damaged { path }) } else { Ok(None) };
    };
    let to_mend = contents.into_iter().filter_map(|(path, content)| match content {
        Ok(content) if content == newest => None,
        Ok(_) => Some((path, CopyFault::OutOfDate)),
        Err(fault) => Some((path, fault)),
    });
    let to_mend = to_mend.collect();
    Ok(Some(Found { content: newest, to_mend }))
}

fn read_bytes(files: &dyn Files, path: &Path) -> Result<Option<Vec<u8>>, KeysError> {
    let read = || {
        let file = files.open(path, Access::Read)?;
        let length = usize::try_from(file.length()?).unwrap_or(usize::MAX).min(MAX_LENGTH);
        let mut bytes = vec![0; length];
        let read = file.read_at(&mut bytes, 0)?;
        bytes.truncate(read);
        Ok(bytes)
    };
    match read() {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(KeysError::io("read", path, error)),
    }
}

fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

/// Writes both files, one durable before the other is begun.
pub(super) fn write(files: &dyn Files, folder: &Path, content: &KeysFile) -> Result<(), KeysError> {
    let paths = FILE_NAMES.map(|name| folder.join(name));
    write_to(files, folder, content, &paths)
}

/// Writes those of the two files that are named.
pub(super) fn write_to(
    files: &dyn Files,
    folder: &Path,
    content: &KeysFile,
    paths: &[PathBuf],
) -> Result<(), KeysError> {
    for path in paths {
        let failed = |error| KeysError::io("write", path, error);
        let bytes = content.encode().map_err(|error| failed(io::Error::other(error)))?;
        write_whole(files, folder, path, &bytes).map_err(failed)?;
    }
    Ok(())
}

/// A file that has its name only when it is whole and durable.
pub(super) fn write_whole(
    files: &dyn Files,
    folder: &Path,
    path: &Path,
    bytes: &[u8],
) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let unfinished = PathBuf::from(name);
    match files.remove(&unfinished) {
        Err(error) if !is_absent(&error) => return Err(error),
        _ => {}
    }
    let file = files.open(&unfinished, Access::CreateNew)?;
    file.write_at(bytes, 0)?;
    file.sync()?;
    files.rename(&unfinished, path)?;
    files.sync_folder(folder)
}
