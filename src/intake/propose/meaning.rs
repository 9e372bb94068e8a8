//! What a column holds: by its name and by its values. Where they disagree the values win.

use super::column::Column;
use crate::headings::{self, Meaning, Surety};

/// What a column is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    /// Its place in the file.
    pub column: usize,
    /// What it holds.
    pub meaning: Meaning,
    /// How surely the name says so; its values alone say it where that is none.
    pub surety: Option<Surety>,
    /// Whether it is another's, or a second one.
    pub is_other: bool,
    /// Why, for the file.
    pub why: String,
    /// What somebody should look at.
    pub remark: Option<String>,
}

/// Values that are unmistakable, whatever their column is called, with the share of them.
fn by_values(column: &Column) -> Option<(Meaning, u64)> {
    let looks = &column.looks;
    if column.looked == 0 {
        return None;
    }
    let candidates = [
        (Meaning::Email, looks.email, 60),
        (Meaning::Iban, looks.iban, 60),
        (Meaning::Card, looks.card.saturating_sub(looks.phone), 80),
        (Meaning::NationalId, looks.social_security, 80),
        (Meaning::Website, looks.url, 70),
        (Meaning::Phone, looks.international, 50),
        (Meaning::DateOfBirth, looks.birth, 90),
        (Meaning::Created, looks.date, 70),
        (Meaning::Postcode, looks.postcode, 80),
        (Meaning::OrganisationName, looks.legal_form, 60),
        (Meaning::Country, looks.country.saturating_sub(looks.state), 90),
    ];
    let found = candidates.into_iter().find(|(_, count, least)| column.share(*count) >= *least);
    found.map(|(meaning, count, _)| (meaning, column.share(count)))
}

/// What a column is taken for, if for anything.
pub(super) fn role(place: usize, column: &Column) -> Option<Role> {
    let heading = headings::read(&column.name);
    let shown = by_values(column);
    // An index is a postcode in Russian, and the number of a row to programs that write one.
    let is_counter =
        |heading: &headings::Heading| heading.meaning == Meaning::Postcode && column.counts();
    // What is unmistakable is no measure, whatever it is called.
    let is_denied =
        |heading: &headings::Heading| heading.meaning == Meaning::Measure && shown.is_some();
    let heading = heading.filter(|heading| !is_counter(heading) && !is_denied(heading));
    let role = |meaning, surety, is_other, why| Role {
        column: place,
        meaning,
        surety,
        is_other,
        why,
        remark: None,
    };
    let named = |meaning, heading: &headings::Heading| {
        let why = match heading.surety {
            Surety::Whole | Surety::Qualified => "by its name".to_owned(),
            Surety::Part => "by part of its name".to_owned(),
        };
        role(meaning, Some(heading.surety), heading.is_other, why)
    };
    match (heading, shown) {
        (None, None) => None,
        (None, Some((meaning, share))) => {
            let why = format!("by its values: {share} % are {}", plural(meaning));
            Some(role(meaning, None, false, why))
        }
        (Some(heading), None) => {
            // Part of a name is believed where the values could be such a thing.
            let is_enough = heading.surety > Surety::Part || may_be(heading.meaning, column);
            let named = named(narrowed(heading.meaning, column), &heading);
            let remark = doubt(named.meaning, column);
            is_enough.then_some(Role { remark, ..named })
        }
        (Some(heading), Some((meaning, share))) => {
            if agree(heading.meaning, meaning) {
                let mut named = named(narrowed(heading.meaning, column), &heading);
                named.why = "by its name and its values".to_owned();
                named.remark = doubt(named.meaning, column).filter(|_| are_both(column));
                return Some(named);
            }
            let what = plural(meaning);
            let remark = format!(
                "`{}` is named like {}, but {share} % of its values are {what}: treated as those",
                column.name,
                a(heading.meaning)
            );
            let why = format!("by its values, whatever its name: {share} % are {what}");
            Some(Role { remark: Some(remark), ..role(meaning, None, heading.is_other, why) })
        }
    }
}

/// What the name leaves open and the values say: `Address` over streets, `Name` over companies.
fn narrowed(meaning: Meaning, column: &Column) -> Meaning {
    let looks = &column.looks;
    match meaning {
        Meaning::Address if column.share(looks.address) < 50 => Meaning::Street,
        // Persons and companies in one column: a person's name is read with either.
        Meaning::Name if are_both(column) => Meaning::FullName,
        Meaning::Name if column.share(looks.legal_form) >= 20 => Meaning::OrganisationName,
        // Keys that are accounts or social security numbers are masked as those are.
        Meaning::Key if column.share(looks.iban) >= 60 => Meaning::Iban,
        Meaning::Key if column.share(looks.social_security) >= 80 => Meaning::NationalId,
        // `Namenszusatz` is called what stands behind a name, and a second line of a company's name.
        Meaning::NameSuffix if column.looked > looks.absent && column.share(looks.suffix) < 50 => {
            Meaning::Other
        }
        other => other,
    }
}

