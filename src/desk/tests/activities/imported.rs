//! Streams from the file to the customer: imported, undone, redone, handed out, exported.

use super::*;
use crate::export::Format;
use crate::jobs::Dataset;
use domain::SourceName;
use door::operations::Reread;
use door::views::RereadOutcome;

const STREAM: &str = r#"
[streams.orders]
source = "crm"
kind = "purchase"
key = "order"
at = "ordered"
amount = "total"
currency = "EUR"
subject = { key = "customer", else = { email = "mail" } }
properties = { channel = "channel", note = { column = "note", sensitive = true } }
replaces = "day"
"#;
const HEAD: &str = "order,ordered,total,customer,mail,channel,note\n";

fn begun() -> TestDesk {
    let mut test = TestDesk::governed(Databases::InMemory, 3, STREAM);
    test.import("crm", PEOPLE);
    test
}

impl TestDesk {
    fn delivers_orders(&mut self, rows: &str) -> ImportOutcome {
        self.clock.advance(60);
        let mut request = Import::of(SourceName::new("crm"), "orders.csv");
        request.stream = Some(StreamName::new("orders"));
        testing::import(self.desk(), request, format!("{HEAD}{rows}")).unwrap()
    }

    fn takes_back(&mut self, import: u32, dry_run: bool) -> RereadOutcome {
        self.clock.advance(60);
        let request = Reread { undoes: Some(ImportId(import)), dry_run, ..Reread::default() };
        *testing::run_while(self.desk(), request, Streams::default(), |_| true).unwrap()
    }

    fn exported(&mut self, format: Format) -> String {
        let out = testing::Seen::default();
        let request = testing::whole(Dataset::Activities, format);
        testing::export(self.desk(), &request, out.clone()).unwrap();
        out.text()
    }
}

const FIRST: &str = "o1,2026-03-01T09:30:00Z,10,1,,web,zqnote one\n\
    o2,2026-03-01T10:30:00Z,20,,theo@example.com,shop,\n\
    o3,2026-03-02T10:30:00Z,30,,,shop,\n";
const SECOND: &str = "o1,2026-03-01T09:30:00Z,5,1,,web,\no4,2026-03-01T11:30:00Z,40,2,,,\n";

#[test]
fn a_day_is_replaced_and_undo_brings_back_what_it_held() {
    let mut test = begun();
    let outcome = test.delivers_orders(FIRST);
    assert_eq!((outcome.report.new, outcome.report.read), (3, 3));
    let before = test.exported(Format::Csv);
    let [ada, theo] = ["crm:1", "crm:2"].map(|address| test.customer(address));
    let expected = format!(
        "stream,key,kind,at,amount,currency,customer,record,by,import,channel,note,more\n\
        orders,o1,purchase,2026-03-01T09:30:00Z,10.00,EUR,{ada},crm:1,key,I2,web,zqnote one,\n\
        orders,o2,purchase,2026-03-01T10:30:00Z,20.00,EUR,{theo},crm:2,handle,I2,shop,,\n\
        orders,o3,purchase,2026-03-02T10:30:00Z,30.00,EUR,,,nameless,I2,shop,,\n"
    );
    assert_eq!(before.replace("\r\n", "\n"), expected);
    test.delivers_orders(SECOND);
    let after = test.exported(Format::JsonLines);
    let keys = |text: &str| -> Vec<String> {
        let key = |line: &str| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            format!("{} {}", row["key"].as_str().unwrap(), row["amount"])
        };
        text.lines().map(key).collect()
    };
    assert_eq!(keys(&after).len(), 3, "the other day stays, and o2 of this one does not: {after}");
    assert!(!after.contains("\"o2\""));
    // Undone, redone, and undone again.
    let foreseen = test.takes_back(3, true);
    assert_eq!(test.exported(Format::JsonLines), after);
    let undone = test.takes_back(3, false);
    let counts = |outcome: &RereadOutcome| {
        let [of] = &outcome.sources[..] else { panic!("{outcome:?}") };
        (of.withdrawn, of.restored)
    };
    assert_eq!((counts(&foreseen), counts(&undone)), ((2, 2), (2, 2)));
    assert_eq!(test.exported(Format::Csv), before);
    assert!(test.takes_back(3, false).is_empty(), "nothing is left of it");
    test.takes_back(4, false);
    assert_eq!(test.exported(Format::JsonLines), after);
    test.rebuild();
    assert_eq!(test.exported(Format::JsonLines), after);
}

#[test]
fn a_report_on_a_person_hands_out_what_they_did() {
    let mut test = begun();
    test.delivers_orders(FIRST);
    test.delivers_orders(SECOND);
    let ada = test.customer("crm:1");
    let report = match test.desk().subject(ada) {
        Ok(report) => report,
        Err(_) => panic!("no report"),
    };
    let told: Vec<(&str, Option<&str>, bool)> = report
        .activities
        .iter()
        .map(|held| (held.key.as_str(), held.amount.as_deref(), held.counts))
        .collect();
    assert_eq!(told, [("o1", Some("10.00"), false), ("o1", Some("5.00"), true)]);
    assert_eq!(report.activities[0].properties["note"], "zqnote one");
    test.erase(ada);
    let text = test.exported(Format::JsonLines);
    assert!(!text.contains("o1") && text.contains("o4"), "{text}");
}

