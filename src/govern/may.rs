//! Whether somebody may do something.

use super::standing::Standing;
use domain::verbs::UNMASK;
use door::{Needs, Refusal, RoleThatMay, Session, Unmasks};
use settings::{Role, Settings};

/// Whether whoever asks may do what needs that.
///
/// # Errors
/// [`Refusal::NotAllowed`], with who may.
pub fn may(settings: &Settings, who: &Session, needs: &Needs) -> Result<(), Refusal> {
    let role = match Standing::of(settings, who) {
        Standing::Free => return Ok(()),
        _ if needs.is_nothing() => return Ok(()),
        Standing::Nobody => {
            let verb = needs.verbs.first().and_then(|any| any.first()).unwrap_or(&UNMASK);
            return Err(refused(settings, who, None, verb, &|_| false));
        }
        Standing::In(role) => role,
    };
    let refused = |verb: &str, has: &dyn Fn(&Role) -> bool| {
        Err(refused(settings, who, Some(role), verb, has))
    };
    for any in &needs.verbs {
        let has = |role: &Role| any.iter().any(|verb| role.may.contains(*verb));
        if !has(role) {
            return refused(any.first().unwrap_or(&""), &has);
        }
    }
    match &needs.unmask {
        Unmasks::Nothing => Ok(()),
        Unmasks::Any if role.may_unmask_any() => Ok(()),
        Unmasks::Any => refused(UNMASK, &Role::may_unmask_any),
        Unmasks::Fields(fields) => match fields.iter().find(|field| !role.may_unmask(field)) {
            None => Ok(()),
            Some(field) => refused(&format!("{UNMASK}:{field}"), &|it| it.may_unmask(field)),
        },
        Unmasks::Whole => {
            let sees_all = |role: &Role| {
                let mut fields = settings.fields.iter();
                let is_masked = |name, sensitive| sensitive || role.mask.contains_key(name);
                role.may.contains(UNMASK)
                    && fields
                        .all(|it| !is_masked(&it.name, it.sensitive) || role.may_unmask(&it.name))
            };
            if sees_all(role) { Ok(()) } else { refused(UNMASK, &sees_all) }
        }
    }
}

/// Whether whoever asks may do what one verb names.
///
/// # Errors
/// [`Refusal::NotAllowed`], with who may.
pub fn may_verb(settings: &Settings, who: &Session, verb: &str) -> Result<(), Refusal> {
    let has = |role: &Role| role.may.contains(verb);
    match Standing::of(settings, who) {
        Standing::Free => Ok(()),
        Standing::In(role) if has(role) => Ok(()),
        Standing::In(role) => Err(refused(settings, who, Some(role), verb, &has)),
        Standing::Nobody => Err(refused(settings, who, None, verb, &has)),
    }
}

