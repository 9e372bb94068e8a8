//! What lies over a screen and has the keys while it does.

use super::{
    Bulk, Correction, Groups, Input, Intent, Look, Menu, MenuKind, OwnView, Scroll, ToImport,
    ViewChange,
};
use crate::context::Context;
use crate::keys::Row;
use domain::{
    CensusId, CustomerId, DecisionId, FieldName, RecordAddress, RequestStep, Sequence, TaskId,
};
use door::views::{ExplanationView, FinderHit, FinderReport};
use door::{Dependant, DependantChoice, Scope};

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

impl Layer {
    /// Whose keys count in it.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Layer::Why { .. }
            | Layer::Help { .. }
            | Layer::Value { .. }
            | Layer::Explained { .. } => Context::Reading,
            Layer::Finder(_) => Context::Finder,
            Layer::Palette(_) => Context::Palette,
            Layer::Dependants(_) => Context::Dependants,
            Layer::Prompt(_) => Context::Prompt,
            Layer::Menu(_) => Context::Menu,
            Layer::Confirm(_) => Context::Confirm,
            Layer::Look(_) => Context::Look,
            Layer::Groups(_) => Context::Groups,
            Layer::Bulk(_) => Context::Bulk,
        }
    }

    /// Whether it asks for what belongs to a decision on one task.
    #[must_use]
    pub fn begins_decision(&self) -> bool {
        match self {
            Layer::Prompt(prompt) => matches!(
                prompt.kind,
                PromptKind::Correct { .. }
                    | PromptKind::Golden { .. }
                    | PromptKind::Note { .. }
                    | PromptKind::DeferDate
                    | PromptKind::QuarantineNote { .. }
                    | PromptKind::EscalateTo
                    | PromptKind::EscalateQuestion { .. }
                    | PromptKind::Answer
            ),
            Layer::Menu(menu) => matches!(menu.kind, MenuKind::Reasons(_) | MenuKind::Defer),
            Layer::Confirm(confirm) => matches!(confirm.then, Confirmed::Decide(_)),
            _ => false,
        }
    }

    /// Whether it shows people by itself, and not what the screen under it has.
    #[must_use]
    pub fn shows_people(&self) -> bool {
        matches!(self, Layer::Explained { .. } | Layer::Finder(_))
    }

    /// Its list, and how many rows that has; `None` means it has none with a cursor.
    #[must_use]
    pub fn list(&self) -> Option<(&Scroll, usize)> {
        match self {
            Layer::Finder(finder) => Some((&finder.scroll, finder.len())),
            Layer::Palette(palette) => Some((&palette.scroll, palette.entries.len())),
            Layer::Dependants(dependants) => Some((&dependants.scroll, dependants.rows.len())),
            Layer::Menu(menu) => Some((&menu.scroll, menu.choices.len())),
            Layer::Groups(groups) => Some((&groups.scroll, groups.patterns.len())),
            Layer::Bulk(bulk) => Some((&bulk.scroll, bulk.length())),
            _ => None,
        }
    }

    /// The cursor of its list.
    pub fn scroll_mut(&mut self) -> Option<&mut Scroll> {
        match self {
            Layer::Finder(finder) => Some(&mut finder.scroll),
            Layer::Palette(palette) => Some(&mut palette.scroll),
            Layer::Dependants(dependants) => Some(&mut dependants.scroll),
            Layer::Menu(menu) => Some(&mut menu.scroll),
            Layer::Groups(groups) => Some(&mut groups.scroll),
            Layer::Bulk(bulk) => Some(&mut bulk.scroll),
            _ => None,
        }
    }

    /// Of what is read, the first line that is shown.
    pub fn top_mut(&mut self) -> Option<&mut usize> {
        match self {
            Layer::Why { top, .. }
            | Layer::Help { top }
            | Layer::Value { top }
            | Layer::Explained { top, .. } => Some(top),
            Layer::Look(look) => Some(&mut look.top),
            _ => None,
        }
    }
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
    /// The serial of the search that found it: an earlier one's stays until there is another.
    pub found: u64,
    /// Enter was pressed before anything was found for the text.
    pub entered: bool,
    /// Cursor.
    pub scroll: Scroll,
    /// The customers that are marked, whatever is typed since.
    pub marked: Vec<CustomerId>,
}

impl Finder {
    /// Whether what was found is of a marked customer.
    #[must_use]
    pub fn is_marked(&self, hit: &FinderHit) -> bool {
        hit.customer.is_some_and(|customer| self.marked.contains(&customer))
    }

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
    /// The text it began with.
    began: String,
    /// Whether it began empty because the value is masked.
    pub hides: bool,
    /// Whether the line was deleted as a whole: only that empties a masked value.
    pub emptied: bool,
}

