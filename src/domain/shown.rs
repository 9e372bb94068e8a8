//! A value as somebody is shown it: in clear, or masked before it left the desk.

use std::fmt;
use std::ops::Deref;

use serde::de::{self, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::FieldType;
use super::mask::{MaskKind, hidden, masked};

/// A value on its way to a person or a program.
///
/// In text formats (JSON) it is what may be seen, a string. Elsewhere a masked one is told apart
/// from a value that merely looks like one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shown {
    /// The value.
    Clear(String),
    /// A value that is not to be seen.
    Masked {
        /// What may be seen of it.
        form: String,
    },
}

impl Shown {
    /// What may be seen.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Shown::Clear(text) => text,
            Shown::Masked { form } => form,
        }
    }

    /// The value; none where it is masked.
    #[must_use]
    pub fn clear(&self) -> Option<&str> {
        match self {
            Shown::Clear(text) => Some(text),
            Shown::Masked { .. } => None,
        }
    }

    /// Whether the value is not to be seen.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        matches!(self, Shown::Masked { .. })
    }

    /// Masks it as a value of that type; see [`masked`].
    pub fn mask(&mut self, field_type: FieldType) {
        if let Shown::Clear(text) = self {
            let form = masked(text, field_type);
            // What needs no mask, since it cannot be a value, stays what it is.
            if form != *text {
                *self = Shown::Masked { form };
            }
        }
    }

    /// Masks it as a role sees values of that type; see [`MaskKind::masked`].
    pub fn mask_as(&mut self, kind: MaskKind, field_type: FieldType) {
        if let Shown::Clear(text) = self
            && !text.is_empty()
        {
            *self = Shown::Masked { form: kind.masked(text, field_type) };
        }
    }

    /// Masks all of it; see [`hidden`].
    pub fn hide(&mut self) {
        if let Shown::Clear(text) = self {
            *self = Shown::Masked { form: hidden(text) };
        }
    }
}

/// What may be seen.
impl Deref for Shown {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for Shown {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Shown {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<String> for Shown {
    fn from(text: String) -> Self {
        Shown::Clear(text)
    }
}

impl From<&str> for Shown {
    fn from(text: &str) -> Self {
        Shown::Clear(text.to_owned())
    }
}

/// The one key of a masked value's map.
const MASKED: &str = "masked";

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Shown::Masked { form } if !serializer.is_human_readable() => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(MASKED, form)?;
                map.end()
            }
            shown => serializer.serialize_str(shown.as_str()),
        }
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;

        impl<'de> Visitor<'de> for Reading {
            type Value = Shown;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value, or the form of a masked one")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Shown, E> {
                Ok(Shown::from(text))
            }

            fn visit_string<E: de::Error>(self, text: String) -> Result<Shown, E> {
                Ok(Shown::Clear(text))
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Shown, M::Error> {
                match map.next_entry::<String, String>()? {
                    Some((key, form)) if key == MASKED => Ok(Shown::Masked { form }),
                    _ => Err(de::Error::custom("a masked value has its form and nothing else")),
                }
            }
        }

        deserializer.deserialize_any(Reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masking_leaves_nothing_of_the_value_but_its_form() {
        let mut shown = Shown::from("123-45-4417");
        assert_eq!(shown.clear(), Some("123-45-4417"));
        shown.mask(FieldType::NationalId);
        assert_eq!((shown.clear(), shown.as_str()), (None, "***-**-4417"));
        assert!(!format!("{shown:?}").contains("123"));
        // What is masked stays as it is.
        shown.hide();
        assert_eq!(shown.to_string(), "***-**-4417");
    }

    #[test]
    fn text_formats_show_what_may_be_seen() {
        let mut shown = Shown::from("Oakhollow");
        assert_eq!(serde_json::to_string(&shown).unwrap(), "\"Oakhollow\"");
        shown.hide();
        assert_eq!(serde_json::to_string(&shown).unwrap(), "\"*********\"");
    }
}
