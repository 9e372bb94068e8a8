//! Persons and companies in one column of names, and the column that says which a row is.

use super::column::Column;
use super::file::FileLook;
use super::meaning::Role;
use super::text::line;
use crate::headings::{self, Meaning, Surety};
use settings::quoted;

/// What says whose a name is.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    /// The column of names, as that of companies' names.
    pub companies: Option<Role>,
    /// The line of `steward.toml`.
    pub line: Option<String>,
    /// The place of the column that it names.
    pub column: Option<usize>,
    /// What somebody should look at.
    pub remark: Option<String>,
}

/// Finds a column that says whose a name is, and the one column of names of persons and companies; that is
/// a person's in `roles` from then on.
pub(super) fn of(look: &FileLook, roles: &mut [Option<Role>], key: Option<&str>) -> Kinds {
    let has_parts = roles.iter().flatten().any(|role| {
        matches!(role.meaning, Meaning::GivenName | Meaning::FamilyName)
            && !role.is_other
            && look.columns[role.column].filled > 0
    });
    let is_free = |place: &usize| key != Some(look.columns[*place].name.as_str());
    let mut flags = (0..look.columns.len()).filter(is_free).filter_map(|place| {
        let (column, role) = (&look.columns[place], roles[place].as_ref());
        let is_named = role.is_some_and(|role| {
            role.meaning == Meaning::IsOrganisation && role.surety > Some(Surety::Part)
        });
        (is_named || is_of_kinds(column, role)).then_some((is_named, place))
    });
    let mut found: Vec<(bool, usize)> = flags.by_ref().collect();
    found.sort_by_key(|(is_named, place)| (!is_named, *place));
    let (Some((_, place)), Some(name), false) = (found.first(), shared(look, roles), has_parts)
    else {
        return Kinds::default();
    };
    let (flag, column) = (&look.columns[*place], Some(*place));
    let code = format!("is_organisation = {}", quoted(&flag.name));
    if !says_whose(flag) {
        let remark = format!(
            "`{}` is named like a mark of companies, but its values are neither yes or no nor words for \
             people and companies",
            flag.name
        );
        let line = line(&format!("# {code}"), "not sure: its values do not show it");
        let line = Some(line.trim_end().to_owned());
        return Kinds { line, column, remark: Some(remark), companies: None };
    }
    let why = "it says whether a name is a company's or a person's";
    let companies = roles[name].as_mut().map(|role| {
        role.meaning = Meaning::FullName;
        role.why = format!("people's names, where `{}` says so", flag.name);
        role.remark = None;
        let why = format!("companies' names, where `{}` says so", flag.name);
        Role { meaning: Meaning::OrganisationName, why, ..role.clone() }
    });
    let line = Some(line(&code, why).trim_end().to_owned());
    Kinds { companies, line, column, remark: None }
}

/// The column of names that are persons' or companies': one that is called a name and nothing more.
fn shared(look: &FileLook, roles: &[Option<Role>]) -> Option<usize> {
    let is_name = |place: &usize| {
        let called = headings::read(&look.columns[*place].name).map(|it| it.meaning);
        let is_read = roles[*place].as_ref().is_some_and(|role| {
            !role.is_other && matches!(role.meaning, Meaning::FullName | Meaning::OrganisationName)
        });
        is_read && matches!(called, Some(Meaning::Name | Meaning::FullName))
    };
    (0..roles.len()).find(is_name)
}

/// Whether a column's values are words for persons and companies.
fn is_of_kinds(column: &Column, role: Option<&Role>) -> bool {
    let may_be = role.is_none_or(|role| {
        matches!(role.meaning, Meaning::Segment | Meaning::Other | Meaning::Status)
    });
    may_be && column.looked > column.looks.absent && column.share(column.looks.kind) >= 95
}

fn says_whose(column: &Column) -> bool {
    let looks = &column.looks;
    column.looked > looks.absent && column.share(looks.whether) >= 90
}

