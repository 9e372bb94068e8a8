//! Ledgers of released versions, kept in `tests/ledgers/`: today's steward reads them, and gives
//! what was given then.
//!
//! Each is a folder: `steward.toml`, the segments in `ledger/`, the files of keys with the key
//! file `workspace.key` where it is encrypted, `listing.jsonl` with every commit as read, and data
//! sets as they were exported. All persons are invented, and so is what the keys protect.
//!
//!     STEWARD_WRITE_LEDGERS=1 cargo test --test steward ledgers
//!
//! makes those that are missing; to make one again, delete its folder. One that was released is
//! never made again: it is the proof that it can still be read. `tests/reader/run` reads them all
//! with a second reader that shares no code with this one.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use desk::{Databases, Desk, Environment, LocalDoor};
use domain::CustomerId;
use domain::event::{SettingsAdopted, WorkspaceCreated};
use door::operations::Decide;
use door::{Action, Door, Entrance, Request, Session, SessionId, Streams};
use jiff::tz::TimeZone;
use ledger::ports::clock::SystemClock;
use ledger::ports::files::SystemFiles;
use ledger::ports::randomness::SystemRandomness;
use ledger::ports::secrets::SimulatedSecrets;
use ledger::{Ledger, LedgerOptions, LedgerReader};
use serde_json::{Value, json};

use crate::people::{FATHER, SETTINGS, SON, file, nobody, strangers};
use crate::workspace::Workspace;

/// Set to make what is missing.
const WRITE: &str = "STEWARD_WRITE_LEDGERS";

/// Where the program under test keeps key files.
const KEY_FILES: &str = ".data/steward/keys";

/// Data sets kept beside each ledger: nothing in them depends on the day they are exported.
const KEPT: [&str; 6] = ["golden", "xref", "records", "decisions", "corrections", "quarantine"];

/// Makes a workspace whose ledger is worth keeping.
type Make = fn() -> Workspace;

/// The ledgers, and what makes each.
const LEDGERS: [(&str, Make); 6] = [
    ("0.1.0-plain", plain),
    ("0.1.0-encrypted", encrypted),
    ("0.1.0-erased", erased),
    ("0.1.0-sessions", sessions),
    ("0.1.0-groups", grouped),
    ("0.1.0-activities", activities),
];

/// A workspace as they were made before there was encryption.
fn plain() -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    let options = LedgerOptions::held_by("the tests");
    let randomness = Arc::new(SystemRandomness::new().expect("randomness"));
    let folder = workspace.path(".steward");
    let ledger = Ledger::create(Arc::new(SystemFiles), &folder, randomness, [0x5a; 16], &options);
    let text = SETTINGS.to_owned();
    let fingerprint = settings::parse(&text).expect("sound settings").fingerprint;
    let created = WorkspaceCreated {
        workspace: "5a".repeat(16),
        fingerprint_key: "a5".repeat(32),
        steward: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let adopted = SettingsAdopted { previous: None, text, fingerprint, proposal: None, note: None };
    let at = "2026-11-01T08:00:00Z".parse().expect("a time");
    let events = [created.into(), adopted.into()];
    ledger.expect("a ledger").append(at, "kim", &events).expect("appended");
    first_day(&workspace);
    second_day(&workspace);
    workspace
}

/// A workspace as `init` makes it, with a second key from the second day on.
fn encrypted() -> Workspace {
    let workspace = nobody();
    first_day(&workspace);
    workspace.done(&["keys", "rotate"]);
    second_day(&workspace);
    workspace
}

/// An encrypted workspace of which a person was erased, with all that was decided about them.
fn erased() -> Workspace {
    let workspace = nobody();
    first_day(&workspace);
    let then = jiff::Timestamp::now().to_string();
    workspace.done(&["erase", "crm:1", "--reason", "request", "--note", "a letter", "--yes"]);
    second_day(&workspace);
    // What was erased is gone from every time, and nobody else's past is touched.
    let golden = workspace.done(&["export", "golden", "--at", &then]).out;
    assert!(golden.contains("crm:x1") && !golden.contains("crm:1,"), "{golden}");
    assert!(!golden.contains("\nC65,") && !golden.contains(",u@example.com"), "{golden}");
    workspace
}

