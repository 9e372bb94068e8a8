//! One connection's way in: which proofs are asked for, in which order, and when somebody is in. Pure.
//!
//! A client may ask for any method at any time, whatever was advertised; so what counts is only what was proved
//! here, for this person, on this connection:
//!
//! 1. a key of the person, or a certificate of the user CA in their name;
//! 2. where the person has a second factor, a one-time code, asked for after the key.
//!
//! Another user name than the first ends it. An offer without a signature changes nothing.

use std::net::IpAddr;
use std::sync::Arc;

use russh::keys::ssh_key::{Certificate, HashAlg, PublicKey as WireKey};
use settings::{Person, PublicKey};

use super::certificate;
use super::standing::{Proof, Standing};

/// Who may come, as it stood when the connection was made.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// `[people.*]`.
    pub people: Vec<Person>,
    /// Whose certificates name people, if anybody's do.
    pub user_ca: Option<PublicKey>,
}

/// What a client has proved that it holds.
#[derive(Debug, Clone, Copy)]
pub enum Evidence<'a> {
    /// A key.
    Key(&'a WireKey),
    /// The key of a certificate.
    Certificate(&'a Certificate),
}

/// Who has been let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// The person.
    pub person: String,
    /// The fingerprint of the key they proved.
    pub fingerprint: String,
    /// Whether their certificate, if it is one, lets them have a terminal.
    pub may_terminal: bool,
}

/// What a client is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// No.
    Refused,
    /// That was right, and a code is needed as well.
    CodeNeeded,
    /// They are in.
    In,
}

/// One connection's way in.
#[derive(Debug, Clone)]
pub struct Login {
    known: Arc<Known>,
    address: IpAddr,
    /// The first user name that was said.
    user: Option<String>,
    state: State,
    /// What was proved last, and when.
    proof: Option<(Proof, u64)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Nothing has been proved.
    Stranger,
    /// The key has been, and a code is needed.
    Proved(Admitted),
    /// The code has been asked for.
    Asked(Admitted),
    /// A code has been typed and is being looked at.
    Looking(Admitted),
    In(Admitted),
    /// Nothing will ever be right here.
    Shut,
}

impl Login {
    /// Of a connection from this address.
    #[must_use]
    pub fn new(known: Arc<Known>, address: IpAddr) -> Login {
        Login { known, address, user: None, state: State::Stranger, proof: None }
    }

    /// Who is in.
    #[must_use]
    pub fn admitted(&self) -> Option<&Admitted> {
        match &self.state {
            State::In(admitted) => Some(admitted),
            _ => None,
        }
    }

    /// Why they are in; `enrolment` is that of the code they typed.
    pub(super) fn standing(&self, enrolment: Option<[u8; 16]>) -> Option<Standing> {
        let person = self.admitted()?.person.clone();
        let (proof, at) = self.proof.clone()?;
        Some(Standing { person, address: self.address, proof, at, enrolment })
    }

    /// Whether a code is all that is missing.
    #[must_use]
    pub fn awaits_code(&self) -> bool {
        matches!(self.state, State::Proved(_) | State::Asked(_) | State::Looking(_))
    }

    /// Whoever a name stands for, to be named in a log; an unknown name may be a password that was typed in the
    /// wrong place.
    #[must_use]
    pub fn known_name(&self) -> Option<&str> {
        self.user.as_deref().and_then(|user| self.person(user)).map(|person| &*person.id)
    }

    /// Another method has been asked for, none of which lets anybody in.
    pub fn other(&mut self, user: &str) {
        let _ = self.is_still(user);
    }

    /// A key is offered, without proof; whether it would be worth proving.
    pub fn offered(&mut self, user: &str, key: &WireKey) -> bool {
        if !self.is_still(user) || matches!(self.state, State::In(_)) {
            return false;
        }
        // The offer of a certificate shows its key only: where a CA names people, any key may be one's.
        self.known.user_ca.is_some() || self.has_key(user, key)
    }

