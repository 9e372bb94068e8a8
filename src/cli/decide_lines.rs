//! A file of verdicts for `steward decide --from`: CSV or JSON Lines.

mod line;
mod objects;
mod pairs;
mod quotes;
mod table;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use super::failure::Usage;
use super::say::say;
use super::text::{clean, counted};
use super::verdict::Said;
use domain::TaskId;
use line::Line;
pub use pairs::Pair;

/// What is wrong in a file, and in which line.
type Wrong = (u64, String);
/// Lines with their numbers, counted from 1.
type Numbered<T> = Vec<(u64, T)>;

/// What the lines of a file are about.
#[derive(Debug)]
pub enum Lines {
    /// A verdict on a task each.
    Tasks(Vec<Said>),
    /// What is said of two records each.
    Pairs(Vec<Pair>),
}

/// Every line of a file, each checked before anything is decided; `-` is standard input.
///
/// # Errors
/// When it cannot be read, holds no line, or what is wrong with the first line that makes no sense.
pub fn read(path: &Path) -> anyhow::Result<Lines> {
    let is_input = path == Path::new("-");
    let named = if is_input { "standard input".into() } else { path.display().to_string() };
    let named = clean(&named);
    let mut bytes = Vec::new();
    let read = match is_input {
        true => io::stdin().lock().read_to_end(&mut bytes).map(|_| ()),
        false => std::fs::read(path).map(|read| bytes = read),
    };
    read.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => anyhow::anyhow!("there is no file {named}"),
        io::ErrorKind::IsADirectory => anyhow::anyhow!("{named} is a folder: name a file in it"),
        _ => anyhow::anyhow!("{named}: {error}"),
    })?;
    let wrong = |(number, why): Wrong| {
        Usage::error(format!("{named}, line {number}: {why}; nothing was decided"))
    };
    let text = text(&bytes).map_err(wrong)?;
    if let Some(pairs) = pairs::read(text, is_json(path, text)) {
        let pairs = pairs.map_err(wrong)?;
        return match pairs.is_empty() {
            true => Err(Usage::error(format!("{named}: no lines to decide"))),
            false => Ok(Lines::Pairs(pairs)),
        };
    }
    let lines = if is_json(path, text) { objects::lines(text) } else { table::lines(text) };
    let lines = lines.and_then(said).map_err(wrong)?;
    if lines.is_empty() {
        return Err(Usage::error(format!(
            "{named}: no lines to decide (the first line is a header with task and verdict)"
        )));
    }
    let count = lines.len();
    let once = each_once(lines).map_err(wrong)?;
    if count > once.len() {
        let more = counted((count - once.len()) as u64, "line repeats", "lines repeat");
        say(&format!("note: {more} an earlier one: ignored"));
    }
    Ok(Lines::Tasks(once))
}

/// The text without a byte order mark.
fn text(bytes: &[u8]) -> Result<&str, Wrong> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.iter().take(error.valid_up_to());
        let number = before.filter(|byte| **byte == b'\n').count() as u64 + 1;
        (number, "not UTF-8".to_owned())
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Told by what it holds, since a pipe has no name; no column begins with a brace.
fn is_json(path: &Path, text: &str) -> bool {
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    let is_named = ["json", "jsonl", "ndjson"].iter().any(|known| extension == *known);
    is_named || text.trim_start().starts_with(['{', '['])
}

fn said(lines: Numbered<Line>) -> Result<Numbered<Said>, Wrong> {
    let said = |(number, line): (u64, Line)| match line.said() {
        Ok(said) => Ok((number, said)),
        Err(why) => Err((number, why)),
    };
    lines.into_iter().map(said).collect()
}

/// Each task once: a line that repeats another says nothing more, one that contradicts it makes
/// no sense.
fn each_once(lines: Numbered<Said>) -> Result<Vec<Said>, Wrong> {
    let mut once: Numbered<Said> = Vec::with_capacity(lines.len());
    let mut places: BTreeMap<TaskId, usize> = BTreeMap::new();
    for (number, said) in lines {
        let Some((first, known)) = places.get(&said.task).and_then(|at| once.get(*at)) else {
            places.insert(said.task, once.len());
            once.push((number, said));
            continue;
        };
        if *known != said {
            return Err((
                number,
                format!("line {first} says something different about {}", said.task),
            ));
        }
    }
    Ok(once.into_iter().map(|(_, said)| said).collect())
}

#[cfg(test)]
mod tests;
