//! Tables whose rows end in something that ends no line, so that the whole file is its header.

use super::error::AcquireError;

/// What rows end in elsewhere: the sign, how it is called, and as `sed` or `tr` write it.
const ENDS: [(&str, &str, How); 11] = [
    ("\u{2028}", "line separators (U+2028)", How::Sed(r"\xe2\x80\xa8")),
    ("\u{2029}", "paragraph separators (U+2029)", How::Sed(r"\xe2\x80\xa9")),
    ("\u{85}", "NEL characters (U+0085)", How::Sed(r"\xc2\x85")),
    // NEL in a file that was taken for windows-1252.
    ("\u{2026}", "NEL characters (byte 0x85)", How::Tr(r"\205")),
    ("\u{b}", "vertical tabs", How::Tr(r"\013")),
    ("\u{c}", "form feeds", How::Tr(r"\014")),
    ("\u{1e}", "record separators (0x1E)", How::Tr(r"\036")),
    ("<br>", "<br>", How::Sed("<br>")),
    ("\\n", r"the characters \n", How::Sed(r"\\n")),
    ("|", "|", How::Tr("|")),
    (";", ";", How::Tr(";")),
];

/// How a sign becomes a line break.
#[derive(Clone, Copy)]
enum How {
    Sed(&'static str),
    Tr(&'static str),
}

/// Refuses a table that seems to be one line of rows.
///
/// `is_only` says that nothing stands below the header.
pub(super) fn refuse(
    file: &str,
    (header, delimiter): (&str, u8),
    is_only: bool,
) -> Result<(), AcquireError> {
    let found = ENDS.iter().find(|(sign, ..)| is_only && are_rows(header, sign, delimiter));
    let Some((_, sign, how)) = found else { return Ok(()) };
    let how = match how {
        How::Sed(sign) => format!(r"sed 's/{sign}/\n/g' {file}"),
        How::Tr(sign) => format!(r"tr '{sign}' '\n' < {file}"),
    };
    Err(AcquireError::OneLine { file: file.to_owned(), sign, how })
}

/// Whether a sign cuts a header into rows of one length, two of them at least.
fn are_rows(header: &str, sign: &str, delimiter: u8) -> bool {
    if sign.as_bytes() == [delimiter] || !header.contains(sign) {
        return false;
    }
    let header = header.trim_end_matches(['\r', '\n']);
    let rows = header.split(sign).map(|row| row.bytes().filter(|byte| *byte == delimiter).count());
    let mut rows: Vec<usize> = rows.collect();
    // A last row ends as the others do.
    rows.pop_if(|last| *last == 0);
    // Commas inside of quotes are few.
    let cells = rows[0];
    let alike = rows.iter().filter(|count| **count == cells).count();
    // Two may be names with that sign in them: `id,first|last,phone`.
    let has_digit = || header.split(sign).skip(1).any(|row| row.contains(|c: char| c.is_numeric()));
    cells > 0 && (rows.len() > 2 || rows.len() > 1 && has_digit()) && alike * 2 > rows.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_one_line() {
        for (sign, ..) in ENDS {
            let rows = ["id,first,last", "1,Ann,Marlow", "2,Ben,\"Harker, Jr\"", "3,Cat,Norris"];
            for end in ["", sign, "\n"] {
                let header = format!("{}{end}", rows.join(sign));
                let error = refuse("a.csv", (&header, b','), true).unwrap_err().to_string();
                assert!(
                    error.starts_with("the rows of a.csv do not end in line breaks"),
                    "{error}"
                );
                assert!(refuse("a.csv", (&header, b','), false).is_ok());
            }
        }
        for header in ["id,first,last", "id,first|last,phone", "id", "id|first|last", "a,b;c", ""] {
            assert!(refuse("a.csv", (header, b','), true).is_ok(), "{header}");
        }
        assert!(refuse("a.csv", ("id|first|last", b'|'), true).is_ok());
    }
}
