//! What is said differently in two texts of a `steward.toml`, in sentences, by what it is about. What changes of people
//! and of what they may is told in prose ([`prose`]), everything else by its key.

use std::collections::BTreeSet;

use super::changes::{ChangedSetting, changes, flat};

mod prose;

/// Something that changed, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldChange {
    /// What it is about: [`PEOPLE`], `rules`.
    pub section: &'static str,
    /// The sentence, without a full stop.
    pub text: String,
}

/// What changes who may do and see what.
pub const PEOPLE: &str = "people and what they may do and see";

/// Where a key begins, what it is about, and what the thing below it is called.
const SECTIONS: [(&str, &str, Option<&str>); 22] = [
    ("rules", "rules", Some("rule")),
    ("fields", "fields and sources", Some("field")),
    ("sources", "fields and sources", Some("source")),
    ("codes", "fields and sources", Some("code list")),
    ("measures", "measures and segments", Some("measure")),
    ("segments", "measures and segments", Some("segment")),
    ("survivorship", "golden values", None),
    ("groups", "golden values", Some("group")),
    ("matching", "matching", None),
    ("decisions.reasons", "decisions", Some("reason")),
    ("decisions", "decisions", None),
    ("people", PEOPLE, Some("person")),
    ("roles", PEOPLE, Some("role")),
    ("approvals", PEOPLE, Some("approval")),
    ("serve", PEOPLE, None),
    ("purposes", "purposes and retention", Some("purpose")),
    ("retention", "purposes and retention", Some("retention")),
    ("requests", "purposes and retention", None),
    ("journeys", "journeys", Some("journey")),
    ("policy", "deliveries", None),
    ("queue", "queue and review", None),
    ("review", "queue and review", None),
];
/// What is done with deliveries that make another customer of a record.
const OVERLAY: &str = "policy.overlay";
/// Keys of other sections that change what is seen.
const MASKING: [&str; 2] = ["sensitive", "mask"];

/// What is said differently in the later text, sentence by sentence.
#[must_use]
pub fn told(before: &str, after: &str) -> Vec<ToldChange> {
    told_where(before, after, &|_| true)
}

/// What is said differently and concerns everybody, as somebody is told it who may not read the settings whole: of
/// people only they themselves and of roles only their own; nothing of code lists and of the server. And how
/// many sentences they are not told.
#[must_use]
pub fn told_to(
    before: &str,
    after: &str,
    person: &str,
    role: Option<&str>,
) -> (Vec<ToldChange>, usize) {
    let concerns = |key: &str| {
        let mut parts = key.split('.');
        match (parts.next().unwrap_or_default(), parts.next()) {
            ("people", name) => name == Some(person),
            ("roles", name) => name == role,
            ("codes" | "serve", _) => false,
            _ => true,
        }
    };
    let told = told_where(before, after, &concerns);
    let untold = self::told(before, after).len() - told.len();
    (told, untold)
}

fn told_where(before: &str, after: &str, is_told: &dyn Fn(&str) -> bool) -> Vec<ToldChange> {
    let (was, is): (Vec<String>, Vec<String>) =
        (flat(before).into_keys().collect(), flat(after).into_keys().collect());
    let has = |keys: &[String], of: &str| keys.iter().any(|key| is_below(key, of));
    let masked = masked_in(before);
    let asked = asked_by_approvals(before);
    let guarded: BTreeSet<String> = masked.union(&asked).cloned().collect();
    let masked_streams = streams_with_masks(before);
    let mut told = Vec::new();
    let mut whole = BTreeSet::new();
    let mut changed = changes(before, after);
    changed.retain(|change| is_told(&change.key));
    for change in &changed {
        let mut place = Place::of(&change.key);
        if unmasks(&change.key, &guarded)
            || is_of_any(&change.key, &masked_streams)
            || changes_approvals(&change.key, &asked)
        {
            place.section = PEOPLE;
        }
        let Some((thing, name)) = place.thing else {
            told.push(place.told(alone(place.rest, change)));
            continue;
        };
        let is_new = !has(&was, place.of);
        if !is_new && has(&is, place.of) {
            let text = prose::one(thing, name, place.rest, change)
                .unwrap_or_else(|| format!("{thing} {name}: {}", alone(place.rest, change)));
            told.push(place.told(text));
        } else if whole.insert(place.of) {
            let keys = changed.iter().filter(|it| is_below(&it.key, place.of));
            let keyed: Vec<(String, String)> = keys
                .filter_map(|it| Some((Place::of(&it.key).rest.to_owned(), it.after.clone()?)))
                .collect();
            let said: Vec<String> =
                keyed.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            let text = match is_new {
                true => prose::new(thing, name, &keyed)
                    .unwrap_or_else(|| format!("{thing} {name} is new: {}", said.join(", "))),
                false => format!("{thing} {name} is removed"),
            };
            let is_masked = said.iter().any(|it| it == "sensitive = true")
                || thing == "field" && guarded.contains(name)
                || matches!(thing, "source" | "rule" | "reason" | "code list")
                    && asked.contains(name);
            let section = if is_masked { PEOPLE } else { place.section };
            told.push(ToldChange { section, text });
        }
    }
    told
}