impl Prompt {
    /// A prompt with a text to edit.
    #[must_use]
    pub fn new(kind: PromptKind, text: &str) -> Self {
        let input = Input::with(text);
        let began = input.text();
        Self { kind, input, offered: Vec::new(), began, hides: false, emptied: false }
    }

    /// The same for a value that is there and masked: it is not written out.
    #[must_use]
    pub fn of_masked(kind: PromptKind) -> Self {
        Self { hides: true, ..Self::new(kind, "") }
    }

    /// Whether what was asked for is still as it was.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        self.input.text() == self.began && !(self.hides && self.emptied)
    }
}

/// What a prompt asks for.
#[derive(Debug, Clone, PartialEq)]
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
    /// A note to a decision; empty: none.
    Note {
        /// The decision.
        intent: Box<Intent>,
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
    /// Under which name a view is saved.
    ViewName {
        /// The view, without its name.
        view: Box<OwnView>,
    },
    /// What a view is called from now on.
    ViewNewName {
        /// The name it has.
        from: String,
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
    /// Why what somebody proposed is rejected.
    RejectWhy {
        /// The task that asks for the approval.
        task: TaskId,
    },
    /// The words of a step of a request.
    Step {
        /// The step.
        step: Box<RequestStep>,
    },
    /// What to ask about customers that no task brings together.
    AskAbout {
        /// The customers.
        customers: Vec<CustomerId>,
    },
    /// Which value the records of many tasks are to have.
    SetBulk {
        /// The tasks.
        tasks: Vec<TaskId>,
    },
    /// What to say about a task, or about customers.
    Comment {
        /// What it is about, in words.
        about: String,
        /// The task.
        task: Option<TaskId>,
        /// The customers, where there is no task.
        customers: Vec<CustomerId>,
    },
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
            PromptKind::ViewName { .. } => "save this view as".to_owned(),
            PromptKind::ViewNewName { from } => format!("new name of {from}"),
            PromptKind::HistoryFilter => "filter: words (who, what, when)".to_owned(),
            PromptKind::Correct { record, field } => {
                format!("{field} of {record}, empty to remove it")
            }
            PromptKind::Golden { field } => format!("golden {field}"),
            PromptKind::Note { intent } => {
                let reason = intent.request.reason.as_ref();
                let reason = reason.map(|code| format!(" ({code})")).unwrap_or_default();
                format!("{}{reason}: a note, empty for none", intent.verdict.name())
            }
            PromptKind::DeferDate => "defer until (2026-12-31)".to_owned(),
            PromptKind::QuarantineNote { record } => format!("why is {record} set aside"),
            PromptKind::ImportFile => "Import which file?".to_owned(),
            PromptKind::Records(file) => {
                format!("Where in {} are its records?", file.path.display())
            }
            PromptKind::ValuesFilter => "only values with".to_owned(),
            PromptKind::CorrectValues { from } => match from.as_slice() {
                [_] => "the right value instead, empty to remove it".to_owned(),
                several => format!("one value for all {}, empty to remove them", several.len()),
            },
            PromptKind::Grant { census, joins } => {
                format!("type {joins} to merge the rest of {census}")
            }
            PromptKind::AskAbout { customers } => {
                let names: Vec<String> = customers.iter().map(ToString::to_string).collect();
                format!("the question about {}", names.join(", "))
            }
            PromptKind::EscalateTo => "ask who (a name or a role)".to_owned(),
            PromptKind::Answer => "your answer".to_owned(),
            PromptKind::RejectWhy { task } => format!("why is {task} rejected"),
            PromptKind::Step { step } => match **step {
                RequestStep::Verified => "how it was checked who asks; keep no copies of documents",
                RequestStep::Unverified => "why it goes on unchecked",
                RequestStep::Extended { .. } => "why it takes longer, as the person is told",
                RequestStep::Refused => "why it is refused, as the person is told",
                _ => "what was done or said",
            }
            .to_owned(),
            PromptKind::Comment { about, .. } => format!("comment on {about}"),
            PromptKind::SetBulk { .. } => "field=value, or field= to remove it".to_owned(),
            PromptKind::EscalateBulk { tasks } => {
                format!("ask who about {} tasks (a name or a role)", tasks.len())
            }
            PromptKind::EscalateQuestion { to } => format!("what to ask {to}"),
        }
    }
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

impl Confirm {
    /// Whether all that comes with it must have been shown before a yes counts.
    #[must_use]
    pub fn is_to_be_read(&self) -> bool {
        matches!(self.then, Confirmed::Acknowledge(_))
    }
}

/// What a yes does.
#[derive(Debug, Clone)]
pub enum Confirmed {
    /// It decides.
    Decide(Box<Intent>),
    /// It corrects many records.
    Correct(Box<Correction>),
    /// It writes a view over one of that name.
    ChangeView(Box<ViewChange>),
    /// It says that the settings of that commit were read.
    Acknowledge(Sequence),
}
