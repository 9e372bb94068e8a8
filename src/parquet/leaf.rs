//! The columns of a file: its leaves, under dotted names, and what their values are.

use compact_str::CompactString;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::schema::types::{ColumnDescriptor, SchemaDescriptor, Type};

/// A column.
pub(crate) struct Leaf {
    /// Its number in the file.
    pub at: usize,
    /// Its name, with those of the groups around it: `address.city`.
    pub name: CompactString,
    /// What its values are.
    pub kind: Kind,
    /// The definition level of a value that is there.
    pub defined: i16,
    /// The definition level from which on a list has an element; none where it is in no list.
    pub in_list: Option<i16>,
}

/// What the values of a column are, and how they are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Yes or no.
    Bool,
    /// Whole numbers.
    Whole,
    /// Whole numbers that are never negative.
    Unsigned,
    /// Floating-point numbers.
    Float,
    /// The same in sixteen bits.
    Half,
    /// Whole numbers, of which the last digits are decimals.
    Decimal(u32),
    /// Days since 1970.
    Date,
    /// A time of day.
    Time(Unit),
    /// A point in time where it is in UTC, else a day and a time of no zone.
    Timestamp { unit: Unit, utc: bool },
    /// A day and nanoseconds of it, as Impala and Spark once wrote them; nobody says of which zone.
    Int96,
    /// Text.
    Text,
    /// Sixteen bytes.
    Uuid,
    /// Anything else: text, where it can be that.
    Bytes,
}

/// What a time is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    pub(crate) fn nanoseconds(self) -> i128 {
        match self {
            Unit::Milliseconds => 1_000_000,
            Unit::Microseconds => 1_000,
            Unit::Nanoseconds => 1,
        }
    }

    fn of(unit: &TimeUnit) -> Unit {
        match unit {
            TimeUnit::MILLIS => Unit::Milliseconds,
            TimeUnit::MICROS => Unit::Microseconds,
            TimeUnit::NANOS => Unit::Nanoseconds,
        }
    }
}

impl Leaf {
    /// Every column of a file.
    pub(crate) fn all(schema: &SchemaDescriptor) -> Vec<Leaf> {
        let mut names = Vec::with_capacity(schema.num_columns());
        name_all(schema.root_schema(), "", &mut names);
        let columns = schema.columns().iter().zip(names).enumerate();
        columns.map(|(at, (column, name))| Leaf::of(at, name, column)).collect()
    }

    fn of(at: usize, name: CompactString, column: &ColumnDescriptor) -> Leaf {
        let in_list = (column.max_rep_level() > 0).then(|| column.repeated_ancestor_def_level());
        Leaf { at, name, kind: Kind::of(column), defined: column.max_def_level(), in_list }
    }
}

/// Names the leaves below a group, in the order of the file. What only makes a list of its element has
/// no part in the name.
fn name_all(group: &Type, above: &str, names: &mut Vec<CompactString>) {
    for field in group.get_fields() {
        let name = match above {
            "" => CompactString::new(field.name()),
            above => format!("{above}.{}", field.name()).into(),
        };
        if field.is_primitive() {
            names.push(name);
            continue;
        }
        match element_of(field) {
            Some(element) if element.is_primitive() => names.push(name),
            Some(element) => name_all(element, &name, names),
            None => match entries_of(field) {
                Some(entries) => name_all(entries, &name, names),
                None => name_all(field, &name, names),
            },
        }
    }
}

fn is_called(group: &Type, logical: &LogicalType, converted: &[ConvertedType]) -> bool {
    let about = group.get_basic_info();
    about.logical_type_ref() == Some(logical) || converted.contains(&about.converted_type())
}

