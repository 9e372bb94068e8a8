//! The distinct values of a field: those that are probably one first, then all, the most frequent first.

use std::collections::BTreeSet;

use super::{Filled, Page, Work, head, waits};
use crate::context::Context;
use crate::keys::{everywhere, overview};
use crate::model::{Model, Scroll};
use crate::question::{Answer, Question};
use crate::screens::lines;
use crate::text::{self, counted};
use crate::theme::Role;
use crate::widgets::{List, Painter, chart, list};
use domain::FieldName;
use door::operations::{CountValues, Values, ValuesOf};
use door::views::{JobEnd, JobId, JobReport, ValueRow, ValuesView};

/// Its list.
const LIST: List = List::new(3, 0);
/// Columns of a bar.
const BAR: u16 = 10;
/// Values fetched of a field, and groups of values that are alike.
const LISTED: usize = 2_000;

/// The distinct values of a field.
#[derive(Debug, Clone)]
pub struct ValuesPage {
    /// The field.
    pub field: FieldName,
    /// Which of its values.
    pub of: ValuesOf,
    /// The job that counts them; `None` means it has not begun.
    job: Option<JobId>,
    /// Whether they are counted.
    pub counted: bool,
    /// What was counted; the one before, while it is counted again.
    pub view: Option<ValuesView>,
    /// Only values that hold this, whatever the case of letters.
    pub filter: String,
    /// Values that are marked.
    pub marks: BTreeSet<String>,
    lines: Vec<ValueLine>,
}

/// A line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueLine {
    /// The head of a group of values that are alike.
    Cluster(usize),
    /// A value of a group.
    Member(usize, usize),
    /// The head of all values.
    All,
    /// A value.
    Row(usize),
}

impl Model {
    /// The values of a field, where they are on screen.
    #[must_use]
    pub fn values(&self) -> Option<&ValuesPage> {
        self.page()
    }

    /// The values of a field, where they are on screen.
    pub fn values_mut(&mut self) -> Option<&mut ValuesPage> {
        self.page_mut()
    }
}

impl Page for ValuesPage {
    fn context(&self) -> Context {
        Context::Values
    }

    /// To count them, then to show them.
    fn question(&self, unmask: bool) -> Question {
        if self.counted {
            return Values { limit: LISTED, unmask }.into();
        }
        CountValues { field: self.field.clone(), source: None, of: self.of }.into()
    }

    fn fill(&mut self, answer: Answer) -> Filled {
        match answer {
            Answer::CountValues(job) => {
                self.job = Some(job.id);
                Filled::Begun(Box::new(job))
            }
            Answer::Values(view) => {
                self.view = Some(view);
                self.arrange();
                Filled::Shown
            }
            _ => Filled::Not,
        }
    }

    /// It stays, whatever becomes of the count.
    fn is_filled(&self) -> bool {
        true
    }

    fn shows(&self, answer: &Answer) -> bool {
        matches!(answer, Answer::Values(view) if self.view.as_ref() == Some(view))
    }

    fn work(&self) -> Work {
        Work::Awaited
    }

    fn worked(&mut self, job: JobId, end: &JobEnd) -> bool {
        let counted = matches!(end, JobEnd::Done(JobReport::CountValues(_)));
        let is_own = counted && self.job == Some(job);
        self.counted |= is_own;
        is_own
    }

    fn outdated(&mut self) {
        self.counted = false;
    }

    fn rows(&self) -> usize {
        self.lines.len()
    }

    fn list(&self, _height: u16) -> List {
        LIST
    }

    fn draw(&self, painter: &mut Painter<'_>, model: &Model, scroll: &Scroll) {
        let kind = match self.of {
            ValuesOf::Standard => "",
            ValuesOf::Raw => " as delivered",
            ValuesOf::Golden => ", golden",
        };
        let title = format!("values of {}{kind}", self.field);
        let Some(view) = &self.view else {
            head(painter, model, &title);
            let stopped = self.job.is_some() && !model.is_working();
            let said = match stopped {
                true => format!("not counted: {} counts again", model.key_for(&overview::RELOAD)),
                false => "counting".to_owned(),
            };
            return waits(painter, &said);
        };
        head(painter, model, &format!("{title}  {}", numbers(view)));
        let (said, role) = second_line(model, self, view);
        painter.text(1, 1, painter.width(), &said, role);
        if self.lines.is_empty() {
            let said = match self.filter.is_empty() {
                true => "No record has a value.".to_owned(),
                false => format!(
                    "No value contains `{}`: {} and empty text show all.",
                    self.filter,
                    model.key_for(&overview::FILTER)
                ),
            };
            painter.text(1, 3, painter.width(), &said, Role::Plain);
            return;
        }
        let columns = Columns::of(self, painter.width());
        let who = if self.of == ValuesOf::Golden { "customers" } else { "records" };
        painter.text(4, 2, columns.value, "value", Role::Dim);
        painter.text(columns.count(), 2, 9, &format!("{who:>9}"), Role::Dim);
        painter.text(columns.sources(), 2, painter.width(), "by source", Role::Dim);
        let most = view.rows.first().map_or(1, |row| row.count);
        let scale = format!("{:>1$}", format!("to {most}"), usize::from(BAR));
        painter.text(columns.bar(), 2, BAR, &scale, Role::Dim);
        LIST.draw(painter, scroll, self.lines.len(), |line, at, _| {
            let shown = self.lines[at];
            match self.row(shown) {
                Some(row) => value(line, row, self, &columns, most),
                None => group(line, shown, view),
            }
        });
    }
}

