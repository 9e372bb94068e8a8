//! How long something takes, in words.

use std::time::Duration;

/// A time that somebody has to wait, never told too short.
pub(super) fn span(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    match seconds {
        0..=120 => format!("{seconds} s"),
        121..=7_200 => format!("{} minutes", seconds.div_ceil(60)),
        _ => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_never_told_too_short() {
        for (milliseconds, expected) in [
            (1, "1 s"),
            (29_001, "30 s"),
            (30_000, "30 s"),
            (120_000, "120 s"),
            (120_001, "3 minutes"),
            (1_800_000, "30 minutes"),
            (7_201_000, "3 hours"),
            (86_400_000, "24 hours"),
        ] {
            assert_eq!(span(Duration::from_millis(milliseconds)), expected);
        }
    }
}
