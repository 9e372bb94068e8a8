//! What a row is for the desk: fingerprints, whether it came before just as it is, its harmonised values,
//! whether they break a rule. It needs no more of the workspace than its source keys.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};

use compact_str::CompactString;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::dropped::Dropped;
use super::lacking::Wanted;
use super::threads::Prepares;
use super::troubles;
use crate::merges;
use domain::{
    Beginning, FieldName, Fingerprint, Fingerprinter, QuarantinedRow, Reading, RecordAddress,
    RecordBody, Severity, Skipped, Violation,
};
use door::views::Trouble;
use intake::acquire::{
    Columns, Delivered, Existence, Row, TimeOf, old_spellings, with_other_zeros,
};
use intake::harmonise::{self, Records};
use intake::validate;
use ledger::ports::Clock;
use settings::{KeyForm, Settings, Source};
use store::KeyLookup;

/// Lines at the beginning of a file whose rows can be shown, whether they are known or not.
const SHOWN_LINES: u64 = 100;

/// A row ready to be taken in.
pub(super) enum Prepared {
    /// It is known just as it is, with so many rows of its key; the fingerprint of its address, and
    /// whether its source still has it.
    Unchanged(Fingerprint, u64, Existence),
    /// A new record, or other content for a known one.
    Row(PreparedRow),
    /// It cannot become a record; the fingerprint of the address it would have, where that is known.
    Quarantined(QuarantinedRow, Option<Fingerprint>),
    /// What was passed over.
    Skipped(Skipped),
}

/// A row that may change something.
pub(super) struct PreparedRow {
    pub(super) body: RecordBody,
    /// Fingerprint of its address.
    pub(super) key: Fingerprint,
    /// Fingerprint of the row as delivered.
    pub(super) delivered: Fingerprint,
    /// The columns it has.
    pub(super) columns: Arc<Columns>,
    /// Whether its source still has it.
    pub(super) existence: Existence,
    /// Whether it breaks a rule whose severity is `error`.
    pub(super) is_invalid: bool,
    /// What it has for a time of change.
    pub(super) time: Time,
    /// What is wrong with its values, each with its field.
    pub(super) troubles: Vec<(Trouble, CompactString)>,
    /// Rows of the same file that replace it, in order.
    pub(super) later: VecDeque<PreparedRow>,
}

impl PreparedRow {
    /// Whether it has the column of the time of change.
    pub(super) fn has_updated(&self, source: &Source) -> bool {
        source.updated.as_ref().is_some_and(|column| self.columns.has(column))
    }
}

/// What a row has for a time of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// Nothing, or what nobody can read.
    None,
    /// A day: any time of it.
    Day,
    /// A point in time.
    Exact,
}

/// What preparing depends on.
pub(super) struct Preparer {
    settings: Settings,
    source: Source,
    /// How the file is read.
    reading: Reading,
    fingerprinter: Fingerprinter,
    keys: Arc<RwLock<KeyLookup>>,
    clock: Arc<dyn Clock>,
    /// The day of the import.
    day: Date,
    /// The mapped columns.
    wanted: Wanted,
    /// The declared fields, and how they are read. Read otherwise, the same row may become another
    /// record: the fingerprint of every row begins with them.
    fields: Beginning,
    /// Whether earlier versions imported the source: then keys may be held in spellings that are no
    /// longer kept.
    has_old_keys: bool,
    /// What became of columns that nothing is read from.
    dropped: Dropped,
    /// Up to which line rows are prepared though they are known: they are to be shown.
    shown: u64,
}

impl Preparer {
    /// For one source's rows under these settings, read so on `day`.
    pub(super) fn new(
        (settings, source): (Settings, Source),
        reading: Reading,
        fingerprinter: Fingerprinter,
        keys: Arc<RwLock<KeyLookup>>,
        (clock, day): (Arc<dyn Clock>, Date),
    ) -> Preparer {
        let fields = settings.fields.iter();
        let fields = fields.map(|field| format!("{} {}\n", field.name, field.field_type.name()));
        let fields = fields.chain([harmonise::beyond_customs(&settings, &reading)]);
        // Where columns are said to name merges, rows that came before are looked at for them.
        let merged = &source.merged;
        let merged =
            (!merged.is_empty()).then(|| format!("merged {:?}", (&merged.into, &merged.from)));
        let deleted = source.deleted.as_ref().map(|mark| format!("deleted {mark:?}"));
        let fields = fields.chain(merged).chain(deleted);
        let fields = fingerprinter.beginning_with([fields.collect::<String>().as_str()]);
        let wanted = Wanted::of(&source);
        Preparer {
            settings,
            source,
            reading,
            fingerprinter,
            keys,
            clock,
            day,
            wanted,
            fields,
            has_old_keys: false,
            dropped: Dropped::default(),
            shown: 0,
        }
    }

