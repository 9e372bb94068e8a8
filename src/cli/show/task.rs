//! A task: the customers side by side, and what each pair's score is made of.

use serde_json::{Value, json};

use super::super::moment;
use super::super::names::letter;
use super::super::say::say;
use super::super::text::{Paint, Table, clean};
use super::customer::{cell_text, golden_to_json, members_to_json};
use super::violation_lines;
use domain::{Origin, TaskKind, TaskReason, TaskState, Until, score};
use door::views::{
    Cell, Column, Competing, Disputed, ExplanationView, Mark, RequestView, TaskView,
};

/// The task as one object.
pub fn to_json(view: &TaskView, request: Option<&RequestView>) -> Value {
    let column = |(at, column): (usize, &Column)| {
        json!({
            "id": column.customer,
            "letter": letter(at),
            "version": column.version,
            "contradicts": column.contradicts,
            "why_apart": column.why_apart,
            "activity": column.activity,
            "closed": column.closed,
            "golden": golden_to_json(&column.golden, &view.origins),
            "members": members_to_json(&column.members),
            "marks": marks_to_json(column),
        })
    };
    let task = view.task.as_ref();
    let mut object = json!({
        "id": task.map(|task| task.id),
        "kind": task.map(|task| task.kind),
        "state": task.map(|task| task.state.name()),
        "version": view.version,
        "score": task.and_then(|task| task.score),
        "weakest": task.and_then(|task| task.weakest),
        "opened": task.map(|task| task.opened),
        "reason": view.reasons.join("; "),
        "asked": view.asked,
        "comments": view.comments,
        "customers": view.columns.iter().enumerate().map(column).collect::<Vec<_>>(),
        "golden": golden_to_json(&view.golden, &view.origins),
        "record": view.fix.as_ref().map(|fix| &fix.record),
        "violations": view.fix.as_ref().map(|fix| &fix.violations),
        "pairs": view.pairs,
        "summary": view.summary,
        "dispute": view.dispute,
        "earlier": view.earlier,
    });
    if let (Some(request), Value::Object(fields)) = (request, &mut object) {
        fields.insert("request".to_owned(), json!(request));
    }
    object
}

/// How each value stands to the first customer's, and the words beside the mark.
fn marks_to_json(column: &Column) -> Value {
    let cells = column.cells.iter().filter(|cell| cell.mark != Mark::None);
    let mark = |cell: &Cell| {
        let words = Some(cell.words.as_str()).filter(|words| !words.is_empty());
        (cell.field.to_string(), json!({ "mark": cell.mark, "words": words }))
    };
    Value::Object(cells.map(mark).collect())
}

/// The task as text.
pub fn lines(view: &TaskView, paint: Paint) -> Vec<String> {
    let mut lines = vec![paint.bold(&headline(view))];
    let mut why: Vec<String> = Vec::new();
    why.extend(view.dispute.iter().flat_map(|dispute| &dispute.values).map(Disputed::line));
    let is_similar =
        view.task.as_ref().is_none_or(|task| matches!(task.reason, TaskReason::Similar));
    match view.summary.as_ref().filter(|_| is_similar) {
        Some(summary) => why.extend(summary.sentences()),
        None => why.extend(view.reasons.iter().cloned()),
    }
    why.extend(view.dispute.iter().map(|it| {
        let apart = it.apart.as_ref().map(|apart| format!("; not-a-match: {apart}"));
        format!("accept: {}; keep: {}{}", it.accept, it.keep, apart.unwrap_or_default())
    }));
    why.extend(view.asked.iter().cloned());
    lines.extend(why.iter().map(|reason| format!("  {}", clean(reason))));
    lines.extend(view.comments.iter().map(|it| {
        let text = it.text.as_deref().unwrap_or("(erased with a person)");
        let at = moment::shown(it.at);
        format!("  {}, {at} ({}): {}", clean(&it.actor), it.decision, clean(text))
    }));
    lines.extend(comparison(view));
    if let Some(fix) = &view.fix {
        lines.push(format!("violations of {}", clean(&fix.record.to_string())));
        lines.extend(violation_lines(&fix.violations));
    }
    if !view.pairs.is_empty() {
        lines.push("weights".to_owned());
        lines.extend(weights(view));
    }
    if !view.earlier.is_empty() {
        lines.push("decided before".to_owned());
        lines.extend(view.earlier.iter().map(|earlier| format!("  {}", clean(&earlier.line))));
    }
    lines
}

/// The state, and until when where it was put off.
fn state(state: &TaskState) -> String {
    match state {
        TaskState::Deferred { until: Until::Time(until), .. } => {
            format!("deferred until {}", moment::shown(*until))
        }
        TaskState::Deferred { until: Until::DataChanges, .. } => {
            "deferred until the data changes".to_owned()
        }
        other => other.name().to_owned(),
    }
}

fn headline(view: &TaskView) -> String {
    let Some(task) = &view.task else { return format!("version {}", view.version) };
    let best = task.score.map_or(String::new(), |it| format!(", score {}", score(it)));
    let weakest = task.weakest.map_or(String::new(), |it| format!(", weakest link {}", score(it)));
    format!(
        "{} {}, {}{best}{weakest}, version {}",
        task.id,
        task.kind.name(),
        state(&task.state),
        view.version
    )
}

