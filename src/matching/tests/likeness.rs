//! How values stand to each other, field by field.

use proptest::prelude::*;

use crate::columns::ColumnsBuilder;
use crate::compare::{Cache, Comparison, Level, Subject, birth};
use crate::model::{ComparisonModel, KindModel, LevelModel, Model};
use crate::portrait::Kind;
use crate::{Likeness, Likenesses};
use domain::{FieldName, RecordId, Value, Values};
use settings::{Settings, parse};

fn settings() -> Settings {
    let types = [
        ("given", "given_name"),
        ("family", "family_name"),
        ("whole", "full_name"),
        ("firm", "organisation_name"),
        ("born", "date_of_birth"),
        ("email", "email"),
        ("home", "phone"),
        ("mobile", "phone"),
        ("ssn", "national_id"),
        ("vat", "identifier"),
        ("street", "street"),
        ("city", "city"),
        ("postcode", "postcode"),
        ("region", "region"),
        ("country", "country"),
        ("gender", "gender"),
        ("since", "date"),
        ("visits", "number"),
        ("consent", "consent"),
        ("note", "text"),
    ];
    let fields: String =
        types.iter().map(|(name, own)| format!("[fields.{name}]\ntype='{own}'\n")).collect();
    let text = format!(
        "[workspace]\nname='w'\nregion='US'\n{fields}\
         [sources.a]\nkey='id'\nmap={{given='g'}}\n"
    );
    parse(&text).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn record(text: &str) -> Values {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(field, value)| match value.strip_prefix('?') {
            Some(raw) => (FieldName::new(field), Value::unreadable(raw)),
            None => (FieldName::new(field), Value::as_delivered(value)),
        })
        .collect()
}

/// `=`, `~` and `x` for each field both records have, and `!` where they contradict.
fn told(first: &str, other: &str) -> String {
    let settings = settings();
    let fields: Vec<FieldName> = settings.fields.iter().map(|it| it.name.clone()).collect();
    let (first, other) = (record(first), record(other));
    let likenesses = Likenesses::new(&settings, None, &fields, &first, &[&other]);
    let mut told: Vec<String> = fields
        .iter()
        .enumerate()
        .filter_map(|(at, field)| {
            let sign = match likenesses.of(0, at)? {
                Likeness::Same => '=',
                Likeness::Similar => '~',
                Likeness::Different => 'x',
            };
            Some(format!("{field}{sign}"))
        })
        .collect();
    told.extend(likenesses.contradicts(0).then(|| "!".to_owned()));
    told.join(" ")
}

#[test]
fn a_field_is_judged_by_its_comparisons_level() {
    for (first, other, expected) in [
        // Names, each part by itself, and swapped.
        ("given=Thomas;family=Pace", "given=Tom;family=Pace", "given~ family="),
        ("given=Thomas;family=Pace", "given=Theo;family=Pacey", "givenx family~"),
        ("given=Jürgen;family=Müller", "given=Jurgen;family=Mueller", "given= family="),
        ("given=Pace;family=Thomas", "given=Thomas;family=Pace", "given= family="),
        ("given=Ann;family=Lee", "given=A.;family=Wu", "given~ familyx"),
        ("whole=Thomas Pace", "whole=Tom Pace", "whole~"),
        ("whole=Thomas Pace", "whole=Ines Roth", "wholex"),
        ("firm=Nordwind GmbH", "firm=Nordwind AG", "firm~"),
        // Dates of birth: a slip, a swap, a whole other day.
        ("born=1984-03-12", "born=1984-12-03", "born~"),
        ("born=1984-03-12", "born=1984-03-13", "born~"),
        ("born=1984-03-12", "born=1984-11-30", "bornx !"),
        ("born=1984-03-12", "born=1971-06-15", "bornx !"),
        ("born=1984-03-12", "born=1982-04-21", "bornx !"),
        // Numbers that name something.
        ("ssn=219094417", "ssn=219094410", "ssn~"),
        ("ssn=219094417", "ssn=987604321", "ssnx !"),
        ("vat=DE123456788", "vat=DE987604321", "vatx"),
        ("firm=Nordwind;vat=DE123456788", "firm=Nordwind;vat=DE987650000", "firm= vatx !"),
        ("home=+15550104477", "home=+15550104497", "home~"),
        // Two lines of one office.
        ("home=+15550104477", "home=+15550104478", "homex"),
        ("home=+15550104477", "home=+15550199999", "homex"),
        // Another field of the same kind makes no value the same.
        (
            "home=+15550104477;mobile=+15550100001",
            "home=+15550199999;mobile=+15550104477",
            "homex mobilex",
        ),
        // Mailboxes made of one name say no more than the name.
        (
            "given=Ann;family=Lee;email=ann.lee@one.com",
            "given=Ann;family=Lee;email=annlee@two.org",
            "given= family= emailx",
        ),
        ("email=t.pace@example.com", "email=t.pace@exmaple.com", "email~"),
        // Places: a shared postcode makes no two towns alike.
        ("city=Springfield;postcode=62704", "city=Decatur;postcode=62704", "cityx postcode="),
        ("city=Springfield;postcode=62704", "city=Springfeild;postcode=62521", "city~ postcodex"),
        ("street=12 Rose Lane", "street=12 Rose Ln", "street="),
        ("street=12 Rose Lane", "street=900 Hill Road", "streetx"),
        ("region=IL;country=US", "region=ID;country=UA", "regionx countryx"),
        // Of what is not compared: the same, or not.
        ("since=2020-03-12", "since=2020-03-13", "sincex"),
        ("visits=1000", "visits=1001", "visitsx"),
        ("consent=yes", "consent=no", "consentx"),
        ("gender=female", "gender=male", "genderx"),
        ("note=St. Mary's", "note=st marys", "note~"),
        ("note=2020-03-12", "note=2020-03-13", "notex"),
        ("email=?ann@@lee.com", "email=ann@lee.com", "email~"),
        ("since=?12/3/20", "since=?12-3-20", "sincex"),
        // What cannot be read is the same or it is not.
        ("born=?3/45/84", "born=?3/45/84", "born="),
        ("born=?3/45/84", "born=1984-03-12", "bornx"),
    ] {
        assert_eq!(told(first, other), expected, "{first} / {other}");
        assert_eq!(told(other, first), expected, "{other} / {first}");
    }
}

