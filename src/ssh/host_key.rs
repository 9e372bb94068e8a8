//! The server's own key: made once, kept, and shown by its fingerprint.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use russh::keys::ssh_key::private::{Ed25519Keypair, Ed25519PrivateKey, KeypairData};
use russh::keys::ssh_key::{Algorithm, HashAlg, LineEnding, PrivateKey};
use zeroize::Zeroizing;

/// The server's own key.
#[derive(Debug)]
pub struct HostKey(pub(super) PrivateKey);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum NoHostKey {
    /// Others can read or write it.
    #[error(
        "{path} can be read or changed by others: run chmod 600 {path}, or remove it if others had it"
    )]
    Open {
        /// Which.
        path: PathBuf,
    },
    /// It belongs to somebody else.
    #[error("{path} belongs to another user: give it to the user who runs steward serve")]
    Foreign {
        /// Which.
        path: PathBuf,
    },
    /// It is not a key of ours.
    #[error(
        "{path} is not an Ed25519 key without a passphrase: restore it, or remove it to create a new one"
    )]
    Garbled {
        /// Which.
        path: PathBuf,
    },
    /// The disk refuses.
    #[error("{path} cannot be used: {source}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The longest file that is read.
const LONGEST: u64 = 64 << 10;

impl HostKey {
    /// The key of a file, which is made where it is absent; whether it was made.
    ///
    /// # Errors
    /// When what is there cannot be trusted, or nothing can be written.
    pub fn at(path: &Path) -> Result<(HostKey, bool), NoHostKey> {
        let disk = |source| NoHostKey::Disk { path: path.to_owned(), source };
        match fs::symlink_metadata(path) {
            Ok(found) => {
                let path = path.to_owned();
                if !found.is_file() || found.len() > LONGEST {
                    return Err(NoHostKey::Garbled { path });
                }
                if found.uid() != rustix::process::geteuid().as_raw() {
                    return Err(NoHostKey::Foreign { path });
                }
                if found.mode() & 0o077 != 0 {
                    return Err(NoHostKey::Open { path });
                }
                read(&path).map(|key| (key, false))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = make().map_err(disk)?;
                write(path, &key).map_err(disk)?;
                Ok((key, true))
            }
            Err(error) => Err(disk(error)),
        }
    }

    /// How OpenSSH tells it: `SHA256:` and the hash in base64.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// The line of its public half, as `known_hosts` has it behind the name of the host.
    #[must_use]
    pub fn public_line(&self) -> String {
        let public = russh::keys::PublicKey::new(self.0.public_key().key_data().clone(), "");
        public.to_openssh().unwrap_or_default()
    }
}

fn make() -> io::Result<HostKey> {
    let mut seed = Zeroizing::new([0; Ed25519PrivateKey::BYTE_SIZE]);
    getrandom::fill(&mut *seed).map_err(io::Error::other)?;
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&seed));
    PrivateKey::new(pair, "steward").map(HostKey).map_err(io::Error::other)
}

fn read(path: &Path) -> Result<HostKey, NoHostKey> {
    let garbled = || NoHostKey::Garbled { path: path.to_owned() };
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|source| match source.kind() {
        io::ErrorKind::InvalidData => garbled(),
        _ => NoHostKey::Disk { path: path.to_owned(), source },
    })?;
    let key = PrivateKey::from_openssh(text.as_bytes()).map_err(|_| garbled())?;
    match key.algorithm() {
        Algorithm::Ed25519 if !key.is_encrypted() => Ok(HostKey(key)),
        _ => Err(garbled()),
    }
}

/// Writes it whole, beside where it will be, and puts it in place where nothing has come to be meanwhile.
fn write(path: &Path, key: &HostKey) -> io::Result<()> {
    let text = key.0.to_openssh(LineEnding::LF).map_err(io::Error::other)?;
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    let placed = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    placed?;
    sync_folder(path)
}

/// Makes sure that the folder of a file knows of it after a power cut.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_is_made_once_and_stays_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host_key");
        let (made, new) = HostKey::at(&path).unwrap();
        assert!(new);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (kept, new) = HostKey::at(&path).unwrap();
        assert!(!new);
        assert_eq!(made.fingerprint(), kept.fingerprint());
        assert!(made.fingerprint().starts_with("SHA256:"));
        assert!(made.public_line().starts_with("ssh-ed25519 AAAA"), "{}", made.public_line());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        let other = HostKey::at(&folder.path().join("other")).unwrap().0;
        assert_ne!(other.fingerprint(), kept.fingerprint());
    }

    #[test]
    fn what_cannot_be_trusted_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("host_key");
        let expect = |expected: &str| {
            let before = fs::read(&path).unwrap_or_default();
            let why = HostKey::at(&path).unwrap_err().to_string();
            assert!(why.contains(expected), "{why}");
            assert!(!why.contains("PRIVATE KEY"), "{why}");
            assert_eq!(fs::read(&path).unwrap_or_default(), before);
        };
        HostKey::at(&path).unwrap();
        for mode in [0o644, 0o640, 0o660, 0o606, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            expect("can be read or changed by others");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let whole = fs::read_to_string(&path).unwrap();
        for garbled in [
            String::new(),
            whole[..whole.len() / 2].to_owned(),
            whole.replace('A', "B"),
            "\u{0}".into(),
        ] {
            fs::write(&path, garbled).unwrap();
            expect("is not an Ed25519 key");
        }
        fs::write(&path, b"\xff\xfe").unwrap();
        expect("is not an Ed25519 key");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        expect("is not an Ed25519 key");
        let nowhere = folder.path().join("no/where");
        assert!(HostKey::at(&nowhere).is_err());
    }
}
