//! What a source is called and how far it is trusted, by the name of its file.

use std::collections::BTreeMap;

/// A name for the source that a file comes from: that of the file without folders, ending, dates and
/// words such as `export`.
pub(super) fn name_of(file: &str, taken: &mut BTreeMap<String, u32>) -> String {
    const SAYS_NOTHING: [&str; 14] = [
        "export",
        "exports",
        "exported",
        "exportiert",
        "data",
        "daten",
        "final",
        "new",
        "copy",
        "list",
        "liste",
        "dump",
        "backup",
        "report",
    ];
    let base = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = base.split('.').find(|part| !part.is_empty()).unwrap_or("source");
    let plain = deunicode::deunicode(stem).to_lowercase();
    let words = plain.split(|it: char| !it.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let says = |word: &&str| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        !(SAYS_NOTHING.contains(word) || is_number && word.len() != 3)
    };
    let mut words: Vec<&str> = words.clone().filter(says).collect();
    words.truncate(4);
    let name = if words.is_empty() { "source".to_owned() } else { words.join("_") };
    let count = taken.entry(name.clone()).or_default();
    *count += 1;
    if *count > 1 { format!("{name}_{count}") } else { name }
}

/// How far a source of that name is trusted to begin with.
pub(super) fn trust_of(name: &str) -> (u8, &'static str) {
    const OWN: [&str; 10] = [
        "crm",
        "erp",
        "sap",
        "kunden",
        "customers",
        "clients",
        "clientes",
        "clienti",
        "klanten",
        "billing",
    ];
    const TYPED: [&str; 9] = [
        "shop",
        "web",
        "form",
        "newsletter",
        "mailchimp",
        "signup",
        "landing",
        "formular",
        "event",
    ];
    let is_one_of = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if is_one_of(&TYPED) {
        (50, "its name says that customers type it themselves")
    } else if is_one_of(&OWN) {
        (80, "its name says that your own people keep it")
    } else {
        (60, "nothing says how much; the source you trust most should have the highest number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_called_after_their_files() {
        let mut taken = BTreeMap::new();
        for (file, name) in [
            ("crm.csv", "crm"),
            ("/tmp/Kunden_Export 2024-03-01.xlsx", "kunden"),
            ("exports/crm.csv.gz", "crm_2"),
            ("Clients Été.csv", "clients_ete"),
            ("2024.csv", "source"),
            ("orders_export_1.csv", "orders"),
            ("a:b c.json", "a_b_c"),
        ] {
            assert_eq!(name_of(file, &mut taken), name, "{file}");
        }
    }
}
