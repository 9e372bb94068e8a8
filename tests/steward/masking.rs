//! What is sensitive is masked wherever it would be printed, as text and as JSON, until somebody
//! unmasks it, and that is written down first.

use crate::people::{FATHER, SON, crowd_and};
use crate::screen::Terminal;
use crate::workspace::{Workspace, text};

/// Birth dates that nobody else has, whole or in part.
const SECRETS: [&str; 5] = ["1952-02-09", "1981-06-17", "1953-03-10", "3/10/1953", "gap1899xyz"];

/// A father with a corrected birth date, a son, one whose birth date cannot be read, and a value
/// that breaks a rule.
fn family() -> Workspace {
    let unreadable =
        "3,Nora,Vance,n@example.com,,some day of gap1899xyz,1 Hill Road,Salem,1850-01-01,";
    let workspace = crowd_and(&[FATHER, unreadable], &[SON]);
    workspace.done(&["match"]);
    workspace.decided(&["fix", "crm:1", "--set", "birth_date=3/10/1953"]);
    let customer = workspace.customer("shop:2");
    workspace.decided(&["fix", &customer, "--set", "birth_date=1981-06-17"]);
    workspace
}

fn unmaskings(workspace: &Workspace) -> usize {
    workspace.rows("events").iter().filter(|row| row["kind"] == "unmasked").count()
}

#[test]
fn no_command_prints_a_sensitive_value_unasked() {
    let workspace = family();
    let (father, son) = (workspace.customer("crm:1"), workspace.customer("shop:2"));
    let task = workspace.done(&["tasks", "--json"]).objects().pop();
    let task = task.map_or("T1".to_owned(), |task| text(&task, "id").to_owned());
    for arguments in [
        &["show", "crm:1"][..],
        &["show", "crm:3"],
        &["show", "shop:2"],
        &["show", &father],
        &["show", &son],
        &["show", &task],
        &["show", "D1"],
        &["show", "D2"],
        &["history"],
        &["history", "crm:1"],
        &["history", &son],
        &["explain", "crm:1", "shop:2"],
        &["explain", &father, &son],
        &["tasks"],
        &["merge", "crm:1", "shop:2", "--dry-run"],
        &["fix", "crm:1", "--set", "birth_date=1981-06-17", "--dry-run"],
        &["fix", &son, "--set", "birth_date=1952-02-09", "--dry-run"],
        &["fix", "crm:1", "--set", "birth_date=gap1899xyz"],
        &["fix", "crm:1", "--set", "customer_since=1950-01-01"],
        &["undo", "D1", "--dry-run"],
        &["undo", "D2", "--dry-run"],
    ] {
        for json in [&[][..], &["--json"]] {
            let ran = workspace.run(&[arguments, json].concat());
            for secret in SECRETS {
                let said = [&ran.out, &ran.err].into_iter().any(|text| text.contains(secret));
                assert!(!said, "{arguments:?} {json:?} says {secret}: {}{}", ran.out, ran.err);
            }
        }
    }
    // That a first day in 1950 is refused tells when somebody was born: whoever tries it has looked, in each
    // of two sittings.
    assert_eq!(unmaskings(&workspace), 2, "nobody else looked");
    let record = workspace.show("crm:3");
    let birth = record["values"].as_array().unwrap().iter().find(|it| it["field"] == "birth_date");
    assert_eq!(birth.unwrap()["value"], "**** *** ** **********", "not even its end");
}

#[test]
fn who_looks_is_in_the_ledger_before_it_is_shown() {
    let workspace = family();
    let (father, son) = (workspace.customer("crm:1"), workspace.customer("shop:2"));
    let mut looked = 0;
    for (arguments, secret, whose) in [
        (&["show", "crm:1"][..], "1953-03-10", &father),
        (&["show", "D1"], "1953-03-10", &father),
        (&["show", &son], "1981-06-17", &son),
        (&["explain", "crm:1", "shop:2"], "1981-06-17", &son),
        (&["history", "crm:1"], "1953-03-10", &father),
    ] {
        for json in [&[][..], &["--json"]] {
            let ran = workspace.done(&[arguments, &["--unmask"], json].concat());
            assert!(ran.out.contains(secret), "{arguments:?}: {}", ran.out);
            looked += 1;
            assert_eq!(unmaskings(&workspace), looked, "{arguments:?} {json:?}");
            let history = workspace.done(&["history", whose]).out;
            let latest = history.lines().next().unwrap();
            assert!(latest.contains("unmasked birth_date of"), "{arguments:?}: {history}");
        }
    }
}

#[test]
fn a_field_is_masked_as_soon_as_the_settings_say_so() {
    let workspace = family();
    let settings = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    assert!(workspace.done(&["show", "crm:1", "--json"]).out.contains("u@example.com"));
    let sensitive = settings.replace("type = \"email\"", "type = \"email\"\nsensitive = true");
    workspace.write("steward.toml", &sensitive);
    for json in [&[][..], &["--json"]] {
        let ran = workspace.done(&[&["show", "crm:1"][..], json].concat());
        assert!(!ran.out.contains("u@example.com"), "{}", ran.out);
    }
}

#[test]
fn a_screen_is_in_clear_once_it_is_written_down_and_once_for_each_session() {
    let workspace = family();
    let father = workspace.customer("crm:1");
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    let open = |terminal: &mut Terminal| {
        terminal.start(&["review"]);
        terminal.until_shown(&["? all"]);
        terminal.press("/\t");
        terminal.until_shown(&["[customers]"]);
        terminal.press(&father);
        terminal.until_shown(&[&format!("> {father}")]);
        terminal.press("\r");
        terminal.until_shown(&[&format!("{father} customer"), "****-**-**"])
    };
    // Beside the review, which holds the workspace.
    let looked = |workspace: &Workspace| {
        workspace.done(&["history"]).out.matches("unmasked birth_date of").count()
    };
    let masked = |shown: &str| SECRETS.iter().all(|secret| !shown.contains(secret));
    let shown = open(&mut terminal);
    assert!(masked(&shown), "{shown}");
    assert_eq!(looked(&workspace), 0, "nobody looked");
    for _ in 0..2 {
        terminal.press("*");
        terminal.until_shown(&["1953-03-10", "recorded in the ledger"]);
        assert_eq!(looked(&workspace), 1);
        terminal.press("*");
        terminal.until("it masked", |shown| masked(shown) && shown.contains("values masked"));
    }
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
    open(&mut terminal);
    terminal.press("*");
    terminal.until_shown(&["1953-03-10"]);
    assert_eq!(looked(&workspace), 2, "another session");
    terminal.leave_by("q");
    assert_eq!(terminal.ended(), 0);
}
