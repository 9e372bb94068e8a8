//! Measures and segments: kept as they are told anew, told to whoever may know, recorded as facts.

use super::*;
use crate::jobs::Dataset;
use domain::Event;
use domain::event::FiguresMeasured;
use door::operations::{Export, Measures, Segments, ShowSegment};
use door::views::{MeasuresView, SegmentsView};

/// A stream as [`TestDesk::orders`] records it, and what is told of it.
pub(super) const MEASURES: &str = r#"
[streams.orders]
source = "crm"
kind = "purchase"
key = "order"
at = "ordered"
amount = "total"
currency = "EUR"
subject = { key = "customer", else = { email = "mail" } }
properties = { note = "note", secret = { column = "secret", sensitive = true } }

[measures.orders_ever]
of = "purchase"
take = "count"
[measures.orders_late]
take = "count"
within = "8 months"
[measures.spent]
take = "sum"
currency = "EUR"
description = "What they spent, in euros."
[measures.last_order]
take = "last"
[measures.first_order]
take = "first"
[measures.quiet]
take = "days_since"
[measures.days]
take = "distinct"
what = "day"
[measures.last_note]
take = "last"
what = "note"
[measures.notes]
stream = "orders"
take = "distinct"
what = "note"
[measures.secret_kept]
take = "last"
what = "secret"

[segments.loyal]
where = "orders_ever >= 2 and spent > 1"
description = "Who came again."
owner = "crm team"
[segments.ada]
where = "given_name = Ada and quiet is not empty"
[segments.mailed]
where = "email is not empty"
[segments.old]
where = "birth_date < 1980"
"#;

impl TestDesk {
    /// What the kept measures and segments say otherwise than those told anew, and than the activities that count.
    pub(super) fn standing_is_wrong(&mut self) -> Option<String> {
        let owned = self.owned();
        let desk = self.desk();
        desk.have_activities().unwrap();
        let facts = desk.facts();
        let kept = facts.standing().unwrap();
        let anew = facts.told_anew(kept.head()).unwrap();
        if let Some(wrong) = kept.differs_from(&anew, facts.settings) {
            return Some(wrong);
        }
        let mut customers = Vec::new();
        let each = &mut |id, _| {
            customers.push(id);
            Ok(true)
        };
        facts.view.each_customer(each).unwrap();
        customers.into_iter().find_map(|id: CustomerId| {
            let own = owned.iter().filter(|line| line.ends_with(&format!(" {id}"))).count();
            let told = facts.told_of(id).unwrap().0;
            let kept: Vec<_> = (0..told.len()).map(|at| kept.measure(at, id)).collect();
            let said = told[0].as_ref().map(ToString::to_string).unwrap_or_default();
            (said != own.to_string() || told != kept)
                .then(|| format!("{id}: {own} orders, {told:?} for one, {kept:?} kept"))
        })
    }

    /// How many commits were followed since everybody was told anew.
    pub(super) fn followed(&mut self) -> u64 {
        self.desk().facts().standing().unwrap().followed
    }

    fn measures(&mut self, address: &str) -> MeasuresView {
        let customer = self.customer(address);
        self.ask(Measures { customer }).unwrap()
    }

    fn value(&mut self, address: &str, name: &str) -> Option<String> {
        let measures = self.measures(address).measures;
        measures.into_iter().find(|it| it.name.as_str() == name).unwrap().value
    }

    fn segments(&mut self) -> SegmentsView {
        self.ask(Segments {}).unwrap()
    }

    fn counts(&mut self) -> Vec<Option<u64>> {
        self.segments().segments.into_iter().map(|it| it.count).collect()
    }

    fn figures(&mut self) -> Vec<FiguresMeasured> {
        let facts = self.desk().facts();
        let head = facts.ledger.head().unwrap().sequence;
        let commits = (1..=head.0).map(|at| facts.commit(domain::Sequence(at)).unwrap());
        let figures = commits.flat_map(|commit| commit.events).filter_map(|event| match event {
            Event::FiguresMeasured(measured) => Some(measured),
            _ => None,
        });
        figures.collect()
    }
}

