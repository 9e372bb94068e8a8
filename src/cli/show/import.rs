//! An import, whole.

use crate::cli::moment;
use crate::cli::text::clean;
use door::views::ImportView;

/// An import as lines.
pub fn lines(view: &ImportView) -> Vec<String> {
    let ImportView {
        import,
        source,
        stream,
        file,
        format,
        reading,
        started,
        finished,
        quarantined,
        ..
    } = view;
    let what = stream.as_ref().map_or(source.as_str(), |stream| stream.as_str());
    let mut lines = vec![format!("{import}  {} as {what} ({format})", clean(file))];
    let came = view.evidence.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
    lines.push(format!(
        "  begun {} by {}{}",
        moment::shown(*started),
        clean(&view.actor),
        clean(&came)
    ));
    match finished {
        Some((at, report)) => {
            lines.push(format!("  ended {}", moment::shown(*at)));
            lines.push(format!("  {report}"));
        }
        None if format == "reread" => {
            lines.push("  not finished: run steward reread to complete it".to_owned());
        }
        None => lines.push("  not finished: import the file again to complete it".to_owned()),
    }
    if let Some(reading) = reading {
        let assumed = reading.assumptions(view.place());
        if !assumed.is_empty() {
            lines.push(format!("  assumed: {}", clean(&assumed.join("; "))));
        }
        lines.extend(
            reading.remarks(view.place()).iter().map(|remark| format!("  {}", clean(remark))),
        );
    }
    let rows =
        quarantined.iter().map(|(reason, rows)| format!("  in quarantine: {rows}: {reason}"));
    lines.extend(rows);
    lines
}
