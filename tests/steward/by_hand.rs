//! What a person begins by themselves: a search, a record made by hand, a question about customers,
//! labels of pairs.

use crate::people::{AGAIN, FATHER, SETTINGS, SON, crowd_and};
use crate::workspace::{Workspace, list, text};

/// The source of records that are made by hand.
const MANUAL: &str = "[sources.manual]\ntrust = 40\nkey = \"id\"\nmap = { given_name = \"given\", \
                      family_name = \"family\", email = \"email\", birth_date = \"birth\" }\n\n[[rules]]";

fn workspace() -> Workspace {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.adopt(&SETTINGS.replacen("[[rules]]", MANUAL, 1));
    workspace
}

#[test]
fn find_lists_what_is_like_it_and_ends_with_1_where_nothing_is() {
    let workspace = workspace();
    let found = workspace.done(&["find", "steinmoor"]);
    assert!(found.out.contains("Steinmoor, Ulrich"), "{}", found.out);
    assert!(!found.out.contains("1952"), "a masked value is not shown: {}", found.out);
    let hits = workspace.done(&["find", "steinmoor", "ulrich", "--json"]).objects();
    assert_eq!(hits.len(), 2, "{hits:?}");
    assert_eq!(text(&hits[0], "id"), text(&hits[0], "customer"));
    let records = workspace.done(&["find", "crm:p1", "--in", "records", "--limit", "1", "--json"]);
    assert_eq!(text(&records.object(), "id"), "crm:p1");
    let none = workspace.run(&["find", "zzzzqqqq"]);
    assert_eq!((none.code, none.out.as_str()), (Some(1), ""), "{}", none.err);
    assert!(none.err.contains("hint: "), "{}", none.err);
    let none = workspace.run(&["find", "zzzzqqqq", "--json"]).error();
    assert!(text(&none, "hint").contains("--in records"), "{none}");
}

#[test]
fn a_record_made_by_hand_is_shown_who_is_like_it_and_is_taken_back() {
    let workspace = workspace();
    let create = ["create", "--source", "manual", "--set", "given_name=Ulrich", "--set"];
    let create =
        [&create[..], &["family_name=Steinmoor", "--set", "birth_date=1952-02-09"]].concat();
    let dry = workspace.done(&[&create[..], &["--dry-run", "--json"]].concat()).object();
    let alike = list(&dry, "alike");
    assert_eq!(alike.len(), 2, "{dry}");
    assert_eq!(alike[0]["agrees"].as_array().unwrap().len(), 2, "the likeliest first: {dry}");
    assert!(!dry.to_string().contains("1952"), "{dry}");

    let refused = workspace.run(&create);
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    assert!(refused.err.contains("--even-so"), "{}", refused.err);
    let made = workspace.done(&[&create[..], &["--even-so", "--json"]].concat()).object();
    let (record, import) = (text(&made, "record"), text(&made, "import"));
    assert_eq!(workspace.customer(record), text(&made, "customer"));

    // Its source delivers everything it has, and not this: it stays as it is.
    let all = "id,given,family,email,birth\n77,Ada,Marlow,ada@example.com,\n";
    workspace.write("manual.csv", all);
    let again = ["import", "manual.csv", "--source", "manual", "--complete", "--json"];
    let report = workspace.done(&again).object();
    assert_eq!((&report["vanished"], &report["held_back"]), (&0.into(), &serde_json::Value::Null));
    assert!(workspace.show(record)["vanished"].is_null());
    workspace.verified();

    workspace.done(&["undo", import]);
    let gone = workspace.show(record);
    assert!(!gone["vanished"].is_null(), "it counts no more: {gone}");
}