    /// Something has been proved, at this time in seconds since 1970.
    pub fn proved(&mut self, user: &str, evidence: Evidence<'_>, now: u64) -> Answer {
        if !self.is_still(user) || matches!(self.state, State::In(_)) {
            return Answer::Refused;
        }
        // What was proved before counts no more.
        self.state = State::Stranger;
        self.proof = None;
        let (is_right, may_terminal, key) = match evidence {
            Evidence::Key(key) => (self.has_key(user, key), true, key.clone()),
            Evidence::Certificate(certificate) => {
                let key = WireKey::new(certificate.public_key().clone(), "");
                let checked = self.known.user_ca.as_ref().is_some_and(|ca| {
                    certificate::is_right(certificate, ca, user, self.address, now)
                });
                (checked, certificate::may_terminal(certificate), key)
            }
        };
        let Some(person) = self.person(user).filter(|_| is_right) else { return Answer::Refused };
        let Some(proof) = Proof::of(evidence) else { return Answer::Refused };
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let admitted = Admitted { person: person.id.clone(), fingerprint, may_terminal };
        let asks = person.second_factor;
        self.proof = Some((proof, now));
        if asks {
            self.state = State::Proved(admitted);
            return Answer::CodeNeeded;
        }
        self.state = State::In(admitted);
        Answer::In
    }

    /// A client wants to be asked for a code; whose it is, if it is to be asked for.
    pub fn ask_code(&mut self, user: &str) -> Option<String> {
        let admitted = match (self.is_still(user), &self.state) {
            (true, State::Proved(admitted) | State::Asked(admitted)) => admitted.clone(),
            _ => return None,
        };
        let person = admitted.person.clone();
        self.state = State::Asked(admitted);
        Some(person)
    }

    /// A code has been typed; whose it has to be, if it is to be looked at. [`Login::code_was`] comes next.
    pub fn code_typed(&mut self, user: &str) -> Option<String> {
        let admitted = match (self.is_still(user), &self.state) {
            (true, State::Asked(admitted)) => admitted.clone(),
            _ => return None,
        };
        let person = admitted.person.clone();
        self.state = State::Looking(admitted);
        Some(person)
    }

    /// Whoever has proved a key and is to type a code.
    pub(super) fn awaited(&self) -> Option<&Admitted> {
        match &self.state {
            State::Proved(admitted) => Some(admitted),
            _ => None,
        }
    }

    /// The fingerprint of the key that was proved by whoever typed the code that is being looked at.
    pub(super) fn looking(&self) -> Option<&str> {
        match &self.state {
            State::Looking(admitted) => Some(&admitted.fingerprint),
            _ => None,
        }
    }

    /// The code that was typed has been looked at.
    pub fn code_was(&mut self, right: bool) -> Answer {
        let State::Looking(admitted) = &self.state else { return Answer::Refused };
        let admitted = admitted.clone();
        if right {
            self.state = State::In(admitted);
            return Answer::In;
        }
        self.state = State::Proved(admitted);
        Answer::Refused
    }

    /// Whether the client is still whom it began as.
    fn is_still(&mut self, user: &str) -> bool {
        let first = self.user.get_or_insert_with(|| user.to_owned());
        if first != user {
            self.state = State::Shut;
        }
        self.state != State::Shut
    }

    fn person(&self, user: &str) -> Option<&Person> {
        self.known.people.iter().find(|person| person.id == user)
    }

    fn has_key(&self, user: &str, key: &WireKey) -> bool {
        let Ok(blob) = key.to_bytes() else { return false };
        // Everybody's keys are looked through, whoever it is said to be.
        let mut has = false;
        for person in &self.known.people {
            for key in &person.keys {
                has |= key.blob == blob && person.id == user;
            }
        }
        has
    }
}

#[cfg(test)]
#[path = "tests/auth.rs"]
mod tests;
