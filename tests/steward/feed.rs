//! The feed through the binary: its lines are what the schemas say, it goes on where it stopped, and an
//! erasure reaches it.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::people::{HEADER, nobody};
use crate::serve::Served;
use crate::workspace::{Workspace, list, text};

const ADA: &str = "Adawyn,Nordholm,ada.n@example.com,,1971-03-04,88 Plugh Lane,Salem,,2026-01-01";
const BEA: &str = "Beatrix,Steinmoor,bea.s@example.com,,1982-07-05,12 Rose Lane,Omaha,,2026-01-01";

/// Ada in two sources, merged, the merge undone and redone, and Bea.
fn world() -> Workspace {
    let workspace = nobody();
    workspace.import_bytes("crm.csv", "crm", format!("{HEADER}\na1,{ADA}\nb1,{BEA}\n"));
    let adah = ADA.replace("Adawyn", "Adah").replace("ada.n", "adah.n");
    workspace.import_bytes("shop.csv", "shop", format!("{HEADER}\na2,{adah}\n"));
    workspace.done(&["match"]);
    if workspace.customer("crm:a1") == workspace.customer("shop:a2") {
        workspace.decided(&["unmerge", &workspace.customer("crm:a1"), "shop:a2"]);
    } else {
        workspace.decided(&["merge", "crm:a1", "shop:a2"]);
    }
    let decision = workspace.decided(&["undo", "D1"]);
    workspace.decided(&["undo", &decision]);
    workspace.decided(&["fix", "crm:b1", "--set", "city=Pierre"]);
    workspace
}

