//! What says nothing new, what takes something back, and what must not be asked in secret.

use crate::people::{AGAIN, FATHER, SETTINGS, SON, crowd_and};
use crate::workspace::{Workspace, list, text};

const MANUAL: &str = "[sources.manual]\ntrust = 40\nkey = \"id\"\nmap = { given_name = \"given\", \
                      family_name = \"family\", email = \"email\", birth_date = \"birth\", phone = \
                      \"phone\", street = \"street\", city = \"city\" }\n\n[[rules]]";

fn workspace() -> Workspace {
    let workspace = crowd_and(&[FATHER], &[SON]);
    workspace.adopt(&SETTINGS.replacen("[[rules]]", MANUAL, 1));
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
    assert!(same.err.contains("similar customers exist"), "{}", same.err);
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
    workspace.adopt(&settings);
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
    let workspace = crowd_and(&[FATHER, AGAIN], &[SON]);
    let pairs = "id_l,id_r,label\ncrm:1,shop:2,not-a-match\ncrm:p2,crm:p9,not-a-match\n\
                 crm:1,crm:3,match\ncrm:p9,crm:p2,not-a-match\n";
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
    assert!(again.err.contains("3 pairs are already decided that way"), "{}", again.err);
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
        ("source = crmm", "did you mean crm?"),
        ("score ~ 0.9", "`score` is a number"),
        ("kind > duplicate", "`kind` has no order"),
        ("source in (shop, shopp)", "shop"),
        ("not rule = email-requird", "email-requird"),
        ("id = 47", "T9"),
        ("customer != 17", "C17"),
        ("kind = dup", "duplicate"),
        ("colour = red", "tasks have no `colour`"),
        ("reason = x", "`reason` cannot be `x`"),
        ("id = T9999", "there is no T9999"),
        ("customer in (C1, C9999)", "there is no C9999"),
        ("version = 1", "`version` is only shown"),
    ] {
        for command in [&["tasks", "--where", filter][..], &["decide", "--where", filter, "merge"]]
        {
            let refused = workspace.run(command);
            assert_eq!(refused.code, Some(2), "{filter}: {}", refused.err);
            assert!(refused.err.contains(says), "{filter}: {}", refused.err);
        }
    }
    for filter in
        ["source = CRM", "source ~ cr", "id = t1", "customer in (C1, c2)", "rule is empty"]
    {
        assert_eq!(workspace.run(&["tasks", "--where", filter]).code, Some(0), "{filter}");
    }
    for (set, filter) in [
        ("decisions", "verdict = escalated"),
        ("decisions", "decision = 5"),
        ("xref", "kind = rec"),
        ("vanished", "state = x"),
        ("violations", "rule = nonesuch"),
        ("golden", "customer = 17"),
        ("golden", "customer = C9999"),
        ("golden", "members = crm:none"),
        ("golden", "members = xx"),
        ("records", "record = crm:none"),
        ("tasks", "customer = C9999"),
        ("tasks", "id = T9999"),
        ("tasks", "pattern ~ name"),
        ("tasks", "subjects = crm:none"),
        ("xref", "source = crmm"),
        ("vanished", "source = crmm"),
        ("decisions", "decision = D9999"),
        ("labels", "id_l = crm:none"),
    ] {
        let refused = workspace.run(&["export", set, "--where", filter]);
        assert_eq!(refused.code, Some(2), "{set}: {filter}: {}", refused.err);
    }
    for (set, filter) in [
        ("golden", "members = CRM:1 or customer = c1"),
        ("tasks", "customer = C1 or subjects = crm:1"),
        ("xref", "source = Shop"),
        ("records", "city = Nowhere"),
    ] {
        assert_eq!(
            workspace.run(&["export", set, "--where", filter]).code,
            Some(0),
            "{set}: {filter}"
        );
    }
}

#[test]
fn a_field_of_a_few_words_is_asked_for_as_it_is_held() {
    let workspace = Workspace::matched(40);
    for (filter, says) in [
        ("country = USA", "ask for US"),
        ("marketing_consent = yess", "did you mean yes?"),
        ("country in (DE, Germany)", "ask for DE"),
    ] {
        let refused = workspace.run(&["export", "golden", "--where", filter]);
        assert_eq!(refused.code, Some(2), "{filter}: {}", refused.out);
        assert!(refused.err.contains(says), "{filter}: {}", refused.err);
    }
    for filter in ["country = us", "country != DE", "country ~ USA", "marketing_consent = NO"] {
        assert_eq!(
            workspace.run(&["export", "golden", "--where", filter]).code,
            Some(0),
            "{filter}"
        );
    }
}

