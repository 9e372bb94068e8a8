//! Who is here.

use std::collections::BTreeMap;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::frame::{SessionView, ToClient};
use super::outbox::Outbox;

/// Sessions that there may be.
pub(super) const MOST_SESSIONS: usize = 256;
/// How long somebody who is sent away may take to read why.
const FAREWELL: Duration = Duration::from_secs(1);

/// Takes what is said to the session of the process that serves: who says it, and what.
pub type Ear = Box<dyn Fn(Option<&str>, &str) + Send>;

/// The other end of a session.
pub(super) enum End {
    /// A line.
    Line(Outbox, UnixStream),
    /// The process that serves.
    Here(Ear),
}

struct Entry {
    view: SessionView,
    end: End,
}

/// The sessions, by number.
#[derive(Default)]
pub(super) struct Registry {
    sessions: Mutex<BTreeMap<u64, Entry>>,
    changed: Condvar,
}

impl Registry {
    fn sessions(&self) -> MutexGuard<'_, BTreeMap<u64, Entry>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a session in; whether there was room for it.
    pub(super) fn enter(&self, view: SessionView, end: End) -> bool {
        let mut sessions = self.sessions();
        let has_room = sessions.len() < MOST_SESSIONS;
        if has_room {
            sessions.insert(view.session, Entry { view, end });
        }
        has_room
    }

    /// A session has ended.
    pub(super) fn leave(&self, session: u64) {
        self.sessions().remove(&session);
        self.changed.notify_all();
    }

    /// A session has asked for something.
    pub(super) fn note(&self, session: u64, now: Timestamp) {
        if let Some(entry) = self.sessions().get_mut(&session) {
            entry.view.last = now;
        }
    }

    /// Who is here.
    pub(super) fn views(&self) -> Vec<SessionView> {
        self.sessions().values().map(|entry| entry.view.clone()).collect()
    }

    /// Says something to everybody; to how many.
    pub(super) fn say(&self, from: Option<&str>, text: &str) -> usize {
        let sessions = self.sessions();
        for entry in sessions.values() {
            match &entry.end {
                End::Line(outbox, _) => outbox
                    .put(ToClient::Notice { from: from.map(str::to_owned), text: text.to_owned() }),
                End::Here(ear) => ear(from, text),
            }
        }
        sessions.len()
    }

    /// Ends a session, and waits until it has.
    ///
    /// # Errors
    /// Why it cannot be ended.
    pub(super) fn end(&self, session: u64, why: &str) -> Result<(), String> {
        match self.sessions().get(&session).map(|entry| &entry.end) {
            None => {
                return Err(format!(
                    "there is no session S{session}: list them with steward sessions"
                ));
            }
            Some(End::Here(_)) => {
                return Err(format!("S{session} holds the workspace: leave it there"));
            }
            Some(End::Line(outbox, _)) => outbox.say_good_bye(why, true),
        }
        self.see_off(|number| number == session);
        Ok(())
    }

    /// Ends every session once it has been told all there is, and waits until they have.
    pub(super) fn end_all(&self, why: &str) {
        for entry in self.sessions().values() {
            if let End::Line(outbox, _) = &entry.end {
                outbox.say_good_bye(why, false);
            }
        }
        self.see_off(|_| true);
    }

    /// Waits for those who were told good-bye; who does not read it is cut off.
    fn see_off(&self, is_meant: impl Fn(u64) -> bool) {
        let is_left = |sessions: &BTreeMap<u64, Entry>| {
            let lines = sessions.iter().filter(|(_, entry)| matches!(entry.end, End::Line(..)));
            lines.filter(|(number, _)| is_meant(**number)).count() > 0
        };
        for cut in [false, true] {
            let mut sessions = self.sessions();
            if cut {
                for (_, entry) in sessions.iter().filter(|(number, _)| is_meant(**number)) {
                    if let End::Line(outbox, line) = &entry.end {
                        outbox.close();
                        let _ = line.shutdown(Shutdown::Both);
                    }
                }
            }
            let until = Instant::now() + FAREWELL;
            while is_left(&sessions) {
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break;
                }
                let waited = self.changed.wait_timeout(sessions, left);
                sessions = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
        }
    }
}
