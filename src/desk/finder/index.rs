//! What is searched: one buffer of bytes for the texts of all records, and arrays beside it.
//!
//! A record's text is its name and its address. It stands in the buffer as it is searched: in lower
//! case, with a bit for each capital among its first 64 bytes. A text that is not ASCII, or has
//! capitals further on, stands there as it is, and its spelling in ASCII and lower case follows it:
//! so `jose` finds `José`. 32 bytes a record and the text itself; a record delivered again leaves
//! its old text behind.

use deunicode::deunicode;

use domain::{CustomerId, RecordId, TaskId, TaskKind};

/// Longest text kept of a record, in bytes.
const LONGEST: usize = 240;

/// Where a record's text stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) start: u32,
    /// Bytes of the text as shown; `None` means the record is not there (any more).
    pub(super) shown: u8,
    /// Bytes of what is searched, after the text; zero: the text itself is, and stands in lower
    /// case.
    pub(super) folded: u8,
    /// Bytes of the name, with which the text begins.
    pub(super) name: u8,
}

/// A task as far as the finder needs to know it.
#[derive(Debug, Clone)]
pub struct IndexedTask {
    /// The task.
    pub id: TaskId,
    /// What it is about.
    pub kind: TaskKind,
    /// Whether it waits for somebody.
    pub pending: bool,
    /// The record that gives it a name; `None` means its first customer does.
    pub record: Option<RecordId>,
    /// The first of its customers.
    pub customer: Option<CustomerId>,
}

/// The index.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) text: Vec<u8>,
    pub(super) places: Vec<Place>,
    /// Which letters and digits each text holds: most texts are passed over by this alone.
    pub(super) letters: Vec<u64>,
    /// Which bytes of each text that stands in lower case are capitals.
    pub(super) capitals: Vec<u64>,
    pub(super) customer: Vec<u32>,
    /// The first record of each customer, by the customer's number.
    pub(super) first: Vec<u32>,
    pub(super) tasks: Vec<IndexedTask>,
    /// Commits read, and those there are.
    pub progress: (u64, u64),
}

impl Index {
    /// How many records there are.
    #[must_use]
    pub fn records(&self) -> usize {
        self.places.len()
    }

    /// The tasks, by number.
    #[must_use]
    pub fn tasks(&self) -> &[IndexedTask] {
        &self.tasks
    }

