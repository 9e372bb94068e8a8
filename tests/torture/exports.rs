//! Kills during an export: whatever was written by then is in the ledger, and what was left of it goes
//! with the next export to that folder, or with an erasure.

use std::path::{Path, PathBuf};

use crate::kills::done;
use crate::workshop::{Ran, Workshop, file_of};

/// Where the exports go.
pub const OUT: &str = "out";

pub fn command(number: u64) -> Vec<String> {
    let file = format!("{OUT}/g{number}.csv");
    ["export", "golden", "-o", &file, "--force", "--json"].map(str::to_owned).into()
}

/// Files in the export's folder that are no finished export.
fn left(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join(OUT)).into_iter().flatten().flatten();
    let is_hidden = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
    };
    entries.map(|entry| entry.path()).filter(is_hidden).collect()
}

/// The e-mail address and the id of somebody whose record was exported.
fn marked(folder: &Path) -> (String, String) {
    let file = std::fs::read_to_string(folder.join(file_of("crm"))).unwrap();
    let mut rows = file.lines();
    let header: Vec<&str> = rows.next().unwrap_or_default().split(',').collect();
    let at = header.iter().position(|name| name.contains("mail")).expect("a column of addresses");
    let with_address = rows.find_map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        let address = cells.get(at).filter(|cell| cell.contains('@') && cell.len() > 8)?;
        Some(((*address).to_lowercase(), format!("crm:{}", cells[0])))
    });
    with_address.expect("somebody with an address")
}

pub fn check(workshop: &Workshop, folder: &Path, ran: &Ran, number: u64) -> Result<(), String> {
    let file = folder.join(OUT).join(format!("g{number}.csv"));
    let before = left(folder);
    let has_bytes = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|about| about.len() > 0);
    if !ran.objects().is_empty() && !file.exists() {
        return Err("the export that was acknowledged is not there".to_owned());
    }
    let events = done(workshop, folder, &["export", "events", "--format", "jsonl"])?;
    let name = format!("g{number}.csv");
    let is_known =
        events.out.lines().any(|line| line.contains("\"export_begun\"") && line.contains(&name));
    if (file.exists() || before.iter().any(has_bytes)) && !is_known {
        return Err("bytes have left that the ledger does not know of".to_owned());
    }
    let (address, person) = marked(folder);
    if number.is_multiple_of(2) {
        let erase = ["erase", &person, "--reason", "request", "--yes", "--json"];
        let erased = done(workshop, folder, &erase)?;
        if is_known && !erased.out.contains(&name) {
            return Err("the erasure does not name the export".to_owned());
        }
    } else {
        done(workshop, folder, &["export", "xref", "-o", &format!("{OUT}/x.csv"), "--force"])?;
    }
    let still = left(folder);
    if !still.is_empty() {
        return Err(format!("still there: {still:?}"));
    }
    let holds = |path: &Path| {
        let text = std::fs::read(path).unwrap_or_default();
        String::from_utf8_lossy(&text).to_lowercase().contains(&address)
    };
    let entries = std::fs::read_dir(folder.join(OUT)).map_err(|error| error.to_string())?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path != file && holds(&path) {
            return Err(format!("{} holds a person's address", path.display()));
        }
    }
    Ok(())
}
