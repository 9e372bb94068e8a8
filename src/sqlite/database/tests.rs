use super::*;
use tempfile::TempDir;

/// What was handed out.
#[derive(Default)]
struct Taken {
    head: TableHead,
    rows: Vec<Vec<Cell>>,
    /// What happens after the first row.
    then: Option<Box<dyn FnOnce()>>,
}

impl TakesTable for Taken {
    fn head(&mut self, head: TableHead) -> bool {
        self.head = head;
        true
    }

    fn row(&mut self, row: CellRow) -> bool {
        assert_eq!(row.number, self.rows.len() as u64 + 1);
        self.rows.push(row.cells.into_iter().map(|(_, cell)| cell).collect());
        if let Some(then) = self.then.take() {
            then();
        }
        true
    }
}

/// A database made by those statements.
fn made(sql: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b%.sqlite");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    (folder, path)
}

fn taken(path: &Path, wanted: &Wanted) -> Result<Taken, SqliteError> {
    let mut taken = Taken::default();
    Database::open(path, wanted)?.read(&mut taken)?;
    Ok(taken)
}

fn table(name: &str) -> Wanted {
    Wanted { table: Some(name.to_owned()), ..Wanted::default() }
}

fn query(sql: &str) -> Wanted {
    Wanted { query: Some(sql.to_owned()), ..Wanted::default() }
}

fn why(path: &Path, wanted: &Wanted) -> String {
    taken(path, wanted).err().unwrap().to_string()
}

#[test]
fn every_value_has_its_own_type_whatever_its_column_says() {
    let (_folder, path) = made(
        "CREATE TABLE c (id INTEGER, v);
         INSERT INTO c VALUES (1, 'Zoë'), (2, 1234567890123456789), (3, 1.5), (4, NULL),
             (5, x'ff00'), (6, x'4f6d616861'), (7, ''), (8, 1e300);",
    );
    let taken = taken(&path, &Wanted::default()).unwrap();
    assert_eq!(taken.head.description, "sqlite, table c");
    assert_eq!(taken.head.columns, ["id", "v"]);
    let text = |text: &str| Cell::Text(text.into());
    let expected = [
        text("Zoë"),
        Cell::Whole(1_234_567_890_123_456_789),
        Cell::Float(1.5),
        Cell::Empty,
        Cell::Bytes { beginning: vec![0xff, 0], length: 2 },
        text("Omaha"),
        text(""),
        Cell::Float(1e300),
    ];
    assert!(taken.rows.iter().map(|row| &row[1]).eq(&expected));
}

#[test]
fn of_several_tables_one_must_be_named() {
    let (_folder, path) = made(
        "CREATE TABLE customers (id); CREATE TABLE \"odd \"\"one\"\"\" (x);
         CREATE VIEW good AS SELECT id AS key FROM customers; INSERT INTO customers VALUES (7);",
    );
    assert_eq!(
        why(&path, &Wanted::default()),
        "has several tables: choose one with --table: customers, odd \"one\", good"
    );
    assert_eq!(
        why(&path, &table("custommers")),
        "has no table or view `custommers`; it has customers, odd \"one\", good"
    );
    let customers = taken(&path, &table("Customers")).unwrap();
    assert_eq!(customers.rows, [[Cell::Whole(7)]]);
    assert_eq!(
        customers.head.description,
        "sqlite, table customers; not read: `odd \"one\"`, `good`"
    );
    assert_eq!(taken(&path, &table("good")).unwrap().head.columns, ["key"]);
    assert_eq!(taken(&path, &table("odd \"one\"")).unwrap().head.columns, ["x"]);
    let (_folder, empty) = made("");
    std::fs::write(&empty, b"").unwrap();
    assert_eq!(why(&empty, &Wanted::default()), "has no table");
    assert_eq!(why(&empty, &table("customers")), "has no table or view `customers`; it has none");
}

#[test]
fn a_query_is_one_that_only_reads() {
    let (_folder, path) = made("CREATE TABLE c (id); INSERT INTO c VALUES (1), (2);");
    let read = taken(&path, &query("SELECT id + 1 AS next FROM c WHERE id > 1;")).unwrap();
    assert_eq!(
        (read.rows, read.head.description.as_str()),
        (vec![vec![Cell::Whole(3)]], "sqlite, query")
    );
    for sql in [
        "DELETE FROM c",
        "DELETE FROM c RETURNING id",
        "SELECT 1; DELETE FROM c",
        "",
        "-- none",
        "ATTACH 'x' AS y",
        "CREATE TABLE d (x)",
    ] {
        assert_eq!(why(&path, &query(sql)), "is read-only here: --query takes one SELECT", "{sql}");
    }
    assert_eq!(
        why(&path, &query("SELECT nme FROM c")),
        "cannot answer the query: no such column: nme"
    );
    assert_eq!(taken(&path, &table("c")).unwrap().rows.len(), 2);
}

/// What was committed lies in the log until somebody moves it into the file.
#[test]
fn what_lies_in_a_log_beside_it_is_read_and_nothing_is_changed() {
    let (_folder, path) =
        made("PRAGMA journal_mode=WAL; CREATE TABLE c (id); INSERT INTO c VALUES (1);");
    let writer = Connection::open(&path).unwrap();
    writer.execute_batch("PRAGMA wal_autocheckpoint=0; INSERT INTO c VALUES (2);").unwrap();
    let before = std::fs::read(&path).unwrap();
    assert_eq!(taken(&path, &Wanted::default()).unwrap().rows.len(), 2);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_written_meanwhile_is_not_seen() {
    for journal in ["WAL", "DELETE"] {
        let (_folder, path) = made(&format!(
            "PRAGMA journal_mode={journal}; CREATE TABLE c (id); INSERT INTO c VALUES (1), (2), (3);"
        ));
        let writer = Connection::open(&path).unwrap();
        let database = Database::open(&path, &Wanted::default()).unwrap();
        let write = move || {
            writer.busy_timeout(Duration::ZERO).unwrap();
            let written = writer.execute("INSERT INTO c VALUES (4)", ());
            // Without a log a writer waits for whoever reads.
            assert_eq!(written.is_ok(), journal == "WAL");
        };
        let mut taken = Taken { then: Some(Box::new(write)), ..Taken::default() };
        database.read(&mut taken).unwrap();
        assert_eq!(taken.rows.len(), 3, "{journal}");
    }
}

#[test]
fn what_is_no_sound_database_says_why() {
    let folder = tempfile::tempdir().unwrap();
    assert!(why(&folder.path().join("none"), &Wanted::default()).starts_with("cannot be opened"));
    let (_folder, path) =
        made("CREATE TABLE c (id, t); INSERT INTO c VALUES (1, zeroblob(100000));");
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let torn = why(&path, &Wanted::default());
    assert!(torn.starts_with("is a damaged SQLite database"), "{torn}");
    std::fs::write(&path, [MARK_OF_ONE, &[7; 5000]].concat()).unwrap();
    let torn = why(&path, &Wanted::default());
    assert!(torn.starts_with("is a damaged SQLite database"), "{torn}");
}

const MARK_OF_ONE: &[u8] = crate::MARK;

#[test]
fn a_path_is_an_address_whatever_signs_it_has() {
    assert_eq!(address(Path::new("/a b/ü?#%.db")), "file:/a%20b/%c3%bc%3f%23%25.db?immutable=1");
}
