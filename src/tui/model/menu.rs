//! Menus: a few choices, each with a letter.

use std::path::PathBuf;

use super::{Bulk, Correction, Intent, OwnView, QueueState, Scroll, ToImport};
use domain::{FieldName, ReasonCode, RequestKind, SourceName, TaskId};
use door::FilePart;
use door::views::OrderBy;

/// The key of the choice that gives no reason.
pub const NO_REASON: char = '-';

/// The keys that rename and delete a view.
pub const RENAME_VIEW: char = '=';
/// See [`RENAME_VIEW`].
pub const DELETE_VIEW: char = '-';

/// A menu.
#[derive(Debug, Clone)]
pub struct Menu {
    /// What it is about.
    pub kind: MenuKind,
    /// Its choices, the last used first.
    pub choices: Vec<Choice>,
    /// Cursor; Enter takes it.
    pub scroll: Scroll,
}

/// What a menu is about.
#[derive(Debug, Clone)]
pub enum MenuKind {
    /// Why: the reasons for this decision.
    Reasons(Box<Intent>),
    /// Until when.
    Defer,
    /// How the queue is sorted.
    Order,
    /// The saved filters.
    Views,
    /// The views of one's own: which of them is deleted, else renamed.
    OwnViews(bool),
    /// How a customer is copied.
    Copy,
    /// What the customer on screen asks for.
    Request,
    /// Which step is done for the request on screen.
    Step,
    /// The verdict on these tasks.
    Bulk(Vec<TaskId>),
    /// Until when these tasks wait.
    BulkUntil(Vec<TaskId>),
    /// Why: the reasons for a bulk.
    BulkReasons(Box<Bulk>),
    /// Of which source the file is.
    Source(PathBuf),
    /// Of which field the values are.
    Field,
    /// Why: the reasons for a correction of many records.
    CorrectionReasons(Box<Correction>),
    /// Which part of the file holds its rows.
    Part(Box<ToImport>, FilePart),
    /// In which encoding the file is.
    Encoding(Box<ToImport>, Vec<String>),
    /// How dates or numbers of the file are written; the key that says so, and the fields.
    Written(Box<ToImport>, String, String),
}

/// One choice of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The key that takes it.
    pub key: char,
    /// What is shown, and for reasons the code itself.
    pub text: String,
}

impl Menu {
    fn new(kind: MenuKind, choices: Vec<Choice>) -> Self {
        Self { kind, choices, scroll: Scroll::default() }
    }

    /// A menu of reasons, the last used first, each with the first letter that is free.
    #[must_use]
    pub fn of_reasons(intent: Intent, codes: &[String], last: Option<&ReasonCode>) -> Self {
        let choices = lettered(codes, last.map(ReasonCode::as_str));
        Self::new(MenuKind::Reasons(Box::new(intent)), choices)
    }

    /// The same for whoever need not give one: those that fit first, then the last used, and none at all.
    #[must_use]
    pub fn of_reasons_or_none(
        intent: Intent,
        codes: &[String],
        fitting: &[&str],
        last: Option<&ReasonCode>,
    ) -> Self {
        let mut codes = codes.to_vec();
        let rank = |code: &String| {
            let fits = fitting.iter().position(|it| it == code);
            let is_last = last.is_some_and(|last| last.as_str() == code);
            (fits.unwrap_or(fitting.len()), !is_last)
        };
        codes.sort_by_key(rank);
        let mut choices = lettered(&codes, None);
        choices.push(Choice { key: NO_REASON, text: "no reason, only a note".to_owned() });
        Self::new(MenuKind::Reasons(Box::new(intent)), choices)
    }

    /// A menu of sources, the one a file of that name came from before first.
    #[must_use]
    pub fn of_sources(path: PathBuf, sources: &[SourceName], before: Option<&SourceName>) -> Self {
        let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
        let choices = lettered(&names, before.map(SourceName::as_str));
        Self::new(MenuKind::Source(path), choices)
    }

    /// A menu of encodings, each with how words of the file read in it.
    #[must_use]
    pub fn of_encodings(file: ToImport, readings: &[(String, String)]) -> Self {
        // Where nothing but sensitive values tells them apart there are no words.
        let text = |(encoding, words): &(String, String)| match words.is_empty() {
            true => encoding.clone(),
            false => format!("{encoding}: {words}"),
        };
        let texts: Vec<String> = readings.iter().map(text).collect();
        let encodings = readings.iter().map(|(encoding, _)| encoding.clone()).collect();
        let choices = lettered(&texts, None);
        Self::new(MenuKind::Encoding(Box::new(file), encodings), choices)
    }

    /// A menu of the parts of a file that may hold its rows.
    #[must_use]
    pub fn of_parts(file: ToImport, part: FilePart, names: &[String]) -> Self {
        let kind = MenuKind::Part(Box::new(file), part);
        Self::new(kind, lettered(names, None))
    }

    /// A menu of the ways in which a column may be written.
    #[must_use]
    pub fn of_ways(file: ToImport, key: &str, fields: String, ways: &[String]) -> Self {
        let kind = MenuKind::Written(Box::new(file), key.to_owned(), fields);
        Self::new(kind, lettered(ways, None))
    }

    /// The menu of `d`.
    #[must_use]
    pub fn of_deferrals() -> Self {
        let choices = [
            ('1', "tomorrow"),
            ('w', "in a week"),
            ('d', "until a date"),
            ('c', "until the data changes: can't tell"),
        ];
        let choices = choices.map(|(key, text)| Choice { key, text: text.to_owned() }).to_vec();
        Self::new(MenuKind::Defer, choices)
    }

    /// A menu of these reasons.
    #[must_use]
    pub fn of_bulk_reasons(bulk: Bulk, codes: &[String]) -> Self {
        Self::new(MenuKind::BulkReasons(Box::new(bulk)), lettered(codes, None))
    }

