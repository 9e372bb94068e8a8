//! Which given names are forms of one another: Bob and Robert, Uschi and Ursula.
//!
//! `nicknames.txt` says it, with its source and licence.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Groups a name belongs to, at most four; 0 is none.
pub type Groups = [u16; 4];

/// The lines of the data file that say something: `#` begins a remark.
fn without_remarks(file: &str) -> impl Iterator<Item = &str> {
    file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

const FILE: &str = include_str!("nicknames.txt");

/// The lines of ways to spell one name begin with it.
const SPELLINGS_MARK: char = '=';

/// The lines of forms that are names of their own begin with it.
const OWN_MARK: char = '!';

fn groups_of_forms() -> impl Iterator<Item = &'static str> {
    without_remarks(FILE).filter(|line| !line.starts_with([SPELLINGS_MARK, OWN_MARK]))
}

fn ways_to_spell() -> impl Iterator<Item = &'static str> {
    without_remarks(FILE).filter_map(|line| line.strip_prefix(SPELLINGS_MARK))
}

/// Forms that are names of their own.
static OWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = without_remarks(FILE).filter_map(|line| line.strip_prefix(OWN_MARK));
    lines.flat_map(str::split_ascii_whitespace).collect()
});

/// The first name of each group, of which the others are forms.
static LONG_FORMS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    groups_of_forms().filter_map(|it| it.split_ascii_whitespace().next()).collect()
});

/// The line of a name that is spelled in several ways.
static SPELLINGS: LazyLock<HashMap<&'static str, usize>> = LazyLock::new(|| {
    let named = |(number, line): (usize, &'static str)| {
        line.split_ascii_whitespace().map(move |name| (name, number))
    };
    ways_to_spell().enumerate().flat_map(named).collect()
});

static TABLE: LazyLock<HashMap<&'static str, Groups>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Groups> = HashMap::new();
    // Whoever is found under one way to spell a name is found under each.
    for (number, line) in groups_of_forms().chain(ways_to_spell()).enumerate() {
        for name in line.split_ascii_whitespace() {
            let groups = table.entry(name).or_default();
            if let Some(free) = groups.iter_mut().find(|group| **group == 0) {
                *free = number as u16 + 1;
            }
        }
    }
    table
});

/// The groups of a folded given name.
#[must_use]
pub fn groups(name: &str) -> Groups {
    TABLE.get(name).copied().unwrap_or_default()
}

/// Whether two names share a group.
#[must_use]
pub fn related(a: &str, b: &str) -> bool {
    share(&groups(a), &groups(b))
}

/// Whether one name is the long form of the other, in any spelling: William of Bill, Steven of Steve. Molly and Polly share a group, and
/// neither is the other's.
#[must_use]
pub fn is_long_form(a: &str, b: &str) -> bool {
    let (one, other) = (groups(a), groups(b));
    let is_theirs = |group: &u16| {
        let long = group.checked_sub(1).and_then(|number| LONG_FORMS.get(usize::from(number)));
        let is_long = |name| long.is_some_and(|long| *long == name || are_spellings(long, name));
        other.contains(group) && (is_long(a) || is_long(b))
    };
    one.iter().any(is_theirs)
}

/// The long forms of a name: Robert and Roberta of Bobbie.
pub fn long_forms(name: &str) -> impl Iterator<Item = &'static str> {
    let numbers = groups(name).into_iter().filter_map(|group| group.checked_sub(1));
    numbers.filter_map(|number| LONG_FORMS.get(usize::from(number)).copied())
}

/// Whether two names are ways to spell one.
#[must_use]
pub fn are_spellings(a: &str, b: &str) -> bool {
    SPELLINGS.get(a).is_some_and(|line| SPELLINGS.get(b) == Some(line))
}

/// Whether a form of another name is one that children are given today: Mia, who may be Maria.
#[must_use]
pub fn is_name_of_its_own(form: &str) -> bool {
    OWN.contains(form)
}

/// Whether another form of the name begins with that letter: Bill is one of William.
#[must_use]
pub fn has_form_beginning_with(name: &str, letter: char) -> bool {
    let groups = groups(name);
    TABLE.iter().any(|(form, theirs)| form.starts_with(letter) && share(&groups, theirs))
}

/// Whether the table has the name.
#[must_use]
pub fn known(name: &str) -> bool {
    TABLE.contains_key(name) || SPELLINGS.contains_key(name)
}

/// Whether a group is in both.
#[inline]
#[must_use]
pub fn share(a: &Groups, b: &Groups) -> bool {
    a.iter().any(|group| *group != 0 && b.contains(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_group_are_related_both_ways() {
        for (a, b) in [("robert", "bob"), ("uschi", "ursula"), ("peggy", "margaret")] {
            assert!(related(a, b) && related(b, a), "{a} {b}");
        }
        assert!(related("chris", "christine") && related("chris", "christopher"));
        assert!(!related("robert", "william"));
        assert!(!related("nobody", "nobody"));
    }

    #[test]
    fn a_short_form_has_its_long_form_and_two_short_forms_are_siblings() {
        for (a, b) in [
            ("robert", "bob"),
            ("uschi", "ursula"),
            ("mary", "polly"),
            ("steven", "steve"),
            ("catherine", "kathy"),
        ] {
            assert!(is_long_form(a, b) && is_long_form(b, a), "{a} {b}");
        }
        for (a, b) in [("molly", "polly"), ("ella", "bella"), ("robert", "bill"), ("x", "y")] {
            assert!(!is_long_form(a, b) && !is_long_form(b, a), "{a} {b}");
        }
        assert_eq!(long_forms("bobbie").collect::<Vec<_>>(), ["robert", "barbara", "roberta"]);
        assert_eq!(long_forms("nobody").count(), 0);
        assert!(are_spellings("steven", "stephen") && !are_spellings("steven", "alan"));
        assert!(!are_spellings("nobody", "noone"));
    }

    #[test]
    fn there_are_some_hundred_groups_of_folded_names() {
        assert!(groups_of_forms().count() > 400);
        let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(groups_of_forms().flat_map(str::split_ascii_whitespace).all(plain));
        assert!(SPELLINGS.len() > 60 && SPELLINGS.keys().all(|name| plain(name)));
        // A name that stands in two lines would be of one of them only.
        let spelled = ways_to_spell().flat_map(str::split_ascii_whitespace);
        assert_eq!(spelled.count(), SPELLINGS.len());
    }

    #[test]
    fn whoever_is_spelled_in_two_ways_is_in_one_group() {
        for line in ways_to_spell() {
            let names: Vec<&str> = line.split_ascii_whitespace().collect();
            for name in &names[1..] {
                assert!(related(names[0], name), "{} {name}", names[0]);
            }
        }
    }

    #[test]
    fn a_form_of_its_own_is_a_form_of_another_name() {
        let of_none: Vec<_> =
            OWN.iter().filter(|form| long_forms(form).all(|long| long == **form)).collect();
        assert!(of_none.is_empty(), "{of_none:?}");
        assert!(is_name_of_its_own("mia") && !is_name_of_its_own("bob"));
    }
}
