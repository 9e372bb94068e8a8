//! What is odd about roles, and no error: worth a look, and nothing is refused for it.

use settings::Settings;

/// A note for each.
pub fn notes(settings: &Settings) -> Vec<String> {
    if settings.roles.is_empty() {
        return Vec::new();
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
    without.chain(unused).chain(lacking(settings)).chain(keys).collect()
}

/// Verbs that are of no use without another one.
const WITH: [(&str, &str); 1] = [("decide", "show")];

/// A note for each role that has a verb without what that verb cannot do without.
fn lacking(settings: &Settings) -> impl Iterator<Item = String> {
    settings.roles.iter().flat_map(|role| {
        let lacks =
            |(verb, with): &&(&str, &str)| role.may.contains(*verb) && !role.may.contains(*with);
        WITH.iter().filter(lacks).map(|(verb, with)| {
            format!("{} has `{verb}` without `{with}`, which it needs to see its task", role.name)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_role_and_which_key_shows_a_masked_value_is_noted() {
        let text = "[workspace]\nname='a'\nregion='US'\n[fields]\nmail={type='email'}\n\
            [sources.crm]\nkey='m'\nmap={mail='m'}\n\
            [roles.viewer]\nmay=['show']\nmask={mail='hide'}\n[roles.lead]\nmay=['erase','decide']\n\
            [people.kim]\nrole='viewer'\n[people.lee]\n";
        assert_eq!(
            notes(&settings::parse(text).unwrap()),
            [
                "lee has no role, so they may do nothing: set `role` in [people.lee]",
                "nobody has the role lead",
                "lead has `decide` without `show`, which it needs to see its task",
                "the key of crm is also mail, which viewer sees masked: ids of its records show it",
            ]
        );
        let free = format!("{}\n[people.lee]\n", settings::starter("acme", None));
        assert!(notes(&settings::parse(&free).unwrap()).is_empty());
    }
}
