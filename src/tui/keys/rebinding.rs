//! A person's own keys in the place of those of the table, and what is wrong with them.

use std::fmt;

use super::keymap::{Bound, Keymap};
use super::{Chord, Key, Row, rows};
use crate::context::Context;

/// What a person wants pressed for an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebinding {
    /// Where it was asked for, counted from 1.
    pub line: usize,
    /// The context; `None` means wherever the action has a key.
    pub context: Option<String>,
    /// The action's name.
    pub action: String,
    /// The keys, as written; `None` means it has no key any more.
    pub keys: Vec<String>,
}

/// Something wrong with a person's keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFinding {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong and what to do, in one sentence.
    pub message: String,
}

impl fmt::Display for KeyFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Keymap {
    /// The keys of the table with these in their place. What is wrong is left out and told.
    #[must_use]
    pub fn rebound(wanted: &[Rebinding]) -> (Self, Vec<KeyFinding>) {
        let mut map = Self::default();
        let mut findings = Vec::new();
        for rebinding in wanted {
            if let Some(message) = said_twice(rebinding, wanted) {
                findings.push(KeyFinding { line: rebinding.line, message });
                continue;
            }
            let before = map.clone();
            if let Err(message) = map.rebind(rebinding) {
                findings.push(KeyFinding { line: rebinding.line, message });
                map = before;
            }
        }
        // Together only: two actions may swap their keys.
        for rebinding in wanted {
            if let Some(message) = map.conflict(rebinding) {
                findings.push(KeyFinding { line: rebinding.line, message });
                map.restore(rebinding);
            }
        }
        findings.sort_by_key(|finding| finding.line);
        (map, findings)
    }

    pub(super) fn rebind(&mut self, wanted: &Rebinding) -> Result<(), String> {
        let context = wanted.context.as_deref().map(context_of).transpose()?;
        let keys: Vec<Chord> = wanted
            .keys
            .iter()
            .map(|key| Chord::parse(key))
            .collect::<Result<_, _>>()
            .map_err(|why| format!("{}: {why}", wanted.action))?;
        let is_wanted = |bound: &Bound| bound.row.is_called(&wanted.action);
        let mut found = false;
        let mut split = Vec::new();
        for bound in self.rows.iter_mut().filter(|bound| is_wanted(bound)) {
            let here: Vec<Context> = match context {
                Some(context) => {
                    bound.contexts.iter().copied().filter(|at| *at == context).collect()
                }
                None => bound.contexts.clone(),
            };
            if here.is_empty() {
                continue;
            }
            found = true;
            for at in &here {
                fits(*at, &keys).map_err(|why| format!("{}: {why}", wanted.action))?;
            }
            if here == bound.contexts {
                bound.keys.clone_from(&keys);
            } else {
                bound.contexts.retain(|at| !here.contains(at));
                split.push(Bound { row: bound.row, contexts: here, keys: keys.clone() });
            }
        }
        self.rows.extend(split);
        match (found, context) {
            (true, _) => Ok(()),
            (false, Some(context)) if self.rows.iter().any(is_wanted) => {
                Err(format!("{} does nothing in {}", wanted.action, context.key()))
            }
            _ => Err(format!("there is no action `{}`{}", wanted.action, nearest(&wanted.action))),
        }
    }

    /// Why the keys of a rebinding cannot be told from others'.
    fn conflict(&self, wanted: &Rebinding) -> Option<String> {
        for bound in self.rows.iter().filter(|bound| bound.row.is_called(&wanted.action)) {
            for (context, chord) in pressed(bound) {
                for other in &self.rows {
                    // Rows of one name may have one key: it does the same.
                    let same = std::ptr::eq(other, bound) || other.row.is_called(&wanted.action);
                    for (there, taken) in pressed(other).filter(|_| !same) {
                        if !meet(context, there) {
                            continue;
                        }
                        if chord == taken && wanted.keys.iter().any(|key| parses_to(key, chord)) {
                            let name = other.row.name;
                            let place = match there.key() {
                                "everywhere" => String::new(),
                                place => format!(" in {place}"),
                            };
                            return Some(format!(
                                "`{chord}` is already bound to {name}{place}: give {name} another key, \
                                 or choose another for {}",
                                wanted.action
                            ));
                        }
                        if hides(chord, taken) || hides(taken, chord) {
                            return Some(format!(
                                "`{chord}` and `{taken}` ({}) start the same: one of them could \
                                 never be pressed",
                                other.row.name
                            ));
                        }
                    }
                }
            }
        }
        None
    }

