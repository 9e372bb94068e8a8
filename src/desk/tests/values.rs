//! Distinct values, their clusters, code lists, and corrections of many records.

use super::testing::{TestDesk as Small, run_while};
use super::*;
use domain::{BulkId, FieldName, Subject};
use door::operations::{
    CodeLists, CorrectSome, CountCodes, CountValues, History, Holders, Preview, Values, ValuesOf,
};
use door::views::{CodeListsView, CorrectedSome, HoldersView, PreviewView, TypedValue, ValuesView};

const CITIES: &str = "1,Ann,Tarn,a@x.example,,,,Springfield,,,\n2,Bo,Wold,b@x.example,,,,Springfield,,,\n\
    3,Cy,Lund,c@x.example,,,,springfeild,,,\n4,Di,Moss,d@x.example,,,,Shelbyville,,,\n5,Ed,Pell,e@x.example,,,,,,,\n";

fn count(test: &mut super::TestDesk, field: &str, of: ValuesOf) -> Outcome<()> {
    let asked = CountValues { field: FieldName::new(field), source: None, of };
    run_while(test.desk(), asked, Streams::default(), |_| true).map(|_| ())
}

fn values(test: &mut super::TestDesk, field: &str, of: ValuesOf) -> ValuesView {
    count(test, field, of).unwrap();
    test.ask(Values { limit: 100, unmask: false }).unwrap()
}

fn told(view: &ValuesView) -> Vec<(String, u64)> {
    view.rows.iter().map(|row| (row.value.to_string(), row.count)).collect()
}

fn pairs(rows: &[(&str, u64)]) -> Vec<(String, u64)> {
    rows.iter().map(|(value, count)| ((*value).to_owned(), *count)).collect()
}

fn cities() -> super::TestDesk {
    let mut test = super::TestDesk::new();
    test.import("crm", CITIES);
    test.import("shop", "a,Ann,Tarn,a@x.example,,,,Sprngfield,,,\n");
    test
}

fn correction(records: &[&str], rehearse: bool) -> CorrectSome {
    CorrectSome {
        field: FieldName::new("city"),
        of: ValuesOf::Standard,
        from: vec!["Springfeild".to_owned(), "Sprngfield".to_owned()],
        to: "Springfield".to_owned(),
        records: records.iter().map(|it| it.parse().unwrap()).collect(),
        reason: None,
        note: Some("spelling".to_owned()),
        bulk: None,
        left: 0,
        rehearse,
    }
}

fn held(test: &mut super::TestDesk) -> HoldersView {
    let values = vec!["Springfeild".to_owned(), "Sprngfield".to_owned(), "Nowhere".to_owned()];
    test.ask(Holders { values, unmask: true }).unwrap()
}

#[test]
fn distinct_values_are_counted_by_source_with_those_that_are_alike() {
    let mut test = cities();
    let view = values(&mut test, "city", ValuesOf::Standard);
    assert_eq!((view.counted, view.absent, view.distinct, view.compared), (6, 1, 4, 4));
    let expected =
        pairs(&[("Springfield", 2), ("Shelbyville", 1), ("Springfeild", 1), ("Sprngfield", 1)]);
    assert_eq!(told(&view), expected);
    assert_eq!(view.rows[0].sources, [(SourceName::new("crm"), 2)]);
    let [cluster] = view.clusters.as_slice() else { panic!("{:?}", view.clusters) };
    let names: Vec<&str> = cluster.rows.iter().map(|row| row.value.as_str()).collect();
    assert_eq!(names, ["Springfield", "Springfeild", "Sprngfield"]);
    assert_eq!((cluster.count, cluster.why.as_str()), (4, "nearly the same"));
    let raw = values(&mut test, "city", ValuesOf::Raw);
    assert!(told(&raw).contains(&("springfeild".to_owned(), 1)), "{raw:?}");
    let golden = values(&mut test, "city", ValuesOf::Golden);
    assert_eq!((golden.counted, golden.absent), (6, 1));
    let asked = CountValues {
        field: FieldName::new("city"),
        source: Some(SourceName::new("shop")),
        of: ValuesOf::Standard,
    };
    run_while(test.desk(), asked, Streams::default(), |_| true).unwrap();
    let shop = test.ask(Values { limit: 9, unmask: false }).unwrap();
    assert_eq!(told(&shop), pairs(&[("Sprngfield", 1)]));
}

