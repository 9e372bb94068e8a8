//! What is looked at and left is left as it was.

use crate::story::real::Sam;
use domain::FieldName;
use door::Action;

const PAIR: &str = "crm:demo-1";

#[test]
fn a_prompt_that_nobody_touched_changes_nothing() {
    // Down to a field, by its name; masked or in clear.
    for field in ["birth_date", "email", "first_name", "family_name", "street", "city"] {
        for unmask in ["", "*"] {
            let mut sam = Sam::new();
            sam.opens(PAIR);
            sam.model.task_mut().unwrap().go_to(&FieldName::new(field));
            if !unmask.is_empty() {
                sam.presses(unmask);
            }
            sam.presses("e Enter").sees("unchanged");
            // The golden column, too.
            sam.presses("l l e Enter").sees("unchanged");
            assert!(sam.desk.decided().is_empty(), "{field} {unmask}");
            assert!(!sam.model.task().unwrap().is_drafted(), "{field} {unmask}");
        }
    }
}

#[test]
fn a_masked_value_goes_only_once_its_line_is_deleted() {
    let mut sam = Sam::new();
    sam.opens(PAIR);
    sam.model.task_mut().unwrap().go_to(&FieldName::new("birth_date"));
    sam.presses("e").sees("masked: Ctrl-u removes it");
    sam.types("1").presses("Backspace Left Enter").sees("unchanged");
    assert!(sam.desk.decided().is_empty());
    sam.presses("e Ctrl-u").sees("empty to remove it").presses("Enter");
    let Action::Correct { cleared, .. } = &sam.asked().action else { panic!() };
    assert_eq!(*cleared, [FieldName::new("birth_date")]);
}

#[test]
fn a_value_typed_as_it_stands_is_no_correction() {
    let mut again = Sam::new();
    let occupation = again.desk.corrects("kim", PAIR, "occupation", "Chef");
    assert!(occupation.summary.contains("corrected occupation"));
    again.opens(PAIR);
    again.model.task_mut().unwrap().go_to(&FieldName::new("occupation"));
    again.presses("e Ctrl-u").types("Chef ").presses("Enter");
    // The desk refuses it: nothing was typed that would have to be looked at here.
    again.sees("unchanged: occupation of crm:demo-1 already has that value");
}
