//! `steward serve`: one process has the workspace, everybody else attaches to it.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::PathBuf;
use std::process::{Child, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::people::{FATHER, HEADER, SON, crowd_and};
use crate::workspace::{Workspace, text};

/// A server of a workspace, which is killed where it was not stopped.
pub struct Served<'w> {
    workspace: &'w Workspace,
    process: Child,
}

impl Served<'_> {
    pub fn begin<'w>(workspace: &'w Workspace, arguments: &[&str]) -> Served<'w> {
        let mut process = workspace
            .process()
            .args(["serve", "--json"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut served = Served { workspace, process };
        if line.is_empty() {
            panic!("it does not serve: {}", served.said());
        }
        let told: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(told["process"], served.process.id());
        assert_eq!(text(&told, "socket"), served.socket().to_str().unwrap());
        served
    }

    pub fn socket(&self) -> PathBuf {
        std::fs::canonicalize(self.workspace.path(".")).unwrap().join(".steward/socket")
    }

    fn said(&mut self) -> String {
        let mut said = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        said
    }

    fn signal(&self, signal: Signal) {
        let process = Pid::from_raw(i32::try_from(self.process.id()).unwrap()).unwrap();
        kill_process(process, signal).unwrap();
    }

    /// Whoever runs this comes in under that name from now on, and nobody else.
    pub fn admit(&self, person: &str) {
        let me = rustix::process::geteuid().as_raw();
        let toml = std::fs::read_to_string(self.workspace.path("steward.toml")).unwrap();
        let before = toml.split("\n[people.").next().unwrap();
        let people = format!("{before}\n[people.{person}]\nunix = \"{me}\"\n");
        self.workspace.write("steward.toml", &people);
    }

    /// Stops it; what it said.
    pub fn stop(mut self) -> String {
        self.signal(Signal::TERM);
        let ended = self.process.wait().unwrap();
        let said = self.said();
        assert_eq!(ended.code(), Some(0), "{said}");
        assert!(!self.socket().exists(), "its socket is gone");
        said
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Who is in the workspace, in the order in which they came.
fn sessions(workspace: &Workspace) -> Vec<Value> {
    workspace.done(&["sessions", "--json"]).objects()
}

/// The session of a command that is about to attach, once it has.
fn until_there(workspace: &Workspace, doing: &str) -> Value {
    loop {
        let found = sessions(workspace).into_iter().find(|it| text(it, "doing") == doing);
        if let Some(found) = found {
            return found;
        }
    }
}

#[test]
fn commands_go_through_it_and_do_what_they_do_alone() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let alone = workspace.copied();
    let served = Served::begin(&workspace, &[]);
    let mode = std::fs::symlink_metadata(served.socket()).unwrap();
    assert!(mode.file_type().is_socket());
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    workspace.write("more.csv", &format!("{HEADER}\n3,Ada,Oak,ada@example.com,,,,Salem,,\n"));
    alone.write("more.csv", &format!("{HEADER}\n3,Ada,Oak,ada@example.com,,,,Salem,,\n"));
    let mut codes = std::collections::BTreeSet::new();
    for arguments in [
        &["tasks"][..],
        &["tasks", "--json"],
        &["show", "crm:1"],
        &["show", "crm:1", "--json"],
        &["show", "T99"],
        &["find", "steinmoor"],
        &["feed", "--since", "1"],
        &["history"],
        &["export", "golden"],
        &["export", "xref", "--format", "jsonl"],
        &["export", "golden", "-o", "golden.csv"],
        &["export", "golden", "-o", "golden.csv"],
        &["export", "events", "--format", "jsonl", "--dry-run"],
        &["import", "more.csv", "--source", "crm", "--dry-run"],
        &["import", "more.csv", "--source", "nobody"],
        &["import", "none.csv", "--source", "crm"],
        &["fix", "crm:1", "--set", "email=no"],
        &["decide", "T1", "nonsense"],
        &["check"],
        &["verify"],
        &["backup", "a.stb"],
        &["keys"],
        &["explain", "crm:1", "shop:2"],
    ] {
        let (there, here) = (workspace.run(arguments), alone.run(arguments));
        let told = format!("{arguments:?}: {}{}", there.out, there.err);
        assert_eq!(there.code, here.code, "{told}{}", here.err);
        codes.extend(there.code);
        // Chains, times and keys are each workspace's own.
        if !["verify", "backup", "history", "keys"].contains(&arguments[0]) {
            assert_eq!(there.out, here.out, "{told}");
        }
    }
    assert!(codes.is_superset(&[0, 1, 2, 4].into()), "{codes:?}");
    let file = |of: &Workspace| std::fs::read(of.path("golden.csv")).unwrap();
    assert_eq!(file(&workspace), file(&alone));
    served.stop();
    // Nothing is left of it, and the workspace is as it was left.
    assert_eq!(workspace.picture(), alone.picture());
    workspace.verified();
}

#[test]
fn a_file_comes_through_a_pipe_and_whole_exports_go_back() {
    let workspace = Workspace::empty();
    let served = Served::begin(&workspace, &[]);
    let row = |n| format!("{n},Given{n},Family{n},h{n}@example.com,2026-01-01\n");
    let rows: String = (0..20_000).map(row).collect();
    let csv = format!("customer_id,first_name,last_name,email,modified_at\n{rows}");
    let mut import = workspace.command();
    let import = import.args(["import", "-", "--source", "crm", "--json"]).write_stdin(csv.clone());
    let ran: crate::workspace::Ran = import.output().unwrap().into();
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    let there = workspace.export("records");
    assert_eq!(there.lines().count(), 20_001);
    // Whoever reads only the beginning ends it, and nobody else notices.
    let mut cut = workspace
        .process()
        .args(["export", "records"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(cut.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(cut.wait().unwrap().code(), Some(0), "a closed pipe is no failure");
    assert_eq!(workspace.export("records"), there);
    served.stop();
    assert_eq!(workspace.export("records"), there, "byte for byte");
}

#[test]
fn two_people_decide_and_each_has_their_own_name() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let me = rustix::process::geteuid().as_raw();
    let people = format!("[people.novak]\nname = \"Kim Novak\"\nunix = \"{me}\"\n");
    let toml = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.write("steward.toml", &format!("{toml}\n{people}"));
    let served = Served::begin(&workspace, &[]);
    let decided = workspace.done(&["fix", "crm:1", "--set", "city=Boulder", "--json"]).object();
    let log = workspace.rows("decisions");
    assert_eq!(log.last().unwrap()["actor"], "novak", "{log:?}");
    // What was decided is seen at once, and a look at what is masked is kept in their name.
    assert!(workspace.done(&["show", "crm:1"]).out.contains("Boulder"));
    let masked = workspace.done(&["show", "crm:1", "--json"]).out;
    assert!(!masked.contains("1952-02-09"), "{masked}");
    let clear = workspace.done(&["show", "crm:1", "--unmask", "--json"]).out;
    assert!(clear.contains("1952-02-09"));
    let history = workspace.done(&["history", "--json"]).out;
    assert!(history.lines().any(|it| it.contains("novak")), "{history}");
    let id = text(&decided, "decision").to_owned();
    workspace.done(&["undo", &id]);
    // Somebody who is taken out of the file does not come in again.
    workspace.write("steward.toml", &format!("{toml}\n[people.ada]\nunix = \"4242\"\n"));
    let refused = workspace.refused(&["tasks"]);
    let why = text(&refused, "error");
    assert!(why.contains("nobody in [people.*] of steward.toml is"), "{why}");
    assert!(why.contains(&format!("user {me}")), "{why}");
    served.stop();
    // The record of the look is in the ledger, in the person's name.
    let events = workspace.done(&["export", "events", "--format", "jsonl"]).objects();
    let looks: Vec<&Value> =
        events.iter().filter(|event| text(event, "kind") == "unmasked").collect();
    assert_eq!(looks.len(), 1, "{looks:?}");
    assert_eq!(text(looks[0], "actor"), "novak");
}

#[test]
fn a_group_is_let_through_the_folder_only_while_it_is_served() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let folder = || std::fs::metadata(workspace.path(".steward")).unwrap().permissions().mode();
    let group = rustix::process::getgid().as_raw().to_string();
    let served = Served::begin(&workspace, &["--group", &group]);
    assert_eq!(folder() & 0o777, 0o710);
    served.stop();
    assert_eq!(folder() & 0o777, 0o700, "it is closed when the server stops");
    drop(Served::begin(&workspace, &["--group", &group]));
    assert_eq!(folder() & 0o777, 0o710, "killed");
    Served::begin(&workspace, &[]).stop();
    assert_eq!(folder() & 0o777, 0o700, "or by the next one without a group");
}

#[test]
fn a_session_that_is_not_there_is_not_found() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let served = Served::begin(&workspace, &[]);
    let ended = workspace.run(&["sessions", "end", "k7f3q-9999"]);
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.contains("there is no session k7f3q-9999"), "{}", ended.err);
    served.stop();
}

