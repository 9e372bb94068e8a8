use super::*;

#[test]
fn words_stand_in_order_and_none_is_too_long() {
    for words in [&UNKNOWN, &NO_VALUE, &TYPED, &TAKEN_OUT] {
        assert!(words.is_sorted_by(|one, other| one < other));
        for word in words.iter() {
            assert!(word.len() <= LONGEST && *word == word.to_lowercase(), "{word}");
            assert!(is_one_of(words, word) && is_one_of(words, &word.to_uppercase()), "{word}");
        }
    }
}

#[test]
fn what_nobody_issued_is_no_identifier() {
    for text in [
        "unknown",
        "False",
        "TBD",
        "0",
        "00000000",
        "123456789",
        "X",
        "exempt",
        "pending",
        "applied for",
        "see file",
        "not applicable",
        "keine",
        "unbekannt",
        "n.v.",
        "wird nachgereicht",
        "nicht-pflichtig",
        "999-99-9999",
        "111111111",
        "987654321",
        "1234567890",
        "0123456789",
        "DE000000000",
        "000-00-0000",
        "",
        "#-#",
        "ÄÖÜ",
        "нет",
    ] {
        assert!(is_no_identifier(text), "{text}");
        assert!(is_no_evidence(text, FieldType::NationalId), "{text}");
    }
    for text in [
        "219-09-9999",
        "DE811907980",
        "A1",
        "007",
        "12",
        "12345",
        "123456",
        "111",
        "X1111",
        "1357913",
    ] {
        assert!(!is_no_identifier(text), "{text}");
    }
    for text in ["7", "12", "A1", "999", "111", "123", "12345", "DE999999999", "DE123456789"] {
        assert!(is_no_evidence(text, FieldType::Identifier), "{text}");
    }
    for text in ["219099999", "DE811907980", "1357", "M100", "A1234", "11112", "QQ123456C"] {
        assert!(!is_no_evidence(text, FieldType::Identifier), "{text}");
    }
}

#[test]
fn a_placeholder_is_no_evidence_but_where_it_is_somebody_s_value() {
    for (field_type, nothing, evidence) in [
        (FieldType::Street, "Unknown|unbekannt|None|See File|xxx", "Unknown Lane 5|Main Street"),
        (FieldType::City, "UNKNOWN|Néant|Brak|不明", "Springfield|Brakel"),
        (FieldType::Postcode, "unknown|00000|99999|keine", "62704|SW1A 1AA|44444"),
        (FieldType::FamilyName, "Unknown|Inconnu|Tbd", "Null|Blank|Tester|Na|Brak"),
        (FieldType::OrganisationName, "unknown|test|Pending", "Testa|Unknown Pleasures Ltd"),
        (FieldType::Email, "none@none.com|noreply@example.com", "ada@example.com"),
        (FieldType::Phone, "+10000000000|+12175551234567", "+12175550104"),
        (FieldType::DateOfBirth, "1900-01-01|9999-12-31|1970-01-01", "1984-03-12|1970-01-02"),
        (FieldType::Category, "unknown|none", "pending|exempt|blank"),
    ] {
        for text in nothing.split('|') {
            assert!(is_no_evidence(text, field_type), "{field_type:?} {text}");
        }
        for text in evidence.split('|') {
            assert!(!is_no_evidence(text, field_type), "{field_type:?} {text}");
        }
    }
}

#[test]
fn what_is_covered_or_left_over_identifies_nobody() {
    for text in [
        "XXXXX6789",
        "XXX-XX-6789",
        "***-**-6789",
        "###-##-6782",
        "6781",
        "1",
        "000006785",
        "••••6789",
        "xxxx1234",
        "XAXX010101000",
        "0000",
        "12",
        "??1234",
        "█████6789",
        "XX-XX-6789",
    ] {
        assert!(is_no_evidence(text, FieldType::NationalId), "{text}");
        assert!(is_well_known(text, FieldType::NationalId), "{text}");
    }
    for text in [
        "219099999",
        "X1234567L",
        "00000010X",
        "12345",
        "GOXX800101HDFXXX09",
        "019345678",
        "0012345M",
        "00210100012",
        "QQ123456C",
        "FOXXRA80A01H501X",
        "XX123456",
    ] {
        assert!(!is_no_identifier(text) && !is_remnant(text), "{text}");
    }
    for text in ["6781", "0000012345", "1357"] {
        assert!(!is_no_evidence(text, FieldType::Identifier), "{text}");
    }
    for text in ["XXXX-1234", "**1234", "A••7", "##12", "xxx999"] {
        assert!(is_no_evidence(text, FieldType::Identifier), "{text}");
    }
    for (text, field_type) in [
        ("J*** Hill", FieldType::FullName),
        ("S•••", FieldType::FamilyName),
        ("1** Elm", FieldType::Street),
    ] {
        assert!(is_no_evidence(text, field_type), "{text}");
    }
}