/// The fields that a text masks, for everybody or for a role.
fn masked_in(text: &str) -> BTreeSet<String> {
    let named = |(key, value): (String, String)| {
        let parts: Vec<&str> = key.split('.').collect();
        match parts[..] {
            ["fields", field, "sensitive"] if value == "true" => Some(field.to_owned()),
            ["roles", _, "mask", field] if field != "default" => Some(field.to_owned()),
            _ => None,
        }
    };
    flat(text).into_iter().filter_map(named).collect()
}

/// The words of all that `[[approvals]]` ask, and the field that says what is at stake where one of them asks that.
fn asked_by_approvals(text: &str) -> BTreeSet<String> {
    let said = flat(text);
    let is_rule = |key: &str| key.starts_with("approvals.") && key.ends_with(".when");
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    let rules = said.iter().filter(|(key, _)| is_rule(key)).map(|(_, when)| when);
    let mut words: BTreeSet<String> = rules
        .flat_map(|when| when.split(|letter| !is_word(letter)))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect();
    if words.contains(STAKE)
        && let Some(field) = said.get("queue.stake")
    {
        words.insert(field.trim_matches('"').to_owned());
    }
    words
}

/// The name in rules of approvals that another setting gives its meaning.
const STAKE: &str = "stake";

/// Whether a changed key says what a rule of approvals means by one of its words.
fn changes_approvals(key: &str, asked: &BTreeSet<String>) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    match parts[..] {
        ["queue", STAKE] => asked.contains(STAKE),
        ["codes", list, ..] => asked.contains(list),
        _ => false,
    }
}

/// Whether a changed key may show values that are masked: of a field that is another one now, or whose column
/// another field takes.
fn unmasks(key: &str, masked: &BTreeSet<String>) -> bool {
    let parts: Vec<&str> = key.split('.').collect();
    match parts[..] {
        ["fields", field, "type" | "sensitive"] | ["sources", _, "map", field, ..] => {
            masked.contains(field)
        }
        _ => false,
    }
}

/// The streams of a text that call a property sensitive.
fn streams_with_masks(text: &str) -> BTreeSet<String> {
    let named = |(key, value): (String, String)| {
        let parts: Vec<&str> = key.split('.').collect();
        match parts[..] {
            ["streams", stream, "properties", _, "sensitive"] if value == "true" => {
                Some(stream.to_owned())
            }
            _ => None,
        }
    };
    flat(text).into_iter().filter_map(named).collect()
}

/// Whether a changed key is of one of these streams: what they call sensitive may be shown by it.
fn is_of_any(key: &str, streams: &BTreeSet<String>) -> bool {
    let mut parts = key.split('.');
    parts.next() == Some("streams") && parts.next().is_some_and(|stream| streams.contains(stream))
}

fn is_below(key: &str, of: &str) -> bool {
    key.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// One key, in words.
fn alone(key: &str, change: &ChangedSetting) -> String {
    let said = said(key, change);
    // What was held back or taken before stays so.
    if change.key == OVERLAY { format!("{said}, for deliveries from now on") } else { said }
}

fn said(key: &str, change: &ChangedSetting) -> String {
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => format!("{key} is {after}, was {before}"),
        (None, Some(after)) => format!("{key} is set to {after}"),
        (Some(before), None) => format!("{key} is no longer set, was {before}"),
        (None, None) => key.to_owned(),
    }
}

/// Where a key stands.
struct Place<'k> {
    section: &'static str,
    /// What the thing is called that the key is of, and its name.
    thing: Option<(&'static str, &'k str)>,
    /// The key of that thing as a whole.
    of: &'k str,
    /// The key within it.
    rest: &'k str,
}