#[test]
fn what_is_not_there_is_said_with_what_is() {
    let mut test = cities();
    let wrong = count(&mut test, "town", ValuesOf::Standard);
    assert!(testing::is_usage(&wrong) && format!("{wrong:?}").contains("city"), "{wrong:?}");
    let refused = test.ask(Values { limit: 1, unmask: false });
    assert!(matches!(refused, Err(NotDone::Refused(_))), "nothing was counted yet");
}

#[test]
fn a_count_is_stopped_between_two_steps() {
    let mut test = cities();
    let asked = CountValues { field: FieldName::new("city"), source: None, of: ValuesOf::Standard };
    let stopped = run_while(test.desk(), asked, Streams::default(), |_| false);
    assert!(format!("{stopped:?}").contains("nothing was written"), "{stopped:?}");
}

#[test]
fn sensitive_values_are_masked_and_nothing_says_which_are_alike() {
    let mut test = super::TestDesk::new();
    let sensitive = SETTINGS.replace("type = \"city\"", "type = \"city\"\nsensitive = true");
    std::fs::write(test.workspace().settings(), sensitive).unwrap();
    test.import("crm", CITIES);
    let view = values(&mut test, "city", ValuesOf::Standard);
    assert!(view.masked && view.clusters.is_empty() && view.compared == 0);
    assert!(view.rows.iter().all(|row| row.value.is_masked()), "{view:?}");
    let before = test.ask(History { of: None, unmask: false }).unwrap().len();
    let clear = test.ask(Values { limit: 9, unmask: true }).unwrap();
    assert!(!clear.masked && clear.rows[0].value == "Springfield" && clear.clusters.len() == 1);
    let after = test.ask(History { of: None, unmask: false }).unwrap();
    assert_eq!(after[0].what, "unmasked city of every customer");
    assert_eq!(after.len(), before + 1);
    // What is not sensitive is nothing to write down.
    values(&mut test, "family_name", ValuesOf::Standard);
    test.ask(Values { limit: 9, unmask: true }).unwrap();
    assert_eq!(test.ask(History { of: None, unmask: false }).unwrap().len(), before + 1);
}

#[test]
fn how_typed_text_is_read_is_said_before_it_is_written() {
    let mut test = cities();
    let typed =
        |to: &str| CorrectSome { to: to.to_owned(), ..correction(&["crm:3", "shop:a"], true) };
    let mut said = |to: &str| {
        let rehearsed: CorrectedSome = test.ask(typed(to)).unwrap();
        rehearsed.typed.iter().map(TypedValue::sentence).collect::<Vec<_>>()
    };
    assert_eq!(said("SPRINGFIELD"), ["city: SPRINGFIELD is read as Springfield"]);
    assert_eq!(said("Springfield"), [""; 0]);

    let set = |field: &str, text: &str| Action::Correct {
        record: "crm:3".parse().unwrap(),
        values: [(FieldName::new(field), text.to_owned())].into(),
        chosen: Default::default(),
        cleared: Vec::new(),
    };
    let mut said = |field: &str, text: &str| {
        let request = Request::new(set(field, text));
        let view: PreviewView = test.ask(Preview { request, unmask: false }).unwrap();
        view.typed.iter().map(TypedValue::sentence).collect::<Vec<_>>()
    };
    assert_eq!(said("city", "SPRINGFIELD"), ["city: SPRINGFIELD is read as Springfield"]);
    assert_eq!(said("email", "soon"), [""; 0], "refused");
    assert_eq!(said("birth_date", "1985-04-03"), [""; 0], "masked, or as typed");
}

