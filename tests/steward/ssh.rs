//! `steward serve --ssh`, with OpenSSH's own client.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::people::{FATHER, HEADER, SON, crowd_and};
use crate::screen::Terminal;
use crate::workspace::{Ran, Workspace, text};

/// A workspace that is served over SSH to Kim, whose key is beside it; on this machine to Ann.
struct Served {
    workspace: Workspace,
    process: Child,
    port: String,
}

/// None where this machine has no OpenSSH.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn served() -> Option<Served> {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    for name in ["kim", "sam", "nobody"] {
        let mut keygen = Command::new("ssh-keygen");
        keygen.args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"]).arg(workspace.path(name));
        match keygen.output() {
            Ok(made) => assert!(made.status.success()),
            Err(_) => {
                println!("skipped: there is no ssh-keygen on this machine");
                return None;
            }
        }
    }
    let key = |name: &str| std::fs::read_to_string(workspace.path(name)).unwrap().trim().to_owned();
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let people = format!(
        "{settings}\n[people.kim]\nkeys = [\"{0}\"]\n[people.sam]\nkeys = [\"{1}\"]\n\
         second_factor = true\n[people.ann]\nunix = \"{2}\"\n",
        key("kim.pub"),
        key("sam.pub"),
        rustix::process::geteuid().as_raw()
    );
    workspace.write("steward.toml", &people);
    let mut process = workspace
        .process()
        .args(["serve", "--json", "--ssh", "127.0.0.1:0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    assert!(text(&told["ssh"], "host_key").starts_with("SHA256:"), "{told}");
    let port = text(&told["ssh"], "address").rsplit(':').next().unwrap().to_owned();
    Some(Served { workspace, process, port })
}

impl Served {
    /// What is said to OpenSSH's client before the command.
    fn options(&self, user: &str, key: &str) -> Vec<String> {
        let path = |name: &str| self.workspace.path(name).display().to_string();
        let mut options = ["-F", "none", "-p", &self.port, "-l", user, "-i", &path(key)]
            .map(str::to_owned)
            .to_vec();
        for option in [
            "StrictHostKeyChecking=accept-new",
            "GlobalKnownHostsFile=none",
            "IdentitiesOnly=yes",
            "IdentityAgent=none",
            "LogLevel=ERROR",
            &format!("UserKnownHostsFile={}", path("known_hosts")),
        ] {
            options.extend(["-o".to_owned(), option.to_owned()]);
        }
        options.push("127.0.0.1".to_owned());
        options
    }

    fn ssh(&self, user: &str, key: &str, command: &str, input: &str) -> Ran {
        let mut ssh = Command::new("ssh")
            .args(self.options(user, key))
            .arg(command)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        ssh.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        ssh.wait_with_output().unwrap().into()
    }

    fn kim(&self, command: &str) -> Ran {
        self.ssh("kim", "kim", command, "")
    }

    /// The fingerprint of a key.
    fn fingerprint(&self, key: &str) -> String {
        let told = Command::new("ssh-keygen").arg("-lf").arg(self.workspace.path(key)).output();
        let told = String::from_utf8(told.unwrap().stdout).unwrap();
        told.split(' ').find(|it| it.starts_with("SHA256:")).unwrap().to_owned()
    }

    /// The line of the log that has all of these, once it is there.
    fn logged(&self, parts: &[&str]) -> String {
        let log = self.workspace.path(".state/steward/steward.log");
        let began = Instant::now();
        loop {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            let found = text.lines().find(|line| parts.iter().all(|part| line.contains(part)));
            if let Some(line) = found {
                return line.to_owned();
            }
            assert!(began.elapsed() < Duration::from_secs(20), "{parts:?}:\n{text}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(mut self) -> String {
        let process = Pid::from_raw(i32::try_from(self.process.id()).unwrap()).unwrap();
        kill_process(process, Signal::TERM).unwrap();
        let ended = self.process.wait().unwrap();
        let mut said = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!(ended.code(), Some(0), "{said}");
        said
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_command_over_ssh_is_the_same_command() {
    let Some(served) = served() else { return };
    let workspace = &served.workspace;
    for line in ["tasks", "tasks --json", "show crm:1 --json", "export golden", "show T99", "taks"]
    {
        let words: Vec<&str> = line.split(' ').collect();
        let (here, there) = (workspace.run(&words), served.kim(line));
        assert_eq!((there.code, &there.out), (here.code, &here.out), "{line}: {}", there.err);
    }
    // A file goes in as a stream, in the name of whoever sends it.
    let row = "9,Ada,Oak,ada@example.com,,,,Salem,,";
    let came =
        served.ssh("kim", "kim", "import - --source crm --json", &format!("{HEADER}\n{row}\n"));
    assert_eq!(came.code, Some(0), "{}", came.err);
    let decided = served.kim("decide T1 not-a-match --reason household");
    assert_eq!(decided.code, Some(0), "{}", decided.err);
    let history = workspace.done(&["history", "--json"]).out;
    assert!(history.contains("\"kim\"") && !history.contains("\"ann\""), "{history}");
    // The ledger says how they came, with which key.
    let key =
        Command::new("ssh-keygen").arg("-lf").arg(workspace.path("kim.pub")).output().unwrap();
    let key = String::from_utf8(key.stdout).unwrap();
    let key = key.split(' ').find(|it| it.starts_with("SHA256:")).unwrap().to_owned();
    assert!(history.contains(&key) && history.contains("\"door\":\"ssh\""), "{history}");
    let told = workspace.done(&["history"]).out;
    assert!(told.contains("  kim over SSH  D"), "{told}");
    let decisions = workspace.done(&["export", "decisions"]).out;
    assert!(
        decisions.lines().any(|it| it.contains(",ssh,") && it.contains(&format!(",{key},"))),
        "{decisions}"
    );
    assert_eq!(workspace.run(&["show", "crm:9"]).code, Some(0));
    // Nothing of the server's machine is read or written.
    for line in [
        "import /etc/passwd --source crm",
        "export golden -o x.csv",
        "backup x.stb",
        "serve",
        "init",
    ] {
        let refused = served.kim(line);
        assert_eq!(refused.code, Some(2), "{line}: {}{}", refused.out, refused.err);
    }
    assert!(!workspace.path("x.csv").exists() && !workspace.path("x.stb").exists());
    assert_eq!(served.kim("tasks; id").code, Some(2));
    assert!(served.kim("tasks --help").out.contains("Usage: steward tasks"));
    // Who is not known, or has no second factor yet.
    for (user, key) in [("kim", "nobody"), ("root", "kim"), ("sam", "kim")] {
        assert_eq!(served.ssh(user, key, "tasks", "").code, Some(255), "{user}");
    }
    let folder = workspace.path(".steward");
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(folder.join("ssh_host_key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let said = served.stop();
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn the_review_is_shown_over_ssh_and_says_why_it_ends() {
    let Some(served) = served() else { return };
    let mut terminal = Terminal::in_folder(&served.workspace.path("."));
    terminal.resize(80, 23);
    terminal.start_shell();
    terminal.until_shown(&["ready>"]);
    let options = served.options("kim", "kim").join(" ");
    terminal.press(&format!("clear; ssh -t {options}\r"));
    terminal.until("the queue", |shown| shown.contains("Steinmoor") && !shown.contains("ready>"));
    let sessions = served.workspace.done(&["sessions", "--json"]).objects();
    let there = sessions.iter().find(|it| text(it, "doing") == "review over SSH").unwrap();
    assert_eq!(text(there, "person"), "kim");
    terminal.resize(100, 30);
    terminal.settled(Duration::from_millis(400), |shown| shown.lines().count() > 24);
    // No file of the server is opened.
    served.workspace.done(&["wall", "lunch", "is", "ready"]);
    terminal.until_shown(&["lunch is ready"]);
    terminal.press("q");
    terminal.until_shown(&["ready>"]);
    terminal.press("clear; ");
    terminal.press(&format!("ssh -t {options}; echo left with $?\r"));
    terminal.until("the queue", |shown| shown.contains("Steinmoor"));
    served.stop();
    terminal.until_shown(&["was asked to stop", "left with"]);
}

#[test]
fn a_second_factor_is_enrolled_beside_the_server() {
    let Some(served) = served() else { return };
    let workspace = &served.workspace;
    let listed = workspace.done(&["otp", "--json"]).objects();
    let sam = listed.iter().find(|it| text(it, "person") == "sam").unwrap();
    assert!(sam["needed"] == true && sam["recovery_codes"].is_null(), "{sam}");
    assert_eq!(workspace.run(&["otp", "enrol", "eve"]).code, Some(1));
    assert_eq!(workspace.run(&["otp", "reset", "sam"]).code, Some(1));
    // Without a right code nothing is in force.
    let wrong =
        workspace.command().args(["otp", "enrol", "sam"]).write_stdin("12\n\n34\n").output();
    let wrong: Ran = wrong.unwrap().into();
    assert_eq!(wrong.code, Some(1), "{}", wrong.out);
    // No terminal, no QR code.
    let told = wrong.out.contains("type this into the telephone");
    assert!(told && !wrong.out.contains("is enrolled"), "{}", wrong.out);
    assert!(!workspace.path(".steward/factors").exists());
    served.stop();
}

/// A command over SSH that outlives the server must not become the server's own user.
#[test]
fn whoever_has_a_ticket_opens_nothing_by_themselves() {
    let workspace = crowd_and(&[FATHER], &[]);
    let ran: Ran =
        workspace.command().arg("tasks").env("STEWARD_TICKET", "00").output().unwrap().into();
    assert_eq!(ran.code, Some(4), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("is not served any more"), "{}", ran.err);
    let Some(served) = served() else { return };
    let mut command = served.workspace.command();
    let ran: Ran = command.arg("tasks").env("STEWARD_TICKET", "00").output().unwrap().into();
    assert_eq!(ran.code, Some(4), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("this ticket is not good any more"), "{}", ran.err);
}

#[test]
fn the_log_joins_sessions_to_addresses_and_names_the_key_that_was_right() {
    let Some(served) = served() else { return };
    let (kim, sam) = (served.fingerprint("kim.pub"), served.fingerprint("sam.pub"));
    served.logged(&["steward serve has started", "ssh=\"127.0.0.1:"]);
    let decided = served.kim("decide T1 not-a-match --reason household");
    assert_eq!(decided.code, Some(0), "{}", decided.err);
    // The session that the ledger has is in the log, with the address that the ledger has not.
    let decision = served.workspace.done(&["show", "D1", "--json"]).object();
    let session = format!("session=\"{}\"", text(&decision["evidence"], "session"));
    let from = ["person=\"kim\"", "address=", "127.0.0.1", &kim];
    served.logged(&[&from[..], &["a session has begun", &session]].concat());
    served.logged(&["a session has ended", &session, "kim"]);
    served.logged(&[&from[..], &["logged in over SSH", "session=\""]].concat());
    served.logged(&["left over SSH", "session=\"", "kim"]);
    // A right key without a code, and a strange one.
    assert_eq!(served.ssh("sam", "sam", "tasks", "").code, Some(255));
    served.logged(&["its key was right", "person=\"sam\"", &sam, "keys=1"]);
    assert_eq!(served.ssh("kim", "nobody", "tasks", "").code, Some(255));
    let strange = served.fingerprint("nobody.pub");
    let refused = served.logged(&["was refused", "person=\"kim\"", &strange, "keys=1"]);
    assert!(!refused.contains("its key was right"), "{refused}");
    kill_process(Pid::from_child(&served.process), Signal::TERM).unwrap();
    served.logged(&["steward serve stops"]);
    let log = served.workspace.path(".state/steward/steward.log");
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        !["Some(", "Locked(", "NotEnrolled", "LockedOut"].iter().any(|it| log.contains(it)),
        "{log}"
    );
}
