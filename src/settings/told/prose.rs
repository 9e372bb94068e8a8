//! What changes of people, roles, approvals, masks and purposes come to, in a sentence: whoever is told of them need
//! not know the keys of `steward.toml`. Everything else is told by its key.

use toml::de::{DeTable, DeValue};

use super::super::changes::ChangedSetting;

/// One key of a thing of a kind, such as a person, in a sentence; none where the key says it well enough.
pub(super) fn one(thing: &str, name: &str, key: &str, change: &ChangedSetting) -> Option<String> {
    let (before, after) = (change.before.as_deref(), change.after.as_deref());
    match (thing, key) {
        ("person", "role") => Some(match (before, after) {
            (_, None) => format!("{name} no longer has a role, so they may do nothing"),
            (None, Some(is)) => format!("{name} has the role {}", text(is)),
            (Some(was), Some(is)) => {
                format!("{name} has the role {}, and no longer {}", text(is), text(was))
            }
        }),
        ("person", "unix") => Some(match (before, after) {
            (_, None) => format!("{name} no longer comes in as a Unix user"),
            (None, Some(is)) => format!("{name} comes in as the Unix user {}", text(is)),
            (Some(was), Some(is)) => {
                format!(
                    "{name} comes in as the Unix user {}, and no longer as {}",
                    text(is),
                    text(was)
                )
            }
        }),
        ("person", "keys") => Some(keys(name, &list(before), &list(after))),
        ("person", "second_factor") => Some(match is_true(after) {
            true => format!("{name} types a one-time code beside the key"),
            false => format!("{name} no longer types a one-time code"),
        }),
        ("role", "may") => Some(may(name, &list(before), &list(after))),
        ("role", key) => mask(name, key.strip_prefix("mask.")?, before, after),
        ("approval", "due") => Some(match after {
            Some(days) => format!("approval {name} is to be given within {days} days"),
            None => format!("approval {name} has no day any more"),
        }),
        ("approval", "by") => {
            let by = |value: Option<&str>| value.map(text).unwrap_or_default();
            Some(format!(
                "approval {name} is given by {}, and no longer by {}",
                by(after),
                by(before)
            ))
        }
        ("approval", "when") => {
            let when = |value: Option<&str>| value.map(text).unwrap_or_default();
            Some(format!(
                "approval {name} is asked for if {}; it was if {}",
                when(after),
                when(before)
            ))
        }
        ("field", "sensitive") => Some(match is_true(after) {
            true => {
                format!("{name} is sensitive: it is masked, and the ledger records who unmasks it")
            }
            false => {
                format!("{name} is no longer sensitive: everybody who may see it sees it unmasked")
            }
        }),
        ("field", "purpose") => Some(match after {
            Some(is) => format!("{name} is used for {}", each(is)),
            None => format!("{name} has no purpose any more"),
        }),
        ("segment", "where") => Some(format!(
            "segment {name} is of customers where {}; it was where {}",
            text(after?),
            text(before?)
        )),
        ("measure", "within") => Some(match (before.map(text), after.map(text)) {
            (Some(was), None) => {
                format!("measure {name} asks all activities, however old; it was the last {was}")
            }
            (None, Some(is)) => format!("measure {name} asks activities of the last {is} only"),
            (was, is) => format!(
                "measure {name} asks activities of the last {}, and no longer of the last {}",
                is.unwrap_or_default(),
                was.unwrap_or_default()
            ),
        }),
        ("purpose", "basis") => Some(match before {
            Some(was) => format!(
                "the purpose {name} rests on {}, and no longer on {}",
                after.map(text).unwrap_or_default(),
                text(was)
            ),
            None => format!("the purpose {name} rests on {}", after.map(text)?),
        }),
        _ => None,
    }
}

