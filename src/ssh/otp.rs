//! One-time codes (RFC 6238: SHA-1, six digits, thirty seconds, one step either way) and recovery codes. Pure.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq};
use totp_rs::{Builder, Secret, Totp};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Seconds that a code holds.
pub(super) const STEP: u64 = 30;
/// Bytes of a secret: as many as the hash has.
pub(super) const SECRET: usize = 20;
/// Recovery codes that one gets.
pub(super) const RECOVERY_CODES: usize = 8;
/// Characters of a recovery code: 50 bits.
const RECOVERY_LENGTH: usize = 10;
/// What a recovery code is written with: nothing that looks like something else.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// What a guess at a recovery code costs: the least that OWASP recommends. They are random, unlike passphrases.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// The second factor of a person.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// What their telephone knows as well.
    secret: Vec<u8>,
    /// The step of the last code that was accepted. None up to it is accepted again.
    last_step: u64,
    salt: [u8; 16],
    /// What is left of the recovery codes, hashed.
    recovery: Vec<[u8; 32]>,
}

/// What somebody typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A code that holds, of this step. It may be accepted once that step is recorded.
    Code {
        /// Which.
        step: u64,
    },
    /// A recovery code. It may be accepted once it is removed.
    Recovery {
        /// Its place.
        place: usize,
    },
    /// A code that holds and was accepted before, or one older than that.
    Used,
    /// A code that holds by a clock that shows an earlier time than when the last code was accepted.
    ClockBehind {
        /// By how much, in seconds.
        seconds: u64,
    },
    /// Nothing of these.
    Wrong,
}

/// A recovery code as it is shown, once.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct RecoveryCode(String);

impl fmt::Display for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, other) = self.0.split_at(RECOVERY_LENGTH / 2);
        write!(f, "{one}-{other}")
    }
}

/// Nothing of it is shown by accident.
impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode")
    }
}

impl fmt::Debug for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Factor").field("left", &self.recovery.len()).finish_non_exhaustive()
    }
}

/// Random bytes, filled in by whoever has some.
pub(super) struct Seed {
    pub(super) salt: [u8; 16],
    pub(super) recovery: [[u8; RECOVERY_LENGTH]; RECOVERY_CODES],
}

impl Factor {
    /// What tells this enrolment from any other of the same person.
    pub(super) fn enrolment(&self) -> [u8; 16] {
        self.salt
    }

    /// A new one, whose code of `step` has been typed: the recovery codes with it are shown now or never.
    pub(super) fn new(
        secret: &[u8; SECRET],
        step: u64,
        seed: &Seed,
    ) -> (Factor, Vec<RecoveryCode>) {
        // Five bits of each byte: 256 is a multiple of 32, so that none is likelier.
        let sign = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
        let code = |bytes: &[u8; RECOVERY_LENGTH]| RecoveryCode(bytes.iter().map(sign).collect());
        let codes: Vec<_> = seed.recovery.iter().map(code).collect();
        let recovery = codes.iter().filter_map(|code| hash(&code.0, &seed.salt)).collect();
        let factor = Factor { secret: secret.to_vec(), last_step: step, salt: seed.salt, recovery };
        (factor, codes)
    }

    /// How many recovery codes are left.
    #[must_use]
    pub fn recovery_left(&self) -> usize {
        self.recovery.len()
    }

    /// What has been typed, at this time in seconds since 1970. Nothing changes.
    #[must_use]
    pub fn judge(&self, typed: &str, now: u64) -> Verdict {
        let typed = plain(typed);
        match typed.len() {
            6 => match step_of(&self.secret, &typed, now) {
                None => Verdict::Wrong,
                Some(step) if step > self.last_step => Verdict::Code { step },
                // The step of a code that was accepted is one ahead of a right clock at most.
                Some(_) if self.last_step > now / STEP + 1 => {
                    let seconds = (self.last_step * STEP).saturating_sub(now);
                    Verdict::ClockBehind { seconds }
                }
                Some(_) => Verdict::Used,
            },
            RECOVERY_LENGTH => {
                let Some(typed) = hash(&typed, &self.salt) else { return Verdict::Wrong };
                // All are looked at, whichever it is.
                let same = self.recovery.iter().map(|known| known.ct_eq(&typed));
                let same: Vec<Choice> = same.collect();
                match same.iter().position(|it| bool::from(*it)) {
                    Some(place) => Verdict::Recovery { place },
                    None => Verdict::Wrong,
                }
            }
            _ => Verdict::Wrong,
        }
    }

    /// The factor once what was judged is accepted; none where it is not to be accepted.
    #[must_use]
    pub fn spent(&self, verdict: Verdict) -> Option<Factor> {
        let mut spent = self.clone();
        match verdict {
            Verdict::Code { step } if step > self.last_step => spent.last_step = step,
            Verdict::Recovery { place } if place < self.recovery.len() => {
                spent.recovery.remove(place);
            }
            _ => return None,
        }
        Some(spent)
    }
}

/// The step whose code this is, at about this time.
pub(super) fn step_of(secret: &[u8], code: &str, now: u64) -> Option<u64> {
    totp(secret)?.check(code, now)
}

/// The code of a time.
#[cfg(test)]
pub(super) fn code_at(secret: &[u8], now: u64) -> String {
    totp(secret).unwrap().generate(now).to_string()
}

fn totp(secret: &[u8]) -> Option<Totp> {
    let secret: [u8; SECRET] = secret.try_into().ok()?;
    // RFC 6238 as telephones know it: SHA-1, six digits, thirty seconds; one step of skew.
    let builder = Builder::new().with_secret(Secret::new_stack(secret));
    builder.with_digits(6).with_skew(1).with_step_duration(STEP).build().ok()
}

