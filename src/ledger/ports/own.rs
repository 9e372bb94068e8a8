//! What may stand where steward keeps a file or folder of its own: a regular file under one name, a
//! folder. A link leads elsewhere, a pipe blocks whoever opens it, a second name is somebody else's
//! file: writing through any of them would change what is not steward's.

use std::fs::{FileType, Metadata};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

/// Why what stands at a path is not taken for a file or folder of steward's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOwn {
    /// A symbolic link.
    #[error(
        "is a symbolic link, and steward does not follow links here; replace it with the file or \
         folder itself"
    )]
    Link,
    /// A file that has another name as well.
    #[error(
        "has another name elsewhere (a hard link), so writing it would change that file too; \
         replace it with a copy of its own"
    )]
    Shared,
    /// Something else where a file must be.
    #[error("is {0} but must be a regular file of its own; move it away")]
    NotAFile(&'static str),
    /// Something else where a person named a file to be read.
    #[error("is {0}; name a regular file")]
    NotRegular(&'static str),
    /// Something else where a folder must be.
    #[error("is {0} but must be a folder of its own; move it away")]
    NotAFolder(&'static str),
}

impl From<NotOwn> for io::Error {
    fn from(reason: NotOwn) -> io::Error {
        io::Error::other(reason)
    }
}

/// Whether this is a regular file under one name.
///
/// # Errors
/// What it is instead.
pub fn file(about: &Metadata) -> Result<(), NotOwn> {
    if about.is_symlink() {
        return Err(NotOwn::Link);
    }
    if !about.is_file() {
        return Err(NotOwn::NotAFile(kind(about.file_type())));
    }
    if about.nlink() > 1 { Err(NotOwn::Shared) } else { Ok(()) }
}

/// Whether this is a folder, and no link to one.
///
/// # Errors
/// What it is instead.
pub fn folder(about: &Metadata) -> Result<(), NotOwn> {
    if about.is_symlink() {
        return Err(NotOwn::Link);
    }
    if about.is_dir() { Ok(()) } else { Err(NotOwn::NotAFolder(kind(about.file_type()))) }
}

/// What stands at a path that could not be opened, where that is why.
pub(super) fn instead_of_file(path: &Path) -> Option<NotOwn> {
    std::fs::symlink_metadata(path).ok().and_then(|about| file(&about).err())
}

/// What a file is, with its article.
#[must_use]
pub fn kind(kind: FileType) -> &'static str {
    if kind.is_dir() {
        "a folder"
    } else if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_fifo() {
        "a named pipe (FIFO)"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_file() {
        "a file"
    } else {
        "a device"
    }
}
