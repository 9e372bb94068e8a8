//! A correction to the value a record has already.

use super::*;
use std::collections::BTreeMap;

const ADA: &str = "1,Ada,Tarn,ada@example.com,+12175550101,1985-03-04,1 Elm Street,Salem,,,\n";

fn sets(values: &[(&str, &str)]) -> Request {
    let values = values.iter().map(|(field, text)| ((*field).into(), (*text).to_owned())).collect();
    let (record, chosen) = ("crm:1".parse().unwrap(), BTreeMap::new());
    Request::new(Action::Correct { record, values, chosen, cleared: Vec::new() })
}

#[test]
fn a_correction_to_the_present_value_is_none() {
    let mut test = TestDesk::new();
    test.import("crm", ADA);
    for (field, text) in [
        ("given_name", "Ada"),
        ("family_name", "Tarn"),
        ("email", "ada@example.com"),
        ("phone", "+12175550101"),
        ("street", "1 Elm Street"),
        ("city", "Salem"),
        ("city", " Salem "),
    ] {
        let refused = test.is_refused(sets(&[(field, text)])).to_string();
        let said = format!("unchanged: {field} of crm:1 already has that value");
        assert_eq!(refused, said);
    }
    // Of several only what changes is corrected.
    let both = test.does(sets(&[("city", "Salem"), ("street", "2 Oak Street")]));
    assert_eq!(both.summary, "corrected street of crm:1: Ada Tarn");
    // What stands by a correction is no change either; what was delivered is.
    let again = test.is_refused(sets(&[("street", "2 Oak Street")])).to_string();
    assert!(again.starts_with("unchanged: street"), "{again}");
    test.does(sets(&[("street", "1 Elm Street")]));
    // Nobody learns from a refusal what is masked.
    test.does(sets(&[("birth_date", "1985-03-04")]));
}
