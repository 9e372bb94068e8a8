//! The store as a hostile input: whatever its files hold, the program says what the ledger says,
//! or refuses where acknowledged commits are lost.

use std::time::Duration;

use rand::RngExt;
use serde_json::json;

use crate::harm::Harm;
use crate::people::{FATHER, SON, crowd_and, file};
use crate::workspace::{KeptFile, Ran, Workspace, text};

/// Far more than any of these commands takes.
const HANGS: Duration = Duration::from_secs(120);
const TIMES: u64 = 50;

/// A workspace with a past: the store as it was then, and what the program says of it now.
struct Known {
    workspace: Workspace,
    older: Vec<KeptFile>,
    expected: Vec<String>,
}

fn known() -> Known {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["match"]);
    let older = workspace.kept(&store(&workspace));
    workspace.import_bytes("more.csv", "shop", file(&["9,Ada,Fernsby,no,,,,Salem,,"]));
    workspace.decided(&["merge", "crm:1", "shop:2"]);
    workspace.decided(&["fix", "crm:p1", "--set", "city=Boulder"]);
    let expected = said(&workspace, "before any damage");
    Known { workspace, older, expected }
}

/// The store's folder inside the workspace.
fn store(workspace: &Workspace) -> String {
    let entries = std::fs::read_dir(workspace.path(".steward")).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().into_string().unwrap());
    let found = names.filter(|name| name.starts_with("store-")).max();
    format!(".steward/{}", found.expect("a store"))
}

fn run(workspace: &Workspace, arguments: &[&str], context: &str) -> Ran {
    let output = workspace.command().args(arguments).timeout(HANGS).output().expect("it runs");
    let ran = Ran::from(output);
    for words in ["steward itself failed", "panicked", "sled"] {
        assert!(!ran.err.contains(words), "{context}: {}", ran.err);
    }
    assert!(ran.code.is_some(), "{context}: {arguments:?} hangs");
    ran
}

/// What people are told: the tasks, a customer, the history.
fn said(workspace: &Workspace, context: &str) -> Vec<String> {
    let questions =
        [&["tasks", "--json"][..], &["show", "crm:1", "--json"], &["history", "--json"]];
    let told = questions.iter().map(|question| {
        let ran = run(workspace, question, context);
        assert_eq!(ran.code, Some(0), "{context}: {}", ran.err);
        ran.out
    });
    told.collect()
}

fn is_healed(workspace: &Workspace, expected: &[String], context: &str) {
    assert_eq!(said(workspace, context), expected, "{context}");
}

/// Every entry of the store compared with the ledger.
fn is_the_same(workspace: &Workspace, context: &str) {
    let ran = run(workspace, &["verify", "--json"], context);
    let report = ran.object();
    assert_eq!((ran.code, text(&report, "view")), (Some(0), "same"), "{context}: {report}");
}

fn strike_store(workspace: &Workspace, harm: Harm, seed: u64) {
    let mut chance = Harm::chance(seed);
    let files = workspace.kept(&store(workspace));
    // The database is hit most, as it is on a disk; now and then a small file beside it.
    let large = files.iter().max_by_key(|file| file.bytes().len()).unwrap();
    let other = &files[chance.random_range(0..files.len())];
    let struck = if chance.random_range(0..3) == 0 { other } else { large };
    let mut bytes = struck.bytes().to_vec();
    if !bytes.is_empty() {
        harm.strike(&mut bytes, &mut chance);
    }
    std::fs::write(workspace.path(struck.name().to_str().unwrap()), bytes).unwrap();
}

fn is_always_healed(harm: Harm) {
    let Known { workspace, expected, .. } = known();
    for seed in 0..TIMES {
        let struck = workspace.copied();
        strike_store(&struck, harm, seed);
        let context = format!("{harm:?}, seed {seed}");
        is_healed(&struck, &expected, &context);
        if seed % 5 == 0 {
            is_the_same(&struck, &context);
        }
    }
}

#[test]
fn a_store_cut_short_is_healed() {
    is_always_healed(Harm::Truncated);
}

#[test]
fn a_store_with_a_flipped_bit_is_healed() {
    is_always_healed(Harm::Flipped);
}

#[test]
fn a_store_with_a_block_twice_is_healed() {
    is_always_healed(Harm::Duplicated);
}

#[test]
fn a_store_with_two_blocks_swapped_is_healed() {
    is_always_healed(Harm::Swapped);
}

