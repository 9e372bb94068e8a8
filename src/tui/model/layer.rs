//! What lies over a screen and has the keys while it does.

use std::path::PathBuf;

use super::{Input, Intent, Scroll};
use crate::desk::views::FinderHit;
use crate::domain::{FieldName, ReasonCode, RecordAddress, SourceName};

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
    /// Tasks that resemble a text.
    Finder(Finder),
    /// A question for a line of text.
    Prompt(Prompt),
    /// A few choices.
    Menu(Menu),
    /// One last question before something is done.
    Confirm(Confirm),
}

/// The finder.
#[derive(Debug, Clone, Default)]
pub struct Finder {
    /// The text.
    pub input: Input,
    /// Tells its answers from late ones.
    pub serial: u64,
    /// The tasks found, best first.
    pub hits: Vec<FinderHit>,
    /// Whether the hits are those of the text.
    pub answered: bool,
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
}

/// What a prompt asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptKind {
    /// A filter expression for the queue.
    Filter,
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
    /// A file to be imported.
    ImportFile,
    /// Whom to ask.
    EscalateTo,
    /// What to ask.
    EscalateQuestion {
        /// Whom.
        to: String,
    },
}

impl PromptKind {
    /// What stands before the text.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            PromptKind::Filter => "filter".to_owned(),
            PromptKind::Correct { record, field } => format!("{field} of {record}"),
            PromptKind::Golden { field } => format!("golden {field}"),
            PromptKind::DeferDate => "defer until (2026-12-31)".to_owned(),
            PromptKind::ImportFile => "import which file".to_owned(),
            PromptKind::EscalateTo => "ask whom (a name or a role)".to_owned(),
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
    /// Of which source the file is.
    Source(PathBuf),
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

/// A question that only `y` answers with yes.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// What would be done.
    pub question: String,
    /// What comes with it, a line each.
    pub lines: Vec<String>,
    /// What is done.
    pub intent: Box<Intent>,
}
