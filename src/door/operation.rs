//! An operation: one thing that can be asked of the desk, with its answer.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Asked;
use super::views::{JobReport, JobView};

/// What an operation does to the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It reads.
    Ask,
    /// It gives a verdict, or changes what a person holds.
    Decide,
    /// It begins, steers or does long work.
    Run,
    /// It waits until there is news, or for a bound.
    Wait,
}

/// An operation that begins long work.
pub trait Job: Operation<Answer = JobView> {
    /// What it did, in the end.
    type Report;

    /// What is reported of it; `None` means of other work.
    fn report(report: JobReport) -> Option<Self::Report>;

    /// Whether it writes; otherwise it only finds out what it would do, or measures.
    fn writes(&self) -> bool;
}

/// One thing that can be asked of the desk. A plain value: it can come over a socket.
pub trait Operation: Clone + Serialize + DeserializeOwned + Into<Asked> + Send + 'static {
    /// What it is answered with.
    type Answer: Serialize + DeserializeOwned + Send + 'static;
    /// What roles, logs and the command line call it. Several operations may share one.
    const VERB: &'static str;
    /// What it does.
    const KIND: Kind;
}
