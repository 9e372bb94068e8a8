//! The feed: what other systems are told comes to what an export says, wherever they stopped.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::*;
use crate::jobs::Dataset;
use crate::past::first_commit;
use crate::testing::{Seen, whole};
use domain::{ReasonCode, Sequence};
use door::Pick;
use door::operations::{
    Delivery, Destination, EndFeed, ErasureRequest, Export, Feed, FeedFormat, FeedOn,
};
use door::views::FeedOutcome;

type Golden = BTreeMap<String, BTreeMap<String, String>>;
type Redirects = BTreeMap<String, Option<String>>;

/// What another system makes of a feed, as `docs/feed.md` tells it to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Consumer {
    golden: Golden,
    redirects: BTreeMap<String, String>,
    /// The last commit that was heard whole.
    bookmark: u64,
}

impl Consumer {
    /// Hears what happened since it last did.
    pub(super) fn catch_up(&mut self, test: &mut TestDesk) {
        let lines = lines(test, self.bookmark);
        self.hear(&lines);
    }

    fn hear(&mut self, lines: &[Value]) {
        for line in lines {
            self.hear_one(line);
        }
    }

    fn hear_one(&mut self, line: &Value) {
        let customer = text(&line["customer"]);
        match line["type"].as_str().unwrap() {
            "golden.changed" => {
                let values = line["golden"].as_object().unwrap().iter();
                let values = values.map(|(field, value)| (field.clone(), text(value)));
                self.golden.insert(customer, values.collect());
            }
            "golden.closed" | "customer.erased" => drop(self.golden.remove(&customer)),
            "customer.merged" => {
                for retired in line["retired"].as_array().unwrap() {
                    self.golden.remove(&text(retired));
                    self.redirects.insert(text(retired), customer.clone());
                }
            }
            "customer.unmerged" => {
                for parted in line["parted"].as_array().unwrap() {
                    self.redirects.remove(&text(&parted["customer"]));
                }
            }
            "customer.redirected" => match &line["to"] {
                Value::Null => drop(self.redirects.remove(&customer)),
                to => drop(self.redirects.insert(customer, text(to))),
            },
            "consent.withdrawn" => {}
            other => unreachable!("{other}"),
        }
        if !line["more"].as_bool().unwrap() {
            self.bookmark = line["commit"].as_u64().unwrap();
        }
    }

