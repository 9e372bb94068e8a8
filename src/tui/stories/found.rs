//! The finder, the palette and customers that are looked at.

use crate::story::real::Sam;
use domain::{CustomerId, TaskId};
use door::Action;

#[test]
fn the_finder_opens_what_was_typed() {
    let mut sam = Sam::new();
    sam.presses("/").types("underhollow").sees("T24 invalid Underhollow, Jasper");
    sam.does_not_see("Oakhollow").does_not_see("ledger").presses("Enter").sees("T24 invalid  C287");
    sam.presses("/").types("zzz").sees("No task is like that; Tab searches customers.");
    sam.does_not_see("ledger").presses("Enter Esc").sees("T24");
}

#[test]
fn the_finder_searches_customers_and_records_as_well() {
    let mut sam = Sam::new();
    sam.presses("/").types("oakhollow").sees("[tasks]").presses("Tab").sees("[customers]");
    sam.sees("C281  Oakhollow, Thomas  crm:demo-1").sees("292 searched").presses("Enter");
    sam.sees("C281 customer").presses("/ Tab Tab").types("demo-23").sees("webshop:demo-23");
    sam.presses("Enter").sees("C291 customer").presses("q").sees("filter: none");
}

#[test]
fn the_finder_sees_what_was_decided_a_moment_ago() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("m /").types("oakhollow").sees("No task is like that");
    sam.presses("Tab").sees("C281  Oakhollow").does_not_see("C289");
    sam.desk.receives("crm", "customer_id,first_name,last_name\n9,Ada,Oakhollow\n");
    sam.presses("Esc / Tab").types("oakhollow ada").sees("Oakhollow, Ada  crm:9");
}

#[test]
fn an_id_never_leads_to_what_only_looks_like_it() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("m /").types("T32").sees("settled by D2  T32 duplicate");
    sam.presses("Enter").sees("history of T32").sees("T32 is settled by D2");
    sam.presses("/").types("T999").sees("There is no task T999.").presses("Enter").sees("find");
    sam.presses("Esc / Tab").types("c289").sees("C289, now C281").presses("Enter");
    sam.sees("C281 customer");
    // Enter before anything is found for a text is not for what an earlier one found.
    sam.presses("/").types("T3").types("3").presses("Enter").sees("T33 duplicate");
}

#[test]
fn why_two_records_are_not_the_same_is_asked_of_a_member_and_a_record_found() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-4").presses("c").sees("C284 customer").presses("w");
    sam.sees("why is crm:demo-4 (not) the same as").types("demo-5").presses("Enter");
    sam.sees("crm:demo-4 and crm:demo-5").sees("match probability");
    sam.presses("w").sees("w: it does not explain a pair");
}

#[test]
fn what_is_read_is_copied_as_text_and_masked_as_it_is_shown() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-8").presses("w y").sees("sent to the terminal's clipboard");
    let copied = sam.copied.clone().unwrap();
    assert!(copied.starts_with("crm:demo-8 and webshop:demo-24  match probability"), "{copied}");
    assert!(copied.contains("****-**-**") && !copied.contains("1952-02-09"), "{copied}");
}

#[test]
fn the_palette_finds_what_can_be_done_and_says_what_cannot() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses(":").types("wai").sees("not now: it breaks no rule");
    sam.presses("Enter").sees("waive: it breaks no rule");
    sam.presses("Ctrl-p").types("not a match").presses("Enter").sees("D2 not a match");
    assert_eq!(sam.asked().task, Some(TaskId(32)));
    sam.presses(":").types("zzzz").sees("No action has that name.").presses("Esc");
    sam.presses(":").types("go hist").sees("gh").presses("Enter").sees("history of everything");
}

#[test]
fn the_palette_decides_nothing_that_was_not_on_screen() {
    let mut sam = Sam::new();
    sam.takes(&["crm:demo-1"])
        .hurries("Enter : m e r g e Enter")
        .sees("merge ignored: T32 was not shown yet");
    assert!(sam.desk.decided().is_empty());
}

