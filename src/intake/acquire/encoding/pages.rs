//! The code pages of DOS, and Apple's tables beside Roman and Cyrillic, which the web's encodings lack.

use std::sync::LazyLock;

use oem_cp::code_table::{
    DECODING_TABLE_CP437, DECODING_TABLE_CP720, DECODING_TABLE_CP737, DECODING_TABLE_CP775,
    DECODING_TABLE_CP850, DECODING_TABLE_CP852, DECODING_TABLE_CP855, DECODING_TABLE_CP857,
    DECODING_TABLE_CP858, DECODING_TABLE_CP860, DECODING_TABLE_CP861, DECODING_TABLE_CP862,
    DECODING_TABLE_CP863, DECODING_TABLE_CP864, DECODING_TABLE_CP865, DECODING_TABLE_CP869,
};

/// The characters of the bytes from 0x80 on.
enum Table {
    Whole(&'static [char; 128]),
    Partial(&'static [Option<char>; 128]),
    Read(Vec<Option<char>>),
}

/// A table of one byte a character.
pub(in crate::acquire) struct Page {
    name: &'static str,
    table: Table,
}

/// Those of DOS, under the name that [`settings::encoding_name`] gives it.
static DOS_PAGES: [Page; 16] = [
    Page { name: "cp437", table: Table::Whole(&DECODING_TABLE_CP437) },
    Page { name: "cp720", table: Table::Whole(&DECODING_TABLE_CP720) },
    Page { name: "cp737", table: Table::Whole(&DECODING_TABLE_CP737) },
    Page { name: "cp775", table: Table::Whole(&DECODING_TABLE_CP775) },
    Page { name: "cp850", table: Table::Whole(&DECODING_TABLE_CP850) },
    Page { name: "cp852", table: Table::Whole(&DECODING_TABLE_CP852) },
    Page { name: "cp855", table: Table::Whole(&DECODING_TABLE_CP855) },
    Page { name: "cp857", table: Table::Partial(&DECODING_TABLE_CP857) },
    Page { name: "cp858", table: Table::Whole(&DECODING_TABLE_CP858) },
    Page { name: "cp860", table: Table::Whole(&DECODING_TABLE_CP860) },
    Page { name: "cp861", table: Table::Whole(&DECODING_TABLE_CP861) },
    Page { name: "cp862", table: Table::Whole(&DECODING_TABLE_CP862) },
    Page { name: "cp863", table: Table::Whole(&DECODING_TABLE_CP863) },
    Page { name: "cp864", table: Table::Partial(&DECODING_TABLE_CP864) },
    Page { name: "cp865", table: Table::Whole(&DECODING_TABLE_CP865) },
    Page { name: "cp869", table: Table::Whole(&DECODING_TABLE_CP869) },
];

/// Those of Apple, and those of DOS that no library has, likewise.
static OTHER_PAGES: LazyLock<Vec<Page>> = LazyLock::new(|| {
    let rows = include_str!("pages.txt").lines().filter(|row| !row.starts_with('#'));
    rows.filter_map(|row| {
        let (name, points) = row.split_once(' ')?;
        let point = |text: &str| u32::from_str_radix(text, 16).ok().and_then(char::from_u32);
        let table = Table::Read(points.split(' ').map(point).collect());
        Some(Page { name, table })
    })
    .collect()
});

impl Page {
    /// The page of that name.
    pub fn named(name: &str) -> Option<&'static Page> {
        DOS_PAGES.iter().chain(&*OTHER_PAGES).find(|page| page.name == name)
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The text of bytes, and whether the page defines them all.
    pub fn decode(&self, bytes: &[u8]) -> (String, bool) {
        let mut is_whole = true;
        let text = bytes.iter().map(|byte| {
            let Some(at) = byte.checked_sub(0x80).map(usize::from) else {
                return char::from(*byte);
            };
            let character = match &self.table {
                Table::Whole(table) => Some(table[at]),
                Table::Partial(table) => table[at],
                Table::Read(table) => table.get(at).copied().flatten(),
            };
            character.unwrap_or_else(|| {
                is_whole = false;
                char::REPLACEMENT_CHARACTER
            })
        });
        (text.collect(), is_whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_are_read_are_whole() {
        assert_eq!(OTHER_PAGES.len(), 7);
        for page in &*OTHER_PAGES {
            let Table::Read(table) = &page.table else { panic!("{}", page.name) };
            assert_eq!(table.len(), 128, "{}", page.name);
            assert_eq!(settings::encoding_name(page.name), Some(page.name));
        }
        for (name, byte, character) in [
            ("x-mac-greek", 0xe1, 'α'),
            ("x-mac-turkish", 0xda, 'Ğ'),
            ("x-mac-ce", 0xb8, 'ł'),
            ("x-mac-icelandic", 0xdf, 'þ'),
            ("x-mac-croatian", 0xb9, 'š'),
            ("x-mac-romanian", 0xbe, 'ă'),
            ("cp1125", 0xf9, 'ї'),
        ] {
            let page = Page::named(name).unwrap();
            assert_eq!(page.decode(&[byte]), (character.to_string(), true), "{name}");
        }
    }
}