    /// The same, for a source whose keys earlier versions may have kept in other spellings.
    pub(super) fn with_old_keys(self, has_old_keys: bool) -> Preparer {
        Preparer { has_old_keys, ..self }
    }

    /// The same, for rows that are to be shown as they are read.
    pub(super) fn showing(self) -> Preparer {
        Preparer { shown: SHOWN_LINES, ..self }
    }

    /// The same, for rows all of which are prepared though they may be known.
    pub(super) fn preparing_all(self) -> Preparer {
        Preparer { shown: u64::MAX, ..self }
    }

    /// What reads its records.
    pub(super) fn records(&self) -> Records<'_> {
        Records::of(&self.settings, self.source.name.as_str(), &self.reading, self.day)
    }

    /// The day that it is.
    pub(super) fn today(&self) -> Date {
        self.clock.now().to_zoned(TimeZone::UTC).date()
    }

    fn prepared(
        &self,
        records: &mut Records<'_>,
        row: Row,
        (key, delivered): (Fingerprint, Fingerprint),
        context: &validate::Context,
    ) -> PreparedRow {
        let columns = Arc::clone(&row.columns);
        let existence = Existence::of_row(&self.source, &row);
        let time = row.updated.clone();
        let body = self.body(records, row);
        let is_invalid = self.is_invalid(&body, context);
        let troubles = troubles::of(&body, &self.source, time.as_deref(), context.today);
        let later = VecDeque::new();
        let time = self.time_of(body.updated, time.as_deref());
        PreparedRow { body, key, delivered, columns, existence, is_invalid, time, troubles, later }
    }

    /// What a text says that was read as a time of change.
    fn time_of(&self, at: Option<Timestamp>, text: Option<&str>) -> Time {
        let (Some(at), Some(text)) = (at, text) else { return Time::None };
        let zone = harmonise::zone_of_updated(&self.reading);
        let begins = at.to_zoned(zone).time() == jiff::civil::Time::MIN;
        if begins && !text.contains(':') { Time::Day } else { Time::Exact }
    }

    /// A record that is held under another spelling of its key keeps it.
    fn keep_spellings(&self, rows: &mut [Delivered]) {
        let mut keys = None;
        for delivered in rows {
            let Delivered::Row(row) = delivered else { continue };
            let is_plain =
                row.spelling.is_none() && row.later.iter().all(|row| row.spelling.is_none());
            let has_zeros = matches!(self.source.key_form, Some(KeyForm::Digits(_)));
            if is_plain && !self.has_old_keys && !has_zeros {
                continue;
            }
            let keys = keys
                .get_or_insert_with(|| self.keys.read().unwrap_or_else(PoisonError::into_inner));
            let is_held = |key: &&CompactString| keys.get(self.address(key)).is_some();
            if is_held(&&row.key) {
                continue;
            }
            let later = row.later.iter().filter_map(|row| row.spelling.as_ref());
            let mut held = row.spelling.iter().chain(later).find(is_held).cloned();
            if held.is_none() && self.has_old_keys {
                let mut spellings = old_spellings(&row.key).map(CompactString::from);
                held = spellings.find(|key| is_held(&key));
            }
            if held.is_none() && has_zeros {
                held = with_other_zeros(&row.key).find(|key| is_held(&key));
            }
            if let Some(held) = held {
                row.later.iter_mut().for_each(|row| row.key = held.clone());
                row.key = held;
            }
        }
    }

    fn is_invalid(&self, body: &RecordBody, context: &validate::Context) -> bool {
        let is_error = |broken: &Violation| broken.severity == Severity::Error;
        validate::breaks(&self.settings, Severity::Error, &body.values, context)
            || validate::stale(&self.settings, &body.values, body.updated, self.clock.now())
                .iter()
                .any(is_error)
    }

    /// What the record of that key in its source is known by.
    pub(super) fn address(&self, key: &str) -> Fingerprint {
        self.fingerprinter.of([self.source.name.as_str(), key])
    }

    /// Of a row's address, and of all that was delivered for it in the end.
    fn fingerprints(&self, delivered: &Delivered) -> Option<(Fingerprint, Fingerprint)> {
        let Delivered::Row(row) = delivered else { return None };
        Some(self.fingerprints_of(last(row)))
    }

    /// Of a row's address, and of all that was delivered for it.
    fn fingerprints_of(&self, row: &Row) -> (Fingerprint, Fingerprint) {
        let key = self.address(&row.key);
        let mapped = row.fields.iter().flat_map(|(field, text)| [field.as_str(), text.as_str()]);
        let unmapped =
            row.unmapped.iter().flat_map(|(column, text)| [column.as_str(), text.as_str()]);
        // The same text says something else where it is no number.
        let numbers = row.decimals.iter().filter(|field| could_be_thousands(row, field));
        let numbers = numbers.flat_map(|field| ["\0", field.as_str()]);
        let parts = mapped.chain(numbers).chain(["\0"]).chain(unmapped).chain(["\0"]);
        (key, self.fields.of(parts.chain(row.updated.as_deref())))
    }

    /// Of a row over a record that keeps what the row has no columns for: the same row with other
    /// columns would be another.
    pub(super) fn of_part(&self, delivered: Fingerprint, columns: &Columns) -> Fingerprint {
        let delivered = delivered.0.to_string();
        self.fingerprinter.of(["part", delivered.as_str()].into_iter().chain(columns.names()))
    }

    /// The addresses of the records that the source says it has merged with one.
    pub(super) fn merged(&self, body: &RecordBody) -> Vec<Fingerprint> {
        merges::said(&self.fingerprinter, &self.source, body)
    }

    /// The mapped columns, and which of them came.
    pub(super) fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The columns that were dropped, ascending.
    pub(super) fn dropped(&self) -> Vec<String> {
        self.dropped.names()
    }

    /// The source whose rows these are.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// What the record is that a row delivers.
    pub(super) fn body(&self, records: &mut Records<'_>, row: Row) -> RecordBody {
        let Row { line, key, mut fields, mut unmapped, updated, decimals, .. } = row;
        let described = (&self.settings, &self.source);
        harmonise::join_parts(&mut fields, &unmapped, described, &self.reading);
        let context = harmonise::of_updated(&self.settings, &self.reading, self.day);
        let read = |text: &str| harmonise::timestamp(text, &context);
        let at = updated.as_deref().and_then(read);
        if let (Some(text), None, Some(column)) = (updated, at, &self.source.updated) {
            // A time nobody can read is still what was delivered.
            unmapped.push((column.as_str().into(), text.into()));
        }
        let read = records.read_with(fields, &decimals);
        RecordBody {
            address: RecordAddress::new(&self.source.name, &key),
            values: read.values,
            absent: read.absent,
            decimals,
            unmapped,
            updated: at,
            line,
        }
    }
}

