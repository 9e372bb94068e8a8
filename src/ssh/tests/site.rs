//! A server with rooms that do little, its people and their keys.

use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Output;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use russh::keys::PrivateKey;
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use settings::{Person, PublicKey};
use zeroize::Zeroizing;

use super::spools;
use crate::otp::code_at;
use crate::{
    Command, Enrolment, Factors, Heard, HostKey, Known, LetIn, Limits, Noted, Options, Plain,
    RecoveryCode, Rooms, Server, Signal, Terminal, Who, run_child,
};

/// A time that does not pass by itself.
pub(crate) const NOW: u64 = 1_790_000_000;

/// What happened in the rooms.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) terminals: AtomicUsize,
    pub(crate) commands: AtomicUsize,
    pub(crate) left: AtomicUsize,
    pub(crate) flooded: AtomicUsize,
    pub(crate) who: Mutex<Vec<Who>>,
    /// What became of codes.
    pub(crate) noted: Mutex<Vec<(Who, Noted)>>,
}

struct Stubs(Arc<Seen>, Arc<Mutex<Vec<u64>>>);

/// Somebody is listed for as long as this is kept.
struct Listed(u64, Arc<Mutex<Vec<u64>>>);

impl Drop for Listed {
    fn drop(&mut self) {
        self.1.lock().unwrap().retain(|it| *it != self.0);
    }
}

/// Counts those who leave, whichever way.
struct Leaves<'a>(&'a Seen);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.left.fetch_add(1, Ordering::SeqCst);
    }
}

impl Rooms for Stubs {
    fn terminal(&self, who: Who, mut terminal: Terminal) {
        self.0.terminals.fetch_add(1, Ordering::SeqCst);
        let _leaves = Leaves(&self.0);
        let size = terminal.size();
        let mut say = format!("hello {} {}x{}", who.person, size.columns, size.rows);
        loop {
            if terminal.send(format!("{say}\r\n").as_bytes()).is_err() {
                return;
            }
            say = match terminal.heard_within(Duration::from_secs(60)) {
                Some(Heard::Bytes(bytes, _)) if bytes.contains(&b'q') => return terminal.finish(0),
                Some(Heard::Bytes(bytes, _)) if bytes.contains(&b'f') => loop {
                    match terminal.send(&[b'x'; 1_000]) {
                        Ok(()) => self.0.flooded.fetch_add(1_000, Ordering::SeqCst),
                        Err(_) => return,
                    };
                },
                Some(Heard::Bytes(bytes, _)) => format!("heard {bytes:?}"),
                Some(Heard::Resized) => {
                    format!("size {}x{}", terminal.size().columns, terminal.size().rows)
                }
                Some(Heard::Notice(from, text)) => format!("notice {from:?} {text}"),
                Some(Heard::Signal(signal)) => format!("signal {signal:?}"),
                Some(Heard::Ended(_)) => {
                    let _ = terminal.send(b"bye\r\n");
                    return;
                }
                None => "nothing".to_owned(),
            };
        }
    }

    fn is_terminal(&self, words: &[String]) -> bool {
        words == ["review"]
    }

    fn noted(&self, who: &Who, what: Noted) {
        self.0.noted.lock().unwrap().push((who.clone(), what));
    }

    fn let_in(&self, who: &Who) -> LetIn {
        self.1.lock().unwrap().push(who.connection);
        let kept = Box::new(Listed(who.connection, Arc::clone(&self.1)));
        LetIn { session: Some(format!("k7f3q-{}", who.connection)), kept }
    }

    fn command(&self, who: Who, words: Vec<String>, command: Command) {
        self.0.commands.fetch_add(1, Ordering::SeqCst);
        self.0.who.lock().unwrap().push(who);
        let _leaves = Leaves(&self.0);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut output = command.output();
        match &words[..] {
            ["exit", code] => return command.finish(code.parse().unwrap()),
            ["cat"] => {
                io::copy(&mut command.input(), &mut output).unwrap();
            }
            ["say", words @ ..] => writeln!(output, "{}", words.join("|")).unwrap(),
            ["complain"] => writeln!(command.errors(), "oh").unwrap(),
            ["environment"] => writeln!(output, "{:?}", command.environment()).unwrap(),
            ["flood"] => loop {
                if output.write_all(&[b'x'; 1_000]).is_err() {
                    return;
                }
                self.0.flooded.fetch_add(1_000, Ordering::SeqCst);
            },
            ["count"] => {
                let mut all = Vec::new();
                command.input().read_to_end(&mut all).unwrap();
                writeln!(output, "{}", all.len()).unwrap();
            }
            ["signal"] => {
                writeln!(output, "ready").unwrap();
                let signal = command.signals().next();
                assert_ne!(signal, Some(Signal::HangUp));
                writeln!(output, "{signal:?}").unwrap();
            }
            ["panic"] => panic!("meant"),
            ["child", script] => {
                let mut shell = std::process::Command::new("sh");
                shell.args(["-c", script]);
                return run_child(shell, command).unwrap();
            }
            other => {
                writeln!(command.errors(), "no {other:?}").unwrap();
                return command.finish(2);
            }
        }
        command.finish(0);
    }
}

