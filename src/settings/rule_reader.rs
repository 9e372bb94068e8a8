//! Reads `[[rules]]`: what every rule has. [`super::check_reader`] reads what its check needs.
//!
//! Defaults: severity `warn`, because a rule makes work and blocks decisions only where somebody
//! wrote that it should; the dimension its check measures; a message that says the check in words.

use super::field::{Declared, is_declared, type_of};
use super::nearest::hint;
use super::reader::{Findings, Placed, Table, name_is_sound};
use super::{Check, Rule, check_reader, wording};
use domain::expression::Expression;
use domain::{Dimension, FieldName, RuleId, Severity};

/// Keys of every rule, whatever it checks.
const COMMON: [&str; 8] =
    ["id", "field", "check", "when", "severity", "dimension", "message", "remedy"];

const SEVERITIES: [(&str, Severity); 2] = [("warn", Severity::Warn), ("error", Severity::Error)];

const DIMENSIONS: [(&str, Dimension); 6] = [
    ("completeness", Dimension::Completeness),
    ("validity", Dimension::Validity),
    ("uniqueness", Dimension::Uniqueness),
    ("consistency", Dimension::Consistency),
    ("timeliness", Dimension::Timeliness),
    ("accuracy", Dimension::Accuracy),
];

pub(super) fn read_all(
    tables: &[Table<'_>],
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Vec<Rule> {
    let mut ids: Vec<&str> = Vec::with_capacity(tables.len());
    let mut rules = Vec::with_capacity(tables.len());
    for table in tables {
        let id = table.required_text("id", findings);
        if let Some(id) = id {
            name_is_sound(id.at, "the rule id", id.text, findings);
            if ids.contains(&id.text) {
                findings.add(id.at, format!("the rule id `{}` appears twice", id.text));
            }
            ids.push(id.text);
        }
        rules.extend(read(id, table, fields, findings));
    }
    rules
}

fn read(
    id: Option<Placed<'_>>,
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Rule> {
    let user = id.map_or_else(|| "a rule".to_owned(), |id| format!("the rule `{}`", id.text));
    let field = table.required_text("field", findings);
    if let Some(field) = field {
        is_declared(field.at, &user, field.text, fields, findings);
    }
    let field_type = field.and_then(|field| type_of(field.text, fields));
    let when = table.text("when", findings).and_then(|w| condition(w, &user, fields, findings));
    let severity = table.text("severity", findings);
    let severity = severity.and_then(|name| named("severity", name, &SEVERITIES, findings));
    let dimension = table.text("dimension", findings);
    let dimension = dimension.and_then(|name| named("dimension", name, &DIMENSIONS, findings));
    let message = table.text("message", findings).map(|message| message.text.to_owned());
    let remedy = table.text("remedy", findings).map(|remedy| remedy.text.to_owned());

    let name = table.required_text("check", findings)?;
    let Some(kind) = check_reader::kind(name.text) else {
        let hint = hint(name.text, check_reader::names());
        findings.add(name.at, format!("unknown check `{}`{hint}", name.text));
        return None;
    };
    let known: Vec<&str> = COMMON.into_iter().chain(kind.arguments.iter().copied()).collect();
    table.only(&known, findings);
    let field = field?.text;
    let subject = check_reader::Subject { user: &user, field, field_type, fields };
    let check = (kind.read)(table, &subject, findings)?;
    let listed = fields.iter().any(|declared| declared.name == field && declared.listed);
    let breach = || match check {
        Check::Format if listed => wording::unlisted(field),
        _ => wording::breach(&check, field, field_type),
    };
    Some(Rule {
        id: RuleId::new(id?.text),
        field: FieldName::new(field),
        when,
        severity: severity.unwrap_or(Severity::Warn),
        dimension: dimension.unwrap_or_else(|| dimension_of(&check)),
        message: message.unwrap_or_else(breach),
        remedy,
        check,
    })
}

fn named<T: Copy>(
    what: &str,
    name: Placed<'_>,
    known: &[(&'static str, T)],
    findings: &mut Findings,
) -> Option<T> {
    let found = known.iter().find(|(known, _)| *known == name.text).map(|(_, value)| *value);
    if found.is_none() {
        let hint = hint(name.text, known.iter().map(|(known, _)| *known));
        findings.add(name.at, format!("unknown {what} `{}`{hint}", name.text));
    }
    found
}

fn condition(
    when: Placed<'_>,
    user: &str,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Option<Expression> {
    match Expression::parse(when.text) {
        Ok(expression) => {
            for name in expression.names() {
                is_declared(when.at, &format!("`when` of {user}"), name, fields, findings);
            }
            Some(expression)
        }
        Err(error) => {
            findings.add(when.at, format!("`when` of {user} cannot be read: {error}"));
            None
        }
    }
}

/// What a check measures, unless the rule says otherwise.
fn dimension_of(check: &Check) -> Dimension {
    match check {
        Check::Required => Dimension::Completeness,
        Check::Format
        | Check::OneOf(_)
        | Check::Range(_)
        | Check::Pattern(_)
        | Check::NotDefault(_) => Dimension::Validity,
        Check::Unique => Dimension::Uniqueness,
        Check::Compare { .. } => Dimension::Consistency,
        Check::Fresh { .. } => Dimension::Timeliness,
    }
}
