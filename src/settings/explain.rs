//! The settings in plain words, for `steward check`: what the file says and what follows from it.

use std::fmt::Write as _;

use super::approvals;
use super::governed::{of_field, write_purposes, write_requests, write_retention};
use super::journey;
use super::streams_told as streams;
use super::wording::demand;
use super::{
    Check, DeletedMark, GroupCore, Keep, KeyForm, OrganisationFlag, Rule, SecondBy, Settings,
    Source, Step, Unmapped, VanishedPolicy, Written,
};
use super::{measure, policy, segment};
use domain::FieldType;

/// Settings in plain words, several lines.
#[must_use]
pub fn explain(settings: &Settings) -> String {
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = write_all(&mut text, settings);
    text
}

fn write_all(text: &mut String, settings: &Settings) -> std::fmt::Result {
    let Settings { workspace, matching, .. } = settings;
    match &workspace.region {
        Some(region) => writeln!(text, "{}, region {region}", workspace.name)?,
        None => writeln!(
            text,
            "{}, no region: set formats that differ by country for each source",
            workspace.name
        )?,
    }
    write_fields(text, settings)?;
    write_purposes(text, settings)?;
    writeln!(text, "\nSources")?;
    for source in &settings.sources {
        write_source(text, source)?;
    }
    streams::write(text, settings)?;
    measure::write(text, &settings.measures)?;
    segment::write(text, &settings.segments)?;
    write_codes(text, settings)?;
    write_rules(text, settings)?;
    writeln!(text, "\nMatching")?;
    writeln!(text, "  match probability {} or more: merged automatically", matching.auto)?;
    writeln!(text, "  from {} up to that: a task for a steward", matching.review)?;
    writeln!(text, "  below: left alone")?;
    let (precision, confidence) = (matching.autonomy.precision(), matching.autonomy.confidence());
    writeln!(
        text,
        "  promised: at least {} % of the merges made under grants are right, with {} % confidence",
        per_cent(precision),
        per_cent(confidence)
    )?;
    write_by_hand(text, settings)?;
    write_survivorship(text, settings)?;
    write_decisions(text, settings)?;
    write_queue(text, settings)?;
    journey::write(text, &settings.journeys)?;
    write_retention(text, settings)?;
    write_requests(text, settings)?;
    policy::write(text, &settings.policy)?;
    write_people(text, settings)?;
    write_roles(text, settings)?;
    approvals::write(text, settings)
}

/// A share in per cent, without the noise of binary fractions.
fn per_cent(share: f64) -> f64 {
    (share * 1e6).round() / 1e4
}

fn write_by_hand(text: &mut String, settings: &Settings) -> std::fmt::Result {
    for fields in &settings.by_hand.same {
        let fields: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
        writeln!(
            text,
            "  same {}: one customer, whatever else differs, unless a date or a number contradicts, or \
             more than 50 records hold the value: then the rest decides",
            fields.join(" and ")
        )?;
    }
    for [one, other] in &settings.by_hand.never {
        writeln!(text, "  a record where {one} and a record where {other}: linked only by people")?;
    }
    for pinned in &settings.by_hand.weights {
        let said = [("same", pinned.same), ("different", pinned.different)];
        let said = said.into_iter().filter_map(|(what, bits)| Some(format!("{what} {:+}", bits?)));
        let said: Vec<String> = said.collect();
        writeln!(text, "  {}: {} bits, not learned", pinned.field, said.join(", "))?;
    }
    Ok(())
}

fn write_fields(text: &mut String, settings: &Settings) -> std::fmt::Result {
    writeln!(text, "\nFields")?;
    let width = settings.fields.iter().map(|field| field.name.as_str().chars().count()).max();
    for field in &settings.fields {
        let masked = if field.sensitive { "; masked on screen" } else { "" };
        let (kind, brings) = (field.field_type.name(), brings(field.field_type));
        let width = width.unwrap_or(0);
        writeln!(text, "  {:width$}  {kind}: {brings}{masked}", field.name)?;
        let said = of_field(field);
        if !said.is_empty() {
            writeln!(text, "  {:width$}  {}", "", said.join("; "))?;
        }
    }
    Ok(())
}