#[test]
fn who_is_there_is_listed_told_and_sent_away() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    for arguments in [&["sessions"][..], &["wall", "hello"]] {
        let nobody = workspace.run(arguments);
        assert_eq!(nobody.code, Some(1));
        assert!(nobody.err.contains("nobody serves this workspace"), "{}", nobody.err);
    }
    let served = Served::begin(&workspace, &[]);
    // One that waits for its file.
    let mut waiting = workspace
        .process()
        .args(["import", "-", "--source", "crm"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = waiting.stdin.take().unwrap();
    input.write_all(HEADER.as_bytes()).unwrap();
    let import = until_there(&workspace, "import");
    assert_eq!(import["process"], waiting.id());
    assert!(sessions(&workspace).iter().any(|it| text(it, "doing") == "sessions"));
    assert!(workspace.done(&["wall", "back", "at", "noon"]).out.starts_with("told "));
    let id = text(&import, "id");
    assert_eq!(workspace.done(&["sessions", "end", id]).out, format!("ended {id}\n"));
    assert_eq!(waiting.wait().unwrap().code(), Some(1));
    let mut said = String::new();
    waiting.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("note: ") && said.contains(": back at noon"), "{said}");
    assert!(said.contains("ended this session"), "{said}");
    let gone = workspace.run(&["sessions", "end", id]);
    assert_eq!(gone.code, Some(1), "{}", gone.err);
    // Who did it is in the log.
    let log = std::fs::read_to_string(workspace.path(".state/steward/steward.log")).unwrap();
    let ended = log.lines().find(|line| line.contains("a session was ended")).unwrap();
    assert!(ended.contains(&format!("session=\"{id}\"")), "{ended}");
    assert!(ended.contains("by=\"") && ended.contains("by_session=\""), "{ended}");
    let left = sessions(&workspace);
    assert!(left.iter().all(|it| text(it, "doing") != "import"), "{left:?}");
    drop(input);
    served.stop();
}

