//! How a command ends that is not done: with which exit code, and what is said of it.

use std::io;

use rustix::io::Errno;
use serde_json::{Map, Value, json};

use super::above::{self, Bounds};
use super::code::Code;
use super::create::Similar;
use super::hint;
use super::invocation::Invocation;
use super::journal;
use super::output::Unwritten;
use super::owner;
use super::say::say;
use super::text::clean;
use desk::DeskError;
use domain::printable::printable_json;
use door::{Failure, FailureClass, Refusal};

/// A command line that parses and still makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(String);

impl Usage {
    /// That sentence, as an error.
    pub fn error(sentence: impl Into<String>) -> anyhow::Error {
        Usage(sentence.into()).into()
    }
}

/// Nothing was found: no fault, and told with what would be done next.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct NotFound {
    /// What was looked for.
    pub what: String,
    /// What to do next.
    pub hint: String,
}

/// Says why the command was not carried out, and with which code the process ends.
pub fn tell(error: &anyhow::Error, json: bool, invocation: &Invocation) -> Code {
    if is_closed_pipe(error) {
        return Code::Done;
    }
    let code = code(error);
    tracing::info!(code = code as u8, "the command was not carried out");
    if journal::has_failed() {
        // What follows from a fault is no news: the fault itself was told.
        return Code::Fault;
    }
    if json {
        say(&printable_json(&to_json(error, invocation).to_string()));
        return code;
    }
    let message = message(error);
    match code {
        Code::Refused if error.is::<Refusal>() && message.starts_with("refused by ") => {
            say(&message)
        }
        Code::Refused if error.is::<Refusal>() => say(&format!("refused: {message}")),
        _ => say(&format!("error: {message}")),
    }
    for (encoding, words) in failure(error).map(|failure| failure.readings).unwrap_or_default() {
        let words = if words.is_empty() { String::new() } else { format!(": {}", clean(&words)) };
        say(&format!("  {encoding}{words}"));
    }
    if needs_place(error) {
        say(&format!("  workspace: {}", clean(&invocation.folder())));
    }
    if let Some(hint) = hint(error, invocation) {
        say(&format!("hint: {hint}"));
    }
    code
}

/// What to do next.
fn hint(error: &anyhow::Error, invocation: &Invocation) -> Option<String> {
    if let Some(limit) = limit(error) {
        return Some(limit.to_owned());
    }
    if is_denied(error)
        && let Some(way_in) = owner::way_in(&invocation.workspace())
    {
        return Some(way_in);
    }
    if let Some(missing) = error.downcast_ref::<NotFound>() {
        return Some(missing.hint.clone());
    }
    // What is left of that workspace is in no other folder, and the error names the way out.
    if matches!(error.downcast_ref::<DeskError>(), Some(DeskError::LedgerGone { .. })) {
        return None;
    }
    if failure(error).is_some_and(|failure| failure.class == FailureClass::NoWorkspace)
        && let Some(above) =
            above::of_another_above(invocation.workspace().folder(), &Bounds::of_process())
    {
        let above = clean(&above.display().to_string());
        return Some(format!(
            "the workspace above it, {above}, is not used: it is not yours; if you trust it: --workspace {above}"
        ));
    }
    match error.downcast_ref::<Refusal>() {
        Some(refusal) => hint::of_refusal(refusal),
        None => failure(error).and_then(|it| hint::of_class(it.class)).map(str::to_owned),
    }
}

/// What clap found: help and version are answers, the rest is usage.
pub fn usage(error: &clap::Error, json: bool) -> Code {
    let is_answer = !error.use_stderr();
    if json && !is_answer {
        let rendered = error.render().to_string();
        // The first paragraph is the error, the rest is advice.
        let text = rendered.split("\n\n").next().unwrap_or_default();
        let text = text.trim().trim_start_matches("error: ");
        let told = json!({ "error": text, "hint": hint::of_usage(&rendered) });
        say(&printable_json(&told.to_string()));
    } else if !is_answer {
        // Arguments are repeated in it as they came, hence without clap's colours.
        say(error.render().to_string().trim_end());
    } else if let Err(unwritten) = error.print()
        && unwritten.kind() != io::ErrorKind::BrokenPipe
    {
        say(&format!("error: {}", Unwritten { done: false, error: unwritten }));
        return Code::Failed;
    }
    if is_answer { Code::Done } else { Code::Usage }
}

