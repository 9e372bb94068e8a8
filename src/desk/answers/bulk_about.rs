//! What a task of a bulk is about, for whoever looks over the bulk before it is decided: the names, and the
//! fields whose values are not the same.

use super::comparison::{self, Between, Whole};
use super::summary::weakest;
use crate::error::Decided;
use crate::facts::{Facts, RecordFacts};
use crate::label::name_of;
use crate::second;
use domain::{CustomerId, FieldName, Shown, Task, TaskKind, Value};
use door::views::Mark;
use door::{Action, BulkAbout};

/// Customers that are read: of more it is said that there are.
const MOST: usize = 6;

/// What the task is about. Of what is asked blind no more is told than the queue tells.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn about(facts: Facts<'_>, task: &Task, action: Option<&Action>) -> Decided<BulkAbout> {
    if task.kind.may_be_blind() {
        let names = vec![second::label(facts, task)?];
        return Ok(BulkAbout { names, ..BulkAbout::default() });
    }
    let mut live: Vec<CustomerId> = Vec::new();
    for customer in &task.customers {
        if let Some(customer) = facts.view.follow(*customer)?
            && !live.contains(&customer)
        {
            live.push(customer);
        }
    }
    let more = live.len().saturating_sub(MOST);
    let wholes: Vec<Whole> =
        live.into_iter().take(MOST).map(|id| Whole::read(facts, id)).collect::<Decided<_>>()?;
    let name = |whole: &Whole| {
        let address = || whole.members.first().map(|member| member.body.address.to_string());
        let name = name_of(facts.settings, &whole.golden).or_else(address);
        name.unwrap_or_else(|| whole.id.to_string())
    };
    let mut about =
        BulkAbout { names: wholes.iter().map(name).collect(), more, ..Default::default() };
    if task.kind == TaskKind::Invalid {
        let record = task.record;
        let members = wholes.iter().flat_map(|whole| &whole.members);
        for member in members.filter(|member| Some(member.id) == record) {
            for violation in &member.violations {
                if !about.broken.contains(&violation.field) {
                    about.broken.push(violation.field.clone());
                }
            }
            if let Some(Action::Correct { values, cleared, .. }) = action {
                let set = values.iter().map(|(field, text)| (field, Some(text.as_str())));
                let cleared = cleared.iter().map(|field| (field, None));
                let changed = set.chain(cleared);
                about.changes.extend(changed.map(|(field, new)| change(facts, member, field, new)));
            }
        }
        return Ok(about);
    }
    about.weakest = weakest(Some(task)).filter(|it| *it < facts.settings.matching.review);
    let rows = comparison::rows(facts.settings, &wholes);
    let (columns, _) = comparison::columns(facts, &rows, &wholes, Between::default(), None)?;
    for (place, row) in rows.iter().enumerate() {
        let has = |mark: Mark| {
            columns.iter().any(|column| column.cells.get(place).is_some_and(|it| it.mark == mark))
        };
        if has(Mark::Different) {
            about.differ.push(row.name.clone());
        } else if has(Mark::Similar) {
            about.alike.push(row.name.clone());
        }
    }
    Ok(about)
}

/// What a correction makes of a field, with the values that may be seen.
fn change(
    facts: Facts<'_>,
    member: &RecordFacts,
    field: &FieldName,
    new: Option<&str>,
) -> (FieldName, String) {
    let declared = facts.settings.field(field.as_str());
    let shown = |text: Option<&str>| {
        let Some(text) = text else { return "(none)".to_owned() };
        let mut shown = Shown::from(text);
        if let Some(declared) = declared {
            facts.settings.mask(declared, &mut shown);
        }
        shown.as_str().to_owned()
    };
    let old = member.values.get(field.as_str()).map(Value::shown);
    (field.clone(), format!("{} -> {}", shown(old), shown(new)))
}
