//! Which given names are forms of one another: Bob and Robert, Uschi and Ursula.
//!
//! `data/nicknames.txt` says it, with its source and licence.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::text::without_remarks;

/// Groups a name belongs to, at most four; 0 is none.
pub(crate) type Groups = [u16; 4];

const FILE: &str = include_str!("data/nicknames.txt");

static TABLE: LazyLock<HashMap<&'static str, Groups>> = LazyLock::new(|| {
    let mut table: HashMap<&'static str, Groups> = HashMap::new();
    for (number, line) in without_remarks(FILE).enumerate() {
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
pub(crate) fn groups(name: &str) -> Groups {
    TABLE.get(name).copied().unwrap_or_default()
}

/// Whether two names share a group.
pub(crate) fn related(a: &str, b: &str) -> bool {
    share(&groups(a), &groups(b))
}

/// Whether the table has the name.
pub(crate) fn known(name: &str) -> bool {
    TABLE.contains_key(name)
}

/// Whether a group is in both.
#[inline]
pub(crate) fn share(a: &Groups, b: &Groups) -> bool {
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
    fn there_are_some_hundred_groups_of_folded_names() {
        assert!(without_remarks(FILE).count() > 400);
        let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(without_remarks(FILE).flat_map(str::split_ascii_whitespace).all(plain));
    }
}
