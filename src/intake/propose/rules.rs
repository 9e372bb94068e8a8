//! The rules to begin with: what the types of the fields can be asked, and what the files keep.

use super::source::Proposal;
use domain::FieldType;
use settings::quoted;

/// A file with fewer rows shows no rule.
const ENOUGH: u64 = 20;

/// A rule, with why it is proposed.
struct Rule {
    id: String,
    field: String,
    lines: Vec<String>,
    why: String,
}

/// `[[rules]]` of a proposal.
pub(super) fn write(proposal: &Proposal) -> String {
    let mut text = String::new();
    let mut rules = Vec::new();
    for (field, field_type, _) in proposal.fields() {
        rules.extend(of_type(field, field_type));
        rules.extend(kept(proposal, field, field_type));
    }
    for rule in rules {
        text.push_str(&format!(
            "[[rules]]                               # {}\nid = {}\nfield = {}\n{}\n\n",
            rule.why,
            quoted(&rule.id),
            quoted(&rule.field),
            rule.lines.join("\n")
        ));
    }
    text
}

/// What every field of its type is asked.
fn of_type(field: &str, field_type: FieldType) -> Vec<Rule> {
    let rule = |what: &str, lines: &[&str], why: &str| Rule {
        id: format!("{}-{what}", field.replace('_', "-")),
        field: field.to_owned(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        why: why.to_owned(),
    };
    match field_type {
        FieldType::Email => vec![rule(
            "syntax",
            &["check = \"format\"", "severity = \"error\"", "message = \"not an e-mail address\""],
            "an address that reaches nobody becomes a task",
        )],
        FieldType::DateOfBirth => vec![
            rule(
                "range",
                &[
                    "check = \"range\"",
                    "min = \"1900-01-01\"",
                    "max = \"today\"",
                    "severity = \"error\"",
                    "message = \"no living person was born on that day\"",
                ],
                "a birth in the future, or long ago",
            ),
            rule(
                "placeholder",
                &["check = \"not_default\""],
                "01.01.1900 and the like are not birthdays",
            ),
        ],
        FieldType::Phone | FieldType::Postcode | FieldType::Country | FieldType::Date => {
            vec![rule(
                "format",
                &["check = \"format\""],
                "a warning is counted and shown; severity = \"error\" would make tasks",
            )]
        }
        FieldType::NationalId | FieldType::Identifier => {
            vec![rule(
                "format",
                &["check = \"format\""],
                "`unknown`, `00000000` and the like are not identifiers",
            )]
        }
        of_words if of_words.is_proper_name() || of_words == FieldType::Consent => {
            vec![rule("format", &["check = \"format\""], "garbled letters, and unreadable text")]
        }
        _ => Vec::new(),
    }
}

/// What all files with the field keep already.
fn kept(proposal: &Proposal, field: &str, field_type: FieldType) -> Vec<Rule> {
    let holders: Vec<_> = proposal
        .written()
        .filter_map(|source| {
            let mapped = source.map.iter().find(|mapped| mapped.field == field)?;
            Some((source, mapped))
        })
        .collect();
    let is_everywhere = holders.len() == proposal.written().count();
    let all = |keeps: &dyn Fn(&super::ProposedSource, &super::Mapped) -> bool| {
        holders.iter().all(|(source, mapped)| source.look.rows >= ENOUGH && keeps(source, mapped))
    };
    let id = |what: &str| format!("{}-{what}", field.replace('_', "-"));
    let mut rules = Vec::new();
    let is_asked = matches!(
        field_type,
        FieldType::FamilyName
            | FieldType::FullName
            | FieldType::OrganisationName
            | FieldType::Email
            | FieldType::Country
    );
    // Where one column holds persons and organisations, no row has both.
    let is_whole = |source: &super::ProposedSource, mapped: &super::Mapped| {
        let mut others = source.map.iter().filter(|other| other.field != mapped.field);
        mapped.filled == source.look.rows && others.all(|other| other.columns != mapped.columns)
    };
    if is_asked && is_everywhere && all(&is_whole) {
        rules.push(Rule {
            id: id("required"),
            field: field.to_owned(),
            lines: vec!["check = \"required\"".to_owned()],
            why: "every row has one: a row without it is noticed".to_owned(),
        });
    }
    let is_personal = matches!(field_type, FieldType::Email | FieldType::NationalId);
    if is_personal && all(&|_, mapped| mapped.is_unique && mapped.filled >= ENOUGH) {
        rules.push(Rule {
            id: id("unique"),
            field: field.to_owned(),
            lines: vec!["check = \"unique\"".to_owned()],
            why: "no two rows of a file share one: two customers with the same one are noticed"
                .to_owned(),
        });
    }
    rules
}