#[test]
fn a_client_that_is_killed_takes_nothing_with_it() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let records = workspace.export("records");
    let served = Served::begin(&workspace, &[]);
    let mut import = workspace
        .process()
        .args(["import", "-", "--source", "crm"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = import.stdin.take().unwrap();
    input.write_all(format!("{HEADER}\n9,Ada,Oak,,,,,Salem,,\n").as_bytes()).unwrap();
    until_there(&workspace, "import");
    import.kill().unwrap();
    import.wait().unwrap();
    while sessions(&workspace).iter().any(|it| text(it, "doing") == "import") {}
    assert_eq!(workspace.export("records"), records, "half a file is none");
    workspace.done(&["fix", "crm:1", "--set", "city=Boulder"]);
    served.stop();
    workspace.verified();
}

#[test]
fn a_server_that_is_killed_is_told_and_leaves_a_socket_that_stops_nobody() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let mut served = Served::begin(&workspace, &[]);
    workspace.done(&["fix", "crm:1", "--set", "city=Boulder"]);
    let mut waiting = workspace
        .process()
        .args(["import", "-", "--source", "crm"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let input = waiting.stdin.take().unwrap();
    until_there(&workspace, "import");
    served.process.kill().unwrap();
    served.process.wait().unwrap();
    assert_eq!(waiting.wait().unwrap().code(), Some(1));
    let mut said = String::new();
    waiting.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("steward serve has gone; what was confirmed is kept"), "{said}");
    drop(input);
    assert!(served.socket().exists(), "nobody took it away");
    assert!(workspace.done(&["show", "crm:1"]).out.contains("Boulder"));
    workspace.verified();
    // The next one takes its place.
    let again = Served::begin(&workspace, &[]);
    assert!(workspace.done(&["show", "crm:1"]).out.contains("Boulder"));
    again.stop();
}

#[test]
fn what_needs_the_workspace_itself_says_who_has_it() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let served = Served::begin(&workspace, &[]);
    let process = format!("process {} serves this workspace", served.process.id());
    for arguments in [&["rebuild"][..], &["keys", "file"], &["keys", "passphrase"], &["serve"]] {
        let refused = workspace.refused(arguments);
        let why = text(&refused, "error");
        assert!(why.starts_with(&process) && why.contains("stop it first"), "{arguments:?}: {why}");
    }
    for arguments in [
        &["verify"][..],
        &["backup", "b.stb"],
        &["keys", "rotate"],
        &["rekey"],
        &["export", "events", "--format", "jsonl"],
        &["rebuild", "--dry-run"],
    ] {
        workspace.done(arguments);
    }
    served.stop();
    workspace.verified();
    let exports = workspace.done(&["export", "events", "--format", "jsonl"]).objects();
    let of = |kind: &str| exports.iter().filter(|it| text(it, "kind") == kind).count();
    assert_eq!((of("export_begun"), of("exported")), (1, 1), "the one through the server");
}

