//! `[roles.*]`: what people in a role may do, and how much of which fields they see.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{Declared, is_declared, type_of};
use super::nearest::hint;
use super::reader::{Entry, Findings, Table, name_is_sound, text, texts};
use domain::verbs::{self, UNMASK};
use domain::{FieldName, FieldType, MaskKind};

/// What people in a role may do and see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// The verbs.
    pub may: BTreeSet<String>,
    /// Fields that it may see unmasked beyond what the verb `unmask` says: `unmask:FIELD`.
    pub unmask: BTreeSet<FieldName>,
    /// The fields that are masked for it, each with how much of a value it sees.
    pub mask: BTreeMap<FieldName, MaskKind>,
}

/// A role as somebody acts in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// The role's name.
    pub role: String,
    /// The fields that are masked for it, sensitive ones that the file says nothing of left out.
    pub mask: BTreeMap<FieldName, MaskKind>,
    /// Masked fields, sensitive ones among them, that it never sees unmasked.
    pub closed: BTreeSet<FieldName>,
    /// Whether it may see what is sensitive and of no field: properties of streams.
    pub sees_properties: bool,
}

impl Role {
    /// Whether the role may see a sensitive or masked field in clear.
    #[must_use]
    pub fn may_unmask(&self, field: &FieldName) -> bool {
        // Whoever masks a field for a role means it, unless they name it again.
        self.unmask.contains(field) || self.may.contains(UNMASK) && !self.mask.contains_key(field)
    }

    /// Whether it may see any field in clear that is masked otherwise.
    #[must_use]
    pub fn may_unmask_any(&self) -> bool {
        self.may.contains(UNMASK) || !self.unmask.is_empty()
    }

    /// Its verbs, in the order of the documentation.
    #[must_use]
    pub fn told_may(&self) -> String {
        let verbs = verbs::names().filter(|verb| self.may.contains(*verb)).map(str::to_owned);
        let fields = self.unmask.iter().map(|field| format!("{UNMASK}:{field}"));
        let told: Vec<String> = verbs.chain(fields).collect();
        if told.is_empty() { "nothing".to_owned() } else { told.join(", ") }
    }

    /// What it sees masked, and how.
    #[must_use]
    pub fn told_mask(&self) -> String {
        let told = self.mask.iter().map(|(field, kind)| format!("{field} ({})", kind.name()));
        told.collect::<Vec<_>>().join(", ")
    }
}

/// What exempts a field from `default`.
const CLEAR: &str = "clear";

/// `[roles.*]`, in the order of the file.
pub(super) fn read_all(
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> Vec<Role> {
    table.entries.iter().filter_map(|entry| read(*entry, fields, findings)).collect()
}

fn read(entry: Entry<'_>, fields: &[Declared<'_>], findings: &mut Findings) -> Option<Role> {
    let name = entry.key;
    let table = Table::of(entry, format!("[roles.{name}]"), findings)?;
    name_is_sound(entry.at, "the role", name, findings);
    table.only(&["may", "mask"], findings);
    let mut role = Role {
        name: name.to_owned(),
        may: BTreeSet::new(),
        unmask: BTreeSet::new(),
        mask: BTreeMap::new(),
    };
    if let Some(entry) = table.required("may", findings) {
        read_verbs(&mut role, entry, fields, findings);
    }
    if let Some(entry) = table.get("mask") {
        let mask = Table::of(entry, format!("`mask` of [roles.{name}]"), findings);
        role.mask = mask.map(|table| read_mask(&table, fields, findings)).unwrap_or_default();
    }
    Some(role)
}

fn read_verbs(role: &mut Role, entry: Entry<'_>, fields: &[Declared<'_>], findings: &mut Findings) {
    for said in texts_or_none(entry, findings) {
        let (at, verb) = (said.at, said.text.trim());
        match verb.split_once(':') {
            Some((UNMASK, field)) => {
                if is_declared(at, &format!("`{verb}`"), field, fields, findings) {
                    role.unmask.insert(FieldName::new(field));
                }
            }
            None if verbs::is_known(verb) => {
                role.may.insert(verb.to_owned());
            }
            _ => {
                let hint = hint(verb, verbs::names());
                findings.add(at, format!("`{verb}` is not a verb of a role{hint}"));
            }
        }
    }
}