    /// Bytes of memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.text.capacity()
            + self.places.capacity() * size_of::<Place>()
            + (self.letters.capacity() + self.capitals.capacity()) * 8
            + (self.customer.capacity() + self.first.capacity()) * 4
            + self.tasks.capacity() * size_of::<IndexedTask>()
    }

    /// Puts a record in, or its new text in the place of the old one.
    pub fn put(&mut self, record: RecordId, customer: CustomerId, name: &str, address: &str) {
        let at = record.0 as usize;
        let name = within(name, LONGEST / 2);
        let gap = if name.is_empty() { "" } else { "  " };
        let text = format!("{name}{gap}{}", within(address, LONGEST / 2 - 2));
        let capitals = capitals(&text);
        let stands = if capitals.is_some() { text.to_ascii_lowercase() } else { text };
        let folded = match capitals {
            Some(_) => String::new(),
            None => deunicode(&stands).to_ascii_lowercase(),
        };
        let folded = within(&folded, LONGEST);
        let Ok(start) = u32::try_from(self.text.len()) else { return };
        self.text.extend_from_slice(stands.as_bytes());
        self.text.extend_from_slice(folded.as_bytes());
        if self.places.len() <= at {
            self.places.resize(at + 1, Place::default());
            self.letters.resize(at + 1, 0);
            self.capitals.resize(at + 1, 0);
            self.customer.resize(at + 1, 0);
        }
        // Nothing is longer than `LONGEST`, which fits.
        let bytes = |text: &str| u8::try_from(text.len()).unwrap_or(u8::MAX);
        let is_new = self.places[at].shown == 0;
        self.places[at] =
            Place { start, shown: bytes(&stands), folded: bytes(folded), name: bytes(name) };
        self.letters[at] = letters(if folded.is_empty() { &stands } else { folded }.as_bytes());
        self.capitals[at] = capitals.unwrap_or_default();
        if is_new {
            self.belongs(record, customer);
        }
    }

    /// Takes a record out.
    pub fn remove(&mut self, record: RecordId) {
        if let Some(place) = self.places.get_mut(record.0 as usize) {
            *place = Place::default();
            self.letters[record.0 as usize] = 0;
        }
    }

    /// Notes which customer a record belongs to.
    pub fn belongs(&mut self, record: RecordId, customer: CustomerId) {
        if let Some(of) = self.customer.get_mut(record.0 as usize) {
            *of = customer.0;
        }
        let at = customer.0 as usize;
        if self.first.len() <= at {
            self.first.resize(at + 1, u32::MAX);
        }
        self.first[at] = self.first[at].min(record.0);
    }

    /// Notes a task as it is now.
    pub fn put_task(&mut self, task: IndexedTask) {
        match self.tasks.binary_search_by_key(&task.id, |known| known.id) {
            Ok(at) => self.tasks[at] = task,
            Err(at) => self.tasks.insert(at, task),
        }
    }

    /// The record that gives a task its name.
    #[must_use]
    pub fn record_of(&self, task: &IndexedTask) -> Option<RecordId> {
        let customer = task.customer.map(|customer| customer.0 as usize);
        let first = customer.and_then(|at| self.first.get(at)).filter(|first| **first != u32::MAX);
        task.record.or(first.map(|first| RecordId(*first)))
    }

    /// The customer a record belongs to.
    #[must_use]
    pub fn customer_of(&self, record: RecordId) -> Option<CustomerId> {
        self.customer.get(record.0 as usize).map(|number| CustomerId(*number))
    }

    /// Which letters and digits a record's text holds.
    #[must_use]
    pub fn letters_of(&self, record: usize) -> u64 {
        self.letters.get(record).copied().unwrap_or(0)
    }

    /// Whether a record is there: not one that never was, or was taken out.
    #[must_use]
    pub fn is_there(&self, record: usize) -> bool {
        self.place(record).shown > 0
    }

    /// Whether a mail address stands for a record's name.
    #[must_use]
    pub fn is_by_mail(&self, record: RecordId) -> bool {
        let place = self.place(record.0 as usize);
        self.slice(place.start as usize, place.name.into()).contains(&b'@')
    }

    /// A record's text as shown: its name, two spaces, its address. Empty: it is not there.
    #[must_use]
    pub fn shown(&self, record: usize) -> String {
        let place = self.place(record);
        let stands = self.slice(place.start as usize, place.shown.into());
        let mut bytes = stands.to_vec();
        if place.folded == 0 {
            let capitals = self.capitals.get(record).copied().unwrap_or(0);
            for (at, byte) in bytes.iter_mut().take(64).enumerate() {
                if capitals >> at & 1 == 1 {
                    byte.make_ascii_uppercase();
                }
            }
        }
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// What is searched of a record: ASCII in lower case.
    #[must_use]
    pub fn searched(&self, record: usize) -> &[u8] {
        let place = self.place(record);
        match place.folded {
            0 => self.slice(place.start as usize, place.shown.into()),
            folded => self.slice(place.start as usize + usize::from(place.shown), folded.into()),
        }
    }

    /// The same as text.
    #[must_use]
    pub fn searched_text(&self, record: usize) -> &str {
        std::str::from_utf8(self.searched(record)).unwrap_or_default()
    }

    /// A record's name and its address.
    #[must_use]
    pub fn name_and_address(&self, record: usize) -> (String, String) {
        let shown = self.shown(record);
        let (name, address) =
            shown.split_at_checked(self.place(record).name.into()).unwrap_or(("", &shown));
        (name.to_owned(), address.trim_start().to_owned())
    }

    fn place(&self, record: usize) -> Place {
        self.places.get(record).copied().unwrap_or_default()
    }

    fn slice(&self, start: usize, length: usize) -> &[u8] {
        self.text.get(start..start + length).unwrap_or_default()
    }
}

