//! What of an organisation's name says which one it is.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::text::{tokens, without_remarks};

/// Legal forms and words of the same little meaning, folded.
static FORMS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    without_remarks(include_str!("data/legal_forms.txt")).flat_map(tokens).collect()
});

/// The words that tell one organisation from another; all words when none are left.
pub(crate) fn core(name: &str) -> Vec<&str> {
    let core: Vec<&str> = tokens(name).filter(|token| !FORMS.contains(token)).collect();
    if core.is_empty() { tokens(name).collect() } else { core }
}
