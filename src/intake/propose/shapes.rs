//! What a value is by its form alone: a number as somebody writes it, a street, a company.

/// `(217) 555-0104`, `217-555-0104`, `217.555.0104`.
pub(super) fn is_north_american(text: &str) -> bool {
    let parts: Vec<&str> =
        text.split(|it: char| !it.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let parts = if parts.first() == Some(&"1") { &parts[1..] } else { &parts[..] };
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [3, 3, 4] && parts[..2].iter().all(|part| part.as_bytes()[0] > b'1')
}

/// `Main St 12`, `12 Main St`, `Hauptstraße 5a`, `12, rue des Lilas`.
pub(super) fn is_street(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let has_letters =
        words.iter().any(|word| word.chars().filter(|it| it.is_alphabetic()).count() > 2);
    let ends = [words.first(), words.last(), words.get(1)];
    words.len() > 1 && has_letters && ends.into_iter().flatten().any(|word| is_house_number(word))
}

/// `12`, `12a`, `5-7`, `3/4`.
pub(super) fn is_house_number(text: &str) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let digits = text.bytes().take_while(is_digit).count();
    let rest = text[digits..].trim();
    (1..=4).contains(&digits)
        && rest.len() <= 5
        && !rest.contains(|it: char| ":.".contains(it))
        && rest.chars().filter(|it| it.is_alphabetic()).count() <= 1
}

/// What unmistakably is the end of a company's name.
pub(super) fn has_legal_form(text: &str) -> bool {
    const FORMS: [&str; 34] = [
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "ug",
        "gbr",
        "ev",
        "inc",
        "llc",
        "ltd",
        "limited",
        "plc",
        "corp",
        "corporation",
        "llp",
        "sa",
        "sarl",
        "sas",
        "eurl",
        "srl",
        "spa",
        "snc",
        "sl",
        "slu",
        "bv",
        "nv",
        "vof",
        "lda",
        "ltda",
        "oy",
        "ab",
        "aps",
        "kft",
        "sro",
    ];
    let mut words = text.split_whitespace().rev();
    let last: String =
        words.next().unwrap_or_default().chars().filter(|it| it.is_alphanumeric()).collect();
    words.next().is_some() && FORMS.contains(&last.to_lowercase().as_str())
}
