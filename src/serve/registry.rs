//! Who is here.

use std::collections::BTreeMap;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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
    /// A connection that sessions come over, which this ends.
    Way(Arc<dyn Fn(&str) + Send + Sync>),
}

struct Entry {
    view: SessionView,
    end: End,
    /// Which connection it came over, or is.
    connection: Option<u64>,
}

impl Entry {
    fn is_way(&self) -> bool {
        matches!(self.end, End::Way(_))
    }
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
    pub(super) fn enter(&self, view: SessionView, end: End, connection: Option<u64>) -> bool {
        let mut sessions = self.sessions();
        let entry = Entry { view, end, connection };
        let is_full = || sessions.values().filter(|it| !it.is_way()).count() >= MOST_SESSIONS;
        // How many connections there may be is counted where they come in.
        let has_room = entry.is_way() || !is_full();
        if has_room {
            sessions.insert(entry.view.session, entry);
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

    /// Who is here. A connection is listed only while no session came over it.
    pub(super) fn views(&self) -> Vec<SessionView> {
        let sessions = self.sessions();
        let has_session = |connection: Option<u64>| {
            sessions.values().any(|it| !it.is_way() && it.connection == connection)
        };
        let shown = sessions.values().filter(|it| !it.is_way() || !has_session(it.connection));
        shown.map(|entry| entry.view.clone()).collect()
    }

    /// Says something to everybody; to how many.
    pub(super) fn say(&self, from: Option<&str>, text: &str) -> usize {
        let sessions = self.sessions();
        for entry in sessions.values() {
            match &entry.end {
                End::Line(outbox, _) => outbox
                    .put(ToClient::Notice { from: from.map(str::to_owned), text: text.to_owned() }),
                End::Here(ear) => ear(from, text),
                End::Way(_) => {}
            }
        }
        sessions.values().filter(|it| !it.is_way()).count()
    }

    /// Ends a session, and waits until it has. The connection that it came over ends with it: whoever is sent away
    /// does not come back over a line that is still open.
    ///
    /// # Errors
    /// Why it cannot be ended.
    pub(super) fn end(&self, session: u64, why: &str) -> Result<(), String> {
        let sessions = self.sessions();
        let found = sessions.get(&session);
        let connection = found.and_then(|it| it.connection);
        let way = sessions.values().find_map(|it| match &it.end {
            End::Way(ends) if connection.is_some() && it.connection == connection => {
                Some(Arc::clone(ends))
            }
            _ => None,
        });
        match found.map(|entry| &entry.end) {
            None => {
                return Err(format!(
                    "there is no session {session}: list them with steward sessions"
                ));
            }
            Some(End::Here(_)) => {
                return Err(format!("session {session} holds the workspace: leave it there"));
            }
            Some(End::Line(outbox, _)) => outbox.say_good_bye(why, true),
            Some(End::Way(_)) => {}
        }
        drop(sessions);
        self.see_off(|number| number == session);
        if let Some(ends) = way {
            ends(why);
        }
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
