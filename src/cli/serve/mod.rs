//! `steward serve`: one process has the workspace, everybody else comes in to it.

#[cfg(feature = "ssh")]
mod allowed;
mod listening;
mod reach;
#[cfg(feature = "ssh")]
mod ssh_door;
#[cfg(feature = "ssh")]
mod ssh_line;

pub use listening::{Listening, Whom, listen};
#[cfg(feature = "ssh")]
pub use ssh_door::now;

use std::sync::mpsc;

use anyhow::Context;
use serde_json::json;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::attach;
use super::code::Code;
use super::invocation::{self, Invocation};
use super::output::Output;
use super::progress::Bar;
use super::say::say;
use super::text::clean;
use desk::Desk;
use door::DoorHandle;

/// Keep the workspace open for everybody; commands and reviews attach to it while it runs.
///
/// While it runs, every command and every review in this workspace goes through it, so that several
/// people can decide at once and nobody waits for the workspace. [people.*] in steward.toml says who
/// may come in, each with their Unix user; without it, only the user who runs this. Ctrl-c or SIGTERM
/// stops it: requests under way are answered, imports and matches stop between two commits (run them again
/// to complete them), everybody is told, and the workspace is closed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  steward serve\n  steward serve --group stewards\n  \
    steward sessions\n  steward wall 'restarting at noon'")]
pub struct Arguments {
    /// Let the members of this group reach the socket; [people.*] says which of them may come in.
    /// Default: only its owner can reach it.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// Let people in over SSH as well, at this address, with the keys of [people.*]: ssh -t -p 2222 sam@HOST
    /// is the review, ssh -p 2222 sam@HOST tasks a command.
    #[cfg(feature = "ssh")]
    #[arg(long, value_name = "ADDRESS")]
    ssh: Option<String>,
}

/// Serves until it is told to stop.
///
/// # Errors
/// When the workspace cannot be opened, another process has it, or the socket cannot be made.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    if let Some(other) = attach::attach(&invocation.workspace(), "serve", attach::told)? {
        return Err(attach::is_served(other.process));
    }
    let unlocked = invocation.unlock()?;
    // Whoever is asked for a passphrase may still leave as they are used to. From here on it may be told
    // to stop, whatever it is doing.
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP]).context("watching for signals")?;
    let owner = unlocked.actor().to_owned();
    desk::begin_pool()?;
    let (noted, notes) = mpsc::channel();
    #[cfg(feature = "ssh")]
    let (sealed, key) = mpsc::channel();
    let (handle, thread) = DoorHandle::open(move || -> anyhow::Result<Desk> {
        let bar = Bar::new();
        let opened = unlocked.open(&mut |done, total| {
            bar.at("catching up with the ledger", done, total);
        });
        bar.clear();
        let (mut desk, report) = opened?;
        desk.start_finder()?;
        #[cfg(feature = "ssh")]
        let _ = sealed.send(super::factors::key(&desk));
        let mut told = invocation::notes(&report);
        told.extend(desk.clock_doubt().map(|doubt| format!("warning: {doubt}")));
        let _ = noted.send((told, desk.people_in_force().to_vec()));
        Ok(desk)
    })?;
    let stopped = "the desk stopped unexpectedly; your decisions are kept";
    let Ok((notes, in_force)) = notes.recv() else {
        drop(handle);
        return match thread.join() {
            Ok(Err(error)) => Err(error),
            _ => Err(anyhow::anyhow!(stopped)),
        };
    };
    notes.iter().for_each(|note| say(note));
    let (way, group) = (handle.patient(), arguments.group.as_deref());
    let whom = Whom::Named { owner, in_force };
    // Its sessions are called after it.
    let name = serve::Run::begin()?;
    let serving = listen(invocation, whom, group, name.clone(), move || Box::new(way.clone()))?;
    #[cfg(feature = "ssh")]
    let door = match &arguments.ssh {
        None => None,
        Some(address) => Some(ssh_door::SshDoor::open(
            address,
            &invocation.workspace(),
            key.recv().context("opening the workspace")?,
            serving.server(),
            listening::spools(invocation.workspace(), invocation.environment()?),
        )?),
    };
    #[cfg(feature = "ssh")]
    let at = door.as_ref().map(|door| (door.address(), door.fingerprint().to_owned()));
    #[cfg(not(feature = "ssh"))]
    let at = None;
    let ssh = at.as_ref().map(|(address, _): &(String, String)| address.as_str());
    tracing::info!(target: "serve", run = %name, ssh, "steward serve has started");
    ready(&serving, at, output)?;
    // It waits without working until somebody tells it to stop.
    let signal = signals.forever().next();
    let why = match signal {
        Some(SIGINT) => "somebody stopped steward serve",
        _ => "steward serve was asked to stop",
    };
    say("stopping: finishing the commit under way");
    tracing::info!(target: "serve", run = %name, why, "steward serve stops");
    #[cfg(feature = "ssh")]
    if let Some(door) = door {
        door.stop(why);
    }
    serving.stop(why);
    drop(handle);
    // The desk ends with its last handle; only then is everything on its way to the disk.
    thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!(stopped)))?;
    Ok(Code::Done)
}

/// Says that people may come; where to over SSH and what its host key is, if they may.
fn ready(
    serving: &Listening,
    ssh: Option<(String, String)>,
    output: &Output,
) -> anyhow::Result<()> {
    let socket = serving.path().display().to_string();
    if output.json {
        let mut told = json!({ "socket": socket, "process": std::process::id() });
        if let Some((address, key)) = ssh {
            told["ssh"] = json!({ "address": address, "host_key": key });
        }
        return Ok(output.object(&told)?);
    }
    if let Some((address, key)) = ssh {
        say(&format!("serving SSH on {address}; host key: {key}"));
    }
    let socket = clean(&socket);
    say(&format!("serving on {socket}; commands and reviews attach to it; to stop: Ctrl-c"));
    Ok(())
}