    /// Where each retired id leads, followed to its end.
    fn redirects(&self) -> Redirects {
        let end = |id: &String| {
            let mut at = id;
            while let Some(next) = self.redirects.get(at) {
                at = next;
            }
            self.golden.contains_key(at).then(|| at.clone())
        };
        self.redirects.keys().map(|id| (id.clone(), end(id))).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is a text")).to_owned()
}

fn feed_after(after: u64) -> Feed {
    Feed {
        after: Sequence(after),
        format: FeedFormat::Jsonl,
        values: true,
        begun: None,
        goes_on: false,
        destination: Destination::standard_output(),
        dry_run: false,
    }
}

fn run(test: &mut TestDesk, feed: Feed) -> Outcome<(String, FeedOutcome)> {
    let out = Seen::default();
    let streams = Streams::writing(Box::new(out.clone()));
    let outcome = testing::run_while(test.desk(), feed, streams, |_| true)?;
    Ok((out.text(), outcome))
}

fn lines(test: &mut TestDesk, after: u64) -> Vec<Value> {
    let (text, outcome) = run(test, feed_after(after)).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(outcome.lines(), lines.len() as u64);
    lines
}

/// What exports say, now or at a time.
fn exported(test: &mut TestDesk, at: Option<Timestamp>) -> (Golden, Redirects) {
    let mut rows = |dataset| {
        let request = Export { at, ..whole(dataset, crate::export::Format::JsonLines) };
        let out = Seen::default();
        testing::export(test.desk(), &request, out.clone()).unwrap();
        let text = out.text();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let golden = rows(Dataset::Golden).into_iter().map(|row| {
        let values = row.as_object().unwrap().iter().filter(|(name, value)| {
            !["customer", "members", "lineage"].contains(&name.as_str()) && value.is_string()
        });
        let values = values.map(|(name, value)| (name.clone(), text(value))).collect();
        (text(&row["customer"]), values)
    });
    let golden = golden.collect();
    let retired = rows(Dataset::Xref).into_iter().filter(|row| row["kind"] == "retired");
    let retired = retired.map(|row| {
        let customer = row["customer"].as_str().map(str::to_owned);
        (text(&row["retired"]), customer)
    });
    (golden, retired.collect())
}

/// The laws of the feed, over whatever happened: heard from the beginning it comes to what is exported, at
/// the end and at any time; a consumer that was away now and then knows the same; wherever it is cut, the
/// rest follows.
pub(super) fn keeps_its_laws(test: &mut TestDesk, away: &Consumer) {
    let told = lines(test, 0);
    let mut whole = Consumer::default();
    whole.hear(&told);
    let (golden, redirects) = exported(test, None);
    assert_eq!(whole.golden, golden, "heard from the beginning");
    assert_eq!(whole.redirects(), redirects, "heard from the beginning");
    assert_eq!(away.golden, golden, "heard now and then");
    let live = |redirects: Redirects| -> Redirects {
        redirects.into_iter().filter(|(_, to)| to.is_some()).collect()
    };
    assert_eq!(live(away.redirects()), live(redirects), "heard now and then");

    let commits: Vec<u64> = told.iter().filter(|line| line["more"] == false).map(commit).collect();
    let some = |share: usize| commits.get(commits.len() * share / 5).copied();
    for cut in (1..5).filter_map(some) {
        let rest = told.iter().filter(|line| commit(line) > cut);
        assert!(rest.eq(&lines(test, cut)), "cut after commit {cut}");
        let mut twice = whole.clone();
        told.iter().filter(|line| commit(line) > cut).for_each(|line| twice.hear_one(line));
        assert_eq!(twice, whole, "what came after commit {cut} is heard again");
        // Several commits may be of one time.
        let facts = test.desk().facts();
        let at = facts.time_of(Sequence(cut)).unwrap();
        let until = first_commit(facts, at, true).unwrap().0 - 1;
        let mut then = Consumer::default();
        told.iter().filter(|line| commit(line) <= until).for_each(|line| then.hear_one(line));
        let (golden, redirects) = exported(test, Some(at));
        assert_eq!(then.golden, golden, "as it was after commit {until}");
        assert_eq!(then.redirects(), redirects, "as it was after commit {until}");
    }
    let ids: BTreeSet<String> = told.iter().map(|line| text(&line["id"])).collect();
    assert_eq!(ids.len(), told.len(), "an id each");
    assert_eq!(lines(test, 0), told, "told again");
}

fn commit(line: &Value) -> u64 {
    line["commit"].as_u64().unwrap()
}

/// A consent, and a survivorship that can be changed.
fn desk() -> TestDesk {
    let mut test = TestDesk::new();
    let path = test.workspace().settings();
    let text = SETTINGS
        .replace(
            "[fields.member_number]",
            "[fields.mailing]\ntype = \"consent\"\n[fields.member_number]",
        )
        .replace("member_number = \"member\"", "mailing = \"street\", member_number = \"member\"")
        .replace("street = \"street\", ", "")
        .replace("[sources.crm]", "[sources.crm]\nvanished = \"close\"");
    std::fs::write(path, text).unwrap();
    test.import("crm", CRM);
    test.import("shop", SHOP);
    test
}

const CRM: &str = "\
1,Ada,Nordholm,ada@example.com,,,yes,Salem,,M-1,2026-01-01\n\
2,Bea,Steinmoor,bea@example.com,,,yes,Omaha,,M-2,2026-01-01\n";
const SHOP: &str = "\
7,Adah,Nordholm,ada@example.org,,,yes,Boulder,,M-7,2026-03-01\n\
8,Cleo,Vexborough,cleo@example.com,,,no,Salem,,M-8,2026-03-01\n";

/// A line in short, with what is special about it.
fn short(line: &Value) -> String {
    let customer = text(&line["customer"]);
    let list = |value: &Value| {
        let texts: Vec<String> = value.as_array().unwrap().iter().map(text).collect();
        texts.join(" ")
    };
    let more = match line["type"].as_str().unwrap() {
        "golden.changed" if line["first"] == true => format!("{customer} first"),
        "golden.changed" => format!("{customer} {}", list(&line["fields"])),
        "customer.merged" => format!("{customer} {}", list(&line["retired"])),
        "customer.unmerged" => {
            let parted = line["parted"].as_array().unwrap().iter();
            let parted =
                parted.map(|it| format!("{}: {}", text(&it["customer"]), list(&it["records"])));
            format!("{customer} {}", parted.collect::<Vec<_>>().join(", "))
        }
        "customer.redirected" => format!("{customer} from {} to {}", line["from"], line["to"]),
        "consent.withdrawn" => format!("{customer} {}", text(&line["field"])),
        _ => customer,
    };
    format!("{} {more}", text(&line["type"]))
}

#[test]
fn each_kind_of_commit_is_told_by_what_it_did() {
    let mut test = desk();
    let mut consumer = Consumer::default();
    let mut told = |test: &mut TestDesk, what: &str, expected: &[&str]| {
        let heard = lines(test, consumer.bookmark);
        consumer.hear(&heard);
        let short: Vec<String> = heard.iter().map(short).collect();
        assert_eq!(short, expected, "{what}");
        assert!(heard.iter().all(|line| line["commit"] == heard[0]["commit"]) || what == "imports");
        let (golden, redirects) = exported(test, None);
        assert_eq!((&consumer.golden, consumer.redirects()), (&golden, redirects), "{what}");
    };
    told(
        &mut test,
        "imports",
        &[
            "golden.changed C1 first",
            "golden.changed C2 first",
            "golden.changed C3 first",
            "golden.changed C4 first",
        ],
    );
    told(&mut test, "nothing", &[]);

    let [ada, bea, adah] = ["crm:1", "crm:2", "shop:7"].map(|it| test.customer(it));
    let merged = test.does(merge_request(&[&[ada, adah]]));
    told(&mut test, "a merge by a person", &["customer.merged C1 C3"]);
    let undo = test.undo(merged.decision);
    told(&mut test, "its undo", &["customer.unmerged C1 C3: shop:7", "golden.changed C3 first"]);
    test.undo(undo.decision);
    told(&mut test, "its redo", &["customer.merged C1 C3"]);
    let mut unmerge =
        Request::new(Action::Unmerge { customer: ada, records: vec!["crm:1".parse().unwrap()] });
    unmerge.note = Some("two people".to_owned());
    let unmerged = test.does(unmerge);
    told(
        &mut test,
        "an unmerge",
        &[
            "customer.unmerged C1 C5: crm:1",
            "golden.changed C1 given_name email city member_number",
            "golden.changed C5 first",
        ],
    );

    let city = || [("city".into(), Pick::Typed("Dover".to_owned()))].into();
    test.does(fix_request("crm:2", "city", "Pierre"));
    told(&mut test, "a correction", &["golden.changed C2 city"]);
    let pinned = test.does(Request::new(Action::Pin { customer: bea, picks: city() }));
    told(&mut test, "a pin", &["golden.changed C2 city"]);
    test.undo(pinned.decision);
    told(&mut test, "the undo of a pin", &["golden.changed C2 city"]);

    test.import("crm", &CRM.replace("bea@example.com", "bea@example.net").replace("Omaha", "Troy"));
    told(&mut test, "a delivery", &["golden.changed C2 email"]);
    test.import(
        "crm",
        &CRM.replace("bea@example.com", "bea@example.net").replace("2026-01-01", "2026-02-01"),
    );
    told(&mut test, "a delivery that changes no value", &[]);
    test.import("crm", "2,Bea,Steinmoor,bea@example.net,,,no,Omaha,,M-2,2026-03-02\n");
    told(
        &mut test,
        "a consent that is withdrawn",
        &["golden.changed C2 mailing", "consent.withdrawn C2 mailing"],
    );

    test.clock.advance(60);
    let delivery = Delivery { complete: true, accept_vanished: true, ..Delivery::default() };
    let all = Import { delivery, ..import_of("crm") };
    let rows = format!("{HEADER}1,Ada,Nordholm,ada@example.com,,,yes,Salem,,M-1,2026-02-01\n");
    testing::import(test.desk(), all, rows).unwrap();
    told(&mut test, "a record that vanished", &["golden.closed C2"]);

    test.undo(unmerged.decision);
    told(
        &mut test,
        "the undo of an unmerge",
        &["customer.merged C1 C5", "golden.changed C1 given_name email city member_number"],
    );
    let path = test.workspace().settings();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(path, text + "\n[survivorship]\nemail = [\"most_recent\"]\n").unwrap();
    test.desk().adopt_settings().unwrap();
    told(&mut test, "another survivorship", &["golden.changed C1 email"]);

    test.erase(ada);
    told(&mut test, "an erasure", &["customer.erased C1"]);
    let from_the_beginning = lines(&mut test, 0);
    let all = serde_json::to_string(&from_the_beginning).unwrap();
    assert!(all.contains("Steinmoor") && all.contains("customer.erased"));
    for gone in ["Nordholm", "ada@", "M-1\"", "Boulder", "crm:1", "shop:7"] {
        assert!(!all.contains(gone), "{gone} is told after the erasure: {all}");
    }
}

#[test]
fn what_the_machine_merges_is_told_as_well() {
    let mut test = super::rematch::base(1);
    let mut consumer = Consumer::default();
    let told = lines(&mut test, 0);
    let merged = told.iter().filter(|line| line["type"] == "customer.merged").count();
    consumer.hear(&told);
    assert!(merged > 2, "{told:?}");
    keeps_its_laws(&mut test, &consumer);
}

/// A record moves from one customer to another, who is erased; whoever heard of the first before must not
/// keep what it had from there.
#[test]
fn what_an_erased_record_left_behind_elsewhere_is_told_anew() {
    let mut test = desk();
    let [ada, adah] = ["crm:1", "shop:7"].map(|it| test.customer(it));
    test.does(merge_request(&[&[ada, adah]]));
    let mut away = Consumer::default();
    away.catch_up(&mut test);
    assert!(away.golden[&ada.to_string()]["email"].contains("ada@example.com"));
    let records = vec!["crm:1".parse().unwrap()];
    test.does(Request::new(Action::Unmerge { customer: ada, records }));
    let gone = test.customer("crm:1");
    test.erase(gone);
    away.catch_up(&mut test);
    assert_eq!(away.golden[&ada.to_string()]["email"], "ada@example.org");
    keeps_its_laws(&mut test, &away);
}

#[test]
fn a_feed_is_recorded_once_it_tells_something_and_never_else() {
    let mut test = desk();
    let head = |test: &mut TestDesk| test.desk().reader.head().unwrap().sequence.0;
    let before = head(&mut test);
    let counted = run(&mut test, Feed { dry_run: true, ..feed_after(0) }).unwrap();
    assert_eq!((counted.0.as_str(), counted.1.lines(), head(&mut test)), ("", 4, before));
    let (_, outcome) = run(&mut test, feed_after(0)).unwrap();
    let begun = outcome.begun.unwrap();
    assert_eq!((begun.0, head(&mut test)), (before + 1, before + 2));
    let recorded = test.desk().facts().exports_after(Sequence::ZERO).unwrap();
    let [feed] = &recorded[..] else { panic!("one: {}", recorded.len()) };
    let exported = &feed.exported;
    let left = (exported.dataset.as_str(), exported.rows, exported.up_to.0, feed.finished);
    assert_eq!(left, ("feed", 4, before, true));
    for after in [before, before + 2] {
        let (text, outcome) = run(&mut test, feed_after(after)).unwrap();
        assert_eq!((text.as_str(), outcome.begun, head(&mut test)), ("", None, before + 2));
    }
    // One that goes on is ended by itself.
    let goes_on = Feed { goes_on: true, ..feed_after(2) };
    let (_, first) = run(&mut test, goes_on.clone()).unwrap();
    test.does(fix_request("crm:2", "city", "Pierre"));
    let again = Feed { begun: first.begun, after: first.up_to, ..goes_on };
    let out = Seen::default();
    let streams = Streams::writing(Box::new(out.clone()));
    let second = test.hand_in(FeedOn { feed: again.clone() }, streams).unwrap().unwrap();
    assert_eq!((second.begun, second.lines()), (first.begun, 1));
    let job = run(&mut test, again.clone()).unwrap();
    assert_eq!(job, (out.text(), second.clone()), "a job tells the same");
    let end = EndFeed { begun: first.begun.unwrap(), lines: 3, up_to: second.up_to };
    test.ask(end.clone()).unwrap();
    let recorded = test.desk().facts().exports_after(first.up_to).unwrap();
    assert!(recorded.iter().any(|it| it.finished && it.exported.rows == 3));
    // Nobody goes on with what is not theirs, or with what never was.
    for begun in [Sequence(1), Sequence(9_999)] {
        assert!(testing::is_usage(&run(&mut test, Feed { begun: Some(begun), ..again.clone() })));
        assert!(testing::is_usage(&test.ask(EndFeed { begun, ..end.clone() })));
    }
    test.desk().environment.actor = "kim".to_owned();
    let kim = Session::local("kim".to_owned(), TimeZone::UTC);
    let taken = test.desk().act(&kim, again, Streams::writing(Box::new(std::io::sink())));
    assert!(testing::is_usage(&taken));
}

#[test]
fn a_bookmark_that_is_not_of_this_ledger_is_refused_with_its_end() {
    let mut test = desk();
    let head = test.desk().reader.head().unwrap().sequence;
    let why = run(&mut test, feed_after(head.0 + 1)).unwrap_err().to_string();
    assert!(why.contains(&format!("ends with commit {head}")), "{why}");
    assert_eq!(test.desk().reader.head().unwrap().sequence, head, "and nothing is recorded");
}

#[test]
fn a_cloud_event_says_the_same_as_a_line() {
    let mut test = desk();
    let flat = lines(&mut test, 0);
    let events = Feed { format: FeedFormat::Cloudevents, ..feed_after(0) };
    let (text, _) = run(&mut test, events).unwrap();
    let mut last = String::new();
    for (line, text) in flat.into_iter().zip(text.lines()) {
        let mut event: Value = serde_json::from_str(text).unwrap();
        let object = event.as_object_mut().unwrap();
        // Names of attributes are lower case letters and digits.
        let is_name = |name: &String| name.chars().all(|it| it.is_ascii_lowercase());
        assert!(object.keys().all(is_name), "{object:?}");
        assert_eq!(object["specversion"], "1.0");
        assert_eq!(object["subject"], line["customer"]);
        assert_eq!(object["type"], format!("steward.{}.v1", line["type"].as_str().unwrap()));
        let sequence = object["sequence"].as_str().unwrap().to_owned();
        assert!(sequence > last, "{sequence} comes after {last}");
        last = sequence;
        let mut data = object["data"].clone();
        for name in ["id", "commit", "more", "time", "type"] {
            let value = if name == "type" { line["type"].clone() } else { object[name].clone() };
            data.as_object_mut().unwrap().insert(name.to_owned(), value);
        }
        assert_eq!(data, line);
    }
    let bare = Feed { values: false, ..feed_after(0) };
    let (text, _) = run(&mut test, bare).unwrap();
    assert!(text.contains("\"fields\":[") && !text.contains("golden\":") && !text.contains("Ada"));
}

#[test]
fn an_erasure_needs_no_memory_of_the_feed() {
    // The request, as the command line makes it, reaches what was told before and is not told after.
    let mut test = desk();
    let bea = test.customer("crm:2");
    lines(&mut test, 0);
    let request = ErasureRequest {
        customer: bea,
        reason: Some(ReasonCode::new("request")),
        note: None,
        request: None,
    };
    let reach = test.ask(door::operations::ForeseeErasure { request }).unwrap();
    assert!(reach.exports.iter().any(|copy| copy.dataset == "feed"), "{reach:?}");
}

#[test]
fn what_is_kept_beside_a_golden_value_is_told_as_an_export_has_it() {
    let kept = SETTINGS.replace("[fields.email]\n", "[fields.email]\nkeep = \"all\"\n");
    assert_ne!(kept, SETTINGS);
    let mut test = TestDesk::new();
    test.adopts(&kept);
    test.import(
        "crm",
        "1,Ada,Fernsby,ada@example.com,,,,,,,\n2,Ada,Fernsby,ada2@example.com,,,,,,,\n",
    );
    let [one, other] = ["crm:1", "crm:2"].map(|address| test.customer(address));
    let merge = test.does(merge_request(&[&[one, other]]));
    let mut consumer = Consumer::default();
    consumer.catch_up(&mut test);
    let others =
        |consumer: &Consumer| consumer.golden[&one.to_string()].get("email_others").cloned();
    assert_eq!(others(&consumer).as_deref(), Some("[\"ada2@example.com\"]"));
    let lines = lines(&mut test, 0);
    let last = lines.iter().rev().find(|line| line["type"] == "golden.changed").unwrap();
    assert_eq!(last["fields"], serde_json::json!(["email_others"]), "nothing else differs");
    test.undo(merge.decision);
    consumer.catch_up(&mut test);
    assert_eq!(others(&consumer), None);
}
