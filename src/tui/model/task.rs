//! One task on screen.

use super::{Draft, Scroll, weakest};
use crate::question::Question;
use domain::{
    CustomerId, FieldName, FieldType, Golden, RecordAddress, RuleId, Shown, TaskId, TaskKind,
};
use door::operations::{Compare, ShowTask};
use door::views::{
    Cell, Column, ExplanationView, FieldView, LinkScore, Mark, MemberView, PreviewView, TaskView,
    ViolationView,
};
use door::{Pick, Refusal};

/// What a task screen is asked to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A task.
    Task(TaskId),
    /// Customers no task asks about.
    Customers(Vec<CustomerId>),
}

/// Which keys and which drawing a task has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Customers side by side.
    Compare,
    /// What was decided beside what came since.
    Challenge,
    /// An invalid record.
    Fix,
}

/// Which rows of a comparison are shown, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// Equal values as `=`.
    #[default]
    Ditto,
    /// Equal values written out.
    All,
    /// Only rows where a column differs from the first.
    Differing,
}

impl Rows {
    /// The next way.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Rows::Ditto => Rows::All,
            Rows::All => Rows::Differing,
            Rows::Differing => Rows::Ditto,
        }
    }

    /// Its name on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Rows::Ditto => "equal values as =",
            Rows::All => "all values",
            Rows::Differing => "differing rows",
        }
    }
}

/// A task with its draft.
#[derive(Debug, Clone)]
pub struct TaskScreen {
    /// What was asked for.
    pub target: Target,
    /// Tells its answers from late ones, and its frames from earlier ones.
    pub serial: u64,
    /// The serial of the answer shown: the same, unless a newer one is awaited.
    pub filled: u64,
    /// The task, once the desk has answered.
    pub view: Option<Box<TaskView>>,
    /// Cursor among the shown rows; among the violations on a fix.
    pub scroll: Scroll,
    /// Column under the cursor; the number of columns is the golden one.
    pub column: usize,
    /// Marks and picks.
    pub draft: Draft,
    /// The serial of the last preview asked for.
    pub preview_serial: u64,
    /// What `m` would do now.
    pub preview: Option<Box<PreviewView>>,
    /// Which rows are shown.
    pub rows: Rows,
    /// Values as delivered instead of as read.
    pub raw: bool,
    /// Every member a column of its own.
    pub unfolded: bool,
    /// Sensitive values in clear.
    pub unmasked: bool,
    /// The rules that refused the last merge.
    pub broken: Vec<RuleId>,
    /// The marks under which the steward was asked whether a weak link is meant.
    pub asked_about: Option<Vec<Option<char>>>,
    /// Row and column on which the screen put the cursor: a steward who moved it is not moved.
    pub placed: Option<(usize, usize)>,
}

impl TaskScreen {
    /// A screen that waits for its task.
    #[must_use]
    pub fn new(target: Target, serial: u64) -> Self {
        Self {
            target,
            serial,
            filled: 0,
            view: None,
            scroll: Scroll::default(),
            column: 0,
            draft: Draft::default(),
            preview_serial: 0,
            preview: None,
            rows: Rows::default(),
            raw: false,
            unfolded: false,
            unmasked: false,
            broken: Vec::new(),
            asked_about: None,
            placed: None,
        }
    }

    /// Shows the desk's answer. A task seen before keeps cursor and way of showing; the draft starts
    /// again, for it was made about other values.
    pub fn fill(&mut self, view: TaskView) {
        self.draft = Draft::of(&view.columns);
        self.preview = None;
        self.broken.clear();
        self.asked_about = None;
        // A challenged customer alone in its column shows its members: decided beside new.
        self.unfolded |= view.columns.len() == 1 && view.fix.is_none();
        let is_first = self.view.is_none();
        let disputed = view.dispute.iter().flat_map(|dispute| &dispute.values).next();
        let disputed = disputed.filter(|_| is_first).map(|value| value.field.clone());
        self.view = Some(Box::new(view));
        self.filled = self.serial;
        self.column = self.column.min(self.column_count());
        let row = if is_first { self.first_differing() } else { self.scroll.cursor };
        self.scroll.to(row, self.row_count());
        if let Some(field) = disputed {
            self.go_to(&field);
        }
        self.placed = is_first.then_some((self.scroll.cursor, self.column));
    }

