//! Masking by role: what a role does not see, it cannot learn. Two workspaces, the second the first under a
//! bijection of the values of the masked fields that keeps what is alike, how often, how valid and what a mask
//! shows: every answer and every export is the same.

use std::io::Cursor;

use super::roles::person;
use super::through_the_door::each;
use super::*;
use crate::Databases;
use crate::export::Format;
use crate::jobs::Dataset;
use crate::testing::Seen;
use domain::{Entrance, FieldName, ImportId, QueueOrder, Shown};
use door::operations::*;
use door::{Asked, Keeper, OPERATIONS, Scope, Search};

/// Of a viewer every field is hidden but two, and the year of birth shown; a steward sees initials.
const ROLES: &str = r#"
[roles.viewer]
may = ["tasks", "find", "show", "history", "explain", "values", "dashboard", "rules", "imports", "check", "decide", "fix", "comment", "undo", "grant", "import", "create", "reread", "match", "evaluate", "export", "feed", "cancel", "access", "unmask"]
mask = { default = "hide", given_name = "clear", city = "clear", birth_date = "year" }
[roles.half]
may = ["tasks", "find", "show", "history", "values", "export", "unmask:birth_date"]
mask = { family_name = "initials", email = "domain", phone = "last4", birth_date = "year" }
[streams.orders]
source = "crm"
kind = "purchase"
key = "order"
at = "ordered"
subject = "customer"
properties = { note = { column = "note", sensitive = true } }
[measures.note_kept]
take = "last"
what = "note"
[measures.orders_ever]
take = "count"
[segments.families]
where = "family_name = Ashgrove or birth_date > 1960"
[[journeys]]
id = "again"
steps = ["purchase", { name = "again", kinds = "purchase" }]
[segments.cities]
where = "city is not empty and orders_ever = 0"
[people.vic]
role = "viewer"
[people.hal]
role = "half"
"#;

/// What the masked fields hold: family names, streets, phones, mail addresses, birthdays and numbers. In the
/// second the order of the alphabet is another, and lengths are.
struct World {
    families: [&'static str; 6],
    street: &'static str,
    phone: &'static str,
    mail: &'static str,
    born: [&'static str; 2],
    member: &'static str,
}

const ONE: World = World {
    families: ["Ashgrove", "Birchwood", "Cedarling", "Dunmore", "Elmhurst", "Fernhill"],
    street: "Rose Lane",
    phone: "+1402555010",
    mail: "example.com",
    born: ["1984-03-12", "1950-02-03"],
    member: "MX-3300",
};

const OTHER: World = World {
    families: [
        "Zimmerwald",
        "Yarborough",
        "Xanthopulos",
        "Wolverton",
        "Vandermeer",
        "Underhillock",
    ],
    street: "Thistle Crescent",
    phone: "+1312555019",
    mail: "mail.example.org",
    born: ["1984-11-27", "1950-08-19"],
    member: "QT-7712",
};

/// Any of these in an answer is a leak.
fn secrets(world: &World) -> Vec<String> {
    let mut secrets: Vec<String> = world.families.map(str::to_owned).to_vec();
    let parts = [world.street, world.phone, world.mail, world.born[0], world.born[1], world.member];
    secrets.extend(parts.map(str::to_owned));
    secrets
}

fn rows(world: &World, given: &str, is_shop: bool) -> String {
    let mut rows = String::new();
    for (at, family) in world.families.iter().enumerate() {
        let id = at + 1;
        let born = if is_shop && at == 5 { world.born[1] } else { world.born[0] };
        let (street, phone, mail, member) = (world.street, world.phone, world.mail, world.member);
        // One mail address is none, and one number is held twice.
        let mail = if at == 2 { format!("p{id} at {mail}") } else { format!("p{id}@{mail}") };
        let member = if at < 2 { format!("{member}1") } else { format!("{member}{id}") };
        let updated = if is_shop { "2026-02-20" } else { "2026-01-20" };
        rows += &format!(
            "{id},{given},{family},{mail},{phone}{id},{born},{id} {street},Omaha,1901-05-06,{member},{updated}\n"
        );
    }
    rows
}

fn workspace(world: &World) -> TestDesk {
    let mut test = TestDesk::governed(Databases::default(), 1, ROLES);
    test.import("crm", &rows(world, "Thomas", false));
    test.import("shop", &rows(world, "Tom", true));
    // A row that becomes no record.
    test.import("crm", &format!(",No,{},,,,,,,,\n", world.families[0]));
    for id in 1..=world.families.len() {
        let customers = [format!("crm:{id}"), format!("shop:{id}")];
        let customers = customers.map(|address| test.customer(&address));
        super::bulk::open_task(test.desk(), &customers);
    }
    test
}

/// An answer as JSON, without what is another in every workspace.
pub(super) fn told(test: &mut TestDesk, who: &Session, asked: Asked) -> String {
    fn of<O: Carry>(
        desk: &mut Desk,
        who: &Session,
        operation: O,
        streams: Streams,
    ) -> serde_json::Value {
        match desk.act(who, operation, streams) {
            Ok(answer) => serde_json::to_value(answer).unwrap(),
            Err(why) => serde_json::Value::String(format!("{why:?} {why}")),
        }
    }
    let out = Seen::default();
    let streams = match &asked {
        Asked::Evaluate(_) => Streams::of_file(Cursor::new(b"id,cluster\ncrm:1,a\n".to_vec())),
        Asked::Import(_) => Streams::of_file(Cursor::new(
            format!("{HEADER}77,Zoe,Lund,zoe@example.com,,1990-01-02,,,,,\n").into_bytes(),
        )),
        _ => Streams::writing(Box::new(out.clone())),
    };
    let mut value = door::carry!(asked, operation => of(test.desk(), who, operation, streams));
    let mut ends = Vec::new();
    while Keeper::is_working(test.desk()) {
        std::thread::sleep(Keeper::work(test.desk()));
        ends.push(test.desk().job_view(None));
    }
    let mut end = serde_json::to_value(ends.pop()).unwrap();
    for value in [&mut value, &mut end] {
        without_hashes(value);
    }
    format!("{value}\n{end}\n{}", out.text())
}

/// Hashes are of everything.
fn without_hashes(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "hash" | "chain" | "model_hash" => *value = serde_json::Value::Null,
                    // How far a thread had come when it was asked.
                    "done" | "total" if value.is_number() => *value = serde_json::Value::Null,
                    "phase" => *value = serde_json::Value::Null,
                    _ => without_hashes(value),
                }
            }
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(without_hashes),
        _ => {}
    }
}

