//! What time it is.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// The time zone days are counted in.
    fn zone(&self) -> TimeZone {
        TimeZone::system()
    }

    /// Whether somebody has said that it is right, however odd it looks.
    fn is_trusted(&self) -> bool {
        false
    }
}

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The system's clock, after somebody has said that it is right.
#[derive(Debug, Clone, Copy, Default)]
pub struct TrustedClock;

impl Clock for TrustedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    fn is_trusted(&self) -> bool {
        true
    }
}

/// A clock that moves only when told, in UTC.
#[derive(Debug)]
pub struct SimulatedClock {
    microsecond: AtomicI64,
}

impl SimulatedClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn at(start: Timestamp) -> Self {
        Self { microsecond: AtomicI64::new(start.as_microsecond()) }
    }

    /// Moves the clock on by `seconds`.
    pub fn advance(&self, seconds: i64) {
        self.microsecond.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.microsecond.load(Ordering::Relaxed))
            .unwrap_or(Timestamp::MAX)
    }

    fn zone(&self) -> TimeZone {
        TimeZone::UTC
    }

    fn is_trusted(&self) -> bool {
        true
    }
}
