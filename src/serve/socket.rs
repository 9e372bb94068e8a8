//! The socket's file: made for its owner alone, found stale, taken away.

use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use super::peer::peer;

/// Bytes of a path that a socket's address has room for, on every system that we know.
const LONGEST: usize = 103;

/// A socket that is listened on. Dropped, its file goes.
pub struct BoundSocket {
    listener: UnixListener,
    path: PathBuf,
    /// Which file it is: another one in its place is left alone.
    file: (u64, u64),
}

impl BoundSocket {
    /// Listens at a path. Whoever does has the workspace: a socket that stands there is one that a killed
    /// server left.
    ///
    /// # Errors
    /// When something else stands there, or the system refuses.
    pub fn bind(path: &Path, group: Option<u32>) -> io::Result<BoundSocket> {
        remove_stale(path)?;
        let listener = at_short_path(path, |path| UnixListener::bind(path))?;
        let mode = if group.is_some() { 0o660 } else { 0o600 };
        if let Some(group) = group {
            std::os::unix::fs::chown(path, None, Some(group))?;
        }
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode))?;
        listener.set_nonblocking(true)?;
        let about = std::fs::symlink_metadata(path)?;
        let file = (about.dev(), about.ino());
        Ok(BoundSocket { listener, path: path.to_owned(), file })
    }

    /// What is listened on.
    #[must_use]
    pub fn listener(&self) -> &UnixListener {
        &self.listener
    }
}

impl Drop for BoundSocket {
    fn drop(&mut self) {
        let ours = std::fs::symlink_metadata(&self.path)
            .is_ok_and(|about| (about.dev(), about.ino()) == self.file);
        if ours && let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, "the socket could not be removed");
        }
    }
}

/// Takes a socket away that nobody listens on any more.
fn remove_stale(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(about) if about.file_type().is_socket() => std::fs::remove_file(path),
        Ok(_) => Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "there is something there that is not a socket: move it away",
        )),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// A line to whoever serves at a path; none where nobody does.
///
/// # Errors
/// When somebody else than the owner of its folder listens there, or the system refuses.
pub fn connect(path: &Path) -> io::Result<Option<UnixStream>> {
    match std::fs::symlink_metadata(path) {
        Ok(about) if about.file_type().is_socket() => {}
        Ok(_) => return Ok(None),
        Err(error) if is_nothing(&error) => return Ok(None),
        Err(error) => return Err(error),
    }
    let stream = match at_short_path(path, |path| UnixStream::connect(path)) {
        Ok(stream) => stream,
        Err(error) if is_nothing(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    let (owner, server) = (std::fs::metadata(folder)?.uid(), peer(&stream)?.user);
    if owner != server {
        let why = format!(
            "user {server} listens on {}, and the folder belongs to user {owner}: nothing was sent",
            path.display()
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    Ok(Some(stream))
}

/// Nobody listens: there is no socket, or one that a killed server left. Or it is not for us: then
/// opening the workspace says why not.
fn is_nothing(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, NotADirectory, NotFound, PermissionDenied};
    matches!(error.kind(), NotFound | ConnectionRefused | NotADirectory | PermissionDenied)
}

/// Does something with a path that an address has room for: a long one is told by its open folder.
fn at_short_path<T>(path: &Path, does: impl FnOnce(&Path) -> io::Result<T>) -> io::Result<T> {
    if path.as_os_str().len() <= LONGEST {
        return does(path);
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let opened = std::fs::File::open(folder)?;
    let number = std::os::fd::AsRawFd::as_raw_fd(&opened);
    does(&Path::new("/proc/self/fd").join(number.to_string()).join(name)).map_err(|error| {
        let why = format!("the path of the socket is too long for this system ({error})");
        match cfg!(target_os = "linux") {
            true => error,
            false => io::Error::new(error.kind(), why),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_socket_is_its_owners_and_goes_with_its_listener() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        assert!(connect(&path).unwrap().is_none(), "nobody listens");
        let bound = BoundSocket::bind(&path, None).unwrap();
        assert_eq!(mode(&path), 0o600);
        assert!(connect(&path).unwrap().is_some());
        drop(bound);
        assert!(!path.exists());
        assert!(connect(&path).unwrap().is_none());
    }

    #[test]
    fn one_that_was_left_is_replaced_and_anything_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("socket");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists() && connect(&path).unwrap().is_none(), "it is stale");
        let bound = BoundSocket::bind(&path, None).unwrap();
        assert!(connect(&path).unwrap().is_some());
        // Another one has come to stand there.
        std::fs::remove_file(&path).unwrap();
        let other = UnixListener::bind(&path).unwrap();
        drop(bound);
        assert!(path.exists(), "it is not ours to remove");
        drop(other);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "mine").unwrap();
        assert!(BoundSocket::bind(&path, None).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
        assert!(connect(&path).unwrap().is_none());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_path_of_any_length_will_do() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("x".repeat(120)).join("y".repeat(120));
        std::fs::create_dir_all(&long).unwrap();
        let path = long.join("socket");
        let bound = BoundSocket::bind(&path, None).unwrap();
        assert_eq!(mode(&path), 0o600);
        assert!(connect(&path).unwrap().is_some());
        drop(bound);
        assert!(!path.exists());
    }
}
