//! The words of streets, by the language of the country.

/// How streets are named in a country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    /// Canada: both on one sign.
    EnglishAndFrench,
    German,
    /// Switzerland and Liechtenstein: German without `ß`, and French.
    Swiss,
    French,
    /// Belgium.
    DutchAndFrench,
    Dutch,
    Spanish,
    Portuguese,
    Italian,
    Other,
}

/// The language of a country's streets.
pub(super) fn language(country: &str) -> Language {
    match country {
        "US" | "GB" | "AU" | "NZ" | "IE" | "ZA" | "IN" | "SG" | "HK" | "NG" | "KE" | "GH"
        | "PH" | "PK" | "MT" | "JM" | "PR" | "GU" | "IM" | "JE" | "GG" | "MY" => Language::English,
        "CA" => Language::EnglishAndFrench,
        "DE" | "AT" => Language::German,
        "CH" | "LI" => Language::Swiss,
        "FR" | "LU" | "MC" | "SN" | "CI" | "RE" | "GP" | "MQ" => Language::French,
        "BE" => Language::DutchAndFrench,
        "NL" => Language::Dutch,
        "ES" | "MX" | "AR" | "CO" | "CL" | "PE" | "EC" | "UY" | "CR" | "GT" | "DO" => {
            Language::Spanish
        }
        "PT" | "BR" | "AO" => Language::Portuguese,
        "IT" | "SM" => Language::Italian,
        _ => Language::Other,
    }
}

/// One abbreviation, without its dot and in small letters, and the word.
type Word = (&'static str, &'static str);

/// English words that mean the street wherever they stand.
pub(super) const ENGLISH: [Word; 22] = [
    ("aly", "Alley"),
    ("av", "Avenue"),
    ("ave", "Avenue"),
    ("aven", "Avenue"),
    ("avenue", "Avenue"),
    ("blvd", "Boulevard"),
    ("bldv", "Boulevard"),
    ("boul", "Boulevard"),
    ("cres", "Crescent"),
    ("crst", "Crescent"),
    ("expy", "Expressway"),
    ("hwy", "Highway"),
    ("hgwy", "Highway"),
    ("lne", "Lane"),
    ("pde", "Parade"),
    ("pkwy", "Parkway"),
    ("pky", "Parkway"),
    ("rd", "Road"),
    ("rte", "Route"),
    ("str", "Street"),
    ("strt", "Street"),
    ("tpke", "Turnpike"),
];

/// English words that mean the street only at its end: `St James St`, `Dr Pepper Dr`.
pub(super) const ENGLISH_AT_END: [Word; 30] = [
    ("br", "Branch"),
    ("cir", "Circle"),
    ("cl", "Close"),
    ("ct", "Court"),
    ("crt", "Court"),
    ("cv", "Cove"),
    ("dr", "Drive"),
    ("drv", "Drive"),
    ("est", "Estate"),
    ("gdns", "Gardens"),
    ("gr", "Grove"),
    ("grn", "Green"),
    ("gv", "Grove"),
    ("hts", "Heights"),
    ("ln", "Lane"),
    ("lp", "Loop"),
    ("mdw", "Meadow"),
    ("ml", "Mill"),
    ("pl", "Place"),
    ("plz", "Plaza"),
    ("pt", "Point"),
    ("rdg", "Ridge"),
    ("rw", "Row"),
    ("sq", "Square"),
    ("st", "Street"),
    ("ter", "Terrace"),
    ("terr", "Terrace"),
    ("trl", "Trail"),
    ("vw", "View"),
    ("wy", "Way"),
];