#[test]
fn a_store_with_pages_of_an_older_copy_is_healed() {
    const PAGE: usize = 4096;
    let Known { workspace, older, expected } = known();
    for seed in 0..TIMES {
        let struck = workspace.copied();
        let mut chance = Harm::chance(1_000 + seed);
        for file in struck.kept(&store(&struck)) {
            let Some(older) = older.iter().find(|older| older.name() == file.name()) else {
                continue;
            };
            let mut bytes = file.bytes().to_vec();
            let pages = bytes.chunks_mut(PAGE).zip(older.bytes().chunks(PAGE));
            for (page, older) in pages.filter(|(page, older)| page.len() == older.len()) {
                if chance.random_range(0..3) == 0 {
                    page.copy_from_slice(older);
                }
            }
            std::fs::write(struck.path(file.name().to_str().unwrap()), bytes).unwrap();
        }
        let context = format!("reverted pages, seed {seed}");
        is_healed(&struck, &expected, &context);
        if seed % 5 == 0 {
            is_the_same(&struck, &context);
        }
    }
}

#[test]
fn a_store_that_is_not_there_older_or_half_written_is_healed() {
    let Known { workspace, older, expected } = known();
    let folder = store(&workspace);
    let remove = |copy: &Workspace| std::fs::remove_dir_all(copy.path(&folder)).unwrap();
    type Strike<'a> = (&'a str, &'a dyn Fn(&Workspace));
    let strikes: [Strike<'_>; 5] = [
        ("absent", &remove),
        ("empty", &|copy| {
            remove(copy);
            std::fs::create_dir(copy.path(&folder)).unwrap();
        }),
        ("older", &|copy| {
            remove(copy);
            copy.put_back(&older);
        }),
        ("half a snapshot", &|copy| {
            std::fs::write(copy.path(&format!("{folder}/snap.1F.generating")), "half").unwrap();
        }),
        ("files of nothing", &|copy| {
            for file in copy.kept(&folder) {
                std::fs::write(copy.path(file.name().to_str().unwrap()), "").unwrap();
            }
        }),
    ];
    for (what, strike) in strikes {
        let struck = workspace.copied();
        strike(&struck);
        is_healed(&struck, &expected, what);
        is_the_same(&struck, what);
    }
}

#[test]
fn a_store_ahead_of_the_ledger_is_refused_and_nothing_is_written() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let older = workspace.kept(".steward/ledger");
    workspace.decided(&["merge", "crm:1", "shop:2"]);
    workspace.put_back(&older);
    let before = |name: &str| {
        let files = workspace.kept(".steward/ledger");
        let file = files.iter().find(|file| file.name().ends_with(name));
        file.map(|file| file.bytes().to_vec())
    };
    let ledger = before("00000001.seg");
    for arguments in
        [&["tasks"][..], &["rebuild"], &["match"], &["fix", "crm:1", "--set", "city=X"]]
    {
        let ran = run(&workspace, arguments, "a store ahead");
        assert_eq!(ran.code, Some(1), "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains("lost: the view knows commit"), "{arguments:?}: {}", ran.err);
    }
    let ran = run(&workspace, &["verify", "--json"], "a store ahead");
    assert_eq!((ran.code, &ran.object()["view"]), (Some(1), &json!("ahead")), "{}", ran.out);
    assert_eq!(before("00000001.seg"), ledger);
}

#[test]
fn damage_that_leaves_no_trace_outside_is_found_by_verify_and_healed() {
    let Known { workspace, expected, .. } = known();
    let mut found = 0;
    for seed in 0..20 {
        let struck = workspace.copied();
        // Closed well here, so that the seal is of this copy.
        said(&struck, "untouched");
        let path = struck.path(&format!("{}/db", store(&struck)));
        let times = std::fs::metadata(&path).unwrap().modified().unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        Harm::Flipped.strike(&mut bytes, &mut Harm::chance(seed));
        std::fs::write(&path, bytes).unwrap();
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(times).unwrap();
        let ran = run(&struck, &["verify", "--json"], "under the seal");
        let view = ran.object();
        if text(&view, "view") == "wrong" {
            assert_eq!(ran.code, Some(1), "{view}");
            found += 1;
        }
        let context = format!("under the seal, seed {seed}");
        run(&struck, &["rebuild"], &context);
        is_healed(&struck, &expected, &context);
        is_the_same(&struck, &context);
    }
    assert!(found > 0, "no flipped bit was in anything that counts");
}