/// However often a model finds the same year among matches: people of one household share it oftener.
#[test]
fn the_same_year_of_birth_speaks_for_nobody() {
    let settings = settings();
    let comparison = Comparison {
        name: "date of birth".into(),
        subject: Subject::of(&birth::SPEC),
        fields: vec![FieldName::new("born")],
    };
    let learned = |(at, level): (usize, &Level)| {
        let mut chances = level.chances;
        if at == usize::from(birth::FIRST_CONFLICT) {
            chances[0] = 0.03;
        }
        LevelModel { label: level.label.to_owned(), chances, pinned: None }
    };
    let levels = birth::LEVELS.iter().enumerate().map(learned).collect();
    let part = KindModel {
        kind: Kind::Person,
        records: 100,
        every_pair: true,
        households: true,
        rules: Vec::new(),
        expected: [0.01, 0.01, 0.01, 0.97],
        comparisons: vec![ComparisonModel { comparison, levels }],
        frequencies: Vec::new(),
        learned: None,
        holds_slips: true,
        sure: 0,
    };
    let model = Model { kinds: vec![part], ..Model::default() };
    let born = [FieldName::new("born")];
    let (first, other) = (record("born=1984-03-12"), record("born=1984-11-30"));
    let likenesses = Likenesses::new(&settings, Some(&model), &born, &first, &[&other]);
    assert_eq!(likenesses.of(0, 0), Some(Likeness::Different));
    let slip = record("born=1984-03-13");
    let likenesses = Likenesses::new(&settings, Some(&model), &born, &first, &[&slip]);
    assert_eq!(likenesses.of(0, 0), Some(Likeness::Similar));
}

/// Of random dates of birth only those are similar whose comparison says so: of days over sixty
/// years one in a hundred and fifty, not one in three.
#[test]
fn random_dates_of_birth_are_hardly_ever_similar() {
    let settings = settings();
    let born = [FieldName::new("born")];
    let mut seed = 7_u64;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) % below
    };
    let mut day = || format!("{}-{:02}-{:02}", 1940 + next(60), 1 + next(12), 1 + next(28));
    let dates: Vec<String> = (0..601).map(|_| day()).collect();
    let records: Vec<Values> = dates.iter().map(|it| record(&format!("born={it}"))).collect();
    let others: Vec<&Values> = records[1..].iter().collect();
    let mut similar = 0;
    for first in records.iter().take(10) {
        let likenesses = Likenesses::new(&settings, None, &born, first, &others);
        similar +=
            (0..others.len()).filter(|at| likenesses.of(*at, 0) == Some(Likeness::Similar)).count();
    }
    let share = similar as f64 / (10.0 * others.len() as f64);
    assert!((0.002..0.03).contains(&share), "{share}");
}

proptest! {
    /// The mark under a mask says what the waterfall says: it follows from the level alone.
    #[test]
    fn a_date_of_birth_is_as_like_as_its_level(
        a in (1940_u32..2000, 1_u32..13, 1_u32..29), b in (1940_u32..2000, 1_u32..13, 1_u32..29),
    ) {
        let text = |(year, month, day): (u32, u32, u32)| format!("{year}-{month:02}-{day:02}");
        let (a, b) = (text(a), text(b));
        let (one, other) = (format!("born={a}"), format!("born={b}"));
        let mut builder = ColumnsBuilder::new(&settings());
        builder.push(RecordId(0), &record(&one));
        builder.push(RecordId(1), &record(&other));
        let level = Subject::of(&birth::SPEC).grade(&builder.finish_whole(), 0, 1, &mut Cache::new()) - 1;
        let expected = match level {
            birth::SAME => "born=",
            level if level < birth::FIRST_CONFLICT => "born~",
            _ => "bornx !",
        };
        prop_assert_eq!(told(&one, &other), expected);
    }
}
