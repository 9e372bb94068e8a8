//! `is_organisation`: the column that says whether a row's name is an organisation's or a person's.

use super::field::Declared;
use super::reader::{Findings, Table};
use domain::{FieldName, FieldType};

/// What tells an organisation's name from a person's where both stand in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationFlag {
    /// The column that says whether the row is an organisation.
    pub column: String,
    /// The fields that hold a person's name.
    pub of_persons: Vec<FieldName>,
    /// The fields that hold an organisation's, read from a column of those.
    pub of_organisations: Vec<FieldName>,
}

/// Words that say that it is one, in small letters; anything else says that it is a person.
const YES: [&str; 14] = [
    "true",
    "yes",
    "y",
    "t",
    "1",
    "x",
    "company",
    "organisation",
    "organization",
    "ja",
    "wahr",
    "oui",
    "vrai",
    "si",
];

impl OrganisationFlag {
    /// Takes the names away that are not the row's: a person's from an organisation, and the other way
    /// round. `flag` is what stands in the column.
    pub fn settle<T>(&self, fields: &mut Vec<(FieldName, T)>, flag: Option<&str>) {
        let flag = flag.unwrap_or_default().trim().to_lowercase();
        let others = match YES.contains(&flag.as_str()) {
            true => &self.of_persons,
            false => &self.of_organisations,
        };
        fields.retain(|(field, _)| !others.contains(field));
    }

    /// `is_organisation = "is_company"`.
    pub(super) fn read(
        table: &Table<'_>,
        map: &[(FieldName, Vec<String>)],
        fields: &[Declared<'_>],
        findings: &mut Findings,
    ) -> Option<OrganisationFlag> {
        let column = table.text("is_organisation", findings)?;
        let of_type = |name: &FieldName, types: &[FieldType]| {
            let declared = fields.iter().find(|field| field.name == name.as_str());
            let field = declared.and_then(|declared| declared.field.as_ref());
            field.is_some_and(|field| types.contains(&field.field_type))
        };
        let persons = [FieldType::FullName, FieldType::GivenName, FieldType::FamilyName];
        let of_persons: Vec<_> =
            map.iter().filter(|(name, _)| of_type(name, &persons)).cloned().collect();
        let shares = |columns: &[String]| {
            columns.iter().any(|own| of_persons.iter().any(|(_, its)| its.contains(own)))
        };
        let organisations = [FieldType::OrganisationName];
        let of_organisations = map
            .iter()
            .filter(|(name, columns)| of_type(name, &organisations) && shares(columns))
            .map(|(name, _)| name.clone());
        let of_organisations: Vec<FieldName> = of_organisations.collect();
        if of_organisations.is_empty() {
            let what = "needs a person's name and an `organisation_name` that are read from the same column";
            findings.add(column.at, format!("`is_organisation` {what}"));
        }
        let of_persons = of_persons
            .into_iter()
            .filter(|(_, columns)| {
                columns.iter().any(|own| {
                    map.iter()
                        .any(|(name, its)| of_organisations.contains(name) && its.contains(own))
                })
            })
            .map(|(name, _)| name)
            .collect();
        Some(OrganisationFlag { column: column.text.to_owned(), of_persons, of_organisations })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;

    const FIELDS: &str = "[workspace]\nname='a'\n[fields.full_name]\ntype='full_name'\n[fields.org]\n\
        type='organisation_name'\n[fields.city]\ntype='city'\n[sources.odoo]\nkey='id'\nis_organisation='is_company'\n";

    #[test]
    fn a_name_is_the_persons_or_the_organisations() {
        let settings = parse(&format!("{FIELDS}map={{full_name='name', org='name', city='c'}}\n"));
        let flag = settings.unwrap().sources[0].organisation.clone().unwrap();
        for (text, kept) in [
            (Some("True"), "org city"),
            (Some(" 1 "), "org city"),
            (Some("yes"), "org city"),
            (Some("False"), "full_name city"),
            (Some(""), "full_name city"),
            (Some("maybe"), "full_name city"),
            (None, "full_name city"),
        ] {
            let names = ["full_name", "org", "city"];
            let mut fields: Vec<_> = names.iter().map(|name| (FieldName::new(*name), ())).collect();
            flag.settle(&mut fields, text);
            let fields: Vec<String> = fields.iter().map(|(name, _)| name.to_string()).collect();
            assert_eq!(fields.join(" "), kept, "{text:?}");
        }
    }

    #[test]
    fn it_is_refused_where_no_column_is_both() {
        let findings =
            parse(&format!("{FIELDS}map={{full_name='name', org='company'}}\n")).unwrap_err();
        let said = "line 11: `is_organisation` needs a person's name and an `organisation_name`";
        assert!(findings[0].to_string().starts_with(said), "{findings:?}");
    }
}
