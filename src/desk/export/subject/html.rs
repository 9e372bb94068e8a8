//! The report as one page for people: no scripts, nothing loaded, readable on paper.

use jiff::Timestamp;

use super::report::{DecisionHeld, RecordHeld, RevisedValue, SubjectReport, UnmappedHeld};
use crate::export::page::{Page, list, optional, value};
use domain::RequestStep;

const SECTIONS: [(&str, &str); 10] = [
    ("golden", "What counts now"),
    ("records", "What the sources delivered"),
    ("consent", "Consent"),
    ("decisions", "What people decided"),
    ("memberships", "How the records came together"),
    ("tasks", "Tasks"),
    ("quarantine", "Rows that could not be used"),
    ("activities", "Activities"),
    ("exports", "Where the data went"),
    ("about", "About this report"),
];

/// The whole page.
pub(super) fn text(report: &SubjectReport) -> String {
    let mut page = Page::new(&format!("Data held on customer {}", report.customer));
    page.paragraph(&format!(
        "Everything that {} holds on this person, compiled on {} by {}.",
        value(&report.workspace),
        time(report.made_at),
        value(&report.made_by)
    ));
    if !report.merged_ids.is_empty() {
        page.paragraph(&format!("Also known as: {}.", list(&report.merged_ids)));
    }
    page.contents(&SECTIONS);
    let writers =
        [golden, records, consent, decisions, memberships, tasks, quarantine, activities, exports];
    for ((anchor, title), write) in SECTIONS.into_iter().zip(writers) {
        page.section(anchor, title);
        write(&mut page, report);
    }
    about(&mut page, report);
    page.finish()
}

fn golden(page: &mut Page, report: &SubjectReport) {
    let rows = report.golden.iter().map(|held| {
        let why = match (&held.strategy, held.decision) {
            (Some(strategy), _) => strategy.replace('_', " "),
            (None, Some(decision)) => format!("set by hand ({decision})"),
            (None, None) => String::new(),
        };
        let unreadable =
            if held.readable { "" } else { " <span class=\"mark\">(unreadable)</span>" };
        let shown = format!("{}{unreadable}", value(&held.value));
        let mut field = value(held.field.as_str());
        if let Some(description) = &held.description {
            field += &format!("<br><small>{}</small>", value(description));
        }
        vec![field, shown, optional(held.record.as_ref()), value(&why)]
    });
    let heads = ["Field", "Value", "From record", "Why this one"];
    page.table("Consolidated values", &heads, rows.collect());
    let pins = report.pins.iter().map(|pin| {
        vec![value(pin.field.as_str()), value(&pin.value), value(&pin.decision.to_string())]
    });
    page.table("Values set by hand", &["Field", "Value", "Decision"], pins.collect());
}

fn records(page: &mut Page, report: &SubjectReport) {
    for record in &report.records {
        page.heading(3, &format!("Record {}", value(&record.record.to_string())));
        page.paragraph(&format!(
            "Owner of the source: {}. Trust in the source: {}.",
            optional(record.owner.as_ref()),
            optional(record.trust)
        ));
        one_record(page, record);
        for revision in &record.revisions {
            page.heading(
                4,
                &format!("Delivery {}, {}", revision.revision, time(revision.imported)),
            );
            let updated = revision.updated.map_or(String::new(), |at| {
                format!(" The source says it was changed on {}.", time(at))
            });
            page.paragraph(&format!(
                "Import {}, file {}, {} {}.{updated}",
                revision.import,
                optional(revision.file.as_ref()),
                revision.place,
                revision.line
            ));
            let heads = ["Field", "As delivered", "As read"];
            page.table("Delivered values", &heads, revised(&revision.values));
            unmapped(page, &revision.unmapped);
        }
    }
}

fn one_record(page: &mut Page, record: &RecordHeld) {
    let values = record.values.iter().map(|held| {
        let note = match (held.correction, held.readable) {
            (Some(decision), _) if held.removed => format!("removed by {decision}"),
            (Some(decision), _) => format!("corrected by {decision}"),
            (None, false) => "could not be read".to_owned(),
            (None, true) => String::new(),
        };
        vec![
            value(held.field.as_str()),
            value(&held.value),
            optional(held.delivered.as_ref()),
            value(&note),
        ]
    });
    let heads = ["Field", "Value now", "As delivered", "Remark"];
    page.table("Current values", &heads, values.collect());
    unmapped(page, &record.unmapped);
    if !record.violations.is_empty() {
        let rows = record.violations.iter().map(|held| {
            let (rule, field) = (held.rule.as_str(), held.field.as_str());
            vec![value(rule), value(field), value(held.severity.name()), value(&held.message)]
        });
        let heads = ["Rule", "Field", "Severity", "Finding"];
        page.table("Problems found", &heads, rows.collect());
    }
    if !record.waivers.is_empty() {
        let rows = record.waivers.iter();
        let rows = rows.map(|held| vec![value(held.rule.as_str()), held.decision.to_string()]);
        page.table("Waived rules", &["Rule", "Decision"], rows.collect());
    }
}