impl Prepares for Preparer {
    type Prepared = Prepared;
    type Hand<'a> = Records<'a>;

    fn hand(&self) -> Records<'_> {
        self.records().remembering()
    }

    fn prepare(&self, records: &mut Records<'_>, mut rows: Vec<Delivered>) -> Vec<Prepared> {
        self.keep_spellings(&mut rows);
        self.dropped.drop_from(&mut rows, &self.source);
        for delivered in &rows {
            if let Delivered::Row(row) = delivered {
                self.wanted.came(&row.columns);
                row.later.iter().for_each(|row| self.wanted.came(&row.columns));
            }
        }
        let fingerprints: Vec<_> = rows.iter().map(|row| self.fingerprints(row)).collect();
        let unchanged: Vec<bool> = {
            let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
            let known = |(row, of_row): (&Delivered, &Option<(Fingerprint, Fingerprint)>)| {
                let (Delivered::Row(row), Some((key, delivered))) = (row, of_row) else {
                    return false;
                };
                keys.is_unchanged(*key, *delivered)
                    || keys.get(*key).is_some()
                        && keys.is_unchanged(*key, self.of_part(*delivered, &last(row).columns))
            };
            rows.iter().zip(&fingerprints).map(known).collect()
        };
        let context = validate::Context { today: self.today() };
        let rows = rows.into_iter().zip(fingerprints).zip(unchanged);
        rows.map(|((row, fingerprints), unchanged)| match (row, fingerprints) {
            (Delivered::Row(row), Some((key, _))) if unchanged && row.line > self.shown => {
                let existence = Existence::of_row(&self.source, last(&row));
                Prepared::Unchanged(key, 1 + row.later.len() as u64, existence)
            }
            (Delivered::Row(row), Some(known_by)) if row.later.is_empty() => {
                Prepared::Row(self.prepared(records, row, known_by, &context))
            }
            (Delivered::Row(mut row), _) => {
                let later = std::mem::take(&mut row.later);
                let mut prepared = |row: Row| {
                    let known_by = self.fingerprints_of(&row);
                    self.prepared(records, row, known_by, &context)
                };
                let first = prepared(row);
                let later = later.into_iter().map(prepared).collect();
                Prepared::Row(PreparedRow { later, ..first })
            }
            (Delivered::Skipped(skipped), _) => Prepared::Skipped(skipped),
            (Delivered::Quarantined(row), _) => {
                let key = row.key.as_deref().map(|key| self.address(key));
                Prepared::Quarantined(row, key)
            }
        })
        .collect()
    }
}

