//! What somebody is in a workspace: bound by a role, or not.

use std::collections::BTreeSet;

use domain::FieldName;
use domain::verbs::UNMASK;
use door::Session;
use door::views::BoundRole;
use settings::{Acting, Role, Settings};

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'s> {
    /// No role binds them: there are none, or they are at the machine itself.
    Free,
    /// They have this role.
    In(&'s Role),
    /// There are roles, and they have none.
    Nobody,
}

impl<'s> Standing<'s> {
    /// What whoever asks is.
    #[must_use]
    pub fn of(settings: &'s Settings, who: &Session) -> Standing<'s> {
        match who.is_bound() {
            true => Standing::of_person(settings, &who.person),
            false => Standing::Free,
        }
    }

    /// What a person is who comes from elsewhere.
    #[must_use]
    pub fn of_person(settings: &'s Settings, person: &str) -> Standing<'s> {
        if settings.roles.is_empty() {
            return Standing::Free;
        }
        let role = settings.person(person).and_then(|person| person.role.as_deref());
        role.and_then(|role| settings.role(role)).map_or(Standing::Nobody, Standing::In)
    }
}

/// The role that binds whoever asks, with its verbs; `None` where no role binds them.
#[must_use]
pub fn bound_role(settings: &Settings, who: &Session) -> Option<BoundRole> {
    match Standing::of(settings, who) {
        Standing::Free => None,
        Standing::Nobody => Some(BoundRole::default()),
        Standing::In(role) => {
            let mut may: Vec<String> = role.may.iter().cloned().collect();
            if role.may_unmask_any() && !role.may.contains(UNMASK) {
                may.push(UNMASK.to_owned());
            }
            Some(BoundRole { name: role.name.clone(), may })
        }
    }
}

/// In which role somebody sees things; `None` where they see what everybody at the machine itself sees.
#[must_use]
pub fn acting(settings: &Settings, who: &Session) -> Option<Acting> {
    match Standing::of(settings, who) {
        Standing::Free => None,
        Standing::In(role) => {
            let is_masked = |name: &FieldName, sensitive| sensitive || role.mask.contains_key(name);
            let closed = settings.fields.iter().filter(|field| {
                is_masked(&field.name, field.sensitive) && !role.may_unmask(&field.name)
            });
            let closed = closed.map(|field| field.name.clone()).collect();
            let sees_properties = role.may.contains(UNMASK);
            Some(Acting {
                role: role.name.clone(),
                mask: role.mask.clone(),
                closed,
                sees_properties,
            })
        }
        // They see nothing. Whatever were shown all the same would show nothing.
        Standing::Nobody => {
            let all: BTreeSet<_> = settings.fields.iter().map(|it| it.name.clone()).collect();
            let mask = all.iter().map(|name| (name.clone(), domain::MaskKind::Hide)).collect();
            Some(Acting { role: String::new(), mask, closed: all, sees_properties: false })
        }
    }
}

/// Settings of the past, as whoever sees things by the present ones sees them: what was a field then and is none
/// now is hidden where a role masks anything, since it may be such a one under another name.
#[must_use]
pub fn seen_then(now: &Settings, then: Settings) -> Settings {
    let Some(mut acting) = now.acting.clone() else { return then };
    let masks = !acting.closed.is_empty();
    for field in then.fields.iter().filter(|_| masks) {
        if now.field(field.name.as_str()).is_none() {
            acting.mask.insert(field.name.clone(), domain::MaskKind::Hide);
            acting.closed.insert(field.name.clone());
        }
    }
    Settings { acting: Some(acting), ..then }
}
