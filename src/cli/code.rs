//! How a process ends, for programs.

/// Exit codes, fixed for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Code {
    /// Done.
    Done = 0,
    /// Failed; or there is no such thing.
    Failed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// Done, but with rejects under `--strict`.
    Rejects = 3,
    /// Refused: by policy, because it is stale, held by another, or nothing tells how a file is to be
    /// read. Of `verify`: the view could not be compared.
    Refused = 4,
    /// Done, but the answer could not be written.
    Unanswered = 5,
    /// Steward itself is at fault.
    Fault = 70,
}