fn write_conventions(text: &mut String, source: &Source) -> std::fmt::Result {
    let conventions = &source.conventions;
    let mut said = Vec::new();
    said.extend(conventions.dates.default.map(|order| format!("dates {order}")));
    let orders = conventions.dates.fields.iter();
    said.extend(orders.map(|(field, order)| format!("dates of {field} {order}")));
    said.extend(conventions.numbers.default.map(|style| format!("numbers {style}")));
    let styles = conventions.numbers.fields.iter();
    said.extend(styles.map(|(field, style)| format!("numbers of {field} {style}")));
    said.extend(conventions.region.iter().map(|region| format!("region {region}")));
    said.extend(conventions.zone.iter().map(|zone| format!("times in {zone}")));
    if said.is_empty() { Ok(()) } else { writeln!(text, "    writes {}", said.join(", ")) }
}

fn write_source(text: &mut String, source: &Source) -> std::fmt::Result {
    let owner = source.owner.as_ref().map_or(String::new(), |owner| format!(", owner {owner}"));
    write!(text, "  {}: trust {}", source.name, source.trust.default)?;
    for (field, trust) in &source.trust.fields {
        write!(text, ", {trust} for {field}")?;
    }
    writeln!(text, "{owner}")?;
    if let Some(expires) = source.expires {
        writeln!(
            text,
            "    values of a record {expires} older than the newest of its customer give way to all others"
        )?;
    }
    if let Some(decay) = source.decay {
        writeln!(
            text,
            "    trusted half as much for each {decay} that a record is older than the newest of its customer"
        )?;
    }
    write!(text, "    key from `{}`", source.key)?;
    match &source.updated {
        Some(updated) => writeln!(text, ", last change from `{updated}`")?,
        None => writeln!(text, "; it does not say when a record changed")?,
    }
    let Written { encoding, delimiter, header_row } = source.written;
    if let Some(encoding) = encoding {
        writeln!(text, "    files in {encoding}")?;
    }
    if let Some(delimiter) = delimiter {
        writeln!(text, "    delimiter `{}`", char::from(delimiter).escape_default())?;
    }
    if let Some(row) = header_row {
        writeln!(text, "    header in line {row}")?;
    }
    if !source.columns.is_empty() {
        let columns = source.columns.iter().map(|it| format!("`{}` {}", it.name, it.width));
        let columns: Vec<String> = columns.collect();
        writeln!(text, "    column widths in characters: {}", columns.join(", "))?;
    }
    write_conventions(text, source)?;
    for (field, columns) in &source.map {
        writeln!(text, "    {field} from `{}`", columns.join("` + `"))?;
    }
    if !source.required.is_empty() {
        let fields: Vec<&str> = source.required.iter().map(|field| field.as_str()).collect();
        writeln!(text, "    a file without the columns of {} is refused", fields.join(", "))?;
    }
    match source.key_form {
        Some(KeyForm::Salesforce) => {
            writeln!(
                text,
                "    keys of 15 and of 18 characters are the same key, as in Salesforce"
            )?;
        }
        Some(KeyForm::Email) => {
            writeln!(text, "    keys are e-mail addresses: upper and lower case are the same")?;
        }
        Some(KeyForm::Digits(digits)) => {
            writeln!(text, "    numeric keys have {digits} digits, with leading zeros")?;
        }
        None => {}
    }
    if source.several_rows {
        let which = match source.updated {
            Some(_) => "the value of its newest row",
            None => "its first value",
        };
        writeln!(text, "    a record may have several rows: each field takes {which}")?;
    }
    if let Some(column) = &source.rows_by {
        writeln!(
            text,
            "    a row without a key belongs to the row above if `{column}` is the same"
        )?;
    }
    if let Some(OrganisationFlag { column, .. }) = &source.organisation {
        writeln!(text, "    `{column}` says whether a name is an organisation's or a person's")?;
    }
    let merged = [
        (&source.merged.into, "says which record this one was merged into"),
        (&source.merged.from, "lists the records merged into this one"),
    ];
    for (columns, what) in merged.into_iter().filter(|(columns, _)| !columns.is_empty()) {
        writeln!(text, "    `{}` {what}: a person is asked", columns.join("`, `"))?;
    }
    if let Some(DeletedMark { column, words }) = &source.deleted {
        let what = match words.is_empty() {
            true => "a yes or a time".to_owned(),
            false => format!("`{}`", words.join("` or `")),
        };
        let becomes = match source.vanished {
            VanishedPolicy::Close => "it is closed",
            VanishedPolicy::Task => "a person is asked",
        };
        writeln!(text, "    {what} in `{column}` says that the record was deleted: {becomes}")?;
    }
    if !source.absent.is_empty() {
        let words = source.absent.join("`, `");
        writeln!(text, "    `{words}` in a cell means no value")?;
    }
    if source.unmapped == Unmapped::Drop {
        writeln!(text, "    columns that nothing is read from are dropped")?;
    }
    if source.vanished == VanishedPolicy::Close {
        writeln!(text, "    records that a complete file no longer holds are closed")?;
    }
    Ok(())
}

