//! Gender as recorded by the source.

use super::clean::key;

/// The standard form: `F`, `M` or `X`. `1` and `2` are ISO 5218's male and female.
pub(super) fn standard(text: &str) -> Option<&'static str> {
    Some(match key(text).as_str() {
        "f" | "female" | "woman" | "girl" | "w" | "weiblich" | "frau" | "femme" | "feminin"
        | "feminine" | "femenino" | "femminile" | "mujer" | "donna" | "vrouw" | "vrouwelijk"
        | "v" | "mrs" | "ms" | "miss" | "mme" | "2" => "F",
        "m" | "male" | "man" | "boy" | "mannlich" | "maennlich" | "herr" | "mann" | "homme"
        | "masculin" | "masculine" | "masculino" | "maschile" | "hombre" | "uomo" | "mannelijk"
        | "h" | "mr" | "1" => "M",
        "x" | "d" | "divers" | "diverse" | "nonbinary" | "nb" | "enby" | "other" | "andere"
        | "autre" | "otro" | "altro" | "anders" | "intersex" | "genderqueer" => "X",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        ];
        for (text, expected) in table {
            assert_eq!(standard(text), expected, "{text}");
        }
    }
}
