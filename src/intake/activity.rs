//! Rows of a stream to activities.
//!
//! Lives here: what a row of a stream says, and why one cannot be used ([`judge`]). Reading its cells is done by
//! what reads those of records: a stream's parts are fields of a source of its own.
//!
//! Does not live here: whose an activity is, which depends on the records.

use std::sync::Arc;

use compact_str::{CompactString, ToCompactString, format_compact};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::acquire::{Judge, Row, one_key};
use crate::harmonise::{Records, moment, of_updated};
use domain::{
    Activity, ActivityKind, ActivityTime, Amount, Currency, FieldName, Money, QuarantineReason,
    Reading, Value, Values,
};
use settings::{CurrencyOf, KeyForm, KindOf, Settings, Stream, part};

/// A time before this year is what a program writes where it knows none: 0001-01-01.
const FIRST_YEAR: i16 = 1900;

/// So many bytes a key has at most: a longer one is a text that got into its column.
const LONGEST_KEY: usize = 1_000;

/// How the rows of a file of a stream are read.
#[derive(Clone)]
pub struct StreamReading {
    /// The stream.
    pub stream: Stream,
    /// The settings that its rows are read by: those of [`Stream::read_by`].
    pub settings: Settings,
    /// How the source makes its keys.
    pub key_form: Option<KeyForm>,
    /// How the file is read.
    pub reading: Reading,
    /// The day of the import.
    pub day: Date,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadActivity {
    /// What was done. Its key is empty where the stream has none: whoever records it makes one of
    /// [`Activity::content`].
    pub activity: Activity,
    /// The key of the source's record that did it.
    pub customer: Option<CompactString>,
    /// The values by which that is known else, in the order in which they are asked.
    pub handles: Vec<(FieldName, CompactString)>,
    /// All that was read, for whoever wants to see it.
    pub values: Values,
}

impl StreamReading {
    /// What reads the values of its rows.
    #[must_use]
    pub fn records(&self) -> Records<'_> {
        let source = self.stream.source.as_str();
        Records::of(&self.settings, source, &self.reading, self.day)
    }

    /// What a row says; none where its kind is one that is left out, or where [`judge`] would set it aside.
    #[must_use]
    pub fn read(&self, records: &mut Records<'_>, row: Row) -> Option<ReadActivity> {
        let at = self.time(row.updated.as_deref()?)?;
        let kind = match self.kind(&row) {
            Told::One(kind) => kind,
            Told::LeftOut | Told::Nothing => return None,
        };
        let raw = |name: &str| text_of(&row, name);
        let customer = raw(part::CUSTOMER).and_then(|cell| one_key(cell, self.key_form));
        let key = self.key(&row);
        let Row { line, fields, decimals, unmapped: others, .. } = row;
        let values = records.read_with(fields, &decimals).values;
        let money = values.standard(part::AMOUNT).and_then(Amount::parse).map(|amount| Money {
            amount,
            currency: match &self.stream.currency {
                CurrencyOf::Unknown => None,
                CurrencyOf::One(currency) => Some(*currency),
                CurrencyOf::Column(_) => {
                    values.get(part::CURRENCY).and_then(|value| Currency::parse(value.shown()))
                }
            },
        });
        let properties = self.stream.properties.iter().filter_map(|property| {
            let value = values.get(property.name.as_str())?;
            let more = others.iter().find(|(column, _)| *column == property.column);
            if property.each {
                let all = more.iter().flat_map(|(_, more)| more.split('\n'));
                let text = counted_items(std::iter::once(value.shown()).chain(all));
                return Some((CompactString::from(property.name.as_str()), text));
            }
            let mut text: CompactString = value.shown().into();
            // Rows that were joined said other things there as well.
            for other in more.iter().flat_map(|(_, more)| more.split('\n')) {
                if !other.trim().is_empty() && other != value.raw() {
                    text.push_str("; ");
                    text.push_str(other.trim());
                }
            }
            Some((CompactString::from(property.name.as_str()), text))
        });
        let properties = properties.collect();
        let handles = self.stream.handles.iter().filter_map(|(field, _)| {
            let value = values.standard(field.as_str())?;
            Some((field.clone(), value.into()))
        });
        let handles = handles.collect();
        let activity = Activity { key, kind, at, money, properties, line };
        Some(ReadActivity { activity, customer, handles, values: shown(values, at) })
    }

