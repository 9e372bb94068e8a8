//! Which columns a row has, whatever stands in them: a column that is not there says nothing, an empty
//! one says that there is nothing.

use compact_str::{CompactString, format_compact};

use domain::nearest;

/// The columns of a row: those of its file's header, or of one JSON object.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Columns {
    /// By name, ascending.
    names: Vec<CompactString>,
    /// Names under which everything is said, ascending: lists, which come whole, and nulls.
    whole: Vec<CompactString>,
    /// Whether what stands under no name is said as well.
    has_nameless: bool,
    /// Those of the file that the row leaves out because nothing stands in them, ascending.
    empty: Vec<CompactString>,
}

impl Columns {
    /// The columns of a header.
    pub(super) fn of_header(names: impl IntoIterator<Item = CompactString>) -> Columns {
        Columns::of_object(names.into_iter().collect(), Vec::new())
    }

    /// The values of a JSON object under their dotted names, and the names of its lists and nulls.
    pub(super) fn of_object(
        mut names: Vec<CompactString>,
        mut whole: Vec<CompactString>,
    ) -> Columns {
        names.sort_unstable();
        whole.sort_unstable();
        Columns { names, whole, ..Columns::default() }
    }

    /// The same, of a table whose rows may hold something beside its named columns.
    pub(super) fn and_nameless(self) -> Columns {
        Columns { has_nameless: true, ..self }
    }

    /// These and others.
    pub(super) fn and(&self, other: &Columns) -> Columns {
        let both = |one: &[CompactString], other: &[CompactString]| {
            let mut names = [one, other].concat();
            names.sort_unstable();
            names.dedup();
            names
        };
        Columns {
            names: both(&self.names, &other.names),
            whole: both(&self.whole, &other.whole),
            has_nameless: self.has_nameless || other.has_nameless,
            empty: both(&self.empty, &other.empty),
        }
    }

    /// Of these, the ones in which something stands.
    pub(super) fn said(&self, says: impl Fn(&str) -> bool) -> Columns {
        let names: Vec<CompactString> = self.names.iter().filter(|it| says(it)).cloned().collect();
        let holds = |whole: &CompactString| {
            let rest = |name: &CompactString| name.strip_prefix(whole.as_str()).map(str::to_owned);
            names.iter().filter_map(rest).any(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let whole = self.whole.iter().filter(|whole| holds(whole)).cloned().collect();
        let empty = self.names.iter().filter(|it| !says(it)).cloned().collect();
        Columns { whole, names, has_nameless: false, empty }
    }

    /// These and single others.
    #[must_use]
    pub fn with(&self, others: impl IntoIterator<Item = CompactString>) -> Columns {
        self.and(&Columns::of_object(others.into_iter().collect(), Vec::new()))
    }

    /// Whether the file has a column, though the row may say nothing about it.
    #[must_use]
    pub fn is_there(&self, column: &str) -> bool {
        self.has(column) || self.empty.iter().any(|known| known == column)
    }

    /// Whether the row says anything about a column.
    #[must_use]
    pub fn has(&self, column: &str) -> bool {
        let has = |names: &[CompactString], name: &str| {
            names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
        };
        if has(&self.names, column) || self.has_nameless && is_nameless(column) {
            return true;
        }
        if self.whole.is_empty() {
            return false;
        }
        let above = column.match_indices('.').map(|(dot, _)| &column[..dot]);
        above.chain([column]).any(|name| has(&self.whole, name))
    }

    /// The column whose name is most similar to that, if one is similar.
    #[must_use]
    pub fn nearest(&self, wanted: &str) -> Option<String> {
        nearest::name(wanted, self.names.iter().map(CompactString::as_str)).map(str::to_owned)
    }

    /// How many have a name.
    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Everything that tells these columns from others.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let whole = self.whole.iter().map(CompactString::as_str);
        self.names.iter().map(CompactString::as_str).chain(["\0"]).chain(whole)
    }
}

/// What a column without a name is called.
pub(super) fn nameless(at: u64) -> CompactString {
    format_compact!("column {}", at + 1)
}

fn is_nameless(column: &str) -> bool {
    let number = column.strip_prefix("column ").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_and_a_null_speak_for_all_below_them() {
        let names = ["id", "name.first", "phones.0"].map(CompactString::new);
        let whole = ["phones", "address", "mail"].map(CompactString::new);
        let columns = Columns::of_object(names.into(), whole.into());
        for there in ["id", "name.first", "phones.0", "phones.1", "phones.1.kind", "mail"] {
            assert!(columns.has(there), "{there}");
        }
        assert!(columns.has("address.city.name"));
        assert!(!columns.has("column 12"));
        assert!(columns.clone().and_nameless().has("column 12"));
        assert!(!columns.clone().and_nameless().has("column twelve"));
        for absent in ["name", "name.last", "phone", "phones2.0", "addresses", ""] {
            assert!(!columns.has(absent), "{absent}");
        }
    }
}
