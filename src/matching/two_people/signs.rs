//! What agrees that one person has and others of the same home seldom share.

use domain::naming::nicknames;

use super::super::columns::Columns;
use super::super::family_names;
use super::super::layout::Aspect;
use super::super::text::{mailbox_and_domain, tokens};
use super::texts;

/// What agrees that one person has and others of the same home seldom share.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OwnSigns {
    /// A date of birth.
    pub(crate) birth: bool,
    /// A mailbox.
    pub(crate) mailbox: bool,
    /// A number issued by a state or a register.
    pub(crate) issued: bool,
    /// A mailbox that is called by the long form of both given names: `samantha.hill@` of Samantha and Sam.
    pub(crate) named: bool,
    /// A mailbox that is called by both given names, and a family does not share: `susan@`, `s.hill@`.
    pub(crate) personal: bool,
    /// A date of birth, beside given names that are the same, or forms of one another.
    pub(crate) birth_of_name: bool,
}

impl OwnSigns {
    /// Whether two rows have one mailbox, and it is called by the long form of both given names. A mailbox that
    /// is called by the short one says nothing: a couple may share it, and Tony and Toni do.
    pub(crate) fn has_named_mailbox(columns: &Columns, a: u32, b: u32) -> bool {
        let [address, other] = texts(columns, [Aspect::Email; 2], a, b);
        let [left, right] = texts(columns, [Aspect::Given; 2], a, b);
        let mailbox = address.split('@').next().unwrap_or_default();
        address == other
            && tokens(left).zip(tokens(right)).any(|(one, other)| {
                let long = if one.len() > other.len() { one } else { other };
                one.len() != other.len()
                    && nicknames::is_long_form(one, other)
                    && mailbox.contains(long)
            })
    }
}

impl OwnSigns {
    /// Whether two rows have one mailbox, and it is called by both given names.
    pub(crate) fn has_personal_mailbox(columns: &Columns, a: u32, b: u32) -> bool {
        let given = texts(columns, [Aspect::Given; 2], a, b);
        let families = texts(columns, [Aspect::Family; 2], a, b);
        let (own, others) = (columns.row(Aspect::Email, a), columns.row(Aspect::Email, b));
        own.iter().filter(|value| **value != 0 && others.contains(value)).any(|value| {
            let (mailbox, _) = mailbox_and_domain(columns.text(Aspect::Email, *value));
            given.iter().all(|name| family_names::is_called(mailbox, name, families))
        })
    }
}