fn begun() -> TestDesk {
    let mut test = TestDesk::governed(Databases::default(), 5, MEASURES);
    test.import("crm", "1,Ada,Fernsby,ada@example.com,,1970-01-02,,,,,\n2,Theo,Oak,,,,,,,,\n");
    let rows = [
        ("crm:1", "o1", "10.00 EUR"),
        ("ada@example.com", "o2", "2.50 EUR"),
        ("crm:1", "o3", "7.00 USD"),
        ("crm:2", "o4", "1.00 EUR"),
    ];
    test.orders(7, &rows);
    test
}

#[test]
fn measures_and_segments_are_told_and_follow_a_merge_and_its_undo() {
    let mut test = begun();
    let view = test.measures("crm:1");
    let said: Vec<(&str, Option<&str>)> =
        view.measures.iter().map(|it| (it.name.as_str(), it.value.as_deref())).collect();
    let expected = [
        ("orders_ever", Some("3")),
        ("orders_late", Some("2")),
        ("spent", Some("12.50")),
        ("last_order", Some("2026-03-03")),
        ("first_order", Some("2026-03-01")),
        ("quiet", Some("243")),
        ("days", Some("3")),
        ("last_note", Some("note-of-o3-7.00 USD")),
        ("notes", Some("3")),
        ("secret_kept", None),
    ];
    assert_eq!(said, expected);
    let spent = &view.measures[2];
    assert_eq!((spent.currency.as_deref(), spent.left_out), (Some("EUR"), 1));
    let masked: Vec<bool> = view.measures.iter().map(|it| it.masked).collect();
    assert_eq!(masked.iter().filter(|it| **it).count(), 1);
    assert!(masked[9], "it takes what is masked");
    // A segment that asks for a masked field is counted, and does not tell whom.
    assert_eq!(view.segments, ["loyal", "ada", "mailed"]);
    assert_eq!(test.counts(), [Some(1), Some(1), Some(1), Some(1)]);
    let asked = |segment: &str, overlap: Option<&str>| ShowSegment {
        segment: segment.to_owned(),
        overlap: overlap.map(str::to_owned),
        limit: 9,
    };
    let old = test.ask(asked("old", None)).unwrap();
    assert_eq!((old.members.len(), old.of), (0, 1));
    assert_eq!(old.masked.as_deref(), Some("birth_date"));
    let both = test.ask(asked("loyal", Some("mailed"))).unwrap();
    assert_eq!((both.of, both.members.len()), (1, 1));
    assert_eq!(both.members[0].name, "Fernsby, Ada");
    assert!(test.ask(asked("loyl", None)).unwrap_err().to_string().contains("did you mean loyal"));
    let theo = test.customer("crm:2");
    let ada = test.customer("crm:1");
    let merged = test.decide(merge_request(&[&[ada, theo]])).unwrap().decision;
    assert_eq!(test.value("crm:2", "spent").as_deref(), Some("13.50"));
    assert_eq!(test.segments().customers, 1);
    assert!(test.followed() > 0, "nobody else is told anew");
    test.decide(undo_request(merged, true)).unwrap();
    assert_eq!(test.value("crm:2", "spent").as_deref(), Some("1.00"));
    assert_eq!(test.standing_is_wrong(), None);
}

#[test]
fn a_new_day_tells_everybody_anew() {
    let mut test = begun();
    assert_eq!(test.value("crm:1", "quiet").as_deref(), Some("243"));
    assert_eq!(test.value("crm:1", "orders_late").as_deref(), Some("2"));
    test.desk().facts().standing().unwrap();
    test.clock.advance(24 * 3600);
    assert_eq!(test.value("crm:1", "quiet").as_deref(), Some("244"));
    assert_eq!(test.value("crm:1", "orders_late").as_deref(), Some("1"));
    assert_eq!(test.standing_is_wrong(), None);
}

