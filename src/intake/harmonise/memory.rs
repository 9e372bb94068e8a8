//! What values of a column were read as, kept for a while: cities, names and countries come again and
//! again, and are read once.

use std::hash::{Hash, Hasher};

use domain::Value;
use rustc_hash::FxHasher;

/// Values of a column that are kept. Each has one place, and a later one of the same place takes it.
const PLACES: usize = 2048;
/// The longest value that is kept, in bytes.
const LONGEST: usize = 48;
/// Looks after which it shows whether the values of a column come again.
const LOOKS: u32 = 8192;
/// One look in so many must find something.
const WORTH: u32 = 4;

/// The values of one column, as they were read under the same settings.
#[derive(Default)]
pub(super) struct Memory {
    places: Vec<Option<Known>>,
    looks: u32,
    found: u32,
    is_useless: bool,
}

/// A value, and what of its record it was read by.
struct Known {
    country: Option<[u8; 2]>,
    dotless: Option<bool>,
    value: Value,
}

impl Memory {
    /// One that keeps nothing.
    pub(super) fn of_nothing() -> Memory {
        Memory { is_useless: true, ..Memory::default() }
    }

    /// The value of a text in a record of that country and those letters; `read` reads it where it is not
    /// known.
    pub(super) fn value(
        &mut self,
        raw: &str,
        (country, dotless): (Option<&str>, Option<bool>),
        read: impl FnOnce() -> Option<Value>,
    ) -> Option<Value> {
        let is_code = country.is_none_or(|country| country.len() == 2);
        if self.is_useless || raw.len() > LONGEST || !is_code {
            return read();
        }
        let country = country.map(str::as_bytes);
        let country = country.map(|code| [code.first(), code.get(1)].map(|it| *it.unwrap_or(&0)));
        if self.places.is_empty() {
            self.places.resize_with(PLACES, || None);
        }
        let mut hasher = FxHasher::default();
        (raw, country, dotless).hash(&mut hasher);
        #[allow(clippy::cast_possible_truncation)]
        let place = (hasher.finish() as usize) % PLACES;
        self.looks += 1;
        if let Some(known) = &self.places[place]
            && (known.country, known.dotless) == (country, dotless)
            && known.value.raw() == raw
        {
            self.found += 1;
            return Some(known.value.clone());
        }
        let value = read()?;
        self.places[place] = Some(Known { country, dotless, value: value.clone() });
        self.judge();
        Some(value)
    }

    /// A column whose values hardly ever come again is not worth remembering.
    fn judge(&mut self) {
        if self.looks >= LOOKS {
            self.is_useless = self.found < self.looks / WORTH;
            (self.looks, self.found) = (0, 0);
            if self.is_useless {
                self.places = Vec::new();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(memory: &mut Memory, raw: &str, country: Option<&str>, standard: &str) -> String {
        let value = memory.value(raw, (country, None), || Some(Value::standardised(raw, standard)));
        value.unwrap().shown().to_owned()
    }

    #[test]
    fn a_value_is_read_once_in_each_country() {
        let mut memory = Memory::default();
        assert_eq!(read(&mut memory, "ny", Some("US"), "NY"), "NY");
        assert_eq!(read(&mut memory, "ny", Some("US"), "again"), "NY");
        assert_eq!(read(&mut memory, "ny", None, "Ny"), "Ny");
        assert_eq!(read(&mut memory, "ny", Some("DE"), "ny"), "ny");
        let plain = memory
            .value("ny", (Some("US"), Some(false)), || Some(Value::standardised("ny", "plain")));
        assert_eq!(plain.unwrap().shown(), "plain", "other letters are another reading");
        assert_eq!(memory.value("-", (None, None), || None), None);
        assert_eq!(read(&mut memory, "-", None, "x"), "x", "what is absent is not kept");
    }

    #[test]
    fn a_column_of_ever_new_values_is_not_remembered() {
        let mut memory = Memory::default();
        for number in 0..=LOOKS {
            read(&mut memory, &number.to_string(), None, "x");
        }
        assert!(memory.is_useless && memory.places.is_empty());
        let mut memory = Memory::default();
        for number in 0..3 * LOOKS {
            read(&mut memory, &(number % 200).to_string(), None, "x");
        }
        assert!(!memory.is_useless);
    }
}
