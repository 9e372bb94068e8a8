//! Customers side by side.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::task::ViolationView;
use domain::{
    ActivityKind, ActivityTime, CustomerId, DecisionId, FieldName, Golden, RecordAddress, RecordId,
    Sequence, Shown, Vanished, counted,
};

/// One customer of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// The customer.
    pub customer: CustomerId,
    /// Its version.
    pub version: Sequence,
    /// Its records, ascending.
    pub members: Vec<MemberView>,
    /// One cell a row of the comparison, in the same order; of a closed customer, what its values were.
    pub cells: Vec<Cell>,
    /// All its records are closed: it has no golden values any more.
    #[serde(default)]
    pub closed: bool,
    /// Its golden values, with lineage.
    pub golden: Golden<Shown>,
    /// It contradicts a column of the group (two national ids, two birth dates) and starts unmarked.
    pub contradicts: bool,
    /// Why it does, in few words.
    #[serde(default)]
    pub why_apart: Option<String>,
    /// What it did, in few words: what makes two people two, or one; none where that is not told.
    #[serde(default)]
    pub activity: Option<ActivityLine>,
}

/// What a customer did, in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityLine {
    /// How many activities are its.
    pub count: u64,
    /// Of what kind the last was, and when.
    pub last: Option<(ActivityKind, ActivityTime)>,
    /// How many orders: activities of the kind `purchase`.
    pub orders: u64,
    /// How many tickets are open: activities of the kind `support` whose property `status` does not say that they are
    /// done; none where no ticket says its status in clear.
    pub open_tickets: Option<u64>,
}

impl ActivityLine {
    /// In words: `12 orders, 1 open ticket, last purchase 2026-03-02`.
    #[must_use]
    pub fn words(&self) -> String {
        let Some((kind, at)) = &self.last else { return "no activities".to_owned() };
        let mut told = vec![match self.orders {
            0 => counted(self.count, "activity", "activities"),
            orders => counted(orders, "order", "orders"),
        }];
        let open = self.open_tickets.filter(|open| *open > 0);
        told.extend(open.map(|open| counted(open, "open ticket", "open tickets")));
        told.push(format!("last {kind} {}", at.day()));
        told.join(", ")
    }
}

impl Column {
    /// Whether one of its records that count has a value of a field that has no golden one.
    #[must_use]
    pub fn has_lost(&self, field: &FieldName) -> bool {
        let counts = |member: &&MemberView| {
            member.quarantined.is_none() && !member.vanished.is_some_and(|it| it.closed)
        };
        let has = |cell: &Cell| cell.field == *field && cell.text.is_some();
        self.golden.get(field.as_str()).is_none()
            && self.members.iter().filter(counts).any(|member| member.cells.iter().any(has))
    }
}

/// One record of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MemberView {
    /// The record.
    pub record: RecordId,
    /// Its address.
    pub address: RecordAddress,
    /// The decision that set it aside: none of its values survives.
    #[serde(default)]
    pub quarantined: Option<DecisionId>,
    /// Its source no longer holds it; closed, none of its values survives.
    #[serde(default)]
    pub vanished: Option<Vanished>,
    /// The source's trust (its default).
    pub trust: u8,
    /// Where it stands in its own system, as `link` of its source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// When the source last changed it, else when it was imported.
    pub updated: Timestamp,
    /// One cell a row, in the same order as the column's; marks are against the first column.
    pub cells: Vec<Cell>,
}

/// One field's value in one column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The field.
    pub field: FieldName,
    /// The harmonised value (raw where it could not be read); `None` means absent.
    pub text: Option<Shown>,
    /// The value as delivered, where it differs.
    pub raw: Option<Shown>,
    /// How it stands to the first column's value.
    pub mark: Mark,
    /// The few words beside the mark.
    #[serde(default)]
    pub words: Words,
    /// What is wrong with it.
    pub violations: Vec<ViolationView>,
    /// It is a correction or a pin, not what the source delivered.
    pub by_hand: bool,
    /// No comparison counts it as evidence: it breaks a rule by itself, is a placeholder or could not be read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncounted: bool,
}

impl Cell {
    /// Whether something is wrong with it, as a rule says or as matching reads it.
    #[must_use]
    pub fn is_flawed(&self) -> bool {
        self.uncounted || !self.violations.is_empty()
    }
}

/// What is said beside a mark.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What the comparison's level says: all that is told of a masked value.
    pub level: String,
    /// What the values themselves say; none where one of them is masked.
    pub values: Option<String>,
}

impl Words {
    /// What is said whatever the values are.
    #[must_use]
    pub fn plain(level: &str) -> Self {
        Self { level: level.to_owned(), values: None }
    }

    /// What is said.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.values.as_deref().unwrap_or(&self.level)
    }

    /// Leaves what follows from the level.
    pub fn mask(&mut self) {
        self.values = None;
    }
}

/// How a value stands to the first column's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The first column itself, or both have none.
    None,
    /// The same.
    Equal,
    /// Much alike.
    Similar,
    /// Different.
    Different,
    /// Only this column has one.
    Added,
    /// Only the first column has one.
    Missing,
    /// It, or the first column's, is no evidence: it breaks a rule by itself, is a placeholder or could not be
    /// read. Nothing follows from how they stand.
    NotCounted,
}
