//! Words behind a name that say which of a family's namesakes is meant, and are names as well, so that only
//! whoever compares two records reads them: `José Ulloa Segundo`, `Jan Hill de Jonge`, `Hill 3`.
//!
//! `data/generations.txt` says it, with its source and licence.

use std::sync::LazyLock;

use domain::naming::{NamePart, Suffix};

use super::text::without_remarks;

struct Saying {
    is_of_given_names: bool,
    suffix: Suffix,
    /// The words, with a blank before.
    words: String,
}

static SAYINGS: LazyLock<Vec<Saying>> = LazyLock::new(|| {
    let lines = without_remarks(include_str!("data/generations.txt"));
    let read = |line: &'static str| {
        let given = line.strip_prefix("given ");
        let mut words = given.unwrap_or(line).split_ascii_whitespace();
        let suffix = words.next().and_then(Suffix::of);
        words.filter_map(move |words| {
            let words = format!(" {}", words.replace('_', " "));
            Some(Saying { is_of_given_names: given.is_some(), suffix: suffix?, words })
        })
    };
    lines.flat_map(read).collect()
});

/// Takes such words off the end of a folded name. `raw` is the name as it was delivered.
pub(crate) fn take(name: &mut String, part: NamePart, raw: &str) -> Option<Suffix> {
    let is_given = part == NamePart::Given;
    if !name.contains(' ') || is_given && !raw.contains([',', '-', '–', '—', '/', ':']) {
        return None;
    }
    // `Jan de Jonge` has a family name.
    let least = if part == NamePart::Full { 2 } else { 1 };
    let is_meant = |saying: &&Saying| {
        saying.is_of_given_names == is_given
            && name
                .strip_suffix(saying.words.as_str())
                .is_some_and(|rest| rest.split(' ').filter(|word| word.len() > 1).count() >= least)
    };
    let found = SAYINGS.iter().filter(is_meant).max_by_key(|saying| saying.words.len())?;
    name.truncate(name.len() - found.words.len());
    Some(found.suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_behind_a_name() {
        use NamePart::{Family, Full, Given};
        use Suffix::{Junior, Second, Senior, Third};
        assert!(SAYINGS.len() > 30);
        for (name, part, expected, rest) in [
            ("orlifer 3", Family, Some(Third), "orlifer"),
            ("orlifer 2", Family, Some(Second), "orlifer"),
            ("ulloa segundo", Family, Some(Second), "ulloa"),
            ("jose ulloa segundo", Full, Some(Second), "jose ulloa"),
            ("hill de oude", Family, Some(Senior), "hill"),
            ("hill de jonge", Family, Some(Junior), "hill"),
            ("jan hill de jonge", Full, Some(Junior), "jan hill"),
            ("dupont aine", Family, Some(Senior), "dupont"),
            ("dupont cadet", Family, Some(Junior), "dupont"),
            ("dupont l aine", Family, Some(Senior), "dupont"),
            ("robert vater", Given, Some(Senior), "robert"),
            ("linda son", Given, Some(Junior), "linda"),
            // Names.
            ("jan de jonge", Full, None, "jan de jonge"),
            ("de jonge", Family, None, "de jonge"),
            ("jose segundo", Full, None, "jose segundo"),
            ("segundo", Family, None, "segundo"),
            ("hill", Family, None, "hill"),
            ("robert 3", Full, None, "robert 3"),
            ("", Family, None, ""),
        ] {
            let mut own = name.to_owned();
            assert_eq!(take(&mut own, part, "Name, delivered"), expected, "{name}");
            assert_eq!(own, rest);
        }
        // Nothing parts a given name from the next one.
        assert_eq!(take(&mut "heung son".to_owned(), Given, "Heung Son"), None);
    }
}
