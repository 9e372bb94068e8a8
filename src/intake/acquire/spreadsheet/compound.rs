//! What is looked at in an old workbook before it is opened: its library makes room for what a sheet
//! says of itself, and for everything between its outermost cells.

use std::io::{self, Read};

use cfb::CompoundFile;

use super::{GAVE_UP, SheetError};
use crate::acquire::input::Input;

/// Rows and columns of the format.
const ROWS: u32 = 1 << 16;
const COLUMNS: u32 = 1 << 8;
/// So many places between the outermost cells are no trouble, however few of them are filled.
const FREE: u64 = 4 << 20;
/// Beyond that one of so many must be.
const FILLED: u64 = 32;

/// The records that are looked at.
const DIMENSIONS: u16 = 0x0200;
const SHEET: u16 = 0x0085;
const BEGINNING: u16 = 0x0809;
/// Records of a cell; they begin with its row and column.
const OF_CELLS: [u16; 8] = [0x0006, 0x00bd, 0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];

/// Refuses a workbook that is damaged, wants a password, or whose cells lie too far apart.
pub(super) fn check(input: &Input) -> Result<(), SheetError> {
    let mut file = CompoundFile::open(input.from_the_beginning()).map_err(of_container)?;
    if file.exists("/EncryptedPackage") || file.exists("/EncryptionInfo") {
        return Err(SheetError::Encrypted);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name));
    let name = name.ok_or(SheetError::Damaged("it holds no workbook"))?;
    let mut book = Vec::new();
    file.open_stream(name).and_then(|mut it| it.read_to_end(&mut book)).map_err(of_container)?;
    check_records(&book)
}

fn of_container(error: io::Error) -> SheetError {
    super::excel::of_io(error)
}

fn check_records(book: &[u8]) -> Result<(), SheetError> {
    let damaged = || SheetError::Damaged(GAVE_UP);
    let mut rest = book;
    let (mut extent, mut places, mut cells) = (Extent::default(), 0, 0);
    while let Some(([kind @ .., one, two], after)) = rest.split_first_chunk::<4>() {
        let (kind, length) = (u16::from_le_bytes(*kind), u16::from_le_bytes([*one, *two]));
        let length = usize::from(length);
        let Some((data, after)) = after.split_at_checked(length) else { break };
        match kind {
            SHEET => {
                let at = data.first_chunk().map(|at| u32::from_le_bytes(*at));
                if at.is_none_or(|at| at as usize >= book.len()) {
                    return Err(damaged());
                }
            }
            DIMENSIONS if !are_sound(data) => return Err(damaged()),
            BEGINNING => {
                places += extent.places();
                extent = Extent::default();
            }
            _ if OF_CELLS.contains(&kind) => {
                let ([row @ .., _, _], [_, _, column @ ..]) = match data.first_chunk::<4>() {
                    Some(place) => (place, place),
                    None => return Err(damaged()),
                };
                extent.take(u16::from_le_bytes(*row), u16::from_le_bytes(*column));
                // One record may hold several numbers, of six bytes each.
                cells += 1 + length as u64 / 6;
            }
            _ => {}
        }
        rest = after;
    }
    places += extent.places();
    if places > FREE && places / FILLED > cells { Err(SheetError::Sparse) } else { Ok(()) }
}

/// Whether a sheet says of itself what can be.
fn are_sound(data: &[u8]) -> bool {
    let two =
        |at: usize| data[at..].first_chunk().map_or(0, |it| u32::from(u16::from_le_bytes(*it)));
    let four = |at: usize| data[at..].first_chunk().map_or(0, |it| u32::from_le_bytes(*it));
    let (rows, columns) = match data.len() {
        10 => ((two(0), two(2)), (two(4), two(6))),
        14 | 16 => ((four(0), four(4)), (two(8), two(10))),
        _ => return false,
    };
    rows.0 <= rows.1 && rows.1 <= ROWS && columns.1 <= COLUMNS
}

/// The outermost cells of a sheet.
#[derive(Default)]
struct Extent(Option<([u16; 2], [u16; 2])>);

impl Extent {
    fn take(&mut self, row: u16, column: u16) {
        let (least, most) = self.0.get_or_insert(([row, column], [row, column]));
        *least = [least[0].min(row), least[1].min(column)];
        *most = [most[0].max(row), most[1].max(column)];
    }

    /// How many places there are between them.
    fn places(&self) -> u64 {
        self.0.map_or(0, |(least, most)| {
            let length = |at: usize| u64::from(most[at] - least[at]) + 1;
            length(0) * length(1)
        })
    }
}
