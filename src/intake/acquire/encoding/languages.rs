//! Which letters beyond ASCII a language writes, the frequent ones first.
//!
//! A file's bytes can be read in many encodings; the right reading is the one in which they are
//! letters of a language. Only ranks are kept here: they are all that telling encodings apart needs.

/// Scripts whose letters encodings tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// Latin.
    Latin,
    /// Cyrillic.
    Cyrillic,
    /// Greek.
    Greek,
    /// Hebrew.
    Hebrew,
    /// Arabic.
    Arabic,
    /// Thai.
    Thai,
    /// Hiragana and katakana.
    Kana,
    /// Katakana of half width.
    HalfKana,
    /// Chinese characters.
    Han,
    /// Korean syllables.
    Hangul,
    /// Any other.
    Other,
}

impl Script {
    /// The script of a letter or of a mark on one; none for signs.
    pub fn of(character: char) -> Option<Script> {
        let is_mark = matches!(character,
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{652}' | '\u{e31}'..='\u{e4e}');
        if matches!(character, 'ª' | 'º') || !(character.is_alphabetic() || is_mark) {
            return None;
        }
        Some(match character {
            '\0'..='\u{36f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
            '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
            '\u{400}'..='\u{52f}' => Script::Cyrillic,
            '\u{590}'..='\u{5ff}' => Script::Hebrew,
            '\u{600}'..='\u{6ff}' => Script::Arabic,
            '\u{e00}'..='\u{e7f}' => Script::Thai,
            '\u{3005}'..='\u{3007}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{20000}'..='\u{3ffff}' => Script::Han,
            '\u{3040}'..='\u{30ff}' => Script::Kana,
            '\u{ac00}'..='\u{d7af}' => Script::Hangul,
            '\u{ff66}'..='\u{ff9f}' => Script::HalfKana,
            _ => Script::Other,
        })
    }

    /// Whether it is written in whole syllables or words, by two bytes each.
    pub fn is_wide(self) -> bool {
        matches!(self, Script::Kana | Script::HalfKana | Script::Han | Script::Hangul)
    }
}

/// One language.
pub(super) struct Language {
    /// Its code, ISO 639-1.
    pub code: &'static str,
    /// Its script.
    pub script: Script,
    /// Its letters beyond ASCII, small, the frequent ones first.
    pub letters: &'static str,
    /// How often files of it are met, against each other.
    pub weight: f64,
    /// Where it is written, ISO 3166-1 alpha-2.
    pub regions: &'static [&'static str],
}

const fn language(
    code: &'static str,
    script: Script,
    letters: &'static str,
    weight: f64,
    regions: &'static [&'static str],
) -> Language {
    Language { code, script, letters, weight, regions }
}

