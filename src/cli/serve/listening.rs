//! Listening on the workspace's socket, for `steward serve` and for a review that has the workspace open.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;

use super::reach;
use crate::cli::attach::VERSION;
use crate::cli::failure::Usage;
use crate::cli::invocation::Invocation;
use crate::cli::say::say;
use desk::{Environment, KeptBytes, Workspace, read_settings};
use door::Door;
use serve::{BoundSocket, Options, People, Run, Server, Spool, SystemUsers};
use settings::Person;

/// Whom to let in.
pub enum Whom {
    /// Those in `[people.*]`; where nobody stands there, the owner.
    Named {
        /// What the ledger calls the owner.
        owner: String,
        /// Those of the settings in force: they come in where `steward.toml` has errors.
        in_force: Vec<Person>,
    },
    /// Only the owner, whoever `steward.toml` names.
    OwnerOnly {
        /// What the ledger calls them.
        owner: String,
    },
}

/// A socket that is listened on.
pub struct Listening {
    server: Server,
    path: PathBuf,
    /// The folder, if a group was let through it.
    opened: Option<PathBuf>,
}

impl Listening {
    /// Where.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The server.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Stops, and tells everybody why.
    pub fn stop(self, why: &str) {
        self.server.stop(why);
        if let Some(Err(error)) = self.opened.as_deref().map(let_nobody_through) {
            say(&format!("warning: {error:#}"));
        }
    }
}

/// Listens on the socket of a workspace that this process has open.
///
/// # Errors
/// When the socket cannot be made, or nobody is called like that group.
pub fn listen(
    invocation: &Invocation,
    whom: Whom,
    group: Option<&str>,
    run: Run,
    way: impl Fn() -> Box<dyn Door> + Send + Sync + 'static,
) -> anyhow::Result<Listening> {
    let workspace = invocation.workspace();
    let environment = invocation.environment()?;
    let group = group.map(number_of).transpose()?;
    let path = workspace.socket();
    let folder = workspace.hidden();
    match group {
        Some(number) => {
            let_group_through(&folder, group)?;
            if let Some(warning) = reach::warning(workspace.folder(), number) {
                say(&warning);
            }
        }
        // A server that was killed may have left it open to one.
        None => let_nobody_through(&folder)?,
    }
    let bind = || format!("listening on {}", path.display());
    let socket = BoundSocket::bind(&path, group).with_context(bind)?;
    let options = Options {
        way: Box::new(way),
        people: people(&workspace, whom),
        users: Box::new(SystemUsers),
        spools: spools(workspace, environment),
        version: VERSION.to_owned(),
        clock: jiff::Timestamp::now,
        run,
    };
    let server = Server::start(socket, options).with_context(bind)?;
    Ok(Listening { server, path, opened: group.map(|_| folder) })
}

fn number_of(name: &str) -> anyhow::Result<u32> {
    serve::group(name).ok_or_else(|| Usage::error(format!("there is no group {name}")))
}

/// Members of the group may go through the folder to the socket, and read nothing of it.
fn let_group_through(folder: &Path, group: Option<u32>) -> anyhow::Result<()> {
    use std::os::unix::fs::{PermissionsExt, chown};
    let change = || -> io::Result<()> {
        chown(folder, None, group)?;
        std::fs::set_permissions(folder, PermissionsExt::from_mode(0o710))
    };
    change().with_context(|| format!("letting the group through {}", folder.display()))
}

/// The folder is its owner's alone again.
fn let_nobody_through(folder: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let change = || -> io::Result<()> {
        if std::fs::metadata(folder)?.permissions().mode() & 0o077 == 0 {
            return Ok(());
        }
        std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700))
    };
    change().with_context(|| format!("closing {} to others", folder.display()))
}

/// Who may come in: as `steward.toml` says when they come. Where it is wrong, as it said before.
fn people(workspace: &Workspace, whom: Whom) -> Box<dyn Fn() -> People + Send + Sync> {
    let owner = serve::own_user();
    let (owner_name, reads, in_force) = match whom {
        Whom::Named { owner, in_force } => (owner, Some(workspace.clone()), in_force),
        Whom::OwnerOnly { owner } => (owner, None, Vec::new()),
    };
    let known: Mutex<Vec<Person>> = Mutex::new(match reads.as_ref().map(read_settings) {
        Some(Ok(settings)) => settings.people,
        // Serving begins with it: whoever serves is told at once, not when somebody comes.
        Some(Err(_)) => {
            say(
                "warning: steward.toml has errors, so people come in as it said before and the adopted settings \
                 stay in force: steward check names the lines",
            );
            in_force
        }
        None => in_force,
    });
    Box::new(move || {
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let mut are_of_before = false;
        if let Some(workspace) = &reads {
            match read_settings(workspace) {
                Ok(settings) => *known = settings.people,
                Err(_) => {
                    are_of_before = true;
                    say("note: steward.toml has errors; people come in as it said before");
                }
            }
        }
        People { owner, owner_name: owner_name.clone(), named: known.clone(), are_of_before }
    })
}

/// Where files wait: sealed, in the workspace.
pub fn spools(workspace: Workspace, environment: Environment) -> serve::Spools {
    Arc::new(move || Ok(Box::new(Sealed(KeptBytes::within(&workspace, &environment)))))
}

struct Sealed(KeptBytes);

impl Spool for Sealed {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.append(bytes)
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.0.read_at(buffer, offset)
    }

    fn length(&self) -> u64 {
        self.0.length()
    }
}
