//! What a killed command leaves: an export is known before its first byte, and files in the clear
//! that nobody writes any more go with the next command that writes there, or erases.

use std::fs::{File, Permissions};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::people::{FATHER, SON, crowd_and};
use crate::workspace::{list, text};

/// A file as a process that is writing it holds it; let go of, it is as a killed one leaves it.
fn unfinished(path: &Path) -> File {
    let mut file = File::create(path).unwrap();
    file.set_permissions(Permissions::from_mode(0o600)).unwrap();
    file.write_all(b"Steinmoor").unwrap();
    file.try_lock().unwrap();
    file
}

#[test]
fn an_export_is_known_before_its_first_byte() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let before = workspace.verified()["head"].as_u64().unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    let status = workspace.process().args(["export", "golden"]).stdout(full).status().unwrap();
    assert!(!status.success());
    assert_eq!(workspace.verified()["head"], before + 1, "its beginning, and no end");
    workspace.done(&["export", "golden", "-o", "golden.csv"]);
    assert_eq!(workspace.verified()["head"], before + 3);
    let erase = ["erase", "crm:1", "--reason", "request"];
    let told = workspace.done(&[&erase[..], &["--dry-run", "--json"]].concat()).object();
    let exports: Vec<_> = list(&told, "exports")
        .iter()
        .map(|export| (text(export, "destination"), export["finished"].as_bool().unwrap()))
        .collect();
    assert_eq!(exports, [("-", false), ("golden.csv", true)]);
    let told = workspace.done(&[&erase[..], &["--dry-run"]].concat()).out;
    assert!(told.contains("golden (csv) to -, not finished"), "{told}");
}

#[test]
fn what_a_killed_export_left_goes_with_the_next_one_and_is_said() {
    let workspace = crowd_and(&[FATHER], &[]);
    let left = workspace.path(".g.csv.0123abcd.unfinished");
    let older = workspace.path(".h.csv.4711.tmp");
    let living = workspace.path(".i.csv.0123abcd.unfinished");
    drop(unfinished(&left));
    drop(unfinished(&older));
    let held = unfinished(&living);
    let ran = workspace.done(&["export", "golden", "-o", "h.csv"]);
    for gone in [&left, &older] {
        assert!(!gone.exists() && ran.err.contains(gone.to_str().unwrap()), "{}", ran.err);
    }
    assert!(living.exists(), "another process is writing it");
    drop(held);
    let ran = workspace.done(&["backup", "b.stb"]);
    assert!(!living.exists() && ran.err.contains(".i.csv"), "{}", ran.err);
}

#[test]
fn an_erasure_takes_along_what_killed_exports_left_wherever_they_went() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    std::fs::create_dir(workspace.path("out")).unwrap();
    std::fs::create_dir(workspace.path("kept")).unwrap();
    workspace.done(&["export", "golden", "-o", "out/golden.csv"]);
    workspace.done(&["backup", "kept/one.stb"]);
    let left = [".g.csv.0123abcd.unfinished", "kept/.b.csv.0123abcd.unfinished"];
    let left = [workspace.path("out").join(left[0]), workspace.path(left[1])];
    left.iter().for_each(|path| drop(unfinished(path)));
    let ran = workspace.done(&["erase", "crm:1", "--reason", "request", "--yes"]);
    for path in &left {
        assert!(!path.exists() && ran.err.contains(path.to_str().unwrap()), "{}", ran.err);
    }
    assert!(ran.out.contains("golden (csv) to golden.csv, 2"), "{}", ran.out);
}

#[test]
fn private_folders_of_dead_processes_go_and_others_stay() {
    let workspace = crowd_and(&[FATHER], &[]);
    let temporary = workspace.path("temporary");
    let [left, foreign] =
        [format!("steward-{}", "0f".repeat(16)), "steward-notes".to_owned()].map(|name| {
            let path = temporary.join(name);
            std::fs::create_dir_all(&path).unwrap();
            std::fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
            path
        });
    let mut verify = workspace.command();
    let ran = verify.env("TMPDIR", &temporary).arg("verify").output().unwrap();
    let told = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(!left.exists() && told.contains(left.to_str().unwrap()), "{told}");
    assert!(foreign.exists());
}
