//! Pieces of an HTML page. Whatever comes from outside goes through [`escape`].

use domain::printable::{Controls, printable};

/// The page's look, on light and dark screens and on paper. Nothing is loaded from anywhere.
const STYLE: &str = "\
:root{color-scheme:light dark;--line:#c4c7cc;--soft:#f2f3f5;--text:#1a1c1f;--back:#fff;--mark:#8a4b00}
@media(prefers-color-scheme:dark){:root{--line:#494d54;--soft:#24272c;--text:#e7e9ec;--back:#16181b;--mark:#ffb85c}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--text);background:var(--back);max-width:70rem;margin:2rem auto;padding:0 1rem}
h1,h2,h3,h4{line-height:1.25;break-after:avoid}
h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
caption{text-align:left;font-weight:600;padding:.3rem 0}
th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
thead th{background:var(--soft)}
tbody th{font-weight:500}
tr{break-inside:avoid}
thead{display:table-header-group}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
.mark{color:var(--mark)}
@media print{:root{color-scheme:light;--line:#888;--soft:#eee;--text:#000;--back:#fff;--mark:#000}body{font-size:10.5pt;max-width:none;margin:0;padding:0}nav{display:none}}
@page{margin:18mm}
";

/// A page being written.
pub(crate) struct Page {
    html: String,
}

impl Page {
    /// Begins a page.
    pub(crate) fn new(title: &str) -> Page {
        let title = escape(title);
        let html = format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" \
             content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"robots\" content=\"noindex\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>{title}</h1>\n"
        );
        Page { html }
    }

    /// Links to sections: anchor and title.
    pub(crate) fn contents(&mut self, sections: &[(&str, &str)]) {
        self.html.push_str("<nav aria-label=\"Contents\">\n<ul>\n");
        for (anchor, title) in sections {
            self.html.push_str(&format!("<li><a href=\"#{anchor}\">{}</a></li>\n", escape(title)));
        }
        self.html.push_str("</ul>\n</nav>\n");
    }

    /// A section's heading.
    pub(crate) fn section(&mut self, anchor: &str, title: &str) {
        self.html.push_str(&format!("<h2 id=\"{anchor}\">{}</h2>\n", escape(title)));
    }

    /// A heading of that level; `title` is HTML.
    pub(crate) fn heading(&mut self, level: u8, title: &str) {
        self.html.push_str(&format!("<h{level}>{title}</h{level}>\n"));
    }

    /// A paragraph; `text` is HTML.
    pub(crate) fn paragraph(&mut self, text: &str) {
        self.html.push_str(&format!("<p>{text}</p>\n"));
    }

    /// A table; the caption and the heads are texts, the cells HTML. The first cell of each row is
    /// its head. Without rows, a sentence.
    pub(crate) fn table(&mut self, caption: &str, heads: &[&str], rows: Vec<Vec<String>>) {
        if rows.is_empty() {
            self.paragraph(&format!("{}: none.", escape(caption)));
            return;
        }
        let heads: String =
            heads.iter().map(|head| format!("<th scope=\"col\">{}</th>", escape(head))).collect();
        self.html.push_str(&format!(
            "<table>\n<caption>{}</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n",
            escape(caption)
        ));
        for row in rows {
            self.html.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                self.html.push_str(&match at {
                    0 => format!("<th scope=\"row\">{cell}</th>"),
                    _ => format!("<td>{cell}</td>"),
                });
            }
            self.html.push_str("</tr>\n");
        }
        self.html.push_str("</tbody>\n</table>\n");
    }

    /// The whole page.
    pub(crate) fn finish(mut self) -> String {
        self.html.push_str("</main>\n</body>\n</html>\n");
        self.html
    }
}

/// A value from outside: escaped, and kept from turning the direction of what stands around it.
pub(crate) fn value(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// A value, or a dash where there is none.
pub(crate) fn optional<T: ToString>(text: Option<T>) -> String {
    text.map_or_else(|| "–".to_owned(), |text| value(&text.to_string()))
}

/// Values, a comma between, or a dash.
pub(crate) fn list<T: ToString>(things: &[T]) -> String {
    let texts: Vec<String> = things.iter().map(|thing| value(&thing.to_string())).collect();
    if texts.is_empty() { "–".to_owned() } else { texts.join(", ") }
}

/// Text that no browser takes for anything but text. What steers or hides is written out; lines and
/// tabs stay.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for line in text.split_inclusive(['\n', '\t']) {
        let body = line.trim_end_matches(['\n', '\t']);
        for character in printable(body, Controls::Pictures).chars() {
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                _ => escaped.push(character),
            }
        }
        escaped.push_str(&line[body.len()..]);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup_or_a_command() {
        for (text, expected) in [
            ("Pace & <b>Sons</b>", "Pace &amp; &lt;b&gt;Sons&lt;/b&gt;"),
            ("\" onload='x'", "&quot; onload=&#39;x&#39;"),
            ("a\u{1b}[31mb\u{0}", "a\u{241b}[31mb\u{2400}"),
            ("\u{9b}2J\u{7f}", "&lt;9b&gt;2J\u{2421}"),
            ("x\u{202e}y", "x&lt;202e&gt;y"),
            ("two\nlines", "two\nlines"),
            ("\u{ffff}", "&lt;ffff&gt;"),
            ("Łukasz 山田", "Łukasz 山田"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }
}