fn write_codes(text: &mut String, settings: &Settings) -> std::fmt::Result {
    if settings.codes.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nCode lists")?;
    for list in &settings.codes {
        let field = &list.field;
        writeln!(text, "  {field}")?;
        for word in list.distinct_words() {
            let codes = list.codes().filter(|(_, _, of)| *of == word);
            let codes: Vec<String> = codes
                .map(|(source, code, _)| match source {
                    Some(source) => format!("`{code}` ({source})"),
                    None => format!("`{code}`"),
                })
                .collect();
            writeln!(text, "    {word} from {}", codes.join(", "))?;
        }
        let judges = |rule: &Rule| {
            rule.field == *field && matches!(rule.check, Check::Format | Check::OneOf(_))
        };
        if !settings.rules.iter().any(judges) {
            writeln!(
                text,
                "    no rule catches values in no list: one with check = \"format\" would"
            )?;
        }
    }
    Ok(())
}

fn write_rules(text: &mut String, settings: &Settings) -> std::fmt::Result {
    writeln!(text, "\nRules")?;
    if settings.rules.is_empty() {
        writeln!(text, "  none")?;
    }
    for rule in &settings.rules {
        let (severity, dimension) = (rule.severity.name(), rule.dimension.name());
        writeln!(text, "  {}: {severity}, {dimension}", rule.id)?;
        write!(text, "    {} {}", rule.field, demand(&rule.check))?;
        if let Some(when) = &rule.when {
            write!(text, " when {}", when.text())?;
        }
        writeln!(text, "\n    message: {}", rule.message)?;
        if let Some(remedy) = &rule.remedy {
            writeln!(text, "    remedy: {remedy}")?;
        }
    }
    Ok(())
}

fn write_survivorship(text: &mut String, settings: &Settings) -> std::fmt::Result {
    let survivorship = &settings.survivorship;
    writeln!(text, "\nSurvivorship, when members differ (empty never survives)")?;
    for group in &survivorship.groups {
        let fields: Vec<&str> = group.fields.iter().map(|field| field.as_str()).collect();
        let (name, fields, chain) = (&group.name, fields.join(", "), chain(&group.strategy));
        writeln!(text, "  {name}: {fields} together from one record: {chain}")?;
        if let Some(core) = GroupCore::of(group, settings).words() {
            writeln!(text, "    a record with {core} wins over one without")?;
        }
        if let Some(keep) = &group.keep {
            writeln!(text, "    {}", kept(keep))?;
        }
    }
    for (field, strategies) in &survivorship.fields {
        writeln!(text, "  {field}: {}", chain(strategies))?;
    }
    for field in &settings.fields {
        if let Some(keep) = &field.about.keep {
            writeln!(text, "  {}: {}", field.name, kept(keep))?;
        }
    }
    writeln!(text, "  every other field: {}", chain(&survivorship.default))
}

