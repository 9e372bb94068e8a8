//! Rows as whoever wrote them may have meant them, where quotes inside of quoted cells were not doubled:
//! a quote closes a cell only where the cell's end follows it. It is how nothing is read; it tells which
//! lines belong to a row that is set aside.

use super::dialect::Dialect;

/// A row that was read so.
pub(super) struct Meant {
    /// How many lines it has.
    pub lines: usize,
    /// How many cells; none where its last one is never closed.
    pub cells: usize,
    /// What stands in the cell that was asked for.
    pub key: String,
}

/// Where in a row it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
}

/// The rows that lines without their ends make, each with its cell of that number.
pub(super) fn rows(lines: &[&str], dialect: Dialect, key: usize) -> Vec<Meant> {
    let mut rows = Vec::new();
    let (mut state, mut row) = (State::Start, new());
    for line in lines {
        row.lines += 1;
        state = take(line.as_bytes(), state, &mut row, (dialect, key));
        if state != State::Quoted {
            rows.push(std::mem::replace(&mut row, new()));
            state = State::Start;
        }
    }
    if row.lines > 0 {
        rows.push(Meant { cells: 0, ..row });
    }
    rows
}

fn new() -> Meant {
    Meant { lines: 0, cells: 1, key: String::new() }
}

fn take(line: &[u8], mut state: State, row: &mut Meant, (dialect, key): (Dialect, usize)) -> State {
    let padding = |at: usize| line[at..].iter().take_while(|it| dialect.is_padding(**it)).count();
    let mut at = 0;
    while let Some(byte) = line.get(at).copied() {
        at += 1;
        match state {
            State::Start if dialect.is_padding(byte) => continue,
            State::Start if byte == dialect.quote => {
                state = State::Quoted;
                continue;
            }
            State::Start | State::Plain if byte == dialect.delimiter => {
                row.cells += 1;
                state = State::Start;
                continue;
            }
            State::Quoted if byte == dialect.quote => {
                if line.get(at) == Some(&dialect.quote) {
                    at += 1;
                } else if line.get(at + padding(at)).is_none_or(|it| *it == dialect.delimiter) {
                    state = State::Plain;
                    continue;
                }
            }
            State::Start => state = State::Plain,
            State::Plain | State::Quoted => {}
        }
        if row.cells == key + 1 {
            row.key.push(char::from(byte));
        }
        at += usize::from(dialect.backslash && byte == b'\\');
    }
    state
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_closes_a_cell_where_its_end_follows() {
        let told = |lines: &[&str]| {
            let rows = rows(lines, Dialect::parted_by(b','), 0);
            let rows = rows.iter().map(|row| (row.lines, row.cells, row.key.clone()));
            rows.collect::<Vec<_>>()
        };
        let row = |lines: usize, cells: usize, key: &str| (lines, cells, key.to_owned());
        for (lines, expected) in [
            (&["1,\"19\" screen\"", "2,x"][..], vec![row(1, 2, "1"), row(1, 2, "2")]),
            (&["\"1\" ,\"a, \"b\" c\",d"], vec![row(1, 3, "1 ")]),
            (&["1,\"a", "b \"c\" d", "e\",x", "2,y,"], vec![row(3, 3, "1"), row(1, 3, "2")]),
            (&["1,\"a\"b\"", "9,c", "\""], vec![row(1, 2, "1"), row(1, 2, "9"), row(1, 0, "")]),
            (&["1,\"a", "9,b", "\" junk,x"], vec![row(3, 0, "1")]),
            (
                &["1,\"say \"\"so\"\"\"", "", "2"],
                vec![row(1, 2, "1"), row(1, 1, ""), row(1, 1, "2")],
            ),
            (&["1,5\" pipe,\"x\""], vec![row(1, 3, "1")]),
        ] {
            assert_eq!(told(lines), expected, "{lines:?}");
        }
        let escaped = Dialect { backslash: true, ..Dialect::parted_by(b',') };
        assert_eq!(rows(&["1,\"a \\\", b\",c"], escaped, 0)[0].cells, 3);
    }
}
