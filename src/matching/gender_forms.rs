//! How the name of a woman differs from that of a man: Novák and Nováková, Jónsson and Jónsdóttir.
//!
//! `data/gender_forms.txt` says it, with its source and licence.

use std::sync::LazyLock;

use super::text::without_remarks;

/// Forms of which names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forms {
    Given,
    Family,
}

struct Form {
    of: Forms,
    /// Letters that stand before, at least.
    stem: usize,
    man: &'static str,
    woman: &'static str,
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| lines().filter_map(read).collect());

/// Words in front of a woman's family name: `Ní Bhriain`.
static BEFORE: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    lines()
        .filter_map(|line| line.strip_prefix("before "))
        .flat_map(str::split_ascii_whitespace)
        .collect()
});

/// What a man's name has within it, and what a woman's has there: `bin` and `binti`.
static WITHIN: LazyLock<Vec<[String; 2]>> = LazyLock::new(|| {
    let pairs = lines().filter_map(|line| line.strip_prefix("within ")?.split_once(' '));
    let spaced = |words: &str| format!(" {} ", words.replace('_', " "));
    pairs.map(|(man, woman)| [spaced(man), spaced(woman)]).collect()
});

/// How a man's family name begins, and how a woman's does: `MacDonald` and `NicDonald`.
static BEGINNINGS: LazyLock<Vec<[&'static str; 2]>> = LazyLock::new(|| {
    let pairs = lines().filter_map(|line| line.strip_prefix("begin ")?.split_once(' '));
    pairs.map(|(man, woman)| [man, woman]).collect()
});

/// Letters that are left of such a name, at least.
const REST: usize = 4;

fn lines() -> impl Iterator<Item = &'static str> {
    without_remarks(include_str!("data/gender_forms.txt"))
}

/// Whether words of two folded names say that one is of a man and the other of a woman: `bin` and `binti`
/// within them, `Ní` in front of one family name.
pub(crate) fn say_man_and_woman(one: &str, other: &str) -> bool {
    if one == other || !one.contains(' ') && !other.contains(' ') {
        return false;
    }
    let is_hers = |name: &str| {
        name.split_once(' ')
            .is_some_and(|(first, rest)| !rest.is_empty() && BEFORE.contains(&first))
    };
    let [left, right] = [one, other].map(|name| format!(" {name} "));
    let is_said = |[man, woman]: &[String; 2]| {
        left.contains(man.as_str()) && right.contains(woman.as_str())
            || right.contains(man.as_str()) && left.contains(woman.as_str())
    };
    is_hers(one) != is_hers(other) || WITHIN.iter().any(is_said)
}

fn read(line: &'static str) -> Option<Form> {
    let mut words = line.split_ascii_whitespace();
    let of = match words.next()? {
        "given" => Forms::Given,
        "family" => Forms::Family,
        _ => return None,
    };
    let stem = words.next()?.parse().ok()?;
    let mut end = || Some(words.next()?.trim_start_matches('-'));
    Some(Form { of, stem, man: end()?, woman: end()? })
}

/// Whether `man` and `woman` are the two forms of one name. Both are one folded word.
pub(crate) fn of_man_and_woman(of: Forms, man: &str, woman: &str) -> bool {
    let begin = |[his, hers]: &[&str; 2]| {
        let rests = (man.strip_prefix(his), woman.strip_prefix(hers));
        matches!(rests, (Some(one), Some(other)) if one == other && one.len() >= REST)
    };
    if of == Forms::Family && man != woman && BEGINNINGS.iter().any(begin) {
        return true;
    }
    man != woman
        && FORMS.iter().filter(|form| form.of == of).any(|form| {
            let stems = (man.strip_suffix(form.man), woman.strip_suffix(form.woman));
            matches!(stems, (Some(one), Some(other)) if one == other && one.len() >= form.stem)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        let others = lines()
            .filter(|line| ["before ", "begin ", "within "].iter().any(|it| line.starts_with(it)));
        let lines = lines().count() - others.count();
        assert!(lines > 50 && lines == FORMS.len(), "{lines}");
        assert!(BEFORE.len() > 3 && WITHIN.len() > 9 && BEGINNINGS.len() > 2);
        assert!(FORMS.iter().all(|form| form.man != form.woman && !form.woman.is_empty()));
    }

    #[test]
    fn family_names() {
        for (man, woman, expected) in [
            ("novak", "novakova", true),
            ("svoboda", "svobodova", true),
            ("havranek", "havrankova", true),
            ("novotny", "novotna", true),
            ("jonsson", "jonsdottir", true),
            ("kowalski", "kowalska", true),
            ("petrov", "petrova", true),
            ("tolstoy", "tolstaya", true),
            ("dostoevsky", "dostoevskaya", true),
            ("kazlauskas", "kazlauskiene", true),
            ("kalnins", "kalnina", true),
            ("papadopoulos", "papadopoulou", true),
            ("kovacs", "kovacsne", true),
            ("nowak", "nowakowa", true),
            ("zaremba", "zarembina", true),
            ("bely", "belaya", true),
            ("belyi", "belaia", true),
            ("dolgii", "dolgaia", true),
            ("jonsen", "jonsdatter", true),
            ("jansz", "jansdr", true),
            ("ozols", "ozola", true),
            ("singh", "kaur", true),
            ("jonson", "jonsdottir", true),
            ("macdhomhnaill", "nicdhomhnaill", true),
            ("mcleod", "nicleod", true),
            ("papakostas", "papakosta", true),
            ("machill", "nichols", false),
            ("rosas", "rosa", false),
            ("cardenas", "cardena", false),
            ("novakova", "novak", false),
            ("smith", "smyth", false),
            ("miller", "millar", false),
            ("jones", "jonas", false),
            ("mobiglis", "mobiglia", false),
            ("smith", "smith", false),
        ] {
            assert_eq!(of_man_and_woman(Forms::Family, man, woman), expected, "{man} {woman}");
        }
    }

    #[test]
    fn words_of_sons_and_daughters() {
        for (one, other, expected) in [
            ("robin a l kumar", "robin a p kumar", true),
            ("o murchu", "ni mhurchu", true),
            ("mac domhnaill", "nic dhomhnaill", true),
            ("obrien", "ni bhriain", true),
            ("o briain", "ui bhriain", true),
            ("nur bin ali", "nur binti ali", true),
            ("elvin aliyev oglu", "elvin aliyev qizi", true),
            ("noa ben david", "noa bat david", true),
            ("ni", "ni bhriain", true),
            ("ni bhriain", "ni mhurchu", false),
            ("ni", "hill", false),
            ("nur bin ali", "nur bin omar", false),
            ("anna maria", "anna", false),
            ("", "", false),
        ] {
            assert_eq!(say_man_and_woman(one, other), expected, "{one} {other}");
            assert_eq!(say_man_and_woman(other, one), expected, "{other} {one}");
        }
    }
}
