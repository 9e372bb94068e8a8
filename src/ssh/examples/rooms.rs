//! A server with rooms that do little, to try clients against:
//!
//!     rooms PORT FOLDER kim=KEY.pub sam=KEY.pub+code
//!
//! keeps its files in FOLDER, lets people in with their keys, and asks those marked `+code` for one-time codes. It
//! prints what a telephone scans and reads the first code from its input. Then it says `ready`, and serves until its
//! input ends.

#![allow(clippy::print_stdout, reason = "it has nobody else to talk to")]

use std::fs;
use std::io::{self, Read, Write, stdin};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64ct::{Base64, Encoding};
use serve::{Spool, Spools};
use settings::{Person, PublicKey};
use ssh::{
    Command, Enrolment, Factors, Heard, HostKey, Known, Limits, Options, Plain, Rooms, Server,
    Terminal, Who, run_child,
};

type Failed = Box<dyn std::error::Error>;

struct Stubs;

impl Rooms for Stubs {
    fn terminal(&self, who: Who, mut terminal: Terminal) {
        let mut say = format!("hello {}", who.person);
        loop {
            let size = terminal.size();
            let line = format!("{say}, {}x{}\r\n", size.columns, size.rows);
            if terminal.send(line.as_bytes()).is_err() {
                return;
            }
            say = match terminal.heard_within(Duration::from_secs(3_600)) {
                Some(Heard::Ended(_)) => return,
                Some(Heard::Bytes(bytes, _)) if bytes.contains(&b'q') => return,
                heard => format!("{heard:?}"),
            };
        }
    }

    fn command(&self, _: Who, words: Vec<String>, command: Command) {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut output = command.output();
        let done = match &words[..] {
            ["exit", code] => return command.finish(code.parse().unwrap_or(2)),
            ["cat"] => io::copy(&mut command.input(), &mut output).map(|_| ()),
            ["say", words @ ..] => writeln!(output, "{}", words.join("|")),
            ["flood"] => loop {
                if let Err(error) = output.write_all(&[b'x'; 1_000]) {
                    break Err(error);
                }
            },
            ["child", script] => {
                let mut shell = std::process::Command::new("sh");
                shell.args(["-c", script]);
                let _ = run_child(shell, command);
                return;
            }
            _ => return command.finish(2),
        };
        command.finish(u8::from(done.is_err()));
    }
}

struct InMemory(Vec<u8>);

impl Spool for InMemory {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let left = usize::try_from(offset).ok().and_then(|at| self.0.get(at..)).unwrap_or_default();
        left.take(buffer.len() as u64).read(buffer)
    }

    fn length(&self) -> u64 {
        self.0.len() as u64
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn person(said: &str) -> Result<Person, Failed> {
    let (id, path) = said.split_once('=').ok_or("expected NAME=KEY.pub")?;
    let key = fs::read_to_string(path.trim_end_matches("+code"))?;
    let blob = key.split_whitespace().nth(1).ok_or("expected a public key")?;
    let blob = Base64::decode_vec(blob).map_err(|_| "expected a public key")?;
    let keys = vec![PublicKey { kind: "ssh-ed25519", blob }];
    let (id, name, second_factor) = (id.to_owned(), id.to_owned(), path.ends_with("+code"));
    Ok(Person { id, name, unix: None, keys, second_factor, stand_ins: Vec::new(), role: None })
}

fn main() -> Result<(), Failed> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, folder, people @ ..] = &arguments[..] else {
        return Err("expected PORT FOLDER NAME=KEY.pub...".into());
    };
    let people = people.iter().map(|said| person(said)).collect::<Result<Vec<_>, _>>()?;
    let factors = Factors::new(Path::new(folder).join("factors"), Box::new(Plain));
    for person in people.iter().filter(|person| person.second_factor) {
        let enrolment = Enrolment::begin(&person.id)?;
        for line in enrolment.drawn("rooms").unwrap_or_default() {
            println!("{line}");
        }
        println!("{}\n{}", *enrolment.link("rooms"), *enrolment.secret());
        let mut code = String::new();
        stdin().read_line(&mut code)?;
        for code in enrolment.confirm(&factors, &code, now())? {
            println!("{code}");
        }
    }
    let (host_key, _) = HostKey::at(&Path::new(folder).join("host_key"))?;
    println!("{}\n{}", host_key.fingerprint(), host_key.public_line());
    let spools: Spools = Arc::new(|| Ok(Box::new(InMemory(Vec::new()))));
    let options = Options {
        rooms: Arc::new(Stubs),
        known: Box::new(move || Known { people: people.clone(), user_ca: None }),
        known_file: std::path::PathBuf::new(),
        factors: Arc::new(factors),
        host_key,
        spools,
        limits: Limits::default(),
        clock: Box::new(now),
    };
    let server = Server::start(TcpListener::bind(format!("127.0.0.1:{port}"))?, options)?;
    println!("ready {}", server.address().port());
    stdin().read_to_end(&mut Vec::new())?;
    server.stop("the example ends");
    Ok(())
}
