//! A steward who clears the whole queue of the sample in a terminal, by keys alone: who is whom is
//! known from the truth, what the tasks are from the screen.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::screen::{FETCHING, Terminal};
use crate::workspace::{Workspace, sample, text};

/// A screen that did not change for this long has been seen, and deciding keys count on it.
const LOOK: Duration = Duration::from_millis(170);
/// Keys a decision may take on the average.
const KEYS_A_DUPLICATE: f64 = 1.5;
const KEYS_AN_INVALID: f64 = 3.0;

/// What was done about tasks of one kind.
#[derive(Debug, Default)]
struct Tally {
    decisions: usize,
    keys: usize,
}

impl Tally {
    fn keys_a_decision(&self) -> f64 {
        self.keys as f64 / self.decisions as f64
    }
}

/// Someone who knows who is whom.
struct Steward {
    terminal: Terminal,
    /// Whose records a customer holds, as far as it is the machine's doing.
    people: BTreeMap<String, BTreeSet<String>>,
    keys: usize,
    duplicates: Tally,
    invalid: Tally,
    /// The customers of each duplicate task decided, before it was.
    compared: BTreeMap<String, Vec<String>>,
    put_off: Vec<String>,
}

/// A customer on the screen: its id and its letter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    customer: String,
    letter: Option<char>,
}

impl Steward {
    /// Presses a key and looks at what it changed.
    fn press(&mut self, key: &str) -> String {
        self.keys += 1;
        let before = self.terminal.shown();
        self.terminal.press(key);
        self.terminal.settled(LOOK, |shown| shown != before && !shown.contains(FETCHING))
    }

    /// Presses a key that decides, and looks at what came of it: another task, or why it did not.
    fn decide(&mut self, key: &str) -> String {
        self.keys += 1;
        let before = self.terminal.shown();
        self.terminal.press(key);
        self.terminal.settled(LOOK, |shown| {
            let is_answered =
                task_of(shown) != task_of(&before) || status(shown) != status(&before);
            is_answered && !shown.contains(FETCHING)
        })
    }

    /// Moves the cursor, which changes no text.
    fn step(&mut self, keys: &str) {
        self.keys += keys.len();
        self.terminal.press(keys);
    }

    /// Decides one task after the other as they come, until none is on the screen.
    fn clear_the_queue(&mut self) {
        let mut shown = self.press("\r");
        let mut repeated = 0;
        while let Some((task, kind)) = task_of(&shown) {
            self.keys = 0;
            shown = match kind.as_str() {
                "duplicate" => self.decide_duplicate(&task, &shown),
                "invalid" => self.decide_invalid(&shown),
                other => panic!("{other} in a fresh queue:\n{shown}"),
            };
            let is_decided = task_of(&shown).is_none_or(|(next, _)| next != task);
            // A key that came too early decides nothing, and says so.
            repeated = if is_decided { 0 } else { repeated + 1 };
            assert!(repeated < 5, "stuck:\n{shown}");
            let tally = if kind == "duplicate" { &mut self.duplicates } else { &mut self.invalid };
            tally.decisions += usize::from(is_decided);
            tally.keys += self.keys;
        }
    }

    /// What is suggested is taken; what nobody has a better value for may stand.
    fn decide_invalid(&mut self, shown: &str) -> String {
        if shown.contains("A accept all") {
            return self.decide("A");
        }
        if !shown.contains("waive: why?") && !self.press("W").contains("waive: why?") {
            return self.terminal.shown();
        }
        self.decide("k")
    }

    fn decide_duplicate(&mut self, task: &str, shown: &str) -> String {
        let columns = columns_of(shown);
        assert!(columns.len() > 1, "customers are side by side:\n{shown}");
        let people: Vec<&BTreeSet<String>> =
            columns.iter().map(|column| &self.people[&column.customer]).collect();
        let distinct: BTreeSet<&BTreeSet<String>> = people.iter().copied().collect();
        // The letters that are there stay, as far as they are right: whose columns begin as a group is A.
        let begun = |person: &BTreeSet<String>| {
            let own = columns.iter().zip(&people).filter(|(_, it)| **it == person);
            own.filter(|(column, _)| column.letter == Some('A')).count()
        };
        let mut distinct: Vec<&BTreeSet<String>> = distinct.into_iter().collect();
        distinct.sort_by_key(|person| std::cmp::Reverse(begun(person)));
        let letters: Vec<char> = people
            .iter()
            .map(|person| distinct.iter().position(|it| it == person).expect("among them"))
            .map(|place| char::from(b'A' + u8::try_from(place).expect("few people")))
            .collect();
        let customers = columns.iter().map(|column| column.customer.clone()).collect();
        if distinct.len() == columns.len() {
            self.compared.insert(task.to_owned(), customers);
            return self.decide("n");
        }
        let shown = self.mark(&letters);
        if shown.contains("(refused)") {
            // A rule stands against it: that is somebody else's to decide.
            self.put_off.push(task.to_owned());
            self.compared.remove(task);
            self.press("d");
            return self.decide("c");
        }
        self.compared.insert(task.to_owned(), customers);
        self.decide("m")
    }

