//! What to do next where something was not done: one line of its own, for people and for programs.

use super::text::clean;
use domain::Subject;
use door::{FailureClass, Refusal};

/// What to do about a refusal, where there is something that a command line can say.
pub fn of_refusal(refusal: &Refusal) -> Option<String> {
    Some(match refusal {
        Refusal::Stale { subject, .. } => {
            format!("look again, then decide: steward show {}", clean(subject))
        }
        Refusal::Breaks { violations } => {
            let rule = violations.first().map_or("RULE", |first| first.rule.as_str());
            format!(
                "correct the value (steward fix), or waive the rule: --waive {} --reason CODE",
                clean(rule)
            )
        }
        Refusal::NotAMatchStands { decisions } => {
            let ids: Vec<String> = decisions.iter().map(ToString::to_string).collect();
            format!("steward undo {}", ids.join(" "))
        }
        Refusal::DependedOn { .. } => {
            "choose what happens to them: --with-dependents, --stay or --move-back".to_owned()
        }
        Refusal::DecidedOn { import, on } => {
            let ids: Vec<String> = on.iter().map(|it| it.decision.to_string()).collect();
            format!("steward undo {}, then steward undo {import}", ids.join(" "))
        }
        // Which one is right, nobody here can know.
        Refusal::ReasonRequired { .. }
        | Refusal::UnknownReason { .. }
        | Refusal::ErasureReason { .. } => "pass --reason CODE".to_owned(),
        Refusal::InvalidValue { field, .. } => {
            format!("to see how {} is read: steward check", clean(field.as_str()))
        }
        Refusal::Unknown { subject } => missing(subject)?.to_owned(),
        Refusal::OutcomeDiffers { digest, .. } => {
            format!(
                "look at it again (steward show TASK), then approve it as it is now: --expect {digest}"
            )
        }
        Refusal::ClaimedBy { .. } => {
            "they can release it: C in the review, or steward release TASK".to_owned()
        }
        Refusal::NeedsAnother { .. } => "to see what waits: steward govern list".to_owned(),
        Refusal::NotAllowed { .. } => "to see who may do what: steward access".to_owned(),
        Refusal::Erased { .. } | Refusal::DoesNotApply { .. } | Refusal::AlreadySo { .. } => {
            return None;
        }
    })
}

/// Where things of that kind are listed.
fn missing(subject: &str) -> Option<&'static str> {
    if subject.starts_with("field ") {
        return Some("to list the fields: steward check");
    }
    let named = subject.split_whitespace().last()?;
    Some(match named.parse().ok()? {
        Subject::Task(_) => "to list all tasks: steward tasks --state all",
        Subject::Record(_) => "to search for it: steward find TEXT --in records",
        Subject::Customer(_) => "to search for it: steward find TEXT",
        Subject::Decision(_) | Subject::Bulk(_) => "to list decisions: steward history",
        Subject::Import(_) => "to list imports: steward review, then g i",
    })
}

/// What to do about a failure of a class.
pub fn of_class(class: FailureClass) -> Option<&'static str> {
    Some(match class {
        FailureClass::Held => {
            "wait until it is closed; commands that only read work meanwhile (steward tasks, show, find)"
        }
        FailureClass::Undecided => {
            "pass --dates, --numbers or --encoding, or set it in steward.toml for every file of the source"
        }
        FailureClass::Clock => "if the clock is right: --trust-clock",
        FailureClass::Cancelled => "run it again to complete it",
        FailureClass::NoWorkspace => "change to its folder, or pass --workspace DIR",
        _ => return None,
    })
}

/// What clap advises beside the error itself: its tips, else where the help is.
pub fn of_usage(rendered: &str) -> String {
    let tips = rendered.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
    let tips: Vec<&str> = tips.collect();
    let help = || {
        let after = rendered.split_once("try '").and_then(|(_, rest)| rest.split_once('\''));
        after.map_or("--help", |(help, _)| help).to_owned()
    };
    if tips.is_empty() { help() } else { tips.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_told_with_where_such_things_are() {
        for (subject, says) in [
            ("T9", "steward tasks"),
            ("C17", "steward find TEXT"),
            ("crm:9", "--in records"),
            ("D3", "steward history"),
            ("record crm:9", "--in records"),
            ("field colour", "steward check"),
        ] {
            let refusal = Refusal::Unknown { subject: subject.to_owned() };
            assert!(of_refusal(&refusal).unwrap().contains(says), "{subject}");
        }
        assert_eq!(of_refusal(&Refusal::Unknown { subject: "job 4".to_owned() }), None);
    }

    #[test]
    fn advice_of_usage_is_its_tips_or_the_help() {
        let tip = "error: no\n\n  tip: a similar one exists: 'x'\n\nFor more, try '--help'.";
        assert_eq!(of_usage(tip), "a similar one exists: 'x'");
        assert_eq!(of_usage("error: no\n\nFor more information, try '--help'."), "--help");
        assert_eq!(of_usage("error: no"), "--help");
    }
}
