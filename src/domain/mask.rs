//! Sensitive values as they are shown until somebody unmasks them.
//!
//! The one place that says how much of a value may be seen: the command line, its JSON and the
//! review all ask here.

use super::FieldType;
use super::placeholder::is_well_known;

/// How much of a value a role sees. Every kind hides what it cannot read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MaskKind {
    /// Nothing of it.
    Hide,
    /// The last four letters and digits of an identifier or a phone number.
    Last4,
    /// The year of a date.
    Year,
    /// The domain of an e-mail address.
    Domain,
    /// The first letter of each word of a name.
    Initials,
}

impl MaskKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [MaskKind; 5] =
        [MaskKind::Hide, MaskKind::Last4, MaskKind::Year, MaskKind::Domain, MaskKind::Initials];

    /// As `mask` of a role names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            MaskKind::Hide => "hide",
            MaskKind::Last4 => "last4",
            MaskKind::Year => "year",
            MaskKind::Domain => "domain",
            MaskKind::Initials => "initials",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<MaskKind> {
        MaskKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it says anything of values of that type.
    #[must_use]
    pub fn fits(self, field_type: FieldType) -> bool {
        use FieldType as Type;
        match self {
            MaskKind::Hide => true,
            MaskKind::Last4 => {
                matches!(field_type, Type::NationalId | Type::Identifier | Type::Phone)
            }
            MaskKind::Year => matches!(field_type, Type::DateOfBirth | Type::Date),
            MaskKind::Domain => field_type == Type::Email,
            MaskKind::Initials => matches!(
                field_type,
                Type::GivenName | Type::FamilyName | Type::FullName | Type::OrganisationName
            ),
        }
    }

    /// A value as it is seen under this kind.
    #[must_use]
    pub fn masked(self, text: &str, field_type: FieldType) -> String {
        let seen = match self {
            _ if text.is_empty() => return String::new(),
            MaskKind::Last4 if self.fits(field_type) => Some(masked(text, field_type)),
            MaskKind::Year if self.fits(field_type) => year(text),
            MaskKind::Domain if self.fits(field_type) => domain(text),
            MaskKind::Initials if self.fits(field_type) => Some(initials(text)),
            _ => None,
        };
        seen.unwrap_or_else(|| ANY.to_owned())
    }
}

/// `1984-**-**` of an ISO date.
fn year(text: &str) -> Option<String> {
    let date: jiff::civil::Date = text.parse().ok()?;
    let whole = text.len() == 10 && (1..=9_999).contains(&date.year());
    whole.then(|| format!("{:04}-**-**", date.year()))
}

/// `***@example.com` of an address.
fn domain(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let fits = !local.is_empty() && domain.contains('.') && domain.chars().all(is_host);
    fits.then(|| format!("{ANY}@{domain}"))
}

/// `E. U.`: how long a word is would tell it from others.
fn initials(text: &str) -> String {
    let firsts =
        text.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphabetic()));
    let firsts: Vec<String> = firsts.map(|first| format!("{first}.")).collect();
    if firsts.is_empty() { ANY.to_owned() } else { firsts.join(" ") }
}

/// Letters and digits an identifier has to have more of for its last four to be shown.
const SHORT: usize = 8;
/// A value whose length would give it away.
const ANY: &str = "***";

/// A value of a sensitive field. The last four stay of what people tell apart by its end: an
/// identifier, or a phone number that could be read. Everything else, what could not be read
/// included, is hidden whole.
#[must_use]
pub fn masked(text: &str, field_type: FieldType) -> String {
    if is_for_no_value(text, field_type) {
        return text.to_owned();
    }
    let signs = text.chars().filter(|character| character.is_alphanumeric()).count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if !text.is_empty() && length_tells(field_type) {
        return ANY.to_owned();
    }
    let ends_tell = match field_type {
        FieldType::NationalId | FieldType::Identifier => {
            let fits =
                |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/' | '_');
            digits * 2 >= signs && text.chars().all(fits)
        }
        FieldType::Phone => text
            .strip_prefix('+')
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())),
        _ => false,
    };
    starred(text, if ends_tell && signs > SHORT { signs - 4 } else { usize::MAX })
}

/// Whether a text stands where a value of digits is asked for and cannot be one: it has none, and it is
/// known to say that there is no value. Everything else might be one.
fn is_for_no_value(text: &str, field_type: FieldType) -> bool {
    let is_of_digits = matches!(
        field_type,
        FieldType::NationalId
            | FieldType::Identifier
            | FieldType::Phone
            | FieldType::Date
            | FieldType::DateOfBirth
    );
    is_of_digits && !text.chars().any(char::is_numeric) && is_well_known(text, field_type)
}

/// Whether there are so few values of a type, or so short ones, that a length gives one away.
fn length_tells(field_type: FieldType) -> bool {
    matches!(
        field_type,
        FieldType::Consent
            | FieldType::Category
            | FieldType::Gender
            | FieldType::Country
            | FieldType::Region
            | FieldType::Number
    )
}

