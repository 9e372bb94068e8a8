//! `is_organisation`: the column that says whether a row's name is an organisation's or a person's.

use super::field::Declared;
use super::reader::{Findings, Table};
use super::yes::Said;
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

/// Words that say that it is one, beside a yes, in small letters.
const ORGANISATION: &[&str] = &[
    "company",
    "organisation",
    "organization",
    "business",
    "corporate",
    "corporation",
    "firm",
    "legal entity",
    "b2b",
    "firma",
    "unternehmen",
    "firmenkunde",
    "geschäftskunde",
    "juristische person",
    "entreprise",
    "société",
    "personne morale",
    "empresa",
    "sociedad",
    "organización",
    "persona jurídica",
    "azienda",
    "società",
    "impresa",
    "persona giuridica",
    "bedrijf",
    "organisatie",
    "rechtspersoon",
    "pessoa jurídica",
    "организация",
    "компания",
    "юридическое лицо",
    "юрлицо",
    "法人",
];

/// Words that say that it is a person, beside a no.
const PERSON: &[&str] = &[
    "person",
    "individual",
    "contact",
    "human",
    "private",
    "private person",
    "natural person",
    "consumer",
    "household",
    "b2c",
    "privat",
    "privatperson",
    "privatkunde",
    "natürliche person",
    "kontakt",
    "haushalt",
    "particulier",
    "personne",
    "individu",
    "personne physique",
    "persona",
    "individuo",
    "persona física",
    "persona fisica",
    "privato",
    "persoon",
    "pessoa",
    "pessoa física",
    "particular",
    "физическое лицо",
    "физлицо",
    "個人",
];

/// Whether a text is a word for an organisation, or for a person; none where it is neither.
#[must_use]
pub fn names_organisation(text: &str) -> Option<bool> {
    let text = text.trim().to_lowercase();
    let is_one_of = |words: &[&str]| words.contains(&text.as_str());
    is_one_of(ORGANISATION).then_some(true).or_else(|| is_one_of(PERSON).then_some(false))
}

/// Whether a text says that something is an organisation, or that it is none: a word for either, a yes or a
/// no.
#[must_use]
pub fn says_whether_organisation(text: &str) -> bool {
    names_organisation(text).is_some() || !matches!(Said::by(text), Said::Unclear)
}

impl OrganisationFlag {
    /// Whether the row is an organisation, as a text says that stands in the column.
    #[must_use]
    pub fn said_by(&self, text: &str) -> Said {
        match names_organisation(text) {
            Some(true) => Said::Yes,
            Some(false) => Said::No,
            None => Said::by(&text.trim().to_lowercase()),
        }
    }

    /// Takes the names away that are not the row's: a person's from an organisation, and the other way
    /// round. `flag` is what stands in the column; what does not say that it is an organisation is a person.
    pub fn settle<T>(&self, fields: &mut Vec<(FieldName, T)>, flag: Option<&str>) {
        let others = match self.said_by(flag.unwrap_or_default()) {
            Said::Yes => &self.of_persons,
            Said::No | Said::Unclear => &self.of_organisations,
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
            let what = "needs a person's name and an `organisation_name` read from the same column";
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
        for (text, said) in [
            ("Company", Said::Yes),
            ("Individual", Said::No),
            ("NaN", Said::No),
            ("maybe", Said::Unclear),
            ("2", Said::Unclear),
        ] {
            assert_eq!(flag.said_by(text), said, "{text}");
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
