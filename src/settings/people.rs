//! `[people.*]`: who may come in through `steward serve`, and how each is known.

use super::reader::{Entry, Findings, Table, name_is_sound, texts};
use super::ssh_key::{PublicKey, read_key};

/// A person who may come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What the ledger calls them: `kim`.
    pub id: String,
    /// What people call them; their id where nothing else is said.
    pub name: String,
    /// The Unix user they come as: a name, or the number of one.
    pub unix: Option<String>,
    /// The SSH keys they come with.
    pub keys: Vec<PublicKey>,
    /// Whether a key alone is not enough: a one-time code is asked for.
    pub second_factor: bool,
    /// Who may answer instead of them what they are asked.
    pub stand_ins: Vec<String>,
    /// Their role in `[roles.*]`.
    pub role: Option<String>,
}

/// `[people.*]`, in the order of the file.
pub(super) fn read_all(table: &Table<'_>, findings: &mut Findings) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for entry in &table.entries {
        let Some(read) = Person::read(*entry, findings) else { continue };
        must_be_told_apart(&read, &people, entry.at, findings);
        people.push(read);
    }
    must_stand_in_for_others(table, &people, findings);
    people
}

/// Who stands in is one of the people, and somebody else.
fn must_stand_in_for_others(table: &Table<'_>, people: &[Person], findings: &mut Findings) {
    for person in people {
        let at = table.entries.iter().find(|it| it.key == person.id).map_or(0, |it| it.at);
        for stand_in in &person.stand_ins {
            let is_known = people.iter().any(|it| it.id == *stand_in);
            let why = match (*stand_in == person.id, is_known) {
                (true, _) => "nobody stands in for themselves: name somebody else".to_owned(),
                (_, false) => format!("{stand_in} is not in [people.*]: add them"),
                _ => continue,
            };
            findings.add(at, format!("`stand_ins` of {}: {why}", person.id));
        }
    }
}

impl Person {
    fn read(entry: Entry<'_>, findings: &mut Findings) -> Option<Person> {
        let id = entry.key;
        let table = Table::of(entry, format!("[people.{id}]"), findings)?;
        name_is_sound(entry.at, "the person", id, findings);
        table.only(&["name", "unix", "keys", "second_factor", "stand_ins", "role"], findings);
        let name = table.text("name", findings).map_or(id, |name| name.text);
        let unix = table.text("unix", findings).map(|unix| unix.text.to_owned());
        let keys = table.get("keys").map(|entry| read_keys(id, entry, findings));
        let second_factor = table.boolean("second_factor", findings).unwrap_or_default();
        let stand_ins = table.get("stand_ins").and_then(|entry| texts(entry, findings));
        let stand_ins = stand_ins.unwrap_or_default().iter().map(|it| it.text.to_owned()).collect();
        let role = table.text("role", findings).map(|role| role.text.to_owned());
        let (name, id) = (name.to_owned(), id.to_owned());
        let keys = keys.unwrap_or_default();
        Some(Person { id, name, unix, keys, second_factor, stand_ins, role })
    }
}

fn read_keys(id: &str, entry: Entry<'_>, findings: &mut Findings) -> Vec<PublicKey> {
    let mut keys: Vec<PublicKey> = Vec::new();
    let said = texts(entry, findings).unwrap_or_default();
    for (number, text) in (1..).zip(said) {
        match read_key(text.text) {
            Ok(key) if keys.contains(&key) => {
                findings.add(text.at, format!("key {number} of {id} is there twice: remove one"));
            }
            Ok(key) => keys.push(key),
            Err(why) => findings.add(text.at, format!("key {number} of {id} {why}")),
        }
    }
    keys
}

/// Nobody is two people: neither a Unix user nor a key may stand for both.
fn must_be_told_apart(read: &Person, others: &[Person], at: usize, findings: &mut Findings) {
    for other in others {
        if let (Some(unix), Some(others)) = (&read.unix, &other.unix)
            && is_same_user(unix, others)
        {
            let users = match unix == others {
                true => format!("`{unix}`"),
                false => format!("`{others}`, which `{unix}` is as well"),
            };
            findings.add(
                at,
                format!(
                    "{} and {} both come as the Unix user {users}: give each their own",
                    other.id, read.id
                ),
            );
        }
        if let Some(key) = read.keys.iter().find(|key| other.keys.contains(key)) {
            findings.add(
                at,
                format!(
                    "{} and {} share the key {}: give each their own",
                    other.id,
                    read.id,
                    key.fingerprint()
                ),
            );
        }
    }
}

/// Whether two ways to write a Unix user are the same one on every machine: a number is one however it is written,
/// and user 0 is root. Which number another name has only the machine knows.
fn is_same_user(one: &str, other: &str) -> bool {
    let number = |unix: &str| match unix {
        "root" => Some(0),
        unix => unix.parse::<u32>().ok(),
    };
    one == other || number(one).is_some_and(|it| number(other) == Some(it))
}