impl ValuesPage {
    /// A screen whose values are still to be counted.
    #[must_use]
    pub fn new(field: FieldName) -> Self {
        Self {
            field,
            of: ValuesOf::Standard,
            job: None,
            counted: false,
            view: None,
            filter: String::new(),
            marks: BTreeSet::new(),
            lines: Vec::new(),
        }
    }

    /// Shows only values that hold a text.
    pub fn filter_by(&mut self, text: &str) {
        self.filter = text.trim().to_owned();
        self.arrange();
    }

    /// The next kind of values: as they are read, as delivered, golden.
    pub fn next_kind(&mut self) {
        self.of = match self.of {
            ValuesOf::Standard => ValuesOf::Raw,
            ValuesOf::Raw => ValuesOf::Golden,
            ValuesOf::Golden => ValuesOf::Standard,
        };
        self.marks.clear();
    }

    fn arrange(&mut self) {
        let Some(view) = &self.view else { return };
        let wanted = self.filter.to_lowercase();
        let holds = |row: &ValueRow| row.value.to_lowercase().contains(&wanted);
        self.lines.clear();
        for (at, cluster) in view.clusters.iter().enumerate() {
            // A group is shown whole or not at all.
            if cluster.rows.iter().any(&holds) {
                self.lines.push(ValueLine::Cluster(at));
                let members = (0..cluster.rows.len()).map(|member| ValueLine::Member(at, member));
                self.lines.extend(members);
            }
        }
        if !self.lines.is_empty() {
            self.lines.push(ValueLine::All);
        }
        let rows = view.rows.iter().enumerate().filter(|(_, row)| holds(row));
        self.lines.extend(rows.map(|(at, _)| ValueLine::Row(at)));
    }

    /// The value of a line; a head has none.
    #[must_use]
    pub fn row(&self, line: ValueLine) -> Option<&ValueRow> {
        let view = self.view.as_ref()?;
        match line {
            ValueLine::Member(cluster, at) => view.clusters.get(cluster)?.rows.get(at),
            ValueLine::Row(at) => view.rows.get(at),
            ValueLine::Cluster(_) | ValueLine::All => None,
        }
    }

    /// The values that a line stands for: of a head those of its group. None of a masked one.
    fn values_of(&self, line: ValueLine) -> Vec<String> {
        let clear = |row: &ValueRow| row.value.clear().map(str::to_owned);
        match (line, &self.view) {
            (ValueLine::Cluster(at), Some(view)) => {
                let rows = view.clusters.get(at).map(|cluster| cluster.rows.as_slice());
                rows.unwrap_or_default().iter().filter_map(clear).collect()
            }
            _ => self.row(line).and_then(clear).into_iter().collect(),
        }
    }

    /// Marks what is under the cursor, or takes the marks off.
    pub fn toggle(&mut self, cursor: usize) {
        let Some(line) = self.lines.get(cursor) else { return };
        let values = self.values_of(*line);
        if values.iter().all(|value| self.marks.contains(value)) {
            values.iter().for_each(|value| {
                self.marks.remove(value);
            });
        } else {
            self.marks.extend(values);
        }
    }

    /// The values to be corrected: the marked ones, else the group under the cursor, else the value there.
    #[must_use]
    pub fn chosen(&self, cursor: usize) -> Vec<String> {
        if !self.marks.is_empty() {
            return self.marks.iter().cloned().collect();
        }
        match self.lines.get(cursor) {
            Some(ValueLine::Member(cluster, _)) => self.values_of(ValueLine::Cluster(*cluster)),
            Some(line) => self.values_of(*line),
            None => Vec::new(),
        }
    }