    /// Gives an action the keys of the table again, where that takes no other's.
    fn restore(&mut self, wanted: &Rebinding) {
        let taken: Vec<(Context, Chord)> = self
            .rows
            .iter()
            .filter(|bound| !bound.row.is_called(&wanted.action))
            .flat_map(|bound| pressed(bound).collect::<Vec<_>>())
            .collect();
        for bound in self.rows.iter_mut().filter(|bound| bound.row.is_called(&wanted.action)) {
            let contexts = bound.contexts.clone();
            let free = |chord: &Chord| {
                !contexts.iter().any(|at| {
                    taken.iter().any(|(there, other)| {
                        meet(*at, *there)
                            && (chord == other || hides(*chord, *other) || hides(*other, *chord))
                    })
                })
            };
            bound.keys = bound.row.keys.iter().copied().filter(free).collect();
        }
    }
}

fn pressed(bound: &Bound) -> impl Iterator<Item = (Context, Chord)> {
    let keys = &bound.keys;
    bound.contexts.iter().flat_map(move |at| keys.iter().map(move |chord| (*at, *chord)))
}

/// Whether keys of two contexts can be pressed in the same place.
fn meet(one: Context, other: Context) -> bool {
    one == other
        || (one == Context::Global && !other.is_layer())
        || (other == Context::Global && !one.is_layer())
}

/// Whether one chord is the beginning of the other.
fn hides(one: Chord, other: Chord) -> bool {
    one.prefix.is_none() && other.prefix.is_some_and(|prefix| one.key == Key::Char(prefix))
}

fn parses_to(text: &str, chord: Chord) -> bool {
    Chord::parse(text) == Ok(chord)
}

fn context_of(name: &str) -> Result<Context, String> {
    Context::ALL.into_iter().find(|context| context.key() == name).ok_or_else(|| {
        let known: Vec<&str> = Context::ALL.iter().map(|context| context.key()).collect();
        format!("unknown place `{name}`; known are {}", known.join(", "))
    })
}

/// Why these keys cannot be pressed there.
fn fits(context: Context, keys: &[Chord]) -> Result<(), String> {
    for chord in keys {
        let first = chord.prefix.map_or(chord.key, Key::Char);
        if let Key::Char(character) = first {
            if context.types_text() {
                return Err(format!(
                    "`{chord}` types text in {}: use Ctrl- and a letter",
                    context.key()
                ));
            }
            if (context.counts() || context.types_digits()) && character.is_ascii_digit() {
                return Err(format!("digits are a count in {}", context.key()));
            }
        }
    }
    Ok(())
}

/// Why an old name counts for nothing: the name of now is given keys in the same place.
fn said_twice(rebinding: &Rebinding, wanted: &[Rebinding]) -> Option<String> {
    let old = rebinding.action.as_str();
    if rows().any(|row| row.name == old) {
        return None;
    }
    let now = |other: &&Rebinding| {
        let is_now = |row: &Row| row.name == other.action && row.is_called(old);
        other.context == rebinding.context && rows().any(is_now)
    };
    let now = &wanted.iter().find(now)?.action;
    Some(format!(
        "`{old}` is the old name of `{now}`, which also has keys here: keep one of the two"
    ))
}

