//! A task as it is kept: there may be hundreds of thousands, and the queue reads them all.

use jiff::Timestamp;

use super::{StoreError, varint};
use domain::{CustomerId, RecordId, Sequence, Task, TaskId, TaskKind, TaskReason, TaskState};

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskEntry {
    /// The task.
    pub task: Task,
    /// The last commit that touched it.
    pub version: Sequence,
}

const DUPLICATE: u8 = 0;
const INVALID: u8 = 1;
const APPROVAL: u8 = 2;
const CHALLENGE: u8 = 3;
/// The kinds that came later have a bit of their own.
const VANISHED: u8 = 1 << 5;
const SECOND: u8 = VANISHED | 1;
const CHECK: u8 = VANISHED | 2;
const REQUEST: u8 = VANISHED | 3;
/// And so have those that came after them.
const OVERLAY: u8 = 1 << 6;
/// The bits of a kind.
const KIND: u8 = 3 | VANISHED | OVERLAY;
/// Bits beside the kind: what follows.
const HAS_RECORD: u8 = 1 << 2;
const HAS_SCORE: u8 = 1 << 3;
const HAS_WEAKEST: u8 = 1 << 4;

impl TaskEntry {
    /// The kind and what follows; id, version and time; the customers, each as its distance from the
    /// one before; the record; the two scores, eight bytes each. State and reason stand at the end
    /// as JSON where they are not what most tasks have: open, for likeness.
    pub(super) fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let Task { id, kind, state, customers, record, reason, score, weakest, opened } =
            &self.task;
        let flag = |is_there: bool, flag: u8| if is_there { flag } else { 0 };
        let kind = match kind {
            TaskKind::Duplicate => DUPLICATE,
            TaskKind::Invalid => INVALID,
            TaskKind::Approval => APPROVAL,
            TaskKind::Challenge => CHALLENGE,
            TaskKind::Vanished => VANISHED,
            TaskKind::Second => SECOND,
            TaskKind::Check => CHECK,
            TaskKind::Request => REQUEST,
            TaskKind::Overlay => OVERLAY,
        };
        let mut bytes = Vec::with_capacity(48 + 4 * customers.len());
        bytes.push(
            kind | flag(record.is_some(), HAS_RECORD)
                | flag(score.is_some(), HAS_SCORE)
                | flag(weakest.is_some(), HAS_WEAKEST),
        );
        varint::write(id.0.into(), &mut bytes);
        varint::write(self.version.0, &mut bytes);
        bytes.extend(opened.as_nanosecond().to_le_bytes());
        varint::write(customers.len() as u64, &mut bytes);
        let mut before = 0;
        for customer in customers {
            // Wrapping, so that whatever order they have comes back.
            varint::write(customer.0.wrapping_sub(before).into(), &mut bytes);
            before = customer.0;
        }
        if let Some(record) = record {
            varint::write(record.0.into(), &mut bytes);
        }
        for number in [score, weakest].into_iter().flatten() {
            bytes.extend(number.to_le_bytes());
        }
        if (state, reason) != (&TaskState::Open, &TaskReason::Similar) {
            serde_json::to_writer(&mut bytes, &(state, reason))
                .map_err(|error| StoreError::Failed { reason: error.to_string() })?;
        }
        Ok(bytes)
    }

    pub(super) fn decode(mut bytes: &[u8]) -> Option<TaskEntry> {
        let rest = &mut bytes;
        let [first] = take(rest)?;
        let kind = match first & KIND {
            VANISHED => TaskKind::Vanished,
            SECOND => TaskKind::Second,
            CHECK => TaskKind::Check,
            REQUEST => TaskKind::Request,
            OVERLAY => TaskKind::Overlay,
            DUPLICATE => TaskKind::Duplicate,
            INVALID => TaskKind::Invalid,
            APPROVAL => TaskKind::Approval,
            _ => TaskKind::Challenge,
        };
        let id = TaskId(varint::read_u32(rest)?);
        let version = Sequence(varint::read(rest)?);
        let opened = Timestamp::from_nanosecond(i128::from_le_bytes(take(rest)?)).ok()?;
        let mut before = 0u32;
        let mut customers = Vec::new();
        for _ in 0..varint::read_u32(rest)? {
            before = before.wrapping_add(varint::read_u32(rest)?);
            customers.push(CustomerId(before));
        }
        let record = match first & HAS_RECORD {
            0 => None,
            _ => Some(RecordId(varint::read_u32(rest)?)),
        };
        let mut number = |flag: u8| match first & flag {
            0 => Some(None),
            _ => Some(Some(f64::from_le_bytes(take(rest)?))),
        };
        let (score, weakest) = (number(HAS_SCORE)?, number(HAS_WEAKEST)?);
        let (state, reason) = match rest.is_empty() {
            true => (TaskState::Open, TaskReason::Similar),
            false => serde_json::from_slice(rest).ok()?,
        };
        let task = Task { id, kind, state, customers, record, reason, score, weakest, opened };
        Some(TaskEntry { task, version })
    }
}

