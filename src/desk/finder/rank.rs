//! What is better than what: every word typed must be found; where a word begins counts most.

use memchr::memmem::Finder;
use memchr::{memchr, memrchr};

use super::index::letters;
use domain::{CustomerId, TaskId};

/// What a character between the matched ones counts, in bytes of the text's length.
const LOOSE: u32 = 256;

/// How well a text answers what was typed; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// Every word found at the beginning of one (0), inside of one (1), or scattered (2).
    pub tier: u8,
    /// Characters between the matched ones, then bytes of the text: the closer fit first.
    pub looseness: u32,
}

impl Rank {
    /// The best rank a text of so many bytes can have: only what is shorter is surely better.
    #[must_use]
    pub fn best_of(bytes: usize) -> Self {
        Rank { tier: 0, looseness: length(bytes) }
    }
}

/// What was typed, ready to be looked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    words: Vec<Finder<'static>>,
    letters: u64,
}

impl Wanted {
    /// Reads what was typed: its words, without case and accents.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let folded = deunicode::deunicode(text).to_ascii_lowercase();
        let words: Vec<Finder<'static>> =
            folded.split_whitespace().map(|word| Finder::new(word).into_owned()).collect();
        let letters = words.iter().fold(0, |bits, word| bits | letters(word.needle()));
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
        self.id()
    }

    /// The task whose id was typed, and nothing else.
    #[must_use]
    pub fn task(&self) -> Option<TaskId> {
        self.id()
    }

    /// The address of the record whose address was typed, as it is searched.
    #[must_use]
    pub fn address(&self) -> Option<&[u8]> {
        match &self.words[..] {
            [only] if only.needle().contains(&b':') => Some(only.needle()),
            _ => None,
        }
    }

    fn id<I: std::str::FromStr>(&self) -> Option<I> {
        match &self.words[..] {
            [only] => std::str::from_utf8(only.needle()).ok()?.to_ascii_uppercase().parse().ok(),
            _ => None,
        }
    }

    /// Whether a text with these letters can hold all that is wanted.
    #[must_use]
    pub fn may_be_in(&self, letters: u64) -> bool {
        letters & self.letters == self.letters
    }

    /// How well an ASCII text in lower case answers; `None` means not at all, or surely no better
    /// than
    /// `worst`, the worst answer that is still wanted.
    #[must_use]
    pub fn rank(&self, text: &[u8], worst: Option<Rank>) -> Option<Rank> {
        if worst.is_some_and(|worst| Rank::best_of(text.len()) >= worst) {
            return None;
        }
        let tiers = worst.map_or(2, |worst| worst.tier);
        let mut rank = Rank { tier: 0, looseness: 0 };
        for word in &self.words {
            let (tier, loose) = found(text, word, tiers)?;
            rank.tier = rank.tier.max(tier);
            rank.looseness = rank.looseness.saturating_add(loose);
        }
        rank.looseness = rank.looseness.saturating_mul(LOOSE).saturating_add(length(text.len()));
        Some(rank)
    }

    /// Which characters of an ASCII text answer, ascending.
    #[must_use]
    pub fn positions(&self, text: &str) -> Vec<usize> {
        let text = text.to_ascii_lowercase().into_bytes();
        let mut all = Vec::new();
        for word in &self.words {
            match in_one_piece(&text, word) {
                Some((at, _)) => all.extend(at..at + word.needle().len()),
                None => {
                    scattered(&text, word.needle(), |at| all.push(at));
                }
            }
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Where a word is found: its tier, of which there are so many worth looking for, and how many
/// characters lie between its own.
fn found(text: &[u8], word: &Finder<'_>, tiers: u8) -> Option<(u8, u32)> {
    if let Some((_, begins)) = in_one_piece(text, word) {
        let tier = u8::from(!begins);
        return (tier <= tiers).then_some((tier, 0));
    }
    if tiers < 2 {
        return None;
    }
    let word = word.needle();
    let (mut first, mut last) = (None, 0);
    scattered(text, word, |at| {
        first.get_or_insert(at);
        last = at;
    });
    // They are told from the last one back.
    let span = first? - last + 1;
    Some((2, length(span - word.len())))
}

/// The place of a word in one piece, where a word begins if it is found at the beginning of one.
fn in_one_piece(text: &[u8], word: &Finder<'_>) -> Option<(usize, bool)> {
    let mut inside = None;
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| word.find(rest)) {
        let at = from + found;
        if at == 0 || !text[at - 1].is_ascii_alphanumeric() {
            return Some((at, true));
        }
        inside = inside.or(Some((at, false)));
        from = at + 1;
    }
    inside
}

/// Tells the places of a word's characters from the last one back, as close together as the last of
/// them allows; tells nothing where they are not all there in order.
fn scattered(text: &[u8], word: &[u8], mut tell: impl FnMut(usize)) {
    let mut end = 0;
    for wanted in word {
        match memchr(*wanted, &text[end..]) {
            Some(found) => end += found + 1,
            None => return,
        }
    }
    for wanted in word.iter().rev() {
        // It was found on the way there.
        let Some(at) = memrchr(*wanted, &text[..end]) else { return };
        tell(at);
        end = at;
    }
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(wanted: &Wanted, text: &str) -> Option<Rank> {
        wanted.rank(text.to_ascii_lowercase().as_bytes(), None)
    }

    #[test]
    fn the_closer_fit_is_better() {
        let texts = ["Pace, Tom  crm:1", "Space, Ann  crm:2", "Parrace, Tom  crm:3", "Tom  crm:4"];
        let rank = |typed: &str| texts.map(|text| rank(&Wanted::new(typed), text));
        let [pace, space, parrace, tom] = rank("pace");
        assert!(pace < space && space < parrace && pace.is_some() && tom.is_none());
        let [pace, ..] = rank("tom pac");
        assert_eq!(pace.map(|rank| rank.tier), Some(0), "words in any order");
        assert_eq!(rank("tom zzz"), [None; 4]);
    }

    #[test]
    fn case_and_accents_do_not_matter() {
        let wanted = Wanted::new("JOSÉ");
        assert!(rank(&wanted, "Pena, Jose").is_some_and(|rank| rank.tier == 0));
        assert_eq!(wanted.positions("Pena, Jose"), [6, 7, 8, 9]);
        assert_eq!(Wanted::new("pj").positions("Pena, Jose"), [0, 6]);
    }

    proptest::proptest! {
        #[test]
        fn what_the_letters_pass_over_has_no_rank(text in "[ -~]{0,24}", typed in "[ -~]{1,6}") {
            let wanted = Wanted::new(&typed);
            if !wanted.may_be_in(letters(text.as_bytes())) {
                proptest::prop_assert_eq!(rank(&wanted, &text), None);
            }
        }

        #[test]
        fn only_what_is_no_better_is_passed_over(
            text in "[a-e ]{0,12}",
            typed in "[a-e]{1,3}( [a-e]{1,2})?",
            tier in 0..3_u8,
            looseness in 0..2_000_u32,
        ) {
            let (wanted, worst) = (Wanted::new(&typed), Rank { tier, looseness });
            let better = |rank: &Rank| *rank < worst;
            let passed = wanted.rank(text.as_bytes(), Some(worst));
            proptest::prop_assert_eq!(
                passed.filter(better),
                wanted.rank(text.as_bytes(), None).filter(better)
            );
        }

        #[test]
        fn what_has_a_rank_is_shown_where(text in "[a-zA-Z ,:0-9]{0,24}", typed in "[a-z0-9]{1,4}") {
            let wanted = Wanted::new(&typed);
            let places = wanted.positions(&text);
            match rank(&wanted, &text) {
                Some(_) => proptest::prop_assert_eq!(places.len(), typed.len()),
                None => proptest::prop_assert!(places.is_empty()),
            }
        }
    }
}
