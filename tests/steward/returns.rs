//! What new data brings back, and what stays as a person decided it.

use serde_json::{Value, json};

use crate::people::{FATHER, SON, SON_AS_FATHER, crowd_and, file};
use crate::workspace::{Workspace, list, text};

fn is_apart(workspace: &Workspace) -> bool {
    workspace.customer("crm:1") != workspace.customer("shop:2")
}

#[test]
fn an_unmerged_machine_merge_is_not_made_again() {
    let workspace = crowd_and(&[FATHER], &[SON_AS_FATHER]);
    workspace.done(&["match"]);
    assert!(!is_apart(&workspace), "the machine merges them: {}", workspace.export("pairs"));
    let customer = workspace.customer("crm:1");
    let before = workspace.picture();
    let unmerged = workspace.decided(&["unmerge", &customer, "shop:2"]);
    assert!(is_apart(&workspace));
    for again in [&["match"][..], &["match", "--full"], &["rebuild"], &["match"]] {
        workspace.done(again);
        assert!(is_apart(&workspace), "{again:?}");
    }
    let about_them = |task: &Value| list(task, "subjects").contains(&json!(customer));
    assert!(!workspace.tasks("duplicate").iter().any(about_them), "nor is it asked again");
    // The unmerge can be taken back as any decision.
    workspace.done(&["undo", &unmerged]);
    assert_eq!(workspace.picture(), before);
}

#[test]
fn an_unmerged_machine_merge_of_the_sample_stays_apart() {
    let workspace = Workspace::of_sample();
    let golden = workspace.rows("golden");
    let merged = golden.iter().filter(|row| list(row, "members").len() == 2).take(3);
    let mut apart = Vec::new();
    for row in merged {
        let (customer, leaving) = (text(row, "customer"), row["members"][1].as_str().unwrap());
        workspace.decided(&["unmerge", customer, leaving]);
        apart.push((customer, row["members"][0].as_str().unwrap(), leaving));
    }
    workspace.done(&["match"]);
    for (customer, staying, leaving) in apart {
        assert_eq!(workspace.customer(staying), customer);
        assert_ne!(workspace.customer(leaving), customer, "{leaving}");
    }
}

#[test]
fn a_not_a_match_stays_away_until_a_compared_value_changes_and_then_says_why() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let decision = workspace.decided(&["not-a-match", "crm:1", "shop:2", "--reason", "household"]);
    workspace.done(&["match"]);
    for _ in 0..2 {
        let report = workspace.import_bytes("shop.csv", "shop", file(&[SON]));
        assert_eq!(report["unchanged"], 1, "{report}");
        workspace.done(&["match"]);
        assert_eq!(
            workspace.tasks("challenge"),
            [] as [Value; 0],
            "the same data says nothing new"
        );
    }
    assert!(is_apart(&workspace));
    let customers = [workspace.customer("crm:1"), workspace.customer("shop:2")];
    let proposed =
        |task: &Value| customers.iter().all(|it| list(task, "subjects").contains(&json!(it)));
    assert!(!workspace.tasks("duplicate").iter().any(proposed));

    let report = workspace.import_bytes("shop.csv", "shop", file(&[SON_AS_FATHER]));
    assert_eq!(report["changed"], 1, "{report}");
    workspace.done(&["match"]);
    assert!(is_apart(&workspace), "a machine never undoes a person");
    let back = workspace.tasks("challenge");
    let [task] = &back[..] else { panic!("one comes back: {back:?}") };
    let reason = text(task, "reason");
    for part in ["birth_date", "email", "phone"] {
        assert!(reason.contains(part), "which value changed: {reason}");
    }
    let shown = workspace.show(text(task, "id"));
    let told = shown.to_string();
    assert!(told.contains(&decision) && told.contains("household"), "who decided what: {told}");

    // Kept in the knowledge of the new data, it stays away again.
    workspace.decided(&["decide", text(task, "id"), "keep"]);
    workspace.done(&["match"]);
    assert_eq!(workspace.tasks("challenge"), [] as [Value; 0]);
    assert!(is_apart(&workspace));
}

#[test]
fn accepting_what_came_back_merges_and_undo_puts_apart_again() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.decided(&["not-a-match", "crm:1", "shop:2"]);
    workspace.import_bytes("shop.csv", "shop", file(&[SON_AS_FATHER]));
    workspace.done(&["match"]);
    let before = workspace.picture();
    let back = workspace.tasks("challenge");
    let accepted = workspace.decided(&["decide", text(&back[0], "id"), "accept"]);
    assert!(!is_apart(&workspace));
    workspace.done(&["undo", &accepted]);
    assert_eq!(workspace.picture(), before);
    assert_eq!(workspace.refused(&["merge", "crm:1", "shop:2"])["refusal"], "not-a-match-stands");
}

