//! What lies over a screen and has the keys while it does.

use std::path::PathBuf;

use super::{Bulk, Correction, Groups, Input, Intent, Look, Scroll, ToImport};
use crate::keys::Row;
use domain::{CensusId, DecisionId, FieldName, ReasonCode, RecordAddress, SourceName, TaskId};
use door::views::{ExplanationView, FinderReport, OrderBy};
use door::{Dependant, DependantChoice, FilePart, Scope};

/// A layer.
#[derive(Debug, Clone)]
pub enum Layer {
    /// The waterfall of a pair, by its place among the task's pairs.
    Why {
        /// Which pair.
        pair: usize,
        /// First line shown.
        top: usize,
    },
    /// The keys.
    Help {
        /// First line shown.
        top: usize,
    },
    /// The field under the cursor, whole.
    Value {
        /// First line shown.
        top: usize,
    },
    /// The waterfall of two records that were named.
    Explained {
        /// The waterfall.
        pair: Box<ExplanationView>,
        /// First line shown.
        top: usize,
    },
    /// Tasks, customers or records that resemble a text.
    Finder(Finder),
    /// Everything that can be done.
    Palette(Palette),
    /// Decisions that build on one to be undone.
    Dependants(Dependants),
    /// A question for a line of text.
    Prompt(Prompt),
    /// A few choices.
    Menu(Menu),
    /// One last question before something is done.
    Confirm(Confirm),
    /// A file that was looked at: is it to be imported?
    Look(Box<Look>),
    /// Tasks by pattern.
    Groups(Groups),
    /// A verdict on many tasks.
    Bulk(Box<Bulk>),
}

/// The finder.
#[derive(Debug, Clone, Default)]
pub struct Finder {
    /// The text.
    pub input: Input,
    /// Tells its answers from late ones.
    pub serial: u64,
    /// What is searched.
    pub scope: Scope,
    /// The record whose likeness to the one chosen is explained; `None` means what is chosen is
    /// opened.
    pub explains: Option<RecordAddress>,
    /// What was found so far for the text.
    pub report: Option<FinderReport>,
    /// Cursor.
    pub scroll: Scroll,
}

impl Finder {
    /// How many hits there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.report.as_ref().map_or(0, |report| report.hits.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The palette.
#[derive(Debug, Clone, Default)]
pub struct Palette {
    /// The text.
    pub input: Input,
    /// What resembles it, best first.
    pub entries: Vec<PaletteEntry>,
    /// Cursor.
    pub scroll: Scroll,
}

/// Something that can be done.
#[derive(Debug, Clone)]
pub struct PaletteEntry {
    /// The row.
    pub row: &'static Row,
    /// What it does, in words.
    pub does: String,
    /// The keys that do it, as shown; empty: none does.
    pub keys: String,
    /// Why it does nothing now.
    pub unavailable: Option<String>,
    /// Which characters of what it does matched.
    pub positions: Vec<usize>,
}

/// The question what becomes of later decisions that build on one to be undone.
#[derive(Debug, Clone)]
pub struct Dependants {
    /// What is undone.
    pub decisions: Vec<DecisionId>,
    /// Each later decision with what becomes of it.
    pub rows: Vec<(Dependant, DependantChoice)>,
    /// Exports made meanwhile, a line each.
    pub exported: Vec<String>,
    /// The undo.
    pub intent: Box<Intent>,
    /// Cursor.
    pub scroll: Scroll,
}

/// A prompt.
#[derive(Debug, Clone)]
pub struct Prompt {
    /// What the text is for.
    pub kind: PromptKind,
    /// The text.
    pub input: Input,
    /// What a path may go on with, while that is asked.
    pub offered: Vec<String>,
}

impl Prompt {
    /// A prompt with a text to edit.
    #[must_use]
    pub fn new(kind: PromptKind, text: &str) -> Self {
        Self { kind, input: Input::with(text), offered: Vec::new() }
    }
}

/// What a prompt asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptKind {
    /// A filter expression for the queue.
    Filter,
    /// Words that the entries of a history hold.
    HistoryFilter,
    /// A record's right value.
    Correct {
        /// The record.
        record: RecordAddress,
        /// The field.
        field: FieldName,
    },
    /// A golden value for the merge to come.
    Golden {
        /// The field.
        field: FieldName,
    },
    /// The day until which a task waits.
    DeferDate,
    /// Why a record is set aside.
    QuarantineNote {
        /// The record.
        record: RecordAddress,
    },
    /// A file to be imported.
    ImportFile,
    /// Where in a file of JSON its records stand.
    Records(Box<ToImport>),
    /// What the values of a field hold.
    ValuesFilter,
    /// What is right where a record holds one of these values.
    CorrectValues {
        /// The values.
        from: Vec<String>,
    },
    /// How many joins of a stratum wait: typing it grants them.
    Grant {
        /// Its census.
        census: CensusId,
        /// How many wait.
        joins: u64,
    },
    /// Whom to ask.
    EscalateTo,
    /// What to ask.
    EscalateQuestion {
        /// Whom.
        to: String,
    },
    /// The answer to what was asked.
    Answer,
    /// Whom to ask about many tasks.
    EscalateBulk {
        /// The tasks.
        tasks: Vec<TaskId>,
    },
}

