//! A request of a person, with what was done for it and what is left to do.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use domain::{
    CustomerId, DecisionId, FieldName, HandedFile, MissingStep, RecordAddress, RequestKind,
    RequestStep, Sequence, TaskId, counted,
};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// Its task.
    pub task: TaskId,
    /// What is asked for.
    pub kind: RequestKind,
    /// The customer who asks; once erased, the id that was.
    pub customer: CustomerId,
    /// The decision that recorded it.
    pub decision: DecisionId,
    /// The state of its task.
    pub state: String,
    /// Whether it waits to be answered.
    pub open: bool,
    /// The day on which it came.
    pub received: Date,
    /// The last day to answer it.
    pub due: Date,
    /// Days from today to that one; negative once it has passed.
    pub days_left: i64,
    /// Whether the last day is near or has passed, and something is left to do.
    pub is_due: bool,
    /// Whether there was more time given.
    pub extended: bool,
    /// The way it came.
    pub by: Option<String>,
    /// The purposes it is about; none means all, where that is asked.
    pub purposes: Vec<String>,
    /// The channels it is about; none means all, where that is asked.
    pub channels: Vec<String>,
    /// The fields that are said to be wrong.
    pub fields: Vec<FieldName>,
    /// Whether what it restricts is in force; none where it restricts nothing.
    pub in_force: Option<bool>,
    /// How it was checked who asks; none: it was not.
    pub identity: Option<String>,
    /// When the person was erased.
    pub erased: Option<Timestamp>,
    /// What was done, earliest first; what was undone is left out.
    pub steps: Vec<StepTakenView>,
    /// Who received the person's data earlier, as far as exports are recorded; also once the person is erased.
    pub recipients: Vec<RecipientView>,
    /// What is missing before it is done.
    pub missing: Vec<MissingStep>,
    /// Customers who may be the same person, by the tasks that ask it: until they are decided, what is held on the
    /// person may be more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub maybe_same: Vec<MaybeSame>,
    /// The customers on whose records what it restricts lies; not only the one who asked where records were
    /// unmerged since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub in_force_on: Vec<CustomerId>,
}

/// A task that asks whether customers are the one who made a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MaybeSame {
    /// The task.
    pub task: TaskId,
    /// The others.
    pub customers: Vec<CustomerId>,
    /// The record of which something is delivered that may be somebody else's, where that is what it asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlaid: Option<RecordAddress>,
}

impl MaybeSame {
    /// That it is open, and what follows.
    #[must_use]
    pub fn words(&self) -> String {
        let others: Vec<String> = self.customers.iter().map(ToString::to_string).collect();
        let (others, task) = (others.join(", "), self.task);
        if let Some(record) = &self.overlaid {
            return format!(
                "what is delivered under {record} may be somebody else's: decide {task} first, or nobody knows \
                 whose it is"
            );
        }
        format!(
            "{others} may be the same person: decide {task} first, or this reaches only a part of them"
        )
    }
}

/// Something that was done for a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTakenView {
    /// The decision.
    pub decision: DecisionId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// The fields that it corrected.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrected: Vec<FieldName>,
    /// What kind of step it is, in a word: `verified`, `told`, `corrected`.
    #[serde(default)]
    pub what: String,
    /// What is recorded of it; none of a correction.
    pub step: Option<RequestStep>,
    /// Its words; none where there were none, or they are erased.
    pub text: Option<String>,
}

/// An export that held the person, or may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientView {
    /// The commit that records it.
    pub export: Sequence,
    /// When.
    pub at: Timestamp,
    /// Who made it.
    pub by: String,
    /// The data set.
    pub dataset: String,
    /// The format.
    pub format: String,
    /// The file, without folders.
    pub destination: String,
    /// Its folder, as far as that is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether it is known that the person was in it: of a filtered export the ledger does not tell who was.
    pub certain: bool,
    /// The decision that says that the recipient was told.
    pub told: Option<DecisionId>,
}

/// What keeps the records of a customer from being used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictionView {
    /// The decision that put it there.
    pub decision: DecisionId,
    /// The request.
    pub task: Option<TaskId>,
    /// In words: `restricted`, `objected to newsletter`.
    pub what: String,
    /// How many of the customer's records it is on.
    pub records: u64,
}

