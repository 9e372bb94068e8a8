use std::sync::Arc;

use super::*;
use parquet::basic::{BrotliLevel, Compression, GzipLevel, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArrayType, FloatType, Int32Type,
    Int64Type, Int96, Int96Type,
};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

type Group<'g> = SerializedRowGroupWriter<'g, Vec<u8>>;

/// A file of one group, written as `fill` says.
fn made(schema: &str, compression: Compression, fill: impl FnOnce(&mut Group<'_>)) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    fill(&mut group);
    group.close().unwrap();
    writer.into_inner().unwrap()
}

fn put<T: DataType>(group: &mut Group<'_>, values: &[T::T], levels: Option<(&[i16], &[i16])>) {
    let mut column = group.next_column().unwrap().unwrap();
    let (defined, repeated) = levels.unzip();
    let repeated = repeated.filter(|levels| !levels.is_empty());
    column.typed::<T>().write_batch(values, defined, repeated).unwrap();
    column.close().unwrap();
}

fn texts(texts: &[&str]) -> Vec<ByteArray> {
    texts.iter().map(|text| ByteArray::from(*text)).collect()
}

#[derive(Default)]
struct Taken {
    head: TableHead,
    rows: Vec<CellRow>,
}

impl TakesTable for Taken {
    fn head(&mut self, head: TableHead) -> bool {
        self.head = head;
        true
    }

    fn row(&mut self, row: CellRow) -> bool {
        self.rows.push(row);
        true
    }
}

impl Taken {
    fn column(&self, name: &str) -> Vec<String> {
        let at = self.head.columns.iter().position(|column| column == name).unwrap() as u32;
        let shown = |row: &CellRow| row.cell(at).unwrap().shown().to_string();
        self.rows.iter().map(shown).collect()
    }
}

fn taken(file: &[u8], named: &[&str]) -> Result<Taken, TableError> {
    let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
    let mut taken = Taken::default();
    ParquetReader.read(Input::of(file.to_vec()), &named, &mut taken)?;
    Ok(taken)
}

fn why(file: &[u8]) -> String {
    match taken(file, &[]).err().unwrap() {
        TableError::Damaged(what) | TableError::Refused(what) => what,
        TableError::Unreadable(error) => error.to_string(),
    }
}

#[test]
fn every_type_has_its_text() {
    let file = made(
        "message m {
           required int64 id;
           optional binary name (UTF8);
           required boolean active;
           required int32 day (DATE);
           required int64 here (TIMESTAMP(MICROS, false));
           required int64 there (TIMESTAMP(MILLIS, true));
           required int32 price (DECIMAL(9, 2));
           required fixed_len_byte_array(5) debt (DECIMAL(11, 3));
           required double rate;
           required float small;
           required int96 old;
           required int32 open (TIME(MILLIS, true));
           required binary plain;
           required int64 unsigned (INTEGER(64, false));
         }",
        Compression::SNAPPY,
        |group| {
            put::<Int64Type>(group, &[i64::MAX, 2], None);
            put::<ByteArrayType>(group, &texts(&["Zoë"]), Some((&[1, 0], &[])));
            put::<BoolType>(group, &[true, false], None);
            put::<Int32Type>(group, &[19_782, -1], None);
            put::<Int64Type>(group, &[1_709_251_141_000_001, 0], None);
            put::<Int64Type>(group, &[1_709_251_141_500, 0], None);
            put::<Int32Type>(group, &[-1250, 7], None);
            let debts = [vec![0, 0, 0, 4, 0xe2], vec![0xff; 5]];
            put::<FixedLenByteArrayType>(group, &debts.map(|it| ByteArray::from(it).into()), None);
            put::<DoubleType>(group, &[0.1, 3.0], None);
            put::<FloatType>(group, &[0.1, 3.0], None);
            let mut old = Int96::new();
            old.set_data(0, 0, 2_440_589);
            put::<Int96Type>(group, &[old, old], None);
            put::<Int32Type>(group, &[25_500_000, 0], None);
            put::<ByteArrayType>(group, &[ByteArray::from("Omaha"), vec![0xff, 0].into()], None);
            put::<Int64Type>(group, &[-1, 1], None);
        },
    );
    let taken = taken(&file, &[]).unwrap();
    assert_eq!(taken.head.description, "parquet");
    for (column, expected) in [
        ("id", ["9223372036854775807", "2"]),
        ("name", ["Zoë", ""]),
        ("active", ["true", "false"]),
        ("day", ["2024-02-29", "1969-12-31"]),
        ("here", ["2024-02-29T23:59:01.000001", "1970-01-01T00:00:00"]),
        ("there", ["2024-02-29T23:59:01.5Z", "1970-01-01T00:00:00Z"]),
        ("price", ["-12.50", "0.07"]),
        ("debt", ["1.250", "-0.001"]),
        ("rate", ["0.1", "3"]),
        ("small", ["0.1", "3"]),
        ("old", ["1970-01-02T00:00:00", "1970-01-02T00:00:00"]),
        ("open", ["07:05:00", "00:00:00"]),
        ("plain", ["Omaha", "0xff00"]),
        ("unsigned", ["18446744073709551615", "1"]),
    ] {
        assert_eq!(taken.column(column), expected, "{column}");
    }
}

