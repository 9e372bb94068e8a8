//! The file of second factors: one for all people, written whole, and never ahead of what it has accepted.
//!
//! A code is accepted once the file that remembers it is on the disk. Whoever enrols somebody and the server that
//! lets people in may be two processes: each change is made under a lock, to what the file says then.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::host_key::sync_folder;
use super::lockout::{Kept, Lockout};
use super::otp::{Factor, RecoveryCode, SECRET, STEP, Seed, Verdict, step_of};
use super::qr::qr;
use super::span::span;

/// How the file begins, its version included. What follows is sealed.
const HEAD: &[u8] = b"steward factors 1\n";
/// How the file of wrong codes begins.
const WRONG_HEAD: &[u8] = b"steward wrong codes 1\n";
/// The longest file that is read.
const LONGEST: u64 = 16 << 20;

/// How the file is protected: with a key of the workspace where it has one.
pub trait Seal: Send + Sync {
    /// Seals.
    ///
    /// # Errors
    /// When there is no key.
    fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>>;

    /// Opens what was sealed.
    ///
    /// # Errors
    /// When it was not sealed with this key, or was changed.
    fn open(&self, sealed: &[u8]) -> io::Result<Zeroizing<Vec<u8>>>;
}

/// Of a workspace without keys: as it is, for its owner's eyes only.
pub struct Plain;

impl Seal for Plain {
    fn seal(&self, plain: &[u8]) -> io::Result<Vec<u8>> {
        Ok(plain.to_vec())
    }

    fn open(&self, sealed: &[u8]) -> io::Result<Zeroizing<Vec<u8>>> {
        Ok(Zeroizing::new(sealed.to_vec()))
    }
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    people: BTreeMap<String, Factor>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrongCodes {
    people: BTreeMap<String, Kept>,
}

/// The second factors of a workspace, and who has typed wrong codes.
pub struct Factors {
    path: PathBuf,
    seal: Box<dyn Seal>,
    /// Held while a code is looked at, so that fifty connections are five guesses. None before the file has been
    /// read in which they outlast a restart.
    lockout: Mutex<Option<Lockout>>,
}

/// What somebody is told who typed a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It was right; how many recovery codes are left, if it was one.
    Right {
        /// Of the eight.
        recovery_left: Option<usize>,
    },
    /// It was not.
    Wrong,
    /// It was not, and no other is looked at before this has passed.
    WrongAndLocked(Duration),
    /// It was accepted once before.
    Used,
    /// The clock of this machine shows an earlier time than when the last code was accepted.
    ClockBehind {
        /// By how much, in seconds.
        seconds: u64,
    },
    /// No code is looked at before this has passed.
    Locked(Duration),
    /// They have none.
    NotEnrolled,
}

impl fmt::Display for Told {
    /// As the log has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Right { .. } => f.write_str("right"),
            Told::Wrong => f.write_str("wrong"),
            Told::WrongAndLocked(wait) => write!(f, "wrong; locked out for {}", span(*wait)),
            Told::Used => f.write_str("already used"),
            Told::ClockBehind { seconds } => write!(f, "the clock is {seconds} s behind"),
            Told::Locked(left) => write!(f, "not looked at; locked out for {}", span(*left)),
            Told::NotEnrolled => f.write_str("nobody is enrolled"),
        }
    }
}

impl Factors {
    /// Those of a file, which need not be there.
    #[must_use]
    pub fn new(path: PathBuf, seal: Box<dyn Seal>) -> Factors {
        Factors { path, seal, lockout: Mutex::default() }
    }

    /// Who has one, and how many recovery codes each has left.
    ///
    /// # Errors
    /// When the file cannot be read or trusted.
    pub fn enrolled(&self) -> io::Result<Vec<(String, usize)>> {
        let people = self.read()?.people;
        Ok(people.iter().map(|(person, it)| (person.clone(), it.recovery_left())).collect())
    }

    /// Which enrolment a person has now: another after they were reset and enrolled again.
    ///
    /// # Errors
    /// When the file cannot be read or trusted.
    pub(super) fn enrolment(&self, person: &str) -> io::Result<Option<[u8; 16]>> {
        Ok(self.read()?.people.get(person).map(Factor::enrolment))
    }

