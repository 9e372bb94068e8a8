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

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    without_remarks(include_str!("data/gender_forms.txt")).filter_map(read).collect()
});

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
        let lines = without_remarks(include_str!("data/gender_forms.txt")).count();
        assert!(lines > 50 && lines == FORMS.len(), "{lines}");
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
}
