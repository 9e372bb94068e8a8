//! Words that are understood and not offered: help, completions and errors leave them out.

use std::ffi::OsStr;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command, Error, ValueEnum};

/// Parses a choice, or one of the reserved words beside it.
#[derive(Clone, Copy)]
pub struct OrReserved<T: Copy + 'static>(pub &'static [(&'static str, T)]);

impl<T: Copy> OrReserved<T> {
    /// What a reserved word stands for.
    pub fn named(&self, word: &str) -> Option<T> {
        self.0.iter().find(|(reserved, _)| *reserved == word).map(|(_, value)| *value)
    }
}

impl<T: ValueEnum + Copy + Send + Sync + 'static> TypedValueParser for OrReserved<T> {
    type Value = T;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, word: &OsStr) -> Result<T, Error> {
        match word.to_str().and_then(|word| self.named(word)) {
            Some(value) => Ok(value),
            None => EnumValueParser::<T>::new().parse_ref(command, arg, word),
        }
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(T::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}