#[cfg(test)]
mod tests {
    use crate::ssh_key::testing::{ED25519, OTHER_ED25519};
    use crate::{Person, explain, parse, starter};

    fn people(section: &str) -> Result<Vec<Person>, Vec<String>> {
        let text = format!("{}\n{section}", starter("acme", None));
        let told = |findings: Vec<crate::Finding>| findings.into_iter().map(|it| it.message);
        parse(&text).map(|it| it.people).map_err(|findings| told(findings).collect())
    }

    #[test]
    fn people_are_read_in_the_order_of_the_file() {
        let section = format!(
            "[people.kim]\nname = \"Kim Novak\"\nunix = \"kim\"\nkeys = [\"{ED25519} kim@desk\"]\n\
             second_factor = true\n[people.ada]\nunix = \"1002\"\n[people.nobody]\n"
        );
        let read = people(&section).unwrap();
        let told: Vec<_> = read
            .iter()
            .map(|it| (&*it.id, &*it.name, it.unix.as_deref(), it.keys.len(), it.second_factor))
            .collect();
        assert_eq!(
            told,
            [
                ("kim", "Kim Novak", Some("kim"), 1, true),
                ("ada", "ada", Some("1002"), 0, false),
                ("nobody", "nobody", None, 0, false),
            ]
        );
        assert_eq!(people("").unwrap(), []);
    }

    #[test]
    fn who_cannot_be_told_apart_or_read_is_a_finding() {
        let (one, other) = (ED25519, OTHER_ED25519);
        for (section, expected) in [
            (
                "[people.kim]\nunix = \"kim\"\n[people.sam]\nunix = \"kim\"".to_owned(),
                "kim and sam both come as the Unix user `kim`",
            ),
            (
                "[people.kim]\nunix = \"root\"\n[people.sam]\nunix = \"0\"".to_owned(),
                "kim and sam both come as the Unix user `root`, which `0` is as well",
            ),
            (
                "[people.kim]\nunix = \"1001\"\n[people.sam]\nunix = \"01001\"".to_owned(),
                "kim and sam both come as the Unix user `1001`",
            ),
            (
                format!(
                    "[people.kim]\nkeys = [\"{one}\"]\n[people.sam]\nkeys = [\"{other}\", \"{one} x\"]"
                ),
                "kim and sam share the key SHA256:",
            ),
            (format!("[people.kim]\nkeys = [\"{one}\", \"{one}\"]"), "key 2 of kim is there twice"),
            (
                format!("[people.kim]\nkeys = [\"{one}\", \"ssh-ed25519 AAAA\"]"),
                "key 2 of kim is cut short",
            ),
            ("[people.kim]\nkeys = [1]".to_owned(), "`keys` should be a list of texts"),
            (
                "[people.kim]\nunx = \"kim\"".to_owned(),
                "unknown key `unx` in [people.kim]; did you mean `unix`?",
            ),
            (
                "[people.kim]\nstand_ins = [\"sam\"]".to_owned(),
                "`stand_ins` of kim: sam is not in [people.*]: add them",
            ),
            (
                "[people.kim]\nstand_ins = [\"kim\"]".to_owned(),
                "`stand_ins` of kim: nobody stands in for themselves",
            ),
            ("[people.kim]\nsecond_factor = \"yes\"".to_owned(), "`second_factor` should be true"),
            ("[people.\"a b\"]".to_owned(), "the person `a b` must not contain colons or spaces"),
            ("[people]\nkim = \"sam\"".to_owned(), "`kim` should be a table"),
            ("[peple.kim]\nunix = \"kim\"".to_owned(), "did you mean `people`?"),
        ] {
            let findings = people(&section).unwrap_err();
            assert!(findings.iter().any(|it| it.contains(expected)), "{section}: {findings:?}");
        }
    }

    #[test]
    fn people_are_told_in_plain_words() {
        let text = |section: &str| format!("{}\n{section}", starter("acme", None));
        let told = |section: &str| explain(&parse(&text(section)).unwrap());
        assert!(!told("").contains("\nPeople"));
        let section = format!(
            "[people.kim]\nname = \"Kim Novak\"\nunix = \"kim\"\nkeys = [\"{ED25519}\"]\n\
             second_factor = true\nstand_ins = [\"ada\"]\n[people.ada]\n"
        );
        let told = told(&section);
        assert!(
            told.contains("  kim (Kim Novak): Unix user `kim`, 1 SSH key, one-time code; ada answers for them\n"),
            "{told}"
        );
        assert!(
            told.contains("  ada: no Unix user and no SSH key, so they cannot come in\n"),
            "{told}"
        );
    }
}
