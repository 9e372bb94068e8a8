//! The model: tried at other thresholds, explained, carried out and back.

use serde_json::Value;

use crate::workspace::{Workspace, list, sample, text};

#[test]
fn a_dry_run_shows_what_other_thresholds_would_do() {
    let workspace = Workspace::of_sample();
    let before = workspace.verified()["head"].clone();
    let ran = workspace.done(&["match", "--dry-run"]);
    for says in ["threshold", "merged if auto", "auto now", "review now", "0.999"] {
        assert!(ran.out.contains(says), "{says}: {}", ran.out);
    }
    let told = workspace.done(&["match", "--dry-run", "--json"]).object();
    let rungs = list(&told, "ladder");
    let number = |rung: &Value, key: &str| rung[key].as_f64().unwrap();
    assert!(rungs.is_sorted_by(|one, other| number(one, "threshold") > number(other, "threshold")));
    let ends = ["merged", "tasks"]
        .map(|key| (number(&rungs[0], key), number(&rungs[rungs.len() - 1], key)));
    assert!(ends.iter().all(|(first, last)| first < last), "lower thresholds do more: {told}");
    let at = |threshold: &Value| {
        rungs.iter().find(|rung| rung["threshold"] == *threshold).expect("a rung in force")
    };
    assert_eq!(at(&told["auto"])["merged"], told["merged"]);
    assert_eq!(at(&told["review"])["tasks"], told["opened"]);
    assert_eq!(workspace.verified()["head"], before, "nothing was written");
}

#[test]
fn a_model_is_carried_out_and_back() {
    let workspace = Workspace::of_sample();
    let ran = workspace.done(&["export", "model", "-o", "model.json"]);
    assert!(ran.err.contains("do not carry over"), "{}", ran.err);
    let model = std::fs::read_to_string(workspace.path("model.json")).unwrap();
    let model: Value = serde_json::from_str(&model).unwrap();
    assert_eq!(text(&model, "link_type"), "dedupe_only");
    // Splink reads its columns from the records' export.
    let header = workspace.rows("records").swap_remove(0);
    for comparison in list(&model, "comparisons") {
        for level in list(comparison, "comparison_levels") {
            for part in text(level, "sql_condition").split('"').skip(1).step_by(2) {
                let column = part.strip_suffix("_l").or_else(|| part.strip_suffix("_r")).unwrap();
                assert!(header.get(column).is_some(), "{column}: {level}");
            }
        }
    }
    let plain = workspace.done(&["match", "--dry-run", "--json"]).object();
    let ran = workspace.done(&["match", "--dry-run", "--json", "--model", "model.json"]);
    assert!(ran.err.contains("m and u from model.json: name"), "{}", ran.err);
    assert_eq!(ran.object()["merged"], plain["merged"], "its own model changes nothing");
    workspace.done(&["match", "--model", "model.json"]);
    workspace.verified();

    workspace.write("broken.json", "{\"comparisons\": []}");
    for (arguments, says) in [
        (&["match", "--model", "broken.json"][..], "none of its comparisons"),
        (&["match", "--model", "nowhere.json"], "nowhere.json"),
        (&["export", "model", "--format", "csv"], "leave out --format"),
        (&["export", "golden", "--dialect", "spark"], "export model"),
    ] {
        let ran = workspace.run(arguments);
        assert!(matches!(ran.code, Some(1 | 2)), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(says), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_group_tells_how_it_formed_and_a_pair_why_not() {
    let workspace = Workspace::of_sample();
    let task = workspace.tasks("duplicate").swap_remove(0);
    let id = text(&task, "id");
    let told = workspace.done(&["explain", id, "--json"]).object();
    let (parts, joins) = (list(&told, "parts"), list(&told, "joins"));
    assert_eq!(joins.len(), parts.len() - 1, "{told}");
    let means: Vec<f64> = joins.iter().map(|join| join["mean"].as_f64().unwrap()).collect();
    let least = means.iter().copied().fold(1.0, f64::min);
    assert_eq!(told["weakest"]["mean"].as_f64(), Some(least));
    let ran = workspace.done(&["explain", id]);
    for says in ["links:", "joins, most probable first", "weakest:", "looks like"] {
        assert!(ran.out.contains(says), "{says}: {}", ran.out);
    }

    let mut people = workspace.rows("records");
    people.retain(|record| record["family_name"].is_string());
    let (first, last) = (text(&people[0], "record"), text(people.last().unwrap(), "record"));
    let ran = workspace.done(&["explain", first, last]);
    for says in
        ["left alone: below the review threshold", "held back by", "likely unrelated customers"]
    {
        assert!(ran.out.contains(says), "{says}: {}", ran.out);
    }
    let refused = workspace.refused(&["explain", first]);
    assert!(refused.to_string().contains("name a task"), "{refused}");
}

#[test]
fn an_evaluation_says_whether_probabilities_mean_what_they_say() {
    let workspace = Workspace::matched(200);
    let truth = sample("truth.csv");
    let truth = truth.to_str().unwrap();
    let found = workspace.done(&["evaluate", truth, "--json"]).object();
    let reliability = &found["reliability"];
    let scored: u64 =
        list(reliability, "bands").iter().map(|band| band["pairs"].as_u64().unwrap()).sum();
    assert!(scored > 0 && reliability["error"].as_f64().unwrap() < 0.1, "{reliability}");
    for band in list(reliability, "bands") {
        let number = |key: &str| band[key].as_f64().unwrap();
        assert!(number("from") <= number("mean") && number("mean") <= number("to"), "{band}");
    }
    let told = workspace.done(&["evaluate", truth]).out;
    assert!(told.contains("expected calibration error"), "{told}");
}

#[test]
fn two_runs_are_told_apart_on_the_command_line() {
    let workspace = Workspace::of_sample();
    let refused = workspace.run(&["match", "--diff", "M1"]);
    assert!(refused.err.contains("M1 is the newest run"), "{}", refused.err);
    let refused = workspace.run(&["match", "--diff", "M3..M2"]);
    assert!(refused.err.contains("name the earlier run first"), "{}", refused.err);
    let task = text(&workspace.tasks("duplicate")[0], "id").to_owned();
    workspace.decided(&["decide", &task, "merge"]);
    workspace.done(&["match", "--full"]);
    let ran = workspace.done(&["match", "--diff", "M1"]);
    for says in [
        "customers that grew",
        "tasks that were decided: 1",
        &task,
        "weights that moved",
        "what people have said since M1 about the tasks waiting then:",
        "tasks in bands with any decision: 100.0 %",
    ] {
        assert!(ran.out.contains(says), "{says}: {}", ran.out);
    }
    let told = workspace.done(&["match", "--diff", "M1..M2", "--json"]).object();
    assert_eq!(told["tasks"]["decided"]["first"][0]["task"], *task);
    assert_eq!(told["between"]["decisions"], 1);
    let status = workspace.done(&["match", "--status", "--json"]).object();
    assert!(
        status["found"]["share"]["least"].as_f64() <= status["found"]["share"]["share"].as_f64()
    );
}
