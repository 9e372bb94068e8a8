//! A decision.

use super::super::text::clean;
use super::super::{history, moment};
use domain::{Until, Verdict};
use door::views::DecisionView;

/// The decision as text.
pub fn lines(view: &DecisionView) -> Vec<String> {
    let mut lines = history::lines(std::slice::from_ref(&view.entry));
    let mut say = |name: &str, text: String| {
        if !text.is_empty() {
            lines.push(format!("  {name}: {}", clean(&text)));
        }
    };
    say("task", text(view.task));
    say("about", list(&view.subjects));
    for group in &view.groups {
        say(&group.customer.to_string(), list(&group.records));
    }
    say("reason", text(view.reason.as_ref()));
    say("note", text(view.note.as_ref()));
    say("score", view.score.map_or(String::new(), |score| format!("{score:.4}")));
    say("rules", list(&view.rules));
    for (field, value) in &view.values {
        say(field.as_str(), value.to_string());
    }
    say("removed", list(&view.cleared));
    say("withdrawn", list(&view.withdrawn));
    say("until", view.until.map_or(String::new(), until));
    // An answer goes to whoever asked; nobody is asked by it.
    say(if view.verdict == Verdict::Answer { "answered" } else { "asked" }, text(view.to.as_ref()));
    say("bulk", text(view.bulk));
    say("asks", text(view.asks));
    say("approves", text(view.approves));
    say("proposed by", text(view.proposed_by.as_ref()));
    say("did not wait because", text(view.broken_glass.as_ref()));
    say("undid", list(&view.reverses));
    say("undone by", text(view.undone_by));
    say("decided", text(view.entry.evidence.as_ref()));
    say("hash", view.hash.clone());
    lines
}

fn until(until: Until) -> String {
    match until {
        Until::Time(time) => moment::shown(time),
        Until::DataChanges => "the data changes".to_owned(),
    }
}

fn text(thing: Option<impl ToString>) -> String {
    thing.map(|thing| thing.to_string()).unwrap_or_default()
}

fn list<T: ToString>(things: &[T]) -> String {
    things.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