#[test]
fn a_row_whose_customer_was_merged_away_follows_the_redirect() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let (survivor, retired) = (workspace.customer("crm:1"), workspace.customer("shop:2"));
    let merged = workspace.decided(&["merge", &survivor, &retired]);
    let report = workspace.import_bytes(
        "shop.csv",
        "shop",
        file(&[&SON
            .replace("5 Lake Drive,Salem", "7 Hill Road,Boulder")
            .replace("2026-01", "2026-03")]),
    );
    assert_eq!(report["changed"], 1, "{report}");
    let record = workspace.show("shop:2");
    assert_eq!(text(&record, "customer"), survivor);
    assert_eq!(record["revision"], 2);
    let seen = workspace.show(&retired);
    assert_eq!((text(&seen, "id"), text(&seen, "redirected_from")), (&*survivor, &*retired));
    assert!(workspace.export("xref").contains(&format!("retired,,,,{retired},{survivor}")));
    // Undone, the record takes its new values home with it.
    workspace.done(&["undo", &merged]);
    let record = workspace.show("shop:2");
    assert_eq!((text(&record, "customer"), &record["revision"]), (&*retired, &json!(2)));
    let home = workspace.show(&retired);
    assert_eq!(home["golden"]["city"]["value"], "Boulder");
    assert_eq!(home["redirected_from"], Value::Null);
}

#[test]
fn a_correction_ends_when_delivered_and_a_pin_survives_until_contradicted() {
    let workspace = crowd_and(&[FATHER], &[SON]);
    let customer = workspace.customer("crm:1");
    let golden = |field: &str| workspace.show(&customer)["golden"][field]["value"].clone();
    workspace.decided(&["fix", "crm:1", "--set", "city=Decatur"]);
    workspace.decided(&["fix", &customer, "--set", "street=9 Rose Lane"]);
    assert_eq!((golden("city"), golden("street")), (json!("Decatur"), json!("9 Rose Lane")));
    // What is sent back to the source's owner, until the source has it.
    let corrections = workspace.rows("corrections");
    assert_eq!(corrections.len(), 1, "{corrections:?}");
    assert_eq!(
        (text(&corrections[0], "owner"), text(&corrections[0], "delivered")),
        ("crm team", "Salem")
    );
    workspace.import_bytes("one.csv", "crm", file(&[FATHER]));
    assert_eq!((golden("city"), golden("street")), (json!("Decatur"), json!("9 Rose Lane")));
    let delivered = FATHER.replace("Salem", "Decatur");
    workspace.import_bytes("one.csv", "crm", file(&[&delivered]));
    assert_eq!(workspace.rows("corrections"), [] as [Value; 0]);
    assert_eq!(workspace.tasks("challenge"), [] as [Value; 0]);
    let third = FATHER.replace("5 Lake Drive", "11 Mill Street");
    workspace.import_bytes("one.csv", "crm", file(&[&third]));
    assert_eq!(golden("street"), "9 Rose Lane", "the pin stands until a person decides");
    let [task] = &workspace.tasks("challenge")[..] else { panic!("the pin is challenged") };
    assert!(text(task, "reason").contains("street"), "{task}");
}

#[test]
fn a_challenge_goes_with_the_import_that_ends_it() {
    let workspace = crowd_and(&[FATHER], &[SON_AS_FATHER]);
    workspace.decided(&["merge", "crm:1", "shop:2"]);
    workspace.done(&["match"]);
    let stranger = "2,Marisol,Vandermeer,m@example.net,+13035550199,1999-12-31,77 Hill Road,Boulder,,2026-03-01";
    workspace.import_bytes("shop.csv", "shop", file(&[stranger]));
    workspace.done(&["match"]);
    let challenge = workspace.tasks("challenge");
    let [task] = &challenge[..] else { panic!("the merge is challenged: {challenge:?}") };
    let again = SON_AS_FATHER.rsplit_once(',').unwrap().0;
    workspace.import_bytes("shop.csv", "shop", file(&[&format!("{again},2026-04-01")]));
    assert_eq!(workspace.tasks("challenge"), [] as [Value; 0], "before any match");
    let told = workspace.done(&["history", text(task, "id")]).out;
    assert!(told.contains("settled: nothing contradicts D1 any more"), "{told}");
    workspace.done(&["match"]);
    assert_eq!(workspace.tasks("challenge"), [] as [Value; 0]);
    assert!(!is_apart(&workspace));
    workspace.verified();
}
