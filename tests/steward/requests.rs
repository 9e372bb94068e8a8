//! Requests of persons at the command line: recorded, worked on, answered; and exports for a purpose.

use crate::workspace::Workspace;

const SETTINGS: &str = "[workspace]\nname = \"acme\"\nregion = \"US\"\n\
    [purposes.newsletter]\nbasis = \"consent\"\nconsent = [\"by_email\", \"by_post\"]\n\
    [purposes.billing]\nbasis = \"contract\"\n\
    [fields.family_name]\ntype = \"family_name\"\npurpose = [\"newsletter\", \"billing\"]\n\
    [fields.birth_date]\ntype = \"date_of_birth\"\nsensitive = true\npurpose = [\"billing\"]\n\
    [fields.by_email]\ntype = \"consent\"\nchannel = \"email\"\n\
    [fields.by_post]\ntype = \"consent\"\nchannel = \"post\"\n\
    [sources.crm]\nkey = \"id\"\n\
    map = { family_name = \"family\", birth_date = \"born\", by_email = \"email\", by_post = \"post\" }\n";
const ROWS: &str = "id,family,born,email,post\n1,Zyxmiller,1980-02-03,yes,yes\n\
    2,Stone,1981-02-03,yes,no\n3,Reed,1982-02-03,yes,yes\n4,Hill,1983-02-03,,\n";

/// Who is in a file.
fn names(text: &str) -> Vec<&str> {
    text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect()
}

#[test]
fn a_request_is_recorded_worked_on_and_answered_and_kept_out_of_exports_for_a_purpose() {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.write("crm.csv", ROWS);
    workspace.done(&["init"]);
    workspace.done(&["import", "crm.csv", "--source", "crm"]);
    workspace.done(&["export", "golden", "-o", "golden.csv"]);
    let opt_out = ["request", "crm:3", "--kind", "opt-out", "--channel", "email", "--json"];
    assert_eq!(workspace.done(&opt_out).object()["task"], "T1");
    let export = |more: &[&str]| {
        let ran =
            workspace.done(&[&["export", "golden", "--purpose", "newsletter"], more].concat());
        assert!(ran.err.contains("left out: birth_date"), "{}", ran.err);
        ran.out
    };
    for (channel, expected) in [
        (&[][..], &["Zyxmiller"][..]),
        (&["--channel", "email"], &["Zyxmiller", "Stone"]),
        (&["--channel", "post"], &["Zyxmiller", "Reed"]),
    ] {
        let text = export(channel);
        assert_eq!(names(&text), expected, "{channel:?}");
        assert!(!text.contains("19"), "no date of birth: {text}");
    }
    let unknown =
        workspace.run(&["export", "golden", "--purpose", "newsletter", "--channel", "emial"]);
    assert!(unknown.err.contains("no channel `emial`; it has email, post"), "{}", unknown.err);
    let erasure =
        ["request", "C1", "--kind", "erasure", "--received", "2026-01-31", "--by", "post"];
    let recorded = workspace.done(&[&erasure[..], &["--note", "wants to be forgotten"]].concat());
    assert!(recorded.err.contains("T2 is "), "{}", recorded.err);
    let late = workspace.done(&["requests", "--due", "--json"]).object();
    assert_eq!(
        (&late["requests"][0]["task"], &late["requests"][0]["due"]),
        (&"T2".into(), &"2026-02-28".into())
    );
    let erase = ["erase", "C1", "--for", "T2", "--reason", "request", "--yes"];
    let told = workspace.refused(&erase);
    assert!(told.to_string().contains("steward request verify T2 --how TEXT"), "{told}");
    workspace.done(&["request", "verify", "T2", "--how", "Zyxmiller showed a passport"]);
    assert!(workspace.refused(&erase).to_string().contains("steward request told T2 --all"));
    let shown = workspace.done(&["show", "T2"]);
    assert!(shown.out.contains("golden.csv") && shown.out.contains("to be told"), "{}", shown.out);
    workspace.done(&["request", "told", "T2", "--recipient", "golden.csv"]);
    workspace.done(&["request", "told", "T2", "--all"]);
    workspace.done(&erase);
    let shown = workspace.done(&["show", "T2", "--json"]).object();
    assert_eq!(shown["request"]["state"], "person erased");
    assert!(!shown.to_string().contains("Zyxmiller") && !shown.to_string().contains("forgotten"));
    workspace.done(&["show", "T2"]);
    workspace.done(&["history", "T2"]);
    let audit = workspace.done(&["audit"]).out;
    assert!(audit.contains("T2: recorded, erasure, received 2026-01-31"), "{audit}");
    assert!(audit.contains("for T2") && !audit.contains("passport"), "{audit}");
    // What is made anew from the ledger is the same.
    let before = workspace.done(&["requests", "--all", "--json"]).out;
    workspace.done(&["rebuild"]);
    assert_eq!(workspace.done(&["requests", "--all", "--json"]).out, before);
    workspace.done(&["verify"]);
    workspace.done(&["undo", "D1"]);
    assert_eq!(names(&export(&["--channel", "email"])), ["Stone", "Reed"]);
}
