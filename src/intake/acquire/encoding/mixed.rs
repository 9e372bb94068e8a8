//! Files that are of two encodings of one byte a character: rows that came from a Mac or from DOS stand
//! among those of Windows.
//!
//! Letters of Mac and DOS are bytes where Windows has signs, and letters that few languages write. If words
//! with such bytes read so much better in an encoding of their own that one encoding for all is out of the
//! question, the file is mixed, and each row is read in the one in which it reads better.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::candidates::{NARROW, Narrow};
use super::judge::{Hints, Judged, judge, misshapen, words};
use super::profiles::Profiles;
use super::{Decoded, Encoding};

/// Two encodings must read a file by so much better than any one (3,000 to 1).
const FAR: f64 = 8.0;

/// A second encoding must read its words by so much better than any other (20 to 1).
const CLOSE: f64 = 3.0;

/// A row must read by so much better in the second encoding to be read so; where it reads about as well
/// in both, nobody knows.
const SURE: f64 = 4.0;
const DOUBTFUL: f64 = -2.0;

/// The weight of the commonest encoding.
const COMMONEST: f64 = 10.0;

/// What is known of languages, wherever a file comes from.
static ANYWHERE: LazyLock<Profiles> = LazyLock::new(|| Profiles::new(&Hints::default()));

/// Whether a file is mixed.
#[derive(Debug, PartialEq)]
pub(super) enum Mixed {
    /// It is not.
    No,
    /// It is: most of it in the first, some rows in the second.
    Rows(Encoding, Encoding),
    /// It is, and these are the likeliest.
    Open(Vec<Encoding>),
}

/// Whether a word has a byte that is a sign on Windows and a letter elsewhere, beside a letter.
pub(super) fn is_low(word: &[u8]) -> bool {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    word.iter().enumerate().any(|(at, byte)| {
        let before = at.checked_sub(1).and_then(|at| word.get(at));
        (0x80..=0xbf).contains(byte) && (is_letter(before) || is_letter(word.get(at + 1)))
    })
}

/// Whether a file is mixed of which these are words, those with such bytes apart.
pub(super) fn judged(words: &BTreeSet<Vec<u8>>, low: &BTreeSet<Vec<u8>>, hints: &Hints) -> Mixed {
    let high: BTreeSet<Vec<u8>> = words.iter().filter(|word| !is_low(word)).cloned().collect();
    if low.is_empty() || high.is_empty() {
        return Mixed::No;
    }
    let profiles = Profiles::new(hints);
    let scored = |narrow: &Narrow, words: &BTreeSet<Vec<u8>>| {
        let texts: Vec<String> = words.iter().map(|word| narrow.text(word)).collect();
        let score = profiles.score(narrow, &texts) + (narrow.weight / COMMONEST).ln();
        (narrow.encoding, score, texts)
    };
    let of_low: Vec<_> = NARROW.iter().map(|narrow| scored(narrow, low)).collect();
    let of_high: Vec<_> = NARROW.iter().map(|narrow| scored(narrow, &high)).collect();
    let best = |scores: &mut dyn Iterator<Item = f64>| scores.fold(f64::NEG_INFINITY, f64::max);
    let both = |(low, high): (&(_, f64, _), &(_, f64, _))| low.1 + high.1;
    let one = best(&mut of_low.iter().zip(&of_high).map(both));
    let second = best(&mut of_low.iter().map(|it| it.1));
    let first = best(&mut of_high.iter().map(|it| it.1));
    if first + second < one + FAR {
        return Mixed::No;
    }
    let Some((odd, _, texts)) = of_low.iter().find(|it| it.1 >= second) else { return Mixed::No };
    let rival = of_low.iter().find(|it| it.2 != *texts && it.1 > second - CLOSE);
    match (judge(&high, hints), rival) {
        (Judged::Sure(of), None) if NARROW.iter().any(|narrow| narrow.encoding == of) => {
            Mixed::Rows(of, *odd)
        }
        (Judged::Sure(of), _) => Mixed::Open(vec![of, *odd]),
        (Judged::Unsure(mut likeliest), _) => {
            likeliest.truncate(1);
            likeliest.push(*odd);
            Mixed::Open(likeliest)
        }
    }
}