/// How many requests wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RequestsLine {
    /// All that wait.
    pub open: u64,
    /// Of them those whose last day is near or has passed.
    pub due: u64,
    /// Of those the ones whose last day has passed.
    pub overdue: u64,
    /// The earliest last day.
    pub next: Option<Date>,
}

impl RequestsLine {
    /// Adds a request that waits.
    pub fn add(&mut self, due: Date, today: Date, is_due: bool) {
        self.open += 1;
        self.due += u64::from(is_due);
        self.overdue += u64::from(due < today);
        self.next = Some(self.next.map_or(due, |next| next.min(due)));
    }

    /// Which are due, in few words; none where none is.
    #[must_use]
    pub fn in_short(&self) -> Option<String> {
        let requests = counted(self.due, "request", "requests");
        match (self.due, self.overdue, self.next) {
            (0, ..) | (.., None) => None,
            (_, 0, Some(next)) => Some(format!("{requests} due by {next}")),
            (_, over, Some(next)) => {
                Some(format!("{requests} due, {over} OVERDUE, the first since {next}"))
            }
        }
    }

    /// The same, with the way on.
    #[must_use]
    pub fn note(&self) -> Option<String> {
        self.in_short().map(|short| format!("{short}: steward requests --due"))
    }
}

impl StepTakenView {
    /// In a few words: `handed over c17.json, 12 KB`.
    #[must_use]
    pub fn words(&self) -> String {
        match &self.step {
            None if self.corrected.is_empty() => "corrected".to_owned(),
            None => format!("corrected {}", names(&self.corrected)),
            Some(RequestStep::Extended { until }) => format!("extended until {until}"),
            Some(RequestStep::Told { exports, other }) => {
                let exports = exports.iter().map(|export| format!("#{export}"));
                let told: Vec<String> = exports.chain(other.clone()).collect();
                match told.is_empty() {
                    true => "a recipient told".to_owned(),
                    false => format!("told {}", told.join(", ")),
                }
            }
            Some(RequestStep::Handed { files }) => {
                let files: Vec<String> = files.iter().map(file).collect();
                format!("handed over {}", files.join(", "))
            }
            Some(step) => step.name().to_owned(),
        }
    }
}

fn names(fields: &[FieldName]) -> String {
    fields.iter().map(FieldName::as_str).collect::<Vec<_>>().join(", ")
}

fn file(file: &HandedFile) -> String {
    let name = match file.name.as_str() {
        "" => "a file",
        "-" => "standard output",
        name => name,
    };
    format!("{name} ({})", counted(file.bytes, "byte", "bytes"))
}

