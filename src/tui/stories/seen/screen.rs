//! The comparison as it stands on the screen: marks, the words beside them, the sentences under them.

use std::collections::{BTreeMap, BTreeSet};

/// What is written on one screen.
pub struct Seen {
    pub task: String,
    /// The customers, as their columns are headed.
    pub customers: Vec<String>,
    /// Field by field, what stands in each column.
    rows: BTreeMap<String, Vec<SeenCell>>,
    /// Why the machine left it to people: of which two columns, what.
    reasons: BTreeSet<(usize, usize, String)>,
}

/// What stands in one cell: its mark, and what is written behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCell {
    pub mark: char,
    pub text: String,
}

/// What one knows of two customers.
pub struct Between<'a> {
    /// Of each field a mark, and what is written beside it.
    pub marks: BTreeMap<&'a str, SeenCell>,
    /// Why the machine did not merge them.
    pub reasons: Vec<&'a str>,
}

impl Seen {
    /// Reads the screen: a title, the heads `1 C17 [A]`, a row a field, until a rule ends them.
    pub fn on(screen: &str) -> Option<Seen> {
        let lines: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
        let text = |line: &[char]| line.iter().collect::<String>();
        let title = text(lines.first()?);
        let mut words = title.split_whitespace();
        let task = words.next().filter(|word| word.starts_with('T'))?.to_owned();
        if words.next() != Some("duplicate") {
            return None;
        }
        let (at, heads) = lines.iter().enumerate().find(|(_, line)| !columns(line).0.is_empty())?;
        let (starts, customers) = columns(heads);
        let golden = heads.iter().position(|it| *it == '│').unwrap_or(heads.len());
        let mut rows = BTreeMap::new();
        let mut rest = lines.iter().skip(at + 1);
        for line in rest.by_ref().take_while(|line| line.first() != Some(&'─')) {
            let name = part(line, 1, starts.first()?.saturating_sub(2));
            let name = name.trim();
            // Other lines of the heads name no field.
            if name.is_empty() || name.contains(' ') {
                continue;
            }
            let cell = |at: usize| {
                let end = starts.get(at + 1).map_or(golden, |next| next.saturating_sub(2));
                SeenCell::of(&part(line, starts[at].saturating_sub(2), end))
            };
            rows.insert(name.to_owned(), (0..starts.len()).map(cell).collect());
        }
        let under: Vec<String> = rest.map(|line| text(line)).collect();
        let reasons = reasons(&under, customers.len());
        Some(Seen { task, customers, rows, reasons })
    }

    /// What another look at the same task adds: with the cursor in another column other reasons stand
    /// under the rows.
    pub fn and(&mut self, other: Seen) {
        self.reasons.extend(other.reasons);
    }

    /// What is known of two columns: the marks against the first column, or what follows from both.
    pub fn between(&self, left: usize, right: usize) -> Between<'_> {
        let known = |(name, cells): (&'_ String, &Vec<SeenCell>)| -> SeenCell {
            let (one, other) = (&cells[left], &cells[right]);
            if other.mark != ' ' && left == 0 {
                let is_one =
                    name == "email" && mailbox(one).is_some() && mailbox(one) == mailbox(other);
                let mark = if is_one { '=' } else { other.mark };
                return SeenCell { mark, text: other.text.clone() };
            }
            if left == 0 {
                return other.clone();
            }
            let mark = match (one.mark, other.mark) {
                ('-' | ' ' | '!', _) | (_, '-' | ' ' | '!') => ' ',
                ('=', mark) | (mark, '=') => mark,
                _ if one.text == other.text && !one.text.contains('*') => '=',
                ('+', '+') => 'x',
                // How two that are both unlike the first one are to each other cannot be seen.
                _ => '?',
            };
            // Beside one that is as the first, the words of the other hold of the two.
            let text = match (one.mark, other.mark) {
                ('=', _) => other.text.clone(),
                (_, '=') => one.text.clone(),
                _ => String::new(),
            };
            SeenCell { mark, text }
        };
        let marks = self.rows.iter().map(|row| (row.0.as_str(), known(row))).collect();
        let of_these = self.reasons.iter().filter(|(one, two, _)| (*one, *two) == (left, right));
        Between { marks, reasons: of_these.map(|(_, _, why)| why.as_str()).collect() }
    }
}

