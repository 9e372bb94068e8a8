//! A proposal as a `steward.toml`, with the reason of each line.

use super::conventions::Convention;
use super::map::Mapped;
use super::source::{Proposal, ProposedSource};
use super::{map::Unmapped, rules};
use domain::{FieldType, counted};
use settings::{DECISIONS, MATCHING, SURVIVORSHIP, quoted};

/// Where comments begin.
const MARGIN: usize = 40;
/// So many columns that make no field are named.
const MOST_NAMED: usize = 60;

/// The text of a proposal; `conventions` says of each of its sources how it writes dates and numbers, as
/// far as that is known by now.
#[must_use]
pub fn write(proposal: &Proposal, conventions: &[Convention]) -> String {
    let mut text = String::from(
        "# Written by `steward init --from` after reading the files named below. Every line says why\n\
         # it is so; `not sure` says where to look first. Change what is wrong: `steward check` reads the\n\
         # file back in plain words, and nothing is final before the first import.\n\n",
    );
    text.push_str(&workspace(proposal));
    text.push_str(&fields(proposal));
    text.push_str(
        "# Sources: one table per file. `map` says which column each field is read from; a list of columns is\n\
         # joined with spaces; dots reach into nested JSON.\n\n",
    );
    let none = Convention::default();
    for (at, proposed) in proposal.sources.iter().enumerate() {
        text.push_str(&source(proposed, conventions.get(at).unwrap_or(&none)));
    }
    text.push_str(
        "# Rules. Severity `error` makes a task and blocks decisions that would newly break the rule; `warn`,\n\
         # the default, is counted and shown. README lists all checks; `when` limits a rule.\n\n",
    );
    text.push_str(&rules::write(proposal));
    text.push_str(MATCHING);
    text.push('\n');
    text.push_str(SURVIVORSHIP);
    text.push('\n');
    text.push_str(&survivorship(proposal));
    text.push_str(DECISIONS);
    text
}

/// A line with its comment.
pub(super) fn line(code: &str, comment: &str) -> String {
    let comment = plain(comment);
    let width = code.chars().count();
    if comment.is_empty() {
        return format!("{code}\n");
    }
    let gap = MARGIN.saturating_sub(width).max(1);
    format!("{code}{:gap$}# {comment}\n", "")
}

/// Text that stays in its comment.
fn plain(text: &str) -> String {
    text.chars().map(|it| if it.is_control() { ' ' } else { it }).collect()
}

fn workspace(proposal: &Proposal) -> String {
    let mut text = format!("[workspace]\nname = {}\n", quoted(&proposal.workspace));
    text.push_str(&match &proposal.region {
        Some(region) => {
            let sure = if region.is_sure { "" } else { "not sure: " };
            line(
                &format!("region = {}", quoted(&region.code)),
                &format!("{sure}{}; the country of phones, addresses and dates", region.why),
            )
        }
        None => line(
            "# region = \"US\"",
            "unknown: nothing in the files says which country the phones, addresses and dates are from",
        ),
    });
    text.push('\n');
    text
}

fn fields(proposal: &Proposal) -> String {
    let mut text = String::from(
        "# Fields, in the order of screens and exports. The type defines everything a field needs: how its\n\
         # values are standardised, checked, compared and used to find candidates. All sources share them.\n\n",
    );
    for (field, field_type, is_sensitive) in proposal.fields() {
        text.push_str(&format!("[fields.{field}]\ntype = {}\n", quoted(field_type.name())));
        if is_sensitive {
            text.push_str(&line("sensitive = true", "masked on screen until unmasked"));
        }
        text.push('\n');
    }
    text
}

fn source(source: &ProposedSource, convention: &Convention) -> String {
    let name = &source.name;
    let mut text = format!(
        "# {}: {}, {}, {}\n",
        plain(&source.file),
        plain(&source.look.description),
        counted(source.look.rows, "row", "rows"),
        counted(source.look.columns.len() as u64, "column", "columns")
    );
    if let Some((preset, title)) = &source.preset {
        text.push_str(&format!(
            "# Recognised by its header as {}: key and map are those of the preset `{}`.\n",
            plain(title),
            plain(preset)
        ));
    }
    for remark in &source.remarks {
        text.push_str(&format!("# not sure: {}\n", plain(remark)));
    }
    let lack = source.lack();
    if let Some(lack) = &lack {
        text.push_str(&format!("# left out: {}\n", plain(lack)));
    }
    let mut body = format!("[sources.{name}]\n");
    let (trust, why) = source.trust;
    body.push_str(&line(&format!("trust = {trust}"), &format!("0 to 100: {why}")));
    match &source.key {
        Some(key) => body.push_str(&line(&format!("key = {}", quoted(&key.column)), &key.why)),
        None => body.push_str(&line("key = \"...\"", "no column tells the rows apart")),
    }
    if let Some(updated) = &source.updated {
        let code = format!("updated = {}", quoted(updated));
        body.push_str(&line(
            &code,
            "when a record last changed: an older row never replaces a newer one",
        ));
    }
    for extra in &source.extra {
        body.push_str(&format!("{extra}\n"));
    }
    body.push_str(&line(
        "unmapped = \"drop\"",
        "columns that no field is read from are dropped; \"keep\" keeps them",
    ));
    body.push_str(&written(source, convention));
    body.push_str(&format!("\n[sources.{name}.map]\n"));
    for mapped in &source.map {
        body.push_str(&map_lines(mapped));
    }
    body.push_str(&unmapped(&source.unmapped));
    body.push('\n');
    if lack.is_some() {
        // Ready to be completed by hand.
        let commented = body.lines().map(|line| match line {
            "" => "\n".to_owned(),
            line if line.starts_with('#') => format!("{line}\n"),
            line => format!("# {line}\n"),
        });
        body = commented.collect();
    }
    text + &body
}