    fn time(&self, text: &str) -> Option<ActivityTime> {
        let moment = moment(text, &of_updated(&self.settings, &self.reading, self.day))?;
        Some(ActivityTime { at: moment.at, offset: moment.offset, is_day: moment.is_day })
    }

    /// The key of a row; empty where the stream has none. A single one as the reader has it; of several columns their
    /// texts, a stroke between.
    #[must_use]
    pub fn key(&self, row: &Row) -> CompactString {
        match self.stream.key.len() {
            0 => CompactString::default(),
            1 => row.key.clone(),
            parts => {
                let mut key = CompactString::default();
                for place in 0..parts {
                    if place > 0 {
                        key.push('|');
                    }
                    let text = text_of(row, &part::key(place)).unwrap_or_default();
                    for letter in text.trim().chars() {
                        if matches!(letter, '|' | '\\') {
                            key.push('\\');
                        }
                        key.push(letter);
                    }
                }
                key
            }
        }
    }

    fn kind(&self, row: &Row) -> Told {
        match &self.stream.kind {
            KindOf::One(kind) => Told::One(kind.clone()),
            KindOf::Column { words, .. } => {
                let Some(word) = text_of(row, part::KIND).map(str::trim) else {
                    return Told::Nothing;
                };
                match words.get(&word.to_lowercase()) {
                    Some(Some(kind)) => Told::One(kind.clone()),
                    Some(None) => Told::LeftOut,
                    None => ActivityKind::from_delivered(word).map_or(Told::Nothing, Told::One),
                }
            }
        }
    }

    /// Why a row cannot be used.
    fn fault(&self, row: &Row) -> Option<QuarantineReason> {
        let kind = self.kind(row);
        if kind == Told::LeftOut {
            return None;
        }
        let column = self.stream.at.clone();
        let Some(time) = row.updated.as_deref().and_then(|text| self.time(text)) else {
            return Some(QuarantineReason::NoTime { column });
        };
        if time.at.to_zoned(TimeZone::UTC).year() < FIRST_YEAR {
            return Some(QuarantineReason::NoTime { column });
        }
        if let Some(key) = self.stream.key.first()
            && self.key(row).len() > LONGEST_KEY
        {
            let (limit, column) = (LONGEST_KEY, Some(key.clone()));
            return Some(QuarantineReason::TooLong { limit, extent: None, column });
        }
        let last = self.day.tomorrow().unwrap_or(self.day);
        if time.at.to_zoned(TimeZone::UTC).date() > last {
            return Some(QuarantineReason::InTheFuture { column });
        }
        if let (Told::Nothing, KindOf::Column { column, .. }) = (&kind, &self.stream.kind) {
            return Some(QuarantineReason::NoKind { column: column.clone() });
        }
        let amount = text_of(row, part::AMOUNT);
        let column = self.stream.amount.clone().unwrap_or_default();
        match amount.map(|text| self.amount(row, text)) {
            Some(Read::Amount) => {}
            Some(Read::Nothing) | None => return None,
            Some(Read::Fault) => return Some(QuarantineReason::NotAnAmount { column }),
        }
        if let CurrencyOf::Column(column) = &self.stream.currency
            && let Some(text) = text_of(row, part::CURRENCY)
            && !Currency::parse(text).is_some_and(|currency| currency.is_known())
        {
            return Some(QuarantineReason::NotACurrency { column: column.clone() });
        }
        None
    }

    fn amount(&self, row: &Row, text: &str) -> Read {
        let name = FieldName::new(part::AMOUNT);
        let is_exact = row.decimals.contains(&name);
        let mut records = self.records();
        let decimals = if is_exact { std::slice::from_ref(&name) } else { &[] };
        let read = records.read_with([(name.clone(), text)], decimals);
        match read.values.get(part::AMOUNT) {
            None => Read::Nothing,
            Some(value) => match value.standard().and_then(Amount::parse) {
                Some(_) => Read::Amount,
                None => Read::Fault,
            },
        }
    }
}

