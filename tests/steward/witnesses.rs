//! Who outside the ledger knows how far it went: what is lost is never lost in silence, and no message
//! promises what nobody can know.

use std::path::PathBuf;

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::{Ran, Workspace};

const SEGMENT: &str = ".steward/ledger/00000001.seg";

/// A workspace in which something was decided twice, and the ledger's length after the first.
fn worked_in() -> (Workspace, u64) {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
    let length = std::fs::metadata(workspace.path(SEGMENT)).unwrap().len();
    workspace.decided(&["fix", "crm:p1", "--set", "city=Omaha"]);
    (workspace, length)
}

fn cut(workspace: &Workspace, length: u64) {
    let file = std::fs::OpenOptions::new().write(true).open(workspace.path(SEGMENT)).unwrap();
    file.set_len(length).unwrap();
}

fn remove_stores(workspace: &Workspace) {
    for entry in std::fs::read_dir(workspace.path(".steward")).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("store-") {
            std::fs::remove_dir_all(entry.path()).unwrap();
        }
    }
}

/// The register's notes of how far ledgers went.
fn notes(workspace: &Workspace) -> Vec<PathBuf> {
    let registers = std::fs::read_dir(workspace.path(".data/steward/register")).unwrap();
    let folders = registers.flatten().map(|entry| entry.path());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().flatten());
    let is_note =
        |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("witness-");
    files.map(|entry| entry.path()).filter(is_note).collect()
}

fn is_refused(ran: &Ran, what: &str) {
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains(what), "{}", ran.err);
}

#[test]
fn the_register_knows_what_store_and_ledger_lost_together() {
    let (workspace, length) = worked_in();
    let whole = workspace.kept(SEGMENT.rsplit_once('/').unwrap().0);
    for cut_to in [length, length + 100] {
        remove_stores(&workspace);
        workspace.put_back(&whole);
        cut(&workspace, cut_to);
        for arguments in [&["tasks"][..], &["fix", "crm:p1", "--set", "city=Salem"], &["rebuild"]] {
            let ran = workspace.run(arguments);
            is_refused(&ran, "the register knows commit");
            for way_out in
                ["restore a backup", "steward backup FILE", "steward restore FILE FOLDER"]
            {
                assert!(ran.err.contains(way_out), "{}", ran.err);
            }
        }
        assert_eq!(std::fs::metadata(workspace.path(SEGMENT)).unwrap().len(), cut_to);
        let verified = workspace.run(&["verify"]);
        is_refused(&verified, "the register knows commit");
        is_refused(&verified, "steward backup FILE");
        assert!(!verified.err.contains("will cut them off"), "{}", verified.err);
    }
    // The way out is one, and what it makes is a workspace like any other.
    cut(&workspace, length);
    workspace.done(&["backup", "left.stb"]);
    workspace.done(&["restore", "left.stb", "again"]);
    let again = ["--workspace", "again"];
    workspace.done(&[&again[..], &["fix", "crm:p1", "--set", "city=Salem"]].concat());
    workspace.done(&[&again[..], &["verify"]].concat());
    workspace.put_back(&whole);
    workspace.done(&["tasks"]);
}

#[test]
fn another_history_is_refused_whoever_knows_better() {
    let (workspace, length) = worked_in();
    let other = Workspace::bare();
    other.put_back(&workspace.kept(""));
    cut(&other, length);
    remove_stores(&other);
    // A copy is another folder: it goes its own way, and says so.
    let ran = other.done(&["fix", "crm:p2", "--set", "city=Keizer"]);
    assert!(ran.err.contains("neither the view nor the register can say"), "{}", ran.err);
    let theirs = other.kept(".steward/ledger");
    workspace.put_back(&theirs);
    is_refused(&workspace.run(&["tasks"]), "this ledger has a different history");
    remove_stores(&workspace);
    is_refused(
        &workspace.run(&["tasks"]),
        "the register knows: this ledger has a different history",
    );
    is_refused(
        &workspace.run(&["verify"]),
        "the register knows: this ledger has a different history",
    );
}