/// Reads a row of a mixed file; none where both are not of one byte a character.
pub(super) fn read(bytes: &[u8], of: Encoding, odd: Encoding) -> Option<Decoded> {
    let known = |encoding| NARROW.iter().find(|narrow| narrow.encoding == encoding);
    let (first, second) = (known(of)?, known(odd)?);
    if bytes.is_ascii() {
        return None;
    }
    let fit = |narrow: &Narrow| {
        let text = narrow.text(bytes);
        let fit: f64 = words(&text).map(|word| ANYWHERE.fit_of_word(word)).sum();
        (fit - misshapen(&text), text)
    };
    let ((usual, _), (other, text)) = (fit(first), fit(second));
    let better = other - usual;
    if better < DOUBTFUL {
        return None;
    }
    if better < SURE || text.contains(char::REPLACEMENT_CHARACTER) {
        return Some(Decoded { is_bad: true, ..of.decode(bytes.to_vec()) });
    }
    Some(Decoded { text, bytes: None, is_bad: false, is_odd: true })
}

#[cfg(test)]
mod tests {
    use super::super::detector::Found;
    use super::super::{Detector, RowEncoding};
    use super::*;

    fn bytes(text: &str, name: &str) -> Vec<u8> {
        let encoding = Encoding::named(name).unwrap();
        let byte_of = |character: char| {
            let is_it = |byte: &u8| encoding.decode(vec![*byte]).text == character.to_string();
            (0..=255).find(is_it).unwrap_or_else(|| panic!("{name} cannot hold {character}"))
        };
        text.chars().map(byte_of).collect()
    }

    fn found(file: &[u8]) -> Found {
        let mut detector = Detector::new();
        detector.feed(file);
        detector.finish(Hints::default())
    }

    const GERMAN: &str = "1,Jürgen,Müller,Lübeck\n2,Bärbel,Schröder,Würzburg\n3,Käthe,Groß,Gießen\n\
        4,Günter,Jäger,Düren\n5,Jörg,Weiß,Köln\n";
    const FRENCH: &str = "1,André,Lefèvre,Orléans\n2,Hélène,Besançon,Nîmes\n3,Zoé,Crêté,Béziers\n";
    const NORDIC: &str = "1,Søren,Kjær,Århus\n2,Jørgen,Sørensen,Tønder\n3,Åse,Ødegård,Bodø\n";
    const SPANISH: &str = "1,José,Muñoz,Málaga\n2,Ramón,Pérez,León\n3,Iñigo,Gómez,Cádiz\n";
    const POLISH: &str =
        "1,Łukasz,Wójcik,Łódź\n2,Małgorzata,Śliwińska,Kraków\n3,Zdzisław,Żak,Gdańsk\n";

    /// Each row as it is read; `!` before one that is set aside.
    fn rows(file: &[u8], read: RowEncoding) -> Vec<String> {
        let rows = file.split(|byte| *byte == b'\n').filter(|row| !row.is_empty());
        rows.map(|row| {
            let decoded = read.decode(row.to_vec());
            format!("{}{}", if decoded.is_bad { "!" } else { "" }, decoded.text)
        })
        .collect()
    }

