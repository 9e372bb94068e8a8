//! Distinct texts and their numbers.

use super::columns::ValueId;
use super::hash;

/// Distinct texts, numbered from 1; 0 is the absent text.
#[derive(Debug, Clone)]
pub(crate) struct Pool {
    bytes: String,
    ends: Vec<u32>,
}

impl Pool {
    fn new() -> Self {
        Self { bytes: String::new(), ends: vec![0] }
    }

    /// An empty one with room for all texts of another.
    pub(crate) fn with_room_of(other: &Self) -> Self {
        let mut pool = Self {
            bytes: String::with_capacity(other.bytes.len()),
            ends: Vec::with_capacity(other.ends.len()),
        };
        pool.ends.push(0);
        pool
    }

    /// Adds a text that it does not have yet.
    pub(crate) fn push(&mut self, text: &str) -> ValueId {
        let id = self.len() as ValueId;
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
        id
    }

    /// The pool of these texts, one behind the other, and where each ends, the absent one first;
    /// `None` where that is no pool.
    pub(crate) fn of_parts(bytes: Vec<u8>, ends: Vec<u32>) -> Option<Self> {
        let bytes = String::from_utf8(bytes).ok()?;
        let whole =
            ends.first() == Some(&0) && ends.last().copied() == u32::try_from(bytes.len()).ok();
        // No text but the absent one is empty.
        let ascending = ends.windows(2).all(|pair| pair[0] < pair[1]);
        let cut = ends.iter().all(|end| bytes.is_char_boundary(*end as usize));
        (whole && ascending && cut).then_some(Self { bytes, ends })
    }

    /// All texts, one behind the other.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// Where each text ends, the absent one's first.
    pub(crate) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// The text of a value; empty for the absent one.
    #[inline]
    pub(crate) fn text(&self, id: ValueId) -> &str {
        let id = id as usize;
        if id == 0 {
            return "";
        }
        &self.bytes[self.ends[id - 1] as usize..self.ends[id] as usize]
    }

    /// How many ids there are, the absent value's included.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Every text by its number, the absent one first.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as ValueId).map(|id| self.text(id))
    }
}

/// Gives each distinct text a number.
#[derive(Debug)]
pub(crate) struct Interner {
    pool: Pool,
    /// Part of the hash and the number of each text, by linear probing; number 0 is a free place.
    /// Empty until a text is asked for.
    table: Vec<(u32, ValueId)>,
}

impl Interner {
    pub(crate) fn new() -> Self {
        Self::over(Pool::new())
    }

    /// Goes on with the texts of a pool.
    pub(crate) fn over(pool: Pool) -> Self {
        Self { pool, table: Vec::new() }
    }

    /// The texts so far.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The number of a text; 0 for the empty one.
    pub(crate) fn intern(&mut self, text: &str) -> ValueId {
        if text.is_empty() {
            return 0;
        }
        if self.pool.len() * 4 > self.table.len() * 3 {
            self.grow();
        }
        let hash = hash::text(0, text);
        match self.find(hash, text) {
            Ok(id) => id,
            Err(free) => {
                let id = self.pool.push(text);
                self.table[free] = (hash as u32, id);
                id
            }
        }
    }

    /// The number of a text of that hash, or the place in the table where it would be.
    #[inline]
    fn find(&self, hash: u64, text: &str) -> Result<ValueId, usize> {
        let mask = self.table.len() - 1;
        let mut at = (hash >> 32) as usize & mask;
        loop {
            let (known, id) = self.table[at];
            if id == 0 {
                return Err(at);
            }
            if known == hash as u32 && self.pool.text(id) == text {
                return Ok(id);
            }
            at = (at + 1) & mask;
        }
    }

    /// As [`Interner::intern`] for each of a few texts: where none was asked for yet, those of the
    /// pool are looked through for them, which takes a fraction of spreading them over a table.
    pub(crate) fn intern_few<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Vec<ValueId> {
        if !self.table.is_empty() {
            return texts.map(|text| self.intern(text)).collect();
        }
        let mut few = Interner::new();
        let asked: Vec<ValueId> = texts.map(|text| few.intern(text)).collect();
        let mut numbers: Vec<ValueId> = vec![0; few.pool.len()];
        if !few.table.is_empty() {
            for (id, text) in (0..).zip(self.pool.texts()).skip(1) {
                if let Ok(found) = few.find(hash::text(0, text), text) {
                    numbers[found as usize] = id;
                }
            }
        }
        for (number, text) in numbers.iter_mut().zip(few.pool.texts()).skip(1) {
            if *number == 0 {
                *number = self.pool.push(text);
            }
        }
        asked.into_iter().map(|id| numbers[id as usize]).collect()
    }

    /// Twice the places, or the first ones.
    fn grow(&mut self) {
        self.spread((self.pool.len() * 2).next_power_of_two().max(16));
    }

    /// Spreads the texts over `size` places. Hashes are made again: the table keeps only half of
    /// each.
    fn spread(&mut self, size: usize) {
        self.table = vec![(0, 0); size];
        for id in 1..self.pool.len() as ValueId {
            let hash = hash::text(0, self.pool.text(id));
            let mut at = (hash >> 32) as usize & (size - 1);
            while self.table[at].1 != 0 {
                at = (at + 1) & (size - 1);
            }
            self.table[at] = (hash as u32, id);
        }
    }

    /// The texts alone.
    pub(crate) fn into_pool(mut self) -> Pool {
        self.pool.bytes.shrink_to_fit();
        self.pool.ends.shrink_to_fit();
        self.pool
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_however_many_there_are() {
        let mut interner = Interner::new();
        let texts: Vec<String> = (0..5_000).map(|number| format!("text {number}")).collect();
        let first: Vec<ValueId> = texts.iter().map(|text| interner.intern(text)).collect();
        let again: Vec<ValueId> = texts.iter().map(|text| interner.intern(text)).collect();
        assert_eq!(first, again);
        assert_eq!(interner.intern(""), 0);
        let few = ["text 7", "", "new", "text 4999", "newer", "new"];
        let one_by_one: Vec<ValueId> = {
            let mut interner = Interner::over(interner.pool.clone());
            few.into_iter().map(|text| interner.intern(text)).collect()
        };
        let mut over = Interner::over(interner.pool.clone());
        assert_eq!(over.intern_few(few.into_iter()), one_by_one);
        assert_eq!(over.intern_few(few.into_iter()), one_by_one);
        assert_eq!(over.intern("newer"), one_by_one[4]);
        assert_eq!(over.intern_few(few.into_iter()), one_by_one);
        assert_eq!(over.pool.len(), texts.len() + 3);
        let pool = interner.into_pool();
        assert_eq!(pool.len(), texts.len() + 1);
        assert!(pool.texts().skip(1).eq(texts.iter().map(String::as_str)));
    }
}
