//! A search for tasks, customers and records by what is typed.

use serde::{Deserialize, Serialize};

/// What is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Tasks that are pending.
    #[default]
    Tasks,
    /// Customers, each by the best of its records.
    Customers,
    /// Records by name and address.
    Records,
}

impl Scope {
    /// Every scope, in the order of `Tab`.
    pub const ALL: [Scope; 3] = [Scope::Tasks, Scope::Customers, Scope::Records];

    /// Its name on screen.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Scope::Tasks => "tasks",
            Scope::Customers => "customers",
            Scope::Records => "records",
        }
    }

    /// The scope after this one.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Scope::Tasks => Scope::Customers,
            Scope::Customers => Scope::Records,
            Scope::Records => Scope::Tasks,
        }
    }
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// As typed.
    pub text: String,
    /// What is searched.
    pub scope: Scope,
    /// Hits wanted.
    pub limit: usize,
}