/// A workspace in which people decided who came through every door.
fn sessions() -> Workspace {
    let workspace = nobody();
    first_day(&workspace);
    let there = desk::Workspace::at(workspace.path(""));
    let opened = Desk::open(there, environment(&workspace), &mut |_, _| {});
    let (desk, _) = opened.expect("it opens");
    let door = LocalDoor::to(desk);
    let came = [
        (Entrance::Socket, "k7f3q-3", None),
        (Entrance::Ssh, "k7f3q-24", Some("SHA256:uFh1cW6Ls3mvcJTl5OKDoxqUYr5rmgQDVbmjRMoJ8tA")),
    ];
    for (number, (entrance, name, key)) in came.into_iter().enumerate() {
        let who = Session {
            id: SessionId(number as u64 + 1),
            entrance,
            name: Some(name.to_owned()),
            key_fingerprint: key.map(str::to_owned),
            address: key.map(|_| "192.0.2.7".to_owned()),
            ..Session::local("lee", TimeZone::UTC)
        };
        let (customer, text) = (CustomerId(number as u32 + 1), format!("said over {name}"));
        let comment = Action::Comment { customers: vec![customer] };
        let request = Request { note: Some(text), ..Request::new(comment) };
        let door: &dyn Door = &door;
        door.ask(&who, Decide { request }, Streams::default()).expect("decided");
    }
    drop(door);
    second_day(&workspace);
    workspace
}

/// A workspace with activities: revised, withdrawn by an undo, in quarantine, of nobody and erased by age, and with a person
/// who was erased.
fn activities() -> Workspace {
    let workspace = nobody();
    first_day(&workspace);
    let streams = "\n[streams.orders]\nsource = \"crm\"\nkind = { column = \"what\", buy = \"purchase\", view = \"page_view\" }\n\
        key = \"order\"\nat = \"ordered\"\namount = \"total\"\ncurrency = \"EUR\"\n\
        subject = { key = \"customer\", else = { email = \"mail\" } }\nproperties = [\"note\"]\n\
        [[retention]]\nof = \"unattached\"\nafter = \"30 days\"\nkinds = [\"page_view\"]\nthen = \"erase\"\n";
    workspace.adopt(&format!("{SETTINGS}{streams}"));
    let bring = |name: &str, rows: &[&str]| {
        let rows = rows.join("\n");
        workspace.write(name, &format!("order,ordered,what,customer,mail,total,note\n{rows}\n"));
        workspace.done(&["import", name, "--stream", "orders"]);
    };
    bring(
        "orders.csv",
        &[
            "o1,2026-01-05T10:00:00+01:00,buy,1,,10.00,first",
            "o2,2026-01-06T10:00:00+01:00,buy,x1,,20.00,second",
            "o3,2026-01-07,buy,,lucja@example.com,30.00,by mail",
            "v1,2026-01-08,view,,stranger@example.com,,old",
            "o4,,buy,1,,40.00,no time",
        ],
    );
    bring("later.csv", &["o2,2026-01-06T10:00:00+01:00,buy,x1,,15.50,given back in part"]);
    bring("wrong.csv", &["o5,2026-02-01,buy,x1,,1.00,taken back"]);
    let imports = workspace.done(&["undo", "I5"]);
    assert!(
        imports.err.contains("activity") || imports.out.contains("activity"),
        "{}",
        imports.out
    );
    workspace.done(&["retain", "--yes"]);
    workspace.done(&["erase", "crm:1", "--reason", "request", "--yes"]);
    workspace
}

/// The commits of [`plain`], several to a sync, as they are when people decide at the same time.
fn grouped() -> Workspace {
    let single = plain();
    let workspace = Workspace::bare();
    let settings = fs::read_to_string(single.path("steward.toml")).expect("settings");
    workspace.write("steward.toml", &settings);
    let options = LedgerOptions::held_by("the tests");
    let randomness = Arc::new(SystemRandomness::new().expect("randomness"));
    let folder = workspace.path(".steward");
    let ledger = Ledger::create(Arc::new(SystemFiles), &folder, randomness, [0x5a; 16], &options);
    let mut ledger = ledger.expect("a ledger");
    let commits = reader(&single).commits_from(domain::Sequence(1));
    let commits: Vec<_> = commits.map(|commit| commit.expect("a commit")).collect();
    let (first, later) = commits.split_first().expect("commits");
    ledger.append(first.at, &first.actor, &first.events).expect("appended");
    for group in later.chunks(4) {
        ledger.begin_group();
        for commit in group {
            ledger.append(commit.at, &commit.actor, &commit.events).expect("appended");
        }
        ledger.end_group().expect("synced");
    }
    workspace
}

