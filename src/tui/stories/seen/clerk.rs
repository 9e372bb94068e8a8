//! Someone who clears the duplicates of a queue by what they see, and what comes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::rule::{Verdict, verdict};
use super::screen::{Between, Seen, letters_of};
use crate::story::real::Sam;
use domain::CustomerId;
use door::operations::ShowCustomer;

/// What came of it.
#[derive(Default, Debug)]
pub struct Tally {
    pub decided: usize,
    pub put_off: usize,
    /// What the first pair that could not be told looked like, and of how many tasks.
    pub put_off_by: BTreeMap<String, usize>,
    pub refused: usize,
    /// Where the machine had put two people into one customer: no verdict is right.
    pub not_judged: usize,
    /// Tasks, what was seen, what was said.
    pub wrong: Vec<String>,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
        self.decided += other.decided;
        self.put_off += other.put_off;
        for (why, count) in other.put_off_by {
            *self.put_off_by.entry(why).or_default() += count;
        }
        self.refused += other.refused;
        self.not_judged += other.not_judged;
        self.wrong.extend(other.wrong);
    }
}

/// The steward, and beside them the truth, which they do not know.
pub struct Clerk {
    pub sam: Sam,
    /// Records, and who they are of.
    pub truth: BTreeMap<String, String>,
    pub tally: Tally,
    /// Whether every pair is printed: what is seen of it, and the truth.
    pub prints: bool,
}

impl Clerk {
    pub fn works(&mut self) {
        let begun = Instant::now();
        self.sam.presses("f Ctrl-u").types("kind = duplicate and state = open");
        self.sam.presses("Enter g g Enter");
        let (mut steps, mut met) = (0, BTreeMap::new());
        loop {
            let Some(seen) = self.reads() else {
                // In front of the queue: after the last of a list one goes on at its top.
                self.sam.presses("Esc g g Enter");
                if Seen::on(&self.sam.screen()).is_none() {
                    self.sam.sees("No task matches the filter");
                    return;
                }
                continue;
            };
            steps += 1;
            let met = met.entry(seen.task.clone()).or_insert(0);
            *met += 1;
            assert!(*met < 5, "stuck:\n{}", self.sam.screen());
            self.decides(&seen);
            if steps % 20 == 0 {
                println!("  {steps} tasks, {:.0?}", begun.elapsed());
            }
        }
    }

    /// Reads the comparison; of several customers with the cursor in each column, for then its pair is told.
    fn reads(&mut self) -> Option<Seen> {
        let mut seen = Seen::on(&self.sam.screen())?;
        let columns = seen.customers.len();
        if columns > 2 {
            for _ in 1..columns {
                self.sam.hurries("l").looks();
                if let Some(other) = Seen::on(&self.sam.screen()) {
                    seen.and(other);
                }
            }
        }
        Some(seen)
    }

    fn decides(&mut self, seen: &Seen) {
        let columns = seen.customers.len();
        let mut letters: Vec<char> = Vec::new();
        let mut unclear: Option<String> = None;
        for column in 0..columns {
            let pairs: Vec<Between<'_>> =
                (0..column).map(|other| seen.between(other, column)).collect();
            let verdicts: Vec<Verdict> = pairs.iter().map(verdict).collect();
            for (other, (pair, verdict)) in pairs.iter().zip(&verdicts).enumerate() {
                self.prints(seen, (other, column), pair, *verdict);
            }
            let one = verdicts.iter().position(|it| *it == Verdict::One);
            let not_told = verdicts.iter().position(|it| *it == Verdict::CannotTell);
            if let Some(at) = not_told.filter(|_| one.is_none()) {
                unclear.get_or_insert_with(|| outline(&pairs[at]));
            }
            let next = letters.iter().max().map_or('A', |last| char::from(*last as u8 + 1));
            letters.push(one.map_or(next, |at| letters[at]));
        }
        if let Some(outline) = unclear {
            self.tally.put_off += 1;
            *self.tally.put_off_by.entry(outline).or_default() += 1;
            self.sam.presses("d c");
            return;
        }
        let is_mixed = seen.customers.iter().any(|it| self.people(it).len() != 1);
        let wrong = self.wrong(seen, &letters);
        self.marks(&letters);
        let distinct = letters.iter().collect::<BTreeSet<_>>().len();
        self.sam.presses(if distinct == columns { "n" } else { "m" });
        // A group with a weak link is asked about once more.
        if self.sam.screen().contains("m again merges anyway") {
            self.sam.presses("m");
        }
        if self.is_at(&seen.task) {
            self.tally.refused += 1;
            self.sam.presses("d c");
            return;
        }
        self.tally.decided += 1;
        self.tally.not_judged += usize::from(is_mixed);
        self.tally.wrong.extend(wrong);
    }