/// A server that runs, its people and their keys. Sam has a second factor, Kim has none, Ann has one that is not
/// enrolled.
pub(crate) struct Site {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Option<Server>,
    pub(crate) seen: Arc<Seen>,
    pub(crate) now: Arc<AtomicU64>,
    pub(crate) port: u16,
    pub(crate) host: String,
    pub(crate) recovery: Vec<RecoveryCode>,
    pub(crate) factors: Arc<Factors>,
    known: Arc<Mutex<Known>>,
    /// Who has been let in, each for as long as they are.
    pub(crate) inside: Arc<Mutex<Vec<u64>>>,
    keys: HashMap<&'static str, PrivateKey>,
    secret: Mutex<Zeroizing<Vec<u8>>>,
    asked: AtomicBool,
}

fn private(number: u8) -> PrivateKey {
    let pair = KeypairData::Ed25519(Ed25519Keypair::from_seed(&[number; 32]));
    PrivateKey::new(pair, "").unwrap()
}

/// Whose certificates name people, where anybody's do.
pub(crate) fn ca() -> PrivateKey {
    private(9)
}

pub(crate) fn public(key: &PrivateKey) -> PublicKey {
    PublicKey { kind: "ssh-ed25519", blob: key.public_key().to_bytes().unwrap() }
}

/// Limits that no test waits for.
pub(crate) fn limits() -> Limits {
    let refusal = Duration::ZERO;
    let (strangers_here, strangers, failures) = (1_000, 1_000, 1_000);
    let look = Duration::from_millis(20);
    Limits { refusal, look, strangers_here, strangers, failures, ..Limits::default() }
}

impl Site {
    pub(crate) fn open() -> Site {
        Site::with(limits(), |_| {})
    }

