//! Records that break a `fresh` rule only since time went by: nothing was delivered or decided that
//! could have opened their tasks.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use crate::draft::Draft;
use crate::error::DeskError;
use crate::facts::Facts;
use crate::{consequences, read_ahead};
use domain::event::Cause;
use domain::{CustomerId, MatchRunId, RecordId, Severity, Task};
use intake::validate;
use settings::{Check, Rule};

/// Records in memory at a time.
const TOGETHER: u32 = 30_000;

/// The tasks that the day changes, before and after. Looked for once a day, by the day's first run:
/// what is delivered or decided later is judged then.
///
/// # Errors
/// When the store or the ledger is damaged.
pub(super) fn tasks(facts: Facts<'_>) -> Result<Vec<(Option<Task>, Task)>, DeskError> {
    let is_of_time =
        |rule: &Rule| rule.severity == Severity::Error && matches!(rule.check, Check::Fresh { .. });
    if !facts.settings.rules.iter().any(is_of_time) || looked_today(facts)? {
        return Ok(Vec::new());
    }
    let customers: Vec<CustomerId> = customers(facts)?.into_iter().collect();
    let mut draft = Draft::new(facts, Cause::Match(MatchRunId(0)))?;
    consequences::plan(&mut draft, facts, &customers)?;
    Ok(draft.into_tasks().into_values().collect())
}

/// Whether a run ended today.
fn looked_today(facts: Facts<'_>) -> Result<bool, DeskError> {
    let Some(place) = facts.view.counters()?.matched else { return Ok(false) };
    let day = |at: jiff::Timestamp| at.to_zoned(TimeZone::UTC).date();
    Ok(day(facts.time_of(place.sequence)?) == day(facts.now))
}

/// The customers of all records that are too old.
fn customers(facts: Facts<'_>) -> Result<BTreeSet<CustomerId>, DeskError> {
    let records = facts.view.counters()?.records;
    let mut found = BTreeSet::new();
    for first in (0..records).step_by(TOGETHER as usize) {
        let range = (first..records.min(first.saturating_add(TOGETHER))).map(RecordId);
        let mut present = Vec::new();
        for record in range {
            if facts.takes_part(record)? {
                present.push(record);
            }
        }
        read_ahead::records(facts, present.iter().copied())?;
        for record in present {
            let body = facts.body(record)?;
            let stale = validate::stale(facts.settings, &body.values, body.updated, facts.now);
            if stale.iter().any(|broken| broken.severity == Severity::Error) {
                found.insert(facts.view.customer_of(record)?);
            }
        }
    }
    read_ahead::let_go(facts);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use crate::testing::TestDesk;
    use domain::TaskKind;

    const SETTINGS: &str = r#"
[workspace]
name = "test"
region = "US"
[fields.given_name]
type = "given_name"
[fields.email]
type = "email"
[sources.crm]
key = "id"
updated = "changed"
map = { given_name = "name", email = "mail" }
[[rules]]
id = "fresh"
field = "email"
check = "fresh"
days = 30
severity = "error"
"#;

    fn pending(desk: &TestDesk) -> usize {
        let pending = desk.desk.facts().view.pending_tasks().unwrap();
        pending.iter().filter(|entry| entry.task.kind == TaskKind::Invalid).count()
    }

    #[test]
    fn a_task_comes_with_the_first_run_of_the_day_on_which_a_value_is_too_old() {
        let mut desk = TestDesk::new(SETTINGS);
        // The clock stands at 2026-03-01.
        let old = "1,Ann,ann@example.com,2026-01-01\n";
        let fresh = "2,Bob,bob@example.com,2026-02-25\n";
        let silent = "3,Eve,,2026-02-20\n4,Ada,ada@example.com,\n";
        desk.import("crm", &format!("id,name,mail,changed\n{old}{fresh}{silent}"));
        assert_eq!(pending(&desk), 1, "the import opens that of what is too old already");
        assert_eq!(desk.match_all().stale, 0);
        for (days, expected) in [(20, 0), (20, 1), (20, 0)] {
            desk.clock.advance(days * 86_400);
            assert_eq!(desk.match_all().stale, expected);
            assert_eq!(desk.match_all().stale, 0, "once a day is enough");
        }
        assert_eq!(pending(&desk), 2);
        // Delivered again, it is settled.
        desk.import("crm", "id,name,mail,changed\n2,Bob,bob@example.com,2026-04-29\n");
        assert_eq!(pending(&desk), 1);
    }
}