fn code(error: &anyhow::Error) -> Code {
    match error.downcast_ref::<Refusal>() {
        // There is nothing that could be refused.
        Some(Refusal::Unknown { .. }) => return Code::Failed,
        Some(_) => return Code::Refused,
        None => {}
    }
    if error.is::<Usage>() {
        return Code::Usage;
    }
    if unwritten(error).is_some_and(|unwritten| unwritten.done) {
        return Code::Unanswered;
    }
    match failure(error).map(|failure| failure.class) {
        Some(FailureClass::Held | FailureClass::Clock | FailureClass::Undecided) => Code::Refused,
        Some(FailureClass::Usage | FailureClass::NotAnOutput) => Code::Usage,
        Some(FailureClass::Fault) => Code::Fault,
        _ => Code::Failed,
    }
}

/// The failure behind an error, whether it came through the door or from beside it.
fn failure(error: &anyhow::Error) -> Option<Failure> {
    let beside = || error.downcast_ref::<DeskError>().map(Failure::from);
    error.downcast_ref::<Failure>().cloned().or_else(beside)
}

/// Whether another process has the workspace.
pub fn is_held(error: &anyhow::Error) -> bool {
    failure(error).is_some_and(|failure| failure.class == FailureClass::Held)
}

/// Whether it is the file that cannot be used, whoever tries: not the workspace, nor the settings.
pub fn is_about_file(error: &anyhow::Error) -> bool {
    error.is::<Refusal>()
        || failure(error).is_some_and(|failure| {
            matches!(failure.class, FailureClass::Unusable | FailureClass::Undecided)
        })
}

/// What the system said, wherever it stands among the causes.
fn of_system(error: &anyhow::Error) -> impl Iterator<Item = &io::Error> {
    error.chain().filter_map(|cause| {
        let of_desk = cause.downcast_ref::<DeskError>().and_then(|error| match error {
            DeskError::Output(error) | DeskError::File { error, .. } => Some(error),
            _ => None,
        });
        of_desk.or_else(|| cause.downcast_ref::<io::Error>())
    })
}

/// The reader of our output has gone: `| head` is no failure, whatever the command did.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    of_system(error).any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
        || failure(error).is_some_and(|failure| failure.class == FailureClass::OutputClosed)
}

fn unwritten(error: &anyhow::Error) -> Option<&Unwritten> {
    of_system(error).find_map(|cause| cause.get_ref()?.downcast_ref())
}

/// Whether the system keeps this user away from something.
fn is_denied(error: &anyhow::Error) -> bool {
    let denied = Errno::ACCESS.raw_os_error();
    of_system(error).any(|cause| cause.kind() == io::ErrorKind::PermissionDenied)
        || message(error).contains(&format!("(os error {denied})"))
}

/// Which of the limits that a shell sets was met, and what to do about it.
fn limit(error: &anyhow::Error) -> Option<&'static str> {
    // The ledger and the store pass on what the system said as words.
    let says =
        |errno: Errno| message(error).contains(&format!("(os error {})", errno.raw_os_error()));
    if says(Errno::FBIG) {
        return Some(
            "the file size limit was reached: raise the limit (ulimit -f), then run it again",
        );
    }
    if message(error).starts_with("starting a thread") && says(Errno::AGAIN) {
        return Some(
            "no thread could be started: raise the limit on memory or processes (ulimit -v, \
             ulimit -u), then run the command again",
        );
    }
    says(Errno::NOMEM)
        .then_some("out of memory: raise the limit (ulimit -v), then run the command again")
}

