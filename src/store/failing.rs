//! A database whose calls fail on request, as those of a full disk or a broken one do.

use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::StoreError;
use super::database::Database;
use super::overlay::Changes;
use super::trees::{See, Trees, Visit};

/// A kind of call to a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseCall {
    /// Reading a value, or the next one of a range.
    Read,
    /// Writing a batch.
    Write,
    /// Bringing what is written to the disk.
    Flush,
}

/// How a call goes wrong.
#[derive(Debug, Clone, Copy)]
enum Way {
    Fails,
    /// The disk has no room.
    Full,
    /// That is called first.
    Interrupted(fn()),
}

/// Which calls fail. Clones share them: whoever keeps one steers the databases.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<Plan>>);

#[derive(Debug, Default)]
struct Plan {
    failing: Option<(DatabaseCall, Range<u64>, Way)>,
    /// Calls since that was said: reads, writes, flushes.
    made: [u64; 3],
}

impl Faults {
    /// From now on the calls of a kind with these numbers fail, counted from 0; no others do.
    pub fn fail(&self, call: DatabaseCall, numbers: Range<u64>) {
        *self.plan() = Plan { failing: Some((call, numbers, Way::Fails)), made: [0; 3] };
    }

    /// As [`Faults::fail`], for want of room on the disk.
    pub fn fill(&self, call: DatabaseCall, numbers: Range<u64>) {
        *self.plan() = Plan { failing: Some((call, numbers, Way::Full)), made: [0; 3] };
    }

    /// As [`Faults::fail`], but before these calls `act` is called: it may panic, as code with a fault
    /// does.
    pub fn interrupt(&self, call: DatabaseCall, numbers: Range<u64>, act: fn()) {
        let failing = Some((call, numbers, Way::Interrupted(act)));
        *self.plan() = Plan { failing, made: [0; 3] };
    }

    /// From now on none fails.
    pub fn mend(&self) {
        *self.plan() = Plan::default();
    }

    /// The calls of a kind made since [`Faults::fail`] or [`Faults::mend`].
    #[must_use]
    pub fn made(&self, call: DatabaseCall) -> u64 {
        self.plan().made[call as usize]
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn call(&self, call: DatabaseCall) -> Result<(), StoreError> {
        let mut plan = self.plan();
        let number = plan.made[call as usize];
        plan.made[call as usize] += 1;
        let wrong = plan.failing.as_ref();
        match wrong.filter(|(failing, numbers, _)| *failing == call && numbers.contains(&number)) {
            None => Ok(()),
            Some((.., Way::Fails)) => {
                Err(StoreError::Failed { reason: "a fault that was asked for".to_owned() })
            }
            Some((.., Way::Full)) => Err(StoreError::Failed {
                reason: std::io::Error::from_raw_os_error(28).to_string(),
            }),
            Some((.., Way::Interrupted(act))) => {
                act();
                Ok(())
            }
        }
    }
}

/// Another database, but for the calls that fail; those do nothing.
pub(super) struct FailingDatabase {
    below: Arc<dyn Database>,
    faults: Faults,
}

impl FailingDatabase {
    pub(super) fn over(below: Arc<dyn Database>, faults: &Faults) -> Self {
        Self { below, faults: faults.clone() }
    }
}

impl Trees for FailingDatabase {
    fn look(&self, key: &[u8], see: &mut See<'_>) -> Result<(), StoreError> {
        self.faults.call(DatabaseCall::Read)?;
        self.below.look(key, see)
    }

    fn scan(&self, prefix: &[u8], from: &[u8], visit: &mut Visit<'_>) -> Result<(), StoreError> {
        self.faults.call(DatabaseCall::Read)?;
        self.below.scan(prefix, from, &mut |key, value| {
            self.faults.call(DatabaseCall::Read)?;
            visit(key, value)
        })
    }
}

impl Database for FailingDatabase {
    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.faults.call(DatabaseCall::Write)?;
        self.below.write(changes)
    }

    fn flush(&self) -> Result<(), StoreError> {
        self.faults.call(DatabaseCall::Flush)?;
        self.below.flush()
    }

    fn distrust(&self) {
        self.below.distrust();
    }
}
