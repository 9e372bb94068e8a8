//! Why somebody is in, looked at again for as long as they are: whoever is taken out of `steward.toml`, or whose key
//! is, does not go on over a connection that is open. Pure.

use std::net::IpAddr;

use russh::keys::ssh_key::Certificate;

use super::auth::{Evidence, Known};
use super::certificate;

/// What was proved.
#[derive(Debug, Clone)]
pub(super) enum Proof {
    /// A key, as it comes over the line.
    Key(Vec<u8>),
    /// A certificate.
    Certificate(Box<Certificate>),
}

impl Proof {
    pub(super) fn of(evidence: Evidence<'_>) -> Option<Proof> {
        Some(match evidence {
            Evidence::Key(key) => Proof::Key(key.to_bytes().ok()?),
            Evidence::Certificate(certificate) => Proof::Certificate(Box::new(certificate.clone())),
        })
    }
}

/// Why somebody is in.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub(super) person: String,
    pub(super) address: IpAddr,
    pub(super) proof: Proof,
    /// When it was proved, in seconds since 1970.
    pub(super) at: u64,
    /// Which enrolment the code was of, where one was asked for.
    pub(super) enrolment: Option<[u8; 16]>,
}

impl Standing {
    /// Whether it was proved with a certificate that has run out at that time, in seconds since 1970. One that is not
    /// valid yet, since the clock was set back, ends nothing.
    pub(super) fn has_expired(&self, now: u64) -> bool {
        matches!(&self.proof, Proof::Certificate(it) if it.valid_before() <= now)
    }

    /// Whether they would still come in as they did: of these people, with this enrolment. Whether a certificate has run
    /// out since is asked apart: see [`Standing::has_expired`].
    pub(super) fn holds(&self, known: &Known, enrolment: Option<[u8; 16]>) -> bool {
        let Some(person) = known.people.iter().find(|it| it.id == self.person) else {
            return false;
        };
        let is_proved = match &self.proof {
            Proof::Key(blob) => person.keys.iter().any(|key| key.blob == *blob),
            Proof::Certificate(it) => known.user_ca.as_ref().is_some_and(|ca| {
                certificate::is_right(it, ca, &self.person, self.address, self.at)
            }),
        };
        let is_coded = match self.enrolment {
            Some(_) => enrolment == self.enrolment,
            None => !person.second_factor,
        };
        is_proved && is_coded
    }
}
