//! An audit as one page that needs nothing else.

use super::page::{Page, escape, optional, value};
use domain::counted;
use door::views::{AuditEntry, AuditSection, AuditView};

/// The page, in HTML.
#[must_use]
pub fn audit_page(view: &AuditView) -> String {
    let mut page = Page::new(&format!("Audit of workspace {}", view.workspace));
    page.paragraph(&escape(&span(view)));
    let hash = match view.chain.as_str() {
        "" => "nothing is in the ledger".to_owned(),
        chain => format!("commit {} has the chain hash {chain}", view.up_to),
    };
    page.paragraph(&escape(&format!(
        "{} in this span; {hash}. Asked for by {} at {}.",
        counted(view.commits, "commit", "commits"),
        view.asked_by,
        view.asked_at
    )));
    let unfinished = view.unfinished.iter().map(|it| vec![value(it)]).collect();
    page.table("Not ended", &["What"], unfinished);
    let decided = view.decided.iter().map(|it| {
        let (all, ssh) = (it.decisions.to_string(), it.over_ssh.to_string());
        vec![value(&it.by), value(it.verdict.name()), value(&all), value(&ssh)]
    });
    page.table("Decisions", &["Who", "Verdict", "Decisions", "Over SSH"], decided.collect());
    for about in AuditSection::ALL {
        let rows: Vec<Vec<String>> = view.of(about).map(row).collect();
        let heads = ["When (UTC)", "Commit", "Who", "How", "What"];
        match rows.is_empty() {
            true => page.paragraph(&escape(&format!("{about}: {}.", about.nothing()))),
            false => page.table(about.heading(), &heads, rows),
        }
    }
    page.finish()
}

fn row(entry: &AuditEntry) -> Vec<String> {
    let AuditEntry { sequence, at, by, came, what, .. } = entry;
    let came = came.as_ref().map(ToString::to_string);
    vec![value(&at.to_string()), optional(*sequence), value(by), optional(came), value(what)]
}

fn span(view: &AuditView) -> String {
    match (view.since, view.until) {
        (None, None) => "From the beginning until now.".to_owned(),
        (Some(since), None) => format!("From {since} until now."),
        (None, Some(until)) => format!("From the beginning until {until}."),
        (Some(since), Some(until)) => format!("From {since} until {until}."),
    }
}
