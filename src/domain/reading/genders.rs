//! The letters of a column of genders, of which some mean one thing in one language and the opposite in
//! another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What the letters of a column stand for. The first letter of each name is the man's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum GenderLetters {
    /// Male and female, in most languages.
    #[serde(rename = "M/F")]
    MaleFemale,
    /// Hombre and mujer, homem and mulher: `M` is a woman.
    #[serde(rename = "H/M")]
    HombreMujer,
    /// Varón and mujer, vyras and moteris: `M` is a woman, and `V` a man.
    #[serde(rename = "V/M")]
    VaronMujer,
    /// Man and vrouw: `V` is a woman.
    #[serde(rename = "M/V")]
    ManVrouw,
    /// Férfi and nő: `F` is a man.
    #[serde(rename = "F/N")]
    FerfiNo,
    /// Mies and nainen: `N` is a woman.
    #[serde(rename = "M/N")]
    MiesNainen,
    /// Nothing tells what an `M` is: it is left unread.
    #[serde(rename = "M?")]
    OpenM,
    /// The same of an `F`.
    #[serde(rename = "F?")]
    OpenF,
}

impl GenderLetters {
    /// The letter that nothing tells the meaning of.
    #[must_use]
    pub fn open(self) -> Option<char> {
        match self {
            GenderLetters::OpenM => Some('M'),
            GenderLetters::OpenF => Some('F'),
            _ => None,
        }
    }

    /// How it is told: `H/M`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            GenderLetters::MaleFemale => "M/F",
            GenderLetters::HombreMujer => "H/M",
            GenderLetters::VaronMujer => "V/M",
            GenderLetters::ManVrouw => "M/V",
            GenderLetters::FerfiNo => "F/N",
            GenderLetters::MiesNainen => "M/N",
            GenderLetters::OpenM => "M?",
            GenderLetters::OpenF => "F?",
        }
    }
}

impl fmt::Display for GenderLetters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