/// Whether a field's number with decimals would be a whole one as a text in some countries: `1.500`.
fn could_be_thousands(row: &Row, field: &FieldName) -> bool {
    let text = row.fields.iter().find(|(name, _)| name == field).map(|(_, text)| text);
    let decimals = text.and_then(|text| text.split_once('.'));
    decimals.is_some_and(|(_, decimals)| decimals.len() == 3)
}

/// The row that counts in the end of those of one key.
fn last(row: &Row) -> &Row {
    row.later.last().unwrap_or(row)
}

/// Reads the time of change of a source whose file is read so.
pub(super) fn time_of(settings: &Settings, reading: &Reading, day: Date) -> TimeOf {
    let (settings, reading) = (settings.clone(), reading.clone());
    Arc::new(move |text| {
        harmonise::timestamp(text, &harmonise::of_updated(&settings, &reading, day))
    })
}

#[cfg(test)]
pub(super) mod tests {
    use jiff::Timestamp;

    use super::*;
    use intake::acquire::{Input, Options, Reader};

    pub(in super::super) const SETTINGS: &str = "[workspace]\nname = \"a\"\nregion = \"US\"\n[fields.city]\ntype = \"city\"\n\
        [sources.crm]\nkey = \"id\"\nmap = { city = \"city\" }\n";

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }
    }

    /// The keys of the records that rows with these keys become, where one is held under that address.
    fn keys_of(cells: &[&str], held: &str) -> Vec<String> {
        let settings = settings::parse(SETTINGS).unwrap();
        let source = settings.sources[0].clone();
        let options = Options { file: "crm.csv".to_owned(), ..Options::default() };
        let rows: String = cells.iter().map(|cell| format!("{cell},Omaha\n")).collect();
        let input = Input::of(format!("id,city\n{rows}").into_bytes());
        let reader = Reader::open(input, &source, &options).unwrap();
        let fingerprinter = Fingerprinter::new([7; 32]);
        let mut keys = KeyLookup::default();
        keys.note(fingerprinter.of(["crm", held]), domain::RecordId(0), Fingerprint(1));
        let keys = Arc::new(RwLock::new(keys));
        let clock: Arc<dyn Clock> = Arc::new(Still);
        let clock = (clock, jiff::civil::date(1970, 1, 1));
        let read_as = (settings, source);
        let preparer = Preparer::new(read_as, Reading::default(), fingerprinter, keys, clock);
        let preparer = preparer.with_old_keys(true);
        let prepared =
            preparer.prepare(&mut preparer.records(), reader.map(Result::unwrap).collect());
        let rows = prepared.into_iter().filter_map(|prepared| match prepared {
            Prepared::Row(row) => Some(row.body.address.key.to_string()),
            _ => None,
        });
        rows.collect()
    }

    #[test]
    fn a_key_already_held_keeps_its_spelling() {
        let cells = ["1001.0", "=1002", "1003"];
        // A formula in place of its result is no key, and its row is set aside.
        assert_eq!(keys_of(&cells, "1001.0"), ["1001.0", "1003"]);
        assert_eq!(keys_of(&cells, "1001"), ["1001", "1003"]);
        assert_eq!(keys_of(&["'7", "8.0"], "'7"), ["'7", "8"]);
    }

    #[test]
    fn a_plain_key_finds_what_an_earlier_version_held_under_another_spelling() {
        for held in
            ["1001.0", "1001,0", "1001.00", "1001.", "=\"1001\"", "'1001", "'1001'", "=1001"]
        {
            assert_eq!(keys_of(&["1001", "1002"], held), [held, "1002"]);
        }
        assert_eq!(keys_of(&["1001"], "1001"), ["1001"]);
        assert_eq!(keys_of(&["1001"], "10010"), ["1001"]);
    }
}