/// One row a field, one column a customer, and what would survive.
fn comparison(view: &TaskView) -> Vec<String> {
    let several = view.columns.len() > 1;
    let mut table = Table::default();
    let mut head = vec![String::from("  ")];
    let mut below = vec![String::from("  ")];
    for (at, column) in view.columns.iter().enumerate() {
        let letter = if several { format!("{} ", letter(at)) } else { String::new() };
        let contradicts = match &column.why_apart {
            Some(why) if column.contradicts => format!(" (left out: {why})"),
            _ => String::new(),
        };
        let closed = if column.closed { " (closed)" } else { "" };
        head.push(format!("  {letter}{}{closed}{contradicts}", column.customer));
        let members: Vec<String> =
            column.members.iter().map(|member| member.address.to_string()).collect();
        below.push(format!("  {}", clean(&members.join(" "))));
    }
    if several {
        head.push("| merged".to_owned());
        below.push("|".to_owned());
    }
    table.row(head);
    table.row(below);
    for (at, field) in view.fields.iter().enumerate() {
        let mut row = vec![format!("  {}", field.name)];
        for column in &view.columns {
            let cell = column.cells.get(at);
            let mark = cell.map_or(Mark::None, |cell| cell.mark);
            let words = cell.map_or("", |cell| cell.words.as_str());
            let words = if words.is_empty() { String::new() } else { format!("  ({words})") };
            row.push(format!("{} {}{words}", sign(mark), cell_text(cell)));
        }
        if several {
            row.push(format!("| {}", survivor(view, field.name.as_str())));
        }
        table.row(row);
    }
    if several && view.columns.iter().any(|column| column.activity.is_some()) {
        let mut row = vec!["  activities".to_owned()];
        row.extend(view.columns.iter().map(|column| {
            column.activity.as_ref().map_or(String::new(), |it| format!("  {}", clean(&it.words())))
        }));
        row.push("|".to_owned());
        table.row(row);
    }
    table.lines()
}

fn survivor(view: &TaskView, field: &str) -> String {
    let Some(value) = view.golden.get(field) else {
        let mut cells =
            view.columns.iter().filter(|column| !column.closed).flat_map(|it| &it.cells);
        let is_lost = cells.any(|cell| cell.field.as_str() == field && cell.text.is_some());
        return if is_lost { "(empty)".to_owned() } else { String::new() };
    };
    let from = match &value.origin {
        Origin::Survived { record, .. } => {
            view.origins.get(record).map(ToString::to_string).unwrap_or_default()
        }
        Origin::Pinned { decision, .. } => decision.to_string(),
    };
    format!("{}  {}", clean(&value.text), clean(&from))
}

fn sign(mark: Mark) -> char {
    match mark {
        Mark::None => ' ',
        Mark::Equal => '=',
        Mark::Similar => '~',
        Mark::Different => 'x',
        Mark::Added => '+',
        Mark::Missing => '-',
        Mark::NotCounted => '!',
    }
}

/// `A-B 0.98  prior-11.0 phone+6.4 ...`, one line a pair.
fn weights(view: &TaskView) -> Vec<String> {
    let letter_of = |pair: &ExplanationView, left: bool| {
        let address = if left { &pair.left } else { &pair.right };
        let holds = |column: &Column| column.members.iter().any(|it| it.address == *address);
        view.columns.iter().position(holds).map_or('-', letter)
    };
    let mut table = Table::default();
    for pair in &view.pairs {
        let mut text = format!("prior{:+.1}", pair.prior);
        for step in pair.steps.iter().filter(|step| step.weight.abs() >= 0.05) {
            text.push_str(&format!(" {}{:+.1}", step.label, step.weight));
        }
        for step in pair.steps.iter().filter(|step| !step.counts) {
            text.push_str(&format!(" {} not counted", step.label));
        }
        table.row([
            format!("  {}-{}", letter_of(pair, true), letter_of(pair, false)),
            score(pair.probability),
            text,
        ]);
    }
    let mut lines = table.lines();
    let told = |pair: &ExplanationView| {
        let pieces = [
            pair.unmerged.line().map(|why| format!("not merged: {why}")),
            pair.competing.as_ref().and_then(Competing::told),
        ];
        let told: Vec<String> = pieces.into_iter().flatten().collect();
        let letters = format!("{}-{}", letter_of(pair, true), letter_of(pair, false));
        (!told.is_empty()).then(|| format!("  {letters}  {}", clean(&told.join("; "))))
    };
    let is_blind = view.task.as_ref().is_some_and(|task| task.kind.may_be_blind());
    lines.extend(view.pairs.iter().filter(|_| !is_blind).filter_map(told));
    lines
}

/// How to go on, for people.
pub fn say_how_to_decide(view: &TaskView) {
    let Some(task) = view.task.as_ref().filter(|task| task.state.is_pending()) else { return };
    let violations = view.fix.iter().flat_map(|fix| &fix.violations);
    let has_suggestion = violations.clone().any(door::views::ViolationView::is_suggested);
    let verdicts = match task.kind {
        TaskKind::Duplicate => "merge|not-a-match",
        TaskKind::Invalid if has_suggestion => "accept|waive",
        TaskKind::Invalid => "waive",
        TaskKind::Approval => {
            say(&format!("steward approve {}, or steward reject {} --note TEXT", task.id, task.id));
            return;
        }
        TaskKind::Challenge | TaskKind::Vanished => "accept|keep",
        TaskKind::Overlay => "accept|keep|not-a-match",
        TaskKind::Second if task.second_look_at().is_none() => "keep",
        TaskKind::Check => "merge|not-a-match",
        TaskKind::Request => {
            say(&format!("go on: steward request verify|note|told|extend|done|refuse {}", task.id));
            return;
        }
        TaskKind::Second => {
            say(&format!("decide: steward decide {} merge|not-a-match|defer", task.id));
            return;
        }
    };
    let answer = if task.state.name() == "escalated" { "|answer" } else { "" };
    say(&format!("decide: steward decide {} {verdicts}|defer|escalate{answer}", task.id));
    if let Some(fix) = &view.fix {
        say(&format!(
            "or fix it: steward fix {} --set field=value",
            clean(&fix.record.to_string())
        ));
    }
}