    #[test]
    fn rows_of_a_mac_or_of_dos_are_read_as_such_in_a_file_of_windows() {
        for (main, of, times, odd, second) in [
            (GERMAN, "windows-1252", 8, "6,Jörg,Weiß,Köln\n7,Jürgen,Müller,Lübeck\n", "macintosh"),
            (GERMAN, "windows-1252", 1, "6,Jörg,Weiß,Köln\n", "macintosh"),
            (GERMAN, "windows-1252", 8, "6,Jörg,Weiß,Köln\n7,Jürgen,Müller,Lübeck\n", "cp850"),
            (
                FRENCH,
                "windows-1252",
                8,
                "6,Éric,Lefèvre,Orléans\n7,Hélène,Crêté,Béziers\n",
                "macintosh",
            ),
            (
                FRENCH,
                "windows-1252",
                3,
                "6,Éric,Lefèvre,Orléans\n7,Hélène,Crêté,Béziers\n",
                "cp850",
            ),
            (
                NORDIC,
                "windows-1252",
                3,
                "6,Søren,Kjær,Århus\n7,Jørgen,Sørensen,Tønder\n",
                "macintosh",
            ),
            (SPANISH, "windows-1252", 3, "6,José,Muñoz,Málaga\n7,Ramón,Pérez,León\n", "macintosh"),
            (SPANISH, "windows-1252", 3, "6,José,Muñoz,Málaga\n7,Ramón,Pérez,León\n", "cp850"),
        ] {
            let file = [bytes(&main.repeat(times), of), bytes(odd, second)].concat();
            let Found::Sure(read) = found(&file) else { panic!("{odd} in {second}: asked") };
            let (read, rows) = (read.odd.unwrap(), rows(&file, read));
            let told = rows[rows.len() - odd.lines().count()..].join("\n") + "\n";
            assert_eq!(told, odd, "{second} as {}", read.name());
            assert_eq!(rows[..main.lines().count()].join("\n") + "\n", main, "{of}");
        }
        // Where the second encoding is not certain, nothing is read wrong.
        let odd = "6,Łukasz,Wójcik,Łódź\n7,Zdzisław,Żak,Gdańsk\n";
        let file = [bytes(&POLISH.repeat(3), "windows-1250"), bytes(odd, "cp852")].concat();
        assert!(matches!(found(&file), Found::Unsure(_)));
    }

    #[test]
    fn a_mac_s_rows_far_behind_the_first_are_seen() {
        let mut file = Vec::new();
        for number in 0..600_u16 {
            let word: String =
                (0..3).map(|at| char::from(b'a' + (number / 26_u16.pow(at) % 26) as u8)).collect();
            file.extend(bytes(&format!("{number},Jür{word},Möl{word},Köln\n"), "windows-1252"));
        }
        file.extend(bytes("601,Jörg,Weiß,Köln\n602,Jürgen,Müller,Lübeck\n", "macintosh"));
        let Found::Sure(read) = found(&file) else { panic!("asked") };
        let rows = rows(&file, read);
        assert_eq!(rows[600..], ["601,Jörg,Weiß,Köln", "602,Jürgen,Müller,Lübeck"]);
        assert_eq!(rows[0], "0,Jüraaa,Mölaaa,Köln");
    }

    #[test]
    fn a_file_of_one_encoding_is_not_mixed() {
        let signs = "7,Sean,O’Brien,Cork\n8,Ann,“Bob” Lee,Leeds…\n9,Škoda,Miloš,Žižek\n";
        for (text, name) in [
            (GERMAN.to_owned() + signs, "windows-1252"),
            (FRENCH.to_owned() + "10,Lebœuf,Anne,Sœur\n", "windows-1252"),
            (GERMAN.to_owned() + FRENCH + NORDIC + SPANISH, "windows-1252"),
            (GERMAN.to_owned() + FRENCH + NORDIC + SPANISH, "macintosh"),
            (GERMAN.to_owned() + FRENCH, "cp850"),
            (POLISH.to_owned(), "windows-1250"),
            (POLISH.to_owned(), "iso-8859-2"),
            (POLISH.to_owned(), "cp852"),
            (POLISH.to_owned() + GERMAN, "windows-1250"),
            (
                "1;Jiří;Dvořák;Plzeň\n2;Tomáš;Růžička;Ústí\n3;Zdeněk;Šťastný;Děčín\n".to_owned(),
                "windows-1250",
            ),
        ] {
            let file = bytes(&text, name);
            let Found::Sure(read) = found(&file) else { panic!("{text} in {name}: asked") };
            assert_eq!(read.odd, Some(Encoding::Utf8), "{text} in {name}");
            assert_eq!(rows(&file, read).join("\n") + "\n", text, "{name}");
        }
    }
}
