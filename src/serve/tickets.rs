//! Those whom the process that serves has let in by another way, such as SSH: they come to the socket with a ticket
//! that it made out, and are who it says.
//!
//! A ticket is good while whoever asked for it keeps it, and only in the hands of the server's own user: of
//! the server itself, and of the commands that it starts.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use door::Entrance;

/// Somebody who is known to the process that serves.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The person.
    pub person: String,
    /// How they came.
    pub entrance: Entrance,
    /// Where they came from.
    pub address: Option<String>,
    /// The fingerprint of the key they proved.
    pub key_fingerprint: Option<String>,
    /// The connection that they came over, as [`Connections`](super::Connections) has it.
    pub connection: Option<u64>,
}

/// Tickets that are good. A clone has the same ones.
#[derive(Clone, Default)]
pub struct Tickets(Arc<Mutex<HashMap<String, Brought>>>);

/// A ticket, for as long as it is kept.
pub struct Ticket {
    text: String,
    tickets: Tickets,
}

impl Tickets {
    fn good(&self) -> MutexGuard<'_, HashMap<String, Brought>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes one out.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn issue(&self, whose: Brought) -> io::Result<Ticket> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let text: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        self.good().insert(text.clone(), whose);
        Ok(Ticket { text, tickets: self.clone() })
    }

    /// Whose a ticket is; none where it is not good.
    pub(super) fn whose(&self, text: &str) -> Option<Brought> {
        self.good().get(text).cloned()
    }
}

impl Ticket {
    /// What is to be shown.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.tickets.good().remove(&self.text);
    }
}
