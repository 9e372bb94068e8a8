//! `--dry-run`: says what would be done, and nothing is other than before.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::Workspace;

/// Every file but the lock, which names who had it last, and the view, which any opening may write.
fn files(workspace: &Workspace) -> BTreeMap<PathBuf, Vec<u8>> {
    let kept = workspace.kept("").into_iter().filter(|file| {
        let name = file.name().to_string_lossy();
        !name.starts_with(".steward/lock") && !name.starts_with(".steward/store")
    });
    kept.map(|file| (file.name().to_owned(), file.bytes().to_vec())).collect()
}

#[test]
fn a_dry_run_says_what_would_be_and_writes_nothing() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.done(&["fix", "crm:p1", "--set", "city=Boulder"]);
    workspace.done(&["backup", "kept.stb"]);
    workspace.done(&["tasks"]);
    let before = files(&workspace);
    for (arguments, says) in [
        (&["keys", "passphrase"][..], "a new passphrase instead of the key file"),
        (&["keys", "file"], "a key file instead of the key file"),
        (&["keys", "rotate"], "key 2 added"),
        (&["rekey"], "rewritten under key 2"),
        (&["demo", "--reset"], "invented records in"),
        (&["train", "--reset"], "a training of 20 tasks in"),
        (&["fix", "crm:p1", "--set", "city=Salem"], "dry run: "),
        (&["merge", "crm:p1", "crm:p2"], "dry run: "),
        (&["undo", "D1"], "dry run: "),
        (&["erase", "crm:p1", "--reason", "request"], "would be erased"),
        (&["backup", "other.stb"], "would back up"),
        (&["restore", "kept.stb", "again"], "would restore"),
        (&["rebuild"], "dry run: "),
        (&["init", "other"], "would create"),
        (&["sample", "--customers", "10", "-o", "made"], "records of"),
        (&["match"], "compared"),
        (&["reread"], "records read"),
    ] {
        let ran = workspace.done(&[arguments, &["--dry-run"]].concat());
        assert!(ran.out.contains(says), "{arguments:?}: {}", ran.out);
        assert!(ran.err.contains("nothing was written"), "{arguments:?}: {}", ran.err);
        let after = files(&workspace);
        let names = |files: &BTreeMap<PathBuf, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&after), names(&before), "{arguments:?}");
        assert!(after == before, "{arguments:?} wrote into a file");
    }
    let rekeyed = workspace.done(&["rekey", "--dry-run", "--json"]).object();
    let done = workspace.done(&["rekey", "--json"]).object();
    assert_eq!((&rekeyed["key"], &rekeyed["dry_run"]), (&done["key"], &true.into()));
    assert_eq!(rekeyed["rewritten"], done["rewritten"]);
    assert_eq!(workspace.verified()["view"], "same");
}

#[test]
fn resetting_the_demo_is_foreseen() {
    let workspace = Workspace::bare();
    let demo = workspace.path(".data/steward/demo");
    std::fs::create_dir_all(demo.join(".steward")).unwrap();
    std::fs::write(demo.join("mine"), "a note").unwrap();
    let ran = workspace.done(&["demo", "--reset", "--dry-run", "--json"]).object();
    assert_eq!((&ran["removed"], &ran["made"]), (&true.into(), &true.into()), "{ran}");
    assert!(demo.join("mine").exists());
}
