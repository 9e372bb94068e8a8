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

# The promise for merges granted after a sample (`steward grant list`): this
# share of them is right, with this confidence.
#
# [matching.autonomy]
# precision = 0.95
# confidence = 0.95
#
# Your own rules, whatever the data says. `same`: records that agree in all these fields are one
# customer; contradictions become tasks. `never`: a record that matches one and a record that
# matches the other are linked only by people.
#
# [[matching.rules]]
# same = ["national_id"]
# [[matching.rules]]
# never = ["source = crm", "source = archive"]
#
# A comparison's weight fixed in bits (log2 of the odds), instead of learned.
#
# [matching.weights]
# email = { same = 9.5, different = -2 }
"#;

/// What survivorship is, ahead of its section.
pub const SURVIVORSHIP: &str = r#"# Survivorship: how the golden value is chosen when members differ; each strategy breaks the ties
# of the one before. Strategies: valid, most_trusted, most_recent, oldest, most_frequent, longest,
# shortest, most_complete, consent (the latest statement; in doubt, the refusal), strictest (any refusal),
# maximum, minimum. Empty never survives.
# Fields listed together come from one record: for an address, one with a street and a place, if
# there is one.
"#;

/// `[policy]` and `[decisions]` as they are written to begin with.
pub const DECISIONS: &str = r#"# A delivery that makes another customer of a record, because its source reused the key or wrote somebody
# else over it (another name and date of birth, another national id): "hold" keeps the former values in force
# until a person has decided, "ask" takes the new ones and asks, "off" takes them. What counts: README, Overlays.
[policy]
overlay = "hold"

[decisions]
reason_required = ["waive", "escalate"]

[[decisions.reasons]]
code = "household"
for = ["not-a-match"]

[[decisions.reasons]]
code = "verified-with-customer"
for = ["merge", "not-a-match", "unmerge", "correct", "pin", "waive", "quarantine", "close", "reopen",
       "accept", "keep", "answer", "undo"]

[[decisions.reasons]]
code = "source-limitation"
for = ["waive"]

[[decisions.reasons]]
code = "legal-hold"
for = ["waive", "escalate", "defer", "hold"]

[[decisions.reasons]]
code = "needs-a-document"
for = ["escalate"]

[[decisions.reasons]]
code = "source-must-check"
for = ["escalate"]

[[decisions.reasons]]
code = "second-opinion"
for = ["escalate"]

# How consistent verdicts are: this share of decided duplicates is asked again without showing what was
# decided; of somebody else who may decide, or of whoever decided, a day later, where there is nobody else.
#
# [review]
# second = 0.05
# second_by = "other"      # or self, both
#
# How much is missed? This many pairs below the review threshold are drawn at random and asked about, and
# up to as many that no blocking key brings together: `steward match --status` then says how much was
# found, with an interval. 100 are enough to tell; 20 are not.
#
# elusion = 100
#
# In the review, `m` and `n` ask for a reason and a note, as `M` and `N` always do; Enter skips both.
#
# ask_reason = true
#
# Each of [people.*] is told what changed in these settings until they say that they have read it; by default
# where there are two or more of them.
#
# acknowledge = false

# What data is used for, and the legal basis (GDPR Art. 6(1)); name it in the `purpose` of fields.
#
# [purposes.newsletter]
# basis = "consent"        # or contract, legal_obligation, vital_interests, public_task, legitimate_interest
# consent = "marketing_consent"
# expires = "24 months"
#
# When customers become due to be erased, by `steward retain`; and what must be kept, which wins.
#
# [[retention]]
# of = "customers"
# after = "36 months"
# from = "last_delivered"                # or "updated", "created"
# then = "erase"
# [[retention]]
# keep = "10 years"
# from = "created"
# [[retention]]
# of = "unattached"                      # activities that belong to nobody
# after = "12 months"
# then = "erase"

# The steps that customers take, by the kinds of their activities; see steward journeys.
#
# [[journeys]]
# id = "first-order"
# steps = ["page_view", "cart_add", "purchase"]
# order = "loose"                        # or "strict": nothing between
# window = "30 days"                     # from the first step