/// Whether a column of names holds companies and persons.
fn are_both(column: &Column) -> bool {
    let looks = &column.looks;
    column.share(looks.person) >= 10 && column.share(looks.legal_form) >= 5
}

/// Whether the values are what the name says, or what is written alike.
fn agree(named: Meaning, shown: Meaning) -> bool {
    use Meaning::*;
    // Keys of other records look like whatever keys look like.
    named == shown
        || matches!(named, MergedInto | MergedFrom | Secret)
        || match shown {
            Phone => matches!(named, Mobile | Fax | Key | Other),
            DateOfBirth | Created => {
                matches!(
                    named,
                    DateOfBirth | Created | Updated | Deleted | Status | Consent | Other
                )
            }
            OrganisationName => {
                matches!(named, Name | FullName | Segment | Address | Street | Notes)
            }
            // Numbers of twelve digits may pass for cards by chance.
            Card => matches!(
                named,
                Key | Phone | Mobile | NationalId | TaxId | VatId | Passport | Other
            ),
            Country => matches!(named, Region | City | Language | Address | Other | Segment),
            Postcode => matches!(named, Key | HouseNumber | Address | Other),
            NationalId => matches!(named, TaxId | Key),
            Website => matches!(named, Notes | Other),
            Email => matches!(named, Key | Other),
            Iban => matches!(named, Key | Other),
            _ => false,
        }
}

/// Whether values could be such a thing, if that is what the column is called.
fn may_be(meaning: Meaning, column: &Column) -> bool {
    let looks = &column.looks;
    let count = match meaning {
        Meaning::Secret => return true,
        Meaning::Measure => looks.number.max(looks.measured),
        Meaning::Email => looks.email,
        Meaning::Phone | Meaning::Mobile => looks.phone_digits,
        Meaning::DateOfBirth | Meaning::Updated => looks.date,
        Meaning::Country => looks.country,
        Meaning::Iban => looks.iban,
        Meaning::Key => looks.code,
        _ => return false,
    };
    column.share(count) >= 50
}

/// What is odd about the values of a column of that name.
fn doubt(meaning: Meaning, column: &Column) -> Option<String> {
    let looks = &column.looks;
    if meaning == Meaning::FullName && are_both(column) {
        return Some(format!(
            "people and companies are both in `{}`, and it is read as people's names: if a column says \
             which is which, name it with `is_organisation` and map `{}` to an organisation's name as well",
            column.name, column.name
        ));
    }
    let count = match meaning {
        Meaning::Email => looks.email,
        Meaning::Phone | Meaning::Mobile => looks.phone_digits,
        Meaning::DateOfBirth | Meaning::Updated | Meaning::Created => looks.date,
        Meaning::Country => looks.country,
        _ => return None,
    };
    let share = column.share(count);
    (share < 50 && column.looked > looks.absent).then(|| {
        let share = match (count, share) {
            (0, _) => "none".to_owned(),
            (_, 0) => "less than 1 %".to_owned(),
            _ => format!("only {share} %"),
        };
        format!("{share} of the values of `{}` look like {}", column.name, plural(meaning))
    })
}

fn a(meaning: Meaning) -> String {
    let name = meaning.name().replace('_', " ");
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    match meaning {
        Meaning::Updated => "a time of change".to_owned(),
        Meaning::Deleted => "a mark of deletion".to_owned(),
        Meaning::IsOrganisation => "a mark of companies".to_owned(),
        Meaning::Created => "a date".to_owned(),
        Meaning::Notes | Meaning::Other => name,
        _ => format!("{article} {name}"),
    }
}

pub(super) fn plural(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Email => "e-mail addresses",
        Meaning::Iban => "bank accounts (IBAN)",
        Meaning::Card => "card numbers",
        Meaning::NationalId => "social security numbers",
        Meaning::Website => "web addresses",
        Meaning::Phone | Meaning::Mobile => "telephone numbers",
        Meaning::DateOfBirth => "possible dates of birth",
        Meaning::Created | Meaning::Updated => "dates",
        Meaning::Postcode => "postcodes",
        Meaning::OrganisationName => "companies",
        Meaning::Country => "countries",
        _ => "such values",
    }
}
