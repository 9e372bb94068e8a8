//! Remarks that stand behind a name without brackets, where they can be nothing else: `John Smith - DECEASED`,
//! `John Smith DUPLICATE`, `John Smith †`, `Mary Smith f/k/a Jones`.

use std::borrow::Cow;

/// Words that say what became of somebody or of a record, and are nobody's name, in small letters.
#[rustfmt::skip]
const SURE: [&str; 43] = [
    "deceased", "decd", "dec'd", "duplicate", "inactive", "deleted", "blocked", "archived",
    "do not use", "do not call", "do not contact", "do not mail", "do not email", "do not delete",
    "unsubscribed", "old record", "old account", "account closed", "moved away", "r.i.p.",
    "verstorben", "doppelt", "duplikat", "dublette", "inaktiv", "gesperrt", "gelöscht", "verzogen",
    "nicht verwenden", "nicht anrufen", "unbekannt verzogen",
    "décédé", "décédée", "doublon", "fallecido", "fallecida", "duplicado", "deceduto", "deceduta",
    "falecido", "falecida", "overleden", "zmarły",
];

/// What leads to another name of the same person, in small letters.
const ALSO: [&str; 10] = [
    " f/k/a ",
    " fka ",
    " f.k.a. ",
    " a/k/a ",
    " aka ",
    " a.k.a. ",
    " n/k/a ",
    " formerly known as ",
    " also known as ",
    " alias ",
];

/// The sign of the dead.
const DAGGERS: [char; 3] = ['†', '✝', '✞'];

/// The name without such a remark; the whole text where there is none, or nothing but one.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let bare = text.trim_matches(|sign: char| DAGGERS.contains(&sign) || sign == ' ');
    let bare = if bare.len() < text.trim().len() { bare } else { text };
    let bare = before_other_name(bare);
    let bare = before_remark(bare);
    let is_named =
        bare.split([' ', ',']).any(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    if is_named { Cow::Borrowed(bare) } else { Cow::Borrowed(text) }
}

/// The text up to what leads to another name: small letters in a name of two words, behind which one follows.
fn before_other_name(text: &str) -> &str {
    let lead = ALSO.iter().find_map(|lead| Some((text.find(lead)?, lead.len())));
    let Some((at, length)) = lead else { return text };
    let (before, behind) = (&text[..at], &text[at + length..]);
    let is_name = before.trim().contains(' ') && before.contains(char::is_uppercase);
    if is_name && behind.starts_with(char::is_uppercase) { before.trim_end() } else { text }
}

/// The text up to a remark behind a sign that parts it from the name, or in capitals behind a name that is not.
fn before_remark(text: &str) -> &str {
    let last = text.rsplit(' ').next().unwrap_or_default();
    let is_loud =
        last.len() > 2 && !last.contains(char::is_lowercase) && text.contains(char::is_lowercase);
    if !is_loud && !text.contains(['-', '–', '—', '/', ':', ',']) {
        return text;
    }
    let small = text.to_lowercase();
    // Where it has another length its places are others.
    if small.len() != text.len() {
        return text;
    }
    let small = small.trim_end_matches(['!', '.', '*', ' ']);
    for remark in SURE.iter().map(|remark| remark.trim_end_matches(['!', '.'])) {
        let Some(before) = small.strip_suffix(remark) else { continue };
        let Some(before) = text.get(..before.len()) else { continue };
        let remark = &text[before.len()..];
        let name = before.trim_end();
        let bare = name.trim_end_matches(['-', '–', '—', '/', ':', ',', '*', '!', '.']).trim_end();
        // `Jean-Dead`: a sign with a blank on either side parts them, another does not.
        let is_parted = bare.len() < name.len() && (before.ends_with(' ') || name.ends_with(['/', ':']))
            && !name.ends_with('.')
            // `Smith, Deleted` may be a family name and a given name.
            && (!name.ends_with(',') || bare.contains(' '));
        let is_loud = !remark.contains(char::is_lowercase) && bare.contains(char::is_lowercase);
        let is_apart = before.ends_with(' ');
        if is_parted || is_loud && is_apart {
            return bare;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_without_brackets_are_no_part_of_a_name() {
        for (text, expected) in [
            ("John Smith - DECEASED", "John Smith"),
            ("John Smith - deceased", "John Smith"),
            ("John Smith – Deceased", "John Smith"),
            ("JOHN SMITH - DECEASED", "JOHN SMITH"),
            ("John Smith DECEASED", "John Smith"),
            ("John Smith DUPLICATE", "John Smith"),
            ("John Smith, DECEASED", "John Smith"),
            ("Smith, John, deceased", "Smith, John"),
            ("John Smith / duplicate", "John Smith"),
            ("John Smith DO NOT USE!", "John Smith"),
            ("John Smith - do not call", "John Smith"),
            ("Hans Weber - verstorben", "Hans Weber"),
            ("Hans Weber GELÖSCHT", "Hans Weber"),
            ("Marie Curie - décédée", "Marie Curie"),
            ("Juan Pérez - FALLECIDO", "Juan Pérez"),
            ("John Smith †", "John Smith"),
            ("†John Smith", "John Smith"),
            ("Mary Smith f/k/a Jones", "Mary Smith"),
            ("Mary Smith aka Molly", "Mary Smith"),
            ("Mary Smith formerly known as Mary Jones", "Mary Smith"),
        ] {
            assert_eq!(without(text), expected, "{text}");
        }
    }

    #[test]
    fn what_may_be_a_name_stays() {
        for text in [
            "John Smith",
            "John Smith Deceased",
            "JOHN SMITH DECEASED",
            "John DEAD-Smith",
            "Jean-Dead",
            "Alfred Dead",
            "Smith, Deleted",
            "Ann Lee - Marlow",
            "Ann Lee-Marlow",
            "Aka Tanaka",
            "Taro Aka Tanaka",
            "MARY SMITH AKA MOLLY",
            "aka Molly",
            "DECEASED",
            "†",
            "- deceased",
            "Ann Alias",
            "İpek Deleted",
            "",
        ] {
            assert_eq!(without(text), text, "{text}");
        }
    }
}
