//! Whole records: the country first, the rest by it.

use std::borrow::Cow;

use compact_str::CompactString;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::memory::Memory;
use super::nothing::{self, Word};
use super::person_name::FullName;
use super::{
    Context, Dates, absence, alphabet, clean, customs, damage, listed, number, value,
    value_and_name,
};
use crate::mojibake;
use domain::{
    FieldName, FieldType, GenderLetters, NumberStyle, Reading, SwappedDates, Value, Values,
};
use settings::{CodeList, Settings, UPDATED};

/// A record's values as they were read.
#[derive(Debug, Clone, Default)]
pub struct ReadRecord {
    /// The values of fields that have one.
    pub values: Values,
    /// What was delivered for the others: words for nothing.
    pub absent: Vec<(FieldName, CompactString)>,
}

/// Reads one record, and gives its values without what was delivered for absent ones; see [`Records`].
#[must_use]
pub fn record(
    settings: &Settings,
    source: &str,
    reading: &Reading,
    delivered: impl IntoIterator<Item = (FieldName, String)>,
    today: Date,
) -> Values {
    Records::of(settings, source, reading, today).read(delivered).values
}

/// Reads whole records of one source under the same settings, as of the same day.
///
/// The country of a record is read first and decides, else the region of the source or the workspace,
/// how its other values are; dates and numbers are read as `reading` says of their columns. Where the
/// record fills a full name but not its declared given name, family name or suffix, these are taken from
/// it, their raw value being the delivered full name. A field with a code list is read by that first. A field
/// the settings do not declare is read as text.
pub struct Records<'a> {
    settings: &'a Settings,
    source: &'a str,
    reading: &'a Reading,
    anywhere: Context<'a>,
    /// Those that came so far, in the order in which they came.
    columns: Vec<Column<'a>>,
    /// The fields of countries.
    countries: Vec<FieldName>,
    /// The fields that a full name's parts go into.
    parts: [Vec<FieldName>; 3],
    remembers: bool,
}

/// The values of one field.
struct Column<'a> {
    field: FieldName,
    field_type: FieldType,
    list: Option<&'a CodeList>,
    dates: Dates,
    numbers: Option<NumberStyle>,
    genders: Option<GenderLetters>,
    /// The words that its source writes there for nothing.
    nothing: Vec<Word<'a>>,
    /// Whether its names are in capitals, so that `NULL` may be one.
    is_shouted: bool,
    memory: Memory,
}

/// The types of a full name's parts.
const PARTS: [FieldType; 3] = [FieldType::GivenName, FieldType::FamilyName, FieldType::NameSuffix];

