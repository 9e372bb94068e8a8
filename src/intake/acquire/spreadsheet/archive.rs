//! What a file is that may be a spreadsheet, and whether it can be opened without harm.

use std::io::{self, Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{Kind, SheetError};
use crate::acquire::input::Input;

/// How the files begin that are containers of streams.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How archives begin.
const ARCHIVE: &[u8] = b"PK\x03\x04";
/// What an archive may unpack to, whatever its size.
const FREE: u64 = 64 << 20;
/// How many times its size an archive may unpack to beyond that: sheets come to twenty or so.
const RATIO: u64 = 100;
/// What deflate can make of a byte at most, rounded up.
const DEFLATE: u64 = 1_100;
/// Where the table of strings begins at the latest, in bytes.
const STRINGS_BEGIN: u64 = 64 << 10;
/// The most parts of a workbook.
const PARTS: usize = 50_000;

/// What kind of spreadsheet it is, if any.
///
/// # Errors
/// When the input fails.
pub(in crate::acquire) fn kind_of(input: &Input) -> io::Result<Option<Kind>> {
    let mut input = input.from_the_beginning();
    let mut beginning = Vec::new();
    (&mut input).take(8).read_to_end(&mut beginning)?;
    if beginning == COMPOUND {
        return Ok(Some(Kind::Xls));
    }
    if !beginning.starts_with(ARCHIVE) {
        return Ok(None);
    }
    input.seek(SeekFrom::Start(0))?;
    let archive = match ZipArchive::new(input) {
        Ok(archive) => archive,
        Err(ZipError::Io(error)) => return Err(error),
        Err(_) => return Ok(None),
    };
    let has = |name: &str| archive.index_for_name(name).is_some();
    Ok(if has("content.xml") && has("mimetype") {
        Some(Kind::Ods)
    } else if has("xl/workbook.bin") {
        Some(Kind::Xlsb)
    } else {
        // Letters and slides are kept alike.
        let is_other = has("word/document.xml") || has("ppt/presentation.xml");
        (has("[Content_Types].xml") && !is_other).then_some(Kind::Xlsx)
    })
}

/// Refuses an archive that is damaged, wants a password, or unpacks to far more than it should.
pub(super) fn check(input: &Input) -> Result<(), SheetError> {
    let length = input.length()?;
    let mut archive = ZipArchive::new(input.from_the_beginning()).map_err(of_archive)?;
    if archive.len() > PARTS {
        return Err(SheetError::Swollen);
    }
    let allowed = FREE + length.saturating_mul(RATIO);
    let mut left = allowed;
    for part in 0..archive.len() {
        let mut part = archive.by_index(part).map_err(of_archive)?;
        check_strings(&mut part, &mut left)?;
        // What it says of its own length may be untrue: all of it is unpacked once, unless it cannot
        // come to much.
        if length.saturating_mul(DEFLATE) > allowed {
            let taken = io::copy(&mut (&mut part).take(left + 1), &mut io::sink());
            let taken = taken.map_err(|_| SheetError::Damaged(DAMAGED))?;
            left = left.checked_sub(taken).ok_or(SheetError::Swollen)?;
        }
    }
    Ok(())
}

const DAMAGED: &str = "its archive cannot be unpacked";

pub(super) fn of_archive(error: ZipError) -> SheetError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => SheetError::Encrypted,
        ZipError::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => error.into(),
        _ => SheetError::Damaged(DAMAGED),
    }
}

/// The table of strings says how many it holds, and room is made for so many: it must not say more
/// than can be.
fn check_strings(
    part: &mut zip::read::ZipFile<'_, Input>,
    left: &mut u64,
) -> Result<(), SheetError> {
    let name = part.name().map_err(of_archive)?.to_ascii_lowercase();
    if !name.ends_with("sharedstrings.xml") {
        return Ok(());
    }
    // No string takes less than `<si/>`.
    let most = part.size().min(*left) / 5 + 1;
    let mut beginning = Vec::new();
    part.take(STRINGS_BEGIN)
        .read_to_end(&mut beginning)
        .map_err(|_| SheetError::Damaged(DAMAGED))?;
    *left = left.checked_sub(beginning.len() as u64).ok_or(SheetError::Swollen)?;
    let text = String::from_utf8_lossy(&beginning);
    let Some((_, table)) = text.split_once("sst") else { return Err(SheetError::Damaged(DAMAGED)) };
    let tag = table.split('>').next().unwrap_or_default();
    let count = tag.split("uniqueCount=").nth(1).and_then(|rest| rest.get(1..));
    let digits = count.map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let count = count.zip(digits).map(|(rest, digits)| &rest[..digits]);
    match count.map(str::parse::<u64>) {
        Some(Ok(count)) if count <= most => Ok(()),
        None => Ok(()),
        Some(_) => Err(SheetError::Damaged("it claims to hold more texts than it can")),
    }
}
