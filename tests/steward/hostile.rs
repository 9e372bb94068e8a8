//! Values, names and arguments that would steer a terminal or deceive its reader: shown, never sent.

use crate::people::{HEADER, nobody};
use crate::screen::Terminal;
use crate::workspace::Workspace;

/// What no output may hold; a visible letter follows each.
const HOSTILE: &str = "\u{1b}]52;c;aGk=\u{7}\u{1b}[2J\u{9b}2J\u{7f}\u{202e}r\u{2066}i\u{61c}a\u{200b}z\u{ad}s\
                       \u{2060}w\u{feff}b\u{fff9}n\u{e0041}t\u{2028}l\u{200e}m\u{180e}v\u{e0100}e";

fn is_hostile(character: char) -> bool {
    let known = HOSTILE.contains(character) && !character.is_ascii_alphanumeric();
    known && !character.is_ascii_graphic() && character != ' '
}

#[track_caller]
fn assert_harmless(what: &str, shown: &str) {
    let found: Vec<char> = shown.chars().filter(|character| is_hostile(*character)).collect();
    assert!(found.is_empty(), "{what}: {found:?} in {shown:?}");
}

fn with_hostile_value() -> Workspace {
    let workspace = nobody();
    let file = format!(
        "{HEADER},extra\n1,Ann,Pace,,,,5 Lake Drive,Salem,,,\"{HOSTILE}\"\n2,{HOSTILE},,,,,,,,,,,x\n"
    );
    workspace.import_bytes("crm.csv", "crm", file);
    workspace
}

#[test]
fn text_and_json_show_what_a_terminal_would_obey() {
    let workspace = with_hostile_value();
    let shown = workspace.done(&["show", "crm:1"]).out;
    assert_harmless("show", &shown);
    assert!(shown.contains("^[]52;c;aGk=^G") && shown.contains("<202e>"), "{shown}");
    let json = workspace.done(&["show", "crm:1", "--json"]);
    assert_harmless("show --json", &json.out);
    assert_eq!(json.object()["unmapped"]["extra"], HOSTILE, "the same value all the same");
    let lines = workspace.done(&["export", "records", "--format", "jsonl"]);
    assert_harmless("export --format jsonl", &lines.out);
    let written = workspace.path("events.jsonl");
    workspace.done(&["export", "events", "-o", written.to_str().unwrap()]);
    assert_harmless("export events -o", &std::fs::read_to_string(written).unwrap());
}

#[test]
fn arguments_names_and_paths_are_shown_not_sent() {
    let workspace = with_hostile_value();
    let long = format!("--{HOSTILE}");
    for arguments in [
        &[HOSTILE][..],
        &[&long],
        &["show", HOSTILE],
        &["decide", "T1", HOSTILE],
        &["tasks", "--where", HOSTILE],
        &["export", HOSTILE],
        &["import", HOSTILE, "--source", "crm"],
        &["import", "crm.csv", "--source", HOSTILE],
        &["show", "crm:1", "--at", HOSTILE],
        &["tasks", "--workspace", HOSTILE],
        &["check", "--theme", HOSTILE],
    ] {
        for json in [&[][..], &["--json"]] {
            let ran = workspace.run(&[arguments, json].concat());
            assert_ne!(ran.code, Some(0), "{arguments:?}");
            assert_harmless(&format!("{arguments:?} {json:?}"), &(ran.out + &ran.err));
        }
    }
    let named = workspace.command().env("STEWARD_WORKSPACE", HOSTILE).arg("tasks").output();
    assert_harmless("a variable", &String::from_utf8_lossy(&named.unwrap().stderr));
    workspace
        .write("steward.toml", &format!("[workspace]\nname = \"x\"\n[fields.\"{HOSTILE}\"]\n"));
    for json in [&[][..], &["--json"]] {
        let ran = workspace.run(&[&["check"][..], json].concat());
        assert_harmless("check", &(ran.out + &ran.err));
    }
}

#[test]
fn an_export_is_exact_for_a_pipe_and_harmless_on_a_terminal() {
    let workspace = with_hostile_value();
    let exact = workspace.done(&["export", "quarantine"]).out;
    assert!(exact.contains(HOSTILE), "every byte as it is");
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["export", "quarantine"]);
    let shown = terminal.until_shown(&["]52;c;aGk=", "exported 1 row"]);
    assert!(shown.contains("^["), "{shown}");
    assert_eq!(terminal.ended(), 0);
}
