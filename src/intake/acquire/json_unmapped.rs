//! JSON of which no field is read: as a table without any mapped column, it is refused before a row is.

use std::io;

use compact_str::CompactString;

use super::COLUMN_LIMIT;
use super::error::AcquireError;
use super::format::Opening;
use super::json_objects::Objects;
use super::json_values::Values;
use super::mapping::Mapping;
use super::told_columns::ToldColumns;

/// Refuses a file of objects none of which has a mapped name. Most files show one at once.
pub(super) fn refuse(opening: &Opening<'_>) -> Result<(), AcquireError> {
    let mut objects = Objects::of(Mapping::of(opening.source));
    if objects.mapping().only_looks() {
        return Ok(());
    }
    let file = opening.file.to_owned();
    let names = match names(opening, &mut objects) {
        Ok(Some(names)) => names,
        Ok(None) => return Ok(()),
        Err(cause) => return Err(AcquireError::Unreadable { file, cause }),
    };
    let missing = objects.mapping().missing(&names);
    if missing.is_empty() {
        return Ok(());
    }
    let columns = ToldColumns::of(&names, &[], objects.mapping());
    Err(AcquireError::MissingColumns { file, missing, columns })
}

/// The names in all objects; `None` where one is mapped, or something is no object, which its row tells.
fn names(opening: &Opening<'_>, objects: &mut Objects) -> io::Result<Option<Vec<CompactString>>> {
    let input = opening.input.from_the_beginning();
    let values = match opening.records {
        None => Some(Values::of(input)?),
        Some(path) => Values::of_list_at(input, path)?,
    };
    let Some(mut values) = values else { return Ok(None) };
    let mut names: Vec<CompactString> = Vec::new();
    while let Some(value) = values.next_value()? {
        if !value.is_closed || !value.is_whole() {
            return Ok(None);
        }
        let text = opening.encoding.decode(value.bytes).text;
        let Some(unmapped) = objects.unmapped(&text) else { return Ok(None) };
        for name in unmapped {
            if names.len() < COLUMN_LIMIT && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    // What was cut off is told at its end.
    Ok((!names.is_empty() && values.list_was_closed()?).then_some(names))
}

#[cfg(test)]
mod tests {
    use super::super::input::Input;
    use super::super::reader::tests::source;
    use super::super::reader::{Options, Reader};

    #[test]
    fn objects_of_which_nothing_is_read_are_refused() {
        let source = source("id", None, &[("given", &["first"]), ("mail", &["mail"])]);
        let open = |text: &str| {
            let input = Input::of(text.as_bytes().to_vec());
            let options = Options { file: "a.json".to_owned(), ..Options::default() };
            Reader::open(input, &source, &options).map(|_| ()).map_err(|error| error.to_string())
        };
        for text in [
            "{\"id\":1,\"foo\":2}\n",
            "[{\"id\":1,\"foo\":2},{\"id\":2,\"bar\":2}]",
            "{\"id\":1,\"name\":{\"first\":\"Ann\"}}\n{\"id\":2,\"name\":{\"first\":\"Ben\"}}\n",
        ] {
            let why = open(text).unwrap_err();
            assert!(why.contains("a.json has no column `first`"), "{why}");
            assert_eq!(why.contains("did you mean `name.first`"), text.contains("name"), "{why}");
        }
        for text in [
            "{\"id\":1,\"mail\":null}\n",
            "{\"id\":1}\n{\"id\":2,\"FIRST\":\"Ann\"}\n",
            "[{\"id\":1,\"foo\":2},{\"id\":2,\"first\":\"Ann\"}]",
            "{\"id\":1,\"first\":{\"x\":1}}\n",
            "{\"id\":1,\"foo\":2}\nno object\n",
        ] {
            assert_eq!(open(text), Ok(()), "{text}");
        }
        let why = open("[[\"id\",\"first\"],[1,\"Ann\"]]").unwrap_err();
        assert!(why.contains("lists") && why.contains("jq"), "{why}");
    }
}