impl<'a> Records<'a> {
    /// A reader of records.
    #[must_use]
    pub fn of(
        settings: &'a Settings,
        source: &'a str,
        reading: &'a Reading,
        today: Date,
    ) -> Records<'a> {
        let fields_of = |of| settings.fields_of(of).map(|it| it.name.clone()).collect();
        Records {
            settings,
            source,
            reading,
            anywhere: context(settings, reading, today),
            columns: Vec::new(),
            countries: fields_of(FieldType::Country),
            parts: PARTS.map(fields_of),
            remembers: false,
        }
    }

    /// The same, for many records: values that come again are read once.
    #[must_use]
    pub fn remembering(self) -> Records<'a> {
        Records { remembers: true, ..self }
    }

    /// Reads a record's delivered values; absent ones are set apart.
    #[must_use]
    pub fn read<T: AsRef<str>>(
        &mut self,
        delivered: impl IntoIterator<Item = (FieldName, T)>,
    ) -> ReadRecord {
        self.read_with(delivered, &[])
    }

    /// The same, where the texts of these fields were numbers with decimals in the file: a point parts
    /// them, however the texts of their column are written.
    #[must_use]
    pub fn read_with<T: AsRef<str>>(
        &mut self,
        delivered: impl IntoIterator<Item = (FieldName, T)>,
        decimals: &[FieldName],
    ) -> ReadRecord {
        let delivered: Vec<(FieldName, T)> = delivered.into_iter().collect();
        let country = self.country(&delivered);
        let standard = country.as_ref().and_then(|(_, country)| country.standard());
        let context = Context { country: standard, ..self.anywhere };
        let texts = delivered.iter().map(|(_, raw)| raw.as_ref());
        let dotless = alphabet::dotless_of(context.customs(), texts);
        let context = Context { dotless, ..context };
        let are_no_names = self.are_no_names(&delivered);
        let (mut full_name, mut absent) = (None, Vec::new());
        let mut values = Values::with_capacity(delivered.len() + 2);
        let mut near = 0;
        for (place, (field, raw)) in delivered.into_iter().enumerate() {
            let at = self.column(&field, near);
            near = at + 1;
            let (read, name) = match &country {
                Some((known, country)) if *known == place => (Some(country.clone()), None),
                _ if decimals.contains(&field) => {
                    (self.columns[at].number(self.source, raw.as_ref(), &context), None)
                }
                _ if are_no_names && PARTS[..2].contains(&self.columns[at].field_type) => {
                    (None, None)
                }
                _ => self.columns[at].value(self.source, raw.as_ref(), &context),
            };
            let Some(read) = read else {
                absent.push((field, CompactString::new(raw)));
                continue;
            };
            let is_name = self.columns[at].field_type == FieldType::FullName;
            if is_name && full_name.is_none() && read.is_readable() {
                full_name = Some((CompactString::new(raw), name));
            }
            values.set(field, read);
        }
        if let Some((raw, name)) = full_name {
            self.split_full_name((&raw, name), &context, &mut values);
        }
        ReadRecord { values, absent }
    }

    /// The place of the column of a field, which is looked for from `near` on.
    fn column(&mut self, field: &FieldName, near: usize) -> usize {
        let count = self.columns.len();
        let mut places = (near..count).chain(0..near.min(count));
        if let Some(at) = places.find(|at| self.columns[*at].field == *field) {
            return at;
        }
        let dates = self.reading.dates.get(field).map_or_else(Dates::default, Dates::of);
        let dates = Dates {
            swapped: self.reading.swapped_dates.get(field).is_some_and(SwappedDates::is_certain),
            ..dates
        };
        let field_type = type_of(self.settings, field.as_str());
        let source = self.settings.source(self.source);
        self.columns.push(Column {
            field: field.clone(),
            field_type,
            nothing: nothing::words(source, self.reading, field, field_type),
            is_shouted: self.reading.shouted_names.contains(field),
            list: self.settings.code_list(field.as_str()),
            dates,
            numbers: self.reading.numbers.get(field).map(|assumed| assumed.value),
            genders: self.reading.genders.get(field).map(|assumed| assumed.value),
            memory: if self.remembers { Memory::default() } else { Memory::of_nothing() },
        });
        count
    }

    /// Whether a row's given name and family name are a program's words for nothing, which only both together
    /// say.
    fn are_no_names<T: AsRef<str>>(&self, delivered: &[(FieldName, T)]) -> bool {
        let of = |part: usize| {
            let mut rows = delivered.iter();
            let found = rows.find(|(field, _)| self.parts[part].contains(field));
            // The longest of these words has four letters, and nearly every name has more or is none of them.
            found.map(|(_, raw)| raw.as_ref().trim()).filter(|raw| matches!(raw.len(), 3 | 4))
        };
        of(0).zip(of(1)).is_some_and(|(given, family)| absence::are_nothing(given, family))
    }

    /// The first country that can be read, and its place in the row.
    fn country<T: AsRef<str>>(&mut self, delivered: &[(FieldName, T)]) -> Option<(usize, Value)> {
        for (place, (field, raw)) in delivered.iter().enumerate() {
            if !self.countries.contains(field) {
                continue;
            }
            let at = self.column(field, place);
            if let (Some(read), _) =
                self.columns[at].value(self.source, raw.as_ref(), &self.anywhere)
                && read.is_readable()
            {
                return Some((place, read));
            }
        }
        None
    }

    fn split_full_name(
        &mut self,
        (raw, name): (&str, Option<FullName>),
        context: &Context<'_>,
        values: &mut Values,
    ) {
        let is_empty = |field: &FieldName| values.get(field.as_str()).is_none();
        let wanted: [Option<FieldName>; 3] = std::array::from_fn(|part| {
            let fields = &self.parts[part];
            fields.first().filter(|_| fields.iter().all(is_empty)).cloned()
        });
        if wanted.iter().all(Option::is_none) {
            return;
        }
        let text = clean::clean(raw, clean::Form::Composed);
        if mojibake::is_damaged(&text) {
            return;
        }
        // What a spreadsheet put around a name is read with it here.
        let is_bare = damage::undone(Cow::Borrowed(&text), FieldType::FullName) == text;
        let name = name.filter(|_| is_bare);
        let Some(name) = name.or_else(|| FullName::parse(&text, context.customs())) else { return };
        let parts = [name.given(), name.family(), name.suffix()];
        for (field, part) in wanted.into_iter().zip(parts) {
            // A part goes through its own type's harmoniser, so that its standard form is that type's.
            let (Some(field), Some(part)) = (field, part) else { continue };
            let at = self.column(&field, 0);
            if let (Some(read), _) = self.columns[at].value(self.source, part, context)
                && let Some(standard) = read.standard()
            {
                values.set(field, Value::standardised(raw, standard));
            }
        }
    }
}