/// What was meant by what was typed: signs that look alike are one, blanks and strokes are none.
fn plain(typed: &str) -> String {
    let kept = typed.chars().filter(|sign| !matches!(sign, ' ' | '-' | '\t' | '\r' | '\n'));
    kept.map(|sign| match sign.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    })
    .collect()
}

fn hash(code: &str, salt: &[u8; 16]) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    let params = Params::new(MEMORY, PASSES, 1, Some(hash.len())).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password_into(code.as_bytes(), salt, &mut hash).ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET_BYTES: &[u8; SECRET] = b"12345678901234567890";
    const NOW: u64 = 1_790_000_000;

    fn factor(step: u64) -> (Factor, Vec<RecoveryCode>) {
        let recovery = std::array::from_fn(|code| {
            std::array::from_fn(|at| u8::try_from((code * 31 + at * 7) % 251).unwrap())
        });
        Factor::new(SECRET_BYTES, step, &Seed { salt: [7; 16], recovery })
    }

    /// RFC 6238, appendix B; the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let (factor, _) = factor(0);
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(SECRET_BYTES, time), code);
            assert_eq!(factor.judge(code, time), Verdict::Code { step: time / STEP });
        }
    }

    #[test]
    fn a_code_holds_one_step_either_way_and_no_longer() {
        let (factor, _) = factor(0);
        let here = NOW / STEP;
        for away in -5..=5_i64 {
            let step = here.checked_add_signed(away).unwrap();
            let judged = factor.judge(&code_at(SECRET_BYTES, step * STEP), NOW);
            let holds = away.abs() <= 1;
            let expected = if holds { Verdict::Code { step } } else { Verdict::Wrong };
            assert_eq!(judged, expected, "{away}");
        }
    }

    #[test]
    fn each_step_is_accepted_once_and_none_before_it() {
        let (factor, _) = factor(0);
        let (code, earlier) = (code_at(SECRET_BYTES, NOW), code_at(SECRET_BYTES, NOW - STEP));
        let spent = factor.spent(factor.judge(&code, NOW)).unwrap();
        assert_eq!(spent.judge(&code, NOW), Verdict::Used);
        assert_eq!(spent.judge(&earlier, NOW), Verdict::Used);
        assert_eq!(spent.spent(Verdict::Used).map(|_| ()), None);
        let next = code_at(SECRET_BYTES, NOW + STEP);
        assert_eq!(spent.judge(&next, NOW), Verdict::Code { step: NOW / STEP + 1 });
        // Even where it was judged before the other was accepted.
        assert!(spent.spent(factor.judge(&code, NOW)).is_none());
    }

    #[test]
    fn a_clock_that_was_set_back_accepts_nothing_until_it_has_caught_up() {
        let (factor, _) = factor(NOW / STEP);
        for back in [120, 3_600, 86_400 * 365] {
            let then = NOW - back;
            let judged = factor.judge(&code_at(SECRET_BYTES, then), then);
            assert!(matches!(judged, Verdict::ClockBehind { .. }), "{back}: {judged:?}");
            assert!(factor.spent(judged).is_none());
            assert_eq!(factor.judge("000000", then), Verdict::Wrong);
        }
        let later = NOW + STEP;
        let judged = factor.judge(&code_at(SECRET_BYTES, later), later);
        assert_eq!(judged, Verdict::Code { step: later / STEP });
    }

    #[test]
    fn each_recovery_code_is_accepted_once_however_it_is_typed() {
        let (mut factor, codes) = factor(0);
        assert_eq!(codes.len(), RECOVERY_CODES);
        let shown = codes[3].to_string();
        assert_eq!(shown.len(), 11);
        for typed in [shown.clone(), shown.to_uppercase(), shown.replace('-', " ")] {
            assert_eq!(factor.judge(&typed, NOW), Verdict::Recovery { place: 3 });
        }
        let spent = factor.spent(factor.judge(&shown, NOW)).unwrap();
        assert_eq!(spent.judge(&shown, NOW), Verdict::Wrong);
        assert_eq!(spent.recovery_left(), 7);
        for code in &codes {
            factor = factor.spent(factor.judge(&code.to_string(), NOW)).unwrap();
        }
        assert_eq!(factor.recovery_left(), 0);
        assert_eq!(factor.judge(&shown, NOW), Verdict::Wrong);
    }

    #[test]
    fn what_looks_alike_is_one_and_nothing_else_is_a_code() {
        assert_eq!(plain("O0-iI lL1\r\n"), "0011111");
        let (factor, _) = factor(0);
        for typed in [
            "",
            "1",
            "12345",
            "1234567",
            "abcdef",
            "+12345",
            "１２３４５６",
            "            ",
            "0123456789",
        ] {
            assert_eq!(factor.judge(typed, NOW), Verdict::Wrong, "{typed}");
        }
        let spaced = code_at(SECRET_BYTES, NOW);
        let spaced = format!(" {} {} ", &spaced[..3], &spaced[3..]);
        assert!(matches!(factor.judge(&spaced, NOW), Verdict::Code { .. }));
    }

    #[test]
    fn nothing_of_a_secret_is_shown_by_accident() {
        let (factor, codes) = factor(0);
        assert_eq!(format!("{factor:?}"), "Factor { left: 8, .. }");
        assert_eq!(format!("{:?}", codes[0]), "RecoveryCode");
    }
}