    /// Takes in what `m` would do. If a rule refuses it, the cursor goes to what the rule is about, unless the
    /// steward has moved it.
    pub fn foresee(&mut self, preview: PreviewView) {
        let about = preview.about.first().cloned();
        let is_placed =
            self.placed == Some((self.scroll.cursor, self.column)) && !self.is_drafted();
        self.preview = Some(Box::new(preview));
        let Some(field) = about.filter(|_| is_placed && self.face() == Face::Compare) else {
            return;
        };
        self.go_to(&field);
        // In the column whose value would survive: it is what breaks the rule.
        let golden = self.golden().and_then(|golden| golden.get(field.as_str()));
        let record = golden.and_then(|value| value.origin.record());
        let holds = |shown: &ShownColumn<'_>| {
            shown.records().iter().any(|member| Some(member.record) == record)
        };
        let column = self.shown_columns().iter().position(holds);
        self.column = column.unwrap_or(self.column);
    }

    /// Whether a rule that refuses the merge is about a field.
    #[must_use]
    pub fn is_refused_for(&self, field: &FieldName) -> bool {
        self.preview.as_ref().is_some_and(|preview| preview.about.contains(field))
    }

    /// The first of the shown rows in which values differ, before all an identifier of a column that
    /// contradicts: that decides, wherever it stands. Where none do, the first.
    fn first_differing(&self) -> usize {
        if self.face() == Face::Fix {
            return 0;
        }
        if let Some(row) = self.first_contradicting() {
            return row;
        }
        let columns = self.shown_columns();
        let mark = |column: &ShownColumn<'_>, row: usize| {
            column.cells().get(row).map_or(Mark::None, |cell| cell.mark)
        };
        let differs = |row: &usize| {
            let mut marks = columns.iter().map(|column| mark(column, *row));
            marks.any(|mark| matches!(mark, Mark::Similar | Mark::Different))
        };
        self.shown_rows().iter().position(differs).unwrap_or(0)
    }

    fn first_contradicting(&self) -> Option<usize> {
        let fields = &self.view.as_ref()?.fields;
        let rows = self.shown_rows();
        let columns = self.columns();
        // Where the first column stays out, the others contradict it.
        let first_is_out = columns.first().is_some_and(|first| first.contradicts);
        let contradicts = |row: usize| {
            let mut apart = columns.iter().filter(|it| it.contradicts || first_is_out);
            apart.any(|column| column.cells.get(row).is_some_and(|it| it.mark == Mark::Different))
        };
        let mut kinds = [FieldType::NationalId, FieldType::DateOfBirth, FieldType::Identifier];
        // What the screen says contradicts is under the cursor.
        let said = columns.iter().find_map(|column| column.why_apart.as_deref());
        let is_said = |kind: &FieldType| {
            let name = kind.name().replace('_', " ");
            said.is_some_and(|why| why.starts_with(&name))
        };
        kinds.sort_by_key(|kind| !is_said(kind));
        kinds.into_iter().find_map(|kind| {
            let is_it = |row: &usize| {
                fields.get(*row).is_some_and(|it| it.field_type == kind) && contradicts(*row)
            };
            rows.iter().position(is_it)
        })
    }

    /// What the desk is asked for it.
    #[must_use]
    pub fn question(&self, unmask: bool) -> Question {
        match &self.target {
            Target::Task(task) => ShowTask { task: *task, unmask }.into(),
            Target::Customers(customers) => Compare { customers: customers.clone(), unmask }.into(),
        }
    }

    /// Shows the same with its values in clear, or masked again. The draft stays, unless the task
    /// has changed meanwhile.
    pub fn fill_again(&mut self, view: TaskView) {
        let versions = |columns: &[Column]| -> Vec<_> {
            columns.iter().map(|column| (column.customer, column.version)).collect()
        };
        let is_same = self.view.as_ref().is_some_and(|before| before.version == view.version)
            && versions(self.columns()) == versions(&view.columns);
        let (draft, broken) = (self.draft.clone(), self.broken.clone());
        self.fill(view);
        if is_same {
            (self.draft, self.broken) = (draft, broken);
        }
    }

    /// The pair that is told first, by its place: the best one of the customer under the cursor, or of
    /// the record, where records are columns; from the first column the best of those that begin as one group,
    /// else of all.
    #[must_use]
    pub fn pair_under_cursor(&self) -> usize {
        let (Some(view), Some(shown)) = (&self.view, self.current_column()) else { return 0 };
        let holds = |records: &[MemberView], pair: &ExplanationView| {
            records.iter().any(|it| it.address == pair.left || it.address == pair.right)
        };
        let best = |pairs: &mut dyn Iterator<Item = (usize, &ExplanationView)>| {
            let likelier = |one: &(usize, &ExplanationView), other: &(usize, &ExplanationView)| {
                // Of equal ones the first.
                one.1.probability.total_cmp(&other.1.probability).then(other.0.cmp(&one.0))
            };
            pairs.max_by(likelier).map(|(at, _)| at)
        };
        let pairs = || view.pairs.iter().enumerate();
        let of_record = best(&mut pairs().filter(|(_, pair)| holds(shown.records(), pair)));
        if shown.customer > 0 {
            return of_record.unwrap_or(0);
        }
        let begins_marked = |address: &RecordAddress| {
            let mut marked = view.columns.iter().filter(|column| !column.contradicts);
            marked.any(|column| column.members.iter().any(|it| it.address == *address))
        };
        let together =
            |pair: &ExplanationView| begins_marked(&pair.left) && begins_marked(&pair.right);
        best(&mut pairs().filter(|(_, pair)| together(pair)))
            .or_else(|| best(&mut pairs()))
            .unwrap_or(0)
    }

    /// The pairs in the order in which they are told: the one under the cursor, the one that speaks most
    /// against a merge, the others.
    #[must_use]
    pub fn told_pairs(&self) -> Vec<usize> {
        let Some(view) = &self.view else { return Vec::new() };
        let probability = |at: &usize| view.pairs[*at].probability;
        let all = 0..view.pairs.len();
        let weakest =
            all.clone().min_by(|one, other| probability(one).total_cmp(&probability(other)));
        let speaks_against = |at: &usize| {
            let pair = &view.pairs[*at];
            pair.probability < view.review || pair.unmerged.contradictions().next().is_some()
        };
        let weakest = weakest.filter(speaks_against);
        let mut told: Vec<usize> = Vec::new();
        let first = (!view.pairs.is_empty()).then(|| self.pair_under_cursor());
        for at in first.into_iter().chain(weakest).chain(all) {
            if !told.contains(&at) {
                told.push(at);
            }
        }
        told
    }

    /// The task's id.
    #[must_use]
    pub fn id(&self) -> Option<TaskId> {
        match self.target {
            Target::Task(task) => Some(task),
            Target::Customers(_) => None,
        }
    }

    /// Its face.
    #[must_use]
    pub fn face(&self) -> Face {
        let Some(view) = &self.view else { return Face::Compare };
        match view.task.as_ref().map(|task| task.kind) {
            _ if view.fix.is_some() => Face::Fix,
            Some(
                TaskKind::Challenge
                | TaskKind::Approval
                | TaskKind::Vanished
                | TaskKind::Request
                | TaskKind::Overlay,
            ) => Face::Challenge,
            // Two verdicts that differ: the first one stands, and keys say so.
            Some(TaskKind::Second) if !view.is_second_look() => Face::Challenge,
            _ => Face::Compare,
        }
    }

    /// The customers.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        self.view.as_ref().map_or(&[], |view| &view.columns)
    }

    /// What the customers are called in an effect: the numbers over their columns, or with members
    /// unfolded their ids, for then columns have other numbers.
    #[must_use]
    pub fn labels(&self) -> Vec<String> {
        let columns = self.columns().iter().enumerate();
        columns
            .map(
                |(at, column)| {
                    if self.unfolded { column.customer.to_string() } else { (at + 1).to_string() }
                },
            )
            .collect()
    }

    /// The columns as shown: customers, or with `z` their members.
    #[must_use]
    pub fn shown_columns(&self) -> Vec<ShownColumn<'_>> {
        let mut shown = Vec::new();
        for (at, column) in self.columns().iter().enumerate() {
            if self.unfolded && column.members.len() > 1 {
                shown.extend(column.members.iter().map(|member| ShownColumn {
                    customer: at,
                    column,
                    member: Some(member),
                }));
            } else {
                shown.push(ShownColumn { customer: at, column, member: None });
            }
        }
        shown
    }

    /// Whether the first column has marks: members stand beside what survives of them.
    #[must_use]
    pub fn marks_first(&self) -> bool {
        self.shown_columns().first().is_some_and(|first| first.member.is_some())
    }

    /// How many columns are shown, without the golden one.
    #[must_use]
    pub fn column_count(&self) -> usize {
        self.shown_columns().len()
    }

    /// The column under the cursor; none on the golden one.
    #[must_use]
    pub fn current_column(&self) -> Option<ShownColumn<'_>> {
        self.shown_columns().into_iter().nth(self.column)
    }

    /// Whether there is a record to be corrected: that of a fix, or the one in the column under the cursor.
    #[must_use]
    pub fn current_column_or_fix(&self) -> bool {
        let is_fix = self.view.as_ref().is_some_and(|view| view.fix.is_some());
        is_fix || self.current_column().is_some()
    }

    /// The shown rows, as indexes into the view's fields.
    #[must_use]
    pub fn shown_rows(&self) -> Vec<usize> {
        let Some(view) = &self.view else { return Vec::new() };
        let differs = |row: &usize| {
            self.shown_columns().iter().any(|column| {
                column.cells().get(*row).is_some_and(|cell| {
                    !matches!(cell.mark, Mark::None | Mark::Equal)
                        || !cell.words.as_str().is_empty()
                        || !cell.violations.is_empty()
                })
            })
        };
        let all = 0..view.fields.len();
        // A single column differs from nothing: its rows are the only ones.
        let hides = self.rows == Rows::Differing && self.column_count() > 1;
        if hides { all.filter(differs).collect() } else { all.collect() }
    }

    /// How many rows the cursor can be on.
    #[must_use]
    pub fn row_count(&self) -> usize {
        match (&self.view, self.face()) {
            (Some(view), Face::Fix) => view.fix.as_ref().map_or(0, |fix| fix.violations.len()),
            _ => self.shown_rows().len(),
        }
    }

    /// The field under the cursor, with its row.
    #[must_use]
    pub fn current_field(&self) -> Option<(usize, &FieldView)> {
        let view = self.view.as_ref()?;
        let row = match self.current_violation() {
            Some(violation) => {
                view.fields.iter().position(|field| field.name == violation.field)?
            }
            None => *self.shown_rows().get(self.scroll.cursor)?,
        };
        Some((row, view.fields.get(row)?))
    }

    /// On a fix, the violation under the cursor.
    #[must_use]
    pub fn current_violation(&self) -> Option<&ViolationView> {
        self.view.as_ref()?.fix.as_ref()?.violations.get(self.scroll.cursor)
    }

    /// The cell under the cursor; none on the golden column.
    #[must_use]
    pub fn current_cell(&self) -> Option<&Cell> {
        let (row, _) = self.current_field()?;
        let column = self.current_column()?;
        column.cells().get(row)
    }

    /// The customers that would become one as drafted; none where none would.
    #[must_use]
    pub fn merged(&self) -> Option<Vec<usize>> {
        let letters = self.draft.letters();
        letters.into_iter().find(|letter| letter.len() > 1).filter(|_| self.face() == Face::Compare)
    }

    /// The customer whose golden record stands beside them where none would be merged: the one under
    /// the cursor.
    #[must_use]
    pub fn as_it_is(&self) -> Option<&Column> {
        if self.merged().is_some() || self.face() == Face::Fix {
            return None;
        }
        let at = self.current_column().map_or(0, |shown| shown.customer);
        self.columns().get(at)
    }

    /// The golden values as they would be: of what would be merged, else of the customer under the
    /// cursor as it is; never a mix of customers that nothing makes one.
    #[must_use]
    pub fn golden(&self) -> Option<&Golden<Shown>> {
        let view = self.view.as_ref()?;
        if let Some(column) = self.as_it_is() {
            return Some(&column.golden);
        }
        match (&self.preview, self.merged()) {
            (Some(preview), _) => Some(&preview.golden),
            // Of a part of them the desk tells in a moment.
            (None, Some(merged)) if merged.len() < view.columns.len() => None,
            (None, _) => Some(&view.golden),
        }
    }

    /// The text of a pick, as it may be seen; `None` means what the desk foresees says it.
    #[must_use]
    pub fn picked<'a>(&'a self, field: &FieldName, pick: &'a Pick) -> Option<&'a str> {
        let mut columns = self.columns().iter();
        let cells = match pick {
            Pick::From(record) => {
                let mut members = columns.flat_map(|column| &column.members);
                &members.find(|member| member.record == *record)?.cells
            }
            Pick::FromCustomer(customer) => {
                &columns.find(|column| column.customer == *customer)?.cells
            }
            Pick::Typed(typed) => {
                let fields = &self.view.as_ref()?.fields;
                let hides = fields.iter().any(|it| it.name == *field && it.sensitive);
                return (!hides || self.unmasked).then_some(typed);
            }
            Pick::Survivorship => return None,
        };
        cells.iter().find(|cell| cell.field == *field)?.text.as_deref()
    }

    /// Why the desk would refuse the merge as drafted.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        self.preview.as_ref()?.refusal.as_ref()
    }

    /// The weakest link of what is marked, where matching would not even ask about it.
    #[must_use]
    pub fn weak_link(&self) -> Option<LinkScore> {
        let view = self.view.as_ref()?;
        let letters = self.draft.letters();
        let found = letters.iter().filter_map(|letter| weakest(letter, &view.links));
        let least = found.min_by(|one, other| one.least.total_cmp(&other.least));
        least.filter(|link| link.least < view.review)
    }

    /// Whether the steward was asked about the weak link of what is marked, and nothing has changed.
    #[must_use]
    pub fn was_asked(&self) -> bool {
        self.asked_about.as_ref() == Some(&self.draft.marks)
    }

    /// The rules that stand against the merge as drafted.
    #[must_use]
    pub fn broken_rules(&self) -> Vec<RuleId> {
        match self.refusal() {
            Some(Refusal::Breaks { violations }) => {
                violations.iter().map(|violation| violation.rule.clone()).collect()
            }
            _ => self.broken.clone(),
        }
    }

    /// What a rule says that refuses the merge as drafted.
    #[must_use]
    pub fn said_by(&self, rule: &RuleId) -> Option<&str> {
        let Some(Refusal::Breaks { violations }) = self.refusal() else { return None };
        let violation = violations.iter().find(|violation| violation.rule == *rule)?;
        Some(&violation.message)
    }

    /// Whether the steward has marked or picked something.
    #[must_use]
    pub fn is_drafted(&self) -> bool {
        self.draft != Draft::of(self.columns())
    }

    /// Puts the cursor on a field.
    pub fn go_to(&mut self, field: &FieldName) {
        let Some(view) = &self.view else { return };
        if let Some(fix) = &view.fix {
            if let Some(at) = fix.violations.iter().position(|found| found.field == *field) {
                self.scroll.cursor = at;
            }
            return;
        }
        let Some(row) = view.fields.iter().position(|shown| shown.name == *field) else { return };
        if !self.shown_rows().contains(&row) {
            self.rows = Rows::All;
        }
        if let Some(at) = self.shown_rows().iter().position(|shown| *shown == row) {
            self.scroll.cursor = at;
        }
    }
}