fn take<const LENGTH: usize>(from: &mut &[u8]) -> Option<[u8; LENGTH]> {
    let (taken, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use domain::{DecisionId, FieldName, RuleId, Until};

    fn state() -> impl Strategy<Value = TaskState> {
        let decision = DecisionId(7);
        prop_oneof![
            Just(TaskState::Open),
            Just(TaskState::Settled),
            Just(TaskState::Decided { decision }),
            Just(TaskState::Deferred { until: Until::Time(Timestamp::UNIX_EPOCH), decision }),
            Just(TaskState::Escalated { to: "Böhm".into(), decision }),
        ]
    }

    fn reason() -> impl Strategy<Value = TaskReason> {
        let field = FieldName::new("email");
        prop_oneof![
            Just(TaskReason::Similar),
            Just(TaskReason::Breaks { rules: vec![RuleId::new("email-required")] }),
            Just(TaskReason::ValueContradicted { decision: DecisionId(1), field }),
        ]
    }

    prop_compose! {
        fn entry()(
            kind in prop::sample::select(vec![
                TaskKind::Duplicate, TaskKind::Invalid, TaskKind::Approval, TaskKind::Challenge,
                TaskKind::Vanished, TaskKind::Second, TaskKind::Check, TaskKind::Request,
                TaskKind::Overlay,
            ]),
            (id, version) in any::<(u32, u64)>(),
            customers in prop::collection::vec(any::<u32>(), 0..5),
            record in any::<Option<u32>>(),
            (score, weakest) in any::<(Option<f64>, Option<f64>)>(),
            opened in Timestamp::MIN.as_nanosecond()..Timestamp::MAX.as_nanosecond(),
            state in state(),
            reason in reason(),
        ) -> TaskEntry {
            TaskEntry {
                task: Task {
                    id: TaskId(id),
                    kind,
                    state,
                    customers: customers.into_iter().map(CustomerId).collect(),
                    record: record.map(RecordId),
                    reason,
                    score,
                    weakest,
                    opened: Timestamp::from_nanosecond(opened).unwrap(),
                },
                version: Sequence(version),
            }
        }
    }

    proptest! {
        #[test]
        fn tasks_come_back_as_they_were_and_in_part_not_as_something_else(entry in entry()) {
            let bytes = entry.encode().unwrap();
            for length in 0..bytes.len() {
                // Without its end it may be taken for an open one, which no length tells.
                if let Some(part) = TaskEntry::decode(&bytes[..length]) {
                    prop_assert_eq!(part.task.state, TaskState::Open);
                    prop_assert_eq!(part.task.id, entry.task.id);
                }
            }
            prop_assert_eq!(TaskEntry::decode(&bytes), Some(entry));
        }
    }
}