/// What is asked by name beside one of each.
fn more(test: &mut TestDesk) -> Vec<Asked> {
    let tasks = test.pending(TaskKind::Duplicate);
    let invalid = test.pending(TaskKind::Invalid);
    let (order, at, unmask) = (QueueOrder::default(), None, false);
    let customer = test.customer("crm:1");
    let search = |text: &str, scope| Search { text: text.to_owned(), scope, limit: 9 };
    let mut asked: Vec<Asked> = Vec::new();
    for task in tasks.iter().chain(&invalid) {
        asked.push(ShowTask { task: *task, unmask }.into());
        asked.push(ShowTask { task: *task, unmask: true }.into());
        asked.push(TaskReasons { task: *task, order }.into());
    }
    asked.push(Queue { filter: None, order }.into());
    asked.push(QueueRows { tasks: tasks.iter().chain(&invalid).copied().collect() }.into());
    let whole = TaskListing { whole: true, finished: true, ..TaskListing::default() };
    asked.push(ListTasks { listing: whole, part: 0 }.into());
    for field in ["family_name", "email", "birth_date", "city", "member_number"] {
        for of in [ValuesOf::Standard, ValuesOf::Raw, ValuesOf::Golden] {
            asked.push(CountValues { field: FieldName::new(field), source: None, of }.into());
            for limit in [1, 2, 3, 5, 9] {
                asked.push(Values { limit, unmask }.into());
            }
            asked.push(Values { limit: 9, unmask: true }.into());
        }
    }
    for (dataset, format) in [
        (Dataset::Records, Format::Csv),
        (Dataset::Records, Format::JsonLines),
        (Dataset::Golden, Format::JsonLines),
        (Dataset::Xref, Format::Csv),
        (Dataset::Tasks, Format::JsonLines),
        (Dataset::Pairs, Format::Csv),
        (Dataset::Labels, Format::Csv),
        (Dataset::Activities, Format::Csv),
        (Dataset::Vanished, Format::Csv),
        (Dataset::Violations, Format::JsonLines),
        (Dataset::Decisions, Format::JsonLines),
        (Dataset::Corrections, Format::JsonLines),
        (Dataset::Quarantine, Format::JsonLines),
    ] {
        asked.push(testing::whole(dataset, format).into());
    }
    let filtered = |filter: &str| Export {
        filter: Some(filter.to_owned()),
        ..testing::whole(Dataset::Golden, Format::Csv)
    };
    asked.push(filtered("family_name < M").into());
    asked.push(filtered("city = Omaha").into());
    for scope in [Scope::Tasks, Scope::Customers, Scope::Records] {
        asked
            .push(Find { number: 50 + scope as u64, search: search("ash", scope), seen: 0 }.into());
    }
    asked.push(Find { number: 60, search: search("C1", Scope::Customers), seen: 0 }.into());
    asked.push(Quarantine { import: ImportId(3), limit: 9, unmask }.into());
    asked.push(History { of: None, unmask }.into());
    asked.push(ShowCustomer { customer, at, unmask }.into());
    asked.push(Failing { rule: "member-unique".into(), limit: 9 }.into());
    asked
}