impl PromptKind {
    /// What stands before the text.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            PromptKind::Filter => "filter".to_owned(),
            PromptKind::HistoryFilter => "filter: words of who, what and when".to_owned(),
            PromptKind::Correct { record, field } => format!("{field} of {record}"),
            PromptKind::Golden { field } => format!("golden {field}"),
            PromptKind::DeferDate => "defer until (2026-12-31)".to_owned(),
            PromptKind::QuarantineNote { record } => format!("why is {record} set aside"),
            PromptKind::ImportFile => "import which file".to_owned(),
            PromptKind::Records(file) => {
                format!("where in {} do its records stand", file.path.display())
            }
            PromptKind::ValuesFilter => "only values with".to_owned(),
            PromptKind::CorrectValues { from } => match from.as_slice() {
                [_] => "what is right instead of it".to_owned(),
                several => format!("one value for all {}", several.len()),
            },
            PromptKind::Grant { census, joins } => {
                format!("type {joins} to merge the rest of {census}")
            }
            PromptKind::EscalateTo => "ask whom (a name or a role)".to_owned(),
            PromptKind::Answer => "your answer".to_owned(),
            PromptKind::EscalateBulk { tasks } => {
                format!("ask whom about {} tasks (a name or a role)", tasks.len())
            }
            PromptKind::EscalateQuestion { to } => format!("what to ask {to}"),
        }
    }
}

/// A menu.
#[derive(Debug, Clone)]
pub struct Menu {
    /// What it is about.
    pub kind: MenuKind,
    /// Its choices, the last used first.
    pub choices: Vec<Choice>,
    /// Cursor; Enter takes it.
    pub cursor: usize,
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
    /// A menu of reasons, the last used first, each with the first letter that is free.
    #[must_use]
    pub fn of_reasons(intent: Intent, codes: &[String], last: Option<&ReasonCode>) -> Self {
        let choices = lettered(codes, last.map(ReasonCode::as_str));
        Self { kind: MenuKind::Reasons(Box::new(intent)), choices, cursor: 0 }
    }

    /// A menu of sources, the one a file of that name came from before first.
    #[must_use]
    pub fn of_sources(path: PathBuf, sources: &[SourceName], before: Option<&SourceName>) -> Self {
        let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
        let choices = lettered(&names, before.map(SourceName::as_str));
        Self { kind: MenuKind::Source(path), choices, cursor: 0 }
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
        Self { kind: MenuKind::Encoding(Box::new(file), encodings), choices, cursor: 0 }
    }

    /// A menu of the parts of a file that may hold its rows.
    #[must_use]
    pub fn of_parts(file: ToImport, part: FilePart, names: &[String]) -> Self {
        let kind = MenuKind::Part(Box::new(file), part);
        Self { kind, choices: lettered(names, None), cursor: 0 }
    }

