//! The decisions about whose a record is that an import's undo would leave without what they decided about: they are
//! named and undone first, by the same way as ever, so that what needed approval needs it here as well.

use crate::describe;
use crate::error::Decided;
use crate::facts::Facts;
use crate::jobs::import::beginning::start_of;
use crate::past::Past;
use crate::standing::{Chain, Imports};
use domain::{DecisionId, ImportId, Sequence, TaskKind, Verdict};
use door::{Dependant, Refusal};

/// Refuses to take an import back while a decision stands that says whose what it delivered is, and where it would leave
/// nothing of a record but what was held back.
///
/// # Errors
/// The refusal, which names them; when the store or the ledger is damaged.
pub(super) fn refuse_decided(facts: Facts<'_>, import: ImportId) -> Decided<()> {
    let before = Imports::of(facts)?.before(under_way(facts, import)?);
    let without = before.without(import);
    let past = Past::after(facts, Sequence::ZERO);
    let decisions = |id: DecisionId| {
        let entry = facts.view.decision(id)?.filter(store::DecisionEntry::stands);
        Ok(entry.map(|entry| entry.verdict))
    };
    for task in facts.view.all_tasks()?.into_iter().map(|entry| entry.task) {
        let record = task.record.filter(|_| task.kind == TaskKind::Overlay);
        let Some(record) = record else { continue };
        if facts.view.record(record)?.erased {
            continue;
        }
        let chain = Chain::of(&past, record)?;
        let then = chain.standing(&past, &without, &decisions)?;
        if let Some(latest) = then.latest.filter(|_| then.is_doubted)
            && !chain.standing(&past, &before, &decisions)?.is_doubted
        {
            let (by, address) = (latest.by(), facts.body(record)?.address);
            let why = format!(
                "what {by} delivered of {address} was held back, and would be in force without {import}: undo {by} first"
            );
            return Err(Refusal::DoesNotApply { why }.into());
        }
    }
    let mut on = Vec::new();
    for (id, entry) in facts.view.decisions()? {
        let says_whose = matches!(entry.verdict, Verdict::Accept | Verdict::Unmerge);
        let Some(task) = entry.task.filter(|_| says_whose && entry.stands()) else { continue };
        let Some(task) = facts.view.task(task)?.map(|entry| entry.task) else { continue };
        let Some(record) = task.record.filter(|_| task.kind == TaskKind::Overlay) else { continue };
        if facts.view.record(record)?.erased {
            continue;
        }
        let chain = Chain::of(&past, record)?;
        let is_moot = |imports: &Imports| -> Decided<bool> {
            Ok(chain.standing(&past, imports, &decisions)?.moot.contains(&id))
        };
        if is_moot(&without)? && !is_moot(&before)? {
            let summary = describe::decision(&facts.decision(id)?);
            on.push(Dependant { decision: id, summary });
        }
    }
    on.sort_by_key(|dependant| std::cmp::Reverse(dependant.decision));
    if on.is_empty() { Ok(()) } else { Err(Refusal::DecidedOn { import, on }.into()) }
}

/// The undo of an import that was begun and not finished.
fn under_way(facts: Facts<'_>, import: ImportId) -> Decided<Option<ImportId>> {
    for (undo, entry) in facts.view.imports()?.iter().rev() {
        if entry.finished.is_none()
            && let Some(started) = start_of(facts, entry)?
            && started.reread.and_then(|reread| reread.undoes) == Some(import)
        {
            return Ok(Some(*undo));
        }
    }
    Ok(None)
}