/// Imports, matching, and each kind of decision that needs no task.
fn first_day(workspace: &Workspace) {
    let strangers = strangers();
    let others = [
        "x1,\"Łucja, Maria\",O'Węgorz,lucja@example.com,+12175550190,1990-12-31,1 Żurawia,Salem,,",
        "x2,Ulrika,Steinmoor,not an address,,1961-01-01,,Salem,1950-01-01,2026-01-05",
        "x3,ragged",
    ];
    let rows: Vec<&str> =
        strangers.iter().map(String::as_str).chain([FATHER]).chain(others).collect();
    workspace.import_bytes("crm.csv", "crm", file(&rows));
    workspace.import_bytes("shop.csv", "shop", file(&[SON, &FATHER.replace("1,", "9,")]));
    workspace.done(&["match"]);
    let note = ["--note", "looked at the papers: ✓"];
    let (father, son) = (workspace.customer("crm:1"), workspace.customer("shop:2"));
    let apart = ["not-a-match", &father, &son, "--reason", "household"];
    workspace.decided(&[&apart[..], &note].concat());
    workspace.decided(&[&["fix", "crm:x1", "--set", "city=Decatur"][..], &note].concat());
    workspace.decided(&["fix", &father, "--set", "street=7 Elm Street"]);
}

/// What contradicts, takes back and lets stand.
fn second_day(workspace: &Workspace) {
    let merged = workspace.decided(&["merge", "crm:p1", "crm:p2", "--note", "a mistake"]);
    workspace.done(&["undo", &merged]);
    workspace.decided(&["merge", "crm:p3", "crm:p4"]);
    let moved = SON.replace("5 Lake Drive", "6 Hill Road").replace("2026-01-01", "2026-03-01");
    workspace.import_bytes("shop.csv", "shop", file(&[&moved]));
    let other = SETTINGS.replace("trust = 50", "trust = 60");
    workspace.adopt(&other);
    workspace.done(&["match"]);
    let invalid = workspace.tasks("invalid");
    if let Some(task) = invalid.first().and_then(|task| task["id"].as_str()) {
        workspace.decided(&["decide", task, "defer", "--until", "data-changes"]);
    }
    workspace.done(&["export", "golden", "-o", "golden.csv"]);
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledgers")
}

#[test]
fn ledgers_of_released_versions_are_read_as_they_were() {
    let write = std::env::var_os(WRITE).is_some();
    for (name, make) in LEDGERS {
        let kept = folder().join(name);
        if write && !kept.exists() {
            keep(&make(), &kept);
        }
    }
    let mut names: Vec<_> = fs::read_dir(folder())
        .expect("there are ledgers")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    names.sort();
    assert!(names.len() >= LEDGERS.len(), "run with {WRITE}=1 to make what is missing");
    for kept in names {
        is_read_as_it_was(&kept);
    }
}

fn is_read_as_it_was(kept: &Path) {
    let workspace = brought_back(kept);
    let listed = fs::read_to_string(kept.join("listing.jsonl")).expect("a listing");
    let listed: Vec<Value> =
        listed.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(listed.len() > 10, "{}", kept.display());
    let read = listing(&workspace);
    assert_eq!(read.len(), listed.len(), "{}", kept.display());
    for (read, listed) in read.iter().zip(&listed) {
        assert!(says(read, listed), "{}: {read} where {listed} is kept", kept.display());
    }
    // Whatever opens it builds the view, so that it can be compared.
    workspace.done(&["tasks"]);
    let last = &listed[listed.len() - 1];
    assert_eq!(workspace.verified()["hash"], last["hash"], "{}", kept.display());
    for dataset in KEPT {
        let expected = fs::read_to_string(kept.join(format!("{dataset}.csv"))).expect("kept");
        assert_eq!(workspace.export(dataset), expected, "{dataset} of {}", kept.display());
    }
    // What was kept is a workspace like any other: it can be worked on.
    workspace.decided(&["fix", "crm:p5", "--set", "city=Decatur"]);
    workspace.verified();
}

/// Whether what is read says all that was written: a later steward may read more into an event, such
/// as a count that did not exist yet, and must lose nothing.
fn says(read: &Value, written: &Value) -> bool {
    match (read, written) {
        (Value::Object(read), Value::Object(written)) => {
            written.iter().all(|(key, value)| read.get(key).is_some_and(|it| says(it, value)))
        }
        (Value::Array(read), Value::Array(written)) => {
            read.len() == written.len()
                && read.iter().zip(written).all(|(it, value)| says(it, value))
        }
        (read, written) => read == written,
    }
}