/// What a row's kind is.
#[derive(Debug, PartialEq, Eq)]
enum Told {
    One(ActivityKind),
    /// `steward.toml` leaves it out.
    LeftOut,
    /// None that can be kept.
    Nothing,
}

/// What a cell with a sum holds.
enum Read {
    Amount,
    /// A word for nothing.
    Nothing,
    Fault,
}

/// `Hat x2; Mug`: what the rows of an activity say, each once, with how often.
fn counted_items<'t>(all: impl Iterator<Item = &'t str>) -> CompactString {
    let mut items: Vec<(&str, u32)> = Vec::new();
    for item in all.map(str::trim).filter(|item| !item.is_empty()) {
        match items.iter_mut().find(|(own, _)| *own == item) {
            Some((_, count)) => *count += 1,
            None => items.push((item, 1)),
        }
    }
    let mut text = CompactString::default();
    for (item, count) in items {
        if !text.is_empty() {
            text.push_str("; ");
        }
        text.push_str(item);
        if count > 1 {
            text.push_str(&format_compact!(" x{count}"));
        }
    }
    text
}

/// The text of a part, where anything stands there.
fn text_of<'r>(row: &'r Row, name: &str) -> Option<&'r str> {
    let (_, text) = row.fields.iter().find(|(field, _)| field.as_str() == name)?;
    Some(text.as_str()).filter(|text| !text.trim().is_empty())
}

/// The values with the time among them.
fn shown(mut values: Values, at: ActivityTime) -> Values {
    values.set(FieldName::new(part::AT), Value::as_delivered(at.to_compact_string()));
    values
}

