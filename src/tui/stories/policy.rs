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
}

#[test]
fn nobody_says_that_they_have_read_what_does_not_fit() {
    let sam = Sam::new();
    sam.desk.governs("[matching]", &format!("{PEOPLE}[matching]"));
    let sam = sam.comes_again();
    let rules: String = (0..30)
        .map(|number| {
            format!("[[rules]]\nid = \"more-{number}\"\nfield = \"city\"\ncheck = \"required\"\nseverity = \"warn\"\n")
        })
        .collect();
    sam.desk.governs_as("kim", PEOPLE, &format!("{rules}{PEOPLE}"));
    let mut sam = sam.comes_again();
    sam.sees("30 changes of the rules, more than fit here");
    assert!(sam.model.layers.is_empty());
    sam.presses("y");
    let mut sam = sam.comes_again();
    sam.sees("30 changes of the rules");
}
