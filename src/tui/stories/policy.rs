//! What the settings changed is shown to each of the people when they come next, until they say that they have read it.

use crate::story::real::Sam;

const PEOPLE: &str = "[people.sam]\n[people.kim]\n";

#[test]
fn a_change_is_shown_at_the_next_session_until_it_was_read() {
    let sam = Sam::new();
    sam.desk.governs("[matching]", &format!("{PEOPLE}[matching]"));
    let sam = sam.comes_again();
    assert!(sam.model.layers.is_empty(), "nothing has changed since sam was named");
    sam.desk.governs_as("kim", PEOPLE, &format!("[review]\nsecond = 0.1\n{PEOPLE}"));
    let mut sam = sam.comes_again();
    sam.sees("1 change of the rules: have you read what changed?");
    sam.sees("review.second is set to 0.1").sees("kim");
    sam.presses("Esc");
    assert!(sam.model.layers.is_empty());
    let mut sam = sam.comes_again();
    sam.sees("have you read what changed?").presses("y").sees("acknowledged");
    let sam = sam.comes_again();
    assert!(sam.model.layers.is_empty(), "it was read");
    // More than a screen has room for is read on, page by page; only the last yes counts.
    let rules: String = (0..40)
        .map(|at| format!("[[rules]]\nid = \"rule-{at}\"\nfield = \"city\"\ncheck = \"required\"\nseverity = \"warn\"\n"))
        .collect();
    sam.desk.governs_as("kim", PEOPLE, &format!("{rules}{PEOPLE}"));
    let mut sam = sam.comes_again();
    sam.sees("40 changes of the rules").sees("more lines").sees("read on");
    let mut seen = sam.screen();
    let mut pages = 1;
    while sam.screen().contains("read on") {
        sam.presses("y");
        seen += &sam.screen();
        pages += 1;
        assert!(pages < 60, "it comes to an end");
    }
    assert!(pages > 3 && !seen.contains("acknowledged;"));
    for at in 0..40 {
        assert!(seen.contains(&format!("rule-{at}")), "rule-{at} was shown");
    }
    sam.presses("y").sees("acknowledged");
}