    /// What is probably right instead of some values: the most frequent of the group that holds one of
    /// them, else the most frequent of them.
    #[must_use]
    pub fn probably_right(&self, values: &[String]) -> String {
        let is_one = |row: &ValueRow| values.iter().any(|value| row.value == value.as_str());
        let clusters = self.view.iter().flat_map(|view| &view.clusters);
        let groups: Vec<_> = clusters.filter(|cluster| cluster.rows.iter().any(is_one)).collect();
        if let [only] = groups.as_slice()
            && let Some(first) = only.rows.first()
            && values.iter().all(|value| only.rows.iter().any(|row| row.value == value.as_str()))
        {
            return first.value.to_string();
        }
        let rows = self.view.iter().flat_map(|view| {
            view.clusters.iter().flat_map(|cluster| &cluster.rows).chain(&view.rows)
        });
        let known = rows.filter(|row| values.iter().any(|value| row.value == value.as_str()));
        let best = known.max_by_key(|row| (row.count, std::cmp::Reverse(row.value.to_string())));
        best.map_or_else(String::new, |row| row.value.to_string())
    }
}

fn numbers(view: &ValuesView) -> String {
    let whole = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let distinct = counted(whole(view.distinct), "value", "values");
    let of = match view.of {
        ValuesOf::Golden => counted(whole(view.counted), "customer", "customers"),
        _ => counted(whole(view.counted), "record", "records"),
    };
    format!("{distinct} in {of}, {} without", view.absent)
}

/// What is under way, else what limits the list.
fn second_line(model: &Model, values: &ValuesPage, view: &ValuesView) -> (String, Role) {
    if let Some(correction) = &model.correction {
        let stops = model.key_for(&everywhere::CLOSE);
        return (format!("{}; {stops} stops", correction.progress()), Role::Attention);
    }
    if !values.counted {
        return ("counting again".to_owned(), Role::Attention);
    }
    let mut said = Vec::new();
    if !values.filter.is_empty() {
        said.push(format!("only with `{}`", values.filter));
    }
    if !values.marks.is_empty() {
        said.push(format!("{} marked", values.marks.len()));
    }
    if view.masked {
        said.push("masked: similar values are not grouped".to_owned());
    }
    if view.compared > 0 && view.compared < view.distinct {
        said.push(format!("only the first {} were compared", view.compared));
    }
    let listed = view.rows.len() as u64;
    if listed < view.distinct {
        said.push(format!("the {listed} most frequent"));
    }
    (said.join("; "), Role::Attention)
}

/// Where the columns of a value stand.
struct Columns {
    value: u16,
}

impl Columns {
    /// As wide as the longest of the values that are listed, so that the eye finds its number.
    fn of(values: &ValuesPage, width: u16) -> Self {
        let most = width.saturating_sub(50).clamp(20, 80);
        let listed = values.lines.iter().filter_map(|line| values.row(*line));
        let longest = listed.map(|row| lines(text::width(&row.value))).max().unwrap_or_default();
        Self { value: longest.saturating_add(1).clamp(20.min(most), most) }
    }

    fn count(&self) -> u16 {
        5 + self.value
    }

    fn bar(&self) -> u16 {
        self.count() + 10
    }

    fn sources(&self) -> u16 {
        self.bar() + BAR + 1
    }
}

fn value(
    line: &mut Painter<'_>,
    row: &ValueRow,
    values: &ValuesPage,
    columns: &Columns,
    most: u64,
) {
    let marked = row.value.clear().is_some_and(|value| values.marks.contains(value));
    if marked {
        list::mark(line, 2);
    }
    let role = if row.unreadable > 0 { Role::Bad } else { Role::Plain };
    line.text(4, 0, columns.value, &row.value, role);
    line.text(columns.count(), 0, 9, &format!("{:>9}", row.count), Role::Plain);
    let share = row.count as f64 / most.max(1) as f64;
    let bar = chart::bar(share, BAR.into(), line.theme());
    line.text(columns.bar(), 0, BAR, &bar, Role::Good);
    let sources: Vec<String> =
        row.sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
    let sources = sources.join(", ");
    line.text(columns.sources(), 0, line.width(), &sources, Role::Dim);
}

fn group(line: &mut Painter<'_>, of: ValueLine, view: &ValuesView) {
    let said = match of {
        ValueLine::Cluster(at) => view.clusters.get(at).map(|cluster| {
            format!("{}: {} values, {} times", cluster.why, cluster.rows.len(), cluster.count)
        }),
        _ => Some("all values, the most frequent first".to_owned()),
    };
    line.text(2, 0, line.width(), &said.unwrap_or_default(), Role::Title);
}
