//! The rule by which the steward decides, and what it looks at.

use super::screen::{Between, SeenCell};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    One,
    Two,
    /// Nothing on the screen tells.
    CannotTell,
}

/// What a person sees of two customers, field by field.
struct Sight<'a>(&'a Between<'a>);

impl Sight<'_> {
    /// A field's cell; its name may be cut.
    fn cell(&self, field: &str) -> Option<&SeenCell> {
        let is_this = |name: &str| {
            let begun = name.trim_end_matches(['>', '…']);
            !begun.is_empty() && field.starts_with(begun)
        };
        self.0.marks.iter().find(|(name, _)| is_this(name)).map(|(_, cell)| cell)
    }

    fn mark(&self, field: &str) -> char {
        self.cell(field).map_or(' ', |cell| cell.mark)
    }

    fn is(&self, field: &str, among: &str) -> bool {
        among.contains(self.mark(field))
    }

    /// How many of the fields have one of these marks.
    fn count(&self, fields: &[&str], among: &str) -> usize {
        fields.iter().filter(|field| self.is(field, among)).count()
    }

    /// Whether one of these words stands beside the field's mark.
    fn says(&self, field: &str, words: &[&str]) -> bool {
        self.cell(field).is_some_and(|cell| words.iter().any(|word| cell.text.ends_with(word)))
    }

    /// Whether one of these is why the machine did not merge them.
    fn because(&self, reasons: &[&str]) -> bool {
        self.0.reasons.iter().any(|reason| reasons.contains(reason))
    }

    /// What only one person has agrees: how often.
    fn own(&self) -> usize {
        let nearly = self.is("email", "~") && self.says("email", &ONE_MAILBOX);
        self.count(&["email", "mobile"], "=") + usize::from(nearly)
    }

    /// What a household shares agrees: how often.
    fn home(&self) -> usize {
        let street = self.is("street", "=~") && !self.says("street", &OTHER_HOME);
        self.count(&["phone"], "=") + usize::from(street)
    }

    fn given(&self) -> Given {
        if self.because(&TWO_NAMES) {
            return Given::Other;
        }
        if ["given_name", "family_name"]
            .iter()
            .any(|part| self.says(part, &["swapped", "swapped, alike"]))
        {
            return Given::Same;
        }
        match self.mark("given_name") {
            '=' => Given::Same,
            '~' if self.says("given_name", &["another generation of the name"]) => Given::Other,
            'x' => Given::Other,
            _ if self.because(&DOUBTFUL_NAMES) => Given::Alike,
            '~' if self.says("given_name", &["extra name", "other spelling"]) => Given::Same,
            '~' if self.says("given_name", &["nickname", "slip"]) => Given::Form,
            '~' => Given::Alike,
            _ => Given::Unknown,
        }
    }

    fn birth(&self) -> Birth {
        match self.mark("birth_date") {
            '=' => Birth::Same,
            '~' | 'x' if self.says("birth_date", &["swapped", "day/month", "one digit"]) => {
                Birth::Near
            }
            '~' | 'x' if self.says("birth_date", &["two of three agree"]) => Birth::Doubtful,
            '~' => Birth::Doubtful,
            'x' => Birth::Other,
            _ => Birth::Unknown,
        }
    }
}

/// An address that is the other one but for its provider or a slip.
const ONE_MAILBOX: [&str; 3] = ["domain slip", "mailbox slip", "other domain"];
/// A street that differs in more than a slip.
const OTHER_HOME: [&str; 4] = ["other unit", "other number", "number only", "similar"];
/// Two people, by their names.
const TWO_NAMES: [&str; 4] = [
    "a man's and a woman's given name",
    "two different given names",
    "middle initials differ",
    "a man's and a woman's title",
];
/// Names that may be one or two.
const DOUBTFUL_NAMES: [&str; 8] = [
    "one name is for several people",
    "two short forms of one given name",
    "a man's or a woman's form of one name",
    "given names a slip apart",
    "unknown given names differ",
    "given names end in different vowels",
    "two given names, or one in two languages",
    "only one name says Jr, III or the like",
];

/// How the given names stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    /// One, also with a second name beside it, or in the other name's place.
    Same,
    /// A nickname, or a slip.
    Form,
    /// Similar in a way that a brother's name may be.
    Alike,
    Other,
    Unknown,
}

/// How the dates of birth stand to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Birth {
    Same,
    /// Day and month swapped, or one digit.
    Near,
    /// Similar, and no more is said.
    Doubtful,
    Other,
    Unknown,
}

/// The rule: what only one person has decides, in the order in which it is rarer; a home, a line and a
/// name are shared by a household, and a name alone by strangers.
pub fn verdict(between: &Between<'_>) -> Verdict {
    let sight = Sight(between);
    if sight.mark("organisation_name") != ' ' {
        return of_organisations(&sight);
    }
    let (own, home) = (sight.own(), sight.home());
    let is_issued = sight.is("national_id", "=");
    let other_family = sight.is("family_name", "x");
    match (sight.given(), sight.birth()) {
        // Twins have all of it in common but name, mailbox and mobile.
        (Given::Other, Birth::Same) if own == 0 && !is_issued && home > 0 => Verdict::Two,
        (Given::Other, Birth::Same) => Verdict::CannotTell,
        // A mistaken number of a register is commoner than one person of two names and two dates.
        (Given::Other, Birth::Other) => Verdict::Two,
        (Given::Other, _) if is_issued => Verdict::CannotTell,
        // A couple may share its mailbox; one person has not two names that are known as two.
        (Given::Other, _) if own == 0 || sight.because(&TWO_NAMES) => Verdict::Two,
        (Given::Other, _) => Verdict::CannotTell,
        // Father and son, unless something says that one of the dates is wrong.
        (Given::Same | Given::Form, Birth::Other) if own == 0 && !is_issued => Verdict::Two,
        (_, Birth::Other) => Verdict::CannotTell,
        _ if sight.is("national_id", "x") => Verdict::CannotTell,
        // A wedding changes a name, but no home stands for it then.
        (Given::Same | Given::Form, Birth::Same)
            if !other_family || own + home > 0 || is_issued =>
        {
            Verdict::One
        }
        (Given::Alike, Birth::Same) if own > 0 || is_issued => Verdict::One,
        (Given::Same | Given::Form, _) if is_issued => Verdict::One,
        (Given::Same | Given::Form, Birth::Near) if own + home > 0 => Verdict::One,
        (Given::Same, _) if own > 0 => Verdict::One,
        (Given::Form, Birth::Unknown) if own > 0 && !other_family => Verdict::One,
        (Given::Alike, Birth::Near) if own > 0 => Verdict::One,
        _ => Verdict::CannotTell,
    }
}

fn of_organisations(sight: &Sight<'_>) -> Verdict {
    let agree = sight.count(&["email", "phone"], "=");
    let is_slip =
        sight.says("vat_id", &["one digit", "last digit", "digits swapped", "one character"]);
    match (sight.mark("organisation_name"), sight.mark("vat_id")) {
        ('x', vat) if agree == 0 && vat != '=' => Verdict::Two,
        ('x', _) => Verdict::CannotTell,
        (_, '=') => Verdict::One,
        // One of the two numbers is wrong.
        (_, 'x') if agree == 2 || agree == 1 && is_slip => Verdict::One,
        (_, 'x') => Verdict::CannotTell,
        _ if agree > 0 || sight.home() > 0 => Verdict::One,
        _ => Verdict::CannotTell,
    }
}
