//! Numbers that show by themselves what they are.

/// `123-45-6789`.
pub(super) fn is_social_security(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [3, 2, 4] && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// The check digits of ISO 13616.
pub(super) fn is_iban(compact: &str) -> bool {
    if !(15..=34).contains(&compact.len()) || !compact.is_ascii() {
        return false;
    }
    let (head, account) = compact.split_at(4);
    let is_head = head.bytes().take(2).all(|byte| byte.is_ascii_alphabetic())
        && head.bytes().skip(2).all(|byte| byte.is_ascii_digit());
    let rest = account.chars().chain(head.chars()).try_fold(0, |rest, letter| {
        let value = letter.to_digit(36)?;
        Some((rest * if value > 9 { 100 } else { 10 } + value) % 97)
    });
    is_head && rest == Some(1)
}

/// The check digit of payment cards.
pub(super) fn passes_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .chars()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let digit = digit.to_digit(10).unwrap_or_default();
            if at % 2 == 0 {
                digit
            } else if digit > 4 {
                digit * 2 - 9
            } else {
                digit * 2
            }
        })
        .sum();
    sum.is_multiple_of(10) && digits.bytes().any(|byte| byte != b'0')
}
