//! Formats that are known and not read: each is refused by what it is, with the way out.

use std::io::{self, Read};

use cfb::CompoundFile;
use zip::ZipArchive;

use super::input::Input;

/// A format that is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Foreign {
    /// What a file of it is.
    pub what: &'static str,
    /// What to do with it.
    pub way_out: &'static str,
}

/// What is looked at of a file, in bytes.
const BEGINNING: u64 = 512;

const UNPACK: &str = "unpack it first, and import what is in it";
const EXPORT: &str = "export it as CSV or JSON lines first";
const DECRYPT: &str = "decrypt it first, and import what is in it";
const PICTURE: &str = "import the table from the file it was made from";
const SAVE_AS: &str = "copy its table into a spreadsheet, save that as xlsx or CSV, and import it";
const NUMBERS: &str = "export it from there as CSV or Excel (File > Export To), and import that";
const TABLES: &str = "export the table of the customers as CSV or xlsx, and import that";
const PDF: &str = "ask whoever made it for the table as CSV or xlsx";
const ENCRYPTED_PARQUET: &str =
    "write it without encryption where its keys are known, and import that";

/// Formats by how their files begin, at a place.
const MARKS: [(usize, &[u8], &str, &str); 34] = [
    (0, b"PARE", "an encrypted Parquet file", ENCRYPTED_PARQUET),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", UNPACK),
    (0, b"BZh", "compressed with bzip2", UNPACK),
    (0, b"\xfd7zXZ\0", "compressed with xz", UNPACK),
    (0, b"\x28\xb5\x2f\xfd", "compressed with zstd", UNPACK),
    (0, b"\x04\x22\x4d\x18", "compressed with lz4", UNPACK),
    (0, b"LZIP\x01", "compressed with lzip", UNPACK),
    (0, b"\x5d\0\0\x80\0", "compressed with lzma", UNPACK),
    (0, b"\x1f\x9d", "compressed with compress (.Z)", UNPACK),
    (0, b"MSCF\0\0\0\0", "a cabinet archive", UNPACK),
    (257, b"ustar", "a tar archive", UNPACK),
    (0, b"\x1f\x8b", "compressed with gzip", UNPACK),
    (0, b"%PDF-", "a PDF", PDF),
    (0, b"{\\rtf", "an RTF document", SAVE_AS),
    (4, b"Standard ACE DB", "an Access database", TABLES),
    (4, b"Standard Jet DB", "an Access database", TABLES),
    (4, b"MSISAM Database", "a Microsoft Money database", TABLES),
    (0, b"Obj\x01", "an Avro file", EXPORT),
    (0, b"ORC", "an ORC file", EXPORT),
    (0, b"ARROW1\0\0", "an Arrow (Feather) file", EXPORT),
    (0, b"FEA1", "a Feather file", EXPORT),
    (0, b"$FL2@(#)", "an SPSS file", EXPORT),
    (0, b"<stata_dta>", "a Stata file", EXPORT),
    (0, b"\x89HDF\r\n\x1a\n", "an HDF5 file", EXPORT),
    (0, b"PGDMP", "a PostgreSQL dump", "restore it, and import from the database or as CSV"),
    (0, b"-----BEGIN PGP MESSAGE-----", "encrypted with PGP", DECRYPT),
    (0, b"age-encryption.org/", "encrypted with age", DECRYPT),
    (0, b"-----BEGIN AGE ENCRYPTED FILE-----", "encrypted with age", DECRYPT),
    (0, b"Salted__", "encrypted with OpenSSL", DECRYPT),
    (0, b"\x89PNG\r\n\x1a\n", "a picture", PICTURE),
    (0, b"\xff\xd8\xff", "a picture", PICTURE),
    (0, b"GIF8", "a picture", PICTURE),
    (0, b"II*\0", "a picture", PICTURE),
];

/// Documents that are kept as archives, by a file in each.
const IN_ARCHIVES: [(&str, &str, &str); 5] = [
    ("word/document.xml", "a Word document", SAVE_AS),
    ("ppt/presentation.xml", "a PowerPoint presentation", SAVE_AS),
    ("visio/document.xml", "a Visio drawing", SAVE_AS),
    ("Index/Document.iwa", "a Numbers or Pages document", NUMBERS),
    ("Index.zip", "a Numbers or Pages document", NUMBERS),
];

