//! House numbers and what belongs to them: `5-II`, `12/B`, `5-hs`.

use super::roman;

/// What stands behind a house number as a word, in small letters.
const ADDITIONS: [&str; 4] = ["bis", "ter", "quater", "rood"];

/// Writes a word that begins with a number; `push` writes what is no addition: `7-Mile`.
pub(super) fn push(out: &mut String, word: &str, push: impl Fn(&mut String, &str)) {
    for part in word.split_inclusive(['-', '/']) {
        let end = part.len() - usize::from(part.ends_with(['-', '/']));
        let (part, sign) = part.split_at(end);
        let is_short =
            matches!(part.len(), 1 | 2) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
        if is_short || roman::is_number(part) {
            out.push_str(&part.to_ascii_uppercase());
        } else if ADDITIONS.iter().any(|addition| addition.eq_ignore_ascii_case(part)) {
            out.push_str(&part.to_ascii_lowercase());
        } else {
            push(out, part);
        }
        out.push_str(sign);
    }
}
