//! Rows of delimited text that a line break cut.

use domain::{QuarantineReason, QuarantinedRow};

use super::Delimited;
use crate::acquire::edges::form_of;
use crate::acquire::lines::Line;
use crate::acquire::quarantine::put_aside;
use crate::acquire::reader::Delivered;

/// So many rows that lack cells, and they are no one row that line breaks cut.
const MOST_CUT: usize = 20;

impl Delimited {
    /// Whatever came after the rows that lack cells, they are rows by themselves.
    pub(super) fn settle_short(&mut self) {
        for line in std::mem::take(&mut self.short) {
            self.splitter.split(&line.text);
            self.deliver(line);
        }
    }

    /// Takes a row that lacks cells. Where the rows before it lack just as many, and it has no key
    /// like theirs, they are one row that a line break cut.
    pub(super) fn take_short(&mut self, line: Line) {
        let form = self.form_of_line(&line.text);
        if let Some(first) = self.short.first() {
            let first = first.text.clone();
            let is_another = form.is_some()
                && self.form_of_line(&first) == form
                && !(self.short.len() == 1 && self.make_one(&first, &line.text));
            if is_another || self.short.len() == MOST_CUT {
                self.settle_short();
            }
        }
        self.short.push(line);
        let mut cells = |line: &Line| self.splitter.split(&line.text).len();
        let whole = self.short.iter().map(&mut cells).sum::<usize>() + 1 - self.short.len();
        if self.short.len() == 1 || whole < self.named {
            return;
        }
        if whole > self.columns.len() {
            return self.settle_short();
        }
        let ends = self.short.first().zip(self.short.last());
        let (first, last) = ends.map_or((0, 0), |(first, last)| (first.number, last.number));
        for line in std::mem::take(&mut self.short) {
            let reason = QuarantineReason::BrokenRow { first, last };
            let key = match line.number == first {
                true => self.key_of_broken(&line.text, &reason),
                false => None,
            };
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            self.ready.push_back((Delivered::Quarantined(row), None));
        }
    }

    /// Whether two rows with keys of one kind that lack cells are one row: exactly one, whose cells then
    /// stand where they should.
    fn make_one(&mut self, first: &str, second: &str) -> bool {
        let begin = self.splitter.split(first).len();
        let cells: Vec<&str> = self.splitter.split(second).iter().collect();
        let whole = begin + cells.len() - 1;
        (whole == self.named || whole == self.columns.len())
            && self.usual.goes_on(&cells, begin - 1)
    }

    /// Whether a row that lacks cells is what a line break cut off the row above it, which lacks its end.
    pub(super) fn goes_on_from_last(&mut self, line: &Line) -> bool {
        let cells: Vec<String> =
            self.splitter.split(&line.text).iter().map(str::to_owned).collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let key = self.key.and_then(|key| cells.get(key)).map_or("", |key| key.trim());
        let is_rare = self.skipped.ended_early * 20 < self.rows;
        if key.is_empty() || self.usual.may_be_key(key) && !is_rare || !self.usual.ends_row(&cells)
        {
            return false;
        }
        let Some(above) = self.last_row() else {
            return matches!(&self.ready.back(), Some((Delivered::Quarantined(row), _)) if is_piece(row));
        };
        let Some((Delivered::Row(_), Some(above))) = self.ready.get(above) else { return false };
        let above: Vec<&str> = self.splitter.split(&above.text).iter().collect();
        self.usual.lacks_end(&above)
    }

    /// Which of the rows that are ready is the last that is one, with nothing behind it but pieces.
    fn last_row(&self) -> Option<usize> {
        let is_piece = |(delivered, _): &&(Delivered, Option<Line>)| matches!(delivered, Delivered::Quarantined(row) if is_piece(row));
        let pieces = self.ready.iter().rev().take_while(is_piece).count();
        self.ready.len().checked_sub(pieces + 1)
    }

    /// Sets aside the row that came last and what a line break cut off it.
    pub(super) fn break_last(&mut self, line: Line) {
        let last = line.number;
        let mut first = match self.ready.back() {
            Some((Delivered::Quarantined(row), _)) => row.line,
            _ => last,
        };
        if let Some(above) = self.last_row().and_then(|at| self.ready.get_mut(at))
            && let (Delivered::Row(row), Some(line)) = (&above.0, above.1.take())
        {
            first = row.line;
            let reason = QuarantineReason::BrokenRow { first, last };
            let key = Some(row.key.to_string());
            above.0 = Delivered::Quarantined(QuarantinedRow { key, ..put_aside(line, reason) });
        }
        let row = put_aside(line, QuarantineReason::BrokenRow { first, last });
        self.ready.push_back((Delivered::Quarantined(row), None));
    }

    fn form_of_line(&mut self, text: &str) -> Option<String> {
        let key = self.splitter.split(text).iter().nth(self.key?)?;
        (!key.trim().is_empty()).then(|| form_of(key))
    }
}

/// Whether a row that was set aside may be a piece of another one.
fn is_piece(row: &QuarantinedRow) -> bool {
    matches!(row.reason, QuarantineReason::Ragged { .. } | QuarantineReason::BrokenRow { .. })
}
