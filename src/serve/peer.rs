//! What the system says: who is at the other end of a socket, and what users are called.

use std::io;
use std::os::fd::AsFd;

use nix::unistd::{Group, Uid, User};

use super::people::Users;

/// The process at the other end of a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Whose it is.
    pub user: u32,
    /// Which, where the system tells.
    pub process: Option<u32>,
}

/// Who is at the other end: as it was when it connected, and nothing that it says itself.
///
/// # Errors
/// When the system does not tell.
#[cfg(target_os = "linux")]
pub fn peer(socket: &impl AsFd) -> io::Result<Peer> {
    use nix::sys::socket::{getsockopt, sockopt::PeerCredentials};
    let found = getsockopt(socket, PeerCredentials)?;
    Ok(Peer { user: found.uid(), process: u32::try_from(found.pid()).ok() })
}

/// Who is at the other end: as it was when it connected, and nothing that it says itself.
///
/// # Errors
/// When the system does not tell.
#[cfg(not(target_os = "linux"))]
pub fn peer(socket: &impl AsFd) -> io::Result<Peer> {
    let (user, _) = nix::unistd::getpeereid(socket)?;
    Ok(Peer { user: user.as_raw(), process: None })
}

/// The user of this process.
#[must_use]
pub fn own_user() -> u32 {
    Uid::effective().as_raw()
}

/// The number of a group; none where there is no such group.
#[must_use]
pub fn group(name: &str) -> Option<u32> {
    let found = Group::from_name(name).ok().flatten();
    found.map(|group| group.gid.as_raw()).or_else(|| name.parse().ok())
}

/// The users that this machine knows.
pub struct SystemUsers;

impl Users for SystemUsers {
    fn number(&self, name: &str) -> Option<u32> {
        User::from_name(name).ok().flatten().map(|user| user.uid.as_raw())
    }

    fn name(&self, number: u32) -> Option<String> {
        User::from_uid(Uid::from_raw(number)).ok().flatten().map(|user| user.name)
    }
}