#[test]
fn whoever_asks_while_it_stops_is_answered_or_told_and_loses_nothing() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let served = Served::begin(&workspace, &[]);
    let fixes: Vec<Child> = (0..6)
        .map(|n| {
            let city = format!("city=Town{n}");
            let mut fix = workspace.process();
            fix.args(["fix", "crm:1", "--set", &city]).stdout(Stdio::piped()).stderr(Stdio::null());
            fix.spawn().unwrap()
        })
        .collect();
    served.signal(Signal::TERM);
    let mut confirmed = 0;
    for mut fix in fixes {
        // Those who come too late open the workspace themselves.
        confirmed += usize::from(fix.wait().unwrap().success());
    }
    let said = served.stop_quietly();
    assert!(said.contains("stopping: finishing the commit under way"), "{said}");
    // One that was done may not have been told in time; none that was told is lost.
    assert!(workspace.rows("decisions").len() >= confirmed);
    workspace.verified();
}

impl Served<'_> {
    /// It has been told to stop; what it said.
    fn stop_quietly(mut self) -> String {
        let ended = self.process.wait().unwrap();
        let said = self.said();
        assert_eq!(ended.code(), Some(0), "{said}");
        said
    }
}

#[test]
fn a_folder_with_a_path_of_any_length_is_served() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let deep = workspace.path(&format!("{}/{}", "x".repeat(100), "y".repeat(100)));
    std::fs::create_dir_all(deep.parent().unwrap()).unwrap();
    let copy = workspace.copied();
    std::fs::create_dir_all(&deep).unwrap();
    for name in ["steward.toml", ".steward"] {
        std::fs::rename(copy.path(name), deep.join(name)).unwrap();
    }
    let mut process = copy
        .process()
        .args(["serve", "--json", "--workspace"])
        .arg(&deep)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let folder = deep.to_str().unwrap();
    let here = copy.done(&["sessions", "--json", "--workspace", folder]).objects();
    assert_eq!(here.len(), 1, "{line}");
    let id = Pid::from_raw(i32::try_from(process.id()).unwrap()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
    assert!(process.wait().unwrap().success());
    assert!(!deep.join(".steward/socket").exists());
}
