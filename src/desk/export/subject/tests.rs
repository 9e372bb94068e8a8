//! Reports of hostile values.

use jiff::Timestamp;

use super::*;
use domain::{CustomerId, FieldName, RecordAddress, Sequence, SourceName};

/// What a source may deliver to someone who will open the page.
const HOSTILE: [&str; 7] = [
    "</td></table><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "'; DROP TABLE",
    "\u{1b}]0;title\u{7}\u{9b}31m",
    "\u{202e}gnp.exe",
    "&lt;b&gt;",
    "]]><!--",
];

fn report(value: &str) -> SubjectReport {
    let at: Timestamp = "2026-03-01T09:00:00Z".parse().unwrap();
    let record = RecordAddress::new(&SourceName::new("crm"), value);
    let column = UnmappedHeld { column: value.to_owned(), value: value.to_owned(), read_for: None };
    let given = RevisedValue {
        field: FieldName::new(value),
        delivered: value.to_owned(),
        harmonised: Some(value.to_owned()),
    };
    SubjectReport {
        customer: CustomerId(17),
        merged_ids: vec![CustomerId(18)],
        workspace: value.to_owned(),
        made_at: at,
        made_by: value.to_owned(),
        up_to: Sequence(9),
        hash: "00".to_owned(),
        golden: vec![GoldenHeld {
            field: FieldName::new(value),
            description: Some(value.to_owned()),
            value: value.to_owned(),
            readable: false,
            record: Some(record.clone()),
            strategy: Some(value.to_owned()),
            decision: None,
        }],
        pins: Vec::new(),
        records: vec![RecordHeld {
            record: record.clone(),
            owner: Some(value.to_owned()),
            trust: Some(50),
            values: vec![ValueHeld {
                field: FieldName::new(value),
                delivered: Some(value.to_owned()),
                value: value.to_owned(),
                readable: true,
                correction: None,
                removed: false,
            }],
            unmapped: vec![column.clone()],
            violations: Vec::new(),
            waivers: Vec::new(),
            revisions: vec![RevisionHeld {
                revision: 1,
                imported: at,
                import: domain::ImportId(1),
                file: Some(value.to_owned()),
                line: 2,
                place: domain::Place::Line,
                updated: Some(at),
                values: vec![given],
                unmapped: vec![column],
            }],
        }],
        consent: Vec::new(),
        restrictions: Vec::new(),
        decisions: Vec::new(),
        memberships: Vec::new(),
        tasks: Vec::new(),
        quarantine: vec![QuarantinedHeld {
            record,
            at,
            import: domain::ImportId(1),
            file: value.to_owned(),
            line: 7,
            place: domain::Place::Row,
            reason: value.to_owned(),
            text: Some(value.to_owned()),
        }],
        activities: vec![ActivityHeld {
            at: "2026-03-01".to_owned(),
            stream: value.to_owned(),
            kind: value.to_owned(),
            key: value.to_owned(),
            amount: None,
            currency: None,
            properties: [(value.to_owned(), value.to_owned())].into(),
            record: None,
            import: domain::ImportId(1),
            counts: false,
        }],
        exports: vec![ExportHeld {
            at,
            actor: value.to_owned(),
            dataset: value.to_owned(),
            format: "csv".to_owned(),
            destination: value.to_owned(),
            filter: value.to_owned(),
            up_to: Sequence(8),
            certain: true,
        }],
        withheld: 1,
    }
}

fn written(format: SubjectFormat, value: &str) -> String {
    let mut out = Vec::new();
    format.write(&report(value), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// The names of a page's tags, in order.
fn tags(html: &str) -> Vec<String> {
    let starts = html.match_indices('<');
    let name = |(at, _): (usize, &str)| {
        let rest = &html[at + 1..];
        let end = rest.find([' ', '>', '\n']).unwrap_or(rest.len());
        rest[..end].to_owned()
    };
    starts.map(name).collect()
}

#[test]
fn a_page_has_the_same_tags_whatever_the_values_are() {
    let plain = tags(&written(SubjectFormat::Html, "plain"));
    assert!(!plain.iter().any(|tag| tag == "script" || tag == "img"));
    for value in HOSTILE {
        assert_eq!(tags(&written(SubjectFormat::Html, value)), plain, "{value:?}");
    }
}

#[test]
fn tags_are_closed_in_the_order_they_were_opened() {
    let mut open: Vec<String> = Vec::new();
    for tag in tags(&written(SubjectFormat::Html, "plain")) {
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop().as_deref(), Some(closed)),
            None if ["!doctype", "meta", "br"].contains(&tag.as_str()) => {}
            None => open.push(tag),
        }
    }
    assert_eq!(open, Vec::<String>::new());
}

#[test]
fn neither_format_holds_a_command_to_a_terminal_or_a_turned_direction() {
    for value in HOSTILE {
        for format in SubjectFormat::ALL {
            let text = written(format, value);
            let is_command = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(is_command), "{format:?} {value:?}");
        }
        assert!(!written(SubjectFormat::Html, value).contains('\u{202e}'), "{value:?}");
    }
}

#[test]
fn json_gives_every_value_back_unchanged() {
    for value in HOSTILE.into_iter().chain(["plain", "\u{80}\u{7f}\u{0}"]) {
        let json: serde_json::Value =
            serde_json::from_str(&written(SubjectFormat::Json, value)).unwrap();
        assert_eq!(json["records"][0]["values"][0]["value"], value);
        assert_eq!(json["records"][0]["record"], format!("crm:{value}"));
        assert_eq!(json["quarantine"][0]["text"], value);
    }
}

#[test]
fn a_page_names_its_language_has_heads_for_its_tables_and_loads_nothing() {
    let page = written(SubjectFormat::Html, "plain");
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">"), "{page}");
    let tables = page.matches("<table>").count();
    assert!(tables > 4, "{page}");
    assert_eq!(page.matches("<caption>").count(), tables);
    assert_eq!(page.matches("<thead>").count(), tables);
    assert!(!page.contains("src=") && !page.contains("url(") && !page.contains("http://"));
    assert!(page.contains("default-src 'none'"));
}