/// Why the machine left it to people: `not merged: 1-2: a; b; 1-3: c. Or: household 0.13`, over several lines,
/// and `[ ] 2: c`.
fn reasons(under: &[String], columns: usize) -> BTreeSet<(usize, usize, String)> {
    let mut found = BTreeSet::new();
    let begins = |line: &str| line.trim_start().starts_with("not merged: ");
    let Some(at) = under.iter().position(|line| begins(line)) else { return found };
    let goes_on = |line: &&String| {
        let line = line.trim_start();
        let is_pair = line.split('-').next().is_some_and(|it| it.parse::<u8>().is_ok());
        !(is_pair || line.is_empty() || line.starts_with(['[', '─']) || line.starts_with("takes"))
    };
    let mut said = under[at].trim().trim_start_matches("not merged: ").to_owned();
    for line in under[at + 1..].iter().take_while(goes_on) {
        said = format!("{said} {}", line.trim());
    }
    let said = said.split(". Or: ").next().unwrap_or_default().trim_end_matches('…');
    let mut of = (columns == 2).then_some((0, 1));
    for mut reason in said.split("; ") {
        if let Some((label, first)) = reason.split_once(": ")
            && let Some(pair) = pair(label)
        {
            (of, reason) = (Some(pair), first);
        }
        if let Some((left, right)) = of {
            found.insert((left, right, reason.trim().to_owned()));
        }
    }
    found
}

/// The two columns of `1-3` or of `1-3 (crm:17)`.
fn pair(label: &str) -> Option<(usize, usize)> {
    let (left, right) = label.split(' ').next()?.split_once('-')?;
    let place = |number: &str| number.parse::<usize>().ok()?.checked_sub(1);
    let (left, right) = (place(left)?, place(right)?);
    Some((left.min(right), left.max(right)))
}

/// Who an address is of, whatever the provider: `joshua562` of `joshua562.sample17@mail.example`. None where
/// that cannot be seen.
fn mailbox(cell: &SeenCell) -> Option<String> {
    let (local, _) = cell.text.split_once('@')?;
    let begins = local.split(char::is_whitespace).next_back()?;
    let name = begins.split_once(".sample").map_or(begins, |(name, _)| name);
    (!name.contains(['>', '…']) && name.len() > 3).then(|| name.to_lowercase())
}

/// Where the columns begin, and whose they are.
fn columns(heads: &[char]) -> (Vec<usize>, Vec<String>) {
    let (mut starts, mut customers) = (Vec::new(), Vec::new());
    for at in 0..heads.len() {
        let number = char::from_digit(starts.len() as u32 + 1, 10);
        let begins = Some(heads[at]) == number
            && (at == 0 || heads[at - 1] == ' ')
            && heads.get(at + 1) == Some(&' ')
            && heads.get(at + 2) == Some(&'C');
        if begins {
            let id: String = heads[at + 2..].iter().take_while(|it| **it != ' ').collect();
            starts.push(at);
            customers.push(id);
        }
    }
    (starts, customers)
}

fn part(line: &[char], from: usize, to: usize) -> String {
    line.iter().skip(from).take(to.saturating_sub(from)).collect()
}

impl SeenCell {
    /// A mark, at times a flag, then what is written.
    fn of(text: &str) -> SeenCell {
        let text = text.trim();
        let mut characters = text.chars();
        let first = characters.next().unwrap_or(' ');
        let second = characters.next().unwrap_or(' ');
        let is_mark = "=~x+-!".contains(first) && matches!(second, ' ' | '!' | '*');
        if !is_mark {
            return SeenCell { mark: ' ', text: text.to_owned() };
        }
        SeenCell { mark: first, text: text.chars().skip(2).collect::<String>().trim().to_owned() }
    }
}

/// The letters of the columns, as their heads show them.
pub fn letters_of(heads: &[char]) -> Vec<char> {
    let opens = |at: &usize| heads[*at] == '[' && heads.get(at + 2) == Some(&']');
    (0..heads.len()).filter(opens).map(|at| heads[at + 1]).collect()
}
