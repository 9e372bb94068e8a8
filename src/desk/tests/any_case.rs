//! Records by a key that was typed in other capitals.

use super::*;
use door::operations::FindRecord;

fn find(test: &mut TestDesk, address: &str) -> Result<String, String> {
    let record = address.parse().unwrap();
    let found = test.ask(FindRecord { record });
    found.map(|found| found.address.to_string()).map_err(|why| why.to_string())
}

#[test]
fn a_key_is_found_in_any_case_where_one_record_answers() {
    let mut test = TestDesk::new();
    let rows = ["AB12", "ann@Example.com", "MÜLLER-1", "xy", "XY", "Xy-1", "77"];
    let row = |key: &&str| format!("{key},Given,Family,,,,,,,,\n");
    test.import("crm", &rows.iter().map(row).collect::<String>());
    test.import("shop", "AB13,Given,Family,,,,,,,,\n");
    for (typed, held) in [
        ("crm:AB12", "crm:AB12"),
        ("crm:ab12", "crm:AB12"),
        ("crm:Ab12", "crm:AB12"),
        ("crm:ANN@EXAMPLE.COM", "crm:ann@Example.com"),
        ("crm:müller-1", "crm:MÜLLER-1"),
        ("crm:xy", "crm:xy"),
        ("crm:XY", "crm:XY"),
        ("crm:xY-1", "crm:Xy-1"),
        ("shop:ab13", "shop:AB13"),
        ("crm:77", "crm:77"),
    ] {
        assert_eq!(find(&mut test, typed).as_deref(), Ok(held), "{typed}");
    }
    let several = find(&mut test, "crm:xY").unwrap_err();
    assert!(
        several.contains("only in capitals: crm:xy, crm:XY; give one of them exactly as written"),
        "{several}"
    );
    for none in ["crm:ab13", "shop:ab12", "crm:78", "crm:ab"] {
        assert!(find(&mut test, none).unwrap_err().contains(none), "{none}");
    }
}

#[test]
fn a_record_is_named_by_any_form_of_its_key_and_of_its_source() {
    let mut test = TestDesk::new();
    let path = test.workspace().settings();
    let text = SETTINGS.replace("[sources.crm]", "[sources.crm]\nkey_form = \"salesforce\"");
    let text = text.replace("[sources.shop]", "[sources.shop]\nkey_form = \"email\"");
    std::fs::write(path, text).unwrap();
    let rows = ["0035g00000AbCdEAAV", "0035g00000AbCdF", "7"];
    let row = |key: &&str| format!("{key},Given,Family,,,,,,,,\n");
    test.import("crm", &rows.iter().map(row).collect::<String>());
    test.import("shop", "Ann@Example.com,Given,Family,,,,,,,,\n");
    let whole = "crm:0035g00000AbCdEAAV";
    let other = find(&mut test, "crm:0035g00000AbCdF").unwrap();
    assert_eq!(other.len(), whole.len());
    for (typed, held) in [
        (whole, whole),
        ("crm:0035g00000AbCdE", whole),
        ("CRM:0035g00000AbCdE", whole),
        ("Crm:0035G00000ABCDEAAV", whole),
        ("CRM:7", "crm:7"),
        (other.as_str(), other.as_str()),
        ("shop:ANN@example.com", "shop:ann@example.com"),
        ("SHOP:ann@example.com", "shop:ann@example.com"),
    ] {
        assert_eq!(find(&mut test, typed).as_deref(), Ok(held), "{typed}");
    }
    // In other capitals the 15 characters are another id.
    for none in ["crm:0035g00000AbCde", "crm:0035g00000AbCdG", "CRM:8", "web:7"] {
        assert!(find(&mut test, none).unwrap_err().contains(none), "{none}");
    }
}
