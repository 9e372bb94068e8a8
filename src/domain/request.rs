//! What a person may ask of whoever holds their data, as data: the kinds, the days, the steps, and which step is
//! still missing. The kinds are those of Articles 15 to 21 of the GDPR, and the opt-outs of the laws of US states;
//! what each demands is the law's to say, not ours. Pure.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{CustomerId, DecisionId, FieldName, Lapse, Sequence};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RequestKind {
    /// A copy of everything held.
    Access,
    /// To be erased.
    Erasure,
    /// That wrong data is corrected.
    Rectification,
    /// That data is kept and used for nothing else.
    Restriction,
    /// That data is no longer used for purposes.
    Objection,
    /// What is held, in a format that a machine reads.
    Portability,
    /// No more messages of a channel or for a purpose.
    OptOut,
}

impl RequestKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [RequestKind; 7] = [
        RequestKind::Access,
        RequestKind::Erasure,
        RequestKind::Rectification,
        RequestKind::Restriction,
        RequestKind::Objection,
        RequestKind::Portability,
        RequestKind::OptOut,
    ];

    /// The name on the command line and in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RequestKind::Access => "access",
            RequestKind::Erasure => "erasure",
            RequestKind::Rectification => "rectification",
            RequestKind::Restriction => "restriction",
            RequestKind::Objection => "objection",
            RequestKind::Portability => "portability",
            RequestKind::OptOut => "opt-out",
        }
    }

    /// Whether data is given away or destroyed for it: not before it is known who asks.
    #[must_use]
    pub fn needs_identity(self) -> bool {
        matches!(self, RequestKind::Access | RequestKind::Portability | RequestKind::Erasure)
    }

    /// Whether what is held is handed over.
    #[must_use]
    pub fn hands_over(self) -> bool {
        matches!(self, RequestKind::Access | RequestKind::Portability)
    }

    /// Whether whoever received the data earlier is to be told what became of it.
    #[must_use]
    pub fn tells_recipients(self) -> bool {
        matches!(self, RequestKind::Erasure | RequestKind::Rectification | RequestKind::Restriction)
    }

    /// Whether it places a restriction as soon as it is recorded.
    #[must_use]
    pub fn restricts(self) -> bool {
        matches!(self, RequestKind::Restriction | RequestKind::Objection | RequestKind::OptOut)
    }
}

impl fmt::Display for RequestKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for RequestKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        RequestKind::ALL.into_iter().find(|kind| kind.name() == text).ok_or(())
    }
}

/// A request as it is recorded when it comes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// What is asked for.
    pub kind: RequestKind,
    /// The day on which it came.
    pub received: Date,
    /// The way it came: `email`, `post`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Objections and opt-outs: the purposes; none means all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
    /// Opt-outs: the channels; none means all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// Rectifications: the fields that are said to be wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldName>,
}

/// What keeps a record from being used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// The decision that put it there: the request.
    pub decision: DecisionId,
    /// What was asked for: a restriction is about all purposes, and keeps the record from retention.
    pub kind: RequestKind,
    /// The purposes; none means all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<String>,
    /// The channels; none means all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
}

impl Restriction {
    /// Whether it keeps the record from being used for a purpose, by a channel. An opt-out of one channel keeps it
    /// from a use whose channel nobody names: that might be the one.
    #[must_use]
    pub fn forbids(&self, purpose: &str, channel: Option<&str>) -> bool {
        let is_of_purpose =
            self.purposes.is_empty() || self.purposes.iter().any(|it| it == purpose);
        let is_of_channel = self.channels.is_empty()
            || channel.is_none_or(|channel| self.channels.iter().any(|it| it == channel));
        is_of_purpose && is_of_channel
    }

    /// Whether the record must be kept meanwhile.
    #[must_use]
    pub fn keeps(&self) -> bool {
        self.kind == RequestKind::Restriction
    }