/// Documents that are kept as containers of streams, by a stream in each.
const IN_CONTAINERS: [(&str, &str, &str); 3] = [
    ("/WordDocument", "a Word document", SAVE_AS),
    ("/PowerPoint Document", "a PowerPoint presentation", SAVE_AS),
    ("/__properties_version1.0", "an Outlook message", "save the file attached to it"),
];

/// Which of them a file is.
///
/// # Errors
/// When the input fails.
pub(super) fn of(input: &Input) -> io::Result<Option<Foreign>> {
    let mut beginning = Vec::new();
    input.from_the_beginning().take(BEGINNING).read_to_end(&mut beginning)?;
    let begins =
        |at: usize, mark: &[u8]| beginning.get(at..).is_some_and(|it| it.starts_with(mark));
    let is_it = |(at, mark, ..): &&(usize, &[u8], &str, &str)| begins(*at, mark);
    if let Some((_, _, what, way_out)) = MARKS.iter().find(is_it) {
        return Ok(Some(Foreign { what, way_out }));
    }
    if begins(0, b"PK\x03\x04") {
        let Ok(archive) = ZipArchive::new(input.from_the_beginning()) else { return Ok(None) };
        return Ok(first(&IN_ARCHIVES, |name| archive.index_for_name(name).is_some()));
    }
    if begins(0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        let Ok(file) = CompoundFile::open(input.from_the_beginning()) else { return Ok(None) };
        return Ok(first(&IN_CONTAINERS, |name| file.exists(name)));
    }
    let table = Foreign { what: "a dBASE table (DBF)", way_out: TABLES };
    Ok(is_dbase(&beginning).then_some(table))
}

fn first(
    known: &[(&str, &'static str, &'static str)],
    has: impl Fn(&str) -> bool,
) -> Option<Foreign> {
    let found = known.iter().find(|(name, ..)| has(name));
    found.map(|(_, what, way_out)| Foreign { what, way_out })
}

/// dBASE has no mark of its own: a version, a day, the lengths of its header and rows, and the name of
/// its first column.
fn is_dbase(bytes: &[u8]) -> bool {
    const VERSIONS: [u8; 9] = [0x02, 0x03, 0x04, 0x30, 0x31, 0x32, 0x83, 0x8b, 0xf5];
    let [version, _, month, day, _, _, _, _, one, two, three, four, ..] = bytes else {
        return false;
    };
    let (header, row) = (u16::from_le_bytes([*one, *two]), u16::from_le_bytes([*three, *four]));
    let is_name = |name: &[u8]| {
        let length = name.iter().position(|byte| *byte == 0).unwrap_or(0);
        length > 0 && name[..length].iter().all(|it| it.is_ascii_alphanumeric() || *it == b'_')
    };
    VERSIONS.contains(version)
        && (1..=12).contains(month)
        && (1..=31).contains(day)
        && header > 64
        && row > 1
        && bytes.get(32..43).is_some_and(is_name)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn what(bytes: &[u8]) -> Option<&'static str> {
        of(&Input::of(bytes.to_vec())).unwrap().map(|it| it.what)
    }

    #[test]
    fn files_are_known_by_how_they_begin() {
        for (at, mark, expected, _) in MARKS {
            let bytes = [vec![b' '; at], mark.to_vec(), vec![b'x'; 99]].concat();
            assert_eq!(what(&bytes), Some(expected), "{expected}");
        }
        let mut dbase = b"\x03\x7c\x05\x11\x03\0\0\0\xa1\0\x3c\0".to_vec();
        dbase.resize(32, 0);
        dbase.extend_from_slice(b"CUST_ID\0\0\0\0C");
        assert_eq!(what(&dbase), Some("a dBASE table (DBF)"));
        for text in ["id,name\n1,Ann\n", "", "{\"id\":1}", "BEGIN:VCARD\n", "PK", "Rar", "%!PS"] {
            assert_eq!(what(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn documents_are_known_by_what_is_in_them() {
        for (name, expected, _) in IN_ARCHIVES {
            let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(b"x").unwrap();
            let bytes = writer.finish().unwrap().into_inner();
            assert_eq!(what(&bytes), Some(expected), "{name}");
        }
        for (name, expected, _) in IN_CONTAINERS {
            let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
            file.create_stream(name).unwrap().write_all(b"x").unwrap();
            let bytes = file.into_inner().into_inner();
            assert_eq!(what(&bytes), Some(expected), "{name}");
        }
    }
}