fn revised(values: &[RevisedValue]) -> Vec<Vec<String>> {
    let rows = values.iter().map(|held| {
        vec![value(held.field.as_str()), value(&held.delivered), optional(held.harmonised.as_ref())]
    });
    rows.collect()
}

fn unmapped(page: &mut Page, columns: &[UnmappedHeld]) {
    if !columns.is_empty() {
        let rows = columns.iter().map(|held| {
            vec![value(&held.column), value(&held.value), optional(held.read_for.as_ref())]
        });
        let heads = ["Column", "Value", "Used for"];
        page.table("Columns kept as delivered", &heads, rows.collect());
    }
}

fn consent(page: &mut Page, report: &SubjectReport) {
    let rows = report.consent.iter().map(|entry| {
        let how = match entry.decision {
            Some(decision) => format!("{} ({decision})", entry.how),
            None => entry.how.to_owned(),
        };
        vec![
            time(entry.at),
            value(entry.field.as_str()),
            optional(entry.value.as_ref()),
            optional(entry.record.as_ref()),
            value(&how),
        ]
    });
    let heads = ["Time", "Field", "Consent", "Record", "How"];
    page.table("Consent given and refused", &heads, rows.collect());
    if !report.restrictions.is_empty() {
        let rows = report.restrictions.iter();
        let rows = rows.map(|held| vec![value(&held.what), held.decision.to_string()]);
        page.table("What the data is not used for", &["What", "Decision"], rows.collect());
    }
}

fn decisions(page: &mut Page, report: &SubjectReport) {
    if report.decisions.is_empty() {
        page.paragraph("None.");
    }
    for decision in &report.decisions {
        let title = format!("{}: {}", decision.decision, value(decision.verdict));
        page.heading(3, &title);
        page.table("The decision", &["What", "Value"], decision_rows(decision));
        if !decision.values.is_empty() {
            let heads = ["Field", "As given", "As read"];
            page.table("Values it set", &heads, revised(&decision.values));
        }
        if decision.withheld {
            page.paragraph(
                "<span class=\"mark\">A note or values are left out: they may be about the other \
                 people this decision was about.</span>",
            );
        }
    }
}

fn decision_rows(held: &DecisionHeld) -> Vec<Vec<String>> {
    let mut rows = vec![
        vec!["Time".to_owned(), time(held.at)],
        vec!["By".to_owned(), format!("{} ({})", value(&held.actor), value(&held.role))],
    ];
    let mut add = |name: &str, cell: String| {
        if cell != "–" {
            rows.push(vec![name.to_owned(), cell]);
        }
    };
    add("Records", list(&held.records));
    add("Other customers", list(&held.others));
    add("Reason", optional(held.reason.as_ref()));
    add("Note", optional(held.note.as_ref()));
    add("Request", optional(held.request.as_ref().map(in_words)));
    add("Removed", list(&held.cleared));
    add("Removed", list(&held.withdrawn));
    add("Rules", list(&held.rules));
    add("Match probability", optional(held.score.map(|score| format!("{score:.4}"))));
    add("Until", optional(held.until.as_ref()));
    add("Asked", optional(held.asked.as_ref()));
    add("Task", optional(held.task));
    add("Bulk", optional(held.bulk));
    add("Undid", list(&held.reverses));
    add("Undone by", optional(held.undone_by));
    rows
}

/// What was asked for, or done for it.
fn in_words(step: &RequestStep) -> String {
    match step {
        RequestStep::Opened(asked) => {
            let mut words = format!("{}, received {}", asked.kind, asked.received);
            let fields: Vec<String> = asked.fields.iter().map(ToString::to_string).collect();
            for (what, list) in [
                (", purposes: ", &asked.purposes),
                (", channels: ", &asked.channels),
                (", fields: ", &fields),
            ] {
                if !list.is_empty() {
                    words += &format!("{what}{}", list.join(", "));
                }
            }
            words + &asked.by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default()
        }
        RequestStep::Extended { until } => format!("extended until {until}"),
        RequestStep::Told { exports, other } => {
            let exports = exports.iter().map(|export| format!("of the export in commit {export}"));
            let told: Vec<String> = exports.chain(other.clone()).collect();
            format!("recipients told: {}", told.join(", "))
        }
        RequestStep::Handed { files } => {
            let files = files.iter();
            let files =
                files.map(|it| format!("{} ({} bytes, BLAKE3 {})", it.name, it.bytes, it.blake3));
            format!("handed over: {}", files.collect::<Vec<_>>().join(", "))
        }
        step => step.name().to_owned(),
    }
}

