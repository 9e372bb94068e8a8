//! Names of companies and other organisations, with their legal forms.

use std::borrow::Cow;

use super::clean::plain_punctuation;
use super::letter_case::{Style, is_one_case, repaired};

/// Legal forms: the key (see [`push_key`]) and the form as it is written.
const LEGAL_FORMS: [(&str, &str); 76] = [
    ("ab", "AB"),
    ("ag", "AG"),
    ("ag&cokg", "AG & Co. KG"),
    ("ao", "AO"),
    ("aps", "ApS"),
    ("as", "A.S."),
    ("asa", "ASA"),
    ("bhd", "Bhd"),
    ("bv", "B.V."),
    ("bvba", "BVBA"),
    ("co", "Co"),
    ("coinc", "Co Inc"),
    ("cokg", "Co. KG"),
    ("collc", "Co LLC"),
    ("coltd", "Co Ltd"),
    ("corp", "Corp"),
    ("cv", "C.V."),
    ("doo", "d.o.o."),
    ("eg", "eG"),
    ("eirl", "EIRL"),
    ("ek", "e.K."),
    ("eurl", "EURL"),
    ("ev", "e.V."),
    ("gbr", "GbR"),
    ("ggmbh", "gGmbH"),
    ("gmbh", "GmbH"),
    ("gmbh&cokg", "GmbH & Co. KG"),
    ("gmbh&cokgaa", "GmbH & Co. KGaA"),
    ("inc", "Inc"),
    ("kft", "Kft"),
    ("kg", "KG"),
    ("kgaa", "KGaA"),
    ("kk", "K.K."),
    ("lda", "Lda"),
    ("llc", "LLC"),
    ("llp", "LLP"),
    ("lp", "LP"),
    ("ltd", "Ltd"),
    ("ltd&cokg", "Ltd & Co. KG"),
    ("ltda", "Ltda"),
    ("mbh", "mbH"),
    ("nv", "N.V."),
    ("ohg", "OHG"),
    ("ooo", "OOO"),
    ("oy", "Oy"),
    ("oyj", "Oyj"),
    ("plc", "plc"),
    ("pllc", "PLLC"),
    ("pteltd", "Pte Ltd"),
    ("ptyltd", "Pty Ltd"),
    ("pvtltd", "Pvt Ltd"),
    ("sa", "S.A."),
    ("sadecv", "S.A. de C.V."),
    ("sapidecv", "S.A.P.I. de C.V."),
    ("sarl", "SARL"),
    ("sas", "SAS"),
    ("sasu", "SASU"),
    ("sca", "SCA"),
    ("sci", "SCI"),
    ("sdnbhd", "Sdn Bhd"),
    ("se", "SE"),
    ("se&cokg", "SE & Co. KG"),
    ("se&cokgaa", "SE & Co. KGaA"),
    ("sl", "S.L."),
    ("slu", "S.L.U."),
    ("snc", "S.n.c."),
    ("spa", "S.p.A."),
    ("spk", "sp.k."),
    ("spzoo", "sp. z o.o."),
    ("srl", "S.r.l."),
    ("sro", "s.r.o."),
    ("ug", "UG"),
    ("ug&cokg", "UG & Co. KG"),
    ("vof", "V.O.F."),
    ("zrt", "Zrt"),
    ("&co", "& Co"),
];

/// Words of a legal form that are written in full or short.
const WORDS: [(&str, &str); 16] = [
    ("limited", "ltd"),
    ("incorporated", "inc"),
    ("corporation", "corp"),
    ("company", "co"),
    ("private", "pvt"),
    ("proprietary", "pty"),
    ("and", "&"),
    ("und", "&"),
    ("et", "&"),
    ("+", "&"),
    ("aktiengesellschaft", "ag"),
    ("eingetragenerverein", "ev"),
    ("haftungsbeschränkt", ""),
    ("cie", "co"),
    ("compagnie", "co"),
    ("a/s", "as"),
];

/// The most words a legal form is written in.
const LONGEST: usize = 5;