/// A bit for each capital of a text that can be written in lower case and back; `None` means it
/// cannot.
fn capitals(text: &str) -> Option<u64> {
    let mut found = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !byte.is_ascii() || (at >= 64 && byte.is_ascii_uppercase()) {
            return None;
        }
        found |= u64::from(byte.is_ascii_uppercase()) << (at % 64);
    }
    Some(found)
}

/// The beginning of a text in at most that many bytes.
fn within(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A bit for each letter (case aside) and digit of a text, the rest sharing what is left.
#[must_use]
pub fn letters(text: &[u8]) -> u64 {
    text.iter().fold(0, |bits, byte| bits | bit(*byte))
}

fn bit(byte: u8) -> u64 {
    match byte.to_ascii_lowercase() {
        b' ' => 0,
        letter @ b'a'..=b'z' => 1 << (letter - b'a'),
        digit @ b'0'..=b'9' => 1 << (26 + digit - b'0'),
        other => 1 << (36 + other % 28),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_under_its_latest_text_and_customer() {
        let mut index = Index::default();
        index.put(RecordId(0), CustomerId(1), "Pace, Thomas", "crm:1042");
        index.put(RecordId(1), CustomerId(2), "Peña, José", "crm:7");
        assert_eq!(index.shown(1), "Peña, José  crm:7");
        assert_eq!(index.searched_text(1), "pena, jose  crm:7");
        assert_eq!(index.shown(0), "Pace, Thomas  crm:1042");
        assert_eq!(index.searched_text(0), "pace, thomas  crm:1042");
        assert_eq!(index.name_and_address(1), ("Peña, José".to_owned(), "crm:7".to_owned()));
        index.belongs(RecordId(1), CustomerId(1));
        index.put(RecordId(1), CustomerId(2), "", "crm:7");
        assert_eq!(
            (index.shown(1).as_str(), index.customer_of(RecordId(1))),
            ("crm:7", Some(CustomerId(1)))
        );
        index.remove(RecordId(0));
        assert_eq!((index.shown(0).as_str(), index.letters_of(0)), ("", 0));
        assert_eq!(index.shown(9), "");
    }

    #[test]
    fn a_long_or_foreign_text_is_cut_between_characters() {
        let mut index = Index::default();
        index.put(RecordId(0), CustomerId(1), &"東".repeat(200), &"é".repeat(200));
        assert!(index.shown(0).chars().all(|c| "東é ".contains(c)), "{}", index.shown(0));
        assert!(index.searched(0).is_ascii());
        let late = format!("{} Late", "x".repeat(70));
        index.put(RecordId(0), CustomerId(1), &late, "CRM:1");
        assert_eq!(index.shown(0), format!("{late}  CRM:1"), "a capital beyond the bits");
        assert!(index.searched(0).ends_with(b" late  crm:1"));
    }

    proptest::proptest! {
        #[test]
        fn a_text_is_shown_as_it_came(name in "\\PC{0,40}", address in "[a-zA-Z]{1,8}:[ -~]{1,70}") {
            let mut index = Index::default();
            index.put(RecordId(0), CustomerId(1), &name, &address);
            let (shown, _) = index.name_and_address(0);
            proptest::prop_assert_eq!(shown.as_str(), within(&name, LONGEST / 2));
            proptest::prop_assert_eq!(index.shown(0).is_empty(), false);
            proptest::prop_assert!(!index.searched(0).iter().any(u8::is_ascii_uppercase));
        }
    }
}