/// Every cause that the sentence so far does not say already.
pub fn message(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Whether the sentence is better understood with the workspace it is about.
fn needs_place(error: &anyhow::Error) -> bool {
    use FailureClass::{NoWorkspace, NotAnOutput, NotThere, Unusable};
    let needs = |class| !matches!(class, NoWorkspace | NotAnOutput | NotThere | Unusable);
    failure(error).is_some_and(|failure| needs(failure.class))
}

fn to_json(error: &anyhow::Error, invocation: &Invocation) -> Value {
    let mut object = Map::new();
    object.insert("error".to_owned(), message(error).into());
    object.insert("workspace".to_owned(), invocation.folder().into());
    if let Some(unwritten) = unwritten(error) {
        object.insert("done".to_owned(), unwritten.done.into());
    }
    if let Some(hint) = hint(error, invocation) {
        object.insert("hint".to_owned(), hint.into());
    }
    if let Some(refusal) = error.downcast_ref::<Refusal>()
        && let Ok(Value::Object(fields)) = serde_json::to_value(refusal)
    {
        // Tagged: its name stands under `refusal`, its details beside it.
        object.extend(fields);
    }
    if let Some(similar) = error.downcast_ref::<Similar>() {
        object.insert("alike".to_owned(), json!(similar.alike));
    }
    let failure = failure(error);
    let stopped = failure.as_ref().and_then(|failure| failure.import.as_deref());
    if let Some((import, report)) = stopped.copied() {
        object.insert("import".to_owned(), json!(import));
        object.insert("kept".to_owned(), json!(import.map(|_| report)));
    }
    if let Some(undecided) = failure.as_ref().and_then(|failure| failure.undecided.as_ref()) {
        object.insert("undecided".to_owned(), json!(undecided.columns));
    }
    if let Some(part) = failure.as_ref().and_then(|failure| failure.part.as_ref()) {
        object.insert("to_be_named".to_owned(), json!(part));
    }
    if let Some(failure) = failure.as_ref().filter(|failure| !failure.readings.is_empty()) {
        let readings = failure.readings.iter();
        let readings = readings.map(|(name, words)| json!({ "encoding": name, "words": words }));
        object.insert("readings".to_owned(), readings.collect());
    }
    if let Some(failure) = failure.filter(|failure| !failure.findings.is_empty()) {
        object.insert("findings".to_owned(), json!(failure.findings));
    }
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::LedgerError;

    #[test]
    fn each_failure_has_its_code() {
        let held = DeskError::Ledger(LedgerError::Held { holder: "sam, process 7".into() });
        for (error, expected) in [
            (Refusal::Unknown { subject: "T9".into() }.into(), Code::Failed),
            (Refusal::ClaimedBy { holder: "kim".into() }.into(), Code::Refused),
            (held.into(), Code::Refused),
            (Usage::error("no"), Code::Usage),
            (DeskError::Cancelled.into(), Code::Failed),
            (DeskError::Fault.into(), Code::Fault),
            (through(FailureClass::Held), Code::Refused),
            (through(FailureClass::Clock), Code::Refused),
            (through(FailureClass::Undecided), Code::Refused),
            (through(FailureClass::Usage), Code::Usage),
            (through(FailureClass::NotAnOutput), Code::Usage),
            (through(FailureClass::Fault), Code::Fault),
            (through(FailureClass::NotThere), Code::Failed),
            (through(FailureClass::Stopped), Code::Failed),
            (unwritten(true), Code::Unanswered),
            (unwritten(false), Code::Failed),
            (anyhow::anyhow!("no"), Code::Failed),
        ] {
            assert_eq!(code(&error), expected, "{error}");
        }
    }

    /// A failure that came through the door.
    fn through(class: FailureClass) -> anyhow::Error {
        Failure::new(class, "no").into()
    }

    #[test]
    fn a_failure_tells_the_same_whether_it_came_through_the_door_or_not() {
        let invocation = Invocation::at(std::path::Path::new("/nowhere"));
        let finding = settings::Finding { line: 3, message: "no such key".to_owned() };
        for beside in [
            DeskError::Settings(vec![finding]),
            DeskError::NoWorkspace { folder: "/nowhere".to_owned() },
            DeskError::Held { holder: "sam".to_owned() },
            DeskError::Cancelled,
        ] {
            let through = anyhow::Error::from(Failure::from(&beside));
            let beside = anyhow::Error::from(beside);
            assert_eq!(code(&through), code(&beside));
            assert_eq!(needs_place(&through), needs_place(&beside), "{beside}");
            assert_eq!(is_held(&through), is_held(&beside));
            let json = to_json(&through, &invocation);
            assert_eq!(json, to_json(&beside, &invocation));
            assert_eq!(
                json.get("findings").is_some(),
                json["error"].as_str().unwrap().contains("line 3")
            );
        }
        assert!(is_closed_pipe(&through(FailureClass::OutputClosed)));
    }

    fn unwritten(done: bool) -> anyhow::Error {
        let error = io::Error::from(io::ErrorKind::StorageFull);
        io::Error::new(error.kind(), Unwritten { done, error }).into()
    }

    #[test]
    fn a_limit_that_was_met_is_named_with_the_way_out() {
        let error = |errno: Errno| anyhow::Error::from(io::Error::from(errno)).context("writing a");
        assert!(limit(&error(Errno::FBIG)).unwrap().contains("ulimit -f"));
        assert!(limit(&error(Errno::NOMEM)).unwrap().contains("ulimit -v"));
        assert_eq!(limit(&error(Errno::NOSPC)), None);
    }

    #[test]
    fn a_cause_is_said_once() {
        let cause = io::Error::other("disk full");
        let error = anyhow::Error::new(cause).context("writing a.csv: disk full");
        assert_eq!(message(&error), "writing a.csv: disk full");
        let error = anyhow::Error::new(io::Error::other("disk full")).context("writing a.csv");
        assert_eq!(message(&error), "writing a.csv: disk full");
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let error: anyhow::Error = io::Error::from(io::ErrorKind::BrokenPipe).into();
        assert!(is_closed_pipe(&error.context("writing")));
        let error = DeskError::Output(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_closed_pipe(&error.into()));
    }
}
