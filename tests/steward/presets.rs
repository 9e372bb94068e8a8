//! Presets: a made-up file in the shape of each program's export, imported with nothing else said.

use std::collections::BTreeSet;

use crate::workspace::{Workspace, text};

const SETTINGS: &str =
    "[workspace]\nname = \"a\"\nregion = \"US\"\n\n[fields.email]\ntype = \"email\"\n";

fn file(preset: &str) -> String {
    let path = format!("{}/tests/presets/{preset}.csv", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn workspace() -> Workspace {
    let workspace = Workspace::bare();
    workspace.write("steward.toml", SETTINGS);
    workspace.done(&["init"]);
    workspace
}

/// The preset, how many of its rows are new and put aside, and what the golden records hold.
type Row = (&'static str, (u64, u64), &'static [&'static str]);

const EXPECTED: [Row; 16] = [
    (
        "salesforce-contacts",
        (2, 0),
        &["Odette,Oakhollow", "odette@example.com", "+12175550104", "14 Rose Lane", "1984-03-12"],
    ),
    ("salesforce-leads", (1, 0), &["Nordwind GmbH", "Hauptstraße 5", "+49301234567", "DE"]),
    (
        "salesforce-accounts",
        (1, 0),
        &["Harborline Packaging Ltd", "LS1 4AP", "GB", "+441134960104"],
    ),
    ("hubspot-contacts", (1, 0), &["Odette,Oakhollow", "+12175550104", "12 Rose Lane", "US"]),
    ("hubspot-companies", (1, 0), &["Harborline Packaging Ltd", "LS1 4AP", "+441134960104"]),
    (
        "shopify-customers",
        (2, 0),
        &[
            "12 Rose Lane Unit 4",
            "+12175550105",
            "+12175550104",
            "62704",
            "Nordwind GmbH",
            "yes",
            "no",
        ],
    ),
    (
        "shopify-orders",
        (2, 1),
        &[
            "Odette Oakhollow",
            "12 Rose Lane Unit 4",
            "+12175550104",
            "+15035550199",
            "Nordwind GmbH",
        ],
    ),
    ("stripe-customers", (1, 0), &["Odette Oakhollow", "2024-03-12", "12 Rose Lane", "62704"]),
    (
        "google-contacts",
        (1, 1),
        &["Odette,Oakhollow", "+12175550104", "1984-03-12", "Nordwind GmbH"],
    ),
    (
        "google-contacts-older",
        (1, 1),
        &["Odette,Oakhollow", "+12175550104", "1984-03-12", "Nordwind GmbH"],
    ),
    (
        "outlook-contacts",
        (2, 0),
        &["+12175550104", "1984-03-25", "basil@example.com", "12 Rose Lane"],
    ),
    ("mailchimp-audience", (1, 0), &["Odette,Oakhollow", "+12175550104", "odette@example.com"]),
    ("woocommerce-customers", (1, 0), &["odette@example.com", "billing@example.com", "2024-03-12"]),
    ("civicrm-contacts", (2, 0), &["1984-03-12", "+12175550104", "Nordwind GmbH", "DE", "IL"]),
    (
        "odoo-contacts",
        (2, 0),
        &["Odette Oakhollow,,", ",Nordwind GmbH,", "DE811907980", "+49301234567", ",IL,"],
    ),
    (
        "odoo-partners",
        (2, 0),
        &["Odette Oakhollow,,", ",Nordwind GmbH,", "DE811907980", "+49301234567", ",IL,"],
    ),
];

#[test]
fn each_preset_reads_the_files_of_its_program() {
    for (preset, (new, aside), values) in EXPECTED {
        let workspace = workspace();
        workspace.write("export.csv", &file(preset));
        let ran = workspace.done(&["import", "export.csv", "--preset", preset, "--json"]);
        assert!(ran.err.contains("recognised by its header"), "{preset}: {}", ran.err);
        let report = ran.object();
        assert_eq!(report["new"], new, "{preset}: {report}");
        assert_eq!(report["quarantined"], aside, "{preset}: {report}");
        let golden = workspace.done(&["export", "golden"]).out;
        for value in values {
            assert!(golden.contains(value), "{preset}: {value} is not in\n{golden}");
        }
        // The second time the source is there, and nothing changes.
        let again = workspace.done(&["import", "export.csv", "--preset", preset, "--json"]);
        assert!(again.err.contains("its own key and map are used"), "{preset}: {}", again.err);
        assert_eq!(again.object()["new"], 0, "{preset}");
    }
}

/// What `steward init` writes to begin with asks nothing of organisations that they cannot have.
#[test]
fn a_list_of_companies_makes_no_tasks_in_a_workspace_of_people() {
    let workspace = Workspace::bare();
    workspace.done(&["init", "--region", "US"]);
    workspace.write("export.csv", &file("hubspot-companies"));
    let ran = workspace.done(&["import", "export.csv", "--preset", "hubspot-companies"]);
    assert!(workspace.tasks("invalid").is_empty(), "{}", ran.out);
}

/// A header of earlier exports is told from the newer one, and its names are read.
#[test]
fn a_preset_does_not_take_a_header_that_another_knows() {
    let workspace = workspace();
    workspace.write("export.csv", &file("google-contacts-older"));
    let ran = workspace.run(&["import", "export.csv", "--preset", "google-contacts"]);
    assert_eq!(ran.code, Some(2), "{}", ran.err);
    assert!(ran.err.contains("--preset google-contacts-older"), "{}", ran.err);
}

#[test]
fn files_are_recognised_by_their_headers() {
    let listed = Workspace::bare().done(&["preset", "list", "--json"]).objects();
    // Those of streams are read beside a source, and recognise nothing.
    let listed = listed.iter().filter(|it| it.get("stream").is_none());
    let listed: BTreeSet<String> = listed.map(|it| text(it, "preset").to_owned()).collect();
    assert_eq!(listed, EXPECTED.iter().map(|(preset, ..)| (*preset).to_owned()).collect());
    let workspace = Workspace::bare();
    let names: Vec<String> = listed.iter().map(|preset| format!("{preset}.csv")).collect();
    for (name, preset) in names.iter().zip(&listed) {
        workspace.write(name, &file(preset));
    }
    let mut arguments = vec!["init", "--json", "--region", "US", "--from"];
    arguments.extend(names.iter().map(String::as_str));
    let report = workspace.done(&arguments).object();
    for (source, preset) in report["sources"].as_array().unwrap().iter().zip(&listed) {
        assert_eq!(text(source, "preset"), preset);
    }
    workspace.done(&["check"]);
}

#[test]
fn an_order_of_several_rows_is_one_customer_with_all_that_came() {
    let workspace = workspace();
    workspace.write("export.csv", &file("shopify-orders"));
    let ran = workspace.done(&["import", "export.csv", "--preset", "shopify-orders"]);
    let said = "1 record has rows that differ: the newest is used if the source dates its rows";
    assert!(ran.out.contains(said) && ran.out.contains("3 rows joined"), "{}", ran.out);
    let shown = workspace.show("shopify_orders:odette@example.com");
    let kept = format!("{}{}", shown["unmapped"], shown["parts"]);
    for value in ["Walnut chair", "Linen cushion", "Desk lamp", "Odette Fernsby", "#1001", "Salem"]
    {
        assert!(kept.contains(value), "{value}: {shown}");
    }
    let others = shown["parts"].as_array().unwrap().iter().filter(|part| part["other"] == true);
    assert!(others.count() > 0, "what other rows say of a mapped column: {shown}");
    let told = workspace.done(&["show", "shopify_orders:odette@example.com"]).out;
    assert!(told.contains("other rows of the record, of ") && !told.contains("^J"), "{told}");
}

/// Merges made there are brought as decisions to review.
#[test]
fn what_was_merged_in_another_system_is_asked_about() {
    for (preset, row, others, told) in [
        (
            "salesforce-contacts",
            "",
            0,
            "salesforce:0035000001AbCdFAAV was merged into salesforce:0035000001AbCdEAAV in salesforce",
        ),
        (
            "hubspot-contacts",
            "\"301\",\"Ody\",\"Oakhollow\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\"\n",
            1,
            "hubspot:301 was merged into hubspot:501 in hubspot",
        ),
    ] {
        let workspace = workspace();
        workspace.write("export.csv", &(file(preset) + row));
        let lines = workspace.done(&["preset", "show", preset]).out;
        workspace.write("steward.toml", &format!("{SETTINGS}\n{lines}"));
        let source = preset.split('-').next().unwrap();
        let import = ["import", "export.csv", "--source", source];
        let ran = workspace.done(&[&import[..], &["--dry-run", "--json"]].concat());
        assert_eq!(ran.object()["merged"], 1, "{preset}: {}", ran.out);
        let ran = workspace.done(&import);
        let said = "1 pair of records was merged in the source: a person will decide";
        assert!(ran.out.contains(said), "{preset}: {}", ran.out);
        assert!(ran.err.contains("1 task for merges made in the source"), "{preset}: {}", ran.err);
        let unknown = ran.out.contains("names a record not delivered yet");
        assert_eq!(unknown, others > 0, "{preset}: {}", ran.out);
        let tasks = workspace.done(&["tasks", "--json"]).objects();
        assert_eq!(tasks.len(), 1, "{preset}");
        let task = workspace.done(&["tasks"]).out;
        assert!(task.contains("was merged into "), "{preset}: {task}");
        let shown = workspace.done(&["show", text(&tasks[0], "id")]).out;
        assert!(shown.contains(told), "{preset}: {shown}");
        let shown = workspace.done(&["show", "I1"]).out;
        assert!(shown.contains("1 merged in the source, to be decided"), "{preset}: {shown}");
        let history = workspace.done(&["history", "I1"]).out;
        assert!(history.contains("I1 ended: ") && history.contains("I1 began: "), "{history}");
    }
}

/// Programs leave columns out that nobody chose.
#[test]
fn a_preset_that_is_named_wants_its_key_and_most_of_what_it_maps() {
    for (preset, without) in [
        ("hubspot-contacts", &["Lifecycle Stage", "Job Title", "Mobile Phone Number"][..]),
        ("civicrm-contacts", &["Sort Name", "Individual Suffix", "Gender"]),
        ("odoo-partners", &["is_company", "function"]),
    ] {
        let workspace = workspace();
        let renamed = without.iter().fold(file(preset), |text, column| {
            assert!(text.contains(column), "{column}");
            text.replacen(column, &format!("Own {column}"), 1)
        });
        workspace.write("export.csv", &renamed);
        let ran = workspace.done(&["import", "export.csv", "--preset", preset, "--json"]);
        assert!(ran.object()["new"].as_u64().unwrap() > 0, "{preset}: {}", ran.out);
    }
    let workspace = workspace();
    workspace
        .write("export.csv", "Record No,First Name,Last Name,Email\n1,Ann,Lee,a@example.com\n");
    let ran = workspace.run(&["import", "export.csv", "--preset", "hubspot-contacts"]);
    let said = "this is not a HubSpot contacts file: its header has no Record ID";
    assert!(ran.code == Some(2) && ran.err.contains(said), "{}", ran.err);
}

#[test]
fn a_preset_is_said_and_never_taken_for_another() {
    let workspace = workspace();
    workspace.write("export.csv", &file("shopify-customers"));
    let before = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    let wrong = workspace.run(&["import", "export.csv", "--preset", "stripe-customers"]);
    assert_eq!(wrong.code, Some(2), "{}", wrong.err);
    assert!(wrong.err.contains("it looks like a Shopify customers file"), "{}", wrong.err);
    let none = workspace.run(&["import", "export.csv", "--preset", "shopify"]);
    assert!(
        none.code == Some(1) && none.err.contains("there is no preset `shopify`"),
        "{}",
        none.err
    );
    let dry = ["import", "export.csv", "--preset", "shopify-customers", "--dry-run"];
    assert!(workspace.done(&dry).err.contains("[sources.shopify]"));
    assert_eq!(std::fs::read_to_string(workspace.path("steward.toml")).unwrap(), before);
    let named = ["import", "export.csv", "--preset", "shopify-customers", "--source", "shop"];
    workspace.done(&named);
    let after = std::fs::read_to_string(workspace.path("steward.toml")).unwrap();
    assert!(after.starts_with(&before) && after.contains("[sources.shop.map]"), "{after}");
    assert_eq!(after.matches("[fields.email]").count(), 1);
    let shown = workspace.done(&["preset", "show", "stripe-customers"]).out;
    assert!(!shown.contains("[fields.email]") && shown.contains("[sources.stripe.map]"), "{shown}");
}