#[test]
fn a_dry_run_leaves_rules_about_masked_fields_to_whoever_looks() {
    let workspace = Workspace::matched(40);
    let records = workspace.done(&["export", "records", "--format", "jsonl"]).objects();
    let born =
        |it: &&serde_json::Value| it["birth_date"].is_string() && it["customer_since"].is_string();
    let record = records.iter().find(born).unwrap();
    let (id, birth) = (record["record"].as_str().unwrap(), record["birth_date"].as_str().unwrap());
    let before = format!("customer_since={}", birth.replacen(&birth[..4], "1890", 1));
    let fix = ["fix", id, "--set", &before];
    let dry = workspace.done(&[&fix[..], &["--dry-run"]].concat());
    assert!(dry.err.contains("not judged without --unmask: customer-after-birth"), "{}", dry.err);
    let object = workspace.done(&[&fix[..], &["--dry-run", "--json"]].concat()).object();
    assert_eq!(object["unjudged"], serde_json::json!(["customer-after-birth"]));
    let history = || workspace.done(&["history"]).out;
    assert!(!history().contains("unmasked"));
    let looked = workspace.run(&[&fix[..], &["--dry-run", "--unmask"]].concat());
    assert_eq!(looked.code, Some(4), "{}", looked.err);
    assert_eq!(history().matches("unmasked").count(), 1);
    assert_eq!(workspace.run(&fix).code, Some(4));
    assert_eq!(history().matches("unmasked").count(), 2, "a refusal tells as much");
    assert_eq!(workspace.run(&[&fix[..], &["--unmask"]].concat()).code, Some(2));
}

#[test]
fn a_dry_run_does_not_tell_who_holds_a_masked_value() {
    let workspace = workspace();
    let unmasked = || {
        let events = workspace.done(&["export", "events", "--format", "jsonl"]).out;
        events.matches("\"unmasked\"").count()
    };
    let before = unmasked();
    for guess in ["1952-02-09", "1952-02-10"] {
        let correct = ["values", "birth_date", "--correct", guess, "--clear", "--dry-run"];
        let refused = workspace.run(&correct);
        assert_eq!(refused.code, Some(4), "{guess}: {}", refused.out);
        assert!(refused.err.contains("pass --unmask"), "{}", refused.err);
        let is = format!("birth_date = {guess}");
        for (set, filter) in [
            ("records", is.clone()),
            ("records", format!("record = crm:1 and birth_date_raw < {guess}")),
            ("golden", format!("not {is}")),
            ("corrections", format!("field = birth_date and corrected = {guess}")),
            ("decisions", format!("after ~ {guess}")),
            ("quarantine", format!("text ~ {guess}")),
        ] {
            let refused = workspace.run(&["export", set, "--where", &filter, "--dry-run"]);
            assert_eq!(refused.code, Some(2), "{set} {filter}: {}", refused.out);
            assert!(refused.err.contains("is masked"), "{set} {filter}: {}", refused.err);
        }
    }
    assert_eq!(unmasked(), before);
    let shown =
        ["values", "birth_date", "--correct", "1952-02-09", "--clear", "--dry-run", "--unmask"];
    workspace.done(&shown);
    assert_eq!(unmasked(), before + 1, "who asks so is written down");
    workspace.done(&["values", "city", "--correct", "Salem", "--to", "Bath", "--dry-run"]);
    workspace.done(&["export", "records", "--where", "city = Salem", "--dry-run"]);
}

#[test]
fn who_is_alike_is_what_matching_would_find() {
    let workspace = workspace();
    workspace.done(&["match"]);
    let (mail, phone) = ("email=u@example.com", "phone=+16125550163");
    let home = ["street=5 Lake Drive", "city=Salem"];
    for (values, is_like) in [
        (&["given_name=Ulrich", "family_name=Steinmoor", mail][..], true),
        (&["given_name=Ullrich", "family_name=Steinmor", mail, phone], true),
        (&["given_name=Ulrich", "family_name=Steinmoor-Hill", mail, phone, home[0], home[1]], true),
        (&["given_name=Urlich", "family_name=Stienmoor", mail, phone], true),
        (&["given_name=Zuzanna", "family_name=Steinmoor"], false),
        (&["given_name=Zuzanna", "family_name=Kowalska", "email=zk@example.net"], false),
        (&["given_name=Quentin", "family_name=Fernsby"], false),
    ] {
        let mut create = vec!["create", "--source", "manual", "--dry-run", "--json"];
        values.iter().for_each(|value| create.extend(["--set", value]));
        let dry = workspace.done(&create).object();
        let might = list(&dry, "alike").iter().any(|it| it["might_be_one"] == true);
        assert_eq!(might, is_like, "{values:?}: {dry}");
    }
}

