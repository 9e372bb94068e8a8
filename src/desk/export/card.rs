//! A customer's card as one page that needs nothing else.

use super::page::{Page, escape, value};
use door::views::CardView;

/// The page, in HTML.
#[must_use]
pub fn card_page(view: &CardView) -> String {
    let mut page = Page::new(&format!("{} {}", view.customer.customer, view.name()));
    let at = view.at.strftime("%Y-%m-%d %H:%M UTC");
    page.paragraph(&escape(&format!("As of {at}. Personal data: keep it to whoever needs it.")));
    for section in view.sections() {
        let row = |line: &door::views::CardLine| {
            let text = value(&line.text);
            let text =
                if line.is_marked { format!("<span class=\"mark\">{text}</span>") } else { text };
            vec![value(&line.label), text]
        };
        page.table(section.title, &["What", "Says"], section.lines.iter().map(row).collect());
    }
    page.finish()
}