#[test]
fn a_workspace_restored_where_one_was_begins_anew() {
    let (workspace, _) = worked_in();
    workspace.done(&["backup", "kept.stb"]);
    for city in ["city=Reno", "city=Salem"] {
        // What was acknowledged here the time before is no witness of what is restored now.
        let _ = std::fs::remove_dir_all(workspace.path("here/.steward"));
        workspace.done(&["restore", "kept.stb", "here"]);
        for arguments in [&["fix", "crm:p1", "--set", city][..], &["verify"]] {
            workspace.done(&[&["--workspace", "here"], arguments].concat());
        }
    }
    assert_eq!(notes(&workspace).len(), 2, "one for each folder, none for where it was made");
}

#[test]
fn a_damaged_note_is_said_and_an_older_one_is_harmless() {
    let (workspace, length) = worked_in();
    let [note] = &notes(&workspace)[..] else { panic!("one note") };
    let older = std::fs::read(note).unwrap();
    workspace.decided(&["fix", "crm:p1", "--set", "city=Salem"]);
    std::fs::write(note, &older).unwrap();
    workspace.done(&["tasks"]);
    let mut bytes = std::fs::read(note).unwrap();
    assert_ne!(bytes, older, "it is brought up to the ledger at closing");
    bytes[20] ^= 1;
    std::fs::write(note, &bytes).unwrap();
    let told = workspace.run(&["verify"]);
    assert!(told.code == Some(0) && told.err.contains("does not say how far"), "{}", told.err);
    let told = workspace.done(&["tasks"]);
    assert!(told.err.contains("steward has written a new one"), "{}", told.err);
    assert!(!workspace.done(&["tasks"]).err.contains("how far"));
    // With nobody left who knows, nothing is promised.
    std::fs::remove_file(note).unwrap();
    remove_stores(&workspace);
    cut(&workspace, length + 100);
    let verified = workspace.run(&["verify"]);
    assert_eq!(verified.code, Some(4), "{}", verified.err);
    assert!(verified.err.contains("there is no view yet; the next command builds it"));
    let ran = workspace.done(&["tasks"]);
    for ran in [&verified, &ran] {
        assert!(ran.err.contains("neither the view nor the register can say"), "{}", ran.err);
        for promise in ["never confirmed", "confirmed to nobody", "nothing is lost"] {
            assert!(!ran.err.contains(promise), "{}", ran.err);
        }
    }
    assert!(ran.err.contains("note: cut 100 bytes that are not a whole commit"), "{}", ran.err);
    assert!(ran.err.contains("note: the view was missing and has been rebuilt"), "{}", ran.err);
}

/// Whatever is asked of a workspace whose ledger is gone.
const ASKED: [&[&str]; 9] = [
    &["init"],
    &["init", "--dry-run"],
    &["init", "--passphrase"],
    &["verify"],
    &["tasks"],
    &["backup", "two.stb"],
    &["export", "events"],
    &["fix", "crm:p1", "--set", "city=Salem"],
    &["rebuild"],
];

fn says_that_the_ledger_is_gone(workspace: &Workspace, knows: &[&str]) {
    for arguments in ASKED {
        let ran = workspace.run(arguments);
        let context = format!("{arguments:?}: {}{}", ran.out, ran.err);
        assert_eq!(ran.code, Some(1), "{context}");
        let always = ["the ledger of the workspace in", "is gone", "steward restore FILE FOLDER"];
        assert!(always.iter().chain(knows).all(|said| ran.err.contains(said)), "{context}");
        assert!(!ran.err.contains("steward init"), "{context}");
    }
}

