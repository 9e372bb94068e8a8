//! A customer.

use serde_json::{Map, Value, json};

use super::super::text::{Table, clean, counted};
use super::super::{history, hold, measures, moment};
use super::{Origins, origin, violation_lines};
use domain::{Golden, KeptValue, Said, Shown};
use door::views::{Cell, CustomerView, FieldView, MemberView};

/// Golden values by field, each with where it came from.
pub fn golden_to_json(golden: &Golden<Shown>, origins: &Origins) -> Value {
    let values = golden.values.iter().map(|value| {
        let from = origin(&value.origin, origins);
        let value_of = json!({ "value": value.text, "readable": value.readable, "from": from });
        (value.field.to_string(), value_of)
    });
    Value::Object(values.collect())
}

/// Members, each with its values by field.
pub fn members_to_json(members: &[MemberView]) -> Value {
    let member = |member: &MemberView| {
        let values: Map<String, Value> = member
            .cells
            .iter()
            .filter_map(|cell| Some((cell.field.to_string(), cell.text.as_deref()?.into())))
            .collect();
        json!({
            "id": member.address,
            "trust": member.trust,
            "updated": member.updated,
            "vanished": member.vanished,
            "values": values,
        })
    };
    members.iter().map(member).collect()
}

/// The customer as one object.
pub fn to_json(view: &CustomerView) -> Value {
    json!({
        "id": view.customer,
        "redirected_from": view.redirected_from,
        "at": view.at,
        "version": view.column.version,
        "golden": golden_to_json(&view.column.golden, &view.origins),
        "kept": kept_to_json(&view.column.golden, &view.column.members),
        "members": members_to_json(&view.column.members),
        "consent": view.consent.rows,
        "preferences": view.consent.preferences,
        "holds": view.holds,
        "restrictions": view.restrictions,
        "measures": view.measures,
        "segments": view.segments,
        "violations": view.violations,
        "tasks": view.tasks,
        "retired": view.retired,
        "history": view.history,
    })
}

/// The customer as text: golden values with lineage, then what each member says.
pub fn lines(view: &CustomerView) -> Vec<String> {
    let then = view.at.map_or(String::new(), |at| format!(" as it was at {}", moment::shown(at)));
    let from = view.redirected_from.map_or(String::new(), |from| format!(" ({from} redirects)"));
    let version = view.column.version;
    let mut lines = vec![format!("{}{from}{then}, version {version}", view.customer)];
    let mut table = Table::default();
    for field in &view.fields {
        let name = field.name.as_str();
        let (value, from) = match view.column.golden.get(name) {
            Some(value) => (clean(&value.text), origin(&value.origin, &view.origins)),
            None if view.column.has_lost(&field.name) => {
                ("(empty)".to_owned(), "the record that won its group has none".to_owned())
            }
            None => ("(none)".to_owned(), String::new()),
        };
        table.row([format!("  {name}"), value, clean(&from)]);
        kept_rows(&mut table, name, view);
    }
    let mut groups: Vec<&str> = view.column.golden.kept.iter().map(|it| it.of.as_str()).collect();
    groups.dedup();
    let is_field = |name: &&str| view.fields.iter().any(|field| field.name.as_str() == *name);
    for name in groups.into_iter().filter(|name| !is_field(name)) {
        kept_rows(&mut table, name, view);
    }
    lines.extend(table.lines());
    lines.push(match view.column.members.len() {
        1 => "1 record".to_owned(),
        more => format!("{more} records"),
    });
    lines.extend(member_lines(&view.fields, &view.column.members));
    if !view.violations.is_empty() {
        lines.push("violations".to_owned());
        lines.extend(violation_lines(&view.violations));
    }
    if !view.consent.rows.is_empty() {
        lines.push("consent".to_owned());
        let mut table = Table::default();
        for row in &view.consent.rows {
            let contradicted = row.contradicted == Some(true);
            let told = if contradicted { "its records contradict each other" } else { "" };
            table.row([format!("  {}", clean(&row.about())), clean(&row.state), told.to_owned()]);
        }
        lines.extend(table.lines());
    }
    if !view.consent.preferences.is_empty() {
        lines.push("preferences".to_owned());
        let mut table = Table::default();
        for row in &view.consent.preferences {
            let contradicted = row.contradicted == Some(true);
            let told = if contradicted { "its records contradict each other" } else { "" };
            table.row([format!("  {}", clean(&row.about())), clean(row.told()), told.to_owned()]);
        }
        lines.extend(table.lines());
    }
    if !view.measures.is_empty() {
        lines.push("measures".to_owned());
        let mut table = Table::default();
        for measure in &view.measures {
            table.row([format!("  {}", measure.name), measures::said(measure)]);
        }
        lines.extend(table.lines());
    }
    if !view.segments.is_empty() {
        lines.push(format!("segments: {}", view.segments.join(", ")));
    }
    lines.extend(hold::lines(&view.holds));
    lines.extend(view.restrictions.iter().map(|it| {
        let task = it.task.map(|task| format!("{task}, ")).unwrap_or_default();
        let records = counted(it.records, "record", "records");
        format!("{} ({task}{}), on {records}", clean(&it.what), it.decision)
    }));
    let list = |ids: Vec<String>| ids.join(", ");
    if !view.tasks.is_empty() {
        let tasks = view.tasks.iter().map(ToString::to_string).collect();
        lines.push(format!("tasks: {}", list(tasks)));
    }
    if !view.retired.is_empty() {
        let retired = view.retired.iter().map(ToString::to_string).collect();
        lines.push(format!("redirects here: {}", list(retired)));
    }
    lines.push("history".to_owned());
    lines.extend(history::lines(&view.history));
    lines
}

