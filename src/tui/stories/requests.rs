//! A person asks for something: it is recorded on the customer, and what is done for it on its own screen.

use crate::story::real::Sam;

/// The record of a pair, whose task is T32, and one of T33.
const PAIR: &str = "crm:demo-1";
const HOUSEHOLD: &str = "crm:demo-4";

#[test]
fn a_request_is_recorded_on_the_customer_and_its_steps_on_its_screen() {
    let mut sam = Sam::new();
    sam.takes_in_turn(&[PAIR, HOUSEHOLD]).presses("Enter");
    sam.presses("c r").sees("what does the person ask for?").sees("rectification").presses("a");
    sam.sees("recorded a request of").sees(": access");
    sam.presses("Esc Esc f Ctrl-u").types("kind = request").presses("Enter Enter");
    sam.sees("access request, received").sees("nobody has checked who asks");
    // The customer has an open duplicate: what is handed over may be a part of them.
    sam.sees("may be the same person");
    sam.presses("s v").sees("how it was checked who asks").presses("Enter").sees("it needs words");
    sam.presses("s v").types("called back the number on file").presses("Enter");
    sam.sees("identity: checked by").does_not_see("nobody has checked who asks");
    sam.presses("s n").types("sent by post").presses("Enter").sees("noted");
    sam.presses("s e").types("many records").presses("Enter").sees("extended");
    sam.presses("s x").types("not theirs").presses("Enter").sees("refused");
}
