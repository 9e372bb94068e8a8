//! `steward train`: tasks whose truth is known, decided without a terminal.

use crate::workspace::{Ran, Workspace};

#[test]
fn a_training_tells_what_was_right_and_keeps_it_to_itself() {
    let home = Workspace::bare();
    let none = home.run(&["train", "--result"]);
    assert_eq!(none.code, Some(1));
    assert!(
        none.err.contains("there is no training yet: steward train creates one"),
        "{}",
        none.err
    );
    let made = home.done(&["train", "--tasks", "4", "--seed", "3"]);
    let tasks: Vec<&str> = made.out.lines().take_while(|line| line.starts_with('T')).collect();
    assert_eq!(tasks.len(), 4, "{}", made.out);
    let folder = home.path(".data/steward/train");
    let decide = |task: &str, verdict: &str| -> Ran {
        let mut command = home.command();
        command.args(["decide", task, verdict, "--workspace"]).arg(&folder);
        command.output().unwrap().into()
    };
    for task in &tasks[..3] {
        let ran = decide(task, "not-a-match");
        assert_eq!(ran.code, Some(0), "{}", ran.err);
    }
    let result = home.done(&["train", "--result", "--json"]).object();
    assert_eq!(
        (&result["tasks"], &result["decided"], &result["left"]),
        (&4.into(), &3.into(), &1.into())
    );
    let agreed = result["agreed"].as_u64().unwrap();
    // Half of the four are two people: of three that were put apart one or two are right.
    assert!((1..=2).contains(&agreed), "{result}");
    let missed = result["missed"].as_array().unwrap();
    assert!(!missed.is_empty() && missed.iter().all(|it| it["is_one_person"] == true), "{result}");
    assert!(missed.iter().any(|it| it["told_by"]["field"].is_string()), "{result}");
    let said = home.done(&["train", "--result"]).out;
    assert!(said.contains("3 of 4 tasks decided") && said.contains("are one customer"), "{said}");

    // No name leaves it, whichever command decides.
    let mut export = home.command();
    export.args(["export", "decisions", "--json", "--workspace"]).arg(&folder);
    let exported: Ran = export.output().unwrap().into();
    assert_eq!(exported.code, Some(0), "{}", exported.err);
    let actors: Vec<_> = exported.objects().iter().map(|it| it["actor"].clone()).collect();
    assert_eq!(actors, ["trainee"; 3], "{}", exported.out);
    // Another one is not silently taken for it.
    let other = home.run(&["train", "--seed", "4"]);
    assert_eq!(other.code, Some(2), "{}", other.err);
    assert!(other.err.contains("with seed 3 is under way: --reset"), "{}", other.err);
    assert_eq!(home.done(&["train"]).out.lines().count(), 1, "what is left is listed");
    let beside: Vec<_> = std::fs::read_dir(home.path(".data/steward")).unwrap().collect();
    let names: Vec<String> =
        beside.into_iter().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| ["train", "register", "keys"].contains(&&**name)), "{names:?}");
}
