//! Who comes: the person whom a Unix user is, or that they are nobody here. Pure.

use settings::Person;

/// Whom a server lets in.
#[derive(Debug, Clone)]
pub struct People {
    /// The user whose process serves.
    pub owner: u32,
    /// What the ledger calls them, where `steward.toml` names nobody.
    pub owner_name: String,
    /// `[people.*]`.
    pub named: Vec<Person>,
    /// `steward.toml` has errors by now: these are those it named before.
    pub are_of_before: bool,
}

/// What users of this machine are called.
pub trait Users {
    /// The number of a user; none where there is no such user.
    fn number(&self, name: &str) -> Option<u32>;
    /// The name of a user.
    fn name(&self, number: u32) -> Option<String>;
}

impl People {
    /// Who a user is, as the ledger calls them.
    ///
    /// # Errors
    /// Why they are not let in, and the way out.
    pub fn admit(&self, user: u32, users: &dyn Users) -> Result<String, String> {
        self.find(user, users).map_err(|why| match self.are_of_before {
            // Whoever was added meanwhile stands there, and is not read.
            true => {
                "steward.toml has errors, so people come in as it said before, and you are not \
                     among them: correct it (steward check names the lines), then try again"
                    .to_owned()
            }
            false => why,
        })
    }

    fn find(&self, user: u32, users: &dyn Users) -> Result<String, String> {
        let called = users.name(user).map_or_else(String::new, |name| format!("{name}, "));
        if self.named.is_empty() {
            return match user == self.owner {
                true => Ok(self.owner_name.clone()),
                false => Err(format!(
                    "only {} may use this workspace, and you are {called}user {user}: to let others \
                     in, name them in [people.*] of steward.toml",
                    self.owner_name
                )),
            };
        }
        let is_them = |person: &&Person| {
            person.unix.as_ref().is_some_and(|unix| number_of(unix, users) == Some(user))
        };
        let mut found = self.named.iter().filter(is_them);
        match (found.next(), found.next()) {
            (Some(person), None) => Ok(person.id.clone()),
            (None, _) => Err(format!(
                "nobody in [people.*] of steward.toml is {called}user {user}: add the person with \
                 `unix = \"{}\"`",
                users.name(user).unwrap_or_else(|| user.to_string())
            )),
            (Some(one), Some(other)) => Err(format!(
                "{} and {} in steward.toml are both {called}user {user}: give each their own",
                one.id, other.id
            )),
        }
    }
}

/// The number of a user who is named, or numbered.
fn number_of(unix: &str, users: &dyn Users) -> Option<u32> {
    users.number(unix).or_else(|| unix.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Machine;

    const USERS: [(&str, u32); 4] = [("root", 0), ("kim", 1001), ("sam", 1002), ("twin", 1001)];

    impl Users for Machine {
        fn number(&self, name: &str) -> Option<u32> {
            USERS.iter().find(|(known, _)| *known == name).map(|(_, number)| *number)
        }

        fn name(&self, number: u32) -> Option<String> {
            USERS.iter().find(|(_, known)| *known == number).map(|(name, _)| (*name).to_owned())
        }
    }

    fn person(id: &str, unix: Option<&str>) -> Person {
        let unix = unix.map(str::to_owned);
        let (id, name) = (id.to_owned(), id.to_owned());
        Person {
            id,
            name,
            unix,
            keys: Vec::new(),
            second_factor: false,
            stand_ins: Vec::new(),
            role: None,
        }
    }

    fn admit(named: Vec<Person>, user: u32) -> Result<String, String> {
        People { owner: 1001, owner_name: "kim".to_owned(), named, are_of_before: false }
            .admit(user, &Machine)
    }

    #[test]
    fn who_was_added_to_settings_with_errors_is_told_of_the_errors() {
        for named in [vec![], vec![person("novak", Some("kim"))]] {
            let owner_name = "kim".to_owned();
            let people = People { owner: 1001, owner_name, named, are_of_before: true };
            assert!(people.admit(1001, &Machine).is_ok(), "as before");
            let why = people.admit(1002, &Machine).unwrap_err();
            assert!(why.starts_with("steward.toml has errors") && !why.contains("add"), "{why}");
        }
    }

    #[test]
    fn where_nobody_is_named_only_the_owner_comes_in() {
        assert_eq!(admit(vec![], 1001).as_deref(), Ok("kim"));
        for user in [0, 1002, 4242] {
            let why = admit(vec![], user).unwrap_err();
            assert!(why.starts_with("only kim may use this workspace"), "{why}");
        }
        assert!(admit(vec![], 1002).unwrap_err().contains("you are sam, user 1002"));
        assert!(admit(vec![], 4242).unwrap_err().contains("you are user 4242"));
    }

    #[test]
    fn who_is_named_comes_in_by_name_or_number_and_nobody_else() {
        let named = || {
            vec![
                person("novak", Some("kim")),
                person("lead", Some("4242")),
                person("gone", Some("nobody-of-that-name")),
                person("later", None),
            ]
        };
        assert_eq!(admit(named(), 1001).as_deref(), Ok("novak"));
        assert_eq!(admit(named(), 4242).as_deref(), Ok("lead"));
        // Neither the system's administrator nor the owner, unless they are named.
        let why = admit(named(), 0).unwrap_err();
        assert!(why.contains("is root, user 0") && why.contains("unix = \"root\""), "{why}");
        assert!(admit(vec![person("sam", Some("sam"))], 1001).is_err(), "the owner");
        let why = admit(named(), 1002).unwrap_err();
        assert!(why.contains("add the person with `unix = \"sam\"`"), "{why}");
    }

    #[test]
    fn two_names_for_one_user_are_nobody() {
        let named = vec![person("one", Some("kim")), person("two", Some("twin"))];
        let why = admit(named, 1001).unwrap_err();
        assert!(why.starts_with("one and two in steward.toml are both kim, user 1001"), "{why}");
    }
}