    /// The menu of `o`, the order in force under the cursor.
    #[must_use]
    pub fn of_orders(now: OrderBy, has_stake: bool) -> Self {
        let offered = OrderBy::ALL.iter().filter(|(_, by)| has_stake || *by != OrderBy::Stake);
        let choices: Vec<Choice> =
            offered.map(|(key, by)| Choice { key: *key, text: by.name().to_owned() }).collect();
        let cursor = choices.iter().position(|choice| choice.text == now.name()).unwrap_or(0);
        let scroll = Scroll { cursor, top: 0 };
        Self { kind: MenuKind::Order, choices, scroll }
    }

    /// The menu of `g v`: everything, then each view with the first letter that is free, and with how many
    /// tasks fit it.
    #[must_use]
    pub fn of_views(queue: &QueueState) -> Self {
        let all = Choice { key: '0', text: "everything".to_owned() };
        let names: Vec<String> = queue.all_views().map(|view| view.name.to_owned()).collect();
        let mut choices = vec![all];
        choices.extend(lettered(&names, None));
        for (choice, view) in choices.iter_mut().skip(1).zip(queue.all_views()) {
            let count = queue.count_of(&view).map(|count| format!(" ({count})"));
            choice.text = format!("{}{}: {}", view.name, count.unwrap_or_default(), view.told());
        }
        if !queue.saved.own.is_empty() {
            let all = [
                (RENAME_VIEW, "rename a view of your own"),
                (DELETE_VIEW, "delete a view of your own"),
            ];
            choices.extend(all.map(|(key, text)| Choice { key, text: text.to_owned() }));
        }
        Self::new(MenuKind::Views, choices)
    }

    /// A menu of one's own views, one of which is to be deleted, else renamed.
    #[must_use]
    pub fn of_own_views(queue: &QueueState, delete: bool) -> Self {
        let told = |view: &OwnView| format!("{}: {}", view.name, view.told());
        let texts: Vec<String> = queue.saved.own.iter().map(told).collect();
        Self::new(MenuKind::OwnViews(delete), lettered(&texts, None))
    }

    /// The menu of `b`.
    #[must_use]
    pub fn of_bulk(tasks: Vec<TaskId>) -> Self {
        let choices = [
            ('m', "merge: all customers of each task are the same"),
            ('n', "not a match: all customers of each task differ"),
            ('a', "accept: take the suggestion, or the new data"),
            ('r', "keep the earlier decision"),
            ('d', "defer"),
            ('E', "ask someone else"),
            ('s', "set or remove a value of each record"),
            ('W', "waive: permit the violations"),
            ('x', "quarantine: set each record aside until it is delivered again"),
        ];
        let choices = choices.map(|(key, text)| Choice { key, text: text.to_owned() }).to_vec();
        Self::new(MenuKind::Bulk(tasks), choices)
    }

    /// The menu of `y`.
    #[must_use]
    pub fn of_copies() -> Self {
        let choices = [('t', "as text"), ('v', "as a vCard")];
        let choices = choices.map(|(key, text)| Choice { key, text: text.to_owned() }).to_vec();
        Self::new(MenuKind::Copy, choices)
    }

    /// The menu of what a person may ask for.
    #[must_use]
    pub fn of_requests(kinds: &[(char, RequestKind)]) -> Self {
        let choices = kinds.iter().map(|(key, kind)| Choice { key: *key, text: kind.to_string() });
        Self::new(MenuKind::Request, choices.collect())
    }

    /// The menu of what is done for a request.
    #[must_use]
    pub fn of_steps(steps: &[(char, &str)]) -> Self {
        let choices =
            steps.iter().map(|(key, text)| Choice { key: *key, text: (*text).to_owned() });
        Self::new(MenuKind::Step, choices.collect())
    }

    /// The menu of `d` for many tasks.
    #[must_use]
    pub fn of_bulk_deferrals(tasks: Vec<TaskId>) -> Self {
        let mut menu = Self::of_deferrals();
        menu.choices.retain(|choice| choice.key != 'd');
        Self { kind: MenuKind::BulkUntil(tasks), ..menu }
    }

    /// A menu of fields.
    #[must_use]
    pub fn of_fields(fields: &[FieldName]) -> Self {
        let names: Vec<String> = fields.iter().map(ToString::to_string).collect();
        Self::new(MenuKind::Field, lettered(&names, None))
    }

    /// A menu of reasons for a correction of many records.
    #[must_use]
    pub fn of_correction_reasons(correction: Box<Correction>, codes: &[String]) -> Self {
        let choices = lettered(codes, None);
        Self::new(MenuKind::CorrectionReasons(correction), choices)
    }

    /// The choice of that letter or digit.
    #[must_use]
    pub fn chosen(&self, key: char) -> Option<usize> {
        let by_key = self.choices.iter().position(|choice| choice.key == key);
        let by_place = key.to_digit(10).and_then(|digit| (digit as usize).checked_sub(1));
        by_key.or(by_place.filter(|place| *place < self.choices.len()))
    }
}

/// Choices by the first letter of each that is free, the last used first.
fn lettered(texts: &[String], last: Option<&str>) -> Vec<Choice> {
    let mut texts = texts.to_vec();
    if let Some(last) = last {
        texts.sort_by_key(|text| text != last);
    }
    let mut choices: Vec<Choice> = Vec::new();
    for text in texts {
        let free = |letter: &char| {
            letter.is_ascii_lowercase() && choices.iter().all(|choice| choice.key != *letter)
        };
        let key = text.chars().find(free).or_else(|| ('a'..='z').find(free)).unwrap_or(' ');
        choices.push(Choice { key, text });
    }
    choices
}