fn each_of(test: &mut TestDesk) -> Vec<Asked> {
    let mut asked = more(test);
    asked.extend(each(test));
    asked
}

#[test]
fn a_role_learns_nothing_of_the_fields_it_sees_masked() {
    let (mut one, mut other) = (workspace(&ONE), workspace(&OTHER));
    let (asked, again) = (each_of(&mut one), each_of(&mut other));
    assert_eq!(asked.len(), again.len());
    let vic = person("vic", Entrance::Ssh);
    let mut leaks = Vec::new();
    for (mine, its) in asked.into_iter().zip(again) {
        let name: String = format!("{mine:?}").chars().take(90).collect();
        let [here, there] =
            [(&mut one, mine), (&mut other, its)].map(|(test, asked)| told(test, &vic, asked));
        let secret = secrets(&ONE).into_iter().find(|secret| here.contains(secret.as_str()));
        if here != there || secret.is_some() {
            let at = here.bytes().zip(there.bytes()).take_while(|(a, b)| a == b).count();
            let part = |text: &str| {
                let from = at.saturating_sub(120);
                String::from_utf8_lossy(&text.as_bytes()[from..text.len().min(at + 80)])
                    .into_owned()
            };
            leaks.push(format!("{name}: {secret:?}\n   {}\n   {}", part(&here), part(&there)));
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    assert!(OPERATIONS.len() > 80);
}

#[test]
fn a_role_sees_as_much_of_a_value_as_its_mask_says() {
    let mut test = workspace(&ONE);
    let customer = test.customer("crm:1");
    let seen = |test: &mut TestDesk, name: &str, unmask: bool, field: &str| {
        let who = person(name, Entrance::Ssh);
        let ask = ShowCustomer { customer, at: None, unmask };
        let view = test.desk().act(&who, ask, Streams::default()).unwrap();
        let values = view.column.golden.values;
        values.into_iter().find(|it| it.field.as_str() == field).map(|it: _| it.text)
    };
    for (name, unmask, field, shown, is_masked) in [
        ("vic", false, "family_name", "***", true),
        ("vic", true, "family_name", "***", true),
        ("vic", false, "birth_date", "1984-**-**", true),
        // Its role masks it, so that `unmask` alone is not enough.
        ("vic", true, "birth_date", "1984-**-**", true),
        ("hal", false, "family_name", "A.", true),
        ("hal", false, "email", "***@example.com", true),
        ("hal", false, "phone", "+*******0101", true),
        ("hal", false, "birth_date", "1984-**-**", true),
        ("hal", true, "birth_date", "1984-03-12", false),
        ("hal", true, "family_name", "A.", true),
    ] {
        let text: Shown = seen(&mut test, name, unmask, field).unwrap();
        assert_eq!(
            (text.as_str(), text.is_masked()),
            (shown, is_masked),
            "{name} {field} {unmask}"
        );
    }
    let vic = person("vic", Entrance::Ssh);
    let keep = KeepInClear { fields: vec![FieldName::new("family_name")] };
    let told = test.desk().act(&vic, keep, Streams::default()).unwrap_err();
    assert!(told.to_string().starts_with("vic (viewer) may not unmask:family_name"), "{told}");
}

#[test]
fn where_masked_values_are_cut_tells_nothing_of_their_order() {
    let rows = |families: [&str; 3]| {
        let mut test = TestDesk::governed(Databases::default(), 1, ROLES);
        // All but the sources of the values is alike.
        test.import("crm", &format!("1,Ann,{},,,,,,,,\n", families[0]));
        test.import("shop", &format!("2,Ann,{},,,,,,,,\n", families[1]));
        test.import("crm", &format!("3,Ann,{},,,,,,,,\n", families[2]));
        let vic = person("vic", Entrance::Ssh);
        let field = FieldName::new("family_name");
        let count = CountValues { field, source: None, of: ValuesOf::Standard };
        told(&mut test, &vic, count.into());
        (1..=3).map(|limit| told(&mut test, &vic, Values { limit, unmask: false }.into())).collect()
    };
    let here: Vec<String> = rows(["Ashgrove", "Birchwood", "Cedarling"]);
    let there: Vec<String> = rows(["Cedarling", "Ashgrove", "Birchwood"]);
    assert!(here[0].contains("***"), "{here:?}");
    assert_eq!(here, there);
}

#[test]
fn events_are_whole_so_whoever_sees_a_field_masked_may_not_export_them() {
    let mut test = workspace(&ONE);
    let format = "jsonl".to_owned();
    let whole = testing::whole(Dataset::Golden, Format::JsonLines);
    let events = Export { dataset: EVENTS.to_owned(), ..whole };
    let begin = BeginEvents { format, destination: events.destination.clone() };
    let dry = Export { dry_run: true, ..events.clone() };
    for asked in [Asked::from(events.clone()), dry.into(), begin.into()] {
        for name in ["vic", "hal"] {
            let told = told(&mut test, &person(name, Entrance::Socket), asked.clone());
            assert!(told.contains("may not unmask"), "{told}");
            assert!(!told.contains("example.com") && !told.contains("Ashgrove"), "{told}");
        }
    }
    let owner = Session { owns_files: true, ..person("vic", Entrance::Socket) };
    let told = told(&mut test, &owner, events.into());
    assert!(told.contains("p1@example.com"), "whoever has the files may: {told}");
}

#[test]
fn a_role_that_sees_mail_masked_finds_names_and_nobody_by_mail() {
    let role = "[roles.desk]\nmay = [\"find\", \"show\"]\nmask = { email = \"domain\" }\n\
                [roles.blind]\nmay = [\"find\", \"show\"]\nmask = { family_name = \"hide\" }\n\
                [people.kim]\nrole = \"desk\"\n[people.lee]\nrole = \"blind\"\n";
    let mut test = TestDesk::governed(Databases::default(), 1, role);
    test.import("crm", "1,Ann,Ashgrove,ann@example.com,,,,,,,\n2,,,nobody@example.com,,,,,,,\n");
    let mut number = 80;
    let mut find = |name: &str, text: &str, scope| {
        number += 1;
        let search = Search { text: text.to_owned(), scope, limit: 9 };
        let who = person(name, Entrance::Ssh);
        let mut seen = 0;
        loop {
            let ask = Find { number, search: search.clone(), seen };
            match test.desk().act(&who, ask, Streams::default()) {
                Err(why) => return why.to_string(),
                Ok(report) if report.finished => {
                    let lines = report.hits.into_iter().map(|hit| hit.line);
                    return lines.collect::<Vec<_>>().join("; ");
                }
                Ok(report) => seen = report.searched,
            }
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    };
    for scope in [Scope::Customers, Scope::Records] {
        assert!(find("kim", "ashg", scope).contains("Ashgrove, Ann"));
        assert_eq!(find("kim", "nobody", scope), "");
        assert_eq!(find("kim", "example", scope), "");
        let named = find("kim", "crm:2", scope);
        assert!(named.ends_with("crm:2") && !named.contains('@'), "{named}");
        let named = find("lee", "crm:1", scope);
        assert!(named.ends_with("crm:1") && !named.contains("Ashgrove"), "{named}");
        assert_eq!(find("lee", "crm:99", scope), "", "it was an id");
        assert!(find("lee", "ashg", scope).contains("sees names masked"));
    }
}

#[test]
fn a_role_is_not_told_how_rare_a_masked_value_is() {
    let mut test = workspace(&ONE);
    test.match_records();
    let task = test.pending(TaskKind::Duplicate)[0];
    let notes = |test: &mut TestDesk, who: &Session| {
        let ask = ShowTask { task, unmask: false };
        let view = test.desk().act(who, ask, Streams::default()).unwrap();
        let steps = view.pairs.into_iter().flat_map(|pair| pair.steps);
        let of_names = steps.filter(|step| step.fields.iter().any(|it| it == "family_name"));
        of_names.filter_map(|step| step.note).collect::<Vec<_>>()
    };
    let all = notes(&mut test, &Session::local("sam", TimeZone::UTC));
    assert!(!all.is_empty(), "somebody is told");
    assert_eq!(notes(&mut test, &person("vic", Entrance::Ssh)), Vec::<String>::new());
}

#[test]
fn an_export_is_masked_by_the_role_that_made_it_and_says_so() {
    let mut test = workspace(&ONE);
    let hal = person("hal", Entrance::Ssh);
    let told = told(&mut test, &hal, testing::whole(Dataset::Golden, Format::Csv).into());
    assert!(told.contains("***@example.com") && !told.contains("p1@example.com"), "{told}");
    assert!(told.contains("1984-03-12"), "hal may unmask it");
    assert!(told.contains("\"masked\":[\"email\",\"family_name\",\"phone\"]"), "{told}");
    let facts = test.desk().facts();
    let exports = facts.view.exports_after(domain::Sequence::ZERO).unwrap();
    let events = exports.into_iter().flat_map(|at| facts.commit(at).unwrap().events);
    let filters = events.filter_map(|event| match event {
        domain::Event::Exported(exported) => Some(exported.filter),
        _ => None,
    });
    assert_eq!(filters.collect::<Vec<_>>(), ["masked for half: email family_name phone"]);
}