/// The standard form of an organisation's name: its own words, then its legal form.
pub(super) fn standard(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let text = plain_punctuation(text);
    let words: Vec<&str> = text.split(' ').collect();
    let (own, form) = split_legal_form(&words);
    let own_text = own.join(" ");
    let own_text = if form.is_some() { without_end(&own_text) } else { own_text.as_str() };
    let mut name = if is_one_case([own_text]) {
        repaired(own_text, Style::Organisation)
    } else {
        own_text.to_owned()
    };
    if let Some(form) = form {
        name.push(' ');
        name.push_str(form);
    }
    if name == text { Some(text) } else { Some(Cow::Owned(name)) }
}

/// The words before the legal form, and the form. A name is never a legal form alone.
fn split_legal_form<'w, 'a>(words: &'w [&'a str]) -> (&'w [&'a str], Option<&'static str>) {
    let mut key = String::with_capacity(32);
    for count in (1..=LONGEST.min(words.len().saturating_sub(1))).rev() {
        let (own, form) = words.split_at(words.len() - count);
        key.clear();
        push_key(&mut key, form[0]);
        // A form begins with a word of its own, else dashes before it would belong to it.
        if key.is_empty() || !own.iter().any(|word| word.contains(char::is_alphanumeric)) {
            continue;
        }
        for word in &form[1..] {
            push_key(&mut key, word);
        }
        if let Ok(at) = LEGAL_FORMS.binary_search_by(|(entry, _)| compare(entry, &key)) {
            return (own, Some(LEGAL_FORMS[at].1));
        }
    }
    (words, None)
}

/// The order of [`LEGAL_FORMS`]: letters before `&`, which stands last in the table.
fn compare(entry: &str, key: &str) -> std::cmp::Ordering {
    let rank = |text: &str| text.starts_with('&');
    rank(entry).cmp(&rank(key)).then_with(|| entry.cmp(key))
}

/// Adds one word's key: small letters without punctuation, long words short.
fn push_key(key: &mut String, word: &str) {
    if word.len() > 32 {
        // Longer than any word of a form: must not match, wherever it stands.
        return key.push('*');
    }
    let start = key.len();
    for character in word.chars() {
        if character.is_alphanumeric() || matches!(character, '&' | '+') {
            key.extend(character.to_lowercase());
        }
    }
    if let Some((_, short)) = WORDS.iter().find(|(long, _)| *long == &key[start..]) {
        key.truncate(start);
        key.push_str(short);
    }
}

fn without_end(text: &str) -> &str {
    text.trim_end_matches([',', ';', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        standard(Cow::Borrowed(text)).unwrap().into_owned()
    }

    #[test]
    fn forms_are_sorted_and_keep_their_own_key() {
        assert!(LEGAL_FORMS.windows(2).all(|pair| compare(pair[0].0, pair[1].0).is_lt()));
        for (_, form) in LEGAL_FORMS {
            let name = format!("Nordwind {form}");
            assert_eq!(read(&name), name);
        }
    }

    #[test]
    fn names() {
        let table = [
            ("NORDWIND GMBH", "Nordwind GmbH"),
            ("Nordwind G.m.b.H.", "Nordwind GmbH"),
            ("nordwind gmbh und co kg", "Nordwind GmbH & Co. KG"),
            ("Nordwind GmbH & Co.KG", "Nordwind GmbH & Co. KG"),
            ("Acme, Inc.", "Acme Inc"),
            ("ACME INCORPORATED", "Acme Inc"),
            ("Acme Limited", "Acme Ltd"),
            ("Acme Private Limited", "Acme Pvt Ltd"),
            ("Acme Pty. Ltd.", "Acme Pty Ltd"),
            ("Acme Co., Ltd.", "Acme Co Ltd"),
            ("Smith and Company", "Smith & Co"),
            ("Acme L.L.C.", "Acme LLC"),
            ("Acme SA", "Acme S.A."),
            ("Molino Srl", "Molino S.r.l."),
            ("Molino SPA", "Molino S.p.A."),
            ("Tulp BV", "Tulp B.V."),
            ("Fjord A/S", "Fjord A.S."),
            ("BMX LOGISTICS AG", "BMX Logistics AG"),
            ("PLC", "PLC"),
            ("Acme", "Acme"),
            ("Turnverein Musterstadt e. V.", "Turnverein Musterstadt e.V."),
            ("株式会社テスト", "株式会社テスト"),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