impl Column<'_> {
    /// The value of a text that was a number with decimals.
    fn number(&mut self, source: &str, raw: &str, context: &Context<'_>) -> Option<Value> {
        if self.field_type != FieldType::Number || self.list.is_some() {
            return self.value(source, raw, context).0;
        }
        // A text with an exponent is what a spreadsheet left of a number, a number with one is exact.
        if let Some(plain) = number::without_exponent(raw) {
            return Some(Value::standardised(raw, plain));
        }
        let numbers = Some(NumberStyle::Point);
        value(self.field_type, raw, &Context { numbers, ..*context })
    }

    /// The value, and a full name as it was taken apart, unless it is remembered.
    fn value(
        &mut self,
        source: &str,
        raw: &str,
        context: &Context<'_>,
    ) -> (Option<Value>, Option<FullName>) {
        let Column { field_type, list, dates, numbers, genders, is_shouted, ref nothing, .. } =
            *self;
        let context = match field_type {
            FieldType::Date | FieldType::DateOfBirth => Context { dates, ..*context },
            FieldType::Number => Context { numbers, ..*context },
            FieldType::Gender => Context { genders, ..*context },
            _ => *context,
        };
        let mut name = None;
        let value = self.memory.value(raw, (context.country, context.dotless), || {
            if nothing::says_nothing(nothing, raw)
                && list.is_none_or(|list| list.read(Some(source), raw).is_none())
            {
                return None;
            }
            if is_shouted && absence::is_shouted(raw.trim()) {
                return Some(Value::unreadable(raw));
            }
            if let Some(list) = list {
                return listed::read(list, Some(source), field_type, raw, &context);
            }
            let (value, full) = value_and_name(field_type, raw, &context);
            name = full;
            value
        });
        (value, name)
    }
}

/// How a source's time of change is read.
#[must_use]
pub fn of_updated<'a>(settings: &'a Settings, reading: &'a Reading, today: Date) -> Context<'a> {
    let dates = reading.updated.as_ref().map_or_else(Dates::default, Dates::of);
    let context = context(settings, reading, today);
    // What the column itself says goes before what holds for the source.
    let zone = reading.updated_zone.as_deref().or(context.zone);
    Context { dates, zone, ..context }
}

