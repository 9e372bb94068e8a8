//! What is better than what: every word typed must be found; where a word begins counts most.

use super::index::letters;
use crate::domain::CustomerId;

/// How well a text answers what was typed; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Every word found at the beginning of one (0), inside of one (1), or scattered (2).
    pub tier: u8,
    /// Characters between the matched ones, then bytes of the text: the closer fit first.
    pub looseness: u32,
}

/// What was typed, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    words: Vec<Vec<u8>>,
    letters: u64,
}

impl Wanted {
    /// Reads what was typed: its words, without case and accents.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let folded = deunicode::deunicode(text).to_ascii_lowercase();
        let words: Vec<Vec<u8>> =
            folded.split_whitespace().map(|word| word.as_bytes().to_vec()).collect();
        let letters = words.iter().fold(0, |bits, word| bits | letters(word));
        Self { words, letters }
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The customer whose id was typed, and nothing else.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        match &self.words[..] {
            [only] => std::str::from_utf8(only).ok()?.to_ascii_uppercase().parse().ok(),
            _ => None,
        }
    }

    /// Whether a text with these letters can hold all that is wanted.
    #[must_use]
    pub fn may_be_in(&self, letters: u64) -> bool {
        letters & self.letters == self.letters
    }

    /// How well an ASCII text answers; none: not at all.
    #[must_use]
    pub fn rank(&self, text: &str) -> Option<Rank> {
        let text = text.as_bytes();
        let mut rank = Rank { tier: 0, looseness: 0 };
        for word in &self.words {
            let (tier, loose) = found(text, word)?;
            rank.tier = rank.tier.max(tier);
            rank.looseness = rank.looseness.saturating_add(loose);
        }
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        rank.looseness = rank.looseness.saturating_mul(256).saturating_add(length);
        Some(rank)
    }

    /// Which characters of an ASCII text answer, ascending.
    #[must_use]
    pub fn positions(&self, text: &str) -> Vec<usize> {
        let text = text.as_bytes();
        let mut all = Vec::new();
        for word in &self.words {
            match substring(text, word) {
                Some((at, _)) => all.extend(at..at + word.len()),
                None => all.extend(scattered(text, word).unwrap_or_default()),
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Where a word is found: its tier, and how many characters lie between its own.
fn found(text: &[u8], word: &[u8]) -> Option<(u8, u32)> {
    if let Some((_, begins)) = substring(text, word) {
        return Some((u8::from(!begins), 0));
    }
    let at = scattered(text, word)?;
    let span = at.last().zip(at.first()).map_or(0, |(last, first)| last - first + 1);
    Some((2, u32::try_from(span - at.len()).unwrap_or(u32::MAX)))
}

/// The place of a word in one piece, where a word begins if it is found at the beginning of one.
fn substring(text: &[u8], word: &[u8]) -> Option<(usize, bool)> {
    let last = text.len().checked_sub(word.len())?;
    let mut inside = None;
    for at in 0..=last {
        if text[at..at + word.len()].eq_ignore_ascii_case(word) {
            if at == 0 || !text[at - 1].is_ascii_alphanumeric() {
                return Some((at, true));
            }
            inside = inside.or(Some((at, false)));
        }
    }
    inside
}

/// The places of a word's characters in order, as close together as the last of them allows.
fn scattered(text: &[u8], word: &[u8]) -> Option<Vec<usize>> {
    let mut wanted = word.iter();
    let mut next = wanted.next()?;
    let end = text.iter().position(|byte| {
        if byte.to_ascii_lowercase() != *next {
            return false;
        }
        match wanted.next() {
            Some(following) => {
                next = following;
                false
            }
            None => true,
        }
    })?;
    let mut at = end + 1;
    let mut places = Vec::with_capacity(word.len());
    for byte in word.iter().rev() {
        at = text[..at].iter().rposition(|found| found.to_ascii_lowercase() == *byte)?;
        places.push(at);
    }
    places.reverse();
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closer_fit_is_better() {
        let texts = ["Pace, Tom  crm:1", "Space, Ann  crm:2", "Parrace, Tom  crm:3", "Tom  crm:4"];
        let rank = |typed: &str| texts.map(|text| Wanted::new(typed).rank(text));
        let [pace, space, parrace, tom] = rank("pace");
        assert!(pace < space && space < parrace && pace.is_some() && tom.is_none());
        let [pace, ..] = rank("tom pac");
        assert_eq!(pace.map(|rank| rank.tier), Some(0), "words in any order");
        assert_eq!(rank("tom zzz"), [None; 4]);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        let wanted = Wanted::new("JOSÉ");
        assert!(wanted.rank("Pena, Jose").is_some_and(|rank| rank.tier == 0));
        assert_eq!(wanted.positions("Pena, Jose"), [6, 7, 8, 9]);
        assert_eq!(Wanted::new("pj").positions("Pena, Jose"), [0, 6]);
    }

    proptest::proptest! {
        #[test]
        fn what_the_letters_pass_over_has_no_rank(text in "[ -~]{0,24}", typed in "[ -~]{1,6}") {
            let wanted = Wanted::new(&typed);
            if !wanted.may_be_in(letters(text.as_bytes())) {
                proptest::prop_assert_eq!(wanted.rank(&text), None);
            }
        }

        #[test]
        fn what_has_a_rank_is_shown_where(text in "[a-zA-Z ,:0-9]{0,24}", typed in "[a-z0-9]{1,4}") {
            let wanted = Wanted::new(&typed);
            let places = wanted.positions(&text);
            match wanted.rank(&text) {
                Some(_) => proptest::prop_assert_eq!(places.len(), typed.len()),
                None => proptest::prop_assert!(places.is_empty()),
            }
        }
    }
}