fn write_decisions(text: &mut String, settings: &Settings) -> std::fmt::Result {
    let decisions = &settings.decisions;
    writeln!(text, "\nDecisions")?;
    let required: Vec<&str> =
        decisions.reason_required.iter().map(|verdict| verdict.name()).collect();
    let required = if required.is_empty() { "nothing".to_owned() } else { required.join(", ") };
    writeln!(text, "  a reason is required for: {required}")?;
    writeln!(text, "  a bulk decides at most {} tasks", decisions.bulk_max)?;
    for reason in &decisions.reasons {
        let verdicts: Vec<&str> = reason.verdicts.iter().map(|verdict| verdict.name()).collect();
        let fits =
            if verdicts.is_empty() { "every verdict".to_owned() } else { verdicts.join(", ") };
        writeln!(text, "  {}: for {fits}", reason.code)?;
    }
    if settings.review.second > 0.0 {
        let share = settings.review.second * 100.0;
        let by = settings.review.second_by;
        let alone = settings.who_may_judge().nth(1).is_none();
        if alone || by != SecondBy::Other {
            writeln!(
                text,
                "  {share} % of decided duplicates come back a day later, blind, to whoever decided"
            )?;
        }
        if !alone && by != SecondBy::Oneself {
            writeln!(
                text,
                "  {share} % of decided duplicates go to somebody else, who is not told what was said"
            )?;
        }
    }
    if settings.review.ask_reason {
        writeln!(
            text,
            "  the review asks for a reason and a note with each merge and not-a-match"
        )?;
    }
    if settings.review.elusion > 0 {
        let draws = settings.review.elusion;
        writeln!(
            text,
            "  {draws} pairs below review, and up to {draws} that no key brings together, are drawn and asked about, to estimate what is missed"
        )?;
    }
    Ok(())
}

fn write_queue(text: &mut String, settings: &Settings) -> std::fmt::Result {
    let queue = &settings.queue;
    writeln!(text, "\nQueue")?;
    writeln!(text, "  order: {}", queue.order.name())?;
    match &queue.stake {
        Some(field) => {
            writeln!(text, "  value at stake: {field}, summed over the customers of a task")?
        }
        None => writeln!(text, "  value at stake: no field set")?,
    }
    for (kind, days) in &queue.due {
        writeln!(text, "  a task of kind {} is due after {days} days", kind.name())?;
    }
    writeln!(text, "  a claim lasts {} minutes", queue.claim.as_secs() / 60)?;
    for view in &queue.views {
        writeln!(text, "  view {}: {}", view.name, view.filter.text())?;
    }
    Ok(())
}

fn write_people(text: &mut String, settings: &Settings) -> std::fmt::Result {
    if settings.people.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nPeople")?;
    for person in &settings.people {
        let unix = person.unix.iter().map(|unix| format!("Unix user `{unix}`"));
        let keys = match person.keys.len() {
            0 => None,
            1 => Some("1 SSH key".to_owned()),
            keys => Some(format!("{keys} SSH keys")),
        };
        let mut ways: Vec<String> = unix.chain(keys).collect();
        if ways.is_empty() {
            ways.push("no Unix user and no SSH key, so they cannot come in".to_owned());
        } else if person.second_factor {
            ways.push("one-time code".to_owned());
        }
        let name = if person.name == person.id { "" } else { &person.name };
        let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
        let stand_ins = match &person.stand_ins[..] {
            [] => String::new(),
            [one] => format!("; {one} answers for them"),
            several => format!("; {} answer for them", several.join(", ")),
        };
        let role = match &person.role {
            Some(role) => format!("; role {role}"),
            None if settings.roles.is_empty() => String::new(),
            None => "; no role, so they may do nothing".to_owned(),
        };
        writeln!(text, "  {}{name}: {}{role}{stand_ins}", person.id, ways.join(", "))?;
    }
    Ok(())
}

fn write_roles(text: &mut String, settings: &Settings) -> std::fmt::Result {
    if settings.roles.is_empty() {
        return Ok(());
    }
    writeln!(text, "\nRoles")?;
    for role in &settings.roles {
        writeln!(text, "  {}: may {}", role.name, role.told_may())?;
        if !role.mask.is_empty() {
            writeln!(text, "    sees masked: {}", role.told_mask())?;
        }
    }
    Ok(())
}

/// What is kept beside the value that survives, in one clause.
fn kept(keep: &Keep) -> String {
    let mut said = "the other values are kept beside the golden one".to_owned();
    if keep.columns > 0 {
        said += &format!(", {} of them in columns of their own", keep.columns);
    }
    let named = [("kind", &keep.kind), ("since", &keep.since), ("verified", &keep.verified)];
    for (what, field) in named {
        if let Some(field) = field {
            said += &format!("; {what} from {field}");
        }
    }
    said
}

fn chain(strategies: &[Step]) -> String {
    let names: Vec<String> = strategies.iter().map(Step::words).collect();
    names.join(", then ")
}

