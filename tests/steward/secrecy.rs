//! No personal value and no source key can be read in any byte of `.steward` or of a log; nobody
//! else may open what steward writes, or look into the process.

use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::people::{HEADER, SETTINGS};
use crate::workspace::{KeptFile, Workspace};

/// Values nobody else has, one of each kind; the row's other fields make it match.
const MARKED: [&str; 6] =
    ["QuuxKey77", "Zyxwanda", "Vexborough", "zyx.marked", "2175550177", "Plugh Lane"];

/// A workspace of people with a source in JSON Lines and a marker in its settings.
fn with_marked_settings() -> Workspace {
    let workspace = Workspace::bare();
    let settings = SETTINGS.replace("[decisions]", "[sources.desk]\ntrust = 10\nkey = \"id\"\n\
        map = { given_name = \"given\", family_name = \"family\", email = \"email\" }\n\n[decisions]");
    workspace.write("steward.toml", &settings.replace("test people", "WaldoSettings"));
    workspace.done(&["init"]);
    workspace
}

/// Marked values in records alike enough to be merged, in a row that was put aside, in decisions
/// and their notes.
fn marked() -> Workspace {
    let workspace = with_marked_settings();
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
    workspace.import_bytes(
        "desk.jsonl",
        "desk",
        "{\"id\":\"QuuxKey77d\",\"given\":\"Zyxwanda\",\"family\":\"Garplyson\",\"extra\":\"ThudExtra\"}\n\
         {\"id\":\"QuuxKey77e\",\"given\":\"Zyxwanda\n",
    );
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

/// What a reader of the ledger's FORMAT.md finds in a segment: the cipher and key of each frame.
fn ciphers_of(segment: &KeptFile) -> Vec<(u8, u32)> {
    let bytes = segment.bytes();
    let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let (mut at, mut found) = (112, Vec::new());
    while at < bytes.len() {
        assert_eq!(&bytes[at..at + 4], b"\xf5FRM", "a frame begins at {at}");
        found.push((bytes[at + 5], number(at + 8)));
        at += 144 + number(at + 12) as usize;
    }
    found
}

#[test]
fn no_value_and_no_key_can_be_read_in_any_byte() {
    let workspace = marked();
    let more = ["XyzzyNote", "Frobville", "Grault", "Garplyson", "ThudExtra", "WaldoSettings"];
    let needles: Vec<&str> = MARKED.into_iter().chain(more).collect();
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
        &["keys", "rotate"],
        &["rekey"],
        &["rebuild"],
    ] {
        workspace.command().env("STEWARD_LOG", "trace").args(arguments).output().unwrap();
    }
    let hidden: Vec<KeptFile> = workspace.kept(".steward");
    let is_segment = |file: &&KeptFile| file.name().starts_with(".steward/ledger");
    let is_large = |file: &KeptFile| file.bytes().len() > 1000;
    assert!(hidden.iter().filter(is_segment).any(is_large), "there is a ledger");
    assert!(hidden.iter().any(|file| !is_segment(&file) && is_large(file)), "there is a store");
    let logs = workspace.kept(".state");
    assert!(!logs.is_empty(), "there is a log");
    let keys = workspace.kept(".data");
    let key = String::from_utf8(keys[0].bytes().to_vec()).unwrap();
    let key = key.lines().last().unwrap();
    for file in hidden.iter().chain(&logs) {
        for needle in needles.iter().chain([&key]) {
            assert!(!is_in(needle, file), "{needle} is readable in {}", file.name().display());
        }
    }
    // What is compressed hides its values from a search, not from a reader: all is encrypted, too.
    let frames: Vec<_> = hidden.iter().filter(is_segment).flat_map(ciphers_of).collect();
    assert!(frames.len() > 5, "{frames:?}");
    assert!(frames.iter().all(|(cipher, key)| (*cipher, *key) == (1, 3)), "{frames:?}");
}

#[test]
fn no_other_process_may_look_into_this_one() {
    let workspace = with_marked_settings();
    let mut command = workspace.process();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    // It waits for rows that do not come.
    let mut waiting = command.args(["import", "-", "--source", "crm"]).spawn().unwrap();
    let limits = format!("/proc/{}/limits", waiting.id());
    let began = Instant::now();
    loop {
        let text = std::fs::read_to_string(&limits).unwrap();
        let cores = text.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let words: Vec<&str> = cores.split_whitespace().collect();
        if words[4..6] == ["0", "0"] {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{cores}");
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut rows = waiting.stdin.take().unwrap();
    rows.write_all(format!("{HEADER}\n").as_bytes()).unwrap();
    drop(rows);
    assert!(waiting.wait().unwrap().success());
}

#[test]
fn nobody_else_may_read_what_steward_writes() {
    use std::os::unix::fs::PermissionsExt;
    let workspace = marked();
    workspace.done(&["export", "golden", "-o", "golden.csv"]);
    workspace.done(&["rebuild"]);
    workspace.done(&["rekey"]);
    for file in workspace.kept(".steward").into_iter().chain(workspace.kept(".data")) {
        assert_eq!(file.mode(), 0o600, "{}", file.name().display());
    }
    let golden = std::fs::metadata(workspace.path("golden.csv")).unwrap().permissions().mode();
    assert_eq!(golden & 0o777, 0o600);
    let mut folders = vec![workspace.path(".steward"), workspace.path(".data")];
    while let Some(folder) = folders.pop() {
        let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        let entries = std::fs::read_dir(&folder).unwrap().flatten().map(|entry| entry.path());
        folders.extend(entries.filter(|path| path.is_dir()));
    }
}
