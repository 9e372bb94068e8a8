//! Entries of code lists whose word is none of its field's type.

use domain::FieldType;
use intake::harmonise::unreadable_codes;
use settings::{CodeList, Settings};

/// A finding for each, which names the entry.
pub fn findings(settings: &Settings) -> Vec<String> {
    let region = settings.workspace.region.as_deref();
    let of_list = |list: &CodeList| -> Vec<String> {
        let field = list.field.as_str();
        let Some(declared) = settings.field(field) else { return Vec::new() };
        let field_type = declared.field_type;
        let codes = unreadable_codes(list, field_type, region);
        let finding = |(source, code, word): (Option<&domain::SourceName>, &str, &str)| {
            let own = source.map(|source| format!(".{source}")).unwrap_or_default();
            let what = what_of(field_type);
            format!(
                "in [codes.{field}{own}] `{code}` means `{word}`, which is not a {what}: cells with it are \
                 left unread"
            )
        };
        codes.into_iter().map(finding).collect()
    };
    settings.codes.iter().flat_map(of_list).collect()
}

fn what_of(field_type: FieldType) -> String {
    field_type.name().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_none_of_the_type_is_named_with_its_code() {
        let text = "[workspace]\nname='a'\nregion='US'\n[fields]\nland={type='country'}\nsex={type='gender'}\n\
            [sources.crm]\nkey='id'\nmap={land='l',sex='s'}\n[codes.land]\nXX='Kosovo'\nYY='Nowhere'\n\
            [codes.sex.crm]\n1='perhaps'\n2='female'\n";
        let settings = settings::parse(text).unwrap();
        assert_eq!(
            findings(&settings),
            [
                "in [codes.land] `YY` means `Nowhere`, which is not a country: cells with it are left unread",
                "in [codes.sex.crm] `1` means `perhaps`, which is not a gender: cells with it are left unread",
            ]
        );
    }
}
