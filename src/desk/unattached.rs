//! Retention of activities that belong to nobody: each goes by its own day, by rules with `of = "unattached"`.
//!
//! What becomes of one is what becomes of a customer (`domain/retention.rs`): what must be kept wins, and so does a hold
//! of whoever may have done it. Nobody can ask for what is nobody's, so it must not stay for ever.

use std::collections::{BTreeMap, BTreeSet};

use super::activities::{Everybody, day_of};
use super::core::Desk;
use super::error::DeskError;
use super::facts::Facts;
use activity::{Class, Handles, Nobody, Owner, Owners};
use domain::retention::{Fate, From, RuleOf, fate};
use domain::{ActivitySubject, StreamName};
use door::views::{RetainedActivities, UnattachedRetention};
use jiff::civil::Date;
use settings::{About, Retained, RetentionRule};

/// What retention comes to for what is nobody's.
#[derive(Default)]
pub(super) struct Judged {
    /// In numbers.
    pub(super) view: UnattachedRetention,
    /// The ordinals of what goes, versions that do not count among them.
    pub(super) gone: BTreeSet<u32>,
}

/// By rule and stream, how many and the first day.
type Counted = BTreeMap<(usize, StreamName), (u64, Date)>;

impl Desk {
    /// What becomes of activities that are nobody's; `horizon` is the last day that is looked ahead to. `None` where no
    /// rule is about them.
    ///
    /// # Errors
    /// When the store or the ledger is damaged.
    pub(super) fn judge_unattached(&self, horizon: Date) -> Result<Option<Judged>, DeskError> {
        if !self.settings().retention.iter().any(|rule| rule.of == About::Unattached) {
            return Ok(None);
        }
        self.have_activities()?;
        judge(self.facts(), horizon).map(Some)
    }
}

fn judge(facts: Facts<'_>, horizon: Date) -> Result<Judged, DeskError> {
    let log = facts.activities()?;
    let handles = facts.handles(&log)?;
    let everybody = Everybody::of(facts)?;
    let mut judged = Judged::default();
    let [mut erased, mut kept, mut due] = [Counted::new(), Counted::new(), Counted::new()];
    for number in 0..log.subjects() {
        let subject = log.subject(number);
        let owners = Owners::of(&subject, &handles, &everybody);
        let mut held: Option<bool> = None;
        for (row, counts) in log.all_of(number) {
            let recorded = log.brought(&row).map(|(sequence, _)| sequence).unwrap_or_default();
            let Owner::Nobody(why) = owners.at(recorded) else { continue };
            let Some(class) = log.class_of(&row) else { continue };
            let Some(day) = day_of(class, &row) else { continue };
            let rules = rules_about(&facts.settings.retention, class, day);
            let is_held = match (why, held) {
                (Nobody::Several, None) => *held.insert(may_be_held(facts, &subject, &handles)?),
                (Nobody::Several, Some(held)) => held,
                _ => false,
            };
            let fate = fate(facts.today(), &[], &rules, is_held);
            if matches!(fate, Fate::Erase { .. }) {
                judged.gone.insert(row.ordinal);
            }
            if counts {
                let count = |counted: &mut Counted, rule: usize, on: Date| {
                    let one = counted.entry((rule, class.stream.clone())).or_insert((0, on));
                    *one = (one.0 + 1, one.1.min(on));
                };
                match fate {
                    Fate::Stays => {}
                    Fate::Due { on, .. } if on > horizon => {}
                    Fate::Due { rule, on } => count(&mut due, rule, on),
                    Fate::Erase { rule, since } => count(&mut erased, rule, since),
                    Fate::Kept { rule, until } => count(&mut kept, rule, until),
                    Fate::Held => judged.view.held += 1,
                }
            }
        }
    }
    judged.view.erased = told(erased);
    judged.view.kept = told(kept);
    judged.view.due = told(due);
    Ok(judged)
}

fn told(counted: Counted) -> Vec<RetainedActivities> {
    let one = |((rule, stream), (count, day))| RetainedActivities { rule, stream, count, day };
    counted.into_iter().map(one).collect()
}

/// The rules about an activity of that kind and day that is nobody's. A minimum for activities of a kind, whoever did them,
/// keeps these as well: whose they are may come out yet.
fn rules_about(rules: &[RetentionRule], class: &Class, day: Date) -> Vec<RuleOf> {
    let is_about = |rule: &RetentionRule| {
        let is_of_kind = rule.kinds.is_empty() || rule.kinds.contains(&class.kind);
        let keeps = matches!(rule.then, Retained::Keep(_));
        let of = match rule.of {
            About::Unattached => true,
            About::Customers => keeps && rule.from == From::LastActivity && rule.when.is_none(),
        };
        of && is_of_kind
    };
    let about = rules.iter().enumerate().filter(|(_, rule)| is_about(rule));
    let rule_of = |(rule, of): (usize, &RetentionRule)| {
        let (keeps, lapse) = match of.then {
            Retained::EraseAfter(lapse) => (false, lapse),
            Retained::Keep(lapse) => (true, lapse),
        };
        RuleOf { rule, keeps, lapse, from: From::LastActivity, activity: Some(day) }
    };
    about.map(rule_of).collect()
}

/// Whether any of those who held a handle is kept from being erased.
fn may_be_held(
    facts: Facts<'_>,
    subject: &ActivitySubject,
    handles: &Handles,
) -> Result<bool, DeskError> {
    let spans = subject.handles.iter().flat_map(|handle| handles.spans(*handle));
    let holders: BTreeSet<_> = spans.map(|span| span.record).collect();
    let mut there = Vec::with_capacity(holders.len());
    for record in holders {
        if !facts.view.record(record)?.erased {
            there.push(record);
        }
    }
    Ok(!facts.held_by(there)?.is_empty())
}