#[test]
fn a_cluster_is_corrected_under_one_bulk_and_each_record_can_be_undone() {
    let mut test = cities();
    values(&mut test, "city", ValuesOf::Standard);
    let holders = held(&mut test);
    let named: Vec<String> = holders.records.iter().map(ToString::to_string).collect();
    assert_eq!(named, ["crm:3", "shop:a"]);
    assert_eq!((holders.of_each, holders.customers), (vec![1, 1, 0], 2));
    let rehearsed: CorrectedSome =
        test.ask(correction(&["crm:3", "shop:a", "crm:4"], true)).unwrap();
    let refused: Vec<bool> =
        rehearsed.outcome.results.iter().map(|it| it.refusal.is_some()).collect();
    assert_eq!(refused, [false, false, true], "crm:4 holds neither");
    assert_eq!(rehearsed.golden.len(), 2);
    let change = &rehearsed.golden[0];
    assert_eq!(change.before.as_deref(), Some("Springfeild"));
    assert_eq!(change.after.as_deref(), Some("Springfield"));
    assert_eq!(values(&mut test, "city", ValuesOf::Standard).distinct, 4, "nothing was written");

    let done = test.ask(correction(&["crm:3", "shop:a"], false)).unwrap();
    assert_eq!(done.outcome.bulk, Some(BulkId(1)));
    let decisions: Vec<DecisionId> =
        done.outcome.results.iter().filter_map(|it| it.decision).collect();
    assert_eq!(decisions.len(), 2);
    assert_eq!(values(&mut test, "city", ValuesOf::Standard).rows[0].count, 4);
    let history = test.ask(History { of: Some(Subject::Bulk(BulkId(1))), unmask: false }).unwrap();
    assert_eq!(history.len(), 2);

    // The same value again is what was corrected: it stands.
    test.import("crm", "3,Cy,Lund,cy@x.example,,,,springfeild,,,\n");
    let view = values(&mut test, "city", ValuesOf::Standard);
    assert_eq!(view.rows[0].count, 4, "{view:?}");
    let again = test.ask(correction(&["crm:3"], false)).unwrap();
    assert!(again.outcome.results[0].refusal.is_some(), "it was corrected already");
    test.undo(decisions[0]);
    let view = values(&mut test, "city", ValuesOf::Standard);
    assert_eq!(view.rows[0].count, 3, "the other one stands");
}

#[test]
fn what_a_person_corrected_or_pinned_is_told_before_it_changes() {
    let mut test = cities();
    test.does(fix_request("crm:4", "city", "Springfeild"));
    let customer = test.customer("crm:3");
    let pick = door::Pick::Typed("Shelbyville".to_owned());
    let picks = [(FieldName::new("city"), pick)].into();
    test.does(Request::new(Action::Pin { customer, picks }));
    values(&mut test, "city", ValuesOf::Standard);
    let holders = held(&mut test);
    assert_eq!((holders.records.len(), holders.corrected, holders.pinned), (3, 1, 1));
    let rehearsed = test.ask(correction(&["crm:3"], true)).unwrap();
    assert!(rehearsed.golden.is_empty(), "a pinned value stays");
}

#[test]
fn one_bulk_corrects_no_more_records_than_the_settings_allow() {
    let mut test = super::TestDesk::new();
    let few = SETTINGS.replace("[decisions]", "[decisions]\nbulk_max = 1");
    std::fs::write(test.workspace().settings(), few).unwrap();
    test.import("crm", CITIES);
    test.import("shop", "a,Ann,Tarn,a@x.example,,,,Sprngfield,,,\n");
    values(&mut test, "city", ValuesOf::Standard);
    let both = vec!["Springfeild".to_owned(), "Sprngfield".to_owned()];
    let Err(NotDone::Refused(why)) = test.ask(Holders { values: both, unmask: true }) else {
        panic!()
    };
    assert!(why.to_string().starts_with("2 records are too many for one bulk"), "{why}");
    let mut asked = correction(&["crm:3"], false);
    let bulk = test.ask(asked.clone()).unwrap().outcome.bulk;
    asked.records = vec!["shop:a".parse().unwrap()];
    let second = test.ask(CorrectSome { bulk, ..asked }).unwrap();
    assert!(second.outcome.results[0].refusal.is_some(), "the bulk is full");
}

#[test]
fn golden_values_are_corrected_at_their_records() {
    let mut test = cities();
    values(&mut test, "city", ValuesOf::Golden);
    let asked = Holders { values: vec!["Springfeild".to_owned()], unmask: true };
    assert!(matches!(test.ask(asked), Err(NotDone::Refused(_))));
}

const CODED: &str = r#"
[workspace]
name = "coded"
region = "US"
[fields.family_name]
type = "family_name"
[fields.status]
type = "category"
[fields.country]
type = "country"
[sources.crm]
key = "id"
map = { family_name = "last", status = "status", country = "country" }
[sources.shop]
key = "id"
map = { family_name = "last", status = "status", country = "country" }
[[rules]]
id = "status-listed"
field = "status"
check = "format"
severity = "error"
"#;
const LISTS: &str = "[codes.status]\nA = \"active\"\nI = \"inactive\"\nX = \"closed\"\n[codes.status.shop]\n\
    1 = \"active\"\n9 = \"closed\"\n[codes.country]\nUK = \"GB\"\n";

