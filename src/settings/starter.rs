//! The `steward.toml` that `steward init` writes: commented, whole, ready to be edited.

/// A first `steward.toml` for a workspace of that name and region (ISO 3166-1 alpha-2).
#[must_use]
pub fn starter(name: &str, region: Option<&str>) -> String {
    let region = match region {
        Some(region) => format!("region = {:<22}# ", quoted(region)),
        None => "# region = \"DE\"             # not known, so not assumed: ".to_owned(),
    };
    STARTER
        .replace("{name}", &quoted(name))
        .replace("{region}", &region)
        .replace("{matching}", MATCHING)
        .replace("{survivorship}", SURVIVORSHIP)
        .replace("{decisions}", DECISIONS)
}

/// A text as TOML writes it on one line.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            control if control.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(control)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// `[matching]` as it is written to begin with.
pub const MATCHING: &str = r#"[matching]
auto = 0.99                             # at or above: merged by the machine
review = 0.50                           # from here up to auto: a task; below: left alone

# What is promised of merges that people grant after looking at a sample (`steward grant list`): this
# share of them is right, and the promise itself holds with this confidence.
#
# [matching.autonomy]
# precision = 0.95
# confidence = 0.95
#
# What you insist on, whatever the data say. `same`: records that agree in all these fields are one
# customer; what contradicts is asked. `never`: a record of which the one holds and a record of which
# the other holds are never linked but by people.
#
# [[matching.rules]]
# same = ["national_id"]
# [[matching.rules]]
# never = ["source = crm", "source = archive"]
#
# A comparison's weight as it is, in bits (log2 of the odds), not as it is learned.
#
# [matching.weights]
# email = { same = 9.5, different = -2 }
"#;

/// What survivorship is, ahead of its section.
pub const SURVIVORSHIP: &str = r#"# Survivorship: how the golden value is chosen where members differ; each strategy breaks the ties
# of the one before. Strategies: valid, most_trusted, most_recent, oldest, most_frequent, longest,
# shortest, most_complete, strictest, maximum, minimum. Empty never survives.
# Fields listed together come from one record: of an address one with a street and a place, where
# there is any.
"#;

/// `[decisions]` as it is written to begin with.
pub const DECISIONS: &str = r#"[decisions]
reason_required = ["waive", "escalate"]

[[decisions.reasons]]
code = "household"
for = ["not-a-match"]

[[decisions.reasons]]
code = "verified-with-customer"

[[decisions.reasons]]
code = "source-limitation"
for = ["waive"]

[[decisions.reasons]]
code = "legal-hold"
for = ["waive", "escalate", "defer"]

# How sure verdicts are: this share of the decided duplicates comes back a day later, to whoever
# decided, who is not told what they said.
#
# [review]
# second = 0.05
#
# When is it enough? So many pairs below the review threshold are drawn at random and asked about, and
# up to as many that no blocking key brings together: `steward match --status` says how much was
# found, with an interval. 100 say something; 20 do not.
#
# elusion = 100
"#;

const STARTER: &str = r#"# The governance of this workspace. `steward check` reads it back to you in plain words.

[workspace]
name = {name}
{region}default country of phones, addresses, dates and numbers

# Fields, in the order of screens and exports. The type brings everything a field needs: how its
# values are standardised, checked, compared and used to find candidates.
# Types: given_name, family_name, full_name, name_suffix (Jr, III), organisation_name, email, phone,
# street, city, region, postcode, country, address (one line), date_of_birth, national_id,
# identifier, gender, occupation, date, number, category, consent, text.

[fields.given_name]
type = "given_name"

[fields.family_name]
type = "family_name"

[fields.organisation_name]              # of customers that are companies
type = "organisation_name"

[fields.date_of_birth]
type = "date_of_birth"
sensitive = true                        # masked on screen until unmasked

[fields.email]
type = "email"

[fields.phone]
type = "phone"

[fields.street]
type = "street"

[fields.city]
type = "city"

[fields.postcode]
type = "postcode"

[fields.region]
type = "region"

[fields.country]
type = "country"

[fields.marketing_consent]
type = "consent"

# Sources: one table for each system that delivers records. `map` says which column each field is
# read from; a list of columns is joined with spaces, dots walk into nested JSON. How a source writes
# dates and numbers is found out from each column as a whole, and said at the end of an import; where
# that cannot be told, or is told wrongly, it is said here.