    /// In words: `restricted`, `objected to newsletter`, `opted out of email`.
    #[must_use]
    pub fn words(&self) -> String {
        let of = |list: &[String], none: &str| match list.is_empty() {
            true => none.to_owned(),
            false => list.join(", "),
        };
        match self.kind {
            RequestKind::Restriction => "restricted".to_owned(),
            RequestKind::OptOut => {
                let channels = of(&self.channels, "every channel");
                let purposes = match self.purposes.is_empty() {
                    true => String::new(),
                    false => format!(" for {}", self.purposes.join(", ")),
                };
                format!("opted out of {channels}{purposes}")
            }
            _ => format!("objected to {}", of(&self.purposes, "every purpose")),
        }
    }
}

/// A file that was handed over: nothing in it, and not where it lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedFile {
    /// Its name, without folders; `-` for standard output.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// BLAKE3 of its bytes, in hexadecimal.
    pub blake3: String,
}

/// What was done for a request, in one decision. Words stand in the decision's note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStep {
    /// It was recorded.
    Opened(Requested),
    /// It was checked who asks; the note says how.
    Verified,
    /// It goes on although nobody checked who asks; the note says why.
    Unverified,
    /// There is more time, until a day; the reason was told to the person.
    Extended {
        /// The new last day.
        until: Date,
    },
    /// Something was done or said.
    Noted,
    /// Recipients of earlier exports were told.
    Told {
        /// The exports they received, each by the commit that records it.
        exports: Vec<Sequence>,
        /// A recipient that no export names.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other: Option<String>,
    },
    /// Files were handed over.
    Handed {
        /// The files.
        files: Vec<HandedFile>,
    },
    /// Somebody looked for the person, and nothing is held of them.
    Searched,
    /// What keeps the records from being used no longer does.
    Lifted,
    /// It is done, and answered.
    Done,
    /// It is refused; the reason was told to the person.
    Refused,
}

impl RequestStep {
    /// Its name in lists.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            RequestStep::Opened(_) => "recorded",
            RequestStep::Verified => "identity checked",
            RequestStep::Unverified => "identity not checked",
            RequestStep::Extended { .. } => "extended",
            RequestStep::Noted => "noted",
            RequestStep::Told { .. } => "recipients told",
            RequestStep::Handed { .. } => "handed over",
            RequestStep::Searched => "searched, nothing is held",
            RequestStep::Lifted => "lifted",
            RequestStep::Done => "done",
            RequestStep::Refused => "refused",
        }
    }

    /// Its name for programs.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            RequestStep::Opened(_) => "opened",
            RequestStep::Verified => "verified",
            RequestStep::Unverified => "unverified",
            RequestStep::Extended { .. } => "extended",
            RequestStep::Noted => "noted",
            RequestStep::Told { .. } => "told",
            RequestStep::Handed { .. } => "handed",
            RequestStep::Searched => "searched",
            RequestStep::Lifted => "lifted",
            RequestStep::Done => "done",
            RequestStep::Refused => "refused",
        }
    }

    /// Whether the request is closed by it.
    #[must_use]
    pub fn closes(&self) -> bool {
        matches!(self, RequestStep::Done | RequestStep::Refused)
    }

    /// What is noted on a finished request as well: that recipients were told, and that a restriction ends.
    #[must_use]
    pub fn may_come_after(&self) -> bool {
        matches!(self, RequestStep::Noted | RequestStep::Told { .. } | RequestStep::Lifted)
    }
}

/// When a request is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// From the day of receipt.
    pub due: Lapse,
    /// Further, once, from the first last day.
    pub extend: Lapse,
}

impl Deadlines {
    /// The last day, without an extension: the same day of a later month, or that month's last.
    #[must_use]
    pub fn due(self, received: Date) -> Date {
        self.due.after(received)
    }