#[test]
fn labels_do_not_merge_what_contradicts() {
    let workspace = crowd_and(&[FATHER, AGAIN], &[SON]);
    workspace.write("labels.csv", "id_l,id_r,label\ncrm:1,shop:2,match\n");
    for more in [&["--dry-run"][..], &["--yes"]] {
        let refused = workspace.run(&[&["decide", "--from", "labels.csv"], more].concat());
        assert_eq!(refused.code, Some(4), "{}", refused.out);
        assert!(refused.err.contains(" contradicts; "), "{}", refused.err);
        assert!(!refused.err.contains("nothing was written"), "{}", refused.err);
    }
    // The machine joined two; only what a person adds to them is a label.
    workspace.done(&["match"]);
    assert_eq!(workspace.customer("crm:1"), workspace.customer("crm:3"));
    let all = workspace.export("labels");
    assert_eq!(all.lines().count(), 1, "{all}");
    workspace.done(&["merge", "crm:1", "shop:2"]);
    let labels = workspace.export("labels");
    for (pair, is_told) in
        [("crm:1,crm:3", false), ("crm:1,shop:2,match", true), ("crm:3,shop:2,match", true)]
    {
        assert_eq!(labels.contains(pair), is_told, "{labels}");
    }
}

#[test]
fn a_question_that_somebody_answered_is_not_taken_back_alone() {
    let workspace = workspace();
    workspace.done(&["match"]);
    let ask = ["task", "crm:p1", "crm:p2", "--note", "same desk?", "--json"];
    let asked = workspace.done(&ask).object();
    let (task, question) = (text(&asked, "task"), text(&asked, "decision"));
    let apart = workspace.done(&["decide", task, "not-a-match", "--json"]).object();
    let apart = text(&apart, "decision");
    let refused = workspace.run(&["undo", question]);
    assert_eq!(refused.code, Some(4), "{}", refused.out);
    assert!(refused.err.contains(apart), "{}", refused.err);
    workspace.done(&["undo", question, "--with-dependents"]);
    assert_eq!(text(&workspace.show(task), "state"), "settled");
    // It stays, and nobody is asked again where it is taken back later.
    let asked = workspace.done(&ask).object();
    let (task, question) = (text(&asked, "task"), text(&asked, "decision"));
    let apart = workspace.done(&["decide", task, "not-a-match", "--json"]).object();
    workspace.done(&["undo", question, "--stay", text(&apart, "decision")]);
    workspace.done(&["undo", text(&apart, "decision")]);
    assert_eq!(text(&workspace.show(task), "state"), "settled");
    workspace.done(&ask);
    workspace.verified();
}

#[test]
fn what_is_not_there_ends_with_1_and_what_is_elsewhere_is_named() {
    let workspace = workspace();
    workspace.done(&["match"]);
    workspace.write("names.csv", "Edward;Smith;Miami\nZed;Zulu;Tulsa\n");
    for (line, code, says) in [
        ("match --diff M99", 1, "M99"),
        ("preset show nonesuch", 1, "steward preset list"),
        ("values nofield", 1, "given_name"),
        ("values city --source nosrc", 1, "nosrc"),
        ("import crm.csv --source nosrc", 1, "it has crm"),
        ("create --source nosrc --set city=Salem", 1, "[sources.nosrc]"),
        ("export golden --at 1999-01-01", 1, "did not exist yet"),
        ("decide --from nothing.csv", 1, "there is no file nothing.csv"),
        ("show T99", 1, "steward tasks"),
        ("show M1", 2, "steward match --diff M1"),
        ("history S1", 2, "steward grant show S1"),
        ("import names.csv --source crm", 1, "none of its"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = workspace.run(&words);
        assert_eq!(ran.code, Some(code), "{line}: {}", ran.err);
        assert!(ran.err.contains(says) && !ran.err.contains("Edward"), "{line}: {}", ran.err);
    }
}
