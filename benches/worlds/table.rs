//! The tables that are printed: a row a set, and the medians.

use super::measure::Figures;
use super::steward::{Curve, POINTS};

/// What a set has in a column.
type Value = dyn Fn(&Figures) -> Option<f64>;

/// A column: its heading, what a set has there, and how that is written.
struct Column {
    heading: String,
    of: Box<Value>,
    form: Form,
    /// A set without a value never gets there: it counts as more than any other.
    never: bool,
}

/// How a number is written.
#[derive(Clone, Copy)]
enum Form {
    /// `.9876`
    Share,
    /// `1,234`
    Count,
    /// `1.23`
    Decimals,
}

impl Form {
    fn write(self, number: f64) -> String {
        match self {
            Form::Share => {
                let text = format!("{number:.4}");
                text.strip_prefix('0').map_or(text.clone(), str::to_owned)
            }
            Form::Count => thousands(number.round() as u64),
            Form::Decimals => format!("{number:.2}"),
        }
    }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

impl Column {
    fn of(
        heading: impl Into<String>,
        form: Form,
        of: impl Fn(&Figures) -> Option<f64> + 'static,
    ) -> Column {
        Column { heading: heading.into(), of: Box::new(of), form, never: false }
    }

    fn or_never(self) -> Column {
        Column { never: true, ..self }
    }

    fn cell(&self, number: Option<f64>) -> String {
        match number {
            Some(number) if number.is_finite() => self.form.write(number),
            _ if self.never => "never".to_owned(),
            _ => String::new(),
        }
    }

