//! What a client says over its line, and the answers as they come over it: bytes, as on any line.

use domain::TaskId;
use door::operations::{
    Changes, Claim, Decide, DecideSome, GiveUp, KeepPlace, Leave, LookAt, Queue, QueueSince,
    Release, ShowTask, TakeUp,
};
use door::views::Place;
use door::{Asked, BulkStep, Operation, Outcome, Request};

/// One operation.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Word {
    Changes(u64),
    Queue,
    Since(u64),
    Look(Option<TaskId>),
    Show(TaskId),
    Claim(TaskId),
    /// Where they are, and how many were erased as far as they know.
    Keep(Option<Place>, u64),
    TakeUp,
    Decide(Box<Request>),
    Bulk(Box<BulkStep>),
    Release(Option<TaskId>),
    GiveUp(TaskId),
    Leave,
}

impl Word {
    /// The operation, as bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let asked: Asked = match self.clone() {
            Word::Changes(since) => Changes { since }.into(),
            Word::Queue => Queue { filter: None, order: Default::default() }.into(),
            Word::Since(since) => {
                QueueSince { filter: None, order: Default::default(), since }.into()
            }
            Word::Look(task) => LookAt { task, seen: None }.into(),
            Word::Show(task) => ShowTask { task, unmask: false }.into(),
            Word::Claim(task) => Claim { task }.into(),
            Word::Keep(place, erased) => KeepPlace { place, erased }.into(),
            Word::TakeUp => TakeUp {}.into(),
            Word::Decide(request) => Decide { request: *request }.into(),
            Word::Bulk(step) => DecideSome { step: *step }.into(),
            Word::Release(task) => Release { task }.into(),
            Word::GiveUp(task) => GiveUp { task }.into(),
            Word::Leave => Leave {}.into(),
        };
        door::to_bytes(&asked).unwrap()
    }
}

/// What came of an operation of that type.
pub(super) fn read<O: Operation>(bytes: &[u8]) -> Outcome<O::Answer> {
    door::from_bytes(bytes).expect("an answer of that type")
}

/// One line of a word and its answer, for whoever reads what happened.
pub(super) fn told(word: &Word, bytes: &[u8]) -> String {
    let short = |text: String| text.chars().take(160).collect::<String>();
    match word {
        Word::Decide(request) => {
            let said = format!("{:?} {:?} at {:?}", request.action, request.task, request.seen);
            let told = read::<Decide>(bytes).map(|it| (it.decision, it.sequence, it.summary));
            format!("{} -> {told:?}", short(said))
        }
        Word::Bulk(step) => {
            let told = read::<DecideSome>(bytes).map(|it| {
                it.results
                    .into_iter()
                    .map(|it| (it.task, it.decision, it.refusal))
                    .collect::<Vec<_>>()
            });
            format!("{:?} {:?} -> {told:?}", step.verdict, step.tasks)
        }
        Word::Claim(task) => format!("claims {task} -> {:?}", read::<Claim>(bytes).map(|_| ())),
        Word::TakeUp => format!("takes up -> {:?}", read::<TakeUp>(bytes)),
        other => short(format!("{other:?}")),
    }
}