#[test]
fn what_cannot_be_made_by_hand_is_refused_before_anything_is_written() {
    let workspace = workspace();
    let create = |more: &[&str]| workspace.run(&[&["create"], more].concat());
    for (arguments, code, says) in [
        (&["--source", "crm", "--set", "email=no"][..], 4, "cannot be read as email"),
        (&["--source", "nobody", "--set", "email=a@example.com"], 1, "[sources.nobody]"),
        (&["--source", "manual", "--set", "phone=+16125550163"], 4, "no column for phone"),
        (&["--source", "manual", "--set", "colour=red"], 1, "there is no field colour"),
        (&["--source", "crm", "--key", "1", "--set", "city=Salem"], 4, "already"),
        (&["--source", "crm", "--set", "city=a", "--set", "city=b"], 2, "twice"),
    ] {
        let ran = create(arguments);
        assert_eq!(ran.code, Some(code), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
    assert_eq!(workspace.rows("records").len(), 66);
}

#[test]
fn a_task_asks_about_customers_and_is_taken_back() {
    let workspace = workspace();
    workspace.done(&["match"]);
    let ask = ["task", "crm:p1", "crm:p2", "--note", "same desk?", "--to", "kim"];
    let foreseen = workspace.done(&[&ask[..], &["--dry-run"]].concat());
    assert!(foreseen.out.contains("kim"), "{}", foreseen.out);
    let asked = workspace.done(&[&ask[..], &["--json"]].concat()).object();
    let (task, decision) = (text(&asked, "task"), text(&asked, "decision"));
    let shown = workspace.done(&["show", task]).out;
    assert!(shown.contains("same desk?"), "{shown}");
    let again = workspace.run(&ask);
    assert!(again.code == Some(4) && again.err.contains(task), "{}", again.err);
    // No run settles what a person asks.
    workspace.done(&["match", "--full"]);
    assert_eq!(text(&workspace.show(task), "state"), "escalated");
    workspace.done(&["undo", decision]);
    assert_eq!(text(&workspace.show(task), "state"), "settled");
    let asked = workspace.done(&[&ask[..], &["--json"]].concat()).object();
    workspace.done(&["decide", text(&asked, "task"), "not-a-match"]);
    let apart = workspace.run(&ask);
    assert!(apart.code == Some(4) && apart.err.contains("not a match"), "{}", apart.err);
    workspace.verified();
    // The question goes with the people it is about.
    workspace.done(&["erase", "crm:p1", "--reason", "request", "--yes"]);
    let log = workspace.export("decisions");
    assert!(!log.contains("same desk?"), "{log}");
}

#[test]
fn labels_of_pairs_go_out_and_come_back() {
    let workspace = crowd_and(&[FATHER, AGAIN], &[SON]);
    let pairs = "id_l,id_r,label,reason,note\ncrm:1,crm:3,match,,\n\
                 crm:1,shop:2,not-a-match,household,\"same desk, two people\"\ncrm:p2,crm:p9,0,,\n";
    workspace.write("labels.csv", pairs);
    let decide = ["decide", "--from", "labels.csv"];
    let dry = workspace.done(&[&decide[..], &["--dry-run"]].concat());
    assert!(dry.out.contains("dry run: merged"), "{}", dry.out);
    let decided = workspace.done(&[&decide[..], &["--yes", "--json"]].concat()).objects();
    assert_eq!(decided.len(), 3);
    assert_eq!(workspace.customer("crm:1"), workspace.customer("crm:3"));
    let again = workspace.run(&[&decide[..], &["--yes"]].concat());
    assert!(again.err.contains("3 pairs are already decided that way"), "{}", again.err);

    let out = workspace.export("labels");
    let labelled = |line: &str| out.lines().any(|row| row.starts_with(line));
    assert!(labelled("crm:1,crm:3,match,,,"), "{out}");
    let with_why = "crm:1,shop:2,not-a-match,household,\"same desk, two people\",";
    assert!(labelled(with_why), "{out}");
    let only = workspace.done(&["export", "labels", "--where", "label = match"]).out;
    assert_eq!(only.lines().count(), 2, "{only}");

    // The same form back, where the same records are held and nothing was decided.
    let other = crowd_and(&[FATHER, AGAIN], &[SON]);
    other.write("labels.csv", &out);
    other.done(&["decide", "--from", "labels.csv", "--yes"]);
    let pairs = |text: &str| -> Vec<String> {
        text.lines().map(|row| row.splitn(6, ',').take(5).collect::<Vec<_>>().join(",")).collect()
    };
    assert_eq!(pairs(&other.export("labels")), pairs(&out));
}

#[test]
fn every_data_set_can_be_narrowed_and_no_value_is_written_down() {
    let workspace = workspace();
    workspace.done(&["match"]);
    for (dataset, filter, rows) in [
        ("records", "city = salem and record = crm:1", 1),
        ("golden", "family_name = Steinmoor", 2),
        ("xref", "record ~ shop", 1),
        ("tasks", "kind = duplicate and score > 2", 0),
        ("violations", "severity = error and rule = email-format", 0),
        ("decisions", "verdict = merge", 0),
        ("quarantine", "line > 0", 0),
        ("vanished", "record is empty", 0),
        ("corrections", "field = email", 0),
        ("labels", "label = match", 0),
        ("pairs", "match_probability > 2 or match_weight < -100", 0),
    ] {
        let columns = workspace.export(dataset);
        let ran = workspace.run(&["export", dataset, "--where", filter]);
        assert_eq!(
            ran.code,
            Some(0),
            "{dataset} {filter}: {}\n{}",
            ran.err,
            columns.lines().next().unwrap_or_default()
        );
        assert_eq!(ran.out.lines().count(), rows + 1, "{dataset} {filter}: {}", ran.out);
    }
    for (dataset, filter, says) in [
        ("violations", "severity = eror", "did you mean error?"),
        ("tasks", "state = opne", "did you mean open?"),
        ("golden", "famly_name = x", "did you mean family_name?"),
        ("tasks", "score > high", "takes a number"),
        ("golden", "city ==", "expected a value"),
    ] {
        let ran = workspace.run(&["export", dataset, "--where", filter]);
        assert_eq!(ran.code, Some(2), "{filter}: {}", ran.err);
        assert!(ran.err.contains(says) && ran.out.is_empty(), "{filter}: {}", ran.err);
    }
    let events = workspace.done(&["export", "events", "--format", "jsonl"]).out;
    assert!(events.contains("where family_name = ..."), "the shape is recorded");
    assert!(events.contains("where kind = duplicate and score > 2"), "what is nobody's is");
}
