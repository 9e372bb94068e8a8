//! What a certificate must be to let somebody in, one thing at a time.

use super::*;
use russh::keys::ssh_key::PrivateKey;
use russh::keys::ssh_key::certificate::Builder;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};

const NOW: u64 = 1_790_000_000;

fn key(number: u8) -> PrivateKey {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[number; 32]));
    PrivateKey::new(pair, "").unwrap()
}

struct Made {
    signed_by: u8,
    kind: CertType,
    principals: &'static [&'static str],
    from: u64,
    until: u64,
    critical: &'static [(&'static str, &'static str)],
    extensions: &'static [&'static str],
}

fn made() -> Made {
    let (signed_by, kind, principals) = (9, CertType::User, &["kim", "sam"][..]);
    let extensions = &["permit-pty"][..];
    Made { signed_by, kind, principals, from: NOW - 60, until: NOW + 60, critical: &[], extensions }
}

impl Made {
    fn certificate(&self) -> Certificate {
        let public = key(1).public_key().key_data().clone();
        let mut builder = Builder::new([3; 16], public, self.from, self.until).unwrap();
        builder.cert_type(self.kind).unwrap().serial(7).unwrap().key_id("sam's").unwrap();
        for principal in self.principals {
            builder.valid_principal(*principal).unwrap();
        }
        if self.principals.is_empty() {
            builder.all_principals_valid().unwrap();
        }
        for (name, value) in self.critical {
            builder.critical_option(*name, *value).unwrap();
        }
        for name in self.extensions {
            builder.extension(*name, "").unwrap();
        }
        builder.sign(&key(self.signed_by)).unwrap()
    }

    fn is_right(&self) -> bool {
        self.is_right_from("10.1.2.3", NOW)
    }

    fn is_right_from(&self, from: &str, now: u64) -> bool {
        let ca = key(9).public_key().to_bytes().unwrap();
        let ca = PublicKey { kind: "ssh-ed25519", blob: ca };
        is_right(&self.certificate(), &ca, "sam", from.parse().unwrap(), now)
    }
}

#[test]
fn a_certificate_lets_in_whom_it_names_while_it_holds() {
    assert!(made().is_right());
    for (now, holds) in [
        (NOW - 61, false),
        (NOW - 60, true),
        (NOW + 59, true),
        (NOW + 60, false),
        (NOW + 600, false),
    ] {
        assert_eq!(made().is_right_from("10.1.2.3", now), holds, "{now}");
    }
    assert!(may_terminal(&made().certificate()));
    assert!(!may_terminal(&Made { extensions: &["permit-user-rc"], ..made() }.certificate()));
}

#[test]
fn one_thing_wrong_is_enough() {
    let wrong = [
        ("of another authority", Made { signed_by: 8, ..made() }),
        ("signed by its own key", Made { signed_by: 1, ..made() }),
        ("for a host", Made { kind: CertType::Host, ..made() }),
        ("for anybody", Made { principals: &[], ..made() }),
        ("for somebody else", Made { principals: &["kim", "sam2", "Sam"], ..made() }),
        ("with one command", Made { critical: &[("force-command", "tasks")], ..made() }),
        ("with what nobody knows", Made { critical: &[("moon-phase", "full")], ..made() }),
        ("with a touch", Made { critical: &[("verify-required", "")], ..made() }),
        ("from elsewhere", Made { critical: &[("source-address", "10.2.0.0/16")], ..made() }),
    ];
    for (what, made) in wrong {
        assert!(!made.is_right(), "{what}");
    }
    // Changed after it was signed.
    let mut bytes = made().certificate().to_bytes().unwrap();
    let at = bytes.windows(3).position(|it| it == b"kim").unwrap();
    bytes[at..at + 3].copy_from_slice(b"sam");
    if let Ok(changed) = Certificate::from_bytes(&bytes) {
        let ca = key(9).public_key().to_bytes().unwrap();
        let ca = PublicKey { kind: "ssh-ed25519", blob: ca };
        assert!(!is_right(&changed, &ca, "sam", IpAddr::from([10, 1, 2, 3]), NOW));
    }
}

#[test]
fn addresses_are_held_to() {
    for (list, from, expected) in [
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.4", "10.1.2.3", false),
        ("10.1.0.0/16", "10.1.2.3", true),
        ("10.1.2.3/32", "10.1.2.3", true),
        ("10.1.2.2/31", "10.1.2.3", true),
        ("10.1.2.2/32", "10.1.2.3", false),
        ("0.0.0.0/0", "10.1.2.3", true),
        ("::/0", "10.1.2.3", false),
        ("::/0", "2001:db8::1", true),
        ("2001:db8::/32", "2001:db8::1", true),
        ("2001:db9::/32", "2001:db8::1", false),
        ("2001:db8::1", "2001:db8::1", true),
        ("10.2.0.0/16, 10.1.0.0/16", "10.1.2.3", true),
        ("10.1.2.3", "::ffff:10.1.2.3", true),
        ("10.1.0.0/33", "10.1.2.3", false),
        ("10.1.0.0/x", "10.1.2.3", false),
        ("10.1.0.0/", "10.1.2.3", false),
        ("/", "10.1.2.3", false),
        ("", "10.1.2.3", false),
        ("*", "10.1.2.3", false),
    ] {
        assert_eq!(is_from(list, from.parse().unwrap()), expected, "{list} {from}");
    }
    let made = Made { critical: &[("source-address", "10.1.0.0/16")], ..made() };
    assert!(made.is_right() && !made.is_right_from("10.2.0.1", NOW));
}
