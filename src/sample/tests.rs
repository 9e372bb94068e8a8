//! The promises of a sample.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;

use super::*;

type Written = BTreeMap<String, Vec<u8>>;

/// A file in memory.
struct Shared(Rc<RefCell<Written>>, String);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().entry(self.1.clone()).or_default().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(plan: Plan) -> (Written, Summary) {
    let files = Rc::new(RefCell::new(Written::new()));
    let summary = write(&plan, &mut |name| {
        Ok(Box::new(Shared(Rc::clone(&files), name.to_owned())) as Box<dyn Write>)
    })
    .unwrap();
    (files.take(), summary)
}

fn rows(files: &Written, name: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(files[name].as_slice())
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn tickets(files: &Written) -> Vec<serde_json::Value> {
    let text = std::str::from_utf8(&files["support.jsonl"]).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn settings() -> toml::Table {
    toml::from_str(STEWARD_TOML).unwrap()
}

/// Run with `STEWARD_WRITE_SAMPLE=1` to write the folder again after a change of the generator.
#[test]
fn sample_data_is_what_the_generator_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample-data");
    let (files, _) = written(Plan::default());
    if std::env::var_os("STEWARD_WRITE_SAMPLE").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, bytes) in &files {
            std::fs::write(folder.join(name), bytes).unwrap();
        }
    }
    for (name, bytes) in &files {
        assert!(std::fs::read(folder.join(name)).unwrap() == *bytes, "sample-data/{name} is stale");
    }
}

#[test]
fn a_plan_gives_the_same_bytes_and_another_seed_others() {
    let plan = Plan { customers: 200, seed: 7 };
    let (first, _) = written(plan);
    assert!(first == written(plan).0);
    assert!(first["crm.csv"] != written(Plan { seed: 8, ..plan }).0["crm.csv"]);
}

#[test]
fn the_counts_are_those_of_the_files() {
    let (files, summary) = written(Plan::default());
    assert_eq!(summary.customers, 1300);
    assert!((1900..2100).contains(&summary.records()), "{summary:?}");
    assert_eq!(rows(&files, "crm.csv").len() as u64, summary.crm);
    assert_eq!(rows(&files, "webshop.csv").len() as u64, summary.webshop);
    assert_eq!(tickets(&files).len() as u64, summary.support);
    assert_eq!(rows(&files, "planted.csv").len() as u64, summary.planted);
    assert!(Source::ALL.iter().all(|source| summary.records() > 3 * files_of(&files, *source)));
}

fn files_of(files: &Written, source: Source) -> u64 {
    let prefix = format!("{}:", source.name());
    let clusters: BTreeSet<String> = rows(files, "truth.csv")
        .into_iter()
        .filter(|row| row["id"].starts_with(&prefix))
        .map(|row| row["cluster"].clone())
        .collect();
    (clusters.len() / 3) as u64
}

#[test]
fn the_truth_names_every_record_once() {
    let (files, summary) = written(Plan::default());
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for (name, key, source) in
        [("crm.csv", "customer_id", "crm"), ("webshop.csv", "shop_id", "webshop")]
    {
        ids.extend(rows(&files, name).iter().map(|row| format!("{source}:{}", row[key])));
    }
    for ticket in tickets(&files) {
        ids.insert(format!("support:{}", ticket["id"].as_str().unwrap()));
    }
    assert_eq!(ids.len() as u64, summary.records(), "no key stands twice in a source");
    let truth = rows(&files, "truth.csv");
    assert_eq!(truth.len(), ids.len());
    assert_eq!(truth.iter().map(|row| row["id"].clone()).collect::<BTreeSet<_>>(), ids);
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &truth {
        *sizes.entry(&row["cluster"]).or_default() += 1;
    }
    assert_eq!(sizes.len(), 1300);
    let alone = sizes.values().filter(|size| **size == 1).count();
    assert!((650..780).contains(&alone), "about 55 in 100 are known to one source: {alone}");
    for row in rows(&files, "planted.csv") {
        assert!(ids.contains(&row["id"]));
    }
}

#[test]
fn every_rule_is_broken_and_every_check_has_a_rule() {
    let (files, _) = written(Plan::default());
    let settings = settings();
    let rules = settings["rules"].as_array().unwrap();
    let text = |rule: &toml::Value, key: &str| rule[key].as_str().unwrap().to_owned();
    let known: BTreeSet<(String, String)> =
        rules.iter().map(|rule| (text(rule, "field"), text(rule, "id"))).collect();
    let planted: BTreeSet<(String, String)> = rows(&files, "planted.csv")
        .into_iter()
        .map(|row| (row["field"].clone(), row["rule"].clone()))
        .collect();
    assert_eq!(planted, known);
    let checks: BTreeSet<String> = rules.iter().map(|rule| text(rule, "check")).collect();
    let all = [
        "required",
        "format",
        "one_of",
        "range",
        "pattern",
        "unique",
        "compare",
        "not_default",
        "fresh",
    ];
    assert_eq!(checks, all.map(str::to_owned).into());
}

