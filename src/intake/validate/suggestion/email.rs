//! E-mail addresses with a slip of the finger.

use crate::validate::email_domain::corrected;

/// Providers whose address somebody may have typed without the @.
const PROVIDERS: [&str; 5] =
    ["@gmail.com", "@hotmail.com", "@outlook.com", "@icloud.com", "@protonmail.com"];

/// The addresses that may be meant: tidied and with its domain corrected, then only tidied.
pub(super) fn candidates(text: &str) -> Vec<String> {
    let tidy = tidied(text);
    let mut candidates = Vec::new();
    if let Some((mailbox, domain)) = tidy.split_once('@')
        && let Some(domain) = corrected(domain)
    {
        candidates.push(format!("{mailbox}@{domain}"));
    }
    candidates.push(tidy);
    candidates.retain(|candidate| is_address(candidate));
    candidates
}

/// Without what cannot belong to an address, and with one @.
fn tidied(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let lower = lower.strip_prefix("mailto:").unwrap_or(&lower);
    let outside = |c: char| c.is_whitespace() || "<>()[];,:.'\"".contains(c);
    let lower = spelled_out(lower);
    let mut tidy: String =
        lower.trim_matches(outside).chars().filter(|c| !c.is_whitespace()).collect();
    tidy = tidy.replace(',', ".");
    for (wrong, right) in [("@@", "@"), ("..", "."), (".@", "@"), ("@.", "@")] {
        while tidy.contains(wrong) {
            tidy = tidy.replace(wrong, right);
        }
    }
    match tidy.matches('@').count() {
        // `name@provider@com`: the second one is a dot that was typed with the same finger.
        2 => match tidy.rsplit_once('@') {
            Some((rest, ending)) if !ending.contains('.') => format!("{rest}.{ending}"),
            _ => tidy,
        },
        0 => with_at(&tidy).unwrap_or(tidy),
        _ => tidy,
    }
}

/// With the signs of an address that somebody wrote as words: `ada at example dot com`.
fn spelled_out(text: &str) -> String {
    let mut signs = text.to_owned();
    let ats = [" at ", "(at)", "[at]"];
    let is_at = |word: &&str| text.matches(*word).count() == 1;
    if let (false, Some(at)) = (text.contains('@'), ats.into_iter().find(is_at)) {
        signs = signs.replace(at, "@");
        for word in [" dot ", "(dot)", "[dot]"] {
            signs = signs.replace(word, ".");
        }
    }
    signs
}

fn with_at(text: &str) -> Option<String> {
    PROVIDERS.iter().find_map(|provider| {
        let mailbox = text.strip_suffix(provider.trim_start_matches('@'))?;
        let ends_well = mailbox.ends_with(|last: char| last.is_ascii_alphanumeric());
        ends_well.then(|| format!("{mailbox}{provider}"))
    })
}

/// Whether a text has the shape of an address that mail can be sent to (the dot-atom form of
/// RFC 5322 and a domain of two labels or more).
fn is_address(text: &str) -> bool {
    let Some((mailbox, domain)) = text.split_once('@') else { return false };
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(c);
    let mailbox_is_sound = mailbox.len() <= 64
        && mailbox.split('.').all(|part| !part.is_empty() && part.chars().all(atom));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let ending = domain.rsplit('.').next().unwrap_or_default();
    mailbox_is_sound
        && domain.len() <= 189
        && domain.contains('.')
        && domain.split('.').all(label)
        && ending.len() >= 2
        && ending.chars().all(|c| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger() {
        for (text, expected) in [
            ("t.pace@exmaple.com", "t.pace@example.com"),
            ("Ada@gmial.con", "ada@gmail.com"),
            ("ada@example,com", "ada@example.com"),
            ("ada@@example.com", "ada@example.com"),
            ("ada@example@com", "ada@example.com"),
            ("ada@example..com", "ada@example.com"),
            ("ada @ example.com.", "ada@example.com"),
            ("<mailto:ada@example.com>", ""),
            ("mailto:ada@example.com", "ada@example.com"),
            ("ada.okgmail.com", "ada.ok@gmail.com"),
            ("ada at example.com", "ada@example.com"),
            ("ada [at] example (dot) com", "ada@example.com"),
            ("look at example.com or ask at home", ""),
            ("ada@localhost", ""),
            ("ada", ""),
            ("a@b@example.com", ""),
        ] {
            let found = candidates(text).into_iter().next().unwrap_or_default();
            assert_eq!(found, expected, "{text}");
        }
    }
}
