//! What is odd about roles, and no error: worth a look, and nothing is refused for it.

use serve::Users;
use settings::{Person, Role, Settings};

/// A note for each; `users` are those of this machine.
pub fn notes(settings: &Settings, users: &dyn Users) -> Vec<String> {
    let twins = twins(settings, users);
    if settings.roles.is_empty() {
        return twins;
    }
    let without = settings.people.iter().filter(|person| person.role.is_none());
    let without = without.map(|person| {
        let id = &person.id;
        format!("{id} has no role, so they may do nothing: set `role` in [people.{id}]")
    });
    let has = |name: &str| settings.people.iter().any(|it| it.role.as_deref() == Some(name));
    let unused = settings.roles.iter().filter(|role| !has(&role.name));
    let unused = unused.map(|role| format!("nobody has the role {}", role.name));
    let keys = settings.sources.iter().flat_map(|source| {
        let of_key = |columns: &Vec<String>| columns.contains(&source.key);
        let fields = source.map.iter().filter(move |(_, columns)| of_key(columns));
        fields.flat_map(move |(field, _)| {
            let masking = settings.roles.iter().filter(move |role| role.mask.contains_key(field));
            masking.map(move |role| {
                format!(
                    "the key of {} is also {field}, which {} sees masked: ids of its records show it",
                    source.name, role.name
                )
            })
        })
    });
    twins.into_iter().chain(without).chain(unused).chain(lacking(settings)).chain(keys).collect()
}

/// People who are one user of this machine, once by name and once by number: neither of them comes in.
fn twins(settings: &Settings, users: &dyn Users) -> Vec<String> {
    let number = |unix: &str| users.number(unix).or_else(|| unix.parse().ok());
    let known = settings.people.iter().filter_map(|person| {
        let unix = person.unix.as_deref()?;
        Some((person, number(unix)?))
    });
    let known: Vec<(&Person, u32)> = known.collect();
    let mut found = Vec::new();
    for (at, (person, number)) in known.iter().enumerate() {
        let before = known.iter().take(at).filter(|(_, other)| other == number);
        found.extend(before.map(|(other, _)| {
            format!(
                "{} and {} are both user {number} on this machine: give each their own",
                other.id, person.id
            )
        }));
    }
    found
}

/// Verbs that are of no use without another one.
const WITH: [(&str, &str, &str); 2] = [
    ("decide", "show", "to see its task"),
    ("subject", "unmask", "because a report shows everything unmasked"),
];

/// A note for each role that has a verb without what that verb cannot do without.
fn lacking(settings: &Settings) -> impl Iterator<Item = String> {
    settings.roles.iter().flat_map(|role| {
        let lacks = |(verb, with, _): &&(&str, &str, &str)| {
            role.may.contains(*verb) && !role.may.contains(*with)
        };
        let verbs = WITH.iter().filter(lacks).map(|(verb, with, why)| {
            format!("{} has `{verb}` without `{with}`, which it needs {why}", role.name)
        });
        verbs.chain(sees_half(settings, role))
    })
}

/// The fields that keep a role with `subject` and `unmask` from handing anything over: it never sees them.
fn sees_half(settings: &Settings, role: &Role) -> Option<String> {
    if !role.may.contains("subject") || !role.may.contains("unmask") {
        return None;
    }
    let closed = settings.fields.iter().filter(|field| {
        let is_masked = field.sensitive || role.mask.contains_key(&field.name);
        is_masked && !role.may_unmask(&field.name)
    });
    let closed: Vec<String> = closed.map(|field| format!("`unmask:{}`", field.name)).collect();
    (!closed.is_empty()).then(|| {
        format!(
            "{} has `subject` and cannot hand anything over: a report shows everything unmasked, so add {}",
            role.name,
            closed.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Machine;

    impl Users for Machine {
        fn number(&self, name: &str) -> Option<u32> {
            (name == "kim").then_some(1001)
        }

        fn name(&self, number: u32) -> Option<String> {
            (number == 1001).then(|| "kim".to_owned())
        }
    }

    #[test]
    fn who_is_one_user_by_name_and_by_number_is_noted() {
        let of = |people: &str| {
            let text = format!("{}\n{people}", settings::starter("acme", None));
            notes(&settings::parse(&text).unwrap(), &Machine)
        };
        assert_eq!(
            of("[people.kim]\nunix='kim'\n[people.sam]\nunix='1001'\n"),
            ["kim and sam are both user 1001 on this machine: give each their own"]
        );
        assert!(of("[people.kim]\nunix='kim'\n[people.sam]\nunix='sam'\n").is_empty());
    }

    #[test]
    fn a_role_that_cannot_hand_over_what_it_is_to_hand_over_is_noted() {
        let of = |role: &str| {
            let text = format!(
                "[workspace]\nname='a'\nregion='US'\n[fields]\nmail={{type='email'}}\n\
                 born={{type='date_of_birth',sensitive=true}}\n[sources.crm]\nkey='m'\nmap={{mail='m'}}\n\
                 [roles.desk]\n{role}\n[people.kim]\nrole='desk'\n"
            );
            let mut told = notes(&settings::parse(&text).unwrap(), &Machine);
            told.retain(|note| note.contains("subject"));
            told.join("; ")
        };
        assert!(of("may=['subject']").contains("without `unmask`, which it needs because"));
        assert_eq!(of("may=['subject','unmask']"), "");
        assert!(
            of("may=['subject','unmask']\nmask={mail='hide'}").ends_with("so add `unmask:mail`")
        );
        assert_eq!(of("may=['subject','unmask','unmask:mail']\nmask={mail='hide'}"), "");
        assert_eq!(of("may=['show']"), "");
    }

    #[test]
    fn who_has_no_role_and_which_key_shows_a_masked_value_is_noted() {
        let text = "[workspace]\nname='a'\nregion='US'\n[fields]\nmail={type='email'}\n\
            [sources.crm]\nkey='m'\nmap={mail='m'}\n\
            [roles.viewer]\nmay=['show']\nmask={mail='hide'}\n[roles.lead]\nmay=['erase','decide']\n\
            [people.kim]\nrole='viewer'\n[people.lee]\n";
        assert_eq!(
            notes(&settings::parse(text).unwrap(), &Machine),
            [
                "lee has no role, so they may do nothing: set `role` in [people.lee]",
                "nobody has the role lead",
                "lead has `decide` without `show`, which it needs to see its task",
                "the key of crm is also mail, which viewer sees masked: ids of its records show it",
            ]
        );
        let free = format!("{}\n[people.lee]\n", settings::starter("acme", None));
        assert!(notes(&settings::parse(&free).unwrap(), &Machine).is_empty());
    }
}
