//! A store that missed commits, as after a kill, is brought up to the ledger with everything that
//! follows from them.

use crate::people::{FATHER, SON, crowd_and, file};
use crate::workspace::Workspace;

const RULE: &str = "\n[[rules]]\nid = \"phone-unique\"\nfield = \"phone\"\ncheck = \"unique\"\n\
    severity = \"error\"\nmessage = \"another customer has the same telephone\"\n";

/// Does something, and then again with the store as it was before: what people see is the same.
fn is_caught_up(workspace: &Workspace, what: &str, act: impl Fn(&Workspace)) {
    let other = workspace.copied();
    let missed = store(&other);
    let before = other.kept(&missed);
    act(&other);
    let expected = seen(&other);
    std::fs::remove_dir_all(other.path(&store(&other))).unwrap();
    other.put_back(&before);
    let ran = other.done(&["tasks"]);
    assert!(ran.err.contains("brought the view up to the ledger"), "{what}: {}", ran.err);
    assert_eq!(seen(&other), expected, "{what}");
    other.done(&["rebuild"]);
    assert_eq!(seen(&other), expected, "{what}: from the ledger alone");
    other.verified();
}

fn seen(workspace: &Workspace) -> Vec<String> {
    let datasets = ["golden", "xref", "violations", "decisions", "tasks"];
    datasets.iter().map(|dataset| workspace.export(dataset)).collect()
}

/// The store's folder inside the workspace.
fn store(workspace: &Workspace) -> String {
    let entries = std::fs::read_dir(workspace.path(".steward")).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    let found = names.filter(|name| name.starts_with("store-")).max();
    format!(".steward/{}", found.expect("a store"))
}

#[test]
fn whatever_the_store_missed_follows_when_it_catches_up() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    is_caught_up(&workspace, "a decision", |workspace| {
        workspace.decided(&["merge", "crm:1", "shop:2"]);
    });
    is_caught_up(&workspace, "an import", |workspace| {
        workspace.import_bytes("more.csv", "shop", file(&["9,Ada,Fernsby,no,,,,Salem,,"]));
    });
    is_caught_up(&workspace, "a matching run", |workspace| {
        workspace.done(&["match"]);
    });
}

#[test]
fn so_does_what_follows_from_a_changed_policy() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let shared = FATHER.replacen("1,", "8,", 1);
    workspace.import_bytes("more.csv", "shop", file(&[&shared]));
    is_caught_up(&workspace, "a unique rule", |workspace| {
        let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
        workspace.adopt(&(settings + RULE));
        workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
        assert!(workspace.export("violations").contains("phone-unique"));
        assert!(!workspace.tasks("invalid").is_empty());
    });
}

#[test]
fn an_adoption_that_was_killed_half_way_is_completed() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let shared = FATHER.replacen("1,", "8,", 1);
    workspace.import_bytes("more.csv", "shop", file(&[&shared]));
    let older = (workspace.kept(".steward"), workspace.verified()["head"].as_u64().unwrap());
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    workspace.adopt(&(settings + RULE));
    workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
    let expected = workspace.tasks("invalid").len();
    assert!(expected > 0, "the rule makes tasks");

    // The ledger ends with the adoption; the tasks that follow from it were not written yet.
    let other = workspace.copied();
    std::fs::remove_dir_all(other.path(".steward")).unwrap();
    other.put_back(&older.0);
    let ledger = other.kept(".steward/ledger");
    let adopting = older.1 + 1;
    for (kept, whole) in ledger.iter().zip(workspace.kept(".steward/ledger")) {
        assert_eq!(kept.name(), whole.name());
        let end = end_of_commit(whole.bytes(), kept.bytes().len());
        std::fs::write(other.path(kept.name().to_str().unwrap()), &whole.bytes()[..end]).unwrap();
    }
    assert_eq!(other.verified()["head"].as_u64(), Some(adopting));
    assert_eq!(other.tasks("invalid").len(), expected);
}

/// Where the first frame at `start` ends: at the beginning of the next one.
fn end_of_commit(bytes: &[u8], start: usize) -> usize {
    let magic = &bytes[start..start + 4];
    let next = bytes[start + 4..].windows(4).position(|window| window == magic);
    next.map_or(bytes.len(), |at| start + 4 + at)
}
