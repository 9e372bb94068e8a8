//! Which names of a header may be told: a file without one has somebody's values in that place.

use compact_str::CompactString;

use domain::nearest;

use super::columns::nameless;
use super::header::as_delivered;
use super::mapping::{Mapping, plain_name};
use crate::headings;

/// Delimiters that are found without being named.
const USUAL: [char; 4] = [',', ';', '\t', '|'];
/// Characters that separate cells now and then.
const UNUSUAL: [char; 7] = ['#', '!', '*', '%', '$', '~', '^'];

/// The columns of a file, as far as they may be told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToldColumns {
    /// Those that may be told.
    pub named: Vec<String>,
    /// How many there are beside them.
    pub others: usize,
    /// What separates the parts of the only cell of the first row.
    pub within: Option<char>,
}

impl ToldColumns {
    /// Of the columns of a file, which its header calls `delivered`. All are told where most have names that are
    /// known, and none looks like data; otherwise only those that are known.
    pub(super) fn of(columns: &[CompactString], delivered: &[String], mapping: &Mapping) -> Self {
        let is_known: Vec<bool> = columns.iter().map(|name| is_known(name, mapping)).collect();
        let known = is_known.iter().filter(|known| **known).count();
        let is_header = known * 2 >= columns.len() && !columns.iter().any(looks_like_data);
        let named = as_delivered(columns, delivered);
        let named: Vec<String> = named
            .into_iter()
            .zip(is_known)
            .filter(|(_, known)| *known || is_header)
            .map(|(name, _)| name)
            .collect();
        let within = match columns {
            [only] => {
                // `#` in `<a href="#">` is of no table.
                let unusual = if only.starts_with('<') { &[] } else { &UNUSUAL[..] };
                let signs = USUAL.iter().chain(unusual);
                signs.copied().find(|sign| only.matches(*sign).count() > 1)
            }
            _ => None,
        };
        Self { others: columns.len() - named.len(), named, within }
    }
}

/// Whether a cell of a header looks like somebody's.
pub(super) fn looks_like_data(name: &CompactString) -> bool {
    name.contains('@') || name.bytes().filter(u8::is_ascii_digit).count() > 3
}

/// Whether columns are usually called so, or those that are looked for are.
fn is_known(name: &CompactString, mapping: &Mapping) -> bool {
    let plain = plain_name(name);
    let number = name.strip_prefix("column ").and_then(|number| number.parse::<u64>().ok());
    number.and_then(|number| number.checked_sub(1)).is_some_and(|at| *name == nameless(at))
        || mapping.named().any(|named| plain_name(named) == plain)
        || nearest::name(name, mapping.named()).is_some()
        || headings::is_known(name)
}

impl std::fmt::Display for ToldColumns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = if self.others == 1 { "column" } else { "columns" };
        if let Some(sign) = self.within.filter(|sign| UNUSUAL.contains(sign)) {
            return write!(
                f,
                "its first row is one cell with `{sign}` in it: if that separates the cells of a line, pass \
                 --delimiter '{sign}'"
            );
        }
        if let Some(sign) = self.within {
            let sign = if sign == '\t' { "tabs".to_owned() } else { format!("`{sign}`") };
            return write!(
                f,
                "its first row is one cell with {sign} in it: if each line is quoted as a whole, it was saved \
                 as text twice, so save it again from the program that had the table; if that separates \
                 the cells of a line, pass --delimiter"
            );
        }
        match (self.named.as_slice(), self.others) {
            ([], 1) => f.write_str(
                "its first row is one cell without a known column name: if that is a title above the header, \
                 pass the row of the header: --header-row; if its columns have fixed widths, pass them: \
                 --widths 10,30,8; if it is not a table, as XML and LDIF are not, export it as CSV or JSON lines",
            ),
            ([only], 0) => write!(
                f,
                "its columns are: {only}; if that is a title above the header, pass the row of the header: \
                 --header-row; if its columns have fixed widths, pass them: --widths 10,30,8"
            ),
            ([], others) => write!(
                f,
                "none of its {others} {columns} has a known name: if its first line is data, add a line with \
                 the column names; if a title is above the header, pass the row of the header: --header-row"
            ),
            (named, 0) => write!(f, "its columns are: {}", named.join(", ")),
            (named, others) => write!(
                f,
                "its columns are: {}, and {others} {columns} without a known name: if its first line is \
                 data, add a line with the column names",
                named.join(", ")
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::reader::tests::source;

    fn told(line: &str) -> String {
        let mapping = Mapping::of(&source(
            "customer_id",
            None,
            &[("given_name", &["first"]), ("family_name", &["last"]), ("city", &["town"])],
        ));
        let names: Vec<String> = line.split(';').map(str::to_owned).collect();
        let columns: Vec<CompactString> = names.iter().map(CompactString::new).collect();
        ToldColumns::of(&columns, &names, &mapping).to_string()
    }

    #[test]
    fn a_first_line_with_somebodys_values_is_counted_and_not_told() {
        for (line, hidden) in [
            ("Edward;Smith;Miami", &["Edward", "Smith", "Miami"][..]),
            ("Edward Smith", &["Edward"]),
            ("customer_id;Edward Smith;1980-02-03", &["Edward", "1980"]),
            ("4711;Zoë;Quill;Salem", &["4711", "Zoë", "Quill", "Salem"]),
            ("id-7;Ann Lee;12 Mill Rd", &["Ann", "Mill"]),
            ("Müller;Hans;Bonn;Diabetes", &["Müller", "Hans", "Bonn", "Diabetes"]),
            ("first;Ann;Lee", &["Ann", "Lee"]),
            ("first;last;1980-02-03", &["1980"]),
            ("first;last;ann@example.com", &["ann@"]),
            ("陈伟;上海", &["陈伟", "上海"]),
            ("Иванов;Москва", &["Иванов"]),
        ] {
            let told = told(line);
            for value in hidden {
                assert!(!told.contains(value), "{line}: {told}");
            }
            let is_counted =
                ["without a known", "none of its"].iter().any(|says| told.contains(says));
            assert!(is_counted, "{told}");
        }
    }

    #[test]
    fn a_first_row_of_one_cell_is_no_header_and_is_not_shown() {
        for (text, says) in [
            ("Customers 2026 (north)", "--header-row"),
            ("<customers><c id=\"1\"><first>Ann</first></c></customers>", "export it as CSV"),
            ("dn: cn=Ann", "without a known column name"),
            ("ann.example.com", "--widths"),
            ("id,first,last,phone", "saved as text twice"),
            ("1|Ann|Lee", "with `|` in it"),
            ("1\tAnn\tLee", "with tabs in it"),
            ("1#Ann#Lee", "--delimiter '#'"),
            ("1~Ann~Lee", "--delimiter '~'"),
        ] {
            let told = told(text);
            assert!(told.contains(says) && !told.contains("Ann") && !told.contains(text), "{told}");
        }
        assert!(told("town").starts_with("its columns are: town; if that is a title"));
    }

    #[test]
    fn a_header_is_told_as_it_is() {
        for line in ["first;last;town", "First;LAST;zz_code", "frst;town;note", "e-mail;phone;zz"] {
            assert_eq!(told(line), format!("its columns are: {}", line.replace(';', ", ")));
        }
    }
}