# Who may come in through `steward serve`, each as a Unix user of this machine. If nobody is named, only the
# user who runs it.
#
# [people.kim]
# name = "Kim Novak"
# unix = "kim"
# role = "steward"
#
# What a role may do (`steward access --verbs` lists the verbs), and how much of a field it sees: hide, last4,
# year, domain, initials; `clear` exempts a field from `default`. Without [roles.*], whoever comes in may do everything.
#
# [roles.steward]
# may = ["tasks", "find", "show", "history", "explain", "decide", "fix", "comment", "undo", "unmask:date_of_birth"]
# mask = { national_id = "last4" }
# [roles.viewer]
# may = ["tasks", "show", "dashboard"]
# mask = { default = "hide", city = "clear" }

# Verdicts that somebody else approves before they do anything; the first rule that holds decides.
#
# [[approvals]]
# when = "verdict = merge and customers > 5"
# by = "lead"                             # a role of [roles.*] with the verb approve
# due = 3                                 # days
"#;

const STARTER: &str = r#"# The governance of this workspace. `steward check` reads it back to you in plain words.

[workspace]
name = {name}
{region}default country of phones, addresses, dates and numbers

# Fields, in the order of screens and exports. The type defines everything a field needs: how its
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
# read from; a list of columns is joined with spaces, dots reach into nested JSON. How a source writes
# dates and numbers is detected from each whole column and shown at the end of an import; if it
# cannot be detected, or is detected wrongly, set it here.

[sources.crm]
trust = 90                              # 0 to 100, or { default = 90, email = 60 }
owner = "crm team"
key = "id"                              # the column that identifies its records
updated = "updated_at"                  # the column that says when a record last changed
unmapped = "drop"                       # columns that no field is read from are dropped; "keep" keeps them
# link = "https://crm.example/contacts/{key}"  # where its records are there: `o` in the review shows it
# encoding = "windows-1250"             # of its files, if not detected correctly
# delimiter = ";"                       # one character, or "tab", "comma", "pipe"
# header_row = 4                        # the line of the header, if there are rows above it
# columns = ["id:10", "name:30"]        # for fixed-width files: each column's width in characters
# dates = "day-first"                   # or "month-first", "year-first"; by field: { default = "...", updated = "..." }
# numbers = "1.234,56"                  # any number that shows both separators; also by field
# region = "GB"                         # the country whose formats it uses, if different
# zone = "Europe/London"                # of times without a zone; default: UTC
# required = ["email"]                  # a file without it is refused; if another mapped column
#                                       # is missing, its values are kept
# key_form = "salesforce"               # ids of 15 and of 18 characters are the same; "email": so are
#                                       # upper and lower case; "digits 6": so are 123 and 000123
# rows = "several"                      # rows with the same key are one record; each field takes its first value,
#                                       # or, with `updated`, that of the newest row
# rows_by = "Name"                      # a row without a key then belongs to the row above, if this
#                                       # column is the same
# is_organisation = "is_company"        # says whether a name is an organisation's or a person's, if one
#                                       # column is mapped to both
# absent = ["False", "n.a."]            # cells that mean no value, besides `N/A`, `-` and the like
# merged_into = "MasterRecordId"        # columns that show what the source has merged: the key
# merged_from = "Merged record IDs"     # this record was merged into, and the keys merged into it; a person is
#                                       # asked about each such pair
# deleted = "IsDeleted"                 # a column in which a yes or a time means that the source deleted
#                                       # the record; or { column = "status", is = ["deleted"] }. With
#                                       # `vanished = "close"`, more than a tenth at once must be confirmed
# vanished = "close"                    # close records that `import --complete` no longer finds;
#                                       # default: ask a person

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

# Code lists: the codes a field has in the files, and the standard word for each; the value as
# delivered is kept too. A source may have its own codes, which come first. In a category, an
# occupation or a text, a value in no list is kept as is and breaks a rule with check = "format".
#
# [codes.status]
# A = "active"
# I = "inactive"
# [codes.status.crm]
# 1 = "active"

# Rules. Checks: required, format, one_of (values), range (min, max), pattern (pattern), unique,
# compare (other, comparison), not_default (values; leave out for the well-known placeholders),
# fresh (days). Severity `error` makes a task and blocks decisions that would newly break the rule;
# `warn`, the default, is counted and shown. `when` limits a rule: when = "country = US".

[[rules]]
id = "family-name-required"
field = "family_name"
check = "required"
when = "organisation_name is empty"     # organisations have none
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

# For any type: garbled characters (`JosÃ©`) and unreadable values.
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
marketing_consent = ["consent"]
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
