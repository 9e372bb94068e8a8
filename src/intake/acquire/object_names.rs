//! What the members of a JSON object are called in the settings: the same rule as for the columns of a
//! table, object by object. The very name comes first; else the one that differs in case and blanks alone.

use std::collections::HashMap;

use compact_str::{CompactString, format_compact};

use domain::QuarantineReason;

use super::json_leaves::not_an_object;
use super::mapping::plain_name;

/// The names of the settings.
pub(super) struct Names {
    /// Each name, and what stands before its dots, without case; `None` where two differ in case alone.
    of_plain: HashMap<String, Option<Named>>,
    /// The most parts that a name has.
    depth: usize,
}

struct Named {
    name: CompactString,
    /// Whether it is a name itself, and not only the beginning of others.
    is_whole: bool,
}

/// The names of an object as the settings spell them.
pub(super) struct Settled {
    /// Those of its values.
    pub leaves: Vec<CompactString>,
    /// Those of its lists and nulls.
    pub whole: Vec<CompactString>,
    /// Values of which one is read, while the other is called the same but for its case.
    pub rivals: Vec<(usize, usize)>,
    /// The same where one of the two is a list, an object or a null: they cannot be compared.
    pub clash: Option<Clash>,
}

/// Two names of an object that differ in case alone, and say different things.
pub(super) struct Clash {
    pub one: String,
    pub other: String,
}

impl Clash {
    /// Why the object is no row.
    pub fn reason(&self) -> QuarantineReason {
        let Clash { one, other } = self;
        not_an_object(&format!("`{one}` and `{other}` are in it with different values"))
    }
}

impl Names {
    /// Of these columns.
    pub fn of<'n>(columns: impl Iterator<Item = &'n str>) -> Names {
        let mut names = Names { of_plain: HashMap::new(), depth: 0 };
        for column in columns {
            let ends = column.match_indices('.').map(|(at, _)| at).chain([column.len()]);
            for (depth, end) in ends.enumerate() {
                names.depth = names.depth.max(depth + 1);
                let (name, is_whole) = (CompactString::new(&column[..end]), end == column.len());
                let named = names.of_plain.entry(plain_name(&name));
                let named = named.or_insert_with(|| Some(Named { name: name.clone(), is_whole }));
                match named {
                    Some(named) if named.name == name => named.is_whole |= is_whole,
                    _ => *named = None,
                }
            }
        }
        names
    }

    /// The names of an object.
    pub fn settle(&self, leaves: &[CompactString], whole: &[CompactString]) -> Settled {
        let mut paths = [leaves, whole].concat();
        let mut doubtful = Vec::new();
        for depth in 1..=self.depth {
            self.settle_at(depth, &mut paths, &mut doubtful);
        }
        let whole = paths.split_off(leaves.len());
        let mut settled = Settled { leaves: paths, whole, rivals: Vec::new(), clash: None };
        for (one, other) in doubtful {
            let place = |name: &CompactString| settled.leaves.iter().position(|it| it == name);
            match (place(one), place(&other)) {
                (Some(one), Some(other)) => settled.rivals.push((one, other)),
                _ => settled.clash = Some(Clash { one: one.to_string(), other: other.to_string() }),
            }
        }
        settled
    }

    /// Settles the first parts of the paths; `doubtful` takes pairs of names of which one is read.
    fn settle_at<'s>(
        &'s self,
        depth: usize,
        paths: &mut [CompactString],
        doubtful: &mut Vec<(&'s CompactString, CompactString)>,
    ) {
        let mut spellings: Vec<(&Named, Vec<CompactString>)> = Vec::new();
        for path in paths.iter() {
            let Some(part) = beginning(path, depth) else { continue };
            let Some(Some(named)) = self.of_plain.get(&plain_name(part)) else { continue };
            let known = spellings.iter_mut().find(|(it, _)| it.name == named.name);
            match known {
                Some((_, found)) if found.iter().any(|it| it == part) => {}
                Some((_, found)) => found.push(part.into()),
                None => spellings.push((named, vec![part.into()])),
            }
        }
        for (named, mut others) in spellings {
            let before = others.len();
            others.retain(|it| *it != named.name);
            if others.len() == before {
                let taken = others.remove(0);
                for path in paths.iter_mut().filter(|it| beginning(it, depth) == Some(&taken)) {
                    *path = format_compact!("{}{}", named.name, &path[taken.len()..]);
                }
            }
            if named.is_whole {
                doubtful.extend(others.into_iter().map(|other| (&named.name, other)));
            }
        }
    }
}

