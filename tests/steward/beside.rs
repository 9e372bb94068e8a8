//! Beside a process that holds the workspace: who reads goes on and says as of when, who writes waits
//! a little.

use std::io::Write;
use std::process::{Child, ChildStdin, Stdio};

use crate::people::{FATHER, HEADER, SON, crowd_and};
use crate::workspace::{Ran, Workspace, text};

/// An import that holds the workspace for as long as its input stays open.
struct Holder {
    process: Child,
    input: Option<ChildStdin>,
}

impl Holder {
    fn of(workspace: &Workspace) -> Holder {
        let mut process = workspace
            .process()
            .args(["import", "-", "--source", "crm"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = process.stdin.take();
        let mut holder = Holder { process, input };
        holder.feed(&format!("{HEADER}\n"));
        let lock = workspace.path(".steward/lock");
        while !std::fs::read_to_string(&lock).unwrap_or_default().contains(&holder.name()) {
            assert!(holder.process.try_wait().unwrap().is_none(), "it ended");
            std::thread::yield_now();
        }
        holder
    }

    fn name(&self) -> String {
        format!("process {}", self.process.id())
    }

    fn feed(&mut self, rows: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(rows.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    fn let_go(mut self) {
        drop(self.input.take());
        assert!(self.process.wait().unwrap().success());
    }
}

fn rows(from: u32, to: u32) -> String {
    let row = |n| format!("h{n},Given{n},Family{n},h{n}@example.com,,1971-02-03,{n} Oak,Omaha,,\n");
    (from..to).map(row).collect()
}

/// The commit that a reader beside a writer says it read as of.
fn as_of(ran: &Ran) -> Option<u64> {
    let (_, rest) = ran.err.split_once("; reading as of commit ")?;
    rest.lines().next()?.parse().ok()
}

#[test]
fn whoever_only_reads_reads_beside_a_writer_and_says_as_of_when() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    workspace.write("more.csv", &format!("{HEADER}\n{}", rows(900, 905)));
    let alone: Vec<String> =
        [&["tasks", "--json"][..], &["show", "crm:1"]].map(|it| workspace.done(it).out).into();
    let head = workspace.verified()["head"].as_u64().unwrap();
    let holder = Holder::of(&workspace);
    let task = workspace.tasks("duplicate").first().map(|task| text(task, "id").to_owned());
    let task = task.expect("a task");
    let kept = workspace.kept(".steward/ledger");
    for arguments in [
        &["tasks", "--json"][..],
        &["show", "crm:1"],
        &["history"],
        &["explain", "crm:1", "shop:2"],
        &["review"],
        &["keys"],
        &["import", "more.csv", "--source", "crm", "--dry-run"],
        &["match", "--dry-run"],
        &["decide", &task, "merge", "--dry-run"],
        &["fix", "crm:1", "--set", "city=Omaha", "--dry-run"],
        &["merge", "crm:1", "shop:2", "--dry-run"],
        &["erase", "crm:1", "--reason", "request", "--dry-run"],
        &["subject", "crm:1", "--dry-run"],
        &["export", "golden", "--dry-run"],
        &["rebuild", "--dry-run"],
    ] {
        let ran = workspace.done(arguments);
        assert!(ran.err.contains(&holder.name()), "{arguments:?}: {}", ran.err);
        // The import's beginning may be in the ledger by now.
        assert!(as_of(&ran).is_some_and(|read| read >= head), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(workspace.done(&["tasks", "--json"]).out, alone[0]);
    assert_eq!(workspace.done(&["show", "crm:1"]).out, alone[1]);
    let verified = workspace.verified();
    assert_eq!((&verified["view"], &verified["pending"]), (&"same".into(), &serde_json::json!([])));
    assert!(text(&verified, "held_by").contains(&holder.name()), "{verified}");
    let after = workspace.kept(".steward/ledger");
    let bytes = |files: &[crate::workspace::KeptFile]| -> usize {
        files.iter().map(|file| file.bytes().len()).sum()
    };
    assert_eq!(bytes(&after), bytes(&kept), "a reader wrote");
    holder.let_go();
    assert!(!workspace.done(&["tasks"]).err.contains("as of commit"));
    assert_eq!(workspace.verified()["view"], "same");
}

#[test]
fn what_is_read_while_an_import_writes_is_a_state_that_was() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.write("more.csv", &format!("{HEADER}\n{}", rows(0, 6_000)));
    let mut process = workspace.process();
    process.args(["import", "more.csv", "--source", "crm"]);
    let mut importing = process.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let (mut last, mut read, mut looks) = (0, 0, 0);
    while importing.try_wait().unwrap().is_none() {
        let ran = workspace.done(&["export", "xref", "--dry-run", "--json"]);
        // It may have begun to write only after this reader looked, or have ended before.
        let Some(commit) = as_of(&ran) else { continue };
        let found = ran.object()["rows"].as_u64().unwrap();
        assert_eq!(ran.object()["up_to"].as_u64(), Some(commit), "{}", ran.err);
        assert!(commit >= last && found >= read, "{found} after {read}, {commit} after {last}");
        (last, read, looks) = (commit, found, looks + 1);
    }
    assert!(importing.wait().unwrap().success());
    assert!(looks > 0, "nobody looked while it wrote");
    assert_eq!(workspace.verified()["view"], "same");
    let ended = workspace.done(&["export", "xref", "--dry-run", "--json"]).object();
    assert!(ended["rows"].as_u64().unwrap() >= read);
}

#[test]
fn whoever_writes_waits_and_is_then_refused_by_name() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.decided(&["fix", "crm:1", "--set", "city=Boulder"]);
    let holder = Holder::of(&workspace);
    let name = holder.name();
    // All at once: each of them waits as long as the others.
    std::thread::scope(|scope| {
        for arguments in [
            &["fix", "crm:1", "--set", "city=Omaha"][..],
            &["undo", "D1"],
            &["export", "golden"],
            &["show", "crm:1", "--unmask"],
            &["rebuild"],
            &["export", "events"],
        ] {
            let (workspace, name) = (&workspace, &name);
            scope.spawn(move || {
                let ran = workspace.run(arguments);
                assert_eq!(ran.code, Some(4), "{arguments:?}: {}", ran.err);
                assert!(ran.err.contains(name), "{arguments:?}: {}", ran.err);
                assert!(ran.out.is_empty(), "{arguments:?}: {}", ran.out);
            });
        }
    });
    holder.let_go();
    workspace.done(&["fix", "crm:1", "--set", "city=Omaha"]);
}

#[test]
fn decisions_made_at_once_all_get_through() {
    const MANY: usize = 8;
    let workspace = crowd_and(&[FATHER], &[SON]);
    let started: Vec<Child> = (0..MANY)
        .map(|number| {
            let city = format!("city=Town {number}");
            let mut process = workspace.process();
            process.args(["fix", "crm:1", "--set", &city]);
            process.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for process in started {
        let ran = Ran::from(process.wait_with_output().unwrap());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    assert_eq!(workspace.rows("decisions").len(), MANY);
    assert_eq!(workspace.verified()["view"], "same");
}