fn memberships(page: &mut Page, report: &SubjectReport) {
    let rows = report.memberships.iter();
    let rows = rows.map(|change| vec![time(change.at), value(&change.actor), value(&change.what)]);
    page.table("Merged and separated", &["Time", "By", "What"], rows.collect());
}

fn tasks(page: &mut Page, report: &SubjectReport) {
    let rows = report.tasks.iter().map(|task| {
        let steps = task.changes.iter();
        let steps =
            steps.map(|step| format!("{} {} by {}", time(step.at), step.state, value(&step.actor)));
        vec![
            task.task.to_string(),
            value(task.kind),
            value(&task.reason),
            list(&task.customers),
            optional(task.score.map(|score| format!("{score:.4}"))),
            steps.collect::<Vec<_>>().join("<br>"),
        ]
    });
    let heads = ["Task", "Kind", "Why", "Customers", "Match probability", "History"];
    page.table("Tasks these records caused", &heads, rows.collect());
}

fn quarantine(page: &mut Page, report: &SubjectReport) {
    let rows = report.quarantine.iter().map(|row| {
        let text = match &row.text {
            Some(text) => format!("<pre>{}</pre>", value(text)),
            None => "<span class=\"mark\">left out: it may be another person's</span>".to_owned(),
        };
        vec![
            format!("{}, {} {}", value(&row.file), row.place, row.line),
            time(row.at),
            value(&row.record.to_string()),
            value(&row.reason),
            text,
        ]
    });
    let heads = ["Place", "Time", "Record key", "Why", "Row"];
    page.table("Rows set aside", &heads, rows.collect());
}

fn activities(page: &mut Page, report: &SubjectReport) {
    let rows = report.activities.iter().map(|held| {
        let sum = held.amount.iter().chain(&held.currency).cloned().collect::<Vec<_>>().join(" ");
        let note =
            if held.counts { "" } else { " <span class=\"mark\">(replaced or withdrawn)</span>" };
        let properties = held.properties.iter();
        let properties: Vec<String> =
            properties.map(|(name, text)| format!("{}: {}", value(name), value(text))).collect();
        vec![
            value(&held.at),
            format!("{}{note}", value(&held.kind)),
            format!("{} {}", value(&held.stream), value(&held.key)),
            value(&sum),
            properties.join("<br>"),
            optional(held.record.as_ref()),
        ]
    });
    let heads = ["Time", "What", "Stream and key", "Sum", "More", "Known by record"];
    page.table("What this person did, and what was done with them", &heads, rows.collect());
}

fn exports(page: &mut Page, report: &SubjectReport) {
    let rows = report.exports.iter().map(|export| {
        let certain = if export.certain { "yes" } else { "possibly: rows are not recorded" };
        let everything = if export.filter.is_empty() { "everything" } else { &export.filter };
        vec![
            time(export.at),
            value(&export.dataset),
            value(everything),
            value(&export.format),
            value(&export.destination),
            value(&export.actor),
            certain.to_owned(),
        ]
    });
    let heads = ["Time", "Data set", "Part", "Format", "Destination", "By", "Included this person"];
    page.table("Exports", &heads, rows.collect());
}

fn about(page: &mut Page, report: &SubjectReport) {
    let (anchor, title) = SECTIONS[SECTIONS.len() - 1];
    page.section(anchor, title);
    page.paragraph(&format!(
        "This report shows the state after commit {} of the ledger, when its chain hash was \
         <code>{}</code>. Times are UTC.",
        report.up_to,
        value(&report.hash)
    ));
    if report.withheld > 0 {
        page.paragraph(&format!(
            "<span class=\"mark\">Left out because it may contain other people's data: {} \
             (each marked in its place).</span>",
            report.withheld
        ));
    }
}

fn time(at: Timestamp) -> String {
    format!("<time datetime=\"{at}\">{}</time>", at.strftime("%Y-%m-%d %H:%M:%S"))
}
