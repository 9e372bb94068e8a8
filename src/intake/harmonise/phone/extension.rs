//! Extensions: `ext. 22`, `Durchwahl 42`, `内線22`.

use super::labels::is_same;

/// The most digits of an extension that are kept (RFC 3966 names no limit; E.164 ends at 15).
const LONGEST_EXTENSION: usize = 7;

/// How an extension is announced.
const EXTENSION_WORDS: [&str; 40] = [
    "",
    "ext",
    "exten",
    "extn",
    "extension",
    "x",
    "xt",
    "xtn",
    "poste",
    "anexo",
    "dw",
    "durchwahl",
    "int",
    "interno",
    "ramal",
    "app",
    "apparat",
    "klappe",
    "kl",
    "toestel",
    "tst",
    "wew",
    "anknytning",
    "linka",
    "lok",
    "lokal",
    "wewn",
    "ankn",
    "mellék",
    "dahili",
    "alanumero",
    "доб",
    "добавочный",
    "вн",
    "внутр",
    "εσωτ",
    "内線",
    "內線",
    "内线",
    "내선",
];

/// The number and the digits of its extension. A word without digits behind it announces none.
/// Words that announce nothing stay with the number, which is not read then.
pub(super) fn split(text: &str) -> Option<(&str, Option<&str>)> {
    let Some(at) = text.find(|c: char| c.is_alphabetic() || matches!(c, ';' | '#' | ',')) else {
        return Some((text, None));
    };
    let (number, rest) = text.split_at(at);
    let rest = rest.trim_start_matches([';', ',', ' ']);
    let word = rest.len() - rest.trim_start_matches(|c: char| c.is_alphabetic()).len();
    let known = EXTENSION_WORDS.iter().any(|name| is_same(name, &rest[..word]));
    let digits = rest[word..]
        .trim_start_matches(['.', ' ', '=', ':', '#', '-'])
        .trim_end_matches(['#', ' ', ')']);
    let number = number.trim_end_matches([' ', '(', '-', '/', '.']);
    if !known || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some((text, None));
    }
    if digits.len() > LONGEST_EXTENSION {
        return None;
    }
    Some((number, (!digits.is_empty()).then_some(digits)))
}
