//! How whoever made a commit came, as the last columns of a data set.

use super::Cell;
use domain::{Entrance, Evidence};

/// The columns `door`, `session`, `job` and `key`; empty in commits from before that was kept.
pub fn evidence(came: Option<&Evidence>) -> [Cell; 4] {
    let Some(Evidence { door, session, job, key }) = came else { return Default::default() };
    let door = match door {
        Entrance::Local => "local",
        Entrance::Socket => "socket",
        Entrance::Ssh => "ssh",
    };
    [
        Cell::text(door),
        Cell::optional(session.as_ref()),
        Cell::Flag(*job),
        Cell::optional(key.as_ref()),
    ]
}
