//! Why a file cannot be read at all.

use domain::QuarantineReason;

use super::COLUMN_LIMIT;
use super::json_columns::ByColumns;
use super::told_columns::ToldColumns;

/// Why a file cannot be imported. Everything but [`AcquireError::Unreadable`] and
/// [`AcquireError::Hopeless`] is found before the first row is delivered. Names files and columns, never a record's values.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    /// The input failed.
    #[error("{file} cannot be read: {cause}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// Nearly nothing in it becomes a record.
    #[error(
        "hardly any of the first {rows} rows of {file} can be used, so reading stopped (is it the \
         right file for this source?)"
    )]
    Hopeless {
        /// The file.
        file: String,
        /// Rows read.
        rows: u64,
    },
    /// Nothing in it.
    #[error("{file} is empty")]
    Empty {
        /// The file.
        file: String,
    },
    /// It wants a password.
    #[error(
        "{file} is encrypted: open it where its password is known, save it without one, and import \
         that"
    )]
    Encrypted {
        /// The file.
        file: String,
    },
    /// What unpacks to far more than it should.
    #[error(
        "{file} unpacks to more than fits in memory, so it is not opened; a sound \
         workbook can be saved again, or exported as CSV"
    )]
    Swollen {
        /// The file.
        file: String,
    },
    /// Cells that lie too far apart.
    #[error(
        "{file} has cells so far apart that the space between them would fill the memory: save it as \
         xlsx, or delete the stray cells"
    )]
    Sparse {
        /// The file.
        file: String,
    },
    /// Called a workbook, and none.
    #[error("{file} is not a workbook: leave out --format, or give its real format")]
    NoWorkbook {
        /// The file.
        file: String,
    },
    /// Columns that have places, and nobody says which.
    #[error(
        "nothing says where the columns of {file} begin: give --widths 10,30, or in steward.toml under \
         [sources.{source_name}] for example columns = [\"id:10\", \"name:30\"]"
    )]
    NoWidths {
        /// The file.
        file: String,
        /// The source.
        source_name: String,
    },
    /// Said to be text, and a file of a format that is known by itself.
    #[error("{file} is {title}: leave --format out")]
    KnownFormat {
        /// The file.
        file: String,
        /// What it is.
        title: &'static str,
    },
    /// Said to be of a format, and not.
    #[error("{file} is not {title}: leave --format out, or give its real format")]
    OtherFormat {
        /// The file.
        file: String,
        /// The format, as a sentence calls it.
        title: &'static str,
    },
    /// Its format is one that only other builds read.
    #[error(
        "{file} is {title}, which this build cannot read: cargo install --path . --features {feature}"
    )]
    NotBuilt {
        /// The file.
        file: String,
        /// The format, as a sentence calls it.
        title: &'static str,
        /// The feature of the build that reads it.
        feature: &'static str,
    },
    /// Not what its format says.
    #[error("{file} is a damaged {noun}: {what}")]
    Damaged {
        /// The file.
        file: String,
        /// What it would be: `Parquet file`.
        noun: &'static str,
        /// What is wrong, without a value.
        what: String,
    },
    /// No sheet of that name.
    #[error("{file} has no sheet `{sheet}`; it has {}", sheets.join(", "))]
    NoSheet {
        /// The file.
        file: String,
        /// The name asked for.
        sheet: String,
        /// The names there are.
        sheets: Vec<String>,
    },
    /// Nothing in the row that is to be the header.
    #[error("{file}: --header-row {row}: that row is empty")]
    NoHeaderRow {
        /// The file.
        file: String,
        /// The row.
        row: u64,
    },
    /// Not text.
    #[error("{file} is not text but {what}: export it as CSV or JSON lines first")]
    Binary {
        /// The file.
        file: String,
        /// What it seems to be.
        what: &'static str,
    },
    /// Of a format that is known and not read.
    #[error("{file} is not text but {what}: {way_out}")]
    Foreign {
        /// The file.
        file: String,
        /// What it is.
        what: &'static str,
        /// What to do with it.
        way_out: &'static str,
    },
    /// Markup, which often goes by the name of a workbook.
    #[error(
        "{file} is {what}, whatever its name says: open it in a spreadsheet program, save it as xlsx \
         or CSV, and import that"
    )]
    Markup {
        /// The file.
        file: String,
        /// What it is.
        what: &'static str,
    },
    /// Said of the file, and without meaning for its format.
    #[error("{flag} does not apply to {file}: its format is {format}")]
    DoesNotApply {
        /// The file.
        file: String,
        /// What was said.
        flag: &'static str,
        /// The format it is in.
        format: &'static str,
    },
    /// Its bytes may be text in several encodings, or in none. The readings are not part of the
    /// message, since they hold a person's data.
    #[error(
        "the encoding of {file} is not certain: set it with --encoding, or in steward.toml under \
         [sources.{source_name}], for example encoding = \"{}\"",
        readings.first().map_or("windows-1252", |reading| reading.encoding)
    )]
    UnsureEncoding {
        /// The file.
        file: String,
        /// The source.
        source_name: String,
        /// The likeliest readings of one line, in order.
        readings: Vec<EncodingReading>,
    },
    /// It looks like ASCII, and rather is in an encoding that is not read.
    #[error(
        "{file} seems to be in {encoding}, which is not supported: convert it first (iconv -f {encoding} \
         -t UTF-8), or use --encoding utf-8 if it is plain text as it is"
    )]
    UnreadEncoding {
        /// The file.
        file: String,
        /// The encoding, by its name for `iconv`.
        encoding: &'static str,
    },
    /// Its bytes say that it is in an encoding that is not read.
    #[error(
        "{file} is in {encoding}, which is not supported: convert it first, for example with iconv -f {iconv} \
         -t UTF-8"
    )]
    NotDecoded {
        /// The file.
        file: String,
        /// The encoding.
        encoding: &'static str,
        /// One of its kind, by its name for `iconv`.
        iconv: &'static str,
    },
    /// There is no such line, or nothing is in it.
    #[error("{file}: --header-row {row}: that line is empty")]
    NoSuchRow {
        /// The file.
        file: String,
        /// The line.
        row: u64,
    },
    /// A pack that cannot be opened.
    #[error("{file} {what}")]
    Pack {
        /// The file.
        file: String,
        /// What is wrong with it, and the way out.
        what: String,
    },
    /// The first line looks like data. The line is not shown, for it may hold a person's data.
    #[error(
        "{file} seems to have no header: its first line names none of the mapped columns and \
         looks like data; add a line with the column names"
    )]
    NoHeader {
        /// The file.
        file: String,
    },
    /// Mapped columns are not in the header.
    #[error("{}", missing_columns(file, missing, columns))]
    MissingColumns {
        /// The file.
        file: String,
        /// The columns asked for, in the order of the settings.
        missing: Vec<MissingColumn>,
        /// The columns there are.
        columns: ToldColumns,
    },
    /// Two columns of one name.
    #[error("{file} has the column `{column}` twice: rename one of them in the header")]
    RepeatedColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// More columns than can be.
    #[error("{file} has {found} columns, more than {COLUMN_LIMIT}")]
    TooManyColumns {
        /// The file.
        file: String,
        /// How many.
        found: usize,
    },
    /// The header is no row.
    #[error("the header of {file} (line {line}) cannot be read: {reason}")]
    BadHeader {
        /// The file.
        file: String,
        /// Its line.
        line: u64,
        /// Why.
        reason: QuarantineReason,
    },
    /// The records stand in a list within an object.
    #[error(
        "{file} holds one JSON object with {} of objects in it: if {} the records, import it with {}",
        if paths.len() == 1 { "a list" } else { "lists" },
        if paths.len() == 1 { "these are" } else { "one of them holds" },
        with_records(paths)
    )]
    RecordsWithin {
        /// The file.
        file: String,
        /// Where the lists stand.
        paths: Vec<String>,
    },
    /// The records are members of one object.
    #[error(
        "{file} holds one JSON object whose members are objects: if these are the records, turn them into a \
         list, each with its key: jq '[{} | {{key: .key}} + .value]' {file}",
        entries(path)
    )]
    RecordsByName {
        /// The file.
        file: String,
        /// The names on the way to that object.
        path: Vec<String>,
    },
    /// The table is written by columns.
    #[error(
        "{file} holds one JSON object whose members are columns, each with the values of all records: turn it \
         into a list of records: jq '{}' {file}",
        how.program()
    )]
    TableByColumns {
        /// The file.
        file: String,
        /// How they are written.
        how: ByColumns,
    },
    /// The rows are lists, without the names of their columns.
    #[error(
        "{file} holds lists instead of objects: if the first list names the columns, turn it into a list of \
         objects: jq '.[0] as $names | .[1:] | map([$names, .] | transpose | map({{(.[0]): .[1]}}) | add)' {file}"
    )]
    ListsOfValues {
        /// The file.
        file: String,
    },
    /// The rows end in something that ends no line.
    #[error(
        "the rows of {file} do not end in line breaks but in {sign}: replace each with one first, with {how}"
    )]
    OneLine {
        /// The file.
        file: String,
        /// What they end in.
        sign: &'static str,
        /// A command that replaces it.
        how: String,
    },
    /// No list stands where it was said.
    #[error(
        "{file} has no list at `{path}`; --records takes the names that lead to it, joined by dots, \
         such as {}",
        found.first().map_or("data.customers", String::as_str)
    )]
    NoRecords {
        /// The file.
        file: String,
        /// Where it was to be.
        path: String,
        /// Where lists of objects stand.
        found: Vec<String>,
    },
    /// A query with two columns of one name.
    #[error("the query returns `{column}` twice: rename one of them with AS")]
    RepeatedInQuery {
        /// The column.
        column: String,
    },
}