/// What a type does with its values, in one clause.
fn brings(field_type: FieldType) -> &'static str {
    match field_type {
        FieldType::GivenName => "name case; compared with nicknames, initials and spelling errors",
        FieldType::FamilyName => "name case; compared by spelling and sound, rare names count more",
        FieldType::FullName => "split into names; compared in any order",
        FieldType::NameSuffix => "Jr, Sr, III separated; tells namesakes of a family apart",
        FieldType::OrganisationName => "legal form separated; compared by its words",
        FieldType::Email => "lower case, syntax checked; compared as a whole and before the @",
        FieldType::Phone => "international form (E.164); fields of this type compared crosswise",
        FieldType::Street => "words written out; compared by number and name",
        FieldType::City => "name case; compared by spelling",
        FieldType::Region => "the code of the state or province; compared whole",
        FieldType::Postcode => "in its country's format; compared whole and by its start",
        FieldType::Country => "ISO 3166-1 code; compared whole",
        FieldType::Address => "split into its parts; compared by its words",
        FieldType::DateOfBirth => "ISO date; compared by day, month and year, and when swapped",
        FieldType::NationalId => "upper case without separators; two different ones contradict",
        FieldType::Identifier => "upper case without separators; compared whole",
        FieldType::Gender => "one code per meaning; compared whole",
        FieldType::Occupation => "spaces tidied; weak evidence",
        FieldType::Date => "ISO date; not compared",
        FieldType::Number => "plain decimal; not compared",
        FieldType::Category => "spaces tidied; compared whole",
        FieldType::Consent => "yes or no; not compared",
        FieldType::Text => "spaces tidied; not compared",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{parse, starter};

    #[test]
    fn says_what_becomes_of_records() {
        let source = |lines: &str| {
            let text = format!(
                "[workspace]\nname='a'\n[fields.city]\ntype='city'\n[sources.crm]\nkey='Id'\n\
                 {lines}\nmap={{city='c'}}\n"
            );
            explain(&parse(&text).unwrap())
        };
        for (lines, told) in [
            (
                "deleted='gone'",
                "a yes or a time in `gone` says that the record was deleted: a person is asked",
            ),
            (
                "deleted={column='s', is=['x', 'y']}\nvanished='close'",
                "`x` or `y` in `s` says that the record was deleted: it is closed",
            ),
            ("absent=['False']", "`False` in a cell means no value"),
            ("rows='several'", "a record may have several rows: each field takes its first value"),
            (
                "rows='several'\nupdated='at'",
                "a record may have several rows: each field takes the value of its newest row",
            ),
            (
                "merged_into='M'",
                "`M` says which record this one was merged into: a person is asked",
            ),
            ("merged_from='F'", "`F` lists the records merged into this one: a person is asked"),
        ] {
            let text = source(lines);
            assert!(text.contains(&format!("    {told}\n")), "{told} is not in\n{text}");
        }
    }

    #[test]
    fn says_what_the_starter_means() {
        let settings = parse(&starter("acme customers", Some("US"))).unwrap();
        let text = explain(&settings);
        for line in [
            "acme customers, region US",
            "  crm: trust 90, owner crm team",
            "    email from `email`",
            "  email-syntax: error, validity",
            "    email must be readable and plausible",
            "  match probability 0.99 or more: merged automatically",
            "  address: street, city, postcode, region, country together from one record: valid, then most_recent",
            "    a record with street, and city or postcode wins over one without",
            "  a reason is required for: waive, escalate",
        ] {
            assert!(text.lines().any(|found| found == line), "`{line}` is not in:\n{text}");
        }
    }

    #[test]
    fn code_lists_are_told_word_by_word() {
        let text = "[workspace]\nname='a'\n[fields.status]\ntype='category'\n[sources.crm]\nkey='id'\n\
            map={status='s'}\n[codes.status]\nA='active'\nI='inactive'\n[codes.status.crm]\n1='active'\n";
        let told = explain(&parse(text).unwrap());
        let expected = "\nCode lists\n  status\n    active from `A`, `1` (crm)\n    inactive from `I`\n    \
            no rule catches values in no list: one with check = \"format\" would\n\nRules\n";
        assert!(told.contains(expected), "{told}");
        let rule = "[[rules]]\nid='r'\nfield='status'\ncheck='format'\n";
        assert!(!explain(&parse(&format!("{text}{rule}")).unwrap()).contains("no rule catches"));
    }
}