    /// Gives every column its letter.
    fn mark(&mut self, letters: &[char]) -> String {
        let mut cursor = 0;
        for (at, letter) in letters.iter().enumerate() {
            let differs = |shown: &str| columns_of(shown)[at].letter != Some(*letter);
            if !differs(&self.terminal.shown()) {
                continue;
            }
            self.step(&"l".repeat(at - cursor));
            cursor = at;
            while differs(&self.press("s")) {}
        }
        self.terminal.shown()
    }
}

/// The task on the screen and its kind, from the first line: `T12 duplicate  3 customers`.
fn task_of(shown: &str) -> Option<(String, String)> {
    let mut words = shown.lines().next()?.split_whitespace();
    let task = words.next().filter(|word| word.starts_with('T') && word.len() > 1)?;
    Some((task.to_owned(), words.next()?.to_owned()))
}

/// What the last line but one says: the last decision, or why there was none.
fn status(shown: &str) -> Option<&str> {
    shown.lines().nth(22)
}

/// The customers side by side, from the second line: `1 C17  [A]  2 C341 [ ] |-> C17`.
fn columns_of(shown: &str) -> Vec<Column> {
    let line = shown.lines().nth(1).unwrap_or_default();
    let mut columns = Vec::new();
    let mut rest = line;
    while let Some(open) = rest.find('[') {
        let before = rest[..open].split_whitespace().last().unwrap_or_default();
        let letter = rest[open + 1..].chars().next().filter(|it| it.is_ascii_uppercase());
        columns.push(Column { customer: before.to_owned(), letter });
        rest = &rest[open + 1..];
    }
    columns
}

/// The person of each record, by the truth.
fn truth() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(sample("truth.csv")).expect("the truth");
    let rows = text.lines().skip(1).filter_map(|line| line.split_once(','));
    rows.map(|(record, person)| (record.to_owned(), person.to_owned())).collect()
}

/// The customer of each record.
fn customers(workspace: &Workspace) -> BTreeMap<String, String> {
    let rows = workspace.rows("xref");
    let records = rows.iter().filter(|row| row["kind"] == "record");
    let address = |row: &serde_json::Value| format!("{}:{}", text(row, "source"), text(row, "key"));
    records.map(|row| (address(row), text(row, "customer").to_owned())).collect()
}

#[test]
fn a_queue_is_cleared_with_few_keys_and_what_was_decided_is_the_truth() {
    let workspace = Workspace::of_sample();
    let truth = truth();
    let before = customers(&workspace);
    let mut people: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (record, customer) in &before {
        people.entry(customer.clone()).or_default().insert(truth[record].clone());
        members.entry(customer.clone()).or_default().push(record.clone());
    }
    let pending = workspace.done(&["tasks", "--json"]).objects().len();
    let mut terminal = Terminal::in_folder(&workspace.path("."));
    terminal.start(&["review"]);
    terminal.until_shown(&["sample customers", "? all"]);
    let mut steward = Steward {
        terminal,
        people,
        keys: 0,
        duplicates: Tally::default(),
        invalid: Tally::default(),
        compared: BTreeMap::new(),
        put_off: Vec::new(),
    };
    steward.clear_the_queue();
    let mixed: Vec<String> = steward
        .people
        .iter()
        .filter(|(_, people)| people.len() > 1)
        .map(|(customer, _)| customer.clone())
        .collect();
    assert!(mixed.len() <= 1, "customers of two people: {mixed:?}");
    steward.terminal.press("q");
    assert_eq!(steward.terminal.ended(), 0);

    let after = customers(&workspace);
    for compared in steward.compared.values() {
        let records: Vec<&String> =
            compared.iter().flat_map(|customer| &members[customer]).collect();
        for one in &records {
            for other in &records {
                // No verdict on duplicates puts right what the machine merged wrong before.
                let is_one_person = |record: &str| mixed.iter().all(|it| *it != before[record]);
                if before[*one] != before[*other] && is_one_person(one) && is_one_person(other) {
                    let is_one = truth[*one] == truth[*other];
                    assert_eq!(after[*one] == after[*other], is_one, "{one} and {other}");
                }
            }
        }
    }
    let left = workspace.done(&["tasks", "--json"]).objects();
    // What is asked again a day later, before it counts for a census, is not in this queue.
    let left = left.iter().filter(|task| task["kind"] != "second");
    let left: Vec<&str> = left.map(|task| text(task, "id")).collect();
    assert!(left.iter().all(|id| steward.put_off.iter().any(|put_off| put_off == id)), "{left:?}");
    let (duplicates, invalid) = (&steward.duplicates, &steward.invalid);
    // What other decisions settle on the way needs none of its own.
    assert!(duplicates.decisions + invalid.decisions > pending / 2, "{pending} were there");
    println!(
        "{} duplicates at {:.2} keys, {} invalid at {:.2} keys, {} put off",
        duplicates.decisions,
        duplicates.keys_a_decision(),
        invalid.decisions,
        invalid.keys_a_decision(),
        steward.put_off.len()
    );
    assert!(duplicates.keys_a_decision() <= KEYS_A_DUPLICATE, "{duplicates:?}");
    assert!(invalid.keys_a_decision() <= KEYS_AN_INVALID, "{invalid:?}");
    workspace.verified();
}
