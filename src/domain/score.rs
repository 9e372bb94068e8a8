//! How a match probability is written: the one place for every screen, list and explanation.

/// A match probability with two decimals: `0.97`. What is short of certain is never written as
/// certain: `>0.99`, `<0.01`.
#[must_use]
pub fn score(probability: f64) -> String {
    score_in(probability, 2)
}

/// The same with so many decimals: `>0.9999`.
#[must_use]
pub fn score_in(probability: f64, decimals: usize) -> String {
    let written = format!("{probability:.decimals$}");
    let digits = || written.bytes().filter(u8::is_ascii_digit);
    if probability >= 0.5 && !written.starts_with("0.") {
        format!(">0.{}", "9".repeat(decimals))
    } else if probability < 0.5 && digits().all(|digit| digit == b'0') {
        format!("<0.{}1", "0".repeat(decimals.saturating_sub(1)))
    } else {
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_score_claims_to_be_certain() {
        for (probability, told) in [
            (1.0, ">0.99"),
            (0.999_999, ">0.99"),
            (0.995_1, ">0.99"),
            (0.994_9, "0.99"),
            (0.97, "0.97"),
            (0.5, "0.50"),
            (0.233, "0.23"),
            (0.005_1, "0.01"),
            (0.004_9, "<0.01"),
            (1e-12, "<0.01"),
            (0.0, "<0.01"),
        ] {
            assert_eq!(score(probability), told, "{probability}");
        }
        assert_eq!(score_in(0.999_99, 4), ">0.9999");
        assert_eq!(score_in(0.000_01, 4), "<0.0001");
        assert_eq!(score_in(0.131_25, 4), "0.1313");
    }
}