    pub(crate) fn with(limits: Limits, changes: impl FnOnce(&mut Known)) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let factors = Arc::new(Factors::new(folder.path().join("factors"), Box::new(Plain)));
        let enrolment = Enrolment::begin("sam").unwrap();
        let secret = totp_rs::Secret::try_from_base32(&**enrolment.secret()).unwrap();
        let secret = Zeroizing::new(secret.as_bytes().to_vec());
        let before = NOW - 3_600;
        let recovery = enrolment.confirm(&factors, &code_at(&secret, before), before).unwrap();
        let keys = HashMap::from([
            ("sam", private(1)),
            ("kim", private(2)),
            ("ann", private(3)),
            ("nobody", private(4)),
            ("ca", ca()),
        ]);
        let person = |id: &'static str, second_factor| Person {
            id: id.to_owned(),
            name: id.to_owned(),
            unix: None,
            keys: vec![public(&keys[id])],
            second_factor,
            stand_ins: Vec::new(),
            role: None,
        };
        let people = vec![person("sam", true), person("kim", false), person("ann", true)];
        let mut known = Known { people, user_ca: None };
        changes(&mut known);
        let (host_key, _) = HostKey::at(&folder.path().join("host_key")).unwrap();
        let host = host_key.public_line();
        let (seen, now) = (Arc::new(Seen::default()), Arc::new(AtomicU64::new(NOW)));
        let clock = Arc::clone(&now);
        let (known, inside) = (Arc::new(Mutex::new(known)), Arc::new(Mutex::default()));
        let asked_for = Arc::clone(&known);
        let options = Options {
            rooms: Arc::new(Stubs(Arc::clone(&seen), Arc::clone(&inside))),
            known: Box::new(move || asked_for.lock().unwrap().clone()),
            known_file: folder.path().join("steward.toml"),
            factors: Arc::clone(&factors),
            host_key,
            spools: spools(),
            limits,
            clock: Box::new(move || clock.load(Ordering::SeqCst)),
        };
        let server = Server::start(TcpListener::bind("127.0.0.1:0").unwrap(), options).unwrap();
        let port = server.address().port();
        let (asked, secret) = (AtomicBool::new(false), Mutex::new(secret));
        let server = Some(server);
        Site {
            folder,
            server,
            seen,
            now,
            port,
            host,
            recovery,
            factors,
            known,
            inside,
            keys,
            secret,
            asked,
        }
    }

    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().unwrap()
    }

    /// Others may come than before; `says_so`: the file has changed, too.
    pub(crate) fn change(&self, says_so: bool, changes: impl FnOnce(&mut Known)) {
        changes(&mut self.known.lock().unwrap());
        if says_so {
            let mut options = std::fs::OpenOptions::new();
            let path = self.folder.path().join("steward.toml");
            options.create(true).append(true).open(path).unwrap().write_all(b"x").unwrap();
        }
    }

    pub(crate) fn key(&self, whose: &str) -> PrivateKey {
        self.keys[whose].clone()
    }

    /// The code that Sam's telephone shows.
    pub(crate) fn code(&self) -> String {
        code_at(&self.secret.lock().unwrap(), self.now.load(Ordering::SeqCst))
    }

    /// A code that does not hold at this time.
    pub(crate) fn wrong_code(&self) -> String {
        code_at(&self.secret.lock().unwrap(), self.now.load(Ordering::SeqCst) - 100_000)
    }

    /// Sam has another telephone.
    pub(crate) fn enrol_again(&self) {
        let enrolment = Enrolment::begin("sam").unwrap();
        let secret = totp_rs::Secret::try_from_base32(&**enrolment.secret()).unwrap();
        let secret = Zeroizing::new(secret.as_bytes().to_vec());
        let before = NOW - 3_600;
        enrolment.confirm(&self.factors, &code_at(&secret, before), before).unwrap();
        *self.secret.lock().unwrap() = secret;
    }

    /// The next code comes.
    pub(crate) fn next_step(&self) {
        self.now.fetch_add(30, Ordering::SeqCst);
    }

    /// A file with a private key.
    pub(crate) fn key_file(&self, whose: &str) -> PathBuf {
        use std::os::unix::fs::OpenOptionsExt;
        let path = self.folder.path().join(format!("id_{whose}"));
        let mut options = std::fs::OpenOptions::new();
        let mut file =
            options.create(true).truncate(true).write(true).mode(0o600).open(&path).unwrap();
        let text = self.key(whose).to_openssh(LineEnding::LF).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        path
    }

    /// OpenSSH's client, that asks nobody anything; none where there is no such client.
    pub(crate) fn openssh(
        &self,
        user: &str,
        key: &std::path::Path,
    ) -> Option<std::process::Command> {
        let found = std::process::Command::new("ssh").arg("-V").output();
        if found.is_err() {
            if !self.asked.swap(true, Ordering::SeqCst) {
                println!("skipped: there is no ssh on this machine");
            }
            return None;
        }
        let known = self.folder.path().join("known_hosts");
        std::fs::write(&known, format!("[127.0.0.1]:{} {}\n", self.port, self.host)).unwrap();
        let mut ssh = std::process::Command::new("ssh");
        ssh.args(["-F", "none", "-p", &self.port.to_string(), "-l", user, "-i"]).arg(key);
        ssh.arg("-o").arg(format!("UserKnownHostsFile={}", known.display()));
        for option in [
            "StrictHostKeyChecking=yes",
            "GlobalKnownHostsFile=none",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "LogLevel=INFO",
        ] {
            ssh.args(["-o", option]);
        }
        ssh.env_remove("SSH_AUTH_SOCK").env_remove("DISPLAY").stdin(std::process::Stdio::null());
        Some(ssh)
    }

    /// What OpenSSH's client says to `kim@host words`, with Kim's key.
    pub(crate) fn kim(&self, options: &[&str], words: &[&str]) -> Option<Output> {
        let key = self.key_file("kim");
        let mut ssh = self.openssh("kim", &key)?;
        Some(ssh.args(options).arg("127.0.0.1").args(words).output().unwrap())
    }

    /// Waits until something is so.
    pub(crate) fn until(&self, what: &str, is_so: impl Fn(&Seen) -> bool) {
        let begun = Instant::now();
        while !is_so(&self.seen) {
            assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
