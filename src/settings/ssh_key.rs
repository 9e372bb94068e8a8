//! Public SSH keys as `authorized_keys` has them: a type, the key in base64, a comment.

use base64ct::{Base64, Base64Unpadded, Encoding};
use sha2::{Digest, Sha256};

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// Its type, `ssh-ed25519`.
    pub kind: &'static str,
    /// The key as it goes over the wire (RFC 4253, 6.6), its type included.
    pub blob: Vec<u8>,
}

/// Types of keys, and how many parts follow the type in the blob.
const KINDS: [(&str, usize); 7] = [
    ("ssh-ed25519", 1),
    ("ecdsa-sha2-nistp256", 2),
    ("ecdsa-sha2-nistp384", 2),
    ("ecdsa-sha2-nistp521", 2),
    ("ssh-rsa", 2),
    ("sk-ssh-ed25519@openssh.com", 2),
    ("sk-ecdsa-sha2-nistp256@openssh.com", 3),
];
/// The shortest RSA modulus that is taken, in bits.
const LEAST_RSA: usize = 2_048;

impl PublicKey {
    /// How OpenSSH tells it: `SHA256:` and the hash in base64.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", Base64Unpadded::encode_string(&Sha256::digest(&self.blob)))
    }
}

/// Reads a line of an `authorized_keys` file that has no options.
///
/// # Errors
/// What is wrong with it, to stand behind its name. Nothing of the key is in it.
pub(super) fn read_key(text: &str) -> Result<PublicKey, String> {
    if text.contains("PRIVATE KEY") {
        return Err(
            "is a private key: remove it from here, make a new one, and name its .pub file's line"
                .to_owned(),
        );
    }
    let mut words = text.split_whitespace();
    let (Some(kind), encoded) = (words.next(), words.next()) else {
        return Err("is empty".to_owned());
    };
    let Some((kind, parts)) = KINDS.into_iter().find(|(known, _)| *known == kind) else {
        let known = KINDS.map(|(known, _)| known);
        return Err(match kind {
            "ssh-dss" => "is a DSA key, which nobody takes any more: use ssh-ed25519".to_owned(),
            _ => format!("does not begin with a type: expected one of {}", known.join(", ")),
        });
    };
    let cut = || "is cut short: copy the whole line of the .pub file".to_owned();
    let blob = Base64::decode_vec(encoded.ok_or_else(cut)?).map_err(|_| cut())?;
    let found = parts_of(&blob).ok_or_else(cut)?;
    match found.split_first() {
        Some((named, _)) if *named != kind.as_bytes() => {
            return Err(format!("says {kind} and holds a key of another type"));
        }
        Some((_, rest)) if rest.len() == parts => {}
        _ => return Err(cut()),
    }
    if kind == "ssh-rsa" && found.last().is_none_or(|modulus| bits(modulus) < LEAST_RSA) {
        return Err(format!("is shorter than {LEAST_RSA} bits: use ssh-ed25519"));
    }
    Ok(PublicKey { kind, blob })
}

/// The parts of a blob, each after its length; none where it is not made of such.
fn parts_of(mut blob: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    while !blob.is_empty() {
        let (length, rest) = blob.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (part, rest) = rest.split_at_checked(length)?;
        parts.push(part);
        blob = rest;
    }
    Some(parts)
}

fn bits(number: &[u8]) -> usize {
    let number = number.iter().skip_while(|byte| **byte == 0);
    let mut bits = 0;
    for (at, byte) in number.enumerate() {
        bits += if at == 0 { 8 - byte.leading_zeros() as usize } else { 8 };
    }
    bits
}

#[cfg(test)]
pub(super) mod testing {
    /// Public keys whose bytes count from 0: nobody has a private one.
    pub(crate) const ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
    pub(crate) const OTHER_ED25519: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4g";
}

#[cfg(test)]
mod tests {
    use super::testing::ED25519;
    use super::*;

    /// A key of so many parts behind its type.
    fn line(kind: &str, parts: &[&[u8]]) -> String {
        let mut blob = Vec::new();
        for part in std::iter::once(kind.as_bytes()).chain(parts.iter().copied()) {
            blob.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
            blob.extend(part);
        }
        format!("{kind} {}", Base64::encode_string(&blob))
    }

    #[test]
    fn every_type_is_read_with_or_without_a_comment() {
        for (kind, parts) in KINDS {
            let parts = vec![&[0x80_u8; 256][..]; parts];
            let line = line(kind, &parts);
            let key = read_key(&line).unwrap();
            assert_eq!(key.kind, kind);
            assert_eq!(read_key(&format!("  {line}  kim@desk, at home ")), Ok(key));
        }
    }

    #[test]
    fn the_fingerprint_is_the_one_that_ssh_keygen_tells() {
        let told = read_key(ED25519).unwrap().fingerprint();
        assert_eq!(told, FINGERPRINT);
    }

    /// As `ssh-keygen -lf` has it.
    const FINGERPRINT: &str = "SHA256:ZkAslGjFiUHdGf/WUL8rQvkib4PTvQatUV0OUQSncCA";

    #[test]
    fn what_is_no_key_says_what_is_wrong_and_nothing_of_itself() {
        let short_rsa = line("ssh-rsa", &[&[1, 0, 1], &[0xff; 128]]);
        let other_type = ED25519.replace("ssh-ed25519 ", "ssh-rsa ");
        let one_less = &ED25519[..ED25519.len() - 4];
        for (text, expected) in [
            ("-----BEGIN OPENSSH PRIVATE KEY-----", "is a private key"),
            (" ", "is empty"),
            ("kim", "does not begin with a type: expected one of ssh-ed25519"),
            ("AAAAC3NzaC1lZDI1NTE5AAAA", "does not begin with a type"),
            ("ssh-dss AAAA", "is a DSA key"),
            ("ssh-ed25519", "is cut short"),
            ("ssh-ed25519 !!!!", "is cut short"),
            (one_less, "is cut short"),
            (&other_type, "says ssh-rsa and holds a key of another type"),
            (&short_rsa, "is shorter than 2048 bits"),
        ] {
            let why = read_key(text).unwrap_err();
            assert!(why.starts_with(expected), "{text}: {why}");
            assert!(!why.contains("AAAA"), "{why}");
        }
    }
}
