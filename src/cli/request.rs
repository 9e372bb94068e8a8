//! `steward request`: records what a person asks for, and what is done for it.

use clap::{Args, Subcommand, ValueEnum};
use jiff::Zoned;
use jiff::civil::Date;

use super::carry_out::{carry_out, foresee, tell};
use super::code::Code;
use super::entry::Entry;
use super::failure::Usage;
use super::invocation::Invocation;
use super::names;
use super::output::Output;
use super::say::say;
use domain::{
    CustomerId, FieldName, ReasonCode, RequestKind, RequestStep, Requested, Sequence, TaskId,
};
use door::operations::{Decide, Requests};
use door::{Action, Request};

/// Record what a person asks for (GDPR articles 15 to 21, opt-outs), and what is done for it.
///
/// A request is a task with a last day: a month after it came, unless `[requests]` in steward.toml says otherwise. It
/// rises in the queue before that day. A restriction, an objection and an opt-out are in force at once: export
/// golden --purpose leaves the customer out. The steps are recorded; `done` is refused while one is missing.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  steward request C17 --kind access --received 2026-11-28 --by email\n  \
    steward request crm:1042 --kind objection --purpose newsletter\n  \
    steward request verify T5 --how 'called back the number on file'\n  \
    steward subject C17 --for T5 -o answer\n  \
    steward request done T5\n  \
    steward request --nobody --kind access --received 2026-11-28\n  \
    steward request searched T6\n\nThe law decides what a person may ask for and until when; steward keeps the record."
)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
    /// A customer (C17), or one of its records (crm:1042).
    #[arg(value_name = "ID", required_unless_present = "nobody")]
    id: Option<String>,
    /// Nothing is held of whoever asks. Nothing in words is kept of them: write the number of the task on the letter.
    #[arg(long, conflicts_with = "id")]
    nobody: bool,
    /// What is asked for.
    #[arg(long, value_enum, value_name = "KIND", required = true)]
    kind: Option<KindArgument>,
    /// The day on which it came (2026-11-28); it counts from that day. Default: today.
    #[arg(long, value_name = "DATE")]
    received: Option<Date>,
    /// The way it came: email, post, phone.
    #[arg(long, value_name = "WAY")]
    by: Option<String>,
    /// Objection, opt-out: a purpose of steward.toml. Default: all of them.
    #[arg(long, value_name = "PURPOSE")]
    purpose: Vec<String>,
    /// Opt-out: a channel, such as email. Default: all of them.
    #[arg(long, value_name = "CHANNEL")]
    channel: Vec<String>,
    /// Rectification: a field that is said to be wrong.
    #[arg(long, value_name = "FIELD")]
    field: Vec<String>,
    #[command(flatten)]
    why: Why,
}

/// What is asked for, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindArgument {
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

impl From<KindArgument> for RequestKind {
    fn from(kind: KindArgument) -> Self {
        match kind {
            KindArgument::Access => RequestKind::Access,
            KindArgument::Erasure => RequestKind::Erasure,
            KindArgument::Rectification => RequestKind::Rectification,
            KindArgument::Restriction => RequestKind::Restriction,
            KindArgument::Objection => RequestKind::Objection,
            KindArgument::Portability => RequestKind::Portability,
            KindArgument::OptOut => RequestKind::OptOut,
        }
    }
}