[sources.crm]
trust = 90                              # 0 to 100, or { default = 90, email = 60 }
owner = "crm team"
key = "id"                              # the column that tells its records apart
updated = "updated_at"                  # the column that says when a record last changed
# link = "https://crm.example/contacts/{key}"  # where its records stand there: `o` in the review shows it
# encoding = "windows-1250"             # how its files are written, where that is not found out
# delimiter = ";"                       # one sign, or "tab", "comma", "pipe"
# header_row = 4                        # the line of the header, where rows stand above it
# columns = ["id:10", "name:30"]        # of files in which each column has so many signs of every line
# dates = "day-first"                   # or "month-first", "year-first"; by field: { default = "...", updated = "..." }
# numbers = "1.234,56"                  # any number that shows both signs; by field as well
# region = "GB"                         # the country whose forms it uses, where that is another
# zone = "Europe/London"                # of times that name no zone; else UTC
# required = ["email"]                  # a file without it is refused; where it lacks another mapped
#                                       # column, what is held there stays
# key_form = "salesforce"               # ids of 15 and of 18 characters are one; "email": addresses in
#                                       # capitals and in small letters are one; "digits 6": 123 and 000123
# rows = "several"                      # rows of one key are one record, each field of its first value,
#                                       # with `updated` of its newest row
# rows_by = "Name"                      # with it, a row without a key is of the row above where this
#                                       # column says the same
# is_organisation = "is_company"        # says whether a name is an organisation's or a person's, where one
#                                       # column is mapped to both
# absent = ["False", "n.a."]            # whole cells that say nothing, beside `N/A`, `-` and the like
# merged_into = "MasterRecordId"        # columns in which the source says what it has merged: the key
# merged_from = "Merged record IDs"     # this record went into, the keys that went into it; a person is
#                                       # asked about each such pair
# deleted = "IsDeleted"                 # a column in which a yes or a time says that the source has deleted
#                                       # the record; or { column = "status", is = ["deleted"] }. With
#                                       # `vanished = "close"`, more than a tenth at once must be confirmed
# vanished = "close"                    # records that `import --complete` no longer finds are closed;
#                                       # without it a person is asked

[sources.crm.map]
given_name = "first_name"
family_name = "last_name"
date_of_birth = "birth_date"
email = "email"
phone = "phone"
street = "street"
city = "city"
postcode = "postcode"
region = "region"
country = "country"
marketing_consent = "marketing_consent"

# Code lists: what stands for a field's values in the files, and the standard word of each; what was
# delivered is kept beside it. A source may have words of its own, which go first. Of a category, an
# occupation or a text, what no list holds is left as it is and breaks a rule with check = "format".
#
# [codes.status]
# A = "active"
# I = "inactive"
# [codes.status.crm]
# 1 = "active"

# Rules. Checks: required, format, one_of (values), range (min, max), pattern (pattern), unique,
# compare (other, comparison), not_default (values, or none for the well-known placeholders),
# fresh (days). Severity `error` makes a task and blocks decisions that would newly break the rule;
# `warn`, the default, is counted and shown. `when` limits a rule: when = "country = US".

[[rules]]
id = "family-name-required"
field = "family_name"
check = "required"
when = "organisation_name is empty"     # an organisation has none
severity = "error"

[[rules]]
id = "email-syntax"
field = "email"
check = "format"
severity = "error"
message = "not an e-mail address"
remedy = "ask the customer, or take another source's"

[[rules]]
id = "phone-format"
field = "phone"
check = "format"

# Of any type: garbled letters (`JosÃ©`), and what nobody can read.
[[rules]]
id = "given-name-format"
field = "given_name"
check = "format"

[[rules]]
id = "family-name-format"
field = "family_name"
check = "format"

[[rules]]
id = "street-format"
field = "street"
check = "format"

[[rules]]
id = "city-format"
field = "city"
check = "format"

[[rules]]
id = "postcode-format"
field = "postcode"
check = "format"

[[rules]]
id = "region-format"
field = "region"
check = "format"

[[rules]]
id = "country-format"
field = "country"
check = "format"

[[rules]]
id = "marketing-consent-format"
field = "marketing_consent"
check = "format"

[[rules]]
id = "date-of-birth-format"
field = "date_of_birth"
check = "format"

[[rules]]
id = "date-of-birth-range"
field = "date_of_birth"
check = "range"
min = "1900-01-01"
max = "today"
severity = "error"

[[rules]]
id = "date-of-birth-placeholder"
field = "date_of_birth"
check = "not_default"

{matching}
{survivorship}
[survivorship]
default = ["valid", "most_trusted", "most_recent"]
marketing_consent = ["strictest"]
address = { fields = ["street", "city", "postcode", "region", "country"], strategy = ["valid", "most_recent"] }

{decisions}"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    #[test]
    fn is_itself_sound_whatever_the_name() {
        for name in ["acme", "Ann's \"best\" \\ customers", "línea", "two\nlines\u{7f}"] {
            let settings = parse(&starter(name, Some("DE"))).unwrap();
            assert_eq!(settings.workspace.name, name);
            assert_eq!(settings.workspace.region.as_deref(), Some("DE"));
            assert_eq!(settings.fields.len(), 12);
        }
    }

    #[test]
    fn the_line_about_keys_is_read_once_it_counts() {
        use crate::KeyForm;
        let text = starter("acme", None);
        let line = "\n# key_form = \"salesforce\" ";
        assert_eq!(text.matches(line).count(), 1);
        for (form, expected) in [
            ("salesforce", KeyForm::Salesforce),
            ("email", KeyForm::Email),
            ("digits 6", KeyForm::Digits(6)),
        ] {
            let counts = text.replace(line, &format!("\nkey_form = \"{form}\" "));
            assert_eq!(parse(&counts).unwrap().sources[0].key_form, Some(expected));
        }
        assert_eq!(parse(&text).unwrap().sources[0].key_form, None);
    }

    /// Whoever moved abroad would live in a new street of the old country.
    #[test]
    fn an_address_survives_with_its_country() {
        let settings = parse(&starter("acme", None)).unwrap();
        let group = &settings.survivorship.groups[0];
        let is_place = |field: &&crate::Field| {
            matches!(field.name.as_str(), "street" | "city" | "postcode" | "region" | "country")
        };
        let places = settings.fields.iter().filter(is_place).map(|field| &field.name);
        assert_eq!(places.collect::<Vec<_>>(), group.fields.iter().collect::<Vec<_>>());
    }
}