/// Keeps a workspace's ledger with what it says today.
fn keep(workspace: &Workspace, kept: &Path) {
    fs::create_dir_all(kept.join("ledger")).expect("a folder");
    let lines: Vec<String> = listing(workspace).iter().map(Value::to_string).collect();
    fs::write(kept.join("listing.jsonl"), lines.join("\n") + "\n").expect("written");
    // The copies come first: an export adds a commit.
    for file in workspace.kept(".steward/ledger") {
        let name = file.name().file_name().expect("a name");
        fs::write(kept.join("ledger").join(name), file.bytes()).expect("written");
    }
    for name in ["steward.toml", ".steward/keys", ".steward/keys.copy"] {
        if let Ok(bytes) = fs::read(workspace.path(name)) {
            let name = Path::new(name).file_name().expect("a name");
            fs::write(kept.join(name), bytes).expect("written");
        }
    }
    if let Ok(key) = fs::read_to_string(key_file(workspace)) {
        let note = "# The key of a workspace of invented data: anyone may have it.\n";
        fs::write(kept.join("workspace.key"), format!("{note}{key}")).expect("written");
    }
    for dataset in KEPT {
        let text = workspace.export(dataset);
        fs::write(kept.join(format!("{dataset}.csv")), text).expect("written");
    }
}

/// A workspace with a kept ledger.
fn brought_back(kept: &Path) -> Workspace {
    let workspace = Workspace::bare();
    let hidden = workspace.path(".steward");
    fs::create_dir_all(hidden.join("ledger")).expect("a folder");
    fs::copy(kept.join("steward.toml"), workspace.path("steward.toml")).expect("copied");
    for entry in fs::read_dir(kept.join("ledger")).expect("segments") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, hidden.join("ledger").join(path.file_name().expect("a name")))
            .expect("copied");
    }
    if kept.join("workspace.key").exists() {
        for name in ["keys", "keys.copy"] {
            fs::copy(kept.join(name), hidden.join(name)).expect("copied");
        }
        fs::create_dir_all(workspace.path(KEY_FILES)).expect("a folder");
        fs::copy(kept.join("workspace.key"), key_file(&workspace)).expect("copied");
    }
    workspace
}

/// Every commit, as steward reads it.
fn listing(workspace: &Workspace) -> Vec<Value> {
    let reader = reader(workspace);
    let commits = reader.commits_from(domain::Sequence(1));
    let line = |commit: domain::Commit| {
        let hash = reader.chain_at(commit.sequence).expect("a hash");
        let events = commit.events.iter().map(|event| {
            let mut data = Vec::new();
            event.write_json(&mut data).expect("JSON");
            let data: Value = serde_json::from_slice(&data).expect("JSON");
            json!({ "kind": event.kind(), "data": data })
        });
        let mut line = json!({
            "sequence": commit.sequence,
            "microsecond": commit.at.as_microsecond(),
            "actor": commit.actor.person,
            "hash": hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
            "events": events.collect::<Vec<_>>(),
        });
        // Nothing is said of what was not kept.
        if let Some(came) = commit.actor.came {
            line["evidence"] = json!(came);
        }
        line
    };
    commits.map(|commit| line(commit.expect("sound"))).collect()
}

fn environment(workspace: &Workspace) -> Environment {
    Environment {
        clock: Arc::new(SystemClock),
        randomness: Arc::new(SystemRandomness::new().expect("randomness")),
        files: Arc::new(SystemFiles),
        secrets: Arc::new(SimulatedSecrets::in_folder(workspace.path(KEY_FILES))),
        databases: Databases::default(),
        actor: "the tests".to_owned(),
        register: None,
        formats: desk::Formats::default(),
    }
}

fn reader(workspace: &Workspace) -> LedgerReader {
    let (files, environment) = (Arc::new(SystemFiles), environment(workspace));
    let there = desk::Workspace::at(workspace.path(""));
    let cipher = desk::reading_cipher(&there, &environment).expect("the keys");
    let options = LedgerOptions { cipher, ..LedgerOptions::held_by("the tests") };
    let (reader, damage, tail) =
        LedgerReader::open_read_only(files, &there.hidden(), &options).expect("a ledger");
    assert!(damage.is_empty() && tail.is_none(), "{damage:?} {tail:?}");
    reader
}

/// Where the workspace's key file is, or would be: it is named by the id in every segment's header.
fn key_file(workspace: &Workspace) -> PathBuf {
    let segment = fs::read(workspace.path(".steward/ledger/00000001.seg")).expect("a segment");
    let id: String = segment[24..40].iter().map(|byte| format!("{byte:02x}")).collect();
    workspace.path(KEY_FILES).join(format!("{id}.key"))
}
