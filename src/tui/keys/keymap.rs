//! The keys in effect: those of the table, with a person's own in their place.

use super::{Chord, Key, Reach, Row, everywhere, rows};
use crate::context::Context;

/// A row with the keys that do it now.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The row.
    pub row: &'static Row,
    /// The contexts in which these keys do it.
    pub contexts: Vec<Context>,
    /// What is pressed; `None` means only the palette does it.
    pub keys: Vec<Chord>,
}

impl Bound {
    /// Its keys as shown: `j, Down`.
    #[must_use]
    pub fn shown_keys(&self) -> String {
        self.keys_up_to(self.keys.len()).unwrap_or_else(|| {
            let keys: Vec<String> = self.keys.iter().map(ToString::to_string).collect();
            keys.join(", ")
        })
    }

    /// The first of its keys, where each means another thing and they are the digits: `1-3`.
    #[must_use]
    pub fn keys_up_to(&self, last: usize) -> Option<String> {
        self.row.each.filter(|_| self.keys == self.row.keys)?;
        let last = last.clamp(1, self.keys.len());
        Some(if last > 1 { format!("1-{last}") } else { "1".to_owned() })
    }

    /// The key to tell people about.
    #[must_use]
    pub fn first_key(&self) -> Option<String> {
        self.keys.first().map(ToString::to_string)
    }
}

/// The keys in effect.
#[derive(Debug, Clone)]
pub struct Keymap {
    pub(super) rows: Vec<Bound>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::of_rows(rows())
    }
}

impl Keymap {
    /// The keys that stand in these rows.
    #[must_use]
    pub fn of_rows(rows: impl Iterator<Item = &'static Row>) -> Self {
        let bound = |row: &'static Row| Bound {
            row,
            contexts: row.contexts.to_vec(),
            keys: row.keys.to_vec(),
        };
        Self { rows: rows.map(bound).collect() }
    }

    /// The row of a chord in a context, or in every context.
    #[must_use]
    pub fn binding(&self, context: Context, chord: Chord) -> Option<&Bound> {
        let bound = |wanted: Context| {
            self.rows
                .iter()
                .find(|bound| bound.contexts.contains(&wanted) && bound.keys.contains(&chord))
        };
        bound(context).or_else(|| bound(Context::Global).filter(|bound| reaches(bound, context)))
    }

    /// The rows that count in a context, its own first.
    pub fn of(&self, context: Context) -> impl Iterator<Item = &Bound> {
        let own = self.rows.iter().filter(move |bound| bound.contexts.contains(&context));
        let global = self.rows.iter().filter(move |bound| {
            bound.contexts.contains(&Context::Global)
                && !bound.contexts.contains(&context)
                && reaches(bound, context)
        });
        own.chain(global)
    }

    /// The rows that count in a context, then those that decide the task beside it, if there is one.
    pub fn with_beside(
        &self,
        context: Context,
        beside: Option<Context>,
    ) -> impl Iterator<Item = &Bound> {
        let deciding = self.rows.iter().filter(move |bound| {
            bound.row.decides_task()
                && beside.is_some_and(|beside| bound.contexts.contains(&beside))
                && bound.keys.iter().all(|chord| self.is_free(context, *chord))
        });
        self.of(context).chain(deciding)
    }

    /// Whether a chord means nothing in a context.
    fn is_free(&self, context: Context, chord: Chord) -> bool {
        let Key::Char(character) = chord.key else {
            return self.binding(context, chord).is_none();
        };
        let is_count = context.counts() && character.is_ascii_digit();
        !is_count && !self.is_prefix(context, character) && self.binding(context, chord).is_none()
    }

    /// Whether a character only begins chords in a context.
    #[must_use]
    pub fn is_prefix(&self, context: Context, character: char) -> bool {
        self.of(context).flat_map(|bound| &bound.keys).any(|key| key.prefix == Some(character))
    }

    /// The key that does what a row says, to tell people about: as it is in that context, else where
    /// the row counts. `:` where it has none, for the palette does everything.
    #[must_use]
    pub fn key_for(&self, context: Context, row: &Row) -> String {
        let key = |row: &Row| {
            let here = self.of(context).find(|bound| bound.row.is(row));
            let mut anywhere = self.rows.iter().filter(|bound| bound.row.is(row));
            here.and_then(Bound::first_key).or_else(|| anywhere.find_map(Bound::first_key))
        };
        key(row).or_else(|| key(&everywhere::PALETTE)).unwrap_or_else(|| ":".to_owned())
    }

    /// The key before that of a row.
    #[must_use]
    pub fn prefix_of(&self, row: &Row) -> Option<char> {
        let bound = self.rows.iter().filter(|bound| bound.row.is(row));
        bound.flat_map(|bound| &bound.keys).find_map(|chord| chord.prefix)
    }

    /// What a row does, in words.
    #[must_use]
    pub fn does(&self, context: Context, row: &Row) -> String {
        self.told(context, row.does)
    }

    /// A text with the keys in it: `{move-down}` stands for the key of the row of that name.
    #[must_use]
    pub fn told(&self, context: Context, text: &str) -> String {
        let mut told = String::new();
        let mut rest = text;
        while let Some((before, name, after)) = named(rest) {
            told += before;
            let row = self.of(context).map(|bound| bound.row).find(|row| row.is_called(name));
            match row.or_else(|| rows().find(|row| row.is_called(name))) {
                Some(row) => told += &self.key_for(context, row),
                None => told += &rest[before.len()..rest.len() - after.len()],
            }
            rest = after;
        }
        told + rest
    }
}

/// What stands before the first name in braces, the name, and what stands after it.
fn named(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// Whether a row that counts everywhere counts there: a layer takes every key for itself but those
/// that leave.
fn reaches(bound: &Bound, context: Context) -> bool {
    !context.is_layer() || bound.row.reach == Reach::Everywhere
}
