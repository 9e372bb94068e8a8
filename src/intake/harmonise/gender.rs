//! Gender as recorded by the source.
//!
//! A letter that one language has for men and another for women is read as its column has it
//! (`survey::genders`): `M` is a man or a *mujer*, `F` a woman or a *férfi*.

use super::clean::key;
use domain::GenderLetters;

/// The standard form: `F`, `M` or `X`. `1` and `2` are ISO 5218's male and female. `letters`: what those of
/// the column stand for; `regions`: where the value may be from.
pub(super) fn standard(
    text: &str,
    letters: Option<GenderLetters>,
    regions: [&str; 2],
) -> Option<&'static str> {
    let mut signs = text.chars().filter(|sign| sign.is_alphabetic());
    if let (Some(letter), None) = (signs.next(), signs.next())
        && !text.contains(|sign: char| sign.is_ascii_digit())
    {
        let letter = letter.to_uppercase().next()?;
        return by_column(letter, letters)
            .unwrap_or_else(|| by_letter(letter).or_else(|| by_region(letter, regions)));
    }
    Some(match word(text)? {
        Word::Female => "F",
        Word::Male => "M",
        Word::Other => "X",
    })
}

/// What the column says of a letter; nothing where it is silent.
fn by_column(letter: char, letters: Option<GenderLetters>) -> Option<Option<&'static str>> {
    use GenderLetters as Of;
    Some(match (letters?, letter) {
        (Of::OpenM, 'M' | 'V') | (Of::OpenF, 'F' | 'N') => None,
        (Of::HombreMujer | Of::VaronMujer, 'M') => Some("F"),
        (Of::HombreMujer | Of::VaronMujer, 'V') => Some("M"),
        (Of::ManVrouw, 'V') | (Of::FerfiNo | Of::MiesNainen, 'N') => Some("F"),
        (Of::FerfiNo, 'F') => Some("M"),
        _ => return None,
    })
}

/// What a letter stands for wherever it is written.
fn by_letter(letter: char) -> Option<&'static str> {
    Some(match letter {
        'F' | 'W' | 'Ž' | 'Ж' | 'Γ' | 'Θ' | 'נ' | '女' | '여' | 'Q' => "F",
        'M' | 'H' | 'М' | 'Ч' | 'Α' | 'ז' | '男' | '남' => "M",
        'X' | 'D' => "X",
        _ => return None,
    })
}

/// Of a region whose own word begins with it.
fn by_region(letter: char, regions: [&str; 2]) -> Option<&'static str> {
    let mut found = regions.into_iter().filter_map(|region| {
        Some(match (letter, region) {
            ('K', "PL" | "SE" | "DK" | "NO" | "TR")
            | ('Z', "CZ" | "SK" | "SI" | "HR" | "BA" | "RS" | "ME")
            | ('V', "NL" | "BE" | "SR")
            | ('N', "FI" | "EE" | "HU")
            | ('S', "LV") => "F",
            ('E', "TR") | ('V', "LT" | "LV") | ('B', "RO" | "MD") => "M",
            ('V', region) if has_mujeres(region) => "M",
            _ => return None,
        })
    });
    let first = found.next()?;
    found.all(|other| other == first).then_some(first)
}

/// Whether a region's word for a woman begins with an `M`.
pub(super) fn has_mujeres(region: &str) -> bool {
    matches!(
        region,
        "ES" | "MX"
            | "AR"
            | "CO"
            | "CL"
            | "PE"
            | "VE"
            | "EC"
            | "BO"
            | "PY"
            | "UY"
            | "CR"
            | "PA"
            | "DO"
            | "GT"
            | "HN"
            | "SV"
            | "NI"
            | "CU"
            | "PR"
            | "PT"
            | "BR"
            | "AO"
            | "MZ"
            | "LT"
    )
}

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Female,
    Male,
    Other,
}

/// What a word, and no letter, says.
pub(super) fn word(text: &str) -> Option<Word> {
    let lower = text.to_lowercase();
    let own = match lower.as_str() {
        "nő" | "женский" | "женщина" | "жен" | "жен." | "жена" | "жіноча" | "жінка" | "γυναίκα"
        | "γυναικα" | "θήλυ" | "θηλυ" | "女性" | "女" | "여자" | "여성" | "أنثى" | "נקבה" => {
            Some(Word::Female)
        }
        "мужской" | "мужчина" | "муж" | "муж." | "мъж" | "чоловіча" | "чоловік" | "άνδρας"
        | "ανδρας" | "άντρας" | "άρρεν" | "αρρεν" | "男性" | "男" | "남자" | "남성" | "ذكر"
        | "זכר" => Some(Word::Male),
        _ => None,
    };
    own.or_else(|| by_key(&key(text)))
}