#[derive(Debug, Args)]
struct Why {
    /// A reason from the list in steward.toml.
    #[arg(long, value_name = "CODE")]
    reason: Option<String>,
    /// What was said or done. Do not repeat a masked value in it.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Show what would happen; write nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Record how it was checked who asks. Keep no copies of documents.
    #[command(group(clap::ArgGroup::new("check").required(true).args(["how", "reason", "unverified"])))]
    Verify {
        /// The request (T5).
        task: TaskId,
        /// How it was checked.
        #[arg(long, value_name = "TEXT")]
        how: Option<String>,
        /// Why the request goes on although nobody checked.
        #[arg(long, value_name = "TEXT")]
        unverified: Option<String>,
        /// A reason from the list in steward.toml, instead of a text.
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
        /// Show what would happen; write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Take more time, once; tell the person why.
    Extend {
        /// The request (T5).
        task: TaskId,
        #[command(flatten)]
        why: Why,
    },
    /// Record what was done or said.
    Note {
        /// The request (T5).
        task: TaskId,
        /// What was done or said.
        text: String,
        /// Show what would happen; write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Record that recipients of earlier exports were told.
    #[command(group(clap::ArgGroup::new("whom").required(true).args(["recipient", "all"])))]
    Told {
        /// The request (T5).
        task: TaskId,
        /// A file or a number (#812) of an export that `show` lists, or anybody else.
        #[arg(long, value_name = "NAME")]
        recipient: Option<String>,
        /// Everybody who is left.
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        why: Why,
    },
    /// Record that somebody looked for the person, and that nothing is held of them.
    Searched {
        /// The request (T5).
        task: TaskId,
        /// A reason from the list in steward.toml.
        #[arg(long, value_name = "CODE")]
        reason: Option<String>,
        /// Show what would happen; write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Close it as done. Refused while a step is missing, which is named.
    Done {
        /// The request (T5).
        task: TaskId,
        /// What was answered.
        #[arg(long, value_name = "TEXT")]
        answer: Option<String>,
        /// Show what would happen; write nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Refuse it; tell the person why. What it restricts ends.
    Refuse {
        /// The request (T5).
        task: TaskId,
        #[command(flatten)]
        why: Why,
    },
    /// End what a restriction, an objection or an opt-out restricts. Tell the person before you do.
    Lift {
        /// The request (T5).
        task: TaskId,
        #[command(flatten)]
        why: Why,
    },
}

/// Whether what is said changes something, apart from its dry run.
pub fn changes(matches: &clap::ArgMatches) -> bool {
    match matches.subcommand() {
        Some((_, of)) => !of.get_flag("dry_run"),
        None => !matches.get_flag("dry_run"),
    }
}

/// Records a request, or a step of one.
///
/// # Errors
/// When there is no such customer or request, it is refused, or the workspace cannot be read or written.
pub fn run(
    arguments: &Arguments,
    invocation: &Invocation,
    output: &Output,
) -> anyhow::Result<Code> {
    match &arguments.what {
        Some(what) => step(what, invocation, output),
        None => record(arguments, invocation, output),
    }
}

fn record(arguments: &Arguments, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let Some(kind) = arguments.kind else {
        return Err(Usage::error("name a customer, and what they ask for: --kind access"));
    };
    let Why { reason, note, dry_run } = &arguments.why;
    let entry = invocation.open_for(*dry_run)?;
    let customer = match &arguments.id {
        Some(id) => names::customer(&entry, id)?,
        None => CustomerId::NOBODY,
    };
    let requested = Requested {
        kind: kind.into(),
        received: arguments.received.unwrap_or_else(|| Zoned::now().date()),
        by: arguments.by.clone(),
        purposes: arguments.purpose.clone(),
        channels: arguments.channel.clone(),
        fields: arguments.field.iter().map(FieldName::new).collect(),
    };
    let request = Request {
        reason: reason.as_deref().map(ReasonCode::new),
        note: note.clone(),
        ..Request::new(Action::Record { customer, requested })
    };
    if *dry_run {
        return foresee(&entry, request, output);
    }
    let receipt = entry.ask(Decide { request })?;
    let code = tell(&receipt, output)?;
    if let Some(task) = receipt.task.filter(|_| !output.json) {
        say_next(&entry, task)?;
    }
    Ok(code)
}

/// The last day, and what is to be done.
fn say_next(entry: &Entry, task: TaskId) -> anyhow::Result<()> {
    for view in entry.ask(Requests { task: Some(task), ..Requests::default() })? {
        say(&format!("{task} is {}", view.last_day()));
        view.missing_words().for_each(|words| say(&format!("  {words}")));
        view.maybe_same.iter().for_each(|same| say(&format!("  {}", same.words())));
    }
    Ok(())
}

fn step(what: &What, invocation: &Invocation, output: &Output) -> anyhow::Result<Code> {
    let said = |why: &Why| (why.reason.clone(), why.note.clone(), why.dry_run);
    let (task, step, (reason, note, dry_run)) = match what {
        What::Verify { task, how: Some(how), reason, dry_run, .. } => {
            (task, RequestStep::Verified, (reason.clone(), Some(how.clone()), *dry_run))
        }
        What::Verify { task, unverified: Some(why), reason, dry_run, .. } => {
            (task, RequestStep::Unverified, (reason.clone(), Some(why.clone()), *dry_run))
        }
        What::Verify { task, reason, dry_run, .. } => {
            (task, RequestStep::Verified, (reason.clone(), None, *dry_run))
        }
        // The desk says until when.
        What::Extend { task, why } => {
            (task, RequestStep::Extended { until: Date::ZERO }, said(why))
        }
        What::Note { task, text, dry_run } => {
            (task, RequestStep::Noted, (None, Some(text.clone()), *dry_run))
        }
        What::Told { task, recipient, why, .. } => (task, told(recipient.as_deref()), said(why)),
        What::Searched { task, reason, dry_run } => {
            (task, RequestStep::Searched, (reason.clone(), None, *dry_run))
        }
        What::Done { task, answer, dry_run } => {
            (task, RequestStep::Done, (None, answer.clone(), *dry_run))
        }
        What::Refuse { task, why } => (task, RequestStep::Refused, said(why)),
        What::Lift { task, why } => (task, RequestStep::Lifted, said(why)),
    };
    let entry = invocation.open_for(dry_run)?;
    let request = Request {
        task: Some(*task),
        reason: reason.as_deref().map(ReasonCode::new),
        note,
        ..Request::new(Action::Step { step })
    };
    carry_out(&entry, request, dry_run, output)
}

/// Whom it was told: an export by its number, or a name; nobody named means all that are left.
fn told(recipient: Option<&str>) -> RequestStep {
    let number = recipient.and_then(|name| name.strip_prefix('#')?.parse().ok());
    match (number, recipient) {
        (Some(number), _) => RequestStep::Told { exports: vec![Sequence(number)], other: None },
        (None, name) => {
            RequestStep::Told { exports: Vec::new(), other: name.map(ToOwned::to_owned) }
        }
    }
}
