//! Columns that nothing tells how to read.

use std::fmt;

use domain::{DateOrder, FieldName, ImportId, NumberStyle, Place, SourceName};
use settings::UPDATED;

/// The columns of a file that could be read in several ways, of which none is likelier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The source whose settings can say it.
    pub source: SourceName,
    /// What the rows of the file are numbered by.
    pub place: Place,
    /// Each of them, by the field that is read from it; `updated` for the time of change.
    pub columns: Vec<(FieldName, Doubt)>,
}

/// What two files proved, each with its import.
pub type Disputed = [(String, ImportId); 2];

/// What is not known of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// The order of day, month and year: every value fits each of these.
    Dates {
        /// The orders it may be.
        orders: Vec<DateOrder>,
        /// The line of the first value that could be either.
        line: u64,
        /// What dates with dots of the same column can only be, and the line that shows it: they go by
        /// themselves.
        with_dots: Option<(DateOrder, u64)>,
        /// Two earlier files of the source that rule each other out.
        proved: Option<Disputed>,
    },
    /// The same: no order fits every value.
    MixedDates {
        /// Two orders that are ruled in, each with the line of a value that rules out the other.
        shown: [(DateOrder, u64); 2],
    },
    /// What parts thousands and decimals: every value fits each of these.
    Numbers {
        /// The styles it may be.
        styles: Vec<NumberStyle>,
        /// The line of the first value that could be either.
        line: u64,
        /// Two earlier files of the source that rule each other out.
        proved: Option<Disputed>,
    },
    /// The same: no style fits every value.
    MixedNumbers {
        /// Two styles that are ruled in, each with the line of a value that rules out the other.
        shown: [(NumberStyle, u64); 2],
    },
}

impl Doubt {
    /// The same doubt of a source whose earlier files proved one thing and the other.
    pub(super) fn after(mut self, disputed: Option<Disputed>) -> Doubt {
        if let Doubt::Dates { proved, .. } | Doubt::Numbers { proved, .. } = &mut self {
            *proved = disputed;
        }
        self
    }

    /// The key of `[sources.*]` that says it.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Doubt::Dates { .. } | Doubt::MixedDates { .. } => "dates",
            Doubt::Numbers { .. } | Doubt::MixedNumbers { .. } => "numbers",
        }
    }

    /// What is not known of a field, as a sentence without its end.
    #[must_use]
    pub fn of(&self, field: &FieldName, place: Place) -> String {
        Of(field, self, place).to_string()
    }

    /// What can be said there.
    #[must_use]
    pub fn choices(&self) -> Vec<&'static str> {
        match self {
            Doubt::Dates { orders, .. } => orders.iter().map(|order| order.name()).collect(),
            Doubt::MixedDates { shown } => shown.iter().map(|(order, _)| order.name()).collect(),
            Doubt::Numbers { styles, .. } => styles.iter().map(|style| style.example()).collect(),
            Doubt::MixedNumbers { shown } => {
                shown.iter().map(|(style, _)| style.example()).collect()
            }
        }
    }
}

/// A doubt about a field, as a sentence.
struct Of<'d>(&'d FieldName, &'d Doubt, Place);

impl fmt::Display for Of<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_doubt(f, self.0, self.1, self.2)
    }
}

impl fmt::Display for Undecided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (field, doubt)) in self.columns.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write_doubt(f, field, doubt, self.place)?;
        }
        let keys = ["dates", "numbers"].map(|key| self.lines(key));
        let lines: Vec<String> = keys.into_iter().flatten().collect();
        if lines.is_empty() {
            return Ok(());
        }
        let source = &self.source;
        write!(f, "; add to [sources.{source}] in steward.toml: {}", lines.join(", and "))?;
        let is_mixed =
            |doubt: &Doubt| matches!(doubt, Doubt::MixedDates { .. } | Doubt::MixedNumbers { .. });
        if self.columns.iter().any(|(_, doubt)| is_mixed(doubt)) {
            f.write_str("; what does not fit is then left unread")?;
        }
        Ok(())
    }
}

impl Undecided {
    /// What can be added under a key so that nothing of it is left open; none where nothing is.
    fn lines(&self, key: &str) -> Option<String> {
        let doubts = || self.columns.iter().filter(|(_, doubt)| doubt.key() == key);
        let (_, first) = doubts().next()?;
        let fits_all = |choice: &&str| doubts().all(|(_, doubt)| doubt.choices().contains(choice));
        let common: Vec<String> = first
            .choices()
            .into_iter()
            .filter(fits_all)
            .map(|choice| format!("{key} = \"{choice}\""))
            .collect();
        if !common.is_empty() {
            return Some(common.join(" or "));
        }
        // No one way is any column's: each is said by itself.
        let each = doubts().map(|(field, doubt)| {
            let choices: Vec<String> =
                doubt.choices().iter().map(|choice| format!("\"{choice}\"")).collect();
            format!("{field} = {}", choices.join(" or "))
        });
        Some(format!("{key} = {{ {} }}", each.collect::<Vec<_>>().join(", ")))
    }
}

fn write_doubt(
    f: &mut fmt::Formatter<'_>,
    field: &FieldName,
    doubt: &Doubt,
    place: Place,
) -> fmt::Result {
    let of = if field.as_str() == UPDATED { "the time of change" } else { field.as_str() };
    match doubt {
        Doubt::Dates { orders, line, with_dots, proved } => {
            let orders: Vec<_> = orders.iter().map(|order| order.name()).collect();
            let orders = orders.join(" or ");
            write!(
                f,
                "the dates of {of} may be {orders} ({place} {line}), and nothing says which"
            )?;
            write_disputed(f, proved.as_ref())?;
            let Some((order, line)) = with_dots else { return Ok(()) };
            write!(
                f,
                " (its dates with dots are {order}, as {place} {line} proves, but that says nothing about \
                 dates without)"
            )
        }
        Doubt::Numbers { styles, line, proved } => {
            let styles: Vec<_> = styles.iter().map(|style| style.example()).collect();
            let styles = styles.join(" or as ");
            write!(
                f,
                "the numbers of {of} may be written as {styles} ({place} {line}), and nothing says \
                 which"
            )?;
            write_disputed(f, proved.as_ref())
        }
        Doubt::MixedDates { shown: [(one, line), (other, beside)] } => write!(
            f,
            "some dates of {of} can only be {one} ({place} {line}) and others only {other} ({place} \
             {beside})"
        ),
        Doubt::MixedNumbers { shown: [(one, line), (other, beside)] } => write!(
            f,
            "some numbers of {of} can only be written as {one} ({place} {line}) and others only as \
             {other} ({place} {beside})"
        ),
    }
}

fn write_disputed(f: &mut fmt::Formatter<'_>, proved: Option<&Disputed>) -> fmt::Result {
    let Some([(latest, import), (other, before)]) = proved else { return Ok(()) };
    write!(f, " (import {before} proved {other}, import {import} {latest})")
}
