//! Faults of the desk's own: a panic ends the operation that it happened in, and the desk goes on.
//!
//! Whoever answers panics of the whole process (its hook) asks here whether one is going to be
//! answered by a desk that somebody keeps on a thread: then nobody else needs to hear of it.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Desks that are kept on a thread of this process.
static KEPT: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// A desk is kept on a thread while there is one of these.
pub(crate) struct Keeping(());

impl Keeping {
    pub(crate) fn begin() -> Keeping {
        KEPT.fetch_add(1, Ordering::SeqCst);
        Keeping(())
    }
}

impl Drop for Keeping {
    fn drop(&mut self) {
        KEPT.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Calls; none where that panicked. Whatever the call may have left half done is the caller's to put
/// right.
pub fn caught<T>(call: impl FnOnce() -> T) -> Option<T> {
    let before = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(call));
    CAUGHT.set(before);
    done.ok()
}

/// From now on a panic of this thread is one of whoever set it to work: they are told when they take
/// what it did.
pub fn pass_on() {
    CAUGHT.set(true);
}

/// Whether a panic of this thread ends no more than an operation of a desk that goes on.
#[must_use]
pub fn is_answered() -> bool {
    answers(CAUGHT.get(), KEPT.load(Ordering::SeqCst))
}

/// Whether somebody answers a panic, where it is caught or not and so many desks are kept.
fn answers(is_caught: bool, kept: usize) -> bool {
    is_caught && kept > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_answered_where_it_is_caught_for_a_desk_that_is_kept() {
        // Other tests of this process keep desks, too.
        assert!(!answers(true, 0), "nobody keeps a desk");
        let keeping = Keeping::begin();
        assert!(!is_answered());
        assert!(caught(is_answered).unwrap());
        assert_eq!(caught(|| std::panic::resume_unwind(Box::new(()))), None);
        assert!(!is_answered(), "it was caught");
        let beside = |work: fn()| std::thread::spawn(move || (work(), is_answered()).1).join();
        assert!(!beside(|| ()).unwrap());
        assert!(beside(pass_on).unwrap());
        drop(keeping);
    }
}
