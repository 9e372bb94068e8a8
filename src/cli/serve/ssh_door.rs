//! The SSH door of a served workspace: who is let in, and what happens in its rooms.
//!
//! A terminal is the review, in this process; a command is a process of its own. Both come in through the workspace's
//! socket, with a ticket that says who they are.

use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use jiff::tz::TimeZone;

use super::allowed::{Instead, allowed};
use super::ssh_line::SshLine;
use crate::cli::attach::{TICKET, VERSION};
use crate::cli::factors::factors;
use crate::cli::failure;
use crate::cli::help;
use crate::cli::review::attached::Hearing;
use crate::cli::review::{colour_of, glyphs_of};
use crate::cli::say::say;
use crate::cli::text::clean;
use desk::{Workspace, read_settings};
use domain::{AccessChange, AccessNoted};
use door::operations::NoteAccess;
use door::{Door, Entrance, Failure, FailureClass, Session, Streams};
use ledger::ports::cipher::SecretKey;
use serve::{Attached, Brought, Connections, Guest, Spools, Ticket, Tickets};
use ssh::{
    Command, Ender, Environment, HostKey, Known, LetIn, Limits, Noted, Options, Rooms, Server,
    Terminal, Who,
};
use tui::{Colour, Keymap};

/// What is kept of the environment of this process for a command: where its own files are, and nothing else.
const KEPT: [&str; 6] =
    ["HOME", "PATH", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR"];

/// An SSH server beside the socket.
pub struct SshDoor {
    server: Server,
    fingerprint: String,
}

impl SshDoor {
    /// Listens at an address.
    ///
    /// # Errors
    /// When there is no key, or nothing can be listened on.
    pub fn open(
        address: &str,
        workspace: &Workspace,
        key: SecretKey,
        socket: &serve::Server,
        spools: Spools,
    ) -> anyhow::Result<SshDoor> {
        let listening = || format!("listening on {address}");
        let listener = TcpListener::bind(address).with_context(listening)?;
        let path = workspace.hidden().join("ssh_host_key");
        let (host_key, is_new) = HostKey::at(&path)?;
        if is_new {
            say("note: created a host key for SSH; compare its fingerprint when you first connect");
        }
        let fingerprint = host_key.fingerprint();
        let program = std::env::current_exe().context("finding this program")?;
        let ender = Arc::new(OnceLock::new());
        let hall = Hall {
            workspace: workspace.clone(),
            tickets: socket.tickets(),
            connections: socket.connections(),
            ender: Arc::clone(&ender),
            program,
        };
        let options = Options {
            rooms: Arc::new(hall),
            known: known(workspace.clone()),
            known_file: workspace.settings(),
            factors: Arc::new(factors(workspace, key)),
            host_key,
            spools,
            limits: Limits::default(),
            clock: Box::new(now),
        };
        let server = Server::start(listener, options).with_context(listening)?;
        let _ = ender.set(server.ender());
        Ok(SshDoor { server, fingerprint })
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        self.server.address().to_string()
    }

    /// The fingerprint of its key.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Stops, and tells everybody why.
    pub fn stop(self, why: &str) {
        self.server.stop(why);
    }
}

/// Seconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Who may come: as `steward.toml` says when they come. Where it is wrong, as it said before, which is said once.
fn known(workspace: Workspace) -> Box<dyn Fn() -> Known + Send + Sync> {
    let known: Mutex<(Known, bool)> = Mutex::default();
    Box::new(move || {
        let mut held = known.lock().unwrap_or_else(PoisonError::into_inner);
        let (known, is_told) = &mut *held;
        match read_settings(&workspace) {
            Ok(settings) => {
                *known = Known { people: settings.people, user_ca: settings.serve.user_ca };
                *is_told = false;
            }
            Err(_) if std::mem::replace(is_told, true) => {}
            Err(_) => say("note: steward.toml has errors; people come in as it said before"),
        }
        known.clone()
    })
}

/// The rooms.
struct Hall {
    workspace: Workspace,
    tickets: Tickets,
    connections: Connections,
    /// Set once there is a server.
    ender: Arc<OnceLock<Ender>>,
    program: PathBuf,
}

impl Hall {
    fn ticket(&self, who: &Who) -> std::io::Result<Ticket> {
        self.tickets.issue(brought(who))
    }

    /// Records what became of what somebody logs in with, in their own name.
    fn note(&self, who: &Who, what: Noted) -> anyhow::Result<()> {
        let what = match what {
            Noted::RecoveryCode(left) => {
                let left = left.try_into().unwrap_or(u32::MAX);
                AccessChange::RecoveryCodeUsed { left }
            }
            Noted::LockedOut(wait) => AccessChange::LockedOut { seconds: wait.as_secs() },
        };
        let noted = AccessNoted { person: who.person.clone(), what };
        let ticket = self.ticket(who)?;
        let guest = Guest {
            version: VERSION.to_owned(),
            doing: "login over SSH".to_owned(),
            zone: "UTC".to_owned(),
            ticket: Some(ticket.text().to_owned()),
        };
        let attached = serve::attach(&self.workspace.socket(), &guest, |_| {})?;
        let door = attached.context("the workspace is not served any more")?.door;
        let as_them = Session::local(who.person.as_str(), TimeZone::UTC);
        let told = (&door as &dyn Door).ask(&as_them, NoteAccess { noted }, Streams::default());
        told.map_err(|not_done| anyhow::anyhow!("{not_done}"))
    }

    /// Shows the review; what is left to say once the terminal is given back.
    fn review(&self, who: &Who, terminal: Terminal) -> (Option<Terminal>, anyhow::Result<()>) {
        let environment = terminal.environment().clone();
        let hearing = Hearing::default();
        let hears = hearing.clone();
        let attached = self.ticket(who).map_err(anyhow::Error::from).and_then(|ticket| {
            let guest = Guest {
                version: VERSION.to_owned(),
                doing: "review over SSH".to_owned(),
                zone: zone(&environment),
                ticket: Some(ticket.text().to_owned()),
            };
            let heard = move |news| hears.hear(&news);
            let attached = serve::attach(&self.workspace.socket(), &guest, heard)?;
            attached.context("the workspace is not served any more")
        });
        let door = match attached {
            Ok(Attached { door, .. }) => door,
            Err(error) => return (Some(terminal), Err(error)),
        };
        let options = self.options(who, &environment);
        let listening = hearing.clone();
        let line = move || Ok(SshLine::take(terminal, listening)?);
        let shown = hearing.show(door, Vec::new(), options, line);
        let ended = hearing.ended().map(|why| Failure::new(FailureClass::Stopped, clean(why)));
        (None, shown.and_then(|()| ended.map_or(Ok(()), |why| Err(why.into()))))
    }

    /// How the review is shown there. Preferences and views are files of whoever serves, and not theirs.
    fn options(&self, who: &Who, environment: &Environment) -> tui::Options {
        let value = |name: &str| environment.get(name).cloned();
        let is_plain = value("NO_COLOR").is_some_and(|value| !value.is_empty());
        tui::Options {
            who: Session::local(
                who.person.as_str(),
                TimeZone::get(&zone(environment)).unwrap_or(TimeZone::UTC),
            ),
            open_file: |_, _| Err(Failure::new(FailureClass::Failed, NO_FILES)),
            views: Vec::new(),
            change_view: |_, _| Err("views are not kept over SSH".to_owned()),
            home: None,
            own_files: false,
            clock: jiff::Timestamp::now,
            colour: if is_plain { Colour::None } else { colour_of(&value) },
            glyphs: glyphs_of(&value),
            workspace: self.workspace.folder().display().to_string(),
            keys: Keymap::default(),
            far: true,
            notice: None,
        }
    }

    fn process(
        &self,
        words: &[String],
        ticket: &Ticket,
        environment: &Environment,
    ) -> process::Command {
        let mut process = process::Command::new(&self.program);
        process.args(words).env_clear().envs(environment);
        for name in KEPT {
            if let Some(value) = std::env::var_os(name) {
                process.env(name, value);
            }
        }
        process.env("STEWARD_WORKSPACE", self.workspace.folder()).env(TICKET, ticket.text());
        process.current_dir(self.workspace.folder());
        process
    }
}

/// Somebody who came over SSH.
fn brought(who: &Who) -> Brought {
    Brought {
        person: who.person.clone(),
        entrance: Entrance::Ssh,
        address: Some(who.address.ip().to_string()),
        key_fingerprint: Some(who.fingerprint.clone()),
        connection: Some(who.connection),
    }
}

/// Why no file is opened in the review.
const NO_FILES: &str =
    "over SSH, files are sent to a command of their own: ssh HOST import - --source NAME < FILE";

/// Where their days begin: as they say, else as they do here.
fn zone(environment: &Environment) -> String {
    let named = environment.get("TZ").filter(|zone| TimeZone::get(zone).is_ok()).cloned();
    named
        .or_else(|| TimeZone::system().iana_name().map(str::to_owned))
        .unwrap_or_else(|| "UTC".to_owned())
}

impl Rooms for Hall {
    fn is_terminal(&self, words: &[String]) -> bool {
        words == ["review"]
    }

    fn noted(&self, who: &Who, what: Noted) {
        if let Err(error) = self.note(who, what) {
            let (person, error) = (&who.person, format!("{error:#}"));
            tracing::error!(person, %what, error, "what became of a code is not in the ledger");
        }
    }

    fn let_in(&self, who: &Who) -> LetIn {
        let (ender, connection) = (Arc::clone(&self.ender), who.connection);
        let ends = move |why: &str| {
            if let Some(ender) = ender.get() {
                ender.end(connection, why);
            }
        };
        let entered = self.connections.enter(&brought(who), "connected over SSH", connection, ends);
        let session = entered.as_ref().map(|entered| entered.name().to_owned());
        LetIn { session, kept: Box::new(entered) }
    }

    fn terminal(&self, who: Who, terminal: Terminal) {
        let (terminal, shown) = self.review(&who, terminal);
        let Err(error) = shown else { return };
        tracing::info!(person = who.person, %error, "a review over SSH ended");
        if let Some(mut terminal) = terminal {
            let _ = terminal.send(format!("steward: {}\r\n", failure::message(&error)).as_bytes());
            terminal.finish(1);
        }
    }

    fn command(&self, who: Who, words: Vec<String>, command: Command) {
        if let Err(Instead { text, is_help }) = allowed(help::command(), &words) {
            let _ = match is_help {
                true => command.output().write_all(text.as_bytes()),
                false => command.errors().write_all(text.as_bytes()),
            };
            return command.finish(if is_help { 0 } else { 2 });
        }
        let ticket = match self.ticket(&who) {
            Ok(ticket) => ticket,
            Err(error) => {
                let _ = writeln!(command.errors(), "error: {error}");
                return command.finish(1);
            }
        };
        let process = self.process(&words, &ticket, command.environment());
        if let Err(error) = ssh::run_child(process, command) {
            tracing::error!(%error, "a command over SSH could not be started");
        }
    }
}