impl RequestView {
    /// Whether something is left to do: it is open, or the person was erased before the recipients of earlier exports
    /// were told.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.open || !self.missing.is_empty()
    }

    /// What settings with these purposes and channels no longer know of what it names; none where they know all of
    /// it, or it restricts nothing.
    #[must_use]
    pub fn unknown_to(&self, purposes: &[&str], channels: &[&str]) -> Option<String> {
        let unknown = |named: &[String], known: &[&str]| -> Vec<String> {
            named.iter().filter(|it| !known.contains(&it.as_str())).cloned().collect()
        };
        let purposes = unknown(&self.purposes, purposes);
        // Without channels in the settings nobody can say which there are.
        let channels =
            if channels.is_empty() { Vec::new() } else { unknown(&self.channels, channels) };
        let (what, names) = match (purposes.is_empty(), channels.is_empty()) {
            (false, _) => ("purpose", purposes),
            (true, false) => ("channel", channels),
            (true, true) => return None,
        };
        if self.in_force != Some(true) {
            return None;
        }
        Some(format!(
            "{}, the {} of {}, names the {what} {}, which the settings do not have: it keeps {} from every {what} \
             until they have it again",
            self.task,
            self.kind,
            self.customer,
            names.join(", "),
            self.customer
        ))
    }

    /// Who asks: a customer, or somebody of whom nothing is held.
    #[must_use]
    pub fn who(&self) -> String {
        match self.customer {
            CustomerId::NOBODY => "nobody held".to_owned(),
            customer => customer.to_string(),
        }
    }

    /// What it is about beside its kind: `of email, phone`, `for newsletter`.
    #[must_use]
    pub fn about(&self) -> String {
        let mut about = self.kind.to_string();
        if !self.fields.is_empty() {
            about += &format!(" of {}", names(&self.fields));
        }
        if !self.channels.is_empty() {
            about += &format!(" of {}", self.channels.join(", "));
        }
        if !self.purposes.is_empty() {
            about += &format!(" for {}", self.purposes.join(", "));
        }
        about
    }

    /// The last day, as it stands today: `due 2026-12-30, 12 days left`.
    #[must_use]
    pub fn last_day(&self) -> String {
        if !self.waits() {
            return format!("was due {}", self.due);
        }
        match self.days_left {
            left if left < 0 => {
                format!("OVERDUE since {} ({})", self.due, days(left.unsigned_abs()))
            }
            0 => format!("due {}: today", self.due),
            left => format!("due {}, {} left", self.due, days(left.unsigned_abs())),
        }
    }

    /// On whom it is in force.
    fn told_in_force(&self) -> String {
        match &self.in_force_on[..] {
            [] => "in force: exports for a purpose leave the customer out".to_owned(),
            [one] if *one == self.customer => {
                "in force: exports for a purpose leave the customer out".to_owned()
            }
            [one] => format!("in force on {one}: exports for a purpose leave them out"),
            several => {
                let several: Vec<String> = several.iter().map(ToString::to_string).collect();
                format!(
                    "in force on {}, whose records were one customer's: exports for a purpose leave them out",
                    several.join(", ")
                )
            }
        }
    }

    /// What is missing, and the way on, a sentence each.
    pub fn missing_words(&self) -> impl Iterator<Item = String> {
        self.missing.iter().map(|step| self.words_of(*step))
    }

    /// What a missing step is, and the way on.
    #[must_use]
    pub fn words_of(&self, step: MissingStep) -> String {
        let is_left =
            |field: &&FieldName| self.steps.iter().all(|taken| !taken.corrected.contains(field));
        let left: Vec<FieldName> = self.fields.iter().filter(is_left).cloned().collect();
        match step {
            MissingStep::Correction if !left.is_empty() => format!(
                "not corrected yet: {}: correct a record, or say why not with --answer TEXT ({})",
                names(&left),
                self.task
            ),
            step => step.words(&self.task, self.customer),
        }
    }

    /// The same, and after it what was done, a line each.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let mut lines = self.lines();
        // That it came is said first, and so is who asks.
        let is_said = |step: &Option<RequestStep>| {
            matches!(step, Some(RequestStep::Verified | RequestStep::Unverified))
        };
        let steps = self.steps.iter();
        let steps = steps.filter(|taken| taken.decision != self.decision && !is_said(&taken.step));
        let first = self.steps.iter().find(|taken| taken.decision == self.decision);
        if let Some(text) = first.and_then(|first| first.text.as_ref()) {
            lines.push(format!("they said: {text}"));
        }
        lines.extend(steps.map(|taken| {
            let text = taken.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
            format!("{} by {} ({}){text}", taken.words(), taken.actor, taken.decision)
        }));
        lines
    }

    /// What decides, in a few sentences: first what it is and until when, then what is missing.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let extended = if self.extended { ", extended" } else { "" };
        let by = self.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
        let mut lines = vec![format!(
            "{} request, received {}{by}, {}{extended}",
            self.about(),
            self.received,
            self.last_day()
        )];
        lines.extend(self.missing_words());
        lines.extend(self.maybe_same.iter().map(MaybeSame::words));
        if let Some(identity) = self.identity.as_ref() {
            lines.push(format!("identity: {identity}"));
        }
        if let Some(in_force) = self.in_force {
            lines.push(match in_force {
                true => self.told_in_force(),
                false => "no longer in force".to_owned(),
            });
        }
        if !self.recipients.is_empty() {
            let left = self.recipients.iter().filter(|it| it.told.is_none()).count();
            let all = counted(self.recipients.len() as u64, "earlier export", "earlier exports");
            let left = match self.kind.tells_recipients() {
                true => format!("; {left} to be told"),
                false => String::new(),
            };
            lines.push(format!("{all} held or may have held the person{left}"));
        }
        lines
    }
}

fn days(count: u64) -> String {
    counted(count, "day", "days")
}
