//! A reused key, from the file to the export.

use crate::people::SETTINGS;
use crate::workspace::{Workspace, list, text};

const FIRST: &str = "id,given,family,email,phone,birth,street,city,since,member,updated\n\
    1,Anna,Berger,anna@example.com,+12025550143,1980-02-03,,Ware,,,\n\
    2,Ida,Fernsby,ida@example.com,+12175550105,1955-01-09,,Hitchin,,,\n";
const SECOND: &str = "id,given,family,email,phone,birth,street,city,since,member,updated\n\
    1,Marcus,Holloway,mh@example.com,+12025550199,1962-11-27,,Perth,,,\n\
    2,Ida,Fernsby,ida@example.com,+12175550105,1955-01-09,,Luton,,,\n";

#[test]
fn a_reused_key_is_held_back_from_the_export_until_somebody_decides() {
    let workspace = Workspace::empty();
    let settings = SETTINGS.replace("sensitive = true\n", "");
    workspace.adopt(&format!("{settings}\n[policy]\noverlay = \"hold\"\n"));
    workspace.import_bytes("first.csv", "crm", FIRST);
    let golden = || workspace.export("golden");
    let before = golden();
    workspace.write("second.csv", SECOND);
    let import = ["import", "second.csv", "--source", "crm"];
    let dry = workspace.done(&[&import[..], &["--dry-run"]].concat()).out;
    assert!(dry.contains("1 row makes another customer of a record"), "{dry}");
    let ran = workspace.done(&import);
    let told = ran.out + &ran.err;
    assert!(told.contains("1 task asks whose they are: steward tasks --kind overlay"), "{told}");
    assert_eq!(golden(), before.replace("Hitchin", "Luton"));
    let held: Vec<u64> =
        workspace.rows("records").iter().filter_map(|row| row["held_back"].as_u64()).collect();
    assert_eq!(held, [2]);
    let found = workspace.done(&["find", "Holloway"]).out;
    assert!(found.contains("held back"), "who is held back is found, as such: {found}");
    let shown = workspace.done(&["show", "crm:1"]).out;
    assert!(shown.contains("revision 2 (I2) is of another customer and held back"), "{shown}");
    assert!(shown.contains("Anna -> Marcus"), "{shown}");

    let [task] = &workspace.tasks("overlay")[..] else { panic!("one task") };
    let task = text(task, "id").to_owned();
    let ran = workspace.done(&["show", &task]);
    let shown = ran.out + &ran.err;
    assert!(shown.contains("accept|keep|not-a-match"), "{shown}");
    assert!(shown.contains("Anna -> Marcus"), "{shown}");
    let decided = workspace.decided(&["decide", &task, "accept"]);
    assert!(golden().contains("Marcus") && !golden().contains("Anna"));
    let exported = workspace.rows("decisions");
    assert!(exported.iter().any(|row| row["verdict"] == "accept" && row["task"] == task.as_str()));
    workspace.done(&["undo", &decided]);
    assert_eq!(golden(), before.replace("Hitchin", "Luton"));
    let decided = workspace.decided(&["decide", &task, "not-a-match"]);
    assert!(golden().contains("Marcus"));
    assert_eq!(workspace.customer("crm:1"), "C3");
    workspace.done(&["undo", &decided]);
    workspace.decided(&["decide", &task, "keep"]);
    assert_eq!(golden(), before.replace("Hitchin", "Luton"));
    let history = workspace.done(&["history", "crm:1", "--json"]).objects();
    assert!(history.iter().any(|entry| entry.to_string().contains("held back")), "{history:?}");
    assert!(list(&workspace.verified(), "damage").is_empty());
}
