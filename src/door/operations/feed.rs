//! What happened to customers, for other systems to follow.

use serde::{Deserialize, Serialize};

use super::exports::Destination;
use domain::Sequence;

/// Writes what happened to customers after a commit to the operation's output, a line each in the order of
/// commits, and down that it did. What has nothing to tell writes nothing down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    /// The last commit that is known already; zero means everything is told.
    pub after: Sequence,
    /// How the lines are written.
    pub format: FeedFormat,
    /// Whether the golden values are in it.
    pub values: bool,
    /// The commit that says that this feed is leaving, where it goes on with one that has begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub begun: Option<Sequence>,
    /// Whether the feed goes on after this with another: [`EndFeed`] then says that it came to its end.
    #[serde(default)]
    pub goes_on: bool,
    /// Where it goes, for the record.
    pub destination: Destination,
    /// Count the lines, but write nothing, here or in the ledger.
    pub dry_run: bool,
}

/// Writes what a feed has to tell since it last did, at once and beside long work; `None` means that is too
/// much for one operation: nothing was written, and [`Feed`] does it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedOn {
    /// The feed, after what it has told.
    pub feed: Feed,
}

/// Writes down that a feed which went on came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndFeed {
    /// The commit that says that it was about to leave.
    pub begun: Sequence,
    /// How many lines there were, from its beginning.
    pub lines: u64,
    /// The last commit that it told of.
    pub up_to: Sequence,
}

/// How the lines of a feed are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedFormat {
    /// An object with all there is to say.
    Jsonl,
    /// A CloudEvents 1.0 object in structured mode.
    Cloudevents,
}

impl FeedFormat {
    /// Every format, in the order of the documentation.
    pub const ALL: [FeedFormat; 2] = [FeedFormat::Jsonl, FeedFormat::Cloudevents];

    /// Its name on the command line and in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FeedFormat::Jsonl => "jsonl",
            FeedFormat::Cloudevents => "cloudevents",
        }
    }
}