/// One column as shown: a customer, or one of its members.
#[derive(Debug, Clone, Copy)]
pub struct ShownColumn<'a> {
    /// The customer's place, from 0.
    pub customer: usize,
    /// The customer.
    pub column: &'a Column,
    /// The member, where they are unfolded.
    pub member: Option<&'a MemberView>,
}

impl<'a> ShownColumn<'a> {
    /// Its cells, one a field of the view.
    #[must_use]
    pub fn cells(&self) -> &'a [Cell] {
        self.member.map_or(&self.column.cells, |member| &member.cells)
    }

    /// Its records.
    #[must_use]
    pub fn records(&self) -> &'a [MemberView] {
        self.member.map_or(&self.column.members, std::slice::from_ref)
    }

    /// The member record a correction of `row` is about: the one shown, else the one that delivers
    /// the value shown, else the first.
    #[must_use]
    pub fn member_of(&self, row: usize) -> Option<&'a MemberView> {
        let cell = self.cells().get(row);
        let shown = cell.and_then(|cell| cell.text.as_deref());
        let delivers = |member: &&MemberView| {
            member.cells.get(row).and_then(|cell| cell.text.as_deref()) == shown
        };
        // Masked values may look the same: whose it is is known all the same.
        let golden = cell.and_then(|cell| self.column.golden.get(cell.field.as_str()));
        let origin = golden.and_then(|golden| golden.origin.record());
        let members = &self.column.members;
        self.member
            .or_else(|| members.iter().filter(delivers).find(|it| Some(it.record) == origin))
            .or_else(|| members.iter().find(delivers))
            .or_else(|| members.first())
    }
}