/// The element of a list, where the group is one; the format's rules of older writers are kept.
fn element_of(group: &Type) -> Option<&Type> {
    if !is_called(group, &LogicalType::List, &[ConvertedType::LIST]) {
        return None;
    }
    let [repeated] = group.get_fields() else { return None };
    if repeated.is_primitive() {
        return Some(repeated);
    }
    let is_element =
        repeated.name() == "array" || repeated.name() == format!("{}_tuple", group.name());
    match repeated.get_fields() {
        [element] if !is_element => Some(element),
        _ => Some(repeated),
    }
}

/// The keys and values of a map, where the group is one.
fn entries_of(group: &Type) -> Option<&Type> {
    let converted = [ConvertedType::MAP, ConvertedType::MAP_KEY_VALUE];
    match group.get_fields() {
        [entries] if is_called(group, &LogicalType::Map, &converted) && entries.is_group() => {
            Some(entries)
        }
        _ => None,
    }
}

impl Kind {
    fn of(column: &ColumnDescriptor) -> Kind {
        let said = column.logical_type_ref().and_then(Kind::said);
        let kind = said.or_else(|| Kind::said_before(column));
        let physical = column.physical_type();
        kind.filter(|kind| kind.fits(physical)).unwrap_or(match physical {
            Physical::BOOLEAN => Kind::Bool,
            Physical::INT32 | Physical::INT64 => Kind::Whole,
            Physical::INT96 => Kind::Int96,
            Physical::FLOAT | Physical::DOUBLE => Kind::Float,
            Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY => Kind::Bytes,
        })
    }

    fn said(logical: &LogicalType) -> Option<Kind> {
        Some(match logical {
            LogicalType::String | LogicalType::Enum | LogicalType::Json => Kind::Text,
            LogicalType::Decimal(decimal) => Kind::Decimal(u32::try_from(decimal.scale).ok()?),
            LogicalType::Date => Kind::Date,
            LogicalType::Time(time) => Kind::Time(Unit::of(&time.unit)),
            LogicalType::Timestamp(at) => {
                Kind::Timestamp { unit: Unit::of(&at.unit), utc: at.is_adjusted_to_u_t_c }
            }
            LogicalType::Integer(number) if number.is_signed => Kind::Whole,
            LogicalType::Integer(_) => Kind::Unsigned,
            LogicalType::Uuid => Kind::Uuid,
            LogicalType::Float16 => Kind::Half,
            _ => return None,
        })
    }

    /// As writers say it that know no logical types. Their timestamps are in UTC.
    fn said_before(column: &ColumnDescriptor) -> Option<Kind> {
        let timestamp = |unit| Kind::Timestamp { unit, utc: true };
        Some(match column.converted_type() {
            ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON => Kind::Text,
            ConvertedType::DECIMAL => Kind::Decimal(u32::try_from(column.type_scale()).ok()?),
            ConvertedType::DATE => Kind::Date,
            ConvertedType::TIME_MILLIS => Kind::Time(Unit::Milliseconds),
            ConvertedType::TIME_MICROS => Kind::Time(Unit::Microseconds),
            ConvertedType::TIMESTAMP_MILLIS => timestamp(Unit::Milliseconds),
            ConvertedType::TIMESTAMP_MICROS => timestamp(Unit::Microseconds),
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64 => Kind::Unsigned,
            _ => return None,
        })
    }

    /// Whether values of that kind can be kept so.
    fn fits(self, physical: Physical) -> bool {
        let is_whole = matches!(physical, Physical::INT32 | Physical::INT64);
        let is_bytes = matches!(physical, Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY);
        match self {
            Kind::Bool => physical == Physical::BOOLEAN,
            Kind::Whole | Kind::Unsigned | Kind::Date => is_whole,
            Kind::Time(_) | Kind::Timestamp { .. } => is_whole,
            Kind::Float => matches!(physical, Physical::FLOAT | Physical::DOUBLE),
            Kind::Decimal(_) => is_whole || is_bytes,
            Kind::Int96 => physical == Physical::INT96,
            Kind::Half | Kind::Text | Kind::Uuid | Kind::Bytes => is_bytes,
        }
    }
}