    /// The last day with the extension. Both lengths count from the day of receipt where both are months, so that a
    /// short month between them takes no day away.
    #[must_use]
    pub fn extended(self, received: Date) -> Date {
        match self.due.plus(self.extend) {
            Some(whole) => whole.after(received),
            None => self.extend.after(self.due.after(received)),
        }
    }
}

/// What is known of a request beside its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Recipients who are not told yet.
    pub to_be_told: usize,
    /// Whether a record of the person was corrected since it was recorded.
    pub corrected: bool,
    /// Whether the person was erased.
    pub erased: bool,
    /// Whether the answer has words.
    pub answered: bool,
    /// Whether nothing is held of the person.
    pub is_nobody: bool,
}

/// A step without which a request is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingStep {
    /// Who asks has not been checked.
    Identity,
    /// Nothing has been handed over.
    Files,
    /// The person is still here.
    Erasure,
    /// Nothing was corrected, and nothing answered.
    Correction,
    /// Recipients of earlier exports do not know.
    Recipients,
    /// Nobody has looked for the person.
    Search,
}

impl MissingStep {
    /// What is missing, and the way on.
    #[must_use]
    pub fn words(self, task: &impl fmt::Display, customer: CustomerId) -> String {
        match self {
            MissingStep::Identity => {
                format!("nobody has checked who asks: steward request verify {task} --how TEXT")
            }
            MissingStep::Files => format!(
                "nothing has been handed over: steward subject {customer} --for {task} -o FILE"
            ),
            MissingStep::Erasure => format!(
                "{customer} has not been erased: steward erase {customer} --for {task} --reason request"
            ),
            MissingStep::Correction => format!(
                "nothing was corrected: correct a record, or say why not with --answer TEXT ({task})"
            ),
            MissingStep::Search => {
                format!(
                    "nobody has looked for them yet: steward find, then steward request searched {task}"
                )
            }
            MissingStep::Recipients => format!(
                "recipients of earlier exports are not told: steward request told {task} --all"
            ),
        }
    }
}

/// What is missing before a request is done, in the order in which it is done.
#[must_use]
pub fn missing<'s>(
    kind: RequestKind,
    steps: impl IntoIterator<Item = &'s RequestStep>,
    standing: Standing,
) -> Vec<MissingStep> {
    let steps: Vec<&RequestStep> = steps.into_iter().collect();
    let has = |wanted: fn(&RequestStep) -> bool| steps.iter().any(|step| wanted(step));
    if standing.is_nobody {
        // There is nothing to hand over, to correct or to erase.
        let is_searched = has(|step| *step == RequestStep::Searched);
        return if is_searched { Vec::new() } else { vec![MissingStep::Search] };
    }
    let is_known = has(|step| matches!(step, RequestStep::Verified | RequestStep::Unverified));
    let is_handed = has(|step| matches!(step, RequestStep::Handed { .. }));
    let is_rectified = standing.corrected || standing.answered;
    let wanted = [
        (MissingStep::Identity, kind.needs_identity() && !is_known),
        (MissingStep::Files, kind.hands_over() && !is_handed),
        (MissingStep::Correction, kind == RequestKind::Rectification && !is_rectified),
        (MissingStep::Recipients, kind.tells_recipients() && standing.to_be_told > 0),
        (MissingStep::Erasure, kind == RequestKind::Erasure && !standing.erased),
    ];
    wanted.into_iter().filter(|(_, is_missing)| *is_missing).map(|(step, _)| step).collect()
}

/// The exports that nobody was told about.
#[must_use]
pub fn to_be_told<'s>(
    exports: impl IntoIterator<Item = Sequence>,
    steps: impl IntoIterator<Item = &'s RequestStep>,
) -> BTreeSet<Sequence> {
    let mut left: BTreeSet<Sequence> = exports.into_iter().collect();
    for step in steps {
        if let RequestStep::Told { exports, .. } = step {
            for export in exports {
                left.remove(export);
            }
        }
    }
    left
}

#[cfg(test)]
mod tests;