/// The further values that are kept under a name.
fn kept_rows(table: &mut Table, name: &str, view: &CustomerView) {
    for kept in view.column.golden.kept_of(name) {
        let said = [("", &kept.kind), ("since ", &kept.since), ("verified ", &kept.verified)];
        let said = said.into_iter().filter_map(|(what, said)| {
            said.as_ref().map(|said| format!("{what}{}", clean(&said.text)))
        });
        let from = sources_of(kept, &view.column.members);
        let about: Vec<String> = said.chain([from]).collect();
        table.row([format!("  {name}, also"), clean(&kept.text), clean(&about.join(", "))]);
    }
}

/// The records that hold a value that is kept, by their keys.
fn sources_of(kept: &KeptValue<Shown>, members: &[MemberView]) -> String {
    let holders = members.iter().filter(|member| kept.records.contains(&member.record));
    let holders: Vec<String> = holders.map(|member| member.address.to_string()).collect();
    holders.join(", ")
}

/// Values that survive beside the golden ones, each with who holds it.
fn kept_to_json(golden: &Golden<Shown>, members: &[MemberView]) -> Value {
    let said = |said: &Option<Said<Shown>>| said.as_ref().map(|said| said.text.clone());
    let kept = golden.kept.iter().map(|kept| {
        let holders = members.iter().filter(|member| kept.records.contains(&member.record));
        let holders: Vec<String> = holders.map(|member| member.address.to_string()).collect();
        json!({
            "of": kept.of,
            "fields": kept.fields,
            "value": kept.text,
            "kind": said(&kept.kind),
            "since": said(&kept.since),
            "verified": said(&kept.verified),
            "records": holders,
        })
    });
    kept.collect()
}

/// One row a field, one column a member.
fn member_lines(fields: &[FieldView], members: &[MemberView]) -> Vec<String> {
    let mut table = Table::default();
    let heads = members.iter().map(|member| clean(&member.address.to_string()));
    table.row(std::iter::once("  ".to_owned()).chain(heads));
    let trusts = members
        .iter()
        .map(|member| format!("trust {}, {}", member.trust, moment::day(member.updated)));
    table.row(std::iter::once("  ".to_owned()).chain(trusts));
    if members.iter().any(|member| member.vanished.is_some()) {
        let fates = members.iter();
        let fates = fates.map(|it| it.vanished.map_or(String::new(), |it| it.to_string()));
        table.row(std::iter::once("  ".to_owned()).chain(fates));
    }
    for (at, field) in fields.iter().enumerate() {
        let value = |member: &MemberView| cell_text(member.cells.get(at));
        let values = members.iter().map(value);
        table.row(std::iter::once(format!("  {}", field.name)).chain(values));
    }
    table.lines()
}

/// A cell's value with `!` where it breaks a rule and `*` where a person put it there.
pub fn cell_text(cell: Option<&Cell>) -> String {
    let Some(cell) = cell else { return String::new() };
    let text = cell.text.as_deref().map_or("-".to_owned(), clean);
    let broken = if cell.violations.is_empty() { "" } else { "!" };
    let by_hand = if cell.by_hand { "*" } else { "" };
    format!("{text}{by_hand}{broken}")
}