#[test]
fn the_settings_name_fields_and_columns_that_exist() {
    let (files, _) = written(Plan { customers: 300, seed: 2 });
    let settings = settings();
    let fields = settings["fields"].as_table().unwrap();
    for (_, field) in fields {
        assert!(domain::FieldType::from_name(field["type"].as_str().unwrap()).is_some());
    }
    for rule in settings["rules"].as_array().unwrap() {
        assert!(fields.contains_key(rule["field"].as_str().unwrap()));
    }
    let tickets = tickets(&files);
    let in_tickets = |path: &str| {
        let pointer = format!("/{}", path.replace('.', "/"));
        tickets.iter().any(|ticket| ticket.pointer(&pointer).is_some())
    };
    for (name, source) in settings["sources"].as_table().unwrap() {
        let columns = match name.as_str() {
            "crm" => &files::CRM[..],
            "webshop" => &files::WEBSHOP[..],
            _ => &[],
        };
        let map = source["map"].as_table().unwrap();
        assert!(map.keys().all(|field| fields.contains_key(field)));
        for column in map.values().chain([&source["key"], &source["updated"]]) {
            let column = column.as_str().unwrap();
            assert!(columns.contains(&column) || in_tickets(column), "{name} {column}");
        }
    }
}

/// Domains that lie one typing error beside a well-known one: no addresses to the format check.
const TYPING_ERRORS: [&str; 7] = [
    "@gmial.com",
    "@gamil.com",
    "@exmaple.com",
    "@examlpe.org",
    "@hotmial.com",
    "@yaho.com",
    "@outlok.com",
];

/// Checks, with the settings' own patterns, bounds and lists, that what breaks a rule is planted.
#[test]
fn nothing_is_invalid_that_was_not_planted() {
    let (files, _) = written(Plan { customers: 3000, seed: 3 });
    let planted: BTreeSet<(String, String)> = rows(&files, "planted.csv")
        .into_iter()
        .map(|row| (row["id"].clone(), row["rule"].clone()))
        .collect();
    let settings = settings();
    let pattern = |id: &str| {
        let rules = settings["rules"].as_array().unwrap();
        let rule = rules.iter().find(|rule| rule["id"].as_str() == Some(id)).unwrap();
        regex::Regex::new(&format!("^(?:{})$", rule["pattern"].as_str().unwrap())).unwrap()
    };
    let [domain, zip, ssn, vat] =
        ["email-domain", "us-postcode-pattern", "national-id-pattern", "vat-id-pattern"]
            .map(pattern);
    let util = &rlibphonenumber::PHONE_NUMBER_UTIL;
    let region = "US".parse().ok();
    let is_phone = |text: &str| util.parse(text, region).is_ok_and(|it| util.is_valid_number(&it));
    let mut holders: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let truth: BTreeMap<String, String> = rows(&files, "truth.csv")
        .into_iter()
        .map(|row| (row["id"].clone(), row["cluster"].clone()))
        .collect();
    for row in rows(&files, "crm.csv") {
        let id = format!("crm:{}", row["customer_id"]);
        let check = |rule: &str, column: &str, is_broken: bool| {
            let is_broken = is_broken && !row[column].is_empty();
            assert_eq!(is_broken, planted.contains(&(id.clone(), rule.to_owned())), "{id} {rule}");
        };
        let email = email_address::EmailAddress::is_valid(&row["email"]);
        let has_slip = TYPING_ERRORS.iter().any(|domain| row["email"].ends_with(domain));
        check("email-format", "email", !email || has_slip);
        check("email-domain", "email", !domain.is_match(&row["email"]));
        check("email-placeholder", "email", row["email"] == "test@test.com");
        check("phone-format", "phone", !is_phone(&row["phone"]));
        check("mobile-format", "mobile", !is_phone(&row["mobile"]));
        let is_american = row["country"] == "US";
        check("us-postcode-pattern", "zip", is_american && !zip.is_match(&row["zip"]));
        check("national-id-pattern", "ssn", !ssn.is_match(&row["ssn"]));
        check("vat-id-pattern", "vat_no", !vat.is_match(&row["vat_no"]));
        check("consent-known", "marketing_opt_in", row["marketing_opt_in"].len() != 1);
        let credit: i64 = row["credit_limit"].parse().unwrap();
        check("credit-limit-range", "credit_limit", !(0..=100_000).contains(&credit));
        check("address-fresh", "street", row["modified_at"].as_str() < "2016-12-31");
        let birth = row["birth_date"].as_str();
        check(
            "birth-date-placeholder",
            "birth_date",
            ["01/01/1970", "1970-01-01", "01/01/1900"].contains(&birth),
        );
        let nameless = row["last_name"].is_empty() && row["company"].is_empty();
        assert_eq!(
            nameless,
            planted.contains(&(id.clone(), "family-name-required".to_owned())),
            "{id}"
        );
        let lost = row["email"].is_empty() && row["phone"].is_empty() && row["mobile"].is_empty();
        assert_eq!(lost, planted.contains(&(id.clone(), "email-required".to_owned())), "{id}");
        if !row["ssn"].is_empty() {
            holders.entry(row["ssn"].clone()).or_default().insert(id);
        }
    }
    let mut shared = BTreeSet::new();
    for ids in holders.values() {
        if ids.iter().map(|id| &truth[id]).collect::<BTreeSet<_>>().len() > 1 {
            shared.extend(ids.iter().cloned());
        }
    }
    let planted_shared: BTreeSet<String> = planted
        .iter()
        .filter(|(_, rule)| rule == "national-id-unique")
        .map(|(id, _)| id.clone())
        .collect();
    assert_eq!(shared, planted_shared);
    assert!(!shared.is_empty());
}