#[test]
fn a_customer_is_seen_as_it_was_and_a_member_leaves() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("m");
    sam.desk.passes(60);
    sam.desk.corrects("kim", "crm:demo-1", "occupation", "Headmaster");
    sam.presses("/ Tab").types("oakhollow").presses("Enter").sees("C281 customer");
    sam.sees("as it is now").presses("]").sees("]: this is the latest version").presses("[");
    sam.sees("merged 2 records").presses("[ [").sees("crm:demo-1 imported").presses("[");
    sam.sees("[: this is the first version")
        .presses("x")
        .sees("x: this is the past: go back to now");
    sam.presses("]]]]").sees("as it is now").presses("l x");
    sam.sees("unmerge webshop:demo-21 from C281?").presses("Esc x y");
    assert!(matches!(&sam.asked().action, Action::Unmerge { customer: CustomerId(281), .. }));
    sam.sees("D4 ").sees("C281 customer  1 record").presses("q").sees("filter");
}

#[test]
fn help_says_why_a_key_does_nothing() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("Space ?").sees("no letter is on two columns").sees("compare");
    sam.presses("Esc g").sees("go to the queue").presses("q").sees("> T32");
}

#[test]
fn values_are_shown_as_read_or_as_delivered() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").sees("+12175550104").presses("t").sees("+1 217 555 0104");
    sam.presses("=").sees("all values").presses("=").sees("differing rows").does_not_see("region");
}

#[test]
fn a_merge_that_a_source_made_is_told_on_the_screen_and_by_w() {
    let key = "key = \"customer_id\"";
    let mut sam = Sam::governed(key, &format!("{key}\nmerged_into = \"merged_into\""));
    sam.desk.receives("crm", "customer_id,merged_into\ndemo-1,demo-3\n");
    sam.opens("crm:demo-3").sees("crm:demo-1 was merged into crm:demo-3 in crm").presses("w");
    sam.sees("crm:demo-1");
}

#[test]
fn customers_that_are_marked_are_asked_about() {
    let mut sam = Sam::new();
    sam.presses("/").types("oakhollow").presses("Ctrl-t").sees("only customers and their records");
    sam.presses("Tab").sees("[customers]").presses("Ctrl-e").sees("mark two or more customers");
    sam.presses("Ctrl-t").sees("1 marked").presses("Ctrl-u").types("underhollow");
    sam.sees("1 marked").presses("Ctrl-t").sees("2 marked").presses("Ctrl-e");
    sam.sees("the question about C281, C287").presses("Enter").sees("nothing was asked");
    sam.presses("Ctrl-e").types("brothers?").presses("Enter").sees("escalate: why?");
    sam.sees("second-opinion").does_not_see("confirmed-by-customer").presses("e");
    let asked = sam.asked();
    assert!(
        matches!(&asked.action, Action::Ask { customers, to } if customers.len() == 2 && to == "sam")
    );
    assert_eq!(asked.note.as_deref(), Some("brothers?"));
    sam.sees("escalated 1");
}

#[test]
fn a_customer_is_copied_as_text_or_as_a_card_and_masked_values_stay_masked() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("c").sees("customer").presses("y").sees("copy the customer");
    sam.presses("t").sees("sent to the terminal's clipboard as text");
    let text = sam.copied.clone().unwrap();
    assert!(text.contains("family_name: Oakhollow") && !text.contains("1984-03-12"), "{text}");
    sam.presses("y v").sees("as a vCard");
    let card = sam.copied.clone().unwrap();
    assert!(card.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Thomas Oakhollow\r\n"), "{card}");
    assert!(!card.contains("BDAY"), "a masked value is left out: {card}");
    assert!(card.ends_with("END:VCARD\r\n") && card.contains("\r\nEMAIL:"), "{card}");
}

#[test]
fn where_a_record_stands_in_its_own_system_is_shown_and_copied() {
    let mut sam = Sam::new();
    sam.opens("crm:demo-1").presses("o").sees("link in [sources.crm]");
    let owner = "owner = \"crm team\"";
    let link = format!("{owner}\nlink = \"https://crm.example/contacts/{{key}}?tab=1\"");
    let mut sam = Sam::governed(owner, &link);
    sam.opens("crm:demo-1").presses("o").sees("https://crm.example/contacts/demo-1?tab=1");
    assert_eq!(sam.copied.as_deref(), Some("https://crm.example/contacts/demo-1?tab=1"));
    sam.presses("c o").sees("https://crm.example/contacts/demo-1?tab=1");
}