fn codes(test: &mut Small) -> CodeListsView {
    run_while(&mut test.desk, CountCodes {}, Streams::default(), |_| true).unwrap();
    let who = test.desk.acting.clone();
    test.desk.act(&who, CodeLists { limit: 9 }, Streams::default()).unwrap()
}

#[test]
fn codes_become_words_and_what_no_list_holds_is_counted() {
    let mut test = Small::new(&format!("{CODED}{LISTS}"));
    test.import(
        "crm",
        "id,last,status,country\n1,Tarn,A,UK\n2,Wold,activ,FR\n3,Lund,1,Atlantis\n4,Moss,ACTIVE,\n",
    );
    test.import("shop", "id,last,status,country\na,Pell,1,UK\nb,Hume,activ,US\nc,Nye,,\n");
    let rows = test.rows(crate::jobs::Dataset::Records);
    let cell = |record: &str, column: &str| {
        let row = rows.iter().find(|row| row["record"] == record).unwrap();
        row[column].as_str().unwrap_or_default().to_owned()
    };
    for (record, word, raw) in [
        ("crm:1", "active", "A"),
        ("crm:2", "activ", "activ"),
        ("crm:3", "1", "1"),
        ("crm:4", "active", "ACTIVE"),
        ("shop:a", "active", "1"),
        ("shop:c", "", ""),
    ] {
        assert_eq!((&*cell(record, "status"), &*cell(record, "status_raw")), (word, raw));
    }
    assert_eq!(cell("crm:1", "country"), "GB");
    let broken = test.rows(crate::jobs::Dataset::Violations);
    assert_eq!(broken.len(), 3, "{broken:?}");
    assert!(
        broken.iter().all(|row| row["message"] == "status is not in any code list"),
        "{broken:?}"
    );

    let view = codes(&mut test);
    let [status, country] = view.lists.as_slice() else { panic!("{view:?}") };
    assert_eq!((view.records, status.unlisted, status.outdated), (7, 2, 0));
    let (row, near) = &status.values[0];
    assert_eq!(
        (row.value.as_str(), row.count, near.as_slice()),
        ("activ", 2, &["active".to_owned()][..])
    );
    assert_eq!(row.sources.len(), 2);
    let undelivered: Vec<String> = status
        .undelivered
        .iter()
        .map(|(source, code)| format!("{}{code}", source.as_ref().map_or("", SourceName::as_str)))
        .collect();
    assert_eq!(undelivered, ["I", "X", "shop9"]);
    assert_eq!((country.unlisted, country.values[0].0.value.as_str()), (1, "Atlantis"));
}

#[test]
fn a_correction_is_a_word_of_the_list_or_refused_with_what_the_list_has() {
    let mut test = Small::new(&format!("{CODED}{LISTS}"));
    test.import("crm", "id,last,status,country\n1,Tarn,activ,US\n");
    let fix = |value: &str| fix_request("crm:1", "status", value);
    let refused = test.desk.carry_out(&fix("actve")).err().map(|why| format!("{why:?}"));
    let refused = refused.unwrap();
    assert!(refused.contains("the code list does not contain this; it has `active`"), "{refused}");
    let refused = format!("{:?}", test.desk.carry_out(&fix("gold")).err().unwrap());
    assert!(refused.contains("`active`, `inactive`, `closed`"), "{refused}");
    test.ask(fix("i"));
    let rows = test.rows(crate::jobs::Dataset::Records);
    assert_eq!((&rows[0]["status"], &rows[0]["status_raw"]), (&"inactive".into(), &"activ".into()));
    assert_eq!(codes(&mut test).lists[0].unlisted, 0, "it is corrected");
}

#[test]
fn records_read_before_the_list_are_counted() {
    let mut test = Small::new(CODED);
    test.import("crm", "id,last,status,country\n1,Tarn,A,US\n2,Wold,active,US\n3,Lund,?,US\n");
    let lists = LISTS.replace("X = \"closed\"", "X = \"closed\"\n'?' = \"unknown\"");
    std::fs::write(test.desk.workspace.settings(), format!("{CODED}{lists}")).unwrap();
    test.desk.adopt_settings().unwrap();
    let status = &codes(&mut test).lists[0];
    assert_eq!((status.unlisted, status.outdated), (0, 2), "{status:?}");
}