/// The first parts of a dotted name; none where it has fewer.
fn beginning(path: &str, depth: usize) -> Option<&str> {
    let mut ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    ends.nth(depth - 1).map(|end| &path[..end])
}

#[cfg(test)]
mod tests {
    use crate::acquire::json_objects::Objects;
    use crate::acquire::mapping::Mapping;
    use crate::acquire::reader::tests::source;

    /// The fields, then the other names, of the row that an object becomes.
    fn read(text: &str) -> String {
        let map: &[(&str, &[&str])] =
            &[("first", &["first"]), ("city", &["home.city"]), ("mail", &["Mails.0"])];
        let source = source("id", None, map);
        match Objects::of(Mapping::of(&source)).row(text, 1) {
            Ok(row) => {
                let fields = row.fields.iter().map(|(name, text)| format!("{name}={text}"));
                let unmapped = row.unmapped.iter().map(|(name, text)| format!("{name}:{text}"));
                let all: Vec<String> = fields.chain(unmapped).collect();
                format!("{} {}", row.key, all.join(" ")).trim_end().to_owned()
            }
            Err(reason) => reason.to_string(),
        }
    }

    #[test]
    fn names_in_other_capitals_are_read_as_in_a_table() {
        for (text, expected) in [
            (r#"{"ID":7,"First":"Ann"}"#, "7 first=Ann"),
            (r#"{"id":7,"FIRST ":"Ann","x":1}"#, "7 first=Ann x:1"),
            (r#"{"Id":7,"Home":{"City":"Ulm","Zip":1}}"#, "7 city=Ulm home.Zip:1"),
            (r#"{"id":7,"home":{"City":"Ulm"}}"#, "7 city=Ulm"),
            (r#"{"id":7,"HOME.CITY":"Ulm"}"#, "7 city=Ulm"),
            (r#"{"id":7,"mails":["a@b.de"]}"#, "7 mail=a@b.de"),
            (r#"{"id":7,"home":{"x":1},"Home":{"city":"Ulm"}}"#, "7 city=Ulm home.x:1"),
            (r#"{"id":7,"first":"Ann","First":"Ann "}"#, "7 first=Ann First:Ann "),
            (r#"{"id":7,"First":"Ann","FIRST":"Ann"}"#, "7 first=Ann FIRST:Ann"),
        ] {
            assert_eq!(read(text), expected.trim_end(), "{text}");
        }
    }

    #[test]
    fn two_names_that_say_different_things_are_no_row() {
        let clash = |one: &str, other: &str| {
            format!("not a JSON object: `{one}` and `{other}` are in it with different values")
        };
        for (text, expected) in [
            (r#"{"id":7,"first":"Ann","First":"Bo"}"#, clash("first", "First")),
            (r#"{"id":7,"first":"","First":"Bo"}"#, clash("first", "First")),
            (r#"{"id":7,"First":"Ann","FIRST":"Bo"}"#, clash("First", "FIRST")),
            (r#"{"id":7,"first":null,"First":"Bo"}"#, clash("first", "First")),
            (r#"{"id":7,"ID":8}"#, clash("id", "ID")),
            (
                r#"{"id":7,"home":{"city":"Ulm"},"Home":{"city":"Bonn"}}"#,
                clash("home.city", "Home.city"),
            ),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn an_empty_list_or_null_in_other_capitals_empties() {
        let source = source("id", None, &[("mail", &["Mails.0"]), ("city", &["home.city"])]);
        let mut objects = Objects::of(Mapping::of(&source));
        let row = objects.row(r#"{"id":7,"mails":[],"HOME":null}"#, 1).unwrap();
        assert!(row.columns.has("Mails.0") && row.columns.has("home.city"));
    }
}
