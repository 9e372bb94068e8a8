//! No personal value and no source key can be read in the store or in a log; nobody else may open
//! what steward writes.

use crate::people::{HEADER, nobody};
use crate::workspace::{KeptFile, Workspace};

/// Values nobody else has, one of each kind; the row's other fields make it match.
const MARKED: [&str; 6] =
    ["QuuxKey77", "Zyxwanda", "Vexborough", "zyx.marked", "2175550177", "Plugh Lane"];

/// Marked values in two records alike enough to be merged, and a note that is marked too.
fn marked() -> Workspace {
    let workspace = nobody();
    let row = |key: &str, mail: &str| {
        format!(
            "{key},Zyxwanda,Vexborough,{mail},+12175550177,1971-03-04,88 Plugh Lane,Salem,,2026-01-01\n"
        )
    };
    let crm = row("QuuxKey77a", "zyx.marked@example.com");
    let shop = row("QuuxKey77b", "zyx.marked@example.com");
    let strangers: String = (0..40)
        .map(|n| format!("s{n},Given{n},Family{n},m{n}@example.com,,19{}-01-02,,Salem,,\n", 40 + n))
        .collect();
    workspace.import_bytes("crm.csv", "crm", format!("{HEADER}\n{crm}{strangers}"));
    // One row stands in the quarantine with its values.
    workspace.import_bytes("shop.csv", "shop", format!("{HEADER}\n{shop}QuuxKey77c,Zyxwanda\n"));
    workspace.done(&["match"]);
    workspace.decided(&["fix", "crm:QuuxKey77a", "--set", "city=Frobville", "--note", "XyzzyNote"]);
    let customer = workspace.customer("crm:QuuxKey77a");
    workspace.decided(&["fix", &customer, "--set", "street=99 Grault Way", "--note", "XyzzyNote"]);
    let merge =
        workspace.run(&["merge", "crm:QuuxKey77a", "shop:QuuxKey77b", "--note", "XyzzyNote"]);
    if merge.code != Some(0) {
        // The machine did it; then it is taken apart.
        workspace.decided(&["unmerge", &customer, "shop:QuuxKey77b", "--note", "XyzzyNote"]);
    }
    workspace
}

fn is_in(needle: &str, file: &KeptFile) -> bool {
    let has = |needle: &[u8]| file.bytes().windows(needle.len()).any(|window| window == needle);
    let wide: Vec<u8> = needle.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases = [needle.to_owned(), needle.to_lowercase(), needle.to_uppercase()];
    cases.iter().any(|it| has(it.as_bytes())) || has(&wide)
}

#[test]
fn the_store_and_the_log_hold_no_value_and_no_key() {
    let workspace = marked();
    let needles: Vec<&str> =
        MARKED.into_iter().chain(["XyzzyNote", "Frobville", "Grault"]).collect();
    // The search finds what is there: what was imported lies beside.
    let imported = workspace.kept("");
    let found = |needle: &str| imported.iter().any(|file| is_in(needle, file));
    assert!(MARKED.iter().all(|needle| found(needle)), "the files that were imported hold them");

    // Refusals, failures and a log at its most talkative must not give anything away either.
    for arguments in [
        &["show", "crm:QuuxKey77a"][..],
        &["fix", "crm:QuuxKey77a", "--set", "email=zyx.marked"],
        &["import", "absent.csv", "--source", "crm"],
        &["match"],
        &["export", "golden"],
        &["rebuild"],
    ] {
        workspace.command().env("STEWARD_LOG", "trace").args(arguments).output().unwrap();
    }
    let hidden: Vec<KeptFile> = workspace.kept(".steward");
    let is_ledger = |file: &&KeptFile| file.name().starts_with(".steward/ledger");
    let stores: Vec<&KeptFile> = hidden.iter().filter(|file| !is_ledger(file)).collect();
    assert!(stores.iter().any(|file| file.bytes().len() > 1000), "there is a store");
    let logs = workspace.kept(".state");
    assert!(!logs.is_empty(), "there is a log");
    for file in stores.into_iter().chain(&logs) {
        for needle in &needles {
            assert!(!is_in(needle, file), "{needle} is readable in {}", file.name().display());
        }
    }
}

#[test]
fn nobody_else_may_read_what_steward_writes() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = marked();
    workspace.done(&["export", "golden", "-o", "golden.csv"]);
    workspace.done(&["rebuild"]);
    for file in workspace.kept(".steward") {
        assert_eq!(file.mode(), 0o600, "{}", file.name().display());
    }
    let golden = std::fs::metadata(workspace.path("golden.csv")).unwrap().permissions().mode();
    assert_eq!(golden & 0o777, 0o600);
    let mut folders = vec![workspace.path(".steward")];
    while let Some(folder) = folders.pop() {
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        let entries = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
        folders.extend(entries.filter(|path| path.is_dir()));
    }
}
