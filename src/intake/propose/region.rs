//! The country that files are of: what their values say, then what their headers are written in.

use std::collections::BTreeMap;

use super::column::Column;
use super::look::STATES_OF;
use crate::headings::{self, Meaning};

/// The calling codes of countries, longest first where one begins like another. `+1` is shared by the
/// United States and Canada, and is taken for the larger.
const CALLING: [(&str, &str); 61] = [
    ("351", "PT"),
    ("352", "LU"),
    ("353", "IE"),
    ("354", "IS"),
    ("355", "AL"),
    ("356", "MT"),
    ("357", "CY"),
    ("358", "FI"),
    ("359", "BG"),
    ("370", "LT"),
    ("371", "LV"),
    ("372", "EE"),
    ("375", "BY"),
    ("380", "UA"),
    ("381", "RS"),
    ("385", "HR"),
    ("386", "SI"),
    ("420", "CZ"),
    ("421", "SK"),
    ("423", "LI"),
    ("852", "HK"),
    ("886", "TW"),
    ("971", "AE"),
    ("972", "IL"),
    ("966", "SA"),
    ("234", "NG"),
    ("254", "KE"),
    ("212", "MA"),
    ("20", "EG"),
    ("27", "ZA"),
    ("30", "GR"),
    ("31", "NL"),
    ("32", "BE"),
    ("33", "FR"),
    ("34", "ES"),
    ("36", "HU"),
    ("39", "IT"),
    ("40", "RO"),
    ("41", "CH"),
    ("43", "AT"),
    ("44", "GB"),
    ("45", "DK"),
    ("46", "SE"),
    ("47", "NO"),
    ("48", "PL"),
    ("49", "DE"),
    ("51", "PE"),
    ("52", "MX"),
    ("54", "AR"),
    ("55", "BR"),
    ("56", "CL"),
    ("57", "CO"),
    ("61", "AU"),
    ("62", "ID"),
    ("64", "NZ"),
    ("65", "SG"),
    ("81", "JP"),
    ("82", "KR"),
    ("86", "CN"),
    ("91", "IN"),
    ("1", "US"),
];

/// The language of headers that is spoken in one country above all.
const OF_LANGUAGE: [(&str, &str); 11] = [
    ("de", "DE"),
    ("fr", "FR"),
    ("es", "ES"),
    ("it", "IT"),
    ("nl", "NL"),
    ("pl", "PL"),
    ("cs", "CZ"),
    ("ru", "RU"),
    ("ja", "JP"),
    ("zh", "CN"),
    ("zh-hant", "TW"),
];

/// The country of a telephone number in its standard form.
pub(super) fn of_number(number: &str) -> Option<&'static str> {
    let digits = number.strip_prefix('+')?;
    CALLING.iter().find(|(code, _)| digits.starts_with(code)).map(|(_, country)| *country)
}

/// The code as one that is known; what is a country and not in the table of telephones is one, too.
pub(super) fn known(code: &str) -> Option<&'static str> {
    const CODES: &str = "AD AE AF AG AL AM AO AR AT AU AZ BA BD BE BG BH BO BR BY CA CH CL CN CO CR CU CY CZ \
        DE DK DO DZ EC EE EG ES FI FR GB GE GH GR GT HK HN HR HU ID IE IL IN IQ IR IS IT JM JO JP KE KR KW \
        KZ LB LI LK LT LU LV MA MC MD ME MK MT MX MY NG NI NL NO NP NZ OM PA PE PH PK PL PR PT PY QA RO RS \
        RU SA SE SG SI SK SM SN SV TH TN TR TT TW UA US UY VE VN ZA";
    CODES.split_whitespace().find(|known| *known == code)
}

/// The country whose postcodes alone have that form.
pub(super) fn of_postcode(text: &str) -> Option<&'static str> {
    let form: String = text
        .chars()
        .map(|letter| match letter {
            '0'..='9' => '9',
            'A'..='Z' => 'A',
            other => other,
        })
        .collect();
    Some(match form.as_str() {
        "A9 9AA" | "A99 9AA" | "AA9 9AA" | "AA99 9AA" | "A9A 9AA" | "AA9A 9AA" => "GB",
        "A9A 9A9" | "A9A9A9" => "CA",
        "9999 AA" | "9999AA" => "NL",
        "99999-9999" => "US",
        "99-999" => "PL",
        "9999-999" => "PT",
        "99999-999" => "BR",
        _ => return None,
    })
}

