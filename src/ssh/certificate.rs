//! Certificates of a user CA (OpenSSH's PROTOCOL.certkeys). Pure.

use std::net::IpAddr;

use russh::keys::ssh_key::certificate::CertType;
use russh::keys::ssh_key::{Algorithm, Certificate, HashAlg, PublicKey as WireKey};
use settings::PublicKey;

/// Whether a certificate of this CA lets somebody in as this person, from this address, at this time in seconds
/// since 1970.
pub(super) fn is_right(
    certificate: &Certificate,
    ca: &PublicKey,
    person: &str,
    from: IpAddr,
    now: u64,
) -> bool {
    let Ok(ca) = WireKey::from_bytes(&ca.blob) else { return false };
    // One without a principal would be anybody's.
    let is_theirs = certificate.valid_principals().iter().any(|principal| principal == person);
    let options = certificate.critical_options();
    let is_understood = options.iter().all(|(name, value)| match name.as_str() {
        "source-address" => is_from(value, from),
        // `force-command` and whatever may come: who cannot do it must refuse.
        _ => false,
    });
    // A signature over SHA-1 proves nothing any more.
    let is_sound = certificate.signature().algorithm() != Algorithm::Rsa { hash: None };
    certificate.cert_type() == CertType::User
        && is_sound
        && certificate.signature_key() == ca.key_data()
        && is_theirs
        && is_understood
        && certificate.validate_at(now, [&ca.fingerprint(HashAlg::Sha256)]).is_ok()
}

/// Whether it lets its holder have a terminal.
pub(super) fn may_terminal(certificate: &Certificate) -> bool {
    certificate.extensions().contains_key("permit-pty")
}

/// Whether an address is among those of a list: addresses, and networks as `10.0.0.0/8`. What cannot be read is
/// nobody's.
fn is_from(list: &str, from: IpAddr) -> bool {
    let from = from.to_canonical();
    list.split(',').map(str::trim).any(|entry| {
        let (network, bits) = match entry.split_once('/') {
            Some((network, bits)) => (network, Some(bits)),
            None => (entry, None),
        };
        // Of the whole address where nothing is said.
        let bits = |whole: u32| match bits {
            None => Some(whole),
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= whole),
        };
        match (network.parse(), from) {
            (Ok(IpAddr::V4(network)), IpAddr::V4(from)) => {
                let apart = network.to_bits() ^ from.to_bits();
                bits(32).is_some_and(|bits| apart.checked_shr(32 - bits).unwrap_or_default() == 0)
            }
            (Ok(IpAddr::V6(network)), IpAddr::V6(from)) => {
                let apart = network.to_bits() ^ from.to_bits();
                bits(128).is_some_and(|bits| apart.checked_shr(128 - bits).unwrap_or_default() == 0)
            }
            _ => false,
        }
    })
}

#[cfg(test)]
#[path = "tests/certificates.rs"]
mod tests;
