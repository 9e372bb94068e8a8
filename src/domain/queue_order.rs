//! How a queue is sorted.

use serde::{Deserialize, Serialize};

/// How the queue is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueOrder {
    /// By what.
    pub by: OrderBy,
    /// The other way round; what has no value stays at the end.
    pub reversed: bool,
}

/// What the queue is sorted by; best next decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderBy {
    /// Returned, due, answered, then value at stake, score, age.
    #[default]
    BestNext,
    /// Most probable first.
    Score,
    /// Oldest first.
    Age,
    /// Kind by kind.
    Kind,
    /// Most at stake first.
    Stake,
    /// Most customers or violations first.
    Count,
    /// By source.
    Source,
    /// By rule.
    Rule,
    /// By assignee.
    Assignee,
    /// By state.
    State,
    /// By pattern.
    Pattern,
    /// By name.
    Subject,
    /// What teaches matching most first; every tenth is the one that waits longest.
    Telling,
}

impl QueueOrder {
    /// The order of that name; one with a `-` before it is the other way round.
    #[must_use]
    pub fn named(name: &str) -> Option<QueueOrder> {
        let (reversed, key) = match name.strip_prefix('-') {
            Some(key) => (true, key),
            None => (false, name),
        };
        let (_, by) = OrderBy::ALL.into_iter().find(|(_, by)| by.key() == key)?;
        Some(QueueOrder { by, reversed })
    }

    /// Its name: `-age`.
    #[must_use]
    pub fn name(self) -> String {
        format!("{}{}", if self.reversed { "-" } else { "" }, self.by.key())
    }
}

impl OrderBy {
    /// Every order with the letter that picks it, in the order of the menu.
    pub const ALL: [(char, OrderBy); 13] = [
        ('b', OrderBy::BestNext),
        ('l', OrderBy::Telling),
        ('s', OrderBy::Score),
        ('a', OrderBy::Age),
        ('k', OrderBy::Kind),
        ('v', OrderBy::Stake),
        ('n', OrderBy::Count),
        ('c', OrderBy::Source),
        ('r', OrderBy::Rule),
        ('w', OrderBy::Assignee),
        ('t', OrderBy::State),
        ('p', OrderBy::Pattern),
        ('i', OrderBy::Subject),
    ];

    /// Its name on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            OrderBy::BestNext => "best next",
            OrderBy::Telling => "what teaches most",
            OrderBy::Score => "score",
            OrderBy::Age => "age",
            OrderBy::Kind => "kind",
            OrderBy::Stake => "value at stake",
            OrderBy::Count => "count",
            OrderBy::Source => "source",
            OrderBy::Rule => "rule",
            OrderBy::Assignee => "who works on it",
            OrderBy::State => "state",
            OrderBy::Pattern => "pattern",
            OrderBy::Subject => "subject",
        }
    }

    /// Its name in `[queue] order`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            OrderBy::BestNext => "best-next",
            OrderBy::Telling => "telling",
            OrderBy::Score => "score",
            OrderBy::Age => "age",
            OrderBy::Kind => "kind",
            OrderBy::Stake => "stake",
            OrderBy::Count => "count",
            OrderBy::Source => "source",
            OrderBy::Rule => "rule",
            OrderBy::Assignee => "assignee",
            OrderBy::State => "state",
            OrderBy::Pattern => "pattern",
            OrderBy::Subject => "subject",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_found_by_its_name_either_way_round() {
        for (_, by) in OrderBy::ALL {
            for reversed in [false, true] {
                let order = QueueOrder { by, reversed };
                assert_eq!(QueueOrder::named(&order.name()), Some(order));
            }
        }
        assert_eq!(QueueOrder::named("colour"), None);
        assert_eq!(QueueOrder::named("--age"), None);
    }
}