    /// Where they are kept.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Why no code of this person is looked at just now; nothing where one is.
    ///
    /// # Errors
    /// When the file cannot be read or trusted.
    pub fn before(&self, person: &str, now: u64, monotonic: Duration) -> io::Result<Option<Told>> {
        let mut held = self.lockout.lock().unwrap_or_else(PoisonError::into_inner);
        let lockout = self.remembered(&mut held, now, monotonic)?;
        if let Some(left) = lockout.wait(person, monotonic) {
            return Ok(Some(Told::Locked(left)));
        }
        let has_one = self.read()?.people.contains_key(person);
        Ok((!has_one).then_some(Told::NotEnrolled))
    }

    /// Looks at a code that somebody typed who has proved a key of this person. `now` is in seconds since 1970,
    /// `monotonic` from a clock that nobody sets.
    ///
    /// # Errors
    /// When the file cannot be read, trusted or written: then nothing was accepted.
    pub fn accept(
        &self,
        person: &str,
        typed: &str,
        now: u64,
        monotonic: Duration,
    ) -> io::Result<Told> {
        let mut held = self.lockout.lock().unwrap_or_else(PoisonError::into_inner);
        let lockout = self.remembered(&mut held, now, monotonic)?;
        if let Some(left) = lockout.wait(person, monotonic) {
            return Ok(Told::Locked(left));
        }
        let _lock = self.lock()?;
        let mut content = self.read()?;
        let Some(factor) = content.people.get_mut(person) else { return Ok(Told::NotEnrolled) };
        let verdict = factor.judge(typed, now);
        if let Some(spent) = factor.spent(verdict) {
            let is_recovery = matches!(verdict, Verdict::Recovery { .. });
            let recovery_left = is_recovery.then_some(spent.recovery_left());
            *factor = spent;
            self.write(&content)?;
            if lockout.right(person)
                && let Err(error) = self.keep(lockout, now, monotonic)
            {
                // It is accepted all the same: it is spent.
                tracing::warn!(person, %error, "wrong codes before a right one are still counted");
            }
            return Ok(Told::Right { recovery_left });
        }
        Ok(match verdict {
            // Neither tells a guesser anything: no code that they could use.
            Verdict::Used => Told::Used,
            Verdict::ClockBehind { seconds } => Told::ClockBehind { seconds },
            _ => {
                let wait = lockout.wrong(person, monotonic);
                self.keep(lockout, now, monotonic)?;
                wait.map_or(Told::Wrong, Told::WrongAndLocked)
            }
        })
    }

    /// Takes a person's second factor away; whether they had one.
    ///
    /// # Errors
    /// When the file cannot be read, trusted or written.
    pub fn reset(&self, person: &str) -> io::Result<bool> {
        let _lock = self.lock()?;
        let mut content = self.read()?;
        let had = content.people.remove(person).is_some();
        if had {
            self.write(&content)?;
        }
        Ok(had)
    }

    fn enrol(&self, person: &str, factor: Factor) -> io::Result<()> {
        let _lock = self.lock()?;
        let mut content = self.read()?;
        content.people.insert(person.to_owned(), factor);
        self.write(&content)
    }

    /// Who has typed wrong codes, before a restart as well.
    fn remembered<'l>(
        &self,
        held: &'l mut Option<Lockout>,
        now: u64,
        monotonic: Duration,
    ) -> io::Result<&'l mut Lockout> {
        if held.is_none() {
            let kept = self.read_from::<WrongCodes>(&self.wrong_path(), WRONG_HEAD)?;
            *held = Some(Lockout::resumed(kept.people, monotonic, now));
        }
        Ok(held.get_or_insert_default())
    }

    fn keep(&self, lockout: &Lockout, now: u64, monotonic: Duration) -> io::Result<()> {
        let people = lockout.kept(monotonic, now);
        self.write_to(&self.wrong_path(), WRONG_HEAD, &WrongCodes { people })
    }

    /// Wrong codes stand in a file of their own: the other changes who may be in.
    fn wrong_path(&self) -> PathBuf {
        self.path.with_extension("wrong")
    }

    /// Others who would change the file wait until this is dropped.
    fn lock(&self) -> io::Result<File> {
        let path = self.path.with_extension("lock");
        let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
        flock(&lock, FlockOperation::LockExclusive)?;
        Ok(lock)
    }

    fn read(&self) -> io::Result<Content> {
        self.read_from(&self.path, HEAD)
    }

    fn write(&self, content: &Content) -> io::Result<()> {
        self.write_to(&self.path, HEAD, content)
    }

    fn read_from<T: Default + DeserializeOwned>(&self, path: &Path, head: &[u8]) -> io::Result<T> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(T::default()),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(LONGEST + 1).read_to_end(&mut bytes)?;
        let garbled = || {
            let path = path.display();
            let why = match head == HEAD {
                true => {
                    format!("{path} is damaged: restore it, or remove it and enrol everybody again")
                }
                false => format!("{path} is damaged: remove it, which forgives all wrong codes"),
            };
            io::Error::new(io::ErrorKind::InvalidData, why)
        };
        let sealed = bytes.strip_prefix(head).filter(|_| bytes.len() as u64 <= LONGEST);
        let plain = self.seal.open(sealed.ok_or_else(garbled)?).map_err(|_| garbled())?;
        let mut rest = &**plain;
        let content = ciborium::from_reader(&mut rest).map_err(|_| garbled())?;
        if rest.is_empty() { Ok(content) } else { Err(garbled()) }
    }

    /// Writes it beside, and puts it in place once it is on the disk.
    fn write_to(&self, path: &Path, head: &[u8], content: &impl Serialize) -> io::Result<()> {
        let mut plain = Zeroizing::new(Vec::new());
        ciborium::into_writer(content, &mut *plain).map_err(io::Error::other)?;
        let sealed = self.seal.seal(&plain)?;
        let beside = path.with_added_extension("new");
        let _ = fs::remove_file(&beside);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(head)?;
        file.write_all(&sealed)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        sync_folder(path)
    }
}