#[test]
fn columns_in_groups_have_dotted_names_and_lists_are_json() {
    let file = made(
        "message m {
           required int32 id;
           optional group home { optional binary city (UTF8); required int32 floor; }
           optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
           repeated int32 marks;
           optional group other (MAP) { repeated group key_value { required binary key (UTF8); optional int32 value; } }
           optional group visits (LIST) { repeated group list { optional group element { optional int32 day (DATE); } } }
         }",
        Compression::UNCOMPRESSED,
        |group| {
            put::<Int32Type>(group, &[1, 2, 3], None);
            put::<ByteArrayType>(group, &texts(&["Omaha"]), Some((&[2, 1, 0], &[])));
            put::<Int32Type>(group, &[4, 5], Some((&[1, 1, 0], &[])));
            // [a, null], [], none
            put::<ByteArrayType>(group, &texts(&["a"]), Some((&[3, 2, 1, 0], &[0, 1, 0, 0])));
            put::<Int32Type>(group, &[7, 8, 9], Some((&[1, 1, 1, 0], &[0, 1, 0, 0])));
            put::<ByteArrayType>(group, &texts(&["k"]), Some((&[2, 0, 0], &[0, 0, 0])));
            put::<Int32Type>(group, &[6], Some((&[3, 0, 0], &[0, 0, 0])));
            put::<Int32Type>(group, &[1], Some((&[4, 0, 0], &[0, 0, 0])));
        },
    );
    let taken = taken(&file, &["id", "tags.1", "tags.0", "marks.1"]).unwrap();
    for (column, expected) in [
        ("home.city", ["Omaha", "", ""]),
        ("home.floor", ["4", "5", ""]),
        ("tags", ["[\"a\",null]", "", ""]),
        ("tags.0", ["a", "", ""]),
        ("tags.1", ["", "", ""]),
        ("marks", ["[7,8]", "[9]", ""]),
        ("marks.1", ["8", "", ""]),
        ("other.key", ["[\"k\"]", "", ""]),
        ("other.value", ["[6]", "", ""]),
        ("visits.day", ["[\"1970-01-02\"]", "", ""]),
    ] {
        assert_eq!(taken.column(column), expected, "{column}");
    }
    let listed = "parquet; lists, kept as JSON: tags, marks, other.key, other.value, visits.day";
    assert_eq!(taken.head.description, listed);
}

/// Texts that repeat are kept as a dictionary, in several pages.
fn many(compression: Compression, rows: usize) -> Vec<u8> {
    made("message m { required int64 id; optional binary city (UTF8); }", compression, |group| {
        put::<Int64Type>(group, &(0..rows as i64).collect::<Vec<_>>(), None);
        let cities: Vec<&str> =
            (0..rows).filter(|at| at % 3 > 0).map(|at| ["Omaha", "Reno"][at % 2]).collect();
        let defined: Vec<i16> = (0..rows).map(|at| i16::from(at % 3 > 0)).collect();
        put::<ByteArrayType>(group, &texts(&cities), Some((&defined, &[])));
    })
}

#[test]
fn every_compression_is_read_and_rows_keep_their_numbers() {
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::BROTLI(BrotliLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ] {
        let taken = taken(&many(compression, 3_000), &[]).unwrap();
        assert!(taken.rows.iter().map(|row| row.number).eq(1..=3_000), "{compression}");
        assert_eq!(taken.column("city")[..4], ["", "Reno", "Omaha", ""]);
        assert_eq!(taken.column("id")[2_999], "2999");
    }
}

#[test]
fn a_file_that_was_cut_off_is_told_before_any_row() {
    let whole = many(Compression::SNAPPY, 500);
    for length in [0, 3, 4, 8, 11, 100, whole.len() / 2, whole.len() - 1] {
        assert!(why(&whole[..length]).contains("it was cut off"), "{length}");
    }
    // The mark is there, and what stands before it is not.
    let swollen = [&whole[..60], b"\xff\xff\xff\x7fPAR1"].concat();
    assert!(!why(&swollen).is_empty());
    assert!(!why(b"PAR1\0\0\0\0PAR1").is_empty());
}

/// Whatever is damaged is told, or gives other values: nothing hangs, and what gives up is caught
/// where rows are taken from (`intake`'s pump).
#[test]
fn damaged_bytes_end_in_an_error_or_in_rows() {
    let whole = many(Compression::ZSTD(ZstdLevel::default()), 200);
    let mut told = 0;
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        let ended = std::panic::catch_unwind(|| taken(&damaged, &[]).is_err());
        told += usize::from(ended.unwrap_or(true));
    }
    assert!(told * 4 > whole.len(), "{told} of {}", whole.len());
}
