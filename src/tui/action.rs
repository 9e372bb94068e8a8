//! The one table of keys.
//!
//! Help, hints, the palette, the popup after a prefix, the README's table and the man page derive
//! from [`BINDINGS`]; `update` finds every action here and nowhere else. A key is one row. Which
//! keys a person has put in the place of these is in [`Keymap`].

mod availability;
mod keymap;
mod table;

pub use keymap::{Bound, KeyFinding, Keymap, Rebinding};
pub use table::{key_table_markdown, key_table_plain};

use super::keys::{Chord, Key};
use super::model::{Face, Layer, Model, Screen};

macro_rules! contexts {
    (
        screens { $($(#[$screen_doc:meta])+ $screen:ident $screen_name:literal;)+ }
        pages { $($(#[$page_doc:meta])+ $page:ident $page_name:literal $(= $page_key:literal)?;)+ }
        layers { $($(#[$layer_doc:meta])+ $layer:ident $layer_name:literal $(= $layer_key:literal)?;)+ }
    ) => {
        /// Where a key means something.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Context {
            $($(#[$screen_doc])+ $screen,)+
            $($(#[$page_doc])+ $page,)+
            $($(#[$layer_doc])+ $layer,)+
        }

        impl Context {
            /// Every context, in the order of the documentation.
            pub const ALL: [Context; [
                $(Self::$screen,)+ $(Self::$page,)+ $(Self::$layer,)+
            ].len()] = [
                $(Self::$screen,)+ $(Self::$page,)+ $(Self::$layer,)+
            ];

            /// The screens about the workspace as a whole.
            pub const OVERVIEWS: [Context; [$(Self::$page),+].len()] = [$(Self::$page),+];

            /// Its name in documentation.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$screen => $screen_name,)+
                    $(Self::$page => $page_name,)+
                    $(Self::$layer => $layer_name,)+
                }
            }

            /// Its name in `[keys]`.
            #[must_use]
            pub fn key(self) -> &'static str {
                match self {
                    $($(Self::$page => $page_key,)?)+
                    $($(Self::$layer => $layer_key,)?)+
                    other => other.name(),
                }
            }

            /// Whether a layer has the keys: then the screens' own do not count.
            #[must_use]
            pub fn is_layer(self) -> bool {
                matches!(self, $(Self::$layer)|+)
            }
        }
    };
}

// One row each: its name in documentation, and in `[keys]` where that is another.
contexts! {
    screens {
        /// On every screen.
        Global "everywhere";
        /// The queue.
        Queue "queue";
        /// Customers side by side.
        Compare "compare";
        /// What was decided beside what came since.
        Challenge "challenge";
        /// An invalid record.
        Fix "fix";
        /// A customer.
        Customer "customer";
        /// A history.
        History "history";
    }
    pages {
        /// The workspace in numbers.
        Dashboard "dashboard";
        /// The rules.
        Rules "rules";
        /// The records that break a rule.
        Failing "records that break a rule" = "failing";
        /// The imports.
        Imports "imports";
        /// Rows in quarantine.
        Quarantine "quarantine";
        /// The values of a field.
        Values "values";
        /// Two matching runs.
        Runs "matching runs";
        /// Merging that people grant.
        Grants "grants";
    }
    layers {
        /// Why, help, a whole value.
        Reading "why, help, whole value" = "reading";
        /// The finder.
        Finder "finder";
        /// A prompt.
        Prompt "prompt";
        /// A menu.
        Menu "menu";
        /// A last question.
        Confirm "confirm";
        /// A file that was looked at.
        Look "file before its import" = "look";
        /// The palette of everything that can be done.
        Palette "palette";
        /// What becomes of decisions that build on one to be undone.
        Dependants "undo with what builds on it" = "dependants";
        /// Tasks by pattern.
        Groups "patterns";
        /// A verdict on many tasks.
        Bulk "bulk";
    }
}

impl Context {
    /// Whether characters are text here, so that none of them can be a key.
    #[must_use]
    pub fn types_text(self) -> bool {
        matches!(self, Context::Finder | Context::Prompt | Context::Palette | Context::Menu)
    }

    /// Whether digits are a count for the next key here.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Context::Queue | Context::History | Context::Customer)
            || Self::OVERVIEWS.contains(&self)
    }

    /// Whether digits are typed here, so that none of them can be a key.
    #[must_use]
    pub fn types_digits(self) -> bool {
        self == Context::Bulk
    }

    /// The context whose keys the model listens to.
    #[must_use]
    pub fn of(model: &Model) -> Self {
        model.layers.last().map_or_else(|| Self::of_screen(model), Layer::context)
    }

    /// The context of the screen under the layers.
    #[must_use]
    pub fn of_screen(model: &Model) -> Self {
        match model.screens.last() {
            None => Context::Queue,
            Some(Screen::Customer(_)) => Context::Customer,
            Some(Screen::History(_)) => Context::History,
            Some(Screen::Overview(screen)) => screen.page.context(),
            Some(Screen::Task(task)) => Self::of_face(task.face()),
        }
    }

    fn of_face(face: Face) -> Self {
        match face {
            Face::Compare => Context::Compare,
            Face::Challenge => Context::Challenge,
            Face::Fix => Context::Fix,
        }
    }

    /// The context of the task beside the queue, while the queue has the keys: those that decide it
    /// count as well.
    #[must_use]
    pub fn beside(model: &Model) -> Option<Self> {
        let beside = model.at_hand().filter(|_| model.screens.is_empty())?;
        beside.view.as_ref().map(|_| Self::of_face(beside.face()))
    }
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is described in its row of BINDINGS")]
pub enum Action {
    Down,
    Up,
    First,
    Last,
    HalfDown,
    HalfUp,
    Left,
    Right,
    NextPane,
    PreviousPane,
    Open,
    Close,
    Leave,
    Cancel,
    Suspend,
    Find,
    Help,
    Palette,
    Undo,
    Redo,
    NextTask,
    PreviousTask,
    GoQueue,
    GoCustomer,
    GoHistory,
    GoDashboard,
    GoRules,
    GoImports,
    GoGrants,
    CompareRuns,
    GoValues,
    CorrectValues,
    ThresholdDown,
    ThresholdUp,
    OtherThreshold,
    AddFile,
    Whole,
    Older,
    Surely,
    CompareHolders,
    MatchNow,
    StopWork,
    Reload,
    Filter,
    Order,
    TakeIn,
    Range,
    Claim,
    Bulk,
    Patterns,
    Views,
    Complete,
    Mark,
    NextLetter,
    Merge,
    NotAMatch,
    Take,
    Survivorship,
    Edit,
    Accept,
    AcceptAll,
    Keep,
    Waive,
    Quarantine,
    Why,
    Rows,
    Raw,
    Unfold,
    Customer,
    History,
    Unmask,
    Defer,
    Escalate,
    Answer,
    Repeat,
    Earlier,
    Later,
    Unmerge,
    UndoEntry,
    UndoToo,
    Stay,
    MoveBack,
    Copy,
    Scope,
    Submit,
    Yes,
    Backspace,
    Delete,
    DeleteWord,
    DeleteLine,
    CursorLeft,
    CursorRight,
}

impl Action {
    /// Whether it moves the cursor, and does nothing else.
    #[must_use]
    pub fn moves(self) -> bool {
        matches!(
            self,
            Action::Down
                | Action::Up
                | Action::First
                | Action::Last
                | Action::HalfDown
                | Action::HalfUp
                | Action::Left
                | Action::Right
        )
    }

    /// Whether all it does is to show something, or to leave.
    #[must_use]
    pub fn only_looks(self) -> bool {
        self.moves()
            || matches!(
                self,
                Action::NextPane
                    | Action::PreviousPane
                    | Action::NextTask
                    | Action::PreviousTask
                    | Action::Open
                    | Action::Close
                    | Action::Leave
                    | Action::Suspend
                    | Action::Help
            )
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// What is pressed.
    pub keys: &'static [Chord],
    /// What it does.
    pub action: Action,
    /// Its name, for rebinding and for the reader of the table.
    pub name: &'static str,
    /// Where.
    pub contexts: &'static [Context],
    /// What it does, in words.
    pub does: &'static str,
    /// Its short form in the line of hints; empty: not hinted.
    pub hint: &'static str,
    /// It decides: it counts only once the task has been seen.
    pub decides: bool,
}

impl Binding {
    /// Why it does nothing now; `None` means it does something.
    #[must_use]
    pub fn unavailable(&self, model: &Model) -> Option<String> {
        availability::unavailable(self, model)
    }

    /// Whether it could do something here, were no decision on its way.
    #[must_use]
    pub fn has_a_place(&self, model: &Model) -> bool {
        availability::out_of_place(self, model).is_none()
    }
}

const TASKS: &[Context] = &[Context::Compare, Context::Challenge, Context::Fix];
const SIDE_BY_SIDE: &[Context] = &[Context::Compare, Context::Challenge];
const GRIDS: &[Context] = &[Context::Compare, Context::Challenge, Context::Customer];
const VALUES: &[Context] = &[Context::Compare, Context::Challenge, Context::Fix, Context::Customer];
const MASKED: &[Context] = &[
    Context::Compare,
    Context::Challenge,
    Context::Fix,
    Context::Customer,
    Context::History,
    Context::Quarantine,
    Context::Values,
];
const TASKS_AND_FAILING: &[Context] =
    &[Context::Compare, Context::Challenge, Context::Fix, Context::Failing];
const HISTORIES: &[Context] =
    &[Context::Queue, Context::Compare, Context::Challenge, Context::Fix, Context::Customer];
const GLOBAL: &[Context] = &[Context::Global];
const READ: &[Context] = &[Context::Reading, Context::Look];
const SCROLLED: &[Context] = &[Context::Groups, Context::Bulk];
const LISTS: &[Context] = &[Context::Finder, Context::Menu, Context::Palette];
const TYPED: &[Context] = &[Context::Finder, Context::Prompt, Context::Palette];
const CLOSING: &[Context] = &[
    Context::Global,
    Context::Reading,
    Context::Finder,
    Context::Prompt,
    Context::Menu,
    Context::Confirm,
    Context::Look,
    Context::Palette,
    Context::Dependants,
    Context::Groups,
    Context::Bulk,
];

macro_rules! rows {
    ($($action:ident $name:literal [$($key:expr),+] in $contexts:expr, $does:literal
        $(=> $hint:literal)? $(! $decides:ident)?;)*) => {
        /// Every key of the interface.
        pub const BINDINGS: &[Binding] = &[$(Binding {
            keys: &[$($key),+],
            action: Action::$action,
            name: $name,
            contexts: $contexts,
            does: $does,
            hint: concat!($($hint)?),
            decides: rows!(@ $($decides)?),
        }),*];
    };
    (@ decides) => { true };
    (@) => { false };
}

const fn c(character: char) -> Chord {
    Chord::char(character)
}

const fn k(key: Key) -> Chord {
    Chord::one(key)
}

rows! {
    Open "open" [k(Key::Enter)] in &[Context::Queue], "open the task" => "open";
    Answer "answer" [c('R')] in TASKS, "answer what was asked with the task: it goes back to whoever asked" => "answer" !decides;
    Merge "merge" [c('m')] in &[Context::Compare],
        "merge: each letter becomes one customer, different letters are not a match" => "merge" !decides;
    NotAMatch "not-a-match" [c('n')] in &[Context::Compare],
        "not a match: different letters differ; with only A in use, all columns do" => "not a match" !decides;
    Accept "accept" [c('a')] in &[Context::Challenge], "accept what is new" => "accept the new" !decides;
    Keep "keep" [c('r')] in &[Context::Challenge], "keep what was decided" => "keep what was decided" !decides;
    Accept "accept" [c('a')] in &[Context::Fix], "accept the suggested value" => "accept" !decides;
    AcceptAll "accept-all" [c('A')] in &[Context::Fix], "accept every suggested value" => "accept all" !decides;
    Mark "mark" [c(' ')] in &[Context::Compare], "column in or out of the group" => "mark";
    NextLetter "next-letter" [c('s')] in &[Context::Compare], "next letter for the column: another group";
    Take "take" [c('1'), c('2'), c('3'), c('4'), c('5'), c('6'), c('7'), c('8'), c('9')] in &[Context::Compare],
        "take that column's value for the golden record" => "take";
    Take "take" [c('1'), c('2'), c('3'), c('4'), c('5'), c('6'), c('7'), c('8'), c('9')] in &[Context::Fix],
        "take the labelled value" => "take" !decides;
    Survivorship "survivorship" [c('0')] in &[Context::Compare], "back to what survivorship chooses";
    Edit "edit" [c('e')] in &[Context::Compare, Context::Fix],
        "edit: on a record a correction, on the golden column a pin" => "edit";
    Accept "accept" [c('a')] in &[Context::Compare], "accept the suggestion for the value under the cursor" !decides;
    Waive "waive" [c('W')] in &[Context::Compare, Context::Fix],
        "waive the rule that stands against it, with a reason" => "waive" !decides;
    CompareHolders "compare-holders" [c('=')] in &[Context::Fix],
        "compare with the customers that hold the same value" => "who else has it";
    Quarantine "quarantine" [c('x')] in &[Context::Fix],
        "set the record aside, with a reason, until its source delivers it again" => "quarantine" !decides;
    Why "why" [c('w')] in TASKS, "why they are suspected; again: the next pair" => "why";
    Defer "defer" [c('d')] in TASKS, "defer: tomorrow, a week, a date, until the data changes" => "defer" !decides;
    Escalate "escalate" [c('E')] in TASKS, "ask someone else" !decides;
    Repeat "repeat" [c('.')] in TASKS, "repeat the verdict and reason of the last decision" !decides;
    Rows "rows" [c('=')] in SIDE_BY_SIDE, "equal values as =, all values, differing rows";
    Raw "raw" [c('t')] in VALUES, "values as delivered, or as read";
    Unfold "unfold" [c('z')] in SIDE_BY_SIDE, "unfold customers into their members";
    Unmask "unmask" [c('*')] in MASKED, "show sensitive values, or mask them again";
    Customer "customer" [c('c')] in TASKS_AND_FAILING, "the customer under the cursor";
    Unmerge "unmerge" [c('x')] in &[Context::Customer], "the member under the cursor leaves: they differ" => "unmerge member";
    Earlier "earlier" [c('[')] in &[Context::Customer], "one change earlier" => "earlier";
    Later "later" [c(']')] in &[Context::Customer], "one change later" => "later";
    Why "why-not" [c('w')] in &[Context::Customer], "why the member is (or is not) the same as a record you name";
    Filter "filter" [c('f')] in &[Context::History], "filter by words of who, what and when" => "filter";
    UndoEntry "undo-entry" [c('U')] in &[Context::History], "undo this entry" => "undo this entry";
    ThresholdDown "threshold-down" [c('h'), k(Key::Left)] in &[Context::Dashboard],
        "threshold down: what the last run's groups would have become" => "threshold down";
    ThresholdUp "threshold-up" [c('l'), k(Key::Right)] in &[Context::Dashboard], "threshold up" => "up";
    OtherThreshold "other-threshold" [k(Key::Tab), k(Key::BackTab)] in &[Context::Dashboard],
        "the other threshold: auto, review" => "the other";
    CompareRuns "compare-runs" [c('c')] in &[Context::Dashboard],
        "what is different after the newest matching run: customers, tasks, weights, settings" => "compare runs";
    Open "failing" [k(Key::Enter)] in &[Context::Rules], "the records that break the rule" => "records";
    Open "open-record" [k(Key::Enter)] in &[Context::Failing],
        "the task of the record, else its customer" => "open";
    Open "quarantined" [k(Key::Enter)] in &[Context::Imports],
        "the rows of the import that are in quarantine" => "quarantine";
    Open "grant" [k(Key::Enter)] in &[Context::Grants],
        "grant the stratum under the cursor, by typing how many joins wait" => "grant";
    AddFile "add-file" [c('a')] in &[Context::Imports],
        "look at a file, then import it beside everything else; Ctrl-c stops it" => "add a file";
    CorrectValues "correct-values" [k(Key::Enter), c('m')] in &[Context::Values],
        "correct all records that hold the marked values, else those of the group or the value under the cursor" => "correct";
    Mark "mark-value" [c(' ')] in &[Context::Values], "mark the value, or the whole group" => "mark";
    Filter "filter" [c('f')] in &[Context::Values], "only values that hold a text" => "filter";
    Raw "kind" [c('t')] in &[Context::Values], "values as they are read, as delivered, golden" => "as delivered";
    MatchNow "match" [c('M')] in &[Context::Imports, Context::Dashboard],
        "match now, beside everything else; Ctrl-c stops it" => "match now";
    Reload "reload" [c('R')] in &Context::OVERVIEWS, "count again" => "count again";
    Filter "filter" [c('f')] in &[Context::Queue], "filter by an expression, as tasks --where" => "filter";
    Order "order" [c('o')] in &[Context::Queue], "order; the same again: the other way round" => "order";
    Bulk "bulk" [c('b')] in &[Context::Queue], "one verdict on the marked tasks, else on the filter" => "bulk";
    Mark "mark-task" [c(' ')] in &[Context::Queue], "mark the task, or the range" => "mark";
    Range "range" [c('v')] in &[Context::Queue], "begin a range; Space marks it";
    Patterns "patterns" [c('p')] in &[Context::Queue], "tasks by pattern: what agrees and what differs";
    Claim "claim" [c('C')] in &[Context::Queue], "claim the task, or release it";
    Views "views" [Chord::go('v')] in GLOBAL, "go to a saved view of the queue";
    TakeIn "take-in" [c('R')] in &[Context::Queue], "take in what is new";
    History "history" [c('H')] in HISTORIES, "history of what is under the cursor" => "history";
    Left "left" [c('h'), k(Key::Left)] in GRIDS, "column to the left";
    Right "right" [c('l'), k(Key::Right)] in GRIDS, "column to the right, the golden one last";
    Open "whole-value" [k(Key::Enter)] in VALUES, "the value under the cursor, whole";
    Down "down" [c('j'), k(Key::Down)] in GLOBAL, "row down; 5j: five";
    Up "up" [c('k'), k(Key::Up)] in GLOBAL, "row up";
    First "first" [Chord::go('g'), k(Key::Home)] in GLOBAL, "first row";
    Last "last" [c('G'), k(Key::End)] in GLOBAL, "last row";
    HalfDown "half-down" [Chord::ctrl('d'), k(Key::PageDown)] in GLOBAL, "half a page down";
    HalfUp "half-up" [Chord::ctrl('u'), k(Key::PageUp)] in GLOBAL, "half a page up";
    NextPane "next-pane" [k(Key::Tab)] in GLOBAL, "next pane";
    PreviousPane "previous-pane" [k(Key::BackTab)] in GLOBAL, "previous pane";
    Find "find" [c('/')] in GLOBAL, "find a task, a customer or a record" => "find";
    Palette "palette" [c(':'), Chord::ctrl('p')] in GLOBAL, "everything that can be done here, by name";
    NextTask "next-task" [c('J')] in GLOBAL, "next task";
    PreviousTask "previous-task" [c('K')] in GLOBAL, "previous task";
    GoQueue "go-queue" [Chord::go('q')] in GLOBAL, "go to the queue";
    GoCustomer "go-customer" [Chord::go('c')] in GLOBAL, "go to the customer";
    GoHistory "go-history" [Chord::go('h')] in GLOBAL, "go to the history of everything";
    GoDashboard "go-dashboard" [Chord::go('d')] in GLOBAL, "go to the dashboard";
    GoRules "go-rules" [Chord::go('r')] in GLOBAL, "go to the rules";
    GoImports "go-imports" [Chord::go('i')] in GLOBAL, "go to the imports";
    GoGrants "go-grants" [Chord::go('a')] in GLOBAL, "go to the grants: merges that a sample of answers allows";
    GoValues "go-values" [Chord::go('l')] in GLOBAL, "go to the values of a field";
    MatchNow "match-now" [Chord::go('m')] in GLOBAL, "match now, beside the review";
    StopWork "stop-work" [Chord::go('x')] in GLOBAL, "stop the import or the match under way";
    Undo "undo" [c('u')] in GLOBAL, "undo my last decision";
    Redo "redo" [Chord::ctrl('r')] in GLOBAL, "redo what I undid last";
    Help "help" [c('?')] in GLOBAL, "the keys";
    Close "close" [k(Key::Esc)] in CLOSING, "close, drop the draft; never quits";
    Leave "leave" [c('q')] in GLOBAL, "leave the screen, on the queue quit" => "leave";
    Cancel "cancel" [Chord::ctrl('c')] in GLOBAL, "cancel";
    Suspend "suspend" [Chord::ctrl('z')] in GLOBAL, "back to the shell; fg returns";
    Down "down" [c('j'), k(Key::Down)] in READ, "line down";
    Up "up" [c('k'), k(Key::Up)] in READ, "line up";
    HalfDown "half-down" [Chord::ctrl('d'), k(Key::PageDown), c(' ')] in READ, "page down";
    HalfUp "half-up" [Chord::ctrl('u'), k(Key::PageUp)] in READ, "page up";
    Why "next-pair" [c('w')] in &[Context::Reading], "the next pair, where it explains one";
    Unmask "unmask" [c('*')] in &[Context::Reading], "show sensitive values, or mask them again";
    Copy "copy" [c('y')] in &[Context::Reading], "copy it as text to the terminal's clipboard";
    Close "close" [c('q'), c('?'), k(Key::Enter)] in &[Context::Reading], "close";
    Submit "submit" [k(Key::Enter)] in &[Context::Finder], "open what is under the cursor" => "open";
    Scope "scope" [k(Key::Tab)] in &[Context::Finder], "tasks, customers, records by address" => "scope";
    Submit "submit" [k(Key::Enter)] in &[Context::Palette], "do what is under the cursor" => "do it";
    Down "down" [c('j'), k(Key::Down)] in &[Context::Dependants], "decision down";
    Up "up" [c('k'), k(Key::Up)] in &[Context::Dependants], "decision up";
    UndoToo "undo-too" [c('t')] in &[Context::Dependants], "undo this one too" => "undo too";
    Stay "stay" [c('s')] in &[Context::Dependants], "it stands: what it brought stays with the survivor" => "stays";
    MoveBack "move-back" [c('b')] in &[Context::Dependants],
        "it stands: what it brought goes with the customer that comes back" => "moves back";
    Yes "yes" [k(Key::Enter), c('y')] in &[Context::Dependants], "undo so" => "undo so";
    Submit "submit" [k(Key::Enter)] in &[Context::Prompt], "take the text" => "take the text";
    Submit "submit" [k(Key::Enter)] in &[Context::Menu], "take the choice under the cursor: the last used" => "take";
    Down "down" [c('j'), k(Key::Down)] in SCROLLED, "row down";
    Up "up" [c('k'), k(Key::Up)] in SCROLLED, "row up";
    HalfDown "half-down" [Chord::ctrl('d'), k(Key::PageDown)] in SCROLLED, "page down";
    HalfUp "half-up" [Chord::ctrl('u'), k(Key::PageUp)] in SCROLLED, "page up";
    Submit "submit" [k(Key::Enter)] in &[Context::Groups], "filter by the pattern" => "filter by it";
    Submit "submit" [k(Key::Enter)] in &[Context::Bulk], "take the count typed: decide" => "decide";
    Backspace "backspace" [k(Key::Backspace), Chord::ctrl('h')] in &[Context::Bulk], "delete the last digit";
    Complete "complete" [k(Key::Tab)] in &[Context::Prompt], "complete the name of a column, or the path of a file";
    Down "down" [k(Key::Down), Chord::ctrl('n')] in LISTS, "row down";
    Up "up" [k(Key::Up), Chord::ctrl('p')] in LISTS, "row up";
    CursorLeft "cursor-left" [k(Key::Left)] in TYPED, "cursor to the left";
    CursorRight "cursor-right" [k(Key::Right)] in TYPED, "cursor to the right";
    Backspace "backspace" [k(Key::Backspace), Chord::ctrl('h')] in TYPED, "delete before the cursor";
    Delete "delete" [k(Key::Delete)] in TYPED, "delete under the cursor";
    DeleteWord "delete-word" [Chord::ctrl('w')] in TYPED, "delete a word";
    DeleteLine "delete-line" [Chord::ctrl('u')] in TYPED, "delete the line";
    Yes "yes" [c('y')] in &[Context::Confirm], "yes, do it" => "yes";
    Yes "import" [c('y')] in &[Context::Look], "import it so" => "import it";
    Whole "complete" [c('c')] in &[Context::Look],
        "the file is all that its source has, or not: what it lacks has vanished" => "complete";
    Older "accept-older" [c('o')] in &[Context::Look],
        "rows older than what is held count as well, or not" => "older rows";
    Surely "accept-vanished" [c('v')] in &[Context::Look],
        "however much a complete file lacks, it is right, or not" => "really gone";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for context in Context::ALL {
            let mut seen = Vec::new();
            for row in BINDINGS.iter().filter(|row| row.contexts.contains(&context)) {
                for chord in row.keys {
                    assert!(!seen.contains(chord), "{chord} twice in {context:?}");
                    seen.push(*chord);
                }
            }
        }
    }

    #[test]
    fn keys_that_belong_to_terminals_are_never_bound() {
        for row in BINDINGS {
            for chord in row.keys {
                assert_eq!(chord.key.reserved(), None, "{chord}");
                assert_eq!(Chord::parse(&chord.to_string()), Ok(*chord));
            }
        }
    }
}
