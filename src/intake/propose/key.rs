//! The column that tells a source's records apart.

use super::column::Column;
use super::file::FileLook;
use super::meaning::Role;
use crate::headings::{Meaning, Surety};

/// The column that is proposed as key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChoice {
    /// The column.
    pub column: String,
    /// Why that one.
    pub why: String,
    /// What import will do with the rows that it does not tell apart, where there are any.
    pub remark: Option<String>,
}

/// The column that tells the rows apart; none where no column does, or nearly.
pub(super) fn choose(look: &FileLook, roles: &[Option<Role>]) -> Option<KeyChoice> {
    let columns = look.columns.iter().zip(roles).enumerate();
    let candidates = columns.filter_map(|(place, (column, role))| {
        let rank = rank(place, column, role.as_ref())?;
        Some((rank, place, column))
    });
    let sound = candidates.clone().filter(|(.., column)| tells_apart(column, look.rows));
    // The first of the best.
    if let Some((_, _, column)) = sound.max_by_key(|(rank, place, _)| (*rank, usize::MAX - place)) {
        let why = match look.rows {
            1 => "by its name: one row tells nothing".to_owned(),
            rows => format!("each of {rows} rows has its own"),
        };
        return Some(KeyChoice { column: column.name.to_string(), why, remark: None });
    }
    let nearly = candidates.filter(|(rank, _, column)| {
        *rank >= NAMED || column.filled * 100 >= look.rows * 95 && column.repeated * 50 <= look.rows
    });
    let (_, _, column) = nearly.max_by_key(|(rank, place, _)| (*rank, usize::MAX - place))?;
    let mut faults = Vec::new();
    let without = (look.rows - column.filled) + column.looks.absent;
    if without > 0 {
        let (rows, have, them) =
            if without == 1 { ("row", "has", "it") } else { ("rows", "have", "them") };
        faults.push(format!(
            "{without} {rows} of {} {have} none there, and import puts {them} aside",
            look.rows
        ));
    }
    if column.repeated > 0 {
        let (rows, repeat) =
            if column.repeated == 1 { ("row", "repeats") } else { ("rows", "repeat") };
        faults.push(format!(
            "{} {rows} {repeat} one, of which import takes identical rows once, else the latest by \
             `updated`, else none",
            column.repeated
        ));
    }
    let remark = format!("`{}` does not tell all rows apart: {}", column.name, faults.join("; "));
    let why = "the column that comes nearest to telling rows apart".to_owned();
    Some(KeyChoice { column: column.name.to_string(), why, remark: Some(remark) })
}

/// From here on the name says that it is a key.
const NAMED: u32 = 70;

fn tells_apart(column: &Column, rows: u64) -> bool {
    column.filled == rows && column.is_unique()
}

/// How likely it is a key; none where it cannot be one.
fn rank(place: usize, column: &Column, role: Option<&Role>) -> Option<u32> {
    let Some(role) = role else {
        // One word with digits, or a number, is more likely one the further ahead it stands.
        let is_code =
            column.share(column.looks.code) >= 90 && column.share(column.looks.words) == 0;
        return is_code.then_some(if place == 0 { 60 } else { 30 });
    };
    match (role.meaning, role.surety) {
        (Meaning::Key, Some(Surety::Whole)) => Some(if role.is_other { 75 } else { 100 }),
        (Meaning::Key, Some(Surety::Qualified)) => Some(90),
        (Meaning::Key, _) => Some(NAMED),
        (Meaning::Email, _) => Some(40),
        (Meaning::NationalId | Meaning::VatId | Meaning::TaxId | Meaning::Passport, _) => Some(20),
        _ => None,
    }
}
