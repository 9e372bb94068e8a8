//! What says nothing new, what takes something back, and what must not be asked in secret.

use crate::people::{FATHER, SETTINGS, SON, crowd_and};
use crate::workspace::{Workspace, list, text};

const MANUAL: &str = "[sources.manual]\ntrust = 40\nkey = \"id\"\nmap = { given_name = \"given\", \
                      family_name = \"family\", email = \"email\", birth_date = \"birth\" }\n\n[[rules]]";

fn workspace() -> Workspace {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.write("steward.toml", &SETTINGS.replacen("[[rules]]", MANUAL, 1));
    workspace
}

#[test]
fn whoever_makes_a_record_is_not_told_of_masked_values() {
    let workspace = workspace();
    let create = |more: &[&str]| {
        let begin = ["create", "--source", "manual", "--dry-run", "--json", "--set"];
        workspace.done(&[&begin[..], more].concat()).object()
    };
    let of = |birth: &str| {
        let birth = format!("birth_date={birth}");
        let dry = create(&["family_name=Steinmoor", "--set", &birth]);
        assert!(!dry.to_string().contains("birth_date"), "{dry}");
        list(&dry, "alike").to_vec()
    };
    let right = of("1952-02-09");
    assert!(!right.is_empty());
    assert_eq!(right, of("1953-03-10"), "right or wrong, the answer is the same");
    assert_eq!(create(&["birth_date=1952-02-09"])["alike"], serde_json::json!([]));
}

#[test]
fn only_who_might_be_the_same_hinders_a_new_record() {
    let workspace = workspace();
    workspace.done(&["match"]);
    let create = |more: &[&str]| {
        let begin = ["create", "--source", "manual", "--set", "family_name=Steinmoor", "--set"];
        workspace.run(&[&begin[..], more].concat())
    };
    let same = create(&["given_name=Ulrich", "--set", "email=u@example.com"]);
    assert_eq!(same.code, Some(4), "{}{}", same.out, same.err);
    assert!(same.err.contains("might be the same"), "{}", same.err);
    let other = create(&["given_name=Zuzanna"]);
    assert_eq!(other.code, Some(0), "{}{}", other.out, other.err);
    assert!(other.out.contains("family_name"), "they are told all the same: {}", other.out);
}

#[test]
fn a_key_that_was_taken_back_names_the_way_out() {
    let workspace = workspace();
    let create = ["create", "--source", "manual", "--key", "ada1", "--set", "given_name=Zyx"];
    let made = workspace.done(&[&create[..], &["--json"]].concat()).object();
    workspace.done(&["undo", text(&made, "import")]);
    let again = workspace.run(&create);
    assert_eq!(again.code, Some(4), "{}", again.err);
    assert!(again.err.contains("steward reopen manual:ada1"), "{}", again.err);
    workspace.done(&["reopen", "manual:ada1"]);
    assert!(!workspace.show("manual:ada1")["vanished"]["closed"].as_bool().unwrap_or(false));
}

#[test]
fn a_question_obeys_the_reasons_that_are_required() {
    let workspace = workspace();
    let settings = SETTINGS.replacen("[\"waive\"]", "[\"escalate\"]", 1);
    workspace.write("steward.toml", &settings);
    workspace.done(&["match"]);
    let ask = ["task", "crm:p1", "crm:p2", "--note", "same desk?", "--to", "kim"];
    let refused = workspace.run(&ask);
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    assert!(refused.err.contains("reason"), "{}", refused.err);
    workspace.done(&[&ask[..], &["--reason", "checked"]].concat());
}

#[test]
fn what_is_taken_back_is_told_as_that_and_refused_where_nothing_is() {
    let workspace = workspace();
    let customer = workspace.customer("crm:1");
    for (id, back, says) in [
        ("crm:1", ["--withdraw", "city"], "withdrew the correction of city of crm:1"),
        (customer.as_str(), ["--set", "city="], "withdrew the pin of city of "),
    ] {
        let head = || workspace.done(&["history", "--json"]).objects().len();
        let before = head();
        let nothing = workspace.run(&["fix", id, back[0], back[1]]);
        assert_eq!(nothing.code, Some(4), "{id}: {}", nothing.err);
        assert_eq!(head(), before, "nothing is written");
        workspace.done(&["fix", id, "--set", "city=Boulder"]);
        let done = workspace.done(&["fix", id, back[0], back[1]]);
        assert!(done.out.contains(says), "{id}: {}", done.out);
        assert!(workspace.done(&["history", id]).out.contains(says));
    }
    workspace.verified();
}

#[test]
fn labels_that_are_read_again_change_nothing() {
    let workspace = workspace();
    let pairs = "id_l,id_r,label\ncrm:1,shop:2,not-a-match\ncrm:p1,crm:p2,match\n\
                 crm:1,crm:p9,not-a-match\ncrm:p9,crm:1,not-a-match\n";
    workspace.write("labels.csv", pairs);
    let decide = ["decide", "--from", "labels.csv", "--yes"];
    let first = workspace.done(&decide);
    assert!(
        first.out.contains("3 tasks decided") || first.out.contains("3 pairs"),
        "{}",
        first.out
    );
    let log = workspace.export("decisions");
    let again = workspace.done(&decide);
    assert!(again.err.contains("3 pairs are already so"), "{}", again.err);
    assert_eq!(workspace.export("decisions"), log);
    let dry = workspace.done(&["decide", "--from", "labels.csv", "--dry-run", "--json"]).objects();
    assert!(dry.len() == 3 && dry.iter().all(|it| it["already_so"].is_string()), "{dry:?}");
}

#[test]
fn the_day_of_an_erasure_is_that_of_whoever_reads_it() {
    let workspace = workspace();
    workspace.done(&["erase", "crm:p1", "--reason", "request", "--yes"]);
    let told = |zone: &str| {
        let ran = workspace.command().args(["show", "crm:p1"]).env("TZ", zone).output().unwrap();
        String::from_utf8(ran.stderr).unwrap()
    };
    // Twenty-five hours lie between them: never the same day.
    let (east, west) = (told("Pacific/Kiritimati"), told("Pacific/Pago_Pago"));
    assert!(east.contains("was erased on ") && west.contains("was erased on "), "{east}{west}");
    assert_ne!(east, west);
}

#[test]
fn values_that_a_column_can_never_have_are_refused() {
    let workspace = workspace();
    workspace.done(&["match"]);
    for (filter, says) in [
        ("source = crmm", "crm"),
        ("source in (shop, shopp)", "shop"),
        ("not rule = email-requird", "email-requird"),
        ("id = 47", "T9"),
        ("customer != 17", "C17"),
    ] {
        let refused = workspace.run(&["tasks", "--where", filter]);
        assert!(refused.code.is_some_and(|code| code != 0), "{filter}: {}", refused.out);
        assert!(refused.err.contains(says), "{filter}: {}", refused.err);
    }
    for filter in
        ["source = CRM", "source ~ cr", "id = t1", "customer in (C1, c2)", "rule is empty"]
    {
        assert_eq!(workspace.run(&["tasks", "--where", filter]).code, Some(0), "{filter}");
    }
    for (set, filter) in
        [("decisions", "verdict = escalated"), ("xref", "kind = rec"), ("vanished", "state = x")]
    {
        let refused = workspace.run(&["export", set, "--where", filter]);
        assert!(refused.code.is_some_and(|code| code != 0), "{set}: {filter}: {}", refused.out);
    }
}