/// French words, at the beginning of a street.
pub(super) const FRENCH: [Word; 22] = [
    ("all", "Allée"),
    ("allee", "Allée"),
    ("av", "Avenue"),
    ("ave", "Avenue"),
    ("avenue", "Avenue"),
    ("bd", "Boulevard"),
    ("bld", "Boulevard"),
    ("blvd", "Boulevard"),
    ("boul", "Boulevard"),
    ("boulevard", "Boulevard"),
    ("ch", "Chemin"),
    ("che", "Chemin"),
    ("chemin", "Chemin"),
    ("imp", "Impasse"),
    ("impasse", "Impasse"),
    ("pl", "Place"),
    ("place", "Place"),
    ("r", "Rue"),
    ("rte", "Route"),
    ("route", "Route"),
    ("rue", "Rue"),
    ("sq", "Square"),
];

/// Spanish words, at the beginning of a street.
pub(super) const SPANISH: [Word; 19] = [
    ("av", "Avenida"),
    ("avd", "Avenida"),
    ("avda", "Avenida"),
    ("ave", "Avenida"),
    ("avenida", "Avenida"),
    ("blvd", "Bulevar"),
    ("c", "Calle"),
    ("c/", "Calle"),
    ("calle", "Calle"),
    ("cl", "Calle"),
    ("ctra", "Carretera"),
    ("cra", "Carrera"),
    ("paseo", "Paseo"),
    ("plaza", "Plaza"),
    ("plza", "Plaza"),
    ("pso", "Paseo"),
    ("pza", "Plaza"),
    ("rda", "Ronda"),
    ("urb", "Urbanización"),
];

/// Portuguese words, at the beginning of a street.
pub(super) const PORTUGUESE: [Word; 10] = [
    ("al", "Alameda"),
    ("av", "Avenida"),
    ("avenida", "Avenida"),
    ("estr", "Estrada"),
    ("pc", "Praça"),
    ("praca", "Praça"),
    ("r", "Rua"),
    ("rua", "Rua"),
    ("tr", "Travessa"),
    ("trav", "Travessa"),
];

/// Italian words, at the beginning of a street.
pub(super) const ITALIAN: [Word; 15] = [
    ("c.so", "Corso"),
    ("corso", "Corso"),
    ("cso", "Corso"),
    ("l.go", "Largo"),
    ("largo", "Largo"),
    ("lgo", "Largo"),
    ("p.za", "Piazza"),
    ("p.zza", "Piazza"),
    ("piazza", "Piazza"),
    ("pza", "Piazza"),
    ("pzza", "Piazza"),
    ("v", "Via"),
    ("v.le", "Viale"),
    ("via", "Via"),
    ("viale", "Viale"),
];

/// Dutch words that stand alone; most grow on the street's own name.
pub(super) const DUTCH: [Word; 4] =
    [("ln", "Laan"), ("pl", "Plein"), ("str", "Straat"), ("wg", "Weg")];

/// Compass points of North American streets.
pub(super) const COMPASS: [Word; 8] = [
    ("n", "North"),
    ("s", "South"),
    ("e", "East"),
    ("w", "West"),
    ("ne", "Northeast"),
    ("nw", "Northwest"),
    ("se", "Southeast"),
    ("sw", "Southwest"),
];

/// Words before the number of a flat, an office or a room.
pub(super) const UNITS: [&str; 16] = [
    "apartment",
    "appartement",
    "appt",
    "apt",
    "apto",
    "dpto",
    "flat",
    "office",
    "room",
    "rm",
    "ste",
    "suite",
    "unit",
    "units",
    "whg",
    "wohnung",
];

/// Words before a house number that add nothing to it.
pub(super) const NUMBER_WORDS: [&str; 6] = ["no", "nr", "num", "number", "nº", "n°"];

/// The long form of an abbreviation in one of these lists.
pub(super) fn long(list: &[Word], word: &str) -> Option<&'static str> {
    let word = word.strip_suffix('.').unwrap_or(word);
    if word.len() > 10 {
        return None;
    }
    let first = word.bytes().next()?.to_ascii_lowercase();
    let mut words = list.iter().filter(|(short, _)| short.as_bytes()[0] == first);
    words.find(|(short, _)| short.eq_ignore_ascii_case(word)).map(|(_, long)| *long)
}
