//! States, provinces and counties.

use std::borrow::Cow;

use super::clean::{key, plain_punctuation};
use super::letter_case::{Casing, Style, is_one_case, repaired};

/// Code and names (as keys) of the states of the United States, its district and territories.
const UNITED_STATES: [(&str, &[&str]); 56] = [
    ("AL", &["alabama", "ala"]),
    ("AK", &["alaska"]),
    ("AZ", &["arizona", "ariz"]),
    ("AR", &["arkansas", "ark"]),
    ("CA", &["california", "calif"]),
    ("CO", &["colorado", "colo"]),
    ("CT", &["connecticut", "conn"]),
    ("DE", &["delaware", "del"]),
    ("DC", &["districtofcolumbia", "washingtondc"]),
    ("FL", &["florida", "fla"]),
    ("GA", &["georgia"]),
    ("HI", &["hawaii"]),
    ("ID", &["idaho"]),
    ("IL", &["illinois", "ill"]),
    ("IN", &["indiana", "ind"]),
    ("IA", &["iowa"]),
    ("KS", &["kansas", "kans"]),
    ("KY", &["kentucky"]),
    ("LA", &["louisiana"]),
    ("ME", &["maine"]),
    ("MD", &["maryland"]),
    ("MA", &["massachusetts", "mass"]),
    ("MI", &["michigan", "mich"]),
    ("MN", &["minnesota", "minn"]),
    ("MS", &["mississippi", "miss"]),
    ("MO", &["missouri"]),
    ("MT", &["montana", "mont"]),
    ("NE", &["nebraska", "nebr"]),
    ("NV", &["nevada", "nev"]),
    ("NH", &["newhampshire"]),
    ("NJ", &["newjersey"]),
    ("NM", &["newmexico"]),
    ("NY", &["newyork"]),
    ("NC", &["northcarolina"]),
    ("ND", &["northdakota"]),
    ("OH", &["ohio"]),
    ("OK", &["oklahoma", "okla"]),
    ("OR", &["oregon", "ore"]),
    ("PA", &["pennsylvania", "penn"]),
    ("RI", &["rhodeisland"]),
    ("SC", &["southcarolina"]),
    ("SD", &["southdakota"]),
    ("TN", &["tennessee", "tenn"]),
    ("TX", &["texas", "tex"]),
    ("UT", &["utah"]),
    ("VT", &["vermont"]),
    ("VA", &["virginia"]),
    ("WA", &["washington", "wash"]),
    ("WV", &["westvirginia"]),
    ("WI", &["wisconsin", "wis"]),
    ("WY", &["wyoming", "wyo"]),
    ("PR", &["puertorico"]),
    ("GU", &["guam"]),
    ("VI", &["virginislands", "usvirginislands"]),
    ("AS", &["americansamoa"]),
    ("MP", &["northernmarianaislands"]),
];

/// The same of Canada.
const CANADA: [(&str, &[&str]); 13] = [
    ("AB", &["alberta", "alta"]),
    ("BC", &["britishcolumbia", "colombiebritannique"]),
    ("MB", &["manitoba"]),
    ("NB", &["newbrunswick", "nouveaubrunswick"]),
    ("NL", &["newfoundlandandlabrador", "newfoundland", "terreneuveetlabrador"]),
    ("NS", &["novascotia", "nouvelleecosse"]),
    ("NT", &["northwestterritories", "territoiresdunordouest"]),
    ("NU", &["nunavut"]),
    ("ON", &["ontario", "ont"]),
    ("PE", &["princeedwardisland", "pei", "ileduprinceedouard"]),
    ("QC", &["quebec", "que", "pq"]),
    ("SK", &["saskatchewan", "sask"]),
    ("YT", &["yukon", "yukonterritory"]),
];

/// The same of Australia.
const AUSTRALIA: [(&str, &[&str]); 8] = [
    ("ACT", &["australiancapitalterritory"]),
    ("NSW", &["newsouthwales"]),
    ("NT", &["northernterritory"]),
    ("QLD", &["queensland"]),
    ("SA", &["southaustralia"]),
    ("TAS", &["tasmania"]),
    ("VIC", &["victoria"]),
    ("WA", &["westernaustralia"]),
];