/// How the source writes its files, as far as that must be said.
fn written(source: &ProposedSource, convention: &Convention) -> String {
    let mut text = String::new();
    if let Some(region) = &source.region {
        let why = format!("{}, unlike the workspace", region.why);
        text.push_str(&line(&format!("region = {}", quoted(&region.code)), &why));
    }
    let mut encodings = source.look.encodings.iter();
    if let Some(first) = encodings.next() {
        let others: Vec<&str> = encodings.copied().collect();
        let why = format!("not sure, maybe {}: import shows how each reads", others.join(" or "));
        text.push_str(&line(&format!("# encoding = {}", quoted(first)), &why));
    }
    if source.look.above > 0 {
        let rows = if source.look.above == 1 { "row that is" } else { "rows that are" };
        text.push_str(&format!(
            "# The header was found below {} {rows} not part of the table; set `header_row` if that is wrong.\n",
            source.look.above
        ));
    }
    for question in &convention.open {
        let first = question.choices.first().copied().unwrap_or_default();
        let code = format!("# {} = {{ {} = {} }}", question.key, question.field, quoted(first));
        let choices: Vec<String> = question.choices.iter().map(|it| quoted(it)).collect();
        let why = format!("not sure: {}; {}", question.why, choices.join(" or "));
        text.push_str(&line(&code, &why));
    }
    if !convention.assumed.is_empty() {
        let assumed = plain(&convention.assumed.join(", "));
        text.push_str(&format!("# import will assume: {assumed}\n"));
    }
    text
}

/// Columns as a value of a map.
fn columns(columns: &[String]) -> String {
    match columns {
        [only] => quoted(only),
        several => {
            let several: Vec<String> = several.iter().map(|column| quoted(column)).collect();
            format!("[{}]", several.join(", "))
        }
    }
}

fn map_lines(mapped: &Mapped) -> String {
    let code = format!("{} = {}", mapped.field, columns(&mapped.columns));
    let mut text = line(&code, &mapped.why);
    for (instead, why) in mapped.instead.iter().take(4) {
        let code = format!("# {} = {}", mapped.field, columns(instead));
        text.push_str(&line(&code, &format!("or: {why}")));
    }
    text
}

fn unmapped(columns: &[Unmapped]) -> String {
    if columns.is_empty() {
        return String::new();
    }
    let mut text = String::from(
        "# These are not fields: they are dropped (unmapped). To use one, declare a field of that type above\n\
         # and remove the #.\n",
    );
    for unmapped in columns.iter().take(MOST_NAMED) {
        let field = field_name(&unmapped.column);
        let code = format!("# {field} = {}", quoted(&unmapped.column));
        let why = format!("{} (type {})", unmapped.what, unmapped.field_type.name());
        text.push_str(&line(&code, &why));
    }
    if columns.len() > MOST_NAMED {
        text.push_str(&format!("# ... and {} more\n", columns.len() - MOST_NAMED));
    }
    text
}

/// A name for a field that is read from a column.
fn field_name(column: &str) -> String {
    let plain = deunicode::deunicode(column).to_lowercase();
    let words: Vec<&str> =
        plain.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty()).collect();
    if words.is_empty() { "field".to_owned() } else { words.join("_") }
}

fn survivorship(proposal: &Proposal) -> String {
    let mut text =
        String::from("[survivorship]\ndefault = [\"valid\", \"most_trusted\", \"most_recent\"]\n");
    let fields = proposal.fields();
    for (field, field_type, _) in &fields {
        if *field_type == FieldType::Consent {
            text.push_str(&line(
                &format!("{field} = [\"consent\"]"),
                "the latest statement counts; in doubt, the refusal",
            ));
        }
    }
    // Else a customer would have the given name of one record and the full name of another.
    let names: Vec<String> = fields
        .iter()
        .filter(|(_, field_type, _)| {
            matches!(field_type, FieldType::FullName | FieldType::GivenName | FieldType::FamilyName)
        })
        .map(|(field, ..)| quoted(field))
        .collect();
    if names.len() > 1 && fields.iter().any(|(_, it, _)| *it == FieldType::FullName) {
        text.push_str(&format!("name = {{ fields = [{}] }}\n", names.join(", ")));
    }
    let is_place = |field_type| {
        use FieldType::{City, Country, Postcode, Region, Street};
        matches!(field_type, Street | City | Postcode | Region | Country)
    };
    let places: Vec<String> = fields
        .iter()
        .filter(|(_, field_type, _)| is_place(*field_type))
        .map(|(field, ..)| quoted(field))
        .collect();
    if places.len() > 1 {
        text.push_str(&format!(
            "address = {{ fields = [{}], strategy = [\"valid\", \"most_recent\"] }}\n",
            places.join(", ")
        ));
    }
    text.push('\n');
    text
}
