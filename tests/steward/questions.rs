//! Questions to others and their answers, from the command line.

use crate::workspace::Workspace;

#[test]
fn what_is_asked_of_someone_is_answered_and_both_stand_in_the_decision_log() {
    let workspace = Workspace::matched(60);
    let id = workspace.tasks("duplicate")[0]["id"].as_str().unwrap().to_owned();
    let answer = ["decide", &id, "answer", "--note", "two people: I called"];
    let refused = workspace.refused(&answer);
    assert!(refused.to_string().contains("nobody was asked"), "{refused}");
    let ask = ["escalate", "--to", "kim", "--note", "one household?", "--reason", "legal-hold"];
    workspace.done(&[&["decide", &id][..], &ask].concat());
    let listed = workspace.done(&["tasks", "--state", "escalated", "--json"]).objects();
    assert_eq!(listed.len(), 1);
    assert!(workspace.done(&["show", &id]).err.contains("|answer"));
    workspace.done(&answer);
    let listed = workspace.done(&["tasks", "--state", "answered", "--json"]).objects();
    assert_eq!((listed.len(), listed[0]["id"].as_str()), (1, Some(id.as_str())));
    let shown = workspace.done(&["show", &id]).out;
    for told in ["asked kim (D1): one household?", "(D2): two people: I called"] {
        assert!(shown.contains(told), "{shown}");
    }
    let log = workspace.rows("decisions");
    let verdicts: Vec<&str> = log.iter().map(|row| row["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["escalate", "answer"]);
    assert_eq!(log[1]["note"], "two people: I called");
    workspace.verified();
}
