//! Files of verdicts, as people and programs write them.

use super::*;
use crate::cli::verdict::{RestOf, Verdict};

fn read_all(name: &str, bytes: &[u8]) -> Result<Vec<Said>, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let folder = format!("{}/", folder.path().display());
    match read(&path).map_err(|error| error.to_string().replace(&folder, ""))? {
        Lines::Tasks(said) => Ok(said),
        Lines::Pairs(_) => Err("these are pairs".to_owned()),
    }
}

/// What is said of a file without a name that tells its format.
fn wrong(text: &str) -> String {
    read_all("verdicts", text.as_bytes()).unwrap_err()
}

/// What is said of the only line of a file of JSON Lines.
fn wrong_line(line: &str) -> String {
    let error = read_all("a.jsonl", line.as_bytes()).unwrap_err();
    let why = error.strip_prefix("a.jsonl, line 1: ").unwrap_or(&error);
    why.strip_suffix("; nothing was decided").unwrap_or(why).to_owned()
}

#[test]
fn a_line_says_a_verdict_with_its_details() {
    let line = r#"{"task":" T9 ","verdict":"Merge","members":"A,B;C","rest":"not-a-match",
        "version":"7","note":null,"reason":" "}"#;
    let said = read_all("a.jsonl", line.replace('\n', " ").as_bytes()).unwrap();
    let [Said { task, verdict, details }] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!((task.0, *verdict), (9, Verdict::Merge));
    assert_eq!(details.members, ["A,B", "C"]);
    assert_eq!((details.rest, details.if_version), (Some(RestOf::NotAMatch), Some(7)));
    assert_eq!((&details.note, &details.reason), (&None, &None));
}

