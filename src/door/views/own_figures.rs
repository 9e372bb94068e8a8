//! A person's own figures.

use serde::{Deserialize, Serialize};

use domain::Verdict;

/// What the person who asks decided lately. Nobody is told those of another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OwnFigures {
    /// Days that are looked back.
    pub days: u64,
    /// Whether all decisions of those days were looked at: of very many only the latest are.
    pub whole: bool,
    /// How many decisions of each kind, most first; those undone since are among them.
    pub verdicts: Vec<(Verdict, u64)>,
    /// How many of them no longer stand, whoever undid them.
    pub undone: u64,
    /// Merges and not-a-matches with a match probability on the screen.
    pub scored: u64,
    /// Those of them on the other side of one half.
    pub against: u64,
    /// The median of the seconds a decision took, without bulks and pauses; none before two in a row.
    pub seconds: Option<u64>,
}

impl OwnFigures {
    /// All decisions.
    #[must_use]
    pub fn decisions(&self) -> u64 {
        self.verdicts.iter().map(|(_, count)| count).sum()
    }

    /// How many of each kind: `your 30 days: 34 merge, 12 not-a-match`.
    #[must_use]
    pub fn kinds(&self) -> String {
        let kinds: Vec<String> = self
            .verdicts
            .iter()
            .map(|(verdict, count)| format!("{count} {}", verdict.name()))
            .collect();
        let latest = if self.whole { "" } else { ", only the latest" };
        format!("your {} days{latest}: {}", self.days, kinds.join(", "))
    }

    /// How they fared: `undone 2 of 46; against the model 3 of 44; median 14 s`.
    #[must_use]
    pub fn fared(&self) -> String {
        let mut told = format!("undone {} of {}", self.undone, self.decisions());
        if self.scored > 0 {
            told += &format!("; against the model {} of {}", self.against, self.scored);
        }
        if let Some(seconds) = self.seconds {
            told += &format!("; median {seconds} s");
        }
        told
    }

    /// The same in few words: `you: undone 2/46, vs model 3/44`.
    #[must_use]
    pub fn short(&self) -> String {
        let undone = format!("you: undone {}/{}", self.undone, self.decisions());
        if self.scored == 0 {
            return undone;
        }
        format!("{undone}, vs model {}/{}", self.against, self.scored)
    }
}
