//! How a source writes dates, numbers and times: `dates`, `numbers`, `region`, `zone`.

use std::collections::BTreeMap;

use jiff::tz::TimeZoneDatabase;

use super::country;
use super::field::{Declared, is_declared};
use super::nearest::hint;
use super::reader::{Entry, Findings, Placed, Table, text};
use domain::{DateOrder, FieldName, NumberStyle};

/// How a source writes what could be read in several ways. What is not said here is found out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conventions {
    /// The order of day, month and year; `updated` is the time of change.
    pub dates: PerField<DateOrder>,
    /// How thousands and decimals are parted off.
    pub numbers: PerField<NumberStyle>,
    /// The country whose forms it uses, where that is not the workspace's: ISO 3166-1 alpha-2.
    pub region: Option<String>,
    /// The time zone of its times, where they name none: a name of the IANA database.
    pub zone: Option<String>,
}

/// Something that is said for all fields, or for single ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PerField<T> {
    /// For fields not named below.
    pub default: Option<T>,
    /// For single fields.
    pub fields: BTreeMap<FieldName, T>,
}

impl<T> Default for PerField<T> {
    fn default() -> Self {
        PerField { default: None, fields: BTreeMap::new() }
    }
}

impl<T: Copy> PerField<T> {
    /// What is said for `field`.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<T> {
        self.fields.get(field).copied().or(self.default)
    }

    /// `key = "..."` or `key = { default = "...", field = "..." }`.
    fn read(
        key: &str,
        table: &Table<'_>,
        fields: &[Declared<'_>],
        findings: &mut Findings,
        value: impl Fn(Placed<'_>, &mut Findings) -> Option<T>,
    ) -> Self {
        let mut said = PerField::default();
        let Some(entry) = table.get(key) else { return said };
        let value = |entry: Entry<'_>, findings: &mut Findings| {
            text(entry, findings).and_then(|placed| value(placed, findings))
        };
        if !entry.is_table() {
            said.default = value(entry, findings);
            return said;
        }
        let Some(inner) = Table::of(entry, format!("{} {key}", table.title), findings) else {
            return said;
        };
        for entry in &inner.entries {
            let value = value(*entry, findings);
            if entry.key == "default" {
                said.default = value;
            } else if entry.key == UPDATED
                || is_declared(entry.at, &inner.title, entry.key, fields, findings)
            {
                said.fields.extend(value.map(|value| (FieldName::new(entry.key), value)));
            }
        }
        said
    }
}

/// The name under which the time of change is told from the fields.
pub const UPDATED: &str = "updated";

impl Conventions {
    pub(super) fn read(
        table: &Table<'_>,
        fields: &[Declared<'_>],
        findings: &mut Findings,
    ) -> Conventions {
        let region = table.text("region", findings);
        let zone = table.text("zone", findings);
        Conventions {
            dates: PerField::read("dates", table, fields, findings, order),
            numbers: PerField::read("numbers", table, fields, findings, style),
            region: region.and_then(|region| country::read(region, findings)),
            zone: zone.and_then(|zone| read_zone(zone, findings)),
        }
    }
}

fn order(placed: Placed<'_>, findings: &mut Findings) -> Option<DateOrder> {
    let order = DateOrder::from_name(placed.text);
    if order.is_none() {
        let hint = hint(placed.text, DateOrder::ALL.map(DateOrder::name));
        findings.add(placed.at, format!("`{}` is not a date order{hint}", placed.text));
    }
    order
}

fn style(placed: Placed<'_>, findings: &mut Findings) -> Option<NumberStyle> {
    let style = NumberStyle::from_example(placed.text);
    if style.is_none() {
        let known = NumberStyle::ALL.map(|style| format!("\"{}\"", style.example())).join(", ");
        let text = placed.text;
        findings.add(
            placed.at,
            format!(
                "`{text}` does not show the thousands and decimal separators; write one of {known}"
            ),
        );
    }
    style
}

/// The zone's name as the database spells it.
fn read_zone(placed: Placed<'_>, findings: &mut Findings) -> Option<String> {
    let known = TimeZoneDatabase::bundled();
    let zone = known.get(placed.text).ok();
    let name = zone.as_ref().and_then(|zone| zone.iana_name()).map(str::to_owned);
    if name.is_none() {
        let names: Vec<String> = known.available().map(|name| name.as_str().to_owned()).collect();
        let near = domain::nearest::name(placed.text, names.iter().map(String::as_str));
        let near = near.map_or_else(
            || " such as `Europe/Berlin`".to_owned(),
            |near| format!("; did you mean `{near}`?"),
        );
        findings.add(placed.at, format!("`{}` is not a time zone{near}", placed.text));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    fn source(lines: &str) -> Result<Conventions, Vec<String>> {
        let text = format!(
            "[workspace]\nname='a'\nregion='US'\n[fields.born]\ntype='date_of_birth'\n\
             [fields.limit]\ntype='number'\n[sources.crm]\nkey='id'\n\
             map={{born='b',limit='l'}}\n{lines}\n"
        );
        parse(&text)
            .map(|settings| settings.sources[0].conventions.clone())
            .map_err(|findings| findings.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn for_the_whole_source_or_by_field() {
        let said = source(
            "dates='day-first'\nnumbers={default='1.234,56',limit='1234.56'}\nregion='gb'\n\
             zone='europe/berlin'",
        )
        .unwrap();
        assert_eq!(said.dates.of("born"), Some(DateOrder::DayFirst));
        assert_eq!(said.numbers.of("limit"), Some(NumberStyle::Point));
        assert_eq!(said.numbers.of("other"), Some(NumberStyle::PointComma));
        assert_eq!(said.region.as_deref(), Some("GB"));
        assert_eq!(said.zone.as_deref(), Some("Europe/Berlin"));
        let said = source("dates={updated='month-first'}").unwrap();
        assert_eq!(said.dates.of(UPDATED), Some(DateOrder::MonthFirst));
        assert_eq!(said.dates.of("born"), None);
        assert_eq!(source("").unwrap(), Conventions::default());
    }

    #[test]
    fn what_is_wrong_is_said_with_what_is_known() {
        for (line, expected) in [
            (
                "dates='day first'",
                "line 11: `day first` is not a date order; did you mean `day-first`?",
            ),
            (
                "dates='german'",
                "line 11: `german` is not a date order; known are day-first, month-first and year-first",
            ),
            ("dates={bron='day-first'}", "`bron`"),
            ("dates=1", "line 11: `dates` should be a text, not a number"),
            (
                "numbers='1.234'",
                "line 11: `1.234` does not show the thousands and decimal separators; write one of \
                 \"1,234.56\", \"1.234,56\", \"1 234,56\", \"1 234.56\", \"1'234.56\", \"1234.56\", \
                 \"1234,56\"",
            ),
            ("region='UK'", "line 11: region `UK` is not an ISO 3166-1 alpha-2 country code"),
            (
                "zone='Europe/Berlyn'",
                "line 11: `Europe/Berlyn` is not a time zone; did you mean `Europe/Berlin`?",
            ),
            ("zone='here'", "line 11: `here` is not a time zone"),
            ("date='day-first'", "unknown key `date`"),
        ] {
            let findings = source(line).unwrap_err();
            assert!(findings[0].contains(expected), "{line}: {findings:?}");
        }
    }
}
