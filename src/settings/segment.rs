//! `[segments.*]`: groups of customers by what they are and did, in the one expression language.

use std::fmt::Write as _;

use super::field::{Declared, type_of};
use super::measure::{Measure, expected_of};
use super::reader::{Findings, Placed, Table};
use domain::FieldType;
use domain::expression::{Expected, Expression};

/// The customers of whom something holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// Its name.
    pub name: String,
    /// What holds of them: over golden values and measures.
    pub when: Expression,
    /// What it is, in a person's words.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
}

impl Segment {
    /// Whether it asks for a field or a measure.
    #[must_use]
    pub fn asks(&self, name: &str) -> bool {
        self.when.names().contains(&name)
    }
}

/// `[segments.*]`, in the order of the file. `measured` are the names of all measures that are declared, those with
/// mistakes among them.
pub(super) fn read_all(
    segments: &Table<'_>,
    (fields, measures, measured): (&[Declared<'_>], &[Measure], &[&str]),
    findings: &mut Findings,
) -> Vec<Segment> {
    let mut list = Vec::with_capacity(segments.entries.len());
    for entry in &segments.entries {
        let name = entry.key;
        let Some(table) = Table::of(*entry, format!("[segments.{name}]"), findings) else {
            continue;
        };
        if !Expression::is_name(name) {
            findings.add(
                table.at,
                format!("the segment name `{name}` must be a word: use letters, digits and _"),
            );
        }
        table.only(&["where", "description", "owner"], findings);
        let said = |key: &str, findings: &mut Findings| {
            table.text(key, findings).map(|said| said.text.trim().to_owned())
        };
        let description = said("description", findings);
        let owner = said("owner", findings);
        let Some(when) = table.required_text("where", findings) else { continue };
        let known = (fields, measures, measured);
        let when = condition(when, &table.title, known, findings);
        list.extend(when.map(|when| Segment { name: name.to_owned(), when, description, owner }));
    }
    list
}

fn condition(
    when: Placed<'_>,
    title: &str,
    (fields, measures, measured): (&[Declared<'_>], &[Measure], &[&str]),
    findings: &mut Findings,
) -> Option<Expression> {
    let expected = |name: &str| -> Expected<'static> {
        let measure = measures.iter().find(|measure| measure.name.as_str() == name);
        match (measure.map(|it| it.gives), type_of(name, fields)) {
            (Some(gives), _) => expected_of(gives),
            (None, Some(FieldType::Consent)) => Expected::OneOf(&["yes", "no"]),
            (None, Some(of)) => expected_of(of),
            (None, None) if name == "customer" => Expected::Id("C17"),
            (None, None) => Expected::Text,
        }
    };
    let names: Vec<&str> = ["customer"]
        .into_iter()
        .chain(fields.iter().map(|field| field.name))
        .chain(measured.iter().copied())
        .collect();
    let parsed = Expression::parse(when.text).and_then(|expression| {
        expression.check("customers", &names, &expected).map(|()| expression)
    });
    match parsed {
        Ok(expression) => Some(expression),
        Err(error) => {
            findings.add(when.at, format!("`where` of {title}: {error}"));
            None
        }
    }
}

/// The segments in words, for `steward check`.
pub(super) fn write(text: &mut String, segments: &[Segment]) -> std::fmt::Result {
    if segments.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nSegments")?;
    for segment in segments {
        writeln!(text, "  {}: {}", segment.name, segment.when)?;
        if let Some(description) = &segment.description {
            writeln!(text, "    {description}")?;
        }
        if let Some(owner) = &segment.owner {
            writeln!(text, "    {owner} answers for it")?;
        }
    }
    Ok(())
}