/// The standard form: the postal code of a state of the United States, Canada or Australia,
/// else the name in repaired case. `country` is the record's, else the workspace's region.
pub(super) fn standard<'a>(text: Cow<'a, str>, country: &str) -> Option<Cow<'a, str>> {
    if let Some((name, of)) = with_country(&text) {
        let name = Cow::Owned(name.to_owned());
        return standard(name, of).map(|it| Cow::Owned(it.into_owned()));
    }
    if let Some(code) = code(&text, country) {
        return Some(if text == code { text } else { Cow::Borrowed(code) });
    }
    let text = plain_punctuation(text);
    if let Some(code) = iso_code(&text) {
        return Some(Cow::Owned(code));
    }
    let is_code = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    if is_code || !is_one_case([text.as_ref()]) {
        return Some(text);
    }
    Some(Cow::Owned(repaired(&text, Casing::of(Style::Place, country))))
}

/// `DE-BE`: a subdivision by its code of ISO 3166-2, a country and up to three signs.
fn iso_code(text: &str) -> Option<String> {
    let (country, part) = text.split_once('-')?;
    let is_code = (1..=3).contains(&part.len())
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && country.len() == 2
        && super::country::is_code(country);
    // `Pa-Ri` may be a name in pieces.
    let is_one_case = text == text.to_ascii_uppercase() || text == text.to_ascii_lowercase();
    (is_code && is_one_case).then(|| text.to_ascii_uppercase())
}

/// `Illinois (US)`, as Odoo writes a state: its name, and the country it is of.
fn with_country(text: &str) -> Option<(&str, &str)> {
    let (name, country) = text.strip_suffix(')')?.rsplit_once('(')?;
    let is_code = country.len() == 2 && country.bytes().all(|it| it.is_ascii_uppercase());
    let name = name.trim_end();
    (is_code && !name.is_empty()).then_some((name, country))
}

/// The postal code of a state, given by code or name.
pub(super) fn code(text: &str, country: &str) -> Option<&'static str> {
    let table: &[(&'static str, &[&str])] = match country {
        "US" => &UNITED_STATES,
        "CA" => &CANADA,
        "AU" => &AUSTRALIA,
        _ => return None,
    };
    if let Some((code, _)) = table.iter().find(|(code, _)| code.eq_ignore_ascii_case(text)) {
        return Some(code);
    }
    if text.len() > 40 {
        return None;
    }
    let key = key(text);
    table
        .iter()
        .find(|(code, names)| code.eq_ignore_ascii_case(&key) || names.contains(&key.as_str()))
        .map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions() {
        let table = [
            ("IL", "US", "IL"),
            ("il", "US", "IL"),
            ("Illinois", "US", "IL"),
            ("Ill.", "US", "IL"),
            ("NEW YORK", "US", "NY"),
            ("D.C.", "US", "DC"),
            ("Québec", "CA", "QC"),
            ("british columbia", "CA", "BC"),
            ("New South Wales", "AU", "NSW"),
            ("WA", "AU", "WA"),
            ("Western Australia", "AU", "WA"),
            ("BAYERN", "DE", "Bayern"),
            ("Illinois (US)", "US", "IL"),
            ("Illinois (US)", "DE", "IL"),
            ("Ontario (CA)", "US", "ON"),
            ("Western Australia (AU)", "US", "WA"),
            ("Bayern (DE)", "US", "Bayern"),
            ("Lazio (est)", "IT", "Lazio (est)"),
            ("NRW", "DE", "NRW"),
            ("Illinois", "DE", "Illinois"),
            ("kent", "GB", "Kent"),
        ];
        for (text, country, expected) in table {
            assert_eq!(standard(Cow::Borrowed(text), country).unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn codes_of_subdivisions_stay_codes() {
        for (text, expected) in [
            ("DE-BE", "DE-BE"),
            ("de-be", "DE-BE"),
            ("FR-75", "FR-75"),
            ("GB-ENG", "GB-ENG"),
            ("IT-RM", "IT-RM"),
            ("AT-9", "AT-9"),
            ("ES-MD", "ES-MD"),
            ("CN-BJ", "CN-BJ"),
            ("JP-13", "JP-13"),
            ("IN-MH", "IN-MH"),
            ("Île-de-France", "Île-de-France"),
            ("BADEN-BADEN", "Baden-Baden"),
            ("XX-YY", "Xx-Yy"),
        ] {
            assert_eq!(standard(Cow::Borrowed(text), "DE").as_deref(), Some(expected), "{text}");
        }
    }
}
