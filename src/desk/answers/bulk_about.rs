//! What a task of a bulk is about, for whoever looks over the bulk before it is decided: the names, and the
//! fields whose values are not the same.

use super::comparison::{self, Whole};
use super::summary::weakest;
use crate::error::Decided;
use crate::facts::Facts;
use crate::label::name_of;
use crate::second;
use domain::{CustomerId, Task, TaskKind};
use door::BulkAbout;
use door::views::Mark;

/// Customers that are read: of more it is said that there are.
const MOST: usize = 6;

/// What the task is about. Of what is asked blind no more is told than the queue tells.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(crate) fn about(facts: Facts<'_>, task: &Task) -> Decided<BulkAbout> {
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
        let broken = members.filter(|member| Some(member.id) == record);
        for violation in broken.flat_map(|member| &member.violations) {
            if !about.broken.contains(&violation.field) {
                about.broken.push(violation.field.clone());
            }
        }
        return Ok(about);
    }
    about.weakest = weakest(Some(task)).filter(|it| *it < facts.settings.matching.review);
    let rows = comparison::rows(facts.settings, &wholes);
    let columns = comparison::columns(facts, &rows, &wholes, &[])?;
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