    fn is_at(&self, task: &str) -> bool {
        Seen::on(&self.sam.screen()).is_some_and(|seen| seen.task == task)
    }

    /// Gives every column its letter.
    fn marks(&mut self, letters: &[char]) {
        self.sam.presses("h h h h h h h h h");
        for letter in letters {
            for _ in 0..10 {
                let shown = self.sam.screen();
                let heads: Vec<char> = shown.lines().nth(1).unwrap_or_default().chars().collect();
                let at = letters_of(&heads);
                let column = self.sam.model.task().map_or(0, |screen| screen.column);
                if at.get(column) == Some(letter) {
                    break;
                }
                self.sam.presses("s");
            }
            self.sam.presses("l");
        }
    }

    /// What is wrong with it by the truth; whoever decides does not know. Where the machine has put two
    /// people into one customer no verdict is right.
    fn wrong(&self, seen: &Seen, letters: &[char]) -> Option<String> {
        let people: Vec<BTreeSet<&String>> =
            seen.customers.iter().map(|customer| self.people(customer)).collect();
        if people.iter().any(|people| people.len() != 1) {
            return None;
        }
        let mut wrong = Vec::new();
        for right in 1..letters.len() {
            for left in 0..right {
                let truth = people[left] == people[right];
                if truth != (letters[left] == letters[right]) {
                    let said = told(&seen.between(left, right));
                    wrong.push(format!("{}: one person: {truth}; {said}", seen.task));
                }
            }
        }
        (!wrong.is_empty()).then(|| wrong.join("\n"))
    }

    fn people(&self, customer: &str) -> BTreeSet<&String> {
        let customer: CustomerId = customer.parse().unwrap();
        let show = ShowCustomer { customer, at: None, unmask: false };
        let view = self.sam.desk.shows(show);
        let records = view.column.members.iter().map(|member| member.address.to_string());
        records.filter_map(|record| self.truth.get(&record)).collect()
    }

    fn prints(
        &self,
        seen: &Seen,
        (left, right): (usize, usize),
        pair: &Between<'_>,
        said: Verdict,
    ) {
        if !self.prints {
            return;
        }
        let people = [left, right].map(|at| self.people(&seen.customers[at]));
        let truth = match &people {
            [one, two] if one.len() != 1 || two.len() != 1 => "mixed",
            [one, two] if one == two => "one",
            _ => "two",
        };
        let (task, left, right) = (&seen.task, left + 1, right + 1);
        println!("PAIR\t{task} {left}-{right}\t{truth}\t{said:?}\t{}", told(pair));
    }
}

/// What was seen of a pair, in a line.
fn told(pair: &Between<'_>) -> String {
    let marks =
        pair.marks.iter().map(|(field, cell)| format!("{field} {} {}", cell.mark, cell.text));
    let marks: Vec<String> = marks.collect();
    format!("{} || {}", marks.join(" | "), pair.reasons.join("; "))
}

/// The marks that decide most, in a few signs.
fn outline(pair: &Between<'_>) -> String {
    let mark = |field: &str| pair.marks.get(field).map_or(' ', |cell| cell.mark);
    let is_organisation = mark("organisation_name") != ' ';
    let fields: &[&str] = if is_organisation {
        &["organisation_name", "vat_id"]
    } else {
        &["given_name", "birth_date"]
    };
    let marks: Vec<String> =
        fields.iter().map(|field| format!("{field} {}", mark(field)).trim().to_owned()).collect();
    marks.join(", ")
}