#[test]
fn a_workspace_that_lost_its_ledger_is_never_made_anew() {
    let (workspace, _) = worked_in();
    workspace.done(&["backup", "one.stb"]);
    let [hidden, aside] = [".steward", "aside"].map(|name| workspace.path(name));
    let keys = || ["keys", "keys.copy"].map(|name| std::fs::read(hidden.join(name)).ok());
    let before = keys();
    let knows = ["the register knows it up to commit", "/one.stb"];
    std::fs::rename(hidden.join("ledger"), &aside).unwrap();
    says_that_the_ledger_is_gone(&workspace, &[&knows[..], &["keys and its view"]].concat());
    remove_stores(&workspace);
    says_that_the_ledger_is_gone(&workspace, &knows);
    std::fs::create_dir(hidden.join("ledger")).unwrap();
    says_that_the_ledger_is_gone(&workspace, &knows);
    // Cut to the header of its first segment, as an interrupted making leaves it.
    let header = std::fs::read(aside.join("00000001.seg")).unwrap()[..112].to_vec();
    std::fs::write(workspace.path(SEGMENT), &header).unwrap();
    assert_eq!(workspace.run(&["init"]).code, Some(1));
    assert!(!workspace.run(&["verify"]).err.contains("steward init"));
    std::fs::remove_file(workspace.path(SEGMENT)).unwrap();
    // Nobody but the keys knows.
    let register = workspace.path(".data/steward/register");
    std::fs::rename(&register, workspace.path("no-register")).unwrap();
    says_that_the_ledger_is_gone(&workspace, &["the register knows nothing about it"]);
    std::fs::remove_file(hidden.join("keys")).unwrap();
    says_that_the_ledger_is_gone(&workspace, &["only its keys are left"]);
    std::fs::write(hidden.join("keys"), before[0].as_ref().unwrap()).unwrap();
    assert!(keys() == before, "no key is overwritten");
    // Nobody but the register does.
    std::fs::rename(workspace.path("no-register"), &register).unwrap();
    std::fs::rename(&hidden, workspace.path("moved")).unwrap();
    let [note] = &notes(&workspace)[..] else { panic!("one note") };
    says_that_the_ledger_is_gone(&workspace, &[&knows[..], &[note.to_str().unwrap()]].concat());
    assert!(!hidden.exists());
    std::fs::rename(workspace.path("moved"), &hidden).unwrap();
    std::fs::remove_dir(hidden.join("ledger")).unwrap();
    std::fs::rename(&aside, hidden.join("ledger")).unwrap();
    workspace.done(&["tasks"]);
    workspace.done(&["verify"]);
    // The way out that is named for who removed it on purpose.
    std::fs::remove_dir_all(&hidden).unwrap();
    std::fs::remove_file(note).unwrap();
    workspace.done(&["init"]);
}