/// What sets rows aside that cannot be used: without a time or with one in the future, with an amount or a currency that
/// cannot be read, without a kind.
#[must_use]
pub fn judge(reading: StreamReading) -> Judge {
    let reading = Arc::new(reading);
    Arc::new(move |row| reading.fault(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Delivered, Input, Options, Reader, Wanted};
    use crate::harmonise::{Evidence, Survey};
    use domain::Place;

    const SETTINGS: &str = "[workspace]\nname = \"a\"\nregion = \"DE\"\n[fields.email]\ntype = \"email\"\n\
        [sources.shop]\nkey = \"id\"\nmap = { email = \"email\" }\n";
    const ORDERS: &str = "[streams.orders]\nsource = \"shop\"\nkey = \"order\"\nat = \"when\"\n\
        subject = { key = \"customer\", else = \"email\" }\n";

    /// What becomes of each row of a file, as a line.
    fn read(stream: &str, csv: &str) -> Vec<String> {
        let settings = settings::parse(&format!("{SETTINGS}{stream}")).unwrap();
        let stream = settings.streams[0].clone();
        let (own, source) = (stream.read_by(&settings), stream.reads().clone());
        let day = jiff::civil::date(2026, 11, 28);
        let options = Options { file: "orders.csv".to_owned(), ..Options::default() };
        let open = || Reader::open(Input::of(csv.as_bytes().to_vec()), &source, &options).unwrap();
        let mut first = open();
        let mut survey = Survey::of(&own, &source, day);
        let fields: Vec<FieldName> = survey.fields().cloned().collect();
        let wanted = Wanted { fields, updated: survey.looks_at_updated() };
        let mut show = |it: crate::acquire::Glance<'_>| {
            survey.note(it.place, it.line, it.text, it.is_boolean);
        };
        while first.glance(&wanted, &mut show).unwrap() {}
        let region = Some("DE");
        let evidence =
            Evidence { source: &source, region, begun: None, earlier: &[], place: Place::Line };
        let reading = survey.decide(&evidence).unwrap();
        let reading = StreamReading { stream, settings: own, key_form: None, reading, day };
        let times = reading.clone();
        let time: crate::acquire::TimeOf =
            Arc::new(move |text: &str| times.time(text).map(|it| it.at));
        let reader = open().settling(first.repeated_keys(), time).judging(judge(reading.clone()));
        let mut records = reading.records();
        let mut told = Vec::new();
        for delivered in reader.map(Result::unwrap) {
            match delivered {
                Delivered::Quarantined(row) => told.push(format!("{}! {}", row.line, row.reason)),
                Delivered::Skipped(_) => {}
                Delivered::Row(mut row) => {
                    let later = std::mem::take(&mut row.later);
                    for row in std::iter::once(row).chain(later) {
                        told.push(
                            reading.read(&mut records, row).map_or("left out".to_owned(), line),
                        );
                    }
                }
            }
        }
        told
    }

    fn line(read: ReadActivity) -> String {
        let ReadActivity { activity, customer, handles, .. } = read;
        let Activity { key, kind, at, money, properties, .. } = activity;
        let money = money.map(|money| format!(" {money}")).unwrap_or_default();
        let properties: String =
            properties.iter().map(|(name, value)| format!(" {name}={value}")).collect();
        let handles: String = handles.iter().map(|(_, value)| format!(" ~{value}")).collect();
        let customer = customer.map(|key| format!(" @{key}")).unwrap_or_default();
        format!("{key} {kind} {at}{money}{properties}{customer}{handles}")
    }

    #[test]
    fn an_order_is_read_as_its_source_writes() {
        let stream = format!(
            "{ORDERS}kind = \"purchase\"\namount = \"total\"\ncurrency = \"cur\"\nzone = \"Europe/Berlin\"\nproperties = [\"Channel\"]\n"
        );
        let csv = "order;when;customer;email;total;cur;Channel\n\
            A1;03.05.2026 10:15;'1001;Ann@X.de;1.234,50;eur;web\n\
            A2;04.05.2026;;bob@x.de;;;\n";
        let expected = [
            "A1 purchase 2026-05-03T10:15:00+02:00 1234.50 EUR channel=web @1001 ~ann@x.de",
            "A2 purchase 2026-05-04+02:00 ~bob@x.de",
        ];
        assert_eq!(read(&stream, csv), expected);
    }

    #[test]
    fn what_cannot_be_used_is_set_aside_and_says_why() {
        let stream = format!(
            "{ORDERS}kind = {{ column = \"event\", ping = \"\" }}\namount = \"total\"\ncurrency = \"cur\"\n"
        );
        let csv = "order,when,customer,email,event,total,cur\n\
            1,,7,,buy,1,EUR\n\
            2,yesterday,7,,buy,1,EUR\n\
            3,2027-01-01,7,,buy,1,EUR\n\
            4,2026-05-03T10:15:00Z,7,,,1,EUR\n\
            5,2026-05-03T10:15:00Z,7,,buy,much,EUR\n\
            6,2026-05-03T10:15:00Z,7,,buy,1.00001,EUR\n\
            7,2026-05-03T10:15:00Z,7,,buy,1,Euro\n\
            8,2026-05-03T10:15:00Z,7,,buy,1,XYZ\n\
            9,2026-05-03T10:15:00Z,7,,Ping,1,EUR\n\
            10,2026-05-03T10:15:00Z,7,,Buy,,n/a\n\
            ,2026-05-03T10:15:00Z,7,,buy,1,EUR\n\
            12,2026-05-03T10:15:00Z,7,,buy,1,EUR\n\
            12,2026-05-03T10:15:00Z,7,,buy,2,EUR\n\
            13,2026-05-03T10:15:00Z,7,,buy,1,EUR\n\
            13,2026-05-04T10:15:00Z,7,,buy,2,EUR\n";
        let expected = [
            "2! column `when` does not say when it was",
            "3! column `when` does not say when it was",
            "4! the time in column `when` is more than a day in the future",
            "5! column `event` does not say what kind of activity it is",
            "6! column `total` does not hold an amount with at most four decimals",
            "7! column `total` does not hold an amount with at most four decimals",
            "8! column `cur` does not hold a currency code of ISO 4217, such as EUR",
            "9! column `cur` does not hold a currency code of ISO 4217, such as EUR",
            "left out",
            "10 buy 2026-05-03T10:15:00Z @7",
            "12! no key in column `order`",
            "13! line 14 has the same key",
            "14! line 13 has the same key",
            "13 buy 2026-05-03T10:15:00Z 1.00 EUR @7",
            "13 buy 2026-05-04T10:15:00Z 2.00 EUR @7",
        ];
        assert_eq!(read(&stream, csv), expected);
    }

    #[test]
    fn an_order_of_several_rows_is_one() {
        let stream = format!(
            "{ORDERS}kind = \"purchase\"\nrows = \"several\"\namount = \"total\"\ncurrency = \"EUR\"\nproperties = {{ items = \"item\" }}\n"
        );
        let csv = "order,when,customer,email,total,item\n\
            A1,2026-05-03 10:15:00 +0200,7,,30,Mug\n\
            A1,,,,,Plate\n\
            A2,2026-05-04 10:15:00 +0200,8,,5,Cup\n\
            A3,,9,,7,Pan\n\
            A3,,9,,,Pot\n";
        let expected = [
            "A1 purchase 2026-05-03T10:15:00+02:00 30.00 EUR items=Mug; Plate @7",
            "A2 purchase 2026-05-04T10:15:00+02:00 5.00 EUR items=Cup @8",
            "5! column `when` does not say when it was",
            "6! column `when` does not say when it was",
        ];
        assert_eq!(read(&stream, csv), expected);
    }

    #[test]
    fn equal_items_of_an_order_are_counted_where_each_row_says_one() {
        let stream = format!(
            "{ORDERS}kind = \"purchase\"\nrows = \"several\"\n\
             properties = {{ items = {{ column = \"item\", each = true }}, channel = \"channel\" }}\n"
        );
        let csv = "order,when,customer,email,item,channel\n\
            A1,2026-05-03 10:15:00 +0200,7,,Hat,web\n\
            A1,2026-05-03 10:15:00 +0200,7,,Hat,web\n\
            A1,,,,Mug,\n\
            A1,2026-05-04 10:15:00 +0200,7,,Hat,web\n\
            A1,,,,,\n\
            A2,2026-05-04 10:15:00 +0200,8,,,shop\n\
            A2,,,,Cup,shop\n\
            A2,,,,Cup,shop\n\
            A3,2026-05-04 10:15:00 +0200,8,,Pan,shop\n";
        let expected = [
            "A1 purchase 2026-05-04T10:15:00+02:00 items=Hat x3; Mug channel=web @7",
            "A2 purchase 2026-05-04T10:15:00+02:00 items=Cup x2 channel=shop @8",
            "A3 purchase 2026-05-04T10:15:00+02:00 items=Pan channel=shop @8",
        ];
        let mut told = read(&stream, csv);
        told.sort();
        assert_eq!(told, expected);
    }

    #[test]
    fn a_time_of_no_year_and_a_key_that_is_a_text_are_set_aside() {
        let stream = format!("{ORDERS}kind = \"purchase\"\n");
        let long = "x".repeat(1001);
        let csv = format!(
            "order,when,customer,email\n1,0001-01-01,7,\n2,0001-01-01T00:00:00Z,7,\n3,1899-12-30,7,\n\
             4,1999-12-31,7,\n{long},2026-05-03,7,\n{},2026-05-03,7,\n",
            &long[..1000]
        );
        let told = read(&stream, &csv);
        let no_time = "column `when` does not say when it was";
        assert_eq!(told[0], format!("2! {no_time}"));
        assert_eq!(told[1], format!("3! {no_time}"));
        assert_eq!(told[2], format!("4! {no_time}"));
        assert!(told[3].starts_with("4 purchase 1999-12-31"), "{}", told[3]);
        assert!(told[4].starts_with("6! ") && told[4].contains("1000"), "{}", told[4]);
        assert!(told[5].contains(" purchase "), "{}", told[5]);
    }

    #[test]
    fn a_key_may_be_made_of_several_columns_or_of_none() {
        let stream = "[streams.clicks]\nsource = \"shop\"\nkey = [\"user\", \"when\", \"event\"]\nat = \"when\"\n\
            kind = { column = \"event\" }\nsubject = \"user\"\n";
        let csv = "user,when,event\na|b,1772446500123456,Page View\na|b,1772446500123456,cart\n";
        let expected = [
            "a\\|b|1772446500123456|Page View page_view 2026-03-02T10:15:00.123456Z @a|b",
            "a\\|b|1772446500123456|cart cart 2026-03-02T10:15:00.123456Z @a|b",
        ];
        assert_eq!(read(stream, csv), expected);
        let stream = stream.replace("key = [\"user\", \"when\", \"event\"]\n", "");
        assert_eq!(read(&stream, csv)[0], " page_view 2026-03-02T10:15:00.123456Z @a|b");
    }
}