/// `; did you mean X?`, where one is near.
fn nearest(name: &str) -> String {
    let of_row = |row: &'static Row| {
        let known = std::iter::once(row.name).chain(row.was.iter().copied());
        known.map(move |known| (known, row.name))
    };
    let known: Vec<(&str, &str)> = rows().flat_map(of_row).collect();
    let near = domain::nearest::name(name, known.iter().map(|(known, _)| *known));
    let now = near.and_then(|near| known.iter().find(|(known, _)| *known == near));
    now.map_or_else(
        || "; `steward man` lists their names".to_owned(),
        |(_, now)| format!("; did you mean `{now}`?"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::{queue, task};
    use super::*;

    fn wanted(line: usize, context: Option<&str>, action: &str, keys: &[&str]) -> Rebinding {
        Rebinding {
            line,
            context: context.map(str::to_owned),
            action: action.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        }
    }

    fn name(map: &Keymap, context: Context, chord: Chord) -> Option<&'static str> {
        map.binding(context, chord).map(|bound| bound.row.name)
    }

    #[test]
    fn a_screen_key_does_not_work_under_a_layer() {
        let map = Keymap::default();
        assert!(map.binding(Context::Prompt, Chord::char('q')).is_none());
        assert_eq!(name(&map, Context::Prompt, Chord::ctrl('c')), Some("cancel"));
        assert_eq!(name(&map, Context::History, Chord::char('j')), Some("move-down"));
    }

    #[test]
    fn an_action_gets_other_keys_in_one_place_or_everywhere() {
        let (map, findings) = Keymap::rebound(&[
            wanted(1, None, "merge", &["Y"]),
            wanted(2, Some("compare"), "edit", &["i"]),
            wanted(3, None, "go-queue", &["Z q"]),
            wanted(4, None, "take-in", &[]),
        ]);
        assert_eq!(findings, []);
        assert_eq!(name(&map, Context::Compare, Chord::char('Y')), Some("merge"));
        assert_eq!(name(&map, Context::Compare, Chord::char('m')), None);
        assert_eq!(name(&map, Context::Compare, Chord::char('i')), Some("edit"));
        assert_eq!(name(&map, Context::Compare, Chord::char('e')), None);
        assert_eq!(name(&map, Context::Fix, Chord::char('e')), Some("edit"));
        assert!(map.is_prefix(Context::Queue, 'Z'));
        assert_eq!(name(&map, Context::Queue, Chord::char('R')), None);
        assert_eq!(map.key_for(Context::Compare, &task::MERGE), "Y");
        assert_eq!(map.key_for(Context::Queue, &queue::TAKE_IN), ":", "the palette still does it");
    }

    #[test]
    fn two_actions_may_swap_their_keys() {
        let swapped = [wanted(1, None, "merge", &["n"]), wanted(2, None, "not-a-match", &["m"])];
        let (map, findings) = Keymap::rebound(&swapped);
        assert_eq!(findings, []);
        assert_eq!(name(&map, Context::Compare, Chord::char('n')), Some("merge"));
        assert_eq!(name(&map, Context::Compare, Chord::char('m')), Some("reject-match"));
    }

    #[test]
    fn an_old_name_beside_the_one_of_now_is_told_and_rows_of_one_name_share_a_key() {
        let both = [wanted(3, None, "history", &["B"]), wanted(4, None, "open-history", &["D"])];
        let (_, findings) = Keymap::rebound(&both);
        let [found] = &findings[..] else { panic!("{findings:?}") };
        assert!(found.line == 3 && found.message.contains("old name of `open-history`"));
        let elsewhere = wanted(3, Some("customer"), "history", &["B"]);
        let (_, findings) = Keymap::rebound(&[elsewhere, both[1].clone()]);
        assert_eq!(findings, [], "in places of their own");
        let (_, findings) = Keymap::rebound(&[wanted(1, None, "close", &["Ctrl-o"])]);
        assert_eq!(findings, []);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_the_way_out() {
        for (rebinding, why) in [
            (wanted(7, None, "merg", &["M"]), "did you mean `merge`?"),
            (
                wanted(7, Some("comparison"), "merge", &["M"]),
                "known are everywhere, queue, compare",
            ),
            (wanted(7, Some("queue"), "merge", &["M"]), "merge does nothing in queue"),
            (wanted(7, None, "merge", &["n"]), "`n` is already bound to reject-match in compare"),
            (
                wanted(7, None, "merge", &["u"]),
                "`u` is already bound to undo: give undo another key",
            ),
            (wanted(7, None, "merge", &["g"]), "start the same"),
            (wanted(7, None, "merge", &["Ctrl-s"]), "cannot be bound"),
            (wanted(7, None, "merge", &["Alt-m"]), "Alt cannot be bound"),
            (wanted(7, None, "order", &["5"]), "digits are a count in queue"),
            (wanted(7, Some("bulk"), "down", &["5"]), "digits are a count in bulk"),
            (wanted(7, Some("finder"), "submit", &["x"]), "types text in finder"),
        ] {
            let (map, findings) = Keymap::rebound(std::slice::from_ref(&rebinding));
            let [found] = &findings[..] else { panic!("{rebinding:?}: {findings:?}") };
            assert!(found.line == 7 && found.message.contains(why), "{why}: {found}");
            assert_eq!(
                name(&map, Context::Compare, Chord::char('m')),
                Some("merge"),
                "the key of the table stays: {rebinding:?}"
            );
        }
    }
}