#[test]
fn a_handle_that_an_undone_import_brought_leads_nobody() {
    let mut test = begun();
    test.delivers_orders("o9,2026-03-05T09:30:00Z,10,,late@example.com,web,\n");
    assert_eq!(test.owned(), ["o9 10.00 EUR unknown"]);
    test.clock.advance(60);
    test.import("crm", "2,Theo,Oak,late@example.com,,,,,,,\n");
    let theo = test.customer("crm:2");
    let of_theo = [format!("o9 10.00 EUR {theo}")];
    assert_eq!(test.owned(), of_theo);
    test.takes_back(3, false);
    assert_eq!(test.owned(), ["o9 10.00 EUR unknown"], "as before it");
    test.takes_back(4, false);
    assert_eq!(test.owned(), of_theo, "the undo is undone");
}

#[test]
fn whoever_never_sees_a_property_is_not_told_whether_they_guess_it() {
    use crate::tests::roles::person;
    use door::views::ImportView;
    let roles = "[roles.all]\nmay = [\"import\", \"imports\", \"unmask\"]\n[roles.import]\nmay = [\"import\", \"imports\"]\n\
        [people.ada]\nrole = \"all\"\n[people.kim]\nrole = \"import\"\n";
    let stream = format!("{STREAM}{roles}").replace("replaces = \"day\"\n", "");
    let mut test = TestDesk::governed(Databases::InMemory, 3, &stream);
    test.import("crm", PEOPLE);
    let mut counts = |who: &str, note: &str| {
        test.clock.advance(60);
        let who = person(who, door::Entrance::Socket);
        let mut request = Import::of(SourceName::new("crm"), "orders.csv");
        request.stream = Some(StreamName::new("orders"));
        let rows = format!("{HEAD}o1,2026-03-01T09:30:00Z,10,1,,web,{note}\n");
        let rows = Streams::of_file(std::io::Cursor::new(rows.into_bytes()));
        let outcome = testing::run_as(test.desk(), &who, request, rows, |_| true).unwrap();
        let seen = outcome.report;
        let import = outcome.import.unwrap();
        let view: ImportView = test
            .desk()
            .act(&who, door::operations::ShowImport { import }, Streams::default())
            .unwrap();
        let listed = view.finished.unwrap().1;
        assert_eq!((listed.changed, listed.unchanged), (seen.changed, seen.unchanged));
        (seen.new, seen.changed, seen.unchanged, !outcome.left_out.is_empty())
    };
    assert_eq!(counts("ada", "secret"), (1, 0, 0, false));
    assert_eq!(counts("kim", "secret"), (0, 0, 1, true));
    assert_eq!(counts("kim", "guess"), (0, 0, 1, true));
    assert_eq!(counts("ada", "secret"), (0, 1, 0, false), "what was done is in the ledger");
}

#[test]
fn a_comparison_says_in_a_line_what_each_customer_did() {
    let tickets = "[streams.tickets]\nsource = \"crm\"\nkind = \"support\"\nkey = \"order\"\nat = \"ordered\"\n\
        subject = \"customer\"\nproperties = { status = \"channel\" }\n";
    let told = |sensitive: bool| {
        let status = "status = { column = \"channel\", sensitive = true }";
        let tickets = if sensitive {
            tickets.replace("status = \"channel\"", status)
        } else {
            tickets.to_owned()
        };
        let mut test = TestDesk::governed(Databases::InMemory, 3, &format!("{STREAM}{tickets}"));
        test.import("crm", PEOPLE);
        test.delivers_orders(FIRST);
        test.clock.advance(60);
        let mut request = Import::of(SourceName::new("crm"), "tickets.csv");
        request.stream = Some(StreamName::new("tickets"));
        let rows = "t1,2026-03-05T09:30:00Z,,1,,Closed,\nt2,2026-03-04T09:30:00Z,,1,,new,\nt3,2026-03-03,,1,,,\n";
        testing::import(test.desk(), request, format!("{HEAD}{rows}")).unwrap();
        let customers = ["crm:1", "crm:2", "crm:3"].map(|address| test.customer(address));
        let compare = door::operations::Compare { customers: customers.to_vec(), unmask: false };
        let who = test.desk().acting.clone();
        let view = test.desk().act(&who, compare, Streams::default()).unwrap();
        let words = view.columns.iter().map(|column| column.activity.as_ref().unwrap().words());
        words.collect::<Vec<_>>()
    };
    let [ada, theo, third] = [
        "1 order, 1 open ticket, last support 2026-03-05",
        "1 order, last purchase 2026-03-01",
        "no activities",
    ];
    assert_eq!(told(false), [ada, theo, third]);
    assert_eq!(told(true), [&ada.replace("1 open ticket, ", ""), theo, third], "masked");
}
