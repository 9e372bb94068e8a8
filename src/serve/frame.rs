//! What the two ends of the socket say to each other: plain values, one a frame.
//!
//! `docs/socket.md` describes them for whoever writes another client; its bytes are a test here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::bytes::Bytes;

/// The protocol's version: raised with every change that an older end would misread.
pub const PROTOCOL: u32 = 1;
/// Bytes of a stream that go in one frame at most.
pub const CHUNK: usize = 64 << 10;
/// Bytes of a stream that may be under way before its reader says that it takes more.
pub const WINDOW: u64 = 256 << 10;
/// Operations that a session may have under way.
pub const UNDER_WAY: usize = 64;
/// Files that an operation may write.
pub const OUTPUTS: u32 = 16;

/// What a client says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToServer {
    /// The first thing: what it is, and what it comes for.
    Hello {
        /// The protocol that it speaks.
        protocol: u32,
        /// The version of steward that it is.
        version: String,
        /// What it comes for, as people read it in `steward sessions`: `review`, `import`.
        doing: String,
        /// Where its person's days begin, an IANA name.
        zone: String,
        /// The ticket of somebody whom the process that serves has let in by another way.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ticket: Option<String>,
    },
    /// An operation. One that reads a file is carried out once all of the file has come.
    Ask {
        /// Tells what is under way apart; never used again.
        id: u64,
        /// The operation, as CBOR.
        asked: Bytes,
        /// Whether a file comes with it.
        input: bool,
        /// How many files it writes.
        outputs: u32,
    },
    /// Something that is asked of the server itself.
    Control {
        /// As of an operation.
        id: u64,
        /// What.
        control: Control,
    },
    /// The next bytes of an operation's file.
    Chunk {
        /// The operation.
        id: u64,
        /// At most [`CHUNK`] of them.
        bytes: Bytes,
    },
    /// Its file is whole.
    End {
        /// The operation.
        id: u64,
    },
    /// Its file cannot be read on: the operation is not carried out.
    Broken {
        /// The operation.
        id: u64,
        /// Why not.
        why: String,
    },
    /// So many more bytes may come of what an operation writes.
    More {
        /// The operation.
        id: u64,
        /// Which of its files, from 0.
        output: u32,
        /// How many.
        bytes: u32,
    },
    /// Nobody takes what an operation writes any more.
    Closed {
        /// The operation.
        id: u64,
        /// Which of its files, from 0.
        output: u32,
        /// Why not.
        why: String,
    },
}

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToClient {
    /// It is known who comes, and they may.
    Welcome {
        /// The person, as the ledger calls them.
        person: String,
        /// The number of the session.
        session: u64,
        /// The process that serves.
        process: u32,
    },
    /// They may not. Nothing follows.
    Refused {
        /// The version of steward that serves.
        version: String,
        /// Why, and the way out.
        why: String,
    },
    /// What came of an operation; of a long answer a part.
    Told {
        /// The operation.
        id: u64,
        /// An outcome as CBOR, or a part of it.
        bytes: Bytes,
        /// Whether nothing of it follows.
        last: bool,
    },
    /// What was asked of the server itself.
    Answered {
        /// As of an operation.
        id: u64,
        /// What came of it.
        answer: ControlAnswer,
    },
    /// So many more bytes of an operation's file may come.
    More {
        /// The operation.
        id: u64,
        /// How many.
        bytes: u32,
    },
    /// The next bytes of a file that an operation writes.
    Chunk {
        /// The operation.
        id: u64,
        /// Which of its files, from 0.
        output: u32,
        /// At most [`CHUNK`] of them.
        bytes: Bytes,
    },
    /// That file is whole, as far as it was written.
    End {
        /// The operation.
        id: u64,
        /// Which of its files, from 0.
        output: u32,
    },
    /// Something that people should know.
    Notice {
        /// Who says it; `None` means the server itself.
        from: Option<String>,
        /// What.
        text: String,
    },
    /// The session ends. Nothing follows.
    Bye {
        /// Why.
        why: String,
    },
}

/// Something that is asked of the server itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Control {
    /// Who is here.
    Sessions,
    /// End a session.
    EndSession {
        /// Its number.
        session: u64,
    },
    /// Say something to everybody.
    Wall {
        /// What.
        text: String,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlAnswer {
    /// Who is here, in the order in which they came.
    Sessions(Vec<SessionView>),
    /// It was done, to so many sessions.
    Done(usize),
    /// It was not, and why.
    Refused(String),
}

/// One session, as others see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Its number.
    pub session: u64,
    /// Its name, as the ledger has it.
    pub name: String,
    /// Its person.
    pub person: String,
    /// What they came for: `review`, `import`.
    pub doing: String,
    /// When it began.
    pub since: Timestamp,
    /// When something was asked last.
    pub last: Timestamp,
    /// The process at the other end, where that is known.
    pub process: Option<u32>,
    /// Where they came from; none of this machine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The fingerprint of the key they proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}