fn schema(format: &str) -> Value {
    let path = format!("{}/docs/feed/{format}.schema.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// What is wrong with a value by a schema that says no more than these do.
fn wrong(value: &Value, schema: &Value) -> Option<String> {
    let is = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{other} is not a type"),
    };
    for (keyword, said) in schema.as_object().unwrap() {
        let fails = match keyword.as_str() {
            "oneOf" => {
                let fits = said.as_array().unwrap().iter().filter(|it| wrong(value, it).is_none());
                fits.count() != 1
            }
            "type" => match said {
                Value::String(name) => !is(name),
                names => !names.as_array().unwrap().iter().any(|it| is(it.as_str().unwrap())),
            },
            "const" => value != said,
            "required" => {
                said.as_array().unwrap().iter().any(|it| value.get(it.as_str().unwrap()).is_none())
            }
            "properties" => {
                let own = said.as_object().unwrap().iter();
                let mut own = own.filter_map(|(name, schema)| Some((value.get(name)?, schema)));
                own.any(|(value, schema)| wrong(value, schema).is_some())
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let mut others = value.as_object().into_iter().flatten();
                others.any(|(name, value)| {
                    let is_known = known.is_some_and(|known| known.contains_key(name));
                    !is_known && (*said == json!(false) || wrong(value, said).is_some())
                })
            }
            "items" => value.as_array().into_iter().flatten().any(|it| wrong(it, said).is_some()),
            "minItems" => {
                value.as_array().is_some_and(|it| (it.len() as u64) < said.as_u64().unwrap())
            }
            "minimum" => value.as_u64().is_some_and(|it| it < said.as_u64().unwrap()),
            "pattern" => value.as_str().is_some_and(|it| !has_form(it, said.as_str().unwrap())),
            "$schema" | "$id" | "title" | "description" | "format" => false,
            other => panic!("{other} is not understood here"),
        };
        if fails {
            return Some(format!("{keyword} of {value}"));
        }
    }
    None
}

fn has_form(text: &str, pattern: &str) -> bool {
    let digits = |text: &str, least: usize| {
        text.len() >= least && text.bytes().all(|it| it.is_ascii_hexdigit())
    };
    match pattern {
        "^C[0-9]+$" => text.strip_prefix('C').is_some_and(|it| digits(it, 1)),
        "^urn:steward:[0-9a-f]{32}$" => {
            text.strip_prefix("urn:steward:").is_some_and(|it| it.len() == 32 && digits(it, 32))
        }
        "^[0-9]{20}\\.[0-9]{10}$" => {
            let parts = text.split_once('.');
            parts.is_some_and(|(one, two)| {
                one.len() == 20 && two.len() == 10 && digits(one, 20) && digits(two, 10)
            })
        }
        other => panic!("{other} is not understood here"),
    }
}

#[test]
fn every_line_is_what_its_schema_says_and_no_other_line_would_be() {
    let workspace = world();
    for format in ["jsonl", "cloudevents"] {
        let schema = schema(format);
        let printed = workspace.done(&["feed", "--schema", "--format", format]).out;
        assert_eq!(serde_json::from_str::<Value>(&printed).unwrap(), schema);
        let lines = workspace.done(&["feed", "--format", format]).objects();
        assert!(lines.len() > 6, "{lines:?}");
        for line in &lines {
            assert_eq!(wrong(line, &schema), None, "{line}");
            for name in line.as_object().unwrap().keys() {
                let mut without = line.clone();
                without.as_object_mut().unwrap().remove(name);
                let optional = name == "golden";
                assert_eq!(wrong(&without, &schema).is_some(), !optional, "{name} of {line}");
            }
            let mut with = line.clone();
            with["other"] = json!(1);
            assert!(wrong(&with, &schema).is_some());
        }
    }
    let bare = workspace.done(&["feed", "--no-values"]);
    assert!(bare.objects().iter().all(|line| wrong(line, &schema("jsonl")).is_none()));
    assert!(!bare.out.contains("Steinmoor") && bare.out.contains("family_name"));
}

#[test]
fn it_goes_on_where_it_stopped_and_says_the_same_twice() {
    let workspace = world();
    let whole = workspace.done(&["feed"]).out;
    assert_eq!(workspace.done(&["feed"]).out, whole);
    let mut heard = String::new();
    let mut bookmark = "0".to_owned();
    for line in whole.lines() {
        heard += &format!("{line}\n");
        let line: Value = serde_json::from_str(line).unwrap();
        if line["more"] == false {
            bookmark = line["commit"].to_string();
            let rest = workspace.done(&["feed", "--since", &bookmark]).out;
            assert_eq!(format!("{heard}{rest}"), whole, "since {bookmark}");
        }
    }
    let ran = workspace.done(&["feed", "--since", &bookmark]);
    assert_eq!(ran.out, "");
    assert_eq!(ran.err.trim(), format!("nothing happened to customers since commit {bookmark}"));
    let ran = workspace.run(&["feed", "--since", "9999"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(
        ran.err.contains("there is no commit 9999") && ran.err.contains("--since 0"),
        "{}",
        ran.err
    );
    let counted = workspace.done(&["feed", "--dry-run", "--json"]).object();
    assert_eq!(counted["lines"], whole.lines().count() as u64);
}

#[test]
fn nothing_of_whom_was_erased_is_told_again() {
    let workspace = world();
    let before = workspace.done(&["feed"]).out;
    let marks = ["Nordholm", "Adawyn", "Adah", "ada.n@", "1971-03-04", "Plugh", "shop:a2"];
    for mark in marks {
        assert!(before.contains(mark), "{mark}: {before}");
    }
    let bookmark = before.lines().last().unwrap();
    let bookmark = serde_json::from_str::<Value>(bookmark).unwrap()["commit"].to_string();
    let ada = workspace.customer("crm:a1");
    let erased = ["erase", &ada, "--reason", "request", "--yes", "--json"];
    let report = workspace.done(&erased).object();
    assert!(list(&report, "exports").iter().any(|export| export["dataset"] == "feed"), "{report}");
    let news = workspace.done(&["feed", "--since", &bookmark]).objects();
    let [line] = &news[..] else { panic!("{news:?}") };
    assert_eq!((text(line, "type"), text(line, "customer")), ("customer.erased", ada.as_str()));
    for format in ["jsonl", "cloudevents"] {
        let after = workspace.done(&["feed", "--format", format]).out;
        for mark in marks {
            assert!(!after.contains(mark), "{mark}: {after}");
        }
        assert!(after.contains("Steinmoor") && after.contains("customer.erased"), "{after}");
    }
}

#[test]
fn whoever_follows_hears_what_others_do_and_its_end_is_recorded() {
    let workspace = world();
    let alone = workspace.run(&["feed", "--follow"]);
    assert_eq!((alone.code, alone.out.as_str()), (Some(1), ""));
    assert!(alone.err.contains("nobody serves this workspace"), "{}", alone.err);
    let whole = workspace.done(&["feed"]).out;
    let served = Served::begin(&workspace, &[]);
    let mut process = workspace.process();
    process.args(["feed", "--follow"]).stdin(Stdio::null());
    let mut process = process.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map(Result::unwrap);
    for line in whole.lines() {
        assert_eq!(lines.next().unwrap(), line);
    }
    for city in ["Dover", "Juneau"] {
        workspace.decided(&["fix", "crm:b1", "--set", &format!("city={city}")]);
        let line: Value = serde_json::from_str(&lines.next().unwrap()).unwrap();
        assert_eq!(text(&line["golden"], "city"), city);
    }
    kill_process(Pid::from_child(&process), Signal::INT).unwrap();
    assert_eq!(lines.next(), None);
    let ended = process.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
    served.stop();
    let events = workspace.done(&["export", "events", "--format", "jsonl"]).objects();
    let of_feeds = events.iter().filter(|event| event["data"]["dataset"] == "feed");
    let told: Vec<(&str, &Value)> =
        of_feeds.map(|event| (text(event, "kind"), &event["data"]["rows"])).collect();
    let rows = json!(whole.lines().count() + 2);
    assert_eq!(told[2..], [("export_begun", &Value::Null), ("exported", &rows)]);
}