/// What a word says of the letter that it begins with. Titles stand beside the letters of any language,
/// and words for a man that begin with an `H` do so in languages whose word for a woman has no `M`.
pub(super) fn word_of_letter(text: &str) -> Option<Word> {
    let tells_nothing = matches!(
        key(text).as_str(),
        "mr" | "mrs" | "ms" | "miss" | "mme" | "mx" | "herr" | "homme" | "homem"
    );
    word(text).filter(|_| !tells_nothing)
}

fn by_key(key: &str) -> Option<Word> {
    Some(match key {
        "female" | "woman" | "girl" | "weiblich" | "frau" | "femme" | "feminin" | "feminine"
        | "femenino" | "feminino" | "femminile" | "femmina" | "mujer" | "mulher" | "donna"
        | "vrouw" | "vrouwelijk" | "kobieta" | "zena" | "zenska" | "zensko" | "zenski"
        | "kvinna" | "kvinde" | "kvinne" | "kona" | "kadin" | "nainen" | "naine" | "moteris"
        | "sieviete" | "femeie" | "dona" | "mrs" | "ms" | "miss" | "mme" | "sra" | "pani" | "2" => {
            Word::Female
        }
        "male" | "man" | "boy" | "mannlich" | "maennlich" | "herr" | "mann" | "homme"
        | "masculin" | "masculine" | "masculino" | "maschile" | "maschio" | "hombre" | "homem"
        | "varon" | "uomo" | "mannelijk" | "mand" | "karl" | "mezczyzna" | "muz" | "muski"
        | "moski" | "erkek" | "mies" | "mees" | "vyras" | "virietis" | "barbat" | "ferfi"
        | "mr" | "sr" | "pan" | "1" => Word::Male,
        "divers" | "diverse" | "nonbinary" | "nb" | "enby" | "other" | "andere" | "autre"
        | "otro" | "altro" | "outro" | "anders" | "intersex" | "genderqueer" | "agender" | "mx" => {
            Word::Other
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use GenderLetters as Of;

    #[test]
    fn genders() {
        let table = [
            ("F", Some("F")),
            ("Female", Some("F")),
            ("weiblich", Some("F")),
            ("m", Some("M")),
            ("männlich", Some("M")),
            ("Homme", Some("M")),
            ("2", Some("F")),
            ("non-binary", Some("X")),
            ("divers", Some("X")),
            ("7", None),
            ("Springfield", None),
            ("M.", Some("M")),
            ("1M", None),
            ("férfi", Some("M")),
            ("nő", Some("F")),
            ("no", None),
            ("Mężczyzna", Some("M")),
            ("kadın", Some("F")),
            ("žena", Some("F")),
            ("женский", Some("F")),
            ("γυναίκα", Some("F")),
            ("Ж", Some("F")),
            ("М", Some("M")),
            ("V", None),
            ("K", None),
        ];
        for (text, expected) in table {
            assert_eq!(standard(text, None, ["", ""]), expected, "{text}");
        }
    }

    #[test]
    fn letters_are_read_as_their_column_or_region_has_them() {
        for (letters, region, read) in [
            (Some(Of::HombreMujer), "ES", "H=M M=F V=M"),
            (Some(Of::VaronMujer), "LT", "V=M M=F"),
            (Some(Of::ManVrouw), "NL", "M=M V=F"),
            (Some(Of::FerfiNo), "HU", "F=M N=F"),
            (Some(Of::MiesNainen), "FI", "M=M N=F"),
            (Some(Of::OpenM), "ES", "M=- V=- H=M F=F"),
            (Some(Of::OpenF), "HU", "F=- N=- M=M"),
            (Some(Of::MaleFemale), "ES", "M=M F=F"),
            (None, "FR", "H=M F=F"),
            (None, "PL", "K=F M=M"),
            (None, "CZ", "M=M Z=F Ž=F"),
            (None, "SE", "M=M K=F Q=F"),
            (None, "TR", "E=M K=F"),
            (None, "NL", "V=F M=M"),
            (None, "LV", "V=M S=F"),
            (None, "RO", "B=M F=F"),
            (None, "GR", "Α=M Γ=F"),
            (None, "US", "V=- K=- E=- N=- M=M F=F"),
        ] {
            for pair in read.split(' ') {
                let (letter, expected) = pair.split_once('=').unwrap();
                let found = standard(letter, letters, [region, ""]);
                assert_eq!(found.unwrap_or("-"), expected, "{letter} {letters:?} {region}");
            }
        }
        assert_eq!(standard("V", None, ["NL", "ES"]), None, "two regions that disagree");
    }
}
