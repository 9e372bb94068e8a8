//! Where a customer id leads, from one redirect to the next.

use std::collections::BTreeMap;

use super::StoreError;
use super::view::View;
use domain::{CustomerId, CustomerState, Sequence, Standing};

/// Ids of a circle that are named.
const NAMED: usize = 8;

/// The first id from `id` on that does not redirect, with its state; none where the id it leads to
/// was never given out. `state_of` is asked for each on the way.
///
/// # Errors
/// Those of `state_of`; damage where the redirects run in a circle.
pub fn follow_redirects<E: From<StoreError>>(
    id: CustomerId,
    mut state_of: impl FnMut(CustomerId) -> Result<Option<CustomerState>, E>,
) -> Result<Option<(CustomerId, CustomerState)>, E> {
    let mut passed = BTreeMap::new();
    let mut at = id;
    while let Some(state) = state_of(at)? {
        let Standing::Merged { into } = state.standing else { return Ok(Some((at, state))) };
        if passed.insert(at, into).is_some() {
            return Err(circle(&passed, at).into());
        }
        at = into;
    }
    Ok(None)
}

fn circle(redirects: &BTreeMap<CustomerId, CustomerId>, first: CustomerId) -> StoreError {
    let next = |at: &CustomerId| redirects.get(at).copied().filter(|next| *next != first);
    let ids = std::iter::successors(Some(first), next);
    let mut named: Vec<String> = ids.take(NAMED + 1).map(|id| id.to_string()).collect();
    if named.len() > NAMED {
        named[NAMED] = "...".to_owned();
    }
    StoreError::damaged(format!("customers redirect in a circle: {}", named.join(", ")))
}

impl View<'_> {
    /// The live customer that `id` stands for now, redirects followed.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn follow(&self, id: CustomerId) -> Result<Option<CustomerId>, StoreError> {
        let end = follow_redirects(id, |at| self.customer(at))?;
        Ok(end.filter(|(_, state)| state.is_live()).map(|(at, _)| at))
    }

    /// The commit that erased the customer that `id` stood for, redirects followed; none where it
    /// was not erased.
    ///
    /// # Errors
    /// When the store is damaged.
    pub fn erased_in(&self, id: CustomerId) -> Result<Option<Sequence>, StoreError> {
        match follow_redirects(id, |at| self.customer(at))? {
            Some((at, state)) if state.standing == Standing::Erased => self.customer_touched(at),
            _ => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(redirects: &[(u32, u32)]) -> Result<Option<u32>, String> {
        let state = |id: CustomerId| -> Result<_, StoreError> {
            let into = redirects.iter().find(|(from, _)| *from == id.0);
            let live = || (id.0 < 100).then(|| CustomerState::of(Vec::new()));
            Ok(into.map(|(_, into)| CustomerState::merged(CustomerId(*into))).or_else(live))
        };
        let end = follow_redirects(CustomerId(1), state).map_err(|error| error.to_string())?;
        Ok(end.map(|(id, _)| id.0))
    }

    #[test]
    fn redirects_are_followed_to_their_end() {
        assert_eq!(end(&[]), Ok(Some(1)));
        assert_eq!(end(&[(1, 7), (7, 2)]), Ok(Some(2)));
        assert_eq!(end(&[(1, 7), (7, 100)]), Ok(None));
        let long: Vec<(u32, u32)> = (1..50).map(|id| (id, id + 1)).collect();
        assert_eq!(end(&long), Ok(Some(50)));
    }

    #[test]
    fn a_circle_is_damage_that_names_its_ids_only() {
        let said = |redirects: &[(u32, u32)]| end(redirects).unwrap_err();
        assert!(said(&[(1, 1)]).contains("in a circle: C1)"), "{}", said(&[(1, 1)]));
        let entered = said(&[(1, 5), (5, 6), (6, 7), (7, 5)]);
        assert!(entered.contains("in a circle: C5, C6, C7)"), "{entered}");
        let long: Vec<(u32, u32)> = (1..=20).map(|id| (id, id % 20 + 1)).collect();
        assert!(said(&long).contains("C7, C8, ...)"), "{}", said(&long));
    }
}
