//! House numbers that only the column beside them tells: `Street, No`.

use super::file::FileLook;
use super::meaning::Role;
use crate::headings::{self, Meaning};

/// Takes a column that is called a number, and no more than that, for house numbers where its values
/// may be those and it stands beside a street without them.
pub(super) fn tell(look: &FileLook, roles: &mut [Option<Role>]) {
    let is = |roles: &[Option<Role>], at: usize, meaning: Meaning| {
        roles[at].as_ref().is_some_and(|role| role.meaning == meaning && !role.is_other)
    };
    if (0..roles.len()).any(|at| is(roles, at, Meaning::HouseNumber)) {
        return;
    }
    let is_street = |at: usize| {
        let column = &look.columns[at];
        is(roles, at, Meaning::Street) && column.share(column.looks.street) < 50
    };
    let is_number = |at: &usize| {
        let column = &look.columns[*at];
        let name = headings::folded(&column.name);
        (headings::is_number_alone(&name) || name == "дом")
            && column.filled > 0
            && column.share(column.looks.house_number) >= 80
    };
    let streets = || (0..roles.len()).filter(|at| is_street(*at));
    // Before a street a number may still be the customer's, unless another column is that.
    let has_key = |but: usize| (0..roles.len()).any(|at| at != but && is(roles, at, Meaning::Key));
    let behind = streets().map(|at| at + 1).find(|at| *at < roles.len() && is_number(at));
    let before = || {
        let mut before = streets().filter_map(|at| at.checked_sub(1));
        before.find(|at| *at > 0 && is_number(at) && has_key(*at))
    };
    if let Some(column) = behind.or_else(before) {
        let why = "a number beside a street".to_owned();
        let meaning = Meaning::HouseNumber;
        let role = Role { column, meaning, surety: None, is_other: false, why, remark: None };
        roles[column] = Some(role);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::proposed;

    fn street(header: &str, rows: &str) -> (Option<String>, String) {
        let (_, settings, _) = proposed(&[("a.csv", &format!("{header}\n{rows}"))]);
        let source = &settings.sources[0];
        let street = source.map.iter().find(|(field, _)| field.as_str() == "street");
        (street.map(|(_, columns)| columns.join("+")), source.key.clone())
    }

    #[test]
    fn a_number_behind_a_street_is_its_house_number() {
        for (street_name, number) in [
            ("Straße", "Nr"),
            ("Straße", "Nr."),
            ("Street", "No"),
            ("Street", "Number"),
            ("Rua", "Número"),
            ("Endereço", "Número"),
            ("Calle", "Número"),
            ("Rue", "Numéro"),
            ("Gata", "Nummer"),
            ("Straat", "Nr"),
            ("Rua", "N.º"),
            ("Via", "N."),
            ("Улица", "Номер"),
            ("Ulica", "Numer"),
        ] {
            let header = format!("Kundennummer,Name,{street_name},{number},City");
            let rows = "K-17,Ann Hill,Oakweg,12,Köln\nK-18,Ben Tal,Elmweg,14a,Köln\nK-19,Cat Au,Ashweg,7,Ulm\n";
            let joined = Some(format!("{street_name}+{number}"));
            assert_eq!(street(&header, rows), (joined.clone(), "Kundennummer".to_owned()));
            // The number may be missing from the first row.
            let rows = rows.replace(",12,", ",,");
            assert_eq!(street(&header, &rows).0, joined, "{header}");
        }
        let rows = "K-1,12,Oakweg\nK-2,14,Elmweg\n";
        let (joined, key) = street("Kundennummer,Nr,Straße", rows);
        assert!(joined.is_some_and(|it| it.contains("Nr")) && key == "Kundennummer");
    }

    #[test]
    fn a_number_elsewhere_is_none() {
        for (header, rows) in [
            ("Nr,Straße", "12,Oakweg\n14,Elmweg\n"),
            ("Nr,Name,Straße", "12,Ann Hill,Oakweg\n14,Ben Tal,Elmweg\n"),
            ("Straße,Nr", "Oakweg 1,12\nElmweg 2,14\n"),
            ("Straße,Nr", "Oakweg,100017\nElmweg,100018\n"),
        ] {
            let (street, key) = street(header, rows);
            assert_eq!((street.as_deref(), key.as_str()), (Some("Straße"), "Nr"), "{header}");
        }
    }
}
