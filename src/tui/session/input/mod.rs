//! What a person does at the terminal: its bytes become keys, pasted text, clicks and answers.

mod decoder;
mod sequences;
mod seven_bits;

use std::collections::VecDeque;
use std::time::Instant;

use decoder::Decoder;
pub(super) use decoder::Told;

/// What a terminal told, in order. Time is that at which its bytes came.
#[derive(Debug)]
pub(super) struct Input {
    decoder: Decoder,
    /// When the last bytes came, or it was silent for as long as was waited.
    since: Instant,
    told: VecDeque<Told>,
}

impl Input {
    pub(super) fn since(now: Instant) -> Self {
        Self { decoder: Decoder::default(), since: now, told: VecDeque::new() }
    }

    /// Takes in bytes that came at that time.
    pub(super) fn take(&mut self, bytes: &[u8], came: Instant) {
        self.silent_until(came);
        self.since = came;
        self.decode(|decoder, told| decoder.take(bytes, told));
    }

    /// Nothing came until then.
    pub(super) fn silent_until(&mut self, then: Instant) {
        while let Some(deadline) = self.deadline().filter(|deadline| *deadline <= then) {
            self.since = deadline;
            self.decode(Decoder::silence);
        }
    }

    /// When to be told of the silence; `None` means that nothing has begun.
    pub(super) fn deadline(&self) -> Option<Instant> {
        Some(self.since + self.decoder.patience()?)
    }

    /// The next thing that was told.
    pub(super) fn next(&mut self) -> Option<Told> {
        self.told.pop_front()
    }

    /// Whether all of it was taken.
    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    fn decode(&mut self, decode: impl FnOnce(&mut Decoder, &mut Vec<Told>)) {
        let mut told = Vec::new();
        decode(&mut self.decoder, &mut told);
        self.told.extend(told);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::keys::Key;

    #[test]
    fn silence_is_that_between_the_bytes_however_late_they_are_looked_at() {
        let began = Instant::now();
        let at = |milliseconds| began + Duration::from_millis(milliseconds);
        let told = |pieces: &[(&[u8], u64)], until: u64| {
            let mut input = Input::since(began);
            pieces.iter().for_each(|(bytes, when)| input.take(bytes, at(*when)));
            input.silent_until(at(until));
            std::iter::from_fn(move || input.next()).collect::<Vec<_>>()
        };
        let key = Told::Key;
        assert_eq!(told(&[(b"\x1b", 0), (b"j", 200)], 200), [key(Key::Esc), key(Key::Char('j'))]);
        assert_eq!(told(&[(b"\x1b", 0), (b"[A", 20)], 20), [key(Key::Up)]);
        assert_eq!(told(&[(b"\x1b", 0)], 49), []);
        assert_eq!(told(&[(b"\x1b", 0)], 50), [key(Key::Esc)]);
        let pasted = told(&[(b"\x1b[200~ab", 0), (b"c\x1b[201~", 10)], 500);
        assert_eq!(pasted, [Told::Pasted("abc".to_owned())]);
    }

    #[test]
    fn what_has_not_begun_is_not_waited_for() {
        let mut input = Input::since(Instant::now());
        assert_eq!(input.deadline(), None);
        input.take(b"j", Instant::now());
        assert!(input.deadline().is_none() && !input.is_empty());
    }
}