/// How words of a line read in an encoding. They hold a person's data: they are shown to whoever
/// imports the file, and written nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct EncodingReading {
    /// The encoding.
    pub encoding: &'static str,
    /// The words of the line that hold more than ASCII.
    pub words: String,
}

impl std::fmt::Debug for EncodingReading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncodingReading").field("encoding", &self.encoding).finish_non_exhaustive()
    }
}

/// A column that a source's settings name and its file lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingColumn {
    /// The column as the settings name it.
    pub column: String,
    /// The most similar column of the file, if one is similar.
    pub nearest: Option<String>,
}

/// `--records a or --records b`.
fn with_records(paths: &[String]) -> String {
    let flags: Vec<String> = paths.iter().map(|path| format!("--records {path}")).collect();
    flags.join(" or ")
}

/// How `jq` calls the members of the object at a path: `.data | to_entries[]`.
fn entries(path: &[String]) -> String {
    let is_plain = |name: &String| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    let part = |name: &String| match is_plain(name) {
        true => format!(".{name}"),
        false => format!(".[\"{}\"]", name.replace('\\', "\\\\").replace('"', "\\\"")),
    };
    match path {
        [] => "to_entries[]".to_owned(),
        path => format!("{} | to_entries[]", path.iter().map(part).collect::<String>()),
    }
}

fn missing_columns(file: &str, missing: &[MissingColumn], columns: &ToldColumns) -> String {
    let mut text = format!("{file} has no column ");
    for (index, one) in missing.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        text.push_str(&format!("`{}`", one.column));
        if let Some(nearest) = &one.nearest {
            text.push_str(&format!(" (did you mean `{nearest}`?)"));
        }
    }
    text.push_str(&format!("; {columns}"));
    text
}