fn refused(
    settings: &Settings,
    who: &Session,
    role: Option<&Role>,
    verb: &str,
    has: &dyn Fn(&Role) -> bool,
) -> Refusal {
    let may = settings.roles.iter().filter(|role| has(role));
    let people_of = |role: &Role| {
        let theirs = settings.people.iter().filter(|it| it.role.as_ref() == Some(&role.name));
        theirs.map(|person| person.id.clone()).collect()
    };
    let may = may.map(|role| RoleThatMay { role: role.name.clone(), people: people_of(role) });
    Refusal::NotAllowed {
        person: who.person.clone(),
        role: role.map(|role| role.name.clone()),
        verb: verb.to_owned(),
        may: may.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acting;
    use domain::{FieldName, MaskKind};
    use door::Entrance;
    use jiff::tz::TimeZone;

    fn settings() -> Settings {
        let text = format!(
            "{}\n[fields.born]\ntype = \"date_of_birth\"\nsensitive = true\n\
             [fields.passport]\ntype = \"identifier\"\nsensitive = true\n\
             [roles.lead]\nmay = [\"show\", \"erase\", \"unmask\"]\n\
             [roles.steward]\nmay = [\"show\", \"unmask:born\"]\nmask = {{ given_name = \"initials\" }}\n\
             [people.ada]\nrole = \"lead\"\n[people.kim]\nrole = \"steward\"\n[people.sam]\nrole = \"lead\"\n\
             [people.lee]\n",
            settings::starter("acme", None)
        );
        settings::parse(&text).unwrap()
    }

    fn over_ssh(person: &str) -> Session {
        Session { entrance: Entrance::Ssh, ..Session::local(person, TimeZone::UTC) }
    }

    fn verdict(who: &Session, needs: &Needs) -> Result<(), String> {
        may(&settings(), who, needs).map_err(|refusal| refusal.to_string())
    }

    fn needs(verbs: &[&'static [&'static str]], unmask: Unmasks) -> Needs {
        Needs { verbs: verbs.to_vec(), unmask, own_job: false }
    }

    #[test]
    fn a_refusal_names_the_roles_that_may() {
        let erase = needs(&[&["erase"]], Unmasks::Nothing);
        assert_eq!(verdict(&over_ssh("ada"), &erase), Ok(()));
        assert_eq!(
            verdict(&over_ssh("kim"), &erase).unwrap_err(),
            "kim (steward) may not erase: roles that may: lead (ada, sam)"
        );
        assert_eq!(
            verdict(&over_ssh("kim"), &needs(&[&["rekey"]], Unmasks::Nothing)).unwrap_err(),
            "kim (steward) may not rekey: no role may; add it to `may` of a role in steward.toml"
        );
        for nobody in ["lee", "stranger"] {
            let why = verdict(&over_ssh(nobody), &erase).unwrap_err();
            assert!(why.contains(&format!("set `role` in [people.{nobody}]")), "{why}");
            assert_eq!(verdict(&over_ssh(nobody), &Needs::nothing()), Ok(()));
        }
    }

    #[test]
    fn no_role_binds_whoever_has_the_files_or_where_there_is_none() {
        let erase = needs(&[&["erase"]], Unmasks::Whole);
        let owner = Session { owns_files: true, entrance: Entrance::Socket, ..over_ssh("root") };
        for who in [Session::local("kim", TimeZone::UTC), owner] {
            assert_eq!(verdict(&who, &erase), Ok(()));
            assert_eq!(acting(&settings(), &who), None);
        }
        let free = settings::parse(&settings::starter("acme", None)).unwrap();
        assert_eq!(may(&free, &over_ssh("kim"), &erase), Ok(()));
    }

    #[test]
    fn unmasking_is_allowed_by_field_and_whole_only_to_whoever_sees_all() {
        let (kim, ada) = (over_ssh("kim"), over_ssh("ada"));
        let of = |field: &str| needs(&[&["show"]], Unmasks::Fields(vec![FieldName::new(field)]));
        let [any, whole] = [Unmasks::Any, Unmasks::Whole].map(|it| needs(&[&["show"]], it));
        for (who, needs, allowed) in [
            (&kim, &of("born"), true),
            (&kim, &of("passport"), false),
            (&kim, &of("given_name"), false),
            (&kim, &any, true),
            (&kim, &whole, false),
            (&ada, &of("passport"), true),
            (&ada, &any, true),
            (&ada, &whole, true),
        ] {
            assert_eq!(verdict(who, needs).is_ok(), allowed, "{} {needs:?}", who.person);
        }
        let acts = acting(&settings(), &kim).unwrap();
        assert_eq!(acts.mask[&FieldName::new("given_name")], MaskKind::Initials);
        // The starter has a sensitive field of its own.
        let closed = ["date_of_birth", "given_name", "passport"].map(FieldName::new);
        assert_eq!(acts.closed, closed.into());
        assert!(acting(&settings(), &ada).unwrap().closed.is_empty());
    }
}
