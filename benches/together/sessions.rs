//! Many people in the review over SSH at once, on the real program: how long a key takes to be a frame,
//! how much memory a session takes, and whether a server that nobody types at does nothing.
//!
//!     cargo build --release --features ssh
//!     cargo bench -p steward-ssh --bench sessions -- target/release/steward [SESSIONS] [SECONDS]
//!
//! Default: 200 sessions, 30 s. Each is a connection of its own with a terminal of 80x23, in the queue, and
//! types five keys a second, at moments of its own: down and up. The sample data of this repository is
//! imported into a temporary folder. The time is that from the key's going out to the first byte that comes
//! back, with the client's own share, on the same machine.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a program to measure with"
)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use russh::client::{self, Handle, Msg};
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg};

/// How long a person takes from one key to the next.
const PAUSE: Duration = Duration::from_millis(200);
/// How long the server is left alone, to see that it does nothing.
const ALONE: Duration = Duration::from_secs(10);

struct Client;

impl client::Handler for Client {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

/// The server, and the folder it works in.
struct Served {
    process: Child,
    address: String,
    _folder: tempfile::TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn serve(program: &Path, key: &PrivateKey) -> Served {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample-data");
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("ws");
    let steward = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).env("HOME", folder.path()).env("STEWARD_WORKSPACE", &workspace);
        command
    };
    let run = |arguments: &[&str]| {
        let ran = steward(arguments).output().unwrap();
        assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    };
    run(&["init", workspace.to_str().unwrap()]);
    let settings = std::fs::read_to_string(sample.join("steward.toml")).unwrap();
    let key = key.public_key().to_openssh().unwrap();
    let people = format!("{settings}\n[people.kim]\nkeys = [\"{key}\"]\n");
    std::fs::write(workspace.join("steward.toml"), people).unwrap();
    for (file, source) in
        [("crm.csv", "crm"), ("webshop.csv", "webshop"), ("support.jsonl", "support")]
    {
        run(&["import", sample.join(file).to_str().unwrap(), "--source", source]);
    }
    run(&["match"]);
    let mut process = steward(&["serve", "--json", "--ssh", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    // The address is the only text in it that has this shape.
    let from = line.find("127.0.0.1:").unwrap_or_else(|| panic!("it does not serve: {line}"));
    let address = line[from..].split('"').next().unwrap().to_owned();
    Served { process, address, _folder: folder }
}

/// Ticks of CPU time that a process has used, and kB of memory that it has.
fn used(process: u32) -> (u64, u64) {
    let about = |name: &str| std::fs::read_to_string(format!("/proc/{process}/{name}")).unwrap();
    let stat = about("stat");
    let after = stat.rsplit(')').next().unwrap();
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    let status = about("status");
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    (ticks, resident.trim().trim_end_matches(" kB").parse().unwrap())
}

async fn enter(address: &str, key: &Arc<PrivateKey>) -> (Handle<Client>, Channel<Msg>) {
    let line = tokio::net::TcpStream::connect(address).await.unwrap();
    line.set_nodelay(true).unwrap();
    let config = Arc::new(client::Config::default());
    let mut line = client::connect_stream(config, line, Client).await.unwrap();
    let key = PrivateKeyWithHashAlg::new(Arc::clone(key), None);
    assert!(line.authenticate_publickey("kim", key).await.unwrap().success());
    let channel = line.channel_open_session().await.unwrap();
    channel.request_pty(false, "xterm-256color", 80, 23, 0, 0, &[]).await.unwrap();
    channel.request_shell(false).await.unwrap();
    (line, channel)
}

/// Takes what comes until nothing has for so long.
async fn settle(channel: &mut Channel<Msg>, quiet: Duration) {
    while let Ok(Some(_)) = tokio::time::timeout(quiet, channel.wait()).await {}
}

/// Types for so long, and says how long each key took.
async fn types(
    mut channel: Channel<Msg>,
    at: Duration,
    until: Instant,
) -> (Channel<Msg>, Vec<Duration>) {
    tokio::time::sleep(at).await;
    let mut next = Instant::now();
    let mut took = Vec::new();
    for key in [&b"j"[..], b"k"].into_iter().cycle() {
        tokio::time::sleep_until(next.into()).await;
        if Instant::now() >= until {
            break;
        }
        next += PAUSE;
        let sent = Instant::now();
        channel.data(key).await.unwrap();
        loop {
            match tokio::time::timeout(Duration::from_secs(10), channel.wait()).await {
                Ok(Some(ChannelMsg::Data { .. })) => break,
                Ok(Some(_)) => {}
                lost => panic!("a key was not answered: {lost:?}"),
            }
        }
        took.push(sent.elapsed());
        // What belongs to the same frame, or to somebody else's.
        let left = next.saturating_duration_since(Instant::now());
        settle(&mut channel, left.min(Duration::from_millis(20))).await;
    }
    (channel, took)
}

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(program) = arguments.next() else {
        println!("usage: sessions STEWARD [SESSIONS] [SECONDS]");
        return;
    };
    // Benchmarks run in the folder of their package.
    let program = PathBuf::from(&program);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = if program.is_absolute() { program } else { root.join(program) };
    let program = program.canonicalize().unwrap_or_else(|error| panic!("{program:?}: {error}"));
    let mut number = |default: u64| arguments.next().map_or(default, |it| it.parse().unwrap());
    let (sessions, seconds) = (number(200), number(30));

    let mut seed = [0; 32];
    getrandom::fill(&mut seed).unwrap();
    let key = Arc::new(PrivateKey::from(Ed25519Keypair::from_seed(&seed)));
    let served = serve(&program, &key);
    let process = served.process.id();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(async {
        let (_, empty) = used(process);
        let mut inside = Vec::new();
        for _ in 0..sessions {
            let (line, mut channel) = enter(&served.address, &key).await;
            settle(&mut channel, Duration::from_millis(100)).await;
            inside.push((line, channel));
        }
        for (_, channel) in &mut inside {
            settle(channel, Duration::from_millis(5)).await;
        }
        let (before, _) = used(process);
        let begun = Instant::now();
        let until = begun + Duration::from_secs(seconds);
        let mut typing = Vec::new();
        for (at, (line, channel)) in inside.into_iter().enumerate() {
            let at = PAUSE * u32::try_from(at).unwrap() / u32::try_from(sessions).unwrap();
            typing.push((line, tokio::spawn(types(channel, at, until))));
        }
        let (mut took, mut open) = (Vec::new(), Vec::new());
        for (line, session) in typing {
            let (channel, own) = session.await.unwrap();
            took.extend(own);
            open.push((line, channel));
        }
        let wall = begun.elapsed();
        let (after, full) = used(process);
        took.sort_unstable();
        let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!("{sessions} sessions, {} keys in {:.0} s", took.len(), wall.as_secs_f64());
        println!(
            "key to frame: p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, worst {:.1} ms",
            at(0.5),
            at(0.9),
            at(0.99),
            at(1.0)
        );
        let cores = (after - before) as f64 / 100.0 / wall.as_secs_f64();
        println!("the server: {:.0} % of a core", cores * 100.0);
        println!("memory: {:.2} MB a session", (full - empty) as f64 / 1024.0 / sessions as f64);
        let (before, _) = used(process);
        tokio::time::sleep(ALONE).await;
        let (after, _) = used(process);
        println!("nobody types for {} s: {} ticks of 10 ms", ALONE.as_secs(), after - before);
        drop(open);
    });
}
