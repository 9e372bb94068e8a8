//! What an audit asks about a span of time, read from the ledger in one pass, with the backups and the
//! verifications that the register of this machine knows.
//!
//! Names of customers' ids and of stewards alone: no value, no note, no filter. What an erasure takes out of
//! the ledger is therefore never in one.

mod walk;

use super::Progress;
use super::apart::{Apart, Plan, Read};
use crate::core::Desk;
use crate::error::{Decided, DeskError};
use crate::facts::Facts;
use crate::past::first_commit;
use crate::read_ahead::commits_from;
use crate::register::{BackupNote, Register, VerifyNote};
use domain::hexadecimal::encode as hex;
use domain::{Sequence, counted};
use door::operations::Audit;
use door::views::{AuditEntry, AuditSection, AuditView, JobKind, JobReport, JobView};
use walk::Walk;

/// Commits between two looks at cancellation.
const LOOKS: u64 = 1_024;

/// What the ledger does not know.
#[derive(Default)]
struct Outside {
    backups: Vec<BackupNote>,
    verifications: Vec<VerifyNote>,
    unfinished: Vec<String>,
}

impl Desk {
    /// Starts to list what an audit asks, see [`Audit`], or when its turn comes.
    ///
    /// # Errors
    /// The refusal when too many jobs wait.
    pub(crate) fn start_audit(&mut self, span: Audit) -> Decided<JobView> {
        let steps = Apart::of(move |desk| {
            let outside = desk.known_outside()?;
            let mut view = AuditView {
                workspace: hex(&desk.ledger.workspace()),
                asked_by: desk.actor().to_owned(),
                asked_at: desk.now(),
                since: span.since,
                until: span.until,
                commits: 0,
                up_to: Sequence::ZERO,
                chain: String::new(),
                entries: Vec::new(),
                decided: Vec::new(),
                unfinished: Vec::new(),
            };
            let read = move |facts: Facts<'_>, progress: &dyn Progress| {
                read(facts, &mut view, progress)?;
                add(outside, &mut view);
                view.entries.sort_by_key(|entry| (entry.about, entry.at, entry.sequence));
                view.decided
                    .sort_by(|one, other| (&one.by, one.verdict).cmp(&(&other.by, other.verdict)));
                Ok(view)
            };
            Ok(Plan {
                read: Read::Once(Box::new(read)),
                finish: Box::new(|_, found| Ok(JobReport::Audit(Box::new(found)))),
            })
        });
        self.begin_job(JobKind::Audit, "reading what happened".to_owned(), Box::new(steps))
    }

    fn known_outside(&self) -> Result<Outside, DeskError> {
        let erasures = self.ledger.unfinished_erasures().into_iter();
        let unfinished = erasures.map(|of| format!("the erasure of commit {of}")).collect();
        let register = Register::of(&self.environment, &self.ledger.workspace());
        let Some(register) = register else {
            return Ok(Outside { unfinished, ..Outside::default() });
        };
        let (backups, verifications) = (register.backups()?.notes, register.verifications()?.notes);
        Ok(Outside { backups, verifications, unfinished })
    }
}

fn read(facts: Facts<'_>, view: &mut AuditView, progress: &dyn Progress) -> Result<(), DeskError> {
    let first = view.since.map_or(Ok(Sequence(1)), |since| first_commit(facts, since, false))?;
    let head = facts.view.head()?.map_or(Sequence::ZERO, |(sequence, _)| sequence);
    let last = match view.until {
        Some(until) => Sequence(first_commit(facts, until, false)?.0.saturating_sub(1)),
        None => head,
    };
    let span = (last.0 + 1).saturating_sub(first.0);
    progress.phase("reading", Some(span));
    let mut walk = Walk::new(facts, view);
    let commits =
        commits_from(facts.ledger, first).take(usize::try_from(span).unwrap_or(usize::MAX));
    for (read, commit) in (1u64..).zip(commits) {
        walk.commit(commit?)?;
        if read.is_multiple_of(LOOKS) {
            if progress.cancelled() {
                return Err(DeskError::Cancelled);
            }
            progress.advance(LOOKS);
        }
    }
    walk.end();
    (view.commits, view.up_to) = (span, last);
    if last > Sequence::ZERO {
        view.chain = hex(&facts.ledger.chain_at(last)?);
    }
    Ok(())
}

/// Takes up what is known outside the ledger, of the same span.
fn add(outside: Outside, view: &mut AuditView) {
    let (since, until) = (view.since, view.until);
    let is_in = |at| since.is_none_or(|since| at >= since) && until.is_none_or(|until| at < until);
    let entry =
        |about, at, by, what| AuditEntry { about, sequence: None, at, by, came: None, what };
    let backups = outside.backups.into_iter().map(|made| {
        let builds = if made.base.is_some() { ", on an earlier one" } else { "" };
        let what = format!(
            "{}: up to commit {}, {}{builds}",
            made.path,
            made.up_to,
            counted(made.bytes, "byte", "bytes")
        );
        entry(AuditSection::Backup, made.at, made.by, what)
    });
    let verified = outside.verifications.into_iter().map(|made| {
        let found = match (made.sound, &made.view) {
            (false, _) => "the ledger is damaged".to_owned(),
            (true, view) => format!("the ledger is sound; the view: {view}"),
        };
        let up_to = made.up_to.map_or(String::new(), |up_to| format!(", up to commit {up_to}"));
        entry(AuditSection::Verification, made.at, made.by, format!("{found}{up_to}"))
    });
    view.entries.extend(backups.chain(verified).filter(|entry| is_in(entry.at)));
    view.unfinished.extend(outside.unfinished);
}