/// A text with nothing of it to be read but where its words and signs stand.
#[must_use]
pub fn hidden(text: &str) -> String {
    starred(text, usize::MAX)
}

/// The text with its first characters starred, spaces and ASCII punctuation left out of it.
fn starred(text: &str, mut hide: usize) -> String {
    let star = |character: char| {
        if hide == 0 || character == ' ' || character.is_ascii_punctuation() {
            return character;
        }
        hide -= 1;
        '*'
    };
    text.chars().map(star).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_end_of_an_identifier_is_shown() {
        for (text, field_type, shown) in [
            ("123-45-4417", FieldType::NationalId, "***-**-4417"),
            ("DE811907980", FieldType::Identifier, "*******7980"),
            ("+15550104477", FieldType::Phone, "+*******4477"),
            ("12345678", FieldType::NationalId, "********"),
            ("1984-03-12", FieldType::DateOfBirth, "****-**-**"),
            ("", FieldType::Text, ""),
            ("yes", FieldType::Consent, "***"),
            ("no", FieldType::Consent, "***"),
            ("-9", FieldType::Number, "***"),
        ] {
            assert_eq!(masked(text, field_type), shown);
        }
    }

    #[test]
    fn each_kind_shows_its_part_and_hides_what_it_cannot_read() {
        use FieldType::{Date, DateOfBirth, Email, FamilyName, FullName, NationalId, Phone, Text};
        for (kind, text, field_type, shown) in [
            ("hide", "Umber", FamilyName, "***"),
            ("hide", "unknown", NationalId, "***"),
            ("hide", "", FamilyName, ""),
            ("last4", "123-45-4417", NationalId, "***-**-4417"),
            ("last4", "+15550104477", Phone, "+*******4477"),
            ("last4", "Umber", FamilyName, "***"),
            ("year", "1984-03-12", DateOfBirth, "1984-**-**"),
            ("year", "2001-12-31", Date, "2001-**-**"),
            ("year", "some day in spring 1984", DateOfBirth, "***"),
            ("year", "1984", Text, "***"),
            ("domain", "ann@example.com", Email, "***@example.com"),
            ("domain", "\"a@b\"@mail.example.org", Email, "***@mail.example.org"),
            ("domain", "ann at example", Email, "***"),
            ("domain", "@example.com", Email, "***"),
            ("initials", "Elizabeth Anne", FullName, "E. A."),
            ("initials", "O'Hara-Smith", FamilyName, "O."),
            ("initials", "'Ōe", FamilyName, "Ō."),
            ("initials", "--", FamilyName, "***"),
            ("initials", "Elizabeth", Text, "***"),
        ] {
            let kind = MaskKind::from_name(kind).unwrap();
            assert_eq!(kind.masked(text, field_type), shown, "{text}");
        }
        assert!(MaskKind::ALL.iter().all(|kind| MaskKind::from_name(kind.name()) == Some(*kind)));
        assert!(MaskKind::Year.fits(Date) && !MaskKind::Year.fits(FamilyName));
    }

    #[test]
    fn what_cannot_be_a_value_needs_no_mask() {
        for (text, field_type) in [
            ("unknown", FieldType::NationalId),
            ("not given", FieldType::DateOfBirth),
            ("Unbekannt", FieldType::DateOfBirth),
            ("pending", FieldType::Identifier),
            ("applied for", FieldType::NationalId),
            ("to be advised", FieldType::Phone),
            ("siehe Akte", FieldType::Date),
            ("NONE", FieldType::NationalId),
        ] {
            assert_eq!(masked(text, field_type), text);
        }
        // A name, a word that nobody knows, and whatever holds a digit might be one.
        for (text, field_type) in [
            ("Unknown", FieldType::FamilyName),
            ("pending", FieldType::Text),
            ("in spring", FieldType::DateOfBirth),
            ("unknown 1984", FieldType::DateOfBirth),
            ("no", FieldType::Consent),
            ("none", FieldType::Category),
            ("MCMLXXXIV", FieldType::DateOfBirth),
        ] {
            assert!(!masked(text, field_type).chars().any(char::is_alphanumeric), "{text}");
        }
    }

    #[test]
    fn what_could_not_be_read_is_hidden_whole() {
        for (text, field_type) in [
            ("some day in spring 1984", FieldType::DateOfBirth),
            ("12. Mai vierundachtzig", FieldType::Date),
            ("see the note about 1984", FieldType::NationalId),
            ("call 0171 555 0104", FieldType::Phone),
            ("0171 555 010 447", FieldType::Phone),
            ("thomas at example", FieldType::Email),
            ("Zoë\u{301} Pacek-Långström", FieldType::FamilyName),
        ] {
            let shown = masked(text, field_type);
            assert!(!shown.chars().any(char::is_alphanumeric), "{shown}");
            assert_eq!(shown.chars().count(), text.chars().count());
            assert_eq!(shown, hidden(text));
        }
    }
}