#[test]
fn what_is_unknown_or_out_of_place_is_an_error() {
    let verdicts = "merge, not-a-match, accept, keep, defer, escalate, answer, waive, correct, quarantine, approve, reject";
    let columns = "task, verdict, members, rest, into, reason, note, until, to, rule, version";
    for (line, expected) in [
        (
            r#"{"task":"T9","verdict":"merge","colour":"red"}"#,
            format!("no column `colour`: {columns}"),
        ),
        (r#"{"task":"T9","verdict":"merge","task":"T8"}"#, "`task` appears twice".into()),
        (r#"{"task":"T9","verdict":"undo"}"#, format!("`undo` is not a verdict: {verdicts}")),
        (
            r#"{"task":"T9","verdict":"merge","rest":"maybe"}"#,
            "`rest` is stay or not-a-match".into(),
        ),
        (
            r#"{"task":"T9","verdict":"accept","into":"C17"}"#,
            "`into` does not go with this verdict".into(),
        ),
        (r#"{"verdict":"merge"}"#, "`task` is missing".into()),
        (r#"{"task":"T9","verdict":" "}"#, "`verdict` is missing".into()),
        (r#"{"task":9,"verdict":"merge"}"#, "`task` must be text".into()),
        (
            r#"{"task":"T9","verdict":"merge","members":7}"#,
            "`members` must be text, or a list of texts".into(),
        ),
        (
            r#"{"task":"T9","verdict":"merge","version":"new"}"#,
            "`version` must be a whole number".into(),
        ),
        (
            r#"{"task":"T9","verdict":"merge","version":1.5}"#,
            "`version` must be a whole number".into(),
        ),
        (
            r#"{"task":"T9","verdict":"merge","version":[1]}"#,
            "`version` must be a whole number".into(),
        ),
        (r#"["T9","merge"]"#, "not a JSON object".into()),
        ("[]", "not a JSON object".into()),
        (r#""T9""#, "not a JSON object".into()),
        ("nonsense", "not JSON".into()),
        (r#"{"task":"T9""#, "not JSON".into()),
    ] {
        assert_eq!(wrong_line(line), expected, "{line}");
    }
    for (line, expected) in [
        (r#"{"task":"C9","verdict":"merge"}"#, "a task such as T9"),
        (r#"{"task":"T9","verdict":"merge","into":"T9"}"#, "a customer such as C17"),
        (r#"{"task":"T9","verdict":"defer","until":"soon"}"#, "`until`: "),
    ] {
        assert!(wrong_line(line).contains(expected), "{}", wrong_line(line));
    }
}

#[test]
fn the_format_is_told_by_what_a_file_holds() {
    let csv = "task,verdict\nT9,merge\n";
    let json = "{\"task\":\"T9\",\"verdict\":\"merge\"}\n";
    for name in ["a.csv", "a.txt", "fd", "a.CSV"] {
        for text in [csv, json, &format!("\u{feff}{csv}"), &format!("\u{feff}{json}")] {
            let said = read_all(name, text.as_bytes()).unwrap();
            assert_eq!((said.len(), said[0].task), (1, TaskId(9)), "{name} {text}");
        }
    }
    assert!(read_all("a.jsonl", csv.as_bytes()).unwrap_err().contains("line 1: not JSON"));
    let bad = read_all("a.csv", b"task,verdict\nT9,merge\nT8,\xff\n").unwrap_err();
    assert_eq!(bad, "a.csv, line 3: not UTF-8; nothing was decided");
}

#[test]
fn a_file_without_a_line_or_a_header_is_refused() {
    let empty = "verdicts: no lines to decide (the first line is a header with task and verdict)";
    for text in ["", "\n \n", "\u{feff}", "T391,merge", "T391,merge\n", "task,verdict\n"] {
        assert_eq!(wrong(text), empty, "{text:?}");
    }
    for (text, expected) in [
        ("T1,merge\nT2,merge\n", "line 1: the first line must be a header with task and verdict"),
        ("task,colour\nT1,red\n", "line 1: no column `colour`: task, verdict,"),
        ("task,note\nT1,merge\n", "line 1: the header has no column `verdict`"),
        ("task,verdict,task\nT1,merge,T2\n", "line 1: `task` appears twice"),
        ("task,verdict,note\nT1,merge,a\nT2\n", "line 3: 1 value, but the header has 3 columns"),
        ("task,verdict\n\n\nT1,undo\n", "line 4: `undo` is not a verdict"),
        ("task,verdict\r\n\r\nT1,undo\r\n", "line 3: `undo` is not a verdict"),
    ] {
        assert!(wrong(text).contains(expected), "{text:?}: {}", wrong(text));
    }
}

#[test]
fn a_quote_that_is_not_closed_takes_no_line_with_it() {
    let header = "task,verdict,note\n";
    for rows in [
        "T355,merge,\"seen\nT389,merge,\n",
        "T355,merge,\"seen\nT389,merge,\"x\"\n",
        "T355,merge,\"seen\nT389,merge,\"\n",
        "T355,merge,\"seen\n\"T389\",merge,\"x\"\n",
        "T355,merge,\"seen\nand more\n",
        "T355,merge,\"seen\"again\n",
        "T355,\"merge,seen\nT389,merge,x\n",
        "T355,merge,\"seen",
    ] {
        let told = wrong(&format!("{header}{rows}"));
        let expected = "verdicts, line 2: a quoted value does not end at its closing quote; nothing was decided";
        assert_eq!(told, expected, "{rows:?}");
    }
    for (cell, note) in [
        ("\"a, b\"", "a, b"),
        ("\"two\nlines, both\"", "two\nlines, both"),
        ("\"a \"\"b\"\"\"", "a \"b\""),
        ("\"a\" ", "a"),
        ("5\" pipe", "5\" pipe"),
    ] {
        let text = format!("{header}T355,merge,{cell}\nT389,merge,\n");
        let said = read_all("verdicts", text.as_bytes()).unwrap();
        assert_eq!(said.len(), 2, "{cell}");
        assert_eq!(said[0].details.note.as_deref(), Some(note), "{cell}");
    }
}

#[test]
fn a_task_is_decided_once() {
    let twice = "task,verdict,note\nT9,merge,\nT8,merge,\nT9,merge,\nt9,Merge,\n";
    assert_eq!(read_all("verdicts", twice.as_bytes()).unwrap().len(), 2);
    for (text, expected) in [
        (
            "task,verdict\nT9,merge\nT8,keep\nT9,not-a-match\n",
            "line 4: line 2 says something different about T9",
        ),
        (
            "task,verdict,note\nT9,merge,\nT9,merge,sure\n",
            "line 3: line 2 says something different about T9",
        ),
    ] {
        assert!(wrong(text).contains(expected), "{}", wrong(text));
    }
}
