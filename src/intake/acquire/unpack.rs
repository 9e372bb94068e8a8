//! Opening what is packed: gzip, and zip with one file in it.
//!
//! What comes out is a stream of its own, to be kept before it is read. A pack may grow to a few hundred
//! times its size and no more: a table of customers does not, a trap does.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::CrcReader;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::error::AcquireError;
use super::gzip::Members;

/// So much may come out of any pack.
const FREE: u64 = 16 << 20;
/// Beyond that, so much for each byte that went in.
const MOST_A_BYTE: u64 = 200;
/// Files named where there are several.
const NAMED: usize = 5;

/// An input, and what is in it.
pub enum Unpacked<R> {
    /// It is not packed.
    Plain(R),
    /// It was packed.
    Packed {
        /// What is in it.
        content: Box<dyn Read + Send>,
        /// The name of that.
        name: String,
    },
}

/// Looks whether an input is packed, and opens it then. A spreadsheet is none of these, though it is a
/// zip archive.
///
/// # Errors
/// When it cannot be read, or is a pack that cannot be opened.
pub fn unpack<R: Read + Seek + Send + 'static>(
    mut input: R,
    file: &str,
) -> Result<Unpacked<R>, AcquireError> {
    let unreadable = |cause| AcquireError::Unreadable { file: file.to_owned(), cause };
    let magic = beginning(&mut input).map_err(unreadable)?;
    if magic.starts_with(b"\x1f\x8b") {
        let name = file.strip_suffix(".gz").or_else(|| file.strip_suffix(".gzip"));
        let name = name.unwrap_or(file).to_owned();
        let (counted, taken) = Counted::of(input);
        let content = Bounded::of("gzip file", Members::of(BufReader::new(counted)), taken);
        return Ok(Unpacked::Packed { content: Box::new(content), name });
    }
    if magic.starts_with(b"PK\x03\x04") || magic.starts_with(b"PK\x05\x06") {
        return unzip(input, file);
    }
    Ok(Unpacked::Plain(input))
}

/// The first bytes; the input is at its beginning again.
fn beginning(input: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    input.seek(SeekFrom::Start(0))?;
    let mut magic = Vec::new();
    input.by_ref().take(4).read_to_end(&mut magic)?;
    input.seek(SeekFrom::Start(0))?;
    Ok(magic)
}

fn unzip<R: Read + Seek + Send + 'static>(
    input: R,
    file: &str,
) -> Result<Unpacked<R>, AcquireError> {
    let refused = |what: String| AcquireError::Pack { file: file.to_owned(), what };
    let damaged = |cause: &dyn std::fmt::Display| {
        refused(format!(
            "is not text but a damaged zip archive or Excel workbook ({cause}): ask for the file again"
        ))
    };
    let mut archive = ZipArchive::new(input).map_err(|error| damaged(&error))?;
    let names: Vec<String> =
        archive.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
    let is_document = |name: &String| {
        matches!(name.as_str(), "[Content_Types].xml" | "mimetype" | "Index.zip")
            || name.ends_with(".iwa")
    };
    if names.iter().any(is_document) {
        let mut input = archive.into_inner();
        let cause = input.seek(SeekFrom::Start(0)).err();
        return match cause {
            None => Ok(Unpacked::Plain(input)),
            Some(cause) => Err(AcquireError::Unreadable { file: file.to_owned(), cause }),
        };
    }
    let files: Vec<usize> = (0..names.len()).filter(|at| is_file(&names[*at])).collect();
    let [only] = files[..] else {
        let named: Vec<&str> = files.iter().take(NAMED).map(|at| names[*at].as_str()).collect();
        let more = if files.len() > NAMED { ", …" } else { "" };
        return Err(refused(match files.len() {
            0 => "is a zip archive with no file in it".to_owned(),
            count => format!(
                "holds {count} files ({}{more}): unpack it and import each one separately",
                named.join(", ")
            ),
        }));
    };
    let member = archive.by_index_raw(only).map_err(|error| damaged(&error))?;
    if member.encrypted() {
        return Err(refused("is encrypted: unpack it first".to_owned()));
    }
    let method = member.compression();
    let (length, crc) = (member.compressed_size(), member.crc32());
    let start = member.data_start().ok_or_else(|| damaged(&"its file cannot be located"))?;
    drop(member);
    let mut input = archive.into_inner();
    input
        .seek(SeekFrom::Start(start))
        .map_err(|cause| AcquireError::Unreadable { file: file.to_owned(), cause })?;
    let (counted, taken) = Counted::of(input.take(length));
    let content: Box<dyn Read + Send> = match method {
        CompressionMethod::Stored => {
            Box::new(Bounded::of("zip archive", Whole::of(counted, crc), taken))
        }
        CompressionMethod::Deflated => Box::new(Bounded::of(
            "zip archive",
            Whole::of(DeflateDecoder::new(counted), crc),
            taken,
        )),
        other => {
            let what = format!("is packed with {other}, which is not supported: unpack it first");
            return Err(refused(what));
        }
    };
    Ok(Unpacked::Packed { content, name: format!("{file}/{}", names[only]) })
}