    /// A menu of the ways in which a column may be written.
    #[must_use]
    pub fn of_ways(file: ToImport, key: &str, fields: String, ways: &[String]) -> Self {
        let kind = MenuKind::Written(Box::new(file), key.to_owned(), fields);
        Self { kind, choices: lettered(ways, None), cursor: 0 }
    }

    /// The menu of `d`.
    #[must_use]
    pub fn of_deferrals() -> Self {
        let choices = [
            ('1', "tomorrow"),
            ('w', "in a week"),
            ('d', "until a date"),
            ('c', "until the data changes: cannot tell"),
        ];
        let choices = choices.map(|(key, text)| Choice { key, text: text.to_owned() }).to_vec();
        Self { kind: MenuKind::Defer, choices, cursor: 0 }
    }

    /// A menu of these reasons.
    #[must_use]
    pub fn of_bulk_reasons(bulk: Bulk, codes: &[String]) -> Self {
        Self {
            kind: MenuKind::BulkReasons(Box::new(bulk)),
            choices: lettered(codes, None),
            cursor: 0,
        }
    }

    /// The menu of `o`, the order in force under the cursor.
    #[must_use]
    pub fn of_orders(now: OrderBy, has_stake: bool) -> Self {
        let offered = OrderBy::ALL.iter().filter(|(_, by)| has_stake || *by != OrderBy::Stake);
        let choices: Vec<Choice> =
            offered.map(|(key, by)| Choice { key: *key, text: by.name().to_owned() }).collect();
        let cursor = choices.iter().position(|choice| choice.text == now.name()).unwrap_or(0);
        Self { kind: MenuKind::Order, choices, cursor }
    }

    /// The menu of `g v`: everything, then each saved filter with the first letter that is free.
    #[must_use]
    pub fn of_views(views: &[(String, String)]) -> Self {
        let all = Choice { key: '0', text: "everything".to_owned() };
        let names: Vec<String> = views.iter().map(|(name, _)| name.clone()).collect();
        let mut choices = vec![all];
        choices.extend(lettered(&names, None));
        for (choice, (_, filter)) in choices.iter_mut().skip(1).zip(views) {
            choice.text = format!("{}: {filter}", choice.text);
        }
        Self { kind: MenuKind::Views, choices, cursor: 0 }
    }

    /// The menu of `b`.
    #[must_use]
    pub fn of_bulk(tasks: Vec<TaskId>) -> Self {
        let choices = [
            ('m', "merge: all customers of each task are one"),
            ('n', "not a match: all customers of each task differ"),
            ('a', "accept: take what is suggested, or what is new"),
            ('r', "keep what was decided"),
            ('d', "defer"),
            ('E', "ask someone else"),
            ('W', "waive: the violations may stand"),
            ('x', "quarantine: each record is set aside until it is delivered again"),
        ];
        let choices = choices.map(|(key, text)| Choice { key, text: text.to_owned() }).to_vec();
        Self { kind: MenuKind::Bulk(tasks), choices, cursor: 0 }
    }

    /// The menu of `d` for many tasks.
    #[must_use]
    pub fn of_bulk_deferrals(tasks: Vec<TaskId>) -> Self {
        let mut menu = Self::of_deferrals();
        menu.choices.retain(|choice| choice.key != 'd');
        Self { kind: MenuKind::BulkUntil(tasks), ..menu }
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
pub(super) fn lettered(texts: &[String], last: Option<&str>) -> Vec<Choice> {
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

/// A question that only `y` answers with yes.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// What would be done.
    pub question: String,
    /// What comes with it, a line each.
    pub lines: Vec<String>,
    /// What is done.
    pub then: Confirmed,
}

/// What a yes does.
#[derive(Debug, Clone)]
pub enum Confirmed {
    /// It decides.
    Decide(Box<Intent>),
    /// It corrects many records.
    Correct(Box<Correction>),
}