#[test]
fn an_erasure_that_was_interrupted_is_pending_and_no_fault_of_the_view() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let store = std::fs::read_dir(workspace.path(".steward")).unwrap().flatten();
    let store = store.map(|entry| entry.file_name().into_string().unwrap());
    let store = store.into_iter().find(|name| name.starts_with("store-")).unwrap();
    let store = format!(".steward/{store}");
    let before = workspace.kept(&store);
    // The register cannot note it, so that it ends after the commit that lists what goes.
    let blocked = notes(&workspace)[0].with_file_name("erasures.jsonl");
    std::fs::create_dir(&blocked).unwrap();
    let ran = workspace.run(&["erase", "crm:1", "--reason", "request", "--yes"]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    // As a kill leaves it: nobody has told the view.
    std::fs::remove_dir_all(workspace.path(&store)).unwrap();
    workspace.put_back(&before);
    let verified = workspace.run(&["verify"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    assert!(verified.err.contains("the view is behind: 1 commit"), "{}", verified.err);
    assert!(verified.err.contains("the erasure of commit"), "{}", verified.err);
    assert!(verified.err.contains("the next command that writes completes it"), "{}", verified.err);
    for wrong in ["is wrong", "steward rebuild", "not sound"] {
        assert!(!verified.err.contains(wrong), "{}", verified.err);
    }
    std::fs::remove_dir(&blocked).unwrap();
    workspace.done(&["tasks"]);
    let verified = workspace.verified();
    assert_eq!((&verified["view"], &verified["pending"]), (&"same".into(), &serde_json::json!([])));
}

#[test]
fn a_view_that_was_not_compared_is_not_called_verified() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    // Nothing can be copied where nothing can be written.
    let nowhere = workspace.path("nowhere");
    let ran = workspace.command().args(["verify"]).env("TMPDIR", &nowhere).output().unwrap();
    let ran = Ran::from(ran);
    assert_eq!(ran.code, Some(4), "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("sound: "), "{}", ran.out);
    assert!(ran.err.contains("error: the view was not compared"), "{}", ran.err);
}

#[test]
fn a_backup_of_a_ledger_that_lost_commits_says_so_and_replaces_none() {
    let (workspace, length) = worked_in();
    workspace.decided(&["fix", "crm:p1", "--set", "city=Reno"]);
    let head = workspace.verified()["head"].as_u64().unwrap();
    workspace.done(&["backup", "good.stb"]);
    assert!(
        workspace.done(&["backup", "good.stb", "--force", "--json"]).object()["missing"].is_null()
    );
    let good = std::fs::read(workspace.path("good.stb")).unwrap();
    cut(&workspace, length);
    let whole = workspace.kept(".data/steward/register");
    // Either of them knows it alone.
    let forget_note = || std::fs::remove_file(&notes(&workspace)[0]).unwrap();
    for (number, (who, forget)) in
        [("the view", &forget_note as &dyn Fn()), ("the register", &|| remove_stores(&workspace))]
            .into_iter()
            .enumerate()
    {
        forget();
        is_refused(
            &workspace.run(&["backup", "good.stb", "--force"]),
            "name a file that does not exist yet",
        );
        assert_eq!(std::fs::read(workspace.path("good.stb")).unwrap(), good);
        let file = format!("left-{number}.stb");
        let ran = workspace.done(&["backup", &file, "--force", "--json"]);
        let told = format!(
            "commits {} to {head} are missing from it: {who} has commit {head} on record",
            head - 1
        );
        assert!(ran.err.contains(&told), "{}", ran.err);
        let missing = &ran.object()["missing"];
        assert_eq!((&missing["from"], &missing["to"]), (&(head - 1).into(), &head.into()));
        workspace.put_back(&whole);
    }
    is_refused(&workspace.run(&["tasks"]), &format!("commits {} to {head} are lost", head - 1));
}

#[test]
fn verify_tells_of_a_copy_of_the_keys_that_is_to_be_replaced() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    for name in ["keys", "keys.copy"] {
        let path = workspace.path(&format!(".steward/{name}"));
        let whole = std::fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        for (content, fault) in [
            (None, "missing"),
            (Some(&b""[..]), "damaged"),
            (Some(b"garbage\n"), "damaged"),
            (Some(&flipped), "damaged"),
        ] {
            match content {
                None => std::fs::remove_file(&path).unwrap(),
                Some(content) => std::fs::write(&path, content).unwrap(),
            }
            let ran = workspace.run(&["verify", "--json"]);
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            let pending = ran.object()["pending"].to_string();
            let told = format!(
                "{name} is {fault}: the next command that opens the workspace replaces this copy of the keys"
            );
            assert!(pending.contains(&told), "{pending}");
            let mended = workspace.done(&["tasks"]);
            assert!(mended.err.contains("replaced from the other"), "{}", mended.err);
            assert_eq!(std::fs::read(&path).unwrap(), whole);
            assert_eq!(workspace.verified()["pending"], serde_json::json!([]));
        }
    }
    for name in ["keys", "keys.copy"] {
        std::fs::write(workspace.path(&format!(".steward/{name}")), "garbage").unwrap();
    }
    is_refused(&workspace.run(&["verify"]), "keys");
}

#[test]
fn a_store_that_is_empty_is_a_damaged_view_and_healed() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    remove_stores(&workspace);
    std::fs::create_dir(workspace.path(".steward/store-1")).unwrap();
    let verified = workspace.run(&["verify"]);
    is_refused(&verified, "the view is damaged: it is empty");
    assert!(verified.out.starts_with("sound: "), "{}", verified.out);
    workspace.done(&["tasks"]);
    assert_eq!(workspace.verified()["view"], "same");
}

#[test]
fn no_rebuild_is_advised_where_it_would_be_refused() {
    let (workspace, length) = worked_in();
    cut(&workspace, length);
    remove_stores(&workspace);
    std::fs::create_dir(workspace.path(".steward/store-1")).unwrap();
    let verified = workspace.run(&["verify"]);
    is_refused(&verified, "is lost: the register knows commit");
    is_refused(&verified, "the view is damaged");
    assert!(!verified.err.contains("steward rebuild"), "{}", verified.err);
}