/// A thing that is new, with all that is said of it; none where its keys say it well enough.
pub(super) fn new(thing: &str, name: &str, said: &[(String, String)]) -> Option<String> {
    let of = |key: &str| said.iter().find(|(it, _)| it == key).map(|(_, value)| value.as_str());
    match thing {
        "person" => {
            let role = of("role").map(|role| format!("the role {}", text(role)));
            let unix = of("unix").map(|unix| format!("the Unix user {}", text(unix)));
            let keys = of("keys").map(|keys| counted(list(Some(keys)).len(), "SSH key"));
            let code = is_true(of("second_factor")).then(|| "a one-time code".to_owned());
            let has: Vec<String> = [role, unix, keys, code].into_iter().flatten().collect();
            let has =
                if has.is_empty() { "no role and no way in".to_owned() } else { has.join(", ") };
            Some(format!("person {name} is new: {has}"))
        }
        "role" => {
            let verbs = list(of("may"));
            let masks = said.iter().filter_map(|(key, kind)| {
                Some(format!("{} ({})", key.strip_prefix("mask.")?, text(kind)))
            });
            let masks: Vec<String> = masks.collect();
            let sees = match masks.is_empty() {
                true => String::new(),
                false => format!("; sees masked {}", masks.join(", ")),
            };
            Some(format!("role {name} is new: may {}{sees}", some(&verbs)))
        }
        "approval" => {
            let due = of("due").map(|days| format!(" within {days} days")).unwrap_or_default();
            let (by, when) = (text(of("by")?), text(of("when")?));
            Some(format!("approval {name} is new: {by} approves{due} if {when}"))
        }
        "segment" => {
            let others: Vec<String> = said
                .iter()
                .filter(|(key, _)| key != "where")
                .map(|(key, value)| format!("; {key} {}", text(value)))
                .collect();
            let when = text(of("where")?);
            Some(format!("segment {name} is new: customers where {when}{}", others.concat()))
        }
        "purpose" => {
            let rests = format!("purpose {name} is new: it rests on {}", text(of("basis")?));
            let consent = of("consent").map(|field| format!(", said in {}", each(field)));
            let rest = said.iter().any(|(key, _)| key != "basis" && key != "consent");
            // Whatever else is said of it must not be passed over.
            (!rest).then(|| rests + &consent.unwrap_or_default())
        }
        _ => None,
    }
}

fn keys(name: &str, before: &[String], after: &[String]) -> String {
    let new = after.iter().filter(|key| !before.contains(key)).count();
    let gone = before.iter().filter(|key| !after.contains(key)).count();
    match (new, gone) {
        (new, 0) => format!("{name} comes in with {} more", counted(new, "SSH key")),
        (0, gone) => format!("{name} no longer comes in with {}", counted(gone, "SSH key")),
        (new, gone) => format!(
            "{name} comes in with {}, and no longer with {}",
            counted(new, "other SSH key"),
            counted(gone, "SSH key")
        ),
    }
}

fn may(name: &str, before: &[String], after: &[String]) -> String {
    let without = |these: &[String], those: &[String]| -> Vec<String> {
        these.iter().filter(|verb| !those.contains(verb)).cloned().collect()
    };
    let (more, less) = (without(after, before), without(before, after));
    match (more.is_empty(), less.is_empty()) {
        (true, true) => format!("what {name} may is listed in another order"),
        (false, true) => format!("{name} may also {}", some(&more)),
        (true, false) => format!("{name} may no longer {}", some(&less)),
        (false, false) => format!("{name} may also {}, and no longer {}", some(&more), some(&less)),
    }
}

fn mask(name: &str, field: &str, before: Option<&str>, after: Option<&str>) -> Option<String> {
    let field = if field == "default" { "every other field" } else { field };
    Some(match (before.map(text), after.map(text)) {
        (_, Some(clear)) if clear == "clear" => format!("{name} sees {field} unmasked"),
        (None, Some(kind)) => format!("{name} sees {field} masked ({kind})"),
        (Some(was), Some(kind)) => {
            format!("{name} sees {field} masked ({kind}), and no longer ({was})")
        }
        (Some(_), None) => format!("{name} no longer sees {field} masked by the role"),
        (None, None) => return None,
    })
}

fn is_true(value: Option<&str>) -> bool {
    value == Some("true")
}

fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// `show, find`, or `nothing`.
fn some(list: &[String]) -> String {
    if list.is_empty() { "nothing".to_owned() } else { list.join(", ") }
}

/// A text, or those of a list.
fn each(written: &str) -> String {
    match list(Some(written)).as_slice() {
        [] => text(written),
        several => several.join(", "),
    }
}

/// A text as it is meant; any other value as it is written.
fn text(written: &str) -> String {
    read(written, |value| value.as_str().map(str::to_owned)).unwrap_or_else(|| written.to_owned())
}

/// The texts of a list.
fn list(written: Option<&str>) -> Vec<String> {
    let texts = |value: &DeValue<'_>| {
        let items = value.as_array()?.iter();
        Some(items.filter_map(|item| item.get_ref().as_str().map(str::to_owned)).collect())
    };
    written.and_then(|written| read(written, texts)).unwrap_or_default()
}

fn read<T>(written: &str, take: impl FnOnce(&DeValue<'_>) -> Option<T>) -> Option<T> {
    let line = format!("it = {written}");
    let (document, _) = DeTable::parse_recoverable(&line);
    take(document.get_ref().get("it")?.get_ref())
}