#[test]
fn figures_are_facts_that_later_rules_do_not_change() {
    let mut test = begun();
    test.clock.advance(24 * 3600);
    test.import("crm", "3,Zoe,Lund,zoe@example.com,,,,,,,\n");
    let figures = test.figures();
    assert_eq!(figures.len(), 2, "one an import");
    let told: Vec<(&str, u64, u64)> =
        figures[1].of.iter().map(|it| (it.name.as_str(), it.count, it.all)).collect();
    assert_eq!(told, [("loyal", 1, 3), ("ada", 1, 3), ("mailed", 2, 3), ("old", 1, 3)]);
    assert_eq!((figures[1].day - figures[0].day).get_days(), 1);
    let mailed = &test.segments().segments[2];
    assert_eq!((mailed.count, mailed.since().map(|(_, more)| more)), (Some(2), Some(1)));
    test.clock.advance(24 * 3600);
    let settings = std::fs::read_to_string(test.folder.path().join("steward.toml")).unwrap();
    test.adopts(&settings.replace("email is not empty", "email is empty"));
    let mailed = &test.segments().segments[2];
    let counts: Vec<u64> = mailed.trend.iter().map(|(_, count)| *count).collect();
    assert_eq!((counts, mailed.count), (vec![1, 2], Some(1)));
    // A dry run records nothing.
    let before = test.figures().len();
    let mut dry = import_of("crm");
    dry.dry_run = true;
    testing::import(test.desk(), dry, format!("{HEADER}9,Ada,Lund,,,,,,,,\n")).unwrap();
    assert_eq!(test.figures().len(), before);
    // Nothing of anybody is in them.
    let theo = test.customer("crm:2");
    let told = format!("{:?}", test.figures());
    assert!(!told.contains("Theo") && !told.contains(&theo.to_string()), "{told}");
}

#[test]
fn measures_and_segments_are_columns_of_golden_records() {
    let mut test = begun();
    let mut exported = |filter: Option<&str>| {
        let out = testing::Seen::default();
        let request = Export {
            filter: filter.map(str::to_owned),
            ..testing::whole(Dataset::Golden, crate::export::Format::Csv)
        };
        let told = testing::export(test.desk(), &request, out.clone());
        told.map(|_| out.text()).map_err(|why| why.to_string())
    };
    let all = exported(None).unwrap();
    let header = all.lines().next().unwrap();
    assert!(header.ends_with(",notes,secret_kept,segments"), "{header}");
    assert!(all.lines().nth(1).unwrap().ends_with(",3,,loyal ada mailed old"), "{all}");
    for (filter, rows) in [
        ("spent > 12", 1),
        ("spent > 12 or quiet < 300", 2),
        ("segments = loyal", 1),
        ("segments != loyal and orders_ever = 1", 1),
        ("first_order >= 2026-03-04", 1),
        ("last_note ~ o4", 1),
    ] {
        assert_eq!(exported(Some(filter)).unwrap().lines().count(), rows + 1, "{filter}");
    }
    for (filter, why) in [
        ("segments = loyl", "did you mean loyal"),
        ("spent > much", "takes a number"),
        ("spnt > 1", "did you mean spent"),
    ] {
        assert!(exported(Some(filter)).unwrap_err().contains(why), "{filter}");
    }
}

#[test]
fn what_a_measure_says_may_be_at_stake() {
    let more = format!("{MEASURES}[queue]\nstake = \"spent\"\norder = \"stake\"\n");
    let mut test = TestDesk::governed(Databases::default(), 6, &more);
    test.import("crm", PEOPLE);
    let [ada, theo, third] = ["crm:1", "crm:2", "crm:3"].map(|address| test.customer(address));
    crate::tests::bulk::open_task(test.desk(), &[ada, third]);
    crate::tests::bulk::open_task(test.desk(), &[theo, third]);
    let order = |test: &mut TestDesk| -> Vec<Option<f64>> {
        let order = domain::QueueOrder::named("stake").unwrap();
        let asked = door::operations::Queue { filter: None, order };
        let rows = test.ask(asked).unwrap().rows;
        rows.iter().map(|row| row.stake).collect()
    };
    test.orders(7, &[("crm:1", "o1", "10.00 EUR"), ("crm:2", "o2", "2.00 EUR")]);
    let stakes = order(&mut test);
    assert!(stakes.contains(&Some(10.0)) && stakes.contains(&Some(2.0)), "{stakes:?}");
    test.orders(8, &[("crm:2", "o3", "20.00 EUR")]);
    assert!(order(&mut test).contains(&Some(22.0)), "it follows what came");
}