#[cfg(test)]
mod tests {
    use super::super::tests::proposed;

    fn names(header: &str, rows: &str) -> (String, Option<String>, usize) {
        let (proposal, settings, text) = proposed(&[("a.csv", &format!("{header}\n{rows}"))]);
        let source = &settings.sources[0];
        let of_names = |field: &str| field.ends_with("name");
        let map = source.map.iter().filter(|(field, _)| of_names(field.as_str()));
        let map: Vec<String> =
            map.map(|(field, columns)| format!("{field}={}", columns.join("+"))).collect();
        let flag = source.organisation.as_ref().map(|flag| flag.column.clone());
        assert_eq!(flag.is_some(), text.contains("\nis_organisation = "), "{text}");
        (map.join(" "), flag, proposal.sources[0].remarks.len())
    }

    #[test]
    fn a_column_that_says_whose_a_name_is_makes_two_fields_of_one_column() {
        for (header, rows) in [
            ("id,name,is_company", "1,Acme GmbH,yes\n2,Ann Marlow,no\n7,Bo Ray,no\n"),
            ("id,name,is_company", "1,Acme GmbH,True\n2,Ann Marlow,False\n"),
            ("id,Name,Ist ein Unternehmen", "1,Acme GmbH,1\n2,Ute Berg,0\n"),
            ("id,Nom,Est une entreprise", "1,Acme SARL,VRAI\n2,Luc Petit,FAUX\n"),
            ("id,name,type", "1,Acme GmbH,company\n2,Ann Marlow,person\n7,Bo Ray,person\n"),
            ("id,name,Contact Type", "1,Acme,Organization\n2,Ann Marlow,Individual\n"),
            ("id,name,Kundenart", "1,Acme AG,Firma\n2,Ute Berg,Privatperson\n"),
            ("id,Naam,Soort klant", "1,Acme BV,Bedrijf\n2,Jan Dijk,Particulier\n"),
            ("id,is_company,customer name", "1,yes,Acme GmbH\n2,no,Ann Marlow\n"),
            ("id,name,company,is_company", "1,Acme GmbH,,yes\n2,Ann Marlow,Acme GmbH,no\n"),
        ] {
            let (map, flag, remarks) = names(header, rows);
            let name = header
                .split(',')
                .find(|it| it.to_lowercase().starts_with('n') || it.contains(" name"));
            let name = name.unwrap();
            let expected = format!("full_name={name} organisation_name={name}");
            assert_eq!((map, remarks), (expected, 0), "{header}");
            assert!(flag.is_some(), "{header}");
        }
    }

    #[test]
    fn what_does_not_say_it_is_said_not_to() {
        let rows = "1,Acme GmbH,big\n2,Ann Marlow,small\n";
        let (map, flag, remarks) = names("id,name,is_company", rows);
        assert_eq!((map.as_str(), flag, remarks), ("full_name=name", None, 2));
        // Parts of names have columns of their own.
        let rows = "1,Ann,Marlow,,Individual\n2,,,Acme GmbH,Organization\n";
        let (map, flag, _) = names("id,First,Last,Company,Type", rows);
        assert_eq!(map, "given_name=First family_name=Last organisation_name=Company");
        assert_eq!(flag, None);
    }

    #[test]
    fn persons_among_companies_stay_persons_and_it_is_said() {
        let rows: String = (0..50)
            .map(|at| match at % 5 {
                0 => format!("1{at},Nordwind{at} GmbH\n"),
                _ => format!("1{at},Peter Maier{at}\n").replace(&format!("Maier{at}"), "Maier"),
            })
            .collect();
        let (map, _, remarks) = names("id,name", &rows);
        assert_eq!((map.as_str(), remarks), ("full_name=name", 1));
        let firms: String = (0..50).map(|at| format!("1{at},Nordwind{at} GmbH\n")).collect();
        assert_eq!(names("id,name", &firms), ("organisation_name=name".to_owned(), None, 0));
    }
}