/// The zone of a source's times of change that name none.
#[must_use]
pub fn zone_of_updated(reading: &Reading) -> TimeZone {
    let name = reading.updated_zone.as_deref().or(reading.zone.as_deref());
    name.and_then(super::timestamp::zone).unwrap_or(TimeZone::UTC)
}

/// What a file's reading says that the customs of the workspace's region do not: read otherwise, the
/// same values may become others.
#[must_use]
pub fn beyond_customs(settings: &Settings, reading: &Reading) -> String {
    let region = settings.workspace.region.as_deref();
    let fields = reading.dates.iter().map(|(field, dates)| (field.as_str(), dates));
    let dates = fields.chain(reading.updated.iter().map(|dates| (UPDATED, dates)));
    let dates = dates.flat_map(|(field, dates)| {
        let orders = [(&dates.plain, false), (&dates.dotted, true)];
        let orders = orders.into_iter().filter_map(move |(order, dotted)| {
            let order = order.as_ref()?.value;
            let custom = customs::date_orders(region, dotted).first();
            (custom != Some(&order)).then(|| format!("{field} {order} {dotted}\n"))
        });
        orders.collect::<Vec<_>>()
    });
    let numbers = reading.numbers.iter().filter_map(|(field, style)| {
        let is_usual = customs::number_style(region)
            .is_some_and(|usual| usual.decimal() == style.value.decimal());
        (!is_usual).then(|| format!("{field} {}\n", style.value))
    });
    let genders = reading.genders.iter();
    let genders = genders.map(|(field, letters)| format!("{field} {}\n", letters.value));
    let own_region = reading.region.as_deref().filter(|own| Some(*own) != region);
    let rest = own_region.into_iter().chain(reading.zone.as_deref());
    let absent = reading.absent.iter().map(|word| format!("absent {}\n", word.value));
    let kept = reading.yes_or_no.iter().filter(|_| !reading.absent.is_empty());
    let kept = kept.map(|field| format!("yes or no {field}\n"));
    let swapped = reading.swapped_dates.iter().filter(|(_, dates)| dates.is_certain());
    let swapped = swapped.map(|(field, _)| format!("swapped {field}\n"));
    let shouted = reading.shouted_names.iter().map(|field| format!("shouted {field}\n"));
    let words = absent.chain(kept).chain(swapped).chain(shouted);
    dates
        .chain(numbers)
        .chain(genders)
        .chain(rest.map(|it| format!("{it}\n")))
        .chain(words)
        .collect()
}

fn context<'a>(settings: &'a Settings, reading: &'a Reading, today: Date) -> Context<'a> {
    let region = reading.region.as_deref().or(settings.workspace.region.as_deref());
    let zone = reading.zone.as_deref();
    let dates = Dates::default();
    let (country, numbers, genders, dotless) = (None, None, None, None);
    Context { region, country, today, dates, numbers, genders, zone, dotless }
}

/// Reads a value a person typed, a correction or a pin of `field`, as if the record that holds
/// `values` had delivered it.
#[must_use]
pub fn typed(
    settings: &Settings,
    field: &str,
    text: &str,
    values: &Values,
    today: Date,
) -> Option<Value> {
    let country = settings
        .fields_of(FieldType::Country)
        .find_map(|country| values.standard(country.name.as_str()));
    let reading = Reading::default();
    let context = Context { country, ..context(settings, &reading, today) };
    let texts = values.iter().map(|(_, value)| value.raw()).chain([text]);
    let dotless = alphabet::dotless_of(context.customs(), texts);
    let context = Context { dotless, ..context };
    let field_type = type_of(settings, field);
    match settings.code_list(field) {
        Some(list) => listed::read(list, None, field_type, text, &context),
        None => value(field_type, text, &context),
    }
}

pub(super) fn type_of(settings: &Settings, field: &str) -> FieldType {
    settings.field(field).map_or(FieldType::Text, |field| field.field_type)
}

#[cfg(test)]
mod tests;
