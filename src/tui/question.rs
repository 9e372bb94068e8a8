//! What the screens ask of the desk, and what it answers: operations, with their types.

use door::operations::*;
use door::{Door, Operation, Outcome, Session, Streams};

macro_rules! questions {
    ($($name:ident,)*) => {
        /// An operation that a screen asks for.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Question {
            $(#[doc = concat!("See [`", stringify!($name), "`].")] $name($name),)*
        }

        /// The answer to the [`Question`] of that name.
        #[derive(Debug, Clone, PartialEq)]
        // It is in a box wherever it is kept.
        #[allow(clippy::large_enum_variant)]
        pub enum Answer {
            $(#[doc = concat!("To [`Question::", stringify!($name), "`].")]
            $name(<$name as Operation>::Answer),)*
        }

        impl Question {
            /// Hands it in. `then` is called once, on whatever thread answers.
            pub fn ask(
                self,
                door: &dyn Door,
                who: &Session,
                streams: Streams,
                then: impl FnOnce(Outcome<Answer>) + Send + 'static,
            ) {
                match self {
                    $(Question::$name(operation) => {
                        door.ask_then(who, operation, streams, |outcome| {
                            then(outcome.map(Answer::$name));
                        });
                    })*
                }
            }
        }

        $(
            impl From<$name> for Question {
                fn from(operation: $name) -> Self {
                    Question::$name(operation)
                }
            }
        )*
    };
}

questions! {
    Queue,
    QueueSince,
    QueueRows,
    TaskReasons,
    PrepareQueue,
    Patterns,
    CountWhere,
    TasksWhere,
    Find,
    Claim,
    Release,
    GiveUp,
    Changes,
    LookAt,
    KeepPlace,
    TakeUp,
    OwnChanges,
    Acknowledge,
    ShowTask,
    Compare,
    KeepInClear,
    ShowCustomer,
    Timeline,
    Card,
    Journeys,
    AtStep,
    Segments,
    ShowSegment,
    History,
    Explain,
    Preview,
    Decide,
    DecideSome,
    DecisionsOf,
    LastDecision,
    Dashboard,
    CompareRuns,
    Grants,
    Approvals,
    ShowApproval,
    GiveGrant,
    Rules,
    Failing,
    Imports,
    Quarantine,
    Import,
    Match,
    Watch,
    Cancel,
    About,
    CountValues,
    Values,
    Holders,
    CorrectSome,
}
