//! From one screen to the next in few bytes.

use ratatui::buffer::Cell;

use super::pen::Pen;
use super::screen::{Screen, is_erased, look_alike, sure_width};

/// Blanks in a row from which erasing them costs less than writing them.
const ERASED: usize = 10;
/// Blanks at the end of a row from which erasing them costs less.
const ERASED_TO_END: usize = 4;
/// Cells that cost less written again than passed over.
const PASSED: usize = 4;

/// Where the terminal writes next and with what, as far as that is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Hand {
    row: Option<usize>,
    column: Option<usize>,
    pen: Option<Pen>,
}

impl Hand {
    /// The cursor was moved by somebody else.
    pub(super) fn is_elsewhere(&mut self) {
        (self.row, self.column) = (None, None);
    }
}

/// Sends what turns one screen into another of the same size.
pub(super) fn difference(shown: &Screen, wanted: &Screen, hand: &mut Hand, out: &mut Vec<u8>) {
    for (y, (shown, wanted)) in shown.rows().zip(wanted.rows()).enumerate() {
        Row { y, shown, wanted, hand: &mut *hand, out: &mut *out }.send();
    }
}

struct Row<'r> {
    y: usize,
    shown: &'r [Cell],
    wanted: &'r [Cell],
    hand: &'r mut Hand,
    out: &'r mut Vec<u8>,
}

impl Row<'_> {
    fn send(mut self) {
        let differs = |at: &usize| !look_alike(&self.shown[*at], &self.wanted[*at]);
        let Some(last) = (0..self.wanted.len()).rfind(differs) else { return };
        let ends = self.wanted.iter().rposition(|cell| !is_erased(cell)).map_or(0, |at| at + 1);
        let mut at = 0;
        while at <= last {
            let cell = &self.wanted[at];
            // What a wide character covers came with it.
            if cell.symbol().is_empty() || look_alike(&self.shown[at], cell) {
                at += 1;
            } else if at >= ends && last + 1 - at >= ERASED_TO_END {
                self.erase(at, "\x1b[K");
                return;
            } else {
                let blanks = self.blanks(at, last);
                if blanks >= ERASED {
                    self.erase(at, &format!("\x1b[{blanks}X"));
                    at += blanks;
                } else {
                    self.write(at);
                    at += 1;
                }
            }
        }
    }

    /// How many blanks follow each other, the last of them one that differs.
    fn blanks(&self, from: usize, last: usize) -> usize {
        let run = self.wanted[from..=last].iter().take_while(|cell| is_erased(cell)).count();
        let differs = |at: &usize| !look_alike(&self.shown[*at], &self.wanted[*at]);
        (from..from + run).rfind(differs).map_or(0, |at| at + 1 - from)
    }

    /// Erases from a column on, which leaves the cursor there.
    fn erase(&mut self, at: usize, command: &str) {
        self.go_to(at);
        // Terminals erase to the paper of the pen.
        self.take_up(Pen::PLAIN);
        self.out.extend_from_slice(command.as_bytes());
    }

    fn write(&mut self, at: usize) {
        self.go_to(at);
        let cell = &self.wanted[at];
        if !self.hand.pen.is_some_and(|pen| pen.writes(cell)) {
            self.take_up(Pen::of(cell));
        }
        self.out.extend_from_slice(cell.symbol().as_bytes());
        // After the last column some terminals have moved on and some have not.
        self.hand.column = sure_width(cell.symbol())
            .map(|width| at + usize::from(width))
            .filter(|column| *column < self.wanted.len());
    }

    fn take_up(&mut self, pen: Pen) {
        Pen::change(self.hand.pen, pen, self.out);
        self.hand.pen = Some(pen);
    }

    fn go_to(&mut self, x: usize) {
        if self.hand.row == Some(self.y) && self.hand.column == Some(x) {
            return;
        }
        if !self.pass_over(x) {
            let way = self.way_to(x);
            self.out.extend_from_slice(way.as_bytes());
        }
        self.hand.row = Some(self.y);
        self.hand.column = Some(x);
    }

    /// Gets over a few cells by writing them again; whether it could.
    fn pass_over(&mut self, x: usize) -> bool {
        let (Some(column), Some(pen)) = (self.hand.column, self.hand.pen) else { return false };
        if self.hand.row != Some(self.y) || column > x || x - column > PASSED {
            return false;
        }
        let passed = &self.wanted[column..x];
        let is_cheap = |cell: &Cell| cell.symbol().len() == 1 && pen.writes(cell);
        let cheap = passed.iter().all(is_cheap);
        if cheap {
            passed.iter().for_each(|cell| self.out.extend_from_slice(cell.symbol().as_bytes()));
        }
        cheap
    }

    /// The shortest movement of the cursor to a column of this row.
    fn way_to(&self, x: usize) -> String {
        let y = self.y;
        let anywhere = match (y, x) {
            (0, 0) => "\x1b[H".to_owned(),
            (_, 0) => format!("\x1b[{}H", y + 1),
            _ => format!("\x1b[{};{}H", y + 1, x + 1),
        };
        let here = match (self.hand.row, self.hand.column) {
            (Some(row), _) if row == y && x == 0 => "\r".to_owned(),
            (Some(row), Some(column)) if row == y && column < x => forward(x - column),
            (Some(row), _) if row == y => format!("\x1b[{}G", x + 1),
            (Some(row), _) if row + 1 == y => format!("\r\n{}", forward(x)),
            _ => return anywhere,
        };
        if here.len() <= anywhere.len() { here } else { anywhere }
    }
}

fn forward(columns: usize) -> String {
    match columns {
        0 => String::new(),
        1 => "\x1b[C".to_owned(),
        _ => format!("\x1b[{columns}C"),
    }
}