/// Whether a member is a file that somebody packed: neither a folder, nor what systems put beside files.
fn is_file(name: &str) -> bool {
    let own = name.rsplit('/').next().unwrap_or(name);
    !name.ends_with('/') && !name.starts_with("__MACOSX/") && own != ".DS_Store"
}

/// Counts what is taken.
struct Counted<R> {
    input: R,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Counted<R> {
    fn of(input: R) -> (Self, Arc<AtomicU64>) {
        let taken = Arc::new(AtomicU64::new(0));
        (Self { input, taken: Arc::clone(&taken) }, taken)
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let taken = self.input.read(buffer)?;
        self.taken.fetch_add(taken as u64, Ordering::Relaxed);
        Ok(taken)
    }
}

/// Gives no more than may come out, and says what is damaged.
struct Bounded<R> {
    what: &'static str,
    unpacked: R,
    given: u64,
    taken: Arc<AtomicU64>,
}

impl<R: Read> Bounded<R> {
    fn of(what: &'static str, unpacked: R, taken: Arc<AtomicU64>) -> Self {
        Self { what, unpacked, given: 0, taken }
    }

    /// What was packed is not as it was; what the system says of the input is passed on.
    fn damaged(&self, error: io::Error) -> io::Error {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        if !matches!(error.kind(), InvalidData | InvalidInput | UnexpectedEof) {
            return error;
        }
        let why = format!("the {} is damaged ({error}): ask for the file again", self.what);
        io::Error::new(InvalidData, why)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = self.unpacked.read(buffer).map_err(|error| self.damaged(error))?;
        self.given += given as u64;
        if self.given > FREE && self.given / MOST_A_BYTE > self.taken.load(Ordering::Relaxed) {
            let why = format!(
                "it unpacks to more than {MOST_A_BYTE} times its size, as no table of customers \
                 does; if it is a table, unpack it first"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(given)
    }
}

/// Fails at its end where something else was packed.
struct Whole<R> {
    unpacked: CrcReader<R>,
    crc: u32,
}

impl<R: Read> Whole<R> {
    fn of(unpacked: R, crc: u32) -> Self {
        Self { unpacked: CrcReader::new(unpacked), crc }
    }
}

impl<R: Read> Read for Whole<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let given = self.unpacked.read(buffer)?;
        if given == 0 && !buffer.is_empty() && self.unpacked.crc().sum() != self.crc {
            let why = "its checksum does not match";
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        Ok(given)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const TEXT: &str = "id,city\n1,Omaha\n";

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method);
        for (name, content) in files {
            writer.start_file(*name, options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// The name of what is in a file, and its text.
    fn unpacked(bytes: Vec<u8>, file: &str) -> Result<(String, String), String> {
        match unpack(Cursor::new(bytes), file).map_err(|error| error.to_string())? {
            Unpacked::Plain(mut input) => {
                let mut text = Vec::new();
                input.read_to_end(&mut text).unwrap();
                Ok((file.to_owned(), String::from_utf8_lossy(&text).into_owned()))
            }
            Unpacked::Packed { mut content, name } => {
                let mut text = String::new();
                content.read_to_string(&mut text).map_err(|error| error.to_string())?;
                Ok((name, text))
            }
        }
    }

    #[test]
    fn what_is_packed_is_opened_and_the_rest_is_left_as_it_is() {
        let text = TEXT.as_bytes();
        let own = |name: &str| Ok((name.to_owned(), TEXT.to_owned()));
        assert_eq!(unpacked(text.to_vec(), "crm.csv"), own("crm.csv"));
        assert_eq!(unpacked(gzip(text), "crm.csv.gz"), own("crm.csv"));
        assert_eq!(unpacked(gzip(text), "-"), own("-"));
        for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
            let files =
                [("__MACOSX/._crm.csv", &b"x"[..]), ("all/crm.csv", text), (".DS_Store", b"")];
            assert_eq!(unpacked(zip(&files, method), "crm.zip"), own("crm.zip/all/crm.csv"));
        }
        // Several packs one after the other are one.
        let both = [gzip(&text[..7]), gzip(&text[7..])].concat();
        assert_eq!(unpacked(both, "crm.csv.gz"), own("crm.csv"));
        // Tapes and tools fill their last block with zeros.
        for padding in [1, 7, 512, 70_000] {
            let padded = [gzip(text), vec![0; padding]].concat();
            assert_eq!(unpacked(padded, "crm.csv.gz"), own("crm.csv"), "{padding}");
        }
        let apart = [gzip(&text[..7]), vec![0; 9], gzip(&text[7..])].concat();
        assert_eq!(unpacked(apart, "crm.csv.gz"), own("crm.csv"));
        assert_eq!(unpacked(Vec::new(), "a"), Ok(("a".to_owned(), String::new())));
    }

    #[test]
    fn a_spreadsheet_is_left_as_it_is() {
        for name in ["[Content_Types].xml", "mimetype", "Index/Document.iwa"] {
            let bytes = zip(&[(name, b"x"), ("content.xml", b"y")], CompressionMethod::Deflated);
            let (_, text) = unpacked(bytes, "a.xlsx").unwrap();
            assert!(text.starts_with("PK"));
        }
    }

    #[test]
    fn what_cannot_be_opened_is_said() {
        let method = CompressionMethod::Deflated;
        let two = zip(&[("a.csv", b"1"), ("b.csv", b"2")], method);
        let several =
            "a.zip holds 2 files (a.csv, b.csv): unpack it and import each one separately";
        assert_eq!(unpacked(two, "a.zip").unwrap_err(), several);
        let none = unpacked(zip(&[], method), "a.zip").unwrap_err();
        assert_eq!(none, "a.zip is a zip archive with no file in it");
        let mut whole = zip(&[("a.csv", TEXT.repeat(99).as_bytes())], CompressionMethod::Stored);
        whole[200] ^= 1;
        let damaged = unpacked(whole.clone(), "a.zip").unwrap_err();
        assert_eq!(
            damaged,
            "the zip archive is damaged (its checksum does not match): ask for the file again"
        );
        whole.truncate(300);
        let cut = unpacked(whole, "a.zip").unwrap_err();
        assert!(cut.starts_with("a.zip is not text but a damaged zip archive or Excel"), "{cut}");
        let mut cut = gzip(TEXT.as_bytes());
        cut.truncate(cut.len() - 9);
        for cut in [cut, b"\x1f\x8b\x08\0\0".to_vec()] {
            let cut = unpacked(cut, "a.gz").unwrap_err();
            assert!(cut.starts_with("the gzip file is damaged ("), "{cut}");
        }
        for behind in [&b"junk"[..], b"\0\0id,city\n", b"\n"] {
            let says = unpacked([&gzip(TEXT.as_bytes()), behind].concat(), "a.gz").unwrap_err();
            assert!(says.contains("something else follows the packed data"), "{says}");
        }
    }

    #[test]
    fn a_bomb_goes_off_outside() {
        let bomb = vec![b'0'; usize::try_from(FREE).unwrap() + (4 << 20)];
        let read = |bytes: Vec<u8>| {
            let Ok(Unpacked::Packed { mut content, .. }) = unpack(Cursor::new(bytes), "a.gz")
            else {
                unreachable!("it is packed");
            };
            io::copy(&mut content, &mut io::sink()).unwrap_err().to_string()
        };
        for bytes in [gzip(&bomb), zip(&[("a.csv", &bomb)], CompressionMethod::Deflated)] {
            assert!(read(bytes).contains("unpack it first"));
        }
    }
}