impl<'k> Place<'k> {
    fn of(key: &'k str) -> Self {
        let other = Place { section: "the workspace", thing: None, of: key, rest: key };
        let Some((prefix, section, thing)) =
            SECTIONS.iter().copied().find(|(prefix, ..)| is_below(key, prefix))
        else {
            return other;
        };
        let last = key.rsplit('.').next().unwrap_or(key);
        let section = if MASKING.contains(&last) { PEOPLE } else { section };
        let below = key.get(prefix.len() + 1..).filter(|below| !below.is_empty());
        let (Some(thing), Some(below)) = (thing, below) else {
            return Place { section, ..other };
        };
        let (name, rest) = below.split_once('.').unwrap_or((below, ""));
        let of = &key[..prefix.len() + 1 + name.len()];
        match rest {
            // A list of plain values, or a key of the section itself.
            "" => Place { section, ..other },
            rest => Place { section, thing: Some((thing, name)), of, rest },
        }
    }

    fn told(&self, text: String) -> ToldChange {
        ToldChange { section: self.section, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str = "[workspace]\nname = \"a\"\n[fields.email]\ntype = \"email\"\n[fields.fax]\ntype = \"phone\"\n\
        [[rules]]\nid = \"email-syntax\"\nfield = \"email\"\ncheck = \"format\"\nseverity = \"error\"\n\
        [sources.crm]\ntrust = 90\nkey = \"id\"\n[matching]\nauto = 0.99\n[people.ada]\nunix = \"ada\"\n\
        [[decisions.reasons]]\ncode = \"household\"\nfor = [\"waive\"]\n";

    #[test]
    fn a_stream_with_a_sensitive_property_is_changed_by_two_people() {
        let before = "[streams.orders]\nkey = \"id\"\nproperties = { note = { column = \"n\", sensitive = true } }\n\
            [streams.clicks]\nkey = \"id\"\n";
        for (from, to, is_of_people) in [
            ("{ column = \"n\", sensitive = true }", "\"n\"", true),
            ("sensitive = true", "sensitive = false", true),
            ("[streams.orders]", "[streams.sales]", true),
            ("column = \"n\"", "column = \"m\"", true),
            ("[streams.clicks]", "[streams.visits]", false),
        ] {
            let after = before.replacen(from, to, 1);
            let told = told(before, &after);
            assert_eq!(told.iter().any(|it| it.section == PEOPLE), is_of_people, "{to}: {told:?}");
        }
    }

    #[test]
    fn what_may_show_masked_values_is_a_change_of_what_people_see() {
        let before = "[fields.born]\ntype = \"date_of_birth\"\nsensitive = true\n[fields.email]\ntype = \"email\"\n\
            [fields.city]\ntype = \"text\"\n[roles.viewer]\nmay = [\"show\"]\n\
            [roles.viewer.mask]\nemail = \"domain\"\n[sources.crm.map]\nborn = \"DOB\"\nemail = \"MAIL\"\n\
            city = \"CITY\"\n";
        for (from, to, is_of_people) in [
            ("[fields.born]\ntype = \"date_of_birth\"\nsensitive = true\n", "", true),
            ("[fields.born]", "[fields.dob]", true),
            ("sensitive = true\n", "", true),
            ("sensitive = true", "sensitive = false", true),
            ("\"date_of_birth\"", "\"text\"", true),
            ("born = \"DOB\"", "city = [\"CITY\", \"DOB\"]", true),
            ("email = \"MAIL\"\n", "", true),
            ("email = \"domain\"", "email = \"last4\"", true),
            ("[fields.email]\ntype = \"email\"", "[fields.email]\ntype = \"text\"", true),
            ("[fields.email]\n", "[fields.email]\ndescription = \"Where letters go.\"\n", false),
            ("[fields.city]", "[fields.town]", false),
            ("city = \"CITY\"", "city = \"TOWN\"", false),
        ] {
            let after = before.replacen(from, to, 1);
            assert_ne!(after, before);
            let told = told(before, &after);
            assert_eq!(told.iter().any(|it| it.section == PEOPLE), is_of_people, "{to}: {told:?}");
        }
    }

    #[test]
    fn what_a_rule_of_approvals_reads_is_a_change_of_what_people_may() {
        let before = "[queue]\nstake = \"credit\"\norder = \"oldest\"\n[fields.credit]\ntype = \"number\"\n\
            [fields.email]\ntype = \"email\"\n[fields.city]\ntype = \"text\"\n[sources.crm]\ntrust = 90\n\
            [sources.crm.map]\ncredit = \"LIMIT\"\ncity = \"CITY\"\n[sources.web]\ntrust = 10\n\
            [[decisions.reasons]]\ncode = \"fraud\"\n[[decisions.reasons]]\ncode = \"other\"\n\
            [[approvals]]\nwhen = \"stake >= 20000 or field = email or source = crm or code = fraud\"\nby = \"lead\"\n";
        for (from, to, is_of_people) in [
            ("stake = \"credit\"\n", "", true),
            ("stake = \"credit\"", "stake = \"city\"", true),
            ("credit = \"LIMIT\"", "credit = \"OTHER\"", true),
            ("[fields.credit]\ntype = \"number\"\n", "", true),
            ("[fields.email]", "[fields.mail]", true),
            (
                "[sources.crm]\ntrust = 90\n[sources.crm.map]\ncredit = \"LIMIT\"\ncity = \"CITY\"\n",
                "",
                true,
            ),
            ("[[decisions.reasons]]\ncode = \"fraud\"\n", "", true),
            ("[[decisions.reasons]]\ncode = \"other\"\n", "", false),
            ("trust = 90", "trust = 80", false),
            ("city = \"CITY\"", "city = \"TOWN\"", false),
            ("\"oldest\"", "\"best\"", false),
            ("[sources.web]\ntrust = 10\n", "", false),
        ] {
            let after = before.replacen(from, to, 1);
            assert_ne!(after, before, "{from}");
            let told = told(before, &after);
            assert_eq!(told.iter().any(|it| it.section == PEOPLE), is_of_people, "{to}: {told:?}");
        }
    }

    #[test]
    fn ten_kinds_of_edits_are_told_in_sentences() {
        let cases = [
            (
                "\"error\"",
                "\"warn\"",
                "rules",
                "rule email-syntax: severity is \"warn\", was \"error\"",
            ),
            (
                "check = \"format\"\n",
                "check = \"format\"\ndays = 3\n",
                "rules",
                "rule email-syntax: days is set to 3",
            ),
            (
                "key = \"id\"\n",
                "",
                "fields and sources",
                "source crm: key is no longer set, was \"id\"",
            ),
            ("trust = 90", "trust = 50", "fields and sources", "source crm: trust is 50, was 90"),
            ("auto = 0.99", "auto = 0.9", "matching", "matching.auto is 0.9, was 0.99"),
            ("[fields.fax]\ntype = \"phone\"\n", "", "fields and sources", "field fax is removed"),
            (
                "[matching]",
                "[[rules]]\nid = \"x\"\nfield = \"fax\"\ncheck = \"required\"\n[matching]",
                "rules",
                "rule x is new: check = \"required\", field = \"fax\", id = \"x\"",
            ),
            ("\"a\"", "\"b\"", "the workspace", "workspace.name is \"b\", was \"a\""),
            ("[people.ada]\nunix = \"ada\"\n", "", PEOPLE, "person ada is removed"),
            (
                "type = \"email\"\n",
                "type = \"email\"\nsensitive = true\n",
                PEOPLE,
                "email is sensitive: it is masked, and the ledger records who unmasks it",
            ),
            (
                "\"waive\"",
                "\"correct\"",
                "decisions",
                "reason household: for is [\"correct\"], was [\"waive\"]",
            ),
        ];
        for (from, to, section, text) in cases {
            let after = BEFORE.replacen(from, to, 1);
            assert_ne!(after, BEFORE);
            let told = told(BEFORE, &after);
            assert_eq!(told, [ToldChange { section, text: text.to_owned() }], "{from}");
        }
        assert_eq!(told(BEFORE, &format!("# a comment\n{BEFORE}")), []);
    }

    #[test]
    fn what_people_may_and_see_is_told_in_prose() {
        let before = "[people.ada]\nrole = \"steward\"\nunix = \"ada\"\nkeys = [\"k1\"]\n[roles.steward]\n\
            may = [\"tasks\", \"show\"]\n[roles.steward.mask]\nemail = \"domain\"\n[[approvals]]\n\
            when = \"verdict = merge\"\nby = \"lead\"\n[purposes.letters]\nbasis = \"contract\"\n";
        for (from, to, expected) in [
            ("\"steward\"\nunix", "\"lead\"\nunix", "ada has the role lead, and no longer steward"),
            ("role = \"steward\"\n", "", "ada no longer has a role, so they may do nothing"),
            (
                "\"ada\"\nkeys",
                "\"a2\"\nkeys",
                "ada comes in as the Unix user a2, and no longer as ada",
            ),
            ("[\"k1\"]", "[\"k1\", \"k2\"]", "ada comes in with 1 SSH key more"),
            ("[\"k1\"]", "[]", "ada no longer comes in with 1 SSH key"),
            (
                "[\"k1\"]",
                "[\"k2\"]",
                "ada comes in with 1 other SSH key, and no longer with 1 SSH key",
            ),
            (
                "[\"k1\"]\n",
                "[\"k1\"]\nsecond_factor = true\n",
                "ada types a one-time code beside the key",
            ),
            (
                "[roles.steward]",
                "[people.kim]\nrole = \"steward\"\nunix = \"kim\"\nkeys = [\"a\", \"b\"]\n[roles.steward]",
                "person kim is new: the role steward, the Unix user kim, 2 SSH keys",
            ),
            ("\"show\"]", "\"show\", \"export\"]", "steward may also export"),
            ("[\"tasks\", \"show\"]", "[\"show\"]", "steward may no longer tasks"),
            (
                "[\"tasks\", \"show\"]",
                "[\"find\", \"show\"]",
                "steward may also find, and no longer tasks",
            ),
            ("\"domain\"", "\"hide\"", "steward sees email masked (hide), and no longer (domain)"),
            (
                "email = \"domain\"\n",
                "email = \"domain\"\nphone = \"last4\"\n",
                "steward sees phone masked (last4)",
            ),
            ("email = \"domain\"\n", "", "steward no longer sees email masked by the role"),
            (
                "[[approvals]]",
                "[roles.lead]\nmay = [\"approve\"]\nmask = { email = \"hide\" }\n[[approvals]]",
                "role lead is new: may approve; sees masked email (hide)",
            ),
            (
                "by = \"lead\"\n",
                "by = \"lead\"\n[[approvals]]\nwhen = \"verdict = pin\"\nby = \"chief\"\ndue = 3\n",
                "approval 2 is new: chief approves within 3 days if verdict = pin",
            ),
            (
                "by = \"lead\"",
                "by = \"chief\"",
                "approval 1 is given by chief, and no longer by lead",
            ),
            ("by = \"lead\"", "by = \"lead\"\ndue = 2", "approval 1 is to be given within 2 days"),
            (
                "\"contract\"",
                "\"consent\"",
                "the purpose letters rests on consent, and no longer on contract",
            ),
            (
                "[purposes.letters]",
                "[purposes.calls]\nbasis = \"consent\"\nconsent = \"ok\"\n[purposes.letters]",
                "purpose calls is new: it rests on consent, said in ok",
            ),
        ] {
            let after = before.replacen(from, to, 1);
            assert_ne!(after, before);
            let told: Vec<String> = told(before, &after).into_iter().map(|it| it.text).collect();
            assert_eq!(told, [expected], "{to}");
        }
    }

    #[test]
    fn whoever_may_not_read_the_settings_is_told_what_concerns_them() {
        let before = "[roles.viewer]\nmay = [\"show\"]\n[roles.lead]\nmay = [\"show\"]\n[people.ada]\n\
            unix = \"ada\"\n[people.kim]\nunix = \"kim\"\n[codes.country]\n\"0049\" = \"DE\"\n\
            [matching]\nauto = 0.99\n[serve]\nlisten = \"a\"\n";
        for (from, to, is_told) in [
            ("auto = 0.99", "auto = 0.9", true),
            ("unix = \"kim\"", "unix = \"kim2\"", true),
            ("unix = \"ada\"", "unix = \"ada2\"", false),
            ("[people.ada]", "[people.adam]", false),
            ("[roles.viewer]\nmay = [\"show\"]", "[roles.viewer]\nmay = [\"find\"]", true),
            ("[roles.lead]\nmay = [\"show\"]", "[roles.lead]\nmay = [\"find\"]", false),
            ("\"DE\"", "\"FR\"", false),
            ("listen = \"a\"", "listen = \"b\"", false),
            ("[people.kim]", "[people.kimberly]\nunix = \"k\"\n[people.kim]", false),
            ("[matching]", "[purposes.letters]\nbasis = \"contract\"\n[matching]", true),
        ] {
            let after = before.replacen(from, to, 1);
            assert_ne!(after, before);
            let (said, untold) = told_to(before, &after, "kim", Some("viewer"));
            let all = told(before, &after).len();
            assert_eq!((said.len() + untold, !said.is_empty()), (all, is_told), "{to}: {said:?}");
        }
    }
}