/// The country that is proposed for a workspace, or for a source of it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// What says so, as the end of a sentence.
    pub why: String,
    /// Whether something else may well be true.
    pub is_sure: bool,
}

impl Region {
    /// The country that a file is of, as far as it tells.
    pub(super) fn of<'c>(columns: impl Iterator<Item = &'c Column> + Clone) -> Option<Region> {
        let tally = |counts: &dyn Fn(&Column) -> bool| {
            let mut tally: BTreeMap<&'static str, u64> = BTreeMap::new();
            for column in columns.clone().filter(|column| counts(column)) {
                for (country, count) in &column.countries {
                    *tally.entry(*country).or_default() += count;
                }
            }
            tally
        };
        let ways: [Way; 3] = [
            (is_of_countries, "values that name a country are"),
            (
                |it| it.share(it.looks.international) > 10,
                "telephone numbers with a country code are from",
            ),
            (|it| it.share(it.looks.postcode) > 50, "postcodes are from"),
        ];
        let told = ways.iter().find_map(|(counts, what)| most_of(&tally(counts), what));
        let says_domains = || {
            let is_email = |it: &Column| it.share(it.looks.email) > 50;
            let emails: u64 =
                columns.clone().filter(|it| is_email(it)).map(|it| it.looks.email).sum();
            let (code, count) = tally(&is_email).into_iter().max_by_key(|(_, count)| *count)?;
            // Most addresses end in nothing national; of those that do, few tell nothing.
            let share = count * 100 / emails.max(1);
            (share >= 30).then(|| Region {
                code: code.to_owned(),
                why: format!("{share} % of the e-mail addresses end in its domain"),
                is_sure: false,
            })
        };
        let says_states = || {
            let is_called = |it: &&Column| {
                headings::read(&it.name).is_some_and(|it| it.meaning == Meaning::Region)
            };
            let column = columns.clone().filter(is_called).max_by_key(|it| it.looks.state)?;
            let counted = STATES_OF.iter().zip(column.looks.states_of).rev();
            let (code, count) = counted.max_by_key(|(_, count)| *count)?;
            let share = column.share(count);
            (share > 60).then(|| Region {
                code: (*code).to_owned(),
                why: format!("{share} % of the values of `{}` are states of {code}", column.name),
                is_sure: share > 90 && count > 20,
            })
        };
        let is_parted = |it: &&Column| it.share(it.looks.north_american) > 60;
        let says_phones = || {
            columns.clone().find(is_parted).map(|column| Region {
                code: "US".to_owned(),
                why: format!("numbers in `{}` are grouped as in North America", column.name),
                is_sure: false,
            })
        };
        told.or_else(says_states).or_else(says_phones).or_else(says_domains).or_else(|| {
            let names = columns.clone().map(|column| column.name.as_str());
            let (language, _) =
                headings::languages(names).into_iter().max_by_key(|(_, count)| *count)?;
            let (_, code) = OF_LANGUAGE.iter().find(|(known, _)| *known == language)?;
            let why = "only the language of the column names says so".to_owned();
            Some(Region { code: (*code).to_owned(), why, is_sure: false })
        })
    }
}

/// Which columns tell a country, and what their values are called.
type Way = (fn(&Column) -> bool, &'static str);

fn is_of_countries(column: &Column) -> bool {
    let is_called =
        || headings::read(&column.name).is_some_and(|it| it.meaning == Meaning::Country);
    column.share(column.looks.country) > 80 && is_called()
}

fn most_of(tally: &BTreeMap<&'static str, u64>, what: &str) -> Option<Region> {
    let all: u64 = tally.values().sum();
    let (code, count) = tally.iter().max_by_key(|(_, count)| **count)?;
    let share = count * 100 / all.max(1);
    (share >= 50).then(|| Region {
        code: (*code).to_owned(),
        why: format!("{share} % of the {what} {code}"),
        is_sure: share >= 80 && *count > 2,
    })
}

/// Codes of the states of a country that writes codes.
pub(super) fn is_state_code(country: &str, code: &str) -> bool {
    let codes = match country {
        "US" => {
            "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH \
             NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR"
        }
        "CA" => "AB BC MB NB NL NS NT NU ON PE QC SK YT",
        "AU" => "NSW VIC QLD SA WA TAS ACT NT",
        _ => "",
    };
    codes.split_whitespace().any(|known| known == code)
}