    /// The one in the middle, or the mean of the two there.
    fn median(&self, all: &[Figures]) -> Option<f64> {
        let value = |figures| (self.of)(figures).or(self.never.then_some(f64::INFINITY));
        let mut found: Vec<f64> = all.iter().filter_map(value).collect();
        found.sort_by(f64::total_cmp);
        let (low, high) =
            (found.get(found.len().checked_sub(1)? / 2)?, found.get(found.len() / 2)?);
        Some(f64::midpoint(*low, *high))
    }
}

/// What the machine does by itself, and a peer beside it.
#[must_use]
pub fn machine(all: &[Figures]) -> String {
    let mut columns = vec![
        Column::of("records", Form::Count, |it| Some(it.records as f64)),
        Column::of("groups F1", Form::Share, |it| Some(it.proposed.f1)),
        Column::of("precision", Form::Share, |it| Some(it.proposed.precision)),
        Column::of("recall", Form::Share, |it| Some(it.proposed.recall)),
        Column::of("pairs F1", Form::Share, |it| Some(it.pairs.f1)),
        Column::of("best pairs", Form::Share, |it| Some(it.best_pairs.f1)),
        Column::of("at", Form::Share, |it| Some(it.best_threshold)),
        Column::of("ECE", Form::Share, |it| Some(it.calibration)),
        Column::of("auto precision", Form::Share, |it| Some(it.auto.precision)),
        Column::of("auto recall", Form::Share, |it| Some(it.auto.recall)),
        Column::of("candidates", Form::Share, |it| Some(it.candidates)),
        Column::of("tasks", Form::Count, |it| Some(it.tasks as f64)),
        Column::of("per 1,000", Form::Count, |it| Some(it.tasks_per_thousand())),
        Column::of("wall s", Form::Decimals, |it| Some(it.wall)),
        Column::of("CPU s", Form::Decimals, |it| Some(it.cpu)),
    ];
    if all.iter().any(|figures| figures.peer.is_some()) {
        columns.extend([
            Column::of("Splink groups at .95", Form::Share, |it| Some(it.peer?.clusters)),
            Column::of("its best groups", Form::Share, |it| Some(it.peer?.best_clusters)),
            Column::of("its best pairs", Form::Share, |it| Some(it.peer?.best_pairs)),
            Column::of("its CPU s", Form::Decimals, |it| Some(it.peer?.cpu)),
        ]);
    }
    table(all, &columns, true)
}

/// What a steward adds, answer by answer; nothing where nobody answered.
#[must_use]
pub fn steward(all: &[Figures]) -> Option<String> {
    all.iter().find_map(|figures| figures.curve.as_ref())?;
    let share =
        |curve: &Curve, answers: u32| f64::from(answers) / f64::from(curve.answers().max(1));
    let mut columns = vec![Column::of("answers", Form::Count, |it| {
        Some(f64::from(it.curve.as_ref()?.answers()))
    })];
    for point in POINTS {
        columns.push(Column::of(
            format!("F1 at {}", thousands(point.into())),
            Form::Share,
            move |it| it.curve.as_ref()?.at(point),
        ));
    }
    let end = |it: &Figures| Some(it.curve.as_ref()?.points.last()?.customers.f1);
    columns.push(Column::of("end", Form::Share, end));
    for goal in [0.95, 0.98, 0.99] {
        let until = move |it: &Figures| it.curve.as_ref()?.until(goal).map(f64::from);
        let heading = format!("until {}", Form::Decimals.write(goal).trim_start_matches('0'));
        columns.push(Column::of(&heading, Form::Count, until).or_never());
    }
    let until_best = |curve: &Curve| curve.until(curve.best() - 0.01);
    columns.extend([
        Column::of("until its best less .01", Form::Count, move |it| {
            until_best(it.curve.as_ref()?).map(f64::from)
        }),
        Column::of("share of all", Form::Decimals, move |it| {
            let curve = it.curve.as_ref()?;
            Some(share(curve, until_best(curve)?))
        }),
        Column::of("ECE after a rematch", Form::Share, |it| {
            it.curve.as_ref()?.calibration.first().map(|(_, error)| *error)
        }),
        Column::of("refused", Form::Count, |it| Some(f64::from(it.curve.as_ref()?.refused))),
    ]);
    let granted = |it: &Figures| it.curve.as_ref()?.granted.clone();
    if all.iter().any(|figures| granted(figures).is_some()) {
        columns.extend([
            Column::of("grants", Form::Count, move |it| Some(f64::from(granted(it)?.grants))),
            Column::of("joins granted", Form::Count, move |it| Some(granted(it)?.joins as f64)),
            Column::of("wrong", Form::Count, move |it| Some(granted(it)?.wrong as f64)),
            Column::of("at most", Form::Count, move |it| Some(granted(it)?.wrong_at_most as f64)),
            Column::of("false promise", Form::Count, move |it| {
                Some(f64::from(u8::from(granted(it)?.is_false)))
            }),
        ]);
    }
    Some(table(all, &columns, false))
}

fn table(all: &[Figures], columns: &[Column], about: bool) -> String {
    let row = |first: &str, cells: Vec<String>, last: &str| {
        let last = if about { format!(" {last} |") } else { String::new() };
        format!("| {first} | {} |{last}\n", cells.join(" | "))
    };
    let headings = columns.iter().map(|column| column.heading.clone()).collect();
    let mut text = row("set", headings, "what it is");
    text += &format!("|{}\n", "---|".repeat(columns.len() + 1 + usize::from(about)));
    for figures in all {
        let cells = columns.iter().map(|column| column.cell((column.of)(figures))).collect();
        text += &row(&figures.set, cells, &figures.about);
    }
    if all.len() > 1 {
        let cells = columns.iter().map(|column| column.cell(column.median(all))).collect();
        text += &row("**median**", cells, "");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (form, number, text) in [
            (Form::Share, 0.98764, ".9876"),
            (Form::Share, 1.0, "1.0000"),
            (Form::Count, 1_234_567.0, "1,234,567"),
            (Form::Count, 999.0, "999"),
            (Form::Decimals, 0.456, "0.46"),
        ] {
            assert_eq!(form.write(number), text);
        }
    }
}