/// The texts of a list, which may be empty: such a role may do nothing.
fn texts_or_none<'doc>(
    entry: Entry<'doc>,
    findings: &mut Findings,
) -> Vec<super::reader::Placed<'doc>> {
    texts(entry, findings).unwrap_or_default()
}

fn read_mask(
    table: &Table<'_>,
    fields: &[Declared<'_>],
    findings: &mut Findings,
) -> BTreeMap<FieldName, MaskKind> {
    let mut mask = BTreeMap::new();
    let sensitive = |name: &str| {
        let declared = fields.iter().find(|field| field.name == name);
        declared.and_then(|it| it.field.as_ref()).is_some_and(|field| field.sensitive)
    };
    let own = fields.iter().any(|field| field.name == "default");
    let default = table.get("default").filter(|_| !own).and_then(|entry| {
        let kind = kind_of(entry, findings)?;
        if kind.is_none_or(|kind| kind != MaskKind::Hide) {
            findings.add(entry.at, "`default` masks fields of every type: it can only be `hide`");
        }
        kind
    });
    if let Some(kind) = default {
        mask.extend(fields.iter().map(|field| (FieldName::new(field.name), kind)));
    }
    for entry in table.entries.iter().filter(|entry| entry.key != "default" || own) {
        let name = entry.key;
        if !is_declared(entry.at, "`mask`", name, fields, findings) {
            continue;
        }
        match kind_of(*entry, findings) {
            Some(None) if sensitive(name) => findings.add(
                entry.at,
                format!(
                    "`{name}` is sensitive, so a mask cannot clear it: add `{UNMASK}:{name}` to \
                     `may`, and the ledger records who looked"
                ),
            ),
            Some(None) => {
                mask.remove(&FieldName::new(name));
            }
            Some(Some(kind)) => {
                let field_type = type_of(name, fields);
                if let Some(of) = field_type.filter(|it| !kind.fits(*it)) {
                    let fitting = MaskKind::ALL.into_iter().filter(|kind| kind.fits(of));
                    let fitting: Vec<_> =
                        fitting.map(|kind| format!("`{}`", kind.name())).collect();
                    findings.add(
                        entry.at,
                        format!(
                            "`{}` does not fit `{name}`, whose type is {}: use {}",
                            kind.name(),
                            of.name(),
                            fitting.join(" or ")
                        ),
                    );
                }
                mask.insert(FieldName::new(name), kind);
            }
            None => {}
        }
    }
    let said =
        |name: &str| table.entries.iter().find(|entry| entry.key == name && name != "default");
    mask_kin(&mut mask, fields, &said, findings);
    mask
}

/// A whole name tells its parts, and is put together from them: what masks the one masks the other, unless the
/// file itself clears a part.
fn mask_kin<'t, 'doc: 't>(
    mask: &mut BTreeMap<FieldName, MaskKind>,
    fields: &[Declared<'_>],
    said: &dyn Fn(&str) -> Option<&'t Entry<'doc>>,
    findings: &mut Findings,
) {
    use FieldType::{FamilyName, FullName, GivenName, NameSuffix};
    let of = |types: &[FieldType]| -> Vec<(FieldName, FieldType)> {
        let declared = fields.iter().filter_map(|it| it.field.as_ref());
        let found = declared.filter(|it| types.contains(&it.field_type));
        found.map(|it| (it.name.clone(), it.field_type)).collect()
    };
    let (wholes, parts) = (of(&[FullName]), of(&[GivenName, FamilyName, NameSuffix]));
    let kinds_of = |mask: &BTreeMap<FieldName, MaskKind>, names: &[(FieldName, FieldType)]| {
        let kinds = names.iter().filter_map(|(name, _)| mask.get(name).copied());
        kinds.collect::<BTreeSet<MaskKind>>()
    };
    // The whole ones as the file has them: a part says nothing of the other parts.
    let of_wholes = kinds_of(mask, &wholes);
    let of_parts = kinds_of(mask, &parts);
    let like = |kinds: &BTreeSet<MaskKind>, field_type: FieldType| match kinds.first() {
        Some(kind) if kinds.len() == 1 && kind.fits(field_type) => *kind,
        _ => MaskKind::Hide,
    };
    for (name, field_type) in wholes.iter().filter(|_| !of_parts.is_empty()) {
        if mask.contains_key(name) {
            continue;
        }
        if let Some(entry) = said(name.as_str()) {
            let part = parts.iter().find(|(part, _)| mask.contains_key(part));
            let part = part.map(|(part, _)| part.as_str()).unwrap_or_default();
            let why = "which is masked: a whole name tells its parts";
            findings.add(entry.at, format!("`{name}` cannot be clear beside `{part}`, {why}"));
        }
        mask.insert(name.clone(), like(&of_parts, *field_type));
    }
    for (name, field_type) in parts.iter().filter(|_| !of_wholes.is_empty()) {
        if said(name.as_str()).is_none() && !mask.contains_key(name) {
            mask.insert(name.clone(), like(&of_wholes, *field_type));
        }
    }
}

/// A kind of mask; `Some(None)` means none at all.
fn kind_of(entry: Entry<'_>, findings: &mut Findings) -> Option<Option<MaskKind>> {
    let said = text(entry, findings)?;
    if said.text == CLEAR {
        return Some(None);
    }
    let kind = MaskKind::from_name(said.text);
    if kind.is_none() {
        let known = MaskKind::ALL.map(MaskKind::name).into_iter().chain([CLEAR]);
        let hint = hint(said.text, known);
        findings.add(said.at, format!("unknown mask `{}`{hint}", said.text));
    }
    kind.map(Some)
}

/// A role that somebody has is one of `[roles.*]`.
pub(super) fn must_be_known(people: &Table<'_>, roles: &[Role], findings: &mut Findings) {
    // What is wrong with the tables themselves is told where people are read.
    let mut ignored = Findings::new("");
    for person in &people.entries {
        let table = Table::of(*person, "", &mut ignored);
        let Some(role) = table.and_then(|table| table.text("role", &mut ignored)) else { continue };
        if roles.iter().all(|it| it.name != role.text) {
            let hint = hint(role.text, roles.iter().map(|it| it.name.as_str()));
            let id = person.key;
            findings
                .add(role.at, format!("`role` of {id}: there is no [roles.{}]{hint}", role.text));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Role, explain, parse, starter};
    use domain::{FieldName, MaskKind};

    const FIELDS: &str = "[fields.born]\ntype = \"date_of_birth\"\nsensitive = true\n\
                          [fields.mail]\ntype = \"email\"\n";

    fn roles(section: &str) -> Result<Vec<Role>, Vec<String>> {
        let text = format!("{}\n{FIELDS}{section}", starter("acme", None));
        let told = |findings: Vec<crate::Finding>| findings.into_iter().map(|it| it.message);
        parse(&text).map(|it| it.roles).map_err(|findings| told(findings).collect())
    }

    #[test]
    fn a_role_has_verbs_and_a_mask_for_every_field_that_is_not_exempt() {
        let read = roles(
            "[roles.viewer]\nmay = [\"tasks\", \"unmask:born\"]\n\
             mask = { default = \"hide\", born = \"year\", mail = \"clear\" }\n\
             [roles.lead]\nmay = [\"unmask\"]\n",
        )
        .unwrap();
        let [viewer, lead] = &read[..] else { panic!("{read:?}") };
        let name = FieldName::new;
        assert!(viewer.may.contains("tasks") && !viewer.may.contains("show"));
        assert_eq!(viewer.mask.get(&name("born")), Some(&MaskKind::Year));
        assert_eq!(viewer.mask.get(&name("given_name")), Some(&MaskKind::Hide));
        assert_eq!(viewer.mask.get(&name("mail")), None);
        assert!(viewer.may_unmask(&name("born")) && !viewer.may_unmask(&name("given_name")));
        assert!(lead.may_unmask(&name("born")) && lead.mask.is_empty());
        assert_eq!(roles("").unwrap(), []);
        let text = format!(
            "{}\n{FIELDS}[roles.viewer]\nmay = [\"show\", \"tasks\"]\nmask = {{ mail = \"domain\" }}\n\
             [people.kim]\nrole = \"viewer\"\n[people.ada]\n",
            starter("acme", None)
        );
        let told = explain(&parse(&text).unwrap());
        assert!(
            told.contains("Roles\n  viewer: may tasks, show\n    sees masked: mail (domain)\n")
        );
        assert!(
            told.contains("; role viewer\n")
                && told.contains("; no role, so they may do nothing\n")
        );
    }

    #[test]
    fn a_whole_name_and_its_parts_are_masked_together() {
        let fields = "[fields.whole]\ntype = \"full_name\"\n";
        let starter = starter("acme", None);
        assert!(starter.contains("[fields.family_name]"), "the starter has the parts");
        for (mask, expected) in [
            ("family_name = \"hide\"", Ok("family_name hide, whole hide")),
            ("given_name = \"initials\"", Ok("given_name initials, whole initials")),
            (
                "given_name = \"initials\", family_name = \"hide\"",
                Ok("family_name hide, given_name initials, whole hide"),
            ),
            (
                "whole = \"initials\"",
                Ok("family_name initials, given_name initials, whole initials"),
            ),
            ("whole = \"hide\", given_name = \"clear\"", Ok("family_name hide, whole hide")),
            (
                "family_name = \"hide\", whole = \"initials\"",
                Ok("family_name hide, given_name initials, whole initials"),
            ),
            (
                "family_name = \"hide\", whole = \"clear\"",
                Err("`whole` cannot be clear beside `family_name`"),
            ),
            ("email = \"domain\"", Ok("email domain")),
        ] {
            let text =
                format!("{starter}\n{fields}[roles.a]\nmay = [\"show\"]\nmask = {{ {mask} }}\n");
            let told = |role: &Role| {
                let told = role.mask.iter().map(|(field, kind)| format!("{field} {}", kind.name()));
                let kin =
                    told.filter(|it| !it.starts_with("suffix") && !it.starts_with("name_suffix"));
                kin.collect::<Vec<_>>().join(", ")
            };
            match (parse(&text), expected) {
                (Ok(read), Ok(expected)) => assert_eq!(told(&read.roles[0]), expected, "{mask}"),
                (Err(found), Err(expected)) => {
                    assert!(found.iter().any(|it| it.message.contains(expected)), "{found:?}");
                }
                (read, _) => panic!("{mask}: {:?}", read.map(|it| it.roles)),
            }
        }
    }

    #[test]
    fn what_a_role_cannot_have_is_a_finding_with_the_nearest_name() {
        for (section, expected) in [
            (
                "[roles.a]\nmay = [\"tsks\"]",
                "`tsks` is not a verb of a role; did you mean `tasks`?",
            ),
            (
                "[roles.a]\nmay = [\"unmask:bron\"]",
                "which is not a declared field; did you mean `born`?",
            ),
            ("[roles.a]\nmay = [\"show:born\"]", "`show:born` is not a verb of a role"),
            ("[roles.a]\nmay = [\"show\"]\nmask = { bron = \"hide\" }", "did you mean `born`?"),
            (
                "[roles.a]\nmay = [\"show\"]\nmask = { born = \"yaer\" }",
                "unknown mask `yaer`; did you mean `year`?",
            ),
            (
                "[roles.a]\nmay = [\"show\"]\nmask = { mail = \"year\" }",
                "`year` does not fit `mail`, whose type is email: use `hide` or `domain`",
            ),
            (
                "[roles.a]\nmay = [\"show\"]\nmask = { born = \"clear\" }",
                "`born` is sensitive, so a mask cannot clear it: add `unmask:born`",
            ),
            (
                "[roles.a]\nmay = [\"show\"]\nmask = { default = \"year\" }",
                "`default` masks fields of every type",
            ),
            ("[roles.a]\nmask = { born = \"year\" }", "[roles.a] needs `may`"),
            ("[roles.a]\nmay = [\"show\"]\nmaks = {}", "did you mean `mask`?"),
            (
                "[roles.viewer]\nmay = [\"show\"]\n[people.kim]\nrole = \"viewr\"",
                "`role` of kim: there is no [roles.viewr]; did you mean `viewer`?",
            ),
            (
                "[fields.worth]\ntype = \"number\"\n[queue]\nstake = \"worth\"\n\
                 [roles.a]\nmay = []\nmask = { default = \"hide\" }",
                "`stake` of [queue] is `worth`, which [roles.a] masks",
            ),
            ("[people.kim]\nrole = \"viewer\"", "`role` of kim: there is no [roles.viewer]"),
            ("[roles]\na = 1", "`a` should be a table"),
        ] {
            let findings = roles(section).unwrap_err();
            assert!(findings.iter().any(|it| it.contains(expected)), "{section}: {findings:?}");
        }
    }
}
