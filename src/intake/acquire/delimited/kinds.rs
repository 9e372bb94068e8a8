//! What each row of delimited text is, told by the rows around it.

use std::io;

use domain::{QuarantineReason, QuarantinedRow};

use super::Delimited;
use super::row::sound_key;
use crate::acquire::edges::{self, Look, form_of, is_total};
use crate::acquire::header::repeats_name;
use crate::acquire::lines::{Line, Shape};
use crate::acquire::quarantine::put_aside;
use crate::acquire::reader::Delivered;
use crate::acquire::second_header::{self, Naming};

/// Rows that may be none of the table and wait for one that is. More are no remarks.
const MOST_BELOW: usize = 50;

/// What a row is, before it is known what comes after it.
enum Kind {
    /// Nothing is in it.
    Blank,
    /// The header once more.
    Header,
    /// Remarks or totals, if no row of the table follows.
    Below {
        /// Totals are none of the table even where one does.
        are_totals: bool,
    },
    /// It names columns, and holds no values.
    Names(Naming),
    /// A row that lacks cells at its end.
    Short,
    /// Any other.
    Row,
}

impl Delimited {
    /// Titles above the header are passed over; what may be a row of the table is put aside.
    pub(super) fn settle_above(&mut self, rows: Vec<Line>, header: u64) {
        for line in rows {
            let cells = self.splitter.split(&line.text);
            let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
            let is_whole = line.shape == Shape::Whole && !line.is_bad;
            if is_whole && !edges::may_be_row_above(filled, self.named) {
                self.skipped.above += 1;
                continue;
            }
            let key = self.key.and_then(|key| sound_key(self.splitter.cells().iter().nth(key)?));
            let reason = QuarantineReason::AboveHeader { header };
            let row = QuarantinedRow { key, ..put_aside(line, reason) };
            self.ready.push_back((Delivered::Quarantined(row), None));
        }
    }

    /// What the row is that was split last.
    fn kind(&mut self, line: &Line) -> Kind {
        if line.shape != Shape::Whole || line.is_bad {
            return Kind::Row;
        }
        let cells = self.splitter.cells();
        let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).take(2).count();
        if filled == 0 {
            self.skipped.blank += 1;
            return Kind::Blank;
        }
        let is_header = cells.len() == self.names.len()
            && cells.iter().zip(&self.names).all(|(cell, name)| repeats_name(cell, name));
        if is_header {
            self.skipped.headers += 1;
            return Kind::Header;
        }
        let key = self.key.and_then(|key| cells.iter().nth(key)).unwrap_or_default();
        if second_header::may_be_name(key)
            && let Some(at) = self.key
        {
            let (cells, names) = (cells.iter().collect::<Vec<_>>(), &self.names);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            if let Some(naming) = second_header::read(&cells, &names, at) {
                return Kind::Names(naming);
            }
        }
        let is_short = cells.len() < self.named;
        // Nearly every row needs no closer look.
        let counts_rows = || key.len() < 8 && key.parse().is_ok_and(|key: u64| key == self.rows);
        if filled > 1
            && !is_short
            && !key.trim().is_empty()
            && !self.is_apart
            && !is_total(key)
            && !counts_rows()
        {
            return Kind::Row;
        }
        let (key_at, is_apart, before) = (self.key, self.is_apart, self.rows);
        let (cells, named) = (cells.iter().collect(), self.named);
        let look = Look { cells, key: key_at, is_apart, before, named };
        let is_key = key.parse::<f64>().is_err()
            && self.form.as_ref().is_some_and(|form| *form == form_of(key));
        if look.may_be_below() && !is_key {
            return Kind::Below { are_totals: look.are_totals() };
        }
        if look.names_another_table() && !self.usual.may_be_key(look.key_cell()) {
            return Kind::Names(Naming::Other { key: None });
        }
        if is_short { Kind::Short } else { Kind::Row }
    }

    /// Takes rows until one is ready, or the file has ended.
    pub(super) fn take(&mut self) -> io::Result<()> {
        while self.ready.len() < 2 && !self.ended {
            let Some(line) = self.lines.next_row(Some(self.dialect))? else {
                self.ended = true;
                self.skipped.blank += self.lines.take_blanks();
                self.skipped.below += std::mem::take(&mut self.below).len() as u64;
                self.settle_short();
                return Ok(());
            };
            self.skipped.blank += line.blanks;
            self.is_apart |= line.blanks > 0;
            if line.is_blank() {
                continue;
            }
            self.splitter.split(&line.text);
            match self.kind(&line) {
                Kind::Blank => self.is_apart = true,
                Kind::Header => {
                    // What stands directly above it is of its page.
                    self.skipped.below += std::mem::take(&mut self.below).len() as u64;
                    self.other = None;
                }
                Kind::Names(naming) => {
                    self.settle_below();
                    self.settle_short();
                    match naming {
                        Naming::Other { key } => {
                            self.other = Some((line.number, key));
                            self.is_other_short =
                                self.splitter.split(&line.text).len() < self.named;
                        }
                        Naming::Same => {}
                    }
                    let aside = put_aside(line, QuarantineReason::ColumnNames);
                    self.ready.push_back((Delivered::Quarantined(aside), None));
                }
                Kind::Below { are_totals } if self.below.len() < MOST_BELOW => {
                    self.settle_short();
                    if !are_totals && self.below.is_empty() && self.goes_on_from_last(&line) {
                        self.break_last(line);
                        continue;
                    }
                    self.below.push((line, are_totals));
                    self.is_apart = true;
                }
                Kind::Short => {
                    self.settle_below();
                    self.is_apart = false;
                    if self.short.is_empty() && self.goes_on_from_last(&line) {
                        self.break_last(line);
                        continue;
                    }
                    let cells = self.splitter.split(&line.text);
                    let key = cells.iter().next().unwrap_or_default();
                    if self.short.is_empty() && cells.len() == 1 && !self.usual.may_be_key(key) {
                        // No row has one cell, and what goes on behind it may be of the row above.
                        self.deliver(line);
                        continue;
                    }
                    self.take_short(line);
                }
                Kind::Below { .. } | Kind::Row => {
                    if !self.below.is_empty() || !self.short.is_empty() {
                        self.settle_below();
                        self.settle_short();
                        self.splitter.split(&line.text);
                    }
                    // A row of all cells is of the first table again.
                    if self.is_other_short && self.splitter.cells().len() >= self.named {
                        (self.other, self.is_other_short) = (None, false);
                    }
                    self.deliver(line);
                    self.is_apart = false;
                }
            }
        }
        Ok(())
    }

    /// A row of the table follows: what seemed to stand below stands in it.
    fn settle_below(&mut self) {
        for (line, are_totals) in std::mem::take(&mut self.below) {
            if are_totals {
                self.skipped.totals += 1;
                continue;
            }
            self.splitter.split(&line.text);
            self.deliver(line);
        }
    }
}
