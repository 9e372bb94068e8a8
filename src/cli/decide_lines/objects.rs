//! JSON Lines: an object a line.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::line::Line;
use super::{Numbered, Wrong};

/// Its lines; empty ones are passed over.
///
/// # Errors
/// The first line that is no object.
pub fn lines(text: &str) -> Result<Numbered<Line>, Wrong> {
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let object = |(number, line)| match serde_json::from_str(line) {
        Ok(line) => Ok((number, line)),
        Err(error) if error.is_data() => Err((number, "not a JSON object".to_owned())),
        Err(_) => Err((number, "not JSON".to_owned())),
    };
    lines.map(object).collect()
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Keys)
    }
}

/// Keeps a key that stands there twice, which a map would lose.
struct Keys;

impl<'de> Visitor<'de> for Keys {
    type Value = Line;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let mut pairs: Vec<(String, Value)> = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Line(pairs))
    }
}
