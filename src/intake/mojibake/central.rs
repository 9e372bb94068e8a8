//! Letters of central Europe in Windows-1250, read as Windows-1252: `£ukasz`, `Jiøí`.

use encoding_rs::WINDOWS_1250;

/// Signs of Windows-1252 that stand for letters of Windows-1250, and never within a word.
const SIGNS: [char; 6] = ['£', '³', '¥', '¹', '¯', '¾'];

/// The text as Windows-1250; none where no word of it must be.
pub(super) fn reread(text: &str, byte: impl Fn(char) -> Option<u8>) -> Option<String> {
    let is_part = |letter: char| letter.is_alphabetic() || SIGNS.contains(&letter);
    let mut words = text.split(|letter: char| !is_part(letter));
    if !words.any(|word| holds_sign(word) || is_czech(word)) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    let bytes = bytes?;
    let (right, is_bad) = WINDOWS_1250.decode_without_bom_handling(&bytes);
    let fits = text.chars().zip(right.chars()).all(|(was, is)| was == is || is.is_alphabetic());
    (!is_bad && fits && right != text).then(|| right.into_owned())
}

/// Whether a sign stands among the letters of a word as only a letter does: before a small one where a
/// capital is meant, else behind one. `£5` and `m³` are no words.
fn holds_sign(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    let count = letters.iter().filter(|letter| letter.is_alphabetic()).count();
    let stands = |at: usize| {
        let next = letters.get(at + 1);
        let before = at.checked_sub(1).map(|at| letters[at]);
        match letters[at] {
            '£' | '¥' | '¯' => {
                letters.len() > 2 && next.is_some_and(|next| next.is_alphabetic())
            }
            // A note's number behind a name: no name ends in `ą`.
            '¹' if next.is_none() => false,
            _ => count > 2 && before.is_some_and(char::is_lowercase),
        }
    };
    // `Ÿ` ends no word in small letters.
    let ends =
        letters.len() > 2 && letters.ends_with(&['Ÿ']) && letters[letters.len() - 2].is_lowercase();
    let is_sign = |letter: &char| SIGNS.contains(letter);
    ends || (0..letters.len()).any(|at| is_sign(&letters[at]) && stands(at))
}

/// Whether a word has the `ř` of Czech, read as `ø`, beside a letter that no language with an `ø` has in
/// the same word. The Faroese have some: their other letters tell.
fn is_czech(word: &str) -> bool {
    const BESIDE: [char; 18] =
        ['á', 'Á', 'í', 'Í', 'ý', 'Ý', 'é', 'É', 'ì', 'Ì', 'è', 'È', 'ù', 'Ù', 'š', 'Š', 'ž', 'Ž'];
    let others = ['ð', 'Ð', 'æ', 'Æ', 'å', 'Å', 'ö', 'ó', 'ú'];
    word.contains(['ø', 'Ø']) && word.contains(BESIDE) && !word.contains(others)
}

#[cfg(test)]
mod tests {
    use crate::mojibake::{is_damaged, repaired};

    #[test]
    fn letters_of_central_europe_are_put_right() {
        for (text, right) in [
            ("£ukasz", "Łukasz"),
            ("£ódŸ", "Łódź"),
            ("Pawe³ Wa³êsa", "Paweł Wałęsa"),
            ("¯ó³æ", "Żółć"),
            ("Jiøí", "Jiří"),
            ("Dvoøák", "Dvořák"),
            ("Jiøí Kovaè", "Jiří Kovač"),
            ("Øíha", "Říha"),
            ("Ondøej Køíž", "Ondřej Kříž"),
            ("Ma³gorzata", "Małgorzata"),
        ] {
            assert!(is_damaged(text), "{text}");
            assert_eq!(repaired(text).as_deref(), Some(right), "{text}");
        }
        for text in [
            "£5",
            "£20 off",
            "5 m³",
            "m³",
            "cm³",
            "Jørgen",
            "Søren Ørsted",
            "Bjørn",
            "Ærø",
            "¥100",
            "H³",
            "Kõpu",
            "Forlì",
            "Bình",
            "Genève",
            "Løgmálaráðið",
            "Müller",
            "L'Haÿ",
            "PERRIER Ÿ",
            "x²y³",
        ] {
            assert!(!is_damaged(text), "{text}");
        }
    }
}
