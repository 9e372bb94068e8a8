//! Brackets and quotes around a name or a part of it: `Acme (formerly Foo Inc)`, `«Foo Ltd»`.

/// What opens, and what closes it. A sign that opens in one language closes in another.
const PAIRS: [(char, &str); 24] = [
    ('(', ")"),
    ('[', "]"),
    ('{', "}"),
    ('<', ">"),
    ('"', "\""),
    ('\'', "'"),
    ('“', "”“"),
    ('”', "”"),
    ('„', "“”\""),
    ('‟', "”"),
    ('«', "»"),
    ('»', "«»"),
    ('‹', "›"),
    ('›', "‹›"),
    ('‚', "'"),
    ('（', "）"),
    ('［', "］"),
    ('｛', "｝"),
    ('「', "」"),
    ('『', "』"),
    ('【', "】"),
    ('〈', "〉"),
    ('《', "》"),
    ('〔', "〕"),
];

/// Whether the sign opens or closes.
pub(super) fn is_one(sign: char) -> bool {
    PAIRS.iter().any(|(opening, closing)| *opening == sign || closing.contains(sign))
}

/// The signs at the end of a legal form that close what was opened in the name before it. None where one
/// of them stands within the form: `(Foo GmbH) & Co. KG` has two.
///
/// What the form opens and closes itself, `(Ltd)`, is not part of how it is written.
pub(super) fn closed_by(own: &str, form: &[&str]) -> Option<Vec<char>> {
    // As nearly every form does.
    if !form.iter().any(|word| word.contains(is_one)) {
        return Some(Vec::new());
    }
    let mut open = Vec::new();
    let mut closed = Vec::new();
    walk(own, &mut open, &mut |_| {});
    let before = open.len();
    // What the form opens stands above what the name opened.
    for (at, word) in form.iter().enumerate() {
        let count = closed.len();
        let mut own_left = open.len().min(before).saturating_sub(closed.len());
        walk(word, &mut open, &mut |(depth, sign)| {
            if depth < own_left {
                own_left = depth;
                closed.push(sign);
            }
        });
        if closed.len() > count && at + 1 < form.len() {
            return None;
        }
    }
    Some(closed)
}

/// Opens and closes what a text does; says of each closing sign how much is open below it.
fn walk(text: &str, open: &mut Vec<char>, closes: &mut dyn FnMut((usize, char))) {
    let mut before = ' ';
    let mut rest = text.chars();
    while let Some(sign) = rest.next() {
        let is_inside =
            before.is_alphanumeric() && rest.as_str().starts_with(char::is_alphanumeric);
        let opened = open.iter().rposition(|opening| closing_of(*opening).contains(sign));
        match opened {
            // An apostrophe.
            _ if sign == '\'' && is_inside => {}
            Some(at) => {
                open.truncate(at);
                closes((at, sign));
            }
            None if sign == '\'' && before.is_alphanumeric() => {}
            None if PAIRS.iter().any(|(opening, _)| *opening == sign) => open.push(sign),
            None => {}
        }
        before = sign;
    }
}

fn closing_of(opening: char) -> &'static str {
    PAIRS.iter().find(|(it, _)| *it == opening).map_or("", |(_, closing)| closing)
}