/// Somebody is being enrolled: nothing is in force before they have typed a right code.
pub struct Enrolment {
    person: String,
    secret: Zeroizing<[u8; SECRET]>,
}

/// Why an enrolment is not in force.
#[derive(Debug, thiserror::Error)]
pub enum NotEnrolled {
    /// The code is wrong.
    #[error(
        "this is not the code of this moment: type the one that the telephone shows now, and check its clock"
    )]
    Wrong,
    /// Nothing could be written, or there are no random bytes.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Enrolment {
    /// Begins one, with a new secret.
    ///
    /// # Errors
    /// When the system has no random bytes.
    pub fn begin(person: &str) -> io::Result<Enrolment> {
        let mut secret = Zeroizing::new([0; SECRET]);
        getrandom::fill(&mut *secret).map_err(io::Error::other)?;
        Ok(Enrolment { person: person.to_owned(), secret })
    }

    /// The secret, to be typed into a telephone that cannot see.
    #[must_use]
    pub fn secret(&self) -> Zeroizing<String> {
        let encoded = totp_rs::Secret::new_stack(*self.secret).to_base32();
        Zeroizing::new(encoded)
    }

    /// What the telephone scans, as a link.
    #[must_use]
    pub fn link(&self, workspace: &str) -> Zeroizing<String> {
        let (workspace, person) = (escaped(workspace), escaped(&self.person));
        let secret = self.secret();
        Zeroizing::new(format!(
            "otpauth://totp/steward:{person}%40{workspace}?secret={}&issuer=steward",
            *secret
        ))
    }

    /// What the telephone scans, drawn; none where the names are too long to be drawn.
    #[must_use]
    pub fn drawn(&self, workspace: &str) -> Option<Vec<String>> {
        qr(&self.link(workspace))
    }

    /// Puts it in force, given the code that the telephone shows; the recovery codes, which nobody can be told
    /// again.
    ///
    /// # Errors
    /// Why it is not in force.
    pub fn confirm(
        &self,
        factors: &Factors,
        typed: &str,
        now: u64,
    ) -> Result<Vec<RecoveryCode>, NotEnrolled> {
        let typed: String = typed.chars().filter(char::is_ascii_digit).collect();
        let step = step_of(&*self.secret, &typed, now).ok_or(NotEnrolled::Wrong)?;
        let mut seed = Seed { salt: [0; 16], recovery: Default::default() };
        let fill = |bytes: &mut [u8]| getrandom::fill(bytes).map_err(io::Error::other);
        fill(&mut seed.salt)?;
        for code in &mut seed.recovery {
            fill(code)?;
        }
        let (factor, codes) = Factor::new(&self.secret, step, &seed);
        factors.enrol(&self.person, factor)?;
        Ok(codes)
    }

    /// How long the telephone shows a code.
    #[must_use]
    pub fn step() -> Duration {
        Duration::from_secs(STEP)
    }
}

/// As a link has it.
fn escaped(text: &str) -> String {
    let mut link = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                link.push(char::from(byte));
            }
            _ => link.push_str(&format!("%{byte:02X}")),
        }
    }
    link
}

#[cfg(test)]
#[path = "tests/factors.rs"]
mod tests;