/// Every language that is looked for.
pub(super) const LANGUAGES: [Language; 34] = [
    language("de", Script::Latin, "üöäßé", 10.0, &["DE", "AT", "CH", "LI", "LU"]),
    language("fr", Script::Latin, "éèçôêïâëîàûùœÿæ", 9.0, &["FR", "BE", "CH", "CA", "LU", "MC"]),
    language(
        "es",
        Script::Latin,
        "óáíéñúü",
        10.0,
        &["ES", "MX", "AR", "CO", "CL", "PE", "VE", "EC", "UY", "PY", "BO", "CR", "GT"],
    ),
    language("pt", Script::Latin, "ãéçáóíâúõêôàü", 8.0, &["PT", "BR", "AO", "MZ"]),
    language("it", Script::Latin, "òàèùìéó", 4.0, &["IT", "CH"]),
    language("sv", Script::Latin, "öåäéüø", 4.0, &["SE", "FI"]),
    language("da", Script::Latin, "øæåéöüä", 4.0, &["DK", "NO"]),
    language("is", Script::Latin, "óíáúöðéýþæ", 0.05, &["IS"]),
    language("nl", Script::Latin, "ëéïèöüçá", 4.0, &["NL", "BE"]),
    language("pl", Script::Latin, "łóńśąćężź", 5.0, &["PL"]),
    language("cs", Script::Latin, "áíéěřšýčůžúňťďö", 4.0, &["CZ"]),
    language("sk", Script::Latin, "áíéčšžýúľôťňďäĺŕó", 2.0, &["SK"]),
    language("hu", Script::Latin, "áéöóőüíúű", 4.0, &["HU"]),
    language("ro", Script::Latin, "ăâîşţ", 3.0, &["RO", "MD"]),
    // The letters that Unicode has for them.
    language("ro", Script::Latin, "ăâîșț", 1.0, &["RO", "MD"]),
    language("hr", Script::Latin, "ćčšžđ", 3.0, &["HR", "SI", "BA", "RS", "ME"]),
    language("tr", Script::Latin, "üışöçğİâ", 5.0, &["TR", "CY"]),
    language("lt", Script::Latin, "ėšžčųūįęą", 2.0, &["LT"]),
    language("lv", Script::Latin, "āņšīēļķžūčģ", 2.0, &["LV"]),
    language("et", Script::Latin, "äõüöšž", 0.5, &["EE"]),
    language("sq", Script::Latin, "ëç", 0.6, &["AL", "XK"]),
    language("ca", Script::Latin, "àèíóéçúòïü", 2.0, &["AD"]),
    language(
        "vi",
        Script::Latin,
        "ễạịếồđăâêôơưáàãéèíóòúý\u{300}\u{301}\u{303}\u{309}\u{323}",
        2.0,
        &["VN"],
    ),
    language("cy", Script::Latin, "ŵŷâêôîû", 0.3, &["GB"]),
    language("ga", Script::Latin, "áéíóú", 1.0, &["IE"]),
    language(
        "ru",
        Script::Cyrillic,
        "аоинервлткмсдйгбпяуючшзьехжцёщыфэъ",
        10.0,
        &["RU", "KZ", "KG"],
    ),
    language("uk", Script::Cyrillic, "аоинеіркклвтсмдєюяїйпбузчшгжцхьщфґ", 4.0, &["UA"]),
    language("bg", Script::Cyrillic, "аоинервтлсмдкпгъбзяучшйцжхщфюь", 2.0, &["BG"]),
    language(
        "sr",
        Script::Cyrillic,
        "аоиернвјмклстдућпбгзшчжћљцњђхџф",
        2.0,
        &["RS", "MK", "BA", "ME"],
    ),
    language("be", Script::Cyrillic, "аоіерлнвкстдумяйыпзцўчбгшжхюёьфэ", 1.0, &["BY"]),
    language("el", Script::Greek, "αοιςσρητνλκεπόάίυμήδγύέώθφχβωξζψϊϋΐΰ", 5.0, &["GR", "CY"]),
    language("he", Script::Hebrew, "יהלאורםבנמשתדקחעכןפגטצסזךףץ", 3.0, &["IL"]),
    language(
        "ar",
        Script::Arabic,
        "المينرتبدسعوهحفقكةجطصخشضزذغظثأإىئآؤءپچگژ",
        4.0,
        &["EG", "SA", "AE", "MA", "DZ", "TN", "IQ", "JO", "LB", "SY", "KW", "QA", "BH", "OM", "YE"],
    ),
    language(
        "th",
        Script::Thai,
        "านรกอเงมวยลสตดบปคทหจชขแพไใโ\u{e31}\u{e34}\u{e35}\u{e48}\u{e49}\u{e4c}\u{e38}\u{e39}\u{e37}ำ\u{e47}ณธภญผศซฉฒฐฑฆฬฎฏษฤๆะถ",
        3.0,
        &["TH"],
    ),
];

/// The chance that a letter beyond ASCII is of no letter's list: a foreign name.
pub(super) const ABSENT: f64 = 2e-4;

/// How likely each of a language's letters is, with the letter.
pub(super) fn chances(language: &Language) -> Vec<(char, f64)> {
    let letters: Vec<char> = language.letters.chars().collect();
    let is_latin = language.script == Script::Latin;
    // In a Latin language a few letters make most of it; elsewhere the ranks fall off slowly.
    let weight = |rank: usize| {
        if is_latin { 1.0 / (rank as f64 + 1.5) } else { (-(rank as f64) / 9.0).exp() }
    };
    let sum: f64 = (0..letters.len()).map(weight).sum();
    // Something is left for other letters: more where the list is short.
    let whole = sum * 1.15 + if is_latin { 0.6 * weight(0) } else { 0.0 };
    letters.iter().enumerate().map(|(rank, letter)| (*letter, weight(rank) / whole)).collect()
}
