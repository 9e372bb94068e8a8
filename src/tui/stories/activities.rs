//! What customers did: their line of time, and a line in the comparison.

use crate::story::real::Sam;
use crate::story::world::{ORDERS, STREAMS, TICKETS, import_stream};

/// A pair: Thomas, and Tom of the shop.
const PAIR: &str = "crm:demo-1";

fn sam(columns: u16, rows: u16) -> Sam {
    let mut sam = Sam::at(columns, rows);
    sam.desk.governs("[matching]\n", &format!("{STREAMS}\n[matching]\n"));
    sam.desk.with(|desk| {
        import_stream(desk, "orders", "orders.csv", ORDERS);
        import_stream(desk, "tickets", "tickets.csv", TICKETS);
    });
    sam.presses("R");
    sam
}

#[test]
fn what_two_customers_did_is_beside_their_values() {
    let mut sam = sam(80, 23);
    sam.takes_in_turn(&[PAIR]).presses("Enter");
    sam.sees("1 order, 1 open ticket, last support 2026-09-28");
    sam.sees("2 orders, last refund 2026-06-09");
    // On a low screen the fields come first.
    let mut low = self::sam(80, 12);
    low.takes_in_turn(&[PAIR]).presses("Enter");
    low.does_not_see("1 open ticket");
}

#[test]
fn a_customers_line_of_time_can_be_read_on_a_small_screen() {
    let mut sam = sam(80, 23);
    sam.takes_in_turn(&[PAIR]).presses("Enter c v");
    sam.sees("timeline  3 activities").sees("2026-09-28 15:30").sees("support");
    sam.sees("142.50 USD").sees("items: Wheelbarrow").sees("status: open");
    sam.sees(" 2026-09-28 15:30 support                       T-202, status: open, about: ***");
    // What is sensitive is masked, and how far the clock there is from UTC is told below.
    sam.presses("j").does_not_see("wheelbarrow came without").sees("2026-09-28T15:30:00-05:00");
    sam.presses("f").sees("purchase (f: next)").does_not_see("status: open");
    sam.presses("f").sees("support (f: next)").sees("status: open");
    sam.presses("f").sees("change (f: next)").does_not_see("142.50");
}
